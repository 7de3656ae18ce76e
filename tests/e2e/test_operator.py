"""What an operator sees: `liaison` as a process on a real homeserver, from a config file."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import yaml
from nio.crypto import OlmAccount

from bot.config import LANGUAGES
from bot.demo.homeserver import Homeserver, free_port
from bot.matrix import sync
from bot.seal import KeyRing
from bot.store.db import opened
from bot.store.keys import get_account
from bot.text import Texts
from tests.e2e.conftest import PASSWORD, Bots, unique

LIAISON = Path(sys.executable).with_name("liaison")


@dataclass
class Ended:
    """How a command ended."""

    code: int
    out: str
    err: str

    def refused(self, *words: str) -> None:
        """One clear sentence on standard error, nothing else, and not exit code 0."""
        assert self.code not in (0, -signal.SIGKILL), self
        assert "Traceback" not in self.err + self.out, self
        assert len(self.err.strip().splitlines()) == 1, self.err
        assert not [w for w in words if w not in self.err], f"{words} not in {self.err!r}"
        assert not self.err.startswith("{"), "a sentence, not a line of the log"


@dataclass
class Operator:
    """A folder with a config, and commands run in it. `env` is all that a command finds in its environment."""

    server: Homeserver
    folder: Path
    name: str
    env: dict[str, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    running: list[asyncio.subprocess.Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.folder.mkdir(exist_ok=True)
        self.port = free_port()
        self.env = {"PATH": os.environ["PATH"], "LANG": "C", "HOME": str(self.folder), "LIAISON_PASSWORD": PASSWORD}
        self.settings = {
            "homeserver": {"url": self.server.url},
            "account": {"user_id": self.user_id},
            "web": {"admin_port": self.port},
            "official_page": "https://mechanism.example.org/bot",
        }
        self.write()

    @property
    def user_id(self) -> str:
        return f"@{self.name}:{self.server.name}"

    @property
    def config(self) -> Path:
        return self.folder / "config.yaml"

    def write(self, **settings: Any) -> None:
        """The config with these sections instead of the usual ones."""
        self.config.write_text(yaml.safe_dump(self.settings | settings, allow_unicode=True), encoding="utf-8")

    async def spawn(self, *words: str, **env: str) -> asyncio.subprocess.Process:
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(
            LIAISON, "--config", self.config, *words,
            stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, env=self.env | env, cwd=self.folder,
        )  # fmt: skip
        self.running.append(process)
        return process

    async def do(self, *words: str, **env: str) -> Ended:
        """A command to its end."""
        return await self.end(await self.spawn(*words, **env))

    async def end(self, process: asyncio.subprocess.Process) -> Ended:
        out, err = await process.communicate()
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    async def start(self, **env: str) -> asyncio.subprocess.Process:
        """`liaison run`, ready."""
        process = await self.spawn("run", **env)
        assert process.stdout is not None
        first = (await process.stdout.readline()).decode()
        if first != f"Ready as {self.user_id}.\n":
            process.kill()
            raise AssertionError(f"{first!r}, {await self.end(process)}")
        return process

    async def stop(self, process: asyncio.subprocess.Process) -> Ended:
        process.terminate()
        return await self.end(process)

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.text()

    def device(self) -> tuple[str, str]:
        """The device's id and its pickled keys, as they stand in the database."""
        with opened(f"sqlite:///{self.folder}/data/liaison.db", KeyRing(self.folder / "keys")) as db:
            row = db.transact("", get_account)[0]
        assert row is not None
        return row.device_id, row.pickle


Hire = Callable[..., Awaitable[Operator]]


@pytest.fixture
async def hire(synapse: Homeserver, tmp_path: Path) -> AsyncIterator[Hire]:
    """`await hire()`: an operator with a new account for a bot; what still runs afterwards is ended."""
    made: list[Operator] = []

    async def make() -> Operator:
        name = unique("helper")
        await synapse.register(name, PASSWORD)
        made.append(Operator(synapse, tmp_path / name, name))
        return made[-1]

    yield make
    for process in (p for operator in made for p in operator.running if p.returncode is None):
        process.kill()
        await process.communicate()


async def devices_of(client: Any, user_id: str) -> list[str]:
    """What everybody on the server sees."""
    answer = await client.http.call("POST", "/keys/query", {"device_keys": {user_id: []}})
    return list(answer["device_keys"][user_id])


