"""Rows of a plain text: one caption a line, and no file names."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from audiojudge_cli.clips.columns import RECOGNISED
from audiojudge_cli.clips.lines import text_lines
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.errors import InputError

_DELIMITERS = (",", ";", "\t", "|")


def has_header(file: BinaryIO, source: str) -> bool:
    """Return whether the first line names columns that are recognised: the file is a table, whatever its suffix."""
    first = next((text for _, text in text_lines(file, source) if isinstance(text, str) and text.strip()), "").strip()
    for delimiter in _DELIMITERS:
        try:
            cells = next(csv.reader([first], delimiter=delimiter), [])
        except csv.Error:
            continue
        names = {cell.strip().casefold() for cell in cells}
        words = names & {*RECOGNISED["caption"], *RECOGNISED["transcript"]}
        named = names & {*RECOGNISED["audio"], *RECOGNISED["id"]}
        # A prompt may hold a comma and such a word; one that is a word of both kinds is a header.
        if (words and named) or (len(cells) == 1 and (words or named)):
            return True
    return False


def text_rows(file: BinaryIO, source: str) -> Iterator[Row | Problem]:
    """Yield a row for every line that is not blank; its id is the number of the line.

    Raises:
        InputError: At the first line that is not UTF-8: its encoding is that of the whole file.
    """
    for number, text in text_lines(file, source):
        if isinstance(text, Problem):
            yield text
            continue
        caption = text.strip()
        try:
            caption.encode()
        except UnicodeEncodeError as error:
            raise InputError(
                f"{source}:{number}: not valid UTF-8; convert the file: iconv -f LATIN1 -t UTF-8 IN > OUT"
            ) from error
        if caption:
            yield Row(source, number, None, caption, str(number))
