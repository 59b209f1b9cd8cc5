"""Claims that several words make together: likenesses, comparisons, subjects of speech, unknown predicates."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import dropwhile, takewhile

from audiojudge_cli.rubrics.chinese.clauses import Clause, of_thing
from audiojudge_cli.rubrics.chinese.memory import Memory, is_denied
from audiojudge_cli.rubrics.chinese.senses import known
from audiojudge_cli.rubrics.chinese.tokens import topics, word_class
from audiojudge_cli.rubrics.claim import Claim, Comparator, Kind, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

_LONGEST_TOPIC = 12  # words
_QUOTING = re.compile("[“”「」]")  # words of another line inside a value
# 边说边笑, 一边走一边哼歌: two things at once; both parts are a few characters
_BOTH = re.compile(r"一?边(?P<one>[^，。；、\s边]{1,6}?)，?一?边(?P<other>[^，。；、\s边的]{1,6})")
# "A比B小", with the noun it is said of and adverbs; the noun compared with is short, so that the pattern stays linear
_THAN = re.compile(
    r"(?:(?P<topic>音量|语速|音调|速度|声音|嗓门|节奏)\s?)?(?:要|始终|一直|总是|都)?比(?P<other>[^，。；、\s比]{1,8}?)"
    r"(?:明显|稍微|稍|略|要|更|还|都)?(?P<how>[小大高低快慢轻响弱强远近])(?:了?一些|一点|得多|很多|些)?"
)
_WAYS: dict[str, tuple[str, Comparator]] = {
    **dict.fromkeys("小轻弱", ("volume", "less")),
    **dict.fromkeys("大响强", ("volume", "more")),
    "低": ("pitch", "less"),
    "高": ("pitch", "more"),
    "慢": ("rate", "less"),
    "快": ("rate", "more"),
    "近": ("distance", "less"),
    "远": ("distance", "more"),
}
_HOW = frozenset(["transition", "rate", "rhythm", "tempo"])  # senses of adverbs that tell how a mood goes on
_LIKE = frozenset(["像", "好像", "仿佛", "如同", "宛如", "像是", "如"])
_NO_VALUES = frozenset(["other", "speech", "speaker", "music", "content", "order", "duration", "structure"])
_SO = frozenset(["那样", "一样", "似的", "一般", "般"])
_PLACE_WORDS = frozenset(["room", "scene"])
_SHORT_TRAITS = {
    **dict.fromkeys("尖高", ("pitch", "high")),
    **dict.fromkeys("沉低", ("pitch", "low")),
    "粗": ("timbre", "raspy"),
    "细": ("timbre", "shrill"),
    "大": ("volume", "loud"),
    "小": ("volume", "quiet"),
}
"""What single characters say of 声音; too short for the vocabulary, which is also looked up inside words."""


def topic_of_speech(segment: Segment, clause: Clause) -> list[Found]:
    """Return what a voice speaks or sings about: 讲鬼故事, 吐槽考试太难, 播报一段天气预报."""
    if clause.kind not in {"speaker", "vocals", "music"}:
        return []
    told = word_class("topic_of_speech")
    for number in (n for n, word in enumerate(clause.words[:-1]) if word.text in told and n not in clause.consumed):
        behind = clause.words[number + 1 :]
        rest = list(dropwhile(lambda w: w.text in word_class("before_topic") or w.tag in {"m", "q"}, behind))
        named = rest and not rest[0].senses and rest[0].text not in word_class("speaking")
        if not named or not rest[0].tag.startswith(("n", "v", "j", "l", "a", "t", "i")) or len(rest) > _LONGEST_TOPIC:
            continue
        if clause.words[number].text == "关于":  # 关于毕业的歌曲
            rest = [*takewhile(lambda w: w.text != "的", rest)] if rest[-1].text in word_class("music") else rest
        denied, start, end = is_denied(clause, number), rest[0].start, rest[-1].end
        subject = Subject("vocals" if clause.kind != "speaker" or segment.context == "music" else "speaker")
        claim = Claim("content", "topic", segment.text[start:end], subject, negated=denied)
        clause.consumed.update(range(number, len(clause.words)))
        return [Found(claim, clause.deny_start if denied else start, end)]
    return []


def _consume(clause: Clause, match: re.Match[str]) -> None:
    clause.consumed.update(n for n, word in enumerate(clause.words) if match.start() <= word.start < match.end())


def both(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return what a voice does while it speaks, or two sounds at once."""
    match = _BOTH.search(segment.text, clause.start, clause.end)
    if match is None:
        return []
    claim = Claim("style", "", match.group(), memory.voice or Subject(clause.kind))
    _consume(clause, match)
    if clause.kind not in {"speaker", "vocals"}:
        one, other = Subject("sound", match["one"]), Subject("sound", match["other"])
        claim = Claim("simultaneity", "while", match.group(), one, other)
    return [Found(claim, *match.span())]


