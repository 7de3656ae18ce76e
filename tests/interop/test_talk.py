"""Talking with another client's crypto that excludes devices which their owner has not signed (MSC4153)."""

from __future__ import annotations

import base64

import pytest

from tests.e2e.conftest import bots, enter, synapse
from tests.interop.people import js

__all__ = ["bots", "enter", "js", "synapse"]


@pytest.mark.parametrize("version", ["10", "11", "12"])
async def test_a_strict_client_reads_every_answer_without_a_shield(bots, js, version: str) -> None:
    bot = await bots.start()
    us = bot.session.user_id
    alice = await js("alice")
    room = await alice.dm(us, version=version)
    await alice.hears(room, "English", sender=us)
    last = await alice("send", room_id=room, body="1")
    await alice.hears(room, "alone", sender=us, after=last)
    last = await alice("send", room_id=room, body="1")
    await alice.hears(room, "Write a number", sender=us, after=last)
    last = await alice("send", room_id=room, body="whoami")
    await alice.hears(room, "This is what I keep", sender=us, after=last)
    events = await alice("events", room_id=room)
    assert not [e for e in events if e["decryption_failure"]]
    status = await alice("device_status", user_id=us, device_id=bot.session.device_id)
    assert status["signed_by_owner"]


async def test_replies_edits_reactions_threads_and_files_disturb_nothing(bots, js) -> None:
    bot = await bots.start()
    us = bot.session.user_id
    alice = await js("alice")
    room = await alice.dm(us)
    greeting = await alice.hears(room, "English", sender=us)
    await alice("react", room_id=room, event_id=greeting["event_id"], key="👍")
    reply = {"m.relates_to": {"m.in_reply_to": {"event_id": greeting["event_id"]}}}
    last = await alice("send", room_id=room, body="> <@x:y> quoted\n\n1", content=reply)
    await alice.hears(room, "alone", sender=us, after=last)
    edit = {
        "m.new_content": {"msgtype": "m.text", "body": "2"},
        "m.relates_to": {"rel_type": "m.replace", "event_id": last},
    }
    await alice("send", room_id=room, body="* 2", content=edit)
    last = await alice("send", room_id=room, body="1")
    await alice.hears(room, "Write a number", sender=us, after=last)
    data = base64.b64encode(b"not for now").decode()
    file = await alice("send_file", room_id=room, name="a.txt", mime="text/plain", data_base64=data)
    answer = await alice.hears(room, "I have not opened this", sender=us, after=file)
    thread = {"m.relates_to": {"rel_type": "m.thread", "event_id": answer["event_id"], "is_falling_back": True}}
    last = await alice("send", room_id=room, body="menu", content=thread)
    in_thread = await alice.hears(room, "Write a number", sender=us, after=last)
    assert in_thread["content"]["m.relates_to"]["rel_type"] == "m.thread"
    assert in_thread["content"]["msgtype"] == "m.notice"
    assert in_thread["content"]["m.mentions"] == {}


async def test_an_unsigned_device_gets_public_words_and_nothing_else(bots, js) -> None:
    bot = await bots.start()
    us = bot.session.user_id
    old = await js("old", signed=False)
    room = await old.dm(us)
    await old.hears(room, "English", sender=us)
    last = await old("send", room_id=room, body="1")
    await old.hears(room, "alone", sender=us, after=last)
    last = await old("send", room_id=room, body="1")
    await old.hears(room, "Write a number", sender=us, after=last)
    for word, answer in (("safety", "Before you go on"), ("limits", "can do"), ("ask", "Choose a number")):
        last = await old("send", room_id=room, body=word)
        await old.hears(room, answer, sender=us, after=last)
    last = await old("send", room_id=room, body="whoami")
    await old.hears(room, "has not confirmed this device", sender=us, after=last)
    await old("bootstrap", password="correct horse")
    last = await old("send", room_id=room, body="whoami")
    await old.hears(room, "This is what I keep", sender=us, after=last)


async def test_what_is_ones_own_stays_closed_to_an_unsigned_device_of_the_same_account(bots, js) -> None:
    bot = await bots.start()
    us = bot.session.user_id
    signed = await js("pair")
    unsigned = await js(user=signed.user_id[1:].partition(":")[0], signed=False)
    room = await signed.dm(us)
    greeting = await signed.hears(room, "English", sender=us)
    await unsigned("wait_event", room_id=room, event_id=greeting["event_id"])  # public words: readable there too
    last = await signed("send", room_id=room, body="1")
    await signed.hears(room, "alone", sender=us, after=last)
    last = await signed("send", room_id=room, body="1")
    await signed.hears(room, "Write a number", sender=us, after=last)
    last = await signed("send", room_id=room, body="whoami")
    own = await signed.hears(room, "This is what I keep", sender=us, after=last)
    withheld = "MEGOLM_KEY_WITHHELD_FOR_UNVERIFIED_DEVICE"
    await unsigned("wait_event", room_id=room, event_id=own["event_id"], failure=withheld)
    last = await signed("send", room_id=room, body="safety")
    public = await signed.hears(room, "Before you go on", sender=us, after=last)
    await unsigned("wait_event", room_id=room, event_id=public["event_id"])
