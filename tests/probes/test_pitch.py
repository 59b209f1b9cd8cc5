from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audiojudge_cli.probes.mel import Array
from audiojudge_cli.probes.pitch import PitchTrack, track_pitch
from audiojudge_cli.probes.sessions import Models


def voice(hertz: float, seconds: float) -> Array:
    """A buzz with falling harmonics."""
    phase = 2 * np.pi * hertz * np.arange(round(seconds * 16_000)) / 16_000
    return np.asarray(0.1 * sum(np.sin(k * phase) / k for k in range(1, 11)), dtype=np.float32)


def test_the_median_is_taken_over_voiced_frames_in_the_spans() -> None:
    f0 = np.array([100] * 20 + [200] * 20 + [900] * 20, dtype=np.float32)
    voiced = np.array([0.9] * 40 + [0.1] * 20, dtype=np.float32)
    track = PitchTrack(f0, voiced, 0.016)
    assert track.median_hz() == 150
    assert track.median_hz([(0.0, 0.32)]) == 100
    assert track.median_hz([(0.32, 0.96)]) == 200
    assert track.median_hz([(0.64, 0.96)]) is None
    assert track.voiced_share() == pytest.approx(2 / 3)
    assert track.voiced_share([(0.32, 0.96)]) == pytest.approx(0.5)
    assert track.voiced_share([]) == 0.0


def test_too_little_voicing_has_no_pitch() -> None:
    track = PitchTrack(np.full(5, 100, dtype=np.float32), np.ones(5, dtype=np.float32), 0.016)
    assert track.median_hz() is None
    assert track.median_hz(least_s=0.05) == 100


@pytest.mark.weights
@pytest.mark.parametrize("hertz", [75, 120, 155, 220, 440, 880])
def test_a_buzz_has_its_own_pitch(models: Models, hertz: float) -> None:
    track = track_pitch(voice(hertz, 1.5), models.swift_f0)
    assert track.median_hz() == pytest.approx(hertz, rel=0.01)
    assert track.voiced_share() > 0.8


@pytest.mark.weights
def test_noise_and_silence_have_none(models: Models) -> None:
    noise = 0.1 * np.random.default_rng(5).standard_normal(32_000).astype(np.float32)
    assert track_pitch(noise, models.swift_f0).voiced_share() < 0.1
    assert track_pitch(np.zeros(32_000, dtype=np.float32), models.swift_f0).voiced_share() == 0


@pytest.mark.weights
def test_men_and_women(models: Models, clip: Callable[[str], Array]) -> None:
    man = track_pitch(clip("speech_librivox_en.flac"), models.swift_f0, 50, 600).median_hz()
    woman = track_pitch(clip("speech_hello_zh.flac"), models.swift_f0, 50, 600).median_hz()
    assert man is not None
    assert woman is not None
    assert man < 155 < woman


@pytest.mark.weights
def test_long_clips_are_read_in_blocks_that_leave_no_seam(models: Models) -> None:
    glide = np.concatenate([voice(hertz, 1.0) for hertz in np.linspace(90, 300, 70)])
    whole = track_pitch(glide, models.swift_f0)
    shift = 256 * 700
    later = track_pitch(glide[shift:], models.swift_f0)
    assert len(whole.f0_hz) > 2 * 1875
    np.testing.assert_allclose(whole.f0_hz[720:], later.f0_hz[20:], rtol=1e-3)


@pytest.mark.weights
@pytest.mark.parametrize("count", [0, 1, 255, 256, 300])
def test_any_length(models: Models, count: int) -> None:
    track = track_pitch(np.full(count, 0.1, dtype=np.float32), models.swift_f0)
    assert len(track.f0_hz) == len(track.voiced_p) == len(track.times_s) == count // 256
