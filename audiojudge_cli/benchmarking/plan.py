"""The run that judges a benchmark: what is asked of its clips follows from its layout."""

from __future__ import annotations

from dataclasses import replace

from audiojudge_cli.benchmarking.benchmark import Benchmark
from audiojudge_cli.comparing.contest import Comparison
from audiojudge_cli.comparing.prefer import By
from audiojudge_cli.comparing.sources import pairs_of
from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.scales.sets import load_set

QUALITY = "quality"
"""The scale of the quality profile, that pairs are compared by; it is measured, and nothing is asked."""


def planned(found: Benchmark, base: ScoreOptions, *, scale: str, by: By) -> ScoreOptions:
    """Return the options of the run that judges a benchmark.

    Args:
        found: The benchmark.
        base: Everything else.
        scale: What clips with scores are rated on: a set of instructions, or `quality`.
        by: What is asked about two clips.

    Raises:
        InputError: If an option does not go with the layout.
    """
    full = base.preset.model_copy(update={"quality": "full"})
    if found.layout.sides:
        if base.filter is not None or base.sample is not None:
            raise InputError("--filter and --sample choose clips, and these are pairs; --limit takes the first of them")
        contest = Comparison(pairs_of(found, captioned=by != QUALITY, limit=base.limit), by)
        preset = base.preset if by == "alignment" else full
        return replace(base, contest=contest, is_judged=by != QUALITY, preset=preset, limit=None)
    if not found.layout.is_scored:
        return replace(base, held=found)
    if scale == QUALITY:
        return replace(base, held=found, is_judged=False, preset=full)
    return replace(base, held=found, criteria=load_set(scale))
