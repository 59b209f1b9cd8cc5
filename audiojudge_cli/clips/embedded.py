"""Audio that lies inside a Parquet manifest: a column of `{bytes, path}`, as Hugging Face datasets write it."""

from __future__ import annotations

import os
import threading
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import ClipError
from audiojudge_cli.text.terminal import safe_line, shorten, shown

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

BYTES = ".bytes"
"""How the name of the leaf ends that holds the bytes."""

# Rows are decoded together; a few, because each may be megabytes.
_BATCH_ROWS = 8
# Threads ask for neighbouring rows in any order: what was read is kept for so long, so that nobody reads back.
_KEPT_BYTES = 256 << 20
_KEPT_ROWS = 1024
_BUFFER_BYTES = 1 << 18
_REASON_COLUMNS = 200


@dataclass(frozen=True, slots=True)
class EmbeddedAudio:
    """Where the bytes of one audio file lie.

    Attributes:
        manifest: The Parquet file.
        column: The leaf that holds them, such as `audio.bytes`.
        row: Number of the row, from 0.
        state: Size in bytes and modification time in nanoseconds of the manifest when its rows were read.
    """

    manifest: Path
    column: str
    row: int
    state: tuple[int, int]

    def __str__(self) -> str:
        """Return a name for messages."""
        return f"{shown(self.manifest)}, row {self.row + 1}"

    def read(self) -> bytes:
        """Return the bytes.

        Raises:
            ClipError: `changed` when the manifest is another one now, `unreadable` when it cannot be read.
        """
        import pyarrow as pa

        try:
            if file_state(self.manifest) != self.state:
                raise ClipError("changed", f"{self} changed since its rows were read; run the command again")
            data = _reader(self.manifest, self.column, self.state).read(self.row)
        except (pa.ArrowException, OSError) as error:
            reason = shorten(safe_line(str(error).strip()), _REASON_COLUMNS)
            raise ClipError("unreadable", f"cannot read the audio in {self}: {reason}") from error
        return data or b""


def file_state(path: Path) -> tuple[int, int]:
    """Return what tells a file from a later one of the same name: size in bytes and modification time in ns."""
    status = os.stat(path)  # noqa: PTH116 - one call, for many clips again and again
    return status.st_size, status.st_mtime_ns


def present(table: ParquetFile, group: int, column: str) -> Iterator[bool]:
    """Yield for each row of a row group whether the audio column holds bytes; they are read only where they must be."""
    metadata = table.metadata.row_group(group)
    leaf = next(index for index in range(len(table.schema)) if table.schema.column(index).path == column)
    # Damaged statistics end the whole process where they are looked at; where a row is read they are an exception.
    next(table.iter_batches(1, row_groups=[group], columns=[column], use_threads=False), None)
    part = metadata.column(leaf)
    nulls = part.statistics.null_count if part.statistics and part.statistics.has_null_count else None
    if nulls in {0, metadata.num_rows}:
        yield from (not nulls for _ in range(metadata.num_rows))
        return
    for batch in _batches(table, group, column):
        yield from (value is not None for value in _values(batch))


def _batches(table: ParquetFile, group: int, column: str) -> Iterator[pa.RecordBatch]:
    batches: Iterator[pa.RecordBatch] = table.iter_batches(
        _BATCH_ROWS, row_groups=[group], columns=[column], use_threads=False
    )
    return batches


def _values(batch: pa.RecordBatch) -> Iterator[bytes | None]:
    return ((row or {}).get("bytes") for row in batch.column(0).to_pylist())


@lru_cache(maxsize=4)
def _reader(manifest: Path, column: str, state: tuple[int, int]) -> _Reader:
    del state  # tells apart files that had the same name one after the other
    return _Reader(manifest, column)


class _Reader:
    """Reads rows in about the order of the file, from any thread, a row group at a time and never a whole one."""

    def __init__(self, manifest: Path, column: str) -> None:
        from pyarrow import parquet

        self._table = parquet.ParquetFile(manifest, buffer_size=_BUFFER_BYTES, pre_buffer=False)
        self._column = column
        counts = [self._table.metadata.row_group(group).num_rows for group in range(self._table.num_row_groups)]
        self._starts = [0, *accumulate(counts)]
        self._lock = threading.Lock()
        self._kept: OrderedDict[int, bytes | None] = OrderedDict()
        self._kept_bytes = 0
        self._group, self._next = -1, 0
        self._batches: Iterator[pa.RecordBatch] = iter(())

    def read(self, row: int) -> bytes | None:
        with self._lock:
            while row not in self._kept:
                self._advance(row)
            return self._kept[row]

    def _advance(self, row: int) -> None:
        group = bisect_right(self._starts, row) - 1
        if group != self._group or row < self._next:
            self._group, self._next = group, self._starts[group]
            self._batches = _batches(self._table, group, self._column)
        try:
            batch = next(self._batches)
        except StopIteration:
            self._group = -1
            raise OSError(f"row {row + 1} is not there") from None
        for value in _values(batch):
            self._keep(self._next, value, wanted=row)
            self._next += 1

    def _keep(self, row: int, value: bytes | None, *, wanted: int) -> None:
        self._kept_bytes += len(value or b"") - len(self._kept.pop(row, None) or b"")
        self._kept[row] = value
        while len(self._kept) > 1 and (self._kept_bytes > _KEPT_BYTES or len(self._kept) > _KEPT_ROWS):
            oldest = next(iter(self._kept))
            if oldest == wanted:
                return
            self._kept_bytes -= len(self._kept.pop(oldest) or b"")
