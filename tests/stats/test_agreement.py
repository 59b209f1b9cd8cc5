"""Correlations with intervals, against scipy and simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from audiojudge_cli.stats.agreement import agreement


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=30))
def test_values_are_scipys_and_intervals_hold_them(pairs):
    left, right = [float(a) for a, _ in pairs], [float(b) for _, b in pairs]
    found = agreement(left, right)
    assert found.n == len(pairs)
    if len(pairs) < 3 or len(set(left)) < 2 or len(set(right)) < 2:
        assert found.pearson is None
        return
    for one, scipys in (
        (found.pearson, stats.pearsonr(left, right)[0]),
        (found.spearman, stats.spearmanr(left, right)[0]),
        (found.kendall, stats.kendalltau(left, right)[0]),
    ):
        assert one is not None
        assert one.value == pytest.approx(scipys, abs=1e-9)
        if one.low is not None and one.high is not None:
            assert -1 <= one.low <= one.value <= one.high <= 1


def test_intervals_cover_the_truth_about_as_often_as_they_say():
    rng, covered = np.random.default_rng(3), 0
    for _ in range(400):
        left = rng.normal(size=40)
        right = 0.6 * left + 0.8 * rng.normal(size=40)
        found = agreement(list(left), list(right)).pearson
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= 0.6 <= found.high
    assert 0.92 <= covered / 400 <= 0.98


def test_unequal_lengths_are_a_mistake():
    with pytest.raises(ValueError, match="2 numbers"):
        agreement([1, 2], [1])


@pytest.mark.parametrize("n", [3, 5, 12])
@pytest.mark.parametrize("sign", [1, -1])
def test_perfect_agreement_of_few_is_no_certainty(n, sign):
    found = agreement(list(range(n)), [sign * one for one in range(n)])
    for one in (found.pearson, found.spearman, found.kendall):
        assert one is not None
        assert (round(one.value, 9), one.low, one.high) == (sign, None, None)
