"""Rows of Matrix keys: written as one set of changes, read when a user, room or session is needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import (
    device,
    identity,
    megolm_inbound,
    megolm_outbound,
    megolm_shared,
    member,
    olm_account,
    olm_session,
    verification,
)

_TABLES = {
    t.name: t for t in (olm_account, olm_session, megolm_inbound, megolm_outbound, megolm_shared, device, identity)
}
_CHUNK = 400  # SQLite's bound on parameters of one statement


@dataclass
class KeyChanges:
    """What changed in memory since the last write: rows to put and rooms whose outbound session is gone."""

    put: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    forget_sessions: list[str] = field(default_factory=list)  # outbound session ids whose recipients are dropped
    forget_rooms: list[str] = field(default_factory=list)
    rows: dict[str, dict[Any, Callable[[], dict[str, Any]]]] = field(default_factory=dict)  # what made some of `put`

    def __bool__(self) -> bool:
        return bool(self.put or self.forget_sessions or self.forget_rooms)


def write_keys(tx: Tx, changes: KeyChanges) -> None:
    """Write `changes` in the caller's transaction."""
    for room_id in changes.forget_rooms:
        tx.execute(sa.delete(megolm_outbound).where(megolm_outbound.c.room_id == room_id))
    for session_id in changes.forget_sessions:
        tx.execute(sa.delete(megolm_shared).where(megolm_shared.c.session_id == session_id))
    for name, rows in changes.put.items():
        tx.upsert(_TABLES[name], rows)


def get_account(tx: Tx) -> sa.Row[Any] | None:
    return tx.one(sa.select(olm_account))


def list_olm_sessions(tx: Tx, sender_keys: Iterable[str]) -> list[sa.Row[Any]]:
    """Olm sessions with the devices that have these curve25519 keys."""
    return _chunked(tx, sa.select(olm_session), olm_session.c.sender_key, sender_keys)


def list_inbound(tx: Tx, room_id: str, session_id: str) -> list[sa.Row[Any]]:
    where = (megolm_inbound.c.room_id == room_id, megolm_inbound.c.session_id == session_id)
    return tx.all(sa.select(megolm_inbound).where(*where))


def list_inbound_ids(tx: Tx, room_id: str) -> list[str]:
    """The sessions of a room of which we have a key."""
    select = sa.select(megolm_inbound.c.session_id).where(megolm_inbound.c.room_id == room_id).distinct()
    return [r.session_id for r in tx.all(select.order_by(megolm_inbound.c.session_id))]


def get_outbound(tx: Tx, room_id: str) -> tuple[sa.Row[Any], dict[tuple[str, str], str]] | None:
    """A room's outbound session and, for each device, "" (has it) or the code with which it was refused."""
    row = tx.one(sa.select(megolm_outbound).where(megolm_outbound.c.room_id == room_id))
    if row is None:
        return None
    shared = tx.all(sa.select(megolm_shared).where(megolm_shared.c.session_id == row.session_id))
    return row, {(r.user_id, r.device_id): r.code for r in shared}


def list_identities(tx: Tx, user_ids: Iterable[str]) -> list[sa.Row[Any]]:
    return _chunked(tx, sa.select(identity), identity.c.user_id, user_ids)


def list_devices(tx: Tx, user_ids: Iterable[str]) -> list[sa.Row[Any]]:
    return _chunked(tx, sa.select(device), device.c.user_id, user_ids)


def set_outdated(tx: Tx, user_ids: Iterable[str]) -> None:
    """Remember that the devices of these users must be asked for again before they are used."""
    ids = list(user_ids)
    for start in range(0, len(ids), _CHUNK):
        part = ids[start : start + _CHUNK]
        tx.execute(sa.update(identity).where(identity.c.user_id.in_(part)).values(outdated=True))


def set_identity_verified(tx: Tx, user_id: str, master: str) -> bool:
    """A human compared `master`; False when the user has another one now."""
    where = (identity.c.user_id == user_id, identity.c.master == master)
    return tx.change(sa.update(identity).where(*where).values(verified=master, pinned=master)) > 0


