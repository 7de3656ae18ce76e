"""Fixed pages: version, date, signature; how to know the real bot; who hears of a change (HUMANE.md, H4, H8)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import vodozemac

from bot.config import LANGUAGES
from bot.domain import pages
from bot.faq import content as content_files
from bot.faq.content import Content
from bot.seal import key_words
from bot.store.audit import list_audit
from bot.store.rooms import set_room
from bot.text import Texts, day
from tests.test_content import edit
from tests.world import BOT, Person, World

DIGITS = {"en": "1", "ar": "2", "fr": "3", "uk": "4", "es": "5"}
PAGE = "https://example.org/contact"
OWN = {
    "controller": {"en": "Example Office", "ar": "مكتب المثال"},
    "contact": "office@example.org",
    "rights": "Ask us.",
}


def goes_on(person: Person, texts: Texts, language: str) -> None:
    """The newest message ends with digits, and the first of them leads to the menu."""
    person.chooses(texts.sentence(language, "menu-menu"))
    person.heard(texts.sentence(language, "menu-first-line"))


def reads(world: World, name: str, language: str, who: str = "reader") -> Person:
    """Somebody who has just opened a page from the menu, by its digit."""
    person = world.person(who).arrives(DIGITS[language])
    person.chooses(world.texts.sentence(language, f"menu-{name}"))
    return person


# ---- what a page shows --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_its_text_version_date_and_state_and_a_way_on(
    world: World, texts: Texts, content: Content, language: str
) -> None:
    person = world.person("reader").arrives(DIGITS[language])
    sample, unreviewed = (texts.sentence(language, name) for name in ("page-sample", "page-unreviewed"))
    for shown in (["about"], ["limits"], ["safety", "help"]):
        person.chooses(texts.sentence(language, f"menu-{shown[0]}"))
        for name, text in zip(shown, person.heard_all(), strict=True):
            page = content.pages[name]
            assert text.startswith(page.text[language])
            assert page.date
            version = texts.sentence(language, "page-version", version=page.version, date=day(page.date))
            assert {sample, unreviewed, version} <= set(text.splitlines())
        goes_on(person, texts, language)


def test_an_operators_own_reviewed_text_is_no_sample_any_more(
    own_world: tuple[World, Person], own_content: Path, texts: Texts
) -> None:
    _world, sara = own_world
    person = reads(own_world[0], "limits", "en")
    person.heard(texts.sentence("en", "page-sample"), texts.sentence("en", "page-unreviewed"))
    reviewed = dict.fromkeys(LANGUAGES, "unreviewed") | {"en": "reviewed"}
    edit(own_content / "limits.yaml", lambda d: d.update(sample=False, version="2", translation=reviewed))
    sara.says("!bot reload")
    text = person.says("limits").heard("Version 2 of")
    assert texts.sentence("en", "page-sample") not in text
    assert texts.sentence("en", "page-unreviewed") not in text
    french = reads(own_world[0], "limits", "fr", "french").heard(texts.sentence("fr", "page-unreviewed"))
    assert texts.sentence("fr", "page-sample") not in french


@pytest.mark.parametrize("language", LANGUAGES)
def test_about_says_who_is_responsible(make_world: Callable[..., World], texts: Texts, language: str) -> None:
    text = reads(make_world(mechanism=OWN), "about", language).heard("office@example.org", "Ask us.")
    assert ("مكتب المثال" in text) == (language == "ar")
    assert texts.sentence(language, "page-no-controller") not in text


def test_about_says_when_nobody_said_who_is_responsible(world: World, texts: Texts) -> None:
    person = reads(world, "about", "en")
    person.heard(texts.sentence("en", "page-no-controller"))
    goes_on(person, texts, "en")


# ---- signature ----------------------------------------------------------------------------------------------------


def verifies(public: str, signature: str, *stated: str) -> bool:
    """As somebody checks it who has only the public key."""
    try:
        vodozemac.Ed25519PublicKey.from_base64(public).verify_signature(
            "\n".join(("liaison-page", *stated)).encode(), vodozemac.Ed25519Signature.from_base64(signature)
        )
    except vodozemac.SignatureException:
        return False
    return True


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_signature_fits_this_page_in_this_language_and_nothing_else(
    world: World, texts: Texts, content: Content, language: str
) -> None:
    text = reads(world, "about", language).heard()
    page = content.pages["about"]
    sha, signature = re.findall(r"[:：] ?([0-9a-f]{64}|[A-Za-z0-9+/]{86})$", text, re.MULTILINE)
    assert sha == hashlib.sha256(page.text[language].encode()).hexdigest()
    public = world.keys.signer().public
    stated = ["about", page.version, language, sha]
    assert verifies(public, signature, *stated)
    altered = page.text[language][:40] + "§" + page.text[language][41:]
    others = {
        0: "limits",
        1: page.version + "1",
        2: next(other for other in LANGUAGES if other != language),
        3: hashlib.sha256(altered.encode()).hexdigest(),
    }
    for position, other in others.items():
        assert not verifies(public, signature, *[other if i == position else s for i, s in enumerate(stated)])


def test_another_text_has_another_signature_that_fits_too(own_world: tuple[World, Person], own_content: Path) -> None:
    world, sara = own_world
    person = reads(world, "about", "en")
    before = person.heard()
    edit(own_content / "about.yaml", lambda d: d["text"].update(en=d["text"]["en"].replace("police", "police force")))
    sara.says("!bot reload")
    after = person.says("about").heard()
    signatures = [re.findall(r"[A-Za-z0-9+/]{86}$", text, re.MULTILINE)[0] for text in (before, after)]
    assert signatures[0] != signatures[1]
    for signature, shown in zip(signatures, (before, after), strict=True):
        sha = re.findall(r"[0-9a-f]{64}$", shown, re.MULTILINE)[0]
        assert verifies(world.keys.signer().public, signature, "about", "1", "en", sha)


# ---- real or fake -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_real_tells_what_to_compare_and_where(
    make_world: Callable[..., World], texts: Texts, content: Content, language: str
) -> None:
    world = make_world(official_page=PAGE)
    person = reads(world, "real", language)
    text = person.heard(PAGE, BOT)
    words = world.core.state["key_words"][language].split()
    assert len(words) == 8
    assert set(words) <= set(content.key_words[language])
    assert " ".join(words) in text
    assert text.index(PAGE) < text.index(" ".join(words))
    assert text.splitlines()[0] == texts.sentence(language, "real-first")
    assert texts.sentence(language, "real-leave") in text
    goes_on(person, texts, language)
    person.says(texts.word_for("real", language)).heard(" ".join(words))


def test_the_same_key_has_the_same_place_in_every_list_and_another_key_other_words(
    world: World, content: Content
) -> None:
    shown: dict[str, str] = world.core.state["key_words"]
    places = {tuple(content.key_words[lang].index(w) for w in shown[lang].split()) for lang in LANGUAGES}
    assert len(places) == 1
    assert key_words("L" * 43, content.key_words["en"]) != key_words("K" * 43, content.key_words["en"]) == shown["en"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_an_official_page_it_says_that_it_cannot_be_checked(world: World, texts: Texts, language: str) -> None:
    person = reads(world, "real", language)
    text = person.heard(texts.sentence(language, "real-no-page", name="Example Mechanism"))
    assert world.core.state["key_words"][language] not in text, "words that nobody can compare would only comfort"
    goes_on(person, texts, language)


# ---- a change of `about` ------------------------------------------------------------------------------------------

OLD = "It judges nobody and arrests nobody."
NEW = "It judges nobody, arrests nobody and asks for no money."


def start(world: World) -> int:
    """What every start of the program does."""
    return int(world.queue(pages.tell_changes, world.content, world.config))


def change_about(own_content: Path, old: str = OLD, new: str = NEW) -> None:
    edit(own_content / "about.yaml", lambda d: d["text"].update(en=d["text"]["en"].replace(old, new)))


def test_rooms_and_who_may_be_called_hear_old_and_new_sentence_once(
    own_world: tuple[World, Person], own_content: Path, texts: Texts
) -> None:
    world, sara = own_world
    assert start(world) == 0, "the first text is not news"
    called = world.person("called").arrives().says("call me")
    quiet = world.person("quiet").arrives()
    coalition = world.person("coordinator").arrives().room
    world.tx(set_room, coalition.room_id, kind="coalition")
    said = len(coalition.said)
    for person in (called, quiet):
        person.heard_all()
    change_about(own_content)
    sara.says("!bot reload")
    (notice,) = called.heard_all()
    assert notice.splitlines() == [
        texts.sentence("en", "about-changed"),
        texts.sentence("en", "about-old", text=OLD),
        texts.sentence("en", "about-new", text=NEW),
    ]
    assert called.room.said[-1].content.get("loud")
    assert world.desk_said("Before:", NEW) == notice
    assert [s.text for s in coalition.said[said:]] == [notice]
    quiet.heard_nothing()
    assert "about-changed" in [e.act for e in world.tx(list_audit, 10)]

    world.restart()
    assert start(world) == 0
    sara.says("!bot reload")
    world.deliver()
    called.heard_nothing()
    called.says("1").heard("Write a number:")  # the notice did not take away what the digit meant before it
    called.says("about").heard(NEW)


def test_a_change_while_the_program_was_off_is_told_at_start(
    own_world: tuple[World, Person], own_content: Path
) -> None:
    world, _sara = own_world
    start(world)
    called = world.person("called").arrives().says("call me")
    change_about(own_content)
    world.content = content_files.load(own_content)
    world.restart()
    start(world)
    world.deliver()
    called.heard("Before: " + OLD, "Now: " + NEW)
    start(world)
    world.deliver()
    assert sum(NEW in s.text for s in called.room.said) == 1


def test_who_left_or_took_it_back_is_not_written_to(own_world: tuple[World, Person], own_content: Path) -> None:
    world, _sara = own_world
    start(world)
    gone = world.person("gone").arrives().says("call me", "0")
    changed_mind = world.person("changed").arrives().says("call me", "call me")
    for person in (gone, changed_mind):
        person.heard_all()
    change_about(own_content)
    world.content = content_files.load(own_content)
    assert start(world) == 1, "the desk alone"
    world.deliver()
    gone.heard_nothing()
    changed_mind.heard_nothing()
    gone.says("hello").heard("Are you alone")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_is_in_the_persons_language_and_names_the_word_that_shows_the_page(
    own_world: tuple[World, Person], own_content: Path, texts: Texts, language: str
) -> None:
    world, sara = own_world
    start(world)
    called = world.person("called").arrives(DIGITS[language]).says(texts.word_for("callme", language))
    edit(own_content / "about.yaml", lambda d: d["text"].update({language: d["text"][language] + "\n\n2030"}))
    sara.says("!bot reload")
    notice = called.heard("2030")
    first = notice.splitlines()[0]
    assert first == texts.sentence(language, "about-changed")
    (named,) = re.findall(r"[“«]\s?(.+?)\s?[”»]", first)
    called.says(named).heard("2030", texts.sentence(language, "page-sample"))


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("One. Two. Three.", "One. Two. Three.", []),
        ("One. Two. Three.", "One. Deux. Three.", [("Two.", "Deux.")]),
        ("One. Two.", "One. Two. Three.", [("", "Three.")]),
        ("One. Two.", "Two.", [("One.", "")]),
        ("سؤال؟ نعم.", "سؤال؟ لا.", [("نعم.", "لا.")]),
        ("A title\n\nText.", "A title\nOther.", [("Text.", "Other.")]),
    ],
)
def test_only_the_sentences_that_changed(old: str, new: str, pairs: list[tuple[str, str]]) -> None:
    assert pages.changes(old, new) == pairs
