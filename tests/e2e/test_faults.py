"""A bad line, a server that stumbles, a bot that was away: nobody goes without an answer and none comes twice."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.app import App
from bot.demo.client import Client
from bot.demo.homeserver import Homeserver
from bot.errors import StartError
from bot.matrix.http import Http, quoted
from bot.matrix.sync import TIMELINE
from bot.store import inbox
from bot.store.db import utc_now
from bot.text import Texts
from tests.e2e.conftest import PASSWORD, Bots, unique
from tests.e2e.proxy import Fault, Proxy

Enter = Callable[..., Awaitable[Client]]
SEND = "/send/m.room"


@pytest.fixture
async def proxy(synapse: Homeserver) -> AsyncIterator[Proxy]:
    found = Proxy(synapse)
    await found.start()
    yield found
    await found.stop()


def through(proxy: Proxy) -> dict[str, Any]:
    """The setting of a bot that reaches its server through `proxy`."""
    return {"homeserver": {"url": proxy.url}}


async def arrive(person: Client, bot: App, **room: Any) -> str:
    """A person makes a room with the bot and goes through first contact to the menu."""
    room_id = await person.create_room([bot.session.user_id], **room)
    await person.hears("English")
    await person.says(room_id, "1")
    await person.hears("alone")
    await person.says(room_id, "1")
    await person.hears("Write a number:")
    return room_id


def said(person: Client, room_id: str) -> list[str]:
    """Everything that the bot said to this person in a room."""
    return [h.text for h in person.heard if h.room_id == room_id and h.sender != person.user_id]


def spoke_only_in_cipher(proxy: Proxy) -> bool:
    sent = proxy.paths("PUT", "/send/")
    return bool(sent) and all("/m.room.encrypted/" in a.path and b'"ciphertext"' in a.body for a in sent)


# ---- what leaves --------------------------------------------------------------------------------------------------


async def test_an_answer_that_gets_lost_on_the_way_makes_no_second_message(
    bots: Bots, enter: Enter, proxy: Proxy
) -> None:
    bot, alice = await bots.start(**through(proxy)), await enter("alice")
    room = await arrive(alice, bot)
    before = said(alice, room)
    for kind in ("lose", "cut", "garble", "fail"):
        fault = proxy.fault("PUT", SEND, kind)
        await alice.says(room, "whoami")
        await alice.hears("This is what I keep")
        await fault.happened()
    await alice.says(room, "limits")
    await alice.hears("cannot promise")
    words = said(alice, room)[len(before) :]
    assert [("This is what I keep" in w) for w in words] == [True] * 4 + [False], words
    await bot.outgoing.idle()
    tries = proxy.paths("PUT", SEND)
    assert len(tries) == len({a.path for a in tries}) + 4, "each was tried again under its own transaction id"


async def test_a_room_whose_making_was_not_confirmed_is_not_made_twice(bots: Bots, enter: Enter, proxy: Proxy) -> None:
    sara = await enter("sara")
    staff = [{"id": "sara", "accounts": [sara.user_id], "role": "admin", "master_key": sara.identity.master}]
    lost = proxy.fault("POST", "/createRoom", "lose")
    bot = await bots.start(staff=staff, **through(proxy))
    invite = await sara.until(lambda: sara.invites[-1] if sara.invites else None)
    await sara.join(invite.room_id)
    await sara.says(invite.room_id, "!bot status")
    await sara.hears("Mode")
    await bot.outgoing.idle()
    assert lost.passed == 1
    assert (await bot.http.call("GET", "/joined_rooms"))["joined_rooms"] == [invite.room_id]


@pytest.mark.parametrize(
    ("method", "path", "fault"),
    [
        ("POST", "/keys/upload", {"kind": "refuse"}),
        ("POST", "/keys/query", {"kind": "garble"}),
        ("POST", "/keys/claim", {"kind": "cut"}),
        ("POST", "/keys/claim", {"kind": "refuse", "status": 400, "answer": {"errcode": "M_UNKNOWN"}}),
        ("PUT", "/sendToDevice/m.room.encrypted", {"kind": "lose"}),
        (
            "PUT",
            "/sendToDevice/m.room.encrypted",
            {"kind": "refuse", "status": 429, "answer": {"errcode": "M_LIMIT_EXCEEDED", "retry_after_ms": 20}},
        ),
    ],
)
async def test_a_fault_while_keys_are_exchanged_delays_the_answer_and_never_bares_it(
    bots: Bots, enter: Enter, proxy: Proxy, method: str, path: str, fault: dict[str, Any]
) -> None:
    wrong = proxy.fault(method, path, **fault)
    bot, alice = await bots.start(**through(proxy)), await enter("alice")
    room = await arrive(alice, bot)
    await wrong.happened()
    await alice.says(room, "whoami")
    await alice.hears("This is what I keep")
    assert spoke_only_in_cipher(proxy)
    assert not alice.unreadable


# ---- what comes in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["refuse", "cut", "garble"])
async def test_a_person_is_answered_after_reading_failed_and_the_server_is_not_stormed(
    bots: Bots, enter: Enter, proxy: Proxy, kind: str
) -> None:
    bot, alice = await bots.start(**through(proxy)), await enter("alice")
    room = await arrive(alice, bot)
    wrong = proxy.fault("GET", "/sync", kind, times=float("inf"))
    await alice.says(room, "whoami")
    await wrong.happened(2)
    wrong.end()
    await alice.hears("This is what I keep")
    assert wrong.passed < 8, "each failure is followed by a pause"
    assert sum("This is what I keep" in text for text in said(alice, room)) == 1


async def test_what_was_written_while_the_bot_was_away_is_answered_oldest_first_however_much(
    bots: Bots, enter: Enter
) -> None:
    name = unique("helper")
    bot, alice = await bots.start(name), await enter("alice")
    room = await arrive(alice, bot)
    before = len(said(alice, room))
    await bots.stop(bot)
    for word in ("whoami", "menu"):
        await alice.says(room, word)
    event = await alice.says(room, "language")
    for number in range(TIMELINE):  # more than one answer of the server holds
        reaction = {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": str(number)}}
        await alice.send(room, "m.reaction", reaction)
    await alice.says(room, "real?")
    await bots.start(name, clock=lambda: utc_now() + timedelta(hours=1))
    await alice.hears("Do not believe only me")
    answers = said(alice, room)[before:]
    signs = ["I was away", "This is what I keep", "Write a number:", "Which language?", "Do not believe only me"]
    assert all(sign in answer for sign, answer in zip(signs, answers, strict=True)), answers
    assert sum("I was away" in a for a in answers) == 1


async def test_under_the_usual_limits_of_a_server_everybody_is_answered_and_answers_are_joined(
    limited_synapse: Homeserver, enter: Enter, tmp_path: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    bots = Bots(limited_synapse, tmp_path, texts, monkeypatch)
    name = unique("helper")
    bot = await bots.start(name)
    try:
        alice, bob = await enter("alice", server=limited_synapse), await enter("bob", server=limited_synapse)
        room = await arrive(alice, bot)
        other = await bob.create_room([bot.session.user_id])
        await bob.hears("English")
        await bots.stop(bot)
        before = len(said(alice, room))
        for word in ("whoami", "menu", "menu", "menu", "menu", "real?"):
            await alice.says(room, word)
        await bob.says(other, "1")
        bot = await bots.start(name)
        await alice.hears("Do not believe only me", timeout=60)
        await bob.hears("alone", timeout=60)
        answers = said(alice, room)[before:]
        found = "".join(answers)
        signs = ("This is what I keep", "Write a number:", "Do not believe only me")
        assert [found.count(sign) for sign in signs] == [1, 4, 1], "nothing is left out or said twice"
        assert len(answers) < 6, "what the server makes us wait with goes as one message"
        assert bot.http.governor.refusals
    finally:
        await bots.stop_all()


async def test_what_was_said_before_the_invitation_is_not_for_the_bot(bots: Bots, enter: Enter) -> None:
    name = unique("helper")
    alice, bob = await enter("alice"), await enter("bob")
    bot_id = await bots.server.register(name, PASSWORD)
    room = await alice.create_room([], encrypted=False, direct=False)
    for text in ("hello", "1", "this was for somebody else"):
        await alice.says(room, text)
    secret = await alice.create_room([])
    await alice.says(secret, "and so was this")
    for room_id in (room, secret):
        await alice.http.call("POST", f"/rooms/{quoted(room_id)}/invite", {"user_id": bot_id})
    bot = await bots.start(name, register=False)
    await alice.until(lambda: said(alice, room) and said(alice, secret))
    assert await bot.db.run(inbox.list_pending) == [], "what it cannot read is not waited for"
    own = await arrive(bob, bot)  # it has read everything by then
    await alice.says(secret, "1")
    await alice.hears("alone", room_id=secret)
    assert len(said(alice, room)) == 1
    assert len(said(alice, secret)) == 2
    assert said(bob, own)


async def test_a_room_from_before_the_first_start_is_left_in_peace_until_somebody_speaks(
    bots: Bots, enter: Enter, synapse: Homeserver
) -> None:
    name = unique("helper")
    alice, bot_id = await enter("alice"), await synapse.register(name, PASSWORD)
    room = await alice.create_room([bot_id])
    async with Http(synapse.url) as http:
        login = {"type": "m.login.password", "identifier": {"type": "m.id.user", "user": bot_id}}
        http.token = (await http.call("POST", "/login", {**login, "password": PASSWORD}))["access_token"]
        await http.call("POST", f"/join/{quoted(room)}", {})
        await alice.until_member(room, bot_id)
        for text in ("hello", "1", "1"):
            await alice.says(room, text)
        await http.call("POST", "/logout", {})
    bot = await bots.start(name, register=False)
    await alice.says(room, "1")
    await alice.hears("English")
    assert len(said(alice, room)) == 1, "the first word after the start is answered, and no other"
    await alice.says(room, "1")
    await alice.hears("alone")
    assert await bot.db.run(inbox.list_pending) == []


# ---- clocks -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [-4000, 4000])
async def test_a_clock_that_is_years_wrong_and_then_set_right_keeps_nobody_from_an_answer(
    bots: Bots, enter: Enter, days: int
) -> None:
    name = unique("helper")
    bot = await bots.start(name, clock=lambda: utc_now() + timedelta(days=days))
    alice = await enter("alice")
    room = await arrive(alice, bot)
    await bots.stop(bot)
    bot = await bots.start(name)
    alice.engine.drop_room(room)  # as apps do after a week; the bot keeps no key for years
    await alice.says(room, "whoami")
    await alice.hears("This is what I keep")
    await alice.says(room, "safety")
    await alice.hears("phone")
    assert not alice.unreadable


# ---- keys that do not come ----------------------------------------------------------------------------------------


class Clock:
    """The time, and what the test adds to it."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


