"""What an operator sees: `liaison` with a config file on a real homeserver."""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from nio.crypto import OlmAccount
from prometheus_client.parser import text_string_to_metric_families
from vodozemac import LibolmPickleException, PickleException

from bot import app, cli, log
from bot.app import App
from bot.config import LANGUAGES
from bot.demo.client import Client
from bot.demo.homeserver import Homeserver, free_port
from bot.faq.content import Content
from bot.matrix import login, sync
from bot.matrix.http import Http, quoted
from bot.seal import KeyRing, key_words
from bot.store.db import Tx, opened
from bot.store.keys import get_account
from bot.store.rooms import get_desk
from bot.text import Texts
from tests.e2e.conftest import PASSWORD, Bots, unique

LIAISON = Path(sys.executable).with_name("liaison")
PAGE = "https://mechanism.example.org/bot"
Enter = Callable[..., Awaitable[Client]]


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    def refused(self, *words: str) -> None:
        """One clear sentence on standard error, nothing else, and exit code 1."""
        assert self.code == 1, self
        assert not self.out, self.out
        assert len(self.err.strip().splitlines()) == 1, self.err
        assert not [w for w in words if w not in self.err], f"{words} not in {self.err!r}"


class Operator:
    """A folder with a config, and commands run with it. `env` is all that a command finds in its environment."""

    def __init__(self, server: Homeserver, folder: Path, name: str) -> None:
        self.server = server
        self.folder = folder
        self.config = folder / "config.yaml"
        self.user_id = f"@{name}:{server.name}"
        self.port = free_port()
        self.env = {"PATH": os.environ["PATH"], "LANG": "C", "HOME": str(folder), "LIAISON_PASSWORD": PASSWORD}
        self.settings: dict[str, Any] = {
            "homeserver": {"url": server.url},
            "account": {"user_id": self.user_id},
            "web": {"admin_port": self.port},
            "official_page": PAGE,
        }
        self.running: list[subprocess.Popen[str]] = []
        self.write()

    def write(self, **settings: Any) -> None:
        """The config, with these sections instead of the usual ones."""
        self.config.write_text(yaml.safe_dump(self.settings | settings, allow_unicode=True), encoding="utf-8")

    def spawn(self, *words: str, **env: str) -> subprocess.Popen[str]:
        """The console script, as a process of its own."""
        process = subprocess.Popen(
            [LIAISON, "--config", self.config, *words],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.env | env, cwd=self.folder, encoding="utf-8",
        )  # fmt: skip
        self.running.append(process)
        return process

    def do(self, *words: str, **env: str) -> Ended:
        """A command to its end."""
        return self.end(self.spawn(*words, **env))

    def end(self, process: subprocess.Popen[str], number: int | None = None) -> Ended:
        if number is not None:
            process.send_signal(number)
        assert process.stdout
        assert process.stderr
        return Ended(code=process.wait(60), out=process.stdout.read(), err=process.stderr.read())

    def start(self, **env: str) -> subprocess.Popen[str]:
        """`liaison run`, ready."""
        process = self.spawn("run", **env)
        assert process.stdout is not None
        first = process.stdout.readline()
        if first != f"Ready as {self.user_id}.\n":
            raise AssertionError(f"{first!r}, {self.end(process, signal.SIGKILL)}")
        return process

    def device(self) -> tuple[str, str]:
        """The device's id and its pickled keys, as they stand in the database."""
        with opened(f"sqlite:///{self.folder}/data/liaison.db", KeyRing(self.folder / "keys")) as db:
            row = db.transact("", get_account)[0]
        assert row is not None
        return row.device_id, row.pickle


@pytest.fixture
def operator(synapse: Homeserver, tmp_path: Path) -> Iterator[Operator]:
    """An operator with a new account for a bot; what still runs afterwards is ended."""
    name = unique("helper")
    asyncio.run(synapse.register(name, PASSWORD))
    (tmp_path / "operator").mkdir()
    found = Operator(synapse, tmp_path / "operator", name)
    yield found
    for process in found.running:
        process.kill()
        process.communicate()


