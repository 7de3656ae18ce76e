"""Forms from the chairs of who writes them and who answers them. What is refused is named; every error ends well."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.forms import check
from bot.forms.form import Form, FormError, load
from bot.forms.nodes import Node, Repeat, Verdict
from bot.forms.session import Session
from tests.formgen import a_form, some_answers, table

NOW = datetime(2026, 3, 5, 14, 30, tzinfo=UTC)


def form_of(*rows: dict[str, str], media: dict[str, bytes] | None = None, **settings: Any) -> Form:
    return load(table(list(rows)).encode(), "form.md", media, **settings)


def session_of(*rows: dict[str, str], language: str = "") -> Session:
    return Session(form_of(*rows), now=NOW, language=language)


def question(session: Session, ref: str) -> Node:
    node = session.node(ref)
    assert isinstance(node, Node)
    return node


def refused(data: str | bytes, name: str = "form.md", **more: Any) -> list[tuple[str, int | None, str | None]]:
    """Why a form was refused: key, row and column of each finding."""
    with pytest.raises(FormError) as error:
        load(data.encode() if isinstance(data, str) else data, name, **more)
    return [(f.key, f.row, f.column) for f in error.value.findings if f.level == "refused"]


AGE = {"type": "integer", "name": "age", "label": "How old?", "required": "yes", "constraint": ". >= 0 and . < 150"}
NAME = {"type": "text", "name": "name", "label": "Name"}
ADULT = {"type": "text", "name": "work", "label": "Work of ${name}", "relevant": "${age} > 17"}


# ---- answering -----------------------------------------------------------------------------------------------------


def test_a_person_answers_from_the_first_question_to_the_last_and_back() -> None:
    session = session_of(NAME, AGE, ADULT)
    assert [stop.ref for stop in session.stops()] == ["/data/name", "/data/age"]
    first = session.after()
    assert first is not None
    assert first.ref == "/data/name"
    assert session.answer("/data/name", "Amal").ok
    assert session.after("/data/name").ref == "/data/age"  # type: ignore[union-attr]
    assert session.answer("/data/age", 30).ok
    following = session.after("/data/age")
    assert following is not None
    assert following.node.label() == "Work of Amal"
    assert session.after("/data/work") is None
    assert session.before("/data/work").ref == "/data/age"  # type: ignore[union-attr]
    assert session.before("/data/name") is None
    assert session.missing() == []


@pytest.mark.parametrize(
    ("value", "violation"), [(200, "constraint"), ("many", "type"), (2.5, "type"), (["1"], "type")]
)
def test_a_refused_answer_says_why_changes_nothing_and_the_next_one_counts(value: Any, violation: str) -> None:
    session = session_of(NAME, AGE, ADULT)
    session.answer("/data/age", 40)
    before = session.instance()
    verdict = session.answer("/data/age", value)
    assert (verdict.ok, verdict.violation) == (False, violation)
    assert session.instance() == before
    assert session.answer("/data/age", 41).ok
    assert question(session, "/data/age").answer == "41"


def test_an_answer_that_is_no_longer_asked_for_is_left_out_and_comes_back() -> None:
    session = session_of(NAME, AGE, ADULT)
    for ref, value in (("/data/age", 30), ("/data/work", "nurse")):
        assert session.answer(ref, value).ok
    assert b"nurse" in session.instance()
    session.answer("/data/age", 3)
    assert b"nurse" not in session.instance()
    assert b"<work" not in session.instance()
    session.answer("/data/age", 30)
    assert b"<work>nurse</work>" in session.instance()


def test_taking_a_required_answer_away_says_so_and_it_is_missing() -> None:
    session = session_of(AGE)
    session.answer("/data/age", 5)
    assert session.answer("/data/age", None) == Verdict(False, "required")
    assert session.missing() == ["/data/age"]
    assert session.answer("/data/age", 6).ok
    assert session.missing() == []


def test_what_is_no_question_is_an_error_and_nothing_happens() -> None:
    session = session_of(
        NAME,
        {"type": "note", "name": "hello", "label": "Hello"},
        {"type": "text", "name": "fixed", "label": "Fixed", "readonly": "${name} = 'x'"},
        {"type": "calculate", "name": "sum", "calculation": "1 + 1"},
    )
    assert session.answer("/data/nobody", "x").error == "unknown"
    assert session.answer("/data/hello", "x").error == "no-question"
    assert session.answer("/data/sum", "x").error == "no-question"
    session.answer("/data/name", "x")
    assert session.answer("/data/fixed", "y").error == "readonly"
    session.answer("/data/name", "z")
    assert session.answer("/data/fixed", "y").ok


def test_a_constraint_that_looks_at_a_total_takes_everything_back() -> None:
    session = session_of(
        {"type": "integer", "name": "a", "label": "A"},
        {"type": "integer", "name": "b", "label": "B", "constraint": "${total} < 10"},
        {"type": "calculate", "name": "total", "calculation": "${a} + ${b}"},
    )
    session.answer("/data/a", 4)
    session.answer("/data/b", 5)
    assert session.answer("/data/b", 6).violation == "constraint"
    assert (question(session, "/data/b").answer, question(session, "/data/total").answer) == ("5", "9")
    session.answer("/data/a", 9)
    assert session.invalid() == ["/data/b"], "an answer that no longer fits is named"
    session.answer("/data/a", 1)
    assert session.invalid() == []


TYPED = [
    ("integer", "٤٢", "42"),
    ("integer", "7.0", "7"),
    ("integer", 9_999_999_999, None),
    ("decimal", "3", "3.0"),
    ("decimal", "٣٫٥", "3.5"),
    ("decimal", "nan", None),
    ("date", "2026-02-28", "2026-02-28"),
    ("date", "2026-02-30", None),
    ("date", "2026-02-28T10:00:00+02:00", None),
    ("time", "9:05", "09:05:00"),
    ("time", "25:00", None),
    ("dateTime", "2026-02-28 10:00", "2026-02-28T10:00:00"),
    ("geopoint", "33.5, 36.3", "33.5 36.3"),
    ("geopoint", "geo:33.5,36.3;u=25", "33.5 36.3 0.0 25.0"),
    ("geopoint", "geo:33.5,36.3,700", "33.5 36.3 700.0"),
    ("geopoint", "95 10", None),
    ("geopoint", "the old market", None),
    ("geotrace", "1 2 0 0; 3 4 0 0", "1.0 2.0 0.0 0.0;3.0 4.0 0.0 0.0"),
    ("geotrace", "by the river", None),
    ("barcode", 4006381333931, "4006381333931"),
    ("acknowledge", True, "OK"),
    ("acknowledge", "perhaps", None),
    ("image", "photo.jpg", "photo.jpg"),
    ("select_one letters", "b", "b"),
    ("select_one letters", "z", None),
    ("select_multiple letters", ["c", "a"], "a c"),
    ("select_multiple letters", "c a", "a c"),
    ("select_multiple letters", ["a", "z"], None),
    ("rank letters", ["d", "a", "c", "b"], "d a c b"),
    ("rank letters", ["d", "a"], None),
    ("text", "a\x00b\nc", "ab\nc"),
]


@pytest.mark.parametrize(("kind", "value", "written"), TYPED)
def test_each_type_takes_what_fits_it(kind: str, value: Any, written: str | None) -> None:
    session = session_of({"type": kind, "name": "q", "label": "Q"})
    verdict = session.answer("/data/q", value)
    assert verdict == (Verdict(True) if written is not None else Verdict(False, "type"))
    assert question(session, "/data/q").answer == (written or "")
    assert session.answer("/data/q", None).ok, "and can be taken away again"


def test_a_range_takes_its_steps() -> None:
    session = session_of({"type": "range", "name": "q", "label": "Q", "parameters": "start=-1 end=2 step=0.5"})
    assert [session.answer("/data/q", v).ok for v in (-1, 0.5, 2, 0.4, 2.5)] == [True, True, True, False, False]
    assert question(session, "/data/q").answer == "2.0"


def test_a_place_may_be_a_name_where_the_form_says_so() -> None:
    rows = "| survey | | | | |\n| | type | name | label | appearance |\n| | geopoint | q | Where? | place-name |\n"
    session = Session(load(rows.encode(), "form.md"), now=NOW)
    assert session.answer("/data/q", "the old market").ok
    assert question(session, "/data/q").answer == "the old market"
    assert not session.answer("/data/q", "999 999").ok
    kept = Session(session.form, session.state(), now=NOW)
    assert b"<q>the old market</q>" in kept.instance()


# ---- repeats -------------------------------------------------------------------------------------------------------

PEOPLE = (
    {"type": "begin repeat", "name": "person", "label": "Person"},
    NAME,
    {"type": "end repeat"},
    {"type": "note", "name": "end", "label": "${number} people"},
    {"type": "calculate", "name": "number", "calculation": "count(${person})"},
)


def test_one_more_is_asked_after_the_last_instance() -> None:
    session = session_of(*PEOPLE)
    assert [(s.ref, s.kind) for s in session.stops()] == [
        ("/data/person[1]/name", "question"),
        ("/data/person", "repeat-prompt"),
        ("/data/end", "note"),
    ]
    assert session.after("/data/person[1]/name").ref == "/data/person"  # type: ignore[union-attr]
    assert session.add_repeat("/data/person").ok
    assert session.after("/data/person[1]/name").ref == "/data/person[2]/name"  # type: ignore[union-attr]
    assert session.after("/data/person").ref == "/data/end"  # type: ignore[union-attr]
    assert question(session, "/data/end").label() == "2 people"
    session.answer("/data/person[2]/name", "Omar")
    assert session.remove_repeat("/data/person[1]").ok
    assert question(session, "/data/person[1]/name").answer == "Omar"
    assert question(session, "/data/end").label() == "1 people"


def test_a_counted_repeat_is_not_grown_by_hand_and_follows_its_count() -> None:
    session = session_of(AGE, {"type": "begin repeat", "name": "r", "label": "R", "repeat_count": "${age}"}, NAME,
                         {"type": "end repeat"})  # fmt: skip
    assert session.add_repeat("/data/r").error == "counted"
    session.answer("/data/age", 3)
    repeat = session.node("/data/r")
    assert isinstance(repeat, Repeat)
    assert len(repeat.instances) == 3
    session.answer("/data/r[3]/name", "last")
    session.answer("/data/age", 2)
    assert session.answer("/data/r[3]/name", "x").error == "unknown"
    assert session.answer("/data/r[2]/name", "x").ok


# ---- what is kept --------------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_a_draft_is_the_same_after_a_restart_wherever_it_stops(seed: int) -> None:
    form = load(a_form(seed, 8).encode(), "form.md")
    session = Session(form, now=NOW)
    answers = some_answers(form, Session(form, now=NOW), seed, 8)
    for ref, value in answers:
        if isinstance(value, dict):
            (session.add_repeat if "add_repeat" in value else session.remove_repeat)(ref)
        else:
            session.answer(ref, value)
        session = Session(form, json.loads(json.dumps(session.state())), now=NOW)
    whole = Session(form, session.state(), now=NOW)
    assert whole.instance() == session.instance()
    assert [s.ref for s in whole.stops()] == [s.ref for s in session.stops()]


def test_what_was_drawn_by_lot_stays_after_a_restart() -> None:
    session = session_of(
        {"type": "calculate", "name": "lot", "calculation": "random()"},
        {"type": "calculate", "name": "id", "calculation": "once(uuid())"},
        NAME,
    )
    kept = Session(session.form, session.state(), now=NOW)
    assert kept.instance() == session.instance()
    kept.answer("/data/name", "x")
    assert question(kept, "/data/lot").answer == question(session, "/data/lot").answer


def test_nothing_that_tells_who_or_exactly_when_is_filled_in() -> None:
    form = form_of(
        *(
            {"type": kind, "name": kind}
            for kind in ("start", "end", "today", "deviceid", "username", "phonenumber", "email")
        ),
        {"type": "hidden", "name": "intake_path"},
        NAME,
    )
    session = Session(form, now=NOW)
    values = {n.field.name: n.answer for n in session.nodes()}
    assert {values[k] for k in ("deviceid", "username", "phonenumber", "email", "intake_path")} == {""}
    assert values["today"] == "2026-03-05"
    assert values["start"] == values["end"] == "2026-03-05T00:00:00.000+00:00"
    session.set_metadata("intake_path", "short")
    assert b"<intake_path>short</intake_path>" in session.instance()
    told = {f.values["what"] for f in form.findings if f.key == "form-neutral"}
    assert told == {"start", "end", "deviceid", "username", "phonenumber", "email"}


def test_the_version_changes_with_the_form_and_with_its_files() -> None:
    media = {"towns.csv": b"name,label\na,A\n"}
    rows = ({"type": "select_one_from_file towns.csv", "name": "q", "label": "Q"},)
    versions = {
        form_of(*rows, media=media).version,
        form_of(*rows, media={"towns.csv": b"name,label\nb,B\n"}).version,
        form_of(*rows, NAME, media=media).version,
    }
    assert len(versions) == 3
    assert form_of(*rows, media=media).version in versions


# ---- languages and texts -------------------------------------------------------------------------------------------

TWO = """
| survey |
|        | type          | name | label::English (en) | label::العربية (ar) | hint::English (en) |
|        | integer       | age  | How old are you?    | كم عمرك؟            | In years           |
|        | select_one yn | ok   | Is it fine?         |                     |                    |
| choices |
|         | list_name | name | label::English (en) | label::العربية (ar) |
|         | yn        | yes  | Yes                 | نعم                 |
|         | yn        | no   | No                  | لا                  |
"""
LIMIT = """
| survey |
|        | type    | name | label::English (en) | constraint | constraint_message::English (en) | constraint_message::العربية (ar) |
|        | integer | age  | How old?            | . < 150    | Too old                          | كبير جدًا                        |
"""  # noqa: E501  # a table


def test_a_bilingual_form_speaks_both_and_falls_back_where_nobody_translated() -> None:
    form = load(TWO.encode(), "form.md")
    assert form.languages == ["en", "ar"]
    session = Session(form, now=NOW, language="ar")
    age, ok = question(session, "/data/age"), question(session, "/data/ok")
    assert (age.label(), age.label("en"), age.hint("en")) == ("كم عمرك؟", "How old are you?", "In years")
    assert ok.label() == "Is it fine?"
    assert [c.label for c in ok.choices()] == ["نعم", "لا"]
    assert [c.label for c in ok.choices("en")] == ["Yes", "No"]
    lacking = {(f.values["what"], f.values["number"]) for f in check.missing_translations(form)}
    assert ("ar", 2) in lacking, "the question without a label and the hint"


def test_the_forms_own_words_tell_why_an_answer_does_not_fit() -> None:
    form = load(LIMIT.encode(), "form.md")
    for language, words in (("ar", "كبير جدًا"), ("en", "Too old")):
        session = Session(form, now=NOW, language=language)
        assert session.answer("/data/age", 200).message == words
        assert session.answer("/data/age", 20).ok


def test_a_recorded_question_names_its_file() -> None:
    rows = (
        "| survey | | | | | |\n| | type | name | label | media::audio | guidance_hint |\n"
        "| | text | q | Tell | tell.ogg | For the officer |\n"
    )
    session = Session(load(rows.encode(), "form.md"), now=NOW)
    node = question(session, "/data/q")
    assert node.media() == {"audio": "tell.ogg"}
    assert node.guidance() == "For the officer"
    assert node.label() == "Tell"


# ---- files of choices ----------------------------------------------------------------------------------------------

TOWNS = b"name,label,region\nn1,Northtown,north\nn2,Northbridge,north\ns1,Southtown,south\n"
FROM_FILE = (
    {"type": "text", "name": "region", "label": "Region"},
    {"type": "select_one_from_file towns.csv", "name": "town", "label": "Town", "choice_filter": "region = ${region}"},
)


def test_choices_from_a_file_are_filtered_and_an_answer_that_is_gone_comes_back() -> None:
    session = Session(form_of(*FROM_FILE, media={"towns.csv": TOWNS}), now=NOW)
    town = question(session, "/data/town")
    assert town.choices() == []
    session.answer("/data/region", "north")
    assert [c.label for c in town.choices()] == ["Northtown", "Northbridge"]
    assert session.answer("/data/town", "s1").violation == "type"
    assert session.answer("/data/town", "n2").ok
    session.answer("/data/region", "south")
    assert town.answer == ""
    session.answer("/data/region", "north")
    assert town.answer == "n2"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("towns.csv", b"name;label;region\r\nn1;Northtown;north\r\n"),
        ("towns.csv", b"\xef\xbb\xbfname,label,region\nn1,Northtown,north\n"),
        ("towns.xml", b"<root><item><name>n1</name><label>Northtown</label><region>north</region></item></root>"),
        ("towns.geojson", json.dumps({"type": "FeatureCollection", "features": [{
            "type": "Feature", "id": "n1", "properties": {"title": "Northtown", "region": "north"},
            "geometry": {"type": "Point", "coordinates": [1.5, 2]}}]}).encode()),
    ],
)  # fmt: skip
def test_files_of_choices_are_read_in_every_kind(name: str, data: bytes) -> None:
    rows = (FROM_FILE[0], FROM_FILE[1] | {"type": f"select_one_from_file {name}"})
    session = Session(form_of(*rows, media={name: data}), now=NOW)
    session.answer("/data/region", "north")
    assert [(c.value, c.label) for c in question(session, "/data/town").choices()] == [("n1", "Northtown")]


@pytest.mark.parametrize(
    ("media", "key"),
    [
        ({}, "form-file-missing"),
        ({"towns.csv": b"\xff\xfe\x00"}, "form-file-bad"),
        ({"towns.csv": b"name,label\0"}, "form-file-bad"),
    ],
)
def test_a_file_that_is_missing_or_broken_is_refused_until_it_is_mended(media: dict[str, bytes], key: str) -> None:
    assert [k for k, _, _ in refused(table(list(FROM_FILE)), media=media)] == [key]
    assert form_of(*FROM_FILE, media={"towns.csv": TOWNS})


def test_xml_with_entities_is_refused_wherever_it_comes_from() -> None:
    bomb = b'<!DOCTYPE r [<!ENTITY a "aaaa">]><root><item><name>&a;</name><label>x</label></item></root>'
    rows = ({"type": "select_one_from_file towns.xml", "name": "q", "label": "Q"},)
    assert refused(table(list(rows)), media={"towns.xml": bomb})[0][0] == "form-file-bad"
    assert refused(bomb, "form.xml")[0][0] == "form-xml"


# ---- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ({"type": "telepathy", "name": "q", "label": "Q"}, ("form-type", 3, "type")),
        ({"type": "calculate", "name": "q", "calculation": "frobnicate(1)"}, ("form-function", 3, "calculation")),
        ({"type": "text", "name": "q", "label": "Q", "relevant": "pulldata('a', 'b', 'c', 'd')"},
         ("form-function", 3, "relevant")),
        ({"type": "text", "name": "q", "label": "Q", "constraint": ". >"}, ("form-expression", 3, "constraint")),
        ({"type": "text", "name": "q", "label": "Q", "constraint": "regex(., '[a-')"},
         ("form-expression", 3, "constraint")),
        ({"type": "text", "name": "q", "label": "Q", "constraint": "if(1)"}, ("form-arguments", 3, "constraint")),
        ({"type": "calculate", "name": "q", "calculation": "${q} + 1"}, ("form-cycle", 3, "calculation")),
    ],
)  # fmt: skip
def test_what_cannot_be_run_is_named_with_row_and_column(row: dict[str, str], found: tuple[str, int, str]) -> None:
    assert found in refused(table([NAME, row]))
    assert form_of(NAME), "without the row it runs"


def test_questions_that_wait_for_each_other_are_named() -> None:
    rows = [
        {"type": "calculate", "name": "a", "calculation": "${b} + 1"},
        {"type": "calculate", "name": "b", "calculation": "${c} + 1"},
        {"type": "calculate", "name": "c", "calculation": "${a} + 1"},
    ]
    with pytest.raises(FormError) as error:
        load(table(rows).encode(), "form.md")
    (cycle,) = [f for f in error.value.findings if f.key == "form-cycle"]
    assert all(f"/data/{name}" in cycle.values["what"] for name in "abc")
    rows[2]["calculation"] = "1"
    assert question(Session(load(table(rows).encode(), "form.md"), now=NOW), "/data/a").answer == "3"


def test_one_more_by_a_count_that_looks_into_the_repeat_is_no_cycle() -> None:
    session = session_of(
        {"type": "calculate", "name": "have", "calculation": "count(${r})"},
        {"type": "calculate", "name": "want",
         "calculation": "if(${have} = 0 or indexed-repeat(${more}, ${r}, ${have}) = 'x', ${have} + 1, ${have})"},
        {"type": "begin repeat", "name": "r", "label": "R", "repeat_count": "${want}"},
        {"type": "select_one groups", "name": "more", "label": "One more?"},
        {"type": "end repeat"},
    )  # fmt: skip
    repeat = session.node("/data/r")
    assert isinstance(repeat, Repeat)
    assert len(repeat.instances) == 1
    session.answer("/data/r[1]/more", "x")
    assert len(repeat.instances) == 2
    session.answer("/data/r[2]/more", "y")
    assert len(repeat.instances) == 2


@pytest.mark.parametrize(
    ("data", "name", "key"),
    [
        (b"", "form.md", "form-empty"),
        (b"just words", "form.md", "form-sheet"),
        (b"PK\x03\x04 no zip", "form.xlsx", "form-unreadable"),
        (b"\xd0\xcf\x11\xe0 no sheet", "form.xls", "form-sheet"),
        (b"<html/>", "form.xml", "form-no-xform"),
        (b"<html", "form.xml", "form-xml"),
        (b"x", "form.docx", "form-kind"),
        (b"x", "form.zip", "form-unreadable"),
        (b"a" * (10 * 1024 * 1024 + 1), "form.md", "form-large"),
    ],
)
def test_what_is_no_form_is_refused_with_a_reason(data: bytes, name: str, key: str) -> None:
    assert refused(data, name)[0][0] == key
    assert form_of(NAME), "and the next form is read"


def a_zip(**files: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return packed.getvalue()


def test_a_zip_brings_form_and_files() -> None:
    form = load(a_zip(form__md=table(list(FROM_FILE)).encode(), towns__csv=TOWNS), "all.zip")
    session = Session(form, now=NOW)
    session.answer("/data/region", "south")
    assert [c.value for c in question(session, "/data/town").choices()] == ["s1"]
    assert refused(a_zip(a__md=b"x", b__md=b"y"), "all.zip")[0][0] == "form-several"
    assert refused(a_zip(a__txt=b"x"), "all.zip")[0][0] == "form-none"


def test_a_zip_that_would_unpack_to_too_much_is_not_unpacked() -> None:
    assert refused(a_zip(form__md=b"0" * (101 * 1024 * 1024)), "all.zip")[0][0] == "form-large"


@settings(max_examples=60, deadline=None, derandomize=True)
@given(data=st.binary(max_size=200), kind=st.sampled_from(["md", "csv", "xlsx", "xls", "xml", "zip"]))
def test_whatever_comes_is_read_or_refused_with_findings(data: bytes, kind: str) -> None:
    try:
        load(data, f"form.{kind}")
    except FormError as error:
        assert any(f.level == "refused" for f in error.findings)


def test_what_runs_otherwise_than_on_a_phone_is_told_and_runs() -> None:
    rows = (
        "| survey | | | | |\n| | type | name | label | appearance |\n| | image | sign | Sign | signature |\n"
        "| | date | d | Day | ethiopian |\n| | text | t | Text | ex:org.example |\n| | geoshape | g | Land | |\n"
    )
    form = load(rows.encode(), "form.md")
    told = {(f.key, f.row, f.column) for f in form.findings if f.level == "degraded"}
    assert told == {
        ("form-drawn", 2, "appearance"), ("form-calendar", 3, "appearance"), ("form-external", 4, "appearance"),
        ("form-line", 5, "type"),
    }  # fmt: skip
    session = Session(form, now=NOW)
    assert session.answer("/data/sign", "sign.png").ok
    assert session.answer("/data/d", "2026-01-01").ok


# ---- what a writer of forms is told --------------------------------------------------------------------------------

GATED = (
    {"type": "select_one letters", "name": "gate", "label": "Is it about", "required": "yes"},
    {"type": "calculate", "name": "stop", "calculation": "if(selected('a b', ${gate}), 'yes', 'no')"},
    {"type": "begin group", "name": "open", "label": "Tell", "relevant": "${gate} != '' and ${stop} = 'no'"},
    {"type": "text", "name": "account", "label": "What happened?", "constraint": "string-length(.) <= 1500"},
    {"type": "image", "name": "photo", "label": "A picture"},
    {"type": "end group"},
    {"type": "text", "name": "short", "label": "A note", "constraint": "string-length(.) <= 300"},
)


def test_no_path_leads_to_an_account_after_a_stop_and_the_search_finds_one_that_does() -> None:
    form = form_of(*GATED)
    telling = {f.name for f in check.narrative(form)}
    assert telling == {"account", "photo"}
    for value in ("a", "b", ""):
        asked = {f.name for f in check.reachable(form, {"/data/gate": value})}
        assert not asked & telling, value
        assert "short" in asked
    assert telling <= {f.name for f in check.reachable(form, {"/data/gate": "c"})}
    leaking = form_of(*GATED, {"type": "text", "name": "again", "label": "Tell again", "relevant": "${short} != ''"})
    assert "again" in {f.name for f in check.reachable(leaking, {"/data/gate": "a"})}


def test_minutes_are_counted_from_prompts_and_words() -> None:
    session_rows = (NAME, AGE, ADULT)
    form = form_of(*session_rows)
    whole = check.estimate(form, now=NOW)
    assert (whole.prompts, whole.words) == (3, 5)
    child = check.estimate(form, now=NOW, answers=[("/data/age", 3)])
    assert (child.prompts, child.minutes) == (2, 1)


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("We will help you with a visa. What happened?", "form-offers"),
        ("They did it, didn't they? Of course?", "form-leads"),
        ("What happened?", None),
    ],
)
def test_a_question_that_offers_or_leads_is_pointed_at(label: str, key: str | None) -> None:
    words = {"offers": {"en": ["we will help", "visa"]}, "leads": {"en": ["of course"]}}
    found = check.inducing(form_of({"type": "text", "name": "q", "label": label}), words)
    assert [f.key for f in found] == ([key] if key else [])
