"""The outcome of the gate that a run kept in its folder (`gate.json`), as a report shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.terminal import safe_line

_MAX_BYTES = 16 << 20


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class KeptRule(_Kept):
    """A rule with its verdict; fields as in docs/gates.md."""

    require: str
    severity: Literal["error", "warn"]
    name: str
    verdict: Literal["pass", "fail", "not-enough-data"]
    value: float | None
    low: float | None
    high: float | None
    reason: str

    @property
    def fails_gate(self) -> bool:
        """Whether this rule alone fails the gate."""
        return self.verdict != "pass" and self.severity == "error"

    @property
    def word(self) -> str:
        """The verdict as people read it."""
        if self.severity == "warn" and self.verdict != "pass":
            return "warning"
        return self.verdict.replace("-", " ")


class KeptGate(_Kept):
    """The outcome, or what kept the gate from one; fields as in docs/gates.md."""

    verdict: Literal["pass", "fail", "not-enough-data", "error"]
    rules_hash: str | None
    baseline: str | None = None
    shortage: str | None = None
    error: str | None = None
    rules: tuple[KeptRule, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the run passed."""
        return self.verdict == "pass"

    @property
    def line(self) -> str:
        """The outcome as one harmless sentence."""
        return safe_line(self._told())

    def _told(self) -> str:
        failing = sum(rule.fails_gate for rule in self.rules)
        against = f" against {self.baseline}" if self.baseline else ""
        if self.verdict == "error":
            return f"The gate was not evaluated: {self.error}"
        if self.shortage:
            return f"Not enough was judged for a gate{against}: {self.shortage}"
        if self.passed:
            return f"Gate passed{against} ({counted(len(self.rules), 'rule')})"
        return f"Gate failed{against} ({failing} of {counted(len(self.rules), 'rule')})"


def read_gate(folder: Path) -> KeptGate | None:
    """Return the outcome that a run folder keeps; None where it keeps none, or none that can be read."""
    path = folder / "gate.json"
    try:
        return KeptGate.model_validate_json(read_regular(path)) if path.stat().st_size <= _MAX_BYTES else None
    except (OSError, ValidationError):
        return None
