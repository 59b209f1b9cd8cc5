"""JSON that is the same on every machine: for records, lines and files."""

from __future__ import annotations

import json
import re
from typing import Any

_TOO_DEEP = "nested too deeply"
# Lone surrogates cannot be encoded; the others end lines for some readers, or steer a terminal that shows the text.
_UNSAFE = re.compile("[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


MAX_DEPTH = 100
"""Levels of lists and objects in what is read: more than anybody writes, less than stumbles whoever walks them."""


class TooDeepError(ValueError):
    """JSON that is nested deeper than `MAX_DEPTH`."""


def loads(text: str | bytes) -> Any:  # noqa: ANN401 - any JSON value
    """Return the value of JSON text that anybody may have written; the one way in which audiojudge reads JSON.

    Raises:
        TooDeepError: If it is nested deeper than `MAX_DEPTH` levels.
        ValueError: If it is no JSON, or holds a number of thousands of digits.
    """
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise TooDeepError(_TOO_DEEP) from error
    refuse_deep(value, text)
    return value


def refuse_deep(value: object, text: str | bytes) -> None:
    """Refuse a value that is nested deeper than `MAX_DEPTH` levels.

    Args:
        value: What was read.
        text: What it was read from; without so many brackets it cannot be so deep, and needs no second look.

    Raises:
        TooDeepError: If so.
    """
    opening = (b"[", b"{") if isinstance(text, bytes) else ("[", "{")
    if sum(map(text.count, opening)) > MAX_DEPTH and _is_too_deep(value):  # type: ignore[arg-type]
        raise TooDeepError(_TOO_DEEP)


def _is_too_deep(value: object) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        inner: list[object] = []
        for each in level:
            if isinstance(each, dict):
                inner += each.values()
            elif isinstance(each, list):
                inner += each
        level = [each for each in inner if isinstance(each, dict | list)]
        if not level:
            return False
    return True


def dumps(value: Any, *, indent: int | None = None) -> str:  # noqa: ANN401 - any JSON value
    """Return `value` as JSON: keys in the order given, non-ASCII letters as they are, always encodable as UTF-8.

    Lone surrogates (file names that are not UTF-8), control characters, line separators and signs that turn the
    direction of writing are written as escapes, so `json.loads` gives them back and a terminal shows them unharmed.

    Args:
        value: Mappings, sequences, strings, finite numbers, booleans and None.
        indent: Spaces per level for a pretty form, None for one line.

    Raises:
        ValueError: If a number is NaN or infinite: JSON has none, and nobody should average one.
        TypeError: If something is no JSON value.
    """
    separators = (",", ": ") if indent else (", ", ": ")
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=indent, separators=separators)
    return escape_surrogates(text)


def escape_surrogates(text: str) -> str:
    """Return JSON text with lone surrogates and what could steer a terminal as escapes."""
    return _UNSAFE.sub(_escaped, text)


def dump_line(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return `value` as one line of JSON with its line end; no other line separator is left in it."""
    return dumps(value) + "\n"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
