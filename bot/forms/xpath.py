"""XPath as ODK XForms use it: elementpath's XPath 1.0 with the functions of the field and comparisons that know dates.

Values are text, numbers (dates are numbers that know their text), booleans and lists of nodes. Nothing is ever given
to Python to run. Source: https://getodk.github.io/xforms-spec/#xpath-functions; where it leaves something open,
getodk's xforms-engine.
"""

from __future__ import annotations

import math
import random
import re
from abc import ABCMeta
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, ClassVar, Protocol

from elementpath import XPathContext
from elementpath.exceptions import ElementPathError
from elementpath.namespaces import XPATH_FUNCTIONS_NAMESPACE
from elementpath.tdop import Parser
from elementpath.xpath1 import XPath1Parser
from elementpath.xpath_nodes import ElementNode
from elementpath.xpath_tokens import AsteriskToken, NameToken, XPathFunction

from bot.forms.model import JR
from bot.forms.values import Moment, js_text, number_of

Token = Any  # elementpath's token; its own types are wider than ours
Value = str | float | bool | list[Any]


class XPathError(Exception):
    """An expression cannot be read or evaluated. `key` names the reason, `what` the part (a function) it is about."""

    def __init__(self, key: str, what: str = "") -> None:
        super().__init__(key)
        self.key = key
        self.what = what


class World(Protocol):
    """What expressions may ask of the form that is being run."""

    now: datetime
    random: random.Random

    @property
    def root(self) -> Any:
        """The node above the primary instance's first element."""

    def secondary(self, name: str) -> Any:
        """The node of a secondary instance, or None."""

    def choice_name(self, node: Any, value: str) -> str:
        """The label of a choice of a question."""

    def text(self, text_id: str) -> str:
        """A text of the form in the language of the session."""


class Context(XPathContext):
    """Where an expression is evaluated: a node of a world. Cheap to make: there is one for each evaluation."""

    def __init__(self, world: World, item: Any) -> None:
        self.root = world.root
        self.document = None
        self.item = item
        self.size = self.position = 1
        self.axis = None
        self.namespaces = {}
        self.variables = {}
        self.world = world
        self.current = item

    @property
    def zone(self) -> tzinfo:
        zone = self.world.now.tzinfo
        assert zone is not None
        return zone


# ---- values --------------------------------------------------------------------------------------------------------