Here = Callable[..., Ended]


@pytest.fixture
def here(
    operator: Operator,
    texts: Texts,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    logging_put_back: None,
) -> Here:
    """`here("run")`: the command in this process (many of them are quicker so); `run` ends when it is ready."""

    async def ends(bot: App) -> None:
        await bot.outgoing.idle()  # what the start began (a desk) is done, and sync has shown that it is encrypted
        names = [desk.name for desk in bot.config.desks] if bot.config.staff else []

        def shown(tx: Tx) -> bool:
            return all(room.encrypted for name in names if (room := get_desk(tx, name)))

        async with asyncio.timeout(30):
            while not await bot.db.run(shown):
                pass

    monkeypatch.setattr(App, "run", ends)
    monkeypatch.setattr(cli, "Texts", lambda: texts)

    def do(*words: str, **env: str) -> Ended:
        with monkeypatch.context() as context:
            context.setattr(sys, "argv", ["liaison", "--config", str(operator.config), *words])
            context.chdir(operator.folder)
            for name in ("LIAISON_PASSWORD", "LANG", "LC_ALL", "LC_MESSAGES"):
                context.delenv(name, raising=False)
            for name, value in (operator.env | env).items():
                context.setenv(name, value)
            with pytest.raises(SystemExit) as ended:
                cli.main()
        out, err = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, out, err)

    return do


async def seen(client: Client, user_id: str) -> list[str]:
    """The devices that everybody on the server sees."""
    answer = await client.http.call("POST", "/keys/query", {"device_keys": {user_id: []}})
    return list(answer["device_keys"][user_id])


# ---- run ----------------------------------------------------------------------------------------------------------


async def test_one_device_for_life_one_process_and_a_quick_clean_stop(operator: Operator, enter: Enter) -> None:
    alice = await enter("alice")
    operator.do("run", LIAISON_PASSWORD="another").refused("refuses the password of", operator.user_id)
    first = operator.start()
    operator.do("run").refused("Another process works in", str(operator.folder / "data"))
    room = await alice.create_room([operator.user_id])
    await alice.hears("English")
    began = time.monotonic()
    ended = operator.end(first, signal.SIGTERM)
    assert time.monotonic() - began < 5
    assert (ended.code, "Traceback" in ended.err) == (0, False), ended
    assert "people a minute" in ended.out
    assert override(operator) in ended.out
    device, pickle = operator.device()
    assert await seen(alice, operator.user_id) == [device]

    del operator.env["LIAISON_PASSWORD"]  # only the token is kept, and it is enough
    second = operator.start()
    await alice.says(room, "1")
    await alice.hears("alone")
    assert operator.end(second, signal.SIGINT).code == 0
    assert operator.device()[0] == device
    assert await seen(alice, operator.user_id) == [device]
    assert PASSWORD.encode() not in b"".join(p.read_bytes() for p in operator.folder.rglob("*") if p.is_file())

    secret = (operator.folder / "keys" / "pickle.key").read_bytes().hex()
    assert OlmAccount.from_pickle(pickle, secret, True).identity_keys
    with pytest.raises((PickleException, LibolmPickleException)):
        OlmAccount.from_pickle(pickle, "DEFAULT_KEY", True)


def override(operator: Operator) -> str:
    """The call that an admin copies to lift the limit."""
    path = f"/_synapse/admin/v1/users/{operator.user_id}/override_ratelimit"
    return f'curl -X POST -H "Authorization: Bearer ADMIN_TOKEN" {operator.server.url}{path} -d "{{}}"'


# What is wrong at first, the words of the sentence, and how it is mended (the usual config, unless more is needed).
Wrong = Callable[[Operator], Callable[[], object] | None]


def wrong_password(operator: Operator) -> Callable[[], object]:
    operator.env["LIAISON_PASSWORD"] = "another"
    return lambda: operator.env.update(LIAISON_PASSWORD=PASSWORD)


def no_password(operator: Operator) -> Callable[[], object]:
    del operator.env["LIAISON_PASSWORD"]
    return lambda: operator.env.update(LIAISON_PASSWORD=PASSWORD)


