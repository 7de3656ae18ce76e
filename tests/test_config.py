"""config.yaml: the example says everything, a mistake is a sentence with its line, and the corrected file is taken."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from bot.config import Config, StaffMember, load, secret, words
from bot.errors import StartError
from bot.text import Texts

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "config.example.yaml"
GOOD = "homeserver:\n  url: https://example.org\nstaff:\n  - id: sara\n    accounts: ['@sara:example.org']\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config.yaml"


@pytest.fixture
def sentence(file: Path, texts: Texts) -> Callable[[str], str]:
    """What the operator is told about a file; with the corrected one the program goes on."""

    def read(text: str) -> str:
        file.write_text(text, encoding="utf-8")
        with pytest.raises(StartError) as caught:
            load(file)
        file.write_text(GOOD, encoding="utf-8")
        assert load(file).homeserver.url == "https://example.org"
        return texts.sentence("en", caught.value.key, **caught.value.values)

    return read


# ---- the example ----


def sections(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Every setting a.b of the program; what stands in lists counts as one setting."""
    for name, field in model.model_fields.items():
        if name == "base":
            continue
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from sections(kind, f"{prefix}{name}.")
        else:
            yield prefix + name


def written(node: yaml.Node | None, prefix: str = "") -> Iterator[tuple[str, int]]:
    """Every setting of the example with its line, counted from 0."""
    assert isinstance(node, yaml.MappingNode)
    for key, value in node.value:
        if isinstance(value, yaml.MappingNode):
            yield from written(value, f"{prefix}{key.value}.")
        else:
            yield prefix + key.value, key.start_mark.line


