"""Rows of the outbox: what is to be done in Matrix, and what became of it."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.message import Audience, Lane
from bot.store import drafts
from bot.store.db import Tx
from bot.store.tables import outbox

OPEN = ("queued", "sending")
SAID = ("say", "file", "pass", "react", "edit")  # what leaves an event of ours in a room
LANES: tuple[Lane, ...] = ("now", "work", "bulletin", "sweep")


@dataclass(frozen=True)
class Row:
    """One deed. `content` is None once it was done: what was said is not kept."""

    id: int
    txn: str
    room_id: str | None
    kind: str
    lane: Lane
    audience: Audience
    clear: bool
    content: dict[str, Any] | None
    batch: str | None
    copy_of: str | None
    in_dialogue: bool
    created_at: datetime
    not_before: datetime
    state: str
    tries: int
    reason: str | None
    event_id: str | None
    sent_at: datetime | None
    redacted: bool


DRAFT = "draft:"  # begins the batch of what belongs to a draft and goes with it


def _draft(batch: str | None) -> str | None:
    return batch.removeprefix(DRAFT) if batch is not None and batch.startswith(DRAFT) else None


def _seal(tx: Tx, txn: str, batch: str | None, content: dict[str, Any]) -> bytes:
    place, draft = f"outbox.content.{txn}", _draft(batch)
    return drafts.seal_for(tx, draft, place, content) if draft else tx.keys.seal_json(place, content)


def _row(tx: Tx, row: sa.Row[Any]) -> Row:
    content, place, draft = None, f"outbox.content.{row.txn}", _draft(row.batch)
    if row.content is not None and draft:
        with contextlib.suppress(drafts.KeyGone):  # then nobody can say it any more
            content = drafts.open_for(tx, draft, place, row.content)
    elif row.content is not None:
        content = tx.keys.open_json(place, row.content)
    return Row(**{**row._mapping, "content": content})


_INSERT = sa.insert(outbox)


def insert_row(
    tx: Tx,
    *,
    kind: str,
    room_id: str | None,
    content: dict[str, Any],
    lane: Lane = "now",
    audience: Audience = "own",
    clear: bool = False,
    batch: str | None = None,
    copy_of: str | None = None,
    in_dialogue: bool = False,
    not_before: datetime | None = None,
) -> str:
    """Queue a deed under the next id derived from the transaction's cause. Returns that id."""
    txn = tx.derived_id()
    row = {
        "txn": txn,
        "room_id": room_id,
        "kind": kind,
        "lane": lane,
        "audience": audience,
        "clear": clear,
        "content": _seal(tx, txn, batch, content),
        "batch": batch,
        "copy_of": copy_of,
        "in_dialogue": in_dialogue,
        "created_at": tx.now,
        "not_before": not_before or tx.now,
        "state": "queued",
        "tries": 0,
        "redacted": False,
    }
    tx.execute(_INSERT, row)
    tx.wake.add("outbox")
    return txn


def list_due(tx: Tx, limit: int = 200, skip: Collection[tuple[str | None, str]] = ()) -> list[Row]:
    """The first open row of each (room, lane) whose time has come, urgent lanes first.

    A parked row that is part of a dialogue stops its lane in that room; `skip` names lanes that are being worked on.
    """
    first = (
        sa.select(sa.func.min(outbox.c.id).label("id"))
        .where(
            sa.or_(
                # What waits for its hour lets others pass; what is being tried again does not, unless it is a file
                # whose server does not answer: that may be so for ever.
                sa.and_(
                    outbox.c.state.in_(OPEN),
                    sa.or_(outbox.c.not_before <= tx.now, sa.and_(outbox.c.tries > 0, outbox.c.kind != "pass")),
                ),
                sa.and_(outbox.c.state == "parked", outbox.c.in_dialogue.is_(True)),
            )
        )
        .group_by(outbox.c.room_id, outbox.c.lane)
        .subquery()
    )
    order = sa.case({lane: n for n, lane in enumerate(LANES)}, value=outbox.c.lane)
    select = (
        sa.select(outbox)
        .join(first, outbox.c.id == first.c.id)
        .where(outbox.c.state.in_(OPEN), outbox.c.not_before <= tx.now)
        .order_by(order, outbox.c.id)
        .limit(limit + len(skip))
    )
    return [_row(tx, r) for r in tx.all(select) if (r.room_id, r.lane) not in skip][:limit]


