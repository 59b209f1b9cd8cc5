"""What numbers in a Chinese clause are said of: counts, lengths, times, tempi, ages, voices."""

from __future__ import annotations

import re
from dataclasses import replace

from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.memory import VOICE_EVENTS, Memory
from audiojudge_cli.rubrics.chinese.numbers import Figure
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

_PAUSES = ("停", "沉默", "愣", "顿")
_WHOLE = ("时长", "总长", "全长", "长度", "总时长")


def measures(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return the claims that numbers make."""
    found = _changing(segment, clause)
    for figure in clause.figures[2 * len(found) :]:
        claim = _of(segment, clause, memory, figure)
        if claim is not None:
            denied = clause.denied[0] < clause.denied[1] and figure.start >= clause.deny_start
            found.append(
                Found(replace(claim, negated=denied), clause.deny_start if denied else figure.start, figure.end)
            )
    return found


_DENIES = re.compile("不要|没有|[，,]无")  # between the sound named last and a length
_CHANGES = re.compile(r"[到至变升降加减转]")  # 从60BPM逐渐加快到120BPM


def _changing(segment: Segment, clause: Clause) -> list[Found]:
    """Return a tempo that goes from one number to another as one claim, in its words."""
    both = [f.claim for f in clause.figures[:2] if f.claim is not None and f.claim.unit == "bpm"]
    if len(both) < 2 or not _CHANGES.search(segment.text, clause.figures[0].end, clause.figures[1].start):
        return []
    start, end = clause.figures[0].start, clause.figures[1].end
    start -= segment.text[start - 1 : start] in {"从", "由", "自"}
    clause.consumed.update(n for n, word in enumerate(clause.words) if start <= word.start < end)
    return [Found(Claim("tempo", "", segment.text[start:end], Subject("music")), start, end)]


def _of(segment: Segment, clause: Clause, memory: Memory, figure: Figure) -> Claim | None:  # noqa: C901, PLR0911 - one case after another
    claim = figure.claim
    if claim is None:
        return None
    before = segment.text[max(clause.start, figure.start - 4) : figure.start]
    if claim.dimension == "speaker_count" and claim.number == 1 and claim.words[0] not in "只仅":
        return None  # 一个人 names somebody and counts nobody
    if claim.dimension == "duration":
        if any(sign in claim.words or sign in before for sign in _PAUSES) and segment.context != "sound":
            return replace(claim, dimension="rate", value="pause", subject=_voice(memory))
        if any(sign in claim.words or sign in before for sign in _WHOLE):
            return claim
        if "间隔" in before:
            claim = replace(claim, dimension="rhythm", value="regular", comparator="")
        if memory.part == segment.end or any(
            "silence" in word.senses.values() or "room" in word.senses for word in clause.words
        ):
            return None  # 前奏……大概八秒, 静音一秒, 余音两秒
        near = _nearest(clause, memory, figure)
        last = memory.sounding[-1][1] if memory.sounding else figure.start
        whole = segment.context == "music" or segment.label or _DENIES.search(segment.text, last, figure.start)
        if near is None and not clause.words and whole:
            return claim  # 大约一分钟, alone; 鸟叫，不要风声，持续1分钟
        return replace(claim, subject=near or memory.subject or Subject())
    if claim.dimension == "count":
        return _counted(segment, clause, memory, figure, claim)
    if claim.dimension == "order":
        return None  # `relations` knows what is heard then
    if claim.dimension == "rhythm":
        return replace(claim, subject=_nearest(clause, memory, figure) or memory.subject or Subject("sound"))
    if claim.dimension == "age":
        return replace(claim, subject=Subject("vocals") if clause.kind == "vocals" else _voice(memory))
    return claim


def _counted(segment: Segment, clause: Clause, memory: Memory, figure: Figure, claim: Claim) -> Claim | None:
    subject = _nearest(clause, memory, figure)
    if subject is None and (
        all(word.senses for word in clause.words) or (claim.words[0] in "共各总" and claim.number != 1)
    ):
        subject = memory.subject
    if subject is None or subject.kind in {"music", "speaker"}:
        return None
    manner = segment.text[figure.start - 1 : figure.start] in {"地", "的"} or subject.concept in VOICE_EVENTS
    if claim.number == 1 and claim.comparator == "exactly" and claim.words == "一声" and manner:
        return None  # 啪的一声 and 轻笑一声 say how, not how often
    seldom = any(word.senses.get("rhythm") == "irregular" for word in clause.words)
    return None if seldom and "几" in claim.words else replace(claim, subject=subject)


def _voice(memory: Memory) -> Subject:
    return memory.voice or Subject("speaker")


def _nearest(clause: Clause, memory: Memory, figure: Figure) -> Subject | None:
    """Return the thing named next to a number: right before it (狗叫三声), else behind it (三声狗叫)."""
    near: tuple[int, Subject] | None = None
    for start, end, subject in memory.sounding[-12:]:
        if not clause.start <= start < clause.end:
            continue
        gap = figure.start - end if end <= figure.start else start - figure.end + 2
        if near is None or abs(gap) < near[0]:
            near = (abs(gap), subject)
    return near[1] if near else None
