"""Files on a real homeserver: a recording of an answer, a voice to the desk, a file of the team to the person."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

import yaml

from bot.demo.client import LARGEST, Client, Heard
from bot.matrix.media import Media
from bot.store.db import utc_now
from tests.e2e.conftest import Bots
from tests.e2e.test_faults import arrive

Enter = Callable[..., Awaitable[Client]]

RECORDING = b"OggS" + b"the answer, read aloud " * 500
VOICE = b"OggS" + b"somebody speaks " * 500
PLAN = b"%PDF-1.4 the side entrance " * 500


async def hears_file(person: Client, number: int = 1) -> Heard:
    """The first, or second, file that came to somebody."""

    def came() -> list[Heard]:
        return [h for h in person.heard if h.message.attachment and h.sender != person.user_id][number - 1 :]

    found: list[Heard] = await person.until(came)
    return found[0]


def with_recording(content: Path) -> Path:
    """One answer can be heard, in English."""
    (content / "audio").mkdir()
    (content / "audio" / "period.ogg").write_bytes(RECORDING)
    path = content / "faq" / "mandate.yaml"
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    entry = next(e for e in data["entries"] if e["id"] == "mandate-period")
    entry["audio"] = {"en": "audio/period.ogg"}
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return content


async def test_recordings_voices_and_files_are_heard_and_opened_on_the_other_side(
    bots: Bots, enter: Enter, own_content: Path
) -> None:
    sara, amal, ahead = await enter("sara"), await enter("amal"), [timedelta(0)]

    def clock() -> datetime:
        return utc_now() + ahead[0]

    staff = [{"id": "sara", "accounts": [sara.user_id], "role": "admin", "master_key": sara.identity.master}]
    content = {"content": str(with_recording(own_content))}
    bot = await bots.start(staff=staff, clock=clock, faq=content)
    desk = (await sara.until(lambda: sara.invites[-1] if sara.invites else None)).room_id
    await sara.join(desk)
    room = await arrive(amal, bot)

    # An answer is read aloud.
    await amal.says(room, "how far back do you go")
    await amal.hears("This helped")
    file = (await hears_file(amal)).message.attachment
    assert file and file.voice
    assert file.kind == "audio"
    assert await amal.fetches(file) == RECORDING

    # A voice goes to the desk as a voice.
    path = amal.folder / "voice"
    path.write_bytes(VOICE)
    sent, size = await Media(amal.http, LARGEST).upload(path)
    voice = {
        "msgtype": "m.audio", "body": "amal speaks.ogg", "file": sent, "info": {"size": size, "mimetype": "audio/ogg"},
        "org.matrix.msc3245.voice": {}, "org.matrix.msc1767.audio": {"duration": 4000, "waveform": [1, 2, 3]},
    }  # fmt: skip
    await amal.send(room, "m.room.message", voice)
    await amal.hears("Your voice can tell who you are")
    await amal.says(room, "1")
    ref = (await amal.hears("It is passed on")).text.split("question ")[1][:4]
    root = (await sara.hears(f"{ref} · question", room_id=desk)).event_id
    came = await hears_file(sara)
    file = came.message.attachment
    assert file and (file.voice, file.name, came.message.thread) == (True, f"{ref}-1.ogg", root)
    assert await sara.fetches(file) == VOICE

    # A file of the team comes to the person, a minute later.
    await amal.says(room, "call me")
    await amal.hears("1 ")
    await sara.sends_file(desk, PLAN, "plan of sara.pdf", "application/pdf", thread=root)
    await sara.hears("1 sends this file", room_id=desk)
    await sara.says(desk, "1", thread=root)
    await sara.hears("!undo", room_id=desk)
    ahead[0] += timedelta(seconds=61)
    bot.outgoing.wake()
    file = (await hears_file(amal, 2)).message.attachment
    assert file and "sara" not in file.name
    assert await amal.fetches(file) == PLAN
    await bot.outgoing.idle()
    assert not amal.refused
    assert not sara.refused
