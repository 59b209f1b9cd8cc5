"""Runs that rate, everywhere that scores and decisions stand in other runs."""

from __future__ import annotations

import csv
import io
import json
import sys

import numpy as np
import pytest

from audiojudge_cli.api.opened import open_run
from audiojudge_cli.gates import evaluate
from audiojudge_cli.gates.compare import compare
from audiojudge_cli.gates.rules import RuleSet
from audiojudge_cli.gates.table import read_table
from audiojudge_cli.reports.diff_lines import diff_lines
from audiojudge_cli.reports.gather import gather
from audiojudge_cli.reports.html.payload import Limits, clip_data
from audiojudge_cli.reports.html.sources import AudioFinder
from audiojudge_cli.reports.run_markdown import run_markdown
from audiojudge_cli.results.terminal import Screen

OF_CAPTIONS = ("match", "score", "Worst clips", "By subset", "caption", "turned from yes")


@pytest.fixture
def rated(make_run):
    """Make a run that rates: noise and warmth of each clip, as places on their scales."""

    def make(places, name="run", **row):
        rows = [
            {"id": f"c{at}", "caption": "", "answers": list(both), "dimensions": ["noise", "warmth"], **row}
            for at, both in enumerate(places)
        ]
        return make_run(rows, name, rated=True)

    return make


PLACES = [(0.1 * at, None if at == 3 else 0.8) for at in range(10)]


def test_markdown_tells_ratings_on_their_scales_and_nothing_that_matches(rated):
    text = run_markdown(gather(rated(PLACES), None, clips=10))
    assert "| noise | 10 | 10 | 2.80 |" in text
    assert "| warmth | 10 | 9 | 4.20 |" in text
    assert "| `c0` | noise **1.00**, warmth **4.20** |" in text
    assert "| `c3` | noise **2.20** |" in text
    for word in OF_CAPTIONS:
        assert word not in text, word


def test_a_baseline_tells_what_ratings_were(rated):
    old = rated([(noise, warmth and 0.4) for noise, warmth in PLACES], "old")
    run = gather(rated(PLACES), old, clips=10)
    text = run_markdown(run)
    assert "| `c0` | noise **1.00**, warmth **4.20** (was 2.60) |" in text
    assert "| dimension warmth | 0.400 | 0.800 | **+0.400** |" in text
    for word in ("match", "turned from yes", "subset"):
        assert word not in text, word
    clips, _ = clip_data(run, AudioFinder(run.folder, run.info, None), run.folder / "report.html", Limits())
    assert clips[0]["ratings"] == [["noise", 1.0, 0.25, None, 1.0], ["warmth", 4.2, 0.25, None, 2.6]]


def test_a_difference_is_about_dimensions_and_no_item_turns(rated):
    old, new = rated([(0.9, 0.9)] * 8, "old"), rated([(0.1, 0.9)] * 8)
    found = compare(old, new)
    kinds = {change.kind: [one.name for one in found.changes if one.kind == change.kind] for change in found.changes}
    assert kinds == {"overall": ["coverage", "error_rate"], "dimension": ["noise", "warmth"]}
    assert (found.flipped, found.regained, found.flips) == (0, 0, ())
    told = "\n".join(diff_lines(found, Screen(100)))
    assert "ratings are places on their scales" in told
    for word in ("match", "turned", "subset"):
        assert word not in told, word


def test_clips_without_captions_are_independent_of_each_other_and_those_of_one_caption_are_not(rated):
    rng = np.random.default_rng(4)
    run = rated([(float(place), 0.5) for place in rng.uniform(0.5, 0.9, 20).round(3)])
    assert len(set(read_table(run).captions.tolist())) == 20
    sure = evaluate(run, RuleSet.of(["dimension.noise.mean >= 0.4 at 95%"]))
    assert sure.passed, sure
    assert sure.rulings[0].captions == 20
    shared = rated([(float(place), 0.5) for place in rng.uniform(0.5, 0.9, 20)], "shared", caption="A dog.")
    assert not evaluate(shared, RuleSet.of(["dimension.noise.mean >= 0.4 at 95%"])).passed


def test_lists_for_programs_have_no_columns_of_captions(rated, monkeypatch, capsys):
    from audiojudge_cli.app import main

    run = rated(PLACES[:2])
    told = {}
    for layout in ("csv", "jsonl"):
        monkeypatch.setattr(sys, "argv", ["audiojudge", "show", str(run), "--format", layout])
        assert main() == 0
        told[layout] = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(told["csv"])))
    lines = [json.loads(line) for line in told["jsonl"].splitlines()]
    assert [row["ratings"] for row in rows] == ["noise 1.00, warmth 4.20", "noise 1.40, warmth 4.20"]
    for row in (*rows, *lines):
        assert not set(row) & {"score", "match", "decision_value", "missed"}
        assert {"id", "audio", "status", "coverage", "error", "ratings"} <= set(row)


def test_in_python_a_run_says_ratings(rated):
    run = open_run(rated(PLACES))
    assert "19 of 20 ratings given, noise 2.80, warmth 4.20" in repr(run)
    page = run._repr_html_()
    assert "noise 1.00, warmth 4.20" in page
    for word in ("match", "score 0", "p_yes</th><td>0"):
        assert word not in repr(run) + page, word
