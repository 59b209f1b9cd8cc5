"""`audiojudge label`: the clips of a run on a local page, to be labelled by people."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.console import say
from audiojudge_cli.commands.help import HelpCommand


def register(app: typer.Typer) -> None:
    """Add `audiojudge label` to the command tree."""
    app.command("label", cls=HelpCommand)(label)


def label(
    run: opt.FinishedRun,
    *,
    labels: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where labels are written, and read; RUN/labels.jsonl.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Who labels; the name of the account.")] = None,
    audio: opt.AudioFolder = None,
    seed: Annotated[int, typer.Option(help="Of the draw of the random clips.")] = 0,
    port: Annotated[int, typer.Option(min=0, max=65535, help="To listen on, this machine only; 0: a free one.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page, where there is a screen.")] = (
        True
    ),
) -> None:
    """Label the clips of a run on a page of your browser: yes, no or can't tell, for `audiojudge calibrate`.

    Clips come one by one, those first of which most is learned, every fourth one drawn at random. What the judge
    answered is not shown. Each answer is written at once; the same command goes on where it was. Ctrl-C ends it.

    Exit code 0: ended; 2: unreadable input, or the labels or the port cannot be had.
    """
    from audiojudge_cli.calibration.calibrate import LABELS
    from audiojudge_cli.commands.output_guard import refuse_overwriting
    from audiojudge_cli.labelling.serving import opened
    from audiojudge_cli.text.counted import counted
    from audiojudge_cli.text.terminal import shown

    target = labels or run / LABELS
    refuse_overwriting([("labels", target)], run)
    with opened(run, target, by=by, audio=audio, seed=seed, port=port) as server:
        session = server.session
        count, left_out = len(session.clips.order), session.clips.undecided
        undecided = f", {counted(left_out, 'clip')} without a decision left out" if left_out else ""
        say(f"{counted(count, 'clip')} to label{undecided}; {shown(session.by)} labels into {shown(target)}")
        typer.echo(server.url)
        if browser:
            _open(server.url)
        say("Ctrl-C ends it; labels are kept as they are given")
        server.serve_until_interrupted()
        done = session.progress()
    say(
        f"{counted(done['mine'], 'label')} by {shown(session.by)}, {done['random']} of random clips; "
        f"{counted(done['anybody'], 'clip')} labelled in {shown(target)}"
    )


def _open(url: str) -> None:
    """Open a browser where there is a screen: without one, a browser for terminals would take this one."""
    import os
    import sys
    import webbrowser

    if sys.platform in {"win32", "darwin"} or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        webbrowser.open(url)
