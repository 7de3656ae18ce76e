"""Reading: nothing is lost, nothing is handled twice, and one bad event hurts no other (bot/matrix/sync.py)."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.errors import StartError
from bot.matrix import answers, history
from bot.message import Message
from bot.seal import KeyRing
from bot.store import inbox
from bot.store.db import Tx
from bot.store.meta import get_meta
from bot.store.rooms import INFINITE, Room, get_room, list_members
from bot.text import Texts
from tests.scripted import BOT, ROOM, Bot, Echo, Json, Person, Stage, member, room, state

AMAL = "@amal:example.org"


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
async def bot(stage: Stage, amal: Person) -> Bot:
    await stage.bot.enters(AMAL)
    return stage.bot


async def token(bot: Bot) -> Any:
    return await bot.db.run(get_meta, "sync_token")


async def known(bot: Bot, room_id: str = ROOM) -> Room:
    found = await bot.db.run(get_room, room_id)
    assert found
    return found


# ---- each event once, whatever is beside it ------------------------------------------------------------------------


async def test_what_people_say_is_heard_in_order_and_once(bot: Bot, amal: Person) -> None:
    one, two = await amal.writes("one", bot), await amal.writes("two", bot)
    await bot.receives(room(one, two))
    await bot.receives(room(two, await amal.writes("three", bot)))
    assert await bot.heard() == ["one", "two", "three"]


JUNK: list[Any] = [None, True, 0, -1, 10**30, 1.5, "", "x" * 300, "\ud800", "\0", [], [[]], {}, {"a": {}}, [None, {}]]


@pytest.mark.parametrize("junk", JUNK, ids=lambda value: repr(value)[:20])
async def test_one_bad_thing_in_an_answer_loses_nothing_beside_it(bot: Bot, amal: Person, junk: Any) -> None:
    good = await amal.writes("good", bot)
    fields = ("type", "event_id", "sender", "content", "origin_server_ts", "state_key", "unsigned", "redacts")
    bad = [junk, *[{**amal.event("m.room.message", {"body": "x"}), name: junk} for name in fields]]
    for name in ("algorithm", "session_id", "ciphertext"):
        bad.append({**good, "event_id": f"$bad{name}", "content": {**good["content"], name: junk}})
    for kind in ("m.room.member", "m.room.power_levels", "m.room.encryption", "m.room.create", "m.room.join_rules"):
        bad += [state(kind, junk, AMAL), state(kind, {"membership": junk, "users": junk, "events": junk}, number=1)]
    raw = bot.answer(room(*bad, good, *bad))
    raw["rooms"]["join"] |= {
        "!junk1": junk,
        "!junk2": {"timeline": junk},
        "!junk3": {"timeline": {"events": junk}, "state": junk, "summary": junk},
        "!junk4": {"timeline": {"events": [junk, state("m.room.member", {"membership": "join"}, BOT)]}},
        "!junk5": {"timeline": {"events": [], "limited": True, "prev_batch": junk}},
    }
    raw["rooms"]["invite"] = {"!junk6": junk, "!junk7": {"invite_state": {"events": junk}}, "!junk8": {"invite_state": {
        "events": [junk, {**state("m.room.member", {"membership": "invite"}, BOT), "sender": junk}]}}}  # fmt: skip
    raw["rooms"]["leave"] = {"!junk9": junk}
    raw["to_device"]["events"] += [junk, {"type": junk, "sender": junk, "content": junk}]
    raw["to_device"]["events"].insert(0, {"type": "m.room.encrypted", "sender": AMAL, "content": junk})
    raw |= {"device_lists": {"changed": junk, "left": [junk]}, "device_one_time_keys_count": junk, "presence": junk}
    await bot.sync.process(await bot.journals(raw), answers.parse(json.dumps(raw).encode()))
    assert (await bot.heard()).count("good") == 1
    assert await token(bot) == raw["next_batch"]
    assert (await known(bot)).encrypted
    await bot.receives(room(await amal.writes("and on", bot)))
    assert (await bot.heard())[-1] == "and on"


async def test_junk_in_place_of_a_part_of_an_answer_is_an_answer_without_it(bot: Bot, amal: Person) -> None:
    for name in ("to_device", "rooms", "device_lists", "device_one_time_keys_count"):
        for junk in JUNK:
            raw = bot.answer() | {name: junk}
            await bot.sync.process(await bot.journals(raw), raw)
            assert await token(bot) == raw["next_batch"]
    await bot.receives(room(await amal.writes("still here", bot)))
    assert await bot.heard() == ["still here"]


@pytest.mark.parametrize("at", [None, 0, -5, 10**17, 2**63, 1.5, True, "yesterday", 1, 4_102_444_800_001])
async def test_senseless_times_of_events_do_not_matter(bot: Bot, amal: Person, at: Any) -> None:
    event = await amal.writes("when?", bot) | {"origin_server_ts": at}
    await bot.receives(room(event, await amal.writes("now", bot)))
    assert await bot.heard() == ["when?", "now"]


async def test_what_somebody_encrypts_never_changes_the_room(bot: Bot, amal: Person, stage: Stage) -> None:
    mallory = await stage.person("mallory")
    power = {"users": {mallory.user: 100}}
    for payload in ({"state_key": ""}, {"state_key": mallory.user}, {}):
        for kind, content in (
            ("m.room.member", {"membership": "join"}),
            ("m.room.power_levels", power),
            ("m.room.encryption", {"algorithm": "none"}),
        ):
            await bot.receives(room(await amal.sends(kind, content, bot, **payload)))
    assert await bot.db.run(list_members, ROOM) == [AMAL, BOT]
    assert (await known(bot)).power_of(mallory.user) == 0
    await bot.tells("for members only")
    assert await amal.reads(stage.server.sent()[-1]) == "for members only"
    assert await mallory.refuses(stage.server.sent()[-1]) == "no-key"


async def test_a_message_is_heard_among_those_who_were_there_when_it_was_said(
    bot: Bot, amal: Person, stage: Stage
) -> None:
    class Counting(Echo):
        def message(self, tx: Tx, message: Message, prepared: Any = None) -> None:
            among = f"{message.text} among {len(list_members(tx, ROOM))}"
            super().message(tx, replace(message, text=among), prepared)

    bot.sync.core = Counting()
    texts = [await amal.writes(text, bot) for text in ("first", "second", "third")]
    comes, goes = member("@zahra:example.org"), member("@zahra:example.org", "leave", 2)
    await bot.receives(room(texts[0], comes, texts[1], goes, texts[2]))
    assert await bot.heard() == ["first among 2", "second among 3", "third among 2"]


# ---- crashes ------------------------------------------------------------------------------------------------------


class Killed:
    """Ends the process, as far as it goes, before transaction number `at` of a bot."""

    def __init__(self, bot: Bot, at: int) -> None:
        self.left = at
        self.run_for = bot.db.run_for
        bot.db.run_for = self  # type: ignore[method-assign]

    async def __call__(self, *args: Any, **more: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise asyncio.CancelledError
        return await self.run_for(*args, **more)


async def test_a_kill_at_any_moment_of_an_answer_loses_nothing_and_doubles_nothing(
    bot: Bot, amal: Person, stage: Stage
) -> None:
    zahra = await stage.person("zahra")
    await bot.enters(AMAL, room_id="!second")
    events = [await amal.writes(text, bot) for text in ("one", "two")]
    other = await zahra.writes("three", bot, room="!second")
    raw = bot.answer(
        room(events[0], member(zahra.user), events[1])
        | room(member(zahra.user), other, room_id="!second")
        | room(state=[member(BOT)], room_id="!third"),
        invite={"!fourth": {"invite_state": {"events": [{**member(BOT, "invite"), "sender": zahra.user}]}}},
        leave={"!fifth": {}},
    )
    batch, before = await bot.journals(raw), await token(bot)
    await bot.close()
    start = Path(bot.url.removeprefix("sqlite:///"))
    snapshot, kills = start.read_bytes(), 0
    for at in range(1000):
        for leftover in start.parent.glob(start.name + "*"):
            leftover.unlink()
        start.write_bytes(snapshot)
        await bot.open()
        kill = Killed(bot, at)
        try:
            bot.sync._began = True
            await bot.sync.process(batch, answers.parse(batch.body))
        except asyncio.CancelledError:
            kills += 1
        finished = kill.left >= 0
        await bot.restart()
        left = await bot.db.run(inbox.list_batches)
        assert await token(bot) == (before if left else raw["next_batch"]), "the token moves when all is done"
        bot.sync._began = True
        for again in left:
            await bot.sync.process(again, answers.parse(again.body))
        assert await token(bot) == raw["next_batch"]
        assert await bot.heard() == ["one", "two"], f"killed at {at}"
        assert await bot.heard("!second") == ["three"]
        assert [r.room_id for r in await bot.deeds() if r.kind == "join"] == ["!fourth"]
        assert await bot.db.run(list_members, ROOM) == [AMAL, BOT, zahra.user]
        await bot.close()
        if finished:
            break
    assert kills > 20
    await bot.open()
    await bot.receives(room(await amal.writes("four", bot)))
    assert await bot.heard() == ["one", "two", "four"]


# ---- the loop -----------------------------------------------------------------------------------------------------


async def reading(bot: Bot) -> asyncio.Task[None]:
    return asyncio.create_task(bot.sync.run())


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def until_heard(bot: Bot, *texts: str) -> None:
    async with asyncio.timeout(30):
        while await bot.heard() != list(texts):
            pass


async def test_the_loop_reads_on_from_its_own_token_after_a_restart(bot: Bot, amal: Person, stage: Stage) -> None:
    raw = bot.answer(room(await amal.writes("one", bot)))
    await bot.journals(raw)  # and then it was killed
    await bot.restart()
    second = bot.answer(room(await amal.writes("two", bot)))
    stage.server.syncs.put_nowait(second)
    task = await reading(bot)
    await until_heard(bot, "one", "two")
    await ended(task)
    assert stage.server.since[0] == raw["next_batch"]


@pytest.mark.parametrize(("soft", "logins"), [(True, 1), (False, 0)])
async def test_a_lost_token_ends_reading_unless_a_login_mends_it(
    bot: Bot, amal: Person, stage: Stage, soft: bool, logins: int
) -> None:
    stage.server.script("GET", "/sync", 401, {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": soft})
    task = await reading(bot)
    if soft:
        stage.server.syncs.put_nowait(bot.answer(room(await amal.writes("hello", bot))))
        await until_heard(bot, "hello")
        await ended(task)
    else:
        with pytest.raises(ExceptionGroup) as failed:
            await task
        lost = failed.value.subgroup(StartError)
        assert lost and isinstance(lost.exceptions[0], StartError)
        assert (lost.exceptions[0].key, lost.exceptions[0].code) == ("token-lost", 3)
        await bot.receives(room(await amal.writes("hello", bot)))  # signed in anew
        assert await bot.heard() == ["hello"]
    assert bot.logins == logins


# ---- what the server left out --------------------------------------------------------------------------------------


async def gap(bot: Bot, amal: Person, stage: Stage, count: int) -> tuple[list[Json], dict[str, Json]]:
    """So many messages; the server shows the last one and says that there were more."""
    events = [await amal.writes(f"{n}", bot) for n in range(count)]
    stage.server.timelines.setdefault(ROOM, []).extend(events)
    return events, room(events[-1], prev_batch=str(len(stage.server.timelines[ROOM]) - 1))


async def test_what_the_server_left_out_is_fetched_up_to_what_was_handled(bot: Bot, amal: Person, stage: Stage) -> None:
    for count in (150, 30):
        _, answer = await gap(bot, amal, stage, count)
        await bot.receives(answer)
    assert await bot.heard() == [str(n) for n in (*range(150), *range(30))]
    pages = [path for _, path in stage.server.asked if path.endswith("/messages")]
    assert len(pages) == 2 + 1, "no page is read beyond what was handled"


@pytest.mark.parametrize(("status", "heard"), [(403, ["2"]), (404, ["2"]), (400, ["2"]), (502, ["0", "1", "2"])])
async def test_a_gap_that_may_not_be_read_is_let_be_and_one_that_cannot_be_now_is_waited_for(
    bot: Bot, amal: Person, stage: Stage, status: int, heard: list[str]
) -> None:
    _, answer = await gap(bot, amal, stage, 3)
    stage.server.script("GET", "/messages", status, {"errcode": "M_FORBIDDEN"})
    await bot.receives(answer)
    assert await bot.heard() == heard
    await bot.receives(room(await amal.writes("on", bot)))
    assert await bot.heard() == [*heard, "on"]


async def test_one_rooms_history_that_never_comes_holds_up_nobody_and_is_read_when_it_does(
    bot: Bot, amal: Person, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PATIENCE", 0.05)
    broken = stage.server.script("GET", "/messages", 502, times=math.inf)
    _, answer = await gap(bot, amal, stage, 3)
    other = "!other:example.org"
    await bot.enters(AMAL, room_id=other)
    await bot.receives(answer | room(await amal.writes("elsewhere", bot, room=other), room_id=other))
    assert (await bot.heard(), await bot.heard(other)) == (["2"], ["elsewhere"])
    for _ in range(3):
        await bot.sync.fill_gaps()
        stage.clock.advance(hours=1)
    asked = broken.asked
    broken.times = asked
    await bot.sync.fill_gaps()
    assert await bot.heard() == ["2", "0", "1"]
    await bot.sync.fill_gaps()
    assert len([p for _, p in stage.server.asked if p.endswith("/messages")]) == asked + 1, "it is over"


async def test_a_gap_is_read_after_a_restart_and_forgotten_with_its_room(
    bot: Bot, amal: Person, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "PATIENCE", 0.05)
    broken = stage.server.script("GET", "/messages", 502, times=math.inf)
    await bot.receives((await gap(bot, amal, stage, 3))[1])
    await bot.close()
    await bot.open()
    broken.times = 0
    await bot.sync.fill_gaps()
    assert await bot.heard() == ["2", "0", "1"]
    broken.times = math.inf
    await bot.receives((await gap(bot, amal, stage, 2))[1])
    assert await bot.db.run(inbox.list_gaps)
    await bot.receives(leave={ROOM: {}})
    assert not await bot.db.run(inbox.list_gaps)


async def test_one_users_keys_that_never_come_hold_up_nobody(bot: Bot, amal: Person, stage: Stage) -> None:
    """What they say waits; everybody else is heard, and they are when their keys can be read."""
    mallory, broken = await stage.person("mallory"), True

    async def refuse(_method: str, path: str, body: Json) -> tuple[int, Json] | None:
        asked = path.endswith("/keys/query") and mallory.user in body["device_keys"]
        return (500, {"errcode": "M_UNKNOWN"}) if asked and broken else None

    stage.server.hooks.append(refuse)
    await bot.receives(room(member(mallory.user)))
    theirs = await mallory.writes("mine", bot)
    await bot.receives(room(theirs, await amal.writes("hello", bot)))
    assert await bot.heard() == ["hello"]
    await bot.outgoing.send_event(ROOM, "m.room.message", {"body": "to both"})
    assert await amal.reads(stage.server.sent()[-1]) == "to both"
    broken = False
    bot.engine.devices._silent.clear()  # the pause until it is asked again
    await bot.sync.look_after_pending()
    assert (await bot.heard())[-1] == "mine"


@pytest.mark.parametrize("limited", [False, True])
async def test_of_a_room_just_entered_only_what_came_since_the_invitation_is_heard(
    bot: Bot, amal: Person, stage: Stage, limited: bool
) -> None:
    new = "!new:example.org"
    early = [await amal.writes(f"early {n}", bot, room=new) for n in range(2)]
    invitation = {**member(BOT, "invite"), "sender": AMAL}
    since = [await amal.writes(f"since {n}", bot, room=new) for n in range(2)]
    timeline = [*early, invitation, since[0], member(BOT, "join", 2), since[1]]
    stage.server.timelines[new] = timeline
    shown = timeline[-1:] if limited else timeline
    states = [state("m.room.create", {"room_version": "11"}), state("m.room.encryption", {"algorithm": "m.megolm.v1"})]
    await bot.receives(
        room(*shown, room_id=new, state=[*states, member(BOT), member(AMAL)], prev_batch="5" if limited else None)
    )
    assert await bot.heard(new) == ["since 0", "since 1"]
    assert (await known(bot, new)).encrypted


# ---- keys that come late, rooms that end ---------------------------------------------------------------------------


async def test_a_late_key_opens_what_waited_for_it_in_order_and_nothing_is_told_then(
    bot: Bot, amal: Person, stage: Stage
) -> None:
    events = [await amal.writes(text, bot) for text in ("one", "two")]
    keys = stage.server.inbox.pop((bot.user, bot.device))
    await bot.receives(room(*events))
    await bot.receives(room(*events))  # the server shows them again: they wait once
    assert await bot.heard() == []
    stage.clock.advance(seconds=30)
    stage.server.inbox[(bot.user, bot.device)] = keys
    await bot.receives()
    assert await bot.heard() == ["one", "two"]
    stage.clock.advance(minutes=5)
    await bot.sync.look_after_pending()
    assert await bot.heard() == ["one", "two"]


async def test_a_key_that_does_not_come_is_asked_for_once_and_told_once(bot: Bot, amal: Person, stage: Stage) -> None:
    events = [await amal.writes(text, bot) for text in ("one", "two")]
    stage.server.inbox.clear()
    await bot.receives(room(*events))
    for seconds in (3, 10, 30, 30, 300, 3000):
        stage.clock.advance(seconds=seconds)
        await bot.sync.look_after_pending()
    assert await bot.heard() == ["unreadable"]
    requests = [e for e in stage.server.inbox[(amal.user, amal.device)] if e["type"] == "m.room_key_request"]
    assert len(requests) == 1
    amal.engine.drop_room(ROOM)
    await bot.receives(room(await amal.writes("with a new key", bot)))
    assert await bot.heard() == ["unreadable", "with a new key"]


async def test_nothing_is_done_any_more_in_a_room_that_ended_until_we_are_in_it_again(
    bot: Bot, amal: Person, stage: Stage
) -> None:
    await bot.receives(room(await amal.writes("hello", bot)))
    unread = await amal.writes("unreadable", bot)
    amal.engine.drop_room(ROOM)
    await amal.writes("x", bot)
    stage.server.inbox.clear()
    await bot.receives(room({**unread, "content": {**unread["content"], "session_id": "unknown"}}))
    await bot.receives(leave={ROOM: {"timeline": {}}})
    assert await bot.db.run(inbox.list_pending) == []
    await bot.finishes()
    assert stage.server.sent() == []
    assert [r.state for r in await bot.deeds()] == ["cancelled"]
    await bot.receives(room(state=[member(BOT, number=3)]))
    await bot.tells("again here")
    assert await amal.reads(stage.server.sent()[-1]) == "again here"


async def test_our_own_words_coming_back_confirm_what_was_said(bot: Bot, amal: Person, stage: Stage) -> None:
    txn = await bot.tells("an answer")
    assert (await bot.row(txn)).state == "sent"
    forged = await amal.sends("m.room.message", {"body": "x", "org.liaison.id": "l0", "msgtype": "m.text"}, bot)
    await bot.receives(room(forged, {**stage.server.sent()[-1], "unsigned": {}}))
    row = await bot.row(txn)
    assert (row.state, row.event_id, row.content) == ("confirmed", stage.server.sent()[-1]["event_id"], None)


# ---- rooms ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "amals", "zahras"),
    [("10", 0, 0), ("11", 0, 0), ("12", INFINITE, INFINITE), ("13", INFINITE, INFINITE), ("org.other", 0, 0)],
)
async def test_creators_stand_above_all_levels_from_room_version_12_on(
    bot: Bot, stage: Stage, version: str, amals: int, zahras: int
) -> None:
    create = {"room_version": version, "additional_creators": ["@zahra:example.org", 7, None]}
    power = {"users": {"@chief:example.org": 100}, "redact": 50}
    events = [state("m.room.create", create), state("m.room.power_levels", power), member(BOT)]
    await bot.receives(room(state=events, room_id="!powers"))
    found = await known(bot, "!powers")
    people = (AMAL, "@zahra:example.org", "@chief:example.org", "@other:example.org")
    assert [found.power_of(p) for p in people] == [amals, zahras, 100, 0]
    assert [found.may(p, "redact") for p in people] == [bool(amals), bool(zahras), True, False]
    demoted = state("m.room.power_levels", {"users": {}, "redact": 50}, number=2)
    await bot.receives(room(demoted, room_id="!powers"))
    assert (await known(bot, "!powers")).power_of("@chief:example.org") == 0, "levels are replaced, never merged"


async def test_encryption_once_on_is_never_off_again(bot: Bot, amal: Person, stage: Stage) -> None:
    contents: list[Json] = [{}, {"algorithm": "none"}, {"algorithm": None}]
    for number, content in enumerate(contents):
        await bot.receives(room(state("m.room.encryption", content, number=number)))
    stage.server.state[ROOM] = {}
    await bot.tells("still in cipher")
    assert [e["type"] for e in stage.server.sent()] == ["m.room.encrypted"]
    assert await amal.reads(stage.server.sent()[-1]) == "still in cipher"
