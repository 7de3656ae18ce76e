"""Forms that a machine writes: for comparing engines and for measuring them."""

from __future__ import annotations

import random
from typing import Any

from bot.forms.form import Form
from bot.forms.nodes import Node, Repeat
from bot.forms.session import Session

COLUMNS = (
    "type", "name", "label", "hint", "relevant", "required", "constraint", "calculation", "choice_filter",
    "repeat_count", "default", "trigger", "parameters", "readonly",
)  # fmt: skip
CHOICES = """
| choices |           |      |         |       |
|         | list_name | name | label   | group |
|         | letters   | a    | Letter A | x     |
|         | letters   | b    | Letter B | x     |
|         | letters   | c    | Letter C | y     |
|         | letters   | d    | Letter D | y     |
|         | groups    | x    | Group X | |
|         | groups    | y    | Group Y | |
"""
VALUES: dict[str, list[Any]] = {
    "text": ["a", "hello you", "12", "x"],
    "integer": [0, 1, 2, 3, 7, -4],
    "decimal": [0.5, 2, 3.25],
    "date": ["2020-01-02", "1999-12-31", "2031-05-05"],
    "time": ["10:11:00", "23:59:59"],
    "dateTime": ["2020-01-02T10:00:00"],
    "geopoint": ["1.5 2.5 0 0"],
    "acknowledge": ["OK"],
    "range": [1, 3, 5],
}


def table(rows: list[dict[str, str]]) -> str:
    """An XLSForm as a Markdown table."""
    lines = ["| survey | " + " | ".join(COLUMNS) + " |"]
    lines += ["| | " + " | ".join(row.get(c, "") for c in COLUMNS) + " |" for row in rows]
    return "\n".join(lines) + "\n" + CHOICES


class Writer:
    """Writes a form row by row: each row may look at what stands before it, so that there is no cycle."""

    def __init__(self, source: random.Random) -> None:
        self.random = source
        self.rows: list[dict[str, str]] = []
        self.known: list[tuple[str, str]] = []  # name and type of what can be looked at
        self.number = 0

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def write(self, count: int, depth: int = 0) -> None:
        for _ in range(count):
            roll = self.random.random()
            if roll < 0.08 and depth < 2:
                self._around("group", depth)
            elif roll < 0.16 and depth < 2:
                self._around("repeat", depth)
            else:
                self._question()

    def _around(self, kind: str, depth: int) -> None:
        row = {
            "type": f"begin {kind}",
            "name": self.name(kind[0]),
            "label": kind,
            "relevant": self._maybe(self._condition),
        }
        counted = [n for n, t in self.known if t == "integer"]
        if kind == "repeat" and counted and self.random.random() < 0.5:
            row["repeat_count"] = f"if(${{{self.random.choice(counted)}}} > 3, 3, ${{{self.random.choice(counted)}}})"
        self.rows.append(row)
        before = list(self.known)
        if kind == "repeat":
            self.rows.append({"type": "calculate", "name": self.name("pos"), "calculation": "position(..)"})
        empty = len(self.rows)
        self.write(self.random.randint(1, 3), depth + 1)
        if len(self.rows) == empty:  # the reference knows no groups without anything in them
            self.rows.append({"type": "text", "name": self.name("q"), "label": "Something"})
        inner = [(n, t) for n, t in self.known if (n, t) not in before]
        self.rows.append({"type": f"end {kind}"})
        if kind == "repeat":
            self.known = before
            numbers = [n for n, t in inner if t in ("integer", "decimal")]
            total = self.name("total")
            what = f"sum(${{{self.random.choice(numbers)}}})" if numbers else f"count(${{{row['name']}}})"
            self.rows.append({"type": "calculate", "name": total, "calculation": what})
            self.known.append((total, "calculate"))

    def _maybe(self, make: Any, chance: float = 0.4) -> str:
        return str(make()) if self.known and self.random.random() < chance else ""

    def _question(self) -> None:
        kind = self.random.choice(
            ["text", "integer", "integer", "decimal", "date", "select_one letters", "select_multiple letters",
             "calculate", "calculate", "select_one groups", "acknowledge", "note", "filtered", "time", "geopoint",
             "range", "rank letters"]
        )  # fmt: skip
        name = self.name("q")
        row = {"type": kind, "name": name, "label": f"Question {name}"}
        if kind == "calculate":
            if not self.known:
                return
            row = {"type": kind, "name": name, "calculation": self._value()}
        elif kind == "filtered":
            groups = [n for n, t in self.known if t == "select_one groups"]
            row["type"] = self.random.choice(["select_one letters", "select_multiple letters"])
            row["choice_filter"] = f"group = ${{{self.random.choice(groups)}}}" if groups else "group = 'x'"
        elif kind == "range":
            row["parameters"] = "start=1 end=9 step=2"
        if kind == "note":
            row["label"] = f"You said ${{{self.random.choice(self.known)[0]}}}." if self.known else "Hello"
        row["relevant"] = self._maybe(self._condition)
        if kind not in ("calculate", "note"):
            row["required"] = self.random.choice(["", "", "yes", self._maybe(self._condition)])
            row["constraint"] = self._constraint(kind)
        if kind in ("text", "integer") and self.random.random() < 0.15:
            row["default"] = "5"
        self.rows.append({k: v for k, v in row.items() if v})
        self.known.append((name, row["type"]))

    def _constraint(self, kind: str) -> str:
        if self.random.random() < 0.6:
            return ""
        return {
            "integer": ". >= 0 and . < 7",
            "decimal": ". > 1",
            "text": "string-length(.) < 6",
            "date": ". <= '2025-01-01'",
            "select_multiple letters": "not(selected(., 'a') and selected(., 'b'))",
        }.get(kind, "")

    def _condition(self) -> str:
        name, kind = self.random.choice(self.known)
        ref = f"${{{name}}}"
        made = {
            "select_one letters": [f"{ref} = 'a'", f"{ref} != 'b'"],
            "select_multiple letters": [f"selected({ref}, 'c')", f"count-selected({ref}) > 1"],
            "select_one groups": [f"{ref} = 'x'"],
            "date": [f"{ref} > date('2010-01-01')", f"format-date({ref}, '%Y') = '2020'"],
            "integer": [f"{ref} > 1", f"{ref} mod 2 = 0", f"{ref} = ''", f"not({ref} > 2)"],
            "decimal": [f"{ref} <= 2"],
        }.get(kind, [f"{ref} != ''", f"string-length({ref}) > 2"])
        condition = self.random.choice(made)
        if self.random.random() < 0.25:
            condition = f"({condition}) {self.random.choice(['and', 'or'])} ({self._condition()})"
        return condition

    def _value(self) -> str:
        name, kind = self.random.choice(self.known)
        ref = f"${{{name}}}"
        if kind in ("integer", "decimal", "calculate"):
            return self.random.choice(
                [f"{ref} + 1", f"{ref} * 2 - 3", f"{ref} div 4", f"round({ref} div 3, 2)",
                 f"if({ref} > 2, 'big', 'small')", f"coalesce({ref}, 0)", f"int({ref} * 1.5)", f"{ref} mod 3",
                 f"number({ref}) + 0.1", f"max({ref}, 2)"]
            )  # fmt: skip
        if kind.startswith("select_multiple"):
            return self.random.choice([f"count-selected({ref})", f"selected-at({ref}, 0)", f"substr({ref}, 0, 1)"])
        if kind.startswith("select_one"):
            return self.random.choice([f"jr:choice-name({ref}, '{ref}')", f"concat({ref}, '-', 'x')"])
        if kind == "date":
            return self.random.choice(
                [f"format-date({ref}, '%d.%m.%Y')", f"decimal-date-time({ref}) + 1", f"date({ref})"]
            )
        return self.random.choice([f"concat('<', {ref}, '>')", f"string-length({ref})", f"normalize-space({ref})"])


