"""Browsing the answers by digits: subjects, questions, one answer with source, date and review state."""

from __future__ import annotations

from bot.api import Context, Mode, Option, Part, command, day, key, line
from bot.domain import faq
from bot.faq.content import Entry

MODES: tuple[Mode, ...] = ("listening", "open", "archive")


@command("faq", places=("private", "group"), modes=MODES)
def topics(ctx: Context) -> None:
    if ctx.place == "group":
        ctx.say("group-private", address=ctx.state["us"])
        return
    ctx.say("faq-topics")
    choices = [Option(line(t.title), "faq-topic", (t.topic,)) for t in ctx.content.topics]
    ctx.ask(*choices, Option(Part("menu-menu"), "menu"))


@command("faq-topic", modes=MODES, typed=False)
def topic(ctx: Context, name: str) -> None:
    found = faq.access_topic(ctx.content, name)
    ctx.say("faq-entries")
    choices = [Option(line(questions(e)), "faq-entry", (e.id,)) for e in found.entries]
    ctx.ask(*choices, Option(Part("faq-other-topic"), "faq"))


@command("faq-entry", modes=MODES, typed=False)
def entry(ctx: Context, entry_id: str) -> None:
    """An answer: short, with source, date and state; then what to do next."""
    found = faq.access_entry(ctx.content, entry_id)
    ctx.say("faq-first-line")
    whose(ctx, found)
    ctx.add(line(found.answer))
    source(ctx, found)
    onward(ctx, found, Option(Part("faq-more"), "faq-more", (found.id,)))


@command("faq-more", modes=MODES, typed=False)
def more(ctx: Context, entry_id: str) -> None:
    found = faq.access_entry(ctx.content, entry_id)
    ctx.say("faq-more-first")
    whose(ctx, found)
    ctx.add(line(found.more))
    source(ctx, found)
    onward(ctx, found)


def onward(ctx: Context, found: Entry, *first: Option) -> None:
    """End an answer with where to go from it."""
    near = [Option(line(questions(e)), "faq-entry", (e.id,)) for e in faq.related(ctx.content, found)]
    more = Option(Part("faq-more-questions"), "faq-topic", (found.topic,))
    ctx.ask(*first, *near, more, Option(Part("menu-menu"), "menu"))


def questions(found: Entry) -> dict[str, str]:
    """An entry's question in every language, as menus show it."""
    return {language: phrasings[0] for language, phrasings in found.phrasings.items()}


def whose(ctx: Context, found: Entry) -> None:
    """That a fact is another body's stands before it."""
    if faq.about_other_body(found, ctx.config):
        ctx.say("faq-about-other", body=key(f"body-{found.applies_to}"))


def source(ctx: Context, found: Entry) -> None:
    """Where an answer comes from, of when it is, and who has looked at it."""
    if found.source_url:
        ctx.say("faq-source-link", source=found.source_name, link=found.source_url)
    else:
        ctx.say("faq-source", source=found.source_name)
    if found.valid_as_of is not None:
        ctx.say("faq-as-of", date=day(found.valid_as_of))
    else:
        ctx.say("faq-no-date")
    if faq.out_of_date(found, ctx.now.date()):
        ctx.say("faq-out-of-date", date=day(found.review_by))
    ctx.say(f"faq-status-{found.status}")
    if not found.reviewed(ctx.language):
        ctx.say("faq-unreviewed")
