"""What is said around a submission, and the shipped form: whole in five languages, quiet, short, promising nothing."""

from __future__ import annotations

import itertools
import random
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from pyxform.xls2xform import convert

from bot.config import LANGUAGES
from bot.errors import StartError
from bot.faq.content import SHIPPED, Content, Loader
from bot.forms import check, consent, form
from bot.forms.consent import ELEMENTS, FILE, PLACEHOLDERS, STOPS, Intake, Option, Part, filled
from bot.forms.form import Form
from bot.forms.nodes import Node, Stop
from bot.forms.session import Session

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FORM = SHIPPED / "forms" / "evidence.md"
MOST_PROMPTS, MOST_WORDS, LONGER = 26, 900, 1.35  # of the short path (HUMANE.md, H25)
CARD = 60  # words (H24)
HUMAN = {f"/data/human/human_{what}" for what in ("wanted", "contact", "language", "interviewer")}  # H21
STORY = "/data/account/first_account"
ORG = {"en": "Example Mechanism", "fr": "Example Mechanism", "ar": "Example Mechanism", "uk": "Example Mechanism",
       "es": "Example Mechanism"}  # fmt: skip


@pytest.fixture(scope="module")
def intake() -> Intake:
    return consent.load()


@pytest.fixture(scope="module")
def shipped() -> Form:
    return form.load(FORM.read_bytes(), FORM.name)


def values(intake: Intake, language: str, setting: Any = "destroy") -> dict[str, object]:
    """What a small operator's bot would fill in."""
    known: dict[str, object] = dict.fromkeys(PLACEHOLDERS, 25) | {
        "org": ORG[language], "contact": "help@example.org", "key_holders": 3, "days": 7, "wait_days": 14,
        "destinations": "; ".join(d.title[language] for d in intake.destinations), "answers": "", "receipt": "",
        "destination": intake.destinations[0].title[language], "allowed": "", "copies": "",
    }  # fmt: skip
    known["kept"] = filled(intake.part("kept").text[language], known)
    known["keep"] = filled(intake.keeping(setting).text[language], known)
    return known


def count(text: str) -> int:
    """Words: what has a letter or a digit in it."""
    return sum(1 for word in text.split() if any(c.isalnum() for c in word))


def shown(intake: Intake, part: Part, language: str, role: str) -> str:
    """A part with its options, as it is sent to somebody in a role."""
    options = [o.label[language] for o in part.options if not o.only or role in o.only]
    return filled("\n".join([part.said(language), *options]), values(intake, language))


def every(shipped: Form, kind: str = "") -> list[Any]:
    """The questions of the form: what a person answers."""
    asked = [f for f in shipped.fields if f.control is not None and f.kind == "leaf" and not f.is_note]
    return [f for f in asked if f.type_name.startswith(kind)]


def begun(shipped: Form, language: str = "en", **hidden: str) -> Session:
    """A form as the dialogue begins it."""
    session = Session(shipped, now=NOW, language=language)
    for name, value in hidden.items():
        session.set_metadata(f"intake_{name}", value)
    return session


def node(session: Session, ref: str) -> Node:
    found = session.node(ref)
    assert isinstance(found, Node)
    return found


def refs(session: Session) -> list[str]:
    return [stop.ref for stop in session.stops()]


# ---- the cards and the choices (H24) ---------------------------------------------------------------------------------


def test_consent_is_six_cards_and_four_choices_and_every_element_stands_under_exactly_one(intake: Intake) -> None:
    assert [c.covers for c in intake.cards] == [
        ("C1", "C2", "C7"),
        ("C3", "C4", "C8"),
        ("C6",),
        ("C9",),
        ("C14",),
        ("C12",),
    ]
    chosen = [element for part in intake.choices for element in part.covers]
    assert chosen == ["C5", "C10", "C11", "C13", "C15"]
    assert set(ELEMENTS) == {e for part in (*intake.cards, *intake.choices) for e in part.covers}
    assert [p.id for p in intake.choices if p.only] == ["agreed"], "only on behalf of somebody"
    assert intake.part("agreed").only == ("other", "organisation")


def test_every_card_can_be_understood_explained_asked_about_and_stopped(intake: Intake) -> None:
    for card in intake.cards:
        assert card.explain, card.id
        if card.id == "check":
            continue
        assert [(o.value, o.then) for o in card.options] == [
            ("understood", "on"), ("explain", "explain"), ("human", "human"), ("stop", "leave"),
        ]  # fmt: skip


