"""An encrypted file of 200 MiB up and down as streams, against a plain aiohttp transfer of the same bytes.

RSS is watched while ours runs: it must not grow with the file.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import statistics
import time
from pathlib import Path

import psutil

from bench.common import PASSWORD, figure, folder, homeserver
from bot.demo.homeserver import Homeserver
from bot.matrix.http import Http
from bot.matrix.media import Media
from bot.message import Attachment

SIZE = 200 * 1024 * 1024
ROUNDS = 5


class MemoryWatch:
    """How many MiB the process grew at most."""

    async def __aenter__(self) -> MemoryWatch:
        self.start = self.most = psutil.Process().memory_info().rss
        self._task = asyncio.create_task(self._look())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _look(self) -> None:
        while True:
            self.most = max(self.most, psutil.Process().memory_info().rss)
            await asyncio.sleep(0.02)

    @property
    def growth(self) -> float:
        return (self.most - self.start) / 2**20


async def plain_upload(http: Http, path: Path) -> tuple[float, str]:
    """aiohttp with a file as its body, as its documentation shows."""
    started = time.perf_counter()
    with path.open("rb") as file:
        url = f"{http.url}/_matrix/media/v3/upload"
        headers = {"Authorization": f"Bearer {http.token}", "Content-Type": "application/octet-stream"}
        async with http.session.post(url, data=file, headers=headers) as answer:
            mxc = (await answer.json())["content_uri"]
    return time.perf_counter() - started, mxc


async def plain_download(http: Http, mxc: str, target: Path) -> float:
    started = time.perf_counter()
    url = f"{http.url}/_matrix/client/v1/media/download/{mxc.removeprefix('mxc://')}"
    async with http.session.get(url, headers={"Authorization": f"Bearer {http.token}"}) as answer:
        with target.open("wb") as file:
            async for chunk in answer.content.iter_chunked(1024 * 1024):
                file.write(chunk)
    return time.perf_counter() - started


async def measure(server: Homeserver, base: Path) -> None:
    user_id = await server.register("sender", PASSWORD)
    async with Http(server.url) as http:
        identifier = {"type": "m.id.user", "user": user_id}
        body = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
        http.token = (await http.call("POST", "/login", body))["access_token"]
        media = Media(http, SIZE * 2)
        path = base / "file"
        with path.open("wb") as file:
            for _ in range(SIZE // 2**20):
                file.write(os.urandom(2**20))
        wanted = hashlib.sha256(path.read_bytes()).hexdigest()
        up: list[tuple[float, float]] = []
        down: list[tuple[float, float]] = []
        growth = 0.0
        for turn in range(ROUNDS):
            plain_up, mxc = await plain_upload(http, path)
            async with MemoryWatch() as watch:
                started = time.perf_counter()
                file_object, _ = await media.upload(path)
                ours_up = time.perf_counter() - started
            growth = max(growth, watch.growth)
            target = base / f"back{turn}"
            plain_down = await plain_download(http, mxc, base / "plain")
            attachment = Attachment(file_object["url"], "file", size=SIZE, key=file_object)
            async with MemoryWatch() as watch:
                started = time.perf_counter()
                await media.download(attachment, target)
                ours_down = time.perf_counter() - started
            growth = max(growth, watch.growth)
            with target.open("rb") as back:
                assert hashlib.file_digest(back, "sha256").hexdigest() == wanted
            up.append((plain_up, ours_up))
            down.append((plain_down, ours_down))
            with contextlib.suppress(OSError):
                target.unlink()
            print(
                f"up: plain {plain_up:.2f} s, ours {ours_up:.2f} s; down: plain {plain_down:.2f}, ours {ours_down:.2f}"
            )
    share_up = statistics.median(p / o for p, o in up)
    share_down = statistics.median(p / o for p, o in down)
    figure("media", "encrypted upload of 200 MiB, share of plain aiohttp", share_up, 0.6, "high")
    figure("media", "encrypted download of 200 MiB, share of plain aiohttp", share_down, 0.6, "high")
    figure("media", "growth of memory, MiB", growth, 32, "low")


async def run() -> None:
    with folder() as base:
        async with homeserver(base) as server:
            await measure(server, base)


def main() -> None:
    asyncio.run(run())
