"""Somebody submits a file in Arabic; it is sealed, the dialogue is taken back, a holder of a key opens it offline."""

from __future__ import annotations

import asyncio
import hashlib
import re
import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot import recipients
from bot.demo.answers import arrive
from bot.demo.client import Client
from bot.demo.first_conversation import enter_desk
from bot.demo.stage import Stage
from bot.seal import SigningKey, new_age_key, write_private
from bot.store.db import utc_now

PHOTO = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 800
NAME = "huda-balcony.jpg"
PHRASE = "سبعة أبواب خضراء"
BEFORE = ["1"] * 6 + ["5"] + ["1"] * 5 + ["2"] + ["1"] * 3 + ["01"]  # gate, hard stop, cards, check, choices
OFFLINE = "offline"  # the folder that stands for a machine without network


def prepare(folder: Path) -> dict[str, Any]:
    """Keys of a signer and two holders, made offline, and the signed list that the bot gets; the bot's settings."""
    offline = folder / OFFLINE
    offline.mkdir(mode=0o700)
    signer, found = SigningKey.new(), []
    for name in ("registrar", "analyst"):
        identity, public = new_age_key()
        write_private(offline / f"{name}.key", identity.encode() + b"\n")
        found.append(recipients.recipient(name=name, age=public))
    path = folder / "recipients.json"
    recipients.save(path, recipients.changed(recipients.load(path), tuple(found)))
    recipients.sign(path, signer, today=utc_now().date(), valid=timedelta(days=30))
    return {"keys": {"signer": signer.public, "recipients": str(path)}, "intake": {"unreviewed": True}}


async def play(stage: Stage) -> None:
    sara = stage.clients["sara"]
    desk = stage.desks.get("sara") or await enter_desk(stage, sara)
    await opens(stage, sara, desk)
    huda, home = await arrive(stage, "huda", "العربية")
    room = await begins(stage, huda, home)
    number = await submits(stage, huda, room)
    await cleared(stage, huda, room)
    await opened_offline(stage)
    await afterwards(stage, huda, home, room, number)
    stage.check_strict(huda)
    stage.check_server_blind()
    stage.check_log_silent()


async def opens(stage: Stage, sara: Client, desk: str) -> None:
    """Opening intake exposes: two people do it."""
    stage.title("Sara asks to open intake; a colleague approves")
    await stage.says(sara, desk, "!bot mode open")
    asked = await stage.hears(sara, "approve", room_id=desk)
    found = re.search(r"approve ([A-Z]\d[A-Z]\d)", asked.text)
    tomas = stage.clients["tomas"]
    other = stage.desks.get("tomas") or await enter_desk(stage, tomas)
    await stage.says(tomas, other, f"!approve {found[1] if found else ''}")
    await stage.hears(tomas, "Approved", room_id=other)


async def begins(stage: Stage, huda: Client, home: str) -> str:
    stage.title("Huda wants to submit something: a room of its own opens for it")
    await stage.says(huda, home, "6")
    await stage.hears(huda)
    before = len(huda.invites)
    await stage.says(huda, home, "1")
    await stage.hears(huda)
    room = (await huda.until(lambda: huda.invites[before:]))[0].room_id
    await huda.join(room)
    return str(room)


async def submits(stage: Stage, huda: Client, room: str) -> str:
    """Digit by digit to the file, and on to the number."""
    for digit in BEFORE:
        await stage.hears(huda, "00", room_id=room)
        await stage.says(huda, room, digit)
    await stage.hears(huda, "00", room_id=room)
    await stage.says(huda, room, "01")  # no account; a file instead
    await stage.hears(huda, "00", room_id=room)
    await stage.says(huda, room, "2")
    await stage.hears(huda, "00", room_id=room)
    await huda.sends_file(room, PHOTO, NAME, "image/jpeg")
    stage.show("huda", "(a file)")
    question = await stage.hears(huda, "00", room_id=room)
    for _ in range(12):
        if NAME not in question.text and "{" not in question.text and _is_review(question.text):
            break
        await stage.says(huda, room, "01" if _may_skip(question.text) else "1")
        question = await stage.hears(huda, "00", room_id=room)
    await stage.says(huda, room, "1")
    await stage.hears(huda, "00", room_id=room)
    await stage.says(huda, room, PHRASE)
    await stage.hears(huda, "00", room_id=room)
    await stage.says(huda, room, "1")
    done = await stage.hears(huda, "1 ", room_id=room, timeout=60)
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", done.text)
    stage.check("a number of sixteen digits is all that she gets", found)
    return found[0] if found else ""


