"""`python -m bench [name]`: run the benchmarks, or one; the last lines are one JSON object a figure."""

from __future__ import annotations

import importlib
import sys

NAMES = ("core", "echo", "share", "rooms", "media", "faq", "cases", "seal", "forms")


def main() -> None:
    wanted = sys.argv[1:] or list(NAMES)
    unknown = [n for n in wanted if n not in NAMES]
    if unknown:
        sys.exit(f"no benchmark {', '.join(unknown)}; there are: {', '.join(NAMES)}")
    for name in wanted:
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main()
