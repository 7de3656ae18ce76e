"""From a question in any words to an answer, a choice of at most three, or a person.

Learnt from the content alone: each entry and each kind of question that belongs to a person is a class, its phrasings
are the examples. How sure a match is, is learnt too: phrasings are left out and asked, whole entries are left out and
their phrasings must find nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.faq.head import Ints, Likeness, counted, fit_softmax, plain, softmax, with_one
from bot.faq.vectors import MODEL, Encoder, Floats, Vectors, clipped

Tier = Literal["answer", "choices", "person"]

STRENGTH = 60.0  # of the head: the inverse of its decay
MEANS = 6.0  # of the classes, from which the head starts
CHARACTERS = 0.3  # weight of the likeness of characters beside the head
FOLDS, ENTRY_FOLDS = 4, 5
FOLD_STEPS = 30  # of learning in one round: enough to know how sure it is
LEFT_OUT = 0.35  # weight of phrasings of an entry that was left out whole, in the calibration
CHOICES = 3
MOST_WRONG = 0.05  # of the answers in the self-test, from which nothing is answered directly
# Set on the project's own labelled questions (docs/why.md), not on those that measure it.
SURE = 0.8  # confidence from which an answer is given directly
HANDED = 0.5  # share of the classes that belong to a person, from which no choices are shown
DANGER = 0.5  # share of the dangerous classes, from which nothing but their text is shown
SUSPECT = 0.05  # share of the dangerous classes, from which no choices are shown: they would be a guess


@dataclass(frozen=True)
class Subject:
    """A class: an entry, or a kind of question that belongs to a person.

    `leads_to`: the entry that answers what this kind wants to know (who wants to take something back asks how).
    """

    id: str
    phrasings: tuple[str, ...]
    person: bool = False
    danger: bool = False
    leads_to: str | None = None


@dataclass(frozen=True)
class Candidate:
    entry: str
    share: float


@dataclass(frozen=True)
class Match:
    """`person` is the most likely kind of question that belongs to a person, `danger` whether it is a dangerous one.

    `wish`: the kind that fits better than the entry to which it leads, and with it half or more. What it says of itself
    comes before that entry: who wrote that their phone was taken does not ask how to avoid it.
    """

    tier: Tier
    candidates: tuple[Candidate, ...]
    confidence: float
    person: str
    person_share: float
    danger: bool
    wish: str = ""


class Matcher:
    """Answers of one content. Training takes some seconds; matching one question some milliseconds, in any thread."""

    def __init__(
        self,
        subjects: Sequence[Subject],
        vectors: Vectors,
        encoder: Encoder | None,
        learnt: Learnt | None = None,
        *,
        cache: Path | None = None,
    ) -> None:
        self.subjects = sorted(subjects, key=lambda s: s.person)  # entries first
        self.encoder = encoder
        names = [s.id for s in self.subjects]
        self.entries = sum(1 for s in self.subjects if not s.person)
        self._danger = np.array([s.danger for s in self.subjects])
        self._leads = [(n, names.index(s.leads_to)) for n, s in enumerate(self.subjects) if s.leads_to in names]
        self._texts = [t for s in self.subjects for t in s.phrasings]
        self._labels: Ints = np.repeat(np.arange(len(names)), [len(s.phrasings) for s in self.subjects])
        self._rows = vectors.of(self._texts)
        self._mean = self._rows.mean(axis=0)
        self._rows -= self._mean
        self._rows /= np.maximum(np.linalg.norm(self._rows, axis=1, keepdims=True), 1e-9)
        found = counted(self._texts, cache)
        self._likeness = Likeness(found, self._labels, len(names))
        self._literally: dict[str, set[int]] = {}
        for words, label in zip(found.plain, self._labels, strict=True):
            self._literally.setdefault(words, set()).add(int(label))
        self.folds: list[Fold] = []
        if learnt is None or learnt.key != key_of(self.subjects):
            head = self._fitted(np.ones(len(self._labels), np.bool_), steps=60)
            confidence = self._calibrate()
            learnt = Learnt(key_of(self.subjects), head, confidence, self._wrong(confidence))
        self.learnt = learnt

    def _centred(self, raw: Floats) -> Floats:
        rows = raw - self._mean
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)

    # ---- matching -------------------------------------------------------------------------------------------------

    def match(self, question: str) -> Match:
        """The best that can be said to a question. The text is not kept."""
        assert self.encoder is not None
        return self.matches([question], self.encoder.encode([clipped(question)]))[0]

    def matches(self, questions: Sequence[str], raw: Floats) -> list[Match]:
        """The same for many questions with their vectors."""
        likeness = np.stack([self._likeness.probabilities(self._likeness.row(q)) for q in questions])
        shares, features = self._scores(self.learnt.head, self._centred(raw), likeness)
        sure = self.learnt.confidence(features)
        for number, question in enumerate(questions):
            same = self._literally.get(plain(question), set())
            if len(same) == 1:  # what stands in the content is no guess
                label = next(iter(same))
                shares[number], sure[number] = 0, float(label < self.entries)
                shares[number, label] = 1
        return [self._match(s, float(c)) for s, c in zip(shares, sure, strict=True)]

    def _match(self, shares: Floats, confidence: float) -> Match:
        entries = self._with_leads(shares[None])[0, : self.entries]
        best = entries.argsort()[::-1][:CHOICES]
        candidates = tuple(Candidate(self.subjects[i].id, float(entries[i])) for i in best)
        people = shares[self.entries :]
        person = self.subjects[self.entries + int(people.argmax())].id if len(people) else ""
        person_share, danger = float(1 - entries.sum()), bool(self.dangerous(shares[None])[0])
        suspect = float(shares[self._danger].sum()) >= SUSPECT or person_share >= HANDED
        live = self.learnt.wrong <= MOST_WRONG
        tier: Tier = "answer" if confidence >= SURE and live else "person" if suspect else "choices"
        if danger:  # the text that fits is that of the likeliest dangerous kind
            person = self.subjects[int(np.where(self._danger, shares, -1).argmax())].id
            tier = "person"
        wish = "" if tier == "person" else self._wish(shares, entries)
        return Match(tier, candidates, confidence, person, person_share, danger, wish)

    def _wish(self, shares: Floats, entries: Floats) -> str:
        """The kind that leads to the best entry and fits better than it, where both together are half of what fits."""
        leads = [kind for kind, entry in self._leads if entry == entries.argmax() and shares[kind] > shares[entry]]
        if not leads or entries.max() < HANDED:
            return ""
        return self.subjects[max(leads, key=lambda kind: float(shares[kind]))].id

    def dangerous(self, shares: Floats) -> NDArray[np.bool_]:
        """Whether nothing may be shown but a fixed text."""
        return np.asarray(shares[:, self._danger].sum(axis=1) >= DANGER)

    def best(self, shares: Floats) -> Ints:
        """The number of the most likely entry."""
        return np.asarray(self._with_leads(shares)[:, : self.entries].argmax(axis=1), np.intp)

    def _with_leads(self, shares: Floats) -> Floats:
        """Shares in which those who want to do something count for the entry that says how."""
        if self._leads:
            shares = shares.copy()
            for kind, entry in self._leads:
                shares[:, entry] += shares[:, kind]
        return shares

    def _scores(
        self, head: Floats, rows: Floats, likeness: Floats, left_out: NDArray[np.bool_] | None = None
    ) -> tuple[Floats, Floats]:
        """The share of each class, and what the confidence is computed from."""
        logs = np.log(softmax(with_one(rows) @ head) + 1e-9) + CHARACTERS * np.log(likeness + 1e-9)
        shares = softmax(np.asarray(logs, np.float32))
        return shares, self._features(shares, rows, left_out)

    def _features(self, shares: Floats, rows: Floats, left_out: NDArray[np.bool_] | None) -> Floats:
        kept = slice(None) if left_out is None else ~left_out
        nearest = np.full((len(rows), shares.shape[1]), -1.0, np.float32)
        np.maximum.at(nearest.T, self._labels[kept], self._rows[kept] @ rows.T)
        entries = self._with_leads(shares)[:, : self.entries]
        who, each = entries.argmax(axis=1), np.arange(len(rows))
        top = entries[each, who]
        rest, rest_near = shares.copy(), nearest.copy()
        rest[each, who], rest_near[each, who] = 0, -9
        for kind, entry in self._leads:  # not a rival of the entry that it leads to
            rest[who == entry, kind], rest_near[who == entry, kind] = 0, -9
        logs = np.log(shares + 1e-6)
        return np.stack(
            [
                np.log(top + 1e-6),
                np.log(top + 1e-6) - np.log(rest.max(axis=1) + 1e-6),
                nearest[each, who],
                nearest[each, who] - rest_near.max(axis=1),
                (nearest.argmax(axis=1) == who).astype(np.float32),
                (shares.argmax(axis=1) == who).astype(np.float32),
                1 - entries.sum(axis=1),
                -(shares * logs).sum(axis=1),
            ],
            axis=1,
        ).astype(np.float32)

    def _wrong(self, confidence: Confidence) -> float:
        """Of phrasings that were left out and answered directly, the share that was answered wrongly."""
        answered = wrong = 0
        for fold in self.folds:
            if not fold.whole:
                direct = (confidence(fold.features) >= SURE) & ~self.dangerous(fold.shares)
                answered += int(direct.sum())
                wrong += int((direct & ~fold.right(self).astype(bool)).sum())
        return wrong / max(answered, 1)

    def centres(self) -> Floats:
        """The mean of each entry's phrasings, of length one."""
        means = np.stack([self._rows[self._labels == n].mean(axis=0) for n in range(self.entries)])
        return np.asarray(means / np.linalg.norm(means, axis=1, keepdims=True), np.float32)

    def _fitted(self, used: NDArray[np.bool_], steps: int) -> Floats:
        """A head for these phrasings; every class weighs the same, however many it has."""
        labels = self._labels[used]
        counts = np.bincount(labels, minlength=len(self.subjects))
        weights = (np.median(counts) / np.maximum(counts, 1))[labels].astype(np.float32)
        return fit_softmax(
            self._rows[used],
            labels,
            len(self.subjects),
            strength=STRENGTH,
            weights=weights,
            steps=steps,
            means=MEANS,
        )

    # ---- how sure -------------------------------------------------------------------------------------------------

    def _calibrate(self) -> Confidence:
        """Ask what was left out, and learn from it when the best match was right."""
        number = np.concatenate([np.arange(len(s.phrasings)) for s in self.subjects])
        masks = [(number % FOLDS == fold, 1.0, False) for fold in range(FOLDS)]
        rows = [self._likeness.row(t) for t in self._texts]
        order = np.random.default_rng(0).permutation(self.entries)
        for fold in range(ENTRY_FOLDS):
            masks.append((np.isin(self._labels, order[fold::ENTRY_FOLDS]), LEFT_OUT, True))
        for left, weight, whole in masks:
            if not left.any() or left.all():
                continue
            head = self._fitted(~left, steps=FOLD_STEPS)
            asked = np.flatnonzero(left)
            likeness = np.stack([self._likeness.probabilities(rows[i], left) for i in asked])
            shares, features = self._scores(head, self._rows[left], likeness, left)
            self.folds.append(Fold(asked, self._labels[left], shares, features, weight, whole))
        features = np.concatenate([f.features for f in self.folds])
        right = np.concatenate([f.right(self) for f in self.folds])
        weights = np.concatenate([np.full(len(f.asked), f.weight, np.float32) for f in self.folds])
        return Confidence.fit(features, right, weights)


