"""Sealing beside the dialogue: files as they come, then the package. Every step can be done again after a kill.

wanted file -> its ciphertext is spooled and checked -> one stream: opened, hashed, sealed into the vault -> noted
draft to be sealed -> record sealed -> manifest -> custody -> REF.tar -> receipt, and the draft's key is destroyed
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

import sqlalchemy.exc

from bot import packages, record
from bot.config import Config
from bot.domain import custody, drafts, intake, submissions
from bot.domain.drafts import Draft, DraftFile
from bot.domain.intake import Ground
from bot.domain.interview import Interview, receipt_lines
from bot.errors import UserError
from bot.forms.nodes import Node
from bot.log import logger
from bot.matrix.fence import fenced
from bot.matrix.http import MatrixError
from bot.matrix.media import Media, MediaError
from bot.message import Part
from bot.packages import Sealed
from bot.seal import SealError
from bot.store.db import Database, Tx
from bot.store.vault import Vault, new_name
from bot.text import option

log = logger(__name__)

IDLE_SECONDS = 5.0
DB_FAULTS = (sqlalchemy.exc.OperationalError, sqlalchemy.exc.InterfaceError)
RETRIED = (MatrixError, UserError, OSError, *DB_FAULTS)


class Sealing:
    """The loop that fetches and seals. `ground` gives what the program knows of intake now, if it is open at all."""

    def __init__(
        self,
        db: Database,
        media: Media,
        vault: Vault,
        config: Config,
        ground: Callable[[], Ground | None],
        us: str,
        now: Callable[[], datetime],
    ) -> None:
        self.db, self.media, self.vault, self.config, self.ground, self.us = db, media, vault, config, ground, us
        self.now = now
        self._wake = asyncio.Event()
        self._retry_at: dict[tuple[str, int], float] = {}

    def wake(self) -> None:
        self._wake.set()

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            self._wake.clear()
            try:
                await self.work()
            except RETRIED as error:
                log.warning("not sealed yet", error=type(error).__name__)
            try:
                async with asyncio.timeout(IDLE_SECONDS):
                    await self._wake.wait()
            except TimeoutError:
                pass

    async def work(self) -> None:
        """Everything that can be done now."""
        # One that goes wrong, or was destroyed meanwhile, holds up no other and does not end the loop.
        for wanted in await self.db.run(drafts.list_wanted):
            with fenced("file of a draft", *RETRIED):
                await self._file(wanted)
        for draft in await self.db.run(drafts.list_sealing):
            with fenced("package", *RETRIED):
                await self._package(draft)
        known = await self.db.run(drafts.ids)
        await asyncio.to_thread(self.vault.sweep, known)
        for found in await self.db.run(submissions.to_destroy):
            await asyncio.to_thread(self.vault.destroy, found.vault)
            await self.db.run(submissions.destroyed, found)

    # ---- files ----------------------------------------------------------------------------------------------------

    async def _file(self, wanted: DraftFile) -> None:
        ground = self.ground()
        if ground is None:
            return
        keys = (await self.db.run(intake.adopt, ground)).keys
        key = (wanted.draft, wanted.number)
        loop = asyncio.get_running_loop()
        if loop.time() < self._retry_at.get(key, 0):
            return
        try:
            async with self.media.spooled(wanted.content, self.config.limits.upload_bytes) as (spool, attachment):
                target = self.vault.file(wanted.draft, wanted.number)
                sealed = await asyncio.to_thread(packages.seal_file, spool, attachment, keys, target)
        except (MediaError, SealError) as error:
            reason = error.key if isinstance(error, MediaError) else "media-broken"
            await self._file_lost(wanted, reason)
            return
        except MatrixError as error:
            self._retry_at[key] = loop.time() + 20
            if error.status in (400, 403, 404, 410) or self.now() - wanted.wanted_at > drafts.FETCHED_WITHIN:
                await self._file_lost(wanted, "media-broken")
            return
        await self.db.run(drafts.file_sealed, wanted, _told(sealed))

    async def _file_lost(self, wanted: DraftFile, reason: str) -> None:
        cause = f"file\0{wanted.draft}\0{wanted.number}"
        await self.db.run_for(cause, drafts.file_lost, wanted, reason)

    # ---- packages -------------------------------------------------------------------------------------------------

    async def _package(self, draft: Draft) -> None:
        ground = self.ground()
        files = await self.db.run(drafts.files, draft)
        if ground is None or any(f.state == "wanted" for f in files):
            return
        if draft.content["practice"]:
            await self.db.run_for(f"sealed\0{draft.id}", self._sealed, draft, "", 0)
            return
        if "vault" not in draft.content:
            recipients = await self.db.run(intake.adopt, ground)
            found = await self.db.run(intake.interview, self.config, ground, draft)
            data = record_of(found, draft, files, self.now())
            sealed = await asyncio.to_thread(packages.seal_bytes, data, recipients.keys)
            apart = identity_of(found) if recipients.identity_keys else b""
            identity = packages.seal_bytes(apart, recipients.identity_keys) if apart else None
            await asyncio.to_thread(self.vault.keep_record, draft.id, sealed, identity)
            manifest = await asyncio.to_thread(self.vault.manifest, draft.id)
            subject = hashlib.sha256(manifest).hexdigest()
            draft = await self.db.run(self._fix, draft, subject)
        name, subject = draft.content["vault"], draft.content["subject"]
        if not self.vault.path(name).exists():
            lines = await self.db.run(custody.lines, subject)
            await asyncio.to_thread(self.vault.close, draft.id, name, custody.as_file(lines))
        size = self.vault.path(name).stat().st_size
        receipt = draft.content["receipt"]
        salt = await self.db.run(submissions.salt_of)
        hashed = await asyncio.to_thread(submissions.receipt_hash, receipt, salt)
        await self.db.run_for(f"sealed\0{draft.id}", self._sealed, draft, hashed, size)

    def _fix(self, tx: Tx, draft: Draft, subject: str) -> Draft:
        """What the package is called is decided once, and the custody log has it before there is a package."""
        custody.record_once(tx, "sealed", subject)
        fixed = {"vault": new_name(), "subject": subject, "receipt": submissions.new_receipt()}
        return drafts.fix(tx, draft, fixed)

    def _sealed(self, tx: Tx, draft: Draft, hashed: str, size: int) -> None:
        """The package lies in the vault: the receipt is told, and what led to it is destroyed."""
        content = draft.content
        ground = self.ground()
        assert ground is not None
        found = intake.interview(tx, self.config, ground, draft)
        practice = content["practice"]
        if not practice:
            submissions.arrived(
                tx, self.config, vault=content["vault"], subject=content["subject"], receipt=hashed,
                phrase=bytes.fromhex(content["phrase"]), about=about_of(found, draft, size),
            )  # fmt: skip
        text, remove = receipt_lines(
            found, "0000 0000 0000 0000" if practice else submissions.grouped(content["receipt"])
        )
        told = [Part("draft-practice-end")] if practice else []
        told += [Part("=line", {"text": text}), option("1", Part("=line", {"text": remove}))]
        drafts.sealed(tx, draft, self.us, told)


def _told(sealed: Sealed) -> dict[str, Any]:
    return {
        "size": sealed.size, "sha256": sealed.sha256, "sha512": sealed.sha512, "type": sealed.type,
        "sealed_size": sealed.sealed_size,
    }  # fmt: skip


def about_of(found: Interview, draft: Draft, size: int) -> dict[str, Any]:
    """What staff may know of a package before anybody opens it, and where the person allowed it to go."""
    flags = ["hard-stop"] if found.stopped else []
    link = (
        {"person": draft.person_id, "room": draft.content["home"]} if found.answers.get("contact") == "here" else None
    )
    return {
        "form": found.form.id, "form_version": found.form.version, "language": found.language, "size": size,
        "urgent": bool(found.stopped), "flags": flags, "destinations": found.destinations(),
        "adds_to": draft.content.get("adds_to"), "link": link if draft.content.get("home") else None,
    }  # fmt: skip


def record_of(found: Interview, draft: Draft, files: list[DraftFile], now: datetime) -> bytes:
    """Everything that was answered, as it goes into record.age."""
    texts = list(found.content["texts"].values())
    said = {record.text_sha256(t) for t in texts}

    def known(digest: str | None, text: str) -> str:
        """The hash of what was shown; of what nobody was shown, that of the words that it has."""
        if digest is None or digest not in said:
            texts.append(text)
            return record.text_sha256(text)
        return digest

    consent = []
    for row in found.consent():
        part = next(p for p in (*found.intake.cards, *found.intake.choices) if row["element"] in p.covers)
        answer, value = consented(row["answer"])
        digest = known(row["text"], part.said(found.language))
        entry = {"element": row["element"], "answer": answer, "text_sha256": digest, "language": found.language}
        consent.append(entry | {"version": part.sha256(found.language)} | ({"value": value} if value else {}))
    answers, apart = [], set(found.identifying())
    for key, label, _ in found.review():
        ref = key.partition(".")[2]
        if ref in apart:
            continue
        node = found.session.node(ref)
        assert isinstance(node, Node)
        entry = {
            "ref": ref, "name": node.field.name, "type": node.type, "label": label, "language": found.language,
            "text_sha256": known(found.content["shown"].get(key), label), "value": node.answer or None,
        }  # fmt: skip
        if node.field.choices is not None and node.answer:
            labels = {c.value: c.label for c in node.choices()}
            chosen = node.answer.split()
            entry["value"] = chosen if node.type in ("select_multiple", "rank") else node.answer
            entry["choices"] = [{"value": v, "label": labels.get(v, v)} for v in chosen]
        if sent := [f.number for f in files if f.content["for"] == key and f.state == "sealed"]:
            entry["files"] = sent
        answers.append(entry)
    table = [_file_of(f) for f in files if f.state == "sealed"]
    more: dict[str, Any] = {"role": found.role}
    if subject := draft.content.get("adds_to_subject"):
        more["adds_to"] = subject
    return record.build(
        received_at=now,
        form={"id": found.form.id, "title": found.form.title, "version": found.form.version},
        language=found.language,
        path="hard-stop" if found.stopped else found.path,
        gate={p.id: found.answers[p.id] for p in found.intake.gate if p.id in found.answers},
        hard_stop=found.stopped,
        consent=consent,
        destinations=found.destinations(),
        answers=answers,
        files=table,
        texts=texts,
        instance=found.without_identity().instance().decode(),
        **more,
    )


def identity_of(found: Interview) -> bytes:
    """What tells who the person is, as it goes into identity.age; empty when there is nothing."""
    told = {ref: found.session.node(ref).answer for ref in found.identifying()}  # type: ignore[union-attr]
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode() if told else b""


def consented(answer: Any) -> tuple[str, str]:
    """How the record calls what was answered to an element of consent; what was skipped is never a yes (R2)."""
    if answer is None:
        return "not-asked", ""
    if isinstance(answer, dict):
        return "text", " ".join(f"{name}={said}" for name, said in sorted(answer.items()))
    if answer in ("understood", "free", "written", "spoken", "here", "other"):
        return "yes", "" if answer in ("understood", "free") else answer
    if answer in ("no", "cannot_ask", ""):
        return "no", answer if answer == "cannot_ask" else ""
    return "text", answer


def _file_of(file: DraftFile) -> dict[str, Any]:
    kept, claimed = file.content["sealed"], file.content["claimed"]
    kind, _, ref = file.content["for"].partition(".")
    return {
        "number": file.number, "part": packages.file_name(file.number), "sha256": kept["sha256"],
        "sha512": kept["sha512"], "size": kept["size"], "type": kept["type"], "claimed_name": claimed["name"],
        "claimed_type": claimed["type"], "encrypted_on_arrival": file.content["key"] is not None,
        "voice": claimed["voice"], "graphic": None, "for": ref if kind == "form" else None,
    }  # fmt: skip
