"""Reverberation: how fast sounds die away, told from the recording alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.frames import Array, Spectrogram, band_matrix, mel_edges_hz, stretches
from audiojudge_cli.signals.parameters import parameters

_BANDS = 16
_SLOPE_S = 0.130
_SILENCE = 1e-11

ROOM_FACTS = ("log_rate", "constant", "noisy", "noisy_log_rate")
"""What ln(RT60) is told from; weighed by the model `reverb` (docs/signals.md)."""


@dataclass(frozen=True)
class Decay:
    """How fast the sounds of a clip die away.

    Attributes:
        db_per_s: Rate that the fastest tenth of decays reach, positive.
        snr_db: Mean power over its 10th percentile.
        stretches: How many decaying stretches were measured.
    """

    db_per_s: float
    snr_db: float
    stretches: int

    @property
    def log_rate(self) -> float:
        """Natural logarithm of the rate."""
        return float(np.log(max(self.db_per_s, 1.0)))

    @property
    def noisy(self) -> float:
        """How noisy the clip is: 0 above 22 dB of signal-to-noise ratio, 1 at 0 dB."""
        return float(np.clip((22.0 - self.snr_db) / 22.0, 0.0, 1.0))

    def rt60_s(self, weights: Mapping[str, float]) -> float:
        """Return the reverberation time, given the weights of `ROOM_FACTS`."""
        # Only ever shorter: a long decay fills the gaps itself and looks like noise then.
        noise = self.noisy * min(0.0, weights["noisy"] + weights["noisy_log_rate"] * self.log_rate)
        return float(np.clip(np.exp(weights["log_rate"] * self.log_rate + weights["constant"] + noise), 0.05, 6.0))


@dataclass(frozen=True)
class Reverb:
    """Room facts of a clip.

    Attributes:
        rt60_s: Estimated time for sounds to die away by 60 dB, 0.05 to 6 s. Dry, close voices give 0.1 to 0.2
            (their own endings), a living room 0.4, a large hall 1.5 and more.
        decay_db_per_s: Rate that the fastest tenth of decays reach, positive.
        tail_db_per_s: Decay rate after the last loud sound of the clip, None without 10 dB of tail.
        modulation_db: Energy of slow (2 to 16 Hz) over fast (20 to 50 Hz) changes of the band envelopes; spill
            and distance lower the fast ones less than they smear the slow ones: near voices about 10, far below 5.
        confidence: 0 to 1; falls with noise that hides the decays and with few decays.
    """

    rt60_s: float
    decay_db_per_s: float
    tail_db_per_s: float | None
    modulation_db: float
    confidence: float


def reverb(spec: Spectrogram) -> Reverb | None:
    """Estimate the reverberation time without a reference.

    In 16 mel bands the level is fitted with straight lines over 130 ms; where it falls, and does so above the
    noise floor, the steepest decile of the slopes is the room's own decay, for no sound dies away faster than the
    room lets it (decay-rate distributions: Wen, Habets and Naylor, ICASSP 2008). Speech and other sounds with
    abrupt endings are needed: music and steady sounds read longer than their room.

    Args:
        spec: Spectrogram with windows of 32 ms (23 to 46 work) and hops of 10 ms; 16 kHz is enough.

    Returns:
        The facts, or None for silence, under 0.4 s, or fewer than 20 decaying stretches.

    Raises:
        WeightsError: If the fitted model is missing.
    """
    power = _band_powers(spec)
    found = _fastest(_sounding(power), spec.hop_s)
    if found is None:
        return None
    return Reverb(
        rt60_s=found.rt60_s(parameters().weights("reverb", ROOM_FACTS)),
        decay_db_per_s=found.db_per_s,
        tail_db_per_s=_tail(power.sum(axis=1, dtype=np.float64), spec.hop_s),
        modulation_db=_modulation(_sounding(power).astype(np.float64), spec.hop_s),
        confidence=float(np.clip((found.snr_db - 3.0) / 12.0, 0.0, 1.0) * min(1.0, found.stretches / 200.0)),
    )


def decay(spec: Spectrogram) -> Decay | None:
    """Return how fast sounds die away; None as for `reverb`."""
    return _fastest(_sounding(_band_powers(spec)), spec.hop_s)


def _band_powers(spec: Spectrogram) -> Array:
    edges = mel_edges_hz(_BANDS, 150.0, min(6000.0, 0.48 * spec.rate))
    filters = band_matrix(spec.magnitudes.shape[1], spec.rate, edges)
    return np.concatenate([np.square(part) @ filters for part in stretches(spec)])


def _sounding(power: Array) -> Array:
    """Return the frames from the first to the last sound.

    Digital silence inside is a decay of its own and stays; around the clip it says nothing about a room.
    """
    loud = np.flatnonzero(power.sum(axis=1, dtype=np.float64) > _SILENCE)
    return power[loud[0] : loud[-1] + 1] if len(loud) else power[:0]


def _fastest(power: Array, hop_s: float) -> Decay | None:
    """Return the steepest decile of the slopes, from band powers, shape (frames, bands)."""
    from scipy.ndimage import correlate1d, uniform_filter1d

    size = 2 * round(_SLOPE_S / hop_s / 2) + 1
    if len(power) * hop_s < 0.4 or len(power) < 2 * size:
        return None
    level = 10.0 * np.log10(np.maximum(uniform_filter1d(power, 3, axis=0), 1e-13)).astype(np.float64)
    floor, top = np.percentile(level, [8, 97], axis=0)
    # A decay that ends in the noise is at least as fast as its part above it.
    floor = np.maximum(floor, top - 60.0) + 6.0
    level = np.maximum(level, floor)
    offsets = np.arange(size) - size // 2
    kernel = offsets / (np.square(offsets).sum() * hop_s)
    slope = correlate1d(level, kernel, axis=0, mode="nearest")[size // 2 : -(size // 2)]
    start = level[: len(slope)]
    falling = slope[(start > floor + 6.0) & (start > top - 30.0) & (slope < 0)]
    if len(falling) < 20:
        return None
    return Decay(-float(np.percentile(falling, 10)), _snr_db(power.astype(np.float64), hop_s), len(falling))


def _snr_db(power: npt.NDArray[np.float64], hop_s: float) -> float:
    """Return the clip's mean power over its 10th percentile, in dB, both summed over bands."""
    from scipy.ndimage import uniform_filter1d

    power = power[power.sum(axis=1) > _SILENCE]
    floor = np.percentile(uniform_filter1d(power, max(1, round(0.05 / hop_s)), axis=0), 10, axis=0)
    return float(10.0 * np.log10(power.mean(axis=0).sum() / max(float(floor.sum()), 1e-13)))


