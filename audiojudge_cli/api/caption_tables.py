"""Captions that lie in memory: a dict, rows, a table of pandas or polars, as the manifest that would hold them."""

from __future__ import annotations

import io
import math
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from audiojudge_cli.api.asking import rows_of
from audiojudge_cli.clips.manifest import Manifest, spooled
from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.text.jsonl import dump_line

NAME = "captions"
"""Of such a manifest, in messages: `captions:3` is the third row."""

# Deeper values are refused where a manifest is read (`clips.rowmaker`), in better words than those of a full stack.
_MAX_DEPTH = 80


def manifest_of(captions: object) -> Manifest:
    """Return captions in memory as a manifest; paths of audio start from the current folder.

    Args:
        captions: `{file: caption}`, rows as mappings, or a table (pandas, polars) with the columns of a manifest; a row
            may carry a `Rubric` in its column `rubric`.

    Raises:
        InputError: If it is something else, or empty.
    """
    lines = "".join(dump_line(_plain(row)) for row in _rows(captions))
    if not lines:
        raise InputError("there are no captions: the table, list or dict is empty")
    return spooled(io.BytesIO(lines.encode()), NAME)


def _rows(captions: object) -> Iterator[Mapping[str, Any]]:
    if hasattr(captions, "to_dicts"):  # a table of polars
        captions = captions.to_dicts()
    elif hasattr(captions, "to_dict"):  # of pandas: its columns, or one of them with the files as its index
        captions = _table(captions) if hasattr(captions, "columns") else captions.to_dict()
    if isinstance(captions, Mapping):
        yield from ({"audio": _name(file), "caption": caption} for file, caption in captions.items())
        return
    if isinstance(captions, str | bytes) or not isinstance(captions, Iterable):
        raise InputError(
            f"captions are the path of a manifest, {{file: caption}}, a list of rows or a table, not {_told(captions)}"
        )
    for number, row in enumerate(captions, start=1):
        if not isinstance(row, Mapping):
            raise InputError(
                f"{NAME}:{number}: a row is a mapping such as {{'audio': …, 'caption': …}}, not {_told(row)}"
            )
        yield row


def _table(frame: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - pandas is not read for its types
    named = frame.reset_index() if any(name is not None for name in frame.index.names) else frame
    found: list[dict[str, Any]] = named.astype(object).where(named.notna(), None).to_dict("records")
    return found


def _name(file: object) -> str:
    if not isinstance(file, str | os.PathLike):
        raise InputError(f"captions as a dict are {{file: caption}}; this file is {_told(file)}")
    return str(os.fspath(file))


def _plain(value: object, depth: int = 0) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as JSON can hold it; numbers that are none become null, as in manifests."""
    if isinstance(value, Rubric):
        return _plain(list(rows_of(value)), depth)
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    if depth > _MAX_DEPTH:
        raise InputError(f"{NAME}: a row is nested deeper than {_MAX_DEPTH} levels")
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, depth + 1) for inner in value]
    # Numbers of numpy, and of its arrays in a cell, know themselves as Python's own.
    if type(value).__module__ == "numpy" and hasattr(value, "tolist"):
        return _plain(value.tolist(), depth + 1)
    return _scalar(value)


def _scalar(value: object) -> str | int | float | bool | None:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    isoformat = getattr(value, "isoformat", None)  # dates and times
    return str(isoformat()) if callable(isoformat) else str(value)


def _told(value: object) -> str:
    return f"a value of type {type(value).__name__}"
