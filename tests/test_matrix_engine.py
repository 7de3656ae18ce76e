"""Keys between real engines; only the homeserver's shelf of keys is in memory (bot/matrix/engine.py and what it uses).

said = await bot.says("hello", alice)
assert await alice.reads(said) == "hello"
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
import vodozemac
from nio.crypto import OutboundGroupSession

from bot.matrix import engine as engine_module
from bot.matrix.engine import Arrivals, Circle, Engine, Unreadable
from bot.matrix.http import Http, MatrixError
from bot.matrix.identity import Keys
from bot.matrix.keystore import KeyStore, Outbound
from bot.matrix.trust import Device, UserKeys, refusal_code, trust_of
from bot.message import Trust
from bot.seal import KeyRing, canonical
from bot.store import inbox, tables
from bot.store.db import Database, Tx
from bot.store.keys import KeyChanges, get_outbound, list_identities, write_keys
from bot.store.rooms import set_room
from tests.world import Clock

BOT = "@bot:example.org"
ROOM = "!room:example.org"
PICKLE_KEY = b"p" * 32

Json = dict[str, Any]
Hook = Callable[[str, str, Json], Awaitable[tuple[int, Json] | None]]


class Homeserver:
    """What a homeserver keeps of devices: their keys, their identities, what was sent to them."""

    def __init__(self) -> None:
        self.devices: dict[str, dict[str, Json]] = {}
        self.one_time: dict[tuple[str, str], Json] = {}
        self.fallback: dict[tuple[str, str], Json] = {}
        self.identities: dict[str, Keys] = {}
        self.inbox: dict[tuple[str, str], list[Json]] = {}
        self.hooks: list[Hook] = []  # looked at before a request is answered; what one returns is the answer
        self.unreachable: set[str] = set()  # other servers that do not answer ours

    def new_identity(self, user: str) -> None:
        """The user resets their identity; the devices are signed by it."""
        self.identities[user] = Keys.new()
        for device in self.devices.get(user, {}):
            self.sign(user, device)

    def sign(self, user: str, device: str) -> None:
        key, keys = self.identities[user].self_signing, self.devices[user][device]
        keys["signatures"][user] = {k: v for k, v in keys["signatures"][user].items() if k == f"ed25519:{device}"} | {
            f"ed25519:{key.public}": key.sign_json(keys)
        }

    def unsign(self, user: str, device: str) -> None:
        signatures = self.devices[user][device]["signatures"][user]
        self.devices[user][device]["signatures"][user] = {f"ed25519:{device}": signatures[f"ed25519:{device}"]}

    def _cross_signing(self, users: list[str], usage: str) -> Json:
        shown = {}
        for user in users:
            if keys := self.identities.get(user):
                public = getattr(keys, usage).public
                value: Json = {"user_id": user, "usage": [usage], "keys": {f"ed25519:{public}": public}}
                value["signatures"] = {user: {f"ed25519:{keys.master.public}": keys.master.sign_json(value)}}
                shown[user] = value
        return shown

    async def answer(self, user: str, device: str, method: str, path: str, body: Json) -> tuple[int, Json]:
        for hook in self.hooks:
            if (reply := await hook(method, path, body)) is not None:
                return reply
        match path.split("/")[4:]:
            case ["keys", "upload"]:
                if keys := body.get("device_keys"):
                    self.devices.setdefault(user, {})[device] = keys
                mine = self.one_time.setdefault((user, device), {})
                if any(mine.get(k, v) != v for k, v in body.get("one_time_keys", {}).items()):
                    return 400, {"errcode": "M_UNKNOWN"}
                mine.update(body.get("one_time_keys", {}))
                if "fallback_keys" in body:
                    self.fallback[(user, device)] = body["fallback_keys"]
                return 200, {"one_time_key_counts": {"signed_curve25519": len(mine)}}
            case ["keys", "query"]:
                users = [u for u in body["device_keys"] if u.partition(":")[2] not in self.unreachable]
                return 200, {
                    "device_keys": {u: self.devices.get(u, {}) for u in users},
                    "master_keys": self._cross_signing(users, "master"),
                    "self_signing_keys": self._cross_signing(users, "self_signing"),
                    "failures": {server: {} for server in self.unreachable},
                }
            case ["keys", "claim"]:
                given: Json = {}
                for u, wanted in body["one_time_keys"].items():
                    for d in wanted:
                        keys = self.one_time.get((u, d))
                        found = dict([keys.popitem()]) if keys else self.fallback.get((u, d), {})
                        given.setdefault(u, {})[d] = found
                return 200, {"one_time_keys": given}
            case ["sendToDevice", kind, _]:
                for u, devices in body["messages"].items():
                    for d in self.devices.get(u, {}) if "*" in devices else devices:
                        content = devices.get(d, devices.get("*"))
                        self.inbox.setdefault((u, d), []).append({"type": kind, "sender": user, "content": content})
                return 200, {}
        return 404, {"errcode": "M_UNRECOGNIZED"}


class Wire(Http):
    """The way of one device to the homeserver."""

    def __init__(self, server: Homeserver, user: str, device: str) -> None:
        super().__init__("")
        self.server, self.user, self.device = server, user, device

    async def once(
        self, method: str, path: str, body: Any = None, **_more: Any
    ) -> tuple[int, Mapping[str, str], bytes]:
        copy = json.loads(json.dumps(body))
        status, reply = await self.server.answer(self.user, self.device, method, unquote(path), copy)
        return status, {}, json.dumps(reply).encode()


def safe_only(user: UserKeys, device: Device) -> bool:
    return trust_of(user, device).safe


class Phone:
    """A device with our own engine."""

    def __init__(self, server: Homeserver, user: str, device: str, url: str, keys: KeyRing, clock: Clock) -> None:
        self.server, self.user, self.device = server, user, device
        self.clock = clock
        self.url, self.keys = url, keys
        self._numbers = itertools.count()

    async def open(self, pickle_key: bytes = PICKLE_KEY) -> Phone:
        self.db = Database(self.url, self.keys, self.clock)
        store = KeyStore(self.user, self.device, pickle_key)
        self.engine = Engine(Wire(self.server, self.user, self.device), self.db, store, self.clock)
        await self.engine.open()
        if not self.engine.olm.account.shared:
            await self.engine.keep_keys_stocked({}, [])
        return self

    async def close(self) -> None:
        await self.db.close()

    async def restart(self) -> None:
        """The process ends as it stands, without writing anything, and starts again."""
        await self.close()
        await self.open()

    async def says(
        self,
        text: str,
        *to: Phone,
        room: str = ROOM,
        may_have: Callable[[UserKeys, Device], bool] = safe_only,
        rotation: Json | None = None,
        **more: Any,
    ) -> Json:
        circle = Circle([p.user for p in to], may_have, rotation or {})
        async with self.engine.room_lock(room):
            content = await self.engine.encrypt(
                room, "m.room.message", {"msgtype": "m.text", "body": text, **more}, circle
            )
            await self.engine.flush()
        return {
            "type": "m.room.encrypted",
            "event_id": f"${self.device}{next(self._numbers)}",
            "sender": self.user,
            "content": content,
        }

    async def syncs(self) -> Arrivals:
        """Take in what lies on the server for this device, and commit it."""
        arrived = await self.engine.to_device(self.server.inbox.pop((self.user, self.device), []))
        await self.engine.flush()
        return arrived

    async def reads(self, event: Json, room: str = ROOM) -> str:
        await self.syncs()
        return str((await self.engine.decrypt(room, event)).content["body"])

    async def refuses(self, event: Json, room: str = ROOM) -> str:
        """Why this device cannot read it."""
        await self.syncs()
        with pytest.raises(Unreadable) as refused:
            await self.engine.decrypt(room, event)
        return refused.value.reason

    async def trusts(self, other: Phone) -> Trust:
        user = (await self.engine.devices.fresh([other.user], force=True))[0]
        return trust_of(user, user.devices.get(other.device))

    def learns_of(self, *changed: Phone) -> None:
        """Sync said that these people's devices have changed."""
        self.engine.devices.mark_changed([p.user for p in changed])

    async def tells(self, other: Phone, kind: str, content: Json) -> None:
        """Send something over Olm to one device."""
        user = (await self.engine.devices.fresh([other.user], force=True))[0]
        device = user.devices[other.device]
        await self.engine._claim([device])
        messages = await self.engine._olm_encrypt([device], kind, content)
        await self.engine.send_to_device("m.room.encrypted", messages)


