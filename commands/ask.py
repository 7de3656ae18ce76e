"""A question in any words: an answer, three choices, or a person; and passing it on to that person."""

from __future__ import annotations

import json
from datetime import timedelta

from bot.api import Context, Mode, Option, Part, Place, command, line
from bot.domain import answers, caselife, cases, engagement, identifying
from bot.faq.content import Entry, HandOver
from commands import faq
from commands.start import menu_options

MODES: tuple[Mode, ...] = ("listening", "open", "archive")
SHORT = 80  # characters of a reply ("the second one") that say too little to be taken for an account
MOST_PASSED = 2000  # characters of feedback or a complaint in one message
KEPT = timedelta(hours=1)  # how long a question waits for a choice; then its words are gone
HERE: tuple[Place, ...] = ("private", "group")
MENU = Option(Part("menu-menu"), "menu")


@command("question", places=HERE, modes=MODES, typed=False)
def question(ctx: Context, text: str) -> None:
    """What somebody asks in their own words."""
    if len(text) > answers.LONGEST_QUESTION:
        dangerous(ctx, ctx.content.hand_over.get("ho-account"))
        return
    if follows(ctx, text):
        return
    source = ctx.message.event_id  # what changes or is taken back later is found by it
    match = ctx.slow(lambda: ctx.state["answers"].ask(text))
    entries = [e for c in match.candidates if (e := ctx.content.entries.get(c.entry))]
    outcome = answers.outcome(ctx.content, ctx.config, match)
    engagement.record(ctx.tx, "question", person=ctx.person, channel=ctx.place, outcome=match.tier)
    if outcome == "danger":
        dangerous(ctx, ctx.content.hand_over.get(match.person))
    elif outcome == "answer":
        answer(ctx, entries, source, text)
    elif outcome == "choices":
        choices(ctx, entries, source, text)
    elif ctx.place == "group":
        ctx.say("ask-group-private", address=ctx.state["us"])
    elif outcome == "wish":
        wished(ctx, ctx.content.hand_over[match.wish], entries[0], source, text)
    else:
        ctx.say("dont-know")
        offer(ctx, "question", source, text)


def wished(ctx: Context, kind: HandOver, entry: Entry, source: str, text: str) -> None:
    """Somebody wants something or tells what happened to their phone: first the words for that, then who and what."""
    ctx.add(line(kind.text))
    if not kind.reviewed(ctx.language):
        ctx.say("faq-unreviewed")
    person = Option(Part("answer-person"), "pass", ("question", source, text))
    ctx.ask(person, Option(line(faq.questions(entry)), "answer-chosen", (entry.id, source, text)), MENU, expires=KEPT)


def follows(ctx: Context, text: str) -> bool:
    """Whether this goes on from the answer before it: "more", "and in Arabic?"."""
    if ctx.place != "private":
        return False
    offered, wanted = ctx.offered, ctx.texts.language_asked(text)
    about = offered.about if offered else ""
    if wanted is not None and about:
        found = answers.access_entry(ctx.content, about)
        faq.shown(ctx, found, found.answer, language=wanted)
        faq.spoken(ctx, found, language=wanted)
        ctx.ask_again(options_only=True)
    elif wanted is not None:
        ctx.run("language", wanted)
    elif offered is not None and about and ctx.texts.more_asked(text):
        more = [m for m in offered.meaning.values() if m[0] in ("answer-more", "faq-more")]
        ctx.run(*(more[0] if more else ("faq-more", about)))
    else:
        return False
    return True


def answer(ctx: Context, entries: list[Entry], source: str, text: str) -> None:
    """The answer, and what to do with it by digit."""
    found = entries[0]
    answers.note_overdue(ctx.tx, ctx.config, found)
    ctx.say("answer-first")
    faq.shown(ctx, found, found.answer)
    if ctx.place == "group":
        return
    others = ",".join(e.id for e in entries[1:])
    ctx.ask(
        Option(Part("answer-helped"), "answer-helped", (found.id,)),
        Option(Part("faq-more"), "answer-more", (found.id, source, text)),
        Option(Part("answer-not-meant"), "answer-other", (others, source, text)),
        Option(Part("answer-person"), "pass", ("question", source, text)),
        MENU,
        expires=KEPT,
        about=found.id,
    )
    faq.spoken(ctx, found)


