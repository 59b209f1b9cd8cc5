"""Mix several channels down to one without losing what is on only one of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.spill import blocks, room

_DEAD_BELOW = 1e-3  # -60 dB under the loudest channel
_CANCELLED_BELOW = 0.1  # -20 dB under the channels

Array = npt.NDArray[np.float32]


def channel_peaks(channels: Array) -> npt.NDArray[np.float32]:
    """Return the largest absolute sample of every channel, shape (channels,); zeros without samples."""
    peaks: Array = np.zeros(len(channels), dtype=np.float32)
    for part in blocks(channels):
        np.maximum(peaks, part.max(axis=1), out=peaks)
        np.maximum(peaks, -part.min(axis=1), out=peaks)
    return peaks


def dead_channels(channels: Array) -> tuple[int, ...]:
    """Return the indices (from 0) of channels that carry nothing.

    A channel is dead when its peak lies more than 60 dB below the loudest one's; in a silent clip none is.
    """
    peaks = channel_peaks(channels)
    floor = peaks.max(initial=0.0) * _DEAD_BELOW
    return tuple(int(index) for index in np.flatnonzero(peaks < floor))


def mixdown(channels: Array) -> tuple[Array, str | None]:
    """Return one channel, shape (samples,), and a sentence that says how it was made (None for mono).

    The mean over the channels that are not dead; where they cancel each other (inverted polarity leaves a mean
    more than 20 dB below the channels), the strongest channel alone. Mono input is returned as it is, not
    copied.
    """
    count = channels.shape[0]
    if count == 1:
        return channels[0], None
    dead = dead_channels(channels)
    alive = [index for index in range(count) if index not in dead]
    notes = [f"channel {index + 1} of {count} is dead and was left out" for index in dead]
    if len(alive) == 1:
        return channels[alive[0]], "; ".join(notes)
    mix = _mean(channels, alive)
    energies = [_energy(channels[index]) for index in alive]
    if _energy(mix) < _CANCELLED_BELOW**2 * float(np.mean(energies)):
        strongest = alive[int(np.argmax(energies))]
        notes.append(f"the channels cancel each other, so channel {strongest + 1} of {count} alone was used")
        return channels[strongest], "; ".join(notes)
    notes.append(f"{len(alive)} channels were mixed down to one by their mean")
    return mix, "; ".join(notes)


def _mean(channels: Array, alive: list[int]) -> Array:
    mix = room(channels.shape[1])
    for part, out in zip(blocks(channels), blocks(mix), strict=True):
        out[:] = part[alive[0]]
        for index in alive[1:]:
            np.add(out, part[index], out=out)
        np.divide(out, len(alive), out=out)
    return mix


def _energy(samples: Array) -> float:
    """Return the mean square, summed in blocks so that hours of audio need no second copy in float64."""
    total = 0.0
    for part in blocks(samples):
        wide = part.astype(np.float64)
        total += float(np.dot(wide, wide))
    return total / max(1, len(samples))
