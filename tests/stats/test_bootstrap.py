from __future__ import annotations

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.stats.bootstrap import Interval, mean_interval

VALUES = st.lists(st.floats(0, 1), min_size=2, max_size=30)


def test_nothing_has_no_mean() -> None:
    assert mean_interval([]) == Interval(None, None, None, 0, 0)


def test_one_value_or_one_cluster_has_no_interval() -> None:
    assert mean_interval([0.3]) == Interval(0.3, None, None, 1, 1)
    assert mean_interval([0.25, 0.75], ["a", "a"]) == Interval(0.5, None, None, 2, 1)


def test_close_to_the_normal_interval_for_many_values() -> None:
    values = np.random.default_rng(7).uniform(0, 1, 400).tolist()
    found = mean_interval(values)
    half = 1.96 * statistics.stdev(values) / math.sqrt(len(values))
    assert found.mean == pytest.approx(statistics.fmean(values))
    assert found.low == pytest.approx(statistics.fmean(values) - half, abs=0.1 * half)
    assert found.high == pytest.approx(statistics.fmean(values) + half, abs=0.1 * half)


def test_against_scipy() -> None:
    from scipy.stats import bootstrap

    values = np.random.default_rng(8).beta(2, 1, 60)
    theirs = bootstrap((values,), np.mean, method="percentile", n_resamples=4000, rng=1).confidence_interval
    ours = mean_interval(values.tolist(), resamples=4000)
    assert ours.low == pytest.approx(theirs.low, abs=0.01)
    assert ours.high == pytest.approx(theirs.high, abs=0.01)


def test_clusters_widen_the_interval() -> None:
    """Ten copies of each of 20 values tell no more than the 20 values themselves."""
    base = np.random.default_rng(9).uniform(0, 1, 20).tolist()
    copies = [value for value in base for _ in range(10)]
    clusters = [name for name in range(20) for _ in range(10)]
    single, clustered, naive = mean_interval(base), mean_interval(copies, clusters), mean_interval(copies)
    assert clustered.low == pytest.approx(single.low)
    assert clustered.high == pytest.approx(single.high)
    assert naive.high is not None
    assert naive.low is not None
    assert clustered.high is not None
    assert clustered.low is not None
    assert (naive.high - naive.low) * 2 < clustered.high - clustered.low


def test_coverage_is_about_what_it_says() -> None:
    random = np.random.default_rng(10)
    inside = 0
    for _ in range(200):
        found = mean_interval(random.normal(0.5, 0.1, 50).tolist(), resamples=500)
        assert found.low is not None
        assert found.high is not None
        inside += found.low <= 0.5 <= found.high
    assert 178 <= inside <= 198  # 95 % of 200 is 190


@given(VALUES, st.randoms())
def test_order_does_not_matter(values: list[float], random: object) -> None:
    clusters = [index % 3 for index in range(len(values))]
    pairs = list(zip(values, clusters, strict=True))
    random.shuffle(pairs)  # type: ignore[attr-defined]
    shuffled = mean_interval([v for v, _ in pairs], [c for _, c in pairs], resamples=50)
    straight = mean_interval(values, clusters, resamples=50)
    assert shuffled.mean == pytest.approx(straight.mean)
    assert shuffled.low == pytest.approx(straight.low)


@given(VALUES)
def test_the_interval_holds_the_mean_and_stays_in_range(values: list[float]) -> None:
    found = mean_interval(values, resamples=200, level=0.999)
    assert found.low is not None
    assert found.high is not None
    assert found.mean is not None
    assert min(values) - 1e-9 <= found.low <= found.mean + 1e-9
    assert found.mean - 1e-9 <= found.high <= max(values) + 1e-9


def test_many_values_are_drawn_in_batches_of_bounded_memory() -> None:
    values = np.linspace(0, 1, 100_000).tolist()
    found = mean_interval(values, resamples=100)
    assert found.low is not None
    assert found.low < 0.5 < (found.high or 0)


def test_wrong_input() -> None:
    with pytest.raises(ValueError, match="not finite"):
        mean_interval([0.1, math.nan])
    with pytest.raises(ValueError, match="2 values but 1 clusters"):
        mean_interval([0.1, 0.2], ["a"])
    with pytest.raises(ValueError, match="level"):
        mean_interval([0.1, 0.2], level=1.0)


def test_clusters_in_an_array_say_the_same_as_names() -> None:
    random = np.random.default_rng(3)
    values, clusters = random.uniform(0, 1, 500), random.integers(-5, 40, 500)
    assert mean_interval(values.tolist(), clusters) == mean_interval(values.tolist(), [f"c{at}" for at in clusters])
