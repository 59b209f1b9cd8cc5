"""Follow a run: a progress bar on a terminal, lines or JSON events elsewhere, records to a pipe."""

from __future__ import annotations

import sys
import threading
import time
from pathlib import Path
from typing import Any, Never

from tqdm import tqdm

from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.commands.console import hush
from audiojudge_cli.commands.event_log import EventLog
from audiojudge_cli.commands.follow_pairs import PairFollower
from audiojudge_cli.commands.throughput import Standing, Throughput
from audiojudge_cli.errors import NotJudgedError
from audiojudge_cli.judges.base import Judge, Remarking, Urgent
from audiojudge_cli.judges.comparing import CoupleJudge
from audiojudge_cli.results.record import NOBODY, JudgeRef, Record
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.jsonl import dump_line
from audiojudge_cli.text.terminal import safe_line, shown

# Between two lines of progress where there is no terminal.
_EVERY_S = 5.0


class Follower:
    """Tells how far a run is (stderr) and, when asked, writes its records as they finish (stdout).

    Args:
        stop: Wished for when the reader of the records goes away.
        teller: Writes to stderr.
        stream: Whether records go to stdout.
        rubrics: The rubric file that takes the expander's place.
    """

    def __init__(self, stop: Stop, teller: EventLog, *, stream: bool, rubrics: Path | None = None) -> None:
        self._stop, self._teller, self._stream, self._rubrics = stop, teller, stream, rubrics
        # A bar between records on one terminal would only tear both apart.
        lines = not teller.manner.is_quiet and not teller.manner.is_json
        self._wants_bar = lines and sys.stderr.isatty() and not (stream and sys.stdout.isatty())
        self._bar: tqdm[Never] | None = None
        self._clips = 0
        self._pace: Throughput | None = None
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._ticker: threading.Thread | None = None
        self._pairs: PairFollower | None = None
        self.report: PairingReport | None = None

    def paired(self, report: PairingReport, clips: int) -> None:
        """Remember the report, and warn early of what has no partner."""
        self.report, self._clips = report, clips
        self._teller.tell(
            "paired",
            rows=report.rows,
            clips=clips,
            problems=report.problems,
            missing=report.missing,
            unused=report.unused,
        )
        for line in report.lines():
            self._teller.tell("remark", line, message=line)

    def resumed(self, mine: int, others: int) -> None:
        """Say early what is in the folder already, above all when it is about something else."""
        if mine:
            text = f"going on: {mine} of {counted(self._clips, 'clip')} have a record from an earlier run"
            self._teller.tell("resumed", text, records=mine, clips=self._clips)
        if others:
            self._remark(
                f"the folder holds {counted(others, 'record')} of clips that this run does not name (another manifest "
                "or selection?); they are set aside and come back when a run names their clips"
            )

    def ready(self, judge: Judge, expander: JudgeRef) -> None:
        """Say what starts, and start the bar or the lines of progress."""
        if isinstance(judge, Remarking):
            judge.remark_to(self._remark)
        rubrics = f"rubrics of {shown(self._rubrics)}" if self._rubrics else f"expander {expander.name}"
        clips = "" if self.report is None else f"{counted(self._clips, 'clip')}, "
        text = f"{clips}judge {judge.name} on {judge.device}, {rubrics}"
        if expander == NOBODY:
            text = f"{clips}measured on {judge.device}"
        self._teller.tell(
            "start",
            text,
            clips=self._clips,
            judge=judge.name,
            fingerprint=judge.fingerprint,
            device=judge.device,
            expander=expander.name,
            rubrics=None if self._rubrics is None else str(self._rubrics),
        )
        self._pace = Throughput(self._clips, time.monotonic)
        if self._wants_bar:
            self._bar = tqdm(total=self._clips, unit="clip", file=sys.stderr, dynamic_ncols=True, smoothing=0.1)
        elif self._ticker is None and not self._teller.manner.is_quiet:
            self._ticker = threading.Thread(target=self._tick, name="audiojudge-progress", daemon=True)
            self._ticker.start()

    def arrived(self, clips: int) -> None:
        """Take the number of clips known by now as all of them."""
        self._clips = clips
        with self._lock:
            if self._pace is not None:
                self._pace.clips = clips
        if self._bar is not None:
            self._bar.total = clips

    def waiting(self, why: str) -> None:
        """Say that there is nothing to judge yet."""
        self._teller.tell("waiting", f"waiting: {safe_line(why)}", message=why)

    def finished(self, record: Record, *, kept: bool) -> None:
        """Count the clip, move the bar, write the record."""
        with self._lock:
            if self._pace is not None:
                self._pace.add(record, kept=kept)
        if self._teller.manner.is_chatty:
            self._tell_clip(record, kept=kept)
        if self._bar is not None and self._pace is not None:
            self._bar.set_postfix_str(_postfix(self._pace.standing()), refresh=False)
            self._bar.update()
        if self._stream:
            self._write(dump_line(record.to_dict()).encode())

    def hearing(self, judge: CoupleJudge, couples: int, known: int) -> None:
        """End the progress of clips, begin that of couples."""
        self._close_clips()
        judge.remark_to(self._remark)
        self._pairs = PairFollower(self._teller, judge, couples, known, bar=self._wants_bar)

    def heard(self, *, failed: bool) -> None:
        """Count the couple."""
        if self._pairs is not None:
            self._pairs.heard(failed=failed)

    def close(self) -> None:
        """Take the bar away, end the lines of progress."""
        if self._pairs is not None:
            self._pairs.close()
        else:
            self._close_clips()

    def _close_clips(self) -> None:
        self._over.set()
        if self._ticker is not None:
            if self._ticker.is_alive():  # not when Ctrl-C came while it was started
                self._ticker.join()
            if self._teller.manner.is_json:
                self._progress()
        if self._bar is not None:
            self._bar.close()

    def _tick(self) -> None:
        while not self._over.wait(_EVERY_S):
            self._progress()

    def _progress(self) -> None:
        with self._lock:
            standing = self._pace.standing() if self._pace is not None else None
        if standing is not None:
            self._teller.tell("progress", standing.text, **_facts(standing))

    def _tell_clip(self, record: Record, *, kept: bool) -> None:
        score = "-" if record.score is None else f"{record.score:.3f}"
        faults = sorted({fault.name for fault in record.quality.faults}) if record.quality else []
        told = ", ".join([*([score] if record.is_judged else []), *faults])
        what = f"{record.error.kind}: {record.error.message}" if record.error else told
        text = f"{safe_line(record.audio.path)}: {record.status} {safe_line(what)}".rstrip() + " (kept)" * kept
        self._teller.tell(
            "clip",
            text,
            id=record.id,
            audio=record.audio.path,
            status=record.status,
            score=record.score,
            match=record.decision.match,
            kept=kept,
            error=None if record.error is None else {"kind": record.error.kind, "message": record.error.message},
        )

    def _remark(self, text: str) -> None:
        self._teller.remark(text, urgent=isinstance(text, Urgent))

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


def _postfix(standing: Standing) -> str:
    speed = "" if standing.audio_s_per_s is None else f"{standing.audio_s_per_s:.3g} s of audio/s"
    mean = "" if standing.mean is None else f"mean {standing.mean:.3f}"
    failed = f"{standing.failed} failed" if standing.failed else ""
    return ", ".join(filter(None, (speed, mean, failed)))


def _facts(standing: Standing) -> dict[str, Any]:
    return {
        "done": standing.done,
        "clips": standing.clips,
        "failed": standing.failed,
        "kept": standing.kept,
        "mean_score": _rounded(standing.mean),
        "clips_per_s": _rounded(standing.clips_per_s),
        "audio_s_per_s": _rounded(standing.audio_s_per_s),
        "eta_s": _rounded(standing.eta_s),
        "elapsed_s": _rounded(standing.elapsed_s),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
