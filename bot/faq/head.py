"""What is learnt from phrasings, in numpy alone: a softmax head on embeddings, and likeness of character n-grams."""

from __future__ import annotations

import contextlib
import hashlib
import re
import unicodedata
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.faq.vectors import DAMAGED, Floats, clipped

Ints = NDArray[np.intp]
MEMORY = 10  # steps that L-BFGS remembers
ENOUGH = 1e-5  # relative gain of a step below which it is over


def softmax(scores: Floats) -> Floats:
    shifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), np.float32)


def with_one(rows: Floats) -> Floats:
    return np.concatenate([rows, np.ones((len(rows), 1), np.float32)], axis=1)


def fit_softmax(
    rows: Floats,
    labels: Ints,
    classes: int,
    *,
    strength: float,
    weights: Floats | None = None,
    steps: int = 60,
    means: float = 0.0,
) -> Floats:
    """Multinomial logistic regression, one column of weights a class, the last row the bias.

    Minimises the summed log loss (each row `weights` times) plus |W|^2 / (2 `strength`), without the bias, by L-BFGS
    (Nocedal and Wright, Numerical Optimization, algorithms 7.4 and 7.5, with halving of the step). It starts from the
    means of the classes, `means` times: so that a class with one row is found within few steps, too.
    """
    inputs = with_one(rows)
    count, width = inputs.shape
    wanted = np.zeros((count, classes), np.float32)
    wanted[np.arange(count), labels] = 1
    each = np.ones((count, 1), np.float32) if weights is None else weights[:, None]
    decay = np.full((width, 1), 1 / strength, np.float32)
    decay[-1] = 0

    def loss(flat: Floats) -> tuple[float, Floats]:
        w = flat.reshape(width, classes)
        p = softmax(inputs @ w)
        right = np.log(p[np.arange(count), labels] + 1e-12)
        value = float(-(right * each[:, 0]).sum() + 0.5 * (decay * w * w).sum())
        return value, np.asarray(inputs.T @ ((p - wanted) * each) + decay * w, np.float32).ravel()

    start = np.zeros((width, classes), np.float32)
    centres = rows.T @ wanted
    start[:-1] = means * centres / np.maximum(np.linalg.norm(centres, axis=0), 1e-9)
    at = start.ravel()
    value, slope = loss(at)
    past: list[tuple[Floats, Floats, float]] = []
    for _ in range(steps):
        direction = _downhill(slope, past)
        along, step = float(slope @ direction), 1.0
        while True:
            there = at + step * direction
            new_value, new_slope = loss(there)
            if new_value <= value + 1e-4 * step * along or step < 1e-6:
                break
            step /= 2
        moved, turned = there - at, new_slope - slope
        if (curve := float(moved @ turned)) > 1e-10:
            past = [*past, (moved, turned, 1 / curve)][-MEMORY:]
        gain, at, value, slope = value - new_value, there, new_value, new_slope
        if gain < ENOUGH * abs(value):
            break
    return at.reshape(width, classes)


def _downhill(slope: Floats, past: list[tuple[Floats, Floats, float]]) -> Floats:
    direction, kept = slope.copy(), []
    for moved, turned, rho in reversed(past):
        a = rho * float(moved @ direction)
        kept.append(a)
        direction -= a * turned
    if past:
        moved, turned, rho = past[-1]
        direction *= 1 / (rho * float(turned @ turned))
    else:
        direction /= max(float(np.linalg.norm(slope)), 1e-12)
    for (moved, turned, rho), a in zip(past, reversed(kept), strict=True):
        direction += (a - rho * float(turned @ direction)) * moved
    return -direction


# ---- characters ----------------------------------------------------------------------------------------------------

BUCKETS = 2**18
COMMON = 0.05  # n-grams in more of the phrasings than this tell nothing
SHARPNESS = 0.15  # of the likeness of n-grams, in the softmax over classes
_MARKS = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")  # Arabic vowel signs and tatweel
_LETTERS = str.maketrans("أإآٱىئؤةگکیھ", "ااااييوهككيه")


def plain(text: str) -> str:
    """A text without case, accents, punctuation and the ways in which Arabic letters vary in chats."""
    text = unicodedata.normalize("NFKC", clipped(text)).casefold()
    text = _MARKS.sub("", text).translate(_LETTERS)
    text = "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in text)
    text = "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w\s]|_", " ", text).split())


