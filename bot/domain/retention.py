"""The daily sweep: what has done its job goes. Areas register what they have to sweep."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from bot import approvals
from bot.config import Config
from bot.domain import caselife
from bot.store import inbox, keys, meta, prompts, rooms
from bot.store import outbox as sent
from bot.store.db import Tx

Sweep = Callable[[Tx, Config], int]


def _inbox(tx: Tx, config: Config) -> int:
    return inbox.delete_seen_before(tx, tx.now - timedelta(days=config.retention.inbox_days))


def _unread(tx: Tx, config: Config) -> int:
    age = timedelta(days=config.retention.inbox_days)
    return inbox.delete_pending_before(tx, age) + inbox.delete_gaps_before(tx, age)


def _outbox(tx: Tx, config: Config) -> int:
    return sent.delete_done_before(tx, tx.now - timedelta(days=config.retention.outbox_days))


def _sessions(tx: Tx, config: Config) -> int:
    return keys.delete_inbound_before(tx, tx.now - config.session_age) + keys.delete_spare_olm_sessions(tx)


def _comparisons(tx: Tx, _config: Config) -> int:
    return keys.delete_verifications_before(tx, tx.now - timedelta(days=1))


def forget_prompts(tx: Tx, _config: Config) -> int:
    """Questions that nobody answered in time, with the words that they hold; called every half minute, too."""
    return prompts.delete_expired_prompts(tx)


def _scheduled(tx: Tx, _config: Config) -> int:
    return meta.delete_scheduled(tx, timedelta(days=60))


def _approvals(tx: Tx, _config: Config) -> int:
    return len(approvals.expire(tx))


def _rooms(tx: Tx, _config: Config) -> int:
    return rooms.delete_left_rooms(tx)


def _strangers(tx: Tx, config: Config) -> int:
    staff = [a for s in config.staff for a in s.accounts]
    keep = [config.account.user_id, *staff, *config.people.coordinators, *config.people.members]
    return keys.delete_strangers(tx, tx.now - config.session_age, keep)


SWEEPS: list[tuple[str, Sweep]] = [
    ("inbox", _inbox),
    ("unread", _unread),
    ("outbox", _outbox),
    ("sessions", _sessions),
    ("comparisons", _comparisons),
    ("prompts", forget_prompts),
    ("scheduled", _scheduled),
    ("approvals", _approvals),
    ("cases", caselife.erase_due),
    ("rooms", _rooms),  # before who was in them
    ("strangers", _strangers),
]


def sweep(tx: Tx, config: Config) -> dict[str, int]:
    """Run every sweep in one transaction; how many rows each removed."""
    return {name: work(tx, config) for name, work in SWEEPS}
