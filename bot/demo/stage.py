"""The stage of the demonstration: a homeserver, the bot as `liaison run` runs it, people, counted checks."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
import secrets
import select
import shutil
import signal
import sys
import textwrap
from pathlib import Path
from typing import Any

import yaml

from bot.demo.client import Client, Heard
from bot.demo.homeserver import Homeserver, HomeserverError
from bot.matrix.fence import mapping
from bot.seal import signed_by

BOT = "helper"
READY_SECONDS = 60
WAIT_SECONDS = 30


class Stage:
    """Everything that scenes use. `check` counts claims; each is checked from the people's side."""

    def __init__(self, folder: Path, *, port: int = 0) -> None:
        self.folder = folder
        self.homeserver = Homeserver(folder / "homeserver", port=port or None)
        self.passwords: dict[str, str] = {}
        self.desks: dict[str, str] = {}  # the desk's room, by who of the team entered it
        self.clients: dict[str, Client] = {}
        self.passed = 0
        self.failed = 0
        self.said: list[str] = []  # every word that went either way; none may stand in the homeserver's database
        self._bot: asyncio.subprocess.Process | None = None
        self._ours = False  # the folder was made by us

    @property
    def bot_id(self) -> str:
        return f"@{BOT}:{self.homeserver.name}"

    # ---- telling --------------------------------------------------------------------------------------------------

    def title(self, text: str) -> None:
        print(f"\n== {text}", flush=True)

    def note(self, text: str) -> None:
        print(f"   ({text})", flush=True)

    def check(self, claim: str, holds: Any) -> None:
        """Count and print a claim."""
        if holds:
            self.passed += 1
        else:
            self.failed += 1
        print(f"   [{'ok' if holds else 'FAILED'}] {claim}", flush=True)

    def show(self, who: str, text: str) -> None:
        lines = text.splitlines() or [""]
        print(textwrap.indent("\n".join(lines), "    ").replace("    ", f"{who:>9}: ", 1), flush=True)

    # ---- starting and stopping ------------------------------------------------------------------------------------

    async def open(self) -> None:
        """A fresh homeserver with accounts; what an earlier run left behind goes, and only that."""
        self._lock = (self.folder.parent / f".{self.folder.name}.lock").open("w")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise HomeserverError(
                f"A demo runs in {self.folder} already. Stop it with Ctrl-C there, or name a new folder with --folder."
            ) from None
        if self.folder.exists() and (not self.folder.is_dir() or any(self.folder.iterdir())):
            if not (self.folder / "pids").exists():
                raise HomeserverError(f"{self.folder} is not a demo's. Name a new folder with --folder.")
            _end_leftovers(self.folder)
            shutil.rmtree(self.folder)
        self.folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        (self.folder / "pids").touch()
        self._ours = True
        await self.homeserver.start()
        (self.folder / "pids").write_text(str(self.homeserver.pid))
        await self.account(BOT)

    async def account(self, name: str) -> str:
        """Make an account; its user id."""
        self.passwords[name] = secrets.token_urlsafe(12)
        return await self.homeserver.register(name, self.passwords[name])

    async def enter(self, name: str, *, signed: bool = True) -> Client:
        """Somebody with an account and a client of their own."""
        user_id = await self.account(name)
        folder = self.folder / "clients" / name
        client = Client(self.homeserver.url, user_id, self.passwords[name], folder, signed=signed)
        self.clients[name] = client
        await client.start()
        return client

    async def start_bot(self, **settings: Any) -> None:
        """Start `liaison run` as an operator would, and wait until it says that it is ready."""
        config = {
            "homeserver": {"url": self.homeserver.url},
            "account": {"user_id": self.bot_id, "password_file": "password"},
            "web": {"admin_port": 0},
            "logging": {"file": "bot.log"},
        } | settings
        (self.folder / "password").write_text(self.passwords[BOT] + "\n")
        (self.folder / "password").chmod(0o600)
        (self.folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True))
        self._bot = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "--config", str(self.folder / "config.yaml"), "run",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
        (self.folder / "pids").write_text(f"{self.homeserver.pid} {self._bot.pid}")
        assert self._bot.stdout is not None
        try:
            async with asyncio.timeout(READY_SECONDS):
                first = (await self._bot.stdout.readline()).decode().strip()
        except TimeoutError:
            first = ""
        if self.bot_id not in first:
            raise HomeserverError(f"the bot did not start: {first}")
        print(f"   {first}", flush=True)
        self._drain = asyncio.create_task(self._bot.stdout.read())

    async def stop_bot(self) -> int:
        """Stop the bot with SIGTERM; its exit code."""
        if self._bot is None:
            return 0
        bot, self._bot = self._bot, None
        with contextlib.suppress(ProcessLookupError):
            bot.terminate()
        try:
            return await asyncio.wait_for(bot.wait(), 15)
        except TimeoutError:
            bot.kill()
            return await bot.wait()

    async def ended(self) -> str:
        """Wait until the homeserver or the bot ends by itself, which neither should; what to say then."""
        # The homeserver's process tells its end only when asked.
        while self._bot is not None and self._bot.returncode is None and self.homeserver.alive:  # noqa: ASYNC110
            await asyncio.sleep(1)
        what = "The homeserver" if not self.homeserver.alive else "The bot"
        return f"{what} has ended by itself. Why may stand in {self.folder / 'bot.log'} or {self.homeserver.folder}."

    async def close(self) -> None:
        """End everything. The folder goes, unless something failed and its logs may say why."""
        for client in self.clients.values():
            with contextlib.suppress(Exception):
                await client.stop()
        await self.stop_bot()
        await self.homeserver.stop()
        if self._ours and not self.failed:
            shutil.rmtree(self.folder, ignore_errors=True)
        elif self._ours:
            print(f"The logs are in {self.folder}.", flush=True)

    # ---- talking --------------------------------------------------------------------------------------------------

    async def says(self, client: Client, room_id: str, text: str, *, thread: str | None = None) -> str:
        """Somebody writes; printed as it happens."""
        self.show(_name(client), text)
        if len(text) > 6:
            self.said.append(text)
        return await client.says(room_id, text, thread=thread)

    async def hears(
        self, client: Client, *words: str, room_id: str | None = None, timeout: float = WAIT_SECONDS
    ) -> Heard:
        """The bot's next message with these words, printed; a failed check when it does not come."""
        try:
            heard = await client.hears(*words, room_id=room_id, timeout=timeout)
        except TimeoutError:
            self.check(f"{_name(client)} hears {words}", False)
            raise
        self.show("bot", heard.text)
        self.said.append(heard.text)
        return heard

    # ---- checks from the people's side ----------------------------------------------------------------------------

    async def check_encrypted(self, client: Client, room_id: str) -> None:
        path = f"/rooms/{room_id}/state/m.room.encryption/"
        content = await client.http.call("GET", path)
        self.check("the room is encrypted", content.get("algorithm") == "m.megolm.v1.aes-sha2")

    async def check_bot_signed(self, client: Client) -> None:
        """The chain that a strict client looks at: master key, self-signing key, device."""
        answer = await client.http.call("POST", "/keys/query", {"device_keys": {self.bot_id: []}})
        master = mapping(answer["master_keys"])[self.bot_id]
        self_signing = mapping(answer["self_signing_keys"])[self.bot_id]
        devices = mapping(answer["device_keys"])[self.bot_id]
        msk, ssk = next(iter(master["keys"].values())), next(iter(self_signing["keys"].values()))
        chain = signed_by(self_signing, self.bot_id, msk, msk)
        signed = all(signed_by(d, self.bot_id, ssk, ssk) for d in devices.values())
        self.check("the bot has one device, signed by its owner's identity", chain and signed and len(devices) == 1)

    def check_strict(self, client: Client) -> None:
        name = _name(client)
        readable = not client.refused and not client.unreadable
        self.check(f"{name} read every message with unsigned devices shut out", readable)
        for room_id, _, reason in client.unreadable:
            self.note(f"{name} could not read one in {room_id}: {reason}")
        for message in client.refused:
            self.note(f"{name} refused one of {message.sender}, {message.kind}: {message.trust}")

    def check_server_blind(self) -> None:
        """Nothing that was said, in either direction, stands in any file of the homeserver."""
        data = b"".join(p.read_bytes() for p in self.homeserver.folder.rglob("*") if p.is_file())
        lines = {line for text in self.said for line in text.splitlines() if len(line) > 12}
        found = [line for line in lines if line.encode() in data or _escaped(line) in data]
        self.check(f"the homeserver's files hold none of {len(lines)} lines that were said", not found)
        for line in found:
            self.note(f"this line stands there: {line}")

    def check_log_silent(self) -> None:
        """The bot's log holds nothing that was said, and nobody's account."""
        data = (self.folder / "bot.log").read_text(encoding="utf-8")
        lines = {line for text in self.said for line in text.splitlines() if len(line) > 12}
        accounts = [c.user_id for c in self.clients.values()]
        self.check("the bot's log holds no word and no account", not any(w in data for w in [*lines, *accounts]))


def _escaped(text: str) -> bytes:
    """`text` as JSON with only ASCII letters would hold it."""
    return text.encode("unicode_escape").replace(b"\\x", b"\\u00")


def _name(client: Client) -> str:
    return client.user_id[1:].partition(":")[0]


def _end_leftovers(folder: Path) -> None:
    """End processes that a killed run of the demo left behind in this folder."""
    with contextlib.suppress(OSError, ValueError):
        for pid in (folder / "pids").read_text().split():
            command = Path(f"/proc/{pid}/cmdline")
            if command.exists() and str(folder).encode() in command.read_bytes():
                process = os.pidfd_open(int(pid))
                os.kill(int(pid), signal.SIGKILL)
                select.select([process], [], [], 10)  # until it is gone and its port is free
                os.close(process)
