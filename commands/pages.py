"""Fixed pages: who we are, what is possible, safety; and how to check that this is not a copy."""

from __future__ import annotations

from bot.api import Context, Option, Part, Place, UserError, command, day, each, line
from bot.domain import pages

HERE: tuple[Place, ...] = ("private", "group")


SHORT = 2  # paragraphs of a page for who wants short messages


def page(ctx: Context, name: str, *, whole: bool = False) -> None:
    """The text of a page with its version and review state; only its beginning for who wants short messages."""
    shown = ctx.content.pages[name]
    if ctx.person.lite and not whole:
        ctx.add(line({code: "\n\n".join(text.split("\n\n")[:SHORT]) for code, text in shown.text.items()}))
        return
    ctx.add(line(shown.text))
    if shown.sample:
        ctx.say("page-sample")
    if shown.translation.get(ctx.language or "en") != "reviewed":
        ctx.say("page-unreviewed")
    if shown.date is not None:
        ctx.say("page-version", version=shown.version, date=day(shown.date))


def back(ctx: Context, name: str = "") -> None:
    if ctx.place == "private":
        more = [Option(Part("faq-more"), "page-whole", (name,))] if ctx.person.lite and name else []
        ctx.ask(*more, Option(Part("menu-menu"), "menu"))


@command("page-whole", typed=False)
def page_whole(ctx: Context, name: str) -> None:
    """All of a page, for who saw its beginning."""
    if name not in ctx.content.pages:
        raise UserError("faq-gone")
    page(ctx, name, whole=True)
    back(ctx)


@command("about", places=HERE)
def about(ctx: Context) -> None:
    """Who runs this, what it is for, its red lines, who decides; with version, fingerprint and signature."""
    page(ctx, "about")
    if ctx.person.lite:
        back(ctx, "about")
        return
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
    back(ctx, "limits")


@command("safety", places=(*HERE, "dialogue"))
def safety(ctx: Context) -> None:
    """Guidance on phones and false messages, how to erase and what that does not reach, and the help list."""
    page(ctx, "safety")
    ctx.pause()
    page(ctx, "help")
    if ctx.place == "dialogue":
        ctx.pause()
        ctx.run("draft-again")
        return
    back(ctx, "safety")


@command("real")
def real(ctx: Context) -> None:
    """How to find out whether this is the real bot, without believing it."""
    ctx.say("real-first")
    if ctx.config.official_page:
        ctx.say("real-compare", name=ctx.mechanism, page=ctx.config.official_page)
        ctx.say("real-address", address=ctx.state["us"])
        ctx.say("real-words", words=ctx.key_words)
        ctx.say("real-leave")
    else:
        ctx.say("real-no-page", name=ctx.mechanism)
    back(ctx)
