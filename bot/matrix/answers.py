"""Parsing answers of /sync: also those nested too deep for Python's parser, and a very first one in pieces.

Where a parser fails at numbers beyond 64 bits or at halves of surrogate pairs, the former count as 0 and the latter as
unknown letters: strangers can write them, and nothing of ours has them.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

import ijson

from bot.matrix.fence import mapping

# Texts are matched too, so that nothing inside them counts as a number.
_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|-?\d{19}[-+.0-9eE]*|-?\d[.0-9]*[eE][-+.0-9eE]*', re.DOTALL)


_UNREADABLE = (ijson.JSONError, UnicodeDecodeError)


def _tamed(body: bytes) -> bytes:
    """`body` as every parser reads it: no number beyond 64 bits, no half of a surrogate pair."""

    def tame(found: re.Match[bytes]) -> bytes:
        token = found[0]
        if not token.startswith(b'"'):
            return b"0"
        if b"\\u" not in token and b"\xed" not in token:
            return token
        return json.dumps(json.loads(token).encode("utf-8", "replace").decode()).encode()

    return _TOKEN.sub(tame, body)


def parse(body: bytes) -> dict[str, Any]:
    """The JSON of a /sync answer. What is too deep or too long for Python's parser is read by one without bounds."""
    try:
        return mapping(json.loads(body))
    except (RecursionError, ValueError):
        builder = ijson.ObjectBuilder()
        for event, value in ijson.basic_parse(io.BytesIO(_tamed(body)), use_float=True):
            builder.event(event, value)
        return mapping(builder.value)


def parse_but_rooms(body: bytes) -> dict[str, Any]:
    """A /sync answer without `rooms.join`, which in a very first one is nearly all of it."""
    try:
        return _parse_but_rooms(body)
    except _UNREADABLE:
        return _parse_but_rooms(_tamed(body))


def _parse_but_rooms(body: bytes) -> dict[str, Any]:
    builder = ijson.ObjectBuilder()
    for prefix, event, value in ijson.parse(io.BytesIO(body), use_float=True):
        inside = prefix == "rooms.join" or prefix.startswith("rooms.join.")
        if not inside and not (prefix == "rooms" and event == "map_key" and value == "join"):
            builder.event(event, value)
    return mapping(builder.value)


def joined_rooms(body: bytes) -> Iterator[tuple[str, Any]]:
    """The rooms of `rooms.join` one after the other, so that never all of them are in memory."""
    count = 0
    try:
        for item in _joined_rooms(body):
            yield item
            count += 1
    except _UNREADABLE:
        yield from islice(_joined_rooms(_tamed(body)), count, None)


def _joined_rooms(body: bytes) -> Iterator[tuple[str, Any]]:
    yield from ijson.kvitems(io.BytesIO(body), "rooms.join", use_float=True)
