from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.results.record import Record
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.preset import LimitOptions, Preset
from audiojudge_cli.runs.score import score

PLUGIN = Path(__file__).parents[1] / "plugin"
RATE = 8000


@pytest.fixture
def tone_judge(monkeypatch):
    monkeypatch.syspath_prepend(str(PLUGIN))
    return importlib.import_module("tone_judge")


@pytest.fixture
def outputs(tmp_path):
    folder = tmp_path / "outputs"
    folder.mkdir()
    return folder


@pytest.fixture
def make_tone(outputs):
    def make(name, hertz=440.0, *, peak=0.9, seconds=0.25):
        time = np.arange(int(seconds * RATE)) / RATE
        path = outputs / name
        soundfile.write(path, peak * np.sin(2 * np.pi * hertz * time), RATE)
        return path

    return make


@pytest.fixture
def make_captions(tmp_path):
    def make(captions, name="captions.jsonl"):
        path = tmp_path / name
        rows = [
            caption if isinstance(caption, dict) else {"file_name": f"{number}.wav", "caption": caption}
            for number, caption in enumerate(captions)
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return path

    return make


class Follower:
    """Remembers what a run told."""

    def __init__(self, stop: Stop, stop_after: int | None = None) -> None:
        self.stop, self.stop_after = stop, stop_after
        self.records: list[Record] = []
        self.kept: list[bool] = []
        self.known = 0
        self.waited: list[str] = []
        self.report: PairingReport | None = None
        self.found: tuple[int, int] | None = None

    def paired(self, report: PairingReport, clips: int) -> None:
        self.report = report

    def ready(self, judge: object, expander: object) -> None:
        pass

    def resumed(self, mine: int, others: int) -> None:
        self.found = (mine, others)

    def arrived(self, clips: int) -> None:
        self.known = clips

    def waiting(self, why: str) -> None:
        self.waited.append(why)

    def finished(self, record: Record, *, kept: bool) -> None:
        self.records.append(record)
        self.kept.append(kept)
        if self.stop_after is not None and len(self.records) >= self.stop_after:
            self.stop.wish()


@pytest.fixture
def follow():
    """What follows a run: call it with its `Stop`."""
    return Follower


@pytest.fixture
def run(tmp_path, outputs, tone_judge):
    """Score `outputs` with the tone judge; returns (how it went, who followed)."""

    def go(
        captions, *, out="run", judge=tone_judge.load, expander=tone_judge.load_expander, stop_after=None, **options
    ):
        preset = options.pop("preset", None) or Preset(workers=2, batch=options.pop("batch", 2))
        stop = Stop()
        follower = Follower(stop, stop_after)
        wanted = ScoreOptions(str(outputs), str(captions), tmp_path / out, preset=preset, **options)
        return score(wanted, judge=judge, expander=expander, watcher=follower, stop=stop), follower

    return go


@pytest.fixture
def small_limits():
    return LimitOptions(duration_s=0.2)
