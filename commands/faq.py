"""Browsing the answers by digits: subjects, questions, one answer with source, date and review state."""

from __future__ import annotations

from typing import Any

from bot.api import Context, Mode, Option, Part, command, day, each, key, line
from bot.domain import answers
from bot.faq.content import Entry

MODES: tuple[Mode, ...] = ("listening", "open", "archive")


@command("faq", places=("private", "group"), modes=MODES)
def topics(ctx: Context, question: str = "") -> None:
    """The subjects by digits; with words after it, those words are the question."""
    if question:
        ctx.run("question", question)
        return
    if ctx.place == "group":
        ctx.say("group-private", address=ctx.state["us"])
        return
    ctx.say("faq-topics")
    choices = [Option(line(t.title), "faq-topic", (t.topic,)) for t in ctx.content.topics]
    ctx.ask(
        *choices,
        Option(Part("menu-ask"), "faq-own"),
        Option(Part("menu-threat"), "threat"),
        Option(Part("menu-menu"), "menu"),
    )


@command("faq-own", modes=MODES, typed=False)
def own_words(ctx: Context) -> None:
    """How to ask in one's own words."""
    ctx.say("ask-how")
    ctx.ask(Option(Part("menu-menu"), "menu"), text_command=("question",))


@command("faq-topic", modes=MODES, typed=False)
def topic(ctx: Context, name: str) -> None:
    found = answers.access_topic(ctx.content, name)
    ctx.say("faq-entries")
    choices = [Option(line(questions(e)), "faq-entry", (e.id,)) for e in found.entries]
    ctx.ask(*choices, Option(Part("faq-other-topic"), "faq"))


@command("faq-entry", modes=MODES, typed=False)
def entry(ctx: Context, entry_id: str) -> None:
    """An answer: short, with source, date and state; then what to do next."""
    found = answers.access_entry(ctx.content, entry_id)
    ctx.say("faq-first-line")
    shown(ctx, found, found.answer)
    answers.note_overdue(ctx.tx, ctx.config, found)
    onward(ctx, found, Option(Part("faq-more"), "faq-more", (found.id,)))
    spoken(ctx, found)


@command("faq-more", modes=MODES, typed=False)
def more(ctx: Context, entry_id: str) -> None:
    found = answers.access_entry(ctx.content, entry_id)
    ctx.say("faq-more-first")
    shown(ctx, found, found.more)
    onward(ctx, found)


def onward(ctx: Context, found: Entry, *first: Option) -> None:
    """End an answer with where to go from it."""
    near = [Option(line(questions(e)), "faq-entry", (e.id,)) for e in answers.related(ctx.content, found)]
    more = Option(Part("faq-more-questions"), "faq-topic", (found.topic,))
    ctx.ask(*first, *near, more, Option(Part("menu-menu"), "menu"), about=found.id)


def shown(ctx: Context, found: Entry, text: dict[str, str], *, language: str | None = None) -> None:
    """A text of an entry with whose it is, its source, date and state; in another language when it lacks this one.

    `language` is the one that was asked for, where that is not the person's own: then all of it is in that one.
    """
    code = language or ctx.language or "en"
    parts = [*whose(ctx, found), line(text)]
    if found.translation.get(code) == "missing":
        parts.append(Part("answer-only-in", {"language": key(f"language-of-{found.spoken_in}")}))
    parts += source(ctx, found, code)
    if found.red_line and text == found.answer:
        parts.append(Part("faq-firm"))
    ctx.add(*(parts if language is None else [line(ctx.texts.render(language, [part])) for part in parts]))


def spoken(ctx: Context, found: Entry, *, language: str | None = None) -> None:
    """The recording of an answer, where there is one in the language that was asked for, or the person's."""
    if name := found.audio.get(language or ctx.language or "en"):
        ctx.voice(str(ctx.content.folder / name))


def title(found: Entry) -> Any:
    return each(questions(found))


def questions(found: Entry) -> dict[str, str]:
    """An entry's question in every language, as menus show it."""
    return {language: phrasings[0] for language, phrasings in found.phrasings.items()}


def whose(ctx: Context, found: Entry) -> list[Part]:
    """That a fact is another body's stands before it."""
    if not answers.about_other_body(found, ctx.config):
        return []
    return [Part("faq-about-other", {"body": key(f"body-{found.applies_to}")})]


def source(ctx: Context, found: Entry, language: str) -> list[Part]:
    """Where an answer comes from, of when it is, and who has looked at it in this language."""
    if found.source_url:
        parts = [Part("faq-source-link", {"source": found.source_name, "link": found.source_url})]
    else:
        parts = [Part("faq-source", {"source": found.source_name})]
    if found.valid_as_of is not None:
        parts.append(Part("faq-as-of", {"date": day(found.valid_as_of)}))
    else:
        parts.append(Part("faq-no-date"))
    if answers.out_of_date(found, ctx.now.date()):
        parts.append(Part("faq-out-of-date", {"date": day(found.review_by)}))
    parts.append(Part(f"faq-status-{found.status}"))
    if not found.reviewed(language):
        parts.append(Part("faq-unreviewed"))
    return parts
