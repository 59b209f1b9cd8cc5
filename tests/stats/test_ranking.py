from __future__ import annotations

import doctest

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audiojudge_cli.stats import ranking
from audiojudge_cli.stats.ranking import roc_auc, spearman

CASES = st.lists(st.tuples(st.integers(0, 6).map(lambda n: n / 6), st.booleans()), min_size=1, max_size=25)


def test_examples_in_the_docstrings() -> None:
    result = doctest.testmod(ranking)
    assert result.attempted >= 2
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


@pytest.mark.parametrize("figure", [roc_auc, spearman])
def test_nothing_gives_none_and_lengths_must_agree(figure: object) -> None:
    assert callable(figure)
    assert figure([], []) is None
    with pytest.raises(ValueError, match="1 values against 2"):
        figure([1], [True, False])
