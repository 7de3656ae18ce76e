"""The one way to the homeserver (bot/matrix/http.py), against a real server on this machine that misbehaves.

Only the waiting is ours: pauses are told to a clock instead of being slept.
"""

from __future__ import annotations

import asyncio
import gzip
import json
import types
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any
from urllib.parse import unquote

import aiohttp
import pytest
from aiohttp import web

from bot.matrix import http as http_module
from bot.matrix.http import (
    LARGEST,
    LONGEST_PAUSE,
    Governor,
    Http,
    MatrixError,
    TokenLost,
    Unreachable,
    json_object,
    quoted,
)

Reply = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Time:
    """Time that passes only by being waited for."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.pauses: list[float] = []

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        assert 0 <= seconds < 10_000
        self.pauses.append(seconds)
        due = self.now + seconds + 1e-6  # a sleep is never too short
        await asyncio.sleep(0)
        self.now = max(self.now, due)


class Server:
    """Answers with what it was given, one reply a request; afterwards everything is well."""

    def __init__(self) -> None:
        self.replies: list[Reply] = []
        self.requests: list[tuple[str, str, bytes]] = []

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append((request.method, request.raw_path, await request.read()))
        reply = self.replies.pop(0) if self.replies else says({"event_id": "$good"})
        return await reply(request)


def says(body: Any, status: int = 200, **headers: str) -> Reply:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()

    async def reply(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=data, status=status, headers={k.replace("_", "-"): v for k, v in headers.items()})

    return reply


def raw(*parts: bytes) -> Reply:
    """Bytes as they are, then the line is cut."""

    async def reply(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        for part in parts:
            request.transport.write(part)
        request.transport.close()
        return web.Response()

    return reply


def limited(body: Any = None, **headers: str) -> Reply:
    return says(body or {"errcode": "M_LIMIT_EXCEEDED"}, 429, **headers)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(http_module, "asyncio", types.SimpleNamespace(**vars(asyncio) | {"sleep": time.sleep}))
    monkeypatch.setattr(http_module, "time", time)
    return time


@pytest.fixture
async def server(time: Time) -> AsyncIterator[tuple[Server, Http]]:
    server = Server()
    app = web.Application(client_max_size=2**26)
    app.router.add_route("*", r"/{any:[\s\S]*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with Http(f"http://127.0.0.1:{port}", "syt_token") as http:
        http.governor = Governor(time.monotonic)
        yield server, http
    await runner.cleanup()


# ---- what passes ----------------------------------------------------------------------------------------------------

PASSING_FAULTS = {
    "internal error": says({"errcode": "M_UNKNOWN"}, 500),
    "a proxy's page": says(b"<html>502 Bad Gateway</html>", 502),
    "a page with status 200": says(b"<html>Welcome</html>"),
    "nothing": says(b""),
    "a list": says(b"[]"),
    "a text": says(b'"ok"'),
    "null": says(b"null"),
    "half an object": says(b'{"event_id": '),
    "too deep": says(b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "a number too long": says(b'{"a":' + b"1" * 5_000 + b"}"),
    "no UTF-8": says(b'{"a":"\xff\xfe"}'),
    "another place": says(b"", 302, Location="/elsewhere"),
    "cut before the answer": raw(),
    "cut in the middle": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", b'{"event_id"'),
    "cut in a chunk": raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"50\r\n{"),
    "not HTTP": raw(b"SSH-2.0-OpenSSH_9.9\r\n\r\n"),
    "an endless header": raw(b"HTTP/1.1 200 OK\r\nX: ", b"x" * 100_000),
    "bad compression": says(b"garbage", 200, Content_Encoding="gzip"),
    "told to wait": limited({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1500}),
}


@pytest.mark.parametrize("lane", [None, "now"])
@pytest.mark.parametrize("fault", PASSING_FAULTS)
async def test_a_passing_fault_is_tried_again_under_the_same_transaction(
    server: tuple[Server, Http], fault: str, lane: Any
) -> None:
    shelf, http = server
    shelf.replies = [PASSING_FAULTS[fault]] * 2
    answer = await http.call("PUT", "/rooms/!r/send/m.room.message/txn1", {"body": "x"}, lane=lane)
    assert answer == {"event_id": "$good"}
    first, *others = shelf.requests
    assert first[1].endswith("/txn1")
    assert len(others) >= 2  # the library itself may repeat what a server that closes the line never read
    assert all(other == first for other in others)


@pytest.mark.parametrize("fault", ["internal error", "a page with status 200", "cut in the middle"])
async def test_patience_ends_with_a_clear_error_and_pauses_that_grow(
    server: tuple[Server, Http], time: Time, fault: str
) -> None:
    shelf, http = server
    shelf.replies = [PASSING_FAULTS[fault]] * 100
    with pytest.raises(Unreachable):
        await http.call("GET", "/sync", patience=120)
    assert 60 < sum(time.pauses) <= 120
    assert max(time.pauses) <= LONGEST_PAUSE
    assert len(time.pauses) < 15
    shelf.replies.clear()
    assert await http.call("GET", "/sync") == {"event_id": "$good"}


async def test_an_answer_larger_than_any_that_we_asked_for_is_none(server: tuple[Server, Http]) -> None:
    shelf, http = server

    async def huge(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Encoding": "gzip"})
        await response.prepare(request)
        await response.write(gzip.compress(b" " * 2 * LARGEST))
        return response

    shelf.replies = [huge]
    with pytest.raises(Unreachable) as refused:
        await http.call("GET", "/sync", patience=0)
    assert refused.value.errcode == "TOO_LARGE"
    assert await http.call("GET", "/sync") == {"event_id": "$good"}


async def test_a_server_that_says_nothing_or_never_ends_holds_us_only_until_the_deadline(
    server: tuple[Server, Http],
) -> None:
    shelf, http = server
    released = asyncio.Event()

    async def silent(_request: web.Request) -> web.StreamResponse:
        await released.wait()
        return web.Response()

    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while not released.is_set():
            await response.write(b'{"a":"')
            await asyncio.sleep(0.01)
        return response

    for reply in (silent, endless):
        shelf.replies = [reply]
        with pytest.raises(Unreachable) as late:
            await http.call("GET", "/sync", deadline=0.2, patience=0)
        assert late.value.errcode == "TimeoutError"
    released.set()
    assert await http.call("GET", "/sync") == {"event_id": "$good"}


async def test_a_server_that_is_not_there_is_unreachable(time: Time) -> None:
    async with Http("http://127.0.0.1:1") as http:
        with pytest.raises(Unreachable):
            await http.call("GET", "/sync", patience=10)
    assert sum(time.pauses) > 1


async def test_a_large_answer_comes_whole(server: tuple[Server, Http]) -> None:
    shelf, http = server
    shelf.replies = [says({"big": "x" * 20_000_000})]
    assert len((await http.call("GET", "/sync"))["big"]) == 20_000_000


# ---- what is final --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "body", "errcode"),
    [
        (403, {"errcode": "M_FORBIDDEN", "error": "secret words"}, "M_FORBIDDEN"),
        (404, {}, ""),
        (400, {"errcode": ["x"] * 100}, None),
        (418, {"errcode": "x" * 10_000}, None),
        (401, {"errcode": "M_MISSING_TOKEN"}, "M_MISSING_TOKEN"),
    ],
)
async def test_a_refusal_is_told_at_once_without_the_servers_words(
    server: tuple[Server, Http], status: int, body: Any, errcode: str | None
) -> None:
    shelf, http = server
    shelf.replies = [says(body, status)]
    with pytest.raises(MatrixError) as refused:
        await http.call("PUT", "/x", {})
    assert refused.value.status == status
    assert errcode is None or refused.value.errcode == errcode
    assert "secret" not in str(refused.value)
    assert len(str(refused.value)) < 100
    assert len(shelf.requests) == 1
    assert await http.call("PUT", "/x", {}) == {"event_id": "$good"}


@pytest.mark.parametrize(("more", "soft"), [({}, False), ({"soft_logout": True}, True)])
async def test_a_lost_token_says_so_and_whether_to_log_in_again(
    server: tuple[Server, Http], more: dict[str, Any], soft: bool
) -> None:
    shelf, http = server
    shelf.replies = [says({"errcode": "M_UNKNOWN_TOKEN", **more}, 401)]
    with pytest.raises(TokenLost) as lost:
        await http.call("GET", "/sync")
    assert lost.value.soft is soft
    assert len(shelf.requests) == 1
    http.token = "syt_other"  # logged in again
    assert await http.call("GET", "/sync") == {"event_id": "$good"}


async def test_ids_of_strangers_stay_one_part_of_the_path(server: tuple[Server, Http]) -> None:
    shelf, http = server
    for part in ("a/b", "a?b=c", "a#b", "%2F", "ü", "a b", "$é/../..", "\r\nX: y"):
        await http.call("GET", f"/rooms/{quoted(part, 'end')}")
        path = shelf.requests[-1][1]
        assert path.count("/") == 6
        assert unquote(path.split("/")[5]) == part
        assert path.endswith("/end")


@pytest.mark.parametrize("data", [b"", b"[]", b"1", b"{", b'{"a":' * 100_000, b"\xff", b"1" * 5_000])
def test_what_is_no_json_object_is_none(data: bytes) -> None:
    assert json_object(data) is None


# ---- being told to wait ---------------------------------------------------------------------------------------------

WAITS = [
    ({"retry_after_ms": 4000}, {}, 4.0),
    ({}, {"Retry_After": "7"}, 7.0),
    ({"retry_after_ms": 9000}, {"Retry_After": "2"}, 2.0),
    ({"retry_after_ms": 3000}, {"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 3.0),
    ({}, {"Retry_After": "Wed, 21 Oct 2026 07:28:00 GMT"}, 0.1),
    ({}, {}, 0.1),
    ({"retry_after_ms": -5}, {}, 0.1),
    ({"retry_after_ms": "soon"}, {}, 0.1),
    ({"retry_after_ms": [1]}, {}, 0.1),
    ({"retry_after_ms": 10**400}, {}, 0.1),
    ({"retry_after_ms": float("nan")}, {}, 0.1),
    ({}, {"Retry_After": "nan"}, 0.1),
    ({"retry_after_ms": 10**12}, {}, 3600.0),
    ({}, {"Retry_After": "inf"}, 3600.0),
]


@pytest.mark.parametrize(("body", "headers", "seconds"), WAITS)
async def test_the_server_says_how_long_to_wait_in_the_header_or_the_body(
    server: tuple[Server, Http], time: Time, body: dict[str, Any], headers: dict[str, str], seconds: float
) -> None:
    shelf, http = server
    shelf.replies = [limited({"errcode": "M_LIMIT_EXCEEDED", **body}, **headers)]
    assert await http.call("POST", "/x", {}, patience=10_000) == {"event_id": "$good"}
    assert time.pauses == [pytest.approx(seconds)]


async def test_a_wait_beyond_our_patience_ends_the_call_but_not_a_message(
    server: tuple[Server, Http], time: Time
) -> None:
    shelf, http = server
    shelf.replies = [limited({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 100_000})]
    with pytest.raises(MatrixError) as refused:
        await http.call("POST", "/x", {}, patience=60)
    assert (refused.value.status, time.pauses) == (429, [])
    shelf.replies = [limited({"retry_after_ms": 100_000})] * 3
    assert await http.call("PUT", "/send", {}, lane="now", patience=60) == {"event_id": "$good"}
    assert sum(time.pauses) >= 300


# ---- the governor ---------------------------------------------------------------------------------------------------


class Bucket:
    """A server that allows `burst` events at once and one an `interval`, as Synapse counts them."""

    def __init__(self, time: Time, burst: int, interval: float) -> None:
        self.time, self.burst, self.interval = time, burst, interval
        self.level, self.at = 0.0, time.now
        self.accepted: list[float] = []
        self.refused = 0

    async def reply(self, request: web.Request) -> web.StreamResponse:
        self.level = max(0.0, self.level - (self.time.now - self.at) / self.interval)
        self.at = self.time.now
        if self.level + 1 > self.burst + 1e-6:
            self.refused += 1
            wait = int((self.level + 1 - self.burst) * self.interval * 1000) + 1
            return await limited({"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": wait})(request)
        self.level += 1
        self.accepted.append(self.time.now)
        return web.json_response({"event_id": f"${len(self.accepted)}"})


async def test_the_limit_is_learnt_from_refusals_and_then_kept(server: tuple[Server, Http], time: Time) -> None:
    shelf, http = server
    bucket = Bucket(time, burst=10, interval=5.0)
    shelf.replies = [bucket.reply] * 1000
    assert http.governor.per_minute() is None
    assert not http.governor.throttled
    for number in range(60):
        await http.call("PUT", f"/send/{number}", {}, lane="now")
    assert bucket.refused < 5
    assert http.governor.per_minute() == pytest.approx(12, rel=0.01)
    assert http.governor.burst == 10
    assert http.governor.throttled
    took = time.now - bucket.accepted[0]
    assert took < (60 - 10) * 5.0 * 1.1
    time.now += 10 * 5.0 + 60
    assert not http.governor.throttled
    refused = bucket.refused
    await asyncio.gather(*(http.call("PUT", f"/again/{n}", {}, lane="now") for n in range(10)))
    assert bucket.refused == refused
    assert http.governor.throttled


async def test_answers_go_before_bulletins_and_bulletins_before_the_sweep(
    server: tuple[Server, Http], time: Time
) -> None:
    shelf, http = server
    http.governor.learn(5.0, 1)
    await http.call("PUT", "/first", {}, lane="bulletin")
    lanes: list[Any] = ["sweep", "bulletin", "work", "now", "bulletin", "now"]
    await asyncio.gather(*(http.call("PUT", f"/{lane}/{n}", {}, lane=lane) for n, lane in enumerate(lanes)))
    order = [path.rsplit("/", 2)[1] for _, path, _ in shelf.requests[1:]]
    assert order == ["now", "now", "work", "bulletin", "bulletin", "sweep"]
    assert time.now - 1000 == pytest.approx(6 * 5.0)


async def test_who_gives_up_waiting_takes_nobodys_place(server: tuple[Server, Http], time: Time) -> None:
    shelf, http = server
    http.governor.learn(5.0, 1)
    await http.call("PUT", "/first", {}, lane="now")
    calls = [asyncio.create_task(http.call("PUT", f"/{n}", {}, lane="now")) for n in range(3)]
    await asyncio.sleep(0)
    calls[0].cancel()
    assert await asyncio.gather(*calls[1:]) == [{"event_id": "$good"}] * 2
    assert time.now - 1000 <= 2 * 5.0 + 0.01
    assert [path.rsplit("/", 1)[1] for _, path, _ in shelf.requests] == ["first", "1", "2"]


async def test_what_an_earlier_run_learnt_holds_from_the_first_message_on(
    server: tuple[Server, Http], time: Time
) -> None:
    shelf, http = server
    bucket = Bucket(time, burst=10, interval=5.0)
    shelf.replies = [bucket.reply] * 1000
    http.governor.learn(5.0, 10)
    for number in range(30):
        await http.call("PUT", f"/{number}", {}, lane="now")
    assert (bucket.refused, len(bucket.accepted)) == (0, 30)


async def test_what_is_in_no_lane_does_not_wait_for_the_limit_on_messages(
    server: tuple[Server, Http], time: Time
) -> None:
    _, http = server
    http.governor.refused(1000)
    assert http.governor.throttled
    assert await http.call("POST", "/keys/query", {}) == {"event_id": "$good"}
    assert time.pauses == []


# ---- downloads ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (says({"errcode": "M_NOT_FOUND"}, 404), MatrixError),
        (says(b"<html>", 502), MatrixError),
        (PASSING_FAULTS["cut in the middle"], Unreachable),
        (PASSING_FAULTS["not HTTP"], Unreachable),
    ],
)
async def test_a_download_that_fails_says_so_and_the_next_one_comes(
    server: tuple[Server, Http], reply: Reply, error: type[Exception]
) -> None:
    shelf, http = server

    async def download() -> bytes:
        async with http.stream("/_matrix/client/v1/media/download/a/b", deadline=30) as answer:
            assert isinstance(answer, aiohttp.ClientResponse)
            return await answer.content.read()

    shelf.replies = [reply] * 5
    with pytest.raises(error):
        await download()
    shelf.replies = [says(b"bytes of a file")]
    assert await download() == b"bytes of a file"
