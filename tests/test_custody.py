"""The custody log: what is deleted, altered, moved or cut is found; it holds objects and staff acts, never people."""

from __future__ import annotations

import http.server
import json
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot import approvals, timestamp
from bot.domain import custody
from bot.errors import UserError
from bot.seal import KeyRing, SigningKey
from bot.store import approvals as approval_rows
from bot.store import tables
from bot.store.db import Database, Tx, opened
from tests.custodians import BOT, Place, a_package, entries, place
from tests.world import START

__all__ = ["place"]

SUBJECT, OTHER = "ab" * 32, "cd" * 32
WHY = ("--purpose", "To read it for the first time", "--second", "deputy")


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def db(database_url: str, keys: KeyRing, clock: Clock) -> Iterator[Database]:
    with opened(database_url, keys, clock) as found:
        yield found


def do(db: Database, function: Callable[..., Any], *args: Any, **more: Any) -> Any:
    return db.transact("", function, *args, **more)[0]


def filled(db: Database) -> list[str]:
    """A log with five entries."""
    do(db, custody.record, "recipients", fingerprint="ab12 cd34")
    do(db, custody.record, "sealed", SUBJECT)
    do(db, custody.record, "sealed", OTHER)
    do(db, custody.record, "exported", SUBJECT, by="sara", approval="R7Q2", destination="iiim", purpose="To read it")
    do(db, custody.record, "deleted", OTHER, by="sara")
    found: list[str] = do(db, custody.lines)
    return found


# ---- the chain ----


def test_a_whole_log_is_whole_and_each_object_has_its_lines(db: Database) -> None:
    lines = filled(db)
    assert do(db, custody.first_bad) is None
    assert [json.loads(x)["event"] for x in do(db, custody.lines, SUBJECT)] == ["sealed", "exported"]
    assert custody.each_signed(do(db, custody.lines, SUBJECT), SUBJECT)
    assert not custody.each_signed(lines, SUBJECT)
    assert not custody.each_signed([], SUBJECT)


def test_what_a_person_did_has_a_day_and_what_staff_did_has_a_time(db: Database) -> None:
    at = {e["event"]: e["at"] for e in map(json.loads, filled(db))}
    assert at["sealed"] == START.date().isoformat()
    assert at["exported"] == f"{START:%Y-%m-%dT%H:%M:%SZ}"


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        ("exported", {"by": "@sara:example.org"}),
        ("exported", {"by": "Sara Example"}),
        ("exported", {"person": "p1"}),
        ("sealed", {"name": "x.pdf"}),
        ("sealed", {"reason": "two words"}),
        ("exported", {"purpose": "x" * 301}),
        ("exported", {"purpose": ""}),
        ("written", {}),
    ],
)
def test_nothing_but_objects_and_acts_of_staff_can_be_recorded(db: Database, event: str, facts: dict[str, str]) -> None:
    with pytest.raises((AssertionError, KeyError)):
        do(db, custody.record, event, SUBJECT, **facts)
    with pytest.raises(AssertionError):
        do(db, custody.record, "sealed", "R7Q2")
    assert do(db, custody.lines) == []
    do(db, custody.record, "sealed", SUBJECT)


def test_what_a_kill_interrupted_is_recorded_once(db: Database) -> None:
    for _ in range(2):
        do(db, custody.record_once, "sealed", SUBJECT)
    assert len(do(db, custody.lines)) == 1


def a_log(length: int) -> list[str]:
    found: list[str] = []
    last = None
    for n in range(length):
        line = custody.line_of(last, BOT, at="2026-11-25", event="sealed", subject=f"{n:064x}", facts={})
        last = json.loads(line)
        found.append(line)
    return found


