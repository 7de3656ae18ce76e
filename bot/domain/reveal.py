"""Who asked in a case: told to two people who agreed, in their own rooms, recorded, and shown to the person."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot import approvals, outbox
from bot.config import APART, Config
from bot.domain import cases, desks, rooms
from bot.errors import UserError
from bot.message import Part
from bot.store import cases as rows
from bot.store.audit import append_audit
from bot.store.cases import Case
from bot.store.db import Tx
from bot.store.people import get_person_by_id


def ask(tx: Tx, config: Config, case: Case, account: str, reason: str) -> str:
    """Ask a second person whether two may know who asked. Both need a private room with us: it is told nowhere else."""
    who = config.staff_id(account)
    assert who is not None
    assert case.desk != APART, "who complained is told to nobody"
    if len(reason.split()) < 2:
        raise UserError("reveal-needs-reason")
    if rooms.access_newest_private(tx, [account]) is None:
        raise UserError("reveal-needs-room")
    if case.person is None:
        raise UserError("case-none", ref=case.ref)
    ref = approvals.request(tx, "reveal", {"case": case.ref, "reason": reason.strip()}, asked_by=who, purpose=reason)
    asked = Part("reveal-asked", {"who": who, "ref": case.ref, "approval": ref})
    parts = [asked, Part("reveal-reason"), Part("=line", {"text": reason.strip()})]
    desks.tell(tx, config, parts, desk=case.desk, batch=f"case:{case.ref}", thread_of=case.root_txn)
    return ref


def tell(tx: Tx, config: Config, ref: str, reason: str, two: Iterable[str]) -> None:
    """Two people agreed: each of them is told in their own room, the person is told that it happened and why."""
    case = rows.get_case(tx, ref)
    person = get_person_by_id(tx, case.person) if case and case.person else None
    if case is None or person is None:
        raise UserError("case-none", ref=ref)
    for who in two:
        room = rooms.access_newest_private(tx, _accounts_of(config, who))
        if room is None:
            raise UserError("reveal-needs-room")
        parts = [Part("reveal-answer", {"ref": ref, "account": person.account}), Part("reveal-keep")]
        outbox.say(
            tx, room.room_id, parts, language=desks.language_of(config, case.desk), audience="own", batch=f"case:{ref}"
        )
        append_audit(tx, "revealed", actor=who, ref=ref)
    cases.notice(tx, config, case, [Part("reveal-told"), Part("=line", {"text": reason})])


def _accounts_of(config: Config, who: str) -> tuple[str, ...]:
    return next((s.accounts for s in config.staff if s.id == who), ())


def desk_of(tx: Tx, subject: dict[str, Any]) -> str | None:
    """The desk at which it may be known that this was asked."""
    case = rows.get_case(tx, str(subject.get("case")))
    return case.desk if case else None


def _may(tx: Tx, config: Config, subject: dict[str, Any], account: str) -> bool:
    """Only those who work at the case's desk learn that this was asked, and may agree."""
    case = rows.get_case(tx, subject["case"])
    return case is not None and account in config.accounts_at(case.desk)


@approvals.deed("reveal", may=_may)
def _reveal_approved(tx: Tx, subject: dict[str, Any]) -> None:
    config: Config = subject["config"]
    tell(tx, config, subject["case"], subject["reason"], [subject["asked_by"], subject["approved_by"]])
