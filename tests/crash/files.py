"""Boundaries at every step of a file: the ways in which the program leaves a mark on a disk, wrapped."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

STEPS = ("open", "fsync", "replace", "rename", "unlink", "rmdir", "mkdir")  # of os; pathlib and shutil go through these


def wrap_files(boundary: Callable[[str], None], below: Path) -> None:
    """Call `boundary` before and after every step that touches a file or folder below `below`."""
    for name in STEPS:
        setattr(os, name, _counted(name, getattr(os, name), boundary, below))


def _counted(name: str, real: Callable[..., Any], boundary: Callable[[str], None], below: Path) -> Callable[..., Any]:
    def step(*args: Any, **more: Any) -> Any:
        path = _path(args[0])
        touches = path is not None and path.is_relative_to(below) and path != below
        if name == "open":
            touches = touches and bool(args[1] & (os.O_WRONLY | os.O_RDWR))
        if touches:
            boundary(f"before {name} {path.name if path else ''}")
        result = real(*args, **more)
        if touches:
            boundary(f"after {name} {path.name if path else ''}")
        return result

    return step


def _path(what: Any) -> Path | None:
    """The path of what a step is given: a name, or an open file."""
    if isinstance(what, int):
        try:
            return Path(os.readlink(f"/proc/self/fd/{what}"))
        except OSError:
            return None
    return Path(os.fsdecode(what)).absolute()
