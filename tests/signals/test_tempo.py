import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.beats import beat_times, metre
from audiojudge_cli.signals.onsets import Onsets, onset_spectrogram, onsets
from audiojudge_cli.signals.tempo import Tempo, tempo

RATE = 22050


def clicks(times_s: npt.NDArray[np.float64], gains: npt.NDArray[np.float64], seconds: float) -> Onsets:
    samples = np.zeros(int(seconds * RATE))
    t = np.arange(int(0.05 * RATE)) / RATE
    noise = np.random.default_rng(0).normal(0, 0.3, len(t))
    for start, gain in zip(times_s, gains, strict=True):
        i = int(start * RATE)
        stroke = gain * np.exp(-60 * t) * (np.sin(2 * np.pi * 1000 * t) + noise)
        samples[i : i + len(t)] += stroke[: len(samples) - i]
    spec = onset_spectrogram((samples * 0.4).astype(np.float32), RATE)
    assert spec is not None
    found = onsets(spec)
    assert found is not None
    return found


def click_track(bpm: float, seconds: float = 10.0) -> Onsets:
    times = np.arange(0.1, seconds, 60.0 / bpm)
    return clicks(times, np.ones(len(times)), seconds)


@pytest.mark.parametrize("bpm", [60, 72, 85.5, 100, 120, 128, 144, 160, 180, 200])
def test_a_click_track_has_its_tempo(bpm: float) -> None:
    found = tempo(click_track(bpm))
    assert found is not None
    assert found.bpm == pytest.approx(bpm, rel=0.01)
    assert found.confidence > 0.7
    assert sum(weight for _, weight in found.candidates) == pytest.approx(1.0)


def test_octaves_are_offered_with_weights() -> None:
    found = tempo(click_track(120))
    assert found is not None
    assert found.weight_near(120) > found.weight_near(60) > 0.0
    assert found.weight_above(90) == pytest.approx(found.weight_near(120), abs=0.05)


def test_beats_lie_on_the_clicks() -> None:
    found = click_track(110)
    beats = beat_times(found, 110)
    truth = np.arange(0.1, 10.0, 60.0 / 110)
    distance = np.abs(beats[:, None] - truth).min(axis=1)
    assert abs(len(beats) - len(truth)) <= 1
    assert np.median(distance) < 0.03


@pytest.mark.parametrize("size", [3, 4])
def test_accents_tell_the_metre(size: int) -> None:
    times = np.arange(0.1, 14.0, 0.5)
    gains = np.where(np.arange(len(times)) % size == 0, 1.0, 0.15)
    found = clicks(times, gains, 14.0)
    grouping = metre(found, beat_times(found, 120))
    assert grouping is not None
    assert grouping.beats_per_bar == size
    assert abs(grouping.p_three - 0.5) > 0.2


def test_too_little_to_count_is_none() -> None:
    assert tempo(click_track(120, 1.5)) is None
    short = click_track(120, 3.0)
    assert metre(short, beat_times(short, 120)) is None
    assert len(beat_times(click_track(120, 0.6), 60)) == 0


def test_irregular_clicks_have_little_confidence() -> None:
    times = np.sort(np.random.default_rng(4).uniform(0, 9.8, 25))
    found = tempo(clicks(times, np.ones(25), 10.0))
    assert found is None or found.confidence < 0.4


def test_the_mean_lies_between_the_readings() -> None:
    reading = Tempo(80.0, ((80.0, 0.5), (160.0, 0.5)), 0.5)
    assert reading.mean_bpm == pytest.approx(80.0 * 2**0.5)
    assert Tempo(120.0, ((120.0, 1.0),), 0.5).mean_bpm == pytest.approx(120.0)
