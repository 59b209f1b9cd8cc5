"""Follow a run: a progress bar on a terminal, records to a pipe."""

from __future__ import annotations

import sys
from typing import Never

from tqdm import tqdm

from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.commands.console import hush, say
from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.judges.base import Judge, Remarking
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.jsonl import dump_line
from audiojudge_cli.text.terminal import safe_line


class Follower:
    """Shows how far a run is (stderr) and, when asked, its records as they finish (stdout).

    Args:
        stop: Wished for when the reader of the records goes away.
        stream: Whether records go to stdout.
        quiet: Whether stderr stays silent.
    """

    def __init__(self, stop: Stop, *, stream: bool, quiet: bool) -> None:
        self._stop, self._stream, self._quiet = stop, stream, quiet
        # A bar between records on one terminal would only tear both apart.
        self._wants_bar = not quiet and sys.stderr.isatty() and not (stream and sys.stdout.isatty())
        self._bar: tqdm[Never] | None = None
        self._clips = 0
        self._failed = 0
        self.report: PairingReport | None = None

    def paired(self, report: PairingReport, clips: int) -> None:
        """Remember the report, and warn early of what has no partner."""
        self.report, self._clips = report, clips
        if not self._quiet:
            for line in report.lines():
                say(line)

    def ready(self, judge: Judge, expander: JudgeRef) -> None:
        """Say what starts, and start the bar."""
        if not self._quiet:
            if isinstance(judge, Remarking):
                judge.remark_to(self._tell)
            say(f"{counted(self._clips, 'clip')}, judge {judge.name} on {judge.device}, expander {expander.name}")
        if self._wants_bar:
            self._bar = tqdm(total=self._clips, unit="clip", file=sys.stderr, dynamic_ncols=True, smoothing=0.1)

    def resumed(self, mine: int, others: int) -> None:
        """Say early what is in the folder already, above all when it is about something else."""
        if self._quiet:
            return
        if mine:
            say(f"going on: {mine} of {counted(self._clips, 'clip')} have a record from an earlier run")
        if others:
            say(
                f"the folder holds {counted(others, 'record')} of clips that this run does not name (another manifest "
                "or selection?); they are set aside and come back when a run names their clips"
            )

    def finished(self, record: Record, *, kept: bool) -> None:  # noqa: ARG002 - kept records are shown like others
        """Move the bar; write the record."""
        if self._bar is not None:
            self._failed += record.error is not None
            if self._failed:
                self._bar.set_postfix_str(f"{self._failed} failed", refresh=False)
            self._bar.update()
        if self._stream:
            self._write(dump_line(record.to_dict()).encode())

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()

    def _tell(self, remark: str) -> None:
        if self._bar is not None:
            self._bar.clear()
        say(safe_line(remark))
        if self._bar is not None:
            self._bar.refresh()

    def _write(self, line: bytes) -> None:
        try:
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()
        except BrokenPipeError:
            self._stream = False
            self._stop.wish()
            hush(sys.stdout)
        except OSError as error:
            hush(sys.stdout)
            raise NotJudgedError(
                f"cannot write to standard output: {error.strerror}; every clip judged so far is kept in the run "
                "folder, so repair that and run the same command again"
            ) from error
