"""The functions of ODK XForms, as XPath calls them.

Source: https://getodk.github.io/xforms-spec/#xpath-functions; where it leaves something open, getodk's xforms-engine.
Each gets the context and its arguments as trees: it evaluates what it needs.
"""

from __future__ import annotations

import base64
import hashlib
import math
import re
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from elementpath.regex import RegexError, translate_pattern

from bot.forms import values
from bot.forms.values import SPACE, Moment
from bot.forms.xpath import (
    TABLE,
    Function,
    XPathError,
    as_boolean,
    as_number,
    as_text,
    each,
    function,
    read,
    register,
)  # fmt: skip

LONGEST_PATTERN = 1000  # characters of a regular expression
LONGEST_MATCHED = 20_000  # characters that one is tried on
PADDED = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(T.*)?", re.ASCII)
DATE_START = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[-+]\d{2}:\d{2})?)?", re.ASCII)


def _text(context: Any, token: Any) -> str:
    return as_text(token.evaluate(context))


def _number(context: Any, token: Any) -> float:
    return as_number(token.evaluate(context))


def _nodes(context: Any, token: Any) -> list[Any]:
    found = token.evaluate(context)
    if not isinstance(found, list):
        raise XPathError("nodes")
    return found


def _numbers(context: Any, tokens: Iterable[Any]) -> list[float]:
    return [as_number(v) for token in tokens for v in each(token.evaluate(context))]


def _texts(context: Any, tokens: Iterable[Any]) -> list[str]:
    return [as_text(v) for token in tokens for v in each(token.evaluate(context))]


def _whole(context: Any, token: Any) -> int | None:
    found = re.match(r"\s*[-+]?\d+", _text(context, token), re.ASCII)
    return int(found[0]) if found else None


def _words(text: str) -> list[str]:
    return text.strip(SPACE).split()


for _name, _result in (("true", True), ("false", False)):
    register(_name, 0, lambda context, r=_result: r)


@function("current", 0)
def _current(context: Any) -> Any:
    return [context.current]


@function("instance", 1)
def _instance(context: Any, name: Any) -> Any:
    found = context.world.secondary(_text(context, name))
    return [] if found is None else [found]


@function("last", 0)
def _last(context: Any) -> float:
    return float(context.size)


@function("position", (0, 1))
def _position(context: Any, node: Any = None) -> float:
    """The place among what is tested; of a node, its place among its neighbours of the same name."""
    if node is None:
        return float(context.position)
    found = _nodes(context, node)
    if not found:
        return math.nan
    return float(found[0].place())


@function("count", 1)
def _count(context: Any, nodes: Any) -> float:
    return float(len(_nodes(context, nodes)))


@function("count-non-empty", 1)
def _count_non_empty(context: Any, nodes: Any) -> float:
    return float(sum(1 for n in _nodes(context, nodes) if n.string_value != ""))


@function("sum", 1)
def _sum(context: Any, nodes: Any) -> float:
    found = _numbers(context, [nodes])
    return sum(found) if found else math.nan


@function("max", (0, None))
def _max(context: Any, *tokens: Any) -> float:
    found = _numbers(context, tokens)
    return math.nan if not found or any(map(math.isnan, found)) else max(found)


@function("min", (0, None))
def _min(context: Any, *tokens: Any) -> float:
    found = _numbers(context, tokens)
    return math.nan if not found or any(map(math.isnan, found)) else min(found)


def _same_tree(above: Any, node: Any) -> bool:
    while node is not None:
        node = node.parent
        if node is above:
            return True
    return False


@function("indexed-repeat", (3, None))
def _indexed_repeat(context: Any, target: Any, *pairs: Any) -> Any:
    """The nodes of `target` that lie in the repeat instances with these numbers."""
    if len(pairs) % 2:
        raise XPathError("arguments", "indexed-repeat")
    found = []
    for repeat, index in zip(pairs[::2], pairs[1::2], strict=True):
        number = _number(context, index)
        repeats = _nodes(context, repeat)
        if math.isnan(number) or not repeats:
            return []
        found.append((repeats, number))
    found.sort(key=lambda pair: len(list(_above(pair[0][0]))))
    inside: Any = None
    for repeats, number in found:
        chosen = [r for r in repeats if inside is None or _same_tree(inside, r)]
        if number != int(number) or not 1 <= number <= len(chosen):
            return []
        inside = chosen[int(number) - 1]
    return [n for n in _nodes(context, target) if _same_tree(inside, n)]