def get_next_due_at(tx: Tx) -> datetime | None:
    """When the next queued row that is not due yet becomes due."""
    select = sa.select(outbox.c.not_before).where(outbox.c.state.in_(OPEN), outbox.c.not_before > tx.now)
    row = tx.one(select.order_by(outbox.c.not_before).limit(1))
    return row.not_before if row else None


def list_following(tx: Tx, row: Row, limit: int = 20) -> list[Row]:
    """The queued rows directly after `row` in its room and lane, as long as they are messages of the same kind."""
    select = (
        sa.select(outbox)
        .where(
            outbox.c.room_id == row.room_id,
            outbox.c.lane == row.lane,
            outbox.c.id > row.id,
            outbox.c.state.in_(OPEN),
        )
        .order_by(outbox.c.id)
        .limit(limit)
    )
    found: list[Row] = []
    for r in tx.all(select):
        same = (r.kind, r.audience, r.clear) == (row.kind, row.audience, row.clear)
        if not same or r.not_before > tx.now or r.state != "queued":
            break
        found.append(_row(tx, r))
    return found


def get_row(tx: Tx, txn: str) -> Row | None:
    row = tx.one(sa.select(outbox).where(outbox.c.txn == txn))
    return _row(tx, row) if row else None


def get_row_by_event(tx: Tx, event_id: str) -> Row | None:
    row = tx.one(sa.select(outbox).where(outbox.c.event_id == event_id).order_by(outbox.c.id.desc()).limit(1))
    return _row(tx, row) if row else None


def set_sending(tx: Tx, txns: list[str]) -> bool:
    """A try begins: from now on the server may have it. False when one of them was cancelled meanwhile."""
    where = (outbox.c.txn.in_(txns), outbox.c.state.in_(OPEN))
    tried = tx.change(
        sa.update(outbox)
        .where(*where)
        .values(
            state="sending",
            tries=outbox.c.tries + 1,
            sent_at=sa.func.coalesce(outbox.c.sent_at, sa.literal(tx.now, outbox.c.sent_at.type)),
        )
    )
    return tried == len(txns)


def set_sent(tx: Tx, txns: list[str], event_id: str | None) -> None:
    """The server has it: what was said goes, the event id stays. A row that was seen in the room stays confirmed."""
    state = sa.case((outbox.c.state == "confirmed", "confirmed"), else_="sent")
    change = {"state": state, "content": None, "event_id": event_id, "reason": None}
    tx.execute(sa.update(outbox).where(outbox.c.txn.in_(txns)).values(**change))


def set_confirmed(tx: Tx, txns: list[str], event_id: str) -> list[str]:
    """Our own event was seen in its room; the ids of the rows that it carried."""
    where = sa.or_(outbox.c.event_id == event_id, outbox.c.txn.in_(txns))
    rows = [r.txn for r in tx.all(sa.select(outbox.c.txn).where(where, outbox.c.state != "cancelled"))]
    if rows:
        change = {"state": "confirmed", "content": None, "event_id": event_id, "reason": None}
        tx.execute(sa.update(outbox).where(outbox.c.txn.in_(rows)).values(**change))
    return rows


def set_parked(tx: Tx, txns: list[str], reason: str) -> None:
    """It cannot be done; kept with the reason, not tried again by itself. What was cancelled or seen stays so."""
    where = (outbox.c.txn.in_(txns), outbox.c.state.in_(OPEN))
    tx.execute(sa.update(outbox).where(*where).values(state="parked", reason=reason))


def set_later(tx: Tx, txns: list[str], not_before: datetime, reason: str) -> None:
    # A try that never began (the keys could not be shared) counts as one too, so that pauses grow.
    tries = sa.case((outbox.c.state == "queued", outbox.c.tries + 1), else_=outbox.c.tries)
    change = {"state": "queued", "not_before": not_before, "reason": reason, "tries": tries}
    tx.execute(sa.update(outbox).where(outbox.c.txn.in_(txns), outbox.c.state.in_(OPEN)).values(**change))


def cancel_room(tx: Tx, room_id: str, kinds: Collection[str] | None = None) -> int:
    """Cancel what was going to be done in a room."""
    where = [outbox.c.room_id == room_id, outbox.c.state.in_(("queued", "parked"))]
    if kinds is not None:
        where.append(outbox.c.kind.in_(kinds))
    return tx.change(sa.update(outbox).where(*where).values(state="cancelled", content=None, reason="cancelled"))


