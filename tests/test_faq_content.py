"""Answers as their editors see them: the checks, tables in and out, and changes from the desk by two people."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import dataclasses
import json
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, get_args

import openpyxl
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot import curate
from bot.app import App
from bot.config import LANGUAGES, Config, Mechanism
from bot.domain import faq_changes
from bot.errors import StartError, UserError
from bot.faq import content as content_files
from bot.faq.content import SHIPPED, Body, Content
from bot.faq.matcher import Candidate, Match
from bot.message import Trust
from bot.seal import KeyRing
from bot.store.db import Tx, opened
from bot.store.faq import set_change
from bot.text import Texts
from tests import world as worlds
from tests.test_content import edit, one
from tests.world import START, Person, World, answers_of, staff

TEAM = [staff("sara", "admin"), staff("omar", "admin"), staff("lina"), staff("vera", "approver")]


# ---- the checks ------------------------------------------------------------------------------------------------------


def test_the_shipped_content_may_go_live(tmp_path: Path, texts: Texts, capsys: pytest.CaptureFixture[str]) -> None:
    config = Config.model_validate({"database": {"url": f"sqlite:///{tmp_path}/liaison.db"}})
    assert curate.check(config, texts, "en") == 0
    said = capsys.readouterr().out
    assert "The content may go live." in said
    assert "answered directly" in said
    assert "fail" not in said


def test_every_fault_of_an_entry_is_found(content: Content) -> None:
    today = START.date()
    assert [f for f in curate.faults_of(content, today) if f[0] == "fail"] == []

    def faults(entry_id: str = "bot-hours", **update: Any) -> set[str]:
        entry = content.entries[entry_id].model_copy(update=update)
        topic = content.topics[0].model_copy(update={"entries": (entry,)})
        alone = dataclasses.replace(content, topics=(topic,), hand_over={}, guides={}, replies={}, pages={})
        found = curate.faults_of(alone, today)
        return {what.split(" ")[0] for _, where, what in found if where == entry_id}

    entry = content.entries["bot-hours"]
    few = {code: [entry.question(code)] for code in LANGUAGES}
    assert "faq-check-few" in faults(phrasings=few)
    assert "faq-check-overdue" in faults(review_by=today - timedelta(days=1))
    assert "faq-check-missing" in faults(translation=entry.translation | {"uk": "missing"})
    assert "faq-check-see" in faults(see_also=["nowhere"])
    assert "faq-check-audio" in faults(audio={"ar": "audio/none.ogg"})
    for code in LANGUAGES:  # promises that nobody can keep, in each language, short or long
        promise = content.never_say[code][0]
        assert "faq-check-never" in faults(answer=entry.answer | {code: f"… {promise} …"}), code
        assert "faq-check-never" in faults(more=entry.more | {code: f"… {promise} …"}), code
    assert "faq-check-any" in faults(applies_to="any", answer=entry.answer | {"en": "By resolution 71/248 of 2016."})
    assert "faq-check-far" in faults(review_by=date(2035, 1, 1))
    assert "faq-check-far" not in faults(review_by=today + timedelta(days=90))
    assert "faq-check-long" in faults(answer=entry.answer | {"fr": "mot " * 61})
    assert "faq-check-long" not in faults(
        answer=entry.answer | {"fr": "mot " * 60}, more=entry.more | {"fr": "a " * 120}
    )
    assert "faq-check-long" in faults(more=entry.more | {"uk": "слово " * 121})
    for code, telling in content.telling_prefixes.items():
        assert "faq-check-telling" in faults(more=entry.more | {code: f"{telling[0]}\n…"}), code
        assert "faq-check-telling" not in faults(more=entry.more | {code: f"…\n{telling[0]}"}), code
    late = list(curate.faults_of(content, date(2030, 1, 1)))
    dated = len(content.entries) + len(content.guides) + 1  # the walk
    assert len([f for f in late if f[2].startswith("faq-check-overdue")]) == dated


def test_every_fault_of_the_other_files_is_found(content: Content) -> None:
    promise, telling = content.never_say["en"][0], content.telling_prefixes["en"][0]

    def faults(where: str, **changes: Any) -> set[str]:
        found = curate.faults_of(dataclasses.replace(content, topics=(), **changes), START.date())
        return {what.split(" ")[0] for _, at, what in found if at == where}

    card = content.guides["guide-icc"]
    wrong = {"text": card.text | {"en": f"{telling} {promise}"}, "review_by": date(2035, 1, 1), "translation": {}}
    said = {"faq-check-never", "faq-check-telling", "faq-check-far", "faq-check-missing"}
    assert faults(card.id, guides=content.guides | {card.id: card.model_copy(update=wrong)}) == said
    overdue = {card.id: card.model_copy(update={"review_by": date(2020, 1, 1)})}
    assert faults(card.id, guides=content.guides | overdue) == {"faq-check-overdue"}
    walk = content.walk
    end = walk.ends[0].model_copy(update={"text": wrong["text"], "guides": ("guide-none",)})
    changed = walk.model_copy(update={"ends": (end, *walk.ends[1:]), "review_by": date(2035, 1, 1), "translation": {}})
    assert faults("walk.yaml", walk=changed) == said | {"faq-check-see"}
    reply = content.replies["received"].model_copy(update={"text": wrong["text"]})
    texts_alone = {"faq-check-never", "faq-check-telling"}
    assert faults(reply.id, replies=content.replies | {reply.id: reply}) == texts_alone
    kind = content.hand_over["ho-law"].model_copy(update={"text": wrong["text"]})
    assert faults(kind.id, hand_over=content.hand_over | {kind.id: kind}) == texts_alone
    page = content.pages["limits"].model_copy(update={"text": wrong["text"]})
    assert faults("limits.yaml", pages=content.pages | {"limits": page}) == texts_alone


def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where matching is not the point: nothing is learnt."""

    class Unlearnt:
        encoder = None

        def __init__(self, *_: Any) -> None:
            pass

    monkeypatch.setattr(curate, "Answers", Unlearnt)


