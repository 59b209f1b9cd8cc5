"""What `audiojudge score` prints at the end: figures, gate and where the results lie."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from audiojudge_cli.commands.console import hush, screen
from audiojudge_cli.commands.one_clip import print_clips
from audiojudge_cli.gates.outcome import GateResult
from audiojudge_cli.results.terminal import fault_lines, summary_lines
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from audiojudge_cli.clips.report import PairingReport
    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.runs.options import Scored, ScoreOptions

_INTERRUPTED = 130
_AGAIN: dict[str, str] = {
    "audio": "audio changed",
    "caption": "caption changed",
    "expander": "expander changed",
    "failed": "failed before",
    "measures": "measures changed",
    "quality": "another depth",
    "reference": "reference changed",
    "rubric": "rubric changed",
    "transcript": "transcript changed",
}


def tell_ending(
    scored: Scored, options: ScoreOptions, teller: EventLog, report: PairingReport | None, *, table: bool
) -> None:
    """Print the table to stdout, or the last lines to stderr, and why the exit code is not 0.

    Args:
        scored: How the run went.
        options: Of the run.
        teller: Writes to stderr.
        report: What pairing found.
        table: Whether stdout is for people; otherwise it holds records.
    """
    manner = teller.manner
    last = _last_lines(scored, options)
    if table and options.is_one_file and scored.summary["clips"]["pending"] == 0:
        print_clips(options.out, [] if options.is_passing else last)
    elif table:
        _print_table(scored, last, [] if report is None or _seen(teller) else report.lines())
    elif not manner.is_json:
        for line in last:
            teller.tell("remark", line)
    _print_gate(scored, teller, table=table)
    teller.tell(
        "end",
        exit_code=scored.exit_code,
        reason=scored.reason,
        out=None if options.is_passing else str(options.out),
        counts=scored.counts,
        timings={name: round(seconds, 3) for name, seconds in scored.timings.items()},
        score=scored.summary["score"]["mean"],
        coverage=scored.summary["coverage"]["value"],
        faults=scored.summary["faults"],
        gate=None if scored.gate is None else {"exit_code": scored.gate.exit_code},
    )
    if scored.reason and scored.exit_code == _INTERRUPTED:
        teller.insist(scored.reason)
    elif scored.reason:
        teller.error(scored.reason, scored.exit_code)


def _seen(teller: EventLog) -> bool:
    """Return whether the remarks stand right above the table already, on one terminal."""
    lines = not teller.manner.is_quiet and not teller.manner.is_json
    return lines and sys.stdout.isatty() and sys.stderr.isatty()


def _print_gate(scored: Scored, teller: EventLog, *, table: bool) -> None:
    from audiojudge_cli.commands.gate import print_table

    if not isinstance(scored.gate, GateResult):
        return
    if not table and (teller.manner.is_json or (teller.manner.is_quiet and scored.gate.passed)):
        return
    stream = sys.stdout if table else sys.stderr
    try:
        typer.echo(file=stream)
        print_table(scored.gate, stream)
        stream.flush()
    except BrokenPipeError:
        hush(stream)


def _print_table(scored: Scored, last: list[str], loose: list[str]) -> None:
    from audiojudge_cli.reports.comparison_lines import ending_lines

    where = screen(sys.stdout)
    lines = ending_lines(scored.summary, where) or summary_lines(scored.summary, scored.worst, where)
    lines += ["", *loose] if loose else []
    lines += ["", *last]
    try:
        typer.echo("\n".join(lines))
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)


def _spent(figures: Mapping[str, float]) -> str:
    tokens = figures["prompt_tokens"] + figures["completion_tokens"]
    cost = f", cost {figures['cost']:.4g}" if "cost" in figures else ""
    return f"{counted(int(figures['requests']), 'request')} to the server, {tokens:,.0f} tokens{cost}"


def _last_lines(scored: Scored, options: ScoreOptions) -> list[str]:
    counts, timings = scored.counts, scored.timings
    speed = f"{timings['audio_s']:.1f} s of audio in {timings['total_s']:.1f} s"
    done = "rated" if options.criteria else "judged" if options.is_judged else "measured"
    lines = [f"{counted(counts['judged'], 'clip')} {done} ({speed})"] if counts["judged"] else []
    if scored.spent:
        lines.append(_spent(scored.spent))
    if counts["failed"]:
        lines.append(f"{counted(counts['failed'], 'clip')} failed")
    lines += fault_lines(scored.summary)
    if counts["kept"]:
        lines.append(f"{counted(counts['kept'], 'clip')} kept from an earlier run")
    if scored.again:
        told = _AGAIN | ({"expander": _instructions(options)} if options.criteria else {})
        why = ", ".join(f"{told[reason]} {count}" for reason, count in sorted(scored.again.items()))
        lines.append(f"{counted(sum(scored.again.values()), 'clip')} {done} again: {why}")
    if cached := counts["cached_verdicts"]:
        lines.append(f"{counted(cached, 'verdict')} from {shown(options.cache or '')}")
    if counts["aside"]:
        lines.append(f"{counted(counts['aside'], 'record')} of other clips set aside")
    if options.rubrics and counts["expanded"]:
        share = f"{counts['expanded']} of {counted(counts['clips'], 'clip')}"
        lines.append(f"{share} not in {shown(options.rubrics)} (by id and caption): expanded instead")
    return lines if options.is_passing else [*lines, f"results in {shown(options.out)}"]


def _instructions(options: ScoreOptions) -> str:
    """Return that the folder held ratings by other instructions, with the dimensions that these rate."""
    names = dict.fromkeys(one.name for one in options.criteria)
    return f"other instructions (now {shown(', '.join(names))})"
