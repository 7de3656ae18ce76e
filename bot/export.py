"""What comes out of an opened package: a BagIt bag with the originals, the record for machines and for people, tables.

Nothing here opens anything or decides who may: that is bot/unseal.py. Tables are for spreadsheet programs, which take a
cell that begins like a formula for one: such cells are made harmless (R42).
"""

from __future__ import annotations

import csv
import html
import io
import json
import logging
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import bagit

from bot.record import shaped

Say = Callable[..., str]  # the name of a sentence and its values -> the sentence

FORMULA = re.compile(r"\s*[=+\-@]|[\t\r\n]")
TURNS = re.compile("[\u202a-\u202e]")
FILES = "files"  # the folder of the originals
COLUMNS = ("ref", "name", "type", "question", "answer", "codes", "files", "text_sha256")
FILE_COLUMNS = (
    "number", "file", "sha256", "sha512", "size", "type", "claimed_name", "claimed_type", "encrypted_on_arrival",
    "voice", "graphic", "for",
)  # fmt: skip


def write(
    folder: Path, record: Mapping[str, Any], names: Mapping[int, str], *, custody: bytes, say: Say, language: str
) -> None:
    """Write everything but the originals into `folder`; `names` gives the file of each number, below FILES."""
    whole = {**record, "huridocs": shaped(record)}
    _write(folder / "record.json", json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    _write(folder / "instance.xml", record["instance"])
    _write(folder / "record.html", page(record, names, say, language))
    (folder / "custody.jsonl").write_bytes(custody)


def bag(folder: Path, subject: str) -> None:
    """Make the folder a BagIt bag with SHA-256 and SHA-512 manifests; it is known by its package's subject only."""
    logging.getLogger("bagit").setLevel(logging.ERROR)  # it logs the names of files
    bagit.make_bag(str(folder), {"External-Identifier": subject}, checksums=["sha256", "sha512"])


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="")


# ---- tables --------------------------------------------------------------------------------------------------------


def harmless(cell: Any) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if FORMULA.match(text) else text


def tables(folder: Path, record: Mapping[str, Any], names: Mapping[int, str]) -> None:
    """Write `answers.csv` (a row an answer), `files.csv` (a row a file) and `consent.csv` into `folder`."""
    answers = [
        [
            a["ref"], a["name"], a.get("type"), a.get("label"), "|".join(shown(a)),
            "|".join(str(c["huridocs"]) for c in a.get("choices") or () if c.get("huridocs")),
            "|".join(names[n] for n in a.get("files") or () if n in names), a.get("text_sha256"),
        ]
        for a in record["answers"]
    ]  # fmt: skip
    files = [[names.get(f["number"]) if c == "file" else f.get(c) for c in FILE_COLUMNS] for f in record["files"]]
    consent = [[c.get(n) for n in ("element", "answer", "value", "language", "text_sha256")] for c in record["consent"]]
    consent += [["destination " + name, answer, "", "", ""] for name, answer in record["destinations"].items()]
    _table(folder / "answers.csv", [COLUMNS, *answers])
    _table(folder / "files.csv", [FILE_COLUMNS, *files])
    _table(folder / "consent.csv", [("element", "answer", "value", "language", "text_sha256"), *consent])


