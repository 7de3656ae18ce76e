"""Forms beside @getodk/xforms-engine under Node: the next question after an answer, and loading a long form.

Both sides get the same compiled XForm; the reference has warmed up (the best of its runs counts, so does ours). What
compiling an XLSForm costs before, once per version, is printed as a figure of its own: pyxform does that for both.
"""

from __future__ import annotations

import gc
import time
from datetime import UTC, datetime
from typing import Any

from bench.common import figure, p95
from bot.forms.form import load
from bot.forms.session import Session
from tests.formgen import long_answers, long_form
from tests.interop.forms.engine import Engine

QUESTIONS = 300
LONG = 1500
RUNS = 5


def our_next(xml: bytes, answers: list[tuple[str, Any]]) -> list[float]:
    """Milliseconds from an answer to knowing the next question and its label."""
    session = Session(load(xml, "form.xml"), now=datetime.now(UTC))
    took = []
    for ref, value in answers:
        node = session.node(ref)
        if node is None or not node.relevant:
            continue
        began = time.perf_counter()
        session.answer(ref, value)
        stop = session.after(ref)
        if stop is not None:
            _ = stop.node.required, stop.node.label()
        took.append((time.perf_counter() - began) * 1000)
    return took


def our_load(data: bytes, name: str) -> float:
    """Milliseconds until a form can be answered, from nothing."""
    gc.collect()
    began = time.perf_counter()
    Session(load(data, name), now=datetime.now(UTC))
    return (time.perf_counter() - began) * 1000


def main() -> None:
    short = load(long_form(QUESTIONS).encode(), "form.md").xml
    answers = long_answers(QUESTIONS)
    source = long_form(LONG).encode()
    long = load(source, "form.md").xml
    with Engine() as engine:
        theirs = [engine.run(xml=short.decode(), answers=answers, time=True) for _ in range(RUNS)]
        loads = [engine.run(xml=long.decode(), answers=[], time=True)["load_ms"] for _ in range(RUNS)]
    ours = [our_next(short, answers) for _ in range(RUNS)]
    next_ours, next_theirs = min(p95(t) for t in ours), min(p95(t["next_ms"]) for t in theirs)
    load_ours, load_theirs = min(our_load(long, "form.xml") for _ in range(RUNS)), min(loads)
    whole = min(our_load(source, "form.md") for _ in range(3))
    print(f"next question: p95 {next_ours:.2f} ms here, {next_theirs:.2f} ms there")
    print(
        f"loading {LONG} questions: {load_ours:.0f} ms here, {load_theirs:.0f} ms there; with compiling {whole:.0f} ms"
    )
    figure("forms", f"next question of {QUESTIONS}, p95 to xforms-engine's", next_ours / next_theirs, 1.0, "low")
    figure("forms", f"loading {LONG} questions, to xforms-engine's", load_ours / load_theirs, 1.5, "low")
    figure("forms", f"compiling and loading {LONG} questions, to its loading", whole / load_theirs, 1.5, "low")


if __name__ == "__main__":
    main()
