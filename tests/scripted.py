"""A homeserver that a test writes: rooms and keys in memory, any answer replaced, behind a real HTTP server.

The bot on it is the real reading and writing of bot/matrix over real HTTP, with a core that repeats what it hears:

    event = await amal.says("hello", bot)
    await bot.receives(room(event))
    assert await bot.heard() == ["hello"]
"""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from urllib.parse import parse_qs, unquote

import sqlalchemy as sa
from aiohttp import web

from bot import outbox
from bot.config import Config
from bot.matrix import answers
from bot.matrix.engine import Circle, Engine
from bot.matrix.http import Http
from bot.matrix.identity import Identity
from bot.matrix.keystore import KeyStore
from bot.matrix.media import Media
from bot.matrix.outgoing import Outgoing
from bot.matrix.rooms import Rooms
from bot.matrix.sync import Sync
from bot.matrix.verification import Verifications
from bot.message import Invite, Message, Part
from bot.seal import KeyRing
from bot.store import inbox, tables
from bot.store import outbox as rows
from bot.store.db import Database, Tx
from bot.store.meta import get_meta
from bot.text import Texts
from tests.test_matrix_engine import BOT, PICKLE_KEY, ROOM, Homeserver, Json, Phone
from tests.world import Clock

__all__ = ["BOT", "ROOM", "Json", "Phone"]

MEGOLM = {"algorithm": "m.megolm.v1.aes-sha2"}
Reply = Callable[[Json], Awaitable[tuple[int, Json]]]


class Lost(Exception):
    """The connection ends without an answer."""


@dataclass
class Script:
    """What is answered instead, so many times. `after`: the server first does what it was asked."""

    method: str
    pattern: re.Pattern[str]
    reply: Reply
    times: float
    after: bool = False
    asked: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)


