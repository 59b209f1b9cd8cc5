"""Spectral balance: bandwidth, brightness, warmth, muffledness, flatness, band levels."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array, Spectrogram, stretches

_ROUGH_EDGES_HZ = (100.0, 600.0, 1200.0, 2000.0, 3000.0, 4400.0, 7000.0)
_MOST_MODULATION_HZ = 250
_BANDS = (
    ("sub_bass", 20.0, 60.0),
    ("bass", 60.0, 250.0),
    ("low_mid", 250.0, 500.0),
    ("mid", 500.0, 2000.0),
    ("high_mid", 2000.0, 4000.0),
    ("presence", 4000.0, 6000.0),
    ("brilliance", 6000.0, 20000.0),
)


@dataclass(frozen=True)
class Spectrum:
    """Spectral balance of the active part of a clip.

    Attributes:
        bandwidth_hz: Highest frequency with energy above the noise floor of the spectrum's top.
        centroid_hz: Power-weighted mean frequency (of magnitudes, as usual), Hz.
        rolloff_hz: Frequency below which 85 % of the energy lies.
        brightness_db: Level above 3 kHz over the level below it; rises with sharpness.
        warmth_db: Level at 100 to 500 Hz over the level at 2 to 6 kHz.
        muffled_db: Level at 300 to 1500 Hz over the level at 3 to 7 kHz: over 35 sounds like behind a wall. None
            for rates under 10 kHz.
        flatness: Geometric over arithmetic mean of power in 100 Hz to 7 kHz, mean over frames: 0 a tone, about
            0.56 white noise (a periodogram's own ripple).
        band_levels_db: (name, level in dBFS) of bands; bands above half the rate are left out.
    """

    bandwidth_hz: float
    centroid_hz: float
    rolloff_hz: float
    brightness_db: float | None
    warmth_db: float | None
    muffled_db: float | None
    flatness: float
    band_levels_db: tuple[tuple[str, float], ...]


def spectrum(spec: Spectrogram) -> Spectrum | None:
    """Summarise a spectrogram; None for silence.

    Frames within 40 dB of the loudest count. Levels come from mean power over those frames.
    """
    frame_power = np.concatenate([np.square(part[:, 1:]).sum(axis=1) for part in stretches(spec)])
    if len(frame_power) == 0 or frame_power.max() <= 1e-12:
        return None
    active = frame_power > frame_power.max() * 1e-4
    frequency = spec.frequencies_hz.astype(np.float64)
    width = max(1, round(100.0 / float(frequency[1])))
    total = np.zeros(len(frequency))
    flat: list[npt.NDArray[np.float32]] = []
    coarse: list[npt.NDArray[np.float32]] = []
    start = 0
    for part in stretches(spec):
        power = np.square(part)
        chosen = power[active[start : start + len(part)]]
        start += len(part)
        total += chosen.sum(axis=0, dtype=np.float64)
        flat.append(_flatness(chosen, frequency))
        coarse.append(_coarse(power, width))
    mean = total / np.count_nonzero(active)
    mean[0] = 0.0
    amplitude = np.sqrt(mean)
    cumulative = np.cumsum(mean)
    top = spec.rate / 2
    return Spectrum(
        bandwidth_hz=upper_edge_hz(np.concatenate(coarse)[_whole(active)], width, len(frequency), float(frequency[1])),
        centroid_hz=float((amplitude * frequency).sum() / amplitude.sum()),
        rolloff_hz=float(frequency[int(np.searchsorted(cumulative, 0.85 * cumulative[-1]))]),
        brightness_db=_ratio_db(mean, frequency, (3000.0, top), (50.0, 3000.0)) if top > 3500 else None,
        warmth_db=_ratio_db(mean, frequency, (100.0, 500.0), (2000.0, min(6000.0, top))) if top >= 4000 else None,
        muffled_db=_ratio_db(mean, frequency, (300.0, 1500.0), (3000.0, min(7000.0, top))) if top >= 5000 else None,
        flatness=float(np.concatenate(flat).mean()),
        band_levels_db=_levels(mean, frequency, top),
    )


def _whole(active: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Leave out the three frames at each end, cut off by the ends of the clip, where active ones remain."""
    inner = active.copy()
    inner[:3] = inner[-3:] = False
    return inner if len(active) > 12 and inner.any() else active


def _band_power(mean: npt.NDArray[np.float64], frequency: npt.NDArray[np.float64], low: float, high: float) -> float:
    return float(mean[(frequency >= low) & (frequency < high)].sum())


def _ratio_db(
    mean: npt.NDArray[np.float64],
    frequency: npt.NDArray[np.float64],
    upper: tuple[float, float],
    lower: tuple[float, float],
) -> float:
    floor = 1e-9 * float(mean.sum())
    over, under = (max(floor, _band_power(mean, frequency, *band)) for band in (upper, lower))
    return float(10.0 * np.log10(over / under))


def _levels(
    mean: npt.NDArray[np.float64], frequency: npt.NDArray[np.float64], top: float
) -> tuple[tuple[str, float], ...]:
    """Return RMS levels of bands: a Hann window spreads a sine to 1.5 times its peak bin, and its RMS is 3 dB less."""
    return tuple(
        (name, float(10.0 * np.log10(max(1e-12, _band_power(mean, frequency, low, min(high, top)) / 3.0))))
        for name, low, high in _BANDS
        if low < top * 0.9
    )


def _coarse(power: npt.NDArray[np.float32], width: int) -> npt.NDArray[np.float32]:
    """Return the mean power of `width` bins each; what is left at the top is left out."""
    count = power.shape[1] // width
    return np.asarray(power[:, : count * width].reshape(len(power), count, width).mean(axis=2))


def upper_edge_hz(blocks: npt.NDArray[np.float32], width: int, bins: int, resolution_hz: float) -> float:
    """Return the upper edge: the last 100 Hz within 60 dB of the strongest that stand 6 dB above the floor at the top.

    Taken from the 90th percentile over frames: cuts and clicks, which splash over the whole spectrum, do not count,
    consonants do.

    Args:
        blocks: Power of active frames, shape (frames, blocks); at least one of each.
        width: Bins per block.
        bins: Bins of the spectrum.
        resolution_hz: Width of a bin.
    """
    return edge_of(upper_level(blocks), width, bins, resolution_hz)


def upper_level(blocks: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return the 90th percentile over frames of power, shape (frames, blocks), in dB, shape (blocks,)."""
    rank = int(0.9 * (len(blocks) - 1))
    power = np.partition(np.ascontiguousarray(blocks.T), rank, axis=1)[:, rank]
    return np.asarray(10.0 * np.log10(np.maximum(power, 1e-16)))


def edge_of(level: npt.NDArray[np.float32], width: int, bins: int, resolution_hz: float) -> float:
    """Return what `upper_edge_hz` does, from the level of the blocks (`upper_level`)."""
    count = len(level)
    floor = float(level[-max(1, count // 50) :].mean())
    threshold = float(level.max()) - 60.0
    if floor < level.max() - 30.0:
        threshold = max(threshold, floor + 6.0)
    above = np.flatnonzero(level > threshold)
    return float(min((above[-1] + 1) * width, bins - 1) * resolution_hz)


def _flatness(power: npt.NDArray[np.float32], frequency: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    band = power[:, (frequency >= 100.0) & (frequency <= 7000.0)]
    band = np.maximum(band, np.float32(1e-16))
    geometric = np.exp(np.log(band).mean(axis=1))
    return np.asarray(geometric / band.mean(axis=1))


@dataclass(frozen=True)
class Roughness:
    """Fast fluctuation of a sound.

    Attributes:
        depth: Depth of amplitude modulation between 20 and 150 Hz, mean over bands weighted by their energy:
            near 0 for a steady tone, near 1 for a tone fully modulated at 70 Hz.
        rate_hz: Modulation frequency at which it is strongest.
    """

    depth: float
    rate_hz: float


def roughness(samples: Array, rate: int) -> Roughness | None:
    """Measure roughness: modulation of the envelope at 20 to 150 Hz in bands of 500 Hz and wider.

    Modulation counts as it contributes to roughness, most near 70 Hz (Zwicker and Fastl, Psychoacoustics). A voice
    of low pitch modulates the bands of its own formants: it counts as rough as well.

    Returns:
        The roughness, or None for silence or under 0.2 s.
    """
    from scipy.fft import ifft, next_fast_len, rfft

    length = next_fast_len(len(samples), real=True)
    if len(samples) < 0.2 * rate or not np.any(samples):
        return None
    transform = rfft(np.asarray(samples, dtype=np.float32), length)
    modulation = np.zeros(_MOST_MODULATION_HZ)
    total = 0.0
    for low, high in pairwise(_ROUGH_EDGES_HZ):
        part = transform[round(low * length / rate) : round(high * length / rate)]
        if high > 0.5 * rate or len(part) < 16:
            break
        # The inverse of one band alone is its complex envelope, sampled at the width of the band.
        envelope = np.abs(ifft(part * np.hanning(len(part)), next_fast_len(len(part))))
        power = float(np.square(envelope).sum())
        depth = np.abs(rfft(envelope)) / max(1e-12, float(envelope.sum())) * 2.0
        hertz = np.arange(len(depth)) * (rate / length)
        modulation += power * np.bincount(
            np.minimum(hertz.astype(np.int64), _MOST_MODULATION_HZ - 1), np.square(depth), _MOST_MODULATION_HZ
        )
        total += power
    if total <= 0:
        return None
    modulation /= total
    axis = np.arange(_MOST_MODULATION_HZ) + 0.5
    weighted = modulation * np.clip(np.minimum((axis - 10.0) / 50.0, (200.0 - axis) / 120.0), 0.0, 1.0)
    weighted[(axis < 20.0) | (axis > 150.0)] = 0.0
    return Roughness(float(np.sqrt(weighted.sum())), float(axis[int(weighted.argmax())]))
