"""Settle clips: each is prepared, judged where it must be, kept in the journal, and counted."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.judges.base import Judge, concurrency, ended, is_remote
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.results.rule import DecisionRule
from audiojudge_cli.runs.engine import Engine
from audiojudge_cli.runs.error_budget import ErrorBudget
from audiojudge_cli.runs.execute import Effort, Pace, Work
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.runs.journal import Journal
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.prepare import Again, Preparer, Settled
from audiojudge_cli.runs.rubric_source import RubricSource
from audiojudge_cli.text.counted import counted


@dataclass
class Settler:
    """Settles the clips of a run, and knows how that went.

    Attributes:
        options: Of the run.
        rubrics: Where rubrics come from.
        judge: Ready to answer.
        engine: Carries out the work.
        stop: Once wished for, the clips in flight are the last.
        effort: What judging took.
        started: When it began, in seconds that never go backwards.
        started_at: When it began.
        audio_s: Seconds of audio judged.
        gave_up: Whether more clips failed than `max_errors` allows, or the judge answers no more.
        again: Clips that had a record and were judged again, by the reason.
        credited: Clips that this run judged before, and that count as kept until the end.
        expanded_before: Those of them whose rubric the expander made.
        counts: Clips by what became of them.
    """

    options: ScoreOptions
    rubrics: RubricSource
    judge: Judge
    engine: Engine
    stop: Stop
    effort: Effort = field(default_factory=Effort)
    started: float = field(default_factory=time.perf_counter)
    started_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    audio_s: float = 0.0
    gave_up: bool = False
    again: Counter[Again] = field(default_factory=Counter)
    credited: int = 0
    expanded_before: int = 0
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("judged", "kept", "failed", "expanded"), 0))

    def __post_init__(self) -> None:
        if self.options.is_judged:
            self.options.preset.refuse_other_judge(self.ref)

    @property
    def ref(self) -> JudgeRef:
        """The judge, as records name it."""
        return JudgeRef(self.judge.name, self.judge.fingerprint)

    @property
    def rule(self) -> DecisionRule:
        """How clips are decided."""
        return self.options.preset.rule

    @property
    def patience(self) -> ErrorBudget:
        """How many clips may fail."""
        return ErrorBudget.parse(self.options.preset.max_errors)

    def settle(self, clips: Iterable[Clip], journal: Journal, total: Callable[[], int]) -> Iterator[Settled]:
        """Yield clips settled, in order, each in the journal already.

        Args:
            clips: Read lazily.
            journal: Of the run folder.
            total: Number of clips of the run, of which `max_errors` may be a share.

        Raises:
            AudiojudgeError: What ends a whole run, such as missing weights.
        """
        preset = self.options.preset
        with journal.reader() as reader:

            def earlier(clip_id: str) -> Record | None:
                return reader.find(journal.index.offset(clip_id))

            def keep(clip: Settled) -> None:
                if not clip.journaled:
                    journal.append(clip.record)

            measuring = self.options.measuring
            prepare = Preparer(
                self.ref, self.rule, self.rubrics, preset.limits, earlier, preset.retry_errors, measuring
            )
            threads = preset.threads
            if preset.workers == "auto" and is_remote(self.judge):
                threads = max(threads, concurrency(self.judge))
            pace = Pace(threads, preset.batch, preset.limits.ahead_bytes)
            work = Work(prepare, self.judge, keep, self.effort)
            for clip in self.engine(clips, work, pace, stop=lambda: bool(self.stop) or self.gave_up):
                self._count(clip)
                self.gave_up = self.patience.is_over(self.counts["failed"], total())
                yield clip
        self.gave_up = self.gave_up or ended(self.judge) is not None

    def why_over(self, pending: int) -> str:
        """Return why the run gave up, with so many clips to go."""
        reason = ended(self.judge)
        if reason is None:
            return self.patience.reason(self.counts["failed"], pending)
        return f"{reason}; {counted(pending, 'clip')} to go: the same command again goes on"

    def go_on_from(self, before: Settler) -> None:
        """Take over what another settler of the same run has done, after which its clips come by as kept ones."""
        self.effort, self.audio_s = before.effort, before.audio_s
        self.started, self.started_at = before.started, before.started_at
        self.credited = before.counts["judged"]
        self.expanded_before = before.counts["expanded"]
        if before.gave_up:
            self.gave_up, self.counts["failed"] = True, before.counts["failed"]

    def credit(self) -> None:
        """Count the clips that this run judged before as judged, and not as kept."""
        self.counts["kept"] = max(0, self.counts["kept"] - self.credited)
        self.counts["judged"] += self.credited
        # Once the end was wished for, no clip comes by again.
        self.counts["expanded"] = max(self.counts["expanded"], self.expanded_before)
        self.credited = 0

    def timings(self) -> dict[str, float]:
        """Return seconds by what they were spent on."""
        total = time.perf_counter() - self.started
        return {"total_s": total, "judge_s": self.effort.judge_s, "audio_s": self.audio_s}

    def _count(self, clip: Settled) -> None:
        record = clip.record
        name = "kept" if clip.kept else "failed" if record.error else "judged"
        self.counts[name] += 1
        self.counts["expanded"] += record.is_judged and record.expander == self.rubrics.default
        if name == "judged":
            self.audio_s += record.audio.duration_s or 0.0
        if clip.again:
            self.again[clip.again] += 1
