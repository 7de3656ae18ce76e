"""Who may ask for what, where, when and from which device: each row of data/roles.csv is played.

The table is the contract and is written by hand: a command that lacks a row for a role fails here, and so does a row
without a command. `trust` says from which devices: any; public (a participant's every device, else a signed one);
own (a signed one); exposing (one whose owner's identity a human compared); lacking (one that is refused otherwise).
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, wraps
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import commands
from bot import approvals, prompts
from bot.api import MODES, Command, Place
from bot.config import ROLES, Config, Role
from bot.dispatch import Core
from bot.domain import cases, people
from bot.errors import NeedsWork
from bot.faq import content as content_files
from bot.faq.content import Content
from bot.message import Attachment, Message, Trust
from bot.seal import KeyRing
from bot.store.cases import Case
from bot.store.db import Tx
from bot.store.keys import KeyChanges, insert_verification, write_keys
from bot.store.meta import set_meta
from bot.store.outbox import get_row
from bot.store.prompts import set_prompt_delivered
from bot.store.rooms import get_desk
from bot.store.submissions import insert_submission
from bot.store.tables import outbox
from bot.text import Texts
from commands import privacy
from tests.world import RoomView, World, staff

TABLE = Path(__file__).parent / "data" / "roles.csv"
PLACES: tuple[Place, ...] = ("private", "desk", "group")  # each is played; the dialogue below
TEAM = ("staff", "approver", "admin")
SAFE = {Trust.SIGNED, Trust.VERIFIED}
ASKER = "@asker:example.org"
SOMEBODY, COLLEAGUE, CONVENER = "@somebody:example.org", "@colleague:example.org", "@convener:example.org"
NOT_HERE = {"private": {"unknown"}, "desk": {"unknown-here", "unknown-desk"}, "group": {"unknown-here"}}
QUESTION = "what colour is the carpet in your building"
FILE = json.dumps(
    Attachment("mxc://example.org/a", "file", mimetype="application/pdf", key={"v": "v2"}).as_dict()
    | {"event": "$file"}
)
NEW_ENTRY = "topic: bot\nquestion: which floor is it on\nanswer: On the first floor.\nsource: The office"
# Each device in the mode of every day and, where something may be asked at all, each other mode with a compared one.
DEVICES = [("listening", trust) for trust in Trust]
OTHER_MODES = [(mode, Trust.VERIFIED) for mode in MODES if mode != "listening"]
SAID = sa.select(outbox.c.txn, outbox.c.content).where(
    outbox.c.room_id == sa.bindparam("room"), outbox.c.kind == "say", outbox.c.state == "queued"
)  # built once: it is asked some thousand times


@dataclass(frozen=True)
class Row:
    command: str
    role: str
    places: str
    modes: str
    trust: str

    def refused(self, role: Role, place: Place, mode: str, trust: Trust) -> set[str]:
        """Why it is not done, in names of sentences, one of which must be said; empty when it is done."""
        found = set()
        if place not in self.places.split():
            # In private a word that is none for this person is what anybody may say: a question.
            found |= {"question"} if place == "private" and commands.load()[self.command].typed else NOT_HERE[place]
        elif self.modes != "all" and mode not in self.modes.split():
            found.add(f"mode-refuses-{mode}")
        elif (self.command, mode) == ("work-paused", "paused"):
            found.add("mode-already")
        elif self.trust == "any" or (self.command == "silence" and place == "group"):
            return found
        if place == "group" and trust not in SAFE:
            return set() if self.trust == "lacking" else found | {"mend-device"}  # alike for everybody
        if trust is Trust.CHANGED and role != "participant":
            return found | {"identity-changed-staff"}
        if trust is Trust.CHANGED and role == "participant" and place == "private":
            return set() if self.command == "identity-changed" else {"identity-changed"}  # we start again
        everyone_hears = role == "participant" and self.trust in ("public", "any") and place == "private"
        if trust not in ({Trust.VERIFIED} if self.trust == "exposing" else set(Trust) if everyone_hears else SAFE):
            found |= {"mend-device", "needs-compared"}
        if self.trust == "lacking" and place in self.places.split():
            return {"it lacks nothing"} if trust in SAFE else set()
        return found


def table() -> list[Row]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return [Row(**row) for row in csv.DictReader(file)]


def rows_of(role: str) -> list[Row]:
    return [row for row in table() if row.role in (role, "everyone")]


# ---- the table and the commands name the same ----------------------------------------------------------------------


@pytest.mark.parametrize("role", ROLES)
def test_each_command_has_its_row_for_each_role_and_each_row_its_command(role: Role) -> None:
    named = [row.command for row in rows_of(role)]
    assert sorted(named) == sorted(set(named)), "a row stands twice"
    assert set(named) == set(commands.load())


def test_each_row_is_written_in_the_words_of_the_table() -> None:
    for row in table():
        assert row.role in (*ROLES, "everyone"), row
        if row.places == "nowhere":
            assert (row.modes, row.trust) == ("-", "-"), row
        else:
            assert set(row.places.split()) <= {*PLACES, "dialogue"}, row
            assert ("dialogue" in row.places.split()) == ("dialogue" in commands.load()[row.command].places), row
            assert row.modes == "all" or set(row.modes.split()) < set(MODES), row
            assert row.trust in ("any", "public", "own", "exposing", "lacking"), row


def test_what_the_team_can_write_stands_in_its_help(texts: Texts) -> None:
    told, typed = texts.sentence("en", "desk-help"), {name for name, c in commands.load().items() if c.typed}
    for row in table():
        if row.command in typed and "desk" in row.places and row.trust in ("own", "exposing"):
            assert texts.word_for(row.command, "en") in told


def test_what_is_reached_by_digits_alone_has_no_word(texts: Texts) -> None:
    for name, command in commands.load().items():
        found = texts.command_of(name.replace("-", " ")) or texts.command_of(name)
        assert command.typed or found is None or found[0] != name, name


# ---- each cell is played -------------------------------------------------------------------------------------------


class Stage:
    """One person of a role in a private room, at the desk and in a group, and a way to everything there is."""

    def __init__(self, world: World, role: Role) -> None:
        self.world = world
        self.core: Core = world.core
        self.done: list[str] = []
        self.core.commands = {name: self._watched(c) for name, c in self.core.commands.items()}
        world.open_desk()
        self.desk = self._desk("apart" if role == "ombud" else "main")
        self.person = world.person(role).arrives()
        self.group = world.private_room(CONVENER)
        world.deliver()
        for view in (self.desk, self.group):
            if self.person.account not in view.members:
                world.member(view, self.person.account, "join")
        world.member(self.group, SOMEBODY, "join")
        world.deliver()
        self.rooms = {"private": self.person.room, "desk": self.desk, "group": self.group}
        self.entry = next(iter(world.content.entries.values()))
        self.cases: dict[str, Case] = {}
        self.ref = world.queue(self._prepare)
        world.deliver()
        self.threads = {name: self._thread(case) for name, case in self.cases.items()}

    def _desk(self, name: str) -> RoomView:
        room = self.world.tx(get_desk, name)
        assert room is not None
        return self.world.rooms[room.room_id]

    def _thread(self, case: Case) -> str:
        """The event with which a case begins at its desk."""
        row = self.world.tx(get_row, case.root_txn)
        assert row is not None
        assert row.event_id
        return str(row.event_id)

    def _prepare(self, tx: Tx) -> str:
        """Something to approve, to compare and to accept, cases to work on, and a phrase that is open."""
        people.access_person(tx, self.world.config, COLLEAGUE)
        insert_verification(tx, "V2V2", COLLEAGUE, "MASTER", ["cat"])
        write_keys(tx, KeyChanges({"identity": [{"user_id": COLLEAGUE, "master": "FIRST", "outdated": False}]}))
        write_keys(tx, KeyChanges({"identity": [{"user_id": COLLEAGUE, "master": "SECOND", "outdated": False}]}))
        person = people.access_person(tx, self.world.config, self.person.account)
        people.set_lock(tx, person, *privacy.hashed_phrase("green ladder"))
        config, who = self.world.config, self.world.config.staff_id(self.person.account) or "another"
        asker = people.access_person(tx, config, ASKER)
        kind = "complaint" if person.role == "ombud" else "question"
        for name in ("open", "other", "closed", "answered"):
            self.cases[name] = cases.open_case(tx, config, asker, kind, text=QUESTION)
        self.cases["own"] = cases.open_case(tx, config, person, "question", text=QUESTION)
        self.note = cases.note(tx, self.cases["open"], who, "$note", text="On the first floor.")
        cases.close(tx, config, self.cases["closed"], who, "answered")
        said = cases.said(tx, cases.note(tx, self.cases["answered"], who, "$said", text="On the first floor."))
        cases.send(tx, config, self.cases["answered"], said)
        insert_submission(
            tx, "S9S9", vault="v", subject="0" * 64, receipt="hash", phrase=b"p", form="f", form_version="1",
            language="en", size="small", urgent=False, flags="", destinations={"icc": "yes"},
            desk="main", status="received", day="2026-11-23", announce_at=tx.now, announced=True,
        )  # fmt: skip
        return approvals.request(tx, "role", {"account": SOMEBODY, "role": "member"}, asked_by="another")

    def _watched(self, command: Command) -> Command:
        @wraps(command.function)
        def function(*args: Any) -> None:
            command.function(*args)
            self.done.append(command.name)

        return replace(command, function=function)

    def words(self, command: str, mode: str) -> list[str]:
        """What follows the command's word."""
        other = "open" if mode == "paused" else "paused"
        entry, asked, one = self.entry.id, ["$asked", QUESTION], self.cases["open"].ref
        return {
            "answer-chosen": [entry, *asked],
            "answer-helped": [entry],
            "answer-more": [entry, *asked],
            "answer-other": [entry, *asked],
            "file-explains": [FILE, "file"],
            "file-material": ["$file"],
            "file-pass": [FILE, ""],
            "voice-delete": ["$file"],
            "take-back": ["$asked"],
            "pass": ["question", *asked],
            "pass-typed": ["question", QUESTION],
            "pass-sure": ["question", *asked],
            "pass-again": ["question"],
            "pass-yes": ["question", "ask", *asked],
            "status-one": [self.cases["own"].ref],
            "case-more": [self.cases["own"].ref],
            "case-write": [self.cases["own"].ref, QUESTION],
            "case-write-sure": [self.cases["own"].ref, "$words", QUESTION],
            "case-erase": [self.cases["own"].ref],
            "guide-card": [next(iter(self.world.content.guides))],
            "walk-end": [next(iter(self.world.content.walk.ends)).id],
            "page-whole": ["limits"],
            "case-show": [one],
            "case-take": [one],
            "case-assign": [one, self.world.config.staff_id(self.person.account) or "another"],
            "case-move": [one, "second"],
            "case-merge": [one, self.cases["other"].ref],
            "case-reply": [one, "On the first floor."],
            "case-undo": [self.cases["answered"].ref],
            "case-close": [one, "answered"],
            "case-reopen": [self.cases["closed"].ref],
            "case-hold": [self.cases["closed"].ref, "2027-06-01", "a", "court", "asked"],
            "case-reveal": [one, "a", "court", "asked"],
            "case-send-it": [one, str(self.note)],
            "work-list": ["nobody"],
            "work-case": ["all", one],
            "work-next": ["all", one],
            "work-take": ["all", one],
            "work-reply": ["all", one],
            "work-replied": ["all", one, "On the first floor."],
            "work-close": ["all", one],
            "work-outcome": ["all", one, "answered"],
            "work-closed": ["all", one, "heard", "It was heard."],
            "work-desk": ["all", one, "second"],
            "faq-add": ["bot-floor\n" + NEW_ENTRY],
            "faq-edit": [entry, "\nanswer: On the first floor."],
            "faq-phrasing": [entry, "en", "which floor is it on"],
            "faq-retire": [entry],
            "faq-from": [one, "bot-floor\n" + NEW_ENTRY],
            "bot-mode": [other],
            "people-role": [SOMEBODY, "coordinator"],
            "people-accept": [COLLEAGUE],
            "approve": [self.ref],
            "refuse": [self.ref],
            "match": ["V2V2"],
            "faq-topic": [self.entry.topic],
            "faq-entry": [self.entry.id],
            "faq-more": [self.entry.id],
            "answer": ["gate.safe", "yes"],
            "answer-text": ["form./data/x", QUESTION],
            "answer-zero": ["form./data/x"],
            "answer-late": ["answer", "gate.safe", "yes"],
            "answer-edited": ["$asked", QUESTION],
            "draft-keep": ["1"],
            "submission-show": ["S9S9"],
            "submission-take": ["S9S9"],
            "submission-status": ["S9S9", "closed"],
            "submission-export": ["S9S9", "icc", "a", "court", "asked"],
            "submission-identity": ["S9S9", "icc", "a", "court", "asked"],
            "submit-open": ["yes"],
            "receipt-status": ["1111 2222 3333 4444"],
            "add-with": ["1111 2222 3333 4444 green ladder"],
            "withdraw-with": ["1111 2222 3333 4444 green ladder"],
            "withdraw-yes": ["S9S9", "hash"],
            "withdraw-back": ["S9S9", "hash"],
            "lock-set": ["brown table"],
            "unlock-first": ["whoami"],
            "unlock-try": ["whoami", "green ladder"],
            "not-text": ["location"],  # a file has a command of its own
            "no-such-digit": ["9"],
        }.get(command, [])

    def plays(self, tx: Tx, row: Row, place: Place, mode: str, trust: Trust) -> tuple[bool, set[str]]:
        """The person asks for a command in a place; whether it was done, and else the sentences that answer."""
        set_meta(tx, "mode", mode)
        text, room = self._typed(tx, row, place, mode), self.rooms[place].room_id
        message = Message("$played", room, self.person.account, tx.now, text=text, trust=trust)
        if row.command in ("case-note", "case-send") and place == "desk":
            message = replace(message, thread=self.threads["open"])
        elif row.command == "question" and place == "group":
            message = replace(message, mentions_us=True)
        self.done.clear()
        try:
            self.core.message(tx, message)
        except NeedsWork as need:
            self.core.message(tx, message, need.work())
        if row.command in self.done:
            return True, set()
        if "question" in self.done:
            return False, {"question"}
        said = [tx.keys.open_json(f"outbox.content.{r.txn}", r.content) for r in tx.conn.execute(SAID, {"room": room})]
        return False, {name for content in said for name, _ in content["parts"]}

    def _typed(self, tx: Tx, row: Row, place: Place, mode: str) -> str:
        """How one gets there: the word, or the digit of a menu that offers it; outside there are no menus."""
        command = self.core.commands[row.command]
        prefix = "" if place == "private" else "!"
        args = self.words(row.command, mode)
        if row.command == "mend":
            return prefix + self.world.texts.word_for({"group": "about", "desk": "menu"}.get(place, "whoami"), "en")
        if row.command == "leave" and place == "private":
            return "0"
        if row.command in ("case-note", "case-send") and place == "desk":
            return "1" if row.command == "case-send" else "On the second floor."
        if row.command == "question":
            return "!" + QUESTION if place == "desk" else QUESTION
        if command.typed:
            return prefix + " ".join([self.world.texts.word_for(row.command, "en"), *args])
        if place == "private":
            self._offers(tx, [row.command, *args])
            return "1"
        return "!good morning" if row.command == "silence" else "!1"

    def _offers(self, tx: Tx, meaning: list[str]) -> None:
        person = people.access_person(tx, self.world.config, self.person.account)
        asked = prompts.Asked({"1": meaning})
        prompts.open_prompt(tx, self.person.room.room_id, person.id, "asked", asked, [], "en", "public")
        set_prompt_delivered(tx, ["asked"], "$asked")