def as_text(value: Any) -> str:
    """A value as a text: of nodes the first one's."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return str(value[0].string_value) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Moment):
        return value.text
    return js_text(float(value))


def as_number(value: Any) -> float:
    """A value as a number; a text that is a date is its days since 1970."""
    if isinstance(value, list):
        return number_of(str(value[0].string_value)) if value else math.nan
    if isinstance(value, str):
        return number_of(value)
    return float(value)


def as_boolean(value: Any) -> bool:
    """Whether there is something: a node, a text, a number that is not zero."""
    if isinstance(value, float):
        return value != 0 and not math.isnan(value)
    return bool(value)


def equal(a: Any, b: Any) -> bool:
    if isinstance(a, bool) or isinstance(b, bool):
        return as_boolean(a) == as_boolean(b)
    if isinstance(a, str) and isinstance(b, str):
        return a == b
    return as_number(a) == as_number(b)


ORDER: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def each(value: Any) -> Iterable[Any]:
    return [str(n.string_value) for n in value] if isinstance(value, list) else (value,)


def compared(symbol: str, a: Any, b: Any) -> bool:
    """Whether a comparison holds for one of the nodes on either side."""
    if symbol in ("=", "!="):
        if isinstance(a, bool) or isinstance(b, bool):
            return (as_boolean(a) == as_boolean(b)) == (symbol == "=")
        return any(equal(x, y) == (symbol == "=") for x in each(a) for y in each(b))
    holds = ORDER[symbol]
    return any(holds(as_number(x), as_number(y)) for x in each(a) for y in each(b))


# ---- the parser ----------------------------------------------------------------------------------------------------


class FormParser(XPath1Parser):
    """Reads expressions of forms. One that it has read can be evaluated any number of times."""

    DEFAULT_NAMESPACES: ClassVar[dict[str, str]] = {**XPath1Parser.DEFAULT_NAMESPACES, "jr": JR}

    def parse(self, source: str) -> Any:
        """The expression as a tree. Nothing is evaluated yet: our values need a form around them."""
        if self.tokenizer is None:
            type(self).tokenizer = self.create_tokenizer(self.symbol_table)
        return Parser.parse(self, source)


def read(source: str, namespaces: Mapping[str, str] | None = None) -> Token:
    """The tree of an expression; XPathError when it is none or uses a function that nobody knows."""
    try:
        return FormParser(dict(namespaces) if namespaces else None).parse(source)
    except XPathError:
        raise
    except (ElementPathError, SyntaxError, ValueError, TypeError, KeyError, RecursionError) as error:
        unknown = re.search(r"unknown function '?([\w:.-]+)", str(error))
        if unknown:
            name = re.search(r"([\w-]+:)?" + re.escape(unknown[1]) + r"\s*\(", source)
            raise XPathError("function", name[0].rstrip("( ") if name else unknown[1]) from None
        if "argument" in str(error) or "Too " in str(error):
            raise XPathError("arguments", source) from None
        raise XPathError("syntax", source) from None


def evaluate(token: Token, world: World, item: Any) -> Value:
    """The value of an expression at a node."""
    try:
        found: Value = token.evaluate(Context(world, item))
    except XPathError:
        raise
    except (ElementPathError, ValueError, TypeError, OverflowError, ZeroDivisionError, RecursionError) as error:
        raise XPathError("evaluate", type(error).__name__) from None
    return found


def literal(text: str) -> Token:
    """The tree of a text that stands for itself."""
    token = FormParser().parse("''")
    token.value = text
    return token


TABLE: Any = FormParser.symbol_table


def _replace(symbol: str, **attributes: Any) -> None:
    """Give a symbol a class of our own; elementpath's stays as it is."""
    old = TABLE[symbol]
    TABLE[symbol] = ABCMeta("Form" + old.__name__.strip("_"), (old,), {"__module__": __name__, **attributes})


def _values(evaluated: Any) -> Iterator[Any]:
    if isinstance(evaluated, list):
        yield from evaluated
    else:
        yield evaluated


# ---- paths ---------------------------------------------------------------------------------------------------------

UP, HERE = "..", "."


def steps_of(token: Token) -> tuple[bool, list[str]] | None:
    """Whether a path begins at the root, and its names, when it is nothing but names and dots."""
    if token.symbol == "/":
        if len(token) == 1:
            rest = steps_of(token[0])
            return (True, rest[1]) if rest and not rest[0] else None
        if len(token) == 2:
            first, last = steps_of(token[0]), steps_of(token[1])
            return (first[0], first[1] + last[1]) if first and last and not last[0] else None
        return None
    if token.symbol == "(name)":
        return False, [str(token.value)]
    if token.symbol == ":" and token[1].symbol == "(name)":
        return False, [str(token[1].value)]  # names of forms are told apart without their namespace
    if token.symbol in (UP, HERE):
        return False, [token.symbol]
    if token.symbol == "current" and not token:
        return False, ["current()"]
    return None


def walk(world: World, item: Any, current: Any, absolute: bool, steps: Sequence[str]) -> list[Any]:
    """Follow a path of names and dots through our own nodes."""
    found = [world.root if absolute else item]
    for step in steps:
        if step == UP:
            above: dict[int, Any] = {id(n.parent): n.parent for n in found if n.parent is not None}
            found = list(above.values())
        elif step == "current()":
            found = [current]
        elif step != HERE:
            found = [child for node in found for child in node.named(step)]
    return found