async def waits_for_keys(bot: App, count: int) -> None:
    """Until the bot holds so many messages that it cannot read."""
    async with asyncio.timeout(30):
        while len(await bot.db.run(inbox.list_pending)) != count:  # noqa: ASYNC110  # nothing tells when it reads
            await asyncio.sleep(0.01)


async def withheld(proxy: Proxy, alice: Client, room: str, *texts: str) -> Fault:
    """Alice writes with a new key, which stays on the way to the bot."""
    alice.engine.drop_room(room)
    kept = proxy.fault("PUT", "/sendToDevice/m.room.encrypted", "swallow", times=float("inf"))
    for text in texts:
        await alice.says(room, text)
    return kept


async def test_an_unreadable_message_is_told_once_for_its_key_and_answered_when_the_key_comes(
    bots: Bots, enter: Enter, proxy: Proxy
) -> None:
    clock = Clock()
    bot, alice = await bots.start(clock=clock), await enter("alice", server=proxy)
    room = await arrive(alice, bot)
    before = len(said(alice, room))
    kept = await withheld(proxy, alice, room, "whoami", "real?")
    await waits_for_keys(bot, 2)
    clock.ahead += timedelta(seconds=40)
    await bot.sync.look_after_pending()
    await bot.outgoing.idle()
    assert len(said(alice, room)) == before, "a key may be a little late; nobody is alarmed"
    for _ in range(3):
        clock.ahead += timedelta(seconds=40)
        await bot.sync.look_after_pending()
    await alice.hears("could not read one of your messages")
    await proxy.release(kept)
    await alice.hears("This is what I keep")
    await alice.hears("Do not believe only me")
    assert sum("could not read" in text for text in said(alice, room)) == 1
    await waits_for_keys(bot, 0)


