"""Loudness and true peak after ITU-R BS.1770-4, in stretches: an hour of stereo takes no more memory than a minute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.spill import forget
from audiojudge_cli.signals.channel_weights import channel_weights
from audiojudge_cli.signals.frames import Array

Wide = npt.NDArray[np.float64]

# Blocks of 400 ms every 100 ms, gated at -70 LUFS and then 10 LU under the mean of what is left (BS.1770-4, annex 1).
_HOP_S, _HOPS = 0.1, 4
_ABSOLUTE_GATE, _RELATIVE_GATE = -70.0, -10.0
# Makes a 0 dBFS sine of 997 Hz on one front channel -3.01 LKFS, as the standard wants it.
_OFFSET = -0.691
# The first filter lifts what lies above 1.7 kHz: a file that has nothing there cannot be weighted as the standard says.
_LEAST_RATE = 4000
# Hops filtered at once: 10 s.
_STRETCH = 100

# Peaks are looked for at 192 kHz or above: four times 48 kHz, the least that annex 2 asks for.
_PEAK_RATE = 192_000
# Places between two samples at most, for rates under 8 kHz.
_MOST_PLACES = 24
# Below this, -160 dBFS, nothing is left: 24 bits end at -144.
_NOTHING = 1e-8
# Taps on each side of a sample. With these the passband is flat to 0.01 dB up to 0.46 of the rate.
_REACH = 12
_KAISER = 6.0
# Samples interpolated by one row of the matrix: as long as the taps beside them, so that little is computed twice.
_ROW = 24
# The loudest rows are interpolated first; what then cannot reach the peak found so far is left out. So many at once.
_FIRST, _ROWS = 64, 1024
# Halves, halves and thirds of a block of `_REACH` samples, in which its highest is looked for.
_FACTORS = (2, 2, 3)
_PIECE = _ROW << 15


def loudness_lufs(channels: Array, rate: int, speakers: Sequence[str] = ()) -> float | None:
    """Return the integrated loudness in LUFS (ITU-R BS.1770-4: K-weighting, blocks of 400 ms, both gates).

    Without `speakers`, channels are taken to lie as in WAV and FLAC (L R C LFE …; four are L R Ls Rs). More than eight
    have no usual layout: they are measured by the mean of their powers.

    Args:
        channels: float32, shape (channels, samples).
        rate: Samples per second.
        speakers: Of every channel (`clips.speakers`), where the file says so.

    Returns:
        The loudness; None under 400 ms, under 4 kHz of rate, and where no block is louder than -70 LUFS.
    """
    hops = int(channels.shape[1] / (_HOP_S * rate) + 1e-9)
    if hops < _HOPS or rate < _LEAST_RATE:
        return None
    edges = np.round(np.arange(hops + 1) * (_HOP_S * rate)).astype(np.int64)
    energy = np.concatenate(list(_energies(channels, rate, edges, channel_weights(len(channels), speakers))))
    total = np.convolve(energy, np.ones(_HOPS), "valid")
    power = total / (edges[_HOPS:] - edges[:-_HOPS])
    loud = power[power > _power(_ABSOLUTE_GATE)]
    if not len(loud):
        return None
    return _level(float(loud[loud > float(loud.mean()) * 10 ** (_RELATIVE_GATE / 10)].mean()))


def _level(power: float) -> float:
    return _OFFSET + 10.0 * float(np.log10(power))


def _power(level: float) -> float:
    return float(10.0 ** ((level - _OFFSET) / 10.0))


def _energies(channels: Array, rate: int, edges: npt.NDArray[np.int64], weights: Sequence[float]) -> Iterator[Wide]:
    """Yield the weighted energy of the hops, a stretch at a time."""
    from scipy.signal import sosfilt

    count = len(channels)
    weighted = np.array(weights)
    filters = k_weighting(rate)
    state = np.zeros((len(filters), count, 2))
    for first in range(0, len(edges) - 1, _STRETCH):
        here = edges[first : first + _STRETCH + 1]
        part = channels[:, here[0] : here[-1]].astype(np.float64)
        filtered, state = sosfilt(filters, part, zi=state)
        np.square(filtered, out=filtered)
        yield weighted @ np.add.reduceat(filtered, here[:-1] - here[0], axis=1)
        forget(channels)


@lru_cache(maxsize=8)
def k_weighting(rate: int) -> Wide:
    """Return the two filters of BS.1770-4 for any rate, as second-order sections, shape (2, 6).

    The standard prints coefficients for 48 kHz only; these are the analogue filters that give them (as in libebur128).
    """
    shelf = np.tan(np.pi * 1681.974450955533 / rate)
    high = 10 ** (3.999843853973347 / 20)
    band, quality = high**0.4996667741545416, 0.7071752369554196
    norm = 1.0 + shelf / quality + shelf**2
    first = [
        (high + band * shelf / quality + shelf**2) / norm,
        2.0 * (shelf**2 - high) / norm,
        (high - band * shelf / quality + shelf**2) / norm,
        1.0,
        2.0 * (shelf**2 - 1.0) / norm,
        (1.0 - shelf / quality + shelf**2) / norm,
    ]
    cut, quality = np.tan(np.pi * 38.13547087602444 / rate), 0.5003270373238773
    norm = 1.0 + cut / quality + cut**2
    second = [1.0, -2.0, 1.0, 1.0, 2.0 * (cut**2 - 1.0) / norm, (1.0 - cut / quality + cut**2) / norm]
    return np.array([first, second])


def true_peak_db(channels: Array, rate: int) -> float | None:
    """Return the true peak in dBTP: the highest value between the samples, too (ITU-R BS.1770-4, annex 2).

    Interpolated to at least 192 kHz, whatever the rate.

    Args:
        channels: float32, shape (channels, samples).
        rate: Samples per second.

    Returns:
        The peak of the highest channel; None for silence and under -160 dBTP.
    """
    matrix = _interpolation(min(_MOST_PLACES, max(2, -(-_PEAK_RATE // rate))))
    # No sum of samples up to 1 times the taps of one place can be higher: 2.3 times, 7.3 dB.
    gain = float(np.abs(matrix).sum(axis=0).max())
    best = 0.0
    for channel in channels:
        for start in range(0, len(channel), _PIECE):
            best = _peak(channel, start, matrix, gain, best)
            forget(channel)
    return 20.0 * float(np.log10(best)) if best > _NOTHING else None


def _peak(channel: Array, start: int, matrix: Array, gain: float, best: float) -> float:
    """Return `best`, or the highest value of the piece from `start` on where that is higher."""
    stop = min(start + _PIECE, len(channel))
    rows = -(-(stop - start) // _ROW)
    padded = np.zeros(rows * _ROW + 2 * _REACH, dtype=np.float32)
    low = max(0, start - _REACH)
    part = channel[low : stop + _REACH]
    padded[low - (start - _REACH) :][: len(part)] = part
    windows = np.lib.stride_tricks.sliding_window_view(padded, _ROW + 2 * _REACH)[::_ROW]
    # A window is as long as four blocks of as many samples as there are taps on a side.
    blocks = _highest(padded)
    best = max(best, float(blocks.max()))
    heights = np.maximum(np.maximum(blocks[:-2:2], blocks[1:-1:2]), np.maximum(blocks[2::2], blocks[3::2]))
    loudest = np.argpartition(heights, -_FIRST)[-_FIRST:] if rows > _FIRST else np.arange(rows)
    best = _between(windows[loudest], matrix, best)
    chosen = np.flatnonzero(heights * gain > best)
    for at in range(0, len(chosen), _ROWS):
        best = _between(windows[chosen[at : at + _ROWS]], matrix, best)
    return best


def _between(windows: Array, matrix: Array, best: float) -> float:
    """Return `best`, or the highest value between the samples of the windows where that is higher."""
    between = windows @ matrix
    return max(best, float(between.max()), -float(between.min()))


def _highest(padded: Array) -> Array:
    """Return the highest of every twelve samples, either sign, shape (samples / 12,)."""
    high = np.abs(padded)
    for parts in _FACTORS:
        folded = high[::parts].copy()
        for at in range(1, parts):
            np.maximum(folded, high[at::parts], out=folded)
        high = folded
    return high


@lru_cache(maxsize=4)
def _interpolation(factor: int) -> Array:
    """Return what a row of samples is multiplied with, shape (row and its surroundings, places between samples)."""
    phases = np.arange(1, factor) / factor
    taps = np.arange(-_REACH + 1, _REACH + 1)
    distance = taps[:, None] - phases[None, :]
    window = np.i0(_KAISER * np.sqrt(np.maximum(0.0, 1.0 - np.square(distance / _REACH)))) / np.i0(_KAISER)
    kernel = np.sinc(distance) * window
    matrix = np.zeros((_ROW + 2 * _REACH, _ROW, len(phases)), dtype=np.float32)
    for at in range(_ROW):
        matrix[at + 1 : at + 1 + 2 * _REACH, at] = kernel
    flat: Array = matrix.reshape(len(matrix), -1)
    flat.setflags(write=False)
    return flat
