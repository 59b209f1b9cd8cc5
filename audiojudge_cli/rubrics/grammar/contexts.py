"""Decides what a clause talks about (speech, music, sound) and so which sense its words have."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from audiojudge_cli.rubrics.word_class import MUSIC_LABELS, SOUND_LABELS, SPEECH_LABELS, word_class
from audiojudge_cli.rubrics.grammar.layout import Layout, blank
from audiojudge_cli.rubrics.grammar.pieces import Clause, Context, Hit

ORDER: dict[Context, tuple[str, ...]] = {
    "speech": (
        *("speaker_count", "speaker_sex", "age", "language", "accent", "rate", "volume", "pitch", "fluency"),
        *("clarity", "style", "emotion", "timbre", "intonation", "personality", "distance", "room", "recording"),
        *("noise", "level", "event", "transition", "instrument", "vocals", "genre", "component", "scene", "duration"),
        *("rhythm", "mood"),
    ),
    "music": (
        *("instrument", "genre", "vocals", "key", "metre", "tempo", "mood", "language", "rhythm", "dynamics"),
        *("structure", "timbre", "production", "room", "level", "distance", "pitch", "transition", "recording"),
        *("duration", "speaker_sex", "age", "emotion", "style", "accent", "noise", "component", "event"),
        *("clarity", "volume", "intensity", "personality", "intonation"),
    ),
    "sound": (
        *("event", "scene", "distance", "room", "rhythm", "intensity", "level", "transition", "pitch", "duration"),
        *("noise", "recording", "component", "instrument", "genre", "clarity", "timbre", "style", "language"),
        *("accent", "speaker_count", "speaker_sex", "age", "vocals", "key", "metre", "mood", "emotion"),
    ),
}
"""Which sense of an ambiguous word wins in which context."""

_ONLY: dict[str, Context] = {
    **dict.fromkeys(["speaker_sex", "accent", "speaker_count", "age"], "speech"),
    **dict.fromkeys(["instrument", "genre", "metre", "key", "vocals"], "music"),
    "event": "sound",
}
Tally = dict[str, int]
"""How much speaks for each context."""

_WEIGHT: dict[Context, int] = {"speech": 10, "music": 12, "sound": 9}
_SPEECHLIKE = frozenset(
    ["emotion", "style", "rate", "fluency", "intonation", "personality", "clarity", "language", "volume", "timbre"]
)


def weigh(clause: Clause, masked: str, *, quoted: bool) -> Tally:
    """Return how much in a clause speaks for each context."""
    score = {"speech": 15 if quoted else 0, "music": 0, "sound": 0}
    if clause.label:
        score["speech"] += 40 * (clause.label in SPEECH_LABELS)
        score["music"] += 40 * (clause.label in MUSIC_LABELS)
        score["sound"] += 20 * (clause.label in SOUND_LABELS)
    voice = word_class("voice_events")
    for hit in clause.hits:
        if hit.senses.get("event") in voice:
            score["sound"] += 3
        else:
            for context, weight in _evidence(hit.names):
                score[context] += weight
    for context in ORDER:
        english, chinese = _cues(context)
        told = len(clause.words & english)
        if clause.chinese:
            told += len(chinese.findall(masked, clause.start, clause.end))
        score[context] += 7 * min(3, told)
    return score


@cache
def _cues(context: Context) -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the English words and the Chinese pattern that speak for a context without being claims."""
    listed = word_class(f"cue_{context}")
    return listed, re.compile("|".join(sorted(word for word in listed if not word.isascii())))


