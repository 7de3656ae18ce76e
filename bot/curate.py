"""What the command line does with answers: check, ask, eval, import, export, build."""

from __future__ import annotations

import contextlib
import csv
import dataclasses
import io
import json
import shutil
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import openpyxl
import yaml
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bot import console
from bot.config import LANGUAGES, Config
from bot.domain import answers as rules
from bot.domain import faq_changes
from bot.errors import StartError
from bot.faq import content as content_files
from bot.faq.answers import LEARNT, LONGEST_QUESTION, VECTORS, Answers
from bot.faq.content import SHIPPED, Card, Content, Entry, Walk
from bot.faq.evaluate import asked, evaluate, read_questions, self_test
from bot.faq.matcher import MOST_WRONG, Match, Matcher
from bot.faq.vectors import key_of, write
from bot.seal import KeyRing, SealError
from bot.store.faq import Change, list_changes
from bot.store.migrate import head, version
from bot.text import Texts

FEWEST = {"en": 8}  # phrasings of an entry; in the other languages:
FEWEST_ELSEWHERE = 6
MOST_WORDS = {"answer": 60, "more": 120}
LONGEST_REVIEW = timedelta(days=90)
ALIKE = 0.985  # cosine of the means of two entries from which they may be the same
COLUMNS = (
    "id", "topic", "language", "question", "phrasings", "answer", "more", "applies_to", "status", "red_line",
    "source_name", "source_url", "valid_as_of", "review_by", "see_also", "translation", "reviewed_by", "reviewed_on",
)  # fmt: skip
OF_ALL_LANGUAGES = (
    "topic", "applies_to", "status", "red_line", "source_name", "source_url", "valid_as_of", "review_by", "see_also",
)  # fmt: skip
FORMULA = ("=", "+", "-", "@", "\t", "\r")

Fault = tuple[str, str, str]  # how bad, where, and the name of the sentence with a value


def content_of(config: Config) -> Content:
    return content_files.load(config.path(config.faq.content) if config.faq.content else None)


def in_use(config: Config) -> tuple[Content, list[Change]]:
    """The content as the bot answers from it: the files, and over them what was changed at the desk; and the changes.

    The database is only read. Where there is none yet, the files stand alone.
    """
    files = content_of(config)
    try:
        changes = _changes(config)
    except (StartError, SealError):  # another version's, or without its keys
        _say("faq-desk-unread", to=sys.stderr)
        changes = []
    return faq_changes.over(files, changes), changes


def _changes(config: Config) -> list[Change]:
    """What was changed at the desk."""
    url = config.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        return []  # and looking must not make one
    found = version(url)
    if found is None:
        return []
    if found != head():
        raise StartError("doctor-store-version")
    return console.from_database(config, KeyRing(config.path(config.keys.folder), used=True), list_changes)


def _say(name: str, /, *, to: TextIO | None = None, **values: Any) -> None:
    """A sentence for who sits at the console."""
    print(Texts().sentence(console.language(), name, **values), file=to)


def _learnt(config: Config, content: Content) -> Answers:
    """Matching for a content, learnt if need be; what is computed stays beside the database."""
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = Answers(content, config.folder)
    if found.state == "learning":
        found.learn()
    return found


# ---- ask and eval --------------------------------------------------------------------------------------------------


def ask(config: Config, texts: Texts, question: str, language: str, *, as_json: bool) -> int:
    """Show what a question gets: what the bot does, candidates, confidence."""
    content, _ = in_use(config)
    found = _learnt(config, content)
    match = asked(found.ask, question)
    does = rules.outcome(content, config, match)
    told: dict[str, Any] = {
        "outcome": does,
        "tier": match.tier,
        "confidence": round(match.confidence, 4),
        "danger": match.danger,
        "person": match.person,
        "person_share": round(match.person_share, 4),
        "candidates": [{"id": c.entry, "share": round(c.share, 4)} for c in match.candidates],
        "matcher": found.state,
    }
    if as_json:
        print(json.dumps(told, ensure_ascii=False))
        return 0
    if len(question) > LONGEST_QUESTION:
        print(texts.sentence(language, "faq-ask-long", count=len(question), most=LONGEST_QUESTION))
    if does == "danger":
        _show_danger(content, texts, match, language)
    elif does == "wish":
        print(texts.sentence(language, "faq-ask-wish", id=match.wish))
        print(content.hand_over[match.wish].text.get(language, ""))
    else:
        print(texts.sentence(language, f"faq-tier-{does}", confidence=f"{match.confidence:.2f}"))
    if does == "choices" and match.tier == "answer":
        print(texts.sentence(language, "faq-ask-other", id=match.candidates[0].entry))
    for candidate in match.candidates:
        question_there = content.entries[candidate.entry].question(language)
        print(f"  {candidate.share:.2f}  {candidate.entry}  {question_there}")
    if match.tier == "person":
        print(f"  {match.person_share:.2f}  {match.person}")
    return 0


