"""Drafts: a submission in the making, in a room of its own, until it is sealed, stopped or forgotten (H23)."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from bot import outbox, prompts
from bot.errors import UserError
from bot.message import Part
from bot.store import drafts as rows
from bot.store import outbox as sent
from bot.store.db import Tx
from bot.store.drafts import Draft, DraftFile
from bot.store.people import Person, get_person_by_id
from bot.store.rooms import Room, get_room, get_room_by_ref, list_members, set_room

__all__ = ["Draft", "DraftFile"]

FETCHED_WITHIN = timedelta(hours=6)  # a file whose server gives nothing for so long is lost
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


def still_alone(tx: Tx, room: Room, us: str) -> bool:
    """Whether the dialogue in a room may go on; it ends when the person has gone, or when anybody else is there."""
    draft = rows.get_draft_of_room(tx, room.room_id)
    if draft is None:
        return False
    person = get_person_by_id(tx, draft.person_id)
    here = [u for u in list_members(tx, room.room_id, ("join", "invite")) if u != us]
    if person is not None and here == [person.account]:
        return True
    destroy(tx, draft, us, because="draft-not-alone" if here else None)
    return False


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


def delete_keyless(tx: Tx) -> None:
    """After a backup was put back: its drafts have no keys."""
    rows.delete_keyless(tx)


def ids(tx: Tx) -> list[str]:
    """Every draft that there is: what else lies in the making belongs to none."""
    return rows.list_ids(tx)


def list_wanted(tx: Tx) -> list[DraftFile]:
    """Files that are still to be fetched and sealed."""
    return rows.list_wanted(tx)


def list_sealing(tx: Tx) -> list[Draft]:
    """Drafts that are to be sealed."""
    return rows.list_drafts(tx, "sealing")


def file_sealed(tx: Tx, wanted: DraftFile, told: dict[str, Any]) -> None:
    """A file lies sealed in the vault: where it came from and how it opens is forgotten."""
    kept = {k: v for k, v in wanted.content.items() if k not in ("mxc", "key")}
    mxc = wanted.content["mxc"]
    rows.set_draft_file(tx, wanted, "sealed", kept | {"key": bool(wanted.content["key"]) or None, "sealed": told,
                                                      "lies": mxc})  # fmt: skip
    tx.wake.add("drafts")


def file_lost(tx: Tx, wanted: DraftFile, reason: str) -> None:
    """A file did not come whole: the person is told, and can send it again."""
    rows.set_draft_file(tx, wanted, "refused", {"for": wanted.content["for"], "reason": reason})
    draft = rows.get_draft(tx, wanted.draft)
    person = get_person_by_id(tx, draft.person_id) if draft else None
    if draft is None or person is None or draft.room_id is None:
        return
    content = dict(draft.content)
    content["done"] = [d for d in content["done"] if d != f"question {wanted.content['for'].partition('.')[2]}"]
    content["lost"] = [*content.get("lost", []), wanted.content["for"]]
    state = "talking" if draft.state == "sealing" else draft.state
    for name in ("review", "phrase", "seal"):
        if draft.state == "sealing":
            content["answers"].pop(name, None)
    rows.set_draft(tx, draft.id, content=content, state=state)
    parts = [Part("draft-file-lost"), Part(reason, {"megabytes": 0}) if reason == "media-too-big" else Part(reason)]
    outbox.say(tx, draft.room_id, parts, language=person.language, audience="own", batch=batch(draft))
    tx.wake.add("drafts")


def fix(tx: Tx, draft: Draft, values: dict[str, Any]) -> Draft:
    """Decide once what the package is called."""
    rows.set_draft(tx, draft.id, content=draft.content | values)
    found = rows.get_draft(tx, draft.id)
    assert found is not None
    return found


def sealed(tx: Tx, draft: Draft, us: str, told: list[Part]) -> None:
    """The package is made: the draft and its key go, the dialogue is taken back, and the person gets the number.

    The room stays until they have removed the number, a day at most.
    """
    person = get_person_by_id(tx, draft.person_id)
    room = get_room(tx, draft.room_id) if draft.room_id else None
    sent.cancel_batch(tx, batch(draft))
    rows.delete_draft(tx, draft.id)
    if person is None or room is None:
        return
    prompts.close(tx, room.room_id)
    outbox.redact_own(tx, room.room_id)
    outbox.redact_person(tx, room.room_id, person.account, room.joined_at or tx.now - timedelta(days=30))
    outbox.advance(tx, room.room_id)
    after = secrets.token_hex(13)
    rows.insert_draft(tx, after, person.id, draft.room_ref, {"language": draft.content["language"]}, tx.now + TALKING)
    rows.set_draft(tx, after, state="sealed", room_id=room.room_id)
    txn = outbox.say(tx, room.room_id, told, language=person.language, audience="own")
    asked = prompts.Asked({"1": ["receipt-remove"]}, expires=TALKING)
    prompts.open_prompt(tx, room.room_id, person.id, txn, asked, [], person.language, "own")


def seal(tx: Tx, draft: Draft) -> None:
    """Nothing more is asked: what there is is sealed beside the dialogue (bot/sealing.py)."""
    rows.set_draft(tx, draft.id, state="sealing")
    tx.wake.add("drafts")


def expire(tx: Tx, us: str) -> int:
    """End drafts whose time is over; how many."""
    found = rows.list_expired(tx)
    for draft in found:
        destroy(tx, draft, us, because="draft-expired" if draft.state == "talking" else None)
    return len(found)


def end_all(tx: Tx, person: Person, us: str, *, because: str | None = None, unsaved: bool = False) -> None:
    """End everything that a person has begun; `unsaved`: but not what they chose to keep, or what is being sealed."""
    for draft in rows.list_drafts_of(tx, person.id):
        if not unsaved or (not draft.content.get("days") and draft.state in ("opening", "talking")):
            destroy(tx, draft, us, because=because)
