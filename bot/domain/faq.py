"""Answers: which entries concern this mechanism, and in what state each is."""

from __future__ import annotations

from datetime import date

from bot.config import Config
from bot.errors import UserError
from bot.faq.content import Content, Entry, Topic


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


def out_of_date(entry: Entry, today: date) -> bool:
    """Whether the day has passed on which somebody was to look at the entry again."""
    return entry.review_by < today


def related(content: Content, entry: Entry) -> list[Entry]:
    return [content.entries[e] for e in entry.see_also if e in content.entries][:2]
