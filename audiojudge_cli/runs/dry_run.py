"""`--dry-run`: what a run would judge, and about how long it would take. Nothing is judged, nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.length import claimed_length
from audiojudge_cli.errors import AudiojudgeError, ClipError
from audiojudge_cli.results.index import JournalIndex
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.folder import JOURNAL, RUN
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.plan import Plan
from audiojudge_cli.runs.selection import Selection, choose
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads

# Looking at more clips than these changes the estimate by less than the judge's speed varies.
SAMPLE = 2_000
_SHORT_S = 10.0


@dataclass(frozen=True, slots=True)
class Rate:
    """How fast the judge is.

    Attributes:
        audio_s_per_s: Seconds of audio judged in one second.
        source: Where that was measured, for people.
    """

    audio_s_per_s: float
    source: str


@dataclass(slots=True)
class Outlook:
    """What a run would do.

    Attributes:
        clips: Clips of the run.
        done: Clips that have a record in the run folder already.
        looked_at: Clips that were looked at; all of them, or a sample.
        audio_s: Seconds of audio in those that were looked at and could be opened.
        unknown_length: Files whose header does not say.
        unreadable: Failures by kind.
        examples: A few failures.
        items: Items by dimension, of those that were looked at.
        checkable: Those of them that the judge can check, or None when only judging tells.
        unasked: Clips without a rubric so far: the expander is asked during the run.
        rate: How fast the judge is, or None.
    """

    clips: int
    done: int = 0
    looked_at: int = 0
    audio_s: float = 0.0
    unknown_length: int = 0
    unreadable: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    items: Counter[str] = field(default_factory=Counter)
    checkable: Counter[str] | None = None
    unasked: int = 0
    rate: Rate | None = None

    @property
    def scale(self) -> float:
        """Clips of the run for each that was looked at."""
        return self.clips / self.looked_at if self.looked_at else 0.0

    @property
    def seconds(self) -> float | None:
        """Time the clips without a record take; None when the speed is not known."""
        if self.rate is None or not self.clips:
            return None
        share = (self.clips - self.done) / self.clips
        return self.audio_s * self.scale * share / self.rate.audio_s_per_s

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data; figures of a sample are scaled to all clips."""
        checkable = self.checkable
        return {
            "schema": "audiojudge.dry-run/1",
            "clips": self.clips,
            "done": self.done,
            "looked_at": self.looked_at,
            "audio_s": round(self.audio_s * self.scale, 3),
            "unreadable": {kind: round(count * self.scale) for kind, count in sorted(self.unreadable.items())},
            "items": {name: round(count * self.scale) for name, count in sorted(self.items.items())},
            "checkable": None
            if checkable is None
            else {name: round(checkable[name] * self.scale) for name in sorted(self.items)},
            "unasked": round(self.unasked * self.scale),
            "rate": None if self.rate is None else round(self.rate.audio_s_per_s, 4),
            "rate_source": None if self.rate is None else self.rate.source,
            "seconds": None if self.seconds is None else round(self.seconds, 1),
        }


def look_ahead(
    plan: Plan,
    options: ScoreOptions,
    *,
    checks: Callable[[RubricItem], bool] | None,
    expands: bool,
    sample: int = SAMPLE,
) -> Outlook:
    """Return what a run would do.

    Args:
        plan: Of the run.
        options: Of the run.
        checks: Whether the judge can check an item; None when only judging tells.
        expands: Whether captions may be expanded: not when a model would have to write.
        sample: Most clips to look at.
    """
    clips = plan.chosen.clips
    done = 0 if options.restart else _done(options.out, clips)
    outlook = Outlook(len(clips), done=done, checkable=None if checks is None else Counter())
    looked_at = choose(clips, Selection(sample=sample)).clips if len(clips) > sample else clips
    for clip in looked_at:
        outlook.looked_at += 1
        try:
            rubric = _rubric(plan, clip, expands=expands)
            seconds = claimed_length(clip.source, max_bytes=options.preset.limits.file_bytes)
        except ClipError as error:
            outlook.unreadable[error.kind] += 1
            if len(outlook.examples) < 3:
                outlook.examples.append(str(error))
            continue
        outlook.audio_s += seconds or 0.0
        outlook.unknown_length += seconds is None
        if rubric is None:
            outlook.unasked += 1
            continue
        for item in rubric.items:
            outlook.items[item.dimension] += 1
            if checks is not None and outlook.checkable is not None and checks(item):
                outlook.checkable[item.dimension] += 1
    outlook.rate = last_rate(options.out, options.preset.judge)
    return outlook


def _rubric(plan: Plan, clip: Clip, *, expands: bool) -> Rubric | None:
    if not (expands or plan.rubrics.is_given(clip)):
        return None
    try:
        return plan.rubrics.rubric(clip)[0]
    except AudiojudgeError:
        raise
    except Exception as error:
        raise ClipError("rubric", f"{type(error).__name__}: {error}") from error


def _done(out: Path, clips: Iterable[Clip]) -> int:
    if not (out / JOURNAL).is_file():
        return 0
    index = JournalIndex(out / JOURNAL)
    return sum(index.offset(clip.id) is not None for clip in clips)


def last_rate(out: Path, judge: str) -> Rate | None:
    """Return the speed of the last run in a folder; None without one by this judge that judged enough to tell."""
    try:
        info = loads(read_regular(out / RUN))
        timings, counts = info["timings"], info["counts"]
        audio_s, total_s = float(timings["audio_s"]), float(timings["total_s"])
        same = info["preset"]["options"]["judge"] == judge
        judged, when = int(counts["judged"]), str(timings["finished_at"])
    except (OSError, ArithmeticError, ValueError, KeyError, TypeError):
        return None
    if not same or audio_s < _SHORT_S or total_s <= 0:
        return None
    return Rate(audio_s / total_s, f"the run in that folder of {when}, {judged} clips with {audio_s:.0f} s of audio")
