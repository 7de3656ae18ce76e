"""Cases: a staff reply to the person's screen against a bare encrypted nio echo; and lists when many cases are open.

- A member of the staff writes `!reply` in a case's thread at the desk, and the person's client decrypts it; in turn the
  same person asks the echo in a room of theirs. Both begin with the call that sends a message. A reply waits 60 seconds
  in which it can be stopped: that is meant, and is no time that passing it on takes. So `bot.domain.cases.undo_time` is
  one second here, which is taken off again: the way to the bot, its waking up when the wait is over, and the way to the
  person are measured; the 15 ms in which it handles the reply fall into the wait. And beside it that time is nothing at
  all: then the reply leaves together with the notice and the edit at the desk, which in use are long gone by then.
- Ten of 10,000 open cases against ten of 100, through the real conversation on SQLite on disk: `!cases` at the desk,
  and the list by digits in `work`. The same person asks both worlds in turn.
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections import defaultdict
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa

from bench.common import NioEcho, enter, figure, folder, homeserver, nio_client, start_bot
from bot import log
from bot.config import Config
from bot.demo.client import Client
from bot.demo.homeserver import Homeserver
from bot.domain import cases
from bot.faq import content as content_files
from bot.message import Trust
from bot.seal import KeyRing
from bot.store import tables
from bot.store.db import Tx
from bot.store.migrate import migrate
from bot.store.people import get_person_by_id, insert_person, set_person
from bot.text import Texts
from tests.world import Person, World, staff

TURNS = 30
WARM = 3
FEW, MANY = 100, 10_000
EACH = 5  # cases of one person
LISTINGS = 60
QUESTION = "what colour is the carpet in your building"  # nothing that the content answers


# ---- relay ---------------------------------------------------------------------------------------------------------


def digit(menu: str, label: str) -> str:
    """The digit before a label."""
    found = re.search(rf"^(\d) {re.escape(label)}", menu, re.MULTILINE)
    assert found, f"no {label!r} in {menu!r}"
    return found[1]


async def asks(person: Client, bot_id: str) -> tuple[str, str]:
    """First contact and a question that is passed on, with leave to write back. The room, the case's number."""
    room = await person.create_room([bot_id])
    menu = await person.hears("English")
    await person.says(room, digit(menu.text, "English"))
    await person.hears("1 ")
    await person.says(room, "1")
    await person.hears("Write a number")
    await person.says(room, QUESTION)
    menu = await person.hears(QUESTION)
    await person.says(room, digit(menu.text, "Yes, and write to me here"))
    found = re.search(r"[A-Z]\d[A-Z]\d", (await person.hears("It is passed on")).text)
    assert found
    return room, found[0]


async def relay(server: Homeserver, base: Path) -> dict[str, float]:
    """Medians in seconds: of the reply with and without a wait, and of the floor."""
    person = await enter(server, base, "asker", strict=False)
    sara = await enter(server, base, "sara", strict=False)
    team = staff("sara", "admin") | {"accounts": [sara.user_id], "master_key": sara.identity.master}
    bot = await start_bot(server, base, staff=[team], limits={"messages": 100_000})
    invite = await sara.until(lambda: sara.invites[-1] if sara.invites else None)
    desk = str(invite.room_id)
    await sara.join(desk)
    room, ref = await asks(person, bot.session.user_id)
    thread = (await sara.hears(ref, room_id=desk)).event_id

    nio = await nio_client(server, base, "echo")
    echo_room = await person.create_room([nio.user_id])
    await nio.join(echo_room)
    echo = NioEcho(nio)
    running = asyncio.create_task(echo.run())
    await person.until_member(echo_room, nio.user_id)

    async def reply(words: str, wait: float) -> float:
        """Seconds from the call that sends a reply to the person's decrypted message, less what is waited."""
        cases.undo_time = lambda _config: timedelta(seconds=wait)
        started = time.perf_counter()
        await sara.says(desk, f"!reply {words}", thread=thread)
        heard = await person.hears(words, room_id=room, timeout=60)
        await sara.hears("!undo", room_id=desk)
        await bot.outgoing.idle()  # what else it has to do shall not make the floor slow
        return person.timings[heard.event_id] - started - wait

    async def ask_echo(words: str) -> float:
        started = time.perf_counter()
        await person.says(echo_room, words)
        heard = await person.hears(words, room_id=echo_room, timeout=60)
        return person.timings[heard.event_id] - started

    undo = cases.undo_time
    found: dict[str, list[float]] = defaultdict(list)
    for turn in range(TURNS + WARM):
        at_once = await reply(f"The door on the left is open today, number {turn}.", 0.0)
        floor = await ask_echo(f"echo {turn}.")
        later = await reply(f"The door on the right is open today, number {turn}.", 1.0)
        if turn >= WARM:
            for name, value in (("at once", at_once), ("floor", floor), ("later", later)):
                found[name].append(value)
    cases.undo_time = undo
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    await nio.close()
    await bot.stop()
    for client in (person, sara):
        await client.stop()
    middle = {name: statistics.median(values) for name, values in found.items()}
    print(
        f"relay: reply after a wait {middle['later'] * 1000:.0f} ms, without one {middle['at once'] * 1000:.0f} ms, "
        f"bare nio echo {middle['floor'] * 1000:.0f} ms (medians of {TURNS})",
        flush=True,
    )
    return middle


