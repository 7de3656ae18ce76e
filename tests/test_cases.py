"""Cases from both sides: somebody asks, staff answer in a thread or by digits, nobody learns who asked.

Each test ends where its people go on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

import pytest
import sqlalchemy as sa

from bot.domain import boards, cases, duty, retention
from bot.message import Attachment, Trust
from bot.store import cases as rows
from bot.store import tables
from bot.store.cases import Case
from tests.world import Person, RoomView, Said, World, staff

TEAM = [
    staff("sara", "admin"),
    staff("omar", "admin"),
    staff("lina"),
    staff("ivan", desks=["second"]),
    staff("vera", "approver"),
]
DESKS = [{"name": "main"}, {"name": "second", "languages": ["uk"]}]
OMBUD = "@justice:outside.org"
QUESTION = "what colour is the carpet in your building"
KEY = {
    "v": "v2",
    "key": {"kty": "oct", "alg": "A256CTR", "ext": True, "k": "A" * 43, "key_ops": ["encrypt", "decrypt"]},
    "iv": "A" * 22,
    "hashes": {"sha256": "A" * 43},
}


class Office:
    """A world with two desks, people who ask, and staff at their desk or in their own rooms."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.open_desk()
        self.main = self._desk("main")
        self.second = self._desk("second")

    def _desk(self, name: str) -> RoomView:
        from bot.store.rooms import get_desk

        room = self.world.tx(get_desk, name)
        view = self.world.rooms[room.room_id]
        for account in self.world.config.accounts_at(name):
            if account in view.members:
                self.world.member(view, account, "join")
        return view

    def at(self, name: str, desk: RoomView | None = None, trust: Trust = Trust.VERIFIED) -> Person:
        """A member of the staff at a desk."""
        account = name if name.startswith("@") else f"@{name}:example.org"
        person = Person(self.world, account, trust)
        person.room = desk or self.main
        return person

    def alone(self, name: str, trust: Trust = Trust.VERIFIED) -> Person:
        """A member of the staff in their own room with the bot."""
        return self.world.person(name, trust=trust).arrives()

    def asks(
        self,
        name: str = "amal",
        text: str = QUESTION,
        *,
        how: str = "Yes, and write to me here when there is an answer",
    ) -> tuple[Person, str]:
        """Somebody's question is passed on; the person and the number of the case."""
        person = self.world.person(name).arrives()
        return person, self.asks_again(person, text, how=how)

    def asks_again(
        self, person: Person, text: str = QUESTION, *, how: str = "Yes, and write to me here when there is an answer"
    ) -> str:
        self.world.clock.advance(seconds=1)  # no two at the same instant: lists have an order
        person.says(text)
        person.heard("I do not have an answer")
        person.chooses(how)
        found = re.search(r"Its number: ([A-Z]\d[A-Z]\d)", person.heard("passed on"))
        assert found
        return found[1]

    def thread(self, ref: str, desk: RoomView | None = None) -> list[Said]:
        """What stands in the thread of a case, the first message included."""
        view = desk or self.main
        case = self.case(ref)
        root = self.root(ref)
        return [s for s in view.said if s.event_id == root or s.content.get("thread_of") == case.root_txn]

    def root(self, ref: str) -> str:
        from bot.store.outbox import get_row

        row = self.world.tx(get_row, self.case(ref).root_txn)
        assert row and row.event_id
        return str(row.event_id)

    def case(self, ref: str) -> Case:
        found = self.world.tx(rows.get_case, ref)
        assert isinstance(found, Case)
        return found

    def minute(self) -> None:
        """The time in which a reply can be stopped is over."""
        self.world.clock.advance(seconds=61)
        self.world.deliver()


@pytest.fixture
def office(make_world: Callable[..., World]) -> Office:
    return Office(make_world(staff=TEAM, desks=DESKS, complaints={"accounts": [OMBUD]}))


# ---- a question is passed on ----------------------------------------------------------------------------------------


def test_a_question_reaches_a_thread_without_its_person_and_the_reply_reaches_the_person(office: Office) -> None:
    amal, ref = office.asks()
    words = "\n".join(s.text for s in office.thread(ref))
    assert f"{ref} · question" in words
    assert QUESTION in words
    assert "amal" not in words
    lina = office.at("lina")
    lina.says("!reply It does, on the first Sunday.\nBring two.", thread=office.root(ref))
    lina.heard("60 seconds", "!undo")
    amal.heard_nothing()
    office.minute()
    text = amal.heard(
        "There is news for you.", ref, "It does, on the first Sunday.\nBring two.", "reply to this message"
    )
    assert text.splitlines()[0] == "There is news for you."
    assert "lina" not in text
    assert amal.room.said[-1].content.get("loud"), "they said: write to me"
    assert office.case(ref).owner == "lina"
    assert "Answered" in edits(office, ref)[-1]


