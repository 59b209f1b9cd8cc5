"""The strongest tone of a clip: where it lies, and how much of the energy it holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiojudge_cli.signals.frames import Array

_WINDOW_S = 0.25
"""Long enough to tell 30 Hz apart from its neighbours, short enough for a beep."""

_REACH = 2
"""Bins on either side that a Hann window spreads a tone over."""

_LOWEST_HZ = 30.0


@dataclass(frozen=True, slots=True)
class Tone:
    """The strongest tone.

    Attributes:
        frequency_hz: Where its peak lies, interpolated between bins.
        share: Share of the energy within two bins of it, 0 to 1: near 1 for a pure tone, a few percent for noise.
    """

    frequency_hz: float
    share: float


def strongest_tone(samples: Array, rate: int) -> Tone | None:
    """Return the strongest tone of mono samples, or None for silence and under a tenth of a second.

    Args:
        samples: Mono float32, shape (samples,).
        rate: Samples per second.
    """
    if len(samples) < rate // 10:
        return None
    size = min(len(samples), round(_WINDOW_S * rate))
    window = np.hanning(size)
    padded = 2 * size
    power = np.zeros(padded // 2 + 1)
    for start in range(0, len(samples) - size + 1, max(1, size // 2)):
        power += np.square(np.abs(np.fft.rfft(samples[start : start + size] * window, padded)))
    lowest = int(np.ceil(_LOWEST_HZ * padded / rate))
    power[:lowest] = 0.0
    total = float(power.sum())
    if total <= 1e-9 * len(samples):
        return None
    peak = int(power.argmax())
    left, centre, right = (float(np.log(power[min(len(power) - 1, peak + step)] + 1e-30)) for step in (-1, 0, 1))
    bend = left - 2.0 * centre + right
    offset = 0.5 * (left - right) / bend if bend < 0.0 else 0.0
    reach = 2 * _REACH
    held = float(power[max(0, peak - reach) : peak + reach + 1].sum())
    return Tone((peak + max(-0.5, min(0.5, offset))) * rate / padded, held / total)