def test_the_example_has_every_setting_and_nothing_else() -> None:
    tree = yaml.compose(EXAMPLE.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    assert [name for name, _ in written(tree)] == list(sections(Config)), "in the order of the program"


def test_the_example_is_what_the_program_does_without_a_file(file: Path) -> None:
    shutil.copy(EXAMPLE, file)
    assert load(file).model_dump() == Config().model_dump()
    file.write_text("")
    assert load(file).model_dump() == Config().model_dump()


def test_every_setting_of_the_example_has_one_comment_of_its_own() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    tree = yaml.compose("\n".join(lines), Loader=yaml.SafeLoader)
    comments = {}
    for name, line in written(tree):
        first = line
        while lines[first - 1].lstrip().startswith("#"):
            first -= 1
        comments[name] = "\n".join(lines[first:line])
        assert "#" not in lines[line], f"{name}: the comment stands above, not beside"
    assert [name for name, comment in comments.items() if len(comment) < 15] == []
    assert len(set(comments.values())) == len(comments)
    staff = comments["staff"]
    assert set(re.findall(r"^#   [- ] (\w+):", staff, re.M)) == set(StaffMember.model_fields), (
        "its fields, commented out"
    )
    for setting in ("mechanism.kind", "encryption.participants", "logging.level"):
        section, name = setting.split(".")
        kind = Config.model_fields[section].annotation
        assert isinstance(kind, type) and issubclass(kind, BaseModel)
        for choice in get_args(kind.model_fields[name].annotation):
            assert choice in comments[setting], f"{setting} can be {choice}"


def test_the_person_in_the_comment_can_be_taken_as_it_is(file: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    person = re.search(r"((?:^#   .*\n)+)staff: \[\]\n", text, re.M)
    assert person
    taken = person[1].replace("#   ", "  ")
    file.write_text(text.replace(person[0], f"staff:\n{taken}"), encoding="utf-8")
    (sara,) = load(file).staff
    assert (sara.id, sara.role, sara.accounts) == ("sara", "admin", ("@sara:example.org",))


# ---- mistakes ----


@pytest.mark.parametrize(
    ("text", "line", "name", "nearest"),
    [
        ("limitz:\n  messages: 5\n", 1, "limitz", "limits"),
        ("\n# a comment\noficial_page: x\n", 3, "oficial_page", "official_page"),
        ("limits:\n  # how many\n  mesages: 5\n", 3, "limits.mesages", "limits.messages"),
        ("web: {admin_hots: 0.0.0.0}\n", 1, "web.admin_hots", "web.admin_host"),
        ("staff:\n  - id: a\n    accounts: ['@a:b.c']\n    rol: admin\n", 4, "staff.0.rol", "staff.0.role"),
        ("desks:\n  - name: main\n  - name: two\n    langauges: [en]\n", 4, "desks.1.langauges", "desks.1.languages"),
        ("faq:\n  qqq: 1\n", 2, "faq.qqq", "content"),
        ("base: /tmp\n", 1, "base", "database"),
        ("limits: {messages: 5}\nlimitz:\n", 2, "limitz", "limits"),
    ],
)
def test_an_unknown_setting_is_named_with_its_line_and_the_nearest_one(
    sentence: Callable[[str], str], text: str, line: int, name: str, nearest: str
) -> None:
    assert sentence(text) == (f"config.yaml, line {line}: there is no setting “{name}”. Did you mean: {nearest}"), (
        "the operator reads what to change, and where"
    )


@pytest.mark.parametrize(
    ("text", "line", "name"),
    [
        ("limits:\n  messages: many\n", 2, "limits.messages"),
        ("limits:\n  messages: 1\n", 2, "limits.messages"),
        ("limits: 5\n", 1, "limits"),
        ("limits:\n  messages: [5]\n", 2, "limits.messages"),
        ("homeserver:\n  admin_token_file: null\n  url: example.org\n", 3, "homeserver.url"),
        ("homeserver:\n  url: [https://example.org]\n", 2, "homeserver.url"),
        ("account:\n  user_id: helper\n", 2, "account.user_id"),
        ("mechanism:\n  name:\n    en: [x]\n", 2, "mechanism.name"),
        ("mechanism:\n  kind: court\n", 2, "mechanism.kind"),
        ("encryption:\n  participants: none\n", 2, "encryption.participants"),
        ("web:\n  admin_port: 70000\n", 2, "web.admin_port"),
        ("keys:\n  folder: [a]\n", 2, "keys.folder"),
        ("\nstaff:\n  sara: admin\n", 2, "staff"),
        ("staff:\n  - sara\n", 2, "staff.0"),
        ("staff:\n  - id: a\n    accounts: []\n", 3, "staff.0.accounts"),
        ("staff:\n  - id: a\n    accounts: [a]\n", 3, "staff.0.accounts.0"),
        ("staff:\n  - id: a\n", 2, "staff.0.accounts"),
        ("staff:\n  - id: Sara Two\n    accounts: ['@a:b.c']\n", 2, "staff.0.id"),
        ("desks: []\n", 1, "desks"),
        ("people:\n  members:\n    - '@a:b.c'\n    - b\n", 4, "people.members.1"),
        ("limits:\n  messages: 5\nfaq:\nlimits:\n  messages: 6\n", 4, "limits"),
        ("limits:\n  messages: 5\n  messages: 6\n", 3, "messages"),
        ("1: 2\n", 1, "1"),
    ],
)
def test_a_value_that_does_not_fit_is_named_with_its_line(
    sentence: Callable[[str], str], text: str, line: int, name: str
) -> None:
    said = sentence(text)
    assert said.startswith(f"config.yaml, line {line}: “{name}” does not fit. ")
    assert not re.search(r"instance of|pattern|dict\b|tuple|pydantic|Error", said), "no programmer's words"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("limits:\n messages: 5\n  window: 3\n", 3),
        ("limits:\n\tmessages: 5\n", 2),
        ("mechanism:\n  name: 'open\n", 3),
        ("- a\n- b\n", 1),
        ("just words\n", 1),
        ("logging:\n  file: !!python/name:os.system x\n", 2),
        ("faq:\n  content: *nowhere\n", 2),
        ("official_page: a\nfaq:\n  content: 2026-13-45\n", 3),
        ("limits:\n  messages: " + "9" * 5000, 2),
        ("mechanism: " + "[" * 600, 1),
        ("mechanism: \x00", 1),
    ],
)
def test_what_is_not_yaml_is_named_with_its_line(sentence: Callable[[str], str], text: str, line: int) -> None:
    assert sentence(text).startswith(f"config.yaml, line {line}: this is not YAML.")