def _path_evaluate(self: Any, context: Any = None) -> Any:
    if not hasattr(self, "steps"):
        self.steps = steps_of(self)
    if self.steps is None or context.axis is not None or not hasattr(context.item, "named"):
        return list(self._slow(context))
    return walk(context.world, context.item, context.current, *self.steps)


def _path_select(self: Any, context: Any = None) -> Iterator[Any]:
    return iter(_path_evaluate(self, context))


def _path_slow(self: Any, context: Any) -> Iterator[Any]:
    base = XPath1Parser.symbol_table[self.symbol]
    return iter(base.select(self, context))


def _path_led(self: Any, left: Any) -> Any:
    """A path may go on from anything that gives nodes, also from a function: instance('x')/list/item."""
    parser = self.parser
    if parser.next_token.label not in parser.PATH_STEP_LABELS:
        parser.expected_next(*parser.PATH_STEP_SYMBOLS)
    self[:] = left, parser.expression(75)
    return self


_replace("/", evaluate=_path_evaluate, select=_path_select, _slow=_path_slow, led=_path_led)
_replace("//", evaluate=lambda self, context=None: list(self.select(context)), led=_path_led)


class FormName(NameToken):
    """A step by name, through our own nodes where it can be."""

    def evaluate(self, context: Any = None) -> Any:
        if context.axis is None and hasattr(context.item, "named"):
            return list(context.item.named(self.value))
        return list(super().select(context))

    def select(self, context: Any = None) -> Iterator[Any]:
        return iter(self.evaluate(context))


TABLE["(name)"] = FormName


def _dot(self: Any, context: Any = None) -> Any:
    return [context.item]


_replace(".", evaluate=_dot, select=lambda self, context=None: iter([context.item]))


def _up(self: Any, context: Any = None) -> Any:
    parent = context.item.parent
    return [] if parent is None else [parent]


_replace("..", evaluate=_up)


def _predicate_select(self: Any, context: Any = None) -> Iterator[Any]:
    """Filter nodes. One test for equality with what does not depend on the node itself is answered from an index."""
    if not hasattr(self, "lookup"):
        self.lookup = _lookup(self)
    if self.lookup is not None and context.axis is None:
        name, other = self.lookup
        nodes = self[0].evaluate(context)
        parent = nodes[0].parent if nodes else None
        if parent is not None and getattr(parent, "fixed", False) and len(parent.children) == len(nodes):
            wanted = other.evaluate(Context(context.world, context.current))
            if isinstance(wanted, list):
                wanted = as_text(wanted) if len(wanted) == 1 else None
            if isinstance(wanted, str):
                yield from parent.index(name).get(wanted, ())
                return
    axis = self[0]
    while axis.symbol == "[":
        axis = axis[0]
    before = context.item, context.size, context.position, context.axis
    context.axis = None if axis.label != "axis" else context.axis
    nodes = list(self[0].select(context))
    context.axis = None
    context.size = len(nodes)
    if getattr(axis, "reverse_axis", False):
        places: Iterable[int] = range(len(nodes), 0, -1)
    else:
        places = range(1, len(nodes) + 1)
    kept = []
    for context.position, context.item in zip(places, nodes, strict=True):
        place, item = context.position, context.item
        value = self[1].evaluate(context)
        if isinstance(value, int | float) and not isinstance(value, bool):
            holds = float(value) == place
        else:
            holds = as_boolean(value) if not _is_literal_number(value) else float(value) == place
        if holds:
            kept.append(item)
    context.item, context.size, context.position, context.axis = before
    yield from kept


def _is_literal_number(value: Any) -> bool:
    return not isinstance(value, str | list | bool | float)


def _lookup(token: Token) -> tuple[str, Token] | None:
    """The two sides of a test [name = value] where the value is the same for every node that is tested."""
    test = token[1]
    if test.symbol != "=":
        return None
    for name, other in ((test[0], test[1]), (test[1], test[0])):
        if name.symbol == "(name)" and _fixed(other):
            return str(name.value), other
    return None


