"""Devices and identities of other users: asked for in batches, checked one by one, kept in our database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection, Iterable
from typing import Any

import vodozemac

from bot.log import logger
from bot.matrix.fence import faults, fenced, listing, mapping, text
from bot.matrix.http import Http, MatrixError, TokenLost
from bot.matrix.keystore import KeyStore
from bot.matrix.trust import Device, UserKeys
from bot.seal import signed_by
from bot.store import keys as rows
from bot.store.db import Database

log = logger(__name__)

QUERY = 100  # users in one request
PARALLEL = 3
STEP = 20  # devices checked between two breaths of the event loop
MOST_DEVICES = 500  # of one user; more is an attack on our time
FIRST_RETRY, LONGEST_RETRY = 30.0, 3600.0
PATIENCE = 20.0  # seconds of tries of one question to our own server
FIRST_WAIT_MS, WAIT_MS = 3_000, 10_000  # how long our server waits for others


class Devices:
    """`generation` grows with every change that can make a shared room key incomplete."""

    def __init__(self, http: Http, db: Database, store: KeyStore) -> None:
        self.http = http
        self.db = db
        self.store = store
        self.users: dict[str, UserKeys] = {}
        self.generation = 0
        self.pins: dict[str, str] = {}  # master keys that the operator wrote into the config: account -> key
        # Of servers that did not answer, and users of whom ours could not tell: failures, when to ask again.
        self._silent: dict[str, tuple[int, float]] = {}
        self._checked = 0
        self._asking: dict[str, asyncio.Task[None]] = {}

    async def load(self, user_ids: Iterable[str]) -> list[UserKeys]:
        """What we know of these users, without asking the server."""
        wanted = list(dict.fromkeys(user_ids))
        missing = [u for u in wanted if u not in self.users]
        if missing:
            known = await self.db.run(rows.list_identities, missing)
            devices = await self.db.run(rows.list_devices, [r.user_id for r in known])
            for u in missing:
                self.users.setdefault(u, UserKeys(u))
            for r in known:
                user = self.users[r.user_id]
                user.master, user.pinned, user.verified, user.outdated = r.master, r.pinned, r.verified, r.outdated
            for r in devices:
                device = Device(r.user_id, r.device_id, r.ed25519, r.curve25519, r.signed, r.deleted)
                self.users[r.user_id].devices[r.device_id] = device
        return [self.users[u] for u in wanted]

    async def fresh(self, user_ids: Iterable[str], *, force: bool = False) -> list[UserKeys]:
        """What we know of these users, after asking the server about those that are new or have changed.

        A user whose server does not answer stays as known; it is asked again after a growing pause.
        A user whose keys our own server cannot tell is treated alike. Raises MatrixError when it answers nothing.
        """
        users = await self.load(user_ids)
        # A question that is under way may have been asked before what we want to know happened; wait for it.
        if under_way := {self._asking[u.user_id] for u in users if u.user_id in self._asking}:
            await asyncio.wait(under_way)
        ask = [u for u in users if force or self._to_ask(u)]
        if ask:
            limit = asyncio.Semaphore(PARALLEL)
            tasks = [self._start(ask[i : i + QUERY], limit) for i in range(0, len(ask), QUERY)]
            await asyncio.gather(*tasks)
        return users

    def _start(self, part: list[UserKeys], limit: asyncio.Semaphore) -> asyncio.Task[None]:
        async def one() -> None:
            try:
                async with limit:
                    await self._query(part)
            except BaseException:
                for user in part:
                    user.outdated = True
                raise

        task = asyncio.create_task(one(), name="key query")
        for user in part:
            user.outdated = False  # a change that comes while the question is under way sets it again
            self._asking[user.user_id] = task

        def done(ended: asyncio.Task[None]) -> None:
            for user in part:
                if self._asking.get(user.user_id) is ended:
                    del self._asking[user.user_id]

        task.add_done_callback(done)
        return task

    def _to_ask(self, user: UserKeys) -> bool:
        return user.outdated and all(
            self._silent.get(who, (0, 0.0))[1] <= time.monotonic() for who in (user.user_id, _server(user))
        )

    def _ask_less(self, who: str) -> None:
        failures = self._silent.get(who, (0, 0.0))[0] + 1
        self._silent[who] = (failures, time.monotonic() + min(FIRST_RETRY * 2**failures, LONGEST_RETRY))
        faults["unreachable server"] += 1

    async def of(self, user_id: str) -> UserKeys:
        return (await self.fresh([user_id]))[0]

    def mark_changed(self, user_ids: Collection[str]) -> None:
        """The server said that these users' devices changed (the caller also writes `set_outdated`)."""
        self.generation += 1
        for u in user_ids:
            if user := self.users.get(u):
                user.outdated = True

    async def _query(self, users: list[UserKeys]) -> None:
        # A server that answers late must not hold up the reading for everybody.
        first = any(_server(u) not in self._silent for u in users)
        body = {"device_keys": {u.user_id: [] for u in users}, "timeout": FIRST_WAIT_MS if first else WAIT_MS}
        began = time.monotonic()
        try:
            answer = await self.http.call("POST", "/keys/query", body, deadline=40, patience=PATIENCE)
        except TokenLost:
            raise
        except MatrixError as error:
            if not error.status and self.http.last_success < began:
                raise  # our server is away, not one user's keys
            if len(users) == 1:
                users[0].outdated = True
                self._ask_less(users[0].user_id)
                return
            middle = len(users) // 2
            await self._query(users[:middle])
            await self._query(users[middle:])
            return
        failed = mapping(answer.get("failures"))
        keys, masters = mapping(answer.get("device_keys")), mapping(answer.get("master_keys"))
        self_signing = mapping(answer.get("self_signing_keys"))
        for server in {_server(u) for u in users} & set(failed):
            self._ask_less(server)
        for user in users:
            if _server(user) in failed:
                user.outdated = True
                continue
            self._silent.pop(_server(user), None)
            self._silent.pop(user.user_id, None)
            found = mapping(keys.get(user.user_id))
            if len(found) > MOST_DEVICES:
                found = dict(list(found.items())[:MOST_DEVICES])
            await self._take_over(user, found, masters.get(user.user_id), self_signing.get(user.user_id))

    async def _take_over(self, user: UserKeys, found: dict[str, Any], master: Any, self_signing: Any) -> None:
        master_key, ssk = None, None
        with fenced("identity"):
            master_key = _cross_signing_key(master, user.user_id, "master")
            ssk = _cross_signing_key(self_signing, user.user_id, "self_signing")
            if not (master_key and ssk and signed_by(self_signing, user.user_id, master_key, master_key)):
                ssk = None
        before = (user.master, {d.device_id: (d.signed, d.deleted) for d in user.devices.values()})
        user.master = master_key
        if pin := self.pins.get(user.user_id):
            user.pinned = user.verified = pin
        elif user.pinned is None:
            user.pinned = master_key
        present: set[str] = set()
        for device_id, claimed in found.items():
            self._checked += 1
            if self._checked % STEP == 0:
                await asyncio.sleep(0)
            with fenced("device keys"):
                device = _device(claimed, user.user_id, device_id, ssk)
                known = user.devices.get(device_id)
                if known is not None and known.ed25519 != device.ed25519:
                    # A device never changes its signing key; who serves another one is lying about one of them.
                    faults["device key replaced"] += 1
                    device = Device(user.user_id, device_id, known.ed25519, known.curve25519, signed=False)
                present.add(device_id)
                if known != device:
                    user.devices[device_id] = device
                    self._put(user, device_id)
        for device_id, known in user.devices.items():
            if device_id not in present and not known.deleted:
                known.deleted = True
                self._put(user, device_id)
        if before != (user.master, {d.device_id: (d.signed, d.deleted) for d in user.devices.values()}):
            self.generation += 1
        self.put_identity(user)

    def put_identity(self, user: UserKeys) -> None:
        def row() -> dict[str, Any]:
            return {
                "user_id": user.user_id,
                "master": user.master,
                "pinned": user.pinned,
                "verified": user.verified,
                "outdated": user.outdated,
            }

        self.store.put_row("identity", user.user_id, row)

    def _put(self, user: UserKeys, device_id: str) -> None:
        def row() -> dict[str, Any]:
            device = user.devices[device_id]
            return {
                "user_id": device.user_id,
                "device_id": device.device_id,
                "ed25519": device.ed25519,
                "curve25519": device.curve25519,
                "signed": device.signed,
                "deleted": device.deleted,
            }

        self.store.put_row("device", (user.user_id, device_id), row)