def test_the_check_says_truthfully_what_a_fault_stops(
    own_content: Path, tmp_path: Path, texts: Texts, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    config = config_of(tmp_path, own_content)
    edit(own_content / "faq" / "bot.yaml", lambda d: one(d, "bot-hours").update(see_also=["nowhere"]))
    assert curate.check(config, texts, "en") == 1
    said = capsys.readouterr().out
    assert "The bot does not look at them" in said
    assert "nothing is answered directly" not in said


def test_the_check_gives_the_lines_that_record_a_review(
    own_content: Path, tmp_path: Path, texts: Texts, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(monkeypatch)
    config, file = config_of(tmp_path, own_content), own_content / "handover.yaml"
    curate.check(config, texts, "en")
    lines = capsys.readouterr().out.partition("  - id: ho-selfharm\n")[2].partition("  - id:")[0]
    sha = yaml.safe_load(lines)["reviewed_sha256"]
    assert set(sha) == set(LANGUAGES)

    def review(data: Any) -> None:
        kind = next(k for k in data["classes"] if k["id"] == "ho-selfharm")
        kind |= {"reviewed_by": {"en": "psychologist"}, "reviewed_on": {"en": START.date()}, "reviewed_sha256": sha}

    edit(file, review)
    kind = content_files.load(own_content).hand_over["ho-selfharm"]
    assert [code for code in LANGUAGES if kind.reviewed(code)] == ["en"]
    curate.check(config, texts, "en")
    lines = capsys.readouterr().out.partition("  - id: ho-selfharm\n")[2].partition("  - id:")[0]
    assert "en:" not in lines
    assert sha["uk"] in lines


def config_of(folder: Path, content: Path | None = None, **more: Any) -> Config:
    """An operator's config, with nothing outside the folder of the test."""
    own = {"faq": {"content": content}} if content else {}
    return Config.model_validate({"database": {"url": f"sqlite:///{folder}/none.db", "folder": folder}} | own | more)


def test_whose_fact_an_answer_is_can_only_be_said_with_words_that_people_can_be_told(texts: Texts) -> None:
    assert set(get_args(Body)) == {"any", *get_args(Mechanism.model_fields["kind"].annotation)}
    assert all(texts.has(f"body-{body}") for body in get_args(Body) if body != "any")


# ---- asking and evaluating -------------------------------------------------------------------------------------------


def asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], texts: Texts, question: str, **config: Any
) -> str:
    """What `liaison faq ask` says to a question."""
    monkeypatch.setattr(curate, "_learnt", lambda _config, content: answers_of(content))
    curate.ask(Config.model_validate(config), texts, question, "en", as_json=False)
    return capsys.readouterr().out


