"""A decoded clip: float32 samples per channel at the file's own rate, resampled on demand.

The arrays of a long clip lie in temporary files (`clips.spill`): work on them in stretches, and they take no memory.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
Found = TypeVar("Found")


@dataclass(frozen=True)
class Waveform:
    """Decoded audio.

    Attributes:
        channels: float32, shape (channels, samples), nominally in [-1, 1], all finite.
        rate: Samples per second of `channels`, as in the file.
        sha256: SHA-256 of the file's bytes, in hex.
        warnings: What had to be windowed, mixed down or repaired, one sentence each.
        speakers: What each channel is for (`clips.speakers`); empty where the file does not say: then they lie as is
            usual in WAV for their count.
    """

    channels: Samples
    rate: int
    sha256: str = ""
    warnings: tuple[str, ...] = ()
    speakers: tuple[str, ...] = ()
    _resampled: dict[int, Samples] = field(default_factory=dict, repr=False, compare=False)
    _known: dict[Hashable, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return int(self.channels.shape[1]) / self.rate

    @property
    def mono(self) -> Samples:
        """Mix-down at the file's own rate, shape (samples,), as `clips.mixdown` makes it."""
        return self.at(self.rate)

    def at(self, rate: int) -> Samples:
        """Mono samples at `rate` Hz, shape (samples,), resampled with soxr (very high quality, alias-free).

        Computed once per rate and kept.
        """
        if rate not in self._resampled:
            self._resampled[rate] = self._resample(rate)
        return self._resampled[rate]

    def once(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return what `find` gives, found by whoever asks first and kept under `key` as long as the clip."""
        if key not in self._known:
            self._known[key] = find()
        return cast("Found", self._known[key])

    def _resample(self, rate: int) -> Samples:
        if rate == self.rate:
            from audiojudge_cli.clips.mixdown import mixdown

            return mixdown(self.channels)[0]
        from audiojudge_cli.clips.resample import resample

        return resample(self.mono, self.rate, rate)
