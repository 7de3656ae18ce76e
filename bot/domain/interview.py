"""The guided submission: what is asked next, and what an answer does. The answers are the only state.

The order is gate, hard stop (H21), consent in cards and choices (H24), the form, review, phrase, seal. What stands
around the form comes from intake.yaml, what is asked in it from the form; nothing here knows rooms or messages.

A key names what is asked: `gate.safe`, `say.leave` (something said because of a choice), `to.icc` (a destination),
`form./data/x`,
`more./data/items` (one more?), `rest` (after every fifth prompt), `review`, `phrase`, `seal`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from bot.dates import read_date
from bot.forms.consent import STOPS, Intake, Option, Part, filled
from bot.forms.form import Form
from bot.forms.nodes import Choice, Node, Repeat, Stop
from bot.forms.session import Session

REST_EVERY = 5  # prompts of the form, after which somebody is told that they may stop (H25)
PATHS = ("short", "full", "organisation")
NUMBERS = ("integer", "decimal", "range")
FILES = ("image", "audio", "video", "file")
ANSWERS = ("many", "order", "words", "number", "date", "time", "moment", "place", "file")  # kinds of what is answered
WRONG = (  # why something is no answer
    "options", "many", "order", "number", "date", "date-two", "time", "moment", "place", "type", "constraint",
    "required", "file", "note", "no-file", "no-place", "review",
)  # fmt: skip
FIRST_ANSWER = 2  # in the review; 1 goes on
SPOKEN = "voice "  # begins the answer to a question for words that was given as a voice message


@dataclass(frozen=True)
class Ask:
    """What is asked now. `lines` are words of the content or the form; `options` have a value and a label each.

    `kind` says what answers it: choice, many (of the options), order, words, number, date, time, moment, place, file.
    """

    key: str
    lines: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    kind: str = "choice"
    skippable: bool = False
    why: str | None = None
    recording: str | None = None
    title: str = ""  # how the review calls it


@dataclass(frozen=True)
class Outcome:
    """What an answer did: on (to what comes next), wrong, explain, leave, human, seal, review, keep.

    `message`: the form's own words for why an answer is none; `reason`: ours, a name without the words.
    """

    then: str
    message: str | None = None
    reason: str = ""
    lines: tuple[str, ...] = ()


def new(language: str, *, practice: bool = False) -> dict[str, Any]:
    """What a draft holds when it begins."""
    return {
        "language": language, "answers": {}, "to": {}, "saying": None, "session": None, "done": [], "rested": 0,
        "editing": None, "events": {}, "shown": {}, "texts": {}, "practice": practice, "files": 0,
    }  # fmt: skip


@dataclass
class Interview:
    """One draft being answered. `content` is changed in place and saved by the caller."""

    content: dict[str, Any]
    intake: Intake
    form: Form
    now: datetime
    values: Mapping[str, object] = field(default_factory=dict)  # what the operator's placeholders stand for
    seasons: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.language: str = self.content["language"]
        self.session = Session(self.form, self.content["session"], now=self.now, language=self.language)
        self._tell_form()

    def save(self) -> dict[str, Any]:
        """What the draft holds now."""
        self.content["session"] = self.session.state()
        return self.content

    @property
    def answers(self) -> dict[str, str]:
        found: dict[str, str] = self.content["answers"]
        return found

    @property
    def path(self) -> str:
        return self.answers.get("path", "short")

    @property
    def role(self) -> str:
        return self.answers.get("role", "self")

    @property
    def stopped(self) -> str | None:
        """The hard stop that was chosen, if any: after it nothing is asked about what happened."""
        chosen = self.answers.get("hard-stop")
        return chosen if chosen in STOPS else None

    def _tell_form(self) -> None:
        for name, value in (
            ("intake_path", self.path), ("intake_role", self.role), ("intake_hard_stop", self.stopped or "none"),
            ("intake_practice", "yes" if self.content["practice"] else "no"),
            ("intake_contact", self.answers.get("contact", "no")),
            ("intake_identity", self.answers.get("identity", "none")),
            ("intake_files", "none" if self.answers.get("material") == "has" else "open"),
        ):  # fmt: skip
            self.session.set_metadata(name, value)

    # ---- what is asked --------------------------------------------------------------------------------------------

    def _parts(self) -> Iterator[tuple[str, Part]]:
        """The parts before the form, in order, with their keys."""
        for part in self.intake.gate:
            yield f"gate.{part.id}", part
        yield f"stop.{self.intake.hard_stop.id}", self.intake.hard_stop
        if self.stopped:
            return
        for part in self.intake.cards:
            yield f"card.{part.id}", part
        for part in self.intake.choices:
            if not part.only or self.role in part.only:
                yield f"choice.{part.id}", part

    def _open_parts(self) -> Iterator[str]:
        """The keys of what is still to be answered before the form."""
        for key, part in self._parts():
            if part.id not in self.answers:
                yield key
            elif part.id == "destinations" and self.answers[part.id] == "each":
                yield from (f"to.{d.id}" for d in self.intake.destinations if d.id not in self.content["to"])

    def _stops(self) -> Iterator[Stop]:
        """What of the form is still to be shown."""
        done = set(self.content["done"])
        return (stop for stop in self.session.stops() if _mark(stop) not in done)

    def current(self) -> str:
        """The key of what is asked now."""
        if self.content["saying"] is not None:
            return f"say.{self.content['saying'][0]}"
        if self.content["editing"] is not None:
            return str(self.content["editing"])
        if (key := next(self._open_parts(), None)) is not None:
            return key
        stop = next(self._stops(), None)
        if stop is not None:
            if self._is_file(stop) and "material" not in self.answers:
                return "material.material"
            if self._may_rest():
                return "rest"
            return f"more.{stop.ref}" if stop.kind == "repeat-prompt" else f"form.{stop.ref}"
        for name in ("review", "phrase", "seal"):
            if name not in self.answers:
                return name
        return "sealing"

    def _is_file(self, stop: Stop) -> bool:
        return stop.kind == "question" and stop.node.type in FILES

    def _may_rest(self) -> bool:
        """Whether enough was answered since somebody was last told that they may stop here."""
        done = len(self.content["done"])
        return bool(done - self.content["rested"] >= REST_EVERY and not self.session.missing() and not self.stopped)

    def ask(self) -> Ask:
        """What is asked now."""
        return self.ask_of(self.current())

    def ask_of(self, key: str) -> Ask:
        kind, _, name = key.partition(".")
        if kind == "to":
            return self._ask_destination(name)
        if kind == "form":
            return self._ask_form(key, self._node(name))
        if kind == "more":
            repeat = self.session.node(name)
            assert isinstance(repeat, Repeat)
            label = repeat.label() or ""
            return Ask(key, (label,) if label else (), (("yes", ""), ("no", "")), title=label)
        if kind in ("rest", "sealing"):
            return Ask(key, (), (("on", ""), ("seal", ""), ("keep", "")))
        return self._ask_part(key, self.intake.part(name or kind))

    def _node(self, ref: str) -> Node:
        node = self.session.node(ref)
        assert isinstance(node, Node)
        return node

    def _filled(self, text: str, **more: object) -> str:
        return filled(text, {**self._steps(), **self.values, **more})

    def _steps(self) -> dict[str, object]:
        """What a path takes, for its placeholders."""
        found: dict[str, object] = {}
        for path in PATHS:
            found |= {f"{path}_{name}": value for name, value in self.content.get("takes", {}).get(path, {}).items()}
        takes = self.content.get("takes", {}).get(self.path, {})
        return found | {"prompts": takes.get("prompts", ""), "minutes": takes.get("minutes", "")}

    def _ask_part(self, key: str, part: Part) -> Ask:
        more: dict[str, object] = {}
        if part.id == "review":
            answers = enumerate(self.review(), FIRST_ANSWER)
            more["answers"] = "\n".join(f"{n} {title}: {shown}" for n, (_, title, shown) in answers)
        if part.id == "seal":
            more["allowed"] = self._allowed()
        options = tuple((o.value, self._filled(o.label[self.language], **more)) for o in self._options(part))
        recording = part.audio.get(self.language)
        kind = part.id if part.id in ("review", "phrase") else "words" if part.free else "choice"
        explain = part.explain.get(self.language)
        return Ask(
            key, (self._filled(part.said(self.language), **more),), options, kind, part.id == "limits",
            self._filled(explain) if explain else None, recording, part.title.get(self.language, ""),
        )  # fmt: skip

    def _options(self, part: Part) -> list[Option]:
        apart = bool(self.values.get("apart"))  # whether anybody holds a key that is marked for identities
        fits = [o for o in part.options if not o.only or self.role in o.only]
        return [o for o in fits if apart or (part.id, o.value) != ("identity", "apart")]

    def _ask_destination(self, name: str) -> Ask:
        title = next(d.title[self.language] for d in self.intake.destinations if d.id == name)
        part = self.intake.destination
        options = tuple((o.value, o.label[self.language]) for o in part.options)
        return Ask(f"to.{name}", (self._filled(part.said(self.language), destination=title),), options, title=title)

    def _ask_form(self, key: str, node: Node) -> Ask:
        label, hint = node.label() or "", node.hint()
        lines = tuple(line for line in (node.titles[-1] if node.titles else "", label, hint or "") if line)
        options = tuple((c.value, c.label) for c in node.choices()) if node.field.choices is not None else ()
        kinds = {
            "select_one": "choice", "select_multiple": "many", "rank": "order", "date": "date", "time": "time",
            "dateTime": "moment", "geopoint": "place", "acknowledge": "choice", "note": "note",
        }  # fmt: skip
        kind = kinds.get(node.type, "number" if node.type in NUMBERS else "file" if node.type in FILES else "words")
        if node.kind == "note":
            kind = "note"
        why, recording = node.guidance(), node.media().get("audio")
        return Ask(key, lines, options, kind, not node.required, why, recording, label)

    def _allowed(self) -> str:
        """The bodies that may get it, or are asked for first, as the person reads them."""
        allowed = [d.title[self.language] for d in self.intake.destinations if self.destinations()[d.id] != "no"]
        return ", ".join(allowed) or "–"

    def destinations(self) -> dict[str, str]:
        """What was said to each destination; who said nothing is asked first, never taken for a yes (R2, R3)."""
        general = self.answers.get("destinations", "ask")
        if general == "each":
            return {d.id: self.content["to"].get(d.id, "ask") for d in self.intake.destinations}
        return {d.id: general if general in ("no", "ask") else "ask" for d in self.intake.destinations}

    def progress(self) -> tuple[int, int]:
        """How many steps were done, and of how many."""
        before = [key for key, _ in self._parts()]
        done = len(before) - len(list(self._open_parts())) + len(self.content["done"])
        left = len(list(self._open_parts())) + len(list(self._stops())) + 3
        return min(done + 1, done + left), done + left

    # ---- what an answer does --------------------------------------------------------------------------------------

    def choose(self, key: str, value: str) -> Outcome:
        """A choice among the options of what is asked."""
        kind, _, name = key.partition(".")
        if kind == "to":
            self.content["to"][name] = value
            return self._went_on()
        if kind == "form":
            return self.answer(name, "OK" if self._node(name).type == "acknowledge" else value)
        if kind == "more":
            return self._one_more(name, value)
        if kind == "rest":
            self.content["rested"] = len(self.content["done"])
            if value == "seal":
                self.content["done"] = [_mark(stop) for stop in self.session.stops()]
            return Outcome("keep") if value == "keep" else Outcome("on")
        part = self.intake.part(name or kind)
        option = part.option(value)
        if option is None:
            return Outcome("wrong")
        return self._chosen(part, option)

    def _chosen(self, part: Part, option: Option) -> Outcome:
        saying = self.content["saying"]
        if saying is not None and saying[0] == part.id:
            origin, chosen = self.intake.part(saying[1]), saying[2]
            self.content["saying"] = None
            if option.say is not None:
                self.content["saying"] = [option.say, origin.id, chosen]
                return Outcome("on")
            return self._follow(origin, chosen, option.then)
        if option.say is not None:
            said = self.intake.part(option.say)
            if said in self.intake.cards:  # the card that says what was taken wrongly, once more
                self.answers.pop(said.id, None)
                return Outcome("on")
            if said.options:
                self.content["saying"] = [said.id, part.id, option.value]
                return Outcome("on")
            outcome = self._follow(part, option.value, option.then)
            return Outcome(outcome.then, lines=(self._filled(said.said(self.language)),))
        return self._follow(part, option.value, option.then)

    def _follow(self, part: Part, value: str, then: str) -> Outcome:
        if then == "explain":
            return Outcome("explain", lines=(self._filled(part.explain[self.language]),))
        if part.id == "material" and then == "human":  # a person is called, and it goes on without files (H27)
            self.answers[part.id] = value
            self._tell_form()
            return Outcome("called")
        if then in ("human", "leave"):
            return Outcome(then)
        if then == "again":
            self._again(part)
            return Outcome("on")
        self.answers[part.id] = value
        self.content["editing"] = None
        self._tell_form()
        if part.id == "seal":
            return Outcome("seal")
        return Outcome("on")

    def _again(self, part: Part) -> None:
        if part in self.intake.gate:
            for one in self.intake.gate:
                self.answers.pop(one.id, None)
        elif part in self.intake.cards:
            for one in self.intake.cards:
                self.answers.pop(one.id, None)
        elif part.id == "seal":
            self.answers.pop("review", None)
        else:
            self.answers.pop(part.id, None)

    def write(self, key: str, text: str) -> Outcome:
        """Words, or what words say: numbers of options, a number, a date."""
        kind, _, name = key.partition(".")
        ask = self.ask_of(key)
        if ask.kind == "review":
            return self._edit(text)
        if kind != "form":
            if ask.kind != "words" or not text.strip():
                return Outcome("wrong", reason="options")
            self.answers[name or kind] = text.strip()
            return self._went_on()
        node = self._node(name)
        if ask.kind == "choice":
            wanted = text.strip().casefold()
            found = [value for value, label in ask.options if label.casefold() == wanted]
            return self.answer(name, found[0]) if found else Outcome("wrong", reason="options")
        if ask.kind in ("many", "order"):
            chosen = _numbered(text, ask.options)
            return self.answer(name, chosen) if chosen else Outcome("wrong", reason=ask.kind)
        if ask.kind == "date":
            return self._date(name, text)
        if ask.kind in ("file", "note"):
            return Outcome("wrong", reason=ask.kind)
        outcome = self.answer(name, _western(text) if ask.kind in ("number", "time", "moment", "place") else text)
        return outcome if outcome.then != "wrong" or outcome.message else Outcome("wrong", reason=_reason(node))

    def _date(self, ref: str, text: str) -> Outcome:
        found = [d for d in read_date(text, self.now.date(), self.seasons) if d.day is not None]
        if len(found) == 2:
            return Outcome("wrong", reason="date-two")
        return self.answer(ref, found[0].iso) if found else Outcome("wrong", reason="date")

    def answer(self, ref: str, value: Any) -> Outcome:
        """Answer a question of the form. A refused value changes nothing."""
        verdict = self.session.answer(ref, value)
        if not verdict.ok:
            return Outcome("wrong", verdict.message, verdict.violation or "type")
        self._pass(f"question {ref}")
        return self._went_on()

    def file(self, key: str, number: int, *, voice: bool) -> Outcome:
        """A file that was sent. A voice message answers any question for words, too (R45)."""
        kind, _, name = key.partition(".")
        ask = self.ask_of(key)
        if kind == "form" and ask.kind == "file":
            return self.answer(name, f"{number:03}")
        if kind == "form" and ask.kind == "words" and voice:
            return self.answer(name, f"{SPOKEN}{number:03}")
        if key == "choice.limits" and voice:
            self.answers["limits"] = f"{SPOKEN}{number:03}"
            return self._went_on()
        return Outcome("wrong", reason="no-file")

    def place(self, key: str, uri: str) -> Outcome:
        """A place that was sent (a geo: URI)."""
        kind, _, name = key.partition(".")
        if kind != "form" or self.ask_of(key).kind != "place":
            return Outcome("wrong", reason="no-place")
        return self.answer(name, uri)

    def _one_more(self, ref: str, value: str) -> Outcome:
        if value == "yes":
            self.session.add_repeat(ref)
        else:
            self._pass(f"more {ref}")
        return self._went_on()

    def seen(self, key: str) -> None:
        """A note was shown: there is nothing to answer."""
        self._pass(f"note {key.partition('.')[2]}")

    def skip(self, key: str) -> Outcome:
        """Leave a question open."""
        kind, _, name = key.partition(".")
        if kind == "form" and not self._node(name).required:
            self.session.clear(name)
            self._pass(f"question {name}")
            return self._went_on()
        if key == "choice.limits":
            self.answers["limits"] = ""
            return self._went_on()
        return Outcome("wrong", reason="required")

    def back(self) -> bool:
        """To the question before; False where there is none."""
        self.content["editing"] = None
        if self.content["saying"] is not None:
            self.content["saying"] = None
            return True
        for name in ("phrase", "review"):
            if name in self.answers:
                del self.answers[name]
                return True
        done: list[str] = self.content["done"]
        while done:
            last = done.pop()
            self.content["rested"] = min(self.content["rested"], len(done))
            if not last.startswith("note "):
                return True
        if self.content["to"]:
            self.content["to"].popitem()
            return True
        answered = [part.id for _, part in self._parts() if part.id in self.answers]
        if answered:
            del self.answers[answered[-1]]
        return bool(answered)

    def _pass(self, mark: str) -> None:
        if mark not in self.content["done"]:
            self.content["done"].append(mark)

    def _went_on(self) -> Outcome:
        self.content["editing"] = None
        return Outcome("on")

    # ---- review ---------------------------------------------------------------------------------------------------

    def review(self) -> list[tuple[str, str, str]]:
        """Every answer of the form with its key, what it is called, and as it is shown."""
        found = []
        for stop in self.session.stops():
            if stop.kind == "question" and isinstance(stop.node, Node):
                label = stop.node.label() or stop.node.field.name
                found.append((f"form.{stop.ref}", label, self.shown(stop.node)))
        return found

    def shown(self, node: Node) -> str:
        """An answer as a person reads it."""
        if not node.answer:
            return "–"
        labels = {c.value: c.label for c in node.choices()} if node.field.choices is not None else {}
        return ", ".join(labels.get(v, v) for v in node.answer.split()) if labels else node.answer

    def _edit(self, text: str) -> Outcome:
        """A number of the review: that question is asked again."""
        digits = _western(text).strip()
        found = self.review()
        if digits.isdigit() and 0 <= int(digits) - FIRST_ANSWER < len(found):
            self.content["editing"] = found[int(digits) - FIRST_ANSWER][0]
            return Outcome("on")
        return Outcome("wrong", reason="review")

    def edited(self, key: str, text: str) -> Outcome | None:
        """A message that answered `key` was changed: that answer changes, and nothing else."""
        kind, _, name = key.partition(".")
        if kind != "form" or not isinstance(self.session.node(name), Node):
            return None
        before = self.content["editing"]
        outcome = self.write(key, text)
        self.content["editing"] = before
        return outcome

    def without_identity(self) -> Session:
        """The form without what tells who the person is."""
        found = Session(self.form, self.session.state(), now=self.now, language=self.language)
        for ref in self.identifying():
            found.clear(ref)
        return found

    def identifying(self) -> list[str]:
        """What is to be sealed apart: the answers of the form's group `identity`, when the person chose that."""
        if self.answers.get("identity") != "apart":
            return []
        nodes = [n for n in self.session.nodes() if isinstance(n, Node) and n.field.kind == "leaf" and n.answer]
        return [n.ref for n in nodes if "/identity/" in n.ref]

    # ---- the record -----------------------------------------------------------------------------------------------

    def was_shown(self, key: str, text: str) -> None:
        """Remember the exact words in which something was asked (R6)."""
        digest = hashlib.sha256(text.encode()).hexdigest()
        self.content["shown"][key] = digest
        self.content["texts"][digest] = text

    def consent(self) -> list[dict[str, Any]]:
        """One row for each of C1 to C15: what was answered to which words; None where nothing was asked."""
        by_element = {e: part for part in (*self.intake.cards, *self.intake.choices) for e in part.covers}
        kinds = {part.id: "card" for part in self.intake.cards}
        rows = []
        for number in range(1, 16):
            part = by_element[f"C{number}"]
            answer: Any = self.answers.get(part.id)
            if part.id == "destinations" and answer is not None:
                answer = self.destinations()
            key = f"{kinds.get(part.id, 'choice')}.{part.id}"
            rows.append({"element": f"C{number}", "answer": answer, "text": self.content["shown"].get(key)})
        return rows


