"""`audiojudge show`: a run, or one clip of it, on the terminal."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli.commands.help import HelpCommand


class Layout(StrEnum):
    """How it is printed."""

    TABLE = "table"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `audiojudge show` to the command tree."""
    app.command("show", cls=HelpCommand)(show)


def show(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="The run folder (--out of `audiojudge score`).")],
    clip: Annotated[
        str | None,
        typer.Argument(metavar="[ID]", help="Id or audio file of one clip, or its beginning; all when left out."),
    ] = None,
    *,
    layout: Annotated[Layout, typer.Option("--format", help="For people, or JSON.")] = Layout.TABLE,
) -> None:
    """Show the figures of a run, or one clip: its caption, decision, and every item with its bar and evidence."""
    typer.echo(_run(run, layout) if clip is None else _clip(run, clip, layout))


def _run(run: Path, layout: Layout) -> str:
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.reports.review import review
    from audiojudge_cli.results.terminal import summary_lines
    from audiojudge_cli.text.jsonl import dumps

    summary, worst = review(run)
    if layout is Layout.JSON:
        return dumps(summary, indent=2)
    return "\n".join(summary_lines(summary, worst, screen(sys.stdout)))


def _clip(run: Path, clip: str, layout: Layout) -> str:
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.reports.clip_lines import clip_lines
    from audiojudge_cli.reports.find import find_record
    from audiojudge_cli.text.jsonl import dumps

    record = find_record(run, clip)
    if layout is Layout.JSON:
        return dumps(record.to_dict(), indent=2)
    return "\n".join(clip_lines(record, screen(sys.stdout), blocks=sys.stdout.isatty()))