def _above(node: Any) -> Iterator[Any]:
    while node.parent is not None:
        node = node.parent
        yield node


@function("once", 1)
def _once(context: Any, value: Any) -> Any:
    here = context.current.string_value
    return here if here != "" else _text(context, value)


@function("if", 3)
def _if(context: Any, condition: Any, yes: Any, no: Any) -> Any:
    return (yes if as_boolean(condition.evaluate(context)) else no).evaluate(context)


@function("coalesce", 2)
def _coalesce(context: Any, first: Any, second: Any) -> str:
    return _text(context, first) or _text(context, second)


@function("boolean", 1)
def _boolean(context: Any, value: Any) -> bool:
    return as_boolean(value.evaluate(context))


@function("not", 1)
def _not(context: Any, value: Any) -> bool:
    return not as_boolean(value.evaluate(context))


@function("boolean-from-string", 1)
def _boolean_from_string(context: Any, value: Any) -> bool:
    return _text(context, value) in ("1", "true")


@function("checklist", (2, None))
def _checklist(context: Any, low: Any, high: Any, *tokens: Any) -> bool:
    least, most = _number(context, low), _number(context, high)
    met = sum(_truths(context, tokens))
    return met >= least and (most == -1 or met <= most)


@function("weighted-checklist", (2, None))
def _weighted_checklist(context: Any, low: Any, high: Any, *pairs: Any) -> bool:
    if len(pairs) % 2:
        raise XPathError("arguments", "weighted-checklist")
    least, most = _number(context, low), _number(context, high)
    met = 0.0
    for condition, weight in zip(pairs[::2], pairs[1::2], strict=True):
        weights = _numbers(context, [weight])
        truths = _truths(context, [condition])
        if len(truths) < len(weights):
            return False
        met += sum(w for holds, w in zip(truths, weights, strict=False) if holds)
    return met >= least and (most == -1 or met <= most)


def _truths(context: Any, tokens: Iterable[Any]) -> list[bool]:
    found = []
    for token in tokens:
        value = token.evaluate(context)
        nodes = isinstance(value, list)
        found += [bool(str(n.string_value).strip(SPACE)) for n in value] if nodes else [as_boolean(value)]
    return found


# texts


@function("string", (0, 1))
def _string(context: Any, value: Any = None) -> str:
    return as_text(context.item.string_value if value is None else value.evaluate(context))


@function("concat", (0, None))
def _concat(context: Any, *tokens: Any) -> str:
    return "".join(_texts(context, tokens))


@function("join", (1, None))
def _join(context: Any, glue: Any, *tokens: Any) -> str:
    return _text(context, glue).join(_texts(context, tokens))


@function("contains", 2)
def _contains(context: Any, text: Any, part: Any) -> bool:
    return _text(context, part) in _text(context, text)


@function("starts-with", 2)
def _starts_with(context: Any, text: Any, part: Any) -> bool:
    return _text(context, text).startswith(_text(context, part))


@function("ends-with", 2)
def _ends_with(context: Any, text: Any, part: Any) -> bool:
    return _text(context, text).endswith(_text(context, part))


