"""A set of gate rules, with the hash by which every output names it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.expression import Expression
from audiojudge_cli.gates.grammar import parse
from audiojudge_cli.results.enough_judged import Kind
from audiojudge_cli.text.jsonl import dumps

Severity = Literal["error", "warn"]
PASS_AT = 0.8
_ERRORS_COUNTED = (("count.error", ""), ("count", "[status=error]"))
MAX_RULES = 1_000


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        expression: What must hold.
        severity: `error` fails the gate, `warn` is only shown.
        name: For people; the rule itself when empty.
        min_clips: With fewer clips (items, pairs) behind the figure there is not enough data, whatever it says.
    """

    expression: Expression
    severity: Severity = "error"
    name: str = ""
    min_clips: int = 1

    @property
    def title(self) -> str:
        """The name, or the rule itself."""
        return self.name or self.expression.text

    def to_dict(self) -> dict[str, Any]:
        """Return plain JSON data."""
        return {
            "require": self.expression.text,
            "severity": self.severity,
            "name": self.name,
            "min_clips": self.min_clips,
        }


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of a gate.

    Attributes:
        rules: At least one.
        pass_at: A clip passes when its score is at least this.
        max_errors: Largest share of clips with status `error` with which the run counts as judged.
        min_coverage: Smallest share of verified items with which it does.
        min_paired: Smallest share of clips that a regression must find in both runs.
    """

    rules: tuple[Rule, ...]
    pass_at: float = PASS_AT
    max_errors: float = 0.1
    min_coverage: float = 0.5
    min_paired: float = 0.9

    def __post_init__(self) -> None:
        if not self.rules:
            raise InputError("no gate rules: nothing to pass; give --gate FILE or --require 'score.mean >= 0.80'")
        if len(self.rules) > MAX_RULES:
            raise InputError(f"a gate has at most {MAX_RULES:,} rules, these are {len(self.rules):,}")
        shares = {name: getattr(self, name) for name in ("pass_at", "max_errors", "min_coverage", "min_paired")}
        for name, share in shares.items():
            if not 0 <= share <= 1:
                raise InputError(f"{name} lies from 0 to 1, not {share:g} (80% is 0.8)")
        if self.pass_at == 0:
            raise InputError("with pass_at 0 every clip passes; give a score that a good clip reaches")

    @property
    def hash(self) -> str:
        """16 hex digits that change whenever the rules mean something else; their order does not matter."""
        rules = sorted(dumps({**rule.to_dict(), "name": ""}) for rule in self.rules)
        limits = [self.pass_at, self.max_errors, self.min_coverage, self.min_paired]
        return hashlib.sha256(
            dumps({"schema": "audiojudge.rules/1", "limits": limits, "rules": rules}).encode()
        ).hexdigest()[:16]

    @property
    def needs_baseline(self) -> bool:
        """Whether any rule compares with a baseline."""
        return any(rule.expression.regression for rule in self.rules)

    def ruled(self, clips: int) -> frozenset[Kind]:
        """Return the limits of a run of so many clips whose place a rule of severity `error` takes.

        Only a rule about all clips does, and one about a number of them only where it can fail: with ten clips,
        `count.error <= 50` bounds nothing.
        """
        found: set[Kind] = set()
        for rule in self.rules:
            expression = rule.expression
            if rule.severity != "error" or expression.regression:
                continue
            name, where = expression.figure.name, expression.selection.text
            if name == "error_rate" and not where:
                found.add("errors")
            elif name == "coverage" and not where:
                found.add("coverage")
            elif (name, where) in _ERRORS_COUNTED and not expression.wants_more and not expression.holds(clips):
                found.add("errors")
            elif name == "count.broken" and not expression.wants_more:
                found.add("rows")
        return frozenset(found)

    @classmethod
    def of(cls, requirements: Iterable[str]) -> RuleSet:
        """Return the rules in texts such as `score.mean >= 0.80`, all of severity error.

        Raises:
            InputError: If there is none, or one cannot be read.
        """
        return cls(tuple(Rule(parse(text)) for text in requirements))

    def plus(self, requirements: Iterable[str], *, pass_at: float | None = None) -> RuleSet:
        """Return these rules and more of severity error, with another `pass_at` unless None."""
        more = tuple(Rule(parse(text)) for text in requirements)
        return replace(self, rules=self.rules + more, pass_at=self.pass_at if pass_at is None else pass_at)
