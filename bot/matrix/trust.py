"""Who gets keys, and whose words count: DESIGN.md's trust table, and nothing else.

Sharing a room's key with a device and taking its words are one decision, made here.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.config import Role
from bot.message import Audience, RoomKind, Trust


@dataclass
class Device:
    """A device of another user. `signed`: its owner's identity, as the server shows it now, has signed it."""

    user_id: str
    device_id: str
    ed25519: str
    curve25519: str
    signed: bool
    deleted: bool = False

    @property
    def id(self) -> str:
        return self.device_id


@dataclass
class UserKeys:
    """A user's identity and devices as far as we know them.

    `pinned` is the master key that we first saw (or accepted since), `verified` the one that a human on our side
    compared. `outdated`: the server said that something changed, and we have not asked again yet.
    """

    user_id: str
    master: str | None = None
    pinned: str | None = None
    verified: str | None = None
    outdated: bool = True
    devices: dict[str, Device] = field(default_factory=dict)

    @property
    def changed(self) -> bool:
        """Another identity than the one that we go by; one that vanished is no new one (its devices are unsigned)."""
        return self.master is not None and self.pinned is not None and self.master != self.pinned


def trust_of(user: UserKeys, device: Device | None) -> Trust:
    """What the words of `device` weigh."""
    if user.changed:
        return Trust.CHANGED
    if device is None or not device.signed or device.deleted:
        return Trust.UNSIGNED
    if user.verified is not None and user.verified == user.master:
        return Trust.VERIFIED
    return Trust.SIGNED


def has_signed(user: UserKeys) -> bool:
    """Whether somebody has a device that they signed: then another one that they did not is not taken for theirs."""
    return any(d.signed and not d.deleted for d in user.devices.values())


def may_hear(role: Role, trust: Trust, audience: Audience, room: RoomKind, *, accepts_unsigned: bool) -> bool:
    """Whether what is said to `audience` in a room of this kind may be readable on a device.

    `accepts_unsigned`: the operator allows it, this person said yes to going on with a device that is not signed, and
    has no signed one (`has_signed`).
    """
    if trust.safe:
        return True
    if room not in ("private", "new") or role != "participant":
        return False
    if audience == "public":
        return True
    return trust is Trust.UNSIGNED and accepts_unsigned


def may_ask(
    role: Role, trust: Trust, audience: Audience, room: RoomKind, *, accepts_unsigned: bool, exposing: bool = False
) -> bool:
    """Whether a command that concerns `audience` is taken from a device. `exposing` acts need a compared identity."""
    if exposing and role != "participant":
        return trust is Trust.VERIFIED
    return may_hear(role, trust, audience, room, accepts_unsigned=accepts_unsigned)


def refusal_code(user: UserKeys, device: Device) -> str:
    """The code of `m.room_key.withheld` for a device that may not have a key (spec: m.room_key.withheld)."""
    return "m.unverified" if not trust_of(user, device).safe else "m.unauthorised"
