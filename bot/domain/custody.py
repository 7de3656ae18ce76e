"""The custody log: what was done with sealed packages, by whom of the staff; never who sent them, never what is inside.

Each line is JSON that holds the hash of the line before it and the signature of the bot's custody key, so that what was
deleted, altered, moved or cut off is found; a cut end only against a head that was told outside before (R19, R20).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from bot.errors import UserError
from bot.seal import SigningKey, canonical, signed_by
from bot.store import approvals, meta
from bot.store import custody as rows
from bot.store.audit import FIRST
from bot.store.custody import Head
from bot.store.db import Tx

# What can be recorded. Those of the first row tell of a person's act: they carry a day and no hour.
INTAKE = ("sealed", "added", "withdrawn")
STAFF = (
    "exported", "identity", "destination", "refused", "deleted", "recipients", "drill", "drilled", "opening", "opened",
)  # fmt: skip
HELD = ("opening", "opened", "failed")  # what a holder of a key records where a package is opened
UNACCOUNTED = timedelta(days=30)  # after which an exported package is asked about (H32)
DRILL_EVERY = timedelta(days=365)  # for each holder of a key (R18)
LONGEST = 300  # letters of a fact; only a purpose may be that long
# What can be said of an event. Nothing else is taken: an entry is about objects and acts of staff.
FACTS = {
    "by": r"[a-z0-9-]{1,40}",  # ids of staff
    "second": r"[a-z0-9-]{1,40}",
    "approval": r"[A-Z0-9]{1,12}",
    "destination": r"[a-z0-9-]{1,40}",
    "reason": r"[a-z0-9-]{1,40}",
    "adds_to": r"[0-9a-f]{64}",
    "fingerprint": r"[0-9a-f ]{1,40}",
    "holder": r"[a-z0-9-]{1,30}",
    "proof": r"[0-9a-f]{64}",
}
SUBJECT = re.compile(r"|[0-9a-f]{64}")
SIGNER = "custody"


@dataclass(frozen=True)
class Imported:
    """What came of a holder's file: how many entries were new, and which drills they prove."""

    holder: str
    new: int
    drills: int


# ---- lines ---------------------------------------------------------------------------------------------------------


def line_of(
    last: Mapping[str, Any] | None, key: SigningKey, *, at: str, event: str, subject: str, facts: Mapping[str, Any]
) -> str:
    """The line that follows `last`, signed."""
    entry: dict[str, Any] = {
        "seq": last["seq"] + 1 if last else 1,
        "at": at,
        "event": event,
        "subject": subject,
        "facts": dict(facts),
        "key": key.public,
        "previous": last["hash"] if last else FIRST,
    }
    entry["hash"] = hashlib.sha256(canonical(entry)).hexdigest()
    entry["signatures"] = {SIGNER: {"ed25519:1": key.sign_json(entry)}}
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def verify(lines: Iterable[str], public: str, against: Iterable[Mapping[str, Any]] = ()) -> int | None:
    """The number of the first bad entry, or None.

    `lines` are a whole log, oldest first, and `public` is the key that signed it. `against` holds what was told before:
    objects with `seq` and `hash`. What is missing at the end counts as bad from the first missing entry on.
    """
    hashes: list[str] = []
    bad = None
    for expected, line in enumerate(lines, start=1):
        entry = _entry(line)
        whole = entry is not None and _follows(entry, expected, hashes[-1] if hashes else FIRST, public)
        if entry is None or not whole:
            bad = expected
            break
        hashes.append(entry["hash"])
    for told in against:
        seq = told.get("seq")
        if type(seq) is not int or seq < 1:
            continue
        if seq > len(hashes):
            bad = min(bad or len(hashes) + 1, len(hashes) + 1)
        elif hashes[seq - 1] != told.get("hash"):
            bad = min(bad or seq, seq)
    return bad


def each_signed(found: Iterable[str], subject: str) -> bool:
    """Whether these lines, taken out of a log, are about `subject` and each as it was signed, all with one key."""
    entries = [_entry(line) for line in found]
    keys = {str(e.get("key")) for e in entries if e}
    return len(keys) == 1 and all(
        e is not None and e.get("subject") == subject and _signed(e, next(iter(keys))) for e in entries
    )


def _follows(entry: Mapping[str, Any], seq: int, previous: str, public: str) -> bool:
    return entry.get("seq") == seq and entry.get("previous") == previous and _signed(entry, public)


