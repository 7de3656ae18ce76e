"""The sample content: whole in five languages, sourced, quiet, promising nothing; and what a broken file does."""

from __future__ import annotations

import itertools
import re
import shutil
import textwrap
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from bot.config import LANGUAGES
from bot.errors import StartError
from bot.faq import content as content_files
from bot.faq.content import PAGES, Content
from bot.text import Texts, normalised
from tests.world import START, Person, World

DATA = Path(__file__).parent / "data"
LONGEST_SENTENCE = 220
MOST_WORDS = {"answer": 60, "more": 120}
LONGEST_REVIEW = timedelta(days=90)
# What only somebody's own fact names: such an entry never says "any".
SOMEBODYS = re.compile(
    r"(?i)\b(IIIM|IIMM|ICC|UN|United Nations|Syria|Myanmar|Hague|Lubanga|resolution|article \d|\d{4})\b"
)


def texts_of(content: Content, language: str) -> Iterator[tuple[str, str]]:
    """All that the content says in a language, with where it stands."""
    for name, page in content.pages.items():
        yield name, page.text[language]
    for topic in content.topics:
        yield topic.topic, topic.title[language]
    for e in content.entries.values():
        for text in (e.phrasings[language][0], e.answer[language], e.more[language]):
            yield e.id, text
    for kind in content.hand_over.values():
        if kind.text:
            yield kind.id, kind.text[language]
    for card in content.guides.values():
        yield card.id, card.title[language]
        yield card.id, card.text[language]
    walk = content.walk
    for text in (walk.title, walk.first, walk.last, *(s.question for s in walk.steps), *(e.text for e in walk.ends)):
        yield "walk", text[language]
    for name, prepared in content.replies.items():
        yield name, prepared.text[language]


def promises(content: Content, where: str, text: str, language: str) -> list[str]:
    """The words of never-say in `text`, without the sentences that a person has marked for that place."""
    lowered = text.casefold()
    for mark in content.never_say_marked:
        if (mark["id"], mark["lang"]) == (where, language):
            lowered = lowered.replace(mark["phrase"].casefold(), "")
    before = "(?:و|ف)?(?:ب|ل|ك)?(?:ال)?" if language == "ar" else ""
    said = content.never_say[language]
    return [w for w in said if re.search(rf"(?<!\w){before}{re.escape(w.casefold())}", lowered)]


def sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.!?؟:])\s+|\n+", text)


def one(topic: Any, entry_id: str) -> Any:
    """An entry in the data of a topic's file."""
    return next(e for e in topic["entries"] if e["id"] == entry_id)


def edit(path: Path, change: Callable[[Any], None]) -> None:
    """Change a file as an operator would, who knows where in it something stands."""
    data = yaml.load(path.read_text(encoding="utf-8"), content_files.Loader)
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


# ---- whole --------------------------------------------------------------------------------------------------------


def test_seventy_answers_whose_ids_stand_in_the_question_list(content: Content) -> None:
    known = {w for w in (DATA / "faq-ids.txt").read_text(encoding="utf-8").splitlines() if not w.startswith("#")}
    assert len(content.entries) == 70
    assert content.entries.keys() <= known


def test_every_field_is_there_in_every_language_and_none_is_said_twice(content: Content) -> None:
    for e in content.entries.values():
        for field in (e.phrasings, e.answer, e.more, e.translation):
            assert field.keys() == set(LANGUAGES), e.id
        assert all(len(set(map(normalised, asked))) == len(asked) >= 6 for asked in e.phrasings.values()), e.id
        assert all(e.answer[language] not in e.more[language] for language in LANGUAGES), e.id
    for topic in content.topics:
        assert topic.title.keys() == set(LANGUAGES)
        assert len({topic.title[language] for language in LANGUAGES}) >= len(LANGUAGES) - 1
    for page in content.pages.values():
        assert page.text.keys() == set(LANGUAGES)
    for language in LANGUAGES:
        titles = [e.question(language) for e in content.entries.values()]
        assert len(set(titles)) == len(titles), "two lines of a menu would look alike"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_was_left_in_another_language(content: Content, language: str) -> None:
    own = {"ar": "[\u0600-\u06ff]", "uk": "[\u0400-\u04ff]"}.get(language, "[a-zà-ÿ]")
    english = {text for _, text in texts_of(content, "en")}
    for where, text in texts_of(content, language):
        letters = [c for c in text.casefold() if c.isalpha()]
        assert sum(1 for c in letters if re.match(own, c)) > 0.6 * len(letters), (where, text)
        assert language == "en" or text not in english, where


