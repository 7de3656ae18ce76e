"""Submissions: what becomes of a sealed package. Staff never learn who sent it; its receipt opens what they may know.

A receipt is sixteen random digits, kept as a slow hash under one salt, so that looking one up is one hash. What was
withdrawn answers like what never was.
"""

from __future__ import annotations

import json
import re
import secrets
from datetime import timedelta
from typing import Any

from bot import approvals, outbox
from bot.approvals import reference
from bot.config import Config
from bot.domain import custody, desks
from bot.errors import UserError
from bot.message import Part
from bot.seal import same, slow_hash
from bot.store import submissions as rows
from bot.store.audit import append_audit
from bot.store.db import Tx
from bot.store.meta import get_meta, set_meta
from bot.store.people import Person, get_person_by_id
from bot.store.submissions import Submission

__all__ = ["Submission"]

DIGITS = 16
TRIES_AN_HOUR = 5  # of one person
TRIES_OF_ALL = 60  # an hour; beyond it answers come later, and nobody is locked out
SLOWED = timedelta(seconds=20)
ANNOUNCED_WITHIN = timedelta(hours=24)
LINKED = timedelta(days=90)
STATUSES = (
    "received", "acknowledged", "question", "not-ours", "passed-on", "closed", "withdrawn",
)  # fmt: skip  # H28: none says anything about worth
BY_STAFF = STATUSES[1:-1]
BANDS = ((1, "small"), (20, "middle"), (200, "large"))  # megabytes below which a package is called that
SAID = {"yes": "said-yes", "no": "said-no", "ask": "said-ask"}  # what a person answered to a destination
NAMES = {  # what staff read of a band, a flag, a status
    "small": "size-small", "middle": "size-middle", "large": "size-large", "huge": "size-huge",
    "hard-stop": "flag-hard-stop", "received": "submission-status-received",
    "acknowledged": "submission-status-acknowledged", "question": "submission-status-question",
    "not-ours": "submission-status-not-ours", "passed-on": "submission-status-passed-on",
    "closed": "submission-status-closed", "withdrawn": "submission-status-withdrawn",
}  # fmt: skip
STATUS_NAMES = {name: NAMES[name] for name in BY_STAFF}
DUE = timedelta(days=7)  # within which a person acknowledges


# ---- receipts --------------------------------------------------------------------------------------------------------


def new_receipt() -> str:
    """Sixteen random digits."""
    return "".join(secrets.choice("0123456789") for _ in range(DIGITS))


def grouped(receipt: str) -> str:
    """A receipt as people write down a number."""
    return " ".join(receipt[n : n + 4] for n in range(0, DIGITS, 4))


def read_receipt(typed: str) -> str | None:
    """The receipt in what somebody typed, in the digits of any script and however grouped."""
    digits = "".join(str(int(c)) for c in typed if c.isdecimal())
    others = "".join(c for c in typed if not c.isdecimal()).strip(" \t-–.·/")
    return digits if len(digits) == DIGITS and not any(c.isalpha() for c in others) else None


def salt_of(tx: Tx) -> bytes:
    """The one salt of all receipts."""
    return tx.keys.lookup("receipt", "salt")[:16]


def receipt_hash(receipt: str, salt: bytes) -> str:
    """Slow: outside the transaction."""
    return slow_hash(receipt, salt).hex()


def phrase_hash(phrase: str) -> bytes:
    """A phrase to be kept, with its salt before it. Slow: outside the transaction."""
    salt = secrets.token_bytes(16)
    return salt + slow_hash(phrase.strip().casefold(), salt)


def fits(found: Submission, phrase: str) -> bool:
    """Whether this is the phrase of a package. Slow: outside the transaction."""
    salt, hashed = found.phrase[:16], found.phrase[16:]
    return same(slow_hash(phrase.strip().casefold(), salt), hashed)


def count_try(tx: Tx, person: Person) -> timedelta | None:
    """Count a try with a receipt or a phrase, before it is hashed. How long its answer waits; None: too many."""
    hour = f"{tx.now:%Y%m%d%H}"
    then, by, all_of_them = get_meta(tx, "receipt-tries", ["", {}, 0])
    if then != hour:
        by, all_of_them = {}, 0
    mine = by.get(person.id, 0) + 1
    set_meta(tx, "receipt-tries", [hour, by | {person.id: mine}, all_of_them + 1])
    if mine > TRIES_AN_HOUR:
        return None
    return SLOWED if all_of_them >= TRIES_OF_ALL else timedelta(0)


def by_receipt(tx: Tx, hashed: str) -> Submission | None:
    """The package of a receipt, unless it was withdrawn."""
    found = rows.get_submission_by_receipt(tx, hashed)
    return found if found is not None and found.status != "withdrawn" else None


