"""What stands on both sides of a connective, so that questions of order, simultaneity and level name both sounds."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from audiojudge_cli.rubrics.grammar.layout import Layout
from audiojudge_cli.rubrics.grammar.naming import happening, with_article
from audiojudge_cli.rubrics.grammar.pieces import Claim

_SOUNDING = frozenset(["event", "instrument", "content", "vocals", "speaker_sex"])
_MUSIC = frozenset(["genre", "component"])
_RELATING = frozenset(["order", "simultaneity"])
_SPEAKS = re.compile(r"voice|vocal|speaker|声|说|唱", re.IGNORECASE)
_TURNED = re.compile(r"(?:after(?! that)|preceded by)\b|之前", re.IGNORECASE)
_FRONTED = re.compile(r"(?:after|before|while|as)\b(?! that\b)", re.IGNORECASE)
_AWHILE = re.compile(
    r"after (?:an?|the|about|around|some|several|\d+|two|three|five|ten)? ?(?:very )?"
    r"(?:long|short|brief|few|moment|second|pause|beat|while|around|about|silence|minute)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r"before\b", re.IGNORECASE)
_FIRST = re.compile(r"(?:start|begin|open)(?:s|ning|ing)? with|start(?:s|ing)? w/|first\b|先", re.IGNORECASE)
_LAST = re.compile(
    r"(?:finally|lastly|at the (?:very )?end|in the end|ends? with|ending with|towards? the end|最后)", re.IGNORECASE
)
_LISTED = re.compile(r"in that order\b", re.IGNORECASE)
_ENOUGH = re.compile(r"(?<=\w{3}) and |, ")
_PIECE = re.compile(r"music|song|theme|score|tune|soundtrack|track|bed\b", re.IGNORECASE)
_OVER = re.compile(r"over\b", re.IGNORECASE)
_LEADING = re.compile(
    r"^(?:and then|then|while|as|followed by|after that|afterwards?|next|finally|lastly|before|after|a (?:moment|second"
    r"|beat) later|moments later|at the same time|simultaneously|meanwhile|accompanied by|together"
    r"|然后|接着|随后|紧接着|之后|继而|最后|接下来|随即|同时|一边|伴随着?|与此同时|[，,]?\s*再)\s*[,，]?\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Relation:
    """How one sound stands to another.

    Attributes:
        kind: `before`, `last` and `first` of order, `together`, `over`, or `repeated` for what was said already.
        first: Name of the earlier, nearer or only sound, in the caption's words.
        second: Name of the other one, or an empty string.
    """

    kind: str
    first: str = ""
    second: str = ""


def related(found: Sequence[Claim], layout: Layout) -> dict[int, Relation]:
    """Return, by position in `found`, what every claim of order, simultaneity and "over" relates."""
    if not any(claim.dimension in _RELATING or claim.dimension == "level" for claim in found):
        return {}
    sides = _Sides(found, layout)
    result: dict[int, Relation] = {}
    for number, claim in enumerate(found):
        if claim.negated or claim.kind == "range":
            continue
        made = _relation(claim, sides, layout.text[claim.start : claim.end])
        if made is not None:
            result[number] = made
    return _without_repeats(result)


def _relation(claim: Claim, sides: _Sides, body: str) -> Relation | None:
    if claim.dimension == "order":
        return _order(claim, sides, body)
    if claim.dimension == "simultaneity":
        first, second = sides.around(claim, body)
        return Relation("together", first, second) if first and second else None
    if claim.dimension == "level" and _OVER.match(body):
        return Relation("over", *sides.layered(claim))
    return None


def _order(claim: Claim, sides: _Sides, body: str) -> Relation | None:
    if _LISTED.match(body):
        pair = sides.two_before(claim)
        return Relation("before", *pair) if pair else None
    if _FIRST.match(body):
        later = sides.behind(claim, body)
        return Relation("first", later) if later else None
    if _LAST.match(body):
        later, earlier = sides.behind(claim, body), sides.ahead(claim)
        if later and earlier:
            return Relation("last", earlier, later)
        only = later or earlier
        return Relation("only_last", only) if only else None
    earlier, later = sides.around(claim, body)
    if _AWHILE.match(body):
        turned = False
    else:
        turned = (_BEFORE if sides.fronted(claim, body) else _TURNED).match(body) is not None
    pair = (later, earlier) if turned else (earlier, later)
    return Relation("before", *pair) if all(pair) else None


def _without_repeats(found: dict[int, Relation]) -> dict[int, Relation]:
    """Mark what an earlier claim says already: the same pair again, or a start that a pair begins with."""
    result: dict[int, Relation] = {}
    starts = {relation.first for relation in found.values() if relation.kind == "before"}
    seen: set[tuple[str, str, str]] = set()
    for number, relation in found.items():
        same = ("before" if relation.kind == "last" else relation.kind, relation.first, relation.second)
        known = same in seen or (relation.kind == "first" and relation.first in starts)
        seen.add(same)
        result[number] = Relation("repeated") if known else relation
    return result


class _Sides:
    """Finds the names on both sides of a claim, in its sentence first."""

    def __init__(self, found: Sequence[Claim], layout: Layout) -> None:
        self._layout = layout
        self._named = [c for c in found if c.dimension in _SOUNDING and not c.negated and c.kind != "key"]
        self._starts = [claim.start for claim in self._named]
        self._music = [c for c in found if c.dimension in _MUSIC and not c.negated and c.context == "music"]
        self._clause_starts = [clause.start for clause in layout.clauses]

    def _clause(self, at: int) -> int:
        return max(0, bisect_right(self._clause_starts, at) - 1)

    def _sentence(self, at: int) -> int:
        clauses = self._layout.clauses
        return clauses[self._clause(at)].sentence if clauses else 0

    def fronted(self, claim: Claim, body: str) -> bool:
        """Whether a clause opens with the connective and the other side follows ("After the rain, birds sing")."""
        if not _FRONTED.match(body) or _AWHILE.match(body):
            return False
        opens = claim.start <= self._clause_starts[self._clause(claim.start)] + 1
        behind = bisect_left(self._starts, claim.start)
        ahead = behind and self._sentence(self._starts[behind - 1]) == self._sentence(claim.start)
        return opens and not ahead and behind + 1 < len(self._named)

    def around(self, claim: Claim, body: str) -> tuple[str, str]:
        """Return what is named before the connective and behind it."""
        if self.fronted(claim, body):
            at = bisect_left(self._starts, claim.start)
            one, other = self._named[at], self._named[at + 1]
            if self._sentence(other.start) == self._sentence(claim.start):
                return self.name(one), self.name(other)
        later = self.behind(claim, body)
        if not later and claim.dimension == "simultaneity":
            return self.two_before(claim) or ("", "")
        return self.ahead(claim) or self._words_before(claim), later

    def ahead(self, claim: Claim) -> str:
        """Return the name of the last sound before a claim."""
        at = bisect_left(self._starts, claim.start) - 1
        if at < 0:
            return ""
        if claim.kind == "answer":  # a line of speech answers another line, whoever speaks
            at = next((n for n in range(at, -1, -1) if self._named[n].dimension == "content"), at)
        return self.name(self._named[at])

    def behind(self, claim: Claim, body: str) -> str:
        """Return the name of the first sound behind a connective, or its own words where they name none."""
        at = bisect_left(self._starts, claim.start)
        if claim.kind == "answer":
            at = next((n for n in range(at, len(self._named)) if self._named[n].dimension == "content"), at)
        words = _LEADING.sub("", body).strip()
        if at < len(self._named):
            claimed = self._named[at]
            same = self._clause(claimed.start) == self._clause(claim.start)
            if same or (len(words) < 4 and self._sentence(claimed.start) == self._sentence(claim.start)):
                return self.name(claimed)
            if claim.kind == "answer":
                return self.name(claimed)
        if len(words) < 4 or claim.kind == "answer" or words.lower() == body.lower():
            return ""
        return f"“{' '.join(_ENOUGH.split(words)[0].split())}”"

    def _words_before(self, claim: Claim) -> str:
        clause = self._clause(claim.start)
        begin = self._clause_starts[clause]
        words = self._layout.text[begin : claim.start].strip(" ,，")
        if len(words) < 2 and clause:
            before = self._layout.clauses[clause - 1]
            words = self._layout.text[before.start : before.end]
        words = " ".join(words.split()).translate({ord(sign): "'" for sign in '“”"「」『』'})
        return f"“{words}”" if 2 <= len(words) <= 80 else ""

    def two_before(self, claim: Claim) -> tuple[str, str] | None:
        """Return the last two different names before a claim in its sentence."""
        at = bisect_left(self._starts, claim.end)
        near = [c for c in self._named[max(0, at - 4) : at] if self._sentence(c.start) == self._sentence(claim.start)]
        names = list(dict.fromkeys(self.name(c) for c in near))
        return (names[-2], names[-1]) if len(names) > 1 else None

    def layered(self, claim: Claim) -> tuple[str, str]:
        """Return what stands in front and what it stands over; empty where a voice, or anything else, is meant."""
        at = bisect_left(self._starts, claim.start)
        sentence = self._sentence(claim.start)
        front = back = ""
        if at and self._sentence(self._starts[at - 1]) == sentence:
            near = self._named[at - 1]
            front = "" if near.dimension in {"speaker_sex", "content"} else self._bare(near)
        if at < len(self._named) and self._clause(self._starts[at]) == self._clause(claim.start):
            back = self._bare(self._named[at])
        music = next((c for c in self._music if claim.start < c.start <= claim.end + 40), None)
        if music is not None and not back:
            words = " ".join(music.words(self._layout.text).split())
            back = words if _PIECE.search(words) or not words.isascii() else f"{words} music"
        elif back and self._layout.text.startswith(" music", self._named[at].end):
            back += " music"
        return front, back

    def _bare(self, claim: Claim) -> str:
        words = " ".join(claim.words(self._layout.text).split())
        return happening(words) if claim.dimension == "event" else words

    def name(self, claim: Claim) -> str:
        """Return the words that name a sound, fit for a question."""
        words = " ".join(claim.words(self._layout.text).split())
        if claim.dimension == "content":
            return words if words[:1] in "“「『" else f"“{words.strip(chr(34))}”"
        if claim.dimension == "vocals" and words.lower() in {"sing", "sings", "sung", "lyrics", "vocals"}:
            return "singing"
        if not words.isascii():
            return words if claim.dimension != "speaker_sex" or _SPEAKS.search(words) else f"{words}说话"
        if claim.dimension == "speaker_sex" and not _SPEAKS.search(words):
            return with_article(f"{words} speaking")
        return with_article(happening(words) if claim.dimension == "event" else words)
