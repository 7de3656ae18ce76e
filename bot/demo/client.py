"""A person's client for the demonstration and the tests: our own engine in strict mode.

It takes nothing from a device that its owner has not cross-signed and gives no key to one; what the bot says is
believed only when it decrypts under that rule.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config import Account, Config
from bot.matrix.engine import Circle, Engine
from bot.matrix.http import Http, quoted
from bot.matrix.identity import Identity
from bot.matrix.keystore import KeyStore
from bot.matrix.login import sign_in
from bot.matrix.media import Media
from bot.matrix.rooms import Rooms
from bot.matrix.sync import Sync
from bot.matrix.trust import Device, UserKeys, trust_of
from bot.matrix.verification import Verifications
from bot.message import Attachment, Invite, Message, Trust
from bot.seal import KeyRing
from bot.store.db import Database, Tx, utc_now
from bot.store.migrate import migrate
from bot.store.rooms import get_room, list_members

LARGEST = 100_000_000  # bytes of a file


@dataclass(frozen=True)
class Heard:
    """A message that came; `trust` says from what kind of device."""

    room_id: str
    sender: str
    text: str
    trust: Trust
    event_id: str
    message: Message


class _Core:
    """What the reading loop hands to a person: invitations are accepted, messages kept in memory."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def message(self, tx: Tx, message: Message, prepared: Any = None) -> None:
        self.client.arrived(message)

    def invited(self, tx: Tx, invite: Invite) -> None:
        self.client.invites.append(invite)
        self.client.changed()

    def joined(self, tx: Tx, room_id: str, others: int, *, before_us: bool) -> None:
        self.client.changed()

    def members_changed(self, tx: Tx, room_id: str) -> None:
        self.client.changed()

    def left(self, tx: Tx, room_id: str) -> None:
        self.client.changed()

    def unreadable(self, tx: Tx, room_id: str, sender: str, reason: str) -> None:
        self.client.unreadable.append((room_id, sender, reason))
        self.client.changed()


