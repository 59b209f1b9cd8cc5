"""Several runs as one page: a history of every figure with its intervals, and what changed between neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from audiojudge_cli.reports.history import History, Line
from audiojudge_cli.reports.html.render import percent, render
from audiojudge_cli.reports.html.sources import link
from audiojudge_cli.reports.tables import number

_SCRIPTS = ("theme.js",)
# With more runs, their names and figures would run into each other below and above the points.
_MOST_NAMED = 6
# A range of less than this says that nothing moves, and shows it as a line, not as an alp.
_LEAST_RANGE = 0.05


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a chart: where it lies, where its interval begins and ends, and what is written beside it."""

    x: float
    y: float
    high: float | None
    low: float | None
    text: str
    verdict: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure over all runs as a drawing.

    Attributes:
        width: Of the drawing.
        height: Of the drawing.
        dots: The runs that have the figure.
        paths: Lines between neighbours that compare, as SVG points.
        scale: What is written beside the axis, and how far down.
        names: Names of runs below it, each with its place and anchor.
    """

    width: int
    height: int
    dots: tuple[Dot, ...]
    paths: tuple[str, ...]
    scale: tuple[tuple[str, float], ...] = ()
    names: tuple[tuple[str, float, str], ...] = ()


def trend_report(history: History, page: Path) -> str:
    """Return the history of runs as HTML.

    Args:
        history: The runs.
        page: Where the page will lie; reports of single runs are linked from there.
    """
    joined = [step.comparison is not None for step in history.steps]
    names = [release.name for release in history.releases]
    overall = [line for line in history.lines if line.kind == "overall"]
    return render(
        "trend.html.j2",
        _SCRIPTS,
        None,
        title=f"audiojudge report: {len(names)} runs",
        history=history,
        names=names,
        judges=list(dict.fromkeys(release.judge for release in history.releases if release.judge)),
        links=[link(release.report, page) if release.report else None for release in history.releases],
        charts=[(line, large(line, joined, names)) for line in overall],
        groups=[
            (kind, [(line, small(line, joined)) for line in history.lines if line.kind == kind])
            for kind in dict.fromkeys(line.kind for line in history.lines)
        ],
        clip_link=_clip_link,
        shown_point=shown_point,
    )


def large(line: Line, joined: Sequence[bool], names: Sequence[str]) -> Chart:
    """Return the chart of a figure with its axis, values and names of runs."""
    left, right, top, bottom = 52.0, 336.0, 22.0, 112.0
    low, high = _range(line)
    dots, paths = _drawn(line, joined, (left + 18, right - 18), (top, bottom), (low, high))
    places = _places(len(names), left + 18, right - 18)
    last = len(names) - 1
    chosen = range(len(names)) if len(names) <= _MOST_NAMED else (0, last)
    room = 50 // len(chosen)
    below = []
    for at in chosen:
        # A long name at the edge begins, or ends, with the drawing.
        anchor = "middle" if len(names[at]) <= 8 else {0: "start", last: "end"}.get(at, "middle")
        below.append((_shortened(names[at], room), {"start": left, "end": right}.get(anchor, places[at]), anchor))
    ends = ((_text(high, share=line.share), top), (_text(low, share=line.share), bottom))
    return Chart(348, 138, dots, paths, ends, tuple(below))


def small(line: Line, joined: Sequence[bool]) -> Chart:
    """Return the chart of a figure as it stands in a row of a table."""
    dots, paths = _drawn(line, joined, (7.0, 113.0), (5.0, 25.0), _range(line))
    return Chart(120, 30, dots, paths)


def shown_point(value: float | None, *, share: bool) -> str:
    """Return a figure as the tables show it."""
    return "–" if value is None else _text(value, share=share)


def _range(line: Line) -> tuple[float, float]:
    known = [end for point in line.points for end in (point.low, point.value, point.high) if end is not None]
    if not known:
        return 0.0, 1.0
    low, high = min(known), max(known)
    lacking = max(0.0, _LEAST_RANGE - (high - low)) / 2
    low, high = low - lacking, high + lacking
    if line.kind == "quality":
        return low, high
    # Every other figure is a share or a mean of p_yes.
    return (0.0, max(high, _LEAST_RANGE)) if low < 0 else (min(low, 1 - _LEAST_RANGE), 1.0) if high > 1 else (low, high)


def _drawn(
    line: Line,
    joined: Sequence[bool],
    across: tuple[float, float],
    down: tuple[float, float],
    ends: tuple[float, float],
) -> tuple[tuple[Dot, ...], tuple[str, ...]]:
    low, high = ends

    def height(value: float) -> float:
        return round(down[1] - (value - low) / (high - low) * (down[1] - down[0]), 1)

    dots: list[Dot] = []
    paths: list[list[str]] = []
    goes_on = False
    for at, (point, x) in enumerate(zip(line.points, _places(len(line.points), *across), strict=True)):
        goes_on = goes_on and joined[at - 1]
        if point.value is None:
            goes_on = False
            continue
        bar = [None if end is None else height(end) for end in (point.high, point.low)]
        text = _text(point.value, share=line.share) if len(line.points) <= _MOST_NAMED else ""
        dots.append(Dot(x, height(point.value), bar[0], bar[1], text, point.verdict))
        if not goes_on:
            paths.append([])
        paths[-1].append(f"{x},{height(point.value)}")
        goes_on = True
    return tuple(dots), tuple(" ".join(path) for path in paths if len(path) > 1)


def _places(count: int, left: float, right: float) -> list[float]:
    """Return where the runs stand, from left to right; one alone in the middle."""
    if count == 1:
        return [(left + right) / 2]
    return [round(left + at * (right - left) / (count - 1), 1) for at in range(count)]


def _text(value: float, *, share: bool) -> str:
    return percent(value) if share else number(value)


def _shortened(name: str, room: int) -> str:
    return name if len(name) <= room else f"{name[: room - 1]}…"


def _clip_link(page: str, clip: str) -> str:
    return f"{page}#clip={quote(clip.encode('utf-8', 'replace'), safe='')}"
