"""What is said around a submission: the gate, the hard stop, the consent, sealing and taking back; from intake.yaml."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.errors import StartError
from bot.faq.content import LANGUAGES, SHIPPED, ByLanguage, HandOver, Loader

FILE = "intake.yaml"
ELEMENTS = tuple(f"C{number}" for number in range(1, 16))  # of consent, each a row of the record (HUMANE.md, H24)
STOPS = frozenset({"sexual_violence", "child", "taken_part", "hard"})  # H21: no account and no file after these
# What the dialogue fills in; README.md of the content folder says with what.
PLACEHOLDERS = frozenset({
    "org", "contact", "key_holders", "kept", "keep", "days", "wait_days", "link_days", "destinations", "destination",
    "allowed", "copies", "answers", "receipt", "prompts", "minutes", "short_prompts", "short_minutes", "full_prompts",
    "full_minutes", "organisation_prompts", "organisation_minutes",
})  # fmt: skip
# What the dialogue tells the form, as hidden values that its conditions may use.
HIDDEN = {
    "intake_path": ("short", "full", "organisation"),
    "intake_role": ("self", "other", "organisation", "invited"),
    "intake_hard_stop": (*sorted(STOPS), "none", "prefer_not"),
    "intake_practice": ("no", "yes"),
    "intake_contact": ("no", "here", "other"),  # C11
    "intake_identity": ("none", "apart", "named"),  # C10
    "intake_files": ("open", "none"),  # none: for who has material that must not be sent (H27)
}
_NAME = re.compile(r"\{(\w*)\}")
Role = Literal["self", "other", "organisation", "invited"]
# What follows a choice. on: the next part. again: the gate, the cards or the review, from the start, or the card that
# `say` names. explain: the part's `explain`. each: a question for each destination. human: a person is called, nothing
# else is asked here. stop: only the form's few questions about being reached (H21). leave: nothing is kept.
Then = Literal["on", "again", "explain", "each", "human", "stop", "leave"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Reviewed(_Model):
    """Words that are said only in a language in which a person has reviewed exactly them (HUMANE.md, H22)."""

    id: str = Field(pattern=r"^[a-z0-9-]{2,40}$")
    reviewed_by: dict[str, str] = {}
    reviewed_on: dict[str, date] = {}
    reviewed_sha256: dict[str, str] = {}

    def words(self, language: str) -> list[str]:
        """All that is said, line by line, with its placeholders."""
        raise NotImplementedError

    def sha256(self, language: str) -> str:
        """What a review of these words names as `reviewed_sha256`."""
        return hashlib.sha256("\n".join(self.words(language)).encode()).hexdigest()

    def reviewed(self, language: str) -> bool:
        """Whether a person has reviewed exactly these words: decided where it is for the texts of danger classes."""
        text = {language: "\n".join(self.words(language))}
        review = {k: getattr(self, k) for k in ("reviewed_by", "reviewed_on", "reviewed_sha256")}
        return HandOver.model_construct(id=self.id, phrasings={}, text=text, **review).reviewed(language)


class Option(_Model):
    """One thing that can be chosen; its digit is its place.

    `say`: a part that is said first. When that part has options of its own, what is chosen there decides what follows.
    `only`: the roles to which it is offered; empty: to all. `right`: the true one of a check.
    """

    value: str = Field(pattern=r"^[a-z_]{2,20}$")
    label: ByLanguage
    then: Then = "on"
    say: str | None = None
    only: tuple[Role, ...] = ()
    right: bool = False


class Part(Reviewed):
    """One message: a first line that tells a stranger nothing, what it says, and what can be chosen.

    `covers`: the elements of consent that its answer gives. `only`: the roles that see it; empty: all. `free`: answered
    in own words. `audio`: a recording of it in a language, a file of the content folder (H33).
    """

    covers: tuple[str, ...] = ()
    only: tuple[Role, ...] = ()
    title: dict[str, str] = {}
    text: ByLanguage
    explain: dict[str, str] = {}
    options: tuple[Option, ...] = ()
    free: bool = False
    audio: dict[str, str] = {}

    @model_validator(mode="after")
    def _alike(self) -> Self:
        """Every language has the same lines and the same placeholders, and none that nobody fills."""
        for lines in (self.title, self.text, self.explain, *(o.label for o in self.options)):
            if lines and (missing := [code for code in LANGUAGES if not lines.get(code)]):
                raise ValueError(f"{self.id}: nothing in {', '.join(missing)}")
            used = {code: set(_NAME.findall(line)) for code, line in lines.items()}
            if unknown := set().union(*used.values()) - PLACEHOLDERS:
                raise ValueError(f"{self.id}: nobody fills {', '.join(sorted(unknown))}")
            if other := [code for code, names in used.items() if names != used["en"]]:
                raise ValueError(f"{self.id}: not the same placeholders in {', '.join(other)} as in en")
        if len({o.value for o in self.options}) != len(self.options):
            raise ValueError(f"{self.id}: two options have one value")
        return self

    def said(self, language: str) -> str:
        """What is sent, without its options."""
        return "\n".join(line for line in (self.title.get(language), self.text[language]) if line)

    def words(self, language: str) -> list[str]:
        explained = [self.explain[language]] if self.explain else []
        return [self.said(language), *explained, *(option.label[language] for option in self.options)]

    def option(self, value: str) -> Option | None:
        return next((o for o in self.options if o.value == value), None)


class Destination(Reviewed):
    """A body to which material may be passed on, if the person says so (C5)."""

    title: ByLanguage

    def words(self, language: str) -> list[str]:
        return [self.title[language]]


class Intake(_Model):
    """Everything in intake.yaml, checked. `card_options` stand under every card that has none of its own."""

    destinations: tuple[Destination, ...] = Field(min_length=1)
    gate: tuple[Part, ...] = Field(min_length=1)
    hard_stop: Part
    card_options: tuple[Option, ...]
    cards: tuple[Part, ...] = Field(min_length=6, max_length=6)
    choices: tuple[Part, ...]
    destination: Part
    material: Part
    closing: tuple[Part, ...]
    said: tuple[Part, ...]
    withdrawal: tuple[Part, ...]

    @model_validator(mode="before")
    @classmethod
    def _with_options(cls, data: Any) -> Any:
        """Give the cards their common options, so that a card is reviewed with what stands under it."""
        if isinstance(data, dict) and isinstance(data.get("cards"), list):
            common = data.get("card_options")
            data = data | {"cards": [{"options": common} | c if isinstance(c, dict) else c for c in data["cards"]]}
        return data

    @model_validator(mode="after")
    def _whole(self) -> Self:
        ids = [part.id for part in self.parts]
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"{', '.join(sorted(twice))} stands twice")
        for part in self.parts:
            for option in part.options:
                if option.say is not None and option.say not in ids:
                    raise ValueError(f"{part.id}: there is no {option.say}")
        covered = [element for part in (*self.cards, *self.choices) for element in part.covers]
        if sorted(covered) != sorted(ELEMENTS):
            raise ValueError("every element from C1 to C15 stands under exactly one card or choice")
        if {o.value for o in self.hard_stop.options if o.then == "stop"} != STOPS:
            raise ValueError("hard_stop: the four that end the story must end it")
        if sum(o.right for card in self.cards for o in card.options) != 1:
            raise ValueError("cards: one option of the check is right")
        return self

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part, in the order in which a person may meet them."""
        consent = (*self.cards, *self.choices, self.destination)
        return (*self.gate, self.hard_stop, *consent, self.material, *self.closing, *self.said, *self.withdrawal)

    def part(self, name: str) -> Part:
        """The part of this name. Raises KeyError."""
        found = next((part for part in self.parts if part.id == name), None)
        if found is None:
            raise KeyError(name)
        return found

    def keeping(self, setting: Literal["destroy", "keep"]) -> Part:
        """What fills {keep}: what happens to what was taken back, as the operator has set it (H31)."""
        return self.part("keep-destroy" if setting == "destroy" else "keep-sealed")


