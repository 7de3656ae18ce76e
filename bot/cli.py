"""The `liaison` command: argument parsing only."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from bot import __version__, console, log
from bot.config import Config, load
from bot.errors import StartError, UserError
from bot.message import Part
from bot.text import Texts


def parser() -> argparse.ArgumentParser:
    """The command line; its help is the manual."""
    top = argparse.ArgumentParser(prog="liaison", description="A secure bridge on Matrix. See README.md.")
    default = Path(os.environ.get("LIAISON_CONFIG", "config.yaml"))
    top.add_argument("--config", type=Path, default=default, help="the config file (default: config.yaml)")
    top.add_argument("--version", action="version", version=f"liaison {__version__}")
    verbs = top.add_subparsers(dest="verb", required=True, metavar="COMMAND")
    verbs.add_parser("run", help="run the bot until it is stopped")
    doctor = verbs.add_parser("doctor", help="say what is wrong and how to mend it; exit code 1 when something is")
    doctor.add_argument("--json", action="store_true", help="for machines")
    verbs.add_parser("card", help="print address and key words for a website or leaflet")
    verify = verbs.add_parser("verify", help="compare emoji with somebody who verifies the bot now")
    verify.add_argument("account", help="@name:example.org")
    verify.add_argument("--seconds", type=int, default=console.LONGEST_WAIT, help="how long to wait")
    demo = verbs.add_parser("demo", help="a private homeserver, the bot, and people who talk to it")
    demo.add_argument("--once", action="store_true", help="end after the scenes, with exit code 0 or 1")
    demo.add_argument("--scene", action="append", help="only this scene (may be repeated)")
    demo.add_argument("--folder", type=Path, default=Path("demo-data"), help="where everything of the demo lives")
    demo.add_argument("--port", type=int, default=0, help="the homeserver's port (default: any free one)")
    return top


def main() -> None:
    """Run `liaison`; ends the process with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that cannot show a letter shows a question mark
    log.setup()
    arguments = parser().parse_args()
    texts = Texts()
    try:
        sys.exit(_do(arguments, texts))
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:  # noqa: BLE001  # the operator sees a sentence, never a traceback
        sentence, code = _explained(error)
        print(texts.render(console.language(), [sentence]), file=sys.stderr)
        sys.exit(code)


def _explained(error: Exception) -> tuple[Part, int]:
    """The sentence for what ended the program, and its exit code."""
    if isinstance(error, StartError | UserError):
        return Part(error.key, error.values), getattr(error, "code", 1)
    if isinstance(error, OSError) and error.filename:
        return Part("file-refused", {"file": str(error.filename), "reason": error.strerror or ""}), 1
    log.logger(__name__).error("ended by an error", exc_info=error)
    return Part("ended-badly", {"error": type(error).__name__}), 1


def _do(arguments: argparse.Namespace, texts: Texts) -> int:
    if arguments.verb == "demo":
        if find_spec("synapse") is None:
            raise StartError("demo-only-checkout")
        from bot.demo.play import play

        return play(arguments.folder, scenes=arguments.scene, once=arguments.once, port=arguments.port)
    config = _config(arguments)
    match arguments.verb:
        case "run":
            return asyncio.run(console.run(config, texts))
        case "doctor":
            return asyncio.run(console.doctor(config, texts, as_json=arguments.json))
        case "card":
            return console.card(config, texts)
        case _:
            return console.verify(config, texts, arguments.account, arguments.seconds)


def _config(arguments: argparse.Namespace) -> Config:
    config = load(arguments.config)
    log.setup(config.logging.level, config.path(config.logging.file) if config.logging.file else None)
    return config
