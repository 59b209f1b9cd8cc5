"""Gates: the pass/fail rules on a run, and the comparison of two runs. They read records only, never the judge."""

from audiojudge_cli.gates.evaluate import evaluate
from audiojudge_cli.gates.outcome import GateResult, Ruling
from audiojudge_cli.gates.rules import Rule, RuleSet

__all__ = ["GateResult", "Rule", "RuleSet", "Ruling", "evaluate"]
