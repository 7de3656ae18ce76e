"""`liaison demo`: plays the scenes and counts the checks; stays so that you can join with your own client."""

from __future__ import annotations

import asyncio
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot import log
from bot.demo import answers, first_conversation, submission
from bot.demo.homeserver import HomeserverError
from bot.demo.stage import Stage

SCENES: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "first": first_conversation.play,
    "answers": answers.play,
    "submission": submission.play,
}


def play(folder: Path, *, scenes: list[str] | None = None, once: bool = False, port: int = 0) -> int:
    """Play `scenes` (all, when none is named). The exit code: 0 when every check passed, 130 when it was stopped."""
    log.setup("error")
    unknown = [s for s in scenes or [] if s not in SCENES]
    if unknown:
        print(f"There is no scene {', '.join(unknown)}. Scenes: {', '.join(SCENES)}", file=sys.stderr)
        return 1
    try:
        return asyncio.run(_play(folder.resolve(), scenes or list(SCENES), once=once, port=port))
    except KeyboardInterrupt:
        return 130


async def _play(folder: Path, scenes: list[str], *, once: bool, port: int) -> int:
    stage = Stage(folder, port=port)
    task = asyncio.current_task()
    assert task is not None
    played = False
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    try:
        print("Starting a private homeserver, two people of the team and the bot ...", flush=True)
        await stage.open()
        sara, tomas = await stage.enter("sara"), await stage.enter("tomas")
        await stage.account("you")
        staff = [
            {"id": "sara", "accounts": [sara.user_id], "role": "admin", "master_key": sara.identity.master},
            {"id": "tomas", "accounts": [tomas.user_id], "role": "admin", "master_key": tomas.identity.master},
        ]
        mechanism = {"controller": "the operator of this demo", "contact": "nobody: this is a demo", "rights": "none"}
        await stage.start_bot(
            staff=staff,
            mechanism=mechanism,
            limits={"undo_seconds": answers.STOPPABLE},
            **submission.prepare(stage.folder),
        )
        for name in scenes:
            try:
                await SCENES[name](stage)
            except (TimeoutError, AssertionError, HomeserverError):
                traceback.print_exc()
                stage.check(f"scene {name} played to its end", False)
        played = True
        if not once:
            print(_how_to_join(stage), flush=True)
            stage.check(await stage.ended(), False)
    except HomeserverError as error:
        print(error, file=sys.stderr)
        stage.check("homeserver and bot started", False)
    except asyncio.CancelledError:
        task.uncancel()
        print("\nStopping ...", flush=True)
    finally:
        await stage.close()
    print(f"demo: {stage.passed} checks passed, {stage.failed} failed", flush=True)
    return 1 if stage.failed else 0 if played else 130


def _how_to_join(stage: Stage) -> str:
    return f"""
The bot stays. To talk to it yourself, with Element or any other client on this machine:
   homeserver  {stage.homeserver.url}
   account     you
   password    {stage.passwords["you"]}
   the bot     {stage.bot_id}
Let your client set up its keys when it asks (that signs your device). Ctrl-C ends everything."""
