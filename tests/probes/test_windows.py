from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.probes.windows import LONGEST_S, plan_windows, split_window

GAPS_AND_LENGTHS = st.lists(st.tuples(st.floats(0.1, 20), st.floats(0.2, 70)), max_size=6)


@given(GAPS_AND_LENGTHS)
def test_windows_hold_all_speech_in_order_and_never_grow_too_long(pairs: list[tuple[float, float]]) -> None:
    segments, at = [], 0.0
    for gap, length in pairs:
        segments.append((at + gap, at + gap + length))
        at += gap + length
    windows = plan_windows(np.zeros(round((at + 1) * 16_000), dtype=np.float32), segments)
    assert all(0 <= start < end <= at + 1.001 for start, end in windows)
    assert all(end - start <= LONGEST_S + 0.51 for start, end in windows)
    assert all(before[1] <= after[0] + 1e-9 for before, after in itertools.pairwise(windows))
    for start, end in segments:
        held = sum(max(0.0, min(end, b) - max(start, a)) for a, b in windows)
        assert abs(held - (end - start)) < 1e-6


def test_short_stretches_share_a_window() -> None:
    samples = np.zeros(16_000 * 20, dtype=np.float32)
    assert plan_windows(samples, [(1.0, 2.0), (5.0, 6.0), (11.0, 12.0)]) == ((0.75, 12.25),)


def test_a_long_stretch_is_cut_where_it_is_quietest() -> None:
    samples = np.ones(16_000 * 20, dtype=np.float32)
    samples[16_000 * 9 : round(16_000 * 9.4)] = 0.0
    (_, cut), (start, _) = plan_windows(samples, [(0.0, 20.0)])
    assert 9.0 < cut < 9.4
    assert cut == start


@given(st.floats(0.0, 5.0), st.floats(0.1, 30.0), GAPS_AND_LENGTHS)
def test_parts_of_a_window_make_it_up(start: float, length: float, pairs: list[tuple[float, float]]) -> None:
    segments, at = [], 0.0
    for gap, spoken in pairs:
        segments.append((at + gap, at + gap + spoken))
        at += gap + spoken
    window = (start, start + length)
    parts = split_window(np.zeros(36 * 16_000, dtype=np.float32), window, segments)
    assert (parts[0][0], parts[-1][1]) == window
    assert all(before[1] == after[0] for before, after in itertools.pairwise(parts))
    assert len(parts) == (1 if length < 3.0 else 2)
    assert all(end - start > length / 7 for start, end in parts)


def test_a_window_is_cut_at_the_longest_pause_of_its_middle() -> None:
    samples = np.zeros(16_000 * 20, dtype=np.float32)
    segments = [(0.0, 0.5), (2.0, 5.0), (5.2, 7.0), (8.0, 12.0)]
    assert split_window(samples, (0.0, 12.0), segments) == ((0.0, 7.5), (7.5, 12.0))


def test_no_speech_gives_no_window() -> None:
    assert plan_windows(np.zeros(16_000, dtype=np.float32), []) == ()
