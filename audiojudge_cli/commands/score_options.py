"""Options that several commands take, and what they mean together."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from audiojudge_cli.commands import complete

if TYPE_CHECKING:
    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.runs.preset import Preset
    from audiojudge_cli.runs.ray_options import RayOptions

AUDIO = typer.Argument(help="Folder of audio, one audio file, a manifest that carries paths, or - for stdin.")
RunOf = Annotated[
    Path,
    typer.Argument(metavar="RUN", help="The run folder (--out of `audiojudge score`).", autocompletion=complete.runs),
]
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
Out = Annotated[Path, typer.Option("--out", "-o", help=_RUN_FOLDER)]


def out_unless_one(folder: str) -> Any:  # noqa: ANN401 - as Typer says of its own options
    """Return `--out` where the run of one audio file need not stay."""
    return typer.Option("--out", "-o", help=_RUN_FOLDER, show_default=f"{folder}, and none for one audio file")


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


def _folder(name: str) -> Path:
    """Return the folder of that name; an empty one is most likely a variable that is not set."""
    if not name:
        raise typer.BadParameter("name a folder")
    return Path(name)


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
        parser=_folder,
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


def cache_bytes(text: str) -> int:
    """Return the size that `--cache-size` states.

    Raises:
        InputError: If it is none, or too small to be of use.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.judges.verdict_store import MIN_BYTES
    from audiojudge_cli.text.sizes import parse_size

    size = parse_size(text)
    if size is None or size < MIN_BYTES:
        raise InputError(f"--cache-size is a size of at least 1 MiB such as 500MB or 2GB, not {text!r}")
    return size


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


def watch_idle(seconds: float | None, *, watch: bool, dry_run: bool) -> float | None:
    """Return after how many seconds watching ends; None without watching.

    Raises:
        InputError: If the options contradict each other.
    """
    from audiojudge_cli.errors import InputError

    if watch and dry_run:
        raise InputError("--dry-run judges nothing, so there is nothing to watch; leave --watch out")
    if seconds is not None and not watch:
        raise InputError("--watch-idle is for --watch; add that or leave it out")
    return (60.0 if seconds is None else seconds) if watch else None


def refuse_idle_calibration(seconds: float | None, *, dry_run: bool) -> None:
    """Refuse `--calibrate` without `--dry-run`.

    Raises:
        InputError: If so.
    """
    from audiojudge_cli.errors import InputError

    if seconds is not None and not dry_run:
        raise InputError("--calibrate is for --dry-run; add that or leave it out")


def refuse_idle_reference(field: str | None, preset: Preset) -> None:
    """Refuse `--reference-field` where nothing is measured.

    Raises:
        InputError: If so.
    """
    from audiojudge_cli.errors import InputError

    if field is not None and preset.quality == "off":
        raise InputError("--reference-field is compared by the quality profile, which is off; set --quality basic")


def ray_options(engine: EngineName, address: str | None, gpus: float | None, workers: int | str) -> RayOptions | None:
    """Return how a Ray cluster is used; None for the local engine.

    Args:
        engine: As chosen.
        address: Of a cluster.
        gpus: For each worker.
        workers: As in a preset.

    Raises:
        InputError: If options of Ray are given without it.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.ray_options import RayOptions

    if engine is EngineName.RAY:
        return RayOptions(address, gpus or 0.0, workers if isinstance(workers, int) else None)
    if address is not None or gpus is not None:
        raise InputError(f"--ray-{'gpus' if address is None else 'address'} is for --engine ray")
    return None


def trackers(log: list[Tracker] | None, name: str | None, *, is_passing: bool = False) -> tuple[str, ...]:
    """Return where the run is logged to, once what that needs is known to be there.

    Args:
        log: As asked for.
        name: Of the run there.
        is_passing: Whether nothing of the run is kept.

    Raises:
        InputError: If a package is missing, or an option is idle.
    """
    from audiojudge_cli.errors import InputError

    if name is not None and not log:
        raise InputError("--log-name is for --log; add that or leave it out")
    if not log:
        return ()
    from audiojudge_cli.reports.loggers.send import refuse_missing

    found = tuple(dict.fromkeys(tracker.value for tracker in log))
    refuse_missing(found)
    if is_passing:
        raise InputError("--log is for a run that is kept; add --out")
    return found


def log_run(folder: Path, log: tuple[str, ...], teller: EventLog, name: str | None) -> None:
    """Log a run to the trackers that were asked for; nothing that goes wrong there ends it."""
    if log:
        from audiojudge_cli.reports.loggers.send import send

        send(folder, log, teller.remark, name=name)
