"""A loop of the same second: a generator, or whoever cut the file, that came to repeat itself sample for sample."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.spill import forget
from audiojudge_cli.signals.frames import Array, frames, hann

Wide = npt.NDArray[np.float64]

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
_LIKELY = 0.5
# How many lags of a piece are looked at closely: tones come again at many.
_MOST_LAGS = 4
# What a repetition leaves when it is taken from what it repeats: 13 dB below it. Exact copies leave nothing, copies
# that went through Ogg Vorbis or MP3 afterwards a median of 19 and 23 dB less. Of 1,069 clips of the three sets and
# 868 recorded notes only two come so near, and they are samples played again and again.
_LEFT = 0.05
# Coders hide their noise in time: blocks so much quieter than the usual one are judged as if they were not.
_QUIET = 0.1
_BLOCK_S = 0.05
# Pieces after which the memory of a long clip, which lies in a file, is given back.
_FORGET = 128
# Power of what is heard at all, -60 dBFS, and of what counts as sound, against the loudest of its period.
_AUDIBLE, _SOUND = 1e-6, 1e-4
# Sound that a period must have: clocks and metronomes tick on rests.
_LEAST_SOUND_S, _LEAST_SOUND = 0.25, 0.5
# Correlation with itself, some other time later, from which a period is a tone, chord or drone: those repeat anyway.
_PERIODIC = 0.9
# Share of the power of a frame that its strongest partial has in pure tones (a synthetic siren, a sweep, an arpeggio);
# recorded and generated sound of all kinds stays below.
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
    average = np.full(step, 1.0 / step, dtype=np.float32)
    piece, hop, longest = (round(seconds * low_rate) for seconds in (_PIECE_S, _STEP_S, _LONGEST_S))
    for number, at in enumerate(range(0, len(samples) // step - 2 * piece, hop)):
        if number % _FORGET == 0:
            forget(samples)
        stretch = samples[at * step : (at + piece + longest) * step]
        low = (stretch[: len(stretch) // step * step].reshape(-1, step) @ average).astype(np.float64)
        low -= low.mean()
        if float(np.square(low[:piece]).mean()) > _AUDIBLE:
            for lag in _lags(low, piece):
                yield at * step, lag * step


def _lags(low: Wide, piece: int) -> list[int]:
    """Return lags at which the start of `low` seems to come again, the likeliest first, of equals the shortest."""
    from scipy.fft import irfft, next_fast_len, rfft

    size = next_fast_len(len(low), real=True)
    cross = irfft(rfft(low, size) * np.conj(rfft(low[:piece], size)), size)[: len(low) - piece + 1]
    energy = np.concatenate([[0.0], np.cumsum(np.square(low))])
    local = energy[piece:] - energy[:-piece]
    likeness = cross / np.sqrt(np.maximum(local * local[0], 1e-30))
    likeness[:piece] = 0.0
    crests = np.flatnonzero((likeness[1:-1] >= likeness[:-2]) & (likeness[1:-1] >= likeness[2:])) + 1
    crests = crests[likeness[crests] > _LIKELY]
    return [int(lag) for lag in crests[np.argsort(-likeness[crests].round(2), kind="stable")][:_MOST_LAGS]]


def _followed(samples: Array, rate: int, start: int, rough: int) -> Loop | None:
    """Return the loop that repeats the piece at `start` about `rough` samples later; None where there is none."""
    piece, step = round(_PIECE_S * rate), max(1, rate // _LOW_RATE)
    head = samples[start : start + piece]
    left = {
        lag: float(np.square(head - samples[start + lag : start + lag + piece]).sum())
        for lag in range(max(piece, rough - step), rough + step + 1)
        if start + lag + piece <= len(samples)
    }
    lag = min(left, key=left.__getitem__, default=0)
    offset = float(head.mean(dtype=np.float64))
    if not lag or left[lag] > _LEFT * float(np.square(head - offset).sum()):
        return None
    block = max(1, round(_BLOCK_S * rate))
    usual = float(np.square(head - offset).sum()) * block / piece
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
    if float(np.median(lobes.max(axis=1) / total[heard])) > _PURE:
        return False
    itself = irfft(np.square(np.abs(rfft(wide))), len(wide))[: len(wide) // 2 + 1]
    itself /= max(float(itself[0]), 1e-30)
    apart = np.flatnonzero(itself < 0.5)
    return bool(len(apart)) and float(itself[apart[0] :].max()) < _PERIODIC
