"""Writing: said once, in order, in cipher, whatever the server does (bot/matrix/outgoing.py, bot/outbox.py)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import outbox
from bot.config import Config
from bot.message import Part
from bot.seal import KeyRing
from bot.store.rooms import get_room_by_ref, set_room
from bot.text import Texts
from tests.scripted import BOT, MEGOLM, ROOM, Bot, Json, Person, Scripted, Stage, beginning, member, room, state

AMAL = "@amal:example.org"
SEND = "/send/"
LINE = [Part("=line", {"text": "changed"})]


@pytest.fixture
async def stage(tmp_path: Path, sqlite_template: bytes, keys: KeyRing, texts: Texts) -> AsyncIterator[Stage]:
    found = Stage(tmp_path, sqlite_template, keys, texts)
    await found.start()
    yield found
    await found.stop()


@pytest.fixture
async def amal(stage: Stage) -> Person:
    return await stage.person("amal")


@pytest.fixture
def server(stage: Stage) -> Scripted:
    return stage.server


@pytest.fixture
async def bot(stage: Stage, amal: Person) -> Bot:
    await stage.bot.enters(AMAL)
    return stage.bot


async def reads(person: Person, server: Scripted, room_id: str = ROOM) -> list[Json]:
    """The content of everything that the bot put into a room, as this person's device reads it."""
    await person.syncs()
    return [(await person.engine.decrypt(room_id, e)).content for e in server.sent(room_id)]


async def heard(person: Person, server: Scripted, room_id: str = ROOM) -> list[str]:
    return [content["body"] for content in await reads(person, server, room_id)]


# ---- what a message looks like -------------------------------------------------------------------------------------

THREAD = {"rel_type": "m.thread", "event_id": "$root", "is_falling_back": True, "m.in_reply_to": {"event_id": "$root"}}
ANSWER = {**THREAD, "is_falling_back": False, "m.in_reply_to": {"event_id": "$asked"}}


@pytest.mark.parametrize(
    ("asked", "shape"),
    [
        ({}, {}),
        ({"loud": True}, {"msgtype": "m.text"}),
        ({"mentions": [AMAL]}, {"m.mentions": {"user_ids": [AMAL]}}),
        ({"reply_to": "$asked"}, {"m.relates_to": {"m.in_reply_to": {"event_id": "$asked"}}}),
        ({"thread": "$root"}, {"m.relates_to": THREAD}),
        ({"thread": "$root", "reply_to": "$asked"}, {"m.relates_to": ANSWER}),
    ],
)
async def test_a_message_has_the_shape_that_apps_show(
    bot: Bot, amal: Person, server: Scripted, asked: Json, shape: Json
) -> None:
    txn = await bot.tells("words", **asked)
    silent = {"msgtype": "m.notice", "body": "words", "m.mentions": {}, "org.liaison.id": txn}
    assert await reads(amal, server) == [silent | shape]
    outside = server.sent()[0]["content"]
    assert set(outside) - {"m.relates_to"} == {"algorithm", "sender_key", "ciphertext", "session_id", "device_id"}
    assert outside.get("m.relates_to") == shape.get("m.relates_to"), "servers put threads together by it"


async def test_an_edit_replaces_and_a_reaction_and_a_redaction_point_at_their_event(
    bot: Bot, amal: Person, server: Scripted
) -> None:
    old = await bot.tells("old")
    await bot.does(outbox.edit, ROOM, old, LINE, language="en")
    await bot.does(outbox.react, ROOM, "$asked", "👍")
    await bot.does(outbox.redact, ROOM, "$gone")
    await bot.finishes()
    said, edit, reaction = (e for e in server.sent() if e["type"] != "m.room.redaction")
    assert reaction["type"] == "m.reaction"
    relation = {"rel_type": "m.annotation", "event_id": "$asked", "key": "👍"}
    assert reaction["content"] == {"m.relates_to": relation}
    await amal.syncs()
    content = (await amal.engine.decrypt(ROOM, edit)).content
    assert content["m.relates_to"] == {"rel_type": "m.replace", "event_id": said["event_id"]}
    assert (content["body"], content["m.new_content"]["body"]) == ("* changed", "changed")
    assert server.redacted == ["$gone"]


