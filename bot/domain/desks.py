"""Desks: the staff's own rooms. Made at first start, invite only, and only for people of the config."""

from __future__ import annotations

from collections.abc import Iterable

from bot import outbox
from bot.config import Config
from bot.message import Lane, Part
from bot.store.db import Tx
from bot.store.meta import get_meta, set_meta
from bot.store.rooms import get_desk, get_membership, get_room


def ensure(tx: Tx, config: Config) -> None:
    """Queue making the desks that are missing, and inviting staff who are not there yet."""
    for desk in config.all_desks:
        wanted = config.accounts_at(desk.name)
        room = get_desk(tx, desk.name)
        if room is None:
            asked = get_meta(tx, f"desk-asked-{desk.name}")
            if not asked and wanted:
                set_meta(tx, f"desk-asked-{desk.name}", True)
                ref = f"desk-{desk.name}"
                # Invited one by one afterwards: an account that does not exist must not stop the desk.
                outbox.create_room(tx, kind="desk", ref=ref, name=desk.name, batch=f"desk:{desk.name}")
            continue
        for account in wanted:
            if get_membership(tx, room.room_id, account) in (None, "leave"):
                asked_name = f"desk-invited-{desk.name}-{account}"
                if not get_meta(tx, asked_name):
                    set_meta(tx, asked_name, True)
                    outbox.invite(tx, room.room_id, account)


def may_enter(config: Config, desk: str, account: str) -> bool:
    return account in config.accounts_at(desk)


def names_for(config: Config, account: str, at: str | None = None) -> list[str]:
    """The desks at which an account works; `at` one of them, that one alone: others there may not know more."""
    return [d for d in config.desks_of(account) if at in (None, d)]


def for_language(config: Config, language: str) -> str:
    """The desk that works in a language, else the first."""
    return next((d.name for d in config.desks if language in d.languages), config.desks[0].name)


def language_of(config: Config, desk: str) -> str:
    """The language in which the bot speaks at a desk."""
    languages = next((d.languages for d in config.desks if d.name == desk), ())
    return languages[0] if languages else "en"


def tell(
    tx: Tx,
    config: Config,
    parts: list[Part],
    *,
    desk: str | None = None,
    lane: Lane = "work",
    batch: str | None = None,
    thread_of: str | None = None,
    mentions: Iterable[str] = (),
) -> str | None:
    """Say something at a desk (the first one, when none is named). Returns its id; None when there is no desk yet.

    `thread_of`: the message, by its id, under which it stands.
    """
    name = desk or config.desks[0].name
    room = get_desk(tx, name)
    if room is None:
        return None
    language = language_of(config, name)
    return outbox.say(
        tx, room.room_id, parts, language=language, lane=lane, batch=batch, thread_of=thread_of, mentions=mentions
    )


def is_desk(tx: Tx, room_id: str) -> bool:
    room = get_room(tx, room_id)
    return room is not None and room.kind == "desk"
