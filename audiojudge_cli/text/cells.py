"""CSV cells that no spreadsheet will run."""

from __future__ import annotations

import re

_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?%?")


def text_cell(text: str) -> str:
    """Return `text` for a text column of a CSV file: what a spreadsheet would run as a formula gets a `'` before it.

    Numbers keep their sign. A text that begins with apostrophes before such a start gets one more, so that
    `cell_text` gives every text back. NUL bytes and lone surrogates, which CSV readers refuse, become U+FFFD.

    >>> text_cell("=1+1"), text_cell("-0.5"), text_cell("a dog")
    ("'=1+1", '-0.5', 'a dog')
    """
    clean = text if text.isascii() and "\0" not in text else _readable(text)
    return f"'{clean}" if _risky(clean) else clean


def cell_text(cell: str) -> str:
    """Return the text that `text_cell` made `cell` of."""
    return cell[1:] if cell.startswith("'") and _risky(cell[1:]) else cell


def _risky(text: str) -> bool:
    # Leading blanks do not stop a spreadsheet from seeing the sign after them.
    bare = text.lstrip("'").lstrip(" \u00a0\u3000") if text.startswith("'") else text.lstrip(" \u00a0\u3000")
    return bare.startswith(_STARTS) and not _NUMBER.fullmatch(text)


def _readable(text: str) -> str:
    return "".join("\ufffd" if char == "\0" or "\ud800" <= char <= "\udfff" else char for char in text)
