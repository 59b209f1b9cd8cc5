"""Manifests: which audio has which caption. Rows are streamed, never loaded whole."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Literal

from audiojudge_cli.clips.columns import Columns
from audiojudge_cli.clips.csv_rows import csv_rows
from audiojudge_cli.clips.json_rows import is_document, json_rows
from audiojudge_cli.clips.jsonl_rows import jsonl_rows
from audiojudge_cli.clips.lines import check_text
from audiojudge_cli.clips.parquet_rows import parquet_rows
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.text_rows import has_header, text_rows
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.inputs import open_input
from audiojudge_cli.text.terminal import shown

Form = Literal["jsonl", "json", "csv", "tsv", "parquet", "text"]
PARQUET_SUFFIXES = (".parquet", ".pq")
_BY_SUFFIX: tuple[tuple[tuple[str, ...], Form], ...] = (
    ((".jsonl", ".ndjson", ".json"), "jsonl"),
    ((".csv",), "csv"),
    ((".tsv", ".tab"), "tsv"),
    (PARQUET_SUFFIXES, "parquet"),
)
MANIFEST_SUFFIXES = tuple(suffix for suffixes, _ in _BY_SUFFIX for suffix in suffixes)


@dataclass(frozen=True, eq=False)
class Manifest:
    """A manifest that can be read again and again.

    Attributes:
        path: The file that holds the rows (a copy, for standard input and pipes).
        name: Its name for messages.
        base: The folder that relative audio paths start from.
        form: `jsonl`, `json` (one document), `csv`, `tsv`, `parquet` or `text` (one caption a line).
    """

    path: Path
    name: str
    base: Path
    form: Form = field(default="jsonl")

    def rows(
        self,
        *,
        audio_field: str | None = None,
        caption_field: str | None = None,
        transcript_field: str | None = None,
        reference_field: str | None = None,
    ) -> Iterator[Row | Problem]:
        """Yield rows and problems in the order of the manifest.

        Raises:
            InputError: If the manifest as a whole cannot be understood; other troubles are problems.
        """
        yield from self.read(Columns(audio_field, caption_field, transcript_field, reference_field))

    def read(self, columns: Columns) -> Iterator[Row | Problem]:
        """Yield rows and problems, columns understood as `columns` says; raises as `rows`."""
        with _opened(self.path, self.name) as file:
            if self.form == "parquet":
                yield from parquet_rows(file, self.path, self.name, columns)
            elif self.form == "jsonl":
                yield from jsonl_rows(file, self.name, columns)
            elif self.form == "json":
                yield from json_rows(file, self.name, columns)
            elif self.form == "text" and not columns.named:
                yield from text_rows(file, self.name)
            else:
                yield from csv_rows(file, self.name, columns, tabs=self.form == "tsv")


def read_manifest(
    source: Path | str,
    *,
    audio_field: str | None = None,
    caption_field: str | None = None,
    transcript_field: str | None = None,
    reference_field: str | None = None,
) -> Iterator[Row | Problem]:
    """Yield the rows and problems of a manifest file, or of standard input for `-`.

    Raises:
        InputError: As `open_manifest` and `Manifest.rows`.
    """
    manifest = open_manifest(source)
    yield from manifest.rows(
        audio_field=audio_field,
        caption_field=caption_field,
        transcript_field=transcript_field,
        reference_field=reference_field,
    )


def open_manifest(source: Path | str, *, stdin: BinaryIO | None = None) -> Manifest:
    """Find out what `source` is; `-` is standard input, which is copied to a temporary file, as are pipes.

    Args:
        source: JSONL, JSON, CSV, TSV or Parquet file, or a text of one caption a line. The suffix decides, else the
            first bytes.
        stdin: Replaces standard input.

    Raises:
        InputError: If it cannot be read, is empty, compressed, a spreadsheet or not UTF-8.
    """
    if str(source) == "-":
        if stdin is None and sys.stdin is None:
            raise InputError("standard input is closed; name a manifest instead of -")
        return spooled(stdin or sys.stdin.buffer, "stdin")
    path, name = Path(source), shown(source)
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        raise _unreadable(name, error) from error
    if stat.S_ISDIR(mode):
        raise InputError(f"{name} is a folder, not a manifest")
    if not stat.S_ISREG(mode):
        with _opened(path, name) as pipe:
            try:
                return spooled(pipe, name)
            except OSError as error:
                raise _unreadable(name, error) from error
    with _opened(path, name) as file:
        return Manifest(path, name, path.parent, _form(file, path.suffix.lower(), name))


def spooled(stream: BinaryIO, name: str) -> Manifest:
    """Return what a stream holds as a manifest: a copy in a temporary file, gone with it; paths start from here.

    Args:
        stream: Read to its end.
        name: For messages.

    Raises:
        InputError: As `open_manifest`.
        OSError: If the stream cannot be read, or the copy not be written.
    """
    handle, temporary = tempfile.mkstemp(prefix="audiojudge-", suffix=".manifest")
    path = Path(temporary)
    try:
        with os.fdopen(handle, "w+b") as copy:
            shutil.copyfileobj(stream, copy, 1 << 20)
            manifest = Manifest(path, name, Path(), _form(copy, "", name))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    weakref.finalize(manifest, path.unlink, missing_ok=True)
    return manifest


def _form(file: BinaryIO, suffix: str, name: str) -> Form:
    file.seek(0)
    head = file.read(1 << 16)
    if head.startswith(b"PAR1"):
        return "parquet"
    if not head.strip():
        raise InputError(f"{name} is empty")
    named = next((form for suffixes, form in _BY_SUFFIX if suffix in suffixes), None)
    if named != "parquet":
        check_text(head, name)
    if named is None and b"\0" in head:
        raise InputError(f"{name} is no text and no Parquet file; a manifest is JSONL, CSV, TSV or Parquet")
    begins_json = head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}
    if named == "jsonl" or (named is None and begins_json):
        return "json" if is_document(file, name, likely=suffix == ".json") else "jsonl"
    return named or ("csv" if has_header(file, name) else "text")


def _opened(path: Path, name: str) -> BinaryIO:
    try:
        return open_input(path)
    except OSError as error:
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: Exception) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return InputError(f"cannot read {name}: {reason}")
