"""One message -> one transaction: who, prompt or command, and what goes wrong. Read it from top to bottom.

`Core` is what matrix/sync.py hands over to; every method runs inside the transaction that records the event as handled.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import sqlalchemy.exc

from bot import outbox, prompts
from bot.api import Command, Context, Place
from bot.approvals import reference
from bot.config import LANGUAGES, Config
from bot.domain import caselife, cases, desks, drafts, modes, people, rooms
from bot.errors import NeedsWork, UserError
from bot.faq.content import Content
from bot.log import logger
from bot.matrix.trust import may_ask
from bot.message import Invite, Message, Part, Trust
from bot.store.db import Tx
from bot.store.meta import get_meta, set_meta
from bot.store.people import Person
from bot.store.rooms import Room
from bot.text import Texts, digit_of, normalised

log = logger(__name__)

STAFF_MESSAGES = 10  # times as much may be written at a desk, and in the dialogue of a submission
LONGEST_LABEL = 200  # characters of what is compared with the options of a menu
REFERENCE = re.compile(r"[A-Z]\d[A-Z]\d")
AWAY = timedelta(minutes=3)  # an answer that comes later than this says that we were away
PREFIX = "!"
DIALOGUE_WORDS = {  # what each of the dialogue's own commands may be called
    "draft-skip": "said-draft-skip", "draft-back": "said-draft-back", "draft-why": "said-draft-why",
    "draft-review": "said-draft-review", "draft-stop": "said-draft-stop",
}  # fmt: skip


@dataclass
class Core:
    """Everything that answering needs, built once by app.py. `state` holds what the running program knows."""

    config: Config
    content: Content
    texts: Texts
    commands: dict[str, Command]
    us: str
    state: dict[str, Any] = field(default_factory=dict)
    rate: people.Rate = field(default_factory=people.Rate)

    # ---- rooms ----------------------------------------------------------------------------------------------------

    def invited(self, tx: Tx, invite: Invite) -> None:
        if not rooms.decide_invite(tx, self.config, invite.room_id, invite.inviter):
            outbox.leave(tx, invite.room_id, reason=self._in_all_languages("room-declined"))

    def joined(self, tx: Tx, room_id: str, others: int, *, before_us: bool = False) -> None:
        """We are in a room. `before_us`: the account was in it before our first start; nobody there expects us."""
        room = rooms.access_room(tx, room_id)
        assert room is not None
        kind = rooms.classify(tx, self.config, room, others)
        if kind == "declined" and before_us:
            return
        if kind == "declined":
            outbox.leave(tx, room_id, reason=self._in_all_languages("room-declined"))
        elif kind == "private" and before_us:
            rooms.set_greeted(tx, room_id)
        elif kind == "private" and room.inviter:
            self._greet(tx, room, room.inviter)
        elif kind == "desk":
            desks.ensure(tx, self.config)

    def members_changed(self, tx: Tx, room_id: str) -> None:
        room = rooms.access_room(tx, room_id)
        if room is None:
            return
        if room.kind == "submission":
            self._in_dialogue(tx, room)
        elif rooms.no_longer_private(tx, room, self.us):
            outbox.say(tx, room_id, [Part("room-not-private")], language=None, audience="public")
        elif rooms.is_empty(tx, room, self.us):
            outbox.leave(tx, room_id, lane="sweep")
        elif room.kind == "private" and (guest := rooms.who_came(tx, room, self.us)):
            self._greet(tx, room, guest)  # into a room that we opened for them

    def _in_dialogue(self, tx: Tx, room: Room) -> bool:
        """Who is in the room of a draft has changed: it begins, goes on, or ends. Whether it goes on."""
        if account := drafts.entered(tx, room, self.us):
            person = people.access_person(tx, self.config, account)
            room = rooms.access_room(tx, room.room_id) or room
            self._run(tx, person, room, _nothing(room.room_id, person, tx), "draft-begin", [])
            return True
        return drafts.still_alone(tx, room, self.us)

    def _greet(self, tx: Tx, room: Room, account: str) -> None:
        """The neutral greeting, once a room, for the one who is in it with us."""
        if room.greeted:
            return
        rooms.set_greeted(tx, room.room_id)
        if not room.encrypted:
            self._say_clear(tx, room.room_id)
            return
        person = people.access_person(tx, self.config, account)
        self._run(tx, person, replace(room, kind="private"), _nothing(room.room_id, person, tx), "start", [])

    def left(self, tx: Tx, room_id: str) -> None:
        prompts.close(tx, room_id)
        outbox.cancel_room(tx, room_id)

    def unreadable(self, tx: Tx, room_id: str, sender: str, reason: str) -> None:
        """A message stays unreadable: say so kindly, once for each key that did not come."""
        room = rooms.access_room(tx, room_id)
        if room is None or room.kind != "private":
            return
        person = people.access_person(tx, self.config, sender)
        if self.rate.allow(f"{person.id} unreadable", tx.now, self.config) != "yes":
            return
        outbox.say(tx, room_id, [Part("unreadable")], language=person.language, audience="public", lite=person.lite)

    def _leave(self, tx: Tx, room: Room, person: Person) -> None:
        """Somebody wants us gone from where nothing private can be said: take back what may be, and go."""
        people.take_back(tx, person, room, self.us)
        outbox.leave(tx, room.room_id, lane="sweep")  # after what is taken back

    def _say_clear(self, tx: Tx, room_id: str, what: str = "=clear") -> None:
        """All that is said without encryption: that we do not talk without, and the way out."""
        outbox.say(tx, room_id, [Part(what)], language=None, audience="public", clear=True)

    def _in_all_languages(self, name: str) -> str:
        return " · ".join(self.texts.sentence(language, name) for language in LANGUAGES)

    # ---- messages -------------------------------------------------------------------------------------------------

    def message(self, tx: Tx, message: Message, prepared: Any = None) -> None:
        """Answer one message. What goes wrong is said kindly; nothing of the handler's work then stays."""
        room = rooms.access_room(tx, message.room_id)
        if room is None or message.kind in ("reaction", "other"):
            return
        if room.kind == "new":
            return
        if room.kind == "private" and rooms.no_longer_private(tx, room, self.us):  # seen only now: reading had a gap
            outbox.say(tx, room.room_id, [Part("room-not-private")], language=None, audience="public")
            return
        if room.kind == "submission" and not drafts.still_alone(tx, room, self.us):
            return
        if message.kind in ("edit", "redaction"):
            self._changed(tx, room, message)
            return
        place = _place(room)
        if place == "group" and room.greeted and digit_of(message.text) == "0":
            # It was private once, and there is nothing for us to do in it any more: whoever says so is right.
            self._leave(tx, room, people.access_person(tx, self.config, message.sender))
            return
        typed = self._addressed(message, place)
        in_case = cases.of_thread(tx, message.thread) if place == "desk" and message.thread else None
        if typed is None and in_case is None:
            return
        person = people.access_person(tx, self.config, message.sender)
        # Leaving has an allowance of its own: nobody is held who wrote too much.
        leaving = place in ("private", "dialogue") and self._leaves(typed or "")
        times = STAFF_MESSAGES if place in ("desk", "dialogue") else 1  # a submission is many short answers
        counted = f"{person.id} leaves" if leaving else f"{person.id} {place}" if place == "dialogue" else person.id
        rate = self.rate.allow(counted, tx.now, self.config, times=times)
        if rate == "no":
            return
        if message.kind == "clear":
            self._clear_message(tx, room, person, leaving=leaving)
            return
        if rate == "slow":
            minutes = max(1, self.config.limits.window_seconds // 60)
            self._say(tx, person, room, message, [Part("too-fast", {"minutes": minutes})])
            return
        if in_case is not None:
            cases.typed(tx, in_case, message.event_id)
        if typed is None:
            name = "case-send" if digit_of(message.text, words=0) == "1" else "case-note"
            self._run(tx, person, room, message, name, [], prepared=prepared)
            return
        command, args, secret = self._meaning(tx, room, person, message, place, typed)
        self._run(tx, person, room, message, command, args, secret=secret, prepared=prepared)

    def _changed(self, tx: Tx, room: Room, message: Message) -> None:
        """Somebody changed or took back what they wrote: what was passed on of it changes too."""
        if not message.about or not (message.trust.safe or message.kind == "redaction"):
            return
        if room.kind == "submission":
            if message.kind == "edit":
                person = people.access_person(tx, self.config, message.sender)
                if self.rate.allow(f"{person.id} edits", tx.now, self.config) != "yes":
                    return
                self._run(tx, person, room, message, "answer-edited", [message.about, message.text])
        elif message.kind == "redaction":
            caselife.redacted(tx, self.config, message.sender, message.about)
        else:
            person = people.access_person(tx, self.config, message.sender)
            if self.rate.allow(f"{person.id} edits", tx.now, self.config) != "yes":
                return
            if room.kind == "private" and not person.unlocked(tx.now):
                return
            names = self.texts.sentence(person.language, "names-said").split("|")
            text = self._without_command(message.text)
            if not caselife.edited(tx, self.config, message.sender, message.about, text, names):
                self._say(tx, person, room, message, [Part("edit-not-passed")])

    def _without_command(self, text: str) -> str:
        """The words of a reply that was changed: without the command and the number before them."""
        typed = text.removeprefix(PREFIX).strip()
        found = self.texts.command_of(typed)
        if found is not None and found[0] == "case-reply":
            pattern = r"\s+".join(re.escape(word) for word in found[1].split())
            at = re.search(pattern + r"\s*\Z", typed)
            typed = at[0] if at else found[1]
        first, _, rest = typed.partition(" ")
        return rest.strip() if rest.strip() and REFERENCE.fullmatch(first.strip(".,:;").upper()) else typed

    def _leaves(self, typed: str) -> bool:
        """Whether somebody wants out, or to know how to stay safe: never held up by how much they wrote."""
        if digit_of(typed) == "0":
            return True
        found = self.texts.command_of(typed)
        return found is not None and found[0] in ("leave", "safety", "threat") and not found[1]

    def _addressed(self, message: Message, place: Place) -> str | None:
        """What is said to us: everything in private, elsewhere only after the prefix or a mention."""
        if place in ("private", "dialogue"):
            return message.text
        if message.kind != "text":
            return None
        typed = message.text
        if typed.startswith(PREFIX):
            return typed[len(PREFIX) :].strip()
        if message.mentions_us:
            words = typed.split()
            if words and (self.us in words[0] or words[0].rstrip(":,").lower() in (self.us[1:].partition(":")[0],)):
                words = words[1:]
            return " ".join(words)
        return None

    def _clear_message(self, tx: Tx, room: Room, person: Person, *, leaving: bool) -> None:
        """Something came without encryption: in an encrypted room it is not read, elsewhere we offer the way out."""
        if room.encrypted:
            outbox.say(tx, room.room_id, [Part("clear-message")], language=person.language, audience="public")
        elif leaving:
            self._leave(tx, room, person)
        elif room.kind == "private":
            try:
                rooms.open_private(tx, self.config, person.account)
            except UserError:  # invited today already: say so, once an hour in a room
                name = f"clear-told-{room.room_id}"
                if get_meta(tx, name) != f"{tx.now:%Y%m%d%H}":
                    set_meta(tx, name, f"{tx.now:%Y%m%d%H}")
                    self._say_clear(tx, room.room_id, "=already")
                return
            self._say_clear(tx, room.room_id)

    def _meaning(
        self, tx: Tx, room: Room, person: Person, message: Message, place: Place, typed: str
    ) -> tuple[str, list[str], bool]:
        """Which command a message means, with what follows it, and whether it is a secret to be taken back at once."""
        found = self._command(person, typed, place)
        if place == "dialogue":
            return self._meaning_in_dialogue(tx, room, person, message, typed, found[0] if found else "")
        if place != "private":
            if found:
                return found[0], found[1].split(), False
            # In a group, what we do not know may be meant for another program.
            if place == "group" and message.mentions_us and typed:
                return "question", [typed], False
            return "unknown" if place == "desk" or message.mentions_us else "silence", [], False
        open_prompt = prompts.current(tx, room.room_id)
        if open_prompt is not None and open_prompt.person_id != person.id:
            open_prompt = None
        digit = digit_of(typed, words=0 if open_prompt is not None and open_prompt.asked.text_command else 2)
        if digit == "0":
            return "leave", [], False
        if message.kind != "text":
            return "not-text", [message.kind], False
        if message.trust is Trust.CHANGED and person.role == "participant":
            return "identity-changed", [], False
        with_invitation = message.late and room.joined_at is not None and message.at <= room.joined_at
        if person.stage == "language" and open_prompt is not None and not (found and found[2]):
            if with_invitation or not open_prompt.delivered:
                return "silence", [], False  # written before the greeting arrived, which answers it
            if message.late:
                return "start", [], False
        if open_prompt is not None:
            asked = open_prompt.asked
            if digit is None and not (found and found[1] == ""):  # a word alone means the same wherever it is written
                digit = self._label(open_prompt, person, typed)
            answers = open_prompt.delivered and not message.late
            if digit is not None and digit in asked.meaning:
                if not answers:
                    return "crossed", [], False
                command, *args = asked.meaning[digit]
                return command, args, False
            if asked.text_command and not (found and found[1] == "" and digit is None):
                if not answers:
                    return "crossed", [], asked.secret
                return asked.text_command[0], [*asked.text_command[1:], typed], asked.secret
            if digit is not None:
                return "no-such-digit", [digit], False
        if person.stage in ("new", "language"):
            return "start", [found[2]] if found and found[2] else [], False
        if person.stage == "alone":
            return "alone", [], False
        if found:
            return found[0], found[1].split(), False
        if with_invitation:
            return "silence", [], False  # it came with the invitation; the greeting has answered it
        if digit is not None:
            return "menu", [], False
        if answered := self._answer_to(tx, person, message, typed):
            return "case-write", list(answered), False
        return "question", [typed], False

    def _meaning_in_dialogue(
        self, tx: Tx, room: Room, person: Person, message: Message, typed: str, word: str
    ) -> tuple[str, list[str], bool]:
        """The same where somebody submits something: the dialogue's own words and numbers come first."""
        asked = prompts.current(tx, room.room_id)
        if message.trust is Trust.CHANGED:
            return "identity-changed", [], False
        if message.kind == "file":
            return "answer-file", [], False
        if message.kind == "location":
            return "answer-place", [], False
        if message.kind != "text":
            return "not-text", [message.kind], False
        digit = digit_of(typed, words=0)
        written = "".join(str(int(c)) if c.isdecimal() else c for c in typed).strip()
        if asked is None or asked.person_id != person.id:
            return ("leave" if digit == "0" else "draft-again"), [], False
        if digit == "0" and written != "00":  # the way out, but where a number is asked for: there we ask which it is
            zero, *about = asked.asked.meaning.get("0", ["leave"])
            return zero, about, False
        if written in asked.asked.meaning and written.startswith("0"):
            return asked.asked.meaning[written][0], [], False
        if own := self.texts.which_said(DIALOGUE_WORDS, typed):
            return own, [], False
        if word == "safety":
            return word, [], False
        digit = digit if digit in asked.asked.meaning else self._label(asked, person, typed)
        late = message.late or not asked.delivered
        if digit is not None:
            command, *args = asked.asked.meaning[digit]
            return ("answer-late", [command, *args], False) if late else (command, args, False)
        if asked.asked.text_command is None:
            return "no-such-digit", [typed[:20]], False
        command, *args = asked.asked.text_command
        if late:
            return "answer-late", [command, *args, typed], asked.asked.secret
        return command, [*args, typed], asked.asked.secret

    def _label(self, open_prompt: prompts.Open, person: Person, typed: str) -> str | None:
        """The digit of the option whose words somebody typed instead of it."""
        if len(typed) > LONGEST_LABEL:
            return None
        wanted, options = normalised(typed), (p.values for p in open_prompt.parts if p.key == "=option")
        labels = {o["digit"]: self.texts.render(person.language, [Part(*o["label"])]) for o in options}
        return next((digit for digit, label in labels.items() if normalised(label) == wanted), None)

    def _answer_to(self, tx: Tx, person: Person, message: Message, typed: str) -> tuple[str, str] | None:
        """The case that somebody writes back to, and the words: by a reply to what they were told, or by its number."""
        if message.reply_to and (case := cases.of_copy(tx, person, message.reply_to)):
            return case.ref, typed
        first, _, rest = typed.partition(" ")
        named = first.strip(".,:;").upper()
        mine = cases.own(tx, person, open_only=False) if rest.strip() and REFERENCE.fullmatch(named) else []
        if any(c.ref == named for c in mine):
            return named, rest.strip()
        return None

    def _command(self, person: Person, typed: str, place: Place) -> tuple[str, str, str | None] | None:
        """The command at the beginning of a message: name, what follows, and the language if the word tells it.

        A word that takes nothing counts only alone, and the team's words only for the team: "people were ..." or
        "stop them ..." begins a story, not a command. In a group they are known to everybody: silence towards some
        would tell who has a role.
        """
        found = self.texts.command_of(typed)
        if found is None:
            return None
        command = self.commands[found[0]]
        if (found[1] and not command.parameters) or (place != "group" and person.role not in command.roles):
            return None
        return found

    # ---- running a command ----------------------------------------------------------------------------------------

    def _run(
        self,
        tx: Tx,
        person: Person,
        room: Room,
        message: Message,
        name: str,
        args: list[str],
        *,
        prepared: Any = None,
        secret: bool = False,
    ) -> None:
        command, args = self._or_instead(tx, person, room, message, name, args)
        context = Context(
            tx=tx,
            person=person,
            room=room,
            message=message,
            place=_place(room),
            audience=command.audience,
            config=self.config,
            content=self.content,
            texts=self.texts,
            state=self.state | {"us": self.us, "commands": self.commands},
            prepared=prepared,
            choose=self._choose,
        )
        self._say_if_late(tx, context)
        self._say_news(tx, context, command)
        said = list(context.parts)
        if secret:  # whatever comes of it
            context.took_back = self._take_back(tx, room, message)
        savepoint = tx.conn.begin_nested()
        try:
            self._check(context, command)
            command.function(context, *self._arguments(command, args))
            context.finish()
            savepoint.commit()
        except NeedsWork:
            savepoint.rollback()
            raise
        except UserError as error:
            savepoint.rollback()
            # What comes next is not taken for the answer to a question from before, nor for the secret.
            prompts.close_text(tx, room.room_id, unless_for="" if secret else name)
            self._say(tx, person, room, message, [*said, Part(error.key, error.values)])
        except (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError):
            raise  # the database's fault: the whole transaction is tried again
        except Exception:
            savepoint.rollback()
            ref = reference()
            log.exception("handler failed", command=name, ref=ref)
            self._say(tx, person, room, message, [*said, Part("went-wrong", {"ref": ref})])

    def _or_instead(
        self, tx: Tx, person: Person, room: Room, message: Message, name: str, args: list[str]
    ) -> tuple[Command, list[str]]:
        """The command with its words, or what this device (mend it) or a locked person (unlock) has to do first."""
        command = self.commands.get(name) or self.commands["unknown"]
        if person.role not in command.roles or _place(room) not in command.places:
            return command, args  # refused by _check, on whatever device
        if not self._may(person, room, message, command):
            if message.trust is Trust.CHANGED:
                people.tell_changed(tx, self.config, person)
            return self.commands["mend"], ["exposing" if message.trust.safe else ""]
        if command.locked and not person.unlocked(tx.now):
            # What was typed may be a secret; it is not kept for later.
            then = [name, *args] if command.typed else ["menu" if command.needed else name]
            return self.commands["unlock-first"], then
        return command, args

    def _choose(self, context: Context, name: str, args: list[str]) -> tuple[Command, list[str]]:
        """What one command goes on with: checked as if the person had asked for it. Raises UserError."""
        command, args = self._or_instead(context.tx, context.person, context.room, context.message, name, args)
        self._check(context, command)
        return command, self._arguments(command, args)

    def _may(self, person: Person, room: Room, message: Message, command: Command) -> bool:
        """Whether this device may ask for that (matrix/trust.py)."""
        if message.kind == "join" or command.name == "leave":
            return True  # nobody asked anything: the neutral greeting; and nobody is held
        if command.name == "silence" and _place(room) == "group":
            return True  # what was not meant for us needs no device
        lenient = self.config.encryption.participants == "any"
        accepts = lenient and person.accepts_unsigned is not None and not message.signed_elsewhere
        return may_ask(
            person.role,
            message.trust,
            command.audience,
            room.kind,
            accepts_unsigned=accepts,
            exposing=command.exposing,
        )

    def _check(self, context: Context, command: Command) -> None:
        """May this person do that here, from this device, now? Raises UserError. Deny by default."""
        person = context.person
        if command.name == "unlock-first" and context.place == "desk":
            raise UserError("unlock-private", address=self.us)
        if person.role not in command.roles or context.place not in command.places:
            raise context.not_here()
        if context.place == "desk" and not desks.may_enter(self.config, context.room.name or "", person.account):
            raise context.not_here()
        mode = modes.current(context.tx)
        if mode not in command.modes:
            raise UserError(f"mode-refuses-{mode}")

    @staticmethod
    def _arguments(command: Command, args: list[str]) -> list[str]:
        """The words after the command, as its parameters want them; the last one takes all that is left."""
        count = len(command.parameters)
        if len(args) < command.needed:
            raise UserError("needs-more", command=command.name)
        if count == 0 or len(args) <= count:
            return args[:count]
        return [*args[: count - 1], " ".join(args[count - 1 :])]

    def _take_back(self, tx: Tx, room: Room, message: Message) -> bool:
        """Take a secret that was typed back from the room at once, where we may."""
        if not room.may(self.us, "redact"):
            return False
        outbox.redact(tx, room.room_id, message.event_id, lane="now")
        return True

    def _say(self, tx: Tx, person: Person, room: Room, message: Message, parts: list[Part]) -> None:
        """A sentence that holds nothing of anybody's own."""
        outbox.say(
            tx,
            room.room_id,
            parts,
            language=person.language or ("en" if room.kind == "desk" else None),
            audience="public",
            lite=person.lite,
            reply_to=message.event_id if room.kind not in ("private", "submission") else None,
            thread=message.thread,
            loud=person.call_me,
        )

    def _say_news(self, tx: Tx, context: Context, command: Command) -> None:
        """That something waits to be read, when somebody writes who is not to be written to."""
        person = context.person
        if context.place != "private" or person.stage != "ready" or command.name in ("news", "leave", "forget-yes"):
            return
        name = f"news-told-{person.id}"
        readable = self._may(person, context.room, context.message, self.commands["news"])
        if not readable or not person.unlocked(tx.now) or context.message.trust is Trust.CHANGED:
            return  # whoever holds the phone or the server need not know that there is something
        if not caselife.has_news(tx, self.config, person) or get_meta(tx, name) == f"{tx.now:%Y%m%d%H}":
            return
        set_meta(tx, name, f"{tx.now:%Y%m%d%H}")
        context.say("news-waits")
        context.pause()

    def _say_if_late(self, tx: Tx, context: Context) -> None:
        """Once for each time that we were away: the answers come late, and in which order."""
        started = self.state.get("started")
        late = tx.now - context.message.at > AWAY and context.message.kind != "join"
        if not late or started is None or context.place == "group" or context.person.stage in ("new", "language"):
            return
        told = context.room.away_told_at
        if context.message.at < started and (told is None or told < started):
            rooms.set_away_told(tx, context.room.room_id)
            context.say("was-away")
            context.pause()


def _place(room: Room) -> Place:
    places: dict[str, Place] = {"private": "private", "submission": "dialogue", "desk": "desk"}
    return places.get(room.kind, "group")


def _nothing(room_id: str, person: Person, tx: Tx) -> Message:
    """The message behind what the bot begins by itself: that somebody invited it."""
    return Message("", room_id, person.account, tx.now, kind="join", trust=Trust.UNSIGNED)
