"""Answers, changed by staff at the desk: shown as they will be, then approved by somebody else."""

from __future__ import annotations

from typing import Any

from bot.api import STAFF, Context, Place, UserError, command, each, line
from bot.domain import faq_changes
from bot.faq.content import Entry
from commands.cases import the_case, words
from commands.faq import shown

DESK: tuple[Place, ...] = ("desk", "private")


@command("faq-add", roles=STAFF, places=DESK, audience="own")
def faq_add(ctx: Context, rest: str) -> None:
    """A new answer: its id, then one line each for topic, question, answer, source and what else there is."""
    entry_id, fields = split(ctx, rest)
    if entry_id in ctx.content.entries:
        raise UserError("faq-exists", id=entry_id)
    ask(ctx, faq_changes.drafted(ctx.content, ctx.config, entry_id, fields, ctx.now.date()), fields)


@command("faq-edit", roles=STAFF, places=DESK, audience="own")
def faq_edit(ctx: Context, rest: str) -> None:
    """Change fields of an answer, in one language."""
    entry_id, fields = split(ctx, rest)
    faq_changes.access(ctx.content, entry_id)
    if not fields:
        raise UserError("faq-fields")
    ask(ctx, faq_changes.drafted(ctx.content, ctx.config, entry_id, fields, ctx.now.date()), fields)


@command("faq-phrasing", roles=STAFF, places=DESK, audience="own")
def faq_phrasing(ctx: Context, rest: str) -> None:
    """One more way of asking for an answer: its id, the language, the words."""
    entry_id, language, phrasing = [*rest.split(maxsplit=2), "", ""][:3]
    entry = faq_changes.phrased(ctx.content, entry_id.lower(), language.lower(), phrasing.strip())
    ctx.say("faq-preview-phrasing", id=entry.id, text=phrasing.strip())
    second(ctx, entry.id, entry)


@command("faq-retire", roles=STAFF, places=DESK, audience="own")
def faq_retire(ctx: Context, entry_id: str) -> None:
    """Take an answer out."""
    found = faq_changes.access(ctx.content, entry_id.lower())
    ctx.say("faq-preview-retire", id=found.id, text=each(found.answer))
    second(ctx, found.id, None)


@command("faq-from", roles=STAFF, places=DESK, audience="own")
def faq_from(ctx: Context, rest: str) -> None:
    """A case becomes an answer: in its thread, the id and the lines; the question in words of one's own."""
    _case, more = the_case(ctx, words(ctx, rest))
    entry_id, _, lines = more.partition("\n")
    fields = faq_changes.parse(lines)
    entry = faq_changes.drafted(ctx.content, ctx.config, entry_id.strip().lower(), fields, ctx.now.date())
    ask(ctx, entry, fields)


def split(ctx: Context, rest: str) -> tuple[str, dict[str, str]]:
    """The id, and the fields of the lines below it."""
    first, _, lines = words(ctx, rest).partition("\n")
    entry_id, _, more = first.partition(" ")
    return entry_id.strip().lower(), faq_changes.parse(f"{more}\n{lines}" if more.strip() else lines)


def ask(ctx: Context, entry: Entry, fields: dict[str, str]) -> None:
    """Show the answer exactly as people will read it, and ask for a second person."""
    language = fields.get("language", "en")
    ctx.say("faq-preview", id=entry.id)
    ctx.add(line(entry.question(language)))
    shown(ctx, entry, entry.answer, language=language)
    ctx.say("faq-preview-more")
    ctx.add(line(entry.more[language]))
    if foreign := faq_changes.still_foreign(entry, language):
        ctx.say("faq-preview-foreign", list=", ".join(foreign))
    second(ctx, entry.id, entry)


def second(ctx: Context, entry_id: str, entry: Entry | None) -> None:
    """Ask for a second person; tell when others wait for the same entry."""
    others = faq_changes.waiting(ctx.tx, entry_id)
    ctx.say("faq-asked", ref=faq_changes.ask(ctx.tx, entry_id, entry, by=ctx.human))
    if others:
        ctx.say("faq-others-wait", id=entry_id, list=", ".join(others))


def change(ctx: Context, entry_id: str, raw: dict[str, Any] | None) -> None:
    """A change that waits for approval: each line that is not what people read now."""
    before = ctx.content.entries.get(entry_id)
    if raw is None:
        ctx.say("faq-preview-retire", id=entry_id, text=each(before.answer) if before else "–")
        return
    entry = Entry.model_validate(raw)
    ctx.say("faq-preview", id=entry.id)
    for name, now, was in faq_changes.differences(before, entry):
        ctx.say("=line", text=f"{name}: {now}" if was is None else f"{name}: {was} → {now}")
