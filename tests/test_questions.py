"""Questions in any words, in five languages: an answer, choices, a person; what is dangerous, told or another's."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from bot.config import LANGUAGES
from bot.domain import people
from bot.faq.answers import LONGEST_QUESTION
from bot.faq.content import Content
from bot.message import Trust
from bot.store import cases as rows
from tests.world import START, Person, World, staff

TEAM = [staff("sara", "admin"), staff("omar", "admin"), staff("lina")]
DIGITS = {code: str(n) for n, code in enumerate(LANGUAGES, start=1)}

ANSWERED = {
    "en": ("how far back do you go", "mandate-period"),
    "fr": ("mes papiers sont en arabe, faut payer un traducteur avant ?", "submit-language"),
    "ar": ("الحكي يلي بقولو بيضل بيناتنا؟", "prot-confidential"),
    "uk": ("у вас там є свої судді, які дають вирок?", "mandate-not-court"),
    "es": ("y esto no lo lleva ya La Haya? para q están ustedes", "mandate-vs-icc"),
}
CHOICES = {
    "en": ("so who are you guys exactly, some kind of detective agency?", "mandate-what"),
    "fr": ("vous c'est la même chose que ceux de La Haye ou rien à voir", "mandate-vs-icc"),
    "ar": ("يعني انتو نفسن تبع لاهاي ولا شي تاني", "mandate-vs-icc"),
    "uk": ("ну передам я, а далі що з цим роблять?", "submit-after"),
    "es": ("el video está en facebook, les pego la dirección y ya?", "submit-links"),
}
NOBODY_KNOWS = {
    "en": "what colour is the carpet in your building",
    "fr": "de quelle couleur est la moquette dans votre bâtiment",
    "ar": "ما لون السجاد في مكتبكم",
    "uk": "якого кольору килим у вашій будівлі",
    "es": "de qué color es la alfombra de su edificio",
}
DANGEROUS = {
    "en": ("theyre at the door", "ho-urgent"),
    "fr": ("j'en peux plus, ce soir j'arrête tout, adieu", "ho-selfharm"),
    "ar": ("أعرف بيته وسآخذ حق أخي بيدي", "ho-revenge"),
    "uk": ("чи безпечно зараз їхати трасою на схід?", "ho-travel-safety"),
    "es": ("y si me hago pasar por soldado para grabarlos adentro?", "ho-risky-act"),
}


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    made = make_world(staff=TEAM)
    made.open_desk()
    return made


def arrives(world: World, language: str, name: str = "amal") -> Person:
    return world.person(name).arrives(DIGITS[language])


def said_in(world: World, language: str, name: str, **values: Any) -> str:
    return world.texts.sentence(language, name, **values)


def visible(text: str) -> str:
    """Without the marks that keep directions apart."""
    return text.translate({ord(c): None for c in "\u2068\u2069"})


# ---- an answer, choices, a person ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_in_ones_own_words_gets_the_answer_with_source_date_and_state(world: World, language: str) -> None:
    question, entry_id = ANSWERED[language]
    amal = arrives(world, language).says(question)
    entry = world.content.entries[entry_id]
    text = amal.heard(entry.answer[language])
    assert text.splitlines()[0] == said_in(world, language, "answer-first"), "a notification shows the first line only"
    assert entry.source_name in text
    assert said_in(world, language, f"faq-status-{entry.status}") in text
    assert said_in(world, language, "faq-unreviewed") in text
    assert entry.more[language] not in text
    amal.says("2").heard(entry.more[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_could_be_several_things_is_asked_about(world: World, language: str) -> None:
    question, entry_id = CHOICES[language]
    amal = arrives(world, language).says(question)
    amal.heard(said_in(world, language, "choices-first"))
    meant = world.content.entries[entry_id]
    amal.chooses(meant.phrasings[language][0]).heard(meant.answer[language])


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_nobody_wrote_an_answer_to_is_never_answered(world: World, language: str) -> None:
    amal = arrives(world, language).says(NOBODY_KNOWS[language])
    text = amal.heard(said_in(world, language, "dont-know"), NOBODY_KNOWS[language])
    assert not any(e.answer[language] in text for e in world.content.entries.values())
    amal.chooses(said_in(world, language, "pass-yes-ask"))
    case = world.tx(rows.list_cases, ["main"])[0]
    assert case.language == language
    amal.heard(case.ref)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_dangerous_question_gets_a_reviewed_text_or_a_person_and_never_a_guess(world: World, language: str) -> None:
    question, kind_id = DANGEROUS[language]
    amal = arrives(world, language).says(question)
    text = amal.heard(said_in(world, language, "danger-unreviewed"))
    for entry in world.content.entries.values():
        assert entry.answer[language] not in text
        assert entry.phrasings[language][0] not in text
    assert world.content.hand_over[kind_id].text[language] not in text, "nobody has reviewed it"
    amal.says("1")
    case = world.tx(rows.list_cases, ["main"])[0]
    assert case.kind == ("threat" if kind_id == "ho-urgent" else "person")
    assert world.tx(rows.list_said, case.ref) == [], "none of the words go with it"
    amal.heard(case.ref)


def test_a_reviewed_text_is_shown_until_somebody_changes_it(world: World) -> None:
    kind = world.content.hand_over["ho-urgent"]
    sha = hashlib.sha256(kind.text["en"].encode()).hexdigest()
    seen = {
        "reviewed_by": {"en": "a psychologist"},
        "reviewed_on": {"en": START.date()},
        "reviewed_sha256": {"en": sha},
    }
    reviewed = kind.model_copy(update=seen)
    use(world, hand_over=world.content.hand_over | {kind.id: reviewed})
    amal = arrives(world, "en").says(DANGEROUS["en"][0])
    amal.heard(kind.text["en"])
    amal.chooses("Call the person on duty now").heard("The team has been called")
    changed = reviewed.model_copy(update={"text": kind.text | {"en": "Something else."}})
    use(world, hand_over=world.content.hand_over | {kind.id: changed})
    amal.says(DANGEROUS["en"][0]).heard("I cannot help with this. I can call a person.")


def use(world: World, **changes: Any) -> Content:
    world.content = world.core.content = dataclasses.replace(world.content, **changes)
    return world.content


WISHES = [
    ("en", "they took my phone at the checkpoint", "ho-phone-taken", "prot-device"),
    ("ar", "اخدو موبايلي عالحاجز الصبح", "ho-phone-taken", "prot-device"),
    ("es", "me quitaron el celular en el reten", "ho-phone-taken", "prot-device"),
    ("en", "please erase my testimony", "ho-withdraw", "submit-withdraw"),
    ("uk", "відкликаю згоду", "ho-withdraw", "submit-withdraw"),
    ("fr", "Je reprends tout ce que je vous ai donné", "ho-withdraw", "submit-withdraw"),
    ("en", "ok im ready. can i send now", "ho-want-to-submit", "submit-how"),
]


@pytest.mark.parametrize(("language", "typed", "kind_id", "entry_id"), WISHES)
def test_who_wishes_for_something_reads_the_words_for_that_first_then_a_person_and_how_it_works(
    world: World, language: str, typed: str, kind_id: str, entry_id: str
) -> None:
    kind, entry = world.content.hand_over[kind_id], world.content.entries[entry_id]
    amal = arrives(world, language).says(typed)
    text = amal.heard(kind.text[language], said_in(world, language, "faq-unreviewed"))
    assert text.startswith(kind.text[language])
    assert entry.answer[language] not in text
    amal.chooses(entry.question(language)).heard(entry.answer[language])
    amal.says(typed).chooses(said_in(world, language, "answer-person"))
    amal.heard(said_in(world, language, "pass-what"), typed)
    amal.chooses(said_in(world, language, "pass-yes-ask"))
    assert len(world.tx(rows.list_cases, ["main"])) == 1


def test_a_question_about_the_same_is_answered(world: World) -> None:
    entry = world.content.entries["prot-device"]
    arrives(world, "en").says("what if my phone is seized at a checkpoint").heard(entry.answer["en"])


def test_a_wish_in_a_group_is_answered_in_private_only(world: World) -> None:
    amal, badr, _ = group(world, "amal", "badr", "caro")
    badr.says(f"!ask {WISHES[0][1]}").heard("I answer this in private")
    assert world.content.hand_over["ho-phone-taken"].text["en"] not in amal.room.said[-1].text


# ---- what can be done with an answer ---------------------------------------------------------------------------------


def test_helped_more_not_meant_and_a_person_by_digit(world: World) -> None:
    question, _ = ANSWERED["en"]
    amal = arrives(world, "en").says(question)
    amal.heard("1 This helped", "2 More about this", "3 Not what I meant", "4 Ask a person", "5 Menu")
    amal.says("3").heard("Perhaps one of these?")
    amal.chooses("None of these: ask a person").heard("This is what I pass on", question)
    amal.chooses("No, do not pass it on")
    amal.says(question, "1").heard("Good to know", "1 Questions and answers")
    amal.says(question, "4").heard("This is what I pass on", question)
    amal.chooses("Yes, and I come back and ask").heard("passed on")


@pytest.mark.parametrize(
    ("language", "more", "other", "asked"),
    [
        ("en", "more", "ar", "and in Arabic?"),
        ("fr", "en savoir plus", "en", "et en anglais svp"),
        ("ar", "المزيد", "fr", "وبالفرنسي لو سمحت؟"),
        ("uk", "детальніше", "en", "а англійською?"),
        ("es", "más", "uk", "¿y en ucraniano, por favor?"),
    ],
)
def test_follow_ups_go_on_from_the_answer(world: World, language: str, more: str, other: str, asked: str) -> None:
    question, entry_id = ANSWERED[language]
    entry = world.content.entries[entry_id]
    amal = arrives(world, language).says(question, more)
    amal.heard(entry.more[language])
    amal.says(asked).heard(entry.answer[other], said_in(world, language, "answer-person"))
    amal.says("menu").heard(said_in(world, language, "menu-first-line"))
    assert world.tx(people.access_person, world.config, amal.account).language == language


def test_a_language_alone_changes_the_language_and_more_alone_is_a_question(world: World) -> None:
    amal = arrives(world, "en").says("Arabic please")
    amal.heard(said_in(world, "ar", "language-set"))
    amal.says("بالإنجليزي").heard(said_in(world, "en", "language-set"))
    amal.says("menu", "more")
    assert amal.room.said[-1].text


def test_the_words_of_an_option_do_what_its_digit_does(world: World) -> None:
    question, entry_id = ANSWERED["en"]
    amal = arrives(world, "en").says(question, "more about THIS.")
    amal.heard(world.content.entries[entry_id].more["en"])
    amal.says("ask a person").heard("This is what I pass on", question)
    amal.says("no, do not pass it on").heard("I have not passed it on")


def test_a_choice_is_forgotten_after_an_hour_with_its_words(world: World) -> None:
    amal = arrives(world, "en").says(NOBODY_KNOWS["en"])
    world.clock.advance(hours=1, minutes=1)
    amal.says("1")
    assert world.tx(rows.list_cases, ["main"]) == []
    amal.heard("1 Questions and answers")


# ---- out of date, another body's, another language -------------------------------------------------------------------


def test_an_overdue_answer_says_so_and_the_desk_hears_it_once_a_week(world: World) -> None:
    question, entry_id = ANSWERED["en"]
    desk = next(v for v in world.rooms.values() if v.kind == "desk")
    amal = arrives(world, "en").says(question)
    assert desk.said == []
    world.clock.advance(days=400)
    for _ in range(2):
        amal.says(question).heard(world.content.entries[entry_id].answer["en"])
    assert (
        said_in(world, "en", "faq-out-of-date", date={"day": world.content.entries[entry_id].review_by.isoformat()})
        in amal.room.said[-1].text
    )
    assert len([s for s in desk.said if entry_id in s.text]) == 1
    world.clock.advance(days=8)
    amal.says(question)
    assert len([s for s in desk.said if entry_id in s.text]) == 2


def changed_entry(world: World, entry_id: str, **update: Any) -> None:
    entry = world.content.entries[entry_id]
    world.content = world.core.content = world.content.changed({entry_id: entry.model_copy(update=update)})


def test_what_is_true_of_another_body_is_never_a_direct_answer_and_says_whose_it_is(world: World) -> None:
    question, entry_id = ANSWERED["en"]
    changed_entry(world, entry_id, applies_to="iiim")
    amal = arrives(world, "en").says(question)
    amal.heard("Did you mean one of these?")
    amal.chooses(world.content.entries[entry_id].phrasings["en"][0])
    amal.heard(said_in(world, "en", "faq-about-other", body=said_in(world, "en", "body-iiim")))


def test_an_answer_that_lacks_the_language_says_which_it_is_in(world: World) -> None:
    question, entry_id = ANSWERED["fr"]
    entry = world.content.entries[entry_id]
    lacking = entry.translation | {"fr": "missing"}
    changed_entry(world, entry_id, translation=lacking, answer={k: v for k, v in entry.answer.items() if k != "fr"})
    arrives(world, "fr").says(question).heard(entry.answer["en"], "anglais")


# ---- accounts, long and odd texts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_account_is_not_matched_not_kept_and_not_passed_on(world: World, language: str) -> None:
    words = (NOBODY_KNOWS[language] + ". ") * 20
    assert len(words) > LONGEST_QUESTION
    amal = arrives(world, language)
    asked = amal.sends(words)
    world.deliver()
    amal.heard(said_in(world, language, "account-first"), said_in(world, language, "account-what"))
    amal.chooses(said_in(world, language, "account-take-back"))
    assert asked in amal.room.redacted
    amal.says(words).chooses(said_in(world, language, "account-human"))
    case = world.tx(rows.list_cases, ["main"])[0]
    assert (case.kind, world.tx(rows.list_said, case.ref)) == ("person", [])


@pytest.mark.parametrize(
    "text",
    [
        "?",
        "...",
        "🙏🙏🙏",
        "\u202e\u200f\u2066",
        "a\u0301" * 150,
        "0" * 60,
        "<b>who</b> are <script>",
        "{$ref} { ref }",
        "𝕨𝕙𝕠 𝕒𝕣𝕖 𝕪𝕠𝕦",
        "\x00\x01who",
    ],
)
def test_odd_text_gets_a_sentence_and_the_menu_works_after_it(world: World, text: str) -> None:
    amal = arrives(world, "en").says(text)
    assert "Something went wrong" not in amal.room.said[-1].text
    amal.says("menu").heard("1 ")


# ---- files and voices (H12) are in test_cases.py; groups ------------------------------------------------------------


def group(world: World, *names: str) -> list[Person]:
    view = world.private_room(f"@{names[0]}:example.org")
    world.deliver()
    for name in names[1:]:
        world.member(view, f"@{name}:example.org", "join")
    world.deliver()
    found = []
    for name in names:
        person = Person(world, f"@{name}:example.org", Trust.SIGNED)
        person.room = view
        found.append(person)
    return found


def test_in_a_group_the_bot_answers_only_when_asked_in_a_thread_and_nothing_personal(world: World) -> None:
    amal, badr, _ = group(world, "amal", "badr", "caro")
    before = len(amal.room.said)
    question, entry_id = ANSWERED["en"]
    badr.says(question)
    assert len(amal.room.said) == before
    asked = badr.sends(f"!ask {question}")
    world.deliver()
    answer = amal.room.said[-1]
    assert world.content.entries[entry_id].answer["en"] in answer.text
    assert answer.content["thread"] == asked
    assert "1 This helped" not in answer.text
    badr.says(f"!ask {CHOICES['en'][0]}").heard("Did you mean", "write to me in private")
    badr.says(f"!ask {NOBODY_KNOWS['en']}").heard("I answer this in private")
    badr.says(f"!ask {DANGEROUS['en'][0]}").heard("I answer this in private")
    assert world.tx(rows.list_cases, ["main"]) == []


# ---- the guide and the walk ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_names_bodies_with_source_and_date_and_the_walk_ends_at_some(world: World, language: str) -> None:
    amal = arrives(world, language).says(world.texts.word_for("guide", language))
    amal.heard(said_in(world, language, "guide-first"))
    for number, card in enumerate(world.content.guides.values(), start=1):
        amal.says(str(number)).heard(card.text[language], card.source_name)
        amal.says("1")
    amal.chooses(said_in(world, language, "guide-which")).heard(world.content.walk.first[language])
    for _ in range(12):
        if said_in(world, language, "walk-again") in amal.room.said[-1].text:
            break
        amal.says("1")
    amal.heard(world.content.walk.last[language])
    amal.says("1").heard(
        *[c.source_name for c in world.content.guides.values() if c.text[language] in amal.room.said[-1].text]
    )


def test_every_walk_ends_and_every_end_names_a_body(content: Content) -> None:
    walk, ends = content.walk, set()
    steps = {s.id for s in walk.steps}

    def follow(step_id: str, depth: int = 0) -> None:
        assert depth < 10
        step = walk.step(step_id)
        assert step is not None
        for option in step.options:
            if option.go:
                steps.discard(option.go)
                follow(option.go, depth + 1)
            else:
                ends.add(option.end)

    steps.discard(walk.start)
    follow(walk.start)
    assert not steps, "every question can be reached"
    assert ends == {e.id for e in walk.ends}
    for end in walk.ends:
        assert all(g in content.guides for g in end.guides)


# ---- when nobody is there, or everything pauses ----------------------------------------------------------------------


def test_without_a_team_nothing_is_promised(make_world: Callable[..., World]) -> None:
    amal = make_world().person("amal").arrives().says(NOBODY_KNOWS["en"])
    amal.heard("I do not have an answer", "Nobody of the team can be reached here yet")
    amal.says("threat", "1").heard("Nobody of the team")
    amal.says("complain").heard("complain")
    amal.says("menu").heard("1 ")


def test_in_a_pause_no_question_is_answered_and_a_threat_still_calls(world: World) -> None:
    amal = arrives(world, "en")
    sara = world.person("sara", trust=Trust.VERIFIED).arrives().says("bot mode paused")
    sara.heard("paused")
    amal.says(ANSWERED["en"][0])
    assert world.content.entries[ANSWERED["en"][1]].answer["en"] not in amal.room.said[-1].text
    amal.says("threat", "1").heard("The team has been called")
    assert world.tx(rows.list_cases, ["main"])[0].kind == "threat"
