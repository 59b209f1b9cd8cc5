"""Mel filter banks and framed spectra in plain numpy, equal to what each model was trained on.

All signals are mono float32 at 16 kHz.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

RATE = 16_000
HOP = 160
"""Samples between frames of every feature here: 10 ms."""

WHISPER_SECONDS = 30

BLOCK = 4096
"""Frames transformed at once: bounds memory on clips of any length."""

STRETCH = 1 << 15
"""Frames summed up at once, five minutes."""


def frames(samples: Array, width: int, hop: int = HOP) -> Array:
    """Return overlapping frames, shape (count, width), as a read-only view; the tail that fills none is left."""
    return np.lib.stride_tricks.sliding_window_view(samples, width)[::hop]


def spectra(framed: Array, size: int) -> Array:
    """Return magnitude spectra of frames under a periodic Hann window, shape (count, size // 2 + 1)."""
    window = np.hanning(framed.shape[1] + 1)[:-1].astype(np.float32)
    result = np.empty((len(framed), size // 2 + 1), dtype=np.float32)
    for first in range(0, len(framed), BLOCK):
        block = slice(first, first + BLOCK)
        result[block] = np.abs(np.fft.rfft(framed[block] * window, size, axis=1))
    return result


def yamnet_log_mel(samples: Array) -> Array:
    """Return YAMNet's log-mel frames, shape (frames, 64), hop 10 ms, window 25 ms.

    The front end of the TensorFlow model garden's `audioset/yamnet`: magnitude, 125 to 7500 Hz, triangles straight
    on the mel axis, natural logarithm of mel + 0.001.
    """
    framed, filters = frames(samples, 400), mel_filters(512, 64, 125.0, 7500.0, "htk")
    result = np.empty((len(framed), 64), dtype=np.float32)
    for first in range(0, len(framed), STRETCH):
        block = slice(first, first + STRETCH)
        result[block] = np.log(spectra(framed[block], 512) @ filters + np.float32(0.001))
    return result


def whisper_log_mel(samples: Array, seconds: float = WHISPER_SECONDS) -> Array:
    """Return Whisper's log-mel features of one window, shape (80, 100 · seconds).

    Args:
        samples: At most `seconds` long; silence fills the rest.
        seconds: Length of the window; the model was trained on 30.

    Raises:
        ValueError: If `samples` is longer than the window: nothing is ever cut off silently.
    """
    length = round(seconds * RATE)
    if len(samples) > length:
        msg = f"{len(samples)} samples do not fit a window of {length}"
        raise ValueError(msg)
    padded = np.pad(np.pad(samples, (0, length - len(samples))), 200, mode="reflect")
    power = spectra(frames(padded, 400)[:-1], 400) ** 2
    log = np.log10(np.maximum(power @ mel_filters(400, 80, 0.0, 8000.0, "slaney"), 1e-10))
    return np.ascontiguousarray(((np.maximum(log, log.max() - 8.0) + 4.0) / 4.0).T, dtype=np.float32)


def dnsmos_mel(samples: Array) -> Array:
    """Return the mel decibels DNSMOS P.808 reads, shape (1 + (len(samples) - 1) // 160, 120), 1 at the loudest."""
    power = spectra(frames(np.pad(samples, 160), 321), 321) ** 2
    mel = power @ mel_filters(321, 120, 0.0, 8000.0, "slaney")
    decibel = 10.0 * np.log10(np.maximum(mel, 1e-10) / max(float(mel.max()), 1e-10))
    return np.asarray((np.maximum(decibel, -80.0) + 40.0) / 40.0, dtype=np.float32)


@lru_cache(maxsize=8)
def mel_filters(size: int, bands: int, low: float, high: float, scale: Literal["htk", "slaney"]) -> Array:
    """Return triangular mel filters, shape (size // 2 + 1, bands), read-only.

    `htk` triangles are straight on the mel axis and have unit height; `slaney` triangles are straight on the
    frequency axis and have unit area (Auditory Toolbox).
    """
    hertz = np.asarray(np.fft.rfftfreq(size, 1.0 / RATE), dtype=np.float64)
    to_mel, to_hertz = (_htk, None) if scale == "htk" else (_slaney, _slaney_inverse)
    edges = np.linspace(to_mel(np.array(low)), to_mel(np.array(high)), bands + 2)
    axis = to_mel(hertz) if to_hertz is None else hertz
    edges = edges if to_hertz is None else to_hertz(edges)
    rising = (axis[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - axis[:, None]) / (edges[2:] - edges[1:-1])
    filters = np.maximum(0.0, np.minimum(rising, falling))
    if scale == "slaney":
        filters *= 2.0 / (edges[2:] - edges[:-2])
    else:
        filters[0] = 0.0  # the model garden's filters leave the constant component out
    result = filters.astype(np.float32)
    result.flags.writeable = False
    return result


def _htk(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return 1127.0 * np.log1p(hertz / 700.0)


def _slaney(hertz: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    linear = hertz / (200.0 / 3.0)
    curved = 15.0 + np.log(np.maximum(hertz, 1.0) / 1000.0) / (np.log(6.4) / 27.0)
    return np.where(hertz < 1000.0, linear, curved)


def _slaney_inverse(mel: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    curved = 1000.0 * np.exp((np.log(6.4) / 27.0) * (mel - 15.0))
    return np.where(mel < 15.0, mel * (200.0 / 3.0), curved)
