"""Order and simultaneity: which words say that one thing follows or accompanies another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiojudge_cli.rubrics.word_class import word_class
from audiojudge_cli.rubrics.grammar.layout import Layout
from audiojudge_cli.rubrics.grammar.pieces import Claim, Clause

_NEXT = re.compile(
    r"\b(?:(?<!now )and then|(?<!and )then|repl(?:y|ies)|answers|responds|followed by|after that|afterwards?"
    r"|next|finally"
    r"|a (?:moment|second|beat) later|moments later"
    r"|before (?!the (?:line|word|last))|after |subsequently|eventually"
    r"|at the (?:very )?end|in that order"
    r"|toward(?:s)? the end|gives? way to|giving way to|ends? with|ending with|answered by|as soon as|in the end"
    r"|first(?= [a-z]+ing\b|,)|start(?:s|ing)? with|begin(?:s|ning)? with|opens? with|preceded by|lastly)\b"
    r"|\bstart(?:s|ing)? w/(?=\s)"
    r"|然后|接着|随后|紧接着|之后|继而|最后|接下来|随即|紧跟着|回答|答道|回应|片刻后|过后|后来"
    r"|(?<!最)先(?=.{1,12}(?:再|后))|(?<=[，,])再(?!见|也|次|来|现)|才(?=响起|传来|出现|进)",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    r"\b(?:while|at the same time|simultaneously|meanwhile|talk(?:ing)? over each other|together|in unison"
    r"|accompanied by|overlap(?:ping|s)?|all the while|as(?= (?:a|an|the|someone|he|she|they)\b)|over(?= (?:a"
    r"|an|the)? ?[a-z]+ (?:drone|backdrop|bed)))\b"
    r"|同时|一边|伴随着?|伴着|伴有|齐声|重叠|与此同时|声中|夹杂着?|伴以",
    re.IGNORECASE,
)


_ANSWERS = re.compile(r"repl|answers|responds|回答|答道|回应", re.IGNORECASE)
_NEEDS_BOTH = frozenset(["as", "together", "while"])
_HEARD = frozenset(["event", "instrument", "vocals", "genre", "component", "content", "dynamics"])
_PRESENT = _HEARD | {"speaker_sex"}
_CHANGES = frozenset(["transition", "structure", "dynamics", "duration", "intensity", "rhythm", "volume", "rate"])


def connected(layout: Layout, clause: Clause, here: list[Claim]) -> Iterator[Claim]:
    """Yield claims of order and simultaneity in a clause; each basis is the connective with what follows it.

    Args:
        layout: The caption.
        clause: The clause to read.
        here: The other claims of the clause.
    """
    if clause.chinese or clause.words & word_class("order_words"):
        yield from _orders(layout, clause, here)
    if clause.chinese or clause.words & word_class("together_words"):
        yield from _together(layout, clause, here)


def _orders(layout: Layout, clause: Clause, here: list[Claim]) -> Iterator[Claim]:
    last = -1
    for match in _NEXT.finditer(layout.masked, clause.start, clause.end):
        if match.start() < last:
            continue
        if _ANSWERS.match(match.group()):
            if len(layout.quotes) > 1:
                yield Claim("order", match.start(), match.end(), context=clause.context, kind="answer")
            continue
        if any(claim.dimension == "duration" and claim.start == match.start() for claim in here):
            continue
        end = _reach(layout, clause, match.end(), here)
        last = end
        inside = {claim.dimension for claim in here if match.end() - 1 <= claim.start < end}
        if inside & _CHANGES and not inside & _PRESENT:
            continue
        yield Claim("order", match.start(), end, context=clause.context)


def _together(layout: Layout, clause: Clause, here: list[Claim]) -> Iterator[Claim]:
    last = -1
    for match in _TOGETHER.finditer(layout.masked, clause.start, clause.end):
        if match.start() < last or (match.group().lower() in _NEEDS_BOTH and not _joins(clause, here, match)):
            continue
        end = _reach(layout, clause, match.end(), here)
        last = end
        yield Claim("simultaneity", match.start(), end, context=clause.context)


def _joins(clause: Clause, here: list[Claim], match: re.Match[str]) -> bool:
    """Whether something is heard before the connective in its clause, and behind it where it says little itself."""
    before = match.start() <= clause.start + 1 or any(
        claim.end <= match.start() + 1 and claim.dimension in _HEARD for claim in here
    )
    if match.group().lower() != "as" and match.start() > clause.start + 1:
        return before
    return before and any(c.start >= match.end() and c.dimension in {"event", "instrument", "content"} for c in here)


def _reach(layout: Layout, clause: Clause, at: int, here: list[Claim]) -> int:
    """Return the end of the first claim behind `at`, or the end of the clause."""
    following = [claim.end for claim in here if claim.start >= at - 1 and claim.dimension in {"event", "instrument"}]
    end = min(following, default=clause.end)
    body = layout.masked[at:end].rstrip()
    return at + len(body)
