"""The first conversation on a real homeserver with real encryption."""

from __future__ import annotations

import pytest

from bot.matrix.http import quoted


@pytest.mark.parametrize("version", ["10", "11", "12"])
async def test_a_person_is_greeted_answered_and_let_go(bots, enter, version: str) -> None:
    bot = await bots.start()
    alice = await enter("alice")
    room = await alice.create_room([bot.session.user_id], version=version)
    await alice.says(room, "hello")
    await alice.hears("English", "العربية")
    await alice.says(room, "1")
    await alice.hears("alone")
    await alice.says(room, "1")
    await alice.hears("Write a number:")
    await alice.says(room, "whoami")
    await alice.hears("This is what I keep")
    await alice.says(room, "0")
    await alice.hears("Bye.")
    assert not alice.refused
    assert not alice.unreadable
    await bot.outgoing.idle()
    events = (await alice.http.call("GET", f"/rooms/{quoted(room)}/messages", query={"dir": "b", "limit": "100"}))[
        "chunk"
    ]
    kept = [
        e for e in events if e["sender"] == bot.session.user_id and e["type"] == "m.room.encrypted" and e["content"]
    ]
    assert len(kept) == 1, "everything but the goodbye was taken back"


async def test_the_bot_answers_in_the_desk_and_only_its_staff(bots, enter) -> None:
    sara, eve = await enter("sara"), await enter("eve")
    staff = [{"id": "sara", "accounts": [sara.user_id], "role": "admin", "master_key": sara.identity.master}]
    bot = await bots.start(staff=staff)
    invite = await sara.until(lambda: sara.invites[-1] if sara.invites else None)
    await sara.join(invite.room_id)
    await sara.says(invite.room_id, "!bot status")
    await sara.hears("Mode")
    room = await eve.create_room([bot.session.user_id])
    await eve.hears("English")
    await eve.says(room, "1")
    await eve.hears("alone")
    await eve.says(room, "1")
    await eve.hears("Write a number:")
    await eve.says(room, "bot status")
    assert "Mode" not in (await eve.hears("1 ")).text, "what anybody may say: a question"