def _fixed(token: Token) -> bool:
    """Whether an expression is the same whatever node it is evaluated at: a text, or a path from root or current()."""
    if token.symbol == "(string)":
        return True
    steps = steps_of(token)
    return steps is not None and (steps[0] or steps[1][0] == "current()")


_replace("[", select=_predicate_select, evaluate=lambda self, context=None: list(_predicate_select(self, context)))
_replace("|", evaluate=lambda self, context=None: list(self.select(context)))


# ---- operators -----------------------------------------------------------------------------------------------------


def _compare(self: Any, context: Any = None) -> bool:
    return compared(self.symbol, self[0].evaluate(context), self[1].evaluate(context))


def _infix(power: int) -> Callable[[Any, Any], Any]:
    def led(self: Any, left: Any) -> Any:
        self[:] = left, self.parser.expression(rbp=power)
        return self

    return led


for _symbol, _power in (("=", 30), ("!=", 30), ("<", 32), (">", 32), ("<=", 32), (">=", 32)):
    _replace(_symbol, evaluate=_compare, led=_infix(_power), lbp=_power, rbp=_power)

_replace("or", evaluate=lambda self, context=None: any(as_boolean(side.evaluate(context)) for side in self))
_replace("and", evaluate=lambda self, context=None: all(as_boolean(side.evaluate(context)) for side in self))


def _divided(a: float, b: float) -> float:
    if b:
        return a / b
    return math.nan if not a or math.isnan(a) else math.copysign(math.inf, a) * math.copysign(1, b)


def _modulo(a: float, b: float) -> float:
    return math.nan if not b or math.isinf(a) or math.isnan(b) else math.fmod(a, b)


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "div": _divided,
    "mod": _modulo,
}


def _arithmetic(self: Any, context: Any = None) -> Any:
    if self.symbol == "*" and not self:
        return [n for n in context.iter_children_or_self() if isinstance(n, ElementNode) and n.name]
    if len(self) == 1:
        number = as_number(self[0].evaluate(context))
        return -number if self.symbol == "-" else number
    return ARITHMETIC[self.symbol](as_number(self[0].evaluate(context)), as_number(self[1].evaluate(context)))


for _symbol in ("+", "-", "div", "mod"):
    _replace(_symbol, evaluate=_arithmetic)


class FormAsterisk(AsteriskToken):
    """Times, or any name."""

    def evaluate(self, context: Any = None) -> Any:
        return _arithmetic(self, context)

    def select(self, context: Any = None) -> Iterator[Any]:
        return _values(self.evaluate(context))


TABLE["*"] = FormAsterisk


# ---- functions -----------------------------------------------------------------------------------------------------

Function = Callable[..., Any]
Arity = int | tuple[int, int | None]


def register(name: str, arity: Arity, function: Function, *, prefix: str | None = None) -> None:
    def evaluate_it(self: Any, context: Any = None) -> Any:
        return function(context, *self._items)

    def select_it(self: Any, context: Any = None) -> Iterator[Any]:
        return _values(evaluate_it(self, context))

    members = {
        "__module__": __name__,
        "symbol": name,
        "lookup_name": f"{{{JR}}}{name}" if prefix else name,
        "label": "function",
        "nargs": arity,
        "lbp": 90,
        "rbp": 90,
        "namespace": JR if prefix else XPATH_FUNCTIONS_NAMESPACE,
        "evaluate": evaluate_it,
        "select": select_it,
    }
    made = ABCMeta("Form_" + re.sub(r"\W", "_", name), (XPathFunction,), members)
    TABLE[str(members["lookup_name"])] = made
    if prefix:
        FormParser.proxy(name, label="function", bp=90)


def function(name: str, arity: Arity, *, prefix: str | None = None) -> Callable[[Function], Function]:
    """Make a Python function one of XPath. It gets the context and its arguments as trees."""

    def make(f: Function) -> Function:
        register(name, arity, f, prefix=prefix)
        return f

    return make
