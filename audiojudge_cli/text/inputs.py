"""Open what a person names as input: a file, or a pipe such as `<(…)`, without waiting for ever."""

from __future__ import annotations

import errno
import io
import os
import select
import stat
import time
from pathlib import Path
from typing import BinaryIO, cast

from audiojudge_cli.waits import LOOK_S, go_on

WRITER_WAIT_S = 60.0
"""How long a named pipe may lack a writer: longer than any program takes to start."""


def open_input(path: Path) -> BinaryIO:
    """Open a file for reading bytes; a pipe can be read once and not be searched.

    Every wait ends when the end of the run is asked for (`audiojudge_cli.waits`). A named pipe that nobody writes to
    for `WRITER_WAIT_S` seconds fails; a writer, once there, may take its time.

    Raises:
        OSError: If it cannot be opened; later, on reading, if no writer comes.
        ValueError: If the name holds a NUL byte.
    """
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    return cast("BinaryIO", io.BufferedReader(_Pipe(descriptor, path)))


def read_regular(path: Path) -> bytes:
    """Return the content of a file that this program wrote.

    Raises:
        OSError: If it cannot be read, or is a pipe or device, which is not waited for.
    """
    with open_regular_file(path) as file:
        return file.read()


def open_regular_file(path: Path) -> BinaryIO:
    """Open a file that this program wrote; raises as `read_regular`."""
    file = open_input(path)
    if isinstance(file, io.BufferedReader) and isinstance(file.raw, _Pipe):
        file.close()
        raise OSError(errno.EINVAL, "it is no regular file", str(path))
    return file


class _Pipe(io.RawIOBase):
    """A pipe or device whose other end is waited for in short steps."""

    def __init__(self, descriptor: int, path: Path) -> None:
        self._descriptor = descriptor
        self._path = path
        self._until = time.monotonic() + WRITER_WAIT_S
        # Without a writer, reading a named pipe looks like its end.
        self._begun = not stat.S_ISFIFO(os.fstat(descriptor).st_mode)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while True:
            go_on()
            try:
                data = os.read(self._descriptor, len(buffer))
            except BlockingIOError:  # a writer is there and has nothing yet
                self._begun = True
                select.select([self._descriptor], [], [], LOOK_S)
                continue
            if data or self._begun:
                self._begun = True
                buffer[: len(data)] = data
                return len(data)
            if time.monotonic() >= self._until:
                raise OSError(errno.ETIMEDOUT, f"nobody writes to the pipe for {WRITER_WAIT_S:g} s", str(self._path))
            time.sleep(LOOK_S / 2)

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()
