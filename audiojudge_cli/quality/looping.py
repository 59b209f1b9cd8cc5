"""A loop of the same second: a generator, or whoever cut the file, that came to repeat itself sample for sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from audiojudge_cli.clips.spill import forget
from audiojudge_cli.signals.frames import Array, frames, hann

# A bar of music, its shortest loop, lasts longer (1.6 s at 150 to the minute); a buzz or an engine repeats faster.
_SHORTEST_S, _LONGEST_S = 0.25, 1.6
# How often the same stretch must be heard.
_TIMES = 3
# Clips are searched at about this rate, by pieces so long, so often.
_LOW_RATE = 6000
# Files of a lower rate hold no sound.
_LEAST_RATE = 1000
_PIECE_S, _STEP_S = 0.25, 0.5
# Correlation at the low rate from which a lag is looked at closely: half a sample beside it, noise keeps this much.
# What correlates r from one sample to the next keeps (1 + r) / 2 or more there, as cos(w / 2) >= (1 + cos w) / 2 for
# each of its frequencies; a fifth less is asked for, as coders take some of it.
_LIKELY, _KEPT = 0.5, 0.4
# A piece that is nowhere as likely is ruled out in single precision: a little under the square of that correlation for
# its errors, and only where the offset holds no more than so many times the energy of the piece, which is all but ever.
_RULED_OUT, _EXACT = 0.96, 1000.0
# How many lags of a piece are looked at closely: tones come again at many.
_MOST_LAGS = 4
# What a repetition leaves when it is taken from what it repeats: 13 dB below it. Exact copies leave nothing, copies
# that went through Ogg Vorbis or MP3 afterwards a median of 19 and 23 dB less. Of 1,069 clips of the three sets and
# 868 recorded notes only two come so near, and they are samples played again and again.
_LEFT = 0.05
# Sums of thousands of products in single precision differ by far less, against the energies that went into them.
_ROUNDING = 1e-3
# Coders hide their noise in time: blocks so much quieter than the usual one are judged as if they were not.
_QUIET = 0.1
_BLOCK_S = 0.05
# Pieces looked at together: of clips up to 12 s all, of longer ones so many that it all stays in the processor's cache.
_TOGETHER = 24
# Power of what is heard at all, -60 dBFS, and of what counts as sound, against the loudest of its period.
_AUDIBLE, _SOUND = 1e-6, 1e-4
# Sound that a period must have: clocks and metronomes tick on rests.
_LEAST_SOUND_S, _LEAST_SOUND = 0.25, 0.5
# Correlation with itself, some other time later, from which a period is a tone, chord or drone: those repeat anyway.
_PERIODIC = 0.9
# Share of the power of a frame that its two strongest partials have in pure tones (a synthetic siren, a sweep, an
# arpeggio, the keys of a telephone); recorded and generated sound of all kinds stays below.
_TONE_S, _PURE = 0.04, 0.999


@dataclass(frozen=True)
class Loop:
    """A stretch that repeats itself.

    Attributes:
        start_s: Where it begins, seconds.
        end_s: Where it ends.
        period_s: What is repeated lasts this long.
    """

    start_s: float
    end_s: float
    period_s: float

    @property
    def times(self) -> int:
        """How often the same is heard, whole times; each end is known to a block."""
        return int((self.end_s - self.start_s + 2 * _BLOCK_S) / self.period_s)


def loops(samples: Array, rate: int) -> tuple[Loop, ...]:
    """Find stretches of a mono clip where the same 0.25 to 1.6 s come at least three times in a row, unchanged.

    Tones, chords and drones (which repeat themselves at other lags, too), single events on rests (clocks, alarms,
    metronomes) and what lies below -60 dBFS are none.
    """
    found: list[Loop] = []
    if rate < _LEAST_RATE:
        return ()
    for start, lag in _suspects(samples, rate):
        if found and start < found[-1].end_s * rate:
            continue
        loop = _followed(samples, rate, start, lag)
        if loop is not None:
            found.append(loop)
    return tuple(found)


def _suspects(samples: Array, rate: int) -> Iterator[tuple[int, int]]:
    """Yield (sample, lag in samples) of pieces that seem to come again, rising by sample; the lags are rough."""
    step = max(1, rate // _LOW_RATE)
    low_rate = rate / step
    piece, hop, longest = (round(seconds * low_rate) for seconds in (_PIECE_S, _STEP_S, _LONGEST_S))
    starts = range(0, len(samples) // step - 2 * piece, hop)
    for first in range(0, len(starts), _TOGETHER):
        lot = starts[first : first + _TOGETHER]
        stretch = samples[lot[0] * step : (lot[-1] + piece + longest) * step]
        low = _averaged(stretch, step)
        forget(samples)
        for at, lags in zip(lot, _lags(low, len(lot), piece, hop, longest), strict=True):
            for lag in lags:
                yield at * step, lag * step


def _averaged(samples: Array, step: int) -> Array:
    """Return the means of `step` samples each, of as many as are whole."""
    whole = samples[: len(samples) // step * step]
    total = whole[::step].copy()
    for at in range(1, step):
        total += whole[at::step]
    total *= np.float32(1.0 / step)
    return total


def _lags(low: Array, count: int, piece: int, hop: int, longest: int) -> list[list[int]]:
    """Return lags at which each of `count` pieces, `hop` apart, seems to come again.

    The likeliest first, of equals the shortest. Pieces are transformed together: several times as fast as one by one.
    """
    from scipy.fft import irfft, next_fast_len, rfft

    # What lies behind the end of the clip is no lag.
    padded = np.zeros((count - 1) * hop + piece + longest, dtype=np.float32)
    padded[: len(low)] = low
    # Sums of samples and of their squares at once, as real and imaginary part: a running sum waits for each addition.
    running = np.zeros(len(padded) + 1, dtype=np.complex128)
    running.real[1:] = padded
    np.square(running.real[1:], out=running.imag[1:])
    np.cumsum(running, out=running)
    sums, squares = running.real, running.imag
    starts = np.arange(count) * hop
    ends = np.minimum(starts + piece + longest, len(low))
    means = (sums[ends] - sums[starts]) / (ends - starts)
    centred = frames(padded, piece + longest, hop) - means[:, None].astype(np.float32)
    size = next_fast_len(longest, real=True)
    heads, tails = rfft(centred[:, :piece], size, axis=1), rfft(centred[:, piece:], size, axis=1)
    crosses = irfft(np.conj(heads, out=heads) * tails, size, axis=1)
    sums, squares = sums[piece:] - sums[:-piece], squares[piece:] - squares[:-piece]
    rough_sums, rough_squares = sums.astype(np.float32), squares.astype(np.float32)
    found: list[list[int]] = []
    beside = np.einsum("ps,ps->p", centred[:, : piece - 1], centred[:, 1:piece])
    for start, last, mean, cross, next_to in zip(starts, ends - starts - piece, means, crosses, beside, strict=True):
        # Energy around the mean of the piece, and of as much at every lag from its own length on.
        energy = float(squares[start] - mean * (2.0 * sums[start] - mean * piece))
        known, there = cross[: last + 1 - piece], slice(start + piece, start + last + 1)
        if energy <= _AUDIBLE * piece:
            found.append([])
            continue
        likely = max(_LIKELY, _KEPT * (1.0 + float(next_to) / energy))
        if mean * mean * piece >= _EXACT * energy:
            near = np.arange(len(known) - 1)
        else:
            # Single precision will do to rule out most lags, and most pieces.
            double, square = np.float32(2.0 * mean), np.float32(mean * mean * piece)
            bound = rough_squares[there] - double * rough_sums[there]
            bound += square
            bound *= np.float32(_RULED_OUT * likely**2 * energy)
            near = np.flatnonzero((known * np.abs(known) > bound)[:-1])
        if not len(near):
            found.append([])
            continue
        around = near + np.array([[-1], [0], [1]])
        at = np.maximum(around, 0)
        local = squares[there][at] - mean * (2.0 * sums[there][at] - mean * piece)
        likeness = np.where(around < 0, 0.0, known[at] / np.sqrt(np.maximum(local * energy, 1e-30)))
        before, here, after = likeness
        crest = np.flatnonzero((here >= before) & (here >= after) & (here > likely))
        likeliest = crest[np.argsort(-here[crest].round(2), kind="stable")][:_MOST_LAGS]
        found.append([int(near[one]) + piece for one in likeliest])
    return found


def _followed(samples: Array, rate: int, start: int, rough: int) -> Loop | None:
    """Return the loop that repeats the piece at `start` about `rough` samples later; None where there is none."""
    piece, step = round(_PIECE_S * rate), max(1, rate // _LOW_RATE)
    head = samples[start : start + piece]
    offset = float(head.mean(dtype=np.float64))
    around = head - np.float32(offset)
    energy = float(np.dot(around, around))
    shortest = max(piece, rough - step)
    later = samples[start + shortest : start + rough + step + piece] - np.float32(offset)
    if len(later) < piece:
        return None
    # What is left at each lag, as the energies of both less twice their product: exact enough to rule most lags out.
    entering, leaving = later[piece:], later[: len(later) - piece]
    power = float(np.dot(later[:piece], later[:piece])) + np.concatenate(
        [[0.0], np.cumsum(np.square(entering) - np.square(leaving), dtype=np.float64)]
    )
    roughly = energy + power - 2.0 * np.correlate(later, around, "valid")
    near = np.flatnonzero(roughly <= _LEFT * energy + _ROUNDING * (energy + power))
    left = {}
    for at in near.tolist():
        gone = around - later[at : at + piece]
        left[shortest + at] = float(np.dot(gone, gone))
    lag = min(left, key=left.__getitem__, default=0)
    if not lag or left[lag] > _LEFT * energy:
        return None
    block = max(1, round(_BLOCK_S * rate))
    usual = energy * block / piece
    last = start + block * _reach(samples[start:], lag, block, offset, usual)
    first = start - block * _reach(samples[: start + lag][::-1], lag, block, offset, usual)
    if last + lag - first < _TIMES * lag - block or not _rich(samples[first : first + lag], rate):
        return None
    return Loop(first / rate, (last + lag) / rate, lag / rate)


def _reach(samples: Array, lag: int, block: int, offset: float, usual: float) -> int:
    """Return how many blocks from the start on come again `lag` samples later; what is hardly heard may differ."""
    count = max(0, len(samples) - lag) // block
    for at in range(count):
        here = samples[at * block : (at + 1) * block]
        gone = here - samples[at * block + lag : (at + 1) * block + lag]
        energy = float(np.square(here - offset).sum())
        if float(np.dot(gone, gone)) > max(_LEFT * max(energy, _QUIET * usual), _AUDIBLE * block):
            return at
    return count


def _rich(period: Array, rate: int) -> bool:
    """Tell a period worth repeating from a single event on a rest, and from what repeats itself faster."""
    from scipy.fft import irfft, rfft

    wide = period - period.mean(dtype=np.float64)
    size = max(1, round(0.010 * rate))
    power = np.square(wide[: len(wide) // size * size]).reshape(-1, size).mean(axis=1)
    sound = power > _SOUND * power.max()
    if sound.mean() < _LEAST_SOUND or sound.sum() * size < _LEAST_SOUND_S * rate:
        return False
    cut = frames(wide, max(16, round(_TONE_S * rate)), max(8, round(_TONE_S * rate / 2)))
    bins = np.square(np.abs(rfft(cut * hann(cut.shape[1]), axis=1)))
    total = bins.sum(axis=1)
    heard = total > _SOUND * total.max()
    lobes = np.lib.stride_tricks.sliding_window_view(np.pad(bins[heard], ((0, 0), (3, 3))), 7, axis=1).sum(axis=2)
    first = lobes.max(axis=1)
    # Each lobe is seven bins wide: the second may not overlap the first.
    beside = np.abs(np.arange(lobes.shape[1]) - lobes.argmax(axis=1)[:, None]) < 7
    second = np.where(beside, 0.0, lobes).max(axis=1)
    if float(np.median((first + second) / total[heard])) > _PURE:
        return False
    itself = irfft(np.square(np.abs(rfft(wide))), len(wide))[: len(wide) // 2 + 1]
    itself /= max(float(itself[0]), 1e-30)
    apart = np.flatnonzero(itself < 0.5)
    return bool(len(apart)) and float(itself[apart[0] :].max()) < _PERIODIC
