from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.stats import kernel_distance as module
from audiojudge_cli.stats.kernel_distance import LEAST, Floats, kernel_distance, median_distance


def drawn(seed: int, size: int, shift: float = 0.0, noise: float = 1.0) -> Floats:
    """Return members of a source with three clusters in eight dimensions."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(99).normal(size=(3, 8)) * 2
    return np.asarray(centres[random.integers(0, 3, size)] + noise * random.normal(size=(size, 8)) + shift)


def by_definition(x: Floats, y: Floats, bandwidth: float, same: frozenset[tuple[int, int]] = frozenset()) -> float:
    def kernel(a: Floats, b: Floats) -> float:
        return float(np.exp(-(((a - b) ** 2).sum()) / (2 * bandwidth**2)))

    within = [
        np.mean([kernel(a, b) for i, a in enumerate(members) for j, b in enumerate(members) if i != j])
        for members in (x, y)
    ]
    across = [kernel(x[i], y[j]) for i, j in product(range(len(x)), range(len(y))) if (i, j) not in same]
    return float(sum(within) - 2 * np.mean(across))


@pytest.mark.parametrize("block", [7, 10_000])
@pytest.mark.parametrize("same", [(), ((0, 0), (3, 5), (4, 5))])
def test_value_and_error_are_those_of_the_definition(monkeypatch, block, same):
    monkeypatch.setattr(module, "_BATCH_CELLS", block)
    x, y = drawn(1, 12, 0.5), drawn(2, 15)
    for i, j in same:
        x[i] = y[j]
    found = kernel_distance(x, y, same=same)
    distances = [np.linalg.norm(a - b) for i, a in enumerate(y) for b in y[:i]]
    assert found.bandwidth == pytest.approx(np.median(distances))
    assert found.value == pytest.approx(by_definition(x, y, found.bandwidth, frozenset(same)))
    error = 0.0
    for side, size in ((0, 12), (1, 15)):
        left = []
        for gone in range(size):
            kept = frozenset(
                tuple(at - (at > gone) if which == side else at for which, at in enumerate(pair))
                for pair in same
                if pair[side] != gone
            )
            sets = [np.delete(x, gone, 0), y] if side == 0 else [x, np.delete(y, gone, 0)]
            left.append(by_definition(sets[0], sets[1], found.bandwidth, kept))
        error += (size - 1) * float(np.var(left))
    assert found.error == pytest.approx(np.sqrt(error))
    assert found.value - found.low == pytest.approx(found.high - found.value)
    assert found.high > 0


@given(st.integers(0, 10_000), st.integers(LEAST, 30), st.integers(LEAST, 30))
def test_order_and_place_do_not_matter(seed, n, m):
    x, y = drawn(seed, n, 0.3), drawn(seed + 1, m)
    random = np.random.default_rng(seed)
    found = kernel_distance(x, y)
    moved = kernel_distance(random.permutation(x) + 1e3, random.permutation(y) + 1e3)
    assert moved.value == pytest.approx(found.value, abs=1e-6)
    assert moved.error == pytest.approx(found.error, abs=1e-6)
    assert found.low < found.value
    assert found.high >= max(0.0, found.value)


def test_a_set_is_no_distance_from_itself():
    x = drawn(3, 40)
    found = kernel_distance(x, x.copy(), same=[(at, at) for at in range(40)])
    assert found.value == pytest.approx(0.0, abs=1e-12)
    assert found.low < 0 < found.high


def test_it_is_unbiased_whatever_the_number_of_members():
    def mean(n: int, m: int, shift: float) -> tuple[float, float]:
        bandwidth = median_distance(drawn(0, 400))
        values = []
        for seed in range(150):
            x, y = drawn(10_000 + seed, n, shift), drawn(20_000 + seed, m)
            values.append(_with(x, y, bandwidth))
        return float(np.mean(values)), float(np.std(values)) / np.sqrt(len(values))

    for shift in (0.0, 0.6):
        truth, of_truth = mean(150, 150, shift)
        for n, m in ((10, 10), (10, 40), (40, 12)):
            value, error = mean(n, m, shift)
            assert abs(value - truth) < 4 * np.hypot(error, of_truth)
        assert abs(truth) < 4 * of_truth if shift == 0 else truth > 10 * of_truth


def _with(x: Floats, y: Floats, bandwidth: float) -> float:
    """Return the value at a bandwidth that does not depend on the draw: one kernel, one truth."""

    def mean(a: Floats, b: Floats) -> Floats:
        squares = ((a[:, None] - b[None]) ** 2).sum(-1)
        return np.asarray(np.exp(-squares / (2 * bandwidth**2)))

    sums = [module._sums(a, b, bandwidth)[0].sum() for a, b in ((x, x), (y, y), (x, y))]
    assert sums[2] == pytest.approx(mean(x, y).sum())
    return float(module._mmd(sums[0] - len(x), sums[1] - len(y), sums[2], (len(x), len(y), len(x) * len(y))))


@pytest.mark.parametrize(("n", "m"), [(10, 10), (20, 60), (60, 60)])
@pytest.mark.parametrize("shift", [0.0, 0.6])
def test_the_interval_covers_the_truth(n, m, shift):
    truth = kernel_distance(drawn(1, 2000, shift), drawn(2, 2000)).value if shift else 0.0
    covered = 0
    for seed in range(150):
        found = kernel_distance(drawn(30_000 + seed, n, shift), drawn(40_000 + seed, m))
        covered += found.low <= truth <= found.high
    assert covered / 150 > 0.90


def test_it_grows_with_what_is_done_to_the_outputs():
    source, reference = drawn(5, 120), drawn(6, 150)
    random = np.random.default_rng(0).normal(size=source.shape)
    steps = [kernel_distance(source + level * random, reference) for level in (0.0, 1.0, 2.0, 4.0, 8.0)]
    assert all(less.value < more.value for less, more in pairwise(steps))
    assert steps[0].low <= 0 <= steps[0].high
    assert all(step.low > 0 for step in steps[2:])
    assert steps[-1].value < 2


def test_more_members_make_a_narrower_interval():
    widths = [
        (found := kernel_distance(drawn(7, size, 0.4), drawn(8, size))).high - found.low for size in (10, 40, 160)
    ]
    assert widths[0] > 1.5 * widths[1] > 2.25 * widths[2]


@pytest.mark.parametrize(("n", "m"), [(LEAST - 1, 50), (50, LEAST - 1), (0, 0)])
def test_a_handful_has_no_distance(n, m):
    with pytest.raises(ValueError, match=f"each set needs {LEAST}"):
        kernel_distance(drawn(1, n), drawn(2, m))


def test_members_that_are_all_the_same_have_no_bandwidth():
    with pytest.raises(ValueError, match="all the same"):
        kernel_distance(drawn(1, 20), np.ones((20, 8)))


def test_the_median_of_many_is_that_of_evenly_chosen_ones(monkeypatch):
    members = drawn(9, 900)
    exact = median_distance(members)
    monkeypatch.setattr(module, "_MOST_FOR_BANDWIDTH", 200)
    assert median_distance(members) == pytest.approx(exact, rel=0.03)
