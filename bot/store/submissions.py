"""Submissions: what is kept of a package beside the package. Nothing here tells who sent it, unless they chose that."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import submission

SEALED = ("destinations", "said", "link")


@dataclass(frozen=True)
class Submission:
    """A package as staff see it. `link` is the room of a person who chose to be written to."""

    ref: str
    vault: str = field(repr=False)
    subject: str
    receipt: str = field(repr=False)
    phrase: bytes = field(repr=False)
    adds_to: str | None
    form: str
    form_version: str
    language: str
    size: str
    urgent: bool
    flags: str
    destinations: dict[str, str] = field(repr=False)
    desk: str
    owner: str | None
    status: str
    said: Any = field(repr=False)
    day: str
    announce_at: datetime
    announced: bool
    acknowledged_at: datetime | None
    destroy_at: datetime | None
    link: dict[str, Any] | None = field(repr=False)
    link_until: datetime | None


def _submission(tx: Tx, row: sa.Row[Any]) -> Submission:
    values = dict(row._mapping)
    for name in SEALED:
        sealed = values[name]
        values[name] = None if sealed is None else tx.keys.open_json(f"submission.{name}.{row.ref}", sealed)
    return Submission(**values)


def _sealed(tx: Tx, ref: str, values: dict[str, Any]) -> dict[str, Any]:
    found = dict(values)
    for name in SEALED:
        if found.get(name) is not None:
            found[name] = tx.keys.seal_json(f"submission.{name}.{ref}", found[name])
    return found


def insert_submission(tx: Tx, ref: str, **values: Any) -> None:
    tx.execute(sa.insert(submission).values(ref=ref, **_sealed(tx, ref, values)))


def get_submission(tx: Tx, ref: str) -> Submission | None:
    row = tx.one(sa.select(submission).where(submission.c.ref == ref))
    return _submission(tx, row) if row else None


def get_submission_by_receipt(tx: Tx, receipt: str) -> Submission | None:
    row = tx.one(sa.select(submission).where(submission.c.receipt == receipt))
    return _submission(tx, row) if row else None


def list_submissions(tx: Tx, desks: list[str], *, status: str | None = None, limit: int = 50) -> list[Submission]:
    """Those of these desks, oldest first."""
    where: list[sa.ColumnElement[bool]] = [submission.c.desk.in_(desks)]
    if status is not None:
        where.append(submission.c.status == status)
    select = sa.select(submission).where(*where).order_by(submission.c.day, submission.c.ref).limit(limit)
    return [_submission(tx, r) for r in tx.all(select)]


def list_to_announce(tx: Tx) -> list[Submission]:
    where = (submission.c.announced.is_(False), submission.c.announce_at <= tx.now)
    return [_submission(tx, r) for r in tx.all(sa.select(submission).where(*where).order_by(submission.c.ref))]


def list_to_destroy(tx: Tx) -> list[Submission]:
    where = (submission.c.destroy_at.is_not(None), submission.c.destroy_at <= tx.now)
    return [_submission(tx, r) for r in tx.all(sa.select(submission).where(*where))]


def list_linked(tx: Tx) -> list[Submission]:
    return [_submission(tx, r) for r in tx.all(sa.select(submission).where(submission.c.link.is_not(None)))]


def set_submission(tx: Tx, ref: str, **values: Any) -> None:
    tx.execute(sa.update(submission).where(submission.c.ref == ref).values(**_sealed(tx, ref, values)))


def delete_submission(tx: Tx, ref: str) -> None:
    tx.execute(sa.delete(submission).where(submission.c.ref == ref))
