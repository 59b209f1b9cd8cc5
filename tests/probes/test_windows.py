from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.probes.windows import plan_windows

GAPS_AND_LENGTHS = st.lists(st.tuples(st.floats(0.1, 20), st.floats(0.2, 70)), max_size=6)


@given(GAPS_AND_LENGTHS)
def test_windows_hold_all_speech_in_order_and_never_grow_too_long(pairs: list[tuple[float, float]]) -> None:
    segments, at = [], 0.0
    for gap, length in pairs:
        segments.append((at + gap, at + gap + length))
        at += gap + length
    windows = plan_windows(np.zeros(round((at + 1) * 16_000), dtype=np.float32), segments)
    assert all(0 <= start < end <= at + 1.001 for start, end in windows)
    assert all(end - start <= 29.51 for start, end in windows)
    assert all(before[1] <= after[0] + 1e-9 for before, after in itertools.pairwise(windows))
    for start, end in segments:
        held = sum(max(0.0, min(end, b) - max(start, a)) for a, b in windows)
        assert abs(held - (end - start)) < 1e-6


def test_short_stretches_share_a_window() -> None:
    samples = np.zeros(16_000 * 20, dtype=np.float32)
    assert plan_windows(samples, [(1.0, 2.0), (8.0, 9.0), (15.0, 16.0)]) == ((0.75, 16.25),)


def test_a_long_stretch_is_cut_where_it_is_quietest() -> None:
    samples = np.ones(16_000 * 40, dtype=np.float32)
    samples[16_000 * 25 : round(16_000 * 25.4)] = 0.0
    (_, cut), (start, _) = plan_windows(samples, [(0.0, 40.0)])
    assert 25.0 < cut < 25.4
    assert cut == start


def test_no_speech_gives_no_window() -> None:
    assert plan_windows(np.zeros(16_000, dtype=np.float32), []) == ()
