"""Loading a form: an XLSForm is compiled by pyxform, an ODK XForm is read; what cannot be run is refused by name."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from bot.errors import UserError
from bot.forms import answers, sheet, xpath
from bot.forms import media as files
from bot.forms.media import MediaError, Secondary
from bot.forms.model import JR, Field, Finding
from bot.forms.order import rank
from bot.forms.reader import CODE, Reader
from bot.forms.xpath import XPathError

XLSFORMS = (".xlsx", ".xlsm", ".xls", ".md", ".csv")
BUNDLED = (".csv", ".geojson", ".json", ".xml")
MOST_BYTES = 10 * 1024 * 1024  # of the form itself
MOST_UNPACKED = 100 * 1024 * 1024
MOST_FILES = 500
PREFIX = re.compile(r"jr://(?:file-csv|file|images|audio|video)/")


class FormError(UserError):
    """A form that cannot be run; `findings` say why. Its own sentence names the first of them."""

    def __init__(self, findings: list[Finding]) -> None:
        first = next((f for f in findings if f.level == "refused"), findings[0])
        super().__init__(
            "form-refused", count=sum(f.level == "refused" for f in findings), ref=str(first.values.get("ref", ""))
        )
        self.findings = findings


def refused(key: str, **values: Any) -> FormError:
    return FormError([Finding("refused", key, values=values)])


class Form:
    """A form that can be run. It never changes; any number of sessions may use it."""

    def __init__(self, xml: bytes, media: Mapping[str, bytes], reader: Reader, instances: dict[str, Secondary]) -> None:
        self.xml = xml
        self.media = dict(media)
        self.id = reader.form_id
        self.title = reader.title
        self.version = _version(xml, media)
        self.findings = list(reader.findings)
        self.itext = reader.itext
        self.names = [name for name in reader.itext if name != "default"]
        self.document = reader.document
        self.root_element = reader.root.element
        self.instances = instances
        self.kept_choices: dict[str, list[str]] = {}
        self.sources = reader.constraints
        self.table: sheet.Sheet | None = None
        self._reader = reader

    @property
    def languages(self) -> list[str]:
        """The codes of its languages, the default one first; none where the form has one language only."""
        return [code(name) for name in self.names]

    def language(self, wanted: str) -> str:
        """The form's own name for a language given as code or name; its first one where it has not got it."""
        for name in self.itext:
            if wanted and wanted in (name, code(name)):
                return name
        return next(iter(self.itext), "")

    def expression(self, source: str) -> Any:
        """An expression of a text, read once; None when it is none."""
        known = self._reader.known
        if source.strip() not in known:
            try:
                known[source.strip()] = xpath.read(source.strip(), self._reader.namespaces)
            except XPathError:
                known[source.strip()] = None
        return known[source.strip()]

    def placed(self, finding: Finding) -> Finding:
        """A finding with its place in the sheet, where the form came as one."""
        return self.table.placed(finding) if self.table is not None else finding

    @property
    def fields(self) -> list[Field]:
        """Every field below the root, in document order."""
        root = next(iter(self.document.children.values()))
        return [f for f in root.below() if f is not root]


def code(name: str) -> str:
    """The code of a language as XLSForm writes them: English (en) -> en."""
    found = CODE.fullmatch(name)
    return found[1].strip() if found else name


def _version(xml: bytes, media: Mapping[str, bytes]) -> str:
    whole = hashlib.sha256(hashlib.sha256(xml).digest())
    for name in sorted(media):
        whole.update(hashlib.sha256(name.encode()).digest() + hashlib.sha256(media[name]).digest())
    return whole.hexdigest()


def load(data: bytes, name: str, media: Mapping[str, bytes] | None = None, *, missing_files: bool = False) -> Form:
    """Read a form: an XLSForm (.xlsx .xls .md .csv), a compiled XForm (.xml), or a zip with one of them and its files.

    `name`: of the file, for its kind. `media`: the files that come with it. `missing_files`: run it although files
    of choices are missing, with empty lists (to try a form out). Raises FormError.
    """
    media = dict(media or {})
    if name.lower().endswith(".zip"):
        data, name, inner = unpacked(data)
        media = inner | media
    if len(data) > MOST_BYTES:
        raise refused("form-large")
    kind = PurePosixPath(name.lower()).suffix
    table: sheet.Sheet | None = None
    found: list[Finding] = []
    if kind == ".xml":
        xml = data
    elif kind in XLSFORMS:
        if kind in (".xlsx", ".xlsm"):
            _check_zip(data)
        xml, table, found = sheet.compiled(data, kind, name)
        if not xml:
            raise FormError(found)
    else:
        raise refused("form-kind", kinds=" ".join((*XLSFORMS, ".xml", ".zip")))
    form = read(xml, media)
    form.findings[:0] = found
    form.table = table
    form.findings = [form.placed(f) for f in form.findings]
    unforgivable = [
        f for f in form.findings if f.level == "refused" and not (missing_files and f.key == "form-file-missing")
    ]
    if unforgivable:
        raise FormError(form.findings)
    return form


