"""`--log` of score and quality, from the command line."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest

from audiojudge_cli.reports.loggers import send, tensorboard_log

SCORE = ("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--out", "run")
QUALITY = ("quality", "outputs", "--out", "run")


@pytest.fixture
def every_package(monkeypatch):
    monkeypatch.setattr(send, "find_spec", lambda name: True)


@pytest.mark.parametrize("command", [SCORE, QUALITY], ids=["score", "quality"])
@pytest.mark.skipif(find_spec("tensorboardX") is None, reason="tensorboardX is not installed (extra tensorboard)")
def test_a_run_is_logged_when_it_is_done_and_once(inside, tones, tmp_path, command):
    tones(["100 Hz", "200 Hz"])
    first = inside(*command, "--log", "tensorboard")
    assert first.returncode == 0
    assert "logged to tensorboard: run/tensorboard" in first.stderr
    again = inside(*command, "--log", "tensorboard")
    assert again.returncode == 0
    assert "logged to tensorboard before, and unchanged since" in again.stderr
    fresh = inside(*command, "--restart")
    assert fresh.returncode == 0
    assert not (tmp_path / "run" / "logged.json").exists()
    assert not list((tmp_path / "run" / "tensorboard").iterdir())


@pytest.mark.parametrize(("more", "code"), [((), 0), (("--require", "count >= 99"), 1), (("--format", "jsonl"), 0)])
def test_the_exit_code_is_the_runs(inside, tones, monkeypatch, every_package, more, code):
    tones(["100 Hz"])

    def fail(told: object) -> str:
        print("on stdout")
        raise ConnectionError("nobody answers")

    monkeypatch.setattr(tensorboard_log, "log", fail)
    done = inside(*SCORE, *more, "--log", "tensorboard", "-q")
    assert done.returncode == code
    assert "the run was not logged to tensorboard: nobody answers" in done.stderr
    assert all(json.loads(line) for line in done.stdout.splitlines() if "jsonl" in more)
    assert "on stdout" not in done.stdout


def test_a_missing_package_is_refused_before_anything_is_judged(inside, tones, tmp_path, monkeypatch):
    tones(["100 Hz"])
    monkeypatch.setattr(send, "find_spec", lambda name: None)
    done = inside(*SCORE, "--log", "mlflow")
    assert (done.returncode, done.stdout) == (2, "")
    assert "pip install 'audiojudge-cli[mlflow]'" in done.stderr
    assert not (tmp_path / "run").exists()


def test_options_that_are_idle(inside, tones, every_package):
    tones(["100 Hz"])
    assert "--log-name is for --log" in inside(*SCORE, "--log-name", "x").stderr
    one = inside("score", "outputs/01.wav", "--caption", "100 Hz", "--judge", "tone", "--log", "wandb")
    assert (one.returncode, "add --out" in one.stderr) == (2, True)