def edits(office: Office, ref: str) -> list[str]:
    case = office.case(ref)
    return [s.text for s in office.main.said if s.content.get("replaces_of") == case.root_txn]


def test_before_it_goes_the_person_reads_what_goes_and_can_stop(office: Office) -> None:
    amal = office.world.person("amal").arrives().says(QUESTION)
    text = amal.heard(
        "I never guess", "This is what I pass on", QUESTION, "They do not see who you are", "within 7 days"
    )
    assert "cannot promise" in text
    amal.chooses("No, do not pass it on").heard("I have not passed it on")
    assert office.main.said == []
    office.asks_again(amal)
    assert len(office.main.said) == 2


def test_who_does_not_want_to_be_written_to_finds_the_answer_when_they_write(office: Office) -> None:
    amal, ref = office.asks(how="Yes, and I come back and ask")
    office.at("lina").says("!reply Yes.", thread=office.root(ref)).heard("they read it when they write")
    office.minute()
    amal.heard_nothing()
    amal.says("menu")
    assert any("There is news for you: write “news”" in t for t in amal.heard_all())
    amal.says("news")
    first, *_ = amal.heard_all()
    assert "Yes." in first
    amal.says("news").heard("There is nothing new")
    amal.says("menu")
    assert not any("news" in t for t in amal.heard_all())


def test_news_of_a_locked_person_waits_for_the_phrase(office: Office) -> None:
    amal, ref = office.asks()
    amal.says("lock", "green ladder")
    office.at("lina").says("!reply Yes.", thread=office.root(ref))
    office.world.clock.advance(hours=2)
    office.world.deliver()
    amal.says("menu", "news").heard("write your phrase")
    amal.says("wrong one").heard("There is nothing here")
    amal.says("green ladder")
    assert any("Yes." in t for t in amal.heard_all())


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("what colour is the carpet in your building, write to amal.k@mail.example", "amal.k@mail.example"),
        ("what colour is the carpet in your building, call +963 944 123 456", "944 123 456"),
        ("my name is Amal Khalil and the carpet in your building is ugly", "Amal Khalil"),
        ("what colour is the carpet of @amal:example.org in your building", "@amal:example.org"),
        ("what colour is the carpet in your building at 33.5138, 36.2765", "33.5138"),
        ("what colour is the carpet in your building www.carpet.example/?who=amal", "carpet.example"),
    ],
)
def test_what_tells_who_somebody_is_is_shown_to_them_first(office: Office, text: str, gone: str) -> None:
    amal = office.world.person("amal").arrives().says("feedback", text)
    amal.heard("something that can tell who you are", text)
    options = [row for row in amal.room.said[-1].text.splitlines() if row.startswith("1 ")]
    assert gone not in options[0]
    amal.says("1").heard("This is what I pass on")
    amal.chooses("Yes, and I come back and ask")
    assert gone not in "\n".join(s.text for s in office.main.said)
    amal.says(text)
    amal.chooses("Write it again").says(QUESTION)
    amal.heard("This is what I pass on", QUESTION)
    amal.chooses("No, do not pass it on")


def test_dates_and_years_are_nobodys_name(office: Office) -> None:
    amal = office.world.person("amal").arrives()
    amal.says("what colour was the carpet in your building on 12.03.2014 at 14:30 or in 2015")
    assert "something that can tell who" not in amal.heard("This is what I pass on")


def test_only_so_many_are_passed_on_in_a_day_and_threats_always(office: Office) -> None:
    amal, _ = office.asks()
    for _ in range(4):
        office.asks_again(amal)
    amal.says(QUESTION).chooses("Yes, and I come back and ask")
    amal.heard("I pass on 5 questions a day", "threat")
    amal.says("threat", "1").heard("The team has been called", "write: news")
    office.world.clock.advance(days=1, minutes=1)
    office.asks_again(amal)


def test_role_and_language_are_told_only_where_five_share_them(office: Office) -> None:
    _, first = office.asks("p0")
    assert "Language" not in office.thread(first)[0].text
    for n in range(1, 5):
        office.asks(f"p{n}")
    _, sixth = office.asks("p5")
    assert "Language: English. Role: participant" in office.thread(sixth)[0].text


# ---- what staff type -------------------------------------------------------------------------------------------------


def test_what_is_typed_in_a_thread_stays_there_until_its_digit_is_written(office: Office) -> None:
    amal, ref = office.asks()
    lina, root = office.at("lina"), office.root(ref)
    lina.says("I think she means the green one. reply later", thread=root).heard("Kept as a note", "1 sends it")
    office.minute()
    amal.heard_nothing()
    office.at("omar").says("1", thread=root).heard("no note of yours")
    amal.heard_nothing()
    lina.says("It does.", thread=root)
    lina.says("1", thread=root).heard("60 seconds")
    office.minute()
    assert "It does." in amal.heard("news")
    assert "green one" not in "\n".join(s.text for s in amal.room.said)