def test_every_answer_has_a_source_a_date_and_somebody_whose_fact_it_is(content: Content, texts: Texts) -> None:
    today = START.date()
    for e in content.entries.values():
        assert e.source_name.strip()
        if e.source_url is not None:
            parts = urlsplit(e.source_url)
            assert parts.scheme == "https", e.id
            assert "." in parts.netloc, e.id
        assert e.source_url or "Example Mechanism" in e.source_name, f"{e.id}: only our own words need no address"
        assert e.valid_as_of is None or e.valid_as_of < e.review_by, e.id
        assert e.valid_as_of is None or e.valid_as_of <= today, e.id
        assert today <= e.review_by <= today + LONGEST_REVIEW, e.id
        assert texts.has(f"body-{e.applies_to}") or e.applies_to == "any", e.id
        assert texts.has(f"faq-status-{e.status}"), e.id


def test_a_fact_of_somebody_never_says_that_it_is_everybodys(content: Content) -> None:
    anybodys = [e for e in content.entries.values() if e.applies_to == "any"]
    assert anybodys
    for e in anybodys:
        for text in (e.answer["en"], e.more["en"]):
            assert not SOMEBODYS.search(text), (e.id, text)
    named = [e for e in content.entries.values() if SOMEBODYS.search(e.answer["en"])]
    assert named, "the rule would catch something"
    assert all(e.applies_to != "any" for e in named)


def test_what_is_named_as_related_exists_and_is_another(content: Content) -> None:
    for e in content.entries.values():
        assert e.see_also, e.id
        assert set(e.see_also) <= content.entries.keys() - {e.id}, e.id


def test_everything_shipped_says_that_it_is_a_sample_and_unreviewed(content: Content) -> None:
    assert content.sample
    for name in PAGES:
        assert content.pages[name].sample, name
    for page in content.pages.values():
        assert page.date is not None
        assert page.translation == dict.fromkeys(LANGUAGES, "unreviewed")
    for e in content.entries.values():
        assert not [language for language in LANGUAGES if e.reviewed(language)], e.id


# ---- quiet, honest, short -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_first_line_tells_a_stranger_what_this_is_about(content: Content, language: str) -> None:
    first = [p.text[language] for p in content.pages.values()]
    first += [text for e in content.entries.values() for text in (e.answer[language], e.more[language])]
    first += [found.text[language] for found in (*content.guides.values(), *content.replies.values())]
    first += [kind.text[language] for kind in content.hand_over.values() if kind.text]
    walk = content.walk
    first += [t[language] for t in (walk.first, *(s.question for s in walk.steps), *(e.text for e in walk.ends))]
    for text in first:
        assert not content.telling(text.splitlines()[0], language), text


@pytest.mark.parametrize(
    ("language", "loud", "quiet"),
    [
        ("en", "Witnesses were heard", "We were courteous"),
        ("ar", "وبالشهود", "مشهد جميل"),
        ("fr", "À la Cour", "un cours de piano"),
        ("uk", "у суді", "судно в порту"),
        ("es", "los testigos", "una cortesía"),
    ],
)
def test_telling_words_are_found_as_their_list_says(content: Content, language: str, loud: str, quiet: str) -> None:
    assert content.telling(loud, language)
    assert not content.telling(quiet, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_promises_what_nobody_can_keep(content: Content, language: str) -> None:
    for where, text in texts_of(content, language):
        assert not promises(content, where, text, language), (where, text)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "This is Confidential."),
        ("ar", "وسنحميك"),
        ("fr", "C'est garanti."),
        ("uk", "Ми гарантуємо це"),
        ("es", "Le garantizamos eso"),
    ],
)
def test_a_promise_would_be_found(content: Content, language: str, said: str) -> None:
    assert promises(content, "about", said, language)


