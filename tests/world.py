"""A world for scenarios: the real core and a real database; only the edge (the server) and the clock are ours.

People talk in conversations:

    alice = world.person("alice")
    alice.says("1")
    alice.heard("Are you alone")

What the bot queues is carried out by `World.deliver` as matrix/outgoing.py and the server would: messages are rendered
into the room's transcript and come back through sync, redactions take events away, rooms are made and left.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import commands
from bot import __version__
from bot.app import App
from bot.config import LANGUAGES, Config
from bot.dispatch import Core
from bot.domain import faq_changes
from bot.domain.intake import Ground
from bot.errors import NeedsWork
from bot.faq.answers import Answers
from bot.faq.content import Content
from bot.faq.matcher import key_of
from bot.faq.vectors import Encoder
from bot.message import Attachment, Invite, Message, Part, Trust
from bot.seal import KeyRing, key_words
from bot.store import inbox
from bot.store import outbox as rows
from bot.store.db import Database, Tx
from bot.store.keys import KeyChanges, set_identity_verified, write_keys
from bot.store.prompts import set_prompt_delivered
from bot.store.rooms import apply_state, set_room
from bot.text import Texts

BOT = "@helper:example.org"
START = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


ENCODER: list[Encoder] = []


def answers_of(content: Content) -> Answers:
    """Matching for a content, learnt; the model is loaded once a process."""
    return _answers_of(key_of(sorted(content.subjects, key=lambda s: s.person)), content)


def _answers_of(key: str, content: Content, made: dict[str, Answers] = {}) -> Answers:  # noqa: B006  # a cache
    if key not in made:
        if not ENCODER:
            ENCODER.append(Encoder())
        made[key] = Answers(content, encoder=ENCODER[0])
        if made[key].state == "learning":
            made[key].learn()
    return made[key]


@cache
def _key_words(words: tuple[str, ...]) -> str:
    """The bot's key words (a slow hash), once a list."""
    return key_words("K" * 43, list(words))


