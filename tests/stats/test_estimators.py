from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.stats.estimate import Estimate
from audiojudge_cli.stats.estimators import quantile, quantile_drop, ratio
from audiojudge_cli.stats.resample import resamples_for

ONES = np.ones


def ends(found: Estimate, level: float = 0.95) -> tuple[float, float]:
    interval = found.interval(level)
    assert interval is not None
    return interval


def test_nothing_and_one_cluster() -> None:
    nothing = ratio(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64))
    assert (nothing.value, nothing.interval(), nothing.p_not_above(0), nothing.error) == (None, None, 1.0, None)
    one = ratio(np.array([0.2, 0.4]), ONES(2), np.array([7, 7]))
    assert one.value == pytest.approx(0.3)
    assert (one.interval(), one.p_not_below(0.9)) == (None, 1.0)
    assert quantile(np.empty(0), np.empty(0, dtype=np.int64), 0.5).value is None
    assert quantile_drop(np.empty(0), np.empty(0), np.empty(0, dtype=np.int64), 0.5).value is None


def test_close_to_students_t_for_a_mean() -> None:
    from scipy import stats

    values = np.random.default_rng(1).normal(0.6, 0.1, 80)
    found = ratio(values, ONES(80), np.arange(80))
    low, high = stats.t.interval(0.95, 79, values.mean(), values.std(ddof=1) / math.sqrt(80))
    assert ends(found) == pytest.approx((low, high), abs=0.002)
    test = stats.ttest_1samp(values, 0.58, alternative="greater")
    assert found.p_not_above(0.58) == pytest.approx(test.pvalue, abs=0.01)
    assert found.p_not_below(0.58) == pytest.approx(1 - test.pvalue, abs=0.01)


def test_a_ratio_weighs_by_size_and_clusters_stay_together() -> None:
    tops, bottoms = np.array([1.0, 3.0, 0.0, 4.0]), np.array([2.0, 4.0, 2.0, 4.0])
    found = ratio(tops, bottoms, np.array([0, 0, 1, 1]))
    assert found.value == pytest.approx(8 / 12)
    assert set(np.round(found.draws, 6)) == {round(4 / 6, 6)}  # both captions have the same ratio
    assert (found.units, found.clusters) == (4, 2)


def test_quantile_against_scipys_bootstrap() -> None:
    from scipy.stats import bootstrap

    values = np.random.default_rng(2).beta(3, 1, 60)
    theirs = bootstrap(
        (values,),
        lambda x, axis: np.quantile(x, 0.25, axis=axis, method="inverted_cdf"),
        method="percentile",
        n_resamples=4000,
        rng=1,
    ).confidence_interval
    found = quantile(values, np.arange(60), 0.25)
    assert ends(found) == pytest.approx((theirs.low, theirs.high), abs=0.02)


def test_the_exact_test_guards_shares() -> None:
    from scipy.stats import binomtest

    hits = np.array([1.0] * 30)
    found = ratio(hits, ONES(30), np.arange(30), share=True)
    assert found.p_not_above(0.9) == pytest.approx(binomtest(30, 30, 0.9, alternative="greater").pvalue)
    assert ratio(hits, ONES(30), np.arange(30)).p_not_above(0.9) < 0.001
    none = ratio(0 * hits, ONES(30), np.arange(30), share=True)
    assert none.p_not_below(0.1) == pytest.approx(0.9**30)


def test_the_exact_test_guards_quantiles() -> None:
    values = np.array([0.9] * 20)
    found = quantile(values, np.arange(20), 0.1)
    assert found.p_not_above(0.5) == pytest.approx(0.9**20)  # none of 20 below, though a tenth may be
    assert quantile(values, np.arange(20), 0.5).p_not_above(0.5) < 0.01


def test_few_clusters_are_never_sure() -> None:
    found = ratio(np.array([0.9, 0.91, 0.92]), ONES(3), np.arange(3))
    assert found.p_not_above(0.1) >= 2.0**-3


def test_far_thresholds_have_small_p_values_with_many_clusters() -> None:
    values = np.random.default_rng(3).uniform(0.4, 1, 5000)
    found = ratio(values, ONES(5000), np.arange(5000))
    assert found.p_not_above(0.5) < 1e-6
    assert found.p_not_below(0.5) > 0.999


def test_a_drop_of_quantiles_is_paired() -> None:
    old = np.random.default_rng(4).uniform(0.2, 1, 100)
    found = quantile_drop(old, old - 0.1, np.arange(100), 0.1)
    assert found.value == pytest.approx(0.1)
    assert ends(found) == pytest.approx((0.1, 0.1))