Make = Callable[..., Awaitable[Phone]]


@pytest.fixture
def server() -> Homeserver:
    return Homeserver()


@pytest.fixture
async def phone(server: Homeserver, sqlite_template: bytes, tmp_path: Path, keys: KeyRing) -> AsyncIterator[Make]:
    """`await phone("@amal:example.org", signed=False, url=...)`: somebody's new device."""
    made: list[Phone] = []
    clock = Clock()

    async def make(user: str, *, signed: bool = True, url: str = "", device: str = "") -> Phone:
        device = device or f"DEVICE{len(made)}"
        path = tmp_path / f"{len(made)}.db"
        path.write_bytes(sqlite_template)
        found = Phone(server, user, device, url or f"sqlite:///{path}", keys, clock)
        await found.open()
        made.append(found)
        if user not in server.identities:
            server.new_identity(user)
        server.sign(user, device) if signed else server.unsign(user, device)
        return found

    yield make
    for found in made:
        await found.close()


@pytest.fixture
async def bot(phone: Make) -> Phone:
    return await phone(BOT)


@pytest.fixture
async def amal(phone: Make) -> Phone:
    return await phone("@amal:example.org")


@pytest.fixture
async def mallory(phone: Make) -> Phone:
    return await phone("@mallory:example.org")


# ---- sharing --------------------------------------------------------------------------------------------------------


async def test_both_sides_read_each_other_on_every_signed_device(phone: Make, bot: Phone, amal: Phone) -> None:
    tablet = await phone(amal.user)
    question = await amal.says("hello?", bot)
    assert await bot.reads(question) == "hello?"
    answer = await bot.says("hello", amal)
    assert [await p.reads(answer) for p in (amal, tablet, bot)] == ["hello"] * 3
    assert (await bot.engine.decrypt(ROOM, question)).trust is Trust.SIGNED


async def test_a_device_that_nobody_signed_is_told_why_and_reads_on_once_it_is_signed(
    phone: Make, server: Homeserver, bot: Phone, amal: Phone
) -> None:
    old = await phone(amal.user, signed=False)
    secret = await bot.says("secret", amal)
    assert await amal.reads(secret) == "secret"
    told = await old.syncs()
    assert told.withheld == {secret["content"]["session_id"]: "m.unverified"}
    assert await old.refuses(secret) == "no-key"
    server.sign(old.user, old.device)
    bot.learns_of(old)
    assert await old.reads(await bot.says("welcome", amal)) == "welcome"
    assert await old.refuses(secret) == "no-key"  # what was said before stays unread


async def test_a_refusal_is_told_once(phone: Make, bot: Phone) -> None:
    old = await phone("@amal:example.org", signed=False)
    await bot.says("one", old)
    said = await bot.says("two", old)
    (told,) = bot.server.inbox[(old.user, old.device)]
    assert told["type"] == "m.room_key.withheld"
    assert told["content"].pop("reason")
    assert told["content"] == {
        "algorithm": "m.megolm.v1.aes-sha2",
        "code": "m.unverified",
        "room_id": ROOM,
        "session_id": said["content"]["session_id"],
        "sender_key": bot.engine.identity_keys["curve25519"],
        "from_device": bot.device,
    }


async def test_an_unsigned_device_hears_what_it_may_hear(phone: Make, bot: Phone) -> None:
    old = await phone("@amal:example.org", signed=False)
    said = await bot.says("public words", old, may_have=lambda user, device: True)
    assert await old.reads(said) == "public words"
    assert await old.refuses(await bot.says("own words", old)) == "no-key"


@pytest.mark.parametrize(
    ("signed", "changed", "code"),
    [(True, False, "m.unauthorised"), (False, False, "m.unverified"), (True, True, "m.unverified")],
)
def test_the_code_of_a_refusal_says_what_its_owner_can_do(signed: bool, changed: bool, code: str) -> None:
    user = UserKeys("@a:b", master="new", pinned="old" if changed else "new")
    assert refusal_code(user, Device("@a:b", "D", "e", "c", signed)) == code


