"""Files that appear complete or not at all: write beside, fsync, rename, fsync the folder.

What is no regular file (a device, a pipe, a terminal) is written through instead: a rename would put a
file in its place.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TextIO

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
READER_WAIT_S = 10.0
"""How long a named pipe may lack a reader: whoever is to read has long been started by then."""
# Short enough that nobody notices the wait, long enough that it costs nothing.
_LOOK_AGAIN_S = 0.05
# Links to links that end at a descriptor of this process: /dev/stdout -> /proc/self/fd/1 takes two steps.
_MOST_LINKS = 8


def write_text(path: Path, text: str, *, reader_wait_s: float = READER_WAIT_S) -> None:
    """Write `text` to `path` in UTF-8, replacing a regular file or a link that is there.

    Args:
        path: The file. A device or pipe is written through, and is what it was afterwards.
        text: What it shall hold.
        reader_wait_s: Longest wait in seconds for somebody to read a named pipe.

    Raises:
        OSError: If the folder is missing, full or read-only, or nobody reads the pipe; a regular file is then as it
            was, and nothing else is left.
    """
    with writing(path, reader_wait_s=reader_wait_s) as file:
        file.write(text)


def write_bytes(path: Path, data: bytes, *, reader_wait_s: float = READER_WAIT_S) -> None:
    """Write `data` to `path`; arguments and errors are those of `write_text`."""
    with _placing(path, reader_wait_s) as descriptor, os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(data)


@contextmanager
def writing(path: Path, *, reader_wait_s: float = READER_WAIT_S) -> Iterator[TextIO]:
    r"""Yield a text file (UTF-8, `\n`) that takes the place of `path` when the block ends without an error.

    A device or pipe gets what is written as it is written. Arguments and errors are those of `write_text`.
    """
    with (
        _placing(path, reader_wait_s) as descriptor,
        os.fdopen(descriptor, "w", encoding="utf-8", newline="", closefd=False) as file,
    ):
        yield file


def written_through(path: Path) -> bool:
    """Return whether `path` is what no file may replace: a device, a pipe, a socket, a descriptor of this process."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)) or _own_descriptor(path) is not None


def _placing(path: Path, reader_wait_s: float) -> AbstractContextManager[int]:
    return _through(path, reader_wait_s) if written_through(path) else _replacing(path)


@contextmanager
def _through(path: Path, reader_wait_s: float) -> Iterator[int]:
    own = _own_descriptor(path)
    descriptor = _with_reader(path, reader_wait_s) if own is None else os.dup(own)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _own_descriptor(path: Path) -> int | None:
    """Return the number that `/dev/stdout`, `/dev/fd/3` and links to them stand for; None for any other path.

    Opening such a name anew would write from the start of whatever file the shell has put behind it.
    """
    for _ in range(_MOST_LINKS):
        folder = os.path.realpath(path.parent)
        if folder in {"/dev/fd", f"/proc/{os.getpid()}/fd"} and path.name.isdecimal():
            return int(path.name)
        try:
            path = Path(folder) / os.readlink(path)  # noqa: PTH115 - one step at a time
        except OSError:
            return None
    return None


def _with_reader(path: Path, wait_s: float) -> int:
    """Open for writing; a named pipe within `wait_s` seconds, or not at all."""
    until = time.monotonic() + wait_s
    while True:
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK | getattr(os, "O_CLOEXEC", 0))
        except OSError as error:
            if error.errno != errno.ENXIO or not path.is_fifo():
                raise
            if time.monotonic() >= until:
                raise OSError(errno.ENXIO, "nobody reads the pipe", str(path)) from error
            time.sleep(_LOOK_AGAIN_S)
            continue
        os.set_blocking(descriptor, True)
        return descriptor


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
