"""The trust table (DESIGN.md) as conversations: who is told what on which device, and the way on from each refusal."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.config import LANGUAGES
from bot.message import Trust
from bot.store.people import get_person
from bot.text import Texts
from tests.world import BOT, Person, RoomView, World, staff

PHRASE = "green ladder"
TEAM = [staff("sara", "admin"), staff("omar", "admin"), staff("lina"), staff("vera", "approver")]
MEND = "Your app has not confirmed this device as yours"
COMPARE = "First a colleague must be sure that it is really you."
SAFE = [Trust.SIGNED, Trust.VERIFIED]


def told(person: Person) -> list[str]:
    """Who may read each message that the bot wrote since the last look, then the look."""
    found = [s.audience for s in person.unread]
    person.heard_all()
    return found


def group(world: World, *people: Person) -> RoomView:
    """A room of several that the first of them opens."""
    view = world.private_room(people[0].account)
    view.members |= {p.account for p in people}
    world.deliver()
    return view


# ---- participants ---------------------------------------------------------------------------------------------------

OWN = {"whoami": "This is what I keep", "forget": "Shall I erase", "lock": "Choose a phrase", "callme": "write to you"}
PUBLIC = {
    "menu": "Write a number:",
    "about": "Version",
    "limits": "Version",
    "safety": "Version",
    "ask": "Choose a number:",
    "real?": "Do not believe only me.",
    "language": "Which language?",
}


@pytest.mark.parametrize("trust", SAFE)
def test_a_device_that_its_owner_signed_is_told_what_is_its_own_and_nobody_else_is(world: World, trust: Trust) -> None:
    person = world.person("p", trust=trust).arrives()
    for typed, answer in OWN.items():
        person.says(typed)
        assert answer in person.room.said[-1].text
        assert set(told(person)) == {"own"}
        person.says("menu")
        assert set(told(person)) == {"public"}


def test_a_device_that_is_not_signed_is_told_public_things_and_how_to_mend_it(world: World) -> None:
    person = world.person("p", trust=Trust.UNSIGNED).arrives()
    for typed, answer in PUBLIC.items():
        person.says(typed)
        assert answer in "".join(s.text for s in person.unread)
        assert set(told(person)) == {"public"}
    for typed, answer in OWN.items():
        person.says(typed)
        assert answer not in person.heard(MEND, "Security", "write “menu”", "1 Menu")
        assert person.room.said[-1].audience == "public", "the device that asks can read how to mend itself"
    person.says("1").heard("Write a number:")
    person.trust = Trust.SIGNED
    person.says("whoami").heard("This is what I keep")


def test_from_an_unsigned_device_a_digit_does_nothing_of_ones_own_either(world: World) -> None:
    person = world.person("p").arrives().says("forget")
    person.says("1", trust=Trust.UNSIGNED).heard(MEND)
    assert world.tx(get_person, person.account) is not None
    person.says("forget", "1").heard("It is erased")
    person.says("hello").heard("1 English")


def test_an_unsigned_device_is_answered_by_what_it_can_read_and_a_signed_one_goes_on_where_it_was(
    world: World,
) -> None:
    person = world.person("p").arrives().says("whoami")
    person.heard_all()
    person.says("is anybody there", "menu", "limits", trust=Trust.UNSIGNED)
    assert set(told(person)) == {"public"}
    person.says("whoami").heard("This is what I keep")


def test_who_has_a_phrase_is_not_asked_for_it_before_they_said_that_they_are_alone(world: World) -> None:
    person = world.person("p").arrives().says("lock", PHRASE)
    world.clock.advance(hours=2)
    person.room = world.private_room(person.account)
    world.deliver()
    person.says("1").heard("Are you alone")
    person.says("1").heard("Write a number:")
    person.says("whoami").heard("write your phrase")
    person.says(PHRASE).heard("This is what I keep")


def test_a_secret_typed_on_an_unsigned_device_is_taken_back_and_not_used(world: World) -> None:
    person = world.person("p").arrives().says("lock")
    typed = person.sends(PHRASE, trust=Trust.UNSIGNED)
    world.deliver()
    person.heard(MEND)
    assert typed in person.room.redacted
    person.says("whoami").heard("lock phrase, no")


# ---- where the operator allows any device ---------------------------------------------------------------------------


@pytest.fixture
def lenient(make_world: Callable[..., World]) -> World:
    return make_world(encryption={"participants": "any"}, staff=TEAM, people={"members": ["@mia:example.org"]})


def test_going_on_without_a_signed_device_takes_a_warning_and_a_yes_that_is_recorded(lenient: World) -> None:
    lenient.open_desk()
    person = lenient.person("p", trust=Trust.UNSIGNED).arrives().says("whoami")
    assert "This is what I keep" not in person.heard(
        MEND, "could read what we write", "recorded", "1 Go on with this warning"
    )
    person.says("2").heard("Write a number:")
    person.says("whoami").heard(MEND)  # passing by is no yes
    person.says("1").heard("I go on with this device.")
    person.says("whoami").heard("This is what I keep")
    assert person.room.said[-1].audience == "own"
    Person(lenient, "@sara:example.org", Trust.VERIFIED).says("!bot audit", room=desk_of(lenient))
    assert "unsigned-accepted" in lenient.desk_said("The newest entries")
    assert person.account not in lenient.desk_said("The newest entries")


def test_a_yes_lasts_over_a_restart_and_only_for_who_gave_it(lenient: World) -> None:
    person = lenient.person("p", trust=Trust.UNSIGNED).arrives().says("whoami", "1")
    other = lenient.person("q", trust=Trust.UNSIGNED).arrives()
    lenient.restart()
    person.says("whoami").heard("This is what I keep")
    other.says("whoami").heard(MEND)
    other.says("1", "whoami").heard("This is what I keep")


def test_a_yes_counts_no_longer_when_the_operator_takes_it_back(lenient: World) -> None:
    person = lenient.person("p", trust=Trust.UNSIGNED).arrives().says("whoami", "1", "whoami")
    person.heard("This is what I keep")
    strict = lenient.config.encryption.model_copy(update={"participants": "cross-signed"})
    lenient.config = lenient.config.model_copy(update={"encryption": strict})
    lenient.restart()
    person.says("whoami")
    assert "Go on with this warning" not in person.heard(MEND)
    person.says("menu").heard("Write a number:")
    person.says("whoami", trust=Trust.SIGNED).heard("This is what I keep")


def test_a_warning_of_before_is_no_way_around_a_stricter_rule(lenient: World) -> None:
    person = lenient.person("p", trust=Trust.UNSIGNED).arrives().says("whoami")
    person.heard("1 Go on with this warning")
    strict = lenient.config.encryption.model_copy(update={"participants": "cross-signed"})
    lenient.config = lenient.config.model_copy(update={"encryption": strict})
    lenient.restart()
    person.says("1").heard(MEND)
    assert lenient.tx(get_person, person.account).accepts_unsigned is None
    person.says("2").heard("Write a number:")


def test_a_yes_does_not_count_for_another_identity(lenient: World) -> None:
    person = lenient.person("p", trust=Trust.UNSIGNED).arrives().says("whoami", "1", "whoami")
    person.says("whoami", trust=Trust.CHANGED).heard("1 English")
    person.says("1", "1", "whoami").heard(MEND, "1 Go on with this warning")
    person.says("1", "whoami").heard("This is what I keep")


@pytest.mark.parametrize("name", ["sara", "lina", "vera", "mia"])
def test_whoever_has_a_role_gets_no_such_choice(lenient: World, name: str) -> None:
    person = lenient.person(name).arrives()
    for typed in ("menu", "whoami", "about"):
        text = person.says(typed, trust=Trust.UNSIGNED).heard(MEND)
        assert "Go on" not in text
        assert "public things" not in text, "nothing at all is read from this device"
    person.says("whoami").heard("This is what I keep")


# ---- the team -------------------------------------------------------------------------------------------------------


def desk_of(world: World) -> RoomView:
    return next(v for v in world.rooms.values() if v.kind == "desk")


@pytest.fixture
def desk(make_world: Callable[..., World]) -> World:
    world = make_world(staff=TEAM, people={"coordinators": ["@cora:example.org"], "members": ["@mia:example.org"]})
    world.open_desk()
    return world


def colleague(world: World, name: str, trust: Trust = Trust.VERIFIED) -> Person:
    person = Person(world, f"@{name}:example.org", trust)
    person.room = desk_of(world)
    return person


TEAM_WORDS = ["!bot status", "!bot mode paused", "!bot audit", "!people", "!approve A2B3", "!refuse A2B3", "!help"]


def test_nothing_is_taken_from_an_unsigned_device_of_the_team(desk: World) -> None:
    sara = colleague(desk, "sara")
    for typed in TEAM_WORDS:
        assert "write “menu”" not in sara.says(typed, trust=Trust.UNSIGNED).heard("confirm this device")
    sara.says("!bot mode").heard("Mode: listening")


EXPOSING = ["approve A2B3", "match A2B3", "people role @ali:example.org member", "people accept @omar:example.org"]


@pytest.mark.parametrize("private", [False, True])
def test_what_exposes_needs_a_compared_identity_and_what_protects_does_not(desk: World, private: bool) -> None:
    colleague(desk, "omar").says("!help")
    sara = desk.person("sara", trust=Trust.SIGNED).arrives() if private else colleague(desk, "sara", Trust.SIGNED)
    prefix = "" if private else "!"
    for typed in EXPOSING:
        sara.says(prefix + typed).heard(COMPARE, "Verify me in your app")
        refused = sara.says(prefix + typed, trust=Trust.VERIFIED).heard()
        assert COMPARE not in refused
    for typed, answer in {"people": "@sara:example.org: admin", "bot audit": "newest", "bot status": "State:"}.items():
        sara.says(prefix + typed).heard(answer)
    sara.says(f"{prefix}bot mode paused").heard("The mode is paused now.")
    sara.says(f"{prefix}bot mode listening").heard("second person")


def test_a_role_below_admin_learns_nothing_by_asking_from_a_compared_device(desk: World) -> None:
    lina = colleague(desk, "lina")
    for typed in (*EXPOSING[2:], "bot audit"):
        lina.says(f"!{typed}").heard("I do not know this here", "!help")
    lina.says("!people").heard("@lina:example.org: staff")


# ---- another identity than before -----------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["whoami", "1", "hello", "menu", "forget"])
def test_a_participant_with_a_new_identity_starts_again(world: World, typed: str) -> None:
    person = world.person("p").arrives().says("forget")
    person.heard("1 Yes, erase it")
    person.says(typed, trust=Trust.CHANGED)
    person.heard("Your account has new keys.", "We start again:", "1 English", "5 Español")
    assert person.room.said[-1].audience == "public", "the new device can read it"
    assert world.tx(get_person, person.account) is not None, "the yes of before is no yes now"
    assert [d.content for d in world.deeds if d.kind == "accept"] == [{"user": person.account}]
    person.says("1").heard("Are you alone")
    person.says("1").heard("Write a number:")
    person.says("whoami").heard("This is what I keep")


def test_a_participant_with_a_new_identity_is_told_so_in_their_language(world: World, texts: Texts) -> None:
    for digit, language in enumerate(LANGUAGES, start=1):
        person = world.person(language).arrives(str(digit)).says("?", trust=Trust.CHANGED)
        person.heard(
            texts.sentence(language, "identity-changed"), f"{digit} {texts.sentence(language, 'language-name')}"
        )
        person.says(str(digit), "1").heard(texts.sentence(language, "menu-first-line"))


def test_a_phrase_that_was_open_is_closed_for_a_new_identity_and_still_asked_for(world: World) -> None:
    person = world.person("p").arrives().says("lock", PHRASE, "whoami")
    person.heard("This is what I keep")
    person.says("whoami", trust=Trust.CHANGED).heard("new keys")
    person.says("1", "1", "whoami").heard("write your phrase")
    person.says(PHRASE).heard("This is what I keep")


@pytest.mark.parametrize("name", ["sara", "lina", "vera"])
def test_a_colleague_with_a_new_identity_is_refused_and_the_desk_hears_of_it_once_a_day(desk: World, name: str) -> None:
    person = desk.person(name).arrives()
    notice = f"The account {person.account} has new keys."

    def notices() -> int:
        return len([s for s in desk_of(desk).said if notice in s.text])

    for typed in ("bot status", "bot mode paused", "menu", "whoami", "1"):
        person.says(typed, trust=Trust.CHANGED).heard(
            "Your account has new keys.", "Ask an admin to write: !people accept and your account"
        )
    assert notices() == 1
    desk.restart()
    person.says("menu", trust=Trust.CHANGED)
    assert notices() == 1
    desk.clock.advance(days=1)
    person.says("menu", trust=Trust.CHANGED)
    assert notices() == 2
    desk.new_keys(person.account)
    admin = colleague(desk, "omar").says(f"!people accept {person.account}")
    admin.heard("I accept the new keys of this account now.")
    person.says("bot status").heard("State:")
    assert notices() == 2


def test_a_participant_with_a_new_identity_is_no_news_for_the_desk(desk: World) -> None:
    said = len(desk_of(desk).said)
    person = desk.person("p").arrives().says("menu", trust=Trust.CHANGED)
    assert len(desk_of(desk).said) == said
    person.says("1", "1").heard("Write a number:")


def test_whoever_lost_their_keys_may_still_leave(desk: World) -> None:
    for name in ("p", "sara", "mia"):
        person = desk.person(name).arrives()
        person.says("0", trust=Trust.CHANGED).heard("Bye.")
        assert [s.text for s in person.room.said if not s.redacted] == ["Bye."]
        person.says("hello").heard("Are you alone")


# ---- without encryption ---------------------------------------------------------------------------------------------


def encrypted_rooms(world: World, person: Person) -> list[RoomView]:
    return [v for v in world.rooms.values() if person.account in v.members and v.encrypted]


def test_a_room_without_encryption_is_left_for_an_encrypted_one_offered_at_most_once_a_day(
    world: World, texts: Texts
) -> None:
    person = world.person("p", encrypted=False)
    in_the_clear = person.room
    why = "\n".join(texts.sentence(language, "not-encrypted") for language in LANGUAGES)
    assert [s.text for s in in_the_clear.said] == [why]
    for typed in ("whoami", "1"):
        person.says(typed, kind="clear", trust=Trust.UNSIGNED)
        assert len(encrypted_rooms(world, person)) == 1
    world.restart()
    world.clock.advance(hours=1)
    person.says("hello", kind="clear", trust=Trust.UNSIGNED)
    assert len(encrypted_rooms(world, person)) == 1
    world.clock.advance(days=1)
    person.says("hello", kind="clear", trust=Trust.UNSIGNED)
    assert len(encrypted_rooms(world, person)) == 2
    already = "\n".join(texts.sentence(language, "private-already") for language in LANGUAGES)
    said = [why, why, already, already, why]
    assert [s.text for s in in_the_clear.said] == said, "never anything else, whatever is written"
    assert not in_the_clear.redacted
    person.says("0", kind="clear", trust=Trust.UNSIGNED)
    assert world.left == [in_the_clear.room_id]
    assert all(s.redacted for s in in_the_clear.said)
    assert [s.text for s in in_the_clear.said] == said
    person.room = encrypted_rooms(world, person)[-1]
    world.member(person.room, person.account, "join")
    world.deliver()
    person.heard("1 English")
    person.says("1", "1", "whoami").heard("This is what I keep")


@pytest.mark.parametrize("typed", ["forget", "2", "0", PHRASE])
def test_what_comes_in_clear_into_an_encrypted_room_is_not_read(world: World, typed: str) -> None:
    person = world.person("p").arrives().says("lock")
    before = world.tx(get_person, person.account)
    person.says(typed, kind="clear", trust=Trust.UNSIGNED)
    person.heard("One of your messages came without encryption.", "I did not read it.")
    assert world.tx(get_person, person.account) == before
    assert not [s for s in person.room.said if s.redacted]
    assert len(encrypted_rooms(world, person)) == 1, "there is no need of another room"
    person.says(PHRASE).heard("The phrase is set")


def test_what_comes_in_clear_to_the_desk_is_not_done(desk: World) -> None:
    sara, said = colleague(desk, "sara"), len(desk_of(desk).said)
    sara.says("!bot mode paused", kind="clear", trust=Trust.UNSIGNED)
    assert len(desk_of(desk).said) == said
    sara.says("!bot mode").heard("Mode: listening")


# ---- rooms of several -----------------------------------------------------------------------------------------------


def test_in_a_group_only_what_is_said_to_the_bot_is_answered(desk: World) -> None:
    cora, ali = (Person(desk, f"@{name}:example.org", Trust.SIGNED) for name in ("cora", "ali"))
    cora.room = ali.room = view = group(desk, cora, ali)
    ali.says("menu", "1", "0", "hello", f"I asked {BOT} about it", "!frobnicate", "! ").sends_file()
    assert view.said == []
    event = ali.sends("!about")
    desk.deliver()
    ali.heard("About this chat", "Version")
    assert view.said[-1].content["reply_to"] == event
    for typed in (f"{BOT} limits", f"{BOT}: limits", "helper: limits", "helper, limits"):
        ali.says(typed, mentions_us=True).heard("Version")
        cora.heard_all()
    ali.says("helper: frobnicate", mentions_us=True).heard("I answer this in private", BOT)
    ali.says("!menu").heard("I answer this in private", BOT)
    for digit in ("1", "!1"):
        said = len(view.said)
        ali.says(digit)
        assert len(view.said) == said, "there is no question in a room of several"
    ali.room = desk.private_room(ali.account)
    desk.deliver()
    ali.says("1", "1", "whoami").heard("This is what I keep")


def test_nothing_of_anybody_s_own_is_said_in_a_group(desk: World) -> None:
    cora, ali = (Person(desk, f"@{name}:example.org", Trust.SIGNED) for name in ("cora", "ali"))
    cora.room = ali.room = group(desk, cora, ali)
    for typed in ("!whoami", "!forget", "!lock", "!callme", "!settings", "!lite", "!ask", "!leave"):
        ali.says(typed).heard("private", BOT)
        assert ali.room.said[-1].audience == "public"
    assert desk.tx(get_person, ali.account) is not None
    ali.says("!safety").heard("Version")


def test_a_room_of_several_is_entered_only_for_those_who_open_such_rooms(desk: World) -> None:
    ali, bo, cora = (Person(desk, f"@{name}:example.org", Trust.SIGNED) for name in ("ali", "bo", "cora"))
    view = group(desk, ali, bo)
    assert desk.left == [view.room_id]
    assert "rooms that a coordinator opens" in desk.declined[0]
    assert view.said == []
    view = group(desk, cora, ali, bo)
    assert view.room_id not in desk.left
    ali.says("!about", room=view)
    assert "About this chat" in view.said[-1].text


def test_a_private_room_into_which_somebody_comes_is_private_no_longer(world: World) -> None:
    person = world.person("p").arrives().says("forget")
    said = len(person.room.said)
    world.member(person.room, "@other:example.org", "join")
    world.deliver()
    assert [s.text for s in person.room.said[said:]] == [
        "Somebody else is in this room now.\nI say nothing personal here any more. Please open a room with me alone."
    ]
    person.heard_all()
    person.says("1", "whoami", "2").heard_nothing()
    person.says("!whoami").heard("private", BOT)
    world.member(person.room, "@other:example.org", "leave")
    person.says("!whoami").heard("private", BOT)  # what the other one knows stays known
    assert world.tx(get_person, person.account) is not None
    person.room = world.private_room(person.account)
    world.deliver()
    person.says("1", "1", "whoami").heard("This is what I keep")


@pytest.mark.parametrize("name", ["ali", "mia", "cora"])
def test_a_stranger_at_the_desk_learns_nothing(desk: World, name: str) -> None:
    stranger, view = colleague(desk, name), desk_of(desk)
    desk.member(view, stranger.account, "join")
    for typed in (*TEAM_WORDS, "!menu", "!about", "!whoami", "!frobnicate"):
        stranger.says(typed).heard("I do not know this here. Please write to me in private", BOT)
        desk.clock.advance(minutes=1)
    said = len(view.said)
    stranger.says("bot status", "1")
    assert len(view.said) == said
    colleague(desk, "sara").says("!bot mode").heard("Mode: listening")
    stranger.room = desk.private_room(stranger.account)
    desk.deliver()
    stranger.says("1", "1", "whoami").heard("This is what I keep")


# ---- groups ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trust", [Trust.UNSIGNED, Trust.CHANGED])
def test_a_group_learns_nothing_of_a_role_from_how_a_device_is_refused(desk: World, trust: Trust) -> None:
    """Whoever writes from a device that is not signed, and whatever they ask, hears the same words there."""
    group = desk.private_room("@cora:example.org")
    desk.deliver()
    names = ("sara", "lina", "vera", "cora", "mia", "stranger")
    for name in names:
        desk.member(group, f"@{name}:example.org", "join")
    desk.deliver()
    heard = set()
    for name in names:
        person = colleague(desk, name, trust)
        for typed in ("!about", "!menu", "!safety", "!approve A2B3", "!people", "!bot status"):
            before = len(group.said)
            person.says(typed, room=group)
            heard |= {(typed, tuple(s.text for s in group.said[before:]))}
    words = dict(heard)
    assert len(heard) == len(words), "one answer for each thing asked"
    assert all(MEND in answers[0] for typed, answers in heard if typed in ("!about", "!menu", "!safety"))
    assert all("in private" in answers[0] for typed, answers in heard if typed in ("!approve A2B3", "!people"))


def test_zero_in_a_room_that_lost_its_privacy_makes_the_bot_go(world: World) -> None:
    person = world.person("p").arrives()
    world.member(person.room, "@third:example.org", "join")
    world.deliver()
    assert world.left == []
    person.says("0")
    assert world.left == [person.room.room_id]
    again = world.private_room(person.account)
    world.deliver()
    person.room, person._read = again, 0
    person.heard("1 English")


# ---- a device beside signed ones -----------------------------------------------------------------------------------


def test_a_device_that_somebody_added_beside_signed_ones_cannot_say_yes_for_their_owner(lenient: World) -> None:
    """A server can put a device into an account; the owner's signed one shows that it is not how they work."""
    person = lenient.person("p").arrives()
    added = {"trust": Trust.UNSIGNED, "signed_elsewhere": True}
    person.says("whoami", **added)
    assert "Go on with this warning" not in person.heard(MEND)
    person.says("1", **added).heard("Write a number:")
    alone = {"trust": Trust.UNSIGNED}
    person.says("whoami", **alone).says("1", **alone).says("whoami", **alone).heard("This is what I keep")
    person.says("whoami", **added).heard(MEND)
    person.says("whoami").heard("This is what I keep")
