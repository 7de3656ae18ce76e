"""The bot's own cross-signing identity: made without a human, signed, kept sealed, opened again by a recovery key.

What counts is what the server shows: it is what other people's clients see (spec: cross-signing, secret storage).
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import StartError
from bot.log import logger
from bot.matrix.engine import Engine
from bot.matrix.fence import mapping, text
from bot.matrix.http import Http, MatrixError, quoted
from bot.seal import (
    SealError,
    SigningKey,
    b64,
    canonical,
    recovery_key_bytes,
    recovery_key_text,
    secret_decrypt,
    secret_encrypt,
    signed_by,
    unb64,
    write_private,
)
from bot.store.db import Database
from bot.store.meta import get_secret, set_secret

log = logger(__name__)

_SECRETS = {
    "master": "m.cross_signing.master",
    "self_signing": "m.cross_signing.self_signing",
    "user_signing": "m.cross_signing.user_signing",
}


@dataclass(frozen=True)
class Keys:
    """The three private keys of an identity."""

    master: SigningKey
    self_signing: SigningKey
    user_signing: SigningKey

    @classmethod
    def new(cls) -> Keys:
        return cls(SigningKey.new(), SigningKey.new(), SigningKey.new())

    def pack(self) -> bytes:
        return json.dumps({name: getattr(self, name).seed.hex() for name in _SECRETS}).encode()

    @classmethod
    def unpack(cls, data: bytes) -> Keys:
        seeds = json.loads(data)
        return cls(*(SigningKey(bytes.fromhex(seeds[name])) for name in _SECRETS))


class Identity:
    """Our identity on the server. `recovery_file` receives, or holds, the recovery key."""

    def __init__(self, http: Http, engine: Engine, db: Database, recovery_file: Path) -> None:
        self.http = http
        self.engine = engine
        self.db = db
        self.recovery_file = recovery_file
        self.keys: Keys
        self.created = False

    @property
    def user_id(self) -> str:
        return self.engine.user_id

    @property
    def master(self) -> str:
        """Our public master key."""
        return self.keys.master.public

    # ---- at start -------------------------------------------------------------------------------------------------

    async def ensure(self, recovery_key: str | None = None) -> None:
        """Have an identity that the server shows and that signs this device; harmless to repeat.

        `recovery_key` opens the identity of an account that has one already. Raises StartError: an identity that we
        cannot open is never replaced silently.
        """
        kept = await self.kept()
        shown = await self._shown()
        master = _public(shown.get("master"))
        if kept is not None and master in (None, kept.master.public):
            self.keys = kept
        elif master is not None:
            self.keys = await self._recover(master, recovery_key)
        else:
            self.keys = Keys.new()
            await self._keep(self.keys)  # before anybody can see them
        if master is None:
            await self._upload()
            self.created = True
            shown = await self._shown()
        await self._sign_device(shown)
        await self._ensure_secret_storage()
        await self._no_key_backup()

    async def kept(self) -> Keys | None:
        """The identity that we made or opened before, if any."""

        def read(tx: Any) -> Keys | None:
            sealed = get_secret(tx, "cross-signing")
            return None if sealed is None else Keys.unpack(tx.keys.open_with("identity", "cross-signing", sealed))

        return await self.db.run(read)

    async def _keep(self, keys: Keys) -> None:
        await self.db.run(
            lambda tx: set_secret(tx, "cross-signing", tx.keys.seal_with("identity", "cross-signing", keys.pack()))
        )

    async def _shown(self) -> dict[str, Any]:
        """Our own keys as the server shows them to everybody."""
        answer = await self.http.call("POST", "/keys/query", {"device_keys": {self.user_id: []}, "timeout": 10_000})
        return {
            "master": mapping(answer.get("master_keys")).get(self.user_id),
            "self_signing": mapping(answer.get("self_signing_keys")).get(self.user_id),
            "user_signing": mapping(answer.get("user_signing_keys")).get(self.user_id),
            "device": mapping(mapping(answer.get("device_keys")).get(self.user_id)).get(self.engine.device_id),
        }

    def _key_object(self, usage: str, key: SigningKey) -> dict[str, Any]:
        return {"user_id": self.user_id, "usage": [usage], "keys": {f"ed25519:{key.public}": key.public}}

    async def _upload(self) -> None:
        """All three keys at once: one that is missing could later be added only by a human (MATRIX.md, section 2)."""
        master = self._key_object("master", self.keys.master)
        device = {f"ed25519:{self.engine.device_id}": self.engine.sign(canonical(master))}
        body: dict[str, Any] = {"master_key": {**master, "signatures": {self.user_id: device}}}
        for usage in ("self_signing", "user_signing"):
            value = self._key_object(usage, getattr(self.keys, usage))
            signature = {f"ed25519:{self.master}": self.keys.master.sign_json(value)}
            body[f"{usage}_key"] = {**value, "signatures": {self.user_id: signature}}
        try:
            await self.http.call("POST", "/keys/device_signing/upload", body)
        except MatrixError as error:
            if error.status == 401:
                raise StartError("identity-needs-human") from None
            raise

    async def _sign_device(self, shown: dict[str, Any]) -> None:
        device = mapping(shown["device"])
        if mapping(device.get("keys")) != self.engine.device_keys():
            raise StartError("device-keys-differ")
        ssk = self.keys.self_signing
        if signed_by(device, self.user_id, ssk.public, ssk.public):
            return
        bare = {k: v for k, v in device.items() if k not in ("signatures", "unsigned")}
        await self._upload_signature(self.engine.device_id, bare, ssk)

    async def _upload_signature(self, key: str, value: dict[str, Any], signer: SigningKey, user: str = "") -> None:
        signature = {self.user_id: {f"ed25519:{signer.public}": signer.sign_json(value)}}
        body = {user or self.user_id: {key: {**value, "signatures": signature}}}
        answer = await self.http.call("POST", "/keys/signatures/upload", body)
        if answer.get("failures"):
            raise MatrixError(200, "SIGNATURE_REFUSED")

    async def sign_user(self, user_id: str, master: str) -> None:
        """State on the server that `master` is this user's key. Raises MatrixError when they have another one now."""
        answer = await self.http.call("POST", "/keys/query", {"device_keys": {user_id: []}, "timeout": 10_000})
        shown = mapping(mapping(answer.get("master_keys")).get(user_id))
        if _public(shown) != master:
            raise MatrixError(200, "IDENTITY_CHANGED")
        bare = {k: v for k, v in shown.items() if k not in ("signatures", "unsigned")}
        await self._upload_signature(master, bare, self.keys.user_signing, user_id)

    # ---- secret storage and recovery ------------------------------------------------------------------------------

    async def _account_data(self, name: str) -> dict[str, Any] | None:
        try:
            return await self.http.call("GET", f"/user/{quoted(self.user_id)}/account_data/{quoted(name)}")
        except MatrixError as error:
            if error.status == 404:
                return None
            raise

    async def _put_account_data(self, name: str, content: dict[str, Any]) -> None:
        await self.http.call("PUT", f"/user/{quoted(self.user_id)}/account_data/{quoted(name)}", content)

    async def _ensure_secret_storage(self) -> None:
        """Put the private keys where a client with the recovery key finds them, unless that was done before."""
        default = mapping(await self._account_data("m.secret_storage.default_key"))
        if text(default.get("key")) and mapping(await self._account_data(_SECRETS["master"])).get("encrypted"):
            return
        if self.recovery_file.exists():  # of a start that was killed between here and the last line
            try:
                raw = recovery_key_bytes(self.recovery_file.read_text())
            except ValueError:
                raise StartError("recovery-file-exists", file=str(self.recovery_file)) from None
        else:
            raw = secrets.token_bytes(32)
            # Written before it is used: the server's copy must never hang on a key that a crash has lost.
            write_private(self.recovery_file, (recovery_key_text(raw) + "\n").encode())
        key_id = secrets.token_urlsafe(24)
        check = secret_encrypt(raw, "", b"\0" * 32)
        await self._put_account_data(
            f"m.secret_storage.key.{key_id}",
            {"algorithm": "m.secret_storage.v1.aes-hmac-sha2", "iv": check["iv"], "mac": check["mac"]},
        )
        for name, event_type in _SECRETS.items():
            seed = b64(getattr(self.keys, name).seed).encode()
            content = {"encrypted": {key_id: secret_encrypt(raw, event_type, seed)}}
            await self._put_account_data(event_type, content)
        await self._put_account_data("m.secret_storage.default_key", {"key": key_id})

    async def _recover(self, master: str, recovery_key: str | None) -> Keys:
        if recovery_key is None and self.recovery_file.exists():
            recovery_key = self.recovery_file.read_text().strip()
        if not recovery_key:
            raise StartError("identity-exists", file=str(self.recovery_file))
        keys = await self.open_secret_storage(recovery_key)
        if keys.master.public != master:
            raise StartError("recovery-key-wrong")
        await self._keep(keys)
        return keys

    async def open_secret_storage(self, recovery_key: str) -> Keys:
        """The private keys that the server keeps under a recovery key. Raises StartError when it does not fit."""
        try:
            raw = recovery_key_bytes(recovery_key)
            default = mapping(await self._account_data("m.secret_storage.default_key"))
            key_id = text(default.get("key"))
            about = mapping(await self._account_data(f"m.secret_storage.key.{key_id}"))
            if secret_encrypt(raw, "", b"\0" * 32, unb64(about["iv"]))["mac"] != about["mac"].rstrip("="):
                raise StartError("recovery-key-wrong")
            seeds = []
            for event_type in _SECRETS.values():
                kept = mapping(await self._account_data(event_type))
                seeds.append(unb64(secret_decrypt(raw, event_type, kept["encrypted"][key_id]).decode()))
        except (ValueError, KeyError, TypeError, AttributeError, SealError):
            raise StartError("recovery-key-wrong") from None
        return Keys(*(SigningKey(seed) for seed in seeds))

    async def _no_key_backup(self) -> None:
        """A backup of room keys on the server would keep what we destroy."""
        if await self.has_key_backup():
            log.error("the account has a key backup on the server")

    async def has_key_backup(self) -> bool:
        try:
            await self.http.call("GET", "/room_keys/version")
        except MatrixError as error:
            if error.status in (404, 400):
                return False
            raise
        return True

    # ---- afterwards -----------------------------------------------------------------------------------------------

    async def problems(self) -> list[str]:
        """What is wrong with our identity as the server shows it now; names of sentences of the `doctor` catalogue."""
        shown = await self._shown()
        found = []
        if _public(shown.get("master")) != self.master:
            found.append("doctor-master-changed")
        if mapping(mapping(shown["device"]).get("keys")) != self.engine.device_keys():
            found.append("doctor-device-differs")
        elif not signed_by(shown["device"], self.user_id, self.keys.self_signing.public, self.keys.self_signing.public):
            found.append("doctor-device-unsigned")
        ssk = shown.get("self_signing")
        if _public(ssk) != self.keys.self_signing.public or not signed_by(ssk, self.user_id, self.master, self.master):
            found.append("doctor-self-signing")
        if _public(shown.get("user_signing")) != self.keys.user_signing.public:
            found.append("doctor-user-signing")
        if await self.has_key_backup():
            found.append("doctor-key-backup")
        return found


def _public(key: Any) -> str | None:
    keys = mapping(mapping(key).get("keys"))
    return str(next(iter(keys.values()))) if len(keys) == 1 else None