class Scripted(Homeserver):
    """Rooms with a timeline, what was put into them, and answers that the test replaces."""

    def __init__(self) -> None:
        super().__init__()
        self.url = ""
        self.timelines: dict[str, list[Json]] = {}
        self.members: dict[str, dict[str, str]] = {}
        self.state: dict[str, dict[str, Json]] = {}
        self.redacted: list[str] = []
        self.done: list[tuple[str, ...]] = []  # what else was done in rooms: ("invite", room, user), ...
        self.asked: list[tuple[str, str]] = []
        self.asked_for: list[tuple[str, dict[str, list[str]]]] = []
        self.since: list[str | None] = []  # from where the bot read on
        self.syncs: asyncio.Queue[Json] = asyncio.Queue()
        self.scripts: list[Script] = []
        self._txns: dict[tuple[str, ...], str] = {}
        self._numbers = itertools.count(1)

    async def start(self) -> None:
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        await self._runner.cleanup()

    def script(
        self, method: str, path: str, status: int = 200, body: Json | None = None, *, times: float = 1,
        reply: Reply | None = None,
    ) -> Script:  # fmt: skip
        """The next `times` such requests are answered with this; a `reply` may wait, or raise Lost."""

        async def fixed(_body: Json) -> tuple[int, Json]:
            return status, body or {}

        found = Script(method, re.compile(path), reply or fixed, times)
        self.scripts.append(found)
        return found

    def queries(self, path: str, name: str) -> list[str]:
        """The values of `name` in the last request for `path`."""
        return [q for p, q in self.asked_for if p.endswith(path)][-1].get(name, [])

    def loses(self, method: str, path: str, *, times: float = 1) -> Script:
        """The server does it, and its answer never comes."""

        async def reply(_body: Json) -> tuple[int, Json]:
            raise Lost

        found = self.script(method, path, times=times, reply=reply)
        found.after = True
        return found

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        user, _, device = request.headers["Authorization"].removeprefix("Bearer ").partition("|")
        path = unquote(request.raw_path.partition("?")[0])
        data = await request.read()
        body: Json = json.loads(data) if request.content_type == "application/json" and data else {}
        self.asked.append((request.method, path))
        self.asked_for.append((path, parse_qs(request.query_string)))
        waiting = (s for s in self.scripts if s.asked < s.times and s.method == request.method)
        found = next((s for s in waiting if s.pattern.search(path)), None)
        try:
            if found is None or found.after:
                status, reply = await self.answer(user, device, request.method, path, body | dict(request.query))
            if found is not None:
                found.asked += 1
                found.came.set()
                status, reply = await found.reply(body)
        except Lost:
            assert request.transport
            request.transport.abort()
            return web.Response()
        return web.json_response(reply, status=status)

    async def answer(self, user: str, device: str, method: str, path: str, body: Json) -> tuple[int, Json]:
        parts = path.split("/")[4:]
        match method, *parts:
            case "GET", "sync":
                self.since.append(body.get("since"))
                return 200, await self.syncs.get()
            case "PUT", "rooms", room_id, "send", kind, txn:
                return 200, {"event_id": self._once(device, txn, room_id, kind, user, body)}
            case "PUT", "rooms", room_id, "redact", event_id, txn:
                self.redacted.append(event_id)
                return 200, {"event_id": self._once(device, txn, room_id, "m.room.redaction", user, {})}
            case "GET", "rooms", room_id, "messages":
                if not str(body.get("from", "0")).isdigit():
                    return 400, {"errcode": "M_INVALID_PARAM"}
                return 200, self._page(room_id, body)
            case "GET", "rooms", room_id, "members":
                there = self.members.get(room_id, {}).items()
                chunk = [{"type": "m.room.member", "state_key": u, "content": {"membership": m}} for u, m in there]
                return 200, {"chunk": chunk}
            case "GET", "rooms", room_id, "state", kind, *_:
                content = self.state.get(room_id, {}).get(kind)
                return (404, {"errcode": "M_NOT_FOUND"}) if content is None else (200, content)
            case "PUT", "rooms", room_id, "state", kind, *_:
                self.done.append(("state", room_id, kind))
                self.state.setdefault(room_id, {})[kind] = body
                return 200, {"event_id": "$state"}
            case "POST", "createRoom":
                room_id = f"!made{next(self._numbers)}"
                self.done.append(("create", room_id))
                self.state[room_id] = {e["type"]: e["content"] for e in body["initial_state"]}
                self.members[room_id] = {user: "join"}
                return 200, {"room_id": room_id}
            case "POST", "rooms", room_id, deed:
                self.done.append((deed, room_id, body.get("user_id", user)))
                return 200, {}
            case "GET", "joined_rooms":
                return 200, {"joined_rooms": [r for r, m in self.members.items() if m.get(user) == "join"]}
            case _:
                return await super().answer(user, device, method, path, body)

    def _once(self, device: str, txn: str, room_id: str, kind: str, sender: str, content: Json) -> str:
        """The event of a transaction id; a repeated one makes none."""
        if (device, txn) not in self._txns:
            event: Json = {"type": kind, "sender": sender, "content": content, "origin_server_ts": 1_795_428_000_000}
            event |= {"event_id": f"$sent{next(self._numbers)}", "unsigned": {"transaction_id": txn}}
            self.timelines.setdefault(room_id, []).append(event)
            self._txns[(device, txn)] = event["event_id"]
        return self._txns[(device, txn)]

    def _page(self, room_id: str, query: Json) -> Json:
        """Backwards from a token, which is a place in the timeline."""
        timeline = self.timelines.get(room_id, [])
        end = int(query.get("from") or len(timeline))
        start = max(0, end - int(query.get("limit", 10)))
        return {"chunk": timeline[start:end][::-1]} | ({"end": str(start)} if start else {})

    def forgets_transactions(self) -> None:
        """A day has gone by."""
        self._txns.clear()

    def sent(self, room_id: str = ROOM) -> list[Json]:
        """What the bot put into a room."""
        return [e for e in self.timelines.get(room_id, []) if e["sender"] == BOT]


def state(kind: str, content: Json, key: str = "", sender: str = "@amal:example.org", number: int = 0) -> Json:
    """A state event."""
    return {"type": kind, "state_key": key, "sender": sender, "content": content, "event_id": f"${kind}{key}{number}"}


def member(user: str, membership: str = "join", number: int = 0) -> Json:
    return state("m.room.member", {"membership": membership}, user, user, number)


def beginning(*users: str, version: str = "11", encrypted: bool = True) -> list[Json]:
    """The state with which a room of these people and the bot begins; the first of them made it."""
    events = [
        state("m.room.create", {"room_version": version}, sender=users[0]),
        state("m.room.history_visibility", {"history_visibility": "shared"}),
        *[member(u) for u in (*users, BOT)],
    ]
    return events + ([state("m.room.encryption", MEGOLM)] if encrypted else [])


