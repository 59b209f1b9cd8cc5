"""A run for TensorBoard: event files in the folder `tensorboard` of the run folder."""

from __future__ import annotations

from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.loggers.logged_values import COLUMNS, Told
from audiojudge_cli.reports.markdown import table, text
from audiojudge_cli.reports.run_markdown import run_markdown
from audiojudge_cli.text.terminal import shown

FOLDER = "tensorboard"
_EVENTS = "events.out.tfevents.*"
_CLIPS = 100
"""Clips in the table: TensorBoard shows it as text."""
_COLUMNS = ("id", "caption", "status", "score", "match", "worst_item", "error")


def log(told: Told) -> str:
    """Write the event file of a run in place of an earlier one, and return where it is.

    Raises:
        InputError: If the folder is a link: nothing outside of the run folder is written.
        OSError: If it cannot be written.
    """
    from tensorboardX import SummaryWriter

    folder = told.folder / FOLDER
    remove(told.folder)
    writer = SummaryWriter(logdir=str(folder))
    try:
        for name, value in told.metrics.items():
            writer.add_scalar(name, value, 0)
        scored = told.gathered.table
        if scored.scored.any():
            writer.add_histogram("scores", scored.score[scored.scored], 0)
        options = [(text(name), text(str(value))) for name, value in told.config.items()]
        writer.add_text("config", "\n".join(table(("option", "value"), options)), 0)
        writer.add_text("clips", "\n".join(_clips(told)), 0)
        writer.add_text("report", run_markdown(told.gathered), 0)
    finally:
        writer.close()
    return shown(folder)


def remove(run: Path) -> None:
    """Remove the event files of an earlier run from a run folder.

    Raises:
        InputError: If their folder is a link.
    """
    folder = run / FOLDER
    if folder.is_symlink():
        raise InputError(f"{shown(folder)} is a link: nothing outside of --out is written; remove it")
    for path in folder.glob(_EVENTS):
        path.unlink()


def _clips(told: Told) -> list[str]:
    at = [COLUMNS.index(name) for name in _COLUMNS]
    rows = [[text("" if row[place] is None else str(row[place])) for place in at] for row in told.rows[:_CLIPS]]
    return table(_COLUMNS, rows)