async def test_a_message_that_is_read_late_never_answers_an_open_question(
    bots: Bots, enter: Enter, proxy: Proxy
) -> None:
    bot, alice = await bots.start(), await enter("alice", server=proxy)
    room = await arrive(alice, bot)
    kept = await withheld(proxy, alice, room, "1")  # the first line of the menu
    await waits_for_keys(bot, 1)
    kept.times = 0
    alice.engine.drop_room(room)
    await alice.says(room, "forget")
    question = await alice.hears("1 Yes, erase it")
    await proxy.release(kept)
    crossed = await alice.hears("wrote at the same time")
    assert "1 Yes, erase it" in crossed.text
    assert question.event_id != crossed.event_id
    await alice.says(room, "1")
    await alice.hears("It is erased")


async def test_a_digit_whose_key_comes_a_moment_after_it_answers_as_if_it_had_been_there(
    bots: Bots, enter: Enter, proxy: Proxy
) -> None:
    bot, alice = await bots.start(), await enter("alice", server=proxy)
    room = await arrive(alice, bot)
    kept = await withheld(proxy, alice, room, "1")  # the first line of the menu
    await waits_for_keys(bot, 1)
    await proxy.release(kept)
    await alice.hears("1 This program")
    assert not any("at the same time" in text for text in said(alice, room))


