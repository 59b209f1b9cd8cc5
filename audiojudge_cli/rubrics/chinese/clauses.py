"""Clauses of a Chinese sentence: where they end, what they are about, what in them is denied."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache

from audiojudge_cli.rubrics.chinese.numbers import Figure, figures
from audiojudge_cli.rubrics.chinese.tokens import Word, cut, word_class
from audiojudge_cli.rubrics.claim import Kind, Place
from audiojudge_cli.rubrics.segment import Segment
from audiojudge_cli.rubrics.word_class import MUSIC_LABELS, SPEECH_LABELS

_BREAKS = frozenset('，,；;：:。！？!?…、()（）—|【】[]{}\n“”"「」『』.')
_LONGEST = 160  # words; text without punctuation is cut, so that whatever is done per clause stays bounded
# What a clip is for says nothing about how it sounds: 适合深夜写代码的, 用于短视频, 为一款游戏写(一首), 给儿童绘本配音
_ASIDE = re.compile(
    r"(?:适合|适用于|用于|用在|用来|可用作|献给)[^，。；、\n]{1,24}的(?=[^，。；、\n])|(?:适合|适用于|用于|用在|用来|可用作|献给)[^，。；\n]{1,40}"
    r"|(?:为|给)[^，。；\n]{1,20}?(?=写|做|来一?段|来个|创作|制作|生成|配一|配上|配段|配音|录)|帮我|给我"
)


@dataclass(slots=True)
class Clause:
    """Words between two signs, and what is known of them.

    Attributes:
        words: Words that no number covers.
        figures: Numbers read in it.
        start: Offset of its first character.
        end: Offset behind its last character.
        listed: Whether 、 stands in front of it.
        kind: What an attribute without a noun of its own is about.
        place: Start or end of the clip, where the clause says so.
        denied: Position among `words` of the first word that is denied, and of the first that no longer is.
        deny_start: Offset of the word that denies.
    """

    words: list[Word]
    figures: list[Figure]
    start: int
    end: int
    listed: bool = False
    kind: Kind = "sound"
    place: Place = ""
    denied: tuple[int, int] = (0, 0)
    deny_start: int = 0
    consumed: set[int] = field(default_factory=set)


def clauses(segment: Segment) -> list[Clause]:
    """Return the clauses of a segment in order, asides left out."""
    words = cut(segment.text, segment.start, segment.end)
    numbers = _numbers(segment, words)
    asides = [m.span() for m in _ASIDE.finditer(segment.text, segment.start, segment.end)]
    taken = _marked([(f.start, f.end) for f in numbers]) | _marked(asides)
    found = [Clause([], [], segment.start, segment.end)]
    for word in words:
        if word.text in _BREAKS or len(found[-1].words) >= _LONGEST:
            found[-1].end = word.start
            found.append(Clause([], [], word.end, segment.end, listed=word.text == "、"))
        elif word.start not in taken and word.end - 1 not in taken:
            found[-1].words.append(word)
    ends = [clause.end for clause in found[:-1]]
    for figure in numbers:
        found[bisect_right(ends, figure.start)].figures.append(figure)
    found = [clause for clause in found if clause.words or clause.figures]
    last: Kind = _DEFAULT[segment.context]
    for number, clause in enumerate(found):
        clause.kind = last = _kind(clause, segment, last)
        _deny(clause, found[number - 1] if number else None)
        clause.place = _place(clause)
    return found


_DEFAULT: dict[str, Kind] = {"speech": "speaker", "music": "music", "sound": "sound"}


def _marked(spans: list[tuple[int, int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def _numbers(segment: Segment, words: list[Word]) -> list[Figure]:
    """Return numbers, without those inside a phrase of the vocabulary (停一下, 一声接一声)."""
    phrases = _marked([(w.start, w.end) for w in words if w.senses and w.end - w.start > 1])
    return [
        figure
        for figure in figures(segment.text, segment.start, segment.end)
        if figure.kind not in {"count", "persons", "length", "voices"}
        or not (figure.start in phrases and figure.end - 1 in phrases)
    ]


@cache
def _cues() -> dict[Kind, frozenset[str]]:
    return {"speaker": word_class("speaking"), "vocals": word_class("singing"), "music": word_class("music")}


_SPOKEN = frozenset(["speaker_sex", "accent", "speaker_count", "age", "fluency"])
_MUSICAL = frozenset(["instrument", "genre", "metre", "key", "vocals", "tempo"])
_TELLING = frozenset(["narration", "newsreader"])  # ways of speaking that nobody sings in
OF_SPEECH = SPEECH_LABELS | {"pitch", "timbre"}
OF_MUSIC = MUSIC_LABELS | {"mood"}


def _kind(clause: Clause, segment: Segment, last: Kind) -> Kind:  # noqa: PLR0911 - one case after another, each a line
    """Return what a clause is about: by its key, by what it names, else as the clause before."""
    if segment.label in {"event", "scene"}:
        return "sound"
    if segment.label in OF_SPEECH and segment.context != "music":
        return "speaker"
    texts = {word.text for word in clause.words}
    cues = _cues()
    senses = {name for word in clause.words for name in word.senses}
    sung = bool(texts & cues["vocals"])
    musical = bool(texts & cues["music"]) or any(
        _MUSICAL & w.senses.keys() and not {"event", "rate"} & w.senses.keys() for w in clause.words
    )
    said = texts & (cues["speaker"] if segment.context == "speech" else cues["speaker"] - {"声音", "音色"})
    people = _SPOKEN if segment.context != "sound" else _SPOKEN - {"speaker_sex", "age"}  # who is there need not speak
    voiced = any("speaker_sex" in word.senses and "声" in word.text for word in clause.words)
    spoken = bool(said) or voiced or bool(people & senses)
    heard = any("event" in w.senses and "instrument" not in w.senses for w in clause.words)
    if segment.context == "music":
        told = any(word.senses.get("style") in _TELLING for word in clause.words)
        if (texts & word_class("saying") or told or (spoken and last == "speaker")) and not sung:
            return "speaker"
        return "vocals" if sung or (spoken and not texts & {"音色", "声音"}) else "music"
    if spoken and (segment.context == "speech" or not heard or said):
        return "speaker"
    if musical and not heard:
        return "music"
    return "sound" if heard else last


def of_thing(words: list[Word], number: int) -> bool:
    """Whether the sound at a position is that of a happening (滚落的声音), not a voice (沙哑的声音)."""
    named = [word.text for word in words[max(0, number - 1) : number + 1]] == ["的", "声音"]
    return named and number > 1 and words[number - 2].tag == "v" and not words[number - 2].senses


def _deny(clause: Clause, before: Clause | None) -> None:
    deny, stop = word_class("deny"), word_class("deny_end")
    size = len(clause.words)
    if (
        clause.listed
        and before is not None
        and before.denied[1] == len(before.words) > 0 < before.denied[1] - before.denied[0]
    ):
        clause.denied, clause.deny_start = (0, size), clause.words[0].start if clause.words else clause.start
    for number, word in enumerate(clause.words):
        # 没 and 别 deny what follows; a phrase of the vocabulary that begins so (没精打采) has its own sense
        if (word.text in deny and not word.senses) or (word.text == "不" and number + 1 < size):
            stops = (n for n in range(number + 1, size) if _stops(clause, number, n, stop))
            clause.denied, clause.deny_start = (number + 1, next(stops, size)), word.start
            return


_WITHOUT = frozenset(["instrument", "vocals", "component", "genre"])
_NAMED = _WITHOUT | {"speaker_sex", "event"}


def _stops(clause: Clause, deny: int, at: int, stop: frozenset[str]) -> bool:
    """Whether a denial reaches no further: at a conjunction, and at 的 in 没有歌词的女声, where words are denied."""
    word, words = clause.words[at], clause.words
    if word.text == "的" and 0 < at - deny - 1 < _NEAR and _WITHOUT & words[at - 1].senses.keys():
        return any(_NAMED & after.senses.keys() for after in words[at + 1 : at + 2])
    return word.text in stop and words[deny].text != "不"


_NEAR = 3  # words that a noun before 的 and what tells it have at most


def _place(clause: Clause) -> Place:
    texts = {word.text for word in clause.words[:3]}
    if texts & (word_class("first") - {"先", "先是", "首先"}):
        return "start"
    return "end" if texts & word_class("last") else ""
