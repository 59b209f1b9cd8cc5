"""What `bench.json` holds: every figure of a benchmark run, with its interval."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import yaml

from audiojudge_cli.bench.gather import Gathered, gather
from audiojudge_cli.bench.layouts import Benchmark
from audiojudge_cli.bundle import bundled
from audiojudge_cli.results.record import Record
from audiojudge_cli.stats.classified import BINS, Cases, Figure, best_threshold, figures, reliability

SCHEMA = "audiojudge.bench/1"

_LEAST_DEV = 20
"""Clips in each half below which no threshold is chosen: of fewer, one clip is more than five points of accuracy."""


def bench_data(
    benchmark: Benchmark, records: Iterable[Record], summary: Mapping[str, Any], *, rubrics: str
) -> dict[str, Any]:
    """Return all figures as plain JSON data; docs/bench.md documents every field.

    Args:
        benchmark: What was judged.
        records: Of the finished run, in the order of the rows.
        summary: Content of its `summary.json`.
        rubrics: `gold` or `own`.
    """
    scored = benchmark.layout.is_scored
    found = Gathered() if scored else gather(records)
    clips = summary["clips"]
    return {
        "schema": SCHEMA,
        "benchmark": benchmark.name,
        "layout": benchmark.layout.name,
        "judge": dict(summary["judge"]),
        "rubrics": None if scored else rubrics,
        "clips": {
            "total": clips["total"],
            "failed": clips["error"],
            "unverifiable": found.unverifiable if not scored else clips["unverifiable"],
            "expanded": found.own,
        },
        "decision": None if scored else {"rule": found.rule, "threshold": found.threshold},
        "groups": [] if scored else _groups(found),
        "chosen_threshold": None if scored else _chosen(found),
        "items": [
            {"dimension": name, "n": len(cases), "yes": int(cases.truth.sum()), "figures": _item_figures(cases)}
            for name, cases in found.item_cases().items()
        ],
        "reliability": [] if scored else _curve(found.cases()),
        "agreement": _agreement(summary) if scored else [],
        "published": _published(benchmark.layout.published),
    }


def _groups(found: Gathered) -> list[dict[str, Any]]:
    cases = found.cases()
    parts = [("all", "all", cases), *((kind, name, cases.only(keep)) for (kind, name), keep in found.groups().items())]
    return [
        {
            "by": kind,
            "name": name,
            "clips": len(part),
            "right": int(part.truth.sum()),
            "audio": len(np.unique(part.clusters)),
            "figures": _plain(figures(part)),
        }
        for kind, name, part in parts
        if len(part)
    ]


def _chosen(found: Gathered) -> dict[str, Any] | None:
    """Return what a threshold gives that was chosen on one half of the audio, on the other half."""
    cases, dev = found.cases(), found.is_dev()
    if min(dev.sum(), (~dev).sum()) < _LEAST_DEV or len({*cases.truth[dev]}) < 2:
        return None
    threshold = best_threshold(cases.values[dev], cases.truth[dev], near=found.threshold)
    test = cases.only(~dev)
    with np.errstate(invalid="ignore"):
        moved = Cases(test.values, test.values >= threshold, test.truth, test.clusters)
    return {
        "threshold": round(threshold, 4),
        "dev_clips": int(dev.sum()),
        "test_clips": len(test),
        "accuracy": _told(figures(moved)["accuracy"]),
        "accuracy_at_decision": _told(figures(test)["accuracy"]),
    }


def _curve(cases: Cases) -> list[dict[str, Any]]:
    known = ~np.isnan(cases.values)
    return [
        {"low": at / BINS, "high": (at + 1) / BINS, "n": n, "value": _rounded(value), "right": _rounded(right)}
        for at, (n, value, right) in enumerate(reliability(cases.values[known], cases.truth[known]))
    ]


def _item_figures(cases: Cases) -> dict[str, Any]:
    found = _plain(figures(cases))
    return {name: found[name] for name in ("accuracy", "auc", "ece", "brier")}


def _agreement(summary: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the correlations with what people gave, as the run's own summary has them."""
    found = []
    for name, part in summary.get("ratings", {}).items():
        human = part["human"] or {"clips": None, "systems": None}
        found.append({"dimension": name, "clips": part["clips"], "rated": part["rated"], "human": human})
    return found


def _published(name: str) -> dict[str, Any] | None:
    if not name:
        return None
    path = bundled("presets") / "published" / f"{name}.yaml"
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return data


def _plain(found: Mapping[str, Figure]) -> dict[str, Any]:
    return {name: _told(one) for name, one in found.items()}


def _told(one: Figure) -> dict[str, Any]:
    ends = {"value": one.value, "low": one.low, "high": one.high}
    return {**{name: _rounded(value) for name, value in ends.items()}, "n": one.n}


def _rounded(value: float | None) -> float | None:
    return None if value is None or np.isnan(value) else round(value, 4)
