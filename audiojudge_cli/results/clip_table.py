"""`summary.csv`: one row per clip, with a column for whatever the manifest says of it besides."""

from __future__ import annotations

import csv
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from audiojudge_cli.results.csv_cells import cells, csv_writer
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.record import Record
from audiojudge_cli.text.atomic import writing
from audiojudge_cli.text.jsonl import dumps

SUMMARY_COLUMNS = (
    *("id", "audio", "caption", "transcript", "subset", "status", "score", "decision_value", "match", "coverage"),
    *("n_items", "n_yes", "worst_item", "error", *QUALITY, "faults"),
)
PREFIX = "metadata."
"""What a metadata column begins with whose own name is taken; a name that begins so already gets one more."""
MOST_METADATA = 200
"""So many metadata columns a table has at most: a manifest with another key in every row must not square its size."""
_LONGEST_CELL = (1 << 31) - 1
"""Largest cell in characters that is read back, as large as `csv` allows everywhere: it is no stranger's file."""


@contextmanager
def writing_summary(path: Path) -> Iterator[ClipTable]:
    """Yield what writes `summary.csv`; it takes the place of an older file when the block ends without an error.

    Which columns there are is known only at the end, so that rows wait in a file without a name.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", newline="", dir=path.parent) as rows:
        table = ClipTable(rows)
        yield table
        with writing(path) as file:
            table.finish(file)


class ClipTable:
    """Rows of clips; see `writing_summary`."""

    def __init__(self, rows: TextIO) -> None:
        self._rows = rows
        self._writer = csv_writer(rows)
        self._metadata: dict[str, None] = {}
        self._count = 0
        self._is_even = True

    def add(self, record: Record) -> None:
        """Write one row."""
        known = len(self._metadata)
        for name in record.metadata:
            if len(self._metadata) < MOST_METADATA:
                self._metadata.setdefault(name)
        self._is_even &= not self._count or len(self._metadata) == known
        self._count += 1
        more = [_plain(record.metadata.get(name)) for name in self._metadata]
        self._writer.writerow(cells([*summary_row(record), *more]))

    def finish(self, file: TextIO) -> None:
        """Write the header and all rows to `file`, every row as wide as the header."""
        header = cells([*SUMMARY_COLUMNS, *map(column_name, self._metadata)])
        writer = csv_writer(file)
        writer.writerow(header)
        self._rows.seek(0)
        if self._is_even:
            shutil.copyfileobj(self._rows, file)
            return
        limit = csv.field_size_limit(_LONGEST_CELL)
        try:
            for row in csv.reader(self._rows):
                writer.writerow([*row, *[""] * (len(header) - len(row))])
        finally:
            csv.field_size_limit(limit)


def column_name(name: str) -> str:
    """Return what a metadata column is called in the table, where the table's own columns keep their names.

    >>> column_name("model"), column_name("score"), column_name("metadata.score")
    ('model', 'metadata.score', 'metadata.metadata.score')
    """
    return PREFIX + name if name in SUMMARY_COLUMNS or name.startswith(PREFIX) else name


def _plain(value: Any) -> str | float | bool | None:  # noqa: ANN401 - any JSON value
    return dumps(value) if isinstance(value, (list, dict)) else value


def summary_row(record: Record) -> tuple[Any, ...]:
    """Return the values of a clip in the order of `SUMMARY_COLUMNS`."""
    worst = record.worst
    return (
        record.id,
        record.audio.path,
        record.caption,
        record.transcript,
        record.subset,
        record.status,
        record.score,
        record.decision.value,
        record.decision.match,
        record.coverage,
        len(record.items),
        sum(item.answer == "yes" for item in record.items),
        worst and worst.question,
        record.error and f"{record.error.kind}: {record.error.message}",
        *(figure.of(record.quality) for figure in QUALITY.values()),
        record.quality and "; ".join(dict.fromkeys(fault.name for fault in record.quality.faults)),
    )
