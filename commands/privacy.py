"""What is held about a person, erasing it, the lock phrase, and choices."""

from __future__ import annotations

from bot.api import Context, Option, Part, Trust, UserError, command, key, month
from bot.domain import caselife, cases, drafts, people, rooms, submissions
from bot.seal import slow_hash

SHORTEST_PHRASE = 6


@command("whoami", audience="own")
def whoami(ctx: Context) -> None:
    """Counts and months, never content."""
    person, found = ctx.person, people.held(ctx.tx, ctx.person)
    ctx.say("whoami-first")
    ctx.say("whoami-account", month=month(found.since))
    ctx.say("whoami-language", language=ctx.texts.sentence(ctx.language, "language-name"))
    ctx.say("whoami-events", count=found.events)
    ctx.say("whoami-answers", count=found.answers)
    if mine := cases.own(ctx.tx, person, open_only=False):
        ctx.say("whoami-cases", count=len(mine))
    yes, no = key("yes-word"), key("no-word")
    ctx.say(
        "whoami-choices",
        lite=yes if person.lite else no,
        lock=yes if person.has_lock else no,
        callme=yes if person.call_me else no,
    )
    ctx.say("whoami-nothing-else")
    ctx.ask(Option(Part("settings-forget"), "forget"), Option(Part("menu-menu"), "menu"))


@command("forget", audience="own")
def forget(ctx: Context) -> None:
    ctx.say("forget-question")
    ctx.say("forget-what")
    ctx.ask(Option(Part("forget-yes"), "forget-yes"), Option(Part("forget-no"), "forget-no"))


@command("forget-yes", audience="own", typed=False)
def forget_yes(ctx: Context) -> None:
    caselife.erase_all(ctx.tx, ctx.person)
    drafts.end_all(ctx.tx, ctx.person, ctx.state["us"])
    submissions.unlink(ctx.tx, ctx.person.id)
    people.forget(ctx.tx, ctx.person, ctx.state["us"], rooms.private_rooms_of(ctx.tx, ctx.person.account))
    ctx.say("forget-done")


@command("forget-no", typed=False)
def forget_no(ctx: Context) -> None:
    ctx.say("forget-not")
    ctx.ask(Option(Part("menu-menu"), "menu"))


@command("settings")
def settings(ctx: Context) -> None:
    person = ctx.person
    ctx.say("settings-first")
    ctx.ask(
        Option(Part("menu-whoami"), "whoami"),
        Option(Part("settings-language"), "language"),
        Option(Part("settings-lite-off" if person.lite else "settings-lite-on"), "lite"),
        Option(Part("settings-lock"), "lock"),
        Option(Part("settings-callme-off" if person.call_me else "settings-callme-on"), "callme"),
        Option(Part("settings-forget"), "forget"),
        Option(Part("menu-menu"), "menu"),
    )


@command("lite", locked=True)
def lite(ctx: Context) -> None:
    """One short text a message, for bad lines; the same word switches it off."""
    people.change(ctx.tx, ctx.person, lite=not ctx.person.lite)
    ctx.say("lite-off" if ctx.person.lite else "lite-on")
    ctx.ask(Option(Part("menu-menu"), "menu"))


@command("callme", audience="own")
def callme(ctx: Context) -> None:
    people.change(ctx.tx, ctx.person, call_me=not ctx.person.call_me)
    ctx.say("callme-off" if ctx.person.call_me else "callme-on")
    ctx.ask(Option(Part("menu-menu"), "menu"))


@command("lock", audience="own", locked=False)  # it asks for the phrase itself, once
def lock(ctx: Context) -> None:
    if ctx.person.has_lock:
        unlock_first(ctx, "lock-choose")
    else:
        lock_ask(ctx)


@command("lock-choose", audience="own", typed=False)
def lock_choose(ctx: Context) -> None:
    """Another phrase or none: whoever holds an open phone has to know the present one."""
    ctx.say("lock-first")
    ctx.ask(
        Option(Part("lock-change"), "lock-ask"),
        Option(Part("lock-remove"), "lock-remove"),
        Option(Part("menu-menu"), "menu"),
    )


