"""Cutting speech into windows a recogniser can read whole: at pauses where there are any, never in silence's place."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from audiojudge_cli.probes.mel import RATE, Array

LONGEST_S = 12.0
"""Whisper reads 30 s at once, but of seven equal sentences in a window it writes six, or one.

Of 163 sentences of 16 strings of speech (7 to 15 sentences with pauses, half of the strings the same sentence again
and again) were lost: with 29 s 35, with 20 s 33, with 12 s 27; with every window heard again in parts where speech was
left unwritten, 9 with 29 s, 1 with 15 s, none with 12 s and none with 9 s. 12 s cost least of all (3.8 s per minute of
different sentences, 29 s cost 4.4 s).
"""

MARGIN_S = 0.25
SEARCH_S = 6.0
"""How far before the end of a window that is full its cut may lie: half of it."""

LULL_S = 0.2
SHORTEST_PART_S = 1.5
"""A window shorter than twice this is not cut again: it is one sentence."""

Span = tuple[float, float]


def plan_windows(samples: Array, segments: Sequence[Span], longest_s: float = LONGEST_S) -> tuple[Span, ...]:
    """Return windows (start, end) in seconds that together hold every segment of speech.

    Windows are at most half a second longer than `longest_s`, in order, and do not overlap. Segments stay together
    while they fit; one that is longer by itself is cut where it is quietest.

    Args:
        samples: The whole clip, mono at 16 kHz.
        segments: Stretches of speech (start, end) in seconds, in order.
        longest_s: Most seconds of speech and pauses in a window, over `SEARCH_S`.
    """
    duration = len(samples) / RATE
    pieces = [piece for segment in segments for piece in _cut(samples, segment, longest_s)]
    groups: list[Span] = []
    for start, end in pieces:
        if groups and end - groups[-1][0] <= longest_s:
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


def split_window(samples: Array, window: Span, segments: Sequence[Span]) -> tuple[Span, ...]:
    """Return two parts of a window, cut at the longest pause in its middle, else where that is quietest.

    A window under 3 s stays as it is: one part.

    Args:
        samples: The whole clip, mono at 16 kHz.
        window: Start and end in seconds.
        segments: Stretches of speech in seconds, in order.
    """
    start, end = window
    if end - start < 2 * SHORTEST_PART_S:
        return (window,)
    third = (end - start) / 3
    edges = [(max(a, start), min(b, end)) for a, b in segments if b > start and a < end]
    pauses = [(b[0] - a[1], (a[1] + b[0]) / 2) for a, b in pairwise(edges) if b[0] > a[1]]
    central = [pause for pause in pauses if start + third / 2 <= pause[1] <= end - third / 2]
    cut = max(central)[1] if central else _quietest(samples, start + third, end - third)
    return ((start, cut), (cut, end))


def _cut(samples: Array, segment: Span, longest_s: float) -> list[Span]:
    """Cut one stretch into pieces of at most `longest_s`, each at the quietest moment of the last 6 s allowed."""
    start, end = segment
    pieces = []
    while end - start > longest_s:
        cut = _quietest(samples, start + longest_s - SEARCH_S, start + longest_s)
        pieces.append((start, cut))
        start = cut
    return [*pieces, (start, end)]


def _quietest(samples: Array, start: float, end: float) -> float:
    """Return the middle of the quietest 0.2 s between two moments."""
    first, width = round(start * RATE), round(LULL_S * RATE)
    power = np.concatenate(([0.0], np.cumsum(samples[first : round(end * RATE)].astype(np.float64) ** 2)))
    energy = power[width:] - power[:-width]
    return (first + int(energy.argmin()) + width // 2) / RATE
