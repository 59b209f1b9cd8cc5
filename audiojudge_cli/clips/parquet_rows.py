"""Rows of a Parquet file, read in small batches."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.embedded import BYTES, EmbeddedAudio, file_state, present
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.rowmaker import make_row
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.terminal import safe_line, shorten

if TYPE_CHECKING:
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

_BATCH_ROWS = 512
_BUFFER_BYTES = 1 << 18


def parquet_rows(file: BinaryIO, path: Path, source: str, columns: Columns) -> Iterator[Row | Problem]:
    """Yield a row or a problem for every row; its line is the row's number from 1.

    Audio bytes embedded in the file (`audio.bytes` of Hugging Face datasets) are not read here: the row says where
    they lie.

    Args:
        file: The manifest, opened for reading.
        path: Where it lies.
        source: Its name for messages.
        columns: Which column means what.

    Raises:
        InputError: If the file is not Parquet, lacks a named field or has no recognised one.
    """
    import pyarrow as pa
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file, buffer_size=_BUFFER_BYTES, pre_buffer=False)
        names = list(table.schema_arrow.names)
        leaves = [table.schema.column(index).path for index in range(len(table.schema))]
    except (pa.ArrowException, OSError, ValueError) as error:
        raise InputError(f"{source} is not a readable Parquet file: {_reason(error)}") from error
    if len(set(names)) != len(names):
        raise InputError(f"{source} names a column twice; rename one of them")
    columns.require(names, source)
    wanted = [leaf for leaf in leaves if not leaf.endswith(BYTES)]
    audio = columns.roles(tuple(names)).get("audio", "") + BYTES
    column = audio if audio in leaves else None
    number = 0
    rows = _rows(table, wanted, column, path)
    while True:
        number += 1
        try:
            value, embedded = next(rows)
        except StopIteration:
            return
        except (pa.ArrowException, OSError, ValueError, RuntimeError) as error:  # of reading alone: our own show
            yield Problem(source, number, "bad-parquet", f"the file is damaged from this row on: {_reason(error)}")
            return
        if isinstance(value, str):
            yield Problem(source, number, "not-utf-8", value)
        else:
            yield make_row(source, number, value, columns, embedded)


def _rows(
    table: ParquetFile, wanted: list[str], column: str | None, path: Path
) -> Iterator[tuple[dict[str, Any] | str, EmbeddedAudio | None]]:
    """Yield the rows, or what is wrong with one, and where their audio lies in the file."""
    state = (0, 0) if column is None else file_state(path)
    number = 0
    for group in range(table.num_row_groups):
        batches = table.iter_batches(_BATCH_ROWS, row_groups=[group], columns=wanted, use_threads=False)
        values = (value for batch in batches for value in _values(batch))
        if column is None:
            yield from ((value, None) for value in values)
            continue
        for value, here in zip(values, present(table, group, column), strict=False):
            yield value, EmbeddedAudio(path, column, number, state) if here else None
            number += 1


def _values(batch: pa.RecordBatch) -> Iterator[dict[str, Any] | str]:
    """Yield the rows of a batch, or what is wrong with one."""
    try:
        rows = batch.to_pylist()
    except (ValueError, OverflowError):  # one bad value must not take its whole batch along
        for index in range(batch.num_rows):
            try:
                yield {name: _null(value) for name, value in batch.slice(index, 1).to_pylist()[0].items()}
            except (ValueError, OverflowError) as error:
                yield f"a value cannot be read: {error}"
        return
    for row in rows:
        yield {name: _null(value) for name, value in row.items()}


def _null(value: object) -> object:
    """Return None for NaN, which is how pandas writes a missing value into a column of numbers."""
    return None if isinstance(value, float) and value != value else value  # noqa: PLR0124 - NaN is


def _reason(error: Exception) -> str:
    return shorten(safe_line(str(error).strip()), 200)
