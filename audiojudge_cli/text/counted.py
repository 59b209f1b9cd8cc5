"""Numbers of things, in good grammar."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """Return `number` with its noun: `1 clip`, `2 clips`.

    >>> counted(1, "clip"), counted(0, "clip"), counted(2, "entry", "entries")
    ('1 clip', '0 clips', '2 entries')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {plural or noun + 's'}"
