"""`--filter`, `--limit` and `--format jsonl` of `compare`, `rank` and `select`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.commands.test_compare import ALIGN, pairs, tone

PAIRS = (
    ("first", 440, 300, "sound"),
    ("second", 300, 440, "sound"),
    ("third", 440, 440, "music"),
    ("last", 440, 300, "music"),
)


@pytest.fixture
def rows(tmp_path):
    told = []
    for name, a, b, subset in PAIRS:
        for side, hz in (("a", a), ("b", b)):
            tone(tmp_path / f"{name}-{side}.wav", hz)
        row = {"id": name, "audio_a": f"{name}-a.wav", "audio_b": f"{name}-b.wav", "caption": f"440 Hz, {name}"}
        told.append(row | {"subset": subset, "model": name[0]})
    (tmp_path / "pairs.jsonl").write_text("".join(json.dumps(row) + "\n" for row in told))
    (tmp_path / "tone.yaml").write_text("judge: tone\nexpander: tones\nrequire: {errors: 0.5, coverage: 0}\n")
    return tmp_path


def clips(folder: Path) -> set[str]:
    with (folder / "summary.csv").open(encoding="utf-8", newline="") as file:
        return {row["audio"] for row in csv.DictReader(file)}


@pytest.mark.parametrize(
    ("chosen", "names"),
    [
        (("--limit", "1"), ["first"]),
        (("--limit", "9"), ["first", "second", "third", "last"]),
        (("--filter", 'subset == "music"'), ["third", "last"]),
        (("--filter", 'meta.model == "s" or id == "last"'), ["second", "last"]),
        (("--filter", 'subset == "music"', "--limit", "1"), ["third"]),
    ],
)
def test_only_the_chosen_pairs_are_compared_and_only_their_clips_heard(inside, rows, chosen, names):
    done = inside("compare", "pairs.jsonl", *ALIGN, "-o", "run", *chosen)
    assert done.returncode == 0, done.stderr
    assert list(pairs(rows / "run")) == names
    assert clips(rows / "run") == {f"{name}-{side}.wav" for name in names for side in "ab"}


def test_more_of_them_in_the_same_folder_judge_only_what_is_new(inside, rows):
    inside("compare", "pairs.jsonl", *ALIGN, "-o", "run", "--limit", "2")
    done = inside("compare", "pairs.jsonl", *ALIGN[:-1], "-o", "run")
    assert "4 clips kept" in done.stdout
    inside("compare", "pairs.jsonl", *ALIGN, "-o", "whole")
    for name in ("pairs.csv", "records.jsonl", "summary.json"):
        assert (rows / "run" / name).read_bytes() == (rows / "whole" / name).read_bytes()


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ('colour == "red"', "no clip has a column 'colour'"),
        ('subset == "speech"', "none of 4 pairs matches the filter"),
        ("subset ==", "filter"),
    ],
)
def test_a_filter_that_holds_for_nothing_is_told_before_anything_is_judged(inside, rows, asked, told):
    done = inside("compare", "pairs.jsonl", *ALIGN, "-o", "run", "--filter", asked)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (rows / "run").exists()


def test_programs_get_every_pair_as_a_line(inside, rows):
    done = inside("compare", "pairs.jsonl", *ALIGN, "-o", "run", "--format", "jsonl")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["preferred"] for line in lines] == ["a", "b", "tie", "a"]
    for line, row in zip(lines, pairs(rows / "run").values(), strict=True):
        assert list(line) == list(row)
        assert line["margin"] == float(row["margin"])
        assert line["human"] is None


def test_selecting_from_the_first_prompts_and_from_some_clips(inside, rows):
    manifest = [
        {"audio": f"{name}-{side}.wav", "caption": f"440 Hz, {name}", "take": side}
        for name, *_ in PAIRS
        for side in "ab"
    ]
    (rows / "takes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in manifest))
    done = inside("select", "takes.jsonl", *ALIGN, "-o", "run", "--limit", "2", "--format", "jsonl")
    assert [Path(json.loads(line)["audio"]).name for line in done.stdout.splitlines()] == [
        "first-a.wav",
        "second-b.wav",
    ]
    assert done.stdout == (rows / "run" / "selected.jsonl").read_text()
    assert len(clips(rows / "run")) == 4
    done = inside("select", "takes.jsonl", *ALIGN, "-o", "b", "--filter", 'take == "b"', "--format", "jsonl")
    assert [json.loads(line)["take"] for line in done.stdout.splitlines()] == ["b"] * 4
    assert inside("select", "takes.jsonl", *ALIGN, "-o", "c", "--filter", 'take == "c"').returncode == 2
