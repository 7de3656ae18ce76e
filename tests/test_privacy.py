"""What is held, erasing it, the way out, the lock phrase, choices (HUMANE.md, H2, H3, H5, H6)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot import outbox
from bot.config import LANGUAGES
from bot.message import Part, Trust
from bot.seal import slow_hash
from bot.store import inbox, meta, tables
from bot.store import outbox as rows
from bot.store.db import Tx
from bot.store.people import get_person
from bot.store.prompts import get_prompt
from bot.text import Texts
from commands import privacy
from tests.world import BOT, Person, RoomView, World

DIGITS = {"en": "1", "ar": "2", "fr": "3", "uk": "4", "es": "5"}
STORY = "they came at night to the mill in Oldford"
PHRASE = "green ladder"


def count(world: World, table: sa.Table, *where: Any) -> int:
    select = sa.select(sa.func.count()).select_from(table).where(*where)
    return int(world.tx(lambda tx: tx.conn.execute(select).scalar_one()))


def everything(world: World) -> str:
    """All that the database holds, as text."""

    def read(tx: Tx) -> str:
        return "\n".join(
            repr(tuple(row)) for table in tables.metadata.sorted_tables for row in tx.all(sa.select(table))
        )

    return str(world.tx(read))


def standing(view: RoomView) -> list[str]:
    """What the bot said in a room and has not taken back."""
    return [s.text for s in view.said if not s.redacted]


def written(person: Person) -> list[str]:
    return list(person.room.events)


# ---- whoami -------------------------------------------------------------------------------------------------------


def test_whoami_tells_counts_and_months_and_never_content(world: World) -> None:
    person = world.person("p").arrives().says(STORY)
    person.heard("1 Menu")
    assert world.asked == [STORY]
    said = len(person.room.said)
    world.clock.advance(days=40)
    text = person.says("whoami").heard("November 2026", "English", "Nothing else of what you wrote.")
    assert "A technical code for each of 4 messages of yours, without their words." in text, "1, 1, the story, whoami"
    assert f"{said} answers" in text
    assert "short messages, no; lock phrase, no; I may write first, no" in text
    assert person.room.said[-1].audience == "own"
    for word in STORY.split():
        if len(word) > 4:
            assert word not in text
            assert word not in everything(world)


def test_whoami_in_each_language_has_its_own_month_and_plural(world: World, texts: Texts) -> None:
    for language, month in zip(
        LANGUAGES,
        ("November 2026", "تشرين الثاني (نوفمبر)", "novembre 2026", "листопад 2026", "noviembre"),
        strict=True,
    ):
        person = world.person(language).arrives(DIGITS[language])
        text = person.says(texts.word_for("whoami", language)).heard(month)
        assert texts.sentence(language, "whoami-events", count=3) in text
        person.says(person.digit(texts.sentence(language, "menu-menu")))
        person.heard(texts.sentence(language, "menu-first-line"))


# ---- forget -------------------------------------------------------------------------------------------------------


def test_forget_asks_and_no_changes_nothing(world: World) -> None:
    person = world.person("p").arrives().says("forget")
    person.heard("Shall I erase", "What stays").startswith("Shall")
    before = everything(world)
    person.chooses("No").heard("Nothing was erased")
    assert world.tx(get_person, person.account).stage == "ready"
    assert not [s for s in person.room.said if s.redacted]
    assert before.count(person.account) <= everything(world).count(person.account)
    person.chooses("Menu").heard("Write a number:")


def test_forget_erases_and_takes_back_and_a_later_message_is_greeted_as_new(world: World) -> None:
    person = world.person("p").arrives().says("call me", "lock", PHRASE)
    known = world.tx(get_person, person.account)
    person.says("forget")
    world.offline = True
    mine = [*written(person)]
    person.says(person.digit("Yes, erase it"))
    assert count(world, tables.outbox, tables.outbox.c.state.in_(("confirmed", "sent", "cancelled"))) == 0
    assert world.tx(get_person, person.account) is None
    assert world.tx(get_prompt, person.room.room_id) is None
    world.offline = False
    world.deliver()
    assert standing(person.room) == [person.heard("It is erased", "Leave, then Forget")]
    assert set(mine) <= set(person.room.redacted), "what they wrote within the last day"
    world.clock.advance(minutes=10)
    person.says("hello")
    person.heard("1 English", "0 ")
    fresh = world.tx(get_person, person.account)
    assert fresh.id != known.id
    assert (fresh.language, fresh.stage, fresh.call_me, fresh.has_lock) == (None, "language", False, False)
    person.arrives().says("whoami").heard("November 2026")


def test_forget_keeps_only_the_event_ids_that_guard_against_doing_something_twice(world: World) -> None:
    person = world.person("p").arrives()
    old = written(person)
    world.clock.advance(days=3)
    person.says("forget")
    recent = written(person)[-1]
    other = world.person("q").arrives()
    person.says("1")  # yes
    seen = world.tx(inbox.list_seen, [*old, recent, *written(other)])
    assert seen == {recent, *written(other)}
    assert not set(old) & set(person.room.redacted), "older than a day: theirs stay"
    person.says("hello").heard("1 English")


def test_forget_needs_no_word_of_english_and_leaves_others_alone(world: World, texts: Texts) -> None:
    other = world.person("q").arrives()
    person = world.person("p").arrives(DIGITS["ar"])
    person.says(texts.word_for("forget", "ar"), "١")
    person.heard(texts.sentence("ar", "forget-done"))
    other.says("whoami").heard("This is what I keep")
    assert not [s for s in other.room.said if s.redacted]
    person.says("مرحبا").heard("2 العربية")


def test_forget_reaches_every_private_room_of_the_person(world: World) -> None:
    person = world.person("p").arrives()
    first = person.room
    person.room = second = world.private_room(person.account)
    world.deliver()
    person.says("1", "1", "forget", "1")
    assert standing(first) == []
    assert len(standing(second)) == 1
    person.says("hello", room=second)
    assert "1 English" in second.said[-1].text


# ---- 0: the way out -----------------------------------------------------------------------------------------------

ZEROS = ["0", "٠", "۰", "०", "০", "０", "(0)", "0.", "0️⃣"]


@pytest.mark.parametrize("zero", ZEROS)
def test_zero_in_every_script_ends_with_bye(world: World, zero: str) -> None:
    person = world.person("p").arrives()
    person.says(zero)
    assert standing(person.room) == [person.heard("Bye.")]
    person.says("hello").heard("Are you alone")
    person.says("1").heard("Write a number:")


MOMENTS: dict[str, list[str]] = {
    "at the greeting": [],
    "at the question whether they are alone": ["1"],
    "in the menu": ["1", "1"],
    "among the answers": ["1", "1", "1"],
    "in an answer": ["1", "1", "1", "1", "1"],
    "while a phrase is asked for": ["1", "1", "lock"],
    "while a phrase opens": ["1", "1", "lock", PHRASE, "lock", "2", "lock", PHRASE, "unlock"],
    "at the question whether to erase": ["1", "1", "forget"],
    "after something not understood": ["1", "1", "what is that there"],
    "after leaving": ["1", "1", "0"],
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_zero_works_at_any_moment(world: World, moment: str) -> None:
    person = world.person("p").says(*MOMENTS[moment])
    words = written(person)
    person.says("0")
    assert person.room.said[-1].text.endswith("Bye.") or "Bye." in person.room.said[-1].text
    left = standing(person.room)
    assert left[-1] == person.room.said[-1].text
    assert set(left) == {left[-1]}, "everything else is taken back"
    assert set(words) <= set(person.room.redacted)
    assert world.tx(get_prompt, person.room.room_id) is None
    known = world.tx(get_person, person.account)
    person.says("hello")
    person.heard("Are you alone" if known.language else "1 English")


def test_zero_says_bye_in_the_language_of_the_person(world: World, texts: Texts) -> None:
    for language, digit in DIGITS.items():
        person = world.person(language).arrives(digit).says("0")
        assert person.heard(texts.sentence(language, "bye")) == texts.sentence(language, "bye")
        person.says("?").heard(texts.sentence(language, "alone-question"))


def test_without_the_power_only_our_own_messages_are_taken_back(world: World) -> None:
    person = world.person("p", power=0).arrives()
    ours = [s.event_id for s in person.room.said]
    person.says("0").heard("Bye.")
    assert sorted(person.room.redacted) == sorted(ours)
    person.says("hi").heard("Are you alone")


def test_what_the_person_wrote_more_than_a_day_ago_stays_and_ours_does_not(world: World) -> None:
    person = world.person("p").arrives()
    old = written(person)
    world.clock.advance(hours=25)
    person.says("menu")
    fresh = written(person)[-1]
    person.says("0").heard("Bye.")
    assert not set(old) & set(person.room.redacted)
    assert fresh in person.room.redacted
    assert written(person)[-1] in person.room.redacted, "the 0 itself too"
    assert standing(person.room) == ["Bye."]
    person.says("hi").heard("Are you alone")


def test_zero_cancels_what_would_have_been_said(world: World) -> None:
    person = world.person("p").arrives()
    other = world.person("q").arrives()

    def later(tx: Tx) -> None:
        for room in (person.room, other.room):
            after = tx.now + timedelta(hours=1)
            outbox.say(tx, room.room_id, [Part("was-away")], language="en", not_before=after, lane="bulletin")

    world.queue(later)
    person.says("0").heard("Bye.")
    world.clock.advance(hours=2)
    world.deliver()
    assert standing(person.room) == ["Bye."]
    other.heard("I was away.")
    person.says("hi").heard("Are you alone")


def test_what_was_on_its_way_when_the_person_left_is_taken_back_when_it_arrives(world: World) -> None:
    person = world.person("p").arrives()
    world.offline = True
    person.says("whoami")
    row = world.tx(rows.list_due)[0]
    world.tx(rows.set_sending, [row.txn])  # the server may have it; its answer has not come
    person.says("0")
    world.offline = False
    world.deliver()
    assert "This is what I keep" in "".join(s.text for s in person.room.said)
    world.clock.advance(minutes=1)
    world.deliver()
    assert standing(person.room) == ["Bye."]
    person.says("hi").heard("Are you alone")


def test_after_leaving_nothing_is_said_until_the_person_writes(world: World, texts: Texts) -> None:
    from bot.domain import pages

    person = world.person("p").arrives().says("call me")
    world.queue(pages.tell_changes, world.content, world.config)
    person.says("0").heard("Bye.")
    about = world.content.pages["about"]
    text = about.text | {"en": about.text["en"].replace("police", "police force")}
    changed = world.content.pages | {"about": about.model_copy(update={"text": text})}
    from dataclasses import replace

    world.queue(pages.tell_changes, replace(world.content, pages=changed), world.config)
    world.restart()
    world.clock.advance(days=1)
    world.deliver()
    person.heard_nothing()
    person.says("hi").heard("Are you alone")
    person.says("1").heard("Write a number:")


def test_leaving_is_finished_after_a_kill(world: World) -> None:
    person = world.person("p").arrives()
    words = written(person)
    world.offline = True
    person.sends("0")  # the transaction is on disk, and the process is killed before anything of it is sent
    assert len(standing(person.room)) == len(person.room.said) > 0
    world.restart()
    world.offline = False
    world.deliver()
    assert standing(person.room) == ["Bye."]
    assert set(words) <= set(person.room.redacted)
    before = [*person.room.redacted]
    world.restart()
    world.deliver()
    assert person.room.redacted == before, "once"
    person.says("hi").heard("Are you alone")


def test_zero_is_taken_from_somebody_who_has_written_too_much(world: World) -> None:
    person = world.person("p").arrives()
    for _ in range(40):
        person.says("menu")
    assert "Please wait a little" in person.room.said[-1].text
    person.says("0").heard("Bye.")
    assert standing(person.room) == ["Bye."]
    person.says("0", "menu")
    assert standing(person.room) == ["Bye."], "silent until the window is over"
    world.clock.advance(minutes=6)
    person.says("hi").heard("Are you alone")


@pytest.mark.parametrize("trust", [Trust.UNSIGNED, Trust.CHANGED])
def test_zero_is_taken_from_any_device(world: World, trust: Trust) -> None:
    person = world.person("p").arrives()
    person.says("0", trust=trust).heard("Bye.")
    assert standing(person.room) == ["Bye."]
    person.says("hi").heard("Are you alone")


def test_zero_that_became_readable_late_still_means_leave(world: World) -> None:
    person = world.person("p").arrives()
    person.says("0", late=True)
    assert len(standing(person.room)) == 1
    person.heard("Bye.")
    person.says("hi").heard("Are you alone")


# ---- the lock phrase ----------------------------------------------------------------------------------------------


@pytest.fixture
def hashing(world: World, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Watches each slow hash: was a transaction open?"""
    found: list[bool] = []

    def watching(phrase: str, salt: bytes) -> bytes:
        found.append(world.busy)
        return slow_hash(phrase, salt)

    monkeypatch.setattr(privacy, "slow_hash", watching)
    return found


