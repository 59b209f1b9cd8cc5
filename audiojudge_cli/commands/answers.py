"""`audiojudge answers`: text answers of audio language models against references."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.answers.run import Done
    from audiojudge_cli.clips.row import Problem
    from audiojudge_cli.rubrics.writer import Writer
    from audiojudge_cli.runs.error_budget import ErrorBudget

_TOLD = 10
"""Broken rows and failures that are told one by one; the files have all."""


class Layout(StrEnum):
    """What goes to stdout."""

    TABLE = "table"
    JSON = "json"


class Metric(StrEnum):
    """How an answer is scored."""

    WER = "wer"
    CER = "cer"
    METEOR = "meteor"
    EXACT = "exact"
    JUDGE = "judge"
    JUDGE_BINARY = "judge-binary"


class FileIs(StrEnum):
    """What the name of a file stands for."""

    TEMPLATE = "template"
    MODEL = "model"
    NOTHING = "nothing"


def register(app: typer.Typer) -> None:
    """Add `audiojudge answers` to the command tree."""
    app.command("answers", cls=HelpCommand)(answers)


def answers(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE...", help="Answers with references (JSONL, JSON, CSV, TSV, Parquet), or - for stdin."
        ),
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder of answers.csv and answers.json; marks in it are kept.")
    ] = Path("audiojudge-answers"),
    task: Annotated[
        str | None, typer.Option(help="Task of rows that name none: asr, sqa, si, ac, asqa, ar, gr, er.")
    ] = None,
    metric: Annotated[
        list[Metric] | None, typer.Option(help="Instead of the metrics of the tasks; may be repeated.")
    ] = None,
    tasks: Annotated[str, typer.Option(metavar="NAME|FILE", help="Table of tasks and their metrics.")] = "audiobench",
    file_is: Annotated[
        FileIs, typer.Option(help="With several files: what the name of each stands for, in rows that do not say.")
    ] = FileIs.TEMPLATE,
    prediction_field: Annotated[str | None, typer.Option(help="Column of the answers.")] = None,
    reference_field: Annotated[str | None, typer.Option(help="Column of the references.")] = None,
    language: Annotated[
        str, typer.Option(metavar="CODE", help="Language of texts in Latin letters that name none, as ISO 639-1.")
    ] = "en",
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--llm-endpoint", help="Base URL of an OpenAI-compatible server.", envvar="AUDIOJUDGE_LLM_ENDPOINT"
        ),
    ] = None,
    model: Annotated[str | None, typer.Option("--llm-model", help="Model name, or folder of a local model.")] = None,
    timeout: Annotated[float, typer.Option("--llm-timeout", help="Seconds to wait for one reply.", min=0.1)] = 120.0,
    device: Annotated[
        str,
        typer.Option(autocompletion=complete.devices, help="Where a local model runs: auto, cpu, cuda, cuda:1 ..."),
    ] = "auto",
    workers: Annotated[int, typer.Option(help="Requests to the text model at once.", min=1, max=256)] = 4,
    max_errors: Annotated[
        str | None, typer.Option(metavar="N|X%", help="Exit 3 once more than N, or X % of all rows, have no figure.")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Stop (exit 2) when a row is broken.")] = False,
    layout: Annotated[
        Layout, typer.Option("--format", help="Print a table, or what answers.json holds.")
    ] = Layout.TABLE,
    quiet: opt.Quiet = False,
) -> None:
    """Score the text answers of audio language models against references, after AudioBench.

    Word and character error rates, METEOR, exact match, and marks by a text model; the task of a row says which. A
    reply that holds no mark is a failure, never a zero. Rows of several instruction templates have the figures of each,
    and how far they spread. An API key is read from AUDIOJUDGE_API_KEY.

    Exit code 0: done; 2: unreadable input, or a task without a metric; 3: no row has a figure, more failed than
    --max-errors allows, or the text model does not answer; 130: interrupted, run it again to go on.
    """
    from audiojudge_cli.answers.run import Asked, run
    from audiojudge_cli.answers.tasks import load_tasks
    from audiojudge_cli.runs.error_budget import ErrorBudget

    patience = ErrorBudget.parse(max_errors, "rows")
    asked = Asked(
        sources=files,
        out=out,
        tasks=load_tasks(tasks),
        task=task,
        metrics=tuple(dict.fromkeys(one.value for one in metric or ())),
        file_is=file_is.value,
        prediction=prediction_field,
        reference=reference_field,
        language=language.casefold().partition("-")[0],
        workers=workers,
    )
    done = run(asked, lambda: _writer(endpoint, model, timeout, device), _teller(quiet=quiet), strict=strict)
    _print(done, layout, out, quiet=quiet)
    _end(done, patience)


def _writer(endpoint: str | None, model: str | None, timeout: float, device: str) -> Writer:
    from audiojudge_cli.rubrics.llm import writer_for

    who = "a metric of these answers is marked by a text model (or name another with --metric), which"
    return writer_for(endpoint=endpoint, model=model, timeout_s=timeout, device=device, who=who)


def _teller(*, quiet: bool) -> Callable[[Problem], None]:
    from audiojudge_cli.commands.console import say

    told = 0

    def tell(problem: Problem) -> None:
        nonlocal told
        told += 1
        if not quiet and told <= _TOLD:
            say(f"{problem}; the row is left out")

    return tell


def _print(done: Done, layout: Layout, out: Path, *, quiet: bool) -> None:
    from audiojudge_cli.answers.lines import table_lines, template_lines
    from audiojudge_cli.commands.console import say
    from audiojudge_cli.text.counted import counted
    from audiojudge_cli.text.jsonl import dumps
    from audiojudge_cli.text.terminal import shown

    if layout is Layout.JSON:
        typer.echo(dumps(done.data, indent=2))
    else:
        more = template_lines(done.groups)
        typer.echo("\n".join([*table_lines(done.groups), *([""] if more else []), *more]))
    if quiet:
        return
    failures = [one for one in done.scored if one.value is None]
    for one in failures[:_TOLD]:
        say(f"{one.answer.where}: no {one.metric}: {one.error}")
    if len(done.broken) > _TOLD or len(failures) > _TOLD:
        say(f"{counted(len(done.broken), 'broken row')} and {counted(len(failures), 'failure')} in all")
    if any(one.spread and not one.spread.same for one in done.groups):
        say("the templates do not have the same questions with a figure: part of their spread may be the questions'")
    say(f"figures in {shown(out / 'answers.json')}, rows in {shown(out / 'answers.csv')}")


def _end(done: Done, patience: ErrorBudget) -> None:
    from audiojudge_cli.errors import NotJudgedError
    from audiojudge_cli.text.counted import counted

    if all(one.figure.value is None for one in done.groups):
        raise NotJudgedError("no row has a figure")
    if patience.is_over(done.failed, done.rows):
        told = f"{counted(done.failed, 'row')} of {done.rows} failed, and --max-errors {patience.text} allows no more"
        raise NotJudgedError(told)
