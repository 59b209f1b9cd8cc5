from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.omni.windows import OVERLAP_S, RATE, windows


@given(st.integers(1, 16_000 * 4_000), st.floats(0.1, 600.0))
def test_nothing_is_left_out_and_nothing_is_too_long(samples, longest_s):
    spans = windows(samples, longest_s)
    longest = int(longest_s * RATE)
    assert spans[0][0] == 0
    assert spans[-1][1] == samples
    assert all(0 < end - start <= longest for start, end in spans)
    assert len({end - start for start, end in spans}) == 1
    overlap = min(int(OVERLAP_S * RATE), longest // 4)
    assert all(before[1] - after[0] >= overlap for before, after in pairwise(spans))
    # One fewer could not cover the audio with that overlap.
    fewer = len(spans) - 1
    assert fewer == 0 or fewer * longest - (fewer - 1) * overlap < samples


@pytest.mark.parametrize(("seconds", "count"), [(29.0, 1), (30.0, 1), (30.1, 2), (59.0, 2), (59.1, 3)])
def test_how_many(seconds, count):
    assert len(windows(int(seconds * RATE), 30.0)) == count


def test_equally_spread():
    assert windows(50 * RATE, 30.0) == [(0, 30 * RATE), (20 * RATE, 50 * RATE)]
