"""Numbers in Chinese captions: tempo, key, metre, ages, lengths, times, counts, voices, with their comparators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from audiojudge_cli.rubrics.claim import Claim, Comparator, Subject

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_ZH = "[零〇一二两三四五六七八九十百千]"
# a number in figures ("1,000", "2.5") or in Chinese; bounded, so that a row of digits costs nothing
_N = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?![\d,])|(?<![\d.])\d{{1,6}}(?:\.\d{{1,3}})?(?![\d.])|{_ZH}{{1,7}})"
_LEFT = (
    r"(?:(?P<least>至少有?|不少于|不低于|起码)|(?P<most>最多有?|不超过|至多|不多于|不高于)"
    r"|(?P<more>超过|多于|大于|高于|快于|长于|不止|逾)|(?P<less>不到|少于|低于|小于|不足|慢于|短于|未满)"
    r"|(?P<only>正好|刚好|恰好|只有|仅有|只|仅|总共|共|一共)|(?P<about>大约|大概|差不多|约|近|将近))?"
    r"\s?(?:是|为|有|在|响)?\s?"
)
_RIGHT = r"(?P<after>左右|上下|出头|以上|以下|以内)?"
_RANGE = rf"(?P<n>{_N})(?:\s?(?:-|–|—|~|～|到|至)\s?(?P<upper>{_N}))?"  # "150到180"
_RANGE_AGAIN = _RANGE.replace("<n>", "<n2>").replace("<upper>", "<upper2>")
_MANY = r"(?P<vague>[几数]|好几|十几|几十)"
_NOT_TIMES = r"(?![音线部道码])"  # 声 and 通 also begin words: 三声部, 一声音

# What each pattern reads; of two that overlap the earlier wins, so that 每分钟120拍 is a tempo and no length.
_PATTERNS = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "tempo": rf"{_LEFT}(?:每分钟\s?(?:约|大约)?{_RANGE}\s?拍"
        rf"|{_RANGE_AGAIN}\s?(?:bpm|拍/分|拍每分钟?)(?:之间)?)\s?{_RIGHT}",
        "beats": rf"{_LEFT}{_RANGE}\s?拍{_RIGHT}(?!子)",  # 120拍左右: a tempo where no bar has so many
        "speed": rf"(?:速度|bpm)\s?(?:为|是|在|[:：])?\s?{_LEFT}{_RANGE}{_RIGHT}(?!\s?[拍b%倍])",
        "key": r"(?<![a-z])(?P<flat>[升降])?(?P<tonic>[a-g])\s?(?P<sharp>[#♯♭b])?\s?(?P<mode>大调|小调|调(?![子性式]))",
        "metre": r"(?<![\d/])(?P<n>[2-9]|1[0-5])/(?P<unit>2|4|8|16)(?![\d/])\s?拍?子?",
        "age": rf"{_LEFT}(?:{_RANGE}|{_MANY})(?P<some>[多来几])?岁的?{_RIGHT}"
        r"|(?P<decade>[二三四五六七八九]十)(?:出头|左右|上下)",
        "every": rf"每隔?(?P<n>{_N})秒钟?(?:{_ZH}[次下声滴回记]|响{_ZH}?[次下声])?"
        rf"|每(?:小节|拍|隔?几秒){_ZH}?[次下声]?",
        "span": rf"(?:从|在)?第?(?P<n>{_N})\s?秒?(?:-|–|—|~|～|到|至)第?(?P<upper>{_N})\s?秒(?:之间|内|处)?",
        "head": rf"(?P<edge>前|开头|头)(?P<n>{_N})\s?(?P<unit>秒钟?|分钟)(?:内|里)?",
        "at": rf"(?:在)?(?:大约|大概|约)?(?:第\s?(?P<n>{_N})\s?秒|(?:到|至)(?P<n2>{_N})\s?秒)(?:左右|时|处|的时候)?"
        rf"|(?<=\n)(?P<n3>{_N})\s?秒(?=[:：])",
        "half": rf"(?:时长)?(?:是|为)?{_LEFT}(?P<n>{_N})分半钟?{_RIGHT}",
        "length": rf"(?:总?时长|总长|持续|长达|长度|停顿|停|沉默)?(?:是|为)?{_LEFT}(?:{_RANGE}|(?P<part>半))\s?个?"
        rf"(?P<unit>秒钟|秒|分钟|小时|毫秒)半?多?{_RIGHT}",
        "voices": rf"{_LEFT}(?:{_RANGE}|{_MANY})(?:个|位|名)?"
        r"(?P<unit>说话人|人声|人(?![声们的])|人(?=的?(?:对话|声音|说)))",
        "persons": rf"{_LEFT}(?P<n>[两二三四五六]|[2-9])(?P<unit>个|位|名)"
        r"(?=[^，。；、\s]{0,6}?(?:男|女|孩|生|主持|老人|朋友|声音|同学|演员|播|摊主|歌手|青年|姑娘|小伙|大爷|大妈))",
        "count": rf"{_LEFT}各?(?:{_RANGE}|{_MANY})(?P<unit>声|下|次|发|遍|响|记|回|滴|通|口|匹|圈|连发)"
        rf"{_NOT_TIMES}{_RIGHT}",
    }.items()
}
_SIGN = re.compile(r"[\d零〇一二两三四五六七八九十百几数半]|调")
_TONICS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_SECONDS = {"秒": 1.0, "分": 60.0, "小": 3600.0, "毫": 0.001}
_SANE = {"bpm": (20, 400), "s": (0.01, 36000), "times": (1, 1000), "voices": (1, 100), "years": (1, 120)}
_FEWEST_BPM = 40  # 八拍 are beats, 120拍 a tempo


class Figure(NamedTuple):
    """A number read: which pattern, its claim without subject (None: out of range, or no claim), where it stands."""

    kind: str
    claim: Claim | None
    start: int
    end: int


def number(text: str | None) -> float | None:
    """Return the value of a number in figures or in Chinese up to thousands, or None."""
    if not text:
        return None
    if text[0].isdigit():
        return float(text.replace(",", ""))
    total, digit = 0, 0
    for sign in text:
        if sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            digit = digit or _DIGITS[sign]  # 十七八 is about seventeen, 四三拍 no number at all
    return float(total + digit)


def figures(text: str, start: int, end: int) -> list[Figure]:
    """Return the numbers in `text[start:end]`, in order, none overlapping another."""
    if not _SIGN.search(text, start, end):
        return []
    found: list[Figure] = []
    taken: set[int] = set()
    for kind, pattern in _PATTERNS.items():
        for match in pattern.finditer(text, start, end):
            for figure in _figure(kind, match):
                span = range(figure.start, figure.end)
                if taken.isdisjoint(span):
                    taken.update(span)
                    found.append(figure)
    return sorted(found, key=lambda figure: figure.start)


def _figure(kind: str, match: re.Match[str]) -> Iterator[Figure]:
    groups = match.groupdict()
    low = number(groups.get("n") or groups.get("n2") or groups.get("n3"))
    high = number(groups.get("upper") or groups.get("upper2"))
    claim = _claim(kind, groups, low, high, match.group().strip().lstrip("在是有为"))
    if kind == "beats" and (low is None or low < _FEWEST_BPM):
        return  # beats of a bar are words of the vocabulary (三拍子)
    body = match.group()
    yield Figure(kind, claim, match.start() + len(body) - len(body.lstrip()), match.start() + len(body.rstrip()))


def _claim(kind: str, groups: dict[str, str | None], low: float | None, high: float | None, words: str) -> Claim | None:  # noqa: PLR0911 - one case after another, each a line
    music = Subject("music")
    if kind in {"tempo", "beats", "speed"}:
        return _bound("tempo", "bpm", groups, low, high, words, "about", music)
    if kind == "key":
        return _key(groups, words)
    if kind == "metre":
        return Claim("metre", words.rstrip("拍子").strip(), words, music, number=low, unit="beats")
    if kind == "age":
        if low is None and groups.get("decade"):
            low = number(groups["decade"])
        return _bound("age", "years", groups, low, high, words.rstrip("的"), "about", Subject("speaker"))
    if kind == "every":
        return Claim("rhythm", "regular", words, Subject("sound"), number=low, unit="s" if low else "")
    if kind in {"span", "at", "head"}:
        return _moment(kind, groups, low, high, words)
    if kind in {"half", "length"}:
        scale = _SECONDS[(groups.get("unit") or "分")[0]]
        low = 0.5 if groups.get("part") else low
        low = low + 0.5 if kind == "half" and low is not None else low
        seconds = None if low is None else low * scale
        return _bound(
            "duration", "s", groups, seconds, None if high is None else high * scale, words, "about", Subject()
        )
    if kind in {"voices", "persons"}:
        return _bound("speaker_count", "voices", groups, low, high, words, "exactly", Subject("speaker"))
    return _bound("count", "times", groups, low, high, words, "exactly", Subject("sound"))


def _bound(  # noqa: PLR0917 - one case after another, each a line
    dimension: str, unit: str, groups: dict[str, str | None], low: float | None, high: float | None, words: str,
    plain: Comparator, subject: Subject,
) -> Claim | None:  # fmt: skip
    if groups.get("vague"):  # 几声: more than one
        return Claim(dimension, "many" if unit == "voices" else "", words, subject, None, "at_least", 2.0, unit=unit)
    smallest, largest = _SANE[unit]
    if low is None or not smallest <= low <= largest or (high is not None and not low <= high <= largest):
        return None
    after = groups.get("after") or ""
    how: Comparator = plain
    if high is not None:
        how = "between"
    elif after in {"以上", "以下", "以内"}:
        how = "at_least" if after == "以上" else "at_most"
    elif after or groups.get("some"):
        how = "about"
    names: dict[str, Comparator] = {"least": "at_least", "most": "at_most", "only": "exactly"}
    for name in ("least", "most", "more", "less", "only", "about"):
        if groups.get(name) and how != "between":
            how = names.get(name, name)  # type: ignore[arg-type]  # more, less and about are their own names
    value = (
        {1.0: "one", 2.0: "two", 3.0: "three", 4.0: "four"}.get(low, "")
        if unit == "voices" and how == "exactly"
        else ""
    )
    return Claim(dimension, value, words, subject, None, how, low, high, unit)


def _moment(
    kind: str, groups: dict[str, str | None], low: float | None, high: float | None, words: str
) -> Claim | None:
    largest = _SANE["s"][1]
    if low is None or low > largest or (high is not None and not low <= high <= largest):
        return None
    if kind == "head":
        return Claim("order", words=words, from_s=0.0, to_s=low * _SECONDS[(groups["unit"] or "秒")[0]], place="start")
    return Claim("order", words=words, from_s=low, to_s=low if high is None else high)


def _key(groups: dict[str, str | None], words: str) -> Claim:
    tonic = _TONICS[(groups["tonic"] or "c").lower()]
    tonic += {"#": 1, "♯": 1, "♭": -1, "b": -1}.get(groups["sharp"] or "", 0)
    tonic += {"升": 1, "降": -1}.get(groups["flat"] or "", 0)
    mode = "minor" if groups["mode"] == "小调" else "major"
    return Claim("key", mode, words, Subject("music"), number=float(tonic % 12), unit="pitch_class")
