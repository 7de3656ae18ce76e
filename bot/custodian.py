"""What the command line does with keys and custody: the signed list, the log and its heads, drills, handing out.

Opening packages is bot/unseal.py.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bot import console, packages, recipients, timestamp
from bot import record as records
from bot.config import Config
from bot.domain import custody
from bot.errors import StartError, UserError
from bot.recipients import Recipients
from bot.seal import KeyRing, SigningKey, b64, new_age_key, unb64, write_private
from bot.store.db import Tx
from bot.store.migrate import head as newest
from bot.store.migrate import version
from bot.store.vault import Vault, new_name
from bot.text import Texts, day

T = TypeVar("T")


@cache
def _texts() -> Texts:
    return Texts()


def say(name: str, /, **values: Any) -> None:
    """A sentence for who sits at the console."""
    print(_texts().sentence(console.language(), name, **values))


# ---- keys: what is made and signed offline -------------------------------------------------------------------------


def init_signer(path: Path) -> int:
    """Make the key that signs the list; its public part goes into the config."""
    key = SigningKey.new()
    _new_file(path, b64(key.seed) + "\n")
    say("keys-signer-made", file=str(path))
    print(f"keys:\n  signer: {key.public}")
    return 0


def make(path: Path) -> int:
    """Make a holder's key, as `age-keygen` writes it, and beside it the key that signs what they open."""
    identity, public = new_age_key()
    signs = SigningKey.new()
    _new_file(path, f"# public key: {public}\n{identity}\n")
    _new_file(path.with_name(path.name + ".sign"), b64(signs.seed) + "\n")
    say("keys-made", file=str(path))
    print(public)
    print(f"--signs {signs.public}")
    return 0


def _new_file(path: Path, text: str) -> None:
    if path.exists():
        raise StartError("keys-file-there", file=str(path))
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, text.encode())


def show_list(path: Path) -> int:
    """Print the list as it stands in its file, signed or not."""
    found = recipients.load(path)
    _print(found)
    say("keys-list", seq=found.version, fingerprint=found.fingerprint)
    return 0


def add(
    path: Path, name: str, age: str, *, identity: bool, expires: date | None = None, signs: str | None = None
) -> int:
    """Put a key into the list; it has to be signed again."""
    found = recipients.load(path)
    new = recipients.recipient(name=name, age=age, identity=identity, expires=expires, signs=signs)
    if any(r.name == name or r.age == age for r in found.recipients):
        raise UserError("recipients-twice", name=name)
    recipients.save(path, recipients.changed(found, (*found.recipients, new)))
    say("keys-added", name=name, fingerprint=new.fingerprint)
    say("keys-sign-again")
    return 0


def remove(path: Path, name: str) -> int:
    """Take a key out of the list; it has to be signed again."""
    found = recipients.load(path)
    rest = tuple(r for r in found.recipients if r.name != name)
    if len(rest) == len(found.recipients):
        raise UserError("recipients-unknown", name=name)
    recipients.save(path, recipients.changed(found, rest))
    say("keys-removed", name=name)
    say("keys-sign-again")
    return 0


def sign(path: Path, signer: Path, days: int) -> int:
    """Sign the list as its next version."""
    try:
        seed = unb64(signer.read_text(encoding="utf-8").strip())
    except ValueError:
        seed = b""
    if len(seed) != 32:
        raise UserError("keys-no-signer", file=signer.name)
    key = SigningKey(seed)
    found = recipients.sign(path, key, today=_now().date(), valid=timedelta(days=days))
    assert found.expires
    say("keys-signed", seq=found.version, date=day(found.expires), fingerprint=found.fingerprint, signature=key.public)
    return 0


def _print(found: Recipients) -> None:
    """Each key with who holds it; a key stands alone in its line, so that it can be copied."""
    for r in found.recipients:
        print(r.name)
        print(f"  {r.age}")
        say("keys-print", fingerprint=r.fingerprint)
        if r.identity:
            say("keys-identity")
        if r.expires:
            say("keys-until", date=day(r.expires))


# ---- keys: what the bot uses ---------------------------------------------------------------------------------------


def show(config: Config) -> int:
    """Print to whom the bot seals now, and what is overdue; 1 when intake is closed for want of keys."""
    path = config.path(config.keys.recipients)
    seen = _in_database(config, custody.seen_recipients) if _started(config) else 0
    found = recipients.read(path, config.keys.signer, seen=seen, now=_now())
    _print(found)
    assert found.expires
    say("keys-in-use", seq=found.version, date=day(found.expires), fingerprint=found.fingerprint)
    if _started(config):
        names = [r.name for r in found.recipients]
        if late := _in_database(config, lambda tx: custody.overdue_drills(tx, names)):
            say("keys-drill-overdue", list=", ".join(late))
    return 0


def drill(config: Config, path: Path) -> int:
    """Seal a test package for a yearly exercise: who opens it and brings their file back has shown that they can."""
    _at_head(config)
    if path.exists():
        raise StartError("keys-file-there", file=str(path))
    seen = _in_database(config, custody.seen_recipients)
    found = recipients.read(config.path(config.keys.recipients), config.keys.signer, seen=seen, now=_now())
    code = secrets.token_hex(16)
    text = _texts().sentence(console.language(), "keys-drill-text")
    record = records.build(
        received_at=_now(), form={"id": "drill", "version": "0" * 64, "title": text}, language=console.language(),
        path="drill", gate={}, hard_stop=None, consent=(), destinations={}, answers=(), files=(), texts=(text,),
        instance="<drill/>", drill=code,
    )  # fmt: skip
    with tempfile.TemporaryDirectory(dir=config.folder) as scratch:  # a vault of its own: the bot sweeps the other one
        vault, draft, name = Vault(Path(scratch)), "drill", new_name()
        vault.keep_record(draft, packages.seal_bytes(record, found.keys))
        subject = packages.known_by(vault.manifest(draft))
        proof = hashlib.sha256(code.encode()).hexdigest()

        def recorded(tx: Tx) -> list[str]:
            custody.record(tx, "drill", subject, proof=proof)
            return custody.lines(tx, subject)

        lines = custody.as_file(_in_database(config, recorded))
        vault.close(draft, name, lines)
        vault.hand_out(name, path, lines)
    say("keys-drill-made", file=str(path))
    return 0


