"""The database: one thread, one transaction at a time, in the order in which they were asked for."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, CursorResult, Engine, Result

from bot.seal import KeyRing

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class Tx:
    """An open transaction.

    `now` is the time that everything in it happened; `cause` is what it answers (an event id, a due time): transaction
    ids are derived from it, so that the same cause can never queue the same deed twice. `wake` names the loops that
    have something to do once it is committed.
    """

    conn: Connection
    keys: KeyRing
    now: datetime
    cause: str = ""
    wake: set[str] = field(default_factory=set)
    _count: Iterator[int] = field(default_factory=itertools.count)

    def execute(self, statement: sa.sql.Executable, parameters: Any = None) -> Result[Any]:
        return self.conn.execute(statement, parameters)

    def find(self, statement: sa.sql.Executable, **parameters: Any) -> sa.Row[Any] | None:
        """The first row of a statement that was built once, with its parameters (the hot path's way)."""
        return self.conn.execute(statement, parameters).first()

    def change(self, statement: sa.sql.Executable, parameters: Any = None) -> int:
        """Execute an insert, update or delete; how many rows it touched."""
        # Without the option some drivers' counts of inserts are lost.
        result = self.conn.execute(statement, parameters, execution_options={"preserve_rowcount": True})
        assert isinstance(result, CursorResult)
        return result.rowcount

    def one(self, statement: sa.sql.Executable) -> sa.Row[Any] | None:
        return self.conn.execute(statement).first()

    def all(self, statement: sa.sql.Executable) -> list[sa.Row[Any]]:
        return list(self.conn.execute(statement))

    def derived_id(self) -> str:
        """The next id that follows from this transaction's cause.

        Keyed: servers see these ids, and know the events that may have caused them.
        """
        assert self.cause, "a transaction that queues deeds needs a cause"
        return "l" + self.keys.lookup("deed", f"{self.cause}\0{next(self._count)}").hex()[:31]

    def insert_or_ignore(self, table: sa.Table, **values: Any) -> bool:
        """Insert a row unless one with its key exists; whether it was new."""
        return self.change(_ignoring(self.conn.dialect.name, table), values) > 0

    def upsert(self, table: sa.Table, rows: list[dict[str, Any]]) -> None:
        """Insert rows or replace those with the same primary key."""
        if rows:
            self.conn.execute(_replacing(self.conn.dialect.name, table, tuple(rows[0])), rows)


@cache
def _ignoring(dialect: str, table: sa.Table) -> sa.sql.Executable:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


@cache
def _replacing(dialect: str, table: sa.Table, names: tuple[str, ...]) -> sa.sql.Executable:
    statement = postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
    keys = [c.name for c in table.primary_key.columns]
    change = {n: statement.excluded[n] for n in names if n not in keys}
    if not change:
        return statement.on_conflict_do_nothing()
    return statement.on_conflict_do_update(index_elements=keys, set_=change)


def utc_now() -> datetime:
    return datetime.now(UTC)


class Database:
    """One connection in one thread.

    `clock` gives the time of each transaction. `on_commit` is told, in the thread of the event loop, which loops a
    committed transaction woke.
    """

    def __init__(self, url: str, keys: KeyRing, clock: Callable[[], datetime] = utc_now) -> None:
        self.url = url
        self.keys = keys
        self.clock = clock
        self.on_commit: Callable[[set[str]], None] | None = None
        self.transactions = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._engine = make_engine(url)
        self._conn: Connection | None = None
        self._owner: int | None = None

    def transact(
        self, cause: str, function: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> tuple[T, set[str]]:
        """Run `function(tx, ...)` in one transaction, in the calling thread.

        That is the database thread, or a command line. Returns the result and which loops it woke.
        """
        if self._conn is None:
            self._conn = self._engine.connect()
            self._owner = threading.get_ident()
        assert self._owner == threading.get_ident(), "the database belongs to one thread"
        with self._conn.begin():
            tx = Tx(self._conn, self.keys, self.clock(), cause)
            result = function(tx, *args, **kwargs)
        self.transactions += 1
        return result, tx.wake

    async def run(self, function: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `function(tx, ...)` in one transaction in the database thread."""
        return await self.run_for("", function, *args, **kwargs)

    async def run_for(
        self, cause: str, function: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """Like `run`, for a transaction that queues deeds because of `cause`."""

        def work() -> tuple[T, set[str]]:
            return self.transact(cause, function, *args, **kwargs)

        # Shielded: a cancelled task must not leave us in doubt whether its transaction happened.
        future = asyncio.get_running_loop().run_in_executor(self._thread, work)
        result, wake = await asyncio.shield(future)
        if wake and self.on_commit:
            self.on_commit(wake)
        return result

    async def call(self, function: Callable[[Connection], T]) -> T:
        """Run `function(connection)` in the database thread, outside a transaction (backup, checkpoint)."""

        def work() -> T:
            if self._conn is None:
                self._conn = self._engine.connect()
                self._owner = threading.get_ident()
            return function(self._conn)

        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    async def close(self) -> None:
        def work() -> None:
            if self._conn is not None:
                self._conn.close()
                self._conn = None
            self._engine.dispose()

        await asyncio.get_running_loop().run_in_executor(self._thread, work)
        self._thread.shutdown(wait=True)

    def close_now(self) -> None:
        """Close from the thread that used `transact` directly."""
        if self._conn is not None:
            self._conn.close()
            self._conn = None
        self._engine.dispose()
        self._thread.shutdown(wait=False)


def make_engine(url: str) -> Engine:
    """An engine with our durability: SQLite in WAL mode, every commit on disk, deleted rows overwritten."""
    if url.startswith("postgresql://"):
        url = "postgresql+psycopg://" + url.removeprefix("postgresql://")
    if not url.startswith("sqlite"):
        return sa.create_engine(url, poolclass=sa.pool.NullPool)
    path = url.removeprefix("sqlite:///")
    if path not in ("", ":memory:"):
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = sa.create_engine(url, poolclass=sa.pool.NullPool, connect_args={"check_same_thread": False, "timeout": 30})

    @sa.event.listens_for(engine, "connect")
    def _connected(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON", "temp_store=MEMORY",
            "trusted_schema=OFF",
        ):  # fmt: skip
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


@contextmanager
def opened(url: str, keys: KeyRing, clock: Callable[[], datetime] = utc_now) -> Iterator[Database]:
    """A database for a command line: `with opened(...) as db: db.transact(...)`."""
    db = Database(url, keys, clock)
    try:
        yield db
    finally:
        db.close_now()