def _tail(power: npt.NDArray[np.float64], hop_s: float) -> float | None:
    """Return the decay rate from the last loud frame on, over its first 10 to 30 dB."""
    level = 10.0 * np.log10(np.maximum(power, _SILENCE))
    tail = level[np.flatnonzero(level > level.max() - 12.0)[-1] :]
    gone = np.flatnonzero(tail < tail[0] - 30.0)
    last = int(gone[0]) if len(gone) else int(tail.argmin())
    if last == 0 or tail[0] - tail[last] < 10.0:
        return None
    return float((tail[0] - tail[last]) / (last * hop_s))


def _modulation(power: npt.NDArray[np.float64], hop_s: float) -> float:
    """Return slow over fast envelope modulation in dB (after SRMR: Falk, Zheng and Chan, IEEE TASLP 18, 2010)."""
    from scipy.fft import rfft, rfftfreq

    envelope = np.sqrt(power) * np.hanning(len(power))[:, None]
    energy = np.square(np.abs(rfft(envelope, axis=0))).sum(axis=1)
    frequency = rfftfreq(len(power), hop_s)
    slow = energy[(frequency > 2.0) & (frequency < 16.0)].sum()
    fast = energy[(frequency >= 20.0) & (frequency < 50.0)].sum()
    return float(10.0 * np.log10(max(float(slow), 1e-20) / max(float(fast), 1e-20)))
