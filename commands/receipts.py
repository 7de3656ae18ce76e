"""What somebody can do with the number of what they sealed: ask what became of it, add to it, take it back."""

from __future__ import annotations

from datetime import timedelta

from bot.api import Context, Option, Part, UserError, command
from bot.domain import drafts, intake, interview, submissions
from bot.domain.submissions import Submission

MENU = Option(Part("menu-menu"), "menu")


def looked_up(ctx: Context, typed: str, *, phrase: str | None = None) -> Submission | None:
    """The package of a number; with its phrase also one that was taken back. The same None for everything else."""
    receipt = submissions.read_receipt(typed)
    if receipt is None:
        raise UserError("receipt-wrong")
    salt = submissions.salt_of(ctx.tx)
    wait = submissions.count_try(ctx.tx, ctx.person)
    if wait is None:
        raise UserError("receipt-too-many")
    ctx.later = wait

    def work() -> tuple[str, str]:
        return submissions.receipt_hash(receipt, salt), phrase or ""

    hashed, _ = ctx.slow(work)
    if phrase is None:
        return submissions.by_receipt(ctx.tx, hashed)
    found = submissions.by_receipt_and_phrase(ctx.tx, hashed)
    return found if found is not None and submissions.fits(found, phrase) else None


def nothing(ctx: Context) -> None:
    ctx.say("receipt-nothing")
    ctx.ask(Option(Part("receipt-again"), "receipt"), MENU)


@command("receipt", audience="own")
def receipt(ctx: Context) -> None:
    """Ask for the number."""
    ctx.say("receipt-ask")
    ctx.ask(text_command=("receipt-status",), secret=True)


@command("receipt-status", audience="own", typed=False)
def status(ctx: Context, typed: str) -> None:
    found = looked_up(ctx, typed)
    if found is None:
        nothing(ctx)
        return
    ctx.add(*submissions.status_parts(found))
    ctx.say("receipt-more")
    ctx.ask(
        Option(Part("receipt-add"), "add"),
        Option(Part("receipt-withdraw"), "withdraw"),
        MENU,
    )


@command("add", audience="own", modes=("open",))
def add(ctx: Context) -> None:
    ctx.say("receipt-ask-both")
    ctx.ask(text_command=("add-with",), secret=True)


@command("add-with", audience="own", modes=("open",), typed=False)
def add_with(ctx: Context, typed: str) -> None:
    """Something more to what was sealed: a package of its own that names the first inside."""
    number, phrase = _both(typed)
    found = looked_up(ctx, number, phrase=phrase)
    if found is None or found.status == "withdrawn":
        nothing(ctx)
        return
    reasons = intake.closed_because(ctx.tx, ctx.config, ctx.content, ctx.state.get("intake"), ctx.language)
    if reasons:
        ctx.run("submit")
        return
    home = {"home": ctx.room.room_id}
    content = interview.new(ctx.language or "en") | home | {"adds_to": found.ref, "adds_to_subject": found.subject}
    intake.begin(ctx.tx, ctx.state["intake"], ctx.person, content)
    ctx.say("submit-coming")
    ctx.ask(MENU)


@command("withdraw", audience="own")
def withdraw(ctx: Context) -> None:
    ctx.say("receipt-ask-both")
    ctx.ask(text_command=("withdraw-with",), secret=True)


@command("withdraw-with", audience="own", typed=False)
def withdraw_with(ctx: Context, typed: str) -> None:
    number, phrase = _both(typed)
    found = looked_up(ctx, number, phrase=phrase)
    if found is None:
        nothing(ctx)
        return
    if found.status == "withdrawn":
        ctx.say("withdraw-back-question")
        ctx.ask(Option(Part("withdraw-back-yes"), "withdraw-back", (found.ref, found.receipt)), MENU)
        return
    ctx.say("withdraw-question")
    ctx.ask(Option(Part("withdraw-yes"), "withdraw-yes", (found.ref, found.receipt)), MENU, expires=timedelta(hours=1))


@command("withdraw-yes", audience="own", typed=False)
def withdraw_yes(ctx: Context, ref: str, hashed: str) -> None:
    """No further use, from now on."""
    found = submissions.access_own(ctx.tx, ref, hashed)
    if found.status != "withdrawn":
        submissions.withdraw(ctx.tx, ctx.config, found)
    ctx.say("withdraw-done")
    if passed := submissions.passed_on(ctx.tx, found):
        ctx.say("withdraw-copies", where=", ".join(passed))
    if ctx.config.intake.withdrawn == "destroy":
        ctx.say("withdraw-destroyed", days=ctx.config.intake.withdrawal_days)
    else:
        ctx.say("withdraw-kept")
    ctx.ask(MENU)


@command("withdraw-back", audience="own", typed=False)
def withdraw_back(ctx: Context, ref: str, hashed: str) -> None:
    found = submissions.access_own(ctx.tx, ref, hashed)
    if found.status == "withdrawn":
        submissions.take_back_withdrawal(ctx.tx, ctx.config, found)
    ctx.say("withdraw-undone")
    ctx.ask(MENU)


@command("receipt-remove", places=("dialogue",), audience="own", typed=False)
def remove(ctx: Context) -> None:
    """The number goes from the room, and the room is closed."""
    drafts.end_all(ctx.tx, ctx.person, ctx.state["us"])


def _both(typed: str) -> tuple[str, str]:
    """A number and the phrase after it, as they were written in one message. Raises UserError."""
    places = [at for at, letter in enumerate(typed, 1) if letter.isdecimal()][: submissions.DIGITS]
    end = places[-1] if len(places) == submissions.DIGITS else len(typed)
    phrase = typed[end:].strip(" \t\n,;:.-")
    if not phrase:
        raise UserError("receipt-both-wrong")
    return typed[:end], phrase
