"""The daily sweep: what has done its job goes, nothing else does, and a deleted content is gone from the file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import approvals
from bot.config import Config
from bot.domain import custody, retention
from bot.seal import KeyRing
from bot.store import approvals as approval_rows
from bot.store import (
    audit,
    cases,
    drafts,
    engagement,
    faq,
    forms,
    inbox,
    keys,
    meta,
    outbox,
    people,
    prompts,
    rooms,
    submissions,
    tables,
)
from bot.store.db import Database, Tx
from tests.world import START, Clock

CONFIG = Config.model_validate({"retention": {"inbox_days": 5, "outbox_days": 10, "session_days": 3}})
ROOM = "!one:example.org"
ANNA, BEN = "@anna:example.org", "@ben:example.org"


class Store:
    def __init__(self, url: str, ring: KeyRing) -> None:
        self.clock = Clock()
        self.db = Database(url, ring, self.clock)

    def __call__(self, function: Any, *args: Any, **values: Any) -> Any:
        cause = f"test {self.db.transactions}"
        return self.db.transact(cause, function, *args, **values)[0]

    def at(self, days: float) -> Store:
        """So many days after the start."""
        self.clock.now = START + timedelta(days=days)
        return self

    def sweep(self, days: float) -> dict[str, int]:
        """What a sweep so many days after the start removes (only what is not nothing)."""
        found: dict[str, int] = self.at(days)(retention.sweep, CONFIG)
        assert list(found) == [name for name, _ in retention.SWEEPS]
        return {name: n for name, n in found.items() if n}

    def everything(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        return {
            name: sorted(map(tuple, self(lambda tx, t=table: tx.all(sa.select(t)))), key=str)
            for name, table in tables.metadata.tables.items()
        }


@pytest.fixture
def store(database_url: str, keys: KeyRing) -> Iterator[Store]:
    found = Store(database_url, keys)
    yield found
    found.db.close_now()


def test_a_young_store_loses_nothing(store: Store) -> None:
    store(fill)
    before = store.everything()
    assert all(before[t] for t in before if t not in ("room", "member", "content_text", "olm_account")), before
    assert store.sweep(0.9) == {}
    assert store.everything() == before


def test_an_old_store_keeps_what_has_no_end(store: Store) -> None:
    """People, keys of devices, the audit, settings, open deeds, open cases, counts: no sweep touches them."""
    store(fill)
    kept = {
        "meta", "secret", "audit", "journal", "outbox", "person", "approval", "approval_vote", "device", "identity",
        "megolm_outbound", "megolm_shared", "olm_session", "room", "member", "cases", "case_message", "event",
        "faq_change", "draft", "draft_key", "draft_file", "form", "submission", "custody", "custody_head",
    }  # fmt: skip
    before = store.everything()
    store(approval_rows.set_approval_state, "A2B3", "done")
    store.sweep(400)
    after = store.everything()
    assert {t for t in after if after[t]} == kept
    for name in kept - {"outbox", "approval"}:
        assert after[name] == before[name]
    assert [r.state for r in store(lambda tx: tx.all(sa.select(tables.outbox.c.state)))] == ["queued"]


def test_after_a_room_has_ended_nothing_of_who_was_in_it_stays(store: Store) -> None:
    """What `forget` says: keys of somebody's devices stay while a room is shared."""
    store(fill)
    store(rooms.set_room, ROOM, membership="leave")
    store(lambda tx: keys.write_keys(tx, keys.KeyChanges({"olm_session": [olm("made-up", "nobody", tx)]})))
    found = store.sweep(400)
    assert (found["rooms"], found["strangers"]) == (1, 4)
    after = store.everything()
    assert not any(after[t] for t in ("room", "member", "device", "identity", "olm_session"))


def test_who_was_compared_or_is_in_the_config_is_remembered_without_a_room(store: Store) -> None:
    def write(tx: Tx) -> None:
        put = [{"user_id": u, "master": "M", "outdated": False} for u in (ANNA, BEN)]
        keys.write_keys(tx, keys.KeyChanges({"identity": put}))
        keys.set_identity_verified(tx, BEN, "M")

    store(write)
    assert store.sweep(400) == {"strangers": 1}
    assert [row[0] for row in store.everything()["identity"]] == [BEN]


