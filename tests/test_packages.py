"""What is sealed: byte for byte again with either key and the stock tools, with no other; its size tells a class."""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import shutil
import subprocess
import tarfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import IO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import packages
from bot.packages import CHUNK, PackageError, Sealed
from bot.seal import AttachmentEncryptor, AttachmentKey, SealError, new_age_key

ANNA, BEN, EVE = (new_age_key() for _ in range(3))
RECIPIENTS = (ANNA[1], BEN[1])


def spooled(data: bytes, folder: Path, name: str = "spool") -> tuple[Path, AttachmentKey]:
    """An attachment as it came: its ciphertext in a file, and the key of its event."""
    encryptor = AttachmentEncryptor()
    path = folder / name
    path.write_bytes(encryptor.update(data))
    return path, AttachmentKey.parse(encryptor.file_object("mxc://example.org/abc"))


def seal(data: bytes, folder: Path, name: str = "001.age") -> tuple[Path, Sealed]:
    path, key = spooled(data, folder)
    with path.open("rb") as spool:
        return folder / name, packages.seal_file(spool, key, RECIPIENTS, folder / name)


def opened(path: Path, *identities: tuple[str, str]) -> bytes:
    out = io.BytesIO()
    with path.open("rb") as file:
        packages.open_part(file, [i for i, _ in identities], out)
    return out.getvalue()


@cache
def stock_age() -> str:
    """Debian's `age` (apt-get install age): what promise 3 names, so that it is not left out silently."""
    found = shutil.which("age")
    assert found, "these tests need the stock `age`: apt-get install age"
    return found


# ---- one file ----


@pytest.mark.parametrize("size", [0, 1, 511, 512, 513, 70_000, CHUNK - 1, CHUNK, 3 * CHUNK + 17])
def test_a_file_comes_out_byte_for_byte_with_either_key_and_with_no_other(size: int, tmp_path: Path) -> None:
    data = random.Random(size).randbytes(size)
    path, sealed = seal(data, tmp_path)
    assert sealed == Sealed(
        size,
        hashlib.sha256(data).hexdigest(),
        hashlib.sha512(data).hexdigest(),
        packages.sniff(data),
        path.stat().st_size,
    )
    assert opened(path, ANNA) == opened(path, BEN) == data
    with pytest.raises(SealError):
        opened(path, EVE)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("size", [0, 1000, 2 * CHUNK + 5])
def test_the_stock_tools_give_the_original(size: int, tmp_path: Path) -> None:
    data = random.Random(size).randbytes(size)
    path, _ = seal(data, tmp_path)
    for number, (identity, _) in enumerate((ANNA, BEN)):
        (tmp_path / f"key{number}").write_text(identity + "\n")
        line = f"set -o pipefail; '{stock_age()}' -d -i key{number} {path.name} | tar -xO data"
        done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, check=True)
        assert done.stdout == data
        assert done.stderr == b""
    line = f"'{stock_age()}' -d -i key0 {path.name} | tar -tf -"
    listed = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, check=True)
    assert listed.stdout.split() == [b"data", b"pad"]