def load(folder: Path | None = None) -> Intake:
    """Read intake.yaml of a content folder; one that an operator's copy lacks is taken from the shipped folder.

    Raises StartError, saying where in the file something is wrong.
    """
    folder = folder or SHIPPED
    path = folder / FILE if (folder / FILE).exists() else SHIPPED / FILE
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader)  # noqa: S506
        intake = Intake.model_validate(data)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise StartError("content-broken", file=FILE, reason=f"line {mark.line + 1}" if mark else "") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        where = ".".join(_named(data, first["loc"]))
        raise StartError(
            "content-broken", file=FILE, reason=f"{where}: {first['msg'].removeprefix('Value error, ')}"
        ) from None
    for name in {name for part in intake.parts for name in part.audio.values()}:
        recording = (path.parent / name).resolve()
        if not recording.is_file() or not recording.is_relative_to(path.parent.resolve()):
            raise StartError("content-missing", file=name)
    return intake


def _named(data: Any, location: tuple[int | str, ...]) -> Iterator[str]:
    """Where in the file something is wrong; a part is told by its id."""
    for step in location:
        try:
            data = data[step]
        except (KeyError, IndexError, TypeError):
            data = None
        yield str(data["id"]) if isinstance(step, int) and isinstance(data, dict) and "id" in data else str(step)


def filled(text: str, values: Mapping[str, object]) -> str:
    """A text with its placeholders filled. Raises KeyError for a missing one.

    What is filled in is never looked at again: it may be a person's own words. {kept} and {keep} hold placeholders of
    their own, so they are filled first. Whoever calls isolates a name that runs the other way.
    """
    return _NAME.sub(lambda found: str(values[found[1]]), text)


def open_languages(intake: Intake) -> set[str]:
    """The languages in which something can be submitted: a person has reviewed every word there (H22)."""
    return {code for code in LANGUAGES if not list(to_review(intake, code))}


def to_review(intake: Intake, language: str) -> Iterator[tuple[str, str]]:
    """What a person has still to review in a language: its id, and the SHA-256 to record beside the review."""
    for words in (*intake.destinations, *intake.parts):
        if not words.reviewed(language):
            yield words.id, words.sha256(language)


def spoken_languages(intake: Intake) -> set[str]:
    """The languages in which every card has a recording, for those who do not read (H33)."""
    return {code for code in LANGUAGES if all(code in card.audio for card in intake.cards)}
