"""What a caption is about: its subset, and for each sentence whether its words speak of speech, music or sounds."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cache

from audiojudge_cli.rubrics.layout import Layout, Sentence
from audiojudge_cli.rubrics.segment import Context, Segment
from audiojudge_cli.rubrics.vocabulary import Sense, candidates, dimensions, longest
from audiojudge_cli.rubrics.word_class import MUSIC_LABELS, SOUND_LABELS, SPEECH_LABELS, word_class

CONTEXTS: tuple[Context, ...] = ("speech", "music", "sound")
_ONLY: dict[str, Context] = {
    **dict.fromkeys(["speaker_sex", "accent", "speaker_count", "age"], "speech"),
    **dict.fromkeys(["instrument", "genre", "metre", "key", "vocals"], "music"),
    "event": "sound",
}
_WEIGHT: dict[Context, int] = {"speech": 10, "music": 12, "sound": 9}
_SPEECHLIKE = frozenset(
    ["emotion", "style", "rate", "fluency", "intonation", "personality", "clarity", "language", "volume", "timbre"]
)
# Verbs and nouns of speaking; "tone" only where it is no test signal.
_TALK = re.compile(
    r"\b(?:say(?:s|ing)?|said|speak(?:s|ing|er|ers)?|talk(?:s|ing|er)?|narrat\w+|voice[ds]?|repl(?:y|ies)|mutters?"
    r"|whisper(?:s|ing)?|announce[rs]?|auctioneer|commentator|dispatcher|preacher|sergeant|syllables?|argu(?:e|es|ing)"
    r"|dialogue|conversation|podcast|speech|host|reads?|recit\w+|murmurs?|asks?"
    r"|(?<!pure )(?<!sine )(?<!sinusoidal )(?<!test )(?<!dial )(?<!busy )(?<!warning )tone|accent"
    r"|delivery|pitch|shouts?|word|line is|voice-?over|instructor)\b"
    r"|说|讲|宣布|主持人|女声|男声|念|朗读|播报|旁白|人声|语速|语气|嗓|口音|台词|对白|回答|配音|语调|读|争论|吵架|争吵|耳语|腔调|机器人的声音|助手的声音|口号"
)
_SUNG = re.compile(
    r"\b(?:sing(?:s|ers?|ing)?|sung|lyrics?|vocals?(?! fry)|choir|chorus|rap(?:s|pers?|ping|ped)?|humm\w+)\b"
    r"|唱|歌词|和声|齐喊"
)
# Words that only music has.
_MUSICAL_WORDS = re.compile(
    r"\bbpm\b|每分钟\s*\d+\s*拍|\b[a-g][#b]? (?:major|minor)\b|音乐|\bmusic\b|旋律|伴奏|配乐|\bsongs?\b"
)
# What a prompt that opens so asks for is somebody speaking, whatever the words behind it remind of.
_ASKS_FOR_VOICE = re.compile(
    r"\W*(?:please |pls |ok |so |now )*(?:(?:deliver|read|voice|narrate|say|speak|recite)\b"
    r"|(?:i (?:need|want)|give me|make|use) an? (?:[\w-]+ ){0,3}voice\b|vo for\b|voice-?over\b)"
)
_ASKED = 10
"""Weight of such an opening: as much as five words of speaking."""
_ABSENT = re.compile(
    r"\b(?:no|without(?: any)?|free of)(?: background| human)? (?:music|speech|talking|voices?|vocals|singing)\b"
    r"|(?:没有|无)(?:背景)?(?:音乐|人声|说话声)"
)
_MUSICAL = frozenset(["instrument", "genre", "key", "metre"])
_THINGS_TOO = frozenset(["recording", "noise", "style"])
# "It sounds energetic" is a verb and speaks of no sounds.
_SOUNDS_LIKE = re.compile(r"\b(?:it|this|that|music|song|piece|track|melody|voice) sounds\b")
# Happenings strung together, as those who listen to a clip write them down: "a man talking followed by a cough".
_CHAINED = re.compile(r"\b(?:(?:followed|proceeded|preceded) by|(?:and )?then (?:an?\b|\w+ing\b))")
_FAR_AHEAD = 25
"""Weight by which another part must lead before a sentence of a plain subset is read as speaking of that part."""

Hits = list[tuple[int, int, tuple[Sense, ...]]]


def look_up(layout: Layout) -> Hits:
    """Return the vocabulary's phrases in a caption, outside quoted lines."""
    return [hit for hit in longest(candidates(layout.masked, dimensions())) if hit[2][0][0]]


