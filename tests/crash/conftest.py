"""A bot in another process that can be killed at any boundary, beside the fixtures of the end-to-end tests."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.demo.homeserver import Homeserver
from bot.matrix.http import Http
from tests.e2e.conftest import PASSWORD, enter, synapse, unique

__all__ = ["enter", "synapse"]

KILLED = -signal.SIGKILL
ENDS_SECONDS = 60.0


class Runner:
    """The process of runner.py: one job at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.trace = folder / "trace"
        self.words = folder / "words"
        self.pid = 0
        self._numbers = itertools.count(1)
        self._process: asyncio.subprocess.Process | None = None

    async def open(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.crash.runner", stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        await self._next("started")

    async def close(self) -> None:
        process = self._process
        if process is None:
            return
        if self.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        assert process.stdin
        process.stdin.close()
        await process.wait()

    async def start(self, **job: Any) -> None:
        """Begin a job; `after` and `count` choose where it is killed."""
        assert self._process and self._process.stdin
        self.trace = self.folder / f"trace{next(self._numbers)}"
        self.trace.touch()
        line = json.dumps({"trace": str(self.trace), "words": str(self.words), **job})
        self._process.stdin.write(line.encode() + b"\n")
        self.pid = (await self._next("pid"))["pid"]

    async def ready(self) -> None:
        """Wait until the bot reads and writes. Fails when it ended before."""
        told = await self._line()
        assert "ready" in told, (told, self.last_words())

    async def ended(self) -> int:
        """Wait until the job has ended; its exit code, KILLED when a boundary killed it."""
        code: int = (await self._next("ended"))["ended"]
        self.pid = 0
        return code

    async def stop(self) -> int:
        """Stop the bot in order."""
        os.kill(self.pid, signal.SIGTERM)
        return await self.ended()

    def passed(self) -> list[str]:
        """The boundaries that the last job passed."""
        return self.trace.read_text().splitlines()

    def last_words(self) -> str:
        return self.words.read_text()[-3000:] if self.words.exists() else ""

    async def _next(self, what: str) -> dict[str, Any]:
        while what not in (told := await self._line()):
            pass
        return told

    async def _line(self) -> dict[str, Any]:
        assert self._process and self._process.stdout
        async with asyncio.timeout(ENDS_SECONDS):
            line = await self._process.stdout.readline()
        assert line, self.last_words()
        told: dict[str, Any] = json.loads(line)
        return told


class MortalBot:
    """One bot account, started again and again on the same data."""

    def __init__(self, runner: Runner, server: Homeserver, folder: Path, name: str) -> None:
        self.runner = runner
        self.server = server
        self.folder = folder
        self.name = name
        self.user_id = f"@{name}:{server.name}"
        self.settings: dict[str, Any] = {
            "homeserver": {"url": server.url},
            "account": {"user_id": self.user_id},
            "web": {"admin_port": 0},
            "limits": {"messages": 100_000},
        }

    async def start(self, *, count: int = 0, after: str = "", hours: float = 0) -> None:
        """Start it; it kills itself at boundary number `count` after the one that holds `after`."""
        await self.runner.start(
            config=self.settings,
            base=str(self.folder),
            environment={"LIAISON_PASSWORD": PASSWORD},
            count=count,
            after=after,
            hours=hours,
        )

    async def dies(self, *, count: int = 1, after: str, hours: float = 0) -> None:
        """Start it and wait until it was killed there."""
        await self.start(count=count, after=after, hours=hours)
        code = await self.runner.ended()
        assert code == KILLED, (code, self.runner.last_words())

    async def lives(self, *, hours: float = 0) -> None:
        """Start it and wait until it reads and writes."""
        await self.start(hours=hours)
        await self.runner.ready()

    async def stop(self) -> None:
        code = await self.runner.stop()
        assert code == 0, (code, self.runner.last_words())

    async def rooms(self) -> list[dict[str, Any]]:
        """The creation of every room that the account is in, as the server knows them (when the bot is stopped)."""
        async with Http(self.server.url) as http:
            login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": self.name}}
            http.token = (await http.call("POST", "/login", {**login, "password": PASSWORD}))["access_token"]
            found = []
            for room_id in (await http.call("GET", "/joined_rooms"))["joined_rooms"]:
                found.append(await http.call("GET", f"/rooms/{room_id}/state/m.room.create/"))
            await http.call("POST", "/logout", {})
        return found


@pytest.fixture
async def runner(tmp_path: Path) -> AsyncIterator[Runner]:
    found = Runner(tmp_path)
    await found.open()
    yield found
    await found.close()


@pytest.fixture
async def mortal(runner: Runner, synapse: Homeserver, tmp_path: Path) -> MortalBot:
    name = unique("mortal")
    (tmp_path / name).mkdir()
    await synapse.register(name, PASSWORD)
    return MortalBot(runner, synapse, tmp_path / name, name)
