"""Takes a caption apart: quotes, keys, time ranges, clauses."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from audiojudge_cli.rubrics.word_class import label as label_of
from audiojudge_cli.rubrics.grammar.pieces import Clause

_QUOTES = re.compile(
    r"“[^“”\n]{1,2000}”|\"[^\"\n]{1,2000}\"|「[^「」\n]{1,2000}」|『[^『』\n]{1,2000}』|«[^«»\n]{1,2000}»"
    r"|(?<![\w'])'[^'\n]{1,300}(?:'[a-z]{1,2}\b[^'\n]{1,300}){0,20}'(?![\w'])"
    r"|‘[^‘’\n]{1,500}(?:’\w[^‘’\n]{1,300}){0,20}’(?!\w)"
)
_QUOTING = re.compile("[“\"「『«'‘]")
_NUMBER_PAIR = re.compile(r"\d\s?(?:s|sec|秒)?\s?(?:[-–—~～到至]|to)")
_JSON_STRING = re.compile(r'"((?:[^"\\\n]|\\.){0,4000})"(\s*:)?')
_KEY = re.compile(
    r"(?:(?<=^)|(?<=[\n;；,，|。.、\[{(])|(?<=[;,.|] ))[ \t]*[-*•]?[ \t]*"
    r"([A-Za-z][A-Za-z /_-]{1,24}|[\u4e00-\u9fff]{1,6})[ \t]*[:：]"
)
_RANGE = re.compile(
    r"(?:\[|\()?\d{1,3}(?::\d{2})?(?:\.\d{1,2})?\s*(?:s|sec|seconds|秒)?\s*(?:-|–|—|~|～|to|到|至)\s*"
    r"\d{1,3}(?::\d{2})?(?:\.\d{1,2})?\s*(?:seconds|secs?|s\b|秒)?(?:\]|\))?\s*(?=[:：,，]|\s[a-z])"
)
_BREAK = re.compile(r"[,;:.!?，；：。！？、…\n\r()（）|{}\[\]]|[—–]+|\s-\s")
_LONGEST_CLAUSE = 400
_LETTERS = re.compile(r"[a-z]+|\d+")
_SENTENCE = re.compile(r"[.!?。！？\n；;]")
_DECIMAL = re.compile(r"\d[.,:]\d")


class Span(NamedTuple):
    """Offsets of a stretch of the caption."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """A caption taken apart.

    Attributes:
        text: The caption.
        masked: The caption with quoted words blanked out, same length.
        quotes: Quoted lines, with their quotation marks.
        values: Unquoted words that a key declares to be spoken (`Text: …`).
        ranges: Time ranges of a timeline.
        keys: Keys in front of a colon, with the dimension or context they name.
        clauses: The clauses of the masked caption.
    """

    text: str
    masked: str
    quotes: tuple[Span, ...]
    values: tuple[Span, ...]
    ranges: tuple[Span, ...]
    keys: tuple[tuple[Span, str], ...]
    clauses: tuple[Clause, ...]


def lay_out(text: str) -> Layout:
    """Return the parts of `text`. Linear in its length: every pattern is bounded."""
    if text.lstrip()[:1] in {"{", "["} and _JSON_STRING.search(text):
        keys, spoken, masked = _json(text)
        quotes: tuple[Span, ...] = ()
    else:
        quotes = tuple(Span(*m.span()) for m in _QUOTES.finditer(text)) if _QUOTING.search(text) else ()
        masked = blank(text, quotes) if quotes else text
        keys, spoken = _keys(masked, quotes) if ":" in text or "：" in text else ((), ())
        masked = blank(masked, spoken) if spoken else masked
    ranges: tuple[Span, ...] = ()
    if _NUMBER_PAIR.search(masked):
        ranges = tuple(Span(m.start(), m.start() + len(m.group().rstrip())) for m in _RANGE.finditer(masked))
    if ranges:
        masked = blank(masked, ranges, filler=",")
    return Layout(text, masked, quotes, spoken, ranges, keys, _clauses(masked, keys, ranges))


def blank(text: str, spans: Sequence[tuple[int, int]], filler: str = " ") -> str:
    """Return `text` with stretches replaced by blanks (or another filler), same length; `spans` sorted by start."""
    parts, at = [], 0
    for start, end in spans:
        begin = max(start, at)
        if end > begin:
            parts += [text[at:begin], filler * (end - begin)]
            at = end
    parts.append(text[at:])
    return "".join(parts)


def _keys(masked: str, quotes: tuple[Span, ...]) -> tuple[tuple[tuple[Span, str], ...], tuple[Span, ...]]:
    """Return known keys with what they name, and values that are spoken words though nothing quotes them."""
    keys, spoken = [], []
    starts = [quote.start for quote in quotes]
    for match in _KEY.finditer(masked):
        name = label_of(match.group(1))
        if not name:
            continue
        keys.append((Span(match.start(1), match.end(1)), name))
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
    spoken = []
    masked = list("\n" * 0)
    at = 0
    content = False
    for match in _JSON_STRING.finditer(text):
        masked.append(_hush(text[at : match.start()]))
        at = match.end()
        inner = text[match.start(1) : match.end(1)]
        if match.group(2):
            name = label_of(inner)
            keys.append((Span(match.start(1), match.end(1)), name or "other"))
            content = name == "content"
            masked.append(";" + inner + ":" + " " * (match.end() - match.end(1) - 1))
        elif content:
            spoken.append(Span(match.start(), match.end()))
            masked.append(" " * (match.end() - match.start()))
        else:
            masked.append(" " + inner + ";")
    masked.append(_hush(text[at:]))
    return tuple(keys), tuple(spoken), "".join(masked)


def _hush(text: str) -> str:
    """Keep numbers, blank out the punctuation of JSON."""
    return re.sub(r"[^\w\s.]", " ", text)


def _clauses(masked: str, keys: tuple[tuple[Span, str], ...], ranges: tuple[Span, ...]) -> tuple[Clause, ...]:
    clauses: list[Clause] = []
    sentence, label, start = 0, "", 0
    key_ends = {key.end: name for key, name in keys}
    for match in _BREAK.finditer(masked):
        if match.group() in ".,:" and _DECIMAL.match(masked, match.start() - 1):
            continue
        if match.group() in ":：" and _key_before(masked, match.start(), key_ends):
            label = _key_before(masked, match.start(), key_ends)
            start = match.end()
            continue
        _add(clauses, masked, Span(start, match.start()), sentence, label)
        start = match.end()
        if _SENTENCE.match(match.group()):
            sentence += 1
            label = "" if match.group() != "、" else label
    _add(clauses, masked, Span(start, len(masked)), sentence, label)
    _mark_timed(clauses, ranges)
    return tuple(clauses)


def _key_before(masked: str, colon: int, key_ends: dict[int, str]) -> str:
    at = colon
    while at > 0 and masked[at - 1] in " \t":
        at -= 1
    return key_ends.get(at, "")


def _add(clauses: list[Clause], masked: str, span: Span, sentence: int, label: str) -> None:
    start, end = span
    while end - start > _LONGEST_CLAUSE:  # text without punctuation: whatever is done per clause stays bounded
        cut = masked.rfind(" ", start + _LONGEST_CLAUSE // 2, start + _LONGEST_CLAUSE)
        cut = cut if cut > 0 else start + _LONGEST_CLAUSE
        _add(clauses, masked, Span(start, cut), sentence, label)
        start = cut
    body = masked[start:end]
    if body.strip():
        left = start + len(body) - len(body.lstrip())
        words = frozenset(_LETTERS.findall(body.lower()))
        right = start + len(body.rstrip())
        clauses.append(Clause(left, right, sentence, label, words=words, chinese=not body.isascii()))


def _mark_timed(clauses: list[Clause], ranges: tuple[Span, ...]) -> None:
    at = 0
    for span in ranges:
        while at < len(clauses) and clauses[at].start < span.end:
            at += 1
        if at < len(clauses):
            clauses[at].timed = True
