"""What a report tells of a run: its figures, its clips with the worst first, and what moved since a baseline."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audiojudge_cli.gates.compare import Comparison, compare
from audiojudge_cli.gates.table import RunTable, read_table
from audiojudge_cli.reports.kept_gate import KeptGate, read_gate
from audiojudge_cli.reports.review import review
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.ratings import clip_ratings
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.worst import badness
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads

_MAX_INFO_BYTES = 64 << 20
LISTED = 10


@dataclass(frozen=True)
class Gathered:
    """A run as reports need it.

    Attributes:
        folder: The run folder.
        info: The content of `run.json`; empty when it cannot be read.
        summary: Figures as in `summary.json`.
        table: The run as columns.
        records: Failed clips, then the worst (`badness`), at most as many as asked for.
        comparison: What moved since the baseline; None without one.
        baseline: The folder of the baseline; None without one.
        earlier: The record in the baseline of each clip with the same id, caption and rubric.
        gate: The outcome of the gate that the run ended with; None without one.
    """

    folder: Path
    info: Mapping[str, Any]
    summary: Mapping[str, Any]
    table: RunTable
    records: list[Record]
    comparison: Comparison | None = None
    baseline: Path | None = None
    earlier: Mapping[str, Record] = field(default_factory=dict)
    gate: KeptGate | None = None

    @property
    def is_rated(self) -> bool:
        """Whether the clips were rated on scales."""
        return bool(self.summary.get("ratings"))

    def ratings_before(self, clip: str) -> dict[str, float]:
        """Return the ratings of a clip in the baseline by dimension; none where it was not rated there."""
        old = self.earlier.get(clip)
        rated = clip_ratings(old) if old and old.is_rated else ()
        return {one.dimension: one.rating for one in rated if one.rating is not None}


def gather(folder: Path, baseline: Path | None, *, clips: int, failed: bool = True) -> Gathered:
    """Read a run, and its baseline if there is one.

    Args:
        folder: The run folder.
        baseline: An earlier run, or None.
        clips: Most clips to keep whole; figures are always over all.
        failed: Whether clips that failed are among them.

    Raises:
        InputError: If a folder cannot be read, is empty, or the runs do not compare.
        NotJudgedError: If one of two runs to compare has not finished or has no score.
    """
    summary, _ = review(folder)
    numbered = enumerate(record for record in read_records(folder) if failed or record.error is None)
    worst = heapq.nsmallest(clips, numbered, key=lambda pair: (*badness(pair[1]), pair[0]))
    records = [record for _, record in worst]
    comparison = compare(baseline, folder, top=LISTED) if baseline else None
    earlier = dict(_earlier(baseline, records)) if baseline else {}
    known = (folder, run_info(folder), summary, read_table(folder), records)
    return Gathered(*known, comparison, baseline, earlier, read_gate(folder))


def _earlier(baseline: Path, records: list[Record]) -> Iterator[tuple[str, Record]]:
    mine = {record.id: record for record in records}
    for old in read_records(baseline):
        new = mine.get(old.id)
        if new is not None and new.told == old.told and _same_rubric(old, new):
            yield old.id, old


def _same_rubric(old: Record, new: Record) -> bool:
    # A clip that failed may have no rubric; it is the same clip all the same (as in gates.pairs).
    asked = [
        [(item.dimension, item.question, item.basis, item.negated) for item in record.items] for record in (old, new)
    ]
    return not all(asked) or asked[0] == asked[1]


def run_info(folder: Path) -> dict[str, Any]:
    """Return the content of a run's `run.json`; empty when it cannot be read."""
    path = folder / "run.json"
    try:
        data = loads(read_regular(path)) if path.stat().st_size <= _MAX_INFO_BYTES else {}
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