def locked(world: World, name: str = "p", **more: Any) -> Person:
    """Somebody with a phrase, two hours later: everything of theirs is locked."""
    person = world.person(name, **more).arrives().says("lock").says(PHRASE)
    person.heard("The phrase is set")
    world.clock.advance(hours=2)
    return person


def test_a_phrase_is_set_and_its_message_taken_back_at_once(world: World, hashing: list[bool]) -> None:
    person = world.person("p").arrives().says("lock")
    person.heard("Choose a phrase", "write 0")
    phrase = person.sends(PHRASE)
    assert next((r.kind, r.lane) for r in world.tx(rows.list_due)) == ("redact", "now"), "before anything is answered"
    world.deliver()
    assert person.room.redacted == [phrase]
    person.heard("The phrase is set", "I do not keep")
    assert "delete it on your side" not in person.room.said[-1].text
    assert hashing == [False], "computed once, and while no transaction was open"
    assert PHRASE not in everything(world)
    person.says("whoami").heard("lock phrase, yes")


def test_where_the_bot_may_not_take_the_phrase_back_it_says_so(world: World) -> None:
    person = world.person("p", power=0).arrives().says("lock", PHRASE)
    person.heard("The phrase is set", "delete it on your side")
    assert person.room.redacted == []
    world.clock.advance(hours=2)
    person.says("whoami", PHRASE)
    assert "delete it on your side" in "".join(person.heard_all())
    person.says("whoami").heard("This is what I keep")