# ---- custody -------------------------------------------------------------------------------------------------------


def verify(config: Config, against: Path | None) -> int:
    """Say whether the log is whole; 1 and the first bad entry when it is not."""
    told = _told(against) if against else []
    _at_head(config)
    bad = _in_database(config, lambda tx: custody.first_bad(tx, told))
    if bad is not None:
        say("custody-broken", seq=bad)
        return 1
    say("custody-whole", count=len(_in_database(config, custody.lines)))
    if config.keys.timestamp_ca is not None:
        ca = config.path(config.keys.timestamp_ca).read_bytes()
        for found in _in_database(config, custody.heads):
            if found.token is not None:
                when = timestamp.check(found.token, custody.head_file(found), ca)
                say("custody-stamped", date=day(found.day), at=custody.moment(when))
    return 0


def _told(path: Path) -> list[dict[str, Any]]:
    """What was told of the log before: a head, or lines of the log."""
    try:
        found = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        if not found or not all(type(f["seq"]) is int and isinstance(f["hash"], str) for f in found):
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError):
        raise UserError("custody-against-what", file=path.name) from None
    return [f for f in found if f["seq"]]


def log(config: Config, path: Path) -> int:
    """Write the whole log to a file, to be kept elsewhere and compared with later."""
    _at_head(config)
    found = _in_database(config, custody.lines)
    write_private(path, custody.as_file(found))
    say("custody-written", count=len(found), file=str(path))
    return 0


def head(config: Config, folder: Path) -> int:
    """Write today's head into a folder, with the token of the timestamp service where one is configured."""
    _at_head(config)
    found = _in_database(config, custody.head)
    if config.keys.timestamp_url is not None and found.token is None:
        token = timestamp.fetch(config.keys.timestamp_url, custody.head_file(found))
        _in_database(config, lambda tx: custody.stamped(tx, found.day, token))
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for one in _in_database(config, custody.heads):
        if one.day == found.day:
            write_private(folder / f"head-{one.day}.json", custody.head_file(one))
            if one.token is not None:
                write_private(folder / f"head-{one.day}.tsr", one.token)
    say("custody-head", seq=found.seq, sha=found.hash)
    return 0


def import_(config: Config, path: Path, signer: str | None) -> int:
    """Join a holder's file to the log."""
    _at_head(config)
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    public = _signer_of(lines, path)
    if signer is None:
        found = recipients.load(config.path(config.keys.recipients))
        holder = found.holder(public)
        if holder is None:
            raise UserError("custody-whose", file=path.name, signature=public)
    elif signer == public:
        holder = "unlisted"
    else:
        raise UserError("custody-whose", file=path.name, signature=public)
    done = _in_database(config, lambda tx: custody.join(tx, lines, holder=holder, public=public))
    say("custody-imported", count=done.new, name=done.holder)
    if done.drills:
        say("custody-drilled", name=done.holder)
    return 0


def _signer_of(lines: list[str], path: Path) -> str:
    try:
        return str(json.loads(lines[0])["key"])
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise UserError("custody-against-what", file=path.name) from None


def export(config: Config, ref: str, folder: Path) -> int:
    """Write what two people allowed under `ref` into a folder: a package, or its sealed identity."""
    _at_head(config)
    found = _in_database(config, lambda tx: custody.access_handout(tx, ref))
    vault = Vault(config.folder / "vault")
    if found.vault not in vault.names():
        raise UserError("custody-gone", ref=found.approval)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / (f"{found.approval}.tar" if found.kind == "export" else f"{found.approval}-identity.age")
    if target.exists():
        raise StartError("keys-file-there", file=str(target))
    with vault.package(found.vault) as package:
        subject, has_identity = package.subject, packages.IDENTITY in package.sizes
    if found.kind == "identity" and not has_identity:
        raise UserError("custody-no-identity", ref=found.approval)
    lines = _in_database(config, lambda tx: custody.record_handout(tx, found, subject))
    if found.kind == "export":
        vault.hand_out(found.vault, target, custody.as_file(lines))
    else:
        vault.hand_out_identity(found.vault, target)
    say("custody-exported", file=str(target))
    return 0


# ---- what they share -----------------------------------------------------------------------------------------------


def _now() -> datetime:
    return datetime.now(UTC)


def _started(config: Config) -> bool:
    """Whether there is a database that this program may look into; looking never makes one."""
    url = config.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return False
    return version(url) == newest()


def _at_head(config: Config) -> None:
    if not _started(config):
        raise StartError("doctor-never-started")


def _in_database(config: Config, function: Callable[[Tx], T]) -> T:
    keys = KeyRing(config.path(config.keys.folder), used=True)
    return console.from_database(config, keys, function)


def list_path(config: Config | None, given: Path | None) -> Path:
    """Which list is meant: the one that was named, else that of the config, else the one in this folder."""
    if given is not None:
        return given
    return config.path(config.keys.recipients) if config else Path("recipients.json")
