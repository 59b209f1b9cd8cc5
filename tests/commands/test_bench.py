"""`audiojudge bench` as a user types it, on tones that the tone judge knows."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile

from audiojudge_cli.text.terminal import width

EXAMPLES = Path(__file__).parents[2] / "examples" / "audio"
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
    voices = sorted(EXAMPLES.glob("*speech*"))[:3]
    rows = [f"{voice},{3 + at},{'AB'[at % 2]}" for at, voice in enumerate(voices)]
    (tmp_path / "mos.csv").write_text("audio,score,system\n" + "\n".join(rows) + "\n")
    done = cli("bench", "mos.csv", "-o", "run")
    assert done.returncode == 0, done.stderr
    data = told(tmp_path / "run")
    (one,) = data["agreement"]
    assert (one["dimension"], one["clips"], data["groups"]) == ("overall", len(voices), [])


@pytest.fixture
def preferred(tones, tmp_path) -> Path:
    """Twelve pairs for six captions: the first clip is right in all but two, and people prefer the first in eight."""
    tones(["unused"] * 12)
    (tmp_path / "tone.yaml").write_text("judge: tone\nexpander: tones\nrequire: {errors: 0.9, coverage: 0}\n")
    rows = []
    for at in range(1, 13):
        sides = [f"outputs/{at:02}.wav", f"outputs/{at % 12 + 1:02}.wav"]
        row: dict[str, Any] = {"id": str(at), "caption": f"{100 * at if at > 2 else 100 * at + 100} Hz", "why": "pitch"}
        row |= {"audio_a": sides[0], "audio_b": sides[1], "preferred": "a" if at % 3 else ("b", "tie")[at // 3 % 2]}
        rows.append(row | {"language_setting": "en2en" if at % 2 else "en2zh", "subset": "sound"})
    path: Path = tmp_path / "pairs.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


BY_ALIGNMENT = ("--by", "alignment", "--preset", "tone.yaml", "-o", "run")


def test_preferences_are_counted_as_in_pairs_csv_in_all_and_by_group(cli, preferred, tmp_path):
    (tmp_path / "outputs" / "07.wav").write_text("no audio")
    done = cli("bench", preferred.name, *BY_ALIGNMENT)
    assert done.returncode == 0, done.stderr
    assert [line for line in done.stdout.splitlines() if width(line) > 80] == []
    with (tmp_path / "run" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        table = {row["id"]: row for row in csv.DictReader(file)}
    given = [json.loads(line) for line in preferred.read_text().splitlines()]
    data = told(tmp_path / "run")
    assert (data["layout"], data["by"], data["groups"], data["clips"]["failed"]) == ("pairs", "alignment", [], 2)
    seen = set()
    for one in data["preferences"]:
        seen.add((one["by"], one["name"]))
        column = {"all": "all", "language": "language_setting", "type": "why"}.get(one["by"], one["by"])
        rows = [table[row["id"]] for row in given if {**row, "all": "all"}[column] == one["name"]]
        compared = [row for row in rows if row["human"] != "tie" and row["preferred"] in {"a", "b", "tie"}]
        right = sum(row["preferred"] == row["human"] for row in compared)
        tied = sum(row["preferred"] == "tie" for row in compared)
        assert (one["pairs"], one["right"], one["tied"]) == (len(compared), right, tied)
        assert one["wrong"] == len(compared) - right - tied
        assert one["human_ties"] == sum(row["human"] == "tie" for row in rows)
        assert one["undecided"] == len(rows) - len(compared) - one["human_ties"]
        value = round((right + tied / 2) / len(compared), 4) if compared else None
        assert one["accuracy"]["value"] == value
    assert seen == {
        *(("all", "all"), ("subset", "sound"), ("language", "en2en"), ("language", "en2zh"), ("type", "pitch")),
        *(("preferred", "a"), ("preferred", "b"), ("preferred", "tie")),
    }
    whole = data["preferences"][0]
    assert all(whole[name] for name in ("right", "wrong", "undecided", "human_ties"))
    assert f"{whole['undecided']} pairs that could not be compared" in done.stdout
    with (tmp_path / "run" / "bench.csv").open(encoding="utf-8", newline="") as file:
        flat = {(row["by"], row["name"], row["figure"]): row["value"] for row in csv.DictReader(file)}
    assert float(flat["all", "all", "pairs"]) == whole["accuracy"]["value"]
    files = {name: (tmp_path / "run" / name).read_bytes() for name in ("bench.json", "bench.csv", "bench.md")}
    again = cli("bench", preferred.name, *BY_ALIGNMENT)
    assert again.stdout == done.stdout
    assert files == {name: (tmp_path / "run" / name).read_bytes() for name in files}


def test_options_about_clips_are_refused_where_rows_are_pairs(cli, preferred, tmp_path):
    done = cli("bench", preferred.name, *BY_ALIGNMENT, "--limit", "4")
    assert done.returncode == 0, done.stderr
    whole = told(tmp_path / "run")["preferences"][0]
    assert whole["pairs"] + whole["human_ties"] == 4
    for option in (("--sample", "2"), ("--filter", "subset == 'sound'")):
        done = cli("bench", preferred.name, *BY_ALIGNMENT, *option)
        assert (done.returncode, "these are pairs; --limit takes the first" in done.stderr) == (2, True)


def test_a_judge_that_hears_two_clips_together_is_asked_so(cli, tmp_path):
    from tests.benchmarking.test_pairs import row, wav, write

    good, bad = ({"bytes": wav(hertz, 0.25), "path": "x.wav"} for hertz in (440, 300))
    rows = [row(0, "A", audioA=good, audioB=bad), row(1, "B", audioA=good, audioB=bad), row(2, "B")]
    rows[2] |= {"audioA": bad, "audioB": good}
    write(tmp_path / "data" / "test-0.parquet", rows)
    done = cli("bench", "data", "--judge", "duel", "--votes", "3", "-o", "run")
    assert done.returncode == 0, done.stderr
    data = told(tmp_path / "run")
    whole = data["preferences"][0]
    assert (data["judge"]["name"], data["by"], whole["right"], whole["wrong"]) == ("duel", "quality", 2, 1)
    assert "judge duel" in done.stdout
    for options, why in (
        (("--judge", "embedded", "--votes", "2"), "--votes is for a judge that hears two clips together"),
        (("--judge", "tone"), "the judge tone cannot hear two clips together; ask --by alignment"),
    ):
        done = cli("bench", "data", *options, "-o", "other")
        assert (done.returncode, why in done.stderr) == (2, True)


def test_options_of_another_layout_are_refused(cli, labelled, tmp_path):
    done = cli("bench", labelled.name, "--judge", "tone", "--votes", "2")
    assert (done.returncode, "--votes is about pairs" in done.stderr) == (2, True)
    (tmp_path / "mos.csv").write_text("audio,score\noutputs/01.wav,3\n")
    done = cli("bench", "mos.csv", "--judge", "tone", "--scale", "quality")
    assert (done.returncode, "no judge is asked; leave --judge out" in done.stderr) == (2, True)


def test_what_was_judged_has_one_hash_in_any_order_and_another_for_other_labels(cli, labelled, tmp_path):
    def cases(name: str) -> str:
        done = cli("bench", labelled.name, "--judge", "tone", "-o", name)
        assert done.returncode == 0, done.stderr
        return str(told(tmp_path / name)["cases"])

    lines = labelled.read_text().splitlines(keepends=True)
    first = cases("first")
    labelled.write_text("".join(reversed(lines)))
    assert cases("turned") == first
    labelled.write_text("".join(lines[1:]))
    fewer = cases("fewer")
    labelled.write_text("".join([lines[0].replace('"label": "yes"', '"label": "no"'), *lines[1:]]))
    assert len({first, fewer, cases("other")}) == 3


@pytest.mark.weights
def test_speechjudge_from_parquet_by_quality(cli, tmp_path):
    from tests.benchmarking.test_pairs import row, wav, write

    good = (EXAMPLES / "speech_librivox_en.flac").read_bytes()
    clean, rate = soundfile.read(EXAMPLES / "speech_librivox_en.flac")
    noisy = clean + np.random.default_rng(0).normal(0, 0.05, len(clean))
    file = io.BytesIO()
    soundfile.write(file, noisy, rate, format="WAV")
    sides: dict[str, Any] = {
        "good": {"bytes": good, "path": "x.wav"},
        "bad": {"bytes": file.getvalue(), "path": "x.wav"},
    }
    rows = [
        row(0, "A", target_text=None, audioA=sides["good"], audioB=sides["bad"]),
        row(1, "B", target_text=None, audioA=sides["bad"], audioB=sides["good"]),
        row(2, "A", target_text=None, audioA=sides["good"], audioB={"bytes": wav(440), "path": None}),
    ]
    write(tmp_path / "data" / "test-00000-of-00001.parquet", rows)
    done = cli("bench", "data", "-o", "run")
    assert done.returncode == 0, done.stderr
    data = told(tmp_path / "run")
    whole = data["preferences"][0]
    assert (whole["right"], whole["wrong"], whole["undecided"]) == (2, 0, 1)
    assert "SpeechJudge-GRM" in done.stdout
    assert "Published by others" in done.stdout
    assert not [path for path in (tmp_path / "run").rglob("*") if path.suffix in {".wav", ".flac"}]


@pytest.mark.weights
def test_the_measured_quality_stands_against_scores_of_any_dimension(cli, tmp_path):
    clean, rate = soundfile.read(EXAMPLES / "speech_librivox_en.flac")
    clean, rows = clean[: 3 * rate], []
    for score, level in enumerate((0.05, 0.02, 0.002), start=1):
        for source in range(2):
            noise = np.random.default_rng(source).normal(0, level, len(clean))
            soundfile.write(tmp_path / f"{score}{source}.wav", clean + noise, rate)
            rows.append(f"{score}{source}.wav,{score},noise,{source},{'AB'[source]}")
    (tmp_path / "ratings.csv").write_text("audio,score,dimension,source_clip,system\n" + "\n".join(rows) + "\n")
    done = cli("bench", "ratings.csv", "--scale", "quality", "-o", "run")
    assert done.returncode == 0, done.stderr
    data = told(tmp_path / "run")
    (one,) = data["agreement"]
    assert (data["by"], one["dimension"], one["clips"], one["rated"]) == ("quality", "noise", 6, 6)
    assert one["human"]["within"] == {"sources": 2, "spearman": {"value": 1.0, "low": None, "high": None}}
    done = cli("bench", "ratings.csv", "-o", "mos")
    assert "no clip has both a rating and a score of people on one dimension" in done.stdout
    # People were asked about the noise, and we were not: unrated, and not passed over.
    (one,) = told(tmp_path / "mos")["agreement"]
    assert (one["dimension"], one["clips"], one["rated"], one["human"]["clips"]["n"]) == ("noise", 6, 0, 0)
    assert re.search(r"noise +not rated +6\b", done.stdout), done.stdout
    assert "noise      clips" not in done.stdout
