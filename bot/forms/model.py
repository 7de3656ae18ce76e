"""A form as it is defined: its fields, texts and choices. Nothing here changes while it runs.

Source: the ODK XForms specification, https://getodk.github.io/xforms-spec/.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

JR = "http://openrosa.org/javarosa"
XFORMS = "http://www.w3.org/2002/xforms"
UPLOADS = {"image": "image", "audio": "audio", "video": "video"}
TYPE_NAMES = {"string": "text", "int": "integer", "boolean": "text", "intent": "text"}


@dataclass(frozen=True)
class Finding:
    """What the check of a form found. `level` is refused, degraded or warn; `key` names the sentence.

    `row` is the row of the survey sheet, `column` its header, where they are known.
    """

    level: str
    key: str
    row: int | None = None
    column: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Text:
    """A text with values in it: parts that stand there and expressions; or the expression for the id of a text."""

    parts: tuple[Any, ...] = ()
    text_id: Any = None


@dataclass(frozen=True)
class Choices:
    """Where a question's choices come from: a list that stands there, or nodes of an instance."""

    fixed: tuple[tuple[str, Text | None], ...] = ()
    nodes: Any = None
    value: Any = None
    label: Any = None  # an expression at each node
    label_id: Any = None  # or the expression for the id of its text
    source: str = ""

    @property
    def changing(self) -> bool:
        """Whether they depend on answers or chance."""
        return self.nodes is not None and ("[" in self.source or "randomize" in self.source)


@dataclass(frozen=True)
class Action:
    """Set a value when something happens."""

    events: tuple[str, ...]
    target: Field
    value: Any
    source: Field | None


@dataclass(eq=False)
class Field:
    """A node of the form as it is defined. `ref` is its path without numbers of repeat instances."""

    name: str
    tag: str
    ref: str
    parent: Field | None
    kind: str = "leaf"  # leaf, group, repeat, attribute
    children: dict[str, Field] = field(default_factory=dict)
    attributes: dict[str, Field] = field(default_factory=dict)
    element: Element | None = None
    instances: list[Element] = field(default_factory=list)  # that stand in the form before anybody adds one
    type: str = "string"
    control: str | None = None
    place: float = float("inf")  # in the body
    appearance: str = ""
    body: Mapping[str, str] = field(default_factory=dict)
    label: Text | None = None
    hint: Text | None = None
    choices: Choices | None = None
    relevant: Any = None
    required: Any = None
    readonly: Any = None
    constraint: Any = None
    calculate: Any = None
    count: Any = None
    constraint_message: Text | None = None
    required_message: Text | None = None
    preload: tuple[str, str] | None = None
    actions: list[Action] = field(default_factory=list)  # that set this field
    triggers: list[Action] = field(default_factory=list)  # that this field sets off when it changes
    ranks: dict[str, int] = field(default_factory=dict)
    in_repeat: bool = False
    wide_constraint: bool = False  # the constraint looks at more than the answer itself
    blank: Element | None = None  # what a new instance of a repeat begins with
    scattered: bool = False  # its children stand in another order in the body

    written: str = ""  # its name in references, with a prefix where the form writes one

    @property
    def is_note(self) -> bool:
        """Something that is only shown."""
        return self.control == "input" and self.readonly is True and (self.label or self.hint) is not None

    @property
    def type_name(self) -> str:
        """The type as a writer of forms knows it (XLSForm)."""
        if self.kind != "leaf":
            return "group" if self.kind != "repeat" else "repeat"
        if self.control is None:
            return "calculate" if self.calculate is not None else "hidden"
        by_control = {"select": "select_multiple", "select1": "select_one", "rank": "rank", "trigger": "acknowledge"}
        if self.control in by_control:
            return by_control[self.control]
        if self.control == "range":
            return "range"
        if self.control == "upload":
            return UPLOADS.get(self.body.get("mediatype", "").partition("/")[0], "file")
        return "note" if self.is_note else TYPE_NAMES.get(self.type, self.type)

    def below(self) -> Iterator[Field]:
        """This field and everything in it, in document order."""
        yield self
        for child in self.children.values():
            yield from child.below()


def local(tag: str) -> str:
    """A name without its namespace."""
    return tag.rpartition("}")[2]


def above(one: Field) -> Iterator[Field]:
    """A field and what it lies in, up to the document."""
    found: Field | None = one
    while found is not None:
        yield found
        found = found.parent
