"""`--dry-run` of `compare`, `rank` and `select`: how many clips and pairs there are, and what a judge would write."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from audiojudge_cli.commands.console import hush
from audiojudge_cli.commands.throughput import span
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.runs.dry_run import Outlook
    from audiojudge_cli.runs.options import ScoreOptions


def tell_outlook(options: ScoreOptions, teller: EventLog) -> None:
    """Print what a run would do; the same input errors end it as would end the run.

    Args:
        options: Of the run.
        teller: Writes to stderr.

    Raises:
        InputError: As the run.
    """
    from audiojudge_cli.clips.report import PairingReport
    from audiojudge_cli.rubrics.registry import load_expander
    from audiojudge_cli.runs.dry_run import look_ahead
    from audiojudge_cli.runs.folder import refuse_foreign
    from audiojudge_cli.runs.plan import plan

    def paired(report: PairingReport, _clips: int) -> None:
        for line in report.lines():
            teller.tell("remark", line, message=line)

    found = plan(options, lambda: load_expander("rules"), paired)
    refuse_foreign(options.out)
    outlook = look_ahead(found, options, checks=None, expands=False)
    try:
        typer.echo("\n".join(_lines(outlook, options)))
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)


def _lines(outlook: Outlook, options: ScoreOptions) -> list[str]:
    from audiojudge_cli.comparing.couples import read_opinions

    assert options.contest is not None  # noqa: S101 - only contests come here
    pairs = sum(1 for _ in options.contest.meetings())
    about = "about " if outlook.looked_at < outlook.clips else ""
    done = f", {outlook.done} of them with a record in {shown(options.out)}" if outlook.done else ""
    lines = [f"clips     {outlook.clips}{done}", f"audio     {about}{span(outlook.audio_s * outlook.scale)}"]
    if outlook.unreadable:
        kinds = ", ".join(f"{round(count * outlook.scale)} {kind}" for kind, count in outlook.unreadable.most_common())
        lines.append(f"fail      {about}{kinds}")
        lines += [f"          {example}" for example in outlook.examples]
    lines.append(f"pairs     {pairs}, by {options.contest.by}")
    if options.votes:
        texts = 2 * options.votes * pairs
        lines.append(
            f"heard     together by {options.preset.judge}: at most {counted(texts, 'text')}, of 1,024 tokens at most"
        )
        known = 0 if options.restart else len(read_opinions(options.out))
        if known:
            lines.append(f"          {counted(known, 'pair')} in {shown(options.out)} already")
    return [*lines, "", "nothing was kept and nothing was written"]
