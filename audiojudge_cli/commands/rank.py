"""`audiojudge rank`: which of several systems is best, from all pairs of their clips."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import contest as ask
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.comparing.contest import Contest

SYSTEM = "system"
"""Column of a manifest that names who made a clip."""


def register(app: typer.Typer) -> None:
    """Add `audiojudge rank` to the command tree."""
    app.command("rank", cls=HelpCommand)(rank)


def rank(
    systems: Annotated[
        list[str],
        typer.Argument(
            metavar="DIR...", help="Folders, one for each system; or one manifest (or folder with --captions)."
        ),
    ],
    *,
    captions: ask.Captions = None,
    system_field: Annotated[
        str | None, typer.Option(help="Column of the manifest that names the system; by default: system.")
    ] = None,
    per: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column that tells prompts apart; by default their texts do.")
    ] = None,
    by: ask.By = ask.Question.QUALITY,
    out: ask.Out = Path("audiojudge-rank"),
    judge: opt.JudgeName = None,
    preset: ask.PresetName = "default",
    gate: ask.GateFile = None,
    require: ask.Require = None,
    junit: ask.Junit = None,
    markdown: ask.Markdown = None,
    json: ask.Json = None,
    device: ask.Device = None,
    workers: opt.Workers = None,
    cache_folder: opt.Cache = None,
    max_errors: opt.MaxErrors = None,
    fail_fast: opt.FailFast = False,
    strict: ask.Strict = False,
    restart: ask.Restart = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    log_json: opt.LogJson = False,
) -> None:
    """Rank systems: every two clips that two of them made for one prompt are compared.

    Strengths are those of Bradley and Terry, with Davidson's ties; intervals draw prompts as a whole.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be judged, or no pair compared; 130: interrupted, run it again to go on.
    """
    common = ask.Common(
        inputs=tuple(systems),
        captions=captions,
        out=out,
        by=by,
        judge=judge,
        preset=preset,
        gate=gate,
        require=require,
        files=(("junit", junit), ("markdown", markdown), ("json", json)),
        device=device,
        workers=workers,
        cache=cache_folder,
        max_errors=max_errors,
        fail_fast=fail_fast,
        strict=strict,
        restart=restart,
        quiet=quiet,
        verbose=verbose,
        log_json=log_json,
    )
    ask.run_contest(common, lambda: _ranking(common, system_field, per))


def _ranking(common: ask.Common, system_field: str | None, per: str | None) -> Contest:
    from audiojudge_cli.comparing.contest import Comparison
    from audiojudge_cli.comparing.sources import folders, systems_of
    from audiojudge_cli.errors import InputError

    first, *others = common.inputs
    if others and (system_field or per):
        option = "--system-field" if system_field else "--per"
        raise InputError(f"{option} is for one manifest; folders are systems, and names of files tell prompts apart")
    if others:
        source = folders(common.inputs, common.captions, captioned=common.is_judged)
    else:
        source = systems_of(first, common.captions, field=system_field or SYSTEM, per=per, captioned=common.is_judged)
    return Comparison(source, common.by.value, ranked=True)