def test_a_short_phrase_is_asked_for_again(world: World) -> None:
    person = world.person("p").arrives().says("lock")
    short = person.sends("ab cd")
    world.deliver()
    person.heard("too short")
    assert short in person.room.redacted
    assert not world.tx(get_person, person.account).has_lock
    person.says(PHRASE).heard("The phrase is set")
    person.says("whoami").heard("lock phrase, yes")


@pytest.mark.parametrize("asked", ["whoami", "forget", "call me", "lite", "lock"])
def test_what_is_ones_own_asks_for_the_phrase(world: World, asked: str) -> None:
    person = locked(world)
    before = world.tx(get_person, person.account)
    person.says(asked).heard("write your phrase")
    assert world.tx(get_person, person.account) == before, "nothing has happened yet"
    person.says(PHRASE)
    answer = {
        "whoami": "This is what",
        "forget": "Shall I",
        "call me": "first now",
        "lite": "short",
        "lock": "There is",
    }
    person.heard(answer[asked])


def test_public_words_never_ask_for_the_phrase(world: World) -> None:
    person = locked(world)
    for word, answer in (("menu", "Write a number"), ("about", "Version"), ("safety", "sample"), ("ask", "Choose")):
        person.says(word).heard(answer)
    person.says("0").heard("Bye.")
    person.says("hi").heard("Are you alone")