def choices(ctx: Context, entries: list[Entry], source: str, text: str) -> None:
    """The entries' own questions, and a person."""
    if ctx.place == "group":
        ctx.say("ask-group-choices", address=ctx.state["us"])
        for e in entries:
            ctx.say("ask-group-choice", question=faq.title(e))
        return
    ctx.say("choices-first")
    options = [Option(line(faq.questions(e)), "answer-chosen", (e.id, source, text)) for e in entries]
    ctx.ask(*options, Option(Part("choices-none"), "pass", ("question", source, text)), MENU, expires=KEPT)


@command("answer-chosen", modes=MODES, typed=False)
def answer_chosen(ctx: Context, entry_id: str, source: str, text: str) -> None:
    answer(ctx, [answers.access_entry(ctx.content, entry_id)], source, text)


@command("answer-helped", modes=MODES, typed=False)
def answer_helped(ctx: Context, _entry_id: str) -> None:
    engagement.record(ctx.tx, "answer-helped", person=ctx.person, channel=ctx.place, outcome="helped")
    ctx.say("answer-thanks")
    menu_options(ctx)


@command("answer-more", modes=MODES, typed=False)
def answer_more(ctx: Context, entry_id: str, source: str, text: str) -> None:
    found = answers.access_entry(ctx.content, entry_id)
    ctx.say("faq-more-first")
    faq.shown(ctx, found, found.more)
    near = [
        Option(line(faq.questions(e)), "answer-chosen", (e.id, source, text))
        for e in answers.related(ctx.content, found)
    ]
    person = Option(Part("answer-person"), "pass", ("question", source, text))
    ctx.ask(*near, person, MENU, expires=KEPT, about=found.id)


@command("answer-other", modes=MODES, typed=False)
def answer_other(ctx: Context, others: str, source: str, text: str) -> None:
    """It was not that: what else it could be, or a person."""
    engagement.record(ctx.tx, "answer-helped", person=ctx.person, channel=ctx.place, outcome="not-meant")
    entries = [e for i in others.split(",") if (e := ctx.content.entries.get(i))]
    if entries:
        ctx.say("choices-more-first")
        options = [Option(line(faq.questions(e)), "answer-chosen", (e.id, source, text)) for e in entries]
        ctx.ask(*options, Option(Part("choices-none"), "pass", ("question", source, text)), MENU, expires=KEPT)
    else:
        offer(ctx, "question", source, text)


# ---- what is dangerous, and what is told ---------------------------------------------------------------------------


def dangerous(ctx: Context, kind: HandOver | None) -> None:
    """Nothing is guessed, matched or passed on: a fixed text that a person has reviewed, and the way to a human."""
    if ctx.place == "group":
        ctx.say("ask-group-private", address=ctx.state["us"])
        return
    path = kind.path if kind else "person"
    reviewed = kind is not None and kind.reviewed(ctx.language) and bool(kind.text.get(ctx.language or "en"))
    if kind is not None and reviewed:
        ctx.add(line(kind.text))
    elif path == "account":
        ctx.say("account-first")
    else:
        ctx.say("danger-unreviewed")
    if path == "account":
        ctx.say("account-what")
        ctx.ask(
            Option(Part("account-sealed"), "submit"),
            Option(Part("account-human"), "human"),
            Option(Part("account-take-back"), "take-back", (ctx.message.event_id,)),
            Option(Part("danger-safety"), "safety"),
            MENU,
        )
        return
    if path == "threat":
        call = [Option(Part("danger-duty"), "threat-call")]
    else:
        call = [Option(Part("danger-call"), "human")] if path == "person" or not reviewed else []
    ctx.ask(*call, Option(Part("danger-safety"), "safety"), MENU)


