"""Strengths agree with an independent maximisation of the likelihood, and with the truth of a simulation."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from audiojudge_cli.stats.bradley_terry import PRIOR, Games, fit, groups, rank


def chances(upper: float, lower: float, tie: float) -> tuple[float, float, float]:
    """Return win, tie and loss after Davidson (1970), as written there: pi_i, pi_j, nu * sqrt(pi_i * pi_j)."""
    parts = math.exp(upper), tie * math.sqrt(math.exp(upper) * math.exp(lower)), math.exp(lower)
    win, even, loss = (part / sum(parts) for part in parts)
    return win, even, loss


def by_scipy(games: Games, n: int) -> np.ndarray:
    """Maximise the likelihood game by game, with half a win for either side of each pair that met."""
    rows = [(int(a), int(b), float(p), 1.0) for a, b, p in zip(games.first, games.second, games.points, strict=True)]
    met = {(min(a, b), max(a, b)) for a, b, *_ in rows}
    rows += [(a, b, won, PRIOR) for a, b in met for won in (1.0, 0.0)]
    has_ties = any(p == 0.5 for *_, p, _w in rows)

    def minus(x: np.ndarray) -> float:
        total = 0.0
        for a, b, p, weight in rows:
            win, tie, loss = chances(x[a], x[b], math.exp(x[n]) if has_ties else 0.0)
            total -= weight * math.log({1.0: win, 0.5: tie, 0.0: loss}[p])
        return total + float(x[:n].sum()) ** 2

    found = minimize(minus, np.zeros(n + 1), method="BFGS", options={"gtol": 1e-7})
    return np.asarray(found.x[:n] - found.x[:n].mean())


def simulated(strengths: list[float], tie: float, prompts: int, seed: int) -> Games:
    """Return one game of every two in every prompt."""
    random = np.random.default_rng(seed)
    rows = [
        (a, b, random.choice([1.0, 0.5, 0.0], p=chances(strengths[a], strengths[b], tie)), prompt)
        for prompt in range(prompts)
        for a, b in combinations(range(len(strengths)), 2)
    ]
    first, second, points, clusters = (np.array(column) for column in zip(*rows, strict=True))
    return Games(first, second, points, clusters)


@st.composite
def tournaments(draw: st.DrawFn) -> tuple[Games, int]:
    n = draw(st.integers(2, 4))
    # A chain first, so that all have met.
    pairs = [(at, at + 1) for at in range(n - 1)]
    pairs += draw(st.lists(st.tuples(*[st.integers(0, n - 1)] * 2).filter(lambda p: p[0] != p[1]), max_size=12))
    points = draw(st.lists(st.sampled_from([1.0, 0.5, 0.0]), min_size=len(pairs), max_size=len(pairs)))
    first, second = np.array(pairs).T
    return Games(first, second, np.array(points), np.arange(len(pairs))), n


@settings(max_examples=25, deadline=None)
@given(tournaments())
def test_the_strengths_maximise_the_likelihood(one: tuple[Games, int]) -> None:
    games, n = one
    found = rank(games, n, resamples=1)
    mine = np.empty(n)
    mine[list(found.order)] = [strength.value for strength in found.strengths]
    assert mine == pytest.approx(by_scipy(games, n), abs=2e-3)
    assert mine.sum() == pytest.approx(0, abs=1e-9)
    assert [strength.value for strength in found.strengths] == pytest.approx(sorted(mine, reverse=True), abs=1e-9)


@settings(max_examples=12, deadline=None)
@given(tournaments(), st.randoms(use_true_random=False))
def test_neither_sides_nor_order_matter(one: tuple[Games, int], random: object) -> None:
    games, n = one
    turned = np.array([random.random() < 0.5 for _ in games.points])  # type: ignore[attr-defined]
    order = np.array(random.sample(range(len(games.points)), len(games.points)))  # type: ignore[attr-defined]
    other = Games(
        np.where(turned, games.second, games.first)[order],
        np.where(turned, games.first, games.second)[order],
        np.where(turned, 1 - games.points, games.points)[order],
        games.clusters[order],
    )
    mine, yours = rank(games, n, resamples=30), rank(other, n, resamples=30)
    for a, b in zip(mine.strengths, yours.strengths, strict=True):
        assert a.value == pytest.approx(b.value, abs=1e-7)
        assert (a.low is None) == (b.low is None)


TRUTH = [0.9, 0.3, -0.2, -1.0]


def test_a_known_simulation() -> None:
    for tie in (0.0, 0.8):
        found = rank(simulated(TRUTH, tie, 1_500, 1), 4, resamples=300)
        assert found.order == (0, 1, 2, 3)
        assert found.tie == pytest.approx(tie, abs=0.08)
        assert all(gap.is_shown and gap.more == 0 for gap in found.gaps)
        for strength, truth in zip(found.strengths, TRUTH, strict=True):
            assert strength.value == pytest.approx(truth, abs=0.12)


def test_the_intervals_hold_the_truth_as_often_as_they_say() -> None:
    held = []
    for seed in range(80):
        found = rank(simulated([0.5, 0.0, -0.5], 0.5, 60, seed), 3, resamples=200)
        best = found.strengths[found.order.index(0)]
        assert best.low is not None
        assert best.high is not None
        held.append(best.low <= 0.5 <= best.high)
    # 95 % of 80: 76 with a standard deviation of 1.9; half a win for either side costs a little.
    assert sum(held) >= 70


def test_games_of_one_cluster_count_as_one() -> None:
    once = simulated([0.0, 0.0, 0.0], 0.3, 100, 3)
    first, second, clusters = (np.repeat(column, 4) for column in (once.first, once.second, once.clusters))
    often = Games(first, second, np.repeat(once.points, 4), clusters)
    alone = Games(often.first, often.second, often.points, np.arange(len(often.points)))
    spans = []
    for games in (once, often, alone):
        found = rank(games, 3, resamples=1_000).strengths
        spans.append(sum(one.high - one.low for one in found if one.high is not None and one.low is not None))
    assert spans[1] == pytest.approx(spans[0], rel=0.1)
    assert spans[2] == pytest.approx(spans[0] / 2, rel=0.2)


def test_how_many_more_would_do() -> None:
    """So many more prompts do show the difference, mostly; a quarter of them mostly does not."""
    few = rank(simulated([0.15, -0.15], 0.3, 60, 5), 2, resamples=400)
    [gap] = few.gaps
    assert gap.more
    truth = [gap.value / 2, -gap.value / 2]
    shown = []
    for share in (1.0, 0.25):
        prompts = round((60 + gap.more) * share)
        tries = [rank(simulated(truth, few.tie, prompts, 100 + seed), 2, resamples=200) for seed in range(40)]
        shown.append(sum(found.gaps[0].is_shown and found.order == (0, 1) for found in tries))
    assert shown[0] >= 25
    assert shown[1] <= 20


def test_what_cannot_be_told() -> None:
    one = Games(np.array([0]), np.array([1]), np.array([1.0]), np.array([7]))
    found = rank(one, 2)
    assert found.order == (0, 1)
    assert (found.strengths[0].low, found.gaps[0].low, found.gaps[0].more) == (None, None, None)
    assert not found.gaps[0].is_shown
    # Who always won is ahead, not infinitely so.
    always = Games(np.zeros(50, int), np.ones(50, int), np.ones(50), np.arange(50))
    assert 2 < rank(always, 2, resamples=50).gaps[0].value < 20
    apart = Games(np.array([0, 2]), np.array([1, 3]), np.array([1.0, 0.0]), np.array([0, 1]))
    assert groups(apart, 4) == [[0, 1], [2, 3]]
    with pytest.raises(ValueError, match="met"):
        rank(apart, 4)
    tied = Games(np.zeros(9, int), np.ones(9, int), np.full(9, 0.5), np.arange(9))
    same = rank(tied, 2, resamples=50)
    assert same.gaps[0].value == pytest.approx(0, abs=1e-9)
    assert same.gaps[0].more is None


def test_extremes_do_not_overflow() -> None:
    wins = np.zeros((1, 2, 2))
    wins[0, 0, 1] = 1e9
    strengths, tie = fit(wins, np.zeros_like(wins), wins[0] + wins[0].T > 0)
    assert np.isfinite(strengths).all()
    assert strengths[0, 0] - strengths[0, 1] == pytest.approx(math.log((1e9 + PRIOR) / PRIOR), rel=1e-6)
    assert tie[0] == 0


def test_a_few_that_agree_are_not_sure() -> None:
    for prompts, shown in ((3, False), (60, True)):
        first, second = np.repeat([0, 0, 1], prompts), np.repeat([1, 2, 2], prompts)
        always = Games(first, second, np.ones(3 * prompts), np.tile(np.arange(prompts), 3))
        found = rank(always, 3, resamples=50)
        assert found.order == (0, 1, 2)
        assert [gap.is_shown for gap in found.gaps] == [shown, shown]
        for one in found.strengths:
            assert one.low is not None
            assert one.high is not None
            assert one.low < one.value - 0.1 < one.value + 0.1 < one.high
