"""Bringing a database to the program's version at start, after a backup of a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config as AlembicConfig
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.errors import StartError
from bot.store.db import make_engine

FOLDER = Path(__file__).parent / "migrations"
NEVER_IN_BACKUPS = ("draft_key",)  # tables that no backup contains


def _alembic() -> AlembicConfig:
    config = AlembicConfig()
    config.set_main_option("script_location", str(FOLDER))
    return config


def head() -> str:
    """The version that this program brings databases to."""
    found = ScriptDirectory.from_config(_alembic()).get_current_head()
    assert found
    return found


def version(url: str) -> str | None:
    """The version of a database; None when it is empty.

    Raises StartError when it cannot be opened, and for a database of a newer program.
    """
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except sa.exc.DBAPIError:
        raise StartError("database-refused") from None
    finally:
        engine.dispose()
    if found is not None and found not in {
        s.revision for s in ScriptDirectory.from_config(_alembic()).walk_revisions()
    }:
        raise StartError("database-newer")
    return found


def migrate(url: str, *, backups: Path | None = None, keep: int = 3, now: datetime | None = None) -> str | None:
    """Bring the database at `url` to this program's version. Returns the version before.

    A SQLite file is copied into `backups` first. Raises StartError for a database of a newer program.
    """
    before = version(url)
    if before == head():
        return before
    if before is not None and backups is not None and url.startswith("sqlite:///"):
        assert now is not None
        backup_sqlite(Path(url.removeprefix("sqlite:///")), backups / f"before-{head()}-{now:%Y%m%d%H%M%S}.db")
        for old in sorted(backups.glob("before-*.db"), key=lambda p: p.stat().st_mtime)[:-keep]:
            old.unlink()
    engine = make_engine(url)
    try:
        with engine.begin() as connection:
            config = _alembic()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()
    return before


def backup_sqlite(source: Path, target: Path) -> None:
    """A whole copy of a SQLite file, also while it is used; without what no backup may contain.

    Until it is whole it has one other name, which the next backup replaces, and it is private from its first byte.
    """
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = target.with_name("unfinished.part")
    for left in target.parent.glob(part.name + "*"):
        left.unlink()
    part.touch(mode=0o600)
    with closing(sqlite3.connect(source)) as origin, closing(sqlite3.connect(part)) as copy:
        origin.backup(copy)
        copy.execute("PRAGMA secure_delete=ON")
        present = {row[0] for row in copy.execute("SELECT name FROM sqlite_master WHERE type='table'")}
        with copy:
            for table in present & set(NEVER_IN_BACKUPS):
                copy.execute(f"DELETE FROM {table}")  # noqa: S608  # a name from our own list
        copy.execute("VACUUM")
    part.replace(target)


def tables_match(url: str) -> list[str]:
    """Differences between the database and tables.py (none, after every migration)."""
    from alembic.autogenerate import compare_metadata

    from bot.store.tables import metadata

    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": False})
            return [str(d) for d in compare_metadata(context, metadata)]
    finally:
        engine.dispose()


__all__ = ["backup_sqlite", "head", "migrate", "tables_match", "version"]
