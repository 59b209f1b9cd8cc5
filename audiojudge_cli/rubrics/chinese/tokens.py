"""Cuts Chinese text, with English words in it, into words with part of speech and the senses the vocabulary knows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from audiojudge_cli.rubrics import vocabulary

if TYPE_CHECKING:
    from rjieba import Jieba

CLASSES = Path(__file__).parent.parent / "function" / "chinese.yaml"
_LONGEST = 10  # words of the segmenter in one phrase; the longest phrase of the vocabulary has nine characters
_SHORTEST = 4  # characters of a word that may be two phrases
_PIECE = 2000  # characters cut at once: the segmenter's table of paths stays small
_SURROGATE = re.compile(
    "[\ud800-\udfff]"
)  # half a character, as broken JSON escapes leave it: no UTF-8 for the segmenter
_TAGS = {"event": "n", "instrument": "n", "scene": "n", "genre": "n", "room": "n", "speaker_sex": "n", "order": "c"}


class Word(NamedTuple):
    """A word, or a phrase of the vocabulary.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        text: As written, in lower case.
        tag: Part of speech in the PKU set (`n`, `v`, `a`, `d`, `m` …), `eng` for English, `x` for signs.
        senses: Dimension to canonical value, in the order of the vocabulary's dimensions; empty for other words.
    """

    start: int
    end: int
    text: str
    tag: str
    senses: Mapping[str, str]


_NOTHING: Mapping[str, str] = {}


@cache
def word_class(name: str) -> frozenset[str]:
    """Return the words of a class in `rubrics/function/chinese.yaml`."""
    english, chinese = vocabulary.read_list(CLASSES)[name]
    return frozenset(english + chinese)


@cache
def topics() -> Mapping[str, str]:
    """Return the nouns an attribute is said of (语速, 音色), each with its dimension."""
    listed = vocabulary.read_list(CLASSES)
    return {
        word: name.removeprefix("topic_")
        for name, columns in listed.items()
        if name.startswith("topic_") and name != "topic_of_speech"
        for column in columns
        for word in column
    }


@cache
def _segmenter() -> Jieba:
    """Return the segmenter with the vocabulary's phrases in its dictionary. Takes a third of a second."""
    import rjieba

    found = rjieba.Jieba()
    for phrase, senses in vocabulary.index(vocabulary.dimensions()).chinese.items():
        if len(phrase) > 1 and not found.has_word(phrase):
            found.add_word(phrase, found.suggest_freq(phrase), _TAGS.get(senses[0][0], "a" if senses[0][0] else "n"))
    grammar = (
        dict.fromkeys(word_class("topic_of_speech"), "v")
        | dict.fromkeys(topics(), "n")
        | dict.fromkeys(_grammar(), "d")
    )
    for word, tag in grammar.items():
        if len(word) > 1 and not word.isascii() and not found.has_word(word):
            found.add_word(word, found.suggest_freq(word), tag)
    return found


def _grammar() -> Iterator[str]:
    for name in ("deny", "then", "first", "last", "together", "degree", "joined"):
        yield from word_class(name)


def cut(text: str, start: int, end: int) -> list[Word]:
    """Return the words of `text` from `start` to `end`, blanks left out; phrases of the vocabulary are one word.

    A phrase counts only where it begins and ends with words: 风 is not found in 麦克风.
    """
    plain = _plain(text, start, end)
    tables = vocabulary.index(vocabulary.dimensions())
    english = {}
    if any(word.tag == "eng" for word in plain):
        body = text[start:end]
        spans = vocabulary.candidates(body, vocabulary.dimensions())
        ascii_spans = (span for span in spans if body[span[0]].isascii())
        english = {start + s: (start + e, senses) for s, e, senses in vocabulary.longest(ascii_spans)}
    found: list[Word] = []
    at = 0
    while at < len(plain):
        word = plain[at]
        count, senses = _phrase(plain, at, tables.chinese)
        if word.start in english:
            phrase_end, senses = english[word.start]
            count = sum(1 for other in plain[at : at + _LONGEST] if other.start < phrase_end)
        if count:
            last = plain[at + count - 1]
            tag = word.tag if count == 1 else plain[at + count - 1].tag
            known = {name: value for name, value in senses if name}
            found.append(Word(word.start, last.end, text[word.start : last.end].lower(), tag, known))
        else:
            found.append(_of_source(word, tables.chinese))
        at += count or 1
    return found


def _of_source(word: Word, known: Mapping[str, tuple[vocabulary.Sense, ...]]) -> Word:
    """Return a word for the sound of a thing with the thing's senses (箫声, 卡车声)."""
    if not word.text.endswith("声") or word.text[:-1] not in known:
        return word
    senses = {name: value for name, value in known[word.text[:-1]] if name in {"instrument", "event"}}
    return word._replace(senses=senses) if senses else word


def _phrase(
    plain: list[Word], at: int, known: Mapping[str, tuple[vocabulary.Sense, ...]]
) -> tuple[int, tuple[vocabulary.Sense, ...]]:
    """Return how many words from `at` make the longest phrase of the vocabulary, and its senses."""
    best: tuple[int, tuple[vocabulary.Sense, ...]] = (0, ())
    joined = ""
    for number, word in enumerate(plain[at : at + _LONGEST], 1):
        if number > 1 and word.start != plain[at + number - 2].end:
            break
        joined += word.text
        if joined in known:
            best = (number, known[joined])
    return best


@lru_cache(maxsize=4096)
def _parts(body: str) -> tuple[str, ...]:
    """Return the phrases of the vocabulary that a long word of the segmenter is made of (中年男人), else the word."""
    known = vocabulary.index(vocabulary.dimensions()).chinese
    if not _SHORTEST <= len(body) <= _LONGEST or body in known or body.isascii():
        return (body,)
    for cut_at in range(2, len(body) - 1):
        if body[:cut_at] in known and (body[cut_at:] in known or body[cut_at:] in word_class("played")):
            return body[:cut_at], body[cut_at:]  # 中年男人, 钢琴演奏
    return (body,)


def _plain(text: str, start: int, end: int) -> list[Word]:
    found: list[Word] = []
    at = start
    while at < end:
        piece = _SURROGATE.sub("\ufffd", text[at : min(end, at + _PIECE)])
        for body, tag in _segmenter().tag(piece, False):
            for part in (body[:1], body[1:]) if tag == "a" and body[0] == "太" else _parts(body):  # 太慢
                if not part.isspace():
                    found.append(Word(at, at + len(part), part.lower(), tag, _NOTHING))
                at += len(part)
    return found