def a_form(seed: int, size: int = 12) -> str:
    """A form of about `size` questions; the same for the same seed."""
    writer = Writer(random.Random(seed))
    writer.write(size)
    return table(writer.rows) if writer.rows else table([{"type": "text", "name": "q", "label": "Q"}])


def some_answers(form: Form, session: Session, seed: int, count: int) -> list[tuple[str, Any]]:
    """Answers in an order that a person might give them in; `session` takes them on the way."""
    source = random.Random(seed)
    given: list[tuple[str, Any]] = []
    for _ in range(count):
        nodes = [n for n in session.nodes() if n.relevant and (isinstance(n, Repeat) or n.kind == "question")]
        if not nodes:
            break
        node = source.choice(nodes)
        if isinstance(node, Repeat):
            if not node.by_person or len(node.instances) > 3:
                continue
            act: dict[str, bool] = {"add_repeat": True}
            if node.instances and source.random() < 0.3:
                act = {"remove_repeat": True}
                given.append((source.choice(node.instances).ref, act))
                session.remove_repeat(given[-1][0])
            else:
                given.append((node.ref, act))
                session.add_repeat(node.ref)
            continue
        given.append((node.ref, a_value(node, source)))
        session.answer(*given[-1])
    return given


def a_value(node: Node, source: random.Random) -> Any:
    if source.random() < 0.1:
        return None
    choices = [c.value for c in node.choices()]
    if node.type == "rank":
        return source.sample(choices, len(choices)) or None
    if node.type == "select_multiple":
        return [c for c in choices if source.random() < 0.5] or None
    if node.type == "select_one":
        return source.choice(choices) if choices else None
    return source.choice(VALUES.get(node.type, ["x"]))


def long_form(count: int) -> str:
    """A form of `count` questions as they are in the field: conditions, limits, choices and values from others."""
    rows = []
    for i in range(count):
        kind = i % 10
        name = f"q{i}"
        row = {"type": "text", "name": name, "label": f"Question {i}", "hint": f"hint {i}"}
        if kind in (1, 6):
            row |= {"type": "integer", "constraint": ". >= 0 and . < 150", "required": "yes"}
        elif kind == 2:
            row |= {"type": "select_one groups", "required": "yes"}
        elif kind == 4:
            row |= {"type": "select_multiple letters", "constraint": "not(selected(., 'c') and selected(., 'a'))"}
        elif kind == 5:
            row |= {"type": "date", "relevant": f"${{q{i - 2}}} != ''", "constraint": ". <= today()"}
        elif kind == 7:
            row |= {"type": "decimal", "relevant": f"selected(${{q{i - 3}}}, 'a') or ${{q{i - 6}}} > 3"}
        elif kind == 8:
            row = {"type": "calculate", "name": name}
            row["calculation"] = f"if(${{q{i - 2}}} > 5, ${{q{i - 2}}} * 2, coalesce(${{q{i - 7}}}, 0))"
        elif kind == 9:
            row |= {"type": "note", "label": f"You said ${{q{i - 9}}} and ${{q{i - 1}}}"}
        rows.append(row)
    return table(rows)


def long_answers(count: int) -> list[tuple[str, Any]]:
    """An answer to each question of a long form, in order."""
    by_kind: dict[int, Any] = {0: "text", 1: 4, 2: "x", 3: "words", 4: ["a", "b"], 5: "2020-01-02", 6: 7, 7: 2.5}
    return [(f"/data/q{i}", by_kind[i % 10]) for i in range(count) if i % 10 in by_kind]