def _server(user: UserKeys) -> str:
    return user.user_id.partition(":")[2]


def _cross_signing_key(value: Any, user_id: str, usage: str) -> str | None:
    """The public key in a cross-signing key object, if it is one of this user for this use."""
    key = mapping(value)
    if key.get("user_id") != user_id or usage not in listing(key.get("usage")):
        return None
    keys = mapping(key.get("keys"))
    if len(keys) != 1:
        return None
    key_id, public = next(iter(keys.items()))
    if key_id != f"ed25519:{public}":
        return None
    vodozemac.Ed25519PublicKey.from_base64(public)
    return str(public)


def _device(claimed: Any, user_id: str, device_id: str, ssk: str | None) -> Device:
    """A device from the server's claim. Raises for anything that is not signed by the device itself."""
    keys = mapping(mapping(claimed).get("keys"))
    ed25519, curve25519 = text(keys.get(f"ed25519:{device_id}"), 64), text(keys.get(f"curve25519:{device_id}"), 64)
    if claimed.get("user_id") != user_id or claimed.get("device_id") != device_id or not text(device_id):
        raise ValueError("somebody else's device")
    vodozemac.Ed25519PublicKey.from_base64(ed25519)
    vodozemac.Curve25519PublicKey.from_base64(curve25519)
    if not signed_by(claimed, user_id, device_id, ed25519):
        raise ValueError("not signed by itself")
    signed = ssk is not None and signed_by(claimed, user_id, ssk, ssk)
    return Device(user_id, device_id, ed25519, curve25519, signed)
