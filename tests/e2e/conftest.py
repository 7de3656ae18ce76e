"""A real Synapse for the session, and the bot in this process as `liaison run` builds it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.app import App
from bot.config import Config
from bot.demo.client import Client
from bot.demo.homeserver import Homeserver
from bot.store.db import utc_now
from bot.text import Texts

PASSWORD = "correct horse"
_numbers = itertools.count(1)


def unique(name: str) -> str:
    """An account name that no other test uses."""
    return f"{name}{next(_numbers)}"


@pytest.fixture(scope="session")
def synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """One homeserver without rate limits for all tests that do not need their own."""
    server = Homeserver(tmp_path_factory.mktemp("synapse"))
    asyncio.run(server.start())
    yield server
    asyncio.run(server.stop())


@pytest.fixture(scope="session")
def limited_synapse(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Homeserver]:
    """A homeserver with the rate limits that Synapse has by default."""
    server = Homeserver(tmp_path_factory.mktemp("limited"), default_limits=True)
    asyncio.run(server.start())
    yield server
    asyncio.run(server.stop())


class Bots:
    """Makes bots on accounts of their own and stops them after the test."""

    def __init__(self, server: Homeserver, folder: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server = server
        self.folder = folder
        self.texts = texts
        monkeypatch.setenv("LIAISON_PASSWORD", PASSWORD)
        self.running: list[tuple[App, asyncio.Task[None]]] = []

    def settings(self, name: str, **more: Any) -> dict[str, Any]:
        return {
            "homeserver": {"url": self.server.url},
            "account": {"user_id": f"@{name}:{self.server.name}"},
            "web": {"admin_port": 0},
            "base": self.folder / name,
        } | more

    async def start(
        self,
        name: str | None = None,
        *,
        register: bool = True,
        clock: Callable[[], datetime] = utc_now,
        **more: Any,
    ) -> App:
        """Start a bot; the same name starts it again on the same data."""
        name = name or unique("helper")
        (self.folder / name).mkdir(exist_ok=True)
        if register:
            await self.server.register(name, PASSWORD)
        app = App(Config.model_validate(self.settings(name, **more)), clock=clock, texts=self.texts)
        try:
            await app.start()
        except BaseException:
            await app.stop()
            raise
        self.running.append((app, asyncio.create_task(app.run())))
        return app

    async def stop(self, app: App) -> None:
        for found, task in list(self.running):
            if found is app:
                self.running.remove((found, task))
                app.request_stop()
                with contextlib.suppress(Exception):
                    await task
                await app.stop()

    async def stop_all(self) -> None:
        for app, _ in list(self.running):
            await self.stop(app)


@pytest.fixture
async def bots(
    synapse: Homeserver, tmp_path: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Bots]:
    found = Bots(synapse, tmp_path, texts, monkeypatch)
    yield found
    await found.stop_all()


@pytest.fixture
async def enter(synapse: Homeserver, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Client]]]:
    """`await enter("alice")`: a person with a real encrypted client in strict mode (`signed=False`: an old one)."""
    made: list[Client] = []

    async def make(name: str, *, signed: bool = True, server: Homeserver | None = None) -> Client:
        home = server or synapse
        account = unique(name)
        user_id = await home.register(account, PASSWORD)
        client = Client(home.url, user_id, PASSWORD, tmp_path / account, signed=signed)
        await client.start()
        made.append(client)
        return client

    yield make
    for client in made:
        await client.stop()
