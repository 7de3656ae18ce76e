"""The audit: who did what when, each entry holding the hash of the one before; never content, never names."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import audit

FIRST = "0" * 64


@dataclass(frozen=True)
class Entry:
    seq: int
    at: datetime
    act: str
    actor: str
    ref: str
    previous: str
    hash: str

    def computed_hash(self) -> str:
        """SHA-256 of everything in the entry but the hash itself."""
        parts = [self.seq, round(self.at.timestamp() * 1000), self.act, self.actor, self.ref, self.previous]
        return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


def append_audit(tx: Tx, act: str, *, actor: str = "bot", ref: str = "") -> Entry:
    """Add an entry. `actor` is a staff id or "bot", `ref` an opaque reference."""
    last = tx.one(sa.select(audit.c.seq, audit.c.hash).order_by(audit.c.seq.desc()).limit(1))
    seq, previous = (last.seq + 1, last.hash) if last else (1, FIRST)
    at = tx.now.replace(microsecond=tx.now.microsecond // 1000 * 1000)
    bare = Entry(seq, at, act, actor, ref, previous, "")
    entry = Entry(seq, at, act, actor, ref, previous, bare.computed_hash())
    tx.execute(sa.insert(audit).values(**entry.__dict__))
    return entry


def list_audit(tx: Tx, limit: int = 20) -> list[Entry]:
    """The newest entries, newest first."""
    rows = tx.all(sa.select(audit).order_by(audit.c.seq.desc()).limit(limit))
    return [Entry(**row._mapping) for row in rows]


def first_broken_audit(tx: Tx) -> int | None:
    """The number of the first entry that does not follow from the one before it, or None."""
    previous, seq = FIRST, 0
    for row in tx.conn.execute(sa.select(audit).order_by(audit.c.seq)):
        entry = Entry(**row._mapping)
        if entry.seq != seq + 1 or entry.previous != previous or entry.computed_hash() != entry.hash:
            return seq + 1
        previous, seq = entry.hash, entry.seq
    return None
