"""`--watch`: score files as a generator writes them, then finish as a plain run would."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.judges.base import Judge
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.files import read_rubrics
from audiojudge_cli.runs.arrivals import Arrivals
from audiojudge_cli.runs.engine import Engine
from audiojudge_cli.runs.execute import execute
from audiojudge_cli.runs.folder import drop_earlier, run_folder
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.runs.journal import Journal
from audiojudge_cli.runs.measuring_only import NoRubrics
from audiojudge_cli.runs.options import Scored, ScoreOptions, Watcher
from audiojudge_cli.runs.outcome import INTERRUPTED
from audiojudge_cli.runs.resume import refuse_another_run
from audiojudge_cli.runs.rubric_source import RubricSource
from audiojudge_cli.runs.runinfo import RunInfo
from audiojudge_cli.runs.score import score
from audiojudge_cli.runs.settling import Settler
from audiojudge_cli.waits import waiting

SETTLE_S = 2.0
_LOOK_S = 0.5
# Looking takes at most this share of the time, however long the manifest is.
_LOOK_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Patrol:
    """How long to watch.

    Attributes:
        idle_s: The end comes when nothing has changed for so many seconds.
        settle_s: A file that has not changed for so many seconds is complete.
    """

    idle_s: float = 60.0
    settle_s: float = SETTLE_S


def watch(
    options: ScoreOptions,
    *,
    patrol: Patrol,
    judge: Callable[[], Judge],
    expander: Callable[[], Expander],
    watcher: Watcher,
    stop: Stop,
    engine: Engine = execute,
) -> Scored:
    """Judge clips as they arrive, until nothing new comes or the end is wished for; then finish as `score` does.

    Args:
        options: What and how.
        patrol: How long.
        judge: Loads the judge.
        expander: Loads the expander.
        watcher: Follows the run; clips are told as they arrive, those that fail perhaps again at the end.
        stop: Once wished for, the clips in flight are the last.
        engine: Carries out the work.

    Raises:
        InputError: As `score`, at the end; and at once when standard input or a sample is to be watched.
        NotJudgedError: As `score`.
    """
    if "-" in {options.outputs, options.captions}:
        raise InputError("--watch cannot read standard input again and again; name a file or a folder")
    if options.sample is not None:
        raise InputError("--sample draws from all clips, and with --watch they are not known yet; leave one out")
    with waiting():
        rubrics = _rubrics(options, expander)
        options.measuring.open()
    with run_folder(options.out):
        with waiting():
            ready = judge()
        if options.restart:
            drop_earlier(options.out)
        settler = Settler(options, rubrics, ready, engine, stop)
        _follow(settler, patrol, watcher)
    rest = replace(options, restart=False)
    return score(
        rest, judge=lambda: ready, expander=expander, watcher=_Second(watcher), stop=stop, engine=engine, before=settler
    )


def _rubrics(options: ScoreOptions, expander: Callable[[], Expander]) -> RubricSource:
    if not options.is_judged:
        return NoRubrics()
    return RubricSource(expander(), read_rubrics(options.rubrics) if options.rubrics else [])


def _follow(settler: Settler, patrol: Patrol, watcher: Watcher) -> None:
    options = settler.options
    arrivals = Arrivals(options, patrol.settle_s, time.monotonic)
    with Journal(options.out) as journal:
        refuse_another_run(options.out, journal, settler.ref, settler.rule)
        info = RunInfo(options, settler.judge, settler.rubrics.default, settler.started_at)
        info.write()
        watcher.ready(settler.judge, settler.rubrics.default)
        try:
            _until_idle(arrivals, settler, journal, patrol, watcher)
        except AudiojudgeError as error:
            with suppress(AudiojudgeError):
                _end(info, settler, "failed", error.exit_code, str(error))
            raise
        except KeyboardInterrupt:
            with suppress(AudiojudgeError):
                _end(info, settler, "interrupted", INTERRUPTED, "stopped at once")
            raise


def _all_of_them() -> int:
    """Return the number of clips of the run, which nobody knows yet: a share of them is judged at the end."""
    return sys.maxsize


def _until_idle(arrivals: Arrivals, settler: Settler, journal: Journal, patrol: Patrol, watcher: Watcher) -> None:
    problem = ""
    idle_since = time.monotonic()
    while not (settler.stop or settler.gave_up):
        begun = time.monotonic()
        count = 0
        for clip in settler.settle(arrivals, journal, _all_of_them):
            count += 1
            watcher.arrived(arrivals.clips)
            watcher.finished(clip.record, kept=clip.kept)
        now = time.monotonic()
        idle_since = now if count else max(idle_since, arrivals.changed_at)
        if now - idle_since >= patrol.idle_s:
            return
        if not count and arrivals.problem != problem:
            problem = arrivals.problem
            if problem:
                watcher.waiting(problem)
        looking = 0.0 if count else now - begun
        settler.stop.wait(min(patrol.idle_s, max(_LOOK_S, looking * (1 / _LOOK_SHARE - 1))))


def _end(info: RunInfo, settler: Settler, state: str, exit_code: int, reason: str) -> None:
    info.end(state, exit_code=exit_code, reason=reason, counts=settler.counts, timings=settler.timings())


class _Second:
    """Follows the finish of a watched run: only what is new is told once more."""

    def __init__(self, watcher: Watcher) -> None:
        self._watcher = watcher

    def paired(self, report: PairingReport, clips: int) -> None:
        self._watcher.paired(report, clips)
        self._watcher.arrived(clips)

    def arrived(self, clips: int) -> None:
        self._watcher.arrived(clips)

    def waiting(self, why: str) -> None:
        self._watcher.waiting(why)

    def resumed(self, mine: int, others: int) -> None:
        pass

    def ready(self, judge: Judge, expander: JudgeRef) -> None:
        pass

    def finished(self, record: Record, *, kept: bool) -> None:
        if not kept:
            self._watcher.finished(record, kept=kept)
