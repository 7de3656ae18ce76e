"""Opening a package where the keys are: offline, by the holder of a key, with a purpose and a second person.

What is opened is written down first, in a file beside the key: signed, each line holding the hash of the one before
(H32). `liaison custody import` joins that file to the bot's own log. Needs no config, no database and no network.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn

from bot import console, export, packages
from bot import record as records
from bot.domain import custody
from bot.errors import StartError
from bot.packages import IDENTITY, RECORD, Package, PackageError
from bot.record import RecordError
from bot.seal import SealError, SigningKey, age_public, b64, unb64, write_private
from bot.text import Texts

LARGEST_KEY = 64 * 1024  # bytes of a key file
LARGEST_RECORD = 64 * 1024**2
SECOND = re.compile(r"[a-z0-9-]{1,40}")  # a code or a role, as ids of staff are


@dataclass(frozen=True)
class Holder:
    """Who opens: the keys of a key file, and beside it the key that signs and the file that is signed."""

    identities: tuple[str, ...]
    signer: SigningKey
    log: Path


def unseal(
    texts: Texts,
    package: Path,
    *,
    key_file: Path,
    out: Path,
    purpose: str | None = None,
    second: str | None = None,
    log: Path | None = None,
    csv: bool = False,
    uwazi: bool = False,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> int:
    """Open `package` into `out`, a BagIt bag. `package` is a package, or an `identity.age` that was handed out.

    Asks for what is not given. Raises StartError with what is wrong; `out` is then not there, or as it was.
    """
    lang = console.language()

    def say(name: str, /, **values: Any) -> str:
        return texts.sentence(lang, name, **values)

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise StartError("unseal-out-there", folder=str(out))
    if not package.is_file():
        raise StartError("unseal-no-package", file=package.name)
    purpose = _asked(say("unseal-purpose"), purpose)[: custody.LONGEST]
    second = _asked(say("unseal-second"), second).lower()
    if not purpose or not SECOND.fullmatch(second):
        raise StartError("unseal-needs-two")
    holder = holder_of(key_file, log)
    facts = {"purpose": purpose, "second": second}
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    subject = ""
    try:
        with Progress(
            TextColumn("{task.description}"), BarColumn(), DownloadColumn(), console=Console(stderr=True)
        ) as bars:
            if _is_age(package):
                subject = _hash(package)
                write_down(holder, "opening", subject, facts, now())
                found: dict[str, Any] = _open_identity(package, holder, part)
            else:
                checking = bars.add_task(say("unseal-checking"), total=package.stat().st_size)
                with packages.opened(package, lambda done: bars.advance(checking, done)) as whole:
                    subject = whole.subject
                    write_down(holder, "opening", subject, facts, now())
                    found = _open(whole, holder, part, bars, say, lang, csv=csv, uwazi=uwazi)
        export.bag(part, subject)
        if out.exists():
            out.rmdir()
        part.rename(out)
    except (SealError, PackageError, RecordError) as error:
        if subject:
            write_down(holder, "failed", subject, facts, now())
        if isinstance(error, SealError):
            raise StartError("unseal-wrong-key") from None
        raise StartError("unseal-broken", part=error.where if isinstance(error, PackageError) else RECORD) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)
    drill = found.get("drill")
    write_down(holder, "opened", subject, {**facts, **({"drill": drill} if drill else {})}, now())
    print(say("unseal-done", count=len(found["files"]), folder=str(out)))
    if found.get("bad_custody"):
        print(say("unseal-custody-bad"), file=sys.stderr)
    print(say("unseal-written", file=str(holder.log), signature=holder.signer.public))
    return 0


def _asked(question: str, given: str | None) -> str:
    """What was given, else what the human at this console says; nothing where nobody sits there."""
    if given is not None:
        return given.strip()
    print(question, end=" ", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip()


# ---- what is inside ------------------------------------------------------------------------------------------------


class _Counted:
    """A file that tells how much was written."""

    def __init__(self, file: IO[bytes], bars: Progress, task: TaskID) -> None:
        self._file, self._bars, self._task = file, bars, task

    def write(self, data: bytes) -> int:
        self._bars.advance(self._task, len(data))
        return self._file.write(data)


def _open(
    whole: Package, holder: Holder, folder: Path, bars: Progress, say: export.Say, lang: str, *, csv: bool, uwazi: bool
) -> dict[str, Any]:
    """Write everything that is in a package into `folder`; its record."""
    inside = _Limited(LARGEST_RECORD)
    packages.open_part(whole.part(RECORD), holder.identities, inside)
    record = records.parse(inside.getvalue())
    told = {packages.file_name(f["number"]): f for f in record["files"]}
    if set(told) != set(whole.files):
        raise PackageError(min(set(told) ^ set(whole.files)))
    originals = folder / export.FILES
    originals.mkdir(mode=0o700)
    names: dict[int, str] = {}
    opening = bars.add_task(say("unseal-opening"), total=sum(_size(f) for f in told.values()))
    for part, file in told.items():
        suffix = packages.SUFFIXES.get(str(file.get("type")), packages.SUFFIXES[packages.UNKNOWN])
        name = f"{file['number']:03}{suffix}"
        with packages.private(originals / name) as target:
            counted = _Counted(target, bars, opening)
            size, sha256, sha512 = packages.open_part(whole.part(part), holder.identities, counted)
        if (size, sha256, sha512) != (file.get("size"), file.get("sha256"), file.get("sha512")):
            raise PackageError(part)
        names[file["number"]] = name
    export.write(folder, record, names, custody=whole.custody, say=say, language=lang)
    if csv:
        export.tables(folder, record, names)
    if uwazi:
        export.uwazi(folder / "uwazi.zip", record, names, originals, whole.subject)
    if not names:
        originals.rmdir()
    signed = custody.each_signed(whole.custody.decode("utf-8", "replace").splitlines(), whole.subject)
    return {**record, "bad_custody": not signed}


def _size(file: Mapping[str, Any]) -> int:
    size = file.get("size")
    if type(size) is not int:
        raise RecordError
    return size


class _Limited(io.BytesIO):
    """Memory that takes so many bytes."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > self._most:
            raise RecordError
        return super().write(data)