def test_asking_tells_what_the_bot_would_do(
    tmp_path: Path, content: Content, texts: Texts, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def ask(question: str, **config: Any) -> str:
        return asked(monkeypatch, capsys, texts, question, database={"folder": tmp_path}, **config)

    assert ask("how far back do you go").startswith("Answered directly")
    other = ask("how far back do you go", mechanism={"kind": "iiim"})
    assert other.startswith("Shown as choices")
    assert "mandate-period is about another body" in other
    danger = ask("theyre at the door")
    assert "Passed to a person" not in danger
    assert "nothing is passed on" in danger
    assert texts.sentence("en", "danger-unreviewed") in danger
    assert content.hand_over["ho-urgent"].text["en"] not in danger, "nobody has reviewed it"
    told = ask("they beat us and " * 30)
    assert "510 letters, more than 400" in told
    assert texts.sentence("en", "account-first") in told
    wish = ask("they took my phone at the checkpoint")
    assert content.hand_over["ho-phone-taken"].text["en"] in wish
    assert not wish.startswith("Answered directly")
    assert ask("what colour is the carpet in your building").startswith("Passed to a person")


def test_for_machines_the_outcome_is_told_too(
    tmp_path: Path, texts: Texts, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(curate, "_learnt", lambda _config, content: answers_of(content))
    for question, outcome in (("theyre at the door", "danger"), ("x" * 401, "danger"), ("who are you", None)):
        curate.ask(config_of(tmp_path), texts, question, "en", as_json=True)
        told = json.loads(capsys.readouterr().out)
        assert told["outcome"] == (outcome or told["tier"])


def test_labelled_questions_name_answers_that_exist_and_another_bodys_is_no_direct_answer(
    tmp_path: Path, texts: Texts, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    match = Match("answer", (Candidate("mandate-period", 1.0),), 1.0, "", 0.0, False)
    monkeypatch.setattr(curate, "_learnt", lambda *_: SimpleNamespace(ask=lambda _question: match))
    path = tmp_path / "questions.jsonl"
    good = {"lang": "en", "question": "x", "expected": "mandate-period", "kind": "in"}
    for wrong in (good | {"expected": "mandate-periods"}, good | {"also_ok": ["nowhere"]}):
        path.write_text("\n".join(json.dumps(line) for line in (good, wrong)))
        with pytest.raises(StartError) as error:
            curate.evaluate_file(config_of(tmp_path), texts, "en", path, as_json=True)
        said = texts.sentence("en", error.value.key, **error.value.values)
        assert "questions.jsonl, line 2" in said
    path.write_text(json.dumps(good))
    for kind, answered in (("example", 1.0), ("iiim", 0.0)):
        config = config_of(tmp_path, mechanism={"kind": kind})
        curate.evaluate_file(config, texts, "en", path, as_json=True)
        assert json.loads(capsys.readouterr().out)["answered_right"] == answered


def test_a_broken_file_is_named_with_the_field(own_content: Path, tmp_path: Path, texts: Texts) -> None:
    config = Config.model_validate({"faq": {"content": own_content}})
    path = own_content / "faq" / "bot.yaml"
    good = path.read_text(encoding="utf-8")
    raw = yaml.safe_load(good)
    del raw["entries"][0]["source_name"]
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(StartError) as error:
        curate.check(config, texts, "en")
    told = texts.sentence("en", error.value.key, **error.value.values)
    assert "bot.yaml" in told
    assert "source_name" in told
    path.write_text(good, encoding="utf-8")
    assert curate.content_of(config).entries


# ---- tables ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
def test_a_table_goes_out_and_in_again_unchanged(own_content: Path, tmp_path: Path, kind: str) -> None:
    config = Config.model_validate({"faq": {"content": own_content}})
    before = content_files.load(own_content)
    path = tmp_path / f"answers{kind}"
    curate.export(config, path)
    curate.import_(config, path)
    after = content_files.load(own_content)
    assert after.entries == before.entries
    assert [t.topic for t in after.topics] == [t.topic for t in before.topics]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        assert book.active is not None
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append(list(row.values()))
        book.save(path)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("kind", [".csv", ".xlsx"])
def test_a_table_changes_and_adds_answers(own_content: Path, tmp_path: Path, kind: str) -> None:
    config = Config.model_validate({"faq": {"content": own_content}})
    exported = tmp_path / "all.csv"
    curate.export(config, exported)
    rows = [r for r in rows_of(exported) if r["id"] == "bot-hours"]
    changed = next(r for r in rows if r["language"] == "ar")
    changed["answer"] = "جواب جديد."
    new = [r | {"id": "bot-parking", "question": f"parking {r['language']}?", "phrasings": ""} for r in rows]
    path = tmp_path / f"some{kind}"
    write_rows(path, [changed, *new])
    curate.import_(config, path)
    after = content_files.load(own_content)
    assert after.entries["bot-hours"].answer["ar"] == "جواب جديد."
    assert after.entries["bot-hours"].answer["en"] == content_files.load(SHIPPED).entries["bot-hours"].answer["en"]
    assert after.entries["bot-parking"].question("uk") == "parking uk?"


def test_what_a_spreadsheet_would_run_is_made_harmless_and_comes_back_whole(own_content: Path, tmp_path: Path) -> None:
    config = Config.model_validate({"faq": {"content": own_content}})
    path = tmp_path / "answers.csv"
    curate.export(config, path)
    rows = [r for r in rows_of(path) if r["id"] == "bot-hours"]
    rows[0]["answer"] = '=HYPERLINK("https://evil.example")'
    write_rows(path, rows)
    curate.import_(config, path)
    code = rows[0]["language"]
    assert content_files.load(own_content).entries["bot-hours"].answer[code].startswith("=HYPER")
    curate.export(config, path)
    assert next(r for r in rows_of(path) if r["id"] == "bot-hours" and r["language"] == code)["answer"].startswith("'=")
    curate.import_(config, path)
    assert content_files.load(own_content).entries["bot-hours"].answer[code].startswith("=HYPER")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"language": "xx"}, "row 2"),
        ({"topic": "nothing"}, "row 3: topic differs"),
        ({"topic": "nothing", "id": "new-one"}, "topic"),
        ({"review_by": "soon", "id": "new-one"}, "review_by"),
        ({"status": "certain", "id": "new-one"}, "status"),
        ({"source_url": "javascript:alert(1)", "id": "new-one"}, "source_url"),
        ({"id": "../../etc"}, "id"),
    ],
)
def test_a_table_that_does_not_fit_changes_nothing(
    own_content: Path, tmp_path: Path, change: dict[str, str], told: str
) -> None:
    config = Config.model_validate({"faq": {"content": own_content}})
    path = tmp_path / "answers.csv"
    curate.export(config, path)
    before = {p: p.read_bytes() for p in own_content.rglob("*.yaml")}
    good = [r for r in rows_of(path) if r["id"] == "bot-hours"]
    write_rows(path, [good[0] | change, *good[1:]])
    with pytest.raises(StartError) as error:
        curate.import_(config, path)
    assert told in str(error.value.values)
    assert {p: p.read_bytes() for p in own_content.rglob("*.yaml")} == before
    write_rows(path, good)
    curate.import_(config, path)


