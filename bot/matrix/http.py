"""One way to the homeserver: status and JSON checked, deadlines, Retry-After kept, one rate governor."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import json
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import aiohttp

from bot.log import logger
from bot.message import Lane

log = logger(__name__)

CLIENT = "/_matrix/client/v3"
CONNECT_SECONDS = 15
LONGEST_PAUSE = 30.0
LARGEST = 64 * 2**20  # bytes of an answer
_PRIORITY: dict[Lane, int] = {"now": 0, "work": 1, "bulletin": 2, "sweep": 3}


class MatrixError(Exception):
    """The server refused. Only the status and the error code are kept: its words may quote ours."""

    def __init__(self, status: int, errcode: str = "") -> None:
        super().__init__(f"{status} {errcode}")
        self.status = status
        self.errcode = errcode


class Unreachable(MatrixError):
    """The server did not answer in time, or not with what a homeserver says."""


class TokenLost(MatrixError):
    """The server no longer knows our access token. `soft`: logging in again with the same device is enough."""

    def __init__(self, status: int, soft: bool) -> None:
        super().__init__(status, "M_UNKNOWN_TOKEN")
        self.soft = soft


class Governor:
    """The account's limit on events, learnt from the server's 429 answers, with urgent lanes served first.

    Until the first refusal nothing is held back. From then on a token bucket: as many at once as went through before,
    then one an interval (the longest Retry-After that was seen).
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self.interval = 0.0
        self.burst = 0
        self.refusals = 0
        self._tokens = 0.0
        self._filled_at = clock()
        self._blocked_until = 0.0
        self._run = 0  # accepted since the last pause long enough for the bucket to be full
        self._last = clock()
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._number = itertools.count()
        self._server: asyncio.Task[None] | None = None

    @property
    def throttled(self) -> bool:
        """Whether a send has to wait now."""
        return self.interval > 0 and (bool(self._waiting) or self._wait() > 0)

    def learn(self, interval: float, burst: int) -> None:
        """Start with what an earlier run learnt."""
        self.interval, self.burst, self._tokens = interval, burst, float(burst)

    def _fill(self) -> None:
        now = self._clock()
        if self.interval:
            self._tokens = min(float(self.burst), self._tokens + (now - self._filled_at) / self.interval)
        self._filled_at = now

    def _wait(self) -> float:
        """Seconds until the next send may go."""
        now = self._clock()
        if not self.interval:
            return max(0.0, self._blocked_until - now)
        self._fill()
        due = 0.0 if self._tokens >= 1 else (1 - self._tokens) * self.interval
        return max(self._blocked_until - now, due, 0.0)

    async def slot(self, lane: Lane) -> None:
        """Wait until a send in `lane` may go."""
        if not self._waiting and self._wait() <= 0:
            self._take()
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (_PRIORITY[lane], next(self._number), future))
        if self._server is None or self._server.done():
            self._server = asyncio.create_task(self._serve(), name="rate governor")
        await future

    def _take(self) -> None:
        if self.interval:
            self._fill()
            self._tokens = max(0.0, self._tokens - 1)

    async def _serve(self) -> None:
        while self._waiting:
            if (wait := self._wait()) > 0:
                await asyncio.sleep(wait)
                continue
            _, _, future = heapq.heappop(self._waiting)
            if not future.done():
                self._take()
                future.set_result(None)

    def accepted(self) -> None:
        now = self._clock()
        self._run = self._run + 1 if now - self._last < 60 else 1
        self._last = now

    def refused(self, retry_after: float) -> None:
        """The server said 429: wait as told, and remember how much it allows."""
        self.refusals += 1
        if not self.interval:
            self.burst = max(1, self._run)
        # Synapse tells the time to the next free place, which is at most one interval.
        self.interval = max(self.interval, min(retry_after, LONGEST_PAUSE), 0.05)
        self._tokens = 0.0
        self._filled_at = self._clock() + retry_after
        self._blocked_until = self._clock() + retry_after

    def per_minute(self) -> float | None:
        """Events a minute that the server allows, as far as it was seen; None when it never refused."""
        return 60 / self.interval if self.interval else None


@dataclass(frozen=True)
class Answer:
    status: int
    body: dict[str, Any]


