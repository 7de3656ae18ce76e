"""Bringing a database up to date: the whole way, once, after a backup, and never half."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.errors import StartError
from bot.seal import KeyRing
from bot.store import cases, drafts, engagement, faq, meta, outbox, submissions, tables
from bot.store import migrate as module
from bot.store.db import Database, Tx, make_engine, opened
from bot.store.migrate import backup_sqlite, head, migrate, tables_match, version
from bot.text import Texts
from tests.world import START

NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9999"
down_revision = "{before}"


def upgrade() -> None:
    op.add_column("meta", sa.Column("added", sa.Integer(), nullable=False, server_default="7"))
    op.create_table("later", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("key", sa.Text()))
    {then}
"""


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The program's next version: one more migration. Returns its file."""
    folder = tmp_path / "migrations"
    shutil.copytree(module.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before = head()
    path = folder / "versions" / "9999_next.py"
    path.write_text(NEXT.format(before=before, then="pass"))
    monkeypatch.setattr(module, "FOLDER", folder)
    assert head() == "9999"
    yield path


def schema(url: str) -> dict[str, tuple[object, ...]]:
    """Every column, index and key of a database, as it says itself."""
    engine = make_engine(url)
    found = sa.inspect(engine)
    shown: dict[str, tuple[object, ...]] = {}
    for table in found.get_table_names():
        columns = sorted(
            (c["name"], type(c["type"]).__name__, str(c["type"]), c["nullable"]) for c in found.get_columns(table)
        )
        indexes = sorted((i["name"] or "", *i["column_names"]) for i in found.get_indexes(table))
        unique = sorted(tuple(u["column_names"]) for u in found.get_unique_constraints(table))
        shown[table] = (columns, indexes, unique, found.get_pk_constraint(table)["constrained_columns"])
    engine.dispose()
    return shown


def rows(url: str, table: str) -> list[tuple[object, ...]]:
    engine = make_engine(url)
    with engine.connect() as connection:
        found = [tuple(r) for r in connection.exec_driver_sql(f"SELECT * FROM {table}")]
    engine.dispose()
    return found


def fill(url: str, keys: KeyRing) -> str:
    """A setting, a case, a changed answer, something counted, a draft and a message that waits; its transaction id."""
    with opened(url, keys, lambda: START) as db:
        db.transact("", fill_cases)
        db.transact("", fill_drafts)
        return fill_first(db)


def fill_first(db: Database) -> str:
    """What the first version had: a setting and a message that waits."""
    db.transact("", meta.set_meta, "mode", "open")
    return str(db.transact("c", outbox.insert_row, kind="say", room_id="!r:x", content={"text": "grey"})[0])


def fill_cases(tx: Tx) -> None:
    cases.insert_case(
        tx, "C2C2", "p1", kind="question", desk="main", language="en", role=None, urgent=False, notify=False,
        waiting_since=START, root_txn="t1",
    )  # fmt: skip
    cases.insert_said(tx, "C2C2", author="person", text="grey", state="sent")
    faq.set_change(tx, "bot-human", {"answer": "grey"}, by="sara")
    engagement.insert_event(
        tx, type="question", week="2026-11-23", role="participant", language="en", channel="private", outcome="answer"
    )


def fill_drafts(tx: Tx) -> None:
    drafts.insert_draft(tx, "d1", "p1", "room-ref", {"answer": "grey"}, START + timedelta(days=1))
    drafts.insert_draft_file(tx, "d1", {"name": "grey.pdf"})
    submissions.insert_submission(
        tx, "S2S2", vault="v", subject="s", receipt="h", phrase=b"p", form="f", form_version="1", language="en",
        size="small", urgent=False, flags="", destinations={"icc": "ask"}, desk="main", status="received", said="grey",
        day="2026-11-23", announce_at=START, announced=False,
    )  # fmt: skip


def check_drafts(tx: Tx) -> None:
    (found,) = drafts.list_drafts_of(tx, "p1")
    assert found.content == {"answer": "grey"}
    assert [f.content for f in drafts.list_wanted(tx)] == [{"name": "grey.pdf"}]
    (package,) = submissions.list_submissions(tx, ["main"])
    assert (package.destinations, package.said, package.link) == ({"icc": "ask"}, "grey", None)


def check_cases(tx: Tx) -> None:
    found = cases.get_case(tx, "C2C2")
    assert found is not None
    assert (found.person, found.waiting_since) == ("p1", START)
    assert [s.text for s in cases.list_said(tx, "C2C2")] == ["grey"]
    assert [(c.id, c.entry) for c in faq.list_changes(tx)] == [("bot-human", {"answer": "grey"})]
    assert engagement.count_events(tx, "question") == {"answer": 1}


def waiting(url: str, keys: KeyRing, txn: str, *, of_backup: bool = False) -> outbox.Row | None:
    with opened(url, keys, lambda: START) as db:
        assert db.transact("", meta.get_meta, "mode")[0] == "open"
        db.transact("", check_cases)
        if not of_backup:
            db.transact("", check_drafts)
        return db.transact("", outbox.get_row, txn)[0]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# ---- the tables ----


def test_a_migrated_database_is_what_the_program_believes(database_url: str) -> None:
    """Compared twice: by alembic, and with the tables that SQLAlchemy makes from tables.py by itself."""
    assert tables_match(database_url) == []
    assert version(database_url) == head()
    migrated = schema(database_url)
    del migrated["alembic_version"]
    drop_everything(database_url)
    engine = make_engine(database_url)
    with engine.begin() as connection:
        tables.metadata.create_all(connection)
    engine.dispose()
    assert migrated == schema(database_url)
    assert set(migrated) == set(tables.metadata.tables)


def drop_everything(url: str) -> None:
    engine = make_engine(url)
    with engine.begin() as connection:
        for table in (*tables.metadata.tables, "alembic_version"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
    engine.dispose()


def test_a_difference_would_be_found(database_url: str) -> None:
    engine = make_engine(database_url)
    for change in ("DROP TABLE prompt", "ALTER TABLE meta ADD COLUMN extra INTEGER", "DROP INDEX ix_member_user"):
        before = len(tables_match(database_url))
        with engine.begin() as connection:
            connection.exec_driver_sql(change)
        assert len(tables_match(database_url)) == before + 1, change
    engine.dispose()


def test_a_number_of_the_outbox_is_never_used_twice(database_url: str, keys: KeyRing) -> None:
    """It is part of what seals a content, also after the newest row was deleted."""
    fill(database_url, keys)
    with opened(database_url, keys) as db:

        def newest(tx: object) -> int:
            return int(tx.one(sa.select(sa.func.max(tables.outbox.c.id)))[0])  # type: ignore[attr-defined]

        first = db.transact("", newest)[0]
        db.transact("", lambda tx: tx.execute(sa.delete(tables.outbox)))
        db.transact("d", outbox.insert_row, kind="say", room_id="!r:x", content={})
        assert db.transact("", newest)[0] > first


# ---- the way there ----


def test_a_first_start_makes_everything_and_the_second_does_nothing(tmp_path: Path, keys: KeyRing) -> None:
    url, backups = f"sqlite:///{tmp_path}/data/liaison.db", tmp_path / "backups"
    assert version(url) is None
    assert migrate(url, backups=backups, now=START) is None
    assert mode_of(tmp_path / "data") == 0o700
    txn = fill(url, keys)
    before = (tmp_path / "data" / "liaison.db").read_bytes()
    for _ in range(2):
        assert migrate(url, backups=backups, now=START) == head()
    assert (tmp_path / "data" / "liaison.db").read_bytes() == before
    assert not backups.exists(), "there was nothing to lose"
    assert waiting(url, keys, txn)


def test_an_upgrade_keeps_every_row(database_url: str, keys: KeyRing, newer: Path, tmp_path: Path) -> None:
    txn, before = fill(database_url, keys), version(database_url)
    assert migrate(database_url, backups=tmp_path / "b", now=START) == before
    assert version(database_url) == "9999"
    assert rows(database_url, "meta") == [("mode", '"open"', 7)]
    found = waiting(database_url, keys, txn)
    assert found is not None
    assert found.content == {"text": "grey"}
    assert list((tmp_path / "b").glob("*")) == [] or database_url.startswith("sqlite")
    assert migrate(database_url, backups=tmp_path / "b", now=START) == "9999"


def test_a_database_of_the_first_version_comes_the_whole_way(
    database_url: str, keys: KeyRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drop_everything(database_url)
    first = tmp_path / "first"
    newer = shutil.ignore_patterns("__pycache__", "000[2-9]_*.py")
    shutil.copytree(module.FOLDER, first, ignore=newer)
    with monkeypatch.context() as older:
        older.setattr(module, "FOLDER", first)
        assert migrate(database_url, now=START) is None
        assert version(database_url) == "0001"
    with opened(database_url, keys, lambda: START) as db:
        txn = fill_first(db)
    assert migrate(database_url, backups=tmp_path / "b", now=START) == "0001"
    assert tables_match(database_url) == []
    with opened(database_url, keys, lambda: START) as db:
        db.transact("", fill_cases)
        db.transact("", fill_drafts)
    found = waiting(database_url, keys, txn)
    assert found is not None
    assert found.content == {"text": "grey"}


@pytest.mark.parametrize("then", ["raise RuntimeError('power')", "op.drop_table('nowhere')"])
def test_an_interrupted_upgrade_leaves_the_database_as_it_was_and_the_next_start_does_it(
    database_url: str, keys: KeyRing, newer: Path, tmp_path: Path, then: str
) -> None:
    txn, before, was = fill(database_url, keys), schema(database_url), version(database_url)
    good = newer.read_text()
    newer.write_text(good.replace("    pass", f"    {then}"))
    with pytest.raises((RuntimeError, sa.exc.SQLAlchemyError)):
        migrate(database_url, backups=tmp_path / "b", now=START)
    assert schema(database_url) == before, "not half of it"
    assert version(database_url) == was
    assert waiting(database_url, keys, txn), "the old version still works with it"
    newer.write_text(good)
    assert migrate(database_url, backups=tmp_path / "b", now=START + timedelta(seconds=1)) == was
    assert version(database_url) == "9999"
    assert waiting(database_url, keys, txn)


def test_a_first_start_that_was_killed_is_finished_by_the_next(tmp_path: Path, newer: Path, keys: KeyRing) -> None:
    url = f"sqlite:///{tmp_path}/liaison.db"
    good = newer.read_text()
    newer.write_text(good.replace("    pass", "    raise KeyboardInterrupt"))
    with pytest.raises(KeyboardInterrupt):
        migrate(url, now=START)
    assert version(url) is None
    assert schema(url) == {}
    newer.write_text(good)
    assert migrate(url, now=START) is None
    assert waiting(url, keys, fill(url, keys))


def test_a_database_of_a_newer_program_is_refused_with_a_sentence_and_not_touched(
    database_url: str, keys: KeyRing, newer: Path, tmp_path: Path, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    txn = fill(database_url, keys)
    migrate(database_url, now=START, backups=tmp_path / "first")
    newer_schema = schema(database_url)
    with monkeypatch.context() as older:
        older.setattr(module, "FOLDER", Path(module.__file__).parent / "migrations")
        with pytest.raises(StartError) as caught:
            migrate(database_url, now=START, backups=tmp_path / "second")
    assert "newer version" in texts.sentence("en", caught.value.key, **caught.value.values)
    assert schema(database_url) == newer_schema
    assert not (tmp_path / "second").exists()
    assert migrate(database_url, now=START) == "9999", "with that version installed again it goes on"
    assert waiting(database_url, keys, txn)


def test_what_is_no_database_is_refused_with_a_sentence(tmp_path: Path, texts: Texts) -> None:
    path = tmp_path / "liaison.db"
    path.write_bytes(b"these are words and no database" * 100)
    with pytest.raises(StartError) as caught:
        migrate(f"sqlite:///{path}", now=START)
    assert "cannot be opened" in texts.sentence("en", caught.value.key, **caught.value.values)
    assert path.read_bytes().startswith(b"these are words"), "it may be somebody's only copy of something"
    path.unlink()
    assert migrate(f"sqlite:///{path}", now=START) is None


# ---- the backup before ----


@pytest.fixture
def upgraded(sqlite_url: str, keys: KeyRing, newer: Path, tmp_path: Path) -> tuple[str, str, Path]:
    """A SQLite file that was brought to the next version: its address, what waits in it, the backup."""
    before = os.umask(0)
    try:
        txn = fill(sqlite_url, keys)
        migrate(sqlite_url, backups=tmp_path / "backups", now=START)
    finally:
        os.umask(before)
    (backup,) = (tmp_path / "backups").iterdir()
    return sqlite_url, txn, backup


def test_the_backup_is_the_whole_database_from_before(
    upgraded: tuple[str, str, Path], keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, txn, backup = upgraded
    monkeypatch.setattr(module, "FOLDER", Path(module.__file__).parent / "migrations")
    shutil.copy(backup, url.removeprefix("sqlite:///"))
    for left in ("-wal", "-shm"):
        Path(url.removeprefix("sqlite:///") + left).unlink(missing_ok=True)
    assert migrate(url, now=START) == head(), "the version before takes it as it is"
    assert tables_match(url) == []
    found = waiting(url, keys, txn, of_backup=True)
    assert found is not None
    assert found.content == {"text": "grey"}
    with opened(url, keys, lambda: START) as db:
        assert db.transact("", drafts.delete_keyless)[0] == 1, "the keys of drafts are in no backup"
        assert db.transact("", drafts.list_drafts_of, "p1")[0] == []


def test_only_its_owner_can_read_a_backup(upgraded: tuple[str, str, Path]) -> None:
    """Also where files are readable for all by habit."""
    _, _, backup = upgraded
    assert mode_of(backup) == 0o600
    assert mode_of(backup.parent) == 0o700


def test_a_kill_while_a_backup_is_made_leaves_nothing_that_others_can_read_or_that_looks_like_one(
    sqlite_url: str, keys: KeyRing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(sqlite_url, keys)
    source, backups = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "open"
    backups.mkdir(mode=0o755)

    class Killed(sqlite3.Connection):
        def backup(self, *to: Any, **more: Any) -> None:
            super().backup(*to, **more)
            raise KeyboardInterrupt

    before = os.umask(0)
    try:
        with monkeypatch.context() as killed:
            killed.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Killed))
            with pytest.raises(KeyboardInterrupt):
                backup_sqlite(source, backups / "copy.db")
        (left,) = backups.iterdir()
        assert (mode_of(left), left.suffix) == (0o600, ".part")
        backup_sqlite(source, backups / "later.db")
    finally:
        os.umask(before)
    (whole,) = backups.iterdir()
    assert (mode_of(whole), whole.name) == (0o600, "later.db"), "nothing of the first try stays"
    assert rows(f"sqlite:///{whole}", "meta") == [("mode", '"open"')]


def test_the_keys_of_drafts_are_in_no_backup_not_even_as_bytes(sqlite_url: str, tmp_path: Path) -> None:
    source, target = Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy.db"
    secret = "k" * 300
    with sqlite3.connect(source) as connection:
        connection.executemany("INSERT INTO draft_key VALUES (?, ?)", [(f"d{n}", secret.encode()) for n in range(50)])
        connection.execute("INSERT INTO meta VALUES ('mode', ?)", ("m" * 300,))
    connection.close()
    backup_sqlite(source, target)
    assert b"m" * 300 in target.read_bytes()
    assert secret.encode() not in target.read_bytes()
    assert not list(tmp_path.glob("copy.db-*")), "nothing lies beside it"
    assert len(rows(sqlite_url, "draft_key")) == 50, "the database itself keeps them"


def test_a_backup_is_whole_while_the_database_is_used(sqlite_url: str, keys: KeyRing, tmp_path: Path) -> None:
    with opened(sqlite_url, keys, lambda: START) as db:
        db.transact("", meta.set_meta, "mode", "open")  # lies in the log beside the file, not in the file
        backup_sqlite(Path(sqlite_url.removeprefix("sqlite:///")), tmp_path / "copy.db")
        db.transact("", meta.set_meta, "mode", "paused")
    assert rows(f"sqlite:///{tmp_path}/copy.db", "meta") == [("mode", '"open"')]
    assert rows(sqlite_url, "meta") == [("mode", '"paused"')]


def test_only_so_many_backups_are_kept_the_newest(sqlite_template: bytes, newer: Path, tmp_path: Path) -> None:
    backups, other = tmp_path / "backups", tmp_path / "backups" / "mine.db"
    backups.mkdir(mode=0o700)
    other.write_bytes(b"not ours")
    made = []
    for day in range(4):
        (tmp_path / "liaison.db").write_bytes(sqlite_template)
        for left in ("-wal", "-shm"):
            (tmp_path / f"liaison.db{left}").unlink(missing_ok=True)
        migrate(f"sqlite:///{tmp_path}/liaison.db", backups=backups, keep=2, now=START + timedelta(days=day))
        made += [p for p in backups.glob("before-*") if p not in made]
    assert len(made) == 4
    assert set(backups.iterdir()) == {*made[-2:], other}
