"""A verdict: one answered rubric item."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Answer = Literal["yes", "no", "unverifiable"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answered rubric item. An item nobody can verify has no number: `p_yes` is None, never 0.

    Build with `answered` or `unverifiable`.

    Attributes:
        p_yes: Probability in [0, 1] that the answer is yes, four decimals; None when unverifiable.
        answer: `yes` when p_yes >= 0.5, `no` below, `unverifiable` without p_yes.
        evidence: One sentence: what was heard, and when.
        source: The probe or judge that answered.
        times: Spans (start, end) in seconds that the evidence names.
        facts: What was measured, by name with unit (`f0_hz`, `tempo_bpm`).
        warnings: What the judge had to do to the clip to answer (window it, say), one sentence each; the record of
            the clip lists each sentence once.
    """

    p_yes: float | None
    answer: Answer
    evidence: str
    source: str
    times: tuple[tuple[float, float], ...] = ()
    facts: Mapping[str, float | str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def answered(
    p_yes: float,
    evidence: str,
    source: str,
    *,
    times: tuple[tuple[float, float], ...] = (),
    facts: Mapping[str, float | str] | None = None,
    warnings: tuple[str, ...] = (),
) -> Verdict:
    """Return a verdict with a probability.

    Raises:
        ValueError: If `p_yes` is not a number in [0, 1]: a judge's slip must not become a score.
    """
    if not (math.isfinite(p_yes) and -1e-6 <= p_yes <= 1 + 1e-6):
        msg = f"p_yes must lie in [0, 1], got {p_yes!r} from {source}"
        raise ValueError(msg)
    value = round(min(1.0, max(0.0, float(p_yes))), 4)
    rounded = tuple((round(start, 2), round(end, 2)) for start, end in times)
    return Verdict(value, "yes" if value >= 0.5 else "no", evidence, source, rounded, dict(facts or {}), warnings)


def unverifiable(
    reason: str, source: str, *, facts: Mapping[str, float | str] | None = None, warnings: tuple[str, ...] = ()
) -> Verdict:
    """Return a verdict for an item nobody could verify; `reason` is its evidence sentence."""
    return Verdict(None, "unverifiable", reason, source, (), dict(facts or {}), warnings)
