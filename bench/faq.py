"""Answers: how often they are right, against simpler searches on the same questions; and what a question costs.

- The shipped content on the development set (tests/data/questions_dev.jsonl), as `liaison faq eval` counts. The same
  for the project's own second set is printed, too.
- The product's matcher on CLINC150 (150 intents, 5 phrasings each; 4,500 questions, 1,000 out of scope) and BANKING77
  (57 intents with 5 or 10 phrasings; the questions of the 20 others are out of scope), which it never saw; the mean of
  three draws of phrasings. Beside it, on the same vectors: the nearest phrasing, and the matcher with the settings of
  the reference (../shared/FAQ.md); and SQLite's trigrams, which are what answers where the encoder does not run.
  "Answered" is the share of in-scope questions answered rightly when at most 5 % of the answers are wrong: the
  threshold is chosen on one half of the questions and applied to the other, both ways. Out-of-scope questions weigh as
  20 % of the traffic, and none is used for learning.
- A question alone, against the bare encoder on the same words in turn; of three rounds that in which the bare encoder
  was fastest, for others use the machine, too. Memory, in a process of its own
  (`python -m bench.faq memory`): the loaded program, which imports numpy anyway, before and after 200 questions. One
  added phrasing, learnt in a thread while questions are asked.
"""

from __future__ import annotations

import csv
import json
import random
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal
from unittest import mock

import numpy as np
from numpy.typing import NDArray

from bench.common import figure, p95
from bot.faq import matcher
from bot.faq.answers import LONGEST_QUESTION, Answers
from bot.faq.content import Content, load
from bot.faq.evaluate import evaluate, read_questions, resident_mb
from bot.faq.matcher import CHOICES, Matcher, Subject
from bot.faq.trigram import Trigrams
from bot.faq.vectors import Encoder, Floats, Vectors

DATA = Path(__file__).parent / "data"
QUESTIONS = Path(__file__).parent.parent / "tests" / "data"
DRAWS = (0, 1, 2)
HELD_OUT = 20  # intents of BANKING77 that are out of scope
OUTSIDE = 0.2  # share of the traffic that is out of scope
WRONG = 0.05  # share of wrong answers at most, where the threshold is chosen
ROUNDS, WARM = 3, 20
ASKED = 200  # questions before the memory is looked at
PAUSE = 0.2  # seconds between questions while learning

Figure = tuple[str, float, float, Literal["low", "high"]]


def ready(content: Content) -> Answers:
    """Matching as a start of the bot has it; learnt here when the shipped files do not fit the content."""
    answers = Answers(content)
    if answers.state == "learning":
        print("the shipped vectors are not those of this content: learnt here", flush=True)
        answers.learn()
    assert answers.state == "ready"
    return answers


# ---- the shipped content -------------------------------------------------------------------------------------------


def domain(answers: Answers) -> list[Figure]:
    """The development set, and the project's second set beside it."""
    found = evaluate(read_questions(QUESTIONS / "questions_dev.jsonl"), answers.ask)
    other = evaluate(read_questions(QUESTIONS / "questions.jsonl"), answers.ask)
    for name, figures in (("development set", found), ("second set", other)):
        shown = {k: v for k, v in figures.items() if k != "by_language"}
        print(f"{name}: {json.dumps(shown)}")
        tops = {language: part["top1"] for language, part in figures["by_language"].items()}
        print(f"{name}, top-1 by language: {json.dumps(tops)}", flush=True)
    return [
        ("domain: top-1", found["top1"], 0.70, "high"),
        ("domain: right among three", found["recall3"], 0.88, "high"),
        ("domain: answered rightly", found["answered_right"], 0.30, "high"),
        ("domain: wrong among answers", found["wrong_among_answers"], 0.05, "low"),
        ("domain: out of scope answered", found["out_of_scope_answered"], 0, "low"),
        ("domain: dangerous shown choices", found["danger_suggested"], 0, "low"),
        ("domain: misleading choices", found["misleading"], 0.06, "low"),
    ]


# ---- public sets ---------------------------------------------------------------------------------------------------


