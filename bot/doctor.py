"""What can be wrong, as a list of checks; each failing one names its remedy. Later areas append to CHECKS."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Literal

from bot import recipients
from bot.config import LANGUAGES, Config, secret
from bot.domain import modes
from bot.errors import StartError, UserError
from bot.faq.answers import Answers
from bot.faq.content import FILES, Content
from bot.faq.vectors import Encoder, NoEncoder
from bot.matrix.engine import Engine
from bot.matrix.fence import listing, mapping, text
from bot.matrix.http import Http, MatrixError, TokenLost, Unreachable, quoted
from bot.matrix.identity import Identity
from bot.matrix.keystore import KeyStore
from bot.matrix.login import sign_in
from bot.matrix.outgoing import rate_parts
from bot.message import Part
from bot.seal import KeyRing
from bot.store import migrate
from bot.store.audit import first_broken_audit
from bot.store.db import Database
from bot.store.meta import get_meta, get_secret
from bot.store.rooms import get_desk
from bot.text import Texts, key

MOST_SKEW_SECONDS = 60
LEAST_FREE_BYTES = 1024**3
FEWEST_APPROVERS = 3
LOOPBACK = ("127.0.0.1", "::1", "localhost")
Level = Literal["ok", "warn", "fail"]


@dataclass(frozen=True)
class Row:
    """What a check found. `remedy` says what to do; a row that is ok has none."""

    name: str
    level: Level
    detail: Part
    remedy: Part | None = None


@dataclass
class Patient:
    """What the checks look at. `engine` and `identity` are there once the server and our keys could be reached."""

    config: Config
    texts: Texts
    content: Content
    keys: KeyRing
    db: Database | None = None
    http: Http | None = None
    engine: Engine | None = None
    identity: Identity | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


Check = Callable[[Patient], Awaitable[list[Row]]]


def ok(name: str, detail: str, /, **values: Any) -> Row:
    return Row(name, "ok", Part(detail, values))


def bad(name: str, detail: str, remedy: str, /, *, level: Level = "fail", **values: Any) -> Row:
    return Row(name, level, Part(detail, values), Part(remedy, values))


async def server(p: Patient) -> list[Row]:
    """The server answers like a homeserver, and its clock is ours."""
    assert p.http
    try:
        status, headers, _ = await p.http.once("GET", "/_matrix/client/versions", deadline=15)
    except Unreachable:
        status, headers = 0, {}
    if status != 200:
        return [bad("server", "doctor-server-silent", "doctor-server-remedy", url=p.http.url)]
    rows = [ok("server", "doctor-server-answers", url=p.http.url)]
    if date := headers.get("Date"):
        skew = abs((parsedate_to_datetime(date) - p.now()).total_seconds())
        found = bad("clock", "doctor-clock-wrong", "doctor-clock-remedy", seconds=round(skew))
        rows.append(found if skew > MOST_SKEW_SECONDS else ok("clock", "doctor-clock-right"))
    return rows


async def store(p: Patient) -> list[Row]:
    """The database is there, of this program's version, and its audit is whole."""
    version = migrate.version(p.config.database_url)
    if version is None:
        return [bad("store", "doctor-store-empty", "doctor-start-once")]
    if version != migrate.head():
        return [bad("store", "doctor-store-version", "doctor-store-remedy")]
    assert p.db
    broken = await p.db.run(first_broken_audit)
    if broken is not None:
        return [bad("store", "audit-broken", "doctor-audit-remedy", seq=broken)]
    return [ok("store", "doctor-store-fine")]


async def account(p: Patient) -> list[Row]:
    """The token works, for our account and device."""
    assert p.http
    assert p.db
    member = p.config.account
    password = secret("PASSWORD", p.config.path(member.password_file) if member.password_file else None)
    try:
        session = await sign_in_only(p, password)
    except StartError as error:
        remedy = "doctor-server-remedy" if error.key == "server-unreachable" else "doctor-start-once"
        return [bad("account", error.key, remedy, **error.values)]
    except (MatrixError, TokenLost) as error:
        values: dict[str, Any] = {"status": error.status, "errcode": error.errcode, "url": p.http.url}
        return [bad("account", "server-refused", "doctor-server-remedy", **values)]
    engine = Engine(p.http, p.db, KeyStore(session.user_id, session.device_id, p.keys.key("pickle")), p.now)
    await engine.open()
    p.engine = engine
    recovery_file = p.config.path(member.recovery_key_file)
    p.identity = Identity(p.http, engine, p.db, recovery_file)
    return [ok("account", "doctor-account-fine", account=session.user_id)]


