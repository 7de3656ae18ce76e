"""A person asks for help in Arabic; an old phone; two people of the team at the desk."""

from __future__ import annotations

import re

from bot.demo.client import Client
from bot.demo.stage import Stage
from bot.message import Trust

DESK = "main"


async def play(stage: Stage) -> None:
    await asking_in_arabic(stage)
    await an_unsigned_device(stage)
    await at_the_desk(stage)
    await in_a_group(stage)


async def asking_in_arabic(stage: Stage) -> None:
    stage.title("Amal asks in Arabic, from a client that refuses unverified devices")
    amal = await stage.enter("amal")
    room = await amal.create_room([stage.bot_id])
    await stage.says(amal, room, "مرحبا، هل يوجد أحد هنا؟")
    greeting = await stage.hears(amal, "العربية")
    stage.check("the greeting came from a device that its owner signed", greeting.trust is Trust.SIGNED)
    await choose(stage, amal, room, greeting.text, "العربية")
    alone = await stage.hears(amal, "1 ")
    await stage.says(amal, room, "١")
    for _ in range(3):
        menu = await stage.hears(amal)
    stage.check("after three short messages comes a menu by digits", menu.text.count("\n") >= 5)
    stage.check("the question before them was short", len(alone.text) < 120)
    await stage.says(amal, room, "١")
    topics = await stage.hears(amal)
    await choose(stage, amal, room, topics.text, number=2)
    questions = await stage.hears(amal)
    await choose(stage, amal, room, questions.text, number=2)
    answer = await stage.hears(amal)
    stage.check("the answer names its source", "http" in answer.text or "Example Mechanism" in answer.text)
    await stage.says(amal, room, "٠")
    await stage.hears(amal)
    await stage.check_encrypted(amal, room)
    await stage.check_bot_signed(amal)
    stage.check_strict(amal)
    stage.check_server_blind()
    stage.check_log_silent()


async def an_unsigned_device(stage: Stage) -> None:
    stage.title("Basil's old phone has not been signed: it hears public words, and how to mend that")
    basil = await stage.enter("basil", signed=False)
    room = await basil.create_room([stage.bot_id])
    greeting = await stage.hears(basil, "English")
    await choose(stage, basil, room, greeting.text, "English")
    await stage.hears(basil, "alone")
    await stage.says(basil, room, "1")
    await stage.hears(basil, "Write a number")
    await stage.says(basil, room, "safety")
    await stage.hears(basil, "Menu")
    await stage.says(basil, room, "whoami")
    refusal = await stage.hears(basil, "has not confirmed this device")
    stage.check("what is held about a person is not told to an unsigned device", "Since" not in refusal.text)


async def at_the_desk(stage: Stage) -> None:
    stage.title("Sara and Tomas of the team at the desk: what exposes needs two people")
    sara, tomas = stage.clients["sara"], stage.clients["tomas"]
    desk = await enter_desk(stage, sara)
    await enter_desk(stage, tomas)
    await stage.says(sara, desk, "!bot status")
    status = await stage.hears(sara, "Mode")
    stage.check("the desk says what the server's limits mean", "minute" in status.text)
    chloe = await stage.enter("chloe")
    await stage.says(sara, desk, f"!people role {chloe.user_id} coordinator")
    asked = await stage.hears(sara, "approve")
    found = re.search(r"[A-Z]\d[A-Z]\d", asked.text)
    assert found
    await stage.says(sara, desk, f"!approve {found[0]}")
    refusal = await stage.hears(sara, "Somebody else")
    stage.check("whoever asks cannot approve", bool(refusal))
    await stage.says(tomas, desk, f"!approve {found[0]}")
    done = await stage.hears(tomas, "Approved", found[0])
    stage.check("a second person can", bool(done))
    await stage.says(sara, desk, "!bot audit")
    audit = await stage.hears(sara, "Nobody has changed")
    stage.check("and the audit has both", audit.text.count("role") >= 2)
    stage.check_strict(sara)


async def in_a_group(stage: Stage) -> None:
    stage.title("Chloe, a coordinator by now, opens a room with Murat of a member organisation and the bot")
    chloe, murat = stage.clients["chloe"], await stage.enter("murat")
    room = await chloe.create_room([stage.bot_id, murat.user_id], direct=False)
    await murat.join(room)
    await chloe.until_member(room, stage.bot_id)
    await chloe.until_member(room, murat.user_id)
    await stage.says(murat, room, "Good morning, is everybody here?")
    await stage.says(chloe, room, "!limits")
    await stage.hears(chloe, "can do")
    said = [h.text for h in chloe.heard if h.room_id == room and h.sender == stage.bot_id]
    stage.check("in a group the bot speaks only when it is addressed", len(said) == 1)
    stage.check_strict(murat)


async def enter_desk(stage: Stage, client: Client) -> str:
    invite = await client.until(lambda: client.invites[-1] if client.invites else None)
    await client.join(invite.room_id)
    stage.desks[client.user_id[1:].partition(":")[0]] = str(invite.room_id)
    return str(invite.room_id)


async def choose(stage: Stage, client: Client, room: str, menu: str, label: str = "", *, number: int = 0) -> None:
    """Answer a menu by the digit that stands before `label`."""
    digit = str(number) or "0"
    for line in menu.splitlines():
        first, _, rest = line.partition(" ")
        if label and rest.strip() == label:
            digit = first
    await stage.says(client, room, digit)
