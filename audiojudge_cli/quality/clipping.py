"""How much of a clip is cut off at a ceiling, and where."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiojudge_cli.clips.spill import forget
from audiojudge_cli.signals.flat_tops import flat_tops
from audiojudge_cli.signals.frames import Array

# Looked at so much at a time, each against its own ceiling.
_STRETCH_S = 60.0
# Flat tops closer than this are one stretch of clipping; a record names the worst few of those.
_GAP_S = 0.5
_MOST_SPANS = 20


@dataclass(frozen=True)
class Clipping:
    """Flat tops over all channels.

    Attributes:
        pct: Share of all samples inside flat tops, percent.
        level_db: Highest ceiling in dBFS; None without flat tops.
        spans: Where they are, seconds; of many stretches the twenty with the most flat tops.
    """

    pct: float
    level_db: float | None
    spans: tuple[tuple[float, float], ...]


def clipping(channels: Array, rate: int) -> Clipping:
    """Find the flat tops of every channel, shape (channels, samples); at least one sample."""
    size = max(1, round(_STRETCH_S * rate))
    count, levels, starts = 0, [], []
    for channel in channels:
        for start in range(0, len(channel), size):
            tops = flat_tops(channel[start : start + size])
            forget(channel)
            if tops.level_db is not None:
                count += tops.samples
                levels.append(tops.level_db)
                starts.append(tops.spans + start)
    if not levels:
        return Clipping(0.0, None, ())
    spans = np.concatenate(starts)
    spans = spans[np.argsort(spans[:, 0], kind="stable")]
    cuts = np.flatnonzero(spans[1:, 0] - np.maximum.accumulate(spans[:, 1])[:-1] > _GAP_S * rate) + 1
    groups = np.split(spans, cuts)
    worst = sorted(range(len(groups)), key=lambda at: (-len(groups[at]), at))[:_MOST_SPANS]
    named = tuple(
        (round(float(groups[at][0, 0]) / rate, 2), round(float(groups[at][:, 1].max()) / rate, 2))
        for at in sorted(worst)
    )
    return Clipping(100.0 * count / channels.size, max(levels), named)
