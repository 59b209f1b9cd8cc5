"""A run opened to be labelled: clips, labels, audio and page, behind a server."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.labelling.book import Book
from audiojudge_cli.labelling.page import label_page
from audiojudge_cli.labelling.server import Server
from audiojudge_cli.labelling.session import Session, clips_of
from audiojudge_cli.labelling.sounds import Sounds
from audiojudge_cli.reports.gather import run_info
from audiojudge_cli.reports.html.sources import AudioFinder
from audiojudge_cli.text.terminal import safe_line, shown

_MOST_NAME = 100
"""Characters of the name of who labels: names are shorter."""


@contextmanager
def opened(
    run: Path, labels: Path, *, by: str | None = None, audio: Path | None = None, seed: int = 0, port: int = 0
) -> Iterator[Server]:
    """Open a finished run to be labelled, and yield the server that has yet to serve.

    Args:
        run: The run folder.
        labels: The file of labels; what it holds is gone on from.
        by: Who labels; None takes the name of the account.
        audio: A folder to look for the audio in first.
        seed: Of the draw of the random clips.
        port: To listen on; 0 takes a free one.

    Raises:
        InputError: If the run cannot be read or decides nothing, its audio is gone, or labels or port cannot be had.
    """
    who = _account() if by is None else by.strip()
    if not who or len(who) > _MOST_NAME or not who.isprintable():
        raise InputError(f"--by takes a name of at most {_MOST_NAME} printable characters")
    clips = clips_of(run, seed=seed)
    with Sounds(AudioFinder(run, run_info(run), audio)) as sounds:
        session = Session(clips, Book(labels), sounds, who)
        first = session.next()
        if "place" not in first and first["missing"]["count"]:
            raise InputError(f"no audio to label: {first['missing']['first'][0]}; give its folder with --audio")
        page = label_page(safe_line(run.absolute().name), who, shown(labels))
        with Server(session, sounds, page, port) as server:
            yield server


def _account() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # a container without a name for its user
        return "somebody"