@pytest.mark.parametrize("staff", [[("sara", "@a:b.c"), ("sara", "@d:b.c")], [("sara", "@a:b.c"), ("omar", "@a:b.c")]])
def test_two_of_the_staff_are_never_one(sentence: Callable[[str], str], staff: list[tuple[str, str]]) -> None:
    said = sentence("staff:\n" + "".join(f"  - id: {name}\n    accounts: ['{at}']\n" for name, at in staff))
    assert said.startswith("config.yaml, line 1: “staff” does not fit.")
    assert "twice" in said
    assert ("sara" if staff[0][0] == staff[1][0] else "@a:b.c") in said


def test_a_file_that_is_not_there_or_not_text_is_named(file: Path, texts: Texts) -> None:
    def said() -> str:
        with pytest.raises(StartError) as caught:
            load(file)
        return texts.sentence("en", caught.value.key, **caught.value.values)

    assert str(file) in said()
    file.mkdir()
    assert str(file) in said()
    file.rmdir()
    file.write_bytes(GOOD.encode("utf-16"))
    assert said().startswith("config.yaml, line 1: this is not YAML.")
    file.write_text(GOOD)
    assert load(file).staff


def test_an_error_is_said_in_the_operators_language(file: Path, texts: Texts) -> None:
    file.write_text("limitz: {}\n")
    with pytest.raises(StartError) as caught:
        load(file)
    said = {
        code: texts.sentence(code, caught.value.key, **caught.value.values) for code in ("en", "ar", "fr", "uk", "es")
    }
    assert len(set(said.values())) == 5
    assert all("limitz" in s and "limits" in s for s in said.values())
    file.write_text(GOOD)
    assert load(file).staff


def test_the_command_line_shows_a_sentence_and_no_traceback(file: Path) -> None:
    file.write_text("limits:\n  mesages: 5\n")
    command = [sys.executable, "-m", "bot", "--config", str(file), "card"]
    environment = {"LANG": "en_US.UTF-8", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=file.parent, timeout=120)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "config.yaml, line 2: there is no setting “limits.mesages”. Did you mean: limits.messages"
    ]
    file.write_text("limits:\n  messages: 5\n")
    assert load(file).limits.messages == 5


def test_an_empty_section_keeps_its_defaults(file: Path) -> None:
    """Every line of it is commented out."""
    names = [name for name in Config.model_fields if name != "base"]
    file.write_text("".join(f"{name}:\n" for name in names))
    assert load(file).model_dump() == Config().model_dump()


def test_aliases_and_merges_work(file: Path) -> None:
    file.write_text(
        "limits: &l {messages: 5}\nretention:\n  backups: 4\nmechanism:\n  name: &n {en: A, fr: B}\n  rights: *n\n"
    )
    found = load(file)
    assert (found.limits.messages, found.retention.backups, found.mechanism.rights) == (5, 4, {"en": "A", "fr": "B"})


# ---- what it means ----


def test_paths_are_meant_from_the_folder_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc" / "config.yaml").write_text("keys: {folder: k}\ndatabase: {folder: /var/x}\n")
    monkeypatch.chdir(tmp_path)
    config = load(Path("etc/config.yaml"))
    monkeypatch.chdir("/")
    assert config.path(config.keys.folder) == tmp_path / "etc" / "k"
    assert config.folder == Path("/var/x")
    assert config.database_url == "sqlite:////var/x/liaison.db"
    assert Config.model_validate({"database": {"url": "postgresql://h/n"}}).database_url == "postgresql://h/n"
    monkeypatch.setenv("LIAISON_DATABASE_URL", "postgresql://from/env")
    assert config.database_url == "postgresql://from/env"


