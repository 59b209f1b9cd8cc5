"""Background noise: how far the foreground stands above what is always there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiojudge_cli.signals.frames import (
    Array,
    Spectrogram,
    band_matrix,
    mel_edges_hz,
    stretches,
)

_BANDS = 40


@dataclass(frozen=True, eq=False)
class Noise:
    """What is always there under a clip.

    Attributes:
        snr_db: Power of the whole above the noise floor, summed over bands; about 60 for a clean studio voice,
            10 for clearly audible hiss, 0 where nothing stands out (steady sounds as well).
        weighted_snr_db: Mean over bands of each band's own ratio, capped to 0..40 dB: counts hiss in bands where
            the foreground is weak.
        floor_db: Noise floor in dB relative to full scale, summed over bands.
        floor_bands_db: float32, shape (40,), floor per mel band (60 Hz up to 8 kHz or half the rate).
        flatness: Spectral flatness of the floor over the bands, 0 (hum) to 1 (even hiss).
    """

    snr_db: float
    weighted_snr_db: float
    floor_db: float
    floor_bands_db: Array
    flatness: float


def noise(spec: Spectrogram) -> Noise | None:
    """Estimate the noise floor and the signal-to-noise ratio without a reference.

    In each mel band the floor is the 10th percentile over time of the power smoothed over 50 ms: even without
    pauses in the foreground, single bands are left free now and then (the idea of minimum statistics: Martin,
    IEEE TSAP 9, 2001). Frames of digital silence do not count as a floor. A steady sound (a hum, an organ, rain)
    is its own floor: read the figures only where the foreground is speech or comes and goes.

    Args:
        spec: Spectrogram with windows of about 32 to 46 ms and hops of 10 ms.

    Returns:
        The noise, or None for silence or under 0.1 s of sound.
    """
    from scipy.ndimage import uniform_filter1d

    edges = mel_edges_hz(_BANDS, 60.0, min(8000.0, 0.48 * spec.rate))
    filters = band_matrix(spec.magnitudes.shape[1], spec.rate, edges)
    power = np.concatenate([np.square(part) @ filters for part in stretches(spec)])
    power = power[power.sum(axis=1) > 1e-11]
    if len(power) < 10:
        return None
    smooth = uniform_filter1d(power, max(1, round(0.050 / spec.hop_s)), axis=0)
    floor = np.percentile(smooth, 10, axis=0).astype(np.float64)
    mean = power.mean(axis=0, dtype=np.float64)
    above = np.maximum(mean - floor, 1e-4 * mean)
    ratio = 10.0 * np.log10(above / np.maximum(floor, 1e-13))
    total = float(np.clip(10.0 * np.log10(above.sum() / max(float(floor.sum()), 1e-13)), -40.0, 80.0))
    levels = 10.0 * np.log10(np.maximum(floor, 1e-13))
    return Noise(
        snr_db=total,
        weighted_snr_db=float(np.clip(ratio, 0.0, 40.0).mean()),
        floor_db=float(10.0 * np.log10(max(float(floor.sum()), 1e-13))),
        floor_bands_db=levels.astype(np.float32),
        flatness=float(10.0 ** (levels.mean() / 10.0) / np.mean(10.0 ** (levels / 10.0))),
    )
