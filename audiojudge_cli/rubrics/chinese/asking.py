"""Reads Chinese questions, our own and those that others wrote, into claims."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
# "音频中包含…", "存在…", "不含…" say that there is something, or nothing, to be heard
_CONTAINS = re.compile(
    r"^(?:(?:录音|音频|片段|声音)[中里]?)?(?P<no>不|没有?)?(?:存在|包含|包括|含有?|出现了?)(?=[^在])"
)
_HEARD = re.compile(
    r"(?:清楚地?|明显地?)?(?:可以|能够?|可)?听(?:得)?(?:到|见|出)(?!来)|(?:录音|音频|片段)[中里](?=有|没|出|是|能|听)"
)
_FRAMES = re.compile(r"听起来|听上去|听感上?|正好(?=出现)|出现(?=\d|正好|至少|大约|最多|超过)|^整体上?")
_LIKE = re.compile(r"像(?=是?在?[^，。]{0,6}(?:岁|人|孩子?|婴儿|青少年|里|中|场|店|边))是?")  # 像老年人, 像在菜市场
_QUOTED = re.compile(r"[“\"「『](?P<words>[^“”\"「」『』]{1,2000})[”\"」』]")
_SAYS = re.compile(r"[说讲念唱喊读问答道]|台词|歌词|内容")
_DENIED = re.compile(r"没有?|不|未|无")
# How questions of order name two sounds, the first of which comes first: A在B之前, A早于B, B在A之后, A之后是B, 先A再B.
_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?P<one>.{1,80}?)(?P<no>不)?(?:出现)?在(?P<other>.{1,80}?)(?:的?之|以)?前(?:出现|响起|开始|进入|发生|说的?)?$",
        r"^(?P<other>.{1,80}?)(?P<no>不)?(?:出现)?在(?P<one>.{1,80}?)(?:的?之|以)?后(?:才|再)?(?:出现|响起|开始|进入|发生|说的?)?$",
        r"^(?P<one>.{1,80}?)(?P<no>不)?(?:先|早)于(?P<other>.{1,80}?)(?:出现|响起|开始|发生)?$",
        r"^(?P<other>.{1,80}?)(?P<no>不)?(?:晚|后)于(?P<one>.{1,80}?)(?:出现|响起|开始|发生)?$",
        r"^(?P<one>.{1,80}?)(?:结束|停止|响过)?(?:之后|以后|过后|后面|后)[，,]?(?:紧?跟着|紧?接着|才|又)?(?:是|有|出现|响起|传来)+了?(?P<other>.{1,80})$",
        r"^(?P<one>.{1,80}?)(?:之后|以后|过后|后面|后)(?:紧?跟着|紧?接着)(?P<other>.{1,80})$",
        r"^(?P<other>.{1,80}?)(?:开始|出现|响起)?(?:之前|以前|前面)[，,]?先?(?:是|有|出现|响起|传来)+了?(?P<one>.{1,80})$",
        r"^先(?:是|有|出现|响起)*(?P<one>.{1,80}?)[，,、]?(?:再|然后|接着|随后|之后|后)(?:才|又)?(?:是|有|出现|响起)*(?P<other>.{1,80})$",
    )
)
# What is heard at the start, in the middle, at the end, first or last.
_PLACED = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?P<one>.{1,80}?)(?P<no>不)?(?:出现)?在(?P<place>开头|最后|中间|结尾|末尾)(?:出现|响起)?$",
        r"^以(?P<one>.{1,80}?)(?P<place>开头|开场|结尾|结束)$",
        r"^(?P<one>.{1,80}?)(?P<no>不)?是?(?P<place>最先|首先|第一个|最后)(?:一个)?(?:出现|响起|开始)的?(?:声音)?$",
        r"^(?P<place>最先|首先|第一个|最后)(?:一个)?(?:出现|响起|传来)?的?(?:声音)?(?P<no>不)?是(?P<one>.{1,80})$",
        r"^(?P<place>开头|开场|结尾|末尾)(?:是|有|出现|响起)+(?P<one>.{1,80})$",
    )
)
_TOGETHER = tuple(
    re.compile(pattern)
    for pattern in (
        r"^(?P<one>.{1,60}?)[和与跟](?P<other>.{1,60}?)(?P<no>不|没有)?(?:是|有)?(?:同时(?:出现|响起|发生|存在)?|重叠|交叠|重合)$",
        r"^(?P<one>.{1,60}?)(?:出现|响起|响)时[，,]?(?P<no>没)?(?:是|有|伴有|伴随着?|出现|响起)*(?P<other>.{1,60})$",
        r"^(?P<one>.{1,60}?)的?同时(?P<no>没)?(?:是|有|伴有|出现|响起)+(?P<other>.{1,60})$",
    )
)
_PLACES: dict[str, Place] = {
    **dict.fromkeys(["开头", "开场", "最先", "首先", "第一个"], "start"),
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
    body = _CONTAINS.sub(lambda match: "没有" if match["no"] else "有", body)
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
    both = _first_match(_TOGETHER, body)
    if both:
        one, other = _subject(both["one"]), _subject(both["other"])
        return Claim("simultaneity", "while", "", one, other, negated=bool(both["no"]))
    if dimension == "simultaneity":
        return None
    placed = _first_match(_PLACED, body)
    if placed:
        denied = bool(placed.groupdict().get("no"))
        return Claim("order", subject=_subject(placed["one"]), place=_PLACES[placed["place"]], negated=denied)
    order = _first_match(_ORDERS, body)
    if order is None:
        return None
    one, other = _subject(order["one"]), _subject(order["other"])
    return Claim("order", "then", "", one, other, negated=bool(order.groupdict().get("no")))


def _first_match(patterns: Iterable[re.Pattern[str]], body: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.match(body))), None)


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