def grams(
    text: str, known: dict[str, list[int]] | None = None, words: str | None = None
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """A text's character 2- to 5-grams within words, by bucket, and how often each stands there.

    `known`: those of words that were met before, for whoever counts many texts; `words`: the text's plain form.
    """
    known = {} if known is None else known
    found: list[int] = []
    for word in (plain(text) if words is None else words).split():
        if word not in known:
            padded = f" {word} "
            known[word] = [
                zlib.crc32(padded[start : start + size].encode()) % BUCKETS
                for size in range(2, 6)
                for start in range(max(1, len(padded) - size + 1))
            ]
        found += known[word]
    buckets, counts = np.unique(np.array(found, np.int32), return_counts=True)
    return buckets, counts.astype(np.int32)


@dataclass(frozen=True)
class Counted:
    """Texts in their plain form and their n-grams, those of one text after those of the other."""

    plain: list[str]
    buckets: NDArray[np.int32]
    counts: NDArray[np.int32]
    lengths: NDArray[np.int32]


def counted(texts: Sequence[str], cache: Path | None = None) -> Counted:
    """Count the n-grams of texts, or read what was counted before: it is most of what a start takes."""
    key = hashlib.sha256("\0".join(texts).encode(errors="replace")).hexdigest()
    if cache is not None and cache.exists():
        with contextlib.suppress(*DAMAGED), cache.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            words = str(bytes(file["plain"]), "utf-8").split("\n")
            if str(file["key"]) == key and len(words) == len(texts):
                return Counted(words, file["buckets"], file["counts"], file["lengths"])
    known: dict[str, list[int]] = {}
    words = [plain(t) for t in texts]
    found = [grams(t, known, w) for t, w in zip(texts, words, strict=True)]
    none = np.zeros(0, np.int32)
    made = Counted(
        words,
        np.concatenate([none, *(b for b, _ in found)]),
        np.concatenate([none, *(c for _, c in found)]),
        np.array([len(b) for b, _ in found], np.int32),
    )
    if cache is not None:
        part = cache.with_name(cache.name + ".part")
        letters = np.frombuffer("\n".join(words).encode(), np.uint8)
        with part.open("wb") as out:
            np.savez(out, key=key, plain=letters, buckets=made.buckets, counts=made.counts, lengths=made.lengths)
        part.replace(cache)
    return made


Row = tuple[NDArray[np.int32], Floats]


class Likeness:
    """The nearest phrasing of each class by character n-grams (TF-IDF, cosine), as probabilities."""

    def __init__(self, found: Counted, labels: Ints, classes: int) -> None:
        self.labels, self.classes, self.count = labels, classes, len(found.plain)
        buckets, lengths = found.buckets, found.lengths
        seen = np.bincount(buckets, minlength=BUCKETS)
        weight = np.log((1 + self.count) / (1 + seen)) + 1
        weight[(seen == 0) | (seen > max(COMMON * self.count, 5))] = 0
        self._weight = weight.astype(np.float32)
        texts_of = np.repeat(np.arange(self.count, dtype=np.int32), lengths)
        raw = np.asarray((1 + np.log(np.maximum(found.counts, 1))) * self._weight[buckets], np.float32)
        squares = np.bincount(texts_of, weights=raw.astype(np.float64) ** 2, minlength=self.count)
        values = np.asarray(raw / np.maximum(np.sqrt(squares), 1e-9)[texts_of], np.float32)
        used = values > 0
        buckets, texts_of, values = buckets[used], texts_of[used], values[used]
        order = np.argsort(buckets, kind="stable")  # by bucket: each one's texts lie together
        self._texts, self._values = texts_of[order], values[order]
        self._start = np.searchsorted(buckets[order], np.arange(BUCKETS + 1)).astype(np.int32)

    def _values_of(self, buckets: NDArray[np.int32], counts: NDArray[np.int32]) -> Floats:
        values = (1 + np.log(counts)) * self._weight[buckets]
        return np.asarray(values / max(float(np.linalg.norm(values)), 1e-9), np.float32)

    def row(self, text: str) -> Row:
        """What `probabilities` wants of a text."""
        buckets, counts = grams(text)
        values = self._values_of(buckets, counts)
        return buckets[values > 0], values[values > 0]

    def probabilities(self, row: Row, without: NDArray[np.bool_] | None = None) -> Floats:
        """The share of each class for a text; phrasings marked in `without` do not count."""
        buckets, values = row
        start, length = self._start[buckets], self._start[buckets + 1] - self._start[buckets]
        # All places of all buckets in one piece: a hundred small steps cost more than the sum.
        places = np.repeat(start - np.concatenate([[0], length.cumsum()[:-1]]), length) + np.arange(length.sum())
        products = np.repeat(values, length) * self._values[places]
        likeness = np.bincount(self._texts[places], weights=products, minlength=self.count)
        if without is not None:
            likeness[without] = 0
        best = np.zeros(self.classes)
        np.maximum.at(best, self.labels, likeness)
        found: Floats = softmax(np.asarray(best[None] / SHARPNESS, np.float32))[0]
        return found
