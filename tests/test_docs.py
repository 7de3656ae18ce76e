"""The documents speak of what exists: files, targets, verbs, settings, metrics; and of nothing but the project."""

from __future__ import annotations

import argparse
import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel

from bot.cli import parser
from bot.config import Config, Desk, StaffMember
from bot.web.admin import METRICS, Admin

ROOT = Path(__file__).parents[1]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md"), ROOT / "bot/content/README.md"])
SUFFIXES = (".py", ".md", ".yaml", ".ftl", ".toml", ".txt", ".csv", ".lock", ".mjs", ".json", ".mako", "Makefile")
SKIPPED = {"node_modules", "__pycache__"}
# What the pages name as an example, or as something that is made when the program runs.
MADE_LATER = {"config.yaml", "keys/", ".venv/bin", ".venv", "pickle.key", "key-words/<code>.txt"}
INVENTED = {"word-hours", "hours-answer"}
OF_OTHERS = {"AsyncClient", "increase()", "resets()"}  # names of nio and of Prometheus


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


@cache
def files() -> list[Path]:
    """Every text file of the project."""
    tops = ("bot", "commands", "tests", "bench", "docs", ".ci")
    found = [p for top in tops for p in (ROOT / top).rglob("*") if p.is_file()] + [
        p for p in ROOT.iterdir() if p.is_file()
    ]
    return [p for p in found if p.name.endswith(SUFFIXES) or p.parent.name == ".ci" if not SKIPPED & set(p.parts)]


@cache
def product() -> str:
    """All that the program consists of."""
    tops = ("bot/", "commands/", "config.example.yaml", "pyproject.toml", "Makefile")
    return "\n".join(text_of(p) for p in files() if name(p).startswith(tops) and p.suffix != ".md")


def spans(page: Path) -> Iterator[str]:
    """What stands in backticks, outside blocks of code. A test is named by its file here (test_matrix_docs.py)."""
    for span in re.findall(r"`([^`\n]+(?:\n[^`\n]+)?)`", re.sub(r"```.*?```", "", text_of(page), flags=re.S)):
        yield re.sub(r"\s+", " ", span).partition("::")[0]


def commands(page: Path, program: str) -> Iterator[str]:
    """The lines that a reader would type: in backticks or in a block of code, without what is said beside them."""
    blocks = re.findall(r"^    (.+)$", text_of(page), re.M)
    for line in [*spans(page), *(b.partition(" #")[0] for b in blocks)]:
        if line.startswith(program + " "):
            yield re.sub(r"  .*", "", line.removeprefix(program)[1:]).strip()