class Http:
    """Calls to one homeserver for one account."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        self.token = token
        self.governor = Governor()
        self.last_success = 0.0
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Http:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0, ttl_dns_cache=300)
            timeout = aiohttp.ClientTimeout(total=None, connect=CONNECT_SECONDS)
            self._session = aiohttp.ClientSession(connector=connector, timeout=timeout, auto_decompress=True)
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def once(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        deadline: float = 30,
        raw: bytes | AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        largest: int = LARGEST,
    ) -> tuple[int, Mapping[str, str], bytes]:
        """One request without retry.

        Raises Unreachable when no whole answer of at most `largest` bytes came within `deadline` seconds.
        """
        more = dict(headers or {})
        data: Any = raw
        if body is not None:
            data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
            more["Content-Type"] = "application/json"
        try:
            async with (
                asyncio.timeout(deadline),
                self.session.request(
                    method,
                    self.url + path,
                    params=query,
                    data=data,
                    headers=self._headers() | more,
                    allow_redirects=False,
                ) as answer,
            ):
                data = bytearray()
                async for chunk in answer.content.iter_any():
                    data += chunk
                    if len(data) > largest:
                        raise Unreachable(0, "TOO_LARGE")
                return answer.status, answer.headers, bytes(data)
        except (OSError, TimeoutError, aiohttp.ClientError) as error:
            raise Unreachable(0, type(error).__name__) from None

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | None = None,
        deadline: float = 30,
        patience: float = 60,
        lane: Lane | None = None,
        prefix: str = CLIENT,
        raw: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """A request whose answer is a JSON object with status 200.

        `deadline` bounds one try, `patience` all of them, in seconds. 429 and faults of the server are tried again
        with growing pauses; a call in a `lane` goes through the governor, which then keeps all others back as well.
        Raises MatrixError (refused), Unreachable (no sensible answer in time) or TokenLost.
        """
        until = time.monotonic() + patience
        for turn in itertools.count():
            if lane is not None:
                await self.governor.slot(lane)
            try:
                status, reply_headers, data = await self.once(
                    method, prefix + path, body, query=query, deadline=deadline, raw=raw, headers=headers
                )
            except Unreachable as error:
                await self._pause(turn, until, error)
                continue
            reply = json_object(data)
            if status == 200 and reply is not None:
                self.last_success = time.monotonic()
                if lane is not None:
                    self.governor.accepted()
                return reply
            errcode = str((reply or {}).get("errcode", ""))[:60]
            if status == 429:
                wait = retry_after(reply_headers, reply or {})
                if lane is not None:
                    self.governor.refused(wait)
                    continue  # the governor's turn to wait; being told to wait is not a fault and ends no patience
                if time.monotonic() + wait > until:
                    raise MatrixError(status, errcode or "M_LIMIT_EXCEEDED")
                await asyncio.sleep(wait)
                continue
            if status == 401 and errcode == "M_UNKNOWN_TOKEN":
                raise TokenLost(status, bool((reply or {}).get("soft_logout")))
            # A proxy's page, or a status 200 that is no JSON object, is a fault of the server, not an answer.
            if status >= 500 or reply is None:
                await self._pause(turn, until, Unreachable(status, errcode))
                continue
            raise MatrixError(status, errcode)
        raise AssertionError("unreachable")

    @staticmethod
    async def _pause(turn: int, until: float, error: MatrixError) -> None:
        wait = min(LONGEST_PAUSE, 0.2 * 2**turn) * random.uniform(0.5, 1)  # noqa: S311
        if time.monotonic() + wait > until:
            raise error
        await asyncio.sleep(wait)

    @asynccontextmanager
    async def stream(self, path: str, *, deadline: float) -> AsyncIterator[aiohttp.ClientResponse]:
        """A download as a stream, with status 200. Raises MatrixError or Unreachable."""
        try:
            async with (
                asyncio.timeout(deadline),
                self.session.get(
                    self.url + path, headers=self._headers(), allow_redirects=True, read_bufsize=2**20
                ) as answer,
            ):
                if answer.status != 200:
                    reply = json_object(await answer.content.read(10_000)) or {}
                    raise MatrixError(answer.status, str(reply.get("errcode", ""))[:60])
                yield answer
        except (ConnectionError, TimeoutError, aiohttp.ClientError) as error:  # a full disk is not the server's fault
            raise Unreachable(0, type(error).__name__) from None


def quoted(*parts: str) -> str:
    """Path segments made safe: ids come from strangers."""
    return "/".join(quote(part, safe="") for part in parts)


def json_object(data: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def retry_after(headers: Mapping[str, str], body: Mapping[str, Any]) -> float:
    """Seconds to wait, from the header (a number; proxies also send dates) or the body, within reason."""
    for value, unit in ((headers.get("Retry-After"), 1), (body.get("retry_after_ms"), 1000)):
        try:
            wait = float(value or 0) / unit
        except (TypeError, ValueError, OverflowError):
            continue
        if wait > 0:  # which is false for NaN
            return min(max(wait, 0.1), 3600.0)
    return 0.1
