"""Our engine beside getodk's: the same forms, the same answers, the same relevance, verdicts, values and instance."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from bot.forms.form import Form, load
from bot.forms.nodes import Node
from bot.forms.session import Session
from bot.formtool import apply, opened
from tests.formgen import a_form, some_answers, table
from tests.interop.forms.engine import Engine

FORMS = Path(__file__).parent / "data" / "forms"
EXACT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+\+00:00|uuid:[0-9a-f-]{36}")
SHOWN = {"input", "select", "rank", "trigger", "upload", "range", "note"}
NOW = datetime.now(UTC)


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with Engine() as running:
        yield running


def canonical(xml: str | bytes) -> Any:
    """An instance without what two programs may write differently: prefixes, times of the clock, random ids."""

    def one(element: ElementTree.Element) -> Any:
        inner = [one(e) for e in element]
        attributes = sorted((k.rpartition("}")[2], v) for k, v in element.attrib.items())
        text = EXACT.sub("*", element.text or "") if not inner else ""
        return element.tag.rpartition("}")[2], attributes, text, inner

    return one(ElementTree.fromstring(xml))


def words(text: str | None) -> str:
    """A label; the reference also shows the `-` that stands for a translation that is missing."""
    return "" if text in (None, "-") else EXACT.sub("*", " ".join(str(text).split()))


def differences(form: Form, engine: Engine, answers: list[tuple[str, Any]]) -> list[str]:
    """Everything in which the two engines do not agree about a form after some answers."""
    media = {name: data.decode("utf-8", "replace") for name, data in form.media.items()}
    theirs = engine.run(xml=form.xml.decode(), media=media, answers=answers)
    assert "error" not in theirs, theirs["error"]
    session = Session(form, now=NOW)
    found = []
    for (ref, value), said in zip(answers, theirs["log"], strict=True):
        verdict = apply(session, ref, value)
        if verdict.violation != "type" and (verdict.violation, verdict.ok) != (said["violation"], said["ok"]):
            found.append(f"verdict on {ref} = {value!r}: {verdict}, {said}")
    ours = {n.ref: n for n in session.nodes()}
    if set(ours) != {n["ref"] for n in theirs["nodes"]}:
        found.append(f"nodes: {set(ours) ^ {n['ref'] for n in theirs['nodes']}}")
    for their in theirs["nodes"]:
        node = ours.get(their["ref"])
        if node is None:
            continue
        if node.relevant != their["relevant"]:
            found.append(f"relevance of {node.ref}: {node.relevant}")
        elif isinstance(node, Node) and node.relevant:
            if (node.required, node.readonly) != (their["required"], their["readonly"]):
                found.append(f"{node.ref}: required {node.required}, readonly {node.readonly}")
            if their["kind"] in SHOWN and words(node.label()) != words(their["label"]):
                found.append(f"label of {node.ref}: {node.label()!r}, {their['label']!r}")
            if their["choices"] is not None:
                choices = [[c.value, words(c.label)] for c in node.choices()]
                if choices != [[value, words(label) or value] for value, label in their["choices"]]:
                    found.append(f"choices of {node.ref}: {choices}, {their['choices']}")
    if canonical(session.instance()) != canonical(theirs["instance"]):
        found.append(f"instance:\n{session.instance().decode()}\n{theirs['instance']}")
    kept = Session(form, json.loads(json.dumps(session.state())), now=NOW)
    if kept.instance() != session.instance():
        found.append(f"after a restart:\n{session.instance().decode()}\n{kept.instance().decode()}")
    return found


def compare(form: Form, engine: Engine, seed: int, count: int) -> None:
    """A sequence of answers, and the verdict on the first one that is refused.

    The reference takes a value that breaks a constraint and only then complains, so that what followed from it stays.
    """
    session = Session(form, now=NOW)
    taken: list[tuple[str, Any]] = []
    refused: list[tuple[str, Any]] = []
    for ref, value in some_answers(form, Session(form, now=NOW), seed, count):
        verdict = apply(session, ref, value)
        if verdict.violation != "constraint":
            taken.append((ref, value))
        elif not refused:
            refused = [*taken, (ref, value)]
    assert not differences(form, engine, taken), (seed, taken)
    if refused:
        said = engine.run(xml=form.xml.decode(), answers=refused)["log"][-1]
        assert said["violation"] == "constraint", refused


@pytest.mark.parametrize("seed", range(4))
def test_every_question_type_of_the_field_agrees(engine: Engine, seed: int) -> None:
    form = opened(FORMS / "all-question-types-v2024091201-3.xlsx")
    compare(form, engine, seed, 40 if seed else 0)


@pytest.mark.parametrize("seed", range(40))
def test_generated_forms_agree(engine: Engine, seed: int) -> None:
    compare(load(a_form(seed).encode(), "form.md"), engine, seed, 12)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 2000))
def test_many_generated_forms_agree(engine: Engine, seed: int) -> None:
    compare(load(a_form(seed, 25).encode(), "form.md"), engine, seed, 30)


FAMILY = table(
    [
        {"type": "integer", "name": "people", "label": "How many people?", "constraint": ". < 5"},
        {"type": "begin repeat", "name": "person", "label": "Person", "repeat_count": "${people}"},
        {"type": "text", "name": "name", "label": "Name"},
        {"type": "integer", "name": "age", "label": "Age of ${name}", "constraint": ". >= 0"},
        {"type": "begin repeat", "name": "pet", "label": "Pet of ${name}", "relevant": "${age} > 3"},
        {"type": "text", "name": "pet_name", "label": "Name of the pet"},
        {
            "type": "calculate",
            "name": "whose",
            "calculation": "concat(${name}, ' ', ${pet_name}, ' ', position(..), ' of ', position(../..))",
        },
        {"type": "end repeat"},
        {"type": "calculate", "name": "pets", "calculation": "count(${pet})"},
        {"type": "calculate", "name": "before", "calculation": "indexed-repeat(${name}, ${person}, position(..) - 1)"},
        {"type": "end repeat"},
        {"type": "calculate", "name": "ages", "calculation": "sum(${age})"},
        {"type": "calculate", "name": "names", "calculation": "join(', ', ${name})"},
        {"type": "select_one ${name}", "name": "eldest", "label": "Who?", "choice_filter": "${age} > 10"},
        {"type": "note", "name": "end", "label": "${names}: ${ages} years", "relevant": "${ages} > 0"},
    ]
)


def test_nested_repeats_agree_after_growing_and_shrinking(engine: Engine) -> None:
    form = load(FAMILY.encode(), "family.md")
    answers: list[tuple[str, Any]] = [
        ("/data/people", 3),
        ("/data/person[1]/name", "Amal"),
        ("/data/person[1]/age", 40),
        ("/data/person[2]/name", "Omar"),
        ("/data/person[2]/age", 2),
        ("/data/person[1]/pet", {"add_repeat": True}),
        ("/data/person[1]/pet[1]/pet_name", "Rex"),
        ("/data/person[1]/pet", {"add_repeat": True}),
        ("/data/person[1]/pet[2]/pet_name", "Tom"),
        ("/data/person[3]/name", "Lina"),
        ("/data/person[3]/age", 12),
        ("/data/eldest", "Lina"),
    ]
    assert not differences(form, engine, answers)
    answers += [("/data/person[1]/pet[1]", {"remove_repeat": True}), ("/data/people", 9), ("/data/people", 2)]
    assert not differences(form, engine, answers)
    answers += [("/data/people", 4), ("/data/person[1]/age", 1), ("/data/person[1]/age", 50)]
    assert not differences(form, engine, answers)
