"""Sentences about sounds cut at what joins happenings in time, each part to be parsed on its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from audiojudge_cli.rubrics.context import of_clause
from audiojudge_cli.rubrics.english.verbs import acting_stems
from audiojudge_cli.rubrics.segment import Segment
from audiojudge_cli.rubrics.stems import stem, words
from audiojudge_cli.rubrics.word_class import word_class


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a sentence between connectives of time, and how it joins the one before.

    Attributes:
        segment: The stretch, parsed on its own: a chain of events strung together misleads any parser.
        link: `before`, `after` or `together` with the part in front; empty for the first.
        at: Where the connective stands in the caption.
        told_from: Where its own words begin, behind a doer that was laid over what stands in front of them.
    """

    segment: Segment
    link: str = ""
    at: tuple[int, int] = (0, 0)
    told_from: int = 0

    @property
    def is_clause(self) -> bool:
        """Whether its connective can only open a clause."""
        return self.segment.text[self.at[0] : self.at[1]].lower() in {"as", "while", "whilst"}


# Connectives between two events; "as" only before somebody or something that acts, never "as well as" or "such as".
_CONNECTIVE = re.compile(
    r"(?:\s*,)?(?:\s+|^)(?P<word>(?:(?:which|that) (?:is|are) )?(?:then )?(?:shortly |immediately |quickly "
    r"|soon )?(?:followed|preceded) by|and (?:then|finally|next)"
    r"|then|finally|after which|before|after(?! (?:[\w-]+ ){1,3}(?:seconds?|minutes?)\b| a (?:while|moment))|while"
    r"|whilst|(?<!such )(?<!well )(?<!soon )(?<!loud )as(?! well| if"
    r"| though| in\b| of\b| to\b| an? \w+ing\b)"
    r"|until|till|before|alongside|during|meanwhile|simultaneously|along with)(?=\s)",
    re.IGNORECASE,
)
# "and", "with" and commas, which join clauses only where somebody or something acts on both sides.
_JOINT = re.compile(r"(?:\s+|(?=,))(?P<word>and|with|,)(?=\s)", re.IGNORECASE)
_SEPARATED = re.compile(r",\s")
# "has the same tone as a game": forty characters hold the noun between with its adjectives.
_SAME = re.compile(r"\bsame\b[^,;.]*$", re.IGNORECASE)
# "No music until the end" denies it for a time only.
_UNTIL, _NONE = frozenset({"until", "till"}), re.compile(r"\bno\b", re.IGNORECASE)
_AFTER_WORDS = ("after", "preceded by")
# Says of the last two happenings that they sound together; it is no part of their names.
_AT_ONCE = re.compile(r",?\s*\b(?P<word>at the same time|simultaneously)\W*$", re.IGNORECASE)
_TOGETHER_WORDS = ("while", "whilst", "as", "alongside", "during", "meanwhile", "simultaneously", "along with")


def split_events(segment: Segment) -> list[Part]:
    """Return the parts of a sentence about sounds, cut at its connectives of time; other sentences stay whole.

    One about speech or music in a caption about sounds as well is cut too, and each part goes by what it tells itself.
    """
    if segment.quoted or not (segment.context == "sound" or segment.mixed):
        return [Part(segment)]
    parts = [part for part in _cut(segment) if any(c.isalnum() for c in _body(part.segment))]
    if segment.context == "sound" or len(parts) == 1:
        return _resumed(parts)
    found: list[Part] = []
    for part in parts:
        own = replace(part.segment, context=of_clause(part.segment))
        first, *others = split_events(own) if own.context == "sound" else [Part(own)]
        found += [replace(first, link=part.link, at=part.at), *others]
    return _resumed(found)


def _cut(segment: Segment) -> list[Part]:
    body = _body(segment)
    parts: list[Part] = []
    start, link, at = 0, "", (0, 0)
    for match in _cuts(segment, body):
        relation = _relation(match["word"].lower())
        here = segment.start + match.start("word"), segment.start + match.end("word")
        if not body[: match.start()].strip():  # "After a click, …": the first part is what the connective opens
            comma = _SEPARATED.search(body, match.end())
            if comma is None:
                return [Part(segment)]
            parts.append(Part(replace(segment, start=here[1] + 1, end=segment.start + comma.start())))
            start, at = comma.end(), here
            before = relation == "after" or (relation == "before" and match["word"].lower() != "before")
            link = "together" if relation not in {"after", "before"} else "before" if before else "after"
        elif match.start() > start and not (
            match["word"].lower() in _UNTIL and _NONE.search(body, start, match.start())
        ):
            end = segment.start + match.start()
            parts.append(Part(replace(segment, start=segment.start + start, end=end), link, at))
            start, link, at = match.end("word") + 1, relation, here
    last, stop = replace(segment, start=segment.start + min(start, len(body))), _AT_ONCE.search(body)
    if stop is not None and stop.start() > start:
        last = replace(last, end=segment.start + stop.start())
        if not link:
            link, at = "together", (segment.start + stop.start("word"), segment.start + stop.end("word"))
    return [*parts, Part(last, link, at)]


def _cuts(segment: Segment, body: str) -> list[re.Match[str]]:
    """Return the connectives that a sentence is cut at, in order."""
    found = [
        match
        for match in _CONNECTIVE.finditer(body)
        if match["word"].lower() != "as" or not _SAME.search(body, max(0, match.start() - 40), match.start())
    ]
    if segment.context == "sound":
        found += [match for match in _JOINT.finditer(body) if _joins_clauses(body, match)]
    return sorted(found, key=re.Match.start)