LOG = a_log(12)
HEAD = {"seq": 12, "hash": json.loads(LOG[-1])["hash"]}


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_first_bad_entry_is_named_after_any_change(data: st.DataObject) -> None:
    lines = list(LOG)
    at = data.draw(st.integers(0, 11))
    kind = data.draw(st.sampled_from(["delete", "edit", "move", "cut", "double", "forge"]))
    if kind == "delete":
        del lines[at]
    elif kind == "cut":
        del lines[at:]
    elif kind == "double":
        lines.insert(at, lines[at])
        at += 1
    elif kind == "move":
        other = data.draw(st.integers(0, 11).filter(lambda n: n != at))
        lines[at], lines[other] = lines[other], lines[at]
        at = min(at, other)
    elif kind == "edit":
        entry = json.loads(lines[at])
        name = data.draw(st.sampled_from(sorted(set(entry) - {"signatures"})))
        value = data.draw(st.text(max_size=5) | st.integers() | st.none())
        assume(entry[name] != value)
        entry[name] = value
        lines[at] = json.dumps(entry)
    else:  # whole, but signed with another key
        last = json.loads(lines[at - 1]) if at else None
        line = custody.line_of(last, SigningKey.new(), at="2026-11-25", event="sealed", subject="", facts={})
        lines[at] = line
    assert custody.verify(lines, BOT.public, [HEAD]) == at + 1, kind
    assert custody.verify(LOG, BOT.public, [HEAD]) is None


@given(st.text(max_size=80) | st.sampled_from(["[" * 100_000, '{"seq":1,"at":"\\ud800"}', "null", "[1]"]))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_bad_entry_and_no_more(line: str) -> None:
    assert custody.verify([line, *LOG], BOT.public) == 1
    assert custody.verify(LOG, BOT.public, [{"seq": "x"}, {"hash": None}, {}]) is None


def test_a_cut_log_looks_whole_by_itself_and_a_head_that_was_told_finds_it(db: Database) -> None:
    filled(db)
    told = do(db, custody.head)
    do(db, lambda tx: tx.execute(sa.delete(tables.custody).where(tables.custody.c.seq > 3)))
    assert custody.verify(do(db, custody.lines), db.keys.signer().public) is None
    assert custody.verify(do(db, custody.lines), db.keys.signer().public, [{"seq": told.seq, "hash": told.hash}]) == 4
    assert do(db, custody.first_bad) == 4, "the head of the day is kept too"


def test_a_whole_new_chain_is_found_by_a_head_that_was_told(db: Database) -> None:
    """Who has the bot's key can write another log; not one that ends in the same hash."""
    lines = filled(db)
    last = None
    for line in lines:
        old = json.loads(line)
        facts = {**old["facts"], **({"by": "omar"} if "by" in old["facts"] else {})}
        new = custody.line_of(
            last, db.keys.signer(), at=old["at"], event=old["event"], subject=old["subject"], facts=facts
        )
        last = json.loads(new)
        do(db, lambda tx, n=last["seq"], x=new: tx.execute(
            sa.update(tables.custody).where(tables.custody.c.seq == n).values(line=x)))  # fmt: skip
    assert do(db, custody.first_bad) is None
    assert do(db, custody.first_bad, [json.loads(x) for x in lines]) == 4


# ---- heads ----


def test_each_day_has_one_head_also_when_nothing_happened(db: Database, clock: Clock) -> None:
    first = do(db, custody.head)
    assert (first.seq, first.hash) == (0, "0" * 64)
    filled(db)
    assert do(db, custody.head) == first, "the same all day"
    clock.now += timedelta(days=1)
    second = do(db, custody.head)
    clock.now += timedelta(days=1)
    third = do(db, custody.head)
    assert (second.seq, third.seq) == (5, 5)
    assert second.hash == third.hash
    assert [h.day for h in do(db, custody.unstamped)] == [first.day, second.day, third.day]
    do(db, custody.stamped, second.day, b"token")
    assert [h.day for h in do(db, custody.unstamped)] == [first.day, third.day]
    assert set(json.loads(custody.head_file(second))) == {"day", "seq", "hash"}