async def test_a_redaction_of_what_is_gone_already_is_done(bot: Bot, amal: Person, server: Scripted) -> None:
    server.script("PUT", "/redact/", 404, {"errcode": "M_NOT_FOUND"})
    gone, here = [await bot.does(outbox.redact, ROOM, event) for event in ("$gone", "$here")]
    await bot.finishes()
    assert [(await bot.row(t)).state for t in (gone, here)] == ["sent", "sent"]
    assert server.redacted == ["$here"]


# ---- order and fairness --------------------------------------------------------------------------------------------


async def test_in_a_room_each_lane_keeps_its_order_and_urgent_ones_begin_first(
    bot: Bot, amal: Person, server: Scripted
) -> None:
    bot.outgoing.at_once = 1
    for lane in ("sweep", "bulletin", "work", "now"):
        for n in range(3):
            await bot.queues(f"{lane} {n}", lane=lane)
    await bot.finishes()
    assert await heard(amal, server) == [
        f"{lane} {n}" for lane in ("now", "work", "bulletin", "sweep") for n in range(3)
    ]


async def test_a_room_whose_server_hangs_holds_up_no_other(bot: Bot, amal: Person, server: Scripted) -> None:
    await bot.enters(AMAL, room_id="!other")
    go_on = asyncio.Event()

    async def hang(_body: Json) -> tuple[int, Json]:
        await go_on.wait()
        return 502, {}

    slow = server.script("PUT", f"/rooms/{ROOM}/send/", reply=hang)
    hanging = [await bot.queues(text) for text in ("first", "second")]
    bot.writes()
    await slow.came.wait()
    quick = await bot.queues("meanwhile", room_id="!other")
    while (await bot.row(quick)).state != "sent":
        assert not go_on.is_set()
    assert [(await bot.row(t)).state for t in hanging] == ["sending", "queued"]
    go_on.set()
    await bot.finishes()
    assert await heard(amal, server) == ["first", "second"]
    assert await heard(amal, server, "!other") == ["meanwhile"]


async def test_what_waits_for_its_hour_lets_others_pass(bot: Bot, amal: Person, server: Scripted, stage: Stage) -> None:
    await bot.queues("in an hour", not_before=stage.clock() + timedelta(hours=1))
    await bot.tells("now")
    assert await heard(amal, server) == ["now"]
    stage.clock.advance(hours=1)
    bot.outgoing.wake()
    await bot.finishes()
    assert await heard(amal, server) == ["now", "in an hour"]


async def test_what_was_cancelled_while_its_keys_were_under_way_is_not_said(
    bot: Bot, amal: Person, server: Scripted
) -> None:
    go_on = asyncio.Event()

    async def hang(_body: Json) -> tuple[int, Json]:
        await go_on.wait()
        return 200, {}

    sharing = server.script("PUT", "/sendToDevice/m.room.encrypted", reply=hang)
    txn = await bot.queues("a secret that was forgotten")
    bot.writes()
    await sharing.came.wait()
    await bot.db.run(outbox.cancel_room, ROOM)
    go_on.set()
    await bot.finishes()
    assert server.sent() == []
    row = await bot.row(txn)
    assert (row.state, row.content) == ("cancelled", None)
    bot.engine.drop_room(ROOM)
    await bot.tells("something else")
    assert await heard(amal, server) == ["something else"]


# ---- a server that limits, refuses, stumbles ----------------------------------------------------------------------


async def test_what_piles_up_while_the_server_makes_us_wait_goes_as_one_message(
    bot: Bot, amal: Person, server: Scripted
) -> None:
    server.script("PUT", SEND, 429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 100})
    txns = [await bot.queues(str(n)) for n in range(6)]
    await bot.finishes()
    contents = await reads(amal, server)
    assert len(contents) < 6
    assert "\n\n".join(c["body"] for c in contents).split("\n\n") == [*map(str, range(6))]
    assert {(await bot.row(t)).state for t in txns} == {"sent"}
    await bot.receives(room(*server.sent()))
    assert {(await bot.row(t)).state for t in txns} == {"confirmed"}, "each part of a joined message is confirmed"


