"""`audiojudge bench` as a user types it, on tones that the tone judge knows."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from audiojudge_cli.text.terminal import width

SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "schemas" / "bench.schema.json").read_text("utf-8"))


@pytest.fixture
def labelled(tones, tmp_path) -> Path:
    """Twelve tones, each with its own frequency, and with one that is off by ever more."""
    tones(["unused"] * 12)
    rows = []
    for at in range(1, 13):
        for label, hertz in (("yes", 100 * at), ("no", 100 * at + 15 * at * (at % 7))):
            basis = f"{hertz} Hz"
            item = {"dimension": "event", "question": f"Is it {basis}?", "basis": basis, "answer": label}
            row: dict[str, Any] = {
                "uuid": f"{at}-{label}",
                "audio": f"outputs/{at:02}.wav",
                "caption": f"{basis}, loud",
            }
            row |= {"label": label, "type": "pos" if label == "yes" else "neg_swap", "rubric": [item]}
            rows.append(row | {"subset": "sound" if at % 2 else "speech_gen"})
    path: Path = tmp_path / "manifest.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def told(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "bench.json").read_text("utf-8"))
    jsonschema.validate(data, SCHEMA)
    return data


def test_the_figures_are_those_of_scikit_learn_over_the_records(cli, labelled, tmp_path):
    metrics = pytest.importorskip("sklearn.metrics")
    done = cli("bench", labelled.name, "--judge", "tone", "-o", "run")
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if width(line) > 80] == []
    records = [json.loads(line) for line in (tmp_path / "run" / "records.jsonl").read_text().splitlines()]
    truth = [record["metadata"]["label"] == "yes" for record in records]
    values = [record["decision"]["value"] for record in records]
    said = [record["decision"]["match"] for record in records]
    data = told(tmp_path / "run")
    whole = {name: one["value"] for name, one in data["groups"][0]["figures"].items()}
    assert whole["accuracy"] == round(metrics.accuracy_score(truth, said), 4)
    assert whole["f1"] == round(metrics.f1_score(truth, said), 4)
    assert whole["auc"] == round(metrics.roc_auc_score(truth, values), 4)
    assert whole["brier"] == round(metrics.brier_score_loss(truth, values), 4)
    assert whole["coverage"] == 1
    assert 0.5 < whole["auc"] < 1
    assert {(one["by"], one["name"]) for one in data["groups"]} >= {
        ("subset", "sound"),
        ("subset", "speech_gen"),
        ("negative", "neg_swap"),
        ("items", "up to 3"),
    }
    assert [(one["dimension"], one["n"], one["yes"]) for one in data["items"]] == [("all", 24, 12), ("event", 24, 12)]
    assert data["published"] is None
    with (tmp_path / "run" / "bench.csv").open(encoding="utf-8", newline="") as file:
        flat = {(row["by"], row["name"], row["figure"]): row["value"] for row in csv.DictReader(file)}
    assert float(flat["all", "all", "auc"]) == whole["auc"]


def test_another_order_or_another_call_gives_the_same_bytes_and_judges_nothing_again(cli, labelled, tmp_path):
    first = cli("bench", labelled.name, "--judge", "tone", "-o", "run")
    files = {name: (tmp_path / "run" / name).read_bytes() for name in ("bench.json", "bench.csv", "bench.md")}
    again = cli("bench", labelled.name, "--judge", "tone", "-o", "run")
    assert "24 clips kept" in again.stderr
    assert "judged (" not in again.stderr
    assert again.stdout == first.stdout
    assert files == {name: (tmp_path / "run" / name).read_bytes() for name in files}
    labelled.write_text("".join(reversed(labelled.read_text().splitlines(keepends=True))))
    cli("bench", labelled.name, "--judge", "tone", "-o", "turned", "--workers", "2")
    assert told(tmp_path / "turned") == told(tmp_path / "run")


def test_own_rubrics_have_no_gold_answers(cli, labelled, tmp_path):
    done = cli("bench", labelled.name, "--judge", "tone", "--rubrics", "own", "-o", "run", "--format", "json")
    data = told(tmp_path / "run")
    assert json.loads(done.stdout) == data
    assert (data["rubrics"], data["items"], data["clips"]["expanded"]) == ("own", [], 24)


def test_failed_clips_are_in_no_figure_and_counted(cli, labelled, tmp_path):
    (tmp_path / "outputs" / "01.wav").write_text("no audio")
    done = cli("bench", labelled.name, "--judge", "tone", "-o", "run", "--max-errors", "10", "--format", "markdown")
    data = told(tmp_path / "run")
    assert (data["clips"]["failed"], data["groups"][0]["clips"]) == (2, 22)
    assert "2 clips failed and in no figure" in done.stdout
    assert done.stdout == (tmp_path / "run" / "bench.md").read_text("utf-8")


def test_a_row_that_does_not_fit_ends_it_before_anything_is_judged(cli, labelled, tmp_path):
    with labelled.open("a") as file:
        file.write('{"uuid": "x", "audio": "outputs/01.wav", "caption": "100 Hz", "label": "unsure"}\n')
    done = cli("bench", labelled.name, "--judge", "tone", "-o", "run")
    assert done.returncode == 2
    assert "manifest.jsonl:25: column 'label' is 'unsure'" in done.stderr
    assert not (tmp_path / "run").exists()


@pytest.mark.weights
def test_scores_of_listeners_are_told_by_clip_and_system(cli, tmp_path):
    examples = Path(__file__).parents[2] / "examples" / "audio"
    voices = sorted(examples.glob("*speech*"))[:3]
    rows = [f"{voice},{3 + at},{'AB'[at % 2]}" for at, voice in enumerate(voices)]
    (tmp_path / "mos.csv").write_text("audio,score,system\n" + "\n".join(rows) + "\n")
    done = cli("bench", "mos.csv", "-o", "run")
    assert done.returncode == 0, done.stderr
    data = told(tmp_path / "run")
    (one,) = data["agreement"]
    assert (one["dimension"], one["clips"], data["groups"]) == ("overall", len(voices), [])