def _show_danger(content: Content, texts: Texts, match: Match, language: str) -> None:
    """What is shown for a dangerous kind: its text, if a person has reviewed exactly that, else a sentence for all."""
    kind = content.hand_over.get(match.person)
    print(texts.sentence(language, "faq-ask-danger", id=match.person))
    if kind is not None and kind.text.get(language) and kind.reviewed(language):
        print(kind.text[language])
        return
    print(texts.sentence(language, "faq-ask-unreviewed"))
    print(texts.sentence(language, "account-first" if kind and kind.path == "account" else "danger-unreviewed"))


def evaluate_file(config: Config, texts: Texts, language: str, path: Path, *, as_json: bool) -> int:
    """Run labelled questions through exactly what the conversation uses."""
    content, _ = in_use(config)
    questions = read_questions(path)
    for q in questions:
        if unknown := [i for i in (q.expected, *q.also_ok) if i and i not in content.entries]:
            raise StartError("faq-eval-id", file=path.name, line=q.line, id=unknown[0])
    found = _learnt(config, content)

    def ask_it(question: str) -> Match:
        match = found.ask(question)
        other = match.tier == "answer" and rules.outcome(content, config, match) == "choices"
        return dataclasses.replace(match, tier="choices") if other else match

    figures = evaluate(questions, ask_it)
    if as_json:
        print(json.dumps(figures, ensure_ascii=False))
        return 0
    table = Table("", *figures["by_language"], "all")
    for name in (n for n in figures if n not in ("by_language", "p50_ms", "p95_ms", "rss_mb")):
        each = [str(by[name]) for by in figures["by_language"].values()]
        table.add_row(name, *each, str(figures[name]))
    Console().print(table)
    print(f"p50 {figures['p50_ms']} ms, p95 {figures['p95_ms']} ms, {figures['rss_mb']} MB")
    return 0


# ---- check ---------------------------------------------------------------------------------------------------------


def check(config: Config, texts: Texts, language: str) -> int:
    """Everything that a curator has to know; exit code 1 when the content must not go live."""
    content, changes = in_use(config)  # its schema: a broken file ends here, with a sentence
    today = datetime.now(UTC).date()
    faults = list(faults_of(content, today))
    config.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = Answers(content, config.folder)
    if found.encoder is None:
        print(texts.sentence(language, "faq-letters-only"))
        matcher = None
    else:
        with Progress(transient=True) as bar:
            task = bar.add_task("", total=None)
            matcher = Matcher(content.subjects, found.vectors, found.encoder)
            bar.update(task, completed=1)
        faults += [("warn", first, f"faq-check-alike {second}") for first, second in alike(matcher)]
    table = Table("", "", "")
    for level, where, what in faults:
        name, _, value = what.partition(" ")
        colour = "red" if level == "fail" else "yellow"
        table.add_row(f"[{colour}]{level}[/]", where, texts.sentence(language, name, value=value))
    if faults:
        Console().print(table)
    if changes:
        print(texts.sentence(language, "faq-check-desk", list=", ".join(change.id for change in changes)))
    _show_reviews(content, texts, language)
    wrong = 0.0
    if matcher is not None:
        test = self_test(matcher)
        wrong = test.wrong
        for meant, taken, count in test.confused[:15]:
            print(texts.sentence(language, "faq-check-confused", id=meant, value=taken, count=count))
        shares = {"answered": f"{test.answered:.0%}", "wrong": f"{test.wrong:.1%}", "foreign": f"{test.foreign:.1%}"}
        print(texts.sentence(language, "faq-check-rate", **shares))
    if wrong > MOST_WRONG:
        print(texts.sentence(language, "faq-check-refused"))
        return 1
    if any(level == "fail" for level, _, _ in faults):
        print(texts.sentence(language, "faq-check-mend"))
        return 1
    print(texts.sentence(language, "faq-check-fine"))
    return 0