class Echo:
    """A core that repeats what people say: what it queues shows what was handled, and how often."""

    def message(self, tx: Tx, message: Message, prepared: Any = None) -> None:
        parts = [Part("=line", {"text": message.text or message.kind})]
        outbox.say(tx, message.room_id, parts, language="en", audience="public")

    def invited(self, tx: Tx, invite: Invite) -> None:
        outbox.join(tx, invite.room_id)

    def joined(self, tx: Tx, room_id: str, others: int, *, before_us: bool) -> None:
        return None

    def members_changed(self, tx: Tx, room_id: str) -> None:
        return None

    def left(self, tx: Tx, room_id: str) -> None:
        outbox.cancel_room(tx, room_id)

    def unreadable(self, tx: Tx, room_id: str, sender: str, reason: str) -> None:
        outbox.say(tx, room_id, [Part("=line", {"text": "unreadable"})], language="en", audience="public")


class Bot(Phone):
    """The bot's reading and writing, without anything that it could mean."""

    server: Scripted
    texts: Texts
    tokens = itertools.count(1)

    async def open(self, pickle_key: bytes = PICKLE_KEY) -> Bot:
        self.http = Http(self.server.url, f"{self.user}|{self.device}")
        self.db = Database(self.url, self.keys, self.clock)
        self.engine = Engine(self.http, self.db, KeyStore(self.user, self.device, pickle_key), self.clock)
        await self.engine.open()
        if not self.engine.olm.account.shared:
            await self.engine.keep_keys_stocked({}, [])
        nobody = cast(Identity, None)
        self.rooms = Rooms(self.http, self.db, self.engine, Config())
        verifications = Verifications(self.engine, nobody, self._nothing, self._nothing)
        self.sync = Sync(self.http, self.db, self.engine, verifications, Echo(), self.clock, self._log_in_again)
        self.outgoing = Outgoing(
            self.http, self.db, self.engine, self.rooms, nobody, Media(self.http, 10_000), self.texts.content,
            self.clock, self.sync.caught_up,
        )  # fmt: skip
        self.db.on_commit = lambda wake: self.outgoing.wake()
        self._writing: asyncio.Task[None] | None = None
        self._first = await self.db.run(get_meta, "sync_token") is None
        self.logins = 0
        return self

    async def _nothing(self, *_: Any) -> None:
        return None

    async def _log_in_again(self) -> None:
        self.logins += 1

    async def close(self) -> None:
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self.http.close()
        await super().close()

    # ---- reading --------------------------------------------------------------------------------------------------

    def answer(self, join: Json | None = None, **more: Any) -> Json:
        """An answer of /sync with these rooms and what lies on the server for the bot's device."""
        events = self.server.inbox.pop((self.user, self.device), [])
        return {
            "next_batch": f"s{next(self.tokens)}",
            "to_device": {"events": events},
            "device_one_time_keys_count": {"signed_curve25519": 50},
            "device_unused_fallback_key_types": ["signed_curve25519"],
            "rooms": {"join": join or {}, **more},
        }

    async def journals(self, raw: Json) -> inbox.Batch:
        body = json.dumps(raw).encode()
        number = await self.db.run(inbox.insert_batch, raw["next_batch"], body)
        return inbox.Batch(number, raw["next_batch"], body, 0)

    async def receives(self, join: Json | None = None, **more: Any) -> None:
        """An answer of the server comes and is processed."""
        if self._first:  # an account's very first answer is another matter
            self._first = False
            await self.receives()
        for room_id, info in (join or {}).items():
            for event in info["state"]["events"] + info["timeline"]["events"]:
                if event["type"] == "m.room.member":
                    members = self.server.members.setdefault(room_id, {})
                    members[event["state_key"]] = event["content"]["membership"]
        raw = self.answer(join, **more)
        await self.sync.process(await self.journals(raw), answers.parse(json.dumps(raw).encode()))

    async def enters(self, *users: str, room_id: str = ROOM, version: str = "11", encrypted: bool = True) -> None:
        """The bot is in a room with these people."""
        if encrypted:
            self.server.state.setdefault(room_id, {})["m.room.encryption"] = MEGOLM
        await self.receives(room(state=beginning(*users, version=version, encrypted=encrypted), room_id=room_id))

    async def heard(self, room_id: str = ROOM) -> list[str]:
        """What the core was told was said in a room, in order."""
        return [self.texts.content(r.content or {}) for r in await self.deeds() if r.room_id == room_id]

    async def deeds(self) -> list[rows.Row]:
        """Everything that was ever queued, in order."""

        def read(tx: Tx) -> list[rows.Row | None]:
            found = tx.all(sa.select(tables.outbox.c.txn).order_by(tables.outbox.c.id))
            return [rows.get_row(tx, r.txn) for r in found]

        return [r for r in await self.db.run(read) if r]

    # ---- writing --------------------------------------------------------------------------------------------------

    async def queues(self, text: str, room_id: str = ROOM, **more: Any) -> str:
        """Something is to be said. Returns its transaction id."""
        say = {"language": "en", "audience": "public"} | more
        parts = [Part("=line", {"text": text})]
        if say.get("clear"):
            parts = [Part("=clear")]
        return str(await self.does(outbox.say, room_id, parts, **say))

    async def does(self, function: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """Queue a deed for a cause of its own."""
        return await self.db.run_for(f"cause {next(self.tokens)}", function, *args, **more)

    def writes(self) -> None:
        """The writing loop runs from now on."""
        self._writing = asyncio.create_task(self.outgoing.run())

    async def tells(self, text: str, room_id: str = ROOM, **more: Any) -> str:  # type: ignore[override]
        """Say something and wait until it is done, one way or another."""
        txn = await self.queues(text, room_id, **more)
        await self.finishes()
        return txn

    async def finishes(self) -> None:
        """Everything that is due is done."""
        if self._writing is None:
            self.writes()
        async with asyncio.timeout(30):
            await self.outgoing.idle()

    async def row(self, txn: str) -> rows.Row:
        found = await self.db.run(rows.get_row, txn)
        assert found
        return found


def room(
    *events: Json, room_id: str = ROOM, state: list[Json] | None = None, prev_batch: str | None = None
) -> dict[str, Json]:
    """A room in an answer of /sync; `prev_batch`: there is more before these events."""
    timeline: Json = {"events": list(events), "limited": prev_batch is not None}
    if prev_batch is not None:
        timeline["prev_batch"] = prev_batch
    return {room_id: {"timeline": timeline, "state": {"events": state or []}}}


class Person(Phone):
    """Somebody with a device whose app writes as apps do."""

    async def sends(self, kind: str, content: Json, *to: Phone, room: str = ROOM, **payload: Any) -> Json:
        """An encrypted event of any kind; `payload` stands beside its content."""
        circle = Circle([p.user for p in to], lambda user, device: True, {})
        async with self.engine.room_lock(room):
            outbound = await self.engine.share(room, circle)
            plain = {"type": kind, "content": content, "room_id": room} | payload
            content = {"algorithm": MEGOLM["algorithm"], "session_id": outbound.id, "device_id": self.device} | {
                "ciphertext": outbound.session.encrypt(json.dumps(plain)),
                "sender_key": self.engine.identity_keys["curve25519"],
            }
            await self.engine.flush()
        return self.event("m.room.encrypted", content)

    def event(self, kind: str, content: Json) -> Json:
        at = int(self.clock().timestamp() * 1000)
        event_id = f"${self.device}{next(self._numbers)}"
        return {"type": kind, "event_id": event_id, "sender": self.user, "content": content, "origin_server_ts": at}

    async def writes(self, text: str, *to: Phone, room: str = ROOM, **more: Any) -> Json:
        return await self.sends("m.room.message", {"msgtype": "m.text", "body": text, **more}, *to, room=room)


class Stage:
    """A server, the bot on it, and people with real devices."""

    def __init__(self, folder: Path, template: bytes, keys: KeyRing, texts: Texts) -> None:
        self.folder, self.template, self.keys, self.texts = folder, template, keys, texts
        self.server = Scripted()
        self.clock = Clock()
        self._made: list[Phone] = []

    async def phone(self, name: str, kind: type[Phone] = Phone, *, signed: bool = True) -> Phone:
        user, device = f"@{name}:example.org", f"DEVICE{len(self._made)}"
        path = self.folder / f"{device}.db"
        path.write_bytes(self.template)
        found = kind(self.server, user, device, f"sqlite:///{path}", self.keys, self.clock)
        self._made.append(found)
        if isinstance(found, Bot):
            found.texts = self.texts
        await found.open()
        if user not in self.server.identities:
            self.server.new_identity(user)
        (self.server.sign if signed else self.server.unsign)(user, device)
        return found

    async def person(self, name: str, *, signed: bool = True) -> Person:
        return cast(Person, await self.phone(name, Person, signed=signed))

    async def start(self) -> None:
        await self.server.start()
        self.bot = cast(Bot, await self.phone("bot", Bot))

    async def stop(self) -> None:
        for found in self._made:
            await found.close()
        await self.server.stop()
