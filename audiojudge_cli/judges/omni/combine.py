"""From the answers of several windows to the answer of the clip."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from audiojudge_cli.judges.omni.polarity import denied

if TYPE_CHECKING:
    from collections.abc import Sequence

    from audiojudge_cli.rubrics.item import RubricItem

Way = Literal["max", "mean", "min"]

# Heard once is heard: these are true of a clip as soon as they are true of a part of it.
_PRESENCE = frozenset(
    {
        *("component", "content", "event", "instrument", "language", "noise", "order", "simultaneity"),
        *("transition", "vocals"),
    }
)
# About the clip as a whole: no window alone can tell.
WHOLE = frozenset({"count", "duration", "order", "speaker_count", "structure"})


@dataclass(frozen=True, slots=True)
class Part:
    """What one window gave for one item.

    Attributes:
        p_yes: In [0, 1]; None when the model refused or its answer could not be read.
        mass: Probability of yes and no together, in [0, 1]; None when there was no answer at all.
        evidence: One sentence, or empty.
        reason: Why there is no p_yes; empty when there is one.
        error: How far p_yes can be from what all tokens would give, in [0, 0.5]; None where all of them were seen.
    """

    p_yes: float | None
    mass: float | None = None
    evidence: str = ""
    reason: str = ""
    error: float | None = None


@dataclass(frozen=True, slots=True)
class Combined:
    """What all windows together say.

    Attributes:
        p_yes: In [0, 1]; None when it cannot be said.
        way: How it was taken.
        window: Number of the window that decided, or None for a mean or without p_yes.
    """

    p_yes: float | None
    way: Way
    window: int | None = None


def way_of(item: RubricItem) -> Way:
    """Return how an item's windows are combined: absences by the lowest p_yes, presences by the highest, else the mean.

    What must be missing must be missing everywhere; what must be there must be there once; a quality is that of the
    clip on average.
    """
    if item.negated or denied(item.question):
        return "min"
    return "max" if item.dimension in _PRESENCE else "mean"


def combine(item: RubricItem, heard: Sequence[Part]) -> Combined:
    """Combine the windows of one clip, at least one.

    A window without a p_yes leaves the item open, unless another window settles it alone: one where something is
    heard, or one where something is heard that must be missing.
    """
    way = way_of(item)
    known = {number: window.p_yes for number, window in enumerate(heard) if window.p_yes is not None}
    gaps = len(known) < len(heard)
    if not known or (gaps and way == "mean"):
        return Combined(None, way)
    if way == "mean":
        only = 0 if len(heard) == 1 else None
        return Combined(sum(known.values()) / len(known), way, only)
    pick = max if way == "max" else min
    window = pick(known, key=lambda number: known[number])
    settled = known[window] >= 0.5 if way == "max" else known[window] < 0.5
    return Combined(known[window], way, window) if settled or not gaps else Combined(None, way)