def _show_reviews(content: Content, texts: Texts, language: str) -> None:
    """The lines that record a review of a fixed text, ready to be copied: nobody computes a SHA-256 by hand."""
    found = []
    for kind in content.hand_over.values():
        codes = [code for code in LANGUAGES if kind.text.get(code) and not kind.reviewed(code)]
        if codes:
            found += [f"  - id: {kind.id}", "    reviewed_sha256:", *(f"      {c}: {kind.sha256(c)}" for c in codes)]
    if found:
        print(texts.sentence(language, "faq-check-review"))
        print("\n".join(found))


def faults_of(content: Content, today: date) -> Iterator[Fault]:
    """What is wrong with a content."""
    for entry in content.entries.values():
        yield from _of_entry(content, entry, today)
    for kind in content.hand_over.values():
        if kind.leads_to and kind.leads_to not in content.entries:
            yield "fail", kind.id, f"faq-check-see {kind.leads_to}"
        unreviewed = [code for code in LANGUAGES if kind.danger and kind.text and not kind.reviewed(code)]
        if unreviewed:
            yield "warn", kind.id, "faq-check-unreviewed " + ", ".join(unreviewed)
        yield from _said(content, kind.id, kind.text)
    for card in content.guides.values():
        yield from _dated(card.id, card, today)
        yield from _said(content, card.id, card.text)
    walk = content.walk
    yield from _dated("walk.yaml", walk, today)
    for text in (walk.first, walk.last, *(s.question for s in walk.steps), *(e.text for e in walk.ends)):
        yield from _said(content, "walk.yaml", text)
    for card_id in (g for end in walk.ends for g in end.guides if g not in content.guides):
        yield "fail", "walk.yaml", f"faq-check-see {card_id}"
    for reply in content.replies.values():
        yield from _said(content, reply.id, reply.text)
    for name, page in content.pages.items():
        yield from _said(content, f"{name}.yaml", page.text)


def _of_entry(content: Content, entry: Entry, today: date) -> Iterator[Fault]:
    yield from _dated(entry.id, entry, today)
    for code in (c for c in LANGUAGES if entry.translation.get(c, "missing") != "missing"):
        fewest = FEWEST.get(code, FEWEST_ELSEWHERE)
        if len(entry.phrasings[code]) < fewest:
            yield "warn", entry.id, f"faq-check-few {code}: {len(entry.phrasings[code])}/{fewest}"
    for name, most in MOST_WORDS.items():
        texts: dict[str, str] = getattr(entry, name)
        yield from _said(content, entry.id, texts)
        for code, words in ((code, len(text.split())) for code, text in texts.items()):
            if words > most:
                yield "warn", entry.id, f"faq-check-long {name} {code}: {words}/{most}"
    if entry.applies_to == "any" and (named := rules.somebodys(entry)):
        yield "fail", entry.id, f"faq-check-any {named}"
    for other in entry.see_also:
        if other not in content.entries:
            yield "fail", entry.id, f"faq-check-see {other}"
    for code, name in entry.audio.items():
        if not (content.folder / name).is_file():
            yield "fail", entry.id, f"faq-check-audio {code}: {name}"


def _dated(where: str, found: Entry | Card | Walk, today: date) -> Iterator[Fault]:
    """What lacks a language, or a day for the next look at it that is not too far away."""
    missing = [code for code in LANGUAGES if found.translation.get(code, "missing") == "missing"]
    if missing:
        yield "warn", where, "faq-check-missing " + ", ".join(missing)
    if rules.out_of_date(found, today):
        yield "warn", where, f"faq-check-overdue {found.review_by}"
    if found.review_by > today + LONGEST_REVIEW:
        yield "warn", where, f"faq-check-far {found.review_by}"


