"""What `bench.json` holds: every figure of a benchmark run, with its interval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import yaml

from audiojudge_cli.benchmarking.agreement import agreements
from audiojudge_cli.benchmarking.benchmark import Benchmark
from audiojudge_cli.benchmarking.cases import cases_digest
from audiojudge_cli.benchmarking.gather import Gathered, gather
from audiojudge_cli.benchmarking.preferences import preferences
from audiojudge_cli.bundle import bundled
from audiojudge_cli.comparing.contest import Comparison
from audiojudge_cli.results.index import read_records
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.stats.classified import Cases, Figure, best_threshold, figures
from audiojudge_cli.stats.probability import BINS, reliability

SCHEMA = "audiojudge.bench/1"

_LEAST_DEV = 20
"""Clips in each half below which no threshold is chosen: of fewer, one clip is more than five points of accuracy."""


def bench_data(
    benchmark: Benchmark, options: ScoreOptions, summary: Mapping[str, Any], *, rubrics: str
) -> dict[str, Any]:
    """Return all figures as plain JSON data; docs/bench.md documents every field.

    Args:
        benchmark: What was judged.
        options: Of the finished run; its folder has the records.
        summary: Content of its `summary.json`.
        rubrics: `gold` or `own`.
    """
    layout, clips, contest = benchmark.layout, summary["clips"], options.contest
    common: dict[str, Any] = {
        "schema": SCHEMA,
        "benchmark": benchmark.name,
        "layout": layout.name,
        "judge": dict(summary["judge"]),
        "rubrics": None,
        "by": "ratings" if options.criteria else "alignment" if options.is_judged else "quality",
        "clips": {
            "total": clips["total"],
            "failed": clips["error"],
            "unverifiable": clips["unverifiable"] if options.is_judged else 0,
            "expanded": 0,
        },
        "cases": cases_digest(options),
        "decision": None,
        "groups": [],
        "chosen_threshold": None,
        "items": [],
        "reliability": [],
        "agreement": [],
        "preferences": [],
        "published": _published(layout.published),
    }
    if isinstance(contest, Comparison):
        heard = summary["comparison"]["heard"]
        told = preferences(options.out, contest.source)
        who = {"judge": heard["judge"]} if heard else {}
        return {**common, **who, "by": contest.by, "preferences": told}
    if layout.is_scored:
        return {**common, "agreement": agreements(read_records(options.out))}
    return {**common, "rubrics": rubrics, **_labelled(gather(read_records(options.out)), common["clips"])}


def _labelled(found: Gathered, clips: Mapping[str, int]) -> dict[str, Any]:
    return {
        "clips": {**clips, "unverifiable": found.unverifiable, "expanded": found.own},
        "decision": {"rule": found.rule, "threshold": found.threshold},
        "groups": _groups(found),
        "chosen_threshold": _chosen(found),
        "items": [
            {"dimension": name, "n": len(cases), "yes": int(cases.truth.sum()), "figures": _item_figures(cases)}
            for name, cases in found.item_cases().items()
        ],
        "reliability": _curve(found.cases()),
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