def test_a_table_that_promises_is_refused(own_content: Path, tmp_path: Path, content: Content, texts: Texts) -> None:
    config = config_of(tmp_path, own_content)
    path = tmp_path / "answers.csv"
    curate.export(config, path)
    before = {p: p.read_bytes() for p in own_content.rglob("*.yaml")}
    good = [r for r in rows_of(path) if r["id"] == "bot-hours"]
    for code in LANGUAGES:
        promise = {"answer": f"… {content.never_say[code][0]} …"}
        write_rows(path, [r | promise if r["language"] == code else r for r in good])
        with pytest.raises(StartError) as error:
            curate.import_(config, path)
        said = texts.sentence("en", error.value.key, **error.value.values)
        assert f"bot-hours ({code})" in said
        assert content.never_say[code][0] in said
        assert {p: p.read_bytes() for p in own_content.rglob("*.yaml")} == before


def test_going_out_and_in_tells_how_many(
    own_content: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIAISON_LANGUAGE", "en")
    config, path = config_of(tmp_path, own_content), tmp_path / "answers.csv"
    curate.export(config, path)
    assert "answers.csv: 70" in capsys.readouterr().out
    rows = [r for r in rows_of(path) if r["id"] in ("bot-hours", "bot-human")]
    write_rows(path, [r | {"source_name": "Somewhere"} if r["id"] == "bot-hours" else r for r in rows])
    curate.import_(config, path)
    assert "Answers in the table: 2. Changed or new: 1." in capsys.readouterr().out


@pytest.mark.parametrize("divided", [";", "\t", ","])
def test_a_table_may_be_divided_as_spreadsheet_programs_do(own_content: Path, tmp_path: Path, divided: str) -> None:
    config = config_of(tmp_path, own_content)
    exported, path = tmp_path / "all.csv", tmp_path / "some.csv"
    curate.export(config, exported)
    row = next(r for r in rows_of(exported) if r["id"] == "bot-hours" and r["language"] == "fr")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=divided)
        writer.writerow(["id", "language", "answer"])
        writer.writerow(["bot-hours", "fr", "Un ; deux, trois\nquatre"])
    curate.import_(config, path)
    assert (
        content_files.load(own_content).entries["bot-hours"].answer["fr"] == "Un ; deux, trois\nquatre" != row["answer"]
    )


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.csv", "id,language,answer\nbot-hours,fr,déjà".encode("latin-1"), "is not in UTF-8"),
        ("a.csv", b"id;answer\nbot-hours;x", "these columns are missing: language"),
        ("a.csv", b"", "these columns are missing: id, language"),
        ("a.xlsx", b"PK\x03\x04 not a book", "is no table"),
        ("a.xlsx", b"id,language", "is no table"),
        ("a.ods", b"id,language", "ends with .csv or .xlsx"),
        ("a", b"id,language", "ends with .csv or .xlsx"),
    ],
)
def test_a_file_that_is_no_table_gets_a_clear_sentence(
    own_content: Path, tmp_path: Path, texts: Texts, name: str, data: bytes, told: str
) -> None:
    config, path = config_of(tmp_path, own_content), tmp_path / name
    path.write_bytes(data)
    with pytest.raises(StartError) as error:
        curate.import_(config, path)
    said = texts.sentence("en", error.value.key, **error.value.values)
    assert told in said
    assert name in said
    if "ends with" in told:
        with pytest.raises(StartError):
            curate.export(config, path)
        assert path.read_bytes() == data


