"""Many files, each complete or not at all, at the price of one: write all beside, one barrier, rename all."""

from __future__ import annotations

import contextlib
import ctypes
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from audiojudge_cli.text.atomic import sync_folder, write_bytes, written_through

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_AT_ONCE = 1000
# What stands where a file of a batch goes.
_NEW, _SAME, _ODD = range(3)


class AtomicBatch:
    """Writes files into one folder; see `writing_batch`."""

    def __init__(self, folder: Path) -> None:
        self._folder = os.fspath(folder)
        self._prefix = os.path.join(self._folder, f".audiojudge-{secrets.token_hex(8)}-")  # noqa: PTH118 - many files
        self._names: list[str] = []

    def add(self, name: str, data: bytes) -> None:
        """Write a file, replacing what is there; one that holds `data` already is left alone.

        Raises:
            OSError: If the folder is missing, full or read-only, or nobody reads a pipe of that name.
        """
        place = os.path.join(self._folder, name)  # noqa: PTH118 - as above
        state = _state(place, data)
        if state == _SAME:
            return
        if state == _ODD and written_through(Path(place)):
            write_bytes(Path(place), data, reader_wait_s=0.0)
            return
        self._names.append(name)
        descriptor = os.open(self._beside(len(self._names) - 1), _FLAGS, 0o666)
        try:
            view = memoryview(data)
            while view:
                view = view[os.write(descriptor, view) :]
        finally:
            os.close(descriptor)
        if len(self._names) >= _AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Put everything in its place."""
        if not self._names:
            return
        _barrier(self._folder, [self._beside(number) for number in range(len(self._names))])
        for number, name in enumerate(self._names):
            os.replace(self._beside(number), os.path.join(self._folder, name))  # noqa: PTH105, PTH118 - likewise
        self._names.clear()
        sync_folder(Path(self._folder))

    def drop(self) -> None:
        """Remove what is not in its place yet."""
        for number in range(len(self._names)):
            with contextlib.suppress(OSError):
                os.unlink(self._beside(number))  # noqa: PTH108 - likewise
        self._names.clear()

    def _beside(self, number: int) -> str:
        return f"{self._prefix}{number}.tmp"


@contextmanager
def writing_batch(folder: Path) -> Iterator[AtomicBatch]:
    """Yield what writes files into `folder`; all are in place when the block ends without an error.

    Each appears complete or not at all, whatever happens to process or power; files of one batch may appear without
    the others.
    """
    batch = AtomicBatch(folder)
    try:
        yield batch
        batch.flush()
    except BaseException:
        batch.drop()
        raise


def _state(path: str, data: bytes) -> int:
    """Return whether `data` has no file yet, is what the file holds, or could not be compared with it."""
    try:
        # Whatever lies there under our name, a pipe included, must not make us wait.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0))
    except FileNotFoundError:
        return _NEW
    except OSError:
        return _ODD
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            return _ODD
        return _SAME if found.st_size == len(data) and os.read(descriptor, len(data) + 1) == data else _NEW
    except OSError:
        return _ODD
    finally:
        os.close(descriptor)


def _barrier(folder: str, paths: list[str]) -> None:
    """Return once the content of the files is on the disk: by one call for their file system, else file by file."""
    sync = _syncfs()
    if sync is not None:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            if sync(descriptor) == 0:
                return
        finally:
            os.close(descriptor)
    for path in paths:
        descriptor = os.open(path, os.O_RDWR)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


@cache
def _syncfs() -> Callable[[int], int] | None:
    """Return Linux's `syncfs`, which Python does not wrap; it reports failed writes from Linux 5.8 on."""
    if not sys.platform.startswith("linux"):
        return None
    try:
        return ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):
        return None
