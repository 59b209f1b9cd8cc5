"""The figures that a rule can be about, and what each of them allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from audiojudge_cli.text.nearest import nearest

Unit = Literal["clip", "item"]

STATUSES = ("ok", "partial", "unverifiable", "error")
COUNTS = ("count", "count.scored", *(f"count.{status}" for status in STATUSES), "count.captions", "count.broken")
ITEM_FIGURES = ("score.mean", "score.median", "pass_rate", "match_rate", "coverage", "count", "faults")
CLIP_FIGURES = ("score.mean", "score.median", "pass_rate", "match_rate", "coverage", "error_rate", "faults", *COUNTS)
_QUANTILE = re.compile(r"score\.p(\d{1,2}(?:\.\d)?)")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a run, over clips or over the items of a dimension.

    Attributes:
        name: Canonical: `score.mean`, `score.p10`, `pass_rate` …
        quantile: In (0, 1) for quantiles, else None.
    """

    name: str
    quantile: float | None = None

    @property
    def is_count(self) -> bool:
        """Whether it counts clips or items: a fact, not an estimate."""
        return self.name.startswith("count") or self.name == "faults"

    @property
    def lower_is_better(self) -> bool:
        """Whether a rise is a regression."""
        return self.name == "error_rate"


def find_figure(name: str, *, of_items: bool) -> Figure | str:
    """Return the figure of that name, or what is wrong with it as the end of a sentence.

    Args:
        name: As written in a rule, without `regression.`.
        of_items: Whether it is taken over the items of a dimension.
    """
    found = _QUANTILE.fullmatch(name)
    if found and 0 < float(found[1]) < 100:
        return Figure(f"score.p{float(found[1]):g}", float(found[1]) / 100)
    known = ITEM_FIGURES if of_items else CLIP_FIGURES
    if name in known:
        return Figure(name, 0.5 if name == "score.median" else None)
    if of_items and name in CLIP_FIGURES:
        return f"{name} counts whole clips, so it has no dimension"
    kind = "figure of a dimension" if of_items else "figure"
    return f"unknown {kind} {name!r}{nearest(name, known)}; known: {', '.join(known)}, score.p10 (any percentile)"
