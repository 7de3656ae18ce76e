"""What a sealed package is: age streams and their manifest in one uncompressed archive.

    NAME.tar    record.age  files/001.age ...  identity.age  manifest.json  custody.jsonl

Inside each `.age` is a ustar archive: first `data`, the byte-identical original, last `pad`, zeros up to the next of
few sizes, so that a sealed length tells only a size class. `age -d -i KEY files/001.age | tar -xO data` gives the
original. A package is known by the SHA-256 of its manifest: nothing but sizes and hashes of what is sealed.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
import os
import re
import tarfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol

from bot.seal import AttachmentKey, SealError, age_open, age_seal, same

CHUNK = 1024 * 1024
AHEAD = 4  # chunks that may wait for their hashes
BLOCK = 512  # of a tar archive
ENDS = 2 * BLOCK  # the zeros that end an archive
STEP = 8192  # size classes are multiples of this, in bytes
SMALLEST = 128 * 1024  # the smallest one: two chunks of age's, so that its header is out before the end is made
LARGEST = 8 * 1024**3 - 1  # the largest file that a ustar header can tell
ZEROS = bytes(CHUNK)

RECORD, IDENTITY, MANIFEST, CUSTODY = "record.age", "identity.age", "manifest.json", "custody.jsonl"
FILE = re.compile(r"files/\d{3,5}\.age")
MOST_BYTES = {RECORD: 64 * 1024**2, IDENTITY: 1024**2, MANIFEST: 4 * 1024**2, CUSTODY: 64 * 1024**2}


class Target(Protocol):
    """Where an original is written."""

    def write(self, data: bytes, /) -> int: ...


class PackageError(Exception):
    """A package is not whole: `where` is the part of it that is missing, altered or not a part of a package."""

    def __init__(self, where: str) -> None:
        super().__init__(where)
        self.where = where


@dataclass(frozen=True)
class Sealed:
    """A file that was sealed. Sizes in bytes, hashes of the original in hex: they belong inside the seal only."""

    size: int
    sha256: str
    sha512: str
    type: str
    sealed_size: int


def file_name(number: int) -> str:
    """The name of a package's file, counted from 1."""
    return f"files/{number:03}.age"


def padded(size: int) -> int:
    """The bytes of the archive that holds `size` bytes: the next step of 2^(1/4), in whole units of STEP."""
    needed = max(_least(size), SMALLEST)
    step = 4 * (needed.bit_length() - 1)  # of the power of two below it
    while (found := math.ceil(2 ** (step / 4) / STEP) * STEP) < needed:
        step += 1
    return found


def _least(size: int) -> int:
    """The bytes of that archive without anything in its `pad`."""
    return BLOCK + size + -size % BLOCK + BLOCK + ENDS


# ---- sealing -------------------------------------------------------------------------------------------------------


class _Stream:
    """What age reads from: pieces, one after the other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._held = b""
        self._at = 0

    def read(self, size: int, /) -> bytes:
        while self._at >= len(self._held):
            found = next(self._pieces, None)
            if found is None:
                return b""
            self._held, self._at = found, 0
        piece = self._held[self._at : self._at + size]
        self._at += len(piece)
        return piece


def _header(name: str, size: int) -> bytes:
    """A header without owner, time or anything else that tells of this machine."""
    return tarfile_info(name, size).tobuf(tarfile.USTAR_FORMAT)


def tarfile_info(name: str, size: int) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size, found.mode = size, 0o600
    return found


class _Out:
    """What age writes to: a file, and the length of the first thing written, which is age's header."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.header = 0

    def write(self, data: bytes, /) -> int:
        self.header = self.header or len(data)
        return self._file.write(data)

    def flush(self) -> None:
        self._file.flush()


