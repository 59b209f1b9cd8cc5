"""Expands every caption of a file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from audiojudge_cli.clips.manifest import open_manifest
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.rubrics.expander import TOGETHER, Expander, ManyExpander
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.rubrics.writer import RefusedError


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
    """Yield the rubric of every row of a manifest or a text of one caption a line, and the rows that get none.

    Args:
        source: The file, or `-`; audio is not looked for.
        expander: Expands the captions.
        subset: Of all captions; a row's own counts more, None detects it.
        language: Language the questions are asked in; None takes the caption's own.
        caption_field: Column that holds the caption; None recognises the usual names.

    Raises:
        InputError: If the file as a whole cannot be understood.
    """
    numbered = enumerate(open_manifest(source).rows(caption_field=caption_field), 1)
    while chunk := list(islice(numbered, TOGETHER if isinstance(expander, ManyExpander) else 1)):
        rows = {n: row for n, row in chunk if not isinstance(row, Problem) and (row.caption or "").strip()}
        asked = [(row.caption or "", row.subset or subset) for row in rows.values()]
        made = dict(zip(rows, expand_together(expander, asked, language=language), strict=True))
        for number, row in chunk:
            yield row if isinstance(row, Problem) else _expanded(number, row, made.get(number))


def expand_together(
    expander: Expander, captions: list[tuple[str, str | None]], *, language: str | None = None
) -> list[Rubric | Exception]:
    """Return the rubric of each caption with its subset, or what its expansion raised: that is its own matter alone.

    Raises:
        AudiojudgeError: What ends a whole run, such as missing weights.
    """
    if captions and isinstance(expander, ManyExpander):
        with suppress(Exception):
            return [*expander.expand_many(captions, language=language)]
    return [_alone(expander, caption, subset, language) for caption, subset in captions]


def _alone(expander: Expander, caption: str, subset: str | None, language: str | None) -> Rubric | Exception:
    try:
        return expander.expand(caption, subset=subset, language=language)
    except RefusedError as error:
        return error
    except AudiojudgeError:
        raise
    except Exception as error:  # noqa: BLE001 - one odd caption must not end a file of a million
        return error


def _expanded(number: int, row: Row, made: Rubric | Exception | None) -> Expanded | Problem:
    if isinstance(made, Rubric):
        return Expanded(row.id or row.audio or str(number), row.caption or "", made)
    if made is None:
        return Problem(row.source, row.line, "caption", "the row has no caption")
    return Problem(
        row.source,
        row.line,
        "rubric",
        str(made) if isinstance(made, RefusedError) else f"{type(made).__name__}: {made}",
    )
