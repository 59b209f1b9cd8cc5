"""Held notes: singing has them, speech and monotones do not."""

import numpy as np
import numpy.typing as npt
import pytest

from audiojudge_cli.signals.held_notes import LONG_S, held_notes_s
from audiojudge_cli.signals.pitchtrack import pitch_track

RATE = 16_000


def voiced(f0: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """Return a buzz with this F0 at every sample."""
    phase = 2 * np.pi * np.cumsum(f0) / RATE
    return np.asarray(0.2 * sum(np.sin(k * phase) / k for k in range(1, 9)), dtype=np.float32)


def held(f0: npt.NDArray[np.float64]) -> float:
    track = pitch_track(voiced(f0), RATE)
    assert track is not None
    return held_notes_s(track)


def notes(semitones: tuple[int, ...], seconds: float) -> npt.NDArray[np.float64]:
    return np.repeat(200.0 * 2.0 ** (np.array(semitones) / 12), round(seconds * RATE))


def test_a_tune_is_held() -> None:
    assert held(notes((0, 4, 7, 4, 0), 0.6)) > 2.0


def test_vibrato_is_held() -> None:
    tune = notes((0, 4, 7, 4, 0), 0.6)
    at = np.arange(len(tune)) / RATE
    assert held(tune * 2 ** (0.3 * np.sin(2 * np.pi * 5.5 * at) / 12)) > 1.0


def test_gliding_speech_is_not_held() -> None:
    at = np.arange(3 * RATE) / RATE
    assert held(150.0 * 2 ** (0.4 * np.sin(2 * np.pi * 1.7 * at))) < 0.3


def test_a_monotone_is_no_tune() -> None:
    assert held(notes((0,), 3.0)) < 0.3


def test_long_clips_hold_no_more_than_short_ones() -> None:
    once = notes((0, 4, 7, 4, 0), 0.6)
    assert held(np.tile(once, 8)) <= LONG_S
    assert held(np.tile(once, 8)) == pytest.approx(held(np.tile(once, 4)), rel=0.1)


def test_noise_holds_nothing() -> None:
    track = pitch_track(np.random.default_rng(1).normal(0, 0.1, RATE).astype(np.float32), RATE)
    assert track is not None
    assert held_notes_s(track) == 0.0
