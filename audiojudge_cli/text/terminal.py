"""Text for terminal lines: control sequences made visible, widths counted in columns."""

from __future__ import annotations

import os
import unicodedata

_ELLIPSIS = "…"
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def safe_line(text: str) -> str:
    r"""Return `text` as one harmless line: what could move the cursor or reorder the line becomes visible.

    Control characters (C0, C1, DEL), line separators, format characters such as right-to-left overrides and
    bytes that are not UTF-8 (lone surrogates) are written as escapes; everything printable is kept.

    >>> safe_line("a\x1b[31mb\n")
    'a\\x1b[31mb\\n'
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(char if _harmless(char) else _escape(char) for char in text)


def shown(path: str | os.PathLike[str]) -> str:
    """Return a path for messages: one harmless line, at most 200 columns (shortened in the middle)."""
    return shorten(safe_line(os.fspath(path)), 200, middle=True)


def width(text: str) -> int:
    """Return how many terminal columns `text` takes: 2 for wide East Asian characters, 0 for combining ones.

    After Unicode Standard Annex 11 (East Asian Width).
    """
    if text.isascii():
        return len(text)
    return sum(_columns(char) for char in text)


def shorten(text: str, columns: int, *, middle: bool = False) -> str:
    """Return `text` cut to at most `columns` terminal columns, with an ellipsis where something is missing.

    Args:
        text: One line.
        columns: At least 1.
        middle: Cut in the middle, which keeps both folder and file name of a path.
    """
    if width(text) <= columns:
        return text
    room = max(0, columns - 1)
    tail = _fit(text[::-1], room // 2)[::-1] if middle else ""
    return _fit(text, room - width(tail)) + _ELLIPSIS + tail


def _fit(text: str, columns: int) -> str:
    used = 0
    for index, char in enumerate(text):
        used += _columns(char)
        if used > columns:
            return text[:index]
    return text


def _columns(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _harmless(char: str) -> bool:
    # Zero-width joiners hold emoji together and do not move anything.
    return char.isprintable() or char == "‍" or unicodedata.category(char) in {"Zs", "Mn", "Me"}


def _escape(char: str) -> str:
    code = ord(char)
    if char in _SHORT:
        return _SHORT[char]
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
