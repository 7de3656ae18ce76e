"""Cases: what staff work on without knowing who asked. A thread at a desk on one side, a private room on the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from bot import approvals, outbox
from bot.config import APART, Config
from bot.domain import boards, desks, duty, engagement, rooms
from bot.errors import UserError
from bot.faq.language import language_of
from bot.message import Part
from bot.store import cases as rows
from bot.store import outbox as sent
from bot.store.audit import append_audit
from bot.store.cases import Case, Said, Which
from bot.store.db import Tx
from bot.store.people import Person, count_sharing, get_person_by_id
from bot.store.rooms import get_desk

__all__ = ["Case", "Said", "Which"]  # what commands see of the rows

KINDS = ("question", "person", "feedback", "concern", "complaint", "threat")
OUTCOMES = ("answered", "not-ours", "cannot-say", "heard", "done", "no-answer", "withdrawn", "duplicate", "unsafe")
WITH_WORDS = ("heard", "cannot-say", "unsafe")  # outcomes that need a reason
FEWEST = 5  # people who must share role and language before they are told
SENT_AGAIN = timedelta(hours=1)  # how long a note can be sent by its digit
MOST_OF_EACH = 6  # messages and files a day for each case that somebody may begin in a day, in all of theirs
FORGOTTEN = timedelta(days=1)  # what was sent longer ago than this is not what `undo` means


# ---- whose is what -------------------------------------------------------------------------------------------------


def access_case(tx: Tx, config: Config, *, actor: str, ref: str, at: str | None = None) -> Case:
    """A case of a desk at which `actor` (an account) works. One that never was and one of others look alike."""
    found = rows.get_case(tx, ref.upper())
    if found is None or found.desk not in desks.names_for(config, actor, at):
        raise UserError("case-none", ref=ref[:12])
    return found


def access_own(tx: Tx, person: Person, ref: str) -> Case:
    """A case of this person's own."""
    found = rows.get_case(tx, ref.upper())
    if found is None or found.person != person.id:
        raise UserError("case-none", ref=ref[:12])
    return found


def own(tx: Tx, person: Person, *, open_only: bool = True) -> list[Case]:
    return rows.list_cases_of(tx, person.id, open_only=open_only)


def of_thread(tx: Tx, event_id: str) -> str | None:
    """The reference of the case whose thread at a desk begins with this event."""
    row = sent.get_row_by_event(tx, event_id)
    return row.batch.removeprefix("case:") if row and row.batch and row.batch.startswith("case:") else None


def of_copy(tx: Tx, person: Person, event_id: str) -> Case | None:
    """The case of which a message in the person's own room told."""
    row = sent.get_row_by_event(tx, event_id)
    said = rows.get_said_by_copy(tx, row.txn) if row else None
    found = rows.get_case(tx, said.ref) if said else None
    return found if found is not None and found.person == person.id else None


def at_desks(
    tx: Tx,
    config: Config,
    account: str,
    which: Which = "all",
    *,
    at: str | None = None,
    after: str | None = None,
    limit: int = 10,
) -> list[Case]:
    """Open cases of somebody's desks: all, those that need them `now`, theirs, nobody's; the oldest first."""
    who = config.staff_id(account) or ""
    return rows.list_cases(tx, desks.names_for(config, account, at), which=which, who=who, after=after, limit=limit)


def count(tx: Tx, config: Config, account: str, which: Which = "all", *, at: str | None = None) -> int:
    return rows.count_cases(tx, desks.names_for(config, account, at), which=which, who=config.staff_id(account) or "")


def overdue(tx: Tx, config: Config, account: str, *, at: str | None = None) -> list[Case]:
    """Cases of one's desks that wait longer than people were told."""
    late = tx.now - timedelta(days=config.limits.answer_days)
    return rows.list_cases(tx, desks.names_for(config, account, at), waiting_before=late, limit=20)


def last_answered(tx: Tx, config: Config, account: str, *, at: str | None = None) -> Case:
    """The case in which a member of the staff sent something last."""
    said = rows.get_last_by(tx, config.staff_id(account) or "")
    if said is None:
        raise UserError("case-which")
    return access_case(tx, config, actor=account, ref=said.ref, at=at)


def said(tx: Tx, number: int) -> Said:
    found = rows.get_said(tx, number)
    if found is None:
        raise UserError("case-nothing-to-send")
    return found


