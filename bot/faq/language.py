"""Which of our languages a text is in: by its letters, else by py3langid restricted to them."""

from __future__ import annotations

import unicodedata
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from bot.faq.content import LANGUAGES

SHORTEST = 12  # letters from which a guess is worth something


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(list(LANGUAGES))
    return identifier


def language_of(text: str) -> str | None:
    """The code of the language, or None when it cannot be told."""
    letters = [c for c in text if c.isalpha()]
    if len(letters) < SHORTEST:
        return None
    names = [unicodedata.name(c, "") for c in letters]
    if sum(n.startswith("ARABIC") for n in names) > len(names) / 2:
        return "ar"
    if sum(n.startswith("CYRILLIC") for n in names) > len(names) / 2:
        return "uk"
    code, share = _identifier().classify(text)
    return str(code) if share > 0.6 else None
