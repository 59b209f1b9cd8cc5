"""What a Chinese clause says of the things it names."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import takewhile

from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.idle import idle
from audiojudge_cli.rubrics.chinese.memory import Memory, is_denied
from audiojudge_cli.rubrics.chinese.phrases import both, compared, labelled, likeness, topic_of_speech, unknown
from audiojudge_cli.rubrics.chinese.senses import beside_topic, fits, known, said_of, sense, topic
from audiojudge_cli.rubrics.chinese.tokens import Word, topics, word_class
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

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
_ALWAYS = frozenset(["order", "event", "instrument", "genre", "vocals", "component", "speaker_sex", "scene"])
NEAR_BY = 6  # characters of adverbs between a noun and what is said of it
_FADED = ("淡入", "淡出")
_OF_MUSIC = frozenset(["tempo", "key", "metre", "mood", "production", "structure"])
_TO = re.compile("(?:到|至|转|变)(?:成|为|得|向)?(?:十分|非常|很|更)?")  # what stands between two ends: 由慢转快
_OVER = re.compile("^(?!被).*[过住于抢]$")  # verbs that say over what: 盖过, 盖住, 低于
# said of a part of the piece, as which they are asked: 副歌部分高亢
_OF_PART = frozenset(["dynamics", "mood", "tempo", "pitch", "timbre", "intensity"])
_LOUDNESS = frozenset(["volume", "intensity", "dynamics"])
_OF_PIECE = frozenset(["mood", "dynamics", "tempo", "production"])  # senses that a whole piece is likelier to have
_BEATS = frozenset(["tempo", "rhythm"])  # dimensions of the nouns that a rhythm may stand before
SECTIONS = frozenset(["intro", "verse", "pre_chorus", "chorus", "bridge", "outro"])
_LONGEST_PART = 20  # characters of a clause quoted for what happens in a part of a piece
_VOICES = {"one": 1.0, "two": 2.0, "three": 3.0, "four": 4.0}


def attributes(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return claims that something named, or the clip, is such and such."""
    found = [
        *likeness(segment, clause, memory),
        *topic_of_speech(segment, clause),
        *both(segment, clause, memory),
        *compared(segment, clause, memory),
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
    found += unknown(segment, clause, memory)
    if not found and segment.label and not segment.quoted:
        found += labelled(segment, clause)
    return found


def _attribute(segment: Segment, clause: Clause, number: int, memory: Memory) -> Found | None:
    word, said = clause.words[number], said_of(clause, number, memory)
    subject = said or _told_before(segment, clause, word, memory)
    dimension, value = _meant(segment, clause, number, subject)
    told = said is not None
    if not dimension or idle(clause, number, dimension, subject.kind) or _covered(clause, number, dimension, told=told):
        return None
    denied = is_denied(clause, number)
    if said is None and subject.kind == "instrument" and "tempo" in word.senses:
        dimension, value = "tempo", word.senses["tempo"]  # 蓝调吉他，慢速: the piece
    if dimension == "tempo" and subject.kind == "sound" and segment.context != "music":
        dimension = "rhythm"  # 乒乓球来回击打，节奏越来越快
    if dimension == "mood" and subject.kind == "sound":
        subject = said or Subject()  # 滑稽的弹簧音效, but 恐怖氛围
    elif dimension in _OF_MUSIC or (said is None and segment.context == "music" and word.text.endswith(_FADED)):
        subject = Subject("music")
    elif (dimension in {"room", "noise", "recording"} and subject.kind != "speaker") or value == "silence":
        subject = Subject()
    elif dimension == "level" and _OVER.search(word.text) and subject.kind in {"speaker", "vocals"}:
        heard = [item for item in memory.sounding if item[2].kind not in {"speaker", "vocals"}]
        subject = max(heard, key=lambda item: item[0])[2] if heard else subject
    start, end, words = _stretch(segment, clause, number, dimension, value)
    claim = Claim(dimension, value, words, subject, place=clause.place, negated=denied)
    if dimension == "speaker_count" and value in _VOICES:
        claim = replace(claim, comparator="exactly", number=_VOICES[value], unit="voices")
    return Found(claim, start, end)


def _covered(clause: Clause, number: int, dimension: str, *, told: bool) -> bool:
    """Whether another claim holds what a word says, or nothing certain has it; `told` where its clause says of what."""
    return (
        (dimension in _LOUDNESS and _of_noise(clause, number))  # 轻微的电流声 is one claim, of noise
        or (dimension == "simultaneity" and not is_denied(clause, number))
        or _left_behind(clause, number)  # 从安静到沸腾
        or (not told and dimension in _OF_PART and any(w.senses.get("structure") in SECTIONS for w in clause.words))
        # 把滑架用力推回去 tells how something unread is done
        or (not told and clause.kind == "sound" and dimension in {"intensity", "rhythm"} and _acts(clause, number + 1))
    )


def _told_before(segment: Segment, clause: Clause, word: Word, memory: Memory) -> Subject:
    """Return what a word is said of that nothing in its clause tells: the whole, a voice, what was named last."""
    texts = {other.text for other in clause.words}
    if clause.kind == "music" and clause.place:
        return Subject("music")  # 结尾渐弱
    if texts & {"整体", "整个", "整体上", "总体"} and segment.context != "speech":
        return Subject("music" if segment.context == "music" else "clip")
    if clause.kind in {"speaker", "vocals"}:
        return memory.voice or Subject(clause.kind)
    near = memory.subject
    if near is not None and near.kind == "vocals" and "timbre" in word.senses and not _OF_PIECE & word.senses.keys():
        return near  # 女声，带点沙哑
    return near if near is not None and fits(near.kind, clause.kind) else Subject(clause.kind)


def _meant(segment: Segment, clause: Clause, number: int, subject: Subject) -> tuple[str, str]:
    """Return the dimension and value that a word means of what it is said of."""
    word, about = clause.words[number], topic(clause, number)
    if about == "emotion" and segment.context == "music" and clause.kind != "speaker":
        about = "mood"
    dimension, value = sense(word, subject.kind, segment.label, about)
    strong = about in _STRONG and (about != "timbre" or dimension == "age")  # 嗓音低沉 is a pitch, 嗓音苍老 no age
    if dimension not in {about, "transition", "duration"} and strong and beside_topic(clause, number):
        value = known(about, word.text) or _ALIKE.get(value, "")
        dimension = about if value or about != "tempo" else "rhythm"  # 节奏强烈, 节奏整齐
    if about == "fluency" and beside_topic(clause, number):
        dimension, value = about, known(about, word.text)  # 停顿短促
    if segment.label in _STRONG and dimension not in {"", segment.label} and len(clause.words) == 1:
        dimension, value = segment.label, known(segment.label, word.text)  # 流畅度：自然
    return dimension, value


def _stretch(segment: Segment, clause: Clause, number: int, dimension: str, value: str) -> tuple[int, int, str]:
    """Return where the words of a claim stand, and the words."""
    word, denied, after = clause.words[number], is_denied(clause, number), clause.words[number + 1 : number + 3]
    first, end = _first(clause, number, own=dimension == "style"), word.end
    start = clause.words[first].start
    ahead = number - 1 - (number > 0 and clause.words[number - 1].text == "的")
    if dimension == "noise" and ahead >= 0 and _LOUDNESS & clause.words[ahead].senses.keys() and not denied:
        first = _first(clause, ahead, own=False)
        start = clause.words[first].start
        return start, end, segment.text[start:end]  # 轻微的电流声
    # the noun of attribute stands before the words, and is none of them
    bare = first < number and clause.words[first].text not in word_class("degree")
    bare = bare and dimension not in {"rhythm", "fluency"}  # 节奏整齐, 停顿短促
    if dimension == "fluency" and first and clause.words[first - 1].text == "要" and not denied:
        begin = clause.words[max(0, first - 2)].start  # 停顿要短
    begin = word.start if denied else clause.words[first].end if bare else start
    start = min(start, clause.deny_start) if denied else start
    if dimension == "level" and after and after[0].start == word.end and _OVER.search(word.text):
        end = after[0].end  # 盖过对白
    if denied and after and after[0].text == "太":
        end = after[-1].end  # 不要颤音太多
    if dimension == "rhythm" and after and after[0].start == word.end and topics().get(after[0].text) in _BEATS:
        end = after[0].end  # 切分节奏
    if dimension in {"room", "noise"} and word.text in topics():
        end = _told_of(clause, number, end)
    if value in SECTIONS and number and {"instrument"} & clause.words[number - 1].senses.keys() and not denied:
        start = clause.words[number - 1].start
        return start, end, segment.text[start:end]  # 萨克斯间奏
    part = value in SECTIONS and clause.end - word.start > len(word.text) + 1
    if part or value == "drop":
        begin = start = start if part else max(clause.words[0].start, end - _LONGEST_PART)
        end = min(clause.end, (word.start if part else end) + _LONGEST_PART)
    return start, end, segment.text[begin:end]


def _left_behind(clause: Clause, number: int) -> bool:
    """Whether a word tells what something no longer is, where what it becomes is not known (从安静到沸腾)."""
    words = clause.words
    inside = 0 < number < len(words) - 2 and words[number - 1].text in {"从", "由"}
    becomes = next((w for w in words[number + 2 :] if w.text not in word_class("degree")), words[number])
    return inside and _TO.fullmatch(words[number + 1].text) is not None and set(becomes.senses) <= _ALWAYS


def _of_noise(clause: Clause, number: int) -> bool:
    """Whether a word stands before a noun of noise, which no claim names as a thing (轻微的电流声)."""
    after = [w for w in clause.words[number + 1 : number + 3] if w.text != "的"]
    return bool(after) and after[0].senses.keys() <= {"noise", "event"} and "noise" in after[0].senses


def _acts(clause: Clause, number: int) -> bool:
    known = word_class("sounding") | word_class("no_part") | word_class("inside")
    after = (w for w in clause.words[number : number + 1] if w.senses.keys() <= {"style", "rate"})  # 低声交谈
    return any(w.tag in {"v", "i"} and w.text not in known for w in after)


def _first(clause: Clause, number: int, *, own: bool) -> int:
    """Return where an attribute begins, its adverbs and the noun it is said of with it."""
    words, at = clause.words, number
    degree = word_class("degree") - word_class("no_degree")
    nouns = topics().keys() | {"声音", "嗓音", "声线", "嗓子"}
    while at and words[at - 1].end == words[at].start and words[at - 1].text in degree:
        if own and words[at - 1].senses:
            return at  # 慢慢朗读 tells two things
        at -= 1
    named = at and words[at - 1].end == words[at].start and words[at - 1].text in nouns
    return at - 1 if named and not own and not is_denied(clause, number) else at


def _told_of(clause: Clause, number: int, end: int) -> int:
    """Return where the words end that are said of a noun behind it (混响极长, 底噪要尽量低)."""
    degree = list(takewhile(lambda word: word.text in word_class("degree"), clause.words[number + 1 :]))
    at = number + 1 + len(degree)
    told = [word for word in clause.words[at : at + 1] if word.tag.startswith(("a", "z"))]
    clause.consumed.update([at] if told else [])
    return told[0].end if told else end


def _merged(segment: Segment, found: list[Found]) -> list[Found]:
    """Return claims, those that one phrase makes put together (空旷的体育馆, 轻到快听不见)."""
    kept: list[Found] = []
    for made in found:
        last = kept[-1] if kept else None
        link = segment.text[last.end : made.start].strip() if last is not None else ""
        link = link or made.claim.words[:1] * made.claim.words.startswith("变")  # 由慢变快
        if last is not None and _joined(last.claim, made.claim, link):
            far = _TO.fullmatch(link) or made.claim.value == "pan"
            start = last.start - (bool(far) and segment.text[last.start - 1 : last.start] in set("从由自"))
            kept[-1] = Found(replace(last.claim, words=segment.text[start : made.end]), start, made.end)
        else:
            kept.append(made)
    return kept


def _joined(last: Claim, claim: Claim, link: str) -> bool:
    """Whether two claims are one, by what stands between them."""
    if _TO.fullmatch(link) and (link == "到" or last.dimension == claim.dimension):
        return last.negated == claim.negated
    if claim.dimension != last.dimension or claim.negated != last.negated:
        return False
    if claim.dimension == "level" or {claim.value, last.value} == {"pan"}:
        return len(link) < NEAR_BY and not set(link) & set("，。；、")
    return link in {"", "的"} and claim.dimension in {"room", "style", "recording"}
