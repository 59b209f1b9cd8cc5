import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.signals.pitchtrack import pitch_track


def saw(f0: float, rate: int, seconds: float, gain: float = 0.3) -> npt.NDArray[np.float32]:
    t = np.arange(int(rate * seconds)) / rate
    count = max(1, int(min(4000, 0.45 * rate) / f0))
    wave = sum(np.sin(2 * np.pi * f0 * k * t + k) / k for k in range(1, count + 1))
    return np.asarray(gain * wave / np.abs(wave).max(), dtype=np.float32)


@settings(max_examples=25, deadline=None)
@given(
    f0=st.floats(65.0, 560.0),
    rate=st.sampled_from([8000, 16000, 22050, 44100]),
    gain=st.sampled_from([0.01, 0.3, 0.99]),
)
def test_a_steady_tone_is_found_at_any_rate_and_level(f0: float, rate: int, gain: float) -> None:
    track = pitch_track(saw(f0, rate, 0.6, gain), rate)
    assert track is not None
    assert track.median_hz == pytest.approx(f0, rel=0.01)
    assert track.voiced_share is not None
    assert track.voiced_share > 0.9


def test_a_glide_has_its_range() -> None:
    rate = 16000
    t = np.arange(3 * rate) / rate
    f0 = 110.0 * 2.0 ** (t / 3.0)
    phase = 2 * np.pi * np.cumsum(f0) / rate
    wave = (0.3 * (np.sin(phase) + 0.5 * np.sin(2 * phase))).astype(np.float32)
    track = pitch_track(wave, rate)
    assert track is not None
    assert track.median_hz == pytest.approx(110.0 * 2**0.5, rel=0.02)
    assert track.range_semitones == pytest.approx(9.6, abs=0.7)


def test_noise_is_unvoiced() -> None:
    noise = np.random.default_rng(3).normal(0, 0.1, 32000).astype(np.float32)
    track = pitch_track(noise, 16000)
    assert track is not None
    assert track.voiced_share is not None
    assert track.voiced_share < 0.1
    assert np.nanmedian(track.aperiodicity) > 0.3


def test_voice_in_noise_keeps_its_pitch() -> None:
    rng = np.random.default_rng(5)
    wave = saw(120.0, 16000, 2.0) + rng.normal(0, 0.06, 32000).astype(np.float32)
    track = pitch_track(wave, 16000)
    assert track is not None
    assert track.median_hz == pytest.approx(120.0, rel=0.01)


def test_leading_silence_does_not_count_as_unvoiced() -> None:
    wave = np.concatenate([np.zeros(32000, np.float32), saw(200.0, 16000, 0.5)])
    track = pitch_track(wave, 16000)
    assert track is not None
    assert track.voiced_share is not None
    assert track.voiced_share > 0.9
    assert np.isnan(track.f0_hz[:190]).all()
    assert track.voiced_s == pytest.approx(0.5, abs=0.05)


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(16000), np.ones(100) * 0.1])
def test_nothing_to_track_gives_none(samples: npt.NDArray[np.float64]) -> None:
    assert pitch_track(samples.astype(np.float32), 16000) is None
