"""What is due is done once: over restarts, clock steps and two processes, and made up when it was missed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.schedule import Daily, Schedule
from bot.seal import KeyRing
from bot.store import meta
from bot.store.db import Database
from tests.world import Clock

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


class Process:
    """One run of the program: its own connection and schedule, on the database and clock of all."""

    def __init__(self, url: str, keys: KeyRing, clock: Clock, done: list[datetime]) -> None:
        self.clock = clock
        self.done = done
        self.db = Database(url, keys, clock)
        self.schedule = Schedule(self.db, clock)

    def daily(self, hour: int = 3, minute: int = 30, lateness: timedelta = timedelta(hours=23)) -> Daily:
        job = Daily("sweep", hour, minute, self.work, lateness)
        self.schedule.daily.append(job)
        return job

    async def work(self) -> None:
        self.done.append(self.clock())

    async def end(self) -> None:
        self.schedule.stop()
        await self.db.close()


@pytest.fixture
def process(database_url: str, keys: KeyRing) -> Iterator[Callable[[], Process]]:
    """`process()`: the program is started (once more)."""
    clock = Clock(NOON)
    done: list[datetime] = []
    yield lambda: Process(database_url, keys, clock, done)


def test_due_at_is_the_newest_hour_that_has_come() -> None:
    job = Daily("sweep", 3, 30, lambda: asyncio.sleep(0))
    at = NOON.replace(hour=3, minute=30)
    assert job.due_at(at) == at
    assert job.due_at(at - timedelta(microseconds=1)) == at - timedelta(days=1)
    assert job.due_at(at + timedelta(hours=23, minutes=59)) == at
    assert job.due_at(datetime(2027, 1, 1, 0, 0, tzinfo=UTC)) == datetime(2026, 12, 31, 3, 30, tzinfo=UTC)
    assert job.due_at(datetime(2028, 3, 1, 1, 0, tzinfo=UTC)) == datetime(2028, 2, 29, 3, 30, tzinfo=UTC)


def test_one_claim_for_what_and_when(database_url: str, keys: KeyRing) -> None:
    db = Database(database_url, keys, Clock(NOON))

    def claim(what: str, due_at: datetime) -> bool:
        return db.transact("", meta.claim_due, what, due_at)[0]

    assert claim("sweep", NOON)
    assert not claim("sweep", NOON)
    assert claim("sweep", NOON + timedelta(days=1))
    assert claim("identity", NOON)
    db.close_now()


async def test_it_is_done_once_a_day_over_restarts(process: Callable[[], Process]) -> None:
    for day in range(3):
        for _ in range(2):
            one = process()
            job = one.daily()
            await one.schedule.start()
            assert not await one.schedule.run_due(job), "the start has done it"
            assert len(one.done) == day + 1
            await one.end()
        one.clock.advance(days=1)
    assert one.done == [NOON, NOON + timedelta(days=1), NOON + timedelta(days=2)]


async def test_what_was_missed_is_made_up_at_the_start_but_not_after_its_lateness(
    process: Callable[[], Process],
) -> None:
    one = process()
    one.daily(hour=11, lateness=timedelta(minutes=30))
    await one.schedule.start()
    assert one.done == [NOON], "due at 11:30, half an hour ago"
    await one.end()
    one.clock.advance(days=1, seconds=1)
    late = process()
    job = late.daily(hour=11, lateness=timedelta(minutes=30))
    await late.schedule.start()
    assert one.done == [NOON], "a second too late"
    late.clock.advance(hours=23, minutes=30)
    assert await late.schedule.run_due(job), "the next day it is done again"
    await late.end()


async def test_a_clock_that_steps_back_and_forth_does_nothing_twice(process: Callable[[], Process]) -> None:
    one = process()
    job = one.daily()
    for hours, done in ((0, True), (-1, False), (-9, True), (9, False), (25, True), (-24, False), (0, False)):
        one.clock.advance(hours=hours)
        assert await one.schedule.run_due(job) is done, hours
    # Noon; 11:00 again; 02:00, when yesterday's was due; 11:00; 12:00 of the next day; noon; noon.
    assert len(one.done) == 3
    one.clock.advance(days=2)
    assert await one.schedule.run_due(job)
    await one.end()


async def test_of_two_processes_one_does_it(process: Callable[[], Process]) -> None:
    one, other = process(), process()
    jobs = [(p, p.daily()) for p in (one, other)]
    for day in range(5):
        found = await asyncio.gather(*(p.schedule.run_due(job) for p, job in jobs * 3))
        assert sorted(found) == [False] * 5 + [True]
        assert len(one.done) == day + 1
        one.clock.advance(days=1)
    await one.end()
    await other.end()


async def test_work_that_fails_is_named_without_its_words_and_the_next_day_comes(
    process: Callable[[], Process], caplog: pytest.LogCaptureFixture
) -> None:
    one = process()
    healthy = asyncio.Event()

    async def work() -> None:
        if not healthy.is_set():
            raise ValueError("the grey house")
        one.done.append(one.clock())

    job = Daily("sweep", 3, 30, work)
    one.schedule.daily = [job, one.daily(hour=4)]
    one.schedule.daily[1] = Daily("identity", 4, 0, one.work)
    with caplog.at_level(logging.ERROR, "bot"):
        await one.schedule.start()
    assert one.done == [NOON], "the other job is done all the same"
    assert [r.ids for r in caplog.records] == [{"job": "sweep"}]  # type: ignore[attr-defined]
    healthy.set()
    one.clock.advance(days=1)
    assert await one.schedule.run_due(job)
    assert len(one.done) == 2
    await one.end()


async def test_the_clock_of_the_scheduler_calls_every_job(process: Callable[[], Process]) -> None:
    """APScheduler has each daily and each interval job; what it calls is what claims."""
    one = process()
    one.daily()
    ticked = asyncio.Event()

    async def tick() -> None:
        ticked.set()

    one.schedule.every = [(3600, tick)]
    await one.schedule.start()
    jobs = one.schedule._scheduler.get_jobs()
    assert [j.name for j in jobs if "run_due" in j.name] == ["Schedule.run_due"]
    one.clock.advance(days=1)
    for job in jobs:
        assert job.next_run_time > datetime.now(UTC)
        await job.func(*job.args)
        await job.func(*job.args)
    assert ticked.is_set()
    assert len(one.done) == 2
    one.schedule.stop()
    await one.end()  # stopping twice harms nothing


Life = list[tuple[int, bool]]  # minutes that pass, and whether the program is started (or goes on) then


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    life=st.lists(st.tuples(st.integers(-600, 4000), st.booleans()), max_size=14),
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    lateness=st.integers(0, 23 * 60),
)
def test_missed_runs_within_the_lateness_are_made_up_once(
    life: Life, hour: int, minute: int, lateness: int, sqlite_template: bytes, tmp_path: Path, keys: KeyRing
) -> None:
    for path in tmp_path.glob("clock.db*"):
        path.unlink()
    (tmp_path / "clock.db").write_bytes(sqlite_template)
    clock = Clock(NOON)
    done: list[datetime] = []
    limit = timedelta(minutes=lateness)

    async def live() -> None:
        expected: list[datetime] = []
        for minutes, looks in life:
            clock.advance(minutes=minutes)
            if not looks:
                continue
            # An independent reckoning: every day's hour around now, the newest that has come.
            hours = [
                datetime.combine(clock().date() + timedelta(days=d), datetime.min.time(), UTC)
                + timedelta(hours=hour, minutes=minute)
                for d in (-2, -1, 0, 1)
            ]
            newest = max(h for h in hours if h <= clock())
            if clock() - newest <= limit and newest not in expected:
                expected.append(newest)
            one = Process(f"sqlite:///{tmp_path / 'clock.db'}", keys, clock, done)
            await one.schedule.run_due(one.daily(hour, minute, limit))
            assert len(done) == len(expected)
            await one.end()

    asyncio.run(live())
