"""Parsing answers of /sync: also those nested too deep for Python's parser, and a very first one in pieces."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import ijson

from bot.matrix.fence import mapping


def parse(body: bytes) -> dict[str, Any]:
    """The JSON of a /sync answer. Nesting too deep for Python's parser is read by one without that bound."""
    try:
        return mapping(json.loads(body))
    except RecursionError:
        builder = ijson.ObjectBuilder()
        for event, value in ijson.basic_parse(io.BytesIO(body), use_float=True):
            builder.event(event, value)
        return mapping(builder.value)


def parse_but_rooms(body: bytes) -> dict[str, Any]:
    """A /sync answer without `rooms.join`, which in a very first one is nearly all of it."""
    builder = ijson.ObjectBuilder()
    for prefix, event, value in ijson.parse(io.BytesIO(body), use_float=True):
        inside = prefix == "rooms.join" or prefix.startswith("rooms.join.")
        if not inside and not (prefix == "rooms" and event == "map_key" and value == "join"):
            builder.event(event, value)
    return mapping(builder.value)


def joined_rooms(body: bytes) -> Iterator[tuple[str, Any]]:
    """The rooms of `rooms.join` one after the other, so that never all of them are in memory."""
    yield from ijson.kvitems(io.BytesIO(body), "rooms.join", use_float=True)
