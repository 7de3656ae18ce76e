"""Every word the bot says: the Fluent catalogues, choosing a language, rendering."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser, ast

from bot.config import LANGUAGES
from bot.message import Part

LOCALES = Path(__file__).parent / "locales"
LONGEST_WORD = 3  # of what people type for a command, in words
LONGEST_ASKED = 6  # words with which somebody asks for a language
FSI, PDI = "\u2068", "\u2069"
RIGHT_TO_LEFT = ("ar",)
# Values that people copy or click: an invisible sign at their end would break them.
COPIED = frozenset(
    ("account", "address", "call", "emoji", "id", "link", "page", "ref", "reference", "sha", "signature", "url")
)
# Numbers that are names, not quantities: written without separators.
NUMBERED = frozenset(("line", "port", "seq", "status"))


class TextError(Exception):
    """A sentence is missing or its values do not fit: a fault of ours, found by the tests."""


def key(name: str) -> dict[str, str]:
    """A value that is itself a sentence of the catalogues."""
    return {"key": name}


def each(words: Mapping[str, str] | str) -> dict[str, Any] | str:
    """A value with one text a language."""
    return words if isinstance(words, str) else {"each": dict(words)}


def day(value: date | datetime) -> dict[str, str]:
    """A value that is a date, written as each language writes dates."""
    return {"day": (value.date() if isinstance(value, datetime) else value).isoformat()}


def clock(value: datetime) -> str:
    """An hour of the day, as it is where the value's zone is."""
    return f"{value:%H:%M}"


def month(value: datetime) -> dict[str, str]:
    """A value that is a month of a year."""
    return {"month": value.date().isoformat()}


def line(text: Mapping[str, str] | str) -> Part:
    """A part that is content (an answer, a page), not a sentence of the catalogues."""
    return Part("=line", {"text": each(text)})


def option(digit: str, label: Part) -> Part:
    """A line of a menu: the digit stands first, as every client shows it."""
    return Part("=option", {"digit": digit, "label": label.as_list()})


