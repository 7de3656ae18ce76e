"""The content folder: answers, pages (about, limits, safety), word lists. Operators get a copy and edit it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import StartError

SHIPPED = Path(__file__).parent.parent / "content"
PAGES = ("about", "limits", "safety", "help")
LANGUAGES = tuple(sorted(p.stem for p in (SHIPPED / "key-words").glob("*.txt")))
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there, as in every wheel
V = TypeVar("V")


def _in_every_language(value: dict[str, V]) -> dict[str, V]:
    if missing := [language for language in LANGUAGES if not value.get(language)]:
        raise ValueError("nothing in " + ", ".join(missing))
    return value


ByLanguage = Annotated[dict[str, str], AfterValidator(_in_every_language)]
Lists = Annotated[dict[str, list[str]], AfterValidator(_in_every_language)]
Review = dict[str, Literal["reviewed", "unreviewed"]]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Model):
    """One question with its sourced answer."""

    id: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    applies_to: str
    status: str = Field(pattern=r"^(policy|suggestion|consensus)$")
    red_line: bool
    source_name: str
    source_url: str | None = Field(pattern=r"^https://")
    valid_as_of: dt.date | None
    review_by: dt.date
    translation: Review
    reviewed_by: dict[str, str] = {}
    reviewed_on: dict[str, dt.date] = {}
    see_also: tuple[str, ...] = ()
    phrasings: Lists
    answer: ByLanguage
    more: ByLanguage
    topic: str = ""

    def question(self, language: str | None) -> str:
        """The question as menus show it."""
        phrasings = self.phrasings.get(language or "en") or self.phrasings["en"]
        return phrasings[0]

    def reviewed(self, language: str | None) -> bool:
        return self.translation.get(language or "en") == "reviewed"


class Topic(_Model):
    topic: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    title: ByLanguage
    entries: tuple[Entry, ...]


class Page(_Model):
    """A page of fixed text. `sample`: nobody has put the operator's own text there yet."""

    sample: bool = False
    version: str = "1"
    date: dt.date | None = None
    translation: Review = {}
    reviewed_by: dict[str, str] = {}
    reviewed_on: dict[str, dt.date] = {}
    text: ByLanguage

    def sha256(self, language: str) -> str:
        return hashlib.sha256(self.text[language].encode()).hexdigest()


class Telling(_Model):
    prefix: Lists
    whole: Lists


class NeverSay(_Model):
    words: Lists
    marked: list[dict[str, str]]


@dataclass(frozen=True)
class Content:
    """Everything in a content folder, checked."""

    topics: tuple[Topic, ...]
    pages: dict[str, Page]
    key_words: dict[str, list[str]]
    telling_prefixes: dict[str, list[str]]
    telling_words: dict[str, list[str]]
    never_say: dict[str, list[str]]
    never_say_marked: list[dict[str, str]]

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {e.id: e for t in self.topics for e in t.entries}

    def topic(self, name: str) -> Topic | None:
        return next((t for t in self.topics if t.topic == name), None)

    def telling(self, text: str, language: str) -> list[str]:
        """The words in `text` that would tell a stranger what this is about."""
        lowered = text.casefold()
        found = []
        joined = "(?:و|ف)?(?:ب|ل|ك)?(?:ال)?" if language == "ar" else ""
        for word in self.telling_prefixes.get(language, []):
            if re.search(rf"(?<!\w){joined}{re.escape(word.casefold())}", lowered):
                found.append(word)
        for word in self.telling_words.get(language, []):
            if re.search(rf"(?<!\w){joined}{re.escape(word.casefold())}(?!\w)", lowered):
                found.append(word)
        return found

    @property
    def sample(self) -> bool:
        """Whether the operator still shows the shipped page about who they are."""
        return self.pages["about"].sample


def _read(path: Path) -> Any:
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506
    except FileNotFoundError as error:
        raise StartError("content-missing", file=path.name) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise StartError("content-broken", file=path.name, reason=f"line {mark.line + 1}" if mark else "") from error
    if not isinstance(found, dict):
        raise StartError("content-broken", file=path.name, reason="it is empty or has no names of fields")
    return found


def load(folder: Path | None = None) -> Content:
    """Read a content folder; a file that an operator's copy lacks is taken from the shipped one.

    Raises StartError, naming the file and what is wrong with it.
    """
    folder = folder or SHIPPED

    def file(name: str) -> Path:
        return folder / name if (folder / name).exists() else SHIPPED / name

    topics = []
    faq = folder / "faq" if (folder / "faq").is_dir() else SHIPPED / "faq"
    for path in sorted(faq.glob("*.yaml")):
        topic = _checked(Topic, _read(path), path)
        entries = tuple(e.model_copy(update={"topic": topic.topic}) for e in topic.entries)
        topics.append(topic.model_copy(update={"entries": entries}))
    twice = [e.id for t in topics for e in t.entries]
    for entry_id in twice:
        if twice.count(entry_id) > 1:
            raise StartError("content-broken", file="faq", reason=f"{entry_id} stands twice")
    telling = _checked(Telling, _read(file("telling-words.yaml")), file("telling-words.yaml"))
    listed_never = _read(file("never-say.yaml"))
    parts = {"marked": listed_never.pop("marked", []), "words": listed_never}
    never = _checked(NeverSay, parts, file("never-say.yaml"))
    words = {p.stem: p.read_text(encoding="utf-8").split() for p in sorted((SHIPPED / "key-words").glob("*.txt"))}
    for language, listed in words.items():
        if len(set(listed)) != 256:
            raise StartError("content-broken", file=f"key-words/{language}.txt", reason="256")
    return Content(
        topics=tuple(sorted(topics, key=lambda t: _ORDER.index(t.topic) if t.topic in _ORDER else len(_ORDER))),
        pages={name: _checked(Page, _read(file(f"{name}.yaml")), file(f"{name}.yaml")) for name in PAGES},
        key_words=words,
        telling_prefixes=telling.prefix,
        telling_words=telling.whole,
        never_say=never.words,
        never_say_marked=never.marked,
    )


_ORDER = ("bot", "mandate", "submission", "evidence", "protection", "collaboration")


M = TypeVar("M", bound=BaseModel)


def _checked(model: type[M], data: Any, path: Path) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        reason = ".".join(_named(data, first["loc"])) + ": " + first["msg"]
        raise StartError("content-broken", file=path.name, reason=reason) from None


def _named(data: Any, location: tuple[int | str, ...]) -> Iterator[str]:
    """Where in a file something is wrong; an entry is told by its id."""
    for part in location:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            data = None
        yield str(data["id"]) if isinstance(part, int) and isinstance(data, dict) and "id" in data else str(part)
