"""Dates as people write them: 3/4/2021, "12 آذار 2013", "février 2014", "winter 2014", ٢٠١٥.

What can mean two days is given back as two: the dialogue then asks with the month in words. Month names come from
CLDR (Babel), for Arabic from the Levant, the Maghreb and the rest; names of seasons are given by the caller.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

from babel import Locale

from bot.text import normalised

LOCALES = ("en", "fr", "uk", "es", "ar_EG", "ar_SY", "ar_LB", "ar_IQ", "ar_MA", "ar_DZ", "ar_TN", "ar_MR")
SEASONS = ("winter", "spring", "summer", "autumn")
EARLIEST = 1900


@dataclass(frozen=True)
class PartialDate:
    """A day, a month, a year, or a season of a year."""

    year: int
    month: int | None = None
    day: int | None = None
    season: str | None = None

    @property
    def iso(self) -> str:
        """As ISO 8601 writes it (reduced precision where parts are unknown; a season as the year)."""
        parts = [f"{self.year:04}"] + [f"{p:02}" for p in (self.month, self.day) if p is not None]
        return "-".join(parts)


@cache
def _months() -> dict[str, int]:
    """Names of months in all our languages, normalised. The short ones of a language only where they are unique."""
    found: dict[str, int] = {}
    for code in LOCALES:
        months = Locale.parse(code).months
        for form in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in months[form][width].items():
                    found.setdefault(normalised(name), number)
    return {name: number for name, number in found.items() if name and not name.isdigit()}


def _digits(typed: str) -> str:
    return "".join(str(unicodedata.digit(c)) if unicodedata.category(c) == "Nd" else c for c in typed)


def read_date(typed: str, today: date, seasons: Mapping[str, str] | None = None) -> list[PartialDate]:
    """What a person may mean: nothing, one date, or two between which they have to choose (day first, month first).

    `seasons` maps normalised names of seasons to winter, spring, summer or autumn. Nothing after `today` is a date.
    """
    text = _digits(typed)
    if len(text) > 60:
        return []
    found = _numeric(text, today) if re.search(r"\d\s*[/.\-]\s*\d", text) else _worded(text, today, seasons or {})
    return [d for d in dict.fromkeys(found) if _possible(d, today)]


def _possible(d: PartialDate, today: date) -> bool:
    if not EARLIEST <= d.year <= today.year:
        return False
    if d.month is None:
        return True
    try:
        first = date(d.year, d.month, d.day or 1)
    except ValueError:
        return False
    return first <= today


def _year(text: str, today: date) -> int:
    """A year; of two digits the newest one that is not to come."""
    number = int(text)
    if len(text) > 2:
        return number
    century = today.year // 100 * 100
    return century + number if century + number <= today.year else century - 100 + number


def _numeric(text: str, today: date) -> list[PartialDate]:
    numbers = re.findall(r"\d+", text)
    if len(numbers) == 2:  # 4/2021 or 2021-04
        first, second = numbers
        if len(first) == 4:
            return [PartialDate(int(first), int(second))]
        return [PartialDate(_year(second, today), int(first))] if len(second) == 4 else []
    if len(numbers) != 3:
        return []
    first, second, third = numbers
    if len(first) == 4:
        return [PartialDate(int(first), int(second), int(third))]
    year, one, other = _year(third, today), int(first), int(second)
    if one == other:
        return [PartialDate(year, one, one)]
    return [PartialDate(year, other, one), PartialDate(year, one, other)]


def _worded(text: str, today: date, seasons: Mapping[str, str]) -> list[PartialDate]:
    words = normalised(re.sub(r"(\d)(?:st|nd|rd|th|er)\b", r"\1", text)).split()
    numbers = [w for w in words if w.isdigit()]
    years = [w for w in numbers if len(w) == 4]
    months = _month_names(words)
    season = next((seasons[w] for w in words if w in seasons), None)
    if len(years) != 1 or len(numbers) > 2 or len(months) > 1 or (season and months):
        return []
    year = int(years[0])
    days = [int(n) for n in numbers if n != years[0]]
    if months:
        return [PartialDate(year, months[0], days[0] if days else None)]
    if season and not days:
        return [PartialDate(year, season=season)]
    return [PartialDate(year)] if not days and len(words) <= 3 else []


def _month_names(words: list[str]) -> list[int]:
    """Months named in a text; a name may be two words (كانون الثاني), and Arabic may put و, في or ب before it."""
    names, found, skip = _months(), [], False
    for number, word in enumerate(words):
        if skip:
            skip = False
            continue
        pair = " ".join(words[number : number + 2])
        if pair in names:
            found.append(names[pair])
            skip = True
        elif word in names or word.lstrip("بو") in names:
            found.append(names.get(word) or names[word.lstrip("بو")])
    return list(dict.fromkeys(found))