def _signed(entry: Mapping[str, Any], public: str) -> bool:
    try:
        digest = hashlib.sha256(canonical({k: v for k, v in entry.items() if k != "hash"})).hexdigest()
    except (ValueError, RecursionError):  # half a letter, or nested too deep: no line of ours
        return False
    return entry.get("key") == public and entry.get("hash") == digest and signed_by(entry, SIGNER, "1", public)


def _entry(line: str) -> dict[str, Any] | None:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return entry if isinstance(entry, dict) else None


# ---- the bot's own log ---------------------------------------------------------------------------------------------


def record(tx: Tx, event: str, subject: str = "", **facts: Any) -> dict[str, Any]:
    """Add an entry about an object: `subject` is the SHA-256 of a package's manifest, or "" where there is none.

    `facts` are ids of staff, a destination and the like (FACTS), and the `purpose` that a staff member gave. An entry
    about what a person did carries the day only.
    """
    assert event in (*INTAKE, *STAFF)
    assert SUBJECT.fullmatch(subject)
    for name, value in facts.items():
        plain = name == "purpose" and isinstance(value, str) and 0 < len(value) <= LONGEST
        assert plain or re.fullmatch(FACTS[name], str(value)), name
    return _append(tx, event, subject, facts)


def _append(tx: Tx, event: str, subject: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    at = tx.now.date().isoformat() if event in INTAKE else moment(tx.now)
    last = rows.get_last_custody(tx)
    line = line_of(last, tx.keys.signer(), at=at, event=event, subject=subject, facts=facts)
    entry: dict[str, Any] = json.loads(line)
    rows.insert_custody(tx, entry["seq"], subject, event, line)
    return entry


def record_once(tx: Tx, event: str, subject: str, **facts: Any) -> None:
    """Like `record`, when that was not recorded of the object yet: what a kill interrupted may be done again."""
    if not any(json.loads(line)["event"] == event for line in rows.list_custody(tx, subject=subject)):
        record(tx, event, subject, **facts)


def lines(tx: Tx, subject: str | None = None) -> list[str]:
    """The lines about one object, or the whole log, oldest first."""
    return rows.list_custody(tx, subject=subject)


def as_file(found: Sequence[str]) -> bytes:
    """Lines as `custody.jsonl` holds them."""
    return "".join(f"{line}\n" for line in found).encode()


def first_bad(tx: Tx, against: Iterable[Mapping[str, Any]] = ()) -> int | None:
    """The number of the first bad entry of our own log: by itself, by the heads of each day, and by `against`."""
    told = [{"seq": h.seq, "hash": h.hash} for h in rows.list_custody_heads(tx) if h.seq]
    return verify(rows.list_custody(tx), tx.keys.signer().public, [*told, *against])


def moment(value: datetime) -> str:
    """A moment as the log writes it, to the second."""
    return f"{value:%Y-%m-%dT%H:%M:%SZ}"


# ---- to whom it is sealed, and what is handed out -------------------------------------------------------------------


def seen_recipients(tx: Tx) -> int:
    """The highest version of the list of recipients that was used: an older one is a list that was rolled back."""
    return int(meta.get_meta(tx, "recipients-version", 0))


def adopt_recipients(tx: Tx, version: int, fingerprint: str) -> bool:
    """Note that a list is used from now on; whether it is newer than what was used before."""
    if version <= seen_recipients(tx):
        return False
    meta.set_meta(tx, "recipients-version", version)
    record(tx, "recipients", fingerprint=fingerprint)
    return True


@dataclass(frozen=True)
class Handout:
    """What two people allowed to leave the vault: `kind` is export (the package) or identity (its sealed identity)."""

    kind: str
    vault: str
    destination: str
    by: str
    purpose: str
    approval: str


def access_handout(tx: Tx, ref: str) -> Handout:
    """What was approved under the reference `ref`: a request `export` or `identity` whose subject names `vault` and
    `destination`.

    Raises UserError `custody-not-approved` for one that is not there, not approved, not about that or over.
    """
    found = approvals.get_approval(tx, ref.upper())
    if found is None or found.deed not in ("export", "identity") or found.state != "done":
        raise UserError("custody-not-approved", ref=ref[:12])
    if found.expires_at <= tx.now or "vault" not in found.subject:
        raise UserError("custody-not-approved", ref=ref[:12])
    destination = str(found.subject.get("destination", "folder"))
    return Handout(found.deed, found.subject["vault"], destination, found.asked_by, found.purpose, found.ref)


def record_handout(tx: Tx, found: Handout, subject: str) -> list[str]:
    """Record that a package (or its identity) leaves; its lines until now. Done again, it is recorded once."""
    event = "exported" if found.kind == "export" else "identity"
    there = [json.loads(line) for line in rows.list_custody(tx, subject=subject)]
    if not any(e["event"] == event and e["facts"].get("approval") == found.approval for e in there):
        facts = {"by": found.by, "approval": found.approval, "destination": found.destination}
        record(tx, event, subject, **facts, **({"purpose": found.purpose[:LONGEST]} if found.purpose else {}))
    return rows.list_custody(tx, subject=subject)


# ---- heads: what is told outside -----------------------------------------------------------------------------------


def head(tx: Tx) -> Head:
    """The head of today, kept: the same all day, also when nothing happened."""
    today = tx.now.date()
    last = rows.get_last_custody(tx)
    rows.insert_custody_head(tx, today, last["seq"] if last else 0, last["hash"] if last else FIRST)
    (found,) = (h for h in rows.list_custody_heads(tx) if h.day == today)
    return found


def head_file(found: Head) -> bytes:
    """A head as it is time-stamped and kept outside: nothing of the log but its length and its last hash."""
    return json.dumps({"day": found.day.isoformat(), "hash": found.hash, "seq": found.seq}).encode() + b"\n"


def unstamped(tx: Tx) -> list[Head]:
    """The heads that no timestamp service has seen yet, oldest first."""
    return [h for h in rows.list_custody_heads(tx) if h.token is None]


def stamped(tx: Tx, day: date, token: bytes) -> None:
    """Keep what a timestamp service answered for the head of a day."""
    rows.set_custody_token(tx, day, token)


def heads(tx: Tx) -> list[Head]:
    """Every day's head, oldest first."""
    return rows.list_custody_heads(tx)


# ---- what holders of keys bring back -------------------------------------------------------------------------------


def join(tx: Tx, found: Sequence[str], *, holder: str, public: str) -> Imported:
    """Take a holder's file into our log: each of its entries once, whole and as it was signed.

    Raises UserError `custody-file-bad` for the first entry that is not the holder's or not as it was joined before.
    """
    known = [e for e in map(json.loads, _joined(tx)) if e["facts"]["entry"]["key"] == public]
    before = [e["facts"]["entry"] for e in known]
    if (bad := verify(found, public, before)) is not None:
        raise UserError("custody-file-bad", seq=bad)
    new = [json.loads(line) for line in found[len(before) :]]
    for entry in new:
        if entry["event"] not in HELD or not SUBJECT.fullmatch(str(entry["subject"])):
            raise UserError("custody-file-bad", seq=entry["seq"])
    drills = 0
    for entry in new:
        event = "opening" if entry["event"] == "failed" else entry["event"]
        _append(tx, event, entry["subject"], {"holder": holder, "entry": entry})
        if entry["event"] == "opened" and _proves_drill(tx, entry):
            record(tx, "drilled", entry["subject"], holder=holder)
            drills += 1
    return Imported(holder, len(new), drills)


def _joined(tx: Tx) -> list[str]:
    found = [*rows.list_custody(tx, event="opening"), *rows.list_custody(tx, event="opened")]
    return sorted(found, key=lambda line: int(json.loads(line)["seq"]))


def _proves_drill(tx: Tx, entry: Mapping[str, Any]) -> bool:
    """Whether a holder opened a test package of ours: they say what only its inside tells."""
    made = [json.loads(line) for line in rows.list_custody(tx, event="drill")]
    code = str(entry["facts"].get("drill", ""))
    proof = hashlib.sha256(code.encode()).hexdigest()
    return any(m["subject"] == entry["subject"] and m["facts"]["proof"] == proof for m in made)


def last_drills(tx: Tx) -> dict[str, datetime]:
    """When each holder last opened a test package."""
    found = [json.loads(line) for line in rows.list_custody(tx, event="drilled")]
    return {e["facts"]["holder"]: datetime.fromisoformat(e["at"]) for e in found}


def overdue_drills(tx: Tx, holders: Iterable[str]) -> list[str]:
    """The holders who opened no test package within a year."""
    last = last_drills(tx)
    return [h for h in holders if h not in last or last[h] < tx.now - DRILL_EVERY]


def unaccounted(tx: Tx) -> list[str]:
    """The objects that were handed out more than 30 days ago and that no holder's file accounts for since."""
    opened = [(e["subject"], e["at"]) for e in map(json.loads, rows.list_custody(tx, event="opened"))]
    late = []
    for entry in map(json.loads, rows.list_custody(tx, event="exported")):
        told = any(subject == entry["subject"] and at >= entry["at"] for subject, at in opened)
        if not told and datetime.fromisoformat(entry["at"]) < tx.now - UNACCOUNTED:
            late.append(entry["subject"])
    return list(dict.fromkeys(late))
