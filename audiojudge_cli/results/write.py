"""The files of a run folder for people and spreadsheets, written from records one at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from audiojudge_cli.results.clip_table import ClipTable, writing_summary
from audiojudge_cli.results.csv_cells import cells, csv_writer
from audiojudge_cli.results.rating_table import RatingTable, writing_ratings
from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.text.atomic import write_text, writing
from audiojudge_cli.text.atomic_batch import AtomicBatch, writing_batch
from audiojudge_cli.text.pretty import pretty

ITEM_COLUMNS = (
    *("id", "subset", "item", "dimension", "question", "basis", "negated"),
    *("p_yes", "answer", "evidence", "source", "fault"),
)


@contextmanager
def writing_files(folder: Path) -> Iterator[FileWriter]:
    """Yield what writes `summary.csv`, `items.csv`, `ratings.csv` and `files/<id>.json` of a run folder.

    The CSV files take the place of older ones when the block ends without an error; per-file JSON appears in lots of
    many clips, each complete or not at all.
    """
    files = folder / "files"
    files.mkdir(exist_ok=True)
    with (
        writing_summary(folder / "summary.csv") as summary,
        writing(folder / "items.csv") as items,
        writing_ratings(folder / "ratings.csv") as ratings,
        writing_batch(files) as batch,
    ):
        yield FileWriter(batch, summary, items, ratings)


class FileWriter:
    """Writes records; see `writing_files`."""

    def __init__(self, files: AtomicBatch, summary: ClipTable, items: TextIO, ratings: RatingTable) -> None:
        self._files = files
        self._summary = summary
        self._ratings = ratings
        self._items = csv_writer(items)
        self._items.writerow(ITEM_COLUMNS)

    def add(self, record: Record) -> None:
        """Write one record; a per-file JSON that says the same already is left alone."""
        self._summary.add(record)
        self._ratings.add(record)
        for number, item in enumerate(record.items, start=1):
            self._items.writerow(cells(item_row(record, number, item)))
        self._files.add(f"{record.id}.json", (pretty(record.to_dict()) + "\n").encode())


def write_json(path: Path, data: dict[str, Any]) -> None:
    """Write `data` as pretty JSON, complete or not at all."""
    write_text(path, pretty(data) + "\n")


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
