"""The ratings of a run as lines for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from audiojudge_cli.text.counted import counted


def rating_rows(ratings: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return a head and one row per dimension: clips, mean, interval, range, spread and the clip rated lowest."""
    rows: list[tuple[str, ...]] = [
        ("dimension", "clips", "rated", "mean", "95 % interval", "from", "to", "spread", "lowest")
    ]
    for name, found in ratings.items():
        interval = "-" if found["low"] is None else f"{found['low']:.2f} to {found['high']:.2f}"
        cells = (_number(found[key]) for key in ("min", "max", "spread"))
        lowest = "" if found["min"] == found["max"] else found["lowest"] or ""
        counts = (str(found["clips"]), str(found["rated"]))
        rows.append((name, *counts, _number(found["mean"]), interval, *cells, lowest))
    return rows


def wording_lines(ratings: Mapping[str, Any]) -> list[str]:
    """Return how far the wordings of each instruction differ; nothing where there was one."""
    told = [(name, found["wording_spread"]) for name, found in ratings.items() if found["wording_spread"] is not None]
    return [f"wordings  {name}: {spread:.2f} points apart on average (standard deviation)" for name, spread in told]


def unrated_lines(ratings: Mapping[str, Any]) -> list[str]:
    """Return why clips that could be heard have no rating, the most frequent reasons of each dimension."""
    return [
        f"{name}: {reason.removesuffix('.')} ({counted(count, 'clip')})"
        for name, found in ratings.items()
        # Summaries written before it was told have none.
        for reason, count in found.get("unrated", {}).items()
    ]


def agreement_rows(ratings: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Return a head and the correlations with what people gave, per dimension; nothing where nobody rated."""
    rows = []
    for name, found in ratings.items():
        for level in ("clips", "systems"):
            if found["human"] and (one := found["human"][level]):
                told = (_correlation(one[key]) for key in ("pearson", "spearman", "kendall"))
                rows.append((name, f"{one['n']} {level}", *told))
    return [("agreement", "with people", "Pearson", "Spearman", "Kendall"), *rows] if rows else []


def _correlation(found: Mapping[str, Any] | None) -> str:
    if found is None:
        return "-"
    interval = "" if found["low"] is None else f" ({found['low']:.2f} to {found['high']:.2f})"
    return f"{found['value']:.2f}{interval}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
