"""Logs name what was done and internal numbers, never what somebody said, who they are, or a secret.

Two nets: what is logged is an action word and a few opaque values; and the handler scrubs what slips through,
also in tracebacks, from which the text of the exception is left out. Of what libraries log only the place remains.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import threading
import traceback
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

OURS = ("bot", "commands")

_SCRUB = (
    (re.compile(r"mxc://\S+"), "[media]"),
    (re.compile(r"[@!#$+][^\s:\"',]+:[A-Za-z0-9.\-\[\]]+(:\d+)?"), "[id]"),
    (re.compile(r"[$!][A-Za-z0-9_\-/+]{20,}"), "[id]"),
    (re.compile(r"\b(syt|mct|mas|mat|sya|mua)_[A-Za-z0-9_=\-]+"), "[token]"),
    (re.compile(r"(?i)bearer\s+\S+"), "[token]"),
    (re.compile(r"[A-Za-z0-9+/_\-]{40,}={0,2}"), "[key]"),
)


def scrub(text: str) -> str:
    """`text` without Matrix ids, media addresses, tokens and keys."""
    for pattern, instead in _SCRUB:
        text = pattern.sub(instead, text)
    return text


class _Formatter(logging.Formatter):
    """One JSON object a line: time, level, logger, action, values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            # A library's message may quote anything, as asyncio does with the error of a task.
            "what": scrub(record.getMessage())
            if record.name.partition(".")[0] in OURS
            else f"{record.module}:{record.lineno}",
        }
        for key, value in getattr(record, "ids", {}).items():
            line[key] = value if isinstance(value, int | float | bool) or value is None else scrub(str(value))
        if record.exc_info and record.exc_info[0] is not None:
            # The exception's own text may quote what somebody wrote; the places in the code do not.
            kind, _, tb = record.exc_info
            frames = traceback.extract_tb(tb)[-12:]
            line["error"] = kind.__name__
            line["at"] = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
        return json.dumps(line, ensure_ascii=False)


class Log(logging.LoggerAdapter[logging.Logger]):
    """`log.info("delivered", row=17)`: an action and opaque values, nothing else."""

    def process(self, msg: Any, kwargs: Any) -> tuple[Any, Any]:
        known = {k: kwargs.pop(k) for k in list(kwargs) if k in ("exc_info", "stack_info", "stacklevel")}
        return msg, known | {"extra": {"ids": kwargs}}

    def log(self, level: int, msg: object, *args: Any, **kwargs: Any) -> None:
        if self.isEnabledFor(level):
            msg, kwargs = self.process(msg, kwargs)
            self.logger.log(level, msg, *args, **kwargs)


def logger(name: str) -> Log:
    return Log(logging.getLogger(name), {})


def setup(level: str = "info", file: Path | None = None) -> None:
    """Send our logs to `file` or to standard error, and silence libraries that log what they decrypt or receive.

    What the interpreter would print of an error that nobody caught goes there, too, without its words.
    """
    handler = logging.FileHandler(file, encoding="utf-8") if file else logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(level.upper())
    logging.raiseExceptions = False  # a log that cannot be written does not go to standard error instead
    sys.excepthook = _unhandled
    threading.excepthook = lambda args: _unhandled(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _unhandled(args.exc_type, args.exc_value, args.exc_traceback)
    silence_nio()


def _unhandled(kind: type[BaseException], error: BaseException | None, tb: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("unhandled error", exc_info=(kind, error or kind(), tb))


def silence_nio() -> None:
    """nio logs decrypted events and whole answers of the server, tokens included; nobody may see that."""
    nio = logging.getLogger("nio")
    nio.setLevel(logging.CRITICAL + 1)
    nio.propagate = False
    nio.handlers = [logging.NullHandler()]
    nio.disabled = True
    for name in list(logging.Logger.manager.loggerDict):
        if name.startswith(("nio.", "peewee", "aiohttp.access")):
            logging.getLogger(name).disabled = True
