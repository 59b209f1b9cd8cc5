"""What goes to which stream: results to stdout, remarks and progress to stderr, colour only to terminals."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from audiojudge_cli.results.terminal import Screen


def say(text: str) -> None:
    """Write one remark to stderr: one harmless line without secrets, whatever captions and messages of others hold."""
    from audiojudge_cli.text.hidden import hidden
    from audiojudge_cli.text.terminal import safe_line

    try:
        write_remark(f"audiojudge: {safe_line(hidden(text))}\n")
    except OSError:  # the terminal hung up, or the disk behind it is full: remarks are no reason to end a run
        hush(sys.stderr)


def write_remark(line: str) -> None:
    """Write a line to stderr, also from a signal's handler that interrupted another such line.

    Raises:
        OSError: If it cannot be written.
    """
    try:
        sys.stderr.write(line)
        sys.stderr.flush()
    except RuntimeError:  # "reentrant call": Python's buffer is busy with the line that was interrupted
        os.write(sys.stderr.fileno(), line.encode(errors="backslashreplace"))


def wants_colour(stream: TextIO) -> bool:
    """Return whether `stream` is a terminal that may be coloured (https://no-color.org, TERM=dumb)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def screen(stream: TextIO) -> Screen:
    """Return the width and colour that lines to `stream` may have."""
    from audiojudge_cli.results.terminal import Screen

    return Screen(shutil.get_terminal_size((100, 24)).columns if stream.isatty() else 120, wants_colour(stream))


@contextmanager
def to_ourselves(stream: TextIO) -> Iterator[None]:
    """Keep standard output to this program within the block: what C libraries print goes to standard error.

    libsndfile, for one, prints a line there about a damaged ALAC file, which no reader of records expects.
    """
    if stream is not sys.stdout or stream is not sys.__stdout__:
        yield
        return
    stream.flush()
    try:
        descriptor = stream.fileno()
        kept = os.dup(descriptor)
        ours = open(kept, "w", encoding=stream.encoding, errors=stream.errors, newline="")  # noqa: SIM115, PTH123
        os.dup2(sys.stderr.fileno(), descriptor)
    except (OSError, ValueError, AttributeError):
        yield
        return
    sys.stdout = ours
    try:
        yield
    finally:
        sys.stdout = stream
        try:
            ours.flush()
        finally:
            os.dup2(kept, descriptor)
            with suppress(OSError):
                ours.close()


def hush(stream: TextIO) -> None:
    """Point a stream whose reader went away at nothing, so that closing it at exit does not complain."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
