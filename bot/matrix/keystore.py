"""nio's key store, held in memory and written as changed rows in our own transactions (DESIGN.md, idea 3).

nio calls the methods of the first half on whatever store it is given. Nothing here opens a database: `take` pickles
what changed, in the thread that owns the keys; `store.keys.write_keys` puts it into the transaction that also marks a
slice as processed, and always before a ciphertext or a one-time key made from it leaves the process. Sessions are
read from the database when a user or a room needs them, so that a start costs the same with ten rooms or ten thousand.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from nio.crypto import (
    DeviceStore,
    GroupSessionStore,
    InboundGroupSession,
    OlmAccount,
    OlmDevice,
    OutboundGroupSession,
    OutgoingKeyRequest,
    Session,
    SessionStore,
)

from bot.store.keys import KeyChanges

INBOUND_KEPT = 5_000  # received room keys kept in memory
PICKLE_KEY_BYTES = 32


class Outbound:
    """The key with which we write in one room: nio's session, and who has it or was told why not."""

    def __init__(self, room_id: str, session: OutboundGroupSession, created_at: datetime, messages: int = 0) -> None:
        self.room_id = room_id
        self.session = session
        self.created_at = created_at
        self.messages = messages
        self.told: dict[tuple[str, str], str] = {}  # (user, device) -> "" has it, else the code of the refusal
        session.shared = True  # nio's own guards: when to share and to rotate is decided by engine.py
        session.max_messages = 2**62
        session.max_age = session.max_age * 10_000

    @property
    def id(self) -> str:
        return str(self.session.id)


class Inbound:
    """A received room key with the device it came from."""

    def __init__(self, session: InboundGroupSession, received_at: datetime, forwarded: bool = False) -> None:
        self.session = session
        self.received_at = received_at
        self.forwarded = forwarded


