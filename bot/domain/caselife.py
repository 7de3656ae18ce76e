"""What becomes of something said in a case: changed, taken back, read when it waited, erased with the case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from bot import outbox
from bot.config import APART, Config
from bot.domain import boards, desks, identifying, rooms
from bot.domain.answers import LONGEST_QUESTION
from bot.domain.cases import deliver, name_of, notice, own, quoted, take_thread_back, told, undo_time
from bot.message import Part
from bot.store import cases as rows
from bot.store import outbox as sent
from bot.store.approvals import clear_approvals
from bot.store.audit import append_audit
from bot.store.cases import Case, Said
from bot.store.db import Tx
from bot.store.outbox import Row
from bot.store.people import Person, get_person_by_id
from bot.store.rooms import get_desk

# ---- changed and taken back ------------------------------------------------------------------------------------------


def edited(tx: Tx, config: Config, account: str, event_id: str, text: str, names: Iterable[str]) -> bool:
    """Somebody changed a message that was passed on: its copy changes too.

    False when what a person wrote now may not be passed on unasked: long, or with what tells who they are (`names`:
    what stands before a name).
    """
    said = rows.get_said_by_source(tx, event_id)
    case = rows.get_case(tx, said.ref) if said else None
    if said is None or case is None or not text or not _is_of(tx, config, account, case, said):
        return True
    if said.author == "person":
        if len(text) > LONGEST_QUESTION or identifying.find(text, [n.strip() for n in names]):
            return False
        if (room := get_desk(tx, case.desk)) and said.desk_txn:
            language = desks.language_of(config, case.desk)
            parts = [Part("case-person-says"), Part("=line", {"text": quoted(text)})]
            outbox.edit(tx, room.room_id, said.desk_txn, parts, language=language, batch=f"case:{case.ref}")
        rows.set_said(tx, said, text=text)
        return True
    if isinstance(said.text, list):  # the outcome of a case, which stays as it is
        return True
    for copy_case, copy in [(case, said), *_copies(tx, case, said)]:
        rows.set_said(tx, copy, text=text)
        _change_copy(tx, config, copy_case, replace(copy, text=text))
    return True


def _copies(tx: Tx, case: Case, said: Said) -> list[tuple[Case, Said]]:
    """The same reply in the cases that are joined to this one."""
    joined = [(other, s) for other in rows.list_merged(tx, case.ref) for s in rows.list_said(tx, other.ref)]
    return [(other, s) for other, s in joined if s.staff == said.staff and s.at == said.at]


def _change_copy(tx: Tx, config: Config, case: Case, said: Said) -> None:
    """A reply that was sent says something else now; where nothing may be said at this moment, it waits."""
    person = get_person_by_id(tx, case.person) if case.person else None
    if said.state != "sent" or not said.person_txn or person is None:
        return
    row = sent.get_row(tx, said.person_txn)
    if sent.cancel(tx, said.person_txn):
        deliver(tx, config, case, said)
        return
    room = rooms.access_newest_private(tx, [person.account])
    may = person.stage == "ready" and not person.has_lock
    if may and room is not None and row is not None and row.room_id == room.room_id:
        outbox.edit(tx, room.room_id, said.person_txn, told(case, said), language=person.language, lane="now")
    else:
        rows.set_said(tx, said, state="waiting")


def redacted(tx: Tx, config: Config, account: str, event_id: str) -> None:
    """Somebody took back a message that was passed on: its copy is taken back, its words go."""
    said = rows.get_said_by_source(tx, event_id)
    case = rows.get_case(tx, said.ref) if said else None
    if said is None or case is None or not _is_of(tx, config, account, case, said):
        return
    if said.author == "person":
        if (room := get_desk(tx, case.desk)) and said.desk_txn:
            outbox.take_back(tx, room.room_id, said.desk_txn)
    else:
        for _, copy in [(case, said), *_copies(tx, case, said)]:
            if copy.person_txn and (row := sent.get_row(tx, copy.person_txn)) and row.room_id:
                outbox.take_back(tx, row.room_id, copy.person_txn)
            if copy.id != said.id:
                rows.delete_said(tx, copy)
    rows.delete_said(tx, said)


def _is_of(tx: Tx, config: Config, account: str, case: Case, said: Said) -> bool:
    """Whether what was said in a case was said by this account."""
    if said.author == "staff":
        return said.staff is not None and config.staff_id(account) == said.staff
    person = get_person_by_id(tx, case.person) if case.person else None
    return person is not None and person.account == account


def left(tx: Tx, config: Config, person: Person) -> None:
    """Somebody stops (0): what was on its way to them waits until they write and ask for it."""
    for case in own(tx, person, open_only=False):
        for said in rows.list_said(tx, case.ref):
            if said.author == "staff" and said.state == "sent" and said.person_txn and sent.cancel(tx, said.person_txn):
                rows.set_said(tx, said, state="waiting")
                parts = [Part("case-waits-after-all")]
                desks.tell(
                    tx, config, parts, desk=case.desk, batch=f"case:{case.ref}", thread_of=case.root_txn
                )  # fmt: skip


def cut_off(tx: Tx, config: Config, person: Person) -> None:
    """The person's account has another identity, which may be another human: nothing of their cases reaches it."""
    for case in own(tx, person, open_only=False):
        for said in rows.list_said(tx, case.ref):
            if said.state == "sent" and said.person_txn:
                sent.cancel(tx, said.person_txn)
        if case.open:
            _tell_thread(tx, config, case, "case-other-keys")


