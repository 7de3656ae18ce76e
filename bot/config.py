"""config.yaml as frozen models; unknown keys are refused with their line, secrets come from files or environment."""

from __future__ import annotations

import datetime as dt
import difflib
import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, Self, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from bot.errors import StartError

LANGUAGES = ("en", "ar", "fr", "uk", "es")
Role = Literal["participant", "member", "coordinator", "staff", "approver", "admin", "ombud"]
ROLES: tuple[Role, ...] = get_args(Role)
APART = "apart"  # the desk of those who hear complaints
STAFF_ROLES: tuple[Role, ...] = ("staff", "approver", "admin")
USER_ID = re.compile(r"@[^:\s]{1,200}:[^\s/]{1,230}")


def _user_id(value: str) -> str:
    if not USER_ID.fullmatch(value):
        raise ValueError("a Matrix user id looks like @name:example.org")
    return value


UserId = Annotated[str, AfterValidator(_user_id)]
Words = str | dict[str, str]  # one text, or one for each language


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Mechanism(_Section):
    name: Words = "Example Mechanism"
    kind: Literal["example", "iiim", "iimm", "icc", "coi"] = "example"
    controller: Words = ""
    contact: Words = ""
    rights: Words = ""


class Homeserver(_Section):
    url: str = "http://127.0.0.1:8008"
    admin_token_file: Path | None = None

    @field_validator("url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise ValueError("a homeserver's address begins with https:// (or http:// on the same machine)")
        return value.rstrip("/")


class Account(_Section):
    user_id: UserId = "@helper:example.org"
    password_file: Path | None = None
    token_file: Path | None = None
    device_id: str | None = None
    device_name: str = "helper"
    recovery_key_file: Path = Path("recovery-key.txt")


class Encryption(_Section):
    participants: Literal["cross-signed", "any"] = "cross-signed"


class StaffMember(_Section):
    id: str = Field(pattern=r"^[a-z0-9-]{1,20}$")
    accounts: tuple[UserId, ...] = Field(min_length=1)
    role: Literal["staff", "approver", "admin"] = "staff"
    desks: tuple[str, ...] = ("main",)
    master_key: str | None = Field(default=None, pattern=r"^[A-Za-z0-9+/]{43}$")


class Desk(_Section):
    name: str = Field(pattern=r"^[a-z0-9-]{1,20}$")
    languages: tuple[Literal["en", "ar", "fr", "uk", "es"], ...] = ()
    topics: tuple[str, ...] = ()


class Duty(_Section):
    """When somebody of the staff can be called, in their own zone; `to` before `from`: over midnight."""

    who: str
    days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = (
        "mon", "tue", "wed", "thu", "fri", "sat", "sun",
    )  # fmt: skip
    start: dt.time = Field(default=dt.time(8), alias="from")
    end: dt.time = Field(default=dt.time(20), alias="to")
    zone: str = "UTC"

    @field_validator("start", "end", mode="before")
    @classmethod
    def _an_hour(cls, value: object) -> object:
        if isinstance(value, int) and not isinstance(value, bool):  # YAML reads 08:30 as a number of minutes
            return f"{value // 60:02}:{value % 60:02}"
        return value

    @field_validator("zone")
    @classmethod
    def _a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError("a time zone looks like Europe/Zurich") from error
        return value


class Complaints(_Section):
    """People outside the team who hear complaints about it."""

    accounts: tuple[UserId, ...] = ()


class People(_Section):
    coordinators: tuple[UserId, ...] = ()
    members: tuple[UserId, ...] = ()


class Limits(_Section):
    messages: int = Field(default=30, ge=3)
    window_seconds: int = Field(default=300, ge=10)
    concurrent_sends: int = Field(default=16, ge=1, le=64)
    upload_bytes: int = Field(default=512 * 1024 * 1024, ge=1024)
    case_file_bytes: int = Field(default=50 * 1024 * 1024, ge=1024)
    undo_seconds: int = Field(default=60, ge=0)
    cases_a_day: int = Field(default=5, ge=1)
    answer_days: int = Field(default=7, ge=1)


class Retention(_Section):
    session_days: int = Field(default=7, ge=1)
    inbox_days: int = Field(default=7, ge=2)
    outbox_days: int = Field(default=30, ge=2)
    case_days: int = Field(default=90, ge=1)
    backups: int = Field(default=3, ge=1)


class Faq(_Section):
    content: Path | None = None


class Intake(_Section):
    withdrawn: Literal["destroy", "keep"] = "destroy"
    withdrawal_days: int = Field(default=14, ge=1)
    unreviewed: bool = False


class Keys(_Section):
    folder: Path = Path("keys")
    signer: str | None = Field(default=None, pattern=r"^[A-Za-z0-9+/]{43}$")
    recipients: Path = Path("recipients.json")
    timestamp_url: str | None = Field(default=None, pattern=r"^https?://[^\s/]+\S*$")
    timestamp_ca: Path | None = None


class Web(_Section):
    admin_host: str = "127.0.0.1"
    admin_port: int = Field(default=8090, ge=0, le=65535)


class DatabaseSection(_Section):
    folder: Path = Path("data")
    url: str | None = Field(default=None, pattern=r"^(postgresql|sqlite)://\S+$")


class Logging(_Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    file: Path | None = None


class Config(_Section):
    """Everything an operator can set. Paths are relative to the folder of config.yaml."""

    mechanism: Mechanism = Mechanism()
    official_page: str | None = Field(default=None, pattern=r"^https://[^\s/]+\S*$")
    homeserver: Homeserver = Homeserver()
    account: Account = Account()
    encryption: Encryption = Encryption()
    staff: tuple[StaffMember, ...] = ()
    desks: tuple[Desk, ...] = Field(default=(Desk(name="main"),), min_length=1)
    people: People = People()
    duty: tuple[Duty, ...] = ()
    complaints: Complaints = Complaints()
    limits: Limits = Limits()
    retention: Retention = Retention()
    faq: Faq = Faq()
    intake: Intake = Intake()
    keys: Keys = Keys()
    web: Web = Web()
    database: DatabaseSection = DatabaseSection()
    logging: Logging = Logging()
    base: Path = Field(default=Path(), exclude=True)

    @field_validator("staff")
    @classmethod
    def _one_person_each(cls, staff: tuple[StaffMember, ...]) -> tuple[StaffMember, ...]:
        ids = [s.id for s in staff]
        accounts = [a for s in staff for a in s.accounts]
        for what, values in (("id", ids), ("account", accounts)):
            twice = {v for v in values if values.count(v) > 1}
            if twice:
                raise ValueError(f"the same {what} stands twice among the staff: {', '.join(sorted(twice))}")
        return staff

    @field_validator("desks")
    @classmethod
    def _names_of_desks(cls, desks: tuple[Desk, ...]) -> tuple[Desk, ...]:
        names = [d.name for d in desks]
        if twice := {n for n in names if names.count(n) > 1}:
            raise ValueError(f"the same desk stands twice: {', '.join(sorted(twice))}")
        return desks

    @model_validator(mode="after")
    def _desks_exist(self) -> Self:
        names = {d.name for d in self.desks}
        for member in self.staff:
            if unknown := set(member.desks) - names:
                raise ValueError(f"staff member {member.id} is at a desk that does not exist: {', '.join(unknown)}")
        if APART in names:
            raise ValueError(f"a desk cannot be called {APART}: that is the room of those who hear complaints")
        if nobody := {d.who for d in self.duty} - {s.id for s in self.staff}:
            raise ValueError(f"on duty is somebody who is not among the staff: {', '.join(sorted(nobody))}")
        team = {a for s in self.staff for a in s.accounts}
        if self.account.user_id in team:
            raise ValueError("the bot's own account cannot be one of the staff")
        if both := team & set(self.complaints.accounts):
            raise ValueError(f"who hears complaints must be outside the team: {', '.join(sorted(both))}")
        return self

    def accounts_at(self, desk: str) -> list[str]:
        """Who belongs into a desk."""
        if desk == APART:
            return list(self.complaints.accounts)
        return [a for s in self.staff if desk in s.desks or s.role == "admin" for a in s.accounts]

    @property
    def all_desks(self) -> tuple[Desk, ...]:
        """The desks, and the room of those who hear complaints."""
        return (*self.desks, Desk(name=APART)) if self.complaints.accounts else self.desks

    def desks_of(self, account: str) -> tuple[str, ...]:
        """The desks at which an account works."""
        return tuple(d.name for d in self.all_desks if account in self.accounts_at(d.name))

    def staff_id(self, account: str) -> str | None:
        """The name under which somebody works at a desk: of the staff, or of those who hear complaints."""
        if account in self.complaints.accounts:
            return APART
        member = self.staff_member(account)
        return member.id if member else None

    def path(self, path: Path) -> Path:
        """`path` as meant by the operator: relative to the folder of config.yaml."""
        return path if path.is_absolute() else self.base / path

    @property
    def folder(self) -> Path:
        return self.path(self.database.folder)

    @property
    def database_url(self) -> str:
        return os.environ.get("LIAISON_DATABASE_URL") or self.database.url or f"sqlite:///{self.folder / 'liaison.db'}"

    @property
    def session_age(self) -> timedelta:
        return timedelta(days=self.retention.session_days)

    def staff_member(self, account: str) -> StaffMember | None:
        """The person on the staff to whom `account` belongs; several accounts are one person."""
        return next((s for s in self.staff if account in s.accounts), None)

    def role_of(self, account: str) -> Role | None:
        """The role that the config gives to `account`, if any."""
        if member := self.staff_member(account):
            return member.role
        if account in self.complaints.accounts:
            return "ombud"
        if account in self.people.coordinators:
            return "coordinator"
        return "member" if account in self.people.members else None


def words(value: Words, language: str) -> str:
    """A text of the config in `language`, else in English, else any."""
    if isinstance(value, str):
        return value
    return value.get(language) or value.get("en") or next(iter(value.values()), "")


def secret(name: str, file: Path | None) -> str | None:
    """A secret from the environment (`LIAISON_<NAME>`) or the first line of `file`; never from the config itself."""
    if value := os.environ.get(f"LIAISON_{name}"):
        return value
    if file is None:
        return None
    try:
        return file.read_text(encoding="utf-8").splitlines()[0].strip()
    except FileNotFoundError:
        return None
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise StartError("config-secret", file=file.name) from error


def load(path: Path) -> Config:
    """Read `path`. Raises StartError with file, line and the nearest valid name."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise StartError("config-missing", file=str(path)) from error
    except UnicodeDecodeError as error:
        raise StartError("config-syntax", file=path.name, line=1) from error
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = _construct(tree, path.name)
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        raise StartError("config-syntax", file=path.name, line=mark.line + 1 if mark else 1) from error
    if not isinstance(data, dict):
        raise StartError("config-syntax", file=path.name, line=1)
    if "base" in data:  # ours, not the operator's
        raise _unknown(path, tree, ("base",))
    # A section of which every line is commented out keeps its defaults.
    data = {name: value for name, value in data.items() if value is not None or name not in Config.model_fields}
    try:
        return Config.model_validate({**data, "base": path.resolve().parent})
    except ValidationError as error:
        raise _explained(error, path, tree) from error


class _Loader(yaml.SafeLoader):
    """YAML whose every fault has a line: also a value that cannot be (the 45th of a month), a setting given twice."""

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except (yaml.YAMLError, StartError, RecursionError):
            raise
        except Exception as error:
            raise yaml.constructor.ConstructorError(None, None, "not a value", node.start_mark) from error

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        pairs = node.value if isinstance(node, yaml.MappingNode) else []
        keys = [key for key, _ in pairs if isinstance(key, yaml.ScalarNode)]
        for n, key in enumerate(keys):
            if key.value in (k.value for k in keys[:n]):
                line, reason = key.start_mark.line + 1, REASONS["twice"]
                raise StartError("config-value", file=self.name, line=line, name=key.value, reason=reason)
        return super().construct_mapping(node, deep)


REASONS = {  # in words of ours, where the library speaks to programmers
    "twice": "It stands here for the second time.",
    "model_type": "A section belongs here: settings on lines of their own, further to the right.",
    "tuple_type": "A list belongs here.",
    "too_short": "At least one belongs here.",
    "int_parsing": "A whole number belongs here.",
    "int_type": "A whole number belongs here.",
    "greater_than_equal": "This number is too small.",
    "less_than_equal": "This number is too large.",
    "string_type": "A text belongs here; put it in quotes.",
    "bool_parsing": "true or false belongs here.",
    "bool_type": "true or false belongs here.",
    "missing": "This setting is missing.",
    "path_type": "The name of a file or folder belongs here.",
}
PATTERNS = {  # what a text must look like, by the last part of its name
    "signer": "It is the 43 letters of the key that `liaison keys init-signer` shows.",
    "timestamp_url": "The address of a timestamp service belongs here, like https://tsa.example.org/tsr.",
    "master_key": "It is the 43 letters of a key, as `liaison verify` or the person's app shows it.",
    "official_page": "An address that begins with https:// belongs here.",
    "url": "An address like postgresql://user@host/name belongs here.",
}
A_NAME = "Only small letters a to z, digits and hyphens, at most 20."


def _construct(tree: yaml.Node | None, file: str) -> Any:
    """The values of a file; an empty one holds none."""
    loader = _Loader("")
    loader.name = file
    return {} if tree is None else loader.construct_document(tree) or {}


def _explained(error: ValidationError, path: Path, tree: yaml.Node | None) -> StartError:
    first = error.errors(include_url=False, include_context=False)[0]
    where = tuple(p for p in first["loc"] if p not in ("str", "dict[str,str]"))  # which of two types it is not
    if first["type"] == "extra_forbidden":
        return _unknown(path, tree, where)
    reason = REASONS.get(first["type"]) or first["msg"].removeprefix("Value error, ")
    if first["type"] == "string_pattern_mismatch":
        reason = PATTERNS.get(str(where[-1]), A_NAME)
    name = ".".join(map(str, where)) or "staff, desks, duty, complaints"
    return StartError("config-value", file=path.name, line=_line(tree, where), name=name, reason=reason)


def _unknown(path: Path, tree: yaml.Node | None, where: tuple[int | str, ...]) -> StartError:
    names = _names(where[:-1])
    near = difflib.get_close_matches(str(where[-1]), names, n=1, cutoff=0.4)
    nearest = ".".join([*map(str, where[:-1]), near[0]]) if near else ", ".join(names)
    name = ".".join(map(str, where))
    return StartError("config-unknown", file=path.name, line=_line(tree, where), name=name, nearest=nearest)


def _line(node: Any, where: tuple[int | str, ...]) -> int:
    """The line on which the setting at `where` stands."""
    line = node.start_mark.line + 1 if node is not None else 1
    for step in where:
        if isinstance(node, yaml.MappingNode):
            found = next(((k, v) for k, v in node.value if k.value == step), None)
            if found is None:
                return line
            line, node = found[0].start_mark.line + 1, found[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _names(where: tuple[int | str, ...]) -> list[str]:
    """The valid names of the section at `where`."""
    model: Any = Config
    for step in where:
        if isinstance(step, int):
            continue
        annotation = model.model_fields[step].annotation
        inner = [a for a in (annotation, *get_args(annotation)) if isinstance(a, type) and issubclass(a, BaseModel)]
        if not inner:
            return []
        model = inner[0]
    return [f.alias or n for n, f in model.model_fields.items() if n != "base"]
