"""What of the wanted words was heard otherwise: word error rate and the words that differ.

The recogniser misspells names and drops endings, so a word that sounds nearly alike counts as said; articles and other
small words it takes one for another, so only words that carry meaning are counted as wrong, and those that it wrote
without being sure of them count for less.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

ALIKE = 0.7
"""Likeness of letters from which a word is taken for a misspelling of the wanted one: "amiable", "amable"."""

_SMALL = frozenset(
    """
    a all also am an and any are as at be been but by can could did do does even for from had has have he her him his i
    if in into is it its just me my no not now of oh on only or our quite really she so some than that the their them
    then there they this to too up us very was we well were what when where which who will with would you your
    """.split()  # noqa: SIM905 - a word list reads better as prose
)
_MOST_TOLD = 4
_MOST_WANTED = 400
"""Words compared one by one: two minutes of speech. What goes on longer is told by its beginning."""

_MOST_CELLS = 200_000
"""Pairs of words that are compared within a second."""

_UNITS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen""".split()  # noqa: SIM905 - a word list reads better as prose
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()  # noqa: SIM905 - as above
_FIGURES = {
    **{word: str(number) for number, word in enumerate(_UNITS)},
    **{word: str(10 * number) for number, word in enumerate(_TENS, 2)},
    **{char: str(number) for number, char in enumerate("零一二三四五六七八九十")},
    "两": "2",
}
"""Numbers in words, which the recogniser may write in figures and the caption in words, or the other way round."""

_TEN_AND_ONE = re.compile(r"[2-9]0 [1-9](?!\d)")


def carries_meaning(word: str) -> bool:
    """Return whether a plain word is more than an article or another small word."""
    return word not in _SMALL


@dataclass(frozen=True, slots=True)
class WordDiff:
    """How wanted words differ from those heard in the best stretch of them.

    Attributes:
        error_rate: Word error rate: words replaced, missing and put in, over the number wanted.
        wrong_share: Share of the wanted words that carry meaning and were heard as others or not at all, 0 to 1; a word
            heard as another counts with the probability of that one.
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


def word_diff(wanted: Sequence[str], heard: Sequence[str], sure: Sequence[float] | None = None) -> WordDiff:
    """Return the differences of wanted words to the stretch of heard ones that fits best.

    Args:
        wanted: Plain words, at least one.
        heard: Plain words of the whole clip; those before and behind the stretch cost nothing.
        sure: Probability of each heard word, 0 to 1; without it all are sure.
    """
    wanted = [_FIGURES.get(word, word) for word in wanted[:_MOST_WANTED]]
    first, last = _near(wanted, [_FIGURES.get(word, word) for word in heard])
    heard = [_FIGURES.get(word, word) for word in heard[first:last]]
    want, _ = _joined(wanted, [1.0] * len(wanted), frozenset(heard))
    have, weights = _joined(heard, list((sure or [1.0] * last)[first:last]), frozenset(want))
    pairs = _aligned(want, have)
    wrong = 0.0
    for mine, theirs in pairs:
        if mine is not None and carries_meaning(want[mine]):
            likeness = _likeness(want[mine], have[theirs]) if theirs is not None else 0.0
            wrong += (weights[theirs] if theirs is not None else 1.0) * (likeness < ALIKE)
    changed = tuple(
        (want[mine] if mine is not None else "", have[theirs] if theirs is not None else "")
        for mine, theirs in pairs
        if mine is None or theirs is None or want[mine] != have[theirs]
    )
    carrying = sum(map(carries_meaning, want)) or len(want)
    return WordDiff(len(changed) / max(1, len(want)), min(1.0, wrong / max(1, carrying)), changed)


def _near(wanted: Sequence[str], heard: Sequence[str]) -> tuple[int, int]:
    """Return the stretch of many heard words that the wanted ones can lie in, so that time stays bounded."""
    from rapidfuzz import fuzz

    if len(wanted) * len(heard) <= _MOST_CELLS:
        return 0, len(heard)
    found = fuzz.partial_ratio_alignment(wanted, heard)
    start, end = (
        (found.dest_start, found.dest_end) if found is not None and len(wanted) < len(heard) else (0, len(heard))
    )
    return max(0, start - len(wanted)), min(end + len(wanted), start + 2 * _MOST_WANTED)


def _joined(words: Sequence[str], weights: Sequence[float], known: frozenset[str]) -> tuple[list[str], list[float]]:
    """Return words with neighbours joined where the other side writes them as one ("seat belt", "20 1")."""
    found: list[str] = []
    kept: list[float] = []
    for word, weight in zip(words, weights, strict=True):
        if found and found[-1] + word in known and not (found[-1] in known and word in known):
            found[-1], kept[-1] = found[-1] + word, min(kept[-1], weight)
        elif found and _TEN_AND_ONE.fullmatch(f"{found[-1]} {word}"):
            found[-1], kept[-1] = str(int(found[-1]) + int(word)), min(kept[-1], weight)
        else:
            found.append(word)
            kept.append(weight)
    return found, kept


def _likeness(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    return float(fuzz.ratio(one, other)) / 100.0


def _aligned(wanted: Sequence[str], heard: Sequence[str]) -> list[tuple[int | None, int | None]]:
    """Return the cheapest pairs of positions, None where a word is missing or was put in; ends of `heard` are free."""
    rows, columns = len(wanted), len(heard)
    swap = [[0.0 if a == b else 1.0 - 0.5 * _likeness(a, b) for b in heard] for a in wanted]
    cost = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for row in range(1, rows + 1):
        cost[row][0] = float(row)
        for column in range(1, columns + 1):
            cost[row][column] = min(
                cost[row - 1][column - 1] + swap[row - 1][column - 1],
                cost[row - 1][column] + 1.0,
                cost[row][column - 1] + 1.0,
            )
    row, column = rows, min(range(columns + 1), key=lambda end: cost[rows][end])
    pairs: list[tuple[int | None, int | None]] = []
    while row > 0:
        here = cost[row][column]
        if column > 0 and here >= cost[row - 1][column - 1] + swap[row - 1][column - 1] - 1e-9:
            row, column = row - 1, column - 1
            pairs.append((row, column))
        elif here >= cost[row - 1][column] + 1.0 - 1e-9:
            row -= 1
            pairs.append((row, None))
        else:
            column -= 1
            pairs.append((None, column))
    return pairs[::-1]
