"""Emoji verification with another client's crypto, and what a human on our side makes of it."""

from __future__ import annotations

import asyncio
import io
import re
from typing import Any

import pytest
import vodozemac

from bot import console
from bot.matrix import verification
from bot.seal import b64, canonical
from bot.store.keys import list_identities, list_verifications
from tests.e2e.conftest import bots, enter, synapse
from tests.interop.people import js

__all__ = ["bots", "enter", "js", "synapse"]


async def verify(person: Any, bot: Any, room: str | None) -> list[str]:
    """Run a whole verification from the person's client, which confirms. Returns the emoji that it showed."""
    us = bot.session.user_id
    target = {"room_id": room} if room else {"device_id": bot.session.device_id}
    await person("verify_request", user_id=us, **target)
    await person("verify_state", until={"phase": "ready"})
    shown = await person("verify_sas", start=True)
    await person("verify_confirm")
    await person("verify_state", until={"phase": "done"})
    return [symbol for symbol, _ in shown["emoji"]] + [str(n) for n in shown["decimal"]]


async def kept(bot: Any, user_id: str) -> list[Any]:
    found: list[Any] = await bot.db.run(list_verifications, user_id)
    return found


async def counts_as_verified(bot: Any, user_id: str) -> bool:
    rows = await bot.db.run(list_identities, [user_id])
    return bool(rows) and rows[0].verified is not None and rows[0].verified == rows[0].master


async def our_signature_of(bot: Any, user_id: str) -> bool:
    """Whether the server holds our user-signing key's signature of somebody's master key."""
    answer = await bot.http.call("POST", "/keys/query", {"device_keys": {user_id: []}})
    signatures = answer["master_keys"][user_id]["signatures"]
    return bot.session.user_id in signatures


@pytest.mark.parametrize("where", ["room", "device"])
async def test_the_client_shows_the_bot_as_verified_and_we_do_not_trust_it_for_that(bots, js, where: str) -> None:
    bot = await bots.start()
    us = bot.session.user_id
    alice = await js("alice")
    room = await alice.dm(us)
    await alice.hears(room, "English", sender=us)
    emoji = await verify(alice, bot, room if where == "room" else None)
    status = await alice("user_status", user_id=us, until={"verified": True})
    assert status["verified"]
    comparison = (await kept(bot, alice.user_id))[0]
    assert comparison.emoji == emoji
    assert not await counts_as_verified(bot, alice.user_id)
    assert not await our_signature_of(bot, alice.user_id)
    said = [e["content"].get("body", "") for e in await alice("events", room_id=room) if e["sender"] == us]
    assert not [body for body in said if any(symbol in body for symbol in emoji[:7])]


async def test_a_colleague_at_the_desk_compares_and_only_then_it_counts(bots, js, enter) -> None:
    sara = await enter("sara")
    tomas = await js("tomas")
    staff = [
        {"id": "sara", "accounts": [sara.user_id], "role": "admin", "master_key": sara.identity.master},
        {"id": "tomas", "accounts": [tomas.user_id], "role": "admin"},
    ]
    bot = await bots.start(staff=staff)
    us = bot.session.user_id
    invite = await sara.until(lambda: sara.invites[-1] if sara.invites else None)
    await sara.join(invite.room_id)
    await tomas("join", room_id=invite.room_id)
    await tomas("members", room_id=invite.room_id, until={us: "join"})
    await sara.until_member(invite.room_id, tomas.user_id)
    room = await tomas.dm(us)
    await tomas.hears(room, "English", sender=us)
    emoji = await verify(tomas, bot, room)
    told = await sara.hears("tomas", "match", room_id=invite.room_id)
    assert all(symbol in told.text for symbol in emoji)
    ref = re.search(r"[A-Z]\d[A-Z]\d", told.text)[0]
    last = await tomas("send", room_id=invite.room_id, body=f"!match {ref}")  # not by himself, and not unverified
    refusal = await tomas("wait_event", room_id=invite.room_id, sender=us, type="m.room.message", after_event=last)
    assert "must be sure that it is really you" in refusal["content"]["body"]
    assert not await counts_as_verified(bot, tomas.user_id)
    await sara.says(invite.room_id, f"!match {ref}")
    await sara.hears("count them as compared", room_id=invite.room_id)
    await bot.outgoing.idle()
    assert await counts_as_verified(bot, tomas.user_id)
    assert await our_signature_of(bot, tomas.user_id)
    last = await tomas("send", room_id=invite.room_id, body="!approve X2X2")  # what exposes is taken from him now
    answer = await tomas("wait_event", room_id=invite.room_id, sender=us, type="m.room.message", after_event=last)
    assert "nothing called" in answer["content"]["body"]