def test_what_was_changed_at_the_desk_is_seen_and_comes_back_into_the_files(
    own_content: Path,
    tmp_path: Path,
    sqlite_url: str,
    keys: KeyRing,
    texts: Texts,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("LIAISON_LANGUAGE", "en")
    quick(monkeypatch)
    database = {"url": sqlite_url, "folder": tmp_path}
    config = config_of(tmp_path, own_content, database=database, keys={"folder": keys.folder})
    files = content_files.load(own_content)
    entry = files.entries["bot-hours"]
    edited = entry.model_copy(update={"answer": entry.answer | {"en": "From the desk."}, "see_also": ("nowhere",)})

    def change(tx: Tx) -> None:
        set_change(tx, entry.id, edited.model_dump(mode="json"), by="lina")
        set_change(tx, "bot-human", None, by="lina")

    with opened(sqlite_url, keys) as db:
        db.transact("test", change)
    assert curate.check(config, texts, "en") == 1
    said = capsys.readouterr().out
    assert "Changed at the desk, and that stands above the files: bot-hours, bot-human" in said
    assert "nowhere" in said, "and it is checked"
    path = tmp_path / "answers.csv"
    curate.export(config, path)
    rows = rows_of(path)
    assert {r["answer"] for r in rows if r["id"] == "bot-hours" and r["language"] == "en"} == {"From the desk."}
    assert "bot-human" not in {r["id"] for r in rows}
    curate.import_(config, path)
    assert content_files.load(own_content).entries["bot-hours"] == edited
    assert "stands above" not in capsys.readouterr().out, "both say the same now"
    write_rows(path, [r | {"source_name": "Somewhere else"} for r in rows if r["id"] == "bot-hours"])
    curate.import_(config, path)
    assert "stands above the files: bot-hours" in capsys.readouterr().out


def test_what_the_files_say_too_is_theirs_again(own_world: tuple[World, Person], own_content: Path) -> None:
    world, sara = own_world
    file = own_content / "faq" / "bot.yaml"
    desk, later = "From the desk.", "From the file, later."
    entry = world.content.entries["bot-hours"]
    changed = entry.model_copy(update={"answer": entry.answer | {"en": desk}}).model_dump(mode="json")
    world.tx(set_change, entry.id, changed, by="sara")
    edit(file, lambda d: one(d, entry.id)["answer"].update(en=later))
    sara.says("!bot reload")
    assert world.content.entries[entry.id].answer["en"] == "From the desk.", "it stands above the files"
    edit(file, lambda d: one(d, entry.id)["answer"].update(en=desk))
    sara.says("!bot reload")
    edit(file, lambda d: one(d, entry.id)["answer"].update(en=later))
    sara.says("!bot reload")
    assert world.content.entries[entry.id].answer["en"] == "From the file, later."


def test_a_database_that_cannot_be_read_is_told_and_the_files_are_looked_at(
    own_content: Path, tmp_path: Path, sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database = {"url": sqlite_url, "folder": tmp_path}
    config = config_of(tmp_path, own_content, database=database, keys={"folder": tmp_path / "no-keys"})
    assert curate.in_use(config) == (content_files.load(own_content), [])
    assert capsys.readouterr().err
    assert curate.in_use(config_of(tmp_path, own_content)) == (content_files.load(own_content), [])
    assert not capsys.readouterr().err
    assert not (tmp_path / "none.db").exists(), "looking makes none"


def test_a_table_goes_only_into_the_operators_own_content(tmp_path: Path) -> None:
    path = tmp_path / "answers.csv"
    curate.export(Config(), path)
    with pytest.raises(StartError) as error:
        curate.import_(Config(), path)
    assert error.value.key == "faq-import-where"
    path.write_text("no,columns\n1,2\n")
    own = shutil.copytree(SHIPPED, tmp_path / "content")
    with pytest.raises(StartError):
        curate.import_(Config.model_validate({"faq": {"content": own}}), path)


# ---- from the desk ---------------------------------------------------------------------------------------------------


class Newsroom:
    """Editors at their desk."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.desk = world.open_desk()
        for account in world.config.accounts_at("main"):
            world.member(self.desk, account, "join")

    def at(self, name: str) -> Person:
        person = Person(self.world, f"@{name}:example.org", Trust.VERIFIED)
        person.room = self.desk
        return person

    def waits(self, person: Person) -> str:
        """The number under which a change waits for somebody else."""
        found = re.search(r"approve ([A-Z]\d[A-Z]\d)", person.heard("needs a second person"))
        assert found
        return found[1]


@pytest.fixture
def newsroom(make_world: Callable[..., World]) -> Newsroom:
    return Newsroom(make_world(staff=TEAM))


@pytest.fixture
def small_newsroom(database_url: str, keys: KeyRing, texts: Texts, few: Content) -> Iterator[Newsroom]:
    """One that learns what changes, quickly."""
    with closing(World(database_url, keys, texts, few, Config.model_validate({"staff": TEAM}))) as world:
        yield Newsroom(world)


@pytest.fixture
def unlearnt(monkeypatch: pytest.MonkeyPatch, newsroom: Newsroom) -> Newsroom:
    """Where matching is not the point: what changes is not learnt."""
    monkeypatch.setattr(worlds, "answers_of", lambda _content, found=newsroom.world.answers: found)
    return newsroom


NEW = """!faq add bot-parking
topic: bot
question: Where can I park my car?
answer: There is no parking at this office.
Please come by bus.
more: The bus stops at the corner.
source: The operator's house rules"""


def test_a_new_answer_is_shown_then_approved_by_another_then_found(small_newsroom: Newsroom) -> None:
    newsroom, lina, world = small_newsroom, small_newsroom.at("lina"), small_newsroom.world
    lina.says(NEW)
    text = lina.heard(
        "This is how “bot-parking” will look", "There is no parking at this office.\nPlease come by bus.",
        "house rules", "The bus stops at the corner.",
    )  # fmt: skip
    assert "not yet reviewed" in text or world.texts.sentence("en", "faq-unreviewed") in text
    ref = newsroom.waits(lina)
    lina.says(f"!approve {ref}").heard("Somebody else has to do that")
    amal = world.person("amal").arrives().says("where can i park my car please")
    assert "no parking" not in amal.room.said[-1].text
    newsroom.at("omar").says(f"!approve {ref}").heard("Approved and done")
    amal.says("where can i park my car please")
    amal.heard("There is no parking at this office.")
    nadia = world.person("nadia").arrives("3").says("Where can I park my car?")
    nadia.heard("There is no parking at this office.", "anglais")
    newsroom.at("sara").says("!bot audit").heard("bot-parking")
    world.restart()
    assert "bot-parking" in world.core.content.entries


def test_an_answer_is_changed_in_one_language_and_taken_out(unlearnt: Newsroom) -> None:
    lina, omar, world = unlearnt.at("lina"), unlearnt.at("omar"), unlearnt.world
    before = world.content.entries["bot-hours"]
    lina.says("!faq edit bot-hours\nlanguage: ar\nanswer: جواب جديد.").heard("جواب جديد.")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    after = world.content.entries["bot-hours"]
    assert (after.answer["ar"], after.answer["en"]) == ("جواب جديد.", before.answer["en"])
    assert after.translation["ar"] == "unreviewed"
    assert after.review_by == (world.clock.now + faq_changes.REVIEWED_FOR).date()
    lina.says("!faq phrasing bot-hours en how long until you folks write").heard("will also be found by")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    assert world.content.entries["bot-hours"].phrasings["en"][-1] == "how long until you folks write"
    assert world.content.entries["bot-hours"].answer["ar"] == "جواب جديد."
    lina.says("!faq retire bot-hours").heard("will not be shown any more")
    ref = unlearnt.waits(lina)
    omar.says(f"!refuse {ref}")
    assert "bot-hours" in world.content.entries
    lina.says("!faq retire bot-hours")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    assert "bot-hours" not in world.content.entries
    lina.says("!faq retire bot-hours").heard("There is no answer “bot-hours”")
    lina.says("!faq add bot-hours\ntopic: bot\nquestion: When?\nanswer: Soon.\nsource: us")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    assert world.content.entries["bot-hours"].answer["en"] == "Soon."


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("!faq add", "Something is missing"),
        ("!faq add Bad_Id!\ntopic: bot", "An id has small letters"),
        ("!faq add bot-hours\ntopic: bot", "There is an answer “bot-hours” already"),
        ("!faq add bot-new", "These lines are missing: topic, question, answer, source"),
        ("!faq add bot-new\nhello there", "Write one line for each"),
        ("!faq add bot-new\ntopic: cars\nquestion: a\nanswer: b\nsource: c", "The topics are"),
        ("!faq add bot-new\ntopic: bot\nlanguage: xx\nquestion: a\nanswer: b\nsource: c", "The languages are"),
        ("!faq add bot-new\ntopic: bot\nquestion: a\nanswer: b\nsource: c\nlink: javascript:x", "does not fit: link"),
        ("!faq add bot-new\ntopic: bot\nquestion: a\nanswer: b\nsource: c\nof: soon", "does not fit: of"),
        ("!faq add bot-new\ntopic: bot\nquestion: a\nanswer: b\nsource: c\nstatus: true", "policy, suggestion, cons"),
        (
            "!faq add bot-new\ntopic: bot\nquestion: a\nanswer: b\nsource: c\nfor: somebody",
            "“for” is one of: any, example, iiim, iimm, icc, coi",
        ),
        ("!faq edit bot-hours\nfor: somebody", "“for” is one of: any, example"),
        ("!faq edit bot-hours\ntopic: cars", "The topics are"),
        ("!faq edit bot-hours\nanswer:", "These lines are missing: answer"),
        ("!faq retire bot-nope", "There is no answer “bot-nope”. There are: bot-human"),
        ("!faq retire nope", "prot-device"),
        ("!faq phrasing nope en hello there", "There is no answer “nope”"),
        ("!faq edit bot-hours\nfor: any\nanswer: Since 2016, by resolution 71/248.", "somebody's own fact"),
        ("!faq edit bot-hours", "Write one line for each"),
        ("!faq edit nothing\nanswer: x", "There is no answer “nothing”"),
        ("!faq phrasing bot-hours xx hello there", "The languages are"),
        ("!faq phrasing bot-hours en x", "3 to 200 letters"),
    ],
)
def test_what_does_not_fit_is_explained_and_then_works(unlearnt: Newsroom, typed: str, told: str) -> None:
    lina = unlearnt.at("lina")
    assert "!approve" not in lina.says(typed).heard(told)
    lina.says(NEW)
    unlearnt.waits(lina)


