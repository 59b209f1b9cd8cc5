"""Keep what libmpg123 says about damaged MP3 files off standard error: decoding tells it in its own words, or in none.

libsndfile gives no way to make its copy of libmpg123 quiet, so that the descriptor itself is led elsewhere meanwhile.
"""

from __future__ import annotations

import os
import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import BinaryIO

_STDERR = 2
# How its lines begin: notes, warnings, errors with their place in its source, and blank lines between them.
_THEIRS = re.compile(rb"\s*$|(Note|Warning|Error): |\[?[^\n]{0,80}libmpg123/")
_LONGEST_LINE = 1 << 16


class _Window:
    """The time in which one or several threads decode MP3 files."""

    lock = threading.Lock()
    users = 0
    kept = -1
    heard: BinaryIO | None = None


@contextmanager
def without_decoder_noise(head: bytes) -> Iterator[None]:
    """Drop the lines of libmpg123 within the block; what others write to standard error comes when it ends.

    Args:
        head: The first bytes of the file; for anything but MPEG audio nothing happens.
    """
    if not _is_mpeg(head):
        yield
        return
    _enter()
    try:
        yield
    finally:
        _leave()


def _is_mpeg(head: bytes) -> bool:
    return head.startswith(b"ID3") or (head[:1] == b"\xff" and head[1:2] >= b"\xe0")


def _enter() -> None:
    with _Window.lock:
        _Window.users += 1
        if _Window.users > 1 or not _is_for_writing():
            return
        with suppress(OSError):  # no standard error, or no room: then it stays as it is
            heard = tempfile.TemporaryFile()  # noqa: SIM115 - until the last user leaves
            _Window.kept = os.dup(_STDERR)
            os.dup2(heard.fileno(), _STDERR)
            _Window.heard = heard


def _is_for_writing() -> bool:
    """Return whether there is a standard error: where it was closed, the file to be decoded may have its number."""
    try:
        import fcntl

        return fcntl.fcntl(_STDERR, fcntl.F_GETFL) & os.O_ACCMODE != os.O_RDONLY
    except (ImportError, OSError):
        return False


def _leave() -> None:
    with _Window.lock:
        _Window.users -= 1
        heard = _Window.heard
        if _Window.users or heard is None:
            return
        os.dup2(_Window.kept, _STDERR)
        os.close(_Window.kept)
        _Window.heard = None
        with heard:
            heard.seek(0)
            while line := heard.readline(_LONGEST_LINE):
                if not _THEIRS.match(line):
                    with suppress(OSError):
                        os.write(_STDERR, line)
