"""Records as tables for pandas: the columns of `summary.csv` and `items.csv`, with the types of the records."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from audiojudge_cli.results.clip_table import SUMMARY_COLUMNS, column_name, summary_row
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.write import ITEM_COLUMNS, item_row

if TYPE_CHECKING:
    import pandas as pd


def frames(records: Iterable[Record]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return one row per clip, and one row per rubric item.

    Columns of the manifest that are metadata stand behind those of `summary.csv`; one whose name is taken there is
    called `metadata.NAME`. What is not known is missing, as pandas has it.
    """
    import pandas as pd

    clips: list[tuple[Any, ...]] = []
    items: list[tuple[Any, ...]] = []
    metadata: dict[str, dict[int, Any]] = {}
    for at, record in enumerate(records):
        clips.append(summary_row(record))
        items += (item_row(record, number, item) for number, item in enumerate(record.items, start=1))
        for name, value in record.metadata.items():
            metadata.setdefault(name, {})[at] = value
    table = pd.DataFrame(clips, columns=list(SUMMARY_COLUMNS))
    more = {column_name(name): [values.get(at) for at in range(len(clips))] for name, values in metadata.items()}
    return pd.concat([table, pd.DataFrame(more, index=table.index)], axis=1), pd.DataFrame(
        items, columns=list(ITEM_COLUMNS)
    )
