"""Queueing deeds in the caller's transaction; carrying them out is matrix/outgoing.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from bot.message import Audience, Lane, Part
from bot.store import outbox as rows
from bot.store.db import Tx
from bot.store.inbox import list_from_person, set_seen_redacted


def say(
    tx: Tx,
    room_id: str,
    parts: Iterable[Part],
    *,
    language: str | None,
    audience: Audience = "own",
    lite: bool = False,
    clear: bool = False,
    lane: Lane = "now",
    reply_to: str | None = None,
    thread: str | None = None,
    thread_of: str | None = None,
    mentions: Iterable[str] = (),
    copy_of: str | None = None,
    in_dialogue: bool = False,
    not_before: datetime | None = None,
    batch: str | None = None,
    loud: bool = False,
) -> str:
    """Queue a message made of sentences of the catalogues; they are rendered when it is sent. Returns its id.

    `audience` says for whom it is: `public` words go to every device of a participant, `own` only to signed ones.
    `loud`: the person said that the bot may call them, so their phone may show that there is something.
    `thread_of`: the message of ours, by its id, that begins the thread (its event need not be known yet).
    `clear` marks a fixed text without values, the only kind that may go to a room without encryption.
    """
    content: dict[str, Any] = {"parts": [p.as_list() for p in parts], "language": language}
    if clear and any(values for _, values in content["parts"]):
        raise ValueError("a clear text has no values")
    for name, value in (
        ("lite", lite),
        ("reply_to", reply_to),
        ("thread", thread),
        ("thread_of", thread_of),
        ("mentions", list(mentions)),
        ("loud", loud),
    ):
        if value:
            content[name] = value
    return rows.insert_row(
        tx,
        kind="say",
        room_id=room_id,
        content=content,
        lane=lane,
        audience=audience,
        clear=clear,
        batch=batch,
        copy_of=copy_of,
        in_dialogue=in_dialogue,
        not_before=not_before,
    )


def edit(
    tx: Tx,
    room_id: str,
    txn: str,
    parts: Iterable[Part],
    *,
    language: str | None,
    lane: Lane = "work",
    audience: Audience = "own",
    batch: str | None = None,
) -> str:
    """Queue the replacement of a message of ours, by its id."""
    content = {"parts": [p.as_list() for p in parts], "language": language, "replaces_of": txn}
    return rows.insert_row(
        tx, kind="edit", room_id=room_id, content=content, lane=lane, audience=audience, batch=batch, copy_of=txn
    )  # fmt: skip


def react(tx: Tx, room_id: str, event_id: str, key: str, *, lane: Lane = "work") -> str:
    """Queue a reaction (servers can read it: never anything that answers)."""
    return rows.insert_row(tx, kind="react", room_id=room_id, content={"event": event_id, "key": key}, lane=lane)


def send_file(
    tx: Tx, room_id: str, path: str, *, name: str, mimetype: str, lane: Lane = "work", voice: bool = False
) -> str:
    """Queue a file of ours (a path inside our folders) for an encrypted room; `voice`: as a voice message."""
    content = {"path": path, "name": name, "mimetype": mimetype, "voice": voice}
    return rows.insert_row(tx, kind="file", room_id=room_id, content=content, lane=lane)


def pass_on(
    tx: Tx,
    room_id: str,
    file: Mapping[str, Any],
    *,
    name: str,
    lane: Lane = "bulletin",
    audience: Audience = "own",
    thread_of: str | None = None,
    batch: str | None = None,
    not_before: datetime | None = None,
    loud: bool = False,
) -> str:
    """Queue a file that somebody sent, for another room: encrypted anew on the way, under a name of ours.

    By default in the lane of what is not urgent: one that comes slowly holds up no words.
    """
    content: dict[str, Any] = {"from": dict(file), "name": name}
    for key, value in (("thread_of", thread_of), ("loud", loud)):
        if value:
            content[key] = value
    return rows.insert_row(
        tx, kind="pass", room_id=room_id, content=content, lane=lane, audience=audience, batch=batch,
        not_before=not_before,
    )  # fmt: skip


def take_back(tx: Tx, room_id: str, txn: str, *, lane: Lane = "now") -> None:
    """What was going to be said is not said; what was said already is taken back, with its replacements. By its id."""
    for changed in rows.list_edits(tx, txn):
        take_back(tx, room_id, changed.txn, lane=lane)
    if rows.cancel(tx, txn):
        return
    said = rows.get_row(tx, txn)
    known = {"event": said.event_id} if said is not None and said.event_id else {"of": txn}
    rows.insert_row(tx, kind="redact", room_id=room_id, content=known, lane=lane)


def redact(tx: Tx, room_id: str, event_id: str, *, lane: Lane = "sweep", not_before: datetime | None = None) -> str:
    """Queue taking back an event."""
    content = {"event": event_id}
    return rows.insert_row(tx, kind="redact", room_id=room_id, content=content, lane=lane, not_before=not_before)


def redact_own(tx: Tx, room_id: str, *, keep: Iterable[str] = ()) -> int:
    """Queue taking back everything that the bot said in a room, the newest first. How many."""
    kept = set(keep)
    events = [e for e in rows.list_own_events(tx, room_id) if e not in kept]
    for event_id in reversed(events):
        redact(tx, room_id, event_id)
    rows.set_redacted(tx, events)
    for row in rows.list_doubtful(tx, room_id, rows.SAID):  # the server may have it: taken back when its event is known
        rows.insert_row(tx, kind="redact", room_id=room_id, content={"of": row.txn}, lane="sweep")
    return len(events)


def redact_person(tx: Tx, room_id: str, account: str, since: datetime) -> int:
    """Queue taking back what a person wrote in a room since then (the caller checked that we have the power)."""
    events = list_from_person(tx, room_id, account, since)
    for event_id in reversed(events):
        redact(tx, room_id, event_id)
    set_seen_redacted(tx, events)
    return len(events)


def cancel_room(tx: Tx, room_id: str) -> int:
    """Cancel everything that was going to be done in a room."""
    return rows.cancel_room(tx, room_id)


def create_room(
    tx: Tx,
    *,
    kind: str,
    ref: str,
    invite: Iterable[str] = (),
    name: str | None = None,
    direct: bool = False,
    batch: str | None = None,
) -> str:
    """Queue an encrypted, invite-only room; `ref` is found in it again, so that it is never made twice."""
    content = {"kind": kind, "ref": ref, "invite": list(invite), "name": name, "direct": direct}
    return rows.insert_row(tx, kind="create", room_id=None, content=content, lane="work", batch=batch)


def advance(tx: Tx, room_id: str) -> str:
    """Queue moving the room's keys past what was said there, before anything else is said."""
    return rows.insert_row(tx, kind="advance", room_id=room_id, content={}, lane="now")