def receipt_lines(found: Interview, receipt: str) -> tuple[str, str]:
    """What is said when it is sealed: the number, and what the only digit does."""
    part = found.intake.part("receipt")
    option = part.options[0].label[found.language]
    text = filled(part.said(found.language), {**found.values, "receipt": receipt})
    return text, option


def _mark(stop: Stop) -> str:
    return f"{'more' if stop.kind == 'repeat-prompt' else stop.kind} {stop.ref}"


def _western(text: str) -> str:
    """Digits of every script as 0 to 9."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in text).replace("٫", ".").replace("٬", "")


def _numbered(text: str, options: tuple[tuple[str, str], ...]) -> list[str]:
    """The options whose numbers somebody typed, in their order; none when one of them is not there."""
    numbers = [int(n) for n in re.findall(r"\d+", _western(text))]
    if re.search(r"[^\W\d_]", re.sub(r"\b(and|et|y|і|та|و)\b", "", text.casefold())):
        return []
    if not numbers or not all(1 <= n <= len(options) for n in numbers):
        return []
    return [options[n - 1][0] for n in dict.fromkeys(numbers)]


def _reason(node: Node) -> str:
    return {"time": "time", "dateTime": "moment", "geopoint": "place"}.get(node.type, "number")


__all__ = ["Ask", "Choice", "Interview", "Outcome", "date", "new"]