def test_no_answer_may_promise_what_nobody_can_keep(unlearnt: Newsroom) -> None:
    lina, world = unlearnt.at("lina"), unlearnt.world
    for code in LANGUAGES:
        promise = world.content.never_say[code][0]
        lina.says(f"!faq edit bot-hours\nlanguage: {code}\nanswer: … {promise} …")
        lina.heard("An answer must not say this")
    lina.says("!faq edit bot-hours\nanswer: As a rule within seven days.")
    unlearnt.waits(lina)


def test_a_question_that_was_passed_on_becomes_an_answer_in_other_words(unlearnt: Newsroom) -> None:
    world = unlearnt.world
    amal = world.person("amal").arrives().says("what colour is the carpet in your building")
    amal.chooses("Yes, and I come back and ask")
    found = re.search(r"Its number: ([A-Z]\d[A-Z]\d)", amal.heard("passed on"))
    assert found
    root = unlearnt.desk.said[0].event_id
    lina = unlearnt.at("lina")
    lines = "topic: bot\nquestion: Which colour is the carpet?\nanswer: It is blue.\nsource: The house rules"
    lina.says(f"!faq from bot-carpet\n{lines}", thread=root).heard("Which colour is the carpet?")
    unlearnt.at("omar").says(f"!approve {unlearnt.waits(lina)}").heard("Approved and done")
    entry = world.content.entries["bot-carpet"]
    assert entry.question("en") == "Which colour is the carpet?"
    assert "in your building" not in str(entry), "the person's own words stay in the case"
    unlearnt.at("lina").says("!faq from bot-carpet2", thread=root).heard("These lines are missing")