class Computed(Vectors):
    """Vectors of this run: each text is computed once."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__(encoder)
        self.model, self.rows = encoder, dict[str, Floats]()

    def of(self, texts: Sequence[str]) -> Floats:
        new = list(dict.fromkeys(t for t in texts if t not in self.rows))
        self.rows |= zip(new, self.model.encode(new), strict=True)
        return np.stack([self.rows[t] for t in texts])


@dataclass(frozen=True)
class PublicSet:
    """`phrasings` to draw from, by intent; questions `inside` with what is `meant`, and questions `outside`."""

    phrasings: dict[str, list[str]]
    inside: list[str]
    meant: list[str]
    outside: list[str]

    @property
    def questions(self) -> list[str]:
        return self.inside + self.outside

    def draw(self, count: int, seed: int) -> list[Subject]:
        chance = random.Random(seed)
        return [Subject(intent, tuple(chance.sample(of, count))) for intent, of in sorted(self.phrasings.items())]


def clinc() -> PublicSet:
    data = json.loads((DATA / "clinc" / "data_full.json").read_text(encoding="utf-8"))
    phrasings = defaultdict(list)
    for text, intent in data["train"]:
        phrasings[intent].append(text)
    inside, meant = zip(*data["test"], strict=True)
    return PublicSet(dict(phrasings), list(inside), list(meant), [text for text, _ in data["oos_test"]])


def banking() -> PublicSet:
    rows = {}
    for part in ("train", "test"):
        with (DATA / "banking77" / f"{part}.csv").open(encoding="utf-8", newline="") as file:
            rows[part] = [(row["text"], row["category"]) for row in csv.DictReader(file)]
    phrasings = defaultdict(list)
    for text, intent in rows["train"]:
        phrasings[intent].append(text)
    for intent in random.Random(0).sample(sorted(phrasings), HELD_OUT):
        del phrasings[intent]
    inside, meant = zip(*((t, i) for t, i in rows["test"] if i in phrasings), strict=True)
    return PublicSet(dict(phrasings), list(inside), list(meant), [t for t, i in rows["test"] if i not in phrasings])


# What a way of searching says to each question: up to three intents, the best first; and how sure it is of the first.
Found = tuple[list[list[str]], Floats | None]
Search = Callable[[list[Subject], list[str], Computed], Found]


def ours(subjects: list[Subject], questions: list[str], vectors: Computed) -> Found:
    matches = Matcher(subjects, vectors, None).matches(questions, vectors.of(questions))
    best = [[c.entry for c in m.candidates] for m in matches]
    return best, np.array([m.confidence for m in matches], np.float32)


def as_reference(subjects: list[Subject], questions: list[str], vectors: Computed) -> Found:
    with mock.patch.multiple(matcher, STRENGTH=20.0, MEANS=0.0):
        return ours(subjects, questions, vectors)


def nearest(subjects: list[Subject], questions: list[str], vectors: Computed) -> Found:
    """The intent of the nearest phrasing; how far the next intent is tells more than how near this one is."""
    known = vectors.of([p for s in subjects for p in s.phrasings])
    asked, mean = vectors.of(questions), known.mean(axis=0)
    known, asked = known - mean, asked - mean
    known /= np.linalg.norm(known, axis=1, keepdims=True)
    asked /= np.linalg.norm(asked, axis=1, keepdims=True)
    near = (asked @ known.T).reshape(len(questions), len(subjects), -1).max(axis=2)
    order = np.argsort(-near, axis=1)[:, :CHOICES]
    first, second = np.take_along_axis(near, order[:, :2], axis=1).T
    return [[subjects[n].id for n in row] for row in order], first - second


def by_letters(subjects: list[Subject], questions: list[str], vectors: Computed) -> Found:
    """It never answers by itself: it is not sure of anything."""
    search = Trigrams(subjects)
    try:
        return [[c.entry for c in search.match(q).candidates] for q in questions], None
    finally:
        search.close()


SEARCHES: dict[str, Search] = {
    "the product": ours,
    "reference's settings": as_reference,
    "nearest phrasing": nearest,
    "SQLite trigrams": by_letters,
}


@dataclass(frozen=True)
class Score:
    top1: float
    among3: float
    answered: float
    wrong: float  # share of the answers, out of scope weighted


def score(found: Found, questions: PublicSet) -> Score:
    best, sure = found
    meant = [*questions.meant, *([None] * len(questions.outside))]
    right = np.array([bool(b) and b[0] == m for b, m in zip(best, meant, strict=True)])
    inside = np.array([m is not None for m in meant])
    among = np.array([m in b for b, m in zip(best, meant, strict=True)])
    answered, wrong = (0.0, 0.0) if sure is None else covered(sure, right, inside)
    return Score(float(right[inside].mean()), float(among[inside].mean()), answered, wrong)


def covered(sure: Floats, right: NDArray[np.bool_], inside: NDArray[np.bool_]) -> tuple[float, float]:
    """In-scope questions that are answered rightly, and answers that are wrong, by the threshold of the other half."""
    weights = np.where(inside, 1.0, OUTSIDE / (1 - OUTSIDE) * inside.sum() / (~inside).sum())
    half = np.random.default_rng(1).random(len(sure)) < 0.5
    found = []
    for chosen, applied in ((half, ~half), (~half, half)):
        order = np.flatnonzero(chosen)[np.argsort(-sure[chosen], kind="stable")]
        share = np.cumsum((weights * ~right)[order]) / np.cumsum(weights[order])
        allowed = np.flatnonzero(share <= WRONG)
        threshold = sure[order[allowed[-1]]] if len(allowed) else np.inf
        answered = applied & (sure >= threshold)
        all_weights = float(weights[answered].sum())
        wrong = float(weights[answered & ~right].sum()) / all_weights if all_weights else 0.0
        found.append((float((answered & right).sum() / (applied & inside).sum()), wrong))
    return statistics.mean(a for a, _ in found), statistics.mean(w for _, w in found)


def public(name: str, questions: PublicSet, count: int, vectors: Computed) -> Score:
    """Every way of searching on every draw; the mean of the product's scores."""
    scores: dict[str, list[Score]] = defaultdict(list)
    print(f"{name}, {count} phrasings: {len(questions.inside)} questions, {len(questions.outside)} out of scope")
    for seed in DRAWS:
        subjects = questions.draw(count, seed)
        vectors.of([p for s in subjects for p in s.phrasings])  # before the searches are timed
        for search, function in SEARCHES.items():
            started = time.perf_counter()
            scores[search].append(score(function(subjects, questions.questions, vectors), questions))
            spent = time.perf_counter() - started
            print(f"  draw {seed}: {search}: {shown(scores[search][-1])} ({spent:.0f} s)", flush=True)
    means = {search: mean_of(values) for search, values in scores.items()}
    for search, mean in means.items():
        print(f"  mean: {search}: {shown(mean)}", flush=True)
    return means["the product"]


