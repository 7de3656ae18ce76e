"""What finds answers in the content of the running program; it is learnt anew beside the work when content changes."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Literal

import numpy as np

from bot.faq.content import SHIPPED, Content
from bot.faq.matcher import MOST_WRONG, Learnt, Match, Matcher, key_of
from bot.faq.trigram import Trigrams
from bot.faq.vectors import DAMAGED, Encoder, NoEncoder, Vectors

VECTORS, LEARNT, GRAMS = "vectors.npz", "learnt.npz", "grams.npz"
LONGEST_QUESTION = 400  # characters; what is longer is told, not asked (HUMANE.md, H9)

State = Literal["ready", "learning", "letters"]


class Answers:
    """Matching for one content. `cache` is a folder for what was computed here."""

    def __init__(self, content: Content, cache: Path | None = None, *, encoder: Encoder | None = None) -> None:
        self.cache = cache
        if encoder is None:
            with contextlib.suppress(NoEncoder):
                encoder = Encoder()
        self.encoder = encoder
        self.vectors = Vectors(encoder, SHIPPED / VECTORS, cache / VECTORS if cache else None)
        self._learnt = {learnt.key: learnt for learnt in self._kept()}
        self._matcher: Matcher | Trigrams
        self._key = ""
        self.state: State = "learning"
        self.use(content)

    def _kept(self) -> list[Learnt]:
        found = []
        for path in (SHIPPED / LEARNT, self.cache / LEARNT if self.cache else None):
            if path is not None and path.exists():
                with (
                    contextlib.suppress(*DAMAGED),
                    path.open("rb") as raw,
                    np.load(raw, allow_pickle=False) as file,
                ):
                    found.append(Learnt.of_arrays(file))
        return found

    def use(self, content: Content) -> bool:
        """Answer from this content; whether `learn` has to be called for it (until then by letters alone)."""
        self.content = content
        key = key_of(sorted(content.subjects, key=lambda s: s.person))
        if key == self._key and self.state == "ready":
            return False  # other words, but asked for alike
        self._key, learnt = key, self._learnt.get(key)
        texts = [p for s in content.subjects for p in s.phrasings]
        if learnt is not None and self.encoder is not None and not self.vectors.missing(texts):
            grams = self.cache / GRAMS if self.cache else None
            self._matcher = Matcher(content.subjects, self.vectors, self.encoder, learnt, cache=grams)
            self.state = "ready"
            return False
        self._matcher = Trigrams(content.subjects)
        self.state = "learning" if self.encoder is not None else "letters"
        return self.state == "learning"

    @property
    def live(self) -> bool:
        """Whether anything is answered directly: not after a self-test with too many wrong answers."""
        return isinstance(self._matcher, Matcher) and self._matcher.learnt.wrong <= MOST_WRONG

    def learn(self) -> Matcher | None:
        """Learn the content in use (some seconds, in a thread) and answer by it; None where there is no model."""
        content = self.content
        if self.encoder is None:
            return None
        matcher = Matcher(content.subjects, self.vectors, self.encoder)
        self._learnt[matcher.learnt.key] = matcher.learnt
        if self.cache is not None:
            part = self.cache / (LEARNT + ".part")
            with part.open("wb") as file:
                np.savez(file, **matcher.learnt.as_arrays())  # type: ignore[arg-type]  # its option is no array of ours
            part.replace(self.cache / LEARNT)
        if content is self.content:  # else it has changed meanwhile, and is learnt again
            self._matcher, self.state = matcher, "ready"
        return matcher

    def ask(self, question: str) -> Match:
        """The best that can be said to a question. May be called from any thread."""
        return self._matcher.match(question)