def join(tx: Tx, room_id: str, *, via: Iterable[str] = ()) -> str:
    return rows.insert_row(tx, kind="join", room_id=room_id, content={"via": list(via)}, lane="now")


def leave(tx: Tx, room_id: str, *, reason: str = "", lane: Lane = "work") -> str:
    """Queue leaving a room or declining an invitation. `reason` is a fixed text: servers and members read it."""
    return rows.insert_row(tx, kind="leave", room_id=room_id, content={"reason": reason}, lane=lane)


def invite(tx: Tx, room_id: str, user_id: str, *, lane: Lane = "work") -> str:
    return rows.insert_row(tx, kind="invite", room_id=room_id, content={"user": user_id}, lane=lane)


def ban(tx: Tx, room_id: str, user_id: str, *, lane: Lane = "now") -> str:
    return rows.insert_row(tx, kind="ban", room_id=room_id, content={"user": user_id}, lane=lane)


def set_state(
    tx: Tx, room_id: str, event_type: str, content: Mapping[str, Any], *, key: str = "", lane: Lane = "work"
) -> str:
    """Queue a state event. Nothing of a person or a case may stand in it: every server in the room reads it."""
    value = {"type": event_type, "key": key, "content": dict(content)}
    return rows.insert_row(tx, kind="state", room_id=room_id, content=value, lane=lane)


def accept_identity(tx: Tx, user_id: str) -> str:
    """Queue going by the identity that a user has now."""
    return rows.insert_row(tx, kind="accept", room_id=None, content={"user": user_id}, lane="now")


def sign_user(tx: Tx, user_id: str, master: str) -> str:
    """Queue stating on the server that a human on our side compared this user's master key."""
    return rows.insert_row(tx, kind="sign", room_id=None, content={"user": user_id, "master": master}, lane="work")