def _said(content: Content, where: str, text: dict[str, str]) -> Iterator[Fault]:
    """What no text may promise, and what its first line would tell on a lock screen (HUMANE.md, H2 and H17)."""
    for code, words in text.items():
        if said := content.promised(code, words):
            yield "fail", where, f"faq-check-never {code}: {', '.join(said)}"
        if told := content.telling(words.partition("\n")[0], code):
            yield "fail", where, f"faq-check-telling {code}: {', '.join(told)}"


def alike(matcher: Matcher) -> list[tuple[str, str]]:
    """Entries whose phrasings lie so close that they may be one."""
    centres = matcher.centres()
    names = [s.id for s in matcher.subjects[: matcher.entries]]
    near = np.triu(centres @ centres.T, 1)
    return [(names[a], names[b]) for a, b in np.argwhere(near > ALIKE)]


# ---- tables --------------------------------------------------------------------------------------------------------


def export(config: Config, path: Path) -> int:
    """Write every entry, one row for each language, into a table that a spreadsheet opens.

    The entries are as the bot uses them: what was changed at the desk comes back into the files by `import`.
    """
    kind = _kind(path)
    content, _ = in_use(config)
    rows = [list(COLUMNS), *_rows(content)]
    if kind == ".xlsx":
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        for row in rows:
            sheet.append([_harmless(cell) for cell in row])
        book.save(path)
    else:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([_harmless(cell) for cell in row] for row in rows)
    _say("faq-exported", count=len(content.entries), file=path.name)
    return 0


def _kind(path: Path) -> str:
    """Which kind of table a file is, by the end of its name."""
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise StartError("faq-table-suffix", file=path.name)
    return kind


def _rows(content: Content) -> Iterator[list[str]]:
    for entry in content.entries.values():
        for code in LANGUAGES:
            yield [
                entry.id, entry.topic, code, entry.question(code), "\n".join(entry.phrasings[code][1:]),
                entry.answer[code], entry.more[code], entry.applies_to, entry.status, str(entry.red_line).lower(),
                entry.source_name, entry.source_url or "", str(entry.valid_as_of or ""), str(entry.review_by),
                " ".join(entry.see_also), entry.translation.get(code, "unreviewed"),
                entry.reviewed_by.get(code, ""), str(entry.reviewed_on.get(code, "")),
            ]  # fmt: skip


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _plain(cell: Any) -> str:
    text = "" if cell is None else str(cell.date() if isinstance(cell, datetime) else cell).strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def import_(config: Config, path: Path) -> int:
    """Put a table's entries into the operator's content folder; nothing changes unless the whole fits."""
    if config.faq.content is None:
        raise StartError("faq-import-where")
    folder = config.path(config.faq.content)
    content = content_files.load(folder)
    rows = _read_table(path)
    entries = _merged(content, rows, path.name)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "content"
        shutil.copytree(folder, copy)
        (copy / "faq").mkdir(exist_ok=True)
        for topic in content.topics:
            there = [e for e in entries.values() if e["topic"] == topic.topic]
            _write_topic(copy / "faq" / f"{topic.topic}.yaml", topic.topic, topic.title, there)
        after = content_files.load(copy)
        told = {i: after.entries[i] for i in dict.fromkeys(row["id"] for row in rows)}
        for entry in told.values():
            for code in LANGUAGES:
                if said := after.promised(code, f"{entry.answer[code]}\n{entry.more[code]}"):
                    raise StartError("faq-table-never", file=path.name, id=f"{entry.id} ({code})", list=", ".join(said))
        for file in (copy / "faq").glob("*.yaml"):
            (folder / "faq").mkdir(exist_ok=True)
            shutil.copyfile(file, folder / "faq" / file.name)
    changed = sum(entry != content.entries.get(i) for i, entry in told.items())
    _say("faq-imported", count=len(told), changed=changed)
    desk, _ = in_use(config)
    if above := [i for i, entry in told.items() if desk.entries.get(i) != entry]:
        _say("faq-check-desk", list=", ".join(above))
    return 0


