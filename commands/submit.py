"""Submitting something: the way into a room of its own, and the guided dialogue in it."""

from __future__ import annotations

from bot.api import Context, Option, Part, Place, UserError, command, key
from bot.domain import cases, drafts, intake, interview, submissions
from bot.domain.drafts import Draft
from bot.domain.interview import Ask, Interview, Outcome

DIALOGUE: tuple[Place, ...] = ("dialogue",)
MENU = Option(Part("menu-menu"), "menu")
# What can always be written, by number and by word; the number is one that no option and no answer has.
WORDS = {
    "01": ("draft-skip", "label-draft-skip"),
    "02": ("draft-back", "label-draft-back"),
    "03": ("draft-why", "label-draft-why"),
    "04": ("draft-review", "label-draft-review"),
    "05": ("draft-stop", "label-draft-stop"),
    "06": ("safety", "label-safety"),
}
LIST = "00"
OURS = {  # what we ask ourselves between the questions of a form
    "more": {"": "draft-more", "yes": "draft-more-yes", "no": "draft-more-no"},
    "rest": {"": "draft-rest", "on": "draft-rest-on", "seal": "draft-rest-seal", "keep": "draft-rest-keep"},
}
KEPT_DAYS = ("1", "3", "7")


# ---- the way in ------------------------------------------------------------------------------------------------------


@command("submit", audience="own")
def submit(ctx: Context) -> None:
    """What can be submitted, and whether it is safe for this person now."""
    reasons = intake.closed_because(ctx.tx, ctx.config, ctx.content, ctx.state.get("intake"), ctx.language)
    if reasons:
        ctx.say("submit-closed")
        for reason in sorted({r == "closed-not-reviewed" for r in reasons}):
            ctx.say("closed-for-review" if reason else "closed-for-now")
        ctx.ask(Option(Part("submit-human"), "pass", ("person", "", "")), Option(Part("menu-receipt"), "receipt"), MENU)
        return
    if drafts.of_person(ctx.tx, ctx.person):
        ctx.say("submit-already")
        ctx.ask(Option(Part("submit-destroy"), "submit-destroy"), MENU)
        return
    ctx.say("submit-first")
    ctx.ask(
        Option(Part("submit-yes"), "submit-open", ("no",)),
        Option(Part("submit-practice"), "submit-open", ("yes",)),
        Option(Part("menu-receipt"), "receipt"),
        MENU,
    )


@command("practice", audience="own")
def practice(ctx: Context) -> None:
    """The whole way with a made-up story; nothing is kept."""
    submit(ctx)


@command("submit-open", audience="own", modes=("open",), typed=False)
def submit_open(ctx: Context, rehearsal: str) -> None:
    """Open the room. Nothing is kept but that it is wanted, and in which language."""
    content = interview.new(ctx.language or "en", practice=rehearsal == "yes") | {"home": ctx.room.room_id}
    ground = ctx.state.get("intake")
    if ground is None:
        submit(ctx)
        return
    minutes = intake.begin(ctx.tx, ground, ctx.person, content)
    ctx.say("submit-coming")
    if minutes:
        ctx.say("submit-wait", minutes=minutes)
    ctx.ask(MENU)


@command("submit-destroy", audience="own", typed=False)
def submit_destroy(ctx: Context) -> None:
    drafts.end_all(ctx.tx, ctx.person, ctx.state["us"])
    ctx.say("draft-destroyed")
    ctx.ask(MENU)


# ---- the dialogue ----------------------------------------------------------------------------------------------------


def opened(ctx: Context) -> tuple[Draft, Interview]:
    """The draft of this room and its interview. Raises UserError when there is none any more."""
    draft = drafts.access_draft(ctx.tx, ctx.person, ctx.room)
    ground = ctx.state.get("intake")
    if draft is None or draft.state != "talking" or ground is None:
        raise UserError("draft-none")
    ctx.batch = drafts.batch(draft)
    return draft, intake.interview(ctx.tx, ctx.config, ground, draft)


