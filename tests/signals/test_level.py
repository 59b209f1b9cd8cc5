import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.signals.level import fade, level

RATE = 16000


def hiss(seconds: float, seed: int = 0) -> npt.NDArray[np.float64]:
    return np.random.default_rng(seed).normal(0, 0.1, int(seconds * RATE))


@settings(max_examples=20, deadline=None)
@given(gain_db=st.floats(-60.0, 0.0), rate=st.sampled_from([8000, 22050, 48000, 192000]))
def test_a_sine_has_its_level(gain_db: float, rate: int) -> None:
    t = np.arange(rate) / rate
    found = level((10 ** (gain_db / 20) * np.sin(2 * np.pi * 440 * t)).astype(np.float32), rate)
    assert found is not None
    assert found.peak_db == pytest.approx(gain_db, abs=0.05)
    assert found.rms_db == pytest.approx(gain_db - 3.01, abs=0.05)
    assert found.active_db == pytest.approx(found.rms_db, abs=0.1)
    assert found.active_share == pytest.approx(1.0)
    assert found.variation_db < 0.2


def test_silence_around_a_sound_is_told_apart() -> None:
    samples = np.concatenate([np.zeros(RATE), hiss(2.0), np.zeros(RATE)]).astype(np.float32)
    found = level(samples, RATE)
    assert found is not None
    assert found.lead_s == pytest.approx(1.0, abs=0.03)
    assert found.tail_s == pytest.approx(1.0, abs=0.03)
    assert found.active_share == pytest.approx(0.5, abs=0.02)
    assert found.active_db == pytest.approx(-20.0, abs=0.5)
    assert found.rms_db == pytest.approx(-23.0, abs=0.5)


def test_floor_and_range_of_bursts_over_noise() -> None:
    samples = hiss(4.0) * 0.01
    samples[RATE : 2 * RATE] += hiss(1.0, 1)
    found = level(samples.astype(np.float32), RATE)
    assert found is not None
    assert found.floor_db == pytest.approx(-60.0, abs=1.5)
    assert found.range_db == pytest.approx(40.0, abs=2.0)


@pytest.mark.parametrize("seconds", [3.0, 8.0])
@pytest.mark.parametrize("change_db", [-25.0, 20.0])
def test_fades_have_their_size(seconds: float, change_db: float) -> None:
    ramp = 10 ** (np.linspace(min(0, -change_db), min(0, change_db), int(seconds * RATE)) / 20)
    samples = (hiss(seconds) * ramp).astype(np.float32)
    found = level(samples, RATE)
    assert found is not None
    slope = fade(found)
    assert slope is not None
    # The quiet end may lie below the active threshold of 20 dB.
    assert slope.slope_db_per_s == pytest.approx(change_db / seconds, rel=0.15)
    assert slope.monotony * np.sign(change_db) > 0.8
    assert (slope.end_db - slope.start_db) * np.sign(change_db) > 10


def test_a_steady_sound_neither_grows_nor_fades() -> None:
    found = level(hiss(6.0).astype(np.float32), RATE)
    assert found is not None
    slope = fade(found)
    assert slope is not None
    assert abs(slope.change_db) < 1.0
    assert abs(slope.monotony) < 0.6


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(RATE), np.ones(100)])
def test_nothing_to_measure_is_none(samples: npt.NDArray[np.float64]) -> None:
    assert level(samples.astype(np.float32), RATE) is None


def test_half_a_second_has_a_level_but_no_fade() -> None:
    found = level(hiss(0.5).astype(np.float32), RATE)
    assert found is not None
    assert fade(found) is None
