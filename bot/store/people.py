"""People who write to the bot: a role, a language, a few choices. No names, no words of theirs."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from bot.config import Role
from bot.store.db import Tx
from bot.store.tables import person


@dataclass(frozen=True)
class Person:
    """`stage` is how far the first contact came: new, language, alone, ready."""

    id: str
    account: str
    role: Role
    language: str | None
    stage: str
    lite: bool
    call_me: bool
    accepts_unsigned: datetime | None
    lock_hash: bytes | None
    lock_salt: bytes | None
    unlocked_until: datetime | None
    first_seen: datetime

    @property
    def has_lock(self) -> bool:
        return self.lock_hash is not None

    def unlocked(self, now: datetime) -> bool:
        return self.lock_hash is None or (self.unlocked_until is not None and now < self.unlocked_until)

    @property
    def is_staff(self) -> bool:
        return self.role in ("staff", "approver", "admin")


def _person(row: sa.Row[Any]) -> Person:
    return Person(**row._mapping)


_GET_PERSON = sa.select(person).where(person.c.account == sa.bindparam("account"))


def get_person(tx: Tx, account: str) -> Person | None:
    row = tx.find(_GET_PERSON, account=account)
    return _person(row) if row else None


def list_people_by_account(tx: Tx, accounts: list[str]) -> dict[str, Person]:
    """Those of these accounts that the bot knows."""
    found: dict[str, Person] = {}
    for start in range(0, len(accounts), 400):
        part = accounts[start : start + 400]
        rows = tx.all(sa.select(person).where(person.c.account.in_(part)))
        found |= {r.account: _person(r) for r in rows}
    return found


def get_person_by_id(tx: Tx, person_id: str) -> Person | None:
    row = tx.one(sa.select(person).where(person.c.id == person_id))
    return _person(row) if row else None


def insert_person(tx: Tx, account: str, role: Role) -> Person:
    person_id = "p" + secrets.token_hex(8)
    tx.execute(
        sa.insert(person).values(
            id=person_id,
            account=account,
            role=role,
            stage="new",
            lite=False,
            call_me=False,
            first_seen=tx.now,
        )
    )
    found = get_person_by_id(tx, person_id)
    assert found
    return found


def set_person(tx: Tx, person_id: str, **values: Any) -> None:
    tx.execute(sa.update(person).where(person.c.id == person_id).values(**values))


def delete_person(tx: Tx, person_id: str) -> None:
    tx.execute(sa.delete(person).where(person.c.id == person_id))


def list_people(tx: Tx, roles: tuple[Role, ...]) -> list[Person]:
    return [_person(r) for r in tx.all(sa.select(person).where(person.c.role.in_(roles)).order_by(person.c.first_seen))]


def count_sharing(tx: Tx, role: str, language: str) -> int:
    """How many people have this given role and language."""
    where = (person.c.role == role, person.c.language == language)
    return tx.conn.execute(sa.select(sa.func.count()).select_from(person).where(*where)).scalar_one()


def list_people_to_call(tx: Tx) -> list[Person]:
    """Those who said that the bot may write to them first, and have not left."""
    where = (person.c.call_me.is_(True), person.c.stage == "ready")
    return [_person(r) for r in tx.all(sa.select(person).where(*where))]
