"""Answers that staff change at the desk: shown as they will be, approved by a second person, learnt at once."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, get_args

from pydantic import ValidationError

from bot import approvals
from bot.config import Config
from bot.domain import desks
from bot.errors import UserError
from bot.faq.content import LANGUAGES, Body, Content, Entry, Status
from bot.message import Part
from bot.store.approvals import list_open_approvals, set_approval_state
from bot.store.audit import append_audit
from bot.store.db import Tx
from bot.store.faq import Change, delete_change, list_changes, set_change

REVIEWED_FOR = timedelta(days=90)
ID = re.compile(r"[a-z0-9-]{2,40}")
# What staff type before each line, and the field that it fills.
FIELDS = ("language", "topic", "question", "answer", "more", "source", "link", "of", "status", "for")
SMALL = ("language", "topic", "status", "for")  # written in small letters, however they were typed
MAY_BE_EMPTY = ("link", "of")
IN_ENTRY = {
    "topic": "topic", "source": "source_name", "link": "source_url", "of": "valid_as_of", "status": "status",
    "for": "applies_to",
}  # fmt: skip
TYPED = {field: name for name, field in IN_ENTRY.items()} | {"phrasings": "question"}
ONE_OF = {"for": get_args(Body), "status": get_args(Status)}
DATED = re.compile(r"\d{4}|(?i:\bresolution\b)")


def applied(tx: Tx, files: Content) -> Content:
    """The content folder with everything that was changed at the desk.

    What the files say too, word for word, is theirs again: from now on a change of them is seen.
    """
    changes = list_changes(tx)
    for change in changes:
        there = files.entries.get(change.id)
        if (there.model_dump(mode="json") if there else None) == change.entry:
            delete_change(tx, change.id)
    return over(files, changes)


def over(files: Content, changes: list[Change]) -> Content:
    """The content folder with these changes over it. What no longer fits is left out."""
    changed: dict[str, Entry | None] = {}
    for change in changes:
        try:
            changed[change.id] = Entry.model_validate(change.entry) if change.entry is not None else None
        except ValidationError:
            continue
    return files.changed(changed)


def parse(typed: str) -> dict[str, str]:
    """The fields in what staff typed, one a line: "answer: ..."; what follows without a name belongs to the last."""
    found: dict[str, str] = {}
    last = ""
    for line in typed.splitlines():
        name, colon, value = line.partition(":")
        if colon and name.strip().lower() in FIELDS:
            last = name.strip().lower()
            found[last] = value.strip()
        elif last:
            found[last] = f"{found[last]}\n{line}".strip()
        elif line.strip():
            raise UserError("faq-fields")
    return found | {name: found[name].lower() for name in SMALL if name in found}


def access(content: Content, entry_id: str) -> Entry:
    """An answer that somebody of the team named; else they see what ids there are that begin alike."""
    if entry_id in content.entries:
        return content.entries[entry_id]
    alike = [i for i in content.entries if i.startswith(entry_id.partition("-")[0])]
    raise UserError("faq-no-such", id=entry_id[:40], list=", ".join(alike or content.entries))


def drafted(content: Content, config: Config, entry_id: str, fields: dict[str, str], today: date) -> Entry:
    """The entry as it would be: a new one, or an old one with these fields changed in one language."""
    if not ID.fullmatch(entry_id):
        raise UserError("faq-id")
    before = content.entries.get(entry_id)
    language = fields.get("language", "en")
    if language not in LANGUAGES:
        raise UserError("faq-language")
    if empty := [name for name in fields if not fields[name] and name not in MAY_BE_EMPTY]:
        raise UserError("faq-missing", list=", ".join(empty))
    raw: dict[str, Any] = before.model_dump(mode="json") if before else _new(entry_id, fields, language, config, today)
    if before is not None:
        for name in ("answer", "more"):
            if name in fields:
                raw[name] = raw[name] | {language: fields[name]}
        if "question" in fields:
            raw["phrasings"][language] = [fields["question"], *raw["phrasings"][language][1:]]
        if "answer" in fields or raw["translation"].get(language) != "missing":  # until then it has another's words
            raw["translation"] = raw["translation"] | {language: "unreviewed"}
    for name, field in IN_ENTRY.items():
        if name in fields:
            raw[field] = fields[name] or None
    raw["review_by"] = (today + REVIEWED_FOR).isoformat()
    return _checked(content, raw)


def _new(entry_id: str, fields: dict[str, str], language: str, config: Config, today: date) -> dict[str, Any]:
    if missing := [n for n in ("topic", "question", "answer", "source") if not fields.get(n)]:
        raise UserError("faq-missing", list=", ".join(missing))
    answer, more = fields["answer"], fields.get("more") or fields["answer"]
    return {
        "id": entry_id, "topic": fields["topic"], "applies_to": config.mechanism.kind, "status": "policy",
        "red_line": False, "source_name": fields["source"], "source_url": None, "valid_as_of": None,
        "review_by": today.isoformat(), "see_also": [],
        "translation": {code: "unreviewed" if code == language else "missing" for code in LANGUAGES},
        "phrasings": {code: [fields["question"]] for code in LANGUAGES},
        "answer": dict.fromkeys(LANGUAGES, answer), "more": dict.fromkeys(LANGUAGES, more),
    }  # fmt: skip


def phrased(content: Content, entry_id: str, language: str, phrasing: str) -> Entry:
    """An entry with one more way of asking for it."""
    found = access(content, entry_id)
    if language not in LANGUAGES:
        raise UserError("faq-language")
    if not 3 <= len(phrasing) <= 200:
        raise UserError("faq-phrasing")
    raw = found.model_dump(mode="json")
    raw["phrasings"][language] = [*raw["phrasings"][language], phrasing]
    return _checked(content, raw)


def _checked(content: Content, raw: dict[str, Any]) -> Entry:
    if content.topic(raw["topic"]) is None:
        raise UserError("faq-topic", list=", ".join(t.topic for t in content.topics))
    try:
        entry = Entry.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        name = TYPED.get(str(first["loc"][0]), str(first["loc"][0]))
        if name in ONE_OF:
            raise UserError("faq-one-of", field=name, list=", ".join(ONE_OF[name])) from None
        raise UserError("faq-wrong", field=name) from None
    told = " ".join([*entry.answer.values(), *entry.more.values()])
    if entry.applies_to == "any" and DATED.search(told):
        raise UserError("faq-any")
    for language in LANGUAGES:
        if said := content.promised(language, entry.answer[language] + "\n" + entry.more[language]):
            raise UserError("faq-never-say", list=", ".join(said))
    return entry


def differences(before: Entry | None, entry: Entry) -> list[tuple[str, str, str | None]]:
    """What is other in an entry than before: the field with its language, the new words, the old ones (None: none)."""
    old = before.model_dump(mode="json") if before else {}
    found: list[tuple[str, str, str | None]] = []
    for name, now in entry.model_dump(mode="json").items():
        was = old.get(name)
        pairs = [(f"{name} {code}", now[code], (was or {}).get(code)) for code in now] if isinstance(now, dict) else []
        for label, new, last in pairs or [(name, now, was)]:
            if isinstance(new, list):
                found += [(label, str(one), None) for one in new if one not in (last or [])]
                found += [(label, "–", str(one)) for one in last or [] if one not in new]
            elif new != last:
                found.append((label, str(new), None if last is None else str(last)))
    return found


def still_foreign(entry: Entry, language: str) -> list[str]:
    """The lines that an entry does not have in a language yet: there it shows those of another one."""
    there = entry.spoken_in
    pairs = {
        "question": (entry.question(language), entry.question(there)),
        "answer": (entry.answer[language], entry.answer[there]),
        "more": (entry.more[language], entry.more[there]),
    }
    return [name for name, (here, other) in pairs.items() if language != there and here == other]


def waiting(tx: Tx, entry_id: str) -> list[str]:
    """The requests that wait for a second person to change this entry."""
    return [a.ref for a in list_open_approvals(tx) if a.deed == "faq" and a.subject["id"] == entry_id]


def ask(tx: Tx, entry_id: str, entry: Entry | None, *, by: str) -> str:
    """Ask a second person for a change of exactly this."""
    raw = entry.model_dump(mode="json") if entry else None
    return approvals.request(tx, "faq", {"id": entry_id, "entry": raw}, asked_by=by)


@approvals.deed("faq")
def _approved(tx: Tx, subject: dict[str, Any]) -> None:
    set_change(tx, subject["id"], subject["entry"], by=subject["asked_by"])
    append_audit(tx, "faq-changed", actor=subject["approved_by"], ref=subject["id"])
    _void(tx, subject["config"], subject["id"])
    subject["changed"](tx)


def _void(tx: Tx, config: Config, entry_id: str) -> None:
    """The other requests for this entry are over: each holds it as it was, and would undo what was approved now."""
    others = waiting(tx, entry_id)
    for ref in others:
        set_approval_state(tx, ref, "void")
        append_audit(tx, "void:faq", ref=ref)
    if others:
        desks.tell(tx, config, [Part("faq-void", {"id": entry_id, "list": ", ".join(others)})])
