"""`audiojudge report`: a run as one HTML page that people open, or as Markdown for a pull request."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.console import say
from audiojudge_cli.commands.help import HelpCommand


def register(app: typer.Typer) -> None:
    """Add `audiojudge report` to the command tree."""
    app.command("report", cls=HelpCommand)(report)


def report(
    runs: Annotated[
        list[Path],
        typer.Argument(
            metavar="RUN...",
            help="The run folder (--out of `audiojudge score`); of several, their history.",
            autocompletion=complete.runs,
        ),
    ],
    *,
    out: Annotated[
        str | None,
        typer.Option(
            "--out", "-o", help="Write here, or - for stdout; RUN/report.html or trend.html, Markdown to stdout."
        ),
    ] = None,
    layout: opt.PageForm = opt.Page.HTML,
    baseline: Annotated[
        Path | None, typer.Option(autocompletion=complete.runs, help="An earlier run folder to compare with.")
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            metavar="COLUMN",
            autocompletion=complete.system_columns,
            help="Show systems of the run side by side: the column that names them (model).",
        ),
    ] = None,
    pair_by: opt.PairBy = None,
    audio: opt.AudioFolder = None,
    embed: Annotated[
        float, typer.Option(min=0, max=2000, help="Most megabytes of audio inside the page; the rest is linked.")
    ] = 20.0,
    pictures: Annotated[
        int, typer.Option(min=0, help="Draw waveform and spectrogram of so many clips, the worst first.")
    ] = 100,
    clips: Annotated[int, typer.Option(min=1, help="List at most so many clips, the worst first.")] = 20_000,
    quiet: opt.NoRemarks = False,
) -> None:
    """Write the report of a run: figures, what is missed where, and every clip with its sound and its items.

    Of several runs, a history: every figure in each of them, in the order named, and what changed between neighbours.

    Exit code 0: written; 2: a run cannot be read, or the baseline does not compare; 3: the baseline or the run to
    compare was not judged.
    """
    from audiojudge_cli.commands.output_guard import refuse_overwriting
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.reports.gather import LISTED, gather

    target = None if out in {None, "-"} else Path(str(out))
    for folder in filter(None, (*runs, baseline)):
        refuse_overwriting([("out", target)], folder)
    if len(runs) > 1:
        if baseline is not None or by is not None:
            raise InputError("--baseline and --by are for one run; of several, each is compared with the one before it")
        _write_history(runs, out, layout, quiet=quiet)
        return
    run = runs[0]
    if pair_by is not None and by is None:
        raise InputError("--pair-by is for --by: add --by COLUMN")
    if by is not None and by == pair_by:
        raise InputError("--by and --pair-by are the same column: what tells systems apart is no common prompt")
    if by is not None and layout is opt.Page.MD:
        raise InputError(
            "--by is for the page; `audiojudge diff RUN --by COLUMN --format markdown` tells it in Markdown"
        )
    if layout is opt.Page.MD:
        from audiojudge_cli.reports.run_markdown import run_markdown

        write_page(run_markdown(gather(run, baseline, clips=LISTED, failed=False)), out or "-", quiet=quiet)
        return
    from audiojudge_cli.reports.html.page import html_report
    from audiojudge_cli.reports.html.payload import Limits

    gathered = gather(run, baseline, clips=clips)
    page = run / "report.html" if out is None else Path() / "report.html" if out == "-" else Path(out)
    limits = Limits(clips, pictures, int(embed * 1e6))
    write_page(
        html_report(gathered, page, audio=audio, limits=limits, by=by, pair_by=pair_by), out or str(page), quiet=quiet
    )


def _write_history(runs: list[Path], out: str | None, layout: opt.Page, *, quiet: bool) -> None:
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.reports.history import read_history
    from audiojudge_cli.reports.html.trend import trend_report

    if layout is opt.Page.MD:
        raise InputError("Markdown is for one run; the history of several is a page: leave out --format md")
    page = Path("trend.html") if out in {None, "-"} else Path(str(out))
    write_page(trend_report(read_history(runs), page), out or str(page), quiet=quiet)


def write_page(text: str, out: str, *, quiet: bool, what: str = "report") -> None:
    """Write a page, or print it.

    Args:
        text: The page.
        out: Path, or `-` for stdout.
        quiet: Whether nothing is said of it.
        what: It is called.

    Raises:
        InputError: If it cannot be written.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.atomic import write_text
    from audiojudge_cli.text.terminal import shown

    if out == "-":
        typer.echo(text, nl=False)
        return
    try:
        write_text(Path(out), text)
    except OSError as error:
        raise InputError(f"cannot write {shown(out)}: {error.strerror or error}") from error
    if not quiet:
        say(f"{what} in {shown(out)}")
