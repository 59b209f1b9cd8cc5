"""Takes a caption apart: quoted lines, keys, time ranges, and the sentences between them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from audiojudge_cli.rubrics.dialogue import spoken_lines
from audiojudge_cli.rubrics.stems import HAN
from audiojudge_cli.rubrics.word_class import label as label_of

# Quoted lines in the marks of English and Chinese; an apostrophe inside a word opens and closes nothing.
_QUOTES = re.compile(
    r"“[^“”\n]{1,2000}”|\"[^\"\n]{1,2000}\"|「[^「」\n]{1,2000}」|『[^『』\n]{1,2000}』|«[^«»\n]{1,2000}»"
    r"|(?<![\w'])'[^'\n]{1,300}(?:'[a-z]{1,2}\b[^'\n]{1,300}){0,20}'(?![\w'])"
    r"|‘[^‘’\n]{1,500}(?:’\w[^‘’\n]{1,300}){0,20}’(?!\w)"
)
# Tags of HTML, whose letters name nothing: "<b>barks</b>".
_MARKUP = re.compile(r"</?[A-Za-z][^<>\n]{0,80}>")
_QUOTING = re.compile("[“\"「『«'‘]")
# A string of JSON and the colon that makes it a name.
_JSON_STRING = re.compile(r'"((?:[^"\\\n]|\\.){0,4000})"(\s*:)?')
_JSON = re.compile(r'\s*(?:\{\s*"|\[\s*["{\[])')
# A known key stands at the start of a line, an entry or a sentence and ends in a colon.
_KEY = re.compile(
    r"(?:(?<=^)|(?<=[\n;；,，|。.、\[{(])|(?<=[;,.|] ))[ \t]*[-*•]?[ \t]*"
    r"([A-Za-z][A-Za-z '’/_-]{1,24}|[\u4e00-\u9fff]{1,6})[ \t]*[:：]"
)
_MOMENT = r"\d{1,3}(?::[0-5]\d)?(?:\.\d{1,2})?"
# "0:00-0:04", "[2-5s]", "3–6 seconds": clock times, a unit or brackets tell a time range from other pairs of numbers.
_RANGE = re.compile(
    rf"[\[(]\s*(?P<a>{_MOMENT})\s*(?:s|sec|秒)?\s*(?:-|–|—|~|～|to|到|至)\s*(?P<b>{_MOMENT})\s*(?:seconds|secs?|s"
    rf"|秒)?\s*[\])]"
    r"|(?<![\d.])(?P<c>\d{1,3}:[0-5]\d)\s*(?:-|–|—|~|～|to|到|至)\s*(?P<d>\d{1,3}:[0-5]\d)(?!\d)"
    rf"|(?<![\d.:])(?P<e>{_MOMENT})\s*(?:s|sec|秒)?\s*(?:-|–|—|~|～)\s*(?P<f>{_MOMENT})\s*(?:seconds\b|secs?\b"
    rf"|s\b|秒)(?=\s*[:：,，]|\s[a-z])",
)
# "[8s]" and "(at 0:08)", or a clock time that opens an entry ("0:04 elevator ding"): the moment of what follows.
_MOMENT_AT = re.compile(
    rf"[\[(]\s*(?:at |@ ?)?(?P<a>{_MOMENT})\s*(?:seconds|secs?|s|秒)\s*[\])]"
    r"|(?:^|(?<=[\n;,])|(?<=[,;.] ))(?P<b>\d{1,2}:[0-5]\d)(?![\d:])(?=\s*[A-Za-z])",
)
# The heading of a scene in a screenplay ("EXT. ALLEY - NIGHT"): its place counts, its marks and the hour don't.
_HEADING = re.compile(
    r"^[ \t]*(?P<mark>(?:INT|EXT)\.?(?:/(?:INT|EXT)\.?)?)[ \t]+(?P<place>[^\n,.–—-]{2,40})"
    r"(?P<hour>[ \t]*[-–—][ \t]*[A-Z ]{2,20})?",
    re.MULTILINE | re.IGNORECASE,
)
# The name of who speaks on a line of its own, in capitals, an age or manner behind it, and the spoken lines below.
_CUE = re.compile(
    r"^[ \t]*(?P<name>[A-Z][A-Z .'’-]{1,24})[ \t]*(?:\([^()\n]{1,80}\))?[ \t]*\n"
    r"(?:[ \t]*\([^()\n]{1,80}\)[ \t]*\n)?(?P<line>[^\n(]{2,600})",
    re.MULTILINE,
)
# What ends a sentence; a stop between digits and after one letter ("3.5", "B. B.") does not.
_BREAK = re.compile(
    r"(?<!\d)[.](?=\s|$|[A-Z“\"])|(?<=\d)[.](?=\s|$)|[!?;。！？；|\n\r•{}\[\]]+|[:：](?=\s)|\s[-–—]\s(?=[A-Z\d])"
)
_LONGEST_SENTENCE = 600
"""Characters; text without punctuation is cut at a blank, so that what is done per sentence stays bounded."""
_COMMA = re.compile(r"[,，、]")
# Words that make a comma-separated text sentences rather than a list of tags.
_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|can|will|should|must|then|while|as|who|that|which|follow\w*|featur\w+"
    r"|contain\w*|play\w*|with|says?|said|asks|adds|answers|replies|responds)\b",
    re.IGNORECASE,
)
# "no dogs, cars or people": one denial of short members, not a list of tags of which the first is denied. A member of
# more than 80 characters is none; without a bound the time grew with the square of "no no no …".
_DENIED_LIST = re.compile(
    r"\b(?:no|without|avoid|exclude|omit|skip|minus)\b[^,;.]{0,80}(?:,\s*[\w-]+(?:\s[\w-]+)?){0,6}?,?\s*(?:[\w-]+\s){0,3}n?or\b",
    re.IGNORECASE,
)
_MOST_WORDS_OF_A_TAG = 5
_MANY_TAGS, _MEAN_WORDS_OF_TAGS = 7, 3
"""So many parts between commas, so short on average, are tags whatever words they have; sentences run longer."""


class Span(NamedTuple):
    """Offsets of a stretch of the caption."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, list entry or value of a key, before it is known what it is about.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        label: Dimension or context that the key in front of it names, else empty.
        time: Time range in seconds that stands in front of it.
        range_at: Where that range stands.
        quoted: Whether a quoted line stands inside it, right behind it, or in front of its small letters.
        keyword: Whether it is an entry of a list of keywords.
        key: Where the key in front of it stands, None without one.
    """

    start: int
    end: int
    label: str = ""
    time: tuple[float, float] | None = None
    range_at: Span | None = None
    quoted: bool = False
    keyword: bool = False
    key: Span | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """A caption taken apart.

    Attributes:
        text: The caption.
        masked: The caption with quoted words, keys and time ranges blanked out, same length.
        quotes: Quoted lines, with their quotation marks.
        values: Unquoted words that a key declares to be spoken (`Text: …`).
        labels: What the keys name, in order.
        sentences: The sentences of the masked caption.
    """

    text: str
    masked: str
    quotes: tuple[Span, ...]
    values: tuple[Span, ...]
    labels: tuple[str, ...]
    sentences: tuple[Sentence, ...]


def lay_out(text: str) -> Layout:
    """Return the parts of `text`. Linear in its length: every pattern is bounded."""
    quotes: tuple[Span, ...] = ()
    plain = _blank(text, [Span(*match.span()) for match in _MARKUP.finditer(text)])
    if _JSON.match(plain):
        keys, spoken, masked = _json(plain)
    else:
        quotes = _quoted(plain)
        masked = _blank(plain, quotes)
        lines, marks = _screenplay(masked)
        masked = _blank(masked, marks, filler="\n")
        keys, spoken = _keys(masked, quotes) if ":" in text or "：" in text else ((), ())
        told = () if spoken else (Span(*line) for line in spoken_lines(masked))
        spoken = tuple(sorted({*spoken, *lines, *told}))
        masked = _blank(masked, spoken)
    spoken, masked = _told(masked, spoken, bool(quotes))
    ranges = _moments(masked) if any(c.isdigit() for c in masked) else []
    masked = _blank(masked, [span for span, _ in ranges], filler="\n")
    keys = tuple((span, name) for span, name in keys if not any(a.start <= span.start < a.end for a, _ in ranges))
    sentences = tuple(_sentences(masked, keys, ranges, quotes))
    masked = _blank(masked, [Span(span.start, span.end + 1) for span, _ in keys])
    return Layout(text, masked, quotes, spoken, tuple(name for _, name in keys), sentences)


# Straight marks by what stands around them: one opens behind a blank or another mark, one closes in front of one.
_OPENS = re.compile(r'(?:^|(?<=[\s(:"—-]))"(?=[^\s])')
_CLOSES = re.compile(r'(?<=[^\s(])"(?=$|[\s).,;:!?"—-])')


def _quoted(text: str) -> tuple[Span, ...]:
    """Return quoted lines; a straight quotation within another ("Yes, "The King" is popular.") is a part of it."""
    found = [Span(*m.span()) for m in _QUOTES.finditer(text)] if _QUOTING.search(text) else []
    if text.count('"') < _NESTED:
        return tuple(found)
    opens, closes = ({m.start() for m in pattern.finditer(text)} for pattern in (_OPENS, _CLOSES))
    depth, start, outer = 0, 0, []
    for at in sorted(opens | closes):
        if at in opens and not (at in closes and depth):
            start = at if not depth else start
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                outer.append(Span(start, at + 1))
    nested = [one for one in outer if text.count('"', *one) >= _NESTED and one.end - one.start <= _LONGEST_QUOTE]
    if depth or not nested:
        return tuple(found)
    kept = [one for one in found if not any(one.start < span.end and span.start < one.end for span in nested)]
    return tuple(sorted([*kept, *nested]))


_NESTED, _LONGEST_QUOTE = 4, 2000
"""Straight marks that a quotation within another takes; characters of a quoted line, as in the pattern above."""


def _screenplay(masked: str) -> tuple[tuple[Span, ...], list[Span]]:
    """Return the spoken lines of a screenplay, and the headings' marks and speakers' names that name no sound."""
    headings = list(_HEADING.finditer(masked)) if "INT" in masked.upper() or "EXT" in masked.upper() else []
    marks = [Span(*m.span(group)) for m in headings for group in ("mark", "hour") if m.start(group) >= 0]
    cues = [m for m in _CUE.finditer(masked) if headings] if "\n" in masked else []
    lines = tuple(Span(m.start("line"), m.start("line") + len(m["line"].rstrip())) for m in cues)
    return lines, sorted([*marks, *(Span(*m.span("name")) for m in cues)])


def _moments(masked: str) -> list[tuple[Span, tuple[float, float] | None]]:
    """Return time ranges and single moments in order, with the seconds they name."""
    ranges = [(Span(*m.span()), _times(m)) for m in _RANGE.finditer(masked)]
    taken = [span for span, _ in ranges]
    singles = list(_MOMENT_AT.finditer(masked))
    starts = [span.start for span in taken]
    for match in singles:
        near = bisect_right(starts, match.start()) - 1
        if near < 0 or taken[near].end <= match.start():
            at = _seconds(match["a"] or match["b"])
            ranges.append((Span(*match.span()), (at, at)))
    return sorted(ranges, key=lambda one: one[0])


# A request for a voice, a colon, and a sentence to the end of the caption: the words to be spoken, though nothing
# quotes them ("I want a loud female voice: He never did any work …").
_TOLD = re.compile(
    r"^(?P<request>[^:\n]{3,160}?\b(?:voice|speak\w*|says?|said|saying|whisper\w*|shout\w*|tone|talk\w*|read\w*|pitch|volume|speech|accent"
    r"|narrat\w+|utter\w*|sings?|sung)\b[^:\n]{0,120}):\s+(?P<words>[A-Z][^:\n]{11,1500})$",
    re.IGNORECASE,
)
_LEAST_WORDS = 4
"""Words behind a colon that are taken for a sentence; fewer are a description ("A voice: warm, deep")."""


def _told(masked: str, spoken: tuple[Span, ...], quoted: bool) -> tuple[tuple[Span, ...], str]:
    """Return the spoken spans and the masked text, with what a request for a voice wants said."""
    match = _TOLD.match(masked) if not spoken and not quoted else None
    if match is None or len(match["words"].split()) < _LEAST_WORDS or not match["words"][0].isupper():
        return spoken, masked
    span = Span(match.start("words"), len(masked.rstrip()))
    return (span,), _blank(masked, [span])


def _blank(text: str, spans: Sequence[tuple[int, int]], filler: str = " ") -> str:
    """Return `text` with stretches replaced by a filler, same length; `spans` sorted by start."""
    parts, at = [], 0
    for start, end in spans:
        begin = max(start, at)
        if end > begin:
            parts += [text[at:begin], filler * (end - begin)]
            at = end
    parts.append(text[at:])
    return "".join(parts)


def _times(match: re.Match[str]) -> tuple[float, float] | None:
    first = match["a"] or match["c"] or match["e"]
    last = match["b"] or match["d"] or match["f"]
    low, high = (_seconds(part) for part in (first, last))
    return (low, high) if low < high else None


def _seconds(text: str) -> float:
    minutes, _, rest = text.rpartition(":")
    return 60.0 * float(minutes or 0) + float(rest)


def _keys(masked: str, quotes: tuple[Span, ...]) -> tuple[tuple[tuple[Span, str], ...], tuple[Span, ...]]:
    """Return known keys with what they name, and values that are spoken words though nothing quotes them."""
    keys, spoken = [], []
    starts = [quote.start for quote in quotes]
    for match in _KEY.finditer(masked):
        name = label_of(match.group(1))
        if not name:
            continue
        keys.append((Span(match.start(1), match.end() - 1), name))
        if name == "content":
            line_end = masked.find("\n", match.end())
            end = len(masked) if line_end < 0 else line_end
            nearest = bisect_right(starts, match.end() - 1)
            quoted = nearest < len(quotes) and quotes[nearest].start < end
            body = masked[match.end() : end].strip()
            if body and not quoted:
                at = masked.index(body, match.end())
                spoken.append(Span(at, at + len(body)))
    return tuple(keys), tuple(spoken)


def _json(text: str) -> tuple[tuple[tuple[Span, str], ...], tuple[Span, ...], str]:
    """Return keys, spoken values and the text with everything but names and values blanked out."""
    keys: list[tuple[Span, str]] = []
    spoken, masked = [], []
    at = 0
    content = listed = False
    for match in _JSON_STRING.finditer(text):
        gap = text[at : match.start()]
        listed = gap.rfind("[") > gap.rfind("]") or (listed and "]" not in gap)
        masked.append(_hushed(gap))
        at = match.end()
        inner = text[match.start(1) : match.end(1)]
        if match.group(2):
            name = label_of(inner)
            keys.append((Span(match.start(1), match.end(1)), name or "other"))
            content = name == "content"
            masked.append("\n" + inner + ":" + " " * (match.end() - match.end(1) - 1))
        elif content:
            spoken.append(Span(match.start(), match.end()))
            masked.append(" " * (match.end() - match.start()))
        else:
            masked.append(" " + inner + ("," if listed else ";"))  # a list is the value of one key
    masked.append(_hushed(text[at:]))
    return tuple(keys), tuple(spoken), "".join(masked)


def _hushed(text: str) -> str:
    """Keep numbers, blank out the punctuation of JSON."""
    return re.sub(r"[^\w\s.]", " ", text)


def _sentences(
    masked: str,
    keys: tuple[tuple[Span, str], ...],
    ranges: Sequence[tuple[Span, tuple[float, float] | None]],
    quotes: tuple[Span, ...],
) -> Iterator[Sentence]:
    cuts: list[tuple[int, int, str | None]] = [(m.start(), m.end(), "") for m in _BREAK.finditer(masked)]
    cuts += [(span.start, span.end + 1, name) for span, name in keys]
    quote_starts = [quote.start for quote in quotes]
    starts = [span.start for span, _ in ranges]
    start, label, key = 0, "", None
    for cut_start, cut_end, name in sorted([*cuts, (len(masked), len(masked), "")]):
        if cut_start < start:
            label, key = (name, Span(cut_start, cut_end - 1)) if name else (label, key)
            start = max(start, cut_end)
            continue
        at = bisect_right(starts, start) - 1
        # A range speaks of what stands right behind it, keys and marks aside.
        near = at >= 0 and not re.search(r"\w", masked[ranges[at][0].end : start])
        span, time = ranges[at] if near else (None, None)
        for piece, keyword in _pieces(masked, start, cut_start):
            quote = bisect_left(quote_starts, piece.start)
            quoted = quote < len(quote_starts) and quote_starts[quote] <= piece.end + 3
            # A quoted line in front belongs to a sentence that goes on in small letters: “…” is shouted by a woman.
            before = quote and masked[piece.start].islower() and not masked[quotes[quote - 1].end : piece.start].strip()
            quoted = quoted or bool(before)
            yield Sentence(piece.start, piece.end, label, time, span if time else None, quoted, keyword, key)
        start = cut_end
        # A key's reach ends with its line or entry; "、" and "," go on listing its values.
        label, key = (name, Span(cut_start, cut_end - 1)) if name else ("", None)


def _pieces(masked: str, start: int, end: int) -> Iterator[tuple[Span, bool]]:
    """Yield a sentence, or the keywords of a list one by one and that they are such, none longer than the bound."""
    denied = [m.span() for m in _DENIED_LIST.finditer(masked, start, end)]
    commas = [m.start() for m in _COMMA.finditer(masked, start, end)]
    commas = [at for at in commas if not any(first <= at < last for first, last in denied)]
    body = masked[start:end]
    bounds = [start - 1, *commas, end]
    parts = [masked[a + 1 : b] for a, b in pairwise(bounds)]
    english = HAN.search(body) is None
    tags = len(parts) >= 3 and english and not _FINITE.search(body)
    tags = tags and max(len(part.split()) for part in parts) <= _MOST_WORDS_OF_A_TAG
    tags = tags and not parts[-1].lower().startswith(" and ")  # "it jams, and beeps"
    tags = tags or (len(parts) >= _MANY_TAGS and english and len(body.split()) <= _MEAN_WORDS_OF_TAGS * len(parts))
    for a, b in pairwise(bounds) if tags else [(start - 1, end)]:
        yield from ((span, tags) for span in _trimmed(masked, a + 1, b))


def _trimmed(masked: str, start: int, end: int) -> Iterator[Span]:
    while end - start > _LONGEST_SENTENCE:
        cut = masked.rfind(" ", start + _LONGEST_SENTENCE // 2, start + _LONGEST_SENTENCE)
        cut = cut if cut > 0 else start + _LONGEST_SENTENCE
        yield from _trimmed(masked, start, cut)
        start = cut
    body = masked[start:end]
    if any(char.isalnum() for char in body):
        left = len(body) - len(body.lstrip(" \t\n\r,，、:：.-*"))
        yield Span(start + left, start + len(body.rstrip(" \t\n\r,，、:：")))