def hurt(change: str, path: Path) -> None:
    data = bytearray(path.read_bytes())
    if change == "one bit":
        data[len(data) // 2] ^= 1
    elif change == "cut":
        del data[-1000:]
    elif change == "longer":
        data += b"x" * 10
    else:
        data.clear()
    path.write_bytes(data)


@pytest.mark.parametrize("change", ["one bit", "cut", "longer", "nothing came"])
@pytest.mark.parametrize("size", [3000, 2 * CHUNK + 100])
def test_what_is_not_the_file_of_its_event_is_refused_and_leaves_nothing(
    change: str, size: int, tmp_path: Path
) -> None:
    data = os.urandom(size)
    path, key = spooled(data, tmp_path)
    whole = path.read_bytes()
    hurt(change, path)
    with path.open("rb") as spool, pytest.raises(SealError):
        packages.seal_file(spool, key, RECIPIENTS, tmp_path / "001.age")
    assert [p.name for p in tmp_path.iterdir()] == ["spool"]
    path.write_bytes(whole)  # it is fetched again
    with path.open("rb") as spool:
        packages.seal_file(spool, key, RECIPIENTS, tmp_path / "001.age")
    assert opened(tmp_path / "001.age", ANNA) == data


class Shrinking(io.BytesIO):
    """A spool that gives less, or more, than its length when it was measured."""

    def __init__(self, data: bytes, more: int) -> None:
        super().__init__(data)
        self.more = more

    def seek(self, offset: int, whence: int = 0) -> int:
        return super().seek(offset, whence) + (self.more if whence == os.SEEK_END else 0)


@pytest.mark.parametrize("more", [-600, 600])
def test_a_spool_that_changes_while_it_is_read_is_refused(more: int, tmp_path: Path) -> None:
    path, key = spooled(b"a" * 5000, tmp_path)
    with pytest.raises(SealError):
        packages.seal_file(Shrinking(path.read_bytes(), more), key, RECIPIENTS, tmp_path / "001.age")
    assert not (tmp_path / "001.age").exists()
    with path.open("rb") as spool:
        assert packages.seal_file(spool, key, RECIPIENTS, tmp_path / "001.age").size == 5000


def test_a_disk_that_is_full_is_told_from_a_broken_file_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key = spooled(os.urandom(3 * CHUNK), tmp_path)
    real = packages.private

    def full(target: Path) -> IO[bytes]:
        real(target).close()
        return open("/dev/full", "wb")

    with monkeypatch.context() as later:
        later.setattr(packages, "private", full)
        with path.open("rb") as spool, pytest.raises(OSError, match="No space"):
            packages.seal_file(spool, key, RECIPIENTS, tmp_path / "001.age")
    assert [p.name for p in tmp_path.iterdir()] == ["spool"]
    with path.open("rb") as spool:
        assert packages.seal_file(spool, key, RECIPIENTS, tmp_path / "001.age").size == 3 * CHUNK


def test_a_key_that_is_none_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    path, key = spooled(b"a", tmp_path)
    for recipients in ((), ("age1nobody",)):
        with path.open("rb") as spool, pytest.raises(SealError):
            packages.seal_file(spool, key, recipients, tmp_path / "001.age")
    assert [p.name for p in tmp_path.iterdir()] == ["spool"]


@pytest.mark.parametrize("change", ["one bit", "cut", "nothing came"])
def test_a_sealed_file_that_was_altered_does_not_open(change: str, tmp_path: Path) -> None:
    path, _ = seal(os.urandom(300_000), tmp_path)
    hurt(change, path)
    with pytest.raises(SealError):
        opened(path, ANNA)
    path.write_bytes(b"age-encryption.org/v1\n-> nonsense\n")
    with pytest.raises(SealError):
        opened(path, ANNA)


def test_a_bit_in_the_last_zeros_is_found_too(tmp_path: Path) -> None:
    path, _ = seal(b"grey", tmp_path)
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    with pytest.raises(SealError):
        opened(path, ANNA)


# ---- sizes ----


@given(st.integers(0, packages.LARGEST))
def test_a_size_class_holds_the_file_and_is_at_most_a_fifth_more(size: int) -> None:
    found = packages.padded(size)
    least = 512 + size + -size % 512 + 512 + 1024
    assert found >= least
    assert found % packages.STEP == 0
    assert found == packages.SMALLEST or found <= least * 2**0.25 + packages.STEP


def test_there_are_few_size_classes() -> None:
    sizes = {packages.padded(n) for n in range(0, 64 * 1024**2, 4000)}
    assert len(sizes) == 2 + 4 * 9, "128 KiB, four for each doubling up to 64 MiB, and the next"


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_two_files_of_one_class_have_the_same_sealed_length(data: st.DataObject) -> None:
    one = data.draw(st.integers(0, 400_000))
    classes = [n for n in range(0, 400_000, 1500) if packages.padded(n) == packages.padded(one)]
    other = data.draw(st.sampled_from(classes or [one]))
    recipients = [new_age_key()[1] for _ in range(data.draw(st.integers(1, 9)))]
    lengths = {len(packages.seal_bytes(bytes(n), recipients)) for n in (one, other)}
    assert len(lengths) == 1


# ---- what a file is ----


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"\xff\xd8\xff\xe1\0\x10Exif\0\0", "image/jpeg"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"PK\x03\x04", "application/zip"),
        (b"age-encryption.org/v1\n-> X25519 ", "application/age-encryption"),
        (b"-----BEGIN PGP MESSAGE-----", "application/pgp-encrypted"),
        (b"<html>", packages.UNKNOWN),
        (b"", packages.UNKNOWN),
    ],
)
def test_the_kind_of_a_file_is_read_from_its_first_bytes(start: bytes, kind: str) -> None:
    assert packages.sniff(start) == kind
    assert packages.SUFFIXES[kind].startswith(".")


