"""Tempo in beats per minute, with its octave weighed."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array
from audiojudge_cli.signals.onsets import Onsets
from audiojudge_cli.signals.parameters import parameters

_SLOWEST_BPM = 40.0
_FASTEST_BPM = 240.0
_PER_OCTAVE = 96
_MULTIPLES = 4

PULSE_FACTS = (
    "octave",
    "octave_squared",
    "onsets_per_beat",
    "onsets_per_beat_squared",
    "beat",
    "half",
    "two",
    "three",
    "four",
    "third",
    "quarter",
    "low_beat",
    "low_half",
    "low_two",
    "even",
)
"""What speaks for a pulse being the beat, for the model `tempo` (docs/signals.md); octaves count from 110 BPM."""


@dataclass(frozen=True)
class Pulse:
    """A possible beat of a clip.

    Attributes:
        bpm: Its rate per minute.
        salience: Mean autocorrelation of the onsets at its period and the multiples of it, at most 1.
        facts: Value of each of `PULSE_FACTS`.
    """

    bpm: float
    salience: float
    facts: Mapping[str, float]


@dataclass(frozen=True)
class Tempo:
    """Tempo of a clip.

    Attributes:
        bpm: Most likely tempo in beats per minute, 40 to 240.
        candidates: Readings of the pulse as (bpm, weight), best first, weights summing to 1. Where the octave is
            in doubt, the double or the half stands here with a weight of its own.
        confidence: Height of the autocorrelation of the onsets at the beat and its multiples, 0 to 1: a click
            track gives about 0.9, music 0.2 to 0.7, speech and noise mostly under 0.1.
    """

    bpm: float
    candidates: tuple[tuple[float, float], ...]
    confidence: float

    @property
    def mean_bpm(self) -> float:
        """The weighted geometric mean of the readings: where the octave is in doubt it lies between them."""
        return float(2.0 ** sum(weight * math.log2(candidate) for candidate, weight in self.candidates))

    def weight_above(self, bpm: float) -> float:
        """Return the summed weight of the readings faster than `bpm`, 0 to 1."""
        return float(sum(weight for candidate, weight in self.candidates if candidate > bpm))

    def weight_near(self, bpm: float, tolerance: float = 0.04) -> float:
        """Return the summed weight of the readings within `tolerance` (a share) of `bpm`, 0 to 1."""
        return float(sum(weight for candidate, weight in self.candidates if abs(candidate / bpm - 1) <= tolerance))


def tempo(found: Onsets) -> Tempo | None:
    """Estimate the tempo of a clip from its onsets.

    A small fitted model of metrical structure, onset density and bass periodicity says which of the possible pulses
    is the beat. A steady tempo is assumed throughout.

    Returns:
        The tempo, or None for clips under 2 s or without any periodicity.

    Raises:
        WeightsError: If the fitted model is missing.
    """
    possible = pulses(found)
    if not possible:
        return None
    chosen = parameters().weights("tempo", PULSE_FACTS)
    logits = np.array([sum(chosen[name] * pulse.facts[name] for name in PULSE_FACTS) for pulse in possible])
    weights = np.exp(logits - logits.max())
    weights /= weights.sum()
    order = np.argsort(-weights)
    best = possible[int(order[0])]
    return Tempo(
        bpm=best.bpm,
        candidates=tuple((possible[i].bpm, float(weights[i])) for i in order),
        confidence=float(np.clip(best.salience, 0.0, 1.0)),
    )


def pulses(found: Onsets) -> list[Pulse]:
    """Return the possible beats of a clip, slowest first; none for clips under 2 s or without any periodicity.

    The autocorrelation of the onset envelope is summed over the first four multiples of each period (comb, after
    Percival and Tzanetakis, IEEE/ACM TASLP 22, 2014); its peaks are the possible pulses.
    """
    if len(found.envelope_db) * found.hop_s < 2.0:
        return []
    grid = _SLOWEST_BPM * 2.0 ** (
        np.arange(round(_PER_OCTAVE * np.log2(_FASTEST_BPM / _SLOWEST_BPM)) + 1) / _PER_OCTAVE
    )
    full = _autocorrelation(found.envelope_db, found.hop_s)
    low = _autocorrelation(found.low_envelope_db, found.hop_s)
    salience = _comb(full, 60.0 / grid / found.hop_s)
    inner = (salience[1:-1] >= salience[:-2]) & (salience[1:-1] > salience[2:])
    picked = np.flatnonzero(inner & (salience[1:-1] > 0.25 * salience.max())) + 1
    if salience.max() <= 0.01:
        return []
    bpms = [_refined(grid, salience, int(i)) for i in picked]
    return [Pulse(bpm, float(salience[i]), _facts(bpm, found, full, low)) for bpm, i in zip(bpms, picked, strict=True)]


def _autocorrelation(envelope: Array, hop_s: float) -> npt.NDArray[np.float64]:
    """Return the normalised autocorrelation of an onset envelope up to four of the slowest beats."""
    from scipy.fft import irfft, next_fast_len, rfft
    from scipy.ndimage import gaussian_filter1d, uniform_filter1d

    strength = np.sqrt(np.maximum(envelope.astype(np.float64), 0.0))
    strength = np.maximum(strength - uniform_filter1d(strength, 2 * round(0.2 / hop_s) + 1), 0.0)
    strength = gaussian_filter1d(strength, 0.015 / hop_s)
    strength -= strength.mean()
    longest = min(len(strength) - 1, int(60.0 / _SLOWEST_BPM * _MULTIPLES / hop_s) + 20)
    length = next_fast_len(2 * len(strength), real=True)
    correlation = irfft(np.abs(rfft(strength, length)) ** 2, length)[:longest]
    correlation = correlation / (len(strength) - np.arange(longest))
    if correlation[0] <= 1e-12:
        return np.zeros(longest)
    return np.asarray(correlation / correlation[0])


def _comb(correlation: npt.NDArray[np.float64], lags: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the mean autocorrelation over the multiples of each lag that fit into the clip."""
    total, count = np.zeros(len(lags)), np.zeros(len(lags))
    for multiple in range(1, _MULTIPLES + 1):
        inside = lags * multiple < len(correlation) - 1
        total += np.where(inside, np.interp(lags * multiple, np.arange(len(correlation)), correlation), 0.0)
        count += inside
    return total / np.maximum(count, 1)


