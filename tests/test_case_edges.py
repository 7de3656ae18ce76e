"""What a careful reader of docs/cases.md tried: each of these once leaked, lost or misled somebody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain import retention
from bot.message import Trust
from bot.store import cases as rows
from tests.test_cases import DESKS, OMBUD, QUESTION, TEAM, Office, rows_of
from tests.world import World


@pytest.fixture
def office(make_world: Callable[..., World]) -> Office:
    return Office(make_world(staff=TEAM, desks=DESKS, complaints={"accounts": [OMBUD]}))


def asks_who(office: Office, ref: str, reason: str = "her life is in danger") -> str:
    said = office.at("sara").says(f"!who asked {reason}", thread=office.root(ref)).heard()
    found = re.search(r"approve ([A-Z]\d[A-Z]\d)", said)
    assert found
    return found[1]


# ---- who may know ----------------------------------------------------------------------------------------------------


def test_who_asked_is_agreed_to_only_by_those_of_the_desk(office: Office) -> None:
    uk = office.world.person("olha").arrives("4")
    uk.says("якого кольору килим у вашій будівлі").chooses("Так, і напишіть мені сюди, коли буде відповідь")
    ref = rows_of(office)[0].ref
    office.alone("ivan")
    said = office.at("ivan", office.second).says("!who asked бо їй загрожують", thread=office.root(ref)).heard()
    found = re.search(r"схвалити ([A-Z]\d[A-Z]\d)", said)
    assert found, said
    lina = office.alone("lina").says("work")
    lina.heard("To approve (0)")
    lina.says(f"approve {found[1]}").heard(f"nothing called {found[1]}")
    sara = office.alone("sara").says("work", "5")
    sara.heard("ivan", ref, "бо їй загрожують", f"1 Approve {found[1]}")
    sara.says("1")
    assert uk.account in "\n".join(s.text for s in sara.room.said)


def test_who_complained_is_told_to_nobody(office: Office) -> None:
    amal = office.world.person("amal").arrives().says("complain", "They shouted at me")
    text = amal.heard("People outside the team see these words")
    assert "The team sees" not in text
    amal.chooses("Yes, and write to me here when there is an answer")
    ref = rows_of(office)[0].ref
    apart = office._desk("apart")
    ombud = office.at(OMBUD, apart)
    office.alone(OMBUD)
    ombud.says("!who asked I have to know it", thread=office.root(ref)).heard("do not know this")
    office.at("sara").says(f"!who asked {ref} I have to know").heard("nothing called")
    ombud.says("!reply Who is it about?", thread=office.root(ref)).heard("60 seconds")


def test_what_waits_for_approval_is_shown_before_it_is_approved(office: Office) -> None:
    _, ref = office.asks()
    office.alone("sara")
    approval = asks_who(office, ref)
    office.at("omar").says("!people role @mia:example.org member")
    lina = office.alone("lina").says("work", "5")
    lina.heard(approval, "who asked in a case", ref, "her life is in danger", "1 Approve", "3 Next one")
    lina.says("3").heard("a role", "@mia:example.org", "member")
    assert "her life is in danger" in "\n".join(s.text for s in office.thread(ref)), "the desk reads why, too"


def test_a_case_is_told_at_its_own_desk_alone(office: Office) -> None:
    _, ref = office.asks()
    sara = office.at("sara", office.second)
    sara.says(f"!case {ref}").heard(f"nothing called {ref}")
    sara.says("!cases").heard("no open cases")
    sara.says(f"!reply {ref} Yes.").heard(f"nothing called {ref}")
    assert QUESTION not in str(office.second.said)
    office.alone("sara").says(f"case {ref}").heard(QUESTION)


# ---- what reaches the person -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("late", [False, True])
def test_a_reply_that_is_changed_reaches_the_person_without_the_command(office: Office, late: bool) -> None:
    amal, ref = office.asks()
    lina, alone = office.at("lina"), office.alone("lina")
    reply = lina.sends("!reply No.", thread=office.root(ref))
    if late:
        office.minute()
    lina.sends("!reply Yes,\nof course.", kind="edit", about=reply)
    office.minute()
    assert amal.room.said[-1].text.count("Yes,\nof course.") == 1
    assert "reply Yes" not in str(amal.room.said)
    again = alone.sends(f"reply {ref} Sunday.")
    office.minute()
    alone.sends(f"reply {ref} Monday.", kind="edit", about=again)
    office.world.deliver()
    assert "\nMonday." in amal.room.said[-1].text


def test_a_reply_on_its_way_waits_when_the_person_stops(office: Office) -> None:
    amal, ref = office.asks()
    office.at("lina").says("!reply It is blue.", thread=office.root(ref))
    amal.says("0").heard("Bye.")
    office.minute()
    assert "waits until they write" in office.thread(ref)[-1].text
    office.at("lina").says("!reply And green.", thread=office.root(ref)).heard("they read it when they write")
    office.minute()
    amal.heard("Bye.")
    amal.says("hello", "1", "news")
    said = "\n".join(amal.heard_all())
    assert said.index("It is blue.") < said.index("And green.")
    office.at("lina").says("!reply Here again?", thread=office.root(ref))
    office.minute()
    amal.heard("Here again?")


def test_writing_to_a_closed_case_opens_it_again(office: Office) -> None:
    amal, ref = office.asks()
    office.at("lina").says("!close no answer", thread=office.root(ref))
    office.minute()
    amal.heard("You can open it again by writing", f"write {ref} and your words")
    amal.says(f"{ref} it is about the second floor").heard("Passed on")
    assert office.case(ref).open
    assert "second floor" in office.thread(ref)[-1].text


def test_a_change_that_tells_who_somebody_is_is_not_passed_on_unasked(office: Office) -> None:
    amal = office.world.person("amal").arrives()
    asked = amal.sends(QUESTION)
    office.world.deliver()
    amal.chooses("Yes, and write to me here when there is an answer")
    for text in ("my name is Amal Khalil and I ask", "call me on +963 944 123 456", "a" * 401):
        amal.sends(text, kind="edit", about=asked)
        office.world.deliver()
        amal.heard("I have not passed on the change")
        assert text not in str(office.main.said)
    amal.sends("and on mondays?", kind="edit", about=asked)
    office.world.deliver()
    assert "and on mondays?" in office.main.said[-1].text


def test_a_threat_says_how_to_find_the_answer(office: Office) -> None:
    amal = office.world.person("amal").arrives().says("threat", "1")
    amal.heard("The team has been called", "write: news")
    ref = rows_of(office)[0].ref
    office.at("lina").says("!reply Go to your sister.", thread=office.root(ref))
    office.minute()
    amal.says("news")
    assert "Go to your sister." in "\n".join(amal.heard_all())


# ---- what staff do ---------------------------------------------------------------------------------------------------


def test_undo_stops_a_closing_and_a_colleagues_reply_and_changes_no_waiting_time(office: Office) -> None:
    amal, ref = office.asks()
    since = office.case(ref).waiting_since
    office.world.clock.advance(days=8)
    lina, omar, root = office.at("lina"), office.at("omar"), office.root(ref)
    omar.says("!undo", thread=root).heard("Nothing was sent")
    lina.says("!close answered", thread=root)
    omar.says("!undo", thread=root).heard("is open again")
    assert (office.case(ref).open, office.case(ref).waiting_since) == (True, since)
    lina.says("!reply Wrong person!", thread=root)
    omar.says("!undo", thread=root).heard("Stopped")
    assert office.case(ref).waiting_since == since
    lina.says("!overdue").heard(ref)
    lina.says("!reply Right.", thread=root)
    office.minute()
    omar.says("!undo", thread=root).heard("It has gone already")
    amal.heard("Right.")
    assert "Wrong" not in str(amal.room.said)


def test_a_case_moves_with_its_files_and_shows_who_said_what(office: Office) -> None:
    amal, ref = office.asks()
    amal.sends_file().chooses("No, it explains my question", "Pass it on")
    lina, root = office.at("lina"), office.root(ref)
    lina.says("ask the house manager?", thread=root)
    lina.says("!reply We look.", thread=root)
    office.minute()
    shown = lina.says(f"!case {ref}").heard("lina noted, for us alone:\n│ ask the house manager?")
    assert "lina wrote:\n│ We look." in shown
    office.at("sara").says("!move second", thread=root).heard("is at the desk second")
    moved = [s for s in office.second.said if s.content.get("thread_of") == office.case(ref).root_txn]
    words = "\n".join(s.text for s in moved)
    assert QUESTION in words
    assert "ask the house manager?" in words
    passed = [r for r in office.world.deeds if r.kind == "pass" and r.room_id == office.second.room_id]
    assert len(passed) == 1, "the file, too"
    office.at("sara", office.second).says("!close answered", thread=office.root(ref))
    said = office.world.tx(rows.list_said, ref)
    assert [s.file for s in said if s.file] == [{"kind": "image"}], "how it opens is forgotten when the case ends"


def test_everything_at_the_desk_about_an_erased_case_is_taken_back(office: Office) -> None:
    _, ref = office.asks()
    lina, root, alone = office.at("lina"), office.root(ref), office.alone("lina")
    shown = lina.says(f"!case {ref}").room.said[-1]
    alone.says(f"case {ref}").heard(QUESTION)
    typed = [
        lina.sends("!close heard the carpet is not ours", thread=root),
        lina.sends("!repyl a slip of the hand", thread=root),
        lina.sends(f"!case {ref}"),
    ]
    office.minute()
    office.world.clock.advance(days=91)
    office.world.queue(retention.sweep, office.world.config)
    office.world.deliver()
    assert shown.redacted
    assert set(typed) <= set(office.main.redacted)
    for view in (office.main, alone.room):
        assert not [s.text for s in view.said if QUESTION in s.text and not s.redacted]
    lina.says(f"!take {ref}").heard("is closed")


def test_what_staff_write_in_their_own_room_becomes_no_case(office: Office) -> None:
    lina = office.alone("lina").says("the colour of the carpet in our building is blue")
    lina.heard("You are of the team", "work")
    lina.sends_file().heard("You are of the team")
    assert rows_of(office) == []
    _, ref = office.asks()
    lina.says("work", "3", "1", "1", "= received").heard("60 seconds")
    office.minute()
    assert "= received" not in str(office.world.rooms)
    assert office.case(ref).owner == "lina"


def test_much_may_be_written_at_a_desk(office: Office) -> None:
    _, ref = office.asks()
    lina, root = office.at("lina"), office.root(ref)
    for n in range(60):
        lina.says(f"note {n}", thread=root)
    lina.heard("Kept as a note")
    office.world.clock.advance(seconds=timedelta(hours=1).total_seconds())
    lina.says("!reply Yes.", thread=root).heard("60 seconds")


# ---- what an attacker tried ------------------------------------------------------------------------------------------


def test_an_account_with_other_keys_gets_nothing_of_the_cases_before(office: Office) -> None:
    amal, ref = office.asks()
    office.at("lina").says("!reply Meet at the clinic.", thread=office.root(ref))
    office.world.new_keys(amal.account)
    amal.says("hi", trust=Trust.CHANGED)
    office.minute()
    amal.says("hi", "1", "1", "status").heard("no open questions")
    amal.says("news").heard("nothing new")
    amal.says(f"{ref} what did you say?")
    assert "Passed on" not in amal.room.said[-1].text
    assert "clinic" not in str(amal.room.said)
    assert "came back with other keys" in office.thread(ref)[-1].text
    office.at("lina").says("!reply Hello?", thread=office.root(ref))
    office.minute()
    assert "Hello?" not in str(amal.room.said)


def test_that_somebody_was_revealed_cannot_be_kept_from_them(office: Office) -> None:
    amal, ref = office.asks()
    office.alone("sara"), office.alone("omar")
    office.at("omar").says(f"!approve {asks_who(office, ref)}").heard("Approved and done")
    office.at("sara").says("!undo", thread=office.root(ref)).heard("Nothing was sent")
    office.minute()
    amal.heard("Two members of the team now know your account")


@pytest.mark.parametrize("way", ["third", "left"])
def test_a_changed_reply_goes_only_where_a_new_one_would(office: Office, way: str) -> None:
    amal, ref = office.asks()
    lina = office.at("lina")
    reply = lina.sends("!reply Meet at the clinic.", thread=office.root(ref))
    office.minute()
    if way == "third":
        office.world.member(amal.room, "@eve:example.org", "join")
    else:
        amal.says("0")
    office.world.deliver()
    lina.sends("!reply Meet at the clinic, at nine.", kind="edit", about=reply)
    office.world.deliver()
    assert "at nine" not in str(amal.room.said)


def test_who_is_joined_hears_nothing_that_is_for_the_other_alone(office: Office) -> None:
    amal, ref = office.asks()
    boris, other = office.asks("boris")
    lina = office.at("lina")
    lina.says(f"!join case {other} {ref}").heard("joined")
    first = lina.sends("!reply It is blue.", thread=office.root(ref))
    office.minute()
    boris.heard("It is blue.")
    lina.sends("!reply It is green.", kind="edit", about=first)
    office.world.deliver()
    assert "It is green." in boris.room.said[-1].text
    amal.says(f"{ref} my brother is in cell 4").heard("Passed on")
    assert "are apart again" in str(office.main.said)
    lina.says("!reply About your brother: wait.", thread=office.root(ref))
    office.minute()
    amal.heard("About your brother")
    assert "brother" not in str(boris.room.said)
    lina.says("!reply Still there?", thread=office.root(other))
    office.minute()
    boris.heard("Still there?")


def test_taking_back_takes_every_change_of_it_back(office: Office) -> None:
    amal = office.world.person("amal").arrives()
    asked = amal.sends(QUESTION)
    office.world.deliver()
    amal.chooses("Yes, and write to me here when there is an answer")
    amal.sends("what colour is it in Oak street", kind="edit", about=asked)
    office.world.deliver()
    amal.sends("what colour is it near the school", kind="edit", about=asked)
    amal.sends("", kind="redaction", about=asked)
    office.world.deliver()
    assert not [s.text for s in office.main.said if ("Oak" in s.text or "school" in s.text) and not s.redacted]


def test_words_sent_as_they_are_can_be_taken_back(office: Office) -> None:
    amal, ref = office.asks()
    told = amal.sends(f"{ref} call me at +963 944 123 456")
    office.world.deliver()
    amal.says("2").heard("Passed on")
    assert "944" in str(office.main.said)
    amal.sends("", kind="redaction", about=told)
    office.world.deliver()
    assert not [s.text for s in office.main.said if "944" in s.text and not s.redacted]


def test_one_person_calls_for_one_threat_at_a_time(office: Office) -> None:
    amal = office.world.person("amal").arrives()
    for _ in range(5):
        amal.says("threat", "1").heard("The team has been called")
    assert len(rows_of(office)) == 1
    office.at("lina").says(f"!take {rows_of(office)[0].ref}")
    amal.says("threat", "1").heard("The team has been called")
    assert len(rows_of(office)) == 2


def test_that_there_is_news_is_told_to_nobody_else(office: Office) -> None:
    amal, ref = office.asks(how="Yes, and I come back and ask")
    office.at("lina").says("!reply Yes.", thread=office.root(ref))
    office.minute()
    for trust in (Trust.UNSIGNED, Trust.CHANGED):
        amal.says("menu", trust=trust)
        assert "news for you" not in "\n".join(amal.heard_all())


def test_nobody_writes_lines_that_look_like_ours(office: Office) -> None:
    amal, ref = office.asks()
    amal.says(f"{ref} thanks\nomar wrote:\nLet her in.\n1 Reply\u2028\u202e2 Close it").heard("Passed on")
    for text in (office.thread(ref)[-1].text, office.at("lina").says(f"!case {ref}").heard()):
        faked = [line for line in text.splitlines() if line.strip().startswith(("omar wrote", "1 ", "2 "))]
        assert not faked
    amal.says("menu").heard("Write a number")


def test_a_file_goes_to_the_question_that_the_person_names(office: Office) -> None:
    amal, ref = office.asks()
    amal.says("complain", "They shouted at me").chooses("Yes, and write to me here when there is an answer")
    amal.sends_file().chooses("No, it explains my question", "Pass it on")
    amal.heard("With which of your questions?", ref, "complaint")
    amal.chooses(f"{ref}, question").heard("passed on", ref)
    assert len([r for r in office.world.deeds if r.kind == "pass" and r.room_id == office.main.room_id]) == 1


def test_who_was_joined_to_an_erased_case_waits_again(office: Office) -> None:
    amal, ref = office.asks()
    _, other = office.asks("boris")
    office.at("lina").says(f"!join case {other} {ref}")
    amal.says("status", "1").chooses(f"Erase {ref}")
    assert office.case(other).merged_into is None
    assert office.case(other).waiting_since is not None
