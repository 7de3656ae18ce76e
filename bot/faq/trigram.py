"""Where the embedding model does not run: search by letters, good for choices and never for an answer."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence

from bot.faq.head import plain
from bot.faq.matcher import CHOICES, Candidate, Match, Subject

SHORTEST = 3  # letters of a word that the index can find
HITS = 30


class Trigrams:
    """SQLite's full-text index in memory, over the phrasings of the content."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = {s.id: s for s in subjects}
        self._lock = threading.Lock()
        self._db = sqlite3.connect(":memory:", check_same_thread=False)
        self._db.execute("CREATE VIRTUAL TABLE phrasing USING fts5(id UNINDEXED, text, tokenize='trigram')")
        rows = [(s.id, plain(p)) for s in subjects for p in s.phrasings]
        self._db.executemany("INSERT INTO phrasing VALUES (?, ?)", rows)

    def match(self, question: str) -> Match:
        """Up to three entries that share letters with the question; a dangerous kind in front ends the search."""
        words = [w for w in plain(question).split() if len(w) >= SHORTEST]
        found: list[str] = []
        if words:
            asked = " OR ".join('"' + w.replace('"', '""') + '"' for w in words)
            select = "SELECT id FROM phrasing WHERE phrasing MATCH ? ORDER BY rank LIMIT ?"
            with self._lock:
                found = [row[0] for row in self._db.execute(select, (asked, HITS))]
        found = list(dict.fromkeys(found))
        person = next((i for i in found if self._subjects[i].person), "")
        wish = ""
        if found and found[0] == person:
            lead = self._subjects[person].leads_to or ""
            wish = person if lead in self._subjects else ""
            found = list(dict.fromkeys([lead, *found[1:]])) if wish else []
        entries = [i for i in found if not self._subjects[i].person][:CHOICES]
        candidates = tuple(Candidate(i, 0.0) for i in entries)
        danger = person in self._subjects and self._subjects[person].danger and not entries
        return Match("choices" if entries else "person", candidates, 0.0, person, 0.0, danger, wish)

    def close(self) -> None:
        self._db.close()
