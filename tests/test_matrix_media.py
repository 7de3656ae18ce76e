"""Files, as streams: what is sent opens elsewhere, what comes is checked before it stands anywhere."""

from __future__ import annotations

import base64
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from nio.crypto import decrypt_attachment, encrypt_attachment

from bot.matrix.http import Http, MatrixError, Unreachable
from bot.matrix.media import Media, MediaError
from bot.message import Attachment

PLAIN = bytes(range(256)) * 12_000 + b"the end"  # three pieces, the last one short
LIMIT = 4 * 1024 * 1024


class Store:
    """A media repository: what was uploaded, and what it answers to downloads."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.tokens: list[str | None] = []
        self.upload_size: Any = LIMIT
        self.refusal = 0
        self.cut = False
        self.untold = False  # no Content-Length

    async def config(self, _request: web.Request) -> web.Response:
        return web.json_response({"m.upload.size": self.upload_size})

    async def upload(self, request: web.Request) -> web.Response:
        data = await request.read()
        if self.refusal:
            return web.json_response({"errcode": "M_TOO_LARGE"}, status=self.refusal)
        name = f"file{len(self.files)}"
        self.files[name] = data
        return web.json_response({"content_uri": f"mxc://example.org/{name}"})

    async def download(self, request: web.Request) -> web.StreamResponse:
        self.tokens.append(request.headers.get("Authorization"))
        data = self.files.get(request.match_info["name"])
        if data is None:
            return web.json_response({"errcode": "M_NOT_FOUND"}, status=404)
        answer = web.StreamResponse()
        if not self.untold:
            answer.content_length = len(data)
        await answer.prepare(request)
        await answer.write(data[: len(data) // 2])
        if self.cut:
            assert request.transport
            request.transport.abort()
            return answer
        await answer.write(data[len(data) // 2 :])
        return answer


@pytest.fixture
async def store() -> AsyncIterator[tuple[Store, Media]]:
    found = Store()
    app = web.Application(client_max_size=LIMIT * 2)
    app.router.add_get("/_matrix/client/v1/media/config", found.config)
    app.router.add_post("/_matrix/media/v3/upload", found.upload)
    app.router.add_get("/_matrix/client/v1/media/download/example.org/{name}", found.download)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    async with Http(f"http://{host}:{port}") as http:
        http.token = "secret"
        yield found, Media(http, LIMIT)
    await runner.cleanup()


def offered(store: Store, plain: bytes = PLAIN, **changes: Any) -> Attachment:
    """A file that somebody's client encrypted and uploaded."""
    cipher, keys = encrypt_attachment(plain)
    name = f"file{len(store.files)}"
    store.files[name] = cipher
    return Attachment(f"mxc://example.org/{name}", "file", **{"size": len(plain), "key": keys} | changes)


async def test_what_is_sent_leaves_only_in_cipher_and_opens_for_its_reader(
    store: tuple[Store, Media], tmp_path: Path
) -> None:
    server, media = store
    path = tmp_path / "plain"
    path.write_bytes(PLAIN)
    key, size = await media.upload(path)
    again, _ = await media.upload(path)
    sent = server.files["file0"]
    assert size == len(PLAIN) == len(sent)
    assert PLAIN[:64] not in sent and sent != server.files["file1"], "each file has a key of its own"
    assert key["key"]["k"] != again["key"]["k"]
    assert decrypt_attachment(sent, key["key"]["k"], key["hashes"]["sha256"], key["iv"]) == PLAIN
    assert base64.urlsafe_b64decode(key["iv"] + "==")[8:] == bytes(8), "the counter starts at 0, as others expect it"


async def test_a_file_that_the_server_does_not_take_says_so_and_the_next_one_goes(
    store: tuple[Store, Media], tmp_path: Path
) -> None:
    server, media = store
    big, small = tmp_path / "big", tmp_path / "small"
    big.write_bytes(bytes(LIMIT + 1))
    small.write_bytes(b"small")
    with pytest.raises(MediaError) as told:
        await media.upload(big)
    assert told.value.key == "media-too-big" and told.value.values == {"megabytes": 4}
    server.refusal = 413
    with pytest.raises(MatrixError) as refused:
        await media.upload(small)
    assert refused.value.status == 413
    server.refusal = 0
    assert (await media.upload(small))[1] == 5