@command("human", audience="own", typed=False)
def human(ctx: Context) -> None:
    """A person is asked for; none of the words go with it."""
    case = cases.open_case(ctx.tx, ctx.config, ctx.person, "person", notify=ctx.person.call_me)
    ctx.say("human-done", ref=case.ref)
    ctx.say("pass-when", days=ctx.config.limits.answer_days)
    ctx.say("pass-done-write" if ctx.person.call_me else "pass-done-ask")
    ctx.ask(MENU)


@command("take-back", typed=False)
def take_back(ctx: Context, event_id: str) -> None:
    """Take a message of the person's out of the room, where we may."""
    done = answers.take_out(ctx.tx, ctx.room, ctx.state["us"], event_id)
    ctx.say("taken-back" if done else "take-back-yourself")
    ctx.ask(MENU)


def not_of_team(ctx: Context) -> bool:
    """Whether a member of the team wrote it: most likely a reply to somebody that went astray. It goes nowhere."""
    if ctx.person.is_staff or ctx.person.role == "ombud":
        ctx.say("pass-own-team")
        ctx.ask(MENU)
        return True
    return False


# ---- passing on ------------------------------------------------------------------------------------------------------


def offer(ctx: Context, kind: str, source: str, text: str) -> None:
    """What would be passed on, how, and a yes or no; first a look at what tells who they are."""
    if not_of_team(ctx):
        return
    if not ctx.config.staff:
        ctx.say("pass-no-team")
        ctx.ask(MENU)
        return
    if len(text) > MOST_PASSED:
        ctx.say("pass-too-long")
        pass_again(ctx, kind)
        return
    names = [n.strip() for n in ctx.texts.sentence(ctx.language, "names-said").split("|")]
    places = identifying.find(text, names)
    if places:
        ctx.say("pass-tells")
        ctx.say("=line", text=text)
        less = identifying.without(text, places)
        ctx.ask(
            Option(Part("pass-without", {"text": less}), "pass-sure", (kind, source, less)),
            Option(Part("pass-as-it-is"), "pass-sure", (kind, source, text)),
            Option(Part("pass-again"), "pass-again", (kind,)),
            Option(Part("pass-no"), "pass-not"),
            expires=KEPT,
        )
        return
    sure(ctx, kind, source, text)


@command("pass", typed=False)
def pass_(ctx: Context, kind: str, source: str, text: str) -> None:
    offer(ctx, kind, source, text)


@command("pass-typed", typed=False)
def pass_typed(ctx: Context, kind: str, text: str) -> None:
    """What was asked for just now is to be passed on."""
    offer(ctx, kind, ctx.message.event_id, text)


@command("pass-sure", typed=False)
def sure(ctx: Context, kind: str, source: str, text: str) -> None:
    """The words that go, that nobody sees who asks, when; then yes or no."""
    ctx.say("pass-what")
    ctx.say("=line", text=text)
    ctx.say("pass-how-apart" if kind == "complaint" else "pass-how")
    ctx.say("pass-when", days=ctx.config.limits.answer_days)
    ctx.ask(
        Option(Part("pass-yes-write"), "pass-yes", (kind, "write", source, text)),
        Option(Part("pass-yes-ask"), "pass-yes", (kind, "ask", source, text)),
        Option(Part("pass-no"), "pass-not"),
        expires=KEPT,
    )


@command("pass-again", typed=False)
def pass_again(ctx: Context, kind: str) -> None:
    ctx.say("pass-write")
    ctx.ask(Option(Part("menu-menu"), "menu"), text_command=("pass-typed", kind), expires=KEPT)


