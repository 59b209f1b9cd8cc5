"""`audiojudge diff`: what moved between two runs?"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli.commands.help import HelpCommand


class Layout(StrEnum):
    """How the comparison is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `audiojudge diff` to the command tree."""
    app.command("diff", cls=HelpCommand)(diff)


def diff(
    old: Annotated[Path, typer.Argument(metavar="OLD", help="The earlier run folder.")],
    new: Annotated[Path, typer.Argument(metavar="NEW", help="The later run folder.")],
    *,
    layout: Annotated[Layout, typer.Option("--format", help="Table, Markdown, or JSON.")] = Layout.TABLE,
    top: Annotated[int, typer.Option(min=1, max=1000, help="List at most so many clips and items of a kind.")] = 10,
) -> None:
    """Show what moved from one run to another: figures, clips that fell and rose, items that flipped.

    Clips are paired by id. Exit code 0: compared; 2: the runs cannot be read, do not compare or share no clip;
    3: nothing was judged.
    """
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.gates.compare import compare
    from audiojudge_cli.reports.diff_files import diff_data, diff_markdown
    from audiojudge_cli.reports.diff_lines import diff_lines
    from audiojudge_cli.text.jsonl import dumps

    found = compare(old, new, top=top)
    if layout is Layout.TABLE:
        text = "\n".join(diff_lines(found, screen(sys.stdout)))
    elif layout is Layout.MARKDOWN:
        text = diff_markdown(found).rstrip("\n")
    else:
        text = dumps(diff_data(found), indent=2)
    typer.echo(text)
