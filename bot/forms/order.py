"""What of a form depends on what: the order of computing, and the cycles that make computing impossible."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from bot.forms import xpath
from bot.forms.model import Field, above
from bot.forms.xpath import XPathError

Step = tuple[Field, str]  # a field, and what of it is computed
MOST_CYCLES = 20  # that are told


class References:
    """The fields that an expression looks at, wherever it is evaluated."""

    def __init__(self, document: Field, here: Field) -> None:
        self.document = document
        self.current = here
        self.found: dict[Field, bool] = {}
        self.indexed = False  # inside indexed-repeat: any instance may be meant

    def of(self, token: Any) -> dict[Field, bool]:
        self._look(token, [self.current], soft=False)
        return self.found

    def _add(self, fields: list[Field], soft: bool) -> None:
        for one in fields:
            self.found[one] = self.found.get(one, True) and soft

    def _look(self, token: Any, here: list[Field], *, soft: bool) -> None:
        if token.symbol in PATHS or token.label == "axis" or (token.symbol == "*" and not token):
            fields, off = self._path(token, here, soft)
            self._add(fields, off)
        elif token.symbol == "indexed-repeat":
            self.indexed = True
            for inner in token:
                self._look(inner, here, soft=True)
            self.indexed = False
        elif token.symbol in KEEPING and here == [self.current]:
            kept = self.found.pop(self.current, None)
            for inner in token:
                self._look(inner, here, soft=soft)
            if self.current in self.found:
                self.found[self.current] = kept is not False
        else:
            for inner in token:
                self._look(inner, here, soft=soft)
            if token.symbol == "choice-name" and token[1].symbol == "(string)":
                try:
                    self._look(xpath.read(str(token[1].value)), here, soft=soft)
                except XPathError:
                    return

    def _path(self, token: Any, here: list[Field], soft: bool) -> tuple[list[Field], bool]:
        symbol = token.symbol
        if symbol == "/":
            if not token:
                return [self.document], soft
            left, off = ([self.document], self.indexed) if len(token) == 1 else self._path(token[0], here, soft)
            fields, other = self._path(token[-1], left, off)
            return fields, other
        if symbol == "//":
            left, off = ([self.document], self.indexed) if len(token) == 1 else self._path(token[0], here, soft)
            inner = [f for one in left for f in one.below()]
            return self._path(token[-1], inner, off)
        if symbol == "[":
            fields, off = self._path(token[0], here, soft)
            others = off or any(f.kind == "repeat" for f in fields)
            for inner in token[1:]:
                self._look(inner, fields, soft=others)
            return fields, others
        if symbol == "(name)":
            name = str(token.value)
            return [f.children[name] for f in here if name in f.children], soft
        if symbol == ":" and token[1].symbol == "(name)":
            return self._path(token[1], here, soft)
        if symbol == "..":
            return [f.parent for f in here if f.parent is not None], soft
        if symbol == ".":
            return here, soft
        if symbol == "*" and not token:
            return [c for f in here for c in f.children.values()], soft
        if symbol == "current":
            return [self.current], self.indexed
        if symbol in ("@", "attribute"):
            name = f"@{getattr(token[0], 'value', '')}"
            return [a for f in here for a in f.attributes.values() if a.name == name], soft
        if symbol == "(":
            return self._path(token[0], here, soft)
        if symbol == "|":
            fields, off = self._path(token[0], here, soft)
            more, other = self._path(token[1], here, soft)
            return fields + more, off and other
        if token.label == "axis":
            return self._axis(token, here, soft)
        self._look(token, here, soft=soft)
        return [], soft

    def _axis(self, token: Any, here: list[Field], soft: bool) -> tuple[list[Field], bool]:
        symbol = token.symbol
        if symbol == "child":
            return self._path(token[0], here, soft)
        if symbol == "self":
            return here, soft
        if symbol == "parent":
            return [f.parent for f in here if f.parent is not None], soft
        around = [f.parent for f in here if f.parent is not None]
        if symbol.startswith(("ancestor", "descendant")):
            wide = [g for f in here for g in (f.below() if symbol.startswith("descendant") else above(f))]
            name = str(token[0].value)
            return [f for f in wide if name in ("*", f.name)], True
        return self._path(token[0], around, True)[0], True


KEEPING = {"coalesce", "if", "once"}  # a value that is computed from itself in these keeps itself: no endless cycle
PATHS = {"/", "//", "[", "(name)", "..", ".", "current", "@", "|"}


def rank(document: Field) -> list[list[Field]]:
    """Give everything that is computed its place in the order of computing. Returns the cycles that make it impossible.

    A place is a number for each (field, kind): what an expression looks at has a smaller one. That a repeat's count
    hangs on what is in the repeat is no cycle: people in the field write "one more?" so, and it comes to rest.
    """
    fields = [f for f in document.below() if f is not document]
    fields += [a for f in fields for a in f.attributes.values()]
    needs: dict[Step, list[tuple[Step, bool]]] = {}
    for one in fields:
        around = [a for a in above(one) if a is not document]
        relevant: list[tuple[Step, bool]] = [
            ((a, "relevant"), False) for a in around if _computed(a, "relevant") is not None
        ]
        own = [k for k in ("calculate", "choices") if _computed(one, k) is not None]
        counts = [((a, "count"), True) for a in around if a.count is not None]
        needs[one, "value"] = [*(((one, k), False) for k in own), *relevant, *counts]
        for kind in ("relevant", "calculate", "count", "choices"):
            token = _computed(one, kind)
            if token is None:
                continue
            looked = References(document, one).of(token).items()
            itself = kind == "choices"
            needs[one, kind] = [
                ((f, "value"), soft or (itself and f is one)) for f, soft in looked if f is not document
            ]
            if kind == "calculate":  # is only computed where it is relevant
                needs[one, kind] += relevant
        if one.constraint is not None and not isinstance(one.constraint, bool):
            one.wide_constraint = any(f is not one for f in References(document, one).of(one.constraint))
    return _order(needs)


def _computed(one: Field, kind: str) -> Any:
    """The expression of a kind, when there is one that has to be evaluated again and again."""
    if kind == "choices":
        return one.choices.nodes if one.choices is not None and one.choices.changing else None
    token = getattr(one, kind)
    return None if isinstance(token, bool) else token


def _order(needs: Mapping[Step, list[tuple[Step, bool]]]) -> list[list[Field]]:
    """A depth first search without recursion: forms can be long."""
    done: set[Step] = set()
    cycles: list[list[Field]] = []
    for start in needs:
        if start in done:
            continue
        path: list[Step] = [start]
        on_path = {start}
        stack = [iter(needs[start])]
        while stack:
            following, soft = next(stack[-1], (None, False))
            if following is None:
                stack.pop()
                node = path.pop()
                on_path.discard(node)
                node[0].ranks[node[1]] = len(done)
                done.add(node)
            elif following in on_path:
                if not soft and not _soft_somewhere(needs, [*path[path.index(following) :], following]):
                    cycles.append([n[0] for n in path[path.index(following) :] if n[1] != "value"])
            elif following not in done and following in needs:
                stack.append(iter(needs[following]))
                path.append(following)
                on_path.add(following)
    return cycles[:MOST_CYCLES]


def _soft_somewhere(needs: Mapping[Step, list[tuple[Step, bool]]], path: list[Step]) -> bool:
    return any(dict(needs[a]).get(b, False) for a, b in itertools.pairwise(path))
