"""`audiojudge quality` on small files of every kind."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

RATE = 16_000


def noise(seconds: float = 0.5, level: float = 0.1, channels: int = 1) -> np.ndarray[Any, Any]:
    return np.random.default_rng(1).normal(0, level, (int(seconds * RATE), channels))


@pytest.fixture
def outputs(tmp_path):
    """Four clips, one of them silent and one no audio."""
    folder = tmp_path / "outputs"
    (folder / "deep").mkdir(parents=True)
    soundfile.write(folder / "a.wav", noise(), RATE)
    soundfile.write(folder / "deep" / "b.flac", noise(channels=2), RATE)
    soundfile.write(folder / "mute.wav", np.zeros(RATE), RATE)
    (folder / "text.wav").write_text("this is no audio")
    return folder


def records(folder: Path) -> dict[str, dict[str, Any]]:
    lines = (folder / "records.jsonl").read_text().splitlines()
    return {record["id"]: record for record in map(json.loads, lines)}


def summary_rows(folder: Path) -> list[dict[str, str]]:
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def files_of(folder: Path) -> dict[str, bytes]:
    found = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


LOOSE = ("--max-errors", "5")


def test_every_file_of_a_folder_is_measured_without_captions_and_without_a_judge(inside, outputs, tmp_path):
    done = inside("quality", "outputs", "-o", "run", *LOOSE)
    assert done.returncode == 3, done.stderr
    assert "1 of 4 clips could not be measured" in done.stderr
    found = records(tmp_path / "run")
    assert {name: record["status"] for name, record in found.items()} == {
        "a": "ok",
        "deep__b": "ok",
        "mute": "ok",
        "text": "error",
    }
    for record in found.values():
        assert (record["caption"], record["items"], record["score"], record["coverage"]) == ("", [], None, None)
        assert record["judge"] == record["expander"] == {"name": "none", "fingerprint": "none"}
        assert (record["quality"] is None) == (record["status"] == "error")
        assert not any("rubric" in warning for warning in record["warnings"])
    assert found["mute"]["quality"]["lufs"] is None
    assert found["a"]["quality"]["depth"] == "basic"
    rows = {row["id"]: row for row in summary_rows(tmp_path / "run")}
    assert rows["a"]["lufs"] == str(found["a"]["quality"]["lufs"])
    assert (rows["a"]["mos"], rows["text"]["lufs"], rows["mute"]["lufs"]) == ("", "", "")
    assert "score" not in done.stdout
    assert "loudness" in done.stdout
    assert "4 (3 ok, 1 error)" in done.stdout


def test_exit_codes(inside, outputs, tmp_path):
    (outputs / "text.wav").unlink()
    assert inside("quality", "outputs", "-o", "run").returncode == 0
    assert inside("quality", "nowhere", "-o", "run").returncode == 2
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "text.wav").write_text("this is no audio")
    done = inside("quality", "bad", "-o", "badrun")
    assert done.returncode == 3
    assert "nothing could be measured: 1 clip failed" in done.stderr


def test_the_same_bytes_whatever_the_workers_the_shards_and_the_interruptions(inside, outputs, tmp_path):
    assert inside("quality", "outputs", "-o", "one", "--workers", 1, *LOOSE).returncode == 3
    wanted = files_of(tmp_path / "one")
    assert inside("quality", "outputs", "-o", "three", "--workers", 3, *LOOSE).returncode == 3
    assert files_of(tmp_path / "three") == wanted
    inside("quality", "outputs", "-o", "two", "--limit", 2)
    assert inside("quality", "outputs", "-o", "two", *LOOSE).returncode == 3
    assert files_of(tmp_path / "two") == wanted
    for part in (1, 2):
        inside("quality", "outputs", "-o", f"part{part}", "--shard", f"{part}/2", *LOOSE)
    assert inside("merge", "part1", "part2", "-o", "merged").returncode == 3
    assert files_of(tmp_path / "merged") == wanted


def test_a_manifest_in_the_folder_gives_its_columns_to_the_files_it_names_and_no_file_is_left_out(
    inside, outputs, tmp_path
):
    (outputs / "metadata.jsonl").write_text('{"file_name": "a.wav", "model": "v2"}\n')
    inside("quality", "outputs", "-o", "run")
    found = records(tmp_path / "run")
    assert {name: record["metadata"] for name, record in found.items()} == {
        "a": {"model": "v2"},
        "deep__b": {},
        "mute": {},
        "text": {},
    }


def test_rows_choose_files_where_a_manifest_is_named(inside, outputs, tmp_path):
    manifest = tmp_path / "rows.csv"
    manifest.write_text("file_name,caption\na.wav,A dog barks.\n")
    done = inside("quality", "outputs", "--captions", "rows.csv", "-o", "run")
    assert done.returncode == 0
    assert "3 of 4 audio files without a caption" in done.stdout
    (record,) = records(tmp_path / "run").values()
    assert (record["caption"], record["status"]) == ("A dog barks.", "ok")


def test_rows_from_standard_input_and_records_to_standard_output(cli, outputs):
    lines = "".join(json.dumps({"audio": str(path)}) + "\n" for path in sorted(outputs.glob("*.wav")))
    done = cli.alone("quality", "-", "--format", "jsonl", "-q", text=lines)
    streamed = [json.loads(line) for line in done.stdout.splitlines()]
    assert [record["status"] for record in streamed] == ["ok", "ok", "error"]
    assert all(record["schema"] == "audiojudge.record/1" for record in streamed)


def test_a_folder_of_another_judge_is_not_mixed_with_measurements(inside, outputs, tones, tmp_path):
    tones(["100 Hz"])
    preset = tmp_path / "tone.yaml"
    preset.write_text("judge: tone\nexpander: tones\n")
    assert inside("score", "outputs", "--captions", "captions.jsonl", "--preset", preset, "-o", "run").returncode == 0
    done = inside("quality", "outputs", "-o", "run")
    assert done.returncode == 2
    assert "records of the judge tone" in done.stderr


@pytest.mark.parametrize(
    ("rule", "code", "says"),
    [
        ("quality.lufs <= -10", 0, "gate passed"),
        ("quality.lufs <= -50 for each", 1, "2 of them not: a, deep__b"),
        ("quality.speaker_likeness >= 0.5", 1, "no clip has quality.speaker_likeness"),
        ("wer <= 0.1", 2, "add --depth full"),
        ("score.mean >= 0.5", 2, "nothing is judged here"),
        ("count.scored >= 1", 2, "nothing is judged here"),
        ("quality.mos >= 3.5", 2, "add --depth full"),
        ("quality.louds >= 3.5", 2, "did you mean 'quality.lufs'"),
    ],
)
def test_rules_end_the_run(inside, outputs, tmp_path, rule, code, says):
    (outputs / "text.wav").unlink()
    done = inside("quality", "outputs", "-o", "run", "--require", rule, "--junit", tmp_path / "gate.xml")
    assert done.returncode == code, done.stderr
    assert says in done.stdout + done.stderr
    assert (tmp_path / "gate.xml").exists()
    if code == 2:
        assert not (tmp_path / "run" / "records.jsonl").exists()
    else:
        assert inside("gate", "run", "--require", rule).returncode == code


@pytest.fixture
def two_sets(tmp_path):
    for name, first in (("some", 0), ("others", 50)):
        (tmp_path / name).mkdir()
        for seed in range(first, first + 12):
            tone = np.sin(np.arange(RATE // 2) * (0.05 + seed % 50 * 0.01)) * np.linspace(0.5, 0.1, RATE // 2)
            noise = np.random.default_rng(seed).normal(0, 0.01, RATE // 2)
            soundfile.write(tmp_path / name / f"{seed}.wav", tone + noise, RATE)
    return tmp_path


@pytest.mark.weights
def test_a_set_against_another_ends_with_the_distance_and_keeps_it(inside, two_sets):
    done = inside("quality", "some", "--against", "others", "-o", "run")
    assert done.returncode == 0, done.stderr
    assert "distance to others:" in done.stdout
    assert "YAMNet" in done.stdout
    kept = json.loads((two_sets / "run" / "distance.json").read_text())
    assert (kept["outputs"]["used"], kept["reference"]["used"]) == (12, 12)
    # Records go to stdout alone, and what a later run without references measures has no distance.
    streamed = inside("quality", "some", "--against", "others", "-o", "run", "--format", "jsonl")
    assert [json.loads(line)["status"] for line in streamed.stdout.splitlines()] == ["ok"] * 12
    assert "distance to others:" in streamed.stderr
    assert inside("quality", "some", "-o", "run").returncode == 0
    assert not (two_sets / "run" / "distance.json").exists()


def test_a_set_against_nothing_is_refused_before_it_is_measured(inside, two_sets):
    (two_sets / "empty").mkdir()
    for wrong in ("nowhere", "empty"):
        done = inside("quality", "some", "--against", wrong, "-o", "run")
        assert done.returncode == 2, done.stderr
        assert wrong in done.stderr
    assert not (two_sets / "run").exists()


def test_references_where_nothing_is_measured_are_refused(inside, outputs):
    done = inside("score", "outputs", "--quality", "off", "--reference-field", "voice", "-o", "run")
    assert done.returncode == 2
    assert "--reference-field" in done.stderr
