"""A slice of room keys for a real engine, and taking it in; run in the process of runner.py, which kills it there."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from nio.crypto import OutboundGroupSession

from bot.matrix.engine import Engine
from bot.matrix.http import Http
from bot.matrix.keystore import KeyStore
from bot.matrix.sync import Sync
from bot.matrix.trust import Device
from bot.seal import KeyRing
from bot.store import inbox
from bot.store.db import Database, Tx, utc_now
from bot.store.meta import get_meta, set_meta

BOT, FRIEND = "@bot:example.org", "@friend:example.org"
ROOM = "!room:example.org"
MEGOLM = "m.megolm.v1.aes-sha2"
BEFORE, AFTER = "token before", "token after"


class Store:
    """An account's database with its engine, opened as after a start; no server is ever asked."""

    def __init__(self, url: str, keys: Path, user_id: str = BOT) -> None:
        self.db = Database(url, KeyRing(keys))
        self.http = Http("http://127.0.0.1:1")
        self.engine = Engine(self.http, self.db, KeyStore(user_id, "DEVICE", b"p" * 32), utc_now)

    async def __aenter__(self) -> Store:
        await self.engine.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.db.close()

    async def process(self) -> None:
        """Process what is journalled, as the bot does when it starts."""
        sync = Sync(self.http, self.db, self.engine, None, None, utc_now)  # type: ignore[arg-type]
        sync._began = True
        for batch in await self.db.run(inbox.list_batches):
            await sync.process(batch, json.loads(batch.body))

    async def reads(self, event: dict[str, Any]) -> str | None:
        """The words of a message, when the key for it is here."""
        for inbound in await self.engine._inbound(ROOM, event["session_id"]):
            return str(json.loads(inbound.session.decrypt(event["ciphertext"])[0])["content"]["body"])
        return None

    async def token(self) -> str:
        """Up to where all that was journalled is processed."""
        return str(await self.db.run(get_meta, "sync_token"))

    async def keys_taken_in(self) -> bool:
        """Whether a next start would leave the keys of the slice out."""
        return all(batch.slices_done for batch in await self.db.run(inbox.list_batches))


async def journal_keys(store: Store, friend: Store, count: int) -> dict[str, dict[str, str]]:
    """Have a slice with `count` room keys of a friend journalled; what they write with each, by its words."""
    account = store.engine.olm.account
    account.generate_one_time_keys(1)
    (one_time_key,) = account.one_time_keys["curve25519"].values()
    account.mark_keys_as_published()
    store.engine.olm.save_account()
    ours = store.engine.identity_keys
    device = Device(BOT, "DEVICE", ours["ed25519"], ours["curve25519"], signed=True)
    friend.engine.olm.create_session(one_time_key, device.curve25519)
    events, messages = [], {}
    for number in range(count):
        words, session = f"message {number}", OutboundGroupSession()
        session.shared = True
        key = {"algorithm": MEGOLM, "room_id": ROOM, "session_id": session.id, "session_key": session.session_key}
        made = await friend.engine._olm_encrypt([device], "m.room_key", key)
        events.append({"type": "m.room.encrypted", "sender": FRIEND, "content": made[BOT]["DEVICE"]})
        plain = {"type": "m.room.message", "content": {"body": words}, "room_id": ROOM}
        messages[words] = {"session_id": session.id, "ciphertext": session.encrypt(json.dumps(plain))}
    body = json.dumps({"next_batch": AFTER, "to_device": {"events": events}}).encode()

    def journal(tx: Tx) -> None:
        set_meta(tx, "sync_token", BEFORE)
        inbox.insert_batch(tx, AFTER, body)

    await store.engine.commit("", journal)
    return messages


def take_in(job: dict[str, Any], boundary: Callable[[str], None]) -> None:
    """Process the journal as after a start; every statement that writes, and the commit, is a boundary."""

    async def work() -> None:
        async with Store(job["url"], Path(job["keys"])) as store:
            await store.process()

    wrote = False

    def statement(text: str) -> None:
        nonlocal wrote
        verb = text.split(None, 1)[0]
        if verb in ("INSERT", "UPDATE", "DELETE") or (verb == "COMMIT" and wrote):
            wrote = verb != "COMMIT"
            boundary(text[:60])

    @sa.event.listens_for(sa.Engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        if isinstance(connection, sqlite3.Connection):
            connection.set_trace_callback(statement)  # which is told of each row

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def _before(connection: sa.Connection, _cursor: Any, text: str, *_: object) -> None:
        if connection.dialect.name != "sqlite":
            statement(text)

    @sa.event.listens_for(sa.Engine, "commit")
    def _commit(connection: sa.Connection) -> None:
        if connection.dialect.name != "sqlite":
            statement("COMMIT")

    asyncio.run(work())
