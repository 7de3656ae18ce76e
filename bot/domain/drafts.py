"""Drafts: a submission in the making, in a room of its own, until it is sealed, stopped or forgotten (HUMANE.md, H23)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from bot import outbox, prompts
from bot.config import Config
from bot.errors import UserError
from bot.message import Part
from bot.store import drafts as rows
from bot.store import outbox as sent
from bot.store.db import Tx
from bot.store.drafts import Draft, DraftFile
from bot.store.people import Person, get_person_by_id
from bot.store.rooms import Room, get_room, get_room_by_ref, list_members, set_room

__all__ = ["Draft", "DraftFile"]

UNUSED = timedelta(hours=1)  # after which a room that nobody entered is removed
TALKING = timedelta(days=1)  # how long an open dialogue waits for the next answer, when nothing else was chosen
DAYS = (1, 3, 7)  # for which somebody may keep a draft
MANY_OPENING = 5  # so many rooms in the making: the person hears that it takes a while
MINUTES_A_ROOM = 1  # about what a server that limits new rooms takes for each beyond these


def begin(tx: Tx, person: Person, content: dict[str, Any]) -> int:
    """Open a room for a submission; how many minutes it may take (0: it comes at once).

    Raises UserError when this person has one already.
    """
    if rows.list_drafts_of(tx, person.id):
        raise UserError("submit-already")
    waiting = rows.count_opening(tx)
    ref = tx.derived_id()
    draft_id = secrets.token_hex(13)
    rows.insert_draft(tx, draft_id, person.id, ref, content, tx.now + UNUSED)
    outbox.create_room(tx, kind="submission", ref=ref, invite=[person.account], batch=f"draft:{draft_id}")
    return max(0, waiting - MANY_OPENING + 1) * MINUTES_A_ROOM


def batch(draft: Draft) -> str:
    """What messages of a draft are marked with: they are sealed under its key, and go with it."""
    return f"{sent.DRAFT}{draft.id}"


def of_person(tx: Tx, person: Person) -> Draft | None:
    """The draft of a person, if there is one."""
    return next(iter(rows.list_drafts_of(tx, person.id)), None)


def access_draft(tx: Tx, person: Person, room: Room) -> Draft | None:
    """The draft of the person who writes in its room; None for everybody else, and when it is over."""
    draft = rows.get_draft_of_room(tx, room.room_id)
    return draft if draft is not None and draft.person_id == person.id else None


def entered(tx: Tx, room: Room, us: str) -> str | None:
    """Somebody came into the room of a draft: their account when it is the person's, who is alone there with us."""
    draft = rows.get_draft_by_ref(tx, room.ref) if room.ref else None
    if draft is None or draft.state != "opening":
        return None
    person = get_person_by_id(tx, draft.person_id)
    here = [u for u in list_members(tx, room.room_id, ("join",)) if u != us]
    if person is None or here != [person.account]:
        return None
    rows.set_draft(tx, draft.id, state="talking", room_id=room.room_id, expires_at=tx.now + TALKING)
    set_room(tx, room.room_id, greeted=True)
    return person.account


def save(tx: Tx, draft: Draft, content: dict[str, Any], *, days: int | None = None) -> None:
    """Keep what a draft holds now; `days`: for so long, when the person chose that."""
    kept = content.get("days", 0) if days is None else days
    content = content | {"days": kept}
    until = tx.now + max(TALKING, timedelta(days=kept))
    rows.set_draft(tx, draft.id, content=content, expires_at=until)


def want_file(tx: Tx, draft: Draft, content: dict[str, Any]) -> int:
    """A file is to be fetched and sealed; its number."""
    return rows.insert_draft_file(tx, draft.id, content)


def files(tx: Tx, draft: Draft) -> list[DraftFile]:
    return rows.list_draft_files(tx, draft.id)


def drop_file(tx: Tx, draft: Draft, number: int) -> None:
    rows.delete_draft_file(tx, draft.id, number)


def destroy(tx: Tx, draft: Draft, us: str, *, because: str | None = None) -> None:
    """End a draft: its key goes, what was said is taken back, and we leave its room.

    `because` names the sentence that tells the person why, when they did not end it themselves.
    """
    person = get_person_by_id(tx, draft.person_id)
    room = get_room(tx, draft.room_id) if draft.room_id else get_room_by_ref(tx, draft.room_ref)
    sent.cancel_batch(tx, batch(draft))
    rows.delete_draft(tx, draft.id)
    if room is not None:
        close_room(tx, room, person, us, because=because)


def close_room(tx: Tx, room: Room, person: Person | None, us: str, *, because: str | None = None) -> None:
    """Take back everything that was said in the room of a draft, and leave it."""
    prompts.close(tx, room.room_id)
    sent.cancel_room(tx, room.room_id, kinds=sent.SAID)
    outbox.redact_own(tx, room.room_id)
    if person is not None:
        outbox.redact_person(tx, room.room_id, person.account, room.joined_at or tx.now - timedelta(days=30))
    outbox.advance(tx, room.room_id)
    if because is not None and person is not None:
        outbox.say(
            tx, room.room_id, [Part(because)], language=person.language, audience="public", lite=person.lite,
            lane="sweep",
        )  # fmt: skip
    outbox.leave(tx, room.room_id, lane="sweep")  # after what is taken back


def expire(tx: Tx, us: str) -> int:
    """End drafts whose time is over; how many."""
    found = rows.list_expired(tx)
    for draft in found:
        destroy(tx, draft, us, because="draft-expired" if draft.state == "talking" else None)
    return len(found)


def destroy_all(tx: Tx, person: Person, us: str) -> int:
    """End everything that a person has begun; how many."""
    found = rows.list_drafts_of(tx, person.id)
    for draft in found:
        destroy(tx, draft, us)
    return len(found)
