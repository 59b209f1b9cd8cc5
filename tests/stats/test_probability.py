"""Against what the definitions say, case by case."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.stats.probability import brier_scores, calibration_error, log_losses

CASES = st.lists(st.tuples(st.floats(0.001, 0.999), st.booleans()), min_size=1, max_size=40)


@given(CASES)
def test_figures_are_those_of_their_definitions(cases: list[tuple[float, bool]]) -> None:
    chances, truth = np.array([p for p, _ in cases]), np.array([yes for _, yes in cases])
    losses = log_losses(np.log(chances / (1 - chances)), truth)
    assert losses == pytest.approx([-math.log(p if yes else 1 - p) for p, yes in cases], abs=1e-9)
    assert brier_scores(chances, truth) == pytest.approx([(p - yes) ** 2 for p, yes in cases])
    bins: dict[int, list[tuple[float, bool]]] = {}
    for p, yes in cases:
        bins.setdefault(min(9, math.floor(p * 10)), []).append((p, yes))
    wanted = sum(abs(sum(p for p, _ in one) - sum(yes for _, yes in one)) for one in bins.values()) / len(cases)
    assert calibration_error(chances, truth) == pytest.approx(wanted, abs=1e-9)


def test_certainty_far_beyond_floats_is_a_finite_loss() -> None:
    assert log_losses(np.array([1000.0, -1000.0]), np.array([False, False])).tolist() == [1000.0, 0.0]


def test_a_probability_of_one_lies_in_the_last_bin() -> None:
    assert calibration_error(np.array([1.0, 0.95]), np.array([True, True])) == pytest.approx(0.025)
