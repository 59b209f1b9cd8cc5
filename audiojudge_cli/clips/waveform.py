"""A decoded clip: float32 samples per channel at the file's own rate, resampled on demand."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Waveform:
    """Decoded audio.

    Attributes:
        channels: float32, shape (channels, samples), nominally in [-1, 1], all finite.
        rate: Samples per second of `channels`, as in the file.
        sha256: SHA-256 of the file's bytes, in hex.
        warnings: What had to be windowed, mixed down or repaired, one sentence each.
    """

    channels: Samples
    rate: int
    sha256: str = ""
    warnings: tuple[str, ...] = ()
    _resampled: dict[int, Samples] = field(default_factory=dict, repr=False, compare=False)

    @property
    def duration_s(self) -> float:
        """Length in seconds."""
        return self.channels.shape[1] / self.rate

    @property
    def mono(self) -> Samples:
        """Mix-down at the file's own rate, shape (samples,): the mean over channels that are not dead."""
        return self.at(self.rate)

    def at(self, rate: int) -> Samples:
        """Mono samples at `rate` Hz, shape (samples,), resampled with soxr (very high quality, alias-free).

        Computed once per rate and kept.
        """
        if rate not in self._resampled:
            self._resampled[rate] = self._resample(rate)
        return self._resampled[rate]

    def _resample(self, rate: int) -> Samples:
        if rate == self.rate:
            alive = self.channels[np.abs(self.channels).max(axis=1, initial=0.0) > 0]
            mix = alive.mean(axis=0) if len(alive) else self.channels[0]
            return np.ascontiguousarray(mix, dtype=np.float32)
        import soxr

        return np.asarray(soxr.resample(self.mono, self.rate, rate, quality="VHQ"), dtype=np.float32)
