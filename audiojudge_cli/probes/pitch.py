"""Fundamental frequency: SwiftF0 (Nieradzik, arXiv 2508.18440), every 16 ms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.probes.mel import RATE, Array

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

FRAME = 256
LOWEST_HZ = 46.875
HIGHEST_HZ = 2093.75
BLOCK = 1875
BEFORE, AFTER = 11, 10
"""Frames on either side that a frame's answer depends on; blocks overlap by them and change nothing."""

SILENT = 1e-3
"""Frames that stay below this peak hold no pitch: on digital silence the network answers at random."""

VOICED = 0.5


@dataclass(frozen=True)
class PitchTrack:
    """Fundamental frequency over time.

    Attributes:
        f0_hz: Likeliest frequency per frame, voiced or not, shape (frames,).
        voiced_p: Probability that the frame has a pitch, shape (frames,).
        hop_s: Seconds per frame.
    """

    f0_hz: Array
    voiced_p: Array
    hop_s: float

    @property
    def times_s(self) -> Array:
        """Centre of each frame in seconds."""
        return np.asarray((np.arange(len(self.f0_hz)) + 0.5) * self.hop_s, dtype=np.float32)

    def voiced(self, spans: Sequence[tuple[float, float]] | None = None) -> Array:
        """Return the frequencies of voiced frames, within `spans` (in seconds) when they are given."""
        return self.f0_hz[(self.voiced_p >= VOICED) & self._inside(spans)]

    def voiced_share(self, spans: Sequence[tuple[float, float]] | None = None) -> float:
        """Return which share of the frames is voiced, within `spans` when they are given; 0 without frames."""
        inside = self._inside(spans)
        return float((self.voiced_p[inside] >= VOICED).mean()) if inside.any() else 0.0

    def median_hz(self, spans: Sequence[tuple[float, float]] | None = None, least_s: float = 0.1) -> float | None:
        """Return the median frequency of voiced frames, or None with less than `least_s` of voicing."""
        voiced = self.voiced(spans)
        return float(np.median(voiced)) if len(voiced) * self.hop_s >= least_s else None

    def _inside(self, spans: Sequence[tuple[float, float]] | None) -> np.ndarray[tuple[int], np.dtype[np.bool]]:
        if spans is None:
            return np.ones(len(self.f0_hz), dtype=np.bool_)
        times = self.times_s
        inside = np.zeros(len(times), dtype=np.bool_)
        for start, end in spans:
            inside |= (times >= start) & (times < end)
        return inside


def track_pitch(
    samples: Array, session: InferenceSession, low_hz: float = LOWEST_HZ, high_hz: float = HIGHEST_HZ
) -> PitchTrack:
    """Return the fundamental frequency of `samples` (mono float32 at 16 kHz) over time.

    Args:
        samples: Any length.
        session: `Models.swift_f0`.
        low_hz: Lowest frequency looked for, from 46.875 Hz.
        high_hz: Highest, up to 2093.75 Hz; voices stay below 600.
    """
    count = len(samples) // FRAME
    f0 = np.zeros(count, dtype=np.float32)
    voiced = np.zeros(count, dtype=np.float32)
    band = {"fmin": np.array(low_hz, dtype=np.float32), "fmax": np.array(high_hz, dtype=np.float32)}
    for first in range(0, count, BLOCK):
        last = min(first + BLOCK, count)
        left = max(0, first - BEFORE)
        block = samples[left * FRAME : (last + AFTER) * FRAME]
        pitch, confidence = session.run(["pitch", "confidence"], {"audio": block[None], **band})
        f0[first:last] = pitch[0, first - left : last - left]
        voiced[first:last] = confidence[0, first - left : last - left]
    peaks = np.abs(samples[: count * FRAME].reshape(count, FRAME)).max(axis=1, initial=0.0)
    voiced[peaks < SILENT] = 0.0
    return PitchTrack(f0, voiced, FRAME / RATE)
