"""From the sheet of a writer of forms to an ODK XForm, and from what is wrong with it back to row and column."""

from __future__ import annotations

import dataclasses
import io
import re
import warnings
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from pyxform.errors import PyXFormError
from pyxform.xls2json_backends import get_xlsform
from pyxform.xls2xform import convert

from bot.forms.model import Finding

ROW = re.compile(r"\[row ?: ?(\d+)\]|(?:^|\b)row:? (\d+)", re.IGNORECASE)
UNKNOWN_TYPE = re.compile(r"Unknown question type '([^']*)'")
FIRST_ROW = 2  # below the header
ALIASES = {
    "calculation": ("calculation", "calculate", "bind::calculate"),
    "relevant": ("relevant", "relevance", "bind::relevant"),
    "constraint": ("constraint", "bind::constraint"),
    "required": ("required", "bind::required"),
    "readonly": ("readonly", "read_only", "read only", "bind::readonly"),
    "repeat_count": ("repeat_count", "repeat count", "jr:count"),
    "choice_filter": ("choice_filter", "choice filter"),
    "appearance": ("appearance", "body::appearance"),
    "default": ("default", "trigger"),
}
BEGIN = re.compile(r"begin[ _](group|repeat|loop)", re.IGNORECASE)
END = re.compile(r"end[ _](group|repeat|loop)", re.IGNORECASE)


class Sheet:
    """The survey sheet: which row defines which node."""

    def __init__(self, rows: list[Mapping[str, Any]]) -> None:
        self.rows: dict[str, int] = {}
        self.types = {str(r.get("type") or ""): i + FIRST_ROW for i, r in reversed(list(enumerate(rows)))}
        self.columns = {str(k) for row in rows for k in row}
        around: list[str] = []
        for place, row in enumerate(rows):
            kind = str(row.get("type") or "").strip()
            name = str(row.get("name") or "").strip()
            if END.fullmatch(kind):
                del around[-1:]
            elif name:
                self.rows.setdefault("/".join([*around, name]), place + FIRST_ROW)
                if BEGIN.match(kind):
                    around.append(name)
            elif BEGIN.match(kind):
                around.append("")

    def placed(self, finding: Finding) -> Finding:
        """A finding with the row and the header of the sheet that it is about."""
        ref = str(finding.values.get("ref", ""))
        row = finding.row or self.rows.get(ref.strip("/").partition("/")[2])
        if row is None and finding.key == "form-type":
            row = self.types.get(str(finding.values.get("what")))
        column = finding.column
        if column in ALIASES:
            column = next((c for c in ALIASES[column] if c in self.columns), column)
        return dataclasses.replace(finding, row=row, column=column)


def compiled(data: bytes, kind: str, name: str) -> tuple[bytes, Sheet | None, list[Finding]]:
    """The XForm, the sheet, and what was found on the way. Without an XForm the findings say why there is none."""
    table: Sheet | None = None
    source: Any = io.BytesIO(data) if kind in (".xlsx", ".xlsm", ".xls") else data.decode("utf-8-sig", errors="replace")
    if isinstance(source, str) and not source.strip():
        return b"", None, [Finding("refused", "form-empty")]
    try:
        with warnings.catch_warnings():  # of the libraries that read spreadsheets: about looks that nobody needs
            warnings.simplefilter("ignore")
            table = Sheet(list(get_xlsform(source, file_type=kind).survey or []))
            if isinstance(source, io.BytesIO):
                source.seek(0)
            made = convert(source, file_type=kind, validate=False, pretty_print=False, form_name="data")
    except PyXFormError as error:
        found = _from_pyxform(str(error), "refused")
        return b"", table, [table.placed(found) if table is not None else found]
    except Exception:  # noqa: BLE001  # whatever libraries raise on a file that is no spreadsheet
        return b"", table, [Finding("refused", "form-unreadable", values={"ref": PurePath(name).suffix})]
    warned = [_from_pyxform(w, "warn") for w in made.warnings if "max-pixels" not in w]
    return made.xform.encode(), table, warned


def _from_pyxform(message: str, level: str) -> Finding:
    place = ROW.search(message)
    row = int(place[1] or place[2]) if place else None
    if unknown := UNKNOWN_TYPE.search(message):
        return Finding(level, "form-type", row, "type", {"ref": "", "what": unknown[1]})
    plain = ROW.sub("", message).strip(" .:")
    return Finding(level, "form-sheet", row, None, {"ref": "", "what": " ".join(plain.split())[:400]})
