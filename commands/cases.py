"""What staff do with cases, in a case's thread at the desk or, with its number, in their own room."""

from __future__ import annotations

import re
from datetime import date

from bot.api import STAFF, Context, Option, Part, Place, Role, UserError, command, day, each, key
from bot.domain import cases, reveal
from bot.domain.cases import Case, Said

DESK: tuple[Place, ...] = ("desk", "private")
WORKERS: tuple[Role, ...] = (*STAFF, "ombud")
REF = re.compile(r"[A-Za-z]\d[A-Za-z]\d")


def the_case(ctx: Context, rest: str) -> tuple[Case, str]:
    """The case that is meant, and the words about it: by its number, else by the thread."""
    first, _, more = rest.partition(" ")
    ref = first.strip(".,:;")
    if not REF.fullmatch(ref):
        ref, more = of_thread(ctx), rest
    return access(ctx, ref), more.strip()


def here(ctx: Context) -> str | None:
    """The desk at which something is said: cases of others are not told there."""
    return ctx.room.name if ctx.place == "desk" else None


def access(ctx: Context, ref: str) -> Case:
    """A case of this person's desks. What is answered about it is taken back when it ends, and what they typed."""
    case = cases.access_case(ctx.tx, ctx.config, actor=ctx.person.account, ref=ref, at=here(ctx))
    ctx.batch = f"case:{case.ref}"
    if ctx.place == "desk" and not ctx.message.thread:  # in its thread dispatch has done it already
        cases.typed(ctx.tx, case.ref, ctx.message.event_id)
    return case


def of_thread(ctx: Context) -> str:
    """The case in whose thread something was written."""
    thread = ctx.message.thread if ctx.place == "desk" else None
    ref = cases.of_thread(ctx.tx, thread) if thread else None
    if ref is None:
        raise UserError("case-which")
    return ref


def words(ctx: Context, rest: str) -> str:
    """What follows the command as it was typed, with its line breaks; `rest` is the same without them."""
    pattern = r"\s+".join(re.escape(word) for word in rest.split())
    found = re.search(pattern + r"\s*\Z", ctx.message.text)
    return found[0].strip() if found else rest


# ---- looking -------------------------------------------------------------------------------------------------------


@command("case-list", roles=WORKERS, places=DESK, audience="own")
def case_list(ctx: Context) -> None:
    """Open cases of one's desks, the oldest first."""
    found = cases.at_desks(ctx.tx, ctx.config, ctx.person.account, at=here(ctx))
    if not found:
        ctx.say("case-list-none")
        return
    ctx.say("case-list-first", count=(count := cases.count(ctx.tx, ctx.config, ctx.person.account, at=here(ctx))))
    lines(ctx, found)
    if count > len(found):
        ctx.say("case-list-rest")


@command("case-overdue", roles=WORKERS, places=DESK, audience="own")
def case_overdue(ctx: Context) -> None:
    """What waits longer than people were told."""
    days = ctx.config.limits.answer_days
    found = cases.overdue(ctx.tx, ctx.config, ctx.person.account, at=here(ctx))
    if not found:
        ctx.say("case-overdue-none", days=days)
        return
    ctx.say("digest-overdue", days=days, list=", ".join(c.ref for c in found))
    lines(ctx, found)


def lines(ctx: Context, found: list[Case]) -> None:
    for c in found:
        kind = key(f"case-kind-{c.kind}")
        ctx.say("case-list-line", ref=c.ref, kind=kind, date=day(c.opened_at), who=c.owner or "–")


@command("case-show", roles=WORKERS, places=DESK, audience="own")
def case_show(ctx: Context, rest: str = "") -> None:
    """A case with everything that was said in it."""
    case, _ = the_case(ctx, rest)
    show(ctx, case)


def show(ctx: Context, case: Case) -> None:
    ctx.add(*cases.header(case))
    ctx.add(*cases.history(ctx.tx, case))


# ---- whose it is ---------------------------------------------------------------------------------------------------


