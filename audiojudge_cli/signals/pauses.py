"""Pauses of speech, and its rate by syllable nuclei: no recogniser needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array, spectrogram

_HOP_S = 0.010
Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, eq=False)
class Pauses:
    """Pauses and speaking rate of a clip.

    Attributes:
        pauses: (start, end) of silences between speech, in seconds.
        longest_s: Longest of them; None without speech.
        share: Paused share of the time from the first to the last speech, 0 to 1; None without speech.
        speech_s: Time spoken, pauses left out.
        nuclei_s: Times of syllable nuclei in seconds, shape (nuclei,).
        articulation_per_s: Syllable nuclei per second of speech; None with under 0.3 s of speech.
        rate_per_s: Syllable nuclei per second from first to last speech, pauses included; None likewise.
    """

    pauses: Spans
    longest_s: float | None
    share: float | None
    speech_s: float
    nuclei_s: npt.NDArray[np.float64]
    articulation_per_s: float | None
    rate_per_s: float | None


def pauses(
    samples: Array,
    rate: int,
    *,
    speech: Sequence[tuple[float, float]] | None = None,
    least_s: float = 0.20,
    dip_db: float = 1.0,
) -> Pauses | None:
    """Find pauses and syllable nuclei.

    Nuclei are peaks of the level between 300 and 2500 Hz with a dip of `dip_db` on both sides (after de Jong and
    Wempe, Behavior Research Methods 41, 2009). Their test for voicing is left out: the band already keeps
    fricatives from counting, and a whisper has syllables as well.

    Args:
        samples: float32 mono, shape (n,).
        rate: Samples per second.
        speech: (start, end) of speech in seconds from a voice-activity detector; without it the level decides.
        least_s: Shortest pause.
        dip_db: Least dip between two nuclei.

    Returns:
        The facts, or None for silence or audio under 0.3 s.
    """
    level = _level(samples, rate)
    if level is None:
        return None
    active = _active(level)
    if speech is not None:
        inside = np.zeros(len(level), dtype=np.bool_)
        for start, end in speech:
            inside[max(0, round(start / _HOP_S)) : max(0, round(end / _HOP_S))] = True
        active &= inside
    if not active.any():
        return Pauses((), None, None, 0.0, np.empty(0), None, None)
    first, last = np.flatnonzero(active)[[0, -1]]
    gaps = _gaps(active[first : last + 1], round(least_s / _HOP_S)) + first
    paused = float((gaps[:, 1] - gaps[:, 0]).sum() * _HOP_S)
    whole = float((last + 1 - first) * _HOP_S)
    nuclei = _nuclei(level, active, dip_db)
    spoken = whole - paused
    return Pauses(
        pauses=tuple((float(a * _HOP_S), float(b * _HOP_S)) for a, b in gaps),
        longest_s=float((gaps[:, 1] - gaps[:, 0]).max() * _HOP_S) if len(gaps) else 0.0,
        share=paused / whole,
        speech_s=spoken,
        nuclei_s=np.asarray(nuclei * _HOP_S, dtype=np.float64),
        articulation_per_s=len(nuclei) / spoken if spoken >= 0.3 else None,
        rate_per_s=len(nuclei) / whole if spoken >= 0.3 else None,
    )


def _level(samples: Array, rate: int) -> npt.NDArray[np.float64] | None:
    """Return the smoothed level between 300 and 2500 Hz every 10 ms in dB."""
    from scipy.ndimage import gaussian_filter1d

    if len(samples) < 0.3 * rate:
        return None
    spec = spectrogram(samples, rate, window_s=0.032, hop_s=_HOP_S)
    if spec is None:
        return None
    frequency = spec.frequencies_hz
    band = (frequency >= 300.0) & (frequency <= 2500.0)
    power = np.square(spec.magnitudes[:, band]).sum(axis=1, dtype=np.float64)
    if power.max() <= 1e-12:
        return None
    # The hop is a whole number of samples: put the frames back on a grid of exactly 10 ms.
    times = np.arange(len(power)) * spec.hop_s
    power = np.interp(np.arange(int(times[-1] / _HOP_S) + 1) * _HOP_S, times, power)
    return np.asarray(gaussian_filter1d(10.0 * np.log10(np.maximum(power, power.max() * 1e-7)), 1.5))


def _active(level: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    low, high = np.percentile(level, [5, 95])
    threshold = max(high - 30.0, low + min(8.0, 0.3 * (high - low)))
    flags: npt.NDArray[np.bool_] = level > threshold
    return flags


def _gaps(active: npt.NDArray[np.bool_], least: int) -> npt.NDArray[np.int64]:
    edges = np.flatnonzero(active[1:] != active[:-1]) + 1
    gaps = edges.reshape(-1, 2)
    return np.asarray(gaps[gaps[:, 1] - gaps[:, 0] >= least])


def _nuclei(level: npt.NDArray[np.float64], active: npt.NDArray[np.bool_], dip_db: float) -> npt.NDArray[np.int64]:
    from scipy.signal import find_peaks

    padded = np.concatenate([[level.min()], level, [level.min()]])
    peaks = find_peaks(padded, prominence=dip_db, height=float(np.percentile(level, 95)) - 25.0)[0] - 1
    peaks = peaks[active[peaks]]
    return np.asarray(peaks, dtype=np.int64)
