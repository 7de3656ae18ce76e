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

from bot.config import Config
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
May = Callable[[Tx, Config, dict[str, Any], str], bool]
_deeds: dict[str, Deed] = {}
_may: dict[str, May] = {}


def reference() -> str:
    """A short reference that can be said over the telephone: R7Q2."""
    return "".join(secrets.choice(kind) for kind in (LETTERS, DIGITS, LETTERS, DIGITS))


def deed(name: str, *, may: May | None = None) -> Callable[[Deed], Deed]:
    """Register what happens when something called `name` has been approved.

    `may` tells whether an account may know of it and decide; without it everybody may who can approve at all.
    """

    def register(function: Deed) -> Deed:
        assert name not in _deeds
        _deeds[name] = function
        if may is not None:
            _may[name] = may
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


def is_free(tx: Tx, ref: str) -> bool:
    """Whether nothing is called that."""
    return rows.get_approval(tx, ref) is None


def may_decide(tx: Tx, config: Config, found: Approval, account: str) -> bool:
    may = _may.get(found.deed)
    return may is None or may(tx, config, found.subject, account)


def access_open(tx: Tx, config: Config, ref: str, account: str) -> Approval:
    """The open request `ref`. One that never was, one that is over and one of others look alike."""
    found = rows.get_approval(tx, ref.upper())
    over = found is None or found.state != "open" or found.expires_at <= tx.now
    if found is None or over or not may_decide(tx, config, found, account):
        raise UserError("approval-none", ref=ref[:12])
    return found


def list_for(tx: Tx, config: Config, account: str) -> list[Approval]:
    """What waits for this account: asked by somebody else, and for it to decide."""
    who = config.staff_id(account)
    found = rows.list_open_approvals(tx)
    return [a for a in found if a.asked_by != who and a.expires_at > tx.now and may_decide(tx, config, a, account)]


def approve(tx: Tx, config: Config, ref: str, *, by: str, account: str, **given: Any) -> bool:
    """The human `by` says yes from `account`; whether that was enough and the deed is done. `given`: for the deed."""
    found = access_open(tx, config, ref, account)
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
    known = {"config": config, "ref": found.ref, "asked_by": found.asked_by, "approved_by": by}
    _deeds[found.deed](tx, found.subject | given | known)
    return True


def refuse(tx: Tx, config: Config, ref: str, *, by: str, account: str) -> Approval:
    """The human `by` says no: the request is over. The one who asked may take it back this way."""
    found = access_open(tx, config, ref, account)
    rows.set_approval_state(tx, found.ref, "refused")
    append_audit(tx, f"refused:{found.deed}", actor=by, ref=found.ref)
    return found


def expire(tx: Tx) -> list[str]:
    """Close what nobody decided within seven days."""
    refs = rows.expire_approvals(tx)
    for ref in refs:
        append_audit(tx, "expired", ref=ref)
    return refs
