"""What a tracker is told of a finished run: figures, configuration, a table of clips, and the HTML report."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.reports.gather import Gathered, gather
from audiojudge_cli.results.record import Record

Scalar = str | int | float | bool
CLIPS = 10_000
"""Most clips in a table, the worst first: trackers show tables in a browser."""
COLUMNS = (
    *("id", "audio", "caption", "transcript", "subset", "status"),
    *("score", "decision", "match", "coverage", "worst_item", "faults", "error"),
)
# What all trackers take in the name of a figure (MLflow is the strictest).
_ODD = re.compile(r"[^\w .\-/]", re.ASCII)
_LONGEST = 200
"""Characters of a name; MLflow takes 250."""


@dataclass(frozen=True)
class Told:
    """A finished run, as a tracker is told of it.

    Attributes:
        name: What the run is called there.
        folder: The run folder.
        metrics: Figures by name; what is null in `summary.json` is left out, never 0.
        config: What the run was made with, by name.
        rows: One row of `COLUMNS` for each clip, the worst first, at most `CLIPS`.
        clips: Number of all clips.
        page: The HTML report.
        gathered: The run, for reports of other kinds.
    """

    name: str
    folder: Path
    metrics: Mapping[str, float]
    config: Mapping[str, Scalar]
    rows: tuple[tuple[Scalar | None, ...], ...]
    clips: int
    page: Path
    gathered: Gathered


def told_of(folder: Path, name: str, page: Path) -> Told:
    """Return what a tracker is told of a run, with its report written to `page`.

    Raises:
        AudiojudgeError: If the run cannot be read.
        OSError: If the report cannot be written.
    """
    from audiojudge_cli.reports.html.page import html_report

    run = gather(folder, None, clips=CLIPS)
    page.write_text(html_report(run, page), encoding="utf-8")
    rows = tuple(_row(record) for record in run.records)
    return Told(name, folder, metrics(run), config(run.info), rows, len(run.table), page, run)


def digest(folder: Path) -> str:
    """Return what changes whenever the records of a run do.

    Raises:
        OSError: If there are none.
    """
    with (folder / "records.jsonl").open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def metrics(run: Gathered) -> dict[str, float]:
    """Return the figures of a run, by names such as `score/mean`, `subset/music/score` and `quality/lufs`."""
    found: dict[str, float] = {}
    for name, value in _figures(run):
        if isinstance(value, int | float):
            found[_ODD.sub("_", name)[:_LONGEST]] = float(value)
    return found


def _figures(run: Gathered) -> Iterator[tuple[str, Any]]:
    summary = run.summary
    yield from ((f"clips/{name}", value) for name, value in summary["clips"].items())
    yield "item_faults", summary["faults"]
    if run.table.is_judged:
        yield from ((f"score/{name}", summary["score"][name]) for name in ("mean", "low", "high"))
        yield "match_rate", summary["pass_rate"]["value"]
        yield "coverage", summary["coverage"]["value"]
    for name, part in summary["subsets"].items():
        yield f"subset/{name}/clips", part["clips"]["total"]
        yield f"subset/{name}/score", part["score"]["mean"]
        yield f"subset/{name}/match_rate", part["pass_rate"]["value"]
    for name, part in summary["dimensions"].items():
        yield f"dimension/{name}/p_yes", part["mean_p_yes"]
        yield f"dimension/{name}/items", part["items"]
    quality = summary["quality"]
    yield from ((f"quality/{name}", part["mean"]) for name, part in quality["figures"].items())
    yield from ((f"quality/faults/{name}", count) for name, count in quality["faults"].items())
    if run.gate is not None:
        yield "gate/passed", run.gate.verdict == "pass"


def config(info: Mapping[str, Any]) -> dict[str, Scalar]:
    """Return what `run.json` says a run was made with, by dotted names; it holds no secrets, and neither does this."""
    judge, preset = _part(info, "judge"), _part(info, "preset")
    wanted: dict[str, Any] = {
        "judge": {name: judge.get(name) for name in ("name", "fingerprint", "device")},
        "expander": _part(info, "expander"),
        "preset": {"name": preset.get("name"), **_part(preset, "options")},
        "inputs": _part(info, "inputs"),
        "versions": _part(info, "versions"),
    }
    return dict(_flat(wanted))


def _part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}


def _flat(data: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Scalar]]:
    for name, value in data.items():
        key = f"{above}{name}"
        if isinstance(value, Mapping):
            yield from _flat(value, f"{key}.")
        elif isinstance(value, str | int | float | bool):
            yield key, value
        elif value:
            yield key, str(value)


def _row(record: Record) -> tuple[Scalar | None, ...]:
    worst, decision, profile = record.worst, record.decision, record.quality
    return (
        record.id,
        record.audio.path,
        record.caption,
        record.transcript,
        record.subset,
        record.status,
        record.score,
        decision.value,
        decision.match,
        record.coverage,
        worst.question if worst else None,
        "; ".join(dict.fromkeys(fault.name for fault in profile.faults)) if profile else None,
        f"{record.error.kind}: {record.error.message}" if record.error else None,
    )