def test_a_wrong_phrase_gets_the_words_of_there_is_nothing(world: World, texts: Texts) -> None:
    person = locked(world).says("whoami")
    wrong = person.sends("blue ladder")
    world.deliver()
    assert person.heard("There is nothing here.").splitlines()[0] == texts.sentence("en", "nothing-held")
    assert wrong in person.room.redacted, "a wrong one is nearly the right one"
    person.says("whoami").heard("write your phrase")
    person.says(PHRASE).heard("This is what I keep")


def test_the_right_phrase_opens_for_an_hour(world: World, hashing: list[bool]) -> None:
    person = locked(world)
    hashing.clear()
    person.says("whoami")
    right = person.sends(f"  {PHRASE} ")
    world.deliver()
    assert right in person.room.redacted
    person.heard("This is what I keep")
    assert hashing == [False]
    world.clock.advance(minutes=59)
    person.says("whoami").heard("This is what I keep")
    world.clock.advance(minutes=2)
    person.says("whoami").heard("write your phrase")
    person.says(PHRASE).heard("This is what I keep")


def test_another_phrase_replaces_the_first(world: World) -> None:
    person = locked(world).says("lock", PHRASE).chooses("Another phrase").says("brown table")
    person.heard("The phrase is set")
    world.clock.advance(hours=2)
    person.says("whoami", PHRASE).heard("There is nothing here.")
    person.says("whoami", "brown table").heard("This is what I keep")