@given(st.binary(max_size=64))
def test_any_first_bytes_have_a_kind_and_a_suffix_of_ours(start: bytes) -> None:
    assert packages.SUFFIXES[packages.sniff(start)].isascii()


def zip_bomb() -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/zeros", bytes(20 * 1024**2))
    return out.getvalue()


@pytest.mark.parametrize(
    "make",
    [
        zip_bomb,
        lambda: b"%PDF-1.7\n" + b"PK\x03\x04" + b"<script>" * 50,
        lambda: b"\xff\xd8\xff\xe1\xff\xffExif\0\0MM\0*\xff\xff\xff\xff" + b"\xff" * 5000,
        lambda: b"",
        lambda: packages.seal_bytes(b"inner words", [EVE[1]]),
    ],
    ids=["zip bomb", "polyglot", "malformed EXIF", "empty", "sealed before it was sent"],
)
def test_hostile_files_are_sealed_as_they_are(make: Callable[[], bytes], tmp_path: Path) -> None:
    data = make()
    path, _ = seal(data, tmp_path)
    assert opened(path, ANNA) == data


def test_what_was_sealed_before_it_was_sent_opens_with_the_key_it_was_sealed_to(tmp_path: Path) -> None:
    inner = packages.seal_bytes(b"inner words", [EVE[1]])
    path, sealed = seal(inner, tmp_path)
    assert sealed.type == "application/age-encryption"
    (tmp_path / "inner.age").write_bytes(opened(path, BEN))
    with pytest.raises(SealError):
        opened(tmp_path / "inner.age", BEN)
    assert opened(tmp_path / "inner.age", EVE) == b"inner words"


# ---- a package ----


def parts_in(folder: Path) -> dict[str, Path]:
    (folder / "files").mkdir(exist_ok=True)
    for name, data in (
        (packages.RECORD, b"{}"),
        ("files/001.age", b"one"),
        ("files/002.age", b"two"),
        (packages.IDENTITY, b"who"),
    ):
        (folder / name).write_bytes(packages.seal_bytes(data, RECIPIENTS))
    names = (packages.RECORD, packages.IDENTITY, "files/001.age", "files/002.age")
    return {n: folder / n for n in names}


def write(path: Path, parts: dict[str, Path], manifest: bytes, leave_out: tuple[str, ...] = ()) -> None:
    with path.open("wb") as out:
        files = {n: p.open("rb") for n, p in parts.items() if n not in leave_out}
        packages.write(out, files, manifest, b'{"seq":1}\n')
        for file in files.values():
            file.close()


@pytest.fixture
def package(tmp_path: Path) -> Path:
    parts = parts_in(tmp_path)
    write(tmp_path / "p.tar", parts, packages.manifest_of(parts))
    return tmp_path / "p.tar"


def test_a_package_says_what_it_holds_and_nothing_of_what_is_inside(package: Path) -> None:
    with packages.opened(package) as found:
        assert found.files == ["files/001.age", "files/002.age"]
        assert found.subject == hashlib.sha256(found.manifest).hexdigest()
        assert found.custody == b'{"seq":1}\n'
        out = io.BytesIO()
        size, short, long = packages.open_part(found.part("files/002.age"), [BEN[0]], out)
        assert (size, short, long) == (3, hashlib.sha256(b"two").hexdigest(), hashlib.sha512(b"two").hexdigest())
    listed = json.loads(found.manifest)
    assert set(listed) == {"parts", "version"}
    assert all(set(p) == {"name", "sha256", "size"} for p in listed["parts"])
    assert len({p["size"] for p in listed["parts"]}) == 1, "all of one class"
    for inside in (b"one", b"two", b"{}"):
        assert hashlib.sha256(inside).hexdigest().encode() not in package.read_bytes()