def segments(layout: Layout, subset: str | None) -> tuple[list[Segment], str]:
    """Return the sentences with what each is about, and the subset of the caption, as given or detected.

    In a mix a sentence goes by its own evidence, else by that of the sentence before; elsewhere by the subset.
    """
    hits = look_up(layout)
    chosen = subset or detect(layout, hits)
    starts = [start for start, _, _ in hits]
    last: Context = chosen if chosen in CONTEXTS else "sound"
    sentences = [sentence for sentence in layout.sentences if sentence.label != "ignored"]
    scores = []
    for sentence in sentences:
        near = hits[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
        scores.append(_weigh(sentence, layout.masked, near))
    musical = sum(score["music"] for score in scores) > sum(score["speech"] + score["sound"] for score in scores)
    found = []
    for sentence, score in zip(sentences, scores, strict=True):
        beside = musical and chosen == "mix" and not sentence.label and not sentence.quoted
        body = layout.masked[sentence.start : sentence.end]
        last = _context(_beside_music(score, body) if beside else score, chosen, last)
        from_s, to_s = sentence.time or (None, None)
        named = sentence.label if sentence.label != "other" else ""
        found.append(
            Segment(
                layout.masked,
                sentence.start,
                sentence.end,
                last,
                named,
                sentence.quoted,
                from_s,
                to_s,
                sentence.range_at,
                sentence.keyword,
                layout.text[slice(*sentence.key)].strip().lower() if sentence.key is not None else "",
                sentence.key,
                chosen == "mix" and not (musical and len(sentences) > 1),
            )
        )
    return found, chosen


def of_clause(clause: Segment) -> Context:
    """Return what a clause of a mixed sentence is about: by its own words, else what the sentence is about.

    In a sentence about music somebody speaks only where a word says so.
    """
    body = clause.text[clause.start : clause.end]
    hits = [hit for hit in longest(candidates(body, dimensions())) if hit[2][0][0]]
    score = _weigh(Sentence(clause.start, clause.end), clause.text, hits)
    if clause.context == "music" and not _SPEAKS.search(body.lower()):
        score["speech"] = 0
    return _context(score, "mix", clause.context)


# Words that say that somebody speaks, not only that a voice is there: it may sing as well.
_SPEAKS = re.compile(
    r"\b(?:speak\w*|spoken|talk\w*|say(?:s|ing)?|said|narrat\w+|announc\w+|dialogue|conversation\w*|speech|instructor"
    r"|interview|host|recit\w+|whisper\w*|preach\w*|describ\w+|explain\w*|voice-?over|monologue)\b"
)


# What a piece could be used for: what is named there is heard nowhere ("may be playing while riding in a car").
_POSSIBLE_USE = re.compile(r"\b(?:may|might|can|could|would)(?: \w+)? be(?:ing)? (?:play|us|sampl|put|featur)")


def _beside_music(score: dict[Context, int], body: str) -> dict[Context, int]:
    """Return the weights of a sentence in a caption that is mostly about music: what tells little is about it too."""
    speech = score["speech"] if _SPEAKS.search(body.lower()) else 0
    heard = score["sound"] >= _WEIGHT["sound"] and not _POSSIBLE_USE.search(body.lower())
    sound = score["sound"] if heard else 0
    return {"speech": speech, "music": score["music"] + 1, "sound": sound}


def _context(score: dict[Context, int], subset: str, last: Context) -> Context:
    if subset in CONTEXTS:
        home: Context = subset
        best = _best(score, home)
        return best if score[best] >= score[home] + _FAR_AHEAD and subset != "music" else home
    if (
        score["sound"] and score["speech"] < score["sound"] + _FAR_AHEAD
    ):  # "a man speaks as birds chirp" tells of sounds
        score = {**score, "speech": 0}
    return _best(score, last)


def _best(score: dict[Context, int], default: Context) -> Context:
    if not any(score.values()):
        return default
    return max(CONTEXTS, key=lambda context: (score[context], context == default))


def _weigh(sentence: Sentence, masked: str, hits: Hits) -> dict[Context, int]:
    """Return how much in a sentence speaks for each context."""
    score: dict[Context, int] = {"speech": 15 if sentence.quoted else 0, "music": 0, "sound": 0}
    if sentence.label:
        score["speech"] += 40 * (sentence.label in SPEECH_LABELS)
        score["music"] += 40 * (sentence.label in MUSIC_LABELS)
        score["sound"] += 20 * (sentence.label in SOUND_LABELS)
    voice = word_class("voice_events")
    for _, _, senses in hits:
        if dict(senses).get("event") in voice or dict(senses).get("event") == "impact":  # "hits" of drums as well
            score["sound"] += 3
        else:
            for context, weight in _evidence(tuple(name for name, _ in senses)):
                score[context] += weight
    body = masked[sentence.start : sentence.end]
    words = frozenset(re.findall(r"[a-z]+", _SOUNDS_LIKE.sub("", body.lower())))
    for context in CONTEXTS:
        english, chinese = _cues(context)
        score[context] += 7 * min(3, len(words & english) + (0 if body.isascii() else len(chinese.findall(body))))
    plain = not sentence.label and not sentence.quoted and score["music"] < _WEIGHT["music"]
    score["sound"] += 2 * _FAR_AHEAD if plain and _CHAINED.search(body) else 0
    return score


@cache
def _cues(context: Context) -> tuple[frozenset[str], re.Pattern[str]]:
    """Return the English words and the Chinese pattern that speak for a context without being claims."""
    listed = word_class(f"cue_{context}")
    return listed, re.compile("|".join(sorted(word for word in listed if not word.isascii())))


@cache
def _evidence(names: tuple[str, ...]) -> tuple[tuple[Context, int], ...]:
    """Return what a phrase with these senses adds to each context."""
    told = {_ONLY[name] for name in names if name in _ONLY}
    if not told:
        return (("speech", 6),) if len(names) == 1 and names[0] in _SPEECHLIKE else ()
    return tuple((context, _WEIGHT[context] // len(told)) for context in sorted(told))


def detect(layout: Layout, hits: Hits) -> str:
    """Return the subset a caption belongs to."""
    names = set(layout.labels)
    parts = ["speech", "content"], ["music", "genre", "instrument", "tempo"], ["event"]
    if sum(not names.isdisjoint(part) for part in parts) > 1 and "vocals" not in names:
        return "mix"
    # What is named as absent is not described: "a dog barks, no music" is a sound.
    text = layout.masked.lower()
    present = _ABSENT.sub(lambda match: " " * len(match.group()), text)
    if any(char.isalnum() for char in present):
        text = present
    sung = bool(_SUNG.search(text))
    listed = [dict(senses) for _, _, senses in hits]
    told = [_tells(tuple(senses)) for senses in listed]
    music = 2 * told.count("music") + 2 * len(_MUSICAL_WORDS.findall(text)) + sung
    voice = word_class("voice_events")
    sound = 2 * sum(hint == "sound" and senses["event"] not in voice for hint, senses in zip(told, listed, strict=True))
    plain = not (layout.quotes or layout.values or names or music)
    sound += 2 * len(_CHAINED.findall(text)) if plain else 0
    spoken = _TALK.search(text) or any("language" in senses or "accent" in senses for senses in listed)
    if plain and not spoken:  # "a woman sneezes": nobody speaks
        sound += 2 * sum(senses.get("event") in voice for senses in listed)
    speech = 0 if sung and music else 6 * len(layout.quotes + layout.values)
    speech += 2 * len(_TALK.findall(text)) + told.count("speech")
    speech += 0 if sung or sound else sum("speaker_sex" in senses or "emotion" in senses for senses in listed)
    if sung and music:
        speech //= 4
    speech += 3 * len(names & SPEECH_LABELS) + (_ASKED if _ASKS_FOR_VOICE.match(text) else 0)
    music += 3 * len(names & MUSIC_LABELS)
    score = {"speech": speech, "music": music, "sound": sound}
    ranked = sorted(score, key=lambda name: -score[name])
    first, second = score[ranked[0]], score[ranked[1]]
    if not first:
        return "sound"
    return "mix" if second >= 2 and second * 4 >= first else ranked[0]


@cache
def _tells(names: tuple[str, ...]) -> str:
    """Return what a phrase with these senses says about the subset, or nothing."""
    if not _MUSICAL.isdisjoint(names):
        return "" if "event" in names or "scene" in names else "music"
    if "event" in names and _THINGS_TOO.isdisjoint(names):
        return "sound"
    return "speech" if "accent" in names or "fluency" in names else ""
