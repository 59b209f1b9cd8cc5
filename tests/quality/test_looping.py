from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.quality.looping import loops

RATE = 16_000
NOISE = np.random.default_rng(9).normal(0, 0.1, 12 * RATE).astype(np.float32)


@settings(max_examples=30)
@given(st.floats(0.27, 1.55), st.integers(3, 6), st.floats(0, 2), st.floats(0, 1.5))
def test_a_loop_has_its_place_and_its_period(period_s, times, before_s, after_s):
    before, after = NOISE[: round(before_s * RATE)], NOISE[-round(after_s * RATE) - 1 :]
    piece = NOISE[3 * RATE : 3 * RATE + round(period_s * RATE)]
    wave = np.concatenate([before, np.tile(piece, times), after])
    found = loops(wave, RATE)
    if len(before) % (RATE // 2) and times == 3:
        # The last of three may be too short to be searched; what is found must be right all the same.
        assert len(found) <= 1
    else:
        assert len(found) == 1
    for loop in found:
        assert loop.period_s == pytest.approx(len(piece) / RATE)
        assert loop.times == times
        assert loop.start_s == pytest.approx(len(before) / RATE, abs=0.06)
        assert loop.end_s == pytest.approx((len(before) + times * len(piece)) / RATE, abs=0.06)


@settings(max_examples=30)
@given(st.floats(0.27, 1.55), st.floats(0.25, 0.8))
def test_what_comes_again_a_little_different_is_no_loop(period_s, different):
    """Two strokes of a bell, two bars of a band: alike, not the same."""
    piece = NOISE[: round(period_s * RATE)]
    wave = np.tile(piece, 5) + different * NOISE[: 5 * len(piece)][::-1]
    assert loops(wave, RATE) == ()


def test_twice_is_no_loop_nor_a_long_one():
    assert loops(np.concatenate([NOISE[:RATE], NOISE[:RATE], NOISE[RATE : 4 * RATE]]), RATE) == ()
    assert loops(np.tile(NOISE[: 2 * RATE], 4), RATE) == ()


def test_what_nobody_hears_is_no_loop():
    assert loops(np.tile(NOISE[:RATE], 5) * 0.001 + 0.2, RATE) == ()
    assert loops(np.zeros(5 * RATE, np.float32), RATE) == ()


def test_two_loops_are_two():
    wave = np.concatenate(
        [np.tile(NOISE[: RATE // 2], 5), NOISE[RATE : 3 * RATE], np.tile(NOISE[4 * RATE : 5 * RATE], 4)]
    )
    assert [loop.period_s for loop in loops(wave, RATE)] == [0.5, 1.0]


@given(st.integers(0, 3000), st.sampled_from([100, 8000, 48_000]))
def test_short_clips_have_none(count, rate):
    assert all(loop.times >= 3 for loop in loops(NOISE[:count], rate))


@pytest.mark.parametrize("on_s", [0.05, 0.1, 0.2])
@pytest.mark.parametrize("off_s", [0.0, 0.04, 0.1])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_dialling_and_beeps_of_two_partials_are_no_loop(on_s, off_s, count):
    """The keys of a telephone (ITU-T Q.23), pressed over and over."""
    rows, columns = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
    at = np.arange(round(on_s * RATE)) / RATE
    keys = [
        np.pad(
            0.3 * np.sin(2 * np.pi * rows[key] * at) + 0.3 * np.sin(2 * np.pi * columns[key - 1] * at),
            (0, round(off_s * RATE)),
        )
        for key in range(count)
    ]
    assert loops(np.tile(np.concatenate(keys), 12).astype(np.float32), RATE) == ()