def test_the_check_is_in_favour_of_the_person_and_never_refuses(intake: Intake) -> None:
    card = intake.cards[-1]
    assert [o.value for o in card.options if o.right] == ["free"]
    for wrong in (o for o in card.options if not o.right):
        assert wrong.then == "again"
        assert wrong.say in {c.id for c in intake.cards}, "the card that says how it is"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("setting", ["destroy", "keep"])
def test_a_card_is_one_short_message(intake: Intake, language: str, setting: str) -> None:
    for card in intake.cards:
        said = filled(card.said(language), values(intake, language, setting))
        assert count(said) <= CARD, (card.id, count(said))
        assert count(filled(card.explain[language], values(intake, language, setting))) <= 120, card.id


def test_no_choice_says_yes_to_everything_and_asking_first_comes_first(intake: Intake) -> None:
    everything, each = intake.part("destinations"), intake.destination
    assert [o.value for o in everything.options] == ["ask", "each", "no"]
    assert [o.value for o in each.options] == ["ask", "yes", "no"]


def test_a_no_to_what_belongs_to_another_person_goes_no_further_unless_chosen_again(intake: Intake) -> None:
    no = intake.part("agreed").option("no")
    assert no is not None
    assert no.say == "not-agreed"
    assert {o.then for o in intake.part("not-agreed").options} == {"human", "again", "leave"}


def test_the_words_that_are_fixed_are_said(intake: Intake) -> None:
    """The English models of HUMANE.md."""
    risks = intake.part("risks").text["en"]
    assert risks == (
        "If a court uses this, judges and the lawyers of the accused may see it, and may learn who gave it. You may be "
        "asked to speak to investigators or in court. Worst case: someone learns that you wrote to us and you or your "
        "family are threatened. We cannot protect you. Is it still right for you now?"
    )
    back = filled(intake.part("back").text["en"], values(intake, "en"))
    assert back.startswith(
        "You can take it back. From that moment we do not use it. Copies that were already passed on stay where they "
        "are. The law may oblige us to keep a locked copy. Example Mechanism is not obliged"
    )
    assert "is obliged" in filled(intake.part("back").text["en"], values(intake, "en", "keep"))
    assert [o.label["en"] for o in intake.hard_stop.options] == [
        "Sexual violence", "Something done to a child", "Something I may have taken part in",
        "Something very hard to talk about", "None of these", "I prefer not to say",
    ]  # fmt: skip
    lawyer = " ".join(intake.part("lawyer").said("en").split("\n"))
    assert lawyer.startswith(
        "Please do not write about it here. You can talk to a lawyer of your own before you talk to anybody."
    )
    assert intake.material.text["en"] == (
        "Please do not send pictures or films of sexual violence, or of a child who is abused. Having or sending them "
        "can harm the person shown and can be a crime."
    )
    assert [(o.label["en"], o.then) for o in intake.material.options] == [
        ("I have such material: call a human (no file)", "human"), ("Go on", "on"),
    ]  # fmt: skip
    receipt = intake.part("receipt").said("en")
    for sentence in (
        "Keep it where nobody finds it, or learn it, then write 1 and I remove it from here.",
        "Receiving is not acting: nobody has decided that it is true; nobody has decided to open a case; nobody can "
        "promise protection, payment or news.",
        "You can add or take it back.",
    ):
        assert sentence in receipt
    assert intake.part("no-risk").text["en"] == (
        'Do not go anywhere, ask anybody or take any risk for this. "I do not have it" is a good answer.'
    )
    assert "each alone can open it" in intake.part("what").text["en"]


# ---- the gate and the hard stop --------------------------------------------------------------------------------------


def test_who_is_not_safe_watched_or_under_18_never_comes_to_a_question_about_what_happened(intake: Intake) -> None:
    """No way through the gate from these answers goes on; and nothing but the gate stands before the hard stop."""

    def ends(option: Option) -> set[str]:
        if option.say is None:
            return {option.then}
        inner = intake.part(option.say).options
        return {end for o in inner for end in ends(o)} if inner else {option.then}

    for part, value in (("safe", "no"), ("safe", "unsure"), ("company", "watched"), ("company", "prefer_not"),
                        ("age", "child"), ("age", "for_child")):  # fmt: skip
        option = intake.part(part).option(value)
        assert option is not None
        assert ends(option) <= {"leave", "human", "again"}, (part, value)
    assert [p.id for p in intake.gate] == ["safe", "company", "device", "age", "role", "path"]
    goes_on = {(p.id, o.value) for p in intake.gate for o in p.options if "on" in ends(o)}
    assert {("safe", "yes"), ("company", "alone"), ("company", "helper"), ("age", "adult")} <= goes_on


