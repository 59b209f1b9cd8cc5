"""Rules about what was measured of the files."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.gates import RuleSet, evaluate
from audiojudge_cli.gates.compare import compare
from audiojudge_cli.gates.figures import CLIP_FIGURES, ITEM_FIGURES, Figure, find_figure
from audiojudge_cli.results.quality import FAULTS, VERSION
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.stats.estimators import quantile, ratio

NAMES = list(QUALITY)


def clips(count: int, **figures: Sequence[float | None]) -> list[dict[str, Any]]:
    return [{"caption": "", "quality": {name: values[at] for name, values in figures.items()}} for at in range(count)]


@pytest.mark.parametrize("judged", [True, False])
def test_means_percentiles_and_each(make_run, verdicts, judged):
    rows = clips(5, lufs=[-30.0, -20.0, -18.0, -17.0, None], clipped_pct=[0.0, 0.0, 0.0, 0.5, 0.1])
    run = make_run(rows, judged=judged)
    rules = {
        "quality.lufs >= -21.3": "pass",
        "quality.lufs >= -21.2": "fail",
        "quality.lufs.median >= -20": "pass",
        "quality.lufs >= -30 for each": "pass",
        "quality.lufs > -30 for each": "fail",
        "quality.lufs <= -17 for each": "pass",
        "quality.lufs < -17 for each": "fail",
        "quality.clipped_pct <= 0.12": "pass",
        "quality.clipped_pct <= 0.12 for each": "fail",
        "quality.clipped_pct <= 0.5 for each": "pass",
    }
    assert verdicts(run, *rules) == list(rules.values())


def test_each_names_the_clips_that_break_it(make_run):
    run = make_run(clips(6, clipped_pct=[0, 0.5, 0.5, 0, 0.5, 0.5]), judged=False)
    (ruling,) = evaluate(run, RuleSet.of(["quality.clipped_pct <= 0.1 for each"])).rulings
    assert ruling.value == 0.5
    assert (ruling.low, ruling.high, ruling.p_value) == (None, None, None)
    assert ruling.reason == "6 clips, 4 of them not, such as clip1, clip2, clip4"


def test_faults(make_run, verdicts):
    rows = [{"quality": {}, "faults": faults} for faults in (["clipped", "loop", "loop"], ["loop"], [], [])]
    run = make_run([*rows, {"error": "not-audio"}], judged=False)
    rules = {
        "quality.faults == 3": "pass",
        "quality.faults == 0": "fail",
        "quality.faults.loop <= 2": "pass",
        "quality.faults.clipped == 1": "pass",
        "quality.faults.silent == 0": "pass",
        "quality.fault_rate <= 50%": "pass",
        "quality.fault_rate < 50%": "fail",
        "quality.fault_rate.clipped <= 25%": "pass",
    }
    assert verdicts(run, *rules, max_errors=0.5) == list(rules.values())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("judged", [True, False])
def test_a_figure_that_no_clip_has_is_never_green(make_run, verdicts, name, judged):
    other = "lufs" if name != "lufs" else "snr_db"
    run = make_run(clips(8, **{other: [1.0] * 8}), judged=judged)
    low, high = find_figure(f"quality.{name}", of_items=False).bounds  # type: ignore[union-attr]
    generous = ">= 0.5" if low < 0 else f"< {min(5, 0.9 * high)}"
    rules = [f"quality.{name}{part} {generous}{end}" for part, end in (("", ""), (".p10", ""), ("", " for each"))]
    rules.append(f"quality.{name} {generous} at 95%")
    assert verdicts(run, *rules) == ["not-enough-data"] * 4
    assert evaluate(run, RuleSet.of(rules)).exit_code == 1


def test_faults_that_nobody_looked_for_are_never_green(make_run, verdicts):
    run = make_run([{"answers": [0.9], "subset": "speech"}] * 8)
    rules = ["quality.faults == 0", "quality.faults.loop == 0", "quality.fault_rate <= 0.5"]
    rules += ["quality.faults[subset=music] == 0", "quality.faults[subset=speech] == 0"]
    assert set(verdicts(run, *rules)) == {"not-enough-data"}


@pytest.mark.parametrize("part", ["", "[subset=speech]", "[subset=music]", "[dimension=speech]"])
@pytest.mark.parametrize("name", [name for name in CLIP_FIGURES if Figure(name).is_of_verdicts])
def test_what_is_judged_is_never_green_where_nothing_was(make_run, name, part):
    run = make_run([{"quality": {}, "faults": ["clipped"], "subset": "speech"}] * 8, judged=False)
    if "dimension" in part and name not in ITEM_FIGURES:
        return
    for rule in (
        f"{name}{part} {end}" for end in (("== 0", "<= 7") if "count" in name or name == "faults" else ("< 1",))
    ):
        found = evaluate(run, RuleSet.of([rule]))
        assert [ruling.verdict for ruling in found.rulings] == ["not-enough-data"], rule
        assert "nothing is judged here" in found.rulings[0].reason
        assert ("quality.faults" in found.rulings[0].reason) == (name == "faults" or "dimension" in part)
        assert found.exit_code == 1


@pytest.mark.parametrize("dimension", ["speech", "content"])
def test_items_of_a_run_that_only_measures_are_not_counted(make_run, verdicts, dimension):
    run = make_run([{"quality": {}}] * 8, judged=False)
    assert set(verdicts(run, f"count[dimension={dimension}] == 0", f"faults[dimension={dimension}] == 0")) == {
        "not-enough-data"
    }


@pytest.mark.parametrize("name", [name for name, figure in QUALITY.items() if figure.least is not None])
def test_a_threshold_out_of_the_documented_range_is_no_rule(name):
    figure = QUALITY[name]
    assert figure.least is not None
    for outside in (figure.least - 1, *(() if figure.most is None else (figure.most + 1,))):
        for operator in (">=", "<="):
            with pytest.raises(InputError, match=r"makes no rule|bounded from above"):
                RuleSet.of([f"quality.{name} {operator} {outside:g}"])


def test_ranges_are_those_of_the_page():
    page = (Path(__file__).parents[2] / "docs" / "quality-profile.md").read_text(encoding="utf-8")
    for name, least, most in re.findall(r"^\| `(\w+)` \|[^|]*?(-?\d+) to (-?\d+) \|", page, re.MULTILINE):
        slack = 1.0 if name.startswith("mos") else 0.0  # its polynomial may end a little outside the scale
        assert (QUALITY[name].least, QUALITY[name].most) == (float(least) - slack, float(most) + slack), name


def test_one_clip_is_one_clip(make_run):
    run = make_run(clips(1, lufs=[-20.0]), judged=False)
    rules = ["quality.lufs >= -30", "quality.lufs >= -30 at 95%", "quality.lufs >= -30 for each", "quality.faults == 0"]
    for rule in (*rules, "count >= 1"):
        reason = evaluate(run, RuleSet.of([rule])).rulings[0].reason
        assert not re.search(r"\b1 (clips|items|captions|pairs|faults)\b", reason), reason


def test_a_run_that_only_measures_is_whole_without_scores_and_not_without_measurements(make_run):
    run = make_run(clips(3, lufs=[-20.0] * 3), judged=False)
    result = evaluate(run, RuleSet.of(["quality.lufs >= -23", "error_rate <= 0.1", "count == 3"]))
    assert (result.exit_code, result.shortage, result.scored, result.measured) == (0, None, 0, 3)
    assert result.told == "3 measured"
    failed = make_run([{"error": "not-audio"}] * 3, "failed", judged=False)
    with pytest.raises(NotJudgedError, match="none of the 3 clips was measured"):
        evaluate(failed, RuleSet.of(["count == 3"]))


def test_clips_without_captions_are_independent_of_each_other(make_run, verdicts):
    rows = clips(40, snr_db=[30 + at / 10 for at in range(40)])
    assert verdicts(make_run(rows, judged=False), "quality.snr_db >= 25 at 95%") == ["pass"]


def test_regressions_are_paired_and_have_the_direction_of_the_figure(make_run, verdicts):
    before = clips(30, mos=[4.0 + at / 100 for at in range(30)], wer=[at / 100 for at in range(30)])
    after = clips(30, mos=[3.5 + at / 90 for at in range(30)], wer=[0.1 + at / 90 for at in range(30)])
    old, new = make_run(before, "old", judged=False), make_run(after, "new", judged=False)
    rules = {
        "regression.quality.mos <= 0.2 at 95%": "fail",
        "regression.quality.mos <= 0.6 at 95%": "pass",
        "regression.wer <= 0.05 at 95%": "fail",
        "regression.wer <= 0.2 at 95%": "pass",
        "regression.wer.p90 <= 0.05": "fail",
        "regression.wer.p90 <= 0.5": "pass",
    }
    assert verdicts(new, *rules, baseline=old) == list(rules.values())
    better = dict.fromkeys(rules, "pass")
    assert verdicts(old, *better, baseline=new) == list(better.values())


def test_a_run_that_measures_does_not_compare_with_one_that_judges(make_run):
    old, new = make_run(clips(3, lufs=[-20.0] * 3), "old"), make_run(clips(3, lufs=[-20.0] * 3), "new", judged=False)
    with pytest.raises(InputError, match="another judge"):
        evaluate(new, RuleSet.of(["regression.quality.snr_db <= 1"]), old)


@given(
    st.lists(st.floats(-60, 60), min_size=3, max_size=12),
    st.sampled_from([(-math.inf, math.inf), (-70.0, 70.0)]),
    st.sampled_from([0.5, 0.1, 0.9]),
)
def test_intervals_of_any_figure_hold_its_value(values, bounds, level):
    units, clusters = np.array(values), np.arange(len(values))
    for found in (
        ratio(units, np.ones(len(values)), clusters, bounds=bounds, resamples=200),
        quantile(units, clusters, level, bounds=bounds, resamples=200),
    ):
        low, high = found.interval() or (0.0, 0.0)
        assert found.value is not None
        assert bounds[0] <= low <= found.value + 1e-9
        assert found.value - 1e-9 <= high <= bounds[1]


def test_every_fault_has_a_rule():
    for fault in FAULTS:
        assert not isinstance(find_figure(f"quality.faults.{fault}", of_items=False), str)


def test_what_another_version_measured_does_not_compare(make_run, verdicts):
    rows = clips(8, snr_db=[30.0 + at for at in range(8)])
    new = make_run(rows, "new", judged=False)
    old = make_run([{**row, "version": VERSION - 1} for row in rows], "old", judged=False)
    with pytest.raises(InputError, match="measured otherwise in the baseline"):
        evaluate(new, RuleSet.of(["regression.quality.snr_db <= 1"]), old)
    assert verdicts(new, "regression.error_rate <= 0.1", "quality.snr_db >= 20", baseline=old) == ["pass", "pass"]
    found = compare(old, new)
    assert not any(change.kind == "quality" for change in found.changes)
    assert any("not compared" in note for note in found.notes)
