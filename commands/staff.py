"""What the team can do with the program itself: state, mode, content, audit, roles, approvals."""

from __future__ import annotations

from bot.api import ADMINS, MODES, ROLES, STAFF, TEAM, Context, Part, Place, command, day, key
from bot.domain import modes, people, status

DESK: tuple[Place, ...] = ("desk", "private")


@command("bot-status", roles=TEAM, places=DESK, audience="own")
def bot_status(ctx: Context) -> None:
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


@command("bot-mode", roles=STAFF, places=DESK, audience="own")
def bot_mode(ctx: Context, mode: str = "") -> None:
    """The mode, or going to another one: at once where that protects, else with a second person."""
    if not mode:
        ctx.say("status-mode", mode=key(f"mode-{modes.current(ctx.tx)}"))
        return
    mode = ctx.named({name: f"mode-{name}" for name in MODES}, mode)
    ref = modes.change(ctx.tx, mode, by=ctx.human)
    if ref is None:
        ctx.say("mode-set", mode=key(f"mode-{mode}"))
    else:
        ctx.say("mode-asked", ref=ref)


@command("bot-reload", roles=STAFF, places=DESK, audience="own")
def bot_reload(ctx: Context) -> None:
    """Read the content folder again."""
    ctx.add(ctx.state["reload"](ctx.tx, ctx.human))


@command("bot-audit", roles=ADMINS, places=DESK, audience="own")
def bot_audit(ctx: Context) -> None:
    entries, broken = status.audit(ctx.tx)
    if not entries:
        ctx.say("audit-empty")
        return
    ctx.say("audit-first")
    for e in entries:
        ctx.say("audit-entry", seq=e.seq, date=day(e.at), act=e.act, actor=e.actor, reference=e.ref or "–")
    ctx.add(Part("audit-whole") if broken is None else Part("audit-broken", {"seq": broken}))


@command("people", roles=STAFF, places=DESK, audience="own")
def people_(ctx: Context) -> None:
    """Who has a role; participants never appear."""
    ctx.say("people-first")
    for named, given in people.list_team(ctx.tx, ctx.config):
        ctx.say("people-entry", account=named, role=key(f"role-{given}"))


@command("people-role", roles=ADMINS, places=DESK, audience="own", exposing=True)
def people_role(ctx: Context, account: str, role: str) -> None:
    """Give somebody a role; a second person approves."""
    role = ctx.named({name: f"role-{name}" for name in ROLES}, role)
    ctx.say("people-asked", ref=people.ask_role(ctx.tx, ctx.config, account, role, by=ctx.human))


@command("people-accept", roles=ADMINS, places=DESK, audience="own", exposing=True)
def people_accept(ctx: Context, account: str) -> None:
    """Go by another's new identity."""
    people.accept_identity(ctx.tx, ctx.config, account, by=ctx.human)
    ctx.say("people-accepted")


@command("approve", roles=TEAM, places=DESK, audience="own", exposing=True)
def approve(ctx: Context, ref: str) -> None:
    account, changed = ctx.person.account, ctx.state["changed"]
    if people.approve(ctx.tx, ctx.config, ref, by=ctx.human, account=account, changed=changed):
        ctx.say("approval-done", ref=ref.upper())
    else:
        ctx.say("approval-more", ref=ref.upper())


@command("refuse", roles=TEAM, places=DESK, audience="own")
def refuse(ctx: Context, ref: str) -> None:
    ctx.say("approval-refused", ref=people.refuse(ctx.tx, ctx.config, ref, by=ctx.human, account=ctx.person.account))


@command("match", roles=TEAM, places=DESK, audience="own", exposing=True)
def match(ctx: Context, ref: str) -> None:
    """A colleague's emoji were compared and are the same."""
    people.match(ctx.tx, ctx.config, ref, by=ctx.human)
    ctx.say("verify-matched")
