"""What values of forms are: numbers, moments and places as ODK XForms write and compare them.

Sources: the ODK XForms specification (https://getodk.github.io/xforms-spec/) for types and functions, and getodk's
xforms-engine where it leaves something open. Dates are days since 1970-01-01 in the local calendar.
"""

from __future__ import annotations

import itertools
import math
import re
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import Decimal

SPACE = " \t\r\n"
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # of the local calendar
DAY_S = 86_400
MOST_DEGREES = (90, 180)  # latitude, longitude
INT_BOUNDS = (-2_147_483_648, 2_147_483_647)

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|Infinity)", re.ASCII)
_TIME = r"(\d{2})(?::(\d{2})(?::(\d{2})(?:\.(\d+))?)?)?"
_OFFSET = r"(Z|[-+](?:0\d|1[0-4]):[0-5]\d)"
_MOMENT = re.compile(rf"(\d{{4}})-(\d{{2}})-(\d{{2}})(?:T{_TIME}{_OFFSET}?)?", re.ASCII)
_CLOCK = re.compile(rf"{_TIME}{_OFFSET}?", re.ASCII)


class Moment(float):
    """A date or time: as a number days since 1970, as a text ISO 8601."""

    text: str

    def __new__(cls, days: float, text: str) -> Moment:
        found = super().__new__(cls, days)
        found.text = text
        return found


def js_text(number: float) -> str:
    """A number as XForms write it: no trailing zeros, no exponent below 10^21; what is no number is empty."""
    if math.isnan(number):
        return ""
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == int(number) and abs(number) < 1e21:
        return str(int(number))
    if 1e-6 <= abs(number) < 1e21:
        return format(Decimal(repr(number)), "f")
    mantissa, _, exponent = repr(number).partition("e")
    return f"{mantissa}e{int(exponent):+d}"


def decimal_text(number: float) -> str:
    """A decimal as it stands in an instance: always with a fraction."""
    text = format(Decimal(repr(number)), "f")
    return text if "." in text else text + ".0"


def moment_of(text: str, zone: tzinfo = UTC) -> datetime | None:
    """The local date and time that a text says in ISO 8601, or None. One with an offset is taken to `zone`."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    try:
        moment = datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), micro)  # noqa: DTZ001
        if offset:
            aware = datetime.fromisoformat(moment.isoformat() + offset.replace("Z", "+00:00"))
            moment = aware.astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return moment


def days_of(moment: datetime) -> float:
    between = moment - EPOCH
    return between.days + (between.seconds + between.microseconds / 1e6) / DAY_S


def moment_from(days: float) -> datetime | None:
    try:
        return EPOCH + timedelta(milliseconds=round(days * DAY_S * 1000))
    except (OverflowError, ValueError):
        return None


def moment_value(moment: datetime | None, zone: tzinfo = UTC) -> Moment:
    """A local date and time as a value; its text is a date alone at midnight."""
    if moment is None:
        return Moment(math.nan, "Invalid Date")
    return Moment(days_of(moment), moment_text(moment, zone))


def moment_text(moment: datetime, zone: tzinfo = UTC, *, whole: bool = False) -> str:
    """ISO 8601 with milliseconds and offset; a date alone at midnight, unless `whole`."""
    if not whole and (moment.hour, moment.minute, moment.second, moment.microsecond) == (0, 0, 0, 0):
        return moment.date().isoformat()
    text = moment.replace(tzinfo=zone).isoformat(timespec="milliseconds")
    return text if not moment.microsecond else re.sub(r"(\.\d)0{1,2}(?=[-+])|(\.\d\d)0(?=[-+])", r"\1\2", text)


def clock_fraction(text: str, zone: tzinfo = UTC) -> float:
    """A time of day as a fraction of a day; NaN when it is none."""
    if not _CLOCK.fullmatch(text) or ":" not in text:
        return math.nan
    moment = moment_of(f"1970-01-01T{text}", zone)
    return math.nan if moment is None else days_of(moment) % 1


def number_of(text: str, zone: tzinfo = UTC) -> float:
    """The number that a text says, days when it says a date or time, else NaN."""
    text = text.strip(SPACE)
    if _NUMBER.fullmatch(text):
        return float(text.replace("Infinity", "inf"))
    if len(text) >= 10 and text[4] == "-" and (moment := moment_of(text, zone)) is not None:
        return days_of(moment)
    return math.nan


# ---- places --------------------------------------------------------------------------------------------------------

Point = tuple[float, float]


def point_of(text: str) -> tuple[float, ...] | None:
    """Latitude, longitude and what follows (altitude, accuracy in metres), or None when it is no place."""
    parts = text.split()
    if len(parts) < 2 or not all(_NUMBER.fullmatch(p) for p in parts):
        return None
    numbers = tuple(float(p) for p in parts[:4])
    if any(not math.isfinite(n) for n in numbers):
        return None
    if any(abs(n) > most for n, most in zip(numbers, MOST_DEGREES, strict=False)) or numbers[:2] == (0, 0):
        return None
    return numbers


def point_text(numbers: tuple[float, ...]) -> str:
    return " ".join(decimal_text(n) for n in numbers)


def line_of(text: str) -> list[Point] | None:
    """The points of a line or an outline, or None when one of them is no place or there are fewer than two."""
    parts = list(re.sub(r"(\s*;)+\s*$", "", text.strip()).split(";"))
    return points_of(parts)


def points_of(parts: list[str]) -> list[Point] | None:
    found: list[Point] = []
    for part in parts:
        numbers = part.split()
        if not 2 <= len(numbers) <= 4 or not all(_NUMBER.fullmatch(n) for n in numbers):
            return None
        latitude, longitude = float(numbers[0]), float(numbers[1])
        if abs(latitude) > MOST_DEGREES[0] or abs(longitude) > MOST_DEGREES[1]:
            return None
        found.append((latitude, longitude))
    return found if len(found) >= 2 else None


EARTH_RADIUS_M = 6_378_100  # as ODK computes


def distance(points: list[Point]) -> float:
    """Metres along a line, to the centimetre."""
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in itertools.pairwise(points):
        a, b, turn = math.radians(lat1), math.radians(lat2), math.radians(lon1 - lon2)
        cosine = math.sin(a) * math.sin(b) + math.cos(a) * math.cos(b) * math.cos(turn)
        total += math.acos(max(-1.0, min(1.0, cosine))) * EARTH_RADIUS_M
    return rounded(total)


def area(points: list[Point]) -> float:
    """Square metres inside an outline, to the hundredth."""
    closed = points if points[0] == points[-1] else [*points, points[0]]
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in itertools.pairwise(closed):
        total += math.radians(lon2 - lon1) * (2 + math.sin(math.radians(lat2)) + math.sin(math.radians(lat1)))
    return abs(rounded(total * EARTH_RADIUS_M * EARTH_RADIUS_M / 2))


def inside(point: Point, outline: list[Point]) -> bool:
    """Whether a point lies inside a closed outline."""
    if outline[0] != outline[-1]:
        return False
    y, x = point
    within = False
    for (y1, x1), (y2, x2) in itertools.pairwise(outline):
        if (y2 > y) != (y1 > y) and x < (x1 - x2) * (y - y2) / (y1 - y2) + x2:
            within = not within
    return within


def rounded(number: float, places: int = 2) -> float:
    power = 10.0**places
    return math.floor(number * power + 0.5) / power
