import numpy as np
import pytest

from audiojudge_cli.signals.frames import (
    band_matrix,
    decibels,
    log_edges_hz,
    mel_edges_hz,
    spectrogram,
)


@pytest.mark.parametrize("rate", [8000, 22050, 48000, 192000])
def test_a_full_scale_sine_reads_one_at_its_frequency(rate: int) -> None:
    t = np.arange(rate) / rate
    spec = spectrogram(np.sin(2 * np.pi * 1000 * t).astype(np.float32), rate)
    assert spec is not None
    middle = spec.magnitudes[len(spec.magnitudes) // 2]
    assert spec.frequencies_hz[middle.argmax()] == pytest.approx(1000, abs=25)
    assert middle.max() == pytest.approx(1.0, abs=0.15)
    assert spec.window_s == pytest.approx(0.046, rel=0.4)


def test_frames_are_centred_on_their_times() -> None:
    samples = np.zeros(22050, dtype=np.float32)
    samples[11025] = 1.0
    spec = spectrogram(samples, 22050, window_s=0.023)
    assert spec is not None
    assert spec.times_s[spec.magnitudes.sum(axis=1).argmax()] == pytest.approx(0.5, abs=0.006)


def test_a_long_clip_is_computed_in_blocks_like_a_short_one() -> None:
    samples = np.random.default_rng(0).normal(0, 0.1, 8000 * 30).astype(np.float32)
    whole = spectrogram(samples, 8000)
    part = spectrogram(samples[: 8000 * 2], 8000)
    assert whole is not None
    assert part is not None
    np.testing.assert_allclose(whole.magnitudes[:190], part.magnitudes[:190], rtol=1e-5, atol=1e-7)


def test_shorter_than_a_window_is_none() -> None:
    assert spectrogram(np.ones(100, dtype=np.float32), 22050) is None


def test_bands_average_and_never_vanish() -> None:
    matrix = band_matrix(65, 8000, log_edges_hz(24, 27.5, 4000.0))
    np.testing.assert_allclose(matrix.sum(axis=0), 1.0, rtol=1e-5)
    edges = mel_edges_hz(40, 20.0, 8000.0)
    assert len(edges) == 42
    assert edges[0] == pytest.approx(20.0)
    assert edges[-1] == pytest.approx(8000.0)
    assert (np.diff(edges) > 0).all()


def test_decibels_have_a_floor() -> None:
    np.testing.assert_allclose(decibels(np.array([1.0, 0.01, 0.0], np.float32)), [0.0, -20.0, -120.0], atol=1e-4)
