"""What benchmarks share: a server, a bare nio peer, and how a figure is printed."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Literal

from nio import AsyncClient, AsyncClientConfig, MatrixRoom, RoomMessageText

from bot import log
from bot.app import App
from bot.config import Config
from bot.demo.client import Client
from bot.demo.homeserver import Homeserver

PASSWORD = "correct horse"


def figure(bench: str, name: str, value: float, bar: float, better: Literal["low", "high"]) -> None:
    """Print one figure as the JSON line that the project's readers look for."""
    ok = value <= bar if better == "low" else value >= bar
    print(json.dumps({"bench": bench, "figure": name, "value": round(value, 3), "bar": bar, "ok": ok}), flush=True)


@contextlib.contextmanager
def folder() -> Iterator[Path]:
    found = Path(tempfile.mkdtemp(prefix="liaison-bench-"))
    try:
        yield found
    finally:
        shutil.rmtree(found, ignore_errors=True)


@contextlib.asynccontextmanager
async def homeserver(base: Path) -> AsyncIterator[Homeserver]:
    log.setup("error")
    server = Homeserver(base / "homeserver")
    await server.start()
    try:
        yield server
    finally:
        await server.stop()


async def start_bot(server: Homeserver, base: Path, name: str = "helper", **settings: Any) -> App:
    """The bot as `liaison run` builds it."""
    import os

    os.environ["LIAISON_PASSWORD"] = PASSWORD
    user_id = await server.register(name, PASSWORD)
    (base / name).mkdir(exist_ok=True)
    values = {
        "homeserver": {"url": server.url},
        "account": {"user_id": user_id},
        "web": {"admin_port": 0},
        "base": base / name,
    }
    app = App(Config.model_validate(values | settings))
    await app.start()
    return app


async def enter(server: Homeserver, base: Path, name: str, **more: Any) -> Client:
    user_id = await server.register(name, PASSWORD)
    client = Client(server.url, user_id, PASSWORD, base / f"client-{name}", **more)
    await client.start()
    return client


async def nio_client(server: Homeserver, base: Path, name: str) -> AsyncClient:
    """nio as shipped, with encryption and its own store."""
    await server.register(name, PASSWORD)
    store = base / f"nio-{name}"
    store.mkdir(exist_ok=True)
    config = AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True)
    client = AsyncClient(server.url, f"@{name}:{server.name}", store_path=str(store), config=config)
    await client.login(PASSWORD)
    return client


class NioEcho:
    """The floor: the smallest encrypted bot that nio's documentation shows. Answers what begins with `echo`."""

    def __init__(self, client: AsyncClient) -> None:
        self.client = client
        self.started = int(time.time() * 1000)
        client.add_event_callback(self._answer, RoomMessageText)

    async def _answer(self, room: MatrixRoom, event: RoomMessageText) -> None:
        if (
            event.sender != self.client.user_id
            and event.body.startswith("echo")
            and event.server_timestamp > self.started
        ):
            content = {"msgtype": "m.notice", "body": event.body}
            await self.client.room_send(room.room_id, "m.room.message", content, ignore_unverified_devices=True)

    async def run(self) -> None:
        await self.client.sync_forever(timeout=30_000, full_state=True)


class LoopWatch:
    """The longest time that the event loop was not free, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0

    async def __aenter__(self) -> LoopWatch:
        self.longest = 0.0
        self._task = asyncio.create_task(self._tick())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _tick(self) -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.002)
            now = time.perf_counter()
            self.longest = max(self.longest, now - last - 0.002)
            last = now


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]
