"""The bot is killed while a case opens and while a reply goes out: there is one case, one thread, one of each word.

Each round is the same: something is written while the bot is away; its next life ends at a chosen boundary, and the
one after that goes on to the end.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from bot.demo.client import Client, Heard
from bot.store import inbox
from tests.crash.conftest import KILLED, MortalBot

Enter = Callable[..., Awaitable[Client]]

READ = "after commit insert_batch"  # the first boundary behind which the bot knows of what was written
QUESTION = "what colour is the carpet in your building"
REF = re.compile(r"\b[A-Z]\d[A-Z]\d\b")
BY_ITSELF = re.compile(r"open cases?[:.]|cases? (?:is|are) open")  # what a desk hears by the clock and at a start


@dataclass
class Office:
    """A person who asks again and again, one of the team who answers, and a bot that dies."""

    bot: MortalBot
    amal: Client
    sara: Client
    room: str = ""
    desk: str = ""
    deaths: list[str] = field(default_factory=list)
    _read: dict[str, int] = field(default_factory=dict)

    async def opens(self) -> None:
        """The desk stands, and the person is at the menu."""
        bot, amal, sara = self.bot, self.amal, self.sara
        bot.settings["staff"] = [{"id": "sara", "accounts": [sara.user_id], "master_key": sara.identity.master}]
        bot.settings["limits"] |= {"cases_a_day": 1000, "undo_seconds": 0}
        await bot.lives()
        self.desk = (await sara.until(lambda: sara.invites[-1] if sara.invites else None)).room_id
        await sara.join(self.desk)
        self.room = await amal.create_room([bot.user_id])
        for hears, says in (("English", "1"), ("alone", "1")):
            await amal.hears(hears)
            await amal.says(self.room, says)
        await amal.hears("Write a number:")

    async def rests(self) -> None:
        """What was to be done is done, and the bot is away."""
        await self.bot.idle()
        await self.bot.stop()
        for person in (self.amal, self.sara):
            self._read[person.user_id] = len(person.heard)

    async def goes_on(self, count: int, *, amal: str, sara: tuple[str, ...]) -> None:
        """A life that ends at that boundary (0: at none), and one more, until both have heard what they wait for."""
        runner = self.bot.runner

        async def everybody() -> None:
            await self.amal.until(lambda: amal in "\n".join(self.news(self.amal)))
            await self.sara.until(lambda: all(word in "\n".join(self.news(self.sara)) for word in sara))

        await self.bot.start(count=count, after=READ)
        heard, died = asyncio.create_task(everybody()), asyncio.create_task(runner.ended())
        await asyncio.wait([heard, died], return_when=asyncio.FIRST_COMPLETED)
        if runner.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(runner.pid, signal.SIGTERM)
        code = await died
        assert code in (KILLED, 0), (code, runner.last_words())
        self.deaths += runner.passed()[-1:] if code == KILLED else []
        await self.bot.lives()
        try:
            await heard
        except TimeoutError:
            raise AssertionError((self.deaths[-1:], self.news(self.amal), self.news(self.sara))) from None
        await self.bot.idle()

    def news(self, person: Client) -> list[str]:
        """What somebody heard in this round, without what is another number in each."""
        return sorted(REF.sub("REF", heard.text) for heard in self._new(person))

    def _new(self, person: Client) -> list[Heard]:
        new = [h for h in person.heard[self._read[person.user_id] :] if h.sender == self.bot.user_id]
        return [h for h in new if not BY_ITSELF.search(h.text)]

    async def case(self, count: int) -> tuple[str, str]:
        """The person asks, and says yes while the bot is away. The case's number, and the first event of its thread."""
        await self.amal.says(self.room, QUESTION)
        await self.amal.hears("This is what I pass on", QUESTION)
        await self.rests()
        await self.amal.says(self.room, "1")
        await self.goes_on(count, amal="Its number", sara=("· question", QUESTION))
        (root,) = [h for h in self._new(self.sara) if "· question" in h.text]
        found = REF.search(root.text)
        assert found
        return found[0], root.event_id

    async def reply(self, count: int, root: str, words: str) -> None:
        """Sara answers while the bot is away."""
        await self.rests()
        await self.sara.says(self.desk, f"!reply {words}", thread=root)
        await self.goes_on(count, amal=words, sara=("Goes to the person", "Answered"))

    def boundaries(self) -> int:
        """How many the last life passed since it read what was written."""
        passed = self.bot.runner.passed()
        return len(passed) - passed.index(READ)

    async def is_whole(self, cases: int) -> None:
        """Nothing came twice, nothing is left, nobody heard what they could not read or believe."""
        assert self.bot.query("SELECT count(*) FROM cases") == [(cases,)]
        assert not self.bot.query("SELECT kind, reason FROM outbox WHERE state NOT IN ('sent', 'confirmed')")
        for person in (self.amal, self.sara):
            assert not person.refused
            assert not await person.db.run(inbox.list_pending)


def spread(most: int, points: int | None) -> range:
    """Every boundary, or so many of them at even distances."""
    return range(1, most + 1, max(1, most // points) if points else 1)


@pytest.fixture
async def office(mortal: MortalBot, enter: Enter) -> Office:
    found = Office(mortal, await enter("amal"), await enter("sara"))
    await found.opens()
    return found


@pytest.mark.parametrize("points", [4, pytest.param(None, marks=pytest.mark.soak)])
async def test_a_case_that_opens_while_the_bot_dies_is_one_case_with_one_thread(
    office: Office, points: int | None
) -> None:
    refs = [(await office.case(0))[0]]
    clean = office.news(office.amal), office.news(office.sara)
    assert [len(c) for c in clean] == [1, 2], clean
    counts = spread(70, points)
    for count in counts:
        refs.append((await office.case(count))[0])
        assert (office.news(office.amal), office.news(office.sara)) == clean, office.deaths[-1]
    assert len(office.deaths) > len(counts) // 2, "most of these lives were ended"
    assert len(set(refs)) == 1 + len(counts)
    await office.is_whole(1 + len(counts))
    roots = Counter(REF.findall("\n".join(h.text for h in office.sara.heard if "· question\nWaiting" in h.text)))
    assert roots == dict.fromkeys(refs, 1)


@pytest.mark.parametrize("points", [4, pytest.param(None, marks=pytest.mark.soak)])
async def test_a_reply_that_goes_out_while_the_bot_dies_reaches_the_person_once(
    office: Office, points: int | None
) -> None:
    _, root = await office.case(0)
    await office.reply(0, root, "No words of this kind.")
    clean = office.news(office.amal), office.news(office.sara)
    assert [len(c) for c in clean] == [1, 2], clean
    counts = spread(60, points)
    for count in counts:
        await office.reply(count, root, "No words of this kind.")
        assert (office.news(office.amal), office.news(office.sara)) == clean, office.deaths[-1]
    assert len(office.deaths) > len(counts) // 2, "most of these lives were ended"
    await office.is_whole(1)
