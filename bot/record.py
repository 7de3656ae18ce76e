"""The record of a submission: the JSON inside `record.age`. Its shape is bot/schemas/record.schema.json."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot import __version__

SCHEMA = "liaison-record-1"
CONSENT = tuple(f"C{n}" for n in range(1, 16))


class RecordError(Exception):
    """What was sealed as a record is none."""


def text_sha256(text: str) -> str:
    """By which a text that was shown is known: the SHA-256 of its UTF-8."""
    return hashlib.sha256(text.encode()).hexdigest()


def build(
    *,
    received_at: datetime,
    form: Mapping[str, str],
    language: str,
    path: str,
    gate: Mapping[str, str],
    hard_stop: str | None,
    consent: Sequence[Mapping[str, Any]],
    destinations: Mapping[str, str],
    answers: Sequence[Mapping[str, Any]],
    files: Sequence[Mapping[str, Any]],
    texts: Iterable[str],
    instance: str,
    **more: Any,
) -> bytes:
    """The record as it is sealed. `texts` are all that were shown; answers and consent name them by `text_sha256`.

    `form` has id, version and title; `more` is what the schema lets be absent (credit, contact, role, adds_to, ...).
    Raises RecordError when an answer or a consent names a text that is not there: what was shown must be provable.
    """
    shown = {text_sha256(t): t for t in texts}
    if any(row["text_sha256"] not in shown for row in (*consent, *answers)):
        raise RecordError
    value = {
        "schema": SCHEMA,
        "received_at": f"{received_at:%Y-%m-%dT%H:%M:%SZ}",
        "program": {"name": "liaison", "version": __version__},
        "form": dict(form),
        "language": language,
        "path": path,
        "gate": dict(gate),
        "hard_stop": hard_stop,
        "consent": [dict(c) for c in consent],
        "destinations": dict(destinations),
        "answers": [dict(a) for a in answers],
        "files": [dict(f) for f in files],
        "texts": shown,
        "instance": instance,
        **more,
    }
    return json.dumps(value, ensure_ascii=False, sort_keys=True).encode()


def parse(data: bytes) -> dict[str, Any]:
    """The record in what was unsealed. Raises RecordError for what is none, or whose texts are not those shown."""
    try:
        value: Any = json.loads(data)
        whole = value["schema"] == SCHEMA and all(text_sha256(t) == h for h, t in value["texts"].items())
        whole = whole and all(isinstance(value[n], list) for n in ("answers", "files", "consent"))
        whole = whole and all(isinstance(a["name"], str) and isinstance(a["ref"], str) for a in value["answers"])
        whole = whole and isinstance(value["instance"], str) and isinstance(value["destinations"], dict)
        numbers = [f["number"] for f in value["files"]]
        whole = whole and len(set(numbers)) == len(numbers) and all(type(n) is int for n in numbers)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RecordError from error
    if not whole:
        raise RecordError
    found: dict[str, Any] = value
    return found


# ---- the same answers in the shape of HURIDOCS' event standard -----------------------------------------------------
#
# Who did what to whom: an event, its acts, their victims, who was involved, where it is known from, what was done about
# it. Names are those of the shipped form's questions; of another form, what is named alike is found.

INTERVENTIONS = ("prior_account", "other_destinations", "support_wanted")
OF_ITEM = {  # a question about an item, and what it is called here
    "item_type": "material", "item_is_original": "is_original", "item_made_date": "made",
    "item_made_precision": "made_precision", "item_made_place": "made_place", "item_chain": "chain",
    "item_changed": "changed", "item_url": "url", "item_note": "note",
}  # fmt: skip
MANY = ("item_changed",)
PLAIN = ("made", "made_place", "chain", "url", "note")


def shaped(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record's answers as event, acts, victims, involvements, information and interventions."""
    first: dict[str, Mapping[str, Any]] = {}
    for answer in record["answers"]:
        if answer.get("value") not in (None, "", []):
            first.setdefault(answer["name"], answer)

    def coded(name: str) -> list[dict[str, str]]:
        return _coded(first[name]) if name in first else []

    def some(**found: Any) -> dict[str, Any]:
        return {k: v for k, v in found.items() if v not in (None, "", [], {})}

    event = "event-1"
    acts = coded("violation_hint")
    victim = some(kind=_one(coded("people_affected")), number=_plain(first.get("number_affected")))
    actors = coded("alleged_actor_type")
    degree, marks = _one(coded("involvement")), coded("actor_identifying_info")
    involved: list[Any] = actors or ([None] if degree or marks else [])
    source = some(source_connection=_one(coded("source_connection")), obtained=coded("how_obtained"))
    account = first.get("first_account", {})
    return {
        "event": some(
            id=event,
            initial_date=_date(first.get("date_start")),
            final_date=_date(first.get("date_end")),
            date_precision=_one(coded("date_precision")),
            place=_plain(first.get("place_text")),
            place_precision=_one(coded("place_precision")),
            place_type=_one(coded("place_type")),
            geolocation=_point(record["answers"]),
            narrative=_plain(first.get("first_account")),
            narrative_files=list(account.get("files", [])),
            verbatim=_one(coded("account_is_verbatim")),
            language=_plain(first.get("account_language")),
            ongoing=_one(coded("still_happening")),
        ),
        "acts": [
            some(id=f"act-{n}", event=event, type=act, victim="victim-1" if victim else None)
            for n, act in enumerate(acts, start=1)
        ],
        "victims": [{"id": "victim-1", **victim}] if victim else [],
        "involvements": [
            some(id=f"involvement-{n}", event=event, actor=actor, degree=degree, identified_by=marks)
            for n, actor in enumerate(involved, start=1)
        ],
        "information": _information(record, event, source),
        "interventions": [
            {"id": f"intervention-{n}", "event": event, "kind": name, "values": coded(name)}
            for n, name in enumerate((i for i in INTERVENTIONS if coded(i)), start=1)
        ],
    }


