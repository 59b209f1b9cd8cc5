"""Which sense a word has: by what it is said of, and by the noun of attribute beside it."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.memory import Memory, heads
from audiojudge_cli.rubrics.chinese.tokens import Word, topics, word_class
from audiojudge_cli.rubrics.claim import Kind, Subject
from audiojudge_cli.rubrics.word_class import sense_order

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


def fits(kind: Kind, clause: Kind) -> bool:
    """Whether what was named last can be what a clause without a noun speaks of."""
    voices = {"speaker", "vocals"}
    return (kind in voices) == (clause in voices)


def sense(word: Word, kind: Kind, label: str, topic: str) -> tuple[str, str]:
    """Return the dimension and value a word has, said of a thing of this kind, under a key, beside a noun."""
    senses = word.senses
    for name in (label, topic):
        if name in senses:
            return name, senses[name]
    for name in sense_order(kind, chinese=True):
        if name == "mood" and kind == "instrument" and "intensity" in senses:
            return "dynamics", senses["intensity"]  # 鼓点强劲
        if name in senses:
            return name, senses[name]
    for name, near in _NEAR[kind].items():
        if name in senses and senses[name] != "pause":
            return near, senses[name] if near != "intensity" else {"quiet": "soft", "very_quiet": "soft"}.get(
                senses[name], senses[name]
            )
    return "", ""


def topic(clause: Clause, number: int) -> str:
    """Return the dimension of the noun a word is said of: 语速 in 语速偏慢, 口气 in 调侃的口气."""
    known = topics()
    words = clause.words
    if number + 2 < len(words) and words[number + 1].text == "的" and words[number + 2].text in known:
        return known[words[number + 2].text]
    for word in reversed(words[max(0, number - 5) : number]):
        if word.text in known:
            return known[word.text]
    return ""


def beside_topic(clause: Clause, number: int) -> bool:
    """Whether only adverbs stand between a word and the noun it is said of."""
    while number and clause.words[number - 1].text in word_class("degree"):
        number -= 1
    return number > 0 and clause.words[number - 1].text in topics()


def known(dimension: str, words: str) -> str:
    """Return the value that words have behind a noun of their dimension: 中等 as in 语速中等."""
    phrases = vocabulary.index((dimension,)).chinese if dimension in vocabulary.dimensions() else {}
    found = (phrases.get(noun + words) for noun, name in topics().items() if name == dimension)
    return next((dict(senses)[dimension] for senses in found if senses and dimension in dict(senses)), "")


def said_of(clause: Clause, number: int, memory: Memory) -> Subject | None:
    """Return what a word is said of: the noun it stands before (A的N), else the last one named in the clause."""
    words, soft = clause.words, word_class("soft")
    before, near = words[max(0, number - 1) : number], True
    if before and before[0].start in memory.anchors and words[number].tag in {"v", "n"}:
        return memory.anchors[before[0].start]  # 锣鼓打底的 trap, 大提琴长音和鼓
    for at, word in enumerate(words[number + 1 : number + 8], number + 1):
        if word.start in memory.anchors and (near or words[at - 1].text == "的"):
            return memory.anchors[word.start]  # also 偶尔经过的三轮车铃
        if words[at - 1].tag == "v" and word.text in word_class("joined"):
            break  # 低声交谈和碰撞声
        near = near and (
            word.text in soft or (bool(word.senses) and word.tag.startswith(("a", "z", "i", "l", "d", "eng", "b", "v")))
        )
    named = heads(replace(clause, words=words[: number + 1]), memory)
    if named:
        return named[-1]
    ahead = takewhile(lambda word: word.text not in word_class("joined"), words[number + 1 :])
    return next((memory.anchors[w.start] for w in ahead if w.start in memory.anchors), None)
