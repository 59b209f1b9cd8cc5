"""A pivot table as lines for the terminal, as Markdown, as CSV, as JSON, and as one JSON object per cell."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from audiojudge_cli.reports.markdown import page, text
from audiojudge_cli.reports.markdown import table as markdown_table
from audiojudge_cli.reports.pivot import LEVEL, Cell, Pivot
from audiojudge_cli.reports.tables import aligned, cell, interval, number
from audiojudge_cli.results.csv_cells import csv_writer
from audiojudge_cli.text.cells import text_cell
from audiojudge_cli.text.jsonl import dumps
from audiojudge_cli.text.terminal import safe_line

SCHEMA = "audiojudge.table/1"
COUNT = "n"
_WIDEST = 32


def pivot_lines(found: Pivot) -> list[str]:
    """Return the table with columns under each other; `-` where there is no figure."""
    head, *body = _rows(found)
    return aligned([tuple(map(_label, head)), *((_label(name), *rest) for name, *rest in body)], right=_flush(head))


def pivot_markdown(found: Pivot) -> str:
    """Return the table for a pull request or a step summary."""
    head, *body = _rows(found)
    rows = [(text(name), *rest) for name, *rest in body]
    return page(markdown_table(tuple(map(text, head)), rows, right=_flush(head)))


def pivot_csv(found: Pivot) -> str:
    """Return the table as CSV with four decimals; labels are harmless to spreadsheets and to terminals."""
    file = io.StringIO()
    writer = csv_writer(file)
    writer.writerow([_csv_label(name) for name in (found.by, *found.columns, "low", "high", COUNT)])
    for name, cells in zip(found.rows, found.cells, strict=True):
        whole = cells[-1]
        figures = [*(one.value for one in cells), whole.low, whole.high]
        told = ["" if value is None else f"{value:.4f}" for value in figures]
        writer.writerow([_csv_label(name), *told, whole.n])
    return file.getvalue()


def pivot_data(found: Pivot) -> dict[str, Any]:
    """Return the table as JSON data; docs/tables.md documents every field."""
    return {
        "schema": SCHEMA,
        "value": found.figure.value,
        "take": found.middle.value,
        "level": LEVEL,
        "by": found.by,
        "across": found.across,
        "columns": [*found.columns, COUNT],
        "rows": list(found.rows),
        "cells": [[*(_rounded(one.value) for one in cells), cells[-1].n] for cells in found.cells],
        "intervals": [[_interval(one) for one in cells] for cells in found.cells],
        "counts": [[one.n for one in cells] for cells in found.cells],
    }


def pivot_jsonl(found: Pivot) -> str:
    """Return one line per cell that has a figure: the long form, as notebooks like it."""
    return "".join(f"{dumps(line)}\n" for line in _long(found))


def _long(found: Pivot) -> Iterator[dict[str, Any]]:
    for row, cells in zip(found.rows, found.cells, strict=True):
        for column, one in zip(found.columns, cells, strict=True):
            if one.value is not None:
                yield {
                    "by": found.by,
                    "row": row,
                    "across": found.across,
                    "column": column,
                    "figure": found.figure.value,
                    "take": found.middle.value,
                    "value": _rounded(one.value),
                    "low": _rounded(one.low),
                    "high": _rounded(one.high),
                    "n": one.n,
                    "captions": one.captions,
                }


def _rows(found: Pivot) -> Iterator[tuple[str, ...]]:
    """Yield the head and the rows for people, labels as they are; an interval for the last mean of a row alone."""
    columns = found.columns if found.across else (found.figure.value,)
    between = (f"{LEVEL:.0%} interval".replace("%", " %"),) if found.has_intervals else ()
    yield (found.by, *columns, *between, COUNT)
    for name, cells in zip(found.rows, found.cells, strict=True):
        whole = cells[-1]
        ends = (interval(_rounded(whole.low), _rounded(whole.high)),) if between else ()
        yield (name, *(number(_rounded(one.value)) for one in cells), *ends, str(whole.n))


def _flush(head: tuple[str, ...]) -> list[int]:
    """Return the columns that are set flush right: all numbers, but not intervals."""
    return [at for at, name in enumerate(head) if at and not name.endswith(" interval")]


def _rounded(value: float | None) -> float | None:
    """Return a figure with the four decimals of every summary."""
    return None if value is None else round(float(value), 4)


def _interval(one: Cell) -> list[float | None] | None:
    return None if one.low is None else [_rounded(one.low), _rounded(one.high)]


def _csv_label(name: object) -> str:
    return text_cell(safe_line(str(name)))


def _label(name: object) -> str:
    return cell(str(name), _WIDEST, middle=True)
