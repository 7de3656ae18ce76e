"""The fence around everything that strangers can reach: whatever goes wrong inside is counted, never spreads."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from bot.log import logger

log = logger(__name__)
faults: Counter[str] = Counter()


def mapping(value: Any) -> dict[str, Any]:
    """`value` when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """`value` when it is a JSON list, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any, longest: int = 255) -> str:
    """`value` when it is a text of at most `longest` characters that every database can keep, else an empty one."""
    if not isinstance(value, str) or len(value) > longest or "\0" in value:
        return ""
    return value if value.isascii() or not any("\ud800" <= c <= "\udfff" for c in value) else ""


@contextmanager
def fenced(what: str, *passing: type[Exception]) -> Iterator[None]:
    """Run a block that works on what a remote user sent.

    Only a cancellation, the end of the program and what `passing` names pass (faults of our server or database, after
    which the same input is tried again). BaseException, because a panic in a compiled library arrives as one.
    """
    always = (asyncio.CancelledError, KeyboardInterrupt, SystemExit, GeneratorExit)
    try:
        yield
    except always:
        raise
    except passing:
        raise
    except BaseException as error:  # noqa: BLE001
        faults[what] += 1
        log.debug("refused input", where=what, error=type(error).__name__)