def test_every_marked_sentence_is_said_where_it_is_marked_and_only_there_allowed(content: Content) -> None:
    for mark in content.never_say_marked:
        where, language, phrase = mark["id"], mark["lang"], mark["phrase"]
        assert any(w == where and phrase in text for w, text in texts_of(content, language)), mark
        assert not promises(content, where, phrase, language)
        assert promises(content, "elsewhere", phrase, language), "marked for nothing"


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_short(content: Content, language: str) -> None:
    for where, text in texts_of(content, language):
        assert all(len(s) <= LONGEST_SENTENCE for s in sentences(text)), where
    for e in content.entries.values():
        for field, most in MOST_WORDS.items():
            assert len(getattr(e, field)[language].split()) <= most, (e.id, field)


# ---- key words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_key_words_are_256_everyday_words_that_nobody_mixes_up(content: Content, language: str) -> None:
    words = content.key_words[language]
    assert len(words) == len(set(map(normalised, words))) == 256
    assert all(3 <= len(w) <= 8 and w.isalpha() and w == w.casefold() for w in words)
    for a, b in itertools.combinations(words, 2):
        assert _apart(a, b), (a, b)


def _apart(a: str, b: str) -> bool:
    """Whether two words differ in at least two letters (one changed, added or lost letter is too near)."""
    if abs(len(a) - len(b)) > 1:
        return True
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) > 1
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return all(longer[:i] + longer[i + 1 :] != shorter for i in range(len(longer)))


# ---- an operator's copy -------------------------------------------------------------------------------------------

BREAKS: list[tuple[str, Callable[[Any], None], list[str]]] = [
    ("faq/bot.yaml", lambda d: one(d, "bot-encrypted").pop("source_name"), ["bot-encrypted", "source_name"]),
    ("faq/bot.yaml", lambda d: one(d, "bot-encrypted").update(anwser="x"), ["bot-encrypted", "anwser"]),
    ("faq/bot.yaml", lambda d: one(d, "bot-encrypted")["answer"].pop("uk"), ["bot-encrypted", "answer", "uk"]),
    (
        "faq/bot.yaml",
        lambda d: one(d, "bot-encrypted")["phrasings"].update(ar=[]),
        ["bot-encrypted", "phrasings", "ar"],
    ),
    ("faq/evidence.yaml", lambda d: one(d, "ev-interviews").update(review_by="soon"), ["ev-interviews", "review_by"]),
    ("faq/evidence.yaml", lambda d: one(d, "ev-pay-witness").update(status="law"), ["ev-pay-witness", "status"]),
    ("faq/evidence.yaml", lambda d: one(d, "ev-remains").update(applies_to="un"), ["ev-remains", "applies_to", "iimm"]),
    (
        "faq/evidence.yaml",
        lambda d: one(d, "ev-chain").update(source_url="http://example.org"),
        ["ev-chain", "source_url"],
    ),
    ("faq/evidence.yaml", lambda d: one(d, "ev-remains").update(id="Two words"), ["Two words", "id"]),
    ("about.yaml", lambda d: d["text"].pop("ar"), ["text", "ar"]),
    ("limits.yaml", lambda d: d.pop("text"), ["text"]),
]