async def test_verify_on_the_console(bots, js, texts, monkeypatch) -> None:
    bot = await bots.start()
    alice = await js("alice")
    room = await alice.dm(bot.session.user_id)
    await alice.hears(room, "English", sender=bot.session.user_id)
    waiting = asyncio.Event()
    loop = asyncio.get_running_loop()
    read = console._wait_for_comparison

    def wait(*arguments: Any) -> Any:
        loop.call_soon_threadsafe(waiting.set)
        return read(*arguments)

    monkeypatch.setattr(console, "_wait_for_comparison", wait)
    for answer, code in (("no", 1), ("yes", 0)):
        monkeypatch.setattr("sys.stdin", io.StringIO(answer + "\n"))
        waiting.clear()
        asked = asyncio.create_task(asyncio.to_thread(console.verify, bot.config, texts, alice.user_id, 60))
        await waiting.wait()
        await verify(alice, bot, room)
        assert await asked == code
    bot.outgoing.wake()
    await bot.outgoing.idle()
    assert await counts_as_verified(bot, alice.user_id)
    assert await our_signature_of(bot, alice.user_id)


async def test_a_mismatch_or_cancellation_ends_cleanly_and_a_second_try_works(bots, js) -> None:
    bot = await bots.start()
    us = bot.session.user_id
    alice = await js("alice")
    room = await alice.dm(us)
    await alice.hears(room, "English", sender=us)
    await alice("verify_request", user_id=us, room_id=room)
    await alice("verify_state", until={"phase": "ready"})
    await alice("verify_sas", start=True)
    await alice("verify_mismatch")
    await alice("verify_state", until={"phase": "cancelled"})
    await alice("verify_request", user_id=us, room_id=room)
    await alice("verify_state", until={"phase": "ready"})
    await alice("verify_cancel")
    await alice("verify_state", until={"phase": "cancelled"})
    assert not await kept(bot, alice.user_id)
    await verify(alice, bot, room)
    assert await kept(bot, alice.user_id)


# ---- a peer that does not keep to the rules ------------------------------------------------------------------------


class Peer:
    """The other side of a verification, built on vodozemac; every step can go wrong on demand."""

    def __init__(self, person: Any, bot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.person, self.bot = person, bot
        self.txn = "flow1"
        self.sent: list[tuple[str, dict[str, Any]]] = []
        monkeypatch.setattr(bot.engine, "send_to_device", self._took)

    async def _took(self, kind: str, messages: dict[str, Any]) -> None:
        for devices in messages.values():
            for content in devices.values():
                self.sent.append((kind, content))

    @property
    def last(self) -> tuple[str, dict[str, Any]]:
        return self.sent[-1]

    async def sends(self, step: str, sender: str | None = None, **content: Any) -> None:
        event = {
            "type": f"m.key.verification.{step}",
            "sender": sender or self.person.user_id,
            "content": {"transaction_id": self.txn, **content},
        }
        await self.bot.verifications.to_device(event)

    async def asks(self, **more: Any) -> None:
        now = int(self.bot.clock().timestamp() * 1000)
        content = {"from_device": self.person.engine.device_id, "methods": ["m.sas.v1"], "timestamp": now}
        await self.sends("request", **(content | more))

    async def starts(self, **more: Any) -> None:
        self.start = {
            "from_device": self.person.engine.device_id,
            "method": "m.sas.v1",
            "key_agreement_protocols": ["curve25519-hkdf-sha256"],
            "hashes": ["sha256"],
            "message_authentication_codes": ["hkdf-hmac-sha256.v2"],
            "short_authentication_string": ["emoji", "decimal"],
        } | more
        await self.sends("start", **self.start)

    async def gives_key(self) -> None:
        self.sas = vodozemac.Sas()
        self.public = self.sas.public_key.to_base64()
        await self.sends("key", key=self.public)
        key = next(c["key"] for k, c in self.sent if k == "m.key.verification.key")
        self.established = self.sas.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(key))

    async def gives_mac(self, *, spoil: str = "") -> None:
        us = self.bot.engine.user_id + self.bot.engine.device_id
        them = self.person.user_id + self.person.engine.device_id
        base = f"MATRIX_KEY_VERIFICATION_MAC{them}{us}{self.txn}"
        keys = {
            f"ed25519:{self.person.engine.device_id}": self.person.engine.identity_keys["ed25519"],
            f"ed25519:{self.person.identity.master}": self.person.identity.master,
        }
        if spoil == "only-master":
            keys.pop(f"ed25519:{self.person.engine.device_id}")
        macs = {k: self.established.calculate_mac(v, base + k) for k, v in keys.items()}
        if spoil == "tag":
            macs = {k: b64(b"\0" * 32) for k in macs}
        ids = self.established.calculate_mac(",".join(sorted(keys)), base + "KEY_IDS")
        await self.sends("mac", mac=macs, keys=b64(b"\0" * 32) if spoil == "ids" else ids)