def _relation(word: str) -> str:
    """Return how a connective joins the part behind it to the one in front."""
    if word in {"and", "with", ","}:
        return ""
    return "after" if word.endswith(_AFTER_WORDS) else "together" if word.endswith(_TOGETHER_WORDS) else "before"


def _body(segment: Segment) -> str:
    return segment.text[segment.start : segment.end]


_GOING_ON = frozenset({"", ",", "and", "then", "and then", "finally", "and finally", "and next"})
"""Connectives behind which a verb may stand without its doer; "followed by hums" names a noise."""
_LONGEST_DOER = 6  # words with the article ("a crowd in a large stadium"); longer ones hold a clause of their own
_ARTICLES = frozenset({"a", "an", "the", "someone", "somebody", "one", "another"})


def _resumed(parts: Sequence[Part]) -> list[Part]:
    """Return parts whose verb lacks its doer with the doer of the part before: "a kettle hisses, then (it) whistles".

    The doer is laid over what stands in front, so that all offsets stay; what rests on it begins with the verb.
    """
    found, doer = [], ""
    for part in parts:
        segment, own = part.segment, _doer(_body(part.segment))
        goes_on = own is None and doer and segment.context == "sound" and not part.told_from
        goes_on = goes_on and segment.text[slice(*part.at)].lower() in _GOING_ON
        if goes_on and _is_verb(next(iter(_body(segment).split()), "")):
            shifted = segment.start - len(doer) - 1
            text = f"{segment.text[:shifted]}{doer} {segment.text[segment.start :]}"
            whole = replace(segment, text=text, start=shifted)
            found.append(replace(part, segment=whole, told_from=segment.start))
            continue
        doer = own or "" if part.link or own else doer
        found.append(part)
    return found


# What parts clauses that are not cut: ", and the door grinds".
_CLAUSE = re.compile(r",? and |, ")


def _doer(body: str) -> str | None:
    """Return what acts in the last clause in the third person: the words before its first verb in -s."""
    doer = None
    for told in (clause.split() for clause in _CLAUSE.split(body)):
        if not told or told[0].lower() not in _ARTICLES:
            continue
        doer = None
        for at, word in enumerate(told[1 : _LONGEST_DOER + 1], 1):
            if _is_verb(word):
                doer = " ".join(told[:at])
            if doer or not word.isalpha() or word.endswith("ing"):
                break
    return doer


def _is_verb(word: str) -> bool:
    """Whether a word may be a verb in the third person."""
    form = word.lower().rstrip(",")
    told = [one.stem for one in words(form)[:1] if form.endswith("s")]
    return any(_acting(one, form) or one in _doing_stems() for one in told)


@cache
def _doing_stems() -> frozenset[str]:
    return frozenset(stem(verb) for verb in word_class("doing_verbs"))


def _joins_clauses(body: str, match: re.Match[str]) -> bool:
    """Whether each side has its own action: "water splashes and wind blows", not "dirt and gravel shuffling"."""
    before = words(body[: match.start()][-60:])
    after = words(body[match.end() : match.end() + 60].partition(",")[0])
    if match["word"] == "," and after and after[0].stem in {"and", "then", "while", "as"}:
        return False
    if len(before) > 1 and before[-2].stem in {"as", "while"}:
        return False  # "as dishes and cutlery clatter"
    written = [body[match.end() + word.start : match.end() + word.end] for word in after[:5]]
    verbs = (
        n
        for n, form in enumerate(written)
        if n and _acting(after[n].stem, form) and (match["word"] != "with" or form.endswith("ing"))
    )
    following = next(verbs, 0)
    starts = after[0].stem if after else ""
    return (
        following > 0
        and starts not in {"the", "its", "his", "her"} | _LINKING
        and any(_acting(word.stem, "") for word in before[-6:])
    )


def _acting(folded: str, written: str) -> bool:
    return folded in acting_stems() or (folded in {"speak", "talk", "sing", "laugh", "say"} and written != "speech")


_LINKING = frozenset({"in", "on", "at", "into", "from", "by", "over", "near", "through"})


# What opens a sentence that goes on in time from the one before.
NEXT = re.compile(
    r"(?:and )?(?:then|next|finally|(?:after )?a (?:long |short |brief )?"
    r"(?:beat|second|few seconds|pause|silence|moment)(?: later)?|afterwards?|after that|after this"
    r"|immediately|suddenly|later|soon|seconds later)\b",
    re.IGNORECASE,
)


# What opens the first of several happenings: "First a cat meows, then …".
_FIRST = re.compile(r"(?:first(?:ly)?(?: of all)?|at first),?\s+(?=\S)", re.IGNORECASE)


def without_opening(segment: Segment) -> Segment:
    """Return a sentence without the words that only say when it goes on: they are no part of a sound's name."""
    opening = _FIRST.match(segment.text, segment.start, segment.end)
    if opening is None and (opening := NEXT.match(segment.text, segment.start, segment.end)) is None:
        return segment
    rest = segment.text[opening.end() : segment.end]
    if segment.context != "sound" or segment.quoted or not any(char.isalnum() for char in rest):
        return segment
    return replace(segment, start=opening.end() + len(rest) - len(rest.lstrip(" ,")))
