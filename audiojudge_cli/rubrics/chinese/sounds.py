"""Sounds and happenings in a Chinese clause: where their words begin and end, which concept they are."""

from __future__ import annotations

from itertools import pairwise

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.idle import SLOWLY
from audiojudge_cli.rubrics.chinese.memory import GENERIC, TAILS, VOICE_EVENTS, Memory, is_denied, modifies
from audiojudge_cli.rubrics.chinese.tokens import Word, topics, word_class
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

_LINKS = frozenset(["的", "在", "了"])
_ENDING = ("joined", "then", "together", "deny", "deny_end", "first", "last")
_ENDS = GENERIC - {"的"} | frozenset("上里下内")  # may end a happening: 雨点打在玻璃窗上
_TOWARDS = frozenset(["对着", "朝着", "冲着", "向着"])  # what a sound is made at, and no source of one
_LONG_NAME = 5  # characters; a sound told at length is a claim of its own though its kind was named before
_PERSON = frozenset(["speaker_sex", "age"])


def events(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return claims that sounds are heard, and remember them."""
    found: list[Found] = []
    for first, last in _chunks(clause):
        runs = _runs(clause, first, last)
        if not runs and clause.kind == "sound":
            runs = _unlisted(segment, clause, first, last)
        for start, end, value in runs:
            span = clause.words[start : end + 1]
            denied = is_denied(clause, start) or is_denied(clause, end)
            words = segment.text[span[0].start : span[-1].end]
            if any(a.text == "了" and a.end < b.start for a, b in pairwise(span)):
                words = "".join(w.text for w in span if w.text != "了")  # 敲木门, how often is a claim of its own
            subject = Subject("sound", words, value)
            if any(w.senses and "event" not in w.senses for w in span):  # the subject of 铁链缓缓绞起 is 铁链绞起
                plain = "".join(
                    w.text
                    for w in span
                    if w.text not in word_class("inside") and (not w.senses or {"event", *_PERSON} & w.senses.keys())
                )
                subject = Subject("sound", plain, value)
            memory.name(span[0]._replace(end=span[-1].end), subject, heard=not denied)
            for number in range(start, end + 1):
                memory.anchors[clause.words[number].start] = subject
                senses = clause.words[number].senses
                if "event" in senses or not senses or senses.get("distance") == "passing":
                    clause.consumed.add(number)
            at = clause.deny_start if denied else span[0].start
            if value and not denied and memory.again("event", value) and len(words) < _LONG_NAME:
                continue
            found.append(Found(Claim("event", value, words, negated=denied), at, span[-1].end))
    return found


def _chunks(clause: Clause) -> list[tuple[int, int]]:
    """Return stretches of words that one sound may be named in: conjunctions, denials and numbers end them."""
    ends = frozenset(["一边", "边"]).union(*(word_class(name) for name in _ENDING))
    found, start = [], 0
    for number, word in enumerate(clause.words):
        if word.text in {"先", "再"} and number > start:
            continue  # 高压锅先漏气
        behind = clause.words[number - 1].text == "了"  # 敲了三下木门
        gap = number > start and word.start - clause.words[number - 1].end > 1 and not behind
        if gap or (word.text in ends and "event" not in word.senses):
            found.append((start, number - 1))
            start = number + (not gap)
    return [(a, b) for a, b in [*found, (start, len(clause.words) - 1)] if a <= b]


def _is_event(clause: Clause, number: int) -> bool:
    word = clause.words[number]
    if "event" not in word.senses:
        return False
    if clause.kind == "sound" or word.senses["event"] in VOICE_EVENTS or word.text.endswith(TAILS):
        return clause.kind == "sound" or not {"mood", "dynamics"} & word.senses.keys()
    around = {other.text for other in clause.words} - ({"声音", "声", "发出"} if clause.kind == "speaker" else set())
    return bool(around & word_class("sounding")) and not {"rate", "style", "timbre"} & word.senses.keys()


def _runs(clause: Clause, first: int, last: int) -> list[tuple[int, int, str]]:
    words = clause.words
    at = [number for number in range(first, last + 1) if _is_event(clause, number)]
    at = [number for number in at if not modifies(clause, number) or number != at[-1]]
    if not at or (_silent(clause, first, last) and not any(words[n].text.endswith(TAILS) for n in at)):
        return []
    groups = [[at[0]]]
    for number in at[1:]:
        before = words[groups[-1][-1]]
        after_de = words[number - 1].text == "的" and words[number].text not in GENERIC
        closed = before.text.endswith(TAILS) or words[groups[-1][-1] + 1].text in GENERIC
        verbs = before.tag == "v" and words[number].tag == "v" and number - groups[-1][-1] == 1
        if (closed and not after_de) or verbs:
            groups.append([number])
        else:
            groups[-1].append(number)
    found = []
    for index, group in enumerate(groups):
        floor = groups[index - 1][-1] + 1 if index else first
        ceiling = groups[index + 1][0] - 1 if index + 1 < len(groups) else last
        start, end = _left(clause, group[0], floor), _right(clause, group[-1], ceiling)
        found.append((start, end, _value(words[start : end + 1], [words[n] for n in group])))
    return found


def _silent(clause: Clause, first: int, last: int) -> bool:
    """Whether a stretch tells a look or a posture (橘猫趴在窗台上): no sound of its own."""
    texts = {word.text for word in clause.words[first : last + 1]}
    texts |= {word.text[0] for word in clause.words[first : last + 1] if word.tag.startswith("v") and not word.senses}
    return bool(texts & (word_class("static") | word_class("looks"))) and not texts & word_class("sounding")


def _left(clause: Clause, at: int, floor: int) -> int:
    """Return where the noun phrase that ends at a sound begins: plain nouns and verbs right before it."""
    words = clause.words
    kinds: tuple[str, ...] = ("n", "b", "o", "eng", "j")
    if words[at].tag.startswith("n") and not words[at].text.endswith(TAILS):
        kinds = (*kinds, "v")  # 放下铁杯
    while at > floor:
        before = words[at - 1]
        acted = words[at].text in {"着", "了"}
        plain = (
            not before.senses and (acted or before.tag.startswith(kinds)) and before.text not in word_class("no_part")
        )
        counted = before.text == "了" and before.end < words[at].start  # 敲了三下木门
        links = ("v", "zg") if before.text == "着" or counted else ("n",) if before.text in _LINKS else ()  # 踩着落叶
        if not plain and not (links and at - 1 > floor and words[at - 2].tag.startswith(links)):
            break
        at -= 1
        if acted:
            break  # one verb has the object
    while words[at].text in _LINKS | {"声"}:
        at += 1
    return at


def _right(clause: Clause, at: int, ceiling: int) -> int:
    """Return where a happening ends: verbs, objects and what belongs to them, without trailing particles."""
    words = clause.words
    stops = (word_class("no_part") - {"响起"}) | word_class("degree") | word_class("saying")
    end = best = at
    while end < ceiling and words[end + 1].text not in stops | set(topics()):
        after = words[end + 1]
        if after.text in _TOWARDS or (after.text + words[min(end + 2, ceiling)].text) in _TOWARDS:
            return ceiling  # 狗对着路过的摩托车狂吠
        if after.senses.get("distance") == "passing" and after.tag.startswith("v"):
            return end + 1
        told = bool(after.senses) and "event" not in after.senses
        if told and not _goes_on(words, end + 2, ceiling):
            break
        end += 1
        if not told and (after.tag.startswith(("n", "v", "o", "z", "s")) or after.senses or after.text in _ENDS):
            best = end
    return best


def _goes_on(words: list[Word], at: int, ceiling: int) -> bool:
    """Whether a plain verb follows a describing word at once (铁链缓缓绞起)."""
    adverb = words[at - 1].text in SLOWLY  # behind one a verb is one whatever its tag: 缓缓进站
    while at <= ceiling and words[at].text in {"地", "着"}:
        at += 1
    return at <= ceiling and not words[at].senses and words[at].tag.startswith(("v", "n") if adverb else "v")


_MOST = 6  # words of one phrase


def _concept(span: list[Word]) -> tuple[str, int]:
    """Return the sound that the words of a happening name without particles and adverbs (狗在大声地叫 as 狗叫).

    With the number of characters that name it; whole words only, so that 麦克风 names no wind.
    """
    inside = word_class("inside")
    texts = [w.text for w in span if w.text not in inside and w.text not in {"的", "地"} and w.tag not in {"d", "m"}]
    known = vocabulary.index(("event",)).chinese
    best = ("", 0)
    for start in range(len(texts)):
        for end in range(start + 1, min(len(texts), start + _MOST) + 1):
            phrase = "".join(texts[start:end])
            if len(phrase) > best[1] and phrase in known:
                best = (dict(known[phrase]).get("event", ""), len(phrase))
    return best


def _value(span: list[Word], events: list[Word]) -> str:
    """Return the concept of a happening: its words without particles may be a phrase, else its last own sound."""
    whole, length = _concept(span)
    own = [w for w in events if w.text.endswith(TAILS) or w.tag in {"v", "o"}]
    last = (own or events)[-1]
    return whole if whole and length > len(last.text) else last.senses["event"]


def _unlisted(segment: Segment, clause: Clause, first: int, last: int) -> list[tuple[int, int, str]]:
    """Return a clause that tells of a sound the vocabulary doesn't know, as it stands."""
    left = [n for n in range(first, last + 1) if n not in clause.consumed]
    here = [clause.words[n] for n in left]
    if _silent(clause, first, last) or any(w.text in topics() or w.tag == "r" for w in here):
        return []
    kept = [
        (n, w)
        for n, w in zip(left, here, strict=True)
        if (not w.senses or _PERSON & w.senses.keys())
        and w.tag.startswith(("n", "v", "o", "z", "b", "i", "l"))
        and w.text not in word_class("no_part")
    ]
    plain = [w for _, w in kept]
    sounds = any(w.tag == "o" or w.text.endswith(("声", "响", "音效")) for w in plain)
    told = segment.context == "sound" or segment.label == "event"
    acts = told and any(w.tag in {"v", "vn", "vi"} for w in plain) and any(w.tag.startswith("n") for w in plain)
    if not (sounds or acts) or sum(len(w.text) for w in plain) == 1:
        return []
    start, end = kept[0][0], kept[-1][0]
    return [(start, end, _concept(clause.words[start : end + 1])[0])]
