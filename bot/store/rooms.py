"""What we hold true of each room, from real state events alone."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.message import RoomKind
from bot.store.db import Tx
from bot.store.tables import member, room

INFINITE = 2**53  # a creator's power in rooms of version 12 and later


@dataclass(frozen=True)
class Room:
    room_id: str
    kind: RoomKind = "new"
    name: str | None = None
    ref: str | None = None
    membership: str = "leave"
    version: str = "1"
    creators: list[str] = field(default_factory=list)
    power: dict[str, Any] = field(default_factory=dict)
    encryption: dict[str, Any] | None = None
    clear_seen: bool = False
    history: str = "shared"
    join_rule: str = "invite"
    members_known: bool = False
    inviter: str | None = None
    direct: bool = False
    joined_at: datetime | None = None
    greeted: bool = False
    away_told_at: datetime | None = None

    @property
    def encrypted(self) -> bool:
        return self.encryption is not None

    @property
    def creators_stand_above(self) -> bool:
        """Whether creators have infinite power (room version 12 and later; unknown versions are not trusted so far)."""
        return self.version.isdigit() and int(self.version) >= 12

    def power_of(self, user_id: str) -> int:
        """The power level of a user, by the rules of the room's version."""
        if user_id in self.creators and self.creators_stand_above:
            return INFINITE
        if not self.power:  # no m.room.power_levels: the creator has 100
            return 100 if user_id in self.creators else 0
        return _level(self.power.get("users", {}).get(user_id), _level(self.power.get("users_default"), 0))

    def needed_for(self, what: str) -> int:
        """The power level that `what` (ban, invite, kick, redact, or an event type) needs."""
        if what in ("ban", "kick", "redact"):
            return _level(self.power.get(what), 50)
        if what == "invite":
            return _level(self.power.get(what), 0)
        events = self.power.get("events", {})
        return _level(events.get(what), _level(self.power.get("events_default"), 0))

    def may(self, user_id: str, what: str) -> bool:
        return self.power_of(user_id) >= self.needed_for(what)


def _level(value: Any, default: int) -> int:
    """A power level as the server counts it: an integer, or in old rooms a text of digits."""
    if isinstance(value, bool):
        return default
    if isinstance(value, int):
        return value
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return default
    return default


def _levels(value: Any) -> dict[str, Any]:
    """The entries of an object that can be power levels: nothing nested, and nothing that cannot be written down."""
    found = value.items() if isinstance(value, dict) else ()
    return {k: v for k, v in found if isinstance(v, str) or (isinstance(v, int) and abs(v) <= INFINITE)}


def _room(row: sa.Row[Any]) -> Room:
    values = dict(row._mapping)
    values["creators"] = json.loads(row.creators)
    values["power"] = json.loads(row.power)
    values["encryption"] = None if row.encryption is None else json.loads(row.encryption)
    return Room(**values)


_GET_ROOM = sa.select(room).where(room.c.room_id == sa.bindparam("room_id"))


def get_room(tx: Tx, room_id: str) -> Room | None:
    row = tx.find(_GET_ROOM, room_id=room_id)
    return _room(row) if row else None


def get_room_by_ref(tx: Tx, ref: str) -> Room | None:
    """The room that we created under `ref`."""
    row = tx.one(sa.select(room).where(room.c.ref == ref, room.c.membership == "join").limit(1))
    return _room(row) if row else None


def get_desk(tx: Tx, name: str) -> Room | None:
    where = (room.c.kind == "desk", room.c.name == name, room.c.membership == "join")
    row = tx.one(sa.select(room).where(*where).limit(1))
    return _room(row) if row else None


def list_rooms(tx: Tx, *, kind: RoomKind | None = None, membership: str = "join") -> list[Room]:
    select = sa.select(room).where(room.c.membership == membership)
    if kind is not None:
        select = select.where(room.c.kind == kind)
    return [_room(r) for r in tx.all(select.order_by(room.c.room_id))]


def list_private_rooms_of(tx: Tx, user_id: str) -> list[str]:
    """Private rooms in which this user and the bot are."""
    select = (
        sa.select(room.c.room_id)
        .join(member, member.c.room_id == room.c.room_id)
        .where(room.c.kind == "private", room.c.membership == "join")
        .where(member.c.user_id == user_id, member.c.membership.in_(("join", "invite")))
        .order_by(room.c.joined_at)
    )
    return [r.room_id for r in tx.all(select)]


def set_room(tx: Tx, room_id: str, **values: Any) -> None:
    """Change columns of a room, making its row when there is none."""
    for name in ("creators", "power", "encryption"):
        if name in values and values[name] is not None:
            values[name] = json.dumps(values[name])
    if not values and get_room(tx, room_id) is not None:
        return
    if not (values and tx.change(sa.update(room).where(room.c.room_id == room_id).values(**values))):
        start = {"kind": "new", "membership": "leave"}
        tx.execute(sa.insert(room).values(room_id=room_id, **{**start, **values}))


