"""From an event to a Message: our own parser on plain objects, because everything in them is a stranger's claim."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.matrix.engine import Decrypted
from bot.matrix.fence import listing, mapping, text
from bot.message import Attachment, Message, Trust

MOST_TEXT = 40_000
_EARLIEST, _LATEST = 946_684_800_000, 4_102_444_800_000  # the years 2000 to 2100, in milliseconds
_FILES = {"m.image": "image", "m.audio": "audio", "m.video": "video", "m.file": "file", "m.sticker": "image"}
_REPLY_FALLBACK = re.compile(r"\A(?:> [^\n]*(?:\n|\Z))+\n?")


@dataclass(frozen=True)
class Event:
    """The parts of an event that every event must have, checked."""

    event_id: str
    type: str
    sender: str
    at: datetime
    content: dict[str, Any]
    raw: dict[str, Any]

    @property
    def state_key(self) -> str | None:
        key = self.raw.get("state_key")
        return key if isinstance(key, str) and (key == "" or text(key)) else None

    @property
    def own_txn(self) -> str:
        """The transaction id under which this device sent it; the server tells it to us alone."""
        return text(mapping(self.raw.get("unsigned")).get("transaction_id"))


def event(raw: Any) -> Event | None:
    """A well-formed event, or None."""
    value = mapping(raw)
    event_id, kind, sender = text(value.get("event_id")), text(value.get("type")), text(value.get("sender"))
    if not event_id.startswith("$") or not kind or not sender.startswith("@") or ":" not in sender:
        return None
    if not isinstance(value.get("content"), dict):
        return None
    return Event(event_id, kind, sender, _time(value.get("origin_server_ts")), value["content"], value)


def _time(value: Any) -> datetime:
    """A time from an event; a senseless one becomes the earliest, so that it never counts as new."""
    if not isinstance(value, int) or isinstance(value, bool) or not _EARLIEST < value < _LATEST:
        value = _EARLIEST
    return datetime.fromtimestamp(value / 1000, UTC)


def message(
    room_id: str, found: Event, read: Decrypted | None, us: str, *, late: bool = False, notices: bool = False
) -> Message | None:
    """What a person did, from a checked event (`read`: what it held, when it was encrypted). None: nothing for us.

    `notices`: also what programs say (the bot itself never answers those: it would never end).
    """
    kind, content = (read.type, read.content) if read else (found.type, found.content)
    relates = mapping(content.get("m.relates_to"))
    common: dict[str, Any] = {
        "event_id": found.event_id,
        "room_id": room_id,
        "sender": found.sender,
        "at": found.at,
        "late": late,
        "trust": read.trust if read else Trust.UNSIGNED,
        "signed_elsewhere": read.signed_elsewhere if read else False,
        "session_id": read.session_id if read else None,
        "index": read.index if read else None,
    }
    if kind == "m.room.redaction":
        about = text(found.raw.get("redacts")) or text(content.get("redacts"))
        return Message(**common, kind="redaction", about=about) if about else None
    if kind == "m.reaction":
        if relates.get("rel_type") != "m.annotation":
            return None
        return Message(**common, kind="reaction", about=text(relates.get("event_id")), text=text(relates.get("key")))
    if kind not in ("m.room.message", "m.sticker"):
        return Message(**common, kind="other") if kind.endswith("poll.response") else None
    msgtype = text(content.get("msgtype")) if kind == "m.room.message" else "m.sticker"
    if msgtype == "m.notice" and not notices:
        return None
    replaces = text(relates.get("event_id")) if relates.get("rel_type") == "m.replace" else ""
    if replaces:
        new = mapping(content.get("m.new_content"))
        return Message(**common, kind="edit", about=replaces, text=_body(new, reply=True))
    common |= {
        "thread": (text(relates.get("event_id")) or None) if relates.get("rel_type") == "m.thread" else None,
        "reply_to": text(mapping(relates.get("m.in_reply_to")).get("event_id")) or None,
        "mentions_us": _mentions(content, us),
    }
    if read is None:
        return Message(**common, kind="clear", text=_body(content, reply=bool(common["reply_to"])))
    if msgtype in _FILES:
        return Message(**common, kind="file", attachment=_attachment(msgtype, content))
    if msgtype == "m.location":
        return Message(**common, kind="location", text=text(content.get("geo_uri")))
    if msgtype in ("m.text", "m.emote", "m.notice"):
        return Message(**common, kind="text", text=_body(content, reply=bool(common["reply_to"])))
    return Message(**common, kind="other")


def _body(content: dict[str, Any], *, reply: bool) -> str:
    body = content.get("body")
    if not isinstance(body, str):
        return ""
    body = body[:MOST_TEXT].encode("utf-8", "replace").decode()
    if reply:  # clients of the old kind quote what they answer
        body = _REPLY_FALLBACK.sub("", body)
    return body.replace("\0", "").strip()


def _mentions(content: dict[str, Any], us: str) -> bool:
    if "m.mentions" in content:
        return us in listing(mapping(content["m.mentions"]).get("user_ids"))
    return us in text(content.get("body"), MOST_TEXT) or us in text(content.get("formatted_body"), MOST_TEXT)


def _attachment(msgtype: str, content: dict[str, Any]) -> Attachment | None:
    file = content.get("file")
    mxc = text(mapping(file).get("url")) or text(content.get("url"))
    if not re.fullmatch(r"mxc://[^/\s]{1,255}/[A-Za-z0-9_\-]{1,255}", mxc):
        return None
    info = mapping(content.get("info"))
    size = info.get("size")
    return Attachment(
        mxc=mxc,
        kind=_FILES[msgtype],  # type: ignore[arg-type]
        name=text(content.get("filename")) or text(content.get("body")),
        mimetype=text(info.get("mimetype"), 100),
        size=size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else 0,
        voice="org.matrix.msc3245.voice" in content,
        key=file if isinstance(file, dict) else None,
    )
