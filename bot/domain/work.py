"""What an officer has to do: counts and lists, for their own desks only."""

from __future__ import annotations

from dataclasses import dataclass

from bot import approvals
from bot.config import Config
from bot.domain import cases
from bot.store.approvals import Approval
from bot.store.db import Tx


@dataclass(frozen=True)
class Day:
    now: int
    mine: int
    nobodys: int
    approvals: int


def collect(tx: Tx, config: Config, account: str) -> Day:
    counts = (cases.count(tx, config, account, "now"), cases.count(tx, config, account, "mine"))
    nobodys, waiting = cases.count(tx, config, account, "nobody"), approvals_for(tx, config, account)
    return Day(*counts, nobodys, len(waiting))


def approvals_for(tx: Tx, config: Config, account: str) -> list[Approval]:
    """Requests of others that wait for this account."""
    return approvals.list_for(tx, config, account)
