"""`audiojudge select`: the best of several clips for each prompt."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import contest as ask
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.comparing.selecting import Choice


def register(app: typer.Typer) -> None:
    """Add `audiojudge select` to the command tree."""
    app.command("select", cls=HelpCommand)(select)


def select(
    outputs: Annotated[str, typer.Argument(help="Folder of audio, or a manifest that carries paths.")],
    *,
    captions: ask.Captions = None,
    per: Annotated[
        str | None, typer.Option(metavar="COLUMN", help="Column that tells prompts apart; by default their texts do.")
    ] = None,
    best: Annotated[int, typer.Option(min=1, help="So many clips of each prompt, if there are so many.")] = 1,
    to: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Copy the selected clips into this folder, with a manifest.")
    ] = None,
    link: Annotated[bool, typer.Option("--link", help="--to: symbolic links instead of copies.")] = False,
    by: ask.By = ask.Question.QUALITY,
    out: ask.Out = Path("audiojudge-select"),
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
    """Select the best of several clips for each prompt: those that win most comparisons with the others.

    `selected.jsonl` in the run folder is a manifest of them. A clip that failed is never selected.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be judged, or nothing selected; 130: interrupted, run it again to go on.
    """
    common = ask.Common(
        inputs=(outputs,),
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
    made: list[Choice] = []

    def make() -> Choice:
        made.append(_choice(common, per, best, to, link=link))
        return made[0]

    ask.run_contest(common, make, lambda: _copy(made[0], out, to, link=link))


def _choice(common: ask.Common, per: str | None, best: int, to: Path | None, *, link: bool) -> Choice:
    from audiojudge_cli.clips.pairing import find_clips
    from audiojudge_cli.comparing.selecting import Choice
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.text.terminal import shown

    if link and to is None:
        raise InputError("--link is for --to DIR; add that or leave it out")
    if to is not None and to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise InputError(f"{shown(to)} is not an empty folder; give another --to, so that nothing in it is touched")
    pairing = partial(find_clips, common.inputs[0], common.captions, captioned=common.is_judged)
    return Choice(pairing, common.by.value, per, best)


def _copy(choice: Choice, out: Path, to: Path | None, *, link: bool) -> None:
    if to is None:
        return
    from audiojudge_cli.comparing.selecting import copy_to

    copy_to(to, choice.winners(out), linked=link)