def history(tx: Tx, case: Case) -> list[Part]:
    """What was said in a case, for its desk."""
    parts: list[Part] = []
    for one in rows.list_said(tx, case.ref):
        if one.state == "undone" or not (one.text or one.file):
            continue
        who = Part("case-person-says") if one.author == "person" else _said_by(one)
        what = [Part(name, values) for name, values in one.text] if isinstance(one.text, list) else []
        if isinstance(one.text, str):
            what = [Part("=line", {"text": quoted(one.text)})]
        elif one.file:
            what = [Part("case-a-file")]
        parts += [who, *what]
    return parts


def _said_by(one: Said) -> Part:
    """Who of us said it, and whether the person has it."""
    if one.staff is None:
        return Part("case-told")
    names = {"note": "case-noted-by", "waiting": "case-waits-by"}
    return Part(names.get(one.state, "case-staff-said"), {"who": one.staff})


TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])  # of direction


def quoted(text: str) -> str:
    """Somebody's words so that no line of them can be taken for one of ours."""
    return "\n".join(f"│ {line}" for line in text.translate(TURNS).splitlines())


def written_in(text: str) -> str | None:
    """The language of a text, where it can be told."""
    return language_of(text)


# ---- opening and writing -------------------------------------------------------------------------------------------


def open_case(
    tx: Tx,
    config: Config,
    person: Person,
    kind: str,
    *,
    text: str | None = None,
    file: Mapping[str, Any] | None = None,
    source: str | None = None,
    notify: bool = False,
    urgent: bool = False,
) -> Case:
    """Begin a case at a desk: its thread, with what the person wants to pass on. Nothing in it says who they are."""
    assert kind in KINDS
    if urgent and (called := _called_already(tx, config, person)):
        return called
    if not urgent and rows.count_opened_since(tx, person.id, tx.now - timedelta(days=1)) >= config.limits.cases_a_day:
        raise UserError("case-too-many", count=config.limits.cases_a_day)
    language = person.language or "en"
    desk = _desk_for(config, kind, language)
    told = person.role if count_sharing(tx, person.role, language) >= FEWEST else None
    ref = _new_ref(tx)
    case = Case(
        ref, kind, desk, language, told, None, "open", urgent, person.id, notify, tx.now, tx.now, None, None, 0, None,
        None, None, None, "", None,
    )  # fmt: skip
    root = desks.tell(tx, config, header(case), desk=desk, lane="now" if urgent else "work", batch=f"case:{ref}")
    if root is None:
        raise UserError("case-no-desk")
    case = replace(case, root_txn=root)
    rows.insert_case(
        tx, ref, person.id, kind=kind, desk=desk, language=language, role=told, urgent=urgent, notify=notify,
        waiting_since=tx.now, root_txn=root,
    )  # fmt: skip
    if text or file:
        write(tx, config, case, text=text, file=file, source=source)
    engagement.record(tx, "case-opened", person=person, channel="private", outcome=kind)
    boards.touch(tx, desk)
    if urgent:
        duty.call(tx, config, case)
    return case


def _called_already(tx: Tx, config: Config, person: Person) -> Case | None:
    """The urgent case of this person that nobody has taken yet: they are called for it again, not for another one."""
    waits = [c for c in own(tx, person) if c.urgent and c.owner is None and c.answered_at is None]
    if waits and waits[0].called_at is not None and tx.now - waits[0].called_at >= duty.AGAIN:
        duty.call(tx, config, waits[0])
    return waits[0] if waits else None


def _desk_for(config: Config, kind: str, language: str) -> str:
    if kind == "complaint":
        if not config.complaints.accounts:
            raise UserError("complain-nobody")
        return APART
    return desks.for_language(config, language)


def _new_ref(tx: Tx) -> str:
    for _ in range(200):
        ref = approvals.reference()
        if rows.get_case(tx, ref) is None and approvals.is_free(tx, ref):
            return ref
    raise UserError("case-no-desk")  # nearly all of the 30,000 numbers are in use


