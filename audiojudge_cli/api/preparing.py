"""What prepares a clip that is judged outside of a run: nothing earlier is known of it, and nothing is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.runs.prepare import Preparer
    from audiojudge_cli.runs.preset import Preset
    from audiojudge_cli.runs.rubric_source import RubricSource


def preparer(options: Preset, judge: Judge, rubrics: RubricSource) -> Preparer:
    """Return what prepares clips for a judge, as a run with these options would.

    Args:
        options: Limits, decision and depth of the quality profile.
        judge: Who will answer.
        rubrics: What is asked.

    Raises:
        InputError: If the calibration of the options was fitted to another judge.
    """
    from audiojudge_cli.results.record import JudgeRef
    from audiojudge_cli.runs.measuring import Measuring
    from audiojudge_cli.runs.prepare import Preparer

    ref = JudgeRef(judge.name, judge.fingerprint)
    options.refuse_other_judge(ref)
    measuring = Measuring(options.quality, options.limits, options.threads)
    return Preparer(ref, options.rule, rubrics, options.limits, earlier=lambda _: None, measuring=measuring)
