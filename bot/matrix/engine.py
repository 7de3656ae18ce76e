"""The encryption engine on nio's Olm machine: what arrives is checked and fed to it, what leaves is made by it.

With keystore.py the only file that touches nio's Olm. Everything runs in the event loop's thread; long work on keys
yields every few devices. Nothing made from a key leaves before the key's new state is committed.
"""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import vodozemac
from nio.crypto import InboundGroupSession, Olm, OutboundGroupSession
from nio.events import OlmEvent, ToDeviceEvent
from nio.responses import KeysUploadResponse

from bot.log import logger
from bot.matrix.devices import STEP, Devices
from bot.matrix.fence import faults, fenced, listing, mapping, text
from bot.matrix.http import Http, MatrixError, Unreachable, quoted
from bot.matrix.keystore import Inbound, KeyStore, Outbound
from bot.matrix.trust import Device, UserKeys, has_signed, refusal_code, trust_of
from bot.message import Trust
from bot.seal import signed_by
from bot.store import keys as rows
from bot.store.db import Database, Tx
from bot.store.inbox import get_last_indexes
from bot.store.rooms import is_joined

T = TypeVar("T")
log = logger(__name__)

MEGOLM = "m.megolm.v1.aes-sha2"
OLM = "m.olm.v1.curve25519-aes-sha2"
CLAIM = 100  # devices in one request for one-time keys
SEND = 60  # devices addressed in one to-device request
PARALLEL = 3  # requests of one share under way at once
SESSIONS_KEPT = 12  # Olm sessions kept with one device
REFILL_BELOW = 25  # of the 50 one-time keys that the server holds
UNWEDGE_AFTER = timedelta(hours=1)
MOST_SESSIONS = 50  # new Olm sessions that one user may begin in an hour, with devices that we do not know
MOST_KEYS = 50  # room keys of one user in an hour, for rooms in which we are not
CLAIM_AGAIN = 60.0  # seconds until a device without one-time keys is asked again
LAST_INDEX = 2**32 - 1  # of a room key
ROTATE_MESSAGES, ROTATE_AGE = 100, timedelta(days=7)  # spec defaults of m.room.encryption

MayHave = Callable[[UserKeys, Device], bool]


