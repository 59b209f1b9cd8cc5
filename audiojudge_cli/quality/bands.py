"""Power in bands of about 100 Hz over time: how far the sound reaches, and how far it stands above its noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiojudge_cli.clips.spill import forget
from audiojudge_cli.lazy import lazy
from audiojudge_cli.quality.frames import Frames
from audiojudge_cli.signals.frames import Array, frames, hann
from audiojudge_cli.signals.spectrum import edge_of, upper_level

_WINDOW_S = 0.043
_WIDTH_HZ = 100.0
# Files of a lower rate hold no sound.
_LEAST_RATE = 1000
# Windows of a clip at most: of an hour every ninth is looked at, of seven minutes each.
_MOST_WINDOWS = 20_000
_CHUNK = 512
# Windows this far below the loudest say nothing about how far the sound reaches.
_ACTIVE = 1e-4

# The floor of a band is what its power, smoothed over so long, falls short of in one of twenty windows.
_FLOOR_S, _FLOOR_SHARE = 0.064, 0.05
_LEAST_WINDOWS = 10
# Bands of the floor: single ones at the bottom, then wider ones, to Nyquist.
_SINGLE, _WIDER = 6, 14
# A Hann window is as long as three quarters of a rectangular one; half-overlapping neighbours add a half each.
_HANN, _OVERLAP = 0.75, 0.5
# Below this nothing stands out of the floor: a steady sound, or nothing but noise.
_LEAST_SNR_DB, _MOST_SNR_DB = -10.0, 80.0

# A telephone ends at 3.4 kHz, a file of 8 kHz at 4.
_TELEPHONE_HZ = 4500.0
_PROMISED_RATE = 16_000
# Filters of telephones and converters take 46 dB and more off within half a kilohertz, muffling (a wall, a wave-table
# synthesizer, the fourth-order filters of ratings) up to 33: measured on the three sets.
_EDGE_DB = 35.0
# Half of the bands below the edge hold something at once, within 50 dB of the strongest: a siren, which wanders, fills
# them one after the other.
_FILLED, _FILLED_SHARE = 1e-5, 0.5
# Bands below and above the edge, and how far above it a filter may still be falling.
_BESIDE, _FALLING = 6, 3


@dataclass(frozen=True, eq=False)
class Bands:
    """Power by window and band, summed over the channels.

    Attributes:
        power: Shape (windows, bands), not negative.
        sounding: Whether no part of the window is digital silence, shape (windows,).
        width_hz: Width of a band.
        window_s: Length of a window; they overlap by half.
        rate: Samples per second.
    """

    power: Array
    sounding: np.ndarray[tuple[int, ...], np.dtype[np.bool]]
    width_hz: float
    window_s: float
    rate: int

    @lazy
    def active(self) -> Array | None:
        """Power of the windows that say how far the sound reaches, shape (windows, bands); None for silence."""
        total = self.power.sum(axis=1)
        if not len(total) or float(total.max()) <= 1e-12:
            return None
        found: Array = self.power[total > total.max() * _ACTIVE]
        return found

    @lazy
    def level_db(self) -> Array | None:
        """Level of the bands in those windows, shape (bands,); None for silence."""
        return None if self.active is None else upper_level(self.active)


def band_powers(channels: Array, found: Frames) -> Bands | None:
    """Return the power of the channels (channels, samples) by band; None under 43 ms and under 1 kHz of rate."""
    from scipy.fft import rfft

    size = 1 << max(4, round(float(np.log2(max(16.0, _WINDOW_S * found.rate)))))
    if channels.shape[1] < size or found.rate < _LEAST_RATE:
        return None
    width = max(1, round(_WIDTH_HZ * size / found.rate))
    count = (size // 2 + 1) // width
    hop = size // 2
    windows = (channels.shape[1] - size) // hop + 1
    step = -(-windows // _MOST_WINDOWS)
    starts = np.arange(0, windows, step) * hop
    power = np.zeros((len(starts), count), dtype=np.float32)
    window = hann(size)
    for channel, offset in zip(channels, found.usual.astype(np.float32), strict=True):
        for first in range(0, len(starts), _CHUNK):
            last = min(first + _CHUNK, len(starts))
            part = channel[starts[first] : starts[last - 1] + size] - offset
            spectrum = rfft(frames(part, size, hop * step) * window, axis=1)
            squared = np.square(spectrum.real) + np.square(spectrum.imag)
            for one in range(width):
                power[first:last] += squared[:, one : count * width : width]
            forget(channel)
    power *= (2.0 / window.sum()) ** 2 / width
    empty = np.concatenate([[0], np.cumsum(found.empty)])
    ends = np.minimum(-(-(starts + size) // found.hop), len(found.empty))
    sounding = empty[ends] == empty[starts // found.hop]
    return Bands(power, sounding, width * found.rate / size, size / found.rate, found.rate)


def bandwidth_hz(bands: Bands) -> float | None:
    """Return the highest frequency with sound in Hz (as `signals.spectrum.upper_edge_hz`); None for silence."""
    level = bands.level_db
    return None if level is None else min(bands.rate / 2, edge_of(level, 1, len(level) + 1, bands.width_hz))


def snr_db(bands: Bands) -> float | None:
    """Estimate the signal-to-noise ratio in dB without a reference.

    The noise of a band is told from the windows where it is weakest (minimum statistics: Martin, IEEE TSAP 9, 2001),
    and put right for how much weaker than its mean even steady noise is there: the power of noise in a band follows a
    gamma distribution, whose shape is the product of bandwidth and time. Holes and pauses of digital silence are no
    floor.

    Returns:
        The ratio, at most 80; None where nothing comes and goes (a steady sound is no noise to itself) and under ten
        windows of sound.
    """
    from scipy.ndimage import uniform_filter1d
    from scipy.special import gammaincinv

    power = bands.power[bands.sounding]
    if len(power) < _LEAST_WINDOWS or float(power.max()) <= 0:
        return None
    count = power.shape[1]
    wider = np.geomspace(min(_SINGLE, count), count, _WIDER)
    edges = np.unique(np.round([*range(min(_SINGLE, count)), *wider]).astype(np.int64))
    grouped = np.add.reduceat(power, edges[:-1], axis=1, dtype=np.float64)
    taken = max(1, round(2.0 * _FLOOR_S / bands.window_s))
    weakest = np.quantile(uniform_filter1d(grouped, taken, axis=0), _FLOOR_SHARE, axis=0)
    length = bands.window_s * _HANN * (1.0 + _OVERLAP * (taken - 1))
    shape = np.maximum(1.0, np.diff(edges) * bands.width_hz * length)
    floor = weakest * shape / gammaincinv(shape, _FLOOR_SHARE)
    mean = grouped.mean(axis=0)
    signal = float(np.maximum(mean - floor, 0.0).sum())
    noise = float(floor.sum())
    if signal <= noise * 10.0 ** (_LEAST_SNR_DB / 10.0):
        return None
    return float(min(_MOST_SNR_DB, 10.0 * np.log10(signal / max(noise, 1e-30))))


def telephone_edge_hz(bands: Bands) -> float | None:
    """Return where the sound of a file ends as sharply as low as a telephone's, in Hz; None where it does not.

    Looked for in files of 16 kHz and more, which promise more. The half kilohertz below the edge must be filled: notes
    end somewhere, too, but leave gaps below.
    """
    active, level = bands.active, bands.level_db
    if bands.rate < _PROMISED_RATE or active is None or level is None:
        return None
    last = min(int(_TELEPHONE_HZ / bands.width_hz), len(level) - _FALLING - _BESIDE)
    if last < _BESIDE:
        return None
    beside = np.lib.stride_tricks.sliding_window_view(level, _BESIDE)
    drops = beside.min(axis=1)[: last + 1 - _BESIDE] - beside.max(axis=1)[_BESIDE + _FALLING : last + 1 + _FALLING]
    edge = _BESIDE + int(drops.argmax())
    if float(drops.max()) < _EDGE_DB or float(level[edge + _FALLING :].max()) > float(level[:edge].max()) - _EDGE_DB:
        return None
    below = active[:, :edge]
    filled = (below > below.max(axis=1, keepdims=True) * _FILLED).mean(axis=1)
    return edge * bands.width_hz if float(np.median(filled)) >= _FILLED_SHARE else None
