"""Rows of cases: what staff work on, and what was said in each. Words and who asked are sealed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import case_message, cases

Which = Literal["all", "now", "mine", "nobody"]


@dataclass(frozen=True)
class Case:
    """A case. `person` is the id of who asked; None once it is erased."""

    ref: str
    kind: str
    desk: str
    language: str
    role: str | None
    owner: str | None
    state: str
    urgent: bool
    person: str | None = field(repr=False)
    notify: bool
    opened_at: datetime
    waiting_since: datetime | None
    answered_at: datetime | None
    called_at: datetime | None
    calls: int
    closed_at: datetime | None
    outcome: str | None
    erase_at: datetime | None
    held: str | None = field(repr=False)
    root_txn: str
    merged_into: str | None

    @property
    def open(self) -> bool:
        return self.state == "open"


@dataclass(frozen=True)
class Said:
    """Something said in a case: by the person, or by staff (a note until it is sent); or an event at its desk."""

    id: int
    ref: str
    author: str
    staff: str | None
    at: datetime
    text: str | list[Any] | None = field(repr=False)  # words, or sentences of the catalogues
    file: dict[str, Any] | None = field(repr=False)
    desk_event: str | None = field(repr=False)
    desk_txn: str | None
    person_txn: str | None
    state: str


def _mac(tx: Tx, person_id: str) -> str:
    return tx.keys.lookup("case", person_id).hex()


def _case(tx: Tx, row: sa.Row[Any]) -> Case:
    values = dict(row._mapping)
    del values["person_mac"]
    for name in ("person", "held"):
        sealed = values[name]
        values[name] = None if sealed is None else tx.keys.open_json(f"cases.{name}.{row.ref}", sealed)
    return Case(**values)


def insert_case(tx: Tx, ref: str, person_id: str, **values: Any) -> None:
    sealed = tx.keys.seal_json(f"cases.person.{ref}", person_id)
    row = {"ref": ref, "person": sealed, "person_mac": _mac(tx, person_id), "opened_at": tx.now, "state": "open"}
    tx.execute(sa.insert(cases).values(**row, calls=0, **values))


def get_case(tx: Tx, ref: str) -> Case | None:
    row = tx.one(sa.select(cases).where(cases.c.ref == ref))
    return _case(tx, row) if row else None


def set_case(tx: Tx, ref: str, **values: Any) -> None:
    if values.get("held") is not None:
        values["held"] = tx.keys.seal_json(f"cases.held.{ref}", values["held"])
    tx.execute(sa.update(cases).where(cases.c.ref == ref).values(**values))


def _week(at: datetime) -> datetime:
    """The beginning of its Monday."""
    return (at - timedelta(days=at.weekday())).replace(hour=0, minute=0, second=0, microsecond=0)


def set_case_erased(tx: Tx, ref: str) -> None:
    """What stays of a case: reference, kind, language, outcome, and the weeks in which it was opened and ended."""
    gone = dict.fromkeys(("person", "person_mac", "held", "erase_at", "role", "owner", "waiting_since", "called_at"))
    found = tx.one(sa.select(cases.c.opened_at, cases.c.answered_at, cases.c.closed_at).where(cases.c.ref == ref))
    if found is None:
        return
    weeks: dict[str, Any] = {
        "opened_at": _week(found.opened_at),
        "answered_at": _week(found.answered_at) if found.answered_at else None,
        "closed_at": _week(found.closed_at or tx.now),
    }
    tx.execute(sa.update(cases).where(cases.c.ref == ref).values(**gone, **weeks, state="closed"))
    tx.execute(sa.delete(case_message).where(case_message.c.ref == ref))


def list_cases(
    tx: Tx,
    desks: Collection[str],
    *,
    which: Which = "all",
    who: str = "",
    waiting_before: datetime | None = None,
    after: str | None = None,
    limit: int = 10,
) -> list[Case]:
    """Open cases of these desks, the oldest first; `after` goes on behind that one. `who`: a member of the staff."""
    select = sa.select(cases).where(*_open(desks, which, who))
    if waiting_before is not None:
        select = select.where(cases.c.waiting_since < waiting_before)
    if after is not None and (last := tx.one(sa.select(cases.c.opened_at).where(cases.c.ref == after))):
        later = sa.and_(cases.c.opened_at == last.opened_at, cases.c.ref > after)
        select = select.where(sa.or_(cases.c.opened_at > last.opened_at, later))
    return [_case(tx, r) for r in tx.all(select.order_by(cases.c.opened_at, cases.c.ref).limit(limit))]


def _open(desks: Collection[str], which: Which, who: str) -> list[sa.ColumnElement[bool]]:
    urgent = sa.and_(cases.c.urgent.is_(True), cases.c.answered_at.is_(None))
    waits, own = cases.c.waiting_since.is_not(None), cases.c.owner == who
    narrower: dict[Which, list[sa.ColumnElement[bool]]] = {
        "all": [],
        "now": [sa.or_(urgent, sa.and_(own, waits))],
        "mine": [own],
        "nobody": [cases.c.owner.is_(None), waits],
    }
    return [cases.c.state == "open", cases.c.desk.in_(desks), *narrower[which]]


def count_cases(tx: Tx, desks: Collection[str], *, which: Which = "all", who: str = "") -> int:
    select = sa.select(sa.func.count()).select_from(cases).where(*_open(desks, which, who))
    return tx.conn.execute(select).scalar_one()


def count_by_language(tx: Tx, desk: str) -> dict[str, int]:
    select = sa.select(cases.c.language, sa.func.count().label("n")).where(
        cases.c.state == "open", cases.c.desk == desk
    )
    return {r.language: r.n for r in tx.all(select.group_by(cases.c.language))}


def list_cases_of(tx: Tx, person_id: str, *, open_only: bool = False) -> list[Case]:
    """Somebody's own cases, the newest first."""
    select = sa.select(cases).where(cases.c.person_mac == _mac(tx, person_id))
    if open_only:
        select = select.where(cases.c.state == "open")
    return [_case(tx, r) for r in tx.all(select.order_by(cases.c.opened_at.desc(), cases.c.ref))]


