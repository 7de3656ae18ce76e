"""The state of the program in counts, for the team."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import modes
from bot.store import inbox
from bot.store import outbox as sent
from bot.store.audit import Entry, first_broken_audit, list_audit
from bot.store.db import Tx
from bot.store.rooms import count_rooms


@dataclass(frozen=True)
class Status:
    mode: str
    private: int
    desks: int
    groups: int
    open: int
    parked: int
    unread: int


def collect(tx: Tx) -> Status:
    rooms, states = count_rooms(tx), sent.count_states(tx)
    return Status(
        mode=modes.current(tx),
        private=rooms.get("private", 0),
        desks=rooms.get("desk", 0),
        groups=rooms.get("group", 0) + rooms.get("coalition", 0),
        open=sum(n for (_, state), n in states.items() if state in sent.OPEN),
        parked=sum(n for (_, state), n in states.items() if state == "parked"),
        unread=len(inbox.list_pending(tx)),
    )


def audit(tx: Tx, limit: int = 10) -> tuple[list[Entry], int | None]:
    """The newest entries, and the number of the first that does not fit the chain."""
    return list_audit(tx, limit), first_broken_audit(tx)
