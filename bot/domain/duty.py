"""Who can be called when somebody is threatened: the person on duty, after 15 minutes the next, after 30 all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot import outbox
from bot.config import Config, Duty
from bot.domain import desks, engagement, rooms
from bot.message import Part
from bot.store import cases as rows
from bot.store.cases import Case
from bot.store.db import Tx

AGAIN = timedelta(minutes=15)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Called:
    """Whom a call reaches first, and when they may read it; `begins` is None when they are on duty now."""

    who: str | None
    there: datetime | None  # the time where they are
    begins: datetime | None


def _rota(config: Config, desk: str) -> list[Duty]:
    """The rota without those who do not work at this desk: they could do nothing for the person."""
    there = set(config.accounts_at(desk))
    able = {s.id for s in config.staff if s.role in ("staff", "admin") and there & set(s.accounts)}
    return [slot for slot in config.duty if slot.who in able]


def on_duty(config: Config, desk: str, now: datetime) -> list[Duty]:
    """Those whose hours it is now, as the config lists them."""
    return [slot for slot in _rota(config, desk) if _covers(slot, now)]


def _covers(slot: Duty, now: datetime) -> bool:
    local = now.astimezone(ZoneInfo(slot.zone))
    hour = local.time().replace(tzinfo=None)
    if slot.start < slot.end:
        return DAYS[local.weekday()] in slot.days and slot.start <= hour < slot.end
    # Over midnight (or the whole day): what begins today, or what began yesterday and has not ended.
    return (DAYS[local.weekday()] in slot.days and hour >= slot.start) or (
        DAYS[(local.weekday() - 1) % 7] in slot.days and hour < slot.end
    )


def next_beginning(slot: Duty, now: datetime) -> datetime:
    """When the hours of a slot begin next, in its zone."""
    local = now.astimezone(ZoneInfo(slot.zone))
    for ahead in range(8):
        day = (local + timedelta(days=ahead)).date()
        begins = datetime.combine(day, slot.start, ZoneInfo(slot.zone))
        if DAYS[day.weekday()] in slot.days and begins > now:
            return begins
    return local


def first(config: Config, desk: str, now: datetime) -> Called:
    """Whom a call reaches first: somebody on duty now, else whose hours begin soonest."""
    if slots := on_duty(config, desk, now):
        return Called(slots[0].who, now.astimezone(ZoneInfo(slots[0].zone)), None)
    if not _rota(config, desk):
        return Called(None, None, None)
    soonest = min(_rota(config, desk), key=lambda slot: next_beginning(slot, now))
    zone = ZoneInfo(soonest.zone)
    return Called(soonest.who, now.astimezone(zone), next_beginning(soonest, now))


def _order(config: Config, desk: str, now: datetime) -> list[str]:
    """Everybody of the rota: those on duty first, then those whose hours begin soonest."""
    later = sorted(_rota(config, desk), key=lambda slot: next_beginning(slot, now))
    return list(dict.fromkeys(slot.who for slot in [*on_duty(config, desk, now), *later]))


def call(tx: Tx, config: Config, case: Case) -> None:
    """Call the next person for an urgent case; the third time everybody."""
    order = _order(config, case.desk, tx.now)
    whom = order[case.calls : case.calls + 1] if case.calls < 2 else order
    reached = [who for who in whom if _tell(tx, config, case, who)]
    if case.calls == 0 or not reached:  # the desk hears it too, and alone when nobody on duty has a room with us
        accounts = [a for s in config.staff if not whom or s.id in whom for a in s.accounts if a in _desk(config, case)]
        desks.tell(
            tx, config, [Part("duty-called-desk", {"ref": case.ref})], desk=case.desk, lane="now",
            batch=f"case:{case.ref}", thread_of=case.root_txn, mentions=accounts,
        )  # fmt: skip
    rows.set_case(tx, case.ref, called_at=tx.now, calls=case.calls + 1)
    engagement.record(tx, "called", channel="desk", outcome="reached" if reached else "desk", language=case.language)


def _desk(config: Config, case: Case) -> list[str]:
    return config.accounts_at(case.desk)


def _tell(tx: Tx, config: Config, case: Case, who: str) -> bool:
    """Tell somebody of the staff in their own room with us; False when there is none."""
    member = next((s for s in config.staff if s.id == who), None)
    room = rooms.access_newest_private(tx, member.accounts if member else ())
    if room is None:
        return False
    language = desks.language_of(config, case.desk)
    parts = [Part("duty-called", {"ref": case.ref}), Part("duty-how", {"ref": case.ref})]
    outbox.say(tx, room.room_id, parts, language=language, audience="own", lane="now", loud=True)
    return True


def call_again(tx: Tx, config: Config) -> None:
    """Call the next ones for what nobody has taken: after 15 minutes and after 30."""
    for case in rows.list_to_call(tx):
        if case.calls < 3 and case.called_at is not None and tx.now - case.called_at >= AGAIN:
            call(tx, config, case)