class Client:
    """One account's device. `signed=False` leaves the device unsigned (an old or careless client);
    `strict=False` also talks with unsigned devices."""

    def __init__(
        self, url: str, user_id: str, password: str, folder: Path, *, signed: bool = True, strict: bool = True
    ) -> None:
        self.url = url
        self.user_id = user_id
        self.password = password
        self.folder = folder
        self.signed = signed
        self.strict = strict and signed
        self.heard: list[Heard] = []
        self.refused: list[Message] = []  # came from a device that its owner has not signed
        self.invites: list[Invite] = []
        self.unreadable: list[tuple[str, str, str]] = []
        self.timings: dict[str, float] = {}
        self._read = 0
        self._news = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        url = f"sqlite:///{self.folder / 'client.db'}"
        migrate(url)
        self.keys = KeyRing(self.folder / "keys")
        self.db = Database(url, self.keys)
        self.http = Http(self.url)
        account = Account(user_id=self.user_id, device_name="client")
        session = await sign_in(self.http, self.db, account, password=self.password, token=None)
        store = KeyStore(session.user_id, session.device_id, self.keys.key("pickle"))
        self.engine = Engine(self.http, self.db, store, utc_now)
        await self.engine.open()
        if not self.engine.olm.account.shared:
            await self.engine.keep_keys_stocked({}, [])
        self.identity = Identity(self.http, self.engine, self.db, self.folder / "recovery-key.txt")
        if self.signed:
            await self.identity.ensure()
        verifications = Verifications(self.engine, self.identity, self._ignore_room, self._ignore_compared)
        self.sync = Sync(self.http, self.db, self.engine, verifications, _Core(self), utc_now)
        self.sync.hear_notices = True
        self.rooms = Rooms(self.http, self.db, self.engine, Config())
        self._task = asyncio.create_task(self.sync.run(), name=f"client {self.user_id}")
        await self.sync.caught_up.wait()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.http.close()
        await self.db.close()

    async def __aenter__(self) -> Client:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _ignore_room(self, room_id: str, kind: str, content: dict[str, Any]) -> None:
        return None

    async def _ignore_compared(self, user_id: str, master: str | None, emoji: list[str]) -> None:
        return None

    # ---- hearing --------------------------------------------------------------------------------------------------

    def arrived(self, message: Message) -> None:
        if message.kind == "redaction":  # no device stands behind it
            return
        self.timings[message.event_id] = time.perf_counter()
        own = message.sender == self.user_id  # nobody refuses themselves
        if message.kind != "clear" and not message.trust.safe and self.strict and not own:
            self.refused.append(message)
        else:
            self.heard.append(
                Heard(message.room_id, message.sender, message.text, message.trust, message.event_id, message)
            )
        self.changed()

    def changed(self) -> None:
        # Called in the database thread.
        self._loop.call_soon_threadsafe(self._news.set)

    @property
    def _loop(self) -> asyncio.AbstractEventLoop:
        assert self._task is not None
        return self._task.get_loop()

    async def until(self, ready: Callable[[], Any], timeout: float = 30) -> Any:
        """Wait until `ready()` gives something true, and return that. Raises TimeoutError."""
        async with asyncio.timeout(timeout):
            while True:
                self._news.clear()
                if found := ready():
                    return found
                await self._news.wait()

    async def hears(self, *words: str, room_id: str | None = None, timeout: float = 30) -> Heard:
        """The next message that was not heard before and holds all `words`. Raises TimeoutError."""

        def find() -> Heard | None:
            for number in range(self._read, len(self.heard)):
                heard = self.heard[number]
                fits = room_id in (None, heard.room_id) and heard.sender != self.user_id
                if fits and all(w in heard.text for w in words):
                    self._read = number + 1
                    return heard
            return None

        found: Heard = await self.until(find, timeout)
        return found

    # ---- acting ---------------------------------------------------------------------------------------------------

    async def create_room(
        self, invite: list[str], *, encrypted: bool = True, direct: bool = True, version: str | None = None
    ) -> str:
        state: list[dict[str, Any]] = []
        if encrypted:
            content = {"algorithm": "m.megolm.v1.aes-sha2"}
            state.append({"type": "m.room.encryption", "state_key": "", "content": content})
        body: dict[str, Any] = {
            "preset": "trusted_private_chat" if direct else "private_chat",
            "is_direct": direct,
            "invite": invite,
            "initial_state": state,
        }
        if version:
            body["room_version"] = version
        room_id = str((await self.http.call("POST", "/createRoom", body))["room_id"])
        await self.until_room(room_id, encrypted=encrypted)  # sync may show us in it before it shows its encryption
        return room_id

    async def join(self, room_id: str) -> None:
        await self.http.call("POST", f"/join/{quoted(room_id)}", {})
        await self.until_room(room_id)

    async def until_room(self, room_id: str, *, encrypted: bool = False) -> None:
        def there(tx: Tx) -> bool:
            room = get_room(tx, room_id)
            return room is not None and room.membership == "join" and (room.encrypted or not encrypted)

        await self._until_known(there, 30)

    async def _until_known(self, known: Callable[[Tx], bool], timeout: float) -> None:
        """Wait until our database says so."""
        async with asyncio.timeout(timeout):
            while True:
                self._news.clear()
                if await self.db.run(known):
                    return
                with contextlib.suppress(TimeoutError):  # not everything that the database learns is news
                    await asyncio.wait_for(self._news.wait(), 0.1)

    async def until_member(self, room_id: str, user_id: str, timeout: float = 30) -> None:
        """Wait until somebody has joined a room."""
        await self._until_known(lambda tx: user_id in list_members(tx, room_id, ("join",)), timeout)

    def _circle(self, users: list[str], rotation: dict[str, Any] | None) -> Circle:
        def may_have(user: UserKeys, device: Device) -> bool:
            return trust_of(user, device).safe or not self.strict

        return Circle([u for u in users if u != self.user_id], may_have, rotation or {})

    async def send(self, room_id: str, kind: str, content: dict[str, Any], *, txn: str | None = None) -> str:
        """Send an event, encrypted if the room is. Returns its id."""
        room = await self.db.run(get_room, room_id)
        assert room is not None
        if room.encrypted:
            scene = await self.rooms.scene(room_id)
            assert scene is not None
            users = [listener.user_id for listener in scene.listeners]
            async with self.engine.room_lock(room_id):
                content = await self.engine.encrypt(room_id, kind, content, self._circle(users, room.encryption))
                kind = "m.room.encrypted"
                await self.engine.flush()
        path = f"/rooms/{quoted(room_id, 'send', kind, txn or uuid.uuid4().hex)}"
        return str((await self.http.call("PUT", path, content, lane="now"))["event_id"])

    async def says(self, room_id: str, text: str, *, thread: str | None = None) -> str:
        return await self.send(room_id, "m.room.message", {"msgtype": "m.text", "body": text} | _in_thread(thread))

    async def sends_file(
        self, room_id: str, data: bytes, name: str, mimetype: str, *, thread: str | None = None
    ) -> str:
        """Upload a file encrypted, and send it as an app does."""
        path = self.folder / "outgoing"
        path.write_bytes(data)
        file, size = await Media(self.http, LARGEST).upload(path)
        content = {"msgtype": "m.file", "body": name, "file": file, "info": {"size": size, "mimetype": mimetype}}
        return await self.send(room_id, "m.room.message", content | _in_thread(thread))

    async def fetches(self, attachment: Attachment) -> bytes:
        """Download and decrypt a file that came."""
        path = self.folder / "incoming"
        await Media(self.http, LARGEST).download(attachment, path)
        return path.read_bytes()


def _in_thread(root: str | None) -> dict[str, Any]:
    if root is None:
        return {}
    return {
        "m.relates_to": {
            "rel_type": "m.thread",
            "event_id": root,
            "is_falling_back": True,
            "m.in_reply_to": {"event_id": root},
        }
    }


__all__ = ["Client", "Heard", "Path"]
