"""A rubric as a table for the terminal."""

from __future__ import annotations

from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import safe_line, shorten, width

_QUESTION = 88
_BASIS = 48


def table(rubric: Rubric) -> str:
    """Return the items as aligned columns: number, dimension, question, basis; `¬` marks what the caption denies."""
    head = f"subset {rubric.subset}, language {rubric.language}, {counted(len(rubric.items), 'item')}"
    rows = [
        (
            str(number),
            safe_line(item.dimension),
            shorten(safe_line(item.question), _QUESTION),
            ("¬ " if item.negated else "") + shorten(safe_line(item.basis), _BASIS),
        )
        for number, item in enumerate(rubric.items, 1)
    ]
    lines = [head]
    if rows:
        rows.insert(0, ("#", "dimension", "question", "basis"))
        widths = [max(width(row[column]) for row in rows) for column in range(3)]
        lines += ["  ".join([*(_pad(row[c], widths[c]) for c in range(3)), row[3]]).rstrip() for row in rows]
    if not rows:
        lines.append("nothing in this caption could be made a yes/no item; say what is to be heard")
    lines += [f"note: {safe_line(note)}" for note in rubric.notes]
    return "\n".join(lines)


def _pad(text: str, columns: int) -> str:
    return text + " " * (columns - width(text))
