"""The operator's listener: health and numbers, on its own address, and nothing else."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot import log
from bot.web.admin import METRICS, Admin

CANARY = "vellichorbarn"


@dataclass
class Program:
    """What the listener asks: whether the loops work, and the numbers."""

    well: bool = True
    numbers: dict[str, float] = field(default_factory=lambda: dict.fromkeys(METRICS, 0.0))
    admin: Admin = field(init=False)

    def __post_init__(self) -> None:
        self.admin = Admin(lambda: self.well, lambda: self.numbers, "127.0.0.1", 0)

    async def get(self, path: str, method: str = "GET") -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, f"http://127.0.0.1:{self.admin.port}{path}") as answer,
        ):
            return answer.status, await answer.text()

    async def metrics(self) -> dict[str, float]:
        """The numbers as a Prometheus server reads them."""
        status, text = await self.get("/metrics")
        assert status == 200
        found = {}
        for family in text_string_to_metric_families(text):
            assert family.documentation
            for sample in family.samples:
                assert not sample.labels, "a label is where an account or a room would stand"
                found[sample.name] = sample.value
        return found

    async def raw(self, request: bytes) -> str:
        """The whole answer to a request that no client would send, until the listener closes or has answered."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.admin.port)
        writer.write(request)
        answer = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = int(answer.lower().partition("content-length: ")[2].partition("\r\n")[0])
        answer += (await reader.readexactly(length)).decode()
        writer.close()
        return answer


@pytest.fixture
async def program() -> AsyncIterator[Program]:
    found = Program()
    await found.admin.start()
    yield found
    await found.admin.stop()


async def test_alive_is_not_ready(program: Program) -> None:
    assert await program.get("/ready") == (200, "ready\n")
    program.well = False
    assert await program.get("/ready") == (503, "not ready\n")
    assert await program.get("/live") == (200, "ok\n"), "restarting would not mend what we wait for"
    program.well = True
    assert (await program.get("/ready"))[0] == 200


async def test_every_number_is_there_with_its_meaning_and_moves(program: Program) -> None:
    assert await program.metrics() == dict.fromkeys(METRICS, 0.0)
    program.numbers = {name: 3.0 + i for i, name in enumerate(METRICS)}
    assert await program.metrics() == program.numbers
    program.numbers["liaison_outbox_open"] = 1.0
    assert (await program.metrics())["liaison_outbox_open"] == 1.0


async def test_a_number_that_is_not_in_the_table_is_not_shown(program: Program) -> None:
    program.numbers[f"liaison_{CANARY}"] = 1.0
    status, text = await program.get("/metrics")
    assert status == 500
    assert CANARY not in text
    del program.numbers[f"liaison_{CANARY}"]
    assert CANARY not in str(await program.metrics())


@pytest.mark.parametrize("host", ["127.0.0.2", "::1"])
async def test_it_listens_on_its_own_address_only(program: Program, host: str) -> None:
    with pytest.raises(OSError) as refused:
        await asyncio.open_connection(host, program.admin.port)
    assert refused.value.errno in (errno.ECONNREFUSED, errno.EADDRNOTAVAIL, errno.ENETUNREACH)
    assert (await program.get("/live"))[0] == 200


async def test_a_taken_port_says_so_and_the_first_goes_on(program: Program) -> None:
    second = Admin(lambda: True, dict, "127.0.0.1", program.admin.port)
    with pytest.raises(OSError):
        await second.start()
    await second.stop()
    assert (await program.get("/live"))[0] == 200


async def test_a_stopped_listener_leaves_its_port(program: Program) -> None:
    port = program.admin.port
    await program.admin.stop()
    again = Admin(lambda: True, dict, "127.0.0.1", port)
    await again.start()
    await again.stop()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"/{CANARY}", 404), ("GET", "/", 404), ("GET", f"/metrics/{CANARY}", 404),
        ("GET", "/ready/../../etc/passwd", 404), ("POST", "/ready", 405), ("PUT", "/metrics", 405),
        ("DELETE", "/live", 405), ("OPTIONS", "/metrics", 405), ("TRACE", "/metrics", 405), ("HEAD", "/live", 200),
        ("GET", f"/live?{CANARY}=1", 200),
    ],
)  # fmt: skip
async def test_other_paths_and_methods_are_refused_in_few_words(
    program: Program, method: str, path: str, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    found, text = await program.get(path, method)
    assert found == status
    assert len(text) < 40
    assert CANARY not in text
    assert not caplog.records, "who asks what is nobody's business"
    assert (await program.get("/live"))[0] == 200


@pytest.mark.parametrize(
    "request_",
    [
        b"GET /live HTTP/1.1\r\nHost: x\r\nX-Name: " + CANARY.encode() * 2000 + b"\r\n\r\n",
        b"GET /" + CANARY.encode() * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        CANARY.encode() + b"\r\n\r\n",
        b"GET /live HTTP/1.1\r\n" + CANARY.encode() + b"\r\n\r\n",
        b"GET /live HTTP/1.1\r\nHost: x\r\nContent-Length: " + CANARY.encode() + b"\r\n\r\n",
        b"GET /live HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: " + CANARY.encode() + b"\r\n\r\n",
    ],
    ids=["header", "path", "garbage", "no colon", "length", "encoding"],
)
async def test_a_malformed_request_shows_nothing_of_ours_and_is_not_logged(
    program: Program, request_: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await program.raw(request_)
    assert " 400 " in answer.splitlines()[0]
    assert not [word for word in ("Traceback", "File ", ".py", "site-packages") if word in answer]
    logged = [log._Formatter().format(record) for record in caplog.records]
    assert CANARY not in str(logged)
    assert (await program.get("/live"))[0] == 200
