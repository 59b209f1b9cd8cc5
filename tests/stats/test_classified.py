from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.stats.classified import FIGURES, Cases, Figure, best_threshold, figures, points
from audiojudge_cli.stats.probability import calibration_error, reliability


def made(seed: int, n: int, unknown: float = 0.0) -> Cases:
    random = np.random.default_rng(seed)
    truth = random.random(n) < 0.5
    near = np.clip(0.5 + 0.25 * (truth - 0.5) + random.normal(0, 0.3, n), 0, 1)
    values = np.round(near, 1).astype(np.float64)
    values[random.random(n) < unknown] = np.nan
    with np.errstate(invalid="ignore"):
        said = values >= 0.5
    return Cases(values, said, truth, random.integers(0, max(1, n // 2), n), np.ones(n, int), np.full(n, 2))


@pytest.mark.parametrize("seed", range(4))
def test_every_figure_is_that_of_scikit_learn(seed):
    metrics = pytest.importorskip("sklearn.metrics")
    cases = made(seed, 80)
    found = {name: one.value for name, one in figures(cases).items()}
    assert found["accuracy"] == pytest.approx(metrics.accuracy_score(cases.truth, cases.said))
    assert found["sensitivity"] == pytest.approx(metrics.recall_score(cases.truth, cases.said))
    assert found["specificity"] == pytest.approx(metrics.recall_score(~cases.truth, ~cases.said))
    assert found["f1"] == pytest.approx(metrics.f1_score(cases.truth, cases.said))
    assert found["auc"] == pytest.approx(metrics.roc_auc_score(cases.truth, cases.values))
    assert found["brier"] == pytest.approx(metrics.brier_score_loss(cases.truth, cases.values))
    assert found["ece"] == pytest.approx(calibration_error(cases.values, cases.truth))
    assert found["coverage"] == 0.5


def share(hits: Sequence[float]) -> float | None:
    return sum(hits) / len(hits) if hits else None


@given(st.integers(0, 10**6), st.integers(0, 30), st.sampled_from([0.0, 0.3]))
@settings(max_examples=25, deadline=None)
def test_every_figure_is_that_of_its_definition_counted_case_by_case(seed, n, unknown):
    cases = made(seed, n, unknown)
    rows = list(zip(*(one.tolist() for one in (cases.values, cases.said, cases.truth, cases.clusters)), strict=True))
    known = [(value, true, cluster) for value, _, true, cluster in rows if value == value]  # noqa: PLR0124 - not NaN
    versus = [(value, other, one == two) for value, true, one in known if true for other, no, two in known if not no]
    wins = [(1.0 if value > other else 0.5 if value == other else 0.0, same) for value, other, same in versus]
    bins = [[(value, true) for value, true, _ in known if min(int(value * 10), 9) == at] for at in range(10)]
    gaps = [abs(sum(value for value, _ in one) - sum(true for _, true in one)) for one in bins]
    hits = sum(said and true for _, said, true, _ in rows)
    either = sum(said for _, said, _, _ in rows) + sum(true for _, _, true, _ in rows)
    wanted = {
        "accuracy": share([said == true for _, said, true, _ in rows]),
        "sensitivity": share([said for _, said, true, _ in rows if true]),
        "specificity": share([not said for _, said, true, _ in rows if not true]),
        "f1": 2 * hits / either if either else None,
        "auc": sum(won for won, _ in wins) / len(wins) if wins else None,
        "pairs": share([won for won, same in wins if same]),
        "coverage": 0.5 if rows else None,
        "ece": sum(gaps) / len(known) if known else None,
        "brier": sum((value - true) ** 2 for value, true, _ in known) / len(known) if known else None,
    }
    found = points(cases)
    assert found.keys() == wanted.keys()
    for name, value in wanted.items():
        assert found[name] == (None if value is None else pytest.approx(value, abs=1e-12)), name


@given(st.integers(0, 10**6), st.integers(0, 14), st.sampled_from([0.0, 0.3, 1.0]))
@settings(max_examples=12, deadline=None)
def test_no_figure_and_no_interval_leaves_its_range_and_the_order_says_nothing(seed, n, unknown):
    cases = made(seed, n, unknown)
    found = figures(cases)
    assert tuple(found) == FIGURES
    for one in found.values():
        assert one.value is None or 0 <= one.value <= 1
        assert (one.low is None) == (one.high is None)
        if one.low is not None and one.high is not None:
            assert 0 <= one.low <= one.high <= 1
    turned = cases.only(np.arange(len(cases))[::-1])
    assert {name: one.value for name, one in figures(turned).items()} == pytest.approx(
        {name: one.value for name, one in found.items()}, nan_ok=True
    )


def test_one_class_alone_has_no_auc_and_no_figure_of_the_other():
    found = figures(Cases(np.array([0.9, 0.2]), np.array([True, False]), np.array([True, True]), np.array([0, 1])))
    assert found["auc"].value is found["specificity"].value is found["pairs"].value is None
    assert found["sensitivity"].value == 0.5


def test_what_nobody_verified_counts_as_refused_and_has_no_rank():
    cases = Cases(np.array([np.nan, 0.2]), np.array([False, False]), np.array([True, False]), np.array([0, 0]))
    found = figures(cases)
    assert (found["accuracy"].value, found["accuracy"].n) == (0.5, 2)
    assert (found["auc"].value, found["auc"].n, found["pairs"].n) == (None, 1, 0)


def test_pairs_are_of_one_cluster_and_ties_count_half():
    values, truth = np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, True])
    found = figures(Cases(values, values >= 0.5, truth, np.array([0, 0, 0, 1])))
    assert (found["pairs"].value, found["pairs"].n) == (0.75, 2)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("n", [4, 12, 60])
def test_where_all_cases_agree_no_share_is_sure(n, turned):
    """All right, or all wrong: the interval is the exact binomial one, over the clusters that the figure rests on."""
    truth = np.arange(n) % 2 == 0
    values = np.where(truth != turned, 0.9, 0.1)
    found = figures(Cases(values, values >= 0.5, truth, np.arange(n), np.full(n, int(not turned)), np.ones(n, int)))
    reach = {"sensitivity": n // 2, "specificity": n // 2, "auc": n // 2}
    for name in ("accuracy", "sensitivity", "specificity", "f1", "auc", "coverage"):
        one, width = found[name], 1 - 0.025 ** (1 / reach.get(name, n))
        assert one.value == float(not turned)
        ends = (0.0, width) if turned else (1 - width, 1.0)
        assert [one.low, one.high] == pytest.approx(ends), name


def test_all_right_is_not_surely_always_right():
    found = figures(Cases(np.ones(5), np.ones(5, bool), np.ones(5, bool), np.arange(5)))["accuracy"]
    assert found.value == found.high == 1
    assert found.low == pytest.approx(0.025 ** (1 / 5))


def reach(one: Figure) -> float:
    assert one.low is not None
    assert one.high is not None
    return one.high - one.low


def test_an_interval_rests_on_what_its_figure_does():
    truth = np.array([True, False, True, False, *[True] * 40])
    values = truth * 1.0
    found = figures(Cases(values, truth, truth, np.array([0, 0, 1, 1, *range(2, 42)])))
    assert found["pairs"].low == pytest.approx(0.025 ** (1 / 2))
    assert found["accuracy"].low == pytest.approx(0.025 ** (1 / 42))


def test_intervals_draw_clusters_not_cases():
    truth = np.tile([True, False], 30)
    said = np.repeat(np.random.default_rng(1).random(20) < 0.7, 3) == truth
    alone = figures(Cases(said * 1.0, said, truth, np.arange(60)))["accuracy"]
    together = figures(Cases(said * 1.0, said, truth, np.repeat(np.arange(20), 3)))["accuracy"]
    assert reach(together) > reach(alone)


def test_the_threshold_with_the_best_accuracy_the_nearest_to_the_middle():
    values, truth = np.array([0.1, 0.6, 0.7, 0.9, np.nan]), np.array([False, False, True, True, False])
    assert best_threshold(values, truth) == pytest.approx(0.65)
    assert best_threshold(values, np.zeros(5, bool)) > 0.9
    assert best_threshold(np.array([0.2, 0.8]), np.array([False, True])) == 0.5


def test_the_reliability_curve_has_every_case_once():
    curve = reliability(np.array([0.0, 0.05, 0.95, 1.0]), np.array([False, True, True, True]))
    assert curve[0] == (2, 0.025, 0.5)
    assert curve[-1] == (2, 0.975, 1.0)
    assert sum(n for n, _, _ in curve) == 4