def delete_inbound_before(tx: Tx, before: datetime, keep_rooms: Iterable[str] = ()) -> int:
    """Forget received room keys older than `before`, except those of `keep_rooms`."""
    where = [megolm_inbound.c.received_at < before]
    if rooms := list(keep_rooms):
        where.append(megolm_inbound.c.room_id.not_in(rooms))
    return tx.change(sa.delete(megolm_inbound).where(*where))


def delete_spare_olm_sessions(tx: Tx, keep: int = 12) -> int:
    """Keep the newest sessions with each device; a hostile one could make any number."""
    rank = sa.func.row_number().over(partition_by=olm_session.c.sender_key, order_by=olm_session.c.used_at.desc())
    ranked = sa.select(olm_session.c.id, rank.label("n")).subquery()
    spare = sa.select(ranked.c.id).where(ranked.c.n > keep)
    return tx.change(sa.delete(olm_session).where(olm_session.c.id.in_(spare)))


def delete_strangers(tx: Tx, before: datetime, keep: Collection[str]) -> int:
    """Forget the devices and identities of who shares no room with us, but those of `keep` and those compared.

    Then Olm sessions with devices that we do not know, unused since `before`.
    """
    here = sa.select(member.c.user_id).where(member.c.membership.in_(("join", "invite")))
    compared = sa.select(identity.c.user_id).where(identity.c.verified.is_not(None))
    count = 0
    for table in (device, identity):
        who = table.c.user_id
        gone = (who.not_in(here), who.not_in(compared), who.not_in(list(keep)))
        count += tx.change(sa.delete(table).where(*gone))
    known = sa.select(device.c.curve25519)
    unused = (olm_session.c.sender_key.not_in(known), olm_session.c.used_at < before)
    return count + tx.change(sa.delete(olm_session).where(*unused))


def _chunked(tx: Tx, select: sa.Select[Any], column: sa.Column[Any], values: Iterable[str]) -> list[sa.Row[Any]]:
    wanted = list(values)
    rows: list[sa.Row[Any]] = []
    for start in range(0, len(wanted), _CHUNK):
        rows += tx.all(select.where(column.in_(wanted[start : start + _CHUNK])))
    return rows


# ---- comparisons under way ----


@dataclass(frozen=True)
class Verification:
    ref: str
    user_id: str
    master: str | None
    emoji: list[str]
    state: str
    at: datetime


def insert_verification(tx: Tx, ref: str, user_id: str, master: str | None, emoji: list[str]) -> None:
    sealed = tx.keys.seal_json(f"verification.emoji.{ref}", emoji)
    tx.execute(sa.delete(verification).where(verification.c.user_id == user_id))
    row = {"ref": ref, "user_id": user_id, "master": master, "emoji": sealed, "state": "comparing", "at": tx.now}
    tx.execute(sa.insert(verification).values(**row))


def _verification(tx: Tx, row: sa.Row[Any]) -> Verification:
    emoji = tx.keys.open_json(f"verification.emoji.{row.ref}", row.emoji)
    return Verification(row.ref, row.user_id, row.master, emoji, row.state, row.at)


def get_verification(tx: Tx, ref: str) -> Verification | None:
    row = tx.one(sa.select(verification).where(verification.c.ref == ref))
    return _verification(tx, row) if row else None


def list_verifications(tx: Tx, user_id: str | None = None) -> list[Verification]:
    select = sa.select(verification).order_by(verification.c.at)
    if user_id is not None:
        select = select.where(verification.c.user_id == user_id)
    return [_verification(tx, row) for row in tx.all(select)]


def set_verification_state(tx: Tx, ref: str, state: str) -> None:
    tx.execute(sa.update(verification).where(verification.c.ref == ref).values(state=state))


def delete_verifications_before(tx: Tx, before: datetime) -> int:
    return tx.change(sa.delete(verification).where(verification.c.at < before))
