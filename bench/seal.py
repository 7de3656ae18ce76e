"""A 500 MB attachment checked, decrypted, hashed and sealed, against the same work by openssl, coreutils and age.

The peer is one pipeline, each program a process of its own; its time ends with age's, even if a hash still runs. Ours
checks Matrix's hash of the ciphertext too. RSS is watched while ours runs: it must not grow with the file.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil

from bench.common import figure, folder
from bot import packages
from bot.seal import AttachmentEncryptor, AttachmentKey, new_age_key

SIZE = 500 * 1000 * 1000
ROUNDS = 5
PIPELINE = """set -euo pipefail
openssl enc -aes-256-ctr -d -K {key} -iv {iv} -in {source} | tee >(sha256sum > {base}/256) >(sha512sum > {base}/512) \\
  | age -r {one} -r {two} -o {base}/peer.age
"""


class MemoryWatch:
    """How many MiB the process grew at most."""

    def __enter__(self) -> MemoryWatch:
        self.start = self.most = psutil.Process().memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _look(self) -> None:
        process = psutil.Process()
        while not self._done.wait(0.02):
            self.most = max(self.most, process.memory_info().rss)

    @property
    def growth(self) -> float:
        return (self.most - self.start) / 2**20


def spool(base: Path) -> tuple[Path, AttachmentKey]:
    """Random bytes, encrypted as a Matrix client does."""
    encryptor = AttachmentEncryptor()
    path = base / "spool"
    with path.open("wb") as file:
        for at in range(0, SIZE, 2**20):
            file.write(encryptor.update(os.urandom(min(2**20, SIZE - at))))
    return path, AttachmentKey.parse(encryptor.file_object("mxc://example.org/abc"))


def ours(base: Path, source: Path, key: AttachmentKey, recipients: tuple[str, str]) -> float:
    started = time.perf_counter()
    with source.open("rb") as file:
        packages.seal_file(file, key, recipients, base / "ours.age")
    return time.perf_counter() - started


def peer(base: Path, source: Path, key: AttachmentKey, recipients: tuple[str, str]) -> float:
    one, two = recipients
    line = PIPELINE.format(key=key.key.hex(), iv=key.iv.hex(), source=source, base=base, one=one, two=two)
    started = time.perf_counter()
    subprocess.run(["bash", "-c", line], check=True)
    return time.perf_counter() - started


def main() -> None:
    if missing := [name for name in ("age", "openssl", "sha512sum") if shutil.which(name) is None]:
        sys.exit(f"this benchmark needs {', '.join(missing)} (apt-get install age openssl coreutils)")
    (identity, one), (_, two) = new_age_key(), new_age_key()
    shares, growth = [], 0.0
    with folder() as base:
        source, key = spool(base)
        ours(base, source, key, (one, two))  # so that the file and the libraries are warm for both
        for _ in range(ROUNDS):
            theirs = peer(base, source, key, (one, two))
            with MemoryWatch() as watch:
                mine = ours(base, source, key, (one, two))
            growth = max(growth, watch.growth)
            shares.append(theirs / mine)
            print(f"pipeline {theirs:.2f} s, ours {mine:.2f} s, growth {watch.growth:.1f} MiB", flush=True)
        (base / "key").write_text(identity + "\n")
        line = f"age -d -i {base}/key {base}/ours.age | tar -xO data | sha256sum; cat {base}/256"
        back = subprocess.run(["bash", "-c", line], check=True, capture_output=True, text=True).stdout.split()
        assert back[0] == back[2], "the stock tools give other bytes"
    figure("seal", "sealing 500 MB, throughput by that of openssl, sha256sum, sha512sum and age",
           statistics.median(shares), 1.2, "high")  # fmt: skip
    figure("seal", "growth of memory while sealing 500 MB, MiB", growth, 32, "low")


if __name__ == "__main__":
    main()
