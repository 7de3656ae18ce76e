"""Which rooms the bot enters, what kind each is, and when one stops being private."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot import outbox, prompts
from bot.config import Config
from bot.domain.people import access_person, role_of
from bot.errors import UserError
from bot.store import outbox as sent
from bot.store.db import Tx
from bot.store.meta import get_meta, set_meta
from bot.store.people import get_person
from bot.store.rooms import Room, get_room, list_members, list_private_rooms_of, set_room

EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
MOST_INVITES_AN_HOUR = 60
MOST_INVITES_OF_ONE_AN_HOUR = 5


def access_room(tx: Tx, room_id: str) -> Room | None:
    """A room in which we are."""
    room = get_room(tx, room_id)
    return room if room is not None and room.membership == "join" else None


def private_rooms_of(tx: Tx, account: str) -> list[Room]:
    found = (get_room(tx, room_id) for room_id in list_private_rooms_of(tx, account))
    return [room for room in found if room is not None]


def access_newest_private(tx: Tx, accounts: Iterable[str]) -> Room | None:
    """The newest encrypted private room with one of these accounts, in which they are too."""
    found = [room for account in accounts for room in private_rooms_of(tx, account)]
    there = [r for r in found if r.membership == "join" and r.encrypted and r.kind == "private"]
    return max(there, key=lambda r: r.joined_at or EARLIEST, default=None)


def set_greeted(tx: Tx, room_id: str) -> None:
    set_room(tx, room_id, greeted=True)


def set_away_told(tx: Tx, room_id: str) -> None:
    set_room(tx, room_id, away_told_at=tx.now)


def trusted_to_invite(tx: Tx, config: Config, account: str) -> bool:
    return role_of(config, account, get_person(tx, account)) in ("coordinator", "staff", "admin")


def decide_invite(tx: Tx, config: Config, room_id: str, inviter: str) -> bool:
    """Enter a room to which somebody invites us, unless too many invite at once. Whether we go."""
    hour = tx.now.strftime("%Y%m%d%H")
    then, by = get_meta(tx, "invites", ["", {}])
    by = by if then == hour else {}
    if not trusted_to_invite(tx, config, inviter):
        if sum(by.values()) >= MOST_INVITES_AN_HOUR or by.get(inviter, 0) >= MOST_INVITES_OF_ONE_AN_HOUR:
            return False
        set_meta(tx, "invites", [hour, by | {inviter: by.get(inviter, 0) + 1}])
    outbox.join(tx, room_id, via=[inviter.partition(":")[2]])
    return True


def classify(tx: Tx, config: Config, room: Room, others: int) -> str:
    """The kind of a room that we just entered: private (one other person), group, or none of ours: declined."""
    if room.kind != "new":
        return room.kind
    if others <= 1:
        set_room(tx, room.room_id, kind="private")
        return "private"
    if room.inviter and trusted_to_invite(tx, config, room.inviter):
        set_room(tx, room.room_id, kind="group")
        return "group"
    return "declined"


def no_longer_private(tx: Tx, room: Room, us: str) -> bool:
    """Whether a room that was private now has a third person in it; from then on it is a group."""
    if room.kind != "private":
        return False
    others = [u for u in list_members(tx, room.room_id, ("join", "invite")) if u != us]
    if len(others) <= 1:
        return False
    set_room(tx, room.room_id, kind="group")
    prompts.close(tx, room.room_id)
    sent.cancel_room(tx, room.room_id, kinds=sent.SAID)
    outbox.redact_own(tx, room.room_id)  # it was said to one person, who cannot ask for that here any more
    return True


def is_empty(tx: Tx, room: Room, us: str) -> bool:
    """Whether the other one has left a private room."""
    there = [u for u in list_members(tx, room.room_id, ("join", "invite")) if u != us]
    gone = [u for u in list_members(tx, room.room_id, ("leave", "ban")) if u != us]
    return room.kind == "private" and not there and bool(gone)


def who_came(tx: Tx, room: Room, us: str) -> str | None:
    """The one other person who is in a private room by now."""
    return next((u for u in list_members(tx, room.room_id, ("join",)) if u != us), None)


def open_private(tx: Tx, config: Config, account: str) -> None:
    """Queue an encrypted private room for somebody who wrote in one that is not encrypted."""
    person = access_person(tx, config, account)
    name = f"private-asked-{person.id}"
    if get_meta(tx, name) == tx.now.date().isoformat():
        raise UserError("private-already")
    set_meta(tx, name, tx.now.date().isoformat())
    outbox.create_room(tx, kind="private", ref=tx.derived_id(), invite=[account], direct=True)
