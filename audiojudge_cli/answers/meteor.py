"""METEOR (Banerjee and Lavie 2005; parameters of Lavie and Agarwal 2007) with its stages exact word and stem.

The third stage of the paper, synonyms of WordNet, is left out: its data is not shipped. Alignment and parameters are
those of nltk (both texts from the end, the later word of the reference first), so that a score is nltk's with an empty
WordNet, on the same words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from audiojudge_cli.answers.porter import stem

ALPHA, BETA, GAMMA = 0.9, 3.0, 0.5
"""Weight of precision against recall; exponent and weight of the penalty on broken order."""

# Words with their apostrophes and hyphens; each character of scripts without spaces; no punctuation, as captions are
# compared (Chen et al., arXiv 1504.00325, section 2).
_HAN = r"\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_WORD = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+(?:['’][^\W_{_HAN}]+)*")
MOST_WORDS = 5_000
"""Most words of a text that is compared: alignment takes their product in time."""


def words(text: str) -> list[str]:
    """Return the words of a text in lower case, without punctuation.

    >>> words("A dog's bark, twice.")
    ['a', "dog's", 'bark', 'twice']
    """
    return [match.replace("’", "'") for match in _WORD.findall(text.lower())]


def meteor(reference: Sequence[str], answer: Sequence[str]) -> float:
    """Return METEOR of an answer, 0 to 1; 0 where no word matches.

    Args:
        reference: Its words, in lower case.
        answer: Likewise.

    Raises:
        ValueError: If one of them has more than `MOST_WORDS` words.
    """
    if max(len(reference), len(answer)) > MOST_WORDS:
        raise ValueError(f"a text has more than {MOST_WORDS:,} words")
    pairs = _aligned(reference, answer)
    if not pairs:
        return 0.0
    matches = len(pairs)
    precision, recall = matches / len(answer), matches / len(reference)
    mean = precision * recall / (ALPHA * precision + (1 - ALPHA) * recall)
    breaks = sum(right != (left[0] + 1, left[1] + 1) for left, right in pairwise(pairs))
    penalty: float = GAMMA * ((breaks + 1) / matches) ** BETA
    return (1 - penalty) * mean


def _aligned(reference: Sequence[str], answer: Sequence[str]) -> list[tuple[int, int]]:
    """Return pairs (place in the answer, place in the reference), by place in the answer."""
    left, right = list(enumerate(answer)), list(enumerate(reference))
    stages: tuple[Callable[[str], str], ...] = (str, stem)
    pairs = []
    for stage in stages:
        left = [(at, stage(word)) for at, word in left]
        right = [(at, stage(word)) for at, word in right]
        for at in range(len(left) - 1, -1, -1):
            found = next((there for there in range(len(right) - 1, -1, -1) if right[there][1] == left[at][1]), None)
            if found is not None:
                pairs.append((left.pop(at)[0], right.pop(found)[0]))
    return sorted(pairs)