async def test_only_what_answers_the_same_and_is_for_the_same_ears_is_joined(
    bot: Bot, amal: Person, server: Scripted
) -> None:
    server.script("PUT", SEND, 429, {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 50})
    kinds: list[Json] = [
        {},
        {"audience": "own"},
        {"thread": "$root"},
        {"thread": "$other"},
        {"reply_to": "$asked"},
        {"mentions": [AMAL]},
        {"loud": True},
    ]
    await bot.queues("begin")
    for number, kind in enumerate(kinds):
        await bot.queues(f"{number} one", **kind)
        await bot.queues(f"{number} two", **kind)
    await bot.finishes()
    contents = await reads(amal, server)
    bodies = "\n\n".join(c["body"] for c in contents).split("\n\n")
    assert bodies == ["begin", *[f"{n} {word}" for n in range(len(kinds)) for word in ("one", "two")]]
    assert len(contents) == 1 + len(kinds), "what is alike goes together, and nothing else"
    by_number = {c["body"][0]: c for c in contents}
    assert by_number["2"]["m.relates_to"]["event_id"] == "$root"
    assert by_number["3"]["m.relates_to"]["event_id"] == "$other"
    assert by_number["4"]["m.relates_to"] == {"m.in_reply_to": {"event_id": "$asked"}}
    assert by_number["5"]["m.mentions"] == {"user_ids": [AMAL]}
    assert by_number["6"]["msgtype"] == "m.text"


@pytest.mark.parametrize(
    ("status", "errcode"),
    [(403, "M_FORBIDDEN"), (404, "M_NOT_FOUND"), (413, "M_TOO_LARGE"), (400, "M_BAD_JSON")],
)
async def test_what_the_server_refuses_is_kept_with_its_reason_and_the_rest_goes_on(
    bot: Bot, amal: Person, server: Scripted, status: int, errcode: str
) -> None:
    await bot.enters(AMAL, room_id="!other")
    server.script("PUT", f"/rooms/{ROOM}/send/", status, {"errcode": errcode})
    refused = await bot.tells("refused")
    row = await bot.row(refused)
    assert (row.state, row.reason) == ("parked", errcode)
    await bot.tells("elsewhere", room_id="!other")
    await bot.tells("and here")
    assert await heard(amal, server, "!other") == ["elsewhere"]
    assert await heard(amal, server) == ["and here"]


async def test_after_a_step_of_a_dialogue_was_refused_no_later_step_comes_alone(
    bot: Bot, amal: Person, server: Scripted
) -> None:
    server.script("PUT", SEND, 403, {"errcode": "M_FORBIDDEN"})
    await bot.tells("question", in_dialogue=True)
    await bot.tells("next question", in_dialogue=True)
    assert await heard(amal, server) == []
    await bot.db.run(outbox.cancel_room, ROOM)
    await bot.tells("from the beginning", in_dialogue=True)
    assert await heard(amal, server) == ["from the beginning"]


async def test_a_fault_that_passes_delays_and_keeps_the_order(
    bot: Bot, amal: Person, server: Scripted, stage: Stage
) -> None:
    server.script("POST", "/keys/claim", 400, {"errcode": "M_UNKNOWN"})
    first, second = await bot.queues("first"), await bot.queues("second")
    bot.writes()
    await bot.finishes()
    assert [(await bot.row(t)).state for t in (first, second)] == ["queued", "queued"]
    stage.clock.advance(seconds=3)
    bot.outgoing.wake()
    await bot.finishes()
    assert await heard(amal, server) == ["first", "second"]


async def test_a_room_that_we_are_not_in_gets_nothing(bot: Bot, amal: Person, server: Scripted) -> None:
    for deed in (await bot.tells("x", room_id="!unknown"), await bot.tells("x", room_id="!unknown", clear=True)):
        row = await bot.row(deed)
        assert (row.state, row.reason) == ("parked", "not-in-room")
    await bot.tells("here")
    assert await heard(amal, server) == ["here"]


# ---- in doubt ------------------------------------------------------------------------------------------------------


async def doubtful(bot: Bot, server: Scripted, *, arrived: bool) -> str:
    """A message whose answer never came, because the process ended before."""
    never = asyncio.Event()

    async def hang(_body: Json) -> tuple[int, Json]:
        await never.wait()
        raise AssertionError

    script = server.script("PUT", SEND, reply=hang)
    script.after = arrived
    txn = await bot.queues("said once")
    bot.writes()
    await script.came.wait()
    await bot.restart()
    never.set()
    assert (await bot.row(txn)).state == "sending"
    return txn