async def run_relay() -> dict[str, float]:
    with folder() as base:
        async with homeserver(base) as server:
            return await relay(server, base)


# ---- lists ---------------------------------------------------------------------------------------------------------


class Office:
    """A world with so many open cases, and Sara at its desk and in her own room."""

    def __init__(self, base: Path, count: int) -> None:
        base.mkdir()
        url = f"sqlite:///{base / 'cases.db'}"
        migrate(url)
        settings = {
            "staff": [staff("sara", "admin")],
            "limits": {"messages": 10_000_000, "cases_a_day": EACH},
        }
        config = Config.model_validate(settings)
        self.world = World(url, KeyRing(base / "keys"), Texts(), content_files.load(), config)
        self.at_desk = Person(self.world, "@sara:example.org", Trust.VERIFIED)
        self.at_desk.room = self.world.open_desk()
        self.alone = self.world.person("sara", trust=Trust.VERIFIED).arrives()
        for number in range(count // EACH):
            self.world.clock.advance(seconds=1)
            self.world.queue(self._open, f"@p{number}:example.org")
        self.world.tx(said)

    def _open(self, tx: Tx, account: str) -> None:
        """One person's cases."""
        person_id = insert_person(tx, account, "participant").id
        set_person(tx, person_id, language="en", stage="ready")
        person = get_person_by_id(tx, person_id)
        assert person
        for number in range(EACH):
            cases.open_case(tx, self.world.config, person, "question", text=f"{QUESTION}, {number}", notify=True)

    def listing(self, person: Person, text: str, lines: int) -> float:
        """Seconds from a message's arrival to what is said to it, committed."""
        started = time.perf_counter()
        person.sends(text)
        spent = time.perf_counter() - started
        self.world.deliver()
        assert len(re.findall(r"[A-Z]\d[A-Z]\d", person.room.said[-1].text)) == lines
        return spent


def said(tx: Tx) -> None:
    """What was queued for the desk counts as said: its threads stand there."""
    done = {"state": "sent", "content": None, "sent_at": tx.now, "event_id": "$bench" + tables.outbox.c.txn}
    tx.execute(sa.update(tables.outbox).where(tables.outbox.c.state == "queued").values(**done))


def lists(base: Path) -> dict[str, float]:
    """Ratios of medians: many open cases to few."""
    started = time.perf_counter()
    offices = {count: Office(base / str(count), count) for count in (FEW, MANY)}
    print(f"lists: {FEW} and {MANY} cases opened in {time.perf_counter() - started:.0f} s", flush=True)
    found: dict[tuple[str, int], list[float]] = defaultdict(list)
    for turn in range(LISTINGS + WARM):
        for count, office in offices.items():
            took = {
                "at the desk": office.listing(office.at_desk, "!cases", 10),
                "counts of `work`": office.listing(office.alone, "work", 0),
                "by digits": office.listing(office.alone, "3", 10),
            }
            for name, value in took.items():
                if turn >= WARM:
                    found[name, count].append(value)
    for office in offices.values():
        office.world.close()
    ratios = {}
    for name in ("at the desk", "by digits", "counts of `work`"):
        few, many = (statistics.median(found[name, count]) * 1000 for count in (FEW, MANY))
        ratios[name] = many / few
        print(f"lists, {name}: {few:.1f} ms with {FEW}, {many:.1f} ms with {MANY} (medians of {LISTINGS})", flush=True)
    return ratios


def main() -> None:
    log.setup("error")
    with folder() as base:
        ratios = lists(base)
    took = asyncio.run(run_relay())
    for name, key in (("", "later"), (", without any wait", "at once")):
        ratio = took[key] / took["floor"]
        figure("cases", f"staff reply to the person's screen{name}, x bare nio echo", ratio, 1.5, "low")
    for name in ("at the desk", "by digits"):
        figure("cases", f"listing ten of {MANY} open cases {name}, x ten of {FEW}", ratios[name], 2, "low")
