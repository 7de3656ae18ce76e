"""The first encrypted message to a room of 200 people with 600 devices: ours against nio's `room_send` as shipped.

All devices are cross-signed, so that both share with all of them. Measured for the first message, after a rotation of
the room's key, and after a restart; and for how long the event loop was not free.
"""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import vodozemac
from nio import AsyncClient, AsyncClientConfig

from bench.common import PASSWORD, LoopWatch, figure, folder, homeserver, nio_client, start_bot
from bot import outbox
from bot.app import App
from bot.demo.homeserver import Homeserver
from bot.matrix.http import Http
from bot.message import Part
from bot.seal import SigningKey, canonical
from bot.store.rooms import get_room

PEOPLE = 200
DEVICES = 3
ONE_TIME_KEYS = 12


async def device(http: Http, user_id: str, master: SigningKey, ssk: SigningKey, *, first: bool) -> None:
    """One more device of a user, with signed keys and one-time keys, as a client would upload them."""
    body = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user_id}, "password": PASSWORD}
    answer = await http.call("POST", "/login", body)
    http.token, device_id = answer["access_token"], answer["device_id"]
    account = vodozemac.Account()
    keys = {
        f"curve25519:{device_id}": account.curve25519_key.to_base64(),
        f"ed25519:{device_id}": account.ed25519_key.to_base64(),
    }
    algorithms = ["m.olm.v1.curve25519-aes-sha2", "m.megolm.v1.aes-sha2"]
    bare: dict[str, Any] = {"algorithms": algorithms, "device_id": device_id, "user_id": user_id, "keys": keys}
    signature = account.sign(canonical(bare)).to_base64()
    signed = {**bare, "signatures": {user_id: {f"ed25519:{device_id}": signature}}}
    account.generate_one_time_keys(ONE_TIME_KEYS)
    one_time = {}
    for key_id, key in account.one_time_keys.items():
        value = {"key": key.to_base64()}
        mark = account.sign(canonical(value)).to_base64()
        one_time[f"signed_curve25519:{key_id}"] = {
            **value,
            "signatures": {user_id: {f"ed25519:{device_id}": mark}},
        }
    await http.call("POST", "/keys/upload", {"device_keys": signed, "one_time_keys": one_time})
    if first:
        whole = {}
        for usage, key in (("master", master), ("self_signing", ssk), ("user_signing", SigningKey.new())):
            value = {"user_id": user_id, "usage": [usage], "keys": {f"ed25519:{key.public}": key.public}}
            signature = {user_id: {f"ed25519:{master.public}": master.sign_json(value)}}
            whole[f"{usage}_key"] = value if usage == "master" else {**value, "signatures": signature}
        await http.call("POST", "/keys/device_signing/upload", whole)
    cross = {**bare, "signatures": {user_id: {f"ed25519:{ssk.public}": ssk.sign_json(bare)}}}
    await http.call("POST", "/keys/signatures/upload", {user_id: {device_id: cross}})


async def person(server: Homeserver, number: int, room: str, limit: asyncio.Semaphore) -> None:
    async with limit, Http(server.url) as http:
        user_id = await server.register(f"m{number}", PASSWORD)
        master, ssk = SigningKey.new(), SigningKey.new()
        for turn in range(DEVICES):
            await device(http, user_id, master, ssk, first=turn == 0)
        await http.call("POST", f"/join/{room}", {}, patience=300)


async def ours(app: App, room: str, cause: str) -> tuple[float, float]:
    """Seconds from queueing a message to the server's answer, and the longest block of the loop."""

    def queue(tx: Any) -> None:
        outbox.say(tx, room, [Part("bye")], language="en", audience="public")

    async with LoopWatch() as watch:
        started = time.perf_counter()
        await app.db.run_for(cause, queue)
        await app.outgoing.idle()
        return time.perf_counter() - started, watch.longest


async def theirs(client: AsyncClient, room: str) -> tuple[float, float]:
    content = {"msgtype": "m.notice", "body": "Bye."}
    async with LoopWatch() as watch:
        started = time.perf_counter()
        await client.room_send(room, "m.room.message", content, ignore_unverified_devices=True)
        return time.perf_counter() - started, watch.longest


async def run() -> None:
    with folder() as base:
        async with homeserver(base) as server:
            await measure(server, base)


async def measure(server: Homeserver, base: Path) -> None:
    user_id = await server.register("opener", PASSWORD)
    app = await start_bot(server, base, people={"coordinators": [user_id]})
    nio = await nio_client(server, base, "peer")
    async with Http(server.url) as http:
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": user_id}, "password": PASSWORD}
        http.token = (await http.call("POST", "/login", login))["access_token"]
        body = {
            "preset": "public_chat",
            "invite": [app.session.user_id, nio.user_id],
            "initial_state": [
                {"type": "m.room.encryption", "state_key": "", "content": {"algorithm": "m.megolm.v1.aes-sha2"}}
            ],
        }
        room = str((await http.call("POST", "/createRoom", body))["room_id"])
        await nio.join(room)
        limit = asyncio.Semaphore(8)
        await asyncio.gather(*(person(server, n, room, limit) for n in range(PEOPLE)))
        await http.call("POST", f"/rooms/{room}/leave", {})
    for _ in range(600):
        found = await app.db.run(get_room, room)
        if found is not None and found.membership == "join":
            break
        await asyncio.sleep(0.1)
    await nio.sync(full_state=True)
    if nio.should_upload_keys:
        await nio.keys_upload()
    print(f"{PEOPLE} people, {PEOPLE * DEVICES} devices")
    nio_first, nio_block = await theirs(nio, room)
    first, block = await ours(app, room, "first")
    outbound = app.engine.store.outbound[room]
    reached = sum(1 for code in outbound.told.values() if code == "")
    print(f"first: ours {first:.2f} s to {reached} devices, nio {nio_first:.2f} s; blocks {block:.3f}, {nio_block:.2f}")
    assert reached >= PEOPLE * DEVICES
    figure("share", "first message, x faster than nio room_send", nio_first / first, 5, "high")
    nio.invalidate_outbound_session(room)
    nio_again, _ = await theirs(nio, room)
    app.engine.store.drop_outbound(room)
    again, block_again = await ours(app, room, "again")
    print(f"after a rotation: ours {again:.2f} s, nio {nio_again:.2f} s; longest block {block_again:.3f}")
    figure("share", "after a rotation, x faster", nio_again / again, 6, "high")
    token, device_id = nio.access_token, nio.device_id
    await nio.close()
    fresh = AsyncClient(
        server.url,
        nio.user_id,
        store_path=nio.store_path,
        config=AsyncClientConfig(encryption_enabled=True, store_sync_tokens=True),
    )
    fresh.restore_login(nio.user_id, device_id, token)
    await fresh.sync(full_state=True)
    nio_restart, _ = await theirs(fresh, room)
    await fresh.close()
    await app.stop()
    app = await start_bot(server, base, people={"coordinators": [user_id]})
    restart, block_restart = await ours(app, room, "restart")
    print(f"after a restart: ours {restart:.2f} s, nio {nio_restart:.2f} s; longest block {block_restart:.3f}")
    figure("share", "after a restart, x faster", nio_restart / restart, 6, "high")
    figure("share", "longest block of the event loop, ms", max(block, block_again, block_restart) * 1000, 100, "low")
    await app.stop()


def main() -> None:
    asyncio.run(run())
