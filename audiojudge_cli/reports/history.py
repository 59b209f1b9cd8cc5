"""Runs in a row, releases of one model say: every figure in each of them, and what changed from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.gates.compare import Change, Comparison, compare
from audiojudge_cli.gates.expression import DIMENSION, Selection
from audiojudge_cli.gates.figures import Figure
from audiojudge_cli.gates.sample import estimate, units
from audiojudge_cli.reports.gather import Gathered, gather
from audiojudge_cli.reports.headline import LEVEL, headline
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.stats.paired import clusters_needed
from audiojudge_cli.text.terminal import safe_line, shown

_LISTED = 5
_SCORE = Figure("score.mean")
# An interval that is narrower has no width: sums of figures with four decimals lose the last bits.
_SAME = 1e-9
_KINDS = ("overall", "subset", DIMENSION, "quality")
# What the figures at the top of a report are called where two runs are compared.
_COMPARED = {
    "score": ("overall", "score.mean"),
    "match": ("overall", "match_rate"),
    "coverage": ("overall", "coverage"),
    "failed": ("overall", "error_rate"),
    "faulty": ("quality", "fault_rate"),
}


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in one run.

    Attributes:
        value: The figure; None where the run has it not.
        low: Lower end of its 95 % interval; None without one.
        high: Its upper end.
        verdict: `better` or `worse` where it surely changed since the run before; else empty.
    """

    value: float | None = None
    low: float | None = None
    high: float | None = None
    verdict: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A figure in all runs.

    Attributes:
        kind: `overall`, `subset`, `dimension`, or `quality` of what was measured of the files.
        name: Of the figure, the subset or the dimension; with its unit where it has one.
        share: Whether it is a share, shown in percent.
        points: One for each run.
    """

    kind: str
    name: str
    share: bool
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Release:
    """One of the runs.

    Attributes:
        name: Of its folder; the path where two have the same name.
        folder: The run folder.
        judge: Name and fingerprint.
        started: When it began; empty where nobody knows.
        clips: Number of clips.
        pending: Number of clips without a record yet.
        report: Its own page, if that lies in the run folder.
    """

    name: str
    folder: Path
    judge: str
    started: str
    clips: int
    pending: int
    report: Path | None


@dataclass(frozen=True, slots=True)
class Step:
    """From one run to the next.

    Attributes:
        old: Place of the earlier one.
        new: Place of the later one.
        comparison: What changed, over the clips of both; None where they do not compare.
        why: Why they do not.
    """

    old: int
    new: int
    comparison: Comparison | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The runs, in the order given."""

    releases: tuple[Release, ...]
    lines: tuple[Line, ...]
    steps: tuple[Step, ...]


def read_history(folders: Sequence[Path]) -> History:
    """Return every figure of every run, and what changed between neighbours.

    Figures and intervals are those of each run's own report. Neighbours that do not compare (another judge, no common
    clip, a run that has not finished) stand beside each other all the same, and the step says why.

    Args:
        folders: Two run folders or more, in the order in which they are shown.

    Raises:
        InputError: If one is named twice, cannot be read, or has no record.
    """
    known: dict[Path, Path] = {}
    for folder in folders:
        if folder.resolve() in known:
            raise InputError(f"{shown(folder)} is named twice; a history takes every run once")
        known[folder.resolve()] = folder
    runs = [gather(folder, None, clips=0) for folder in folders]
    steps = tuple(_step(folders, at, at + 1) for at in range(len(folders) - 1))
    changes = [{(each.kind, each.name): each for each in _changes(step)} for step in steps]
    found = [dict((*_figures(run), *_measured(run))) for run in runs]
    names = dict.fromkeys(key for figures in found for key in figures)
    lines = []
    for kind, name, share in sorted(names, key=lambda key: _KINDS.index(key[0])):
        points = [figures.get((kind, name, share), Point()) for figures in found]
        asked = _COMPARED.get(name, ("", "")) if kind == "overall" else (kind, name)
        told = [points[0], *(_judged(point, each.get(asked)) for point, each in zip(points[1:], changes, strict=True))]
        figure = QUALITY.get(name) if kind == "quality" else None
        called = f"{figure.label}, {figure.unit}".rstrip(", ") if figure else safe_line(name)
        lines.append(Line(kind, called, share, tuple(told)))
    labels = [folder.resolve().name for folder in folders]
    named = labels if len({*labels}) == len(labels) else [str(folder) for folder in folders]
    return History(tuple(map(_release, named, runs)), tuple(lines), steps)


def _step(folders: Sequence[Path], old: int, new: int) -> Step:
    try:
        return Step(old, new, compare(folders[old], folders[new], top=_LISTED))
    except AudiojudgeError as error:
        return Step(old, new, None, str(error))


def _changes(step: Step) -> Sequence[Change]:
    return step.comparison.changes if step.comparison else ()


def _judged(point: Point, change: Change | None) -> Point:
    verdict = "" if change is None else "worse" if change.is_worse else "better" if change.is_better else ""
    return Point(point.value, point.low, point.high, verdict)


def _figures(run: Gathered) -> Iterator[tuple[tuple[str, str, bool], Point]]:
    for tile in headline(run):
        yield ("overall", tile.name, tile.share), Point(tile.value, tile.low, tile.high)
    if not run.table.is_judged:
        return
    for name, part in run.summary["subsets"].items() if not run.is_rated else ():
        score = part["score"]
        yield ("subset", name, False), Point(score["mean"], score["low"], score["high"])
    for name in sorted(run.table.dimensions):
        found = estimate(units(run.table, _SCORE, Selection((), name), pass_at=1.0), _SCORE)
        low, high = found.interval(LEVEL) or (0.0, 0.0)
        # Items that all agree have no spread to draw from, as at the top of a report; few captions tell nothing.
        told = high - low > _SAME and found.clusters >= clusters_needed(1 - LEVEL)
        yield (DIMENSION, name, False), Point(found.value, *((low, high) if told else (None, None)))


def _measured(run: Gathered) -> Iterator[tuple[tuple[str, str, bool], Point]]:
    for name, figure in run.summary["quality"]["figures"].items():
        if figure["clips"]:
            yield ("quality", name, False), Point(figure["mean"])


def _release(name: str, run: Gathered) -> Release:
    judge: Any = run.summary["judge"]
    timings = run.info.get("timings")
    started = timings.get("started_at") if isinstance(timings, dict) else None
    page = run.folder / "report.html"
    return Release(
        name=safe_line(name),
        folder=run.folder,
        judge=safe_line(f"{judge['name']} {judge['fingerprint']}") if run.table.is_judged else "",
        started=safe_line(str(started or "")),
        clips=len(run.table),
        pending=run.summary["clips"]["pending"],
        report=page if page.is_file() else None,
    )
