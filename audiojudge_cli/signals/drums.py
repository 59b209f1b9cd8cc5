"""Drums and bass in music: struck, broadband sound against held tones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array, Spectrogram, band_matrix, log_edges_hz, stretches
from audiojudge_cli.signals.parameters import parameters

# Fineness of the median filters: a third of a second in time, five semitones either way in pitch.
_TIME_S = 0.20
_LINES = 17
_TREBLE_HZ = (5000.0, 11000.0)
_NOISY = 0.25

DRUM_CUES = ("percussive_share", "stroke_flatness", "noisy_strokes", "kicks", "constant")
"""What speaks for drums; weighed by the model `drums` (docs/signals.md)."""


@dataclass(frozen=True)
class Drums:
    """Cues of drums and bass.

    Attributes:
        percussive_share: Share of the energy above 100 Hz that is struck rather than held, 0 to 1.
        percussive_high_share: The same above 5 kHz (hi-hat, cymbals); None for rates under 12 kHz.
        kick_per_s: Low pulses (below 120 Hz) per second that rise and decay within a quarter of a second.
        noisy_strokes_per_s: Onsets of noise (flat spectrum) in the treble per second: hi-hat, snare, cymbals; also
            the consonants of a voice.
        hat_level_db: Energy above 6 kHz over all energy; None for rates under 15 kHz.
        stroke_flatness: Flatness of what rises at treble onsets, upper quartile, 0 to 1: strokes about 0.4, notes
            under 0.2; None where nothing rises.
        bass_share: Share of energy held (not struck) at 30 to 150 Hz, 0 to 1.
    """

    percussive_share: float
    percussive_high_share: float | None
    kick_per_s: float
    noisy_strokes_per_s: float
    hat_level_db: float | None
    stroke_flatness: float | None
    bass_share: float

    @property
    def cues(self) -> Mapping[str, float]:
        """Each of `DRUM_CUES`; strokes and kicks count up to two a second."""
        return {
            "percussive_share": self.percussive_share,
            "stroke_flatness": self.stroke_flatness or 0.0,
            "noisy_strokes": min(1.0, self.noisy_strokes_per_s / 2.0),
            "kicks": min(1.0, self.kick_per_s / 2.0),
            "constant": 1.0,
        }

    @property
    def log_odds(self) -> float:
        """Log-odds that drums play, given that the clip is music (logistic regression).

        Raises:
            WeightsError: If the fitted model is missing.
        """
        weights, cues = parameters().weights("drums", DRUM_CUES), self.cues
        return sum(weights[name] * cues[name] for name in DRUM_CUES)


def drums(spec: Spectrogram) -> Drums | None:
    """Measure cues of drums from a spectrogram with 46 ms windows every 10 ms (see `onset_spectrogram`).

    Held and struck parts are told apart with median filters along time and along frequency (Fitzgerald, DAFx
    2010), on bands a third of a semitone to a bin wide.

    Returns:
        The cues, or None for silence or under 0.5 s.
    """
    loudest = max(float(part.max(initial=0.0)) for part in stretches(spec, 2)) ** 2
    hop_s = spec.hop_s * 2
    if -(-len(spec.magnitudes) // 2) * hop_s < 0.5 or loudest <= 1e-12:
        return None
    length_s = len(spec.magnitudes) * spec.hop_s
    share_map, bands, centres = _percussive(spec, hop_s)
    total = float(bands.sum())
    struck = bands * share_map
    body = centres > 100.0
    strokes, flatness = _strokes(spec)
    high = centres > 5000.0
    return Drums(
        percussive_share=float(struck[:, body].sum() / max(1e-12, bands[:, body].sum())),
        percussive_high_share=_share(struck, bands, high) if spec.rate >= 12000 else None,
        kick_per_s=_kicks(spec) / length_s,
        noisy_strokes_per_s=strokes / length_s,
        hat_level_db=(
            float(10.0 * np.log10(max(1e-9, bands[:, centres > 6000.0].sum() / total))) if spec.rate >= 15000 else None
        ),
        stroke_flatness=flatness,
        bass_share=float((bands - struck)[:, centres < 150.0].sum() / total),
    )


def _strokes(spec: Spectrogram) -> tuple[int, float | None]:
    """Return (noisy strokes, flatness of strokes) from rises of the treble.

    What rises at a note is a comb of partials, what rises at a stroke is noise: its spectrum is flat. The upper
    quartile over all rises stands for the clip, so that notes between the strokes do not hide them.
    """
    from scipy.signal import find_peaks

    frequency = spec.frequencies_hz
    low = _TREBLE_HZ[0] if spec.rate >= 14000 else 2000.0
    chosen = (frequency >= low) & (frequency < _TREBLE_HZ[1])
    energy = _power(spec, chosen)
    level = 10.0 * np.log10(np.maximum(energy, 1e-7 * _loudest(spec)))
    lag, step = (max(1, round(s / spec.hop_s)) for s in (0.04, 0.01))
    rise = np.zeros(len(level))
    rise[lag:] = level[lag:] - level[:-lag]
    peaks = find_peaks(rise, height=6.0, distance=max(1, round(0.06 / spec.hop_s)))[0]
    if len(peaks) == 0:
        return 0, None
    after = np.square(spec.magnitudes[np.minimum(peaks + step, len(level) - 1)][:, chosen])
    before = np.square(spec.magnitudes[np.maximum(peaks - lag - step, 0)][:, chosen])
    floor = np.maximum(np.float32(1e-4) * after.mean(axis=1, keepdims=True), np.float32(1e-16))
    gain = np.maximum(after - before, floor)
    flatness = np.exp(np.log(gain).mean(axis=1)) / gain.mean(axis=1)
    return int((flatness > _NOISY).sum()), float(np.percentile(flatness, 75))


def _kicks(spec: Spectrogram) -> int:
    """Return how many low pulses rise 10 dB within 40 ms and fall 10 dB within 250 ms."""
    from scipy.signal import find_peaks

    frequency = spec.frequencies_hz
    low = _power(spec, (frequency >= 30.0) & (frequency <= 120.0))
    # What leaks down from struck notes is no kick.
    if low.max() <= 1e-3 * _loudest(spec):
        return 0
    level = 10.0 * np.log10(np.maximum(low, low.max() * 1e-5))
    rise, fall = (round(s / spec.hop_s) for s in (0.04, 0.25))
    peaks = find_peaks(level, height=level.max() - 15.0, distance=max(1, round(0.1 / spec.hop_s)))[0]
    before = level[np.maximum(peaks[:, None] - np.arange(rise, rise + 3), 0)].min(axis=1)
    after = level[np.minimum(peaks[:, None] + np.arange(fall // 2, fall + 1), len(level) - 1)].min(axis=1)
    return int(((level[peaks] - before > 10.0) & (level[peaks] - after > 10.0)).sum())


def _power(spec: Spectrogram, chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return the power of each frame in the chosen bins."""
    return np.concatenate([np.square(part[:, chosen]).sum(axis=1, dtype=np.float64) for part in stretches(spec)])