# ---- the process --------------------------------------------------------------------------------------------------


class Process:
    """`liaison run` in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process, user_id: str) -> None:
        self.process = process
        self.user_id = user_id

    async def ready(self) -> None:
        assert self.process.stdout
        async with asyncio.timeout(60):
            line = await self.process.stdout.readline()
        assert self.user_id.encode() in line, line

    async def ends(self, within: float) -> tuple[int, str]:
        """Its exit code and its last words."""
        assert self.process.stderr
        async with asyncio.timeout(within):
            code = await self.process.wait()
        return code, (await self.process.stderr.read()).decode()


Run = Callable[..., Awaitable[Process]]


@pytest.fixture
async def run(tmp_path: Path, synapse: Homeserver) -> AsyncIterator[Run]:
    """`await run(name, url)`: the command line of an account; again on the same data."""
    started: list[Process] = []

    async def one(name: str, url: str) -> Process:
        user_id = await synapse.register(name, PASSWORD)
        folder = tmp_path / name
        folder.mkdir(exist_ok=True)
        settings = {
            "homeserver": {"url": url},
            "account": {"user_id": user_id},
            "web": {"admin_port": 0},
            "logging": {"file": "log"},
        }
        (folder / "config.yaml").write_text(yaml.safe_dump(settings))
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "--config", str(folder / "config.yaml"), "run",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            env=os.environ | {"LIAISON_PASSWORD": PASSWORD, "LIAISON_LANGUAGE": "en"},
        )  # fmt: skip
        started.append(Process(process, user_id))
        return started[-1]

    yield one
    for found in started:
        if found.process.returncode is None:
            found.process.kill()
            await found.process.wait()


async def test_a_stop_is_quick_while_requests_hang_and_loses_nothing(
    run: Run, bots: Bots, enter: Enter, proxy: Proxy
) -> None:
    name = unique("helper")
    process = await run(name, proxy.url)
    await process.ready()
    alice = await enter("alice")
    room = await alice.create_room([process.user_id])
    await alice.hears("English")
    hangs = proxy.fault("PUT", SEND, "hold")
    await alice.says(room, "1")
    await hangs.happened()
    process.process.terminate()
    code, words = await process.ends(within=5)
    assert (code, words) == (0, "")
    hangs.end()
    await bots.start(name)
    await alice.hears("alone")
    await alice.says(room, "1")
    await alice.hears("Write a number:")
    assert sum("alone" in text for text in said(alice, room)) == 1


async def test_a_token_that_the_server_forgot_ends_the_program_with_a_sentence_and_its_own_code(
    run: Run, bots: Bots, synapse: Homeserver, proxy: Proxy
) -> None:
    name = unique("helper")
    process = await run(name, proxy.url)
    await process.ready()
    token = proxy.paths("GET", "/sync")[0].headers["Authorization"].removeprefix("Bearer ")
    async with Http(synapse.url, token) as http:
        await http.call("POST", "/logout", {})
    code, words = await process.ends(within=60)
    assert code == 3
    assert words.startswith("The server no longer knows our access token.")
    assert "Traceback" not in words
    with pytest.raises(StartError) as again:
        await bots.start(name)
    assert (again.value.key, again.value.code) == ("token-lost", 3)


async def test_a_token_that_was_only_put_to_sleep_is_renewed_for_the_same_device(
    bots: Bots, enter: Enter, proxy: Proxy
) -> None:
    bot, alice = await bots.start(**through(proxy)), await enter("alice")
    room = await arrive(alice, bot)
    device = bot.session.device_id
    asleep = {"errcode": "M_UNKNOWN_TOKEN", "soft_logout": True}
    fault = proxy.fault("GET", "/sync", "refuse", status=401, answer=asleep)
    await alice.says(room, "whoami")
    await fault.happened()
    await alice.hears("This is what I keep")
    assert (await bot.http.call("GET", "/account/whoami"))["device_id"] == device
    assert len(proxy.paths("POST", "/login")) == 2