def test_nothing_that_is_typed_beside_a_thread_reaches_anybody(office: Office) -> None:
    amal, _ = office.asks()
    before = len(amal.room.said)
    lina = office.at("lina")
    for typed in ("hello all", "1", "reply yes", "!reply yes", "It does."):
        lina.says(typed)
        lina.says(typed, thread="$another")
    office.minute()
    assert len(amal.room.said) == before
    lina.heard("Which one?")


def test_a_reply_can_be_stopped_for_a_minute_and_not_longer(office: Office) -> None:
    amal, ref = office.asks()
    lina, root = office.at("lina"), office.root(ref)
    lina.says("!reply No!", thread=root)
    office.world.clock.advance(seconds=59)
    lina.says("!undo", thread=root).heard("It was not sent")
    office.minute()
    amal.heard_nothing()
    lina.says("!reply Yes.", thread=root)
    office.minute()
    lina.says("!undo", thread=root).heard("It has gone already")
    amal.heard("Yes.")


def test_a_reply_in_another_language_is_asked_about_once_and_named_to_the_person(office: Office) -> None:
    person = office.world.person("nadia").arrives("3")  # French
    person.says("de quelle couleur est la moquette dans votre bâtiment").says("1")
    ref = rows_of(office)[-1].ref
    lina, root = office.at("lina"), office.root(ref)
    lina.says("!reply It does accept them on the first Sunday of the month, thank you.", thread=root)
    lina.heard("This reads as English", "writes French", "1 sends it")
    office.minute()
    assert "first Sunday" not in person.room.said[-1].text
    lina.says("1", thread=root).heard("60 seconds")
    office.minute()
    text = person.room.said[-1].text
    assert "first Sunday" in text
    assert "anglais" in text


def rows_of(office: Office) -> list[Case]:
    return office.world.tx(rows.list_cases, ["main", "second", "apart"], limit=50)  # type: ignore[no-any-return]


def test_the_officer_answers_from_their_own_room_by_number(office: Office) -> None:
    amal, ref = office.asks()
    sara = office.alone("sara")
    sara.says(f"reply {ref} Yes, it does.").heard("60 seconds")
    sara.says("undo").heard("It was not sent")
    sara.says(f"reply {ref.lower()} Yes, on Sundays.")
    office.minute()
    amal.heard("Yes, on Sundays.")
    sara.says(f"case {ref}").heard(QUESTION, "sara wrote:", "Yes, on Sundays.")
    sara.says("reply Z9Z9 hello").heard("There is nothing called Z9Z9")
    sara.says("reply hello").heard("Which one?")
    sara.says("cases").heard(ref)


def test_both_sides_can_change_and_take_back_what_they_said(office: Office) -> None:
    amal = office.world.person("amal").arrives()
    asked = amal.sends(QUESTION)
    office.world.deliver()
    amal.chooses("Yes, and write to me here when there is an answer")
    ref = rows_of(office)[0].ref
    amal.sends("and on mondays?", kind="edit", about=asked)
    office.world.deliver()
    assert "and on mondays?" in office.main.said[-1].text
    lina = office.at("lina")
    reply = lina.sends("!reply No.", thread=office.root(ref))
    office.minute()
    amal.heard("No.")
    lina.sends("!reply Yes!", kind="edit", about=reply)
    office.world.deliver()
    assert "Yes!" in amal.room.said[-1].text
    lina.sends("", kind="redaction", about=reply, trust=Trust.UNSIGNED)
    office.world.deliver()
    assert any(s.redacted and "No." in s.text for s in amal.room.said)
    amal.sends("", kind="redaction", about=asked, trust=Trust.UNSIGNED)
    office.world.deliver()
    assert all(s.redacted for s in office.main.said if s.text.endswith(QUESTION))
    assert QUESTION not in json.dumps(everything(office))
    office.at("omar").says("!reply Hello?", thread=office.root(ref))
    office.minute()
    amal.heard("Hello?")


def test_nobody_changes_or_takes_back_what_another_said(office: Office) -> None:
    amal = office.world.person("amal").arrives()
    asked = amal.sends(QUESTION)
    office.world.deliver()
    amal.chooses("Yes, and write to me here when there is an answer")
    mallory = office.world.person("mallory").arrives()
    before = len(office.main.said)
    for kind in ("edit", "redaction"):
        mallory.sends("evil", kind=kind, about=asked)
    amal.sends("evil", kind="edit", about=asked, trust=Trust.UNSIGNED)
    office.world.deliver()
    assert len(office.main.said) == before
    assert not any(s.redacted for s in office.main.said)


# ---- writing back ----------------------------------------------------------------------------------------------------


