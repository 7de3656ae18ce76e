"""What staff do with sealed packages: see that they came, say what became of them, ask to hand one out."""

from __future__ import annotations

from bot.api import STAFF, Context, Place, UserError, command
from bot.domain import submissions
from bot.domain.submissions import Submission

DESK: tuple[Place, ...] = ("desk", "private")


def access(ctx: Context, ref: str) -> Submission:
    at = ctx.room.name if ctx.place == "desk" else None
    return submissions.access(ctx.tx, ctx.config, ctx.person.account, ref.strip(".,:; "), at)


@command("submission-list", roles=STAFF, places=DESK, audience="own")
def list_(ctx: Context) -> None:
    """The packages that are not closed, those first that nobody has acknowledged."""
    at = ctx.room.name if ctx.place == "desk" else None
    found = submissions.list_for(ctx.tx, ctx.config, ctx.person.account, at)
    ctx.say("submissions-count", count=len(found))
    for one in sorted(found, key=lambda s: (s.acknowledged_at is not None, not s.urgent, s.day))[:20]:
        ctx.add(submissions.line(one))
    if found:
        ctx.say("submissions-how")


@command("submission-show", roles=STAFF, places=DESK, audience="own")
def show(ctx: Context, ref: str) -> None:
    found = access(ctx, ref)
    ctx.add(submissions.line(found))
    ctx.say("submission-day", date={"day": found.day})
    for name, said in sorted(found.destinations.items()):
        ctx.say("submission-destination", name=name, said={"key": submissions.SAID[said]})
    ctx.say("submissions-how")


@command("submission-take", roles=STAFF, places=DESK, audience="own")
def take(ctx: Context, ref: str) -> None:
    """Acknowledge a package, as its owner: the person reads that somebody has seen that it is there."""
    found = access(ctx, ref)
    submissions.assign(ctx.tx, found, ctx.human)
    if found.status == "received":
        submissions.set_status(ctx.tx, found, "acknowledged", by=ctx.human)
    ctx.say("submission-taken", ref=found.ref)


@command("submission-status", roles=STAFF, places=DESK, audience="own")
def status(ctx: Context, ref: str, rest: str) -> None:
    """What became of it, in a word of the closed list; a question with its words."""
    found = access(ctx, ref)
    word, _, words = rest.strip().partition(" ")
    name = ctx.named(submissions.STATUS_NAMES, word)
    submissions.set_status(ctx.tx, found, name, by=ctx.human, words=words)
    ctx.say("submission-status-set", ref=found.ref, status={"key": submissions.NAMES[name]})


@command("submission-export", roles=STAFF, places=DESK, audience="own", exposing=True)
def export(ctx: Context, ref: str, rest: str) -> None:
    """Ask a second person to hand a package out: to whom, and what for."""
    _request(ctx, "export", ref, rest)


@command("submission-identity", roles=STAFF, places=DESK, audience="own", exposing=True)
def identity(ctx: Context, ref: str, rest: str) -> None:
    """Ask a second person to hand out what tells who sent a package."""
    _request(ctx, "identity", ref, rest)


def _request(ctx: Context, deed: str, ref: str, rest: str) -> None:
    found = access(ctx, ref)
    destination, _, purpose = rest.strip().partition(" ")
    if not purpose.strip():
        raise UserError("submission-needs-purpose")
    allowed = submissions.may_go_to(ctx.tx, found, destination, by=ctx.human)
    if not allowed:
        ctx.say("submission-not-allowed", ref=found.ref, name=destination[:40])
        return
    asked = submissions.ask_for(
        ctx.tx, found, deed, destination, purpose.strip(), by=ctx.human, account=ctx.person.account
    )
    ctx.say("submission-asked", ref=found.ref, approval=asked)
