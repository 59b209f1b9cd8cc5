"""Stereo image: width, balance over time, movement from side to side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array

# A balance beyond this is heard as fully on one side.
_LIMIT_DB = 30.0
# Frames this far below the loudest say nothing about where a sound is.
_RANGE_DB = 35.0


@dataclass(frozen=True, eq=False)
class Stereo:
    """Stereo facts of a clip; the balance is positive to the right.

    Attributes:
        width: Power of the side signal over side plus mid, 0 (mono) to 1 (opposite phase).
        correlation: Correlation of left and right, -1 to 1; None where one channel is silent.
        balance_db: Level of right over left over the whole clip, at most 30 dB either way.
        times_s: Centres of the active frames in seconds, shape (frames,).
        track_db: Smoothed balance of those frames, shape (frames,).
        range_db: Distance of the 5th and 95th percentile of the balance over time.
        start_db: Mean balance of the first fifth of the active frames.
        end_db: Mean balance of the last fifth.
        crossings: How often the balance swings from over 2 dB on one side to over 2 dB on the other.
    """

    width: float
    correlation: float | None
    balance_db: float
    times_s: npt.NDArray[np.float64]
    track_db: npt.NDArray[np.float64]
    range_db: float
    start_db: float
    end_db: float
    crossings: int


def stereo(channels: Array, rate: int, *, frame_s: float = 0.1) -> Stereo | None:
    """Measure the stereo image of the first two channels.

    Only level differences are looked at: time differences alone (spaced microphones, headphones) show up in
    `correlation`, not in the balance.

    Args:
        channels: float32, shape (channels, n).
        rate: Samples per second.
        frame_s: Length of the frames over which the balance is taken.

    Returns:
        The facts, or None for one channel, silence, or less than three frames.
    """
    size = max(1, round(frame_s * rate))
    if channels.ndim != 2 or len(channels) < 2 or channels.shape[1] < 3 * size:
        return None
    count = channels.shape[1] // size
    framed = channels[:2, : count * size].reshape(2, count, size)
    power = np.einsum("cfs,cfs->cf", framed, framed, dtype=np.float64) / size
    cross = np.einsum("fs,fs->f", framed[0], framed[1], dtype=np.float64) / size
    total = power.sum(axis=0)
    if total.max() <= 1e-12:
        return None
    active = np.flatnonzero(total > total.max() * 10.0 ** (-_RANGE_DB / 10.0))
    track = _smooth(_balance_db(power[0, active], power[1, active]))
    left, right = power.sum(axis=1)
    both = float(np.sqrt(left * right))
    edge = max(1, len(track) // 5)
    low, high = np.percentile(track, [5, 95])
    return Stereo(
        width=float(np.clip((left + right - 2.0 * cross.sum()) / (2.0 * (left + right)), 0.0, 1.0)),
        correlation=float(np.clip(cross.sum() / both, -1.0, 1.0)) if both > 1e-9 * (left + right) else None,
        balance_db=float(_balance_db(left, right)),
        times_s=np.asarray((active + 0.5) * (size / rate), dtype=np.float64),
        track_db=track,
        range_db=float(high - low),
        start_db=float(track[:edge].mean()),
        end_db=float(track[-edge:].mean()),
        crossings=_crossings(track),
    )


def _balance_db(
    left: npt.NDArray[np.float64] | np.float64, right: npt.NDArray[np.float64] | np.float64
) -> npt.NDArray[np.float64]:
    floor = 1e-15
    ratio = 10.0 * np.log10(np.maximum(right, floor) / np.maximum(left, floor))
    return np.asarray(np.clip(ratio, -_LIMIT_DB, _LIMIT_DB))


def _smooth(track: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the running median over half a second: single drum strokes on one side are no movement."""
    from scipy.ndimage import median_filter

    return np.asarray(median_filter(track, 5, mode="nearest"))


def _crossings(track: npt.NDArray[np.float64]) -> int:
    sides = np.sign(track[np.abs(track) > 2.0])
    return int((np.diff(sides) != 0).sum())
