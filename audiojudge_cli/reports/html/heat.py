"""The heat map of dimensions by subsets, or any column of few values: mean p_yes of the verified items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiojudge_cli.gates.table import RunTable
from audiojudge_cli.text.terminal import safe_line

SHADES = 20
# More columns than these are no picture that anybody takes in at a glance, and more choices no menu.
_MOST_VALUES, _MOST_COLUMNS = 12, 8


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        mean: Mean p_yes; None when no item was verified.
        items: Number of items.
        verified: Number of those that were verified.
        no: Number of those answered no.
    """

    mean: float | None
    items: int
    verified: int
    no: int

    @property
    def shade(self) -> int | None:
        """The colour, from 0 (all no) to `SHADES` (all yes); None without a mean."""
        return None if self.mean is None else round(self.mean * SHADES)


@dataclass(frozen=True, slots=True)
class HeatRow:
    """A dimension: its name, its cell over all clips, and one cell per value (None where it is never asked)."""

    dimension: str
    shown: str
    whole: Cell
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class HeatMap:
    """The map by one column of the run.

    Attributes:
        column: `subset`, `language` or a metadata column.
        values: Its values, sorted.
        rows: One per dimension, the lowest mean over all clips first.
    """

    column: str
    values: list[str]
    rows: list[HeatRow]


def heat_maps(table: RunTable, first: str | None = None) -> list[HeatMap]:
    """Return the map by subset, and by every other column that has two to twelve values, at most eight maps.

    Args:
        table: The run.
        first: The column of the first map, however many values it has.
    """
    few = [name for name, codes in table.columns.items() if 2 <= len(codes.labels) <= _MOST_VALUES]
    names = dict.fromkeys([*([first] if first else []), "subset", *(name for name in few if name != "status")])
    return [heat_map(table, name) for name in list(names)[:_MOST_COLUMNS]]


def heat_map(table: RunTable, name: str = "subset") -> HeatMap:
    """Return the map of dimensions by the values of a column; clips without a value are in no column of it."""
    column = table.columns[name]
    values = sorted(column.labels)
    codes = column.codes(len(table))[table.item_clip]
    places = [column.labels.index(value) for value in values]
    rows = []
    for number, dimension in enumerate(table.dimensions):
        mine = table.item_dimension == number
        p_yes, where = table.item_p[mine], codes[mine]
        cells = [_cell(p_yes[where == place]) for place in places]
        whole = _cell(p_yes)
        if whole is not None:
            rows.append(HeatRow(dimension, safe_line(dimension), whole, tuple(cells)))
    rows.sort(key=lambda row: (row.whole.mean is None, row.whole.mean or 0.0, row.dimension))
    return HeatMap(name, values, rows)


def shade_css() -> str:
    """Return one rule per shade: red through pale yellow to blue, which colour-blind people tell apart."""
    from matplotlib import colormaps
    from matplotlib.colors import to_hex

    found = colormaps["RdYlBu"]
    # Paler than the map itself, so that dark figures stand out on every shade.
    pale = [0.62 * np.array(found(at / SHADES)[:3]) + 0.38 for at in range(SHADES + 1)]
    return "\n".join(f".h{at} {{ background: {to_hex(colour.tolist())}; }}" for at, colour in enumerate(pale))


def _cell(p_yes: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Cell | None:
    if not len(p_yes):
        return None
    known = p_yes[~np.isnan(p_yes)]
    mean = float(known.mean()) if len(known) else None
    return Cell(mean, len(p_yes), len(known), int((known < 0.5).sum()))