@cache
def _evidence(names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Return what a phrase with these senses adds to each context."""
    told = {_ONLY[name] for name in names if name in _ONLY}
    if not told:
        return (("speech", 6),) if len(names) == 1 and names[0] in _SPEECHLIKE else ()
    return tuple((context, _WEIGHT[context] // len(told)) for context in sorted(told))


def settle(layout: Layout, subset: str | None, denials: Sequence[tuple[int, int]]) -> str:
    """Give every clause its context and return the subset.

    In a mix a clause goes by its own evidence, else by that of the clause before; elsewhere by the subset.
    """
    clauses = layout.clauses
    quotes = [quote.start for quote in layout.quotes]
    scores = [weigh(clause, layout.masked, quoted=_quoted(clause, quotes)) for clause in clauses]
    chosen = subset or detect(layout, denials)
    total = {context: sum(score[context] for score in scores) for context in ("speech", "music", "sound")}
    last: Context = chosen if chosen in ORDER else _best(total, "sound")
    for clause, score in zip(clauses, scores, strict=True):
        clause.context = last = _clause_context(score, chosen, last)
        if chosen == "mix":
            _lean(clause, layout.masked)
    return chosen


def _quoted(clause: Clause, quotes: list[int]) -> bool:
    """Whether a quote stands in a clause or right behind it."""
    at = bisect_left(quotes, clause.start - 3)
    return at < len(quotes) and quotes[at] <= clause.end + 3


def _clause_context(score: Tally, subset: str, last: Context) -> Context:
    if subset in ORDER:
        home: Context = subset
        strongest = _best(score, home)
        return strongest if score[strongest] >= score[home] + 25 and subset != "music" else home
    return _best(score, last)


def _best(score: Tally, default: Context) -> Context:
    if not any(score.values()):
        return default
    return max(ORDER, key=lambda context: (score[context], context == default))


_TALK = re.compile(
    r"\b(?:say(?:s|ing)?|said|speak(?:s|ing|er|ers)?|talk(?:s|ing|er)?|narrat\w+|voice[ds]?|repl(?:y|ies)|mutters?"
    r"|whispers?|announce[rs]?|dialogue|conversation|podcast|speech|host|reads?|recit\w+|murmurs?|asks?"
    r"|(?<!pure )(?<!sine )(?<!sinusoidal )(?<!test )(?<!dial )(?<!busy )(?<!warning )tone|accent"
    r"|delivery|pitch|shouts?|word|line is|voice-?over|instructor)\b"
    r"|说|讲|宣布|主持人|女声|男声|念|朗读|播报|旁白|人声|语速|语气|嗓|口音|台词|对白|回答|配音|语调|读"
)
_SUNG = re.compile(r"\b(?:sing\w*|sung|lyrics?|vocals?|choir|chorus|rap\w*|humm\w+|vocal)\b|唱|歌词|和声|齐喊")
_MUSICAL = frozenset(["instrument", "genre", "key", "metre"])
_THINGS_TOO = frozenset(["recording", "noise", "style"])
_BPM = re.compile(
    r"\bbpm\b|每分钟\s*\d+\s*拍|\b[a-g][#b]? (?:major|minor)\b|音乐|\bmusic\b|旋律|伴奏|配乐"
    r"|\bsongs?\b"
)


def detect(layout: Layout, denials: Sequence[tuple[int, int]]) -> str:
    """Return the subset a caption belongs to, from what it names outside denials."""
    names = {name for _, name in layout.keys}
    parts = ["speech", "content"], ["music", "genre", "instrument", "tempo"], ["event"]
    if sum(not names.isdisjoint(part) for part in parts) > 1 and "vocals" not in names:
        return "mix"
    text = layout.masked.lower()
    open_text = blank(text, denials) if denials and len(text) == len(layout.masked) else text
    hits = [hit for clause in layout.clauses for hit in clause.hits if open_text[hit.start] != " "]
    sung = bool(_SUNG.search(open_text))
    told = [_tells(hit.names) for hit in hits]
    music = 2 * told.count("music") + 2 * len(_BPM.findall(open_text)) + sung
    voice = word_class("voice_events")
    sound = 2 * sum(hint == "sound" and hit.senses["event"] not in voice for hint, hit in zip(told, hits, strict=True))
    speech = 0 if sung and music else 3 * len(layout.quotes + layout.values)
    speech += 2 * len(_TALK.findall(open_text)) + told.count("speech")
    speech += 0 if sung or sound else sum("speaker_sex" in hit.names or "emotion" in hit.names for hit in hits)
    if sung and music:
        speech //= 4
    return _largest({"speech": speech, "music": music, "sound": sound})


@cache
def _tells(names: tuple[str, ...]) -> str:
    """Return what a phrase with these senses says about the subset, or nothing."""
    if not _MUSICAL.isdisjoint(names):
        return "" if "event" in names or "scene" in names else "music"
    if "event" in names and _THINGS_TOO.isdisjoint(names):
        return "sound"
    return "speech" if "accent" in names or "fluency" in names else ""


def _largest(score: dict[str, int]) -> str:
    """Return the part that carries the caption, `mix` where a second one carries a fair share of it."""
    ranked = sorted(score, key=lambda name: -score[name])
    first, second = score[ranked[0]], score[ranked[1]]
    if not first:
        return "sound"
    return "mix" if second >= 2 and second * 4 >= first else ranked[0]


def sense(hit: Hit, clause: Clause) -> str:
    """Return the dimension a phrase has in its clause."""
    return _sense(hit.names, hit.context or clause.context, clause.label)


def _lean(clause: Clause, masked: str) -> None:
    """Let each word right in front of a noun take the noun's context ("slow piano" in a clause about speech)."""
    context: Context | None = None
    start = -1
    for hit in reversed(clause.hits):
        near = start - hit.end <= 2 and not masked[hit.end : start].strip(" 的-")
        anchor = _anchor(hit.names)
        context = anchor or (context if near else None)
        start = hit.start
        hit.context = context


@cache
def _anchor(names: tuple[str, ...]) -> Context | None:
    """Return the context of a noun that belongs to one alone."""
    told = {_ONLY[name] for name in names if name in _ONLY}
    if told == {"speech"} and "speaker_sex" not in names:
        return None
    return told.pop() if len(told) == 1 else None


@cache
def _sense(names: tuple[str, ...], context: Context, label: str) -> str:
    if label in names:
        return label
    return next((name for name in ORDER[context] if name in names), "")


_SIBLINGS: dict[Context, dict[str, str]] = {
    "speech": {"dynamics": "volume", "tempo": "rate"},
    "music": {"volume": "dynamics", "rate": "tempo"},
    "sound": {
        "volume": "intensity",
        "dynamics": "intensity",
        "rate": "rhythm",
        "tempo": "rhythm",
        "production": "recording",
    },
}


def sibling(hit: Hit, clause: Clause) -> tuple[str, str]:
    """Return the dimension that comes nearest where a phrase has none in its context ("very quiet" of rain)."""
    for name, near in _SIBLINGS[hit.context or clause.context].items():
        if name in hit.senses:
            return near, name
    return "", ""
