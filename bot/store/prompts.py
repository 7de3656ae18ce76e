"""The one open prompt of each room."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import prompt


@dataclass(frozen=True)
class Prompt:
    """`asked_event` is None until the question itself was seen in the room."""

    room_id: str
    person_id: str
    asked_txn: str
    asked_event: str | None
    content: dict[str, Any]
    expires_at: datetime


def set_prompt(
    tx: Tx,
    room_id: str,
    person_id: str,
    asked_txn: str,
    content: dict[str, Any],
    expires_at: datetime,
    *,
    asked_event: str | None = None,
) -> None:
    row = {
        "room_id": room_id,
        "person_id": person_id,
        "asked_txn": asked_txn,
        "asked_event": asked_event,
        "options": tx.keys.seal_json(f"prompt.options.{room_id}", content),
        "expires_at": expires_at,
    }
    tx.upsert(prompt, [row])


_GET_PROMPT = sa.select(prompt).where(prompt.c.room_id == sa.bindparam("room_id"))


def get_prompt(tx: Tx, room_id: str) -> Prompt | None:
    """The open prompt of a room, if it has not expired."""
    row = tx.find(_GET_PROMPT, room_id=room_id)
    if row is None or row.expires_at <= tx.now:
        return None
    content = tx.keys.open_json(f"prompt.options.{room_id}", row.options)
    return Prompt(row.room_id, row.person_id, row.asked_txn, row.asked_event, content, row.expires_at)


def delete_prompt(tx: Tx, room_id: str) -> None:
    tx.execute(sa.delete(prompt).where(prompt.c.room_id == room_id))


def set_prompt_delivered(tx: Tx, txns: list[str], event_id: str) -> None:
    """The questions with these transaction ids were seen in their room."""
    tx.execute(sa.update(prompt).where(prompt.c.asked_txn.in_(txns)).values(asked_event=event_id))


def delete_expired_prompts(tx: Tx) -> int:
    return tx.change(sa.delete(prompt).where(prompt.c.expires_at <= tx.now))