def _open_identity(package: Path, holder: Holder, folder: Path) -> dict[str, Any]:
    """Write what is in an `identity.age` into `folder`."""
    with package.open("rb") as source, packages.private(folder / IDENTITY.replace(".age", ".json")) as target:
        packages.open_part(source, holder.identities, target)
    return {"files": []}


def _is_age(path: Path) -> bool:
    with path.open("rb") as file:
        return packages.sniff(file.read(64)) == "application/age-encryption"


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return packages.hash_of(file)


# ---- the holder's keys and file ------------------------------------------------------------------------------------


def holder_of(key_file: Path, log: Path | None = None) -> Holder:
    """The keys in a file as `age-keygen` writes it, and the signing key beside it, made at first use.

    Raises StartError for a file without a key, and for a signed file that was altered.
    """
    try:
        with key_file.open(encoding="utf-8") as file:
            lines = file.read(LARGEST_KEY).splitlines()
    except (OSError, UnicodeDecodeError):
        raise StartError("unseal-no-key", file=key_file.name) from None
    found = tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
    try:
        for identity in found:
            age_public(identity)
    except ValueError:
        found = ()
    if not found:
        raise StartError("unseal-no-key", file=key_file.name)
    beside = key_file.with_name(key_file.name + ".sign")
    if not beside.exists():
        write_private(beside, b64(SigningKey.new().seed).encode() + b"\n")
    try:
        seed = unb64(beside.read_text().strip())
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise StartError("unseal-no-key", file=beside.name)
    holder = Holder(found, SigningKey(seed), log or key_file.with_name(key_file.name + ".custody.jsonl"))
    if (bad := custody.verify(_lines(holder.log), holder.signer.public)) is not None:
        raise StartError("unseal-log-bad", file=holder.log.name, seq=bad)
    return holder


def write_down(holder: Holder, event: str, subject: str, facts: Mapping[str, Any], at: datetime) -> None:
    """Add a signed line to the holder's file; on disk before this returns."""
    lines = _lines(holder.log)
    last = json.loads(lines[-1]) if lines else None
    line = custody.line_of(last, holder.signer, at=custody.moment(at), event=event, subject=subject, facts=facts)
    fd = os.open(holder.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
