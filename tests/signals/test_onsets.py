import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.onsets import Onsets, onset_spectrogram, onsets


def plucks(times_s: list[float], rate: int, seconds: float, gain: float = 0.5) -> npt.NDArray[np.float32]:
    samples = np.zeros(int(rate * seconds))
    t = np.arange(int(0.3 * rate)) / rate
    for k, start in enumerate(times_s):
        note = (
            np.exp(-12 * t)
            * (1 - t / 0.3)
            * sum(np.sin(2 * np.pi * f * t) for f in (300 + 40 * k, 900 + 120 * k, 1800))
        )
        i = int(start * rate)
        samples[i : i + len(t)] += note[: len(samples) - i]
    return np.asarray(gain * samples / np.abs(samples).max(), dtype=np.float32)


def find(samples: npt.NDArray[np.float32], rate: int) -> Onsets:
    spec = onset_spectrogram(samples, rate)
    assert spec is not None
    found = onsets(spec)
    assert found is not None
    return found


@pytest.mark.parametrize("rate", [8000, 22050, 44100])
@pytest.mark.parametrize("gain", [0.01, 0.9])
def test_plucks_are_found_where_they_are(rate: int, gain: float) -> None:
    truth = [0.3, 0.8, 1.05, 1.7, 2.4]
    found = find(plucks(truth, rate, 3.0, gain), rate)
    np.testing.assert_allclose(found.times_s, truth, atol=0.035)
    assert found.rate_per_s == pytest.approx(4 / 2.1, rel=0.05)


def test_level_does_not_change_the_onsets() -> None:
    samples = plucks([0.5, 1.0, 1.5], 22050, 2.0)
    loud, quiet = find(samples, 22050), find(samples * np.float32(0.01), 22050)
    np.testing.assert_allclose(loud.envelope_db, quiet.envelope_db, atol=0.05)


def test_a_steady_tone_has_no_onsets_inside() -> None:
    t = np.arange(44100) / 22050
    found = find((0.3 * np.sin(2 * np.pi * 440 * t)).astype(np.float32), 22050)
    assert not [time for time in found.times_s if 0.1 < time < 1.9]
    assert found.rate_per_s is None


def test_bass_strokes_show_in_the_low_envelope() -> None:
    t = np.arange(22050) / 22050
    stroke = np.where(t >= 0.5, np.exp(-8 * (t - 0.5)), 0.0) * np.clip((t - 0.5) / 0.05, 0, 1)
    low = find((0.5 * stroke * np.sin(2 * np.pi * 60 * t)).astype(np.float32), 22050)
    high = find((0.5 * stroke * np.sin(2 * np.pi * 3000 * t)).astype(np.float32), 22050)
    assert low.low_envelope_db.max() > 2 * high.low_envelope_db.max()


def test_strong_onsets_are_counted_per_second_of_the_clip() -> None:
    found = find(plucks([0.5, 1.0, 1.5, 2.0], 22050, 4.0), 22050)
    assert found.rate_above_per_s(3.0) == pytest.approx(1.0, rel=0.02)
    assert found.rate_above_per_s(1e3) == 0.0


def test_silence_is_none() -> None:
    spec = onset_spectrogram(np.zeros(22050, dtype=np.float32), 22050)
    assert spec is not None
    assert onsets(spec) is None
