"""What a judge gives that rates on a scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rated:
    """A rating, apart from the numbers of its scale.

    Attributes:
        position: Where on the scale, 0 (its lowest value) to 1 (its highest).
        spread: Standard deviation, in shares of the scale.
        evidence: One sentence: what was heard.
        times: Spans (start, end) in seconds that the evidence names.
        facts: What was measured, by name with unit.
        warnings: What was done to the audio that a person should know.
    """

    position: float
    spread: float
    evidence: str
    times: tuple[tuple[float, float], ...] = ()
    facts: Mapping[str, float | str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unrated:
    """Why there is no rating.

    Attributes:
        reason: One sentence.
        warnings: As of `Rated`.
    """

    reason: str
    warnings: tuple[str, ...] = ()
