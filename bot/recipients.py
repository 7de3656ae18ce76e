"""To whom the bot seals: a list of public keys that was signed with a key kept offline.

The public part of that key stands in the config (`keys.signer`). A list that is not signed by it, was altered, is older
than one that was used before, has expired, or leaves fewer than two keys closes intake; each reason is the name of a
sentence of the catalogues (R14, R16).
"""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from bot.errors import UserError
from bot.seal import SigningKey, canonical, is_age_key, signed_by, write_private

FEWEST = 2
MOST = 20
VALID = timedelta(days=365)  # of a list, unless its signer says otherwise
LARGEST = 64 * 1024  # bytes of a list's file
SIGNER, KEY_ID = "signer", "list"  # where the signature stands in the JSON, as Matrix signs


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Recipient(_Strict):
    """Somebody who holds a key offline. `name` is a role or a code, never a person's name."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,30}$")
    age: str
    identity: bool = False  # whether what tells who somebody is, is sealed to this key too
    expires: date | None = Field(default=None, strict=False)
    signs: str | None = Field(default=None, pattern=r"^[A-Za-z0-9+/]{43}$")  # signs what the holder opened

    @field_validator("age")
    @classmethod
    def _a_key(cls, value: str) -> str:
        if not is_age_key(value):
            raise ValueError("not a public key of age")
        return value

    @property
    def fingerprint(self) -> str:
        """Sixteen digits by which people compare the key."""
        return grouped(hashlib.sha256(self.age.encode()).hexdigest()[:16])


class Recipients(_Strict):
    """A list, as it stands in its file without the signature."""

    version: int = Field(default=0, ge=0)
    expires: date | None = Field(default=None, strict=False)
    recipients: tuple[Recipient, ...] = Field(default=(), max_length=MOST, strict=False)

    @field_validator("recipients")
    @classmethod
    def _different(cls, value: tuple[Recipient, ...]) -> tuple[Recipient, ...]:
        if len({r.name for r in value}) < len(value) or len({r.age for r in value}) < len(value):
            raise ValueError("a name or a key stands twice")
        return value

    @property
    def fingerprint(self) -> str:
        """Of the whole list: every change of it changes this."""
        return grouped(hashlib.sha256(canonical(self.as_json())).hexdigest()[:32])

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that everything is sealed to."""
        return tuple(r.age for r in self.recipients)

    @property
    def identity_keys(self) -> tuple[str, ...]:
        """The keys that a person's identity is sealed to; none where nobody is marked for it."""
        return tuple(r.age for r in self.recipients if r.identity)

    def holder(self, signs: str) -> str | None:
        """Whose signatures are made with the public key `signs`."""
        return next((r.name for r in self.recipients if r.signs == signs), None)

    def as_json(self) -> dict[str, Any]:
        found: dict[str, Any] = self.model_dump(mode="json", exclude_none=True)
        return found


def read(path: Path, signer: str | None, *, seen: int = 0, now: datetime) -> Recipients:
    """The list that the bot seals to now: signed, not expired, without keys that have expired.

    `seen` is the highest version that was used before. Raises UserError with the reason for which intake closes.
    """
    if signer is None:
        raise UserError("recipients-no-signer")
    value = _value(path)
    if "signatures" not in value:
        raise UserError("recipients-unsigned")
    if not signed_by(value, SIGNER, KEY_ID, signer):
        raise UserError("recipients-altered")
    found = _parsed(value)
    if found.version < seen:
        raise UserError("recipients-rolled-back", number=found.version, seen=seen)
    if found.expires is None or found.expires <= now.date():
        raise UserError("recipients-expired")
    valid = tuple(r for r in found.recipients if r.expires is None or r.expires > now.date())
    if len(valid) < FEWEST:
        raise UserError("recipients-few", count=len(valid))
    return found.model_copy(update={"recipients": valid})


def load(path: Path) -> Recipients:
    """A list to be worked on, signed or not; an empty one where there is no file. Raises UserError."""
    return _parsed(_value(path)) if path.exists() else Recipients()


def save(path: Path, found: Recipients) -> None:
    """Write a list without a signature: after a change it has none until it is signed again."""
    _write(path, found.as_json())


def sign(path: Path, key: SigningKey, *, today: date, valid: timedelta = VALID) -> Recipients:
    """Sign the list in `path` as the next version. Raises UserError for fewer than two keys."""
    found = load(path)
    if len(found.recipients) < FEWEST:
        raise UserError("recipients-few", count=len(found.recipients))
    found = found.model_copy(update={"version": found.version + 1, "expires": today + valid})
    value = found.as_json()
    _write(path, {**value, "signatures": {SIGNER: {f"ed25519:{KEY_ID}": key.sign_json(value)}}})
    return found


def changed(found: Recipients, recipients: tuple[Recipient, ...]) -> Recipients:
    """The list with other keys. Raises UserError when a name or a key stands twice, or there are too many."""
    return _parsed({**found.as_json(), "recipients": [r.model_dump(mode="json") for r in recipients]})


def recipient(**values: Any) -> Recipient:
    """A recipient from what somebody typed. Raises UserError."""
    try:
        return Recipient(**values)
    except ValidationError as error:
        field = str(error.errors(include_url=False)[0]["loc"][0])
        raise UserError("recipients-bad-name" if field == "name" else "recipients-bad-key") from None


def grouped(text: str) -> str:
    """In groups of four, as people compare them."""
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def _value(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise UserError("recipients-missing") from None
    try:
        value = json.loads(raw) if len(raw) <= LARGEST else None
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise UserError("recipients-broken")
    return value


def _parsed(value: dict[str, Any]) -> Recipients:
    try:
        return Recipients.model_validate({k: v for k, v in value.items() if k != "signatures"})
    except ValidationError:
        raise UserError("recipients-broken") from None


def _write(path: Path, value: dict[str, Any]) -> None:
    write_private(path, (json.dumps(value, indent=1, sort_keys=True) + "\n").encode())


__all__ = [
    "FEWEST", "Recipient", "Recipients", "changed", "grouped", "load", "read", "recipient", "save", "sign",
]  # fmt: skip