class KeyStore:
    """All keys of one device. `pickle_key` is 32 random bytes; nio's default is refused."""

    def __init__(self, user_id: str, device_id: str, pickle_key: bytes) -> None:
        if len(pickle_key) != PICKLE_KEY_BYTES or pickle_key == b"DEFAULT_KEY":
            raise ValueError("the pickle key must be 32 random bytes")
        self.user_id = user_id
        self.device_id = device_id
        self._secret = pickle_key.hex()
        self.account: OlmAccount | None = None
        self.sessions = SessionStore()
        self.sessions_loaded: set[str] = set()
        self.inbound: OrderedDict[tuple[str, str], list[Inbound]] = OrderedDict()
        self.outbound: dict[str, Outbound] = {}
        self._account_changed = False
        self._sessions_changed: dict[str, tuple[str, Session]] = {}
        self._inbound_changed: dict[tuple[str, str, str], Inbound] = {}
        self._outbound_changed: set[str] = set()
        self._told_changed: dict[tuple[str, str, str], str] = {}
        self._forget_sessions: list[str] = []
        self._forget_rooms: list[str] = []
        self._rows: dict[str, dict[Any, Callable[[], dict[str, Any]]]] = {}

    # ---- what nio calls -------------------------------------------------------------------------------------------

    def load_account(self) -> OlmAccount | None:
        return self.account

    def save_account(self, account: OlmAccount) -> None:
        self.account = account
        self._account_changed = True

    def load_sessions(self) -> SessionStore:
        return self.sessions

    def save_session(self, curve25519: str, session: Session) -> None:
        self._sessions_changed[session.id] = (curve25519, session)

    def load_inbound_group_sessions(self) -> GroupSessionStore:
        return GroupSessionStore()  # ours are looked up one by one, see engine.py

    def save_inbound_group_session(self, session: InboundGroupSession) -> None:
        raise AssertionError("room keys go through KeyStore.add_inbound")

    def load_device_keys(self) -> DeviceStore:
        return DeviceStore()

    def save_device_keys(self, device_keys: dict[str, dict[str, OlmDevice]]) -> None:
        raise AssertionError("devices go through engine.py")

    def load_outgoing_key_requests(self) -> dict[str, OutgoingKeyRequest]:
        return {}

    # ---- ours -----------------------------------------------------------------------------------------------------

    def add_inbound(self, room_id: str, inbound: Inbound) -> None:
        """Keep a received room key."""
        session = inbound.session
        kept = self.inbound.setdefault((room_id, session.id), [])
        kept[:] = [k for k in kept if k.session.sender_key != session.sender_key]
        kept.append(inbound)
        self.inbound.move_to_end((room_id, session.id))
        self._inbound_changed[(room_id, session.id, session.sender_key)] = inbound

    def is_dropped(self, room_id: str) -> bool:
        """Whether the row of this room's outbound session, if any, must not be used again."""
        return room_id in self._forget_rooms

    def set_outbound(self, room_id: str, outbound: Outbound) -> None:
        if old := self.outbound.get(room_id):
            self._forget_sessions.append(old.id)
        self.outbound[room_id] = outbound
        self._outbound_changed.add(room_id)
        if room_id in self._forget_rooms:
            self._forget_rooms.remove(room_id)

    def outbound_used(self, room_id: str) -> None:
        self._outbound_changed.add(room_id)

    def set_told(self, outbound: Outbound, user_id: str, device_id: str, code: str) -> None:
        """Record that a device has the room's key (code "") or was refused it."""
        outbound.told[(user_id, device_id)] = code
        self._told_changed[(outbound.id, user_id, device_id)] = code

    def drop_outbound(self, room_id: str) -> None:
        """The next message of the room uses a new key."""
        if old := self.outbound.pop(room_id, None):
            self._forget_sessions.append(old.id)
        self._outbound_changed.discard(room_id)
        self._forget_rooms.append(room_id)

    def drop_empty(self, curve25519: str) -> None:
        """A key under which there is no session leaves nothing behind: strangers can make up any number."""
        if not self.sessions[curve25519]:
            del self.sessions._entries[curve25519]
            self.sessions_loaded.discard(curve25519)

    def put_row(self, table: str, key: Any, row: Callable[[], dict[str, Any]]) -> None:
        """Have a row of the tables `device` or `identity` written with the next changes, as `row()` is then."""
        self._rows.setdefault(table, {})[key] = row

    @property
    def changed(self) -> bool:
        return bool(
            self._account_changed
            or self._sessions_changed
            or self._inbound_changed
            or self._outbound_changed
            or self._told_changed
            or self._forget_sessions
            or self._forget_rooms
            or self._rows
        )

    def take(self) -> KeyChanges:
        """What changed since the last `take`, pickled now. Whoever takes it commits it, or calls `give_back`."""
        put: dict[str, list[dict[str, Any]]] = {}
        if self._account_changed and self.account is not None:
            put["olm_account"] = [
                {
                    "id": 1,
                    "user_id": self.user_id,
                    "device_id": self.device_id,
                    "shared": self.account.shared,
                    "pickle": self.account.pickle(self._secret),
                }
            ]
        if self._sessions_changed:
            put["olm_session"] = [
                {
                    "id": session_id,
                    "sender_key": curve25519,
                    "created_at": _aware(session.creation_time),
                    "used_at": _aware(session.use_time),
                    "pickle": session.pickle(self._secret),
                }
                for session_id, (curve25519, session) in self._sessions_changed.items()
            ]
        if self._inbound_changed:
            put["megolm_inbound"] = [
                {
                    "room_id": room_id,
                    "session_id": session_id,
                    "sender_key": sender_key,
                    "ed25519": inbound.session.ed25519,
                    "forwarded": inbound.forwarded,
                    "first_index": inbound.session.first_known_index,
                    "received_at": inbound.received_at,
                    "pickle": inbound.session.pickle(self._secret),
                }
                for (room_id, session_id, sender_key), inbound in self._inbound_changed.items()
            ]
        if self._outbound_changed:
            put["megolm_outbound"] = [
                {
                    "room_id": room_id,
                    "session_id": outbound.id,
                    "created_at": outbound.created_at,
                    "messages": outbound.messages,
                    "pickle": outbound.session.pickle(self._secret),
                }
                for room_id in self._outbound_changed
                if (outbound := self.outbound.get(room_id))
            ]
        if self._told_changed:
            put["megolm_shared"] = [
                {"session_id": s, "user_id": u, "device_id": d, "code": code}
                for (s, u, d), code in self._told_changed.items()
            ]
        for table, rows in self._rows.items():
            put[table] = [row() for row in rows.values()]
        changes = KeyChanges({k: v for k, v in put.items() if v}, self._forget_sessions, self._forget_rooms, self._rows)
        self._account_changed = False
        self._sessions_changed, self._inbound_changed, self._told_changed = {}, {}, {}
        self._outbound_changed, self._rows = set(), {}
        self._forget_sessions, self._forget_rooms = [], []
        self._shrink()
        return changes

    def give_back(self, changes: KeyChanges) -> None:
        """`changes` could not be written: what they hold counts as changed again (newer changes stay newer)."""
        self._forget_sessions = changes.forget_sessions + self._forget_sessions
        gone = [r for r in changes.forget_rooms if r not in self.outbound]  # a newer key has replaced the row
        self._forget_rooms = gone + self._forget_rooms
        for table, makers in changes.rows.items():
            self._rows[table] = makers | self._rows.get(table, {})
        for table in changes.put.keys() - changes.rows.keys():
            for row in changes.put[table]:
                self._give_back_row(table, row)

    def _give_back_row(self, table: str, row: dict[str, Any]) -> None:
        match table:
            case "olm_account":
                self._account_changed = True
            case "olm_session":
                for session in self.sessions[row["sender_key"]]:
                    if session.id == row["id"]:
                        self._sessions_changed.setdefault(row["id"], (row["sender_key"], session))
            case "megolm_inbound":
                for inbound in self.inbound.get((row["room_id"], row["session_id"]), []):
                    if inbound.session.sender_key == row["sender_key"]:
                        key = (row["room_id"], row["session_id"], row["sender_key"])
                        self._inbound_changed.setdefault(key, inbound)
            case "megolm_outbound":
                if row["room_id"] in self.outbound:
                    self._outbound_changed.add(row["room_id"])
            case "megolm_shared":
                key, who = (row["session_id"], row["user_id"], row["device_id"]), (row["user_id"], row["device_id"])
                for outbound in self.outbound.values():
                    if outbound.id == row["session_id"]:
                        self._told_changed.setdefault(key, outbound.told.get(who, row["code"]))

    def _shrink(self) -> None:
        while len(self.inbound) > INBOUND_KEPT:
            self.inbound.popitem(last=False)

    # ---- reading rows ---------------------------------------------------------------------------------------------

    def load_account_row(self, row: sa.Row[Any]) -> None:
        self.account = OlmAccount.from_pickle(row.pickle, self._secret, row.shared)

    def load_session_rows(self, curve25519s: set[str], rows: list[sa.Row[Any]]) -> None:
        """Take over the Olm sessions of these devices, unless they are in memory already."""
        for row in rows:
            if row.sender_key in self.sessions_loaded or any(s.id == row.id for s in self.sessions[row.sender_key]):
                continue
            created, used = _naive(row.created_at), _naive(row.used_at)
            self.sessions.add(row.sender_key, Session.from_pickle(row.pickle, created, self._secret, used))
        self.sessions_loaded |= curve25519s

    def load_inbound_rows(self, room_id: str, session_id: str, rows: list[sa.Row[Any]]) -> list[Inbound]:
        found = self.inbound.setdefault((room_id, session_id), [])
        have = {i.session.sender_key for i in found}
        for row in rows:
            if row.sender_key not in have:
                session = InboundGroupSession.from_pickle(
                    row.pickle, row.ed25519, row.sender_key, room_id, self._secret
                )
                found.append(Inbound(session, row.received_at, row.forwarded))
        if not found:
            del self.inbound[(room_id, session_id)]
        return found

    def load_outbound_row(self, row: sa.Row[Any], told: dict[tuple[str, str], str]) -> Outbound:
        session = OutboundGroupSession.from_pickle(row.pickle, self._secret)
        outbound = Outbound(row.room_id, session, row.created_at, row.messages)
        outbound.told = told
        self.outbound[row.room_id] = outbound
        return outbound


def _naive(moment: datetime) -> datetime:
    return moment.astimezone().replace(tzinfo=None)


def _aware(naive_local: datetime) -> datetime:
    """nio's clocks are naive local times."""
    return naive_local.astimezone(UTC)
