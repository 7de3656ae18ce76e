"""Files that come with a form: lists of choices as CSV, GeoJSON or XML. Read once, when the form is published."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from elementpath.xpath_nodes import ElementNode

from bot.forms.model import local

MOST_BYTES = 20 * 1024 * 1024  # of one file
MOST_ITEMS = 100_000
DELIMITERS = ",;\t|"


class MediaError(Exception):
    """A file cannot be used; `key` names the sentence."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


class Secondary(ElementNode):
    """A node of a secondary instance: it never changes."""

    fixed = True
    children: Any
    parent: Any

    def __init__(
        self, name: str, text: str, parent: Secondary | None, attributes: Mapping[str, str] | None = None
    ) -> None:
        self.tag = name
        self.text = text
        self.parent = parent
        self.children = []
        self.kids: dict[str, list[Secondary]] = {}
        self.value = self
        self.position = 0
        self.field = None
        self.attrs = [Secondary(f"@{local(k)}", v, self) for k, v in (attributes or {}).items()]
        self._indexes: dict[str, dict[str, list[Secondary]]] = {}
        if parent is not None and not name.startswith("@"):
            parent.children.append(self)
            parent.kids.setdefault(name, []).append(self)

    name = property(lambda self: self.tag.removeprefix("@"))

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def attributes(self) -> list[Any]:
        return self.attrs

    def match_name(self, name: str, default_namespace: str | None = None) -> bool:
        return name == "*" or local(name) == self.tag.removeprefix("@")

    @property
    def string_value(self) -> str:
        return "".join(str(c.string_value) for c in self.children) if self.children else self.text

    def named(self, name: str) -> list[Secondary]:
        return self.kids.get(name, [])

    def place(self) -> int:
        return self.parent.kids[self.tag].index(self) + 1 if isinstance(self.parent, Secondary) else 1

    def index(self, name: str) -> dict[str, list[Secondary]]:
        """The children by the value of one of their own children: made when it is first wanted."""
        made = self._indexes.get(name)
        if made is None:
            made = self._indexes[name] = {}
            for child in self.children:
                for value in {str(v.string_value) for v in child.kids.get(name, [])}:
                    made.setdefault(value, []).append(child)
        return made


def from_element(element: Element, parent: Secondary | None = None) -> Secondary:
    """A secondary instance that stands in the form or in a file."""
    inner = [e for e in element if isinstance(e.tag, str)]
    made = Secondary(local(element.tag), "" if inner else (element.text or ""), parent, element.attrib)
    for one in inner:
        from_element(one, made)
    return made


def parse_xml(data: bytes) -> Element:
    """The root of an XML file; no DTD, no entities, nothing from outside."""
    try:
        root: Element = fromstring(data, forbid_dtd=True)
        return root
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        raise MediaError("form-xml") from None


def read(name: str, data: bytes) -> Secondary:
    """A file as a secondary instance: `root` with an `item` for each row or feature, or the XML as it is."""
    if len(data) > MOST_BYTES:
        raise MediaError("form-file-large")
    above = Secondary("instance", "", None)
    kind = name.lower().rpartition(".")[2]
    if kind == "xml":
        from_element(parse_xml(data), above)
        return above
    root = Secondary("root", "", above)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise MediaError("form-file-text") from None
    rows = _features(text) if kind in ("geojson", "json") else _rows(text)
    for place, row in enumerate(rows):
        if place >= MOST_ITEMS:
            raise MediaError("form-file-large")
        item = Secondary("item", "", root)
        for column, value in row:
            Secondary(column, value, item)
    return above


def _rows(text: str) -> Iterator[list[tuple[str, str]]]:
    if "\0" in text:
        raise MediaError("form-file-text")
    head = text.partition("\n")[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text.rstrip("\r\n"), newline=""), delimiter=delimiter)
    try:
        columns = [c.strip() for c in next(reader, [])]
        for row in reader:
            yield [(c, row[i] if i < len(row) else "") for i, c in enumerate(columns) if c]
    except csv.Error:
        raise MediaError("form-file-text") from None


def _features(text: str) -> Iterator[list[tuple[str, str]]]:
    try:
        features = json.loads(text)["features"]
        for feature in features:
            yield [("geometry", _geometry(feature["geometry"])), *_properties(feature)]
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        raise MediaError("form-file-geojson") from None


def _properties(feature: dict[str, Any]) -> Iterator[tuple[str, str]]:
    properties = dict(feature.get("properties") or {})
    known = properties.pop("id", None)
    known = feature.get("id", known)
    if known is not None:
        yield "id", _plain(known)
    for name, value in properties.items():
        yield str(name), _plain(value)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _geometry(geometry: dict[str, Any]) -> str:
    points = geometry["coordinates"]
    if geometry["type"] == "Point":
        points = [points]
    elif geometry["type"] == "Polygon":
        points = points[0]
    elif geometry["type"] != "LineString":
        raise ValueError
    return "; ".join(f"{_plain(point[1])} {_plain(point[0])} 0 0" for point in points)
