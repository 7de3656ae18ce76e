"""A private Synapse on loopback: for the demonstration and for the tests, never for real use.

Everything lives in one folder; nothing leaves the machine (no federation, no key servers, no statistics).
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import yaml

GENEROUS = {"per_second": 10_000, "burst_count": 10_000}
START_SECONDS = 90


class HomeserverError(Exception):
    """The homeserver could not be started, with a sentence that says why."""


def free_port() -> int:
    """A TCP port on loopback that nobody listens on right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


class Homeserver:
    """One Synapse process in `folder`.

    `default_limits=True` keeps Synapse's own rate limits, as a real server has them; otherwise they are lifted.
    """

    def __init__(
        self, folder: Path, *, port: int | None = None, name: str = "localhost", default_limits: bool = False
    ) -> None:
        self.folder = folder
        self.name = name
        self.port = port or free_port()
        self.default_limits = default_limits
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database(self) -> Path:
        return self.folder / "homeserver.db"

    def _write_config(self) -> Path:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        secret_file = self.folder / "registration.secret"
        if not secret_file.exists():
            secret_file.write_text(secrets.token_hex(32))
        config: dict[str, Any] = {
            "server_name": self.name,
            "pid_file": str(self.folder / "synapse.pid"),
            "listeners": [
                {
                    "port": self.port,
                    "type": "http",
                    "bind_addresses": ["127.0.0.1"],
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.database)}},
            "log_config": str(self.folder / "log.yaml"),
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "macaroon_secret_key": secret_file.read_text(),
            "form_secret": secret_file.read_text(),
            "registration_shared_secret": secret_file.read_text(),
            "report_stats": False,
            "trusted_key_servers": [],
            "suppress_key_server_warning": True,
            "federation_domain_whitelist": [],
            "enable_registration": False,
            "max_upload_size": "512M",
            "presence": {"enabled": False},
            "bcrypt_rounds": 4,  # accounts of a demonstration; slow hashes only make its tests slow
            "user_directory": {"enabled": False},
            "url_preview_enabled": False,
        }
        if not self.default_limits:
            config |= {
                "rc_message": GENEROUS,
                "rc_registration": GENEROUS,
                "rc_login": {"address": GENEROUS, "account": GENEROUS, "failed_attempts": GENEROUS},
                "rc_admin_redaction": GENEROUS,
                "rc_joins": {"local": GENEROUS, "remote": GENEROUS},
                "rc_joins_per_room": GENEROUS,
                "rc_invites": {"per_room": GENEROUS, "per_user": GENEROUS, "per_issuer": GENEROUS},
                "rc_room_creation": GENEROUS,
                "rc_key_requests": GENEROUS,
                "rc_media_create": GENEROUS,
            }
        log = {
            "version": 1,
            "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
            "handlers": {
                "file": {"class": "logging.FileHandler", "filename": str(self.folder / "log"), "formatter": "plain"}
            },
            "root": {"level": "WARNING", "handlers": ["file"]},
            "disable_existing_loggers": False,
        }
        (self.folder / "log.yaml").write_text(yaml.safe_dump(log))
        path = self.folder / "homeserver.yaml"
        path.write_text(yaml.safe_dump(config))
        return path

    async def start(self) -> None:
        """Start Synapse and wait until it answers.

        Raises HomeserverError when it ends or stays silent, with the last lines of its log.
        """
        if not _is_free(self.port):
            raise HomeserverError(f"Port {self.port} is taken. Choose another one with --port, or leave it out.")
        config = self._write_config()
        if not (self.folder / "signing.key").exists():
            made = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "synapse.app.homeserver", "-c", str(config), "--generate-keys",
                stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            _, error = await made.communicate()
            if made.returncode:
                raise HomeserverError(f"Synapse could not make its keys: {error.decode(errors='replace')[-800:]}")
        await self._spawn(config)

    async def _spawn(self, config: Path) -> None:
        # Its own session: Ctrl-C in the terminal reaches us first, and we stop it in order.
        with (self.folder / "out").open("wb") as out:
            self._process = subprocess.Popen(  # noqa: ASYNC220
                [sys.executable, "-m", "synapse.app.homeserver", "-c", str(config)],
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                env=os.environ | {"SYNAPSE_CACHE_FACTOR": "2.0"},
            )
        async with aiohttp.ClientSession() as http:
            deadline = asyncio.get_running_loop().time() + START_SECONDS
            while asyncio.get_running_loop().time() < deadline:
                if self._process.poll() is not None:
                    raise HomeserverError(f"Synapse ended at once. Its last words: {self._last_words()}")
                with contextlib.suppress(aiohttp.ClientError, TimeoutError):
                    async with http.get(f"{self.url}/health", timeout=aiohttp.ClientTimeout(total=2)) as answer:
                        if answer.status == 200:
                            return
                await asyncio.sleep(0.1)
        raise HomeserverError(f"Synapse did not answer within {START_SECONDS} s. Its last words: {self._last_words()}")

    def _last_words(self) -> str:
        words = b""
        for name in ("out", "log"):
            with contextlib.suppress(OSError):
                words += (self.folder / name).read_bytes()[-600:]
        return words.decode(errors="replace")

    async def stop(self) -> None:
        """Stop Synapse; harmless when it does not run."""
        process, self._process = self._process, None
        if process is None or process.poll() is not None:
            return
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 10)
        except subprocess.TimeoutExpired:
            process.kill()
            await asyncio.to_thread(process.wait)

    def pause(self) -> None:
        """Freeze the process (a server that hangs)."""
        assert self._process
        self._process.send_signal(19)

    def resume(self) -> None:
        assert self._process
        self._process.send_signal(18)

    async def restart(self) -> None:
        await self.stop()
        await self._spawn(self.folder / "homeserver.yaml")

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        assert self._process
        return self._process.pid

    async def register(self, name: str, password: str, *, admin: bool = False) -> str:
        """Make an account with the shared secret; an existing one is left as it is. Returns the user id."""
        user_id = f"@{name}:{self.name}"
        path = f"{self.url}/_synapse/admin/v1/register"
        async with aiohttp.ClientSession() as http:
            async with http.get(path) as answer:
                nonce = (await answer.json())["nonce"]
            secret = (self.folder / "registration.secret").read_text()
            words = [nonce, name, password, "admin" if admin else "notadmin"]
            mac = hmac.new(secret.encode(), "\0".join(words).encode(), hashlib.sha1).hexdigest()
            body = {"nonce": nonce, "username": name, "password": password, "admin": admin, "mac": mac}
            async with http.post(path, json=body) as answer:
                reply = await answer.json()
                if answer.status != 200 and reply.get("errcode") != "M_USER_IN_USE":
                    raise HomeserverError(f"the account {name} could not be made: {reply.get('errcode')}")
        return user_id
