"""A reading: what was measured for one claim, before it becomes a probability."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured for a claim.

    Attributes:
        kind: Which curve turns the features into a probability (a key of the calibration files).
        features: Finite numbers by name, larger = more likely yes wherever that makes sense.
        evidence: One sentence: what was heard, and when.
        source: The probe that heard it.
        times: Spans (start, end) in seconds that the evidence names.
        facts: What was measured, by name with unit.
        given: Features by curve of what must hold first: nobody whispers where nobody speaks. The probability is
            multiplied by theirs.
        negated: Whether the claim says the opposite of what was measured: a dry room where reverberation is, or
            "no drums".
        shared: Whether it was measured over the whole clip though the claim is about one of several sounds in it.
    """

    kind: str
    features: Mapping[str, float]
    evidence: str
    source: str
    times: tuple[tuple[float, float], ...] = ()
    facts: Mapping[str, float | str] = field(default_factory=dict)
    given: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    negated: bool = False
    shared: bool = False


@dataclass(frozen=True, slots=True)
class NotHeard:
    """Why a claim can't be answered; becomes the evidence of an unverifiable verdict."""

    reason: str


def seconds(spans: tuple[tuple[float, float], ...], most: int = 3) -> str:
    """Return spans for a sentence: "0.5–2.1 s, 4.0–4.6 s and 2 more"."""
    shown = ", ".join(f"{start:.1f}–{end:.1f} s" for start, end in spans[:most])
    return f"{shown} and {len(spans) - most} more" if len(spans) > most else shown or "no time"