def count_opened_since(tx: Tx, person_id: str, since: datetime) -> int:
    where = (cases.c.person_mac == _mac(tx, person_id), cases.c.opened_at >= since)
    return tx.conn.execute(sa.select(sa.func.count()).select_from(cases).where(*where)).scalar_one()


def list_merged(tx: Tx, ref: str) -> list[Case]:
    """Open cases that are joined to this one."""
    where = (cases.c.merged_into == ref, cases.c.state == "open")
    return [_case(tx, r) for r in tx.all(sa.select(cases).where(*where).order_by(cases.c.ref))]


def list_to_call(tx: Tx) -> list[Case]:
    """Urgent cases that no human has taken or answered."""
    where = (cases.c.state == "open", cases.c.urgent.is_(True), cases.c.owner.is_(None), cases.c.answered_at.is_(None))
    return [_case(tx, r) for r in tx.all(sa.select(cases).where(*where).order_by(cases.c.opened_at))]


def list_to_erase(tx: Tx) -> list[Case]:
    return [_case(tx, r) for r in tx.all(sa.select(cases).where(cases.c.erase_at <= tx.now))]


# ---- what was said ----


SEALED = ("text", "file", "desk_event", "person_txn")


def _source(tx: Tx, event_id: str) -> str:
    return tx.keys.lookup("case-source", event_id).hex()


def _copy(tx: Tx, txn: str) -> str:
    return tx.keys.lookup("case-copy", txn).hex()


def _said(tx: Tx, row: sa.Row[Any]) -> Said:
    values = dict(row._mapping)
    del values["source_mac"], values["person_txn_mac"]
    for name in SEALED:
        sealed = values[name]
        values[name] = None if sealed is None else tx.keys.open_json(f"case_message.{name}.{row.id}", sealed)
    return Said(**values)


def _sealed(tx: Tx, said_id: int, values: dict[str, Any]) -> dict[str, Any]:
    """Values as they are written: no row says in clear which message of the person's room it is about."""
    if source := values.pop("source", None):
        values["source_mac"] = _source(tx, source)
    if txn := values.get("person_txn"):
        values["person_txn_mac"] = _copy(tx, txn)
    for name in SEALED:
        if values.get(name) is not None:
            values[name] = tx.keys.seal_json(f"case_message.{name}.{said_id}", values[name])
    return values


