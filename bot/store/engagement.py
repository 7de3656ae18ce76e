"""Rows of what happened, for indicators: type, week, role, language, channel, outcome. Nobody's id."""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import event


def insert_event(tx: Tx, *, type: str, week: str, role: str, language: str, channel: str, outcome: str) -> None:
    row = {"type": type, "week": week, "role": role, "language": language, "channel": channel, "outcome": outcome}
    tx.execute(sa.insert(event), row)


def count_events(tx: Tx, type: str) -> dict[str, int]:
    """How often something happened, by outcome."""
    select = sa.select(event.c.outcome, sa.func.count().label("n")).where(event.c.type == type)
    return {r.outcome: r.n for r in tx.all(select.group_by(event.c.outcome))}
