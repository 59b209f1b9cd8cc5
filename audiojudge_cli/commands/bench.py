"""`audiojudge bench`: how well does a judge do on a benchmark?"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete, groups
from audiojudge_cli.commands import option_checks as checks
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.contest import Question, Votes
from audiojudge_cli.commands.groups import spread
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class LayoutName(StrEnum):
    """Layouts that can be read."""

    SPEECHJUDGE = "speechjudge"
    PAIRS = "pairs"
    ANYAUDIO_JUDGE = "anyaudio-judge"
    LABELLED = "labelled"
    SCORED = "scored"


class Rubrics(StrEnum):
    """Whose rubrics are asked."""

    GOLD = "gold"
    OWN = "own"


class Form(StrEnum):
    """How the figures are printed."""

    TABLE = "table"
    MARKDOWN = "markdown"
    JSON = "json"


def register(app: typer.Typer) -> None:
    """Add `audiojudge bench` to the command tree."""
    app.command("bench", cls=HelpCommand)(spread(bench))


def bench(
    path: Annotated[Path, typer.Argument(help="Folder or table of a local copy of a benchmark.")],
    *,
    layout: Annotated[
        LayoutName | None, typer.Option("--layout", help="How it is laid out; its columns tell by default.")
    ] = None,
    rubrics: Annotated[
        Rubrics, typer.Option("--rubrics", help="Ask the rubrics of the benchmark, or expand its captions.")
    ] = Rubrics.GOLD,
    split: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only the Parquet files of this split: test-00000-of-00004.")
    ] = None,
    scale: Annotated[
        str,
        typer.Option(
            autocompletion=complete.scales,
            metavar="NAME|FILE",
            help="scored: what clips are rated on, as in `audiojudge rate`; quality: the speech quality, measured.",
        ),
    ] = "mos",
    by: Annotated[
        Question, typer.Option("--by", help="Pairs: what a clip is preferred for, as in `audiojudge compare`.")
    ] = Question.QUALITY,
    votes: Votes = None,
    out: opt.Out = Path("audiojudge-bench"),
    judge: opt.JudgeName = None,
    quant: opt.QuantOf = None,
    mode: opt.ModeOf = None,
    prompts: opt.Prompts = None,
    server: groups.AtServer,
    device: opt.Device = None,
    preset: Annotated[
        str, opt.preset("Name or path of a preset, for its judge, limits and workers; its gate is left out.")
    ] = "default",
    form: Annotated[Form, typer.Option("--format", help="How to print the figures.")] = Form.TABLE,
    workers: opt.Workers = None,
    clips: groups.Chosen,
    cache_folder: opt.Cache = None,
    cache_size: opt.CacheSize = "2GB",
    failing: groups.Failing,
    restart: opt.Restart = False,
    remarks: groups.Remarks,
) -> None:
    """Judge the clips of a benchmark, and tell how well the judge does against its labels, scores or preferences.

    Accuracy, sensitivity, specificity, F1, ROC AUC, pairs, calibration and coverage, correlations with what people
    gave, or agreement with what they preferred, each with a 95 % interval, by subset, language, kind of negative,
    dimension and length. The figures lie in the run folder too: `bench.json`, `bench.csv`, `bench.md`.

    Exit code 0: done; 2: it cannot be read, or a row does not fit its layout; 3: not enough could be judged; 130:
    interrupted, run it again to go on.
    """
    from audiojudge_cli.api.benching import benchmarked
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.benchmarking.benchmark import open_benchmark
    from audiojudge_cli.commands.event_log import errors_told
    from audiojudge_cli.commands.output_guard import refuse_overwriting
    from audiojudge_cli.commands.running import carry_out
    from audiojudge_cli.runs.options import ScoreOptions

    teller = remarks.teller()
    with errors_told(teller):
        refuse_overwriting((), out, (str(path), None))
        found = open_benchmark(path, layout and layout.value, split=split, own_rubrics=rubrics is Rubrics.OWN)
        named: dict[str, str | None] = {"judge": judge, "device": device}
        asked = opt.judge_options(quant, mode, prompts)
        chosen = preset_with(preset, workers=workers, llm=None, endpoint=server.changes(), **named, **asked)
        base = ScoreOptions(
            outputs=None,
            captions=None,
            out=out,
            preset_name=preset,
            preset=chosen.model_copy(update={"gate": None}).overridden(failing.changes() | {"quality": "off"}),
            **clips.options(),
            cache=cache_folder,
            cache_bytes=checks.cache_bytes(cache_size),
            restart=restart,
            arguments=tuple(sys.argv[1:]),
        )
        scored, data = benchmarked(
            found,
            base,
            rubrics=rubrics.value,
            asked={"scale": scale, "by": by.value, "votes": votes},
            carry=lambda options: carry_out(options, opt.Layout.TABLE, teller, table=False),
        )
        if data is not None:
            _tell(data, form)
    raise typer.Exit(scored.exit_code)


def _tell(data: Mapping[str, Any], form: Form) -> None:
    from audiojudge_cli.benchmarking.told import bench_lines, bench_markdown
    from audiojudge_cli.commands.console import hush
    from audiojudge_cli.text.pretty import pretty

    told = {
        Form.TABLE: lambda: "\n".join(bench_lines(data)),
        Form.MARKDOWN: lambda: bench_markdown(data).rstrip("\n"),
        Form.JSON: lambda: pretty(data),
    }
    try:
        typer.echo(told[form]())
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)
