"""Labels with a miscalibration that is known are learned from; labels that say nothing are not."""

from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.calibration.fit import Cases, cases_of, cross_validated, fit, logits_of
from audiojudge_cli.results.rule import Calibrated, read_rule

BASE = Calibrated(0.5, 0.85, 0.8, 0.7)


def cases(clips: int, seed: int, *, shift: float = 0.0, slope: float = 1.0, noise: bool = False) -> Cases:
    """Return clips whose labels follow from the decision's log odds as given; half of them share audio or caption."""
    random = np.random.default_rng(seed)
    answers = [random.beta(0.8, 0.5, size=random.integers(1, 5)).clip(0.01, 0.99).tolist() for _ in range(clips)]
    names = [f"a{at // 2}" for at in range(clips)]
    told = [f"c{at % (clips // 2)}" for at in range(clips)]
    drawn = cases_of(answers, [True] * clips, names, told, floor=BASE.floor)
    odds = shift + slope * logits_of(BASE, drawn)
    chance = np.full(clips, 0.5) if noise else 1 / (1 + np.exp(-odds))
    truth = random.random(clips) < chance
    return cases_of(answers, truth.tolist(), names, told, floor=BASE.floor)


@pytest.mark.parametrize(("shift", "slope"), [(1.5, 1.0), (-1.5, 0.7), (0.0, 0.4), (1.0, 1.6)])
def test_a_known_miscalibration_is_recovered(shift: float, slope: float) -> None:
    found = cases(400, 1, shift=shift, slope=slope)
    rule, _ = fit(BASE, found)
    fresh = cases(4000, 2, shift=shift, slope=slope)
    wanted, got = shift + slope * logits_of(BASE, fresh), logits_of(rule, fresh)
    off = np.abs(1 / (1 + np.exp(-wanted)) - 1 / (1 + np.exp(-got))).mean()
    was = np.abs(1 / (1 + np.exp(-wanted)) - 1 / (1 + np.exp(-logits_of(BASE, fresh)))).mean()
    assert off < 0.06
    assert off < was / 2
    outcome = cross_validated(BASE, found)
    assert outcome.gains["log_loss"].low > 0
    assert outcome.over_share.low > 0
    assert outcome.after.ece < outcome.before.ece


@pytest.mark.parametrize("clips", [60, 300])
def test_few_labels_move_bias_and_slope_alone_and_many_all_numbers(clips: int) -> None:
    rule, fitted = fit(BASE, cases(clips, 3, shift=1.0))
    ratios = {round(getattr(rule, name) / getattr(BASE, name), 2) for name in ("mean_odds", "min_log", "count_log")}
    assert (fitted, len(ratios) == 1) == (("bias and slope", True) if clips == 60 else ("bias and weights", False))
    assert min(rule.mean_odds, rule.min_log, rule.count_log) >= 0


@pytest.mark.parametrize("clips", [60, 150, 400])
def test_labels_of_chance_never_seem_to_teach(clips: int) -> None:
    seeming = sum(cross_validated(BASE, cases(clips, seed, noise=True)).over_share.low > 0 for seed in range(10))
    assert seeming == 0


@pytest.mark.parametrize("clips", [60, 150, 400])
def test_a_decision_that_is_calibrated_already_seldom_seems_to_gain(clips: int) -> None:
    gaining = sum(cross_validated(BASE, cases(clips, seed)).gains["log_loss"].low > 0 for seed in range(20))
    assert gaining <= 2


def test_labels_the_wrong_way_round_never_turn_the_decision_round() -> None:
    outcome = cross_validated(BASE, cases(300, 5, slope=-1.0))
    assert outcome.over_share.low <= 0
    assert min(outcome.rule.mean_odds, outcome.rule.min_log, outcome.rule.count_log) >= 0


def test_labels_that_the_judge_tells_without_error_do_not_make_it_certain() -> None:
    answers = [[0.9]] * 30 + [[0.1]] * 30
    names = [str(at) for at in range(60)]
    rule, _ = fit(BASE, cases_of(answers, [True] * 30 + [False] * 30, names, names, floor=BASE.floor))
    for p, good in ((0.9, True), (0.1, False)):
        value = rule.decide([p]).value
        assert value is not None
        assert 0.5 < (value if good else 1 - value) < 0.995


def test_all_labels_of_one_audio_file_show_no_gain() -> None:
    found = cases(100, 1, shift=2.0)
    one = Cases(found.looks, found.truth, ["a"] * 100, found.captions)
    assert cross_validated(BASE, one).gains["log_loss"].low == -np.inf


@pytest.mark.parametrize("seed", range(5))
def test_a_record_names_the_fitted_rule_without_loss(seed: int) -> None:
    rule, _ = fit(BASE, cases(200, seed, shift=float(seed) - 2, slope=0.3 + seed / 3))
    assert read_rule(rule.text, rule.threshold) == rule


def test_the_order_of_the_bootstrap_and_folds_is_always_the_same() -> None:
    assert cross_validated(BASE, cases(120, 7)) == cross_validated(BASE, cases(120, 7))