@given(st.lists(st.floats(0, 1), min_size=2, max_size=20), st.integers(1, 5), st.randoms(use_true_random=False))
def test_order_does_not_matter(values: list[float], groups: int, random: object) -> None:
    clusters = [index % groups for index in range(len(values))]
    order = list(range(len(values)))
    random.shuffle(order)  # type: ignore[attr-defined]
    numbers, names = np.round(np.array(values), 4), np.array(clusters)
    one = ratio(numbers, ONES(len(values)), names, resamples=50)
    other = ratio(numbers[order], ONES(len(values)), names[order] + 3, resamples=50)
    assert one.value == pytest.approx(other.value)
    assert one.draws == pytest.approx(other.draws)


def test_many_clips_take_bounded_memory() -> None:
    assert resamples_for(100) == 9_999
    assert resamples_for(1_000_000) == 1_999
    found = ratio(np.linspace(0, 1, 50_000), ONES(50_000), np.arange(50_000), resamples=100)
    low, high = ends(found)
    assert low < 0.5 < high


def test_numbers_that_are_none() -> None:
    with pytest.raises(ValueError, match="not finite"):
        ratio(np.array([0.1, math.nan]), ONES(2), np.arange(2))


def _covered(make: object, truth: float, runs: int = 1000) -> float:
    random = np.random.default_rng(11)
    inside = 0
    for _ in range(runs):
        low, high = ends(make(random))  # type: ignore[operator]
        inside += low <= truth <= high
    return inside / runs


@pytest.mark.slow
def test_the_interval_of_a_mean_contains_the_truth_as_often_as_it_says() -> None:
    def clips(random: np.random.Generator) -> Estimate:
        return ratio(random.beta(6, 2, 40), ONES(40), np.arange(40), resamples=1000)

    assert 0.93 <= _covered(clips, 0.75) <= 0.97


@pytest.mark.slow
def test_so_does_that_of_clips_that_share_captions() -> None:
    """60 captions with 1 to 5 clips each; three quarters of the spread lies between captions."""

    def clustered(random: np.random.Generator) -> Estimate:
        sizes = random.integers(1, 6, 60)
        names = np.repeat(np.arange(60), sizes)
        values = 0.6 + random.normal(0, 0.12, 60)[names] + random.normal(0, 0.07, len(names))
        return ratio(values, ONES(len(names)), names, resamples=1000)

    assert 0.93 <= _covered(clustered, 0.6) <= 0.97


@pytest.mark.slow
def test_so_does_that_of_a_paired_drop() -> None:
    def drop(random: np.random.Generator) -> Estimate:
        base = random.uniform(0.2, 1, 50)
        return ratio(base - (base - 0.03 + random.laplace(0, 0.05, 50)), ONES(50), np.arange(50), resamples=1000)

    assert 0.93 <= _covered(drop, 0.03) <= 0.97


@pytest.mark.slow
def test_so_does_that_of_a_share() -> None:
    def share(random: np.random.Generator) -> Estimate:
        return ratio((random.random(120) < 0.8).astype(float), ONES(120), np.arange(120), share=True, resamples=1000)

    assert 0.93 <= _covered(share, 0.8) <= 0.97


@pytest.mark.slow
def test_clips_treated_as_independent_would_be_far_too_sure() -> None:
    """The counter-example: the same clustered clips without their captions."""

    def naive(random: np.random.Generator) -> Estimate:
        names = np.repeat(np.arange(30), 8)
        values = 0.6 + random.normal(0, 0.12, 30)[names] + random.normal(0, 0.04, 240)
        return ratio(values, ONES(240), np.arange(240), resamples=500)

    assert _covered(naive, 0.6, runs=300) < 0.75


@pytest.mark.slow
def test_what_is_not_so_is_rarely_claimed() -> None:
    """At the threshold itself, a two-sided 95 % claim that the truth lies above is made in about 2.5 % of runs."""
    random = np.random.default_rng(12)
    means = [ratio(random.beta(6, 2, 60), ONES(60), np.arange(60), resamples=1000) for _ in range(1000)]
    shares = [
        ratio((random.random(20) < 0.8).astype(float), ONES(20), np.arange(20), share=True, resamples=1000)
        for _ in range(1000)
    ]
    assert sum(found.p_not_above(0.75) <= 0.025 for found in means) <= 40
    assert sum(found.p_not_above(0.8) <= 0.025 for found in shares) <= 35


def test_the_interval_of_a_percentile_is_exact_at_least() -> None:
    values = np.linspace(0.5, 0.99, 20)
    low, high = ends(quantile(values, np.arange(20), 0.1))
    assert low == 0.0  # with 20 clips, the weakest tenth may be anything
    assert high > values[3]