@command("case-take", roles=WORKERS, places=DESK, audience="own")
def case_take(ctx: Context, rest: str = "") -> None:
    case, _ = the_case(ctx, rest)
    cases.take(ctx.tx, ctx.config, case, ctx.human)
    ctx.say("case-taken", ref=case.ref)


@command("case-assign", roles=WORKERS, places=DESK, audience="own")
def case_assign(ctx: Context, rest: str) -> None:
    case, who = the_case(ctx, rest)
    ctx.say("case-assigned", ref=case.ref, who=cases.assign(ctx.tx, ctx.config, case, who).owner)


@command("case-move", roles=STAFF, places=DESK, audience="own")
def case_move(ctx: Context, rest: str) -> None:
    """Give a case to another desk."""
    case, desk = the_case(ctx, rest)
    ctx.say("case-moved", ref=case.ref, desk=cases.transfer(ctx.tx, ctx.config, case, ctx.human, desk.lower()).desk)


@command("case-merge", roles=STAFF, places=DESK, audience="own")
def case_merge(ctx: Context, rest: str) -> None:
    """Join a case to another one that asks the same."""
    case, other = the_case(ctx, rest if len(rest.split()) > 1 else f"{of_thread(ctx)} {rest}")
    into = access(ctx, other)
    cases.merge(ctx.tx, ctx.config, case, into, ctx.human)
    ctx.say("case-merged", ref=case.ref, into=into.ref)


# ---- answering -----------------------------------------------------------------------------------------------------


@command("case-note", roles=WORKERS, places=("desk",), audience="own", typed=False)
def case_note(ctx: Context) -> None:
    """Something typed in a thread: it stays there, and one digit sends it."""
    case, _ = the_case(ctx, "")
    sent = ctx.message.attachment
    if sent is not None:
        if sent.key is None:
            raise UserError("file-clear")
        cases.note(ctx.tx, case, ctx.human, ctx.message.event_id, file=sent.as_dict())
        ctx.say("case-noted-file")
        return
    cases.note(ctx.tx, case, ctx.human, ctx.message.event_id, text=ctx.message.text)
    ctx.say("case-noted")


@command("case-send", roles=WORKERS, places=("desk",), audience="own", typed=False)
def case_send(ctx: Context) -> None:
    """The digit under a note: it goes to the person."""
    case, _ = the_case(ctx, "")
    said = cases.last_note(ctx.tx, case, ctx.human)
    if said is None:
        raise UserError("case-nothing-to-send")
    send(ctx, case, said)


@command("case-reply", roles=WORKERS, places=DESK, audience="own")
def case_reply(ctx: Context, rest: str) -> None:
    """Words for the person; in another language than theirs only after a second look."""
    case, text = the_case(ctx, words(ctx, rest))
    reply(ctx, case, text)


def reply(ctx: Context, case: Case, text: str) -> None:
    """Send these words, or the prepared reply that they name (= received)."""
    if text.startswith("="):
        name = text[1:].strip().lower()
        prepared = ctx.content.replies.get(name)
        if prepared is None:
            raise UserError("prepared-none", name=name[:20])
        text = prepared.text.get(case.language) or prepared.text["en"]
    if not text:
        raise UserError("needs-more", command="case-reply")
    number = cases.note(ctx.tx, case, ctx.human, ctx.message.event_id, text=text)
    said = cases.said(ctx.tx, number)
    written = cases.written_in(text)
    if written is not None and written != case.language:
        ctx.say(
            "case-other-language", language=key(f"language-of-{written}"), theirs=key(f"language-of-{case.language}")
        )
        if ctx.place == "private":
            again = Option(Part("work-reply"), "case-send-it", (case.ref, str(number)))
            ctx.ask(again, Option(Part("work-back"), "work"))
        return
    send(ctx, case, said)


