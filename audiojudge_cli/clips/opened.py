"""Open an audio file without surprises: pipes never block, and every failure has a stable kind."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Protocol

from audiojudge_cli.errors import ClipError
from audiojudge_cli.text.terminal import shown

_MISSING = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG)


class Inner(Protocol):
    """The bytes of an audio file that lies somewhere else than in a file of its own; `str` names it in messages."""

    def read(self) -> bytes:
        """Return all of them.

        Raises:
            ClipError: If they cannot be read.
        """
        ...


@contextmanager
def open_audio(source: Path | Inner, *, max_bytes: int) -> Iterator[tuple[BinaryIO, int]]:
    """Open an audio file, or what takes its place, and yield it with its size in bytes; raises as `open_regular`."""
    if isinstance(source, Path):
        with open_regular(source, max_bytes=max_bytes) as opened:
            yield opened
        return
    data = source.read()
    _check_size(str(source), len(data), max_bytes)
    yield io.BytesIO(data), len(data)


def sha256_of(source: Path | Inner, *, max_bytes: int) -> str:
    """Return the SHA-256 of an audio file's bytes in hex digits; raises as `open_regular`."""
    digest = hashlib.sha256()
    with open_audio(source, max_bytes=max_bytes) as (file, _):
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


@contextmanager
def open_regular(
    path: Path, *, max_bytes: int, opener: Callable[[Path, int], int] = os.open
) -> Iterator[tuple[BinaryIO, int]]:
    """Open a regular, non-empty file for reading and yield it with its size in bytes.

    The checks are made on the opened descriptor, so nothing can be swapped in between, and opening does not
    wait for the other end of a named pipe.

    Args:
        path: The file, as messages name it.
        max_bytes: Its largest size.
        opener: Opens it with flags of `os.open`; raises as that does.

    Raises:
        ClipError: `not-found`, `is-a-directory`, `not-a-file` (pipe, socket, device), `unreadable`, `empty`,
            `too-large`; `changed` when the file was written to while it was open.
    """
    descriptor = _descriptor(path, opener)
    try:
        before = os.fstat(descriptor)
        _check(path, before, max_bytes)
    except BaseException:
        os.close(descriptor)
        raise
    with os.fdopen(descriptor, "rb") as file:
        yield file, before.st_size
        after = os.fstat(file.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise ClipError("changed", f"{shown(path)} changed while it was read; score it once it is complete")


def _descriptor(path: Path, opener: Callable[[Path, int], int]) -> int:
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    try:
        return opener(path, flags)
    except ValueError as error:  # a NUL byte in the name
        raise ClipError("not-found", f"no such file: {shown(path)} (the name holds a NUL byte)") from error
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> ClipError:
    name = shown(path)
    if error.errno in _MISSING:
        return ClipError("not-found", f"no such file: {name}")
    if error.errno == errno.ELOOP:
        return ClipError("unreadable", f"cannot read {name}: its symbolic links form a loop")
    if path.is_dir():  # where directories cannot be opened at all
        return ClipError("is-a-directory", f"{name} is a directory, not an audio file")
    if error.errno == errno.ENXIO:
        return ClipError("not-a-file", f"{name} is a socket or device, not an audio file")
    return ClipError("unreadable", f"cannot read {name}: {error.strerror or error}")


def _check(path: Path, status: os.stat_result, max_bytes: int) -> None:
    name = shown(path)
    if stat.S_ISDIR(status.st_mode):
        raise ClipError("is-a-directory", f"{name} is a directory, not an audio file")
    if not stat.S_ISREG(status.st_mode):
        raise ClipError("not-a-file", f"{name} is a pipe, socket or device, not an audio file")
    _check_size(name, status.st_size, max_bytes)


def _check_size(name: str, size: int, max_bytes: int) -> None:
    if size == 0:
        raise ClipError("empty", f"{name} is empty (0 bytes)")
    if size > max_bytes:
        raise ClipError("too-large", f"{name} has {size:,} bytes; the limit is {max_bytes:,}. Cut it into parts")