async def test_who_comes_while_a_key_is_under_way_gets_it_too(
    phone: Make, server: Homeserver, bot: Phone, amal: Phone
) -> None:
    late = await phone(amal.user, signed=False)

    async def signs_meanwhile(_method: str, path: str, _body: Json) -> None:
        if "/sendToDevice/m.room.encrypted" in path:
            server.hooks.clear()
            server.sign(late.user, late.device)
            bot.learns_of(late)

    server.hooks.append(signs_meanwhile)
    said = await bot.says("hello", amal)
    assert [await p.reads(said) for p in (amal, late)] == ["hello"] * 2


# ---- rotation -------------------------------------------------------------------------------------------------------


async def test_a_key_is_kept_while_nobody_loses_it(phone: Make, bot: Phone, amal: Phone) -> None:
    first = await bot.says("one", amal)
    newcomer = await phone("@nour:example.org")
    second = await bot.says("two", amal, newcomer)
    assert first["content"]["session_id"] == second["content"]["session_id"]
    assert await newcomer.reads(second) == "two"
    assert await newcomer.refuses(first) == "no-key"


@pytest.mark.parametrize("how", ["leaves", "deleted", "unsigned", "new identity", "room dropped"])
async def test_who_may_no_longer_read_has_no_key_of_what_follows(
    phone: Make, server: Homeserver, bot: Phone, amal: Phone, how: str
) -> None:
    nour = await phone("@nour:example.org")
    before = await bot.says("before", amal, nour)
    assert [await p.reads(before) for p in (amal, nour)] == ["before"] * 2
    circle = [amal, nour]
    match how:
        case "leaves":
            circle.remove(nour)
        case "deleted":
            del server.devices[nour.user][nour.device]
        case "unsigned":
            server.unsign(nour.user, nour.device)
        case "new identity":
            server.new_identity(nour.user)
        case "room dropped":
            bot.engine.drop_room(ROOM)
            circle.remove(nour)
    bot.learns_of(nour)
    after = await bot.says("after", *circle)
    assert after["content"]["session_id"] != before["content"]["session_id"]
    assert await nour.refuses(after) == "no-key"
    assert await amal.reads(after) == "after"


async def test_a_key_wears_out_by_messages_and_by_age(bot: Phone, amal: Phone) -> None:
    async def session(**rotation: int) -> str:
        said = await bot.says("x", amal, rotation=rotation)
        assert await amal.reads(said) == "x"
        return str(said["content"]["session_id"])

    assert len({await session(rotation_period_msgs=2) for _ in range(6)}) == 3
    seen = {await session()}
    bot.clock.advance(days=6)
    seen.add(await session())
    assert len(seen) == 1
    bot.clock.advance(days=1)
    seen.add(await session())
    assert len(seen) == 2
    bot.clock.advance(minutes=59)  # a room cannot make us change keys at every message by its age
    seen.add(await session(rotation_period_ms=1))
    assert len(seen) == 2


# ---- one-time keys --------------------------------------------------------------------------------------------------


async def test_a_drained_pool_is_refilled_and_the_fallback_key_bridges_until_then(
    phone: Make, server: Homeserver, bot: Phone
) -> None:
    server.one_time[(BOT, bot.device)].clear()
    first = server.fallback[(BOT, bot.device)]
    for number in range(3):  # several people with the same fallback key
        person = await phone(f"@person{number}:example.org")
        assert await bot.reads(await person.says("anybody?", bot)) == "anybody?"
    late = await phone("@late:example.org")
    said = await late.says("on its way", bot)
    await bot.engine.keep_keys_stocked({}, [])  # the server tells neither a count nor an unused fallback key
    assert len(server.one_time[(BOT, bot.device)]) >= 49
    assert server.fallback[(BOT, bot.device)] != first
    assert await bot.reads(said) == "on its way"  # made with the fallback key of before


@pytest.mark.parametrize("count", [None, -1, True, "50", 10**30, [], {}])
async def test_a_senseless_count_of_keys_never_stops_the_stock(server: Homeserver, bot: Phone, count: Any) -> None:
    server.one_time[(BOT, bot.device)].clear()
    await bot.engine.keep_keys_stocked({"signed_curve25519": count}, [])
    await bot.engine.keep_keys_stocked({"signed_curve25519": 0}, ["signed_curve25519"])
    assert len(server.one_time[(BOT, bot.device)]) >= 49


async def test_keys_that_the_server_already_has_otherwise_are_left_behind(
    phone: Make, server: Homeserver, bot: Phone
) -> None:
    taken: set[str] = set()

    async def has_others(_method: str, path: str, body: Json) -> tuple[int, Json] | None:
        names = set(body.get("one_time_keys", {}))
        if not taken:
            taken.update(names)
        return (400, {"errcode": "M_UNKNOWN"}) if taken & names else None

    server.one_time[(BOT, bot.device)].clear()
    server.hooks.append(has_others)
    await bot.engine.keep_keys_stocked({}, ["signed_curve25519"])
    assert taken
    assert bot.engine.one_time_keys_refused
    await bot.restart()
    await bot.engine.keep_keys_stocked({}, ["signed_curve25519"])
    assert len(server.one_time[(BOT, bot.device)]) >= 49
    server.hooks.clear()
    person = await phone("@person:example.org")
    assert await bot.reads(await person.says("hello", bot)) == "hello"


async def test_private_halves_are_kept_before_the_public_ones_leave(
    phone: Make, server: Homeserver, bot: Phone
) -> None:
    async def cut(_method: str, path: str, body: Json) -> tuple[int, Json] | None:
        if path.endswith("/keys/upload"):  # the server takes them, but its answer never comes
            server.hooks.clear()
            await server.answer(BOT, bot.device, "POST", path, body)
            raise ConnectionAbortedError
        return None

    server.one_time[(BOT, bot.device)].clear()
    server.hooks.append(cut)
    with pytest.raises(ConnectionAbortedError):
        await bot.engine.keep_keys_stocked({}, [])
    await bot.restart()
    person = await phone("@person:example.org")
    assert await bot.reads(await person.says("hello", bot)) == "hello"


