"""Answering emoji verification (SAS), to-device and in rooms (spec: m.key.verification.*, m.sas.v1).

The bot confirms its own side at once, so that the other's client can show it as verified. That proves nothing to us:
what the emoji were is handed to `on_compared`, and only a human on our side who compared them makes the other verified.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import vodozemac
from nio.crypto.sas import Sas as NioSas

from bot.log import logger
from bot.matrix.engine import Engine
from bot.matrix.fence import fenced, listing, mapping, text
from bot.matrix.http import MatrixError
from bot.matrix.identity import Identity
from bot.seal import b64, canonical

log = logger(__name__)

EMOJI: list[tuple[str, str]] = list(NioSas.emoji)
AGREEMENT, HASH = "curve25519-hkdf-sha256", "sha256"
MACS = ("hkdf-hmac-sha256.v2", "hkdf-hmac-sha256")
REQUEST_AGE = (-600.0, 300.0)  # seconds: how old, and how far in the future, a request may be
FLOW_SECONDS = 600.0
MOST_FLOWS = 50
MOST_PER_USER = 6  # new requests of one user in FLOW_SECONDS

# (user id, master key that was compared, emoji symbols and decimals)
Compared = Callable[[str, str | None, list[str]], Awaitable[None]]
SendInRoom = Callable[[str, str, dict[str, Any]], Awaitable[None]]


@dataclass
class Flow:
    """One verification under way."""

    id: str
    user_id: str
    device_id: str
    room_id: str | None
    started: float
    state: str = "ready"
    sas: Any = None
    established: Any = None
    our_key: str = ""
    mac_method: str = ""
    their_mac: dict[str, Any] | None = None
    emoji: list[str] = field(default_factory=list)


class Refused(Exception):
    """End the flow with this code of the spec."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Verifications:
    """All verifications under way. `send_in_room` sends an event to a room as it is, encrypted if the room is."""

    def __init__(self, engine: Engine, identity: Identity, send_in_room: SendInRoom, on_compared: Compared) -> None:
        self.engine = engine
        self.identity = identity
        self.send_in_room = send_in_room
        self.on_compared = on_compared
        self.flows: dict[str, Flow] = {}
        self._requests: dict[str, list[float]] = {}

    # ---- what comes in --------------------------------------------------------------------------------------------

    async def to_device(self, event: dict[str, Any]) -> None:
        """A verification message to our device."""
        kind, sender, content = event["type"], event["sender"], event["content"]
        flow_id = text(content.get("transaction_id"))
        with fenced("verification"):
            if kind == "m.key.verification.request":
                await self._request(sender, content, None, flow_id, content.get("timestamp"))
            else:
                await self._step(sender, kind, content, None, flow_id)

    async def in_room(
        self, room_id: str, event_id: str, sender: str, kind: str, content: dict[str, Any], at: Any
    ) -> None:
        """A verification event in a room (clients send them encrypted or in clear)."""
        with fenced("verification"):
            if kind == "m.room.message":
                if content.get("to") == self.engine.user_id:
                    await self._request(sender, content, room_id, event_id, at)
            else:
                relates = mapping(content.get("m.relates_to"))
                await self._step(sender, kind, content, room_id, text(relates.get("event_id")))

    async def _request(self, sender: str, content: dict[str, Any], room_id: str | None, flow_id: str, at: Any) -> None:
        device_id = text(content.get("from_device"))
        if not flow_id or not device_id or "m.sas.v1" not in listing(content.get("methods")):
            return
        if not isinstance(at, int) or not REQUEST_AGE[0] < at / 1000 - time.time() < REQUEST_AGE[1]:
            return
        if flow_id in self.flows or sender == self.engine.user_id:
            return
        now = time.monotonic()
        recent = [t for t in self._requests.get(sender, []) if now - t < FLOW_SECONDS]
        if len(recent) >= MOST_PER_USER:
            return
        self._requests[sender] = [*recent, now]
        await self.expire()
        for other in [f for f in self.flows.values() if f.user_id == sender]:
            await self._cancel(other, "m.user")  # the newest request is the one in front of them
        if len(self.flows) >= MOST_FLOWS:
            return
        flow = Flow(flow_id, sender, device_id, room_id, now)
        self.flows[flow.id] = flow
        ready = {"from_device": self.engine.device_id, "methods": ["m.sas.v1"]}
        await self._send(flow, "m.key.verification.ready", ready)

    async def _step(self, sender: str, kind: str, content: dict[str, Any], room_id: str | None, flow_id: str) -> None:
        flow = self.flows.get(flow_id)
        if flow is None or flow.user_id != sender or flow.room_id != room_id:
            return
        step = {
            "m.key.verification.start": self._start,
            "m.key.verification.key": self._key,
            "m.key.verification.mac": self._mac,
            "m.key.verification.cancel": self._cancelled,
            "m.key.verification.done": self._done,
        }.get(kind)
        if step is None:
            return
        try:
            await step(flow, content)
        except Refused as refusal:
            await self._cancel(flow, refusal.code)
        except (MatrixError, asyncio.CancelledError):
            raise
        except BaseException:  # a malformed key or number in it
            await self._cancel(flow, "m.invalid_message")
            raise

    async def _start(self, flow: Flow, content: dict[str, Any]) -> None:
        if flow.state != "ready" or content.get("from_device") != flow.device_id:
            raise Refused("m.unexpected_message")
        offered = listing(content.get("message_authentication_codes"))
        flow.mac_method = next((m for m in MACS if m in offered), "")
        short = [s for s in ("decimal", "emoji") if s in listing(content.get("short_authentication_string"))]
        if (
            content.get("method") != "m.sas.v1"
            or AGREEMENT not in listing(content.get("key_agreement_protocols"))
            or HASH not in listing(content.get("hashes"))
            or not flow.mac_method
            or not short
        ):
            raise Refused("m.unknown_method")
        flow.sas = vodozemac.Sas()
        flow.our_key = flow.sas.public_key.to_base64()
        commitment = b64(hashlib.sha256(flow.our_key.encode() + _canonical_all(content)).digest())
        flow.state = "accepted"
        accept = {
            "method": "m.sas.v1",
            "key_agreement_protocol": AGREEMENT,
            "hash": HASH,
            "message_authentication_code": flow.mac_method,
            "short_authentication_string": short,
            "commitment": commitment,
        }
        await self._send(flow, "m.key.verification.accept", accept)

    async def _key(self, flow: Flow, content: dict[str, Any]) -> None:
        if flow.state != "accepted":
            raise Refused("m.unexpected_message")
        theirs = text(content.get("key"), 64)
        flow.established = flow.sas.diffie_hellman(vodozemac.Curve25519PublicKey.from_base64(theirs))
        flow.state = "compared"
        await self._send(flow, "m.key.verification.key", {"key": flow.our_key})
        us = f"{self.engine.user_id}|{self.engine.device_id}|{flow.our_key}"
        info = f"MATRIX_KEY_VERIFICATION_SAS|{flow.user_id}|{flow.device_id}|{theirs}|{us}|{flow.id}"
        short = flow.established.bytes(info)
        flow.emoji = [EMOJI[i][0] for i in short.emoji_indices] + [str(n) for n in short.decimals]
        await self._send_mac(flow)

    def _tag(self, flow: Flow, data: str, info: str) -> str:
        make = flow.established.calculate_mac
        if flow.mac_method == MACS[1]:
            make = flow.established.calculate_mac_invalid_base64
        return str(make(data, info))

    async def _send_mac(self, flow: Flow) -> None:
        us, them = self.engine.user_id + self.engine.device_id, flow.user_id + flow.device_id
        base = f"MATRIX_KEY_VERIFICATION_MAC{us}{them}{flow.id}"
        keys = {
            f"ed25519:{self.engine.device_id}": self.engine.identity_keys["ed25519"],
            f"ed25519:{self.identity.master}": self.identity.master,
        }
        macs = {key_id: self._tag(flow, key, base + key_id) for key_id, key in keys.items()}
        await self._send(
            flow,
            "m.key.verification.mac",
            {"mac": macs, "keys": self._tag(flow, ",".join(sorted(keys)), base + "KEY_IDS")},
        )

    async def _mac(self, flow: Flow, content: dict[str, Any]) -> None:
        if flow.state != "compared":
            raise Refused("m.unexpected_message")
        them, us = flow.user_id + flow.device_id, self.engine.user_id + self.engine.device_id
        base = f"MATRIX_KEY_VERIFICATION_MAC{them}{us}{flow.id}"
        macs = mapping(content.get("mac"))
        if not macs or self._tag(flow, ",".join(sorted(macs)), base + "KEY_IDS") != content.get("keys"):
            raise Refused("m.key_mismatch")
        user = (await self.engine.devices.fresh([flow.user_id], force=True))[0]
        known = {f"ed25519:{d.device_id}": d.ed25519 for d in user.devices.values() if not d.deleted}
        if user.master:
            known[f"ed25519:{user.master}"] = user.master
        checked = set()
        for key_id, tag in macs.items():
            if key_id in known:
                if self._tag(flow, known[key_id], base + key_id) != tag:
                    raise Refused("m.key_mismatch")
                checked.add(key_id)
        if f"ed25519:{flow.device_id}" not in checked:
            raise Refused("m.key_mismatch")
        flow.state = "done"
        await self._send(flow, "m.key.verification.done", {})
        master = user.master if user.master and f"ed25519:{user.master}" in checked else None
        await self.engine.flush()
        await self.on_compared(flow.user_id, master, flow.emoji)

    async def _cancelled(self, flow: Flow, _content: dict[str, Any]) -> None:
        self.flows.pop(flow.id, None)

    async def _done(self, flow: Flow, _content: dict[str, Any]) -> None:
        if flow.state == "done":
            self.flows.pop(flow.id, None)

    # ---- what goes out --------------------------------------------------------------------------------------------

    async def _send(self, flow: Flow, kind: str, content: dict[str, Any]) -> None:
        if flow.room_id is not None:
            relation = {"rel_type": "m.reference", "event_id": flow.id}
            await self.send_in_room(flow.room_id, kind, {**content, "m.relates_to": relation})
        else:
            message = {**content, "transaction_id": flow.id}
            await self.engine.send_to_device(kind, {flow.user_id: {flow.device_id: message}})

    async def _cancel(self, flow: Flow, code: str) -> None:
        self.flows.pop(flow.id, None)
        if flow.state != "done":
            with fenced("verification cancel"):
                await self._send(flow, "m.key.verification.cancel", {"code": code, "reason": code})

    async def expire(self) -> None:
        """End flows that took too long, and forget old counts."""
        now = time.monotonic()
        for flow in [f for f in self.flows.values() if now - f.started > FLOW_SECONDS]:
            await self._cancel(flow, "m.timeout")
        self._requests = {u: t for u, t in self._requests.items() if now - t[-1] < FLOW_SECONDS}


def _canonical_all(content: dict[str, Any]) -> bytes:
    """Canonical JSON of a whole content; nothing in a start event is left out of the commitment."""
    if "signatures" in content or "unsigned" in content:
        raise ValueError("not a start event")
    return canonical(content)