class Texts:
    """The catalogues of all languages."""

    def __init__(self, folder: Path = LOCALES) -> None:
        self.bundles: dict[str, FluentBundle] = {}
        self.keys: dict[str, dict[str, frozenset[str]]] = {}
        for language in LANGUAGES:
            bundle = FluentBundle([language], use_isolating=False)  # we isolate what needs it, see _isolated
            self.keys[language] = {}
            for file in sorted((folder / language).glob("*.ftl")):
                source = file.read_text(encoding="utf-8")
                self.keys[language] |= catalogue_keys(source, file.name)
                bundle.add_resource(FluentResource(source))
            self.bundles[language] = bundle
        self._commands = self._read_words()
        self._names = {w: code for code in LANGUAGES for w in self._said(f"language-said-{code}")}
        self._filler = sorted((w.split() for w in self._said("filler-said")), key=len, reverse=True)
        self._more = self._said("more-said")

    def has(self, name: str) -> bool:
        return name in self.keys["en"]

    # ---- rendering ------------------------------------------------------------------------------------------------

    def render(self, language: str | None, parts: Iterable[Part], *, lite: bool = False) -> str:
        """The text of a message. Raises TextError for a sentence that is missing or whose values do not fit."""
        language = language if language in self.bundles else "en"
        return "\n".join(self._part(language, part, lite) for part in parts)

    def sentence(self, language: str | None, name: str, /, **values: Any) -> str:
        return self.render(language, [Part(name, values)])

    def content(self, content: Mapping[str, Any]) -> str:
        """The text of an outbox row's content."""
        parts = [Part(name, values) for name, values in content["parts"]]
        return self.render(content.get("language"), parts, lite=bool(content.get("lite")))

    def _part(self, language: str, part: Part, lite: bool) -> str:
        if part.key == "=hello":
            return " · ".join(self.sentence(code, "hello") for code in LANGUAGES)
        if part.key == "=leave":
            return " · ".join(self.sentence(code, "leave-word") for code in LANGUAGES)
        if part.key in ("=clear", "=already"):
            name = "not-encrypted" if part.key == "=clear" else "private-already"
            return "\n".join(self.sentence(code, name) for code in LANGUAGES)
        if part.key == "=language":
            return self.sentence(part.values["of"], "language-name")
        if part.key == "=line":
            return str(self._value(language, part.values["text"]))
        if part.key == "=option":
            name, values = part.values["label"]
            return f"{part.values['digit']} {self._part(language, Part(name, values), lite)}"
        if part.key not in self.keys[language]:
            raise TextError(f"no sentence {part.key} in {language}")
        message = self.bundles[language].get_message(part.key)
        pattern = message.value
        if pattern is None:
            raise TextError(f"{part.key} in {language} has no text")
        if lite and "lite" in message.attributes:
            pattern = message.attributes["lite"]
        values = {name: _isolated(language, name, self._value(language, v)) for name, v in part.values.items()}
        text, errors = self.bundles[language].format_pattern(pattern, values)
        if errors:
            raise TextError(f"{part.key} in {language}: {type(errors[0]).__name__}")
        return str(text)

    def _value(self, language: str, value: Any) -> Any:
        if isinstance(value, dict):
            if "key" in value:
                return self._part(language, Part(value["key"]), False)
            if "each" in value:
                words = value["each"]
                return words.get(language) or words.get("en") or next(iter(words.values()), "")
            if "day" in value:
                return _date(date.fromisoformat(value["day"]), language, "d MMMM y" if language == "ar" else "long")
            return _date(date.fromisoformat(value["month"]), language, "MMMM y" if language == "ar" else "LLLL y")
        if isinstance(value, list):
            return ", ".join(str(self._value(language, v)) for v in value)
        return value

    # ---- words that people type -----------------------------------------------------------------------------------

    def _read_words(self) -> dict[str, tuple[str, frozenset[str]]]:
        """What people may type for each command, in all languages: word -> (command, languages it is a word of)."""
        found: dict[str, tuple[str, set[str]]] = {}
        for language in LANGUAGES:
            for name in self.keys[language]:
                if not name.startswith("word-"):
                    continue
                command = name.removeprefix("word-")
                for typed in self.render(language, [Part(name)]).split("|"):
                    word = normalised(typed)
                    if found.setdefault(word, (command, set()))[0] != command:
                        raise TextError(f"the word {word} of {language} stands for {command} and {found[word][0]}")
                    found[word][1].add(language)
        return {word: (command, frozenset(languages)) for word, (command, languages) in found.items()}

    def command_of(self, typed: str) -> tuple[str, str, str | None] | None:
        """The command at the beginning of `typed`: its name, the rest, and the language if the word tells it."""
        words = normalised(typed).split()
        for count in range(LONGEST_WORD, 0, -1):
            found = self._commands.get(" ".join(words[:count])) if len(words) >= count else None
            if found:
                rest = " ".join(without_invisible(typed).split()[count:])
                return found[0], rest if normalised(rest) else "", next(iter(found[1])) if len(found[1]) == 1 else None
        return None

    def name_of(self, names: Mapping[str, str], typed: str) -> str | None:
        """Which of `names` is meant: as written in the code, or as its sentence says in any language."""
        wanted = normalised(typed)
        for name, sentence in names.items():
            if wanted in (name, *(normalised(self.sentence(code, sentence)) for code in LANGUAGES)):
                return name
        return None

    def which_said(self, names: Mapping[str, str], typed: str) -> str | None:
        """Which of `names` is meant, where each one's sentence lists what people may write for it, in any language."""
        wanted = normalised(typed)
        return next((name for name, sentence in names.items() if wanted in self._said(sentence)), None)

    def _said(self, name: str) -> set[str]:
        """What a sentence lists, in every language."""
        return {normalised(w) for code in LANGUAGES for w in self.sentence(code, name).split("|")}

    def language_asked(self, typed: str) -> str | None:
        """The language that somebody asks for, when that is all they say: "and in Arabic?", "بالعربي"."""
        words = normalised(typed).split()
        if len(words) > LONGEST_ASKED:
            return None
        left = []
        while words:
            filler = next((f for f in self._filler if words[: len(f)] == f), None)
            if filler is None:
                left.append(words[0])
            words = words[len(filler or words[:1]) :]
        return self._names.get(" ".join(left))

    def more_asked(self, typed: str) -> bool:
        """Whether somebody says no more than that they want to read on."""
        return normalised(typed) in self._more

    def word_for(self, command: str, language: str | None) -> str:
        """The word to type for a command, in a language."""
        return self.sentence(language, f"word-{command}").split("|")[0].strip()