def _seal(size: int, pieces: Iterable[bytes], out: IO[bytes], recipients: Sequence[str]) -> None:
    """Seal the archive of an original of `size` bytes.

    The header holds a random stanza of random length (age's grease). What it leaves of `room` follows the archive as
    zeros, so that the sealed length is the same for the whole size class; less than STEP, so that it never makes age's
    chunks more or less.
    """
    room = 1024 + 128 * len(recipients)
    writer = _Out(out)

    def archive() -> Iterator[bytes]:
        yield _header("data", size)
        yield from pieces
        yield bytes(-size % BLOCK)
        pad = padded(size) - _least(size)
        yield _header("pad", pad)
        for left in range(pad + ENDS, 0, -CHUNK):
            yield ZEROS[:left]
        assert 0 < writer.header < room < STEP
        yield bytes(room - writer.header)

    age_seal(_Stream(archive()), writer, recipients)


def seal_bytes(data: bytes, recipients: Sequence[str]) -> bytes:
    """`data` as a part of a package, sealed to `recipients`."""
    sealed = io.BytesIO()
    _seal(len(data), [data], sealed, recipients)
    return sealed.getvalue()


def seal_file(spool: IO[bytes], key: AttachmentKey, recipients: Sequence[str], target: Path) -> Sealed:
    """Check, decrypt, hash and seal an attachment in one stream, into the file `target`. To be called in a thread.

    `spool` holds its ciphertext. Memory does not grow with it, and its plain bytes touch no disk. Raises SealError when
    they are not those of `key`'s hash, OSError when the disk does not take them; `target` then does not exist.
    """
    size = spool.seek(0, os.SEEK_END)
    file = getattr(spool, "raw", spool)  # without a buffer between: pieces are large
    file.seek(0)
    if size > LARGEST:
        raise SealError
    came, plain, long = hashlib.sha256(), hashlib.sha256(), hashlib.sha512()
    decrypt = key.decryptor()
    total, kind = 0, sniff(b"")

    def both(chunk: bytes, opened: bytes) -> None:
        came.update(chunk)
        plain.update(opened)

    def pieces(one: ThreadPoolExecutor, other: ThreadPoolExecutor) -> Iterator[bytes]:
        nonlocal total, kind
        hashing: deque[Future[None]] = deque()
        chunk = file.read(CHUNK)
        while chunk and total <= size:
            opened = decrypt(chunk)
            kind = kind if total else sniff(opened)
            total += len(chunk)
            hashing += (one.submit(both, chunk, opened), other.submit(long.update, opened))
            while len(hashing) > 2 * AHEAD:
                hashing.popleft().result()
            chunk = file.read(CHUNK)  # here and not above: while the disk is waited for, the threads begin
            yield opened
        for job in hashing:
            job.result()

    part = target.with_name(target.name + ".part")
    try:
        # A thread for each kind of hash keeps their order; the libraries work there while age works here.
        with private(part) as out, ThreadPoolExecutor(1) as one, ThreadPoolExecutor(1) as other:
            _seal(size, pieces(one, other), out, recipients)
            if total != size or not same(came.digest(), key.sha256):
                raise SealError
            out.flush()
            os.fsync(out.fileno())
            sealed_size = out.tell()
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return Sealed(size, plain.hexdigest(), long.hexdigest(), kind, sealed_size)


