"""Level, offset and whiteness of every channel in frames of 10 ms, taken in stretches: most faults show there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.spill import forget
from audiojudge_cli.lazy import lazy
from audiojudge_cli.signals.frames import Array

Wide = npt.NDArray[np.float64]

HOP_S = 0.010
SILENCE_DB = -60.0
"""Silence lies below this: 37 dB under the -23 LUFS of EBU R 128, so a programme at that level hides it in any room."""

# Digital silence: nothing but the last bit of 16 to and fro.
_EMPTY = 2.0**-15
# Samples worked on at once: they stay in the processor's cache.
_STRETCH = 1 << 15
# Lags over which neighbouring samples are compared; those of white noise have nothing in common.
_LAGS = (1, 2, 3)


@dataclass(frozen=True, eq=False)
class Frames:
    """What is known of each frame; the samples of the last one may be fewer than those of the others.

    Attributes:
        power: Mean square around zero or around the channel's usual mean, whichever is less: an offset is no sound,
            whether it stays or comes and goes. Shape (channels, frames).
        mean: Mean of the samples, shape (channels, frames).
        likeness: Largest correlation, either sign, of samples one to three apart; 0 to 1, shape (channels, frames).
        empty: Whether every sample of every channel is digital silence, shape (frames,).
        offset: Mean of each channel, shape (channels,).
        usual: Median of the means of its frames, shape (channels,).
        hop: Samples per frame.
        rate: Samples per second.
        samples: Samples per channel.
    """

    power: Wide
    mean: Wide
    likeness: Wide
    empty: npt.NDArray[np.bool_]
    offset: Wide
    usual: Wide
    hop: int
    rate: int
    samples: int

    @property
    def hop_s(self) -> float:
        """Seconds from frame to frame."""
        return self.hop / self.rate

    @property
    def duration_s(self) -> float:
        """Length of the clip in seconds."""
        return self.samples / self.rate

    @lazy
    def silent(self) -> npt.NDArray[np.bool_]:
        """Whether every channel lies below -60 dBFS, per frame; an offset is no sound."""
        quiet: npt.NDArray[np.bool_] = (self.power < 10.0 ** (SILENCE_DB / 10.0)).all(axis=0)
        return quiet

    @lazy
    def level_db(self) -> Wide:
        """Mean power of the channels in dBFS, per frame, at least -120."""
        return np.asarray(10.0 * np.log10(np.maximum(self.power.mean(axis=0), 1e-12)))

    def span(self, first: int, last: int) -> tuple[float, float]:
        """Return the times of the frames from `first` up to, not including, `last`, in seconds."""
        return round(first * self.hop_s, 2), round(min(last * self.hop / self.rate, self.duration_s), 2)


def framed(channels: Array, rate: int) -> Frames:
    """Measure the frames of all channels, shape (channels, samples); at least one sample."""
    hop = max(1, round(HOP_S * rate))
    size = hop * max(1, _STRETCH // hop)
    total = channels.shape[1]
    powers, means, likenesses, empties = [], [], [], []
    for start in range(0, total, size):
        part = channels[:, start : start + size]
        count = -(-part.shape[1] // hop)
        lengths = np.full(count, hop)
        lengths[-1] = part.shape[1] - hop * (count - 1)
        padded = part
        if count * hop != part.shape[1]:
            padded = np.zeros((len(part), count * hop), dtype=np.float32)
            padded[:, : part.shape[1]] = part
        narrow = padded.reshape(len(part), count, hop)
        cut = narrow.astype(np.float64)
        square = np.einsum("cfs,cfs->cf", cut, cut)
        # A ratio to be compared with thresholds of one digit.
        like = [np.einsum("cfs,cfs->cf", narrow[..., lag:], narrow[..., :-lag]) for lag in _LAGS if lag < hop]
        powers.append(square / lengths)
        means.append(cut.sum(axis=2) / lengths)
        floor = np.maximum(square, 1e-20)
        likenesses.append(np.max(np.abs(like), axis=0) / floor if like else np.ones_like(square))
        # Only a frame whose power is no more than that of such samples can have no other.
        empty = (square <= hop * _EMPTY**2).all(axis=0)
        empty[empty] = (np.abs(narrow[:, empty]) <= _EMPTY).all(axis=(0, 2))
        empties.append(empty)
        forget(channels)
    power, mean = np.concatenate(powers, axis=1), np.concatenate(means, axis=1)
    weights = np.full(power.shape[1], hop, dtype=np.float64)
    weights[-1] = total - hop * (power.shape[1] - 1)
    offset = mean @ weights / total
    usual = np.median(mean, axis=1, keepdims=True)
    return Frames(
        power=np.clip(power - 2.0 * usual * mean + np.square(usual), 0.0, power),
        mean=mean,
        likeness=np.concatenate(likenesses, axis=1),
        empty=np.concatenate(empties),
        offset=offset,
        usual=usual[:, 0],
        hop=hop,
        rate=rate,
        samples=total,
    )