def header(case: Case) -> list[Part]:
    """The first message of a thread: state, owner, language, since when it waits; nothing of who asked."""
    values: dict[str, Any] = {"ref": case.ref, "kind": {"key": f"case-kind-{case.kind}"}}
    parts = [Part("case-header-urgent" if case.urgent else "case-header", values)]
    if case.state == "closed":
        parts.append(Part("case-header-closed", {"outcome": {"key": f"outcome-name-{case.outcome or 'answered'}"}}))
    elif case.waiting_since is not None:
        parts.append(Part("case-header-waits", {"date": {"day": case.waiting_since.date().isoformat()}}))
    else:
        parts.append(Part("case-header-answered"))
    parts.append(Part("case-header-owner", {"who": case.owner}) if case.owner else Part("case-header-nobody"))
    if case.role is not None:
        values = {"language": {"key": f"language-of-{case.language}"}, "role": {"key": f"role-{case.role}"}}
        parts.append(Part("case-header-of", values))
    if case.person is None:
        parts.append(Part("case-header-erased"))
    if case.merged_into:
        parts.append(Part("case-header-merged", {"ref": case.merged_into}))
    if case.state == "closed" and case.erase_at is not None:
        parts.append(Part("case-header-erased-on", {"date": {"day": case.erase_at.date().isoformat()}}))
    return parts


def write(
    tx: Tx,
    config: Config,
    case: Case,
    *,
    text: str | None = None,
    file: Mapping[str, Any] | None = None,
    source: str | None = None,
) -> None:
    """The person says something in their case: its copy appears in the thread."""
    most = MOST_OF_EACH * config.limits.cases_a_day
    if case.person and rows.count_written_since(tx, case.person, tx.now - timedelta(days=1)) >= most:
        raise UserError("case-too-many", count=most)
    if not case.open:
        case = reopen(tx, config, case)
    case = _apart(tx, config, case)
    txn = _copy_to_desk(tx, config, case, text, file)
    kept = dict(file) if file else None  # how it opens, sealed: it moves with the case, and goes when that ends
    rows.insert_said(tx, case.ref, author="person", text=text, file=kept, source=source, desk_txn=txn, state="sent")
    if case.waiting_since is None:
        case = _changed(tx, config, case, waiting_since=tx.now)
    boards.touch(tx, case.desk)


def _apart(tx: Tx, config: Config, case: Case) -> Case:
    """Who writes more asks something of their own: from then on nothing that is said to them reaches another one."""
    for other in rows.list_merged(tx, case.ref):
        _changed(tx, config, other, merged_into=None, waiting_since=case.waiting_since)
        _tell_apart(tx, config, other, case)
    if case.merged_into is not None:
        _tell_apart(tx, config, case, replace(case, ref=case.merged_into))
        case = _changed(tx, config, case, merged_into=None)
    return case


def _tell_apart(tx: Tx, config: Config, case: Case, other: Case) -> None:
    parts = [Part("case-apart-again", {"ref": case.ref, "other": other.ref})]
    desks.tell(tx, config, parts, desk=case.desk, batch=f"case:{case.ref}", thread_of=case.root_txn)


def _copy_to_desk(
    tx: Tx, config: Config, case: Case, text: str | None, file: Mapping[str, Any] | None, number: int = 0
) -> str | None:
    room = get_desk(tx, case.desk)
    if room is None:
        raise UserError("case-no-desk")
    batch, txn = f"case:{case.ref}", None
    if text:
        parts = [Part("case-person-says"), Part("=line", {"text": quoted(text)})]
        txn = desks.tell(tx, config, parts, desk=case.desk, batch=batch, thread_of=case.root_txn)
    if file:
        number = number or 1 + sum(1 for s in rows.list_said(tx, case.ref) if s.file)
        txn = outbox.pass_on(
            tx, room.room_id, file, name=name_of(case.ref, number, file), thread_of=case.root_txn, batch=batch
        )
    return txn


ENDINGS = {
    "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/heic": "heic", "video/mp4": "mp4",
    "audio/ogg": "ogg", "audio/mp4": "m4a", "audio/mpeg": "mp3", "application/pdf": "pdf", "text/plain": "txt",
}  # fmt: skip


def name_of(ref: str, number: int, file: Mapping[str, Any]) -> str:
    """A name of ours; the sender's may tell who they are."""
    return f"{ref}-{number}.{ENDINGS.get(str(file.get('mimetype')).partition(';')[0].strip().lower(), 'bin')}"


def _changed(tx: Tx, config: Config, case: Case, **values: Any) -> Case:
    """Change a case and what the first message of its thread says of it."""
    rows.set_case(tx, case.ref, **values)
    case = replace(case, **values)
    if room := get_desk(tx, case.desk):
        language = desks.language_of(config, case.desk)
        outbox.edit(tx, room.room_id, case.root_txn, header(case), language=language, batch=f"case:{case.ref}")
    return case


