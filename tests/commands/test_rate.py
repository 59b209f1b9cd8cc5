"""`audiojudge rate` as a user types it."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples" / "audio"
NOISE = "Rate the background noise from 1 (very noisy) to 5 (silent)"


@pytest.fixture
def outputs(tmp_path):
    folder = tmp_path / "outputs"
    folder.mkdir()
    for name in ("speech_librivox_en.flac", "sound_dog.flac"):
        (folder / name).write_bytes((EXAMPLES / name).read_bytes())
    (folder / "broken.wav").write_text("no audio")
    return folder


def rows(folder: Path) -> dict[tuple[str, str], dict[str, str]]:
    with (folder / "ratings.csv").open(encoding="utf-8", newline="") as file:
        return {(row["id"], row["dimension"]): row for row in csv.DictReader(file)}


def test_clips_are_rated_what_cannot_be_is_empty_and_a_second_run_keeps_all(cli, outputs, tmp_path):
    ask = ("rate", "outputs", "-o", "run", "--instruction", NOISE, "--instruction", "Rate the poetry 1-5")
    done = cli(*ask, "--paraphrases", "2", "--max-errors", "5")
    assert done.returncode == 3, done.stderr
    assert "background_noise" in done.stdout
    assert "match" not in done.stdout
    found = rows(tmp_path / "run")
    voice = found["speech_librivox_en", "background_noise"]
    assert 1 <= float(voice["rating"]) <= 5
    assert (voice["wordings"], voice["wording_spread"]) == ("2", "0.0")
    assert found["sound_dog", "background_noise"]["rating"] == ""
    assert {row["rating"] for (_, dimension), row in found.items() if dimension == "poetry"} == {""}
    assert found["broken", "background_noise"]["rating"] == ""
    summary = json.loads((tmp_path / "run" / "summary.json").read_text())
    assert summary["ratings"]["background_noise"]["rated"] == 1
    before = {name: (tmp_path / "run" / name).read_bytes() for name in ("records.jsonl", "ratings.csv", "summary.json")}
    again = cli(*ask, "--paraphrases", "2", "--max-errors", "5")
    assert "2 clips kept" in again.stdout
    assert before == {name: (tmp_path / "run" / name).read_bytes() for name in before}
    listed = cli("show", "run").stdout
    assert f"background_noise {float(voice['rating']):.2f}" in listed
    assert "not rated" in listed
    shown = cli("show", "run", "speech_librivox_en").stdout
    assert re.search(rf"{float(voice['rating']):.2f} +Rate the background noise", shown)
    assert "rated     2 of 4 ratings given" in shown
    # A rating is no score, nothing is matched or missed, and there was no caption.
    for word in ("score", "match", "misses", "caption", "yes ", "threshold", "from “"):
        assert word not in listed + shown, word


def test_other_instructions_take_the_place_of_the_first_and_are_named(cli, outputs):
    (outputs / "broken.wav").unlink()
    ask = ("rate", "outputs", "-o", "run", "--instruction")
    cli(*ask, "Rate the clipping from 1 (heavy) to 5 (none)")
    done = cli(*ask, "Rate the bandwidth from 1 (muffled) to 5 (full)")
    assert "2 clips rated again: other instructions (now bandwidth) 2" in done.stdout
    assert "expander" not in done.stdout
    assert {dimension for _, dimension in rows(outputs.parent / "run")} == {"bandwidth"}


@pytest.mark.parametrize(("bound", "code"), [("<= 0.5", 1), (">= 0.5", 0)])
def test_a_gate_is_about_the_place_on_the_scale(cli, outputs, bound, code):
    (outputs / "broken.wav").unlink()
    rule = f"dimension.background_noise.mean {bound}"
    done = cli("rate", "outputs", "-o", "run", "--instruction", NOISE, "--require", rule, "--junit", "gate.xml")
    assert done.returncode == code, done.stdout + done.stderr
    assert (outputs.parent / "gate.xml").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "nothing to rate"),
        (("--instruction", "Rate it"), "names no scale"),
        (("--scale", "moss"), "mos"),
        (("--scale", "mos", "--instruction", "overall: Rate it 1-5"), "two instructions"),
        (("--scale", "mos", "--judge", "tone"), "cannot rate"),
    ],
)
def test_what_cannot_be_rated_at_all_is_refused_before_anything_is_written(cli, outputs, tmp_path, arguments, told):
    done = cli("rate", "outputs", "-o", "run", *arguments)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_calibration_is_about_scores_and_leaves_ratings_alone(cli, outputs, tmp_path):
    ask = ("rate", "outputs", "--instruction", NOISE, "--filter", "id == 'speech_librivox_en'")
    assert cli(*ask, "-o", "plain").returncode == 0
    record = json.loads((tmp_path / "plain" / "records.jsonl").read_text())
    curve = {"bias": 3.0, "slope": 1.0, "items": 60, "yes": 30, "gain": {"log_loss": [0.1, 0.05, 0.2]}}
    fitted = {
        "schema": "audiojudge.calibration/1",
        "judge": record["judge"],
        "expanders": [],
        "labels": {"clips": 60, "yes": 30},
        "fitted": "nothing",
        "decision": {"bias": 0.5, "mean_odds": 0.9, "min_log": 0.8, "count_log": 0.7, "floor": 0.02},
        "curves": {item["dimension"]: curve for item in record["items"]},
        "figures": {"before": {"accuracy": 0.9}},
    }
    (tmp_path / "mine.yaml").write_text(json.dumps({"calibration": fitted}))
    assert cli(*ask, "-o", "calibrated", "--preset", "mine.yaml").returncode == 0
    for name in ("records.jsonl", "ratings.csv"):
        assert (tmp_path / "calibrated" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
