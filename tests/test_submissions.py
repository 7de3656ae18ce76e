"""Submitting something, as the person lives it: gate, hard stop, consent, form, review, seal, and what comes after."""

from __future__ import annotations

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pyrage
import pytest

import bot
from bot.config import Config
from bot.domain import drafts, intake, submissions
from bot.domain.intake import Ground
from bot.errors import UserError
from bot.faq.content import SHIPPED
from bot.forms.form import load
from bot.matrix.media import MediaError
from bot.message import Attachment
from bot.packages import open_part, opened
from bot.prompts import current
from bot.recipients import Recipient, Recipients
from bot.seal import AttachmentEncryptor, AttachmentKey
from bot.sealing import Sealing
from bot.store.meta import set_meta
from bot.store.vault import Vault
from tests.world import BOT, START, Person, RoomView, World, staff

TEAM = [staff("sara", "admin"), staff("omar")]
SCHEMA = Path(bot.__file__).parent / "schemas" / "record.schema.json"
PHOTO = b"\xff\xd8\xff\xe0 the bytes of a photograph " * 40


class Line:
    """The database of a world for a loop, and a server that gives one file."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.broken = False

    async def run(self, function: Any, *args: Any) -> Any:
        return self.world.queue(function, *args)

    async def run_for(self, cause: str, function: Any, *args: Any) -> Any:
        return self.world.tx(function, *args, cause=cause)

    @asynccontextmanager
    async def spooled(self, _source: Any, _limit: int) -> AsyncIterator[tuple[io.BytesIO, AttachmentKey]]:
        if self.broken:
            raise MediaError("media-broken")
        encryptor = AttachmentEncryptor()
        spool = io.BytesIO(encryptor.update(PHOTO))
        yield spool, AttachmentKey.parse(encryptor.file_object("mxc://x/x"))


class Office:
    """A bot that takes submissions, its vault, and two offline keys."""

    def __init__(self, world: World, ground: Ground, folder: Path) -> None:
        self.world = world
        self.holders = [pyrage.x25519.Identity.generate() for _ in range(2)]
        entries = tuple(
            Recipient(name=f"holder-{n}", age=str(k.to_public()), identity=True) for n, k in enumerate(self.holders)
        )
        known = Recipients(version=1, recipients=entries)
        world.ground = replace(ground, recipients=lambda _seen: known, free=lambda: 2**40)
        world.restart()
        world.tx(set_meta, "mode", "open")
        self.vault = Vault(folder / "vault")
        self.line = Line(world)
        self.sealing = Sealing(
            self.line,
            self.line,
            self.vault,
            world.config,
            lambda: world.ground,
            BOT,
            world.clock,  # type: ignore[arg-type]
        )

    def seals(self) -> None:
        asyncio.run(self.sealing.work())
        self.world.deliver()

    def opens(self) -> tuple[dict[str, Any], dict[str, bytes]]:
        """The only package, opened with the second key: its record and its files."""
        (name,) = self.vault.names()
        inside: dict[str, bytes] = {}
        with opened(self.vault.path(name)) as package:
            for part in package.sizes:
                out = io.BytesIO()
                open_part(package.part(part), [str(self.holders[1])], out)
                inside[part] = out.getvalue()
        return json.loads(inside.pop("record.age")), inside


@pytest.fixture(scope="session")
def ground() -> Ground:
    return intake.ground(Config(), SHIPPED, lambda: START)


@pytest.fixture
def office(make_world: Callable[..., World], ground: Ground, tmp_path: Path) -> Office:
    world = make_world(staff=TEAM, intake={"unreviewed": True}, limits={"messages": 10_000})
    world.open_desk()
    return Office(world, ground, tmp_path)


class Submitter:
    """Somebody in the room of their draft."""

    def __init__(self, office: Office, name: str = "amal", language: str = "1") -> None:
        self.office, self.world = office, office.world
        self.person: Person = self.world.person(name).arrives(language)
        self.home = self.person.room

    def begins(self) -> Submitter:
        self.person.says("submit")
        self.person.heard("nobody in it but you and me")
        self.person.says("1")
        self.person.heard("invitation")
        return self.enters()

    def enters(self) -> Submitter:
        room = [r for r in self.world.rooms.values() if r.kind == "submission"][-1]
        self.person.room = room
        self.person._read = 0
        self.world.member(room, self.person.account, "join")
        self.world.deliver()
        return self

    @property
    def room(self) -> RoomView:
        return self.person.room

    def reads(self) -> str:
        return self.person.room.said[-1].text

    def chooses(self, label: str) -> Submitter:
        """The number that stands before an option."""
        found = re.search(rf"^(\d+) {re.escape(label)}", self.reads(), re.MULTILINE)
        assert found, f"no {label!r} in {self.reads()!r}"
        self.person.says(found[1])
        return self

    def consents(self) -> Submitter:
        """Through gate, hard stop, cards and choices, the short way."""
        for label in ("Yes", "No, I am alone", "Mine alone", "Yes", "Myself", "Short", "None of these"):
            self.chooses(label)
        for _ in range(5):
            self.chooses("Understood")
        self.chooses("I can stop")
        self.chooses("Ask me first").chooses("I give no name").chooses("No, I ask")
        self.person.says("01")
        return self

    def until(self, words: str) -> Submitter:
        """Skip what may be skipped, and choose the first of the rest, until the bot says these words."""
        for _ in range(40):
            text = self.reads()
            if words in text:
                return self
            if "Before a file" in text:
                self.chooses("Go on")
            elif "one more?" in text:
                self.chooses("No, go on")
            elif "most important part" in text:
                self.chooses("Go on")
            else:
                self.person.says("01")
                if "needs an answer" in self.reads():
                    self.person.says("1")
        raise AssertionError(self.reads())

    def tells(self, account: str = "They came at night.") -> Submitter:
        """The account of the short path."""
        return self.until("Tell it once").says(account)

    def says(self, *texts: str) -> Submitter:
        self.person.says(*texts)
        return self

    def seals(self, phrase: str = "seven green doors") -> str:
        """From wherever it stands to the number."""
        self.until("Look at it again").chooses("It is right, go on")
        self.person.heard("Your phrase")
        self.person.says(phrase)
        self.person.heard("Seal it?")
        self.chooses("Seal it")
        self.person.heard("Please wait here for your number")
        self.office.seals()
        found = re.search(r"(\d{4} \d{4} \d{4} \d{4})", self.person.heard("It is sealed."))
        assert found
        return found[1]


# ---- the whole way ---------------------------------------------------------------------------------------------------


def test_an_account_is_sealed_for_the_holders_of_the_keys_and_the_dialogue_is_taken_back(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells("They came at night, \N{WAVING HAND SIGN} three of them.")
    number = amal.seals()
    record, _ = office.opens()
    jsonschema.validate(record, json.loads(SCHEMA.read_text()))
    told = {a["name"]: a for a in record["answers"]}
    assert told["first_account"]["value"] == "They came at night, \N{WAVING HAND SIGN} three of them."
    assert record["texts"][told["first_account"]["text_sha256"]].count("Tell it once") == 1, "the words that were shown"
    assert {c["element"]: c["answer"] for c in record["consent"]} == {
        **dict.fromkeys(("C1", "C2", "C3", "C4", "C6", "C7", "C8", "C9", "C12", "C14"), "yes"),
        "C5": "text", "C10": "text", "C11": "no", "C13": "no", "C15": "not-asked",
    }  # fmt: skip
    assert set(record["destinations"].values()) == {"ask"}, "nobody who said nothing is taken for a yes"
    said = [s for s in amal.room.said if not s.redacted]
    assert [number in s.text for s in said] == [True], "only the number still stands there"
    assert set(amal.room.events) <= set(amal.room.redacted), "what the person wrote, too"
    assert office.world.tx(lambda tx: list(tx.conn.exec_driver_sql("SELECT * FROM draft_key"))) != []
    amal.person.says("1")
    assert amal.room.room_id in office.world.left
    assert office.world.tx(lambda tx: list(tx.conn.exec_driver_sql("SELECT * FROM draft_key"))) == []


def test_a_file_is_sealed_byte_by_byte_and_named_only_inside(office: Office) -> None:
    amal = Submitter(office).begins().consents().until("Send one file")
    amal.person.sends_file("amal-house.jpg")
    assert "seal it at once" in "".join(s.text for s in amal.room.said)
    office.seals()
    amal.seals()
    record, files = office.opens()
    (entry,) = record["files"]
    assert files == {"files/001.age": PHOTO}
    assert (entry["claimed_name"], entry["type"], entry["size"]) == ("amal-house.jpg", "image/jpeg", len(PHOTO))


def test_a_file_that_does_not_come_whole_is_asked_for_again_and_loses_nothing_else(office: Office) -> None:
    amal = Submitter(office).begins().consents().until("Send one file")
    office.line.broken = True
    amal.person.sends_file()
    office.seals()
    assert "did not come whole" in amal.reads()
    office.line.broken = False
    amal.says("and now?").until("Send one file")
    amal.person.sends_file()
    office.seals()
    amal.seals()
    record, files = office.opens()
    assert record["gate"]["role"] == "self"
    assert files == {"files/002.age": PHOTO}


def test_a_voice_message_answers_a_question_for_words(office: Office) -> None:
    amal = Submitter(office).begins().consents().until("Tell it once")
    amal.person.sends_file("voice.ogg")
    amal.person.heard("Here I cannot take")  # a picture is no voice
    voice = Attachment("mxc://example.org/v", "audio", voice=True)
    amal.person.sends("", kind="file", attachment=voice)
    office.world.deliver()
    office.seals()
    amal.seals()
    record, files = office.opens()
    assert list(files) == ["files/001.age"]
    assert [a.get("files") for a in record["answers"] if a["name"] == "first_account"] == [[1]]
    assert not record["files"][0]["encrypted_on_arrival"]


def test_a_name_is_sealed_apart_and_stands_nowhere_else(office: Office) -> None:
    amal = Submitter(office).begins()
    for label in ("Yes", "No, I am alone", "Mine alone", "Yes", "Myself", "Short", "None of these"):
        amal.chooses(label)
    for _ in range(5):
        amal.chooses("Understood")
    amal.chooses("I can stop").chooses("Ask me first").chooses("My name sealed apart").chooses("No, I ask").says("01")
    amal.tells("They came at night.").until("Which name do you want to give?").says("Amal of the mill")
    amal.seals()
    record, files = office.opens()
    assert "Amal of the mill" not in str(record)
    assert json.loads(files["identity.age"]) == {"/data/identity/identity_sealed": "Amal of the mill"}


def test_where_nobody_holds_a_key_for_identities_no_name_is_asked_for(office: Office) -> None:
    assert office.world.ground
    bare = office.world.ground.recipients(0)
    plain = bare.model_copy(
        update={"recipients": tuple(r.model_copy(update={"identity": False}) for r in bare.recipients)}
    )
    office.world.ground.recipients = lambda _seen: plain
    amal = Submitter(office).begins()
    for label in ("Yes", "No, I am alone", "Mine alone", "Yes", "Myself", "Short", "None of these"):
        amal.chooses(label)
    for _ in range(5):
        amal.chooses("Understood")
    amal.chooses("I can stop").chooses("Ask me first")
    assert "sealed apart" not in amal.reads()


def test_a_list_of_keys_that_is_older_than_one_that_was_used_closes_intake(office: Office, tmp_path: Path) -> None:
    amal = Submitter(office).begins().consents().tells()
    amal.seals()
    seen: list[int] = []

    def older(version: int) -> Recipients:
        seen.append(version)
        raise UserError("recipients-rolled-back", number=0, seen=version)

    assert office.world.ground
    office.world.ground.recipients = older
    nour = Submitter(office, "nour")
    nour.says("submit")
    nour.person.heard("I cannot take anything at this time")
    assert seen == [1], "the version with which was sealed before"


def test_a_new_version_of_the_form_strands_no_draft(office: Office, ground: Ground) -> None:
    amal = Submitter(office).begins().consents().tells("They came at night.")
    newer = (SHIPPED / "forms" / "evidence.md").read_bytes().replace(b"Tell it once", b"Say it once")
    assert office.world.ground
    office.world.ground = replace(office.world.ground, form=load(newer, "evidence.md"))
    office.world.restart()
    number = amal.seals()
    assert number
    assert office.opens()[0]["form"]["version"] == ground.form.version


def test_a_file_that_breaks_the_program_holds_up_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    amal = Submitter(office).begins().consents().until("Send one file")
    amal.person.sends_file()
    nour = Submitter(office, "nour").begins().consents().tells("Another story.")
    with monkeypatch.context() as broken:
        broken.setattr(office.line, "spooled", lambda *_: 1 / 0)
        nour.seals()
    assert "Another story." in str(office.opens()[0])
    office.seals()
    amal.seals()
    assert len(office.vault.names()) == 2


# ---- what stops it ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("answer", ["I am not sure", "No"])
def test_who_is_not_safe_leaves_and_nothing_is_kept(office: Office, answer: str) -> None:
    amal = Submitter(office).begins()
    amal.chooses(answer)
    amal.person.heard("Then better not now")
    amal.chooses("Remove our messages and leave")
    assert amal.room.room_id in office.world.left
    assert not office.world.tx(lambda tx: list(tx.conn.exec_driver_sql("SELECT * FROM draft")))


@pytest.mark.parametrize("stop", ["Sexual violence", "Something done to a child", "Something I may", "Something very"])
def test_after_a_hard_stop_nothing_is_asked_about_what_happened(office: Office, stop: str) -> None:
    amal = Submitter(office).begins()
    for label in ("Yes", "No, I am alone", "Mine alone", "Yes", "Myself", "Short", stop):
        amal.chooses(label)
    seen = []
    for _ in range(8):
        seen.append(amal.reads())
        if "Look at it again" in amal.reads():
            break
        amal.says("1" if "1 " in amal.reads() else "01")
    text = "\n".join(seen)
    assert "Tell it once" not in text
    assert "Send one file" not in text
    amal.seals()
    record, files = office.opens()
    assert (record["path"], files) == ("hard-stop", {})
    assert {a["name"] for a in record["answers"] if a["value"]} <= {
        "human_wanted", "human_contact", "human_language", "human_interviewer",
    }  # fmt: skip


def test_zero_ends_it_at_once_and_destroys_it(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells()
    amal.says("0")
    assert amal.reads() == "Bye."
    assert amal.room.room_id in office.world.left
    assert not office.world.tx(lambda tx: list(tx.conn.exec_driver_sql("SELECT * FROM draft_key")))
    amal.person.room = amal.home
    amal.says("1").begins().consents().tells("again").seals()


def test_zero_leaves_also_where_words_are_an_answer(office: Office) -> None:
    amal = Submitter(office).begins().consents().until("Tell it once")
    amal.says("0")
    assert amal.reads() == "Bye."
    assert amal.room.room_id in office.world.left


NUMBERS = b"""| survey |
| | type | name | label |
| | integer | many | How many were there? |
| | text | more | What else? |
"""


def test_zero_is_asked_about_where_a_number_is_asked_for(office: Office) -> None:
    assert office.world.ground
    office.world.ground = replace(office.world.ground, form=load(NUMBERS, "numbers.md"))
    office.world.restart()
    amal = Submitter(office).begins().consents()
    amal.person.heard("How many were there?", "Write a number.")
    amal.says("0")
    amal.person.heard("the number zero, or do you want to leave")
    amal.chooses("The number zero")
    amal.person.heard("What else?")
    amal.seals()
    assert [a["value"] for a in office.opens()[0]["answers"]] == ["0", None]


def test_a_third_person_in_the_room_ends_it(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells()
    office.world.member(amal.room, "@mallory:example.org", "join")
    office.world.deliver()
    amal.person.heard("Somebody else is in this room")
    assert not office.world.tx(lambda tx: list(tx.conn.exec_driver_sql("SELECT * FROM draft_key")))


def test_a_draft_is_kept_for_the_days_that_were_chosen_and_then_destroyed(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells("to be kept")
    amal.says("05").chooses("Keep it, days: 3")
    amal.person.heard("I keep it sealed")
    office.world.clock.advance(days=2)
    office.world.restart()
    office.world.queue(drafts.expire, BOT)
    amal.says("hello")
    amal.seals()
    assert "to be kept" in str(office.opens()[0])


def test_a_draft_that_was_not_finished_in_time_is_destroyed(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells("to be forgotten")
    amal.says("05").chooses("Keep it, days: 1")
    office.world.clock.advance(days=1, minutes=1)
    office.world.queue(drafts.expire, BOT)
    office.world.deliver()
    amal.person.heard("The time is over")
    assert not office.world.tx(lambda tx: list(tx.conn.exec_driver_sql("SELECT * FROM draft_key")))


# ---- answering -------------------------------------------------------------------------------------------------------


def test_back_why_and_the_list_of_words_lead_nowhere_wrong(office: Office) -> None:
    amal = Submitter(office).begins().consents()
    question = amal.until("Tell it once").reads()
    amal.says("why")
    assert amal.reads() == question
    amal.says("00")
    amal.person.heard("02 Back", "05 Stop")
    amal.says("back")
    amal.person.heard("Limits")
    amal.says("01")
    assert amal.reads() == question
    amal.says("\u0630\u0647\u0628\u0648\u0627")  # any words are an answer
    assert amal.reads() != question


def test_one_answer_is_changed_by_its_number_and_no_other(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells("wrong words").until("Look at it again")
    found = re.search(r"(\d+) [^\n]*: wrong words", amal.reads())
    assert found
    amal.says(found[1])
    amal.person.heard("Tell it once")
    amal.says("right words")
    amal.person.heard("Look at it again", "right words")
    amal.seals()
    assert "wrong words" not in str(office.opens()[0]["answers"])


def test_a_message_that_is_edited_changes_its_answer(office: Office) -> None:
    amal = Submitter(office).begins().consents().until("Tell it once")
    event = amal.person.sends("as I wrote it first")
    office.world.deliver()
    amal.person.sends("as I meant it", kind="edit", about=event)
    office.world.deliver()
    assert "I changed that answer" in "".join(s.text for s in amal.room.said)
    amal.seals()
    assert "as I meant it" in str(office.opens()[0]["answers"])


def test_what_was_written_before_its_question_is_used_only_when_the_person_says_so(office: Office) -> None:
    amal = Submitter(office).begins().consents().until("Tell it once")
    amal.person.says("this came late", late=True)
    amal.person.heard("before my question", "this came late", "Tell it once")
    prompt = office.world.tx(current, amal.room.room_id)
    assert prompt
    assert "this came late" not in str(prompt), "an answer stands in its draft alone"
    amal.chooses("Yes")
    amal.seals()
    assert "this came late" in str(office.opens()[0]["answers"])


def test_practice_keeps_nothing(office: Office) -> None:
    amal = Submitter(office)
    amal.says("practice")
    amal.chooses("Only practice").enters()
    assert "This is practice" in "".join(s.text for s in amal.room.said)
    amal.consents().tells("a made-up story").until("Look at it again").chooses("It is right")
    amal.says("seven green doors").chooses("Seal it")
    office.seals()
    amal.person.heard("This was practice")
    assert office.vault.names() == []


# ---- afterwards ------------------------------------------------------------------------------------------------------


def afterwards(amal: Submitter) -> Submitter:
    amal.says("1")
    amal.person.room = amal.home
    return amal


def test_with_the_number_somebody_reads_what_became_of_it(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells()
    number = amal.seals()
    other = Submitter(office, "cousin")  # from any account
    other.says("my number", number)
    other.person.heard("Nobody has acknowledged it yet")
    eastern = number.replace(" ", "-").translate(
        str.maketrans("0123456789", "\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669")
    )
    other.says("my number", eastern)
    other.person.heard("Nobody has acknowledged it yet")
    other.says("my number", "12 34")
    other.person.heard("16 digits")
    other.says("my number", "0000 1111 2222 3333")
    other.person.heard("There is nothing under this")


def test_who_guesses_numbers_is_slowed_down_and_others_are_not_locked_out(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells()
    number = amal.seals()
    mallory = Submitter(office, "mallory")
    for n in range(6):
        mallory.says("my number", f"{n:04} 0000 0000 0000")
    mallory.person.heard("too often")
    afterwards(amal).says("my number", number)
    amal.person.heard("Nobody has acknowledged")


def test_it_is_taken_back_with_number_and_phrase_and_that_is_taken_back_too(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells()
    number = amal.seals("seven green doors")
    afterwards(amal).says("withdraw", f"{number} eight red doors")
    amal.person.heard("There is nothing under this")
    amal.says("withdraw", f"{number} Seven green doors").chooses("Yes, take it back")
    amal.person.heard("We do not use it any more")
    amal.says("my number", number)
    amal.person.heard("There is nothing under this")
    office.world.desk_said("was taken back by the person")
    office.world.clock.advance(days=13)
    office.seals()
    assert len(office.vault.names()) == 1
    amal.says("withdraw", f"{number} seven green doors").chooses("Yes, as it was before")
    amal.says("my number", number)
    amal.person.heard("Nobody has acknowledged")
    amal.says("withdraw", f"{number} seven green doors").chooses("Yes, take it back")
    office.world.clock.advance(days=14, minutes=1)
    office.seals()
    assert office.vault.names() == []


def test_staff_learn_that_something_came_and_nothing_of_who_sent_it(office: Office) -> None:
    amal = Submitter(office).begins().consents().tells()
    amal.seals()
    desk = next(r for r in office.world.rooms.values() if r.kind == "desk")
    before = len(desk.said)
    office.world.clock.advance(hours=24)
    office.world.queue(submissions.announce, office.world.config)
    office.world.deliver()
    (text,) = [s.text for s in desk.said[before:]]
    assert "Arrived, sealed: 1" in text
    assert "small" in text
    assert "amal" not in text
    assert amal.room.room_id not in text
