"""`audiojudge rate`: how good is each file on a scale of your own?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from audiojudge_cli.commands import complete, groups
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.groups import spread
from audiojudge_cli.commands.help import HelpCommand


def register(app: typer.Typer) -> None:
    """Add `audiojudge rate` to the command tree."""
    app.command("rate", cls=HelpCommand)(spread(rate))


def rate(
    outputs: Annotated[str, opt.AUDIO],
    *,
    instruction: Annotated[
        list[str] | None,
        typer.Option(
            metavar="TEXT",
            help="What to rate, on which scale: 'Rate the background noise from 1 (very noisy) to 5 (silent)'; may be "
            "repeated, and 'noise: Rate …' names its column.",
        ),
    ] = None,
    scale: Annotated[
        list[str] | None,
        typer.Option(
            autocompletion=complete.scales,
            metavar="NAME|FILE",
            help="A set of instructions: mos, aes, qualispeech, speecheval, or a YAML file.",
        ),
    ] = None,
    paraphrases: Annotated[
        int,
        typer.Option(
            help="Rate with so many wordings of each instruction, and report how far they differ.", min=1, max=8
        ),
    ] = 1,
    captions: Annotated[
        str | None,
        typer.Option(help="Manifest (JSONL, CSV, TSV, Parquet), or - for stdin: rate the files of its rows only."),
    ] = None,
    out: opt.Out = Path("audiojudge-ratings"),
    judge: opt.JudgeName = None,
    quant: opt.QuantOf = None,
    prompts: opt.Prompts = None,
    device: opt.Device = None,
    preset: Annotated[
        str, opt.preset("Name or path of a preset, for its judge, limits and workers; its gate is about scores.")
    ] = "default",
    gate: Annotated[Path | None, typer.Option(help="YAML file of gate rules (see docs/gates.md).")] = None,
    require: Annotated[
        list[str] | None, opt.require("dimension.noise.mean >= 0.75", " (its place on the scale, 0 to 1)")
    ] = None,
    baseline: opt.Baseline = None,
    files: groups.GateFiles,
    layout: opt.Form = opt.Layout.TABLE,
    audio_field: opt.AudioField = None,
    workers: opt.Workers = None,
    clips: groups.Sharded,
    failing: groups.Failing,
    strict: opt.Strict = False,
    restart: opt.Restart = False,
    remarks: groups.Remarks,
) -> None:
    """Rate every clip on any criterion and any scale, either way up; the results lie in the run folder.

    A rating is the expectation over the values of the scale, with its spread. The embedded judge rates what it can
    measure, and says of anything else that it cannot. Where rows hold what people gave (a column named as the
    dimension, else score, human_score, mos or rating), the summary has the correlations.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, a rule that is none, or an
    instruction without a scale; 3: not enough could be rated; 130: interrupted, run it again to go on.
    """
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.commands.running import carry_out, gated
    from audiojudge_cli.runs.options import ScoreOptions
    from audiojudge_cli.scales.sets import chosen_criteria

    teller = remarks.teller()
    with gated(teller, files.named, out, (outputs, captions, gate)) as ruled:
        criteria = chosen_criteria(instruction or [], scale or [], paraphrases)
        named: dict[str, str | None] = {"judge": judge, "device": device}
        asked = opt.judge_options(quant, None, prompts)
        chosen = preset_with(preset, workers=workers, llm=None, **named, **asked)
        rules = ruled.rules(None, gate, require)
        options = ScoreOptions(
            outputs=outputs,
            captions=captions,
            out=out,
            preset_name=preset,
            # The rules and the calibration of a preset are about scores.
            preset=chosen.model_copy(update={"gate": rules, "calibration": None}).overridden(
                failing.changes() | {"quality": "off"}
            ),
            baseline=baseline,
            audio_field=audio_field,
            **clips.options(),
            strict=strict,
            restart=restart,
            arguments=tuple(sys.argv[1:]),
            criteria=criteria,
        )
        rated = carry_out(options, layout, teller)
        ruled.write(rated)
    raise typer.Exit(rated.exit_code)