def read(xml: bytes, media: Mapping[str, bytes]) -> Form:
    """Read an XForm. What is wrong with it is in the findings of what is returned; FormError when it is no XForm."""
    try:
        html = files.parse_xml(xml)
        reader = Reader(html, _namespaces(xml))
    except MediaError:
        raise refused("form-xml") from None
    except XPathError:
        raise refused("form-no-xform") from None
    instances = _instances(reader, media)
    for cycle in rank(reader.document):
        around = list(dict.fromkeys(f.ref for f in cycle)) or [""]
        kinds = (
            [k for k in ("calculate", "relevant", "count", "choices") if getattr(cycle[0], k, None) is not None]
            if cycle
            else []
        )
        column = {"calculate": "calculation", "count": "repeat_count", "choices": "choice_filter"}
        reader.wrong(
            "form-cycle", around[0], column.get(kinds[0], kinds[0]) if kinds else None, what=" → ".join(around)
        )
    _degraded(reader)
    for field in reader.fields.values():
        if field.kind == "repeat":
            field.blank = _blank(field)
        places = [c.place for c in field.children.values() if c.place != float("inf")]
        field.scattered = places != sorted(places)
    reader.document.scattered = False
    return Form(xml, media, reader, instances)


def _namespaces(xml: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    for _, (prefix, uri) in ElementTree.iterparse(io.BytesIO(xml), events=("start-ns",)):  # noqa: S314  # parsed safely before
        found.setdefault(prefix, uri)
    return found


def _blank(field: Field) -> Element | None:
    """What a new instance of a repeat begins with: the template, or its shape without values when there is none."""
    if field.element is None or f"{{{JR}}}template" in field.element.attrib:
        return field.element
    shape = ElementTree.fromstring(ElementTree.tostring(field.element))  # noqa: S314  # made by us
    for one in shape.iter():
        one.text = None
    return shape


def _instances(reader: Reader, media: Mapping[str, bytes]) -> dict[str, Secondary]:
    found: dict[str, Secondary] = {}
    for element in reader.sources:
        name, source = element.get("id", ""), element.get("src")
        if source is None:
            found[name] = files.from_element(element)
            continue
        found[name] = Secondary("instance", "", None)
        if source.startswith("jr://instance/last-saved"):
            reader.wrong("form-last-saved", "", level="degraded")
            continue
        file = PREFIX.sub("", source)
        if not PREFIX.match(source) or "/" in file or "\\" in file:
            reader.wrong("form-fetched", "", what=source)
        elif file not in media:
            reader.wrong("form-file-missing", "", what=file)
        else:
            try:
                found[name] = files.read(file, media[file])
            except MediaError as error:
                reader.wrong("form-file-bad", "", what=file, reason=error.key)
    return found


APPEARANCES = {"multiline", "numbers", "url", "new", "no-calendar", "w1", "w2", "w3", "w4", "field-list", "place-name"}
DRAWN = {"draw", "signature", "annotate"}
CALENDARS = {"ethiopian", "coptic", "islamic", "bikram-sambat", "myanmar", "persian", "buddhist"}


def _degraded(reader: Reader) -> None:
    """What runs, but not as on a phone."""
    for ref, field in reader.fields.items():
        words = field.appearance.split()
        for word in words:
            if word.startswith("search("):
                reader.wrong("form-function", ref, "appearance", what="search")
            elif word.startswith("ex:"):
                reader.wrong("form-external", ref, "appearance", level="degraded", what=word[:80])
            elif word in DRAWN:
                reader.wrong("form-drawn", ref, "appearance", level="degraded", what=word)
            elif word in CALENDARS:
                reader.wrong("form-calendar", ref, "appearance", level="degraded", what=word)
            elif word not in APPEARANCES:
                reader.wrong("form-appearance", ref, "appearance", level="degraded", what=word[:80])
        if field.control == "input" and field.type in ("geotrace", "geoshape"):
            reader.wrong("form-line", ref, "type", level="degraded", what=field.type)
        if field.control == "range":
            try:
                answers.bounds(field)
            except ValueError:
                reader.wrong("form-range", ref, "parameters")
        if "query" in field.body:
            reader.wrong("form-type", ref, "type", what="select_one_external")
        if field.preload is not None and field.preload[0] in ("property", "timestamp"):
            reader.wrong("form-neutral", ref, "type", level="degraded", what=field.preload[1])
    model = [
        f
        for f in reader.fields.values()
        if f.name in ("audit", "background-audio") and f.parent and f.parent.name == "meta"
    ]
    for field in model:
        reader.wrong("form-not-recorded", field.ref, "type", level="degraded", what=field.name)


def unpacked(data: bytes) -> tuple[bytes, str, dict[str, bytes]]:
    """The form, its name and its files out of a zip."""
    _check_zip(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        inner = [i for i in archive.infolist() if not i.is_dir() and not i.filename.startswith(("__MACOSX", "."))]
        found = {PurePosixPath(i.filename).name: archive.read(i) for i in inner}
    form = form_among(found)
    return found.pop(form), form, found


def form_among(found: Mapping[str, bytes]) -> str:
    """Which of some files is the form; FormError when none is, or several could be."""
    for kinds in ((".xlsx", ".xls", ".xlsm", ".md"), (".xml",), (".csv",)):
        fits = [n for n in found if n.lower().endswith(kinds)]
        if kinds == (".xml",):
            fits = [n for n in fits if b"<model" in found[n] and b"xforms" in found[n]]
        elif kinds == (".csv",):
            fits = [n for n in fits if b"survey" in found[n][:200]]
        if len(fits) > 1:
            raise refused("form-several", names=", ".join(sorted(fits)))
        if fits:
            return fits[0]
    raise refused("form-none")


def _check_zip(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inner = archive.infolist()
            if len(inner) > MOST_FILES or sum(i.file_size for i in inner) > MOST_UNPACKED:
                raise refused("form-large")
            if any(i.flag_bits & 1 for i in inner):
                raise refused("form-unreadable")
    except (zipfile.BadZipFile, OSError, ValueError):
        raise refused("form-unreadable") from None
