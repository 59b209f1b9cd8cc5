"""Readings of when a sound is heard: first, last, or at a time."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from audiojudge_cli.judges.checks.kinds import EventAt
from audiojudge_cli.judges.embedded.reading import Reading, seconds
from audiojudge_cli.judges.embedded.sounds import LEAST_LOGIT, event_features

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing

EARLY_S, LATE_S = 0.5, 1.5
"""Who says "at five seconds" is content from half a second before to one and a half after."""

EDGE_SHARE, EDGE_S = 0.25, 1.5
"""The start and the end of a clip: a quarter of what sounds of it, but no less than this."""

_DEEPEST = -8.0


def read_at(hearing: Hearing, check: EventAt) -> Reading:
    """A sound is heard in a stretch of the clip: how near it comes there to its strongest, and its share there.

    `inside`: highest log odds within the stretch less the highest anywhere, 0 where they are the same. `share`: log
    of the sound's activity there against an even spread over the clip.
    """
    track = hearing.events
    columns = hearing.columns(check.sound.classes[:3])
    logits = np.maximum(track.logits[:, columns].max(axis=1), LEAST_LOGIT)
    times = np.arange(len(logits)) * track.hop_s + track.window_s / 2
    start, end = stretch(hearing, check)
    within = (times >= start - track.hop_s) & (times <= end + track.hop_s)
    if not within.any():
        within[int(np.abs(times - (start + end) / 2).argmin())] = True
    weights = np.exp(logits - logits.max())
    share = float(weights[within].sum() / weights.sum()) / float(within.mean())
    features = {
        "inside": max(_DEEPEST, float(logits[within].max() - logits.max())),
        "share": math.log(max(0.01, share)),
    }
    spans = track.spans(check.sound.classes[:2], 0.2)
    heard = f"heard at {seconds(spans)}" if spans else f"strongest at {times[int(logits.argmax())]:.1f} s"
    evidence = f"{check.sound.phrase.capitalize()} is {heard}; asked for is {start:.1f}–{end:.1f} s."
    given = {"event": event_features(hearing, check.sound)}
    return Reading(f"at.{check.place}", features, evidence, "sound-events", spans, given=given)


def stretch(hearing: Hearing, check: EventAt) -> tuple[float, float]:
    """Return where the sound is asked for, in seconds."""
    if check.start_s is not None and check.end_s is not None:
        instant = check.start_s == check.end_s
        return max(0.0, check.start_s - EARLY_S), check.end_s + (LATE_S if instant else EARLY_S)
    level, length = hearing.level, hearing.waveform.duration_s
    first, last = (level.lead_s, length - level.tail_s) if level is not None else (0.0, length)
    edge = max(EDGE_S, EDGE_SHARE * (last - first))
    return (first, min(last, first + edge)) if check.place == "start" else (max(first, last - edge), last)