@command("lock-ask", audience="own", typed=False)
def lock_ask(ctx: Context) -> None:
    ctx.say("lock-ask")
    ctx.ask(text_command=("lock-set",), secret=True)


@command("lock-set", audience="own", typed=False)
def lock_set(ctx: Context, phrase: str) -> None:
    if len(phrase.strip()) < SHORTEST_PHRASE:
        ctx.say("lock-short")
        ctx.ask(text_command=("lock-set",), secret=True)
        return
    salt, hashed = ctx.slow(lambda: hashed_phrase(phrase))
    people.set_lock(ctx.tx, ctx.person, hashed, salt)
    ctx.say("lock-set")
    if not ctx.took_back:
        ctx.say("lock-delete-yours")
    ctx.ask(Option(Part("menu-menu"), "menu"))


@command("lock-remove", audience="own", typed=False)
def lock_remove(ctx: Context) -> None:
    people.remove_lock(ctx.tx, ctx.person)
    ctx.say("lock-removed")
    ctx.ask(Option(Part("menu-menu"), "menu"))


@command("unlock", audience="own", locked=False)
def unlock(ctx: Context) -> None:
    if not ctx.person.has_lock:
        raise UserError("unlock-nothing")
    unlock_first(ctx, "whoami")


@command("unlock-first", places=("private", "dialogue"), audience="own", locked=False, typed=False)
def unlock_first(ctx: Context, then: str) -> None:
    """Ask for the phrase; `then` is what goes on afterwards, with its words."""
    ctx.say("unlock-ask")
    ctx.ask(text_command=("unlock-try", then), secret=True)


@command("unlock-try", places=("private", "dialogue"), audience="own", locked=False, typed=False)
def unlock_try(ctx: Context, then: str, phrase: str) -> None:
    """The right phrase opens for an hour; a wrong one gets the words of "there is nothing"."""
    salt = ctx.person.lock_salt or b""
    if not people.unlock(ctx.tx, ctx.person, ctx.slow(lambda: slow_hash(phrase.strip(), salt))):
        ctx.say("nothing-held")  # and the next words are another try
        ctx.ask(Option(Part("menu-menu"), "menu"), text_command=("unlock-try", then), secret=True)
        return
    ctx.say("unlocked")
    if not ctx.took_back:
        ctx.say("lock-delete-yours")
    ctx.pause()
    ctx.person = people.access_person(ctx.tx, ctx.config, ctx.person.account)
    ctx.run(*then.split())


@command("mend", places=("private", "dialogue", "desk", "group"), typed=False)
def mend(ctx: Context, why: str = "") -> None:
    """What was asked is not done for this device: how to mend that."""
    if ctx.place == "group":  # the same words for everybody: other ones would tell a role
        ctx.say("mend-device")
        return
    if ctx.person.role != "participant" and ctx.message.trust is Trust.CHANGED:
        raise UserError("identity-changed-staff")
    if why == "exposing":
        raise UserError("needs-compared")
    ctx.say("mend-device")
    if ctx.person.role == "participant":
        ctx.say("mend-public")
    if may_go_on(ctx) and ctx.place == "private":
        ctx.say("mend-warning")
        ctx.ask(Option(Part("mend-anyway"), "mend-yes"), Option(Part("menu-menu"), "menu"))
    elif ctx.place == "private":
        ctx.ask(Option(Part("menu-menu"), "menu"))
    elif ctx.place == "dialogue":
        ctx.keep_prompt()


@command("mend-yes", roles=("participant",), typed=False)
def mend_yes(ctx: Context) -> None:
    """Going on with a device that its owner has not signed, where the operator allows it."""
    if not may_go_on(ctx):
        raise UserError("mend-device")
    people.accept_unsigned(ctx.tx, ctx.person)
    ctx.say("mend-accepted")
    ctx.ask(Option(Part("menu-menu"), "menu"))


def may_go_on(ctx: Context) -> bool:
    """Whether the operator allows this person's device unsigned: never beside one that its owner did sign."""
    allowed = ctx.config.encryption.participants == "any" and ctx.person.role == "participant"
    return allowed and not ctx.message.signed_elsewhere


def hashed_phrase(phrase: str) -> tuple[bytes, bytes]:
    salt = people.new_salt()
    return salt, slow_hash(phrase.strip(), salt)
