"""What `compare`, `rank` and `select` share: their options, and a run whose clips are compared at its end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, StrEnum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import groups
from audiojudge_cli.commands import score_options as opt

if TYPE_CHECKING:
    from audiojudge_cli.comparing.contest import Contest
    from audiojudge_cli.comparing.prefer import By
    from audiojudge_cli.runs.clip_filter import ClipFilter


class Question(StrEnum):
    """What is asked about two clips."""

    QUALITY = "quality"
    ALIGNMENT = "alignment"
    BOTH = "both"


class Way(Enum):
    """How a judge tells which of two clips is better.

    Attributes:
        RECORDED: By what the run records of each.
        REWARDED: By a reward of each.
        HEARD: By hearing both together.
    """

    RECORDED = auto()
    REWARDED = auto()
    HEARD = auto()


Asking = Annotated[
    Question,
    typer.Option("--by", help="Which sounds better (speech), which follows its caption better, or both."),
]
Captions = Annotated[
    str | None,
    typer.Option(help="Manifest (JSONL, CSV, TSV, Parquet) or folder of .txt files about every folder of audio."),
]


Votes = Annotated[
    int | None,
    typer.Option(
        min=1,
        max=100,
        metavar="K",
        help="omni: sample K opinions of each pair in either order and average them; by default the likeliest one.",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="omni: another seed draws other --votes.")]
Filter = Annotated[
    str | None,
    typer.Option(
        "--filter", metavar="EXPR", help="Only pairs (select: clips) for which this holds: 'subset == \"speech\"'."
    ),
]
Limit = Annotated[int | None, typer.Option(min=1, help="Only the first N pairs (select: prompts).")]
Form = Annotated[
    opt.Layout,
    typer.Option("--format", help="Print figures, or at the end every pair (select: selected clip) as a line of JSON."),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Judge nothing and write nothing: say how many clips and pairs there are.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """The options that all three have, after those of their own.

    Attributes:
        judge: Who judges captions, or hears two clips together.
        votes: As given.
        seed: As given.
        quant: As given.
        prompts: As given.
        preset: Its name.
        gate: Rule file.
        require: More rules.
        files: What to write about the gate.
        device: As given.
        workers: As given.
        cache_folder: Of the verdict cache.
        pair_filter: As given.
        limit: As given.
        layout: What goes to stdout.
        max_errors: As given.
        fail_fast: As given.
        strict: As given.
        restart: As given.
        dry_run: As given.
        remarks: What is told.
    """

    judge: opt.JudgeName = None
    votes: Votes = None
    seed: Seed = 0
    quant: opt.QuantOf = None
    prompts: opt.Prompts = None
    preset: Annotated[
        str,
        opt.preset("Name or path of a preset, for its judge, limits, workers and the like; its gate is about scores."),
    ] = "default"
    gate: opt.GateFile = None
    require: Annotated[list[str] | None, opt.require("winrate.NEW >= 0.5 at 95%")] = None
    files: groups.GateFiles
    layout: Form = opt.Layout.TABLE
    device: opt.Device = None
    workers: opt.Workers = None
    cache_folder: opt.Cache = None
    pair_filter: Filter = None
    limit: Limit = None
    max_errors: opt.MaxErrors = None
    fail_fast: opt.FailFast = False
    strict: opt.Strict = False
    restart: opt.Restart = False
    dry_run: DryRun = False
    remarks: groups.Remarks


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked about which clips.

    Attributes:
        inputs: Files and folders that are read, so that nothing is written over them.
        captions: As given.
        by: What is asked.
        out: The run folder.
    """

    inputs: tuple[str, ...]
    captions: str | None
    by: Question
    out: Path

    @property
    def is_judged(self) -> bool:
        """Whether captions are judged."""
        return self.by is not Question.QUALITY


