"""Sidecar captions: `dog.txt` (or `dog.wav.txt`) beside `dog.wav`."""

from __future__ import annotations

import codecs
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from audiojudge_cli.clips.opened import open_regular
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import ClipError
from audiojudge_cli.text.terminal import shown

MAX_SIDECAR_BYTES = 32 << 20


def sidecar_rows(folder: Path, texts: Sequence[str]) -> Iterator[Row | Problem]:
    """Yield one row per text file, naming the audio file it belongs to by its own path without `.txt`.

    Args:
        folder: The folder of the texts.
        texts: Their paths relative to it, in the order wanted.
    """
    for text in texts:
        yield _read(folder / text, posixpath.splitext(text)[0])


def _read(path: Path, audio: str) -> Row | Problem:
    source = shown(path)
    try:
        with open_regular(path, max_bytes=MAX_SIDECAR_BYTES) as (file, _):
            raw = file.read()
    except ClipError as error:
        if error.kind == "empty":
            return Row(source, None, audio, "")
        return Problem(source, None, "unreadable", str(error))
    try:
        caption = raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError:
        return Problem(source, None, "not-utf-8", "the caption is not valid UTF-8")
    return Row(source, None, audio, caption.strip())
