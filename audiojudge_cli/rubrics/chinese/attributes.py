"""What a Chinese clause says of the things it names: which sense a word has depends on what it is said of."""

from __future__ import annotations

from dataclasses import replace

from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.presence import Memory, is_denied
from audiojudge_cli.rubrics.chinese.tokens import Word, topics, word_class
from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

_VOICE = (
    *("language", "accent", "rate", "volume", "pitch", "fluency", "clarity", "style", "emotion", "speaker_count"),
    *("timbre", "intonation", "personality", "distance", "room", "recording", "noise", "level", "transition", "age"),
    *("duration",),
)
_MUSIC = (
    *("key", "metre", "tempo", "mood", "language", "rhythm", "dynamics", "structure", "timbre", "production", "room"),
    *("level", "distance", "pitch", "transition", "recording", "duration", "style", "noise", "age"),
)
_SOUND = (
    *("distance", "room", "rhythm", "intensity", "level", "transition", "pitch", "duration", "noise", "recording"),
    *("clarity", "timbre", "genre", "mood", "style"),
)
_ORDER: dict[Kind, tuple[str, ...]] = {
    "speaker": _VOICE,
    "vocals": ("language", "style", "volume", "timbre", "emotion", "structure", *_VOICE),
    "music": _MUSIC,
    "instrument": ("timbre", "rhythm", "level", "dynamics", "pitch", "distance", "style", *_MUSIC),
    "sound": _SOUND,
    "clip": _SOUND,
}
"""Which sense of a word is meant, by what it is said of."""

_NEAR: dict[Kind, dict[str, str]] = {
    "speaker": {"dynamics": "volume", "tempo": "rate", "mood": "emotion"},
    "vocals": {"dynamics": "volume", "tempo": "rate", "mood": "emotion"},
    "music": {"volume": "dynamics", "rate": "tempo", "emotion": "mood", "intensity": "dynamics"},
    "instrument": {"volume": "dynamics", "rate": "tempo", "emotion": "mood", "intensity": "dynamics"},
    "sound": {"volume": "intensity", "dynamics": "intensity", "rate": "rhythm", "tempo": "rhythm", "production": "recording"},
    "clip": {},
}
"""The sense nearest to a word's own where it has none for what it is said of (很轻 of rain)."""

_STRONG = frozenset(["rate", "volume", "pitch", "clarity", "fluency", "intonation", "tempo", "timbre"])
"""Nouns that say what is meant even where the word behind them knows no such sense (语速舒缓)."""
_ALIKE = {"low": "quiet", "high": "loud", "calm": "slow", "soft": "quiet", "slow": "slow", "fast": "fast", "clear": "clear"}
_LIKE = frozenset(["像", "好像", "仿佛", "如同", "宛如", "像是", "如"])
_PLACE_WORDS = frozenset(["room", "scene"])
_ALWAYS = frozenset(["order", "simultaneity", "event", "instrument", "genre", "vocals", "component", "speaker_sex", "scene"])