@function("string-length", (0, 1))
def _string_length(context: Any, value: Any = None) -> float:
    text = as_text(context.item.string_value) if value is None else _text(context, value)
    return float(len(text.encode("utf-16-le")) // 2)


@function("normalize-space", (0, 1))
def _normalize_space(context: Any, value: Any = None) -> str:
    text = as_text(context.item.string_value) if value is None else _text(context, value)
    return re.sub(f"[{SPACE}]+", " ", text.strip(SPACE))


@function("substring-before", 2)
def _substring_before(context: Any, text: Any, part: Any) -> str:
    before, found, _ = _text(context, text).partition(_text(context, part) or "\0")
    return before if found else ""


@function("substring-after", 2)
def _substring_after(context: Any, text: Any, part: Any) -> str:
    whole, mark = _text(context, text), _text(context, part)
    return whole.partition(mark)[2] if mark else whole


@function("substring", (2, 3))
def _substring(context: Any, text: Any, start: Any, length: Any = None) -> str:
    whole, first = _text(context, text), _number(context, start)
    if math.isnan(first) or first == math.inf:
        return ""
    begin = values.rounded(first, 0) - 1 if math.isfinite(first) else first
    end = math.inf
    if length is not None:
        count = _number(context, length)
        if math.isnan(count):
            return ""
        end = begin + (values.rounded(count, 0) if math.isfinite(count) else count)
        if math.isnan(end):
            return ""
    return whole[int(max(0, begin)) : int(min(len(whole), max(0, end)))]


@function("substr", (2, 3))
def _substr(context: Any, text: Any, start: Any, end: Any = None) -> str:
    whole = _text(context, text)
    first = _whole(context, start)
    last = len(whole) if end is None else _whole(context, end)
    if first is None or last is None:
        return ""
    first = first + len(whole) if first < 0 else first
    last = last + len(whole) if last < 0 else last
    return whole[max(0, first) : max(0, last)]


@function("translate", 3)
def _translate(context: Any, text: Any, old: Any, new: Any) -> str:
    letters, others = _text(context, old), _text(context, new)
    table: dict[int, str] = {}
    for place, letter in enumerate(letters):
        table.setdefault(ord(letter), others[place] if place < len(others) else "")
    return _text(context, text).translate(table)


@function("regex", 2)
def _regex(context: Any, text: Any, pattern: Any) -> bool:
    return matches(_text(context, pattern), _text(context, text))


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern is found in a text."""
    if len(text) > LONGEST_MATCHED:
        raise XPathError("regex")
    return compiled(pattern).search(text) is not None


@lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    r"""A pattern as phones read it. A last $ is the very end; classes such as \p{L} are elementpath's to translate."""
    if len(pattern) > LONGEST_PATTERN:
        raise XPathError("regex", pattern[:40])
    try:
        whole = re.sub(r"(?<!\\)\$$", r"\\Z", pattern)
        if re.search(r"\\[pP]\{", pattern):
            whole = translate_pattern(pattern, back_references=False, lazy_quantifiers=True)
        return re.compile(whole)
    except (re.error, RegexError, RecursionError, OverflowError):
        raise XPathError("regex", pattern[:80]) from None


@function("uuid", (0, 1))
def _uuid(context: Any, length: Any = None) -> str:
    made = str(uuid.uuid4())
    if length is None:
        return made
    wanted = _number(context, length)
    if math.isnan(wanted):
        raise XPathError("arguments", "uuid")
    while len(made) < wanted <= LONGEST_PATTERN:
        made += str(uuid.uuid4())
    return made[: int(wanted)]


DIGESTS = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384", "SHA-512": "sha512"}


@function("digest", (2, 3))
def _digest(context: Any, text: Any, algorithm: Any, encoding: Any = None) -> str:
    name = DIGESTS.get(_text(context, algorithm))
    written = "base64" if encoding is None else _text(context, encoding)
    if name is None or written not in ("base64", "hex"):
        raise XPathError("arguments", "digest")
    made = hashlib.new(name, _text(context, text).encode(), usedforsecurity=False).digest()
    return made.hex() if written == "hex" else base64.b64encode(made).decode()


@function("base64-decode", 1)
def _base64_decode(context: Any, text: Any) -> str:
    given = _text(context, text)
    try:
        return base64.b64decode(given + "=" * (-len(given) % 4), validate=True).decode(errors="replace")
    except ValueError:
        return ""


# choices


@function("selected", 2)
def _selected(context: Any, chosen: Any, value: Any) -> bool:
    words = _words(_text(context, chosen)) or [""]
    return _text(context, value).strip(SPACE) in words


@function("selected-at", 2)
def _selected_at(context: Any, chosen: Any, place: Any) -> str:
    words, at = _words(_text(context, chosen)), _whole(context, place)
    return words[at] if at is not None and 0 <= at < len(words) else ""


@function("count-selected", 1)
def _count_selected(context: Any, chosen: Any) -> float:
    return float(len(_words(_text(context, chosen))))


@function("choice-name", 2, prefix="jr")
def _choice_name(context: Any, value: Any, path: Any) -> str:
    found = _nodes(context, read(_text(context, path)))
    return context.world.choice_name(found[0], _text(context, value)) if found else ""


@function("itext", 1, prefix="jr")
def _itext(context: Any, text_id: Any) -> str:
    return str(context.world.text(_text(context, text_id)))


@function("randomize", (1, 2))
def _randomize(context: Any, nodes: Any, seed: Any = None) -> Any:
    """The nodes in another order; with a seed always in the same one (as JavaRosa computes it)."""
    found = _nodes(context, nodes)
    if seed is None:
        return context.world.random.sample(found, len(found))
    return shuffled(found, _seed(seed.evaluate(context)))


def _seed(value: Any) -> int:
    number = as_number(value)
    if not math.isnan(number):
        return (
            int(max(-(2.0**63), min(2.0**63, number))) if math.isfinite(number) else int(math.copysign(2**63, number))
        )
    text = as_text(value)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True) if text else 0


