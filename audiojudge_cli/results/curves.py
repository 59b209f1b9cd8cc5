"""Curves that a team's labels have taught: what the p_yes of items of a dimension counts as."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass

FLOOR = 0.01
"""No p_yes counts as surer than this before a curve: the log odds of 0 and 1 are infinite, and labels are too few to
say what lies beyond."""

NAME = r"[0-9a-f]{8}"
"""Of a set of curves: enough hexadecimal digits to tell a team's calibrations apart."""


@dataclass(frozen=True, slots=True)
class ItemCurve:
    """p = logistic(bias + slope * log odds of p_yes): Platt scaling (Platt 1999) of one dimension's answers.

    Attributes:
        bias: Log odds where the judge is in doubt.
        slope: Above zero, so that a surer yes stays the surer one.
    """

    bias: float
    slope: float

    def p_yes(self, p_yes: float) -> float:
        """Return what a p_yes in [0, 1] counts as, in [0, 1]."""
        total = self.bias + self.slope * log_odds(p_yes)
        return 1.0 / (1.0 + math.exp(-min(60.0, max(-60.0, total))))  # e^60 is far beyond what four decimals show


@dataclass(frozen=True, slots=True)
class ItemCurves:
    """The curves of a calibration.

    Attributes:
        by: Dimension and curve, sorted by dimension; empty where only the name is known, from a record.
        name: Tells them from others, in the decision rule of records.
    """

    by: tuple[tuple[str, ItemCurve], ...]
    name: str

    @classmethod
    def of(cls, curves: Mapping[str, ItemCurve]) -> ItemCurves | None:
        """Return the curves under the name that their numbers give them; None without any."""
        if not curves:
            return None
        told = "".join(f"{name}\0{curve.bias!r}\0{curve.slope!r}\n" for name, curve in sorted(curves.items()))
        return cls(tuple(sorted(curves.items())), hashlib.sha256(told.encode()).hexdigest()[:8])

    def p_yes(self, dimension: str, p_yes: float) -> float | None:
        """Return what a p_yes counts as; None for a dimension without a curve."""
        curve = next((curve for name, curve in self.by if name == dimension), None)
        return None if curve is None else curve.p_yes(p_yes)


def log_odds(p_yes: float) -> float:
    """Return the log odds of a p_yes, kept off 0 and 1."""
    p = min(1 - FLOOR, max(FLOOR, p_yes))
    return math.log(p / (1 - p))
