"""`liaison verify` at the console: a human says whether the emoji are the same, and nobody else does."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import console
from bot.app import Lock
from bot.approvals import reference
from bot.config import Config
from bot.errors import StartError
from bot.seal import KeyRing
from bot.store import outbox as rows
from bot.store.db import Tx
from bot.store.keys import insert_verification, list_verifications
from bot.text import Texts

ALICE, BOB = "@alice:example.org", "@bob:example.org"
EMOJI = ["🐶 Dog", "🔑 Key"]
Compare = Callable[..., int]


@pytest.fixture
def config(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Config]:
    """Of a bot that has been started and runs: its keys exist, and it holds its data folder."""
    monkeypatch.delenv("LIAISON_DATABASE_URL", raising=False)
    made = Config.model_validate({"database": {"url": sqlite_url}, "base": tmp_path})
    KeyRing(made.path(made.keys.folder)).make()
    lock = Lock(made.folder)
    yield made
    lock.release()


def read(config: Config, function: Callable[[Tx], object]) -> object:
    return console.from_database(config, KeyRing(config.path(config.keys.folder)), function)


def arrives(config: Config, account: str) -> None:
    """The running bot, another process, has compared emoji with somebody's client."""
    read(config, lambda tx: insert_verification(tx, reference(), account, "M" * 43, EMOJI))


@pytest.fixture
def compare(config: Config, texts: Texts, monkeypatch: pytest.MonkeyPatch) -> Compare:
    """`compare("yes")`: while we wait for Alice, first Bob compares, then she; then somebody types that."""

    def do(typed: str, language: str = "en") -> int:
        coming = iter((BOB, ALICE))
        monkeypatch.setattr("bot.console.time.sleep", lambda _seconds: arrives(config, next(coming)))
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        monkeypatch.setenv("LIAISON_LANGUAGE", language)
        return console.verify(config, texts, ALICE, 60)

    return do


def states(config: Config) -> dict[str, str]:
    found = read(config, lambda tx: {v.user_id: v.state for v in list_verifications(tx)})
    assert isinstance(found, dict)
    return found


def signed(config: Config) -> list[str]:
    """Whom the bot is going to sign."""
    found = read(config, lambda tx: [(row.content or {})["user"] for row in rows.list_due(tx, 9) if row.kind == "sign"])
    assert isinstance(found, list)
    return found


@pytest.mark.parametrize(
    ("typed", "language"), [("yes\n", "en"), ("Y\n", "en"), ("نعم\n", "ar"), ("Oui\n", "fr"), ("yes\n", "uk")]
)
def test_yes_counts_as_compared(
    config: Config, compare: Compare, capsys: pytest.CaptureFixture[str], texts: Texts, typed: str, language: str
) -> None:
    assert compare(typed, language) == 0
    out = capsys.readouterr().out
    assert "   ".join(EMOJI) in out.splitlines()
    assert texts.sentence(language, "verify-done") in out
    assert states(config) == {ALICE: "matched", BOB: "comparing"}
    assert signed(config) == [ALICE]


@pytest.mark.parametrize("typed", ["no\n", "\n", "", "yesterday\n", "ye", "نعم\n", "not yes\n"])
def test_anything_else_does_not_and_it_can_be_tried_again(
    config: Config, compare: Compare, capsys: pytest.CaptureFixture[str], typed: str
) -> None:
    assert compare(typed) == 1
    assert "Not counted." in capsys.readouterr().out
    assert states(config) == {ALICE: "mismatched", BOB: "comparing"}
    assert signed(config) == []
    assert compare("yes\n") == 0
    assert signed(config) == [ALICE]


def test_a_comparison_from_before_is_not_taken_for_this_one(
    config: Config, compare: Compare, texts: Texts, capsys: pytest.CaptureFixture[str]
) -> None:
    arrives(config, ALICE)
    assert console.verify(config, texts, ALICE, 0) == 1
    assert "Nobody verified in time." in capsys.readouterr().out
    assert states(config) == {ALICE: "comparing"}
    read(config, lambda tx: tx.conn.exec_driver_sql("DELETE FROM verification"))
    assert compare("yes\n") == 0


def test_a_bot_that_does_not_run_or_never_did_is_named_at_once(
    sqlite_url: str, tmp_path: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LIAISON_DATABASE_URL", raising=False)
    for url, said in ((sqlite_url, "verify-not-running"), (f"sqlite:///{tmp_path}/none.db", "doctor-never-started")):
        stopped = Config.model_validate({"database": {"url": url}, "base": tmp_path})
        KeyRing(stopped.path(stopped.keys.folder)).key("store-1")
        with pytest.raises(StartError) as caught:
            console.verify(stopped, texts, ALICE, 60)
        assert caught.value.key == said


@pytest.mark.parametrize(
    ("env", "language"),
    [
        ({"LANG": "ar_SY.UTF-8"}, "ar"), ({"LANG": "C"}, "en"), ({}, "en"), ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "fr_FR", "LC_ALL": "uk_UA"}, "uk"), ({"LC_ALL": "C", "LANG": "es_ES"}, "es"),
        ({"LANG": "fr_FR", "LIAISON_LANGUAGE": "es"}, "es"),
    ],
)  # fmt: skip
def test_the_console_speaks_the_operators_language(
    monkeypatch: pytest.MonkeyPatch, env: dict[str, str], language: str
) -> None:
    for name in ("LIAISON_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert console.language() == language