def mean_of(scores: list[Score]) -> Score:
    return Score(*(statistics.mean(getattr(s, n) for s in scores) for n in Score.__dataclass_fields__))


def shown(one: Score) -> str:
    answered = f"answered {one.answered:.3f} with {one.wrong:.3f} wrong" if one.answered else "nothing answered"
    return f"top-1 {one.top1:.3f}, among three {one.among3:.3f}, {answered}"


def public_sets() -> list[Figure]:
    vectors = Computed(Encoder())
    started = time.perf_counter()
    first, second = clinc(), banking()
    vectors.of(first.questions + second.questions)
    print(f"{len(vectors.rows)} questions embedded in {time.perf_counter() - started:.0f} s", flush=True)
    five, bank5, bank10 = (
        public("CLINC150", first, 5, vectors),
        public("BANKING77", second, 5, vectors),
        public("BANKING77", second, 10, vectors),
    )
    return [
        ("CLINC150, 5 phrasings: top-1", five.top1, 0.88, "high"),
        ("CLINC150, 5 phrasings: answered at 5 % wrong", five.answered, 0.70, "high"),
        ("BANKING77, 5 phrasings: top-1", bank5.top1, 0.80, "high"),
        ("BANKING77, 5 phrasings: answered at 5 % wrong", bank5.answered, 0.50, "high"),
        ("BANKING77, 10 phrasings: top-1", bank10.top1, 0.90, "high"),
        ("BANKING77, 10 phrasings: answered at 5 % wrong", bank10.answered, 0.65, "high"),
    ]


# ---- what it costs -------------------------------------------------------------------------------------------------