async def test_the_whole_handshake_by_hand_and_everything_that_can_be_wrong_in_it(bots, enter, monkeypatch) -> None:
    bot, person = await bots.start(), await enter("peer")
    for spoil, code in (("tag", "m.key_mismatch"), ("ids", "m.key_mismatch"), ("only-master", "m.key_mismatch")):
        peer = Peer(person, bot, monkeypatch)
        peer.txn = spoil
        await peer.asks()
        await peer.starts()
        await peer.gives_key()
        await peer.gives_mac(spoil=spoil)
        assert peer.last[0] == "m.key.verification.cancel"
        assert peer.last[1]["code"] == code
        assert not await kept(bot, person.user_id)
        assert spoil not in bot.verifications.flows
    bot.verifications._requests.clear()
    peer = Peer(person, bot, monkeypatch)
    peer.txn = "good"
    await peer.asks()
    assert peer.last[0] == "m.key.verification.ready"
    await peer.starts()
    accept = peer.last[1]
    await peer.gives_key()
    key = next(c["key"] for k, c in peer.sent if k == "m.key.verification.key")
    digest = __import__("hashlib").sha256(key.encode() + canonical({"transaction_id": "good", **peer.start})).digest()
    assert accept["commitment"] == b64(digest)
    await peer.gives_mac()
    assert peer.last[0] == "m.key.verification.done"
    assert (await kept(bot, person.user_id))[0].master == person.identity.master


@pytest.mark.parametrize(
    ("start", "code"),
    [
        ({"method": "m.qr_code.scan.v1"}, "m.unknown_method"),
        ({"key_agreement_protocols": []}, "m.unknown_method"),
        ({"hashes": None}, "m.unknown_method"),
        ({"message_authentication_codes": ["none"]}, "m.unknown_method"),
        ({"short_authentication_string": []}, "m.unknown_method"),
        ({"from_device": "OTHER"}, "m.unexpected_message"),
        ({"unsigned": {}}, "m.invalid_message"),
    ],
)
async def test_a_start_that_does_not_fit_is_refused_and_the_next_one_works(
    bots, enter, monkeypatch, start: dict[str, Any], code: str
) -> None:
    bot, person = await bots.start(), await enter("peer")
    peer = Peer(person, bot, monkeypatch)
    await peer.asks()
    await peer.starts(**start)
    assert peer.last == ("m.key.verification.cancel", {"code": code, "reason": code, "transaction_id": "flow1"})
    peer.txn = "flow2"
    await peer.asks()
    await peer.starts()
    assert peer.last[0] == "m.key.verification.accept"


async def test_steps_out_of_order_from_others_or_malformed_change_nothing(bots, enter, monkeypatch) -> None:
    bot, person = await bots.start(), await enter("peer")
    peer = Peer(person, bot, monkeypatch)
    await peer.sends("start", method="m.sas.v1")  # of no flow
    await peer.sends("mac", mac={}, keys="x")
    assert not peer.sent
    await peer.asks(timestamp=0)
    await peer.asks(timestamp="now")
    await peer.asks(methods=["m.qr_code.show.v1"])
    assert not peer.sent
    await peer.asks()
    await peer.sends("start", sender="@stranger:localhost", from_device=person.engine.device_id)
    assert peer.last[0] == "m.key.verification.ready"
    await peer.sends("key", key="x")  # before the start
    assert peer.last[1]["code"] == "m.unexpected_message"
    peer.txn = "flow2"
    await peer.asks()
    await peer.starts()
    await peer.sends("key", key="not a key")
    assert peer.last[1]["code"] == "m.invalid_message"
    peer.txn = "flow3"
    await peer.asks()
    assert peer.last[0] == "m.key.verification.ready"


async def test_two_requests_at_once_a_request_taken_back_and_time_outs(bots, enter, monkeypatch) -> None:
    bot, person = await bots.start(), await enter("peer")
    peer = Peer(person, bot, monkeypatch)
    await peer.asks()
    peer.txn = "flow2"
    await peer.asks()
    assert [c.get("code") for k, c in peer.sent if k.endswith("cancel")] == ["m.user"]
    assert list(bot.verifications.flows) == ["flow2"]
    await peer.sends("cancel", code="m.user")
    assert not bot.verifications.flows
    peer.txn = "flow3"
    await peer.asks()
    monkeypatch.setattr(verification, "FLOW_SECONDS", 0.0)
    await bot.verifications.expire()
    assert peer.last[1]["code"] == "m.timeout"
    monkeypatch.setattr(verification, "FLOW_SECONDS", 600.0)
    peer.txn = "flow4"
    await peer.asks()
    await peer.starts()
    assert peer.last[0] == "m.key.verification.accept"
    for number in range(20):  # somebody who asks without end is heard a few times
        peer.txn = f"many{number}"
        await peer.asks()
    assert len(peer.sent) < 20
