"""`audiojudge merge`: the shards of a run become one run folder."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand


def register(app: typer.Typer) -> None:
    """Add `audiojudge merge` to the command tree."""
    app.command("merge", cls=HelpCommand)(merge)


def merge(
    runs: Annotated[
        list[Path],
        typer.Argument(
            autocompletion=complete.runs,
            metavar="RUN...",
            help="The run folders of `audiojudge score --shard`, in any order.",
        ),
    ],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="The run folder to make.")],
    partial: Annotated[
        bool, typer.Option("--partial", help="Join what there is, even if clips are missing (exit code 3).")
    ] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Drop another run that lies in the folder.")] = False,
    quiet: opt.NoRemarks = False,
) -> None:
    """Join the shards of a run; the files are the same, byte for byte, as those of a run without --shard.

    Exit code 0: done; 2: the shards do not belong together or are not all there; 3: not enough was judged, or clips
    are missing (--partial).
    """
    from audiojudge_cli.commands.console import hush, say, screen
    from audiojudge_cli.results.terminal import fault_lines, summary_lines
    from audiojudge_cli.runs.merged import merge as join
    from audiojudge_cli.text.counted import counted
    from audiojudge_cli.text.terminal import shown

    code, reason, summary, worst = join(runs, out, partial=partial, restart=restart, arguments=sys.argv[1:])
    lines = [*summary_lines(summary, worst, screen(sys.stdout)), "", *fault_lines(summary), f"results in {shown(out)}"]
    if not quiet:
        say(f"{counted(len({run.resolve() for run in runs}), 'shard')} merged")
    try:
        typer.echo("\n".join(lines))
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)
    if reason:
        say(f"error: {reason}")
    raise typer.Exit(code)