@pytest.mark.parametrize("arrived", [True, False])
@pytest.mark.parametrize("hours", [1, 19, 21, 24 * 6])
async def test_a_message_in_doubt_is_in_the_room_once_after_however_long(
    bot: Bot, amal: Person, server: Scripted, stage: Stage, arrived: bool, hours: int
) -> None:
    txn = await doubtful(bot, server, arrived=arrived)
    stage.clock.advance(hours=hours)
    if hours > 24:
        server.forgets_transactions()
    for n in range(120):  # what others said since
        server.timelines.setdefault(ROOM, []).append(amal.event("m.room.message", {"body": str(n)}))
    await bot.finishes()
    assert await heard(amal, server) == ["said once"]
    row = await bot.row(txn)
    assert (row.state, row.event_id, row.content) == ("sent", server.sent()[0]["event_id"], None)
    await bot.tells("and the next")
    assert await heard(amal, server) == ["said once", "and the next"]


async def test_a_try_again_says_the_same_under_the_same_id(bot: Bot, amal: Person, server: Scripted) -> None:
    lost = server.loses("PUT", SEND)
    await bot.tells("once")
    assert lost.asked == 1
    assert await heard(amal, server) == ["once"]


@pytest.mark.parametrize("status", [None, 502])
async def test_a_room_in_doubt_is_not_made_again_before_reading_has_shown_what_there_is(
    bot: Bot, amal: Person, server: Scripted, stage: Stage, status: int | None
) -> None:
    bot.sync.caught_up.set()
    if status:
        server.script("POST", "/createRoom", status).after = True
    else:
        server.loses("POST", "/createRoom")
    await bot.does(outbox.create_room, kind="coalition", ref="ref1", invite=[AMAL], name="main")
    await bot.finishes()
    (made,) = [room_id for deed, room_id, *_ in server.done if deed == "create"]
    stage.clock.advance(minutes=5)
    bot.outgoing.wake()
    for _ in range(200):  # reading is interrupted too, for a while
        await bot.db.run(get_room_by_ref, "ref1")
    creation = state("m.room.create", {"room_version": "11", "org.liaison.ref": "ref1"}, sender=BOT)
    await bot.receives(room(state=[creation, *beginning(BOT)[1:], member(AMAL)], room_id=made))
    bot.sync.caught_up.set()
    await bot.finishes()
    assert [room_id for deed, room_id, *_ in server.done if deed == "create"] == [made]
    found = await bot.db.run(get_room_by_ref, "ref1")
    assert found
    assert (found.room_id, found.kind, found.name) == (made, "coalition", "main")
    await bot.tells("welcome", room_id=made)
    assert await heard(amal, server, made) == ["welcome"]


# ---- rooms ---------------------------------------------------------------------------------------------------------


async def test_what_is_so_already_is_not_done_again(bot: Bot, amal: Person, server: Scripted) -> None:
    topic = {"topic": "x"}
    for _ in range(2):
        await bot.does(outbox.set_state, ROOM, "m.room.topic", topic)
        await bot.does(outbox.invite, ROOM, AMAL)
        await bot.does(outbox.invite, ROOM, "@zahra:example.org")
        await bot.does(outbox.ban, ROOM, "@mallory:example.org")
        await bot.finishes()
        await bot.receives(room(member("@zahra:example.org", "invite"), member("@mallory:example.org", "ban")))
    deeds = [("ban", ROOM, "@mallory:example.org"), ("invite", ROOM, "@zahra:example.org")]
    assert sorted(server.done) == [*deeds, ("state", ROOM, "m.room.topic")]


async def test_leaving_a_room_that_is_gone_is_done(bot: Bot, amal: Person, server: Scripted) -> None:
    server.script("POST", "/leave", 403, {"errcode": "M_FORBIDDEN"})
    server.script("POST", "/forget", 400, {"errcode": "M_UNKNOWN"})
    txn = await bot.does(outbox.leave, "!gone")
    await bot.finishes()
    assert (await bot.row(txn)).state == "sent"
    await bot.tells("still here")
    assert await heard(amal, server) == ["still here"]


# ---- in cipher ---------------------------------------------------------------------------------------------------


async def test_who_leaves_reads_nothing_that_follows_and_who_comes_nothing_from_before(
    bot: Bot, amal: Person, server: Scripted, stage: Stage
) -> None:
    zahra = await stage.person("zahra")
    await bot.tells("before she came")
    await bot.receives(room(member(zahra.user)))
    await bot.tells("while she was here")
    await bot.receives(room(member(zahra.user, "leave", 2)))
    await bot.tells("after she left")
    before, here, after = server.sent()
    assert await zahra.reads(here) == "while she was here"
    assert [await zahra.refuses(e) for e in (after,)] == ["no-key"]
    assert before["content"]["session_id"] != after["content"]["session_id"]
    assert await heard(amal, server) == ["before she came", "while she was here", "after she left"]