@command("pass-yes", audience="own", typed=False)
def pass_yes(ctx: Context, kind: str, how: str, source: str, text: str) -> None:
    notify = how == "write"
    case = cases.open_case(ctx.tx, ctx.config, ctx.person, kind, text=text, notify=notify, source=source)
    ctx.say("pass-done", ref=case.ref)
    ctx.say("pass-done-write" if notify else "pass-done-ask")
    ctx.ask(MENU)


@command("pass-not", typed=False)
def pass_not(ctx: Context) -> None:
    ctx.say("pass-not")
    ctx.ask(MENU)


# ---- files and voices ------------------------------------------------------------------------------------------------


@command("file", modes=MODES, typed=False)
def file(ctx: Context) -> None:
    """A file or voice message outside a submission: not fetched before the person said what it is."""
    sent = ctx.message.attachment
    if sent is None or sent.key is None:
        ctx.say("file-clear")
        ctx.ask(MENU)
        return
    if not_of_team(ctx):
        return
    told = json.dumps(sent.as_dict() | {"event": ctx.message.event_id})
    if sent.voice or sent.kind == "audio":
        later = answers.take_out_later(ctx.tx, ctx.room, ctx.state["us"], ctx.message.event_id, ctx.now + KEPT)
        ctx.say("voice-question")
        ctx.say("voice-hour" if later else "voice-hour-yourself")
        ctx.ask(
            Option(Part("voice-pass"), "file-pass", (told, later or "")),
            Option(Part("voice-delete"), "voice-delete", (ctx.message.event_id,)),
            expires=KEPT,
        )
        return
    ctx.say("file-question")
    ctx.ask(
        Option(Part("file-yes"), "file-material", (ctx.message.event_id,)),
        Option(Part("file-no"), "file-explains", (told, sent.kind)),
        expires=KEPT,
    )


@command("file-material", modes=MODES, typed=False)
def file_material(ctx: Context, event_id: str) -> None:
    ctx.say("file-yes-answer")
    ctx.ask(Option(Part("account-human"), "human"), Option(Part("account-take-back"), "take-back", (event_id,)), MENU)


@command("file-explains", modes=MODES, typed=False)
def file_explains(ctx: Context, told: str, kind: str) -> None:
    if kind in ("image", "video"):
        ctx.say("file-warning")
        ctx.ask(Option(Part("file-pass"), "file-pass", (told, "")), Option(Part("file-not"), "pass-not"), expires=KEPT)
    else:
        file_pass(ctx, told, "")


@command("file-pass", audience="own", modes=MODES, typed=False)
def file_pass(ctx: Context, told: str, later: str, ref: str = "") -> None:
    """The file goes to the team with the open question, or as one of its own; of several questions, the person says."""
    mine = cases.own(ctx.tx, ctx.person)
    if len(mine) > 1 and not ref:
        ctx.say("file-which")
        ctx.ask(*(Option(_which(c), "file-pass", (told, later, c.ref)) for c in mine[:8]), MENU, expires=KEPT)
        return
    answers.keep_after_all(ctx.tx, later)
    sent = json.loads(told)
    source = sent.pop("event")
    if mine:
        case = cases.access_own(ctx.tx, ctx.person, ref or mine[0].ref)
        cases.write(ctx.tx, ctx.config, case, file=sent, source=source)
    else:
        case = cases.open_case(ctx.tx, ctx.config, ctx.person, "question", file=sent, source=source)
    ctx.say("file-passed", ref=case.ref)
    ctx.ask(MENU)


def _which(case: cases.Case) -> Part:
    return Part("file-which-one", {"ref": case.ref, "kind": {"key": f"case-kind-{case.kind}"}})


@command("voice-delete", typed=False)
def voice_delete(ctx: Context, event_id: str) -> None:
    done = answers.take_out(ctx.tx, ctx.room, ctx.state["us"], event_id)
    ctx.say("voice-deleted" if done else "take-back-yourself")
    ctx.ask(MENU)


# ---- what one asked, and what came of it -----------------------------------------------------------------------------


