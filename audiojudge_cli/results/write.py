"""The files of a run folder for people and spreadsheets, written from records one at a time."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.text.atomic import write_text, writing
from audiojudge_cli.text.atomic_batch import AtomicBatch, writing_batch
from audiojudge_cli.text.cells import text_cell
from audiojudge_cli.text.pretty import pretty

if TYPE_CHECKING:
    from _csv import Writer

SUMMARY_COLUMNS = (
    *("id", "audio", "caption", "transcript", "subset", "status", "score", "match", "coverage"),
    *("n_items", "n_yes", "worst_item", "error", *QUALITY, "faults"),
)
ITEM_COLUMNS = (
    *("id", "subset", "item", "dimension", "question", "basis", "negated"),
    *("p_yes", "answer", "evidence", "source", "fault"),
)


@contextmanager
def writing_files(folder: Path) -> Iterator[FileWriter]:
    """Yield what writes `summary.csv`, `items.csv` and `files/<id>.json` of a run folder.

    The CSV files take the place of older ones when the block ends without an error; per-file JSON appears in lots of
    many clips, each complete or not at all.
    """
    files = folder / "files"
    files.mkdir(exist_ok=True)
    with (
        writing(folder / "summary.csv") as summary,
        writing(folder / "items.csv") as items,
        writing_batch(files) as batch,
    ):
        yield FileWriter(batch, summary, items)


class FileWriter:
    """Writes records; see `writing_files`."""

    def __init__(self, files: AtomicBatch, summary: TextIO, items: TextIO) -> None:
        self._files = files
        self._summary = csv_writer(summary)
        self._items = csv_writer(items)
        self._summary.writerow(SUMMARY_COLUMNS)
        self._items.writerow(ITEM_COLUMNS)

    def add(self, record: Record) -> None:
        """Write one record; a per-file JSON that says the same already is left alone."""
        self._summary.writerow(_cells(summary_row(record)))
        for number, item in enumerate(record.items, start=1):
            self._items.writerow(_cells(item_row(record, number, item)))
        self._files.add(f"{record.id}.json", (pretty(record.to_dict()) + "\n").encode())


class _UnixLines:
    """Ends rows with a line feed; `csv` itself quotes a carriage return only where its rows end with one."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, row: str) -> int:
        return self._file.write(row[:-2] + "\n")


def csv_writer(file: TextIO) -> Writer:
    """Return a writer of rows for `file`, every cell quoted that another reader could take for two."""
    return csv.writer(_UnixLines(file), lineterminator="\r\n")


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write `data` as pretty JSON, complete or not at all."""
    write_text(path, pretty(data) + "\n")


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
        record.decision.match,
        record.coverage,
        len(record.items),
        sum(item.answer == "yes" for item in record.items),
        worst and worst.question,
        record.error and f"{record.error.kind}: {record.error.message}",
        *(figure.of(record.quality) for figure in QUALITY.values()),
        record.quality and "; ".join(dict.fromkeys(fault.name for fault in record.quality.faults)),
    )


def item_row(record: Record, number: int, item: RecordItem) -> tuple[Any, ...]:
    """Return the values of the item of that number (from 1) in the order of `ITEM_COLUMNS`."""
    return (
        record.id,
        record.subset,
        number,
        item.dimension,
        item.question,
        item.basis,
        item.negated,
        item.p_yes,
        item.answer,
        item.evidence,
        item.source,
        item.fault and f"{item.fault.kind}: {item.fault.message}",
    )


def _cells(values: Iterable[Any]) -> list[str | float | int]:
    return [_cell(value) for value in values]


def _cell(value: str | float | bool | None) -> str | float | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return text_cell(value) if isinstance(value, str) else value
