"""Order and simultaneity: which words say that one thing follows or accompanies another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiojudge_cli.rubrics.grammar.layout import Layout
from audiojudge_cli.rubrics.grammar.pieces import Claim, Clause

_NEXT = re.compile(
    r"\b(?:and then|then|followed by|after that|afterwards?|next|finally|a (?:moment|second|beat) later|moments later"
    r"|before (?!the (?:line|word|last))|after (?!a (?:long|short|brief) )|subsequently|eventually|at the (?:very )?end|in that order"
    r"|toward(?:s)? the end|gives? way to|giving way to|ends? with|ending with|answered by|as soon as|in the end"
    r"|first(?= [a-z]+ing\b|,)|start(?:s|ing)? (?:with|w/)|begin(?:s|ning)? with|opens? with|preceded by|lastly)\b"
    r"|然后|接着|随后|紧接着|之后|继而|最后|接下来|随即|紧跟着|片刻后|过后|后来|(?<!最)先(?=.{1,12}(?:再|后))|[，,]\s*再|才(?=响起|传来|出现|进)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:while|at the same time|simultaneously|meanwhile|talk(?:ing)? over each other|together|in unison|at once"
    r"|accompanied by|overlap(?:ping|s)?|all the while|as(?= (?:a|an|the|someone|he|she|they)\b)|over(?= (?:a|an|the)? ?[a-z]+ (?:drone|backdrop|bed)))\b"
    r"|同时|一边|伴随着?|伴着|伴有|齐声|重叠|与此同时|声中|夹杂着?|伴以",
    re.IGNORECASE,
)


def sequence(layout: Layout, busy: list[Claim]) -> Iterator[Claim]:
    """Yield claims of order and simultaneity; each basis is the connective with what follows it."""
    for clause in layout.clauses:
        here = [claim for claim in busy if clause.start <= claim.start < clause.end]
        yield from _connected(layout, clause, here)


def _connected(layout: Layout, clause: Clause, here: list[Claim]) -> Iterator[Claim]:
    last = -1
    for match in _NEXT.finditer(layout.masked, clause.start, clause.end):
        if match.start() < last:
            continue
        end = _reach(layout, clause, match.end(), here)
        last = end
        yield Claim("order", match.start(), end, context=clause.context)
    last = -1
    for match in _TOGETHER.finditer(layout.masked, clause.start, clause.end):
        if match.start() < last:
            continue
        end = _reach(layout, clause, match.end(), here)
        last = end
        yield Claim("simultaneity", match.start(), end, context=clause.context)


def _reach(layout: Layout, clause: Clause, at: int, here: list[Claim]) -> int:
    """Return the end of the first claim behind `at`, or the end of the clause."""
    following = [claim.end for claim in here if claim.start >= at - 1 and claim.dimension in {"event", "instrument"}]
    end = min(following, default=clause.end)
    body = layout.masked[at:end].rstrip()
    return at + len(body)