@command("case-send-it", roles=WORKERS, audience="own", typed=False)
def case_send_it(ctx: Context, ref: str, number: str) -> None:
    """A reply in another language, after all."""
    case = access(ctx, ref)
    said = cases.said(ctx.tx, int(number))
    if said.ref != case.ref or said.state != "note" or said.staff != ctx.human:
        raise UserError("case-nothing-to-send")
    send(ctx, case, said)


def send(ctx: Context, case: Case, said: Said) -> None:
    written = cases.written_in(said.text) if isinstance(said.text, str) else None
    other = written if written is not None and written != case.language else None
    reaches = cases.send(ctx.tx, ctx.config, case, said, language=other)
    ctx.say("case-sent" if reaches else "case-sent-waits", seconds=ctx.config.limits.undo_seconds)


@command("case-undo", roles=WORKERS, places=DESK, audience="own")
def case_undo(ctx: Context, rest: str = "") -> None:
    """Stop what was sent less than a minute ago."""
    if rest or ctx.message.thread:
        case, _ = the_case(ctx, rest)
    else:
        case = cases.last_answered(ctx.tx, ctx.config, ctx.person.account, at=here(ctx))
    was_open = case.open
    if not cases.undo(ctx.tx, ctx.config, case):
        ctx.say("case-undo-late")
    else:
        ctx.say("case-undone" if was_open else "case-undone-open", ref=case.ref)


@command("case-prepared", roles=WORKERS, places=DESK, audience="own")
def case_prepared(ctx: Context) -> None:
    """Replies that are written already, in the language of the desk."""
    ctx.say("prepared-first")
    for name, prepared in ctx.content.replies.items():
        ctx.say("prepared-line", name=name, text=each(prepared.text))


# ---- ending --------------------------------------------------------------------------------------------------------


@command("case-close", roles=WORKERS, places=DESK, audience="own")
def case_close(ctx: Context, rest: str = "") -> None:
    """End a case with an outcome of the list; words after it go to the person."""
    case, more = the_case(ctx, words(ctx, rest))
    outcome, reason = the_outcome(ctx, more)
    end(ctx, case, outcome, reason)


def the_outcome(ctx: Context, typed: str) -> tuple[str, str]:
    """The outcome that stands first, in any language, and the words after it."""
    names = {name: f"outcome-name-{name}" for name in cases.OUTCOMES}
    parts = typed.split()
    for count in (3, 2, 1):
        name = ctx.texts.name_of(names, " ".join(parts[:count])) if len(parts) >= count else None
        if name is not None and name != "withdrawn":
            return name, " ".join(parts[count:])
    raise UserError("outcome-unknown")


def end(ctx: Context, case: Case, outcome: str, reason: str) -> None:
    cases.close(ctx.tx, ctx.config, case, ctx.human, outcome, reason, source=ctx.message.event_id)
    ctx.say("case-closed-now", ref=case.ref)


@command("case-reopen", roles=WORKERS, places=DESK, audience="own")
def case_reopen(ctx: Context, rest: str = "") -> None:
    case, _ = the_case(ctx, rest)
    cases.reopen(ctx.tx, ctx.config, case)
    ctx.say("case-reopened", ref=case.ref)


@command("case-hold", roles=STAFF, places=DESK, audience="own")
def case_hold(ctx: Context, rest: str) -> None:
    """Keep a closed case until a later day, with a reason."""
    case, more = the_case(ctx, rest)
    first, _, reason = more.partition(" ")
    try:
        until = date.fromisoformat(first)
    except ValueError:
        raise UserError("case-hold-date") from None
    cases.hold(ctx.tx, ctx.config, case, ctx.human, until, reason)
    ctx.say("case-held-now", ref=case.ref, date=day(until))


@command("case-reveal", roles=STAFF, places=DESK, audience="own", exposing=True)
def case_reveal(ctx: Context, rest: str) -> None:
    """Ask that two may know who asked, with a reason."""
    case, reason = the_case(ctx, words(ctx, rest))
    ctx.say("reveal-requested", ref=reveal.ask(ctx.tx, ctx.config, case, ctx.person.account, reason))
