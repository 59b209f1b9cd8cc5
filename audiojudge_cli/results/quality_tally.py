"""Quality figures of a run, counted from its records one at a time: what `summary.json` holds under `quality`."""

from __future__ import annotations

import math
from array import array
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from audiojudge_cli.results.quality import FAULTS
from audiojudge_cli.results.quality_figures import QUALITY, QualityFigure
from audiojudge_cli.results.record import Record


@dataclass(slots=True)
class _Values:
    """One figure of all clips: 8 bytes for each that has it."""

    figure: QualityFigure
    values: array[float] = field(default_factory=lambda: array("d"))
    worst: tuple[float, str] | None = None

    def add(self, value: float, clip: str) -> None:
        self.values.append(value)
        if self.figure.worse is not None:
            # Of equals the first by id, so that the order of the clips does not matter.
            entry = (-value if self.figure.worse == "high" else value, clip)
            self.worst = entry if self.worst is None else min(self.worst, entry)

    def mean(self) -> float | None:
        return round(math.fsum(self.values) / len(self.values), 4) if self.values else None

    def summary(self) -> dict[str, Any]:
        import numpy as np

        values = np.frombuffer(self.values) if self.values else None
        return {
            "clips": len(self.values),
            "mean": self.mean(),
            "median": None if values is None else round(float(np.median(values)), 4),
            "min": None if values is None else float(values.min()),
            "max": None if values is None else float(values.max()),
            "worst": self.worst[1] if self.worst else None,
        }


class QualityTally:
    """Counts the quality of records as they pass; memory grows by 8 bytes per clip and figure."""

    def __init__(self) -> None:
        self._clips = self._faulty = 0
        self._faults: Counter[str] = Counter()
        self._figures = {name: _Values(figure) for name, figure in QUALITY.items()}

    def add(self, record: Record) -> None:
        """Count one record; one that was not measured counts for nothing."""
        profile = record.quality
        if profile is None:
            return
        self._clips += 1
        self._faulty += bool(profile.faults)
        self._faults.update({fault.name for fault in profile.faults})
        for values in self._figures.values():
            value = values.figure.of(profile)
            if value is not None:
                values.add(value, record.id)

    def figures(self) -> dict[str, Any]:
        """Return what a summary must say of these records, as far as it is quick to count."""
        means = {name: {"clips": len(one.values), "mean": one.mean()} for name, one in self._figures.items()}
        return {"clips": self._clips, "faulty": self._faulty, "faults": self._counts(), "figures": means}

    def summary(self) -> dict[str, Any]:
        """Return the part of `summary.json`."""
        figures = {name: one.summary() for name, one in self._figures.items()}
        return {"clips": self._clips, "faulty": self._faulty, "faults": self._counts(), "figures": figures}

    def _counts(self) -> dict[str, int]:
        """Return how many clips have each fault; all are named, so that 0 can be told from unknown."""
        return {name: self._faults[name] for name in FAULTS}
