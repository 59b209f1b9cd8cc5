"""A benchmark that lies on the disk: which layout it has, its files, its rows.

The rows are those of any manifest, read as they pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from audiojudge_cli.benchmarking.layouts import BY_NAME, LABEL, LAYOUTS, Layout, said_of
from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.ids import row_digest
from audiojudge_cli.clips.manifest import Manifest, open_manifest
from audiojudge_cli.clips.pairing import inner_manifest, refuse_missing, shards_of
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.comparing.sources import SIDES
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.ratings import HUMAN_FIELDS
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import safe_line, shorten, shown

_SHARD = re.compile(r"(?P<split>.*?)[-_]?\d+(?:-of-\d+(?:-[0-9a-f]+)?)?")
"""The name of a shard as Hugging Face datasets write it: `test-00000-of-00004`, with a hash behind it in older ones."""

_ANSWERS = frozenset({"prediction", "model_prediction", "response", "hypothesis"})
"""Columns of answers of audio language models, as AudioBench and others name them."""

_TRAINING = "train"
"""The split that nobody means to measure a judge on."""


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

        Args:
            audio_field: Column of the audio; of pairs `audio_a` or `audio_b`, whatever the layout calls it.
            caption_field: Column of the caption.
            transcript_field: Column of the words to be spoken.
            reference_field: Column of a reference clip.

        Raises:
            InputError: If a row does not fit the layout; names file, line, column and what to write there.
        """
        named = dict(zip((f"audio_{side}" for side in SIDES), self.layout.sides, strict=False))
        column = None if audio_field is None else named.get(audio_field, audio_field)
        fields = (column, caption_field, transcript_field, reference_field)
        said: dict[int, tuple[object, int | None]] = {}
        for part in self.parts:
            for row in part.read(Columns(*fields, without=self.layout.without)):
                checked = self._checked(row)
                if not self.layout.sides and checked.embedded is None:
                    self._refuse_contradiction(checked, said)
                # Rows of several files have numbers of their own.
                numbered = bool(self.layout.sides) and checked.id is None and len(self.parts) > 1
                yield replace(checked, id=f"{part.path.stem}-{row.line}") if numbered else checked

    def _refuse_contradiction(self, row: Row, known: dict[int, tuple[object, int | None]]) -> None:
        """Refuse a second row of one clip of which people say something else: only one of them would count.

        Args:
            row: A checked row.
            known: What the rows before it say, and where; this one is added.

        Raises:
            InputError: If so.
        """
        parts = (row.id, row.audio, row.caption, row.transcript, row.aspect)
        key = row_digest(*("" if part is None else f"={part}" for part in parts), repr(row.rubric))
        column, told = said_of(row, is_scored=self.layout.is_scored)
        before, line = known.setdefault(key, (told, row.line))
        if before != told:
            first = "a row before it" if line is None else f"line {line}"
            where = row.source if row.line is None else f"{row.source}:{row.line}"
            raise InputError(
                f"{where}: column {column!r} says otherwise than {first} about the same clip; give a clip one row (the "
                "mean of its scores, the majority of its labels), or each row an id of its own, to count them all"
            )

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


def open_benchmark(
    path: Path, layout: str | None = None, *, split: str | None = None, own_rubrics: bool = False
) -> Benchmark:
    """Return the benchmark that lies at `path`.

    Args:
        path: A manifest in any form, a folder that holds one, or a folder of Parquet files.
        layout: Name of its layout; None: the columns of its first row tell.
        split: Of a folder of Parquet files only those of this name; None: all.
        own_rubrics: Leave its rubrics out.

    Raises:
        InputError: If nothing is there that can be read, or no layout fits.
    """
    if layout is not None and layout not in BY_NAME:
        raise InputError(f"no layout named {shown(layout)}{nearest(layout, BY_NAME)}; known: {', '.join(BY_NAME)}")
    refuse_missing(path)
    parts = tuple(open_manifest(one) for one in _files(path, split))
    chosen = BY_NAME[layout] if layout else _guess(parts[0])
    first = _first(parts[0], chosen)
    base = _base(first, parts[0], path)
    # Paths start from the folder that has the audio, wherever in the copy the table lies.
    return Benchmark(parts[0].path, shown(path), base, parts[0].form, parts, chosen, own_rubrics)


