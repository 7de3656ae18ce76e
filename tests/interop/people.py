"""People with matrix-js-sdk, as a fixture: `from tests.interop.people import js`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from bot.demo.homeserver import Homeserver
from tests.e2e.conftest import PASSWORD, unique
from tests.interop.driver import JsClient


class Js:
    """Somebody with matrix-js-sdk in strict mode."""

    def __init__(self, client: JsClient, user_id: str, device_id: str) -> None:
        self.client = client
        self.user_id = user_id
        self.device_id = device_id
        self.recovery_key = ""

    async def __call__(self, verb: str, **arguments: Any) -> Any:
        return await self.client.call(verb, **arguments)

    async def dm(self, bot_id: str, text: str = "hello", **more: Any) -> str:
        """A direct encrypted room whose first message goes with the invitation, as Element does it."""
        room_id = str(await self("create_room", invite=[bot_id], encrypted=True, direct=True, **more))
        await self("send", room_id=room_id, body=text)
        return room_id

    async def hears(self, room_id: str, *words: str, sender: str, after: str | None = None) -> dict[str, Any]:
        """The bot's message with these words, decrypted under the exclusion of unsigned devices and without shield."""
        found: dict[str, Any] = await self(
            "wait_event", room_id=room_id, sender=sender, type="m.room.message", contains=words[0], after_event=after
        )
        assert all(w in found["content"]["body"] for w in words), found["content"]["body"]
        assert found["encrypted"]
        assert found["shield"] in (None, {"colour": "NONE", "reason": None}), found["shield"]
        return found


@pytest.fixture
async def js(synapse: Homeserver) -> AsyncIterator[Callable[..., Awaitable[Js]]]:
    """`await js("alice")`: an account with one js-sdk device that accepts signed devices only.

    `signed=False` leaves its own device without cross-signing; `user` opens another device of an existing account.
    """
    made: list[JsClient] = []

    async def make(name: str = "", *, signed: bool = True, recovery: bool = False, user: str | None = None) -> Js:
        account = user or unique(name)
        if user is None:
            await synapse.register(account, PASSWORD)
        client = JsClient()
        made.append(client)
        await client.__aenter__()
        # In strict mode the SDK does not encrypt at all on a device without identity; old clients are not strict.
        isolation = "signed" if signed else "all"
        login = {"base_url": synapse.url, "user": account, "password": PASSWORD, "isolation": isolation}
        here = await client.call("login", **login)
        found = Js(client, here["user_id"], here["device_id"])
        if signed:
            done = await client.call("bootstrap", password=PASSWORD, recovery=recovery)
            found.recovery_key = done.get("recovery_key") or ""
        return found

    yield make
    for client in made:
        await client.stop()