# ---- staff ---------------------------------------------------------------------------------------------------------


def take(tx: Tx, config: Config, case: Case, who: str) -> Case:
    """Somebody of the staff makes a case theirs; calls for an urgent one end."""
    if not case.open:
        raise UserError("case-closed", ref=case.ref)
    return _changed(tx, config, case, owner=who)


def assign(tx: Tx, config: Config, case: Case, who: str) -> Case:
    """Give a case to somebody who works at its desk."""
    if not case.open:
        raise UserError("case-closed", ref=case.ref)
    there = {config.staff_id(a) for a in config.accounts_at(case.desk)}
    if who.lower() not in there:
        raise UserError("case-nobody-called", who=who[:20])
    return _changed(tx, config, case, owner=who.lower())


def note(
    tx: Tx, case: Case, who: str, event_id: str, *, text: str | None = None, file: Mapping[str, Any] | None = None
) -> int:
    """Keep what somebody of the staff wrote: it stays a note until they say that it goes to the person."""
    return rows.insert_said(
        tx, case.ref, author="staff", staff=who, text=text, file=dict(file) if file else None, source=event_id,
        state="note",
    )  # fmt: skip


def typed(tx: Tx, ref: str, event_id: str) -> None:
    """Remember a message about a case at its desk, to take it back when the case ends; its words are not kept."""
    rows.insert_said(tx, ref, author="desk", desk_event=event_id, state="typed")


def last_note(tx: Tx, case: Case, who: str) -> Said | None:
    """The note that this member of the staff can send by its digit."""
    said = rows.get_last_of_staff(tx, case.ref, who)
    fresh = said is not None and said.state == "note" and tx.now - said.at < SENT_AGAIN
    return said if fresh and (said.text or said.file) else None  # type: ignore[union-attr]


def undo_time(config: Config) -> timedelta:
    """How long what staff send can still be stopped."""
    return timedelta(seconds=config.limits.undo_seconds)


def send(tx: Tx, config: Config, case: Case, said: Said, *, language: str | None = None) -> bool:
    """A note goes to the person, after a minute in which it can be taken back. Whether it reaches them by itself.

    `language`: in which it is, when that is not theirs. What was joined to this case gets it too.
    """
    if not case.open:
        raise UserError("case-closed", ref=case.ref)
    reaches = deliver(tx, config, case, said, language)
    for other in rows.list_merged(tx, case.ref):
        number = rows.insert_said(
            tx, other.ref, author="staff", staff=said.staff, text=said.text, file=said.file, state="note"
        )
        copy = rows.get_said(tx, number)
        assert copy is not None
        deliver(tx, config, other, copy, language)
    change: dict[str, Any] = {"waiting_since": None, "answered_at": case.answered_at or tx.now}
    _changed(tx, config, case, owner=case.owner or said.staff, **change)
    engagement.record(tx, "case-answered", channel="desk", outcome=case.kind, language=case.language)
    boards.touch(tx, case.desk)
    return reaches


def deliver(tx: Tx, config: Config, case: Case, said: Said, language: str | None = None) -> bool:
    """Queue something for the person, or keep it until they write; whether it reaches them by itself."""
    person = get_person_by_id(tx, case.person) if case.person else None
    if person is None:
        rows.set_said(tx, said, state="waiting", at=tx.now)
        return False
    room = rooms.access_newest_private(tx, [person.account])
    # Who left (0) hears nothing until they write again.
    may_call = (person.call_me or case.notify) and not person.has_lock and person.stage == "ready"
    if room is None or not may_call:
        rows.set_said(tx, said, state="waiting", at=tx.now)
        return False
    txn = _say_to(tx, config, case, said, person, room.room_id, language)
    rows.set_said(tx, said, state="sent", person_txn=txn, at=tx.now)
    return True


def _say_to(tx: Tx, config: Config, case: Case, said: Said, person: Person, room_id: str, language: str | None) -> str:
    if said.file and "mxc" in said.file:
        return outbox.pass_on(
            tx, room_id, said.file, name=name_of("file", 1, said.file), not_before=tx.now + undo_time(config), loud=True
        )
    return outbox.say(
        tx, room_id, told(case, said, language), language=person.language, audience="own", loud=True,
        not_before=tx.now + undo_time(config),
    )  # fmt: skip