@pytest.fixture
def world(
    sqlite_url: str, keys: KeyRing, texts: Texts, content: Content, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    monkeypatch.setattr(privacy, "slow_hash", lambda phrase, salt: phrase.encode() + salt)
    monkeypatch.setattr(content_files, "load", lambda _folder=None: content)  # `bot reload`
    config = Config.model_validate(
        {
            "staff": [*(staff(role, role) for role in TEAM), staff("another", "admin")],
            "desks": [{"name": "main"}, {"name": "second"}],
            "complaints": {"accounts": ["@ombud:example.org"]},
            "people": {"members": ["@member:example.org"], "coordinators": ["@coordinator:example.org", CONVENER]},
            "encryption": {"participants": "any"},
            "limits": {"messages": 10**6},
        }
    )
    made = World(sqlite_url, keys, texts, content, config)
    monkeypatch.setattr(made.answers, "ask", cache(made.answers.ask))  # the same words are asked many times
    yield made
    made.close()


def cells(role: Role) -> Iterator[tuple[Row, Place, tuple[str, Trust]]]:
    for row, place in itertools.product(rows_of(role), PLACES):
        for moment in DEVICES + (OTHER_MODES if place in row.places.split() else []):
            yield row, place, moment


@pytest.mark.parametrize("role", ROLES)
def test_each_role_does_what_the_table_says_and_nothing_else(world: World, role: Role) -> None:
    stage = Stage(world, role)
    wrong = []

    def play(tx: Tx) -> None:
        for row, place, (mode, trust) in cells(role):
            before = tx.conn.begin_nested()
            done, said = stage.plays(tx, row, place, mode, trust)
            before.rollback()
            refused = row.refused(role, place, mode, trust)
            silent = place == "group" and not said  # what we do not know there may be meant for another program
            kindly = said & refused or silent or row.trust == "lacking"
            if done is bool(refused) or (refused and not kindly):
                wrong.append(f"{row.command}, {place}, {mode}, {trust}: {done=} {said=} {refused=}")

    world.queue(play)
    assert not wrong, "\n".join(wrong)