def access_own(tx: Tx, ref: str, hashed: str) -> Submission:
    """The package that somebody proved to be theirs a moment ago. Raises UserError when it is gone meanwhile."""
    found = rows.get_submission(tx, ref)
    if found is None or found.receipt != hashed:
        raise UserError("receipt-nothing")
    return found


def by_receipt_and_phrase(tx: Tx, hashed: str) -> Submission | None:
    """The package of a receipt also when it was withdrawn: for who proves with the phrase that it is theirs."""
    return rows.get_submission_by_receipt(tx, hashed)


# ---- arriving --------------------------------------------------------------------------------------------------------


def arrived(
    tx: Tx, config: Config, *, vault: str, subject: str, receipt: str, phrase: bytes, about: dict[str, Any]
) -> str:
    """A package lies in the vault: its reference for staff. `about`: form, form_version, language, size, urgent, flags,
    destinations, adds_to, link. Staff hear of it within a day, at a minute that tells nothing; of what is urgent, now.
    """
    ref = reference()
    while rows.get_submission(tx, ref) is not None:
        ref = reference()
    wait = timedelta(seconds=secrets.randbelow(int(ANNOUNCED_WITHIN.total_seconds())))
    link = about.get("link")
    rows.insert_submission(
        tx, ref, vault=vault, subject=subject, receipt=receipt, phrase=phrase, adds_to=about.get("adds_to"),
        form=about["form"], form_version=about["form_version"], language=about["language"], size=band(about["size"]),
        urgent=about["urgent"], flags=" ".join(about["flags"]), destinations=about["destinations"],
        desk=desks.for_language(config, about["language"]), status="received", day=tx.now.date().isoformat(),
        announce_at=tx.now if about["urgent"] else tx.now + wait, announced=False,
        link=link, link_until=tx.now + LINKED if link else None,
    )  # fmt: skip
    return ref


def band(size: int) -> str:
    """A size in bytes as staff see it."""
    return next((name for limit, name in BANDS if size < limit * 1024**2), "huge")


def announce(tx: Tx, config: Config) -> int:
    """Tell each desk in one message what arrived; how many."""
    found = rows.list_to_announce(tx)
    for desk in sorted({s.desk for s in found}):
        mine = [s for s in found if s.desk == desk]
        parts = [Part("arrivals-first", {"count": len(mine)}), *(line(s) for s in mine)]
        if desks.tell(tx, config, parts, desk=desk) is None:
            continue  # there is no desk yet: told when there is
        for s in mine:
            rows.set_submission(tx, s.ref, announced=True)
    return len(found)


def line(found: Submission) -> Part:
    """What staff see of a package, in a line."""
    values = {
        "ref": found.ref,
        "language": {"key": f"language-of-{found.language}"},
        "form": found.form,
        "size": {"key": NAMES[found.size]},
        "status": {"key": NAMES[found.status]},
        "flags": [{"key": NAMES[flag]} for flag in found.flags.split()] or "–",
        "owner": found.owner or "–",
    }
    return Part("submission-line-urgent" if found.urgent else "submission-line", values)


# ---- staff -----------------------------------------------------------------------------------------------------------


def access(tx: Tx, config: Config, account: str, ref: str, at: str | None = None) -> Submission:
    """A package of a desk of this member of the staff. Raises UserError, alike for what is not theirs and not there."""
    found = rows.get_submission(tx, ref.upper())
    if found is None or not found.announced or found.desk not in desks.names_for(config, account, at):
        raise UserError("submission-none", ref=ref[:12])
    return found


def list_for(tx: Tx, config: Config, account: str, at: str | None = None) -> list[Submission]:
    found = rows.list_submissions(tx, desks.names_for(config, account, at))
    return [s for s in found if s.announced and s.status not in ("closed", "withdrawn")]


def assign(tx: Tx, found: Submission, who: str) -> None:
    rows.set_submission(tx, found.ref, owner=who)
    append_audit(tx, "submission-assigned", actor=who, ref=found.ref)


def set_status(tx: Tx, found: Submission, status: str, *, by: str, words: str = "") -> None:
    """Staff say what became of a package; the person reads it with the receipt, or is told where they chose that."""
    if status not in BY_STAFF:
        raise UserError("submission-status-unknown")
    if status == "question" and not words.strip():
        raise UserError("submission-needs-words")
    said = {"status": status, "words": words.strip(), "day": tx.now.date().isoformat()}
    rows.set_submission(
        tx, found.ref, status=status, said=said, acknowledged_at=found.acknowledged_at or tx.now,
        owner=found.owner or by,
    )  # fmt: skip
    append_audit(tx, f"submission-{status}", actor=by, ref=found.ref)
    if found.link and found.link_until and found.link_until > tx.now:
        person = get_person_by_id(tx, found.link["person"])
        if person is not None:
            parts = [Part("news-first"), Part("submission-news")]
            outbox.say(tx, found.link["room"], parts, language=person.language, audience="own", loud=person.call_me)


