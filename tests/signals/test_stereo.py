import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.stereo import stereo

RATE = 16000
Array = npt.NDArray[np.float32]


def noise(seconds: float, seed: int = 1) -> Array:
    return np.random.default_rng(seed).normal(0, 0.1, int(seconds * RATE)).astype(np.float32)


def panned(wave: Array, share: Array | float) -> Array:
    """`share` = power share of the right channel."""
    right = np.sqrt(np.broadcast_to(np.asarray(share, dtype=np.float32), wave.shape))
    return np.stack([wave * np.sqrt(1 - right**2), wave * right]).astype(np.float32)


def test_mono_in_two_channels_has_no_width() -> None:
    facts = stereo(panned(noise(2), 0.5), RATE)
    assert facts is not None
    assert facts.width == pytest.approx(0.0, abs=1e-6)
    assert facts.correlation == pytest.approx(1.0, abs=1e-6)
    assert facts.balance_db == pytest.approx(0.0, abs=0.01)
    assert facts.range_db < 0.1


def test_independent_channels_are_half_wide_and_opposite_phase_fully() -> None:
    wide = stereo(np.stack([noise(2, 1), noise(2, 2)]), RATE)
    opposite = stereo(np.stack([noise(2), -noise(2)]), RATE)
    assert wide is not None
    assert opposite is not None
    assert wide.width == pytest.approx(0.5, abs=0.03)
    assert opposite.width == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("gain", [0.05, 1.0])
def test_a_car_from_left_to_right(gain: float) -> None:
    share = np.linspace(0.05, 0.95, 4 * RATE, dtype=np.float32)
    facts = stereo(gain * panned(noise(4), share), RATE)
    assert facts is not None
    assert facts.start_db < -6
    assert facts.end_db > 6
    assert facts.crossings == 1
    assert facts.range_db > 12


def test_side_to_side_three_times() -> None:
    t = np.arange(6 * RATE) / RATE
    facts = stereo(panned(noise(6), (0.5 - 0.45 * np.cos(2 * np.pi * t / 4)).astype(np.float32)), RATE)
    assert facts is not None
    assert facts.crossings == 3


def test_one_silent_channel_is_all_on_one_side() -> None:
    facts = stereo(np.stack([noise(1), np.zeros(RATE, np.float32)]), RATE)
    assert facts is not None
    assert facts.balance_db == -30.0
    assert facts.correlation is None


def test_nothing_to_say_of_mono_silence_and_blips() -> None:
    assert stereo(noise(1)[None], RATE) is None
    assert stereo(np.zeros((2, RATE), np.float32), RATE) is None
    assert stereo(panned(noise(0.2), 0.5), RATE) is None
