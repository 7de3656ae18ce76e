"""Drafts: submissions in the making. Each is sealed under a key of its own; without the key nothing of it opens."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.seal import open_under, random_key, seal_under
from bot.store.db import Tx
from bot.store.tables import draft, draft_file, draft_key


@dataclass(frozen=True)
class Draft:
    """A draft with what it holds. `room_id` is None until the room that was asked for is there."""

    id: str
    person_id: str
    room_ref: str
    room_id: str | None
    state: str
    content: dict[str, Any] = field(repr=False)
    changed_at: datetime
    expires_at: datetime


@dataclass(frozen=True)
class DraftFile:
    """A file of a draft: where it lies and what its sender says of it, later what became of it."""

    draft: str
    number: int
    state: str
    content: dict[str, Any] = field(repr=False)
    wanted_at: datetime


class KeyGone(Exception):
    """The key of a draft was destroyed: nothing of it opens any more."""


# ---- keys ----


def _key(tx: Tx, draft_id: str) -> bytes:
    """The key of a draft. Raises KeyGone."""
    row = tx.one(sa.select(draft_key.c.key).where(draft_key.c.id == draft_id))
    if row is None:
        raise KeyGone
    return tx.keys.open(f"draft_key.key.{draft_id}", row.key)


def seal_for(tx: Tx, draft_id: str, place: str, value: Any) -> bytes:
    """Something that belongs to a draft, sealed so that it goes with it. Raises KeyGone."""
    return seal_under(_key(tx, draft_id), place, value)


def open_for(tx: Tx, draft_id: str, place: str, sealed: bytes) -> Any:
    """What `seal_for` sealed. Raises KeyGone."""
    return open_under(_key(tx, draft_id), place, sealed)


# ---- drafts ----


def insert_draft(
    tx: Tx, draft_id: str, person_id: str, room_ref: str, content: dict[str, Any], expires_at: datetime
) -> None:
    sealed = tx.keys.seal(f"draft_key.key.{draft_id}", random_key())
    tx.execute(sa.insert(draft_key).values(id=draft_id, key=sealed))
    row = {
        "id": draft_id,
        "person_id": person_id,
        "room_ref": room_ref,
        "state": "opening",
        "content": seal_for(tx, draft_id, f"draft.content.{draft_id}", content),
        "changed_at": tx.now,
        "expires_at": expires_at,
    }
    tx.execute(sa.insert(draft).values(**row))


def _draft(tx: Tx, row: sa.Row[Any]) -> Draft:
    content = open_for(tx, row.id, f"draft.content.{row.id}", row.content)
    return Draft(**{**row._mapping, "content": content})


def get_draft(tx: Tx, draft_id: str) -> Draft | None:
    row = tx.one(sa.select(draft).where(draft.c.id == draft_id))
    return _draft(tx, row) if row else None


def get_draft_of_room(tx: Tx, room_id: str) -> Draft | None:
    row = tx.one(sa.select(draft).where(draft.c.room_id == room_id))
    return _draft(tx, row) if row else None


def get_draft_by_ref(tx: Tx, room_ref: str) -> Draft | None:
    row = tx.one(sa.select(draft).where(draft.c.room_ref == room_ref))
    return _draft(tx, row) if row else None


def list_ids(tx: Tx) -> list[str]:
    return [r.id for r in tx.all(sa.select(draft.c.id))]


def list_drafts_of(tx: Tx, person_id: str) -> list[Draft]:
    return [_draft(tx, r) for r in tx.all(sa.select(draft).where(draft.c.person_id == person_id).order_by(draft.c.id))]


def list_drafts(tx: Tx, *states: str) -> list[Draft]:
    select = sa.select(draft).where(draft.c.state.in_(states)).order_by(draft.c.changed_at)
    return [_draft(tx, r) for r in tx.all(select)]


def delete_keyless(tx: Tx) -> int:
    """Drafts of a backup that was put back: without their keys nothing of them opens."""
    gone = draft.c.id.not_in(sa.select(draft_key.c.id))
    tx.execute(sa.delete(draft_file).where(draft_file.c.draft.not_in(sa.select(draft_key.c.id))))
    return tx.change(sa.delete(draft).where(gone))


def list_expired(tx: Tx) -> list[Draft]:
    """Those whose time is over, but for what is being sealed."""
    where = (draft.c.expires_at <= tx.now, draft.c.state != "sealing")
    return [_draft(tx, r) for r in tx.all(sa.select(draft).where(*where))]


def count_opening(tx: Tx) -> int:
    """How many wait for their room."""
    select = sa.select(sa.func.count()).select_from(draft).where(draft.c.state == "opening", draft.c.room_id.is_(None))
    return tx.conn.execute(select).scalar_one()


def set_draft(tx: Tx, draft_id: str, *, content: dict[str, Any] | None = None, **values: Any) -> None:
    if content is not None:
        values["content"] = seal_for(tx, draft_id, f"draft.content.{draft_id}", content)
    tx.execute(sa.update(draft).where(draft.c.id == draft_id).values(changed_at=tx.now, **values))


def delete_draft(tx: Tx, draft_id: str) -> None:
    """The draft and its key go; what is left of it anywhere opens no more."""
    tx.execute(sa.delete(draft_file).where(draft_file.c.draft == draft_id))
    tx.execute(sa.delete(draft).where(draft.c.id == draft_id))
    tx.execute(sa.delete(draft_key).where(draft_key.c.id == draft_id))
    tx.wake.add("drafts")


# ---- files ----


def _file(tx: Tx, row: sa.Row[Any]) -> DraftFile:
    content = open_for(tx, row.draft, f"draft_file.content.{row.draft}.{row.number}", row.content)
    return DraftFile(**{**row._mapping, "content": content})


def insert_draft_file(tx: Tx, draft_id: str, content: dict[str, Any]) -> int:
    """Want a file; its number in the draft, from 1."""
    last = tx.one(sa.select(sa.func.max(draft_file.c.number).label("n")).where(draft_file.c.draft == draft_id))
    number = ((last.n if last else None) or 0) + 1
    sealed = seal_for(tx, draft_id, f"draft_file.content.{draft_id}.{number}", content)
    row = {"draft": draft_id, "number": number, "state": "wanted", "content": sealed, "wanted_at": tx.now}
    tx.execute(sa.insert(draft_file).values(**row))
    tx.wake.add("drafts")
    return number


def list_draft_files(tx: Tx, draft_id: str) -> list[DraftFile]:
    select = sa.select(draft_file).where(draft_file.c.draft == draft_id).order_by(draft_file.c.number)
    return [_file(tx, r) for r in tx.all(select)]


def list_wanted(tx: Tx) -> list[DraftFile]:
    """Files that are still to be fetched and sealed, oldest first."""
    select = sa.select(draft_file).where(draft_file.c.state == "wanted").order_by(draft_file.c.wanted_at)
    return [_file(tx, r) for r in tx.all(select)]


def set_draft_file(tx: Tx, found: DraftFile, state: str, content: dict[str, Any]) -> None:
    where = (draft_file.c.draft == found.draft, draft_file.c.number == found.number)
    sealed = seal_for(tx, found.draft, f"draft_file.content.{found.draft}.{found.number}", content)
    tx.execute(sa.update(draft_file).where(*where).values(state=state, content=sealed))


def delete_draft_file(tx: Tx, draft_id: str, number: int) -> None:
    tx.execute(sa.delete(draft_file).where(draft_file.c.draft == draft_id, draft_file.c.number == number))
