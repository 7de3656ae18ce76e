"""A key holder opens a package: a bag that others' tools find whole, and a signed line about it, or nothing at all."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot import export, record
from bot.domain import custody
from bot.record import RecordError
from bot.seal import new_age_key
from tests.custodians import SHIPPED, Place, a_package, a_record, an_answer, entries, place

__all__ = ["place"]

ORIGINALS = [b"%PDF-1.7 " + random.Random(1).randbytes(400_000), b"", b"\xff\xd8\xff" + random.Random(2).randbytes(900)]
SCHEMA = json.loads((Path(record.__file__).parent / "schemas/record.schema.json").read_text())
WHY = ("--purpose", "To read it for the first time", "--second", "deputy")


@pytest.fixture
def bag(place: Place) -> Path:
    """An opened package with everything that can be in it."""
    package, _ = a_package(place.folder, place.keys("anna", "ben"), ORIGINALS, identity=b'{"name": "x"}')
    place.does("unseal", "--identity", "anna", "--out", "bag", "--csv", "--uwazi", *WHY, package)
    return place.path("bag")


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


# ---- the bag ----


def test_the_bag_is_whole_for_the_tools_of_others_and_holds_the_originals(bag: Path) -> None:
    run(sys.executable, "-m", "bagit", "--validate", "--quiet", "bag", folder=bag.parent)
    for kind in ("256", "512"):
        checked = run(f"sha{kind}sum", "--check", "--strict", f"manifest-sha{kind}.txt", folder=bag)
        assert checked.count(": OK") == len([p for p in (bag / "data").rglob("*") if p.is_file()])
    for name, data in zip(("001.pdf", "002.bin", "003.jpg"), ORIGINALS, strict=True):
        assert (bag / "data/files" / name).read_bytes() == data
    (bag / "data/files/001.pdf").write_bytes(b"other")
    bad = subprocess.run([sys.executable, "-m", "bagit", "--validate", "bag"], cwd=bag.parent, capture_output=True)
    assert bad.returncode != 0


def test_nothing_outside_the_data_tells_what_it_is_or_what_staff_call_it(bag: Path) -> None:
    info = (bag / "bag-info.txt").read_text()
    (line,) = [x for x in info.splitlines() if x.startswith("External-Identifier")]
    assert len(line.removeprefix("External-Identifier: ")) == 64
    everything = b"".join(p.read_bytes() for p in bag.rglob("*") if p.is_file() and p.suffix != ".zip")
    for name in (b"R7Q2", b"ab" * 16):
        assert name not in everything.replace(b"ab" * 32, b""), "the version of the form looks like that too"


def test_the_record_fits_its_schema_and_tells_who_did_what_to_whom(bag: Path) -> None:
    found = json.loads((bag / "data/record.json").read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(found)
    shaped = found["huridocs"]
    assert shaped["event"]["initial_date"] == "2024-03-05"
    assert shaped["event"]["geolocation"] == {"latitude": -12.5, "longitude": 30.25}
    assert [a["type"]["huridocs"] for a in shaped["acts"]] == ["03010100000004", "02010301000004"]
    assert shaped["victims"] == [{"id": "victim-1", "kind": {"value": "family", "label": "My family"}, "number": 3}]
    assert shaped["involvements"][0]["actor"]["huridocs"] == "01010400000024"
    assert [i["files"] for i in shaped["information"]] == [[1], [2], [3]]
    assert shaped["interventions"][0]["kind"] == "prior_account"
    assert {f["claimed_name"] for f in found["files"]} == {"../../\u202egpj.exe"}, "inside, as it was claimed"
    assert found["texts"][record.text_sha256(SHIPPED[0])] == SHIPPED[0]
    assert (bag / "data/instance.xml").read_text() == found["instance"]


def test_a_record_that_is_wrong_does_not_fit_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(SCHEMA)
    good = json.loads(a_record([]))
    validator.validate(good)
    changes: list[dict[str, Any]] = [
        {"consent": [{**good["consent"][0], "element": "C16"}]},
        {"consent": [{**good["consent"][0], "answer": "maybe"}]},
        {"destinations": {"icc": "perhaps"}}, {"path": "long"}, {"extra": 1}, {"texts": {"x": "y"}},
        {"answers": [{**good["answers"][0], "ref": "no path"}]},
    ]  # fmt: skip
    for change in changes:
        assert not validator.is_valid({**good, **change}), change
    assert not validator.is_valid({k: v for k, v in good.items() if k != "received_at"})


def test_the_page_for_people_runs_nothing_shows_no_picture_and_no_hidden_sign(bag: Path) -> None:
    page = (bag / "data/record.html").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; مرحبا" in page
    assert "<img" not in page
    assert "default-src 'none'" in page
    assert "\u202e" not in page
    assert "[U+202E]gpj.exe" in page
    assert page.count('dir="auto"') > 20


def test_no_cell_of_a_table_is_a_formula(bag: Path) -> None:
    for name in ("answers.csv", "files.csv", "consent.csv"):
        with (bag / "data" / name).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) > 3
        assert not [c for row in rows for c in row if c.lstrip()[:1] in ("=", "+", "-", "@")], name
    with (bag / "data/answers.csv").open(encoding="utf-8-sig", newline="") as file:
        answers = {row["name"]: row for row in csv.DictReader(file)}
    assert answers["first_account"]["answer"].startswith("'=HYPERLINK")
    assert answers["violation_hint"]["codes"] == "03010100000004|02010301000004"
    assert answers["item_file"]["files"] == "003.jpg"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"])
def test_what_begins_like_a_formula_is_made_harmless(cell: str) -> None:
    assert export.harmless(cell) == f"'{cell}"
    assert export.harmless("a" + cell) == "a" + cell
    assert export.harmless(None) == ""


def test_uwazi_gets_one_entity_with_its_columns_and_files(bag: Path) -> None:
    with zipfile.ZipFile(bag / "data/uwazi.zip") as archive:
        assert sorted(archive.namelist()) == ["001.pdf", "002.bin", "003.jpg", "import.csv"]
        assert archive.read("001.pdf") == ORIGINALS[0]
        (row,) = csv.DictReader(io.StringIO(archive.read("import.csv").decode()))
    assert row["file"] == "001.pdf"
    assert row["attachments"] == "002.bin|003.jpg"
    assert row["violation_hint"] == "Arrest|Threats / others"
    assert row["place"] == "-12.5|30.25"
    assert row["date_start"] == "2024-03-05"
    assert row["event_dates"] == "2024-03-05:2024-03-07"
    assert row["first_account"].startswith("'=HYPERLINK")


def test_the_same_package_gives_the_same_data_to_everybody(bag: Path, place: Place) -> None:
    place.does("unseal", "--identity", "ben", "--out", "other", "--csv", *WHY, "R7Q2.tar")
    for path in place.path("other/data").rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (bag / path.relative_to(place.path("other"))).read_bytes(), path.name


# ---- who opened it ----


def test_it_asks_why_and_who_else_knows_and_opens_nothing_without(place: Place) -> None:
    package, subject = a_package(place.folder, place.keys("anna", "ben"), ORIGINALS[:1])
    for answers in ("", "why\n", "\ndeputy\n", "why\nDeputy Director of all\n"):
        assert place.liaison("unseal", "--identity", "anna", "--out", "bag", package, answers=answers) == 1
        assert "Nothing was opened" in place.said
        assert not place.path("bag").exists()
        assert not place.path("anna.custody.jsonl").exists()
    place.does("unseal", "--identity", "anna", "--out", "bag", package, answers="To read it\nDeputy\n")
    found = entries(place.path("anna.custody.jsonl"))
    assert [e["event"] for e in found] == ["opening", "opened"]
    assert {e["subject"] for e in found} == {subject}
    assert all(e["facts"] == {"purpose": "To read it", "second": "deputy"} for e in found)
    lines = place.path("anna.custody.jsonl").read_text().splitlines()
    assert custody.verify(lines, found[0]["key"]) is None


def test_what_was_not_opened_is_written_down_too(place: Place) -> None:
    package, subject = a_package(place.folder, place.keys("anna", "ben"), ORIGINALS[:1])
    place.does("keys", "make", "eve")
    assert place.liaison("unseal", "--identity", "eve", "--out", "bag", *WHY, package) == 1
    assert "does not open this package" in place.said
    assert not place.path("bag").exists()
    assert not place.path("bag.part").exists()
    assert [(e["event"], e["subject"]) for e in entries(place.path("eve.custody.jsonl"))] == [
        ("opening", subject), ("failed", subject)
    ]  # fmt: skip
    place.does("unseal", "--identity", "anna", "--out", "bag", *WHY, package)


def test_an_altered_file_of_what_was_opened_stops_it_until_its_copy_is_back(place: Place) -> None:
    package, _ = a_package(place.folder, place.keys("anna", "ben"), ORIGINALS[:1])
    place.does("unseal", "--identity", "anna", "--out", "one", *WHY, package)
    log = place.path("anna.custody.jsonl")
    whole = log.read_text()
    log.write_text(whole.replace("first time", "second time"))
    assert place.liaison("unseal", "--identity", "anna", "--out", "two", *WHY, package) == 1
    assert "entry 1 is bad" in place.said
    assert not place.path("two").exists()
    log.write_text(whole)
    place.does("unseal", "--identity", "anna", "--out", "two", *WHY, package)
    assert len(entries(log)) == 4


def test_a_key_as_the_stock_tool_makes_it_opens_too(place: Place) -> None:
    identity, public = new_age_key()
    place.path("stock").write_text(f"# created: 2026-01-01\n# public key: {public}\n{identity}\n")
    package, _ = a_package(place.folder, [public, new_age_key()[1]], ORIGINALS)
    said = place.does("unseal", "--identity", "stock", "--out", "bag", *WHY, package)
    assert "stock.custody.jsonl" in said
    assert place.path("stock.sign").stat().st_mode & 0o777 == 0o600


def test_only_a_holder_who_is_marked_opens_an_identity(place: Place) -> None:
    a_package(place.folder, place.keys("anna", "ben"), [], identity=b'{"name": "x"}')
    assert place.liaison("unseal", "--identity", "ben", "--out", "who", *WHY, "R7Q2-identity.age") == 1
    place.does("unseal", "--identity", "anna", "--out", "who", *WHY, "R7Q2-identity.age")
    assert place.path("who/data/identity.json").read_bytes() == b'{"name": "x"}'
    assert not place.path("R7Q2.tar").read_bytes().count(b"identity.age\0"), "left out of what is handed out"


@pytest.mark.parametrize("language", ["en", "fr", "ar", "uk", "es"])
def test_it_speaks_the_language_of_who_opens(place: Place, texts: Any, language: str) -> None:
    package, _ = a_package(place.folder, place.keys("anna", "ben"), ORIGINALS[:1])
    said = place.does("unseal", "--identity", "anna", "--out", "bag", *WHY, package, language=language)
    assert texts.sentence(language, "unseal-done", count=1, folder="bag") in said
    page = place.path("bag/data/record.html").read_text()
    assert texts.sentence(language, "record-title") in page
    assert ('dir="rtl"' in page) == (language == "ar")


# ---- what does not fit ----


def test_bad_input_gets_a_sentence_leaves_nothing_and_can_be_mended(place: Place) -> None:
    package, _ = a_package(place.folder, place.keys("anna", "ben"), ORIGINALS[:1])
    whole = package.read_bytes()
    opens = ("unseal", "--identity", "anna", "--out", "bag", *WHY)
    place.path("full").mkdir()
    place.path("full/there").write_text("mine")
    cases: list[tuple[tuple[str | Path, ...], str]] = [
        ((*opens, "absent.tar"), "There is no package"),
        (("unseal", "--identity", "absent", "--out", "bag", *WHY, package), "holds no key"),
        (("unseal", "--identity", package, "--out", "bag", *WHY, package), "holds no key"),
        (("unseal", "--identity", "anna", "--out", "full", *WHY, package), "not empty"),
        (("unseal", "--identity", "anna", "--out", package, *WHY, package), "not empty"),
    ]
    for typed, sentence in cases:
        assert place.liaison(*typed) == 1
        assert sentence in place.said
        assert "Traceback" not in place.said
    for bad in (b"", b"nonsense" * 1000, whole[: len(whole) // 2], whole[:5000] + b"x" + whole[5001:]):
        package.write_bytes(bad)
        assert place.liaison(*opens, package) == 1
        assert "Nothing was written" in place.said
        assert not place.path("bag").exists()
    assert place.path("full/there").read_text() == "mine"
    package.write_bytes(whole)
    place.does(*opens, package)


def swapped(files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**files[0], "sha256": files[0]["sha512"][:64]}, *files[1:]]


@pytest.mark.parametrize(
    "change", [swapped, lambda files: files[:-1], lambda files: [{**f, "size": "x"} for f in files]]
)
def test_a_record_that_speaks_of_other_files_is_not_taken(place: Place, change: Any) -> None:
    package, _ = a_package(place.folder, place.keys("anna", "ben"), ORIGINALS, files=change)
    assert place.liaison("unseal", "--identity", "anna", "--out", "bag", *WHY, package) == 1
    assert "Nothing was written" in place.said
    assert not place.path("bag").exists()
    package, _ = a_package(place.folder, [place.public("anna"), place.public("ben")], ORIGINALS)
    place.does("unseal", "--identity", "anna", "--out", "bag", *WHY, package)


def test_what_was_shown_must_be_there() -> None:
    with pytest.raises(RecordError):
        a_record([], texts=SHIPPED[1:])
    found = json.loads(a_record([]))
    for change in ({"texts": {"0" * 64: "x"}}, {"schema": "other"}, {"answers": 1}, {"answers": [1]}, {"files": [{}]}):
        with pytest.raises(RecordError):
            record.parse(json.dumps({**found, **change}).encode())
    for raw in (b"", b"[]", b"null", b"[" * 100_000):
        with pytest.raises(RecordError):
            record.parse(raw)
    assert record.parse(json.dumps(found).encode())["language"] == "ar"


def test_an_answer_that_is_odd_never_stops_the_shape() -> None:
    odd = [
        an_answer("date_start", "winter 2014"), an_answer("number_affected", "many"), an_answer("violation_hint", "x"),
        an_answer("place", "near the river", kind="geopoint"), an_answer("first_account", None),
        an_answer("item_made_date", "2021-02", number=1), an_answer("item_note", "a", number=1),
        an_answer("unknown_name", ["a", "b"]),
    ]  # fmt: skip
    value = json.loads(a_record([], answers=odd))
    value["huridocs"] = record.shaped(value)
    jsonschema.Draft202012Validator(SCHEMA).validate(value)
    assert "initial_date" not in value["huridocs"]["event"]
    assert value["huridocs"]["information"][0]["made"] == "2021-02"
    assert record.shaped(json.loads(a_record([], answers=[])))["acts"] == []


def test_what_belongs_to_one_item_is_one_entry_also_from_groups_inside_it() -> None:
    def at(ref: str, name: str, value: str, **more: Any) -> dict[str, Any]:
        return {**an_answer(name, value, **more), "ref": ref}

    files = [{"number": 1}, {"number": 2}, {"number": 3}]
    answers = [
        at("/data/items/item[1]/item_file", "item_file", "a", files=[1]),
        at("/data/items/item[1]/online/item_url", "item_url", "https://example.org"),
        at("/data/items/item[2]/item_file", "item_file", "b", files=[2]),
        at("/data/items/item[2]/item_graphic", "item_graphic", "yes"),
    ]
    found = record.shaped({"answers": answers, "files": files})["information"]
    assert [e["files"] for e in found] == [[1], [2], [3]], "and what belongs to none stands alone"
    assert found[0]["url"] == "https://example.org"
    assert found[1]["fields"] == {"item_graphic": ["yes"]}


def test_the_hash_of_an_original_stands_nowhere_outside_the_seal(place: Place) -> None:
    package, _ = a_package(place.folder, place.keys("anna", "ben"), ORIGINALS)
    for data in ORIGINALS:
        for digest in (hashlib.sha256(data), hashlib.sha512(data)):
            for path in (package, place.path("vault") / ("ab" * 16 + ".tar")):
                raw = path.read_bytes()
                assert digest.digest() not in raw
                assert digest.hexdigest().encode() not in raw