def overdue(tx: Tx, config: Config, account: str) -> list[Submission]:
    """Packages that no person acknowledged in time."""
    late = (tx.now - DUE).date().isoformat()
    return [s for s in list_for(tx, config, account) if s.acknowledged_at is None and s.day <= late]


def may_go_to(tx: Tx, found: Submission, destination: str, *, by: str) -> bool:
    """Whether the person said yes to this destination; a refusal is recorded (R3)."""
    if found.status == "withdrawn" or found.destinations.get(destination) != "yes":
        name = destination if re.fullmatch(r"[a-z0-9-]{1,40}", destination) else "unknown"
        custody.record(tx, "refused", found.subject, by=by, destination=name)
        return False
    return True


def ask_for(tx: Tx, found: Submission, deed: str, destination: str, purpose: str, *, by: str, account: str) -> str:
    """Ask a second person to hand out a package (`export`) or who sent it (`identity`); the approval's reference."""
    subject = {"vault": found.vault, "destination": destination, "submission": found.ref, "desk": found.desk}
    return approvals.request(tx, deed, subject | {"account": account}, asked_by=by, purpose=purpose[:300])


def _of_the_desk(_tx: Tx, config: Config, subject: dict[str, Any], account: str) -> bool:
    """Only who works at the package's desk may know of such a request, and approvers."""
    return subject["desk"] in config.desks_of(account) or config.role_of(account) == "approver"


@approvals.deed("export", may=_of_the_desk)
def _export_approved(tx: Tx, subject: dict[str, Any]) -> None:
    append_audit(tx, "export-approved", actor=subject["approved_by"], ref=subject["submission"])


@approvals.deed("identity", may=_of_the_desk)
def _identity_approved(tx: Tx, subject: dict[str, Any]) -> None:
    append_audit(tx, "identity-approved", actor=subject["approved_by"], ref=subject["submission"])


# ---- the person afterwards -------------------------------------------------------------------------------------------


def status_parts(found: Submission) -> list[Part]:
    """What the person reads with the receipt."""
    parts = [Part(f"status-{found.status}")]
    if found.said and found.said.get("words"):
        parts += [Part("=line", {"text": found.said["words"]}), Part("no-risk")]
    return parts


def withdraw(tx: Tx, config: Config, found: Submission) -> None:
    """No further use from now on; destroyed after the waiting time, unless it is taken back."""
    days = config.intake.withdrawal_days
    destroys = config.intake.withdrawn == "destroy"
    rows.set_submission(
        tx, found.ref, status="withdrawn", link=None, link_until=None,
        destroy_at=tx.now + timedelta(days=days) if destroys else None,
    )  # fmt: skip
    custody.record(tx, "withdrawn", found.subject)
    desks.tell(tx, config, [Part("submission-withdrawn-desk", {"ref": found.ref})], desk=found.desk)


def take_back_withdrawal(tx: Tx, config: Config, found: Submission) -> None:
    rows.set_submission(tx, found.ref, status="received", destroy_at=None)
    desks.tell(tx, config, [Part("submission-back-desk", {"ref": found.ref})], desk=found.desk)


def passed_on(tx: Tx, found: Submission) -> list[str]:
    """The destinations to which a package was handed out already."""
    entries = (json.loads(entry) for entry in custody.lines(tx, found.subject))
    return sorted({e["facts"]["destination"] for e in entries if e["event"] == "exported"})


def to_destroy(tx: Tx) -> list[Submission]:
    """Withdrawn packages whose waiting time is over."""
    return rows.list_to_destroy(tx)


def destroyed(tx: Tx, found: Submission) -> None:
    """A package is gone from the vault; only now its row goes, so that a kill forgets none."""
    custody.record_once(tx, "deleted", found.subject)
    rows.delete_submission(tx, found.ref)


def unlink(tx: Tx, person_id: str) -> None:
    """Nothing joins this person to a package any more."""
    for s in rows.list_linked(tx):
        if s.link and s.link["person"] == person_id:
            rows.set_submission(tx, s.ref, link=None, link_until=None)


def unlink_due(tx: Tx) -> int:
    """Links whose time is over go."""
    due = [s for s in rows.list_linked(tx) if s.link_until and s.link_until <= tx.now]
    for s in due:
        rows.set_submission(tx, s.ref, link=None, link_until=None)
    return len(due)
