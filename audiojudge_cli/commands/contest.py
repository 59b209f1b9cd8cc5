"""What `compare`, `rank` and `select` share: their options, and a run whose clips are compared at its end."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import score_options as opt

if TYPE_CHECKING:
    from audiojudge_cli.commands.gate import Files
    from audiojudge_cli.comparing.contest import Contest


class Question(StrEnum):
    """What is asked about two clips."""

    QUALITY = "quality"
    ALIGNMENT = "alignment"
    BOTH = "both"


By = Annotated[
    Question,
    typer.Option("--by", help="Which sounds better (speech), which follows its caption better, or both."),
]
Captions = Annotated[
    str | None,
    typer.Option(help="Manifest (JSONL, CSV, TSV, Parquet) or folder of .txt files about every folder of audio."),
]
PresetName = Annotated[
    str,
    typer.Option(
        help="Name or path of a preset, for its judge, limits, workers and the like; its gate is about scores."
    ),
]
GateFile = Annotated[
    Path | None, typer.Option(help="YAML file of gate rules, instead of the preset's (see docs/gates.md).")
]
Require = Annotated[
    list[str] | None,
    typer.Option(metavar="RULE", help="One more gate rule, such as 'winrate.NEW >= 0.5 at 95%'; may be repeated."),
]
Junit = Annotated[Path | None, typer.Option(help="Write the gate as JUnit XML here.")]
Markdown = Annotated[Path | None, typer.Option(help="Write the gate as Markdown here (a step summary).")]
Json = Annotated[Path | None, typer.Option(help="Write the gate as JSON here; it is in the run folder too.")]
Device = Annotated[str | None, typer.Option(help="auto, cpu, cuda, cuda:1 ...")]
Strict = Annotated[
    bool, typer.Option("--strict", help="Stop (exit 2) when a row is broken or anything has no partner.")
]
Restart = Annotated[bool, typer.Option("--restart", help="Drop what an earlier run left in the folder.")]


Out = Annotated[Path, typer.Option("--out", "-o", help="The run folder; an unfinished run in it goes on.")]


@dataclass(frozen=True, slots=True)
class Common:
    """The options that all three have.

    Attributes:
        inputs: Files and folders that are read, so that nothing is written over them.
        captions: As given.
        out: The run folder.
        by: What is asked.
        judge: As given.
        preset: Its name.
        gate: Rule file.
        require: More rules.
        files: What to write about the gate.
        device: As given.
        workers: As given.
        cache: Folder of the verdict cache.
        max_errors: As given.
        fail_fast: As given.
        strict: As given.
        restart: As given.
        quiet: As given.
        verbose: As given.
        log_json: As given.
    """

    inputs: tuple[str, ...]
    captions: str | None
    out: Path
    by: Question
    judge: str | None
    preset: str
    gate: Path | None
    require: list[str] | None
    files: Files
    device: str | None
    workers: str | None
    cache: Path | None
    max_errors: str | None
    fail_fast: bool
    strict: bool
    restart: bool
    quiet: bool
    verbose: bool
    log_json: bool

    @property
    def is_judged(self) -> bool:
        """Whether captions are judged."""
        return self.by is not Question.QUALITY


def run_contest(common: Common, make: Callable[[], Contest], conclude: Callable[[], None] = lambda: None) -> None:
    """Judge the clips of a contest, compare them, and end with the exit code.

    Args:
        common: The options.
        make: Reads the input.
        conclude: Called once everything is written, unless the exit code is 2, 3 or 130.

    Raises:
        typer.Exit: With the exit code.
        AudiojudgeError: As `running.carry_out`.
    """
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.commands.gate import gate_options, never_stale, refuse_bad_places
    from audiojudge_cli.commands.precious import refuse_precious
    from audiojudge_cli.commands.running import carry_out, refuse_idle_files, write_gate
    from audiojudge_cli.commands.telling import Teller, choose_manner, errors_told
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.options import ScoreOptions

    files, out = common.files, common.out
    manner = choose_manner(quiet=common.quiet, verbose=common.verbose, log_json=common.log_json)
    teller = Teller(manner)
    with errors_told(teller):
        refuse_precious(files, out, (*common.inputs, common.captions, common.gate))
    with errors_told(teller), never_stale(files, out) as known:
        refuse_bad_places(files, out)
        if common.judge is not None and not common.is_judged:
            raise InputError(
                "--judge judges captions; with --by quality clips are only measured: --by alignment or both"
            )
        chosen = preset_with(common.preset, workers=common.workers, judge=common.judge, device=common.device)
        rules = gate_options(None, common.gate, common.require or [], None)
        refuse_idle_files(files, rules)
        known.rules_hash = rules.rule_set().hash if rules else None
        # Which sounds better rests on opinion scores and words; alignment on what the judge says.
        depth = "full" if common.by is not Question.ALIGNMENT else chosen.quality
        most = opt.max_errors(common.max_errors, fail_fast=common.fail_fast)
        options = ScoreOptions(
            outputs=common.inputs[0],
            captions=common.captions or (common.inputs[1] if len(common.inputs) > 1 else None),
            out=out,
            preset_name=common.preset,
            preset=chosen.model_copy(update={"gate": rules}).overridden({"max_errors": most, "quality": depth}),
            cache=common.cache,
            strict=common.strict,
            restart=common.restart,
            arguments=tuple(sys.argv[1:]),
            is_judged=common.is_judged,
            contest=make(),
        )
        compared = carry_out(options, opt.Layout.TABLE, teller)
        write_gate(compared, files, out, known.rules_hash)
        if compared.exit_code in _WHOLE:
            conclude()
    raise typer.Exit(compared.exit_code)


_WHOLE = (0, 1)
"""Exit codes after which everything was compared: done, whatever the gate says."""
