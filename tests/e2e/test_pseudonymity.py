"""Everything that a desk and its server hold of a case is searched for the one who asked: they are nowhere in it.

The same search is made where they must be found, on their own side and at the desk after somebody wrote them there.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import re
import sqlite3
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import log
from bot.app import App
from bot.demo.client import LARGEST, Client
from bot.demo.homeserver import Homeserver
from bot.matrix.http import CLIENT, quoted
from bot.matrix.media import Media
from bot.store.db import utc_now
from tests.e2e.conftest import Bots
from tests.e2e.test_faults import arrive

Enter = Callable[..., Awaitable[Client]]
Json = dict[str, Any]
Hay = dict[str, str]  # a place, and all that stands there

LOCALPART = "quillarch"
NAME = "Tatterdemal Ünger"
QUESTION = "what colour is the carpet in your building"
LEFT_OUT = "+963 944 271 828"
ROOM_NAME = "Gloamrook"
TOPIC = "sablewick"
DEVICE_NAME = "fernbracket phone"
FILE = "ombrifuge-passport.jpg"
CAPTION = "drumlinet and me"
BLURHASH = "LKO2?U%2Tw=w]~RBVZRi};RPxuwH"
PICTURE = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 400
THUMBNAIL = b"\xff\xd8\xff\xe1\x00\x40Exif\x00\x00 taken with the phone of mirkwharf" + bytes(range(256))
PERSON_SAYS = (QUESTION, "the purple one", "the purple one upstairs", "and the lift", "orange")
STAFF_SAY = ("ask the house manager first", "Which floor do you mean?")


class Clock:
    """The bot's clock: the right time, and what a test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


# ---- searching -------------------------------------------------------------------------------------------------------


def spellings(needle: str) -> set[str]:
    """A word as it stands in texts, in JSON, in addresses."""
    found = {needle, json.dumps(needle)[1:-1], quoted(needle), needle.encode().decode("latin-1")}
    return {f.casefold() for f in found}


def found(needles: dict[str, str], hay: Hay) -> set[tuple[str, str]]:
    """What of the needles stands where."""
    straw = {place: text.casefold() for place, text in hay.items()}
    return {
        (place, name)
        for name, needle in needles.items()
        for place, text in straw.items()
        if any(s in text for s in spellings(needle))
    }


async def timeline(client: Client, room_id: str) -> list[Json]:
    """Every event of a room that this device can see: as the server has it, and what stood in the encrypted ones."""
    events: list[Json] = []
    query = {"dir": "b", "limit": "100"}
    while True:
        answer = await client.http.call("GET", f"/rooms/{quoted(room_id)}/messages", query=query)
        events += answer["chunk"]
        if "end" not in answer:
            break
        query["from"] = answer["end"]
    for event in events:
        if event["type"] == "m.room.encrypted" and event["content"]:
            read = await client.engine.decrypt(room_id, event)
            event["inside"] = {"type": read.type, "content": read.content}
    return events[::-1]


def rows(path: Path, where: Callable[[str, list[str]], str | None] = lambda table, columns: "1") -> str:
    """The rows of a database, as text; `where` says which of a table (None: none)."""
    out: list[str] = []
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        tables = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            columns = [r[1] for r in db.execute(f'PRAGMA table_info("{table}")')]
            if (condition := where(table, columns)) is None:
                continue
            for row in db.execute(f'SELECT * FROM "{table}" WHERE {condition}'):
                values = (v.decode("latin-1") if isinstance(v, bytes) else str(v) for v in row)
                out.append(f"{table}: " + " | ".join(values))
    return "\n".join(out)


def rows_of_room(server: Homeserver, room_id: str, media: set[str]) -> str:
    """All that the homeserver's database holds of a room, and of the files that were sent there."""
    events = f"SELECT event_id FROM events WHERE room_id = '{room_id}'"
    files = ", ".join(f"'{m.rpartition('/')[2]}'" for m in media)

    def where(_table: str, columns: list[str]) -> str | None:
        if "room_id" in columns:
            return f"room_id = '{room_id}'"
        if "event_id" in columns:
            return f"event_id IN ({events})"
        return f"media_id IN ({files})" if "media_id" in columns else None

    return rows(server.database, where)


def media_of(events: list[Json]) -> set[str]:
    """The addresses of the files that somebody sent."""
    return set(re.findall(r"mxc://[^\"\s]+", json.dumps(events)))


