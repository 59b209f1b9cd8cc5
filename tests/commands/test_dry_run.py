from __future__ import annotations

import json
from pathlib import Path

import pytest

TONE = ("--judge", "tone", "--expander", "tones")
INPUT = ("score", "outputs", "--captions", "captions.jsonl")
SCORE = (*INPUT, *TONE)


def names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def test_what_would_be_judged_is_told_and_nothing_is_written(cli, tones, tmp_path):
    tones(["100 Hz, loud", "200 Hz", "x", ""], audio=3)
    (tmp_path / "outputs" / "02.wav").write_bytes(b"RIFF")
    before = names(tmp_path)
    done = cli(*SCORE, "--dry-run")
    assert done.returncode == 0
    assert names(tmp_path) == before
    lines = done.stdout.splitlines()
    assert lines[0] == "clips     4"
    assert (
        "fail      2 (1 not-audio, 1 caption)" in done.stdout or "fail      2 (1 caption, 1 not-audio)" in done.stdout
    )
    assert "items     3, 1.5 per clip" in lines
    assert "          which of them tone can check, only judging tells" in lines
    assert "time      unknown: " in done.stdout
    assert "captions.jsonl:4: no audio file 04.wav" in done.stderr


def test_the_speed_comes_from_the_last_run_or_from_judging_a_little(cli, tones, tmp_path):
    tones(["100 Hz"] * 50)
    assert cli(*SCORE, "--limit", "45").returncode == 0  # the tone of 40.wav has no samples but zeros
    before = names(tmp_path)
    done = cli(*SCORE, "--dry-run", "--format", "jsonl")
    found = json.loads(done.stdout)
    assert (found["clips"], found["done"], found["items"], found["checkable"]) == (50, 45, {"pitch": 50}, None)
    assert found["audio_s"] == pytest.approx(12.5)
    assert "44 clips with 11 s of audio" in found["rate_source"]
    assert found["seconds"] == pytest.approx(1.25 / found["rate"], abs=0.06)
    calibrated = json.loads(cli(*SCORE, "--dry-run", "--format", "jsonl", "--calibrate", "1", "-o", "new").stdout)
    assert "judged just now" in calibrated["rate_source"]
    assert names(tmp_path) == before
    assert json.loads(cli(*SCORE, "--dry-run", "--format", "jsonl", "--restart").stdout)["done"] == 0


def test_what_the_embedded_judge_can_check_is_known_without_hearing(cli, tones):
    tones(["A dog barks.", "A man speaks angrily."])
    found = json.loads(cli(*INPUT, "--dry-run", "--format", "jsonl").stdout)
    assert 0 < sum(found["checkable"].values()) <= sum(found["items"].values())
    assert set(found["checkable"]) == set(found["items"])


def test_rubrics_that_a_model_writes_are_not_asked_for(cli, tones):
    tones(["A dog barks."])
    done = cli(*INPUT, "--dry-run", "--expander", "llm", "--llm-endpoint", "http://localhost:9/v1", "--llm-model", "m")
    assert done.returncode == 0
    assert "1 are written by a model during the run" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("score", "nowhere", *TONE, "--dry-run"), "no such file or folder: nowhere"),
        ((*SCORE, "--judge", "tome", "--dry-run"), "no judge named 'tome'"),
        ((*SCORE, "--expander", "tomes", "--dry-run"), "no expander named 'tomes'"),
        ((*SCORE, "--out", "outputs", "--dry-run"), "not empty and not a run folder"),
        ((*SCORE, "--filter", "model == 'a'", "--dry-run"), "no clip has a column 'model'"),
        ((*SCORE, "--dry-run", "--junit", "j.xml", "--require", "score.mean > 0.1"), "--dry-run judges nothing"),
        ((*SCORE, "--calibrate", "5"), "--calibrate is for --dry-run"),
        ((*SCORE, "--rubrics", "nowhere.jsonl", "--dry-run"), "nowhere.jsonl"),
    ],
)
def test_input_errors_are_those_of_the_run(arguments, message, cli, tones):
    tones(["100 Hz"])
    done = cli(*arguments)
    assert done.returncode == 2
    assert message in done.stderr.splitlines()[-1]
    assert done.stdout == ""
