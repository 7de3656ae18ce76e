"""The desk's day: a pinned list of what is open, and once a day what waits too long."""

from __future__ import annotations

from datetime import timedelta

from bot import outbox
from bot.config import APART, Config
from bot.domain import desks
from bot.message import Part
from bot.store import cases as rows
from bot.store import outbox as sent
from bot.store.db import Tx
from bot.store.meta import get_meta, set_meta
from bot.store.rooms import get_desk

MANY = 50  # open cases at a desk from which a desk for each language is proposed


def digest(tx: Tx, config: Config) -> None:
    """Once a day each desk hears what is open and what waits too long."""
    for desk in config.all_desks:
        count = rows.count_cases(tx, [desk.name])
        if not count:
            continue
        late = tx.now - timedelta(days=config.limits.answer_days)
        overdue = rows.list_cases(tx, [desk.name], waiting_before=late, limit=20)
        parts = [Part("digest-open", {"count": count})]
        if overdue:
            refs = ", ".join(c.ref for c in overdue)
            parts.append(Part("digest-overdue", {"days": config.limits.answer_days, "list": refs}))
        if count > MANY and desk.name != APART and len(rows.count_by_language(tx, desk.name)) > 1:
            parts.append(Part("digest-many", {"count": count}))
        desks.tell(tx, config, parts, desk=desk.name)


def touch(tx: Tx, desk: str) -> None:
    set_meta(tx, f"board-dirty-{desk}", True)


def refresh(tx: Tx, config: Config) -> None:
    """The pinned list of open cases of each desk, edited in place when something changed."""
    for desk in config.all_desks:
        room = get_desk(tx, desk.name)
        if room is None:
            continue
        name = f"board-{desk.name}"
        board = get_meta(tx, name)
        if board and not board["pinned"] and (row := sent.get_row(tx, board["txn"])) and row.event_id:
            outbox.set_state(tx, room.room_id, "m.room.pinned_events", {"pinned": [row.event_id]})
            set_meta(tx, name, board | {"pinned": True})
        if not get_meta(tx, f"board-dirty-{desk.name}"):
            continue
        set_meta(tx, f"board-dirty-{desk.name}", False)
        parts, language = _board(tx, desk.name), desks.language_of(config, desk.name)
        if board:
            outbox.edit(tx, room.room_id, board["txn"], parts, language=language, batch=f"board:{desk.name}")
        else:
            txn = desks.tell(tx, config, parts, desk=desk.name, batch=f"board:{desk.name}")
            set_meta(tx, name, {"txn": txn, "pinned": False})


def _board(tx: Tx, desk: str) -> list[Part]:
    found = rows.list_cases(tx, [desk], limit=MANY)
    parts = [Part("board-first", {"count": rows.count_cases(tx, [desk])})]
    for case in found:
        values = {"ref": case.ref, "kind": {"key": f"case-kind-{case.kind}"}, "who": case.owner or "–"}
        values["date"] = {"day": case.opened_at.date().isoformat()}
        parts.append(Part("board-line-waits" if case.waiting_since else "board-line", values))
    return parts
