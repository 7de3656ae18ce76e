"""Files as streams: encrypted while they are uploaded, checked before they are used; memory does not grow with them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO, Any

from bot.errors import UserError
from bot.matrix.http import Http, MatrixError, Unreachable, json_object, quoted
from bot.message import Attachment
from bot.seal import AttachmentEncryptor, AttachmentKey, same

CHUNK = 1024 * 1024
MXC = re.compile(r"mxc://([^/\s]{1,255})/([A-Za-z0-9_\-]{1,255})")
SLOWEST = 20_000  # bytes a second; what is slower than this ends at its deadline
PATIENCE = 300.0  # seconds for the first byte of a file that is passed on: our server first fetches it from theirs


class MediaError(UserError):
    """A file could not be fetched or sent; says why to the person."""


class Media:
    """Uploads and downloads for one account."""

    def __init__(self, http: Http, limit_bytes: int) -> None:
        self.http = http
        self.limit_bytes = limit_bytes
        self._server_limit: int | None = None

    async def server_limit(self) -> int:
        """The largest file that our server takes, in bytes."""
        if self._server_limit is None:
            answer = await self.http.call("GET", "/media/config", prefix="/_matrix/client/v1")
            size = answer.get("m.upload.size")
            self._server_limit = size if type(size) is int and size > 0 else 50 * 1024 * 1024
        return self._server_limit

    async def upload(self, path: Path) -> tuple[dict[str, Any], int]:
        """Send a file encrypted. Returns the `file` object of the event and the plain size in bytes.

        Raises MediaError when it is too big for the server, MatrixError when the server does not take it.
        """
        with path.open("rb") as file:
            return await self._upload(file, path.stat().st_size)

    async def pass_on(self, source: Mapping[str, Any], limit_bytes: int) -> tuple[dict[str, Any], int]:
        """Send a file that somebody sent again, under a new key: `source` has mxc, key (its `file` object) and size.

        Only its ciphertext touches the disk, in a file without a name that a kill removes; it is checked whole before
        anything of it is sent. Raises MediaError and MatrixError.
        """
        found = MXC.fullmatch(str(source["mxc"]))
        try:
            key = AttachmentKey.parse(source["key"])
        except ValueError as error:
            raise MediaError("media-broken") from error
        if found is None:
            raise MediaError("media-broken")
        with tempfile.TemporaryFile() as spool:
            digest, size = await self._spool(found[1], found[2], spool, min(limit_bytes, self.limit_bytes))
            if not same(digest, key.sha256):
                raise MediaError("media-broken")
            spool.seek(0)
            return await self._upload(spool, size, key.decryptor())

    @asynccontextmanager
    async def spooled(
        self, source: Mapping[str, Any], limit_bytes: int
    ) -> AsyncIterator[tuple[IO[bytes], AttachmentKey]]:
        """The ciphertext of a file that somebody sent (`source` has mxc and key), and what opens it.

        It lies in a file without a name that a kill removes. What came without encryption is encrypted as it arrives,
        under a key held in memory. Raises MediaError and MatrixError.
        """
        found = MXC.fullmatch(str(source["mxc"]))
        try:
            key = AttachmentKey.parse(source["key"]) if source["key"] is not None else None
        except ValueError as error:
            raise MediaError("media-broken") from error
        if found is None:
            raise MediaError("media-broken")
        limit = min(limit_bytes, self.limit_bytes)
        with tempfile.TemporaryFile() as spool:
            if key is not None:
                digest, _ = await self._spool(found[1], found[2], spool, limit)
                if not same(digest, key.sha256):
                    raise MediaError("media-broken")
            else:
                encryptor = AttachmentEncryptor()
                await self._spool(found[1], found[2], spool, limit, encryptor.update)
                key = AttachmentKey.parse(encryptor.file_object("mxc://x/x"))
            spool.seek(0)
            yield spool, key

    async def _spool(
        self, server: str, media_id: str, spool: IO[bytes], limit: int, change: Callable[[bytes], bytes] = bytes
    ) -> tuple[bytes, int]:
        """The file as it comes, in `spool`, after `change` of each chunk; its own SHA-256 and size."""
        path = f"/_matrix/client/v1/media/download/{quoted(server, media_id)}"
        digest, total = hashlib.sha256(), 0
        begun = asyncio.get_running_loop().time()
        try:
            async with (
                asyncio.timeout(PATIENCE) as slow,
                self.http.stream(path, deadline=PATIENCE + limit / SLOWEST) as answer,
            ):
                async for chunk in answer.content.iter_chunked(CHUNK):
                    total += len(chunk)
                    slow.reschedule(begun + PATIENCE + total / SLOWEST)  # a server may send a byte now and then
                    if total > limit:
                        raise MediaError("media-too-big", megabytes=limit // 1024**2)
                    digest.update(chunk)
                    await asyncio.to_thread(spool.write, change(chunk))
        except TimeoutError:
            raise Unreachable(0, "TOO_SLOW") from None
        return digest.digest(), total

    async def _upload(
        self, file: IO[bytes], size: int, opened: Callable[[bytes], bytes] = bytes
    ) -> tuple[dict[str, Any], int]:
        """Send what `file` holds, after `opened` of each chunk, encrypted."""
        if size > await self.server_limit():
            raise MediaError("media-too-big", megabytes=(await self.server_limit()) // 1024**2)
        encryptor = AttachmentEncryptor()

        def change(chunk: bytes) -> bytes:
            return encryptor.update(opened(chunk))

        async def body() -> AsyncIterator[bytes]:
            # Reading and encrypting in a thread, one chunk ahead of the network.
            coming = asyncio.ensure_future(asyncio.to_thread(_next_chunk, file, change))
            try:
                while chunk := await coming:
                    coming = asyncio.ensure_future(asyncio.to_thread(_next_chunk, file, change))
                    yield chunk
            finally:
                coming.cancel()

        status, _, data = await self.http.once(
            "POST",
            "/_matrix/media/v3/upload",
            raw=body(),
            headers={"Content-Type": "application/octet-stream", "Content-Length": str(size)},
            deadline=60 + size / SLOWEST,
        )
        mxc = ""
        if status == 200:
            mxc = str((json_object(data) or {}).get("content_uri", ""))
        if not MXC.fullmatch(mxc):
            raise MatrixError(status, str((json_object(data) or {}).get("errcode", "M_UNKNOWN"))[:60])
        return encryptor.file_object(mxc), size

    async def download(self, attachment: Attachment, target: Path) -> int:
        """Fetch a file to `target`, checked and decrypted; nothing stands there before the hash was right.

        Returns the plain size in bytes. Raises MediaError (with what to tell the person) or MatrixError.
        """
        found = MXC.fullmatch(attachment.mxc)
        if found is None:
            raise MediaError("media-broken")
        key = None
        if attachment.key is not None:
            try:
                key = AttachmentKey.parse(attachment.key)
            except ValueError as error:
                raise MediaError("media-broken") from error
        if attachment.size > self.limit_bytes:
            raise MediaError("media-too-big", megabytes=self.limit_bytes // 1024**2)
        part = target.with_name(target.name + ".part")
        try:
            digest = await self._fetch(found[1], found[2], part, key)
            if key is not None and not same(digest, key.sha256):
                raise MediaError("media-broken")
            await asyncio.to_thread(part.replace, target)
            return target.stat().st_size
        finally:
            part.unlink(missing_ok=True)

    async def _fetch(self, server: str, media_id: str, part: Path, key: AttachmentKey | None) -> bytes:
        """The file, decrypted as it comes, in `part`; the SHA-256 of the bytes that came."""
        path = f"/_matrix/client/v1/media/download/{quoted(server, media_id)}"
        deadline = 60 + self.limit_bytes / SLOWEST
        too_big = MediaError("media-too-big", megabytes=self.limit_bytes // 1024**2)
        async with self.http.stream(path, deadline=deadline) as answer:
            if (answer.content_length or 0) > self.limit_bytes:
                raise too_big
            fd = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(fd, "wb") as file:
                digest, decrypt = hashlib.sha256(), key.decryptor() if key else None
                writing: asyncio.Future[int] | None = None
                total, held = 0, bytearray()
                try:
                    # Hashing and decrypting a network chunk takes microseconds; only the disk may make us wait.
                    async for chunk in answer.content.iter_any():
                        total += len(chunk)
                        if total > self.limit_bytes:
                            raise too_big
                        digest.update(chunk)
                        held += decrypt(chunk) if decrypt else chunk
                        if len(held) >= CHUNK:
                            if writing is not None:
                                await writing
                            writing = asyncio.ensure_future(asyncio.to_thread(file.write, held))
                            held = bytearray()
                finally:
                    if writing is not None:
                        await writing
                await asyncio.to_thread(file.write, held)
        return digest.digest()


def _next_chunk(file: Any, update: Callable[[bytes], bytes]) -> bytes:
    data = file.read(CHUNK)
    return update(data) if data else b""
