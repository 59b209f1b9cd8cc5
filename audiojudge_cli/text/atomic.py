"""Files that appear complete or not at all: write beside, fsync, rename, fsync the folder."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


def write_text(path: Path, text: str) -> None:
    """Write `text` to `path` in UTF-8, replacing what is there.

    Raises:
        OSError: If the folder is missing, full or read-only; `path` is then as it was, and nothing else is left.
    """
    with writing(path) as file:
        file.write(text)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path`, replacing what is there; raises as `write_text`."""
    with _replacing(path) as descriptor, os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(data)


@contextmanager
def writing(path: Path) -> Iterator[TextIO]:
    r"""Yield a text file (UTF-8, `\n`) that takes the place of `path` when the block ends without an error.

    Raises:
        OSError: As `write_text`.
    """
    with (
        _replacing(path) as descriptor,
        os.fdopen(descriptor, "w", encoding="utf-8", newline="", closefd=False) as file,
    ):
        yield file


@contextmanager
def _replacing(path: Path) -> Iterator[int]:
    temporary = path.parent / f".audiojudge-{secrets.token_hex(8)}.tmp"
    descriptor = os.open(temporary, _FLAGS, _mode(path))
    try:
        try:
            yield descriptor
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames and new names in `folder` durable, where the system can (not on Windows)."""
    flags = getattr(os, "O_DIRECTORY", None)
    if flags is None:
        return
    descriptor = os.open(folder, os.O_RDONLY | flags)
    try:
        with contextlib.suppress(OSError):  # some network file systems refuse; the file itself is synced
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mode(path: Path) -> int:
    """Return the permissions of the file that is replaced, else those of any new file (the umask applies)."""
    try:
        return path.stat().st_mode & 0o666
    except OSError:
        return 0o666
