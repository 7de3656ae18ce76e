"""What came in: the journal of raw answers, the ids of handled events, events that cannot be read yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.meta import get_meta, set_meta
from bot.store.tables import gap, inbox, journal, pending

# ---- journal ----


@dataclass(frozen=True)
class Batch:
    """One raw answer of /sync. `slices_done` of its slices were processed before a stop."""

    id: int
    next_batch: str
    body: bytes
    slices_done: int


def insert_batch(tx: Tx, next_batch: str, body: bytes) -> int:
    last = tx.one(sa.select(sa.func.max(journal.c.id).label("id")))
    number: int = max((last.id if last else None) or 0, get_meta(tx, "journal_last", 0)) + 1
    sealed = tx.keys.seal(f"journal.body.{number}", body)
    tx.execute(sa.insert(journal).values(id=number, next_batch=next_batch, body=sealed, slices_done=0))
    set_meta(tx, "journal_last", number)
    return number


def list_batches(tx: Tx) -> list[Batch]:
    """Journalled answers that are not processed yet, oldest first."""
    rows = tx.all(sa.select(journal).order_by(journal.c.id))
    return [Batch(r.id, r.next_batch, tx.keys.open(f"journal.body.{r.id}", r.body), r.slices_done) for r in rows]


def get_progress(tx: Tx, batch: Batch) -> Batch:
    """The batch with the count of slices that are committed by now."""
    row = tx.one(sa.select(journal.c.slices_done).where(journal.c.id == batch.id))
    return replace(batch, slices_done=row.slices_done if row else 0)


def set_slices_done(tx: Tx, batch_id: int, count: int) -> None:
    tx.execute(sa.update(journal).where(journal.c.id == batch_id).values(slices_done=count))


def finish_batch(tx: Tx, batch_id: int, next_batch: str) -> None:
    """The batch is processed: its body goes and the token moves, in one transaction."""
    tx.execute(sa.delete(journal).where(journal.c.id == batch_id))
    set_meta(tx, "sync_token", next_batch)


def get_sync_token(tx: Tx) -> str | None:
    """Where to go on reading: after the newest journalled answer, else after the newest processed one."""
    row = tx.one(sa.select(journal.c.next_batch).order_by(journal.c.id.desc()).limit(1))
    if row is not None:
        return str(row.next_batch)
    token: str | None = get_meta(tx, "sync_token")
    return token


# ---- handled events ----


def insert_seen(
    tx: Tx,
    event_id: str,
    room_id: str,
    sender: str,
    at: datetime,
    session_id: str | None = None,
    index: int | None = None,
) -> bool:
    """Record an event as handled; False when it was before, or when its message key was used by another event."""
    return tx.insert_or_ignore(
        inbox,
        event_id=event_id,
        room_id=room_id,
        sender=sender,
        at=at,
        handled_at=tx.now,
        session_id=session_id,
        message_index=index,
        redacted=False,
    )


def get_seen(tx: Tx, event_id: str) -> bool:
    return tx.one(sa.select(inbox.c.event_id).where(inbox.c.event_id == event_id)) is not None


def list_seen(tx: Tx, event_ids: list[str]) -> set[str]:
    if not event_ids:
        return set()
    return {r.event_id for r in tx.all(sa.select(inbox.c.event_id).where(inbox.c.event_id.in_(event_ids)))}


def list_from_person(tx: Tx, room_id: str, sender: str, since: datetime) -> list[str]:
    """Events of one person in one room that were not redacted by us."""
    where = (inbox.c.room_id == room_id, inbox.c.sender == sender, inbox.c.at >= since, inbox.c.redacted.is_(False))
    return [r.event_id for r in tx.all(sa.select(inbox.c.event_id).where(*where).order_by(inbox.c.at))]


def get_last_indexes(tx: Tx, room_id: str) -> dict[str, int]:
    """For each session of a room, the index of the last message that was handled."""
    last = sa.func.max(inbox.c.message_index).label("last")
    where = (inbox.c.room_id == room_id, inbox.c.session_id.is_not(None))
    rows = tx.all(sa.select(inbox.c.session_id, last).where(*where).group_by(inbox.c.session_id))
    return {r.session_id: r.last for r in rows}


def set_seen_redacted(tx: Tx, event_ids: list[str]) -> None:
    tx.execute(sa.update(inbox).where(inbox.c.event_id.in_(event_ids)).values(redacted=True))


def delete_seen_of(tx: Tx, sender: str, keep_after: datetime) -> int:
    """Forget one person's handled events but the newest, which guard against doing something twice."""
    return tx.change(sa.delete(inbox).where(inbox.c.sender == sender, inbox.c.at < keep_after))


