"""Each feature against the same formula written another way: explicit cosines, interpolated triangles."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from audiojudge_cli.probes.mel import Array, dnsmos_mel, mel_filters, whisper_log_mel, yamnet_log_mel

RNG = np.random.default_rng(3)
SIGNAL = (0.3 * np.sin(2 * np.pi * 440 * np.arange(16_000) / 16_000) + 0.01 * RNG.standard_normal(16_000)).astype(
    np.float32
)


def magnitudes(samples: np.ndarray, width: int, size: int) -> np.ndarray:
    window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(width) / width)
    angle = 2 * np.pi * np.outer(np.arange(width), np.arange(size // 2 + 1)) / size
    rows = []
    for start in range(0, len(samples) - width + 1, 160):
        frame = samples[start : start + width].astype(np.float64) * window
        rows.append(np.hypot(frame @ np.cos(angle), frame @ np.sin(angle)))
    return np.array(rows)


def slaney_hertz(mel: float) -> float:
    return mel * 200 / 3 if mel < 15 else 1000 * 6.4 ** ((mel - 15) / 27)


def slaney_filters(size: int, bands: int) -> np.ndarray:
    top = 15 + 27 * np.log(8) / np.log(6.4)
    edges = [slaney_hertz(top * i / (bands + 1)) for i in range(bands + 2)]
    hertz = 16_000 * np.arange(size // 2 + 1) / size
    rows = [
        np.interp(hertz, edges[i : i + 3], [0, 2 / (edges[i + 2] - edges[i]), 0], left=0, right=0) for i in range(bands)
    ]
    return np.array(rows).T


def test_whisper_features_equal_the_formula() -> None:
    seconds = 2
    padded = np.pad(SIGNAL, (0, seconds * 16_000 - len(SIGNAL)))
    reflected = np.concatenate((padded[200:0:-1], padded, padded[-2:-202:-1]))
    log = np.log10(np.maximum(magnitudes(reflected, 400, 400)[:-1] ** 2 @ slaney_filters(400, 80), 1e-10))
    expected = (np.maximum(log, log.max() - 8) + 4) / 4
    features = whisper_log_mel(SIGNAL, seconds)
    assert features.shape == (80, 200)
    np.testing.assert_allclose(features, expected.T, atol=2e-4)


def test_whisper_features_of_thirty_seconds_have_the_trained_shape() -> None:
    assert whisper_log_mel(SIGNAL).shape == (80, 3000)


def test_what_does_not_fit_a_window_is_refused_rather_than_cut() -> None:
    with pytest.raises(ValueError, match="do not fit"):
        whisper_log_mel(SIGNAL, 0.5)


def test_yamnet_features_equal_the_formula() -> None:
    def mel(hertz: np.ndarray | float) -> np.ndarray:
        return np.asarray(1127 * np.log(1 + np.asarray(hertz) / 700))

    edges = np.linspace(mel(125.0), mel(7500.0), 66)
    bins = mel(np.arange(257) * 31.25)
    filters = np.array([np.interp(bins, edges[i : i + 3], [0, 1, 0], left=0, right=0) for i in range(64)]).T
    expected = np.log(magnitudes(SIGNAL, 400, 512) @ filters + 0.001)
    features = yamnet_log_mel(SIGNAL)
    assert features.shape == (98, 64)
    np.testing.assert_allclose(features, expected, atol=2e-4)


def test_dnsmos_features_equal_the_formula() -> None:
    power = magnitudes(np.pad(SIGNAL, 160), 321, 321) ** 2 @ slaney_filters(321, 120)
    decibel = 10 * np.log10(np.maximum(power, 1e-10))
    expected = (np.maximum(decibel - decibel.max(), -80) + 40) / 40
    features = dnsmos_mel(SIGNAL)
    assert features.shape == (100, 120)
    np.testing.assert_allclose(features, expected, atol=2e-3)


@pytest.mark.parametrize("feature", [yamnet_log_mel, whisper_log_mel, dnsmos_mel])
def test_digital_silence_stays_finite(feature: Callable[[Array], Array]) -> None:
    assert np.isfinite(feature(np.zeros(16_000, dtype=np.float32))).all()


def test_filters_cannot_be_changed_by_a_caller() -> None:
    with pytest.raises(ValueError, match="read-only"):
        mel_filters(512, 64, 125.0, 7500.0, "htk")[0] = 1.0
