"""Reading: raw /sync -> journal -> one isolated slice at a time -> Message; gaps filled, late keys waited for.

An answer of the server is committed as it came before anything is done with it; the token moves when all its slices
are processed. Every handled event is recorded in the transaction of its effects, so that a replay is harmless.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import time
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy.exc

from bot.errors import NeedsWork, StartError
from bot.log import logger
from bot.matrix import answers, incoming
from bot.matrix.engine import Decrypted, Engine, Unreadable
from bot.matrix.fence import faults, fenced, listing, mapping, text
from bot.matrix.history import History
from bot.matrix.http import Http, MatrixError, TokenLost, Unreachable, retry_after
from bot.matrix.rooms import STATE_TYPES
from bot.matrix.verification import Verifications
from bot.message import Invite, Message
from bot.store import inbox
from bot.store import keys as key_rows
from bot.store.db import Database, Tx
from bot.store.meta import get_meta
from bot.store.outbox import set_confirmed
from bot.store.prompts import set_prompt_delivered
from bot.store.rooms import apply_state, get_room, set_room

log = logger(__name__)

POLL_MS = 30_000
TIMELINE = 50  # events of a room in one answer; what is left out is fetched
LARGEST = 1024 * 2**20  # bytes of an answer: the first one tells of every room
AHEAD = 4  # answers journalled but not processed yet
ASK_AFTER = timedelta(seconds=5)
TELL_AFTER = timedelta(minutes=1)
RETRY_FOR = timedelta(minutes=10)
GAP_AGAIN, GAP_AT_LATEST = timedelta(seconds=15), timedelta(hours=1)
MOST_PENDING = 200  # unread events kept of one sender
STATE = {"types": list(STATE_TYPES), "lazy_load_members": True}
# Only what we read; `unsigned` for our own transaction ids.
FIELDS = [
    "type", "content", "sender", "state_key", "event_id", "origin_server_ts", "redacts", "unsigned.transaction_id",
]  # fmt: skip
NOTHING: dict[str, Any] = {"types": []}
DB_FAULTS = (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError)  # disk full, connection lost
RETRIED = (MatrixError, StartError, *DB_FAULTS)  # never a stranger's doing


class Core(Protocol):
    """What reading hands over, each within the transaction that records it as handled."""

    def message(self, tx: Tx, message: Message, prepared: Any = None) -> None: ...
    def invited(self, tx: Tx, invite: Invite) -> None: ...
    def joined(self, tx: Tx, room_id: str, others: int, *, before_us: bool) -> None: ...
    def members_changed(self, tx: Tx, room_id: str) -> None: ...
    def left(self, tx: Tx, room_id: str) -> None: ...
    def unreadable(self, tx: Tx, room_id: str, sender: str, reason: str) -> None: ...


class Sync:
    """The reading loop of one account."""

    def __init__(
        self,
        http: Http,
        db: Database,
        engine: Engine,
        verifications: Verifications,
        core: Core,
        now: Callable[[], datetime],
        log_in_again: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.http = http
        self.db = db
        self.engine = engine
        self.verifications = verifications
        self.core = core
        self.history = History(http, db, engine.user_id)
        self.now = now
        self.log_in_again = log_in_again
        self.last_success = 0.0
        self.processed = 0  # answers of the server since the start
        self.caught_up = asyncio.Event()  # set when the first answer of this run is processed
        self.hear_notices = False
        self.on_own_keys_changed: Callable[[], None] | None = None
        self._batches: asyncio.Queue[tuple[inbox.Batch, dict[str, Any]]] = asyncio.Queue(AHEAD)
        self._stock_counts: tuple[Any, Any] | None = None
        self._stock = asyncio.Event()
        self._since: str | None = None
        self._began = False  # an answer was processed before, in this run or an earlier one
        # In which order things came in a room: what waits for its key is late only when something after it was read.
        self._arrivals = itertools.count(1)
        self._waiting: dict[str, int] = {}  # by event; what waits since before our start is not here
        self._newest_read: dict[str, int] = {}  # by room

    @property
    def us(self) -> str:
        return self.engine.user_id

    async def run(self) -> None:
        """Read until cancelled. Raises StartError when the server no longer knows our token."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._fetch(), name="sync fetch")
            tasks.create_task(self._process(), name="sync process")
            tasks.create_task(self._keep_stocked(), name="sync keys")
            tasks.create_task(self._wait_for_keys(), name="sync late keys")

    # ---- fetching -------------------------------------------------------------------------------------------------

    def _filter(self, since: str | None) -> str:
        room = {"account_data": NOTHING, "ephemeral": NOTHING, "state": STATE}
        room["timeline"] = {"limit": TIMELINE if since else 1}
        wanted = {"presence": NOTHING, "account_data": NOTHING, "room": room, "event_fields": FIELDS}
        return json.dumps(wanted, separators=(",", ":"))

    async def _fetch(self) -> None:
        self._since = await self.db.run(inbox.get_sync_token)
        self._began = await self.db.run(get_meta, "sync_token") is not None
        very_first = not self._began
        for batch in await self.db.run(inbox.list_batches):  # of a run that was killed
            raw = answers.parse_but_rooms(batch.body) if very_first else answers.parse(batch.body)
            await self._batches.put((batch, raw))
            very_first = False
        pause, first = 0.0, True
        while True:
            try:
                body, raw = await self._get(0 if first else POLL_MS)
                token: str = raw["next_batch"]
                batch_id = await self.db.run(inbox.insert_batch, token, body)
                self._since, pause, first = token, 0.0, False
                self.last_success = time.monotonic()
            except TokenLost as error:
                if not (error.soft and self.log_in_again):
                    raise StartError("token-lost", code=3) from None
                await self.log_in_again()
            except (MatrixError, *DB_FAULTS) as error:
                pause = min(max(pause * 2, 0.5), 60.0)
                log.warning("sync failed", error=type(error).__name__, status=getattr(error, "status", 0))
                await asyncio.sleep(pause * random.uniform(0.5, 1))  # noqa: S311
            else:
                # Rooms of a very first answer are read from its bytes, a few at a time; later ones are small.
                batch = inbox.Batch(batch_id, token, b"" if self._began else body, 0)
                del body
                await self._batches.put((batch, raw))
                raw = {}

    async def _get(self, timeout_ms: int) -> tuple[bytes, dict[str, Any]]:
        """One answer of /sync, as it came and parsed."""
        query = {"timeout": str(timeout_ms), "filter": self._filter(self._since)}
        if self._since:
            query["since"] = self._since
        deadline = timeout_ms / 1000 + (60 if self._since else 600)
        status, headers, body = await self.http.once(
            "GET", "/_matrix/client/v3/sync", query=query, deadline=deadline, largest=LARGEST
        )
        raw: dict[str, Any] = {}
        with fenced("sync answer"):
            raw = answers.parse(body) if self._since else answers.parse_but_rooms(body)
        if status == 200 and text(raw.get("next_batch"), 5000):
            self.http.last_success = time.monotonic()
            return body, raw
        if status == 401 and raw.get("errcode") == "M_UNKNOWN_TOKEN":
            raise TokenLost(status, bool(raw.get("soft_logout")))
        if status == 429:
            await asyncio.sleep(min(retry_after(headers, raw), 60))
        raise Unreachable(status)

    # ---- processing -----------------------------------------------------------------------------------------------

    async def _process(self) -> None:
        while True:
            batch, raw = await self._batches.get()
            pause = 0.0
            while True:
                try:
                    await self.process(batch, raw)
                    break
                except (MatrixError, *DB_FAULTS) as error:
                    # Nothing of the slice was committed; it is tried again from where the batch stands.
                    pause = min(max(pause * 2, 0.5), 30.0)
                    log.error("slice not processed", error=type(error).__name__)
                    await asyncio.sleep(pause)
                    batch = await self.db.run(inbox.get_progress, batch)
            del raw
            self.processed += 1
            if self._batches.empty():
                self.caught_up.set()

    async def process(self, batch: inbox.Batch, raw: dict[str, Any]) -> None:
        """Process one journalled answer, from where an earlier try ended."""
        first = not self._began
        done = batch.slices_done
        if done == 0:
            await self._to_device_slice(batch.id, raw, first=first)
            done = 1
        if first:
            await self._rooms_of_before(batch.body)
        slices: list[Callable[[], Awaitable[None]]] = []
        for room_id, info in _rooms(raw, "invite"):
            slices.append(lambda r=room_id, i=info: self._invite_slice(r, i))  # type: ignore[misc]
        for room_id, info in _rooms(raw, "join"):
            slices.append(lambda r=room_id, i=info: self._join_slice(r, i))  # type: ignore[misc]
        for room_id, _ in _rooms(raw, "leave"):
            slices.append(lambda r=room_id: self._leave_slice(r))  # type: ignore[misc]
        for number, work in enumerate(slices, start=1):
            if number < done:
                continue
            with fenced("room slice", *RETRIED):
                await work()
            if number % 20 == 0:
                await self.db.run(inbox.set_slices_done, batch.id, number + 1)
        await self.engine.commit("", lambda tx: inbox.finish_batch(tx, batch.id, batch.next_batch))
        self._began = True

    async def _rooms_of_before(self, body: bytes) -> None:
        """Rooms in which the account was before our first start: their state; what was said there is not for us."""
        found = answers.joined_rooms(body)
        for number in itertools.count():
            part = []
            some = list(itertools.islice(found, 25))
            if not some:
                return
            for room_id, info in some:
                with fenced("room slice"):
                    blocks = [mapping(mapping(info).get(name)).get("events") for name in ("state", "timeline")]
                    events = [e for e in (incoming.event(raw) for b in blocks for raw in listing(b)) if e]
                    state = [e.raw for e in events if e.state_key is not None and e.type in STATE_TYPES]
                    part.append((room_id, state, _others(mapping(info))))

            def record(tx: Tx, part: list[tuple[str, list[dict[str, Any]], int | None]] = part) -> None:
                for room_id, state, others in part:
                    if not text(room_id):
                        continue
                    apply_state(tx, room_id, state, us=self.us)
                    set_room(tx, room_id, membership="join", joined_at=tx.now, members_known=False)
                    self.core.joined(tx, room_id, others if others is not None else 1, before_us=True)

            await self.db.run_for(f"first\0{number}", record)

    async def _to_device_slice(self, batch_id: int, raw: dict[str, Any], *, first: bool) -> None:
        """Keys that came, who changed devices, how many one-time keys are left: one transaction, all or nothing."""
        arrivals = await self.engine.to_device(listing(mapping(raw.get("to_device")).get("events")))
        lists = mapping(raw.get("device_lists"))
        changed = [u for u in [*listing(lists.get("changed")), *listing(lists.get("left"))] if text(u)]
        if first:
            changed = list(self.engine.devices.users)
        self.engine.devices.mark_changed(changed) if changed else None

        def record(tx: Tx) -> None:
            key_rows.set_outdated(tx, changed)
            for session_id, code in arrivals.withheld.items():
                inbox.set_pending_reason(tx, session_id, code)
            inbox.set_slices_done(tx, batch_id, 1)

        if changed or arrivals.withheld or self.engine.store.changed:
            await self.engine.commit("", record)
        if self.us in changed and self.on_own_keys_changed:
            self.on_own_keys_changed()
        for event in arrivals.verification:
            await self.verifications.to_device(event)
        if arrivals.sessions:
            await self.read_pending(arrivals.sessions)
        self._stock_counts = (raw.get("device_one_time_keys_count"), raw.get("device_unused_fallback_key_types"))
        self._stock.set()

    async def _invite_slice(self, room_id: str, info: dict[str, Any]) -> None:
        events = [mapping(e) for e in listing(mapping(info.get("invite_state")).get("events"))[:200]]
        events = [
            e
            for e in events
            if text(e.get("type")) in STATE_TYPES and isinstance(e.get("state_key"), str) and text(e.get("sender"))
        ]
        ours = next((e for e in events if e["type"] == "m.room.member" and e["state_key"] == self.us), None)
        if ours is None or not text(room_id):
            return
        direct = mapping(ours.get("content")).get("is_direct") is True
        encrypted = any(e["type"] == "m.room.encryption" for e in events)
        invite = Invite(room_id, text(ours["sender"]), direct, encrypted)

        def record(tx: Tx) -> None:
            known = get_room(tx, room_id)
            if known is not None and known.membership in ("join", "invite"):
                return
            set_room(tx, room_id, membership="invite", inviter=invite.inviter, direct=direct, members_known=False)
            self.core.invited(tx, invite)

        await self.db.run_for(f"invite\0{room_id}\0{text(ours.get('event_id')) or self.now().isoformat()}", record)

    async def _leave_slice(self, room_id: str) -> None:
        """We are out of a room: no key of it is used again, nothing more is said there."""
        self.engine.drop_room(room_id)
        self._newest_read.pop(room_id, None)

        def record(tx: Tx) -> None:
            if get_room(tx, room_id) is None:
                return
            set_room(tx, room_id, membership="leave", members_known=False)
            inbox.delete_pending_of_room(tx, room_id)
            inbox.delete_gaps_of_room(tx, room_id)
            self.core.left(tx, room_id)

        await self.engine.commit(f"left\0{room_id}\0{self.now().isoformat()}", record)

    async def _join_slice(self, room_id: str, info: dict[str, Any]) -> None:
        known = await self.db.run(get_room, room_id)
        new = known is None or known.membership != "join"
        timeline = mapping(info.get("timeline"))
        events = [e for e in (incoming.event(raw) for raw in listing(timeline.get("events"))) if e]
        state = [e for e in (incoming.event(raw) for raw in listing(mapping(info.get("state")).get("events"))) if e]
        state = [e for e in state if e.state_key is not None]
        limited = timeline.get("limited") is True
        if limited and not new:
            token = text(timeline.get("prev_batch"), 2000)
            try:
                events = await self.history.before(room_id, token) + events
            except TokenLost:
                raise
            except MatrixError:  # one room's trouble must not hold up the others
                log.warning("history not given")
                await self.db.run(inbox.insert_gap, room_id, token)
        elif new:
            events = await self.history.since_invited(room_id, events, text(timeline.get("prev_batch"), 2000), limited)
        others = _others(info)
        if new:  # who we are with, and whether it is encrypted, is known before anything is said
            state += [e for e in events if e.state_key is not None and e.type in STATE_TYPES]
            events = [e for e in events if e.state_key is None]
        await self._take_state(room_id, state, joined=new, others=others, gap=limited)
        handled = await self.db.run(inbox.list_seen, [e.event_id for e in events])
        waiting: list[incoming.Event] = []
        for event in events:
            if event.state_key is not None:
                if event.type in STATE_TYPES:
                    waiting.append(event)
            elif event.event_id not in handled:
                if waiting:
                    await self._take_state(room_id, waiting)
                    waiting = []
                with fenced("event", *RETRIED):
                    await self._event(room_id, event)
        if waiting:
            await self._take_state(room_id, waiting)

    async def _take_state(
        self,
        room_id: str,
        events: list[incoming.Event],
        *,
        joined: bool = False,
        others: int | None = None,
        gap: bool = False,
    ) -> None:
        if not events and not joined and not gap:
            return
        members = any(e.type == "m.room.member" for e in events)
        if members or gap:
            self.engine.membership_changed(room_id)

        def record(tx: Tx) -> None:
            apply_state(tx, room_id, [e.raw for e in events], us=self.us)
            if gap:
                set_room(tx, room_id, members_known=False)
            if joined:
                set_room(tx, room_id, membership="join", joined_at=tx.now)
                self.core.joined(tx, room_id, others if others is not None else 1, before_us=False)
            elif members:
                self.core.members_changed(tx, room_id)

        await self.db.run_for(f"state\0{room_id}\0{events[0].event_id if events else self.now().isoformat()}", record)

    # ---- one event ------------------------------------------------------------------------------------------------

    async def _event(self, room_id: str, event: incoming.Event, *, late: bool = False, kept: bool = False) -> bool:
        """Handle one timeline event; False when it cannot be read yet (then it is kept, unless it is already)."""
        read: Decrypted | None = None
        if kept:
            number = self._waiting.get(event.event_id, 0)
            late = number <= self._newest_read.get(room_id, 0)
        else:
            number = next(self._arrivals)
        if event.type == "m.room.encrypted":
            try:
                read = await self.engine.decrypt(room_id, event.raw)
            except Unreadable as error:
                if not error.may_change:
                    faults[error.reason] += 1
                    await self._seen(room_id, event)
                    return True
                if not kept and event.sender != self.us:
                    await self._keep_for_later(room_id, event, error, number)
                return False
        self._newest_read[room_id] = max(number, self._newest_read.get(room_id, 0))
        kind, content = (read.type, read.content) if read else (event.type, event.content)
        if event.sender == self.us:
            await self._own(event, content, encrypted=read is not None)
        elif kind.startswith("m.key.verification.") or (
            kind == "m.room.message" and content.get("msgtype") == "m.key.verification.request"
        ):
            # Recorded first: after a crash in the middle, the other side starts anew.
            if await self._seen(room_id, event):
                at = event.raw.get("origin_server_ts")
                await self.verifications.in_room(room_id, event.event_id, event.sender, kind, content, at)
        else:
            found = None
            with fenced("message"):
                found = incoming.message(room_id, event, read, self.us, late=late, notices=self.hear_notices)
            if found is None:
                await self._seen(room_id, event)
            else:
                await self._dispatch(found)
        return True

    async def _dispatch(self, message: Message) -> None:
        def handle(tx: Tx, prepared: Any = None) -> None:
            if inbox.insert_seen(
                tx, message.event_id, message.room_id, message.sender, message.at, message.session_id, message.index
            ):
                self.core.message(tx, message, prepared)

        try:
            await self.engine.commit(message.event_id, handle)
        except NeedsWork as need:
            prepared = await asyncio.to_thread(need.work)
            await self.engine.commit(message.event_id, lambda tx: handle(tx, prepared))

    async def _seen(self, room_id: str, event: incoming.Event) -> bool:
        return await self.db.run(inbox.insert_seen, event.event_id, room_id, event.sender, event.at)

    async def _own(self, event: incoming.Event, content: dict[str, Any], *, encrypted: bool) -> None:
        """Our own event came back: what we said is in the room, and a question there may be answered."""
        inside = [content.get("org.liaison.id"), *listing(content.get("org.liaison.with"))] if encrypted else []
        txns = [t for t in [*inside, event.own_txn] if text(t)]

        def record(tx: Tx) -> None:
            rows = set_confirmed(tx, txns, event.event_id)
            if rows:
                set_prompt_delivered(tx, rows, event.event_id)

        await self.db.run(record)

    # ---- events that cannot be read yet ---------------------------------------------------------------------------

    async def _keep_for_later(self, room_id: str, event: incoming.Event, error: Unreadable, number: int) -> None:
        body = json.dumps(event.raw).encode()
        log.info("not readable yet", reason=error.reason)

        def record(tx: Tx) -> bool:
            return inbox.count_pending_of(tx, event.sender) < MOST_PENDING and inbox.insert_pending(
                tx, event.event_id, room_id, error.session_id, event.sender, body, error.reason
            )

        if await self.db.run(record):
            self._waiting[event.event_id] = number

    async def read_pending(self, sessions: set[str]) -> None:
        """Try again to read what waited for these keys."""
        await self._read_again(await self.db.run(inbox.list_pending, sessions))

    async def _read_again(self, rows: list[inbox.Pending]) -> None:
        for row in rows:
            event = incoming.event(json.loads(row.body))
            readable = True
            if event is not None:
                with fenced("late event", *RETRIED):
                    readable = await self._event(row.room_id, event, kept=True)
            if readable:
                await self.db.run(inbox.delete_pending, row.event_id)
                self._waiting.pop(row.event_id, None)

    async def _wait_for_keys(self) -> None:
        for tick in itertools.count():
            await asyncio.sleep(2)
            try:
                await self.look_after_pending(everything=tick % 150 == 0)
                await self.fill_gaps()
            except (MatrixError, *DB_FAULTS) as error:
                log.warning("late keys", error=type(error).__name__)

    async def look_after_pending(self, *, everything: bool = True) -> None:
        """Ask once for keys that did not come; after a minute tell the person, once per session.

        What has waited long is tried again only when its key comes or with `everything`: strangers can pile it up.
        """
        now = self.now()
        rows = await self.db.run(inbox.list_pending, open_since=None if everything else now - RETRY_FOR)
        if everything:
            self._waiting = {r.event_id: self._waiting[r.event_id] for r in rows if r.event_id in self._waiting}
        await self._read_again(rows)
        done: set[str] = set()
        for row in rows:
            if row.session_id in done or now - row.since < ASK_AFTER:
                continue
            done.add(row.session_id)
            if row.asked_at is None:
                await self.db.run(inbox.set_pending_asked, row.session_id)
                await self.engine.ask_for_key(row.room_id, row.session_id, row.sender)
            if row.told_at is None and now - row.since >= TELL_AFTER:

                def tell(tx: Tx, row: inbox.Pending = row) -> None:
                    if not inbox.get_session_told(tx, row.session_id):
                        inbox.set_pending_told(tx, row.session_id)
                        self.core.unreadable(tx, row.room_id, row.sender, row.reason)

                await self.db.run_for(f"unreadable\0{row.session_id}", tell)

    async def fill_gaps(self) -> None:
        """Read what the server did not give when it left it out; everything in it is late."""
        for gap in await self.db.run(inbox.list_gaps):
            try:
                events = await self.history.before(gap.room_id, gap.token)
            except TokenLost:
                return  # reading ends by itself
            except MatrixError:
                pause = min(GAP_AGAIN * 2**gap.tries, GAP_AT_LATEST)
                await self.db.run(inbox.set_gap_later, gap, self.now() + pause)
                continue
            for event in events:
                with fenced("event of a gap", *RETRIED):
                    await self._event(gap.room_id, event, late=True)
            await self.db.run(inbox.delete_gap, gap)

    # ---- keys on the server ---------------------------------------------------------------------------------------

    async def _keep_stocked(self) -> None:
        while True:
            await self._stock.wait()
            self._stock.clear()
            counts, self._stock_counts = self._stock_counts, None
            try:
                if counts is not None:
                    await self.engine.keep_keys_stocked(*counts)
                await self.engine.mend_sessions()
                await self.verifications.expire()
                await self.engine.flush()
            except (MatrixError, ExceptionGroup, *DB_FAULTS) as error:
                log.warning("keys not stocked", error=type(error).__name__)
                await asyncio.sleep(5)
                if self._stock_counts is None:
                    self._stock_counts = counts
                self._stock.set()


def _rooms(raw: dict[str, Any], part: str) -> list[tuple[str, dict[str, Any]]]:
    """The rooms of one part of an answer whose ids can be kept."""
    found = mapping(mapping(raw.get("rooms")).get(part))
    return [(r, mapping(info)) for r, info in found.items() if text(r).startswith("!")]


def _others(info: dict[str, Any]) -> int | None:
    """How many people besides us are in a room or invited, by the server's count."""
    summary = mapping(info.get("summary"))
    counts = [summary.get("m.joined_member_count"), summary.get("m.invited_member_count")]
    numbers = [c for c in counts if isinstance(c, int) and not isinstance(c, bool)]
    return max(sum(numbers) - 1, 0) if isinstance(counts[0], int) else None
