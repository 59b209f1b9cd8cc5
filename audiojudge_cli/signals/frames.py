"""Framing and short-time spectra, computed once per clip and shared by the probes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.spill import blocks, forget, room

Array = npt.NDArray[np.float32]

# Frames transformed at once: keeps a ten-minute clip from making one huge complex array.
_CHUNK = 2048
# Frames worked on at once by what looks at a whole spectrogram: clips of five minutes are one stretch.
_STRETCH = 1 << 15


@dataclass(frozen=True, eq=False)
class Spectrogram:
    """Magnitudes of a short-time Fourier transform with centred frames.

    Attributes:
        magnitudes: float32, shape (frames, bins), non-negative; a full-scale sine gives 1.0 at its bin.
        rate: Samples per second of the audio.
        window_s: Length of a frame in seconds.
        hop_s: Distance of frame centres in seconds; frame i is centred at i * hop_s.
    """

    magnitudes: Array
    rate: int
    window_s: float
    hop_s: float

    @property
    def frequencies_hz(self) -> Array:
        """Centre frequency of each bin in Hz, shape (bins,)."""
        return np.linspace(0.0, self.rate / 2, self.magnitudes.shape[1], dtype=np.float32)

    @property
    def times_s(self) -> Array:
        """Centre of each frame in seconds, shape (frames,)."""
        return np.arange(len(self.magnitudes), dtype=np.float32) * np.float32(self.hop_s)


def spectrogram(samples: Array, rate: int, *, window_s: float = 0.046, hop_s: float = 0.010) -> Spectrogram | None:
    """Return the short-time spectrum (Hann window) of mono samples.

    The window is rounded to the nearest power of two in samples; both ends are padded with half a window of
    zeros, so that a sound that starts at once is seen rising from silence.

    Args:
        samples: float32, shape (n,).
        rate: Samples per second.
        window_s: Wanted frame length in seconds.
        hop_s: Wanted distance of frames in seconds.

    Returns:
        The spectrogram, or None for audio shorter than one window.
    """
    from scipy.fft import rfft

    size = 1 << max(4, round(float(np.log2(max(16.0, window_s * rate)))))
    hop = max(1, round(hop_s * rate))
    if len(samples) < size:
        return None
    half = size // 2
    window = hann(size)
    count = (len(samples) + 2 * half - size) // hop + 1
    magnitudes = room(count, half + 1)
    for start in range(0, count, _CHUNK):
        stop = min(start + _CHUNK, count)
        first, last = start * hop - half, (stop - 1) * hop - half + size
        part = np.asarray(samples[max(0, first) : last], dtype=np.float32)
        part = np.pad(part, (max(0, -first), max(0, last - len(samples))))
        np.abs(rfft(frames(part, size, hop) * window, axis=1), out=magnitudes[start:stop])
        magnitudes[start:stop] *= np.float32(2.0 / window.sum())
        forget(magnitudes)
    forget(samples)
    return Spectrogram(magnitudes, rate, size / rate, hop / rate)


def stretches(spec: Spectrogram, step: int = 1) -> Iterator[Array]:
    """Yield the magnitudes of `spec`, every `step`-th frame of them, a few minutes at a time.

    What is computed from them should be smaller: the magnitudes of hours lie in a file (`clips.spill`).
    """
    for start in range(0, len(spec.magnitudes), _STRETCH):
        yield spec.magnitudes[start : start + _STRETCH : step]
        forget(spec.magnitudes)


def peak(samples: Array) -> float:
    """Return the largest absolute sample; 0 for none."""
    return max((max(float(part.max()), -float(part.min())) for part in blocks(samples)), default=0.0)


def frames(samples: Array, size: int, hop: int) -> Array:
    """Return overlapping frames as a read-only view, shape (count, size); maybe no frame at all."""
    if len(samples) < size:
        return np.empty((0, size), dtype=np.float32)
    return np.lib.stride_tricks.sliding_window_view(samples, size)[::hop]


@lru_cache(maxsize=16)
def hann(size: int) -> Array:
    """Return a periodic Hann window of `size` samples, float32, read-only."""
    window = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(size) / size)).astype(np.float32)
    window.setflags(write=False)
    return window


@lru_cache(maxsize=32)
def band_matrix(bins: int, rate: int, edges_hz: tuple[float, ...]) -> Array:
    """Return triangular filters, shape (bins, len(edges_hz) - 2), read-only.

    Filter i rises from edge i to edge i + 1 and falls to edge i + 2. Each sums to one: the output is a
    weighted mean over bins. Where a triangle is narrower than a bin, the nearest bin stands for it.
    """
    frequencies = np.linspace(0.0, rate / 2, bins)
    edges = np.asarray(edges_hz, dtype=np.float64)
    low, mid, high = edges[:-2], edges[1:-1], edges[2:]
    rise = (frequencies[:, None] - low) / (mid - low)
    fall = (high - frequencies[:, None]) / (high - mid)
    weights = np.clip(np.minimum(rise, fall), 0.0, None)
    empty = weights.sum(axis=0) <= 1e-9
    nearest = np.abs(frequencies[:, None] - mid).argmin(axis=0)
    weights[nearest[empty], np.flatnonzero(empty)] = 1.0
    matrix: Array = (weights / weights.sum(axis=0)).astype(np.float32)
    matrix.setflags(write=False)
    return matrix


def mel_edges_hz(count: int, low_hz: float, high_hz: float) -> tuple[float, ...]:
    """Return `count` + 2 edges equally spaced on the mel scale of O'Shaughnessy (2595 log10(1 + f/700))."""
    low, high = (2595.0 * np.log10(1.0 + f / 700.0) for f in (low_hz, high_hz))
    mels = np.linspace(low, high, count + 2)
    return tuple(float(f) for f in 700.0 * (10.0 ** (mels / 2595.0) - 1.0))


def log_edges_hz(per_octave: int, low_hz: float, high_hz: float) -> tuple[float, ...]:
    """Return edges equally spaced on a logarithmic scale, `per_octave` to the octave."""
    count = max(3, int(np.floor(per_octave * np.log2(high_hz / low_hz))) + 1)
    return tuple(float(low_hz * 2.0 ** (i / per_octave)) for i in range(count))


def decibels(power: Array, floor: float = 1e-12) -> Array:
    """Return 10 log10 of `power`, never below that of `floor`, float32."""
    return np.asarray(10.0 * np.log10(np.maximum(power, floor)), dtype=np.float32)
