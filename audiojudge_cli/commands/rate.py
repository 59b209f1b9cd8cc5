"""`audiojudge rate`: how good is each file on a scale of your own?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.scales.instruction import Criterion


def register(app: typer.Typer) -> None:
    """Add `audiojudge rate` to the command tree."""
    app.command("rate", cls=HelpCommand)(rate)


def rate(
    outputs: Annotated[
        str, typer.Argument(help="Folder of audio, one audio file, a manifest that carries paths, or - for stdin.")
    ],
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
            metavar="NAME|FILE", help="A set of instructions: mos, aes, qualispeech, speecheval, or a YAML file."
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
    out: Annotated[Path, typer.Option("--out", "-o", help="The run folder; an unfinished run in it goes on.")] = Path(
        "audiojudge-ratings"
    ),
    judge: opt.JudgeName = None,
    quant: opt.QuantOf = None,
    prompts: opt.Prompts = None,
    device: Annotated[str | None, typer.Option(help="auto, cpu, cuda, cuda:1 ...")] = None,
    preset: Annotated[
        str, typer.Option(help="Name or path of a preset, for its judge, limits and workers; its gate is about scores.")
    ] = "default",
    gate: Annotated[Path | None, typer.Option(help="YAML file of gate rules (see docs/gates.md).")] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(
            metavar="RULE",
            help="One more gate rule, such as 'dimension.noise.mean >= 0.75' (its place on the scale, 0 to 1); may be "
            "repeated.",
        ),
    ] = None,
    baseline: Annotated[
        Path | None, typer.Option(help="An earlier run folder; gate rules on regression are against it.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the gate as JUnit XML here.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the gate as Markdown here (a step summary).")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the gate as JSON here; it is in the run folder too.")] = None,
    layout: Annotated[
        opt.Layout, typer.Option("--format", help="Print a summary table, or every record as it finishes.")
    ] = opt.Layout.TABLE,
    audio_field: Annotated[str | None, typer.Option(help="Manifest column of the audio path.")] = None,
    workers: opt.Workers = None,
    clip_filter: opt.Filter = None,
    sample: opt.Sample = None,
    seed: opt.Seed = 0,
    limit: opt.Limit = None,
    shard: opt.ShardOf = None,
    fail_fast: opt.FailFast = False,
    max_errors: opt.MaxErrors = None,
    retry_errors: opt.RetryErrors = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Stop (exit 2) when a row is broken or anything has no partner.")
    ] = False,
    restart: Annotated[bool, typer.Option("--restart", help="Drop what an earlier run left in the folder.")] = False,
    quiet: opt.Quiet = False,
    verbose: opt.Verbose = False,
    log_json: opt.LogJson = False,
) -> None:
    """Rate every clip on any criterion and any scale, either way up; the results lie in the run folder.

    A rating is the expectation over the values of the scale, with its spread. The embedded judge rates what it can
    measure, and says of anything else that it cannot. Where rows hold what people gave (a column named as the
    dimension, else score, human_score, mos or rating), the summary has the correlations.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, a rule that is none, or an
    instruction without a scale; 3: not enough could be rated; 130: interrupted, run it again to go on.
    """
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.commands.gate import gate_options, never_stale, refuse_bad_places
    from audiojudge_cli.commands.precious import refuse_precious
    from audiojudge_cli.commands.running import carry_out, refuse_idle_files, write_gate
    from audiojudge_cli.commands.telling import Teller, choose_manner, errors_told
    from audiojudge_cli.runs.options import ScoreOptions
    from audiojudge_cli.runs.shard import Shard

    files = (("junit", junit), ("markdown", markdown), ("json", json))
    teller = Teller(choose_manner(quiet=quiet, verbose=verbose, log_json=log_json))
    with errors_told(teller):
        refuse_precious(files, out, (outputs, captions, gate))
    with errors_told(teller), never_stale(files, out) as known:
        refuse_bad_places(files, out)
        criteria = chosen_criteria(instruction or [], scale or [], paraphrases)
        named: dict[str, str | None] = {"judge": judge, "device": device}
        asked = opt.judge_options(quant, None, prompts)
        chosen = preset_with(preset, workers=workers, llm=None, **named, **asked)
        rules = gate_options(None, gate, require or [], None)
        refuse_idle_files(files, rules)
        known.rules_hash = rules.rule_set().hash if rules else None
        most = opt.max_errors(max_errors, fail_fast=fail_fast)
        changes = {"max_errors": most, "retry_errors": retry_errors, "quality": "off"}
        options = ScoreOptions(
            outputs=outputs,
            captions=captions,
            out=out,
            preset_name=preset,
            # The rules of a preset are about scores.
            preset=chosen.model_copy(update={"gate": rules}).overridden(changes),
            baseline=baseline,
            audio_field=audio_field,
            filter=clip_filter,
            sample=sample,
            seed=seed,
            limit=limit,
            shard=None if shard is None else Shard.parse(shard),
            strict=strict,
            restart=restart,
            arguments=tuple(sys.argv[1:]),
            criteria=criteria,
        )
        rated = carry_out(options, layout, teller)
        write_gate(rated, files, out, known.rules_hash)
    raise typer.Exit(rated.exit_code)


def chosen_criteria(instructions: list[str], scales: list[str], paraphrases: int) -> tuple[Criterion, ...]:
    """Return what is to be rated, in all wordings.

    Raises:
        InputError: If nothing is to be rated, a dimension is named twice, or an instruction cannot be read.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.scales.instruction import read_instruction
    from audiojudge_cli.scales.sets import load_set, scale_names

    found = [*(read_instruction(text) for text in instructions), *(one for name in scales for one in load_set(name))]
    if not found:
        raise InputError(
            "nothing to rate; give --instruction 'Rate the background noise from 1 (very noisy) to 5 (silent)', or "
            f"--scale with one of {', '.join(scale_names())}"
        )
    names = [one.name for one in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(
            f"two instructions are named {twice!r}; put a name before one, as in 'other_{twice}: Rate ...'"
        )
    return tuple(wording for one in found for wording in one.reworded(paraphrases))
