"""What a writer of forms should know about a form that can be run: what it asks, how long it takes, where it leads."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.forms.form import Form, code
from bot.forms.model import Field, Finding, Text, above
from bot.forms.session import MISSING_TRANSLATION, Session
from bot.forms.xpath import steps_of

SECONDS_A_PROMPT = 25
WORDS_A_MINUTE = 100
SHORT_TEXT = 300  # characters up to which an answer is no account of something
CAP = re.compile(r"string-length\(\s*\.?\s*\)\s*(<=?)\s*(\d+)")
V = TypeVar("V")
FILES = ("image", "audio", "video", "file")


@dataclass(frozen=True)
class Estimate:
    """How long a form takes: 25 s a prompt plus 100 words a minute (HUMANE.md, H25)."""

    prompts: int
    words: int

    @property
    def minutes(self) -> int:
        return max(1, math.ceil(self.prompts * SECONDS_A_PROMPT / 60 + self.words / WORDS_A_MINUTE))


def estimate(
    form: Form, *, now: datetime, language: str = "", answers: Iterable[tuple[str, Any]] | None = None
) -> Estimate:
    """What a form asks. With `answers` (reference and value, as they would be given) only what it asks on that path."""
    session = Session(form, now=now, language=language)
    for ref, value in answers or ():
        session.answer(ref, value)
    if answers is None:
        shown = [n for n in session.nodes() if n.field.control is not None and n.field.kind == "leaf"]
    else:
        shown = [stop.node for stop in session.stops() if stop.kind != "repeat-prompt"]
    words = 0
    for node in shown:
        texts = [node.label() or "", node.hint() or ""]
        if node.field.choices is not None:
            texts += [choice.label for choice in node.choices()]  # type: ignore[union-attr]
        words += sum(len(text.split()) for text in texts)
    return Estimate(len(shown), words)


# ---- where somebody could tell what happened -----------------------------------------------------------------------


def cap(field: Field, form: Form) -> float:
    """The most characters that a text question takes; infinity where nothing says."""
    source = form.sources.get(field.ref, "")
    found = [int(m[2]) - (m[1] == "<") for m in CAP.finditer(source)]
    return min(found) if found and " or " not in source else math.inf


def narrative(form: Form) -> list[Field]:
    """The questions in which somebody can tell or show what happened: long texts and files."""
    found = []
    for field in form.fields:
        if field.control is None or field.kind != "leaf" or field.is_note:
            continue
        long = field.type_name == "text" and "numbers" not in field.appearance and cap(field, form) > SHORT_TEXT
        if long or field.type_name in FILES:
            found.append(field)
    return found


def reachable(form: Form, known: Mapping[str, str]) -> list[Field]:
    """The questions that may be asked when some answers are known: a search through all paths, not a sample.

    `known`: reference without numbers -> value ("" for not answered). Everything else is taken for unknown, so that a
    question which is left out here is asked on no path with these answers.
    """
    search = _Search(form, known)
    return [f for f in form.fields if f.control is not None and f.kind == "leaf" and search.may_ask(f)]


class _Search:
    """Evaluates conditions with what is known; None stands for what nobody knows."""

    def __init__(self, form: Form, known: Mapping[str, str]) -> None:
        self.form = form
        self.known = dict(known)
        self.fields = {f.ref: f for f in form.fields}
        self.asking: set[str] = set()

    def may_ask(self, field: Field) -> bool:
        return all(self.truth(one.relevant, one) is not False for one in above(field) if one.relevant is not None)

    def truth(self, token: Any, here: Field) -> bool | None:
        if isinstance(token, bool):
            return token
        symbol = token.symbol
        if symbol == "(":
            return self.truth(token[0], here)
        if symbol in ("and", "or"):
            sides = [self.truth(side, here) for side in token]
            decides = bool(symbol == "or")
            if decides in sides:
                return decides
            return None if None in sides else not decides
        if symbol == "not":
            inner = self.truth(token[0], here)
            return None if inner is None else not inner
        if symbol in ("true", "false"):
            return bool(symbol == "true")
        if symbol in ("=", "!="):
            a, b = self.text(token[0], here), self.text(token[1], here)
            return None if a is None or b is None else (a == b) == (symbol == "=")
        if symbol == "selected":
            chosen, value = self.text(token[0], here), self.text(token[1], here)
            return None if chosen is None or value is None else value in chosen.split()
        if symbol == "if":
            return self._if(token, here, self.truth)
        value = self.text(token, here)
        return None if value is None else value not in ("", "false", "0")

    def _if(self, token: Any, here: Field, of: Callable[[Any, Field], V | None]) -> V | None:
        condition = self.truth(token[0], here)
        if condition is not None:
            return of(token[1 if condition else 2], here)
        yes, no = of(token[1], here), of(token[2], here)
        return yes if yes == no else None

    def text(self, token: Any, here: Field) -> str | None:
        symbol = token.symbol
        if symbol == "(string)":
            return str(token.value)
        if symbol == "(integer)":
            return str(token.value)
        if symbol in ("(", "string"):
            return self.text(token[0], here) if len(token) else None
        if symbol == "if":
            return self._if(token, here, self.text)
        if symbol == "coalesce":
            first = self.text(token[0], here)
            return first if first is None or first != "" else self.text(token[1], here)
        if symbol in ("and", "or", "not", "=", "!=", "selected", "true", "false"):
            truth = self.truth(token, here)
            return None if truth is None else str(truth).lower()
        field = self._field(token, here)
        return None if field is None else self.value(field)

    def _field(self, token: Any, here: Field) -> Field | None:
        found = steps_of(token)
        if found is None:
            return None
        absolute, steps = found
        node: Field | None = self.form.document if absolute else here
        for step in steps:
            if node is None:
                return None
            if step == "..":
                node = node.parent
            elif step not in (".", "current()"):
                node = node.children.get(step)
        return node

    def value(self, field: Field) -> str | None:
        if field.ref in self.known:
            return self.known[field.ref]
        if field.ref in self.asking or field.calculate is None or field.control is not None:
            return None
        self.asking.add(field.ref)
        try:
            return self.text(field.calculate, field)
        finally:
            self.asking.discard(field.ref)


# ---- words ---------------------------------------------------------------------------------------------------------


def texts_of(form: Form) -> Iterator[tuple[Field, str, str, str]]:
    """Every text that is shown with a question: the field, the column, the language and the text as it is written."""
    for field in form.fields:
        yield from texts_of_field(form, field)
    for name, instance in form.instances.items():
        for item in (i for root in instance.children for i in root.children):
            for language, said in _item_texts(form, item):
                yield Field(name, "", f"/{name}", None), "choices", language, said


def texts_of_field(form: Form, field: Field) -> Iterator[tuple[Field, str, str, str]]:
    for column, text in (("label", field.label), ("hint", field.hint)):
        for language, said in _written(form, text):
            yield field, column, language, said
    if field.choices is not None:
        for _, label in field.choices.fixed:
            for language, said in _written(form, label):
                yield field, "choices", language, said


def _item_texts(form: Form, item: Any) -> Iterator[tuple[str, str]]:
    for text_id in item.named("itextId"):
        for language in form.itext:
            yield from _in(form, language, str(text_id.string_value))
    for label in item.named("label"):
        yield "", str(label.string_value)


def _written(form: Form, text: Text | None) -> Iterator[tuple[str, str]]:
    if text is None:
        return
    if text.text_id is not None:
        for language in form.itext:
            yield from _in(form, language, str(getattr(text.text_id, "value", "")))
    else:
        yield "", "".join(p for p in text.parts if isinstance(p, str))


def _in(form: Form, language: str, text_id: str) -> Iterator[tuple[str, str]]:
    element = form.itext.get(language, {}).get(text_id)
    for value in element if element is not None else ():
        if value.get("form") in (None, "long", "short", "guidance"):
            yield code(language), "".join(value.itertext())


def missing_translations(form: Form) -> list[Finding]:
    """The texts that a language lacks although another one has them."""
    found = []
    ids = {text_id for texts in form.itext.values() for text_id in texts}
    for language in form.names:
        lacking = 0
        for text_id in ids:
            said = any(t.strip() not in ("", MISSING_TRANSLATION) for _, t in _in(form, language, text_id))
            elsewhere = any(
                t.strip() not in ("", MISSING_TRANSLATION) for other in form.itext for _, t in _in(form, other, text_id)
            )
            lacking += elsewhere and not said
        if lacking:
            found.append(
                Finding("warn", "form-untranslated", values={"ref": "", "what": code(language), "number": lacking})
            )
    return found


def inducing(form: Form, words: Mapping[str, Mapping[str, Iterable[str]]]) -> list[Finding]:
    """Texts that offer or hint at help, money, status or protection, and such as lead to an answer (HUMANE.md, H28).

    `words`: kind (`offers`, `leads`) -> language -> beginnings of words, in lower case.
    """
    found: list[Finding] = []
    for field, column, language, said in texts_of(form):
        lowered = said.casefold()
        for kind, by_language in words.items():
            for one, listed in by_language.items():
                if language in (one, "") or language not in words[kind]:
                    hits = [w for w in listed if re.search(r"(?<!\w)" + re.escape(w.casefold()), lowered)]
                    if hits:
                        key = "form-offers" if kind == "offers" else "form-leads"
                        values = {"ref": field.ref, "what": ", ".join(hits)}
                        finding = Finding("warn", key, None, column, values)
                        if finding not in found:
                            found.append(finding)
    return found


def checked(form: Form, words: Mapping[str, Mapping[str, Iterable[str]]]) -> list[Finding]:
    """Everything that is to be told about a form, the worst first."""
    order = {"refused": 0, "degraded": 1, "warn": 2}
    found = [*form.findings, *missing_translations(form), *(form.placed(f) for f in inducing(form, words))]
    return sorted(found, key=lambda f: (order[f.level], f.row or 0))
