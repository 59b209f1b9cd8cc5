"""What rules on regression say about two prepared runs, paired clip by clip."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest

from audiojudge_cli.gates import RuleSet, evaluate


def rows(scores: Any, **fields: Any) -> list[dict[str, Any]]:
    return [{"answers": [score], **fields} for score in scores]


GOOD = rows([0.9] * 10)


def test_a_drop_is_paired_by_clip(make_run, verdicts):
    """The spread between clips is large, the drop of each is small and even: only pairing sees it."""
    base = np.random.default_rng(4).uniform(0.2, 0.9, 60).round(4)
    noise = np.random.default_rng(6).normal(0, 0.01, 60)
    old, new = make_run(rows(base), "old"), make_run(rows((base - 0.03 + noise).clip(0, 1)), "new")
    told = verdicts(
        *(new, "regression.score.mean <= 0.02 at 95%", "regression.score.mean <= 0.04 at 95%"),
        *("regression.score.mean <= 0.03 at 95%", "regression.score.mean <= 0.02"),
        baseline=old,
    )
    assert told == ["fail", "pass", "not-enough-data", "fail"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("regression.score.mean <= 0.02", 0.1),
        ("regression.score.median <= 0.02", 0.1),
        ("regression.score.p10 <= 0.02", 0.1),
        ("regression.pass_rate <= 0.02", 0.25),
        ("regression.match_rate <= 0.02", 0.25),
        ("regression.coverage <= 0.02", 0.0),
        ("regression.error_rate <= 0.02", 0.0),
        ("regression.score.mean[subset=music] <= 0.02", 0.1),
        ("regression.score.mean[model=v2] <= 0.02", 0.1),
        ("regression.dimension.event.mean <= 0.02", 0.1),
        ("regression.dimension.event.yes_rate <= 0.02", 0.25),
    ],
)
def test_regression_of_every_figure(make_run, text, value):
    before, after = [0.9, 0.85, 0.5, 0.4], [0.8, 0.75, 0.4, 0.3]
    old = make_run(rows(before, subset="music", metadata={"model": "v1"}), "old")
    new = make_run(rows(after, subset="music", metadata={"model": "v2"}), "new")
    (ruling,) = evaluate(new, RuleSet.of([text]), old).rulings
    assert ruling.value == pytest.approx(value)
    assert ruling.verdict == ("pass" if value <= 0.02 else "fail")


def test_more_errors_are_a_regression(make_run):
    old = make_run(rows([0.9] * 20), "old")
    new = make_run([*rows([0.9] * 19), {"error": "truncated"}], "new")
    (ruling,) = evaluate(new, RuleSet.of(["regression.error_rate <= 0.01"]), old).rulings
    assert ruling.value == pytest.approx(0.05)
    assert ruling.verdict == "fail"


@pytest.mark.parametrize(
    "new",
    [
        rows([0.9] * 8),  # the two worst clips are gone
        [*rows([0.9] * 8), {"error": "truncated"}, {"answers": [None]}],  # or broke
        [{**row, "id": f"other{n}"} for n, row in enumerate(GOOD)],  # no clip in common
        [{**row, "caption": f"Another {n}."} for n, row in enumerate(GOOD)],  # same ids, other captions
        [{**row, "questions": ["Is anything heard?"]} for row in GOOD],  # same expander, other rubric
    ],
)
def test_a_regression_over_survivors_is_not_enough_data(make_run, new, verdicts):
    old = make_run(GOOD, "old")
    assert verdicts(
        *(make_run(new, "new"), "regression.score.mean <= 0.5", "regression.score.mean <= 0.5 at 95%"),
        baseline=old,
        max_errors=0.5,
    ) == ["not-enough-data", "not-enough-data"]


def test_clips_that_broke_do_not_drop_out_of_a_selection(make_run, verdicts):
    """A clip that failed has no subset of its own any more; it still counts among those that the baseline had."""
    old = make_run(rows([0.9] * 10, subset="speech"), "old")
    new = make_run([*rows([0.9] * 8, subset="speech"), {"error": "empty"}, {"error": "empty"}], "new")
    rule = "regression.score.mean[subset=speech] <= 0.5"
    assert verdicts(new, rule, baseline=old, max_errors=0.5) == ["not-enough-data"]


def test_a_share_without_a_single_regression_needs_enough_pairs(make_run, verdicts):
    """None of 50 clips flipped: a regression of 2 % would still go unseen in one case of three."""
    rule = "regression.match_rate <= 0.02 at 95%"
    few = [make_run(rows([0.9] * 50), name) for name in ("few", "few_old")]
    many = [make_run(rows([0.9] * 250), name) for name in ("many", "many_old")]
    assert verdicts(few[0], rule, baseline=few[1]) == ["not-enough-data"]
    assert verdicts(many[0], rule, baseline=many[1]) == ["pass"]


def test_the_very_same_audio_is_noted(make_run):
    clips = [{**row, "sha": "same"} for row in GOOD]
    result = evaluate(make_run(clips, "new"), RuleSet.of(["regression.match_rate <= 0.02"]), make_run(clips, "old"))
    assert result.exit_code == 0
    assert any("very same audio" in note for note in result.notes)


def test_a_copy_of_the_run_under_another_name_compares(make_run, tmp_path):
    folder = make_run(GOOD)
    shutil.copytree(folder, tmp_path / "copy")
    assert evaluate(folder, RuleSet.of(["regression.score.mean <= 0.01"]), tmp_path / "copy").passed
