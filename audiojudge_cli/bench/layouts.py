"""Benchmarks in their published layout: which one lies there, its rows, and what does not fit it.

The rows are those of any manifest, read as they pass. What people know of a clip travels in its metadata, so that a run
folder alone holds all that figures are made of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from audiojudge_cli.clips.manifest import Manifest, open_manifest
from audiojudge_cli.clips.pairing import inner_manifest, refuse_missing, shards_of
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.ratings import HUMAN_FIELDS
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import safe_line, shorten, shown

GOLD = "gold_answers"
"""Metadata of a clip: what is known of each item of its rubric, `yes`, `no` or null."""

LABEL = "label"
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


def is_yes(label: object) -> bool | None:
    """Return what a label says; None where it says neither."""
    word = str(label).strip().casefold()
    return True if word in _YES else False if word in _NO else None


@dataclass(frozen=True)
class Layout:
    """A layout that can be read.

    Attributes:
        name: For `--layout`.
        columns: What its rows have, for messages.
        check: Returns a row as it is judged, or raises ValueError with what does not fit.
        is_scored: Whether people gave numbers, so that clips are rated instead of judged against captions.
        published: Whose published figures belong beside ours; empty without any.
    """

    name: str
    columns: str
    check: Callable[[Row], Row]
    is_scored: bool = False
    published: str = ""


def _labelled(row: Row) -> Row:
    if is_yes(row.metadata.get(LABEL)) is None:
        found = f"column 'label' is {_told(row.metadata[LABEL])}" if LABEL in row.metadata else "no column 'label'"
        raise ValueError(f"{found}; a label is yes or no")
    if not (row.caption or "").strip():
        raise ValueError("column 'caption' is empty; write what the label is about")
    if row.rubric is None:
        return row
    answers = [_answer(item, number) for number, item in enumerate(row.rubric, start=1)]
    return replace(row, metadata={**row.metadata, GOLD: answers})


def _answer(item: Mapping[str, Any], number: int) -> str | None:
    answer = item.get("answer") if isinstance(item, Mapping) else None
    if answer is None:
        return None
    known = is_yes(answer)
    if known is None:
        raise ValueError(f"column 'rubric', item {number}: answer is {_told(answer)}; write yes, no or null")
    return "yes" if known else "no"


def _scored(row: Row) -> Row:
    column = next((name for name in HUMAN_FIELDS if row.metadata.get(name) not in {None, ""}), None)
    if column is None:
        raise ValueError(f"no score; give it in a column {', '.join(map(repr, HUMAN_FIELDS))}")
    try:
        float(row.metadata[column])
    except (TypeError, ValueError):
        raise ValueError(f"column {column!r} is {_told(row.metadata[column])}, not a number") from None
    return row


LAYOUTS = (
    Layout(
        "anyaudio-judge", "uuid, audio, caption, label, type, subset, rubric", _labelled, published="anyaudio-judge"
    ),
    Layout("labelled", "audio, caption, label (and type, subset, rubric with answers)", _labelled),
    Layout("scored", "audio, score (and system, dimension)", _scored, is_scored=True),
)
_BY_NAME = {one.name: one for one in LAYOUTS}


@dataclass(frozen=True, eq=False)
class Benchmark(Manifest):
    """The rows of a benchmark as one manifest.

    Attributes:
        parts: The files they lie in.
        layout: Theirs.
        own_rubrics: Whether rubrics of the rows are left out, so that captions are expanded.
    """

    parts: tuple[Manifest, ...] = ()
    layout: Layout = LAYOUTS[0]
    own_rubrics: bool = False

    def rows(
        self,
        *,
        audio_field: str | None = None,
        caption_field: str | None = None,
        transcript_field: str | None = None,
        reference_field: str | None = None,
    ) -> Iterator[Row | Problem]:
        """Yield the rows in the order of the files.

        Raises:
            InputError: If a row does not fit the layout; names file, line, column and what to write there.
        """
        fields = (audio_field, caption_field, transcript_field, reference_field)
        names = ("audio_field", "caption_field", "transcript_field", "reference_field")
        for part in self.parts:
            for row in part.rows(**dict(zip(names, fields, strict=True))):
                yield self._checked(row)

    def _checked(self, row: Row | Problem) -> Row:
        if isinstance(row, Problem):
            raise InputError(f"{row}; repair that row: a benchmark is read whole or not at all")
        if self.own_rubrics:
            row = replace(row, rubric=None)
        try:
            return self.layout.check(row)
        except ValueError as error:
            where = row.source if row.line is None else f"{row.source}:{row.line}"
            raise InputError(
                f"{where}: {error} (layout {self.layout.name}: {self.layout.columns}; --layout names another)"
            ) from None


def open_benchmark(path: Path, layout: str | None = None, *, own_rubrics: bool = False) -> Benchmark:
    """Return the benchmark that lies at `path`.

    Args:
        path: A manifest in any form, a folder that holds one, or a folder of Parquet files.
        layout: Name of its layout; None: the columns of its first row tell.
        own_rubrics: Leave its rubrics out.

    Raises:
        InputError: If nothing is there that can be read, or no layout fits.
    """
    if layout is not None and layout not in _BY_NAME:
        raise InputError(f"no layout named {shown(layout)}{nearest(layout, _BY_NAME)}; known: {', '.join(_BY_NAME)}")
    refuse_missing(path)
    parts = tuple(open_manifest(one) for one in _files(path))
    first = next(iter(islice(parts[0].rows(), 1)), None)
    if first is None:
        raise InputError(f"{parts[0].name} holds no rows")
    if isinstance(first, Problem):
        raise InputError(f"{first}; repair that row: a benchmark is read whole or not at all")
    chosen = _BY_NAME[layout] if layout else _guess(first, parts[0])
    base = _base(first, parts[0], path)
    # Paths start from the folder that has the audio, wherever in the copy the table lies.
    return Benchmark(parts[0].path, shown(path), base, parts[0].form, parts, chosen, own_rubrics)


def _files(path: Path) -> Sequence[Path]:
    if not path.is_dir():
        return [path]
    inner = inner_manifest(path)
    found = [inner] if inner else shards_of(path)
    if found:
        return found
    tables = sorted(one.name for pattern in ("*.jsonl", "*.csv", "*.tsv") for one in path.glob(pattern))
    languages = sorted(one.name for one in path.iterdir() if one.is_dir() and shards_of(one))
    hint = f"name one of its tables ({', '.join(map(safe_line, tables[:5]))})" if tables else "name a table"
    if languages:
        hint = f"name one of its folders with Parquet files ({', '.join(map(safe_line, languages[:5]))})"
    raise InputError(f"{shown(path)} holds no manifest (manifest.jsonl, metadata.csv …) and no Parquet files; {hint}")


def _guess(row: Row, manifest: Manifest) -> Layout:
    names = set(row.metadata)
    if LABEL in names and row.caption is not None:
        embeds = manifest.form == "parquet" and {"type", "subset"} <= _all(row)
        return _BY_NAME["anyaudio-judge" if embeds else "labelled"]
    if names & set(HUMAN_FIELDS):
        return _BY_NAME["scored"]
    known = "; ".join(f"{one.name}: {one.columns}" for one in LAYOUTS)
    columns = ", ".join(shorten(safe_line(name), 30) for name in sorted(names)) or "none"
    raise InputError(
        f"{manifest.name} has neither a column 'label' beside captions nor scores (other columns: {columns}); "
        f"known layouts: {known}"
    )


def _all(row: Row) -> set[str]:
    return {*row.metadata, *(["subset"] if row.subset else [])}


def _base(row: Row, manifest: Manifest, path: Path) -> Path:
    """Return the folder that audio paths start from: that of the table, or one above, where the first audio lies."""
    if row.audio is None or row.embedded is not None:
        return manifest.base
    above = [manifest.base, manifest.base.parent, path if path.is_dir() else path.parent]
    return next((one for one in above if (one / row.audio).is_file()), manifest.base)


def _told(value: object) -> str:
    return repr(shorten(safe_line(str(value)), 40))
