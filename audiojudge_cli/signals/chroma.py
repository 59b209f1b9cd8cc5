"""Pitch classes over time: spectral peaks folded into one octave, tuned to the clip."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array, spectrogram

_LOW_HZ = 55.0
_HIGH_HZ = 2500.0
_HARMONICS = 4
_DECAY = 0.6


@dataclass(frozen=True, eq=False)
class Chroma:
    """Pitch-class energies of a clip.

    Attributes:
        energies: float64, shape (frames, 12), C first; amplitude-like, not normalised.
        hop_s: Distance of frames in seconds; frame i is centred at i * hop_s.
        tuning_cents: Offset of the clip's tuning from A = 440 Hz, -50 to 50.
        tonal_share: Share of the power that lies in narrow spectral peaks, 0 to 1: notes against noise.
    """

    energies: npt.NDArray[np.float64]
    hop_s: float
    tuning_cents: float
    tonal_share: float


def chroma(samples: Array, rate: int) -> Chroma | None:
    """Return pitch-class energies (harmonic pitch class profile; Gomez, INFORMS J. on Computing 18, 2006).

    Spectral peaks from 55 to 2500 Hz in windows of 0.37 s, interpolated; what does not rise above its spectral
    surroundings (drums, noise) is taken off each peak. The clip's tuning is the circular mean of the peaks'
    distances from the tempered scale. Each peak counts for its own pitch and, falling off, for those whose
    harmonic it may be.

    Returns:
        The chroma, or None for audio shorter than one window, silent, or without any peak. 22.05 kHz is enough.
    """
    spec = spectrogram(samples, rate, window_s=0.372, hop_s=0.093)
    if spec is None:
        return None
    width = rate / 2 / (spec.magnitudes.shape[1] - 1)
    first = int(_LOW_HZ / width)
    last = min(spec.magnitudes.shape[1] - 2, int(_HIGH_HZ / width))
    band = spec.magnitudes[:, first - 1 : last + 2]
    frame, bins, height = _peaks(band)
    if len(frame) == 0:
        return None
    pitch = 12.0 * np.log2((bins + first - 1) * width / 440.0)
    weight = np.sqrt(height)
    tuning = float(np.angle((weight * np.exp(2j * np.pi * pitch)).sum()) / (2 * np.pi))
    # 9 semitones from C to A.
    energies = _folded(frame, pitch - tuning + 9.0, height, len(band))
    return Chroma(
        energies,
        spec.hop_s,
        100.0 * tuning,
        min(1.0, 1.5 * float(np.square(height).sum() / np.square(band, dtype=np.float64).sum())),
    )


def _peaks(band: Array) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return (frame, fractional bin, height above its surroundings) of each spectral peak."""
    from scipy.ndimage import uniform_filter1d

    surroundings = uniform_filter1d(band, 25, axis=1)
    here = band[:, 1:-1]
    peak = (here > band[:, :-2]) & (here >= band[:, 2:])
    peak &= (here > 3e-3 * max(float(here.max()), 1e-7)) & (here > 1.5 * surroundings[:, 1:-1])
    frame, index = np.nonzero(peak)
    left, mid, right = (np.log(band[frame, index + k] + 1e-12).astype(np.float64) for k in range(3))
    shift = np.clip(0.5 * (left - right) / np.minimum(left - 2 * mid + right, -1e-9), -0.5, 0.5)
    height = (band[frame, index + 1] - surroundings[frame, index + 1]).astype(np.float64)
    return frame, index + 1 + shift, height


def _folded(
    frame: npt.NDArray[np.int64],
    pitch: npt.NDArray[np.float64],
    height: npt.NDArray[np.float64],
    count: int,
) -> npt.NDArray[np.float64]:
    """Return peaks added up per frame and pitch class, shape (count, 12)."""
    energies = np.zeros(count * 12)
    for harmonic in range(1, _HARMONICS + 1):
        fundamental = pitch - 12.0 * np.log2(harmonic)
        nearest = np.round(fundamental)
        weight = height * _DECAY ** (harmonic - 1) * np.cos(np.pi * (fundamental - nearest)) ** 2
        energies += np.bincount(frame * 12 + nearest.astype(np.int64) % 12, weight, count * 12)
    return energies.reshape(count, 12)
