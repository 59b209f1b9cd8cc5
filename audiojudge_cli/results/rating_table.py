"""`ratings.csv`: one row per clip and dimension, in runs that rate; other runs have no such file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.results.csv_cells import cells, csv_writer
from audiojudge_cli.results.ratings import COLUMNS, clip_ratings
from audiojudge_cli.text.atomic import writing

if TYPE_CHECKING:
    from _csv import Writer

    from audiojudge_cli.results.record import Record


@contextmanager
def writing_ratings(path: Path) -> Iterator[RatingTable]:
    """Yield what writes `ratings.csv`; it takes the place of an older file when the block ends without an error."""
    with ExitStack() as stack:
        table = RatingTable(path, stack)
        yield table
        if not table.is_begun:
            path.unlink(missing_ok=True)


class RatingTable:
    """Rows of ratings; see `writing_ratings`."""

    def __init__(self, path: Path, stack: ExitStack) -> None:
        self._path = path
        self._stack = stack
        self._writer: Writer | None = None

    @property
    def is_begun(self) -> bool:
        """Whether any record held ratings."""
        return self._writer is not None

    def add(self, record: Record) -> None:
        """Write the rows of one record; none where nothing was to be rated."""
        if not record.is_rated:
            return
        if self._writer is None:
            self._writer = csv_writer(self._stack.enter_context(writing(self._path)))
            self._writer.writerow(COLUMNS)
        for found in clip_ratings(record):
            row = (found.dimension, found.rating, found.spread, found.wordings, found.wording_spread, found.human)
            self._writer.writerow(cells((record.id, record.audio.path, *row, found.evidence)))
