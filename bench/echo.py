"""Question to visible answer: the bot against one bare encrypted nio echo, in the same room and from the same person.

Both are in one encrypted room of three. One person asks each in turn; then twenty people in rooms of their own ask the
bot at once, and twenty ask the echo.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from pathlib import Path

from bench.common import NioEcho, enter, figure, folder, homeserver, nio_client, p95, start_bot
from bot.demo.client import Client
from bot.demo.homeserver import Homeserver

TURNS = 40
PEOPLE = 20
ROUNDS = 5


async def ask(person: Client, room: str, text: str, answer: str) -> float:
    """Seconds from the call that sends a message to the decrypted answer."""
    started = time.perf_counter()
    await person.says(room, text)
    heard = await person.hears(answer, room_id=room, timeout=60)
    return person.timings[heard.event_id] - started


async def one_person(server: Homeserver, base: Path) -> None:
    person = await enter(server, base, "asker", strict=False)
    bot = await start_bot(server, base, people={"coordinators": [person.user_id]}, limits={"messages": 100_000})
    nio = await nio_client(server, base, "echo")
    room = await person.create_room([bot.session.user_id, nio.user_id], direct=False)
    await nio.join(room)
    echo = NioEcho(nio)
    running = asyncio.create_task(echo.run())
    await person.until_member(room, bot.session.user_id)
    await person.until_member(room, nio.user_id)
    ours: list[float] = []
    floor: list[float] = []
    for turn in range(TURNS + 5):
        first = await ask(person, room, "!help", "private")
        second = await ask(person, room, f"echo {turn}", f"echo {turn}")
        if turn >= 5:  # warm
            ours.append(first)
            floor.append(second)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await nio.close()
    a, b = statistics.median(ours), statistics.median(floor)
    print(f"one person: bot {a * 1000:.0f} ms, bare nio echo {b * 1000:.0f} ms (medians of {TURNS})")
    figure("echo", "question to visible answer, one person, x bare nio echo", a / b, 1.5, "low")
    bot.request_stop()
    await bot.stop()
    await person.stop()


async def twenty(server: Homeserver, base: Path) -> None:
    """Both bots are in each person's group room; all twenty ask at the same moment."""
    people = [await enter(server, base, f"p{n}", strict=False) for n in range(PEOPLE)]
    accounts = [p.user_id for p in people]
    bot = await start_bot(server, base, "helper2", people={"coordinators": accounts}, limits={"messages": 100_000})
    nio = await nio_client(server, base, "echo2")
    rooms = []
    for person in people:
        room = await person.create_room([bot.session.user_id, nio.user_id], direct=False)
        await nio.join(room)
        rooms.append(room)
    echo = NioEcho(nio)
    running = asyncio.create_task(echo.run())
    for person, room in zip(people, rooms, strict=True):
        await person.until_member(room, bot.session.user_id)
        await person.until_member(room, nio.user_id)
    ours: list[float] = []
    floor: list[float] = []
    for turn in range(ROUNDS + 1):
        pairs = list(zip(people, rooms, strict=True))
        first = await asyncio.gather(*(ask(p, r, "!help", "private") for p, r in pairs))
        second = await asyncio.gather(*(ask(p, r, f"echo {turn}", f"echo {turn}") for p, r in pairs))
        if turn:
            ours += first
            floor += second
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await nio.close()
    print(f"twenty at once: bot p95 {p95(ours) * 1000:.0f} ms, bare nio echo p95 {p95(floor) * 1000:.0f} ms")
    figure("echo", "twenty people at once, p95, x bare nio echo", p95(ours) / p95(floor), 1.5, "low")
    await bot.stop()
    for person in people:
        await person.stop()


async def run() -> None:
    with folder() as base:
        async with homeserver(base) as server:
            await one_person(server, base)
            await twenty(server, base)


def main() -> None:
    asyncio.run(run())
