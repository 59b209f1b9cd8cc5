"""Expands every caption of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from audiojudge_cli.clips.manifest import open_manifest
from audiojudge_cli.clips.row import Problem
from audiojudge_cli.rubrics.expander import Expander, ManyExpander
from audiojudge_cli.rubrics.item import Rubric

_TOGETHER = 64
"""Captions that are expanded together: what the English parser takes at once."""


@dataclass(frozen=True, slots=True)
class Expanded:
    """A caption of a file with its rubric.

    Attributes:
        id: The row's own id, else its audio path, else its number.
        caption: As written.
        rubric: Its items.
    """

    id: str
    caption: str
    rubric: Rubric


def expand_file(
    source: str | Path,
    expander: Expander,
    *,
    subset: str | None = None,
    language: str | None = None,
    caption_field: str | None = None,
) -> Iterator[Expanded | Problem]:
    """Yield the rubric of every row of a manifest (JSONL, CSV, TSV, Parquet or `-`), and rows that have no caption.

    Args:
        source: The file; audio is not looked for.
        expander: Expands the captions.
        subset: Of all captions; a row's own counts more, None detects it.
        language: Language the questions are asked in; None takes the caption's own.
        caption_field: Column that holds the caption; None recognises the usual names.

    Raises:
        InputError: If the file as a whole cannot be understood.
    """
    numbered = enumerate(open_manifest(source).rows(caption_field=caption_field), 1)
    together = _TOGETHER if isinstance(expander, ManyExpander) else 1
    while chunk := list(islice(numbered, together)):
        rows = [(n, row) for n, row in chunk if not isinstance(row, Problem) and (row.caption or "").strip()]
        asked = [(row.caption or "", row.subset or subset) for _, row in rows]
        if isinstance(expander, ManyExpander):
            rubrics = expander.expand_many(asked, language=language)
        else:
            rubrics = [expander.expand(caption, subset=of, language=language) for caption, of in asked]
        made = {number: rubric for (number, _), rubric in zip(rows, rubrics, strict=True)}
        for number, row in chunk:
            if isinstance(row, Problem):
                yield row
            elif number in made:
                yield Expanded(row.id or row.audio or str(number), row.caption or "", made[number])
            else:
                yield Problem(row.source, row.line, "caption", "the row has no caption")
