"""What a gate says: one ruling per rule, and the verdict over all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.gates.rules import Rule, RuleSet
from audiojudge_cli.results.record import NOBODY, JudgeRef
from audiojudge_cli.text.markup import escaped, table
from audiojudge_cli.text.terminal import safe_line

SCHEMA = "audiojudge.gate/1"
GateVerdict = Literal["pass", "fail", "not-enough-data"]
PASSED, FAILED, NOT_JUDGED = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Ruling:
    """A rule with its verdict.

    Attributes:
        rule: The rule.
        verdict: `not-enough-data` is neither pass nor fail; it fails the gate like `fail`.
        value: The figure; None when there is nothing to take it over.
        low: Lower end of the interval at the rule's confidence (95 % where it names none), or None.
        high: Its upper end, or None.
        units: Clips (items, pairs) behind the figure.
        captions: Distinct captions among them.
        p_value: Two-sided, after Holm's correction over all rules with a confidence; None without one.
        detectable: The smallest distance from the threshold that so many clips decide in four of five cases; None
            when the rule has no confidence, or not even that can be said.
        reason: One sentence for people.
    """

    rule: Rule
    verdict: GateVerdict
    value: float | None
    low: float | None
    high: float | None
    units: int
    captions: int
    p_value: float | None
    detectable: float | None
    reason: str

    @property
    def fails_gate(self) -> bool:
        """Whether this ruling alone fails the gate."""
        return self.verdict != "pass" and self.rule.severity == "error"

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data, numbers with six decimals."""
        numbers = {name: getattr(self, name) for name in ("value", "low", "high", "p_value", "detectable")}
        rounded = {name: None if number is None else round(number, 6) for name, number in numbers.items()}
        counts = {"units": self.units, "captions": self.captions}
        return {**self.rule.to_dict(), "verdict": self.verdict, **rounded, **counts, "reason": self.reason}


@dataclass(frozen=True, slots=True, repr=False)
class GateResult:
    """The outcome of a gate.

    Attributes:
        run: The run folder, as given.
        baseline: The baseline folder, or None.
        rules: The rule set.
        rulings: One per rule, in order; one per value where a rule is about each.
        judge: Whose verdicts these are.
        clips: Clips of the run.
        scored: Clips with a score.
        shortage: Why the run does not count as judged (too many errors, too little coverage), or None.
        notes: What a reader should know.
        measured: Clips whose quality was measured.
    """

    run: str
    baseline: str | None
    rules: RuleSet
    rulings: tuple[Ruling, ...]
    judge: JudgeRef
    clips: int
    scored: int
    shortage: str | None = None
    notes: tuple[str, ...] = ()
    measured: int = 0

    def __repr__(self) -> str:
        told = "; ".join("{}: {} (is {}, {})".format(*_cells(ruling)) for ruling in self.rulings)
        return f"<Gate {self._outcome}: {safe_line(told)}>"

    def _repr_html_(self) -> str:
        rows = [_cells(ruling) for ruling in self.rulings]
        return f"<div><b>gate {escaped(self._outcome)}</b>{table(('verdict', 'rule', 'value', 'reason'), rows)}</div>"

    @property
    def _outcome(self) -> str:
        outcome = "passed" if self.passed else "failed"
        return f"{outcome} ({self.shortage})" if self.shortage else outcome

    @property
    def told(self) -> str:
        """How many clips the figures rest on: `24 scored by embedded`, `24 measured`."""
        return f"{self.measured} measured" if self.judge == NOBODY else f"{self.scored} scored by {self.judge.name}"

    @property
    def verdict(self) -> GateVerdict:
        """`pass` when every rule of severity error passes, at least one rule found data, and the run was judged."""
        errors = [ruling.verdict for ruling in self.rulings if ruling.rule.severity == "error"]
        if "fail" in errors:
            return "fail"
        undecided = all(ruling.verdict == "not-enough-data" for ruling in self.rulings)
        return "not-enough-data" if self.shortage or undecided or "not-enough-data" in errors else "pass"

    @property
    def passed(self) -> bool:
        """Whether the gate passes."""
        return self.verdict == "pass"

    @property
    def exit_code(self) -> int:
        """0 passed, 1 failed, 3 when too little was judged for the figures to mean anything."""
        return NOT_JUDGED if self.shortage else PASSED if self.passed else FAILED

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data; docs/gates.md documents every field."""
        rules = self.rules
        return {
            "schema": SCHEMA,
            "verdict": self.verdict,
            "exit_code": self.exit_code,
            "rules_hash": rules.hash,
            "run": self.run,
            "baseline": self.baseline,
            "judge": {"name": self.judge.name, "fingerprint": self.judge.fingerprint},
            "clips": self.clips,
            "scored": self.scored,
            "measured": self.measured,
            "options": {
                "pass_at": rules.pass_at,
                "max_errors": rules.max_errors,
                "min_coverage": rules.min_coverage,
                "min_paired": rules.min_paired,
            },
            "shortage": self.shortage,
            "notes": list(self.notes),
            "rules": [ruling.to_dict() for ruling in self.rulings],
        }


def _cells(ruling: Ruling) -> tuple[str, str, str, str]:
    value = "-" if ruling.value is None else f"{ruling.value:.4g}"
    return ruling.verdict, ruling.rule.expression.text, value, ruling.reason


def trouble(error: AudiojudgeError, run: str, rules_hash: str | None) -> dict[str, Any]:
    """Return plain JSON data about a gate that could not be evaluated, so that nobody takes it for one that passed.

    Args:
        error: Why.
        run: The run folder, as given.
        rules_hash: Of the rule set; None when it could not be read.
    """
    return {
        "schema": SCHEMA,
        "verdict": "error",
        "exit_code": error.exit_code,
        "rules_hash": rules_hash,
        "run": run,
        "error": " ".join(str(error).split()),
    }
