"""What the command line does that is more than parsing: run, doctor, card, verify."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Callable
from typing import TypeVar

from rich.console import Console
from rich.text import Text

from bot.config import LANGUAGES, USER_ID, Config
from bot.errors import StartError
from bot.faq import content as content_files
from bot.seal import KeyRing, key_words
from bot.store.db import Tx, opened
from bot.store.keys import Verification, list_verifications, set_verification_state
from bot.store.migrate import version
from bot.text import Texts, each, normalised

T = TypeVar("T")
LONGEST_WAIT = 600
COLOURS = {"ok": "green", "warn": "yellow", "fail": "red bold"}


def language() -> str:
    """The operator's language, from the environment."""
    for name in ("LIAISON_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if (code := os.environ.get(name, "")[:2]) in LANGUAGES:
            return code
    return "en"


async def run(config: Config, texts: Texts) -> int:
    """Run the bot until SIGTERM or SIGINT."""
    from bot.app import App

    app = App(config, texts=texts)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, app.request_stop)
    try:
        starting = asyncio.create_task(app.start())
        stopped = asyncio.create_task(app.stopping.wait())
        await asyncio.wait([starting, stopped], return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not starting.done():
            starting.cancel()
            await asyncio.gather(starting, return_exceptions=True)
            return 0
        starting.result()
        print(texts.sentence(language(), "run-ready", account=app.session.user_id), flush=True)
        for part in app.rate_parts():
            print(texts.render(language(), [part]), flush=True)
        await app.run()
    finally:
        await app.stop()
    return 0


async def doctor(config: Config, texts: Texts, *, as_json: bool) -> int:
    """Examine the installation; 1 when something has to be mended."""
    from bot.doctor import Patient, examine

    folder = config.path(config.faq.content) if config.faq.content else None
    keys = KeyRing(config.path(config.keys.folder), used=version(config.database_url) is not None)
    patient = Patient(config, texts, content_files.load(folder), keys)
    rows = await examine(patient)
    lang = language()
    failures = sum(1 for r in rows if r.level == "fail")
    if as_json:
        found = [
            {
                "check": r.name,
                "level": r.level,
                "detail": texts.render(lang, [r.detail]),
                "remedy": texts.render(lang, [r.remedy]) if r.remedy else None,
            }
            for r in rows
        ]
        print(json.dumps({"ok": failures == 0, "checks": found}, ensure_ascii=False, indent=1))
        return 1 if failures else 0
    console = Console(soft_wrap=True, highlight=False)  # a call that is to be copied stays on one line
    labels = {level: texts.sentence(lang, f"doctor-level-{level}") for level in COLOURS}
    wide, name_wide = max(map(len, labels.values())) + 2, max(len(r.name) for r in rows) + 2
    for r in rows:
        words = texts.render(lang, [r.detail])
        if r.remedy:
            words += "\n" + texts.sentence(lang, "doctor-remedy", text=texts.render(lang, [r.remedy]))
        words = words.replace("\n", "\n" + " " * (wide + name_wide))
        console.print(Text.assemble((labels[r.level].ljust(wide), COLOURS[r.level]), r.name.ljust(name_wide), words))
    looks = sum(1 for r in rows if r.level == "warn")
    end = ("doctor-failures", failures) if failures else ("doctor-look", looks) if looks else ("doctor-all-well", 0)
    console.print(texts.sentence(lang, end[0], **({"count": end[1]} if end[1] else {})))
    return 1 if failures else 0


def card(config: Config, texts: Texts) -> int:
    """Print what a website or leaflet shows, so that people can tell the bot from a copy."""
    from bot.matrix.identity import Keys
    from bot.store.meta import get_secret

    keys = _keys(config)

    def read(tx: Tx) -> Keys | None:
        sealed = get_secret(tx, "cross-signing")
        return None if sealed is None else Keys.unpack(keys.open_with("identity", "cross-signing", sealed))

    found = from_database(config, keys, read)
    if found is None:
        raise StartError("doctor-never-started")
    lists = content_files.load(config.path(config.faq.content) if config.faq.content else None).key_words
    for lang in LANGUAGES:
        words = key_words(found.master.public, lists[lang])
        name = texts.sentence(lang, "language-name")
        print(texts.sentence(lang, "card-title", name=each(config.mechanism.name)))
        if config.official_page:
            print(texts.sentence(lang, "card-page", page=config.official_page))
        else:
            print(texts.sentence(lang, "card-no-page"))
        print(texts.sentence(lang, "card-address", address=config.account.user_id))
        print(texts.sentence(lang, "card-words", language=name, words=words))
        print(texts.sentence(lang, "card-signs", signature=keys.signer().public))
        print(texts.sentence(lang, "card-never"))
        print()
    return 0


def verify(config: Config, texts: Texts, account: str, seconds: int = LONGEST_WAIT) -> int:
    """Wait until somebody compares emoji with the running bot, and ask the human at this console whether they agree."""
    lang = language()
    if not USER_ID.fullmatch(account):
        raise StartError("verify-no-account", account=account)
    keys = _keys(config)
    if not _runs(config):
        raise StartError("verify-not-running")
    print(texts.sentence(lang, "verify-waiting", account=account, seconds=seconds), flush=True)
    found = _wait_for_comparison(config, keys, account, seconds)
    if found is None or found.master is None:
        print(texts.sentence(lang, "verify-timeout"))
        return 1
    print(texts.sentence(lang, "verify-show"))
    print("   ".join(found.emoji), flush=True)
    print(texts.sentence(lang, "verify-question"), end=" ", flush=True)
    answer = sys.stdin.readline()  # nothing, when nobody sits at this console
    if normalised(answer) not in (normalised(texts.sentence(lang, "verify-yes")), "yes", "y"):
        from_database(config, keys, lambda tx: set_verification_state(tx, found.ref, "mismatched"))
        print(texts.sentence(lang, "verify-not"))
        return 1

    def matched(tx: Tx) -> None:
        from bot.domain import people

        people.match(tx, config, found.ref, by="console")

    from_database(config, keys, matched, cause=f"console\0{found.ref}")
    print(texts.sentence(lang, "verify-done"))
    print(texts.sentence(lang, "verify-after", account=account))
    return 0


def _runs(config: Config) -> bool:
    """Whether the bot of this config runs: it holds the lock on the data folder."""
    from bot.app import Lock

    try:
        Lock(config.folder).release()
    except StartError:
        return True
    return False


def _keys(config: Config) -> KeyRing:
    """The keys of a bot that has been started at least once."""
    if version(config.database_url) is None:
        raise StartError("doctor-never-started")
    return KeyRing(config.path(config.keys.folder), used=True)


def _wait_for_comparison(config: Config, keys: KeyRing, account: str, seconds: int) -> Verification | None:
    """A comparison that began after we began to wait; another process writes it into the database."""
    until = time.monotonic() + seconds
    old = {v.ref for v in from_database(config, keys, lambda tx: list_verifications(tx, account))}
    while time.monotonic() < until:
        for found in from_database(config, keys, lambda tx: list_verifications(tx, account)):
            if found.ref not in old and found.state == "comparing":
                return found
        time.sleep(0.5)
    return None


def from_database(config: Config, keys: KeyRing, function: Callable[[Tx], T], cause: str = "") -> T:
    """Run `function(tx)` on the database of the config, beside a running bot."""
    with opened(config.database_url, keys) as db:
        return db.transact(cause, function)[0]
