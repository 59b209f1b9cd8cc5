"""The whole page: figures, charts and clips in one file that reads nothing else and sends nothing anywhere."""

from __future__ import annotations

import base64
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from audiojudge_cli.gates.table import RunTable
from audiojudge_cli.reports.gather import Gathered
from audiojudge_cli.reports.headline import headline
from audiojudge_cli.reports.html.charts import DARK, LIGHT, described, distribution
from audiojudge_cli.reports.html.contest import Contest, read_contest, selected_rows
from audiojudge_cli.reports.html.heat import heat_maps
from audiojudge_cli.reports.html.payload import Limits, clip_data
from audiojudge_cli.reports.html.picture import frequency_ticks
from audiojudge_cli.reports.html.render import render
from audiojudge_cli.reports.html.sources import AudioFinder
from audiojudge_cli.reports.html.versus import Versus, read_versus
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.quality_lines import figure_rows
from audiojudge_cli.results.rating_lines import agreement_rows, rating_rows
from audiojudge_cli.text.terminal import safe_line, shown

_SCRIPTS = ("theme.js", "address.js", "clip.js", "pairs.js", "report.js")


def html_report(
    run: Gathered,
    page: Path,
    *,
    audio: Path | None = None,
    limits: Limits | None = None,
    by: str | None = None,
    pair_by: str | None = None,
) -> str:
    """Return the report of a run as HTML.

    Args:
        run: The run, with its baseline if there is one.
        page: Where the page will lie; audio that is not embedded is linked from there.
        audio: A folder to look for the audio in before the places that the run names.
        limits: How large the page may grow.
        by: The column that names the systems to be shown side by side, and the columns of the heat map; None for none.
        pair_by: The column that identifies their prompts; None for the caption.

    Raises:
        InputError: If the run has no such column.
    """
    limits = limits or Limits()
    contest = read_contest(run, limits.clips)
    versus = read_versus(run, by, pair_by, limits.clips) if by else None
    duels = contest if contest and contest.pairs else versus
    first = duels.heard_first() if duels else []
    clips, blobs = clip_data(run, AudioFinder(run.folder, run.info, audio), page, limits, first=first)
    rated = run.is_rated
    judged = run.table.is_judged and not rated
    return render(
        "run.html.j2",
        _SCRIPTS,
        _data(run, clips, duels),
        title=f"audiojudge report: {safe_line(run.folder.absolute().name)}",
        folder=shown(run.folder),
        judge=run.summary["judge"],
        is_judged=run.table.is_judged,
        is_rated=rated,
        ratings=rating_rows(run.summary["ratings"]) if rated else [],
        people=agreement_rows(run.summary["ratings"]) if rated else [],
        contest=contest,
        versus=versus,
        has_pairs=bool(duels and duels.pairs),
        selected=selected_rows(run, page, clips) if contest and contest.selection else [],
        quality=run.summary["quality"],
        figures=figure_rows(run.summary["quality"]),
        facts=_facts(run),
        tiles=headline(run),
        clips=run.summary["clips"],
        summary=run.summary,
        heat=heat_maps(run.table, by) if judged else [],
        charts=_charts(run) if judged else {},
        distribution=described(run.table.score),
        comparison=run.comparison,
        gate=run.gate,
        listed=len(clips),
        blobs=blobs,
    )


def _data(run: Gathered, clips: list[dict[str, Any]], duels: Contest | Versus | None) -> dict[str, Any]:
    """Return the content of the page's data block: the clips, and what is known of all of them."""
    known = (QUALITY[name] for name, found in run.summary["quality"]["figures"].items() if found["clips"])
    figures = {each.name: {"label": each.label, "unit": each.unit, "places": each.places} for each in known}
    compared, judged = run.comparison is not None, run.table.is_judged
    drawn = [sound for clip in clips for sound in (clip, clip.get("old", {})) if "picture" in sound]
    hz = {sound["rate"]: frequency_ticks(sound["rate"]) for sound in drawn}
    found = {"clips": clips, "compared": compared, "judged": judged, "figures": figures, "hz": hz}
    if run.baseline:
        found["names"] = _apart(run.folder, run.baseline)
    return found | {"rated": run.is_rated, "contest": duels.data() if duels else None}


def _apart(new: Path, old: Path) -> list[str]:
    """Return what the run and its baseline are called beside each other: their names, or paths where those agree."""
    names = [shown(new.resolve().name), shown(old.resolve().name)]
    return names if names[0] != names[1] else [shown(new), shown(old)]


def _charts(run: Gathered) -> dict[str, str]:
    earlier = None
    if run.comparison:
        known = [each.score for each in run.earlier.values() if each.score is not None]
        earlier = np.array(known, dtype=np.float64)
    table: RunTable = run.table
    drawn = {
        name: distribution(table.score, table.match, earlier, shades)
        for name, shades in (("light", LIGHT), ("dark", DARK))
    }
    return {name: f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}" for name, svg in drawn.items()}


def _facts(run: Gathered) -> list[tuple[str, str]]:
    """Return what a reader needs to repeat the run, as far as `run.json` knows."""
    info = run.info
    found = [("run", shown(run.folder)), ("state", info.get("state"))]
    found += [("started", _minute(_at(info, "timings", "started_at"))), ("preset", _at(info, "preset", "name"))]
    if run.table.is_judged:
        found += [("device", _at(info, "judge", "device")), ("expander", _at(info, "expander", "name"))]
    found += [("quality", _at(info, "preset", "options", "quality"))]
    found += [
        ("scored with" if run.table.is_judged else "measured with", _at(info, "versions", "audiojudge")),
        ("reason", info.get("reason")),
    ]
    return [(name, safe_line(str(value))) for name, value in found if value]


def _minute(started: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a time of `run.json` to the minute; anything else as it is."""
    try:
        return f"{datetime.fromisoformat(started):%Y-%m-%d %H:%M %Z}".strip()
    except (TypeError, ValueError):
        return started


def _at(info: Any, *path: str) -> Any:  # noqa: ANN401 - any JSON value
    for name in path:
        info = info.get(name) if isinstance(info, dict) else None
    return info
