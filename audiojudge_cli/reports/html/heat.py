"""The heat map of dimensions by subsets: mean p_yes of the verified items, as cells of a table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from audiojudge_cli.gates.table import RunTable
from audiojudge_cli.text.terminal import safe_line

SHADES = 20


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
    """A dimension: its name, its cell over all clips, and one cell per subset (None where it is never asked)."""

    dimension: str
    shown: str
    whole: Cell
    cells: tuple[Cell | None, ...]


def heat_map(table: RunTable) -> tuple[list[str], list[HeatRow]]:
    """Return the subsets, sorted, and one row per dimension, the lowest mean first."""
    column = table.columns["subset"]
    subsets = sorted(column.labels)
    codes = column.codes(len(table))[table.item_clip]
    places = [column.labels.index(subset) for subset in subsets]
    rows = []
    for number, dimension in enumerate(table.dimensions):
        mine = table.item_dimension == number
        cells = [_cell(table.item_p[mine & (codes == place)]) for place in places]
        whole = _cell(table.item_p[mine])
        if whole is not None:
            rows.append(HeatRow(dimension, safe_line(dimension), whole, tuple(cells)))
    return subsets, sorted(rows, key=lambda row: (row.whole.mean is None, row.whole.mean or 0.0, row.dimension))


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