@dataclass
class Fold:
    """What was left out in one round of the calibration, and what came of asking it. `whole`: whole entries were."""

    asked: Ints  # numbers of phrasings
    labels: Ints
    shares: Floats
    features: Floats
    weight: float
    whole: bool

    def right(self, matcher: Matcher) -> Ints:
        """1 where the best entry was the one that was meant."""
        if self.whole:
            return np.zeros(len(self.asked), np.intp)
        best = matcher.best(self.shares)
        meant = self.labels.copy()
        for kind, entry in matcher._leads:
            meant[self.labels == kind] = entry
        return np.asarray(best == meant, np.intp)


class Confidence:
    """The probability that the best match is right, by logistic regression on the features of a match."""

    def __init__(self, mean: Floats, spread: Floats, weights: Floats) -> None:
        self.mean, self.spread, self.weights = mean, spread, weights

    @classmethod
    def fit(cls, features: Floats, right: Ints, weights: Floats) -> Confidence:
        mean, spread = features.mean(axis=0), features.std(axis=0) + 1e-6
        scaled = np.asarray((features - mean) / spread, np.float32)
        return cls(mean, spread, fit_softmax(scaled, right, 2, strength=0.6, weights=weights, steps=100))

    def __call__(self, features: Floats) -> Floats:
        scaled = np.asarray((features - self.mean) / self.spread, np.float32)
        return softmax(with_one(scaled) @ self.weights)[:, 1]