def _loudest(spec: Spectrogram) -> float:
    """Return the power of the loudest frame."""
    return max(float(np.square(part).sum(axis=1).max()) for part in stretches(spec))


def _share(part: Array, whole: Array, chosen: npt.NDArray[np.bool_]) -> float | None:
    total = float(whole[:, chosen].sum())
    return float(part[:, chosen].sum()) / total if total > 1e-12 else None


def _percussive(spec: Spectrogram, hop_s: float) -> tuple[Array, Array, npt.NDArray[np.float64]]:
    """Return (soft mask of struck energy, band powers, band centres in Hz)."""
    edges = log_edges_hz(24, 40.0, min(16000.0, 0.48 * spec.rate))
    filters = band_matrix(spec.magnitudes.shape[1], spec.rate, edges)
    amplitude = np.concatenate([np.sqrt(np.square(part) @ filters) for part in stretches(spec, 2)])
    held = running_median(amplitude, 2 * round(_TIME_S / hop_s / 2) + 1, axis=0)
    struck = running_median(amplitude, _LINES, axis=1)
    mask = np.square(struck) / np.maximum(np.square(struck) + np.square(held), np.float32(1e-20))
    return mask, np.square(amplitude), np.asarray(edges[1:-1])


def running_median(values: Array, size: int, axis: int) -> Array:
    """Return the running median along one axis of a 2-D array, edges repeated."""
    from scipy.ndimage import median_filter

    moved = np.moveaxis(values, axis, 1)
    half = size // 2
    padded = np.pad(moved, ((0, 0), (half, half)), mode="edge")
    # One long row: scipy's filter of one-dimensional input is many times faster than its general one.
    flat = median_filter(np.ascontiguousarray(padded).ravel(), size, mode="nearest")
    return np.moveaxis(flat.reshape(padded.shape)[:, half : padded.shape[1] - half], 1, axis)
