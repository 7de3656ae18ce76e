"""Killed at any step of a file, the vault holds a draft or a whole package; finished later, it holds the package."""

from __future__ import annotations

import hashlib
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from bot import packages
from bot.seal import AttachmentEncryptor, AttachmentKey, age_public
from bot.store.vault import Vault
from tests.crash.conftest import KILLED, Runner
from tests.crash.files import wrap_files
from tests.crash.runner import Boundaries

# Fixed keys: the lives are processes of their own.
IDENTITY = "AGE-SECRET-KEY-1NFRF48AP4LY293D0GACEFEGJ3S7JLAPLWKFGWLQ6EXWLWNR4S6TQF9DU6Y"
NAME = "5e" * 16
FILES = [random.Random(n).randbytes(200_000 * n) for n in (1, 2)]
CANARY = b"grey canary of the attic"
FILES[0] = CANARY * 5000


def encrypted(data: bytes) -> tuple[bytes, dict[str, Any]]:
    encryptor = AttachmentEncryptor()
    return encryptor.update(data), encryptor.file_object("mxc://example.org/abc")


def life(job: dict[str, Any], boundary: Boundaries) -> None:
    """One life of the program: seal the files, the record and the identity, close the package."""
    folder = Path(job["vault"])
    if job["kills"]:
        wrap_files(boundary, folder)
    vault = Vault(folder)
    if job["state"] == "sealing":
        vault.sweep({"d1"})
        for number, (spool, key) in enumerate(job["files"], start=1):
            if not vault.file("d1", number).exists():
                with Path(spool).open("rb") as file:
                    target = vault.file("d1", number)
                    packages.seal_file(file, AttachmentKey.parse(key), job["recipients"], target)
        record = packages.seal_bytes(b'{"answer": "grey"}' + CANARY, job["recipients"])
        vault.keep_record("d1", record, packages.seal_bytes(b"who" + CANARY, job["recipients"]))
        Path(job["subject"]).write_text(hashlib.sha256(vault.manifest("d1")).hexdigest())
    if job["state"] in ("sealing", "closing"):
        vault.close("d1", NAME, b'{"seq":1}\n')
    if job["state"] == "destroying":
        vault.destroy(NAME)


def look(folder: Path) -> str:
    """What the vault holds: nothing whole, or a package that opens and is complete."""
    vault = Vault(folder)
    if not vault.names():
        return "none"
    assert vault.names() == [NAME]
    with vault.package(NAME) as found:
        assert len(found.files) == 2
        for name, data in zip(found.files, FILES, strict=True):
            out = io.BytesIO()
            packages.open_part(found.part(name), [IDENTITY], out)
            assert out.getvalue() == data
    return "whole"


def no_plain_words(folder: Path) -> None:
    for path in folder.rglob("*"):
        assert not path.is_file() or CANARY not in path.read_bytes(), path.name


@pytest.mark.parametrize("points", [8, pytest.param(None, marks=pytest.mark.soak)])
async def test_killed_at_any_step_the_vault_holds_a_draft_or_a_whole_package(
    runner: Runner, tmp_path: Path, points: int | None
) -> None:
    files = []
    for number, data in enumerate(FILES):
        sealed, key = encrypted(data)
        (tmp_path / f"spool{number}").write_bytes(sealed)
        files.append([str(tmp_path / f"spool{number}"), key])
    common = {"function": "tests.crash.test_vault:life", "files": files, "recipients": [age_public(IDENTITY)]}

    async def lives(state: str, vault: Path, count: int) -> int:
        subject = str(vault.with_suffix(".subject"))
        await runner.start(**common, state=state, vault=str(vault), subject=subject, count=count, kills=count >= 0)
        return await runner.ended()

    whole = tmp_path / "vault"
    assert await lives("sealing", whole, 0) == 0, runner.last_words()
    steps = len(runner.passed())
    assert steps > 60
    assert look(whole) == "whole"
    deaths = []
    for count in sorted(random.Random(4).sample(range(1, steps + 1), points)) if points else range(1, steps + 1):
        vault = tmp_path / f"vault{count}"
        code = await lives("sealing", vault, count)
        assert code == KILLED, runner.last_words()
        deaths.append(runner.passed()[-1])
        found = look(vault) if vault.exists() else "none"
        no_plain_words(vault)
        # The program goes on where its database says: closing once the manifest is fixed, else sealing again.
        state = "closing" if vault.with_suffix(".subject").exists() else "sealing"
        assert found == "none" or state == "closing"
        assert await lives(state, vault, -1) == 0, (deaths[-1], runner.last_words())
        assert look(vault) == "whole", deaths[-1]
        assert {p.name for p in vault.rglob("*")} == {".drafts", f"{NAME}.tar"}, deaths[-1]
        manifest = hashlib.sha256(json_manifest(vault)).hexdigest()
        assert vault.with_suffix(".subject").read_text() == manifest
        no_plain_words(vault)
    kinds = {d.split()[1] for d in deaths}
    assert kinds >= {"open", "fsync", "replace"} or points, kinds


def json_manifest(folder: Path) -> bytes:
    with Vault(folder).package(NAME) as found:
        assert json.loads(found.manifest)["version"] == 1
        return found.manifest


async def test_killed_while_a_package_is_destroyed_it_is_no_package_any_more_or_still_whole(
    runner: Runner, tmp_path: Path
) -> None:
    vault = Vault(tmp_path / "vault")
    recipients = [age_public(IDENTITY)]
    for number, data in enumerate(FILES, start=1):
        vault.file("d1", number).write_bytes(packages.seal_bytes(data, recipients))
    vault.keep_record("d1", packages.seal_bytes(b"{}", recipients))
    vault.manifest("d1")
    vault.close("d1", NAME, b"")
    data = vault.path(NAME).read_bytes()
    count = 0
    seen = set()
    while True:
        count += 1
        vault.path(NAME).write_bytes(data)
        job = {"function": "tests.crash.test_vault:life", "vault": str(vault.folder), "state": "destroying"}
        await runner.start(**job, count=count, kills=True)
        code = await runner.ended()
        seen.add(look(vault.folder))
        vault.sweep(())
        vault.destroy(NAME)
        assert [p.name for p in vault.folder.iterdir()] == [".drafts"]
        if code != KILLED:
            break
    assert code == 0, runner.last_words()
    assert seen == {"whole", "none"}
    assert count > 6
