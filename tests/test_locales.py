"""Every word that the bot says, in five languages: complete, fitting, quiet on a lock screen, promising nothing."""

from __future__ import annotations

import ast
import re
import shutil
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, get_args

import pytest
from babel import Locale
from babel.numbers import format_decimal
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl
from fluent.syntax.serializer import serialize_pattern
from fluent.syntax.visitor import Visitor

import commands
from bot import approvals
from bot.config import LANGUAGES, Mechanism, Role
from bot.dispatch import PREFIX
from bot.domain import cases, interview, submissions
from bot.domain.modes import MODES
from bot.faq.content import Content
from bot.faq.matcher import Tier
from bot.message import Part
from bot.text import COPIED, FSI, LOCALES, PDI, TextError, Texts, catalogue_keys, day, month, normalised
from tests.test_content import LONGEST_SENTENCE, promises, sentences, texts_of

ROOT = Path(__file__).parent.parent
OTHERS = [language for language in LANGUAGES if language != "en"]
SCRIPTS = {"ar": "ARABIC", "uk": "CYRILLIC"}
NUMBERS = ("count", "minutes", "perminute", "burst", "people")
# How each language tells people to write something, and quotes after that which are no commands.
WRITE = {"en": "[Ww]rite", "ar": "[اك]كتب", "fr": "[Éé]crivez", "uk": "[Нн]апишіть", "es": "[Ee]scriba"}
NOT_COMMANDS = {
    "en": ("I do not know",),
    "ar": ("لا أعرف",),
    "fr": ("Je ne sais pas",),
    "uk": ("Я не знаю",),
    "es": ("No lo sé",),
}
# Names of sentences that are put together in the code, and what can stand in them.
FAMILIES = {
    "mode-{}": MODES,
    "mode-refuses-{}": MODES,
    "role-{}": get_args(Role),
    "faq-status-{}": ("policy", "suggestion", "consensus"),
    "faq-tier-{}": get_args(Tier),
    "language-of-{}": LANGUAGES,
    "language-said-{}": LANGUAGES,
    "case-kind-{}": cases.KINDS,
    "outcome-{}": cases.OUTCOMES,
    "outcome-name-{}": cases.OUTCOMES,
    "deed-{}": tuple(approvals._deeds),
    "body-{}": get_args(Mechanism.model_fields["kind"].annotation),
    "doctor-level-{}": ("ok", "warn", "fail"),
    "{}-remedy": tuple(f"doctor-{p}" for p in (
        "master-changed", "device-differs", "device-unsigned", "self-signing", "user-signing", "key-backup"
    )),
    "status-{}": submissions.STATUSES,
    "draft-answer-{}": interview.ANSWERS,
    "draft-wrong-{}": interview.WRONG,
    "word-{}": tuple(name for name, c in commands.load().items() if c.typed),
}  # fmt: skip
# The name of a body is said only inside a sentence, never first; this remedy of the console names settings.
NEVER_FIRST = re.compile(r"body-.*|doctor-intake-remedy")
# Where a call names a sentence: the position of the argument.
NAMED_BY = {"Part": (0,), "say": (0,), "UserError": (0,), "StartError": (0,), "MediaError": (0,), "key": (0,),
            "sentence": (1,), "ok": (1,), "bad": (1, 2), "_said": (0,)}  # fmt: skip
# What the check of answers finds is the name of a sentence, a space and its value.
BEFORE_ITS_VALUE = re.compile(r"([a-z]+(?:-[a-z]+)+) ")


