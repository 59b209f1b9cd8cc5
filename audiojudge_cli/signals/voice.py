"""Voice quality of voiced frames: breathiness, roughness, tilt, vocal-tract length; and whisper."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array, Spectrogram, frames, spectrogram
from audiojudge_cli.signals.pitchtrack import PitchTrack

_MOST_FRAMES = 200
_FORMANT_FRAMES = 80
_ORDER = 12
_SOUND_CM_PER_S = 35000.0


@dataclass(frozen=True)
class Voice:
    """Voice-quality facts; each None where there are too few voiced frames.

    Attributes:
        hnr_db: Harmonics-to-noise ratio of the full band, median over voiced frames: a clear voice 12 to 20,
            a hoarse or breathy one under 8.
        hnr_high_db: The same between 2 and 5 kHz, where breath noise lives.
        tilt_db_per_octave: Slope of the long-term spectrum from 200 Hz to 5 kHz.
        h1_h2_db: First over second harmonic, median: breathy voices are high, pressed ones low, recordings without
            lows very low.
        jitter_percent: Change of period from frame to frame, slow changes taken out, median; true cycle jitter is
            larger, as frames average over several cycles.
        shimmer_db: Change of level from frame to frame, slow changes taken out, median.
        tract_length_cm: Length of the vocal tract from formants 1 to 4: men about 17, women 15, children under 13.
        voiced_share: From the pitch track.
        cepstral_peak_db: Height of the cepstral peak of active frames over the cepstrum's trend, median:
            voices 1.3 to 5, whispers and noise about 1.2.
    """

    hnr_db: float | None
    hnr_high_db: float | None
    tilt_db_per_octave: float | None
    h1_h2_db: float | None
    jitter_percent: float | None
    shimmer_db: float | None
    tract_length_cm: float | None
    voiced_share: float | None
    cepstral_peak_db: float | None


def voice(samples: Array, rate: int, pitch: PitchTrack) -> Voice | None:
    """Measure voice quality where `pitch` (a track of the same samples) finds a voice; None if too short."""
    spec = spectrogram(samples, rate, window_s=0.046, hop_s=pitch.hop_s)
    if spec is None:
        return None
    voiced = np.flatnonzero(np.isfinite(pitch.f0_hz))
    voiced = voiced[voiced < len(spec.magnitudes)]
    if len(voiced) > _MOST_FRAMES:
        voiced = voiced[np.linspace(0, len(voiced) - 1, _MOST_FRAMES).astype(np.int64)]
    enough = len(voiced) >= 5
    periods = pitch.f0_hz[voiced]
    return Voice(
        hnr_db=_hnr_db(samples, rate, voiced, periods, pitch.hop_s) if enough else None,
        hnr_high_db=_hnr_db(_high_band(samples, rate), rate, voiced, periods, pitch.hop_s)
        if enough and rate >= 8000
        else None,
        tilt_db_per_octave=_tilt(spec, voiced) if enough else None,
        h1_h2_db=_h1_h2(spec, voiced, periods) if enough else None,
        jitter_percent=_unsteadiness(1.0 / pitch.f0_hz, relative=True),
        shimmer_db=_unsteadiness(np.where(np.isfinite(pitch.f0_hz), pitch.level_db, np.nan), relative=False),
        tract_length_cm=tract_length_cm(spec, voiced) if enough else None,
        voiced_share=pitch.voiced_share,
        cepstral_peak_db=_cepstral_peak_db(spec),
    )


def _hnr_db(samples: Array, rate: int, at: npt.NDArray[np.int64], f0: Array, hop_s: float) -> float | None:
    """Return the median of 10 log10(r / (1 - r)), r the autocorrelation at one period (after Boersma 1993)."""
    size = round(0.04 * rate)
    lag = np.maximum(1, np.round(rate / f0).astype(np.int64))
    start = np.round(at * hop_s * rate).astype(np.int64) - size // 2 - lag // 2
    fits = (start >= 1) & (start + size + lag + 2 < len(samples))
    if fits.sum() < 5:
        return None
    windows = frames(samples, size, 1)
    here = windows[start[fits]]
    here = here - here.mean(axis=1, keepdims=True)
    best = np.full(int(fits.sum()), -1.0)
    for shift in (-1, 0, 1):
        there = windows[start[fits] + lag[fits] + shift]
        there = there - there.mean(axis=1, keepdims=True)
        norm = np.sqrt((here**2).sum(axis=1) * (there**2).sum(axis=1))
        best = np.maximum(best, (here * there).sum(axis=1) / np.maximum(norm, 1e-12))
    best = np.clip(best, 1e-3, 0.9999)
    return float(np.median(10.0 * np.log10(best / (1.0 - best))))


def _tilt(spec: Spectrogram, at: npt.NDArray[np.int64]) -> float:
    frequency = spec.frequencies_hz
    mean = np.square(spec.magnitudes[at]).mean(axis=0)
    edges = 200.0 * 2.0 ** (np.arange(0, 15) / 3.0)
    edges = edges[edges < 0.48 * spec.rate]
    levels, octaves = [], []
    for low, high in pairwise(edges.tolist()):
        inside = (frequency >= low) & (frequency < high)
        if inside.any():
            levels.append(float(10.0 * np.log10(max(1e-12, float(mean[inside].mean())))))
            octaves.append(float(np.log2(low)))
    return float(np.polyfit(octaves, levels, 1)[0])


def _h1_h2(spec: Spectrogram, at: npt.NDArray[np.int64], f0: Array) -> float | None:
    first, second = (_harmonic(spec, at, f0 * k) for k in (1, 2))
    return float(np.median(20.0 * np.log10(np.maximum(first, 1e-9) / np.maximum(second, 1e-9))))


def _harmonic(spec: Spectrogram, at: npt.NDArray[np.int64], frequency: Array) -> Array:
    middle = np.round(frequency * spec.window_s).astype(np.int64)
    near = np.clip(middle[:, None] + np.arange(-2, 3), 0, spec.magnitudes.shape[1] - 1)
    # The sum over the main lobe does not depend on where between two bins the harmonic lies.
    return np.asarray(np.sqrt(np.square(spec.magnitudes[at[:, None], near]).sum(axis=1)))


def _high_band(samples: Array, rate: int) -> Array:
    """Return the part between 2 and 5 kHz."""
    from scipy.fft import irfft, next_fast_len, rfft

    length = next_fast_len(len(samples), real=True)
    spectrum = rfft(samples, length)
    low, high = (round(f * length / rate) for f in (2000.0, min(5000.0, 0.48 * rate)))
    spectrum[:low] = 0.0
    spectrum[high:] = 0.0
    return np.asarray(irfft(spectrum, length)[: len(samples)], dtype=np.float32)


def _unsteadiness(values: Array, *, relative: bool) -> float | None:
    """Return the median absolute second difference over runs of voiced frames, in percent or as it is."""
    bend = np.abs(values[:-2] - 2.0 * values[1:-1] + values[2:]) / 2.0
    if relative:
        bend = 100.0 * bend / values[1:-1]
    bend = bend[np.isfinite(bend)]
    return float(np.median(bend)) if len(bend) >= 10 else None


def tract_length_cm(spec: Spectrogram, at: npt.NDArray[np.int64]) -> float | None:
    """Estimate the length of the vocal tract from the formants of frames `at`.

    Linear prediction of order 12 up to 5.5 kHz; the spacing of formants in a uniform tube closed at one end gives
    its length, each formant weighted by its number (Reby and McComb, Animal Behaviour 65, 2003).

    Returns:
        Centimetres, or None for rates under 9 kHz or too few frames with clear formants.
    """
    from scipy.fft import irfft

    top = min(5500.0, 0.5 * spec.rate)
    if top < 4500.0 or len(at) < 5:
        return None
    power = np.square(spec.magnitudes[at])
    loudest = np.argsort(-power.sum(axis=1))[:_FORMANT_FRAMES]
    bins = int(top * spec.window_s) + 1
    # First-order pre-emphasis as a weight on power: flattens the glottal slope before the fit.
    emphasis = 1.0 - 1.88 * np.cos(np.linspace(0.0, np.pi, bins)) + 0.94**2
    correlation = irfft(power[loudest, :bins].astype(np.float64) * emphasis, axis=1)[:, : _ORDER + 1]
    if not np.all(correlation[:, 0] > 0):
        return None
    correlation /= correlation[:, :1]
    index = np.abs(np.arange(_ORDER)[:, None] - np.arange(_ORDER))
    matrix = correlation[:, index] + 1e-6 * np.eye(_ORDER)
    weights = np.linalg.solve(matrix, correlation[:, 1:, None])[..., 0]
    companion = np.zeros((len(weights), _ORDER, _ORDER))
    companion[:, 0] = weights
    companion[:, np.arange(1, _ORDER), np.arange(_ORDER - 1)] = 1.0
    lengths = [length for roots in np.linalg.eigvals(companion) if (length := _length(roots, top))]
    return float(np.median(lengths)) if len(lengths) >= 5 else None


def _length(roots: npt.NDArray[np.complex128], top: float) -> float | None:
    """Return the tube length in cm of the formants among the poles of one frame."""
    upper = roots[roots.imag > 0]
    frequency = np.angle(upper) * top / np.pi
    width = -np.log(np.maximum(np.abs(upper), 1e-6)) * 2.0 * top / np.pi
    formants = np.sort(frequency[(frequency > 200.0) & (frequency < top - 200.0) & (width < 500.0)])[:4]
    if len(formants) < 4:
        return None
    number = np.arange(1, 5) - 0.5
    spacing = float((number * formants).sum() / np.square(number).sum())
    return _SOUND_CM_PER_S / (2.0 * spacing)


def _cepstral_peak_db(spec: Spectrogram) -> float | None:
    """Return the prominence of the cepstral peak at 60 to 400 Hz (after Hillenbrand and Houde, JSHR 39, 1996)."""
    from scipy.fft import rfft

    bins = min(spec.magnitudes.shape[1], round(5000.0 * spec.window_s))
    loud = spec.magnitudes[:, :bins].max(axis=1)
    active = np.flatnonzero(loud > 0.05 * loud.max())
    if len(active) < 5 or loud.max() <= 1e-6:
        return None
    active = active[np.linspace(0, len(active) - 1, min(len(active), 2 * _MOST_FRAMES)).astype(np.int64)]
    level = 20.0 * np.log10(np.maximum(spec.magnitudes[active, :bins], 1e-3 * loud[active, None]))
    level = (level - level.mean(axis=1, keepdims=True)) * np.hanning(bins).astype(np.float32)
    cepstrum = np.abs(rfft(level, 4 * bins, axis=1)) / bins * 4.0
    # Column k is a ripple of k / (4 bins) per bin, and a bin is 1 / window wide.
    quefrency = np.arange(cepstrum.shape[1]) * spec.window_s / (4.0 * bins)
    searched = cepstrum[:, (quefrency >= 1.0 / 400.0) & (quefrency <= 1.0 / 60.0)]
    if searched.shape[1] == 0:
        return None
    return float(np.median(searched.max(axis=1) - np.median(searched, axis=1)))
