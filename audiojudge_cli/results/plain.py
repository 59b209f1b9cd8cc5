"""Any value as plain JSON data, the same on every machine and in every run."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from audiojudge_cli.results.record import Fact


def plain(value: Any) -> Any:  # noqa: ANN401 - any value, any JSON value
    """Return `value` as JSON data.

    Numbers that are not finite become None (JSON has no name for them); numpy scalars become Python's;
    what JSON cannot hold at all becomes its text.
    """
    if hasattr(value, "item") and not isinstance(value, (str, bytes)) and getattr(value, "shape", None) == ():
        value = value.item()
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return plain(value.tolist()) if hasattr(value, "tolist") else str(value)


def plain_fact(value: object) -> Fact:
    """Return a measured fact: numbers with six significant digits, so that the last bits of a platform do not show."""
    fact = plain(value)
    if isinstance(fact, float):
        return float(f"{fact:.6g}")
    return fact if fact is None or isinstance(fact, (bool, int, str)) else str(fact)