def test_only_the_team_changes_answers(unlearnt: Newsroom) -> None:
    world = unlearnt.world
    for name in ("amal", "vera"):
        person = world.person(name, trust=Trust.VERIFIED).arrives()
        for typed in (NEW.removeprefix("!"), "faq retire bot-hours", "faq phrasing bot-hours en when do you write"):
            person.says(typed)
            assert "approve" not in person.room.said[-1].text
    assert "bot-hours" in world.content.entries


def test_an_approved_change_voids_the_others_of_the_same_answer(unlearnt: Newsroom) -> None:
    lina, omar, world = unlearnt.at("lina"), unlearnt.at("omar"), unlearnt.world
    refs = []
    for line in ("answer: The first words.", "source: The second source"):
        lina.says(f"!faq edit bot-hours\n{line}")
        refs.append(unlearnt.waits(lina))
    lina.heard("Other requests for “bot-hours” wait too", refs[0])
    lina.says("!faq edit bot-human\nanswer: I am a program, as I said.")
    other = unlearnt.waits(lina)
    lina.says("!faq retire bot-hours")
    refs.append(unlearnt.waits(lina))
    omar.says(f"!approve {refs[1]}")
    world.desk_said("“bot-hours” has changed", refs[0], refs[2])
    for ref in (refs[0], refs[2]):
        omar.says(f"!approve {ref}").heard(f"There is nothing called {ref} waiting")
    entry = world.content.entries["bot-hours"]
    assert entry.source_name == "The second source"
    assert entry.answer == content_files.load(SHIPPED).entries["bot-hours"].answer
    omar.says(f"!approve {other}").heard("Approved and done")
    lina.says("!faq edit bot-hours\nanswer: The first words.")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    entry = world.content.entries["bot-hours"]
    assert (entry.answer["en"], entry.source_name) == ("The first words.", "The second source")


