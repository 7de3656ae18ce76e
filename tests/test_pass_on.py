"""Files in cases: what one side sends reaches the other whole, under another key and name, and lies nowhere between.

The bot's real reading and writing on a homeserver of ours that keeps files, with the faults that a server can have.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

import pytest
from aiohttp import web
from nio.crypto import decrypt_attachment, encrypt_attachment

from bot import log, outbox
from bot.matrix import media, outgoing
from bot.message import Attachment
from bot.seal import KeyRing
from bot.text import Texts
from tests.scripted import ROOM, Bot, Json, Person, Scripted, Stage

DESK = "!desk"
SARA, AMAL = "@sara:example.org", "@amal:example.org"
PLAIN = b"the plan of the side entrance " * 200 + b"the end"
LIMIT = 10_000  # bytes of a file
NAME = "R7Q2-1.pdf"
SENT_AS = "amal-quillarch-passport.pdf"


class Files(Scripted):
    """A homeserver with a media repository: what it keeps, and how it gives and takes it."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, bytes] = {}
        self.uploaded: list[bytes] = []
        self.says: int | None = None  # the length that it tells, when that is not the right one
        self.tells_length = True
        self.cuts = False  # the connection ends in the middle
        self.asked_for_file = asyncio.Event()
        self.gives = asyncio.Event()  # not set: a download hangs after its first half
        self.gives.set()
        self.takes = asyncio.Event()  # not set: an upload hangs after its bytes came
        self.takes.set()
        self.came = asyncio.Event()
        self.while_it_comes: Callable[[], None] = lambda: None  # called in the middle of an upload

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        path = request.path
        replaced = any(
            s.asked < s.times and s.method == request.method and s.pattern.search(path) for s in self.scripts
        )
        if path.startswith("/_matrix/client/v1/media/download/") and not replaced:
            return await self._give(request, path.rpartition("/")[2])
        if path == "/_matrix/media/v3/upload" and not replaced:
            data = await request.read()
            self.while_it_comes()
            self.uploaded.append(data)
            self.came.set()
            await self.takes.wait()
            name = f"up{len(self.uploaded)}"
            self.kept[name] = data
            return web.json_response({"content_uri": f"mxc://example.org/{name}"})
        return await super()._handle(request)

    async def _give(self, request: web.Request, name: str) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        self.asked_for_file.set()
        if name not in self.kept:
            return web.json_response({"errcode": "M_NOT_FOUND"}, status=404)
        data = self.kept[name]
        assert request.transport
        if self.says is not None:  # a server that breaks its word: no library does that
            head = f"HTTP/1.1 200 OK\r\nContent-Length: {self.says}\r\n\r\n".encode()
            request.transport.write(head + data)
            request.transport.close()
            return web.Response()
        answer = web.StreamResponse()
        if self.tells_length:
            answer.content_length = len(data)
        await answer.prepare(request)
        await answer.write(data[: len(data) // 2])
        await self.gives.wait()
        if self.cuts:
            request.transport.abort()
            return answer
        await answer.write(data[len(data) // 2 :])
        return answer

    async def answer(self, user: str, device: str, method: str, path: str, body: Json) -> tuple[int, Json]:
        if path.endswith("/media/config"):
            return 200, {"m.upload.size": 50_000_000}
        return await super().answer(user, device, method, path, body)

    def offers(self, plain: bytes = PLAIN, **more: Any) -> Json:
        """A file that somebody's app encrypted, uploaded and sent: what is kept of it to pass it on."""
        cipher, key = encrypt_attachment(plain)
        name = f"theirs{len(self.kept)}"
        self.kept[name] = cipher
        values: Json = {"kind": "file", "name": SENT_AS, "mimetype": "application/pdf", "size": len(plain), "key": key}
        return Attachment(f"mxc://example.org/{name}", **(values | more)).as_dict()

    def holds_of(self, told: Json) -> bytes:
        return self.kept[told["mxc"].rpartition("/")[2]]

    def changes(self, told: Json, data: bytes) -> None:
        self.kept[told["mxc"].rpartition("/")[2]] = data

    def plain_of(self, content: Json) -> bytes:
        """What the reader of a message opens, with what stands in it alone."""
        file = content["file"]
        cipher = self.kept[file["url"].rpartition("/")[2]]
        return bytes(decrypt_attachment(cipher, file["key"]["k"], file["hashes"]["sha256"], file["iv"]))

    @property
    def files(self) -> list[Json]:
        """The events of the bot at the desk."""
        return self.sent(DESK)


class Spools:
    """Every temporary file that was made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.made: list[IO[bytes]] = []

    def make(self) -> IO[bytes]:
        self.made.append(tempfile.TemporaryFile(dir=self.folder))  # noqa: SIM115  # closed by whom it was made for
        return self.made[-1]

    @property
    def names(self) -> list[Path]:
        return list(self.folder.iterdir())

    def lies_there(self) -> bytes:
        """What stands on the disk now."""
        return b"".join(os.pread(f.fileno(), 2**24, 0) for f in self.made if not f.closed)

    def gone(self) -> bool:
        return not self.names and all(f.closed for f in self.made)


@pytest.fixture
def spools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Spools:
    (tmp_path / "spool").mkdir()
    found = Spools(tmp_path / "spool")

    class Tempfile:
        TemporaryFile = staticmethod(found.make)

    monkeypatch.setattr(media, "tempfile", Tempfile)
    return found


@pytest.fixture
async def stage(tmp_path: Path, sqlite_template: bytes, keys: KeyRing, texts: Texts) -> AsyncIterator[Stage]:
    found = Stage(tmp_path, sqlite_template, keys, texts)
    found.server = Files()
    await found.start()
    yield found
    await found.stop()


@pytest.fixture
def server(stage: Stage) -> Files:
    assert isinstance(stage.server, Files)
    return stage.server


@pytest.fixture
async def sara(stage: Stage) -> Person:
    """Somebody of the team, who reads the desk."""
    return await stage.person("sara")


@pytest.fixture
async def bot(stage: Stage, sara: Person, spools: Spools) -> Bot:
    """In a private room with Amal and at the desk with Sara."""
    await stage.person("amal")
    await stage.bot.enters(AMAL)
    await stage.bot.enters(SARA, room_id=DESK)
    return stage.bot


async def passes_on(bot: Bot, told: Json, room_id: str = DESK, **more: Any) -> str:
    """Queue it, and wait until what can be done now is done. Returns its id."""
    txn = str(await bot.does(outbox.pass_on, room_id, told, **({"name": NAME} | more)))
    await bot.finishes()
    return txn


async def read(person: Person, server: Files, room_id: str = DESK) -> list[Json]:
    await person.syncs()
    return [(await person.engine.decrypt(room_id, e)).content for e in server.sent(room_id)]


async def state_of(bot: Bot, txn: str) -> tuple[str, str | None]:
    row = await bot.row(txn)
    return row.state, row.reason


# ---- it arrives ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["file", "image", "video", "audio"])
async def test_a_file_arrives_whole_as_a_file_of_ours_and_nothing_of_its_first_sending_with_it(
    bot: Bot, sara: Person, server: Files, spools: Spools, kind: str
) -> None:
    told = server.offers(kind=kind, mimetype='Application/PDF; name="amal.pdf"')
    txn = await passes_on(bot, told)
    (content,) = await read(sara, server)
    assert server.plain_of(content) == PLAIN
    file = content.pop("file")
    assert content == {
        "msgtype": "m.file",  # also a picture: nobody sees it before they choose to open it
        "body": NAME,
        "filename": NAME,
        "info": {"size": len(PLAIN), "mimetype": "application/pdf"},
        "m.mentions": {},
        "org.liaison.id": txn,
    }
    first = {told["mxc"], told["key"]["key"]["k"], told["key"]["iv"], told["key"]["hashes"]["sha256"]}
    assert not [piece for piece in (*first, "amal", SENT_AS) if piece in json.dumps(file)]
    assert server.uploaded[0] not in (PLAIN, server.holds_of(told))
    assert await state_of(bot, txn) == ("sent", None)
    assert (await bot.row(txn)).content is None
    assert spools.gone()


@pytest.mark.parametrize(
    ("claimed", "told"),
    [
        ("audio/ogg; codecs=opus", "audio/ogg"),
        ("IMAGE/JPEG", "image/jpeg"),
        ("", "application/octet-stream"),
        ("amal khalil", "application/octet-stream"),
        ("x-amal/khalil", "application/octet-stream"),
        ("image/jpeg\nx: amal", "application/octet-stream"),
    ],
)
async def test_of_the_type_that_its_sender_claims_only_a_type_goes_on(
    bot: Bot, sara: Person, server: Files, claimed: str, told: str
) -> None:
    await passes_on(bot, server.offers(mimetype=claimed))
    (content,) = await read(sara, server)
    assert content["info"]["mimetype"] == told


async def test_a_voice_is_passed_on_as_a_voice_that_apps_can_play(bot: Bot, sara: Person, server: Files) -> None:
    await passes_on(bot, server.offers(kind="audio", voice=True, mimetype="audio/ogg"), name="R7Q2-1.ogg")
    (content,) = await read(sara, server)
    assert (content["msgtype"], content["org.matrix.msc3245.voice"]) == ("m.audio", {})
    assert "org.matrix.msc1767.audio" not in content, "Element X shows nothing of a message where it has no duration"
    assert server.plain_of(content) == PLAIN


async def test_the_recording_of_an_answer_is_sent_as_a_voice(
    bot: Bot, sara: Person, server: Files, tmp_path: Path
) -> None:
    (tmp_path / "answer.ogg").write_bytes(PLAIN)
    path = str(tmp_path / "answer.ogg")
    await bot.does(outbox.send_file, DESK, path, name="voice.ogg", mimetype="audio/ogg", voice=True)
    await bot.finishes()
    (content,) = await read(sara, server)
    assert (content["msgtype"], content["org.matrix.msc3245.voice"]) == ("m.audio", {})
    assert "org.matrix.msc1767.audio" not in content
    assert server.plain_of(content) == PLAIN


async def test_it_stands_in_the_thread_of_its_case(bot: Bot, sara: Person, server: Files, stage: Stage) -> None:
    root = await bot.queues("R7Q2 · question", DESK)  # not sent yet when the file could go
    await passes_on(bot, server.offers(), thread_of=root)
    stage.clock.advance(seconds=3)
    bot.outgoing.wake()
    await bot.finishes()
    first, file = await read(sara, server)
    assert first["body"] == "R7Q2 · question"
    about = {"rel_type": "m.thread", "event_id": server.files[0]["event_id"], "is_falling_back": True}
    assert file["m.relates_to"] == about | {"m.in_reply_to": {"event_id": server.files[0]["event_id"]}}


async def test_large_files_and_empty_ones_arrive_and_the_disk_never_holds_what_they_say(
    bot: Bot, sara: Person, server: Files, spools: Spools
) -> None:
    bot.outgoing.media.limit_bytes = 8 * 2**20
    seen: list[tuple[bytes, list[Path]]] = []
    server.while_it_comes = lambda: seen.append((spools.lies_there(), spools.names))
    large = PLAIN * (3 * 2**20 // len(PLAIN))
    offered = [server.offers(large), server.offers(b"")]
    for told in offered:
        await passes_on(bot, told)
    assert [server.plain_of(c) for c in await read(sara, server)] == [large, b""]
    assert seen == [(server.holds_of(told), []) for told in offered], "its ciphertext, in a file that has no name"
    assert spools.gone()


# ---- it cannot be passed on ------------------------------------------------------------------------------------------


def one_bit(server: Files, told: Json) -> None:
    data = server.holds_of(told)
    server.changes(told, data[:100] + bytes([data[100] ^ 1]) + data[101:])


def shorter(server: Files, told: Json) -> None:
    server.changes(told, server.holds_of(told)[:-1])


def longer(server: Files, told: Json) -> None:
    server.changes(told, server.holds_of(told) + b"x")


def another_hash(_server: Files, told: Json) -> None:
    told["key"]["hashes"]["sha256"] = base64.b64encode(bytes(32)).decode()


def no_hash(_server: Files, told: Json) -> None:
    told["key"]["hashes"] = {}


def another_key_size(_server: Files, told: Json) -> None:
    told["key"]["key"]["k"] = "AAAA"


def no_address(_server: Files, told: Json) -> None:
    told["mxc"] = "mxc://example.org/../../client/v3/account/whoami"


def too_large(server: Files, told: Json) -> None:
    server.changes(told, bytes(LIMIT + 1))


def too_large_untold(server: Files, told: Json) -> None:
    too_large(server, told)
    server.tells_length = False


def gone(server: Files, told: Json) -> None:
    del server.kept[told["mxc"].rpartition("/")[2]]


def ours_takes_no_more(server: Files, _told: Json) -> None:
    server.script("POST", "/media/v3/upload", 413, {"errcode": "M_TOO_LARGE"})


def forbidden(server: Files, _told: Json) -> None:
    server.script("GET", "/media/download/", 403, {"errcode": "M_FORBIDDEN"})


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (one_bit, "media-broken"), (shorter, "media-broken"), (longer, "media-broken"),
        (another_hash, "media-broken"), (no_hash, "media-broken"), (another_key_size, "media-broken"),
        (no_address, "media-broken"), (too_large, "media-too-big"), (too_large_untold, "media-too-big"),
        (gone, "M_NOT_FOUND"), (forbidden, "M_FORBIDDEN"), (ours_takes_no_more, "M_TOO_LARGE"),
    ],
)  # fmt: skip
async def test_a_file_that_is_not_right_is_kept_with_its_reason_and_none_of_it_goes_anywhere(
    bot: Bot, sara: Person, server: Files, spools: Spools, caplog: pytest.LogCaptureFixture,
    fault: Callable[[Files, Json], None], reason: str,
) -> None:  # fmt: skip
    told = server.offers()
    fault(server, told)
    caplog.set_level(logging.DEBUG)
    txn = await passes_on(bot, told)
    assert await state_of(bot, txn) == ("parked", reason)
    assert server.uploaded == []
    assert server.files == []
    assert spools.gone()
    logged = str([log._Formatter().format(record) for record in caplog.records])
    assert "deed parked" in logged
    assert not [w for w in (SENT_AS, NAME, told["mxc"], told["key"]["key"]["k"], AMAL, DESK) if w in logged]

    server.tells_length = True
    await passes_on(bot, server.offers(b"the next one"))
    (content,) = await read(sara, server)
    assert server.plain_of(content) == b"the next one"


async def test_a_server_that_sends_more_than_it_says_adds_nothing(bot: Bot, sara: Person, server: Files) -> None:
    told = server.offers()
    server.says = len(server.holds_of(told))
    server.changes(told, server.holds_of(told) + b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
    await passes_on(bot, told)
    server.says = None
    await passes_on(bot, server.offers(b"the next one"))
    assert [server.plain_of(c) for c in await read(sara, server)] == [PLAIN, b"the next one"]


def cut(server: Files) -> None:
    server.cuts = True


def says_less_than_it_sends(server: Files) -> None:
    server.says = len(PLAIN) // 2


def stumbles(server: Files) -> None:
    server.script("GET", "/media/download/", 502)


def limits(server: Files) -> None:
    server.script("GET", "/media/download/", 429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 1})


def stumbles_at_the_upload(server: Files) -> None:
    server.script("POST", "/media/v3/upload", 503)


@pytest.mark.parametrize("fault", [cut, says_less_than_it_sends, stumbles, limits, stumbles_at_the_upload])
async def test_a_fault_that_passes_delays_it_and_it_comes_once(
    bot: Bot, sara: Person, server: Files, spools: Spools, stage: Stage, fault: Callable[[Files], None]
) -> None:
    fault(server)
    txn = await passes_on(bot, server.offers())
    assert (await bot.row(txn)).state == "queued"
    assert not server.uploaded
    assert not server.files
    assert spools.gone()
    server.cuts, server.says = False, None
    stage.clock.advance(seconds=3)
    bot.outgoing.wake()
    await bot.finishes()
    (content,) = await read(sara, server)
    assert server.plain_of(content) == PLAIN
    assert spools.gone()


async def test_what_is_too_slow_ends(
    bot: Bot, sara: Person, server: Files, spools: Spools, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(media, "PATIENCE", 0.1)
    server.gives.clear()
    txn = await passes_on(bot, server.offers())
    assert (await bot.row(txn)).state == "queued"
    assert spools.gone()
    monkeypatch.undo()
    server.gives.set()
    stage.clock.advance(seconds=3)
    bot.outgoing.wake()
    await bot.finishes()
    assert len(await read(sara, server)) == 1


async def test_a_file_that_comes_slowly_or_never_holds_up_no_words_and_no_other_file(
    bot: Bot, sara: Person, server: Files, stage: Stage
) -> None:
    server.gives.clear()
    slow = await bot.does(outbox.pass_on, DESK, server.offers(), name=NAME)
    bot.writes()
    await server.asked_for_file.wait()
    words = [await bot.queues(text, DESK, lane=lane) for text, lane in (("for now", "now"), ("for later", "work"))]
    while {(await bot.row(t)).state for t in words} != {"sent"}:
        assert not server.gives.is_set()
    server.gives.set()
    await bot.finishes()
    assert (await bot.row(slow)).state == "sent"

    server.script("GET", "/media/download/", 502, times=float("inf"))
    never = [await passes_on(bot, server.offers(), name="never.pdf") for _ in range(2)]
    server.scripts.clear()
    await passes_on(bot, server.offers(b"another"), name="another.pdf")
    await bot.tells("and words", DESK, lane="work")
    bodies = [c["body"] for c in await read(sara, server)]
    assert sorted(bodies[:2]) == ["for later", "for now"]
    assert bodies[2:] == [NAME, "another.pdf", "and words"]
    assert {(await bot.row(t)).state for t in never} == {"queued"}
    stage.clock.advance(minutes=1)
    bot.outgoing.wake()
    await bot.finishes()
    assert len(server.files) == 7


async def test_a_file_whose_server_never_answers_is_given_up_in_the_end(
    bot: Bot, sara: Person, server: Files, stage: Stage
) -> None:
    server.script("GET", "/media/download/", 504, {"errcode": "M_NOT_YET_UPLOADED"}, times=float("inf"))
    txn = await passes_on(bot, server.offers())
    began = stage.clock()
    while (await bot.row(txn)).state == "queued":
        assert stage.clock() - began < 2 * outgoing.FETCHED_WITHIN
        stage.clock.advance(hours=12)
        bot.outgoing.wake()
        await bot.finishes()
    assert await state_of(bot, txn) == ("parked", "504")
    assert stage.clock() - began > timedelta(days=6)
    assert server.uploaded == []


async def test_into_a_room_without_encryption_nothing_is_fetched(bot: Bot, server: Files) -> None:
    await bot.enters(AMAL, room_id="!clear", encrypted=False)
    txn = await passes_on(bot, server.offers(), "!clear")
    assert await state_of(bot, txn) == ("parked", "not-encrypted")
    assert not server.asked_for_file.is_set()
    assert server.uploaded == []


# ---- taken back ------------------------------------------------------------------------------------------------------


async def test_what_is_stopped_within_its_minute_is_never_fetched(bot: Bot, server: Files, stage: Stage) -> None:
    at = stage.clock() + timedelta(seconds=60)
    txn = await passes_on(bot, server.offers(), ROOM, not_before=at)
    await bot.does(outbox.take_back, ROOM, txn)
    stage.clock.advance(seconds=61)
    bot.outgoing.wake()
    await bot.finishes()
    row = await bot.row(txn)
    assert (row.state, row.content) == ("cancelled", None)
    assert not server.asked_for_file.is_set()


@pytest.mark.parametrize("refused_at", ["GET /media/download/", "PUT /send/"])
async def test_of_what_could_not_be_passed_on_nothing_stays_when_it_is_taken_back(
    bot: Bot, server: Files, refused_at: str
) -> None:
    method, _, path = refused_at.partition(" ")
    server.script(method, path, 403, {"errcode": "M_FORBIDDEN"})
    txn = await passes_on(bot, server.offers())
    assert await state_of(bot, txn) == ("parked", "M_FORBIDDEN")
    await bot.does(outbox.take_back, DESK, txn)
    await bot.finishes()
    row = await bot.row(txn)
    assert (row.state, row.content) == ("cancelled", None)
    assert server.files == []


# ---- in doubt --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [0, 21, 24 * 6])
@pytest.mark.parametrize("where", ["while it came", "while it went up", "before it was sent", "when it was sent"])
async def test_a_file_on_whose_way_the_bot_died_arrives_once(
    bot: Bot, sara: Person, server: Files, spools: Spools, stage: Stage, where: str, hours: int
) -> None:
    never = asyncio.Event()

    async def hang(_body: Json) -> tuple[int, Json]:
        await never.wait()
        return 500, {}

    told = server.offers()
    if where == "while it came":
        server.gives.clear()
        there = server.asked_for_file
    elif where == "while it went up":
        server.takes.clear()
        there = server.came
    else:
        script = server.script("PUT", "/send/", reply=hang)
        script.after = where == "when it was sent"
        there = script.came
    txn = await bot.does(outbox.pass_on, DESK, told, name=NAME)
    bot.writes()
    await there.wait()
    await bot.restart()
    never.set()
    server.gives.set()
    server.takes.set()
    stage.clock.advance(hours=hours)
    if hours > 24:
        server.forgets_transactions()
    await bot.finishes()
    (content,) = await read(sara, server)
    assert content["org.liaison.id"] == txn
    assert server.plain_of(content) == PLAIN
    row = await bot.row(txn)
    assert (row.state, row.event_id) == ("sent", server.files[0]["event_id"])
    assert spools.gone()
