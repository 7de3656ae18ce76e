"""The `liaison` command: argument parsing only."""

from __future__ import annotations

import argparse
import asyncio
import io
import os
import sys
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from bot import __version__, console, log
from bot.config import LANGUAGES, Config, load
from bot.errors import StartError, UserError
from bot.message import Part
from bot.seal import SealError
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
    faq = verbs.add_parser("faq", help="check, ask, evaluate, import and export answers")
    acts = faq.add_subparsers(dest="act", required=True, metavar="ACT", help="what to do with the answers")
    acts.add_parser("check", help="what a curator has to know; exit code 1 when the content must not go live")
    one = acts.add_parser("ask", help="what a question gets: tier, candidates and scores")
    one.add_argument("question", nargs="+")
    one.add_argument("--language", choices=LANGUAGES, default="en")
    one.add_argument("--json", action="store_true", help="for machines")
    many = acts.add_parser("eval", help="figures for labelled questions")
    many.add_argument("file", type=Path, help="JSON lines: id, lang, question, expected, also_ok, kind")
    many.add_argument("--json", action="store_true", help="for machines")
    for act, told in (("import", "take entries from a table"), ("export", "write all entries into a table")):
        acts.add_parser(act, help=told).add_argument("file", type=Path, help=".csv or .xlsx")
    acts.add_parser("build", help="learn the shipped content anew (for whoever changes it)")
    form = verbs.add_parser("form", help="check a form, or try it out")
    acts = form.add_subparsers(dest="act", required=True, metavar="ACT", help="what to do with the form")
    one = acts.add_parser("check", help="questions, languages, minutes and findings; exit code 1 when it cannot be run")
    one.add_argument("form", type=Path, help="an XLSForm (.xlsx .xls .md .csv), an XForm (.xml), a zip or a folder")
    one = acts.add_parser("try", help="run a form here, exactly as the bot runs it; nothing is kept")
    one.add_argument("form", type=Path, help="as for check")
    one.add_argument("--language", default="", help="a language of the form: its code or name")
    one.add_argument("--answers", type=Path, help="a JSON list of [reference, value], applied in order")
    one.add_argument("--json", action="store_true", help="for machines: one JSON object (with --answers)")
    _keys_parser(verbs.add_parser("keys", help="make keys, and the signed list of those that the bot seals to"))
    _custody_parser(verbs.add_parser("custody", help="check and keep the custody log, and hand out packages"))
    unseal = verbs.add_parser("unseal", help="open a package into a BagIt bag, offline, with the key of a holder")
    unseal.add_argument("package", type=Path, help="a package (.tar), or an identity.age that was handed out")
    unseal.add_argument("--identity", type=Path, required=True, help="the file with your key, as age-keygen writes it")
    unseal.add_argument("--out", type=Path, required=True, help="the folder that becomes the bag")
    unseal.add_argument("--purpose", help="why it is opened (asked for when it is not given)")
    unseal.add_argument("--second", help="the code of the second person who knows of it (asked for, too)")
    unseal.add_argument("--custody", type=Path, help="the signed file of what you opened (default: beside your key)")
    unseal.add_argument("--csv", action="store_true", help="also tables for a spreadsheet program")
    unseal.add_argument("--uwazi", action="store_true", help="also a zip for Uwazi's import")
    demo = verbs.add_parser("demo", help="a private homeserver, the bot, and people who talk to it")
    demo.add_argument("--once", action="store_true", help="end after the scenes, with exit code 0 or 1")
    demo.add_argument("--scene", action="append", help="only this scene (may be repeated)")
    demo.add_argument("--folder", type=Path, default=Path("demo-data"), help="where everything of the demo lives")
    demo.add_argument("--port", type=_port, default=0, help="the homeserver's port (default: any free one)")
    return top


def _keys_parser(keys: argparse.ArgumentParser) -> None:
    acts = keys.add_subparsers(dest="act", required=True, metavar="ACT", help="what to do with the keys")
    for act, told in (
        ("init-signer", "offline: make the key that signs the list"),
        ("make", "offline: make the key of a holder"),
    ):
        acts.add_parser(act, help=told).add_argument("file", type=Path, help="the new file")
    acts.add_parser("show", help="to whom the bot seals now; exit code 1 when intake is closed")
    drill = acts.add_parser("drill", help="seal a test package, for the yearly exercise of the holders")
    drill.add_argument("file", type=Path, help="the new package (.tar)")
    shown = acts.add_parser("list", help="the list as it stands in its file")
    add = acts.add_parser("add", help="put a key into the list")
    add.add_argument("name", help="a role or a code: small letters, digits, hyphens; no person's name")
    add.add_argument("key", help="the public key of the holder: age1...")
    add.add_argument("--identity", action="store_true", help="what tells who somebody is, is sealed to this key too")
    add.add_argument("--expires", type=date.fromisoformat, help="the first day on which it is no longer used")
    add.add_argument("--signs", help="the public key with which the holder signs what they opened")
    remove = acts.add_parser("remove", help="take a key out of the list")
    remove.add_argument("name")
    sign = acts.add_parser("sign", help="offline: sign the list as its next version")
    sign.add_argument("--signer", type=Path, required=True, help="the file that init-signer made")
    sign.add_argument("--days", type=int, default=365, help="how long it is valid (default: 365)")
    for parser_of in (shown, add, remove, sign):
        parser_of.add_argument(
            "--list", type=Path, help="another list than the one of the config (or recipients.json here)"
        )


