"""A question in dialect gets an answer, one in English a choice; what nobody wrote an answer to reaches the desk."""

from __future__ import annotations

import re

from bot.demo.client import Client
from bot.demo.first_conversation import choose, enter_desk
from bot.demo.stage import Stage

STOPPABLE = 5  # seconds in which a reply can be stopped; a minute outside the demo
PLAN = b"%PDF-1.4\n% how to reach the side entrance\n" + bytes(range(256)) * 400


async def play(stage: Stage) -> None:
    sara = stage.clients["sara"]
    desk = stage.desks.get("sara") or await enter_desk(stage, sara)
    nour, room = await arrive(stage, "nour", "العربية")
    ref, root = await passed_on(stage, nour, room, sara, desk)
    await replied(stage, sara, desk, root)
    await choices(stage)
    await heard(stage, nour, room, sara, ref)
    stage.check_strict(nour)
    stage.check_server_blind()
    stage.check_log_silent()


async def arrive(stage: Stage, name: str, language: str) -> tuple[Client, str]:
    """Somebody comes, in their language, up to the menu."""
    client = await stage.enter(name)
    room = await client.create_room([stage.bot_id])
    greeting = await client.hears(language)
    await choose(stage, client, room, greeting.text, language)
    await client.hears("1 ")
    await stage.says(client, room, "1")
    for _ in range(3):
        await client.hears()
    return client, room


async def passed_on(stage: Stage, nour: Client, room: str, sara: Client, desk: str) -> tuple[str, str]:
    """Nour asks twice: the second question goes to the desk. The case's number and the first event of its thread."""
    stage.title("Nour asks in Levantine Arabic: one answer is known, one is not")
    await stage.says(nour, room, "الحكي يلي بقولو بيضل بيناتنا؟")
    answer = await stage.hears(nour)
    lines = answer.text.splitlines()
    stage.check(
        "an answer with its source, its date, and what to do next by digit", len(lines) > 8 and "المصدر" in answer.text
    )
    await stage.says(nour, room, "بمكتبكن في مصعد لكرسي العجلات")
    await stage.hears(nour, "بمكتبكن في مصعد")
    stage.check("what would be passed on is shown first", not [h for h in sara.heard if "مصعد" in h.text])
    await stage.says(nour, room, "1")
    done = await stage.hears(nour)
    found = re.search(r"[A-Z]\d[A-Z]\d", done.text)
    assert found
    ref = found[0]
    stage.title(f"Sara reads {ref} at the desk")
    first = await stage.hears(sara, ref, room_id=desk)
    words = await stage.hears(sara, "مصعد", room_id=desk)
    root = first.event_id
    told = "".join(f"{h.text}{h.message}" for h in (first, words))
    stage.check("the case is a thread", words.message.thread == root)
    stage.check("nothing in it tells who asked", not any(w in told for w in (nour.user_id, room, "nour")))
    return ref, root


async def replied(stage: Stage, sara: Client, desk: str, root: str) -> None:
    """A note stays at the desk; a reply and a file go, after a minute."""
    await stage.says(sara, desk, "Ask the house manager before we answer?", thread=root)
    await stage.hears(sara, "Kept as a note", room_id=desk)
    await stage.says(sara, desk, "!reply نعم. المدخل الجانبي فيه مصعد. الخريطة في الملف.", thread=root)
    await stage.hears(sara, "!undo", room_id=desk)
    stage.show("sara", "(a file: entrance-plan-final-SARA.pdf)")
    await sara.sends_file(desk, PLAN, "entrance-plan-final-SARA.pdf", "application/pdf", thread=root)
    await stage.hears(sara, "1 sends this file", room_id=desk)
    await stage.says(sara, desk, "1", thread=root)
    await stage.hears(sara, "!undo", room_id=desk)


async def choices(stage: Stage) -> None:
    stage.title("Meanwhile Ben asks in English")
    ben, room = await arrive(stage, "ben", "English")
    await stage.says(ben, room, "so who are you guys exactly, some kind of detective agency?")
    menu = await stage.hears(ben, "Did you mean")
    stage.check("three choices at most, and a person", menu.text.count("\n") <= 5 and "person" in menu.text)
    await stage.says(ben, room, "1")
    await stage.hears(ben, "Source")
    await stage.says(ben, room, "and in Ukrainian?")
    other = await stage.hears(ben, "Example Mechanism")
    stage.check("a follow-up is understood", re.search("[а-яі]{5}", other.text))
    await stage.says(ben, room, "theyre at the door")
    danger = await stage.hears(ben)
    stage.check("what is dangerous is never guessed at", "http" not in danger.text and "person" in danger.text)


async def heard(stage: Stage, nour: Client, room: str, sara: Client, ref: str) -> None:
    stage.title("A moment later Nour hears the reply")
    stage.note(f"staff have one minute to stop a reply; in this demo {STOPPABLE} seconds")
    news = await stage.hears(nour, "المدخل الجانبي", room_id=room)
    stage.check("nothing tells who of the team wrote", "sara" not in news.text and sara.user_id not in news.text)
    file = await nour.until(lambda: next((h for h in nour.heard if h.message.attachment), None))
    attachment = file.message.attachment
    stage.show("bot", f"(a file: {attachment.name})")
    data = await nour.fetches(attachment)
    stage.check("the file is whole, under another name", data == PLAN and "SARA" not in attachment.name)
    await stage.says(nour, room, f"{ref} شكرا كتير")
    await stage.hears(nour, ref)
    await stage.hears(sara, "شكرا كتير")
