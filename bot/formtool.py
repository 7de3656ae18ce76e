"""What the command line does with forms: check one, and try it out as the bot would run it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, TextIO

import yaml

from bot import console
from bot.errors import StartError
from bot.faq.content import SHIPPED
from bot.forms import check as rules
from bot.forms.form import BUNDLED, MOST_BYTES, Form, FormError, form_among, load
from bot.forms.media import MOST_BYTES as MOST_FILE_BYTES
from bot.forms.model import Field, Finding
from bot.forms.nodes import Node, Repeat, Stop, Verdict
from bot.forms.session import Session
from bot.text import Texts

LEVELS = {"refused": "form-level-refused", "degraded": "form-level-degraded", "warn": "form-level-warn"}
WRONG = {"constraint": "form-try-constraint", "type": "form-try-type", "required": "form-try-required"}
LONGEST_ANSWERS = 50_000_000  # bytes of a file of answers


@cache
def _texts() -> Texts:
    return Texts()


def told(name: str, /, **values: Any) -> str:
    """A sentence in the language of who sits at the console."""
    return _texts().sentence(console.language(), name, **values)


def _say(name: str, /, *, to: TextIO | None = None, **values: Any) -> None:
    print(told(name, **values), file=to)


def inducing_words() -> dict[str, dict[str, list[str]]]:
    """The words that offer something, and those that lead to an answer, by language."""
    found: dict[str, dict[str, list[str]]] = yaml.safe_load(
        (SHIPPED / "inducing-words.yaml").read_text(encoding="utf-8")
    )
    return found


def opened(path: Path, *, missing_files: bool = False) -> Form:
    """A form from a file, a zip or a folder; the lists of choices that lie beside it come with it."""
    if path.is_dir():
        inside = {
            p.name: p.read_bytes() for p in sorted(path.iterdir()) if p.is_file() and p.stat().st_size <= MOST_BYTES
        }
        name = form_among(inside)
        return load(inside.pop(name), name, inside, missing_files=missing_files)
    if path.stat().st_size > MOST_FILE_BYTES:
        raise StartError("form-large")
    beside = {
        p.name: p.read_bytes()
        for p in sorted(path.absolute().parent.iterdir())
        if p.suffix.lower() in BUNDLED and p.name != path.name and p.is_file() and p.stat().st_size <= MOST_FILE_BYTES
    }
    data = path.read_bytes()
    named = {
        name: content for name, content in beside.items() if path.suffix.lower() == ".zip" or _names(path, data, name)
    }
    return load(data, path.name, named, missing_files=missing_files)


def _names(path: Path, data: bytes, name: str) -> bool:
    """Whether a form may mean a file beside it. What cannot be looked through may mean any."""
    return path.suffix.lower() in (".xlsx", ".xls", ".xlsm") or Path(name).stem.encode() in data


# ---- check ---------------------------------------------------------------------------------------------------------


def check(path: Path) -> int:
    """Show what a form asks, and what is wrong with it; exit code 1 when it cannot be run."""
    try:
        form = opened(path)
    except FormError as error:
        _show_findings(error.findings)
        _say("form-check-refused")
        return 1
    _say("form-check-title", title=form.title or form.id, version=form.version[:16])
    _show_tree(form)
    _say("form-check-languages", list=", ".join(form.languages) or "-")
    print()
    longest = rules.estimate(form, now=datetime.now(UTC))
    _say("form-check-time", count=longest.prompts, words=str(longest.words), minutes=longest.minutes)
    telling = [f.ref for f in rules.narrative(form)]
    if telling:
        _say("form-check-narrative", list=", ".join(telling))
    _show_findings(rules.checked(form, inducing_words()))
    _say("form-check-fine")
    return 0


def _show_findings(findings: list[Finding]) -> None:
    """One line for each: how bad, where in the sheet and the form, what."""
    for found in findings:
        where = _place(found)
        print(f"{told(LEVELS[found.level])}  {where}{': ' if where else ''}{told(found.key, **_values(found))}")


def _values(found: Finding) -> dict[str, Any]:
    values = {"what": "", "ref": "", "number": ""} | {k: str(v) for k, v in found.values.items()}
    if "reason" in values:
        values["reason"] = told(values["reason"])
    return values


def _place(found: Finding) -> str:
    """Row and column of the sheet, and the path in the form."""
    parts = []
    if found.row is not None:
        parts.append(told("form-row", row=str(found.row)))
    if found.column is not None:
        parts.append(told("form-column", column=found.column))
    return " ".join([*parts, str(found.values.get("ref", ""))]).strip()


def _show_tree(form: Form) -> None:
    for field in form.fields:
        if field.control is None and field.kind == "leaf":
            continue
        depth = field.ref.count("/") - 2
        mark = "*" if field.required is not None and field.required is not False else ""
        condition = " ?" if field.relevant is not None else ""
        print(f"{'  ' * depth}{field.name}{mark}{condition}  [{field.type_name}]  {_label(form, field)}")


def _label(form: Form, field: Field) -> str:
    said = next((text for f, column, _, text in rules.texts_of_field(form, field) if column == "label"), "")
    return " ".join(said.split())[:100]


# ---- try -----------------------------------------------------------------------------------------------------------


def try_out(path: Path, *, language: str, answers: Path | None, as_json: bool) -> int:
    """Run a form: with a file of answers, or by asking in the terminal."""
    try:
        form = opened(path, missing_files=True)
    except FormError as error:
        if as_json:
            print(
                json.dumps(
                    {"refused": [_as_json(f) for f in error.findings if f.level == "refused"]}, ensure_ascii=False
                )
            )
        else:
            _show_findings(error.findings)
            _say("form-check-refused", to=sys.stderr)
        return 1
    for found in form.findings:
        if found.level == "refused":
            print(told(found.key, **_values(found)), file=sys.stderr)
    session = Session(form, now=datetime.now(UTC), language=language)
    if answers is None:
        return _ask(session)
    result = replay(session, _read_answers(answers))
    print(json.dumps(result, ensure_ascii=False) if as_json else json.dumps(result, ensure_ascii=False, indent=1))
    return 0


def _as_json(found: Finding) -> dict[str, Any]:
    return {"key": found.key, "row": found.row, "column": found.column, **found.values}


def _read_answers(path: Path) -> list[Any]:
    if path.stat().st_size > LONGEST_ANSWERS:
        raise StartError("form-answers-wrong", file=path.name)
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise StartError("form-answers-wrong", file=path.name) from None
    if not isinstance(given, list) or not all(
        isinstance(g, list) and len(g) == 2 and isinstance(g[0], str) for g in given
    ):
        raise StartError("form-answers-wrong", file=path.name)
    return given


def replay(session: Session, given: list[Any]) -> dict[str, Any]:
    """Apply answers in order. Returns what became of each, every node, what is missing, and the instance."""
    log = []
    for ref, value in given:
        verdict = apply(session, ref, value)
        error = verdict.error
        log.append({"ref": ref, "ok": verdict.ok, "violation": verdict.violation, "error": error})
    nodes = [
        {
            "ref": node.ref,
            "type": node.type,
            "relevant": node.relevant,
            "required": node.required,
            "readonly": node.readonly,
            "label": node.label(),
        }
        for node in session.nodes()
    ]
    return {"log": log, "nodes": nodes, "missing": session.missing(), "instance": session.instance().decode()}


def apply(session: Session, ref: str, value: Any) -> Verdict:
    """One answer: a value, None to take it away, {"add_repeat": true} or {"remove_repeat": true}."""
    if isinstance(value, dict):
        if value.get("add_repeat") is True:
            return session.add_repeat(ref)
        if value.get("remove_repeat") is True:
            return session.remove_repeat(ref)
        return Verdict(False, "type")
    return session.answer(ref, value)


def _ask(session: Session) -> int:
    """Ask in the terminal, one thing at a time. An empty line goes on, < goes back, a lone dot ends."""
    _say("form-try-begin")
    stop = session.after()
    while stop is not None:
        typed = _typed(session, stop)
        if typed == ".":
            break
        if typed == "<":
            stop = session.before(stop.ref) or stop
            continue
        if stop.kind == "repeat-prompt":
            stop = _one_more(session, stop, typed)
            continue
        if stop.kind == "question" and typed and not _taken(session, stop, typed):
            continue
        if stop.kind == "question" and not typed and stop.node.required and not stop.node.answer:
            print(stop.node.required_message or told("form-try-required"))
            continue
        stop = session.after(stop.ref)
    for ref in session.missing():
        _say("form-try-missing", ref=ref)
    print(session.instance().decode())
    return 0


def _typed(session: Session, stop: Stop) -> str:
    """Show where we are and read a line. The end of the input ends the trying."""
    print()
    for line in _shown(session, stop):
        print(line)
    if stop.kind == "note":
        print("…")
    try:
        return input("> ").strip()
    except EOFError:
        return "."


def _shown(session: Session, stop: Stop) -> Iterator[str]:
    node = stop.node
    if stop.kind == "repeat-prompt":
        yield told("form-try-more", what=node.label() or node.field.name)
        return
    yield node.label() or node.field.name
    if hint := node.hint():
        yield f"  {hint}"
    if isinstance(node, Node):
        for number, choice in enumerate(node.choices(), 1):
            yield f"  {number}. {choice.label}"
        if node.answer:
            yield f"  = {node.answer}"


def _one_more(session: Session, stop: Stop, typed: str) -> Stop | None:
    if typed != "1":
        return session.after(stop.ref)
    session.add_repeat(stop.ref)
    repeat = stop.node
    assert isinstance(repeat, Repeat)
    return session.first_in(repeat.instances[-1]) or session.after(stop.ref)


def _taken(session: Session, stop: Stop, typed: str) -> bool:
    """Give a typed answer; choices by number. Says what is wrong with one that does not fit."""
    value: Any = typed
    node = stop.node
    if isinstance(node, Node) and (choices := node.choices()):
        numbers = typed.replace(",", " ").split()
        if all(n.isdecimal() and 1 <= int(n) <= len(choices) for n in numbers):
            value = [choices[int(n) - 1].value for n in numbers]
    elif node.type == "acknowledge":
        value = typed in ("1", "OK", "ok")
    verdict = session.answer(stop.ref, value)
    if not verdict.ok:
        print(verdict.message or told(WRONG.get(verdict.violation or "", "form-try-no")))
    return verdict.ok
