"""A figure by any two columns of one or several runs, mean or median or ends: what data analysts call a pivot table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.table import RunTable, read_table
from audiojudge_cli.reports.figure import Middle, Value
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    import pandas as pd

ALL = "all"
COUNT = "n"
_NONE = "(none)"


def pivot(
    folders: Sequence[Path], value: Value, *, rows: str, columns: str | None = None, middle: Middle = Middle.MEAN
) -> pd.DataFrame:
    """Return the mean of `value` for every pair of a row and a column value, best rows first.

    Clips and items without the figure (failed, unverifiable) are left out of the mean and of the count.

    Args:
        folders: Run folders; their names are the column `run`, or, where two have the same name, their paths. One
            that is named twice counts once.
        value: The figure.
        rows: `run`, `judge`, `subset`, `language`, `status`, `dimension` (figures of items only) or a metadata column.
        columns: Likewise; None gives the mean alone.
        middle: What is taken instead of the mean.

    Returns:
        One row per value of `rows` and a last one, `all`; the means per value of `columns`, then over them all
        (`all`), then the number of clips or items behind it (`n`). A mean over nothing is NaN.

    Raises:
        InputError: If a run cannot be read, a column is unknown or does not fit the figure, nothing has the figure, or
            it is a judge's and the runs have different judges and `judge` is neither rows nor columns.
    """
    import pandas as pd

    if rows == columns:
        raise InputError(f"rows and columns are both {rows!r}; name two different columns, or rows alone")
    folders = list({folder.resolve(): folder for folder in folders}.values())
    names = [folder.resolve().name for folder in folders]
    labels = names if len({*names}) == len(names) else [shown(folder) for folder in folders]
    frames = [_frame(read_table(folder), value, label) for folder, label in zip(folders, labels, strict=True)]
    frame = pd.concat(frames, ignore_index=True)
    asked = [rows] if columns is None else [rows, columns]
    _refuse_unknown(asked, frame.columns, value)
    frame = frame[frame[value.value].notna()]
    if frame.empty:
        why = "nothing was judged" if value.of_judge else "it was not measured"
        raise InputError(f"nothing in {_named(folders)} has the figure {value.value!r}: {why}")
    if value.of_judge and "judge" not in asked and frame["judge"].nunique() > 1:
        raise InputError(
            f"{_named(folders)} were judged by different judges, whose figures have no common mean; "
            "use `judge` for the rows or columns, or score them again with one judge"
        )
    filled = {name: frame[name].astype(object).fillna(_NONE) for name in asked}
    return _middles(frame.assign(**filled), value, rows, columns, middle.value)


def _middles(frame: pd.DataFrame, figure: Value, rows: str, columns: str | None, middle: str) -> pd.DataFrame:
    import pandas as pd

    value = figure.value
    by_row = frame.groupby(rows, sort=True, observed=True)[value].agg([middle, "count"])
    by_row = by_row.sort_values(middle, ascending=figure.lower_is_better, kind="stable")
    whole = frame[value].agg(middle)
    total = pd.DataFrame({middle: [whole], "count": [len(frame)]}, index=pd.Index([ALL], name=rows))
    ends = pd.concat([by_row, total]).rename(columns={middle: ALL, "count": COUNT})
    if columns is None:
        return ends
    inner = frame.groupby([rows, columns], sort=True, observed=True)[value].agg(middle).unstack(columns)
    inner.loc[ALL] = frame.groupby(columns, observed=True)[value].agg(middle)
    table = pd.concat([inner.reindex(ends.index), ends], axis=1)
    table.index.name = rows
    return table


def _frame(table: RunTable, value: Value, run: str) -> pd.DataFrame:
    """One line per clip, or per item, with the figure and every column it can be told apart by."""
    import numpy as np
    import pandas as pd

    clips = len(table)
    data = pd.DataFrame(
        {
            **{name: _texts(codes.codes(clips), codes.labels) for name, codes in table.columns.items()},
            "run": run,
            "judge": " + ".join(f"{judge.name}@{judge.fingerprint[:8]}" for judge in table.judges),
        },
        index=pd.RangeIndex(clips),
    )
    if not value.of_items:
        with np.errstate(invalid="ignore"):
            coverage = np.where(table.items > 0, table.verified / np.maximum(table.items, 1), np.nan)
        figures = {Value.SCORE: table.score, Value.MATCH: table.match, Value.COVERAGE: coverage}
        figures |= {Value(name): values for name, values in table.quality.items()}
        figures[Value.FAULTY] = table.has_fault(None)
        return data.assign(**{value.value: figures[value]})
    items = data.iloc[table.item_clip].reset_index(drop=True)
    p_yes = pd.Series(table.item_p)
    figure = p_yes if value is Value.P_YES else (p_yes >= 0.5).astype(float).where(p_yes.notna())
    return items.assign(dimension=_texts(table.item_dimension, table.dimensions), **{value.value: figure})


def _texts(codes: Iterable[int], labels: Sequence[str]) -> pd.Categorical:
    import pandas as pd

    return pd.Categorical([labels[code] if code >= 0 else None for code in codes])


def _refuse_unknown(asked: Sequence[str], columns: Iterable[str], value: Value) -> None:
    known = sorted(str(name) for name in columns if name != value.value)
    for name in asked:
        if name == "dimension" and not value.of_items:
            raise InputError(
                f"{value.value!r} is a figure of clips, a dimension belongs to items; use --value p_yes or yes"
            )
        if name not in known:
            raise InputError(f"no column {shown(name)}{nearest(name, known)}; there are: {shown(', '.join(known))}")


def _named(folders: Sequence[Path]) -> str:
    return ", ".join(shown(folder) for folder in folders)
