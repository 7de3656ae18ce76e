"""Runs the real bot, and kills it with SIGKILL at a chosen boundary: `python -m tests.crash.runner`.

Everything is imported and learnt once; each job (a JSON line on stdin) then runs in a fork of this process, so that a
restart of the bot costs what starting it costs. Lines on stdout tell what happens: `{"pid"}`, `{"ready"}`,
`{"ended", "log"}`.

Boundaries are counted by wrapping the two ways in which the bot leaves a mark: Database.transact (before and after the
commit; reading leaves none) and Http.once (before the request, when it is on its way, and after its answer). Nothing of
that is known to the bot.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import aiohttp

from bot import app, log
from bot.config import Config
from bot.faq import content as content_files
from bot.faq.answers import Answers
from bot.matrix.http import Http
from bot.store.db import Database, utc_now
from bot.text import Texts


@dataclass
class Boundaries:
    """Counts boundaries from the first one whose label holds `after` on, and kills at number `count`.

    `count` 0 kills nowhere. Each label is written to `trace` first, so that a test can read how far it came.
    """

    count: int
    after: str
    trace: Path

    def __post_init__(self) -> None:
        self._passed = 0
        self._counting = self.after == ""
        self._file = os.open(self.trace, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __call__(self, label: str) -> None:
        os.write(self._file, f"{label}\n".encode())
        self._counting = self._counting or self.after in label
        if self._counting and self.count:
            self._passed += 1
            if self._passed == self.count:
                os.kill(os.getpid(), signal.SIGKILL)

    def wrap(self) -> None:
        transact, once, answer_of = Database.transact, Http.once, aiohttp.ClientResponse.start

        def counted_transact(db: Database, cause: str, function: Callable[..., Any], *args: Any, **more: Any) -> Any:
            name, wrote = _name(function), False

            def work(tx: Any, *inner: Any, **named: Any) -> Any:
                nonlocal wrote
                file = tx.conn.connection.driver_connection
                before = file.total_changes
                result = function(tx, *inner, **named)
                wrote = file.total_changes > before
                if wrote:
                    self(f"before commit {name}")
                return result

            result = transact(db, cause, work, *args, **more)
            if wrote:
                self(f"after commit {name}")
            return result

        async def counted_once(http: Http, method: str, path: str, *args: Any, **more: Any) -> Any:
            self(f"before request {method} {unquote(path)}")
            answer = await once(http, method, path, *args, **more)
            self(f"after answer {answer[0]} {method} {unquote(path)}")
            return answer

        async def counted_start(answer: aiohttp.ClientResponse, connection: Any) -> Any:
            await asyncio.sleep(0)  # the task that writes the body has its turn
            self(f"on its way {answer.method} {unquote(answer.url.path)}")
            return await answer_of(answer, connection)

        Database.transact = counted_transact  # type: ignore[method-assign,assignment]
        Http.once = counted_once  # type: ignore[method-assign,assignment]
        aiohttp.ClientResponse.start = counted_start  # type: ignore[method-assign,assignment]


def _name(function: Callable[..., Any]) -> str:
    """A transaction's function, and those that it was given to run."""
    inside = [c.cell_contents for c in getattr(function, "__closure__", None) or ()]
    inner = [f for f in inside if hasattr(f, "__qualname__") and callable(f)]
    return " of ".join([getattr(function, "__qualname__", "?"), *map(_name, inner)])


def tell(**what: Any) -> None:
    os.write(1, (json.dumps(what) + "\n").encode())


async def run_bot(job: dict[str, Any], boundary: Boundaries, texts: Texts) -> None:
    """The bot as `liaison run` builds and stops it, until SIGTERM."""
    shift = timedelta(hours=job.get("hours", 0))

    def clock() -> datetime:
        return utc_now() + shift

    config = Config.model_validate({**job["config"], "base": Path(job["base"])})
    bot = app.App(config, clock=clock, texts=texts)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, bot.request_stop)
    try:
        await bot.start()
        boundary("ready")
        tell(ready=True)
        await bot.run()
    finally:
        await bot.stop()


def child(job: dict[str, Any], texts: Texts) -> None:
    """One job in its own process; never returns."""
    code = 1
    try:
        words = os.open(job["words"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(words, 2)
        log.setup()
        os.environ |= job.get("environment", {})
        boundary = Boundaries(job.get("count", 0), job.get("after", ""), Path(job["trace"]))
        if name := job.get("function"):  # "module:function" of a test: called instead of the bot
            module, _, function = name.partition(":")
            getattr(importlib.import_module(module), function)(job, boundary)
        else:
            boundary.wrap()
            asyncio.run(run_bot(job, boundary, texts))
        code = 0
    except BaseException:
        os.write(2, traceback.format_exc().encode())
    finally:
        os._exit(code)


def main() -> None:
    log.silence_nio()
    texts = Texts()
    answers = Answers(content_files.load())  # nothing of it can be hurt by a kill
    app.Answers = lambda *_: answers  # type: ignore[attr-defined,assignment]
    tell(started=True)
    for line in sys.stdin:
        job = json.loads(line)
        pid = os.fork()
        if pid == 0:
            child(job, texts)
        tell(pid=pid)
        _, status = os.waitpid(pid, 0)
        tell(ended=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
