"""Rows of what waits for a second person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import approval, approval_vote


@dataclass(frozen=True)
class Approval:
    ref: str
    deed: str
    subject: dict[str, Any]
    subject_hash: str
    needed: int
    asked_by: str
    purpose: str
    asked_at: datetime
    expires_at: datetime
    state: str


def insert_approval(
    tx: Tx,
    *,
    ref: str,
    deed: str,
    subject: dict[str, Any],
    subject_hash: str,
    needed: int,
    asked_by: str,
    purpose: str,
    expires_at: datetime,
) -> None:
    tx.execute(
        sa.insert(approval).values(
            ref=ref,
            deed=deed,
            subject=tx.keys.seal_json(f"approval.subject.{ref}", subject),
            subject_hash=subject_hash,
            needed=needed,
            asked_by=asked_by,
            purpose=tx.keys.seal_json(f"approval.purpose.{ref}", purpose),
            asked_at=tx.now,
            expires_at=expires_at,
            state="open",
        )
    )


def _approval(tx: Tx, row: sa.Row[Any]) -> Approval:
    return Approval(
        row.ref,
        row.deed,
        tx.keys.open_json(f"approval.subject.{row.ref}", row.subject),
        row.subject_hash,
        row.needed,
        row.asked_by,
        tx.keys.open_json(f"approval.purpose.{row.ref}", row.purpose),
        row.asked_at,
        row.expires_at,
        row.state,
    )


def get_approval(tx: Tx, ref: str) -> Approval | None:
    row = tx.one(sa.select(approval).where(approval.c.ref == ref))
    return _approval(tx, row) if row else None


def list_open_approvals(tx: Tx) -> list[Approval]:
    return [_approval(tx, r) for r in tx.all(sa.select(approval).where(approval.c.state == "open"))]


def list_unreminded(tx: Tx, before: datetime) -> list[Approval]:
    where = (approval.c.state == "open", approval.c.asked_at < before, approval.c.reminded_at.is_(None))
    return [_approval(tx, r) for r in tx.all(sa.select(approval).where(*where))]


def set_reminded(tx: Tx, ref: str) -> None:
    tx.execute(sa.update(approval).where(approval.c.ref == ref).values(reminded_at=tx.now))


def set_approval_state(tx: Tx, ref: str, state: str) -> None:
    tx.execute(sa.update(approval).where(approval.c.ref == ref).values(state=state))


def insert_vote(tx: Tx, ref: str, person_key: str, yes: bool) -> bool:
    """Record a human's answer; False when they had answered before."""
    return tx.insert_or_ignore(approval_vote, ref=ref, person_key=person_key, yes=yes, at=tx.now)


def count_yes(tx: Tx, ref: str) -> int:
    where = (approval_vote.c.ref == ref, approval_vote.c.yes.is_(True))
    return tx.conn.execute(sa.select(sa.func.count()).select_from(approval_vote).where(*where)).scalar_one()


def clear_approvals(tx: Tx, deed: str, case: str) -> None:
    """Empty what was asked about a case that is erased; open requests are over."""
    for row in tx.all(sa.select(approval).where(approval.c.deed == deed)):
        found = _approval(tx, row)
        if found.subject.get("case") == case:
            gone = {
                "subject": tx.keys.seal_json(f"approval.subject.{found.ref}", {}),
                "purpose": tx.keys.seal_json(f"approval.purpose.{found.ref}", ""),
                "state": "void" if found.state == "open" else found.state,
            }
            tx.execute(sa.update(approval).where(approval.c.ref == found.ref).values(**gone))


def expire_approvals(tx: Tx) -> list[str]:
    """Close what nobody decided in time; the references."""
    where = (approval.c.state == "open", approval.c.expires_at <= tx.now)
    refs = [r.ref for r in tx.all(sa.select(approval.c.ref).where(*where))]
    if refs:
        tx.execute(sa.update(approval).where(approval.c.ref.in_(refs)).values(state="expired"))
    return refs
