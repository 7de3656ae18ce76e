"""What in somebody's words can tell who they are: addresses, numbers, links, places, "my name is"."""

from __future__ import annotations

import re
from collections.abc import Iterable

GAP = "…"
_PATTERNS = [
    r"[\w.+-]+@[\w-]+\.[\w.-]+",  # an e-mail address
    r"@[^\s:@]{1,100}:[\w.-]+",  # a Matrix account
    r"[#!][^\s:]{1,100}:[\w.-]+",  # a Matrix room
    r"(?:https?://|www\.)\S+",
    r"\b[\w-]+\.(?:com|org|net|info|io|me|ua|ru|sy|fr|es|co)\b(?:/\S*)?",
    r"[-+]?\d{1,3}[.,]\d{3,}\s*°?\s*[NSEW]?\s*[,;/ ]\s*[-+]?\d{1,3}[.,]\d{3,}",  # coordinates
    r"\d{1,3}\s*°\s*\d{1,2}\s*['′].{0,12}?[NSEW]",
    r"(?:\+|00)?\d(?:[\s().\-/]{0,2}\d){6,14}",  # a telephone number
]
_ANY = re.compile("|".join(f"(?:{p})" for p in _PATTERNS), re.IGNORECASE)
_A_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}\1\d{2,4}(?:\D+\d{1,2})?")  # also with the hour that follows it

Place = tuple[int, int]


def find(text: str, names: Iterable[str]) -> list[Place]:
    """Where in a text such pieces stand. `names` are beginnings like "my name is": the one or two words after them."""
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in text)
    places = [m.span() for m in _ANY.finditer(plain) if not _A_DATE.fullmatch(m[0].strip())]
    for phrase in names:
        said = re.finditer(rf"(?<!\w){re.escape(phrase)}\s+(\S+(?:\s+[^\W\d_]\S*)?)", text, re.IGNORECASE)
        places += [m.span(1) for m in said]
    return sorted(set(places))


def without(text: str, places: Iterable[Place]) -> str:
    """The text with a gap in each of these places."""
    out, at = [], 0
    for start, end in sorted(places):
        if start >= at:
            out += [text[at:start], GAP]
        at = max(at, end)
    return "".join(out) + text[at:]
