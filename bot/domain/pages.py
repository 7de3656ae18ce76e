"""Fixed pages with version, date and signature; who hears when one changed."""

from __future__ import annotations

import difflib
import hashlib
import re

from bot import outbox
from bot.config import LANGUAGES, Config
from bot.domain import desks
from bot.faq.content import Content
from bot.message import Part
from bot.store.audit import append_audit
from bot.store.db import Tx
from bot.store.meta import get_content_text, set_content_text
from bot.store.people import list_people_to_call
from bot.store.rooms import list_private_rooms_of, list_rooms

SHOWN_CHANGES = 5


def fingerprint(content: Content, name: str, language: str) -> str:
    """SHA-256 of a page's text in a language."""
    return content.pages[name].sha256(language)


def signature(tx: Tx, content: Content, name: str, language: str) -> str:
    """The custody key's signature over name, version, language and SHA-256 of a page."""
    page = content.pages[name]
    stated = f"liaison-page\n{name}\n{page.version}\n{language}\n{page.sha256(language)}"
    return tx.keys.signer().sign(stated.encode())


def _sentences(text: str) -> list[str]:
    return [s.strip() for s in re.split(r"(?<=[.!?؟])\s+|\n+", text) if s.strip()]


def changes(old: str, new: str) -> list[tuple[str, str]]:
    """The sentences that changed, old and new; an added one has no old, a removed one no new."""
    before, after = _sentences(old), _sentences(new)
    found = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            found.append((" ".join(before[a:b]), " ".join(after[c:d])))
    return found


def tell_changes(tx: Tx, content: Content, config: Config) -> int:
    """When `about` is another text than the bot last told: tell rooms, and people who may be called. How many."""
    changed: dict[str, list[tuple[str, str]]] = {}
    for language in LANGUAGES:
        new = content.pages["about"].text.get(language)
        if new is None:
            continue
        old = get_content_text(tx, "about", language)
        if old is not None and old != new:
            changed[language] = changes(old, new)
        if old != new:
            set_content_text(tx, "about", language, hashlib.sha256(new.encode()).hexdigest(), new)
    if not changed:
        return 0
    append_audit(tx, "about-changed", ref=content.pages["about"].version)
    told = 0
    for room in list_rooms(tx, kind="coalition"):
        outbox.say(tx, room.room_id, _notice(changed, "en"), language="en", lane="work", audience="public")
        told += 1
    for desk in config.desks:
        told += desks.tell(tx, config, _notice(changed, next(iter(desk.languages), "en")), desk=desk.name) is not None
    for person in list_people_to_call(tx):
        language = person.language or "en"
        for room_id in list_private_rooms_of(tx, person.account)[-1:]:
            parts = _notice(changed, language)
            outbox.say(
                tx, room_id, parts, language=language, lane="work", audience="public", lite=person.lite, loud=True
            )
            told += 1
    return told


def _notice(changed: dict[str, list[tuple[str, str]]], language: str) -> list[Part]:
    pairs = changed.get(language) or next(iter(changed.values()))
    parts = [Part("about-changed")]
    for old, new in pairs[:SHOWN_CHANGES]:
        if old:
            parts.append(Part("about-old", {"text": old}))
        if new:
            parts.append(Part("about-new", {"text": new}))
    return parts
