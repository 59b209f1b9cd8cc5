"""What a Chinese clause says of the things it names: which sense a word has depends on what it is said of."""

from __future__ import annotations

import re
from dataclasses import replace

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.presence import Memory, is_denied
from audiojudge_cli.rubrics.chinese.tokens import Word, topics, word_class
from audiojudge_cli.rubrics.claim import Claim, Comparator, Kind, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

_VOICE = (
    *("language", "accent", "rate", "volume", "pitch", "fluency", "clarity", "style", "emotion", "speaker_count"),
    *("timbre", "intonation", "personality", "distance", "room", "recording", "noise", "level", "transition", "age"),
    *("duration", "simultaneity"),
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
    "sound": {
        "volume": "intensity",
        "dynamics": "intensity",
        "rate": "rhythm",
        "tempo": "rhythm",
        "production": "recording",
    },
    "clip": {},
}
"""The sense nearest to a word's own where it has none for what it is said of (很轻 of rain)."""

_STRONG = frozenset(["rate", "volume", "pitch", "clarity", "fluency", "intonation", "tempo", "timbre"])
"""Nouns that say what is meant even where the word behind them knows no such sense (语速舒缓)."""
_ALIKE = {
    "low": "quiet",
    "high": "loud",
    "calm": "slow",
    "soft": "quiet",
    "slow": "slow",
    "fast": "fast",
    "clear": "clear",
}
_LIKE = frozenset(["像", "好像", "仿佛", "如同", "宛如", "像是", "如"])
_PLACE_WORDS = frozenset(["room", "scene"])
_ALWAYS = frozenset(["order", "event", "instrument", "genre", "vocals", "component", "speaker_sex", "scene"])


