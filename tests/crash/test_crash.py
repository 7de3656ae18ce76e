"""The bot is killed with SIGKILL in the middle of a conversation, again and again; the person must not notice.

Everything is real: Synapse, the encryption, the database, the process that dies.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from bot.demo.client import Client
from bot.matrix.http import quoted
from bot.store import inbox
from tests.crash.conftest import KILLED, MortalBot

Enter = Callable[..., Awaitable[Client]]

KILLS_A_TALK = 10

# What a person writes, and words of the answer to wait for before they write on. At `None` the bot is stopped; it is
# started again when the person waits for an answer, so that what they write until then is queued.
TALK: list[tuple[str | None, str]] = [
    ("", "English"),
    ("1", "Are you alone"),
    ("1", "Write a number:"),
    ("whoami", "This is what I keep"),
    ("2", "Write a number:"),
    ("1", "Choose a number:"),
    ("1", "Who can read this chat?"),
    ("1", "Here is the answer."),
    (None, ""),
    ("safety", ""),
    ("limits", ""),
    ("whoami", "This is what I keep"),
    ("forget", "Shall I erase"),
    ("1", "It is erased."),
    ("hello again", "English"),
    ("1", "Are you alone"),
    ("1", "Write a number:"),
    ("0", "Bye."),
]


class Lives:
    """Keeps a bot running: whenever a boundary has killed it, its next life begins.

    `next_count` says at which boundary the next life ends, 0 for one that nothing ends.
    """

    def __init__(self, bot: MortalBot, next_count: Callable[[], int]) -> None:
        self.bot = bot
        self.next_count = next_count
        self.passed = 0  # boundaries
        self.deaths: list[str] = []  # where each life that was killed ended
        self._over = True
        self._task: asyncio.Task[None] | None = None

    @property
    def running(self) -> bool:
        return not self._over

    def go(self) -> None:
        self._over = False
        self._task = asyncio.create_task(self._live())

    async def stop(self) -> None:
        self._over = True
        self._terminate()
        assert self._task
        await self._task

    def _terminate(self) -> None:
        if pid := self.bot.runner.pid:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)

    async def _live(self) -> None:
        runner = self.bot.runner
        while not self._over:
            await self.bot.start(count=self.next_count())
            if self._over:
                self._terminate()
            code = await runner.ended()
            self.passed += len(runner.passed())
            # Before the bot waits for SIGTERM, the signal ends it as hard as SIGKILL does.
            assert code in (KILLED, 0, -signal.SIGTERM), (code, runner.last_words())
            if code == KILLED:
                self.deaths.append(runner.passed()[-1])


@dataclass(frozen=True)
class Talk:
    """A conversation as the person and the server saw it."""

    room: str
    client: Client
    heard: list[str]

    async def events(self) -> list[dict[str, Any]]:
        """Everything that ever happened in the room, what was taken back included."""
        path = f"/rooms/{quoted(self.room)}/messages"
        found: list[dict[str, Any]] = []
        query = {"dir": "b", "limit": "100"}
        while True:
            answer = await self.client.http.call("GET", path, query=query)
            found += answer["chunk"]
            if "end" not in answer:
                return found
            query["from"] = answer["end"]

    async def deeds_of(self, user_id: str) -> Counter[str]:
        """What an account did in the room; two redactions of one event are not the same as one of two."""
        deeds: Counter[str] = Counter()
        for event in await self.events():
            if event["sender"] == user_id:
                deeds[event["type"]] += 1
            if event["type"] == "m.room.encrypted":
                deeds["left standing"] += bool(event["content"])
        return deeds


async def talk(lives: Lives, alice: Client) -> Talk:
    """The whole conversation, in a room of its own; the bot is stopped afterwards."""
    bot = lives.bot
    lives.go()
    room = await alice.create_room([bot.user_id])
    for says, hears in TALK:
        if says is None:
            await lives.stop()
        elif says:
            await alice.says(room, says)
        if hears:
            if not lives.running:
                lives.go()
            await alice.hears(hears, room_id=room)
    await bot.idle()
    await lives.stop()
    heard = [h.text for h in alice.heard if h.sender == bot.user_id]
    return Talk(room, alice, heard)


@pytest.mark.parametrize("points", [20, pytest.param(200, marks=pytest.mark.soak)])
async def test_who_is_answered_by_a_bot_that_dies_all_the_time_does_not_notice(
    mortal: MortalBot, enter: Enter, points: int
) -> None:
    clean_lives = Lives(mortal, lambda: 0)
    clean = await talk(clean_lives, await enter("alice"))
    clean_deeds = await clean.deeds_of(mortal.user_id)
    assert len(clean.heard) >= len([hears for _, hears in TALK if hears]) + 4
    assert clean_deeds["m.room.encrypted"] == len(clean.heard)
    assert clean_deeds["left standing"] == 1, "the goodbye"

    seed = points
    dice = random.Random(seed)
    most = 2 * clean_lives.passed // KILLS_A_TALK
    lives = Lives(mortal, lambda: dice.randint(1, most) if len(lives.deaths) < points else 0)
    talks: list[Talk] = []
    while len(lives.deaths) < points:
        before, alice = len(lives.deaths), await enter("alice")
        try:
            found = await talk(lives, alice)
        except TimeoutError:
            raise AssertionError((f"seed {seed}", lives.deaths[before:], [h.text for h in alice.heard])) from None
        talks.append(found)
        where = (f"seed {seed}", lives.deaths[before:])
        assert found.heard == clean.heard, where
        assert not found.client.refused, where
        assert not await found.client.db.run(inbox.list_pending), where

    # Nothing comes twice later, either.
    await mortal.lives()
    await mortal.idle()
    for found in talks:
        assert await found.deeds_of(mortal.user_id) == clean_deeds, (f"seed {seed}", lives.deaths)
    assert not mortal.query("SELECT reason FROM outbox WHERE state = 'parked'")
    await mortal.stop()


async def test_what_the_server_took_before_the_bot_died_is_not_said_again(mortal: MortalBot, enter: Enter) -> None:
    alice = await enter("alice")
    await mortal.lives()
    room = await alice.create_room([mortal.user_id])
    await alice.hears("English")
    await alice.says(room, "1")
    await alice.hears("Are you alone")
    await alice.says(room, "1")
    await alice.hears("Write a number:")
    await mortal.idle()
    await mortal.stop()
    before = len(alice.heard)

    sends = f"PUT /_matrix/client/v3/rooms/{room}/send/m.room.encrypted/"
    deaths = [  # and how many hours later it lives again: after a day the server no longer knows what it took
        (f"on its way {sends}", 0),
        (f"after answer 200 {sends}", 0),
        ("before commit set_sent", 0),
        (f"after answer 200 {sends}", 25),
    ]
    for step, hours in deaths:
        await alice.says(room, "limits")
        await mortal.dies(after=step)
        (said,) = sent(mortal, sends)
        await mortal.lives(hours=hours)
        await alice.hears("cannot promise", room_id=room)
        await mortal.idle()
        await mortal.stop()
        again = sent(mortal, sends)
        assert again == ([] if hours else [said]), "tried again under the same id, or found in the room"
    answers = [h.text for h in alice.heard[before:] if h.sender == mortal.user_id]
    assert len(answers) == len(deaths)
    assert len(set(answers)) == 1
    assert not alice.refused
    assert not await alice.db.run(inbox.list_pending)


def sent(bot: MortalBot, sends: str) -> list[str]:
    """The messages, by transaction id, that the last life sent."""
    return [step.rpartition("/")[2] for step in bot.runner.passed() if step.startswith(f"before request {sends}")]
