"""What goes to which stream: results to stdout, remarks and progress to stderr, colour only to terminals."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from audiojudge_cli.results.terminal import Screen


def say(text: str) -> None:
    """Write one remark to stderr, as one harmless line whatever captions, names and messages of others hold."""
    from audiojudge_cli.text.terminal import safe_line

    sys.stderr.write(f"audiojudge: {safe_line(text)}\n")
    sys.stderr.flush()


def wants_colour(stream: TextIO) -> bool:
    """Return whether `stream` is a terminal that may be coloured (https://no-color.org, TERM=dumb)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def screen(stream: TextIO) -> Screen:
    """Return the width and colour that lines to `stream` may have."""
    from audiojudge_cli.results.terminal import Screen

    return Screen(shutil.get_terminal_size((100, 24)).columns if stream.isatty() else 120, wants_colour(stream))


def hush(stream: TextIO) -> None:
    """Point a stream whose reader went away at nothing, so that closing it at exit does not complain."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):
        return
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, descriptor)
    os.close(nothing)
