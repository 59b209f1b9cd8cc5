"""The figures that a rule can be about, and what each of them allows."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Literal

from audiojudge_cli.results.quality import FAULTS
from audiojudge_cli.results.quality_figures import QUALITY, QualityFigure
from audiojudge_cli.text.nearest import nearest

Unit = Literal["clip", "item"]

STATUSES = ("ok", "partial", "unverifiable", "error")
COUNTS = ("count", "count.scored", *(f"count.{status}" for status in STATUSES), "count.captions", "count.broken")
ITEM_FIGURES = ("score.mean", "score.median", "pass_rate", "match_rate", "coverage", "count", "faults")
CLIP_FIGURES = ("score.mean", "score.median", "pass_rate", "match_rate", "coverage", "error_rate", "faults", *COUNTS)
QUALITY_FIGURES = (*(f"quality.{name}" for name in QUALITY), "quality.faults", "quality.fault_rate")
# What is known of a run that only measures, besides its quality.
_WITHOUT_VERDICTS = frozenset({"error_rate", "count", "count.ok", "count.error", "count.captions", "count.broken"})
_QUANTILE = re.compile(r"(?P<subject>.+)\.p(?P<percent>\d{1,2}(?:\.\d)?)")
# Rates of errors are known by their own names.
_ALIASES = ("wer", "cer")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a run, over clips or over the items of a dimension.

    Attributes:
        name: Canonical: `score.mean`, `score.p10`, `pass_rate`, `quality.mos.mean` …
        quantile: In (0, 1) for quantiles, else None.
        quality: The figure of quality profiles that it is taken over; None for all others.
        fault: Of faults, the only one that counts; None where all do.
        system: Whose win rate it is; None for all others.
    """

    name: str
    quantile: float | None = None
    quality: QualityFigure | None = None
    fault: str | None = None
    system: str | None = None

    @property
    def is_count(self) -> bool:
        """Whether it counts clips or items: a fact, not an estimate."""
        return self.name.startswith(("count", "quality.faults")) or self.name == "faults"

    @property
    def is_fault_rate(self) -> bool:
        """Whether it is the share of clips with a fault."""
        return self.name.startswith("quality.fault_rate")

    @property
    def is_of_quality(self) -> bool:
        """Whether it is about what was measured of files, and not about what was judged."""
        return self.name.startswith("quality.")

    @property
    def is_of_verdicts(self) -> bool:
        """Whether a run that only measures cannot know it: nothing there was judged."""
        return not self.is_of_quality and self.system is None and self.name not in _WITHOUT_VERDICTS

    @property
    def lower_is_better(self) -> bool:
        """Whether a rise is a regression."""
        return self.name == "error_rate" or self.is_fault_rate or self.worse == "high"

    @property
    def worse(self) -> str | None:
        """Which end is worse, for figures of quality; None for others, and where neither is."""
        return self.quality.worse if self.quality else None

    @property
    def is_share(self) -> bool:
        """Whether it is a share of units, so that its exact test is binomial."""
        shares = {"pass_rate", "match_rate", "error_rate", "coverage"}
        return self.name in shares or self.is_fault_rate or self.system is not None

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the most that it can be."""
        if self.quality is None:
            return (0.0, math.inf if self.is_count else 1.0)
        least, most = self.quality.least, self.quality.most
        return (-math.inf if least is None else least, math.inf if most is None else most)


def find_figure(name: str, *, of_items: bool) -> Figure | str:
    """Return the figure of that name, or what is wrong with it as the end of a sentence.

    Args:
        name: As written in a rule, without `regression.`.
        of_items: Whether it is taken over the items of a dimension.
    """
    if name.startswith(("quality.", *(f"{alias}." for alias in _ALIASES))) or name in _ALIASES:
        return f"{name} is about whole clips, so it has no dimension" if of_items else _of_quality(name)
    found = _QUANTILE.fullmatch(name)
    if found and found["subject"] == "score" and 0 < float(found["percent"]) < 100:
        return Figure(f"score.p{float(found['percent']):g}", float(found["percent"]) / 100)
    known = ITEM_FIGURES if of_items else CLIP_FIGURES
    if name in known:
        return Figure(name, 0.5 if name == "score.median" else None)
    if of_items and name in CLIP_FIGURES:
        return f"{name} counts whole clips, so it has no dimension"
    kind = "figure of a dimension" if of_items else "figure"
    more = "" if of_items else ", and figures of quality such as quality.lufs"
    return f"unknown {kind} {name!r}{nearest(name, known)}; known: {', '.join(known)}, score.p10 (any percentile){more}"


def _of_quality(name: str) -> Figure | str:
    """Return `quality.NAME`, the mean; with `.mean`, `.median` or a percentile behind it; or faults and their rate."""
    inner = name.removeprefix("quality.")
    column, _, part = inner.partition(".")
    if column in {"faults", "fault_rate"}:
        return _of_faults(inner, column, part)
    if column not in QUALITY:
        known = QUALITY_FIGURES
        return f"unknown figure {name!r}{nearest(f'quality.{column}', known)}; known: {', '.join(known)}"
    figure, found = QUALITY[column], _QUANTILE.fullmatch(inner)
    if part in {"", "mean", "median"}:
        return Figure(f"quality.{column}.{part or 'mean'}", 0.5 if part == "median" else None, figure)
    if found and found["subject"] == column and 0 < float(found["percent"]) < 100:
        return Figure(f"quality.{column}.p{float(found['percent']):g}", float(found["percent"]) / 100, figure)
    return f"unknown figure {name!r}; quality.{column} is a mean, and may have .mean, .median or .p10 (any percentile)"


def _of_faults(name: str, kind: str, fault: str) -> Figure | str:
    if name == kind:
        return Figure(f"quality.{kind}")
    if fault in FAULTS:
        return Figure(f"quality.{kind}.{fault}", fault=fault)
    return f"no fault is called {fault!r}{nearest(fault, FAULTS)}; known: {', '.join(FAULTS)}"
