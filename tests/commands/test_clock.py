"""A clock that goes backwards, and files from the future: records are the same, no duration is negative."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--expander", "tones")
# Loaded by Python at the start of every process; each look at the clock finds it an hour earlier.
BACKWARDS = """
import datetime, itertools, time

_now, _steps = time.time(), itertools.count()

def _earlier():
    return _now - 3600.0 * next(_steps)

class _Earlier(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(_earlier(), tz)

time.time = _earlier
time.time_ns = lambda: int(_earlier() * 1e9)
datetime.datetime = _Earlier
"""


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_a_clock_that_goes_backwards(cli, tones, tmp_path):
    tones(["100 Hz", "250 Hz, loud", "300 Hz"])
    (tmp_path / "clock").mkdir()
    (tmp_path / "clock" / "sitecustomize.py").write_text(BACKWARDS)
    path = os.pathsep.join([str(tmp_path / "clock"), cli.environment()["PYTHONPATH"]])
    assert cli(*SCORE, "--out", "right").returncode == 0
    done = cli.alone(*SCORE, "--out", "backwards", env={"PYTHONPATH": path})
    assert done.returncode == 0
    told = done.stderr.splitlines()  # on a busy machine with lines of progress
    assert [line for line in told if line != "audiojudge: 0 of 3 clips"] == told[:1]
    assert contents(tmp_path / "backwards") == contents(tmp_path / "right")
    timings = json.loads((tmp_path / "backwards" / "run.json").read_text())["timings"]
    assert timings["finished_at"] < timings["started_at"]
    assert all(seconds >= 0 for name, seconds in timings.items() if name.endswith("_s"))
    assert cli(*SCORE, "--out", "backwards").returncode == 0
    counts = json.loads((tmp_path / "backwards" / "run.json").read_text())["counts"]
    assert counts["kept"] == 3


@pytest.mark.parametrize("year_s", [0.0, 4e9])
def test_the_times_of_files_play_no_part(year_s, cli, tones, tmp_path):
    tones(["100 Hz", "200 Hz"])
    assert cli(*SCORE, "--out", "right").returncode == 0
    assert cli(*SCORE, "--out", "other").returncode == 0
    for path in [*tmp_path.glob("outputs/*"), *tmp_path.glob("other/*"), tmp_path / "captions.jsonl"]:
        os.utime(path, (year_s, year_s))
    assert cli(*SCORE, "--out", "other").returncode == 0
    assert json.loads((tmp_path / "other" / "run.json").read_text())["counts"]["kept"] == 2
    assert contents(tmp_path / "other") == contents(tmp_path / "right")