async def test_one_device_for_life_one_process_and_a_quick_clean_stop(hire: Hire, enter: Any) -> None:
    operator, alice = await hire(), await enter("alice")
    first = await operator.start()
    assert (await operator.get("/ready"))[0] == 200
    (await operator.do("run")).refused("Another process works in", str(operator.folder / "data"))
    room = await alice.create_room([operator.user_id])
    await alice.hears("English")
    assert (await operator.get("/ready"))[0] == 200, "the refused one did no harm"
    began = time.monotonic()
    ended = await operator.stop(first)
    assert time.monotonic() - began < 5
    assert (ended.code, "Traceback" in ended.err) == (0, False), ended
    assert "people a minute" in ended.out
    call = f'curl -X POST -H "Authorization: Bearer ADMIN_TOKEN" {operator.server.url}'
    assert f'{call}/_synapse/admin/v1/users/{operator.user_id}/override_ratelimit -d "{{}}"' in ended.out
    device, pickle = operator.device()
    assert await devices_of(alice, operator.user_id) == [device]

    del operator.env["LIAISON_PASSWORD"]  # only the token is kept, and it is enough
    second = await operator.start()
    await alice.says(room, "1")
    await alice.hears("alone")
    second.send_signal(signal.SIGINT)
    assert (await operator.end(second)).code == 0
    assert operator.device()[0] == device
    assert await devices_of(alice, operator.user_id) == [device]
    assert PASSWORD.encode() not in b"".join(p.read_bytes() for p in operator.folder.rglob("*") if p.is_file())

    secret = (operator.folder / "keys" / "pickle.key").read_bytes().hex()
    assert OlmAccount.from_pickle(pickle, secret, True).identity_keys
    with pytest.raises(Exception, match=""):
        OlmAccount.from_pickle(pickle, "DEFAULT_KEY", True)


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
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        db.execute("INSERT INTO alembic_version VALUES ('9999')")
    db.close()
    return path.unlink


def no_database(operator: Operator) -> Callable[[], object]:
    path = operator.folder / "data" / "liaison.db"
    path.parent.mkdir()
    path.write_bytes(b"this was never a database " * 100)
    return path.unlink


def database_server_away(operator: Operator) -> None:
    operator.write(database={"url": f"postgresql://secretuser@127.0.0.1:{free_port()}/liaison"})


def taken_port(operator: Operator) -> Callable[[], object]:
    return socket.create_server(("127.0.0.1", operator.port)).close


WRONG: dict[str, tuple[Wrong, tuple[str, ...]]] = {
    "wrong password": (wrong_password, ("refuses the password of @",)),
    "no password": (no_password, ("no password and no token", "LIAISON_PASSWORD")),
    "nobody listens": (nobody_listens, ("http://127.0.0.1:", "does not answer")),
    "unknown name": (unknown_name, ("https://matrix.invalid", "does not answer")),
    "no homeserver": (no_homeserver, ("http://127.0.0.1:", "does not answer")),
    "no config": (no_config, ("no config file at", "config.example.yaml")),
    "typo": (typo, ("config.yaml, line 3", "acount", "Did you mean: account")),
    "unfitting": (unfitting, ("config.yaml, line 2", "account.user_id", "@name:example.org")),
    "not yaml": (not_yaml, ("config.yaml, line 2", "not YAML")),
    "folder refuses": (folder_refuses, ("/data cannot be used", "permissions")),
    "keys refuse": (keys_refuse, ("/keys cannot be used", "permissions")),
    "newer database": (newer_database, ("newer version of this program",)),
    "no database": (no_database, ("database cannot be opened",)),
    "database server away": (database_server_away, ("database cannot be opened",)),
    "taken port": (taken_port, ("Port", "is taken", "web.admin_port")),
}


async def test_what_is_wrong_at_the_start_is_one_sentence_and_mended_it_starts(hire: Hire) -> None:
    """All at once: some wait for a server that never answers."""
    two = asyncio.Semaphore(6)

    async def play(name: str) -> None:
        break_it, words = WRONG[name]
        operator = await hire()
        mend = break_it(operator)
        async with two:
            ended = await operator.do("run")
        try:
            ended.refused(*words)
            assert ended.code == 1
            assert not ended.out
            assert "secretuser" not in ended.err
            operator.write()
            if mend:
                mend()
            async with two:
                assert (await operator.stop(await operator.start())).code == 0
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from error

    async with asyncio.TaskGroup() as tasks:
        for name in WRONG:
            tasks.create_task(play(name))
