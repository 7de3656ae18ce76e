"""A bot in another process that can be killed at any boundary, beside the fixtures of the end-to-end tests."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.demo.homeserver import Homeserver
from bot.matrix.http import CLIENT, Http, quoted
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
        code = await self.ready_or_ended()
        assert code is None, (code, self.last_words())

    async def ready_or_ended(self) -> int | None:
        """Wait until the bot reads and writes (None), or has ended before (its exit code)."""
        told = await self._line()
        if "ended" not in told:
            return None
        self.pid = 0
        code: int = told["ended"]
        return code

    async def ended(self) -> int:
        """Wait until the job has ended; its exit code, KILLED when a boundary killed it."""
        code: int = (await self._next("ended"))["ended"]
        self.pid = 0
        return code

    async def stop(self) -> int:
        """Stop the bot in order."""
        assert self.pid, "no job runs; 0 would name all processes of this group"
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
        async with asyncio.timeout(ENDS_SECONDS):
            code = await self.runner.ended()
        assert code == KILLED, (after, code, self.runner.last_words())

    async def lives(self, *, hours: float = 0) -> None:
        """Start it and wait until it reads and writes."""
        await self.start(hours=hours)
        await self.runner.ready()

    async def stop(self) -> None:
        code = await self.runner.stop()
        assert code == 0, (code, self.runner.last_words())

    def query(self, statement: str) -> list[Any]:
        """Rows of its database, also while it runs."""
        with contextlib.closing(sqlite3.connect(f"file:{self.folder / 'data' / 'liaison.db'}?mode=ro", uri=True)) as db:
            return db.execute(statement).fetchall()

    async def idle(self) -> None:
        """Wait until everything that it was going to do is done: its database, of another process, tells."""
        async with asyncio.timeout(ENDS_SECONDS):
            while self.query("SELECT id FROM outbox WHERE state IN ('queued', 'sending')"):  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    @contextlib.asynccontextmanager
    async def _logged_in(self) -> AsyncIterator[tuple[Http, str]]:
        """The account from another device, which is gone afterwards, and that device's id."""
        async with Http(self.server.url) as http:
            login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": self.name}}
            answer = await http.call("POST", "/login", {**login, "password": PASSWORD})
            http.token = answer["access_token"]
            yield http, answer["device_id"]
            await http.call("POST", "/logout", {})

    async def rooms(self) -> list[tuple[str | None, str | None]]:
        """What each room that the account is in was made for, and its name: the last thing that the server gives it."""
        found = []
        async with self._logged_in() as (http, _):
            for room_id in (await http.call("GET", "/joined_rooms"))["joined_rooms"]:
                state: list[str | None] = []
                for kind, key in (("m.room.create", "org.liaison.ref"), ("m.room.name", "name")):
                    status, _, body = await http.once("GET", f"{CLIENT}/rooms/{quoted(room_id, 'state', kind)}/")
                    state.append(json.loads(body).get(key) if status == 200 else None)
                found.append((state[0], state[1]))
        return found

    async def devices(self) -> list[str]:
        """The devices that the server knows of the account."""
        async with self._logged_in() as (http, own):
            found = [d["device_id"] for d in (await http.call("GET", "/devices"))["devices"]]
            return [d for d in found if d != own]


@pytest.fixture
async def runner(tmp_path: Path) -> AsyncIterator[Runner]:
    found = Runner(tmp_path)
    await found.open()
    yield found
    await found.close()


@pytest.fixture
def make_mortal(runner: Runner, synapse: Homeserver, tmp_path: Path) -> Callable[..., Awaitable[MortalBot]]:
    """`await make_mortal()`: a bot with an account of its own; with a `name`, one on that account and with no data."""
    numbers = itertools.count()

    async def make(name: str | None = None) -> MortalBot:
        name = name or unique("mortal")
        folder = tmp_path / f"{name}-{next(numbers)}"
        folder.mkdir()
        await synapse.register(name, PASSWORD)
        return MortalBot(runner, synapse, folder, name)

    return make


@pytest.fixture
async def mortal(make_mortal: Callable[..., Awaitable[MortalBot]]) -> MortalBot:
    return await make_mortal()