def test_the_stock_tools_open_a_package_too(package: Path, tmp_path: Path) -> None:
    (tmp_path / "key").write_text(ANNA[0] + "\n")
    line = f"tar -xf p.tar -O files/002.age | '{stock_age()}' -d -i key | tar -xO data"
    done = subprocess.run(["bash", "-c", line], cwd=tmp_path, capture_output=True, check=True)
    assert done.stdout == b"two"
    listed = subprocess.run(["tar", "-tvf", "p.tar"], cwd=tmp_path, capture_output=True, check=True, text=True).stdout
    assert all("1970-01-01" in row and "0/0" in row for row in listed.splitlines()), "nothing tells of this machine"


def test_the_same_parts_are_the_same_package(tmp_path: Path) -> None:
    parts = parts_in(tmp_path)
    for name in ("a.tar", "b.tar"):
        write(tmp_path / name, dict(reversed(parts.items())), packages.manifest_of(parts))
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()


def test_the_identity_alone_may_be_left_out(tmp_path: Path) -> None:
    parts = parts_in(tmp_path)
    manifest = packages.manifest_of(parts)
    write(tmp_path / "p.tar", parts, manifest, leave_out=(packages.IDENTITY,))
    with packages.opened(tmp_path / "p.tar") as found:
        assert packages.IDENTITY not in found.sizes
    for name in (packages.RECORD, "files/001.age"):
        write(tmp_path / "p.tar", parts, manifest, leave_out=(name,))
        with pytest.raises(PackageError) as wrong, packages.opened(tmp_path / "p.tar"):
            pass
        assert wrong.value.where == name
    write(tmp_path / "p.tar", parts, manifest)
    with packages.opened(tmp_path / "p.tar") as found:
        assert packages.IDENTITY in found.sizes


def test_every_altered_part_of_a_package_is_named(package: Path, tmp_path: Path) -> None:
    whole = package.read_bytes()
    with tarfile.open(package) as archive:
        places = {m.name: m.offset_data for m in archive if m.name != packages.CUSTODY}
    for name, place in places.items():
        data = bytearray(whole)
        data[place + 20] ^= 1
        package.write_bytes(data)
        with pytest.raises(PackageError) as wrong, packages.opened(package):
            pass
        assert wrong.value.where == name or name == packages.MANIFEST
    for data in (whole[:1000], whole[: len(whole) // 2], b"", b"nonsense" * 1000):
        package.write_bytes(data)
        with pytest.raises(PackageError), packages.opened(package):
            pass
    package.write_bytes(whole)
    with packages.opened(package):
        pass


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "files/1.age", "record.age", "extra", "files/003.age"])
def test_what_does_not_belong_into_a_package_is_refused(name: str, package: Path) -> None:
    whole = package.read_bytes()
    with tarfile.open(package, "a") as archive:
        archive.addfile(packages.tarfile_info(name, 3), io.BytesIO(b"bad"))
    with pytest.raises(PackageError), packages.opened(package):
        pass
    package.write_bytes(whole)
    with packages.opened(package):
        pass


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.DIRTYPE, tarfile.FIFOTYPE])
def test_only_plain_files_stand_in_a_package(kind: bytes, package: Path) -> None:
    with tarfile.open(package, "a") as archive:
        link = packages.tarfile_info("files/003.age", 0)
        link.type, link.linkname = kind, "/etc/passwd"
        archive.addfile(link)
    with pytest.raises(PackageError), packages.opened(package):
        pass


@given(st.recursive(st.none() | st.integers() | st.text(max_size=8), lambda c: st.lists(c) | st.dictionaries(
    st.sampled_from(["parts", "version", "name", "size", "sha256"]), c, max_size=5), max_leaves=12))  # fmt: skip
def test_no_manifest_does_more_than_be_refused(value: object) -> None:
    with pytest.raises(PackageError):
        packages.read_manifest(json.dumps(value).encode())
