"""Repeated sounds counted: barks, knocks, beeps, as bursts of energy with gaps between."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array

_HOP_S = 0.010


@dataclass(frozen=True)
class Repeats:
    """Bursts of a clip.

    Attributes:
        count: Number of bursts.
        bursts: (start, end) of each in seconds, rising.
        prominences_db: How far each rises out of the gaps beside it, in dB.
        period_s: Median distance of burst starts; None with fewer than two.
        irregularity: Mean deviation of those distances from their median, over that median: under 0.1 a clock,
            over 0.4 no rhythm; None with fewer than three bursts.
        margin_db: How much the depth asked of gaps could change before the count did: small = count unsure.
    """

    count: int
    bursts: tuple[tuple[float, float], ...]
    prominences_db: tuple[float, ...]
    period_s: float | None
    irregularity: float | None
    margin_db: float


def repeats(samples: Array, rate: int, *, gap_db: float = 9.0, range_db: float = 22.0) -> Repeats | None:
    """Count bursts of energy.

    A burst is a peak of the level contour within `range_db` of the loudest, with a gap at least `gap_db` deep
    between it and any higher peak (topographic prominence). Wind and traffic rumble below 120 Hz is left out.

    Args:
        samples: float32 mono, shape (n,).
        rate: Samples per second.
        gap_db: Least depth of a gap.
        range_db: Bursts this far below the loudest are not counted.

    Returns:
        The bursts, or None for silence or under 0.1 s of audio.
    """
    from scipy.signal import find_peaks

    level = contour_db(samples, rate)
    if level is None:
        return None
    peak = float(level.max())
    # Gaps cannot be deeper than the background lets them: ask less of them over noise.
    floor = float(np.percentile(level, 5))
    asked = float(np.clip(0.45 * (peak - floor), 4.0, gap_db))
    edges = np.full(1, floor)
    padded = np.concatenate([edges, level, edges])
    peaks, facts = find_peaks(padded, height=peak - range_db, prominence=min(3.0, asked))
    prominence = facts["prominences"]
    chosen = peaks[prominence >= asked] - 1
    if len(chosen) == 0:
        chosen = np.array([int(level.argmax())])
    bursts = _extents(level, chosen, asked)
    starts = np.array([start for start, _ in bursts])
    steps = np.diff(starts)
    period = float(np.median(steps)) if len(steps) else None
    irregularity = float(np.abs(steps - period).mean() / period) if period and len(steps) > 1 else None
    kept = prominence[prominence >= asked]
    return Repeats(
        count=len(bursts),
        bursts=bursts,
        prominences_db=tuple(float(p) for p in kept) if len(kept) == len(bursts) else (peak - floor,),
        period_s=period,
        irregularity=irregularity,
        margin_db=float(np.abs(prominence - asked).min()) if len(prominence) else asked,
    )


def contour_db(samples: Array, rate: int, smooth_s: float = 0.020) -> npt.NDArray[np.float64] | None:
    """Return the level above 120 Hz every 10 ms in dBFS, Gaussian-smoothed, or None for silence or under 0.1 s."""
    from scipy.ndimage import gaussian_filter1d

    hop = max(1, round(_HOP_S * rate))
    count = len(samples) // hop
    if count < 10:
        return None
    # A first difference over 1 ms: a gentle high-pass at any rate, without filter state.
    lag = max(1, round(0.001 * rate))
    high = samples.astype(np.float32, copy=True)
    high[lag:] -= samples[:-lag]
    high[:lag] = 0.0
    blocks = high[: count * hop].reshape(count, hop)
    power = np.einsum("fs,fs->f", blocks, blocks, dtype=np.float64) / (2 * hop)
    if power.max() <= 1e-11:
        return None
    power = gaussian_filter1d(power, smooth_s / _HOP_S)
    return np.asarray(10.0 * np.log10(np.maximum(power, power.max() * 1e-7)))


def _extents(
    level: npt.NDArray[np.float64], peaks: npt.NDArray[np.int64], depth_db: float
) -> tuple[tuple[float, float], ...]:
    """Return where each burst comes out of, and goes back below, `depth_db` under its peak."""
    bounds = [0, *(int(a + level[a:b].argmin()) for a, b in pairwise(peaks.tolist())), len(level)]
    spans = []
    for peak, low, high in zip(peaks, bounds[:-1], bounds[1:], strict=True):
        under = level < level[peak] - depth_db
        before = np.flatnonzero(under[low:peak])
        after = np.flatnonzero(under[peak:high])
        start = low + int(before[-1]) + 1 if len(before) else low
        end = int(peak) + int(after[0]) if len(after) else high
        spans.append((start * _HOP_S, max(end, start + 1) * _HOP_S))
    return tuple((float(a), float(b)) for a, b in spans)
