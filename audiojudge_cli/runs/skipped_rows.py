"""What a run left out, row by row: rows that are no clip, and audio that no row names."""

from __future__ import annotations

from pathlib import Path

from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.results.csv_cells import csv_writer
from audiojudge_cli.runs.folder import PROBLEMS, unwritable
from audiojudge_cli.text.atomic import writing
from audiojudge_cli.text.cells import text_cell
from audiojudge_cli.text.terminal import safe_line

COLUMNS = ("source", "line", "kind", "message")


def write_problems(folder: Path, pairing: Pairing) -> None:
    """Write `problems.csv` of a run folder, one line for everything left out; without any, remove it.

    Raises:
        NotJudgedError: If it cannot be written.
    """
    path = folder / PROBLEMS
    try:
        if not pairing.report.problems and not pairing.report.unused:
            path.unlink(missing_ok=True)
            return
        with writing(path) as file:
            rows = csv_writer(file)
            rows.writerow(COLUMNS)
            for found in pairing.problems():
                rows.writerow((text_cell(found.source), found.line, found.kind, text_cell(found.message)))
            for name in pairing.unused_audio():
                rows.writerow((text_cell(safe_line(name)), None, "no-caption", "no row names this audio file"))
    except OSError as error:
        raise unwritable(path, error) from error
