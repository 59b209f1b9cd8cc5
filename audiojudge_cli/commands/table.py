"""`audiojudge table`: mean figures by any column of one or several runs."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands.help import HelpCommand
from audiojudge_cli.reports.figure import Middle, Value

if TYPE_CHECKING:
    from audiojudge_cli.reports.pivot import Pivot


class Layout(StrEnum):
    """How it is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    CSV = "csv"
    JSON = "json"
    JSONL = "jsonl"


def register(app: typer.Typer) -> None:
    """Add `audiojudge table` to the command tree."""
    app.command("table", cls=HelpCommand)(table)


def table(
    runs: Annotated[list[Path], typer.Argument(metavar="RUN...", help="Run folders.", autocompletion=complete.runs)],
    *,
    rows: Annotated[
        str,
        typer.Option(
            autocompletion=complete.columns,
            help="run, judge, subset, language, status, dimension, or a column of the manifest (model ...).",
        ),
    ] = "subset",
    columns: Annotated[
        str | None, typer.Option(autocompletion=complete.columns, help="Likewise; left out: the mean alone.")
    ] = None,
    value: Annotated[
        Value,
        typer.Option(help="The figure: of clips (score, match, coverage), items (p_yes, yes) or files (lufs ...)."),
    ] = Value.SCORE,
    middle: Annotated[Middle, typer.Option("--take", help="The mean, or what is taken instead.")] = Middle.MEAN,
    layout: Annotated[Layout, typer.Option("--format", help="For people, or for programs.")] = Layout.TABLE,
) -> None:
    """Print the mean of a figure by one or two columns, best rows first: models against subsets, say.

    Every row has the 95 % interval of its mean, captions drawn as a whole, and the number of clips or items behind it.
    Failed clips and unverifiable items have no figure and are not in the means. Exit code 0: printed; 2: a run cannot
    be read, a column is unknown, or runs of different judges have no common mean.
    """
    from audiojudge_cli.reports.pivot import pivot

    found = pivot(runs, value, rows=rows, columns=columns, middle=middle)
    typer.echo(_text(found, layout), nl=False)


def _text(found: Pivot, layout: Layout) -> str:
    from audiojudge_cli.reports import pivot_lines as told
    from audiojudge_cli.text.jsonl import dumps

    if layout is Layout.TABLE:
        return "\n".join(told.pivot_lines(found)) + "\n"
    if layout is Layout.JSON:
        return dumps(told.pivot_data(found), indent=2) + "\n"
    if layout is Layout.CSV:
        return told.pivot_csv(found)
    return told.pivot_markdown(found) if layout is Layout.MARKDOWN else told.pivot_jsonl(found)