async def sign_in_only(p: Patient, password: str | None) -> Any:
    """Like the start of the bot, but never a new device: without a kept token there is nothing to examine."""
    assert p.http
    assert p.db
    if await p.db.run(get_secret, "access") is None:
        raise StartError("doctor-never-started")
    return await sign_in(p.http, p.db, p.config.account, password=password, token=None)


async def identity(p: Patient) -> list[Row]:
    """What the server shows of us, which is what people's clients see."""
    if p.identity is None or p.engine is None:
        return []
    kept = await p.identity.kept()
    if kept is None:
        return [bad("identity", "doctor-never-started", "doctor-start-once")]
    p.identity.keys = kept
    problems = await p.identity.problems()
    rows = [bad("identity", problem, f"{problem}-remedy") for problem in problems]
    if not rows:
        rows = [ok("identity", "doctor-identity-fine")]
    if p.identity.recovery_file.exists():
        try:
            opened = await p.identity.open_secret_storage(p.identity.recovery_file.read_text())
            fits = opened.master.public == kept.master.public
        except StartError:
            fits = False
        if fits:
            rows.append(
                bad("recovery", "doctor-recovery-lies-here", "doctor-recovery-move", level="warn",
                    file=str(p.identity.recovery_file))
            )  # fmt: skip
        else:
            rows.append(bad("recovery", "recovery-key-wrong", "doctor-recovery-remedy"))
    assert p.http
    listed = await p.http.call("GET", "/devices", patience=15)
    if (others := len(listing(listed.get("devices"))) - 1) > 0:
        remedy = "doctor-other-devices-remedy"
        rows.append(bad("devices", "doctor-other-devices", remedy, level="warn", count=others))
    answer = await p.http.call("POST", "/keys/upload", {}, patience=15)
    count = mapping(answer.get("one_time_key_counts")).get("signed_curve25519", 0)
    if isinstance(count, int) and count > 0:
        rows.append(ok("one-time keys", "doctor-keys-fine", count=count))
    else:
        rows.append(bad("one-time keys", "doctor-keys-none", "doctor-keys-remedy"))
    return rows


async def rate(p: Patient) -> list[Row]:
    """What the server's limit means for people."""
    if p.engine is None or p.http is None or p.db is None:
        return []
    learnt = await p.db.run(get_meta, "rate")
    if learnt:
        p.http.governor.learn(*learnt)
    first, call = rate_parts(p.http, p.engine.user_id)
    return [Row("rate", "warn", first, call)]


async def names(p: Patient) -> list[Row]:
    """Nothing that servers or lock screens show may tell what this is about."""
    if p.engine is None or p.http is None:
        return []
    shown = [p.engine.user_id, *(d.name for d in p.config.desks)]
    try:
        profile = await p.http.call("GET", f"/profile/{quoted(p.engine.user_id)}", patience=15)
        shown.append(text(profile.get("displayname")))
    except MatrixError:
        pass
    words = " ".join(shown).replace("@", " ").replace(":", " ").replace(".", " ").replace("-", " ").replace("_", " ")
    found = sorted({w for language in LANGUAGES for w in p.content.telling(words, language)})
    if found:
        return [bad("names", "doctor-names-tell", "doctor-names-remedy", level="warn", words=", ".join(found))]
    return [ok("names", "doctor-names-fine")]


async def desk(p: Patient) -> list[Row]:
    """The desks exist, are encrypted, and the staff can read in them."""
    if p.engine is None or p.db is None:
        return []
    rows = []
    for wanted in p.config.desks:
        room = await p.db.run(get_desk, wanted.name)
        if room is None:
            rows.append(bad("desk", "doctor-desk-missing", "doctor-desk-remedy", desk=wanted.name))
        elif not room.encrypted:
            rows.append(bad("desk", "doctor-desk-clear", "doctor-desk-remedy", desk=wanted.name))
        else:
            rows.append(ok("desk", "doctor-desk-fine", desk=wanted.name))
        accounts = p.config.accounts_at(wanted.name)
        users = await p.engine.devices.fresh(accounts)
        without = [u.user_id for u in users if not any(d.signed and not d.deleted for d in u.devices.values())]
        if without:
            rows.append(bad("staff", "doctor-staff-unsigned", "doctor-staff-remedy", accounts=", ".join(without)))
    return [*rows, *await _approvers(p)]


async def _approvers(p: Patient) -> list[Row]:
    """How many of the staff can approve: only whose identity was compared, or stands in the config."""
    if not p.config.staff:
        return [bad("staff", "doctor-no-staff", "doctor-no-staff-remedy")]
    assert p.engine
    compared, waiting = 0, []
    for member in p.config.staff:
        users = await p.engine.devices.load(member.accounts)
        if member.master_key or any(u.verified is not None and u.verified == u.master for u in users):
            compared += 1
        else:
            waiting.append(member.accounts[0])
    if compared >= FEWEST_APPROVERS:
        return []
    values = {"count": compared, "account": waiting[0] if waiting else "@name:example.org"}
    return [bad("approvers", "doctor-few-approvers", "doctor-approvers-remedy", level="warn", **values)]


