"""What a run would do, known before anything is judged or written: its clips, rubrics and gate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.files import read_rubrics
from audiojudge_cli.runs.gating import Gating
from audiojudge_cli.runs.measuring_only import NoRubrics
from audiojudge_cli.runs.mismatch import refuse_loose_ends, refuse_strange_rubrics
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.rating_rubrics import CriteriaRubrics
from audiojudge_cli.runs.reward_rubrics import RewardRubrics
from audiojudge_cli.runs.rubric_source import RubricSource
from audiojudge_cli.runs.selection import Chosen, choose


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What will be judged.

    Attributes:
        pairing: What was found, and what has no partner.
        chosen: The clips.
        rubrics: Their rubrics.
        gating: The gate.
    """

    pairing: Pairing
    chosen: Chosen
    rubrics: RubricSource
    gating: Gating

    @property
    def report(self) -> PairingReport:
        """Counts of what pairing found."""
        return self.pairing.report


def plan(options: ScoreOptions, expander: Callable[[], Expander], paired: Callable[[PairingReport, int], None]) -> Plan:
    """Return the plan of a run.

    Args:
        options: Of the run.
        expander: Loads the expander.
        paired: Called as soon as the clips are known, with their number.

    Raises:
        InputError: If the input or an option does not fit.
        NotJudgedError: If the baseline of the gate has not finished.
    """
    selection = options.selection
    pairing = options.pair()
    chosen = choose(pairing.clips, selection, options.preset.subset)
    paired(pairing.report, len(chosen.clips))
    if options.strict:
        refuse_loose_ends(pairing.report)
    gating = Gating(options, chosen.clips)
    if not options.is_judged:
        return Plan(pairing, chosen, NoRubrics(), gating)
    if options.is_rewarded:
        return Plan(pairing, chosen, RewardRubrics(), gating)
    if options.criteria:
        return Plan(pairing, chosen, CriteriaRubrics(options.criteria), gating)
    filed = read_rubrics(options.rubrics) if options.rubrics else []
    rubrics = RubricSource(expander(), filed)
    if options.rubrics:
        refuse_strange_rubrics(options.rubrics, filed, rubrics, chosen.clips)
    return Plan(pairing, chosen, rubrics, gating)
