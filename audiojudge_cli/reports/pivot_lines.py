"""A pivot table as lines for the terminal, as CSV, and as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from audiojudge_cli.reports.tables import aligned, cell, number
from audiojudge_cli.text.cells import text_cell
from audiojudge_cli.text.terminal import safe_line

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "audiojudge.table/1"
_WIDEST = 32


def pivot_lines(found: pd.DataFrame) -> list[str]:
    """Return the table with columns under each other; `-` where there is no figure."""
    head = (_label(found.index.name), *map(_label, found.columns))
    body = [(_label(name), *map(number, cells)) for name, cells in _cells(found)]
    return aligned([head, *body], right=range(1, len(head)))


def pivot_csv(found: pd.DataFrame) -> str:
    """Return the table as CSV with four decimals; labels are harmless to spreadsheets and to terminals."""
    safe = found.rename(index=_csv_label, columns=_csv_label).rename_axis(_csv_label(found.index.name))
    text: str = safe.to_csv(float_format="%.4f", lineterminator="\n")
    return text


def pivot_data(found: pd.DataFrame) -> dict[str, Any]:
    """Return `rows` and `columns` (names), `cells` (one list per row, four decimals, null without a figure)."""
    return {
        "schema": SCHEMA,
        "by": found.index.name,
        "columns": list(found.columns),
        "rows": list(found.index),
        "cells": [cells for _, cells in _cells(found)],
    }


def _cells(found: pd.DataFrame) -> list[tuple[str, list[float | None]]]:
    """Return each row's name and its means with the four decimals of every summary, None for NaN; last the count."""
    return [
        (str(name), [*(None if math.isnan(mean) else round(float(mean), 4) for mean in means), int(count)])
        for name, (*means, count) in zip(found.index, found.to_numpy(), strict=True)
    ]


def _csv_label(name: object) -> str:
    return text_cell(safe_line(str(name)))


def _label(name: object) -> str:
    return cell(str(name), _WIDEST, middle=True)
