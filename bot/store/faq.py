"""Rows of answers that staff changed at the desk; they lie over the content folder."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import faq_change


@dataclass(frozen=True)
class Change:
    """An entry as it is now, or None when it was retired."""

    id: str
    entry: dict[str, Any] | None
    at: datetime
    by: str


def set_change(tx: Tx, entry_id: str, entry: dict[str, Any] | None, by: str) -> None:
    sealed = tx.keys.seal_json(f"faq_change.entry.{entry_id}", entry)
    tx.upsert(faq_change, [{"id": entry_id, "entry": sealed, "at": tx.now, "by": by}])


def delete_change(tx: Tx, entry_id: str) -> None:
    tx.execute(sa.delete(faq_change).where(faq_change.c.id == entry_id))


def list_changes(tx: Tx) -> list[Change]:
    rows = tx.all(sa.select(faq_change).order_by(faq_change.c.at, faq_change.c.id))
    return [Change(r.id, tx.keys.open_json(f"faq_change.entry.{r.id}", r.entry), r.at, r.by) for r in rows]
