"""What the tests of keys, custody and unsealing share: holders of keys, a sealed package, the command line."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import cli, custodian, packages, record
from bot.domain import custody
from bot.seal import AttachmentEncryptor, AttachmentKey, KeyRing, SigningKey, age_public, unb64
from bot.store.vault import Vault
from bot.text import Texts

RECEIVED = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
SHIPPED = ("What happened? Use your own words.", "Who you are and what we are.", "Where may it go?", "Send a file.")
BOT = SigningKey.new()


@dataclass
class Place:
    """A folder with an offline machine in it, and the bot's config."""

    folder: Path
    texts: Texts
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch
    said: str = field(default="", init=False)

    def path(self, name: str) -> Path:
        return self.folder / name

    def liaison(self, *typed: str | Path, answers: str = "", language: str = "en") -> int:
        """Run `liaison` here; what it said is in `said`."""
        with self.monkeypatch.context() as now:
            now.chdir(self.folder)
            now.setenv("LIAISON_LANGUAGE", language)
            now.delenv("LIAISON_DATABASE_URL", raising=False)
            now.setattr(cli, "Texts", lambda: self.texts)  # reading the catalogues takes longer than all else here
            now.setattr(custodian, "Texts", lambda: self.texts)
            now.setattr(sys, "argv", ["liaison", *map(str, typed)])
            now.setattr(sys, "stdin", io.StringIO(answers))
            self.capsys.readouterr()
            with pytest.raises(SystemExit) as ended:
                cli.main()
        found = self.capsys.readouterr()
        self.said = found.out + found.err
        assert ended.value.code is None or isinstance(ended.value.code, int)
        return ended.value.code or 0

    def does(self, *typed: str | Path, **more: Any) -> str:
        """Run `liaison`, which succeeds; what it said."""
        assert self.liaison(*typed, **more) == 0, self.said
        return self.said

    def keys(self, *holders: str) -> list[str]:
        """Keys of holders, a signer, and the list signed; their public keys."""
        self.does("keys", "init-signer", "signer")
        found = []
        for holder in holders:
            self.does("keys", "make", holder)
            found.append(self.public(holder))
            signs = self.said.split("--signs ")[1].strip()
            more = ["--identity"] if holder == holders[0] else []
            self.does("keys", "add", holder, found[-1], "--signs", signs, *more)
        self.does("keys", "sign", "--signer", "signer")
        return found

    def public(self, holder: str) -> str:
        return age_public(self.path(holder).read_text().splitlines()[1])

    def config(self, **keys: Any) -> None:
        """The bot's config beside the list, with the signer pinned."""
        seed = self.path("signer").read_text().strip()
        settings = {"keys": {"signer": SigningKey(unb64(seed)).public, **keys}}
        self.path("config.yaml").write_text(yaml.safe_dump(settings))

    def start_bot(self, template: bytes) -> None:
        """The bot of this config was started once: it has its keys and a database."""
        self.path("data").mkdir(mode=0o700)
        self.path("data/liaison.db").write_bytes(template)
        KeyRing(self.path("keys")).make()


def an_answer(name: str, value: Any, *, number: int = 0, kind: str = "text", **more: Any) -> dict[str, Any]:
    ref = f"/data/item[{number}]/{name}" if number else f"/data/{name}"
    text = SHIPPED[0]
    return {
        "ref": ref, "name": name, "type": kind, "label": text, "text_sha256": record.text_sha256(text),
        "language": "ar", "value": value, **more,
    }  # fmt: skip


