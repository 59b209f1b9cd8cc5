"""Tables and figures as plain text."""

from __future__ import annotations

from collections.abc import Sequence

from audiojudge_cli.text.terminal import safe_line, shorten, width


def aligned(rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Return the rows as lines with columns under each other, two blanks apart.

    Args:
        rows: Cells that are harmless lines already, every row of the same length.
        right: Columns that are set flush right.
    """
    if not rows:
        return []
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(_padded(cell, widths[at], right=at in right) for at, cell in enumerate(row)).rstrip() for row in rows
    ]


def cell(text: str, columns: int, *, middle: bool = False) -> str:
    """Return any text as one harmless cell of at most so many columns."""
    return shorten(safe_line(text), max(1, columns), middle=middle)


def number(value: float | None, *, signed: bool = False) -> str:
    """Return a figure with three decimals, whole numbers and those from 1,000 without; `-` for None."""
    if value is None:
        return "-"
    if isinstance(value, int):
        return f"{value:+d}" if signed else str(value)
    places = 3 if abs(value) < 1000 else 0
    text = f"{value:+.{places}f}" if signed else f"{value:.{places}f}"
    return text.replace("-0.000", "0.000").replace("+0.000", "0.000")


def interval(low: float | None, high: float | None, *, signed: bool = False) -> str:
    """Return the two ends of an interval; `-` without one."""
    if low is None or high is None:
        return "-"
    return f"{number(low, signed=signed)} to {number(high, signed=signed)}"


def p_value(value: float | None) -> str:
    """Return a p-value as people read it."""
    return "-" if value is None else "< 0.001" if value < 0.001 else f"{value:.3f}"


def wrapped(text: str, columns: int, lead: str = "") -> list[str]:
    """Return any text broken at blanks into harmless lines, the first after `lead`, the others under it."""
    room = max(20, columns - width(lead))
    lines, line = [], ""
    for word in safe_line(text).split(" "):
        if line and width(line) + 1 + width(word) > room:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(line)
    return [lead + lines[0], *(" " * width(lead) + more for more in lines[1:])]


def _padded(text: str, wide: int, *, right: bool) -> str:
    gap = " " * (wide - width(text))
    return gap + text if right else text + gap
