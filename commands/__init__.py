"""What people can ask, one file an area, listed in the order in which they are read."""

from __future__ import annotations

from bot.api import Command, commands_of
from commands import ask, cases, faq, faqdesk, help, pages, privacy, receipts, staff, start, submissions, submit, work

MODULES = (start, pages, faq, ask, help, privacy, submit, receipts, staff, cases, submissions, work, faqdesk)


def load() -> dict[str, Command]:
    """All commands by name. Raises ValueError when two have the same name."""
    return commands_of(MODULES)
