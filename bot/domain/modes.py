"""What the bot does at all: listening, open, paused, archive. Pausing takes one person, opening takes two."""

from __future__ import annotations

from typing import Any

from bot import approvals
from bot.config import Config
from bot.errors import UserError
from bot.faq.content import Content
from bot.store.audit import append_audit
from bot.store.db import Tx
from bot.store.meta import get_meta, set_meta

MODES = ("listening", "open", "paused", "archive")
# Going here takes one person; anything else exposes more than before and takes two.
PROTECTING = {"open": ("listening", "paused"), "listening": ("paused",), "archive": ("paused",), "paused": ()}


def current(tx: Tx) -> str:
    mode: str = get_meta(tx, "mode", "listening")
    return mode


def change(tx: Tx, mode: str, *, by: str) -> str | None:
    """Go to `mode` at once when that protects, else ask a second person: the reference to approve."""
    before = current(tx)
    if mode not in MODES:
        raise UserError("mode-unknown")
    if mode == before:
        raise UserError("mode-already", mode={"key": f"mode-{mode}"})
    if mode in PROTECTING[before]:
        _set(tx, mode, by=by)
        return None
    return approvals.request(tx, "mode", {"mode": mode, "before": before}, asked_by=by)


@approvals.deed("mode")
def _approved(tx: Tx, subject: dict[str, Any]) -> None:
    if current(tx) != subject["before"]:
        raise UserError("approval-none", ref=subject["ref"])  # what was approved was a step from another mode
    _set(tx, subject["mode"], by=subject["approved_by"], ref=subject["ref"])


def _set(tx: Tx, mode: str, *, by: str, ref: str = "") -> None:
    set_meta(tx, "mode", mode)
    append_audit(tx, f"mode:{mode}", actor=by, ref=ref)


def intake_closed_because(config: Config, content: Content) -> list[str]:
    """Why intake must stay closed whatever the mode; names of sentences."""
    reasons = []
    if not config.official_page:
        reasons.append("closed-no-official-page")
    if content.sample:
        reasons.append("closed-sample-content")
    if not (config.mechanism.controller and config.mechanism.contact and config.mechanism.rights):
        reasons.append("closed-no-controller")
    return reasons