def _information(record: Mapping[str, Any], event: str, source: Mapping[str, Any]) -> list[dict[str, Any]]:
    """One entry an item (a group of answers about the same file), one for files that belong to none, else one bare."""
    items: dict[str, list[Mapping[str, Any]]] = {}
    for answer in record["answers"]:
        if answer["name"].startswith("item_"):
            # Its instance of the repeat, also when it stands in a group inside it.
            items.setdefault(answer["ref"].rpartition("]")[0], []).append(answer)
    found = []
    told: set[int] = set()
    for group in items.values():
        entry: dict[str, Any] = {"files": []}
        rest: dict[str, Any] = {}
        for answer in group:
            entry["files"] += answer.get("files", [])
            name = OF_ITEM.get(answer["name"])
            if answer.get("value") in (None, "", []) or answer["name"] == "item_file":
                continue
            if name is None:
                rest[answer["name"]] = [c["value"] for c in _coded(answer)]
            elif name in PLAIN:
                entry[name] = _date(answer) if name == "made" else _plain(answer)
            else:
                entry[name] = _coded(answer) if answer["name"] in MANY else _one(_coded(answer))
        told |= set(entry["files"])
        found.append({k: v for k, v in entry.items() if v is not None} | ({"fields": rest} if rest else {}))
    others = [f["number"] for f in record["files"] if f["number"] not in told]
    if others or not found:
        found.append({"files": others})
    return [{"id": f"information-{n}", "event": event, **source, **entry} for n, entry in enumerate(found, start=1)]


def _coded(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    """What was chosen, with the label that was shown and HURIDOCS' code where the form gives one."""
    chosen = answer.get("choices")
    if chosen:
        return [{k: str(c[k]) for k in ("value", "label", "huridocs") if c.get(k)} for c in chosen]
    value = answer.get("value")
    return [{"value": str(v)} for v in (value if isinstance(value, list) else [value])]


def _one(found: Sequence[dict[str, str]]) -> dict[str, str] | None:
    return found[0] if found else None


def _plain(answer: Mapping[str, Any] | None) -> Any:
    value = answer.get("value") if answer else None
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return value if value is None or type(value) is int else str(value)


def _date(answer: Mapping[str, Any] | None) -> str | None:
    """The day, month or year of an answer; None for what is no date (it stands among the answers as it was given)."""
    found = re.match(r"\d{4}(-\d{2}(-\d{2})?)?(?![\d-])", str(answer.get("value"))) if answer else None
    return found[0] if found else None


def _point(answers: Iterable[Mapping[str, Any]]) -> dict[str, float] | None:
    """The first place that was given in coordinates."""
    for answer in answers:
        if answer.get("type") == "geopoint":
            found = re.match(r"(-?\d{1,2}(?:\.\d+)?)[ ,]+(-?\d{1,3}(?:\.\d+)?)", str(answer.get("value")))
            if found:
                return {"latitude": float(found[1]), "longitude": float(found[2])}
    return None