def _table(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:  # with its mark: Excel reads it as UTF-8
        csv.writer(file).writerows([harmless(cell) for cell in row] for row in rows)


def shown(answer: Mapping[str, Any]) -> list[str]:
    """An answer as its person saw it: the labels of what they chose, else what they wrote."""
    if chosen := answer.get("choices"):
        return [str(c.get("label") or c.get("value")) for c in chosen]
    value = answer.get("value")
    if value in (None, ""):
        return []
    return [str(v) for v in (value if isinstance(value, list) else [value])]


# ---- Uwazi ---------------------------------------------------------------------------------------------------------


def uwazi(path: Path, record: Mapping[str, Any], names: Mapping[int, str], originals: Path, subject: str) -> None:
    """Write a zip for Uwazi's import: `import.csv` with one entity, and the originals beside it.

    Several values are divided by `|`, places are `lat|lon`, the days of the event a range `from:to`; documents (PDF)
    stand under `file`, all else under `attachments`, as Uwazi's importer reads them.
    """
    row: dict[str, list[str]] = {}
    for answer in record["answers"]:
        values = [v.replace("|", "/") for v in shown(answer)] if answer.get("choices") else shown(answer)
        if answer.get("type") == "geopoint":
            values = [_place(values)]
        if values:
            row.setdefault(answer["name"], []).extend(values)
    whole = shaped(record)["event"]
    if "initial_date" in whole and "final_date" in whole:
        row["event_dates"] = [f"{whole['initial_date']}:{whole['final_date']}"]
    documents = [names[f["number"]] for f in record["files"] if f.get("type") == "application/pdf"]
    others = [n for n in names.values() if n not in documents]
    columns = {"title": subject[:16], **{n: "|".join(v) for n, v in row.items()}}
    cells = {n: v if _is_place(v) else harmless(v) for n, v in columns.items()}
    cells |= {"file": "|".join(documents), "attachments": "|".join(others)}
    table = io.StringIO(newline="")
    csv.writer(table).writerows([cells.keys(), cells.values()])
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(zipfile.ZipInfo("import.csv"), table.getvalue().encode())
        for name in names.values():
            archive.write(originals / name, name)


def _place(values: Sequence[str]) -> str:
    return "|".join(re.split(r"[ ,]+", values[0].strip())[:2]) if values else ""


def _is_place(cell: str) -> bool:
    """Numbers alone are no formula, and Uwazi reads them as they are."""
    return re.fullmatch(r"-?\d+(\.\d+)?\|-?\d+(\.\d+)?", cell) is not None


# ---- for people ----------------------------------------------------------------------------------------------------

STYLE = """body{font:1em/1.5 sans-serif;max-width:50em;margin:2em auto;padding:0 1em}h2{margin-top:2em}
dt{font-weight:bold;margin-top:1em}dd{margin:0;white-space:pre-wrap}table{border-collapse:collapse}
td,th{border:1px solid #999;padding:.3em;text-align:start;overflow-wrap:anywhere}.warn{border:2px solid;padding:.5em}"""
NOTHING_FROM_OUTSIDE = "default-src 'none'; style-src 'unsafe-inline'"


def page(record: Mapping[str, Any], names: Mapping[int, str], say: Say, language: str) -> str:
    """The record as a page to read: plain HTML without scripts, pictures or anything from outside."""
    files = {f["number"]: f for f in record["files"]}
    parts = [
        "<!doctype html>",
        f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}"><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{NOTHING_FROM_OUTSIDE}">',
        f"<title>{_safe(say('record-title'))}</title><style>{STYLE}</style>",
        f"<h1>{_safe(say('record-title'))}</h1>",
    ]
    if any(f.get("graphic") for f in record["files"]):
        parts.append(f'<p class="warn">{_safe(say("record-graphic"))}</p>')
    if record.get("drill"):
        parts.append(f'<p class="warn">{_safe(say("record-drill"))}</p>')
    about = {
        "record-received": record.get("received_at"),
        "record-form": record.get("form", {}).get("title"),
        "record-language": record.get("language"),
        "record-hard-stop": record.get("hard_stop"),
        "record-credit": record.get("credit"),
    }
    parts.append(_list([(say(name), [str(value)]) for name, value in about.items() if value]))
    parts.append(f"<h2>{_safe(say('record-answers'))}</h2>")
    rows = []
    for answer in record["answers"]:
        attached = [names[n] for n in answer.get("files") or () if n in names]
        rows.append((str(answer.get("label") or answer["name"]), [*shown(answer), *attached] or [say("record-none")]))
    parts.append(_list(rows))
    parts.append(f"<h2>{_safe(say('record-files'))}</h2>")
    head = [say("record-file"), say("record-type"), say("record-size"), say("record-claimed"), "SHA-256"]
    told = [
        [names[n], f.get("type"), f.get("size"), visible(f.get("claimed_name")), f.get("sha256")]
        for n, f in sorted(files.items())
        if n in names
    ]
    parts.append(_grid(head, told) if told else f"<p>{_safe(say('record-none'))}</p>")
    parts.append(f"<h2>{_safe(say('record-consent'))}</h2>")
    consent = [
        [c.get("element"), c.get("answer"), record["texts"].get(c.get("text_sha256"))] for c in record["consent"]
    ]
    parts.append(_grid([say("record-element"), say("record-answer"), say("record-text")], consent))
    parts.append(f"<h2>{_safe(say('record-destinations'))}</h2>")
    parts.append(_grid([say("record-destination"), say("record-answer")], list(record["destinations"].items())))
    if contact := record.get("contact"):
        parts.append(f"<h2>{_safe(say('record-contact'))}</h2>")
        parts.append(_grid([say("record-question"), say("record-answer")], list(contact.items())))
    return "\n".join([*parts, "</html>", ""])


def visible(text: Any) -> str:
    """A name in which signs that cannot be seen are shown by their numbers."""
    found = "" if text is None else str(text)
    return "".join(f"[U+{ord(c):04X}]" if unicodedata.category(c) in ("Cc", "Cf") else c for c in found)


def _safe(value: Any) -> str:
    """A text of a page; signs that turn the writing after them round are shown and do nothing."""
    text = "" if value is None else str(value)
    return html.escape(TURNS.sub(lambda found: visible(found[0]), text))


def _list(rows: Iterable[tuple[str, Iterable[str]]]) -> str:
    told = (
        f'<dt dir="auto">{_safe(name)}</dt>' + "".join(f'<dd dir="auto">{_safe(v)}</dd>' for v in values)
        for name, values in rows
    )
    return f"<dl>{''.join(told)}</dl>"


def _grid(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    told = ["".join(f"<th>{_safe(h)}</th>" for h in head)]
    told += ["".join(f'<td dir="auto">{_safe(cell)}</td>' for cell in row) for row in rows]
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in told) + "</table>"