def shuffled(found: Sequence[Any], seed: int) -> list[Any]:
    """An order made by the generator of Park and Miller, as the specification wants it."""
    modulus = 2_147_483_647
    state = int(math.fmod(seed, modulus)) if abs(seed) < 2**53 else abs(seed) % modulus * (1 if seed > 0 else -1)
    if state <= 0:
        state += modulus - 1
    made: list[Any] = []
    for place, one in enumerate(found):
        state = state * 16_807 % modulus
        other = math.floor((state - 1) / (modulus - 1) * (place + 1))
        made.append(one)
        if other != place:
            made[place] = made[other]
        made[other] = one
    return made


# numbers


@function("number", (0, 1))
def _to_number(context: Any, value: Any = None) -> float:
    found = context.item.string_value if value is None else value.evaluate(context)
    if isinstance(found, float) and not isinstance(found, bool):
        return found
    if isinstance(found, list | str):
        moment = values.moment_of(as_text(found), context.zone)
        if moment is not None:
            days = values.days_of(moment)
            return Moment(days, str(math.floor(days)))
    return as_number(found)


@function("int", 1)
def _int(context: Any, value: Any) -> float:
    number = _number(context, value)
    return float(math.trunc(number)) if math.isfinite(number) else number


@function("round", (1, 2))
def _round(context: Any, value: Any, places: Any = None) -> float:
    number = _number(context, value)
    shift = 0.0 if places is None else _number(context, places)
    if math.isnan(number) or math.isnan(shift) or math.isinf(number):
        return number if not math.isnan(shift) else math.nan
    power = 10.0**shift
    return math.copysign(math.floor(abs(number) * power + 0.5) / power, number)


def _guarded(f: Callable[..., float]) -> Function:
    def run(context: Any, *tokens: Any) -> float:
        numbers = [_number(context, t) for t in tokens]
        if any(map(math.isnan, numbers)):
            return math.nan
        try:
            return float(f(*numbers))
        except ValueError:
            return math.nan
        except OverflowError:
            return math.inf

    return run


def _whole_number(f: Callable[[float], int]) -> Callable[[float], float]:
    return lambda x: float(f(x)) if math.isfinite(x) else x


def _log(f: Callable[[float], float]) -> Callable[[float], float]:
    return lambda x: -math.inf if x == 0 else f(x)


for _name, _arity, _function in (
    ("abs", 1, abs),
    ("floor", 1, _whole_number(math.floor)),
    ("ceiling", 1, _whole_number(math.ceil)),
    ("pow", 2, math.pow),
    ("log", 1, _log(math.log)),
    ("log10", 1, _log(math.log10)),
    ("exp", 1, math.exp),
    ("exp10", 1, lambda x: 10.0**x),
    ("sqrt", 1, math.sqrt),
    ("sin", 1, math.sin),
    ("cos", 1, math.cos),
    ("tan", 1, math.tan),
    ("asin", 1, math.asin),
    ("acos", 1, math.acos),
    ("atan", 1, math.atan),
    ("atan2", 2, math.atan2),
):
    register(_name, _arity, _guarded(_function))
register("pi", 0, lambda context: math.pi)
register("random", 0, lambda context: context.world.random.random())


