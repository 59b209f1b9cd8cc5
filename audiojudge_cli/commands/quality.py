"""`audiojudge quality`: the technical state of every file, with or without captions."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from enum import StrEnum
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
    app.command("quality", cls=HelpCommand, context_settings={"allow_extra_args": True})(spread(quality))


def quality(
    ctx: typer.Context,
    outputs: Annotated[str, opt.AUDIO],
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
    out: Annotated[Path | None, opt.out_unless_one("audiojudge-quality")] = None,
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
        str, opt.preset("Name or path of a preset, for its limits, workers and the like; its gate is about scores.")
    ] = "default",
    gate: opt.GateFile = None,
    require: Annotated[list[str] | None, opt.require("quality.mos >= 3.5")] = None,
    baseline: opt.Baseline = None,
    files: groups.GateFiles,
    layout: opt.Form = opt.Layout.TABLE,
    audio_field: opt.AudioField = None,
    caption_field: Annotated[
        str | None,
        typer.Option(autocompletion=complete.fields, help="Manifest column of the caption, if there is one."),
    ] = None,
    transcript_field: opt.TranscriptField = None,
    reference_field: opt.ReferenceField = None,
    workers: opt.Workers = None,
    clips: groups.Sharded,
    watch: opt.Watch = False,
    watch_idle: opt.WatchIdle = None,
    failing: groups.Failing,
    strict: opt.Strict = False,
    restart: opt.Restart = False,
    remarks: groups.Remarks,
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
    from audiojudge_cli.commands.running import carry_out, gated
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.options import ScoreOptions

    teller = remarks.teller()
    stays = watch or clips.shard is not None or against is not None
    home = ctx.with_resource(
        one_clip.home(outputs, out, "audiojudge-quality", worded=transcript is not None, stays=stays)
    )
    read = (outputs, captions, gate)
    with gated(teller, files.named, home.folder, read, called=home.called) as ruled:
        one_clip.refuse_extra(outputs, ctx.args, captions, "quality")
        trackers = checks.trackers(log, log_name, is_passing=home.is_passing)
        chosen = preset_with(preset, workers=workers)
        rules = ruled.rules(None, gate, require)
        wanted = depth.value if depth else "full" if chosen.quality == "full" else "basic"
        if transcript is not None and wanted == "basic":
            raise InputError("--transcript is for word error rates, which --depth full measures; add that")
        options = ScoreOptions(
            outputs=outputs,
            captions=captions,
            out=home.folder,
            is_passing=home.is_passing,
            given=one_clip.given_words(None, transcript),
            preset_name=preset,
            # The rules of a preset are about scores.
            preset=chosen.model_copy(update={"gate": rules}).overridden(failing.changes() | {"quality": wanted}),
            baseline=baseline,
            audio_field=audio_field,
            caption_field=caption_field,
            transcript_field=transcript_field,
            reference_field=reference_field,
            **clips.options(),
            watch_idle_s=checks.watch_idle(watch_idle, watch=watch, dry_run=False),
            strict=strict,
            restart=restart,
            arguments=tuple(sys.argv[1:]),
            is_judged=False,
        )
        compare = _comparison(options, against, embedding, layout, teller)
        measured = carry_out(options, layout, teller)
        try:
            ruled.write(measured)
            if measured.exit_code in _WHOLE:
                compare()
        finally:
            checks.log_run(home.folder, trackers, teller, log_name)
    raise typer.Exit(measured.exit_code)


_WHOLE = (0, 1)
"""Exit codes after which there is a set to compare: done, whatever its gate says."""

_EVERY_S = 5.0
"""Seconds between two lines about progress."""


def _comparison(
    options: ScoreOptions, against: str | None, embedding: Embedding, layout: opt.Layout, teller: EventLog
) -> Callable[[], None]:
    """Return what compares the outputs with the references and tells the distance; nothing without references.

    Raises:
        InputError: If the comparison cannot be made.
    """
    if against is None:
        return lambda: None
    from audiojudge_cli.commands.console import hush
    from audiojudge_cli.runs.set_distance import Against, distance_lines

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
