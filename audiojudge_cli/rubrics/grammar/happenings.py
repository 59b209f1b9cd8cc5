"""Events in sound clauses: which words make one event, what to call it, how often it happens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from audiojudge_cli.rubrics.grammar import figures
from audiojudge_cli.rubrics.grammar.contexts import sense
from audiojudge_cli.rubrics.grammar.pieces import Claim, Clause, Hit

_PART = re.compile(
    r"\b(?:and then|and|then|while|as|before|after|followed by|until|when|but|with|over|amid|plus|against|or)\b"
    r"|[和与及、跟]|然后|接着|随后|同时",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TAIL_ZH = re.compile(r"[^\s，。；、和与]{0,3}?(?:的声音|的声响|的叫声|作响|声响|之声|声音|声|响)")
_SKIP_LEFT = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "its",
        "his",
        "her",
        "their",
        "our",
        "my",
        "some",
        "of",
        "in",
        "on",
        "at",
        "to",
        "from",
        "by",
        "for",
        "into",
        "onto",
        "with",
        "and",
        "or",
        "then",
        "there",
        "is",
        "are",
        "was",
        "were",
        "be",
        "being",
        "been",
        "can",
        "heard",
        "hear",
        "as",
        "it",
        "only",
        "just",
        "followed",
        "while",
        "when",
        "until",
        "after",
        "before",
        "but",
        "audio",
        "sound",
        "sounds",
        "recording",
        "clip",
        "start",
        "starts",
        "begin",
        "begins",
        "starting",
        "beginning",
        "end",
        "ends",
        "ending",
        "you",
        "we",
        "i",
        "they",
        "he",
        "she",
        "each",
        "every",
        "another",
        "both",
        "all",
        "more",
        "no",
        "not",
        "any",
        "without",
        "nor",
        "over",
        "under",
        "through",
        "up",
        "down",
        "out",
        "off",
        "away",
        "past",
        "near",
        "far",
    ]
)
_GAP = 26


def parts(masked: str, clause: Clause) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a clause between conjunctions."""
    at = clause.start
    for match in _PART.finditer(masked, clause.start, clause.end):
        yield at, match.start()
        at = match.end()
    yield at, clause.end


def events(masked: str, clause: Clause) -> Iterator[Claim]:
    """Yield one claim per event of a clause: all event words of a part make one event."""
    hits = [hit for hit in clause.hits if sense(hit, clause) == "event"]
    if not hits:
        return
    for start, end in parts(masked, clause):
        group: list[Hit] = []
        for hit in hits:
            if not start <= hit.start < end:
                continue
            if group and (hit.start - group[-1].end > _GAP or "，" in masked[group[-1].end : hit.start]):
                yield _event(masked, clause, group, start, end)
                group = []
            group.append(hit)
        if group:
            yield _event(masked, clause, group, start, end)


def _event(masked: str, clause: Clause, group: list[Hit], start: int, end: int) -> Claim:
    first, last = group[0].start, group[-1].end
    tail = _TAIL_ZH.match(masked, last, end)
    if tail:
        last = tail.end()
    busy = [(hit.start, hit.end) for hit in clause.hits if hit not in group]
    first = _grow_left(masked, first, start, busy)
    value = _value(group)
    return Claim("event", first, last, value=value, context=clause.context)


def _value(group: list[Hit]) -> str:
    longest = max(group, key=lambda hit: hit.end - hit.start)
    return longest.senses["event"]


def _grow_left(masked: str, first: int, floor: int, busy: list[tuple[int, int]]) -> int:
    """Take in up to two words in front that say what it is ("wooden door", "depth charge")."""
    words = [m for m in _PLAIN.finditer(masked, max(floor, first - 40), first) if m.start() >= floor]
    for word in reversed(words[-2:]):
        taken = any(word.start() < stop and begin < word.end() for begin, stop in busy)
        if taken or word.group().lower() in _SKIP_LEFT or word.group().lower().endswith("ly"):
            break
        if not masked[word.end() : first].isspace() and masked[word.end() : first] != "-":
            break
        first = word.start()
    return first


def counts(masked: str, clause: Clause, claims: list[Claim]) -> Iterator[Claim]:
    """Yield claims about how often an event of the clause happens."""
    body = masked[clause.start : clause.end]
    events_here = [claim for claim in claims if claim.dimension == "event"]
    for match in figures.counts_en(body):
        start, end = clause.start + match.start(), clause.start + match.end()
        if match["times"]:
            before = [claim for claim in events_here if claim.end <= start + 1]
            begin = before[-1].start if before and start - before[-1].end < 30 else start
            yield Claim("count", begin, end, context=clause.context, kind="times")
        elif any(start <= claim.end and claim.start < end for claim in events_here):
            yield Claim("count", start, end, context=clause.context, kind="number")
    for match in figures.counts_zh(body):
        start, end = clause.start + match.start(), clause.start + match.end()
        before = [claim for claim in events_here if claim.end <= start + 1 and start - claim.end < 4]
        begin = before[-1].start if before else start
        after = [claim for claim in events_here if claim.start >= start and claim.start - end < 8]
        if not before and after:
            end = max(end, after[0].end)
        if before or after or clause.context == "sound":
            yield Claim("count", begin, end, context=clause.context, kind="times")
