"""When somebody is threatened; feedback, concerns and complaints; where information may go."""

from __future__ import annotations

from bot.api import Context, Mode, Option, Part, UserError, clock, command, day, line
from bot.domain import cases, duty
from commands.pages import page

MENU = Option(Part("menu-menu"), "menu")
MODES: tuple[Mode, ...] = ("listening", "open", "archive")


# ---- threats -------------------------------------------------------------------------------------------------------


@command("threat")
def threat(ctx: Context) -> None:
    """Nothing is asked but when: no name, no place."""
    ctx.say("threat-question")
    ctx.ask(
        Option(Part("threat-now"), "threat-call"),
        Option(Part("threat-before"), "threat-call"),
        Option(Part("threat-back"), "menu"),
    )


@command("threat-call", audience="own", locked=False, typed=False)
def threat_call(ctx: Context) -> None:
    """Call the person on duty; tell honestly when they may read it, and what helps first."""
    if not ctx.config.staff:
        ctx.say("pass-no-team")
    else:
        case = cases.open_case(ctx.tx, ctx.config, ctx.person, "threat", urgent=True, notify=ctx.person.call_me)
        called = duty.first(ctx.config, case.desk, ctx.now)
        ctx.say("threat-called" if called.there else "threat-team", ref=case.ref)
        if called.there is None:
            ctx.say("threat-no-duty")
        elif called.begins is None:
            ctx.say("threat-on-duty", time=clock(called.there))
        else:
            ctx.say("threat-off-duty", time=clock(called.there), begins=clock(called.begins))
        ctx.say("pass-done-write" if ctx.person.call_me else "pass-done-ask")
    ctx.say("threat-not-emergency")
    page(ctx, "help")
    ctx.ask(Option(Part("danger-safety"), "safety"), MENU)


# ---- what somebody wants to say --------------------------------------------------------------------------------------


@command("feedback", modes=MODES)
def feedback(ctx: Context) -> None:
    say_it(ctx, "feedback", "feedback-ask")


@command("concern", modes=MODES)
def concern(ctx: Context) -> None:
    say_it(ctx, "concern", "concern-ask")


@command("complain")
def complain(ctx: Context) -> None:
    """To people outside the team; it cannot be read by the team."""
    if not ctx.config.complaints.accounts:
        raise UserError("complain-nobody")
    say_it(ctx, "complaint", "complain-ask")


def say_it(ctx: Context, kind: str, question: str) -> None:
    ctx.say(question)
    ctx.ask(Option(Part("menu-menu"), "menu"), text_command=("pass-typed", kind))


# ---- where information may go ----------------------------------------------------------------------------------------


@command("guide", modes=MODES)
def guide(ctx: Context, where: str = "") -> None:
    """A card for each place, and a few questions about which it could be."""
    cards = ctx.content.guides
    wanted = where.strip().lower()
    found = next((c for i, c in cards.items() if wanted and wanted in (i, i.removeprefix("guide-"))), None)
    if found is not None:
        ctx.run("guide-card", found.id)
        return
    ctx.say("guide-first")
    options = [Option(line(c.title), "guide-card", (c.id,)) for c in cards.values()]
    ctx.ask(*options, Option(Part("guide-which"), "walk"), MENU)


@command("guide-card", modes=MODES, typed=False)
def guide_card(ctx: Context, card_id: str) -> None:
    card = ctx.content.guides.get(card_id)
    if card is None:
        raise UserError("faq-gone")
    ctx.add(line(card.text))
    if card.source_url:
        ctx.say("faq-source-link", source=card.source_name, link=card.source_url)
    else:
        ctx.say("faq-source", source=card.source_name)
    ctx.say("guide-as-of", date=day(card.valid_as_of)) if card.valid_as_of else ctx.say("faq-no-date")
    if card.review_by < ctx.now.date():
        ctx.say("faq-out-of-date", date=day(card.review_by))
    ctx.say(f"faq-status-{card.status}")
    if not card.reviewed(ctx.language):
        ctx.say("faq-unreviewed")
    ctx.ask(Option(Part("guide-other"), "guide"), Option(Part("guide-which"), "walk"), MENU)


@command("walk", modes=MODES, typed=False)
def walk(ctx: Context, step_id: str = "") -> None:
    """One question of the walk; its answers lead on or end at the bodies that could deal with something."""
    found = ctx.content.walk
    step = found.step(step_id or found.start)
    if step is None:
        raise UserError("faq-gone")
    if not step_id:
        ctx.add(line(found.first))
    ctx.add(line(step.question))
    options = []
    for option in step.options:
        target = ("walk", option.go) if option.go else ("walk-end", option.end)
        options.append(Option(line(option.label), target[0], (str(target[1]),)))
    ctx.ask(*options, MENU)


@command("walk-end", modes=MODES, typed=False)
def walk_end(ctx: Context, end_id: str) -> None:
    found = ctx.content.walk
    end = found.end(end_id)
    if end is None:
        raise UserError("faq-gone")
    ctx.add(line(end.text), line(found.last))
    ctx.say("walk-source", source=found.source_name)
    if not found.reviewed(ctx.language):
        ctx.say("faq-unreviewed")
    cards = [c for i in end.guides if (c := ctx.content.guides.get(i))]
    options = [Option(line(c.title), "guide-card", (c.id,)) for c in cards]
    ctx.ask(*options, Option(Part("walk-again"), "walk"), MENU)