def test_the_person_writes_back_by_a_reply_or_by_the_number(office: Office) -> None:
    amal, ref = office.asks()
    office.at("lina").says("!reply Which committee?", thread=office.root(ref))
    office.minute()
    amal.heard("Which committee?")
    amal.says("the purple one", reply_to=amal.room.said[-1].event_id).heard("Passed on", ref)
    assert any("the purple one" in s.text for s in office.main.said)
    amal.says(f"{ref} the one with the lift").heard("Passed on", ref)
    assert any("the one with the lift" in s.text for s in office.main.said)
    amal.says(f"{ref} call me at +963 944 123 456").heard("can tell who you are")
    amal.says("1").heard("Passed on")
    assert not any("944" in s.text for s in office.main.said)


def test_another_persons_number_is_only_a_question(office: Office) -> None:
    _, ref = office.asks()
    before = len(office.main.said)
    mallory = office.world.person("mallory").arrives()
    mallory.says(f"{ref} what colour is the carpet in your building")
    assert "Passed on" not in mallory.room.said[-1].text
    assert len(office.main.said) == before


def test_what_one_asked_can_be_seen_and_erased(office: Office) -> None:
    amal, ref = office.asks()
    amal.says("whoami").heard("One question of yours that a person answers")
    amal.says("status").heard(ref, "a person has not answered yet")
    amal.says("1").heard(f"Erase {ref}")
    amal.chooses(f"Erase {ref}").heard(f"{ref} is erased")
    assert all(s.redacted for s in office.thread(ref))
    assert QUESTION not in json.dumps(everything(office))
    amal.says("status").heard("no open questions")
    assert office.case(ref).person is None
    office.asks_again(amal)


def test_forget_erases_the_questions_too(office: Office) -> None:
    amal, ref = office.asks()
    amal.says("forget", "1")
    assert office.case(ref).person is None
    assert all(s.redacted for s in office.thread(ref))
    assert QUESTION not in json.dumps(everything(office))


def everything(office: Office) -> list[Any]:
    """Every readable value of the tables of cases, opened."""

    def read(tx: Any) -> list[Any]:
        refs = [r.ref for r in tx.all(sa.select(tables.cases.c.ref))]
        return [[s.text, s.file] for ref in refs for s in rows.list_said(tx, ref)]

    return office.world.tx(read)  # type: ignore[no-any-return]


# ---- ending ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [o for o in cases.OUTCOMES if o != "withdrawn"])
def test_every_outcome_is_told_in_plain_words_and_the_day_of_erasing(office: Office, outcome: str) -> None:
    amal, ref = office.asks()
    lina, root = office.at("lina"), office.root(ref)
    name = office.world.texts.sentence("en", f"outcome-name-{outcome}")
    reason = " it cannot be done" if outcome in cases.WITH_WORDS else ""
    if reason:
        lina.says(f"!close {name}", thread=root).heard("needs a reason")
    lina.says(f"!close {name}{reason}", thread=root).heard(f"{ref} is closed")
    office.minute()
    if outcome == "unsafe":
        amal.heard_nothing()
    else:
        amal.heard(office.world.texts.sentence("en", f"outcome-{outcome}"), reason.strip(), "is erased on", "2027")
    assert "Closed" in edits(office, ref)[-1]
    lina.says("!close answered", thread=root).heard("is closed")
    lina.says("!close", thread=root).heard("outcomes are")
    lina.says("!open again", thread=root).heard("open again")


def test_a_closed_case_is_erased_after_its_time_and_only_counts_stay(office: Office) -> None:
    amal, ref = office.asks()
    lina, root = office.at("lina"), office.root(ref)
    note = lina.sends("a note of mine", thread=root)
    lina.says("!close answered", thread=root)
    office.minute()
    office.world.clock.advance(days=89)
    office.world.queue(retention.sweep, office.world.config)
    assert office.case(ref).person is not None
    office.world.clock.advance(days=2)
    office.world.queue(retention.sweep, office.world.config)
    office.world.deliver()
    found = office.case(ref)
    assert (found.person, found.language, found.outcome) == (None, "en", "answered")
    for at in (found.opened_at, found.closed_at):
        assert at is not None and (at.weekday(), at.hour, at.minute, at.second) == (0, 0, 0, 0), "no more than the week"
    assert everything(office) == []
    assert all(s.redacted for s in office.main.said if s.content.get("thread_of") == found.root_txn)
    assert note in office.main.redacted, "what staff typed in the thread goes too"
    lina.says(f"!case {ref}").heard("are erased")
    amal.says("status").heard("no open questions")


def test_a_closed_case_is_held_longer_for_a_reason_and_the_person_hears_the_day(office: Office) -> None:
    amal, ref = office.asks()
    lina, root = office.at("lina"), office.root(ref)
    lina.says("!keep 2027-06-01 appeal is open", thread=root).heard("is not closed")
    lina.says("!close answered", thread=root)
    for wrong, answer in {"soon please": "later day", "2020-01-01 old": "later day", "2027-06-01": "reason"}.items():
        lina.says(f"!keep {wrong}", thread=root).heard(answer)
    lina.says("!keep 2027-06-01 appeal is open", thread=root).heard("is kept until")
    office.minute()
    amal.heard("kept until")
    office.world.clock.advance(days=100)
    office.world.queue(retention.sweep, office.world.config)
    assert office.case(ref).person is not None


