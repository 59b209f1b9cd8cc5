"""Rows of CSV that every reader takes for the same cells."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, TextIO

from audiojudge_cli.text.cells import text_cell

if TYPE_CHECKING:
    from _csv import Writer


class _UnixLines:
    """Ends rows with a line feed; `csv` itself quotes a carriage return only where its rows end with one."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, row: str) -> int:
        return self._file.write(row[:-2] + "\n")


def csv_writer(file: TextIO) -> Writer:
    """Return a writer of rows for `file`, every cell quoted that another reader could take for two."""
    return csv.writer(_UnixLines(file), lineterminator="\r\n")


def cells(values: Iterable[Any]) -> list[str | float | int]:
    """Return values as cells: None is empty, truth values are words, texts are harmless to spreadsheets."""
    return [_cell(value) for value in values]


def _cell(value: str | float | bool | None) -> str | float | int:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return text_cell(value) if isinstance(value, str) else value
