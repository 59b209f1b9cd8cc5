"""Options that several commands take, and what they mean together."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiojudge_cli.commands import complete

if TYPE_CHECKING:
    pass

AUDIO = typer.Argument(help="Folder of audio, one audio file, a manifest that carries paths, or - for stdin.")
RunOf = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="The run folder (--out of `audiojudge score`).", autocompletion=complete.runs),
]
FinishedRun = Annotated[
    Path, typer.Argument(metavar="RUN", help="Folder of a finished run.", autocompletion=complete.runs)
]
PairBy = Annotated[
    str | None,
    typer.Option(
        metavar="COLUMN",
        autocompletion=complete.system_columns,
        help="--by: the column that identifies the prompt; the caption when left out.",
    ),
]
AudioFolder = Annotated[Path | None, typer.Option(help="Folder of the audio, where it is not found through run.json.")]
JudgeName = Annotated[
    str | None,
    typer.Option(
        "--judge",
        autocompletion=complete.judges,
        help="Name of a judge, name or path of a card, folder of a model, or hf:owner/name@revision.",
    ),
]


class Layout(StrEnum):
    """What goes to stdout."""

    TABLE = "table"
    JSONL = "jsonl"


class Page(StrEnum):
    """What is written about runs."""

    HTML = "html"
    MD = "md"


PageForm = Annotated[Page, typer.Option("--format", help="One page for browsers, or Markdown.")]


class Quant(StrEnum):
    """How weights are kept."""

    AUTO = "auto"
    NONE = "none"
    BF16 = "bf16"
    INT8 = "int8"
    INT4 = "int4"


class Mode(StrEnum):
    """How items are answered."""

    LOGITS = "logits"
    GENERATE = "generate"
    LOGITS_EVIDENCE = "logits+evidence"


QuantOf = Annotated[
    Quant | None, typer.Option("--quant", help="omni: how the weights are kept; auto takes what fits into memory.")
]
ModeOf = Annotated[
    Mode | None, typer.Option("--mode", help="omni: answer from logits, or in words that are weighed (docs/omni.md).")
]
Prompts = Annotated[Path | None, typer.Option(help="omni: YAML file of prompts, instead of the judge's own.")]


BaseUrl = Annotated[
    str | None,
    typer.Option(
        "--base-url",
        metavar="URL",
        help="endpoint: base URL of an OpenAI-compatible server that hears audio, http://host:8000/v1.",
    ),
]
ModelName = Annotated[str | None, typer.Option("--model", metavar="NAME", help="endpoint: name of the model there.")]
MaxRequests = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="endpoint: end (exit 3, resumable) before more requests than N.")
]
MaxTokens = Annotated[
    int | None, typer.Option(min=1, metavar="N", help="endpoint: the same for tokens, of prompts and answers.")
]
MaxCost = Annotated[
    float | None,
    typer.Option(metavar="X", help="endpoint: the same for what tokens cost, by the price in preset or card."),
]


class Quality(StrEnum):
    """How much of the technical quality of clips is measured."""

    OFF = "off"
    BASIC = "basic"
    FULL = "full"


QualityOf = Annotated[
    Quality | None,
    typer.Option("--quality", help="Measure the files as well: basic (default), full with opinion scores, or off."),
]
ReferenceField = Annotated[
    str | None,
    typer.Option(
        autocompletion=complete.fields,
        help="Manifest column of a reference clip: adds speaker likeness and loudness difference.",
    ),
]
Device = Annotated[str | None, typer.Option(autocompletion=complete.devices, help="auto, cpu, cuda, cuda:1 ...")]
Workers = Annotated[str | None, typer.Option(metavar="N|auto", help="Clips worked on at once; auto: one per core.")]

_RUN_FOLDER = "The run folder; an unfinished run in it goes on."


def folder(name: str) -> Path:
    """Return the folder of that name; an empty one is most likely a variable that is not set."""
    if not name:
        raise typer.BadParameter("name a folder")
    return Path(name)


Out = Annotated[Path, typer.Option("--out", "-o", metavar="PATH", parser=folder, help=_RUN_FOLDER)]


def out_unless_one(default: str) -> Any:  # noqa: ANN401 - as Typer says of its own options
    """Return `--out` where the run of one audio file need not stay."""
    told = f"{default}, and none for one audio file"
    return typer.Option("--out", "-o", metavar="PATH", parser=folder, help=_RUN_FOLDER, show_default=told)


def preset(told: str) -> Any:  # noqa: ANN401 - as above
    """Return `--preset`, with what it is for."""
    return typer.Option(autocompletion=complete.presets, help=told)


def require(example: str, more: str = "") -> Any:  # noqa: ANN401 - as above
    """Return `--require`, with a rule that fits the command."""
    return typer.Option(metavar="RULE", help=f"One more gate rule, such as '{example}'{more}; may be repeated.")


GateFile = Annotated[
    Path | None, typer.Option(help="YAML file of gate rules, instead of the preset's (see docs/gates.md).")
]
Baseline = Annotated[
    Path | None,
    typer.Option(autocompletion=complete.runs, help="An earlier run folder; gate rules on regression are against it."),
]
Junit = Annotated[Path | None, typer.Option(help="Write the gate as JUnit XML here.")]
Markdown = Annotated[Path | None, typer.Option(help="Write the gate as Markdown here (a step summary).")]
Json = Annotated[Path | None, typer.Option(help="Write the gate as JSON here; it is in the run folder too.")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Stop (exit 2) when a row is broken or anything has no partner.")
]
Restart = Annotated[bool, typer.Option("--restart", help="Drop what an earlier run left in the folder.")]
Form = Annotated[Layout, typer.Option("--format", help="Print a summary table, or every record as it finishes.")]
AudioField = Annotated[
    str | None, typer.Option(autocompletion=complete.fields, help="Manifest column of the audio path.")
]
TranscriptField = Annotated[
    str | None, typer.Option(autocompletion=complete.fields, help="Manifest column of the words to be spoken.")
]
Per = Annotated[
    str | None, typer.Option(metavar="COLUMN", help="Column that tells prompts apart; by default their texts do.")
]
Filter = Annotated[
    str | None,
    typer.Option("--filter", metavar="EXPR", help="Only clips for which this holds: 'subset == \"speech\"'."),
]
Sample = Annotated[int | None, typer.Option(min=1, metavar="N", help="Only N clips, drawn by the hash of their ids.")]


Seed = Annotated[int, typer.Option(min=0, help="Another seed draws another --sample.")]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first N clips.")]
ShardOf = Annotated[
    str | None,
    typer.Option("--shard", metavar="I/N", help="Part I of N of the clips; `audiojudge merge` joins the parts."),
]
Cache = Annotated[
    Path | None,
    typer.Option(
        "--cache",
        metavar="DIR",
        parser=folder,
        help="Folder that keeps verdicts between runs: the same audio and item are never judged twice.",
    ),
]
CacheSize = Annotated[str, typer.Option(metavar="SIZE", help="Largest size of --cache; the longest unused go first.")]
Watch = Annotated[
    bool, typer.Option("--watch", help="Take files as they are written, until nothing new comes, or Ctrl-C.")
]
WatchIdle = Annotated[
    float | None,
    typer.Option(min=1.0, metavar="SECONDS", help="--watch: end when nothing has changed for so long; 60 by default."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Judge and write nothing; say what would be judged and how long it takes.")
]
Calibrate = Annotated[
    float | None,
    typer.Option(
        min=1.0, max=600.0, metavar="SECONDS", help="--dry-run: judge for so long to learn the speed; keep nothing."
    ),
]
FailFast = Annotated[bool, typer.Option("--fail-fast", help="Stop at the first clip that fails: --max-errors 0.")]
MaxErrors = Annotated[
    str | None, typer.Option(metavar="N|X%", help="Stop (exit 3) once more than N, or X % of all clips, have failed.")
]
RetryErrors = Annotated[
    bool | None,
    typer.Option("--retry-errors/--no-retry-errors", help="Try clips again that failed in an earlier run."),
]


def judge_options(quant: Quant | None, mode: Mode | None, prompts: Path | None) -> dict[str, str | None]:
    """Return what only some judges take, as a preset states it."""
    return {
        "quant": quant and quant.value,
        "mode": mode and mode.value,
        "prompts": None if prompts is None else str(prompts),
    }


NoRemarks = Annotated[bool, typer.Option("--quiet", "-q", help="No remarks on stderr.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no remarks on stderr.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="One line on stderr for every clip as well.")]
LogJson = Annotated[
    bool, typer.Option("--log-json", help="One JSON object per event on stderr instead of lines (docs/runs.md).")
]


class Tracker(StrEnum):
    """Where a finished run is logged to."""

    WANDB = "wandb"
    MLFLOW = "mlflow"
    TENSORBOARD = "tensorboard"


Log = Annotated[
    list[Tracker] | None,
    typer.Option("--log", help="Log the finished run there as well; may be repeated (docs/logging.md)."),
]
LogName = Annotated[
    str | None, typer.Option("--log-name", metavar="NAME", help="--log: name of the run there; else that of --out.")
]


class EngineName(StrEnum):
    """What carries out a run."""

    LOCAL = "local"
    RAY = "ray"


EngineOption = Annotated[
    EngineName,
    typer.Option("--engine", help="local: threads of this process; ray: workers on a Ray cluster (extra `ray`)."),
]
RayAddress = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="ray: a running cluster; without it one starts here.")
]
RayGpus = Annotated[
    float | None, typer.Option(metavar="X", min=0, help="ray: GPUs for each worker; 0.5 puts two on one GPU.")
]


def max_errors(text: str | None, *, fail_fast: bool) -> str | int | None:
    """Return what `--max-errors` and `--fail-fast` say together, as a preset states it.

    Raises:
        InputError: If both are given, or the number is none.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.error_budget import ErrorBudget

    if text is not None and fail_fast:
        raise InputError("--fail-fast is --max-errors 0; give one of the two")
    found = ErrorBudget.parse(0 if fail_fast else text)
    return found.count if found.share is None else found.text
