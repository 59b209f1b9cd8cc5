"""Rules about each value of a column (`[subset=*]`): one rule per value that the run, or its baseline, has."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from audiojudge_cli.gates.expression import DIMENSION, Selection
from audiojudge_cli.gates.rules import Rule
from audiojudge_cli.gates.sample import refuse_unknown_columns, selected
from audiojudge_cli.gates.table import RunTable


def rules_per_value(rule: Rule, table: RunTable, baseline: RunTable | None) -> Iterator[Rule]:
    """Yield the rule for each value, or each combination of values where it names several keys, sorted.

    Args:
        rule: With `each` in its selection.
        table: The run.
        baseline: What a regression is against: a value that only it has is looked at as well, for what is gone must
            not drop out of sight. None for other rules.

    Raises:
        InputError: If a column is in neither.
    """
    expression = rule.expression
    selection = expression.selection
    found = _combinations(table, selection)
    if baseline is not None and selection.columns <= set(baseline.columns):
        found |= _combinations(baseline, selection)
    for values in sorted(found):
        one = selection.at(dict(zip(selection.each, values, strict=True)))
        told = ", ".join(values)
        yield replace(
            rule,
            expression=replace(expression, selection=one),
            name=f"{rule.name}: {told}" if rule.name else "",
        )


def _combinations(table: RunTable, selection: Selection) -> set[tuple[str, ...]]:
    columns = [key for key in selection.each if key != DIMENSION]
    refuse_unknown_columns(columns, table.columns)
    clips = selected(table, Selection(selection.where))
    known = {key: table.columns[key].codes(len(table)) for key in columns}
    names = {key: table.columns[key].labels for key in columns}
    if selection.of_items:
        items = clips[table.item_clip]
        if selection.dimension is not None:
            code = table.dimension_code(selection.dimension)
            items = items & (table.item_dimension == code)
        place = table.item_clip[items]
        known = {key: codes[place] for key, codes in known.items()}
        known[DIMENSION], names[DIMENSION] = table.item_dimension[items], table.dimensions
    else:
        known = {key: codes[clips] for key, codes in known.items()}
    rows = np.unique(np.stack([known[key] for key in selection.each], axis=1), axis=0)
    return {
        tuple(names[key][code] for key, code in zip(selection.each, row, strict=True))
        for row in rows.tolist()
        if min(row) >= 0
    }
