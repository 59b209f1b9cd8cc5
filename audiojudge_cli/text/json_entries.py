"""One JSON document, entry by entry: the elements of a list or the members of an object, with their lines."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from audiojudge_cli.text.jsonl import TooDeepError, refuse_deep

_DECODER = json.JSONDecoder()
# The blanks of RFC 8259, section 2.
_BLANKS = re.compile(r"[ \t\n\r]*")


@dataclass(frozen=True, slots=True)
class Entry:
    """An element of a list, or a member of an object.

    Attributes:
        key: Of a member; None for an element.
        value: Any JSON value.
        line: Where it begins, from 1.
    """

    key: str | None
    value: Any
    line: int


def entries(text: str) -> Iterator[Entry]:
    """Yield the entries of the list or object that `text` is; a key that is there twice comes twice.

    Raises:
        json.JSONDecodeError: If it is no JSON, or more than one value; with line and column.
        TooDeepError: If an entry is nested too deeply.
        ValueError: If it is neither list nor object, or holds a number of thousands of digits.
    """
    at = _past(text, 0)
    closing = {"[": "]", "{": "}"}.get(text[at : at + 1])
    if closing is None:
        raise ValueError("neither a list nor an object")
    line, counted = 1, 0
    at = _past(text, at + 1)
    first = True
    while text[at : at + 1] != closing or not first:
        line, counted = line + text.count("\n", counted, at), at
        key = None
        if closing == "}":
            if text[at : at + 1] != '"':
                raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
            key, at = _decoded(text, at)
            at = _past(text, at)
            if text[at : at + 1] != ":":
                raise json.JSONDecodeError("Expecting ':' delimiter", text, at)
            at = _past(text, at + 1)
        value, at = _decoded(text, at)
        yield Entry(key, value, line)
        at = _past(text, at)
        first = False
        if text[at : at + 1] == closing:
            break
        if text[at : at + 1] != ",":
            raise json.JSONDecodeError("Expecting ',' delimiter", text, at)
        at = _past(text, at + 1)
    at = _past(text, at + 1)
    if at < len(text):
        raise json.JSONDecodeError("Extra data", text, at)


def _past(text: str, at: int) -> int:
    blanks = _BLANKS.match(text, at)
    return blanks.end() if blanks else at


def _decoded(text: str, at: int) -> tuple[Any, int]:
    try:
        value, end = _DECODER.raw_decode(text, at)
    except RecursionError as error:
        raise TooDeepError("nested too deeply") from error
    if text[at : at + 1] in {"[", "{"}:
        refuse_deep(value, text[at:end])
    return value, end
