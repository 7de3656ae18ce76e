"""The store: order and states of the outbox, what was handled, what is sealed, keys, audit; on both databases."""

from __future__ import annotations

import base64
import itertools
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import outbox as deeds
from bot.errors import StartError
from bot.message import Part
from bot.seal import KeyRing, SealError
from bot.store import (
    approvals,
    audit,
    cases,
    drafts,
    engagement,
    faq,
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
from tests.world import START, Clock, World

ROOM, OTHER = "!one:example.org", "!two:example.org"
WORDS = "the grey house behind the mill"


class Store:
    """A database with a clock; `store(function, ...)` is one transaction."""

    def __init__(self, url: str, ring: KeyRing) -> None:
        self.clock = Clock()
        self.db = Database(url, ring, self.clock)

    def __call__(self, function: Any, *args: Any, cause: str = "test", **values: Any) -> Any:
        return self.db.transact(cause, function, *args, **values)[0]

    def queue(self, cause: str, *rooms: str, **more: Any) -> list[str]:
        """One message to each room, all because of `cause`; their transaction ids."""

        def work(tx: Tx) -> list[str]:
            return [
                outbox.insert_row(tx, kind="say", room_id=room, content={"text": f"{cause} {n}"}, **more)
                for n, room in enumerate(rooms)
            ]

        return self(work, cause=cause)  # type: ignore[no-any-return]

    def due(self) -> list[str]:
        return [r.txn for r in self(outbox.list_due)]

    def state(self, txn: str) -> str:
        return str(self(outbox.get_row, txn).state)

    def sent(self, txn: str) -> None:
        assert self(outbox.set_sending, [txn])
        self(outbox.set_sent, [txn], f"$of-{txn}")


@pytest.fixture
def store(database_url: str, keys: KeyRing) -> Iterator[Store]:
    found = Store(database_url, keys)
    yield found
    found.db.close_now()


# ---- order in the outbox ----


def test_each_room_and_lane_is_worked_on_in_order_and_waits_for_no_other(store: Store) -> None:
    first, second = store.queue("a", ROOM, ROOM)
    (bulletin,) = store.queue("b", ROOM, lane="bulletin")
    (other,) = store.queue("c", OTHER)
    assert store.due() == [first, other, bulletin], "urgent lanes first; `second` stands behind `first`"
    assert [r.txn for r in store(outbox.list_due, 200, {(ROOM, "now")})] == [other, bulletin]
    store(outbox.set_sending, [first])
    assert store.due() == [first, other, bulletin], "a try that ended in doubt is still the first of its lane"
    store.sent(first)
    assert store.due() == [second, other, bulletin]


def test_what_waits_for_its_hour_lets_others_pass_and_what_is_tried_again_does_not(store: Store) -> None:
    (later,) = store.queue("a", ROOM, not_before=START + timedelta(hours=1))
    (second,) = store.queue("b", ROOM)
    (third,) = store.queue("c", ROOM)
    assert store.due() == [second]
    assert store(outbox.set_sending, [second])
    store(outbox.set_later, [second], START + timedelta(minutes=5), "503")
    assert store.due() == []
    assert store(outbox.get_next_due_at) == START + timedelta(minutes=5)
    store.clock.advance(minutes=5)
    assert store.due() == [second]
    store.sent(second)
    store.sent(third)
    assert store.due() == []
    store.clock.advance(minutes=55)
    assert store.due() == [later]


def test_a_try_that_never_began_counts_too_so_that_pauses_grow(store: Store) -> None:
    (txn,) = store.queue("a", ROOM)
    for tries in (1, 2):
        store(outbox.set_later, [txn], store.clock(), "0")
        assert store(outbox.get_row, txn).tries == tries
    assert store(outbox.get_row, txn).sent_at is None
    store.sent(txn)


def test_a_parked_row_stops_its_lane_only_as_part_of_a_dialogue(store: Store) -> None:
    parked, behind = store.queue("a", ROOM, ROOM, in_dialogue=True)
    (work,) = store.queue("b", ROOM, lane="work")
    loose, after = store.queue("c", OTHER, OTHER)
    for txn in (parked, loose):
        store(outbox.set_parked, [txn], "M_FORBIDDEN")
    assert store.due() == [after, work]
    assert store(outbox.get_row, parked).reason == "M_FORBIDDEN"
    assert store(outbox.cancel_room, ROOM) == 3
    assert store.state(behind) == "cancelled"
    (fresh,) = store.queue("d", ROOM)
    assert store.due() == [after, fresh]


def test_a_cancelled_row_is_kept_without_its_content_and_never_sent(store: Store) -> None:
    first, second = store.queue("a", ROOM, ROOM)
    (other,) = store.queue("b", OTHER)
    (redaction,) = [store(deeds.redact, ROOM, "$e", cause="r")]
    assert store(outbox.cancel_room, ROOM, ("say",)) == 2
    row = store(outbox.get_row, first)
    assert (row.state, row.content) == ("cancelled", None)
    assert not store(outbox.set_sending, [first])
    assert not store(outbox.set_sending, [other, second]), "one cancelled row is enough: the message is made again"
    store(outbox.set_later, [first], store.clock(), "503")
    store(outbox.set_parked, [first], "not-in-room")
    assert store(outbox.set_confirmed, [first], "$x") == []
    assert store.state(first) == "cancelled", "nothing wakes what was cancelled"
    assert store.due() == [other, redaction]


def test_what_the_server_may_have_is_not_cancelled(store: Store) -> None:
    first, second = store.queue("a", ROOM, ROOM)
    store(outbox.set_sending, [first])
    assert store(deeds.cancel_room, ROOM) == 1
    assert (store.state(first), store.state(second)) == ("sending", "cancelled")
    assert [r.txn for r in store(outbox.list_doubtful, ROOM, outbox.SAID)] == [first]
    store(outbox.set_sent, [first], "$e")
    assert store(outbox.list_doubtful, ROOM, outbox.SAID) == []


def test_sent_erases_the_content_and_keeps_the_event(store: Store) -> None:
    (txn,) = store.queue("a", ROOM)
    assert store(outbox.set_sending, [txn])
    assert store(outbox.get_row, txn).content == {"text": "a 0"}
    store(outbox.set_sent, [txn], "$e")
    row = store(outbox.get_row_by_event, "$e")
    assert (row.txn, row.state, row.content, row.tries) == (txn, "sent", None, 1)
    assert store(outbox.set_confirmed, [], "$e") == [txn]
    assert store.state(txn) == "confirmed"


def test_a_message_seen_in_the_room_before_the_answer_came_stays_confirmed(store: Store) -> None:
    (txn,) = store.queue("a", ROOM)
    store(outbox.set_sending, [txn])
    assert store(outbox.set_confirmed, [txn], "$e") == [txn]
    assert store(outbox.get_row, txn).content is None
    store(outbox.set_sent, [txn], "$e")
    assert store.state(txn) == "confirmed"
    store(outbox.set_later, [txn], store.clock(), "timeout")
    store(outbox.set_parked, [txn], "timeout")
    assert store.state(txn) == "confirmed", "a late refusal changes nothing: it stands in the room"
    assert store.due() == []


def test_rows_that_went_as_one_message_share_its_event(store: Store) -> None:
    first, second, third = store.queue("a", ROOM, ROOM, ROOM)
    store.queue("w", ROOM, lane="work")
    (public,) = store.queue("b", ROOM, audience="public")
    (last,) = store.queue("c", ROOM)
    head = store(outbox.get_row, first)
    following = [r.txn for r in store(outbox.list_following, head)]
    assert following == [second, third], "of another audience is never joined, nor what stands behind it"
    assert [r.txn for r in store(outbox.list_following, head, 1)] == [second]
    joined = [first, *following]
    assert store(outbox.set_sending, joined)
    assert set(store(outbox.set_confirmed, joined, "$e")) == set(joined)
    store(outbox.set_sent, joined, "$e")
    assert {store.state(t) for t in joined} == {"confirmed"}
    assert store(outbox.list_own_events, ROOM) == ["$e"]
    store(outbox.set_redacted, ["$e"])
    assert store(outbox.list_own_events, ROOM) == []
    store.sent(public)
    assert last in store.due()


def test_the_same_cause_gives_the_same_ids_and_can_queue_only_once(store: Store) -> None:
    first = store.queue("$event", ROOM, ROOM)
    assert len({*first, *store.queue("$another", ROOM, ROOM)}) == 4
    with pytest.raises(sa.exc.IntegrityError):
        store.queue("$event", ROOM)
    with pytest.raises(AssertionError):
        store.queue("", ROOM)
    count = store(outbox.count_states)
    assert count == {("now", "queued"): 4}
    store.db.transactions = 0

    def rolled_back(tx: Tx) -> None:
        made.append(tx.derived_id())
        raise KeyError

    made: list[str] = []
    for _ in range(2):
        with pytest.raises(KeyError):
            store(rolled_back, cause="$killed")
    assert made[0] == made[1], "the same work again, under the same id"
    assert store(lambda tx: tx.derived_id(), cause="$killed") == made[0]


def test_one_message_queued_twice_by_a_replay_is_one_row(world: World) -> None:
    alice = world.person("alice").arrives()
    event = alice.sends("menu")
    before = world.tx(outbox.count_states)
    for _ in range(3):
        alice.sends("menu", event_id=event)
    assert world.tx(outbox.count_states) == before
    alice.says("menu").heard("Write a number:")


Step = tuple[str, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["now", "later", "dialogue", "work", "send", "doubt", "park", "again", "confirm", "cancel"]),
        st.integers(0, 1),
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_nothing_overtakes_in_its_lane_whatever_happens(
    steps: list[Step], sqlite_template: bytes, tmp_path: Path, keys: KeyRing
) -> None:
    path = tmp_path / "order.db"
    for name in ("order.db", "order.db-wal", "order.db-shm"):
        (tmp_path / name).unlink(missing_ok=True)
    path.write_bytes(sqlite_template)
    store = Store(f"sqlite:///{path}", keys)
    for n, (what, which) in enumerate(steps):
        room = (ROOM, OTHER)[which]
        hour = START + timedelta(hours=1)
        match what:
            case "now" | "work":
                store.queue(f"s{n}", room, lane=what)
            case "later":
                store.queue(f"s{n}", room, not_before=hour)
            case "dialogue":
                store.queue(f"s{n}", room, in_dialogue=True)
            case "cancel":
                store(outbox.cancel_room, room)
            case _:
                if not (due := store(outbox.list_due)):
                    continue
                row = due[which % len(due)]
                all_rows = [store(outbox.get_row, t) for t in _txns(store)]
                before = [r for r in all_rows if (r.room_id, r.lane) == (row.room_id, row.lane) and r.id < row.id]
                waiting = [r for r in before if r.state in outbox.OPEN or (r.state == "parked" and r.in_dialogue)]
                assert all(r.not_before > store.clock() and r.tries == 0 for r in waiting)
                assert store(outbox.set_sending, [row.txn])
                if what == "send":
                    store(outbox.set_sent, [row.txn], f"$s{n}")
                elif what == "park":
                    store(outbox.set_parked, [row.txn], "no")
                elif what == "again":
                    store(outbox.set_later, [row.txn], hour, "503")
                elif what == "confirm":
                    store(outbox.set_confirmed, [row.txn], f"$s{n}")
    kept = [store(outbox.get_row, t) for t in _txns(store)]
    assert all((r.content is None) == (r.state in ("sent", "confirmed", "cancelled")) for r in kept)
    store.db.close_now()


def _txns(store: Store) -> list[str]:
    return [r.txn for r in store(lambda tx: tx.all(sa.select(tables.outbox.c.txn)))]


# ---- what came in ----


def test_an_event_is_handled_once_and_so_is_a_message_key(store: Store) -> None:
    def seen(event: str, session: str | None = None, index: int | None = None) -> bool:
        return store(inbox.insert_seen, event, ROOM, "@a:example.org", START, session, index)  # type: ignore[no-any-return]

    assert seen("$1", "S", 0)
    assert not seen("$1", "S", 0)
    assert not seen("$2", "S", 0), "the same message key in another event is a replay"
    assert seen("$3", "S", 1)
    assert seen("$4", "T", 0)
    assert seen("$5")
    assert seen("$6"), "events without a message key do not exclude each other"
    assert not store(inbox.get_seen, "$2")
    assert store(inbox.list_seen, ["$1", "$2", "$3"]) == {"$1", "$3"}
    assert store(inbox.list_seen, []) == set()
    assert store(inbox.list_from_person, ROOM, "@a:example.org", START) == ["$1", "$3", "$4", "$5", "$6"]
    store(inbox.set_seen_redacted, ["$1"])
    assert "$1" not in store(inbox.list_from_person, ROOM, "@a:example.org", START)
    assert store(inbox.get_seen, "$1"), "taken back, but never handled again"


def test_an_event_is_not_handled_when_its_effects_were_rolled_back(store: Store) -> None:
    def work(tx: Tx) -> None:
        assert inbox.insert_seen(tx, "$1", ROOM, "@a:example.org", START)
        outbox.insert_row(tx, kind="say", room_id=ROOM, content={})
        raise KeyError

    with pytest.raises(KeyError):
        store(work)
    assert not store(inbox.get_seen, "$1")
    assert store.due() == []
    assert store(inbox.insert_seen, "$1", ROOM, "@a:example.org", START)


def test_journal_and_progress_survive_a_stop_between_any_two_slices(store: Store) -> None:
    assert store(inbox.get_sync_token) is None
    first = store(inbox.insert_batch, "token-1", b'{"a": 1}')
    second = store(inbox.insert_batch, "token-2", WORDS.encode())
    assert second > first
    assert store(inbox.get_sync_token) == "token-2", "reading goes on after the newest journalled answer"
    assert [(b.next_batch, b.body, b.slices_done) for b in store(inbox.list_batches)] == [
        ("token-1", b'{"a": 1}', 0),
        ("token-2", WORDS.encode(), 0),
    ]
    store(inbox.set_slices_done, first, 3)
    old = store(inbox.list_batches)[0]
    assert store(inbox.get_progress, replace(old, slices_done=0)).slices_done == 3
    store(inbox.finish_batch, first, "token-1")
    assert [b.id for b in store(inbox.list_batches)] == [second]
    assert store(inbox.get_sync_token) == "token-2"
    store(inbox.finish_batch, second, "token-2")
    assert store(inbox.list_batches) == []
    assert store(inbox.get_sync_token) == "token-2"
    third = store(inbox.insert_batch, "token-3", b"{}")
    assert third > second, "a number is never used again: it is part of the seal"


def test_unread_events_wait_for_their_key(store: Store) -> None:
    for event, session in (("$1", "S"), ("$2", "S"), ("$3", "T")):
        store.clock.advance(seconds=1)
        assert store(inbox.insert_pending, event, ROOM, session, "@a:example.org", WORDS.encode(), "no key")
    assert not store(inbox.insert_pending, "$1", ROOM, "S", "@a:example.org", b"", "")
    assert [p.event_id for p in store(inbox.list_pending)] == ["$1", "$2", "$3"]
    assert [p.event_id for p in store(inbox.list_pending, {"T"})] == ["$3"]
    assert store(inbox.list_pending)[0].body == WORDS.encode()
    assert not store(inbox.get_session_told, "S")
    store(inbox.set_pending_told, "S")
    assert store(inbox.get_session_told, "S")
    assert not store(inbox.get_session_told, "T")
    assert store(inbox.count_pending_of, "@a:example.org") == 3
    store(inbox.delete_pending, "$1")
    store(inbox.delete_pending_of_room, OTHER)
    assert [p.event_id for p in store(inbox.list_pending)] == ["$2", "$3"]
    store(inbox.delete_pending_of_room, ROOM)
    assert store(inbox.list_pending) == []


# ---- sealed columns ----


def fill(tx: Tx) -> None:
    """Two rows with something sealed in every table that has a sealed column."""
    for n in ("1", "2"):
        outbox.insert_row(tx, kind="say", room_id=ROOM, content={"text": WORDS})
        inbox.insert_batch(tx, f"token-{n}", WORDS.encode())
        inbox.insert_pending(tx, f"$p{n}", ROOM, "S", "@a:example.org", WORDS.encode(), "no key")
        meta.set_secret(tx, f"secret-{n}", WORDS.encode())
        prompts.set_prompt(tx, f"!{n}:example.org", "p1", f"t{n}", {"text": WORDS}, tx.now + timedelta(days=1))
        keys.insert_verification(tx, f"V{n}", f"@{n}:example.org", None, [WORDS])
        approvals.insert_approval(
            tx, ref=f"A{n}", deed="role", subject={"text": WORDS}, subject_hash="0", needed=1, asked_by="s",
            purpose=WORDS, expires_at=tx.now + timedelta(days=7),
        )  # fmt: skip
        cases.insert_case(
            tx, f"A{n}A{n}", WORDS, kind="question", desk="main", language="en", role=None, urgent=False, notify=False,
            waiting_since=tx.now, root_txn="t",
        )  # fmt: skip
        cases.set_case(tx, f"A{n}A{n}", held=WORDS)
        cases.insert_said(
            tx, "A1A1", author="staff", staff="sara", text=WORDS, file={"mxc": WORDS}, source=WORDS, desk_event=WORDS,
            person_txn=WORDS, state="sent",
        )  # fmt: skip
        faq.set_change(tx, f"entry-{n}", {"answer": WORDS}, by="sara")
        drafts.insert_draft(tx, f"d{n}", f"p{n}", f"r{n}", {"answer": WORDS}, tx.now + timedelta(days=1))
        drafts.insert_draft_file(tx, f"d{n}", {"name": WORDS})
        submissions.insert_submission(
            tx, f"S{n}S{n}", vault=f"v{n}", subject="s", receipt=f"h{n}", phrase=b"slow", form="f",
            form_version="1", language="en", size="small", urgent=False, flags="", destinations={"icc": WORDS},
            desk="main", status="received", said=WORDS, day="2026-11-23", announce_at=tx.now, announced=False,
            link={"room": WORDS},
        )  # fmt: skip


def _every_case(tx: Tx) -> list[str | None]:
    found = [cases.get_case(tx, f"A{n}A{n}") for n in (1, 2)]
    return [value for c in found if c for value in (c.person, c.held)]  # neither is in what a row shows of itself


def _everything_said(tx: Tx) -> list[Any]:
    return [value for s in cases.list_said(tx, "A1A1") for value in (s.text, s.file, s.desk_event, s.person_txn)]


def _every_draft(tx: Tx) -> list[Any]:
    return [d.content for n in (1, 2) for d in drafts.list_drafts_of(tx, f"p{n}")]


def _every_submission(tx: Tx) -> list[Any]:
    return [value for s in submissions.list_submissions(tx, ["main"]) for value in (s.destinations, s.said, s.link)]


READS: dict[tuple[str, str], Callable[[Tx], Any]] = {
    ("outbox", "content"): lambda tx: [r.content for r in _every_outbox_row(tx)],
    ("journal", "body"): inbox.list_batches,
    ("pending", "body"): inbox.list_pending,
    ("secret", "value"): lambda tx: [meta.get_secret(tx, f"secret-{n}") for n in (1, 2)],
    ("prompt", "options"): lambda tx: [prompts.get_prompt(tx, f"!{n}:example.org") for n in (1, 2)],
    ("verification", "emoji"): keys.list_verifications,
    ("approval", "subject"): approvals.list_open_approvals,
    ("approval", "purpose"): approvals.list_open_approvals,
    ("cases", "person"): _every_case,
    ("cases", "held"): _every_case,
    ("case_message", "text"): _everything_said,
    ("case_message", "file"): _everything_said,
    ("case_message", "desk_event"): _everything_said,
    ("case_message", "person_txn"): _everything_said,
    ("faq_change", "entry"): faq.list_changes,
    ("draft", "content"): _every_draft,
    ("draft_key", "key"): _every_draft,
    ("draft_file", "content"): lambda tx: [f.content for f in drafts.list_wanted(tx)],
    ("submission", "destinations"): _every_submission,
    ("submission", "said"): _every_submission,
    ("submission", "link"): _every_submission,
}


def _every_outbox_row(tx: Tx) -> list[outbox.Row]:
    found = [outbox.get_row(tx, r.txn) for r in tx.all(sa.select(tables.outbox.c.txn))]
    return [r for r in found if r]


def blobs(tx: Tx) -> dict[tuple[str, str], list[bytes]]:
    """Every sealed value, by table and column, in the order of the keys."""
    found = {}
    for table, column in READS:
        t = tables.metadata.tables[table]
        key = next(iter(t.primary_key.columns))
        found[(table, column)] = [r[0] for r in tx.all(sa.select(t.c[column]).order_by(key))]
    return found


def put(tx: Tx, place: tuple[str, str], value: bytes) -> None:
    """Overwrite the first row's sealed value."""
    t = tables.metadata.tables[place[0]]
    key = next(iter(t.primary_key.columns))
    first = sa.select(sa.func.min(key)).scalar_subquery()
    assert tx.change(sa.update(t).where(key == first).values({place[1]: value})) == 1


def test_every_column_said_to_be_sealed_is_looked_at() -> None:
    binary = {
        (t.name, c.name)
        for t in tables.metadata.tables.values()
        for c in t.columns
        if isinstance(c.type, sa.LargeBinary)
        and c.name not in ("pickle", "lock_hash", "lock_salt", "phrase", "compiled", "token")  # hashes, public things
    }
    assert binary == set(READS)


def test_what_is_sealed_opens_only_in_its_own_table_column_and_row(store: Store) -> None:
    store(fill, cause="fill")
    values = store(blobs)
    for place, read in READS.items():
        own = values[place][0]
        assert WORDS in str(store(read))
        elsewhere = [v for other, found in values.items() for v in found if (other, v) != (place, own)]
        altered = own[:-1] + bytes([own[-1] ^ 1])
        unknown_key = (9).to_bytes(2, "big") + own[2:]
        for value in (*elsewhere, altered, unknown_key, b""):
            store(put, place, value)
            with pytest.raises(SealError):
                store(read)
        store(put, place, own)
        assert WORDS in str(store(read))


def test_nothing_that_was_said_stands_readable_in_the_database(store: Store, database_url: str, tmp_path: Path) -> None:
    store(fill, cause="fill")
    found = store(lambda tx: [list(r) for t in tables.metadata.tables.values() for r in tx.all(sa.select(t))])
    assert len(found) > 12
    assert WORDS not in str(found)
    assert WORDS.encode() not in b"".join(v for row in found for v in row if isinstance(v, bytes))
    if database_url.startswith("sqlite"):
        for path in tmp_path.glob("liaison.db*"):
            assert WORDS.encode() not in path.read_bytes()


# ---- keys of the installation ----


def test_keys_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        ring = KeyRing(tmp_path / "keys")
        made = {name: ring.key(name) for name in ("store-1", "pickle", "lookup", "custody", "identity")}
    finally:
        os.umask(before)
    assert len(set(made.values())) == len(made)
    assert all(len(k) == 32 for k in made.values())
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700
    files = list((tmp_path / "keys").iterdir())
    assert {f.name for f in files} == {f"{n}.key" for n in made}
    assert {stat.S_IMODE(f.stat().st_mode) for f in files} == {0o600}
    again = KeyRing(tmp_path / "keys")
    assert {name: again.key(name) for name in made} == made
    assert again.open("t.c.1", ring.seal("t.c.1", b"x")) == b"x"


def test_a_key_that_another_process_made_meanwhile_is_not_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`liaison doctor` beside the very first `liaison run`."""
    one, other = KeyRing(tmp_path / "keys"), KeyRing(tmp_path / "keys")
    first = one.key("pickle")
    (tmp_path / "keys" / "pickle.key").unlink()
    made = []

    def not_yet(_path: Path) -> bool:
        monkeypatch.undo()
        made.append(one.key("pickle"))  # between our look and our making it
        return False

    monkeypatch.setattr(Path, "exists", not_yet)
    assert [other.key("pickle")] == made
    assert made != [first]
    assert [one.key("pickle")] == made
    assert {f.name for f in (tmp_path / "keys").iterdir()} == {"store-1.key", "pickle.key"}


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_damaged_key_is_told_and_left_as_it_is(tmp_path: Path, size: int) -> None:
    ring = KeyRing(tmp_path)
    sealed = ring.seal("t.c.1", b"x")
    path = tmp_path / "store-1.key"
    good = path.read_bytes()
    path.write_bytes(b"k" * size)
    with pytest.raises(StartError) as caught:
        KeyRing(tmp_path)
    assert (caught.value.key, caught.value.values) == ("keys-damaged", {"name": "store-1"})
    assert path.read_bytes() == b"k" * size
    path.write_bytes(good)
    assert KeyRing(tmp_path).open("t.c.1", sealed) == b"x"


def test_the_environment_replaces_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    value = bytes(range(32))
    for name in ("STORE_1", "PICKLE"):
        monkeypatch.setenv(f"LIAISON_KEY_{name}", base64.b64encode(value).decode())
    ring = KeyRing(tmp_path)
    assert ring.key("pickle") == value
    sealed = ring.seal("t.c.1", b"x")
    assert list(tmp_path.iterdir()) == [], "no file is made for it"
    for wrong in ("AAAA", "%%%", base64.b64encode(value).decode()[:-1]):
        monkeypatch.setenv("LIAISON_KEY_STORE_1", wrong)
        with pytest.raises(StartError) as caught:
            KeyRing(tmp_path)
        assert caught.value.key == "keys-damaged"
    monkeypatch.delenv("LIAISON_KEY_STORE_1")
    with pytest.raises(SealError):
        KeyRing(tmp_path).open("t.c.1", sealed)
    monkeypatch.setenv("LIAISON_KEY_STORE_1", base64.b64encode(value).decode())
    assert KeyRing(tmp_path).open("t.c.1", sealed) == b"x", "the environment goes before a file"


def test_values_of_an_older_store_key_still_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = KeyRing(tmp_path).seal("t.c.1", b"old")
    (tmp_path / "store-2.key").write_bytes(b"2" * 32)
    ring = KeyRing(tmp_path)
    new = ring.seal("t.c.1", b"new")
    assert (old[:2], new[:2]) == (b"\0\1", b"\0\2")
    assert (ring.open("t.c.1", old), ring.open("t.c.1", new)) == (b"old", b"new")
    # The same from the environment, as on a machine without a disk for keys.
    for n in (1, 2):
        data = (tmp_path / f"store-{n}.key").read_bytes()
        monkeypatch.setenv(f"LIAISON_KEY_STORE_{n}", base64.b64encode(data).decode())
    elsewhere = KeyRing(tmp_path / "empty")
    assert (elsewhere.open("t.c.1", old), elsewhere.open("t.c.1", new)) == (b"old", b"new")
    assert elsewhere.seal("t.c.1", b"")[:2] == b"\0\2"
    monkeypatch.undo()
    (tmp_path / "store-1.key").rename(tmp_path / "away")
    with pytest.raises(SealError):
        KeyRing(tmp_path).open("t.c.1", old)
    (tmp_path / "away").rename(tmp_path / "store-1.key")
    assert KeyRing(tmp_path).open("t.c.1", old) == b"old"


def test_other_keys_seal_for_a_place_too(tmp_path: Path) -> None:
    ring = KeyRing(tmp_path)
    sealed = ring.seal_with("identity", "cross-signing", b"seeds")
    assert ring.open_with("identity", "cross-signing", sealed) == b"seeds"
    for name, place in (("identity", "other"), ("pickle", "cross-signing")):
        with pytest.raises(SealError):
            ring.open_with(name, place, sealed)
    assert ring.lookup("receipt", "x") != ring.lookup("duplicate", "x")
    assert ring.lookup("receipt", "x") == KeyRing(tmp_path).lookup("receipt", "x")


# ---- audit ----


def chain(store: Store) -> list[audit.Entry]:
    for n in range(4):
        store.clock.advance(seconds=1, microseconds=1234)
        store(audit.append_audit, f"act-{n}", actor="sara", ref=f"R{n}")
    return list(reversed(store(audit.list_audit)))


def test_the_audit_is_a_chain_over_restarts(store: Store, keys: KeyRing) -> None:
    entries = chain(store)
    assert [e.seq for e in entries] == [1, 2, 3, 4]
    assert entries[0].previous == audit.FIRST
    assert all(b.previous == a.hash for a, b in itertools.pairwise(entries))
    assert store(audit.first_broken_audit) is None
    again = Store(store.db.url, keys)
    again(audit.append_audit, "after")
    assert again(audit.first_broken_audit) is None
    again.db.close_now()


@pytest.mark.parametrize(
    "change", [{"act": "x"}, {"actor": "eve"}, {"ref": "X"}, {"at": START}, {"previous": "1" * 64}]
)
def test_an_altered_entry_is_found(store: Store, change: dict[str, Any]) -> None:
    entries = chain(store)
    at_two = tables.audit.c.seq == 2
    store(lambda tx: tx.execute(sa.update(tables.audit).where(at_two).values(**change)))
    assert store(audit.first_broken_audit) == 2
    forged = replace(entries[1], **change)
    forged = replace(forged, hash=forged.computed_hash())
    store(lambda tx: tx.execute(sa.update(tables.audit).where(at_two).values(hash=forged.hash)))
    assert store(audit.first_broken_audit) in (2, 3), "also with a hash that fits, because the next entry does not"
    store(lambda tx: tx.execute(sa.update(tables.audit).where(at_two).values(**entries[1].__dict__)))
    assert store(audit.first_broken_audit) is None


@pytest.mark.parametrize("seq", [1, 2, 3])
def test_a_missing_entry_is_found(store: Store, seq: int) -> None:
    entries = chain(store)
    store(lambda tx: tx.execute(sa.delete(tables.audit).where(tables.audit.c.seq == seq)))
    assert store(audit.first_broken_audit) == seq
    store(lambda tx: tx.execute(sa.insert(tables.audit).values(**entries[seq - 1].__dict__)))
    assert store(audit.first_broken_audit) is None


# ---- Matrix keys ----


def device(name: str, **more: Any) -> dict[str, Any]:
    row = {"user_id": "@a:example.org", "device_id": name, "ed25519": "E", "curve25519": "C" + name, "signed": True}
    return row | {"deleted": False} | more


def shared(session: str, name: str, code: str = "") -> dict[str, Any]:
    return {"session_id": session, "user_id": "@a:example.org", "device_id": name, "code": code}


def outbound(room: str, session: str) -> dict[str, Any]:
    return {"room_id": room, "session_id": session, "created_at": START, "messages": 1, "pickle": b"p"}


def test_changes_of_keys_are_written_all_or_not_at_all(store: Store) -> None:
    start = {"device": [device("D1")], "megolm_outbound": [outbound(ROOM, "S1")], "megolm_shared": [shared("S1", "D1")]}
    store(keys.write_keys, keys.KeyChanges(start))
    before = store(keys.get_outbound, ROOM)
    assert before[1] == {("@a:example.org", "D1"): ""}
    broken = keys.KeyChanges(
        {
            "device": [device("D1", ed25519="other"), device("D2")],
            "megolm_outbound": [outbound(ROOM, "S2")],
            "identity": [{"user_id": "@a:example.org", "master": "M", "outdated": None}],
        },
        forget_sessions=["S1"],
        forget_rooms=[ROOM],
    )
    with pytest.raises(sa.exc.IntegrityError):
        store(keys.write_keys, broken)
    assert store(keys.get_outbound, ROOM) == before
    assert [(d.device_id, d.ed25519) for d in store(keys.list_devices, ["@a:example.org"])] == [("D1", "E")]
    broken.put["identity"][0]["outdated"] = False
    store(keys.write_keys, broken)
    row, told = store(keys.get_outbound, ROOM)
    assert (row.session_id, told) == ("S2", {})
    assert {(d.device_id, d.ed25519) for d in store(keys.list_devices, ["@a:example.org"])} == {
        ("D1", "other"),
        ("D2", "E"),
    }


def test_keys_and_deeds_of_one_transaction_stand_or_fall_together(store: Store) -> None:
    def work(tx: Tx, fail: bool) -> None:
        keys.write_keys(tx, keys.KeyChanges({"megolm_outbound": [outbound(ROOM, "S1")]}))
        outbox.insert_row(tx, kind="say", room_id=ROOM, content={})
        if fail:
            raise KeyError

    with pytest.raises(KeyError):
        store(work, True)
    assert store(keys.get_outbound, ROOM) is None
    assert store.due() == []
    store(work, False)
    assert store(keys.get_outbound, ROOM)
    assert len(store.due()) == 1


def test_many_users_at_once_are_read_in_parts(store: Store) -> None:
    users = [f"@u{n}:example.org" for n in range(1000)]
    rows = [{"user_id": u, "master": "M", "pinned": None, "verified": None, "outdated": False} for u in users]
    store(keys.write_keys, keys.KeyChanges({"identity": rows}))
    assert len(store(keys.list_identities, users)) == 1000
    store(keys.set_outdated, users[:900])
    assert sum(r.outdated for r in store(keys.list_identities, users)) == 900
    assert store(keys.set_identity_verified, users[0], "M")
    assert not store(keys.set_identity_verified, users[1], "another")
    found = {r.user_id: r.verified for r in store(keys.list_identities, users[:2])}
    assert found == {users[0]: "M", users[1]: None}


# ---- rooms: what real state events say ----

US, ANNA = "@bot:example.org", "@anna:example.org"


def state(kind: str, content: dict[str, Any], key: str = "", sender: str = ANNA) -> dict[str, Any]:
    return {"type": kind, "state_key": key, "sender": sender, "content": content}


def room_after(store: Store, *events: dict[str, Any]) -> rooms.Room:
    store(rooms.apply_state, ROOM, events, us=US)
    found: rooms.Room = store(rooms.get_room, ROOM)
    return found


def test_encryption_is_never_switched_off(store: Store) -> None:
    assert not room_after(store, state("m.room.create", {})).encrypted
    assert room_after(store, state("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})).encrypted
    for content in ({}, {"algorithm": "none"}, {"rotation_period_msgs": -1}, {"rotation_period_ms": True}):
        found = room_after(store, state("m.room.encryption", content))
        assert (found.encrypted, found.encryption) == (True, {})
    assert room_after(store, state("m.room.encryption", {"rotation_period_msgs": 5})).encryption == {
        "rotation_period_msgs": 5
    }
    assert room_after(store, state("m.room.encryption", {}, key="other")).encryption == {"rotation_period_msgs": 5}


@pytest.mark.parametrize(
    ("version", "levels", "expected"),
    [
        ("11", None, {US: False, ANNA: True}),
        ("11", {"users": {US: 50}}, {US: True, ANNA: False}),
        ("11", {"users": {US: "50", ANNA: "many"}}, {US: True, ANNA: False}),
        ("11", {"users": {US: True}, "users_default": 60}, {US: True, ANNA: True}),
        ("11", {"users": {US: 50}, "redact": 51}, {US: False, ANNA: False}),
        ("11", {"users": [US], "redact": {"a": 1}}, {US: False, ANNA: False}),
        ("11", {"users": {US: 2**80}, "users_default": [9]}, {US: False, ANNA: False}),
        ("12", {"users": {ANNA: 0}}, {US: False, ANNA: True}),
        ("org.example.12", {"users": {ANNA: 0}}, {US: False, ANNA: False}),
    ],
)
def test_powers_are_counted_as_the_rooms_version_says(
    store: Store, version: str, levels: dict[str, Any] | None, expected: dict[str, bool]
) -> None:
    events = [state("m.room.create", {"room_version": version})]
    events += [state("m.room.power_levels", levels)] if levels is not None else []
    found = room_after(store, *events)
    assert {user: found.may(user, "redact") for user in expected} == expected


def test_a_reference_counts_only_in_a_room_that_we_made(store: Store) -> None:
    made = {"org.liaison.ref": "R7Q2"}
    joined = state("m.room.member", {"membership": "join"}, key=US)
    assert room_after(store, state("m.room.create", made), joined).ref is None
    assert store(rooms.get_room_by_ref, "R7Q2") is None, "a stranger cannot offer us a room as ours"
    store(rooms.apply_state, OTHER, [state("m.room.create", made, sender=US), joined], us=US)
    assert store(rooms.get_room_by_ref, "R7Q2").room_id == OTHER
    store(rooms.apply_state, OTHER, [state("m.room.member", {"membership": "leave"}, key=US)], us=US)
    assert store(rooms.get_room_by_ref, "R7Q2") is None, "a room that we left is made again"


def test_who_is_in_a_room_follows_its_events_and_the_servers_whole_list_replaces_them(store: Store) -> None:
    def member(user: str, membership: Any) -> dict[str, Any]:
        return state("m.room.member", {"membership": membership}, key=user)

    room_after(store, member(US, "join"), member(ANNA, "join"), member("@b:x", "invite"), member("@c:x", ["join"]))
    store(rooms.set_room, ROOM, kind="private")
    assert store(rooms.list_members, ROOM) == [ANNA, US]
    assert store(rooms.list_members, ROOM, ("join", "invite")) == [ANNA, "@b:x", US]
    assert store(rooms.list_private_rooms_of, ANNA) == store(rooms.list_private_rooms_of, "@b:x") == [ROOM]
    store(rooms.replace_members, ROOM, {US: "join", "@d:x": "join"})
    assert store(rooms.get_room, ROOM).members_known
    assert (store(rooms.get_membership, ROOM, ANNA), store(rooms.list_members, ROOM)) == (None, [US, "@d:x"])
    assert store(rooms.count_rooms) == {"private": 1}
    room_after(store, member(US, "ban"))
    assert store(rooms.list_private_rooms_of, "@d:x") == []
    assert store(rooms.count_rooms) == {}
    joined_at = room_after(store, member(US, "join")).joined_at
    store.clock.advance(hours=1)
    assert room_after(store, member(US, "join")).joined_at == joined_at, "a new name is not a new beginning"


def test_words_of_the_protocol_that_we_do_not_know_are_kept_as_unknown(store: Store) -> None:
    for value, kept in ((None, "shared"), ("joined", "joined"), ("x" * 41, "?"), (["shared"], "?"), ("a\nb", "?")):
        assert room_after(store, state("m.room.history_visibility", {"history_visibility": value})).history == kept
    assert room_after(store, state("m.room.join_rules", {"join_rule": {"a": 1}})).join_rule == "?"
    assert room_after(store, state("m.room.create", {"additional_creators": [1, "@x:y"]})).creators == [ANNA, "@x:y"]


# ---- taking back, people, small things ----


def test_a_redaction_waits_until_it_is_known_what_it_is_about(store: Store) -> None:
    """The server may have a message whose answer never came."""
    (said,) = store.queue("a", ROOM)
    store(outbox.set_sending, [said])
    assert store(deeds.redact_own, ROOM, cause="b") == 0
    (redaction,) = [r for r in store(outbox.list_due) if r.kind == "redact"]
    assert store(outbox.get_redacted, redaction) == (False, None)
    store(outbox.set_sent, [said], "$e")
    assert store(outbox.get_redacted, redaction) == (True, "$e")
    (never,) = store.queue("c", OTHER)
    store(outbox.set_sending, [never])
    store(deeds.redact_own, OTHER, cause="d")
    store(outbox.set_parked, [never], "M_FORBIDDEN")
    (other,) = [r for r in store(outbox.list_due) if (r.kind, r.room_id) == ("redact", OTHER)]
    assert store(outbox.get_redacted, other) == (True, None), "it was never said: there is nothing to take back"


def test_forgetting_keeps_what_is_still_to_be_done(store: Store) -> None:
    sent, waits = store.queue("a", ROOM, ROOM)
    (elsewhere,) = store.queue("b", OTHER)
    store.sent(sent)
    store.sent(elsewhere)
    assert store(outbox.get_oldest_open) == START
    assert store(outbox.count_sent_to, [ROOM]) == 2
    assert store(outbox.delete_done_of, ROOM) == 1
    assert store(outbox.get_row, sent) is None
    assert store.state(waits) == "queued"
    assert store.state(elsewhere) == "sent"
    for event, sender in (("$1", "@a:x"), ("$2", "@a:x"), ("$3", "@b:x")):
        store(inbox.insert_seen, event, ROOM, sender, START + timedelta(hours=int(event[1])))
    assert store(inbox.delete_seen_of, "@a:x", keep_after=START + timedelta(hours=2)) == 1
    assert store(inbox.list_seen, ["$1", "$2", "$3"]) == {"$2", "$3"}
    assert store(inbox.count_seen_of, "@a:x") == 1


def test_what_stands_at_a_desk_is_known_until_it_is_taken_back_and_not_longer(store: Store) -> None:
    """Its rows tell when a case was spoken of; without them nothing of it can be changed or taken back."""
    said, given_up = store.queue("a", ROOM, ROOM, batch="case:R7Q2")
    (board,) = store.queue("b", ROOM, batch="board:main")
    (plain,) = store.queue("c", ROOM)
    for txn in (said, board, plain):
        store.sent(txn)
    store(outbox.set_sending, [given_up])
    store(outbox.set_parked, [given_up], "M_FORBIDDEN")
    edit = store(deeds.edit, ROOM, board, [Part("=line", {"text": "x"})], language="en", batch="board:main", cause="d")
    store.sent(edit)
    store.clock.advance(days=100)
    assert store(outbox.delete_done_before, store.clock()) == 2
    assert [store(outbox.get_row, txn) for txn in (plain, edit)] == [None, None]

    for n, txn in enumerate((said, given_up)):
        store(deeds.take_back, ROOM, txn, cause=f"taken back {n}")
    store(outbox.set_redacted, [f"$of-{said}"])
    assert store(outbox.delete_done_before, store.clock()) == 2
    (redaction,) = store(outbox.list_due)
    assert store(outbox.get_redacted, redaction) == (True, f"$of-{said}"), "it is still taken back from the room"
    assert store.state(board) == "sent"


def test_a_file_whose_server_does_not_answer_lets_others_pass(store: Store) -> None:
    file = store(deeds.pass_on, ROOM, {"mxc": "mxc://a/b"}, name="R7Q2-1.bin", cause="a")
    other = store(deeds.pass_on, ROOM, {"mxc": "mxc://a/c"}, name="R7Q2-2.bin", cause="b")
    (words,) = store.queue("c", ROOM, lane="work")
    assert store.due() == [words, file]
    store(outbox.set_later, [file], START + timedelta(minutes=5), "502")
    assert store.due() == [words, other]
    store.clock.advance(minutes=5)
    assert store.due() == [words, file]


def test_what_was_given_up_can_be_cancelled_and_what_may_have_been_said_cannot(store: Store) -> None:
    refused, doubtful = store.queue("a", ROOM, OTHER)
    store(outbox.set_sending, [refused])
    store(outbox.set_sending, [doubtful])
    store(outbox.set_parked, [refused], "M_FORBIDDEN")
    store(outbox.set_later, [doubtful], START + timedelta(minutes=5), "0")
    assert store(outbox.cancel, refused)
    assert store(outbox.get_row, refused).content is None
    assert not store(outbox.cancel, doubtful)


def test_only_who_asked_for_it_and_stayed_is_called(store: Store) -> None:
    made = {name: store(people.insert_person, f"@{name}:x", "participant") for name in ("yes", "no", "left")}
    for name, call_me, stage in (("yes", True, "ready"), ("no", False, "ready"), ("left", True, "new")):
        store(people.set_person, made[name].id, call_me=call_me, stage=stage)
    assert [p.account for p in store(people.list_people_to_call)] == ["@yes:x"]
    many = [f"@{n}:x" for n in range(900)]
    assert set(store(people.list_people_by_account, [*many, "@yes:x", "@no:x"])) == {"@yes:x", "@no:x"}
    store(people.delete_person, made["yes"].id)
    assert store(people.get_person, "@yes:x") is None
    assert store(people.insert_person, "@yes:x", "participant").id != made["yes"].id, "who comes back is somebody new"
    with pytest.raises(sa.exc.IntegrityError):
        store(people.insert_person, "@yes:x", "admin")
    assert store(people.get_person, "@yes:x").role == "participant"


def test_what_happened_is_counted_by_its_outcome_and_no_row_tells_who_it_was(store: Store) -> None:
    about = {"week": "2026-11-23", "role": "participant", "language": "ar", "channel": "private"}
    for outcome in ("answer", "choices", "answer"):
        store(engagement.insert_event, type="question", outcome=outcome, **about)
    store(engagement.insert_event, type="called", outcome="desk", **about)
    assert store(engagement.count_events, "question") == {"answer": 2, "choices": 1}
    assert store(engagement.count_events, "called") == {"desk": 1}
    assert set(tables.event.c.keys()) == {"id", "type", "outcome", *about}


def test_a_humans_answer_counts_once(store: Store) -> None:
    store(fill, cause="fill")
    assert store(approvals.insert_vote, "A1", "sara", True)
    assert not store(approvals.insert_vote, "A1", "sara", False)
    assert store(approvals.insert_vote, "A1", "omar", False)
    assert (store(approvals.count_yes, "A1"), store(approvals.count_yes, "A2")) == (1, 0)
    store.clock.advance(days=1)
    assert [a.ref for a in store(approvals.list_unreminded, store.clock())] == ["A1", "A2"]
    store(approvals.set_reminded, "A1")
    assert [a.ref for a in store(approvals.list_unreminded, store.clock())] == ["A2"]


def test_a_new_prompt_replaces_the_old_one_and_only_its_own_question_makes_it_count(store: Store) -> None:
    for txn in ("t1", "t2"):
        store(prompts.set_prompt, ROOM, "p1", txn, {"1": txn}, START + timedelta(days=1))
    store(prompts.set_prompt_delivered, ["t1"], "$old")
    found = store(prompts.get_prompt, ROOM)
    assert (found.content, found.asked_event) == ({"1": "t2"}, None)
    store(prompts.set_prompt_delivered, ["t2"], "$new")
    assert store(prompts.get_prompt, ROOM).asked_event == "$new"
    store.clock.advance(days=1)
    assert store(prompts.get_prompt, ROOM) is None, "expired, also before any sweep"


# ---- small things ----


def test_settings_and_secrets_are_kept_and_replaced(store: Store) -> None:
    for value in ({"a": [1, None]}, "text", 0):
        store(meta.set_meta, "name", value)
        assert store(meta.get_meta, "name", "default") == value
    assert store(meta.get_meta, "another", "default") == "default"
    assert store(meta.get_secret, "token") is None
    for sealed in (b"one", b"two"):
        store(meta.set_secret, "token", sealed)
        assert store(meta.get_secret, "token") == sealed


def test_a_clear_text_never_carries_a_value(store: Store) -> None:
    with pytest.raises(ValueError):
        store(deeds.say, ROOM, [Part("hello", {"name": "x"})], language="en", clear=True)
    assert store.due() == []
    store(deeds.say, ROOM, [Part("hello", {})], language="en", clear=True)
    assert len(store.due()) == 1


async def test_a_cancelled_task_leaves_its_transaction_whole(store: Store, database_url: str, keys: KeyRing) -> None:
    import asyncio
    import threading

    db = Database(database_url, keys, store.clock)
    begun, go_on = threading.Event(), threading.Event()

    def work(tx: Tx) -> None:
        meta.set_meta(tx, "one", 1)
        begun.set()
        assert go_on.wait(20)
        meta.set_meta(tx, "two", 2)

    task = asyncio.create_task(db.run(work))
    assert await asyncio.to_thread(begun.wait, 20)
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await db.run(lambda tx: (meta.get_meta(tx, "one"), meta.get_meta(tx, "two"))) == (1, 2)
    await db.close()
