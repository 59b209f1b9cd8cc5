import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.frames import spectrogram
from audiojudge_cli.signals.noise import Noise, noise

RATE = 16000


def syllables(seconds: float) -> npt.NDArray[np.float64]:
    """Return a voice-like buzz that comes and goes four times a second."""
    t = np.arange(int(seconds * RATE)) / RATE
    buzz = sum(np.sin(2 * np.pi * 130 * k * t + k) / k for k in range(1, 50))
    return np.asarray(0.2 * buzz * np.clip(np.sin(2 * np.pi * 2 * t), 0, 1) ** 2)


def measured(samples: npt.NDArray[np.float64]) -> Noise:
    spec = spectrogram(samples.astype(np.float32), RATE, window_s=0.032)
    assert spec is not None
    found = noise(spec)
    assert found is not None
    return found


@pytest.mark.parametrize("snr_db", [0.0, 10.0, 20.0, 30.0])
@pytest.mark.parametrize("gain", [0.01, 1.0])
def test_white_noise_under_a_voice_is_measured(snr_db: float, gain: float) -> None:
    voice = syllables(5.0)
    white = np.random.default_rng(0).normal(0, 1, len(voice))
    white *= np.sqrt(np.mean(voice**2)) * 10 ** (-snr_db / 20)
    assert measured(gain * (voice + white)).snr_db == pytest.approx(snr_db + 4, abs=5)


def test_more_noise_is_always_a_lower_ratio() -> None:
    voice = syllables(4.0)
    hiss = np.random.default_rng(1).normal(0, 1, len(voice))
    found = [measured(voice + gain * hiss) for gain in (1e-4, 1e-3, 1e-2, 0.1)]
    for name in ("snr_db", "weighted_snr_db"):
        assert (np.diff([getattr(f, name) for f in found]) < 0).all()
    assert (np.diff([f.floor_db for f in found]) > 0).all()


def test_silence_before_a_noisy_voice_does_not_hide_the_noise() -> None:
    voice = syllables(4.0) + np.random.default_rng(1).normal(0, 0.05, 4 * RATE)
    assert measured(np.concatenate([np.zeros(2 * RATE), voice])).snr_db == pytest.approx(
        measured(voice).snr_db, abs=1.5
    )


def test_hiss_is_flat_and_hum_is_not() -> None:
    t = np.arange(4 * RATE) / RATE
    hum = 0.05 * sum(np.sin(2 * np.pi * 100 * k * t) / k for k in (1, 2, 3))
    hiss = np.random.default_rng(1).normal(0, 0.05, 4 * RATE)
    assert measured(syllables(4.0) + hiss).flatness > 0.5
    assert measured(syllables(4.0) + hum).flatness < 0.2


def test_silence_and_a_blink_are_none() -> None:
    for samples in (np.zeros(RATE), np.ones(600) * 0.1):
        spec = spectrogram(samples.astype(np.float32), RATE, window_s=0.032)
        assert spec is not None
        assert noise(spec) is None