def test_the_topic_of_an_answer_can_be_changed(unlearnt: Newsroom) -> None:
    lina, omar, world = unlearnt.at("lina"), unlearnt.at("omar"), unlearnt.world
    lina.says("!faq edit bot-hours\ntopic: Mandate")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    where = [t.topic for t in world.content.topics for e in t.entries if e.id == "bot-hours"]
    assert where == ["mandate"]


def test_a_language_stays_missing_until_it_has_an_answer_of_its_own(unlearnt: Newsroom) -> None:
    lina, omar, world = unlearnt.at("lina"), unlearnt.at("omar"), unlearnt.world
    lina.says(NEW)
    omar.says(f"!approve {unlearnt.waits(lina)}")
    french = "!faq edit bot-parking\nlanguage: FR\n"
    lina.says(french + "question: Où puis-je me garer ?").heard("words of another one", "answer, more")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    assert world.content.entries["bot-parking"].translation["fr"] == "missing"
    lina.says(french + "answer: Il n'y a pas de parking.").heard("words of another one", ": more")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    assert world.content.entries["bot-parking"].translation["fr"] == "unreviewed"
    lina.says(french + "more: Le bus s'arrête au coin.")
    assert "words of another one" not in lina.heard("Le bus", world.texts.sentence("fr", "faq-unreviewed"))


def test_a_new_answer_without_a_day_says_that_its_source_has_none(unlearnt: Newsroom) -> None:
    lina, omar, world = unlearnt.at("lina"), unlearnt.at("omar"), unlearnt.world
    lina.says(NEW).heard("The source has no date.")
    omar.says(f"!approve {unlearnt.waits(lina)}")
    assert world.content.entries["bot-parking"].valid_as_of is None


@pytest.mark.parametrize(("live", "told"), [(True, "is learnt"), (False, "I answer nothing directly now")])
def test_the_desk_hears_when_a_change_was_learnt_and_when_too_much_is_mixed_up(
    newsroom: Newsroom, live: bool, told: str
) -> None:
    world = newsroom.world
    answers = SimpleNamespace(state="learning", content=world.content, live=live)
    answers.learn = lambda: setattr(answers, "state", "ready")

    async def run_for(cause: str, function: Any, *args: Any) -> None:
        world.tx(function, *args, cause=cause)

    app = SimpleNamespace(answers=answers, config=world.config, clock=world.clock, db=SimpleNamespace(run_for=run_for))
    asyncio.run(App._learn(app))  # type: ignore[arg-type]  # it needs no more of it
    world.deliver()
    world.desk_said(told)


@given(st.text(max_size=300))
def test_any_lines_are_fields_or_a_clear_sentence(typed: str) -> None:
    with contextlib.suppress(UserError):  # which is said to them
        assert set(faq_changes.parse(typed)) <= set(faq_changes.FIELDS)