@pytest.mark.parametrize("said", [None, "many", -1, {}, True])
async def test_a_server_that_tells_no_limit_still_takes_files(
    store: tuple[Store, Media], tmp_path: Path, said: Any
) -> None:
    server, media = store
    server.upload_size = said
    (tmp_path / "f").write_bytes(b"words")
    assert (await media.upload(tmp_path / "f"))[1] == 5


async def test_what_comes_is_what_was_sent_and_ours_alone(store: tuple[Store, Media], tmp_path: Path) -> None:
    server, media = store
    target = tmp_path / "target"
    assert await media.download(offered(server), target) == len(PLAIN)
    assert target.read_bytes() == PLAIN
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert server.tokens == ["Bearer secret"]
    server.files["clear"] = b"not encrypted"
    assert await media.download(Attachment("mxc://example.org/clear", "file"), tmp_path / "clear") == 13
    assert await media.download(offered(server, b""), tmp_path / "empty") == 0


def changed(data: bytes) -> bytes:
    return data[:100] + bytes([data[100] ^ 1]) + data[101:]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("one bit", MediaError),
        ("shorter", MediaError),
        ("another hash", MediaError),
        ("cut", Unreachable),
        ("gone", MatrixError),
        ("claims too much", MediaError),
        ("is too much", MediaError),
        ("is too much, untold", MediaError),
    ],
)
async def test_a_file_that_is_not_right_leaves_nothing_and_the_next_one_comes(
    store: tuple[Store, Media], tmp_path: Path, fault: str, error: type[Exception]
) -> None:
    server, media = store
    attachment = offered(server, bytes(LIMIT + 1) if "is too much" in fault else PLAIN, size=0)
    name = attachment.mxc.rpartition("/")[2]
    if fault == "one bit":
        server.files[name] = changed(server.files[name])
    elif fault == "shorter":
        server.files[name] = server.files[name][:-1]
    elif fault == "another hash":
        attachment = offered(
            server, key={**(attachment.key or {}), "hashes": {"sha256": base64.b64encode(bytes(32)).decode()}}
        )
    elif fault == "gone":
        del server.files[name]
    elif fault == "claims too much":
        attachment = offered(server, size=LIMIT + 1)
    server.cut = fault == "cut"
    server.untold = "untold" in fault
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(error):
        await media.download(attachment, folder / "target")
    assert list(folder.iterdir()) == [], "nothing stands there that was not checked"
    server.cut = False
    assert await media.download(offered(server), folder / "target") == len(PLAIN)


@pytest.mark.parametrize(
    "mxc",
    ["", "mxc://", "mxc://example.org", "mxc://example.org/", "mxc://example.org/../config", "mxc://a b/c",
     "https://example.org/file0", "mxc://example.org/a?b=c", "mxc://example.org/file0\n", "x" * 10_000],
)  # fmt: skip
async def test_an_address_that_is_none_asks_the_server_nothing(
    store: tuple[Store, Media], tmp_path: Path, mxc: str
) -> None:
    server, media = store
    with pytest.raises(MediaError):
        await media.download(Attachment(mxc, "file"), tmp_path / "target")
    assert server.tokens == []
    assert await media.download(offered(server), tmp_path / "target") == len(PLAIN)


@pytest.mark.parametrize(
    "change",
    [{"v": "v1"}, {"key": None}, {"key": {"alg": "A128CTR", "k": "AA"}}, {"iv": "AA"}, {"iv": 3}, {"hashes": {}},
     {"hashes": {"sha256": "short"}}, {"key": {"alg": "A256CTR", "k": "%%%"}}],
)  # fmt: skip
async def test_a_key_that_is_none_opens_nothing(
    store: tuple[Store, Media], tmp_path: Path, change: dict[str, Any]
) -> None:
    server, media = store
    good = offered(server)
    with pytest.raises(MediaError):
        await media.download(offered(server, key={**(good.key or {}), **change}), tmp_path / "target")
    assert not (tmp_path / "target").exists()
    assert await media.download(good, tmp_path / "target") == len(PLAIN)


async def test_a_file_that_is_there_already_stays_until_the_new_one_is_right(
    store: tuple[Store, Media], tmp_path: Path
) -> None:
    server, media = store
    target = tmp_path / "target"
    target.write_bytes(b"before")
    attachment = offered(server)
    server.cut = True
    with pytest.raises((Unreachable, aiohttp.ClientError)):
        await media.download(attachment, target)
    assert target.read_bytes() == b"before"
    server.cut = False
    await media.download(attachment, target)
    assert target.read_bytes() == PLAIN
