"""What happened, counted for indicators: type, week, role, language, channel, outcome. Nobody's id, no words."""

from __future__ import annotations

from datetime import timedelta

from bot.store.db import Tx
from bot.store.engagement import insert_event
from bot.store.people import Person

TYPES = ("question", "answer-helped", "case-opened", "case-answered", "case-closed", "called")


def record(tx: Tx, type: str, *, person: Person | None = None, channel: str, outcome: str, language: str = "") -> None:
    """Count something that happened. The day is not kept, only the week."""
    assert type in TYPES
    monday = tx.now.date() - timedelta(days=tx.now.weekday())
    insert_event(
        tx,
        type=type,
        week=monday.isoformat(),
        role=person.role if person else "",
        language=language or (person.language if person else None) or "",
        channel=channel,
        outcome=outcome,
    )
