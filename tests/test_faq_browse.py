"""Reading answers by digits alone: subject, question, answer with source, date and state; and every way back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import LANGUAGES
from bot.faq.content import Content, Entry
from bot.store.rooms import set_room
from bot.text import Texts, day
from tests import world as worlds
from tests.test_content import edit, one
from tests.world import Person, World

DIGITS = {"en": "1", "ar": "2", "fr": "3", "uk": "4", "es": "5"}
EASTERN = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
MANY = {"messages": 10_000}


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Reading asks nothing special of a database."""
    return sqlite_url


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world(limits=MANY)


class Reader:
    """Somebody who reads in one language and writes nothing but digits, in Arabic the digits of that script."""

    def __init__(self, world: World, language: str, name: str = "reader") -> None:
        self.texts, self.language = world.texts, language
        self.person = world.person(name).arrives(DIGITS[language])

    def label(self, name: str, **values: Any) -> str:
        return self.texts.sentence(self.language, name, **values)

    def chooses(self, *labels: str) -> str:
        """Answer by the digits before these lines; the one message that answers the last."""
        for label in labels:
            self.person.heard()
            digit = self.person.digit(label)
            self.person.says(digit.translate(EASTERN) if self.language == "ar" else digit)
        (text,) = self.person.heard_all()
        return text

    def opens(self, content: Content, entry: Entry) -> str:
        """From the menu down to an answer."""
        topic = content.topic(entry.topic)
        assert topic
        return self.chooses(self.label("menu-faq"), topic.title[self.language], entry.question(self.language))

    def options(self) -> list[str]:
        """What the newest message offers, without its digits."""
        lines = self.person.room.said[-1].text.splitlines()[1:]  # the first may begin with the digit that was wrong
        return [rest for digit, _, rest in (row.partition(" ") for row in lines) if digit.isdigit()]


def state_of(reader: Reader, entry: Entry) -> list[str]:
    """The lines that every answer must show: source, date, status, review."""
    source = {"source": entry.source_name} | ({"link": entry.source_url} if entry.source_url else {})
    dated = entry.valid_as_of
    return [
        reader.label("faq-source-link" if entry.source_url else "faq-source", **source),
        reader.label("faq-as-of", date=day(dated)) if dated else reader.label("faq-no-date"),
        reader.label(f"faq-status-{entry.status}"),
        reader.label("faq-unreviewed"),
    ]


# ---- the whole way ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_reached_by_digits_with_source_date_and_state(
    world: World, content: Content, language: str
) -> None:
    reader = Reader(world, language)
    reader.chooses(reader.label("menu-faq"))
    titles = [t.title[language] for t in content.topics]
    assert reader.options() == [*titles, *(reader.label(f"menu-{name}") for name in ("ask", "threat", "menu"))]
    read = []
    for topic in content.topics:
        reader.chooses(topic.title[language])
        questions = [e.question(language) for e in topic.entries]
        assert reader.options() == [*questions, reader.label("faq-other-topic")]
        for entry in topic.entries:
            for text, shown in (
                (reader.chooses(entry.question(language)), entry.answer),
                (reader.chooses(reader.label("faq-more")), entry.more),
            ):
                assert shown[language] in text
                assert set(state_of(reader, entry)) <= set(text.splitlines()), text
                assert not content.telling(text.splitlines()[0], language)
                assert "{" not in text
                assert reader.options()[-2:] == [reader.label("faq-more-questions"), reader.label("menu-menu")]
            read.append(entry.id)
            reader.chooses(reader.label("faq-more-questions"))
        reader.chooses(reader.label("faq-other-topic"))
    assert sorted(read) == sorted(content.entries)
    assert reader.label("menu-first-line") in reader.chooses(reader.label("menu-menu"))


def test_what_is_related_is_one_digit_away(world: World, content: Content) -> None:
    reader = Reader(world, "en")
    entry = content.entries["bot-encrypted"]
    reader.opens(content, entry)
    near = [content.entries[related] for related in entry.see_also]
    assert len(near) > 2, "a menu stays short: of more than two the first two are offered"
    offered = [reader.label("faq-more"), *(e.question("en") for e in near[:2])]
    assert reader.options() == [*offered, reader.label("faq-more-questions"), reader.label("menu-menu")]
    for other in near[:2]:
        assert other.answer["en"] in reader.chooses(other.question("en"))
        reader.chooses(reader.label("menu-menu"))
        reader.opens(content, entry)


def test_more_adds_to_the_answer_and_is_offered_once(world: World, content: Content) -> None:
    reader = Reader(world, "fr")
    entry = content.entries["ev-chain"]
    assert entry.more["fr"] not in reader.opens(content, entry)
    assert reader.label("faq-more") in reader.options()
    text = reader.chooses(reader.label("faq-more"))
    assert entry.answer["fr"] not in text
    assert reader.label("faq-more") not in reader.options()


