"""`audiojudge score --dry-run`: what would be judged, what of it can be checked, how long it takes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from audiojudge_cli.commands.console import hush
from audiojudge_cli.commands.throughput import span
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.jsonl import dumps
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.rubrics.expander import Expander
    from audiojudge_cli.rubrics.item import RubricItem
    from audiojudge_cli.runs.dry_run import Outlook
    from audiojudge_cli.runs.options import ScoreOptions


def tell_outlook(
    options: ScoreOptions,
    teller: EventLog,
    *,
    judge: Callable[[], Judge],
    expander: Callable[[], Expander],
    calibration_s: float | None,
    as_json: bool,
) -> None:
    """Print what a run would do; the same input errors end it as would end the run.

    Args:
        options: Of the run.
        teller: Writes to stderr.
        judge: Loads the judge; called only to calibrate.
        expander: Loads the expander; not called for one that a model writes for.
        calibration_s: Seconds to judge for, to learn the speed; None takes it from the last run in the folder.
        as_json: Print one JSON object instead of lines.

    Raises:
        InputError: As the run.
    """
    from audiojudge_cli.clips.report import PairingReport
    from audiojudge_cli.judges.registry import judge_family
    from audiojudge_cli.rubrics.registry import LLM, load_expander
    from audiojudge_cli.runs.calibrate import calibrate
    from audiojudge_cli.runs.dry_run import look_ahead
    from audiojudge_cli.runs.folder import refuse_foreign
    from audiojudge_cli.runs.plan import plan

    def paired(report: PairingReport, _clips: int) -> None:
        for line in report.lines():
            teller.tell("remark", line, message=line)

    written = options.preset.expander == LLM
    checks = _checks(judge_family(options.preset.judge))
    found = plan(options, (lambda: load_expander("rules")) if written else expander, paired)
    refuse_foreign(options.out)
    outlook = look_ahead(found, options, checks=checks, expands=not written)
    if calibration_s is not None:
        outlook.rate = calibrate(found, options, judge(), calibration_s)
    text = dumps(outlook.to_dict()) if as_json else "\n".join(_lines(outlook, options.preset.judge, options.out))
    try:
        typer.echo(text)
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)


def _checks(family: str) -> Callable[[RubricItem], bool] | None:
    """Return what tells whether a judge can check an item; None for judges that have to hear the clip first."""
    if family != "embedded":
        return None
    from audiojudge_cli.judges.embedded.judge import checkable

    return checkable


def _lines(outlook: Outlook, judge: str, out: Path) -> list[str]:
    scale, sampled = outlook.scale, outlook.looked_at < outlook.clips
    done = f", {outlook.done} of them with a record in {shown(out)}" if outlook.done else ""
    lines = [f"clips     {outlook.clips}{done}"]
    if sampled:
        lines.append(f"          figures below: from {outlook.looked_at} of them, drawn by the hash of their ids")
    about = "about " if sampled else ""
    opened = outlook.looked_at - sum(outlook.unreadable.values())
    mean = f", {outlook.audio_s / opened:.1f} s per clip" if opened else ""
    lines.append(f"audio     {about}{span(outlook.audio_s * scale)}{mean}")
    if outlook.unknown_length:
        lines.append(f"          {counted(outlook.unknown_length, 'file')} of unknown length not counted")
    if outlook.unreadable:
        kinds = ", ".join(f"{round(count * scale)} {kind}" for kind, count in outlook.unreadable.most_common())
        lines.append(f"fail      {about}{round(sum(outlook.unreadable.values()) * scale)} ({kinds})")
        lines += [f"          {example}" for example in outlook.examples]
    lines += _items(outlook, judge, about)
    if outlook.rate is None or outlook.seconds is None:
        lines.append(
            "time      unknown: no run by this judge in that folder to learn the speed from; --calibrate 10 does"
        )
    else:
        speed = f"{outlook.rate.audio_s_per_s:.3g} s of audio per second"
        lines.append(f"time      about {span(outlook.seconds)} at {speed} ({outlook.rate.source})")
        lines.append(f"cost      about {outlook.seconds / 3600:.2g} hours of this machine, with these --workers")
    return [*lines, "", "nothing was kept and nothing was written"]


def _items(outlook: Outlook, judge: str, about: str) -> list[str]:
    total, scale = outlook.items.total(), outlook.scale
    lines = []
    if outlook.unasked:
        lines.append(f"rubrics   {round(outlook.unasked * scale)} are written by a model during the run: items unknown")
    if not total:
        return lines
    per_clip = total / (outlook.looked_at - sum(outlook.unreadable.values()) - outlook.unasked)
    lines.append(f"items     {about}{round(total * scale)}, {per_clip:.1f} per clip")
    checkable = outlook.checkable
    if checkable is None:
        lines.append(f"          which of them {judge} can check, only judging tells")
    else:
        share = checkable.total() / total
        lines.append(f"          {round(checkable.total() * scale)} of them ({share:.0%}) the judge {judge} can check")
    wide = max(map(len, outlook.items))
    for name, count in outlook.items.most_common():
        can = "" if checkable is None else f"  {round(checkable[name] * scale):>7} checkable"
        lines.append(f"          {name:<{wide}}  {round(count * scale):>7}{can}")
    return lines