def fill(tx: Tx) -> None:
    """Something in every table."""
    meta.set_meta(tx, "rate", [1, 2])
    meta.set_secret(tx, "access", b"token")
    audit.append_audit(tx, "first-start")
    inbox.insert_batch(tx, "token", b"{}")
    inbox.insert_gap(tx, ROOM, "earlier")
    inbox.insert_seen(tx, "$1", ROOM, ANNA, tx.now)
    inbox.insert_pending(tx, "$2", ROOM, "S", ANNA, b"{}", "no key")
    people.insert_person(tx, ANNA, "participant")
    rooms.set_room(tx, ROOM, kind="private", membership="join", inviter=ANNA)
    rooms.replace_members(tx, ROOM, {ANNA: "join"})
    prompts.set_prompt(tx, ROOM, "p1", "t1", {}, tx.now + timedelta(days=1))
    meta.claim_due(tx, "sweep", tx.now)
    engagement.insert_event(
        tx, type="question", week="2026-11-23", role="participant", language="en", channel="private", outcome="answer"
    )
    faq.set_change(tx, "bot-human", {"answer": "Yes."}, by="anna")
    case(tx, "C2C2")
    for n in range(2):
        txn = outbox.insert_row(tx, kind="say", room_id=ROOM, content={"text": "hello"})
        if n:
            outbox.set_sent(tx, [txn], "$3")
    drafts.insert_draft(tx, "d1", "p1", "r1", {"answer": "hello"}, tx.now + timedelta(days=1))
    drafts.insert_draft_file(tx, "d1", {"name": "hello"})
    forms.keep_form(tx, "f", "1", b"<x/>", {})
    submissions.insert_submission(
        tx, "S2S2", vault="v", subject="0" * 64, receipt="h", phrase=b"p", form="f", form_version="1", language="en",
        size="small", urgent=False, flags="", destinations={}, desk="main", status="received", day="2026-11-23",
        announce_at=tx.now, announced=True,
    )  # fmt: skip
    custody.record(tx, "sealed", "0" * 64)
    custody.head(tx)
    keys.insert_verification(tx, "V1", BEN, None, ["cat"])
    ask(tx, "A2B3")
    approval_rows.insert_vote(tx, "A2B3", "ben", True)
    device = {"user_id": ANNA, "device_id": "D", "ed25519": "E", "curve25519": "C", "signed": True, "deleted": False}
    outbound = {"room_id": ROOM, "session_id": "S", "created_at": tx.now, "messages": 1, "pickle": b"p"}
    put = {
        "device": [device],
        "identity": [{"user_id": ANNA, "master": "M", "outdated": False}],
        "megolm_inbound": [inbound("S", tx)],
        "megolm_outbound": [outbound],
        "megolm_shared": [{"session_id": "S", "user_id": ANNA, "device_id": "D", "code": ""}],
        "olm_session": [olm("o", "C", tx)],
    }
    keys.write_keys(tx, keys.KeyChanges(put))


def case(tx: Tx, ref: str) -> None:
    """An open case, and what was said in it."""
    cases.insert_case(
        tx, ref, "p1", kind="question", desk="main", language="en", role=None, urgent=False, notify=False,
        waiting_since=tx.now, root_txn=f"root-{ref}",
    )  # fmt: skip
    cases.insert_said(tx, ref, author="person", text="hello", state="sent")


def inbound(session: str, tx: Tx, room: str = ROOM) -> dict[str, Any]:
    return {
        "room_id": room, "session_id": session, "sender_key": "C", "ed25519": "E", "forwarded": False,
        "first_index": 0, "received_at": tx.now, "pickle": b"p",
    }  # fmt: skip


def olm(name: str, sender_key: str, tx: Tx) -> dict[str, Any]:
    return {"id": name, "sender_key": sender_key, "created_at": tx.now, "used_at": tx.now, "pickle": b"p"}


def ask(tx: Tx, ref: str) -> None:
    approval_rows.insert_approval(
        tx, ref=ref, deed="role", subject={}, subject_hash="0", needed=1, asked_by="anna", purpose="",
        expires_at=tx.now + approvals.EXPIRES,
    )  # fmt: skip


# ---- each sweep: the day before, nothing; the day after, what is old and only that ----


def test_handled_events_go(store: Store) -> None:
    for day, event in ((0, "$old"), (2, "$new")):
        store.at(day)(inbox.insert_seen, event, ROOM, ANNA, START - timedelta(days=30))
    assert store.sweep(5) == {}, "counted from when it was handled, not from when it was written"
    assert store.sweep(5.1) == {"inbox": 1}
    assert store(inbox.list_seen, ["$old", "$new"]) == {"$new"}
    assert store.sweep(7.1) == {"inbox": 1}


