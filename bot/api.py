"""All that a file in commands/ may import: Context, command, Option, Part, UserError, and who may do what where."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from bot import outbox, prompts
from bot.config import ROLES, Config, Role
from bot.errors import NeedsWork, UserError
from bot.faq.content import Content
from bot.message import Audience, Message, Part, Trust
from bot.store.db import Tx
from bot.store.people import Person
from bot.store.rooms import Room
from bot.text import Texts, clock, day, each, key, line, month, option

__all__ = [
    "ADMINS",
    "EVERYONE",
    "MODES",
    "ROLES",
    "STAFF",
    "TEAM",
    "Context",
    "Mode",
    "Option",
    "Part",
    "Place",
    "Role",
    "Trust",
    "UserError",
    "clock",
    "command",
    "day",
    "each",
    "key",
    "line",
    "month",
]

Place = Literal["private", "dialogue", "desk", "group"]  # dialogue: the room of a draft
Mode = Literal["listening", "open", "paused", "archive"]
MODES: tuple[Mode, ...] = ("listening", "open", "paused", "archive")
EVERYONE: tuple[Role, ...] = ("participant", "member", "coordinator", "staff", "approver", "admin", "ombud")
STAFF: tuple[Role, ...] = ("staff", "admin")
TEAM: tuple[Role, ...] = ("staff", "approver", "admin")
ADMINS: tuple[Role, ...] = ("admin",)


@dataclass(frozen=True)
class Command:
    """Something that people can ask: a plain function and who may ask it where, and when."""

    name: str
    function: Callable[..., None]
    roles: tuple[Role, ...]
    places: tuple[Place, ...]
    modes: tuple[Mode, ...]
    audience: Audience
    exposing: bool
    locked: bool
    typed: bool
    parameters: tuple[inspect.Parameter, ...]

    @property
    def needed(self) -> int:
        """How many words must follow."""
        return sum(1 for p in self.parameters if p.default is inspect.Parameter.empty)


def command(
    name: str,
    *,
    roles: tuple[Role, ...] = EVERYONE,
    places: tuple[Place, ...] = ("private",),
    modes: tuple[Mode, ...] = MODES,
    audience: Audience = "public",
    exposing: bool = False,
    locked: bool | None = None,
    typed: bool = True,
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Mark a function as the command `name`; its parameters after the context are what follows the word.

    `audience`: "own" when the answer is somebody's own (only on devices that their owner signed). `exposing`: needs an
    identity that was compared. `locked`: asks for the lock phrase of those who have one, as all that is "own".
    `typed=False`: reached by a digit only.
    """

    def mark(function: Callable[..., None]) -> Callable[..., None]:
        parameters = tuple(inspect.signature(function).parameters.values())[1:]
        function.command = Command(  # type: ignore[attr-defined]
            name,
            function,
            roles,
            places,
            modes,
            audience,
            exposing,
            audience == "own" if locked is None else locked,
            typed,
            parameters,
        )
        return function

    return mark


@dataclass(frozen=True)
class Option:
    """A line of a menu: what the digit does, as a command with its words."""

    label: Part
    command: str
    args: tuple[str, ...] = ()
    digit: str | None = None  # the next free one, when not given


