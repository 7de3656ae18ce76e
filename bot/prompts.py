"""The one open prompt of a room: what digits mean there until the next question.

Only the bot's answer to a person's last message opens one; what the bot sends by itself never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.message import Audience, Part
from bot.store import prompts as rows
from bot.store.db import Tx


@dataclass(frozen=True)
class Asked:
    """What a question offers: digits with the commands that they mean, and what any other text does.

    `about` is the entry that was shown, so that "and in Arabic?" can go on from it.
    """

    meaning: dict[str, list[str]]
    text_command: tuple[str, ...] | None = None
    secret: bool = False
    expires: timedelta = timedelta(days=1)
    about: str = ""


@dataclass(frozen=True)
class Open:
    """The open prompt of a room. `delivered`: the question was seen there before what is now being read."""

    person_id: str
    asked: Asked
    delivered: bool
    asked_event: str | None
    parts: list[Part]
    audience: Audience


def open_prompt(
    tx: Tx,
    room_id: str,
    person_id: str,
    txn: str,
    asked: Asked,
    parts: list[Part],
    language: str | None,
    audience: Audience,
) -> None:
    """Make this the room's open prompt; `txn` is the message that asks it.

    A choice that is asked again in the middle of being answered is the same question: what was written to the first
    asking answers it.
    """
    content: dict[str, Any] = {
        "meaning": asked.meaning,
        "text_command": asked.text_command,
        "secret": asked.secret,
        "seconds": asked.expires.total_seconds(),
        "about": asked.about,
        "parts": [p.as_list() for p in parts],
        "language": language,
        "audience": audience,
    }
    before = current(tx, room_id)
    same = before is not None and before.person_id == person_id and before.asked.meaning == asked.meaning
    known = before.asked_event if before and same and not (asked.text_command or before.asked.text_command) else None
    rows.set_prompt(tx, room_id, person_id, txn, content, tx.now + asked.expires, asked_event=known)


def current(tx: Tx, room_id: str) -> Open | None:
    """What digits mean in a room now."""
    row = rows.get_prompt(tx, room_id)
    if row is None:
        return None
    content = row.content
    expires = timedelta(seconds=content["seconds"])
    asked = Asked(content["meaning"], content["text_command"], content["secret"], expires, content.get("about", ""))
    parts = [Part(name, values) for name, values in content["parts"]]
    return Open(row.person_id, asked, row.asked_event is not None, row.asked_event, parts, content["audience"])


def close_text(tx: Tx, room_id: str, *, unless_for: str = "") -> None:
    """End a question that any words answer (unless this command takes them); digits mean the same until the next."""
    found = current(tx, room_id)
    if found is not None and found.asked.text_command and found.asked.text_command[0] != unless_for:
        close(tx, room_id)


def close(tx: Tx, room_id: str) -> None:
    rows.delete_prompt(tx, room_id)