def test_unread_events_go(store: Store) -> None:
    for day, event in ((0, "$old"), (2, "$new")):
        store.at(day)(inbox.insert_pending, event, ROOM, "S", ANNA, b"{}", "no key")
    assert store.sweep(5) == {}
    assert store.sweep(5.1) == {"unread": 1}
    assert [p.event_id for p in store(inbox.list_pending)] == ["$new"]


def test_done_deeds_go_and_open_ones_stay(store: Store) -> None:
    made = [
        store.at(day)(outbox.insert_row, kind="say", room_id=ROOM, content={}, lane="work")
        for day in (0, 0, 0, 0, 0, 0, 4)
    ]
    queued, sending, sent, confirmed, parked, cancelled, fresh = made
    store(outbox.set_sending, [sending])
    store(outbox.set_sent, [sent, fresh], "$1")
    store(outbox.set_confirmed, [confirmed], "$2")
    store(outbox.set_parked, [parked], "no")
    store(
        lambda tx: tx.execute(
            sa.update(tables.outbox).where(tables.outbox.c.txn == cancelled).values(state="cancelled")
        )
    )
    assert store.sweep(10) == {}
    assert store.sweep(10.1) == {"outbox": 4}
    left = {t: store(outbox.get_row, t) for t in made}
    assert {t for t, row in left.items() if row} == {queued, sending, fresh}
    assert [r.txn for r in store(outbox.list_due)] == [queued], "what is not done is still done, however old"


def test_room_keys_go(store: Store) -> None:
    for day, session in ((0, "old"), (1, "new")):
        store.at(day)(lambda tx, s=session: keys.write_keys(tx, keys.KeyChanges({"megolm_inbound": [inbound(s, tx)]})))
    assert store.sweep(3) == {}
    assert store.sweep(3.1) == {"sessions": 1}
    assert store(keys.list_inbound, ROOM, "old") == []
    assert len(store(keys.list_inbound, ROOM, "new")) == 1


def test_room_keys_of_rooms_with_an_agreed_archive_stay(store: Store) -> None:
    rows = {"megolm_inbound": []}  # type: dict[str, list[dict[str, Any]]]

    def write(tx: Tx) -> None:
        rows["megolm_inbound"] = [inbound("S", tx), inbound("S", tx, "!kept:example.org")]
        keys.write_keys(tx, keys.KeyChanges(rows))

    store(write)
    assert store(keys.delete_inbound_before, START + timedelta(days=9), ["!kept:example.org"]) == 1
    assert store(keys.list_inbound, ROOM, "S") == []
    assert len(store(keys.list_inbound, "!kept:example.org", "S")) == 1


def test_spare_sessions_of_one_device_go_the_oldest_first(store: Store) -> None:
    def write(tx: Tx) -> None:
        put = [olm(f"{device}-{n:02}", device, tx) for device in ("hostile", "other") for n in range(3)]
        keys.write_keys(tx, keys.KeyChanges({"olm_session": put}))

    store(write)
    for n in range(3, 15):
        store.at(n / 100)(
            lambda tx, n=n: keys.write_keys(
                tx, keys.KeyChanges({"olm_session": [olm(f"hostile-{n:02}", "hostile", tx)]})
            )
        )
    assert store.sweep(1) == {"sessions": 3}
    left = {r.id for r in store(keys.list_olm_sessions, ["hostile", "other"])}
    assert left == {f"hostile-{n:02}" for n in range(3, 15)} | {"other-00", "other-01", "other-02"}
    assert store.sweep(1) == {}


def test_comparisons_go(store: Store) -> None:
    store(keys.insert_verification, "V1", ANNA, None, [])
    store.at(0.5)(keys.insert_verification, "V2", BEN, None, [])
    assert store.sweep(1) == {}
    assert store.sweep(1.1) == {"comparisons": 1}
    assert [v.ref for v in store(keys.list_verifications)] == ["V2"]


def test_expired_prompts_go(store: Store) -> None:
    for n, days in enumerate((1, 2)):
        store(prompts.set_prompt, f"!{n}:example.org", "p", f"t{n}", {}, START + timedelta(days=days))
    assert store.sweep(0.99) == {}
    assert store.sweep(1) == {"prompts": 1}
    assert store(prompts.get_prompt, "!0:example.org") is None
    assert store(prompts.get_prompt, "!1:example.org")


def test_old_claims_go_but_never_one_that_could_be_due_again(store: Store) -> None:
    store(meta.claim_due, "sweep", START)
    assert store.sweep(60) == {}
    assert not store(meta.claim_due, "sweep", START)
    assert store.sweep(60.1) == {"scheduled": 1}