def test_secrets_come_from_the_environment_before_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "password"
    assert secret("PASSWORD", None) is None
    assert secret("PASSWORD", path) is None, "not there (yet)"
    path.write_text("")
    with pytest.raises(StartError) as caught:
        secret("PASSWORD", path)
    assert (caught.value.key, caught.value.values) == ("config-secret", {"file": "password"})
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(StartError):
        secret("PASSWORD", path)
    path.write_text(" of the file \nsecond line\n")
    assert secret("PASSWORD", path) == "of the file"
    monkeypatch.setenv("LIAISON_PASSWORD", "of the environment")
    assert secret("PASSWORD", path) == "of the environment"


def test_no_secret_has_a_place_in_the_file(sentence: Callable[[str], str]) -> None:
    named = [n for n in sections(Config) if re.search(r"password|token|secret|recovery", n)]
    assert len(named) >= 4
    assert all(n.endswith("_file") for n in named)
    said = sentence("account:\n  password: hunter2\n")
    assert "account.password_file" in said
    assert "hunter2" not in said


def test_a_config_cannot_be_changed_after_it_was_read(file: Path) -> None:
    file.write_text(GOOD)
    config = load(file)
    with pytest.raises(ValueError):
        config.limits.messages = 10_000
    assert config.limits.messages == 30


def test_several_accounts_are_one_person_with_one_role() -> None:
    config = Config.model_validate(
        {
            "staff": [{"id": "sara", "accounts": ["@s:a.b", "@s2:a.b"], "role": "admin"}],
            "people": {"coordinators": ["@c:a.b", "@s2:a.b"], "members": ["@m:a.b", "@c:a.b"]},
        }
    )
    assert config.staff_member("@s:a.b") == config.staff_member("@s2:a.b")
    roles = {a: config.role_of(a) for a in ("@s2:a.b", "@c:a.b", "@m:a.b", "@x:a.b")}
    assert roles == {"@s2:a.b": "admin", "@c:a.b": "coordinator", "@m:a.b": "member", "@x:a.b": None}


def test_a_text_without_the_language_falls_back_to_english_and_then_to_any() -> None:
    assert [words({"en": "E", "fr": "F"}, code) for code in ("fr", "ar")] == ["F", "E"]
    assert words({"fr": "F"}, "ar") == "F"
    assert words("one", "ar") == "one"
    assert words({}, "ar") == ""


# ---- anything at all ----

NAMES = st.sampled_from([*(n.rpartition(".")[2] for n in sections(Config)), *Config.model_fields, "<<", "x", ""])
SCALARS: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=5),
)
TREES = st.dictionaries(
    NAMES,
    st.recursive(
        SCALARS,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(st.one_of(NAMES, SCALARS), inner, max_size=4)
        ),
        max_leaves=8,
    ),
    max_size=4,
).map(lambda tree: yaml.safe_dump(tree, allow_unicode=True, sort_keys=False))
SIGNS = """limits: staff: - id: desks: !!int !!timestamp !!binary !!set !!bool !!omap !foo &a *a <<: ? : { } [ ] , | > '
" # --- ... % @ ` 2026-13-45 1e999 0x 0o9 .inf 190:99:99 ~ yes ="""
PIECES = st.lists(st.sampled_from([*SIGNS.split(), "\n", "\n  "]), max_size=25).map(" ".join)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(TREES, PIECES, st.text(max_size=60)))
@example(text="x: !!timestamp never")
@example(text="x: !!bool maybe")
@example(text="&a {<<: *a}")
@example(text="limits: &a {messages: *a}")
@example(text="? {a: b}\n: c")
def test_every_text_gives_a_config_or_a_sentence(text: str, file: Path, texts: Texts) -> None:
    file.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        assert isinstance(load(file), Config)
    except StartError as error:
        said = texts.sentence("en", error.key, **error.values)
        assert re.match(r"config\.yaml, line [1-9]\d*: ", said)
        assert error.values["line"] <= len(re.split(r"\r\n|[\n\r\x85\u2028\u2029]", text))
