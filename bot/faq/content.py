"""The content folder: answers, pages (about, limits, safety), word lists. Operators get a copy and edit it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.errors import StartError

SHIPPED = Path(__file__).parent.parent / "content"
PAGES = ("about", "limits", "safety", "help")
ByLanguage = dict[str, str]
Review = dict[str, str]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Model):
    """One question with its sourced answer."""

    id: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    applies_to: str
    status: str = Field(pattern=r"^(policy|suggestion|consensus)$")
    red_line: bool
    source_name: str
    source_url: str | None
    valid_as_of: dt.date | None
    review_by: dt.date
    translation: Review
    see_also: tuple[str, ...] = ()
    phrasings: dict[str, tuple[str, ...]]
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
    text: ByLanguage

    def sha256(self, language: str) -> str:
        return hashlib.sha256(self.text[language].encode()).hexdigest()


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
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise StartError("content-missing", file=path.name) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise StartError("content-broken", file=path.name, reason=f"line {mark.line + 1}" if mark else "") from error


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
    telling, never = _read(file("telling-words.yaml")), _read(file("never-say.yaml"))
    words = {p.stem: p.read_text(encoding="utf-8").split() for p in sorted((SHIPPED / "key-words").glob("*.txt"))}
    for language, listed in words.items():
        if len(set(listed)) != 256:
            raise StartError("content-broken", file=f"key-words/{language}.txt", reason="256")
    return Content(
        topics=tuple(sorted(topics, key=lambda t: _ORDER.index(t.topic) if t.topic in _ORDER else len(_ORDER))),
        pages={name: _checked(Page, _read(file(f"{name}.yaml")), file(f"{name}.yaml")) for name in PAGES},
        key_words=words,
        telling_prefixes=telling["prefix"],
        telling_words=telling["whole"],
        never_say={k: v for k, v in never.items() if k != "marked"},
        never_say_marked=never.get("marked", []),
    )


_ORDER = ("bot", "mandate", "submission", "evidence", "protection", "collaboration")


M = TypeVar("M", bound=BaseModel)


def _checked(model: type[M], data: Any, path: Path) -> M:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        reason = ".".join(str(p) for p in first["loc"]) + ": " + first["msg"]
        raise StartError("content-broken", file=path.name, reason=reason) from None
