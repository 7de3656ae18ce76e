"""The vault: sealed packages as files, and the parts of packages in the making. Only an offline key opens them.

    vault/.drafts/DRAFT/001.age ... record.age identity.age manifest.json    while a submission is made
    vault/NAME.tar                                                           a whole package

Every step is durable before the next one begins, and each may be done again: a kill leaves a draft or a whole package.
Names are random and of no other use (H29).
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from bot import packages
from bot.packages import FILE, IDENTITY, MANIFEST, RECORD, ZEROS, Package, file_name
from bot.seal import write_private

NAME = re.compile(r"[0-9a-f]{32}")
DRAFT = re.compile(r"[A-Za-z0-9_-]{1,40}")
GONE = ".gone-"  # what a package is called while it is destroyed


class Vault:
    """The files of one vault. What takes long belongs into a thread: `seal_file`, `manifest`, `close`, `hand_out`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._drafts = folder / ".drafts"
        self._drafts.mkdir(mode=0o700, parents=True, exist_ok=True)

    # ---- in the making ----

    def file(self, draft: str, number: int) -> Path:
        """Where the file `number` of a draft is sealed to (`packages.seal_file`), counted from 1."""
        return self._draft(draft) / Path(file_name(number)).name

    def keep_record(self, draft: str, sealed: bytes, identity: bytes | None = None) -> None:
        """Keep the sealed record of a draft; `identity` tells who somebody is, sealed to the keys marked for it."""
        write_private(self._draft(draft) / RECORD, sealed)
        if identity is not None:
            write_private(self._draft(draft) / IDENTITY, identity)

    def manifest(self, draft: str) -> bytes:
        """Fix what the package of a draft consists of. Its SHA-256 is what custody calls the package."""
        found = packages.manifest_of(self._parts(draft))
        write_private(self._draft(draft) / MANIFEST, found)
        return found

    def close(self, draft: str, name: str, custody: bytes) -> None:
        """Make the package `name` of a draft whose manifest is fixed, and remove the draft. May be done again."""
        target = self.path(name)
        if not target.exists():
            manifest = (self._draft(draft) / MANIFEST).read_bytes()
            with ExitStack() as stack:
                listed = packages.read_manifest(manifest)
                parts = {n: stack.enter_context(p.open("rb")) for n, p in self._parts(draft).items() if n in listed}
                _write(target, lambda out: packages.write(out, parts, manifest, custody))
        self.discard(draft)

    def discard(self, draft: str) -> None:
        """Remove a draft and all its parts."""
        folder = self._drafts / _checked(DRAFT, draft)
        if folder.exists():
            for path in folder.iterdir():
                _destroy(path)
            folder.rmdir()
            _sync(self._drafts)

    # ---- packages ----

    def path(self, name: str) -> Path:
        return self.folder / f"{_checked(NAME, name)}.tar"

    def names(self) -> list[str]:
        """The whole packages."""
        return sorted(p.stem for p in self.folder.glob("*.tar") if NAME.fullmatch(p.stem))

    @contextmanager
    def package(self, name: str) -> Iterator[Package]:
        """A package, compared with its manifest. Raises PackageError."""
        with packages.opened(self.path(name)) as found:
            yield found

    def hand_out(self, name: str, target: Path, custody: bytes) -> int:
        """Write a package to `target` as it leaves us: without the identity, with its custody until now. Its size."""
        with self.package(name) as found:
            parts = {n: found.part(n) for n in found.sizes if n != IDENTITY}
            return _write(target, lambda out: packages.write(out, parts, found.manifest, custody))

    def hand_out_identity(self, name: str, target: Path) -> bool:
        """Write the sealed identity of a package to `target`; whether it has one."""
        with self.package(name) as found:
            if IDENTITY not in found.sizes:
                return False
            write_private(target, found.part(IDENTITY).read())
            return True

    def destroy(self, name: str) -> None:
        """Overwrite a package and remove it. May be done again.

        A file system that keeps old blocks (on flash memory, copy-on-write, in snapshots and backups) may still hold
        them; what they hold opens with an offline key only.
        """
        gone = self.folder / f"{GONE}{name}"
        if (path := self.path(name)).exists():
            path.replace(gone)  # from here on it is no package, wherever this ends
            _sync(self.folder)
        _destroy(gone)

    def sweep(self, drafts: Collection[str]) -> None:
        """Finish what a kill interrupted: remove what is half, and every draft that is not one of `drafts`."""
        for path in [*self.folder.glob("*.part"), *self.folder.glob(f"{GONE}*"), *self._drafts.glob("*/*.part")]:
            _destroy(path)
        for folder in self._drafts.iterdir():
            if folder.name not in drafts:
                self.discard(folder.name)

    def _draft(self, draft: str) -> Path:
        folder = self._drafts / _checked(DRAFT, draft)
        if not folder.exists():
            folder.mkdir(mode=0o700)
            _sync(self._drafts)
        return folder

    def _parts(self, draft: str) -> dict[str, Path]:
        folder = self._draft(draft)
        found = {n: folder / n for n in (RECORD, IDENTITY) if (folder / n).exists()}
        return found | {f"files/{p.name}": p for p in folder.glob("*.age") if FILE.fullmatch(f"files/{p.name}")}


def new_name() -> str:
    """A name for a package: random, and of no other use."""
    return secrets.token_hex(16)


def _checked(pattern: re.Pattern[str], name: str) -> str:
    assert pattern.fullmatch(name), "not a name of the vault"
    return name


def _write(target: Path, write: Callable[[IO[bytes]], None]) -> int:
    """Write a file whole or not at all; its size in bytes."""
    part = target.with_name(target.name + ".part")
    try:
        with packages.private(part) as out:
            write(out)
            out.flush()
            os.fsync(out.fileno())
            size = out.tell()
        part.replace(target)
        _sync(target.parent)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return size


def _destroy(path: Path) -> None:
    """Overwrite a file once and remove it, if it is there."""
    if not path.exists():
        return
    with path.open("r+b") as file:
        for left in range(path.stat().st_size, 0, -len(ZEROS)):
            file.write(ZEROS[:left])
        file.flush()
        os.fsync(file.fileno())
    path.unlink()
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
