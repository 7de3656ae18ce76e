"""500 encrypted rooms: how long until ready, and how memory grows, against bare nio's full-state sync.

Each measurement runs in a process of its own (`python -m bench.rooms ours|nio ...`), so that memory is its own.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import psutil
from nio import AsyncClient, AsyncClientConfig

from bench.common import PASSWORD, figure, folder, homeserver
from bot.demo.homeserver import Homeserver
from bot.matrix.http import Http

ROOMS = 500
MEMBERS = 3  # in each room, besides the two bots


def memory() -> float:
    """Resident memory of this process in MiB."""
    return float(psutil.Process().memory_info().rss) / 2**20


async def child_ours(url: str, user_id: str, base: Path) -> dict[str, float]:
    """A start of the bot until it is ready."""
    from bot import log
    from bot.app import App
    from bot.config import Config

    log.setup("error")
    os.environ["LIAISON_PASSWORD"] = PASSWORD
    settings = {"homeserver": {"url": url}, "account": {"user_id": user_id}, "web": {"admin_port": 0}, "base": base}
    app = App(Config.model_validate(settings))
    started = time.perf_counter()
    await app.start()
    ready = time.perf_counter() - started
    found = {"ready": ready, "memory": memory()}
    await app.stop()
    return found


async def child_nio(url: str, user_id: str, base: Path) -> dict[str, float]:
    """Sign in and a full-state sync, as nio's documentation asks for at every start."""
    config = AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True)
    client = AsyncClient(url, user_id, store_path=str(base), config=config)
    await client.login(PASSWORD)
    started = time.perf_counter()
    await client.sync(timeout=0, full_state=True)
    found = {"ready": time.perf_counter() - started, "memory": memory()}
    await client.close()
    return found


async def child(kind: str, url: str, user_id: str, base: Path) -> dict[str, Any]:
    base.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "bench.rooms", kind, url, user_id, str(base)]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    out, _ = await process.communicate()
    found: dict[str, Any] = json.loads(out.splitlines()[-1])
    return found


async def fill(server: Homeserver, bots: list[str]) -> None:
    """Make the rooms and let everybody in."""
    people = [await server.register(f"r{n}", PASSWORD) for n in range(MEMBERS)]
    sessions: dict[str, Http] = {}
    for user_id in [*people, *bots]:
        http = sessions[user_id] = Http(server.url)
        identifier = {"type": "m.id.user", "user": user_id}
        body = {"type": "m.login.password", "identifier": identifier, "password": PASSWORD}
        http.token = (await http.call("POST", "/login", body))["access_token"]
    limit = asyncio.Semaphore(6)
    encryption = {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}

    async def one(number: int) -> None:
        async with limit:
            owner = people[number % MEMBERS]
            others = [u for u in [*people, *bots] if u != owner]
            body = {"preset": "private_chat", "invite": others, "initial_state": [encryption]}
            room = (await sessions[owner].call("POST", "/createRoom", body, deadline=120))["room_id"]
            for user_id in others:
                await sessions[user_id].call("POST", f"/join/{room}", {}, deadline=120)

    await asyncio.gather(*(one(n) for n in range(ROOMS)))
    for user_id, http in sessions.items():
        if user_id in bots:
            await http.call("POST", "/logout", {})
        await http.close()


async def run() -> None:
    with folder() as base:
        async with homeserver(base) as server:
            empty_ours, empty_nio = await server.register("empty1", PASSWORD), await server.register("empty2", PASSWORD)
            ours0 = await child("ours", server.url, empty_ours, base / "empty-ours")
            nio0 = await child("nio", server.url, empty_nio, base / "empty-nio")
            bot = await server.register("full1", PASSWORD)
            peers = [await server.register(name, PASSWORD) for name in ("full2", "full3")]
            await fill(server, [bot, *peers])
            # Each account's first sync, one after the other: nio, ours, nio; then nio once more, for the restart.
            nio_one = await child("nio", server.url, peers[0], base / "nio-1")
            first = await child("ours", server.url, bot, base / "ours")
            nio_two = await child("nio", server.url, peers[1], base / "nio-2")
            again = await child("ours", server.url, bot, base / "ours")
            nio_warm = await child("nio", server.url, peers[0], base / "nio-3")
    nio_first, nio_ready = min(nio_one["ready"], nio_two["ready"]), nio_warm["ready"]
    print(f"nio full-state sync: first {nio_one['ready']:.2f} and {nio_two['ready']:.2f} s, again {nio_ready:.2f} s")
    print(
        f"ours: very first start {first['ready']:.2f} s, restart {again['ready']:.2f} s (empty {ours0['ready']:.2f} s)"
    )
    print(f"memory, MiB: ours {ours0['memory']:.0f} -> {first['memory']:.0f} (restart {again['memory']:.0f}), "
          f"nio {nio0['memory']:.0f} -> {nio_warm['memory']:.0f}")  # fmt: skip
    growth = (first["memory"] - ours0["memory"]) / (nio_warm["memory"] - nio0["memory"])
    figure("rooms", "500 rooms: restart until ready, x nio full-state sync", again["ready"] / nio_ready, 0.3, "low")
    figure(
        "rooms", "500 rooms: very first start, x nio's first full-state sync", first["ready"] / nio_first, 1.2, "low"
    )
    figure("rooms", "500 rooms: memory growth, x nio's growth", growth, 1.2, "low")


def main() -> None:
    asyncio.run(run())


if __name__ == "__main__":
    kind, url, user_id, base = sys.argv[1:5]
    work = child_ours if kind == "ours" else child_nio
    print(json.dumps(asyncio.run(work(url, user_id, Path(base)))))
