"""What is due when. APScheduler only wakes us; the truth is a row with UNIQUE (what, due_at): done at most once."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from bot.log import logger
from bot.store.db import Database
from bot.store.meta import claim_due

log = logger(__name__)


@dataclass(frozen=True)
class Daily:
    """Something done once a day at an hour (UTC), up to `lateness` later when we were not running."""

    what: str
    hour: int
    minute: int
    work: Callable[[], Awaitable[None]]
    lateness: timedelta = timedelta(hours=23)

    def due_at(self, now: datetime) -> datetime:
        """The newest moment at or before `now` at which this was due."""
        today = now.replace(hour=self.hour, minute=self.minute, second=0, microsecond=0)
        return today if today <= now else today - timedelta(days=1)


class Schedule:
    """The clock of the running program."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self.db = db
        self.now = now
        self.daily: list[Daily] = []
        self.every: list[tuple[int, Callable[[], Awaitable[None]]]] = []
        self._scheduler = AsyncIOScheduler(timezone="UTC")

    async def start(self) -> None:
        for job in self.daily:
            trigger = CronTrigger(hour=job.hour, minute=job.minute, timezone="UTC")
            self._scheduler.add_job(self.run_due, trigger, [job], misfire_grace_time=None, coalesce=True)
        for seconds, work in self.every:
            self._scheduler.add_job(work, IntervalTrigger(seconds=seconds, timezone="UTC"), coalesce=True)
        self._scheduler.start()
        for job in self.daily:
            await self.run_due(job)  # what was due while we were not running

    async def run_due(self, job: Daily) -> bool:
        """Do a job if it is due and nobody did it; whether it was done now."""
        now = self.now()
        due_at = job.due_at(now)
        if now - due_at > job.lateness or not await self.db.run(claim_due, job.what, due_at):
            return False
        try:
            await job.work()
        except Exception:
            log.exception("scheduled work failed", job=job.what)
        return True

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
