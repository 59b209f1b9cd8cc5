"""What of the wanted words was heard otherwise: word error rate and the words that differ.

The recogniser misspells names and drops endings, so a word that sounds nearly alike counts as said; articles and other
small words it takes one for another, so only words that carry meaning are counted as wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

ALIKE = 0.7
"""Likeness of letters from which a word is taken for a misspelling of the wanted one: "amiable", "amable"."""

_SMALL = frozenset(
    """
    a am an and are as at be been but by can could did do does for from had has have he her him his i if in into is it
    its just me my no not of oh on or our she so than that the their them then there they this to too up us was we were
    what when where which who will with would you your
    """.split()  # noqa: SIM905 - a word list reads better as prose
)
_MOST_TOLD = 4


@dataclass(frozen=True, slots=True)
class WordDiff:
    """How wanted words differ from those heard in the best stretch of them.

    Attributes:
        error_rate: Word error rate: words replaced, missing and put in, over the number wanted.
        wrong_share: Share of the wanted words that carry meaning and were heard as others or not at all, 0 to 1.
        changed: Pairs (wanted, heard); an empty text where a word is missing or was put in.
    """

    error_rate: float
    wrong_share: float
    changed: tuple[tuple[str, str], ...]

    @property
    def told(self) -> str:
        """The differences for a sentence: "“morning” heard as “evening”, “light” missing"."""
        if not self.changed:
            return "word for word"
        told = [_told(wanted, heard) for wanted, heard in self.changed[:_MOST_TOLD]]
        more = len(self.changed) - len(told)
        return ", ".join(told) + (f" and {more} more" if more else "")


def _told(wanted: str, heard: str) -> str:
    if not wanted:
        return f"“{heard}” put in"
    return f"“{wanted}” heard as “{heard}”" if heard else f"“{wanted}” missing"


def word_diff(wanted: Sequence[str], heard: Sequence[str]) -> WordDiff:
    """Return the differences of wanted words to the stretch of heard ones that fits best.

    Args:
        wanted: Plain words, at least one.
        heard: Plain words of the whole clip; those before and behind the stretch cost nothing.
    """
    from rapidfuzz import fuzz

    def costs(one: str, other: str) -> float:
        return 0.0 if one == other else 1.0 - 0.5 * float(fuzz.ratio(one, other)) / 100.0

    rows, columns = len(wanted), len(heard)
    cost = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(1, rows + 1):
        cost[row][0] = float(row)
        for column in range(1, columns + 1):
            cost[row][column] = min(
                cost[row - 1][column - 1] + costs(wanted[row - 1], heard[column - 1]),
                cost[row - 1][column] + 1.0,
                cost[row][column - 1] + 1.0,
            )
    row, column = rows, min(range(columns + 1), key=lambda end: cost[rows][end])
    changed: list[tuple[str, str]] = []
    while row > 0:
        here = cost[row][column]
        if column > 0 and abs(here - cost[row - 1][column - 1] - costs(wanted[row - 1], heard[column - 1])) < 1e-9:
            row, column = row - 1, column - 1
            if wanted[row] != heard[column]:
                changed.append((wanted[row], heard[column]))
        elif abs(here - cost[row - 1][column] - 1.0) < 1e-9:
            row -= 1
            changed.append((wanted[row], ""))
        else:
            column -= 1
            changed.append(("", heard[column]))
    wrong = sum(1 for want, have in changed if want and want not in _SMALL and fuzz.ratio(want, have) / 100.0 < ALIKE)
    carrying = sum(1 for word in wanted if word not in _SMALL) or len(wanted)
    return WordDiff(len(changed) / max(1, rows), min(1.0, wrong / carrying), tuple(reversed(changed)))
