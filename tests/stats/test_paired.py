from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.stats.holm import holm
from audiojudge_cli.stats.paired import clusters_needed, detectable, sign_flip_p


def test_sign_flips_by_hand() -> None:
    differences = np.array([0.3, -0.1, 0.2, 0.25, 0.05, 0.4])
    sums = [
        sum(s * d for s, d in zip(signs, differences, strict=True)) for signs in itertools.product((1, -1), repeat=6)
    ]
    expected = np.mean([abs(total) >= abs(differences.sum()) - 1e-12 for total in sums])
    assert sign_flip_p(differences, np.arange(6)) == pytest.approx(expected)


def test_a_caption_flips_as_a_whole() -> None:
    differences = np.full(12, 0.1)
    assert sign_flip_p(differences, np.arange(12)) == pytest.approx(2 / 2**12, abs=2e-4)
    assert sign_flip_p(differences, np.repeat(np.arange(3), 4)) == pytest.approx(2 / 2**3)


def test_nothing_moved() -> None:
    assert sign_flip_p(np.empty(0), np.empty(0, dtype=np.int64)) is None
    assert sign_flip_p(np.zeros(50), np.arange(50)) == 1.0
    assert sign_flip_p(np.array([0.5, 0.0]), np.arange(2)) == 1.0


def test_many_clusters_agree_with_the_normal_limit() -> None:
    differences = np.random.default_rng(1).normal(0.004, 0.1, 1500)
    sampled = sign_flip_p(differences[:1000], np.arange(1000))
    limit = sign_flip_p(differences, np.arange(1500))
    from scipy.stats import ttest_1samp

    assert sampled == pytest.approx(ttest_1samp(differences[:1000], 0).pvalue, abs=0.02)
    assert limit == pytest.approx(ttest_1samp(differences, 0).pvalue, abs=0.01)


def test_false_alarms_are_as_rare_as_they_should_be() -> None:
    random = np.random.default_rng(2)
    alarms = sum((sign_flip_p(random.laplace(0, 1, 8), np.arange(8)) or 0) <= 0.05 for _ in range(400))
    assert alarms / 400 <= 0.08


def test_holm_by_hand() -> None:
    assert holm([]) == []
    assert holm([0.02]) == [0.02]
    assert holm([0.04, 0.01, 0.03, 0.9]) == pytest.approx([0.09, 0.04, 0.09, 0.9])
    assert holm([0.6, 0.7]) == [1.0, 1.0]


@given(st.lists(st.floats(0, 1), max_size=20))
def test_holm_lies_between_no_correction_and_bonferroni(p_values: list[float]) -> None:
    for before, after in zip(p_values, holm(p_values), strict=True):
        assert before <= after <= min(1.0, before * len(p_values)) or after == pytest.approx(before)
    assert sorted(range(len(p_values)), key=p_values.__getitem__) == sorted(
        range(len(p_values)), key=lambda at: (holm(p_values)[at], p_values[at], at)
    )


def test_detectable_shrinks_with_clips_and_grows_with_rules() -> None:
    assert detectable(0.02, 40, 0.05) == pytest.approx(0.02 * (2.023 + 0.851), abs=0.001)
    assert (detectable(0.02, 40, 0.05 / 20) or 0) > (detectable(0.02, 40, 0.05) or 0)
    assert detectable(None, 40, 0.05) is None
    assert detectable(0.0, 40, 0.05) is None
    assert detectable(0.02, clusters_needed(0.05) - 1, 0.05) is None


def test_clusters_needed() -> None:
    assert [clusters_needed(alpha) for alpha in (0.5, 0.1, 0.05, 0.01)] == [2, 5, 6, 8]