def lost(tx: Tx, config: Config) -> None:
    """Replies whose room was closed or left before they went: they wait for the person, and the thread says so."""
    for said in rows.list_sent_since(tx, tx.now - timedelta(hours=1)):
        row = sent.get_row(tx, said.person_txn) if said.person_txn else None
        case = rows.get_case(tx, said.ref)
        if row is not None and row.state == "cancelled" and case is not None and case.person is not None:
            rows.set_said(tx, said, state="waiting")
            _tell_thread(tx, config, case, "case-waits-after-all")


def given_up(tx: Tx, config: Config, row: Row) -> None:
    """Something of a case could not be sent: the desk hears it, and the person, when it was their file."""
    if row.kind == "pass" and row.batch and row.batch.startswith("case:"):
        case = rows.get_case(tx, row.batch.removeprefix("case:"))
        if case is not None:
            notice(tx, config, case, [Part("file-not-passed")])
            _tell_thread(tx, config, case, "case-file-lost")
    elif (said := rows.get_said_by_copy(tx, row.txn)) and (case := rows.get_case(tx, said.ref)):
        rows.set_said(tx, said, state="waiting" if row.kind == "say" else "undone")
        _tell_thread(tx, config, case, "case-not-reached")


def _tell_thread(tx: Tx, config: Config, case: Case, name: str) -> None:
    batch = f"case:{case.ref}"
    desks.tell(tx, config, [Part(name)], desk=case.desk, batch=batch, thread_of=case.root_txn)


# ---- news that waits -------------------------------------------------------------------------------------------------


def has_news(tx: Tx, config: Config, person: Person) -> bool:
    """Whether something waits for this person."""
    return rows.has_waiting(tx, person.id, tx.now - undo_time(config))


def waiting_news(tx: Tx, config: Config, person: Person) -> list[tuple[Case, Said]]:
    """What staff said to this person and what they have not read; not what can still be taken back."""
    found = {c.ref: c for c in own(tx, person, open_only=False)}
    ripe = [s for s in rows.list_waiting(tx, list(found)) if tx.now - s.at >= undo_time(config)]
    return [(found[s.ref], s) for s in ripe]


def tell_news(tx: Tx, config: Config, person: Person, room_id: str) -> int:
    """Say in a person's room what waited for them. How many."""
    found = waiting_news(tx, config, person)
    for case, said in found:
        if said.file and "mxc" in said.file:
            txn = outbox.pass_on(tx, room_id, said.file, name=name_of("file", 1, said.file))
        else:
            txn = outbox.say(tx, room_id, told(case, said), language=person.language, audience="own")
        rows.set_said(tx, said, state="sent", person_txn=txn)
    return len(found)


# ---- ending ----------------------------------------------------------------------------------------------------------


def erase(tx: Tx, case: Case) -> None:
    """Words, files, who asked and the thread at the desk go; reference, language, outcome and weeks stay."""
    take_thread_back(tx, case)
    for said in rows.list_said(tx, case.ref):
        if said.person_txn:
            sent.cancel(tx, said.person_txn)
    for other in rows.list_merged(tx, case.ref):  # they wait on their own again
        rows.set_case(tx, other.ref, merged_into=None, waiting_since=other.waiting_since or tx.now)
    rows.set_case_erased(tx, case.ref)
    clear_approvals(tx, "reveal", case.ref)
    if case.open:
        rows.set_case(tx, case.ref, outcome="withdrawn")
    if case.desk != APART:  # admins read the audit
        append_audit(tx, "case-erased", ref=case.ref)
    boards.touch(tx, case.desk)


def erase_all(tx: Tx, person: Person) -> int:
    """Everything of one person."""
    found = own(tx, person, open_only=False)
    for case in found:
        erase(tx, case)
    return len(found)


def erase_due(tx: Tx, _config: Config) -> int:
    found = rows.list_to_erase(tx)
    for case in found:
        erase(tx, case)
    return len(found)
