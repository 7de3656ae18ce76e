"""The composition root: builds every object once, starts the loops, stops them in order."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import commands
from bot import __version__, timestamp
from bot.approvals import REMINDS
from bot.config import LANGUAGES, Config, secret
from bot.dispatch import Core
from bot.domain import (
    boards,
    caselife,
    custody,
    desks,
    drafts,
    duty,
    faq_changes,
    intake,
    pages,
    people,
    retention,
    reveal,
)
from bot.domain import submissions as packages_known
from bot.errors import StartError, UserError
from bot.faq import content as content_files
from bot.faq.answers import Answers
from bot.log import logger
from bot.matrix.engine import Engine
from bot.matrix.fence import faults
from bot.matrix.http import Http, MatrixError
from bot.matrix.identity import Identity
from bot.matrix.keystore import KeyStore
from bot.matrix.login import Session, sign_in, sign_in_again
from bot.matrix.media import Media
from bot.matrix.outgoing import Outgoing, rate_parts
from bot.matrix.rooms import Rooms
from bot.matrix.sync import Sync
from bot.matrix.verification import Verifications
from bot.message import Part
from bot.schedule import Daily, Schedule
from bot.seal import KeyRing, key_words
from bot.sealing import Sealing
from bot.store import inbox
from bot.store import outbox as sent
from bot.store.approvals import list_unreminded, set_reminded
from bot.store.audit import append_audit
from bot.store.custody import Head
from bot.store.db import Database, Tx, utc_now
from bot.store.meta import get_meta, set_meta
from bot.store.migrate import migrate, version
from bot.store.rooms import count_rooms
from bot.store.vault import Vault
from bot.text import Texts
from bot.web.admin import Admin

log = logger(__name__)

STALE_SECONDS = 120.0


class Lock:
    """The exclusive lock on the data folder: two processes on one device would destroy its keys."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        self._file = (folder / "lock").open("a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            self._file.close()
            raise StartError("already-running", folder=str(folder)) from None

    def release(self) -> None:
        self._file.close()


