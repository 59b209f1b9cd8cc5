"""`audiojudge compare`: which of two clips is better, pair by pair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import contest as ask
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.comparing.contest import Contest


def register(app: typer.Typer) -> None:
    """Add `audiojudge compare` to the command tree."""
    app.command("compare", cls=HelpCommand)(compare)


def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="Folder of audio, or a manifest of pairs, or - for stdin.")],
    b: Annotated[
        str | None, typer.Argument(metavar="[B]", help="The other folder: files of the same name are compared.")
    ] = None,
    *,
    captions: ask.Captions = None,
    by: ask.By = ask.Question.QUALITY,
    out: ask.Out = Path("audiojudge-compare"),
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
    """Compare clips in pairs: which sounds better, or which follows its caption better.

    Every clip is judged once, as by `audiojudge score` or `quality`; `pairs.csv` in the run folder has the pairs.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be judged, or no pair compared; 130: interrupted, run it again to go on.
    """
    common = ask.Common(
        inputs=(a,) if b is None else (a, b),
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
    ask.run_contest(common, lambda: _comparison(common))


def _comparison(common: ask.Common) -> Contest:
    from audiojudge_cli.comparing.contest import Comparison
    from audiojudge_cli.comparing.sources import folders, manifest_of_pairs
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.terminal import shown

    first, *others = common.inputs
    if others:
        source = folders(common.inputs, common.captions, captioned=common.is_judged)
    elif Path(first).is_dir():
        raise InputError(f"{shown(first)} is a folder; name the folder it is compared with, or a manifest of pairs")
    elif common.captions is not None:
        raise InputError("--captions is for two folders; the rows of a manifest of pairs carry their own captions")
    else:
        source = manifest_of_pairs(first, captioned=common.is_judged)
    return Comparison(source, common.by.value)