def a_record(files: list[dict[str, Any]], **more: Any) -> bytes:
    """A record as the dialogue builds one."""
    sha = record.text_sha256(SHIPPED[1])
    consent = [
        {"element": e, "answer": "yes", "text_sha256": sha, "language": "ar", "version": "1"} for e in record.CONSENT
    ]
    answers = [
        an_answer("first_account", '=HYPERLINK("http://x") <script>alert(1)</script> مرحبا'),
        an_answer("date_start", "2024-03-05", kind="date"),
        an_answer("date_end", "2024-03-07", kind="date"),
        an_answer("place", "-12.5 30.25 0 0", kind="geopoint"),
        an_answer("violation_hint", ["arrest", "threats"], kind="select_multiple", choices=[
            {"value": "arrest", "label": "Arrest", "huridocs": "03010100000004"},
            {"value": "threats", "label": "Threats | others", "huridocs": "02010301000004"},
        ]),
        an_answer("people_affected", "family", kind="select_one", choices=[{"value": "family", "label": "My family"}]),
        an_answer("number_affected", 3, kind="integer"),
        an_answer("alleged_actor_type", ["police"], kind="select_multiple", choices=[
            {"value": "police", "label": "Police", "huridocs": "01010400000024"}]),
        an_answer("prior_account", "none", kind="select_one", choices=[{"value": "none", "label": "Nobody"}]),
        an_answer("contact_window", None, skipped="skipped"),
        *(an_answer("item_file", f["claimed_name"], number=f["number"], kind="file", files=[f["number"]])
          for f in files),
        *(an_answer("item_changed", ["none"], number=f["number"], kind="select_multiple") for f in files),
    ]  # fmt: skip
    values: dict[str, Any] = {
        "received_at": RECEIVED, "form": {"id": "evidence", "version": "ab" * 32, "title": "Form"}, "language": "ar",
        "path": "short", "gate": {"safe_now": "yes"}, "hard_stop": None, "consent": consent,
        "destinations": {"iiim": "yes", "icc": "ask"}, "answers": answers, "files": files, "texts": SHIPPED,
        "instance": '<data id="evidence"><first_account/></data>',
    }  # fmt: skip
    return record.build(**{**values, **more})


def a_file(number: int, data: bytes, sealed: packages.Sealed, **more: Any) -> dict[str, Any]:
    return {
        "number": number, "part": packages.file_name(number), "sha256": sealed.sha256, "sha512": sealed.sha512,
        "size": sealed.size, "type": sealed.type, "claimed_name": "../../\u202egpj.exe", "claimed_type": "image/jpeg",
        "encrypted_on_arrival": True, "voice": False, "graphic": None, **more,
    }  # fmt: skip


def a_package(
    folder: Path, keys: list[str], originals: list[bytes], *, identity: bytes | None = None, **more: Any
) -> tuple[Path, str]:
    """A package as it is handed out, and its subject."""
    shutil.rmtree(folder / "vault", ignore_errors=True)
    vault, name = Vault(folder / "vault"), "ab" * 16
    files = []
    for number, data in enumerate(originals, start=1):
        encryptor = AttachmentEncryptor()
        spool = io.BytesIO(encryptor.update(data))
        key = AttachmentKey.parse(encryptor.file_object("mxc://example.org/abc"))
        sealed = packages.seal_file(spool, key, keys, vault.file("d1", number))
        files.append(a_file(number, data, sealed))
    if "files" in more:
        files = more.pop("files")(files)
    who = None if identity is None else packages.seal_bytes(identity, keys[:1])
    vault.keep_record("d1", packages.seal_bytes(a_record(files, **more), keys), who)
    subject = hashlib.sha256(vault.manifest("d1")).hexdigest()
    line = custody.line_of(None, BOT, at="2026-11-23", event="sealed", subject=subject, facts={})
    vault.close("d1", name, custody.as_file([line]))
    vault.hand_out(name, folder / "R7Q2.tar", custody.as_file([line]))
    if identity is not None:
        vault.hand_out_identity(name, folder / "R7Q2-identity.age")
    return folder / "R7Q2.tar", subject


def entries(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def place(
    tmp_path: Path,
    texts: Texts,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    logging_put_back: None,
) -> Place:
    return Place(tmp_path, texts, capsys, monkeypatch)
