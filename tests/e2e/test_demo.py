"""`liaison demo` as somebody runs it who tries Liaison for the first time."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.demo.homeserver import free_port

LIAISON = Path(sys.executable).with_name("liaison")
LAST = re.compile(r"demo: (\d+) checks passed, (\d+) failed")


class Demo:
    """The demo in a folder on a port, run one time after the other."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.folder = base / "demo-data"
        self.port = free_port()
        self.started: list[subprocess.Popen[str]] = []
        self.seen: list[psutil.Process] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [LIAISON, "demo", "--once", "--port", str(self.port), *words], cwd=self.base, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=os.environ | {"LANG": "C"},
        )  # fmt: skip
        self.started.append(process)
        return process

    def reaches(self, process: subprocess.Popen[str], words: str) -> None:
        """Read what it prints until `words`; remember the processes that it has started by then."""
        assert process.stdout
        read = []
        for line in process.stdout:
            read.append(line)
            if words in line:
                self.seen = psutil.Process(process.pid).children(recursive=True)
                assert any(str(self.folder) in " ".join(p.cmdline()) for p in self.seen), self.seen
                return
        raise AssertionError("".join(read))

    def end(self, process: subprocess.Popen[str]) -> tuple[int, list[str]]:
        assert process.stdout
        lines = process.stdout.read().splitlines()
        return process.wait(60), lines

    def left(self) -> list[psutil.Process]:
        """Processes of an earlier run that still live."""
        return [p for p in self.seen if p.is_running() and p.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    found = Demo(tmp_path)
    yield found
    for process in found.started:
        process.kill()
        process.communicate()
    for left in found.left():
        left.kill()


def test_it_plays_to_the_end_after_a_taken_port_a_ctrl_c_and_a_kill(demo: Demo) -> None:
    with socket.create_server(("127.0.0.1", demo.port)):
        code, lines = demo.end(demo.start())
    assert code == 1
    assert f"Port {demo.port} is taken." in "\n".join(lines)
    assert "Traceback" not in "\n".join(lines)
    assert lines[-1] == "demo: 0 checks passed, 1 failed"

    stopped = demo.start()
    demo.reaches(stopped, "== Amal asks")
    stopped.send_signal(signal.SIGINT)
    code, lines = demo.end(stopped)
    assert (code, "Traceback" in "\n".join(lines)) == (130, False), lines
    assert LAST.fullmatch(lines[-1])
    assert not demo.left()
    assert not demo.folder.exists()

    killed = demo.start()
    demo.reaches(killed, "Ready as")
    killed.kill()
    killed.wait()
    assert demo.left(), "nobody could end them"

    code, lines = demo.end(demo.start())
    last = LAST.fullmatch(lines[-1])
    assert last, lines[-5:]
    assert (code, int(last[2])) == (0, 0), "\n".join(lines)
    assert int(last[1]) == sum(line.strip().startswith("[ok]") for line in lines) > 10
    assert "Traceback" not in "\n".join(lines)
    assert not demo.left(), "the new run ended them"
    assert not demo.folder.exists()


def test_a_folder_that_is_not_a_demos_is_left_alone(demo: Demo) -> None:
    mine = demo.base / "my-files"
    mine.mkdir()
    (mine / "letter.txt").write_text("dear all")
    code, lines = demo.end(demo.start("--folder", str(mine)))
    assert code == 1
    assert f"{mine} is not a demo's." in lines[1]
    assert [p.read_text() for p in mine.iterdir()] == ["dear all"]


def test_a_scene_that_does_not_exist_is_answered_with_those_that_do(demo: Demo) -> None:
    code, lines = demo.end(demo.start("--scene", "frist"))
    assert (code, lines) == (1, ["There is no scene frist. Scenes: first, answers, submission"])
    assert not demo.folder.exists()
