import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.drums import Drums, drums, running_median
from audiojudge_cli.signals.onsets import onset_spectrogram

Array = npt.NDArray[np.float32]
RATES = [16000, 44100, 96000]


def tones(rate: int, seconds: float = 4.0) -> Array:
    """Chords of eight partials a note, struck softly twice a second."""
    t = np.arange(int(rate * seconds)) / rate
    shape = np.minimum(1.0, (t % 0.5) / 0.02) * np.exp(-8 * (t % 0.5))
    wave = sum(np.sin(2 * np.pi * f * k * t) / k**1.5 for f in (220.0, 277.2, 329.6) for k in range(1, 20))
    return np.asarray(0.1 * wave * shape, dtype=np.float32)


def kit(rate: int, seconds: float = 4.0) -> Array:
    """Kick on every half second, hi-hat on every quarter."""
    rng = np.random.default_rng(0)
    t = np.arange(int(rate * seconds)) / rate
    late, soon = (t + 0.4) % 0.5, (t + 0.15) % 0.25
    kick = np.sin(2 * np.pi * 60 * late) * np.exp(-25 * late)
    hat = np.diff(rng.normal(0, 1, len(t) + 1)) * np.exp(-60 * soon)
    return (0.4 * kick + 0.1 * hat).astype(np.float32)


def measured(wave: Array, rate: int) -> Drums:
    spec = onset_spectrogram(wave, rate)
    assert spec is not None
    facts = drums(spec)
    assert facts is not None
    return facts


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("gain", [0.01, 1.0])
def test_a_kit_over_chords_is_heard(rate: int, gain: float) -> None:
    without = measured(np.float32(gain) * tones(rate), rate)
    both = measured(np.float32(gain) * (tones(rate) + kit(rate)), rate)
    assert without.log_odds < 0 < both.log_odds
    assert both.noisy_strokes_per_s == pytest.approx(4.0, abs=1.1)
    assert without.noisy_strokes_per_s == 0
    assert both.percussive_share > without.percussive_share


def test_kicks_are_counted() -> None:
    assert measured(kit(16000), 16000).kick_per_s == pytest.approx(2.0, abs=0.3)
    assert measured(tones(16000), 16000).kick_per_s == 0


def test_bass_is_held_low_tone() -> None:
    t = np.arange(64000) / 16000
    bass = (0.3 * np.sin(2 * np.pi * 82.4 * t)).astype(np.float32)
    assert measured(bass + tones(16000), 16000).bass_share > 0.5
    assert measured(tones(16000), 16000).bass_share < 0.02


def test_a_low_rate_has_no_treble_to_measure() -> None:
    facts = measured(kit(8000), 8000)
    assert facts.percussive_high_share is None
    assert facts.hat_level_db is None


def test_silence_says_nothing() -> None:
    spec = onset_spectrogram(np.zeros(16000, np.float32), 16000)
    assert spec is not None
    assert drums(spec) is None


@pytest.mark.parametrize("axis", [0, 1])
def test_running_median_is_the_median_of_the_window(axis: int) -> None:
    values = np.random.default_rng(1).normal(0, 1, (12, 15)).astype(np.float32)
    pad = [(0, 0), (0, 0)]
    pad[axis] = (2, 2)
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(values, pad, mode="edge"), 5, axis=axis)
    np.testing.assert_array_equal(running_median(values, 5, axis), np.median(windows, axis=-1))
