"""Rubrics as people hand them over in Python: as objects, or as rows of a rubric file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.files import item_row, parse_items
from audiojudge_cli.rubrics.item import Rubric, RubricItem


def rows_of(rubric: Rubric | Iterable[Mapping[str, Any] | RubricItem]) -> tuple[dict[str, Any], ...]:
    """Return a rubric as the plain rows that a manifest would carry in its column `rubric`.

    Args:
        rubric: A rubric, or its items: as objects, or as rows with the keys of a rubric file.

    Raises:
        InputError: If it is something else, or an item cannot be read.
    """
    if isinstance(rubric, Rubric):
        return tuple(item_row(item) for item in rubric.items)
    if isinstance(rubric, str | Mapping) or not isinstance(rubric, Iterable):
        raise InputError(
            f"a rubric is what expand() gives or a list of items, not a value of type {type(rubric).__name__}"
        )
    rows = tuple(item_row(item) if isinstance(item, RubricItem) else item for item in rubric)
    parse_items(rows)
    return tuple(dict(row) for row in rows)
