"""Servers of their own process, and cases to ask them about."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.endpoint.judge import EndpointJudge, load
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.weights.server import Server

SERVER = Path(__file__).parent / "chat_server.py"


class Process:
    """A server as a process."""

    def __init__(self, setup: dict[str, Any], port: int = 0) -> None:
        command = [sys.executable, "-I", str(SERVER), str(port), json.dumps(setup)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.base = f"http://127.0.0.1:{self.port}/v1"

    def told(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.base}/told") as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def stop(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def serve() -> Iterator[Callable[..., Process]]:
    """Return what starts servers; they end with the test."""
    started: list[Process] = []

    def start(port: int = 0, **setup: Any) -> Process:
        started.append(Process(setup, port))
        return started[-1]

    yield start
    for each in started:
        each.stop()


@pytest.fixture
def judge_at() -> Callable[..., EndpointJudge]:
    """Return what makes a judge at a server."""

    def make(server: Process | str, **options: Any) -> EndpointJudge:
        base = server if isinstance(server, str) else server.base
        return load(endpoint=Server(**({"base_url": base, "model": "m"} | options)))

    return make


@pytest.fixture
def no_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests are tried again at once."""
    monkeypatch.setattr("audiojudge_cli.judges.endpoint.asker.retry_after", lambda *_: 0.005)


def make_case(number: int = 0, items: int = 3, seconds: float = 0.3, language: str = "en") -> Case:
    """Return a clip unlike any with another number."""
    time = np.arange(int(16_000 * seconds)) / 16_000
    tone = (0.3 * np.sin(2 * np.pi * (200 + 37 * number) * time)).astype(np.float32)
    asked = tuple(RubricItem("event", f"Is thing {at} of {number} heard?", "thing") for at in range(items))
    return Case(Waveform(tone[None], 16_000), asked, f"Things of {number}.", language)