async def test_who_comes_while_a_message_is_being_encrypted_can_read_the_next_one(
    bot: Bot, amal: Person, server: Scripted, stage: Stage
) -> None:
    zahra = await stage.person("zahra")

    async def meanwhile(_body: Json) -> tuple[int, Json]:
        await bot.receives(room(member(zahra.user)))
        return 502, {}

    server.script("PUT", "/sendToDevice/m.room.encrypted", reply=meanwhile)
    await bot.tells("one")
    await bot.tells("two")
    assert await zahra.reads(server.sent()[-1]) == "two"
    assert await heard(amal, server) == ["one", "two"]


async def test_who_leaves_while_a_message_is_being_encrypted_cannot_read_it(
    bot: Bot, amal: Person, server: Scripted, stage: Stage
) -> None:
    zahra = await stage.person("zahra")
    await bot.receives(room(member(zahra.user)))

    async def meanwhile(_body: Json) -> tuple[int, Json]:
        await bot.receives(room(member(zahra.user, "leave", 2)))
        return 200, {}

    server.script("PUT", "/sendToDevice/m.room.encrypted", reply=meanwhile).after = True
    await bot.tells("after she left")
    assert await zahra.refuses(server.sent()[-1])
    assert await heard(amal, server) == ["after she left"]


async def test_who_was_taken_out_of_the_config_reads_nothing_more_at_a_desk(
    bot: Bot, amal: Person, server: Scripted, stage: Stage
) -> None:
    zahra = await stage.person("zahra")
    await bot.receives(room(member(zahra.user)))
    await bot.db.run(lambda tx: set_room(tx, ROOM, kind="desk", name="main"))
    team = [{"id": "amal", "accounts": [amal.user]}, {"id": "zahra", "accounts": [zahra.user]}]
    bot.rooms.config = Config.model_validate({"staff": team})
    await bot.tells("for both")
    bot.rooms.config = Config.model_validate({"staff": team[:1]})
    await bot.tells("for one")
    before, after = server.sent()
    assert await zahra.reads(before) == "for both"
    assert await zahra.refuses(after)
    assert await heard(amal, server) == ["for both", "for one"]


async def test_many_messages_at_once_into_a_new_room_share_its_key_once(
    bot: Bot, amal: Person, server: Scripted
) -> None:
    for lane in ("now", "work", "bulletin", "sweep"):
        await bot.queues(lane, lane=lane)
    await bot.finishes()
    assert sorted(await heard(amal, server)) == ["bulletin", "now", "sweep", "work"]
    assert len([path for method, path in server.asked if method == "PUT" and "/sendToDevice/" in path]) == 1


async def test_joining_tells_where_the_room_can_be_found(bot: Bot, server: Scripted) -> None:
    server.script("POST", "/join/")
    await bot.does(outbox.join, "!room-without-domain", via=["one.example", "two.example:8448"])
    await bot.finishes()
    assert server.queries("/join/!room-without-domain", "server_name") == ["one.example", "two.example:8448"]
    assert server.queries("/join/!room-without-domain", "via") == ["one.example", "two.example:8448"]


@pytest.mark.parametrize("invited", ["shared", "joined"])
async def test_who_is_only_invited_may_read_where_the_history_is_open_to_them(
    bot: Bot, server: Scripted, stage: Stage, invited: str
) -> None:
    zahra = await stage.person("zahra")
    visibility = state("m.room.history_visibility", {"history_visibility": invited}, number=5)
    await bot.receives(room(visibility, member(zahra.user, "invite")))
    await bot.tells("hello")
    if invited == "shared":
        assert await zahra.reads(server.sent()[-1]) == "hello"
    else:
        assert await zahra.refuses(server.sent()[-1]) == "no-key"
        await bot.receives(room(member(zahra.user, "join", 2)))
        await bot.tells("welcome")
        assert await zahra.reads(server.sent()[-1]) == "welcome"


async def test_what_is_somebodys_own_is_only_for_signed_devices(bot: Bot, server: Scripted, stage: Stage) -> None:
    bare = await stage.person("bare", signed=False)
    await bot.receives(room(member(bare.user)))
    await bot.tells("for everybody", audience="public")
    await bot.tells("for her alone", audience="own")
    public, own = server.sent()
    assert await bare.reads(public) == "for everybody"
    assert await bare.refuses(own) == "no-key"
    server.sign(bare.user, bare.device)
    bot.learns_of(bare)
    await bot.tells("for her alone, again", audience="own")
    assert await bare.reads(server.sent()[-1]) == "for her alone, again"


