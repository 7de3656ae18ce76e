"""Outbox row -> Matrix: one deed at a time in each lane of each room, many rooms at once, nothing lost or doubled.

Before a message leaves, one transaction commits the ratchet that made it and "sending"; after the server's 200 another
commits "sent" and erases the content. A try that ended in doubt is repeated under the same transaction id, which the
server recognises for 24 hours; after that the room is looked through for the id inside the encrypted content.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy.exc

from bot.log import logger
from bot.matrix import incoming
from bot.matrix.engine import Engine, Unreadable
from bot.matrix.fence import fenced, listing, mapping, text
from bot.matrix.http import Http, MatrixError, TokenLost, Unreachable, quoted
from bot.matrix.identity import Identity
from bot.matrix.media import Media, MediaError
from bot.matrix.rooms import Rooms, Scene
from bot.message import Audience, Part
from bot.store import outbox as rows
from bot.store.db import Database, Tx
from bot.store.keys import list_verifications, set_identity_verified, set_verification_state
from bot.store.outbox import Row
from bot.store.rooms import get_membership, get_room, get_room_by_ref, set_room

log = logger(__name__)

SERVER_REMEMBERS = timedelta(hours=20)  # Synapse keeps transaction ids for 24 hours; with a margin
MAKES_A_ROOM = timedelta(minutes=1)  # a server that was asked may still be at it, although nobody waits any more
MOST_JOINED = 20
MEDIA_TYPE = re.compile(r"(?:application|audio|image|text|video)/[a-z0-9.+-]{1,80}")
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 600.0  # seconds between tries of a deed
FETCHED_WITHIN = timedelta(days=7)  # a file that somebody's server has not given by then is given up
IDLE_SECONDS = 30.0  # how often rows written by another process are looked for at the latest

SYNAPSE_RATE = (0.2, 10)  # rc_message: events a second, burst (Synapse's default)
MESSAGES_A_PERSON = 4  # of one person who looks around, a minute

# The text of a message, from the content of its row; given in by app.py because words are not our business.
Render = Callable[[dict[str, Any]], str]


class Parked(Exception):
    """A deed that cannot be done; `reason` is a word, never content."""


class Outgoing:
    """The writing loop of one account."""

    def __init__(
        self,
        http: Http,
        db: Database,
        engine: Engine,
        rooms: Rooms,
        identity: Identity,
        media: Media,
        render: Render,
        now: Callable[[], datetime],
        caught_up: asyncio.Event,
        at_once: int = 16,
        pass_bytes: int = 50 * 1024**2,
    ) -> None:
        self.http = http
        self.db = db
        self.engine = engine
        self.rooms = rooms
        self.identity = identity
        self.media = media
        self.render = render
        self.now = now
        self.caught_up = caught_up
        self.at_once = at_once
        self.pass_bytes = pass_bytes  # the largest file that is passed on from one room to another
        self.on_given_up: Callable[[Tx, Row], None] | None = None  # what cannot be done is told where it matters
        self._wake = asyncio.Event()
        self._busy: dict[tuple[str | None, str], asyncio.Task[None]] = {}

    def wake(self) -> None:
        """There may be something to do."""
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled; what is on the way is finished first."""
        try:
            while True:
                self._wake.clear()
                try:
                    due_in = await self._start_due()
                except sqlalchemy.exc.OperationalError as error:
                    log.error("outbox not read", error=type(error).__name__)
                    due_in = 5.0
                try:
                    async with asyncio.timeout(due_in):
                        await self._wake.wait()
                except TimeoutError:
                    pass
        finally:
            for task in self._busy.values():
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def idle(self) -> None:
        """Wait until nothing is due and nothing is on the way (for a clean stop, and for tests)."""
        while True:
            due = await self.db.run(rows.list_due, 1, ())
            if not due and not self._busy:
                return
            if self._busy:
                await asyncio.wait(self._busy.values(), timeout=1)
            await asyncio.sleep(0)

    async def _start_due(self) -> float:
        free = self.at_once - len(self._busy)
        if free > 0:
            busy: list[tuple[str | None, str]] = list(self._busy)
            for row in await self.db.run(rows.list_due, free, busy):
                key = (row.room_id, row.lane)
                task = asyncio.create_task(self._work(row), name=f"deed {row.id}")
                self._busy[key] = task
                task.add_done_callback(lambda t, k=key: self._done(k, t))  # type: ignore[misc]
        next_at = await self.db.run(rows.get_next_due_at)
        return min(IDLE_SECONDS, max(0.01, (next_at - self.now()).total_seconds())) if next_at else IDLE_SECONDS

    def _done(self, key: tuple[str | None, str], task: asyncio.Task[None]) -> None:
        self._busy.pop(key, None)
        self._wake.set()
        if not task.cancelled() and task.exception():
            log.error("deed failed", exc_info=task.exception())

    # ---- one deed -------------------------------------------------------------------------------------------------

    async def _work(self, row: Row) -> None:
        deeds: dict[str, Callable[[Row], Awaitable[None]]] = {
            "say": self._say,
            "edit": self._edit,
            "react": self._react,
            "file": self._file,
            "pass": self._pass,
            "redact": self._redact,
            "create": self._create,
            "join": self._join,
            "leave": self._leave,
            "invite": self._invite,
            "ban": self._ban,
            "state": self._state,
            "advance": self._advance,
            "sign": self._sign,
            "accept": self._accept,
        }
        try:
            if row.content is None:
                raise Parked("gone")  # it belonged to a draft that was destroyed
            await deeds[row.kind](row)
        except Parked as parked:
            await self._park(row, str(parked))
        except (TokenLost, Unreachable) as error:
            await self._later(row, str(error.status))
        except MatrixError as error:
            if error.status in (429,) or error.status >= 500:
                await self._later(row, str(error.status))
            else:
                await self._park(row, error.errcode or str(error.status))
        except BaseExceptionGroup as group:  # several requests of one share failed
            if group.subgroup(asyncio.CancelledError):
                raise
            await self._later(row, type(group.exceptions[0]).__name__)
        except sqlalchemy.exc.OperationalError:
            await asyncio.sleep(2)  # the row is as it was; it is tried again
        except MediaError as error:
            await self._park(row, error.key)
        except Exception:
            log.exception("deed failed", kind=row.kind, row=row.id)
            if row.tries >= 5:
                await self._park(row, "failed")
            else:
                await self._later(row, "failed")

    async def _park(self, row: Row, reason: str) -> None:
        log.warning("deed parked", kind=row.kind, row=row.id, reason=reason)

        def work(tx: Tx) -> None:
            rows.set_parked(tx, [row.txn], reason[:80])
            if self.on_given_up is not None:
                self.on_given_up(tx, row)

        await self.db.run_for(f"parked {row.txn}", work)

    async def _later(self, row: Row, reason: str) -> None:
        if row.kind == "pass" and row.tries >= 10 and self.now() - row.created_at > FETCHED_WITHIN:
            await self._park(row, reason)
            return
        pause = min(FIRST_PAUSE * 2 ** min(row.tries, 10), LONGEST_PAUSE)
        await self.db.run(rows.set_later, [row.txn], self.now() + timedelta(seconds=pause), reason[:80])

    async def _finish(self, txns: list[str], event_id: str | None = None) -> None:
        await self.db.run(rows.set_sent, txns, event_id)

    async def _begin(self, txns: list[str]) -> bool:
        """Commit that a try begins, with all keys that changed; False when the deed was cancelled."""
        return await self.engine.commit("", lambda tx: rows.set_sending(tx, txns))

    # ---- messages -------------------------------------------------------------------------------------------------

    async def _scene(self, row: Row) -> Scene:
        assert row.room_id is not None
        scene = await self.rooms.scene(row.room_id)
        if scene is None:
            room = await self.db.run(get_room, row.room_id)
            if room is not None and room.membership in ("join", "invite") and row.tries < 8:
                raise Unreachable(0, "ROOM_NOT_KNOWN_YET")
            raise Parked("not-in-room")
        return scene

    async def _say(self, row: Row) -> None:
        joined = [row]
        if self.http.governor.throttled:
            # The server makes us wait: what has piled up for this room goes as one message.
            following = await self.db.run(rows.list_following, row, MOST_JOINED)
            joined += itertools.takewhile(lambda r: _frame(r) == _frame(row), following)
        scene = await self._scene(row)
        if not scene.room.encrypted and not all(r.clear for r in joined):
            raise Parked("not-encrypted")
        row = await self._resolved(row)
        body = "\n\n".join(self.render(r.content or {}) for r in joined)
        content = self._message(body, row.content or {}, scene)
        await self._send(joined, scene, "m.room.message", content)

    @staticmethod
    def _message(body: str, asked: dict[str, Any], scene: Scene) -> dict[str, Any]:
        loud = asked.get("loud") or scene.room.kind == "desk"
        content: dict[str, Any] = {
            "msgtype": "m.text" if loud else "m.notice",  # clients by default do not announce a notice
            "body": body,
            "m.mentions": {"user_ids": asked["mentions"]} if asked.get("mentions") else {},
        }
        if thread := asked.get("thread"):
            reply = asked.get("reply_to") or thread
            content["m.relates_to"] = {
                "rel_type": "m.thread",
                "event_id": thread,
                "is_falling_back": "reply_to" not in asked,
                "m.in_reply_to": {"event_id": reply},
            }
        elif reply := asked.get("reply_to"):
            content["m.relates_to"] = {"m.in_reply_to": {"event_id": reply}}
        return content

    async def _resolved(self, row: Row) -> Row:
        """The row with the events that it names by our ids: the beginning of a thread, the message to replace."""
        content = dict(row.content or {})
        for name in ("thread", "replaces"):
            if txn := content.pop(f"{name}_of", None):
                said = await self.db.run(rows.get_row, txn)
                if said is not None and said.state in rows.OPEN:
                    raise Unreachable(0, "EVENT_NOT_KNOWN_YET")
                if said is None or said.event_id is None:
                    raise Parked("nothing-to-go-with")
                content[name] = said.event_id
        return replace(row, content=content)

    async def _edit(self, row: Row) -> None:
        scene = await self._scene(row)
        if not scene.room.encrypted:
            raise Parked("not-encrypted")
        row = await self._resolved(row)
        asked = row.content or {}
        new = self._message(self.render(asked), asked, scene)
        content = {
            **new,
            "body": "* " + new["body"],
            "m.new_content": new,
            "m.relates_to": {"rel_type": "m.replace", "event_id": asked["replaces"]},
        }
        await self._send([row], scene, "m.room.message", content)

    async def _file(self, row: Row) -> None:
        scene = await self._scene(row)
        if not scene.room.encrypted:
            raise Parked("not-encrypted")
        asked = row.content or {}
        file, size = await self.media.upload(Path(asked["path"]))
        content = _file_content(asked["name"], file, size, asked["mimetype"], voice=bool(asked.get("voice")))
        await self._send([row], scene, "m.room.message", content)

    async def _pass(self, row: Row) -> None:
        """Pass a file on into another room: what comes is checked whole, then goes out under another key and name."""
        scene = await self._scene(row)
        if not scene.room.encrypted:
            raise Parked("not-encrypted")
        row = await self._resolved(row)
        asked = row.content or {}
        file, size = await self.media.pass_on(asked["from"], self.pass_bytes)
        mimetype = _media_type(str(asked["from"].get("mimetype")))
        content = _file_content(asked["name"], file, size, mimetype, voice=bool(asked["from"].get("voice")))
        frame = self._message("", asked, scene)
        content |= {k: v for k, v in frame.items() if k in ("m.mentions", "m.relates_to")}
        await self._send([row], scene, "m.room.message", content)

    async def _send(self, joined: list[Row], scene: Scene, kind: str, content: dict[str, Any]) -> None:
        row, txns = joined[0], [r.txn for r in joined]
        room_id = scene.room.room_id
        if row.tries and row.sent_at and self.now() - row.sent_at > SERVER_REMEMBERS:
            event_id = await self._find(scene, row)
            if event_id is not None:
                await self._finish([row.txn], event_id)
                return
        content = {**content, "org.liaison.id": row.txn}
        if txns[1:]:
            content["org.liaison.with"] = txns[1:]
        if scene.room.encrypted:
            async with self.engine.room_lock(room_id):
                encrypted = await self._encrypt(scene, kind, content, row.audience)
                if not await self._begin(txns):
                    return
                kind, content = "m.room.encrypted", encrypted
        elif not await self._begin(txns):
            return
        path = f"/rooms/{quoted(room_id, 'send', kind, row.txn)}"
        answer = await self.http.call("PUT", path, content, lane=row.lane)
        await self._finish(txns, text(answer.get("event_id")) or None)

    async def send_event(self, room_id: str, kind: str, content: dict[str, Any], audience: Audience = "public") -> None:
        """Send an event of a protocol (verification) at once; it is worth nothing after a restart.

        Never without encryption: who verifies us in such a room is not answered there.
        """
        scene = await self.rooms.scene(room_id)
        if scene is None or not scene.room.encrypted:
            return
        async with self.engine.room_lock(room_id):
            content = await self._encrypt(scene, kind, content, audience)
            await self.engine.flush()
        path = f"/rooms/{quoted(room_id, 'send', 'm.room.encrypted', _fresh_txn())}"
        await self.http.call("PUT", path, content, lane="now")

    async def _encrypt(self, scene: Scene, kind: str, content: dict[str, Any], audience: Audience) -> dict[str, Any]:
        """The encrypted content, for those who are in the room once the keys are shared: people come and go meanwhile.

        The caller holds `room_lock`.
        """
        room_id = scene.room.room_id
        for _ in range(5):
            before = self.engine.membership(room_id)
            encrypted = await self.engine.encrypt(room_id, kind, content, self.rooms.circle(scene, audience))
            if self.engine.membership(room_id) == before:
                return encrypted
            scene = await self.rooms.scene(room_id) or scene
        raise Unreachable(0, "MEMBERS_CHANGE")

    async def _find(self, scene: Scene, row: Row) -> str | None:
        """Our message in its room, if the server took an earlier try of it after all."""
        assert row.sent_at is not None
        token = ""
        for _ in range(50):
            query = {"dir": "b", "limit": "100"} | ({"from": token} if token else {})
            path = f"/rooms/{quoted(scene.room.room_id)}/messages"
            answer = await self.http.call("GET", path, query=query, deadline=60)
            events = [e for e in (incoming.event(raw) for raw in listing(answer.get("chunk"))) if e]
            for event in events:
                if event.sender != self.engine.user_id:
                    continue
                content = event.content
                if event.type == "m.room.encrypted":
                    try:
                        content = (await self.engine.decrypt(scene.room.room_id, event.raw)).content
                    except Unreadable:
                        continue
                if row.txn in (content.get("org.liaison.id"), *listing(content.get("org.liaison.with"))):
                    return event.event_id
            token = text(answer.get("end"), 2000)
            if not token or not events or events[-1].at < row.sent_at - timedelta(hours=1):
                break
        return None

    async def _react(self, row: Row) -> None:
        asked = row.content or {}
        relation = {"rel_type": "m.annotation", "event_id": asked["event"], "key": asked["key"]}
        if not await self._begin([row.txn]):
            return
        path = f"/rooms/{quoted(row.room_id or '', 'send', 'm.reaction', row.txn)}"
        answer = await self.http.call("PUT", path, {"m.relates_to": relation}, lane=row.lane)
        await self._finish([row.txn], text(answer.get("event_id")) or None)

    async def _redact(self, row: Row) -> None:
        known, event_id = await self.db.run(rows.get_redacted, row)
        if not known:
            raise Unreachable(0, "EVENT_NOT_KNOWN_YET")
        if not await self._begin([row.txn]):
            return
        if event_id is not None:
            path = f"/rooms/{quoted(row.room_id or '', 'redact', event_id, row.txn)}"
            try:
                await self.http.call("PUT", path, {}, lane=row.lane)
            except MatrixError as error:
                if error.status != 404:  # gone already
                    raise
            await self.db.run(rows.set_redacted, [event_id])
        await self._finish([row.txn])

    # ---- rooms ----------------------------------------------------------------------------------------------------

    async def _create(self, row: Row) -> None:
        asked = row.content or {}
        found = await self.db.run(get_room_by_ref, asked["ref"])
        made = found.room_id if found else await self._made_before(asked["ref"]) if row.tries else None
        if made is not None:
            await self._made(row, made)
            return
        unanswered = row.state == "sending" or row.reason == "0"
        if unanswered and row.sent_at and self.now() - row.sent_at < MAKES_A_ROOM:
            raise Unreachable(0, "MAYBE_BEING_MADE")
        if not await self._begin([row.txn]):
            return
        state = [
            {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}},
            {"type": "m.room.history_visibility", "state_key": "", "content": {"history_visibility": "joined"}},
            {"type": "m.room.guest_access", "state_key": "", "content": {"guest_access": "forbidden"}},
        ]
        body: dict[str, Any] = {
            "preset": "private_chat",
            "visibility": "private",
            "creation_content": {"org.liaison.ref": asked["ref"]},
            "initial_state": state,
            "invite": asked["invite"],
            "is_direct": bool(asked["direct"]),
        }
        if asked.get("name"):
            body["name"] = asked["name"]
        if asked["kind"] == "submission":  # nobody but us brings anybody in, or changes anything
            body["power_level_content_override"] = {"invite": 100, "state_default": 100, "users_default": 0}
        # One try only: a repeated createRoom would make a second room; the next try looks for the first.
        try:
            answer = await self.http.call(
                "POST", "/createRoom", body, deadline=MAKES_A_ROOM.total_seconds(), patience=0
            )
        except Unreachable:
            self.caught_up.clear()  # until sync has shown again what there is, it is not known whether it was made
            raise
        await self._made(row, text(answer.get("room_id")))

    async def _made_before(self, ref: str) -> str | None:
        """The room that an earlier try made after all: sync has shown it by now, or the server is asked.

        For the first answer after a restart may be an old one, from the journal or from Synapse's cache of answers.
        """
        await self.caught_up.wait()
        if found := await self.db.run(get_room_by_ref, ref):
            return found.room_id
        answer = await self.http.call("GET", "/joined_rooms")
        for room_id in filter(text, listing(answer.get("joined_rooms"))):
            known = await self.db.run(get_room, room_id)
            if known is None or known.membership != "join":
                path = f"/rooms/{quoted(room_id, 'state', 'm.room.create')}/"
                with fenced("room not shown yet", Unreachable, TokenLost):
                    event = await self.http.call("GET", path, query={"format": "event"})
                    # Anybody can write our reference into a room of theirs.
                    ours = event.get("sender") == self.engine.user_id
                    if ours and mapping(event.get("content")).get("org.liaison.ref") == ref:
                        return str(room_id)
        return None

    async def _made(self, row: Row, room_id: str) -> None:
        asked = row.content or {}

        def record(tx: Tx) -> None:
            change: dict[str, Any] = {"kind": asked["kind"], "ref": asked["ref"], "name": asked.get("name")}
            known = get_room(tx, room_id)
            if known is None or known.membership != "join":
                change |= {"membership": "join", "joined_at": tx.now}
            set_room(tx, room_id, **change)
            rows.set_sent(tx, [row.txn], None)
            tx.wake |= {"outbox", "rooms"}

        await self.db.run(record)

    async def _advance(self, row: Row) -> None:
        """What was said in a room until now opens with our keys no more."""
        assert row.room_id is not None
        async with self.engine.room_lock(row.room_id):
            await self.engine.advance(row.room_id)
        await self.engine.commit("", lambda tx: rows.set_sent(tx, [row.txn], None))

    async def _join(self, row: Row) -> None:
        assert row.room_id is not None
        via = [v for v in (row.content or {}).get("via", []) if v]
        query = "?" + "&".join(f"via={quoted(v)}&server_name={quoted(v)}" for v in via) if via else ""
        await self.http.call("POST", f"/join/{quoted(row.room_id)}{query}", {}, deadline=120)
        await self._finish([row.txn])

    async def _leave(self, row: Row) -> None:
        reason = (row.content or {}).get("reason")
        path = f"/rooms/{quoted(row.room_id or '')}"
        try:
            await self.http.call("POST", f"{path}/leave", {"reason": reason} if reason else {})
        except MatrixError as error:
            if error.status not in (403, 404):  # not in it any more
                raise
        with fenced("forget room", TokenLost):
            await self.http.call("POST", f"{path}/forget", {}, patience=10)
        await self._finish([row.txn])

    async def _invite(self, row: Row) -> None:
        user = (row.content or {})["user"]
        assert row.room_id is not None
        if await self.db.run(get_membership, row.room_id, user) not in ("join", "invite"):
            await self.http.call("POST", f"/rooms/{quoted(row.room_id)}/invite", {"user_id": user}, deadline=60)
        await self._finish([row.txn])

    async def _ban(self, row: Row) -> None:
        user = (row.content or {})["user"]
        assert row.room_id is not None
        self.engine.drop_room(row.room_id)
        if await self.db.run(get_membership, row.room_id, user) != "ban":
            await self.http.call("POST", f"/rooms/{quoted(row.room_id)}/ban", {"user_id": user}, deadline=60)
        await self._finish([row.txn])

    async def _state(self, row: Row) -> None:
        asked = row.content or {}
        path = f"/rooms/{quoted(row.room_id or '', 'state', asked['type'], asked['key'])}"
        present = None
        try:
            present = await self.http.call("GET", path)
        except MatrixError as error:
            if error.status != 404:
                raise
        if mapping(present) != asked["content"]:
            await self.http.call("PUT", path, asked["content"], lane=row.lane)
        await self._finish([row.txn])

    async def _sign(self, row: Row) -> None:
        asked = row.content or {}
        await self.identity.sign_user(asked["user"], asked["master"])

        def record(tx: Tx) -> None:
            if set_identity_verified(tx, asked["user"], asked["master"]):
                for comparison in list_verifications(tx, asked["user"]):
                    set_verification_state(tx, comparison.ref, "signed")
            rows.set_sent(tx, [row.txn], None)

        await self.engine.commit("", record)
        user = (await self.engine.devices.load([asked["user"]]))[0]
        if user.master == asked["master"]:
            user.verified = user.pinned = asked["master"]
            self.engine.devices.generation += 1

    async def _accept(self, row: Row) -> None:
        """Go by the identity that a user has now."""
        user = (await self.engine.devices.load([(row.content or {})["user"]]))[0]
        user.pinned = user.master
        self.engine.devices.put_identity(user)
        self.engine.devices.generation += 1
        await self.engine.commit("", lambda tx: rows.set_sent(tx, [row.txn], None))


