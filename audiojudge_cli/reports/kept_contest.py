"""What a finished run of `compare`, `rank` or `select` left in its folder, read back."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from audiojudge_cli.comparing.pairs_file import pair_cells
from audiojudge_cli.reports.comparison_lines import ending_lines
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads

_PARTS = ("comparison", "selection")
_CHOSEN = frozenset({"a", "b"})


def kept_contest(folder: Path) -> dict[str, Any]:
    """Return `comparison` or `selection` of `summary.json`, under its name; nothing where there is none to be told."""
    try:
        summary = loads(read_regular(folder / "summary.json"))
        found = {name: summary[name] for name in _PARTS if name in summary}
        # Told once, so that a damaged file is found here and nowhere below.
        ending_lines(found, Screen(80))
    except (OSError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return {}
    return found


@dataclass(frozen=True, slots=True)
class KeptPair:
    """One row of `pairs.csv`.

    Attributes:
        place: Its place there, from 0.
        cells: Text by column; empty where nothing is known.
    """

    place: int
    cells: Mapping[str, str]

    def number(self, name: str) -> float | None:
        """Return a column as a number; None where it holds none."""
        try:
            value = float(self.cells[name])
        except ValueError:
            return None
        return value if math.isfinite(value) else None

    @property
    def people(self) -> str:
        """`agree`, `disagree`, or `half` where only one side calls it a tie; empty where either says nothing."""
        ours, theirs = self.cells["preferred"], self.cells["human"]
        if not theirs or ours not in {*_CHOSEN, "tie"}:
            return ""
        if ours == theirs:
            return "agree"
        return "disagree" if {ours, theirs} == _CHOSEN else "half"

    def doubt(self) -> tuple[int, float, int]:
        """Return a key that sorts the pairs first that somebody should hear.

        People prefer the other one (the surest mistake first), errors, half a disagreement, what could not be
        compared, then the closest.
        """
        margin = self.number("margin")
        apart = math.inf if margin is None else abs(margin)
        if self.people == "disagree":
            return 0, -apart, self.place
        kind = {"error": 1, "unverifiable": 3}.get(self.cells["preferred"], 2 if self.people == "half" else 4)
        return kind, apart, self.place


def doubtful_pairs(folder: Path, most: int) -> tuple[list[KeptPair], int]:
    """Return the pairs of a run, the most doubtful first, and how many there are.

    Args:
        folder: The run folder.
        most: Return at most so many.

    Raises:
        InputError: If `pairs.csv` is not there, or damaged.
    """
    total = 0

    def numbered() -> Iterator[KeptPair]:
        nonlocal total
        for place, cells in enumerate(pair_cells(folder)):
            total = place + 1
            yield KeptPair(place, cells)

    pairs = heapq.nsmallest(most, numbered(), key=KeptPair.doubt)
    return pairs, total