@cache
def messages(language: str) -> dict[str, ftl.Message]:
    """The messages of a language's catalogues, as they are written."""
    found: dict[str, ftl.Message] = {}
    for file in sorted((LOCALES / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{language}: {entry.id.name} stands in two files"
                found[entry.id.name] = entry
    return found


def written(message: ftl.Message) -> Iterator[str]:
    """The text of a message and of its short form, with placeholders."""
    for pattern in (message.value, *(a.value for a in message.attributes)):
        assert pattern is not None
        yield serialize_pattern(pattern).strip()


@cache
def code() -> list[ast.AST]:
    """Every node of the code that can say something."""
    paths = [p for p in (*ROOT.glob("bot/**/*.py"), *ROOT.glob("commands/*.py")) if "demo" not in p.parts]
    return [n for p in sorted(paths) for n in ast.walk(ast.parse(p.read_text(encoding="utf-8")))]


@dataclass(frozen=True)
class Use:
    """A place in the code that names a sentence; `given` is None where the values are not written there."""

    name: str
    given: frozenset[str] | None


def names(node: ast.AST) -> list[str]:
    """The names in an argument: "a", both of `"a" if x else "b"`, and f"a-{x}" as a-{}."""
    match node:
        case ast.Constant(value=str(name)):
            return [name]
        case ast.IfExp():
            return names(node.body) + names(node.orelse)
        case ast.JoinedStr():
            return ["".join(v.value if isinstance(v, ast.Constant) else "{}" for v in node.values)]  # type: ignore[misc]
    return []


@cache
def uses() -> list[Use]:
    found = []
    for call in (n for n in code() if isinstance(n, ast.Call)):
        by = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if by == "key" and isinstance(call.func, ast.Attribute):
            continue  # a key of the key ring
        given: set[Any] = {k.arg for k in call.keywords}
        if by == "Part" and len(call.args) > 1:
            values = call.args[1]
            given |= {getattr(k, "value", None) for k in values.keys} if isinstance(values, ast.Dict) else {None}
        for position in NAMED_BY.get(by, ()):
            for name in names(call.args[position]) if position < len(call.args) else ():
                if not name.startswith("="):
                    found.append(Use(name, None if None in given else frozenset(given)))
    return found


def placeholders(texts: Texts, name: str) -> set[str]:
    return {v for v in texts.keys["en"][name] if not v.startswith(".")}


def sample(name: str) -> Any:
    return 3 if name in NUMBERS else f"[{name}]"


def everything_said(texts: Texts, language: str) -> Iterator[tuple[str, str]]:
    """Each sentence with sample values, in its long and its short form."""
    for name in texts.keys[language]:
        values = {v: sample(v) for v in placeholders(texts, name)}
        for lite in (False, True):
            yield name, texts.render(language, [Part(name, values)], lite=lite)


# ---- complete -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_sentences_with_the_same_places_for_values(texts: Texts, language: str) -> None:
    assert texts.keys[language] == texts.keys["en"]


def test_the_same_files_everywhere_and_each_translated_one_says_that_nobody_reviewed_it() -> None:
    files = {language: sorted(p.name for p in (LOCALES / language).iterdir()) for language in LANGUAGES}
    assert all(found == files["en"] for found in files.values())
    for language in OTHERS:
        for name in files[language]:
            text = (LOCALES / language / name).read_text(encoding="utf-8")
            assert text.startswith("# Not yet reviewed by a person.\n"), f"{language}/{name}"


def test_every_sentence_that_the_code_names_exists(texts: Texts) -> None:
    plain = {use.name for use in uses() if "{}" not in use.name} | before_their_values()
    assert len(plain) > 150
    assert not {name for name in plain if not texts.has(name)}


def test_every_name_that_is_put_together_is_known_here_and_each_of_its_sentences_exists(texts: Texts) -> None:
    assert {use.name for use in uses() if "{}" in use.name} == set(FAMILIES)
    assert not [name for name in family_members() if not texts.has(name)]


def test_every_sentence_gets_the_values_that_it_shows(texts: Texts) -> None:
    for use in uses():
        if use.given is not None and "{}" not in use.name:
            assert placeholders(texts, use.name) <= use.given, use.name


def test_no_sentence_lies_unused(texts: Texts) -> None:
    literals = {n.value for n in code() if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    assert not sorted(set(texts.keys["en"]) - literals - family_members() - before_their_values())


def before_their_values() -> set[str]:
    literals = [n.value for n in code() if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    return {found[1] for value in literals if (found := BEFORE_ITS_VALUE.fullmatch(value))}


def family_members() -> set[str]:
    return {pattern.format(value) for pattern, values in FAMILIES.items() for value in values}


@pytest.mark.parametrize(
    ("added", "wrong"), [("no sentence here\n", "no sentence here"), ("bye = x\n", "stands twice")]
)
def test_a_broken_catalogue_is_named_with_what_is_wrong(added: str, wrong: str) -> None:
    whole = (LOCALES / "uk" / "start.ftl").read_text(encoding="utf-8")
    with pytest.raises(TextError, match=f"start.ftl: .*{wrong}"):
        catalogue_keys(whole + added, "start.ftl")
    assert "bye" in catalogue_keys(whole, "start.ftl")


# ---- rendering ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_renders_with_its_values_in_it(texts: Texts, language: str) -> None:
    for name in texts.keys[language]:
        wanted = placeholders(texts, name) - set(NUMBERS)
        text = texts.sentence(language, name, **{v: sample(v) for v in placeholders(texts, name)})
        assert all(f"[{v}]" in text for v in wanted), (name, text)
        assert not re.search(r"\{|\}|\$|  ", text), (name, text)
        assert text == text.strip(), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_value_that_is_missing_is_a_fault_and_never_shown_as_a_placeholder(texts: Texts, language: str) -> None:
    with pytest.raises(TextError):
        texts.sentence(language, "no-such-digit")
    with pytest.raises(TextError):
        texts.sentence(language, "no-such-sentence")
    assert "7" in texts.sentence(language, "no-such-digit", digit="7")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_plural_has_the_forms_of_its_language(language: str) -> None:
    plural = Locale.parse(language).plural_form
    needed = {plural(n) for n in range(1, 200)}
    found = [(name, forms) for name, message in messages(language).items() for forms in choices(message)]
    assert len(found) >= 5
    for name, forms in found:
        assert needed <= forms, (name, needed - forms)
        assert {f for f in forms if not f.isdigit()} <= {*plural.tags, "other"}, (name, forms)


def choices(message: ftl.Message) -> list[set[str]]:
    """The forms of each choice by number in a message."""
    found: list[set[str]] = []

    class Look(Visitor):
        def visit_SelectExpression(self, node: ftl.SelectExpression) -> None:
            found.append({str(getattr(v.key, "name", None) or getattr(v.key, "value", "")) for v in node.variants})
            self.generic_visit(node)

    Look().visit(message)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_number_gets_its_form(texts: Texts, language: str) -> None:
    plural = Locale.parse(language).plural_form
    for name in ("whoami-answers", "too-fast", "doctor-failures"):
        value = next(iter(placeholders(texts, name)))
        shapes: dict[str, set[str]] = {}
        for n in range(1, 120):
            text = texts.sentence(language, name, **{value: n})
            shapes.setdefault(plural(n), set()).add(text.replace(str(n), "#"))
        apart = {shape for found in shapes.values() for shape in found}
        assert all(len(found) <= 2 for found in shapes.values()), "1 may stand as a word"
        assert len(apart) >= len({plural(n) for n in range(1, 5)}), (name, apart)


def test_one_person_is_not_people(texts: Texts) -> None:
    assert "one person can" in texts.sentence("en", "doctor-few-approvers", count=1)
    assert "2 people can" in texts.sentence("en", "doctor-few-approvers", count=2)


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_written_as_the_language_writes_them(texts: Texts, language: str) -> None:
    assert format_decimal(12345, locale=language) in texts.sentence(language, "whoami-answers", count=12345)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_a_name_and_not_a_quantity_is_not_grouped(texts: Texts, language: str) -> None:
    text = texts.sentence(language, "port-taken", host="127.0.0.1", port=18090)
    assert "18090" in text, "a port is typed as it is read"
    assert "20261" in texts.sentence(language, "audit-broken", seq=20261)


@pytest.mark.parametrize(
    ("language", "whole", "only_month"),
    [
        ("en", "March 5, 2026", "March 2026"),
        ("ar", "5 آذار (مارس) 2026", "آذار (مارس) 2026"),
        ("fr", "5 mars 2026", "mars 2026"),
        ("uk", "5 березня 2026", "березень 2026"),
        ("es", "5 de marzo de 2026", "marzo 2026"),
    ],
)
def test_dates_in_each_language(texts: Texts, language: str, whole: str, only_month: str) -> None:
    then = datetime(2026, 3, 5, 23, 59, tzinfo=UTC)
    assert whole in texts.sentence(language, "page-version", version="1", date=day(then))
    assert texts.sentence(language, "page-version", version="1", date=day(then)) == texts.sentence(
        language, "page-version", version="1", date=day(then.date())
    )
    assert only_month in texts.sentence(language, "whoami-account", month=month(then))


# ---- right to left ------------------------------------------------------------------------------------------------


def test_in_arabic_every_value_that_could_turn_a_sentence_over_is_isolated(texts: Texts) -> None:
    for name in texts.keys["ar"]:
        for v in placeholders(texts, name) - set(NUMBERS):
            values = {w: sample(w) for w in placeholders(texts, name)} | {v: "Oldford 7"}
            text = texts.sentence("ar", name, **values)
            assert (f"{FSI}Oldford 7{PDI}" in text) == (v not in COPIED), (name, v)
            assert balanced(text), name


def test_what_people_copy_or_click_holds_no_invisible_sign(texts: Texts) -> None:
    for language in LANGUAGES:
        for name in texts.keys[language]:
            for v in placeholders(texts, name) & COPIED:
                values = {w: "@helper:example.org" if w == v else sample(w) for w in placeholders(texts, name)}
                text = texts.sentence(language, name, **values)
                before, _, after = text.partition("@helper:example.org")
                assert not before.endswith(FSI), (language, name)
                assert not after.startswith(PDI), (language, name)


def test_an_arabic_name_is_isolated_in_other_languages_and_not_in_arabic(texts: Texts) -> None:
    name = "منظمة"
    for language in LANGUAGES:
        text = texts.sentence(language, "real-no-page", name=name)
        assert (f"{FSI}{name}{PDI}" in text) == (language != "ar")
    assert f"{FSI}منظمة Example{PDI}" in texts.sentence("ar", "real-no-page", name="منظمة Example")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sign_of_direction_stands_alone(texts: Texts, content: Content, language: str) -> None:
    for where, text in (*everything_said(texts, language), *texts_of(content, language)):
        assert balanced(text), where


def balanced(text: str) -> bool:
    """Whether each isolate is closed in its line, and no other sign of direction is used."""
    rest = re.sub(f"{FSI}[^{FSI}{PDI}\n]*{PDI}", "", text)
    return not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", rest)


# ---- words that people type ---------------------------------------------------------------------------------------


def test_no_word_means_two_commands_in_any_language(texts: Texts) -> None:
    meant: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for name in (n for n in texts.keys[language] if n.startswith("word-")):
            for word in texts.sentence(language, name).split("|"):
                assert normalised(word), (language, name)
                meant.setdefault(normalised(word), set()).add(name)
    assert not {word: names for word, names in meant.items() if len(names) > 1}


def test_a_word_that_a_translation_takes_from_another_command_is_refused(tmp_path: Path, texts: Texts) -> None:
    folder = shutil.copytree(LOCALES, tmp_path / "locales")
    file = folder / "fr" / "words.ftl"
    file.write_text(re.sub(r"(?m)^word-lock = ", "word-lock = Effacér! | ", file.read_text("utf-8")), "utf-8")
    with pytest.raises(TextError, match="effacer"):
        Texts(folder)
    assert texts.command_of("Effacér!") == ("forget", "", "fr")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_that_is_typed_has_words_in_each_script(texts: Texts, language: str) -> None:
    """Nobody has to change the keyboard: the word shown first is written in the language's own letters."""
    for name in (n for n, c in commands.load().items() if c.typed):
        shown = texts.word_for(name, language)
        for typed in (shown, shown.upper(), f" {shown}. ", f"«{shown}»"):
            found = texts.command_of(typed)
            assert found is not None, (name, typed)
            assert found[:2] == (name, ""), (name, typed)
        letters = [c for c in shown if c.isalpha()]
        assert all(unicodedata.name(c).startswith(SCRIPTS.get(language, "LATIN")) for c in letters), (name, shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_that_a_text_tells_people_to_write_are_understood(
    texts: Texts, content: Content, language: str
) -> None:
    said = [text for m in messages(language).values() for text in written(m)]
    said += [text for _, text in texts_of(content, language)]
    told = 0
    for line in (line for text in said for line in text.splitlines()):
        for quoted in re.findall(rf"{WRITE[language]}[^.:“«\"]*[“«\"]\s?([^”»\"]+?)\s?[”»\"]", line):
            if quoted in (PREFIX, *NOT_COMMANDS[language]):
                continue
            assert texts.command_of(quoted), (language, line)
            told += 1
    assert told >= 10


# ---- quiet, honest, short -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_first_line_tells_a_stranger_what_this_is_about(texts: Texts, content: Content, language: str) -> None:
    for name, text in everything_said(texts, language):
        if not NEVER_FIRST.fullmatch(name):
            assert not content.telling(text.splitlines()[0], language), (name, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_promises_what_nobody_can_keep(texts: Texts, content: Content, language: str) -> None:
    for name, text in everything_said(texts, language):
        assert not promises(content, name, text, language), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(texts: Texts, language: str) -> None:
    for name, text in everything_said(texts, language):
        assert all(len(s) <= LONGEST_SENTENCE for s in sentences(text)), (name, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_short_form_is_shorter(texts: Texts, language: str) -> None:
    forms = [m for m in messages(language).values() if m.attributes]
    assert forms
    for message in forms:
        long, short = written(message)
        assert len(short) < len(long), message.id.name
