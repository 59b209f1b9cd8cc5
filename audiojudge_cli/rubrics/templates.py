"""Templates of questions: which of them asks for a claim, by keys from the most special to the plainest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

Rows = Mapping[str, Sequence[tuple[re.Pattern[str], str]]]
"""Key, to patterns of the words and the template for words in which one is found."""


@cache
def templates(language: str) -> tuple[Rows, Mapping[str, Any]]:
    """Return the rows of `rubrics/function/LANGUAGE_questions.yaml`, and its other tables."""
    import yaml

    path = Path(__file__).parent / "function" / f"{language}_questions.yaml"
    tables: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    rows = {
        key: [(re.compile(pattern), asked) for pattern, asked in ([["", told]] if isinstance(told, str) else told)]
        for key, told in tables.pop("questions").items()
    }
    return rows, tables


def chosen(rows: Rows, keys: Iterable[str], words: str) -> tuple[str, str, dict[str, str]] | None:
    """Return key and template of the first row that fits, and what the named groups of its pattern found."""
    for key in keys:
        for pattern, asked in rows.get(key, ()):
            if found := pattern.search(words):
                return key, asked, {name: told for name, told in found.groupdict().items() if told is not None}
    return None