# dates


def _now(context: Any) -> datetime:
    return context.world.now.replace(tzinfo=None)  # type: ignore[no-any-return]


@function("today", 0)
def _today(context: Any) -> Moment:
    midnight = _now(context).replace(hour=0, minute=0, second=0, microsecond=0)
    return values.moment_value(midnight, context.zone)


@function("now", 0)
def _moment_now(context: Any) -> Moment:
    return values.moment_value(_now(context), context.zone)


def _as_moment(context: Any, value: Any) -> datetime | None:
    if isinstance(value, bool):
        raise XPathError("arguments", "date")
    if isinstance(value, Moment) or not isinstance(value, str | list):
        return None if math.isnan(value) else values.moment_from(float(value))
    return values.moment_of(as_text(value), context.zone)


def _date(context: Any, value: Any) -> Any:
    found = value.evaluate(context)
    if isinstance(found, bool):
        return ""
    if isinstance(found, str | list):
        text = as_text(found)
        if text == "":
            return ""
        if not DATE_START.match(text):
            loose = PADDED.fullmatch(text)
            text = f"{loose[1]}-{loose[2]:0>2}-{loose[3]:0>2}{loose[4] or ''}" if loose else ""
        found = text
    return values.moment_value(_as_moment(context, found), context.zone)


register("date", 1, _date)
register("date-time", 1, _date)


@function("decimal-date-time", 1)
def _decimal_date_time(context: Any, value: Any) -> float:
    moment = _as_moment(context, value.evaluate(context))
    return math.nan if moment is None else values.days_of(moment)


@function("decimal-time", 1)
def _decimal_time(context: Any, value: Any) -> float:
    return values.clock_fraction(_text(context, value), context.zone)


MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PARTS: dict[str, Callable[[datetime], str]] = {
    "%Y": lambda m: f"{m.year:04}",
    "%y": lambda m: f"{m.year:04}"[2:],
    "%m": lambda m: f"{m.month:02}",
    "%n": lambda m: str(m.month),
    "%b": lambda m: MONTHS[m.month - 1],
    "%d": lambda m: f"{m.day:02}",
    "%e": lambda m: str(m.day),
    "%a": lambda m: DAYS[m.weekday()],
    "%H": lambda m: f"{m.hour:02}",
    "%h": lambda m: str(m.hour),
    "%M": lambda m: f"{m.minute:02}",
    "%S": lambda m: f"{m.second:02}",
    "%3": lambda m: f"{m.microsecond // 1000:03}",
}


def _format(context: Any, value: Any, layout: Any) -> str:
    moment = values.moment_of(_text(context, value), context.zone)
    if moment is None:
        return ""
    return re.sub(r"%[YymnbdeaHhMS3]", lambda part: PARTS[part[0]](moment), _text(context, layout))


register("format-date", 2, _format)
register("format-date-time", 2, _format)


# places


def _geo(context: Any, tokens: Sequence[Any]) -> list[values.Point] | None:
    texts = _texts(context, tokens)
    return values.line_of(texts[0]) if len(texts) == 1 else values.points_of(texts) if texts else None


@function("distance", (1, None))
def _distance(context: Any, *tokens: Any) -> float:
    points = _geo(context, tokens)
    return math.nan if points is None else values.distance(points)


@function("area", 1)
def _area(context: Any, shape: Any) -> float:
    points = _geo(context, [shape])
    return 0.0 if points is None else values.area(points)


@function("geofence", 2)
def _geofence(context: Any, point: Any, shape: Any) -> bool:
    here, outline = values.point_of(_text(context, point)), values.line_of(_text(context, shape))
    return here is not None and outline is not None and values.inside((here[0], here[1]), outline)


for _name in ("id", "lang", "name", "local-name", "namespace-uri"):
    if _name in ("id", "lang"):
        TABLE.pop(_name)


@function("local-name", (0, 1))
def _local_name(context: Any, nodes: Any = None) -> str:
    found = [context.item] if nodes is None else _nodes(context, nodes)
    return str(found[0].name or "") if found else ""


register("name", (0, 1), _local_name)
register("namespace-uri", (0, 1), lambda context, nodes=None: "")
