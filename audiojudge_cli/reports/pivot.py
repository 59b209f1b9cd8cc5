"""A figure by any two columns of one or several runs, mean or median or ends: what data analysts call a pivot table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.table import RunTable, read_table
from audiojudge_cli.reports.figure import Middle, Value
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

LEVEL = 0.95
ALL = "all"
_NONE = "(none)"
_ANY = (-math.inf, math.inf)
_CLUSTER = "\0caption"
# As in summary.json, whose intervals these are: fewer draws for many clips, whose intervals are narrow.
_DRAWS, _FEWEST_DRAWS, _MAX_DRAWS = 2_000, 200, 40_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """One mean of the table.

    Attributes:
        value: The mean, or what is taken instead; None over nothing.
        low: Lower end of its 95 % interval, captions drawn as a whole; None with fewer than two captions, where
            they all agree, and for the least and the most, which have none.
        high: Its upper end.
        n: Number of clips or items behind it.
        captions: Number of distinct captions among them.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int
    captions: int


@dataclass(frozen=True, slots=True)
class Pivot:
    """The table.

    Attributes:
        figure: What the cells are means of.
        middle: What is taken instead of the mean.
        by: The column behind the rows.
        across: The column behind the columns; None where there is the mean alone.
        rows: The values of `by`: those of which every clip failed, then the best first, and a last one, `all`.
        columns: The values of `across`, and a last one, `all`.
        cells: One for each row and column.
    """

    figure: Value
    middle: Middle
    by: str
    across: str | None
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]

    @property
    def has_intervals(self) -> bool:
        """Whether what is taken can have an interval: the least and the most of some clips tell nothing of others."""
        return self.middle in {Middle.MEAN, Middle.MEDIAN}


def pivot(
    folders: Sequence[Path], value: Value, *, rows: str, columns: str | None = None, middle: Middle = Middle.MEAN
) -> Pivot:
    """Return the mean of `value` for every pair of a row and a column value, best rows first.

    Clips and items without the figure (failed, unverifiable) are left out of the mean and of the count; a row of which
    every clip failed stands before all others.

    Args:
        folders: Run folders; their names are the column `run`, or, where two have the same name, their paths. One
            that is named twice counts once.
        value: The figure.
        rows: `run`, `judge`, `subset`, `language`, `status`, `dimension` (figures of items only) or a metadata column.
        columns: Likewise; None gives the mean alone.
        middle: What is taken instead of the mean.

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
    _refuse_unknown(asked, [name for name in frame.columns if name != _CLUSTER], value)
    failed = _failed(frame, rows)
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
    return _table(frame.assign(**filled), failed, value, rows, columns, middle)


def _failed(frame: pd.DataFrame, rows: str) -> list[str]:
    """Return the rows of which every clip failed: a model that broke everywhere must not drop out of the table."""
    named = frame[rows].astype(object).fillna(_NONE)
    all_failed = (frame["status"] == "error").groupby(named, sort=True).all()
    return [str(name) for name in all_failed.index[all_failed]]


def _table(  # noqa: PLR0917
    frame: pd.DataFrame, failed: list[str], value: Value, rows: str, columns: str | None, middle: Middle
) -> Pivot:
    by_row = frame.groupby(rows, sort=True, observed=True)[value.value].agg(middle.value)
    order = by_row.sort_values(ascending=value.lower_is_better, kind="stable").index
    across = [] if columns is None else sorted(frame[columns].unique(), key=str)
    parts = dict(list(frame.groupby(rows, observed=True)))
    broken = [(name, None) for name in failed if name not in set(map(str, order))]
    lines = [*broken, *((str(name), parts[name]) for name in order), (ALL, frame)]
    cells = []
    for _, part in lines:
        inner = {} if columns is None or part is None else dict(list(part.groupby(columns, observed=True)))
        cells.append(tuple(_cell(one, value, middle) for one in (*map(inner.get, across), part)))
    named = (*map(str, across), ALL)
    return Pivot(value, middle, rows, columns, tuple(name for name, _ in lines), named, tuple(cells))


def _cell(part: pd.DataFrame | None, figure: Value, middle: Middle) -> Cell:
    if part is None:
        return Cell(None, None, None, 0, 0)
    import numpy as np

    values = part[figure.value].to_numpy(dtype=np.float64)
    clusters = part[_CLUSTER].to_numpy()
    low, high = _ends(values, clusters, middle)
    return Cell(float(part[figure.value].agg(middle.value)), low, high, len(values), len(np.unique(clusters)))


def _ends(
    values: npt.NDArray[np.float64], clusters: npt.NDArray[np.int64], middle: Middle
) -> tuple[float | None, float | None]:
    draws = max(_FEWEST_DRAWS, min(_DRAWS, _MAX_DRAWS // len(values)))
    if middle is Middle.MEAN:
        from audiojudge_cli.stats.bootstrap import mean_interval

        found = mean_interval(values, clusters, level=LEVEL, resamples=draws)
        return _known(found.low, found.high)
    if middle is Middle.MEDIAN:
        from audiojudge_cli.stats.estimators import quantile

        return _known(*(quantile(values, clusters, 0.5, bounds=_ANY, resamples=draws).interval(LEVEL) or (None, None)))
    return None, None


def _known(low: float | None, high: float | None) -> tuple[float | None, float | None]:
    """Return the ends of an interval, or none where it says nothing.

    Of few captions the exact interval of a median is open; and captions that all agree have no spread to draw from, so
    that the bootstrap would be sure of anything.
    """
    if low is None or high is None or not (math.isfinite(low) and math.isfinite(high)) or low == high:
        return None, None
    return low, high


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
            _CLUSTER: table.captions,
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
