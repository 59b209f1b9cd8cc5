"""The run that judges a benchmark: what is asked of its clips follows from its layout."""

from __future__ import annotations

from dataclasses import replace

from audiojudge_cli.benchmarking.benchmark import Benchmark
from audiojudge_cli.comparing.contest import Comparison
from audiojudge_cli.comparing.prefer import By
from audiojudge_cli.comparing.sources import pairs_of
from audiojudge_cli.errors import InputError
from audiojudge_cli.judges.registry import can, judge_family
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.scales.sets import load_set
from audiojudge_cli.text.terminal import shown

QUALITY = "quality"
"""The scale of the quality profile, that pairs are compared by; it is measured, and nothing is asked."""

_MEASURES = "embedded"
"""The judge whose small models measure it."""


def planned(
    found: Benchmark, base: ScoreOptions, *, scale: str = "mos", by: By = "quality", votes: int | None = None
) -> ScoreOptions:
    """Return the options of the run that judges a benchmark.

    Args:
        found: The benchmark.
        base: Everything else.
        scale: What clips with scores are rated on: a set of instructions, or `quality`.
        by: What is asked about two clips.
        votes: Opinions of each pair, by a judge that hears both clips; None: one, where it does.

    Raises:
        InputError: If an option does not go with the layout.
    """
    if found.layout.sides:
        return _paired(found, base, by, votes)
    if votes is not None:
        raise InputError(f"--votes is about pairs, and {found.name} holds single clips; leave it out")
    if not found.layout.is_scored:
        return replace(base, held=found)
    if scale == QUALITY:
        if judge_family(base.preset.judge) != _MEASURES:
            raise InputError(
                "--scale quality measures, and no judge is asked; leave --judge out, or name another scale"
            )
        return replace(base, held=found, is_judged=False, preset=_measuring(base, "full"))
    return replace(base, held=found, criteria=load_set(scale))


def _paired(found: Benchmark, base: ScoreOptions, by: By, votes: int | None) -> ScoreOptions:
    """Return the options as those of `audiojudge compare`."""
    judge = base.preset.judge
    if base.filter is not None or base.sample is not None:
        raise InputError("--filter and --sample choose clips, and these are pairs; --limit takes the first of them")
    heard = by != "alignment" and can(judge, "compare")
    if votes is not None and not heard:
        raise InputError(
            f"--votes is for a judge that hears two clips together, and {shown(judge)} does not; leave it out"
        )
    if by == QUALITY and not heard and judge_family(judge) != _MEASURES:
        raise InputError(
            f"the judge {shown(judge)} cannot hear two clips together; ask --by alignment or both, or leave --judge "
            "out: then the clips are measured"
        )
    contest = Comparison(pairs_of(found, captioned=by != QUALITY, limit=base.limit), by)
    # Which sounds better rests on opinion scores and words, unless a judge hears it.
    depth = "off" if by == "alignment" else "basic" if heard else "full"
    return replace(
        base,
        contest=contest,
        is_judged=by != QUALITY,
        preset=_measuring(base, depth),
        limit=None,
        votes=(votes or 1) if heard else 0,
    )


def _measuring(base: ScoreOptions, depth: str) -> Preset:
    return base.preset.model_copy(update={"quality": depth})
