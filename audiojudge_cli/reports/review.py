"""Look into a run folder again: its figures and its worst clips."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.index import read_records
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.rule import read_rule
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.worst import Worst, WorstClip
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import shown


def review(folder: Path) -> tuple[dict[str, Any], list[WorstClip]]:
    """Return the figures of a run, as in `summary.json`, and its worst clips, from its records.

    Raises:
        InputError: If it is no run folder, or empty.
    """
    worst = Worst()
    return counted_run(folder, worst.add), worst.clips()


def counted_run(folder: Path, see: Callable[[Record], None]) -> dict[str, Any]:
    """Return the figures of a run, as in `summary.json`, and let `see` look at every record as it passes.

    They are counted anew, so that a run that is still going on can be looked at as well.

    Raises:
        InputError: If it is no run folder, or empty.
    """
    tally = None
    for record in read_records(folder):
        if tally is None:
            tally = Tally(record.judge, read_rule(record.decision.rule, record.decision.threshold))
        tally.add(record)
        see(record)
    if tally is None:
        raise InputError(f"{shown(folder)}: no clip has a record yet")
    return tally.summary(pending=_pending(folder, tally.clips))


def _pending(folder: Path, clips: int) -> int:
    """Return how many clips have no record, as far as the last `summary.json` knows."""
    try:
        total = loads(read_regular(folder / "summary.json"))["clips"]["total"]
        return max(0, int(total) - clips)
    except (OSError, ArithmeticError, ValueError, KeyError, TypeError):
        return 0
