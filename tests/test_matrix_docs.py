"""docs/matrix.md has an answer for every row, and the tests that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "matrix.md").read_text(encoding="utf-8")
ROWS = [f"{letter}{n}" for letter, last in (("A", 5), ("B", 8), ("C", 14), ("D", 11)) for n in range(1, last + 1)]


def rows() -> dict[str, list[str]]:
    cells = [[c.strip() for c in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
    return {c[0]: c for c in cells if re.fullmatch(r"[A-D]\d+", c[0])}


def test_every_row_has_an_answer_a_place_and_a_test() -> None:
    assert list(rows()) == ROWS
    for name, (_, answer, place, test) in rows().items():
        assert len(answer) > 20 and "`test_" in test.replace("/test_", "`test_"), name
        for file in re.findall(r"`([^`]+)`", place):
            assert (ROOT / "bot" / "matrix" / file).is_file(), (name, file)


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`((?:\w+/)*test_\w+\.py)(?:::(\w+))?`", PAGE)
    assert len(named) > len(ROWS)
    for file, function in named:
        text = (ROOT / "tests" / file).read_text(encoding="utf-8")
        assert not function or re.search(rf"^(async )?def {function}\(", text, re.MULTILINE), (file, function)