def _refined(grid: npt.NDArray[np.float64], salience: npt.NDArray[np.float64], peak: int) -> float:
    """Return the tempo of a peak between the steps of the grid (parabola)."""
    before, here, after = salience[peak - 1 : peak + 2]
    curve = before - 2 * here + after
    shift = 0.0 if curve >= 0 else float(np.clip(0.5 * (before - after) / curve, -0.5, 0.5))
    return float(grid[peak] * 2.0 ** (shift / _PER_OCTAVE))


def _facts(
    bpm: float, found: Onsets, full: npt.NDArray[np.float64], low: npt.NDArray[np.float64]
) -> Mapping[str, float]:
    """Return what speaks for the pulse `bpm` being the beat."""
    lag = 60.0 / bpm / found.hop_s
    octave = float(np.log2(bpm / 110.0))
    density = float(np.log2(max(0.1, found.rate_above_per_s(3.0) * 60.0 / bpm)))
    beat, half, two = (_near(full, lag * factor) for factor in (1.0, 0.5, 2.0))
    return {
        "octave": octave,
        "octave_squared": octave**2,
        "onsets_per_beat": density,
        "onsets_per_beat_squared": density**2,
        "beat": beat,
        "half": half,
        "two": two,
        "three": _near(full, lag * 3),
        "four": _near(full, lag * 4),
        "third": _near(full, lag / 3),
        "quarter": _near(full, lag / 4),
        "low_beat": _near(low, lag),
        "low_half": _near(low, lag / 2),
        "low_two": _near(low, lag * 2),
        "even": beat * float(np.clip(1 - 10 * (two - beat), 0, 1) * np.clip(1 - 10 * half, 0, 1)),
    }


def _near(correlation: npt.NDArray[np.float64], lag: float) -> float:
    """Return the highest autocorrelation within 3 % of a lag; 0 beyond the clip."""
    if lag * 1.03 > len(correlation) - 2:
        return 0.0
    around = np.linspace(lag * 0.97, lag * 1.03, 7)
    return float(np.interp(around, np.arange(len(correlation)), correlation).max())
