"""Reading an ODK XForm: its model and its body become fields; what is wrong with it becomes findings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from bot.forms import functions, xpath
from bot.forms.model import JR, XFORMS, Action, Choices, Field, Finding, Text, local
from bot.forms.xpath import XPathError

OPENROSA = "http://openrosa.org/xforms"
CONTROLS = ("input", "select", "select1", "rank", "trigger", "upload", "range", "secret")
TYPES = {
    "string", "int", "integer", "decimal", "boolean", "date", "time", "dateTime", "geopoint", "geotrace", "geoshape",
    "binary", "barcode", "select", "select1", "rank", "odk:rank", "intent", "image", "audio", "video", "file",
}  # fmt: skip
TYPE_ALIASES = {  # what other compilers than pyxform write
    "integer": "int", "datetime": "dateTime", "note": "string", "text": "string", "select_one": "string",
    "select_multiple": "string", "acknowledge": "string", "trigger": "string", "float": "decimal", "double": "decimal",
}  # fmt: skip
EXPRESSIONS = ("relevant", "required", "readonly", "constraint", "calculate")
ALWAYS = {"true()": True, "false()": False, "1": True, "0": False}
ITEXT = re.compile(r"\s*jr:itext\((.*)\)\s*", re.DOTALL)
CODE = re.compile(r".*\(([^()]+)\)\s*")


def children(element: Element, *names: str) -> Iterator[Element]:
    yield from (c for c in element if isinstance(c.tag, str) and local(c.tag) in names)


def child(element: Element, *names: str) -> Element | None:
    return next(children(element, *names), None)


class Reader:
    """Reads the model and the body of an XForm; collects everything that is wrong on the way."""

    def __init__(self, html: Element, namespaces: Mapping[str, str]) -> None:
        self.namespaces = {**namespaces, "jr": JR}
        self.namespaces.pop("", None)
        self.findings: list[Finding] = []
        self.known: dict[str, Any] = {}
        self.fields: dict[str, Field] = {}
        self.constraints: dict[str, str] = {}
        head, body = child(html, "head"), child(html, "body")
        model = child(head, "model") if head is not None else None
        first = child(model, "instance") if model is not None else None
        root = next((e for e in first if isinstance(e.tag, str)), None) if first is not None else None
        if head is None or model is None or root is None:
            raise XPathError("no-xform")
        title = child(head, "title")
        self.title = (title.text or "").strip() if title is not None else ""
        self.form_id = root.get("id") or root.tag
        self.itext: dict[str, dict[str, Element]] = {}
        self._itext(model)
        self.sources = [e for e in children(model, "instance") if e is not first]
        self.binds = {self._path(b.get("nodeset", "")): b for b in children(model, "bind")}
        self.bind_ids = {b.get("id", ""): ref for ref, b in self.binds.items()}
        self.top = f"/{local(root.tag)}"
        self.places: dict[str, float] = {}
        self.controls: dict[str, Element] = {}
        self.repeats: dict[str, Element] = {}
        self.groups: dict[str, Element] = {}
        if body is not None:
            self._body(body, "")
        self._with_meta(root)
        self.root = self._field(root, None)
        self.document = Field("", "", "", None, "group", {self.root.name: self.root})
        self.root.parent = self.document
        for ref, bind in self.binds.items():
            self._bind(ref, bind)
        for ref, control in self.controls.items():
            self._control(ref, control)
        for ref, group in self.groups.items():
            if ref in self.fields and self.fields[ref].label is None:
                self.fields[ref].label = self._label(group, ref)
                self.fields[ref].appearance = group.get("appearance", "")
        for ref, repeat in self.repeats.items():
            self._repeat(ref, repeat)
        self._actions(model, body)

    # paths and expressions

    def _path(self, path: str) -> str:
        return re.sub(r"(?<=/)(@?)[\w.-]+:(?=[\w.-])", r"\1", path.strip())

    def _ref(self, element: Element, above: str) -> str | None:
        """The path that a control is bound to."""
        if (bind := element.get("bind")) is not None:
            return self.bind_ids.get(bind)
        found = element.get("ref") or element.get("nodeset")
        if found is None:
            return None
        path = self._path(found)
        if path.startswith("/"):
            return path
        steps = (above or self.top).split("/")
        for step in path.removeprefix("current()/").split("/"):
            if step == "..":
                steps = steps[:-1]
            elif step not in (".", "current()"):
                steps.append(step)
        return "/".join(steps)

    def _prefix(self, tag: str) -> str:
        uri = tag[1:].partition("}")[0] if tag.startswith("{") else XFORMS
        return next((f"{p}:" for p, u in self.namespaces.items() if u == uri and uri != XFORMS), "")

    def expression(self, source: str, ref: str, column: str) -> Any:
        """An expression that has been read once; what is wrong with it becomes a finding."""
        source = source.strip()
        if source in self.known:
            return self.known[source]
        try:
            found = xpath.read(source, self.namespaces)
            for part in found.iter("regex"):
                if len(part) == 2 and part[1].symbol == "(string)":
                    functions.compiled(str(part[1].value))
            self.known[source] = found
        except XPathError as error:
            key = {"function": "form-function", "arguments": "form-arguments"}.get(error.key, "form-expression")
            self.wrong(key, ref, column, what=error.what)
            return None
        return found

    def wrong(self, key: str, ref: str, column: str | None = None, level: str = "refused", **values: Any) -> None:
        self.findings.append(Finding(level, key, None, column, {"ref": ref, **values}))

    def _with_meta(self, root: Element) -> None:
        """Every instance has an id of its own (a random one), also where the form forgot it."""
        meta = child(root, "meta")
        if meta is None:
            meta = SubElement(root, f"{{{OPENROSA}}}meta" if "orx" in self.namespaces else "meta")
        if child(meta, "instanceID") is None:
            SubElement(meta, f"{{{OPENROSA}}}instanceID" if meta.tag.startswith("{" + OPENROSA) else "instanceID")
        ref = f"{self.top}/meta/instanceID"
        if ref not in self.binds:
            self.binds[ref] = Element("bind", {f"{{{JR}}}preload": "uid"})

    # itext

    def _itext(self, model: Element) -> None:
        block = child(model, "itext")
        first = None
        for translation in children(block, "translation") if block is not None else ():
            language = translation.get("lang", "")
            self.itext[language] = {t.get("id", ""): t for t in children(translation, "text")}
            if translation.get("default") is not None and first is None:
                first = language
        if first is not None:  # the default language comes first
            self.itext = {first: self.itext.pop(first), **self.itext}

    def text(self, element: Element | None, ref: str, column: str) -> Text | None:
        """The text in or behind a label, hint or message."""
        if element is None:
            return None
        if (source := element.get("ref")) is not None:
            return self._text_of(source, ref, column)
        parts: list[Any] = [element.text or ""]
        for inner in element:
            if isinstance(inner.tag, str) and local(inner.tag) == "output":
                parts.append(self.expression(inner.get("value") or inner.get("ref") or "''", ref, column))
            parts.append(inner.tail or "")
        return Text(tuple(p for p in parts if p is not None and p != ""))

    def _text_of(self, source: str, ref: str, column: str) -> Text:
        if found := ITEXT.fullmatch(source):
            return Text(text_id=self.expression(found[1], ref, column))
        return Text((self.expression(source, ref, column),))

    def message(self, bind: Element, name: str, ref: str, column: str) -> Text | None:
        source = bind.get(f"{{{JR}}}{name}")
        if source is None:
            return None
        return self._text_of(source, ref, column) if ITEXT.fullmatch(source) else Text((source,))

    def _label(self, element: Element, ref: str, name: str = "label") -> Text | None:
        return self.text(child(element, name), ref, name)

    # the body

    def _body(self, element: Element, above: str) -> None:
        for inner in element:
            if not isinstance(inner.tag, str):
                continue
            name = local(inner.tag)
            ref = self._ref(inner, above) or above
            if name in CONTROLS:
                self.controls.setdefault(ref, inner)
            elif name == "repeat":
                self.repeats[ref] = inner
                if local(element.tag) == "group" and ref in self.groups:
                    self.repeats_label(ref, element)
                elif local(element.tag) == "group":
                    self.groups[ref] = element
            elif name == "group":
                if inner.get("ref") or inner.get("bind"):
                    self.groups[ref] = inner
            else:
                continue
            self.places.setdefault(ref, len(self.places))
            if name in ("group", "repeat"):
                self._body(inner, ref)

    def repeats_label(self, ref: str, group: Element) -> None:
        """The label of a repeat stands on the group around it."""
        self.groups[ref] = group

    # fields

    def _field(self, element: Element, parent: Field | None) -> Field:
        name = local(element.tag)
        ref = f"{parent.ref if parent else ''}/{name}"
        inner = [e for e in element if isinstance(e.tag, str)]
        kind = "repeat" if ref in self.repeats else "group" if inner or ref in self.groups else "leaf"
        made = Field(name, element.tag, ref, parent, kind, element=element, place=self.places.get(ref, float("inf")))
        made.written = self._prefix(element.tag) + name
        made.in_repeat = kind == "repeat" or bool(parent and parent.in_repeat)
        self.fields[ref] = made
        for key in element.attrib:
            path = f"{ref}/@{local(key)}"
            if path in self.binds:
                made.attributes[key] = self.fields[path] = Field(
                    "@" + local(key), key, path, made, "attribute", in_repeat=made.in_repeat,
                    written="@" + local(key),
                )  # fmt: skip
        for one in inner:
            known = made.children.get(local(one.tag))
            if known is None:
                made.children[local(one.tag)] = found = self._field(one, made)
                if found.kind == "repeat" and f"{{{JR}}}template" not in one.attrib:
                    found.instances.append(one)
            elif f"{{{JR}}}template" not in one.attrib:
                known.instances.append(one)
        made.place = min([made.place, *(c.place for c in made.children.values())])
        return made

    def _bind(self, ref: str, bind: Element) -> None:
        found = self.fields.get(ref)
        if found is None:
            return
        if kind := bind.get("type"):
            found.type = kind.partition(":")[2] if kind.startswith(("xsd:", "xs:")) else kind
            found.type = TYPE_ALIASES.get(found.type, found.type)
            if found.type not in TYPES:
                self.wrong("form-type", ref, "type", what=kind)
        for name in EXPRESSIONS:
            source = bind.get(name)
            if source is not None and source.strip():
                column = "calculation" if name == "calculate" else name
                token = self.expression(source, ref, column)
                constant = ALWAYS.get(source.strip()) if name in ("relevant", "required", "readonly") else None
                setattr(found, name, token if constant is None else constant)
        self.constraints[ref] = bind.get("constraint", "")
        found.constraint_message = self.message(bind, "constraintMsg", ref, "constraint_message")
        found.required_message = self.message(bind, "requiredMsg", ref, "required_message")
        if preload := bind.get(f"{{{JR}}}preload"):
            found.preload = preload, bind.get(f"{{{JR}}}preloadParams", "")

    def _control(self, ref: str, control: Element) -> None:
        found = self.fields.get(ref)
        if found is None:
            self.wrong("form-no-node", ref)
            return
        found.control = {"secret": "input"}.get(local(control.tag), local(control.tag))
        found.appearance = control.get("appearance", "")
        found.body = {local(k): v for k, v in control.attrib.items()}
        found.label = self._label(control, ref)
        found.hint = self._label(control, ref, "hint")
        if found.control == "upload" and ref not in self.binds:
            found.type = "binary"
        if found.control in ("select", "select1", "rank"):
            found.choices = self._choices(control, ref)

    def _choices(self, control: Element, ref: str) -> Choices | None:
        itemset = child(control, "itemset")
        if itemset is None:
            fixed = []
            for item in children(control, "item"):
                value = child(item, "value")
                fixed.append((("".join(value.itertext()).strip() if value is not None else ""), self._label(item, ref)))
            return Choices(tuple(fixed))
        source = itemset.get("nodeset", "")
        value, label = child(itemset, "value"), child(itemset, "label")
        label_source = label.get("ref", "") if label is not None else ""
        text_id = ITEXT.fullmatch(label_source)
        return Choices(
            nodes=self.expression(source, ref, "choice_filter"),
            value=self.expression(value.get("ref", "name") if value is not None else "name", ref, "type"),
            label=self.expression(label_source, ref, "type") if label_source and not text_id else None,
            label_id=self.expression(text_id[1], ref, "type") if text_id else None,
            source=source,
        )

    def _repeat(self, ref: str, repeat: Element) -> None:
        found = self.fields.get(ref)
        if found is None:
            self.wrong("form-no-node", ref)
            return
        found.control = None
        if source := repeat.get(f"{{{JR}}}count"):
            found.count = self.expression(source, ref, "repeat_count")
        elif (repeat.get(f"{{{JR}}}noAddRemove") or "").strip() in ("true()", "true", "1"):
            found.count = self.expression(str(max(1, len(found.instances))), ref, "repeat_count")

    # what sets values

    def _actions(self, model: Element, body: Element | None) -> None:
        for element, source in self._setvalues(model, None, body):
            target = self.fields.get(self._ref(element, "") or "")
            if target is None:
                continue
            if local(element.tag) == "setgeopoint":
                self.wrong("form-background-place", target.ref, "type", level="degraded")
                continue
            value = element.get("value")
            if value is None:
                text = "".join(element.itertext())
                token = xpath.literal(text)
            else:
                token = self.expression(value or "''", target.ref, "default")
            events = tuple(e.removeprefix("ev:") for e in element.get("event", "").split())
            if token is not None:
                action = Action(events, target, token, source)
                if source is None or set(events) - {"xforms-value-changed"}:
                    target.actions.append(action)
                if source is not None and "xforms-value-changed" in events:
                    source.triggers.append(action)

    def _setvalues(
        self, model: Element, source: Field | None, body: Element | None
    ) -> Iterator[tuple[Element, Field | None]]:
        for element in children(model, "setvalue", "setgeopoint"):
            yield element, None
        for ref, outer in (*self.controls.items(), *self.repeats.items(), *self.groups.items()):
            for element in children(outer, "setvalue", "setgeopoint"):
                yield element, self.fields.get(ref)
