"""The quality part of a summary in words and cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.text.counted import counted

# What the one line of a judged run tells besides faults, where clips have it.
_TOLD = ("mos", "wer", "cer")


def fault_counts(quality: Mapping[str, Any]) -> str:
    """Return how many clips have which faults, the most frequent first."""
    if not quality["clips"]:
        return "- (nothing was measured)"
    if not quality["faulty"]:
        return f"none in {counted(quality['clips'], 'clip')}"
    found = sorted((-count, name) for name, count in quality["faults"].items() if count)
    kinds = ", ".join(f"{name} {-count}" for count, name in found)
    return f"{quality['faulty']} of {counted(quality['clips'], 'clip')} ({kinds})"


def quality_line(quality: Mapping[str, Any] | None) -> Iterator[str]:
    """Yield the one line that the summary of a judged run has about quality; none where nothing was measured."""
    if quality and quality["clips"]:
        figures = [(QUALITY[name], quality["figures"][name]["mean"]) for name in _TOLD]
        means = [f"{figure.label} {figure.text(mean)}" for figure, mean in figures if mean is not None]
        yield "; ".join([f"faults: {fault_counts(quality)}", *([f"mean {', '.join(means)}"] if means else [])])


def figure_rows(quality: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return a head and one row for each figure that any clip has: clips, median, range, unit, and the worst clip.

    Where all clips are alike, none of them is the worst.
    """
    rows: list[tuple[str, ...]] = [("figure", "clips", "median", "from", "to", "unit", "worst clip")]
    for name, found in quality["figures"].items():
        if not found["clips"]:
            continue
        figure, worst = QUALITY[name], found["worst"] if found["min"] != found["max"] else None
        cells = (figure.text(found[key]) for key in ("median", "min", "max"))
        rows.append((figure.label, str(found["clips"]), *cells, figure.unit, worst or ""))
    return rows