def count_rooms(tx: Tx) -> dict[str, int]:
    rows = tx.all(
        sa.select(room.c.kind, sa.func.count().label("n")).where(room.c.membership == "join").group_by(room.c.kind)
    )
    return {r.kind: r.n for r in rows}


# ---- members ----


def set_members(tx: Tx, room_id: str, memberships: dict[str, str]) -> None:
    tx.upsert(member, [{"room_id": room_id, "user_id": u, "membership": m} for u, m in memberships.items()])


def replace_members(tx: Tx, room_id: str, memberships: dict[str, str]) -> None:
    """The room's whole membership, as the server told it."""
    tx.execute(sa.delete(member).where(member.c.room_id == room_id))
    set_members(tx, room_id, memberships)
    set_room(tx, room_id, members_known=True)


def list_members(tx: Tx, room_id: str, memberships: Collection[str] = ("join",)) -> list[str]:
    select = sa.select(member.c.user_id).where(member.c.room_id == room_id, member.c.membership.in_(memberships))
    return [r.user_id for r in tx.all(select.order_by(member.c.user_id))]


def is_joined(tx: Tx, room_id: str) -> bool:
    """Whether we are in a room."""
    where = (room.c.room_id == room_id, room.c.membership == "join")
    return tx.one(sa.select(room.c.room_id).where(*where)) is not None


def get_membership(tx: Tx, room_id: str, user_id: str) -> str | None:
    row = tx.one(sa.select(member.c.membership).where(member.c.room_id == room_id, member.c.user_id == user_id))
    return row.membership if row else None


# ---- state events ----


def apply_state(tx: Tx, room_id: str, events: Iterable[dict[str, Any]], *, us: str) -> set[str]:
    """Take over what real state events say (their shape was checked: type and state_key are text, content a mapping).

    Returns the types that mattered.
    """
    known = get_room(tx, room_id)
    change: dict[str, Any] = {}
    members: dict[str, str] = {}
    seen: set[str] = set()
    for event in events:
        kind, key, content = event["type"], event["state_key"], event["content"]
        if kind == "m.room.member":
            membership = content.get("membership")
            if membership in ("join", "invite", "leave", "ban", "knock"):
                members[key] = membership
        elif key != "":
            continue
        elif kind == "m.room.create":
            change |= _from_create(event, us)
        elif kind == "m.room.power_levels":
            users, by_type = _levels(content.get("users")), _levels(content.get("events"))
            change["power"] = {**_levels(content), "users": users, "events": by_type}
        elif kind == "m.room.encryption":
            # For ever: a later event can change how often keys rotate, never switch encryption off.
            change["encryption"] = _rotation(content)
        elif kind == "m.room.history_visibility":
            change["history"] = _word(content.get("history_visibility"), "shared")
        elif kind == "m.room.join_rules":
            change["join_rule"] = _word(content.get("join_rule"), "invite")
        else:
            continue
        seen.add(kind)
    if us in members:
        change["membership"] = members[us]
        if members[us] == "join" and (known is None or known.membership != "join"):
            change["joined_at"] = tx.now
    if change or known is None:
        set_room(tx, room_id, **change)
    if members:
        set_members(tx, room_id, members)
    return seen


def _word(value: Any, default: str) -> str:
    """A short word of the protocol; anything else counts as a word that we do not know."""
    if value is None:
        return default
    return value if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9._\-]{1,40}", value) else "?"


def _from_create(event: dict[str, Any], us: str) -> dict[str, Any]:
    content = event["content"]
    sender = event.get("sender")
    creators = [sender] if isinstance(sender, str) else []
    more = content.get("additional_creators")
    if isinstance(more, list):
        creators += [u for u in more[:100] if isinstance(u, str)]
    found: dict[str, Any] = {"version": _word(content.get("room_version"), "1"), "creators": creators}
    ref = content.get("org.liaison.ref")
    if sender == us and isinstance(ref, str) and len(ref) <= 40:
        found["ref"] = ref
    return found


def _rotation(content: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for name in ("rotation_period_ms", "rotation_period_msgs"):
        value = content.get(name)
        if isinstance(value, int) and not isinstance(value, bool) and value > 0:
            kept[name] = min(value, 2**53)
    return kept


def delete_left_rooms(tx: Tx) -> int:
    """Forget rooms in which we are not any more, with who was in them; not those that the bot runs."""
    left = sa.select(room.c.room_id).where(room.c.membership == "leave", room.c.kind.in_(("private", "group", "new")))
    tx.execute(sa.delete(member).where(member.c.room_id.in_(left)))
    return tx.change(sa.delete(room).where(room.c.room_id.in_(left)))