def _is_review(text: str) -> bool:
    return bool(re.search(r"^2 .*: ", text, re.MULTILINE))


def _may_skip(text: str) -> bool:
    return not re.search(r"^2 ", text, re.MULTILINE)


async def cleared(stage: Stage, huda: Client, room: str) -> None:
    """What was said is taken back from the server, both sides."""
    said = {h.event_id for h in huda.heard if h.room_id == room}

    async def left() -> int:
        answer = await huda.http.call("GET", f"/rooms/{room}/messages", query={"dir": "b", "limit": "200"})
        return sum(e["type"] == "m.room.encrypted" and bool(e.get("content")) for e in answer["chunk"])

    for _ in range(100):
        if await left() <= 1:
            break
        await asyncio.sleep(0.1)
    stage.check(f"of {len(said)} messages of the bot and hers only the number is left in the room", await left() <= 1)


async def opened_offline(stage: Stage) -> None:
    """A holder of a key opens the package, on a machine without network; with stock tools, too."""
    stage.title("Offline, a holder of a key opens the package")
    (package,) = (stage.folder / "data" / "vault").glob("*.tar")
    offline, bag = stage.folder / OFFLINE, stage.folder / OFFLINE / "bag"
    shutil.copy(package, offline / "package.tar")
    command = [
        sys.executable, "-m", "bot", "unseal", "--identity", str(offline / "analyst.key"), "--out", str(bag),
        "--purpose", "shown in the demo", "--second", "registrar", str(offline / "package.tar"),
    ]  # fmt: skip
    done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True)
    stage.check("liaison unseal opens it with one key", done.returncode == 0)
    validate = [sys.executable, "-m", "bagit", "--validate", str(bag)]
    valid = await asyncio.to_thread(subprocess.run, validate, capture_output=True)
    stage.check("bagit.py finds the bag valid", valid.returncode == 0)
    originals = [p.read_bytes() for p in (bag / "data" / "files").glob("*")] if bag.exists() else []
    stage.check("the photograph is byte for byte what she sent", originals == [PHOTO])
    if age := shutil.which("age"):
        script = f'tar -xOf package.tar files/001.age | "{age}" -d -i analyst.key | tar -xO data | sha256sum'
        out = await asyncio.to_thread(subprocess.run, ["sh", "-c", script], cwd=offline, capture_output=True, text=True)
        stage.check("the stock age and tar open it too", hashlib.sha256(PHOTO).hexdigest() in out.stdout)
    else:
        stage.note("age is not installed here, so the package was opened with pyrage alone")
    held = b"".join(p.read_bytes() for p in (stage.folder / "data").rglob("*") if p.is_file() and p.suffix != ".tar")
    stage.check(
        "nothing that the bot keeps holds the photograph or its name",
        PHOTO[:64] not in held and NAME.encode() not in held,
    )


async def afterwards(stage: Stage, huda: Client, home: str, room: str, number: str) -> None:
    stage.title("Huda removes the number, and asks with it what became of it")
    await stage.says(huda, room, "1")
    await stage.says(huda, home, "رقمي")
    await stage.hears(huda, room_id=home)
    await stage.says(huda, home, number)
    news = await stage.hears(huda, "لقد وصل", room_id=home)
    stage.check("she learns that it has arrived", "وصل" in news.text)