def cancel_batch(tx: Tx, batch: str) -> int:
    """Cancel what was going to be done for something that has ended."""
    where = (outbox.c.batch == batch, outbox.c.state.in_(("queued", "parked")))
    return tx.change(sa.update(outbox).where(*where).values(state="cancelled", content=None, reason="cancelled"))


def cancel(tx: Tx, txn: str) -> bool:
    """Cancel one deed that has not begun, or that was given up; whether it could be."""
    not_begun = sa.and_(outbox.c.state == "queued", outbox.c.tries == 0)
    where = (outbox.c.txn == txn, sa.or_(not_begun, outbox.c.state == "parked"))
    return tx.change(sa.update(outbox).where(*where).values(state="cancelled", content=None, reason="cancelled")) > 0


def list_edits(tx: Tx, txn: str) -> list[Row]:
    """The replacements of a message of ours, queued or sent."""
    where = (outbox.c.copy_of == txn, outbox.c.kind == "edit")
    return [_row(tx, r) for r in tx.all(sa.select(outbox).where(*where).order_by(outbox.c.id))]


def list_of_batch(tx: Tx, batch: str) -> list[Row]:
    """Everything that belongs together, in order."""
    return [_row(tx, r) for r in tx.all(sa.select(outbox).where(outbox.c.batch == batch).order_by(outbox.c.id))]


def list_own_events(tx: Tx, room_id: str) -> list[str]:
    """Events that the bot sent to a room and has not redacted."""
    select = (
        sa.select(outbox.c.event_id)
        .where(
            outbox.c.room_id == room_id,
            outbox.c.kind.in_(SAID),
            outbox.c.event_id.is_not(None),
            outbox.c.redacted.is_(False),
        )
        .order_by(outbox.c.id)
    )
    return list(dict.fromkeys(r.event_id for r in tx.all(select)))


def list_doubtful(tx: Tx, room_id: str, kinds: Collection[str]) -> list[Row]:
    """Deeds in a room that the server may have although its answer never came."""
    where = (outbox.c.room_id == room_id, outbox.c.state == "sending", outbox.c.kind.in_(kinds))
    select = sa.select(outbox).where(*where)
    return [_row(tx, r) for r in tx.all(select)]


def get_redacted(tx: Tx, row: Row) -> tuple[bool, str | None]:
    """What a redaction is about: whether that is known now, and the event (None: there is nothing to take back)."""
    content = row.content or {}
    if "event" in content:
        return True, content["event"]
    said = get_row(tx, content["of"])
    return said is None or said.state not in OPEN, said.event_id if said else None


def set_redacted(tx: Tx, event_ids: Collection[str]) -> None:
    tx.execute(sa.update(outbox).where(outbox.c.event_id.in_(event_ids)).values(redacted=True))


def count_states(tx: Tx) -> dict[tuple[str, str], int]:
    """How many rows stand in each (lane, state)."""
    rows = tx.all(sa.select(outbox.c.lane, outbox.c.state, sa.func.count().label("n")).group_by("lane", "state"))
    return {(r.lane, r.state): r.n for r in rows}


def count_sent_to(tx: Tx, room_ids: Collection[str]) -> int:
    where = (outbox.c.room_id.in_(room_ids), outbox.c.kind == "say")
    return tx.conn.execute(sa.select(sa.func.count()).select_from(outbox).where(*where)).scalar_one()


def get_oldest_open(tx: Tx) -> datetime | None:
    row = tx.one(sa.select(sa.func.min(outbox.c.created_at).label("at")).where(outbox.c.state.in_(OPEN)))
    return row.at if row else None


def delete_done_before(tx: Tx, before: datetime) -> int:
    """Forget rows whose deed was done, cancelled or given up before `before`.

    What stands at a desk for a case stays until it was taken back; so does a desk's list, which is changed in place.
    """
    where = (outbox.c.state.not_in(OPEN), outbox.c.created_at < before)
    batch, gone = sa.func.coalesce(outbox.c.batch, ""), sa.or_(outbox.c.redacted, outbox.c.state == "cancelled")
    of_case = sa.and_(batch.startswith("case:"), ~gone)
    of_list = sa.and_(batch.startswith("board:"), outbox.c.kind == "say")
    return tx.change(sa.delete(outbox).where(*where, ~of_case, ~of_list))


def delete_done_of(tx: Tx, room_id: str) -> int:
    """Forget what was done in a room."""
    return tx.change(sa.delete(outbox).where(outbox.c.room_id == room_id, outbox.c.state.not_in(OPEN)))
