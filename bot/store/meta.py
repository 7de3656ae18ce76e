"""Small settings, sealed secrets, and what is due when."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import content_text, meta, scheduled, secret

_GET_META = sa.select(meta.c.value).where(meta.c.name == sa.bindparam("name"))


def get_meta(tx: Tx, name: str, default: Any = None) -> Any:
    """A small setting (JSON), or `default`."""
    row = tx.find(_GET_META, name=name)
    return default if row is None else json.loads(row.value)


def set_meta(tx: Tx, name: str, value: Any) -> None:
    tx.upsert(meta, [{"name": name, "value": json.dumps(value)}])


def delete_meta(tx: Tx, name: str) -> None:
    tx.execute(sa.delete(meta).where(meta.c.name == name))


def get_secret(tx: Tx, name: str) -> bytes | None:
    row = tx.one(sa.select(secret.c.value).where(secret.c.name == name))
    return None if row is None else tx.keys.open(f"secret.value.{name}", row.value)


def set_secret(tx: Tx, name: str, value: bytes) -> None:
    tx.upsert(secret, [{"name": name, "value": tx.keys.seal(f"secret.value.{name}", value)}])


def claim_due(tx: Tx, what: str, due_at: datetime) -> bool:
    """Take the one right to do `what` that is due at `due_at`; False when somebody had it before."""
    return tx.insert_or_ignore(scheduled, what=what, due_at=due_at, done_at=tx.now)


def delete_scheduled(tx: Tx, older_than: timedelta) -> int:
    return tx.change(sa.delete(scheduled).where(scheduled.c.due_at < tx.now - older_than))


def get_content_text(tx: Tx, name: str, language: str) -> str | None:
    """The text of a content page as the bot last told it."""
    row = tx.one(sa.select(content_text.c.text).where(content_text.c.name == name, content_text.c.language == language))
    return None if row is None else str(row.text)


def set_content_text(tx: Tx, name: str, language: str, sha256: str, text: str) -> None:
    row = {"name": name, "language": language, "sha256": sha256, "text": text, "since": tx.now}
    tx.upsert(content_text, [row])
