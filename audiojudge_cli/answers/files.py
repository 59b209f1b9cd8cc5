"""What is written: `answers.csv`, one row per answer and metric, and `answers.json`, the figures."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from audiojudge_cli.answers.figures import LEVEL, Group, lower_is_better
from audiojudge_cli.answers.metrics import RATES
from audiojudge_cli.answers.scoring import Scored
from audiojudge_cli.clips.row import Problem
from audiojudge_cli.text.atomic import write_text, writing
from audiojudge_cli.text.cells import text_cell
from audiojudge_cli.text.hidden import hidden
from audiojudge_cli.text.jsonl import dumps

SCHEMA = "audiojudge.answers/1"
ROWS, SUMMARY = "answers.csv", "answers.json"
COLUMNS = (
    *("source", "line", "id", "model", "task", "dataset", "template", "metric"),
    *("value", "errors", "words", "reference", "error"),
)
_LISTED = 100
"""Failures and broken rows in `answers.json`; `answers.csv` has all failures."""


def write_rows(folder: Path, scored: Sequence[Scored]) -> None:
    """Write `answers.csv`.

    Raises:
        OSError: If it cannot be written.
    """
    with writing(folder / ROWS) as file:
        sheet = csv.writer(file, lineterminator="\n")
        sheet.writerow(COLUMNS)
        for one in scored:
            sheet.writerow(_cells(one))


def _cells(one: Scored) -> list[str | float | int]:
    answer, value = one.answer, one.value
    counts: list[str | float | int] = ["", "", "", ""]
    if value is not None:
        rate = one.metric in RATES
        counts = [round(value.figure, 4), int(value.top) if rate else "", int(value.bottom) if rate else ""]
        counts.append("" if value.reference is None else value.reference + 1)
    texts = (answer.id, answer.model, one.task, answer.dataset, answer.template, one.metric)
    return [
        text_cell(answer.source),
        "" if answer.line is None else answer.line,
        *map(text_cell, texts),
        *counts,
        text_cell(hidden(one.error)),
    ]


def summary_data(
    groups: Sequence[Group],
    scored: Sequence[Scored],
    broken: Sequence[Problem],
    *,
    tasks: str,
    model: Mapping[str, str] | None,
) -> dict[str, Any]:
    """Return what `answers.json` holds.

    Args:
        groups: The figures.
        scored: All answers.
        broken: Rows that are no answers.
        tasks: Name of the table of tasks.
        model: Name and fingerprint of the text model; None where none was asked.
    """
    failed = [one for one in scored if one.value is None]
    return {
        "schema": SCHEMA,
        "level": LEVEL,
        "tasks": tasks,
        "text_model": model,
        "rows": len({id(one.answer) for one in scored}),
        "failed": len(failed),
        "broken": len(broken),
        "figures": [_group(one) for one in groups],
        "failures": [
            {"where": one.answer.where, "id": one.answer.id, "metric": one.metric, "message": hidden(one.error)}
            for one in failed[:_LISTED]
        ],
        "problems": [
            {"source": one.source, "line": one.line, "kind": one.kind, "message": one.message}
            for one in broken[:_LISTED]
        ],
    }


def write_summary(folder: Path, data: Mapping[str, Any]) -> None:
    """Write `answers.json`.

    Raises:
        OSError: If it cannot be written.
    """
    write_text(folder / SUMMARY, dumps(data, indent=2) + "\n")


def _group(group: Group) -> dict[str, Any]:
    return {
        "model": group.model,
        "task": group.task,
        "dataset": group.dataset,
        "metric": group.metric,
        "better": "lower" if lower_is_better(group.metric) else "higher",
        **asdict(group.figure),
        "templates": [{"template": one.name, **asdict(one.figure)} for one in group.templates],
        "spread": None if group.spread is None else asdict(group.spread),
    }