def _custody_parser(custody: argparse.ArgumentParser) -> None:
    acts = custody.add_subparsers(dest="act", required=True, metavar="ACT", help="what to do with the custody log")
    verify = acts.add_parser("verify", help="name the first bad entry; exit code 1 when there is one")
    verify.add_argument("--against", type=Path, help="a head or lines that were kept elsewhere")
    acts.add_parser("log", help="write the whole log to a file").add_argument("file", type=Path)
    acts.add_parser("head", help="write today's head, with its time stamp, into a folder").add_argument(
        "folder", type=Path
    )
    joined = acts.add_parser("import", help="join the file of what a holder of a key opened")
    joined.add_argument("file", type=Path)
    joined.add_argument("--signer", help="the key that signed it, when it does not stand in the list")
    export = acts.add_parser("export", help="write what two people approved into a folder")
    export.add_argument("ref", help="the reference of the approval")
    export.add_argument("folder", type=Path)


def _port(typed: str) -> int:
    number = int(typed)
    if not 0 <= number <= 65535:
        raise ValueError(typed)
    return number


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
    except BrokenPipeError:  # somebody looked at the beginning only (`| head`)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as error:  # noqa: BLE001  # the operator sees a sentence, never a traceback
        sentence, code = _explained(error)
        print(texts.render(console.language(), [sentence]), file=sys.stderr)
        sys.exit(code)


def _explained(error: Exception) -> tuple[Part, int]:
    """The sentence for what ended the program, and its exit code."""
    if isinstance(error, StartError | UserError):
        return Part(error.key, error.values), getattr(error, "code", 1)
    if isinstance(error, SealError):
        return Part("keys-wrong"), 1
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
    if arguments.verb == "faq":
        return _faq(arguments, texts)
    if arguments.verb == "form":
        return _form(arguments)
    if arguments.verb == "unseal":
        from bot.unseal import unseal

        return unseal(
            texts, arguments.package, key_file=arguments.identity, out=arguments.out, purpose=arguments.purpose,
            second=arguments.second, log=arguments.custody, csv=arguments.csv, uwazi=arguments.uwazi,
        )  # fmt: skip
    if arguments.verb == "keys":
        return _keys(arguments)
    config = _config(arguments)
    match arguments.verb:
        case "custody":
            return _custody(arguments, config)
        case "run":
            return asyncio.run(console.run(config, texts))
        case "doctor":
            return asyncio.run(console.doctor(config, texts, as_json=arguments.json))
        case "card":
            return console.card(config, texts)
        case _:
            return console.verify(config, texts, arguments.account, arguments.seconds)


def _faq(arguments: argparse.Namespace, texts: Texts) -> int:
    from bot import curate

    if arguments.act == "build":
        return curate.build()
    # Answers can be tried before there is a config: with the shipped content, and its cache in the usual folder.
    config = _config(arguments) if arguments.config.exists() else Config()
    language = console.language()
    match arguments.act:
        case "check":
            return curate.check(config, texts, language)
        case "ask":
            question = " ".join(arguments.question)
            return curate.ask(config, texts, question, arguments.language, as_json=arguments.json)
        case "eval":
            return curate.evaluate_file(config, texts, language, arguments.file, as_json=arguments.json)
        case "import":
            return curate.import_(config, arguments.file)
        case _:
            return curate.export(config, arguments.file)


def _form(arguments: argparse.Namespace) -> int:
    from bot import formtool

    if arguments.act == "check":
        return formtool.check(arguments.form)
    return formtool.try_out(
        arguments.form, language=arguments.language, answers=arguments.answers, as_json=arguments.json
    )


def _keys(arguments: argparse.Namespace) -> int:
    from bot import custodian

    match arguments.act:
        case "init-signer":
            return custodian.init_signer(arguments.file)
        case "make":
            return custodian.make(arguments.file)
        case "show":
            return custodian.show(_config(arguments))
        case "drill":
            return custodian.drill(_config(arguments), arguments.file)
    # The list is also worked on where there is no config: on a machine without network.
    path = custodian.list_path(_config(arguments) if arguments.config.exists() else None, arguments.list)
    match arguments.act:
        case "list":
            return custodian.show_list(path)
        case "add":
            return custodian.add(
                path, arguments.name, arguments.key, identity=arguments.identity, expires=arguments.expires,
                signs=arguments.signs,
            )  # fmt: skip
        case "remove":
            return custodian.remove(path, arguments.name)
        case _:
            return custodian.sign(path, arguments.signer, arguments.days)


def _custody(arguments: argparse.Namespace, config: Config) -> int:
    from bot import custodian

    match arguments.act:
        case "verify":
            return custodian.verify(config, arguments.against)
        case "log":
            return custodian.log(config, arguments.file)
        case "head":
            return custodian.head(config, arguments.folder)
        case "import":
            return custodian.import_(config, arguments.file, arguments.signer)
        case _:
            return custodian.export(config, arguments.ref, arguments.folder)


def _config(arguments: argparse.Namespace) -> Config:
    config = load(arguments.config)
    log.setup(config.logging.level, config.path(config.logging.file) if config.logging.file else None)
    return config
