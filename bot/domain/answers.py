"""Answers: which entries concern this mechanism, and in what state each is; what is taken out of a chat."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

from bot import outbox
from bot.config import Config
from bot.domain import desks
from bot.errors import UserError
from bot.faq.answers import LONGEST_QUESTION
from bot.faq.content import Card, Content, Entry, Topic, Walk
from bot.faq.matcher import Match
from bot.message import Part
from bot.store.db import Tx
from bot.store.meta import get_meta, set_meta
from bot.store.outbox import cancel
from bot.store.rooms import Room

__all__ = [
    "LONGEST_QUESTION", "about_other_body", "access_entry", "access_topic", "keep_after_all", "note_overdue",
    "out_of_date", "outcome", "related",
    "somebodys", "take_out", "take_out_later",
]  # fmt: skip

Outcome = Literal["danger", "wish", "answer", "choices", "person"]


def outcome(content: Content, config: Config, match: Match) -> Outcome:
    """What a question gets. Another body's entry is never the answer, and a wish hears its own text first."""
    entries = [e for c in match.candidates if (e := content.entries.get(c.entry))]
    wish = content.hand_over.get(match.wish)
    if match.danger:
        return "danger"
    if match.tier == "person" or not entries:
        return "person"
    if wish is not None and wish.text:
        return "wish"
    return "choices" if match.tier == "choices" or about_other_body(entries[0], config) else "answer"


def access_topic(content: Content, name: str) -> Topic:
    topic = content.topic(name)
    if topic is None:
        raise UserError("faq-gone")
    return topic


def access_entry(content: Content, entry_id: str) -> Entry:
    entry = content.entries.get(entry_id)
    if entry is None:
        raise UserError("faq-gone")
    return entry


def about_other_body(entry: Entry, config: Config) -> bool:
    """Whether an entry tells of another body than this mechanism."""
    return entry.applies_to not in ("any", config.mechanism.kind)


def out_of_date(found: Entry | Card | Walk, today: date) -> bool:
    """Whether the day has passed on which somebody was to look at it again."""
    return found.review_by < today


SOMEBODYS = re.compile(
    r"\b(?:IIIM|IIMM|IIMP|ICC|UNITAD|Eurojust|United Nations|UN|Syria|Myanmar|Ukraine|Hague|Lubanga)\b"
    r"|(?i:\bresolution\b|\barticle \d)|\b(?:1[89]|20)\d\d\b"
)


def somebodys(entry: Entry) -> str:
    """What in an entry's English makes it somebody's own fact: a date, place, resolution, body; else nothing."""
    found = SOMEBODYS.search(f"{entry.answer['en']}\n{entry.more['en']}")
    return found[0] if found else ""


def note_overdue(tx: Tx, config: Config, entry: Entry) -> None:
    """An answer past its review date was shown: the desk hears of it, once a week for each."""
    name, week = f"overdue-told-{entry.id}", f"{tx.now:%G-%V}"
    if not out_of_date(entry, tx.now.date()) or get_meta(tx, name) == week:
        return
    set_meta(tx, name, week)
    desks.tell(tx, config, [Part("faq-overdue-task", {"id": entry.id, "date": {"day": entry.review_by.isoformat()}})])


def take_out(tx: Tx, room: Room, us: str, event_id: str) -> bool:
    """Take a person's message out of the room, where we may."""
    if not room.may(us, "redact"):
        return False
    outbox.redact(tx, room.room_id, event_id, lane="now")
    return True


def take_out_later(tx: Tx, room: Room, us: str, event_id: str, at: datetime) -> str | None:
    """The same at a time, unless `keep_after_all`; its id, or None where we may not."""
    if not room.may(us, "redact"):
        return None
    return outbox.redact(tx, room.room_id, event_id, lane="sweep", not_before=at)


def keep_after_all(tx: Tx, txn: str) -> None:
    if txn:
        cancel(tx, txn)


def related(content: Content, entry: Entry) -> list[Entry]:
    return [content.entries[e] for e in entry.see_also if e in content.entries][:2]