@dataclass(frozen=True)
class Learnt:
    """What was learnt from one set of subjects (`key`): kept, so that a start need not learn it again."""

    key: str
    head: Floats
    confidence: Confidence
    wrong: float  # share of wrong answers in the self-test

    def as_arrays(self) -> dict[str, NDArray[Any]]:
        c = self.confidence
        told = {"key": np.array(self.key), "wrong": np.array(self.wrong), "head": self.head}
        return told | {"mean": c.mean, "spread": c.spread, "weights": c.weights}

    @classmethod
    def of_arrays(cls, found: Mapping[str, NDArray[Any]]) -> Learnt:
        confidence = Confidence(found["mean"], found["spread"], found["weights"])
        return cls(str(found["key"]), found["head"], confidence, float(found["wrong"]))


def key_of(subjects: Sequence[Subject]) -> str:
    """What learning depends on, as one SHA-256."""
    settings = [STRENGTH, MEANS, CHARACTERS, FOLDS, ENTRY_FOLDS, FOLD_STEPS, LEFT_OUT, MODEL]
    told = [[s.id, s.phrasings, s.person, s.danger, s.leads_to] for s in subjects]
    return hashlib.sha256(json.dumps([settings, told], ensure_ascii=False).encode("utf-8", "replace")).hexdigest()