async def side(client: Client, room_id: str, server: Homeserver) -> Hay:
    """All that one side holds: the events as its device reads them, its files, the room's state, the server's rows."""
    events = await timeline(client, room_id)
    status, _, state = await client.http.once("GET", f"{CLIENT}/rooms/{quoted(room_id)}/state")
    assert status == 200
    own = b"".join(p.read_bytes() for p in sorted(client.folder.rglob("*")) if p.is_file())
    return {
        "events": json.dumps(events, ensure_ascii=False),
        "state": state.decode(),
        "files": own.decode("latin-1") + rows(client.folder / "client.db"),
        "server": rows_of_room(server, room_id, media_of(events)),
    }


def ids(events: list[Json]) -> list[str]:
    return [e["event_id"].removeprefix("$") for e in events]


# ---- a case from beginning to end ------------------------------------------------------------------------------------


@dataclass
class Story:
    """Somebody who can be told by everything that they have, a member of the team, and what became of a question."""

    bot: App
    clock: Clock
    amal: Client
    sara: Client
    room: str
    desk: str
    ref: str = ""
    root: str = ""
    pieces: dict[str, str] = field(default_factory=dict)  # by which they could be told

    async def minute(self) -> None:
        """The time in which a reply can be stopped is over."""
        self.clock.ahead += timedelta(seconds=61)
        self.bot.outgoing.wake()

    async def asks(self, text: str = QUESTION) -> None:
        """The question goes to the desk."""
        await self.amal.says(self.room, text)
        if LEFT_OUT in text:
            await self.amal.hears("can tell who you are", "Send it without that")
            await self.amal.says(self.room, "1")
        await self.amal.hears("This is what I pass on", QUESTION)
        await self.amal.says(self.room, "1")
        done = re.search(r"Its number: ([A-Z]\d[A-Z]\d)", (await self.amal.hears("Its number")).text)
        assert done
        self.ref = done[1]
        self.root = (await self.sara.hears(f"{self.ref} · question", room_id=self.desk)).event_id
        await self.sara.hears(QUESTION, room_id=self.desk)

    async def types(self, text: str, answer: str) -> None:
        """Sara types in the thread."""
        await self.sara.says(self.desk, text, thread=self.root)
        await self.sara.hears(answer, room_id=self.desk)

    async def writes(self, body: str, content: Json) -> str:
        """Amal writes back in a way that an app has; it reaches the desk."""
        message = {"msgtype": "m.text", "body": body} | content
        event_id = await self.amal.send(self.room, "m.room.message", message)
        await self.amal.hears("Passed on", self.ref)
        return event_id


async def begun(bots: Bots, enter: Enter) -> Story:
    """The bot with a desk, and somebody in a room with it."""
    clock, sara, amal = Clock(), await enter("sara"), await enter(LOCALPART)
    staff = [{"id": "sara", "accounts": [sara.user_id], "role": "admin", "master_key": sara.identity.master}]
    bot = await bots.start(staff=staff, clock=clock)
    desk = (await sara.until(lambda: sara.invites[-1] if sara.invites else None)).room_id
    await sara.join(desk)
    me = quoted(amal.user_id)
    headers = {"Content-Type": "image/png"}
    _, _, answer = await amal.http.once("POST", "/_matrix/media/v3/upload", raw=b"\x89PNG of her", headers=headers)
    avatar = json.loads(answer)["content_uri"]
    await amal.http.call("PUT", f"/profile/{me}/displayname", {"displayname": NAME})
    await amal.http.call("PUT", f"/profile/{me}/avatar_url", {"avatar_url": avatar})
    await amal.http.call("PUT", f"/devices/{quoted(amal.engine.device_id)}", {"display_name": DEVICE_NAME})
    room = await arrive(amal, bot)
    for kind, content in (("m.room.name", {"name": ROOM_NAME}), ("m.room.topic", {"topic": TOPIC})):
        await amal.http.call("PUT", f"/rooms/{quoted(room)}/state/{kind}/", content)
    story = Story(bot, clock, amal, sara, room, desk)
    story.pieces = {
        "account": amal.user_id, "localpart": LOCALPART, "name": NAME, "first name": NAME.split()[0],
        "avatar": avatar.rpartition("/")[2], "room": room.removeprefix("!").partition(":")[0], "room name": ROOM_NAME,
        "topic": TOPIC, "device": amal.engine.device_id, "device name": DEVICE_NAME, "left out": LEFT_OUT,
        "file name": FILE, "caption": CAPTION, "blurhash": BLURHASH,
    }  # fmt: skip
    return story