def test_requests_that_nobody_decided_expire_and_stay_on_record(store: Store) -> None:
    store(ask, "A2B3")
    store.at(1)(ask, "C4D5")
    store.at(1)(ask, "E6F7")
    store(approval_rows.set_approval_state, "E6F7", "done")
    assert store.sweep(6.9) == {}
    assert store.sweep(7) == {"approvals": 1}
    assert store.sweep(30) == {"approvals": 1}
    states = {ref: store(approval_rows.get_approval, ref).state for ref in ("A2B3", "C4D5", "E6F7")}
    assert states == {"A2B3": "expired", "C4D5": "expired", "E6F7": "done"}


def test_closed_cases_lose_who_asked_and_every_word_on_their_day(store: Store) -> None:
    for ref in ("C2C2", "D3D3", "E4E4"):
        store(case, ref)
    for ref, days in (("C2C2", 90), ("D3D3", 120)):
        erase_at = START + timedelta(days=days)
        store(cases.set_case, ref, state="closed", outcome="answered", closed_at=START, erase_at=erase_at, held="asked")
    assert store.sweep(89.9) == {}
    assert store.sweep(90) == {"cases": 1}
    gone, held, waits = (store(cases.get_case, ref) for ref in ("C2C2", "D3D3", "E4E4"))
    assert (gone.person, gone.role, gone.held, gone.erase_at) == (None, None, None, None)
    assert (gone.state, gone.language, gone.outcome, gone.closed_at) == (
        "closed",
        "en",
        "answered",
        START.replace(hour=0),
    )
    assert store(cases.list_said, "C2C2") == []
    assert store(cases.list_cases_of, "p1") == [held, waits]
    assert [s.text for ref in ("D3D3", "E4E4") for s in store(cases.list_said, ref)] == ["hello", "hello"]
    assert store.sweep(90.1) == {}
    assert store.sweep(120) == {"cases": 1}
    assert store(cases.list_cases_of, "p1") == [waits], "an open one waits for its team, however long"


def test_a_sweep_that_breaks_changes_nothing_and_the_next_one_does_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(inbox.insert_seen, "$old", ROOM, ANNA, START)

    def broken(_tx: Tx, _config: Config) -> int:
        raise RuntimeError

    monkeypatch.setattr(retention, "SWEEPS", [*retention.SWEEPS, ("broken", broken)])
    with pytest.raises(RuntimeError):
        store.sweep(9)
    assert store(inbox.get_seen, "$old")
    monkeypatch.undo()
    assert store.sweep(9) == {"inbox": 1}


# ---- what is deleted is gone from the file ----


def sealed_content(store: Store, txn: str) -> bytes:
    where = tables.outbox.c.txn == txn
    return bytes(store(lambda tx: tx.one(sa.select(tables.outbox.c.content).where(where))).content)


def checkpoint(path: Path) -> None:
    connection = sqlite3.connect(path)
    busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    connection.close()
    assert not busy


def bytes_of(path: Path) -> bytes:
    return b"".join(p.read_bytes() for p in sorted(path.parent.glob(path.name + "*")))


@pytest.mark.parametrize("size", [100, 20_000])
@pytest.mark.parametrize("how", ["sent", "confirmed", "cancelled", "swept"])
def test_an_erased_content_is_not_in_the_bytes_of_the_file(sqlite_url: str, keys: KeyRing, how: str, size: int) -> None:
    """Not even sealed: a key that is taken later opens nothing that was said before."""
    store = Store(sqlite_url, keys)
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    gone, stays = (
        store(outbox.insert_row, kind="say", room_id=ROOM, content={"text": letter * size}) for letter in "ab"
    )
    marks = {txn: [sealed_content(store, txn)[n : n + 48] for n in (14, -60)] for txn in (gone, stays)}
    checkpoint(path)
    assert all(mark in bytes_of(path) for found in marks.values() for mark in found)
    match how:
        case "sent":
            store(outbox.set_sent, [gone], "$1")
        case "confirmed":
            store(outbox.set_confirmed, [gone], "$1")
        case "cancelled":
            only = tables.outbox.c.txn == stays
            store(lambda tx: tx.execute(sa.update(tables.outbox).where(only).values(room_id="!other:example.org")))
            assert store(outbox.cancel_room, ROOM) == 1
        case "swept":
            store(outbox.set_parked, [gone], "no")
            assert store.sweep(10.1) == {"outbox": 1}
    checkpoint(path)
    found = bytes_of(path)
    assert not any(mark in found for mark in marks[gone])
    assert all(mark in found for mark in marks[stays])
    assert store(outbox.get_row, stays).content == {"text": "b" * size}
    store.db.close_now()
