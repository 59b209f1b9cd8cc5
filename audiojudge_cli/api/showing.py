"""A run for notebooks and prompts: one line, and a small table with the worst clips first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.results.notebook import outcome, p_yes
from audiojudge_cli.results.ratings import clip_ratings
from audiojudge_cli.results.record import NOBODY, Record
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.markup import escaped, table
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from audiojudge_cli.api.opened import Run


def run_line(run: Run) -> str:
    """Return a run in one line: `<Run of 24 clips, score 0.539, 12 match, 1 failed, in audiojudge-run>`."""
    try:
        summary = run.summary
    except AudiojudgeError as error:
        return f"<Run in {shown(run.folder)}: {error}>"
    return f"<Run of {', '.join(_figures(summary))}, in {shown(run.folder)}>"


def run_html(run: Run, worst: Sequence[Record]) -> str:
    """Return a run as its figures and a table of its worst clips: decision, score, the item missed most, its evidence.

    Args:
        run: The run.
        worst: Its worst clips, the worst first.
    """
    try:
        head = f"<b>{escaped(shown(run.folder))}</b>: {escaped(', '.join(_figures(run.summary)))}"
    except AudiojudgeError as error:
        return f"<div>{escaped(str(error))}</div>"
    rows = [_row(record) for record in worst]
    more = len(run) - len(rows)
    rest = f"<div><small>… and {more} more, all in .clips</small></div>" if more > 0 else ""
    reason = f"<div><b>{escaped(run.reason)}</b></div>" if run.reason else ""
    return f"<div>{head}{reason}{table(('clip', 'caption', 'decision', 'p_yes', 'item', 'evidence'), rows)}{rest}</div>"


def _figures(summary: dict[str, Any]) -> list[str]:
    clips, score = summary["clips"], summary["score"]
    parts = [counted(clips["total"], "clip")]
    if summary["judge"]["name"] == NOBODY.name:
        parts.append(f"{summary['quality']['faulty']} with faults")
    elif given := summary.get("ratings"):
        rated = summary["coverage"]
        parts.append(f"{rated['verified']} of {rated['items']} ratings given")
        parts += [f"{name} {one['mean']:.2f}" for name, one in given.items() if one["mean"] is not None]
    else:
        ends = "" if score["low"] is None else f" ({score['low']:.3f} to {score['high']:.3f})"
        parts.append("no score" if score["mean"] is None else f"score {score['mean']:.3f}{ends}")
        parts.append(f"{summary['pass_rate']['passed']} match")
    told = (("error", "failed"), ("pending", "to go"))
    return parts + [f"{clips[kind]} {word}" for kind, word in told if clips[kind]]


def _row(record: Record) -> tuple[str, ...]:
    if record.error:
        told, item = f"{record.error.kind}: {record.error.message}", None
    elif record.is_rated:
        given = [f"{one.dimension} {one.rating:.2f}" for one in clip_ratings(record) if one.rating is not None]
        told, item = ", ".join(given) or "not rated", None
    else:
        told, item = outcome(record) if record.is_judged else "measured", record.worst
    asked = ("", "", "") if item is None else (p_yes(item), item.question, item.evidence)
    return record.audio.path, record.told, told, *asked