async def picture(story: Story) -> Json:
    """A picture as an app sends it: its name, what is written under it, a small one beside it."""
    amal = story.amal
    sent: list[Json] = []
    for name, data in (("picture", PICTURE), ("thumbnail", THUMBNAIL)):
        path = amal.folder / name
        path.write_bytes(data)
        sent.append((await Media(amal.http, LARGEST).upload(path))[0])
        story.pieces |= {f"address of the {name}": sent[-1]["url"].rpartition("/")[2]}
        story.pieces |= {f"key of the {name}": sent[-1]["key"]["k"]}
    small = {"w": 8, "h": 6, "size": len(THUMBNAIL), "mimetype": "image/jpeg"}
    return {
        "msgtype": "m.image", "body": CAPTION, "filename": FILE, "file": sent[0],
        "info": {
            "w": 4000, "h": 3000, "size": len(PICTURE), "mimetype": f"image/jpeg; name={FILE}",
            "thumbnail_file": sent[1], "thumbnail_info": small, "xyz.amorgan.blurhash": BLURHASH,
        },
    }  # fmt: skip


async def played(story: Story) -> None:
    """A case with everything that an app can put around words, answered and closed."""
    amal, sara, room, desk = story.amal, story.sara, story.room, story.desk
    await story.asks(f"{QUESTION}, call {LEFT_OUT}")
    await story.types("!take", "is with you now")
    await story.types(STAFF_SAY[0], "Kept as a note")
    await story.types(f"!reply {STAFF_SAY[1]}", "!undo")
    await story.minute()
    told = (await amal.hears(STAFF_SAY[1])).event_id

    quote = f"> <{amal.user_id}> {NAME} in {ROOM_NAME}\n> {told}\n\n"
    link = f'<mx-reply><a href="https://matrix.to/#/{amal.user_id}">{NAME}</a></mx-reply>the purple one'
    answers = {"m.relates_to": {"m.in_reply_to": {"event_id": told}}, "m.mentions": {"user_ids": [amal.user_id]}}
    html = {"format": "org.matrix.custom.html", "formatted_body": link}
    first = await story.writes(f"{quote}the purple one", answers | html)
    await sara.hears("the purple one", room_id=desk)

    replaces = {"m.relates_to": {"rel_type": "m.replace", "event_id": first}}
    new = {"msgtype": "m.text", "body": "the purple one upstairs", "m.mentions": {"user_ids": [amal.user_id]}}
    await amal.send(room, "m.room.message", {"msgtype": "m.text", "body": "* changed", "m.new_content": new} | replaces)
    await sara.hears("the purple one upstairs", room_id=desk)
    quoting = new | {"body": f"{quote}orange"} | html  # as old apps edit a reply
    await amal.send(room, "m.room.message", {"msgtype": "m.text", "body": "* it", "m.new_content": quoting} | replaces)

    thread = {"rel_type": "m.thread", "event_id": told, "is_falling_back": False, "m.in_reply_to": {"event_id": told}}
    await story.writes("and the lift", {"m.relates_to": thread})
    await sara.hears("and the lift", room_id=desk)
    reaction = {"m.relates_to": {"rel_type": "m.annotation", "event_id": told, "key": NAME}}
    await amal.send(room, "m.reaction", reaction)
    await amal.http.call("PUT", f"/rooms/{quoted(room)}/send/m.reaction/clear", reaction)

    await amal.send(room, "m.room.message", await picture(story))
    await amal.hears("I have not opened this")
    await amal.says(room, "2")
    await amal.hears("which phone")
    await amal.says(room, "1")
    await amal.hears("It is passed on", story.ref)
    came = await sara.until(lambda: next((h for h in sara.heard if h.message.attachment), None))
    assert came.message.attachment.name.startswith(f"{story.ref}-1.")
    assert await sara.fetches(came.message.attachment) == PICTURE

    await story.types("!case", STAFF_SAY[1])
    await sara.says(desk, "!cases")
    await sara.hears(story.ref, room_id=desk)
    for _ in range(2):  # the list of open cases is made, then pinned
        await story.bot._tick()
        await story.bot.outgoing.idle()
    await story.bot._digest()
    await story.types("!close answered", "is closed")
    await story.minute()
    await amal.hears("it was answered")
    await story.bot._tick()
    await story.bot.outgoing.idle()