def nobody_listens(operator: Operator) -> None:
    operator.write(homeserver={"url": f"http://127.0.0.1:{free_port()}"})


def unknown_name(operator: Operator) -> None:
    operator.write(homeserver={"url": "https://matrix.invalid"})


def no_homeserver(operator: Operator) -> Callable[[], object]:
    """Something listens there that never answers."""
    listener = socket.create_server(("127.0.0.1", 0))
    operator.write(homeserver={"url": f"http://127.0.0.1:{listener.getsockname()[1]}"})
    return listener.close


def no_config(operator: Operator) -> None:
    operator.config.unlink()


def typo(operator: Operator) -> None:
    operator.write(acount={"user_id": operator.user_id})


def unfitting(operator: Operator) -> None:
    operator.write(account={"user_id": "helper"})


def not_yaml(operator: Operator) -> None:
    operator.config.write_text("staff: [\nweb: {")


def folder_refuses(operator: Operator) -> Callable[[], object]:
    (operator.folder / "data").write_text("a file where the folder should be")
    return (operator.folder / "data").unlink


def keys_refuse(operator: Operator) -> Callable[[], object]:
    (operator.folder / "keys").write_text("a file where the folder should be")
    return (operator.folder / "keys").unlink


def newer_database(operator: Operator) -> Callable[[], object]:
    path = operator.folder / "data" / "liaison.db"
    path.parent.mkdir(exist_ok=True)
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        db.execute("INSERT INTO alembic_version VALUES ('9999')")
    db.close()
    return path.unlink


def no_database(operator: Operator) -> Callable[[], object]:
    path = operator.folder / "data" / "liaison.db"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(b"this was never a database " * 100)
    return path.unlink


def database_server_away(operator: Operator) -> None:
    operator.write(database={"url": f"postgresql://secretuser@127.0.0.1:{free_port()}/liaison"})


def taken_port(operator: Operator) -> Callable[[], object]:
    return socket.create_server(("127.0.0.1", operator.port)).close


WRONG: list[tuple[Wrong, tuple[str, ...]]] = [
    (folder_refuses, ("/data cannot be used", "permissions")),
    (keys_refuse, ("/keys cannot be used", "permissions")),
    (newer_database, ("newer version of this program",)),
    (no_database, ("database cannot be opened",)),
    (database_server_away, ("database cannot be opened",)),
    (wrong_password, ("refuses the password of @",)),
    (no_password, ("no password and no token", "LIAISON_PASSWORD")),
    (nobody_listens, ("http://127.0.0.1:", "does not answer")),
    (unknown_name, ("https://matrix.invalid", "does not answer")),
    (no_homeserver, ("http://127.0.0.1:", "does not answer")),
    (no_config, ("no config file at", "config.example.yaml")),
    (typo, ("config.yaml, line 3", "acount", "Did you mean: account")),
    (unfitting, ("config.yaml, line 2", "account.user_id", "@name:example.org")),
    (not_yaml, ("config.yaml, line 2", "not YAML")),
    (taken_port, ("Port", "is taken", "web.admin_port")),
]


