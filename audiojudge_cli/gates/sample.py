"""From a figure and a selection to the units behind it, and from those to an estimate."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.rowmaker import SUBSETS
from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.expression import Expression, Selection
from audiojudge_cli.gates.figures import STATUSES, Figure
from audiojudge_cli.gates.table import RESERVED, Floats, Ints, RunTable
from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.stats.estimate import Estimate
from audiojudge_cli.stats.estimators import quantile, ratio
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import safe_line

Mask = npt.NDArray[np.bool_]
_SUBSETS = (*SUBSETS, "unknown")


@dataclass(frozen=True)
class Units:
    """Clips, or items of a dimension, with the column that a figure averages.

    Attributes:
        place: Of each unit in the table: a clip, or an item of a dimension.
        value: What is averaged; NaN where the unit has no such value.
        size: What it is divided by: 1, or the number of items for coverage.
        caption: The cluster of each unit.
    """

    place: Ints
    value: Floats
    size: Floats
    caption: Ints


def selected(table: RunTable, selection: Selection) -> Mask:
    """Return which clips fulfil the conditions on clips.

    Raises:
        InputError: If a column or dimension is in neither the run nor the vocabulary: a rule about a misspelt name
            must not look like a rule about no clips.
    """
    mask = np.ones(len(table), dtype=np.bool_)
    for key, value in selection.where:
        refuse_unknown_columns([key], table.columns)
        mask &= table.columns[key].mask(value, len(table))
    dimension = selection.dimension
    if dimension is not None and dimension not in NAMES and table.dimension_code(dimension) < 0:
        known = list(dict.fromkeys([*table.dimensions, *NAMES]))
        raise InputError(f"the run has no dimension {safe_line(dimension)!r}{nearest(dimension, known)}")
    return mask


def refuse_unknown_columns(keys: Iterable[str], columns: Collection[str]) -> None:
    """Refuse keys of a filter that are no columns of the run.

    Raises:
        InputError: If one is not; names the nearest.
    """
    for key in keys:
        if key not in columns:
            known = [*RESERVED, "dimension", *(name for name in columns if name not in RESERVED)]
            raise InputError(
                f"the run has no metadata column {safe_line(key)!r}{nearest(key, known)}; "
                f"there are {safe_line(', '.join(known[:30]))}"
            )


def units(table: RunTable, figure: Figure, selection: Selection, pass_at: float) -> Units:
    """Return the units of a figure; those without a value are among them, as NaN.

    Raises:
        InputError: As `selected`.
    """
    return units_in(table, figure, selected(table, selection), selection.dimension, pass_at)


def units_in(table: RunTable, figure: Figure, mask: Mask, dimension: str | None, pass_at: float) -> Units:
    """Return the units of a figure among the clips of a mask; a dimension that the run has not gives none."""
    if dimension is not None:
        return _items(table, figure, mask, dimension, pass_at)
    place = np.flatnonzero(mask)
    size = np.ones(len(place))
    if figure.name == "coverage":
        place = place[table.items[place] > 0]
        value, size = table.verified[place].astype(np.float64), table.items[place].astype(np.float64)
    elif figure.name == "error_rate":
        value = (table.status[place] == STATUSES.index("error")).astype(np.float64)
    elif figure.name == "match_rate":
        value = table.match[place]
    elif figure.quality is not None:
        value = table.quality[figure.quality.name][place]
    elif figure.is_fault_rate:
        value = table.has_fault(figure.fault)[place]
    else:
        value = _passing(table.score[place], figure, pass_at)
    return Units(place, value, size, table.captions[place])


def _items(table: RunTable, figure: Figure, mask: Mask, dimension: str, pass_at: float) -> Units:
    place = _places(table, mask, dimension)
    p_yes = table.item_p[place]
    if figure.name == "coverage":
        value = (~np.isnan(p_yes)).astype(np.float64)
    elif figure.name == "match_rate":
        value = np.where(np.isnan(p_yes), np.nan, p_yes >= 0.5)
    else:
        value = _passing(p_yes, figure, pass_at)
    return Units(place, value, np.ones(len(place)), table.captions[table.item_clip[place]])


def _places(table: RunTable, mask: Mask, dimension: str) -> Ints:
    code = table.dimension_code(dimension)
    return np.flatnonzero((table.item_dimension == code) & mask[table.item_clip])


def _passing(values: Floats, figure: Figure, pass_at: float) -> Floats:
    return np.where(np.isnan(values), np.nan, values >= pass_at) if figure.name == "pass_rate" else values


def estimate(found: Units, figure: Figure) -> Estimate:
    """Return the estimate of a figure over the units that have a value."""
    has = ~np.isnan(found.value)
    value, size, caption = found.value[has], found.size[has], found.caption[has]
    if figure.quantile is not None:
        return quantile(value, caption, figure.quantile, bounds=figure.bounds)
    return ratio(value, size, caption, share=figure.is_share, bounds=figure.bounds)


def worst(found: Units, rule: Expression) -> tuple[Estimate, Ints]:
    """Return the value that is hardest to satisfy a rule for each clip with, and the places of clips that do not."""
    has = ~np.isnan(found.value)
    value, place = found.value[has], found.place[has]
    if not len(value):
        return Estimate(None, 0, 0), place
    end = float(value.min() if rule.wants_more else value.max())
    held = np.array([rule.holds(float(one)) for one in value], dtype=np.bool_)
    return Estimate(end, len(value), 0), place[~held]


def count(table: RunTable, rule: Expression) -> int | None:
    """Return a count; None where it is of nothing at all, which proves nothing.

    Clips of a status are counted among all others, so that `count[status=error]` is 0 in a run without errors. A rule
    that there be none (`== 0`) is answered as well where no clip or item is of a kind that there could be: a subset,
    a dimension. A value that nobody knows may be misspelt.

    Raises:
        InputError: As `selected`.
    """
    figure, selection = rule.figure, rule.selection
    if figure.name == "count.broken":
        return table.broken
    mask = selected(table, selection)
    if figure.is_of_quality:  # of clips that nobody measured, nobody knows the faults
        measured = mask & (table.faults >= 0)
        return table.fault_count(measured, figure.fault) if measured.any() else None
    among = replace(selection, where=tuple(pair for pair in selection.where if pair[0] != "status"))
    if not len(_counted(table, selected(table, among), selection.dimension)):
        could_be = all(key == "subset" and value in _SUBSETS for key, value in among.where)
        return 0 if len(table) and could_be and rule.wants_none else None
    of_items = selection.dimension is not None or figure.name == "faults"
    place = _counted(table, mask, selection.dimension, of_items=of_items)
    if figure.name == "faults":
        return int(table.item_fault[place].sum())
    return _number(table, figure.name.partition(".")[2], place)


def _number(table: RunTable, part: str, place: Ints) -> int:
    """Return how many of these clips (or items, where there is no part) a count is about."""
    if part == "captions":
        return len(np.unique(table.captions[place]))
    if part == "scored":
        return int(table.scored[place].sum())
    if part:
        return int((table.status[place] == STATUSES.index(part)).sum())
    return len(place)


def _counted(table: RunTable, mask: Mask, dimension: str | None, *, of_items: bool = False) -> Ints:
    """Return the places of the clips of a mask, or of their items (of one dimension)."""
    if dimension is not None:
        return _places(table, mask, dimension)
    return np.flatnonzero(mask[table.item_clip] if of_items else mask)
