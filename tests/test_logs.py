"""Nothing that the program writes holds what people said or who they are: logs, streams, errors, metrics."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import re
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import sqlalchemy as sa

from bot import cli, log
from bot.app import App
from bot.domain import boards, retention
from bot.matrix.fence import fenced
from bot.matrix.http import Governor
from bot.message import Trust
from bot.store import tables
from bot.text import Texts
from bot.web.admin import Admin
from tests.test_cases import DESKS, OMBUD, TEAM, Office, rows_of
from tests.world import BOT, Person, World, staff

# Plain words, which no pattern of the scrubber knows: each stands in one field that a stranger controls.
ACCOUNT = "quillarch"
COLLEAGUE = "marrowfen"
STORY = "they burnt the vellichorbarn near Oldford"
PHRASE = "copper zephyrine ladder"
FILE = "ombrifuge-list.pdf"
WORDS = (ACCOUNT, COLLEAGUE, "vellichorbarn", "Oldford", "zephyrine", "ombrifuge")
IDS = re.compile(r"@[\w.-]+:|[!$]\w+:|\$event|example\.org|mxc:")


class Written:
    """Everything that came out of the process: the log file, standard output and standard error."""

    def __init__(self, file: Path, capfd: pytest.CaptureFixture[str]) -> None:
        self.file = file
        self._capfd = capfd
        self._streams = ""

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.file.read_text(encoding="utf-8").splitlines()]

    def all(self) -> str:
        out, err = self._capfd.readouterr()
        self._streams += out + err
        return self.file.read_text(encoding="utf-8") + self._streams

    def is_silent(self, *words: str) -> None:
        text = self.all()
        found = [w for w in (*WORDS, *words) if w.lower() in text.lower()]
        assert not found, f"{found} in {text[-3000:]}"
        assert not IDS.search(text), text[-3000:]


@pytest.fixture
def written(tmp_path: Path, capfd: pytest.CaptureFixture[str], logging_put_back: None) -> Written:
    """Logging as the program sets it up, at its most talkative level."""
    log.setup("debug", tmp_path / "log")
    return Written(tmp_path / "log", capfd)


def fails(world: World, name: str, error: Callable[[str], Exception]) -> None:
    """From now on the command breaks, and the error quotes what it was asked, by whom and where."""

    def broken(ctx: Any, *words: str) -> None:
        said = f"{ctx.message.text} {words} {ctx.person.account} {ctx.room.room_id} {FILE}"
        raise error(said) from RuntimeError(said)

    found = world.core.commands[name]
    world.core.commands[name] = replace(found, function=broken)


def whole_story(world: World) -> Person:
    """A stranger uses every field they have."""
    person = world.person(ACCOUNT).arrives().says(STORY, "whoami", "forget", "lock", PHRASE)
    person.sends_file(FILE)
    person.says(STORY, kind="location").says(STORY, kind="edit").says(STORY, kind="clear", trust=Trust.UNSIGNED)
    world.clock.advance(hours=2)
    return person.says("whoami", "not the zephyrine phrase", "whoami", PHRASE, "lite", "real?", "menu")


def test_a_long_conversation_leaves_no_word_and_no_name(world: World, written: Written) -> None:
    person = whole_story(world)
    world.queue(world.core.unreadable, person.room.room_id, person.account, "no key")
    world.deliver()
    person.heard("could not")
    with fenced("a test"):
        raise ValueError(STORY, person.account)
    assert [line["error"] for line in written.lines] == ["ValueError"], "the log is on, at its most talkative"
    person.says(STORY, trust=Trust.CHANGED).heard("1 English")
    person.says("1", PHRASE, "1").heard("1 Questions")
    written.is_silent()


ERRORS: dict[str, Callable[[str], Exception]] = {
    "plain": ValueError,
    "key": KeyError,
    "group": lambda said: ExceptionGroup(said, [ValueError(said), OSError(2, said, said)]),
    "with a note": lambda said: _noted(ValueError(said), said),
    "of a class named so": lambda said: RuntimeError(said, {"body": said}, [said]),
    "database": lambda said: sa.exc.IntegrityError(f"INSERT {said}", {"account": said}, Exception(said)),
    "unicode": lambda said: UnicodeDecodeError("utf-8", said.encode(), 0, 3, said),
}


def _noted(error: Exception, note: str) -> Exception:
    error.add_note(note)
    return error


@pytest.mark.parametrize("kind", ERRORS)
def test_a_handler_that_fails_is_found_by_its_reference_only(world: World, written: Written, kind: str) -> None:
    person = world.person(ACCOUNT).arrives()
    working = world.core.commands["question"]
    fails(world, "question", ERRORS[kind])
    said = person.says(STORY).heard("went wrong")
    line = next(line for line in written.lines if line["what"] == "handler failed")
    assert line["ref"] in said.split()
    assert any(place.startswith("test_logs.py:") for place in line["at"]), "where it broke stands there"
    written.is_silent()
    world.core.commands["question"] = working
    person.says(STORY).heard("1 Menu")
    assert world.asked == [STORY]
    written.is_silent()


def test_a_handler_that_breaks_a_rule_of_the_database_tells_nothing(world: World, written: Written) -> None:
    person = world.person(ACCOUNT).arrives()
    working = world.core.commands["question"]

    def broken(ctx: Any, _text: str) -> None:
        row = ctx.tx.one(sa.select(tables.person).where(tables.person.c.account == ctx.person.account))
        ctx.tx.execute(sa.insert(tables.person).values(**row._mapping))

    world.core.commands["question"] = replace(working, function=broken)
    person.says(STORY).heard("went wrong")
    assert written.lines[-1]["error"] == "IntegrityError"
    written.is_silent()
    world.core.commands["question"] = working
    person.says(STORY).heard("1 Menu")
    assert world.asked == [STORY]
    written.is_silent()


def test_a_phrase_is_in_no_error_even_when_keeping_it_fails(world: World, written: Written) -> None:
    person = world.person(ACCOUNT).arrives().says("lock")
    fails(world, "lock-set", ValueError)
    person.says(PHRASE).heard("went wrong")
    written.is_silent(PHRASE, *PHRASE.split())
    world.restart()
    person.says("menu", "lock", PHRASE).heard("Menu")


def test_the_desk_and_its_people_leave_no_name(make_world: Callable[..., World], written: Written) -> None:
    world = make_world(staff=[staff(COLLEAGUE, "admin"), staff("second", "admin")])
    desk = world.open_desk()
    sara = world.person(COLLEAGUE, room=False, trust=Trust.VERIFIED)
    sara.room = desk
    fails(world, "people-role", RuntimeError)
    sara.says(f"!people role @{ACCOUNT}:example.org coordinator", "!bot status", f"!{STORY}", "!bot mode open")
    assert "handler failed" in [line["what"] for line in written.lines]
    written.is_silent()
    sara.says("!bot status").heard("Mode")


TOLD = {
    "question": "what colour is the carpet in your vellichorbarn near Oldford",
    "note": "ask the brindlemoor warden first",
    "reply": "The carpet of the tallowmere is green.",
    "changed reply": "The carpet of the tallowmere is a dark wimblegreen.",
    "follow-up": "is the copper zephyrine one meant",
    "changed follow-up": "is the other dovecrank one meant",
    "reason to know": "her life at Skellowby is in danger",
    "complaint": "the ghastly thornwick at the door was rude to me",
    "answer to it": "we speak with the thornwick soon",
    "reason of closing": "the umberfold cannot be changed",
}
PLAIN_WORDS = {"what", "colour", "carpet", "your", "near", "first", "green", "dark", "copper", "meant", "other", "life",
               "danger", "door", "rude", "speak", "with", "soon", "cannot", "changed", "warden"}  # fmt: skip
CANARIES = sorted({w for text in TOLD.values() for w in re.findall(r"\w{4,}", text)} - PLAIN_WORDS)


def every_turn_of_a_case(office: Office) -> None:
    """Asked, noted, answered, moved, revealed, complained about, called for, closed: each with words of its own."""
    world = office.world
    amal, ref = office.asks(ACCOUNT, TOLD["question"])
    amal.sends_file(FILE).chooses("No, it explains my question").chooses("Pass it on")
    sara, omar, lina = office.at("sara"), office.at("omar"), office.at("lina")
    alone = [office.alone(name) for name in ("sara", "omar")]
    lina.says(TOLD["note"], thread=office.root(ref)).says("!undo", thread=office.root(ref))
    reply = lina.sends(f"!reply {TOLD['reply']}", thread=office.root(ref))
    office.minute()
    amal.heard(TOLD["reply"])
    lina.sends(f"!reply {TOLD['changed reply']}", kind="edit", about=reply)
    more = amal.sends(TOLD["follow-up"], reply_to=amal.room.said[-1].event_id)
    world.deliver()
    amal.sends(TOLD["changed follow-up"], kind="edit", about=more)
    world.deliver()
    sara.says(f"!who asked {TOLD['reason to know']}", thread=office.root(ref))
    approval = re.search(r"!approve ([A-Z]\d[A-Z]\d)", office.main.said[-1].text)
    assert approval
    omar.says(f"!approve {approval[1]}")
    assert all(f"@{ACCOUNT}:" in "\n".join(s.text for s in person.room.said) for person in alone)
    sara.says("!move second", thread=office.root(ref))
    ivan = office.at("ivan", office.second)
    ivan.says(f"!close heard {TOLD['reason of closing']}", thread=office.root(ref)).heard("is closed")
    office.minute()
    amal.says("complain", TOLD["complaint"]).chooses("Yes, and write to me here when there is an answer")
    apart = next(v for v in world.rooms.values() if v.kind == "desk" and OMBUD in v.members)
    world.member(apart, OMBUD, "join")
    complaint = next(c for c in rows_of(office) if c.kind == "complaint")
    office.at(OMBUD, apart, Trust.SIGNED).says(f"!reply {TOLD['answer to it']}", thread=office.root(complaint.ref))
    office.minute()
    amal.heard(TOLD["answer to it"])
    amal.says("threat", "1").heard("not an emergency service")
    alone[0].says("work", "1", "cases").says(f"case {ref}")
    amal.says("status", "whoami")


async def numbers_of(world: World) -> str:
    """What /metrics shows, read from this database as the program does it."""
    of_app: Any = SimpleNamespace(
        config=world.config, clock=world.clock, http=SimpleNamespace(governor=Governor()), started=0.0,
        session=SimpleNamespace(user_id=BOT), outgoing=SimpleNamespace(wake=lambda: None),
        sync=SimpleNamespace(last_success=0.0, processed=0),
    )  # fmt: skip

    async def run_for(_cause: str, function: Callable[..., Any]) -> Any:
        return world.queue(function)

    of_app.db = SimpleNamespace(run_for=run_for, transactions=world.db.transactions)
    await App._tick(of_app)
    admin = Admin(lambda: True, lambda: App.metrics(of_app), "127.0.0.1", 0)
    await admin.start()
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{admin.port}/metrics") as answer:
        text = await answer.text()
    await admin.stop()
    assert "liaison_rooms 0" not in text
    return text


async def test_every_turn_of_a_case_leaves_no_word_in_the_log_and_none_in_the_numbers(
    make_world: Callable[..., World], written: Written
) -> None:
    world = make_world(
        staff=TEAM, desks=DESKS, complaints={"accounts": [OMBUD]}, duty=[{"who": "sara"}], limits={"messages": 1000}
    )
    every_turn_of_a_case(Office(world))
    rooms = "\n".join(s.text for view in world.rooms.values() for s in view.said)
    assert not [name for name, text in TOLD.items() if text not in rooms], "each was said where it belongs"
    numbers = await numbers_of(world)
    world.queue(retention.sweep, world.config)
    world.queue(boards.digest, world.config)
    world.deliver()
    with fenced("a test"):
        raise ValueError(*TOLD.values())
    assert [line["error"] for line in written.lines] == ["ValueError"], "the log is on, at its most talkative"
    written.is_silent(*CANARIES)
    assert not [w for w in (*WORDS, *CANARIES) if w.lower() in numbers.lower()]
    assert not IDS.search(numbers)


@pytest.mark.parametrize("name", ["case-reply", "case-note", "case-close", "case-reveal", "pass-yes", "case-write"])
def test_a_turn_of_a_case_that_fails_quotes_nobody(
    make_world: Callable[..., World], written: Written, name: str
) -> None:
    world = make_world(staff=TEAM, desks=DESKS, complaints={"accounts": [OMBUD]})
    office = Office(world)
    amal, ref = office.asks(ACCOUNT)
    amal.says(TOLD["question"])
    lina, root = office.at("lina"), office.root(ref)
    fails(world, name, ValueError)
    amal.chooses("Yes, and I come back and ask")
    amal.says(f"{ref} {TOLD['follow-up']}")
    for typed in (TOLD["note"], f"!reply {TOLD['reply']}", f"!who asked {TOLD['reason to know']}"):
        lina.says(typed, thread=root)
    lina.says(f"!close heard {TOLD['reason of closing']}", thread=root)
    assert {line["what"] for line in written.lines} == {"handler failed"}
    written.is_silent(*CANARIES)


# ---- libraries and the interpreter ---------------------------------------------------------------------------------

LIBRARIES = (
    "nio", "nio.client.async_client", "nio.crypto.log", "nio.rooms", "peewee", "vodozemac", "aiohttp.access",
    "aiohttp.client", "aiohttp.server", "asyncio", "sqlalchemy.engine.Engine", "sqlalchemy.pool", "alembic",
    "apscheduler.executors.default", "concurrent.futures", "py.warnings", "urllib3", "a.library.of.tomorrow",
)  # fmt: skip


@pytest.mark.parametrize("name", LIBRARIES)
def test_no_library_logs_what_it_handles(written: Written, name: str) -> None:
    said = f"{STORY} from @{ACCOUNT}:example.org"
    for level in (logging.DEBUG, logging.WARNING, logging.CRITICAL):
        logging.getLogger(name).log(level, said)
        logging.getLogger(name).log(level, "decrypted %s", said)
        try:
            raise ValueError(said)
        except ValueError:
            logging.getLogger(name).log(level, said, exc_info=True, stack_info=True)
    written.is_silent()


async def test_a_task_that_nobody_waits_for_tells_where_it_broke_and_not_why(written: Written) -> None:
    async def breaks() -> None:
        raise ValueError(f"{STORY} @{ACCOUNT}:example.org")

    task = asyncio.create_task(breaks())
    await asyncio.wait([task])
    del task
    gc.collect()
    assert [(line["from"], line["error"]) for line in written.lines] == [("asyncio", "ValueError")]
    assert written.lines[0]["at"][-1].endswith("breaks")
    written.is_silent()


def test_a_record_that_cannot_be_formatted_tells_nothing(written: Written) -> None:
    for name in ("a.library", "bot.test"):
        record = logging.LogRecord(name, logging.ERROR, __file__, 1, "too %s few %s", (STORY,), None)
        logging.getLogger().handlers[0].handle(record)
    assert len(written.lines) == 1
    written.is_silent()


@pytest.mark.parametrize("name", ["nio", "nio.client.async_client", "nio.event_builders"])
def test_nio_stays_silent_whoever_listens(written: Written, name: str, caplog: pytest.LogCaptureFixture) -> None:
    logger = logging.getLogger(name)
    logger.addHandler(caplog.handler)
    logger.critical(STORY)
    logger.removeHandler(caplog.handler)
    assert not caplog.records
    written.is_silent()


def test_a_disk_that_is_full_makes_the_log_silent_not_talkative(
    written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    handler = logging.getLogger().handlers[0]
    assert isinstance(handler, logging.FileHandler)

    def full(_text: str) -> None:
        raise OSError(28, "No space left on device", f"/home/{ACCOUNT}")

    monkeypatch.setattr(handler.stream, "write", full)
    logging.getLogger("a.library").error("decrypted %s", STORY)
    monkeypatch.undo()
    log.logger("bot.test").error("works again")
    assert [line["what"] for line in written.lines] == ["works again"]
    written.is_silent()


# ---- what an operator sees when the program ends -------------------------------------------------------------------


@pytest.mark.parametrize("verb", [["run"], ["card"], ["doctor"], ["verify", "@somebody:example.net"]])
def test_a_fault_that_ends_the_program_is_a_sentence_and_places_never_its_words(
    written: Written, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, verb: list[str]
) -> None:
    said = f"{STORY} @{ACCOUNT}:example.org"

    def broken(*_: Any, **__: Any) -> Any:
        raise sa.exc.ProgrammingError(said, {"account": said}, Exception(said))

    (tmp_path / "config.yaml").write_text("logging: {level: debug, file: log}")
    monkeypatch.setattr(f"bot.console.{verb[0]}", broken)
    monkeypatch.setattr(sys, "argv", ["liaison", "--config", str(tmp_path / "config.yaml"), *verb])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1
    assert written.lines[-1]["error"] == "ProgrammingError"
    assert any(place.endswith(" broken") for place in written.lines[-1]["at"])
    assert "ProgrammingError" in written.all()
    assert "Traceback" not in written.all()
    written.is_silent()


def test_a_thread_that_breaks_tells_no_words(written: Written) -> None:
    def breaks() -> None:
        raise ValueError(f"{STORY} @{ACCOUNT}:example.org")

    thread = threading.Thread(target=breaks)
    thread.start()
    thread.join()
    assert [line["error"] for line in written.lines] == ["ValueError"]
    written.is_silent()


def test_what_slips_through_our_own_words_is_scrubbed(written: Written) -> None:
    ours = log.logger("bot.test")
    ours.info("sent to %s" % f"@{ACCOUNT}:example.org", room="!abcdefghijklmnopqrst:example.org")  # noqa: UP031
    ours.warning("fetched", media=f"mxc://example.org/{FILE}", token="syt_YWJj_abcdef_123456", number=17)
    ours.error("signed", key="b" * 43, event="$" + "a" * 43, header="Bearer abc.def")
    first, second, third = written.lines
    assert first["what"] == "sent to [id]"
    assert (first["room"], second["media"], second["token"], second["number"]) == ("[id]", "[media]", "[token]", 17)
    assert (third["key"], third["event"], third["header"]) == ("[key]", "[id]", "[token]")
    written.is_silent()


def test_an_object_that_is_logged_or_shown_by_mistake_names_nobody(world: World) -> None:
    """The shapes that travel through tracebacks and debuggers leave out what is somebody's own."""
    person = world.person(ACCOUNT).arrives()
    seen: list[Any] = []
    receive = world.core.message

    def note(tx: Any, message: Any, prepared: Any = None) -> None:
        seen.append(message)
        receive(tx, message, prepared)

    world.core.message = note  # type: ignore[method-assign]
    person.says(STORY).sends_file(FILE)
    assert len(seen) == 3, "a question is looked at twice: before it is matched and after"
    assert not [w for w in WORDS if w in repr(seen)]


def test_the_words_of_the_log_are_the_programs_own(texts: Texts) -> None:
    """Every logged action in the code is a fixed word: nothing is formatted into it."""
    folder = Path(log.__file__).parent
    calls = re.compile(r"\blog\.(?:debug|info|warning|error|exception|critical)\(([^,)\n]*)")
    found = [
        (path.name, what)
        for top in (folder, folder.parent / "commands")
        for path in top.rglob("*.py")
        for what in calls.findall(path.read_text(encoding="utf-8"))
    ]
    assert len(found) > 10
    assert not [f for f in found if not re.fullmatch(r'"[a-z0-9 -]+"', f[1])]
    assert BOT not in str(found)