def run_contest(
    asked: Asked,
    common: Common,
    make: Callable[[By], Contest],
    conclude: Callable[[], None] = lambda: None,
    withheld: str | None = None,
) -> None:
    """Judge the clips of a contest, compare them, and end with the exit code.

    Args:
        asked: Which clips, and what about them.
        common: The options.
        make: Reads the input, given what decides.
        conclude: Called once everything is written, unless the exit code is 2, 3 or 130.
        withheld: Told where too little could be judged, and `conclude` was not called for that; None: nothing.

    Raises:
        typer.Exit: With the exit code.
        AudiojudgeError: As `running.carry_out`.
    """
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.commands.running import carry_out, gated
    from audiojudge_cli.runs.options import ScoreOptions
    from audiojudge_cli.runs.outcome import NOT_JUDGED

    teller = common.remarks.teller()
    read = (*asked.inputs, asked.captions, common.gate)
    with gated(teller, common.files.named, asked.out, read, stays=not common.dry_run) as gate:
        how = opt.judge_options(common.quant, None, common.prompts)
        named: dict[str, str | None] = {"judge": common.judge, "device": common.device}
        chosen = preset_with(common.preset, workers=common.workers, llm=None, **named, **how)
        way = _way(asked, common, chosen.judge)
        rules = gate.rules(None, common.gate, common.require)
        # Which sounds better rests on opinion scores and words, unless a judge hears it; alignment on what one says.
        depth = "full" if asked.by is not Question.ALIGNMENT and way is Way.RECORDED else chosen.quality
        if way is Way.HEARD and depth == "off" and not asked.is_judged:
            depth = "basic"
        most = opt.max_errors(common.max_errors, fail_fast=common.fail_fast)
        options = ScoreOptions(
            outputs=asked.inputs[0],
            captions=asked.captions or (asked.inputs[1] if len(asked.inputs) > 1 else None),
            out=asked.out,
            preset_name=common.preset,
            preset=chosen.model_copy(update={"gate": rules}).overridden({"max_errors": most, "quality": depth}),
            cache=common.cache_folder,
            strict=common.strict,
            restart=common.restart,
            arguments=tuple(sys.argv[1:]),
            is_judged=asked.is_judged or way is Way.REWARDED,
            contest=make("reward" if way is Way.REWARDED else asked.by.value),
            is_rewarded=way is Way.REWARDED,
            votes=(common.votes or 1) if way is Way.HEARD else 0,
            seed=common.seed,
        )
        if common.dry_run:
            from audiojudge_cli.commands.contest_outlook import tell_outlook

            gate.refuse_files("--dry-run judges nothing, so there is nothing for --{}; leave it out")
            tell_outlook(options, teller)
            raise typer.Exit
        compared = carry_out(options, opt.Layout.TABLE, teller, table=common.layout is opt.Layout.TABLE)
        if common.layout is opt.Layout.JSONL and compared.exit_code in _WHOLE:
            _print_lines(asked.out)
        gate.write(compared)
        if compared.exit_code in _WHOLE:
            conclude()
        elif compared.exit_code == NOT_JUDGED and withheld is not None:
            teller.remark(withheld, urgent=True)
    raise typer.Exit(compared.exit_code)


def wanted(common: Common) -> ClipFilter | None:
    """Return what `--filter` says.

    Raises:
        InputError: If it cannot be read.
    """
    from audiojudge_cli.runs.clip_filter import parse_filter

    return None if common.pair_filter is None else parse_filter(common.pair_filter)


def _print_lines(folder: Path) -> None:
    """Print what was decided, one JSON object a line: the pairs, or the selected clips."""
    from audiojudge_cli.commands.console import hush
    from audiojudge_cli.comparing.pairs_file import PAIRS, pair_data
    from audiojudge_cli.comparing.selecting import SELECTED
    from audiojudge_cli.text.jsonl import dump_line

    try:
        if (folder / PAIRS).is_file():
            for row in pair_data(folder):
                typer.echo(dump_line(row), nl=False)
        else:
            typer.echo((folder / SELECTED).read_text(encoding="utf-8"), nl=False)
        sys.stdout.flush()
    except BrokenPipeError:
        hush(sys.stdout)


def _way(asked: Asked, common: Common, judge: str) -> Way:
    """Return how the judge tells which clip is better.

    Args:
        asked: What is asked.
        common: The options.
        judge: Its name, of the options or of the preset.

    Raises:
        InputError: If an option asks for what this judge cannot do.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.judges.registry import can, judge_family
    from audiojudge_cli.text.terminal import shown

    rewards = can(judge, "reward")
    if rewards and asked.is_judged:
        raise InputError(
            f"the judge {shown(judge)} gives each clip one reward, for how it sounds; --by {asked.by.value} asks for "
            "more: leave --by out, or take another judge"
        )
    if asked.by is not Question.ALIGNMENT and can(judge, "compare"):
        return Way.HEARD
    if common.votes is not None:
        why = "asks about each clip alone" if asked.by is Question.ALIGNMENT else "hears one clip at a time"
        raise InputError(
            f"--votes is for a judge that hears two clips together: {shown(judge)} with --by {asked.by.value} {why}; "
            "leave it out, or take an omni judge with --by quality"
        )
    if asked.is_judged or rewards:
        return Way.REWARDED if rewards else Way.RECORDED
    if common.judge is not None and judge_family(judge) != "embedded":
        raise InputError(
            f"the judge {shown(judge)} cannot hear two clips together, and nothing else is asked of it with --by "
            "quality; take an omni judge such as speechjudge-grm, ask --by alignment or both, or leave --judge out: "
            "then the clips are measured"
        )
    if idle := next((name for name in ("quant", "prompts") if getattr(common, name)), None):
        raise InputError(f"--{idle} is for an omni judge, and --by quality only measures without one; add --judge")
    return Way.RECORDED


_WHOLE = (0, 1)
"""Exit codes after which everything was compared: done, whatever the gate says."""