def test_other_peoples_phones_are_advised_against(intake: Intake) -> None:
    assert {o.value for o in intake.part("device").options if o.say == "device-advice"} == {
        "shared",
        "borrowed",
        "work",
    }
    assert intake.part("device-advice").options[0].then == "leave"


def test_four_answers_end_the_story_and_the_third_names_a_lawyer_first(intake: Intake) -> None:
    stops = [(o.value, o.say) for o in intake.hard_stop.options if o.then == "stop"]
    assert [value for value, _ in stops] == ["sexual_violence", "child", "taken_part", "hard"]
    assert dict(stops) == {"sexual_violence": "stopped", "child": "stopped", "taken_part": "lawyer", "hard": "stopped"}
    assert {o.value for o in intake.hard_stop.options} - STOPS == {"none", "prefer_not"}


# ---- words -----------------------------------------------------------------------------------------------------------


def said_around(intake: Intake, language: str) -> Iterator[tuple[str, str]]:
    """Every text of intake.yaml, filled and as it stands."""
    for words in (*intake.parts, *intake.destinations):
        for line in words.words(language):
            yield words.id, line
            yield words.id, filled(line, values(intake, language))


def said_in(shipped: Form, language: str) -> Iterator[tuple[str, str]]:
    for field, _, code, text in check.texts_of(shipped):
        if code == language:
            yield field.ref, text
    session = Session(shipped, now=NOW, language=language)
    for one in session.nodes():
        for message in (one.constraint_message, one.required_message):
            if message:
                yield one.ref, message


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_promised(intake: Intake, shipped: Form, content: Content, language: str) -> None:
    said = [*said_around(intake, language), *said_in(shipped, language)]
    assert len(said) > 500
    assert not {where: words for where, text in said if (words := content.promised(language, text))}
    assert content.promised(language, f"… {content.never_say[language][0]} …"), "the check would find it"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_lock_screen_learns_nothing_from_a_first_line(
    intake: Intake, shipped: Form, content: Content, language: str
) -> None:
    inserts = {"no-risk", "kept", "keep-destroy", "keep-sealed"}  # never a message of their own
    for part in intake.parts:
        assert part.title or part.id in inserts, part.id
        first = filled(part.said(language).partition("\n")[0], values(intake, language))
        assert part.id in inserts or not content.telling(first, language), (part.id, first)
    for field, column, code, text in check.texts_of(shipped):
        if (code, column) == (language, "label") and field.name != "own_lawyer":
            assert not content.telling(text, language), (field.ref, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_was_left_in_another_language(intake: Intake, shipped: Form, language: str) -> None:
    own = {"ar": "[\u0600-\u06ff]", "uk": "[\u0400-\u04ff]"}.get(language, "[a-zà-ÿ]")
    english = {text for _, text in (*said_around(intake, "en"), *said_in(shipped, "en"))}
    alike = {"No", "Video", "Copy", "LGBTIQ+", "Torture", "Police", "Photo", "OK", "Original", "Audio", ""}
    for where, text in (*said_around(intake, language), *said_in(shipped, language)):
        plain = re.sub(r"\{\w+\}|Example Mechanism|help@example.org|\((Leave|Forget)\)", "", text)
        letters = [c for c in plain.casefold() if c.isalpha()]
        assert sum(1 for c in letters if re.match(own, c)) > 0.6 * len(letters) or not letters, (where, text)
        assert language == "en" or text in alike or text not in english, (where, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short(intake: Intake, shipped: Form, language: str) -> None:
    for where, text in (*said_around(intake, language), *said_in(shipped, language)):
        for sentence in re.split(r"(?<=[.!?؟:;])\s+|\n+", text):
            assert len(sentence) <= 220, (where, sentence)


# ---- the length of the short path (H25) ------------------------------------------------------------------------------


def short_path(intake: Intake, shipped: Form, language: str, role: str, gives: str, identity: str) -> list[str]:
    """Every prompt of the short path up to the seal, as it is sent."""
    said = [shown(intake, p, language, role) for p in (*intake.gate, intake.hard_stop, *intake.cards)]
    said += [shown(intake, p, language, role) for p in intake.choices if not p.only or role in p.only]
    session = begun(shipped, language, path="short", role=role, contact="here", identity=identity)
    if gives == "account":
        assert session.answer(STORY, "x").ok
        assert session.answer("/data/account/account_is_verbatim", "own").ok
    else:
        said.append(shown(intake, intake.material, language, role))
        assert session.answer("/data/one_item/one_file", "x.jpg").ok
    for stop in session.stops():
        choices = (
            [c.label for c in stop.node.choices()] if isinstance(stop.node, Node) and stop.node.field.choices else []
        )
        said.append("\n".join([stop.node.label() or "", stop.node.hint() or "", *choices]))
    said += [shown(intake, intake.part(p), language, role) for p in ("review", "phrase", "seal")]
    return said


PATHS = list(itertools.product(("self", "other", "organisation", "invited"), ("account", "file"), ("none", "named")))


def test_the_short_path_is_short(intake: Intake, shipped: Form) -> None:
    for role, gives, identity in PATHS:
        said = short_path(intake, shipped, "en", role, gives, identity)
        assert len(said) <= MOST_PROMPTS, (role, gives, identity, len(said))
        words = count("\n".join([*said, shown(intake, intake.part("receipt"), "en", role)]))
        assert words <= MOST_WORDS, (role, gives, identity, words)
        assert len(said) > 20, "nothing was left out of the count"


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_the_short_path_is_short_in_every_language(intake: Intake, shipped: Form, language: str) -> None:
    for role, gives, identity in PATHS:
        english, own = (
            count("\n".join(short_path(intake, shipped, code, role, gives, identity))) for code in ("en", language)
        )
        assert own <= LONGER * english, (role, gives, identity, own, english)


# ---- reviews (H22), recordings (H33) ---------------------------------------------------------------------------------


def reviewed(intake: Intake, folder: Path, *languages: str) -> Path:
    """A copy of the content in which a person has reviewed everything in some languages."""
    hashes = {code: dict(consent.to_review(intake, code)) for code in languages}

    def record(one: dict[str, Any]) -> None:
        one["reviewed_by"] = dict.fromkeys(languages, "legal officer")
        one["reviewed_on"] = dict.fromkeys(languages, NOW.date())
        one["reviewed_sha256"] = {code: hashes[code][one["id"]] for code in languages}

    def change(data: dict[str, Any]) -> None:
        for found in data.values():
            for one in found if isinstance(found, list) else [found]:
                if "id" in one:
                    record(one)

    return edited(folder, change)


def edited(folder: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A content folder whose intake.yaml an operator has changed."""
    path = folder / FILE
    if not path.exists():
        shutil.copy(SHIPPED / FILE, path)
    data = yaml.load(path.read_text(encoding="utf-8"), Loader)
    change(data)
    path.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    return folder


def test_what_is_shipped_is_open_in_no_language(intake: Intake) -> None:
    assert consent.open_languages(intake) == set()
    assert all(len(list(consent.to_review(intake, code))) == len(intake.parts) + 3 for code in LANGUAGES)


def test_a_language_opens_when_all_of_it_was_reviewed_and_closes_with_any_change(
    intake: Intake, tmp_path: Path
) -> None:
    reviewed(intake, tmp_path, "ar", "en")
    assert consent.open_languages(consent.load(tmp_path)) == {"ar", "en"}

    def text(data: dict[str, Any]) -> None:
        data["cards"][2]["text"]["ar"] += "."

    edited(tmp_path, text)
    changed = consent.load(tmp_path)
    assert consent.open_languages(changed) == {"en"}
    assert [name for name, _ in consent.to_review(changed, "ar")] == ["risks"]
    assert dict(consent.to_review(changed, "ar"))["risks"] == changed.part("risks").sha256("ar")

    def options(data: dict[str, Any]) -> None:
        data["card_options"][3]["label"]["en"] = "End"  # it stands under five cards

    edited(tmp_path, options)
    assert [name for name, _ in consent.to_review(consent.load(tmp_path), "en")] == [
        "who",
        "what",
        "risks",
        "back",
        "support",
    ]
    again = tmp_path / "again"
    again.mkdir()
    assert consent.open_languages(consent.load(reviewed(intake, again, "uk"))) == {"uk"}, "and it can be mended"


@pytest.mark.parametrize(
    ("where", "missing"),
    [
        ("gate", "reviewed_by"), ("hard_stop", "reviewed_on"), ("cards", "reviewed_sha256"),
        ("destinations", "reviewed_by"), ("withdrawal", "reviewed_on"), ("closing", "reviewed_sha256"),
    ],
)  # fmt: skip
def test_a_review_without_role_date_or_hash_is_none(intake: Intake, tmp_path: Path, missing: str, where: str) -> None:
    reviewed(intake, tmp_path, "en")

    def forget(data: dict[str, Any]) -> None:
        one = data[where][0] if isinstance(data[where], list) else data[where]
        one[missing] = {}

    edited(tmp_path, forget)
    assert consent.open_languages(consent.load(tmp_path)) == set()


def test_a_language_is_spoken_when_every_card_has_a_recording_there(tmp_path: Path, intake: Intake) -> None:
    assert consent.spoken_languages(intake) == set()
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "card.ogg").write_bytes(b"OggS")

    def record(data: dict[str, Any]) -> None:
        for card in data["cards"]:
            card["audio"] = {"ar": "audio/card.ogg"}

    edited(tmp_path, record)
    assert consent.spoken_languages(consent.load(tmp_path)) == {"ar"}
    for name in ("audio/none.ogg", "../outside.ogg"):
        (tmp_path.parent / "outside.ogg").write_bytes(b"OggS")
        edited(tmp_path, lambda data, name=name: data["cards"][0].update(audio={"ar": name}))  # type: ignore[misc]
        with pytest.raises(StartError) as error:
            consent.load(tmp_path)
        assert error.value.key == "content-missing"
    edited(tmp_path, record)
    assert consent.load(tmp_path)


# ---- what an operator may do to the file -----------------------------------------------------------------------------

BROKEN: dict[str, Callable[[dict[str, Any]], Any]] = {
    "nobody fills": lambda d: d["cards"][0]["text"].update(en="{org} {orgs}"),
    "not the same placeholders": lambda d: d["cards"][0]["text"].update(fr="Vous écrivez."),
    "cards.who.text": lambda d: d["cards"][0]["text"].pop("uk"),
    "nothing in es": lambda d: d["cards"][0]["title"].pop("es"),
    "two options have one value": lambda d: d["gate"][0]["options"][1].update(value="yes"),
    "there is no nowhere": lambda d: d["gate"][0]["options"][1].update(say="nowhere"),
    "safe stands twice": lambda d: d["gate"].append(d["gate"][0]),
    "every element from C1 to C15": lambda d: d["cards"][0].update(covers=["C1", "C2"]),
    "must end it": lambda d: d["hard_stop"]["options"][0].pop("then"),
    "one option of the check": lambda d: d["cards"][5]["options"][0].update(right=True),
    "at least 6 items": lambda d: d["cards"].pop(),
    "gate.safe.options.0.then": lambda d: d["gate"][0]["options"][0].update(then="onwards"),
    "extra": lambda d: d.update(surprise=1),
    "destinations": lambda d: d.update(destinations=[]),
}


@pytest.mark.parametrize("reason", BROKEN)
def test_a_broken_file_says_where_and_a_mended_one_is_read(tmp_path: Path, reason: str, texts: Any) -> None:
    edited(tmp_path, BROKEN[reason])
    with pytest.raises(StartError) as error:
        consent.load(tmp_path)
    told = texts.sentence("en", error.value.key, **error.value.values)
    assert FILE in told
    assert reason in told or reason == "extra"
    (tmp_path / FILE).unlink()
    assert consent.load(tmp_path) == consent.load(), "what a copy lacks is taken from the sample"


@pytest.mark.parametrize("text", ["cards: [", "[]", "", "a: {b", "\x00"])
def test_a_file_that_is_no_table_of_names_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with pytest.raises(StartError) as error:
        consent.load(tmp_path)
    assert error.value.key == "content-broken"
    shutil.copy(SHIPPED / FILE, tmp_path)
    assert consent.load(tmp_path)


@given(st.text())
def test_what_is_filled_in_is_never_read_as_a_placeholder(words: str) -> None:
    assert filled("{answers}!{answers}", {"answers": words, "org": "X"}) == f"{words}!{words}"


def test_a_missing_value_is_no_text() -> None:
    with pytest.raises(KeyError):
        filled("{org} {receipt}", {"org": "X"})
    assert filled("{org}", {"org": "X"}) == "X"


# ---- the form --------------------------------------------------------------------------------------------------------


def test_the_tools_of_the_field_read_the_form_without_a_warning(shipped: Form) -> None:
    warnings: list[str] = []
    assert convert(FORM.read_text(encoding="utf-8"), file_type=".md", warnings=warnings).xform
    assert warnings == []
    assert shipped.findings == []
    assert shipped.languages == ["en", "fr", "ar", "uk", "es"]
    assert check.missing_translations(shipped) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_says_why_in_every_language(shipped: Form, language: str) -> None:
    session = Session(shipped, now=NOW, language=language)
    session.add_repeat("/data/item")
    nodes = {one.field.ref: one for one in session.nodes() if isinstance(one, Node)}
    for field in every(shipped):
        one = nodes[field.ref]
        assert one.label(language), field.ref
        assert one.guidance(language), field.ref
        assert one.field.constraint is None or one.constraint_message, field.ref
        assert one.field.required in (None, False) or one.required_message, field.ref


def test_the_form_has_the_hidden_values_that_the_dialogue_fills_and_uses_each(intake: Intake, shipped: Form) -> None:
    hidden = [f for f in shipped.fields if f.control is None and f.name.startswith("intake_")]
    assert [f.name for f in hidden] == list(consent.HIDDEN)
    session = begun(shipped)
    for one in hidden:
        assert node(session, one.ref).answer in consent.HIDDEN[one.name], "a form tried out alone runs too"
        assert one.name == "intake_practice" or shipped.xml.decode().count(one.name) > 3, one.name
    for name, part in (("path", "path"), ("role", "role"), ("contact", "contact"), ("identity", "identity")):
        chosen = tuple(o.value for o in intake.part(part).options)
        assert set(chosen) == set(consent.HIDDEN[f"intake_{name}"])
    assert {o.value for o in intake.hard_stop.options} == set(consent.HIDDEN["intake_hard_stop"])


def test_closed_questions_can_be_left_open(shipped: Form) -> None:
    """I do not know and I prefer not to say are answers of their own; only two questions have no use for the first."""
    session = begun(shipped)
    for one in session.nodes():
        if isinstance(one, Node) and one.field.control is not None and one.field.choices is not None:
            found = {c.value for c in one.choices()}
            if one.name == "contact_request":
                assert found == {"human", "no"}
                continue
            assert "prefer_not" in found, one.ref
            assert "not_known" in found or one.name in ("actor_names_known", "item_physical"), one.ref


def test_only_closed_questions_are_required(shipped: Form) -> None:
    assert {f.name for f in every(shipped) if f.required not in (None, False)} == {
        "source_connection", "how_obtained", "prior_account", "inducement", "account_is_verbatim", "account_language",
        "item_is_original", "item_sent_uncompressed", "item_changed", "contact_request",
    }  # fmt: skip
    assert all(f.type_name.startswith("select") for f in every(shipped) if f.required not in (None, False))


def test_a_choice_that_answers_nothing_stands_alone(shipped: Form) -> None:
    session = begun(shipped)
    ref = "/data/source_more/how_obtained"
    for alone in ("not_known", "prefer_not"):
        verdict = session.answer(ref, ["self", alone])
        assert (verdict.ok, verdict.violation) == (False, "constraint")
        assert verdict.message
        assert "alone" in verdict.message
        assert session.answer(ref, [alone]).ok
    assert session.answer(ref, ["self", "official"]).ok
    assert all(f.constraint is not None for f in every(shipped, "select_multiple"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_somebody_might_go_and_get_ends_with_the_sentence_against_risk(
    intake: Intake, shipped: Form, language: str
) -> None:
    session = begun(shipped, language)
    sentence = intake.part("no-risk").text[language]
    got = (
        "one_item/one_file",
        *(f"item[1]/item_{what}" for what in ("physical", "file", "chain", "original_where", "url")),
    )
    for ref in got:
        hint = node(session, f"/data/{ref}").hint(language)
        assert hint
        assert hint.endswith(sentence), ref


def test_support_is_never_asked_and_no_names_are(shipped: Form) -> None:
    """H28: help is the same for all, before and after; and a list of other people's names is never asked for."""
    names = " ".join(f.name for f in shipped.fields)
    assert "support" not in names
    assert "medical" not in {str(v) for f in every(shipped) if f.name == "protection" for v in (f.choices or ())}
    session = begun(shipped)
    for ref in ("event/alleged_actor_type", "event/actor_names_known", "event/other_witnesses", "item[1]/item_chain"):
        label = node(session, f"/data/{ref}").label("en") or ""
        assert re.search(r"(?i)no names|do not write them", label), ref


def test_a_first_account_is_one_open_question_with_an_end(shipped: Form) -> None:
    session = begun(shipped)
    one = node(session, STORY)
    assert one.parameters["voice_seconds"] == "180"
    assert session.answer(STORY, "ا" * 1500).ok
    verdict = session.answer(STORY, "x" * 1501)
    assert (verdict.ok, verdict.violation) == (False, "constraint")
    assert "1,500" in (verdict.message or "")
    assert session.node(STORY).answer == "ا" * 1500  # type: ignore[union-attr]
    long = [f.name for f in check.narrative(shipped) if f.type_name == "text"]
    assert long == ["first_account", "item_url"], "no second question for a story"


# ---- the hard stop in the form (H21, R10) ----------------------------------------------------------------------------


@pytest.mark.parametrize("code", [*sorted(STOPS), "", "something_new"])
def test_promise_after_a_hard_stop_nothing_is_asked_but_how_a_person_can_be_reached(shipped: Form, code: str) -> None:
    """A search through every path, not a sample; also for a code that the form does not know."""
    assert {f.ref for f in check.reachable(shipped, {"/data/intake_hard_stop": code})} == HUMAN
    session = begun(shipped, hard_stop=code)
    assert set(refs(session)) == HUMAN
    assert not session.answer(STORY, "a").ok or STORY not in session.instance().decode()
    assert b"first_account" not in session.instance()


@pytest.mark.parametrize("code", ["none", "prefer_not"])
def test_who_chose_none_of_these_is_asked_what_happened(shipped: Form, code: str) -> None:
    asked = {f.ref for f in check.reachable(shipped, {"/data/intake_hard_stop": code})}
    assert {STORY, "/data/item/item_file", "/data/one_item/one_file"} <= asked
    assert not set(refs(begun(shipped, hard_stop=code))) & HUMAN


def test_an_answer_within_the_form_stops_the_story_too(shipped: Form) -> None:
    """Whoever took part is told of a lawyer and asked nothing more; the menu of what it is about ends it likewise."""
    took_part = check.reachable(shipped, {"/data/source/source_connection": "took_part"})
    assert not {f.ref for f in check.narrative(shipped)} & {f.ref for f in took_part}
    assert {f.ref for f in took_part} >= HUMAN | {"/data/source/own_lawyer"}
    for value in ("sexual", "reproductive", "child", "hard"):
        known = {"/data/event_kind/violation_hint": f"torture {value}"}
        left = {f.ref for f in check.reachable(shipped, known)}
        menu = [f.ref for f in shipped.fields].index("/data/event_kind/violation_hint")
        after = {f.ref for f in shipped.fields[menu + 1 :]} & left
        assert after == HUMAN | {"/data/stop_here"}, value
    session = begun(shipped)
    session.answer("/data/event_kind/violation_hint", ["looting"])
    assert "/data/event/place_text" in refs(session)
    session.answer("/data/event_kind/violation_hint", ["looting", "sexual"])
    assert "/data/event/place_text" not in refs(session)
    session.answer("/data/event_kind/violation_hint", ["looting"])
    assert "/data/event/place_text" in refs(session), "a slip can be mended"


@settings(max_examples=12, deadline=None)
@given(st.sampled_from([*sorted(STOPS), "none", "prefer_not"]), st.sampled_from(["short", "full", "organisation"]),
       st.randoms(use_true_random=False))  # fmt: skip
def test_whatever_is_chosen_the_form_comes_to_its_end(code: str, path: str, chance: random.Random) -> None:
    session = begun(_form(), path=path, hard_stop=code, role="organisation" if path == "organisation" else "self")
    seen: list[str] = []
    stop = session.after(None)
    while stop is not None and len(seen) < 200:
        seen.append(stop.ref)
        answer(session, stop, chance)
        stop = session.after(stop.ref)
    assert stop is None
    if code in STOPS:
        assert set(seen) <= HUMAN
    stopped = next((i for i, ref in enumerate(seen) if ref in ("/data/stop_here", "/data/source/own_lawyer")), None)
    assert stopped is None or set(seen[stopped + 1 :]) <= HUMAN
    assert session.missing() == []


_forms: list[Form] = []


def _form() -> Form:
    """The shipped form, where a fixture cannot reach."""
    if not _forms:
        _forms.append(form.load(FORM.read_bytes(), FORM.name))
    return _forms[0]


def answer(session: Session, stop: Stop, chance: random.Random) -> None:
    """Any answer that fits."""
    one = stop.node
    if not isinstance(one, Node) or one.field.is_note:
        return
    if one.field.choices is not None:
        value: Any = "human" if one.name == "contact_request" else chance.choice([c.value for c in one.choices()])
        assert session.answer(stop.ref, [value] if one.type == "select_multiple" else value).ok, stop.ref
    elif chance.random() < 0.5 and not one.required:
        return
    else:
        fit = {"integer": 3, "date": "2021-04-03", "file": "a.jpg"}.get(one.type, "words")
        assert session.answer(stop.ref, fit).ok, stop.ref


# ---- paths -----------------------------------------------------------------------------------------------------------


def test_three_paths_ask_differently_much(shipped: Form) -> None:
    short, full, organisation = (
        refs(begun(shipped, path=p, role=r))
        for p, r in (("short", "self"), ("full", "self"), ("organisation", "organisation"))
    )
    assert short == [STORY, "/data/one_item/one_file", "/data/contact_request", "/data/reach/contact_way",
                     "/data/identity/identity_sealed"]  # fmt: skip
    own = {f"/data/source_more/{name}" for name in ("collected_by_org", "collector_ref", "methodology_ref")}
    assert own <= set(organisation)
    assert not own & set(full)
    assert "/data/one_item/one_file" not in full
    assert "/data/item" in {ref.partition("[")[0] for ref in full}
    asked = begun(shipped, path="organisation", role="organisation")
    assert {"/data/source_more/prior_account", "/data/source_more/inducement"} <= set(asked.missing())
    assert not {"/data/source_more/prior_account", "/data/source_more/inducement"} & set(begun(shipped).missing())


def test_somebody_who_gives_neither_account_nor_file_can_ask_for_a_human_or_go_back(shipped: Form) -> None:
    session = begun(shipped, path="short", contact="no", identity="none")
    assert "/data/contact_request" in session.missing()
    verdict = session.answer("/data/contact_request", "no")
    assert not verdict.ok
    assert "nothing to seal" in (verdict.message or "")
    assert session.answer("/data/contact_request", "human").ok
    assert refs(session)[-1] == "/data/reach/contact_way", "then also who said no before is asked how"
    session.clear("/data/contact_request")
    assert session.answer("/data/one_item/one_file", "x.jpg").ok
    assert session.missing() == []
    assert refs(session) == [STORY, "/data/one_item/one_file"]
    full = begun(shipped, contact="no")
    assert "/data/contact_request" in full.missing()
    assert full.answer("/data/item[1]/item_physical", "object").ok
    assert "/data/contact_request" not in full.missing()


def test_what_was_chosen_before_the_form_is_not_asked_again(shipped: Form) -> None:
    assert not [ref for ref in refs(begun(shipped, contact="no")) if "/reach/" in ref]
    assert not [ref for ref in refs(begun(shipped, identity="none")) if "/identity/" in ref]
    for identity in ("apart", "named"):
        assert [ref for ref in refs(begun(shipped, identity=identity)) if "/identity/" in ref]
    practice = refs(begun(shipped, practice="yes", path="short"))
    assert practice[0] == "/data/practice_story"
    assert "/data/practice_story" not in refs(begun(shipped, path="short"))


def test_who_has_material_that_must_not_be_sent_is_asked_for_no_file(shipped: Form) -> None:
    known = {"/data/intake_files": "none"}
    files = {f.ref for f in check.reachable(shipped, known) if f.type_name == "file"}
    assert files == set()
    assert set(refs(begun(shipped, path="short", files="none"))) >= HUMAN


def test_dates_that_cannot_be_are_asked_again(shipped: Form) -> None:
    session = begun(shipped)
    start, end = "/data/event/date_start", "/data/event/date_end"
    assert start not in refs(session), "only when something is known"
    assert session.answer("/data/event/date_precision", "month").ok
    tomorrow = (NOW + timedelta(days=2)).date().isoformat()
    assert "not come yet" in (session.answer(start, tomorrow).message or "")
    assert session.answer(start, "2021-04-03").ok
    assert "before the beginning" in (session.answer(end, "2021-04-02").message or "")
    assert session.answer(end, "2021-04-03").ok


def test_the_choices_carry_the_codes_of_huridocs_and_our_own_words(shipped: Form) -> None:
    """The codes that INTAKE.md names, as ids of another body's terms; fourteen digits or nothing."""
    rows = [line.split("|") for line in FORM.read_text(encoding="utf-8").splitlines()]
    at = next(i for i, row in enumerate(rows) if row[1:2] == [" choices "])
    table = [[cell.strip() for cell in row] for row in itertools.takewhile(lambda row: len(row) > 5, rows[at + 2 :])]
    codes = {(row[2], row[3]): row[4] for row in table}
    assert all(re.fullmatch(r"(\d{14})?", code) for code in codes.values())
    assert {codes["connection", "took_part"], codes["violation", "torture"], codes["place_type", "checkpoint"]} == {
        "01030000000019", "02011111000004", "03020100000017",
    }  # fmt: skip
    assert codes["actor", "armed_forces"] == "01010300000024"
    assert codes["place_type", "worship"] == "", "ours"
    assert "02011111000004" in shipped.xml.decode()
    used = [code for code in codes.values() if code]
    assert len(used) > 90
