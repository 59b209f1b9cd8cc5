"""`pairs.csv` of a run folder: one row per pair."""

from __future__ import annotations

import csv
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from audiojudge_cli.comparing.pair import Pair
from audiojudge_cli.comparing.prefer import Preference
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.cells import cell_text, text_cell
from audiojudge_cli.text.terminal import shown

PAIRS = "pairs.csv"
COLUMNS = (
    *("id", "audio_a", "audio_b", "score_a", "score_b", "preferred", "margin", "reason"),
    *("system_a", "system_b", "prompt", "subset", "human"),
)
NUMBERS = ("score_a", "score_b", "margin")
POINTS: Mapping[str, float] = {"a": 1.0, "tie": 0.5, "b": 0.0}
"""What the first side of a pair gets; pairs that were not decided are not among them."""

_MOST_CHARACTERS = 1 << 24


def row_of(pair: Pair, found: Preference) -> list[str | float]:
    """Return the cells of a pair, in the order of `COLUMNS`."""
    cells: list[str | float | None] = [
        *(pair.id, pair.a.key[0], pair.b.key[0], found.score_a, found.score_b, found.preferred, found.margin),
        *(found.reason, pair.a.system, pair.b.system, pair.prompt, pair.subset, pair.preferred),
    ]
    return ["" if cell is None else text_cell(cell) if isinstance(cell, str) else cell for cell in cells]


@dataclass(frozen=True, slots=True)
class Bout:
    """One row of `pairs.csv`, as far as figures need it.

    Attributes:
        a: System of one side.
        b: System of the other side.
        preferred: As in `prefer.Verdict`.
        prompt: What both were made for.
        subset: As in the row; `unknown` where it has none.
        human: What a person preferred, empty where nobody was asked.
    """

    a: str
    b: str
    preferred: str
    prompt: str
    subset: str
    human: str


def read_pairs(folder: Path) -> Iterator[Bout]:
    """Yield the rows of `pairs.csv` of a run folder.

    Raises:
        InputError: As `pair_cells`.
    """
    for row in pair_cells(folder):
        a, b, preferred, prompt = (row[name] for name in ("system_a", "system_b", "preferred", "prompt"))
        yield Bout(a, b, preferred, prompt, row["subset"] or "unknown", row["human"])


def pair_cells(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of `pairs.csv` of a run folder as text by column.

    Raises:
        InputError: If there is none, or it is damaged.
    """
    path = folder / PAIRS
    if not path.is_file():
        raise InputError(f"{shown(folder)} has no {PAIRS}: win rates are those of `audiojudge compare` and `rank`")
    csv.field_size_limit(_MOST_CHARACTERS)
    with path.open(encoding="utf-8", newline="") as file:
        try:
            for row in csv.DictReader(file, strict=True):
                yield {name: cell_text(row[name]) for name in COLUMNS}
        except (csv.Error, KeyError, TypeError, AttributeError, ValueError) as error:
            raise InputError(f"{shown(path)} is damaged ({error}); run the same command again") from error


def pair_data(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of `pairs.csv` as JSON data: numbers where there are some, null for nothing.

    Raises:
        InputError: As `pair_cells`.
    """
    for row in pair_cells(folder):
        known: dict[str, Any] = {name: row[name] or None for name in COLUMNS}
        yield known | {name: None if row[name] == "" else float(row[name]) for name in NUMBERS}


@dataclass
class Results:
    """Decided pairs of one system: what it got in each, and the prompt of each."""

    points: array[float] = field(default_factory=lambda: array("d"))
    prompts: array[int] = field(default_factory=lambda: array("q"))

    def add(self, points: float, prompt: int) -> None:
        """Add one pair."""
        self.points.append(points)
        self.prompts.append(prompt)

    def columns(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Return points and prompts as arrays of their own."""
        return np.array(self.points, dtype=np.float64), np.array(self.prompts, dtype=np.int64)