def test_every_mistake_is_one_sentence_and_mended_the_bot_starts(
    operator: Operator, here: Here, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator makes one mistake after the other in the same folder; none of them does harm that stays."""
    for break_it, words in WRONG:
        mend = break_it(operator)
        with monkeypatch.context() as impatient:
            if "does not answer" in words:
                impatient.setattr(login, "PATIENCE_SECONDS", 0.2)
            ended = here("run")
        ended.refused(*words)
        assert "secretuser" not in ended.err
        operator.write()
        if mend:
            mend()
    ended = here("run")
    assert (ended.code, ended.out.splitlines()[0]) == (0, f"Ready as {operator.user_id}."), ended


# ---- doctor, card, verify ------------------------------------------------------------------------------------------


def colleague(operator: Operator, folder: Path) -> dict[str, Any]:
    """Somebody of the staff, with a signed device."""

    async def enter() -> str:
        name = unique("sara")
        user_id = await operator.server.register(name, PASSWORD)
        async with Client(operator.server.url, user_id, PASSWORD, folder / name):
            return user_id

    return {"id": "sara", "accounts": [asyncio.run(enter())], "role": "admin"}


def findings(ended: Ended) -> dict[str, dict[str, str]]:
    """What `doctor --json` found wrong; each of it has a remedy."""
    report = json.loads(ended.out)
    assert report["ok"] == (ended.code == 0)
    assert all(bool(c["remedy"]) == (c["level"] != "ok") for c in report["checks"]), report
    return {c["check"]: c for c in report["checks"] if c["level"] == "fail"}


def test_doctor_names_a_remedy_for_each_failing_row_until_all_is_well(
    operator: Operator, here: Here, tmp_path: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = here("doctor")
    assert (ended.code, ended.err) == (1, "")
    assert "MEND" in ended.out
    assert "There is no database yet." in ended.out
    assert "What to do: Start the bot once: liaison run" in ended.out
    assert set(findings(here("doctor", "--json"))) == {"store"}

    operator.settings["staff"] = [colleague(operator, tmp_path)]
    operator.write()
    assert here("run").code == 0
    ended = here("doctor")
    assert (ended.code, ended.err) == (0, ""), ended
    assert "Nothing is broken." in ended.out
    assert "people a minute" in ended.out
    assert override(operator) in ended.out, "on one line, to be copied"
    looks = sum(c["level"] == "look" for c in json.loads(here("doctor", "--json").out)["checks"])
    assert texts.sentence("ar", "doctor-look", count=looks) in here("doctor", LIAISON_LANGUAGE="ar").out
    assert findings(here("doctor", "--json")) == {}

    (operator.folder / "keys").chmod(0o755)
    operator.write(staff=[*operator.settings["staff"], {"id": "tomas", "accounts": ["@nobody:localhost"]}])
    wrong = findings(here("doctor", "--json"))
    assert set(wrong) == {"files", "staff"}
    assert "keys" in wrong["files"]["detail"]
    assert "@nobody:localhost" in wrong["staff"]["detail"]
    ended = here("doctor")
    assert ended.out.count("MEND") == 2
    assert "2 things have to be mended." in ended.out
    (operator.folder / "keys").chmod(0o700)

    recovery = operator.folder / "recovery-key.txt"
    right = recovery.read_text()
    recovery.write_text("EsTc " * 12)
    operator.write(homeserver={"url": f"http://127.0.0.1:{free_port()}"})
    with monkeypatch.context() as impatient:
        impatient.setattr(login, "PATIENCE_SECONDS", 0.2)
        wrong = findings(here("doctor", "--json"))
    assert set(wrong) == {"server", "account"}
    assert wrong["server"]["remedy"] == wrong["account"]["remedy"] != ""
    operator.write()
    assert set(findings(here("doctor", "--json"))) == {"recovery"}
    recovery.write_text(right)

    path = operator.folder / "data" / "liaison.db"
    with sqlite3.connect(path) as db:
        kept = db.execute("SELECT seq, actor FROM audit ORDER BY seq LIMIT 1").fetchone()
        db.execute("UPDATE audit SET actor = 'somebody else' WHERE seq = ?", kept[:1])
    assert "store" in findings(here("doctor", "--json"))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE audit SET actor = ? WHERE seq = ?", (kept[1], kept[0]))
    db.close()
    assert here("doctor").code == 0


def test_the_card_shows_how_to_know_the_bot_in_each_language(
    operator: Operator, here: Here, texts: Texts, content: Content
) -> None:
    here("card").refused("never been started")
    assert here("run").code == 0
    cards = here("card")
    assert (cards.code, cards.err) == (0, "")
    assert cards.out.count(f"{operator.user_id}\n") == cards.out.count(PAGE) == len(LANGUAGES)

    async def master() -> str:
        """As the server shows it to everybody."""
        async with Http(operator.server.url) as http:
            session = await http.call("POST", "/login", {
                "type": "m.login.password", "password": PASSWORD,
                "identifier": {"type": "m.id.user", "user": operator.user_id},
            })  # fmt: skip
            http.token = session["access_token"]
            answer = await http.call("POST", "/keys/query", {"device_keys": {operator.user_id: []}})
            return str(next(iter(answer["master_keys"][operator.user_id]["keys"].values())))

    key = asyncio.run(master())
    for language in LANGUAGES:
        words = key_words(key, content.key_words[language])
        name = texts.sentence(language, "language-name")
        assert texts.sentence(language, "card-words", language=name, words=words) in cards.out.splitlines()
        assert texts.sentence(language, "card-never") in cards.out.splitlines()
    operator.write(official_page=None)
    assert PAGE not in here("card").out
    assert here("card").out.count(texts.sentence("en", "card-no-page")) == 1

    # A process on a machine that knows nothing but ASCII, as a service or a rescue system may be.
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    ended = operator.do("card", **plain)
    assert (ended.code, ended.err) == (0, ""), ended
    assert f"Address: {operator.user_id}" in ended.out
    assert "Key words (English): " + key_words(key, content.key_words["en"]) in ended.out


def test_verify_refuses_what_is_no_account_and_says_when_nobody_came(operator: Operator, here: Here) -> None:
    here("verify", "somebody").refused("not an account", "somebody")
    here("verify", "@somebody").refused("not an account")
    here("verify", "@somebody:localhost", "--seconds", "0").refused("never been started")
    assert here("run").code == 0
    here("verify", "@somebody:localhost", "--seconds", "0").refused("does not run")


def test_the_help_names_every_command_and_a_wrong_one_is_refused_with_it(here: Here, operator: Operator) -> None:
    ended = here("--help")
    assert ended.code == 0
    for verb in ("run", "doctor", "card", "verify", "demo"):
        assert f"    {verb} " in ended.out
        assert here(verb, "--help").code == 0
    for words in ([], ["walk"], ["verify"], ["demo", "--port", "many"]):
        ended = here(*words)
        assert ended.code == 2
        assert ended.err.startswith("usage: liaison")
        assert not ended.out
    assert here("--version").out.startswith("liaison ")


# ---- health, numbers, logs ------------------------------------------------------------------------------------------


async def numbers(bot: App) -> dict[str, float]:
    async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{bot.admin.port}/metrics") as answer:
        families = text_string_to_metric_families(await answer.text())
        return {sample.name: sample.value for family in families for sample in family.samples}


async def until_ready_is(bot: App, status: int) -> None:
    """Ask /ready again and again, as whoever watches over the bot does."""
    async with aiohttp.ClientSession() as http, asyncio.timeout(60):
        while True:
            async with http.get(f"http://127.0.0.1:{bot.admin.port}/ready") as answer:
                if answer.status == status:
                    return


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes minutes in real life takes a second."""
    monkeypatch.setattr(sync, "POLL_MS", 100)
    monkeypatch.setattr(app, "STALE_SECONDS", 2.0)


async def test_ready_turns_with_the_server_and_the_database_and_comes_back(
    bots: Bots, enter: Enter, impatient: None
) -> None:
    bot, alice = await bots.start(), await enter("alice")
    await until_ready_is(bot, 200)
    first = await numbers(bot)
    bots.server.pause()
    try:
        await until_ready_is(bot, 503)
        assert (await numbers(bot))["liaison_sync_age_seconds"] >= 2
    finally:
        bots.server.resume()
    await until_ready_is(bot, 200)

    with contextlib.closing(sqlite3.connect(bot.config.folder / "liaison.db", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")  # nobody else can write until it is closed
        await until_ready_is(bot, 503)
        assert (await numbers(bot))["liaison_sync_age_seconds"] >= 2, "told without the database"
    await until_ready_is(bot, 200)

    await alice.create_room([bot.session.user_id])
    await alice.hears("English")
    await bot._tick()
    last = await numbers(bot)
    assert last["liaison_rooms"] == first["liaison_rooms"] + 1
    assert last["liaison_sync_answers"] > first["liaison_sync_answers"]
    assert last["liaison_transactions"] > first["liaison_transactions"]


SAID = {
    "body": "vellichorbarn", "formatted_body": "quaggamire", "phrase": "zephyrine", "file": "ombrifuge",
    "display name": "Tatterdemal", "room name": "Gloamrook", "device name": "fernbracket", "topic": "sablewick",
    "event type": "org.hollowmere", "state key": "drumlinet", "reaction": "kestrelspar", "reason": "mirkwharf",
}  # fmt: skip


async def test_nothing_that_strangers_write_is_written_anywhere(
    bots: Bots, enter: Enter, tmp_path: Path, capfd: pytest.CaptureFixture[str], logging_put_back: None
) -> None:
    log.setup("debug", tmp_path / "log")
    logging.getLogger().setLevel(logging.DEBUG)  # all libraries, too
    bot, alice = await bots.start(), await enter("alice")
    me, path = quoted(alice.user_id), "/rooms/{}/state/{}/{}"
    await alice.http.call("PUT", f"/profile/{me}/displayname", {"displayname": SAID["display name"]})
    device = quoted(alice.engine.device_id)
    await alice.http.call("PUT", f"/devices/{device}", {"display_name": SAID["device name"]})
    room = await alice.create_room([bot.session.user_id])
    await alice.hears("English")
    for kind, key, content in (
        ("m.room.name", "", {"name": SAID["room name"]}),
        ("m.room.topic", "", {"topic": SAID["topic"]}),
        (SAID["event type"], SAID["state key"], {"body": SAID["body"]}),
        ("m.room.member", alice.user_id, {"membership": "join", "displayname": SAID["display name"]}),
    ):
        await alice.http.call("PUT", path.format(quoted(room), kind, quoted(key)), content)
    await alice.says(room, "1")
    await alice.hears("alone")
    await alice.says(room, "1")
    await alice.hears("Write a number")
    event = await alice.says(room, "lock")
    await alice.hears("phrase")
    await alice.says(room, f"a ladder of {SAID['phrase']}")
    await alice.hears("The phrase is set")
    file = {"msgtype": "m.file", "body": SAID["file"], "filename": SAID["file"], "url": "mxc://localhost/abc"}
    await alice.send(room, "m.room.message", file)
    await alice.hears("have not fetched it")
    about = {"m.relates_to": {"rel_type": "m.annotation", "event_id": event, "key": SAID["reaction"]}}
    await alice.send(room, "m.reaction", about)
    await alice.send(room, SAID["event type"], {"body": {"body": [SAID["body"]]}})
    await alice.send(room, "m.room.message", {"msgtype": SAID["event type"], "body": [SAID["body"]]})

    def broken(ctx: Any, _text: str) -> None:
        raise ValueError(ctx.message.text, ctx.person.account, ctx.room.room_id, SAID["formatted_body"])

    working = bot.core.commands["question"]
    bot.core.commands["question"] = replace(working, function=broken)
    html = f"<b>{SAID['formatted_body']}</b>"
    story = {"msgtype": "m.text", "body": f"the {SAID['body']} burnt", "formatted_body": html}
    await alice.send(room, "m.room.message", story | {"format": "org.matrix.custom.html"})
    ref = (await alice.hears("went wrong")).text.split()[-1]
    bot.core.commands["question"] = working
    await alice.send(room, "m.room.message", story)
    await alice.hears("Menu")
    await alice.http.call("POST", f"/rooms/{quoted(room)}/leave", {"reason": SAID["reason"]})
    await bot.outgoing.idle()
    await bot._tick()
    async with aiohttp.ClientSession() as http:
        asked = [f"http://127.0.0.1:{bot.admin.port}/{path}" for path in ("metrics", "ready", SAID["body"])]
        answers = [await (await http.get(url)).text() for url in asked]
    await bots.stop(bot)
    logged = (tmp_path / "log").read_text(encoding="utf-8")
    assert ref in logged
    everything = logged + "".join(answers) + "".join(capfd.readouterr())
    secrets = [*SAID.values(), alice.user_id, alice.user_id[1:].partition(":")[0], room, room[1:10], PASSWORD]
    found = [word for word in secrets if word in everything]
    assert not found, found
