"""A form while it is being answered. The answers are the only state: everything else follows from them.

Values are computed when what they look at has changed, and only then: each expression notes what it looked at while
it was evaluated, and what has changed is computed again in the order that the form's dependencies demand.
"""

from __future__ import annotations

import heapq
import random
import re
import secrets
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bot.forms import answers, xpath
from bot.forms.answers import NotOfType
from bot.forms.form import Form
from bot.forms.media import Secondary
from bot.forms.model import JR, XFORMS, Choices, Field, Text, local
from bot.forms.nodes import LATER, Choice, Node, Part, Repeat, Slot, Stop, Verdict
from bot.forms.xpath import XPathError, as_boolean, as_number, as_text

Json = dict[str, Any]

WANTED: dict[str, Any] = {"calculate": as_text, "count": as_number, "choices": lambda found: found}  # else a boolean
MOST_ROUNDS = 60  # times that one expression is computed for one answer before it is left as it is
MOST_INSTANCES = 1000  # of one repeat
STEP = re.compile(r"(@?[^\[\]]+)(?:\[(\d+)\])?")
MISSING_TRANSLATION = "-"  # what pyxform writes where a translation is missing


class Session:
    """A form, answers to it, and what follows from them.

    `state` is what `state()` gave before; without it the form begins anew. `now` is the time that today() and now()
    say; `language` one of the form's, or of the person, where the form has it.
    """

    def __init__(self, form: Form, state: Json | None = None, *, now: datetime, language: str = "") -> None:
        self.form = form
        self.now = now
        self.language = form.language(language)
        self._start(state)

    def _start(self, state: Json | None) -> None:
        form = self.form
        self.looking: set[Any] | None = None
        self._queue: list[tuple[int, int, Slot]] = []
        self._count = 0
        self._rounds: dict[Slot, int] = {}
        self._due: list[tuple[Any, Any]] = []
        self._fresh: list[Node] = []  # of instances that have just been added
        self._begun = False
        self._lost = False  # something that cannot be had back by answering as before
        self.seed: int = state["seed"] if state else secrets.randbits(48)
        self.random = random.Random(self.seed)  # noqa: S311  # the order of choices is no secret
        self._root = Node(self, form.document, None)
        self._root.element = form.root_element
        self._restoring = state
        counts = state["repeats"] if state else {}
        self._build_into(self._root, form.root_element, counts)
        self._number()
        if state is not None:
            self._put_back(state["values"])
        else:
            self._begin()
        self._begun = True

    # ---- building --------------------------------------------------------------------------------------------------

    def _build_into(self, above: Node, element: Element | None, counts: dict[str, int]) -> None:
        """The nodes below `above`, as an element of the form has them."""
        present: dict[str, Element] = {}
        for inner in element if element is not None else ():
            if isinstance(inner.tag, str):
                present.setdefault(local(inner.tag), inner)
        if above is self._root and element is not None:
            present = {local(element.tag): element}
        for name, field in above.field.children.items():
            if field.kind != "repeat":
                self._add(above, field, present.get(name, field.element), counts)
                continue
            marker = Repeat(self, field, above)
            above.children.append(marker)
            above.ranges[name] = marker
            above.kids[name] = []
            self._slot(marker, "relevant", field.relevant)
            self._slot(marker, "count", field.count)
            number = counts.get(marker.ref)
            if number is None and self._restoring is not None:
                number = 0
            if number is None and field.count is None:
                standing = list(self._standing(element, name))
                number = len(standing)
            for place in range(number or 0):
                self._add(above, field, self._template(field, element, place), counts)

    def _standing(self, element: Element | None, name: str) -> list[Element]:
        inner = [e for e in element if isinstance(e.tag, str)] if element is not None else []
        return [e for e in inner if local(e.tag) == name and f"{{{JR}}}template" not in e.attrib]

    def _template(self, field: Field, element: Element | None, place: int) -> Element | None:
        """What a new instance begins with: what stands in the form at its place, else the template."""
        standing = self._standing(element, field.name)
        return standing[place] if place < len(standing) else None

    def _add(self, above: Node, field: Field, element: Element | None, counts: dict[str, int]) -> Node:
        node = Node(self, field, above)
        siblings = above.kids.setdefault(field.name, [])
        if field.kind == "repeat":
            at = above.children.index(above.ranges[field.name]) + len(siblings) + 1
            above.children.insert(at, node)
        else:
            above.children.append(node)
        siblings.append(node)
        if field.kind == "repeat" and element is None:
            element = field.blank
        for key, attribute in field.attributes.items():
            made = Node(self, attribute, node)
            node.attrs.append(made)
            made.raw = made.shown = (element.get(key) or "") if element is not None else ""
            self._slots(made)
        self._slots(node)
        if field.children:
            node.element = element
            self._build_into(node, element, counts)
        elif element is not None and field.kind == "leaf":
            node.raw = node.shown = answers.decoded(field, element.text or "")
        return node

    def _slots(self, node: Node) -> None:
        field = node.field
        self._slot(node, "relevant", field.relevant)
        if field.kind in ("leaf", "attribute"):
            self._slot(node, "calculate", field.calculate)
            self._slot(node, "required", field.required)
            if field.choices is not None and field.choices.changing:
                self._slot(node, "choices", field.choices.nodes)
        self._slot(node, "readonly", field.readonly)

    def _slot(self, node: Any, kind: str, token: Any) -> None:
        if token is not None and not isinstance(token, bool):
            slot = node.slots[kind] = Slot(node, kind, token, node.field.ranks.get(kind, 0))
            if kind not in LATER:
                self._push(slot)

    def _number(self) -> None:
        """Positions in document order, for XPath."""
        place = 0
        todo: list[Any] = [self._root]
        while todo:
            node = todo.pop()
            node.position = place
            place += 1
            if node.children:
                todo += reversed(node.children)

    def _begin(self) -> None:
        """What happens once, when a form is begun."""
        for node in self._nodes(self._root):
            if node.field.preload is not None:
                self._preload(node)
        self._settle(self._root.children[0], True)
        self._filter_all()
        self._run()
        for node in [*self._nodes(self._root)]:
            self._act(node, ("odk-instance-first-load", "odk-instance-load", "xforms-ready"))
        self._run()

    def _put_back(self, kept: dict[str, str]) -> None:
        for node in self._nodes(self._root):
            if node.field.kind in ("leaf", "attribute"):
                node.raw = node.shown = kept.get(node.ref, "")
        self._settle(self._root.children[0], True)
        self._filter_all()
        self._run()
        self._restoring = None

    def _filter_all(self) -> None:
        for node in self._nodes(self._root):
            if node.field.choices is not None and node.raw:
                node.shown = self._effective(node)

    def _preload(self, node: Node) -> None:
        """Values that phones fill in. What would tell who somebody is or when exactly they wrote stays neutral.

        deviceid, username, phonenumber, email and the like: empty. start and end: the day, at midnight. uid: random.
        """
        kind, _parameter = node.field.preload or ("", "")
        day = self.now.replace(hour=0, minute=0, second=0, microsecond=0)
        if kind == "uid":
            node.raw = node.shown = f"uuid:{uuid.uuid4()}"
        elif kind == "date":
            node.raw = node.shown = day.date().isoformat()
        elif kind == "timestamp":
            node.raw = node.shown = day.isoformat(timespec="milliseconds")

    # ---- computing -------------------------------------------------------------------------------------------------

    @property
    def root(self) -> Node:
        return self._root

    def _push(self, slot: Slot) -> None:
        slot.stale = True
        if slot.kind in LATER or slot.queued or slot.node.gone:
            return
        slot.queued = True
        self._count += 1
        heapq.heappush(self._queue, (slot.rank, self._count, slot))

    def _run(self) -> None:
        """Compute all that has to be computed, and do what that sets off."""
        self._rounds.clear()
        while self._queue or self._due or self._fresh:
            while self._queue:
                _, _, slot = heapq.heappop(self._queue)
                slot.queued = False
                rounds = self._rounds[slot] = self._rounds.get(slot, 0) + 1
                if not slot.node.gone and rounds <= MOST_ROUNDS:
                    self._apply(slot)
            fresh, self._fresh = self._fresh, []
            for node in fresh if self._restoring is None else ():
                self._act(node, ("odk-new-repeat",) if self._begun else ("odk-instance-first-load", "odk-new-repeat"))
            due, self._due = self._due, []
            for action, source in due:
                self._trigger(action, source)

    def _evaluate(self, slot: Slot) -> Any:
        """The value of an expression as its slot wants it, and note what it looked at."""
        outer, self.looking = self.looking, set()
        wanted = WANTED.get(slot.kind, as_boolean)
        try:
            value = wanted(xpath.evaluate(slot.token, self, slot.node))
        except XPathError:
            value = wanted("")  # as if there were no value: a form is not to stop because of one expression
        looked = self.looking or set()
        self.looking = outer
        looked.discard(slot.node)
        for gone in slot.sources - looked:
            gone.watchers.discard(slot)
        for new in looked - slot.sources:
            new.watchers.add(slot)
        slot.sources = looked
        slot.stale = False
        return value

    def asked(self, node: Node, kind: str) -> bool:
        """Whether a node is required or read-only."""
        slot = node.slots.get(kind)
        if slot is None:
            return getattr(node.field, kind) is True
        if slot.stale:
            slot.value = self._evaluate(slot)
        return bool(slot.value)

    def _apply(self, slot: Slot) -> None:
        node = slot.node
        if slot.kind == "relevant":
            relevant = self._evaluate(slot)
            if relevant != node.self_relevant:
                node.self_relevant = relevant
                self._spread(node, self._above_relevant(node))
        elif slot.kind == "calculate":
            if self._restoring is not None:
                # What it looks at; its value is among the answers, also one that was drawn by lot.
                slot.value = answers.decoded(node.field, self._evaluate(slot))
            elif node.relevant:
                value = answers.decoded(node.field, self._evaluate(slot))
                if value != slot.value:  # the same value again takes nothing back that a person has changed
                    slot.value = value
                    self._set(node, value)
        elif slot.kind == "count":
            number = self._evaluate(slot)
            if number == number:
                self._resize(node, int(max(0.0, min(float(MOST_INSTANCES), number))))
        elif node.raw:  # choices
            slot.value = self._choice_values(node, self._evaluate(slot))
            self._refresh(node)

    def _above_relevant(self, node: Any) -> bool:
        return node.parent is None or node.parent.relevant

    def _spread(self, node: Any, above: bool) -> None:
        """Relevance, down from a node."""
        relevant = above and node.self_relevant
        changed = relevant != node.relevant
        node.relevant = relevant
        if isinstance(node, Repeat) or not changed:
            return
        if relevant:
            self._calculate_anew(node)
        if node.field.kind in ("leaf", "attribute"):
            self._refresh(node)
        for attribute in node.attrs:
            self._spread(attribute, relevant)
        for child in node.children:
            self._spread(child, relevant)

    def _calculate_anew(self, node: Node) -> None:
        slot = node.slots.get("calculate")
        if slot is not None:
            slot.value = None
            self._push(slot)

    def _set(self, node: Node, raw: str) -> None:
        if raw != node.raw:
            node.raw = raw
            slot = node.slots.get("choices")
            if slot is not None and slot.stale and raw:
                slot.value = self._choice_values(node, self._evaluate(slot))
            self._refresh(node)

    def _refresh(self, node: Node) -> None:
        shown = self._effective(node)
        if shown == node.shown:
            return
        node.shown = shown
        for slot in list(node.watchers):
            self._push(slot)
        if self._begun or self._restoring is None:
            self._due += [(action, node) for action in node.field.triggers]

    def _effective(self, node: Node) -> str:
        """The value that counts: none where the question is not asked, only what can be chosen now."""
        if not node.relevant or not node.raw:
            return ""
        field = node.field
        if field.choices is None:
            return node.raw
        slot = node.slots.get("choices")
        if slot is None:
            can = self._choice_values(node, None)
        else:
            if slot.stale:
                slot.value = self._choice_values(node, self._evaluate(slot))
            can = slot.value
        if field.control == "select1":
            return node.raw if node.raw in can else ""
        chosen = [v for v in node.raw.split() if v in can]
        if field.control == "rank":
            chosen += [v for v in can if v not in chosen]
        return " ".join(chosen)

    def _trigger(self, action: Any, source: Node) -> None:
        """Set a value because another one changed: in the same instances of repeats."""
        if source.gone:
            return
        self._lost = True
        for target in self._targets(source, action.target):
            if target.relevant:
                self._set(target, answers.decoded(target.field, self._value_of(action.value, target)))

    def _targets(self, source: Node, field: Field) -> list[Node]:
        """The nodes of a field that share as many repeat instances with `source` as can be."""
        near: Node | None = source
        while near is not None and not field.ref.startswith(near.field.ref + "/") and near.parent is not None:
            near = near.parent
        if near is None:
            return []
        steps = field.ref[len(near.field.ref) + 1 :].split("/")
        found = [near]
        for step in steps:
            found = [k for n in found for k in n.kids.get(step, [])]
        return found

    def _act(self, node: Node, events: tuple[str, ...]) -> None:
        for action in node.field.actions:
            if set(action.events) & set(events) and node.relevant:
                self._set(node, answers.decoded(node.field, self._value_of(action.value, node)))
                self._calculate_anew(node)

    def _value_of(self, token: Any, node: Node) -> str:
        outer, self.looking = self.looking, None
        try:
            return as_text(xpath.evaluate(token, self, node))
        except XPathError:
            return ""
        finally:
            self.looking = outer

    # ---- repeats ---------------------------------------------------------------------------------------------------

    def _resize(self, repeat: Repeat, number: int) -> None:
        have = repeat.instances
        while len(have) < number:
            self._grow(repeat, self._template(repeat.field, repeat.parent.element, len(have)))
        if len(have) > number:
            for node in have[number:]:
                self._drop(node)
            del have[number:]
            self._changed(repeat)

    def _grow(self, repeat: Repeat, element: Element | None = None) -> Node:
        parent = repeat.parent
        node = self._add(parent, repeat.field, element, {})
        self._settle(node, parent.relevant)
        self._changed(repeat)
        self._fresh += self._nodes(node)
        return node

    def _settle(self, node: Any, above: bool) -> None:
        """Relevance of what has just been made; expressions that decide it are already waiting."""
        if not above or not node.self_relevant:
            self._spread(node, above)
        elif isinstance(node, Node):
            for inner in node.children:
                self._settle(inner, True)

    def _changed(self, repeat: Repeat) -> None:
        self._number()
        for slot in list(repeat.watchers):
            self._push(slot)

    def _drop(self, node: Node) -> None:
        self._lost = True
        node.parent.children.remove(node)
        for one in self._everything(node):
            one.gone = True
            for slot in one.slots.values():
                for source in slot.sources:
                    source.watchers.discard(slot)
            for slot in list(one.watchers):
                self._push(slot)

    def _everything(self, node: Any) -> Iterator[Any]:
        yield node
        yield from getattr(node, "attrs", ())
        for child in node.children or ():
            yield from self._everything(child)

    def add_repeat(self, ref: str) -> Verdict:
        """One more instance of a repeat that the person counts; `ref` is the repeat's."""
        repeat = self._find(ref)
        if isinstance(repeat, Node) and repeat.field.kind == "repeat":
            repeat = repeat.parent.ranges[repeat.field.name]
        if not isinstance(repeat, Repeat):
            return Verdict(False, error="unknown")
        if not repeat.by_person:
            return Verdict(False, error="counted")
        if len(repeat.instances) >= MOST_INSTANCES:
            return Verdict(False, error="too-many")
        self._grow(repeat)
        self._run()
        return Verdict(True)

    def remove_repeat(self, ref: str) -> Verdict:
        """Take an instance of a repeat away; `ref` is the instance's."""
        node = self._find(ref)
        if not isinstance(node, Node) or node.field.kind != "repeat":
            return Verdict(False, error="unknown")
        repeat: Repeat = node.parent.ranges[node.field.name]
        if not repeat.by_person:
            return Verdict(False, error="counted")
        self._drop(node)
        repeat.instances.remove(node)
        self._changed(repeat)
        self._run()
        return Verdict(True)

    # ---- answering -------------------------------------------------------------------------------------------------

    def answer(self, ref: str, value: Any) -> Verdict:
        """Give a question a value; one that is refused changes nothing.

        `value` as in JSON: text, number, true, a list for several choices; None takes an answer away.
        """
        node = self._find(ref)
        if not isinstance(node, Node) or node.field.control is None:
            return Verdict(False, error="unknown" if node is None else "no-question")
        if node.field.is_note:
            return Verdict(False, error="no-question")
        if node.readonly:
            return Verdict(False, error="readonly")
        try:
            raw = answers.written(node.field, value, self._can_choose(node))
        except NotOfType:
            return Verdict(False, "type")
        if raw == "":
            return self.clear(ref)
        return self._take_back_unless_it_holds(node, raw) if node.field.wide_constraint else self._try(node, raw)

    def _try(self, node: Node, raw: str) -> Verdict:
        """Look at the constraint before anything follows from the answer."""
        before = node.raw, node.shown
        node.raw = raw
        node.shown = self._effective(node)
        holds = self._holds(node)
        node.raw, node.shown = before
        if not holds:
            return Verdict(False, "constraint", message=node.constraint_message)
        self._set(node, raw)
        self._run()
        return Verdict(True)

    def _take_back_unless_it_holds(self, node: Node, raw: str) -> Verdict:
        """A constraint that looks at more than the answer can only be judged when everything has been computed."""
        kept, old, ref = self.state(), node.raw, node.ref
        self._lost = False
        self._set(node, raw)
        self._run()
        if self._holds(node):
            return Verdict(True)
        message = node.constraint_message
        if self._lost:
            self._start(kept)
            return Verdict(False, "constraint", message=message)
        again = self._find(ref)
        assert again is node
        self._set(node, old)
        self._run()
        return Verdict(False, "constraint", message=message)

    def clear(self, ref: str) -> Verdict:
        """Take an answer away. Of a required one the verdict says so; it is taken away all the same."""
        node = self._find(ref)
        if not isinstance(node, Node) or node.field.control is None or node.readonly:
            return Verdict(False, error="unknown" if node is None else "no-question")
        self._set(node, "")
        self._run()
        if node.required and node.relevant:
            return Verdict(False, "required", message=node.required_message)
        return Verdict(True)

    def _holds(self, node: Node) -> bool:
        token = node.field.constraint
        if token is None or not node.shown or not node.relevant:
            return True
        outer, self.looking = self.looking, None
        try:
            return as_boolean(xpath.evaluate(token, self, node))
        except XPathError:
            return True
        finally:
            self.looking = outer

    def set_metadata(self, name: str, value: str) -> None:
        """Fill the hidden values of this name, where the form has them."""
        for node in self._nodes(self._root):
            if node.field.name == name and node.field.control is None and node.field.kind == "leaf":
                self._set(node, answers.decoded(node.field, value))
        self._run()

    # ---- choices and texts -----------------------------------------------------------------------------------------

    def _can_choose(self, node: Node) -> list[str] | None:
        if node.field.choices is None:
            return None
        slot = node.slots.get("choices")
        if slot is None:
            return self._choice_values(node, None)
        slot.value = self._choice_values(node, self._evaluate(slot))
        return list(slot.value)

    def _choice_values(self, node: Node, nodes: Any) -> list[str]:
        choices = node.field.choices
        assert choices is not None
        if choices.nodes is None:
            return [value for value, _ in choices.fixed]
        if nodes is None:
            kept = self.form.kept_choices
            if choices.source not in kept and self._is_secondary(choices):
                kept[choices.source] = self._choice_values(node, self._choice_nodes(node))
            if choices.source in kept:
                return kept[choices.source]
            nodes = self._choice_nodes(node)
        return [as_text(xpath.evaluate(choices.value, self, n)) for n in nodes] if isinstance(nodes, list) else []

    def _is_secondary(self, choices: Choices) -> bool:
        return choices.source.lstrip().startswith("instance(") and not choices.changing

    def _choice_nodes(self, node: Node) -> list[Any]:
        choices = node.field.choices
        assert choices is not None
        try:
            found = xpath.evaluate(choices.nodes, self, node)
        except XPathError:
            return []
        return found if isinstance(found, list) else []

    def choices_of(self, node: Node, language: str | None) -> list[Choice]:
        """What can be chosen now, in the order of the form."""
        choices = node.field.choices
        if choices is None:
            return []
        if choices.nodes is None:
            return [
                Choice(value, self.said(node, label, language) or value, self.media_of(node, label, language))
                for value, label in choices.fixed
            ]
        made = []
        self.random.seed(self.seed)
        for one in self._choice_nodes(node):
            value = as_text(xpath.evaluate(choices.value, self, one))
            label, media = None, {}
            if choices.label_id is not None:
                text_id = as_text(xpath.evaluate(choices.label_id, self, one))
                label = self._itext(node, text_id, language, None)
                media = self._media(text_id, language)
            elif choices.label is not None:
                label = as_text(xpath.evaluate(choices.label, self, one))
            made.append(Choice(value, label or value, media))
        return made

    def choice_name(self, node: Any, value: str) -> str:
        """The label of a choice, for jr:choice-name."""
        if not isinstance(node, Node) or node.field.choices is None:
            return ""
        if node.field.choices.changing and self.looking is not None:
            self.looking.add(node)
        return next((c.label for c in self.choices_of(node, None) if c.value == value), "")

    def said(self, node: Any, text: Text | None, language: str | None, form: str | None = None) -> str | None:
        """A text of the form with the values in it; None when there is none."""
        if text is None:
            return None
        outer, self.looking = self.looking, None
        try:
            if text.text_id is not None:
                return self._itext(node, as_text(xpath.evaluate(text.text_id, self, node)), language, form)
            if form is not None:
                return None
            return "".join(p if isinstance(p, str) else self._value_of(p, node) for p in text.parts).strip()
        except XPathError:
            return None
        finally:
            self.looking = outer

    def _languages(self, language: str | None) -> list[str]:
        first = self.language if language is None else self.form.language(language)
        return [first, *(one for one in self.form.itext if one != first)]

    def _itext(self, node: Any, text_id: str, language: str | None, form: str | None) -> str | None:
        """A text in a language; in another one where it was not translated."""
        for one in self._languages(language):
            element = self.form.itext.get(one, {}).get(text_id)
            for value in element if element is not None else ():
                if value.get("form") in ((None, "long", "short") if form is None else (form,)):
                    said = self._output(node, value)
                    if said and said != MISSING_TRANSLATION:
                        return said
        return None

    def _output(self, node: Any, value: Element) -> str:
        parts = [value.text or ""]
        for inner in value:
            if isinstance(inner.tag, str) and local(inner.tag) == "output":
                token = self.form.expression(inner.get("value") or "''")
                parts.append(self._value_of(token, node) if token is not None else "")
            parts.append(inner.tail or "")
        return "".join(parts).strip()

    def text(self, text_id: str) -> str:
        return self._itext(self._root, text_id, None, None) or ""

    def media_of(self, node: Any, text: Text | None, language: str | None) -> dict[str, str]:
        if text is None or text.text_id is None:
            return {}
        try:
            return self._media(as_text(xpath.evaluate(text.text_id, self, node)), language)
        except XPathError:
            return {}

    def _media(self, text_id: str, language: str | None) -> dict[str, str]:
        for one in self._languages(language):
            element = self.form.itext.get(one, {}).get(text_id)
            values = [v for v in element if v.get("form") in ("image", "audio", "video")] if element is not None else []
            if values:
                return {v.get("form", ""): (v.text or "").rpartition("/")[2] for v in values}
        return {}

    def secondary(self, name: str) -> Secondary | None:
        return self.form.instances.get(name)

    # ---- looking ---------------------------------------------------------------------------------------------------

    def _nodes(self, node: Node) -> Iterator[Node]:
        for one in self._everything(node):
            if isinstance(one, Node) and one is not self._root:
                yield one

    def nodes(self) -> list[Node | Repeat]:
        """Everything that exists now below the form's root, in document order; repeats before their instances."""
        root = self._root.children[0]
        return [n for n in self._everything(root) if n is not root and n.field.kind != "attribute"]

    def _find(self, ref: str) -> Node | Repeat | None:
        """The node of a reference. A repeat without a number is itself at the end, else its first instance."""
        node: Node = self._root
        steps = ref.strip().removeprefix("/").split("/")
        for place, step in enumerate(steps):
            match = STEP.fullmatch(step)
            if match is None:
                return None
            name, number = match[1].rpartition(":")[2], match[2]
            if name in node.ranges and number is None and place == len(steps) - 1:
                return node.ranges[name]
            among = node.kids.get(name, [])
            at = int(number or 1) - 1
            if not 0 <= at < len(among):
                return None
            node = among[at]
        return node

    def node(self, ref: str) -> Node | Repeat | None:
        """What a reference names: a question, a group, an instance of a repeat, or a repeat."""
        return self._find(ref)

    def stops(self) -> Iterator[Stop]:
        """Where a dialogue stops, in the order of the form's body: what is relevant now."""
        yield from self._stops(self._root.children[0])

    def _stops(self, node: Node) -> Iterator[Stop]:
        inner = node.children
        if node.field.scattered:
            inner = sorted(inner, key=lambda n: n.field.place)
        prompt: Repeat | None = None
        for child in inner:
            if prompt is not None and child.field is not prompt.field:
                yield Stop(prompt.ref, "repeat-prompt", prompt)
                prompt = None
            if isinstance(child, Repeat):
                prompt = child if child.by_person and child.relevant else None
            elif child.relevant:
                if child.field.control is not None and child.field.kind == "leaf":
                    yield Stop(child.ref, child.kind, child)
                elif child.children:
                    yield from self._stops(child)
        if prompt is not None:
            yield Stop(prompt.ref, "repeat-prompt", prompt)

    def after(self, ref: str | None = None) -> Stop | None:
        """The next stop after a reference, or the first one."""
        if ref is None:
            return next(self.stops(), None)
        here = self._find(ref)
        while here is not None and here.parent is not None:
            found = self._after_in(here.parent, here)
            if found is not None:
                return found
            here = here.parent
        return None

    def _after_in(self, parent: Node, here: Node | Repeat) -> Stop | None:
        """The first stop among what follows `here` in its own group."""
        inner = list(parent.children)
        if parent.field.scattered:
            inner.sort(key=lambda n: n.field.place)
        at = inner.index(here)
        if isinstance(here, Repeat):  # the prompt stands after the instances
            at += len(here.instances)
        elif here.field.kind == "repeat":
            following = inner[at + 1 :]
            repeat = parent.ranges[here.field.name]
            if not (following and following[0].field is here.field) and repeat.by_person and repeat.relevant:
                return Stop(repeat.ref, "repeat-prompt", repeat)
        part = Part(parent, inner[at + 1 :])
        return next(self._stops(part), None)  # type: ignore[arg-type]

    def first_in(self, node: Node) -> Stop | None:
        """The first stop in a group or an instance of a repeat."""
        return next(self._stops(node), None)

    def before(self, ref: str | None) -> Stop | None:
        """The stop before a reference, or the last one."""
        found = None
        for stop in self.stops():
            if stop.ref == ref:
                return found
            found = stop
        return found if ref is None else None

    def missing(self) -> list[str]:
        """The questions that are required, asked and not answered."""
        return [
            n.ref for n in self._nodes(self._root)
            if n.field.control is not None and n.field.kind == "leaf" and n.relevant and not n.shown and n.required
        ]  # fmt: skip

    def invalid(self) -> list[str]:
        """The answers whose constraint no longer holds because others have changed."""
        return [n.ref for n in self._nodes(self._root) if n.field.constraint is not None and not self._holds(n)]

    # ---- what is kept ----------------------------------------------------------------------------------------------

    def state(self) -> Json:
        """Everything that a draft has to keep, as JSON: the answers, how many instances, the seed of random orders."""
        kept = {}
        repeats = {}
        for one in self._everything(self._root):
            if isinstance(one, Repeat):
                repeats[one.ref] = len(one.instances)
            elif one.raw and one.field.kind in ("leaf", "attribute"):
                kept[one.ref] = one.raw
        return {"form": self.form.version, "seed": self.seed, "repeats": repeats, "values": kept}

    def instance(self) -> bytes:
        """The instance as XML, without what is not relevant."""
        made = self._written(self._root.children[0])
        made.set("xmlns", XFORMS)
        written: bytes = ElementTree.tostring(made, encoding="utf-8", xml_declaration=False)
        return written

    def _written(self, node: Node) -> Element:
        tag = node.field.tag.removeprefix(f"{{{XFORMS}}}")
        made = Element(tag)
        source = node.field.element
        for key, value in source.attrib.items() if source is not None else ():
            if key != f"{{{JR}}}template":
                made.set(key, value)
        for attribute in node.attrs:
            made.set(attribute.field.tag, attribute.shown)
        if node.field.kind == "leaf":
            made.text = node.shown
        for child in node.children:
            if isinstance(child, Node) and child.relevant:
                made.append(self._written(child))
        return made
