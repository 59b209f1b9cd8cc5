"""One comparison of a gate, as parsed: `regression.score.mean[subset=speech] <= 0.02 at 95%`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from audiojudge_cli.gates.figures import Figure

DIMENSION = "dimension"
_BARE = re.compile(r"[^\s\[\],=\"'<>]+")


@dataclass(frozen=True, slots=True)
class Selection:
    """Which clips, or which items of them, a figure is over; all conditions hold together.

    Attributes:
        where: (key, value) pairs, sorted: `subset`, `language`, `status` or a metadata column.
        dimension: Items of this dimension instead of clips, or None.
    """

    where: tuple[tuple[str, str], ...] = ()
    dimension: str | None = None

    @property
    def text(self) -> str:
        """As written in a rule: `[subset=speech]`; empty for all clips."""
        parts = [*self.where, *([(DIMENSION, self.dimension)] if self.dimension is not None else [])]
        return f"[{', '.join(f'{_quoted(key)}={_quoted(value)}' for key, value in parts)}]" if parts else ""


@dataclass(frozen=True, slots=True)
class Expression:
    """A comparison of one figure with a threshold.

    Attributes:
        figure: What is compared.
        selection: Over what.
        regression: Whether the change for the worse against the baseline is compared, paired by clip.
        operator: `>=`, `>`, `<=`, `<` or, for counts, `==`.
        threshold: A finite number.
        level: Confidence wanted, as in 0.95; None compares the figure itself.
    """

    figure: Figure
    selection: Selection
    regression: bool
    operator: str
    threshold: float
    level: float | None

    @property
    def subject(self) -> str:
        """What is compared: `score.mean[subset=speech]`."""
        return f"{'regression.' if self.regression else ''}{self.figure.name}{self.selection.text}"

    @property
    def text(self) -> str:
        """The canonical form; parsing it gives the same expression."""
        at = f" at {self.level * 100:.10g}%" if self.level is not None else ""
        return f"{self.subject} {self.operator} {self.threshold:.10g}{at}"

    @property
    def wants_more(self) -> bool:
        """Whether larger values satisfy it."""
        return self.operator in {">=", ">"}

    def holds(self, value: float) -> bool:
        """Return whether a value satisfies the comparison, both rounded to ten decimals: 0.8 is no less than 0.80."""
        value, threshold = round(value, 10), round(self.threshold, 10)
        return {
            ">=": value >= threshold,
            ">": value > threshold,
            "<=": value <= threshold,
            "<": value < threshold,
            "==": value == threshold,
        }[self.operator]


def _quoted(text: str) -> str:
    return text if _BARE.fullmatch(text) else json.dumps(text, ensure_ascii=False)
