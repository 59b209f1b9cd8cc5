"""Rows of CSV and TSV files with a header line."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.lines import MAX_LINE_BYTES, text_lines
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.rowmaker import make_row
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.counted import counted

_DELIMITERS = (",", ";", "\t", "|")
Cells = tuple[int, list[str]]


def csv_rows(file: BinaryIO, source: str, columns: Columns, *, tabs: bool = False) -> Iterator[Row | Problem]:
    """Yield a row or a problem for every record after the header.

    The delimiter of a CSV file (comma, semicolon, tab, bar) is the one that makes its header recognisable. In a file
    of tabs a quotation mark is a character like any other, unless a whole cell is quoted as spreadsheets write it.

    Args:
        file: Opened for reading bytes.
        source: Name for messages.
        columns: Which column means what.
        tabs: Whether the cells are known to be separated by tabs (TSV).

    Raises:
        InputError: If the header lacks a named field, has no recognised one, or names a column twice.
    """
    delimiter = "\t" if tabs else _delimiter(file, source, columns)
    records = _tab_records(file, source) if delimiter == "\t" else _comma_records(file, source, delimiter)
    header: list[str] | None = None
    for record in records:
        if isinstance(record, Problem):
            if header is None:
                raise InputError(f"{record}. The header cannot be read")
            yield record
            continue
        line, cells = record
        if header is None:
            header = _header(cells, source, columns)
        elif len(cells) != len(header):
            message = f"the row has {counted(len(cells), 'cell')}, the header {len(header)}"
            yield Problem(source, line, "ragged", message)
        else:
            yield make_row(source, line, dict(zip(header, cells, strict=True)), columns)


def _header(cells: Sequence[str], source: str, columns: Columns) -> list[str]:
    names = [cell.strip() or f"column {index + 1}" for index, cell in enumerate(cells)]
    columns.require(names, source)
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"{source}: the header names {twice[0]!r} twice; rename one of them")
    return names


def _delimiter(file: BinaryIO, source: str, columns: Columns) -> str:
    lines = (text for _, text in text_lines(file, source) if isinstance(text, str) and text.strip())
    first = next(lines, "")

    def known(delimiter: str) -> int:
        try:
            names = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:  # a carriage return in the middle: reading the header says so
            return 0
        return len(columns.roles(tuple(names)))

    return max(_DELIMITERS, key=known)


def _comma_records(file: BinaryIO, source: str, delimiter: str) -> Iterator[Cells | Problem]:
    # The module keeps this limit for the whole process; it only ever needs to allow our own line length.
    csv.field_size_limit(MAX_LINE_BYTES)
    skipped: list[Problem] = []
    start = end = 0

    def feed() -> Iterator[str]:
        nonlocal start, end
        for number, text in text_lines(file, source):
            if isinstance(text, Problem):
                skipped.append(text)
            else:
                start, end = start or number, number
                yield text

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        start = 0
        try:
            cells = next(reader, None)
        except csv.Error as error:
            yield _unreadable(source, start, end, error)
            continue
        yield from skipped
        skipped.clear()
        if cells is None:
            return
        if cells:
            yield start, cells


def _unreadable(source: str, start: int, end: int, error: csv.Error) -> Problem:
    if end > start:
        message = f"a quotation mark opened here is not closed properly; lines {start} to {end} were not read ({error})"
    else:
        message = f"the quotation marks of this row do not match ({error})"
    return Problem(source, start, "bad-quotes", message)


def _tab_records(file: BinaryIO, source: str) -> Iterator[Cells | Problem]:
    for number, text in text_lines(file, source):
        if isinstance(text, Problem):
            yield text
        elif text.strip():
            yield number, [_unquoted(cell) for cell in text.rstrip("\r\n").split("\t")]


def _unquoted(cell: str) -> str:
    if len(cell) >= 2 and cell[0] == cell[-1] == '"':
        inner = cell[1:-1]
        if '"' not in inner.replace('""', ""):
            return inner.replace('""', '"')
    return cell
