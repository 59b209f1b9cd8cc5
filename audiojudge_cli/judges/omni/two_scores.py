"""The two scores with which a comparison ends: `Output A: 7, Output B: 8.5`, as SpeechJudge-GRM writes them.

Read strictly (arXiv 2511.07931 and its release: the last pair of a text counts, bold or not): a text without a clear
pair has none, and is never a tie.
"""

from __future__ import annotations

import re

LEAST, MOST = 1.0, 10.0
"""The scale that the model is asked for."""

_NUMBER = r"(\d{1,2}(?:\.\d{1,2})?)"
# "8/10" and "8 points" are 8.
_OF_TEN = r"(?:\s*/\s*10)?(?:\s*(?:points?\b|分))?"
_OPENS = r"Output\s+{}\s*[:：]\s*"
# Between the two scores nothing but punctuation; behind the second nothing that makes another number of it.
_PAIR = re.compile(
    rf"{_OPENS.format('A')}{_NUMBER}{_OF_TEN}[\s,，;；.。|]*(?:and\s+)?{_OPENS.format('B')}{_NUMBER}{_OF_TEN}(?!\d|\.\d|\s*/)"
)
_AGAIN = re.compile(_OPENS.format("[AB]"))
# Bold and code in Markdown.
_MARKS = str.maketrans("", "", "*`")


def read_scores(text: str) -> tuple[float, float] | None:
    """Return the scores of the first clip and of the second, 1 to 10; None where the text does not end in two."""
    plain = text.translate(_MARKS)
    found = list(_PAIR.finditer(plain))
    if not found or _AGAIN.search(plain, found[-1].end()):
        return None
    first, second = float(found[-1][1]), float(found[-1][2])
    return (first, second) if all(LEAST <= score <= MOST for score in (first, second)) else None
