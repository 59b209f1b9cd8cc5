"""`audiojudge diff`: what moved between two runs?"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.gates.systems import Systems


class Layout(StrEnum):
    """How the comparison is printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `audiojudge diff` to the command tree."""
    app.command("diff", cls=HelpCommand)(diff)


def diff(
    old: Annotated[
        Path,
        typer.Argument(
            metavar="OLD", help="The earlier run folder; with --by, the only one.", autocompletion=complete.runs
        ),
    ],
    new: Annotated[
        Path | None, typer.Argument(metavar="NEW", help="The later run folder.", autocompletion=complete.runs)
    ] = None,
    *,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            autocompletion=complete.system_columns,
            help="Compare systems of one run instead: the column that names them (model).",
        ),
    ] = None,
    systems: Annotated[
        tuple[str, str] | None,
        typer.Option(metavar="A B", help="--by: these two only, in this order; else every pair."),
    ] = None,
    pair_by: opt.PairBy = None,
    layout: Annotated[Layout, typer.Option("--format", help="Table, Markdown, or JSON.")] = Layout.TABLE,
    top: Annotated[int, typer.Option(min=1, max=1000, help="List at most so many clips and items of a kind.")] = 10,
) -> None:
    """Show what moved from one run to another: figures, clips that fell and rose, items that flipped.

    Clips are paired by id. With --by, systems of one run are compared, paired by prompt (docs/systems.md). Exit code
    0: compared; 2: the runs cannot be read, do not compare or share no clip; 3: nothing was judged.
    """
    from audiojudge_cli.errors import InputError

    if by is None:
        if systems is not None or pair_by is not None:
            raise InputError(f"--{'pair-by' if systems is None else 'systems'} is for --by: add --by COLUMN")
        if new is None:
            raise InputError("name two run folders, OLD and NEW; or compare systems of one run with --by COLUMN")
        typer.echo(_of_runs(old, new, layout, top))
        return
    if new is not None:
        raise InputError("--by compares systems of one run, and two are named; leave one out")
    from audiojudge_cli.gates.prompted import CAPTION
    from audiojudge_cli.gates.systems import compare_systems

    found = compare_systems(old, by, pair_by=pair_by or CAPTION, systems=systems or (), top=top)
    typer.echo(_told(found, layout))


def _of_runs(old: Path, new: Path, layout: Layout, top: int) -> str:
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.gates.compare import compare
    from audiojudge_cli.reports.diff_files import diff_data, diff_markdown
    from audiojudge_cli.reports.diff_lines import diff_lines
    from audiojudge_cli.text.jsonl import dumps

    found = compare(old, new, top=top)
    if layout is Layout.TABLE:
        return "\n".join(diff_lines(found, screen(sys.stdout)))
    if layout is Layout.MARKDOWN:
        return diff_markdown(found).rstrip("\n")
    return dumps(diff_data(found), indent=2)


def _told(found: Systems, layout: Layout) -> str:
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.reports.systems_files import systems_data, systems_markdown
    from audiojudge_cli.reports.systems_lines import systems_lines
    from audiojudge_cli.text.jsonl import dumps

    if layout is Layout.TABLE:
        return "\n".join(systems_lines(found, screen(sys.stdout)))
    if layout is Layout.MARKDOWN:
        return systems_markdown(found).rstrip("\n")
    return dumps(systems_data(found), indent=2)