def told(case: Case, said: Said, language: str | None = None) -> list[Part]:
    """What the person reads of something that staff said; the first line tells a lock screen nothing."""
    parts = [Part("news-first"), Part("case-about", {"ref": case.ref})]
    if isinstance(said.text, list):
        parts += [Part(name, values) for name, values in said.text]
    elif language is not None:
        parts.append(Part("case-in-language", {"language": {"key": f"language-of-{language}"}}))
    if isinstance(said.text, str):
        parts.append(Part("=line", {"text": said.text}))
    return [*parts, Part("case-write-back", {"ref": case.ref})]


def undo(tx: Tx, config: Config, case: Case) -> bool:
    """Take back what anybody of the desk sent less than a minute ago; False when it has gone. A closing is undone too.

    Raises UserError when nothing was sent.
    """
    said = rows.get_last_sent(tx, case.ref)
    if said is None or tx.now - said.at >= FORGOTTEN:
        raise UserError("case-undo-nothing")
    if tx.now - said.at >= undo_time(config) or (said.person_txn and not sent.cancel(tx, said.person_txn)):
        return False
    rows.set_said(tx, said, state="undone")
    for other in rows.list_merged(tx, case.ref):
        copy = rows.get_last_sent(tx, other.ref)
        if copy is not None and tx.now - copy.at < undo_time(config):
            if copy.person_txn:
                sent.cancel(tx, copy.person_txn)
            rows.delete_said(tx, copy)
        if not case.open:
            reopen(tx, config, other)
    if not case.open:
        case = reopen(tx, config, case)
    _changed(tx, config, case, waiting_since=_waits_since(tx, case))
    return True


def _waits_since(tx: Tx, case: Case) -> datetime:
    """Since when the person waits for what nobody has sent yet."""
    since: datetime | None = case.opened_at
    for said in rows.list_said(tx, case.ref):
        if said.author == "person":
            since = since or said.at
        elif said.author == "staff" and said.state in ("sent", "waiting"):
            since = None
    return since or tx.now


def close(
    tx: Tx, config: Config, case: Case, who: str, outcome: str, words: str = "", source: str | None = None
) -> Case:
    """End a case with an outcome of the closed list; the person hears its plain text, unless none would be safe."""
    if outcome not in OUTCOMES:
        raise UserError("outcome-unknown")
    if outcome in WITH_WORDS and not words.strip():
        raise UserError("outcome-needs-words", outcome={"key": f"outcome-name-{outcome}"})
    if not case.open:
        raise UserError("case-closed", ref=case.ref)
    erase_at = tx.now + timedelta(days=config.retention.case_days)
    closing = case
    for one in [*rows.list_merged(tx, case.ref), case]:
        if outcome != "unsafe":
            parts: list[Any] = [Part(f"outcome-{outcome}").as_list()]
            if words.strip():
                parts.append(Part("=line", {"text": words.strip()}).as_list())
            parts.append(Part("case-erased-on", {"date": {"day": erase_at.date().isoformat()}}).as_list())
            number = rows.insert_said(
                tx, one.ref, author="staff", staff=who, text=parts, state="note",
                source=source if one.ref == closing.ref else None,
            )  # fmt: skip
            said = rows.get_said(tx, number)
            assert said is not None
            deliver(tx, config, one, said)
        for kept in rows.list_said(tx, one.ref):
            if kept.author == "person" and kept.file:  # that there was a file, no more how it opens
                rows.set_said(tx, kept, file={"kind": kept.file.get("kind", "file")})
        done: dict[str, Any] = {"state": "closed", "outcome": outcome, "closed_at": tx.now, "erase_at": erase_at}
        case = _changed(tx, config, one, waiting_since=None, owner=one.owner or who, **done)
    if case.desk != APART:  # admins read the audit
        append_audit(tx, f"case-closed:{outcome}", actor=who, ref=case.ref)
    engagement.record(tx, "case-closed", channel="desk", outcome=outcome, language=case.language)
    boards.touch(tx, case.desk)
    return case


def reopen(tx: Tx, config: Config, case: Case) -> Case:
    if case.open or case.person is None:
        raise UserError("case-cannot-reopen", ref=case.ref)
    boards.touch(tx, case.desk)
    again: dict[str, Any] = {"state": "open", "outcome": None, "closed_at": None, "erase_at": None, "merged_into": None}
    return _changed(tx, config, case, waiting_since=tx.now, **again)


