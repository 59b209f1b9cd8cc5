"""Ratings on a scale, from records: their rows in `ratings.csv`, their part of `summary.json`, agreement with people.

A record holds a rating as an item whose facts have `rating` and `spread`; several items of one dimension are wordings
of one instruction, and their mean is the rating.
"""

from __future__ import annotations

import math
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.stats.agreement import Agreement, agreement

COLUMNS = ("id", "audio", "dimension", "rating", "spread", "wordings", "wording_spread", "human", "evidence")
HUMAN_FIELDS = ("score", "human_score", "mos", "rating")
"""Columns of a manifest that hold what people gave, beside a column named as the dimension itself."""

SYSTEM_FIELDS = ("system", "model")
"""Columns that name what made a clip."""


@dataclass(frozen=True, slots=True)
class ClipRating:
    """How one clip was rated on one dimension.

    Attributes:
        dimension: Name of the criterion.
        rating: On its scale, four decimals; None where nothing could be rated.
        spread: Standard deviation of the rating, in points of the scale, mean over the wordings.
        wordings: How many wordings were rated.
        wording_spread: Standard deviation between wordings; None with one.
        human: What people gave; None where the row does not say.
        evidence: Of the first wording.
    """

    dimension: str
    rating: float | None
    spread: float | None
    wordings: int
    wording_spread: float | None
    human: float | None
    evidence: str


def clip_ratings(record: Record) -> Iterator[ClipRating]:
    """Yield the ratings of a record of a run that rates, in the order of its items."""
    by_dimension: dict[str, list[RecordItem]] = {}
    for item in record.items:
        by_dimension.setdefault(item.dimension, []).append(item)
    for dimension, items in by_dimension.items():
        given = [item_rating(item) for item in items]
        ratings = [rating for rating, _ in given if rating is not None]
        spreads = [spread for _, spread in given if spread is not None]
        mean = math.fsum(ratings) / len(ratings) if ratings else None
        between = None
        if mean is not None and len(ratings) > 1:
            between = round(math.sqrt(math.fsum((one - mean) ** 2 for one in ratings) / len(ratings)), 4)
        yield ClipRating(
            dimension=dimension,
            rating=None if mean is None else round(mean, 4),
            spread=round(math.fsum(spreads) / len(spreads), 4) if spreads else None,
            wordings=len(ratings),
            wording_spread=between,
            human=human_score(record.metadata, dimension),
            evidence=items[0].evidence,
        )


def item_rating(item: RecordItem) -> tuple[float | None, float | None]:
    """Return the rating of one wording on its scale, and its spread; None each where there is none."""
    return number_in(item.facts.get("rating")), number_in(item.facts.get("spread"))


REWARDED = "reward"
"""The expander of a run whose judge gives every clip a reward; also the name of that item, and of its fact."""


def human_score(metadata: Mapping[str, Any], dimension: str) -> float | None:
    """Return what people gave a clip on a dimension.

    A column named as the dimension counts first; else the columns of `HUMAN_FIELDS`, unless the row's own `dimension`
    is another one.
    """
    own = number_in(metadata.get(dimension))
    if own is not None:
        return own
    if str(metadata.get("dimension") or dimension) != dimension:
        return None
    return next((found for name in HUMAN_FIELDS if (found := number_in(metadata.get(name))) is not None), None)


