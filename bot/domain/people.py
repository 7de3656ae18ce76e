"""People: who they are to the bot, what they chose, what is held about them, how it is erased."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot import approvals, outbox, prompts
from bot.config import ROLES, STAFF_ROLES, USER_ID, Config, Role
from bot.domain import desks
from bot.errors import UserError
from bot.message import Part
from bot.seal import same
from bot.store import inbox, keys
from bot.store import outbox as sent
from bot.store.audit import append_audit
from bot.store.db import Tx
from bot.store.meta import delete_meta, get_meta, set_meta
from bot.store.people import (
    Person,
    delete_person,
    get_person,
    insert_person,
    list_people,
    set_person,
)
from bot.store.rooms import Room, list_private_rooms_of

UNLOCKED = timedelta(hours=1)
TAKEN_BACK = timedelta(hours=24)
GUARD = timedelta(days=2)  # how long handled events are remembered at least, against doing something twice


def access_person(tx: Tx, config: Config, account: str) -> Person:
    """The person who writes with this account, known from now on, in the role that they have today."""
    person = get_person(tx, account) or insert_person(tx, account, "participant")
    return replace(person, role=role_of(config, account, person))


def role_of(config: Config, account: str, person: Person | None) -> Role:
    """What somebody is now: what the config says, else what two people gave, which is all that the database keeps.

    The config alone gives the roles of the team.
    """
    if role := config.role_of(account):
        return role
    return "participant" if person is None or person.is_staff else person.role


def human(config: Config, account: str) -> str:
    """Who stands behind an account: one name for all accounts of a member of the staff."""
    return config.staff_id(account) or account


def change(tx: Tx, person: Person, **choices: Any) -> None:
    """Keep what a person chose: language, stage, lite, call_me."""
    assert set(choices) <= {"language", "stage", "lite", "call_me"}
    set_person(tx, person.id, **choices)


def accept_unsigned(tx: Tx, person: Person) -> None:
    """The person said that they go on with a device which they have not signed; recorded."""
    set_person(tx, person.id, accepts_unsigned=tx.now)
    append_audit(tx, "unsigned-accepted", ref=person.id)


# ---- rate ----------------------------------------------------------------------------------------------------------


@dataclass
class Rate:
    """How much each person writes; in memory, because a restart may forgive."""

    seen: dict[str, tuple[datetime, int, bool]] = field(default_factory=dict)  # since, messages, told

    def allow(self, person_id: str, now: datetime, config: Config, *, times: int = 1) -> str:
        """Count a message of a person: "yes", "slow" (say so once) or "no" (said already). `times`: of the limit."""
        window = timedelta(seconds=config.limits.window_seconds)
        since, count, told = self.seen.get(person_id, (now, 0, False))
        if not timedelta(0) <= now - since < window:  # also when the clock was set back
            self.seen = {p: s for p, s in self.seen.items() if timedelta(0) <= now - s[0] < window}
            since, count, told = now, 0, False
        over = count >= times * config.limits.messages
        self.seen[person_id] = (since, count + 1, told or over)
        if not over:
            return "yes"
        return "no" if told else "slow"


# ---- lock phrase ---------------------------------------------------------------------------------------------------


def new_salt() -> bytes:
    return secrets.token_bytes(16)


def set_lock(tx: Tx, person: Person, hashed: bytes, salt: bytes) -> None:
    until = tx.now + UNLOCKED
    set_person(tx, person.id, lock_hash=hashed, lock_salt=salt, unlocked_until=until)


def remove_lock(tx: Tx, person: Person) -> None:
    set_person(tx, person.id, lock_hash=None, lock_salt=None, unlocked_until=None)


def unlock(tx: Tx, person: Person, hashed: bytes) -> bool:
    """Open what is locked for an hour, if the phrase was right."""
    if person.lock_hash is None or not same(hashed, person.lock_hash):
        return False
    set_person(tx, person.id, unlocked_until=tx.now + UNLOCKED)
    return True


# ---- what is held, leaving, forgetting -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """What the bot holds about a person, in counts and months."""

    since: datetime
    events: int
    answers: int
    rooms: int


def held(tx: Tx, person: Person) -> Held:
    rooms = list_private_rooms_of(tx, person.account)
    return Held(
        since=person.first_seen,
        events=inbox.count_seen_of(tx, person.account),
        answers=sent.count_sent_to(tx, rooms),
        rooms=len(rooms),
    )


def take_back(tx: Tx, person: Person, room: Room, us: str) -> bool:
    """Stop, and take back what was said in a private room: ours, and theirs of the last 24 hours where we may.

    Everything is queued in this transaction, so that a kill in the middle is finished at the next start.
    Returns whether we may take back theirs.
    """
    prompts.close(tx, room.room_id)
    sent.cancel_room(tx, room.room_id, kinds=sent.SAID)
    outbox.redact_own(tx, room.room_id)
    may = room.may(us, "redact")
    if may:
        outbox.redact_person(tx, room.room_id, person.account, tx.now - TAKEN_BACK)
    return may


def forget(tx: Tx, person: Person, us: str, rooms: list[Room]) -> None:
    """Erase what is held about a person, and take back what was said in their private rooms.

    What stays: the ids of events of the last two days (against answering twice), keys of their devices while a room
    is shared, entries of the audit (which name nobody but staff), copies on servers and devices of others. The ids of
    what is being taken back stay until that is done.
    """
    for room in rooms:
        take_back(tx, person, room, us)
        sent.delete_done_of(tx, room.room_id)
    inbox.delete_seen_of(tx, person.account, keep_after=tx.now - GUARD)
    hour, invited = get_meta(tx, "invites", ["", {}])
    set_meta(tx, "invites", [hour, {account: n for account, n in invited.items() if account != person.account}])
    for name in ("news-told", "changed-told"):
        delete_meta(tx, f"{name}-{person.id}")
    delete_person(tx, person.id)


# ---- roles ---------------------------------------------------------------------------------------------------------


def list_team(tx: Tx, config: Config) -> list[tuple[str, Role]]:
    """Accounts with their role, the config's first: members, coordinators and staff; never participants."""
    named = [*(a for s in config.staff for a in s.accounts), *config.people.coordinators, *config.people.members]
    given = {p.account: p for p in list_people(tx, ("member", "coordinator"))}
    return [(account, role_of(config, account, given.get(account))) for account in dict.fromkeys([*named, *given])]