async def test_a_device_without_any_key_is_told_and_gets_the_key_when_it_has_some_again(
    server: Homeserver, bot: Phone, amal: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = itertools.count(0, 1000)  # each look at the clock comes long after the last
    monkeypatch.setattr(engine_module, "time", type("Time", (), {"monotonic": staticmethod(lambda: next(seconds))}))
    server.one_time[(amal.user, amal.device)].clear()
    fallback = server.fallback.pop((amal.user, amal.device))
    said = await bot.says("unheard", amal)
    codes = [e["content"]["code"] for e in server.inbox[(amal.user, amal.device)]]
    assert codes == ["m.no_olm"]
    assert await amal.refuses(said) == "no-key"
    server.fallback[(amal.user, amal.device)] = fallback
    assert await amal.reads(await bot.says("heard", amal)) == "heard"


# ---- forgeries ------------------------------------------------------------------------------------------------------


def _signed_by_somebody_else(server: Homeserver, amal: Phone, mallory: Phone) -> None:
    keys = server.devices[amal.user][amal.device]
    keys["signatures"][amal.user][f"ed25519:{amal.device}"] = mallory.engine.sign(canonical(keys))


def _with_keys_of_another(server: Homeserver, amal: Phone, mallory: Phone) -> None:
    server.devices[amal.user][amal.device] = server.devices[mallory.user][mallory.device]


def _with_the_encryption_key_of_another(server: Homeserver, amal: Phone, mallory: Phone) -> None:
    theirs = mallory.engine.identity_keys["curve25519"]
    server.devices[amal.user][amal.device]["keys"][f"curve25519:{amal.device}"] = theirs


def _with_a_key_that_is_none(server: Homeserver, amal: Phone, mallory: Phone) -> None:
    server.devices[amal.user][amal.device]["keys"][f"ed25519:{amal.device}"] = "AAAA"


def _that_is_a_list(server: Homeserver, amal: Phone, mallory: Phone) -> None:
    server.devices[amal.user][amal.device] = []  # type: ignore[assignment]


def _with_one_time_keys_of_another(server: Homeserver, amal: Phone, mallory: Phone) -> None:
    server.one_time[(amal.user, amal.device)] = dict(server.one_time[(mallory.user, mallory.device)])


def _with_one_time_keys_that_are_none(server: Homeserver, amal: Phone, mallory: Phone) -> None:
    server.one_time[(amal.user, amal.device)] = {"signed_curve25519:A": ["no key"]}


@pytest.mark.parametrize(
    "device",
    [
        _signed_by_somebody_else, _with_keys_of_another, _with_the_encryption_key_of_another, _with_a_key_that_is_none,
        _that_is_a_list, _with_one_time_keys_of_another, _with_one_time_keys_that_are_none,
    ],
)  # fmt: skip
async def test_a_forged_device_gets_no_key_and_hurts_nobody_else(
    phone: Make,
    server: Homeserver,
    bot: Phone,
    amal: Phone,
    mallory: Phone,
    device: Callable[[Homeserver, Phone, Phone], None],
) -> None:
    nour = await phone("@nour:example.org")
    device(server, amal, mallory)
    said = await bot.says("hello", amal, nour)
    sent = [e["type"] for p in (amal, mallory) for e in server.inbox.get((p.user, p.device), [])]
    assert "m.room.encrypted" not in sent
    assert [await p.refuses(said) for p in (amal, mallory)] == ["no-key"] * 2
    assert await nour.reads(said) == "hello"


async def test_a_device_whose_signing_key_is_swapped_keeps_the_old_one_and_loses_its_trust(
    phone: Make, server: Homeserver, bot: Phone, amal: Phone
) -> None:
    assert await bot.reads(await amal.says("it is me", bot)) == "it is me"
    imposter = await phone("@imposter:example.org", device=amal.device)
    swapped = server.devices[imposter.user].pop(amal.device)
    swapped |= {"user_id": amal.user, "signatures": {amal.user: {}}}
    swapped["signatures"][amal.user][f"ed25519:{amal.device}"] = imposter.engine.sign(canonical(swapped))
    server.devices[amal.user][amal.device] = swapped
    server.sign(amal.user, amal.device)
    assert await bot.trusts(amal) is Trust.UNSIGNED
    known = bot.engine.devices.users[amal.user].devices[amal.device]
    assert known.ed25519 == amal.engine.identity_keys["ed25519"]
    fresh = await phone(amal.user, device="FRESH")
    bot.learns_of(fresh)
    assert await bot.reads(await fresh.says("a new telephone", bot)) == "a new telephone"


async def test_words_belong_to_the_device_that_made_their_key(bot: Phone, amal: Phone, mallory: Phone) -> None:
    said = await mallory.says("do it", bot)
    assert await bot.refuses({**said, "sender": amal.user}) == "unknown-device"
    assert await bot.refuses({**said, "sender": BOT}) == "unknown-device"
    assert await bot.reads(said) == "do it"


async def test_words_belong_to_the_room_they_were_said_in(bot: Phone, mallory: Phone) -> None:
    said = await mallory.says("yes", bot)
    assert await bot.refuses(said, room="!other:example.org") == "no-key"
    outbound = mallory.engine.store.outbound[ROOM]
    forgeries: list[Any] = [
        {"type": "m.room.message", "content": {}, "room_id": "!other:example.org"},
        {"type": "m.room.message", "content": {}},
        {"type": "m.room.power_levels", "content": {}, "room_id": ROOM, "state_key": ""},
        {"type": 7, "content": {}, "room_id": ROOM},
        {"type": "m.room.message", "content": [], "room_id": ROOM},
        ["m.room.message"],
        None,
    ]
    for forged in forgeries:
        content = {**said["content"], "ciphertext": outbound.session.encrypt(json.dumps(forged))}
        assert await bot.refuses({**said, "content": content}) == "forged"
    assert await bot.reads(await mallory.says("honestly", bot)) == "honestly"


@pytest.mark.parametrize("plaintext", [b"\xff\xfe", b"no json", b"[" * 50_000, b"1" * 5_000, b""])
async def test_a_message_that_holds_no_event_is_malformed_and_the_next_is_read(
    bot: Phone, mallory: Phone, plaintext: bytes
) -> None:
    said = await mallory.says("first", bot)
    session = mallory.engine.store.outbound[ROOM].session._session
    content = {**said["content"], "ciphertext": session.encrypt(plaintext).to_base64()}
    assert await bot.refuses({**said, "content": content}) == "malformed"
    assert await bot.reads(await mallory.says("second", bot)) == "second"


async def test_a_message_said_again_under_another_name_counts_once(bot: Phone, amal: Phone) -> None:
    said = await amal.says("approve", bot)
    await bot.syncs()
    read = [await bot.engine.decrypt(ROOM, {**said, "event_id": name}) for name in ("$one", "$two")]

    def handle(tx: Tx, name: str, session: str, index: int) -> bool:
        return inbox.insert_seen(tx, name, ROOM, amal.user, tx.now, session, index)

    counted = [
        await bot.db.run(handle, name, r.session_id, r.index) for name, r in zip(("$one", "$two"), read, strict=True)
    ]
    assert counted == [True, False]
    following = await bot.engine.decrypt(ROOM, await amal.says("thanks", bot))
    assert await bot.db.run(handle, "$three", following.session_id, following.index)


# ---- keys that come late or from others -----------------------------------------------------------------------------


def _room_key(owner: Phone, said: Json, index: int | None = None) -> Json:
    """The key of what was said, as m.room_key or (from `index` on) as m.forwarded_room_key carries it."""
    session = owner.engine.store.inbound[(ROOM, said["content"]["session_id"])][0].session
    content = {"algorithm": "m.megolm.v1.aes-sha2", "room_id": ROOM, "session_id": session.id}
    if index is None:
        return content | {"session_key": owner.engine.store.outbound[ROOM].session.session_key}
    return content | {
        "session_key": session.export_session(index),
        "sender_key": owner.engine.identity_keys["curve25519"],
        "sender_claimed_ed25519_key": owner.engine.identity_keys["ed25519"],
        "forwarding_curve25519_key_chain": [],
    }


async def test_a_key_that_comes_after_its_message_opens_it(server: Homeserver, bot: Phone, amal: Phone) -> None:
    said = await amal.says("early", bot)
    under_way = server.inbox.pop((BOT, bot.device))
    assert await bot.refuses(said) == "no-key"
    server.inbox[(BOT, bot.device)] = under_way
    arrived = await bot.syncs()
    assert arrived.sessions == {said["content"]["session_id"]}
    assert await bot.reads(said) == "early"


async def test_a_key_that_was_lost_is_given_again_only_by_the_device_that_made_it(
    server: Homeserver, bot: Phone, amal: Phone, mallory: Phone
) -> None:
    said = await amal.says("lost", bot, mallory)
    server.inbox.pop((BOT, bot.device))
    await mallory.syncs()
    await bot.engine.ask_for_key(ROOM, said["content"]["session_id"], amal.user)
    asked = server.inbox[(amal.user, amal.device)][-1]
    assert (asked["type"], asked["content"]["body"]["session_id"]) == (
        "m.room_key_request",
        said["content"]["session_id"],
    )
    forwarded = _room_key(amal, said, index=0)
    await mallory.tells(bot, "m.forwarded_room_key", forwarded)
    await mallory.tells(bot, "m.forwarded_room_key", {**forwarded, "forwarding_curve25519_key_chain": ["x"]})
    assert (await bot.syncs()).sessions == set()
    assert await bot.refuses(said) == "no-key"
    await amal.tells(bot, "m.forwarded_room_key", forwarded)
    assert await bot.reads(said) == "lost"


async def test_a_key_that_reads_less_never_replaces_one_that_reads_more(bot: Phone, amal: Phone) -> None:
    first = await amal.says("one", bot)
    second = await amal.says("two", bot)
    await bot.syncs()
    await amal.tells(bot, "m.room_key", _room_key(amal, first))  # from here on only
    assert (await bot.syncs()).sessions == set()
    assert [await bot.reads(e) for e in (first, second)] == ["one", "two"]


async def test_a_key_that_reads_more_replaces_one_that_reads_less(server: Homeserver, bot: Phone, amal: Phone) -> None:
    first = await amal.says("one", bot)
    server.inbox.pop((BOT, bot.device))
    second = await amal.says("two", bot)
    await amal.tells(bot, "m.forwarded_room_key", _room_key(amal, first, index=1))
    await bot.syncs()
    assert await bot.refuses(first) == "no-key"
    await amal.tells(bot, "m.forwarded_room_key", _room_key(amal, first, index=0))
    assert [await bot.reads(e) for e in (first, second)] == ["one", "two"]
    await bot.restart()
    assert [await bot.reads(e) for e in (first, second)] == ["one", "two"]


async def test_somebody_who_passes_on_anothers_key_as_theirs_does_not_speak_for_them(
    bot: Phone, amal: Phone, mallory: Phone
) -> None:
    said = await amal.says("mine", bot, mallory)
    await mallory.syncs()
    await mallory.tells(bot, "m.room_key", _room_key(amal, said))
    assert await bot.reads(said) == "mine"
    assert (await bot.engine.decrypt(ROOM, said)).device_id == amal.device


async def test_what_was_said_before_a_dialogue_ended_opens_no_more_and_what_comes_next_does(
    server: Homeserver, bot: Phone, amal: Phone
) -> None:
    asked = await bot.says("a question", amal)
    said = [await amal.says(words, bot) for words in ("one", "two")]
    assert await amal.reads(asked) == "a question"
    for event, words in zip(said, ("one", "two"), strict=True):
        assert await bot.reads(event) == words
        read = await bot.engine.decrypt(ROOM, event)
        await bot.engine.commit(
            "",
            lambda tx, e=event, r=read: inbox.insert_seen(  # type: ignore[misc]
                tx, e["event_id"], ROOM, amal.user, tx.now, e["content"]["session_id"], r.index
            ),
        )
    assert (await bot.engine.decrypt(ROOM, asked)).content["body"] == "a question"
    await bot.engine.advance(ROOM)
    await bot.engine.flush()
    for _ in range(2):
        for event in (asked, *said):
            assert await bot.refuses(event) == "no-key"
        await bot.restart()  # and with a copy of the store
    following = await amal.says("three", bot)
    assert following["content"]["session_id"] == said[0]["content"]["session_id"]
    assert await bot.reads(following) == "three"
    assert await amal.reads(await bot.says("another question", amal)) == "another question"


@pytest.mark.parametrize(
    "change",
    [
        {"session_id": "x" * 43}, {"session_key": "not a key"}, {"session_key": None}, {"room_id": 7},
        {"algorithm": "m.olm.v1"}, {"session_id": ["x"]}, {"room_id": "!\0"},
    ],
)  # fmt: skip
async def test_a_malformed_room_key_is_nothing_and_a_good_one_after_it_counts(
    server: Homeserver, bot: Phone, amal: Phone, change: Json
) -> None:
    said = await amal.says("hello", bot)
    server.inbox.pop((BOT, bot.device))
    await amal.tells(bot, "m.room_key", _room_key(amal, said) | change)
    assert (await bot.syncs()).sessions == set()
    await amal.tells(bot, "m.forwarded_room_key", _room_key(amal, said, index=0))
    assert await bot.reads(said) == "hello"


# ---- Olm sessions ---------------------------------------------------------------------------------------------------


async def test_sessions_that_came_apart_are_made_anew(
    server: Homeserver, bot: Phone, amal: Phone, sqlite_template: bytes
) -> None:
    assert await amal.reads(await bot.says("one", amal)) == "one"
    assert await bot.reads(await amal.says("two", bot)) == "two"
    session = bot.engine.store.sessions[amal.engine.identity_keys["curve25519"]]
    session.clear()  # a backup of before was put back
    await bot.db.run(lambda tx: tx.execute(sa.delete(tables.olm_session)))
    amal.engine.drop_room(ROOM)
    lost = await amal.says("three", bot)
    assert await bot.refuses(lost) == "no-key"
    await bot.engine.mend_sessions()
    await amal.syncs()
    await amal.tells(bot, "m.forwarded_room_key", _room_key(amal, lost, index=0))
    assert await bot.reads(lost) == "three"


async def test_any_number_of_sessions_from_one_device_leaves_the_newest_working(
    server: Homeserver, bot: Phone, mallory: Phone
) -> None:
    for number in range(30):
        mallory.engine.store.sessions[bot.engine.identity_keys["curve25519"]].clear()
        mallory.engine._claim_again.clear()
        await mallory.tells(bot, "m.dummy", {"number": number})
        await bot.syncs()
    kept = bot.engine.store.sessions[mallory.engine.identity_keys["curve25519"]]
    assert len(kept) <= engine_module.SESSIONS_KEPT
    assert await bot.reads(await mallory.says("still here", bot)) == "still here"
    assert await mallory.reads(await bot.says("I hear", mallory)) == "I hear"


async def test_senders_that_do_not_exist_leave_nothing_behind(bot: Phone, amal: Phone) -> None:
    def hostile(number: int) -> Json:
        ours = bot.engine.identity_keys["curve25519"]
        content = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": f"{number:043}"}
        content |= {"ciphertext": {ours: {"type": number % 2, "body": "AwogAAAA"}}}  # type: ignore[dict-item]
        return {"type": "m.room.encrypted", "sender": f"@{number}:example.org", "content": content}

    before = len(bot.engine.store.sessions_loaded) + len(bot.engine.olm.session_store.values())
    await bot.engine.to_device([hostile(n) for n in range(300)])
    await bot.engine.mend_sessions()
    after = len(bot.engine.store.sessions_loaded) + len(bot.engine.olm.session_store.values())
    assert after - before < 10
    assert await bot.reads(await amal.says("hello", bot)) == "hello"


# ---- identities -----------------------------------------------------------------------------------------------------


async def test_made_up_keys_leave_only_so_much_with_us_and_a_known_device_is_still_heard(
    bot: Phone, amal: Phone, mallory: Phone, server: Homeserver
) -> None:
    await bot.trusts(amal)
    ours = bot.engine.identity_keys["curve25519"]
    fallback = next(iter(server.fallback[(bot.user, bot.device)].values()))["key"]

    def invented() -> Json:
        account = vodozemac.Account()
        key = account.curve25519_key.to_base64()
        session = account.create_outbound_session(
            vodozemac.Curve25519PublicKey.from_base64(ours), vodozemac.Curve25519PublicKey.from_base64(fallback)
        )
        payload = {"sender": mallory.user, "recipient": bot.user, "keys": {"ed25519": account.ed25519_key.to_base64()}}
        payload |= {"recipient_keys": {"ed25519": bot.engine.identity_keys["ed25519"]}, "type": "m.x", "content": {}}
        kind, body = session.encrypt(json.dumps(payload).encode()).to_parts()
        sent = {"type": kind, "body": base64.b64encode(body).decode().rstrip("=")}
        content = {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": key, "ciphertext": {ours: sent}}
        return {"type": "m.room.encrypted", "sender": mallory.user, "content": content}

    await bot.engine.to_device([invented() for _ in range(engine_module.MOST_SESSIONS + 20)])
    await bot.engine.flush()
    count = sa.select(sa.func.count()).select_from(tables.olm_session)
    assert await bot.db.run(lambda tx: tx.one(count)[0]) == engine_module.MOST_SESSIONS  # type: ignore[index]
    assert await bot.reads(await amal.says("hello", bot)) == "hello"


@pytest.mark.parametrize("in_room", [False, True])
async def test_keys_for_rooms_we_are_not_in_are_kept_only_so_many(bot: Phone, amal: Phone, in_room: bool) -> None:
    rooms = [f"!r{n}:example.org" for n in range(engine_module.MOST_KEYS + 10)]
    if in_room:
        for room_id in rooms:
            await bot.db.run(set_room, room_id, membership="join")
    for room_id in rooms:
        await amal.says("hello", bot, room=room_id)
        await bot.syncs()
    count = sa.select(sa.func.count()).select_from(tables.megolm_inbound)
    kept: int = await bot.db.run(lambda tx: tx.one(count)[0])  # type: ignore[index]
    assert kept == (len(rooms) if in_room else engine_module.MOST_KEYS)


async def test_an_identity_is_pinned_and_another_one_counts_only_after_it_is_accepted(
    server: Homeserver, bot: Phone, amal: Phone
) -> None:
    assert await bot.trusts(amal) is Trust.SIGNED
    server.new_identity(amal.user)
    assert await bot.trusts(amal) is Trust.CHANGED
    said = await bot.says("not for whoever this is", amal)
    assert await amal.refuses(said) == "no-key"
    assert (await bot.engine.decrypt(ROOM, said)).trust is Trust.VERIFIED  # our own words
    await bot.engine.flush()
    await bot.restart()
    assert await bot.trusts(amal) is Trust.CHANGED
    asked = await amal.says("it is me", bot)
    await bot.syncs()
    assert (await bot.engine.decrypt(ROOM, asked)).trust is Trust.CHANGED
    user = (await bot.engine.devices.load([amal.user]))[0]
    user.pinned = user.master  # what `accept` does
    bot.learns_of(amal)
    assert await amal.reads(await bot.says("welcome back", amal)) == "welcome back"


async def test_a_key_from_the_config_is_the_only_one_that_counts(server: Homeserver, bot: Phone, amal: Phone) -> None:
    bot.engine.devices.pins = {amal.user: server.identities[amal.user].master.public}
    assert await bot.trusts(amal) is Trust.VERIFIED
    true = server.identities[amal.user]
    server.new_identity(amal.user)
    assert await bot.trusts(amal) is Trust.CHANGED
    server.identities[amal.user] = true
    server.sign(amal.user, amal.device)
    assert await bot.trusts(amal) is Trust.VERIFIED


async def test_an_identity_that_vanishes_is_no_new_one_but_signs_nothing(
    server: Homeserver, bot: Phone, amal: Phone
) -> None:
    assert await bot.trusts(amal) is Trust.SIGNED
    keys = server.identities.pop(amal.user)
    assert await bot.trusts(amal) is Trust.UNSIGNED
    server.identities[amal.user] = keys
    assert await bot.trusts(amal) is Trust.SIGNED


@pytest.mark.parametrize(
    "forge",
    [
        lambda keys: replace(keys, master=Keys.new().master),  # a master that did not sign what it shows
        lambda keys: replace(keys, self_signing=Keys.new().self_signing),  # not the one that signed the device
    ],
)
async def test_a_signature_counts_only_along_the_whole_chain(
    server: Homeserver, bot: Phone, amal: Phone, forge: Callable[[Keys], Keys]
) -> None:
    shown, forged = server.identities[amal.user], forge(server.identities[amal.user])

    async def query(_method: str, path: str, body: Json) -> tuple[int, Json] | None:
        if not path.endswith("/keys/query"):
            return None
        hooks, server.hooks = server.hooks, []
        status, reply = await server.answer(BOT, bot.device, "POST", path, body)
        server.identities[amal.user] = forged
        _, other = await server.answer(BOT, bot.device, "POST", path, body)
        server.identities[amal.user], server.hooks = shown, hooks
        part = "master_keys" if forged.master is not shown.master else "self_signing_keys"
        return status, {**reply, part: other[part]}

    server.hooks.append(query)
    assert not (await bot.trusts(amal)).safe


async def test_a_server_that_does_not_answer_changes_nothing_of_what_is_known(
    phone: Make, server: Homeserver, bot: Phone, amal: Phone
) -> None:
    far = await phone("@far:elsewhere.net")
    assert await far.reads(await bot.says("one", far, amal)) == "one"
    server.unreachable.add("elsewhere.net")
    bot.learns_of(far)
    said = await bot.says("two", far, amal)
    assert [await p.reads(said) for p in (far, amal)] == ["two"] * 2


async def test_many_people_are_asked_for_in_parts_and_a_silent_server_less_often(
    bot: Phone, server: Homeserver
) -> None:
    asked: list[list[str]] = []

    async def watch(_method: str, path: str, body: Json) -> tuple[int, Json] | None:
        if path.endswith("/keys/query"):
            asked.append(list(body["device_keys"]))
        return None

    server.hooks.append(watch)
    server.unreachable.add("silent.net")
    people = [f"@p{n}:example.org" for n in range(450)]
    await bot.engine.devices.fresh([*people, "@far:silent.net"])
    assert max(len(part) for part in asked) <= 100
    assert sorted(u for part in asked for u in part) == sorted([*people, "@far:silent.net"])
    asked.clear()
    await bot.engine.devices.fresh([*people, "@far:silent.net"])
    assert asked == [], "what is known is not asked for again, and a silent server not at once"
    bot.engine.devices.mark_changed(["@p7:example.org", "@far:silent.net"])
    await bot.engine.devices.fresh([*people, "@far:silent.net"])
    assert asked == [["@p7:example.org"]]


async def test_a_user_of_whom_our_server_cannot_tell_is_found_out_and_the_others_are_known(
    bot: Phone, server: Homeserver, amal: Phone
) -> None:
    people = [f"@p{n}:example.org" for n in range(60)] + [amal.user]
    questions = 0

    async def refuse(_method: str, path: str, body: Json) -> tuple[int, Json] | None:
        nonlocal questions
        questions += path.endswith("/keys/query")
        return (400, {"errcode": "M_UNKNOWN"}) if "@p7:example.org" in body.get("device_keys", {}) else None

    server.hooks.append(refuse)
    found = {u.user_id: u for u in await bot.engine.devices.fresh(people)}
    assert found[amal.user].devices
    assert [u for u in people if found[u].outdated] == ["@p7:example.org"]
    assert questions <= 2 * 6 + 1
    questions = 0
    await bot.engine.devices.fresh(people)
    assert questions == 0, "not asked again at once"


async def test_nothing_is_encrypted_for_nobody(bot: Phone, phone: Make, server: Homeserver) -> None:
    """The keys of the only listener cannot be had now: the message waits for them."""
    far = await phone("@far:elsewhere.net")
    server.unreachable.add("elsewhere.net")
    with pytest.raises(MatrixError):
        await bot.says("one", far)
    server.unreachable.clear()
    bot.engine.devices._silent.clear()
    assert await far.reads(await bot.says("one", far)) == "one"


# ---- the store ------------------------------------------------------------------------------------------------------


@pytest.fixture
async def kept(phone: Make, database_url: str) -> Phone:
    """The bot's device on a database of each kind."""
    return await phone(BOT, url=database_url)


async def test_after_a_restart_everything_goes_on_where_it_was(kept: Phone, amal: Phone, server: Homeserver) -> None:
    asked, answered = await amal.says("one", kept), await kept.says("two", amal)
    assert (await kept.reads(asked), await amal.reads(answered)) == ("one", "two")
    identity = kept.engine.identity_keys
    await kept.restart()
    assert kept.engine.identity_keys == identity
    assert [await kept.reads(e) for e in (asked, answered)] == ["one", "two"]
    again = await kept.says("three", amal)
    assert again["content"]["session_id"] == answered["content"]["session_id"]
    assert not server.inbox.get((amal.user, amal.device))  # the key is there already
    assert await amal.reads(again) == "three"
    amal.engine.drop_room(ROOM)
    assert await kept.reads(await amal.says("four", kept)) == "four"  # over the Olm session of before


async def test_a_key_and_what_was_done_with_it_are_committed_together_or_not_at_all(kept: Phone, amal: Phone) -> None:
    said = await amal.says("hello", kept)
    arrived = kept.server.inbox.pop((BOT, kept.device))

    def full(tx: Tx) -> None:
        inbox.insert_seen(tx, said["event_id"], ROOM, amal.user, tx.now)
        raise OSError("disk full")

    await kept.engine.to_device(arrived)
    with pytest.raises(OSError):
        await kept.engine.commit("", full)
    assert not await kept.db.run(inbox.get_seen, said["event_id"])
    assert (await kept.engine.decrypt(ROOM, said)).content["body"] == "hello"  # in memory, and still to be written
    await kept.restart()  # killed before that
    assert await kept.refuses(said) == "no-key"
    await kept.engine.to_device(arrived)  # the journal is read again
    await kept.engine.commit("", lambda tx: inbox.insert_seen(tx, said["event_id"], ROOM, amal.user, tx.now))
    await kept.restart()
    assert await kept.db.run(inbox.get_seen, said["event_id"])
    assert await kept.reads(said) == "hello"


async def test_what_could_not_be_written_is_written_with_the_next_change(kept: Phone, amal: Phone) -> None:
    said = await amal.says("hello", kept)
    await kept.engine.to_device(kept.server.inbox.pop((BOT, kept.device)))

    def full(tx: Tx) -> None:
        raise OSError("disk full")

    for _ in range(2):
        with pytest.raises(OSError):
            await kept.engine.commit("", full)
    await kept.engine.flush()
    await kept.restart()
    assert await kept.reads(said) == "hello"


async def test_what_could_not_be_written_never_replaces_what_came_after_it(kept: Phone, amal: Phone) -> None:
    """Two commits are under way; the older one fails, the newer does not."""
    store, user = kept.engine.store, (await kept.engine.devices.fresh([amal.user]))[0]
    await kept.says("one", amal)

    def change(master: str, code: str) -> KeyChanges:
        user.master = master
        kept.engine.devices.put_identity(user)
        store.set_told(store.outbound[ROOM], amal.user, amal.device, code)
        return store.take()

    store.drop_outbound("!left")
    older = change("older", "m.no_olm")
    store.set_outbound("!left", Outbound("!left", OutboundGroupSession(), kept.clock()))
    newer = change("newer", "")
    await kept.db.run(write_keys, newer)
    store.give_back(older)
    await kept.engine.flush()
    found = await kept.db.run(list_identities, [amal.user])
    assert found[0].master == "newer"
    _, told = (await kept.db.run(get_outbound, ROOM)) or (None, {})
    assert told[(amal.user, amal.device)] == ""
    assert await kept.db.run(get_outbound, "!left")


async def test_no_ratchet_is_used_twice_after_a_kill(kept: Phone, amal: Phone) -> None:
    first = await kept.says("one", amal)
    await kept.restart()
    second = await kept.says("two", amal)
    await amal.syncs()
    read = [await amal.engine.decrypt(ROOM, e) for e in (first, second)]
    assert len({(r.session_id, r.index) for r in read}) == 2


@pytest.mark.parametrize("key", [b"DEFAULT_KEY", b"", b"p" * 31, b"p" * 33])
def test_a_pickle_key_that_is_not_ours_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError):
        KeyStore(BOT, "D", key)


async def test_a_wrong_pickle_key_opens_nothing_and_destroys_nothing(kept: Phone, amal: Phone) -> None:
    identity = kept.engine.identity_keys
    await kept.close()
    with pytest.raises(vodozemac.LibolmPickleException):
        await kept.open(b"q" * 32)
    await kept.restart()
    assert kept.engine.identity_keys == identity
    assert await kept.reads(await amal.says("hello", kept)) == "hello"


async def test_pickles_at_rest_open_only_with_our_key(bot: Phone, amal: Phone) -> None:
    await bot.reads(await amal.says("hello", bot))
    await bot.says("hello", amal)
    for table in (tables.olm_account, tables.olm_session, tables.megolm_inbound, tables.megolm_outbound):
        rows = await bot.db.run(Tx.all, sa.select(table.c.pickle))
        assert rows
        for row in rows:
            assert bot.engine.identity_keys["curve25519"].encode() not in row.pickle
            for kind in (vodozemac.Account, vodozemac.Session, vodozemac.InboundGroupSession, vodozemac.GroupSession):
                for key in (b"DEFAULT_KEY".ljust(32, b"\0"), b"\0" * 32):
                    with pytest.raises(vodozemac.PickleException):
                        kind.from_pickle(row.pickle.decode(), key)


async def test_a_share_that_the_server_refuses_is_made_good_by_the_next(
    phone: Make, server: Homeserver, bot: Phone, amal: Phone
) -> None:
    async def refuses(_method: str, path: str, _body: Json) -> tuple[int, Json] | None:
        return (403, {"errcode": "M_FORBIDDEN"}) if "/sendToDevice/" in path else None

    server.hooks.append(refuses)
    with pytest.raises(ExceptionGroup) as failed:
        await bot.says("one", amal)
    assert failed.group_contains(MatrixError)
    server.hooks.clear()
    assert await amal.reads(await bot.says("two", amal)) == "two"


async def test_a_kill_while_a_key_is_under_way_uses_no_ratchet_twice(
    server: Homeserver, bot: Phone, amal: Phone
) -> None:
    assert await amal.reads(await bot.says("one", amal)) == "one"
    bot.engine.drop_room(ROOM)
    await bot.engine.flush()

    async def killed(method: str, path: str, body: Json) -> None:
        if "/sendToDevice/" in path:  # the server takes it, and the process ends
            server.hooks.clear()
            await server.answer(BOT, bot.device, method, path, body)
            raise ConnectionAbortedError

    server.hooks.append(killed)
    with pytest.raises(ExceptionGroup):
        await bot.says("two", amal)
    await bot.restart()
    assert await amal.reads(await bot.says("three", amal)) == "three"


async def test_a_room_that_was_left_begins_with_a_new_key(bot: Phone, amal: Phone) -> None:
    first = await bot.says("one", amal)
    bot.engine.drop_room(ROOM)
    await bot.engine.flush()
    await bot.restart()
    second = await bot.says("two", amal)
    assert first["content"]["session_id"] != second["content"]["session_id"]
    assert await amal.reads(second) == "two"
