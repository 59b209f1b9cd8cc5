"""All clips of a run in one list, the worst first: for the terminal, as CSV and as lines of JSON."""

from __future__ import annotations

import heapq
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

from audiojudge_cli.reports.review import counted_run
from audiojudge_cli.reports.tables import aligned, cell, number
from audiojudge_cli.results.csv_cells import cells, csv_writer
from audiojudge_cli.results.ratings import clip_ratings
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.results.worst import badness

_MAX_NAME = 36
"""Columns of an id at most: those of a UUID, so that it can be copied; a longer one is cut in its middle."""
_MIN_WHY = 20


@dataclass(frozen=True, slots=True)
class ClipLine:
    """One clip of the list.

    Attributes:
        id: Of the clip.
        audio: Its path as records show it.
        status: Of its record.
        score: Its alignment score; None where nothing was verified.
        decision_value: What clips are decided by; None likewise.
        match: Whether the clip matches its caption; None likewise.
        coverage: Share of its items that were verified; None without items.
        missed: The question of the item with the lowest p_yes that was answered no; None without one.
        faults: Names of what is wrong with the file.
        error: Why the clip failed, kind and message; None where it did not.
        ratings: Of a run that rates: the dimensions that were rated, with the rating; None in other runs.
    """

    id: str
    audio: str
    status: str
    score: float | None
    decision_value: float | None
    match: bool | None
    coverage: float | None
    missed: str | None
    faults: tuple[str, ...]
    error: str | None
    ratings: str | None


COLUMNS = tuple(ClipLine.__dataclass_fields__)
_OF_CAPTIONS = {"score", "decision_value", "match", "missed"}
"""What tells how well a clip does what its caption asked: of nothing in a run that rates."""


def clip_line(record: Record) -> ClipLine:
    """Return what the list tells of a clip."""
    worst, quality = record.worst, record.quality
    return ClipLine(
        record.id,
        record.audio.path,
        record.status,
        record.score,
        record.decision.value,
        record.decision.match,
        record.coverage,
        worst.question if worst is not None and worst.answer == "no" and not record.is_rated else None,
        tuple(dict.fromkeys(fault.name for fault in quality.faults)) if quality else (),
        f"{record.error.kind}: {record.error.message}" if record.error else None,
        _ratings(record) if record.is_rated else None,
    )


def _ratings(record: Record) -> str:
    given = [f"{one.dimension} {one.rating:.2f}" for one in clip_ratings(record) if one.rating is not None]
    return ", ".join(given) or "not rated"


def listed_run(folder: Path, most: int | None) -> tuple[dict[str, Any], list[ClipLine]]:
    """Return the figures of a run as in `summary.json`, and its worst clips, failed ones before all others.

    Args:
        folder: The run folder.
        most: How many clips; None for all. Memory grows with them only.

    Raises:
        InputError: As `read_records`, or if the run is empty.
    """
    worst: list[tuple[tuple[float, ...], int, ClipLine]] = []

    def see(record: Record) -> None:
        # Negative, for a heap whose first is the best of those kept; no two have the same number.
        entry = (tuple(-each for each in badness(record)), -next(numbers), clip_line(record))
        if most is None or len(worst) < most:
            heapq.heappush(worst, entry)
        else:
            heapq.heappushpop(worst, entry)

    numbers = count()
    summary = counted_run(folder, see)
    return summary, [line for *_, line in sorted(worst, key=lambda entry: entry[:2], reverse=True)]


def list_lines(lines: Sequence[ClipLine], screen: Screen, *, judged: bool) -> list[str]:
    """Return a table of clips; failed ones say why, the others what they miss most, or which faults they have.

    Args:
        lines: The clips.
        screen: Where they go.
        judged: Whether anything was asked about them; otherwise only faults are told.
    """
    if not lines:
        return []
    rated = any(line.ratings is not None for line in lines)
    judged = judged and not rated
    head = ("value", "score", "match", "clip") if judged else ("", "clip")
    named = [head, *(_cells(line, judged=judged) for line in lines)]
    left = aligned(named, right=(0, 1) if judged else ())
    wide = max(map(len, left))
    room = max(_MIN_WHY, screen.columns - wide - 2)
    why = "what it misses most" if judged else "ratings" if rated else "what is wrong"
    whys = [why, *(cell(_why(line), room) for line in lines)]
    rows = [f"{start:{wide}}  {why}".rstrip() for start, why in zip(left, whys, strict=True)]
    return [
        screen.paint(rows[0], "bold"),
        *(_painted(row, line, screen) for row, line in zip(rows[1:], lines, strict=True)),
    ]


def _cells(line: ClipLine, *, judged: bool) -> tuple[str, ...]:
    name = cell(line.id, _MAX_NAME, middle=True)
    state = "failed" if line.error else number(line.decision_value)
    if not judged:
        return ("failed" if line.error else ""), name
    return state, number(line.score), {True: "yes", False: "no", None: "-"}[line.match], name


def _why(line: ClipLine) -> str:
    return line.error or line.ratings or line.missed or ", ".join(line.faults)


def _painted(row: str, line: ClipLine, screen: Screen) -> str:
    return screen.paint(row, "yellow") if line.error else row


def list_csv(lines: Sequence[ClipLine]) -> str:
    """Return the clips as CSV, cells as in `summary.csv`."""
    text = io.StringIO()
    writer = csv_writer(text)
    rated = any(line.ratings is not None for line in lines)
    columns = [name for name in COLUMNS if not (rated and name in _OF_CAPTIONS)]
    writer.writerow(columns)
    for line in lines:
        data = asdict(line) | {"faults": "; ".join(line.faults)}
        writer.writerow(cells(data[name] for name in columns))
    return text.getvalue()


def list_data(line: ClipLine) -> dict[str, Any]:
    """Return one clip as JSON data."""
    data = asdict(line) | {"faults": list(line.faults)}
    return data if line.ratings is None else {name: data[name] for name in data if name not in _OF_CAPTIONS}
