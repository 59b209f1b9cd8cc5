"""`audiojudge calibrate` on runs made by hand, and what a preset with its file does to the next run."""

from __future__ import annotations

import json

import numpy as np
import pytest
import yaml

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.rule import Calibrated, load_decision
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.runs.preset_file import read_preset


@pytest.fixture
def labelled(make_run, tmp_path):
    """Write a run of the shipped decision and labels that follow from it, shifted; noise has nothing to do with it."""

    def make(clips=120, *, shift=-2.5, kind="shifted", **run):
        random = np.random.default_rng(0)
        answers = [random.beta(0.8, 0.5, size=2).clip(0.02, 0.98).round(4).tolist() for _ in range(clips)]
        folder = make_run([{"answers": each} for each in answers], **{"rule": load_decision(), **run})
        rows = []
        for record, drawn in zip(read_records(folder), random.random(clips), strict=True):
            value = record.decision.value
            assert value is not None
            odds = np.log(value / (1 - value)) + shift
            yes = {"shifted": drawn < 1 / (1 + np.exp(-odds)), "noise": drawn < 0.5, "one": True}[kind]
            rows.append({"id": record.id, "label": "yes" if yes else "no"})
        labels = tmp_path / "labels.jsonl"
        labels.write_text("".join(json.dumps(row) + "\n" for row in rows))
        return folder, labels

    return make


def test_a_calibration_is_written_told_and_read_by_a_preset(labelled, inside, tmp_path):
    run, labels = labelled()
    done = inside("calibrate", run, "--labels", labels)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("120 labelled clips, ")
    assert [line.split("  ")[0] for line in lines[4:9]] == ["accuracy", "AUC", "Brier", "ECE", "log loss"]
    data = yaml.safe_load((tmp_path / "calibration.yaml").read_text())
    assert data["labels"]["clips"] == 120
    assert data["judge"] == {"name": "test", "fingerprint": "j1"}
    assert data["figures"]["gain"]["log_loss"][1] > 0
    assert data["figures"]["after"]["log_loss"] < data["figures"]["before"]["log_loss"]
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    (folder / "mine.yaml").write_text("calibration: ../calibration.yaml\ndecision: {threshold: 0.6}\n")
    rule = read_preset(folder / "mine.yaml").rule
    assert isinstance(rule, Calibrated)
    assert rule.bias == data["decision"]["bias"] < load_decision().bias
    assert rule.threshold == 0.6


def test_it_is_the_same_to_the_byte(labelled, inside, tmp_path):
    run, labels = labelled()
    for name in ("one.yaml", "two.yaml"):
        assert inside("calibrate", run, "--labels", labels, "-o", name).returncode == 0
    assert (tmp_path / "one.yaml").read_bytes() == (tmp_path / "two.yaml").read_bytes()


@pytest.mark.parametrize(
    ("made", "told"),
    [
        ({"clips": 49}, "labels 49 clips of this run; that is too few to learn from, label at least 50"),
        ({"kind": "one"}, "0 of 120 labels are no; to learn what tells them apart it takes at least 10"),
        ({"kind": "noise"}, "have too little to do with each other"),
        ({"shift": 0.0}, "calibration gains nothing that these labels could show"),
        ({"rule": None}, "was decided by 0.5*mean + 0.5*min, which has no numbers to fit"),
        ({"judged": False}, "decides about no captions"),
    ],
)
def test_labels_that_teach_nothing_are_refused_and_nothing_is_written(made, told, inside, tmp_path, request):
    if "judged" in made:
        run, labels = request.getfixturevalue("make_run")([{}], **made), tmp_path / "labels.jsonl"
        labels.write_text('{"id": "clip0", "label": "yes"}\n')
    else:
        run, labels = request.getfixturevalue("labelled")(**made)
    done = inside("calibrate", run, "--labels", labels)
    assert done.returncode == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "calibration.yaml").exists()


def test_what_was_left_out_is_told(labelled, inside):
    run, labels = labelled()
    labels.write_text(labels.read_text() + '{"id": "who", "label": "yes"}\n{"id": "clip0", "label": null}\n')
    done = inside("calibrate", run, "--labels", labels)
    assert "(left out: 1 label of no clip of the run, the first on line 121; 1 that people could not tell)" in (
        done.stdout
    )


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema": "other"}, "schema"),
        ({"decision": {}}, "decision.bias"),
        ({"decision": {"bias": float("nan")}}, "decision.bias"),
        *[
            ({"decision": {name: value}}, rf"decision\.{name}")
            for name, value in (
                ("bias", 1001.0),
                ("mean_odds", -0.1),
                ("min_log", 1001.0),
                ("floor", 0.0),
                ("floor", 0.5),
            )
        ],
        ({"judge": "embedded"}, "judge"),
        ({"more": 1}, "more"),
    ],
)
def test_a_file_that_is_no_calibration(change, told, labelled, inside, tmp_path):
    run, labels = labelled()
    inside("calibrate", run, "--labels", labels)
    data = yaml.safe_load((tmp_path / "calibration.yaml").read_text())
    numbers = {"decision": data["decision"] | change["decision"]} if change.get("decision") else {}
    (tmp_path / "bad.yaml").write_text(yaml.safe_dump(data | change | numbers))
    (tmp_path / "mine.yaml").write_text("calibration: bad.yaml\n")
    with pytest.raises(InputError, match=rf"bad\.yaml: no calibration: {told}"):
        read_preset(tmp_path / "mine.yaml")


def test_a_calibration_and_weights_exclude_each_other(labelled, inside, tmp_path):
    run, labels = labelled()
    inside("calibrate", run, "--labels", labels)
    (tmp_path / "mine.yaml").write_text("calibration: calibration.yaml\ndecision: {mean: 0.5, min: 0.5}\n")
    with pytest.raises(InputError, match="takes the place of"):
        read_preset(tmp_path / "mine.yaml")
    assert Preset().rule == load_decision()


def test_a_run_is_decided_by_it_and_another_judge_is_refused(labelled, inside, tones, tmp_path):
    manifest = tones(["100 Hz", "999 Hz", "300 Hz"])
    score = ("score", "outputs", "--captions", manifest, "--judge", "tone", "--expander", "tones")
    assert inside(*score, "-o", "plain").returncode == 0
    before = list(read_records(tmp_path / "plain"))
    run, labels = labelled(judge=before[0].judge.fingerprint)
    assert inside("calibrate", run, "--labels", labels).returncode == 0
    (tmp_path / "mine.yaml").write_text("calibration: calibration.yaml\n")
    done = inside(*score, "-o", "ours", "--preset", "mine.yaml")
    assert done.returncode == 0, done.stderr
    after = list(read_records(tmp_path / "ours"))
    rule = read_preset(tmp_path / "mine.yaml").rule
    assert {record.decision.rule for record in after} == {rule.text}
    assert [record.items for record in after] == [record.items for record in before]
    assert [record.decision.value for record in after] != [record.decision.value for record in before]
    assert inside("gate", "ours", "--require", "count >= 1").returncode == 0
    assert inside(*score, "-o", "plain", "--preset", "mine.yaml").returncode == 2

    text = (tmp_path / "calibration.yaml").read_text().replace(before[0].judge.fingerprint, "another")
    (tmp_path / "calibration.yaml").write_text(text)
    done = inside(*score, "-o", "refused", "--preset", "mine.yaml")
    assert done.returncode == 2
    assert "(another), and this is tone" in done.stderr
    assert "audiojudge calibrate" in done.stderr
    assert not (tmp_path / "refused" / "records.jsonl").exists()
