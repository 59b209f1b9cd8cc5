"""`audiojudge quality`: the technical state of every file, with or without captions."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from audiojudge_cli.commands import complete, one_clip
from audiojudge_cli.commands import score_options as opt
from audiojudge_cli.commands.help import HelpCommand

if TYPE_CHECKING:
    from audiojudge_cli.commands.telling import Teller
    from audiojudge_cli.runs.options import ScoreOptions


class Depth(StrEnum):
    """How much is measured."""

    BASIC = "basic"
    FULL = "full"


class Embedding(StrEnum):
    """What sets are compared by."""

    YAMNET = "yamnet"
    MUSICNN = "musicnn"


def register(app: typer.Typer) -> None:
    """Add `audiojudge quality` to the command tree."""
    app.command("quality", cls=HelpCommand, context_settings={"allow_extra_args": True})(quality)


def quality(
    ctx: typer.Context,
    outputs: Annotated[
        str, typer.Argument(help="Folder of audio, one audio file, a manifest that carries paths, or - for stdin.")
    ],
    *,
    captions: Annotated[
        str | None,
        typer.Option(help="Manifest (JSONL, CSV, TSV, Parquet), or - for stdin: measure the files of its rows only."),
    ] = None,
    transcript: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="The words to be spoken, of the audio file or of every file of the folder that is named; - reads "
            "them from standard input.",
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            "-o",
            help="The run folder; an unfinished run in it goes on.",
            show_default="audiojudge-quality, and none for one audio file",
        ),
    ] = None,
    depth: Annotated[
        Depth | None,
        typer.Option(
            "--depth",
            "--quality",
            help="basic (default): by signal processing; full: opinion scores by models as well.",
        ),
    ] = None,
    against: Annotated[
        str | None,
        typer.Option(metavar="DIR", help="Folder of references: the distance of both sets, as in distance.json."),
    ] = None,
    embedding: Annotated[
        Embedding, typer.Option(help="What --against hears by: yamnet (any sound) or musicnn (music).")
    ] = Embedding.YAMNET,
    preset: Annotated[
        str,
        typer.Option(
            autocompletion=complete.presets,
            help="Name or path of a preset, for its limits, workers and the like; its gate is about scores.",
        ),
    ] = "default",
    gate: Annotated[
        Path | None, typer.Option(help="YAML file of gate rules, instead of the preset's (see docs/gates.md).")
    ] = None,
    require: Annotated[
        list[str] | None,
        typer.Option(metavar="RULE", help="One more gate rule, such as 'quality.mos >= 3.5'; may be repeated."),
    ] = None,
    baseline: Annotated[
        Path | None,
        typer.Option(
            autocompletion=complete.runs, help="An earlier run folder; gate rules on regression are against it."
        ),
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
        str | None,
        typer.Option(autocompletion=complete.fields, help="Manifest column of the caption, if there is one."),
    ] = None,
    transcript_field: Annotated[
        str | None, typer.Option(autocompletion=complete.fields, help="Manifest column of the words to be spoken.")
    ] = None,
    reference_field: opt.ReferenceField = None,
    workers: opt.Workers = None,
    clip_filter: opt.Filter = None,
    sample: opt.Sample = None,
    seed: opt.Seed = 0,
    limit: opt.Limit = None,
    shard: opt.ShardOf = None,
    watch: opt.Watch = False,
    watch_idle: opt.WatchIdle = None,
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
    """Measure the technical quality of every clip: loudness, clipping, silence, noise, bandwidth, faults.

    Of one audio file, all figures are printed at once, and nothing is written unless --out is given.

    Needs no captions, and no weights but those of --depth full. The run folder is that of `audiojudge score`.

    Exit code 0: done, and the gate passed; 1: the gate failed; 2: unreadable input, or a rule that is none; 3: not
    enough could be measured; 130: interrupted, run it again to go on.
    """
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.commands.gate import gate_options, never_stale, refuse_bad_places
    from audiojudge_cli.commands.precious import refuse_precious
    from audiojudge_cli.commands.running import carry_out, refuse_idle_files, write_gate
    from audiojudge_cli.commands.telling import Teller, choose_manner, errors_told
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.options import ScoreOptions
    from audiojudge_cli.runs.shard import Shard

    files = (("junit", junit), ("markdown", markdown), ("json", json))
    teller = Teller(choose_manner(quiet=quiet, verbose=verbose, log_json=log_json))
    stays = watch or shard is not None or against is not None
    home = ctx.with_resource(
        one_clip.home(outputs, out, "audiojudge-quality", worded=transcript is not None, stays=stays)
    )
    with errors_told(teller):
        refuse_precious(files, home.folder, (outputs, captions, gate))
    with errors_told(teller), never_stale(files, home.called) as known:
        one_clip.refuse_extra(outputs, ctx.args, captions, "quality")
        refuse_bad_places(files, home.folder)
        trackers = opt.trackers(log, log_name, is_passing=home.is_passing)
        chosen = preset_with(preset, workers=workers)
        rules = gate_options(None, gate, require or [], None)
        refuse_idle_files(files, rules)
        known.rules_hash = rules.rule_set().hash if rules else None
        most = opt.max_errors(max_errors, fail_fast=fail_fast)
        wanted = depth.value if depth else "full" if chosen.quality == "full" else "basic"
        if transcript is not None and wanted == "basic":
            raise InputError("--transcript is for word error rates, which --depth full measures; add that")
        changes = {"max_errors": most, "retry_errors": retry_errors, "quality": wanted}
        options = ScoreOptions(
            outputs=outputs,
            captions=captions,
            out=home.folder,
            is_passing=home.is_passing,
            given=one_clip.given_words(None, transcript),
            preset_name=preset,
            # The rules of a preset are about scores.
            preset=chosen.model_copy(update={"gate": rules}).overridden(changes),
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
            watch_idle_s=opt.watch_idle(watch_idle, watch=watch, dry_run=False),
            strict=strict,
            restart=restart,
            arguments=tuple(sys.argv[1:]),
            is_judged=False,
        )
        compare = _comparison(options, against, embedding, layout, teller)
        measured = carry_out(options, layout, teller)
        try:
            write_gate(measured, files, home.called, known.rules_hash)
            if measured.exit_code in _WHOLE:
                compare()
        finally:
            opt.log_run(home.folder, trackers, teller, log_name)
    raise typer.Exit(measured.exit_code)


_WHOLE = (0, 1)
"""Exit codes after which there is a set to compare: done, whatever its gate says."""

_EVERY_S = 5.0
"""Seconds between two lines about progress."""


def _comparison(
    options: ScoreOptions, against: str | None, embedding: Embedding, layout: opt.Layout, teller: Teller
) -> Callable[[], None]:
    """Return what compares the outputs with the references and tells the distance; nothing without references.

    Raises:
        InputError: If the comparison cannot be made.
    """
    if against is None:
        return lambda: None
    from audiojudge_cli.commands.console import hush
    from audiojudge_cli.runs.against import Against, distance_lines

    comparison = Against(options, against, embedding.value)
    told_at = time.monotonic()

    def progress(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at > _EVERY_S:
            told_at = time.monotonic()
            teller.tell("remark", f"{done:,} of {total:,} files heard for the distance")

    def compare() -> None:
        lines = distance_lines(comparison.measure(progress))
        if layout is opt.Layout.JSONL:
            for line in lines:
                teller.tell("remark", line)
            return
        try:
            typer.echo("\n".join(["", *lines]))
            sys.stdout.flush()
        except BrokenPipeError:
            hush(sys.stdout)

    return compare
