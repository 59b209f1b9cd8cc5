"""What comes before and behind a connective, so that a question about order can name both."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from audiojudge_cli.rubrics.grammar.naming import happening
from audiojudge_cli.rubrics.grammar.pieces import Claim

_NAMED = frozenset(["event", "instrument", "content"])
_TURNED = re.compile(r"(?:after|preceded by)\b", re.IGNORECASE)
_FIRST = re.compile(r"(?:start|begin|open)(?:s|ning|ing)? with|start w/|first\b", re.IGNORECASE)
_LAST = re.compile(
    r"(?:finally|lastly|at the (?:very )?end|in the end|ends? with|ending with|towards? the end|最后)", re.IGNORECASE
)


def ordered(found: Sequence[Claim], text: str) -> dict[int, tuple[str, str, str]]:
    """Return, by position in `found`, how an order claim can be asked: `before`, `first` or `last`, and the names."""
    named = [claim for claim in found if claim.dimension in _NAMED and not claim.negated]
    starts = [claim.start for claim in named]
    result = {}
    for number, claim in enumerate(found):
        if claim.dimension != "order" or claim.kind == "range":
            continue
        body = text[claim.start : claim.end]
        behind = bisect_left(starts, claim.start)
        ahead = bisect_right(starts, claim.start - 1) - 1
        if behind == len(named) or named[behind].start > claim.end + 2:
            continue
        later = _name(named[behind], text)
        if _FIRST.match(body):
            result[number] = ("first", later, "")
        elif _LAST.match(body):
            result[number] = ("last", later, "")
        elif ahead >= 0:
            earlier = _name(named[ahead], text)
            turned = _TURNED.match(body) and named[ahead].clause == claim.clause
            result[number] = ("before", later, earlier) if turned else ("before", earlier, later)
    return result


def _name(claim: Claim, text: str) -> str:
    words = " ".join(claim.words(text).split())
    return words if claim.dimension != "event" else happening(words)
