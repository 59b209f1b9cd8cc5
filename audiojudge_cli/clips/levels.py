"""How much of a clip lies cut off at full scale, told while it is decoded.

`signals/` and `quality/` measure levels and loudness, and clipping below full scale as well.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.spill import blocks

Array = npt.NDArray[np.float32]

_FULL_SCALE = 0.999
_CLIPPED_RUN = 3


def clipped_share(samples: Array) -> float:
    """Return the share of samples, 0 to 1, in runs of at least three at full scale (|x| >= 0.999).

    A single sample at full scale is a peak; several in a row are a cut-off wave.
    """
    channels = np.atleast_2d(samples)
    if channels.size == 0:
        return 0.0
    return sum(_clipped(channel) for channel in channels) / channels.size


def _clipped(channel: Array) -> int:
    """Return the number of samples in runs at full scale; a run may go on from one block into the next."""
    clipped = going_on = 0
    for part in blocks(channel):
        at_limit = (part >= _FULL_SCALE) | (part <= -_FULL_SCALE)
        edges = np.flatnonzero(np.diff(at_limit.view(np.int8), prepend=0, append=0))
        runs = [int(run) for run in edges[1::2] - edges[::2]]
        if at_limit[0]:
            runs[0] += going_on
        else:
            runs.insert(0, going_on)
        going_on = runs.pop() if at_limit[-1] else 0
        clipped += sum(run for run in runs if run >= _CLIPPED_RUN)
    return clipped + (going_on if going_on >= _CLIPPED_RUN else 0)
