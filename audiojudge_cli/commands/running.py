"""Carry out a run that a command has described: progress, ending, the files of its gate."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.commands import score_options as opt

if TYPE_CHECKING:
    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.commands.gate import Files, Known
    from audiojudge_cli.gates.rule_file import GateOptions
    from audiojudge_cli.runs.options import Scored, ScoreOptions


class Gated:
    """The gate of a run that a command carries out.

    Args:
        files: What to write about it where.
        run: What it calls the run.
        known: What is known of it, for `gate.never_stale`.
    """

    def __init__(self, files: Files, run: Path, known: Known) -> None:
        self._files, self._run, self._known = files, run, known

    def rules(
        self, preset: GateOptions | None, file: Path | None, require: list[str] | None, pass_at: float | None = None
    ) -> GateOptions | None:
        """Return the rules as `gate.gate_options`.

        Raises:
            InputError: Likewise, or if a file is asked for and there are no rules.
        """
        from audiojudge_cli.commands.gate import gate_options

        found = gate_options(preset, file, require or [], pass_at)
        if found is None:
            self.refuse_files("--{} is for gate rules; give --gate FILE or --require 'score.mean >= 0.80'")
        else:
            self._known.rules_hash = found.rule_set().hash
        return found

    def refuse_files(self, why: str) -> None:
        """Refuse files about a gate that will have no outcome.

        Args:
            why: What is said, with a place for the kind of file.

        Raises:
            InputError: If one was asked for.
        """
        from audiojudge_cli.errors import InputError

        if asked := next((name for name, path in self._files if path), None):
            raise InputError(why.format(asked))

    def write(self, scored: Scored) -> None:
        """Write the files that were asked for.

        Args:
            scored: How the run went.

        Raises:
            AudiojudgeError: What kept the gate from an outcome, where the run itself went well.
        """
        from audiojudge_cli.commands.gate import write_files
        from audiojudge_cli.errors import AudiojudgeError, NotJudgedError
        from audiojudge_cli.reports.gate_files import outcome_texts, trouble_texts

        if isinstance(scored.gate, AudiojudgeError) and scored.reason is None:
            raise scored.gate
        if isinstance(scored.gate, AudiojudgeError) or scored.gate is None:
            trouble = NotJudgedError(scored.reason or "no outcome")
            write_files(self._files, trouble_texts(trouble, self._run, self._known.rules_hash))
        else:
            write_files(self._files, outcome_texts(scored.gate))


@contextmanager
def gated(
    teller: EventLog,
    files: Files,
    out: Path,
    inputs: Iterable[Path | str | None],
    *,
    called: Path | None = None,
    stays: bool = True,
) -> Iterator[Gated]:
    """Give the gate of a run that is about to be carried out; what goes wrong is told, and written into its files.

    Args:
        teller: Writes to stderr.
        files: What to write about the gate where.
        out: The run folder.
        inputs: Files that are read, so that nothing is written over them.
        called: What the gate calls the run; the folder when left out.
        stays: Whether the files are written at all.

    Raises:
        InputError: If a file must not, or cannot, be written.
    """
    from audiojudge_cli.commands.event_log import errors_told
    from audiojudge_cli.commands.gate import never_stale, refuse_bad_places
    from audiojudge_cli.commands.output_guard import refuse_overwriting

    run = called or out
    with errors_told(teller):
        refuse_overwriting(files, out, inputs)
    with errors_told(teller), never_stale(files if stays else (), run) as known:
        refuse_bad_places(files, out)
        yield Gated(files, run, known)


def carry_out(options: ScoreOptions, layout: opt.Layout, teller: EventLog, *, table: bool = True) -> Scored:
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