def attributes(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return claims that something named, or the clip, is such and such."""
    found = [
        *_likeness(segment, clause, memory),
        *_topic_of_speech(segment, clause, memory),
        *_both(segment, clause, memory),
        *_compared(segment, clause, memory),
    ]
    for number, word in enumerate(clause.words):
        if number in clause.consumed or not word.senses or set(word.senses) <= _ALWAYS:
            continue
        made = _attribute(segment, clause, number, memory)
        if made is not None:
            clause.consumed.add(number)
            if made.claim.dimension not in {"style", "structure"} or not memory.again(
                made.claim.dimension, made.claim.words
            ):
                found.append(made)
    found = _merged(segment, found)
    found += _unknown(segment, clause, memory)
    if not found and segment.label and not segment.quoted:
        found += _labelled(segment, clause)
    return found


def _attribute(segment: Segment, clause: Clause, number: int, memory: Memory) -> Found | None:
    word = clause.words[number]
    topic = _topic(clause, number)
    if topic == "emotion" and segment.context == "music" and clause.kind != "speaker":
        topic = "mood"
    subject = _said_of(clause, number, memory)
    if (
        subject is None
        and {w.text for w in clause.words} & {"整体", "整个", "整体上", "总体"}
        and segment.context != "speech"
    ):
        subject = Subject("music" if segment.context == "music" else "clip")
    if subject is None:
        subject = (
            memory.voice or Subject(clause.kind)
            if clause.kind in {"speaker", "vocals"}
            else memory.subject
            if memory.subject is not None and _fits(memory.subject.kind, clause.kind)
            else Subject(clause.kind)
        )
    kind = subject.kind
    dimension, value = _sense(word, kind, segment.label, topic)
    strong = topic in _STRONG and (topic != "timbre" or dimension == "age")  # 嗓音低沉 is a pitch, 嗓音苍老 no age
    if dimension not in {topic, "transition", "duration"} and strong and _beside_topic(clause, number):
        dimension, value = topic, _known(topic, word.text) or _ALIKE.get(value, "")
    if not dimension or _idle(clause, number, dimension, kind):
        return None
    if (
        kind == "vocals"
        and segment.context == "music"
        and dimension == "emotion"
        and "mood" in word.senses
        and topic != "emotion"
    ):
        if not any(memory.anchors.get(w.start) == subject for w in clause.words[number + 1 :]):
            dimension, value = "mood", word.senses["mood"]  # 男声演唱，听着就想跳舞
    if dimension in {"tempo", "key", "metre", "mood", "production", "structure"}:
        subject = Subject("music")
    elif dimension in {"room", "noise", "recording"} and kind != "speaker":
        subject = Subject()
    denied = is_denied(clause, number)
    if dimension == "simultaneity" and not denied:
        return None
    start, end = _extent(clause, number)
    if denied:
        start = min(start, clause.deny_start)
    if dimension in {"room", "noise"} and word.text in topics():
        end = _told_of(clause, number, end)
    words = segment.text[word.start if denied else _without_topic(clause, number, start) : end]
    place = clause.place
    if dimension == "structure" and value in _SECTIONS and clause.end - word.start > len(word.text) + 1:
        end = min(clause.end, word.start + _LONGEST_PART)
        words = segment.text[start:end]
    elif dimension == "structure" and value == "drop":
        start, end = max(clause.words[0].start, end - _LONGEST_PART), min(clause.end, end + _LONGEST_PART)
        words = segment.text[start:end]
    claim = Claim(dimension, value, words, subject, place=place, negated=denied)
    if dimension == "speaker_count" and value in _VOICES:
        claim = replace(claim, comparator="exactly", number=_VOICES[value], unit="voices")
    return Found(claim, start, end)


_VOICES = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}


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
        if name in senses and senses[name] != "pause":
            return near, senses[name] if near != "intensity" else {"quiet": "soft", "very_quiet": "soft"}.get(
                senses[name], senses[name]
            )
    return "", ""


def _idle(clause: Clause, number: int, dimension: str, kind: Kind) -> bool:
    """Whether a word says nothing of its own here: it describes how, in a denial or before a topic."""
    word = clause.words[number]
    after = clause.words[number + 1] if number + 1 < len(clause.words) else None
    if word.text in word_class("degree") and after is not None and after.senses and dimension != "transition":
        return True  # 微微上扬
    if dimension == "style" and after is not None and "event" in after.senses and word.tag.startswith("n"):
        return True  # 主持人大笑
    if word.text in word_class("scope") and (after is not None or clause.figures):
        return True  # 始终 says how long another claim holds
    if (
        after is not None
        and after.start == word.end
        and after.senses
        and _ADVERBIAL.get(dimension, _NONE) & {word.senses.get(dimension, "")}
    ):
        return True  # 短暂变小, 慢慢淡入
    if kind in {"speaker", "vocals"} and dimension == "rate" and word.text in _SLOWLY and after is not None:
        return after.tag == "v" and after.text not in word_class("speaking")  # 情绪慢慢释放
    if after is not None and (after.text == "部分" or (dimension in {"emotion", "mood"} and after.text in _SHOWS)):
        return True
    if (
        word.text in topics()
        and after is not None
        and dimension not in {"room", "noise"}
        and (after.senses or after.text in word_class("degree"))
    ):
        return True  # 停顿自然: the word behind it makes the claim
    if dimension == "style" and kind in {"music", "instrument"} and word.senses["style"] == "conversational":
        return True
    if (
        dimension == "distance"
        and word.text in {"周围", "四周"}
        and after is not None
        and after.tag.startswith(("n", "r"))
    ):
        return True
    if (
        kind == "sound"
        and dimension in {"mood", "genre", "style"}
        and (word.text in word_class("looks") or not (_describes(clause, number) or _beside_topic(clause, number)))
    ):
        return True  # what a scene looks like
    if dimension == "level" and word.text in {"背景", "背景里", "背景中", "背景是"} and is_denied(clause, number):
        return True
    if dimension in {"transition", "level"} and kind == "speaker":
        return len(word.text) < 3 or (dimension == "level" and word.text.startswith("背景"))
    if dimension == "structure" and len(word.text) < 2:
        return True
    if dimension == "structure" and (
        _sectioned(clause, number) or (number and "instrument" in clause.words[number - 1].senses)
    ):
        return True
    return dimension == "duration" and word.text in {"持续", "长", "短"} and bool(clause.figures)


_NO_DEGREE = frozenset(
    ["有", "要", "那种", "听起来", "显得", "转为", "变得", "始终", "一直", "又"]
)  # verbs and scope, no part of the words asked
_NEAR_BY = 6  # characters of adverbs between a noun and what is said of it
_NONE: frozenset[str] = frozenset()
_ADVERBIAL = {
    "duration": frozenset(["short", "continuous"]),
    "rhythm": frozenset(["slow"]),
    "rate": frozenset(["slow"]),
    "transition": frozenset(["gradual"]),
}
_SLOWLY = frozenset(["慢慢", "缓缓", "渐渐", "徐徐"])
_SECTIONS = frozenset(["intro", "verse", "pre_chorus", "chorus", "bridge", "outro"])
_LONGEST_PART = 20  # characters of a clause quoted for what happens in a part of a piece
_SHOWS = frozenset(["广播剧", "戏剧", "电影", "话剧", "舞台剧"])  # 悬疑广播剧 is one style


def _describes(clause: Clause, number: int) -> bool:
    """Whether a word stands right before a noun (滑稽的弹簧音效, 恐怖氛围) or alone in its clause."""
    after = clause.words[number + 1] if number + 1 < len(clause.words) else None
    return (after is None and number == 0) or (
        after is not None and (after.text in {"的", "风格"} or after.text in topics())
    )


def _sectioned(clause: Clause, number: int) -> bool:
    """Whether a part of the piece was named before in the clause: both make one claim (第二段加入定音鼓)."""
    return any("structure" in word.senses for word in clause.words[:number])


def _known(dimension: str, words: str) -> str:
    """Return the value that words have behind a noun of their dimension: 中等 as in 语速中等."""
    phrases = vocabulary.index((dimension,)).chinese if dimension in vocabulary.dimensions() else {}
    found = (phrases.get(noun + words) for noun, name in topics().items() if name == dimension)
    return next((dict(senses)[dimension] for senses in found if senses and dimension in dict(senses)), "")


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
        if word.text not in soft and not (
            word.senses and word.tag.startswith(("a", "z", "i", "l", "d", "eng", "b", "v"))
        ):
            break
    for word in reversed(words[:number]):
        if word.start in memory.anchors:
            return memory.anchors[word.start]
    said = {word.text for word in words}
    if said & (word_class("speaking") - {"声音", "音色"}) and clause.kind in {"speaker", "vocals"}:
        return memory.voice or Subject(clause.kind)
    return next((memory.anchors[w.start] for w in words[number + 1 :] if w.start in memory.anchors), None)


def _extent(clause: Clause, number: int) -> tuple[int, int]:
    """Return where the words of an attribute stand, its adverbs and the noun it is said of with it."""
    words, known, degree = clause.words, topics(), word_class("degree")
    at = number
    while at and words[at - 1].end == words[at].start and words[at - 1].text in degree - _NO_DEGREE:
        at -= 1
    if (
        at
        and words[at - 1].end == words[at].start
        and (words[at - 1].text in known or words[at - 1].text in {"声音", "嗓音", "声线", "嗓子"})
        and not is_denied(clause, number)
    ):
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
    if (
        at < len(clause.words)
        and at > number
        and clause.words[at].tag.startswith(("a", "z"))
        and clause.words[at].start - end < _NEAR_BY
    ):
        clause.consumed.add(at)
        return clause.words[at].end
    return end


def _merged(segment: Segment, found: list[Found]) -> list[Found]:
    """Return claims, those that one phrase makes put together (空旷的体育馆, 轻到快听不见)."""
    kept: list[Found] = []
    for made in found:
        last = kept[-1] if kept else None
        joined = last is not None and segment.text[last.end : made.start] == "到"
        same = (
            last is not None
            and (joined or made.claim.dimension == last.claim.dimension)
            and made.claim.negated == last.claim.negated
        )
        if last is not None and same:
            link = segment.text[last.end : made.start].strip()
            pans = {made.claim.value, last.claim.value} == {"pan"}
            if (
                link == "到"
                or (
                    (pans or made.claim.dimension == "level")
                    and len(link) < _NEAR_BY
                    and not set(link) & set("，。；、")
                )
                or (link in {"", "的"} and made.claim.dimension in {"room", "style", "recording"})
            ):
                start = last.start - (pans and segment.text[last.start - 1 : last.start] in set("从由自"))
                kept[-1] = Found(replace(last.claim, words=segment.text[start : made.end]), start, made.end)
                continue
        kept.append(made)
    return kept


def _topic_of_speech(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return what a voice speaks or sings about: 讲鬼故事, 吐槽考试太难, 播报一段天气预报."""
    if clause.kind not in {"speaker", "vocals", "music"}:
        return []
    for number, word in enumerate(clause.words[:-1]):
        if word.text not in word_class("topic_of_speech") or number in clause.consumed:
            continue
        rest = clause.words[number + 1 :]
        while rest and (rest[0].text in _BEFORE_TOPIC or rest[0].tag in {"m", "q"}):
            rest = rest[1:]
        if (
            not rest
            or not rest[0].tag.startswith(("n", "v", "j", "l", "a", "t"))
            or rest[0].senses
            or rest[0].text in word_class("speaking")
        ):
            continue
        end = rest[-1].end
        if len(rest) > _LONGEST_TOPIC or rest[0].tag == "v" and len(rest) == 1:
            continue
        denied = is_denied(clause, number)
        subject = Subject("vocals" if clause.kind != "speaker" else "speaker")
        claim = Claim("content", "topic", segment.text[rest[0].start : end], subject, negated=denied)
        clause.consumed.update(range(number, len(clause.words)))
        return [Found(claim, clause.deny_start if denied else rest[0].start, end)]
    return []


_LONGEST_TOPIC = 12  # words
_BEFORE_TOPIC = frozenset(["了", "着", "的", "一个", "一段", "一篇", "一首", "起", "过", "一些", "出", "到"])


# 边说边笑, 一边走一边哼歌: two things at once; both parts are a few characters
_BOTH = re.compile(r"一?边(?P<one>[^，。；、\s边]{1,6}?)，?一?边(?P<other>[^，。；、\s边]{1,6})")


def _both(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return what a voice does while it speaks, or two sounds at once."""
    match = _BOTH.search(segment.text, clause.start, clause.end)
    if match is None:
        return []
    subject = memory.voice or Subject(clause.kind)
    if clause.kind in {"speaker", "vocals"}:
        for number, word in enumerate(clause.words):
            if match.start() <= word.start < match.end():
                clause.consumed.add(number)
        return [Found(Claim("style", "", match.group(), subject), match.start(), match.end())]
    one, other = Subject("sound", match["one"]), Subject("sound", match["other"])
    return [Found(Claim("simultaneity", "while", match.group(), one, other), match.start(), match.end())]


# "A比B小", with the noun it is said of and adverbs; the noun compared with is short, so that the pattern stays linear
_THAN = re.compile(
    r"(?:(?P<topic>音量|语速|音调|速度|声音|嗓门|节奏)\s?)?(?:要|始终|一直|总是|都)?比(?P<other>[^，。；、\s比]{1,8}?)"
    r"(?:明显|稍微|稍|略|要|更|还|都)?(?P<how>[小大高低快慢轻响弱强远近])(?:了?一些|一点|得多|很多|些)?"
)
_WAYS = {
    **{"小": ("volume", "less"), "大": ("volume", "more"), "轻": ("volume", "less"), "响": ("volume", "more")},
    **{"弱": ("volume", "less"), "强": ("volume", "more"), "高": ("pitch", "more"), "低": ("pitch", "less")},
    **{"快": ("rate", "more"), "慢": ("rate", "less"), "远": ("distance", "more"), "近": ("distance", "less")},
}


def _compared(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return what is louder, higher, faster or nearer than something else (音量比他小)."""
    match = _THAN.search(segment.text, clause.start, clause.end)
    if match is None or any(
        w.start < match.end() and match.start() < w.end and "比" in w.text and w.senses for w in clause.words
    ):
        return []
    other = next(
        (
            memory.anchors[w.start]
            for w in clause.words
            if w.start == match.start("other") and w.start in memory.anchors
        ),
        None,
    )
    for number, word in enumerate(clause.words):
        if match.start() <= word.start < match.end():
            clause.consumed.add(number)
    dimension, how = _WAYS[match["how"]]
    if match["topic"] in {"音量", "嗓门"}:
        dimension = "volume"
    subject = memory.voice if clause.kind in {"speaker", "vocals"} else memory.subject
    subject = subject if subject is not None and subject != other else Subject(clause.kind)
    voices = subject.kind in {"speaker", "vocals"}
    if not voices:
        dimension = {"volume": "level", "rate": "tempo"}.get(dimension, dimension)
    value = {"more": "foreground", "less": "background"}[how] if dimension == "level" else ""
    words = segment.text[match.start() : match.end()]
    comparator: Comparator = "more" if how == "more" else "less"
    claim = Claim(dimension, value, words, subject, other or Subject("clip", match["other"]), comparator)
    return [Found(claim, match.start(), match.end())]


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
            claim = Claim(
                "style", value, segment.text[first.start : last.end], subject, place=clause.place, negated=denied
            )
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
        adjective = after.tag in {"a", "z", "an", "ad", "i", "l", "al"} or (
            after.tag in {"v", "vn"} and spoken and len(after.text) > 1 and at + 1 == len(clause.words)
        )
        if after.senses or not (adjective or after.text in _SHORT_TRAITS) or after.text in {"说", "来"}:
            continue
        clause.consumed.add(at)
        value = _known(dimension, segment.text[clause.words[at].start : after.end])
        if word.text == "声音" and after.text in _SHORT_TRAITS:
            dimension, value = _SHORT_TRAITS[after.text]
        denied = is_denied(clause, at)
        kind: Kind = "clip" if dimension in {"room", "noise", "recording"} else clause.kind
        subject = memory.subject if memory.subject is not None and memory.subject.kind == kind else Subject(kind)
        words = segment.text[clause.words[number + 1].start : after.end]
        found.append(
            Found(Claim(dimension, value, words, subject, place=clause.place, negated=denied), word.start, after.end)
        )
        if (
            at + 2 < len(clause.words)
            and clause.words[at + 1].text in {"要", "又", "而"}
            and clause.words[at + 2].text in _SHORT_TRAITS
        ):
            dimension, value = _SHORT_TRAITS[clause.words[at + 2].text]
            first, last = clause.words[at + 1], clause.words[at + 2]
            found.append(Found(Claim(dimension, value, last.text, subject, negated=denied), first.start, last.end))
    return found


_SHORT_TRAITS = {
    **{"尖": ("pitch", "high"), "沉": ("pitch", "low"), "粗": ("timbre", "raspy"), "细": ("timbre", "shrill")},
    **{"高": ("pitch", "high"), "低": ("pitch", "low"), "大": ("volume", "loud"), "小": ("volume", "quiet")},
}
"""What single characters say of 声音; too short for the vocabulary, which is also looked up inside words."""


def _labelled(segment: Segment, clause: Clause) -> list[Found]:
    """Return what a key declares where its value is no word of the vocabulary (`风格：赛博朋克`)."""
    if (
        segment.label in {"other", "speech", "speaker", "music", "content", "order", "duration", "structure"}
        or clause.consumed
        or clause.figures
        or not clause.words
    ):
        return []
    words = clause.words[clause.denied[0] :] if clause.denied[1] else clause.words
    if not words:
        return []
    start, end = words[0].start, words[-1].end
    denied = clause.denied[1] > clause.denied[0]
    kind: Kind = clause.kind if segment.label not in {"room", "noise", "recording"} else "clip"
    claim = Claim(
        segment.label,
        _known(segment.label, segment.text[start:end]),
        segment.text[start:end],
        Subject(kind),
        negated=denied,
    )
    return [Found(claim, clause.deny_start if denied else start, end)]
