"""Fixed pages: who we are, what is possible, safety; and how to check that this is not a copy."""

from __future__ import annotations

from bot.api import Context, Option, Part, Place, command, day, each, line
from bot.domain import pages

HERE: tuple[Place, ...] = ("private", "group")


def page(ctx: Context, name: str) -> None:
    """The text of a page with its version and review state."""
    shown = ctx.content.pages[name]
    ctx.add(line(shown.text))
    if shown.sample:
        ctx.say("page-sample")
    if shown.translation.get(ctx.language or "en") != "reviewed":
        ctx.say("page-unreviewed")
    if shown.date is not None:
        ctx.say("page-version", version=shown.version, date=day(shown.date))


def back(ctx: Context) -> None:
    if ctx.place == "private":
        ctx.ask(Option(Part("menu-menu"), "menu"))


@command("about", places=HERE)
def about(ctx: Context) -> None:
    """Who runs this, what it is for, its red lines, who decides; with version, fingerprint and signature."""
    page(ctx, "about")
    mechanism = ctx.config.mechanism
    if mechanism.controller and mechanism.contact:
        ctx.say("page-controller", controller=each(mechanism.controller), contact=each(mechanism.contact))
    else:
        ctx.say("page-no-controller")
    if mechanism.rights:
        ctx.say("page-rights", rights=each(mechanism.rights))
    language = ctx.language or "en"
    ctx.say("page-check", sha=pages.fingerprint(ctx.content, "about", language))
    ctx.say("page-signature", signature=pages.signature(ctx.tx, ctx.content, "about", language))
    back(ctx)


@command("limits", places=HERE)
def limits(ctx: Context) -> None:
    page(ctx, "limits")
    back(ctx)


@command("safety", places=HERE)
def safety(ctx: Context) -> None:
    """Guidance on phones and false messages, how to erase and what that does not reach, and the help list."""
    page(ctx, "safety")
    ctx.pause()
    page(ctx, "help")
    back(ctx)


@command("real")
def real(ctx: Context) -> None:
    """How to find out whether this is the real bot, without believing it."""
    ctx.say("real-first")
    if ctx.config.official_page:
        ctx.say("real-compare", name=ctx.mechanism, page=ctx.config.official_page)
        ctx.say("real-address", address=ctx.state["us"])
        ctx.say("real-words", words=ctx.key_words)
        ctx.say("real-no-recipients")
        ctx.say("real-leave")
    else:
        ctx.say("real-no-page", name=ctx.mechanism)
    back(ctx)