def test_who_writes_into_a_closed_case_opens_it_again(office: Office) -> None:
    amal, ref = office.asks()
    office.at("lina").says("!reply Yes.", thread=office.root(ref))
    office.minute()
    told = amal.room.said[-1].event_id
    office.at("lina").says("!close answered", thread=office.root(ref))
    office.minute()
    amal.says("but why?", reply_to=told).heard("Passed on", ref)
    assert office.case(ref).open
    assert office.case(ref).erase_at is None


# ---- whose it is -----------------------------------------------------------------------------------------------------


def test_cases_are_taken_assigned_and_moved(office: Office) -> None:
    amal, ref = office.asks()
    root = office.root(ref)
    office.at("lina").says("!take", thread=root).heard(f"{ref} is with you")
    office.at("sara").says("!assign omar", thread=root).heard("with omar")
    office.at("sara").says("!assign ivan", thread=root).heard("Nobody at this desk is called ivan")
    office.at("sara").says("!move nowhere", thread=root).heard("The desks are: main, second")
    office.at("sara").says("!move second", thread=root).heard("at the desk second now")
    assert all(s.redacted for s in office.main.said if QUESTION in s.text)
    assert any(QUESTION in s.text for s in office.second.said)
    assert office.case(ref).owner is None
    office.at("ivan", office.second).says("!reply Yes.", thread=office.root(ref))
    office.minute()
    amal.heard("Yes.")


def test_a_question_goes_to_the_desk_of_its_language(office: Office) -> None:
    oksana = office.world.person("oksana").arrives("4")
    oksana.says("якого кольору килим у вашій будівлі").says("1")
    assert rows_of(office)[0].desk == "second"


def test_staff_see_only_the_cases_of_their_own_desks_and_nobody_else_sees_any(office: Office) -> None:
    _, ref = office.asks()
    ivan = office.alone("ivan")
    strangers = [office.alone(n) for n in ("vera", "stranger")]
    for typed in (
        f"case {ref}",
        f"take {ref}",
        f"reply {ref} hello",
        f"close {ref} answered",
        f"who asked {ref} I want to know",
    ):
        ivan.says(typed).heard(f"nothing called {ref}")
        never = ivan.says(typed.replace(ref, "Z9Z9")).heard("nothing called Z9Z9")
        assert never.replace("Z9Z9", ref) == ivan.room.said[-2].text
        for person in strangers:
            person.says(typed)
            assert ref not in person.room.said[-1].text.replace(typed, "")
    ivan.says("cases").heard("no open cases")
    ivan.says("work", "3").heard("There is nothing here")
    assert office.case(ref).owner is None


def test_two_questions_that_are_one_are_joined_and_both_people_hear_the_answer(office: Office) -> None:
    amal, first = office.asks("amal")
    badr, second = office.asks("badr")
    lina = office.at("lina")
    lina.says(f"!join case {first}", thread=office.root(first)).heard("cannot be joined")
    lina.says(f"!join case {first}", thread=office.root(second)).heard(f"{second} is joined to {first}")
    lina.says("!reply Yes, on Sundays.", thread=office.root(first))
    office.minute()
    amal.heard("Yes, on Sundays.", first)
    text = badr.heard("Yes, on Sundays.", second)
    assert first not in text, "they know only their own number"
    lina.says("!reply No!", thread=office.root(first)).says("!undo", thread=office.root(first))
    office.minute()
    for person in (amal, badr):
        assert "No!" not in person.room.said[-1].text
    lina.says("!close answered", thread=office.root(first))
    office.minute()
    badr.heard("it was answered")
    assert not office.case(second).open


# ---- the officer's day by digits -------------------------------------------------------------------------------------


def test_an_officer_answers_five_refuses_one_and_closes_one_with_few_letters(office: Office) -> None:
    people = [office.asks(f"p{n}") for n in range(7)]
    sara = office.alone("sara")
    typed = 0

    def types(text: str) -> None:
        nonlocal typed
        typed += len(text)
        sara.says(text)

    types("8")
    sara.heard("3 Nobody's cases (7)")
    types("3")
    types("1")
    for n in range(5):
        sara.heard(people[n][1], QUESTION)
        types("1")
        sara.says(f"Answer number {n}.")  # text with a number in it, and no digit of a menu
    sara.heard(people[5][1])
    types("2")
    types(sara.digit("not ours"))
    sara.heard(people[6][1])
    types("2")
    types(sara.digit("answered"))
    assert typed <= 14
    office.minute()
    for n in range(5):
        people[n][0].heard(f"Answer number {n}.")
    people[5][0].heard("not something that this body can do")
    people[6][0].heard("it was answered")


