"""Rows of JSON lines: plain JSONL, NeMo manifests, Hugging Face `metadata.jsonl`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.lines import text_lines
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.rowmaker import make_row
from audiojudge_cli.text.jsonl import TooDeepError, loads

_PEEKED_ROWS = 100


def jsonl_rows(file: BinaryIO, source: str, columns: Columns) -> Iterator[Row | Problem]:
    """Yield a row or a problem for every line that is not blank.

    Raises:
        InputError: Before the first row, if the first hundred objects lack a named field or have no recognised one.
    """
    names = _first_columns(file, source)
    if names:
        columns.require(names, source)
    for number, value in _objects(file, source):
        yield value if isinstance(value, Problem) else make_row(source, number, value, columns)


def _first_columns(file: BinaryIO, source: str) -> list[str]:
    """Return the names of all columns of the first objects, in the order they appear."""
    names: dict[str, None] = {}
    for _, value in islice(_objects(file, source), _PEEKED_ROWS):
        if not isinstance(value, Problem):
            names.update(dict.fromkeys(value))
    return list(names)


def _objects(file: BinaryIO, source: str) -> Iterator[tuple[int, dict[str, object] | Problem]]:
    for number, text in text_lines(file, source):
        if isinstance(text, Problem):
            yield number, text
        elif text.strip():
            yield number, _parse(text, source, number)


def _parse(text: str, source: str, number: int) -> dict[str, object] | Problem:
    try:
        value = loads(text)
    except TooDeepError:
        return Problem(source, number, "too-deep", "the JSON is nested too deeply")
    except json.JSONDecodeError as error:
        message = f"not valid JSON: {error.msg} (column {error.colno})"
        return Problem(source, number, "bad-json", message)
    except ValueError as error:  # a number of thousands of digits
        return Problem(source, number, "bad-json", f"not valid JSON: {error}")
    if not isinstance(value, dict):
        return Problem(source, number, "not-an-object", "the line is not a JSON object ({…})")
    return value
