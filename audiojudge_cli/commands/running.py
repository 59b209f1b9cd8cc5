"""Carry out a run that a command has described: preset, judge, progress, ending, the files of its gate."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.commands import score_options as opt

if TYPE_CHECKING:
    from audiojudge_cli.commands.follow import Follower
    from audiojudge_cli.commands.gate import Files
    from audiojudge_cli.commands.telling import Teller
    from audiojudge_cli.gates.rule_file import GateOptions
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.rubrics.expander import Expander
    from audiojudge_cli.runs.interrupt import Stop
    from audiojudge_cli.runs.options import Scored, ScoreOptions
    from audiojudge_cli.runs.preset import Preset


def refuse_idle_files(files: Files, rules: GateOptions | None, why: str = "") -> None:
    """Refuse files of a gate where there is none.

    Args:
        files: What to write where.
        rules: Of the gate; None without one.
        why: Why nothing is decided, whatever the rules; empty where rules alone matter.

    Raises:
        InputError: If one was asked for.
    """
    from audiojudge_cli.errors import InputError

    asked = next((name for name, path in files if path), None)
    if asked and why:
        raise InputError(f"{why}, so there is nothing for --{asked}; leave it out")
    if asked and rules is None:
        raise InputError(f"--{asked} is for gate rules; give --gate FILE or --require 'score.mean >= 0.80'")


def write_gate(scored: Scored, files: Files, out: Path, rules_hash: str | None) -> None:
    """Write the files that were asked for about the gate of a run.

    Args:
        scored: How the run went.
        files: What to write where.
        out: The run folder.
        rules_hash: Of its rules; None without any.

    Raises:
        AudiojudgeError: What kept the gate from an outcome, where the run itself went well.
    """
    from audiojudge_cli.commands.gate import write_files
    from audiojudge_cli.errors import AudiojudgeError, NotJudgedError
    from audiojudge_cli.reports.gate_files import outcome_texts, trouble_texts

    if isinstance(scored.gate, AudiojudgeError) and scored.reason is None:
        raise scored.gate
    if isinstance(scored.gate, AudiojudgeError) or scored.gate is None:
        write_files(files, trouble_texts(NotJudgedError(scored.reason or "no outcome"), out, rules_hash))
    else:
        write_files(files, outcome_texts(scored.gate))


def preset_with(
    name: str, *, workers: str | None, llm: Mapping[str, str | float | None] | None = None, **options: str | None
) -> Preset:
    """Return a preset with options of the command line over it; those that are None were not given.

    Raises:
        InputError: If there is no such preset, or an option is out of its range.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.preset_file import load_preset

    if workers not in {None, "auto"} and not (workers.isdecimal() and 1 <= int(workers) <= 1024):
        raise InputError(f"--workers must be auto or a number from 1 to 1024, not {workers!r}")
    count = int(workers) if workers and workers.isdecimal() else workers
    found = load_preset(name)
    told = {key: value for key, value in (llm or {}).items() if value is not None}
    return found.overridden({**options, "workers": count, "llm": {**found.llm.model_dump(), **told}})


def carry_out(options: ScoreOptions, layout: opt.Layout, teller: Teller) -> Scored:
    """Carry out a run, telling how far it is, and print how it ended.

    Args:
        options: Of the run.
        layout: What goes to stdout.
        teller: Writes to stderr.

    Raises:
        AudiojudgeError: As `runs.score.score`.
    """
    from audiojudge_cli.commands.console import to_ourselves
    from audiojudge_cli.commands.follow import Follower
    from audiojudge_cli.commands.score_ending import tell_ending
    from audiojudge_cli.gates.outcome import GateResult
    from audiojudge_cli.runs.interrupt import Stop, stopping_gently
    from audiojudge_cli.text.terminal import shown

    stop = Stop()
    stream = layout is opt.Layout.JSONL
    follower = Follower(stop, teller, stream=stream, rubrics=options.rubrics)
    try:
        gently = stopping_gently(stop, lambda text: teller.tell("stopping", text, message=text))
        with gently, to_ourselves(sys.stdout) if stream else nullcontext():
            scored = _run(options, follower, stop)
    finally:
        follower.close()
    if options.is_passing and isinstance(scored.gate, GateResult):
        scored = replace(scored, gate=replace(scored.gate, run=shown(options.outputs or "")))
    tell_ending(scored, options, teller, follower.report, table=not stream)
    return scored


def loaders(options: ScoreOptions) -> tuple[Callable[[], Judge], Callable[[], Expander]]:
    """Return what loads the judge, once, and the expander, which the judge may write for."""
    from audiojudge_cli.commands.writers import writer_of
    from audiojudge_cli.judges.registry import load_judge
    from audiojudge_cli.rubrics.choose import choose_expander
    from audiojudge_cli.runs.unasked import Nobody

    preset, llm = options.preset, options.preset.llm

    @cache
    def judge() -> Judge:
        if not options.is_judged:
            return Nobody(preset.threads)
        return load_judge(preset.judge, device=preset.device, threads=preset.threads, options=preset.judge_options)

    finding = partial(
        choose_expander,
        preset.expander,
        endpoint=llm.endpoint,
        model=llm.model,
        timeout_s=llm.timeout_s,
        device=preset.device,
        cache=preset.rubric_cache,
        writer=lambda: writer_of(judge()),
    )
    return judge, finding


def _run(options: ScoreOptions, follower: Follower, stop: Stop) -> Scored:
    from audiojudge_cli.runs.score import score as plain
    from audiojudge_cli.runs.watch import Patrol, watch

    preset = options.preset
    run = plain if options.watch_idle_s is None else partial(watch, patrol=Patrol(options.watch_idle_s))
    judge, finding = loaders(options)
    if options.ray is None:
        loading = partial(opt.remembering, judge, options)
        return run(options, judge=loading, expander=finding, watcher=follower, stop=stop)
    from audiojudge_cli.runs.prepare import Fetch
    from audiojudge_cli.runs.ray_engine import RayEngine

    fetch = Fetch(preset.limits, preset.retry_errors, options.measuring)
    with RayEngine(options.ray, partial(opt.worker_judge, options), fetch, str(Path.cwd()), lambda: bool(stop)) as ray:
        return run(options, judge=ray.judge, expander=finding, watcher=follower, stop=stop, engine=ray)