async def test_nothing_that_the_desk_and_its_server_hold_tells_who_asked(
    bots: Bots, enter: Enter, tmp_path: Path, capfd: pytest.CaptureFixture[str], logging_put_back: None
) -> None:
    log.setup("debug", tmp_path / "log")
    logging.getLogger().setLevel(logging.DEBUG)  # all libraries, too
    story = await begun(bots, enter)
    await played(story)
    async with aiohttp.ClientSession() as http:
        numbers = await (await http.get(f"http://127.0.0.1:{story.bot.admin.port}/metrics")).text()
    events = await timeline(story.amal, story.room)
    pieces = story.pieces | {f"event {n}": event_id for n, event_id in enumerate(ids(events))}

    desk = await side(story.sara, story.desk, bots.server)
    assert story.ref in desk["events"] and QUESTION in desk["events"] and story.root in desk["server"]
    assert found(pieces, desk) == set()

    written = {"log": (tmp_path / "log").read_text(encoding="utf-8"), "streams": "".join(capfd.readouterr())}
    assert '"ready"' in written["log"]
    said = {text: text for text in (*PERSON_SAYS, *STAFF_SAY, story.ref, story.desk)}
    assert found(pieces | said, written | {"metrics": numbers}) == set()

    # The same search, where they are.
    own = await side(story.amal, story.room, bots.server)
    devices = await story.amal.http.call("GET", "/devices")
    at_home = found(pieces, own | {"account": json.dumps(devices)})
    assert {name for _, name in at_home} == set(pieces)
    for place in own:
        assert (place, "account") in at_home

    # And at the desk, once somebody has written them there.
    path = f"/rooms/{quoted(story.desk)}/state/m.room.topic/"
    await story.bot.http.call("PUT", path, {"topic": f"{NAME} asked"})
    await story.sara.says(story.desk, f"it was {story.amal.user_id}, on {DEVICE_NAME}", thread=story.root)
    after = found(pieces, await side(story.sara, story.desk, bots.server))
    assert {("events", "account"), ("events", "device name"), ("state", "name"), ("server", "name")} <= after
    assert ("server", "account") not in after, "the server reads no words"


async def test_no_event_of_the_desk_is_joined_to_one_of_the_persons_room(bots: Bots, enter: Enter) -> None:
    story = await begun(bots, enter)
    await played(story)
    with contextlib.closing(sqlite3.connect(f"file:{bots.server.database}?mode=ro", uri=True)) as db:
        room_of = dict(db.execute("SELECT event_id, room_id FROM events").fetchall())
        related = db.execute("SELECT event_id, relates_to_id FROM event_relations").fetchall()
        related += db.execute("SELECT event_id, prev_event_id FROM event_edges").fetchall()
        owners = dict(db.execute("SELECT media_id, user_id FROM local_media_repository").fetchall())
        names = [n for (n,) in db.execute("SELECT upload_name FROM local_media_repository") if n is not None]
    rooms = {(room_of[a], room_of.get(b, room_of[a])) for a, b in related if a in room_of}
    assert {(story.desk, story.desk), (story.room, story.room)} <= rooms
    assert not [pair for pair in rooms if story.desk in pair and pair != (story.desk, story.desk)]
    passed_on = [m.rpartition("/")[2] for m in media_of(await timeline(story.sara, story.desk))]
    assert [owners[m] for m in passed_on] == [story.bot.session.user_id]
    assert not names


async def test_no_id_at_the_desk_can_be_computed_from_an_event_of_the_person(bots: Bots, enter: Enter) -> None:
    """The server knows all events and the ids with which the bot sends: a hash without a key would join them."""
    story = await begun(bots, enter)
    await story.asks()
    events = ids(await timeline(story.amal, story.room))
    guesses = {
        f"{event} {n}": hashlib.sha256(f"${event}\0{n}".encode()).hexdigest()[:20]
        for event in events
        for n in range(30)
    }
    assert found(guesses, await side(story.sara, story.desk, bots.server)) == set()
