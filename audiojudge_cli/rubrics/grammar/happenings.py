"""Events in sound clauses: which words make one event, what to call it, how often it happens."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from audiojudge_cli.rubrics.grammar import figures
from audiojudge_cli.rubrics.grammar.contexts import sense
from audiojudge_cli.rubrics.word_class import word_class
from audiojudge_cli.rubrics.grammar.layout import Layout
from audiojudge_cli.rubrics.grammar.pieces import Claim, Clause, Hit
from audiojudge_cli.rubrics.stems import words as split

_PART = re.compile(
    r"\b(?:and then|and|then|while|as|before|after|followed by|until|when|but|with|over|amid|plus|or)\b"
    r"|[和与及、跟]|之后|以后|然后|接着|随后|同时",
    re.IGNORECASE,
)
_PLAIN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_TAIL_ZH = re.compile(
    r"[^\s，。；、和与一二两三四五六七八九十几\d]{0,3}?(?:的声音|的声响|的叫声|作响|声响|之声|声音|声|响)"
)
_GAP = 26


def parts(masked: str, clause: Clause) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a clause between conjunctions."""
    at = clause.start
    for match in _PART.finditer(masked, clause.start, clause.end):
        yield at, match.start()
        at = match.end()
    yield at, clause.end


def events(masked: str, clause: Clause, subset: str) -> Iterator[Claim]:
    """Yield one claim per event of a clause: all event words of a part make one event."""
    hits = [hit for hit in clause.hits if sense(hit, clause) == "event" and _audible(hit, clause, subset)]
    hits = [hit for hit in hits if not _material(masked, clause, hit)] if hits else hits
    if not hits:
        return
    for start, end in parts(masked, clause):
        group: list[Hit] = []
        for hit in hits:
            if not start <= hit.start < end:
                continue
            if group and (hit.start - group[-1].end > _GAP or "，" in masked[group[-1].end : hit.start]):
                yield _event(masked, clause, group, start, end)
                group = []
            group.append(hit)
        if group and not _mute(masked, clause, group, start, end):
            yield _event(masked, clause, group, start, end)


def _material(masked: str, clause: Clause, hit: Hit) -> bool:
    """Whether a thing only says what a place is made of ("a stone cathedral")."""
    if masked[hit.start : hit.end].lower() not in word_class("silent_things"):
        return False
    return any(other.start == hit.end + 1 and {"room", "scene"} & other.senses.keys() for other in clause.hits)


def _mute(masked: str, clause: Clause, group: list[Hit], start: int, end: int) -> bool:
    """Whether only things are named that make no sound by themselves ("a stone cathedral", "on a table")."""
    found = split(" ".join(masked[hit.start : hit.end] for hit in group))
    if not found or any(word.stem not in word_class("silent_things") for word in found):
        return False
    body = masked[start:end]
    return not _VERB.search(body) and len(split(body)) > len(found) + 1 and clause.label != "event"


def _audible(hit: Hit, clause: Clause, subset: str) -> bool:
    """Whether an event is meant: in captions about speech, things are named that make no sound there."""
    return subset != "speech" or clause.context != "speech" or hit.senses["event"] in word_class("voice_events")


def _event(masked: str, clause: Clause, group: list[Hit], start: int, end: int) -> Claim:
    first, last = group[0].start, group[-1].end
    tail = _TAIL_ZH.match(masked, last, end)
    if tail:
        last = tail.end()
    voiced = clause.context == "sound" and group[0].senses["event"] in word_class("voice_events")
    busy = [(h.start, h.end) for h in clause.hits if h not in group and not (voiced and "speaker_sex" in h.senses)]
    first = _grow_left(masked, first, start, busy)
    value = _value(group)
    return Claim("event", first, last, value=value, context=clause.context)


def _value(group: list[Hit]) -> str:
    longest = max(group, key=lambda hit: hit.end - hit.start)
    return longest.senses["event"]


def _grow_left(masked: str, first: int, floor: int, busy: list[tuple[int, int]]) -> int:
    """Take in up to two words in front that say what it is ("wooden door", "depth charge")."""
    words = [m for m in _PLAIN.finditer(masked, max(floor, first - 40), first) if m.start() >= floor]
    for word in reversed(words[-2:]):
        taken = any(word.start() < stop and begin < word.end() for begin, stop in busy)
        if (
            taken
            or not word.group().isascii()
            or word.group().lower() in word_class("not_in_a_name")
            or word.group().lower().endswith("ly")
        ):
            break
        if not masked[word.end() : first].isspace() and masked[word.end() : first] != "-":
            break
        first = word.start()
    return first


