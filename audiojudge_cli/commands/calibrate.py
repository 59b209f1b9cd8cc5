"""`audiojudge calibrate`: the decision fitted to a team's own labels."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand


def register(app: typer.Typer) -> None:
    """Add `audiojudge calibrate` to the command tree."""
    app.command("calibrate", cls=HelpCommand)(calibrate)


def calibrate(
    run: opt.FinishedRun,
    *,
    labels: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help='JSONL: {"id": "clip-1", "label": "yes"} per line; RUN/labels.jsonl.'),
    ] = None,
    yes_from: Annotated[
        float | None, typer.Option(metavar="RATING", help="Labels are ratings, and those from here on are a yes.")
    ] = None,
    out: Annotated[Path, typer.Option("--out", "-o", help="The calibration; a preset names it.")] = Path(
        "calibration.yaml"
    ),
) -> None:
    """Fit the decision, and curves of dimensions, to your own labels on clips of a run; tell what that gains.

    The figures are cross-validated: each label is judged by a decision that saw neither its audio nor its caption.
    Exit code 0: written; 2: unreadable input, labels that are too few, of one kind, or that gain nothing, and then
    nothing is written.
    """
    from audiojudge_cli.calibration.calibrate import calibrate as fitted
    from audiojudge_cli.calibration.calibrate import save
    from audiojudge_cli.calibration.lines import calibration_lines
    from audiojudge_cli.text.terminal import shown

    found = fitted(run, labels, yes_from=yes_from)
    typer.echo("\n".join(calibration_lines(found)))
    save(found, out)
    typer.echo(f"\nWrote {shown(out)}. A preset with the line `calibration: {shown(out)}` decides by it.")
