"""Carry out a run that a command has described: progress, ending, the files of its gate."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.commands import score_options as opt

if TYPE_CHECKING:
    from audiojudge_cli.commands.gate import Files
    from audiojudge_cli.commands.telling import Teller
    from audiojudge_cli.gates.rule_file import GateOptions
    from audiojudge_cli.runs.options import Scored, ScoreOptions


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


def carry_out(options: ScoreOptions, layout: opt.Layout, teller: Teller, *, table: bool = True) -> Scored:
    """Carry out a run, telling how far it is, and print how it ended.

    Args:
        options: Of the run.
        layout: What goes to stdout.
        teller: Writes to stderr.
        table: Whether the summary of the run is printed, where records are not.

    Raises:
        AudiojudgeError: As `runs.score.score`.
    """
    from audiojudge_cli.api.running import carry_out as carry_out_run
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
            scored = carry_out_run(options, watcher=follower, stop=stop)
    finally:
        follower.close()
    if options.is_passing and isinstance(scored.gate, GateResult):
        scored = replace(scored, gate=replace(scored.gate, run=shown(options.outputs or "")))
    tell_ending(scored, options, teller, follower.report, table=table and not stream)
    return scored
