"""Audio that is longer than a model can hear: equal windows that overlap a little and leave nothing out."""

from __future__ import annotations

import math

RATE = 16_000
"""Samples per second that most models here hear at."""

OVERLAP_S = 1.0

Span = tuple[int, int]
"""First sample, and the one after the last."""


def windows(samples: int, longest_s: float, rate: int = RATE) -> list[Span]:
    """Return the spans (start, end) in samples that cover the audio.

    Audio within the limit is one span. Longer audio becomes the fewest spans of the longest length that overlap by a
    second at least (a quarter of the length where that is less), evenly spread, the last one ending with the audio.

    Args:
        samples: Length of the audio; at least 1.
        longest_s: What the model can hear at once, in seconds.
        rate: Samples per second.
    """
    longest = max(1, int(longest_s * rate))
    if samples <= longest:
        return [(0, samples)]
    overlap = min(int(OVERLAP_S * rate), longest // 4)
    count = math.ceil((samples - overlap) / (longest - overlap))
    starts = [(samples - longest) * number // (count - 1) for number in range(count)]
    return [(start, start + longest) for start in starts]