def _media_type(claimed: str) -> str:
    """The type of a file by its sender's claim, without what may follow it, such as a name."""
    kind = claimed.partition(";")[0].strip().lower()
    return kind if MEDIA_TYPE.fullmatch(kind) else "application/octet-stream"


def _file_content(name: str, file: dict[str, Any], size: int, mimetype: str, *, voice: bool) -> dict[str, Any]:
    content = {
        "msgtype": "m.audio" if voice else "m.file",
        "body": name,
        "filename": name,
        "file": file,
        "info": {"size": size, "mimetype": mimetype},
        "m.mentions": {},
    }
    # What makes it a voice message for apps (MSC3245). Its length is not known; apps show nothing of a message in which
    # the block for it (msc1767.audio) stands empty.
    return content | ({"org.matrix.msc3245.voice": {}} if voice else {})


def _frame(row: Row) -> list[Any]:
    """What a message says beside its words: what it answers, whom it calls. Only messages with the same are joined."""
    same = [(row.content or {}).get(name) for name in ("thread", "thread_of", "reply_to", "mentions", "loud")]
    return [*same, row.batch]  # what is taken back together


def _fresh_txn() -> str:
    return "v" + uuid.uuid4().hex


def rate_parts(http: Http, user_id: str) -> list[Part]:
    """What the server's limit means in people a minute, and how an admin lifts it."""
    allowed = http.governor.per_minute()
    path = f"/_synapse/admin/v1/users/{user_id}/override_ratelimit"
    call = f'curl -X POST -H "Authorization: Bearer ADMIN_TOKEN" {http.url}{path} -d "{{}}"'
    if allowed is None:
        rate, burst = SYNAPSE_RATE
        people = max(1, round(rate * 60 / MESSAGES_A_PERSON))
        first = Part("status-rate-unknown", {"perminute": round(rate * 60), "burst": burst, "people": people})
    else:
        people = max(1, round(allowed / MESSAGES_A_PERSON))
        values = {"perminute": round(allowed), "burst": http.governor.burst, "people": people}
        first = Part("status-rate", values)
    return [first, Part("status-override", {"call": call})]
