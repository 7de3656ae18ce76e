"""Killed while it starts: the next start goes on, with one device, one identity and one room of each kind."""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Awaitable, Callable

import pytest

from bot.demo.client import Client
from bot.seal import KeyRing
from bot.store import inbox
from bot.store.db import Tx, opened
from tests.crash.conftest import MortalBot

Enter = Callable[..., Awaitable[Client]]
Make = Callable[..., Awaitable[MortalBot]]

CREATE = "POST /_matrix/client/v3/createRoom"
MADE = "commit Outgoing._made"


# Before a request nothing differs from after what was done last.
@pytest.mark.parametrize("moment", ["on its way ", "after "])
async def test_a_first_start_that_is_killed_at_every_step_ends_with_one_device_and_one_identity(
    make_mortal: Make, enter: Enter, moment: str
) -> None:
    alice = await enter("alice")
    clean, bot = await make_mortal(), await make_mortal()
    await clean.lives()
    steps = [s for s in steps_of(clean.runner.passed(), clean, bot) if s.startswith(moment)]
    await clean.stop()
    for step in ("POST /_matrix/client/v3/login", "/keys/upload", "/device_signing/upload", "m.secret_storage.key."):
        assert any(step in s for s in steps), "the steps that matter are among those at which it is killed"

    others = set(await bot.devices())  # the registration's
    masters = set()
    for step in steps:
        await bot.dies(after=step)
        masters.add(await master_of(alice, bot))
    await bot.lives()
    masters.add(await master_of(alice, bot))
    assert len(masters - {None}) == 1
    assert len(set(await bot.devices()) - others) == 1
    await is_answered(alice, bot)
    await bot.stop()

    # Everything lost but the recovery key: another machine goes on as the same account to everybody.
    other = await make_mortal(bot.name)
    (other.folder / "recovery-key.txt").write_bytes((bot.folder / "recovery-key.txt").read_bytes())
    await other.lives()
    assert await master_of(alice, other) in masters
    await is_answered(alice, other)
    await other.stop()


def steps_of(passed: list[str], whose: MortalBot, bot: MortalBot) -> list[str]:
    """The boundaries of `whose` until it has its identity, as those of `bot`, in order."""
    steps: list[str] = []
    for label in passed:
        if "App._first_things" in label:
            return steps
        label = re.sub(r"(?<=m\.secret_storage\.key\.).*", "", label.replace(whose.user_id, bot.user_id))
        steps.append(label)
    raise AssertionError("it never had one")


async def master_of(alice: Client, bot: MortalBot) -> str | None:
    answer = await alice.http.call("POST", "/keys/query", {"device_keys": {bot.user_id: []}})
    master = answer["master_keys"].get(bot.user_id)
    return str(next(iter(master["keys"].values()))) if master else None


async def is_answered(alice: Client, bot: MortalBot) -> None:
    """In a room of its own, by a device that alice's strict client takes words from."""
    room = await alice.create_room([bot.user_id])
    await alice.hears("English", room_id=room)


async def test_a_desk_is_made_once_wherever_its_making_is_killed(mortal: MortalBot, enter: Enter) -> None:
    sara = await enter("sara")
    deaths = [  # and how many hours after the first start the next life begins
        (f"before {MADE}", 0),
        (f"on its way {CREATE}", 0),
        (f"after answer 200 {CREATE}", 0),
        (f"before request {CREATE}", 1),
        (f"after {MADE}", 1),
    ]
    names = [f"desk-{number}" for number in range(len(deaths))]
    mortal.settings |= {
        "desks": [{"name": name} for name in names],
        "staff": [{"id": "sara", "accounts": [sara.user_id], "role": "admin", "desks": names}],
    }
    hours = 0
    for step, later in deaths:
        await mortal.dies(after=step, hours=hours)
        hours = later
    await mortal.lives(hours=hours)
    await mortal.idle()
    assert sorted(await mortal.rooms()) == [(f"desk-{name}", name) for name in names]
    await sara.until(lambda: len(sara.invites) >= len(names))
    assert Counter(invite.room_id for invite in sara.invites).most_common(1)[0][1] == 1
    for invite in sara.invites:
        await sara.join(invite.room_id)
        await sara.says(invite.room_id, "!bot status")
        await sara.hears("Mode", room_id=invite.room_id)
    await mortal.stop()


async def test_an_answer_that_was_left_unread_hides_no_room_that_was_made_meanwhile(
    mortal: MortalBot, enter: Enter
) -> None:
    await mortal.lives()
    await mortal.stop()
    sara = await enter("sara")
    mortal.settings["staff"] = [{"id": "sara", "accounts": [sara.user_id], "role": "admin"}]
    await mortal.dies(after=f"on its way {CREATE}")
    async with asyncio.timeout(30):
        while not [name for _, name in await mortal.rooms() if name]:  # until the server is done
            pass

    def journal(tx: Tx) -> None:
        """An answer from before the room was made, committed and not processed when the bot died."""
        token = inbox.get_sync_token(tx)
        assert token
        inbox.insert_batch(tx, token, json.dumps({"next_batch": token}).encode())

    with opened(f"sqlite:///{mortal.folder / 'data' / 'liaison.db'}", KeyRing(mortal.folder / "keys")) as db:
        db.transact("", journal)
    await mortal.lives(hours=1)  # when no room can be in the making any more
    await mortal.idle()
    assert await mortal.rooms() == [("desk-main", "main")]
    await sara.join((await sara.until(lambda: sara.invites))[0].room_id)
    await sara.says(sara.invites[0].room_id, "!bot status")
    await sara.hears("Mode")
    await mortal.stop()
