"""Decides what a clause talks about (speech, music, sound) and so which sense its words have."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from audiojudge_cli.rubrics.grammar.labels import MUSIC_LABELS, SOUND_LABELS, SPEECH_LABELS, word_class
from audiojudge_cli.rubrics.grammar.layout import Layout
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
        *("structure", "production", "timbre", "room", "level", "distance", "pitch", "transition", "recording"),
        *("duration", "speaker_sex", "age", "emotion", "style", "accent", "noise", "component", "scene", "event"),
        *("clarity", "volume", "intensity", "personality", "intonation"),
    ),
    "sound": (
        *("event", "scene", "distance", "room", "rhythm", "intensity", "level", "transition", "pitch", "duration"),
        *("noise", "recording", "component", "instrument", "genre", "clarity", "timbre", "style", "language"),
        *("accent", "speaker_count", "speaker_sex", "age", "vocals", "key", "metre", "mood", "emotion"),
    ),
}
"""Which sense of an ambiguous word wins in which context."""

_CUES: dict[Context, re.Pattern[str]] = {
    "speech": re.compile(
        r"\b(?:voices?|voiced|speak(?:s|er|ers|ing)?|spoken|says?|saying|said|talk(?:s|ing|er)?|tone|speech|narrator"
        r"|accent|delivery|repl(?:y|ies)|answers?|line is|dialogue|host|announcer|instructor|pitch|utters?|asks?"
        r"|reads?|reading|recit\w+|lines?|phrases?|sentences?|words?|diction|speaking|talker|narrat\w+)\b"
        r"|说|讲|声音|语速|语气|嗓|口音|音色|女声|男声|念|读|话|声线|腔|朗|播报|配音|台词|吐字|语调|音调|声调",
        re.IGNORECASE,
    ),
    "music": re.compile(
        r"\b(?:music(?:al|ally)?|songs?|tracks?|tunes?|melod\w+|chords?|beats?|bpm|chorus|verse|riffs?|groove|band|solo"
        r"|ballads?|instrumental|lyrics|score|theme|notes?|tempo|harmon\w+|orchestra\w*|ensemble|backing|arpeggi\w+"
        r"|progression|intro|outro|drop|hook|bars?|bass|anthem|waltz|lullaby|soundtrack|remix|cue|motif)\b"
        r"|音乐|旋律|歌|曲|伴奏|独奏|合奏|节拍|和弦|前奏|间奏|演奏|弹奏|编曲|唱|配乐|拍|奏",
        re.IGNORECASE,
    ),
    "sound": re.compile(
        r"\b(?:sounds? of|sound effect|ambien(?:ce|t|ces)|foley|sfx|noises?|field recording|soundscape|audio of"
        r"|atmosphere|background|recording of|hear|heard|distance)\b|音效|环境|声响|远处|近处|传来|拟音",
        re.IGNORECASE,
    ),
}
_ONLY: dict[str, Context] = {
    **dict.fromkeys(["speaker_sex", "accent", "speaker_count", "age"], "speech"),
    **dict.fromkeys(["instrument", "genre", "metre", "key", "vocals"], "music"),
    "event": "sound",
}
Tally = Counter[str]
"""How much speaks for each context."""

_WEIGHT: dict[Context, int] = {"speech": 10, "music": 12, "sound": 9}
_SPEECHLIKE = frozenset(
    ["emotion", "style", "rate", "fluency", "intonation", "personality", "clarity", "language", "volume", "timbre"]
)


def weigh(clause: Clause, masked: str, *, quoted: bool) -> Tally:
    """Return how much in a clause speaks for each context."""
    score: Tally = Counter()
    if clause.label in SPEECH_LABELS:
        score["speech"] += 40
    if clause.label in MUSIC_LABELS:
        score["music"] += 40
    if clause.label in SOUND_LABELS:
        score["sound"] += 20
    for hit in clause.hits:
        _weigh_hit(hit, score)
    body = masked[clause.start : clause.end]
    for context, cue in _CUES.items():
        score[context] += 7 * min(3, len(cue.findall(body)))
    if quoted:
        score["speech"] += 15
    return score


def _weigh_hit(hit: Hit, score: Tally) -> None:
    senses = hit.senses
    told = {_ONLY[name] for name in senses if name in _ONLY}
    if senses.get("event") in word_class("voice_events"):
        score["sound"] += 3
        return
    for context in told:
        score[context] += _WEIGHT[context] // len(told)
    if not told and len(senses) == 1 and next(iter(senses)) in _SPEECHLIKE:
        score["speech"] += 6


def settle(layout: Layout, subset: str | None) -> str:
    """Give every clause its context and return the subset.

    A clause goes by its own evidence, else by that of its sentence, else by the caption's subset.
    """
    clauses = layout.clauses
    quotes = layout.quotes
    scores = [
        weigh(clause, layout.masked, quoted=any(clause.start - 3 <= q.start <= clause.end + 3 for q in quotes[:200]))
        for clause in clauses
    ]
    total: Tally = Counter()
    for score in scores:
        total.update(score)
    if layout.quotes or layout.values:
        total["speech"] += 10
    chosen = subset or detect(total, layout)
    by_sentence: dict[int, Tally] = {}
    for clause, score in zip(clauses, scores, strict=True):
        by_sentence.setdefault(clause.sentence, Counter()).update(score)
    fallback: Context = chosen if chosen in ORDER else _best(total, "sound")
    last = fallback
    for clause, score in zip(clauses, scores, strict=True):
        clause.context = _clause_context(score, by_sentence[clause.sentence], chosen, last)
        last = clause.context
    return chosen


def _clause_context(score: Tally, sentence: Tally, subset: str, last: Context) -> Context:
    if subset in ORDER:
        home: Context = subset
        strongest = _best(score, home)
        return strongest if score[strongest] >= score[home] + 25 and subset != "music" else home
    return _best(score, _best(sentence, last) if not score else last) if any(score.values()) else last


def _best(score: Tally, default: Context) -> Context:
    if not any(score.values()):
        return default
    return max(ORDER, key=lambda context: (score[context], context == default))


def detect(total: Tally, layout: Layout) -> str:
    """Return the subset a caption belongs to, from the evidence of its clauses."""
    speech, music, sound = total["speech"], total["music"], total["sound"]
    names = {name for _, name in layout.keys}
    parts = {"speech", "content"} & names, {"music"} & names, {"event", "scene"} & names
    if sum(bool(part) for part in parts) > 1:
        return "mix"
    if music > 0 and music >= 0.62 * (speech + music + sound):
        return "music"
    if speech > 0 and speech >= 0.62 * (speech + music + sound):
        return "speech"
    if sound > 0 and sound >= 0.6 * (speech + music + sound):
        return "sound"
    if not total or not any(total.values()):
        return "sound"
    return "mix"


def sense(hit: Hit, clause: Clause) -> str:
    """Return the dimension a phrase has in its clause."""
    if clause.label in hit.senses:
        return clause.label
    for name in ORDER[clause.context]:
        if name in hit.senses:
            return name
    return ""


def strengths(hits: Sequence[Hit]) -> set[str]:
    """Return all dimensions that any of some hits may have."""
    return {name for hit in hits for name in hit.senses}