def test_a_removed_phrase_is_not_asked_for(world: World) -> None:
    person = locked(world).says("lock", PHRASE).chooses("Remove the phrase")
    person.heard("removed")
    world.clock.advance(hours=2)
    person.says("whoami").heard("lock phrase, no")
    person.says("unlock").heard("no phrase")
    person.says("menu").heard("Write a number:")


def test_a_new_phrase_that_comes_too_late_first_needs_the_old_one(world: World) -> None:
    person = locked(world).says("lock", PHRASE).chooses("Another phrase")
    world.clock.advance(hours=2)
    new = person.sends("brown table")
    world.deliver()
    person.heard("write your phrase")
    assert new in person.room.redacted
    person.says(PHRASE)
    assert "went wrong" not in "".join(person.heard_all())
    world.clock.advance(hours=2)
    person.says("whoami", "brown table").heard("There is nothing here.")
    person.says("whoami", PHRASE).heard("This is what I keep")


@pytest.mark.parametrize(
    "typed", ["unlock people", "unlock bot", "unlock nonsense", "unlock start", "unlock forget-yes"]
)
def test_what_follows_unlock_is_not_done(make_world: Callable[..., World], typed: str) -> None:
    world = make_world(people={"members": ["@mia:example.org"]})
    world.person("mia").arrives()
    person = locked(world).says(typed, PHRASE)
    everything_said = "\n".join(person.heard_all())
    assert "@mia" not in everything_said, "a colleague's account was told to a stranger"
    assert "went wrong" not in everything_said
    assert "Write: bot" not in everything_said
    assert world.tx(get_person, person.account) is not None, "nothing is erased without being asked"
    person.says("unlock", PHRASE).heard("This is what I keep")


def test_the_phrase_does_not_open_what_was_taken_away_meanwhile(make_world: Callable[..., World]) -> None:
    world = make_world(staff=[{"id": "sara", "accounts": ["@sara:example.org"], "role": "admin"}])
    sara = locked(world, "sara", trust=Trust.VERIFIED).says("bot audit")
    sara.heard("write your phrase")
    world.config = world.config.model_copy(update={"staff": ()})
    world.restart()
    sara.says(PHRASE).heard("did not understand")
    sara.says("unlock", PHRASE).heard("This is what I keep")


