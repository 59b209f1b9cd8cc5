from __future__ import annotations

import doctest

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audiojudge_cli.stats import ranking
from audiojudge_cli.stats.ranking import (
    accuracy,
    expected_calibration_error,
    pair_accuracy,
    roc_auc,
    spearman,
)

CASES = st.lists(st.tuples(st.integers(0, 6).map(lambda n: n / 6), st.booleans()), min_size=1, max_size=25)


def test_examples_in_the_docstrings() -> None:
    result = doctest.testmod(ranking)
    assert result.attempted >= 5
    assert result.failed == 0


@given(CASES)
def test_auc_by_counting_pairs(cases: list[tuple[float, bool]]) -> None:
    good = [score for score, true in cases if true]
    bad = [score for score, true in cases if not true]
    found = roc_auc([score for score, _ in cases], [true for _, true in cases])
    if not good or not bad:
        assert found is None
        return
    wins = sum((left > right) + 0.5 * (left == right) for left in good for right in bad)
    assert found == pytest.approx(wins / (len(good) * len(bad)))


@given(CASES)
def test_auc_turns_with_the_scores(cases: list[tuple[float, bool]]) -> None:
    scores, truth = [score for score, _ in cases], [true for _, true in cases]
    found = roc_auc(scores, truth)
    assume(found is not None)
    assert found is not None
    assert roc_auc([-score for score in scores], truth) == pytest.approx(1 - found)


def test_pairs_and_accuracy() -> None:
    assert pair_accuracy([1, 2, 3], [0, 2, 4]) == 0.5
    assert accuracy([True, False], [True, True]) == 0.5


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=2, max_size=15))
def test_spearman_is_pearson_of_mid_ranks(pairs: list[tuple[int, int]]) -> None:
    left, right = [a for a, _ in pairs], [b for _, b in pairs]
    found = spearman(left, right)
    if len(set(left)) < 2 or len(set(right)) < 2:
        assert found is None
        return

    def mid_ranks(values: list[int]) -> list[float]:
        return [sum(other < value for other in values) + (values.count(value) - 1) / 2 for value in values]

    x, y = mid_ranks(left), mid_ranks(right)
    mean_x, mean_y = sum(x) / len(x), sum(y) / len(y)
    top = sum((a - mean_x) * (b - mean_y) for a, b in zip(x, y, strict=True))
    bottom = (sum((a - mean_x) ** 2 for a in x) * sum((b - mean_y) ** 2 for b in y)) ** 0.5
    assert found == pytest.approx(top / bottom)


def test_calibration() -> None:
    assert expected_calibration_error([0.0, 1.0], [False, True]) == 0
    assert expected_calibration_error([1.0, 1.0], [False, False]) == 1
    assert expected_calibration_error([0.75] * 4, [True, True, True, False]) == 0
    assert expected_calibration_error([0.3, 0.31], [True, False]) == pytest.approx(0.195)
    with pytest.raises(ValueError, match=r"\[0, 1\]"):
        expected_calibration_error([1.5], [True])


@given(CASES, st.integers(1, 12))
def test_calibration_by_bins(cases: list[tuple[float, bool]], bins: int) -> None:
    total = 0.0
    for slot in range(bins):
        inside = [(s, t) for s, t in cases if min(int(s * bins), bins - 1) == slot]
        if inside:
            gap = abs(sum(s for s, _ in inside) / len(inside) - sum(t for _, t in inside) / len(inside))
            total += gap * len(inside) / len(cases)
    found = expected_calibration_error([s for s, _ in cases], [t for _, t in cases], bins=bins)
    assert found == pytest.approx(total)


@pytest.mark.parametrize("figure", [accuracy, roc_auc, pair_accuracy, spearman, expected_calibration_error])
def test_nothing_gives_none_and_lengths_must_agree(figure: object) -> None:
    assert callable(figure)
    assert figure([], []) is None
    with pytest.raises(ValueError, match="1 values against 2"):
        figure([1], [True, False])
