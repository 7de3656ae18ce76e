"""`liaison form`: as who writes forms uses it at the console, and as other programs do."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot import cli, formtool
from bot.text import Texts
from tests.formgen import table

FORMS = Path(__file__).parent / "data" / "forms"
ROWS = [
    {"type": "integer", "name": "age", "label": "How old?", "required": "yes", "constraint": ". < 150"},
    {"type": "begin repeat", "name": "pet", "label": "Pet"},
    {"type": "text", "name": "name", "label": "Its name", "relevant": "${age} > 5"},
    {"type": "select_multiple letters", "name": "likes", "label": "Likes"},
    {"type": "end repeat"},
    {"type": "note", "name": "end", "label": "That is all"},
]


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.md"
    path.write_text(table(ROWS), encoding="utf-8")
    return path


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


Liaison = Callable[..., Done]


@pytest.fixture
def liaison(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], texts: Texts) -> Liaison:
    """`liaison form ...` in this process; what is typed stands in for the keyboard."""

    def run(*words: str | Path, typed: str = "") -> Done:
        capsys.readouterr()
        monkeypatch.setattr(sys, "argv", ["liaison", "form", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        monkeypatch.setattr(cli, "Texts", lambda: texts)
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return Done(int(ended.value.code or 0), out, err)

    return run


def replayed(form: Path, answers: Any, capsys: pytest.CaptureFixture[str], **more: Any) -> dict[str, Any]:
    file = form.parent / "answers.json"
    file.write_text(json.dumps(answers), encoding="utf-8")
    formtool.try_out(form, language=more.get("language", ""), answers=file, as_json=True)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_check_shows_the_tree_the_time_and_what_to_look_at(form: Path, liaison: Liaison) -> None:
    done = liaison("check", form)
    assert done.returncode == 0, done.stderr
    for line in ("age*  [integer]  How old?", "pet  [repeat]  Pet", "  name ?  [text]  Its name", "That is all"):
        assert line in done.stdout
    assert "This form can be run." in done.stdout
    assert "/data/pet/name" in done.stdout, "where people can tell what happened"


def test_check_names_row_and_column_and_ends_with_1(form: Path, liaison: Liaison) -> None:
    form.write_text(
        table([*ROWS, {"type": "calculate", "name": "x", "calculation": "pulldata('a','b','c','d')"}]), "utf-8"
    )
    done = liaison("check", form)
    assert done.returncode == 1
    assert "refused  row 8 column calculation /data/x: " in done.stdout
    assert "pulldata" in done.stdout
    form.write_text(table(ROWS), "utf-8")
    assert formtool.check(form) == 0


def test_check_points_at_offers_in_every_language_that_we_speak(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    said = ["We will pay you", "Nous paierons", "Le ayudaremos", "Ми допоможемо вам", "سنساعدك"]
    form.write_text(table([{"type": "text", "name": f"q{i}", "label": s} for i, s in enumerate(said)]), "utf-8")
    assert formtool.check(form) == 0, "a person decides"
    out = capsys.readouterr().out
    assert all(f"look  row {i + 2} column label /data/q{i}: " in out for i in range(len(said)))


def test_every_form_of_the_field_that_we_have_can_be_checked_and_tried(
    capsys: pytest.CaptureFixture[str], liaison: Liaison
) -> None:
    path = FORMS / "all-question-types-v2024091201-3.xlsx"
    assert formtool.check(path) == 0
    assert "rank  [rank]  Rank" in capsys.readouterr().out
    tried = liaison("try", path, typed="\nfirst text\n.\n")
    assert tried.returncode == 0, tried.stderr
    assert "<string>first text</string>" in tried.stdout


def test_answers_of_a_machine_come_back_as_one_object(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = replayed(
        form,
        [
            ["/data/age", 7],
            ["/data/pet", {"add_repeat": True}],
            ["/data/pet[2]/name", "Rex"],
            ["/data/pet[2]/likes", ["c", "a"]],
            ["/data/age", 900],
            ["/data/age", "old"],
            ["/data/nobody", 1],
            ["/data/age", None],
        ],
        capsys,
    )
    assert [(entry["ok"], entry["violation"], entry["error"]) for entry in found["log"]] == [
        (True, None, None), (True, None, None), (True, None, None), (True, None, None), (False, "constraint", None),
        (False, "type", None), (False, None, "unknown"), (False, "required", None),
    ]  # fmt: skip
    assert set(found) == {"log", "nodes", "missing", "instance"}
    assert found["missing"] == ["/data/age"]
    assert "Rex" not in found["instance"], "not relevant without an age"
    assert "<likes>a c</likes>" in found["instance"]
    node = next(n for n in found["nodes"] if n["ref"] == "/data/pet[2]/name")
    assert node == {"ref": "/data/pet[2]/name", "type": "text", "relevant": False, "required": False, "readonly": False,
                    "label": "Its name"}  # fmt: skip


@pytest.mark.parametrize("wrong", ["", "{}", '[["/data/age"]]', "[[1, 2]]", "[" * 100_000])
def test_a_file_that_holds_no_answers_is_refused_with_a_sentence(form: Path, wrong: str, liaison: Liaison) -> None:
    file = form.parent / "answers.json"
    file.write_text(wrong, "utf-8")
    done = liaison("try", form, "--answers", file, "--json")
    assert done.returncode == 1
    assert "answers.json" in done.stderr
    assert "Traceback" not in done.stderr
    file.write_text('[["/data/age", 3]]', "utf-8")
    assert liaison("try", form, "--answers", file, "--json").returncode == 0


def test_a_form_that_cannot_be_run_is_refused_for_machines_too(form: Path, capsys: pytest.CaptureFixture[str]) -> None:
    form.write_text(table([{"type": "calculate", "name": "a", "calculation": "${a} + 1"}]), "utf-8")
    found = replayed(form, [], capsys)
    assert [(f["key"], f["row"], f["column"]) for f in found["refused"]] == [("form-cycle", 2, "calculation")]


def test_files_of_choices_that_lie_beside_a_form_come_with_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    form = tmp_path / "form.md"
    form.write_text(table([{"type": "select_one_from_file towns.csv", "name": "q", "label": "Q"}]), "utf-8")
    assert formtool.check(form) == 1
    assert "towns.csv" in capsys.readouterr().out
    (tmp_path / "towns.csv").write_text("name,label\nn1,Northtown\n", "utf-8")
    assert formtool.check(form) == 0
    assert formtool.check(tmp_path) == 0, "the folder is as good as the file"
    capsys.readouterr()
    assert replayed(form, [["/data/q", "n1"]], capsys)["log"][0]["ok"]


def test_somebody_tries_a_form_in_the_terminal_and_learns_what_is_wrong(form: Path, liaison: Liaison) -> None:
    done = liaison("try", form, typed="\nold\n200\n8\nRex\n1 3\n1\nTom\n\n\n\n")
    assert done.returncode == 0, done.stderr
    for told in ("This question needs an answer.", "This is not the kind of answer", "This answer does not fit"):
        assert told in done.stdout
    assert "<name>Rex</name><likes>a c</likes>" in done.stdout
    assert "<name>Tom</name>" in done.stdout


def test_a_folder_without_a_form_and_a_file_that_is_gone_are_told_kindly(tmp_path: Path, liaison: Liaison) -> None:
    for path in (tmp_path, tmp_path / "gone.xlsx"):
        done = liaison("check", path)
        assert done.returncode == 1
        assert done.stdout + done.stderr
        assert "Traceback" not in done.stderr