def test_the_days_list_goes_on_behind_ten_and_other_digits_lead_back(office: Office) -> None:
    for n in range(12):
        office.asks(f"p{n}")
    lina = office.alone("lina")
    lina.says("work").heard("1 Needs me now (0)", "2 My cases (0)", "3 Nobody's cases (12)", "8 Pause everything")
    lina.says("3").heard("11 More")
    lina.says("11")
    assert len([r for r in lina.room.said[-1].text.splitlines() if "question" in r]) == 2
    lina.says("1").heard(QUESTION)
    lina.chooses("Take it").heard("is with you")
    lina.chooses("Give it to another desk").chooses("second")
    assert any("at the desk second" in t for t in lina.heard_all())
    lina.says("work").heard("3 Nobody's cases (11)")
    lina.says("8").heard("Pause everything now?")
    lina.chooses("Yes, pause").heard("The mode is paused now")
    lina.says("work").heard("8 Pause")


def test_what_needs_a_reason_is_asked_for_and_one_can_go_back(office: Office) -> None:
    amal, _ = office.asks()
    sara = office.alone("sara")
    sara.says("work", "3", "1", "2")
    sara.chooses("heard").heard("Write the reason")
    sara.chooses("Back").heard("Nobody's cases (1)")
    sara.says("3", "1", "2").chooses("heard")
    sara.says("we cannot change the lift").heard("Your work")
    office.minute()
    amal.heard("we will not do it", "we cannot change the lift")


# ---- threats, complaints, feedback -----------------------------------------------------------------------------------

ROTA = [
    {
        "who": "sara",
        "days": ["mon", "tue", "wed", "thu", "fri"],
        "from": "08:00",
        "to": "20:00",
        "zone": "Europe/Zurich",
    },
    {"who": "omar", "from": "20:00", "to": "08:00", "zone": "America/Bogota"},
]


def test_a_threat_calls_the_person_on_duty_then_the_next_then_all(make_world: Callable[..., World]) -> None:
    office = Office(make_world(staff=TEAM, desks=DESKS, duty=ROTA))
    office.world.clock.now = office.world.clock.now.replace(hour=10)  # a weekday morning in Geneva, the night in Bogota
    sara, omar = office.alone("sara"), office.alone("omar")
    amal = office.world.person("amal").arrives().says("9")
    amal.heard("threatened, followed or questioned", "1 Now", "2 Before", "3 Go back")
    amal.says("1").heard("A person has been called", "They are on duty", "not an emergency service")
    ref = rows_of(office)[0].ref
    text = sara.heard("Somebody needs you now", ref)
    assert "amal" not in text
    assert sara.room.said[-1].content["loud"]
    omar.heard_nothing()
    office.world.clock.advance(minutes=15)
    office.world.queue(duty.call_again, office.world.config)
    office.world.deliver()
    omar.heard("Somebody needs you now", ref)
    office.world.clock.advance(minutes=15)
    office.world.queue(duty.call_again, office.world.config)
    office.world.deliver()
    sara.heard("Somebody needs you now")
    count = len(sara.room.said) + len(omar.room.said)
    sara.says(f"take {ref}").heard("is with you now")
    office.world.clock.advance(hours=1)
    office.world.queue(duty.call_again, office.world.config)
    office.world.deliver()
    assert len(sara.room.said) + len(omar.room.said) == count + 1


def test_at_night_the_person_hears_when_it_may_be_read(make_world: Callable[..., World]) -> None:
    office = Office(make_world(staff=TEAM, desks=DESKS, duty=ROTA[:1]))
    office.world.clock.now = office.world.clock.now.replace(hour=2, minute=10)
    amal = office.world.person("amal").arrives().says("threat", "2")
    amal.heard("Where they are, it is 03:10 now. They may read this only at 08:00.")
    assert office.main.said, "the desk hears it when nobody on duty has a room with the bot"
    assert "URGENT" in office.thread(rows_of(office)[0].ref)[0].text


def test_without_a_rota_nothing_is_promised(office: Office) -> None:
    amal = office.world.person("amal").arrives().says("threat", "1")
    amal.heard("I do not know when they read it", "not an emergency service")


def test_a_complaint_goes_to_people_outside_the_team_and_no_admin_finds_it(office: Office) -> None:
    world = office.world
    amal = world.person("amal").arrives().says("complain")
    amal.heard("outside the team")
    amal.says("the office on the third floor was rude to me")
    amal.chooses("Yes, and write to me here when there is an answer")
    case = rows_of(office)[-1]
    assert case.desk == "apart"
    assert not office.main.said
    for name in ("sara", "omar", "lina"):
        admin = office.alone(name)
        admin.says("cases").heard("no open cases")
        admin.says(f"case {case.ref}").heard("nothing called")
        admin.says("work").heard("3 Nobody's cases (0)")
    apart = next(v for v in world.rooms.values() if v.kind == "desk" and OMBUD in v.members)
    assert not any(a in apart.members for a in world.config.accounts_at("main"))
    world.member(apart, OMBUD, "join")
    ombud = office.at(OMBUD, apart, Trust.SIGNED)
    ombud.says("!reply We look into it.", thread=office.root(case.ref))
    office.minute()
    amal.heard("We look into it.")
    ombud.says("!bot status").heard("do not know")
    ombud.says("!people").heard("do not know")