def counts(masked: str, clause: Clause, claims: list[Claim]) -> Iterator[Claim]:
    """Yield claims about how often an event of the clause happens."""
    body = masked[clause.start : clause.end]
    events_here = [claim for claim in claims if claim.dimension == "event"]
    counted = clause.words & word_class("count_words") or any(word.isdigit() for word in clause.words)
    for match in figures.counts_en(body) if counted else ():
        start, end = clause.start + match.start(), clause.start + match.end()
        if match["times"]:
            before = [claim for claim in events_here if claim.end <= start + 1]
            begin = before[-1].start if before and start - before[-1].end < 30 else start
            value = {"once": "once", "twice": "twice"}.get(match["times"].lower(), "times")
            yield Claim("count", begin, end, value=value, context=clause.context, kind="times")
        elif match["noun"].split()[-1].lower() not in word_class("not_counted") and any(
            start <= claim.end and claim.start < end for claim in events_here
        ):
            value = "single" if re.search(r"single|one", match["number"], re.IGNORECASE) else "number"
            yield Claim("count", start, end, value=value, context=clause.context, kind="number")
    for match in figures.counts_zh(body) if clause.chinese else ():
        start, end = clause.start + match.start(), clause.start + match.end()
        before = [claim for claim in events_here if claim.end <= start + 1 and start - claim.end < 4]
        begin = before[-1].start if before else start
        after = [claim for claim in events_here if claim.start >= start and claim.start - end < 8]
        if not before and after:
            end = max(end, after[0].end)
        if before or after or clause.context == "sound":
            yield Claim("count", begin, end, context=clause.context, kind="times")


def _inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    place = bisect_right(spans, (at + 1,)) - 1
    return place >= 0 and spans[place][0] <= at < spans[place][1]


_NOTHING_ELSE = re.compile(r"\b(?:nothing|no one|nobody) else\b|没有(?:其他|别的)", re.IGNORECASE)
_ALONE = re.compile(
    r"\bonly (?:the )?[a-z' -]{2,40}?(?:remains?|is left|are left|is heard|can be heard|keeps? \w+)\b"
    r"|(?:只剩|只留|仅剩|只有)[^，。；\n]{1,24}",
    re.IGNORECASE,
)
_VOICES = re.compile(
    r"\b(?:talk\w*|speak\w*|speech|voices?|human|words?|lyrics|dialogue|narration|singing|sing|vocals?)\b|人声"
    r"|说话|旁白|对白|歌词|唱",
    re.IGNORECASE,
)


def leftovers(
    layout: Layout, denials: Sequence[tuple[int, int]], found: list[Claim], asides: Sequence[tuple[int, int]]
) -> Iterator[Claim]:
    """Yield claims for what no word list covers: things denied, and things that are left alone."""
    taken = sorted(claim.start for claim in found)
    starts = [clause.start for clause in layout.clauses]
    for start, end in denials:
        if bisect_left(taken, start) == bisect_left(taken, end):
            context = layout.clauses[max(0, bisect_right(starts, start) - 1)].context
            body = layout.masked[start:end]
            if _NOTHING_ELSE.search(body) and context == "sound":
                for value in ("music", "speech"):
                    stop = start + len(body.rstrip())
                    yield Claim("component", start, stop, value=value, negated=True, context=context, kind="else")
                continue
            if len(body.split()) > 8 or len(body.strip()) < 2 or _inside(start, asides):
                continue
            name = (
                "component"
                if _VOICES.search(body)
                else {"speech": "style", "music": "instrument"}.get(context, "event")
            )
            yield Claim(name, start, start + len(body.rstrip()), negated=True, context=context)
    for match in _ALONE.finditer(layout.masked):
        context = layout.clauses[max(0, bisect_right(starts, match.start()) - 1)].context
        if context != "speech":
            name = "structure" if context == "music" else "event"
            yield Claim(name, *match.span(), context=context, kind="alone")


_VERB = re.compile(
    r"\b(?!nothing|something|anything|everything|during|morning|evening|building|ceiling)[a-z]{3,}ing\b"
    r"|^\W*(?:an?|the|someone|something)\b.*\b[a-z]{3,}[^su]s\b",
    re.IGNORECASE,
)
_SOUND_ZH = re.compile(
    r"[^，。；、\n]{1,14}?(?:声|响|鸣|叫|吼|撞|敲|拍打|滚动|碰|滴|吹|砸|摔|转动|落下|震|爆|刮|倒)[^，。；、\n]{0,3}"
)
_META = re.compile(
    r"\b(?:i|i'd|you|we|want|need|please|pls|generate|create|make|give|sounds? like|think|imagine|picture"
    r"|should|must|feel"
    r"|prompt|version|style|idea|use|keep|let|add|it|no|not|without|nothing|never|nobody)\b|想要|希望|请|需要"
    r"|生成|来一段|帮我|感觉|风格",
    re.IGNORECASE,
)


_LEAD = re.compile(
    r"(?:(?:please|leave|we hear|there is|there are|with|also|maybe|perhaps|an?|the)\s+)+(?=\S)", re.IGNORECASE
)


def unlisted(masked: str, clause: Clause, found: list[Claim]) -> Iterator[Claim]:
    """Yield an event for every part of a sound clause that no word list covers but that reads like a happening."""
    if clause.context != "sound" or clause.label not in {"", "event"}:
        return
    for start, end in parts(masked, clause):
        if any(start <= claim.start < end for claim in found):
            continue
        body = masked[start:end]
        bare = body.strip()
        if not bare or len(bare) > 60 or _META.search(bare):
            continue
        if _VERB.search(bare) and 2 <= len(bare.split()) <= 8:
            left = start + len(body) - len(body.lstrip())
            lead = _LEAD.match(bare)
            begin = left + (lead.end() if lead else 0)
            yield Claim("event", begin, left + len(bare), context="sound", kind="open")
            continue
        match = _SOUND_ZH.search(bare)
        if match:
            left = start + body.index(bare) + match.start()
            yield Claim("event", left, left + len(match.group()), context="sound", kind="open")
