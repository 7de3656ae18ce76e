"""Compiled forms that drafts began with, so that a new version of a form strands none of them."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping

import sqlalchemy as sa

from bot.store.db import Tx
from bot.store.tables import form


def keep_form(tx: Tx, form_id: str, version: str, xml: bytes, media: Mapping[str, bytes]) -> None:
    """Keep a form with the files that came with it; once a version."""
    value = {"xml": xml.decode(), "media": {name: base64.b64encode(data).decode() for name, data in media.items()}}
    compiled = zlib.compress(json.dumps(value).encode())
    row = {"id": form_id, "version": version, "compiled": compiled, "state": "published", "published_at": tx.now}
    tx.insert_or_ignore(form, **row)


def get_form(tx: Tx, version: str) -> tuple[bytes, dict[str, bytes]] | None:
    """A form and its files."""
    row = tx.one(sa.select(form.c.compiled).where(form.c.version == version))
    if row is None:
        return None
    value = json.loads(zlib.decompress(row.compiled))
    return value["xml"].encode(), {name: base64.b64decode(data) for name, data in value["media"].items()}
