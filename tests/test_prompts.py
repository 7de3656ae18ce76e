"""What a digit means: only what was asked, seen and is still open. And what the bot says when it cannot know."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import outbox
from bot.config import LANGUAGES, Config
from bot.domain import pages
from bot.faq.content import Content
from bot.message import Part, Trust
from bot.seal import KeyRing
from bot.store.outbox import get_row
from bot.store.people import get_person
from bot.store.prompts import get_prompt
from bot.text import Texts, digit_of
from commands import privacy
from tests.world import Person, Said, World, staff

PHRASE = "green ladder"
CROSSED = "We wrote at the same time."
NOBODY_KNOWS = "what colour is the carpet in your building"  # a question that no answer fits


def known(person: Person) -> bool:
    return person.world.tx(get_person, person.account) is not None


# ---- only what was seen is answered ---------------------------------------------------------------------------------


def test_a_digit_answers_only_a_question_that_was_seen_before(world: World) -> None:
    person = world.person("p").arrives().says("forget")
    person.chooses("No")
    world.hold_back = True
    person.says("forget", "1")
    assert known(person)
    person.heard(CROSSED, "Shall I erase", "1 Yes, erase it")
    world.show()
    person.says("1").heard("It is erased")
    assert not known(person)
    person.says("hello").heard("1 English")


def test_two_digits_at_once_are_not_an_answer_to_a_question_nobody_saw(world: World, texts: Texts) -> None:
    person = world.person("p").arrives()
    person.sends("1")
    person.sends("1")
    world.deliver()
    first, second = person.heard_all()
    assert first.startswith("Choose a number:")
    assert second == f"{texts.sentence('en', 'crossed')}\n{first}"
    person.says("1").heard("Choose a number:", "Other subjects")


def test_of_several_messages_only_the_one_that_asks_opens_the_question(world: World) -> None:
    person = world.person("p").says("1")
    world.hold_back = True
    person.says("1")
    *before, menu = [row for row in world.deeds if row.kind == "say"][-3:]
    for row in before:
        world.tx(world._seen, row.txn, world.tx(_event_of, row.txn))
    person.says("3").heard(CROSSED, "Write a number:")
    world.show()
    person.says("3").heard("About this chat")
    assert menu.content


def _event_of(tx: Any, txn: str) -> str:
    found = get_row(tx, txn)
    assert found is not None
    assert found.event_id is not None
    return found.event_id


EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
QUESTIONS: dict[str, tuple[list[str], str, str, str]] = {  # said before, the digit, asked again, then heard
    "alone": (["1"], "1", "Are you alone", "Write a number:"),
    "menu": (["1", "1"], "2", "Write a number:", "Version"),
    "subjects": (["1", "1", "1"], "1", "Choose a number:", "Other subjects"),
    "erase": (["1", "1", "forget"], "1", "Shall I erase", "It is erased"),
    "language": (["1", "1", "language"], "2", "Which language?", "اكتب"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_digit_that_became_readable_late_never_answers(world: World, name: str) -> None:
    before, digit, asked, answer = QUESTIONS[name]
    person = world.person("p").says(*before)
    person.heard(asked)
    late = person.sends(digit, late=True)
    world.deliver()
    assert known(person)
    person.heard(CROSSED, asked)
    assert person.room.said[-1].content["reply_to"] == late, "so that it is clear which message this is about"
    person.says(digit).heard(answer)
    person.says("0").heard()
    person.says("hello", "1").heard("1 ")


def test_a_late_digit_at_the_greeting_gets_the_greeting_again(world: World) -> None:
    person = world.person("p")
    greeting = person.heard("1 English")
    world.clock.advance(minutes=1)
    person.says("2", late=True)
    assert person.heard() == greeting
    assert len(person.room.said) == 2
    person.says("2").heard("1 نعم")


def test_a_digit_answers_a_greeting_that_was_asked_again_meanwhile(world: World) -> None:
    """Somebody says hello and then answers the greeting that they see, before the one to their hello arrives."""
    person = world.person("p")
    person.heard("1 English")
    person.sends("hello")
    person.sends("1")
    world.deliver()
    person.heard("Are you alone")


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_is_over_after_a_day(world: World, name: str) -> None:
    before, digit, _, answer = QUESTIONS[name]
    person, early = world.person("p").says(*before), world.person("q").says(*before)
    world.clock.advance(hours=23, minutes=59)
    early.says(digit).heard(answer)
    world.clock.advance(minutes=2)
    person.says(digit)
    assert known(person)
    person.heard("Are you alone" if name == "alone" else "Write a number:")
    person.says(digit).heard("Write a number:" if name == "alone" else "1 ")


def test_a_greeting_that_is_over_is_said_again(world: World) -> None:
    person = world.person("p")
    greeting = person.heard()
    world.clock.advance(days=2)
    person.says("2").heard(greeting)
    person.says("2").heard("1 نعم")


def test_asking_again_gives_a_day_again(world: World) -> None:
    person = world.person("p").arrives().says("forget")
    world.clock.advance(hours=20)
    person.says("9").heard("9 is not one of the numbers", "1 Yes, erase it")
    world.clock.advance(hours=20)
    person.chooses("No").heard("Nothing was erased")


# ---- digits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_digit_that_is_not_offered_gets_the_options_again(world: World, name: str) -> None:
    before, digit, asked, answer = QUESTIONS[name]
    person = world.person("p").says(*before)
    options = [row for row in person.heard(asked).splitlines() if row[0].isdigit()]
    wrong = next(str(n) for n in range(1, 99) if not any(row.startswith(f"{n} ") for row in options))
    for typed in (wrong, "77", wrong.translate(EASTERN), "(12)", f"number {wrong}"):
        person.says(typed)
        assert person.heard("is not one of the numbers").splitlines()[1:] == options
    person.says(digit).heard(answer)


def test_a_digit_counts_in_every_script(world: World) -> None:
    person = world.person("p").arrives().says("limits")
    limits = person.heard()
    for typed in ("٢", "۲", "२", "২", "๒", "２", "②", "2️⃣", "𝟐", "\u200f٢\u200f", "رقم ٢.", "2)"):
        person.says("menu", typed).heard(limits)
        world.clock.advance(minutes=1)


# ---- once -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("restarts", [False, True])
def test_one_event_is_answered_once(world: World, restarts: bool) -> None:
    person = world.person("p").arrives()
    for text in ("1", "menu", "whoami", "what is this", "forget", "lite"):
        event = person.sends(text)
        world.deliver()
        assert person.heard_all()
        if restarts:
            world.restart()
        person.says(text, text, event_id=event)
        person.heard_nothing()
        person.says(text)
        assert person.heard_all(), "a new event with the same words is answered"


def test_a_repeated_digit_does_not_answer_the_question_that_followed(world: World) -> None:
    person = world.person("p").arrives().says("forget")
    no = person.sends("2")
    world.deliver()
    person.says("whoami").heard("1 Erase what you keep about me", "2 Menu")
    world.restart()
    person.says("2", event_id=no)
    assert "This is what I keep" in person.room.said[-1].text, "nothing came after it"
    person.chooses("Menu").heard("Write a number:")


@pytest.mark.parametrize("kind", ["edit", "reaction", "other"])
def test_what_is_no_message_answers_nothing(world: World, kind: str) -> None:
    person = world.person("p").arrives().says("forget")
    asked = person.heard("Shall I erase")
    person.says("1", kind=kind, about=person.room.said[-1].event_id)
    person.says("0", kind=kind)
    person.heard_nothing()
    assert known(person)
    person.chooses("No").heard("Nothing was erased")
    assert asked in [s.text for s in person.room.said if not s.redacted]


# ---- what the bot says by itself ------------------------------------------------------------------------------------


def notice(world: World, person: Person) -> None:
    changed = world.content.pages["about"]
    texts = changed.text | {"en": changed.text["en"].replace("police", "police force")}
    content = replace(world.content, pages=world.content.pages | {"about": changed.model_copy(update={"text": texts})})
    assert world.queue(pages.tell_changes, content, world.config) == 1


def could_not_read(world: World, person: Person) -> None:
    world.queue(world.core.unreadable, person.room.room_id, person.account, "no-session")


def by_the_clock(world: World, person: Person) -> None:
    world.queue(outbox.say, person.room.room_id, [Part("was-away")], language="en", not_before=world.clock())


def in_clear(world: World, person: Person) -> None:
    person.sends("1", kind="clear", trust=Trust.UNSIGNED)


@pytest.mark.parametrize("happens", [notice, could_not_read, by_the_clock, in_clear])
def test_what_the_bot_says_by_itself_changes_no_digit(world: World, happens: Callable[[World, Person], None]) -> None:
    person = world.person("p").arrives().says("call me")
    world.queue(pages.tell_changes, world.content, world.config)
    person.says("forget")
    said = len(person.room.said)
    happens(world, person)
    world.deliver()
    assert len(person.room.said) == said + 1
    person.says("2").heard("Nothing was erased")
    happens(world, person) if happens is not notice else None
    world.deliver()
    person.says("1").heard("Write a number:")


def test_two_rooms_of_one_person_have_separate_questions(world: World) -> None:
    person = world.person("p").arrives()
    first = person.room
    second = world.private_room(person.account)
    world.deliver()
    person.says("1", "1", room=second)
    person.says("forget", room=first)
    person.says("language", room=second)
    world.hold_back = True
    person.says("whoami", room=second)
    person.says("2", room=first)
    person.heard("Nothing was erased")
    person.says("2", room=second)
    assert CROSSED in second.said[-1].text
    world.show()
    person.says("2", room=second)
    assert second.said[-1].text.startswith("Write a number:")
    person.says("1").heard("Write a number:")


# ---- the first greeting crosses with what the person writes ---------------------------------------------------------


@pytest.mark.parametrize("text", ["hello", "1", "٢", "9", "مرحبا، هل يوجد أحد هنا؟"])
def test_what_was_written_before_the_greeting_arrived_is_answered_by_it(world: World, text: str) -> None:
    world.hold_back = True
    person = world.person("p").says(text)
    greeting = person.heard("1 English")
    assert len(person.room.said) == 1
    world.show()
    person.heard_nothing()
    person.says("2").heard("1 نعم")
    assert greeting != person.heard()


@pytest.mark.parametrize("text", ["hello", "1"])
def test_what_came_with_the_invitation_and_was_readable_late_is_answered_by_the_greeting(
    world: World, text: str
) -> None:
    before = world.clock()
    world.clock.advance(minutes=1)
    person = world.person("p")
    person.heard("1 English")
    person.says(text, at=before, late=True).heard_nothing()
    person.says("1").heard("Are you alone")
    person.says("1").heard("Write a number:")
    person.says(NOBODY_KNOWS, at=before, late=True)
    assert person.room.said[-1].text.startswith("Write a number:")
    person.says(NOBODY_KNOWS).heard("I do not have an answer to this.")


def test_a_word_that_tells_its_language_needs_no_greeting(world: World, texts: Texts) -> None:
    world.hold_back = True
    person = world.person("p").says(texts.word_for("safety", "uk"))
    person.heard(texts.sentence("uk", "alone-question"))
    world.show()
    person.says("1").heard(texts.sentence("uk", "menu-first-line"))


# ---- away -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lite", [False, True])
def test_after_being_away_the_bot_says_so_once_and_answers_the_oldest_first(world: World, lite: bool) -> None:
    person = world.person("p").arrives()
    other = world.person("q").arrives()
    if lite:
        person.says("lite")
    wrote = world.clock()
    world.clock.advance(hours=5)
    world.restart()
    person.heard_all()
    person.says("unlock", "limits", NOBODY_KNOWS, at=wrote)
    text = "\n".join(person.heard_all())
    limits = world.content.pages["limits"].text["en"].split("\n\n")[1]
    places = [text.index(w) for w in ("I was away.", "There is no phrase", limits, "I do not have an answer")]
    assert places == sorted(places)
    assert text.count("I was away.") == 1
    person.says("menu")
    other.says("menu")
    assert not [t for t in person.heard_all() + other.heard_all() if "I was away." in t], "written while we were there"
    world.clock.advance(hours=5)
    world.restart()
    person.says("menu", at=world.clock() - timedelta(hours=1))
    assert "I was away." in "\n".join(person.heard_all())
    person.says("2").heard(limits)


def test_a_short_pause_is_not_worth_a_word(world: World) -> None:
    person = world.person("p").arrives()
    wrote = world.clock()
    world.clock.advance(minutes=2)
    world.restart()
    person.says("menu", at=wrote)
    assert len(person.heard_all()) == 1


def test_a_digit_that_was_sent_while_the_bot_was_away_still_answers(world: World) -> None:
    person = world.person("p").arrives().says("forget")
    wrote = world.clock()
    world.clock.advance(hours=5)
    world.restart()
    person.says("2", at=wrote)
    away, answer = [s.text for s in person.room.said[-2:]]
    assert away.startswith("I was away.")
    assert answer.startswith("Nothing was erased")
    person.says("1").heard("Write a number:")


def test_being_away_is_not_told_before_a_language_was_chosen(world: World) -> None:
    person = world.person("p")
    wrote = world.clock()
    world.clock.advance(hours=5)
    world.restart()
    person.says("hello", at=wrote)
    assert not [s for s in person.room.said if "away" in s.text]
    person.says("1").heard("Are you alone")


# ---- too much, unknown, broken --------------------------------------------------------------------------------------


def test_who_writes_too_much_is_told_once_and_then_read_again(make_world: Callable[..., World]) -> None:
    world = make_world(limits={"messages": 5, "window_seconds": 120})
    person = world.person("p").arrives()
    other = world.person("q").arrives()
    person.says("menu", "menu", "forget").heard("Shall I erase")
    person.says("1").heard("Please wait a little", "2 minutes")
    person.says("1", "2", "menu", "whoami").sends_file()
    person.heard_nothing()
    assert known(person)
    other.says("menu").heard("Write a number:")
    world.clock.advance(minutes=2)
    person.says("2").heard("Nothing was erased")


STAFF_WORDS = ["people", "bot status", "bot audit", "approve R7Q2", "match R7Q2", "bot", "people accept @p:example.org"]


def test_the_words_of_the_team_mean_nothing_to_others(world: World) -> None:
    """They are what anybody may say: a question."""
    person = world.person("p").arrives()
    others = ("forget-yes", "start en", "mend-yes", "people were taken to the mill", "stop them now")
    for typed in ("frobnicate", *STAFF_WORDS, *others):
        person.says(typed).heard("Menu")
        assert world.asked.pop() == typed
        assert not world.asked
    person.chooses("Menu").says("2").heard("Version")


def test_words_nobody_knows_get_a_way_out_from_staff_too(make_world: Callable[..., World]) -> None:
    world = make_world(staff=[staff("sara", "admin")])
    desk = world.open_desk()
    sara = world.person("sara", trust=Trust.VERIFIED).arrives()
    sara.says("frobnicate").heard("I do not have an answer to this.", "You are of the team", "1 Menu")
    sara.says("1").heard("7 More", "8 My work")
    sara.says("7").chooses("The program's state").heard("State:")
    sara.says("!frobnicate", "!bot frobnicate", room=desk)
    assert "Write !help" in desk.said[-2].text
    assert "Write !help" in desk.said[-1].text
    sara.says("frobnicate", room=desk)
    sara.says("!bot status", room=desk)
    assert len(desk.said) == 4 - 1
    assert desk.said[-1].text.startswith("State:")


def test_a_fault_of_ours_is_said_and_leaves_the_question_open(world: World) -> None:
    person = world.person("p").arrives()
    right = world.core.commands["limits"]

    def broken(ctx: Any) -> None:
        ctx.say("bye")
        ctx.pause()
        raise RuntimeError("of ours")

    world.core.commands["limits"] = replace(right, function=broken)
    person.says("2").heard("Something went wrong on my side.")
    assert "Bye." not in [s.text for s in person.room.said], "nothing of what failed is said"
    world.core.commands["limits"] = right
    person.says("2").heard("Version")


def test_a_phrase_is_taken_back_whatever_goes_wrong_with_it(world: World) -> None:
    person = world.person("p").arrives().says("lock")
    right = world.core.commands["lock-set"]

    def broken(_ctx: Any, _phrase: str) -> None:
        raise RuntimeError("of ours")

    world.core.commands["lock-set"] = replace(right, function=broken)
    typed = person.sends(PHRASE)
    world.deliver()
    person.heard("Something went wrong")
    assert typed in person.room.redacted
    world.core.commands["lock-set"] = right
    person.says(PHRASE).heard("The phrase is set")


def test_a_refusal_leaves_the_question_open(world: World) -> None:
    person = world.person("p").arrives().says("unlock")
    person.heard("There is no phrase to ask for.")
    person.says("2").heard("Version")


# ---- questions that words answer ------------------------------------------------------------------------------------


def phrase_is_set(person: Person) -> bool:
    found = person.world.tx(get_person, person.account)
    return bool(found.has_lock)


def test_a_question_for_words_takes_any_words_and_digits_too(world: World) -> None:
    person = world.person("p").arrives().says("lock", "7")
    person.heard("too short")
    person.says("٩٩ ٩٩ ٩٩").heard("The phrase is set")
    assert phrase_is_set(person)
    world.clock.advance(hours=2)
    person.says("whoami", "٩٩ ٩٩ ٩٩").heard("This is what I keep")


@pytest.mark.parametrize("word", ["menu", "forget", "unlock", "مساعدة"])
def test_a_command_ends_a_question_for_words(world: World, word: str) -> None:
    person = world.person("p").arrives().says("lock", word)
    assert "Choose a phrase" not in person.heard()
    typed = person.sends(PHRASE)
    world.deliver()
    assert not phrase_is_set(person)
    assert typed not in person.room.redacted
    person.says("lock", PHRASE).heard("The phrase is set")


def test_a_file_ends_a_question_for_words_as_it_asks_one_itself(world: World) -> None:
    person = world.person("p").arrives().says("lock").sends_file()
    person.heard("I have not opened this.", "2 No, it explains my question")
    person.says(PHRASE).heard("I do not have an answer to this.")
    assert not phrase_is_set(person)
    person.says("lock", PHRASE).heard("The phrase is set")


@pytest.mark.parametrize("kind", ["location", "file"])
def test_what_cannot_be_taken_leaves_the_first_questions_open(world: World, kind: str) -> None:
    person = world.person("p").says("1")
    person.heard("Are you alone")
    person.says("", kind=kind).heard("did not open it", "Are you alone")
    person.says("1").heard("Write a number:")
    person.says("lock").says("", kind="location").heard("did not open it", "Choose a phrase")
    person.says(PHRASE).heard("The phrase is set")


@pytest.mark.parametrize("late", [False, True])
def test_words_that_crossed_with_the_question_are_not_used_and_a_phrase_is_taken_back(world: World, late: bool) -> None:
    person = world.person("p").arrives()
    world.hold_back = not late
    person.says("lock")
    typed = person.sends(PHRASE, late=late)
    world.deliver()
    person.heard(CROSSED, "Choose a phrase")
    assert not phrase_is_set(person)
    assert typed in person.room.redacted, "it may be the phrase that they choose now"
    world.show()
    person.says(PHRASE).heard("The phrase is set")


def test_a_question_for_words_is_over_after_a_day(world: World) -> None:
    person = world.person("p").arrives().says("lock")
    world.clock.advance(hours=25)
    person.says(PHRASE).heard("I do not have an answer to this.")
    assert world.tx(get_prompt, person.room.room_id) is not None
    assert not phrase_is_set(person)
    person.says("lock", PHRASE).heard("The phrase is set")


# ---- whatever people write ------------------------------------------------------------------------------------------

# What a line of a menu does: the sentence that its digit leads to. Another way there is none, but by typing the word.
LEADS_TO = {
    "menu-menu": "menu-first-line",
    "menu-faq": "faq-topics",
    "menu-ask": "ask-how",
    "menu-whoami": "whoami-first",
    "menu-more": "menu-first-line",
    "menu-settings": "settings-first",
    "menu-status": "status-own-none",
    "menu-guide": "guide-first",
    "menu-feedback": "feedback-ask",
    "menu-concern": "concern-ask",
    "menu-complain": "complain-nobody",
    "menu-threat": "threat-question",
    "threat-now": "pass-no-team",
    "threat-back": "menu-first-line",
    "menu-leave": "bye",
    "file-yes": "file-yes-answer",
    "pass-no": "pass-not",
    "settings-language": "language-question",
    "settings-forget": "forget-question",
    "forget-yes": "forget-done",
    "forget-no": "forget-not",
    "alone-yes": "menu-first-line",
    "alone-not-now": "alone-bye",
    "lock-remove": "lock-removed",
}
TEXT_QUESTIONS = {"lock-ask", "lock-short", "unlock-ask", "nothing-held", "ask-how", "feedback-ask", "concern-ask"}
FOR_AN_HOUR = {"file-yes", "answer-helped", "choices-none"}  # what is offered beside these is over after an hour


def sentences(said: list[Said]) -> list[str]:
    return [name for s in said for name, _ in s.content["parts"]]


def labels(said: Said) -> dict[str, str]:
    """What each digit of a message stands for."""
    return {values["digit"]: values["label"][0] for name, values in said.content["parts"] if name == "=option"}


@dataclass
class Talk:
    """A conversation, with what somebody who looks on knows of it: the last question, and whether it was seen."""

    world: World
    person: Person
    question: Said | None = None
    asked_at: datetime | None = None
    said_yes: bool = False
    seen: set[str] = field(default_factory=set)
    wrote: list[tuple[str, str, datetime]] = field(default_factory=list)

    def note(self, said: list[Said]) -> None:
        if not self.world.hold_back:
            self.seen |= {s.event_id for s in self.person.room.said}
        for s in said:
            names = {name for name, _ in s.content["parts"]}
            if labels(s) or names & TEXT_QUESTIONS:
                self.question, self.asked_at = s, self.world.clock()
            elif names & {"bye", "forget-done"}:
                self.question = None

    def says(self, text: str, *, late: bool = False, hours_ago: int = 0) -> None:
        world, room = self.world, self.person.room
        offered = labels(self.question) if self.question else {}
        longest = timedelta(hours=1) if FOR_AN_HOUR & set(offered.values()) else timedelta(days=1)
        open_still = self.asked_at is not None and world.clock() - self.asked_at < longest
        seen = self.question is not None and self.question.event_id in self.seen
        asked = set(sentences([self.question])) if self.question else set()
        greeting = "=hello" in asked
        digit = digit_of(text, words=0 if asked & TEXT_QUESTIONS else 2)  # where any words answer, "room 1" is words
        before = len(room.said)
        at = world.clock() - timedelta(hours=hours_ago)
        event = self.person.sends(text, late=late, at=at)
        world.deliver()
        self.wrote.append((event, text, at))
        said = room.said[before:]
        names, chosen = sentences(said), offered.get(digit or "")

        assert "went-wrong" not in names
        assert len([s for s in said if labels(s)]) <= 1, "one question"
        assert len({s.text for s in said}) == len(said), "nothing twice"
        if digit == "0":
            assert "bye" in names, "whoever leaves may leave"
        elif chosen in LEADS_TO and open_still:
            if seen and not late:
                assert {LEADS_TO[chosen], "unlock-ask"} & set(names)
                self.said_yes = self.said_yes or chosen == "forget-yes"
            elif not greeting:
                assert "crossed" in names
        if "forget-done" in names:
            assert self.said_yes, "nobody said yes to a question that they had seen"
            self.said_yes = False
        if "forget-question" in names and "crossed" not in names:
            self.said_yes = False
        self.note(said)

    def says_again(self, back: int) -> None:
        """The server shows an event that it has shown before."""
        fresh = [w for w in self.wrote if self.world.clock() - w[2] < timedelta(days=2)]
        if fresh:
            event, text, at = fresh[-1 - back % len(fresh)]
            before = len(self.world.deeds)
            self.person.says(text, event_id=event, at=at)
            assert len(self.world.deeds) == before

    def sends_file(self) -> None:
        before = len(self.person.room.said)
        self.person.sends_file()
        said = self.person.room.said[before:]
        assert {"file-question", "not-text", "=hello"} & set(sentences(said))
        self.note(said)

    def by_itself(self) -> None:
        self.world.queue(outbox.say, self.person.room.room_id, [Part("about-changed")], language="en")
        self.world.deliver()
        self.note([])

    def hold_back(self) -> None:
        self.world.hold_back = True

    def show(self) -> None:
        self.world.show()
        self.note([])

    def restart(self, hours: int) -> None:
        self.world.clock.advance(hours=hours)
        self.world.restart()

    def later(self, minutes: int) -> None:
        self.world.clock.advance(minutes=minutes)

    def ends_well(self) -> None:
        """Whatever was, the menu is four messages away at most, and its digits mean what it says."""
        self.show()
        self.later(minutes=10)
        for text in ("menu", "1", "1", "1"):
            self.says(text)
            if labels(self.person.room.said[-1]).get("7") == "menu-more":
                break
        self.says("7")
        assert labels(self.person.room.said[-1])["1"] == "menu-settings"
        self.says("1")
        assert "settings-first" in sentences(self.person.room.said[-1:])


Step = tuple[Callable[..., None], dict[str, Any]]
SCRIPTS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९", "๐๑๒๓๔๕๖๗๘๙", "０１２３４５６７８９")
WORDS = (
    "menu",
    "forget",
    "whoami",
    "lock",
    "unlock",
    "lite",
    "callme",
    "settings",
    "language",
    "faq",
    "safety",
    "leave",
    "threat",
    "status",
    "news",
    "guide",
    "feedback",
    "complain",
)
digits = st.builds(
    lambda n, script, shape: shape.format("".join(SCRIPTS[script][int(c)] for c in str(n))),
    st.sampled_from([1, 1, 1, 1, 2, 2, 3, 5, 6, 7, 0, 9, 42]),
    st.integers(0, len(SCRIPTS) - 1),
    st.sampled_from(["{}", "{}", "({})", "{}.", " {} ", "no {}"]),
)
words = st.builds(
    lambda name, language, rest: (name, language, rest),
    st.sampled_from(WORDS),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["", "", "", "!", " please", " 1", " forget-yes"]),
)
garbage = st.builds(
    lambda text, times: (text * times)[:5000],
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30),
    st.sampled_from([1, 1, 1, 500]),
)
openings = st.sampled_from(["forget", "forget", "lock", "whoami", "settings", PHRASE, PHRASE, "blue ladder"])
texts_said = st.one_of(digits, digits, openings, words, garbage)
hours = st.sampled_from([0, 1, 5, 30])


def step(what: Callable[..., None], **values: st.SearchStrategy[Any]) -> st.SearchStrategy[Step]:
    return st.tuples(st.just(what), st.fixed_dictionaries(values))


steps = st.one_of(
    step(Talk.says, text=digits),
    step(Talk.says, text=openings),
    step(Talk.says, text=st.sampled_from(["forget", "1", "2", PHRASE])),
    step(Talk.says, text=texts_said),
    step(Talk.says, text=texts_said, late=st.just(True), hours_ago=hours),
    step(Talk.says, text=texts_said, hours_ago=hours),
    st.one_of([step(what) for what in (Talk.sends_file, Talk.by_itself, Talk.hold_back, Talk.show)]),
    step(Talk.says_again, back=st.integers(0, 5)),
    st.one_of(step(Talk.restart, hours=hours), step(Talk.later, minutes=st.sampled_from([1, 50, 1500]))),
)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(story=st.lists(steps, min_size=12, max_size=30), greeted=st.sampled_from([True, True, True, False]))
def test_whatever_people_write_the_bot_goes_on(
    story: list[Step],
    greeted: bool,
    sqlite_template: bytes,
    tmp_path_factory: pytest.TempPathFactory,
    keys: KeyRing,
    texts: Texts,
    content: Content,
) -> None:
    path = tmp_path_factory.mktemp("talk") / "liaison.db"
    path.write_bytes(sqlite_template)
    config = Config.model_validate({"limits": {"messages": 1000}})
    world = World(f"sqlite:///{path}", keys, texts, content, config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(privacy, "slow_hash", lambda phrase, salt: hashlib.sha256(salt + phrase.encode()).digest())
        talk = Talk(world, world.person("p"))
        talk.note(talk.person.room.said)
        talk.later(minutes=1)
        for text in ("1", "1") if greeted else ():
            talk.says(text)
        for do, values in story:
            if isinstance(values.get("text"), tuple):
                name, language, rest = values["text"]
                values = values | {"text": texts.word_for(name, language) + rest}
            do(talk, **values)
        talk.ends_well()
    world.close()
    path.unlink()
