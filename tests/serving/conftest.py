from __future__ import annotations

import os
import runpy
from pathlib import Path
from typing import Any

import pytest

HELP = runpy.run_path(str(Path(__file__).with_name("speaking.py")))
Server, tone = HELP["Server"], HELP["tone"]


@pytest.fixture
def serving(tmp_path):
    """Start servers that are ended with the test."""
    begun: list[Any] = []

    def start(*arguments: object, **more: Any) -> Any:
        begun.append(Server(tmp_path, *arguments, **more))
        return begun[-1]

    yield start
    for one in begun:
        if one.process.poll() is None:
            one.process.kill()
        one.process.communicate()


@pytest.fixture(scope="session")
def rooted(tmp_path_factory):
    """A folder whose files may be named, beside one whose files may not, with ways from one to the other."""
    top = tmp_path_factory.mktemp("serving")
    inside, outside = top / "inside", top / "outside"
    (inside / "deep").mkdir(parents=True)
    outside.mkdir()
    (inside / "440.wav").write_bytes(tone(440))
    (inside / "deep" / "560.wav").write_bytes(tone(560))
    (inside / "empty.wav").touch()
    (inside / "large.wav").write_bytes(tone(440, 20))
    (outside / "660.wav").write_bytes(tone(660))
    (inside / "link-in.wav").symlink_to(inside / "deep" / "560.wav")
    (inside / "link-out.wav").symlink_to(outside / "660.wav")
    (inside / "link-up.wav").symlink_to("../outside/660.wav")
    (inside / "way-out").symlink_to(outside)
    (inside / "circle.wav").symlink_to("circle.wav")
    (inside / "zero.wav").symlink_to("/dev/zero")
    os.mkfifo(inside / "pipe.wav")
    return inside


@pytest.fixture(scope="session")
def server(tmp_path_factory, rooted):
    one = Server(
        tmp_path_factory.mktemp("server"),
        *("--root", rooted, "--max-duration", "5", "--queue", "32"),
        TONE_JUDGE_SLEEP="0.02",
    )
    yield one
    code, told = one.end()
    assert code == 0, told
    assert [line for line in told.splitlines() if not line.startswith(("audiojudge: ready", "audiojudge: stop"))] == []
