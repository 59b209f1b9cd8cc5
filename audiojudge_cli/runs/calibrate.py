"""How fast a judge is on this machine: a few clips are judged for a few seconds, and nothing of it is kept."""

from __future__ import annotations

import time

from audiojudge_cli.judges.base import Judge
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.runs.dry_run import Rate
from audiojudge_cli.runs.execute import Pace, Work, execute
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.plan import Plan
from audiojudge_cli.runs.prepare import Preparer
from audiojudge_cli.runs.selection import Selection, choose

_CLIPS = 500


def calibrate(plan: Plan, options: ScoreOptions, judge: Judge, seconds: float) -> Rate | None:
    """Return the speed of a judge over clips drawn from a run; None when not even one could be judged.

    Args:
        plan: Of the run.
        options: Of the run.
        judge: Ready to answer.
        seconds: For how long new clips are begun, once the first is judged (models load when first needed).
    """
    preset = options.preset
    ref = JudgeRef(judge.name, judge.fingerprint)
    prepare = Preparer(ref, preset.rule, plan.rubrics, preset.limits, lambda _id: None, measuring=options.measuring)
    work = Work(prepare, judge, keep=lambda _settled: None)
    pace = Pace(preset.threads, preset.batch, preset.limits.ahead_bytes)
    begun = now = time.monotonic()
    first: float | None = None
    first_s = audio_s = 0.0
    count = 0

    def over() -> bool:
        return first is not None and time.monotonic() - first > seconds

    for settled in execute(choose(plan.chosen.clips, Selection(sample=_CLIPS)).clips, work, pace, over):
        if settled.record.error:
            continue
        now = time.monotonic()
        count += 1
        if first is None:
            first, first_s = now, settled.record.audio.duration_s or 0.0
        else:
            audio_s += settled.record.audio.duration_s or 0.0
    if first is None:
        return None
    speed = audio_s / (now - first) if audio_s and now > first else first_s / max(1e-6, first - begun)
    return Rate(speed, f"{count} clips judged just now, {first_s + audio_s:.0f} s of audio") if speed else None
