"""Onsets: where sounds begin, and how strongly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import (
    Array,
    Spectrogram,
    band_matrix,
    log_edges_hz,
    spectrogram,
    stretches,
)

# Below this distance from the loud parts of a clip, changes are not heard as onsets.
_RANGE_DB = 60.0
# Frames worked on at once: five minutes.
_STRETCH = 1 << 15


@dataclass(frozen=True, eq=False)
class Onsets:
    """Onsets of a clip.

    Attributes:
        envelope_db: float32, shape (frames,): mean rise over all bands since two frames ago, in dB.
        low_envelope_db: The same over bands below 150 Hz (kick drum, bass).
        hop_s: Distance of frames in seconds; frame i is centred at i * hop_s.
        times_s: Times of the onsets in seconds, shape (onsets,), rising.
        strengths_db: Value of the envelope at each onset, shape (onsets,).
        rate_per_s: Onsets per second between the first and the last, None with fewer than three.
    """

    envelope_db: Array
    low_envelope_db: Array
    hop_s: float
    times_s: npt.NDArray[np.float64]
    strengths_db: Array
    rate_per_s: float | None

    def rate_above_per_s(self, least_db: float) -> float:
        """Return onsets at least this strong per second of audio; 3 dB keeps those that tap along."""
        length = len(self.envelope_db) * self.hop_s
        return float((self.strengths_db >= least_db).sum() / length)


def onset_spectrogram(samples: Array, rate: int) -> Spectrogram | None:
    """Return the spectrogram `onsets` wants: 46 ms windows every 10 ms; None for audio shorter than that."""
    return spectrogram(samples, rate, window_s=0.046, hop_s=0.010)


def onsets(spec: Spectrogram, *, least_db: float = 2.0) -> Onsets | None:
    """Find onsets from a spectrogram with 10 ms hops.

    Spectral flux on a quarter-tone scale against the maximum of neighbouring bands, which ignores vibrato
    (SuperFlux: Boeck and Widmer, DAFx 2013), in dB relative to the clip's own loud parts, so that the level of
    the clip does not matter; peaks are picked against their surroundings as in the same paper.

    Args:
        spec: Spectrogram of the clip (see `onset_spectrogram`).
        least_db: Smallest mean rise over the bands that counts as an onset.

    Returns:
        The onsets, or None for a silent clip.
    """
    flux = _flux(spec)
    if flux is None:
        return None
    envelope, low = flux
    peaks = _peaks(envelope, spec.hop_s, least_db)
    times = peaks.astype(np.float64) * spec.hop_s
    rate_per_s = None
    if len(times) >= 3:
        rate_per_s = float((len(times) - 1) / (times[-1] - times[0]))
    return Onsets(envelope, low, spec.hop_s, times, envelope[peaks], rate_per_s)


def _flux(spec: Spectrogram) -> tuple[Array, Array] | None:
    from scipy.ndimage import maximum_filter1d

    edges = log_edges_hz(24, 30.0, min(16000.0, 0.48 * spec.rate))
    filters = band_matrix(spec.magnitudes.shape[1], spec.rate, edges)
    bands = np.concatenate([part @ filters for part in stretches(spec)])
    loud = float(np.percentile(bands.max(axis=1), 95))
    if loud <= 1e-7:
        return None
    lag = max(1, round(0.020 / spec.hop_s))
    low = np.asarray(edges[1:-1]) < 150.0
    envelopes = []
    for start in range(0, len(bands), _STRETCH):
        # Each stretch begins with the frames that its first ones are compared with.
        first = max(0, start - lag)
        level = bands[first : start + _STRETCH]
        level = 20.0 * np.log10(np.maximum(level, loud * 10.0 ** (-_RANGE_DB / 20.0)))
        rise = np.maximum(level[lag:] - maximum_filter1d(level, 3, axis=1)[:-lag], 0.0)
        if not start:
            # Against silence before the clip only as far as the first window overlaps it.
            rise = np.concatenate([np.maximum(level[:lag] - level[:1], 0.0), rise])
        envelopes.append((rise.mean(axis=1), rise[:, low].mean(axis=1)))
    whole, lows = (np.concatenate(parts).astype(np.float32) for parts in zip(*envelopes, strict=True))
    return whole, lows


def _peaks(envelope: Array, hop_s: float, least_db: float) -> npt.NDArray[np.int64]:
    """Return the frames of onsets: local maxima that stand out of a 200 ms neighbourhood, 30 ms apart."""
    from scipy.ndimage import maximum_filter1d, uniform_filter1d

    near = 2 * round(0.030 / hop_s) + 1
    wide = 2 * round(0.100 / hop_s) + 1
    highest = maximum_filter1d(envelope, near)
    average = uniform_filter1d(envelope, wide)
    found = np.flatnonzero((envelope >= highest) & (envelope >= average + least_db) & (envelope > 0))
    if len(found) == 0:
        return found
    keep = np.concatenate([[True], np.diff(found) > round(0.030 / hop_s)])
    return np.asarray(found[keep])
