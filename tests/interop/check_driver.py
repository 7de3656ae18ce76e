"""Check the driver against itself: two matrix-js-sdk clients on a real Synapse.

Not a test of the bot and not collected by pytest. Run it after a change of the
driver or of the SDK's version: ``python tests/interop/check_driver.py``.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import os
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any

import aiohttp
import yaml
from driver import JsClient, JsError

SERVER_NAME = "interop.test"
PASSWORD = "correct horse battery staple"
SHARED_SECRET = "only for this check"
UNLIMITED = {"per_second": 10_000, "burst_count": 10_000}
SLOW_MS = 120_000

Check = Callable[["Pair"], Coroutine[Any, Any, None]]


def homeserver_config(directory: Path, port: int) -> dict[str, Any]:
    return {
        "server_name": SERVER_NAME,
        "pid_file": str(directory / "synapse.pid"),
        "media_store_path": str(directory / "media"),
        "signing_key_path": str(directory / "signing.key"),
        "log_config": str(directory / "log.yaml"),
        "database": {"name": "sqlite3", "args": {"database": str(directory / "homeserver.db")}},
        "listeners": [
            {
                "port": port,
                "type": "http",
                "bind_addresses": ["127.0.0.1"],
                "resources": [{"names": ["client"]}],
            }
        ],
        "registration_shared_secret": SHARED_SECRET,
        "report_stats": False,
        "trusted_key_servers": [],
        "suppress_key_server_warning": True,
        "macaroon_secret_key": "only for this check",
        "rc_message": UNLIMITED,
        "rc_registration": UNLIMITED,
        "rc_room_creation": UNLIMITED,
        "rc_login": {"address": UNLIMITED, "account": UNLIMITED, "failed_attempts": UNLIMITED},
        "rc_joins": {"local": UNLIMITED, "remote": UNLIMITED},
        "rc_invites": {"per_room": UNLIMITED, "per_user": UNLIMITED, "per_issuer": UNLIMITED},
    }


@contextlib.asynccontextmanager
async def synapse() -> AsyncIterator[str]:
    """A homeserver on the loopback for as long as the context lasts; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        config = directory / "homeserver.yaml"
        config.write_text(yaml.safe_dump(homeserver_config(directory, port)))
        log_config = {
            "version": 1,
            "handlers": {"file": {"class": "logging.FileHandler", "filename": str(directory / "synapse.log")}},
            "root": {"level": "WARNING", "handlers": ["file"]},
        }
        (directory / "log.yaml").write_text(yaml.safe_dump(log_config))
        command = [sys.executable, "-m", "synapse.app.homeserver", "--config-path", str(config)]
        generate = await asyncio.create_subprocess_exec(*command, "--generate-keys", cwd=directory)
        assert await generate.wait() == 0
        process = await asyncio.create_subprocess_exec(*command, cwd=directory)
        base_url = f"http://127.0.0.1:{port}"
        try:
            async with asyncio.timeout(120), aiohttp.ClientSession() as http:
                while True:
                    assert process.returncode is None, (directory / "synapse.log").read_text()
                    with contextlib.suppress(aiohttp.ClientError):
                        async with http.get(f"{base_url}/_matrix/client/versions") as response:
                            if response.status == 200:
                                break
                    await asyncio.sleep(0.2)
            yield base_url
        finally:
            process.terminate()
            await process.wait()


