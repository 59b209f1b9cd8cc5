"""`audiojudge score`: does each file do what its caption asked?"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete, groups, one_clip
from audiojudge_cli.commands import option_checks as checks
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.groups import spread
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.runs.options import ScoreOptions


def register(app: typer.Typer) -> None:
    """Add `audiojudge score` to the command tree."""
    app.command("score", cls=HelpCommand, context_settings={"allow_extra_args": True})(spread(score))


def score(
    ctx: typer.Context,
    outputs: Annotated[str | None, opt.AUDIO] = None,
    *,
    captions: Annotated[
        str | None,
        typer.Option(help="Manifest (JSONL, CSV, TSV, Parquet), folder of .txt files, or - for stdin."),
    ] = None,
    caption: one_clip.Caption = None,
    transcript: one_clip.Transcript = None,
    out: Annotated[Path | None, opt.out_unless_one("audiojudge-run")] = None,
    judge: opt.JudgeName = None,
    quant: opt.QuantOf = None,
    mode: opt.ModeOf = None,
    prompts: opt.Prompts = None,
    server: groups.AtServer,
    preset: Annotated[str, opt.preset("Name of a preset, or path of a YAML file.")] = "default",
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
    gate: opt.GateFile = None,
    require: Annotated[list[str] | None, opt.require("score.mean >= 0.80")] = None,
    baseline: opt.Baseline = None,
    pass_at: Annotated[
        float | None, typer.Option(help="For gate rules, a clip passes when its score is at least this.")
    ] = None,
    files: groups.GateFiles,
    layout: opt.Form = opt.Layout.TABLE,
    audio_field: opt.AudioField = None,
    caption_field: Annotated[
        str | None, typer.Option(autocompletion=complete.fields, help="Manifest column of the caption.")
    ] = None,
    transcript_field: opt.TranscriptField = None,
    reference_field: opt.ReferenceField = None,
    device: opt.Device = None,
    quality: opt.QualityOf = None,
    workers: opt.Workers = None,
    clips: groups.Sharded,
    engine: opt.EngineOption = opt.EngineName.LOCAL,
    ray_address: opt.RayAddress = None,
    ray_gpus: opt.RayGpus = None,
    cache_folder: opt.Cache = None,
    cache_size: opt.CacheSize = "2GB",
    watch: opt.Watch = False,
    watch_idle: opt.WatchIdle = None,
    dry_run: opt.DryRun = False,
    calibrate: opt.Calibrate = None,
    failing: groups.Failing,
    strict: opt.Strict = False,
    restart: opt.Restart = False,
    remarks: groups.Remarks,
    log: opt.Log = None,
    log_name: opt.LogName = None,
) -> None:
    """Score every clip against its caption; the results lie in the run folder.

    With `--judge endpoint` or `--expander llm` an API key is read from AUDIOJUDGE_API_KEY.

    With gate rules, the run must pass them too: their table follows the summary, and `gate.json` keeps their outcome.

    Of one audio file, every item of its rubric is printed at once, and nothing is written unless --out is given.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be judged; 130: interrupted, run it again to go on.
    """
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.commands.running import carry_out, gated
    from audiojudge_cli.runs.options import ScoreOptions

    teller = remarks.teller()
    worded, stays = caption is not None or transcript is not None, watch or clips.shard is not None
    home = ctx.with_resource(one_clip.home(outputs, out, "audiojudge-run", worded=worded, stays=stays))
    read = (outputs, captions, gate, rubrics)
    with gated(teller, files.named, home.folder, read, called=home.called, stays=not dry_run) as ruled:
        one_clip.refuse_extra(outputs, ctx.args, captions, "score")
        trackers = checks.trackers(log, log_name, is_passing=home.is_passing)
        llm = {"endpoint": llm_endpoint, "model": llm_model, "timeout_s": llm_timeout}
        named = {"judge": judge, "expander": expander, "device": device, "rubric_cache": rubric_cache}
        named["quality"] = quality and quality.value
        asked = opt.judge_options(quant, mode, prompts)
        chosen = preset_with(preset, workers=workers, llm=llm, endpoint=server.changes(), **named, **asked)
        checks.refuse_idle_reference(reference_field, chosen)
        rules = ruled.rules(chosen.gate, gate, require, pass_at)
        options = ScoreOptions(
            outputs=outputs,
            captions=captions,
            out=home.folder,
            is_passing=home.is_passing,
            given=one_clip.given_words(caption, transcript),
            preset_name=preset,
            preset=chosen.overridden(failing.changes() | {"gate": rules}),
            rubrics=rubrics,
            baseline=baseline,
            audio_field=audio_field,
            caption_field=caption_field,
            transcript_field=transcript_field,
            reference_field=reference_field,
            **clips.options(),
            ray=checks.ray_options(engine, ray_address, ray_gpus, chosen.workers),
            cache=cache_folder,
            cache_bytes=checks.cache_bytes(cache_size),
            watch_idle_s=checks.watch_idle(watch_idle, watch=watch, dry_run=dry_run),
            strict=strict,
            restart=restart,
            arguments=tuple(sys.argv[1:]),
        )
        checks.refuse_idle_calibration(calibrate, dry_run=dry_run)
        if dry_run:
            ruled.refuse_files("--dry-run judges nothing, so there is nothing for --{}; leave it out")
            _look_ahead(options, layout, teller, calibration_s=calibrate)
            raise typer.Exit
        scored = carry_out(options, layout, teller)
        try:
            ruled.write(scored)
        finally:
            checks.log_run(home.folder, trackers, teller, log_name)
    raise typer.Exit(scored.exit_code)


def _look_ahead(options: ScoreOptions, layout: opt.Layout, teller: EventLog, *, calibration_s: float | None) -> None:
    from audiojudge_cli.api.running import loaders
    from audiojudge_cli.commands.dry_run import tell_outlook

    judge, expander = loaders(options)
    as_json = layout is opt.Layout.JSONL
    tell_outlook(options, teller, judge=judge, expander=expander, calibration_s=calibration_s, as_json=as_json)