class Unreadable(Exception):
    """An event that cannot be read: `no-key` and `unknown-device` may change, `forged` and `malformed` never."""

    def __init__(self, reason: str, session_id: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.session_id = session_id

    @property
    def may_change(self) -> bool:
        return self.reason in ("no-key", "unknown-device")


@dataclass(frozen=True)
class Decrypted:
    """What an encrypted event held, bound to the device that sent it."""

    type: str
    content: dict[str, Any] = field(repr=False)
    trust: Trust
    device_id: str
    session_id: str
    index: int
    signed_elsewhere: bool = False  # the sender has a device that they signed, which may be another one


@dataclass
class Arrivals:
    """What came to our device: verification messages, sessions whose keys arrived, refusals of keys by session."""

    verification: list[dict[str, Any]] = field(default_factory=list)
    sessions: set[str] = field(default_factory=set)
    withheld: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Circle:
    """Who may read what is written in a room: the users to reach and the devices of theirs that may."""

    users: Sequence[str]
    may_have: MayHave
    rotation: dict[str, Any] = field(default_factory=dict)


class Allowance:
    """How much strangers may leave with us in an hour: each of them, and all together."""

    def __init__(self, each: int, together: int, now: Callable[[], datetime]) -> None:
        self.each, self.together, self.now = each, together, now
        self._hour = ""
        self._left: Counter[str] = Counter()

    def take(self, who: str) -> bool:
        """Whether `who` may leave one thing more."""
        hour = f"{self.now():%Y%m%d%H}"
        if hour != self._hour:
            self._hour, self._left = hour, Counter()
        if self._left[who] >= self.each or self._left.total() >= self.together:
            return False
        self._left[who] += 1
        return True


class _Machine(Olm):  # type: ignore[misc]  # nio ships no types
    """nio's Olm machine; the payload of a decrypted Olm message comes back to us instead of being acted on."""

    def _handle_olm_event(self, sender: str, sender_key: str, payload: dict[Any, Any]) -> Any:
        return payload


class Engine:
    """Keys of one account's one device. `now` gives aware UTC times."""

    def __init__(self, http: Http, db: Database, store: KeyStore, now: Callable[[], datetime]) -> None:
        self.http = http
        self.db = db
        self.store = store
        self.now = now
        self.devices = Devices(http, db, store)
        self.olm: _Machine
        self.one_time_keys_refused = False
        self._rooms: dict[str, asyncio.Lock] = {}
        self._membership: dict[str, int] = {}
        self._wedged: set[tuple[str, str]] = set()
        self._claim_again: dict[str, float] = {}
        self._new_sessions = Allowance(MOST_SESSIONS, 100 * MOST_SESSIONS, now)
        self._keys_elsewhere = Allowance(MOST_KEYS, 100 * MOST_KEYS, now)

    @property
    def user_id(self) -> str:
        return self.store.user_id

    @property
    def device_id(self) -> str:
        return self.store.device_id

    @property
    def identity_keys(self) -> dict[str, str]:
        """Our device's public keys, `ed25519` and `curve25519`."""
        return dict(self.olm.account.identity_keys)

    def sign(self, data: bytes) -> str:
        """Sign canonical JSON with the device's Ed25519 key."""
        return str(self.olm.account.sign(data.decode()))

    # ---- opening and writing --------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Load the device's account, or make one and commit it before anything can leave."""
        row = await self.db.run(rows.get_account)
        if row is not None:
            self.store.load_account_row(row)
        self.olm = _Machine(self.user_id, self.device_id, self.store)
        await self.flush()

    async def flush(self) -> None:
        """Commit what changed in the keys."""
        if self.store.changed:
            await self.commit("", lambda tx: None)

    async def commit(self, cause: str, function: Callable[[Tx], T]) -> T:
        """Run `function(tx)` in one transaction with everything that changed in the keys until now."""
        changes = self.store.take()

        def work(tx: Tx) -> T:
            rows.write_keys(tx, changes)
            return function(tx)

        try:
            return await self.db.run_for(cause, work)
        except Exception:
            self.store.give_back(changes)
            raise

    # ---- what comes to our device ---------------------------------------------------------------------------------

    async def to_device(self, events: Iterable[Any]) -> Arrivals:
        """Take in to-device events in order; one bad event hurts no other. The caller commits."""
        arrivals = Arrivals()
        for count, event in enumerate(events):
            if count % STEP == STEP - 1:
                await asyncio.sleep(0)
            with fenced("to-device"):
                await self._to_device(mapping(event), arrivals)
        return arrivals

    async def _to_device(self, event: dict[str, Any], arrivals: Arrivals) -> None:
        kind, sender, content = text(event.get("type")), text(event.get("sender")), mapping(event.get("content"))
        if not kind or not sender:
            return
        if kind.startswith("m.key.verification."):
            arrivals.verification.append({"type": kind, "sender": sender, "content": content})
        elif kind == "m.room_key.withheld":
            if session_id := text(content.get("session_id"), 80):
                arrivals.withheld[session_id] = text(content.get("code"), 40) or "m.unavailable"
        elif kind == "m.room.encrypted" and content.get("algorithm") == OLM:
            sender_key = text(content.get("sender_key"), 64)
            await self._load_sessions([sender_key])
            if not self._may_begin(sender, sender_key):
                self.store.drop_empty(sender_key)
                faults["too many sessions"] += 1
                return
            try:
                payload = self._olm_payload(event, sender, sender_key)
            finally:
                self.store.drop_empty(sender_key)
            if payload is not None:
                await self._olm_event(sender, sender_key, payload, arrivals)

    def _may_begin(self, sender: str, sender_key: str) -> bool:
        """Whether a message under this key is looked at: anybody can make up keys, and each would leave a session."""
        if self.olm.session_store.get(sender_key):
            return True
        known = self.devices.users.get(sender)
        if known is not None and any(d.curve25519 == sender_key for d in known.devices.values()):
            return True
        return self._new_sessions.take(sender)

    def _olm_payload(self, event: dict[str, Any], sender: str, sender_key: str) -> dict[str, Any] | None:
        ours = mapping(event["content"].get("ciphertext")).get(self.identity_keys["curve25519"])
        if not isinstance(ours, dict):
            return None
        payload = None
        try:
            parsed = ToDeviceEvent.parse_event(event)
            if isinstance(parsed, OlmEvent):
                payload = self.olm.handle_to_device_event(parsed)
        finally:
            # A message that cannot be decrypted means that our sessions with the device have come apart.
            if payload is None:
                self._wedged.add((sender, sender_key))
            kept = self.olm.session_store[sender_key]
            del kept[SESSIONS_KEPT:]
        return payload if isinstance(payload, dict) else None

    async def _olm_event(self, sender: str, sender_key: str, payload: dict[str, Any], arrivals: Arrivals) -> None:
        kind, content = payload.get("type"), mapping(payload.get("content"))
        ed25519 = text(mapping(payload.get("keys")).get("ed25519"), 64)
        if content.get("algorithm") != MEGOLM or not ed25519:
            return
        room_id, session_id = text(content.get("room_id")), text(content.get("session_id"), 80)
        exported = text(content.get("session_key"), 1000)
        if not (room_id and session_id and exported):
            return
        if kind == "m.room_key":
            session = InboundGroupSession(exported, ed25519, sender_key, room_id)
        elif kind == "m.forwarded_room_key":
            # Taken only from the device that made the key: it gives again what it gave before.
            own = (content.get("sender_key"), content.get("sender_claimed_ed25519_key")) == (sender_key, ed25519)
            if not own or listing(content.get("forwarding_curve25519_key_chain")):
                return
            session = InboundGroupSession.import_session(exported, ed25519, sender_key, room_id)
        else:
            return
        if session.id != session_id:
            return
        known = await self._inbound(room_id, session_id)
        if not known and not await self.db.run(is_joined, room_id) and not self._keys_elsewhere.take(sender):
            faults["too many keys"] += 1
            return
        for inbound in known:
            same = inbound.session.sender_key == sender_key
            if same and (
                inbound.session.ed25519 != ed25519 or inbound.session.first_known_index <= session.first_known_index
            ):
                return  # what we have reads at least as much
        self.store.add_inbound(room_id, Inbound(session, self.now(), forwarded=kind == "m.forwarded_room_key"))
        arrivals.sessions.add(session_id)

    async def _load_sessions(self, curve25519s: Iterable[str]) -> None:
        """Have the Olm sessions with these devices in memory."""
        wanted = {c for c in curve25519s if c not in self.store.sessions_loaded}
        if wanted:
            found = await self.db.run(rows.list_olm_sessions, wanted)
            for start in range(0, len(found), STEP):
                self.store.load_session_rows(set(), found[start : start + STEP])
                await asyncio.sleep(0)
            self.store.load_session_rows(wanted, [])

    async def _inbound(self, room_id: str, session_id: str) -> list[Inbound]:
        if (room_id, session_id) in self.store.inbound:
            self.store.inbound.move_to_end((room_id, session_id))
            return self.store.inbound[(room_id, session_id)]
        found = await self.db.run(rows.list_inbound, room_id, session_id)
        return self.store.load_inbound_rows(room_id, session_id, found)

    async def advance(self, room_id: str) -> None:
        """What was said in a room until now opens with our keys no more, what comes next does. The caller commits.

        Each received key is exported at the index after the last message that was handled, and that export takes its
        place; what we said ourselves is never read again, and is said with a new key from now on.
        """
        self.drop_room(room_id)
        own = self.identity_keys["curve25519"]
        after = {s: index + 1 for s, index in (await self.db.run(get_last_indexes, room_id)).items()}
        here = {session_id for room, session_id in self.store.inbound if room == room_id}
        for session_id in sorted(here.union(await self.db.run(rows.list_inbound_ids, room_id))):
            for inbound in list(await self._inbound(room_id, session_id)):
                old = inbound.session
                index = LAST_INDEX if old.sender_key == own else after.get(session_id, 0)
                if index > old.first_known_index:
                    exported = old.export_session(index)
                    session = InboundGroupSession.import_session(exported, old.ed25519, old.sender_key, room_id)
                    self.store.add_inbound(room_id, Inbound(session, inbound.received_at, inbound.forwarded))

    # ---- reading --------------------------------------------------------------------------------------------------

    async def decrypt(self, room_id: str, event: dict[str, Any]) -> Decrypted:
        """Read an encrypted event and bind it to the device of its sender.

        Raises Unreadable. The claimed sender and device in the event are the server's word; what counts is that the
        key came, over Olm, from a device that `/keys/query` shows as one of the sender's.
        """
        content, sender = mapping(event.get("content")), text(event.get("sender"))
        session_id, ciphertext = text(content.get("session_id"), 80), text(content.get("ciphertext"), 90_000)
        if content.get("algorithm") != MEGOLM or not session_id or not ciphertext or not sender:
            raise Unreadable("malformed", session_id)
        candidates = await self._inbound(room_id, session_id)
        if not candidates:
            raise Unreadable("no-key", session_id)
        inbound, user, device = await self._owner(sender, candidates, session_id)
        try:
            plaintext, index = inbound.session.decrypt(ciphertext)
            payload = json.loads(plaintext)
        except vodozemac.MegolmDecryptionException as error:
            # An index before the first that we know: a better key may still come.
            raise Unreadable("no-key" if "index" in str(error).lower() else "malformed", session_id) from None
        except Exception:  # noqa: BLE001  # whatever a member of the room put into the ciphertext
            raise Unreadable("malformed", session_id) from None
        kind, inner = mapping(payload).get("type"), mapping(payload).get("content")
        if (
            not isinstance(kind, str)
            or not isinstance(inner, dict)
            or payload.get("room_id") != room_id
            or "state_key" in payload
        ):
            raise Unreadable("forged", session_id)
        if "m.relates_to" in content and isinstance(content["m.relates_to"], dict):
            inner = {**inner, "m.relates_to": content["m.relates_to"]}
        if user is None or device is None:
            return Decrypted(kind, inner, Trust.VERIFIED, self.device_id, session_id, index)
        return Decrypted(
            kind, inner, trust_of(user, device), device.device_id, session_id, index, signed_elsewhere=has_signed(user)
        )

    async def _owner(
        self, sender: str, candidates: list[Inbound], session_id: str
    ) -> tuple[Inbound, UserKeys | None, Device | None]:
        if sender == self.user_id:
            own = self.identity_keys["curve25519"]
            for inbound in candidates:
                if inbound.session.sender_key == own:
                    return inbound, None, None
        user = await self.devices.of(sender)
        for inbound in candidates:
            for device in user.devices.values():
                keys = (device.curve25519, device.ed25519)
                if keys == (inbound.session.sender_key, inbound.session.ed25519):
                    return inbound, user, device
        raise Unreadable("unknown-device", session_id)

    async def ask_for_key(self, room_id: str, session_id: str, sender: str) -> None:
        """Ask the sender's devices once for a room key that did not come."""
        body = {
            "action": "request",
            "body": {"algorithm": MEGOLM, "room_id": room_id, "session_id": session_id},
            "request_id": uuid.uuid4().hex,
            "requesting_device_id": self.device_id,
        }
        await self.send_to_device("m.room_key_request", {sender: {"*": body}})

    # ---- our own keys on the server -------------------------------------------------------------------------------

    async def keep_keys_stocked(self, one_time_counts: Any, unused_fallback: Any) -> None:
        """Upload device keys, one-time keys and a fallback key where the server lacks them.

        The private halves are committed before the public ones leave. A count that the server does not tell is 0.
        """
        account = self.olm.account
        count = mapping(one_time_counts).get("signed_curve25519", 0)
        count = count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else 0
        body: dict[str, Any] = {}
        if not account.shared or count < REFILL_BELOW:
            self.olm.uploaded_key_count = min(count, account.max_one_time_keys - 1)
            body |= self.olm.share_keys()
        if "signed_curve25519" not in listing(unused_fallback):
            account._account.generate_fallback_key()
            for key_id, key in account._account.fallback_key.items():
                bare = {"key": key.to_base64(), "fallback": True}
                signature = {self.user_id: {f"ed25519:{self.device_id}": self.olm.sign_json(bare)}}
                body["fallback_keys"] = {f"signed_curve25519:{key_id}": {**bare, "signatures": signature}}
        if not body:
            return
        self.olm.save_account()
        await self.flush()
        try:
            answer = await self.http.call("POST", "/keys/upload", body, patience=30)
        except MatrixError as error:
            if error.status != 400:
                raise
            # The server has other keys under these names (an old copy of our database): leave these names behind.
            self.one_time_keys_refused = True
            log.error("one-time keys refused", errcode=error.errcode)
            account.mark_keys_as_published()
            self.olm.save_account()
            await self.flush()
            return
        counts = mapping(answer.get("one_time_key_counts"))
        self.olm.handle_response(KeysUploadResponse(counts.get("curve25519", 0), counts.get("signed_curve25519", 0)))
        await self.flush()

    def device_keys(self) -> dict[str, Any]:
        """Our device's keys as uploaded (without cross-signatures), to compare with what the server shows."""
        keys = self.identity_keys
        return {f"{name}:{self.device_id}": keys[name] for name in ("curve25519", "ed25519")}

    # ---- writing --------------------------------------------------------------------------------------------------

    def membership_changed(self, room_id: str) -> None:
        """Somebody joined or left: who writes meanwhile encrypts again (outgoing.py)."""
        self._membership[room_id] = self._membership.get(room_id, 0) + 1

    def membership(self, room_id: str) -> int:
        """A number that changes with who is in a room."""
        return self._membership.get(room_id, 0)

    def room_lock(self, room_id: str) -> asyncio.Lock:
        """Held from sharing a room's key until the message made with it is committed."""
        return self._rooms.setdefault(room_id, asyncio.Lock())

    async def encrypt(self, room_id: str, kind: str, content: dict[str, Any], circle: Circle) -> dict[str, Any]:
        """The content of an `m.room.encrypted` event. The caller holds `room_lock` and commits before sending it."""
        outbound = await self.share(room_id, circle)
        plain = json.dumps({"type": kind, "content": content, "room_id": room_id}, ensure_ascii=False)
        ciphertext = outbound.session.encrypt(plain)
        outbound.messages += 1
        self.store.outbound_used(room_id)
        encrypted = {
            "algorithm": MEGOLM,
            "sender_key": self.identity_keys["curve25519"],
            "ciphertext": ciphertext,
            "session_id": outbound.id,
            "device_id": self.device_id,
        }
        if "m.relates_to" in content:
            encrypted["m.relates_to"] = content["m.relates_to"]
        return encrypted

    async def share(self, room_id: str, circle: Circle) -> Outbound:
        """Give the room's key to every device that may have it, tell the others why not; the key to write with.

        A key that a device has which may no longer have it is replaced. The caller holds `room_lock`.
        Raises MatrixError when the server does not take the keys; then nothing was encrypted.
        """
        for _ in range(10):
            users = await self.devices.fresh(circle.users)
            before = self.devices.generation
            others = [u for u in users if u.user_id != self.user_id]
            if others and all(u.outdated and not u.devices for u in others):
                raise Unreachable(0, "DEVICES_NOT_KNOWN")  # nobody at all could read it
            allowed: dict[tuple[str, str], Device] = {}
            refused: dict[tuple[str, str], str] = {}
            for user in users:
                for device in user.devices.values():
                    key = (user.user_id, device.device_id)
                    if device.deleted or user.user_id == self.user_id:
                        continue
                    if device.curve25519 == self.identity_keys["curve25519"]:
                        continue
                    if circle.may_have(user, device):
                        allowed[key] = device
                    else:
                        refused[key] = refusal_code(user, device)
            outbound = await self._usable_outbound(room_id, allowed, circle.rotation)
            await self._give(outbound, [d for k, d in allowed.items() if outbound.told.get(k) != ""])
            await self._refuse(outbound, refused)
            if before == self.devices.generation:
                return outbound
        return outbound

    async def _usable_outbound(
        self, room_id: str, allowed: dict[tuple[str, str], Device], rotation: dict[str, Any]
    ) -> Outbound:
        outbound = self.store.outbound.get(room_id)
        if outbound is None and not self.store.is_dropped(room_id):
            found = await self.db.run(rows.get_outbound, room_id)
            if found is not None:
                outbound = self.store.load_outbound_row(*found)
        if outbound is not None:
            age = timedelta(milliseconds=rotation.get("rotation_period_ms", ROTATE_AGE.total_seconds() * 1000))
            worn = outbound.messages >= rotation.get("rotation_period_msgs", ROTATE_MESSAGES)
            old = self.now() - outbound.created_at >= max(age, timedelta(hours=1))
            lost = any(code == "" and key not in allowed for key, code in outbound.told.items())
            if not (worn or old or lost):
                return outbound
        session = OutboundGroupSession()
        outbound = Outbound(room_id, session, self.now())
        ours = InboundGroupSession(
            session.session_key, self.identity_keys["ed25519"], self.identity_keys["curve25519"], room_id
        )
        self.store.set_outbound(room_id, outbound)
        self.store.add_inbound(room_id, Inbound(ours, self.now()))
        return outbound

    async def _give(self, outbound: Outbound, devices: list[Device]) -> None:
        """Send the room's key to these devices, over Olm."""
        if not devices:
            return
        await self._load_sessions(d.curve25519 for d in devices)
        await self._claim([d for d in devices if not self.olm.session_store.get(d.curve25519)])
        reachable = [d for d in devices if self.olm.session_store.get(d.curve25519)]
        key = {
            "algorithm": MEGOLM,
            "room_id": outbound.room_id,
            "session_id": outbound.id,
            "session_key": outbound.session.session_key,
        }
        limit = asyncio.Semaphore(PARALLEL)

        async def send(part: list[Device], messages: dict[str, dict[str, Any]]) -> None:
            async with limit:
                await self.send_to_device("m.room.encrypted", messages)
            for device in part:
                self.store.set_told(outbound, device.user_id, device.device_id, "")

        async with asyncio.TaskGroup() as sends:
            for start in range(0, len(reachable), SEND):
                part = reachable[start : start + SEND]
                messages = await self._olm_encrypt(part, "m.room_key", key)
                await self.flush()  # the ratchets' new state, before what was made with it leaves
                sends.create_task(send(part, messages))
        unreachable = [d for d in devices if not self.olm.session_store.get(d.curve25519)]
        await self._refuse(outbound, {(d.user_id, d.device_id): "m.no_olm" for d in unreachable})

    async def _olm_encrypt(self, devices: list[Device], kind: str, content: dict[str, Any]) -> dict[str, Any]:
        messages: dict[str, dict[str, Any]] = {}
        for count, device in enumerate(devices):
            if count % STEP == STEP - 1:
                await asyncio.sleep(0)
            session = self.olm.session_store.get(device.curve25519)
            made = self.olm._olm_encrypt(session, device, kind, content)
            messages.setdefault(device.user_id, {})[device.device_id] = made
        return messages

    async def _claim(self, devices: list[Device]) -> None:
        """Make Olm sessions with these devices, from one-time keys that each has signed."""
        now = time.monotonic()
        wanted = [d for d in devices if self._claim_again.get(d.curve25519, 0.0) <= now]
        limit = asyncio.Semaphore(PARALLEL)

        async def one(part: list[Device]) -> None:
            ask: dict[str, dict[str, str]] = {}
            for device in part:
                ask.setdefault(device.user_id, {})[device.device_id] = "signed_curve25519"
            async with limit:
                answer = await self.http.call(
                    "POST", "/keys/claim", {"one_time_keys": ask, "timeout": 10_000}, deadline=40
                )
            given = mapping(answer.get("one_time_keys"))
            for count, device in enumerate(part):
                if count % STEP == STEP - 1:
                    await asyncio.sleep(0)
                self._claim_again[device.curve25519] = time.monotonic() + CLAIM_AGAIN
                with fenced("one-time key"):
                    keys = mapping(mapping(given.get(device.user_id)).get(device.device_id))
                    key = mapping(next(iter(keys.values()), None))
                    if not key:
                        continue
                    if not signed_by(key, device.user_id, device.device_id, device.ed25519):
                        raise ValueError("a one-time key that its device did not sign")
                    self.olm.create_session(text(key.get("key"), 64), device.curve25519)

        async with asyncio.TaskGroup() as claims:
            for start in range(0, len(wanted), CLAIM):
                claims.create_task(one(wanted[start : start + CLAIM]))

    async def _refuse(self, outbound: Outbound, refused: dict[tuple[str, str], str]) -> None:
        """Tell devices that do not get the key why (spec: m.room_key.withheld)."""
        messages: dict[str, dict[str, Any]] = {}
        for (user_id, device_id), code in refused.items():
            if outbound.told.get((user_id, device_id)) == code:
                continue
            body = {
                "algorithm": MEGOLM,
                "sender_key": self.identity_keys["curve25519"],
                "code": code,
                "reason": {"m.no_olm": "Unable to establish a secure channel."}.get(
                    code, "This device is not signed by its owner."
                ),
                "from_device": self.device_id,
            }
            if code != "m.no_olm":
                body |= {"room_id": outbound.room_id, "session_id": outbound.id}
            messages.setdefault(user_id, {})[device_id] = body
        if not messages:
            return
        try:
            await self.send_to_device("m.room_key.withheld", messages)
        except (MatrixError, Unreachable):
            faults["withheld not sent"] += 1
            return
        for user_id, devices in messages.items():
            for device_id, body in devices.items():
                self.store.set_told(outbound, user_id, device_id, body["code"])

    async def send_to_device(self, kind: str, messages: dict[str, dict[str, Any]]) -> None:
        """One to-device request; a repeated try of it is one delivery."""
        path = "/sendToDevice/" + quoted(kind, uuid.uuid4().hex)
        await self.http.call("PUT", path, {"messages": messages}, deadline=60)

    async def mend_sessions(self) -> None:
        """Start new Olm sessions with devices whose messages we could not read, at most once an hour for each."""
        wedged, self._wedged = self._wedged, set()
        devices: list[Device] = []
        for sender, sender_key in list(wedged)[:200]:
            with fenced("unwedging"):
                user = (await self.devices.load([sender]))[0]
                device = next((d for d in user.devices.values() if d.curve25519 == sender_key and not d.deleted), None)
                if device is None or sender == self.user_id:
                    continue
                await self._load_sessions([sender_key])
                newest = max((s.creation_time for s in self.olm.session_store[sender_key]), default=None)
                if newest is None or datetime.now() - newest > UNWEDGE_AFTER:  # noqa: DTZ005  # nio's own clock
                    devices.append(device)
        if not devices:
            return
        await self._claim(devices)
        fresh = [d for d in devices if self._is_fresh(d)]
        if fresh:
            messages = await self._olm_encrypt(fresh, "m.dummy", {})
            await self.flush()
            await self.send_to_device("m.room.encrypted", messages)

    def _is_fresh(self, device: Device) -> bool:
        sessions = self.olm.session_store[device.curve25519]
        return any(datetime.now() - s.creation_time < UNWEDGE_AFTER for s in sessions)  # noqa: DTZ005

    def drop_room(self, room_id: str) -> None:
        """We are no longer in this room, or its key must not be used again."""
        self.store.drop_outbound(room_id)
