"""A reverse proxy between one account and its homeserver that has the faults that a test asks for, when it asks."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from yarl import URL

from bot.demo.homeserver import Homeserver

# What goes wrong. `refuse` never reaches the server; with `lose`, `cut`, `garble` and `fail` the server did what it
# was asked, and its answer is lost, ends in the middle, is no JSON any more, or becomes a proxy's error page;
# `hold` waits for `release` before the server is asked; `swallow` says yes and keeps the request until `release`.
KINDS = ("refuse", "lose", "cut", "garble", "fail", "hold", "swallow")


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    query: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass
class Fault:
    """What happens to the next `times` requests of this method whose path the pattern is found in."""

    method: str
    pattern: re.Pattern[str]
    kind: str
    times: float
    status: int = 502
    answer: bytes = b"<html>Bad Gateway</html>"
    passed: int = 0
    kept: list[Asked] = field(default_factory=list)
    _passed: asyncio.Condition = field(default_factory=asyncio.Condition)
    _released: asyncio.Event = field(default_factory=asyncio.Event)

    async def happened(self, times: int = 1, timeout: float = 30) -> None:
        """Wait until it happened that often."""
        async with asyncio.timeout(timeout), self._passed:
            await self._passed.wait_for(lambda: self.passed >= times)

    def end(self) -> None:
        """It happens no more, and whoever was held goes on."""
        self.times = 0
        self._released.set()


class Proxy:
    """Stands where a homeserver stands: `url` for clients, and `register` as the real one has it."""

    def __init__(self, server: Homeserver) -> None:
        self.server = server
        self.name = server.name
        self.url = ""
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []

    async def start(self) -> None:
        self._http = aiohttp.ClientSession(auto_decompress=False)
        app = web.Application(client_max_size=2**29)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        for fault in self.faults:
            fault.end()
        await self._runner.cleanup()
        await self._http.close()

    async def register(self, name: str, password: str) -> str:
        return await self.server.register(name, password)

    # ---- faults ---------------------------------------------------------------------------------------------------

    def fault(
        self, method: str, path: str, kind: str, *, times: float = 1, status: int = 502, answer: Any = None
    ) -> Fault:
        """From now on `kind` (see KINDS) happens to the next `times` requests whose path holds the pattern `path`."""
        assert kind in KINDS
        body = b"<html>Bad Gateway</html>" if answer is None else json.dumps(answer).encode()
        found = Fault(method, re.compile(path), kind, times, status, body)
        self.faults.append(found)
        return found

    async def release(self, fault: Fault) -> None:
        """Let the requests that were swallowed reach the server, in order."""
        fault.end()
        kept, fault.kept = fault.kept, []
        for asked in kept:
            status, _, _ = await self._forward(asked)
            assert status == 200

    def paths(self, method: str, path: str) -> list[Asked]:
        """What was asked until now, faults included."""
        return [a for a in self.asked if a.method == method and re.search(path, a.path)]

    # ---- one request ----------------------------------------------------------------------------------------------

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        headers = {k: v for k, v in request.headers.items() if k in ("Authorization", "Content-Type")}
        asked = Asked(request.method, unquote(request.raw_path), request.raw_path, headers, await request.read())
        self.asked.append(asked)
        waiting = (f for f in self.faults if f.passed < f.times and f.method == asked.method)
        fault = next((f for f in waiting if f.pattern.search(asked.path)), None)
        if fault is None:
            return _answer(*await self._forward(asked))
        fault.passed += 1
        try:
            return await self._wrong[fault.kind](self, request, asked, fault)
        finally:
            async with fault._passed:
                fault._passed.notify_all()

    async def _forward(self, asked: Asked) -> tuple[int, str, bytes]:
        # encoded: the path goes on exactly as it was written.
        url = URL(self.server.url + asked.query, encoded=True)
        async with self._http.request(
            asked.method, url, data=asked.body or None, headers=asked.headers, allow_redirects=False
        ) as answer:
            return answer.status, answer.headers.get("Content-Type", ""), await answer.read()

    async def _refuse(self, request: web.Request, asked: Asked, fault: Fault) -> web.StreamResponse:
        kind = "application/json" if fault.answer.startswith(b"{") else "text/html"
        return _answer(fault.status, kind, fault.answer)

    async def _fail(self, request: web.Request, asked: Asked, fault: Fault) -> web.StreamResponse:
        await self._forward(asked)
        return await self._refuse(request, asked, fault)

    async def _lose(self, request: web.Request, asked: Asked, fault: Fault) -> web.StreamResponse:
        await self._forward(asked)
        return _hang_up(request)

    async def _cut(self, request: web.Request, asked: Asked, fault: Fault) -> web.StreamResponse:
        status, kind, body = await self._forward(asked)
        response = web.StreamResponse(status=status, headers={"Content-Type": kind, "Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body[: len(body) // 2])
        _hang_up(request)
        return response

    async def _garble(self, request: web.Request, asked: Asked, fault: Fault) -> web.StreamResponse:
        status, kind, body = await self._forward(asked)
        return _answer(status, kind, body[: len(body) // 2] + b"\x00\xff")

    async def _hold(self, request: web.Request, asked: Asked, fault: Fault) -> web.StreamResponse:
        async with fault._passed:
            fault._passed.notify_all()
        await fault._released.wait()
        return _answer(*await self._forward(asked))

    async def _swallow(self, request: web.Request, asked: Asked, fault: Fault) -> web.StreamResponse:
        fault.kept.append(asked)
        return _answer(200, "application/json", b"{}")

    _wrong: dict[str, Callable[..., Awaitable[web.StreamResponse]]] = {  # noqa: RUF012
        "refuse": _refuse,
        "fail": _fail,
        "lose": _lose,
        "cut": _cut,
        "garble": _garble,
        "hold": _hold,
        "swallow": _swallow,
    }


def _answer(status: int, kind: str, body: bytes) -> web.Response:
    return web.Response(status=status, body=body, headers={"Content-Type": kind} if kind else None)


def _hang_up(request: web.Request) -> web.Response:
    """End the connection without an answer."""
    assert request.transport
    request.transport.abort()
    return web.Response()