class App:
    """The running bot. `clock` gives aware UTC times."""

    def __init__(self, config: Config, *, clock: Callable[[], datetime] = utc_now, texts: Texts | None = None) -> None:
        self.config = config
        self.clock = clock
        self.texts = texts or Texts()
        content_folder = config.path(config.faq.content) if config.faq.content else None
        self._files = self.content = content_files.load(content_folder)
        self.lock: Lock | None = None
        self.started_at = clock()
        self.started = time.monotonic()
        self.ready = asyncio.Event()
        self.session: Session
        self.numbers: dict[str, float] = {}
        self.stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._learning: asyncio.Task[None] | None = None
        self._forms: asyncio.Task[None] | None = None

    # ---- starting -------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Open everything and start the loops. Raises StartError with a sentence for the operator."""
        os.umask(0o077)
        self.loop = asyncio.get_running_loop()
        config = self.config
        self.lock = Lock(config.folder)
        used = version(config.database_url) is not None
        self.keys = KeyRing(config.path(config.keys.folder), used=used)
        if not used:
            self.keys.make()
        before = migrate(
            config.database_url,
            backups=config.folder / "backups",
            keep=config.retention.backups,
            now=self.clock(),
        )
        self.db = Database(config.database_url, self.keys, self.clock)
        self.http = Http(config.homeserver.url)
        self.content = await self.db.run(faq_changes.applied, self._files)
        # Beside the talk with the server, which is mostly waiting.
        answers = asyncio.create_task(asyncio.to_thread(Answers, self.content, config.folder), name="answers")
        answers.add_done_callback(lambda t: t.cancelled() or t.exception())
        await self._sign_in()
        store = KeyStore(self.session.user_id, self.session.device_id, self.keys.key("pickle"))
        self.engine = Engine(self.http, self.db, store, self.clock)
        self.engine.devices.pins = {a: s.master_key for s in config.staff if s.master_key for a in s.accounts}
        await self.engine.open()
        if not self.engine.olm.account.shared:
            await self.engine.keep_keys_stocked({}, [])
        recovery_file = config.path(config.account.recovery_key_file)
        self.identity = Identity(self.http, self.engine, self.db, recovery_file)
        await self.identity.ensure(secret("RECOVERY_KEY", None))
        self.answers = await answers
        self._build()
        await self._first_things(first=before is None)
        await self._start_loops()

    async def _sign_in(self) -> None:
        account = self.config.account
        self._password = secret("PASSWORD", self.config.path(account.password_file) if account.password_file else None)
        token = secret("TOKEN", self.config.path(account.token_file) if account.token_file else None)
        try:
            self.session = await sign_in(self.http, self.db, account, password=self._password, token=token)
        except MatrixError as error:
            raise StartError("server-refused", status=error.status, errcode=error.errcode) from None

    def _build(self) -> None:
        config = self.config
        words = {lang: key_words(self.identity.master, self.content.key_words[lang]) for lang in LANGUAGES}
        state: dict[str, Any] = {
            "started": self.started_at,
            "version": __version__,
            "key_words": words,
            "rate": self.rate_parts,
            "reload": self._reload,
            "answers": self.answers,
            "changed": self._content_changed,
            "intake": None,
        }
        self.core = Core(config, self.content, self.texts, commands.load(), self.session.user_id, state)
        self.rooms = Rooms(self.http, self.db, self.engine, config)
        self.media = Media(self.http, config.limits.upload_bytes)
        self.verifications = Verifications(self.engine, self.identity, self._send_in_room, self._compared)
        self.sync = Sync(self.http, self.db, self.engine, self.verifications, self.core, self.clock, self._log_in_again)
        self.sync.on_own_keys_changed = self._own_keys_changed
        self.outgoing = Outgoing(
            self.http,
            self.db,
            self.engine,
            self.rooms,
            self.identity,
            self.media,
            self.texts.content,
            self.clock,
            self.sync.caught_up,
            config.limits.concurrent_sends,
            config.limits.case_file_bytes,
        )
        self.outgoing.on_given_up = lambda tx, row: caselife.given_up(tx, config, row)
        self.sealing = Sealing(
            self.db, self.media, Vault(config.folder / "vault"), config, lambda: self.core.state["intake"],
            self.session.user_id, self.clock,
        )  # fmt: skip
        self.db.on_commit = self._committed
        self.schedule = Schedule(self.db, self.clock)
        self.schedule.daily = [
            Daily("sweep", 3, 30, self._sweep),
            Daily("digest", 6, 0, self._digest, lateness=timedelta(hours=6)),
            Daily("identity", 4, 0, self.check_identity),
            Daily("custody", 0, 30, self._custody),
        ]
        self.schedule.every = [(30, self._tick)]
        self.admin = Admin(self.healthy, self.metrics, config.web.admin_host, config.web.admin_port)

    async def _first_things(self, *, first: bool) -> None:
        """What is done once, at first start, and what every start checks."""

        def record(tx: Tx) -> None:
            if first:
                append_audit(tx, "first-start")
            desks.ensure(tx, self.config)
            drafts.delete_keyless(tx)
            pages.tell_changes(tx, self.content, self.config)
            learnt = get_meta(tx, "rate")
            if learnt:
                self.http.governor.learn(*learnt)

        await self.db.run_for(f"start\0{self.started_at.isoformat()}", record)

    async def _start_loops(self) -> None:
        try:
            await self.admin.start()
        except OSError as error:
            values: dict[str, Any] = {"host": self.config.web.admin_host, "port": self.config.web.admin_port}
            taken = error.errno in (errno.EADDRINUSE, errno.EACCES)
            raise StartError("port-taken" if taken else "host-wrong", **values) from None
        self._tasks = [
            asyncio.create_task(self.sync.run(), name="sync"),
            asyncio.create_task(self.outgoing.run(), name="outgoing"),
            asyncio.create_task(self.sealing.run(), name="sealing"),
        ]
        if self.answers.state == "learning":
            self._start_learning()
        await self.schedule.start()
        caught_up = asyncio.create_task(self.sync.caught_up.wait())
        await asyncio.wait([caught_up, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
        caught_up.cancel()
        self._raise_if_ended()
        self.ready.set()
        self._forms = asyncio.create_task(self._read_forms(), name="forms")
        self._forms.add_done_callback(lambda t: t.cancelled() or t.exception())
        await self._tick()
        await self.check_identity()
        log.info("ready")

    # ---- running and stopping -------------------------------------------------------------------------------------

    def request_stop(self) -> None:
        self.stopping.set()

    async def run(self) -> None:
        """Run until `request_stop`, or until a loop ends. Raises StartError when the server forgot our token."""
        stop = asyncio.create_task(self.stopping.wait())
        try:
            await asyncio.wait([stop, *self._tasks], return_when=asyncio.FIRST_COMPLETED)
            self._raise_if_ended()
        finally:
            stop.cancel()

    def _raise_if_ended(self) -> None:
        for task in self._tasks:
            if task.done() and not task.cancelled() and (error := task.exception()):
                raise _first_start_error(error)

    async def stop(self) -> None:
        """Stop in order: nothing new is read, what is on the way is finished, then everything is closed."""
        self.ready.clear()
        if hasattr(self, "schedule"):
            self.schedule.stop()
        for task in self._tasks:
            task.cancel()
        for beside in (self._learning, self._forms):
            if beside is not None:
                beside.cancel()
        with contextlib.suppress(asyncio.TimeoutError):
            async with asyncio.timeout(4):
                await asyncio.gather(*self._tasks, return_exceptions=True)
        if hasattr(self, "admin"):
            await self.admin.stop()
        if hasattr(self, "engine") and hasattr(self.engine, "olm"):
            with contextlib.suppress(Exception):
                await self.engine.flush()
        if hasattr(self, "http"):
            await self.http.close()
        if hasattr(self, "db"):
            await self.db.close()
        if self.lock is not None:
            self.lock.release()

    # ---- what the loops call --------------------------------------------------------------------------------------

    def _committed(self, wake: set[str]) -> None:
        if "outbox" in wake:
            self.outgoing.wake()
        if "drafts" in wake:
            self.sealing.wake()
        if "rooms" in wake:
            task = asyncio.get_running_loop().create_task(self._ensure_desks())
            task.add_done_callback(lambda t: t.cancelled() or t.exception())

    async def _ensure_desks(self) -> None:
        await self.db.run_for(f"desks\0{self.clock().isoformat()}", desks.ensure, self.config)

    async def _send_in_room(self, room_id: str, kind: str, content: dict[str, Any]) -> None:
        await self.outgoing.send_event(room_id, kind, content)

    async def _compared(self, user_id: str, master: str | None, emoji: list[str]) -> None:
        cause = f"compared\0{user_id}\0{self.clock().isoformat()}"
        await self.db.run_for(cause, people.compared, self.config, user_id, master, emoji)

    async def _log_in_again(self) -> None:
        if not self._password:
            raise StartError("token-lost", code=3)
        await sign_in_again(self.http, self.db, self.config.account, self._password, self.session.device_id)

    def _own_keys_changed(self) -> None:
        task = asyncio.get_running_loop().create_task(self.check_identity())
        task.add_done_callback(lambda t: t.cancelled() or t.exception())

    async def check_identity(self) -> None:
        """What the server shows of us is what people see: tell the desk when it is not what it should be."""
        problems = await self.identity.problems()
        before = await self.db.run(get_meta, "identity-problems", [])
        if problems == before:
            return

        def record(tx: Tx) -> None:
            set_meta(tx, "identity-problems", problems)
            if problems:
                desks.tell(tx, self.config, [Part("doctor-failed", {"list": [{"key": p} for p in problems]})])

        await self.db.run_for(f"identity\0{self.clock().isoformat()}", record)

    async def _sweep(self) -> None:
        await self.db.run_for(f"sweep\0{self.clock():%Y%m%d}", retention.sweep, self.config)

    async def _digest(self) -> None:
        await self.db.run_for(f"digest\0{self.clock():%Y%m%d}", boards.digest, self.config)

    async def _read_forms(self) -> None:
        """Read the form and the words around it, beside the work; until then intake is closed."""
        try:
            self.core.state["intake"] = await asyncio.to_thread(
                intake.ground, self.config, self.content.folder, self.clock
            )
        except (StartError, UserError) as error:
            log.error("forms not read", reason=error.key)

    async def _custody(self) -> None:
        """The head of the custody log is told outside every day: at the desk, and to a timestamp service."""

        def tell(tx: Tx) -> list[Head]:
            found = custody.head(tx)
            desks.tell(tx, self.config, [Part("custody-head", {"seq": found.seq, "sha": found.hash})])
            return custody.unstamped(tx)

        heads = await self.db.run_for(f"custody\0{self.clock():%Y%m%d}", tell)
        url = self.config.keys.timestamp_url
        for found in heads:
            if url is None:
                return
            try:
                token = await asyncio.to_thread(timestamp.fetch, url, custody.head_file(found))
            except UserError:
                log.warning("no timestamp")  # asked for again tomorrow, with the heads that lack one
                return
            await self.db.run(custody.stamped, found.day, token)

    async def _learn(self) -> None:
        """Learn the content anew where it changed, in a thread; until then answers come by letters alone.

        Editors hear when it is done, and when so much was mixed up that nothing is answered directly any more.
        """
        while self.answers.state == "learning":
            content = self.answers.content
            await asyncio.to_thread(self.answers.learn)
            if content is self.answers.content:
                log.info("content learnt")
                part = Part("faq-learnt" if self.answers.live else "faq-not-live")
                await self.db.run_for(f"learnt\0{self.clock().isoformat()}", desks.tell, self.config, [part])

    async def _tick(self) -> None:
        """Every half minute: numbers, rate, requests that wait for a second person, rows of other processes."""

        def read(tx: Tx) -> dict[str, float]:
            states = sent.count_states(tx)
            oldest = sent.get_oldest_open(tx)
            for waiting in list_unreminded(tx, tx.now - REMINDS):
                desk = reveal.desk_of(tx, waiting.subject) if waiting.deed == "reveal" else None
                if (
                    desks.tell(tx, self.config, [Part("approval-reminder", {"ref": waiting.ref})], desk=desk)
                    is not None
                ):
                    set_reminded(tx, waiting.ref)
            duty.call_again(tx, self.config)
            caselife.lost(tx, self.config)
            drafts.expire(tx, self.session.user_id)
            packages_known.announce(tx, self.config)
            packages_known.unlink_due(tx)
            retention.forget_prompts(tx, self.config)
            boards.refresh(tx, self.config)
            if self.http.governor.interval:
                set_meta(tx, "rate", [self.http.governor.interval, self.http.governor.burst])
            return {
                "liaison_outbox_open": sum(n for (_, s), n in states.items() if s in sent.OPEN),
                "liaison_outbox_parked": sum(n for (_, s), n in states.items() if s == "parked"),
                "liaison_outbox_oldest_seconds": (tx.now - oldest).total_seconds() if oldest else 0,
                "liaison_unread_events": len(inbox.list_pending(tx)),
                "liaison_rooms": sum(count_rooms(tx).values()),
            }

        self.numbers = await self.db.run_for(f"tick\0{self.clock().isoformat()}", read)
        self.outgoing.wake()

    def metrics(self) -> dict[str, float]:
        """What the database said at the last tick, and what is true now without it."""
        return self.numbers | {
            "liaison_up_seconds": time.monotonic() - self.started,
            "liaison_sync_age_seconds": time.monotonic() - self.sync.last_success,
            "liaison_sync_answers": self.sync.processed,
            "liaison_transactions": self.db.transactions,
            "liaison_refused_inputs": sum(faults.values()),
            "liaison_rate_refusals": self.http.governor.refusals,
        }

    def healthy(self) -> bool:
        return (
            self.ready.is_set()
            and all(not t.done() for t in self._tasks)
            and time.monotonic() - self.sync.last_success < STALE_SECONDS
        )

    # ---- what commands ask of the running program ------------------------------------------------------------------

    def rate_parts(self) -> list[Part]:
        return rate_parts(self.http, self.session.user_id)

    def _reload(self, tx: Tx, by: str) -> Part:
        """Read the content folder again; keep the old content when the new one is broken."""
        folder = self.config.path(self.config.faq.content) if self.config.faq.content else None
        try:
            fresh = content_files.load(folder)
        except StartError as error:
            return Part(
                "reload-failed", {"file": error.values.get("file", ""), "reason": error.values.get("reason", "")}
            )
        self._files = fresh
        append_audit(tx, "reload", actor=by)
        self._content_changed(tx)
        pages.tell_changes(tx, fresh, self.config)
        return Part("reload-done", {"count": len(self.content.entries)})

    def _content_changed(self, tx: Tx) -> None:
        """Answer from the files with what staff changed over them, and learn that beside the work."""
        self.content = self.core.content = faq_changes.applied(tx, self._files)
        if self.answers.use(self.content):
            self.loop.call_soon_threadsafe(self._start_learning)

    def _start_learning(self) -> None:
        if self._learning is None or self._learning.done():
            self._learning = asyncio.create_task(self._learn(), name="learning")
            self._learning.add_done_callback(lambda t: t.cancelled() or t.exception())


def _first_start_error(error: BaseException) -> BaseException:
    """The sentence in a group of failures, or the failure itself."""
    if isinstance(error, BaseExceptionGroup):
        found = error.subgroup(StartError)
        while isinstance(found, BaseExceptionGroup):
            found = found.exceptions[0]  # type: ignore[assignment]
        return found or error.exceptions[0]
    return error
