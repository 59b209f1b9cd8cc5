"""Score clips: from what a person names on the command line to a finished run folder."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any

from audiojudge_cli.comparing.contest import Contest, undecided
from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.judges.base import Judge, spent
from audiojudge_cli.judges.cached import hits
from audiojudge_cli.judges.comparing import CoupleJudge
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.runs.clipset import ClipSet
from audiojudge_cli.runs.engine import Engine
from audiojudge_cli.runs.execute import execute
from audiojudge_cli.runs.finish import concluded, write_final_files
from audiojudge_cli.runs.folder import drop_earlier, run_folder
from audiojudge_cli.runs.hearing import Hearing
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.runs.journal import Journal
from audiojudge_cli.runs.options import Scored, ScoreOptions, Watcher
from audiojudge_cli.runs.outcome import DONE, INTERRUPTED, NOT_JUDGED, outcome
from audiojudge_cli.runs.plan import Plan, plan
from audiojudge_cli.runs.resume import known, refuse_another_run
from audiojudge_cli.runs.runinfo import RunInfo
from audiojudge_cli.runs.settling import Settler
from audiojudge_cli.runs.shard_file import write_shard_file
from audiojudge_cli.runs.skipped_rows import write_problems
from audiojudge_cli.waits import waiting


def score(
    options: ScoreOptions,
    *,
    judge: Callable[[], Judge],
    expander: Callable[[], Expander],
    watcher: Watcher,
    stop: Stop,
    engine: Engine = execute,
    before: Settler | None = None,
    couples: Callable[[], CoupleJudge] | None = None,
) -> Scored:
    """Judge every clip that has no valid record yet, then write the final files.

    Args:
        options: What and how.
        judge: Loads the judge; called once the input and the run folder are known to be good.
        expander: Loads the expander.
        watcher: Follows the run.
        stop: Once wished for, the batch in flight is the last.
        engine: Carries out the work.
        before: Settled clips of this very run already, as they arrived.
        couples: Loads who hears the couples of the run's contest; None: records alone decide.

    Raises:
        InputError: If the input, the run folder or an option does not fit.
        NotJudgedError: If weights are missing or the disk is full; what was judged is in the journal.
    """
    with _nothing_in_flight(stop):
        planned = plan(options, expander, watcher.paired)
        planned.rubrics.try_out(planned.chosen.clips, most_chars=options.preset.limits.caption_chars)
    with run_folder(options.out):
        with _nothing_in_flight(stop):
            ready = judge()
            hears = None if couples is None else couples()
            if options.ray is None:
                options.measuring.open()
        settler = Settler(options, planned.rubrics, ready, engine, stop)
        if before is not None:
            settler.go_on_from(before)
        planned.gating.refuse_other_judge(settler.ref, settler.rule)
        if options.restart:
            drop_earlier(options.out)
        hearing = None
        if hears is not None and options.contest is not None:
            hearing = Hearing(options, options.contest, hears, planned.chosen.clips, stop)
        return _Run(planned, settler, watcher, hearing).finish()


def _nothing_in_flight(stop: Stop) -> AbstractContextManager[None]:
    """Let the first signal interrupt at once; a watched run that was asked to end finishes what it has."""
    return nullcontext() if stop else waiting()


@dataclass
class _Run:
    """One run in a folder that this process holds."""

    planned: Plan
    settler: Settler
    watcher: Watcher
    hearing: Hearing | None = None

    @property
    def options(self) -> ScoreOptions:
        return self.settler.options

    @property
    def clips(self) -> ClipSet:
        return self.planned.chosen.clips

    @property
    def counts(self) -> dict[str, int]:
        return self.settler.counts

    def finish(self) -> Scored:
        settler, report = self.settler, self.planned.report
        hearing = self.hearing
        hears = None if hearing is None else hearing.judge
        info = RunInfo(self.options, settler.judge, settler.rubrics.default, settler.started_at, hears)
        self.counts.update({"rows": report.rows, "problems": report.problems, "broken": report.broken})
        self.counts["unused_audio"] = report.unused
        self.counts["clips"] = len(self.clips)
        try:
            self._judge_all(info)
            final = write_final_files(self.options.out, self.clips, Tally(settler.ref, settler.rule))
            write_problems(self.options.out, self.planned.pairing)
            if self.options.contest is not None and not final.summary["clips"]["pending"]:
                self._compare(self.options.contest, final.summary)
        except AudiojudgeError as error:
            with suppress(AudiojudgeError):
                self._end(info, "failed", error.exit_code, str(error))
            raise
        except KeyboardInterrupt:
            with suppress(AudiojudgeError):
                self._end(info, "interrupted", INTERRUPTED, "stopped at once")
            raise
        except Exception as error:
            with suppress(AudiojudgeError):
                self._end(info, "failed", NOT_JUDGED, f"{type(error).__name__}: {error}")
            raise
        pending = final.summary["clips"]["pending"]
        interrupted = bool(settler.stop) and pending > 0
        code, reason = outcome(
            final.summary,
            self.options.preset.require,
            interrupted=interrupted,
            broken=report.broken,
            rows=report.rows,
            shard=self.options.shard,
            ruled=self.planned.gating.ruled(final.summary["clips"]["total"]),
        )
        if code == DONE and (why := undecided(final.summary)):
            code, reason = NOT_JUDGED, why
        if hearing is not None and not pending:
            code, reason = hearing.outcome(code, reason)
            self.counts.update(hearing.counts)
        if settler.gave_up:
            code, reason = NOT_JUDGED, settler.why_over(pending)
        self.counts.update({"pending": pending, "aside": final.aside, "cached_verdicts": hits(settler.judge)})
        settler.credit()
        stopped = interrupted or (settler.gave_up and pending > 0) or (hearing is not None and hearing.left > 0)
        self._end(info, "interrupted" if stopped else "finished", code, reason)
        gate = None if stopped else self.planned.gating.evaluate()
        code = code or (gate.exit_code if gate else 0)
        again = dict(settler.again)
        return Scored(
            code, reason, final.summary, final.worst, self.counts, settler.timings(), gate, again, spent(settler.judge)
        )

    def _compare(self, contest: Contest, summary: dict[str, Any]) -> None:
        hearing = self.hearing
        if hearing is not None:
            hearing.hear(self.watcher)
            if hearing.left:
                return
        summary.update(concluded(contest, self.options.out, summary, None if hearing is None else hearing.heard_by))

    def _judge_all(self, info: RunInfo) -> None:
        settler = self.settler
        with Journal(self.options.out) as journal:
            refuse_another_run(self.options.out, journal, settler.ref, settler.rule)
            if self.hearing is not None:
                self.hearing.refuse_another()
            if len(journal.index):
                self.watcher.resumed(*known(journal, self.clips))
            self.planned.gating.clear()
            write_shard_file(self.options.out, self.planned.chosen, self.options.shard)
            info.write()
            self.watcher.ready(settler.judge, settler.rubrics.default)
            clips = settler.rubrics.ahead(self.clips, most_chars=self.options.preset.limits.caption_chars)
            for clip in settler.settle(clips, journal, self.clips.__len__):
                self.watcher.finished(clip.record, kept=clip.kept)

    def _end(self, info: RunInfo, state: str, exit_code: int, reason: str | None) -> None:
        if not info.begun:
            return  # refused before it began: what the folder holds is still the run of somebody else
        settler = self.settler
        info.spent(spent(settler.judge))
        info.end(state, exit_code=exit_code, reason=reason, counts=self.counts, timings=settler.timings())
