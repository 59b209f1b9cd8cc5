"""Reads Chinese questions, our own and those that others wrote, into claims."""

from __future__ import annotations

import re
from dataclasses import replace

from audiojudge_cli.rubrics.chinese.clauses import OF_MUSIC, OF_SPEECH
from audiojudge_cli.rubrics.chinese.parser import ChineseParser
from audiojudge_cli.rubrics.claim import Claim, Kind, Place, Subject
from audiojudge_cli.rubrics.dimensions import FAMILIES
from audiojudge_cli.rubrics.segment import Context, Segment

_LONGEST = 2000  # characters
_END = re.compile(r"(?:[吗呢么])?\s?[？?。]?\s*$")
# what makes a statement a question, and what says no more than that something is there to be heard
_ASKS = re.compile(r"是否|是不是|能否|能不能|会不会|可不可以|请问|有无(?=明显)")
_HAVE = re.compile(r"有没有")
_HEARD = re.compile(
    r"(?:清楚地?|明显地?)?(?:可以|能够?|可)?听(?:得)?(?:到|见|出)(?!来)|(?:录音|音频|片段)[中里](?=有|没|出|是|能|听)"
)
_FRAMES = re.compile(r"听起来|听上去|听感上?|正好(?=出现)|出现(?=\d|正好|至少|大约|最多|超过)|^整体上?")
_LIKE = re.compile(r"像(?=是?在?[^，。]{0,6}(?:岁|人|孩子?|婴儿|青少年|里|中|场|店|边))是?")  # 像老年人, 像在菜市场
_QUOTED = re.compile(r"[“\"「『](?P<words>[^“”\"「」『』]{1,2000})[”\"」』]")
_SAYS = re.compile(r"[说讲念唱喊读问答道]|台词|歌词|内容")
_DENIED = re.compile(r"没有?|不|未|无")
# our own order questions, and what others write: B是否在A之后出现, A是否出现在开头, A和B是否同时
_ORDER = re.compile(
    r"^(?P<one>.{1,80}?)(?P<no>不)?(?:出现)?在(?P<other>.{1,80}?)(?:的?之|以)?(?P<way>前|后)(?:才|再)?(?:出现|响起|开始|进入|发生|说的?)?$"
)
_PLACED = re.compile(r"^(?P<one>.{1,80}?)(?P<no>不)?(?:出现)?在(?P<place>开头|最后|中间|结尾|末尾)(?:出现|响起)?$")
_OPENS = re.compile(r"^(?:以)(?P<one>.{1,80}?)(?P<way>开头|开场|结尾|结束)$")
_TOGETHER = re.compile(
    r"^(?P<one>.{1,60}?)[和与跟](?P<other>.{1,60}?)(?P<no>不|没有)?(?:是)?同时(?:出现|响起|发生|存在)?$"
)
_PLACES: dict[str, Place] = {
    **dict.fromkeys(["开头", "开场"], "start"),
    **dict.fromkeys(["最后", "结尾", "末尾", "结束"], "end"),
    "中间": "middle",
}
_THERE = frozenset(["event", "instrument", "vocals", "scene", "genre", "component", "speaker_sex", "age"])


def read_question(text: str, dimension: str = "") -> Claim | None:
    """Return the claim that a Chinese question asks for, or None where it isn't certain.

    Args:
        text: The question; longer than 2,000 characters is not read.
        dimension: Canonical dimension it is filed under; empty where unknown.
    """
    if len(text) > _LONGEST or not text.strip():
        return None
    quote = _QUOTED.search(text)
    body = _statement(_QUOTED.sub("", text) if quote else text)
    if quote and (dimension == "content" or (not dimension and _SAYS.search(body))):
        kind = Subject("vocals" if "唱" in body or "歌词" in body else "speaker")
        return Claim("content", "", quote["words"], kind, negated=bool(_DENIED.search(body)))
    if dimension in {"order", "simultaneity", ""}:
        related = _relation(body, dimension)
        if related is not None or dimension == "simultaneity":
            return related
    found = _parsed(body, dimension)
    if found is None and quote:  # “限压阀转动喷汽”的声音
        found = _parsed(_statement(text.translate(_NO_MARKS)), dimension)
    return found


_NO_MARKS = str.maketrans(dict.fromkeys('“”"「」『』'))


def _statement(text: str) -> str:
    body = _END.sub("", text.strip())
    body = _HAVE.sub("有", _ASKS.sub("", body))
    return _LIKE.sub("", _FRAMES.sub("", _HEARD.sub("", body))).strip(" ，,")


def _context(body: str, dimension: str) -> Context:
    if dimension in {"component", "event", "scene"}:
        return "sound"
    if dimension in OF_SPEECH or re.search(r"说话|说|语速|语气|嗓|男性|女性|口音|讲", body):
        return "speech"
    if dimension in OF_MUSIC or re.search(r"音乐|演唱|旋律|曲|歌|伴奏", body):
        return "music"
    return "sound"


def _parsed(body: str, dimension: str) -> Claim | None:
    if not body:
        return None
    context = _context(body, dimension)
    segment = Segment(body, 0, len(body), context, dimension if dimension not in _THERE else "")
    found = [made.claim for made in ChineseParser().claims([[segment]])[0]]
    exact = [claim for claim in found if claim.dimension == dimension]
    if exact:
        return exact[-1] if dimension not in _THERE or exact[-1].value == "solo" else exact[0]
    near = [claim for claim in found if any({dimension, claim.dimension} <= family for family in FAMILIES)]
    if near:
        return near[-1]
    if dimension:
        return None
    told = [claim for claim in found if claim.negated] or [claim for claim in found if claim.dimension not in _THERE]
    return next(iter(told or found), None)


def _relation(body: str, dimension: str) -> Claim | None:
    both = _TOGETHER.match(body)
    if both:
        return Claim(
            "simultaneity", "while", "", _subject(both["one"]), _subject(both["other"]), negated=bool(both["no"])
        )
    if dimension == "simultaneity":
        return None
    placed = _PLACED.match(body) or _OPENS.match(body)
    if placed:
        groups = placed.groupdict()
        place = _PLACES[groups.get("place") or groups["way"]]
        return Claim("order", subject=_subject(placed["one"]), place=place, negated=bool(groups.get("no")))
    order = _ORDER.match(body)
    if order is None:
        return None
    one, other = _subject(order["one"]), _subject(order["other"])
    if order["way"] == "后":
        one, other = other, one
    return Claim("order", "then", "", one, other, negated=bool(order["no"]))


def _subject(words: str) -> Subject:
    """Return what a phrase names, as far as the vocabulary knows it."""
    bare = words.strip(" ，,的").removesuffix("的声音")
    segment = Segment(bare, 0, len(bare), "sound")
    for made in ChineseParser().claims([[segment]])[0]:
        if made.claim.dimension in {"event", "instrument", "component"}:
            kind: Kind = "instrument" if made.claim.dimension == "instrument" else "sound"
            return Subject("music" if made.claim.value == "music" else kind, bare, made.claim.value)
        if made.claim.dimension == "speaker_sex":
            return Subject("speaker", bare, made.claim.value)
    return replace(Subject("sound"), words=bare)