def attributes(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return claims that something named, or the clip, is such and such."""
    found = _likeness(segment, clause, memory)
    for number, word in enumerate(clause.words):
        if number in clause.consumed or not word.senses or set(word.senses) <= _ALWAYS:
            continue
        made = _attribute(segment, clause, number, memory)
        if made is not None:
            clause.consumed.add(number)
            if made.claim.dimension not in {"style", "structure"} or not memory.again(made.claim.dimension, made.claim.words):
                found.append(made)
    found = _merged(segment, found)
    found += _topic_of_speech(segment, clause, memory)
    found += _unknown(segment, clause, memory)
    if not found and segment.label and not segment.quoted:
        found += _labelled(segment, clause)
    return found


def _attribute(segment: Segment, clause: Clause, number: int, memory: Memory) -> Found | None:
    word = clause.words[number]
    topic = _topic(clause, number)
    subject = _said_of(clause, number, memory)
    if subject is None:
        subject = memory.subject if memory.subject is not None and _fits(memory.subject.kind, clause.kind) else Subject(clause.kind)
    kind = subject.kind
    dimension, value = _sense(word, kind, segment.label, topic)
    strong = topic in _STRONG and (topic != "timbre" or dimension == "age")  # 嗓音低沉 is a pitch, 嗓音苍老 no age
    if dimension != topic and strong and _beside_topic(clause, number):
        dimension, value = topic, _ALIKE.get(value, "")
    if not dimension or _idle(clause, number, dimension, kind):
        return None
    if dimension in {"tempo", "key", "metre", "mood"}:
        subject = Subject("music")
    elif dimension in {"room", "noise", "recording"} and kind != "speaker":
        subject = Subject()
    denied = is_denied(clause, number)
    start, end = _extent(clause, number)
    if denied:
        start = min(start, clause.deny_start)
    if dimension in {"room", "noise"} and word.text in topics():
        end = _told_of(clause, number, end)
    words = segment.text[word.start if denied else _without_topic(clause, number, start) : end]
    place = clause.place
    return Found(Claim(dimension, value, words, subject, place=place, negated=denied), start, end)


def _fits(kind: Kind, clause: Kind) -> bool:
    """Whether what was named last can be what a clause without a noun speaks of."""
    voices = {"speaker", "vocals"}
    return (kind in voices) == (clause in voices)


def _sense(word: Word, kind: Kind, label: str, topic: str) -> tuple[str, str]:
    senses = word.senses
    for name in (label, topic):
        if name in senses:
            return name, senses[name]
    for name in _ORDER[kind]:
        if name in senses:
            return name, senses[name]
    for name, near in _NEAR[kind].items():
        if name in senses:
            return near, senses[name] if near != "intensity" else {"quiet": "soft", "very_quiet": "soft"}.get(senses[name], senses[name])
    return "", ""


def _idle(clause: Clause, number: int, dimension: str, kind: Kind) -> bool:
    """Whether a word says nothing of its own here: it describes how, in a denial or before a topic."""
    word = clause.words[number]
    after = clause.words[number + 1] if number + 1 < len(clause.words) else None
    if word.text in word_class("scope") and (after is not None or clause.figures):
        return True  # 始终 says how long another claim holds
    if after is not None and after.start == word.end and after.senses and _ADVERBIAL.get(dimension, _NONE) & {word.senses.get(dimension, "")}:
        return True  # 短暂变小, 慢慢淡入
    if kind in {"speaker", "vocals"} and dimension == "rate" and word.text in _SLOWLY and after is not None:
        return after.tag == "v" and after.text not in word_class("speaking")  # 情绪慢慢释放
    if after is not None and (after.text == "部分" or (dimension == "emotion" and after.text in _SHOWS)):
        return True
    if word.text in topics() and after is not None and dimension not in {"room", "noise"} and (after.senses or after.text in word_class("degree")):
        return True  # 停顿自然: the word behind it makes the claim
    if dimension == "style" and kind in {"music", "instrument"} and word.senses["style"] == "conversational":
        return True
    if dimension == "distance" and word.text in {"周围", "四周"} and after is not None and after.tag.startswith(("n", "r")):
        return True
    if dimension == "level" and word.text in {"背景", "背景里", "背景中", "背景是"} and is_denied(clause, number):
        return True
    if dimension in {"transition", "level"} and kind == "speaker" and word.text not in {"压低"}:
        return dimension == "level" or len(word.text) < 3
    if dimension == "structure" and len(word.text) < 2:
        return True
    return dimension == "duration" and word.text in {"持续", "长", "短"} and bool(clause.figures)


_NEAR_BY = 6  # characters of adverbs between a noun and what is said of it
_NONE: frozenset[str] = frozenset()
_ADVERBIAL = {
    "duration": frozenset(["short", "continuous"]),
    "rhythm": frozenset(["slow"]),
    "rate": frozenset(["slow"]),
    "transition": frozenset(["gradual"]),
}
_SLOWLY = frozenset(["慢慢", "缓缓", "渐渐", "徐徐"])
_SHOWS = frozenset(["广播剧", "戏剧", "电影", "话剧", "舞台剧"])  # 悬疑广播剧 is one style


def _beside_topic(clause: Clause, number: int) -> bool:
    """Whether only adverbs stand between a word and the noun it is said of."""
    while number and clause.words[number - 1].text in word_class("degree"):
        number -= 1
    return number > 0 and clause.words[number - 1].text in topics()


def _topic(clause: Clause, number: int) -> str:
    """Return the dimension of the noun a word is said of: 语速 in 语速偏慢, 口气 in 调侃的口气."""
    known = topics()
    words = clause.words
    if number + 2 < len(words) and words[number + 1].text == "的" and words[number + 2].text in known:
        return known[words[number + 2].text]
    for word in reversed(words[max(0, number - 5) : number]):
        if word.text in known:
            return known[word.text]
    return ""


def _said_of(clause: Clause, number: int, memory: Memory) -> Subject | None:
    """Return what a word is said of: the noun it stands before (A的N), else the last one named in the clause."""
    words, soft = clause.words, word_class("soft")
    for word in words[number + 1 : number + 8]:
        if word.start in memory.anchors:
            return memory.anchors[word.start]
        if word.text not in soft and not (word.senses and word.tag.startswith(("a", "z", "i", "l", "d", "eng", "b", "v"))):
            break
    for word in reversed(words[:number]):
        if word.start in memory.anchors:
            return memory.anchors[word.start]
    voiced = {word.text for word in words} & (word_class("speaking") - {"声音", "音色"})
    if voiced:
        return memory.subject if memory.subject is not None and memory.subject.kind in {"speaker", "vocals"} else Subject("speaker")
    return next((memory.anchors[w.start] for w in words[number + 1 :] if w.start in memory.anchors), None)


def _extent(clause: Clause, number: int) -> tuple[int, int]:
    """Return where the words of an attribute stand, its adverbs and the noun it is said of with it."""
    words, known, degree = clause.words, topics(), word_class("degree")
    voice = word_class("voice")
    at = number
    while at and words[at - 1].end == words[at].start and words[at - 1].text in degree and not words[at - 1].senses:
        at -= 1
    if at and words[at - 1].end == words[at].start and (words[at - 1].text in known or words[at - 1].text in voice) and not is_denied(clause, number):
        at -= 1
    return words[at].start, words[number].end


def _without_topic(clause: Clause, number: int, start: int) -> int:
    first = next(word for word in clause.words if word.start >= start)
    return first.end if first.start < clause.words[number].start and first.text not in word_class("degree") else start


def _told_of(clause: Clause, number: int, end: int) -> int:
    """Return where the words end that are said of a noun behind it (混响极长, 底噪要尽量低)."""
    at = number + 1
    while at < len(clause.words) and clause.words[at].text in word_class("degree"):
        at += 1
    if at < len(clause.words) and at > number and clause.words[at].tag.startswith(("a", "z")) and clause.words[at].start - end < _NEAR_BY:
        clause.consumed.add(at)
        return clause.words[at].end
    return end


def _merged(segment: Segment, found: list[Found]) -> list[Found]:
    """Return claims, those that one phrase makes put together (空旷的体育馆, 轻到快听不见)."""
    kept: list[Found] = []
    for made in found:
        last = kept[-1] if kept else None
        same = last is not None and made.claim.dimension == last.claim.dimension and made.claim.negated == last.claim.negated
        if last is not None and same:
            link = segment.text[last.end : made.start].strip()
            if link == "到" or (link in {"", "的"} and made.claim.dimension in {"room", "style", "recording"}):
                words = segment.text[last.start : made.end]
                kept[-1] = Found(replace(last.claim, words=words), last.start, made.end)
                continue
        kept.append(made)
    return kept


def _topic_of_speech(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return what a voice speaks or sings about: 讲鬼故事, 吐槽考试太难, 播报一段天气预报."""
    if clause.kind not in {"speaker", "vocals", "music"}:
        return []
    for number, word in enumerate(clause.words[:-1]):
        if word.text not in word_class("topic_of_speech"):
            continue
        rest = clause.words[number + 1 :]
        while rest and (rest[0].text in _BEFORE_TOPIC or rest[0].tag in {"m", "q"}):
            rest = rest[1:]
        if not rest or not rest[0].tag.startswith(("n", "v", "j", "l", "a", "t")) or rest[0].senses or rest[0].text in word_class("speaking"):
            continue
        end = rest[-1].end
        if len(rest) > _LONGEST_TOPIC or rest[0].tag == "v" and len(rest) == 1:
            continue
        denied = is_denied(clause, number)
        subject = Subject("vocals" if clause.kind != "speaker" else "speaker")
        claim = Claim("content", "topic", segment.text[rest[0].start : end], subject, negated=denied)
        clause.consumed.update(range(number + 1, len(clause.words)))
        return [Found(claim, clause.deny_start if denied else rest[0].start, end)]
    return []


_LONGEST_TOPIC = 12  # words
_BEFORE_TOPIC = frozenset(["了", "着", "的", "一个", "一段", "一篇", "一首", "起", "过", "一些", "出", "到"])


def _likeness(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return what a clause compares with (像新闻联播那样): one claim, whatever its words name."""
    for number, word in enumerate(clause.words):
        if word.text in _LIKE and not word.senses:
            rest = [n for n in range(number + 1, len(clause.words)) if n not in clause.consumed]
            rest = _until_told(clause, rest)
            if not rest or clause.kind == "sound" or any(_PLACE_WORDS & clause.words[n].senses.keys() for n in rest):
                return []
            clause.consumed.update(rest)
            first, last = clause.words[number], clause.words[rest[-1]]
            denied = is_denied(clause, number)
            value = next((clause.words[n].senses["style"] for n in rest if "style" in clause.words[n].senses), "")
            subject = memory.subject or Subject(clause.kind)
            claim = Claim("style", value, segment.text[first.start : last.end], subject, place=clause.place, negated=denied)
            return [Found(claim, clause.deny_start if denied else first.start, last.end)]
    return []


def _until_told(clause: Clause, rest: list[int]) -> list[int]:
    """Return the words of a comparison: up to 那样, 一样, 似的 where one of them stands."""
    for place, number in enumerate(rest):
        if clause.words[number].text in {"那样", "一样", "似的", "一般", "般"}:
            return rest[: place + 1]
    return rest


def _unknown(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return claims with words the vocabulary doesn't know, said of a noun of attribute (性格大大咧咧)."""
    known, degree = topics(), word_class("degree")
    found = []
    for number, word in enumerate(clause.words):
        spoken = clause.kind in {"speaker", "vocals"}
        dimension = known.get(word.text, "timbre" if spoken and word.text == "声音" else "")
        if not dimension or number in clause.consumed or (word.senses and dimension not in {"accent", "noise"}):
            continue
        at = number + 1
        while at < len(clause.words) and clause.words[at].text in degree and not clause.words[at].senses:
            at += 1
        if at >= len(clause.words) or at in clause.consumed:
            continue
        after = clause.words[at]
        adjective = after.tag in {"a", "z", "an", "ad", "i", "l", "al"} or (after.tag in {"v", "vn"} and spoken and len(after.text) > 1 and at + 1 == len(clause.words))
        if after.senses or not adjective or after.text in {"说", "来"}:
            continue
        clause.consumed.add(at)
        denied = is_denied(clause, at)
        kind: Kind = "clip" if dimension in {"room", "noise", "recording"} else clause.kind
        subject = memory.subject if memory.subject is not None and memory.subject.kind == kind else Subject(kind)
        words = segment.text[clause.words[number + 1].start : after.end]
        found.append(Found(Claim(dimension, "", words, subject, place=clause.place, negated=denied), word.start, after.end))
    return found


def _labelled(segment: Segment, clause: Clause) -> list[Found]:
    """Return what a key declares where its value is no word of the vocabulary (`风格：赛博朋克`)."""
    if segment.label in {"other", "speech", "speaker", "music", "content", "order", "duration", "structure"} or clause.consumed or clause.figures or not clause.words:
        return []
    words = clause.words[clause.denied[0] :] if clause.denied[1] else clause.words
    if not words:
        return []
    start, end = words[0].start, words[-1].end
    denied = clause.denied[1] > clause.denied[0]
    kind: Kind = clause.kind if segment.label not in {"room", "noise", "recording"} else "clip"
    claim = Claim(segment.label, "", segment.text[start:end], Subject(kind), negated=denied)
    return [Found(claim, clause.deny_start if denied else start, end)]
