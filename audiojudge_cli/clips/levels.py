"""How loud a clip is: peak, RMS, loudness, silence, clipping. Pure functions on float32 samples.

`samples` is one channel (samples,) or several (channels, samples); full scale is 1.0. Levels in dBFS are
relative to that full scale, so a full-scale sine has a peak of 0 dBFS and an RMS of -3.01 dBFS. Silence has no
level: None.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.mixdown import channel_peaks, dead_channels
from audiojudge_cli.clips.spill import blocks

__all__ = ["clipped_share", "dead_channels", "loudness_lufs", "peak_dbfs", "rms_dbfs", "silences"]

Array = npt.NDArray[np.float32]

_BLOCK = 1 << 20
_LOUDNESS_BLOCK_S = 0.4
_FULL_SCALE = 0.999
_CLIPPED_RUN = 3


def peak_dbfs(samples: Array) -> float | None:
    """Return the largest absolute sample over all channels in dBFS (sample peak, not true peak)."""
    peak = float(channel_peaks(np.atleast_2d(samples)).max(initial=0.0))
    return 20 * math.log10(peak) if peak > 0 else None


def rms_dbfs(samples: Array) -> float | None:
    """Return the root mean square over all channels and samples in dBFS."""
    flat = np.atleast_2d(samples)
    total = sum(
        float(np.square(channel[start : start + _BLOCK], dtype=np.float64).sum())
        for channel in flat
        for start in range(0, flat.shape[1], _BLOCK)
    )
    return 10 * math.log10(total / flat.size) if total > 0 else None


def loudness_lufs(samples: Array, rate: int) -> float | None:
    """Return the integrated loudness in LUFS after ITU-R BS.1770-4 (K-weighting, 400 ms blocks, both gates).

    Up to five channels in the order L, R, C, Ls, Rs; of six (5.1) the low-frequency channel is left out as the
    standard says; any other number is measured on its mean. None when shorter than 400 ms or below the absolute
    gate of -70 LUFS.

    Args:
        samples: Shape (samples,) or (channels, samples).
        rate: Samples per second.
    """
    import pyloudnorm

    channels = np.atleast_2d(samples)
    if channels.shape[1] < _LOUDNESS_BLOCK_S * rate:
        return None
    if channels.shape[0] == 6:
        channels = channels[[0, 1, 2, 4, 5]]
    elif channels.shape[0] > 5:
        channels = channels.mean(axis=0, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(pyloudnorm.Meter(rate, block_size=_LOUDNESS_BLOCK_S).integrated_loudness(channels.T))
    return value if math.isfinite(value) else None


def silences(
    samples: Array, rate: int, *, threshold_dbfs: float = -60.0, minimum_s: float = 0.3, frame_s: float = 0.02
) -> list[tuple[float, float]]:
    """Return the stretches (start, end) in seconds where every channel stays quiet.

    Args:
        samples: Shape (samples,) or (channels, samples).
        rate: Samples per second.
        threshold_dbfs: A frame is quiet when its RMS in every channel lies below this.
        minimum_s: Shorter stretches are not reported, unless they are the whole clip.
        frame_s: Length of a frame in seconds; the ends are exact to one frame.
    """
    channels = np.atleast_2d(samples)
    total = channels.shape[1]
    frame = max(1, round(frame_s * rate))
    limit = 10 ** (threshold_dbfs / 10)
    quiet = np.array(
        [
            bool((np.square(channels[:, at : at + frame], dtype=np.float64).mean(axis=1) < limit).all())
            for at in range(0, total, frame)
        ],
        dtype=np.int8,
    )
    edges = np.flatnonzero(np.diff(quiet, prepend=0, append=0))
    spans = [
        (int(start) * frame / rate, min(int(end) * frame, total) / rate)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    return [(start, end) for start, end in spans if end - start >= min(minimum_s, total / rate) - 1e-9]


def clipped_share(samples: Array) -> float:
    """Return the share of samples, 0 to 1, in runs of at least three at full scale (|x| >= 0.999).

    A single sample at full scale is a peak; several in a row are a cut-off wave.
    """
    channels = np.atleast_2d(samples)
    if channels.size == 0:
        return 0.0
    return sum(_clipped(channel) for channel in channels) / channels.size


def _clipped(channel: Array) -> int:
    """Return the number of samples in runs at full scale; a run may go on from one block into the next."""
    clipped = going_on = 0
    for part in blocks(channel):
        at_limit = (part >= _FULL_SCALE) | (part <= -_FULL_SCALE)
        edges = np.flatnonzero(np.diff(at_limit.view(np.int8), prepend=0, append=0))
        runs = [int(run) for run in edges[1::2] - edges[::2]]
        if at_limit[0]:
            runs[0] += going_on
        else:
            runs.insert(0, going_on)
        going_on = runs.pop() if at_limit[-1] else 0
        clipped += sum(run for run in runs if run >= _CLIPPED_RUN)
    return clipped + (going_on if going_on >= _CLIPPED_RUN else 0)