def count_seen_of(tx: Tx, sender: str) -> int:
    select = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.sender == sender)
    return tx.conn.execute(select).scalar_one()


def delete_seen_before(tx: Tx, before: datetime) -> int:
    return tx.change(sa.delete(inbox).where(inbox.c.handled_at < before))


# ---- events that cannot be read yet ----


@dataclass(frozen=True)
class Pending:
    event_id: str
    room_id: str
    session_id: str
    sender: str
    body: bytes
    since: datetime
    asked_at: datetime | None
    told_at: datetime | None
    reason: str


def insert_pending(tx: Tx, event_id: str, room_id: str, session_id: str, sender: str, body: bytes, reason: str) -> bool:
    sealed = tx.keys.seal(f"pending.body.{event_id}", body)
    return tx.insert_or_ignore(
        pending, event_id=event_id, room_id=room_id, session_id=session_id, sender=sender, body=sealed, since=tx.now,
        asked_at=None, told_at=None, reason=reason,
    )  # fmt: skip


def list_pending(tx: Tx, session_ids: set[str] | None = None, *, open_since: datetime | None = None) -> list[Pending]:
    """Unread events, oldest first; only those of `session_ids`, or not told of or as new as `open_since`, if given."""
    select = sa.select(pending).order_by(pending.c.since, pending.c.event_id)
    if session_ids is not None:
        select = select.where(pending.c.session_id.in_(session_ids))
    if open_since is not None:
        select = select.where(sa.or_(pending.c.told_at.is_(None), pending.c.since >= open_since))
    return [
        Pending(**{**r._mapping, "body": tx.keys.open(f"pending.body.{r.event_id}", r.body)}) for r in tx.all(select)
    ]


def count_pending_of(tx: Tx, sender: str) -> int:
    return tx.conn.execute(
        sa.select(sa.func.count()).select_from(pending).where(pending.c.sender == sender)
    ).scalar_one()


def set_pending_reason(tx: Tx, session_id: str, reason: str) -> None:
    tx.execute(sa.update(pending).where(pending.c.session_id == session_id).values(reason=reason))


def set_pending_asked(tx: Tx, session_id: str) -> None:
    tx.execute(sa.update(pending).where(pending.c.session_id == session_id).values(asked_at=tx.now))


def set_pending_told(tx: Tx, session_id: str) -> None:
    tx.execute(sa.update(pending).where(pending.c.session_id == session_id).values(told_at=tx.now))


def get_session_told(tx: Tx, session_id: str) -> bool:
    where = (pending.c.session_id == session_id, pending.c.told_at.is_not(None))
    return tx.one(sa.select(pending.c.event_id).where(*where).limit(1)) is not None


def delete_pending(tx: Tx, event_id: str) -> None:
    tx.execute(sa.delete(pending).where(pending.c.event_id == event_id))


def delete_pending_of_room(tx: Tx, room_id: str) -> None:
    tx.execute(sa.delete(pending).where(pending.c.room_id == room_id))


def delete_pending_before(tx: Tx, age: timedelta) -> int:
    return tx.change(sa.delete(pending).where(pending.c.since < tx.now - age))


# ---- gaps in rooms' histories ----


@dataclass(frozen=True)
class Gap:
    """What came before `token` in a room, down to what was handled, has not been read yet."""

    room_id: str
    token: str
    since: datetime
    tries: int
    next_at: datetime


def insert_gap(tx: Tx, room_id: str, token: str) -> None:
    tx.insert_or_ignore(gap, room_id=room_id, token=token, since=tx.now, tries=0, next_at=tx.now)


def list_gaps(tx: Tx) -> list[Gap]:
    """Those that are to be tried now."""
    return [Gap(**r._mapping) for r in tx.all(sa.select(gap).where(gap.c.next_at <= tx.now).order_by(gap.c.since))]


def set_gap_later(tx: Tx, found: Gap, next_at: datetime) -> None:
    where = (gap.c.room_id == found.room_id, gap.c.token == found.token)
    tx.execute(sa.update(gap).where(*where).values(tries=found.tries + 1, next_at=next_at))


def delete_gap(tx: Tx, found: Gap) -> None:
    tx.execute(sa.delete(gap).where(gap.c.room_id == found.room_id, gap.c.token == found.token))


def delete_gaps_of_room(tx: Tx, room_id: str) -> None:
    tx.execute(sa.delete(gap).where(gap.c.room_id == room_id))


def delete_gaps_before(tx: Tx, age: timedelta) -> int:
    return tx.change(sa.delete(gap).where(gap.c.since < tx.now - age))