def compared(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return what is louder, higher, faster or nearer than something else (音量比他小)."""
    match = _THAN.search(segment.text, clause.start, clause.end)
    if match is None or any("比" in w.text and w.senses for w in clause.words):
        return []
    other = memory.anchors.get(match.start("other"))
    _consume(clause, match)
    dimension, how = _WAYS[match["how"]]
    if match["topic"] in {"音量", "嗓门"}:
        dimension = "volume"
    voiced = clause.kind in {"speaker", "vocals"}
    subject = memory.voice if voiced else memory.subject
    subject = subject if subject is not None and subject != other else Subject(clause.kind)
    if subject.kind not in {"speaker", "vocals"}:
        dimension = {"volume": "level", "rate": "tempo"}.get(dimension, dimension)
    value = {"more": "foreground", "less": "background"}[how] if dimension == "level" else ""
    claim = Claim(dimension, value, match.group(), subject, other or Subject("clip", match["other"]), how)
    return [Found(claim, *match.span())]


def likeness(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return what a clause compares with (像新闻联播那样): one claim, whatever its words name."""
    words = clause.words
    for number in (n for n, word in enumerate(words) if word.text in _LIKE and not word.senses):
        rest = [n for n in range(number + 1, len(words)) if n not in clause.consumed]
        # 那样, 一样, 似的 end what it is like
        stop = next((at + 1 for at, n in enumerate(rest) if words[n].text in _SO), len(rest))
        rest = rest[:stop]
        if not rest or clause.kind == "sound" or any(_PLACE_WORDS & words[n].senses.keys() for n in rest):
            return []
        clause.consumed.update(rest)
        start, end, denied = words[number].start, words[rest[-1]].end, is_denied(clause, number)
        value = next((words[n].senses["style"] for n in rest if "style" in words[n].senses), "")
        about = memory.subject or Subject(clause.kind)
        claim = Claim("style", value, segment.text[start:end], about, place=clause.place, negated=denied)
        return [Found(claim, clause.deny_start if denied else start, end)]
    return []


def unknown(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return claims with words the vocabulary doesn't know, said of a noun of attribute (性格大大咧咧)."""
    words, spoken = clause.words, clause.kind in {"speaker", "vocals"}
    found = []
    for number, word in enumerate(words):
        dimension = topics().get(word.text, "timbre" if spoken and word.text == "声音" else "")
        named = word.senses and dimension not in {"accent", "noise", "fluency"}
        if not dimension or named or number in clause.consumed or of_thing(words, number):
            continue
        degree = takewhile(lambda w: w.text in word_class("degree") and w.senses.keys() <= _HOW, words[number + 1 :])
        at = number + 1 + len(list(degree))
        if (
            at == len(words)
            or at in clause.consumed
            or words[at].senses
            or not _tells(clause, at, told=at > number + 1)
        ):
            continue
        if dimension == "emotion" and segment.context == "music" and clause.kind != "speaker":
            dimension = "mood"
        clause.consumed.add(at)
        after, denied = words[at], is_denied(clause, at)
        value = known(dimension, after.text)
        if word.text == "声音":
            dimension, value = _SHORT_TRAITS.get(after.text, (dimension, value))
        kind: Kind = "clip" if dimension in {"room", "noise", "recording"} else clause.kind
        subject = memory.subject if memory.subject is not None and memory.subject.kind == kind else Subject(kind)
        begin = word.start if dimension == "fluency" else words[number + 1].start  # 停顿得当
        claim = Claim(dimension, value, segment.text[begin : after.end], subject, negated=denied)
        found.append(Found(replace(claim, place=clause.place), word.start, after.end))
        link, trait = (*words[at + 1 : at + 3], word, word)[:2]
        if link.text in {"要", "又", "而"} and trait.text in _SHORT_TRAITS:  # 声音要尖要细
            dimension, value = _SHORT_TRAITS[trait.text]
            found.append(Found(Claim(dimension, value, trait.text, subject, negated=denied), link.start, trait.end))
    return found


def _tells(clause: Clause, at: int, *, told: bool) -> bool:
    """Whether a word can be said of a noun of attribute: an adjective, or a verb that ends the clause.

    Of a voice, or with an adverb (`told`): 情绪逐渐高涨, but no 旋律进入.
    """
    word, last = clause.words[at], at + 1 == len(clause.words)
    acts = last and (told or clause.kind in {"speaker", "vocals"}) and word.tag in {"v", "vn"} and len(word.text) > 1
    return (
        acts
        or word.text in word_class("apt")
        or word.tag in {"a", "z", "an", "ad", "i", "l", "al"}
        or word.text in _SHORT_TRAITS
    )


def labelled(segment: Segment, clause: Clause) -> list[Found]:
    """Return what a key declares where its value is no word of the vocabulary (`风格：赛博朋克`)."""
    said = _QUOTING.search(segment.text, segment.start, segment.end)  # 在“居然”后面停
    words = clause.words[clause.denied[0] :]
    if segment.label in _NO_VALUES or clause.consumed or clause.figures or not words or said:
        return []
    start, end, denied = words[0].start, words[-1].end, clause.denied[1] > clause.denied[0]
    value = segment.text[start:end]
    subject = Subject(clause.kind if segment.label not in {"room", "noise", "recording"} else "clip")
    claim = Claim(segment.label, known(segment.label, value), value, subject, negated=denied)
    return [Found(claim, clause.deny_start if denied else start, end)]