@command("news", audience="own")
def news(ctx: Context) -> None:
    """What staff said to this person while they were not to be written to."""
    found = caselife.tell_news(ctx.tx, ctx.config, ctx.person, ctx.room.room_id)
    ctx.say("news-end" if found else "news-none")
    ctx.ask(Option(Part("menu-status"), "status"), MENU)


@command("status", audience="own")
def status(ctx: Context) -> None:
    """The person's open questions."""
    mine = cases.own(ctx.tx, ctx.person)[:8]
    if not mine:
        ctx.say("status-own-none")
        ctx.ask(Option(Part("menu-receipt"), "receipt"), MENU)
        return
    ctx.say("status-own-first")
    options = []
    for case in mine:
        since = {"day": case.opened_at.date().isoformat()}
        label = Part(
            "status-own-waits" if case.waiting_since else "status-own-answered", {"ref": case.ref, "date": since}
        )
        options.append(Option(label, "status-one", (case.ref,)))
    ctx.ask(*options, Option(Part("menu-receipt"), "receipt"), MENU)


@command("status-one", audience="own", typed=False)
def status_one(ctx: Context, ref: str) -> None:
    case = cases.access_own(ctx.tx, ctx.person, ref)
    ctx.say("status-own-ask", ref=case.ref)
    ctx.ask(
        Option(Part("status-own-more", {"ref": case.ref}), "case-more", (case.ref,)),
        Option(Part("status-own-end", {"ref": case.ref}), "case-erase", (case.ref,)),
        MENU,
    )


@command("case-more", audience="own", typed=False)
def case_more(ctx: Context, ref: str) -> None:
    cases.access_own(ctx.tx, ctx.person, ref)
    ctx.say("pass-write")
    ctx.ask(Option(Part("menu-menu"), "menu"), text_command=("case-write", ref), expires=KEPT)


@command("case-erase", audience="own", typed=False)
def case_erase(ctx: Context, ref: str) -> None:
    case = cases.access_own(ctx.tx, ctx.person, ref)
    caselife.erase(ctx.tx, case)
    ctx.say("status-own-erased", ref=case.ref)
    ctx.ask(MENU)


def told_as(ctx: Context, text: str) -> str:
    """Whether words are those of one of the dangerous kinds."""
    return "danger" if ctx.state["answers"].ask(text).danger else ""


@command("case-write", audience="own", typed=False)
def case_write(ctx: Context, ref: str, text: str) -> None:
    """More words for a question that was passed on; what tells who they are is asked about first."""
    case = cases.access_own(ctx.tx, ctx.person, ref)
    if len(text) > answers.LONGEST_QUESTION or (len(text) > SHORT and ctx.slow(lambda: told_as(ctx, text)) == "danger"):
        dangerous(ctx, ctx.content.hand_over.get("ho-account"))
        return
    names = [n.strip() for n in ctx.texts.sentence(ctx.language, "names-said").split("|")]
    places, source = identifying.find(text, names), ctx.message.event_id
    if places:
        less = identifying.without(text, places)
        ctx.say("pass-tells")
        ctx.say("=line", text=text)
        ctx.ask(
            Option(Part("pass-without", {"text": less}), "case-write-sure", (case.ref, source, less)),
            Option(Part("pass-as-it-is"), "case-write-sure", (case.ref, source, text)),
            Option(Part("pass-again"), "case-more", (case.ref,)),
            Option(Part("pass-no"), "pass-not"),
            expires=KEPT,
        )
        return
    case_write_sure(ctx, ref, source, text)


@command("case-write-sure", audience="own", typed=False)
def case_write_sure(ctx: Context, ref: str, source: str, text: str) -> None:
    case = cases.access_own(ctx.tx, ctx.person, ref)
    cases.write(ctx.tx, ctx.config, case, text=text, source=source)
    ctx.say("case-written", ref=case.ref)
    ctx.ask(MENU)
