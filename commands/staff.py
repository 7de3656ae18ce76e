"""What the team can do with the program itself: state, mode, content, audit, roles, approvals."""

from __future__ import annotations

from bot.api import ADMINS, STAFF, TEAM, Context, Part, Place, UserError, command, day, key
from bot.domain import modes, people, status

DESK: tuple[Place, ...] = ("desk", "private")


@command("bot", roles=TEAM, places=DESK, audience="own")
def bot(ctx: Context, verb: str = "", value: str = "") -> None:
    """`bot status | mode [MODE] | reload | audit`"""
    verbs = {"status": bot_status, "mode": bot_mode, "reload": bot_reload, "audit": bot_audit}
    if verb not in verbs:
        raise UserError("bot-usage")
    if ctx.person.role == "approver" and verb != "status":
        raise ctx.not_here()
    verbs[verb](ctx, value)


def bot_status(ctx: Context, _value: str) -> None:
    found = status.collect(ctx.tx)
    ctx.say("status-first")
    ctx.say("status-mode", mode=key(f"mode-{found.mode}"))
    ctx.say("status-rooms", private=found.private, desks=found.desks, groups=found.groups)
    ctx.say("status-outbox", open=found.open, parked=found.parked)
    ctx.say("status-unread", count=found.unread)
    ctx.say("status-version", version=ctx.state["version"], since=day(ctx.state["started"]))
    ctx.add(*ctx.state["rate"]())
    if closed := modes.intake_closed_because(ctx.config, ctx.content):
        ctx.say("status-intake", reasons=[key(reason) for reason in closed])


def bot_mode(ctx: Context, mode: str) -> None:
    if not mode:
        ctx.say("status-mode", mode=key(f"mode-{modes.current(ctx.tx)}"))
        return
    ref = modes.change(ctx.tx, mode, by=ctx.human)
    if ref is None:
        ctx.say("mode-set", mode=key(f"mode-{mode}"))
    else:
        ctx.say("mode-asked", ref=ref)


def bot_reload(ctx: Context, _value: str) -> None:
    ctx.add(ctx.state["reload"](ctx.tx))


def bot_audit(ctx: Context, _value: str) -> None:
    if ctx.person.role != "admin":
        raise ctx.not_here()
    entries, broken = status.audit(ctx.tx)
    if not entries:
        ctx.say("audit-empty")
        return
    ctx.say("audit-first")
    for e in entries:
        ctx.say("audit-entry", seq=e.seq, date=day(e.at), act=e.act, actor=e.actor, reference=e.ref or "–")
    ctx.add(Part("audit-whole") if broken is None else Part("audit-broken", {"seq": broken}))


@command("people", roles=STAFF, places=DESK, audience="own")
def people_(ctx: Context, verb: str = "", account: str = "", role: str = "") -> None:
    """`people`, `people role ACCOUNT ROLE` (two admins), `people accept ACCOUNT` (another's new identity)"""
    if not verb:
        ctx.say("people-first")
        for named, given in people.list_team(ctx.tx, ctx.config):
            ctx.say("people-entry", account=named, role=key(f"role-{given}"))
    elif verb == "role" and account and role:
        ctx.require_exposing(ADMINS)
        ref = people.ask_role(ctx.tx, ctx.config, account, role, by=ctx.human)
        ctx.say("people-asked", ref=ref)
    elif verb == "accept" and account:
        ctx.require_exposing(ADMINS)
        people.accept_identity(ctx.tx, ctx.config, account, by=ctx.human)
        ctx.say("people-accepted")
    else:
        raise UserError("people-usage")


@command("approve", roles=TEAM, places=DESK, audience="own", exposing=True)
def approve(ctx: Context, ref: str) -> None:
    if people.approve(ctx.tx, ref, by=ctx.human):
        ctx.say("approval-done", ref=ref.upper())
    else:
        ctx.say("approval-more", ref=ref.upper())


@command("refuse", roles=TEAM, places=DESK, audience="own")
def refuse(ctx: Context, ref: str) -> None:
    ctx.say("approval-refused", ref=people.refuse(ctx.tx, ref, by=ctx.human))


@command("match", roles=TEAM, places=DESK, audience="own", exposing=True)
def match(ctx: Context, ref: str) -> None:
    """A colleague's emoji were compared and are the same."""
    people.match(ctx.tx, ctx.config, ref, by=ctx.human)
    ctx.say("verify-matched")
