"""Pairs and selected clips as data for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audiojudge_cli.comparing.selecting import SELECTED
from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.gather import Gathered
from audiojudge_cli.reports.html.sources import link
from audiojudge_cli.reports.kept_contest import KeptPair, doubtful_pairs, kept_contest
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import safe_line

_MOST_SELECTED = 500
"""Rows of selected clips on a page: more are read from the manifest."""


@dataclass(frozen=True)
class Contest:
    """What a page tells of a comparison, or of a selection.

    Attributes:
        comparison: As in `summary.json`; None for a selection.
        selection: As in `summary.json`; None for a comparison.
        pairs: The pairs, the most doubtful first.
        total: How many there are.
        clips: Place in `records` of the clip of each audio path.
    """

    comparison: Mapping[str, Any] | None = None
    selection: Mapping[str, Any] | None = None
    pairs: list[KeptPair] = field(default_factory=list)
    total: int = 0
    clips: Mapping[str, int] = field(default_factory=dict)

    def heard_first(self) -> list[int]:
        """Return the places in `records` of what the pairs hold, in their order: the first to get into the page."""
        sides = (pair.cells[f"audio_{side}"] for pair in self.pairs for side in ("a", "b"))
        return list(dict.fromkeys(self.clips[path] for path in sides if path in self.clips))

    def data(self) -> dict[str, Any] | None:
        """Return the pairs for the script of the page; None where there are none."""
        if self.comparison is None:
            return None
        prompts: dict[str, int] = {}
        pairs = [self._pair(pair, prompts) for pair in self.pairs]
        return {"pairs": pairs, "prompts": list(prompts), "total": self.total}

    def _pair(self, pair: KeptPair, prompts: dict[str, int]) -> dict[str, Any]:
        cells = pair.cells
        found = {
            "n": pair.place,
            "id": cells["id"],
            "sides": [self._side(pair, side) for side in ("a", "b")],
            "preferred": cells["preferred"],
            "margin": pair.number("margin"),
            "reason": cells["reason"],
            "prompt": prompts.setdefault(cells["prompt"], len(prompts)),
            "subset": cells["subset"] or "unknown",
            "human": cells["human"],
            "people": pair.people,
        }
        return {key: value for key, value in found.items() if value not in (None, "")}

    def _side(self, pair: KeptPair, side: str) -> dict[str, Any]:
        path = pair.cells[f"audio_{side}"]
        found = {
            "system": safe_line(pair.cells[f"system_{side}"]),
            "path": safe_line(path),
            "score": pair.number(f"score_{side}"),
            "clip": self.clips.get(path),
        }
        return {key: value for key, value in found.items() if value is not None}


def read_contest(run: Gathered, most: int) -> Contest | None:
    """Return what the page tells of a comparison or a selection; None for any other run.

    Args:
        run: The run.
        most: Most pairs on the page.
    """
    kept = kept_contest(run.folder)
    if "selection" in kept:
        return Contest(selection=kept["selection"])
    if "comparison" not in kept:
        return None
    clips: dict[str, int] = {}
    for place, record in enumerate(run.records):
        clips.setdefault(record.audio.path, place)
    try:
        pairs, total = doubtful_pairs(run.folder, most)
    except InputError:
        # Taken away or cut off: the figures stand without them.
        pairs, total = [], 0
    return Contest(comparison=kept["comparison"], pairs=pairs, total=total, clips=clips)


def selected_rows(run: Gathered, page: Path, clips: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the selected clips, at most 500: prompt, path, id of the clip, place, share of comparisons won, score."""
    by_link = {clip["link"]: clip["id"] for clip in reversed(clips) if "link" in clip}
    rows = []
    try:
        lines = read_regular(run.folder / SELECTED).splitlines()
    except (OSError, ValueError):
        return []
    for line in lines[:_MOST_SELECTED]:
        try:
            row = loads(line)
            told = {name: row["selected"][name] for name in ("prompt", "rank", "of", "won", "score")}
            audio = str(row["audio"])
            rows.append({**told, "audio": safe_line(audio), "id": by_link.get(link(run.folder / audio, page))})
        except (AttributeError, LookupError, TypeError, ValueError):
            continue
    return rows
