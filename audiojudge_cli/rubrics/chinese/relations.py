"""Order and simultaneity in Chinese captions: what stands before and behind the words that join."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.memory import VOICE_EVENTS, Memory
from audiojudge_cli.rubrics.chinese.tokens import Word, word_class
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

_SHORT = 3  # words; a clause of so few may be the connective alone, and what follows stands behind the comma
_SUDDEN = frozenset(["突然", "忽然", "骤然", "猛然"])
_FADES = frozenset(["transition", "structure", "tempo", "dynamics"])


Item = tuple[int, int, Subject]


def relations(read: list[tuple[Segment, Clause]], memory: Memory) -> Iterator[Found]:
    """Yield every claim of order and simultaneity that has both its sides."""
    heard = sorted(memory.sounding, key=lambda item: item[:2])
    starts = [start for start, _, _ in heard]
    classes = [(name, word_class(name)) for name in ("then", "first", "last", "together")]
    for number, (segment, clause) in enumerate(read):
        at = bisect_left(starts, clause.start)
        opens = number == 0 or read[number - 1][0] is not segment
        if segment.from_s is not None and segment.range_at and opens and at < len(heard) and starts[at] < segment.end:
            yield Found(
                Claim("order", subject=heard[at][2], from_s=segment.from_s, to_s=segment.to_s), *segment.range_at
            )
        if at < len(heard) and starts[at] < segment.end:
            timed = (f for f in clause.figures if f.claim is not None and f.claim.dimension == "order")
            yield from (Found(replace(f.claim, subject=heard[at][2]), f.start, f.end) for f in timed if f.claim)
        behind = read[number + 1][1].end if number + 1 < len(read) else clause.end
        for place, word in enumerate(clause.words):
            name = next((name for name, words in classes if word.text in words), "")
            before = clause.words[place - 1] if place else word
            if word.text in {"中", "里"} and before.text.endswith("声") and "event" in before.senses:
                name = "together"  # 雨声中
            if word.text == "跟着" and _accompanies(clause, place):
                continue
            if not name or place in clause.consumed or clause.denied[0] <= place < clause.denied[1]:
                continue
            at = bisect_left(starts, word.start)
            ahead = heard[at - 1] if at and (name != "together" or starts[at - 1] >= segment.start) else None
            limit = min(behind, segment.end) if len(clause.words) - place < _SHORT and place < _SHORT else clause.end
            after = heard[at] if at < len(heard) and starts[at] < limit else None
            turned = name == "then" and ahead is not None and ahead[1] == word.start
            if turned and at > 1 and starts[at - 2] >= clause.start:
                after = heard[at - 2]  # 弦乐从枪响之后才进来
            claim = _claim(name, word, clause, ahead, after)
            if claim is not None:
                yield Found(claim, word.start, word.end)


def _accompanies(clause: Clause, place: int) -> bool:
    """Whether what follows is what somebody joins in (跟着唱), not what comes next (跟着是雷声)."""
    after = clause.words[place + 1 : place + 2]
    return any(w.tag == "v" and w.text not in word_class("sounding") | word_class("no_part") for w in after)


def _claim(name: str, word: Word, clause: Clause, ahead: Item | None, after: Item | None) -> Claim | None:  # noqa: PLR0911 - one case after another, each a line
    if name == "then":
        if ahead is None or after is None:
            return None
        if ahead[2].kind == "speaker" and after[2].concept in VOICE_EVENTS:
            return None  # 爷爷先愣一下，再笑出声: one voice
        return Claim("order", "then", word.text, ahead[2], after[2])
    if name == "together":
        if ahead is None or after is None or ahead[2] == after[2]:
            return None
        return Claim("simultaneity", "while", word.text, ahead[2], after[2])
    if word.text in {"先", "先是", "首先"}:
        return None  # what follows says 然后 or 再, and makes the claim
    fades = _FADES if after is None or after[2].kind != "sound" else _FADES - {"dynamics"}
    if any(fades & other.senses.keys() and other.text not in _SUDDEN for other in clause.words):
        return None  # 结尾渐慢: the attribute has the place
    if after is None or after[0] >= clause.end:
        if ahead is None or ahead[0] < clause.start:
            return None
        after = ahead
    return Claim("order", words=word.text, subject=after[2], place="start" if name == "first" else "end")