def _write_topic(path: Path, name: str, title: dict[str, str], there: list[dict[str, Any]]) -> None:
    entries = [{k: v for k, v in entry.items() if k != "topic"} for entry in there]
    raw = {"topic": name, "title": title, "entries": entries}
    path.write_text(yaml.safe_dump(raw, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _read_table(path: Path) -> list[dict[str, str]]:
    try:
        cells = _from_book(path) if _kind(path) == ".xlsx" else _from_csv(path)
        lines = [[_plain(cell) for cell in row] for row in cells]
    except UnicodeDecodeError:
        raise StartError("faq-table-encoding", file=path.name) from None
    except (csv.Error, zipfile.BadZipFile, KeyError, ValueError):
        raise StartError("faq-table-broken", file=path.name) from None
    if missing := [name for name in ("id", "language") if not lines or name not in lines[0]]:
        raise StartError("faq-table-columns", file=path.name, list=", ".join(missing))
    if unknown := set(filter(None, lines[0])) - set(COLUMNS):
        raise StartError("content-broken", file=path.name, reason=", ".join(sorted(unknown)))
    return [dict(zip(lines[0], line, strict=False)) for line in lines[1:] if any(line)]


def _from_book(path: Path) -> Iterable[Iterable[Any]]:
    with contextlib.closing(openpyxl.load_workbook(path, read_only=True, data_only=True)) as book:
        sheet = book.active
        assert sheet is not None
        return list(sheet.iter_rows(values_only=True))


def _from_csv(path: Path) -> Iterable[Iterable[Any]]:
    """The cells of a CSV file; many spreadsheet programs divide them by semicolons or tabs."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        text = file.read()
    try:
        divided = csv.Sniffer().sniff(text.partition("\n")[0], ",;\t").delimiter
    except csv.Error:  # one column alone
        divided = ","
    return csv.reader(io.StringIO(text, newline=""), delimiter=divided)


def _merged(content: Content, rows: Iterable[dict[str, str]], name: str) -> dict[str, dict[str, Any]]:
    """The entries as they are with what the table says of them. Raises StartError for rows that contradict."""
    entries = {i: e.model_dump(mode="json") for i, e in content.entries.items()}
    said: dict[tuple[str, str], str] = {}
    for number, row in enumerate(rows, start=2):
        code, entry_id = row["language"], row["id"]
        if code not in LANGUAGES or not entry_id:
            raise StartError("content-broken", file=name, reason=f"row {number}: language")
        for field in OF_ALL_LANGUAGES:
            if said.setdefault((entry_id, field), row.get(field, "")) != row.get(field, ""):
                reason = f"row {number}: {field} differs between the rows of {entry_id}"
                raise StartError("content-broken", file=name, reason=reason)
        entry = entries.setdefault(entry_id, {"id": entry_id, "see_also": [], "red_line": False, "topic": ""})
        for field in ("answer", "more", "translation", "reviewed_by", "reviewed_on"):
            if row.get(field):
                entry.setdefault(field, {})[code] = row[field]
        asked = [row.get("question", ""), *row.get("phrasings", "").splitlines()]
        if any(asked):
            entry.setdefault("phrasings", {})[code] = [a.strip() for a in asked if a.strip()]
        for field in ("topic", "applies_to", "status", "source_name", "review_by"):
            if row.get(field):
                entry[field] = row[field]
        for field in ("source_url", "valid_as_of"):
            if field in row:
                entry[field] = row[field] or None
        if row.get("red_line"):
            entry["red_line"] = row["red_line"].lower() in ("true", "yes", "1")
        if "see_also" in row:
            entry["see_also"] = row["see_also"].split()
    known = {t.topic for t in content.topics}
    for entry_id, entry in entries.items():
        if entry["topic"] not in known:
            raise StartError("content-broken", file=name, reason=f"{entry_id}: topic")
    return entries


# ---- build ---------------------------------------------------------------------------------------------------------


def build() -> int:
    """Compute and learn what is shipped with the sample content (for whoever changes it)."""
    content = content_files.load()
    with tempfile.TemporaryDirectory() as scratch:
        found = Answers(content, Path(scratch))
        matcher = found.learn()
        if matcher is None:
            return 1
        wanted = [p for s in content.subjects for p in s.phrasings]
        vectors = found.vectors.of(wanted).astype(np.float16)
        write(SHIPPED / VECTORS, {key_of(t): v for t, v in zip(wanted, vectors, strict=True)})
        shutil.copyfile(Path(scratch) / LEARNT, SHIPPED / LEARNT)
    return 0
