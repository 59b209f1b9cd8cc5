"""Expands every caption of a file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from audiojudge_cli.clips.manifest import open_manifest
from audiojudge_cli.clips.row import Problem
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.item import Rubric


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
    for number, row in enumerate(open_manifest(source).rows(caption_field=caption_field), 1):
        if isinstance(row, Problem):
            yield row
        elif not (row.caption or "").strip():
            yield Problem(row.source, row.line, "caption", "the row has no caption")
        else:
            caption = row.caption or ""
            rubric = expander.expand(caption, subset=row.subset or subset, language=language)
            yield Expanded(row.id or row.audio or str(number), caption, rubric)
