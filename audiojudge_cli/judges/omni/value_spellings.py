"""The values of a scale as a tokenizer spells them, and the tree that all spellings make together.

    ─┬─ 1 ─┬─ end      value 1
     │     └─ 0 ─ end  value 10
     └─ 2 ─── end      value 2

A value counts with the probability that one of its spellings is written and that the answer ends there, so that `1` is
not taken for the beginning of `10`, nor `4` for that of `4.5`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.chat import Chat
    from audiojudge_cli.judges.omni.prompts import AnswerWords
    from audiojudge_cli.scales.scale import Scale

Path = tuple[int, ...]

# What can go on with a number, apart from letters and digits: "4.5", "1,000", "4-5", "4:30", "50%".
_GOES_ON = frozenset(".,-–—~:+%'\ufffd")
# The counter of points in Chinese: "5分" is 5.
_POINTS = "分"


@dataclass(frozen=True, slots=True)
class Tree:
    """All spellings of the values of one scale.

    Attributes:
        values: Per value of the scale, its spellings as tokens.
        nexts: Per place in the tree, tokens that some spelling goes on with; the root is the empty path.
    """

    values: tuple[tuple[Path, ...], ...]
    nexts: Mapping[Path, tuple[int, ...]]

    def probabilities(self, steps: Mapping[Path, Mapping[int | None, float]]) -> list[float]:
        """Return the probability of every value; together at most 1.

        Args:
            steps: Per place, the natural logarithm of the probability of each token of `nexts`, and under None that
                the answer ends.
        """
        return [math.fsum(math.exp(_log(path, steps)) for path in paths) for paths in self.values]


def _log(path: Path, steps: Mapping[Path, Mapping[int | None, float]]) -> float:
    return math.fsum([*(steps[path[:at]][token] for at, token in enumerate(path)), steps[path][None]])


def tree_of(scale: Scale, chat: Chat, words: AnswerWords) -> Tree:
    """Return the tree of a scale.

    Numbers are spelt as the scale writes them, and whole ones also without decimals (`1` for `1.0`); words in small,
    capital and upper case; all with and without a space before them. Yes and no take the words of the prompts.

    Args:
        scale: The values.
        chat: Knows the tokens.
        words: What the prompts count as yes and no.
    """
    values = []
    taken: set[Path] = set()
    for value, spelling in zip(scale.values, scale.spellings, strict=True):
        texts = sorted(_texts(value, spelling, words))
        # What could be two values is the first of them.
        paths = {tuple(chat.plain(space + text)) for text in texts for space in ("", " ")} - taken
        taken |= paths
        values.append(tuple(sorted(paths)))
    nexts: dict[Path, set[int]] = {}
    for path in taken:
        nexts.setdefault(path, set())
        for at, token in enumerate(path):
            nexts.setdefault(path[:at], set()).add(token)
    return Tree(tuple(values), {place: tuple(sorted(tokens)) for place, tokens in sorted(nexts.items())})


def _texts(value: float, spelling: str, words: AnswerWords) -> set[str]:
    if is_number(spelling):
        return {spelling, f"{value:.0f}"} if value == int(value) else {spelling}
    also = {"yes": words.yes, "no": words.no}.get(spelling, ())
    return {case(text) for text in (spelling, *also) for case in (str.lower, str.title, str.upper)}


def is_number(spelling: str) -> bool:
    """Return whether a value is spelt in digits."""
    return spelling[-1].isdigit()


def ends_of(chat: Chat, *, numbers: bool) -> NDArray[np.int64]:
    """Return the tokens that end a value, ascending: those that end the turn, and those that cannot go on with it.

    Args:
        chat: Knows the tokens.
        numbers: Whether values are numbers, else words.
    """
    tokenizer = chat.tokenizer
    special = set(tokenizer.get_added_vocab().values())
    ids = sorted(token for token in tokenizer.get_vocab().values() if token not in special)
    texts = tokenizer.batch_decode([[token] for token in ids], clean_up_tokenization_spaces=False)
    found = {token for token, text in zip(ids, texts, strict=True) if text and _ends(text[0], numbers=numbers)}
    return np.array(sorted(found | chat.stops), dtype=np.int64)


def _ends(first: str, *, numbers: bool) -> bool:
    if numbers:
        return first == _POINTS or not (first.isalnum() or first in _GOES_ON)
    return not (first.isalpha() or first in "-'’\ufffd")


def steps_of(tree: Tree, logs: Sequence[Sequence[float]]) -> dict[Path, dict[int | None, float]]:
    """Return what `Tree.probabilities` takes, from rows in the order of `tree.nexts`: its tokens, then the end."""
    return {
        place: dict(zip((*tokens, None), row, strict=True))
        for (place, tokens), row in zip(tree.nexts.items(), logs, strict=True)
    }
