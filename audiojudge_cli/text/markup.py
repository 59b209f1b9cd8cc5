"""Small tables in HTML for notebooks, without colours of their own: they take those of the page, light or dark."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from audiojudge_cli.text.terminal import safe_line

_LEFT = ' style="text-align:left"'


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in HTML, cells escaped and flush left; colours and lines are those of the notebook."""
    names = "".join(f"<th{_LEFT}>{escaped(name)}</th>" for name in head)
    lines = ("".join(f"<td{_LEFT}>{escaped(cell)}</td>" for cell in row) for row in rows)
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f"<table><thead><tr>{names}</tr></thead><tbody>{body}</tbody></table>"


def escaped(text: str) -> str:
    """Return any text as harmless HTML: markup shown as text, signs that reorder a line made visible."""
    return html.escape(safe_line(text))
