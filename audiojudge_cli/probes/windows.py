"""Cutting speech into windows a recogniser can read whole: at pauses where there are any, never in silence's place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from audiojudge_cli.probes.mel import RATE, Array

LONGEST_S = 29.0
MARGIN_S = 0.25
SEARCH_S = 8.0
LULL_S = 0.2

Span = tuple[float, float]


def plan_windows(samples: Array, segments: Sequence[Span]) -> tuple[Span, ...]:
    """Return windows (start, end) in seconds that together hold every segment of speech.

    Windows are at most 29.5 s long, in order, and do not overlap. Segments stay together while they fit; one that
    is longer by itself is cut where it is quietest.

    Args:
        samples: The whole clip, mono at 16 kHz.
        segments: Stretches of speech (start, end) in seconds, in order.
    """
    duration = len(samples) / RATE
    pieces = [piece for segment in segments for piece in _cut(samples, segment)]
    groups: list[Span] = []
    for start, end in pieces:
        if groups and end - groups[-1][0] <= LONGEST_S:
            groups[-1] = (groups[-1][0], end)
        else:
            groups.append((start, end))
    widened = []
    for i, (start, end) in enumerate(groups):
        before = groups[i - 1][1] if i else -MARGIN_S
        after = groups[i + 1][0] if i + 1 < len(groups) else duration + MARGIN_S
        left = max(0.0, start - MARGIN_S, (before + start) / 2 if i else 0.0)
        right = min(duration, end + MARGIN_S, (end + after) / 2 if i + 1 < len(groups) else duration)
        widened.append((left, right))
    return tuple(widened)


def _cut(samples: Array, segment: Span) -> list[Span]:
    """Cut one stretch into pieces of at most 29 s, each cut at the quietest moment of the last 8 s allowed."""
    start, end = segment
    pieces = []
    while end - start > LONGEST_S:
        cut = _quietest(samples, start + LONGEST_S - SEARCH_S, start + LONGEST_S)
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]


def _quietest(samples: Array, start: float, end: float) -> float:
    """Return the middle of the quietest 0.2 s between two moments."""
    first, width = round(start * RATE), round(LULL_S * RATE)
    power = np.concatenate(([0.0], np.cumsum(samples[first : round(end * RATE)].astype(np.float64) ** 2)))
    energy = power[width:] - power[:-width]
    return (first + int(energy.argmin()) + width // 2) / RATE