@pytest.mark.parametrize("server_says", ["on", "first a fault, then on", "off", "nothing to us"])
async def test_nothing_but_the_one_fixed_text_ever_leaves_in_clear(
    bot: Bot, amal: Person, server: Scripted, server_says: str
) -> None:
    await bot.enters(AMAL, room_id="!clear", encrypted=False)  # as far as we know; asked again before we speak
    if "on" in server_says.split():
        server.state["!clear"] = {"m.room.encryption": MEGOLM}
    if "fault" in server_says:
        server.script("GET", "/state/m.room.encryption", 502, times=2)
    elif server_says == "nothing to us":
        server.script("GET", "/state/m.room.encryption", 403, {"errcode": "M_FORBIDDEN"}, times=float("inf"))
    secret = await bot.queues("a secret", room_id="!clear")
    edit = await bot.does(outbox.edit, "!clear", secret, LINE, language="en", lane="now")
    await bot.queues("", room_id="!clear", clear=True, language=None)
    await bot.finishes()
    in_clear = [e["content"]["body"] for e in server.sent("!clear") if e["type"] != "m.room.encrypted"]
    fixed = bot.texts.render(None, [Part("=clear")])
    if "on" in server_says.split():
        assert in_clear == []
        assert sorted(await heard(amal, server, "!clear")) == sorted(["a secret", "* changed", fixed])
    else:
        assert in_clear == [fixed] * (server_says == "off")
        assert [(await bot.row(t)).state for t in (secret, edit)] == ["parked", "parked"]
    server.scripts.clear()
    server.timelines.clear()
    server.state["!clear"] = {"m.room.encryption": MEGOLM}
    await bot.tells("in cipher now", room_id="!clear")
    assert await heard(amal, server, "!clear") == ["in cipher now"]


async def test_a_file_and_a_step_of_a_verification_go_only_in_cipher(
    bot: Bot, amal: Person, server: Scripted, tmp_path: Path
) -> None:
    await bot.enters(AMAL, room_id="!clear", encrypted=False)
    server.script("GET", "/media/config", 200, {"m.upload.size": 50_000})
    server.script("POST", "/media/v3/upload", 200, {"content_uri": "mxc://example.org/abc"}, times=2)
    (tmp_path / "page.txt").write_text("words of the page")
    files = [
        await bot.does(outbox.send_file, room_id, str(tmp_path / "page.txt"), name="page", mimetype="text/plain")
        for room_id in (ROOM, "!clear")
    ]
    await bot.finishes()
    assert [(await bot.row(t)).state for t in files] == ["sent", "parked"]
    await bot.outgoing.send_event(ROOM, "m.key.verification.ready", {"methods": []})
    file, _ = await reads(amal, server)
    assert file["file"]["url"] == "mxc://example.org/abc"
    assert "url" not in file
    assert [e["type"] for e in server.sent()] == ["m.room.encrypted"] * 2
    assert server.sent("!clear") == []


async def test_a_file_that_is_too_large_is_kept_with_its_reason(
    bot: Bot, amal: Person, server: Scripted, tmp_path: Path
) -> None:
    server.script("GET", "/media/config", 200, {"m.upload.size": 50_000})
    server.script("POST", "/media/v3/upload", 413, {"errcode": "M_TOO_LARGE"})
    (tmp_path / "large").write_bytes(bytes(9_000))
    (tmp_path / "larger").write_bytes(bytes(90_000))
    for name, reason in (("large", "M_TOO_LARGE"), ("larger", "media-too-big")):
        path = str(tmp_path / name)
        txn = await bot.does(outbox.send_file, ROOM, path, name="x", mimetype="text/plain")
        await bot.finishes()
        row = await bot.row(txn)
        assert (row.state, row.reason) == ("parked", reason)
    await bot.tells("words go on")
    assert await heard(amal, server) == ["words go on"]


async def test_no_step_of_a_verification_goes_to_a_room_without_encryption(stage: Stage, amal: Person) -> None:
    clear = "!clear:example.org"
    await stage.bot.enters(AMAL, room_id=clear, encrypted=False)
    await stage.bot.enters(AMAL)
    for room_id in (clear, ROOM):
        await stage.bot.outgoing.send_event(room_id, "m.key.verification.ready", {"methods": []})
    assert stage.server.sent(clear) == []
    assert len(stage.server.sent()) == 1
