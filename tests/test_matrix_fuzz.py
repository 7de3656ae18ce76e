"""Whatever strangers send, nothing raises out of the reading loop, and the next person is heard.

The inputs are made well-formed and then spoilt, by a generator with a seed; a failure names the seed.
"""

from __future__ import annotations

import asyncio
import json
import random
import time
import types
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.matrix import answers, incoming
from bot.matrix import sync as sync_module
from bot.matrix.engine import Decrypted
from bot.matrix.fence import faults, fenced, listing, mapping, text
from bot.matrix.identity import Identity, Keys
from bot.matrix.sync import Sync
from bot.matrix.verification import Verifications
from bot.message import Invite, Message, Trust
from bot.seal import KeyRing, b64
from bot.store import tables
from bot.store.db import Database, Tx
from bot.store.rooms import INFINITE, Room, apply_state, get_room
from tests.test_matrix_engine import BOT, Homeserver, Json, Phone, Wire
from tests.world import Clock

AMAL, MALLORY = "@amal:example.org", "@mallory:example.org"
PRIVATE, SHARED = "!amal:example.org", "!shared:example.org"
DEEP, LONG = (
    "\N{LEFT WHITE SQUARE BRACKET}deep",
    "\N{LEFT WHITE SQUARE BRACKET}long",
)  # what JSON cannot be asked to write


def milliseconds() -> int:
    """Now: verifications that are old are not answered."""
    return int(time.time() * 1000)


# ---- strangers ------------------------------------------------------------------------------------------------------

JUNK: list[Any] = [
    None, True, False, 0, -1, 1.5, 2**53, 2**63, -(2**63) - 1, 10**30, 1e308, "", "0", "\0", "a\0b",
    "\ud800", "\udfff\ud800", "x" * 256, "x" * 3_000, "é" * 300, "\u202e\u2066", "@", "!", "$", ":", "..", "%00",
    BOT, AMAL, PRIVATE, "m.room.message", "m.megolm.v1.aes-sha2", "m.olm.v1.curve25519-aes-sha2", "A" * 43, [], {},
    [[]], [None], [{}], {"": ""}, {"\0": "\0"}, {"\ud800": []}, {"body": {"body": []}}, ["x"] * 50, [0] * 200,
]  # fmt: skip