def _isolated(language: str, name: str, value: Any) -> Any:
    """A text that may run the other way than the sentence around it, kept from turning that sentence over."""
    if isinstance(value, int) and name in NUMBERED:
        return str(value)
    if not isinstance(value, str) or name in COPIED:
        return value
    right_to_left = any(unicodedata.bidirectional(c) in ("R", "AL") for c in value)
    if right_to_left == (language in RIGHT_TO_LEFT) and not (
        right_to_left and any(c.isascii() and c.isalpha() for c in value)
    ):
        return value
    return f"{FSI}{value}{PDI}"


def _date(value: date, language: str, pattern: str) -> str:
    """A date as the language writes it; in Arabic with the month's names of the Levant and of the Maghreb and Gulf."""
    if language != "ar":
        return str(format_date(value, format=pattern, locale=language))
    levant = str(format_date(value, format=pattern, locale="ar_SY"))
    month = str(format_date(value, format="MMMM", locale="ar_EG"))
    mashriq = str(format_date(value, format="MMMM", locale="ar_SY"))
    return levant.replace(mashriq, f"{mashriq} ({month})")


def catalogue_keys(source: str, file: str) -> dict[str, frozenset[str]]:
    """Each message of a catalogue with the placeholders that it uses. Raises TextError for what does not parse."""
    found: dict[str, frozenset[str]] = {}
    for entry in FluentParser().parse(source).body:
        if isinstance(entry, ast.Junk):
            raise TextError(f"{file}: {(entry.content or '').strip()[:80]}")
        if not isinstance(entry, ast.Message):
            continue
        if entry.id.name in found:
            raise TextError(f"{file}: {entry.id.name} stands twice")
        found[entry.id.name] = frozenset(_variables(entry)) | {f".{a.id.name}" for a in entry.attributes}
    return found


def _variables(node: Any) -> set[str]:
    if isinstance(node, ast.VariableReference):
        return {node.id.name}
    found: set[str] = set()
    if isinstance(node, ast.BaseNode):
        for value in vars(node).values():
            for child in value if isinstance(value, list) else [value]:
                found |= _variables(child)
    return found


def parts_from(content: str) -> list[Part]:
    """Parts from their JSON."""
    return [Part(name, values) for name, values in json.loads(content)]


# ---- what people type ----------------------------------------------------------------------------------------------


@cache
def _letters() -> dict[int, str | None]:
    """Letters that people write in more than one way."""
    table: dict[int, str | None] = {ord(c): "ا" for c in "أإآٱ"}
    table |= {ord("ى"): "ي", ord("ة"): "ه", ord("ؤ"): "و", ord("ئ"): "ي", ord("ـ"): None}
    table |= {ord(c): "'" for c in "’ʼ`´"}
    return table


def without_invisible(typed: str) -> str:
    """`typed` without the marks that copying from a message brings along."""
    return "".join(c for c in typed if unicodedata.category(c) not in ("Cf", "Cc") or c.isspace())


def normalised(typed: str) -> str:
    """What somebody typed, without case, accents, marks, invisible signs and punctuation around words."""
    text = unicodedata.normalize("NFKD", typed.casefold()).translate(_letters())
    text = "".join(
        c for c in text if not unicodedata.combining(c) and unicodedata.category(c) not in ("Cf", "Cc", "So")
    )
    words = [w.strip(".,;:!?¿¡()[]{}«»\"'*_-–—،؛؟/\\") for w in text.split()]
    kept = " ".join(w for w in words if w)
    return unicodedata.normalize("NFC", kept)


def digit_of(typed: str, words: int = 2) -> str | None:
    """The number in what somebody typed, if that is all it says: "2", "٢", "(2)", "2.", "number 2", "رقم ٢".

    Digits of every script count; up to `words` other words may stand around one number, none with a digit in it
    (none where any text is an answer: "room 2" is one).
    """
    if len(typed) > 40:
        return None
    text = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in typed)
    if re.search(r"[^\W\d_]\d|\d[^\W\d_]", text):
        return None  # "AB12", "3rd": a word, not a number
    # Digits written as signs (keycap, circled) have a digit value too.
    text = "".join(_sign_digit(c) for c in unicodedata.normalize("NFKC", text))
    groups = "".join(c if c.isascii() and c.isdigit() else " " for c in text).split()
    others = "".join(c if c.isalpha() else " " for c in text).split()
    if len(groups) != 1 or len(groups[0]) > 2 or len(others) > words:
        return None
    return str(int(groups[0]))


def _sign_digit(c: str) -> str:
    value = unicodedata.digit(c, None)
    return c if value is None else str(value)
