"""Everything that uses `cryptography` and `pyrage`: sealing at rest and for good, signatures, secret storage, files.

Keys live one a file in a folder of mode 0700, each replaceable by the environment (`LIAISON_KEY_STORE_1`, base64):
`store-N.key` seals columns, `pickle.key` nio's pickles, `identity.key` the cross-signing seeds, `lookup.key` keyed
hashes, `custody.key` signs.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Protocol

import pyrage
import vodozemac
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.x509 import load_pem_x509_certificates

from bot.errors import StartError


class SealError(Exception):
    """Something sealed cannot be opened: wrong key, another place than it was sealed for, or altered."""


def b64(data: bytes) -> str:
    """Unpadded base64, as Matrix writes it."""
    return base64.b64encode(data).decode().rstrip("=")


def unb64(text: str) -> bytes:
    """Base64 with or without padding, standard or URL-safe letters. Raises ValueError."""
    text = text.rstrip("=").replace("-", "+").replace("_", "/")
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


# ---- keys and columns ---------------------------------------------------------------------------------------------


OTHERS = ("pickle", "identity", "lookup", "custody")  # beside the store keys


class KeyRing:
    """The keys of one installation. Missing ones are made at first use; what exists is never replaced.

    `used`: something was sealed with these keys before, so that a missing one is a loss and none is made in its place.
    """

    def __init__(self, folder: Path, *, used: bool = False) -> None:
        self.folder = folder
        self._used = used
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        names = [f.name for f in folder.glob("store-*.key")] + list(os.environ)
        found = (re.fullmatch(r"store-(\d+)\.key|LIAISON_KEY_STORE_(\d+)", name) for name in names)
        numbers = {int(m[1] or m[2]) for m in found if m}
        self.current = max(numbers, default=1)
        self._store = {n: AESGCM(self.key(f"store-{n}")) for n in {*numbers, self.current}}

    def key(self, name: str) -> bytes:
        """The 32 bytes of the key `name`, made when it does not exist yet."""
        if value := os.environ.get("LIAISON_KEY_" + name.upper().replace("-", "_")):
            try:
                data = base64.b64decode(value)
            except ValueError:
                raise StartError("keys-damaged", name=name) from None
        else:
            path = self.folder / f"{name}.key"
            if not path.exists() and self._used and name.startswith(("store-", *OTHERS)):
                raise StartError("keys-missing", name=name)
            if not path.exists():
                with _alone_in(self.folder):  # another process may be making it at this moment
                    if not path.exists():
                        write_private(path, secrets.token_bytes(32))
            data = path.read_bytes()
        if len(data) != 32:
            raise StartError("keys-damaged", name=name)
        return data

    def make(self) -> None:
        """Make all keys, before there is a database that needs them."""
        for name in OTHERS:
            self.key(name)

    def seal(self, place: str, data: bytes) -> bytes:
        """`data` sealed so that it opens only at `place` ("table.column.row")."""
        nonce = os.urandom(12)
        number = self.current.to_bytes(2, "big")
        return number + nonce + self._store[self.current].encrypt(nonce, data, place.encode())

    def open(self, place: str, sealed: bytes) -> bytes:
        """What was sealed for `place`. Raises SealError."""
        cipher = self._store.get(int.from_bytes(sealed[:2], "big"))
        if cipher is None:
            raise SealError
        try:
            return cipher.decrypt(sealed[2:14], sealed[14:], place.encode())
        except InvalidTag as error:
            raise SealError from error

    def seal_with(self, name: str, place: str, data: bytes) -> bytes:
        """`data` sealed under the key `name` instead of a store key."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self.key(name)).encrypt(nonce, data, place.encode())

    def open_with(self, name: str, place: str, sealed: bytes) -> bytes:
        """What `seal_with` sealed. Raises SealError."""
        try:
            return AESGCM(self.key(name)).decrypt(sealed[:12], sealed[12:], place.encode())
        except InvalidTag as error:
            raise SealError from error

    def seal_json(self, place: str, value: Any) -> bytes:
        return self.seal(place, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def open_json(self, place: str, sealed: bytes) -> Any:
        return json.loads(self.open(place, sealed))

    def lookup(self, purpose: str, value: str) -> bytes:
        """A keyed hash by which `value` can be found again without keeping it."""
        return hmac.digest(self.key("lookup"), f"{purpose}\0{value}".encode(), "sha256")

    def signer(self) -> SigningKey:
        """The custody key, which signs what the bot states (the `about` text, later the custody log)."""
        return SigningKey(self.key("custody"))


def random_key() -> bytes:
    """A key for `seal_under`."""
    return secrets.token_bytes(32)


def seal_under(key: bytes, place: str, value: Any) -> bytes:
    """`value` as JSON, sealed under a key that lives no longer than what it seals."""
    nonce = os.urandom(12)
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return nonce + AESGCM(key).encrypt(nonce, data, place.encode())


def open_under(key: bytes, place: str, sealed: bytes) -> Any:
    """What `seal_under` sealed. Raises SealError."""
    try:
        return json.loads(AESGCM(key).decrypt(sealed[:12], sealed[12:], place.encode()))
    except (InvalidTag, ValueError) as error:
        raise SealError from error


def write_private(path: Path, data: bytes) -> None:
    """Write `path` whole or not at all, readable by its owner only, on disk before this returns."""
    part = path.with_name(path.name + ".part")
    fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Wait until no other process is in such a block for this folder."""
    fd = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def slow_hash(phrase: str, salt: bytes) -> bytes:
    """scrypt of a phrase that a person chose (about 50 ms): never inside a transaction."""
    return Scrypt(salt=salt, length=32, n=2**14, r=8, p=1).derive(phrase.encode())


def same(one: bytes, other: bytes) -> bool:
    """Equality in constant time."""
    return hmac.compare_digest(one, other)


# ---- signatures ---------------------------------------------------------------------------------------------------


def canonical(value: Mapping[str, Any]) -> bytes:
    """Matrix's canonical JSON of an object, without `signatures` and `unsigned` (spec appendix, signing JSON)."""
    bare = {k: v for k, v in value.items() if k not in ("signatures", "unsigned")}
    return json.dumps(bare, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


class SigningKey:
    """An Ed25519 key from its 32-byte seed."""

    def __init__(self, seed: bytes) -> None:
        self.seed = seed
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @classmethod
    def new(cls) -> SigningKey:
        return cls(secrets.token_bytes(32))

    @property
    def public(self) -> str:
        raw = self._key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return b64(raw)

    def sign(self, data: bytes) -> str:
        return b64(self._key.sign(data))

    def sign_json(self, value: Mapping[str, Any]) -> str:
        return self.sign(canonical(value))


_BAD_SIGNATURE = (vodozemac.SignatureException, vodozemac.KeyException)


def signed_by(value: Any, user_id: str, key_id: str, public: str) -> bool:
    """Whether the JSON object `value` carries `user_id`'s valid signature by the Ed25519 key `public`."""
    try:
        # vodozemac's check, because a room of hundreds has thousands of these and it takes half the time.
        signature = vodozemac.Ed25519Signature.from_base64(value["signatures"][user_id][f"ed25519:{key_id}"])
        vodozemac.Ed25519PublicKey.from_base64(public).verify_signature(canonical(value), signature)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, *_BAD_SIGNATURE):
        return False
    return True


# ---- Matrix secret storage (spec: m.secret_storage.v1.aes-hmac-sha2) ------------------------------------------------

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def recovery_key_text(raw: bytes) -> str:
    """A 32-byte key as people keep it (spec: cryptographic key representation)."""
    data = b"\x8b\x01" + raw
    parity = 0
    for byte in data:
        parity ^= byte
    number, text = int.from_bytes(data + bytes([parity]), "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def recovery_key_bytes(text: str) -> bytes:
    """The key in a recovery key that a person typed. Raises ValueError when it has a slip."""
    number = 0
    for letter in "".join(text.split()):
        number = number * 58 + _BASE58.index(letter)
    try:
        data = number.to_bytes(35, "big")
    except OverflowError as error:
        raise ValueError("too long") from error
    parity = 0
    for byte in data:
        parity ^= byte
    if parity or data[:2] != b"\x8b\x01":
        raise ValueError("not a recovery key")
    return data[2:34]


def _secret_keys(key: bytes, name: str) -> tuple[bytes, bytes]:
    both = HKDF(hashes.SHA256(), 64, b"\0" * 32, name.encode()).derive(key)
    return both[:32], both[32:]


def secret_encrypt(key: bytes, name: str, data: bytes, iv: bytes | None = None) -> dict[str, str]:
    """`data` as secret storage keeps it under the secret's `name`."""
    aes, mac = _secret_keys(key, name)
    start = bytearray(iv or os.urandom(16))
    start[8] &= 0x7F  # some AES-CTR implementations overflow here (spec)
    cipher = Cipher(algorithms.AES(aes), modes.CTR(bytes(start))).encryptor()
    text = cipher.update(data) + cipher.finalize()
    return {"iv": b64(bytes(start)), "ciphertext": b64(text), "mac": b64(hmac.digest(mac, text, "sha256"))}


def secret_decrypt(key: bytes, name: str, value: Mapping[str, str]) -> bytes:
    """Open what secret storage keeps under `name`. Raises SealError."""
    aes, mac = _secret_keys(key, name)
    try:
        text, iv, tag = unb64(value["ciphertext"]), unb64(value["iv"]), unb64(value["mac"])
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise SealError from error
    if not hmac.compare_digest(hmac.digest(mac, text, "sha256"), tag):
        raise SealError
    cipher = Cipher(algorithms.AES(aes), modes.CTR(iv)).decryptor()
    return cipher.update(text) + cipher.finalize()


# ---- attachments (spec: encrypted attachments, v2) -------------------------------------------------------------------


class AttachmentEncryptor:
    """Encrypts a file as it streams; `file_object` afterwards is what the event carries."""

    def __init__(self) -> None:
        self._key = os.urandom(32)
        self._iv = os.urandom(8) + b"\0" * 8
        self._cipher: CipherContext = Cipher(algorithms.AES(self._key), modes.CTR(self._iv)).encryptor()
        self._hash = hashlib.sha256()

    def update(self, chunk: bytes) -> bytes:
        out = self._cipher.update(chunk)
        self._hash.update(out)
        return out

    def file_object(self, mxc: str) -> dict[str, Any]:
        """The `file` of the event's content (call once, after the last chunk)."""
        key = base64.urlsafe_b64encode(self._key).decode().rstrip("=")
        return {
            "v": "v2",
            "url": mxc,
            "key": {"kty": "oct", "alg": "A256CTR", "ext": True, "k": key, "key_ops": ["encrypt", "decrypt"]},
            "iv": b64(self._iv),
            "hashes": {"sha256": b64(self._hash.digest())},
        }


@dataclass
class AttachmentKey:
    """What is needed to check and open an encrypted attachment. Raises ValueError for a malformed `file` object."""

    key: bytes
    iv: bytes
    sha256: bytes

    @classmethod
    def parse(cls, file: Any) -> AttachmentKey:
        try:
            if file["v"] != "v2" or file["key"]["alg"] != "A256CTR":
                raise ValueError("unknown attachment encryption")
            parsed = cls(unb64(file["key"]["k"]), unb64(file["iv"]), unb64(file["hashes"]["sha256"]))
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError("malformed attachment") from error
        if (len(parsed.key), len(parsed.iv), len(parsed.sha256)) != (32, 16, 32):
            raise ValueError("malformed attachment")
        return parsed

    def decryptor(self) -> Callable[[bytes], bytes]:
        """A function that decrypts the file piece by piece, in order."""
        update: Callable[[bytes], bytes] = Cipher(algorithms.AES(self.key), modes.CTR(self.iv)).decryptor().update
        return update


# ---- age: what is sealed for good (https://age-encryption.org/v1, X25519 recipients) ---------------------------------


class Readable(Protocol):
    """What a sealed stream is made from: `read` gives at most so many bytes, and none at the end."""

    def read(self, size: int, /) -> bytes: ...


class Writable(Protocol):
    """Where a sealed stream goes."""

    def write(self, data: bytes, /) -> int: ...

    def flush(self) -> None: ...


def is_age_key(text: str) -> bool:
    """Whether `text` is the public key of an X25519 recipient."""
    try:
        pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        return False
    return True


def new_age_key() -> tuple[str, str]:
    """A new identity as the stock `age` reads it, and its public key."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def age_public(identity: str) -> str:
    """The public key of an identity. Raises ValueError."""
    try:
        return str(pyrage.x25519.Identity.from_str(identity).to_public())
    except pyrage.IdentityError as error:
        raise ValueError("not an age identity") from error


def age_seal(source: Readable, target: Writable, recipients: Sequence[str]) -> None:
    """Seal a stream to all of `recipients`, each of whom can open it alone. Raises SealError."""
    try:
        pyrage.encrypt_io(source, target, [pyrage.x25519.Recipient.from_str(r) for r in recipients])
    except (pyrage.EncryptError, pyrage.RecipientError) as error:
        raise SealError from error


def age_open(source: Readable, target: Writable, identities: Sequence[str]) -> None:
    """Open a sealed stream with any of `identities`.

    Raises SealError: what `target` got until then is of the stream, but not the whole of it.
    """
    try:
        pyrage.decrypt_io(source, target, [pyrage.x25519.Identity.from_str(i) for i in identities])
    except (pyrage.DecryptError, pyrage.IdentityError) as error:
        raise SealError from error
    except OSError as error:
        if error.errno is not None:  # of the disk, not of the stream
            raise
        raise SealError from error


# ---- certificates of a timestamp service -----------------------------------------------------------------------------


def certificates(pem: bytes) -> tuple[list[Any], list[Any]]:
    """The roots (signed by themselves) and the others in a PEM file. Raises ValueError."""
    found = load_pem_x509_certificates(pem)
    return [c for c in found if c.issuer == c.subject], [c for c in found if c.issuer != c.subject]


# ---- words of a key ------------------------------------------------------------------------------------------------


def key_words(public: str, words: list[str]) -> str:
    """Eight words by which people compare a key over the telephone.

    64 bits of a slow hash: 256 words each, stretched by scrypt so that a look-alike key cannot be searched for.
    """
    return " ".join(words[byte] for byte in _words_digest(public))


@cache
def _words_digest(public: str) -> bytes:
    return Scrypt(salt=b"liaison key words", length=8, n=2**15, r=8, p=1).derive(public.encode())
