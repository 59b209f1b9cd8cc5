"""`audiojudge leaderboard`: judges side by side, over the runs of `audiojudge bench`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand


def register(app: typer.Typer) -> None:
    """Add `audiojudge leaderboard` to the command tree."""
    app.command("leaderboard", cls=HelpCommand)(leaderboard)


def leaderboard(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN...",
            help="Run folders of `audiojudge bench`.",
            autocompletion=complete.runs,
            show_default=False,
        ),
    ],
    *,
    out: Annotated[
        str | None,
        typer.Option("--out", "-o", help="Write here, or - for stdout; leaderboard.html, Markdown to stdout."),
    ] = None,
    layout: opt.PageForm = opt.Page.HTML,
    quiet: opt.NoRemarks = False,
) -> None:
    """Write several bench runs as one page: a table for each benchmark, the best judge first, with 95 % intervals.

    Runs over the same clips or pairs, with the same labels, stand in one table; figures that others published stand
    below, marked as theirs.

    Exit code 0: written; 2: one of the folders is no finished run of `audiojudge bench`.
    """
    from audiojudge_cli.benchmarking.board import read_boards
    from audiojudge_cli.benchmarking.board_page import board_html, board_markdown
    from audiojudge_cli.commands.output_guard import refuse_overwriting
    from audiojudge_cli.commands.report import write_page

    target = None if out in {None, "-"} else Path(str(out))
    for run in runs:
        refuse_overwriting([("out", target)], run)
    boards = read_boards(runs)
    if layout is opt.Page.MD:
        write_page(board_markdown(boards), out or "-", quiet=quiet, what="leaderboard")
    else:
        write_page(board_html(boards), out or "leaderboard.html", quiet=quiet, what="leaderboard")