def hold(tx: Tx, config: Config, case: Case, who: str, until: date, reason: str) -> Case:
    """Keep a closed case longer than it would be, for a reason; the person hears the new day."""
    if case.open or case.person is None or case.erase_at is None:
        raise UserError("case-not-closed", ref=case.ref)
    if not reason.strip():
        raise UserError("case-needs-reason")
    if until <= tx.now.date():
        raise UserError("case-hold-date")
    erase_at = datetime.combine(until, case.erase_at.timetz())
    case = _changed(tx, config, case, erase_at=erase_at, held=reason.strip())
    if case.desk != APART:
        append_audit(tx, "case-held", actor=who, ref=case.ref)
    notice(tx, config, case, [Part("case-held", {"date": {"day": until.isoformat()}})])
    return case


def transfer(tx: Tx, config: Config, case: Case, who: str, desk: str) -> Case:
    """Give a case to another desk: its thread is taken back here and begins there."""
    names = [d.name for d in config.desks]
    if desk not in names or case.desk == APART:
        raise UserError("desk-unknown", list=", ".join(names))
    if desk == case.desk:
        raise UserError("case-is-there", desk=desk)
    if get_desk(tx, desk) is None:
        raise UserError("case-no-desk")
    take_thread_back(tx, case)
    boards.touch(tx, case.desk)
    moved = replace(case, desk=desk, owner=None)
    root = desks.tell(tx, config, header(moved), desk=desk, batch=f"case:{case.ref}")
    assert root is not None
    moved = replace(moved, root_txn=root)
    rows.set_case(tx, case.ref, desk=desk, owner=None, root_txn=root)
    files = 0
    for said in rows.list_said(tx, case.ref):
        files += bool(said.file)
        if said.author == "person":
            text = said.text if isinstance(said.text, str) else None
            file = said.file if said.file and "mxc" in said.file else None
            if text or file:
                rows.set_said(tx, said, desk_txn=_copy_to_desk(tx, config, moved, text, file, files))
        elif said.author == "staff" and said.state != "undone" and (said.text or said.file):
            what = [Part("=line", {"text": said.text})] if isinstance(said.text, str) else [Part("case-a-file")]
            if isinstance(said.text, list):
                what = [Part(name, values) for name, values in said.text]
            desks.tell(tx, config, [_said_by(said), *what], desk=desk, batch=f"case:{case.ref}", thread_of=root)
    append_audit(tx, "case-moved", actor=who, ref=case.ref)
    boards.touch(tx, desk)
    return moved


def merge(tx: Tx, config: Config, case: Case, into: Case, who: str) -> None:
    """Join a case to another one: whoever asked either hears every answer to that one, under their own number."""
    if case.ref == into.ref or into.merged_into or not (case.open and into.open) or case.desk != into.desk:
        raise UserError("case-cannot-merge")
    for other in rows.list_merged(tx, case.ref):
        rows.set_case(tx, other.ref, merged_into=into.ref)
    _changed(tx, config, case, merged_into=into.ref, waiting_since=None, owner=into.owner)
    append_audit(tx, "case-merged", actor=who, ref=case.ref)
    boards.touch(tx, case.desk)


def notice(tx: Tx, config: Config, case: Case, parts: Iterable[Part]) -> None:
    """Tell the person something that no staff member typed."""
    told_as = [part.as_list() for part in parts]
    said = rows.get_said(tx, rows.insert_said(tx, case.ref, author="staff", text=told_as, state="note"))
    assert said is not None
    deliver(tx, config, case, said)


def take_thread_back(tx: Tx, case: Case) -> None:
    """Redact a case's thread: what we copied there and what staff typed in it."""
    room = get_desk(tx, case.desk)
    batch = f"case:{case.ref}"
    for row in sent.list_of_batch(tx, batch):
        if row.kind in ("say", "edit", "pass") and row.room_id and not row.redacted:
            if row.kind == "edit":
                sent.cancel(tx, row.txn)
            outbox.take_back(tx, row.room_id, row.txn, lane="sweep")
            sent.set_redacted(tx, [row.event_id] if row.event_id else [])
    for said in rows.list_said(tx, case.ref):
        if said.desk_event and room is not None:
            outbox.redact(tx, room.room_id, said.desk_event)
            rows.delete_said(tx, said)
