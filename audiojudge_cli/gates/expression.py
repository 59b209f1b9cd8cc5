"""One comparison of a gate, as parsed: `regression.score.mean[subset=speech] <= 0.02 at 95%`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
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
        each: Keys, sorted, of which every value is looked at alone: `subset`, `dimension` ...; written `subset=*`.
    """

    where: tuple[tuple[str, str], ...] = ()
    dimension: str | None = None
    each: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """As written in a rule: `[subset=speech]`; empty for all clips."""
        parts = [*self.where, *([(DIMENSION, self.dimension)] if self.dimension is not None else [])]
        told = [f"{_quoted(key)}={_quoted(value)}" for key, value in parts] + [f"{_quoted(key)}=*" for key in self.each]
        return f"[{', '.join(told)}]" if told else ""

    @property
    def of_items(self) -> bool:
        """Whether it is about rubric items instead of clips."""
        return self.dimension is not None or DIMENSION in self.each

    @property
    def columns(self) -> set[str]:
        """The columns of the run that it names."""
        return {key for key, _ in self.where} | set(self.each) - {DIMENSION}

    def at(self, values: Mapping[str, str]) -> Selection:
        """Return the selection of one value for each key of `each`."""
        chosen = {key: value for key, value in values.items() if key != DIMENSION}
        return Selection(tuple(sorted({**dict(self.where), **chosen}.items())), values.get(DIMENSION, self.dimension))


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
        for_each: Whether it must hold for each clip, and not for the mean.
    """

    figure: Figure
    selection: Selection
    regression: bool
    operator: str
    threshold: float
    level: float | None
    for_each: bool = False

    @property
    def subject(self) -> str:
        """What is compared: `score.mean[subset=speech]`."""
        name = self.figure.name.removesuffix(".mean") if self.for_each else self.figure.name
        return f"{'regression.' if self.regression else ''}{name}{self.selection.text}"

    @property
    def text(self) -> str:
        """The canonical form; parsing it gives the same expression."""
        at = f" at {self.level * 100:.10g}%" if self.level is not None else " for each" if self.for_each else ""
        return f"{self.subject} {self.operator} {self.threshold:.10g}{at}"

    @property
    def wants_more(self) -> bool:
        """Whether larger values satisfy it."""
        return self.operator in {">=", ">"}

    @property
    def wants_none(self) -> bool:
        """Whether, of all counts, only 0 satisfies it."""
        return self.figure.is_count and self.holds(0) and not self.holds(1)

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
    return text if _BARE.fullmatch(text) and text != "*" else json.dumps(text, ensure_ascii=False)