class Clock:
    """A clock that only the test moves."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **time: float) -> None:
        self.now += timedelta(**time)


@dataclass
class Said:
    """A message of the bot in a room."""

    event_id: str
    text: str
    audience: str
    clear: bool
    content: dict[str, Any]
    redacted: bool = False


@dataclass
class RoomView:
    """A room as its server has it."""

    room_id: str
    members: set[str]
    encrypted: bool = True
    kind: str = "private"
    said: list[Said] = field(default_factory=list)
    redacted: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


class World:
    """The core on a database, with people, rooms and a clock."""

    def __init__(self, url: str, keys: KeyRing, texts: Texts, content: Content, config: Config | None = None) -> None:
        self.clock = Clock()
        self.config = config or Config()
        self.texts = texts
        self.content = content
        self.keys = keys
        self.db = Database(url, keys, self.clock)
        self.rooms: dict[str, RoomView] = {}
        self.declined: list[str] = []
        self.left: list[str] = []
        self.deeds: list[rows.Row] = []
        self.signed: list[str] = []
        self.asked: list[str] = []  # what was taken for a question in somebody's own words
        self.hold_back = False  # what the bot says reaches the server, but sync has not shown it yet
        self.offline = False  # nothing that the bot queues is carried out
        self._number = itertools.count(1)
        self._files = content
        self.answers = answers_of(content)
        self.ground: Ground | None = None  # of intake; None: nothing can be submitted
        self.core = self._core()

    def _content_changed(self, tx: Tx) -> None:
        """As app.py does it, and what is to be learnt is learnt at once."""
        self.content = self.core.content = faq_changes.applied(tx, self._files)
        self.answers = self.core.state["answers"] = answers_of(self.content)

    def _core(self) -> Core:
        state = {
            "started": self.clock(),
            "version": __version__,
            "key_words": {code: _key_words(tuple(self.content.key_words[code])) for code in LANGUAGES},
            "rate": lambda: [Part("status-rate-unknown", {"perminute": 12, "burst": 10, "people": 3})],
            "reload": partial(App._reload, self),  # type: ignore[arg-type]  # it needs config, content and core
            "answers": self.answers,
            "changed": self._content_changed,
            "intake": self.ground,
        }
        known = commands.load()
        question = known["question"]

        def noted(ctx: Any, text: str) -> None:
            question.function(ctx, text)
            self.asked.append(text)

        known["question"] = replace(question, function=noted)
        return Core(self.config, self.content, self.texts, known, BOT, state)

    def restart(self) -> None:
        """The process ended and starts again."""
        self.core = self._core()

    def close(self) -> None:
        self.db.close_now()

    def id(self, kind: str) -> str:
        return f"{kind}{next(self._number)}:example.org" if kind == "!" else f"{kind}event{next(self._number)}"

    def tx(self, function: Any, *args: Any, cause: str = "test", **kwargs: Any) -> Any:
        return self.db.transact(cause, function, *args, **kwargs)[0]

    def queue(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """What the program does by itself (a clock, a start), each time for a cause of its own."""
        return self.tx(function, *args, cause=self.id("$"), **kwargs)

    @property
    def busy(self) -> bool:
        """Whether a transaction is open now."""
        connection = self.db._conn
        return connection is not None and connection.in_transaction()

    # ---- the server -----------------------------------------------------------------------------------------------

    def person(
        self,
        name: str,
        *,
        room: bool = True,
        encrypted: bool = True,
        trust: Trust = Trust.SIGNED,
        power: int = 100,
        deliver: bool = True,
    ) -> Person:
        """Somebody who invites the bot into a private room."""
        found = Person(self, f"@{name}:example.org", trust)
        if room:
            found.room = self.private_room(found.account, encrypted=encrypted, bot_power=power)
            if deliver:
                self.deliver()
        return found

    def private_room(self, account: str, *, encrypted: bool = True, bot_power: int = 100) -> RoomView:
        view = RoomView(self.id("!"), {account}, encrypted)
        self.rooms[view.room_id] = view
        invite = Invite(view.room_id, account, direct=True, encrypted=encrypted)

        def invited(tx: Tx) -> None:
            set_room(tx, view.room_id, membership="invite", inviter=account, direct=True)
            self.core.invited(tx, invite)

        self.tx(invited, cause=f"invite {view.room_id}")
        self._state[view.room_id] = self._room_state(view, account, bot_power)
        return view

    @property
    def _state(self) -> dict[str, list[dict[str, Any]]]:
        return self.__dict__.setdefault("_states", {})  # type: ignore[no-any-return]

    def _room_state(self, view: RoomView, creator: str, bot_power: int) -> list[dict[str, Any]]:
        def event(kind: str, content: dict[str, Any], key: str = "") -> dict[str, Any]:
            return {"type": kind, "state_key": key, "sender": creator, "content": content}

        events = [
            event("m.room.create", {"room_version": "11"}),
            event("m.room.power_levels", {"users": {creator: 100, BOT: bot_power}, "redact": 50}),
            event("m.room.history_visibility", {"history_visibility": "shared"}),
        ]
        if view.encrypted:
            events.append(event("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}))
        return events + [event("m.room.member", {"membership": "join"}, user) for user in view.members]

    def _join(self, room_id: str) -> None:
        view = self.rooms[room_id]
        view.members.add(BOT)
        events = self._state.get(room_id, [])
        ours = {"type": "m.room.member", "state_key": BOT, "sender": BOT, "content": {"membership": "join"}}

        def joined(tx: Tx) -> None:
            apply_state(tx, room_id, [*events, ours], us=BOT)
            self.core.joined(tx, room_id, len(view.members) - 1)

        self.tx(joined, cause=f"join {room_id}")

    def member(self, view: RoomView, account: str, membership: str) -> None:
        """Somebody enters or leaves a room."""
        (view.members.add if membership in ("join", "invite") else view.members.discard)(account)
        event = {
            "type": "m.room.member",
            "state_key": account,
            "sender": account,
            "content": {"membership": membership},
        }

        def record(tx: Tx) -> None:
            apply_state(tx, view.room_id, [event], us=BOT)
            self.core.members_changed(tx, view.room_id)

        self.tx(record, cause=f"member {self.id('$')}")

    def deliver(self, most: int = 500) -> None:
        """Carry out what is due, as outgoing and the server do, until nothing is left."""
        if self.offline:
            return
        for _ in range(most):
            due = self.tx(rows.list_due, 50)
            if not due:
                return
            for row in due:
                self._do(row)
        raise AssertionError("the outbox never becomes empty")

    def _do(self, row: rows.Row) -> None:
        self.deeds.append(row)
        content = row.content or {}
        event_id: str | None = None
        match row.kind:
            case "say" | "edit":
                assert row.room_id
                view = self.rooms[row.room_id]
                if not view.encrypted and not row.clear:
                    self.tx(rows.set_parked, [row.txn], "not-encrypted")
                    return
                event_id = self.id("$")
                said = Said(event_id, self.texts.content(content), row.audience, not view.encrypted, content)
                view.said.append(said)
            case "redact":
                assert row.room_id
                view = self.rooms[row.room_id]
                known, target = self.tx(rows.get_redacted, row)
                if not known:
                    later = self.clock() + timedelta(seconds=10)
                    self.tx(rows.set_later, [row.txn], later, "EVENT_NOT_KNOWN_YET")
                    return
                view.redacted += [target] if target else []
                for s in view.said:
                    s.redacted = s.redacted or s.event_id == target
            case "join":
                self._join(row.room_id or "")
            case "leave":
                self.left.append(row.room_id or "")
                if content.get("reason"):
                    self.declined.append(content["reason"])
            case "create":
                view = RoomView(self.id("!"), {BOT, *content["invite"]}, kind=content["kind"])
                self.rooms[view.room_id] = view
                self._state[view.room_id] = self._room_state(view, BOT, 100)
                self.tx(self._made, view, content)
            case "invite":
                self.member(self.rooms[row.room_id or ""], content["user"], "invite")
            case "sign":
                self.signed.append(content["user"])
                self.tx(set_identity_verified, content["user"], content["master"])
        self.tx(rows.set_sent, [row.txn], event_id)
        if event_id and not self.hold_back:
            self.tx(self._seen, row.txn, event_id)

    def _made(self, tx: Tx, view: RoomView, content: dict[str, Any]) -> None:
        name = content.get("name")
        set_room(tx, view.room_id, kind=content["kind"], ref=content["ref"], name=name, membership="join")
        apply_state(tx, view.room_id, self._state[view.room_id], us=BOT)

    def _seen(self, tx: Tx, txn: str, event_id: str) -> None:
        found = rows.set_confirmed(tx, [txn], event_id)
        if found:
            set_prompt_delivered(tx, found, event_id)

    def show(self) -> None:
        """Sync shows everything that was said while it was held back."""
        self.hold_back = False
        for row in self.deeds:
            found = self.tx(rows.get_row, row.txn)
            if found and found.state == "sent" and found.event_id:
                self.tx(self._seen, row.txn, found.event_id)

    def receive(self, message: Message) -> None:
        """A message arrives, as matrix/sync.py hands it over."""

        def handle(tx: Tx, prepared: Any = None) -> None:
            if inbox.insert_seen(
                tx, message.event_id, message.room_id, message.sender, message.at, message.session_id, message.index
            ):
                self.core.message(tx, message, prepared)

        try:
            self.tx(handle, cause=message.event_id)
        except NeedsWork as need:
            prepared = need.work()
            self.tx(handle, prepared, cause=message.event_id)

    def new_keys(self, account: str) -> None:
        """An account shows another identity than the one that we go by."""
        for master in ("FIRST", "SECOND"):
            identity = {"user_id": account, "master": master, "outdated": False}
            self.queue(write_keys, KeyChanges({"identity": [identity]}))

    # ---- desks ----------------------------------------------------------------------------------------------------

    def open_desk(self) -> RoomView:
        """First start: the desk is made and the staff come in."""
        from bot.domain import desks

        self.tx(desks.ensure, self.config, cause="first start")
        self.deliver()
        self.tx(desks.ensure, self.config, cause="again")
        self.deliver()
        view = next(v for v in self.rooms.values() if v.kind == "desk")
        for member in self.config.staff:
            for account in member.accounts:
                if account in view.members:
                    self.member(view, account, "join")
        return view

    def desk_said(self, *words: str) -> str:
        view = next(v for v in self.rooms.values() if v.kind == "desk")
        for said in reversed(view.said):
            if all(w in said.text for w in words):
                return said.text
        raise AssertionError(f"the desk did not say {words}; it said: {[s.text for s in view.said]}")


class Person:
    """Somebody who writes to the bot."""

    def __init__(self, world: World, account: str, trust: Trust = Trust.SIGNED) -> None:
        self.world = world
        self.account = account
        self.trust = trust
        self.room: RoomView = None  # type: ignore[assignment]
        self._read = 0

    def says(self, *texts: str, room: RoomView | None = None, **more: Any) -> Person:
        """Write messages one after the other; each is answered before the next."""
        for text in texts:
            self.sends(text, room=room, **more)
            self.world.deliver()
        return self

    def sends(self, text: str, *, room: RoomView | None = None, **more: Any) -> str:
        """Write a message; what the bot answers is not carried out yet. Returns its event id."""
        view = room or self.room
        event_id = more.pop("event_id", None) or self.world.id("$")
        if event_id not in view.events:
            view.events.append(event_id)
        values: dict[str, Any] = {"trust": self.trust, "at": self.world.clock(), "kind": "text", "text": text} | more
        self.world.receive(Message(event_id=event_id, room_id=view.room_id, sender=self.account, **values))
        return event_id

    def sends_file(self, name: str = "photo.jpg", *, encrypted: bool = True) -> Person:
        """Send a picture, as an app does in an encrypted room."""
        key = {"v": "v2", "iv": "A" * 22, "hashes": {"sha256": "A" * 43}, "key": {"kty": "oct", "k": "A" * 43}}
        sent = Attachment("mxc://example.org/abc", "image", name=name, key=key if encrypted else None)
        self.sends("", kind="file", attachment=sent)
        self.world.deliver()
        return self

    @property
    def unread(self) -> list[Said]:
        return self.room.said[self._read :]

    def heard(self, *words: str) -> str:
        """The bot's newest message holds these words; returns its text."""
        said = [s for s in self.room.said if "replaces_of" not in s.content]
        assert said, "the bot said nothing"
        text = said[-1].text  # a change of an older message is seen where that stands
        missing = [w for w in words if w not in text]
        assert not missing, f"{missing} not in {text!r}"
        self._read = len(self.room.said)
        return text

    def heard_all(self) -> list[str]:
        """Everything since the last look."""
        found = [s.text for s in self.unread]
        self._read = len(self.room.said)
        return found

    def heard_nothing(self) -> None:
        assert not self.unread, f"the bot said {[s.text for s in self.unread]}"

    def arrives(self, language: str = "1") -> Person:
        """Go through first contact to the menu."""
        self.says(language, "1")
        self._read = len(self.room.said)
        return self

    def digit(self, label: str) -> str:
        """The digit that stands before `label` in the newest message."""
        for row in self.room.said[-1].text.splitlines():
            digit, _, rest = row.partition(" ")
            if rest.strip() == label and digit.isdigit():
                return digit
        raise AssertionError(f"{label!r} is not offered in {self.room.said[-1].text!r}")

    def chooses(self, *labels: str) -> Person:
        """Answer by the digit before each label."""
        for label in labels:
            self.says(self.digit(label))
        return self


def staff(name: str, role: str = "staff", **more: Any) -> dict[str, Any]:
    return {"id": name, "accounts": [f"@{name}:example.org"], "role": role, **more}


def scan(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file below a folder with its bytes."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_bytes()
