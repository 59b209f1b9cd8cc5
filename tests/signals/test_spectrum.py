import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.frames import spectrogram
from audiojudge_cli.signals.spectrum import Spectrum, roughness, spectrum

Array = npt.NDArray[np.float32]


def noise(rate: int, seconds: float = 2.0) -> Array:
    return np.random.default_rng(0).normal(0, 0.1, int(rate * seconds)).astype(np.float32)


def low_passed(wave: Array, rate: int, edge_hz: float) -> Array:
    transform = np.fft.rfft(wave)
    transform[int(edge_hz * len(wave) / rate) :] = 0
    return np.fft.irfft(transform, len(wave)).astype(np.float32)


def measured(wave: Array, rate: int) -> Spectrum:
    spec = spectrogram(wave, rate)
    assert spec is not None
    facts = spectrum(spec)
    assert facts is not None
    return facts


@pytest.mark.parametrize("edge_hz", [700.0, 3400.0, 8000.0, 15000.0])
@pytest.mark.parametrize("gain", [0.01, 1.0])
def test_bandwidth_is_where_the_band_ends(edge_hz: float, gain: float) -> None:
    wave = np.float32(gain) * low_passed(noise(44100), 44100, edge_hz)
    assert measured(wave, 44100).bandwidth_hz == pytest.approx(edge_hz, abs=250)


@pytest.mark.parametrize("rate", [8000, 44100, 192000])
def test_a_full_band_reaches_half_the_rate(rate: int) -> None:
    facts = measured(noise(rate), rate)
    assert facts.bandwidth_hz > 0.97 * rate / 2
    assert facts.centroid_hz == pytest.approx(rate / 4, rel=0.03)
    assert facts.rolloff_hz == pytest.approx(0.85 * rate / 2, rel=0.03)


def test_muffled_and_warm_against_bright() -> None:
    bright, dull = measured(noise(16000), 16000), measured(low_passed(noise(16000), 16000, 1500), 16000)
    assert bright.muffled_db is not None
    assert dull.muffled_db is not None
    assert bright.warmth_db is not None
    assert dull.warmth_db is not None
    assert bright.brightness_db is not None
    assert dull.brightness_db is not None
    assert dull.muffled_db > bright.muffled_db + 30
    assert dull.warmth_db > bright.warmth_db + 30
    assert dull.brightness_db < bright.brightness_db - 30


def test_level_of_a_sine_in_its_band() -> None:
    t = np.arange(32000) / 16000
    levels = dict(measured((0.1 * np.sin(2 * np.pi * 1000 * t)).astype(np.float32), 16000).band_levels_db)
    assert levels["mid"] == pytest.approx(-23.0, abs=0.5)
    assert levels["presence"] < -70


def test_flatness_of_a_tone_and_of_noise() -> None:
    t = np.arange(32000) / 16000
    assert measured(np.sin(2 * np.pi * 700 * t).astype(np.float32), 16000).flatness < 0.01
    assert measured(noise(16000), 16000).flatness == pytest.approx(0.56, abs=0.05)


def test_what_a_low_rate_cannot_hold_is_not_measured() -> None:
    facts = measured(noise(8000), 8000)
    assert facts.muffled_db is None
    assert "brilliance" not in dict(facts.band_levels_db)


@pytest.mark.parametrize("rate", [8000, 16000, 48000])
@pytest.mark.parametrize("gain", [0.01, 1.0])
def test_a_tone_fluttering_at_70_hz_is_rough(rate: int, gain: float) -> None:
    t = np.arange(2 * rate) / rate
    steady = np.float32(gain) * np.sin(2 * np.pi * 1500 * t).astype(np.float32)
    flutter = (steady * (1 + np.cos(2 * np.pi * 70 * t)) / 2).astype(np.float32)
    smooth, rough = roughness(steady, rate), roughness(flutter, rate)
    assert smooth is not None
    assert rough is not None
    assert smooth.depth < 0.05
    assert rough.depth > 0.7
    assert rough.rate_hz == pytest.approx(70, abs=1.5)


def test_silence_says_nothing() -> None:
    spec = spectrogram(np.zeros(16000, np.float32), 16000)
    assert spec is not None
    assert spectrum(spec) is None
    assert roughness(np.zeros(16000, np.float32), 16000) is None
    assert roughness(noise(16000, 0.1), 16000) is None