def private(path: Path) -> IO[bytes]:
    """A new file that only its owner can read."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb")


# ---- opening -------------------------------------------------------------------------------------------------------


def open_part(source: IO[bytes], identities: Sequence[str], target: Target) -> tuple[int, str, str]:
    """Write the original that is inside a sealed part to `target`. Returns its size, SHA-256 and SHA-512.

    Raises SealError for a wrong key and for a part that was altered or cut, also when that shows only at its end.
    """
    read_end, write_end = os.pipe()
    short, long, size = hashlib.sha256(), hashlib.sha512(), 0

    def unseal() -> None:
        with open(write_end, "wb") as out:
            age_open(source, out, identities)

    with open(read_end, "rb") as pipe, ThreadPoolExecutor(1, thread_name_prefix="unseal") as thread:
        job = thread.submit(unseal)
        try:
            with tarfile.open(fileobj=pipe, mode="r|") as archive:
                first = archive.next()
                inside = archive.extractfile(first) if first and first.name == "data" and first.isreg() else None
                if inside is None:
                    raise SealError
                while chunk := inside.read(CHUNK):
                    short.update(chunk)
                    long.update(chunk)
                    size += target.write(chunk)
            while pipe.read(CHUNK):  # what age says at the end counts for the whole
                pass
        except tarfile.TarError as error:
            raise SealError from error
        finally:
            pipe.close()  # so that the thread ends, whatever happened here
            failed = job.exception()
        if failed is not None:
            raise failed
    return size, short.hexdigest(), long.hexdigest()


@dataclass(frozen=True)
class Package:
    """A whole package that lies open: every part of it is as its manifest says."""

    subject: str  # by which it is known: the SHA-256 of its manifest, in hex
    manifest: bytes
    custody: bytes
    sizes: Mapping[str, int]  # of its sealed parts, in bytes
    _archive: tarfile.TarFile

    @property
    def files(self) -> list[str]:
        return sorted(name for name in self.sizes if FILE.fullmatch(name))

    def part(self, name: str) -> IO[bytes]:
        """The sealed bytes of a part."""
        found = self._archive.extractfile(name)
        assert found is not None
        return found


@contextmanager
def opened(path: Path, seen: Callable[[int], object] = lambda _: None) -> Iterator[Package]:
    """A package, after its parts were compared with its manifest. Raises PackageError.

    Only `identity.age` may be absent: it is left out when a package is handed out. `seen` is told how many bytes were
    compared.
    """
    try:
        with tarfile.open(path, "r:") as archive:
            yield _checked(archive, seen)
    except tarfile.TarError as error:
        raise PackageError("archive") from error


def _checked(archive: tarfile.TarFile, seen: Callable[[int], object]) -> Package:
    members: dict[str, tarfile.TarInfo] = {}
    for member in archive:
        name = member.name
        known = name in MOST_BYTES or FILE.fullmatch(name)
        if not known or not member.isreg() or name in members or member.size > MOST_BYTES.get(name, 2 * LARGEST):
            raise PackageError("archive")
        members[name] = member
    if missing := {RECORD, MANIFEST, CUSTODY} - set(members):
        raise PackageError(min(missing))
    raw = _bytes(archive, MANIFEST)
    listed = read_manifest(raw)
    if extra := set(members) - set(listed) - {MANIFEST, CUSTODY}:
        raise PackageError(min(extra))
    for name, (size, sha256) in listed.items():
        if name not in members:
            if name != IDENTITY:
                raise PackageError(name)
            continue
        part = archive.extractfile(name)
        assert part is not None
        if members[name].size != size or hash_of(part, seen) != sha256:
            raise PackageError(name)
    sizes = {name: size for name, (size, _) in listed.items() if name in members}
    return Package(known_by(raw), raw, _bytes(archive, CUSTODY), sizes, archive)


def _bytes(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    assert found is not None
    return found.read()


def hash_of(file: IO[bytes], seen: Callable[[int], object] = lambda _: None) -> str:
    """SHA-256 in hex of the rest of a file."""
    found = hashlib.sha256()
    while chunk := file.read(CHUNK):
        found.update(chunk)
        seen(len(chunk))
    return found.hexdigest()


# ---- writing -------------------------------------------------------------------------------------------------------


def manifest_of(parts: Mapping[str, Path]) -> bytes:
    """The manifest of sealed parts that lie in files, by their names in the package."""
    listed = []
    for name, path in sorted(parts.items()):
        with path.open("rb") as file:
            listed.append({"name": name, "sha256": hash_of(file), "size": path.stat().st_size})
    return json.dumps({"parts": listed, "version": 1}, sort_keys=True, separators=(",", ":")).encode()


def known_by(manifest: bytes) -> str:
    """By which a package is known: the SHA-256 of its manifest, in hex."""
    return hashlib.sha256(manifest).hexdigest()


def read_manifest(raw: bytes) -> dict[str, tuple[int, str]]:
    """Size and SHA-256 of each part that a manifest names. Raises PackageError."""
    try:
        value: Any = json.loads(raw)
        listed = {p["name"]: (p["size"], p["sha256"]) for p in value["parts"]}
        whole = value["version"] == 1 and len(listed) == len(value["parts"]) and RECORD in listed
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise PackageError(MANIFEST) from error
    known = all(n in (RECORD, IDENTITY) or (isinstance(n, str) and FILE.fullmatch(n)) for n in listed)
    if not whole or not known or not all(type(size) is int for size, _ in listed.values()):
        raise PackageError(MANIFEST)
    return listed


def write(out: IO[bytes], parts: Mapping[str, IO[bytes]], manifest: bytes, custody: bytes) -> None:
    """Write a package from its sealed parts. The same parts give the same bytes, on every machine."""
    sizes = read_manifest(manifest)
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name in sorted(parts):
            archive.addfile(tarfile_info(name, sizes[name][0]), parts[name])
        for name, data in ((MANIFEST, manifest), (CUSTODY, custody)):
            archive.addfile(tarfile_info(name, len(data)), io.BytesIO(data))


# ---- what a file is ------------------------------------------------------------------------------------------------

MAGIC = (  # offset, first bytes, media type, suffix; nothing of a file is read but these
    (0, b"\xff\xd8\xff", "image/jpeg", ".jpg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (0, b"GIF8", "image/gif", ".gif"),
    (8, b"WEBP", "image/webp", ".webp"),
    (4, b"ftypheic", "image/heic", ".heic"),
    (4, b"ftypmif1", "image/heif", ".heif"),
    (4, b"ftypavif", "image/avif", ".avif"),
    (4, b"ftypM4A", "audio/mp4", ".m4a"),
    (4, b"ftypqt", "video/quicktime", ".mov"),
    (4, b"ftyp3g", "video/3gpp", ".3gp"),
    (4, b"ftyp", "video/mp4", ".mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm", ".webm"),
    (8, b"AVI ", "video/x-msvideo", ".avi"),
    (8, b"WAVE", "audio/wav", ".wav"),
    (0, b"OggS", "audio/ogg", ".ogg"),
    (0, b"ID3", "audio/mpeg", ".mp3"),
    (0, b"\xff\xfb", "audio/mpeg", ".mp3"),
    (0, b"#!AMR", "audio/amr", ".amr"),
    (0, b"fLaC", "audio/flac", ".flac"),
    (0, b"%PDF-", "application/pdf", ".pdf"),
    (0, b"II*\0", "image/tiff", ".tif"),
    (0, b"MM\0*", "image/tiff", ".tif"),
    (0, b"age-encryption.org/v1", "application/age-encryption", ".age"),
    (0, b"-----BEGIN AGE ENCRYPTED FILE", "application/age-encryption", ".age"),
    (0, b"-----BEGIN PGP MESSAGE", "application/pgp-encrypted", ".asc"),
    (0, b"PK\x03\x04", "application/zip", ".zip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed", ".7z"),
    (0, b"Rar!\x1a\x07", "application/vnd.rar", ".rar"),
    (0, b"\x1f\x8b", "application/gzip", ".gz"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage", ".ole"),
    (0, b"{\\rtf", "application/rtf", ".rtf"),
    (0, b"SQLite format 3\0", "application/vnd.sqlite3", ".sqlite"),
)
UNKNOWN = "application/octet-stream"
SUFFIXES = {kind: suffix for _, _, kind, suffix in reversed(MAGIC)} | {UNKNOWN: ".bin"}


def sniff(start: bytes) -> str:
    """The media type that the first bytes of a file show; what they do not show is not guessed."""
    for offset, magic, kind, _ in MAGIC:
        if start.startswith(magic, offset):
            return kind
    return UNKNOWN
