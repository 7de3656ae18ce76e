"""First contact, languages, the menu, leaving, and what is said when something was not understood."""

from __future__ import annotations

from bot.api import TEAM, Context, Option, Part, Place, command
from bot.config import LANGUAGES
from bot.domain import caselife, drafts, modes, people

ANYWHERE: tuple[Place, ...] = ("private", "desk", "group")


@command("start", typed=False)
def start(ctx: Context, language: str | None = None) -> None:
    """The neutral greeting, alike for everybody: languages by digit, each in its own script, and the way out."""
    if language in LANGUAGES:
        choose_language(ctx, language)
        return
    people.change(ctx.tx, ctx.person, stage="language")
    ctx.add(Part("=hello"))
    ctx.ask(
        *(Option(Part("=language", {"of": code}), "start", (code,)) for code in LANGUAGES),
        Option(Part("=leave"), "leave", digit="0"),
    )


@command("language", locked=True)
def choose_language(ctx: Context, language: str | None = None) -> None:
    """Choose a language, by digit or by its code."""
    if language not in LANGUAGES:
        ctx.say("language-question")
        ctx.ask(*(Option(Part("=language", {"of": code}), "language", (code,)) for code in LANGUAGES))
        return
    first = ctx.person.stage in ("new", "language")
    people.change(ctx.tx, ctx.person, language=language)
    ctx.person = people.access_person(ctx.tx, ctx.config, ctx.person.account)
    if first:
        alone(ctx)
    else:
        ctx.say("language-set")
        menu_options(ctx)


@command("alone", typed=False)
def alone(ctx: Context, answer: str | None = None) -> None:
    """Before anything else is said: is somebody looking on?"""
    if answer == "no":
        ctx.say("alone-bye")
        return
    if answer != "yes":
        people.change(ctx.tx, ctx.person, stage="alone")
        ctx.say("alone-question")
        ctx.ask(
            Option(Part("alone-yes"), "alone", ("yes",)),
            Option(Part("alone-not-now"), "alone", ("no",)),
            Option(Part("menu-leave"), "leave", digit="0"),
        )
        return
    people.change(ctx.tx, ctx.person, stage="ready")
    ctx.say("welcome-who", name=ctx.mechanism)
    ctx.pause()
    ctx.say("welcome-can")
    ctx.pause()
    menu_options(ctx)


def menu_options(ctx: Context) -> None:
    """The menu of this person; in a pause only what works then."""
    paused = modes.current(ctx.tx) == "paused"
    ctx.say("menu-first-line")
    choices = [
        *([] if paused else [Option(Part("menu-faq"), "faq", digit="1")]),
        Option(Part("menu-limits"), "limits", digit="2"),
        Option(Part("menu-about"), "about", digit="3"),
        Option(Part("menu-safety"), "safety", digit="4"),
        Option(Part("menu-real"), "real", digit="5"),
        Option(Part("menu-submit"), "submit", digit="6"),
        Option(Part("menu-more"), "more", digit="7"),
    ]
    if ctx.person.role in (*TEAM, "ombud"):
        choices.append(Option(Part("menu-work"), "work", digit="8"))
    threat = Option(Part("menu-threat"), "threat", digit="9")
    ctx.ask(*choices, threat, Option(Part("menu-leave"), "leave", digit="0"))


@command("more", typed=False)
def more(ctx: Context) -> None:
    """What stands behind "More" in the menu."""
    ctx.say("menu-first-line")
    choices = [
        Option(Part("menu-settings"), "settings"),
        Option(Part("menu-status"), "status"),
        Option(Part("menu-guide"), "guide"),
        Option(Part("menu-feedback"), "feedback"),
        Option(Part("menu-concern"), "concern"),
        Option(Part("menu-complain"), "complain"),
    ]
    if ctx.person.role in TEAM:
        choices.append(Option(Part("menu-bot"), "bot-status"))
    back, threat = Option(Part("menu-menu"), "menu", digit="8"), Option(Part("menu-threat"), "threat", digit="9")
    ctx.ask(*choices, back, threat, Option(Part("menu-leave"), "leave", digit="0"))


@command("menu", places=ANYWHERE)
def menu(ctx: Context) -> None:
    """The menu, or at a desk what the team can write."""
    if ctx.place == "desk":
        ctx.say("desk-help")
    elif ctx.place == "group":
        ctx.say("group-private", address=ctx.state["us"])
    else:
        menu_options(ctx)


@command("leave", places=("private", "dialogue"))
def leave(ctx: Context) -> None:
    """Stop, take back what can be taken back, and be silent until the person writes again."""
    if ctx.place == "dialogue":
        drafts.end_all(ctx.tx, ctx.person, ctx.state["us"], because="bye")
        return
    drafts.end_all(ctx.tx, ctx.person, ctx.state["us"], unsaved=True)
    caselife.left(ctx.tx, ctx.config, ctx.person)
    people.take_back(ctx.tx, ctx.person, ctx.room, ctx.state["us"])
    people.change(ctx.tx, ctx.person, stage="alone" if ctx.person.language else "new")
    ctx.say("bye")


@command("unknown", places=ANYWHERE, typed=False)
def unknown(ctx: Context) -> None:
    if ctx.place != "private":
        raise ctx.not_here()
    ctx.say("unknown")
    menu_options(ctx)


@command("silence", places=ANYWHERE, typed=False)
def silence(_ctx: Context) -> None:
    """Something that what we said meanwhile answers already."""


@command("not-text", places=("private", "dialogue"), typed=False)
def not_text(ctx: Context, kind: str) -> None:
    """A file, a voice message, a place: not fetched, not kept."""
    if ctx.place == "dialogue":
        ctx.say("not-text")
        ctx.run("draft-again")
        return
    if ctx.person.stage in ("new", "language"):
        start(ctx)
        return
    if kind == "file" and ctx.person.stage == "ready":
        ctx.run("file")
        return
    ctx.say("not-text")
    ctx.ask_again()


@command("crossed", typed=False)
def crossed(ctx: Context) -> None:
    """An answer that was written before its question arrived, or could be read only late, is not used silently."""
    ctx.say("crossed")
    ctx.ask_again()


@command("no-such-digit", places=("private", "dialogue"), typed=False)
def no_such_digit(ctx: Context, digit: str) -> None:
    ctx.say("no-such-digit", digit=digit)
    if ctx.place == "dialogue":
        ctx.keep_prompt()
        return
    ctx.ask_again(options_only=True)


@command("identity-changed", roles=("participant",), places=("private", "dialogue"), typed=False)
def identity_changed(ctx: Context) -> None:
    """A participant's account has other keys than before: nothing of before goes on."""
    caselife.cut_off(ctx.tx, ctx.config, ctx.person)
    drafts.end_all(ctx.tx, ctx.person, ctx.state["us"], because="identity-changed" if ctx.place == "dialogue" else None)
    people.start_again(ctx.tx, ctx.person)
    ctx.person = people.access_person(ctx.tx, ctx.config, ctx.person.account)
    if ctx.place == "dialogue":
        return
    ctx.say("identity-changed")
    start(ctx)