@dataclass
class Context:
    """One message being answered: who, where, and what can be said and asked."""

    tx: Tx
    person: Person
    room: Room
    message: Message
    place: Place
    audience: Audience
    choose: Callable[[Context, str, list[str]], tuple[Command, list[str]]] = field(repr=False)
    config: Config
    content: Content
    texts: Texts
    state: dict[str, Any] = field(default_factory=dict)  # what the running program knows (started, master key ...)
    prepared: Any = None
    parts: list[Part] = field(default_factory=list)
    prompt: prompts.Asked | None = None
    recording: str | None = None
    batch: str | None = None  # of the case that is told of: the answer is taken back with it
    later: timedelta = timedelta(0)  # how long the answer waits
    took_back: bool = False  # the message that is being answered is taken back from the room

    @property
    def alone(self) -> bool:
        """Whether nobody but the person reads what is said here."""
        return self.place in ("private", "dialogue")

    @property
    def now(self) -> datetime:
        return self.tx.now

    @property
    def thread(self) -> str | None:
        """Where the answer stands: in a group always in a thread, so that it disturbs nobody."""
        if self.place == "group" and self.message.event_id:
            return self.message.thread or self.message.event_id
        return self.message.thread

    @property
    def language(self) -> str | None:
        return self.person.language

    def say(self, name: str, /, **values: Any) -> None:
        """Answer with a sentence of the catalogues. What one command says is one message unless `pause` divides it."""
        self.add(Part(name, values))

    def add(self, *parts: Part) -> None:
        for part in parts:
            self.texts.render(self.language, [part])  # a missing sentence or value fails here, not when it is sent
            self.parts.append(part)

    def pause(self) -> None:
        """What follows is a message of its own (one short text only, for people who asked for that)."""
        if self.parts and not self.person.lite:
            self._flush()

    def ask(
        self,
        *options: Option,
        text_command: tuple[str, ...] | None = None,
        secret: bool = False,
        expires: timedelta = timedelta(days=1),
        about: str = "",
    ) -> None:
        """End the answer with numbered options: what a digit means until the next question.

        `text_command` takes any other text as its argument (`secret`: which is taken back from the room at once);
        `about` is the entry that is shown.
        """
        meaning: dict[str, list[str]] = {}
        number = 0
        for choice in options:
            if choice.digit is None:
                number += 1
            digit = choice.digit if choice.digit is not None else str(number)
            meaning[digit] = [choice.command, *choice.args]
            self.add(option(digit, choice.label))
        self.prompt = prompts.Asked(meaning, text_command, secret, expires, about)

    def ask_again(self, *, options_only: bool = False) -> None:
        """Repeat the room's open question, or show the menu when there is none."""
        open_prompt = prompts.current(self.tx, self.room.room_id)
        if open_prompt is None or open_prompt.person_id != self.person.id:
            self.run("menu")
            return
        options = [p for p in open_prompt.parts if p.key == "=option"]
        again = [p for p in open_prompt.parts if p not in self.parts]  # what leads to it is not repeated with it
        self.parts += options if options_only and options else again
        self.prompt = open_prompt.asked
        self.audience = open_prompt.audience if self.audience == "public" else self.audience

    def keep_prompt(self) -> None:
        """What was asked before is still asked."""
        found = prompts.current(self.tx, self.room.room_id)
        self.prompt = found.asked if found and found.person_id == self.person.id else None

    @property
    def offered(self) -> prompts.Asked | None:
        """What this person was offered last."""
        found = prompts.current(self.tx, self.room.room_id)
        return found.asked if found and found.person_id == self.person.id else None

    def run(self, name: str, *args: str) -> None:
        """Go on with another command, where the person may ask for it."""
        target, words = self.choose(self, name, list(args))
        if target.audience == "own":
            self.audience = "own"
        target.function(self, *words)

    @property
    def mechanism(self) -> Any:
        """The name of the body that runs this, in each language."""
        return each(self.config.mechanism.name)

    @property
    def key_words(self) -> str:
        """The eight words of the bot's own key, in the person's language."""
        words: dict[str, str] = self.state["key_words"]
        return words[self.language or "en"]

    @property
    def human(self) -> str:
        """Who stands behind the account: one name for all accounts of a member of the staff."""
        return self.config.staff_id(self.person.account) or self.person.id

    def not_here(self) -> UserError:
        """What hears who may not ask for something here: the same as for what does not exist."""
        if self.alone:
            return UserError("unknown")
        if self.place == "desk" and self.person.role in TEAM:
            return UserError("unknown-desk")
        return UserError("unknown-here", address=self.state["us"])

    def named(self, names: Mapping[str, str], typed: str) -> str:
        """Which name somebody typed, in any language; `names` has the sentence of each. Else what they typed."""
        return self.texts.name_of(names, typed) or typed

    def slow(self, work: Callable[[], Any]) -> Any:
        """The result of something slow and pure, computed outside the transaction."""
        if self.prepared is None:
            raise NeedsWork(work)
        return self.prepared

    def voice(self, path: str) -> None:
        """Follow the answer with a recording of it (a file of the content folder)."""
        if not self.person.lite:
            self.recording = path

    def _flush(self, *, final: bool = False) -> None:
        if not self.parts:
            return
        parts, self.parts = self.parts, []
        txn = outbox.say(
            self.tx,
            self.room.room_id,
            parts,
            language=self.language,
            audience=self.audience,
            lite=self.person.lite,
            # A message that could be read only late is named, so that the answer is not taken for another one's.
            reply_to=self.message.event_id if not self.alone or self.message.late else None,
            thread=self.thread,
            loud=self.person.call_me,
            batch=self.batch,
            not_before=self.now + self.later if self.later else None,
        )
        if final and self.prompt is not None and self.alone:
            if self.place == "dialogue":  # what was answered stands in a draft's messages: only its options are kept
                parts = [p for p in parts if p.key == "=option"]
            prompts.open_prompt(
                self.tx, self.room.room_id, self.person.id, txn, self.prompt, parts, self.language, self.audience
            )

    def finish(self) -> None:
        """Queue what was said (called by dispatch). An answer that asks nothing ends a question for words."""
        if self.parts and self.prompt is None and self.alone:
            prompts.close_text(self.tx, self.room.room_id)
        self._flush(final=True)
        if self.recording is not None:
            outbox.send_file(
                self.tx,
                self.room.room_id,
                self.recording,
                name="voice.ogg",
                mimetype="audio/ogg",
                lane="now",
                voice=True,
            )


def commands_of(modules: Iterable[Any]) -> dict[str, Command]:
    """The commands of `modules`. Raises ValueError when two have the same name."""
    found: dict[str, Command] = {}
    for module in modules:
        for value in vars(module).values():
            marked = getattr(value, "command", None)
            if isinstance(marked, Command):
                if marked.name in found and found[marked.name].function is not marked.function:
                    raise ValueError(f"two commands are called {marked.name}")
                found[marked.name] = marked
    return found