@command("draft-begin", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def begin(ctx: Context) -> None:
    """The person came into the room."""
    draft, found = opened(ctx)
    ctx.say("draft-hello")
    if draft.content["practice"]:
        ctx.say("=line", text=found.intake.part("practice").said(found.language))
    ctx.pause()
    go_on(ctx, draft, found)


@command("draft-again", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def again(ctx: Context) -> None:
    """Ask once more what is asked."""
    draft, found = opened(ctx)
    go_on(ctx, draft, found)


def go_on(ctx: Context, draft: Draft, found: Interview) -> None:
    """Ask what comes next, and keep the draft."""
    while (ask := found.ask()).kind == "note":
        for text in ask.lines:
            ctx.say("=line", text=text)
        found.was_shown(ask.key, "\n".join(ask.lines))
        found.seen(ask.key)
        ctx.pause()
    if ask.key == "sealing":
        drafts.save(ctx.tx, draft, found.save())
        sealing(ctx, draft)
        return
    if ctx.config.intake.unreviewed:
        ctx.say("draft-demo")
    done, total = found.progress()
    ctx.say("draft-progress", done=done, total=total)
    show(ctx, ask)
    asked = [p for p in ctx.parts if p.key != "draft-progress"]
    # The look at all answers is kept without them: they stand where they belong, a name perhaps apart.
    whole = found.intake.part("review").said(found.language) if ask.kind == "review" else None
    found.was_shown(ask.key, whole or ctx.texts.render(ctx.language, asked))
    drafts.save(ctx.tx, draft, found.save())


def show(ctx: Context, ask: Ask) -> None:
    """A question with its numbered options and what answers it."""
    for text in ask.lines:
        ctx.say("=line", text=text)
    kind = ask.key.partition(".")[0]
    if kind in OURS:
        ctx.say(OURS[kind][""])
    if ask.kind not in ("choice", "review", "phrase"):
        ctx.say(f"draft-answer-{ask.kind}")
    options = [
        Option(Part("=line", {"text": label}) if label else Part(OURS[kind][value]), "answer", (ask.key, value))
        for value, label in ask.options
    ]
    secret = ask.key == "phrase"
    ctx.ask(*options, text_command=("answer-text", ask.key), secret=secret)
    assert ctx.prompt is not None
    ctx.prompt.meaning.update({digit: [word] for digit, (word, _) in allowed(ask).items()} | {LIST: ["draft-words"]})
    if ask.kind == "number":
        ctx.prompt.meaning["0"] = ["answer-zero", ask.key]
    ctx.say("draft-list")


def allowed(ask: Ask) -> dict[str, tuple[str, str]]:
    """What can always be written at this question: number, command and what it is called."""
    return {digit: word for digit, word in WORDS.items() if word[0] != "draft-skip" or ask.skippable}


@command("draft-words", places=DIALOGUE, audience="own", typed=False)
def words(ctx: Context) -> None:
    """What can always be written."""
    _, found = opened(ctx)
    ctx.say("draft-words")
    for digit, (_, label) in allowed(found.ask()).items():
        ctx.say("draft-word-line", digit=digit, label=key(label))
    ctx.say("draft-word-line", digit="0", label=key("menu-leave"))
    ctx.keep_prompt()


# ---- answers ---------------------------------------------------------------------------------------------------------


@command("answer", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def answer(ctx: Context, asked: str, value: str) -> None:
    draft, found = opened(ctx)
    took(ctx, draft, found, asked, found.choose(asked, value))


@command("answer-text", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def answer_text(ctx: Context, asked: str, text: str) -> None:
    draft, found = opened(ctx)
    if asked == "phrase":
        if len(text.strip()) < 6:
            ctx.say("lock-short")
            go_on(ctx, draft, found)
            return
        found.content["phrase"] = ctx.slow(lambda: submissions.phrase_hash(text)).hex()
        found.answers["phrase"] = "chosen"
        go_on(ctx, draft, found)
        return
    took(ctx, draft, found, asked, found.write(asked, text))


@command("answer-zero", places=DIALOGUE, audience="own", typed=False)
def answer_zero(ctx: Context, asked: str) -> None:
    """Zero leaves everywhere; where a number is asked for it may be the answer."""
    opened(ctx)
    ctx.say("draft-zero")
    ctx.ask(
        Option(Part("draft-zero-number"), "answer-text", (asked, "0")),
        Option(Part("menu-leave"), "leave", digit="0"),
    )


@command("answer-file", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def answer_file(ctx: Context) -> None:
    """A file or a voice message: it is fetched and sealed beside the dialogue."""
    draft, found = opened(ctx)
    file, asked = ctx.message.attachment, found.current()
    if file is None:
        raise UserError("draft-not-now")
    if found.content["practice"]:
        number = found.content["files"] = found.content["files"] + 1
    else:
        number = intake.want(ctx.tx, ctx.config, draft, file, asked)
    outcome = found.file(asked, number, voice=file.voice or file.kind == "audio")
    if outcome.then == "wrong":
        raise UserError("draft-not-now")
    ctx.say("draft-file-coming")
    took(ctx, draft, found, asked, outcome)


@command("answer-place", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def answer_place(ctx: Context) -> None:
    draft, found = opened(ctx)
    asked = found.current()
    took(ctx, draft, found, asked, found.place(asked, ctx.message.text))


def took(ctx: Context, draft: Draft, found: Interview, asked: str, outcome: Outcome) -> None:
    """What an answer did is said, and the next question asked."""
    if ctx.message.event_id:
        found.content["events"][ctx.message.event_id] = asked
    for text in outcome.lines:
        ctx.say("=line", text=text)
        ctx.pause()
    if outcome.then == "wrong":
        if outcome.message:
            ctx.say("=line", text=outcome.message)
        ctx.say(f"draft-wrong-{outcome.reason or 'type'}")
    elif outcome.then == "leave":
        end(ctx, draft, "draft-left")
        return
    elif outcome.then == "human":
        if not found.content["practice"]:
            call_human(ctx)
        end(ctx, draft, "draft-human")
        return
    elif outcome.then == "called":
        if not found.content["practice"]:
            call_human(ctx)
        ctx.say("draft-called")
        ctx.pause()
    elif outcome.then == "keep":
        drafts.save(ctx.tx, draft, found.save())
        stop(ctx)
        return
    go_on(ctx, draft, found)


def end(ctx: Context, draft: Draft, because: str) -> None:
    """Nothing of it is kept; the room is cleared and closed."""
    ctx.batch = None
    drafts.destroy(ctx.tx, draft, ctx.state["us"], because=because)


def call_human(ctx: Context) -> None:
    """A person of the team is called, without a word of what was answered."""
    cases.open_case(ctx.tx, ctx.config, ctx.person, "person")


@command("answer-late", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def answer_late(ctx: Context, name: str, asked: str, text: str = "") -> None:
    """Something that was written before its question arrived is used only when the person says so."""
    draft, found = opened(ctx)
    if name not in ("answer", "answer-text") or asked == "phrase":
        again(ctx)
        return
    ask = found.ask_of(asked)
    shown = next((label for value, label in ask.options if value == text), text) if name == "answer" else text
    ctx.say("draft-late")
    ctx.say("=line", text=f"│ {shown}")
    ctx.say("draft-late-for")
    ctx.say("=line", text=ask.title or " ".join(ask.lines))
    found.content["late"] = [name, asked, text]  # in the draft: what was answered stands nowhere else
    drafts.save(ctx.tx, draft, found.save())
    ctx.ask(Option(Part("draft-late-yes"), "answer-late-yes"), Option(Part("draft-late-no"), "draft-again"))


@command("answer-late-yes", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def answer_late_yes(ctx: Context) -> None:
    _, found = opened(ctx)
    name, asked, text = found.content.get("late") or ("draft-again", "", "")
    ctx.run(name, *([asked, text] if asked else []))


@command("answer-edited", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def answer_edited(ctx: Context, event: str, text: str) -> None:
    """A message that was an answer says something else now: that answer changes, and only that."""
    draft, found = opened(ctx)
    asked = found.content["events"].get(event)
    outcome = found.edited(asked, text) if asked else None
    if outcome is None or outcome.then == "wrong":
        raise UserError("draft-edit-not")
    ctx.say("draft-edited")
    ctx.pause()
    go_on(ctx, draft, found)


# ---- words of the dialogue -------------------------------------------------------------------------------------------


@command("draft-skip", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def skip(ctx: Context) -> None:
    draft, found = opened(ctx)
    asked = found.current()
    took(ctx, draft, found, asked, found.skip(asked))


@command("draft-back", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def back(ctx: Context) -> None:
    draft, found = opened(ctx)
    if not found.back():
        ctx.say("draft-first-question")
    go_on(ctx, draft, found)


@command("draft-why", places=DIALOGUE, audience="own", typed=False)
def why(ctx: Context) -> None:
    draft, found = opened(ctx)
    reason = found.ask().why
    ctx.say("=line", text=reason) if reason else ctx.say("draft-why-none")
    ctx.pause()
    go_on(ctx, draft, found)


@command("draft-review", places=DIALOGUE, audience="own", modes=("open",), typed=False)
def review(ctx: Context) -> None:
    """All answers so far."""
    draft, found = opened(ctx)
    for number, (_, title, shown) in enumerate(found.review(), interview.FIRST_ANSWER):
        ctx.say("draft-review-line", number=number, title=title, shown=shown)
    ctx.pause()
    go_on(ctx, draft, found)


@command("draft-stop", places=DIALOGUE, audience="own", typed=False)
def stop(ctx: Context) -> None:
    """Keep the draft for some days, destroy it, or go on."""
    opened(ctx)
    ctx.say("draft-stop")
    ctx.ask(
        *(Option(Part("draft-keep", {"days": int(days)}), "draft-keep", (days,)) for days in KEPT_DAYS),
        Option(Part("draft-destroy"), "draft-destroy"),
        Option(Part("draft-go-on"), "draft-again"),
    )


@command("draft-keep", places=DIALOGUE, audience="own", typed=False)
def keep(ctx: Context, days: str) -> None:
    draft, found = opened(ctx)
    drafts.save(ctx.tx, draft, found.save(), days=int(days))
    ctx.say("draft-kept", days=int(days))
    ctx.ask(Option(Part("draft-go-on"), "draft-again"), Option(Part("draft-destroy"), "draft-destroy"))


@command("draft-destroy", places=DIALOGUE, audience="own", typed=False)
def destroy(ctx: Context) -> None:
    draft, _ = opened(ctx)
    end(ctx, draft, "draft-destroyed")


def sealing(ctx: Context, draft: Draft) -> None:
    """The dialogue is over: what is there is sealed beside it."""
    drafts.seal(ctx.tx, draft)
    ctx.say("draft-sealing")
