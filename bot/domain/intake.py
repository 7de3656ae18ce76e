"""Whether something can be submitted now, and the interview of a draft with all that it needs."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot import outbox
from bot.config import Config
from bot.domain import custody, drafts, modes
from bot.domain.drafts import Draft
from bot.domain.interview import PATHS, Interview
from bot.errors import UserError
from bot.faq.content import SHIPPED, Content
from bot.forms import consent
from bot.forms.check import Estimate
from bot.forms.consent import Intake, filled, open_languages
from bot.forms.form import Form, load
from bot.forms.form import read as read_form
from bot.forms.session import Session
from bot.message import Attachment, Message
from bot.recipients import Recipients, read
from bot.store.db import Tx
from bot.store.forms import get_form, keep_form
from bot.store.people import Person
from bot.store.rooms import Room, list_members

SPACE = 1024**3  # bytes that must be free
FORM = "evidence.md"  # the form of a content folder
AROUND, WORDS_AROUND = 20, 25  # prompts around a form, and about how many words each has


@dataclass
class Ground:
    """What the running program knows of intake: its texts, the form, to whom it seals, and the free disk space."""

    texts: Intake
    form: Form
    recipients: Callable[[int], Recipients]  # given the highest version that was used before
    free: Callable[[], int]
    takes: Mapping[str, Mapping[str, int]]  # prompts and minutes of each path
    older: dict[str, Form] = field(default_factory=dict)  # versions with which drafts began, by version


def ground(config: Config, folder: Path, now: Callable[[], datetime]) -> Ground:
    """What stands in the content folder and the config. Raises StartError for texts or a form that cannot be used."""
    path = folder / "forms" / FORM if (folder / "forms" / FORM).exists() else SHIPPED / "forms" / FORM
    form = load(path.read_bytes(), path.name)
    takes = {p: _takes(form, p, now()) for p in PATHS}
    where, signer = config.path(config.keys.recipients), config.keys.signer
    return Ground(
        consent.load(folder), form, lambda seen: read(where, signer, seen=seen, now=now()),
        lambda: shutil.disk_usage(config.folder if config.folder.exists() else config.base).free, takes,
    )  # fmt: skip


def _takes(form: Form, path: str, now: datetime) -> dict[str, int]:
    """About how many prompts a path has, and how many minutes it takes, with what stands around the form (H25)."""
    session = Session(form, now=now)
    role = "organisation" if path == "organisation" else "self"
    for name, value in (("intake_path", path), ("intake_role", role), ("intake_hard_stop", "none")):
        session.set_metadata(name, value)
    stops = [stop for stop in session.stops() if stop.kind == "question"]
    texts = [t for stop in stops for t in (stop.node.label(), stop.node.hint()) if t]
    words = sum(len(text.split()) for text in texts)
    whole = Estimate(len(stops) + AROUND, words + AROUND * WORDS_AROUND)
    return {"prompts": whole.prompts, "minutes": whole.minutes}


def closed_because(tx: Tx, config: Config, content: Content, ground: Ground | None, language: str | None) -> list[str]:
    """Why nothing can be submitted now, as names of sentences; none when it can."""
    demo = config.intake.unreviewed
    reasons = [] if demo else list(modes.intake_closed_because(config, content))
    if modes.current(tx) != "open":
        reasons.append(f"closed-mode-{modes.current(tx)}")
    if ground is None:
        return [*reasons, "closed-no-form"]
    try:
        ground.recipients(custody.seen_recipients(tx))
    except UserError as error:
        reasons.append(error.key)
    if not demo and language not in open_languages(ground.texts):
        reasons.append("closed-not-reviewed")
    if ground.free() < SPACE:
        reasons.append("closed-disk")
    return reasons


def reviewed_languages(ground: Ground) -> list[str]:
    """The languages in which something can be submitted instead."""
    return sorted(open_languages(ground.texts))


def alone(tx: Tx, room: Room, person: Person, us: str) -> bool:
    """Whether nobody but the person and we are in the room of a draft, or invited to it."""
    return [u for u in list_members(tx, room.room_id, ("join", "invite")) if u != us] == [person.account]


def interview(tx: Tx, config: Config, ground: Ground, draft: Draft) -> Interview:
    """A draft as it stands, ready to be asked and answered."""
    language = draft.content["language"]
    mechanism = config.mechanism

    def each(value: Any) -> str:
        return str(value.get(language) or value.get("en") or "") if isinstance(value, Mapping) else str(value)

    sealed_to = _recipients(tx, ground)
    keep = ground.texts.keeping(config.intake.withdrawn)
    values: dict[str, object] = {
        "org": each(mechanism.name),
        "contact": each(mechanism.contact),
        "key_holders": len(sealed_to.recipients) if sealed_to else 0,
        "days": config.limits.answer_days,
        "wait_days": config.intake.withdrawal_days,
        "link_days": 90,
        "destinations": ", ".join(d.title[language] for d in ground.texts.destinations),
        "kept": ground.texts.part("kept").said(language),
    }
    values["apart"] = bool(sealed_to and sealed_to.identity_keys)
    values["keep"] = filled(keep.said(language), values)
    content = draft.content | {"takes": {path: dict(ground.takes.get(path, {})) for path in PATHS}}
    return Interview(content, ground.texts, _form(tx, ground, draft), tx.now, values)


def begin(tx: Tx, ground: Ground, person: Person, content: dict[str, Any]) -> int:
    """Open a room for a submission with the form as it is now; how many minutes it may take."""
    form = ground.form
    keep_form(tx, form.id, form.version, form.xml, form.media)
    return drafts.begin(tx, person, content | {"form": form.version})


def _form(tx: Tx, ground: Ground, draft: Draft) -> Form:
    """The form with which a draft began, also when there is a newer one."""
    version = draft.content["form"]
    if version == ground.form.version:
        return ground.form
    if version not in ground.older:
        kept = get_form(tx, version)
        assert kept is not None
        ground.older[version] = read_form(*kept)
    return ground.older[version]


def _recipients(tx: Tx, ground: Ground) -> Recipients | None:
    try:
        return ground.recipients(custody.seen_recipients(tx))
    except UserError:
        return None


def adopt(tx: Tx, ground: Ground) -> Recipients:
    """The list that is sealed to now; from now on no older one is taken. Raises UserError."""
    found = ground.recipients(custody.seen_recipients(tx))
    custody.adopt_recipients(tx, found.version, found.fingerprint)
    return found


def want(tx: Tx, config: Config, draft: Draft, file: Attachment, key: str) -> int:
    """A file that was sent is to be fetched and sealed; its number. Raises UserError when it is too large."""
    if file.size > config.limits.upload_bytes:
        raise UserError("media-too-big", megabytes=config.limits.upload_bytes // 1024**2)
    claimed = {"name": file.name, "type": file.mimetype, "size": file.size, "voice": file.voice}
    what = {"mxc": file.mxc, "key": dict(file.key) if file.key else None, "claimed": claimed, "for": key}
    return drafts.want_file(tx, draft, what)


def take_back(tx: Tx, room: Room, message: Message, us: str) -> bool:
    """Take one message of the person back at once, where we may: a phrase, or what should not stand there."""
    if not room.may(us, "redact"):
        return False
    outbox.redact(tx, room.room_id, message.event_id, lane="now")
    return True
