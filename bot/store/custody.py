"""The custody log: lines about objects and staff acts, each signed and holding the hash of the one before."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import custody, custody_head


@dataclass(frozen=True)
class Head:
    """The end of the log on a day, and what a timestamp service said of it."""

    day: date
    seq: int
    hash: str
    token: bytes | None


def insert_custody(tx: Tx, seq: int, subject: str, event: str, line: str) -> None:
    tx.execute(sa.insert(custody).values(seq=seq, subject=subject, event=event, line=line))


def get_last_custody(tx: Tx) -> dict[str, Any] | None:
    """The newest entry."""
    row = tx.one(sa.select(custody.c.line).order_by(custody.c.seq.desc()).limit(1))
    return None if row is None else json.loads(row.line)


def list_custody(tx: Tx, *, subject: str | None = None, event: str | None = None) -> list[str]:
    """The lines as they were signed, oldest first: all of them, those about an object, those of a kind."""
    found = sa.select(custody.c.line).order_by(custody.c.seq)
    if subject is not None:
        found = found.where(custody.c.subject == subject)
    if event is not None:
        found = found.where(custody.c.event == event)
    return [row.line for row in tx.all(found)]


def insert_custody_head(tx: Tx, day: date, seq: int, hash_: str) -> bool:
    """Keep the head of a day; False when that day has one."""
    return tx.insert_or_ignore(custody_head, day=day.isoformat(), seq=seq, hash=hash_)


def set_custody_token(tx: Tx, day: date, token: bytes) -> None:
    tx.execute(sa.update(custody_head).where(custody_head.c.day == day.isoformat()).values(token=token))


def list_custody_heads(tx: Tx) -> list[Head]:
    """Every day's head, oldest first."""
    rows = tx.all(sa.select(custody_head).order_by(custody_head.c.day))
    return [Head(date.fromisoformat(r.day), r.seq, r.hash, r.token) for r in rows]
