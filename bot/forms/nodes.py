"""The nodes of a form that is being answered: what XPath walks through and what a person gets to see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import Element

from elementpath.xpath_nodes import CommentNode, ElementNode

from bot.forms.model import Field, local

if TYPE_CHECKING:
    from bot.forms.session import Session

LATER = ("required", "readonly")  # expressions that are computed when somebody asks


@dataclass(frozen=True)
class Verdict:
    """What became of an answer. `violation` is None, constraint, required or type; `error` why it was no answer.

    `message` is the form's own, in the language of the session.
    """

    ok: bool
    violation: str | None = None
    error: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class Choice:
    """One choice of a question: its value, its label and the files that belong to the label."""

    value: str
    label: str
    media: dict[str, str]


class Slot:
    """One expression at one node: what it looked at, and what has to happen when that changes."""

    __slots__ = ("kind", "node", "queued", "rank", "sources", "stale", "token", "value")

    def __init__(self, node: Any, kind: str, token: Any, rank: int) -> None:
        self.node = node
        self.kind = kind
        self.token = token
        self.rank = rank
        self.sources: set[Any] = set()
        self.value: Any = None
        self.stale = True
        self.queued = False


class Shown:
    """What a person may get to see of a node: both questions and repeats are such."""

    session: Session
    field: Field
    relevant: bool

    @property
    def type(self) -> str:
        """The type as XLSForm names it."""
        return self.field.type_name

    @property
    def appearance(self) -> str:
        return self.field.appearance

    @property
    def parameters(self) -> dict[str, str]:
        """What the body says of a control: start, end, step, mediatype, rows."""
        return dict(self.field.body)

    def label(self, language: str | None = None) -> str | None:
        return self.session.said(self, self.field.label, language)

    def hint(self, language: str | None = None) -> str | None:
        return self.session.said(self, self.field.hint, language)

    def guidance(self, language: str | None = None) -> str | None:
        return self.session.said(self, self.field.hint, language, form="guidance")

    def media(self, language: str | None = None) -> dict[str, str]:
        """The files of the label: audio, image, video -> name."""
        return self.session.media_of(self, self.field.label, language)

    @property
    def constraint_message(self) -> str | None:
        return self.session.said(self, self.field.constraint_message, None)

    @property
    def required_message(self) -> str | None:
        return self.session.said(self, self.field.required_message, None)


class Node(ElementNode, Shown):
    """A node of the instance: a group, an instance of a repeat, a question or a hidden value."""

    parent: Any  # another node of ours
    children: Any

    def __init__(self, session: Session, field: Field, parent: Any) -> None:
        self.session = session
        self.field = field
        self.parent = parent
        self.children = []
        self.kids: dict[str, list[Node]] = {}
        self.ranges: dict[str, Repeat] = {}
        self.attrs: list[Node] = []
        self.slots: dict[str, Slot] = {}
        self.watchers: set[Slot] = set()
        self.element: Element | None = None  # of the form, that it was made from
        self.raw = ""
        self.shown = ""
        self.relevant = True
        self.self_relevant = field.relevant is not False
        self.value = self
        self.position = 0
        self.gone = False

    name = property(lambda self: self.field.name)

    # what elementpath asks

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __iter__(self) -> Iterator[Any]:
        if self.ranges and self.session.looking is not None:
            self.session.looking.update(self.ranges.values())
        yield from self.children

    def match_name(self, name: str, default_namespace: str | None = None) -> bool:
        return name == "*" or local(name) == self.field.name.removeprefix("@")

    @property
    def attributes(self) -> list[Any]:
        return self.attrs

    @property
    def string_value(self) -> str:
        looking = self.session.looking
        if not self.children:
            if looking is not None:
                looking.add(self)
            return self.shown
        return "".join(str(child.string_value) for child in self if isinstance(child, Node))

    def named(self, name: str) -> list[Node]:
        """The children of a name; noted as looked at where there can be more or fewer of them."""
        if name in self.ranges and self.session.looking is not None:
            self.session.looking.add(self.ranges[name])
        return self.kids.get(name, [])

    def place(self) -> int:
        """The number among the neighbours of the same name."""
        if self.field.kind == "repeat":
            if self.session.looking is not None:
                self.session.looking.add(self.parent.ranges[self.field.name])
            return int(self.parent.kids[self.field.name].index(self)) + 1
        return 1

    # what the program asks

    @property
    def ref(self) -> str:
        """The path with the numbers of repeat instances: /data/person[2]/age."""
        if self.parent is None:
            return ""
        here = f"{self.parent.ref}/{self.field.written}"
        if self.field.kind == "repeat":
            here += f"[{self.parent.kids[self.field.name].index(self) + 1}]"
        return here

    @property
    def kind(self) -> str:
        """question, note, group, instance (of a repeat) or hidden."""
        if self.field.kind == "repeat":
            return "instance"
        if self.field.kind == "group":
            return "group"
        if self.field.control is None:
            return "hidden"
        return "note" if self.field.is_note or self.readonly else "question"

    @property
    def required(self) -> bool:
        return bool(self.session.asked(self, "required"))

    @property
    def readonly(self) -> bool:
        node: Any = self
        while node is not None:
            if node.session.asked(node, "readonly"):
                return True
            node = node.parent
        return False

    @property
    def answer(self) -> str:
        """The value as it stands in the instance, "" when there is none."""
        return self.shown

    def choices(self, language: str | None = None) -> list[Choice]:
        return self.session.choices_of(self, language)

    @property
    def titles(self) -> list[str]:
        """The labels of the groups around it, the outermost first."""
        found: list[str] = []
        node = self.parent
        while node is not None and node.parent is not None:
            label = node.label()
            if label:
                found.insert(0, label)
            node = node.parent
        return found


class Repeat(CommentNode, Shown):
    """A repeat as a whole, standing before its instances. A comment to XPath, so that no path finds it."""

    parent: Any  # a node of ours

    def __init__(self, session: Session, field: Field, parent: Node) -> None:
        self.session = session
        self.field = field
        self.parent = parent
        self.slots: dict[str, Slot] = {}
        self.watchers: set[Slot] = set()
        self.relevant = True
        self.self_relevant = field.relevant is not False
        self.value = self  # type: ignore[assignment]
        self.position = 0
        self.gone = False

    name = None
    children: Any = None
    kind = "repeat"
    required = readonly = False
    answer = ""

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def string_value(self) -> str:
        return ""

    def named(self, name: str) -> list[Node]:
        return []

    def place(self) -> int:
        return 1

    @property
    def ref(self) -> str:
        return f"{self.parent.ref}/{self.field.written}"

    @property
    def instances(self) -> list[Node]:
        found: list[Node] = self.parent.kids.get(self.field.name, [])
        return found

    @property
    def by_person(self) -> bool:
        """Whether the person says how many there are."""
        return self.field.count is None


@dataclass(frozen=True)
class Stop:
    """Where a dialogue stops: a question, a note, or "one more?" of a repeat (kind repeat-prompt)."""

    ref: str
    kind: str
    node: Node | Repeat


class Part:
    """The rest of a group: what comes after something in it."""

    def __init__(self, node: Node, children: list[Any]) -> None:
        self.field = node.field
        self.children = children
