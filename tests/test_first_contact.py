"""First contact, from the person's chair (HUMANE.md, H1 to H5)."""

from __future__ import annotations

import pytest

from bot.faq.content import Content
from bot.message import Trust
from bot.text import Texts, digit_of
from tests.world import World

LANGUAGE_DIGITS = {"en": "1", "ar": "2", "fr": "3", "uk": "4", "es": "5"}


def test_the_greeting_is_neutral_and_alike_for_everybody(world: World, content: Content) -> None:
    greetings = {world.person(name).heard() for name in ("alice", "bashar", "chloe")}
    assert len(greetings) == 1
    greeting = greetings.pop()
    for number, name in enumerate(["English", "العربية", "Français", "Українська", "Español"], start=1):
        assert f"{number} {name}" in greeting.splitlines()
    assert greeting.splitlines()[-1].startswith("0 ")
    for language in LANGUAGE_DIGITS:
        assert not content.telling(greeting, language)


@pytest.mark.parametrize("language", LANGUAGE_DIGITS)
def test_language_then_alone_then_three_short_messages(world: World, texts: Texts, language: str) -> None:
    person = world.person("p")
    person.says(LANGUAGE_DIGITS[language])
    assert texts.sentence(language, "alone-question") in person.heard()
    person.says("1")
    messages = person.heard_all()
    assert len(messages) == 3
    assert texts.sentence(language, "menu-first-line") in messages[-1]
    assert all(len(m.split()) < 80 for m in messages)


def test_not_alone_hears_a_short_goodbye_and_nothing_else(world: World, texts: Texts) -> None:
    person = world.person("p").says("1", "2")
    person.heard("OK, bye.")
    assert person.room.said[-1].text == "OK, bye.\nWrite again when you are alone."
    person.says("hello")  # later: asked again before anything is told
    person.heard(texts.sentence("en", "alone-question"))


def test_no_english_word_is_needed(world: World, texts: Texts) -> None:
    person = world.person("p").says("٢", "١")
    person.heard(texts.sentence("ar", "menu-faq"))
    person.says(texts.word_for("safety", "ar"))
    person.heard(texts.sentence("ar", "menu-menu"))
    person.says("٠")
    person.heard(texts.sentence("ar", "bye"))


def test_a_word_of_a_language_instead_of_a_digit_chooses_it(world: World, texts: Texts) -> None:
    person = world.person("p").says(texts.word_for("menu", "uk"))
    person.heard(texts.sentence("uk", "alone-question"))


def test_a_first_message_that_came_with_the_invitation_is_answered_once(world: World) -> None:
    person = world.person("p", deliver=False)
    world.hold_back = True
    world.deliver()  # the bot is in and has greeted; the person's "hello" was sent before that arrived
    person.says("hello")
    world.show()
    assert len(person.room.said) == 1


def test_menu_by_digits_in_any_script_with_dots_and_brackets(world: World) -> None:
    person = world.person("p").arrives()
    person.says("(4).").heard("Menu")
    for typed in ("menu", "Menu!", "MENU"):
        person.says(typed).heard("Write a number:")


@pytest.mark.parametrize(
    ("typed", "digit"),
    [
        ("2", "2"), ("٢", "2"), ("۲", "2"), ("२", "2"), ("2.", "2"), ("(2)", "2"), ("[2]", "2"), ("number 2", "2"),
        ("رقم ٢", "2"), ("2)", "2"), (" 2 ", "2"), ("２", "2"), ("②", "2"), ("2️⃣", "2"),
        ("0", "0"), ("٠", "0"), ("۰", "0"),
        ("10", "10"), ("02", "2"), ("two", None), ("2 3", None), ("", None), ("12345", None), ("²", "2"),
        ("I have 2 brothers there", None), ("on 3/4/2021", None),
        ("№2", "2"), ("approve AB12", None), ("unit G3", None), ("3rd", None),
    ],
)  # fmt: skip
def test_digits_as_people_write_them(typed: str, digit: str | None) -> None:
    assert digit_of(typed) == digit


def test_a_wrong_digit_gets_the_numbers_again(world: World) -> None:
    person = world.person("p").arrives()
    person.says("55").heard("55", "1 Questions and answers")
    person.says("1").heard("Choose a number:")


def test_words_that_are_no_command_are_a_question_and_lose_nothing(world: World) -> None:
    person = world.person("p").arrives()
    person.says("what colour is the carpet in your building").heard("I do not have an answer to this.", "1 Menu")
    person.says("1").heard("1 Questions and answers")
    person.says("3").heard("About this chat")


def test_a_file_is_neither_opened_nor_kept(world: World) -> None:
    person = world.person("p").arrives()
    person.sends_file().heard("I have not opened this.", "1 Yes", "2 No, it explains my question")
    person.chooses("Yes").heard("Please do not send it here.", "I have not fetched it", "3 Menu")
    person.sends_file(encrypted=False).heard("came without encryption. I have not fetched it.", "1 Menu")
    assert not [d for d in world.deeds if d.kind in ("file", "pass")]
    person.chooses("Menu").heard("1 Questions and answers")
    person.says("4").heard("Menu")


def test_every_message_in_private_is_quiet(world: World) -> None:
    person = world.person("p").arrives().says("1", "menu", "whoami")
    assert all(not said.content.get("loud") for said in person.room.said)
    person.says("call me").says("menu")
    assert person.room.said[-1].content.get("loud")


def test_the_lite_choice_makes_each_answer_one_short_text(world: World) -> None:
    person = world.person("p").says("1")
    person.says("1")
    long = sum(len(m) for m in person.heard_all())
    person.says("lite", "menu", "language")
    person.chooses("English")
    other = world.person("q").says("1")
    world.tx(lambda tx: __import__("bot.store.people", fromlist=["x"]).set_person(
        tx, __import__("bot.store.people", fromlist=["x"]).get_person(tx, other.account).id, lite=True
    ))  # fmt: skip
    other._read = len(other.room.said)
    other.says("1")
    messages = other.heard_all()
    assert len(messages) == 1
    assert len(messages[0]) < long


def test_an_unencrypted_room_gets_one_fixed_text_and_a_way_out(world: World, texts: Texts) -> None:
    person = world.person("p", encrypted=False)
    said = person.room.said
    assert len(said) == 1
    assert all(texts.sentence(language, "not-encrypted") in said[0].text for language in LANGUAGE_DIGITS)
    person.says("hello", kind="clear", trust=Trust.UNSIGNED)
    rooms = [v for v in world.rooms.values() if person.account in v.members and v.encrypted]
    assert len(rooms) == 1
    person.says("and again", kind="clear", trust=Trust.UNSIGNED)
    assert len([v for v in world.rooms.values() if person.account in v.members]) == 2


def test_a_message_without_encryption_in_an_encrypted_room_is_not_read(world: World) -> None:
    person = world.person("p").arrives()
    person.says("whoami", kind="clear", trust=Trust.UNSIGNED).heard("without encryption")
    person.says("whoami").heard("This is what I keep")


def test_many_messages_at_once_get_one_kind_sentence_and_then_silence(world: World) -> None:
    person = world.person("p").arrives()
    for _ in range(60):
        person.says("menu")
    slow = [s for s in person.room.said if "Please wait a little" in s.text]
    assert len(slow) == 1
    before = len(person.room.said)
    person.says("menu")
    assert len(person.room.said) == before
    world.clock.advance(minutes=6)
    person.says("menu").heard("Write a number:")