def ask_role(tx: Tx, config: Config, account: str, role: str, *, by: str) -> str:
    """Ask a second person to give `account` a role. Staff roles come from the config alone."""
    if not USER_ID.fullmatch(account):
        raise UserError("people-account")
    if role not in ROLES:
        raise UserError("people-role")
    if role in (*STAFF_ROLES, "ombud") or config.role_of(account) is not None:
        raise UserError("people-in-config")
    return approvals.request(tx, "role", {"account": account, "role": role}, asked_by=by)


@approvals.deed("role")
def _role_approved(tx: Tx, subject: dict[str, Any]) -> None:
    role: Role = subject["role"]
    person = get_person(tx, subject["account"]) or insert_person(tx, subject["account"], role)
    set_person(tx, person.id, role=role)
    append_audit(tx, f"role:{role}", actor=subject["approved_by"], ref=subject["ref"])


def approve(tx: Tx, config: Config, ref: str, *, by: str, account: str, changed: Callable[[Tx], None]) -> bool:
    """A member of the team approves what waits under `ref`; whether that was enough. `changed`: called for content."""
    return approvals.approve(tx, config, ref, by=by, account=account, changed=changed)


def refuse(tx: Tx, config: Config, ref: str, *, by: str, account: str) -> str:
    return approvals.refuse(tx, config, ref, by=by, account=account).ref


# ---- identities ----------------------------------------------------------------------------------------------------


def start_again(tx: Tx, person: Person) -> None:
    """A participant came back with another identity: to us they are somebody new, who gets nothing of the one before.

    Who holds their server can make such an identity. The lock phrase stays, so that it is not got rid of this way.
    """
    delete_person(tx, person.id)
    new = insert_person(tx, person.account, person.role)
    set_person(tx, new.id, language=person.language, lock_hash=person.lock_hash, lock_salt=person.lock_salt)
    outbox.accept_identity(tx, person.account)


def tell_changed(tx: Tx, config: Config, person: Person) -> None:
    """Tell the desk, once a day, that somebody with a role writes under another identity than before."""
    name, today = f"changed-told-{person.id}", tx.now.date().isoformat()
    if person.role == "participant" or get_meta(tx, name) == today:
        return
    set_meta(tx, name, today)
    desks.tell(tx, config, [Part("identity-changed-desk", {"account": person.account})])


def accept_identity(tx: Tx, config: Config, account: str, *, by: str) -> None:
    """An admin states that a colleague's new identity is right; nobody does that for themselves."""
    if not USER_ID.fullmatch(account) or get_person(tx, account) is None:
        raise UserError("people-account")
    if human(config, account) == by:
        raise UserError("approval-own", ref="accept")
    known = keys.list_identities(tx, [account])
    if not known or known[0].master == known[0].pinned:
        raise UserError("people-no-new-keys")
    outbox.accept_identity(tx, account)
    append_audit(tx, "identity-accepted", actor=by)


def compared(tx: Tx, config: Config, account: str, master: str | None, emoji: list[str]) -> None:
    """Somebody finished an emoji comparison with us: for staff, a colleague is asked whether it was really them."""
    if master is None:
        return
    ref = approvals.reference()
    keys.insert_verification(tx, ref, account, master, emoji)
    member = config.staff_member(account)
    if member is not None:
        values = {"ref": ref, "who": member.id, "emoji": " ".join(emoji)}
        desks.tell(tx, config, [Part("verify-compare", values)])


def match(tx: Tx, config: Config, ref: str, *, by: str) -> None:
    """A human compared the emoji of `ref` with the person and found them equal."""
    found = keys.get_verification(tx, ref.upper())
    if found is None or found.state != "comparing" or found.master is None:
        raise UserError("verify-none", ref=ref[:12])
    if human(config, found.user_id) == by:
        raise UserError("approval-own", ref=found.ref)
    keys.set_verification_state(tx, found.ref, "matched")
    outbox.sign_user(tx, found.user_id, found.master)
    append_audit(tx, "identity-compared", actor=by, ref=found.ref)