def settings(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    for field_name, field in model.model_fields.items():
        yield prefix + field_name
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from settings(kind, f"{prefix}{field_name}.")


SETTINGS = {*settings(Config), *settings(StaffMember, "staff."), *settings(Desk, "desks.")}
SECTIONS = {s.partition(".")[0] for s in SETTINGS}


def targets() -> set[str]:
    (phony,) = re.findall(r"^\.PHONY: (.+)$", text_of(ROOT / "Makefile"), re.M)
    return set(phony.split())


def verbs() -> dict[str, argparse.ArgumentParser]:
    (found,) = (a for a in parser()._actions if isinstance(a, argparse._SubParsersAction))
    return dict(found.choices)


def exists(path: str) -> bool:
    """Whether a path of a page exists, from the root or from where a reader of the code stands."""
    pattern = re.sub(r"<\w+>|\b(LANG|TOPIC)\b", "*", path.rstrip("/"))
    return any(list((ROOT / base).glob(pattern)) for base in ("", "bot", "bot/matrix", "bot/content", "tests"))


# ---- what is named exists ----


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_a_page_names_exists(page: Path) -> None:
    looks_like = re.compile(r"[\w.*<>-]*(/[\w.*<>-]*)+|[\w-]+\.(py|md|yaml|ftl|csv|txt|key)")
    in_prose = re.findall(r"\b(?:tests|docs|bench|bot|commands)/[\w/.-]*\w", text_of(page))
    named = {s for s in spans(page) if looks_like.fullmatch(s)} | set(in_prose)
    served = set(re.findall(r'add_get\("(/\w+)"', text_of(ROOT / "bot/web/admin.py")))
    assert not sorted(n for n in named - MADE_LATER - served if not exists(n))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        path, _, anchor = target.partition("#")
        if path.startswith(("https://", "mailto:")):
            continue
        other = (page.parent / path).resolve() if path else page
        headings = re.findall(r"^#+ (.+)$", text_of(other), re.M) if other.is_file() and anchor else []
        ids = {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}
        if not other.exists() or (anchor and anchor not in ids):
            dead.append(target)
    assert not dead


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_a_page_names_can_be_typed(page: Path) -> None:
    for line in commands(page, "make"):
        target, *variables = line.replace("[", "").replace("]", "").split()
        assert target in targets(), line
        for variable in variables:
            assert f"$({variable.partition('=')[0]})" in text_of(ROOT / "Makefile"), line
    for line in commands(page, "liaison"):
        verb, *options = line.split()
        assert verb in verbs(), line
        typed = verbs()[verb]
        for acts in (a for a in typed._actions if isinstance(a, argparse._SubParsersAction) and options):
            assert options[0] in acts.choices, line
            typed = acts.choices[options[0]]
        known = {o for action in typed._actions for o in action.option_strings}
        assert {o for o in options if o.startswith("--")} <= known, line


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_setting_that_a_page_names_exists(page: Path) -> None:
    named = {s for s in spans(page) if re.fullmatch(r"[a-z_]+\.[a-z_]+", s) and s.partition(".")[0] in SECTIONS}
    assert named - MADE_LATER - {s for s in named if exists(s)} <= SETTINGS


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_word_in_backticks_is_a_word_of_the_program(page: Path) -> None:
    """A name that was changed in the code and not on the page is found here."""
    known = product()
    plain = (
        {s for s in spans(page) if not re.search(r"[/ ]", s) and not exists(s)}
        - MADE_LATER
        - INVENTED
        - OF_OTHERS
        - SETTINGS
    )
    assert not sorted(s for s in plain if not re.search(rf"(?<!\w){re.escape(s)}(?!\w)", known))


def test_the_pages_speak_enough_for_the_tests_above_to_find_something() -> None:
    every = [s for page in PAGES for s in spans(page)]
    assert len(every) > 100
    for program in ("make", "liaison"):
        assert len([line for page in PAGES for line in commands(page, program)]) > 6
    assert not exists("bot/gossip.py")
    assert {"homeserver.url", "staff.master_key", "desks.topics", "official_page"} <= SETTINGS


def test_the_example_of_a_command_in_the_readme_works() -> None:
    (code,) = re.findall(r"```python\n(.+?)```", text_of(ROOT / "README.md"), re.S)
    space: dict[str, object] = {}
    exec("from bot.api import Context, command\n" + code, space)  # the words of the page, run as they stand
    (mark,) = (value for key, value in space.items() if key == "hours")
    from bot.api import commands_of

    made = commands_of([type("module", (), {"__name__": "page", "hours": mark})])
    assert "hours" in made


# ---- what exists is documented ----


def test_every_verb_and_target_is_documented() -> None:
    said = "\n".join(text_of(p) for p in PAGES)
    assert not {t for t in targets() if not re.search(rf"\bmake {t}\b", said)}
    assert not {v for v in verbs() if not re.search(rf"\bliaison {v}\b", said)}
    assert all(action.help for v in verbs().values() for action in v._actions), "its help is the manual"


def test_every_page_is_reached_from_the_readme() -> None:
    said = text_of(ROOT / "README.md")
    assert not [name(p) for p in PAGES if p.parent.name == "docs" and f"({name(p)})" not in said]


def test_every_variable_of_the_environment_is_in_the_example_and_the_other_way_round() -> None:
    code = "\n".join(text_of(p) for p in files() if name(p).startswith("bot/") and p.suffix == ".py")
    read = set(re.findall(r'"(LIAISON_[A-Z]+(?:_[A-Z]+)*)"', code))
    read |= {f"LIAISON_{secret}" for secret in re.findall(r'\bsecret\("([A-Z_]+)"', code)}
    named = set(re.findall(r"LIAISON_[A-Z_]+[A-Z]", text_of(ROOT / "config.example.yaml")))
    assert named == read | {"LIAISON_KEY_STORE"}
    assert {"LIAISON_PASSWORD", "LIAISON_DATABASE_URL"} <= read


async def test_the_page_of_metrics_says_what_is_served() -> None:
    table = re.findall(
        r"^\| `(liaison_\w+)` \| (\w+) \| (\w+) \| (.{20,}) \|$", text_of(ROOT / "docs/metrics.md"), re.M
    )
    admin = Admin(lambda: True, lambda: dict.fromkeys(METRICS, 1.0), "127.0.0.1", 0)
    await admin.start()
    try:
        async with aiohttp.ClientSession() as http, http.get(f"http://127.0.0.1:{admin.port}/metrics") as answer:
            families = list(text_string_to_metric_families(await answer.text()))
    finally:
        await admin.stop()
    served = [(f.name, f.type, " ".join(sorted({k for s in f.samples for k in s.labels})) or "none") for f in families]
    assert [row[:3] for row in table] == served


def test_the_program_gives_a_number_for_every_metric() -> None:
    tree = ast.parse(text_of(ROOT / "bot/app.py"))
    given = [
        str(n.value) for n in ast.walk(tree) if isinstance(n, ast.Constant) and str(n.value).startswith("liaison_")
    ]
    assert sorted(given) == sorted(METRICS)
    mentioned = set(re.findall(r"\bliaison_\w+", text_of(ROOT / "docs/metrics.md")))
    assert mentioned == set(METRICS)


def test_no_metric_is_made_anywhere_else() -> None:
    made = [name(p) for p in files() if name(p).startswith(("bot/", "commands/")) and "prometheus_client" in text_of(p)]
    assert made == ["bot/web/admin.py"]


# ---- nothing but the project ----

NEVER = {
    "a path of one machine": r"(?<![\w.])/(work|tmp|root|home/\w+|Users/\w+|mnt|workspace)/[\w.]",
    "an address of one network": r"\b(10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(1[6-9]|2\d|3[01])\.\d+\.\d+)\b",
    "a mirror of packages": r"(?i)\b(index-url|artifactory|nexus|devpi|pypi-mirror|verdaccio)\b(?! \\)",
    "who wrote it": r"(?i)\b(claude|anthropic|openai|chatgpt|copilot|language model|llm|sub-?agents?|ai assistant)\b",
    "how it was planned": r"\b([Ii]ssue #?\d+|(next|this) session|[Mm]ilestone \d|sprint|TODO|FIXME|XXX)\b",
}
NEEDED = {
    ("Makefile", "a mirror of packages", "index-url"),  # the option that keeps one out of the lock file
    ("bot/content/faq/bot.yaml", "who wrote it", "chatgpt"),  # people ask whether it is that
    ("bot/content/faq/collaboration.yaml", "how it was planned", "next session"),  # people ask when a meeting is
}


def test_nothing_tells_of_a_machine_or_of_how_it_was_made() -> None:
    found = {
        (name(p), what, match[0])
        for p in files()
        if p != Path(__file__) and not name(p).startswith("bench/data/")  # others' sentences, for measuring
        for what, pattern in NEVER.items()
        for match in re.finditer(pattern, text_of(p))
    }
    assert sorted(found - NEEDED) == []
    assert sorted(NEEDED - found) == []


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a path of one machine", "see /work/main/x"),
        ("a path of one machine", "open('/tmp/a.log')"),
        ("an address of one network", "http://10.0.0.5:8080/simple"),
        ("a mirror of packages", "--index-url https://x"),
        ("who wrote it", "written by an LLM"),
        ("how it was planned", "# TODO: later"),
        ("how it was planned", "as issue 2 says"),
    ],
)
def test_such_a_line_would_be_found(what: str, line: str) -> None:
    assert re.search(NEVER[what], line)
