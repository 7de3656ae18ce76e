"""What counts as an answer to a question of each type, and how it is written into the instance."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from bot.forms import values
from bot.forms.model import Field

LONGEST_TEXT = 100_000  # characters
PLACE_NAME = "place-name"  # the appearance by which a form takes the name of a place instead of coordinates
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?(Z|[-+]\d{2}:\d{2})?", re.ASCII)
_GEO = re.compile(r"geo:([-+\d.]+),([-+\d.]+)(?:,([-+\d.]+))?(?:;(?:.*;)?u=([\d.]+).*|;.*)?", re.ASCII)


class NotOfType(Exception):
    """A value is none of this type."""


def written(field: Field, value: Any, choices: Sequence[str] | None) -> str:
    """How a value stands in the instance: "" when it is none.

    `value` as JSON has it: text, number, true or false, a list for several choices, None. `choices`: the values that
    can be chosen now. Raises NotOfType. A refused value changes nothing.
    """
    if value is None or value == "" or value == []:
        return ""
    if choices is not None:
        return _chosen(field, value, choices)
    if field.control == "trigger":
        if value is True or (isinstance(value, str) and value.lower() in ("ok", "true")):
            return "OK"
        if value is False:
            return ""
        raise NotOfType
    if isinstance(value, list | dict):
        raise NotOfType
    text = value if isinstance(value, str) else _json_text(value)
    if len(text) > LONGEST_TEXT:
        raise NotOfType
    text = "".join(
        c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff" and not 0xD800 <= ord(c) < 0xE000)
    )
    by_type = {"int": _whole, "decimal": _decimal, "date": _date, "time": _time, "dateTime": _date_time}
    if field.control == "range":
        return _in_range(field, by_type.get(field.type, _decimal)(text))
    if field.type in by_type:
        return by_type[field.type](text)
    if field.type == "geopoint":
        return _place(text, names=PLACE_NAME in field.appearance.split())
    if field.type in ("geotrace", "geoshape"):
        return _line(text)
    return text


def _json_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return values.js_text(float(value)) if isinstance(value, int | float) else str(value)


def _chosen(field: Field, value: Any, choices: Sequence[str]) -> str:
    given = (
        [str(v) if not isinstance(v, int | float) else _json_text(v) for v in value]
        if isinstance(value, list)
        else None
    )
    if field.control == "select1":
        one = given[0] if given is not None and len(given) == 1 else _json_text(value)
        if (given is not None and len(given) > 1) or one not in choices:
            raise NotOfType
        return one
    words = given if given is not None else _json_text(value).split()
    if not set(words) <= set(choices):
        raise NotOfType
    if field.control == "rank":
        if sorted(words) != sorted(set(choices)):
            raise NotOfType
        return " ".join(words)
    return " ".join(c for c in dict.fromkeys(choices) if c in words)


def _whole(text: str) -> str:
    try:
        number = float(text)  # reads digits of every script
        if number != int(number) or not values.INT_BOUNDS[0] <= number <= values.INT_BOUNDS[1]:
            raise NotOfType
    except (ValueError, OverflowError):
        raise NotOfType from None
    return str(int(number))


def _decimal(text: str) -> str:
    try:
        number = float(text.replace("٫", "."))
    except ValueError:
        raise NotOfType from None
    if number in (float("inf"), float("-inf")) or number != number:
        raise NotOfType
    return values.decimal_text(number)


def _date(text: str) -> str:
    moment = values.moment_of(text.strip())
    if moment is None or re.search(r"(Z|[-+]\d{2}:\d{2})$", text.strip()[10:]):
        raise NotOfType
    return moment.date().isoformat()


def _time(text: str) -> str:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise NotOfType
    clock = f"{found[1]:0>2}:{found[2]}:{found[3] or '00'}{found[4] or ''}"
    if values.moment_of(f"1970-01-01T{clock}") is None:
        raise NotOfType
    return clock


def _date_time(text: str) -> str:
    day, _, clock = text.strip().replace(" ", "T", 1).partition("T")
    made = f"{day}T{_time(clock)}"
    if values.moment_of(made) is None:
        raise NotOfType
    return made


def _place(text: str, *, names: bool) -> str:
    found = _GEO.fullmatch(text.strip())
    if found:  # a location as Matrix writes it; what is not said of the height is 0 when the accuracy is
        latitude, longitude, height, accuracy = found.groups()
        plain = " ".join(p for p in (latitude, longitude, height or ("0" if accuracy else ""), accuracy) if p)
    else:
        plain = text.replace(",", " ")
    point = values.point_of(plain)
    if point is not None:
        return values.point_text(point)
    if names and not re.fullmatch(r"[-+\d.,\s]*", text):
        return text.strip()
    raise NotOfType


def _line(text: str) -> str:
    """Lines and outlines are kept as text; coordinates are written as other programs write them."""
    points = [values.point_of(p) for p in text.split(";") if p.strip()]
    if len(points) < 2 or None in points:
        raise NotOfType
    return ";".join(values.point_text(p) for p in points if p is not None)


def _in_range(field: Field, text: str) -> str:
    number = float(text)
    start, end, step = bounds(field)
    if not min(start, end) <= number <= max(start, end):
        raise NotOfType
    steps = abs(number - start) / abs(step or 1)
    if abs(steps - round(steps)) > 1e-6:
        raise NotOfType
    return text


def bounds(field: Field) -> tuple[float, float, float]:
    """Start, end and step of a range; ValueError when the form says something else than numbers."""
    start, end, step = (float(field.body.get(k, d)) for k, d in (("start", "1"), ("end", "10"), ("step", "1")))
    return start, end, step


def decoded(field: Field, text: str) -> str:
    """A calculated value as it stands in the instance: fitted to the type of its field, "" where it does not fit."""
    if text == "" or field.control in ("select", "select1", "rank"):
        return text
    if field.control == "trigger":
        return "OK" if text.lower() == "ok" else ""
    kind = field.type
    if kind in ("int", "decimal"):
        number = values.number_of(text) if "-" not in text[1:] or "e-" in text else float("nan")
        if number != number or number in (float("inf"), float("-inf")):
            return ""
        if kind == "decimal":
            return values.decimal_text(number)
        return str(int(number)) if values.INT_BOUNDS[0] <= int(number) <= values.INT_BOUNDS[1] else ""
    if kind == "date":
        try:
            return _date(text)
        except NotOfType:
            return ""
    if kind in ("dateTime", "time"):
        whole = text if kind == "dateTime" else f"1970-01-01T{text}"
        return text if re.search(r"T\d{2}:\d{2}:\d{2}", whole) and values.moment_of(whole) is not None else ""
    if kind == "geopoint":
        point = values.point_of(text)
        return values.point_text(point) if point else (text if PLACE_NAME in field.appearance.split() else "")
    if kind in ("geotrace", "geoshape"):
        try:
            return _line(text)
        except NotOfType:
            return ""
    return text