def _first(manifest: Manifest, layout: Layout) -> Row:
    """Return the first row, read as the layout says.

    Raises:
        InputError: If there is none, it is broken, or a column is missing without which nothing can be judged.
    """
    row: Row | Problem | None = None
    for column in reversed(layout.sides or (None,)):
        try:
            row = next(iter(manifest.read(Columns(column, without=layout.without))), None)
        except InputError as error:
            if column is None or "(--audio-field)" not in str(error):
                raise
            told = str(error).partition("(--audio-field); ")[2]
            raise InputError(
                f"{manifest.name} has no column {column!r}; {told} (layout {layout.name}: {layout.columns}; --layout "
                "names another)"
            ) from error
    if row is None:
        raise InputError(f"{manifest.name} holds no rows")
    if isinstance(row, Problem):
        raise InputError(f"{row}; repair that row: a benchmark is read whole or not at all")
    return row


def _files(path: Path, split: str | None) -> Sequence[Path]:
    if not path.is_dir():
        if split is not None:
            raise InputError(f"--split chooses among the Parquet files of a folder, and {shown(path)} is a file")
        return [path]
    inner = inner_manifest(path)
    if inner is not None and split is None:
        return [inner]
    if found := shards_of(path):
        return _of_split(found, split, path)
    if inner is not None:
        raise InputError(f"{shown(path)} has no Parquet files, and --split chooses among these; leave it out")
    tables = sorted(one.name for pattern in ("*.jsonl", "*.csv", "*.tsv") for one in path.glob(pattern))
    languages = sorted(one.name for one in path.iterdir() if one.is_dir() and shards_of(one))
    hint = f"name one of its tables ({', '.join(map(safe_line, tables[:5]))})" if tables else "name a table"
    if languages:
        hint = f"name one of its folders with Parquet files ({', '.join(map(safe_line, languages[:5]))})"
    raise InputError(f"{shown(path)} holds no manifest (manifest.jsonl, metadata.csv …) and no Parquet files; {hint}")


def _of_split(shards: Sequence[Path], split: str | None, folder: Path) -> Sequence[Path]:
    splits: dict[str, list[Path]] = {}
    for shard in shards:
        match = _SHARD.fullmatch(shard.stem)
        splits.setdefault(match["split"] if match else shard.stem, []).append(shard)
    told = ", ".join(map(safe_line, splits))
    if split is not None:
        if split not in splits:
            raise InputError(f"{shown(folder)} has no split {shown(split)}{nearest(split, splits)}; it has {told}")
        return splits[split]
    if len(splits) > 1 and _TRAINING in splits:
        raise InputError(f"{shown(folder)} holds several splits ({told}); choose one, as with --split test")
    return shards


def _guess(manifest: Manifest) -> Layout:
    for layout in LAYOUTS:
        with suppress(InputError):
            # A column that is named and not there is refused, whatever the rows hold.
            for column in layout.sides:
                next(iter(manifest.read(Columns(column, without=layout.without))), None)
            if layout.sides:
                return layout
    row = next(iter(manifest.rows()), None)
    if not isinstance(row, Row):
        return LAYOUTS[-1]  # of no rows, or a broken one: refused as such
    names = set(row.metadata)
    if LABEL in names and row.caption is not None:
        embeds = manifest.form == "parquet" and {"type", "subset"} <= _all(row)
        return BY_NAME["anyaudio-judge" if embeds else "labelled"]
    if names & set(HUMAN_FIELDS):
        return BY_NAME["scored"]
    if names & _ANSWERS:
        raise InputError(
            f"{manifest.name} holds answers in text (column {min(names & _ANSWERS)!r}): score it with "
            "`audiojudge answers`"
        )
    known = "; ".join(f"{one.name}: {one.columns}" for one in LAYOUTS)
    columns = ", ".join(shorten(safe_line(name), 30) for name in sorted(names)) or "none"
    raise InputError(
        f"{manifest.name} has neither a column 'label' beside captions nor scores nor two clips in a row (other "
        f"columns: {columns}); known layouts: {known}"
    )


def _all(row: Row) -> set[str]:
    return {*row.metadata, *(["subset"] if row.subset else [])}


def _base(row: Row, manifest: Manifest, path: Path) -> Path:
    """Return the folder that audio paths start from: that of the table, or one above, where the first audio lies."""
    if row.audio is None or row.embedded is not None:
        return manifest.base
    above = [manifest.base, manifest.base.parent, path if path.is_dir() else path.parent]
    return next((one for one in above if (one / row.audio).is_file()), manifest.base)