def insert_said(tx: Tx, ref: str, *, author: str, **values: Any) -> int:
    """Keep something that was said: `text`, `file`, `source` (event id), `state` and the ids of its copies."""
    row = {"ref": ref, "author": author, "at": tx.now, "state": values["state"]}
    said_id = int(tx.conn.execute(sa.insert(case_message).values(**row).returning(case_message.c.id)).scalar_one())
    where = case_message.c.id == said_id  # which is part of each seal
    tx.execute(sa.update(case_message).where(where).values(**_sealed(tx, said_id, values)))
    return said_id


def get_said(tx: Tx, said_id: int) -> Said | None:
    row = tx.one(sa.select(case_message).where(case_message.c.id == said_id))
    return _said(tx, row) if row else None


def get_said_by_source(tx: Tx, event_id: str) -> Said | None:
    """What was said with this event."""
    row = tx.one(sa.select(case_message).where(case_message.c.source_mac == _source(tx, event_id)))
    return _said(tx, row) if row else None


def get_said_by_copy(tx: Tx, txn: str) -> Said | None:
    """What this message in a person's room is the copy of."""
    row = tx.one(sa.select(case_message).where(case_message.c.person_txn_mac == _copy(tx, txn)))
    return _said(tx, row) if row else None


def set_said(tx: Tx, said: Said, **values: Any) -> None:
    where = case_message.c.id == said.id
    tx.execute(sa.update(case_message).where(where).values(**_sealed(tx, said.id, values)))


def delete_said(tx: Tx, said: Said) -> None:
    tx.execute(sa.delete(case_message).where(case_message.c.id == said.id))


def list_said(tx: Tx, ref: str) -> list[Said]:
    return [_said(tx, r) for r in tx.all(sa.select(case_message).where(case_message.c.ref == ref).order_by("id"))]


def get_last_of_staff(tx: Tx, ref: str, staff: str) -> Said | None:
    """What this member of the staff said last in a case."""
    where = (case_message.c.ref == ref, case_message.c.author == "staff", case_message.c.staff == staff)
    row = tx.one(sa.select(case_message).where(*where).order_by(case_message.c.id.desc()).limit(1))
    return _said(tx, row) if row else None


def get_last_sent(tx: Tx, ref: str) -> Said | None:
    """What staff sent last in a case."""
    said = (case_message.c.author == "staff", case_message.c.staff.is_not(None))  # not what the bot tells by itself
    where = (case_message.c.ref == ref, *said, case_message.c.state.in_(("sent", "waiting")))
    row = tx.one(sa.select(case_message).where(*where).order_by(case_message.c.id.desc()).limit(1))
    return _said(tx, row) if row else None


def has_waiting(tx: Tx, person_id: str, before: datetime) -> bool:
    """Whether a reply to this person waits since before then."""
    select = (
        sa.select(case_message.c.id)
        .join(cases, cases.c.ref == case_message.c.ref)
        .where(cases.c.person_mac == _mac(tx, person_id))
        .where(case_message.c.state == "waiting", case_message.c.at <= before)
    )
    return tx.one(select.limit(1)) is not None


def get_last_by(tx: Tx, staff: str) -> Said | None:
    """What this member of the staff sent last, in any case."""
    where = (case_message.c.staff == staff, case_message.c.state.in_(("sent", "waiting")))
    row = tx.one(sa.select(case_message).where(*where).order_by(case_message.c.id.desc()).limit(1))
    return _said(tx, row) if row else None


def list_sent_since(tx: Tx, since: datetime) -> list[Said]:
    """What staff sent lately, and what has to be on its way or there."""
    where = (case_message.c.author == "staff", case_message.c.state == "sent", case_message.c.at >= since)
    return [_said(tx, r) for r in tx.all(sa.select(case_message).where(*where).order_by(case_message.c.id))]


def count_written_since(tx: Tx, person_id: str, since: datetime) -> int:
    """How often a person wrote in their cases."""
    both = case_message.join(cases, cases.c.ref == case_message.c.ref)
    where = (cases.c.person_mac == _mac(tx, person_id), case_message.c.author == "person", case_message.c.at >= since)
    return tx.conn.execute(sa.select(sa.func.count()).select_from(both).where(*where)).scalar_one()


def list_waiting(tx: Tx, refs: Collection[str]) -> list[Said]:
    """Replies that wait until the person writes."""
    where = (case_message.c.ref.in_(refs), case_message.c.state == "waiting")
    return [_said(tx, r) for r in tx.all(sa.select(case_message).where(*where).order_by(case_message.c.id))]