@pytest.mark.parametrize(("file", "change", "named"), BREAKS, ids=[" ".join(named) for _, _, named in BREAKS])
def test_a_broken_file_gives_one_error_that_names_file_entry_and_field(
    own_content: Path, texts: Texts, file: str, change: Callable[[Any], None], named: list[str]
) -> None:
    whole = (own_content / file).read_bytes()
    edit(own_content / file, change)
    with pytest.raises(StartError) as caught:
        content_files.load(own_content)
    said = texts.sentence("en", caught.value.key, **caught.value.values)
    assert all(word in said for word in [Path(file).name, *named]), said
    assert "\n" not in said
    (own_content / file).write_bytes(whole)
    assert len(content_files.load(own_content).entries) == 70


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("about.yaml", "text: [\n"),
        ("about.yaml", ""),
        ("faq/bot.yaml", "- just a list\n"),
        ("telling-words.yaml", "prefix: {}\n"),
        ("telling-words.yaml", "nothing\n"),
        ("never-say.yaml", "[]\n"),
    ],
)
def test_a_file_that_is_something_else_is_named(own_content: Path, file: str, text: str) -> None:
    whole = (own_content / file).read_bytes()
    (own_content / file).write_text(text, encoding="utf-8")
    with pytest.raises(StartError) as caught:
        content_files.load(own_content)
    assert caught.value.values["file"] == Path(file).name
    (own_content / file).write_bytes(whole)
    assert content_files.load(own_content) == content_files.load()


def test_a_file_in_another_encoding_is_named(own_content: Path) -> None:
    (own_content / "about.yaml").write_bytes("text: é".encode("latin-1"))
    with pytest.raises(StartError) as caught:
        content_files.load(own_content)
    assert caught.value.values["file"] == "about.yaml"


def test_an_answer_that_stands_twice_is_named(own_content: Path) -> None:
    shutil.copy(own_content / "faq" / "bot.yaml", own_content / "faq" / "again.yaml")
    with pytest.raises(StartError) as caught:
        content_files.load(own_content)
    assert caught.value.values["reason"] == "bot-human stands twice"


def test_a_review_is_recorded_as_the_guide_says(own_content: Path) -> None:
    guide = (own_content / "README.md").read_text(encoding="utf-8")
    block = re.search(r"(?m)^    translation:.*\n(?:    .*\n)+", guide)
    assert block
    recorded = yaml.safe_load(textwrap.dedent(block[0]))
    edit(own_content / "faq" / "bot.yaml", lambda d: one(d, "bot-encrypted").update(recorded))
    edit(own_content / "safety.yaml", lambda d: d.update(recorded))
    read = content_files.load(own_content)
    assert [lang for lang in LANGUAGES if read.entries["bot-encrypted"].reviewed(lang)] == ["en"]
    assert read.pages["safety"].translation["en"] == "reviewed"


def test_what_an_operator_leaves_out_is_taken_from_the_sample(own_content: Path) -> None:
    (own_content / "safety.yaml").unlink()
    shutil.rmtree(own_content / "faq")
    assert content_files.load(own_content) == content_files.load()


# ---- reading again ------------------------------------------------------------------------------------------------


def test_reload_shows_the_new_answer_to_the_next_who_asks(own_world: tuple[World, Person], own_content: Path) -> None:
    world, sara = own_world
    visitor = world.person("visitor").arrives()
    new = "An answer that the operator has just written."
    edit(own_content / "faq" / "bot.yaml", lambda d: d["entries"][0]["answer"].update(en=new))
    visitor.says("1", "1", "1")
    assert new not in visitor.heard("Here is the answer.")
    sara.says("!bot reload").heard("Read again. There are 70 answers.")
    visitor.says("menu", "1", "1", "1").heard(new)


@pytest.mark.parametrize("broken", ["text: [\n", "version: 2\n"])
def test_a_broken_file_keeps_what_was_there_and_a_mended_one_is_read(
    own_world: tuple[World, Person], own_content: Path, broken: str
) -> None:
    world, sara = own_world
    visitor = world.person("visitor").arrives()
    before = visitor.says("about").heard("About this chat")
    whole = (own_content / "about.yaml").read_text(encoding="utf-8")
    (own_content / "about.yaml").write_text(broken, encoding="utf-8")
    sara.says("!bot reload").heard("I keep what I have.", "about.yaml")
    assert visitor.says("about").heard() == before
    (own_content / "about.yaml").write_text(whole.replace("About this chat", "About this talk"), encoding="utf-8")
    sara.says("!bot reload")
    world.desk_said("Read again. There are 70 answers.")
    visitor.says("about").heard("About this talk")
