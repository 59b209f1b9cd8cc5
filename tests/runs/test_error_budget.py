from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.error_budget import ErrorBudget
from audiojudge_cli.runs.preset import Preset, RequiredOptions
from audiojudge_cli.runs.preset_file import read_preset


@pytest.mark.parametrize(
    ("text", "failed", "clips", "over"),
    [
        (None, 100, 100, False),
        ("0", 0, 9, False),
        ("0", 1, 9, True),
        (2, 2, 9, False),
        ("2", 3, 9, True),
        ("10%", 1, 10, False),
        ("10%", 2, 10, True),
        ("0.5 %", 1, 200, False),
        ("0.5%", 2, 200, True),
        ("100%", 10, 10, False),
        ("7%", 7, 100, False),
    ],
)
def test_how_many_may_fail(text, failed, clips, over):
    assert ErrorBudget.parse(text).is_over(failed, clips) is over


@pytest.mark.parametrize("text", ["", "-1", "1.5", "101%", "many", "5 clips", "%", "1e3"])
def test_what_is_no_number_of_clips(text):
    with pytest.raises(InputError, match="--max-errors is a number of clips or a percentage"):
        ErrorBudget.parse(text)


def failing(make_tone: Any, make_captions: Any, count: int = 6, bad: tuple[int, ...] = (1, 3)) -> Path:
    for number in range(count):
        make_tone(f"{number}.wav")
    manifest: Path = make_captions(["explode" if number in bad else "440 Hz" for number in range(count)])
    return manifest


def test_a_run_stops_early_and_goes_on_later(run, make_tone, make_captions, tmp_path):
    captions = failing(make_tone, make_captions)
    loose = RequiredOptions(errors=1.0)
    scored, follower = run(captions, preset=Preset(workers=1, batch=1, max_errors=0, require=loose))
    assert scored.exit_code == 3
    assert scored.reason.startswith("1 clip failed, and --max-errors 0 allows no more; ")
    assert scored.reason.endswith("to go: the same command again goes on")
    assert len(follower.records) < 6
    info = json.loads((tmp_path / "run" / "run.json").read_text())
    assert (info["state"], info["exit_code"]) == ("interrupted", 3)
    scored, follower = run(captions, preset=Preset(max_errors="50%", require=loose))
    assert scored.exit_code == 0
    assert scored.counts["kept"] >= 1
    assert len(follower.records) == 6


def test_too_many_at_the_very_end_is_no_success_either(run, make_tone, make_captions):
    captions = failing(make_tone, make_captions, count=2, bad=(1,))
    preset = Preset(workers=1, batch=1, max_errors=0, require=RequiredOptions(errors=1.0))
    scored, _ = run(captions, preset=preset)
    assert scored.exit_code == 3
    assert scored.reason == "1 clip failed, and --max-errors 0 allows no more"


def test_failed_clips_are_tried_again_unless_told_otherwise(run, make_tone, make_captions, monkeypatch, tmp_path):
    captions = failing(make_tone, make_captions)
    log = tmp_path / "heard"
    monkeypatch.setenv("TONE_JUDGE_LOG", str(log))
    loose = RequiredOptions(errors=1.0)

    def heard(**options: Any) -> tuple[int, int]:
        log.write_text("")
        scored, _ = run(captions, preset=Preset(require=loose, **options))
        return scored.counts["kept"], log.read_text().count("explode")

    heard()
    assert heard(retry_errors=False) == (6, 0)
    kept, tries = heard()
    assert kept == 4
    assert tries >= 2
    # What failed earlier does not end a run that does not try it again.
    assert heard(retry_errors=False, max_errors=0) == (6, 0)


@pytest.mark.parametrize("text", ["'101%'", "'1.2.3%'", "'5'", "-1", "1.5", "'%'"])
def test_a_preset_with_a_wrong_number_is_refused_before_the_run(text, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(f"max_errors: {text}\n")
    with pytest.raises(InputError, match=r"my\.yaml: max_errors"):
        read_preset(path)


@pytest.mark.parametrize(("text", "value"), [("'5%'", "5%"), ("'100 %'", "100 %"), ("3", 3), ("null", None)])
def test_a_preset_may_name_a_number_or_a_share(text, value, tmp_path):
    path = tmp_path / "my.yaml"
    path.write_text(f"max_errors: {text}\n")
    found = read_preset(path).max_errors
    assert found == value
    ErrorBudget.parse(found)
