"""The officer's day by digits, in their own room: what needs them, their cases, nobody's cases, what to approve."""

from __future__ import annotations

from typing import Any

from bot.api import STAFF, Context, Option, Part, Role, UserError, command, key
from bot.domain import cases, modes, work
from bot.domain.cases import Case, Which
from commands.cases import access, end, reply, show
from commands.faqdesk import change

TEN = 10
WORKERS: tuple[Role, ...] = (*STAFF, "ombud")
BACK = Option(Part("work-back"), "work")


@command("work", roles=(*WORKERS, "approver"), audience="own")
def work_(ctx: Context) -> None:
    """The numbers of the day; each digit always means the same."""
    found = work.collect(ctx.tx, ctx.config, ctx.person.account)
    ctx.say("work-first")
    options = []
    if ctx.person.role != "approver":
        options += [
            Option(Part("work-now", {"count": found.now}), "work-list", ("now",), digit="1"),
            Option(Part("work-mine", {"count": found.mine}), "work-list", ("mine",), digit="2"),
            Option(Part("work-nobody", {"count": found.nobodys}), "work-list", ("nobody",), digit="3"),
        ]
    if ctx.person.role != "ombud":
        options.append(Option(Part("work-approve", {"count": found.approvals}), "work-approvals", digit="5"))
    if ctx.person.role in STAFF:
        options.append(Option(Part("work-pause"), "work-pause", digit="8"))
    ctx.ask(*options, Option(Part("menu-menu"), "menu", digit="9"))


@command("work-list", roles=WORKERS, audience="own", typed=False)
def work_list(ctx: Context, which: Which, after: str = "") -> None:
    """Ten cases, the oldest first; a digit opens one."""
    found = cases.at_desks(ctx.tx, ctx.config, ctx.person.account, which, after=after or None, limit=TEN + 1)
    if not found:
        ctx.say("work-none")
        ctx.ask(BACK)
        return
    ctx.say("case-list-first", count=cases.count(ctx.tx, ctx.config, ctx.person.account, which))
    options = []
    for case in found[:TEN]:
        values = {"ref": case.ref, "kind": key(f"case-kind-{case.kind}"), "who": case.owner or "–"}
        values["date"] = {"day": case.opened_at.date().isoformat()}
        options.append(Option(Part("case-list-line", values), "work-case", (which, case.ref)))
    if len(found) > TEN:
        options.append(Option(Part("work-more"), "work-list", (which, found[TEN - 1].ref)))
    ctx.ask(*options, BACK)


@command("work-case", roles=WORKERS, audience="own", typed=False)
def work_case(ctx: Context, which: Which, ref: str) -> None:
    """One case with what can be done with it."""
    case = access(ctx, ref)
    show(ctx, case)
    acts(ctx, which, case)


def acts(ctx: Context, which: Which, case: Case) -> None:
    options = [
        Option(Part("work-reply"), "work-reply", (which, case.ref)),
        Option(Part("work-close"), "work-close", (which, case.ref)),
    ]
    if case.owner != ctx.human:
        options.append(Option(Part("work-take"), "work-take", (which, case.ref)))
    if len(ctx.config.desks) > 1 and ctx.person.role != "ombud":
        options.append(Option(Part("work-other-desk"), "work-desk", (which, case.ref)))
    ctx.ask(*options, Option(Part("work-next"), "work-next", (which, case.ref)), BACK)


@command("work-next", roles=WORKERS, audience="own", typed=False)
def work_next(ctx: Context, which: Which, ref: str) -> None:
    onward(ctx, which, ref)


def onward(ctx: Context, which: Which, ref: str) -> None:
    """The next case of the list, after what was said to this one."""
    found = cases.at_desks(ctx.tx, ctx.config, ctx.person.account, which, after=ref, limit=1)
    if not found:
        work_(ctx)
        return
    ctx.pause()
    ctx.batch = f"case:{found[0].ref}"
    show(ctx, found[0])
    acts(ctx, which, found[0])


@command("work-take", roles=WORKERS, audience="own", typed=False)
def work_take(ctx: Context, which: Which, ref: str) -> None:
    case = cases.take(ctx.tx, ctx.config, access(ctx, ref), ctx.human)
    ctx.say("case-taken", ref=case.ref)
    acts(ctx, which, case)


@command("work-reply", roles=WORKERS, audience="own", typed=False)
def work_reply(ctx: Context, which: Which, ref: str) -> None:
    ctx.say("work-write-reply")
    ctx.ask(BACK, text_command=("work-replied", which, ref))