@pytest.mark.parametrize("word", ["feedback", "concern"])
def test_feedback_and_concerns_are_cases_of_their_own(office: Office, word: str) -> None:
    amal = office.world.person("amal").arrives().says(word)
    amal.heard("The team does not see who writes")
    amal.says("the purple elevator is too slow").heard("This is what I pass on")
    amal.chooses("Yes, and I come back and ask")
    ref = rows_of(office)[0].ref
    assert f"{ref} · {word}" in office.thread(ref)[0].text
    office.at("lina").says("!close heard it is old", thread=office.root(ref))
    office.minute()
    amal.says("news")
    assert any("we will not do it" in t and "it is old" in t for t in amal.heard_all())


# ---- who asked -------------------------------------------------------------------------------------------------------


def test_who_asked_is_told_to_two_who_agree_and_to_the_person(office: Office) -> None:
    amal, ref = office.asks()
    sara, omar = office.alone("sara"), office.alone("omar")
    root = office.root(ref)
    office.at("lina").says("!who asked her life is in danger", thread=root).heard("private room with me first")
    office.at("sara").says("!who asked", thread=root).heard("Something is missing")
    office.at("sara").says("!who asked reason", thread=root).heard("reason in a few words")
    found = re.search(
        r"approve ([A-Z]\d[A-Z]\d)", office.at("sara").says("!who asked her life is in danger", thread=root).heard()
    )
    assert found
    office.at("sara").says(f"!approve {found[1]}").heard("Somebody else has to do that")
    for person in (sara, omar):
        assert "amal" not in "\n".join(s.text for s in person.room.said)
    office.at("omar").says(f"!approve {found[1]}").heard("Approved and done")
    for person in (sara, omar):
        assert amal.account in "\n".join(s.text for s in person.room.said)
    assert "amal" not in "\n".join(s.text for s in office.main.said), "never at the desk"
    office.minute()
    amal.heard("Two members of the team now know your account", "her life is in danger")
    office.at("sara").says("!bot audit").heard("revealed · sara", "revealed · omar", ref)


def test_a_refused_reveal_tells_nobody(office: Office) -> None:
    amal, ref = office.asks()
    sara, omar = office.alone("sara"), office.alone("omar")
    found = re.search(
        r"approve ([A-Z]\d[A-Z]\d)", office.at("sara").says("!who asked I wonder who", thread=office.root(ref)).heard()
    )
    assert found
    office.at("omar").says(f"!refuse {found[1]}")
    office.minute()
    assert "amal" not in "\n".join(s.text for p in (sara, omar) for s in p.room.said)
    amal.heard_nothing()
    office.at("lina").says("!who asked I wonder who", thread=office.root(ref), trust=Trust.SIGNED)
    office.at("lina").heard("First a colleague must be sure")


# ---- files -----------------------------------------------------------------------------------------------------------


def photo(
    kind: Literal["image", "audio", "file"] = "image", *, voice: bool = False, mimetype: str = "image/jpeg"
) -> Attachment:
    name = "amal-passport.jpg"
    return Attachment("mxc://example.org/abc", kind, name=name, mimetype=mimetype, size=5, voice=voice, key=KEY)


def passed(office: Office) -> list[Any]:
    return [r for r in office.world.deeds if r.kind == "pass"]


def test_a_file_is_passed_on_only_when_it_explains_a_question_and_under_another_name(office: Office) -> None:
    amal, ref = office.asks()
    amal.sends("", kind="file", attachment=photo())
    office.world.deliver()
    amal.heard("I have not opened this", "material about a crime")
    amal.chooses("Yes").heard("do not send it here")
    assert not passed(office)
    amal.sends("", kind="file", attachment=photo())
    office.world.deliver()
    amal.chooses("No, it explains my question").heard("where, and with which phone")
    amal.chooses("Pass it on").heard(ref)
    row = passed(office)[-1]
    assert row.content["name"] == f"{ref}-1.jpg"
    assert "passport" not in json.dumps(row.content)
    assert row.room_id == office.main.room_id
    amal.sends("", kind="file", attachment=Attachment("mxc://example.org/abc", "file", key=None))
    office.world.deliver()
    amal.heard("came without encryption")


