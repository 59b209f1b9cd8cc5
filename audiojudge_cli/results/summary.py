"""Figures of a run from its records, one at a time: what `summary.json` holds.

Nothing judged gives null, never 0. The interval of a mean is a bootstrap over captions, not clips: several clips of
one caption are not independent.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from audiojudge_cli.results.quality_tally import QualityTally
from audiojudge_cli.results.ratings import RatingTally
from audiojudge_cli.results.record import Failure, JudgeRef, Record
from audiojudge_cli.results.rule import DecisionRule
from audiojudge_cli.stats.bootstrap import mean_interval

SCHEMA = "audiojudge.summary/1"
LEVEL = 0.95
MAX_EXAMPLES = 20
_UNKNOWN = "unknown"
_STATUSES = ("ok", "partial", "unverifiable", "error")
# p_yes has four decimals, so sums of integers are exact and do not depend on the order of the clips.
_GRAIN = 10_000
_MAX_DRAWS = 40_000_000


@dataclass(slots=True)
class _Items:
    """Items counted: of a run, a subset or a dimension."""

    items: int = 0
    verified: int = 0
    yes: int = 0
    grains: int = 0

    def add(self, p_yes: float | None) -> None:
        self.items += 1
        if p_yes is not None:
            self.verified += 1
            self.yes += p_yes >= 0.5
            self.grains += round(p_yes * _GRAIN)

    def coverage(self) -> dict[str, Any]:
        return {"items": self.items, "verified": self.verified, "value": _share(self.verified, self.items)}

    def dimension(self) -> dict[str, Any]:
        mean = round(self.grains / _GRAIN / self.verified, 4) if self.verified else None
        return {
            "items": self.items,
            "verified": self.verified,
            "yes": self.yes,
            "yes_rate": _share(self.yes, self.verified),
            "mean_p_yes": mean,
        }


@dataclass(slots=True)
class _Clips:
    """Clips counted: of a run or a subset. 16 bytes per clip."""

    statuses: dict[str, int] = field(default_factory=lambda: dict.fromkeys(_STATUSES, 0))
    scores: array[float] = field(default_factory=lambda: array("d"))
    captions: array[int] = field(default_factory=lambda: array("q"))
    matches: int = 0
    items: _Items = field(default_factory=_Items)

    def add(self, record: Record, caption: int) -> None:
        self.statuses[record.status] += 1
        if record.score is not None:
            self.scores.append(record.score)
            self.captions.append(caption)
            self.matches += bool(record.decision.match)
        for item in record.items:
            self.items.add(item.p_yes)

    def mean(self) -> float | None:
        return round(math.fsum(self.scores) / len(self.scores), 4) if self.scores else None

    def figures(self) -> dict[str, Any]:
        return {"score": _score(self.scores, self.captions), **self.shares()}

    def shares(self) -> dict[str, Any]:
        return {
            "pass_rate": {
                "clips": len(self.scores),
                "passed": self.matches,
                "value": _share(self.matches, len(self.scores)),
            },
            "coverage": self.items.coverage(),
        }


@dataclass(slots=True)
class _Failures:
    """Clips that failed in one way."""

    count: int = 0
    examples: list[dict[str, str]] = field(default_factory=list)

    def add(self, record: Record, error: Failure) -> None:
        self.count += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append({"id": record.id, "audio": record.audio.path, "message": error.message})


class Tally:
    """Counts records as they pass; memory grows by 32 bytes per clip.

    Args:
        judge: Whose verdicts these are.
        rule: The decision rule of the run.
    """

    def __init__(self, judge: JudgeRef, rule: DecisionRule) -> None:
        self._judge = judge
        self._rule = rule
        self._all = _Clips()
        self._subsets: dict[str, _Clips] = {}
        self._dimensions: dict[str, _Items] = {}
        self._failures: dict[str, _Failures] = {}
        self._faults: Counter[str] = Counter()
        self._quality = QualityTally()
        self._ratings = RatingTally()
        self._warned = self._faulted = 0

    def add(self, record: Record) -> None:
        """Count one record."""
        caption = _digest(record.cluster)
        self._quality.add(record)
        self._ratings.add(record)
        self._all.add(record, caption)
        self._subsets.setdefault(record.subset or _UNKNOWN, _Clips()).add(record, caption)
        for item in record.items:
            self._dimensions.setdefault(item.dimension, _Items()).add(item.p_yes)
        self._warned += bool(record.warnings)
        self._faults.update(fault.kind for fault in record.faults)
        self._faulted += bool(record.faults)
        if record.error:
            self._failures.setdefault(record.error.kind, _Failures()).add(record, record.error)

    @property
    def clips(self) -> int:
        """Records counted so far."""
        return sum(self._all.statuses.values())

    def figures(self) -> dict[str, Any]:
        """Return what a summary must say of these records: all that is quick to count, so that an edit shows."""
        score = {"clips": len(self._all.scores), "mean": self._all.mean()}
        clips = {**self._all.statuses, "warned": self._warned, "faulted": self._faulted}
        dimensions = {name: part.dimension() for name, part in sorted(self._dimensions.items())}
        counts = {"clips": clips, "faults": self._faults.total(), "score": score}
        return {
            **counts,
            **self._all.shares(),
            "dimensions": dimensions,
            "quality": self._quality.figures(),
            **_where_any(self._ratings.figures()),
        }

    def summary(self, *, pending: int = 0) -> dict[str, Any]:
        """Return the content of `summary.json`.

        Args:
            pending: Clips of the run that have no record yet (it was interrupted).
        """
        return {
            "schema": SCHEMA,
            "judge": {"name": self._judge.name, "fingerprint": self._judge.fingerprint},
            "decision": {"rule": self._rule.text, "threshold": self._rule.threshold},
            "clips": {
                "total": self.clips + pending,
                **self._all.statuses,
                "pending": pending,
                "warned": self._warned,
                "faulted": self._faulted,
            },
            "faults": self._faults.total(),
            "fault_kinds": dict(sorted(self._faults.items())),
            **self._all.figures(),
            "subsets": {
                name: {"clips": {"total": sum(part.statuses.values()), **part.statuses}, **part.figures()}
                for name, part in sorted(self._subsets.items())
            },
            "dimensions": {name: part.dimension() for name, part in sorted(self._dimensions.items())},
            "quality": self._quality.summary(),
            **_where_any(self._ratings.summary()),
            "failures": {
                kind: {"count": found.count, "examples": found.examples}
                for kind, found in sorted(self._failures.items(), key=lambda pair: (-pair[1].count, pair[0]))
            },
        }


def _where_any(ratings: dict[str, Any]) -> dict[str, Any]:
    """Return the part about ratings; runs that do not rate have none."""
    return {"ratings": ratings} if ratings else {}


def _score(scores: array[float], captions: array[int]) -> dict[str, Any]:
    import numpy as np

    clusters = np.array(captions, dtype=np.int64)
    # The width of the interval shrinks with the number of clips, and so does the need for many draws.
    resamples = max(200, min(2000, _MAX_DRAWS // max(1, len(scores))))
    found = mean_interval(scores, clusters, level=LEVEL, resamples=resamples)
    return {
        "clips": found.n,
        "captions": found.clusters,
        "mean": _rounded(found.mean),
        "low": _rounded(found.low),
        "high": _rounded(found.high),
        "level": found.level,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _digest(caption: str) -> int:
    digest = hashlib.blake2b(caption.encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "little", signed=True)
