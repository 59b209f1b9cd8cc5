"""`audiojudge score`: does each file do what its caption asked?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete, one_clip
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.commands.telling import Teller
    from audiojudge_cli.runs.options import ScoreOptions


def register(app: typer.Typer) -> None:
    """Add `audiojudge score` to the command tree."""
    app.command("score", cls=HelpCommand, context_settings={"allow_extra_args": True})(score)


def score(
    ctx: typer.Context,
    outputs: Annotated[
        str | None,
        typer.Argument(help="Folder of audio, one audio file, a manifest that carries paths, or - for stdin."),
    ] = None,
    *,
    captions: Annotated[
        str | None,
        typer.Option(help="Manifest (JSONL, CSV, TSV, Parquet), folder of .txt files, or - for stdin."),
    ] = None,
    caption: one_clip.Caption = None,
    transcript: one_clip.Transcript = None,
    out: opt.Out = None,
    judge: opt.JudgeName = None,
    quant: opt.QuantOf = None,
    mode: opt.ModeOf = None,
    prompts: opt.Prompts = None,
    preset: Annotated[
        str, typer.Option(autocompletion=complete.presets, help="Name of a preset, or path of a YAML file.")
    ] = "default",
    rubrics: Annotated[
        Path | None, typer.Option(help="Rubric file (see `audiojudge rubric -o`) used instead of expansion.")
    ] = None,
    expander: Annotated[
        str | None,
        typer.Option(
            autocompletion=complete.expanders, help="What turns captions into rubrics: rules, llm, or an installed one."
        ),
    ] = None,
    llm_endpoint: Annotated[
        str | None,
        typer.Option(help="llm: base URL of an OpenAI-compatible server.", envvar="AUDIOJUDGE_LLM_ENDPOINT"),
    ] = None,
    llm_model: Annotated[str | None, typer.Option(help="llm: model name, or folder of a local model.")] = None,
    llm_timeout: Annotated[float | None, typer.Option(help="llm: seconds to wait for one answer.", min=0.1)] = None,
    rubric_cache: Annotated[
        str | None,
        typer.Option(metavar="FILE|auto|never", help="Keeps rubrics between runs; auto: those of llm."),
    ] = None,
    gate: Annotated[
        Path | None, typer.Option(help="YAML file of gate rules, instead of the preset's (see docs/gates.md).")
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="One more gate rule, such as 'score.mean >= 0.80'; may be repeated."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            autocompletion=complete.runs, help="An earlier run folder; gate rules on regression are against it."
        ),
    ] = None,
    pass_at: Annotated[
        float | None, typer.Option(help="For gate rules, a clip passes when its score is at least this.")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the gate as JUnit XML here.")] = None,
    markdown: Annotated[Path | None, typer.Option(help="Write the gate as Markdown here (a step summary).")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the gate as JSON here; it is in the run folder too.")] = None,
    layout: Annotated[
        opt.Layout, typer.Option("--format", help="Print a summary table, or every record as it finishes.")
    ] = opt.Layout.TABLE,
    audio_field: Annotated[
        str | None, typer.Option(autocompletion=complete.fields, help="Manifest column of the audio path.")
    ] = None,
    caption_field: Annotated[
        str | None, typer.Option(autocompletion=complete.fields, help="Manifest column of the caption.")
    ] = None,
    transcript_field: Annotated[
        str | None, typer.Option(autocompletion=complete.fields, help="Manifest column of the words to be spoken.")
    ] = None,
    reference_field: opt.ReferenceField = None,
    device: Annotated[
        str | None, typer.Option(autocompletion=complete.devices, help="auto, cpu, cuda, cuda:1 ...")
    ] = None,
    quality: opt.QualityOf = None,
    workers: opt.Workers = None,
    clip_filter: opt.Filter = None,
    sample: opt.Sample = None,
    seed: opt.Seed = 0,
    limit: opt.Limit = None,
    shard: opt.ShardOf = None,
    engine: opt.EngineOption = opt.EngineName.LOCAL,
    ray_address: opt.RayAddress = None,
    ray_gpus: opt.RayGpus = None,
    cache_folder: opt.Cache = None,
    cache_size: opt.CacheSize = "2GB",
    watch: opt.Watch = False,
    watch_idle: opt.WatchIdle = None,
    dry_run: opt.DryRun = False,
    calibrate: opt.Calibrate = None,
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
    log: opt.Log = None,
    log_name: opt.LogName = None,
) -> None:
    """Score every clip against its caption; the results lie in the run folder.

    With `--expander llm` an API key is read from AUDIOJUDGE_API_KEY.

    With gate rules, the run must pass them too: their table follows the summary, and `gate.json` keeps their outcome.

    Of one audio file, every item of its rubric is printed at once, and nothing is written unless --out is given.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be judged; 130: interrupted, run it again to go on.
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
    worded, stays = caption is not None or transcript is not None, watch or shard is not None
    home = ctx.with_resource(one_clip.home(outputs, out, "audiojudge-run", worded=worded, stays=stays))
    with errors_told(teller):
        refuse_precious(files, home.folder, (outputs, captions, gate, rubrics))
    with errors_told(teller), never_stale(() if dry_run else files, home.called) as known:
        one_clip.refuse_extra(outputs, ctx.args, captions, "score")
        refuse_bad_places(files, home.folder)
        trackers = opt.trackers(log, log_name, is_passing=home.is_passing)
        llm = {"endpoint": llm_endpoint, "model": llm_model, "timeout_s": llm_timeout}
        named = {"judge": judge, "expander": expander, "device": device, "rubric_cache": rubric_cache}
        named["quality"] = quality and quality.value
        asked = opt.judge_options(quant, mode, prompts)
        chosen = preset_with(preset, workers=workers, llm=llm, **named, **asked)
        opt.refuse_idle_reference(reference_field, chosen)
        rules = gate_options(chosen.gate, gate, require or [], pass_at)
        refuse_idle_files(files, rules)
        known.rules_hash = rules.rule_set().hash if rules else None
        most = opt.max_errors(max_errors, fail_fast=fail_fast)
        options = ScoreOptions(
            outputs=outputs,
            captions=captions,
            out=home.folder,
            is_passing=home.is_passing,
            given=one_clip.given_words(caption, transcript),
            preset_name=preset,
            preset=chosen.overridden({"gate": rules, "max_errors": most, "retry_errors": retry_errors}),
            rubrics=rubrics,
            baseline=baseline,
            audio_field=audio_field,
            caption_field=caption_field,
            transcript_field=transcript_field,
            reference_field=reference_field,
            filter=clip_filter,
            sample=sample,
            seed=seed,
            limit=limit,
            shard=None if shard is None else Shard.parse(shard),
            ray=opt.ray_options(engine, ray_address, ray_gpus, chosen.workers),
            cache=cache_folder,
            cache_bytes=opt.cache_bytes(cache_size),
            watch_idle_s=opt.watch_idle(watch_idle, watch=watch, dry_run=dry_run),
            strict=strict,
            restart=restart,
            arguments=tuple(sys.argv[1:]),
        )
        opt.refuse_idle_calibration(calibrate, dry_run=dry_run)
        if dry_run:
            refuse_idle_files(files, None, "--dry-run judges nothing")
            _look_ahead(options, layout, teller, calibration_s=calibrate)
            raise typer.Exit
        scored = carry_out(options, layout, teller)
        try:
            write_gate(scored, files, home.called, known.rules_hash)
        finally:
            opt.log_run(home.folder, trackers, teller, log_name)
    raise typer.Exit(scored.exit_code)


def _look_ahead(options: ScoreOptions, layout: opt.Layout, teller: Teller, *, calibration_s: float | None) -> None:
    from audiojudge_cli.api.running import loaders
    from audiojudge_cli.commands.dry_run import tell_outlook

    judge, expander = loaders(options)
    as_json = layout is opt.Layout.JSONL
    tell_outlook(options, teller, judge=judge, expander=expander, calibration_s=calibration_s, as_json=as_json)