async def register(base_url: str, user: str) -> None:
    url = f"{base_url}/_synapse/admin/v1/register"
    async with aiohttp.ClientSession() as http:
        async with http.get(url) as response:
            nonce = (await response.json())["nonce"]
        signed = "\0".join([nonce, user, PASSWORD, "notadmin"])
        mac = hmac.new(SHARED_SECRET.encode(), signed.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": user, "password": PASSWORD, "admin": False, "mac": mac}
        async with http.post(url, json=body) as response:
            assert response.status == 200, await response.text()


class Pair:
    """Alice and Bob, both cross-signed, both sharing with and reading from signed devices only."""

    def __init__(self, base_url: str, alice: JsClient, bob: JsClient) -> None:
        self.base_url = base_url
        self.alice = alice
        self.bob = bob
        self.alice_id = f"@alice:{SERVER_NAME}"
        self.bob_id = f"@bob:{SERVER_NAME}"
        self.devices: dict[str, str] = {}
        self.recovery_key = ""
        self.room_id = ""

    async def login(self, js: JsClient, user: str, isolation: str = "signed") -> str:
        begun = time.monotonic()
        session = await js.call(
            "login",
            base_url=self.base_url,
            user=user,
            password=PASSWORD,
            isolation=isolation,
            device_name=f"{user}'s client",
            timeout=SLOW_MS,
        )
        print(f"  login {user}: {time.monotonic() - begun:.2f} s, {session['crypto_version']}")
        device_id: str = session["device_id"]
        return device_id


async def check_login(pair: Pair) -> None:
    for user in ("alice", "bob"):
        await register(pair.base_url, user)
    pair.devices["alice"] = await pair.login(pair.alice, "alice")
    pair.devices["bob"] = await pair.login(pair.bob, "bob")
    begun = time.monotonic()
    first = await pair.alice.call("bootstrap", password=PASSWORD, recovery=True, timeout=SLOW_MS)
    print(f"  bootstrap with recovery: {time.monotonic() - begun:.2f} s")
    second = await pair.bob.call("bootstrap", password=PASSWORD, timeout=SLOW_MS)
    assert first["cross_signing_ready"] and second == {"cross_signing_ready": True}, (first, second)
    pair.recovery_key = first["recovery_key"]


async def check_room(pair: Pair) -> None:
    pair.room_id = await pair.alice.call("create_room", invite=[pair.bob_id], encrypted=True, direct=True, version="12")
    # The first message leaves before Bob accepts, as Element does it.
    first = await pair.alice.call("send", room_id=pair.room_id, body="first words")
    found = await pair.bob.call("wait_invite", sender=pair.alice_id)
    assert found == {"room_id": pair.room_id, "sender": pair.alice_id, "direct": True}, found
    assert await pair.bob.call("join", room_id=pair.room_id) == pair.room_id
    await pair.alice.call("members", room_id=pair.room_id, until={pair.bob_id: "join"})
    event = await pair.bob.call("wait_event", room_id=pair.room_id, contains="first words")
    assert event["event_id"] == first, event
    assert event["encrypted"] and event["decryption_failure"] is None, event
    assert event["shield"] == {"colour": "NONE", "reason": None}, event


async def check_messages(pair: Pair) -> None:
    room_id = pair.room_id
    question = await pair.bob.call("send", room_id=room_id, body="a question")
    asked = await pair.alice.call("wait_event", room_id=room_id, sender=pair.bob_id, contains="question")
    assert asked["event_id"] == question and asked["shield"]["colour"] == "NONE", asked
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": question}}, "m.mentions": {"user_ids": [pair.bob_id]}}
    answer = await pair.alice.call("send", room_id=room_id, body="an answer", content=reply)
    got = await pair.bob.call("wait_event", room_id=room_id, after_event=question, content=reply)
    assert got["event_id"] == answer, got

    edit = {
        "body": "* a better answer",
        "msgtype": "m.text",
        "m.new_content": {"body": "a better answer", "msgtype": "m.text"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": answer},
    }
    edited = await pair.alice.call("send", room_id=room_id, content=edit)
    await pair.bob.call("wait_event", room_id=room_id, event_id=edited)
    seen = {event["event_id"]: event for event in await pair.bob.call("events", room_id=room_id)}
    assert seen[answer]["replaced_by"] == edited, seen[answer]
    assert seen[answer]["content"]["body"] == "an answer", seen[answer]

    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": question}}
    threaded = await pair.bob.call("send", room_id=room_id, body="in a thread", content=thread)
    await pair.alice.call("wait_event", room_id=room_id, event_id=threaded, content=thread)

    reaction = await pair.alice.call("react", room_id=room_id, event_id=question, key="👍")
    liked = await pair.bob.call("wait_event", room_id=room_id, type="m.reaction")
    assert liked["event_id"] == reaction and not liked["encrypted"], liked
    await pair.bob.call("typing", room_id=room_id, typing=True)
    await pair.bob.call("read_receipt", room_id=room_id, event_id=answer)

    redaction = await pair.bob.call("redact", room_id=room_id, event_id=question, reason="no more")
    await pair.alice.call("wait_event", room_id=room_id, event_id=redaction, type="m.room.redaction")
    for js in (pair.alice, pair.bob):
        await js.call("wait_event", room_id=room_id, event_id=redaction)
        seen = {event["event_id"]: event for event in await js.call("events", room_id=room_id)}
        assert seen[question]["redacted"] and seen[question]["content"] == {}, seen[question]

    # Many at once: more than the SDK would decrypt by itself.
    await asyncio.gather(*(pair.bob.call("send", room_id=room_id, body=f"number {i}") for i in range(20)))
    await asyncio.gather(*(pair.alice.call("wait_event", room_id=room_id, contains=f"number {i}") for i in range(20)))


async def check_files(pair: Pair) -> None:
    data = os.urandom(300_000)
    begun = time.monotonic()
    sent = await pair.alice.call(
        "send_file",
        room_id=pair.room_id,
        name="report.pdf",
        mime="application/pdf",
        data_base64=base64.b64encode(data).decode(),
    )
    fetched = await pair.bob.call("fetch_file", room_id=pair.room_id, event_id=sent)
    print(f"  300 kB file there and back: {time.monotonic() - begun:.2f} s")
    assert fetched["encrypted"] and base64.b64decode(fetched["data_base64"]) == data
    assert fetched["content"]["info"] == {"mimetype": "application/pdf", "size": len(data)}, fetched["content"]

    spoilt = fetched["content"]
    spoilt["file"]["hashes"]["sha256"] = base64.b64encode(bytes(32)).decode().rstrip("=")
    event_id = await pair.alice.call("send", room_id=pair.room_id, content=spoilt)
    await expect_error("hash", pair.bob.call("fetch_file", room_id=pair.room_id, event_id=event_id))

    plain = await pair.alice.call("create_room", invite=[], encrypted=False, direct=False, version="11")
    sent = await pair.alice.call(
        "send_file", room_id=plain, name="a.txt", mime="text/plain", data_base64=base64.b64encode(b"clear").decode()
    )
    fetched = await pair.alice.call("fetch_file", room_id=plain, event_id=sent)
    assert not fetched["encrypted"] and base64.b64decode(fetched["data_base64"]) == b"clear", fetched


async def check_insecure_device(pair: Pair) -> None:
    """What a person sees of a device that its owner did not sign."""
    async with JsClient() as carol, JsClient() as dora:
        for js, name in ((carol, "carol"), (dora, "dora")):
            await register(pair.base_url, name)
            await pair.login(js, name, isolation="all")
        await dora.call("bootstrap", password=PASSWORD)
        carol_id, dora_id = (f"@{name}:{SERVER_NAME}" for name in ("carol", "dora"))
        room_id = await carol.call("create_room", invite=[pair.bob_id, dora_id], encrypted=True, direct=False)
        for js in (pair.bob, dora):
            await js.call("join", room_id=room_id, via=[SERVER_NAME])
        everybody = {carol_id: "join", pair.bob_id: "join", dora_id: "join"}
        for js in (pair.bob, dora, carol):
            await js.call("members", room_id=room_id, until=everybody)
        sent = await carol.call("send", room_id=room_id, body="from an unsigned device")
        # Without any identity the owner could not sign: this is still shown, with a shield.
        shown = await dora.call("wait_event", room_id=room_id, event_id=sent)
        assert shown["shield"] == {"colour": "RED", "reason": "UNSIGNED_DEVICE"}, shown
        hidden = await pair.bob.call("wait_event", room_id=room_id, event_id=sent, failure="UNSIGNED_SENDER_DEVICE")
        assert hidden["shield"] is None and hidden["content"]["msgtype"] == "m.bad.encrypted", hidden
        await expect_error(
            "UNSIGNED_SENDER_DEVICE", pair.bob.call("wait_event", room_id=room_id, event_id=sent, timeout=1_000)
        )
        sent = await pair.bob.call("send", room_id=room_id, body="for signed devices")
        await dora.call("wait_event", room_id=room_id, event_id=sent)
        refused = await carol.call(
            "wait_event", room_id=room_id, event_id=sent, failure="MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
        )
        assert refused["decryption_failure"], refused
        # Signed now: from here on both directions work.
        await carol.call("bootstrap", password=PASSWORD)
        await pair.bob.call("user_status", user_id=carol_id, until={"known": True})
        sent = await carol.call("send", room_id=room_id, body="signed now")
        await pair.bob.call("wait_event", room_id=room_id, event_id=sent)
        await pair.bob.call("leave", room_id=room_id)
        await carol.call("members", room_id=room_id, until={pair.bob_id: "leave"})
        await carol.call("invite", room_id=room_id, user_id=pair.alice_id)
        await pair.alice.call("wait_invite", sender=carol_id, room_id=room_id)
        body = {"users": {}, "events_default": 50}
        path = f"/_matrix/client/v3/rooms/{room_id}/state/m.room.topic/"
        await carol.call("request", method="PUT", path=path, body={"topic": "from a bare request"})
        await dora.call("wait_event", room_id=room_id, type="m.room.topic", state_key="")
        refusal = await expect_error(
            "", dora.call("request", method="PUT", path=path.replace("topic", "power_levels"), body=body)
        )
        assert refusal.errcode == "M_FORBIDDEN", refusal
        await carol.stop(logout=True)


async def verify(asker: JsClient, other: JsClient, request: dict[str, Any], *, start: JsClient, room: bool) -> None:
    begun = time.monotonic()
    asked = await asker.call("verify_request", **request)
    accepted = await other.call("verify_accept", room_id=request.get("room_id"))
    assert accepted["phase"] == "ready" and (accepted["room_id"] is not None) is room, accepted
    assert accepted["transaction_id"] == asked["transaction_id"], (asked, accepted)
    shown = await asyncio.gather(*(js.call("verify_sas", start=js is start) for js in (asker, other)))
    assert shown[0] == shown[1] and len(shown[0]["emoji"]) == 7 and len(shown[0]["decimal"]) == 3, shown
    await asyncio.gather(*(js.call("verify_confirm") for js in (asker, other)))
    for js in (asker, other):
        state = await js.call("verify_state", until={"phase": "done"})
        assert state["cancel_code"] is None, state
    print(f"  verified in {time.monotonic() - begun:.2f} s")


async def check_verification(pair: Pair) -> None:
    alice, bob = pair.alice, pair.bob
    # Declined, and emoji that do not agree.
    await alice.call("verify_request", user_id=pair.bob_id, room_id=pair.room_id)
    await bob.call("verify_accept")
    state = await bob.call("verify_cancel")
    assert state["phase"] == "cancelled" and state["cancel_code"] == "m.user", state
    state = await alice.call("verify_state", until={"phase": "cancelled"})
    assert state["cancelled_by"] == pair.bob_id and state["cancel_code"] == "m.user", state

    await bob.call("verify_request", user_id=pair.alice_id, device_id=pair.devices["alice"])
    await alice.call("verify_accept", user_id=pair.bob_id)
    await asyncio.gather(bob.call("verify_sas", start=True), alice.call("verify_sas"))
    state = await alice.call("verify_mismatch")
    assert state["cancel_code"] == "m.mismatched_sas", state
    await expect_error("m.mismatched_sas", bob.call("verify_state", until={"phase": "done"}))
    status = await alice.call("user_status", user_id=pair.bob_id)
    assert status["known"] and not status["verified"], status

    # In the room, asked by either; the start from either.
    in_room = {"user_id": pair.bob_id, "room_id": pair.room_id}
    await verify(alice, bob, in_room, start=alice, room=True)
    for js, user_id in ((alice, pair.bob_id), (bob, pair.alice_id)):
        await js.call("user_status", user_id=user_id, until={"verified": True})
    await verify(alice, bob, in_room, start=bob, room=True)
    await verify(bob, alice, {"user_id": pair.alice_id, "room_id": pair.room_id}, start=bob, room=True)
    # Straight between devices.
    to_device: dict[str, Any] = {"user_id": pair.bob_id, "device_id": pair.devices["bob"]}
    await verify(alice, bob, to_device, start=alice, room=False)
    await verify(alice, bob, to_device, start=bob, room=False)
    from_bob = {"user_id": pair.alice_id, "device_id": pair.devices["alice"]}
    await verify(bob, alice, from_bob, start=alice, room=False)

    status = await alice.call("user_status", user_id=pair.bob_id)
    device = status["devices"][pair.devices["bob"]]
    assert device["status"] == await alice.call("device_status", **to_device), status
    assert device["status"]["signed_by_owner"] and device["status"]["verified"], status
    assert device["display_name"] == "bob's client", status


async def check_recovery(pair: Pair) -> None:
    async with JsClient() as second:
        device_id = await pair.login(second, "alice")
        status = await second.call("device_status", user_id=pair.alice_id, device_id=device_id)
        assert not status["signed_by_owner"], status
        wrong = pair.recovery_key[:-1] + ("a" if pair.recovery_key[-1] != "a" else "b")
        await expect_error("", second.call("recover", recovery_key=wrong))
        recovered = await second.call("recover", recovery_key=pair.recovery_key)
        assert recovered == {
            "cross_signing_ready": True,
            "secrets": {"master": True, "self_signing": True, "user_signing": True},
            "device_verified": True,
        }, recovered
        signed = {"signed_by_owner": True, "verified": True}
        await pair.bob.call("device_status", user_id=pair.alice_id, device_id=device_id, until=signed)
        sent = await pair.bob.call("send", room_id=pair.room_id, body="for both devices")
        event = await second.call("wait_event", room_id=pair.room_id, event_id=sent)
        assert event["shield"]["colour"] == "NONE", event
        old = await second.call("wait_event", room_id=pair.room_id, sender=pair.alice_id, allow_failed=True)
        assert old["event_id"] != sent, old
    async with JsClient() as third:
        device_id = await pair.login(third, "alice")
        await third.call("verify_request", user_id=pair.alice_id)
        await pair.alice.call("verify_accept", user_id=pair.alice_id)
        await asyncio.gather(third.call("verify_sas", start=True), pair.alice.call("verify_sas"))
        await asyncio.gather(third.call("verify_confirm"), pair.alice.call("verify_confirm"))
        await third.call("verify_state", until={"phase": "done"})
        await third.call("device_status", user_id=pair.alice_id, device_id=device_id, until={"verified": True})


async def check_errors(pair: Pair) -> None:
    await expect_error("unknown verb", pair.alice.call("fly"))
    await expect_error("missing", pair.alice.call("send"))
    begun = time.monotonic()
    error = await expect_error(
        "timed out", pair.alice.call("wait_event", room_id=pair.room_id, contains="never said", timeout=500)
    )
    assert "never said" in str(error) and "m.room.message" in str(error), error
    assert time.monotonic() - begun < 10
    await expect_error("unknown", pair.alice.call("send", room_id="!nowhere", body="?", timeout=500))


async def expect_error(text: str, call: Coroutine[Any, Any, Any]) -> JsError:
    try:
        result = await call
    except JsError as error:
        assert text in str(error), error
        return error
    raise AssertionError(f"no error, but {result}")


async def main() -> None:
    checks: list[Check] = [
        check_login,
        check_room,
        check_messages,
        check_files,
        check_verification,
        check_recovery,
        check_insecure_device,
        check_errors,
    ]
    async with synapse() as base_url, JsClient() as alice, JsClient() as bob:
        pair = Pair(base_url, alice, bob)
        for check in checks:
            print(check.__name__)
            begun = time.monotonic()
            try:
                await check(pair)
            except BaseException:
                for name, js in (("alice", alice), ("bob", bob)):
                    print(f"--- {name}", *list(js.events)[-40:], js.log_tail(), sep="\n")
                raise
            print(f"  ok, {time.monotonic() - begun:.1f} s")


if __name__ == "__main__":
    asyncio.run(main())
