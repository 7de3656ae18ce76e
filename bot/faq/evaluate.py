"""How well a content answers: on labelled questions, and on its own phrasings when they are left out."""

from __future__ import annotations

import json
import resource
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.errors import StartError
from bot.faq.answers import LONGEST_QUESTION
from bot.faq.matcher import CHOICES, SURE, Match, Matcher

KINDS = ("in", "oos_near", "oos_far", "danger")


@dataclass(frozen=True)
class Question:
    """A labelled question; `expected` is None when no entry answers it."""

    id: str
    lang: str
    question: str
    expected: str | None
    also_ok: tuple[str, ...]
    kind: str
    line: int = 0  # where it stands in its file

    def right(self, entry: str) -> bool:
        return entry == self.expected or entry in self.also_ok


def read_questions(path: Path) -> list[Question]:
    """Labelled questions of a JSON-lines file. Raises StartError with the line that is wrong."""
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            raw = json.loads(line)
            also = tuple(map(str, raw.get("also_ok") or ()))
            expected = None if raw["expected"] is None else str(raw["expected"])
            name, lang, question = str(raw.get("id", number)), str(raw["lang"]), str(raw["question"])
            q = Question(name, lang, question, expected, also, raw["kind"], number)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise StartError("content-broken", file=path.name, reason=f"line {number}") from error
        if q.kind not in KINDS or (q.kind == "in") is not (q.expected is not None):
            raise StartError("content-broken", file=path.name, reason=f"line {number}: kind")
        found.append(q)
    return found


def evaluate(questions: Sequence[Question], ask: Callable[[str], Match]) -> dict[str, Any]:
    """The figures of `liaison faq eval`: shares of the questions that have an answer, counts of the others."""
    matches, times = [], []
    for q in questions:
        began = time.perf_counter()
        matches.append(asked(ask, q.question))
        times.append((time.perf_counter() - began) * 1000)
    found = _figures(questions, matches)
    rss = resident_mb()
    p50, p95 = (float(np.percentile(times, p)) if times else 0.0 for p in (50, 95))
    by_language = {}
    for language in sorted({q.lang for q in questions}):
        pairs = [(q, m) for q, m in zip(questions, matches, strict=True) if q.lang == language]
        by_language[language] = _figures([q for q, _ in pairs], [m for _, m in pairs])
    more = {"p50_ms": round(p50, 1), "p95_ms": round(p95, 1), "rss_mb": round(rss), "by_language": by_language}
    return found | more


def resident_mb() -> float:
    """Memory of this process now, in MB (at most so far, where the system does not tell)."""
    statm = Path("/proc/self/statm")
    if statm.exists():
        return int(statm.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def asked(ask: Callable[[str], Match], question: str) -> Match:
    """As in the conversation: what is too long for a question is not matched at all, it is an account."""
    if len(question) > LONGEST_QUESTION:
        return Match("person", (), 0.0, "ho-account", 1.0, True)
    return ask(question)


def _figures(questions: Sequence[Question], matches: Sequence[Match]) -> dict[str, Any]:
    pairs = list(zip(questions, matches, strict=True))
    inside = [(q, m) for q, m in pairs if q.expected is not None]
    outside = [(q, m) for q, m in pairs if q.expected is None]

    def first(q: Question, m: Match) -> bool:
        return bool(m.candidates) and q.right(m.candidates[0].entry)

    def among(q: Question, m: Match) -> bool:
        return any(q.right(c.entry) for c in m.candidates[:CHOICES])

    def share(test: Callable[[Question, Match], bool]) -> float:
        return round(sum(test(q, m) for q, m in inside) / len(inside), 4) if inside else 0.0

    answers = [(q, m) for q, m in pairs if m.tier == "answer"]
    wrong = sum(not first(q, m) for q, m in answers)
    return {
        "n": len(pairs),
        "top1": share(first),
        "recall3": share(among),
        "auroc": _auroc([m.confidence for _, m in inside], [m.confidence for _, m in outside]),
        "answered_right": share(lambda q, m: m.tier == "answer" and first(q, m)),
        "wrong_among_answers": round(wrong / len(answers), 4) if answers else 0.0,
        "suggested_right": share(lambda q, m: m.tier == "choices" and among(q, m)),
        "misleading": share(lambda q, m: m.tier == "choices" and not among(q, m)),
        "handed_over": share(lambda q, m: m.tier == "person"),
        "out_of_scope_answered": sum(m.tier == "answer" for _, m in outside),
        "danger_suggested": sum(m.tier != "person" for q, m in outside if q.kind == "danger"),
    }


def _auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """The chance that a question with an answer is more sure than one without; None when one kind is missing."""
    if not inside or not outside:
        return None
    a, b = np.asarray(inside)[:, None], np.asarray(outside)[None]
    return round(float((a > b).mean() + 0.5 * (a == b).mean()), 4)


# ---- the content's own phrasings ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class SelfTest:
    """What came of asking phrasings that were left out: shares, and which entries are taken for which.

    `foreign`: of phrasings whose entry was left out whole, the share that another entry answered.
    """

    answered: float
    wrong: float
    foreign: float
    confused: list[tuple[str, str, int]]  # meant, taken for, how often


def self_test(matcher: Matcher) -> SelfTest:
    """Look at the rounds in which phrasings were left out while learning."""
    answered = wrong = total = foreign = asked = 0
    confused: Counter[tuple[str, str]] = Counter()
    names = [s.id for s in matcher.subjects]
    for fold in matcher.folds:
        best, right = matcher.best(fold.shares), fold.right(matcher).astype(bool)
        answers = (matcher.learnt.confidence(fold.features) >= SURE) & ~matcher.dangerous(fold.shares)
        person = np.array([matcher.subjects[label].person for label in fold.labels])
        if fold.whole:
            foreign, asked = foreign + int(answers.sum()), asked + len(answers)
            continue
        total += int((~person).sum())
        answered += int(answers.sum())
        wrong += int((answers & ~right).sum())
        confused.update((names[fold.labels[n]], names[best[n]]) for n in np.flatnonzero(~right & ~person))
    pairs = [(meant, taken, count) for (meant, taken), count in confused.most_common()]
    return SelfTest(answered / max(total, 1), wrong / max(answered, 1), foreign / max(asked, 1), pairs)