def test_a_voice_is_passed_on_or_deleted_and_after_an_hour_it_is_gone(office: Office) -> None:
    amal, _ = office.asks()
    first = amal.sends("", kind="file", attachment=photo("audio", voice=True, mimetype="audio/ogg"))
    office.world.deliver()
    amal.heard("Your voice can tell who you are", "within one hour")
    amal.chooses("Pass it on")
    assert passed(office)[-1].content["from"]["voice"] is True
    second = amal.sends("", kind="file", attachment=photo("audio", voice=True))
    office.world.deliver()
    amal.chooses("Delete it").heard("It is deleted here")
    third = amal.sends("", kind="file", attachment=photo("audio", voice=True))
    office.world.deliver()
    office.world.clock.advance(hours=1, minutes=1)
    office.world.deliver()
    assert first not in amal.room.redacted
    assert {second, third} <= set(amal.room.redacted)
    amal.says("1").heard("Write a number")
    assert len(passed(office)) == 1


def test_staff_send_a_file_with_its_digit(office: Office) -> None:
    amal, ref = office.asks()
    lina, root = office.at("lina"), office.root(ref)
    lina.sends("", kind="file", attachment=photo("file", mimetype="application/pdf"), thread=root)
    office.world.deliver()
    lina.heard("1 sends this file")
    assert not passed(office)
    lina.says("1", thread=root).heard("60 seconds")
    office.minute()
    row = passed(office)[-1]
    assert (row.room_id, row.content["name"]) == (amal.room.room_id, "file-1.pdf")


# ---- the desk's day --------------------------------------------------------------------------------------------------


def test_the_pinned_list_follows_and_the_digest_names_what_waits_too_long(office: Office) -> None:
    _, ref = office.asks()
    world = office.world
    world.queue(boards.refresh, world.config)
    world.deliver()
    assert f"{ref} · question" in office.main.said[-1].text
    world.queue(boards.refresh, world.config)
    world.deliver()
    board = next(s.event_id for s in office.main.said if "open case" in s.text)
    states = [r.content for r in world.deeds if r.kind == "state"]
    assert states == [{"type": "m.room.pinned_events", "key": "", "content": {"pinned": [board]}}]
    office.at("lina").says("!close answered", thread=office.root(ref))
    world.queue(boards.refresh, world.config)
    world.deliver()
    assert "No open cases" in office.main.said[-1].text
    office.asks("badr")
    world.clock.advance(days=8)
    world.queue(boards.digest, world.config)
    world.deliver()
    assert "Waiting longer than 7 days" in office.main.said[-1].text
    office.at("lina").says("!cases overdue").heard("Waiting longer than 7 days")


# ---- nothing tells who asked -----------------------------------------------------------------------------------------


def test_nothing_at_the_desk_or_in_the_database_tells_who_asked(office: Office) -> None:
    amal, ref = office.asks("amal-of-the-hill")
    office.at("lina").says("!reply Yes.", thread=office.root(ref))
    office.minute()
    amal.says("thanks, purple", reply_to=amal.room.said[-1].event_id)
    desk = json.dumps([s.content for s in office.main.said]) + "".join(s.text for s in office.main.said)
    assert "amal" not in desk
    assert amal.room.room_id not in desk
    assert not any(e in desk for e in amal.room.events)

    def clear(tx: Any) -> str:
        """All of the tables of cases that is readable without a key."""
        found = []
        for table in (tables.cases, tables.case_message):
            for row in tx.all(sa.select(table)):
                found.append([v for v in row if not isinstance(v, bytes)])
        return json.dumps(found, default=str)

    shown = office.world.tx(clear)
    assert "amal" not in shown
    assert amal.room.room_id not in shown
    assert not any(e in shown for e in amal.room.events)
    txns = [r.txn for r in office.world.deeds if r.room_id == amal.room.room_id]
    assert not any(t in shown for t in txns), "no row joins the case to the person's room"
    batches = {r.batch for r in office.world.deeds if r.room_id == amal.room.room_id}
    assert batches == {None}


def test_listing_ten_costs_the_same_with_many(office: Office) -> None:
    """The query uses its index: nothing is sorted in memory."""
    if "sqlite" not in office.world.db.url:
        return

    def plan(tx: Any) -> str:
        select = sa.select(tables.cases).where(tables.cases.c.state == "open", tables.cases.c.desk.in_(["main"]))
        text = str(
            select.order_by(tables.cases.c.opened_at, tables.cases.c.ref)
            .limit(10)
            .compile(compile_kwargs={"literal_binds": True})
        )
        return "\n".join(str(r) for r in tx.conn.exec_driver_sql("EXPLAIN QUERY PLAN " + text))

    assert "SCAN cases" not in office.world.tx(plan)


def test_a_fault_while_a_case_is_opened_leaves_nothing_half(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    amal = office.world.person("amal").arrives().says(QUESTION)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("disk")

    with monkeypatch.context() as patched:
        patched.setattr(rows, "insert_said", broken)
        amal.chooses("Yes, and I come back and ask").heard("Something went wrong")
    assert rows_of(office) == []
    assert office.main.said == []
    amal.says(QUESTION).chooses("Yes, and I come back and ask").heard("passed on")
    assert timedelta(0) <= office.world.clock.now - rows_of(office)[0].opened_at