def texts() -> list[str]:
    """Questions of both sets, as long as a question may be."""
    found = [q.question for name in ("questions_dev", "questions") for q in read_questions(QUESTIONS / f"{name}.jsonl")]
    return [t for t in found if len(t) <= LONGEST_QUESTION]


def latency(answers: Answers) -> list[Figure]:
    """Each question by itself: the whole match and the bare encoder in turn, either first every other time."""
    encoder = answers.encoder
    assert encoder is not None

    def timed(work: Callable[[], object]) -> float:
        started = time.perf_counter()
        work()
        return (time.perf_counter() - started) * 1000

    rounds = []
    for turn in range(ROUNDS):
        whole: list[float] = []
        bare: list[float] = []
        asked = texts()[turn::ROUNDS]
        for number, text in enumerate([*asked[:WARM], *asked]):
            ways: list[tuple[list[float], Callable[[], object]]]
            ways = [(whole, partial(answers.ask, text)), (bare, partial(encoder.encode, [text]))]
            for times, work in ways if number % 2 else reversed(ways):
                times.append(timed(work))
        whole, bare = whole[WARM:], bare[WARM:]
        rounds.append((whole, bare))
        print(f"a question alone, round {turn}: {p95(whole):.1f} ms p95, bare encoder {p95(bare):.1f} ms", flush=True)
    whole, bare = min(rounds, key=lambda r: p95(r[1]))
    middle, floor = statistics.median(whole), statistics.median(bare)
    print(f"medians of the quietest: {middle:.1f} ms, bare encoder {floor:.1f} ms ({len(whole)} questions)", flush=True)
    return [
        ("a question's p95 alone, ms", p95(whole), 25, "low"),
        ("a question's p95 alone, x bare encoder", p95(whole) / p95(bare), 1.5, "low"),
    ]


def edited(content: Content) -> Content:
    """The content after one phrasing was added to one entry."""
    entry = next(iter(content.entries.values()))
    phrasings = entry.phrasings | {"en": [*entry.phrasings["en"], "tell me in two words what you are there for"]}
    return content.changed({entry.id: entry.model_copy(update={"phrasings": phrasings})})


def learning(answers: Answers) -> list[Figure]:
    """An edit is learnt in a thread, as the bot does it; meanwhile questions are answered, by letters."""
    before, asked = answers.content, texts()
    waits: list[float] = []
    assert answers.use(edited(before))
    with ThreadPoolExecutor(1) as pool:
        started = time.perf_counter()
        work = pool.submit(answers.learn)
        while not work.done():
            asking = time.perf_counter()
            answers.ask(asked[len(waits) % len(asked)])
            waits.append(time.perf_counter() - asking)
            time.sleep(PAUSE)
        work.result()
        spent = time.perf_counter() - started  # at most a pause too long
    assert answers.state == "ready"
    answers.use(before)
    print(f"an edit learnt in {spent:.1f} s; {len(waits)} asked meanwhile, the slowest {max(waits) * 1000:.0f} ms")
    return [("learning after an edit, s", spent, 20, "low")]


def memory() -> list[Figure]:
    command = [sys.executable, "-m", "bench.faq", "memory"]
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()[-1])
    print(f"resident memory, MB: {json.dumps(found)}", flush=True)
    return [("memory added, MB", found["asked"] - found["program"], 120, "low")]


def child_memory() -> dict[str, int]:
    import bot.app  # noqa: F401  # the whole program, as without answers

    content = load()
    found: dict[str, Any] = {"program": resident_mb()}
    answers, asked = ready(content), texts()
    for number in range(ASKED):
        answers.ask(asked[number % len(asked)])
    found["asked"] = resident_mb()
    answers.use(edited(content))
    answers.learn()
    found["an edit learnt"] = resident_mb()
    return {name: round(value) for name, value in found.items()}


def main() -> None:
    answers = ready(load())
    found = latency(answers) + memory() + learning(answers)
    found += domain(answers)
    found += public_sets()
    for name, value, bar, better in found:
        figure("faq", name, value, bar, better)


if __name__ == "__main__":
    if sys.argv[1:] == ["memory"]:
        print(json.dumps(child_memory()))
    else:
        main()