def test_the_phrase_of_a_compared_device_opens_nothing_exposing_on_another(make_world: Callable[..., World]) -> None:
    world = make_world(staff=[{"id": "sara", "accounts": ["@sara:example.org"], "role": "admin"}])
    sara = locked(world, "sara", trust=Trust.VERIFIED).says("approve ABCD")
    sara.says(PHRASE, trust=Trust.SIGNED).heard("compare")
    sara.says("approve ABCD").heard("write your phrase")
    sara.says(PHRASE).heard("ABCD")


@pytest.mark.parametrize("asked", ["whoami", "unlock"])
def test_a_device_that_is_not_signed_cannot_use_the_phrase(world: World, asked: str) -> None:
    person = locked(world)
    before = world.tx(get_person, person.account)
    person.says(asked, PHRASE, trust=Trust.UNSIGNED)
    assert world.tx(get_person, person.account) == before
    assert "This is what I keep" not in "".join(s.text for s in person.room.said if s.audience == "public")
    person.says("whoami", PHRASE).heard("This is what I keep")


def test_a_colleague_with_a_phrase_can_still_work(make_world: Callable[..., World]) -> None:
    world = make_world(staff=[{"id": "sara", "accounts": ["@sara:example.org"], "role": "admin"}])
    sara = world.person("sara", trust=Trust.VERIFIED).arrives().says("lock", PHRASE)
    world.clock.advance(hours=2)
    sara.says("bot audit").heard("write your phrase")
    sara.says(PHRASE).heard("no entries")
    sara.says("bot status").heard("State:")


# ---- choices ------------------------------------------------------------------------------------------------------


def test_call_me_is_a_choice_that_can_be_taken_back(world: World) -> None:
    person = world.person("p").arrives().says("settings")
    person.chooses("You may write to me first: allow").heard("may write to you first now")
    assert person.says("menu").room.said[-1].content.get("loud")
    person.says("settings").chooses("You may write to me first: no longer").heard("not write to you first")
    assert not person.says("menu").room.said[-1].content.get("loud")
    person.says("whoami").heard("I may write first, no")


def test_lite_makes_messages_shorter_until_it_is_switched_off(world: World) -> None:
    person = world.person("p").arrives().says("safety")
    full = person.heard_all()
    person.says("lite").heard("short messages now")
    person.says("safety")
    short = person.heard_all()
    assert len(short) == 1 < len(full), "one text instead of several"
    person.says("lite").heard("longer messages again")
    person.says("safety")
    assert person.heard_all() == full


def test_two_private_rooms_are_one_person_and_two_conversations(world: World) -> None:
    person = world.person("p").arrives().says("lock", PHRASE)
    first = person.room
    second = world.private_room(person.account)
    world.deliver()
    assert "1 English" in second.said[-1].text
    person.room = second
    person.says("1", "1")
    person.says("1", room=first)  # the question there is its own
    assert "Write a number" in first.said[-1].text
    person.says("forget", room=first)
    person.says("1")
    assert "Choose a number:" in second.said[-1].text, "a 1 here is no yes to the question there"
    assert world.tx(get_person, person.account) is not None
    world.clock.advance(hours=2)
    person.says("whoami", PHRASE)
    told = len([s for v in (first, second) for s in v.said]) - 1
    person.heard(f"{told} answers")


def test_leaving_one_room_redacts_there(world: World) -> None:
    person = world.person("p").arrives()
    first = person.room
    second = world.private_room(person.account)
    world.deliver()
    person.says("0", room=second)
    assert standing(second) == ["Bye."]
    person.says("0", room=first)
    assert standing(first) == ["Bye."]
    person.says("hi", room=first)
    assert "Are you alone" in first.said[-1].text


def test_settings_are_reached_by_digits_alone(world: World) -> None:
    person = world.person("p").arrives()
    person.chooses("More", "Settings").heard("Settings:")
    person.chooses("Lock phrase").heard("Choose a phrase")
    person.says(PHRASE).chooses("Menu", "More", "Settings", "Erase what you keep about me", "No", "Menu")
    person.chooses("More", "Settings", "What I keep about you").heard("lock phrase, yes")
    assert world.tx(meta.get_meta, "mode") is None
    assert BOT in person.room.members