async def content(p: Patient) -> list[Row]:
    """The operator's own texts, and answers whose review is overdue."""
    rows = []
    if reasons := modes.intake_closed_because(p.config, p.content):
        listed = [key(r) for r in reasons]
        rows.append(bad("intake", "status-intake", "doctor-intake-remedy", level="warn", reasons=listed))
    today = p.now().date()
    overdue = [e.id for e in p.content.entries.values() if e.review_by < today]
    if overdue:
        rows.append(bad("content", "doctor-overdue", "doctor-overdue-remedy", level="warn", ids=", ".join(overdue)))
    else:
        rows.append(ok("content", "doctor-content-fine", count=len(p.content.entries)))
    if p.config.faq.content is not None:
        shipped = [name for name in FILES if not (p.content.folder / name).exists()]
        if shipped:
            values = {"files": ", ".join(shipped)}
            rows.append(bad("content", "doctor-content-mixed", "doctor-content-mixed-remedy", level="warn", **values))
    return rows


async def answers(p: Patient) -> list[Row]:
    """Questions in any words: whether the model runs here, and whether its self-test was good enough."""
    try:
        encoder = Encoder()
    except NoEncoder:
        return [bad("answers", "doctor-faq-letters", "doctor-faq-letters-remedy", level="warn")]
    folder = p.config.folder if p.config.folder.exists() else None
    found = Answers(p.content, folder, encoder=encoder)
    if found.state == "learning":
        return [ok("answers", "doctor-faq-learning")]
    if not found.live:
        return [bad("answers", "faq-check-refused", "doctor-faq-check-remedy")]
    return [ok("answers", "doctor-faq-fine")]


async def holders(p: Patient) -> list[Row]:
    """Those to whom submissions are sealed: a signed list with two valid keys at least."""
    keys = p.config.keys
    try:
        found = recipients.read(p.config.path(keys.recipients), keys.signer, now=p.now())
    except UserError as error:
        return [bad("keys", error.key, "doctor-recipients-remedy", level="warn", **error.values)]
    return [ok("keys", "doctor-recipients-fine", count=len(found.recipients), fingerprint=found.fingerprint)]


async def files(p: Patient) -> list[Row]:
    """Only we may read keys and data; the disk has room."""
    rows = []
    wrong = []
    password = p.config.account.password_file
    if password and (there := p.config.path(password)).exists() and stat.S_IMODE(there.stat().st_mode) & 0o077:
        rows.append(bad("files", "doctor-password-open", "doctor-modes-remedy"))
    if p.config.web.admin_host not in LOOPBACK:
        values = {"host": p.config.web.admin_host}
        rows.append(bad("listener", "doctor-listener-open", "doctor-listener-remedy", level="warn", **values))
    for path in [p.keys.folder, *p.keys.folder.glob("*.key"), p.config.folder]:
        if path.exists() and stat.S_IMODE(path.stat().st_mode) & 0o077:
            wrong.append(path.name)
    if wrong:
        rows.append(bad("files", "doctor-modes-open", "doctor-modes-remedy", files=", ".join(wrong)))
    else:
        rows.append(ok("files", "doctor-modes-fine"))
    free = shutil.disk_usage(p.config.folder if p.config.folder.exists() else p.config.base).free
    gigabytes = free // 1024**3
    if free < LEAST_FREE_BYTES:
        rows.append(bad("disk", "doctor-disk-full", "doctor-disk-remedy", gigabytes=gigabytes))
    else:
        rows.append(ok("disk", "doctor-disk-fine", gigabytes=gigabytes))
    return rows


CHECKS: list[Check] = [server, store, account, identity, rate, names, desk, content, answers, holders, files]


async def examine(p: Patient) -> list[Row]:
    """Run every check; one that breaks is a failing row itself."""
    rows: list[Row] = []
    p.http = Http(p.config.homeserver.url)
    try:
        if migrate.version(p.config.database_url) == migrate.head():
            p.db = Database(p.config.database_url, p.keys, p.now)
        for check in CHECKS:
            if check in (account,) and p.db is None:
                continue
            try:
                rows += await check(p)
            except Exception as error:  # noqa: BLE001
                found = type(error).__name__
                rows.append(bad(check.__name__, "doctor-check-broke", "doctor-check-remedy", error=found))
    finally:
        await p.http.close()
        if p.db is not None:
            await p.db.close()
    return rows
