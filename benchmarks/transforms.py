"""Transformations of audio with a known effect, for making clips whose truth is known: filters, gains, pans, noise.

All take float mono arrays of shape (n,) unless they say otherwise, and return new ones.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, fftconvolve, sosfilt

Array = npt.NDArray[np.float64]


def peak(x: Array, db: float = -3.0) -> Array:
    """Return `x` with its highest sample at `db` dBFS."""
    return np.asarray(x * (10 ** (db / 20) / max(1e-9, float(np.abs(x).max()))))


def shelf(  # noqa: PLR0917 - a filter is named by its numbers
    x: Array, rate: int, low_db: float, high_db: float, low_hz: float = 400.0, high_hz: float = 2500.0
) -> Array:
    """Return `x` with gains below `low_hz` and above `high_hz`, half an octave of transition (zero phase)."""
    spectrum = np.fft.rfft(x)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(len(x), 1 / rate), 1.0))
    below = 1.0 / (1.0 + np.exp((octaves - np.log2(low_hz)) * 8.0))
    above = 1.0 / (1.0 + np.exp((np.log2(high_hz) - octaves) * 8.0))
    return np.asarray(np.fft.irfft(spectrum * 10 ** ((low_db * below + high_db * above) / 20), len(x)))


def band(x: Array, rate: int, low_hz: float | None, high_hz: float | None, order: int = 6) -> Array:
    """Return `x` with what lies outside the band filtered away."""
    if low_hz is not None and low_hz < 0.48 * rate:
        x = np.asarray(sosfilt(butter(order, low_hz, "highpass", fs=rate, output="sos"), x))
    if high_hz is not None and high_hz < 0.48 * rate:
        x = np.asarray(sosfilt(butter(order, high_hz, "lowpass", fs=rate, output="sos"), x))
    return x


def noisy(x: Array, snr_db: float, random: np.random.Generator) -> Array:
    """Return `x` with white noise at this signal-to-noise ratio."""
    power = float(np.mean(x**2))
    return np.asarray(x + random.normal(0, np.sqrt(power / 10 ** (snr_db / 10)), len(x)))


def reverberant(x: Array, rate: int, rt60_s: float, random: np.random.Generator) -> Array:
    """Return `x` in a diffuse room of this reverberation time, direct sound as strong as the room."""
    at = np.arange(round(rt60_s * rate)) / rate
    tail = random.normal(0, 1, len(at)) * 10 ** (-3 * at / rt60_s)
    tail /= np.sqrt(np.sum(tail**2))
    tail[0] += 1.0
    return np.asarray(fftconvolve(x, tail)[: len(x)])


def clipped(x: Array, share: float) -> Array:
    """Return `x` amplified until about this share of the samples is cut off at -1 dBFS."""
    top = float(np.quantile(np.abs(x), 1 - share))
    return np.asarray(np.clip(x / max(1e-9, top), -1, 1) * 0.89)


def envelope(x: Array, rate: int, hertz: float = 12.0) -> Array:
    """Return the slow envelope of `x`."""
    return np.maximum(0.0, sosfilt(butter(2, hertz, fs=rate, output="sos"), np.abs(x)))


def breathy(x: Array, rate: int, amount: float, random: np.random.Generator) -> Array:
    """Return speech with softened harmonics and breath noise that follows its envelope."""
    breath = band(random.normal(0, 1, len(x)), rate, 1500.0, 7000.0, 2) * envelope(x, rate)
    soft = shelf(x, rate, 0.0, -9.0, 60.0, 900.0)
    ratio = float(np.mean(soft**2)) / max(1e-12, float(np.mean(breath**2)))
    return np.asarray(soft + breath * (amount * np.sqrt(ratio)))


def raspy(x: Array, rate: int, depth: float, random: np.random.Generator) -> Array:
    """Return speech whose amplitude flutters irregularly at 35 to 80 Hz, as in a rough or creaky voice."""
    wander = np.cumsum(random.normal(0, 1, len(x) // 80 + 2))
    hertz = 55 + 20 * np.sin(np.interp(np.arange(len(x)), np.arange(len(wander)) * 80, wander) * 0.15)
    phase = 2 * np.pi * np.cumsum(hertz) / rate
    return np.asarray(x * (1 - depth * (0.5 + 0.5 * np.sign(np.sin(phase)) * np.abs(np.sin(phase)) ** 0.5)))


def ramp(x: Array, start_db: float, end_db: float) -> Array:
    """Return `x` with a gain that moves evenly in decibels."""
    return np.asarray(x * 10 ** (np.linspace(start_db, end_db, len(x)) / 20))


def faded(x: Array, rate: int, seconds: float, *, out: bool) -> Array:
    """Return `x` faded in at its start or out at its end, linearly in amplitude."""
    gain = np.ones(len(x))
    size = min(len(x), round(seconds * rate))
    gain[:size] = np.linspace(0, 1, size)
    return np.asarray(x * (gain[::-1] if out else gain))


def panned(x: Array, start_db: float, end_db: float) -> Array:
    """Return two channels, shape (2, n): right over left goes evenly from `start_db` to `end_db`."""
    balance = np.linspace(start_db, end_db, len(x))
    right = 1 / np.sqrt(1 + 10 ** (-balance / 10))
    return np.stack([x * np.sqrt(1 - right**2), x * right])


def widened(x: Array, rate: int, random: np.random.Generator) -> Array:
    """Return two channels, shape (2, n), each with its own short diffuse tail."""
    return np.stack([reverberant(x, rate, 0.08, random), reverberant(x, rate, 0.08, random)])


def mixed(front: Array, back: Array, over_db: float) -> Array:
    """Return `front` over `back`, which is repeated to its length and `over_db` below it."""
    filled = np.resize(back, len(front))
    gain = np.sqrt(np.mean(front**2) / max(1e-12, float(np.mean(filled**2)))) * 10 ** (-over_db / 20)
    return np.asarray(front + gain * filled)


def pause_at(x: Array, rate: int, share: float, seconds: float) -> Array:
    """Return speech with silence put in at its quietest moment near `share` of its length."""
    size = round(0.03 * rate)
    middle, reach = round(share * len(x)), round(0.12 * len(x))
    starts = range(max(0, middle - reach), min(len(x) - size, middle + reach), max(1, size // 2))
    at = min(starts, key=lambda i: float(np.sum(x[i : i + size] ** 2)), default=middle) + size // 2
    return np.concatenate([x[:at], np.zeros(round(seconds * rate)), x[at:]])