class Strangers:
    """Makes answers of /sync; `inputs` counts every event and every other claim in them."""

    def __init__(self, seed: int, bot: Phone, mallory: Phone, session: Json) -> None:
        self.random = random.Random(seed)
        self.bot, self.mallory, self.session = bot, mallory, session
        self.inputs = 0
        self.extreme = True  # whether to write what only the slow parser reads
        self._number = 0

    def id(self, sign: str) -> str:
        self._number += 1
        return f"{sign}{self._number}:example.org"

    def name(self) -> str:
        return str(self.random.choice(JUNK))

    def junk(self) -> Any:
        chance = self.random.random()
        if self.extreme and chance < 0.01:
            return DEEP if chance < 0.007 else LONG
        value = self.random.choice(JUNK)
        return [value, {"x": value}] if chance > 0.95 else value

    def spoil(self, value: Any, most: int = 3) -> Any:
        """The value with some places in it taken away, replaced or added."""
        for _ in range(self.random.randint(0, most)):
            value = self._spoilt(value)
        return value

    def _spoilt(self, value: Any) -> Any:
        if not isinstance(value, dict) or not value:
            return self.junk()
        value, key, chance = dict(value), self.random.choice(list(value)), self.random.random()
        if isinstance(value[key], dict) and value[key] and chance < 0.75:
            value[key] = self._spoilt(value[key])
        elif chance < 0.82:
            del value[key]
        elif chance < 0.86:
            value[self.name()] = self.junk()
        else:
            value[key] = self.junk()
        return value

    def hidden(self, value: Any) -> Any:
        """The same for what is encrypted, which does not make a whole answer slow to read."""
        before, self.extreme = self.extreme, True
        value, self.extreme = self.spoil(value), before
        return value

    # ---- events

    def content(self) -> tuple[str, Json]:
        kind = self.random.choice(list(CONTENTS))
        return kind.partition("/")[0], CONTENTS[kind]

    def encrypted(self) -> Json:
        """An event that mallory's device really encrypted; what it holds is spoilt."""
        kind, content = self.content()
        room = self.random.choice([SHARED, SHARED, SHARED, PRIVATE])
        inside = self.hidden({"type": kind, "content": content, "room_id": room})
        data = wire(inside) if self.random.random() < 0.95 else self.random.randbytes(20)
        ciphertext = self.mallory.engine.store.outbound[SHARED].session._session.encrypt(data).to_base64()
        return {**self.session, "ciphertext": ciphertext}

    def event(self, room_id: str) -> Json:
        self.inputs += 1
        kind, content = self.content()
        if room_id == SHARED and self.random.random() < 0.25:
            kind, content = "m.room.encrypted", self.encrypted()
        event: Json = {
            "type": kind,
            "event_id": self.id("$"),
            "sender": MALLORY,
            "origin_server_ts": milliseconds(),
            "content": content,
            "unsigned": {"transaction_id": "x"},
        }
        if room_id not in (SHARED, PRIVATE) and self.random.random() < 0.3:
            event |= self.state()
        if room_id == SHARED and kind != "m.room.encrypted" and self.random.random() < 0.02:
            event |= {"type": "m.room.member", "state_key": MALLORY, "content": self.spoil({"membership": "join"})}
            return event  # servers let through only what concerns the sender
        spoilt: Json = self.spoil(event)
        if room_id in (SHARED, PRIVATE):
            spoilt.pop("state_key", None)
        if spoilt.get("sender") == AMAL:  # servers do not let anybody speak for others
            spoilt["sender"] = MALLORY
        return spoilt

    def state(self) -> Json:
        kind = self.random.choice(list(STATES))
        key = self.random.choice([BOT, MALLORY, self.junk()]) if kind == "m.room.member" else ""
        return {"type": kind, "state_key": key, "content": STATES[kind]}

    def to_device(self) -> Json:
        self.inputs += 1
        ours = self.bot.engine.identity_keys["curve25519"]
        kind = self.random.choice(list(TO_DEVICE))
        content, sender = TO_DEVICE[kind], f"@{self.random.randint(1, 50)}:example.org"
        if "timestamp" in content:
            content = {**content, "timestamp": milliseconds()}
        if kind == "m.room.encrypted" and self.random.random() < 0.3:
            content, sender = self.over_olm(), MALLORY
        elif kind == "m.room.encrypted":
            message = {"type": self.random.choice([0, 1]), "body": "AwogAAAA"}
            content = {**content, "ciphertext": {ours: message}}
        event: Json = self.spoil({"type": kind, "sender": sender, "content": content})
        return event

    def over_olm(self) -> Json:
        """A to-device message that mallory's device really encrypted; what it holds is spoilt."""
        engine, ours = self.mallory.engine, self.bot.engine.identity_keys
        kind = self.random.choice(["m.room_key", "m.forwarded_room_key", "m.dummy", "m.secret.send"])
        payload = {
            "sender": MALLORY,
            "sender_device": self.mallory.device,
            "keys": {"ed25519": engine.identity_keys["ed25519"]},
            "recipient": BOT,
            "recipient_keys": {"ed25519": ours["ed25519"]},
            "type": kind,
            "content": {
                "algorithm": "m.megolm.v1.aes-sha2",
                "room_id": SHARED,
                "session_id": self.session["session_id"],
                "session_key": engine.store.outbound[SHARED].session.session_key,
                "sender_key": engine.identity_keys["curve25519"],
                "sender_claimed_ed25519_key": engine.identity_keys["ed25519"],
            },
        }
        session = engine.store.sessions.get(ours["curve25519"])
        kind_of_message, body = session._session.encrypt(wire(self.hidden(payload))).to_parts()
        message = {"type": kind_of_message, "body": b64(body)}
        sender_key = engine.identity_keys["curve25519"]
        algorithm = "m.olm.v1.curve25519-aes-sha2"
        return {"algorithm": algorithm, "sender_key": sender_key, "ciphertext": {ours["curve25519"]: message}}

    # ---- answers

    def room(self, room_id: str, many: int) -> Json:
        self.inputs += 4
        events = [self.event(room_id) for _ in range(many)]
        if room_id not in (SHARED, PRIVATE):
            self.inputs += 3
            state = [self.spoil({**self.event("!"), **self.state()}) for _ in range(3)]
            timeline = self.spoil({"events": events, "limited": self.random.random() < 0.1, "prev_batch": "t"}, 1)
            return self.spoil({"timeline": timeline, "state": {"events": state}, **self._beside()})  # type: ignore[no-any-return]
        return {"timeline": {"events": events}, **self._beside()}

    def _beside(self) -> Json:
        receipts = [{"type": "m.receipt", "content": {"$x": {"m.read": {MALLORY: {"ts": self.junk()}}}}}]
        return {
            "ephemeral": self.spoil({"events": receipts}),
            "account_data": self.spoil({"events": [{"type": "m.fully_read", "content": {"event_id": self.junk()}}]}),
            "unread_notifications": self.spoil({"highlight_count": 1}),
            "summary": self.spoil({"m.joined_member_count": 2, "m.invited_member_count": 0, "m.heroes": [MALLORY]}),
        }

    def answer(self, many: int) -> Json:
        """An answer with about `many` inputs, before amal's message is added."""
        before = self.inputs
        self.extreme = self.random.random() < 0.05
        joined: Json = {SHARED: self.room(SHARED, many // 4), PRIVATE: self.room(PRIVATE, many // 20)}
        hostile = [self.id("!") for _ in range(2)] + [self.name() for _ in range(2)]
        rooms = {room: self.room(room, many // 12) for room in hostile if room not in joined}
        invites = {self.random.choice([self.id("!"), self.name()]): self.invite() for _ in range(4)}
        gone = {self.random.choice([self.id("!"), "!9:example.org", self.name()]): self.junk() for _ in range(4)}
        for part in (invites, gone):
            part.pop(PRIVATE, None)
            part.pop(SHARED, None)
        self.inputs += len(gone)
        events = [self.to_device() for _ in range(max(0, many - (self.inputs - before) - 4))]
        self.inputs += 4
        return {
            "to_device": {"events": events},
            "device_lists": self.spoil({"changed": [MALLORY, self.junk()], "left": [self.junk()]}),
            "device_one_time_keys_count": self.spoil({"signed_curve25519": 50}),
            "device_unused_fallback_key_types": self.random.choice([["signed_curve25519"], self.junk()]),
            "account_data": self.junk(),
            "presence": self.junk(),
            "rooms": {"invite": invites, "leave": gone, "knock": self.junk(), "join": {**rooms, **joined}},
        }

    def invite(self) -> Json:
        self.inputs += 1
        member = {"type": "m.room.member", "sender": MALLORY, "state_key": BOT, "content": {"membership": "invite"}}
        return {"invite_state": self.spoil({"events": [self.spoil(member, 1), self.junk(), self.state()]}, 1)}


def wire(value: Any) -> bytes:
    """The JSON of a value, with what is too deep or too long for Python's writer put in afterwards."""
    data = json.dumps(value).encode()
    for mark, instead in ((DEEP, b"[" * 3_000 + b"]" * 3_000), (LONG, b"1" * 5_000)):
        data = data.replace(json.dumps(mark).encode(), instead)
    return data


RELATED = {"rel_type": "m.thread", "event_id": "$1:example.org", "m.in_reply_to": {"event_id": "$2:example.org"}}
FILE = {"v": "v2", "url": "mxc://example.org/abc", "key": {"k": "x"}, "iv": "x", "hashes": {"sha256": "x"}}
CONTENTS: dict[str, Json] = {
    "m.room.message": {"msgtype": "m.text", "body": "hello", "m.mentions": {"user_ids": [BOT]}},
    "m.room.message/reply": {"msgtype": "m.text", "body": "> <@x:y> a\n\nb", "m.relates_to": RELATED},
    "m.room.message/edit": {
        "msgtype": "m.text",
        "body": "* b",
        "m.new_content": {"msgtype": "m.text", "body": "b", "m.new_content": {"body": "c"}},
        "m.relates_to": {"rel_type": "m.replace", "event_id": "$3:example.org", "m.relates_to": RELATED},
    },
    "m.room.message/file": {"msgtype": "m.file", "body": "a", "file": FILE, "info": {"size": 5, "mimetype": "x/y"}},
    "m.room.message/place": {"msgtype": "m.location", "body": "here", "geo_uri": "geo:1,2"},
    "m.room.message/verify": {
        "msgtype": "m.key.verification.request",
        "to": BOT,
        "from_device": "X",
        "methods": ["m.sas.v1"],
    },
    "m.reaction": {"m.relates_to": {"rel_type": "m.annotation", "event_id": "$4:example.org", "key": "1"}},
    "m.sticker": {"body": "s", "url": "mxc://example.org/s", "info": {}},
    "m.poll.response": {"m.selections": ["1"]},
    "m.room.redaction": {"redacts": "$5:example.org"},
    "m.room.encrypted": {
        "algorithm": "m.megolm.v1.aes-sha2",
        "sender_key": "A" * 43,
        "session_id": "B" * 43,
        "ciphertext": "AwgAEhAA",
        "device_id": "X",
        "m.relates_to": RELATED,
    },
    "m.key.verification.start": {
        "from_device": "X",
        "method": "m.sas.v1",
        "key_agreement_protocols": ["curve25519-hkdf-sha256"],
        "hashes": ["sha256"],
        "message_authentication_codes": ["hkdf-hmac-sha256.v2"],
        "short_authentication_string": ["emoji", "decimal"],
        "m.relates_to": {"rel_type": "m.reference", "event_id": "$6:example.org"},
    },
    "m.call.invite": {"offer": {"sdp": "x"}},
}
STATES: dict[str, Json] = {
    "m.room.create": {"room_version": "12", "additional_creators": [MALLORY], "org.liaison.ref": "x"},
    "m.room.member": {"membership": "join", "displayname": "x"},
    "m.room.power_levels": {"users": {MALLORY: 100}, "events": {"m.room.name": 50}, "ban": 50, "users_default": 0},
    "m.room.encryption": {"algorithm": "m.megolm.v1.aes-sha2", "rotation_period_ms": 1, "rotation_period_msgs": 1},
    "m.room.history_visibility": {"history_visibility": "joined"},
    "m.room.join_rules": {"join_rule": "invite"},
    "m.room.tombstone": {"replacement_room": "!x:y"},
}
TO_DEVICE: dict[str, Json] = {
    "m.room.encrypted": {"algorithm": "m.olm.v1.curve25519-aes-sha2", "sender_key": "A" * 43, "ciphertext": {}},
    "m.room_key.withheld": {"room_id": SHARED, "session_id": "B" * 43, "code": "m.unverified"},
    "m.room_key": {"algorithm": "m.megolm.v1.aes-sha2", "room_id": SHARED, "session_id": "x", "session_key": "x"},
    "m.room_key_request": {"action": "request", "body": {"room_id": SHARED}, "request_id": "x"},
    "m.key.verification.request": {
        "from_device": "X",
        "methods": ["m.sas.v1"],
        "transaction_id": "v1",
        "timestamp": 0,  # the time at which it is sent
    },
    "m.key.verification.start": {**CONTENTS["m.key.verification.start"], "transaction_id": "v1"},
    "m.key.verification.key": {"key": "A" * 43, "transaction_id": "v1"},
    "m.key.verification.mac": {"mac": {"ed25519:X": "x"}, "keys": "x", "transaction_id": "v1"},
    "m.key.verification.cancel": {"code": "m.user", "transaction_id": "v1"},
    "m.secret.send": {"request_id": "x", "secret": "x"},
}


# ---- the bot that reads ---------------------------------------------------------------------------------------------


class Ear:
    """Hears what the reading loop hands over (called in the database's thread)."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.kinds: Counter[str] = Counter()
        self.heard: asyncio.Queue[Message] = asyncio.Queue()

    def message(self, tx: Tx, message: Message, prepared: Any = None) -> None:
        self.kinds[message.kind] += 1
        if message.sender == AMAL:
            self.loop.call_soon_threadsafe(self.heard.put_nowait, message)

    def invited(self, tx: Tx, invite: Invite) -> None:
        self.kinds["invited"] += 1

    def joined(self, tx: Tx, room_id: str, others: int, *, before_us: bool) -> None:
        self.kinds["before us" if before_us else "joined"] += 1

    def members_changed(self, tx: Tx, room_id: str) -> None:
        self.kinds["members"] += 1

    def left(self, tx: Tx, room_id: str) -> None:
        self.kinds["left"] += 1

    def unreadable(self, tx: Tx, room_id: str, sender: str, reason: str) -> None:
        self.kinds["unreadable"] += 1


class Line(Wire):
    """The way to a homeserver whose /sync gives what the test puts into `answers`."""

    def __init__(self, server: Homeserver, user: str, device: str) -> None:
        super().__init__(server, user, device)
        self.answers: asyncio.Queue[tuple[int, Mapping[str, str], bytes]] = asyncio.Queue()

    async def once(self, method: str, path: str, *rest: Any, **more: Any) -> tuple[int, Mapping[str, str], bytes]:
        if path.endswith("/sync"):
            return await self.answers.get()
        return await super().once(method, path, *rest, **more)


class Reader:
    """The bot's reading loop, amal who talks with it, and mallory who does everything else."""

    def __init__(self, server: Homeserver, bot: Phone, amal: Phone, mallory: Phone) -> None:
        self.server, self.bot, self.amal, self.mallory = server, bot, amal, mallory
        self.line = Line(server, bot.user, bot.device)
        self._number = 0

    def start(self, folder: Path) -> None:
        engine = self.bot.engine
        engine.http = engine.devices.http = self.line
        identity = Identity(self.line, engine, self.bot.db, folder / "recovery")
        identity.keys = Keys.new()
        verifications = Verifications(engine, identity, self._send, self._compared)
        self.ear = Ear()
        self.sync = Sync(self.line, self.bot.db, engine, verifications, self.ear, self.bot.clock)
        self.task = asyncio.create_task(self.sync.run())

    async def stop(self) -> None:
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def _send(self, room_id: str, kind: str, content: Json) -> None:
        json.dumps(content)
        self.ear.kinds["verification"] += 1

    async def _compared(self, user_id: str, master: str | None, emoji: list[str]) -> None:
        raise AssertionError("nobody compared anything")

    def shows(self, answer: Json) -> None:
        self._number += 1
        self.line.answers.put_nowait((200, {}, wire({**answer, "next_batch": f"s{self._number}"})))

    async def settled(self, waiting: Any) -> Any:
        """What `waiting` gives; the end of the reading loop, if that comes first, is raised."""
        task = asyncio.ensure_future(waiting)
        await asyncio.wait({task, self.task}, return_when=asyncio.FIRST_COMPLETED, timeout=30)
        if self.task.done():
            self.task.result()
        assert task.done(), "the reading loop hangs"
        return task.result()

    async def hears_amal(self, answer: Json, room_id: str = PRIVATE) -> None:
        """Amal writes while all of `answer` comes in; what she said is heard."""
        words = f"message {self._number}"
        event = await self.amal.says(words, self.bot, room=room_id)
        event["origin_server_ts"] = milliseconds()
        keys = self.server.inbox.pop((BOT, self.bot.device), [])
        mapping(answer.setdefault("to_device", {})).setdefault("events", []).extend(keys)
        room = answer.setdefault("rooms", {}).setdefault("join", {}).setdefault(room_id, {})
        room.setdefault("timeline", {}).setdefault("events", []).append(event)
        self.shows(answer)
        message: Message = await self.settled(self.ear.heard.get())
        assert (message.text, message.room_id, message.trust) == (words, room_id, Trust.SIGNED)

    async def first_answer(self, answer: Json | None = None) -> None:
        """The answer of a very first start: the rooms in which the bot is already."""

        def state(room_id: str) -> Json:
            members = [
                {"type": "m.room.member", "state_key": u, "sender": u, "content": {"membership": "join"}}
                for u in (AMAL, BOT)
            ]
            create = {"type": "m.room.create", "state_key": "", "sender": AMAL, "content": {"room_version": "12"}}
            events = [{**e, "event_id": f"${room_id}{n}"} for n, e in enumerate([create, *members])]
            return {"state": {"events": events}}

        answer = json.loads(json.dumps(answer or {}))
        answer.setdefault("rooms", {}).setdefault("join", {}).update({r: state(r) for r in (PRIVATE, SHARED)})
        self.shows(answer)
        await self.settled(self.sync.caught_up.wait())


@asynccontextmanager
async def reader(folder: Path, template: bytes, keys: KeyRing, url: str = "") -> AsyncIterator[tuple[Reader, Json]]:
    """A reader that has not read anything yet, and the keys of mallory's session in the shared room."""
    server, clock, phones = Homeserver(), Clock(), []
    for user, device in ((BOT, "BOT"), (AMAL, "AMAL"), (MALLORY, "MALLORY")):
        path = folder / f"{device}.db"
        path.write_bytes(template)
        where = url if user == BOT and url else f"sqlite:///{path}"
        phones.append(await Phone(server, user, device, where, keys, clock).open())
        server.new_identity(user)
        if where.startswith("sqlite"):  # nobody pulls the plug on these databases
            await phones[-1].db.call(lambda c: c.connection.dbapi_connection.execute("PRAGMA synchronous=OFF"))  # type: ignore[union-attr]
    bot, amal, mallory = phones
    session = (await mallory.says("hello", bot, room=SHARED))["content"]
    await bot.syncs()
    await mallory.syncs()
    found = Reader(server, bot, amal, mallory)
    found.start(folder)
    try:
        yield found, session
    finally:
        await found.stop()
        for phone in phones:
            await phone.close()


async def storm(folder: Path, template: bytes, keys: KeyRing, seed: int, inputs: int, url: str = "") -> Counter[str]:
    """`inputs` hostile inputs; amal is heard in the middle of every answer, and answered at the end."""
    async with reader(folder, template, keys, url) as (found, session):
        strangers = Strangers(seed, found.bot, found.mallory, session)
        before = Counter(faults)
        await found.first_answer()
        try:
            while strangers.inputs < inputs:
                answer = strangers.answer(500)
                await found.hears_amal(answer, strangers.random.choice([PRIVATE, SHARED]))
                found.bot.clock.advance(seconds=20)
        except BaseException as error:
            error.add_note(f"seed {seed}, after {strangers.inputs} inputs")
            raise
        reply = await found.bot.says("I am still here", found.amal, room=PRIVATE)
        assert await found.amal.reads(reply, room=PRIVATE) == "I am still here"
        await found.stop()
        await found.bot.restart()
        assert (
            await found.bot.reads(await found.amal.says("thank you", found.bot, room=PRIVATE), PRIVATE) == "thank you"
        )
        return found.ear.kinds + (Counter(faults) - before)


async def test_a_hundred_thousand_inputs_of_strangers_stop_nothing(
    tmp_path: Path, sqlite_template: bytes, keys: KeyRing
) -> None:
    happened = await storm(tmp_path, sqlite_template, keys, random.randrange(2**32), 100_000)
    # They came as far as strangers can come.
    handed_over = {"text", "edit", "file", "reaction", "location", "other", "clear", "invited", "joined", "members"}
    refused = {"forged", "malformed", "to-device", "verification", "unreadable"}
    assert {what for what in handed_over | refused if not happened[what]} == set()


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_strangers_do_no_more_to_a_database_that_is_strict_about_what_it_keeps(
    tmp_path: Path, sqlite_template: bytes, keys: KeyRing, database_url: str
) -> None:
    assert await storm(tmp_path, sqlite_template, keys, random.randrange(2**32), 4_000, database_url)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10))
async def test_a_million_inputs_of_strangers_stop_nothing(
    tmp_path: Path, sqlite_template: bytes, keys: KeyRing, seed: int
) -> None:
    assert await storm(tmp_path, sqlite_template, keys, seed, 100_000)


@pytest.mark.parametrize("seed", range(8))
async def test_a_very_first_answer_full_of_junk_lets_the_bot_start(
    tmp_path: Path, sqlite_template: bytes, keys: KeyRing, seed: int
) -> None:
    async with reader(tmp_path, sqlite_template, keys) as (found, session):
        strangers = Strangers(seed, found.bot, found.mallory, session)
        answer = strangers.answer(300)
        mapping(answer["to_device"])["events"].append({"type": DEEP, "content": {"x": [10**30, LONG, "\udfff"]}})
        await found.first_answer(answer)
        await found.hears_amal({})


async def test_an_event_that_can_be_neither_read_nor_kept_takes_no_other_with_it(
    tmp_path: Path, sqlite_template: bytes, keys: KeyRing
) -> None:
    async with reader(tmp_path, sqlite_template, keys) as (found, _):
        await found.first_answer()
        content = {**CONTENTS["m.room.encrypted"], "more": DEEP}
        event = {"type": "m.room.encrypted", "event_id": "$deep", "sender": MALLORY, "content": content}
        await found.hears_amal({"rooms": {"join": {PRIVATE: {"timeline": {"events": [event]}}}}})


@pytest.mark.parametrize(
    "bad",
    [
        (429, {"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}, b"{}"),
        (429, {"Retry-After": "nan"}, b"<html>"),
        (500, {}, b'{"next_batch":"x"}'),
        (502, {}, b"<html>Bad Gateway</html>"),
        (200, {}, b"<html>Welcome</html>"),
        (200, {}, b""),
        (200, {}, b"[]"),
        (200, {}, b'{"rooms":{}}'),
        (200, {}, b'{"next_batch":7}'),
        (200, {}, b'{"next_batch":"\\ud800"}'),
        (200, {}, b'{"next_batch":"' + b"x" * 9_000 + b'"}'),
        (200, {}, b'{"next_batch":"s1","rooms":'),
        (401, {}, b'{"errcode":["M_UNKNOWN_TOKEN"]}'),
    ],
)
async def test_an_answer_that_is_none_is_asked_for_again(
    tmp_path: Path,
    sqlite_template: bytes,
    keys: KeyRing,
    bad: tuple[int, dict[str, str], bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    quick = {"sleep": lambda seconds: asyncio.sleep(seconds / 100)}
    monkeypatch.setattr(sync_module, "asyncio", types.SimpleNamespace(**vars(asyncio) | quick))
    async with reader(tmp_path, sqlite_template, keys) as (found, _):
        for _ in range(2):
            found.line.answers.put_nowait(bad)
        await found.first_answer()
        found.line.answers.put_nowait(bad)
        await found.hears_amal({})


# ---- the parsers ----------------------------------------------------------------------------------------------------

letters = st.text(st.characters(codec=None), max_size=9)
scalars = st.none() | st.integers() | st.floats() | letters | st.sampled_from(JUNK)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
ids = st.from_regex(r"\A[@!$#][a-z]{1,4}:[a-z]{1,4}\Z") | values
FIELDS = [
    "msgtype", "body", "formatted_body", "m.relates_to", "m.new_content", "m.mentions", "file", "url", "info", "to",
    "rel_type", "event_id", "key", "m.in_reply_to", "user_ids", "filename", "geo_uri", "size", "mimetype",
]  # fmt: skip
objects = st.recursive(
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=5),
    lambda inner: st.dictionaries(st.sampled_from(FIELDS), inner | values, max_size=5),
    max_leaves=8,
)
contents = st.sampled_from(list(CONTENTS.values())) | objects | st.builds(lambda a, b: a | b, objects, objects)
kinds = st.sampled_from([kind.partition("/")[0] for kind in CONTENTS]) | st.text()
events = st.fixed_dictionaries(
    {"type": kinds | values, "event_id": ids, "sender": ids, "content": contents | values},
    optional={"origin_server_ts": values, "state_key": values, "unsigned": values, "redacts": values},
)


def storable(value: str | None, longest: int = 255) -> bool:
    """Whether every database can keep it."""
    return value is None or ("\0" not in value and len(value) <= longest and bool(value.encode() or True))


@settings(max_examples=150, deadline=None)
@given(events | values, st.sampled_from([None, *Trust]), kinds, contents, st.booleans())
def test_whatever_an_event_holds_it_is_a_message_that_can_be_kept_or_none(
    raw: Any, trust: Trust | None, kind: str, content: Json, notices: bool
) -> None:
    event = incoming.event(raw)
    if event is None:
        return
    assert all(storable(t) for t in (event.event_id, event.type, event.sender, event.state_key, event.own_txn))
    assert 2000 <= event.at.year <= 2100
    read = Decrypted(kind, content, trust, "D", "S", 0) if trust else None
    message = incoming.message("!r:s", event, read, BOT, notices=notices)
    if message is None:
        return
    assert storable(message.text, incoming.MOST_TEXT)
    assert all(storable(t) for t in (message.thread, message.reply_to, message.about))
    assert message.trust is (trust or Trust.UNSIGNED)
    assert (message.sender, message.event_id) == (event.sender, event.event_id)
    if message.kind in ("text", "file", "location"):
        assert read is not None  # what was not encrypted is never taken as words
    if file := message.attachment:
        assert file.mxc.startswith("mxc://")
        assert storable(file.name)
        assert storable(file.mimetype)
        assert file.size >= 0


@settings(max_examples=200, deadline=None)
@given(values, st.integers(0, 300))
@example("a\0b", 10)
@example("\ud800", 10)
@example("é" * 11, 10)
def test_the_fence_gives_what_was_meant_or_nothing(value: Any, longest: int) -> None:
    assert mapping(value) == (value if isinstance(value, dict) else {})
    assert listing(value) == (value if isinstance(value, list) else [])
    kept = text(value, longest)
    assert storable(kept, longest)
    assert kept in ("", value)
    if isinstance(value, str) and value.isascii() and "\0" not in value and len(value) <= longest:
        assert kept == value


@pytest.mark.parametrize("error", [ValueError, RecursionError, AssertionError, BaseException, MemoryError])
def test_what_goes_wrong_behind_the_fence_is_counted_and_goes_no_further(error: type[BaseException]) -> None:
    before = faults["fence test"]
    with fenced("fence test"):
        raise error("secret")
    assert faults["fence test"] == before + 1


@pytest.mark.parametrize("error", [asyncio.CancelledError, KeyboardInterrupt, SystemExit, OSError])
def test_the_end_of_the_program_and_faults_of_our_own_pass_the_fence(error: type[BaseException]) -> None:
    with pytest.raises(error), fenced("fence test", OSError):
        raise error


plain = st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=9)
names = st.sampled_from(["next_batch", "rooms", "to_device", "join"]) | st.text(max_size=5)
documents = st.dictionaries(
    names,
    st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3)),
    max_size=4,
)


@settings(max_examples=60, deadline=None)
@given(documents, st.sampled_from(["", DEEP, LONG, "\udfff", 10**30, 1e308]))
def test_all_ways_of_parsing_an_answer_find_the_same(document: Json, spice: Any) -> None:
    body = wire({**document, "spice": spice})
    for parsed in (answers.parse(body), answers.parse_but_rooms(body)):
        parsed.pop("spice")
        if "join" in mapping(parsed.get("rooms")):
            del parsed["rooms"]["join"]
        bare = dict(document)
        if "join" in mapping(bare.get("rooms")):
            bare["rooms"] = {k: v for k, v in bare["rooms"].items() if k != "join"}
        assert parsed == bare
    assert dict(answers.joined_rooms(body)) == mapping(mapping(document.get("rooms")).get("join"))


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """An empty database in memory."""
    db = Database("sqlite://", KeyRing(tmp_path_factory.mktemp("keys") / "keys"))
    db.transact("", lambda tx: tables.metadata.create_all(tx.conn))
    yield db
    db.close_now()


def _room(db: Database, *state: Json) -> Room:
    """A room as these events make it."""

    def read(tx: Tx) -> Room:
        tx.execute(tables.member.delete())
        tx.execute(tables.room.delete())
        apply_state(tx, "!r", state, us=BOT)
        found = get_room(tx, "!r")
        assert found is not None
        return found

    return db.transact("", read)[0]


state_contents = st.one_of(
    [
        st.builds(lambda a, b: a | b, st.just(c), st.dictionaries(st.sampled_from(list(c)), values))
        for c in STATES.values()
    ]
)


@settings(max_examples=200, deadline=None)
@given(
    state=st.lists(
        st.tuples(st.sampled_from(list(STATES)), st.sampled_from(["", BOT, MALLORY]), state_contents), max_size=6
    )
)
def test_whatever_state_events_hold_the_room_can_be_kept_and_asked(rooms: Database, state: list[Any]) -> None:
    room = _room(rooms, *({"type": t, "state_key": k, "sender": MALLORY, "content": c} for t, k, c in state))
    assert isinstance(room.power_of(MALLORY), int)
    assert isinstance(room.may("@nobody:x", "ban"), bool)
    encrypted = any(t == "m.room.encryption" and k == "" for t, k, _ in state)
    assert room.encrypted == encrypted
    for value in (room.encryption or {}).values():
        assert 0 < value <= 2**53


@pytest.mark.parametrize("deep", [DEEP, LONG])
def test_power_levels_that_nobody_could_write_down_leave_the_others_in_force(rooms: Database, deep: str) -> None:
    content = {"users": {AMAL: 100, MALLORY: deep}, "events": {"x": deep}, "ban": 60, "notifications": {"room": deep}}
    found = _room(
        rooms,
        {"type": "m.room.power_levels", "state_key": "", "sender": AMAL, "content": answers.parse(wire(content))},
    )
    assert (found.power_of(AMAL), found.power_of(MALLORY), found.needed_for("ban")) == (100, 0, 60)


@settings(max_examples=100, deadline=None)
@given(
    version=st.sampled_from(["1", "6", "10", "11", "12", "13", "org.example.12", "٢١", "", 12, None]),
    level=st.integers(-100, 1000) | values,
    more=st.lists(st.sampled_from([MALLORY, "@other:x"]) | values) | values,
)
def test_creators_stand_above_all_levels_from_version_12_on(
    rooms: Database, version: Any, level: Any, more: Any
) -> None:
    levels = {"users": {AMAL: level, "@user:x": 100, MALLORY: 0}, "ban": 10**9, "users_default": 5}
    levels |= {"events_default": 20, "events": {"m.room.topic": 30}}
    room = _room(
        rooms,
        {
            "type": "m.room.create",
            "state_key": "",
            "sender": AMAL,
            "content": {"room_version": version, "additional_creators": more},
        },
        {"type": "m.room.power_levels", "state_key": "", "sender": AMAL, "content": levels},
    )
    modern = version in ("12", "13")
    assert room.may(AMAL, "ban") == modern or room.power_of(AMAL) >= 10**9
    assert (room.power_of(AMAL) == INFINITE) == modern
    assert (room.power_of(MALLORY) == INFINITE) == (modern and isinstance(more, list) and MALLORY in more)
    assert room.power_of("@user:x") == 100
    assert [room.needed_for(k) for k in ("m.room.topic", "m.room.message", "redact", "invite")] == [30, 20, 50, 0]
    assert room.power_of("@nobody:x") == 5
