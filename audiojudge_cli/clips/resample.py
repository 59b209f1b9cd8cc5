"""Resample with soxr: alias-free, and in a stream where the samples are too many for memory."""

from __future__ import annotations

import numpy as np

from audiojudge_cli.clips.spill import IN_MEMORY, Gathering, blocks
from audiojudge_cli.clips.waveform import Samples

_QUALITY = "VHQ"


def resample(samples: Samples, rate: int, wanted: int) -> Samples:
    """Return mono samples, shape (samples,), at another rate (very high quality).

    Args:
        samples: float32, shape (samples,).
        rate: Their rate in Hz.
        wanted: The new rate in Hz.

    Returns:
        The samples, at least one wherever there was one: a single sample at 48 kHz is a third of one at 16 kHz.
    """
    resampled = _resample(samples, rate, wanted)
    return resampled if len(resampled) or not len(samples) else np.asarray(samples[:1], dtype=np.float32)


def _resample(samples: Samples, rate: int, wanted: int) -> Samples:
    import soxr

    if max(samples.nbytes, samples.nbytes * wanted // rate) <= IN_MEMORY:
        return np.asarray(soxr.resample(samples, rate, wanted, quality=_QUALITY), dtype=np.float32)
    stream = soxr.ResampleStream(rate, wanted, 1, dtype="float32", quality=_QUALITY)
    gathering = Gathering(1, len(samples) * wanted // rate + wanted)
    done = 0
    for part in blocks(samples):
        done += len(part)
        gathering.add(stream.resample_chunk(np.asarray(part), last=done == len(samples))[:, None])
    resampled: Samples = gathering.samples()[0]
    return resampled
