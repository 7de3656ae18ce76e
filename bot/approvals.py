"""The one mechanism for everything that needs two people.

A row says what is to be done (deed and subject), the SHA-256 of exactly that, who asked and why. The one who asked
never approves; several accounts of one human are one person; what changes afterwards is no longer what was approved.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.errors import UserError
from bot.store import approvals as rows
from bot.store.approvals import Approval
from bot.store.audit import append_audit
from bot.store.db import Tx

EXPIRES = timedelta(days=7)
REMINDS = timedelta(days=1)
LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS = "23456789"

Deed = Callable[[Tx, dict[str, Any]], None]
_deeds: dict[str, Deed] = {}


def reference() -> str:
    """A short reference that can be said over the telephone: R7Q2."""
    return "".join(secrets.choice(kind) for kind in (LETTERS, DIGITS, LETTERS, DIGITS))


def deed(name: str) -> Callable[[Deed], Deed]:
    """Register what happens when something called `name` has been approved."""

    def register(function: Deed) -> Deed:
        assert name not in _deeds
        _deeds[name] = function
        return function

    return register


def subject_hash(subject: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(subject, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def request(tx: Tx, name: str, subject: dict[str, Any], *, asked_by: str, purpose: str = "", needed: int = 1) -> str:
    """Ask for `needed` approvals by others than the human `asked_by`. Returns the reference."""
    assert name in _deeds
    ref = reference()
    rows.insert_approval(
        tx,
        ref=ref,
        deed=name,
        subject=subject,
        subject_hash=subject_hash(subject),
        needed=needed,
        asked_by=asked_by,
        purpose=purpose,
        expires_at=tx.now + EXPIRES,
    )
    append_audit(tx, f"asked:{name}", actor=asked_by, ref=ref)
    return ref


def access_open(tx: Tx, ref: str) -> Approval:
    """The open request `ref`. One that never was and one that is over look alike."""
    found = rows.get_approval(tx, ref.upper())
    if found is None or found.state != "open" or found.expires_at <= tx.now:
        raise UserError("approval-none", ref=ref[:12])
    return found


def approve(tx: Tx, ref: str, *, by: str) -> bool:
    """The human `by` says yes; whether that was enough and the deed is done."""
    found = access_open(tx, ref)
    if found.asked_by == by:
        raise UserError("approval-own", ref=found.ref)
    if subject_hash(found.subject) != found.subject_hash:
        rows.set_approval_state(tx, found.ref, "void")
        raise UserError("approval-none", ref=found.ref)
    if not rows.insert_vote(tx, found.ref, by, yes=True):
        raise UserError("approval-twice", ref=found.ref)
    append_audit(tx, f"approved:{found.deed}", actor=by, ref=found.ref)
    if rows.count_yes(tx, found.ref) < found.needed:
        return False
    rows.set_approval_state(tx, found.ref, "done")
    _deeds[found.deed](tx, found.subject | {"ref": found.ref, "asked_by": found.asked_by, "approved_by": by})
    return True


def refuse(tx: Tx, ref: str, *, by: str) -> Approval:
    """The human `by` says no: the request is over. The one who asked may take it back this way."""
    found = access_open(tx, ref)
    rows.set_approval_state(tx, found.ref, "refused")
    append_audit(tx, f"refused:{found.deed}", actor=by, ref=found.ref)
    return found


def expire(tx: Tx) -> list[str]:
    """Close what nobody decided within seven days."""
    refs = rows.expire_approvals(tx)
    for ref in refs:
        append_audit(tx, "expired", ref=ref)
    return refs
