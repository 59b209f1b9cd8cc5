"""JSON for people to read, twice as fast as the standard library writes it: a run writes one such file per clip."""

from __future__ import annotations

from collections.abc import Callable
from json.encoder import encode_basestring as quoted
from math import isfinite
from typing import Any

from audiojudge_cli.text.jsonl import escape_surrogates

_STEP = "  "


def pretty(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return `value` as indented JSON, the same text as `text.jsonl.dumps(value, indent=2)`.

    Raises:
        ValueError: If a number is NaN or infinite.
        TypeError: If something is no JSON value, or a key is no text.
    """
    parts: list[str] = []
    _add(value, "\n", parts.append)
    return escape_surrogates("".join(parts))


def _add(value: Any, line: str, add: Callable[[str], None]) -> None:  # noqa: ANN401 - any JSON value
    if isinstance(value, dict):
        _add_object(value, line, add)
    elif isinstance(value, (list, tuple)):
        _add_list(value, line, add)
    else:
        add(_scalar(value))


def _add_object(value: dict[str, Any], line: str, add: Callable[[str], None]) -> None:
    if not value:
        add("{}")
        return
    inner, opening = line + _STEP, "{"
    for key, part in value.items():
        if not isinstance(key, str):
            raise TypeError(f"keys are texts, not {type(key).__name__}")
        add(f"{opening}{inner}{quoted(key)}: ")
        opening = ","
        if isinstance(part, str):
            add(quoted(part))
        else:
            _add(part, inner, add)
    add(f"{line}}}")


def _add_list(value: list[Any] | tuple[Any, ...], line: str, add: Callable[[str], None]) -> None:
    if not value:
        add("[]")
        return
    inner, opening = line + _STEP, "["
    for part in value:
        add(opening + inner)
        opening = ","
        _add(part, inner, add)
    add(f"{line}]")


def _scalar(value: Any) -> str:  # noqa: ANN401 - any JSON value
    if isinstance(value, str):
        return quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        if not isfinite(value):
            raise ValueError(f"JSON has no number {value!r}")
        return float.__repr__(value)
    raise TypeError(f"{type(value).__name__} is no JSON value")