# ---- going wrong, and going on ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_digit_shows_the_same_choices_again(world: World, content: Content, language: str) -> None:
    reader = Reader(world, language)
    topic = content.topics[1]
    reader.chooses(reader.label("menu-faq"), topic.title[language])
    offered = reader.options()
    wrong = str(len(offered) + 1)
    reader.person.says(wrong)
    assert reader.person.heard().splitlines()[0] == reader.label("no-such-digit", digit=wrong)
    assert reader.options() == offered
    last = topic.entries[-1]
    assert last.answer[language] in reader.chooses(last.question(language))


@pytest.mark.parametrize("typed", ["what do you mean", "12 13", "👍"])
def test_words_instead_of_a_digit_are_a_question_from_which_a_digit_leads_back(
    world: World, content: Content, typed: str
) -> None:
    reader = Reader(world, "en")
    reader.opens(content, content.entries["ev-remains"])
    reader.person.says(typed)
    assert reader.options()[-1] == reader.label("menu-menu")
    assert "1 Questions and answers" in reader.chooses(reader.label("menu-menu"))
    assert content.entries["ev-remains"].answer["en"] in reader.opens(content, content.entries["ev-remains"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_word_leads_back_from_everywhere(world: World, content: Content, texts: Texts, language: str) -> None:
    reader = Reader(world, language)
    entry = content.entries["prot-names"]
    topic = content.topic(entry.topic)
    assert topic
    for labels in ([], [topic.title[language]], [topic.title[language], entry.question(language)]):
        reader.chooses(reader.label("menu-faq"), *labels)
        reader.person.says(texts.word_for("menu", language)).heard(reader.label("menu-first-line"))
    reader.person.says(texts.word_for("faq", language)).heard(reader.label("faq-topics"), topic.title[language])


def test_leaving_in_the_middle_takes_the_answers_back(world: World, content: Content) -> None:
    reader = Reader(world, "en")
    reader.opens(content, content.entries["bot-encrypted"])
    reader.person.says("0").heard("Bye.")
    assert [s.text for s in reader.person.room.said if not s.redacted] == ["Bye."]
    reader.person.says("3").heard("Are you alone")
    reader.person.says("1").heard("1 Questions and answers")
    assert "Choose a number" in reader.chooses("Questions and answers")


def test_a_digit_after_a_day_is_not_taken_for_an_answer(world: World, content: Content) -> None:
    reader = Reader(world, "uk")
    reader.chooses(reader.label("menu-faq"))
    world.clock.advance(hours=25)
    reader.person.says("1").heard(reader.label("menu-first-line"))
    entry = content.entries["bot-encrypted"]
    assert entry.answer["uk"] in reader.opens(content, entry)


def test_an_answer_that_the_operator_took_away_meanwhile(
    own_world: tuple[World, Person], own_content: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world, sara = own_world
    monkeypatch.setattr(worlds, "answers_of", lambda _content, found=world.answers: found)  # nobody asks here
    reader, content = Reader(world, "en"), world.content
    gone, kept = content.entries["ev-chain"], content.entries["ev-remains"]
    reader.chooses("Questions and answers", "Files, papers, objects")
    file = own_content / "faq" / "evidence.yaml"
    edit(file, lambda d: d.update(entries=[e for e in d["entries"] if e["id"] != gone.id]))
    sara.says("!bot reload").heard("There are 69 answers.")
    text = reader.chooses(gone.question("en"))
    assert reader.label("faq-gone") in text
    reader.person.says("menu").heard("1 Questions")
    text = reader.opens(world.content, kept)
    assert kept.answer["en"] in text
    assert gone.question("en") not in text, "what is related to it is no longer offered"


# ---- what an answer says about itself -----------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_answer_whose_review_is_overdue_says_so(world: World, content: Content, language: str) -> None:
    entry = content.entries["bot-encrypted"]
    reader = Reader(world, language)
    warning = reader.label("faq-out-of-date", date=day(entry.review_by))
    last_day = datetime.combine(entry.review_by, time(23, 59), world.clock().tzinfo)
    for now, overdue in ((last_day, False), (last_day + timedelta(minutes=2), True)):
        world.clock.now = now
        reader.person.says(reader.texts.word_for("menu", language)).heard()
        text = reader.opens(content, entry)
        assert (warning in text) == overdue
        assert entry.answer[language] in text
        assert (warning in reader.chooses(reader.label("faq-more"))) == overdue


def test_only_the_languages_that_nobody_reviewed_say_so(own_world: tuple[World, Person], own_content: Path) -> None:
    world, sara = own_world
    edit(own_content / "faq" / "bot.yaml", lambda d: one(d, "bot-encrypted")["translation"].update(ar="reviewed"))
    sara.says("!bot reload")
    entry = world.content.entries["bot-encrypted"]
    for language in LANGUAGES:
        reader = Reader(world, language, language)
        assert (reader.label("faq-unreviewed") in reader.opens(world.content, entry)) == (language != "ar")


@pytest.mark.parametrize(("kind", "others"), [("example", {False}), ("iiim", {True, False}), ("icc", {True, False})])
def test_another_bodys_fact_is_never_told_as_ours(
    make_world: Callable[..., World], content: Content, kind: str, others: set[bool]
) -> None:
    world = make_world(mechanism={"kind": kind}, limits=MANY)
    reader = Reader(world, "en")
    told = set()
    for entry in {e.applies_to: e for e in content.entries.values()}.values():
        body = reader.label(f"body-{entry.applies_to}") if entry.applies_to != "any" else ""
        text = reader.opens(content, entry)
        warned = reader.label("faq-about-other", body=body) in text.splitlines()
        assert warned == (entry.applies_to not in ("any", kind)), entry.id
        if warned:
            assert text.index(body) < text.index(entry.answer["en"]), "before the answer, not after it"
        assert warned == (reader.label("faq-about-other", body=body) in reader.chooses(reader.label("faq-more")))
        told.add(warned)
        reader.chooses(reader.label("menu-menu"))
    assert told == others, "what is shipped tells of the sample body and of nobody else"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_a_firm_limit_says_so_below_the_answer_and_not_below_more(
    world: World, content: Content, language: str
) -> None:
    reader = Reader(world, language)
    firm = reader.label("faq-firm")
    for entry_id, is_firm in (("mandate-lawyer", True), ("bot-encrypted", False)):
        entry = content.entries[entry_id]
        assert entry.red_line == is_firm
        assert (firm in reader.opens(content, entry).splitlines()) == is_firm
        assert firm not in reader.chooses(reader.label("faq-more"))
        reader.chooses(reader.label("menu-menu"))


def test_a_recording_is_sent_to_who_browses_too(own_world: tuple[World, Person], own_content: Path) -> None:
    world, sara = own_world
    (own_content / "audio").mkdir()
    (own_content / "audio" / "bot-hours-ar.ogg").write_bytes(b"OggS")
    audio = {"ar": "audio/bot-hours-ar.ogg"}
    edit(own_content / "faq" / "bot.yaml", lambda d: one(d, "bot-hours").update(audio=audio))
    sara.says("!bot reload")
    entry = world.content.entries["bot-hours"]
    for language, sent in (("ar", 1), ("fr", 0)):
        before = len([row for row in world.deeds if row.kind == "file"])
        Reader(world, language, language).opens(world.content, entry)
        assert len([row for row in world.deeds if row.kind == "file"]) - before == sent, language


@pytest.mark.parametrize(("language", "asked"), [("ar", "and in Arabic?"), ("uk", "ukrainian please")])
def test_an_answer_asked_for_in_another_language_is_wholly_in_it(
    world: World, content: Content, language: str, asked: str
) -> None:
    reader = Reader(world, "en")
    entry = content.entries["mandate-lawyer"]
    reader.opens(content, entry)
    text = reader.person.says(asked).heard(entry.answer[language])
    there = Reader(world, language, language).opens(content, entry).splitlines()
    wanted = there[1 : there.index(reader.texts.sentence(language, "faq-firm")) + 1]
    assert text.splitlines()[: len(wanted)] == wanted, "with source, date and state"
    assert reader.label("faq-more") in text, "what can be chosen stays in the person's own"


# ---- other ways of reading ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_short_messages_keep_answer_source_date_and_state(
    world: World, content: Content, texts: Texts, language: str
) -> None:
    reader = Reader(world, language)
    entry = content.entries["ev-interviews"]
    reader.person.says(texts.word_for("lite", language)).heard(reader.label("lite-on"))
    reader.chooses(reader.label("menu-menu"))
    text = reader.opens(content, entry)
    assert entry.answer[language] in text
    assert set(state_of(reader, entry)) <= set(text.splitlines())
    assert entry.more[language] in reader.chooses(reader.label("faq-more"))


def test_in_a_group_the_answers_are_offered_in_private_only(world: World) -> None:
    reader = Reader(world, "en")
    world.tx(set_room, reader.person.room.room_id, kind="group")
    reader.person.says("!ask").heard("in private", "@helper:example.org")
    alone = Reader(world, "en", "alone")
    assert "Choose a number" in alone.chooses("Questions and answers")
