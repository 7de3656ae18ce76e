"""Room keys are taken in as a whole slice or not at all, wherever the process is killed."""

from __future__ import annotations

from pathlib import Path

from bot.store.migrate import migrate
from tests.crash.conftest import KILLED, Runner
from tests.crash.slices import AFTER, BEFORE, FRIEND, Store, journal_keys

KEYS = 12


async def test_killed_between_any_two_writes_it_has_every_key_of_a_slice_or_none(
    runner: Runner, database_url: str, tmp_path: Path
) -> None:
    friends_url = f"sqlite:///{tmp_path / 'friend.db'}"
    migrate(friends_url)
    keys = tmp_path / "keys"
    async with Store(database_url, keys) as bot, Store(friends_url, tmp_path / "friends-keys", FRIEND) as friend:
        messages = await journal_keys(bot, friend, KEYS)

    async def state() -> tuple[list[str], bool, str]:
        async with Store(database_url, keys) as bot:
            read = [words for words, event in messages.items() if await bot.reads(event) == words]
            return read, await bot.keys_taken_in(), await bot.token()

    nothing: tuple[list[str], bool, str] = ([], False, BEFORE)
    every_key = (list(messages), True, BEFORE)
    everything = (list(messages), True, AFTER)
    assert await state() == nothing
    # Each life goes on where the one before was killed: at the next boundary, or anew when some of it is done.
    found, count, deaths = nothing, 1, []
    while True:
        await runner.start(function="tests.crash.slices:take_in", url=database_url, keys=str(keys), count=count)
        code = await runner.ended()
        before, found = found, await state()
        assert found in (nothing, every_key, everything), (runner.passed(), found)
        assert (nothing, every_key, everything).index(found) >= (nothing, every_key, everything).index(before)
        if code != KILLED:
            break
        deaths.append(runner.passed()[-1])
        count = count + 1 if found == before else 1
    assert code == 0, runner.last_words()
    assert found == everything
    tables = ("olm_account", "olm_session", "megolm_inbound", "journal", "meta", "COMMIT")
    assert all(any(name in death for death in deaths) for name in tables), deaths
