"""A benchmark, judged: how well does a judge do against what people say?"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiojudge_cli.api.opened import Run

if TYPE_CHECKING:
    import pandas as pd

    from audiojudge_cli.benchmarking.benchmark import Benchmark
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.runs.options import Scored, ScoreOptions


@dataclass(frozen=True)
class Benchmarked:
    """A judged benchmark.

    Attributes:
        run: The run: the records behind all figures.
        data: Every figure with its interval, as in `bench.json`.
    """

    run: Run
    data: dict[str, Any]

    @cached_property
    def figures(self) -> pd.DataFrame:
        """One row per figure: the columns of `bench.csv`."""
        import pandas as pd

        from audiojudge_cli.benchmarking.told import CSV_COLUMNS, csv_rows

        return pd.DataFrame(csv_rows(self.data), columns=list(CSV_COLUMNS))

    def __str__(self) -> str:
        from audiojudge_cli.benchmarking.told import bench_lines

        return "\n".join(bench_lines(self.data))

    def __repr__(self) -> str:
        from audiojudge_cli.benchmarking.told import headline
        from audiojudge_cli.text.terminal import safe_line

        return f"<Benchmark {safe_line(headline(self.data))}>"


def bench(
    path: str | os.PathLike[str],
    *,
    layout: str | None = None,
    split: str | None = None,
    rubrics: str = "gold",
    scale: str = "mos",
    by: str = "quality",
    votes: int | None = None,
    out: str | os.PathLike[str] = "audiojudge-bench",
    judge: str | Judge | None = None,
    preset: str | os.PathLike[str] = "default",
    workers: int | str | None = None,
    limit: int | None = None,
    cache: str | os.PathLike[str] | None = None,
    restart: bool = False,
    progress: bool = True,
) -> Benchmarked:
    """Judge a local copy of a benchmark, and tell how well the judge does, as `audiojudge bench` with its run folder.

    The same call again goes on where it stopped, and makes the figures again from the records.

    Args:
        path: Folder or table of the benchmark.
        layout: How it is laid out; its columns tell by default.
        split: Only the Parquet files of this split.
        rubrics: `gold`: those of the benchmark; `own`: expand its captions.
        scale: Where people gave scores: what clips are rated on, or `quality`, which is measured.
        by: Where people preferred one of two clips: `quality`, `alignment` or `both`.
        votes: Opinions of each pair, by a judge that hears both clips.
        out: The run folder.
        judge: Name of a judge, or one that `load_judge` gave; the preset's by default.
        preset: Name of a preset, or path of a YAML file.
        workers: Clips at once, or `auto`, one per core.
        limit: Only the first so many clips, or pairs.
        cache: Folder that keeps verdicts between runs.
        restart: Drop what an earlier run left in the folder.
        progress: Whether there is a progress bar, in notebooks and on terminals.

    Raises:
        InputError: If the benchmark cannot be read, a row does not fit its layout, or an argument does not fit.
        NotJudgedError: If weights are missing, the disk is full, or nothing could be judged.

    >>> import audiojudge_cli as aj
    >>> import pandas as pd
    >>> dog = "examples/audio/sound_dog.flac"
    >>> table = pd.DataFrame({"audio": [dog, dog], "caption": ["A dog barks.", "Rain falls."], "label": ["yes", "no"]})
    >>> table.to_csv("labels.csv")
    >>> found = aj.bench("labels.csv", out=folder, progress=False)
    >>> found.data["groups"][0]["figures"]["accuracy"]["value"]
    1.0
    """
    from audiojudge_cli.api.following import LOG, Bar
    from audiojudge_cli.api.given import choice_given, judge_given, number_given, path_given, text_given
    from audiojudge_cli.api.many import loading
    from audiojudge_cli.api.running import carry_out, preset_with
    from audiojudge_cli.benchmarking.benchmark import open_benchmark
    from audiojudge_cli.errors import NotJudgedError
    from audiojudge_cli.runs.interrupt import Stop
    from audiojudge_cli.runs.options import ScoreOptions
    from audiojudge_cli.text.terminal import safe_line

    judge_given(judge)
    number_given(limit, "limit", 1)
    number_given(votes, "votes", 1)
    text_given(layout=layout, split=split, scale=scale)
    choice_given(rubrics, "rubrics", ("gold", "own"))
    choice_given(by, "by", ("quality", "alignment", "both"))
    found = open_benchmark(Path(path_given(path, "path")), layout, split=split, own_rubrics=rubrics == "own")
    named = judge if isinstance(judge, str) else getattr(judge, "name", None)
    preset_name = path_given(preset, "preset")
    chosen = preset_with(preset_name, judge=named, workers=workers, quality="off").model_copy(update={"gate": None})
    base = ScoreOptions(
        outputs=None,
        captions=None,
        out=Path(path_given(out, "out")),
        preset_name=preset_name,
        preset=chosen,
        limit=limit,
        cache=None if cache is None else Path(path_given(cache, "cache")),
        restart=restart,
    )
    bar = Bar(progress=progress)
    try:
        scored, data = benchmarked(
            found,
            base,
            rubrics=rubrics,
            asked={"scale": scale, "by": by, "votes": votes},
            carry=lambda options: carry_out(options, watcher=bar, stop=Stop(), load=loading(judge)),
        )
    finally:
        bar.close()
    if data is None:
        raise NotJudgedError(scored.reason or "the run was interrupted; the same call again goes on")
    if scored.reason:
        LOG.warning("%s", safe_line(scored.reason))
    return Benchmarked(Run(base.out), data)


def benchmarked(
    found: Benchmark,
    base: ScoreOptions,
    *,
    rubrics: str,
    asked: Mapping[str, Any],
    carry: Callable[[ScoreOptions], Scored],
) -> tuple[Scored, dict[str, Any] | None]:
    """Judge a benchmark, and write its figures into the run folder.

    Args:
        found: The benchmark.
        base: Options of the run that do not follow from it.
        rubrics: `gold` or `own`, as the benchmark was opened.
        asked: Those that follow (`benchmarking.plan.planned`): `scale`, `by`, `votes`.
        carry: Carries out the run.

    Returns:
        How the run went, and its figures: None where it was interrupted.

    Raises:
        AudiojudgeError: As `runs.score.score` and `bench.plan.planned`.
    """
    from audiojudge_cli.benchmarking.data import bench_data
    from audiojudge_cli.benchmarking.files import write_figures
    from audiojudge_cli.benchmarking.plan import planned

    options = planned(found, base, **asked)
    scored = carry(options)
    if scored.summary["clips"]["pending"]:
        return scored, None
    data = bench_data(found, options, scored.summary, rubrics=rubrics)
    write_figures(options.out, data)
    return scored, data
