"""`audiojudge show`: a run, or some clips of it, on the terminal."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from audiojudge_cli.reports.clip_list import ClipLine
    from audiojudge_cli.reports.kept_contest import KeptPair
    from audiojudge_cli.results.record import Record

_LISTED = 20


class Layout(StrEnum):
    """How it is printed."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"


def register(app: typer.Typer) -> None:
    """Add `audiojudge show` to the command tree."""
    app.command("show", cls=HelpCommand)(show)


def show(
    run: opt.RunOf,
    clips: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID]...",
            autocompletion=complete.clips,
            help="Ids or audio files of clips, or their beginnings, or ids of pairs; all when left out.",
        ),
    ] = None,
    *,
    layout: Annotated[
        Layout,
        typer.Option(
            "--format", help="For people; JSON (the summary, or whole records); the list as lines of JSON, or as CSV."
        ),
    ] = Layout.TABLE,
    limit: Annotated[int, typer.Option(min=1, metavar="N", help="List at most so many clips, the worst.")] = _LISTED,
    everything: Annotated[bool, typer.Option("--all", help="List all clips.")] = False,
) -> None:
    """Show all clips of a run, the worst first, or of some their caption, decision, and every item with its evidence.

    Failed clips come before all others, then those with the lowest decision value. An id that several clips begin with
    lists them. A comparison lists its pairs first, those to be doubted at the top; the id of a pair shows its reason.

    Exit code 0: shown; 2: it is no run folder, or no clip has that name.
    """
    from audiojudge_cli.reports.clip_list import clip_line
    from audiojudge_cli.reports.find import find_records
    from audiojudge_cli.reports.pair_lines import find_pairs
    from audiojudge_cli.results.worst import badness

    if not clips:
        _print_run(run, layout, None if everything else limit)
        return
    pairs = find_pairs(run, clips) if layout is Layout.TABLE else {}
    if pairs:
        _print_pairs(run, pairs.values())
        clips = [name for name in clips if name not in pairs]
    if not clips:
        return
    found = find_records(run, clips)
    records = list({record.id: record for each in found for record in each}.values())
    if layout is Layout.JSON or (layout is Layout.TABLE and all(len(each) == 1 for each in found)):
        _print_whole(records, layout)
        return
    lines = [clip_line(record) for record in sorted(records, key=badness)]
    _print_list(lines[: None if everything else limit], len(lines), layout, judged=records[0].is_judged)


def _print_run(run: Path, layout: Layout, most: int | None) -> None:
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.reports.clip_list import listed_run
    from audiojudge_cli.reports.comparison_lines import ending_lines
    from audiojudge_cli.reports.kept_contest import kept_contest
    from audiojudge_cli.results.record import NOBODY
    from audiojudge_cli.results.terminal import summary_lines
    from audiojudge_cli.text.jsonl import dumps

    summary, lines = listed_run(run, most)
    summary |= kept_contest(run)
    if layout is Layout.JSON:
        typer.echo(dumps(summary, indent=2))
        return
    if layout is Layout.TABLE:
        where = screen(sys.stdout)
        typer.echo("\n".join([*(ending_lines(summary, where) or summary_lines(summary, (), where)), ""]))
        _print_doubtful(run, summary, most)
    clips = summary["clips"]
    judged = summary["judge"]["name"] != NOBODY.name
    _print_list(lines, clips["total"] - clips["pending"], layout, judged=judged)


def _print_doubtful(run: Path, summary: Mapping[str, Any], most: int | None) -> None:
    """Print the pairs of a comparison, those to be doubted first."""
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.reports.kept_contest import doubtful_pairs
    from audiojudge_cli.reports.pair_lines import list_lines
    from audiojudge_cli.text.counted import counted

    if "comparison" not in summary:
        return
    try:
        pairs, total = doubtful_pairs(run, sys.maxsize if most is None else most)
    except InputError:
        return  # taken away or cut off: the figures stand without them
    if pairs:
        left = f"{counted(total - len(pairs), 'more pair')}: --all lists them" if total > len(pairs) else ""
        typer.echo("\n".join([*list_lines(pairs, screen(sys.stdout)), *filter(None, [left]), ""]))


def _print_pairs(run: Path, pairs: Iterable[KeptPair]) -> None:
    """Print pairs with their reasons."""
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.reports.pair_lines import pair_lines

    for pair in pairs:
        typer.echo("\n".join([*pair_lines(pair, run, screen(sys.stdout)), ""]))


def _print_whole(records: list[Record], layout: Layout) -> None:
    """Print clips with all their items."""
    from audiojudge_cli.commands.console import screen
    from audiojudge_cli.reports.clip_lines import clip_lines
    from audiojudge_cli.text.jsonl import dumps

    if layout is Layout.JSON:
        data = [record.to_dict() for record in records]
        typer.echo(dumps(data[0] if len(data) == 1 else data, indent=2))
        return
    for at, record in enumerate(records):
        lines = clip_lines(record, screen(sys.stdout), blocks=sys.stdout.isatty())
        typer.echo("\n".join([*([""] if at else []), *lines]))


def _print_list(lines: list[ClipLine], clips: int, layout: Layout, *, judged: bool) -> None:
    from audiojudge_cli.commands.console import say, screen
    from audiojudge_cli.reports.clip_list import list_csv, list_data, list_lines
    from audiojudge_cli.text.counted import counted
    from audiojudge_cli.text.jsonl import dumps

    left = f"{counted(clips - len(lines), 'more clip')}: --all lists them" if clips > len(lines) else ""
    if layout is Layout.TABLE:
        typer.echo("\n".join([*list_lines(lines, screen(sys.stdout), judged=judged), *filter(None, [left])]))
        return
    if layout is Layout.CSV:
        typer.echo(list_csv(lines), nl=False)
    for line in lines if layout is Layout.JSONL else ():
        typer.echo(dumps(list_data(line)))
    if left:
        say(left)