# ---- time stamps ----

CONFIG = """
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
[v3]
extendedKeyUsage = critical,timeStamping
basicConstraints = CA:FALSE
[req]
distinguished_name = dn
[dn]
"""


class Service:
    """A timestamp service: openssl behind an HTTP server."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[bytes] = []
        self.answers: Callable[[bytes], tuple[int, bytes]] = self.stamp
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(CONFIG.format(folder=folder))
        new = ["req", "-config", "tsa.cnf", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        self.openssl(*new, "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Test root", "-days", "30",
                     "-addext", "basicConstraints=critical,CA:TRUE")  # fmt: skip
        self.openssl(*new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=Test stamps")
        self.openssl("x509", "-req", "-in", "tsa.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days",
                     "30", "-extfile", "tsa.cnf", "-extensions", "v3", "-out", "tsa.pem")  # fmt: skip

    def openssl(self, *what: str) -> str:
        done = subprocess.run(["openssl", *what], cwd=self.folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def stamp(self, query: bytes) -> tuple[int, bytes]:
        (self.folder / "query").write_bytes(query)
        self.openssl("ts", "-reply", "-config", "tsa.cnf", "-queryfile", "query", "-out", "reply")
        return 200, (self.folder / "reply").read_bytes()

    def says(self, data: bytes, answer: bytes) -> str:
        """What the stock tool says of an answer over `data`."""
        (self.folder / "data").write_bytes(data)
        (self.folder / "answer").write_bytes(answer)
        done = subprocess.run(
            ["openssl", "ts", "-verify", "-data", "data", "-in", "answer", "-CAfile", "ca.pem"],
            cwd=self.folder, capture_output=True, text=True,
        )  # fmt: skip
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Service:
    return Service(tmp_path_factory.mktemp("tsa"))


@contextmanager
def serving(service: Service) -> Iterator[str]:
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            service.asked.append(query)
            status, body = service.answers(query)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/tsr"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        service.answers = service.stamp
        service.asked.clear()


@pytest.fixture
def service(made: Service) -> Iterator[tuple[Service, str]]:
    with serving(made) as url:
        yield made, url


def test_a_token_over_a_head_is_checked_offline_by_us_and_by_openssl(service: tuple[Service, str]) -> None:
    tsa, url = service
    data = b'{"day": "2026-11-25", "hash": "ab", "seq": 5}\n'
    token = timestamp.fetch(url, data)
    ca = (tsa.folder / "ca.pem").read_bytes()
    assert timestamp.check(token, data, ca).year >= 2026
    assert "Verification: OK" in tsa.says(data, token)
    assert data not in tsa.asked[0], "only a hash of it leaves"
    for other, answer, roots in ((data + b"x", token, ca), (data, token[:-9], ca), (data, b"", ca), (data, token, b"")):
        with pytest.raises(UserError, match="timestamp-bad"):
            timestamp.check(answer, other, roots)
    assert "Verification: OK" not in tsa.says(data + b"x", token)
    other_root = (tsa.folder / "tsa.pem").read_bytes()
    with pytest.raises(UserError, match="timestamp-bad"):
        timestamp.check(token, data, other_root)


def test_a_service_that_answers_something_else_is_not_believed_and_asked_again(service: tuple[Service, str]) -> None:
    tsa, url = service
    old = timestamp.fetch(url, b"other")
    answers: list[tuple[int, bytes]] = [
        (200, b""), (200, b"nonsense"), (500, b"no"), (404, b""), (302, b""), (200, old), (200, b"x" * 300_000)
    ]  # fmt: skip
    for answer in answers:
        tsa.answers = lambda _, found=answer: found
        with pytest.raises(UserError, match="timestamp-refused"):
            timestamp.fetch(url, b"data")
    for bad in ("file:///etc/passwd", "ftp://x", "http://127.0.0.1:1/"):
        with pytest.raises(UserError, match="timestamp-refused"):
            timestamp.fetch(bad, b"data")
    tsa.answers = tsa.stamp
    assert "Verification: OK" in tsa.says(b"data", timestamp.fetch(url, b"data"))


# ---- the command line ----


@pytest.fixture
def office(place: Place, sqlite_template: bytes) -> Place:
    """A bot that was started once, with keys of two holders."""
    place.keys("anna", "ben")
    place.config()
    place.start_bot(sqlite_template)
    return place


@contextmanager
def database(office: Place, clock: Clock | None = None) -> Iterator[Database]:
    with opened(f"sqlite:///{office.path('data/liaison.db')}", KeyRing(office.path("keys")), clock or Clock()) as db:
        yield db


def test_an_operator_checks_the_log_alone_and_against_what_was_kept(office: Place) -> None:
    with database(office) as db:
        filled(db)
    assert "5 entries" in office.does("custody", "verify")
    office.does("custody", "log", "kept.jsonl")
    office.does("custody", "head", "heads")
    (head,) = office.path("heads").iterdir()
    for against in ("kept.jsonl", head):
        office.does("custody", "verify", "--against", against)
    with database(office) as db:
        do(db, lambda tx: tx.execute(sa.delete(tables.custody).where(tables.custody.c.seq > 3)))
        do(db, lambda tx: tx.execute(sa.delete(tables.custody_head)))
    office.does("custody", "verify")
    for against in ("kept.jsonl", head):
        assert office.liaison("custody", "verify", "--against", against) == 1
        assert "number 4" in office.said
    for bad in (b"", b"nonsense", b"[1]", b'{"seq": 1}'):
        office.path("bad").write_bytes(bad)
        assert office.liaison("custody", "verify", "--against", "bad") == 1
        assert "neither a head nor lines" in office.said


def test_a_head_gets_its_time_stamp_and_openssl_agrees(office: Place, service: tuple[Service, str]) -> None:
    tsa, url = service
    office.config(timestamp_url=url, timestamp_ca=str(tsa.folder / "ca.pem"))
    with database(office) as db:
        filled(db)
    tsa.answers = lambda _: (500, b"")
    assert office.liaison("custody", "head", "heads") == 1
    assert "timestamp service" in office.said
    tsa.answers = tsa.stamp
    office.does("custody", "head", "heads")
    data, token = (next(office.path("heads").glob(f"*.{end}")).read_bytes() for end in ("json", "tsr"))
    assert "Verification: OK" in tsa.says(data, token)
    assert "seen by the timestamp service" in office.does("custody", "verify")
    office.does("custody", "head", "heads")
    assert len(tsa.asked) == 2, "one token a day"


def test_keys_says_to_whom_it_is_sealed_and_why_intake_is_closed(office: Place) -> None:
    said = office.does("keys", "show")
    assert office.public("anna") in said
    assert "opened no test package" in said
    whole = office.path("recipients.json").read_text()
    office.path("recipients.json").write_text(whole.replace('"version": 1', '"version": 2'))
    assert office.liaison("keys", "show") == 1
    assert "Intake stays closed" in office.said
    office.path("recipients.json").write_text(whole)
    office.does("keys", "remove", "ben")
    assert office.liaison("keys", "show") == 1
    assert "not signed" in office.said
    assert office.liaison("keys", "sign", "--signer", "signer") == 1
    assert "only one valid key" in office.said
    office.does("keys", "add", "ben", office.public("ben"))
    office.does("keys", "sign", "--signer", "signer")
    with database(office) as db:
        assert do(db, custody.adopt_recipients, 2, "ab12")
        assert not do(db, custody.adopt_recipients, 2, "ab12")
    office.does("keys", "show")
    office.path("recipients.json").write_text(whole)
    assert office.liaison("keys", "show") == 1
    assert "version 2 was used before" in office.said.replace("\u2068", "").replace("\u2069", "")


def test_no_key_is_ever_written_over(office: Place) -> None:
    before = office.path("anna").read_bytes()
    for typed in (("keys", "make", "anna"), ("keys", "init-signer", "signer"), ("keys", "drill", "anna")):
        assert office.liaison(*typed) == 1
        assert "Nothing was changed" in office.said
    assert office.path("anna").read_bytes() == before
    assert office.path("anna").stat().st_mode & 0o777 == 0o600


def test_a_drill_opens_a_test_package_and_counts_for_who_opened_it(office: Place) -> None:
    with database(office) as db:
        assert do(db, custody.overdue_drills, ["anna", "ben"]) == ["anna", "ben"]
    office.does("keys", "drill", "drill.tar")
    office.does("unseal", "--identity", "anna", "--out", "bag", *WHY, "drill.tar")
    assert "test package" in office.path("bag/data/record.html").read_text()
    said = office.does("custody", "import", "anna.custody.jsonl")
    assert "has opened the test package" in said
    late = Clock()
    late.now = datetime.now(tz=START.tzinfo) + timedelta(days=300)
    with database(office, late) as db:
        assert do(db, custody.overdue_drills, ["anna", "ben"]) == ["ben"]
        late.now += timedelta(days=66)
        assert do(db, custody.overdue_drills, ["anna", "ben"]) == ["anna", "ben"]
    office.does("custody", "verify")


def test_who_says_to_have_opened_the_test_package_without_its_code_has_not(office: Place) -> None:
    office.does("keys", "drill", "drill.tar")
    from bot import unseal

    holder = unseal.holder_of(office.path("anna"))
    (made,) = [json.loads(x) for x in log_of(office) if json.loads(x)["event"] == "drill"]
    for drill in ({}, {"drill": "0" * 32}, {"drill": made["facts"]["proof"]}):
        unseal.write_down(holder, "opened", made["subject"], {"purpose": "x", "second": "y", **drill}, START)
    assert "has opened the test package" not in office.does("custody", "import", "anna.custody.jsonl")
    office.does("unseal", "--identity", "anna", "--out", "bag", *WHY, "drill.tar")
    assert "has opened the test package" in office.does("custody", "import", "anna.custody.jsonl")


def log_of(office: Place) -> list[str]:
    with database(office) as db:
        found: list[str] = do(db, custody.lines)
        return found


def test_a_holders_file_is_joined_once_whole_and_from_nobody_else(office: Place) -> None:
    package, subject = a_package(office.folder, [office.public(h) for h in ("anna", "ben")], [b"one"])
    office.does("unseal", "--identity", "anna", "--out", "one", *WHY, package)
    log = office.path("anna.custody.jsonl")
    assert "2 new entries of anna" in office.does("custody", "import", log).replace("\u2068", "").replace("\u2069", "")
    assert "Nothing" in office.does("custody", "import", log)
    office.does("unseal", "--identity", "anna", "--out", "two", *WHY, package)
    whole = log.read_text()
    for bad in (whole.replace("first time", "last time"), "\n".join(whole.splitlines()[2:]), whole.splitlines()[0]):
        log.write_text(bad)
        assert office.liaison("custody", "import", log) == 1
        assert "Nothing was joined" in office.said
    log.write_text(whole)
    assert "2 new entries" in office.does("custody", "import", log)
    found = [json.loads(x) for x in log_of(office)]
    assert [e["event"] for e in found] == ["opening", "opened"] * 2
    assert {e["subject"] for e in found} == {subject}
    assert found[0]["facts"]["entry"] == entries(log)[0], "whole, as it was signed"
    office.does("custody", "verify")
    office.does("keys", "make", "eve")
    office.does("keys", "make", "dora")
    eve = [office.public(h) for h in ("eve", "dora")]
    package, _ = a_package(office.folder, eve, [b"one"])
    office.does("unseal", "--identity", "eve", "--out", "three", *WHY, package)
    assert office.liaison("custody", "import", "eve.custody.jsonl") == 1
    assert "not in the list" in office.said
    key = entries(office.path("eve.custody.jsonl"))[0]["key"]
    office.does("custody", "import", "eve.custody.jsonl", "--signer", key)


def test_what_was_handed_out_and_is_not_accounted_for_after_30_days_is_told(db: Database, clock: Clock) -> None:
    filled(db)
    clock.now += timedelta(days=30)
    assert do(db, custody.unaccounted) == []
    clock.now += timedelta(minutes=1)
    assert do(db, custody.unaccounted) == [SUBJECT]
    key = SigningKey.new()
    line = custody.line_of(None, key, at="2026-12-01T10:00:00Z", event="opened", subject=SUBJECT, facts={})
    do(db, custody.join, [line], holder="anna", public=key.public)
    assert do(db, custody.unaccounted) == []


# ---- handing out ----


def approved(tx: Tx, ref: str, deed: str, state: str, **subject: Any) -> None:
    approval_rows.insert_approval(
        tx, ref=ref, deed=deed, subject=subject, subject_hash=approvals.subject_hash(subject), needed=1,
        asked_by="sara", purpose="To read it", expires_at=tx.now + timedelta(days=7),
    )  # fmt: skip
    approval_rows.set_approval_state(tx, ref, state)


def test_a_package_leaves_only_under_an_approval_and_its_custody_goes_with_it(office: Place) -> None:
    package, subject = a_package(
        office.folder, [office.public(h) for h in ("anna", "ben")], [b"one"], identity=b'{"name": "x"}'
    )
    package.unlink()
    office.path("vault").rename(office.path("data/vault"))
    clock = Clock()
    clock.now = datetime.now(tz=START.tzinfo)
    name = "ab" * 16
    with database(office, clock) as db:
        do(db, approved, "R2R2", "export", "done", vault=name, destination="iiim")
        do(db, approved, "S2S2", "identity", "done", vault=name, destination="iiim")
        do(db, approved, "T2T2", "export", "open", vault=name, destination="iiim")
        do(db, approved, "U2U2", "other", "done", vault=name)
        do(db, approved, "V2V2", "export", "done", vault="cd" * 16, destination="iiim")
    for ref in ("T2T2", "U2U2", "W2W2", "V2V2"):
        assert office.liaison("custody", "export", ref, "out") == 1
        assert not list(office.folder.glob("out/*"))
    office.does("custody", "export", "r2r2", "out")
    office.does("custody", "export", "S2S2", "out")
    assert office.liaison("custody", "export", "R2R2", "out") == 1, "it is there already"
    found = [json.loads(x) for x in log_of(office)]
    assert [(e["event"], e["subject"], e["facts"]["approval"]) for e in found] == [
        ("exported", subject, "R2R2"), ("identity", subject, "S2S2")
    ]  # fmt: skip
    office.does("unseal", "--identity", "ben", "--out", "bag", *WHY, "out/R2R2.tar")
    assert [e["event"] for e in entries(office.path("bag/data/custody.jsonl"))] == ["exported"]
    assert not office.path("bag/data/identity.json").exists()
    office.does("unseal", "--identity", "anna", "--out", "who", *WHY, "out/S2S2-identity.age")
    clock.now += timedelta(days=8)
    with database(office, clock) as db, pytest.raises(UserError, match="custody-not-approved"):
        do(db, custody.access_handout, "R2R2")


def test_looking_makes_no_database(place: Place) -> None:
    place.keys("anna", "ben")
    place.config()
    for typed in (("custody", "verify"), ("custody", "head", "x"), ("keys", "drill", "d.tar")):
        assert place.liaison(*typed) == 1
        assert "never been started" in place.said
    place.does("keys", "show")
    assert not place.path("data").exists()