def number_in(value: object) -> float | None:
    """Return a finite number of a cell, be it text; None where it is none."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return float(value)


_REASONS, _MAX_REASONS = 3, 1000
"""Reasons for missing ratings that a summary tells, as many as of undecided pairs; and that are counted, as some hold
numbers of the clip."""


@dataclass(slots=True)
class _Dimension:
    """Ratings of one dimension: 8 bytes per clip, 24 more where people rated it."""

    clips: int = 0
    ratings: array[float] = field(default_factory=lambda: array("d"))
    spreads: array[float] = field(default_factory=lambda: array("d"))
    between: array[float] = field(default_factory=lambda: array("d"))
    human: array[float] = field(default_factory=lambda: array("d"))
    judged: array[float] = field(default_factory=lambda: array("d"))
    systems: list[str] = field(default_factory=list)
    lowest: tuple[float, str] | None = None
    reasons: Counter[str] = field(default_factory=Counter)

    def add(self, record: Record, found: ClipRating) -> None:
        self.clips += 1
        if found.rating is None:
            # Failures have a part of their own, with their messages.
            if record.error is None and (found.evidence in self.reasons or len(self.reasons) < _MAX_REASONS):
                self.reasons[found.evidence] += 1
            return
        self.ratings.append(found.rating)
        self.spreads.append(found.spread or 0.0)
        if found.wording_spread is not None:
            self.between.append(found.wording_spread)
        entry = (found.rating, record.id)
        self.lowest = entry if self.lowest is None else min(self.lowest, entry)
        if found.human is not None:
            self.human.append(found.human)
            self.judged.append(found.rating)
            self.systems.append(system_of(record.metadata))

    def mean(self) -> float | None:
        return _mean(self.ratings)

    def summary(self) -> dict[str, Any]:
        import numpy as np

        from audiojudge_cli.stats.bootstrap import mean_interval

        found = mean_interval(self.ratings, np.arange(len(self.ratings)), level=0.95, resamples=1000)
        # Where all ratings are one, draws of them have no spread, and that proves nothing about the next clip.
        low, high = (None, None) if len(set(self.ratings)) == 1 else (found.low, found.high)
        return {
            "clips": self.clips,
            "rated": len(self.ratings),
            "mean": self.mean(),
            "low": _rounded(low),
            "high": _rounded(high),
            "min": min(self.ratings, default=None),
            "max": max(self.ratings, default=None),
            "lowest": self.lowest[1] if self.lowest else None,
            "spread": _mean(self.spreads),
            "wording_spread": _mean(self.between),
            "unrated": dict(sorted(self.reasons.items(), key=lambda one: (-one[1], one[0]))[:_REASONS]),
            "human": self._human(),
        }

    def _human(self) -> dict[str, Any] | None:
        return human_agreement(self.judged, self.human, self.systems) if self.human else None


def system_of(metadata: Mapping[str, Any]) -> str:
    """Return what made a clip; empty where the row does not say."""
    return next((str(metadata[name]) for name in SYSTEM_FIELDS if metadata.get(name) not in (None, "")), "")


def human_agreement(ours: Sequence[float], human: Sequence[float], systems: Sequence[str]) -> dict[str, Any]:
    """Return the correlations of two series with their intervals, by clip and by the means of systems.

    Args:
        ours: Of each clip.
        human: What people gave it.
        systems: What made it; empty where nobody knows.
    """
    return {"clips": _plain(agreement(ours, human)), "systems": _by_system(ours, human, systems)}


def _by_system(ours: Sequence[float], human: Sequence[float], systems: Sequence[str]) -> dict[str, Any] | None:
    names = sorted(set(systems) - {""})
    if len(names) < 2:
        return None
    sums = {name: [0.0, 0.0, 0.0] for name in names}
    for name, one, other in zip(systems, ours, human, strict=True):
        if name:
            sums[name] = [old + new for old, new in zip(sums[name], (1.0, one, other), strict=True)]
    means = [(total[1] / total[0], total[2] / total[0]) for total in sums.values()]
    return _plain(agreement([one for one, _ in means], [other for _, other in means]))


def _mean(values: Sequence[float]) -> float | None:
    return round(math.fsum(values) / len(values), 4) if values else None


def _plain(found: Agreement) -> dict[str, Any]:
    return {
        "n": found.n,
        **{
            name: None
            if one is None
            else {"value": round(one.value, 4), "low": _rounded(one.low), "high": _rounded(one.high)}
            for name, one in (("pearson", found.pearson), ("spearman", found.spearman), ("kendall", found.kendall))
        },
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


class RatingTally:
    """Counts the ratings of records as they pass."""

    def __init__(self) -> None:
        self._dimensions: dict[str, _Dimension] = {}

    def add(self, record: Record) -> None:
        """Count one record; one of a run that does not rate counts for nothing."""
        if record.is_rated:
            for found in clip_ratings(record):
                self._dimensions.setdefault(found.dimension, _Dimension()).add(record, found)

    def figures(self) -> dict[str, Any]:
        """Return what is quick to count."""
        return {name: {"rated": len(one.ratings), "mean": one.mean()} for name, one in self._dimensions.items()}

    def summary(self) -> dict[str, Any]:
        """Return the part of `summary.json`; empty where nothing was to be rated."""
        return {name: one.summary() for name, one in self._dimensions.items()}
