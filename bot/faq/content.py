"""The content folder: answers, pages (about, limits, safety), word lists. Operators get a copy and edit it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.errors import StartError
from bot.faq.matcher import Subject

SHIPPED = Path(__file__).parent.parent / "content"
PAGES = ("about", "limits", "safety", "help")
# What a content folder holds; what an operator's copy lacks is taken from the shipped one.
FILES = (
    "faq", *(f"{name}.yaml" for name in PAGES), "handover.yaml", "guides.yaml", "walk.yaml", "replies.yaml",
    "telling-words.yaml", "never-say.yaml",
)  # fmt: skip
LANGUAGES = tuple(sorted(p.stem for p in (SHIPPED / "key-words").glob("*.txt")))
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there, as in every wheel
V = TypeVar("V")


def _in_every_language(value: dict[str, V]) -> dict[str, V]:
    if missing := [language for language in LANGUAGES if not value.get(language)]:
        raise ValueError("nothing in " + ", ".join(missing))
    return value


ByLanguage = Annotated[dict[str, str], AfterValidator(_in_every_language)]
Lists = Annotated[dict[str, list[str]], AfterValidator(_in_every_language)]
Review = dict[str, Literal["reviewed", "unreviewed", "missing"]]
Body = Literal["any", "example", "iiim", "iimm", "icc", "coi"]  # whose fact it is; each has its name in the catalogues
Status = Literal["policy", "suggestion", "consensus"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Entry(_Model):
    """One question with its sourced answer."""

    id: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    applies_to: Body
    status: Status
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
    audio: dict[str, str] = {}  # a recording of the answer in a language: a file of the content folder
    topic: str = ""

    def question(self, language: str | None) -> str:
        """The question as menus show it."""
        phrasings = self.phrasings.get(language or "en") or self.phrasings["en"]
        return phrasings[0]

    def reviewed(self, language: str | None) -> bool:
        return self.translation.get(language or "en") == "reviewed"

    @property
    def spoken_in(self) -> str:
        """A language in which the entry really is; the others show its text when they are missing."""
        return next((code for code in ("en", *LANGUAGES) if self.translation.get(code) != "missing"), "en")


class HandOver(_Model):
    """A kind of question that belongs to a person and is never answered from the entries.

    `danger`: nothing is shown but its fixed text, and that only as a person has reviewed it (HUMANE.md, H22). `path`:
    what is offered besides a person. `leads_to`: the entry that says how what is wished works; the kind's own text
    comes before it.
    """

    id: str = Field(pattern=r"^ho-[a-z0-9-]{2,40}$")
    danger: bool = False
    path: Literal["person", "threat", "account", "none"] = "person"
    leads_to: str | None = None
    phrasings: Lists
    text: dict[str, str] = {}
    reviewed_by: dict[str, str] = {}
    reviewed_on: dict[str, dt.date] = {}
    reviewed_sha256: dict[str, str] = {}

    def reviewed(self, language: str | None) -> bool:
        """Whether a person has reviewed exactly the text that is there now."""
        code = language or "en"
        same = self.reviewed_sha256.get(code) == self.sha256(code)
        return same and code in self.reviewed_by and code in self.reviewed_on

    def sha256(self, language: str) -> str:
        return hashlib.sha256(self.text.get(language, "").encode()).hexdigest()


class Card(_Model):
    """A place to which information may go: what it is, from its own words, with source and date."""

    id: str = Field(pattern=r"^guide-[a-z0-9-]{2,40}$")
    applies_to: Body
    status: Status
    source_name: str
    source_url: str | None = Field(pattern=r"^https://")
    valid_as_of: dt.date | None
    review_by: dt.date
    translation: Review
    title: ByLanguage
    text: ByLanguage

    def reviewed(self, language: str | None) -> bool:
        return self.translation.get(language or "en") == "reviewed"


class WalkOption(_Model):
    label: ByLanguage
    go: str | None = None
    end: str | None = None


class WalkStep(_Model):
    id: str
    question: ByLanguage
    options: tuple[WalkOption, ...] = Field(min_length=2)


class WalkEnd(_Model):
    id: str
    text: ByLanguage
    guides: tuple[str, ...] = ()


class Prepared(_Model):
    """A reply that staff can send as it is."""

    id: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    text: ByLanguage


class Replies(_Model):
    replies: tuple[Prepared, ...]


class HandOvers(_Model):
    classes: tuple[HandOver, ...]


class Cards(_Model):
    cards: tuple[Card, ...]


class Walk(_Model):
    """A few questions with fixed answers that end at the bodies which could deal with something."""

    title: ByLanguage
    first: ByLanguage
    last: ByLanguage
    source_name: str
    valid_as_of: dt.date | None
    review_by: dt.date
    translation: Review
    start: str
    steps: tuple[WalkStep, ...]
    ends: tuple[WalkEnd, ...]

    def step(self, name: str) -> WalkStep | None:
        return next((s for s in self.steps if s.id == name), None)

    def end(self, name: str) -> WalkEnd | None:
        return next((e for e in self.ends if e.id == name), None)

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
    hand_over: dict[str, HandOver]
    guides: dict[str, Card]
    walk: Walk
    replies: dict[str, Prepared]
    folder: Path = field(compare=False)

    @cached_property
    def entries(self) -> dict[str, Entry]:
        return {e.id: e for t in self.topics for e in t.entries}

    @cached_property
    def subjects(self) -> list[Subject]:
        """What questions are told apart by: the entries, and the kinds that belong to a person."""
        entries = [Subject(e.id, _all(e.phrasings)) for e in self.entries.values()]
        kinds = [
            Subject(h.id, _all(h.phrasings), person=True, danger=h.danger, leads_to=h.leads_to)
            for h in self.hand_over.values()
        ]
        return entries + kinds

    def changed(self, entries: dict[str, Entry | None]) -> Content:
        """The content with entries changed or added, and without those that are None."""
        topics = []
        for topic in self.topics:
            listed = [entries.get(e.id, e) for e in topic.entries]
            known = {e.id for e in topic.entries}
            listed += [e for e in entries.values() if e is not None and e.id not in known]
            kept = tuple(e for e in listed if e is not None and e.topic == topic.topic)
            topics.append(topic.model_copy(update={"entries": kept}))
        return dataclasses.replace(self, topics=tuple(topics))

    def topic(self, name: str) -> Topic | None:
        return next((t for t in self.topics if t.topic == name), None)

    def telling(self, text: str, language: str) -> list[str]:
        """The words in `text` that would tell a stranger what this is about."""
        lowered = text.casefold()
        found = [w for w in self.telling_prefixes.get(language, []) if _word(w, language).search(lowered)]
        whole = self.telling_words.get(language, [])
        return found + [w for w in whole if _word(w, language, whole=True).search(lowered)]

    def promised(self, language: str, text: str) -> list[str]:
        """The words of never-say in a text, without the sentences that a person has marked."""
        lowered = text.casefold()
        for mark in self.never_say_marked:
            if mark["lang"] == language:
                lowered = lowered.replace(mark["phrase"].casefold(), "")
        return [w for w in self.never_say[language] if _word(w, language).search(lowered)]

    @property
    def sample(self) -> bool:
        """Whether the operator still shows the shipped page about who they are."""
        return self.pages["about"].sample


@cache
def _word(word: str, language: str, *, whole: bool = False) -> re.Pattern[str]:
    """How a word of a list stands in a text: at the start of a word, or as a whole one; in Arabic after what joins."""
    joined = "(?:و|ف)?(?:ب|ل|ك)?(?:ال)?" if language == "ar" else ""
    end = r"(?!\w)" if whole else ""
    return re.compile(rf"(?<!\w){joined}{re.escape(word.casefold())}{end}")


def _all(phrasings: dict[str, list[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(p for language in LANGUAGES for p in phrasings[language]))


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
    if not folder.is_dir():
        raise StartError("content-folder-missing", folder=str(folder))

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
    kinds = _checked(HandOvers, _read(file("handover.yaml")), file("handover.yaml")).classes
    cards = _checked(Cards, _read(file("guides.yaml")), file("guides.yaml")).cards
    return Content(
        topics=tuple(sorted(topics, key=lambda t: _ORDER.index(t.topic) if t.topic in _ORDER else len(_ORDER))),
        pages={name: _checked(Page, _read(file(f"{name}.yaml")), file(f"{name}.yaml")) for name in PAGES},
        key_words=words,
        telling_prefixes=telling.prefix,
        telling_words=telling.whole,
        never_say=never.words,
        never_say_marked=never.marked,
        hand_over={k.id: k for k in kinds},
        guides={c.id: c for c in cards},
        walk=_whole(_checked(Walk, _read(file("walk.yaml")), file("walk.yaml"))),
        replies={r.id: r for r in _checked(Replies, _read(file("replies.yaml")), file("replies.yaml")).replies},
        folder=folder,
    )


def _whole(walk: Walk) -> Walk:
    """A walk whose every way ends. Raises StartError."""
    for option in (o for s in walk.steps for o in s.options):
        if (walk.step(option.go or "") is None) == (walk.end(option.end or "") is None):
            raise StartError("content-broken", file="walk.yaml", reason=f"{option.go or option.end}")
    if walk.step(walk.start) is None:
        raise StartError("content-broken", file="walk.yaml", reason=walk.start)
    return walk


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