@command("work-replied", roles=WORKERS, audience="own", typed=False)
def work_replied(ctx: Context, which: Which, ref: str, text: str) -> None:
    """The reply goes, and the next case comes."""
    reply(ctx, access(ctx, ref), text)
    if ctx.prompt is None:
        onward(ctx, which, ref)


@command("work-close", roles=WORKERS, audience="own", typed=False)
def work_close(ctx: Context, which: Which, ref: str) -> None:
    ctx.say("work-outcome")
    names = [name for name in cases.OUTCOMES if name != "withdrawn"]
    options = [Option(Part(f"outcome-name-{name}"), "work-outcome", (which, ref, name)) for name in names]
    ctx.ask(*options, BACK)


@command("work-outcome", roles=WORKERS, audience="own", typed=False)
def work_outcome(ctx: Context, which: Which, ref: str, outcome: str) -> None:
    if outcome in cases.WITH_WORDS:
        ctx.say("work-write-reason")
        ctx.ask(BACK, text_command=("work-closed", which, ref, outcome))
        return
    work_closed(ctx, which, ref, outcome, "")


@command("work-closed", roles=WORKERS, audience="own", typed=False)
def work_closed(ctx: Context, which: Which, ref: str, outcome: str, reason: str) -> None:
    end(ctx, access(ctx, ref), outcome, reason)
    onward(ctx, which, ref)


@command("work-desk", roles=STAFF, audience="own", typed=False)
def work_desk(ctx: Context, which: Which, ref: str, desk: str = "") -> None:
    """Give a case to another desk, by digit."""
    case = access(ctx, ref)
    if not desk:
        ctx.say("work-other-desk")
        others = [d.name for d in ctx.config.desks if d.name != case.desk]
        ctx.ask(*(Option(Part("=line", {"text": d}), "work-desk", (which, ref, d)) for d in others), BACK)
        return
    ctx.say("case-moved", ref=case.ref, desk=cases.transfer(ctx.tx, ctx.config, case, ctx.human, desk).desk)
    onward(ctx, which, ref)


# ---- approving and pausing -----------------------------------------------------------------------------------------


@command("work-approvals", roles=(*STAFF, "approver"), audience="own", typed=False)
def work_approvals(ctx: Context, skip: str = "0") -> None:
    """What waits for a second person, one after the other, but not what one asked oneself."""
    found = work.approvals_for(ctx.tx, ctx.config, ctx.person.account)
    if not found:
        ctx.say("work-none")
        ctx.ask(BACK)
        return
    waiting = found[int(skip) % len(found)]
    ctx.say("work-approve-line", ref=waiting.ref, deed=key(f"deed-{waiting.deed}"), who=waiting.asked_by)
    told(ctx, waiting.deed, waiting.subject)
    options = [
        Option(Part("work-approve-yes", {"ref": waiting.ref}), "approve", (waiting.ref,)),
        Option(Part("work-approve-no", {"ref": waiting.ref}), "refuse", (waiting.ref,)),
    ]
    if len(found) > 1:
        options.append(Option(Part("work-next"), "work-approvals", (str(int(skip) + 1),)))
    ctx.ask(*options, BACK)


def told(ctx: Context, deed: str, subject: dict[str, Any]) -> None:
    """What exactly is to be approved."""
    match deed:
        case "reveal":
            ctx.batch = f"case:{subject['case']}"
            ctx.say("work-approve-reveal", ref=subject["case"])
            ctx.say("reveal-reason")
            ctx.say("=line", text=subject["reason"])
        case "mode":
            ctx.say("work-approve-mode", mode=key(f"mode-{subject['mode']}"))
        case "role":
            ctx.say("work-approve-role", account=subject["account"], role=key(f"role-{subject['role']}"))
        case "faq":
            change(ctx, subject["id"], subject["entry"])


@command("work-pause", roles=STAFF, audience="own", typed=False)
def work_pause(ctx: Context) -> None:
    ctx.say("work-pause-sure")
    ctx.ask(Option(Part("work-pause-yes"), "work-paused"), BACK)


@command("work-paused", roles=STAFF, audience="own", typed=False)
def work_paused(ctx: Context) -> None:
    """One person may stop everything; going on takes two."""
    if modes.change(ctx.tx, "paused", by=ctx.human) is not None:
        raise UserError("mode-unknown")
    ctx.say("mode-set", mode=key("mode-paused"))
    ctx.ask(BACK)
