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


@pytest.fixture
def taught(make_run, tmp_path):
    """Write a run and labels of its items: the judge says too seldom yes to `pitch`, and knows `volume`."""

    def make(*, teach_clips=False, **run):
        random = np.random.default_rng(1)
        answers = random.uniform(0.03, 0.97, (150, 2)).round(4).tolist()
        named = [{"answers": each, "dimensions": ["pitch", "volume"]} for each in answers]
        folder = make_run(named, **{"rule": load_decision(), **run})
        lines = []
        for record in read_records(folder):
            odds = [np.log(p / (1 - p)) for p in (item.p_yes or 0.0 for item in record.items)]
            said = [random.random() < 1 / (1 + np.exp(-x)) for x in (odds[0] + 2.0, odds[1])]
            value = record.decision.value or 0.0
            shift = -2.5 if teach_clips else 0.0
            clip = random.random() < 1 / (1 + np.exp(-np.log(value / (1 - value)) - shift))
            items = [
                {"dimension": item.dimension, "question": item.question, "label": "yes" if yes else "no"}
                for item, yes in zip(record.items, said, strict=True)
            ]
            lines.append(json.dumps({"id": record.id, "label": "yes" if clip else "no", "items": items}) + "\n")
        labels = tmp_path / "labels.jsonl"
        labels.write_text("".join(lines))
        return folder, labels

    return make


@pytest.mark.parametrize("teach_clips", [False, True])
def test_a_curve_is_kept_beside_the_decision_whatever_becomes_of_that(taught, inside, tmp_path, teach_clips):
    run, labels = taught(teach_clips=teach_clips)
    done = inside("calibrate", run, "--labels", labels)
    assert done.returncode == 0, done.stderr
    data = yaml.safe_load((tmp_path / "calibration.yaml").read_text())
    assert list(data["curves"]) == ["pitch"]
    assert data["curves"]["pitch"]["bias"] == pytest.approx(2.0, abs=0.6)
    assert data["curves"]["pitch"]["items"] == 150
    assert data["curves"]["pitch"]["gain"]["log_loss"][1] > 0
    assert (data["fitted"] == "nothing") == (not teach_clips) == (data["decision"]["bias"] == load_decision().bias)
    assert ("after" in data["figures"]) == teach_clips
    assert ("the decision stays as it is" in done.stdout) == (not teach_clips)
    lines = {line.split()[0]: line for line in done.stdout.splitlines() if line.split()[:1] in (["pitch"], ["volume"])}
    assert lines["pitch"].endswith("   kept")
    assert lines["volume"].endswith("no curve: no gain that the labels could show")


def test_runs_by_curves_are_judged_gated_resumed_and_merged_as_others(taught, inside, tones, tmp_path):
    manifest = tones(["100 Hz", "180 Hz", "450 Hz, loud", "loud"])
    score = ("score", "outputs", "--captions", manifest, "--judge", "tone", "--expander", "tones")
    assert inside(*score, "-o", "plain").returncode == 0
    before = list(read_records(tmp_path / "plain"))
    run, labels = taught(judge=before[0].judge.fingerprint)
    assert inside("calibrate", run, "--labels", labels).returncode == 0
    (tmp_path / "mine.yaml").write_text("calibration: calibration.yaml\n")
    ours = (*score, "--preset", "mine.yaml")
    assert inside(*ours, "-o", "ours").returncode == 0
    after = list(read_records(tmp_path / "ours"))
    for old, new in zip(before, after, strict=True):
        for was, item in zip(old.items, new.items, strict=True):
            assert item.judged == was.p_yes
            assert (item.p_yes != was.p_yes) == (item.dimension == "pitch")
            assert (item.evidence, item.source) == (was.evidence, was.source)
        assert new.decision.value == old.decision.value
    assert "items by curves" in after[0].decision.rule
    # What reads records takes them for what they are.
    for command in (("gate", "ours", "--require", "count >= 1"), ("report", "ours"), ("show", "ours", "01")):
        done = inside(*command)
        assert done.returncode == 0, done.stderr
    refused = inside(*ours, "-o", "plain")
    assert refused.returncode == 2
    assert "decided by" in refused.stderr
    for number in (1, 2):
        assert inside(*ours, "--shard", f"{number}/2", "-o", f"part{number}").returncode == 0
    assert inside("merge", "part1", "part2", "-o", "merged").returncode == 0
    for name in ("records.jsonl", "summary.json", "items.csv"):
        assert (tmp_path / "merged" / name).read_bytes() == (tmp_path / "ours" / name).read_bytes()


@pytest.mark.parametrize("curve", [{"slope": 0.0}, {"slope": -1.0}, {"bias": 2000.0}, {"items": 0}, {"more": 1}])
def test_a_file_with_a_curve_that_is_none(curve, taught, inside, tmp_path):
    run, labels = taught()
    inside("calibrate", run, "--labels", labels)
    data = yaml.safe_load((tmp_path / "calibration.yaml").read_text())
    data["curves"]["pitch"] |= curve
    (tmp_path / "bad.yaml").write_text(yaml.safe_dump(data))
    (tmp_path / "mine.yaml").write_text("calibration: bad.yaml\n")
    with pytest.raises(InputError, match=r"no calibration: curves\.pitch\."):
        read_preset(tmp_path / "mine.yaml")


def test_a_run_of_many_given_rubrics_makes_a_small_file(labelled, inside, tmp_path):
    run, labels = labelled()
    lines = [json.loads(line) for line in (run / "records.jsonl").read_text().splitlines()]
    for at, line in enumerate(lines):
        line["expander"] = {"name": "manifest", "fingerprint": f"{at:016x}"}
    (run / "records.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert inside("calibrate", run, "--labels", labels).returncode == 0
    data = yaml.safe_load((tmp_path / "calibration.yaml").read_text())
    assert data["expanders"] == [{"name": "manifest", "fingerprint": "several"}]


def test_the_same_from_python(labelled, taught, inside, tmp_path):
    import audiojudge_cli as aj

    run, labels = taught(teach_clips=True)
    assert inside("calibrate", run, "--labels", labels).returncode == 0
    labels.rename(run / "labels.jsonl")
    assert aj.calibrate(aj.open_run(run)) == yaml.safe_load((tmp_path / "calibration.yaml").read_text())
    assert aj.calibrate(str(run), out=tmp_path / "again.yaml")["fitted"].startswith("bias")
    assert (tmp_path / "again.yaml").read_bytes() == (tmp_path / "calibration.yaml").read_bytes()
    with pytest.raises(aj.InputError, match="cannot write"):
        aj.calibrate(run, out=tmp_path / "nowhere" / "x.yaml")
    with pytest.raises(aj.InputError, match="is a number"):
        aj.calibrate(run, yes_from=float("nan"))
    run, labels = labelled(kind="noise")
    with pytest.raises(aj.InputError, match="too little to do with each other"):
        aj.calibrate(run, labels, out=tmp_path / "none.yaml")
    assert not (tmp_path / "none.yaml").exists()
