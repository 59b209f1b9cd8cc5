"""Decides what a clause talks about (speech, music, sound) and so which sense its words have."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence

from audiojudge_cli.rubrics.grammar.labels import MUSIC_LABELS, SOUND_LABELS, SPEECH_LABELS, word_class
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
        r"\b(?:music(?:al|ally)?|songs?|tracks?|tunes?|melod\w+|chords?|beats?|bpm|chorus|verse|riffs?|groove"
        r"|band|solo"
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
_CUE = re.compile("|".join(f"(?P<{context}>{cue.pattern})" for context, cue in _CUES.items()), re.IGNORECASE)
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
    for match in _CUE.finditer(masked, clause.start, clause.end):
        score[match.lastgroup or ""] += 7
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


def settle(layout: Layout, subset: str | None, denials: Sequence[tuple[int, int]]) -> str:
    """Give every clause its context and return the subset.

    A clause goes by its own evidence, else by that of its sentence, else by the caption's subset.
    """
    clauses = layout.clauses
    quotes = [quote.start for quote in layout.quotes]
    scores = [weigh(clause, layout.masked, quoted=_quoted(clause, quotes)) for clause in clauses]
    total: Tally = Counter()
    for score in scores:
        total.update(score)
    chosen = subset or detect(layout, denials)
    by_sentence: dict[int, Tally] = {}
    for clause, score in zip(clauses, scores, strict=True):
        by_sentence.setdefault(clause.sentence, Counter()).update(score)
    fallback: Context = chosen if chosen in ORDER else _best(total, "sound")
    last = fallback
    for clause, score in zip(clauses, scores, strict=True):
        clause.context = _clause_context(score, by_sentence[clause.sentence], chosen, last)
        last = clause.context
    return chosen


def _quoted(clause: Clause, quotes: list[int]) -> bool:
    """Whether a quote stands in a clause or right behind it."""
    at = bisect_left(quotes, clause.start - 3)
    return at < len(quotes) and quotes[at] <= clause.end + 3


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


_TALK = re.compile(
    r"\b(?:say(?:s|ing)?|said|speak(?:s|ing|er|ers)?|talk(?:s|ing|er)?|narrat\w+|voice[ds]?|repl(?:y|ies)|mutters?"
    r"|whispers?|announce[rs]?|dialogue|conversation|podcast|speech|host|reads?|recit\w+|murmurs?|asks?|tone|accent"
    r"|delivery|pitch|shouts?|word|line is|voice-?over|instructor)\b"
    r"|说|讲|女声|男声|念|朗读|播报|旁白|人声|语速|语气|嗓|口音|台词|对白|回答|配音|语调|读",
    re.IGNORECASE,
)
_SUNG = re.compile(
    r"\b(?:sing\w*|sung|lyrics?|vocals?|choir|chorus|rap\w*|humm\w+|vocal)\b|唱|歌词|和声|齐喊", re.IGNORECASE
)
_MUSICAL = frozenset(["instrument", "genre", "key", "metre"])
_BPM = re.compile(
    r"\bbpm\b|每分钟\s*\d+\s*拍|\b[A-G][#b]? (?:major|minor)\b|音乐|\bmusic\b|旋律|伴奏|配乐"
    r"|\bsongs?\b",
    re.IGNORECASE,
)


def detect(layout: Layout, denials: Sequence[tuple[int, int]]) -> str:
    """Return the subset a caption belongs to, from what it names outside denials."""
    names = {name for _, name in layout.keys}
    parts = ["speech", "content"], ["music", "genre", "instrument", "tempo"], ["event"]
    if sum(not names.isdisjoint(part) for part in parts) > 1 and "vocals" not in names:
        return "mix"
    open_text = blank(layout.masked, denials)
    hits = [hit for clause in layout.clauses for hit in clause.hits if open_text[hit.start] != " "]
    sung = bool(_SUNG.search(open_text))
    music = sum(
        2 for hit in hits if hit.senses.keys() & _MUSICAL and "event" not in hit.senses and "scene" not in hit.senses
    )
    music += 2 * len(_BPM.findall(open_text)) + sung
    sound = sum(2 for hit in hits if "event" in hit.senses and not hit.senses.keys() & _MUSICAL and _is_thing(hit))
    speech = 0 if sung and music else 3 * len(layout.quotes + layout.values)
    speech += sum(2 for _ in _TALK.finditer(open_text)) + sum(
        "accent" in h.senses or "fluency" in h.senses for h in hits
    )
    speech += 0 if sung or sound else sum("speaker_sex" in hit.senses or "emotion" in hit.senses for hit in hits)
    if sung and music:
        speech //= 4
    return _largest({"speech": speech, "music": music, "sound": sound})


def _is_thing(hit: Hit) -> bool:
    return hit.senses["event"] not in word_class("voice_events") and not hit.senses.keys() & {
        "recording",
        "noise",
        "style",
    }


def _largest(score: dict[str, int]) -> str:
    """Return the part that carries the caption, `mix` where a second one carries a fair share of it."""
    ranked = sorted(score, key=lambda name: -score[name])
    first, second = score[ranked[0]], score[ranked[1]]
    if not first:
        return "sound"
    return "mix" if second >= 2 and second * 4 >= first else ranked[0]


def sense(hit: Hit, clause: Clause) -> str:
    """Return the dimension a phrase has in its clause."""
    if clause.label in hit.senses:
        return clause.label
    for name in ORDER[clause.context]:
        if name in hit.senses:
            return name
    return ""


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
    for name, near in _SIBLINGS[clause.context].items():
        if name in hit.senses:
            return near, name
    return "", ""
