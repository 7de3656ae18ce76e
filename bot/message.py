"""What comes in and what goes out, as plain data that every layer may read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

Lane = Literal["now", "work", "bulletin", "sweep"]
Audience = Literal["public", "own"]  # what is said: public words, or something that is the person's own
RoomKind = Literal["private", "submission", "desk", "coalition", "group", "new"]


class Trust(StrEnum):
    """What we know of the device that a message came from (DESIGN.md's table).

    VERIFIED: a human on our side compared keys with its owner. SIGNED: its owner cross-signed it.
    UNSIGNED: not signed, or an owner without identity. CHANGED: the owner's identity is another one than before.
    """

    VERIFIED = "verified"
    SIGNED = "signed"
    UNSIGNED = "unsigned"
    CHANGED = "changed"

    @property
    def safe(self) -> bool:
        return self in (Trust.VERIFIED, Trust.SIGNED)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that somebody sent. Everything here is the sender's claim, until the bytes have been checked."""

    mxc: str
    kind: Literal["image", "audio", "video", "file"]
    name: str = field(repr=False, default="")
    mimetype: str = field(repr=False, default="")
    size: int = 0
    voice: bool = False
    key: Mapping[str, Any] | None = field(repr=False, default=None)  # the `file` object; None: it came unencrypted

    def as_dict(self) -> dict[str, Any]:
        """What is needed to pass the file on later; not its name, which can tell who its sender is."""
        key = json.loads(json.dumps(self.key))
        return {"mxc": self.mxc, "key": key, "mimetype": self.mimetype, "kind": self.kind, "voice": self.voice}


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that somebody did in a room and that the bot may have to answer."""

    event_id: str
    room_id: str
    sender: str = field(repr=False)
    at: datetime
    kind: Literal["text", "file", "reaction", "edit", "redaction", "location", "other", "join", "clear"] = "text"
    text: str = field(repr=False, default="")
    attachment: Attachment | None = None
    thread: str | None = None
    reply_to: str | None = None
    about: str | None = None  # the event that a reaction or an edit is about
    mentions_us: bool = False
    trust: Trust = Trust.UNSIGNED
    signed_elsewhere: bool = False  # its sender has a device that they signed (this one may be another)
    late: bool = False  # became readable only after the messages that followed it
    session_id: str | None = None
    index: int | None = None


@dataclass(frozen=True, slots=True)
class Invite:
    """Somebody asked the bot into a room. All of it is the inviter's server's claim."""

    room_id: str
    inviter: str
    direct: bool
    encrypted: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One sentence of the catalogues with its values; a message is a list of them, joined by line breaks."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def as_list(self) -> list[Any]:
        return [self.key, dict(self.values)]
