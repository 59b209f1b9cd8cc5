"""Score clips: from what a person names on the command line to a finished run folder."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field

from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.judges.base import Judge
from audiojudge_cli.judges.cached import hits
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.runs.clipset import ClipSet
from audiojudge_cli.runs.engine import Engine
from audiojudge_cli.runs.execute import Effort, Pace, Work, execute
from audiojudge_cli.runs.finish import write_final_files
from audiojudge_cli.runs.folder import run_folder
from audiojudge_cli.runs.gating import Gating
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.runs.journal import Journal
from audiojudge_cli.runs.options import Scored, ScoreOptions, Watcher
from audiojudge_cli.runs.outcome import INTERRUPTED, NOT_JUDGED, outcome
from audiojudge_cli.runs.patience import Patience
from audiojudge_cli.runs.plan import plan
from audiojudge_cli.runs.prepare import Again, Preparer, Settled
from audiojudge_cli.runs.resume import known, refuse_another_run
from audiojudge_cli.runs.rubric_source import RubricSource
from audiojudge_cli.runs.runinfo import RunInfo
from audiojudge_cli.runs.selection import Chosen
from audiojudge_cli.runs.shard_file import write_shard_file


def score(
    options: ScoreOptions,
    *,
    judge: Callable[[], Judge],
    expander: Callable[[], Expander],
    watcher: Watcher,
    stop: Stop,
    engine: Engine = execute,
) -> Scored:
    """Judge every clip that has no valid record yet, then write the final files.

    Args:
        options: What and how.
        judge: Loads the judge; called once the input and the run folder are known to be good.
        expander: Loads the expander.
        watcher: Follows the run.
        stop: Once wished for, the batch in flight is the last.
        engine: Carries out the work.

    Raises:
        InputError: If the input, the run folder or an option does not fit.
        NotJudgedError: If weights are missing or the disk is full; what was judged is in the journal.
    """
    planned = plan(options, expander, watcher.paired)
    planned.rubrics.try_out(planned.chosen.clips, most_chars=options.preset.limits.caption_chars)
    with run_folder(options.out, restart=options.restart):
        one = _Run(options, planned.chosen, planned.rubrics, judge(), watcher, stop, planned.gating, engine)
        planned.gating.refuse_other_judge(one.ref, one.rule)
        return one.finish(planned.report)


@dataclass
class _Run:
    """One run in a folder that this process holds."""

    options: ScoreOptions
    chosen: Chosen
    rubrics: RubricSource
    judge: Judge
    watcher: Watcher
    stop: Stop
    gating: Gating
    engine: Engine
    effort: Effort = field(default_factory=Effort)
    started: float = field(default_factory=time.perf_counter)
    audio_s: float = 0.0
    gave_up: bool = False
    again: Counter[Again] = field(default_factory=Counter)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("judged", "kept", "failed", "expanded"), 0))

    @property
    def clips(self) -> ClipSet:
        return self.chosen.clips

    @property
    def patience(self) -> Patience:
        return Patience.parse(self.options.preset.max_errors)

    @property
    def ref(self) -> JudgeRef:
        return JudgeRef(self.judge.name, self.judge.fingerprint)

    @property
    def rule(self) -> Rule:
        return self.options.preset.decision.rule

    def finish(self, report: PairingReport) -> Scored:
        info = RunInfo(self.options, self.judge, self.rubrics.default)
        self.counts |= {"rows": report.rows, "problems": report.problems, "broken": report.broken}
        self.counts |= {"unused_audio": report.unused}
        self.counts["clips"] = len(self.clips)
        try:
            self._judge_all(info)
            final = write_final_files(self.options.out, self.clips, Tally(self.ref, self.rule))
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
        interrupted = bool(self.stop) and pending > 0
        code, reason = outcome(
            final.summary,
            self.options.preset.require,
            interrupted=interrupted,
            broken=report.broken,
            rows=report.rows,
            shard=self.options.shard,
        )
        if self.gave_up:
            code, reason = NOT_JUDGED, self.patience.reason(self.counts["failed"], pending)
        self.counts |= {"pending": pending, "aside": final.aside, "cached_verdicts": hits(self.judge)}
        stopped = interrupted or (self.gave_up and pending > 0)
        self._end(info, "interrupted" if stopped else "finished", code, reason)
        gate = None if stopped else self.gating.evaluate()
        code = code or (gate.exit_code if gate else 0)
        return Scored(code, reason, final.summary, final.worst, self.counts, self._timings(), gate, dict(self.again))

    def _judge_all(self, info: RunInfo) -> None:
        with Journal(self.options.out) as journal:
            refuse_another_run(self.options.out, journal, self.ref, self.rule)
            if len(journal.index):
                self.watcher.resumed(*known(journal, self.clips))
            self.gating.clear()
            write_shard_file(self.options.out, self.chosen, self.options.shard)
            info.write()
            self.watcher.ready(self.judge, self.rubrics.default)
            for clip in self._settled(journal):
                self._count(clip)
                self.watcher.finished(clip.record, kept=clip.kept)

    def _settled(self, journal: Journal) -> Iterator[Settled]:
        preset = self.options.preset
        with journal.reader() as reader:

            def earlier(clip_id: str) -> Record | None:
                return reader.find(journal.index.offset(clip_id))

            def keep(clip: Settled) -> None:
                if not clip.journaled:
                    journal.append(clip.record)

            prepare = Preparer(self.ref, self.rule, self.rubrics, preset.limits, earlier, preset.retry_errors)
            pace = Pace(preset.threads, preset.batch, preset.limits.ahead_bytes)
            work = Work(prepare, self.judge, keep, self.effort)
            yield from self.engine(self.clips, work, pace, stop=lambda: bool(self.stop) or self.gave_up)

    def _count(self, clip: Settled) -> None:
        record = clip.record
        name = "kept" if clip.kept else "failed" if record.error else "judged"
        self.counts[name] += 1
        self.counts["expanded"] += record.expander == self.rubrics.default
        if name == "judged":
            self.audio_s += record.audio.duration_s or 0.0
        if clip.again:
            self.again[clip.again] += 1
        self.gave_up = self.patience.is_over(self.counts["failed"], len(self.clips))

    def _timings(self) -> dict[str, float]:
        total = time.perf_counter() - self.started
        return {"total_s": total, "judge_s": self.effort.judge_s, "audio_s": self.audio_s}

    def _end(self, info: RunInfo, state: str, exit_code: int, reason: str | None) -> None:
        info.end(state, exit_code=exit_code, reason=reason, counts=self.counts, timings=self._timings())
