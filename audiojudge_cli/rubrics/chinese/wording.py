"""Chinese questions for claims: natural enough to be read aloud, yes always means that the caption is satisfied.

What is asked lies in `rubrics/function/chinese_questions.yaml`; here a claim is matched with its row there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.templates import chosen, templates

if TYPE_CHECKING:
    from audiojudge_cli.rubrics.claim import Claim, Subject

# Read as written: names, and coarse values whose first Chinese word may say something else (funky).
_NAMES = frozenset(
    {
        *("event", "instrument", "genre", "scene", "content", "style", "simultaneity", "order", "count", "overall"),
        *("accent", "rhythm", "production", "recording", "structure", "transition", "timbre"),
    }
)
_COMPARED = {"exactly": "正好", "at_least": "至少", "at_most": "最多", "more": "超过", "less": "不到", "about": "大约"}
_UNITS = {"times": "次", "s": "秒", "voices": "人", "years": "岁", "hz": "赫兹"}
_MINUTE = 60  # seconds; whole and half minutes are said as minutes
_PLACES = {"start": "开头", "end": "结尾", "last_line": "说最后一句时", "middle": "中间"}
_NAMES_SOUND = re.compile(r"[声音响效叫鸣]$")  # 雨声 is heard as it stands, 木门打开 is 木门打开的声音
_MARKS = str.maketrans("", "", '“”"「」『』')  # the question brings its own
_LEADING = re.compile(r"^(?:要|得|是|为(?!主))(?=.)")  # can't follow 是否
_TRAILING = re.compile(r"(?<=.)[地的了]$")  # can't end a question
_TOO = re.compile(r"(?:太|过于|过分).+$")  # 不要太重的混响 denies no more than that
_VOICE = re.compile(r"[声音嗓]$")  # names a voice, not a person: 男声 needs no 的声音


def question(claim: Claim, basis: str) -> str:
    """Return the question that asks for `claim`.

    Args:
        claim: What is asked.
        basis: The words of the caption it rests on; stands in where the claim has no words of its own.
    """
    slots = _slots(claim, basis)
    row = chosen(templates("chinese")[0], _keys(claim), slots["words"])
    _, asked, found = row if row is not None else ("", "", {})  # never none: the row without key and pattern is there
    timed = slots["when"] and claim.dimension not in {"order", "count"}
    return f"{slots['when'] + '，' if timed else ''}{asked.format_map(slots | found)}？"


def _keys(claim: Claim) -> list[str]:
    """Return where the rows for a claim stand, the most special key first."""
    name, kind = claim.dimension, _kind(claim.subject)
    keys = ["-"] * claim.negated
    if name == "speaker_sex" and claim.subject.concept and not claim.subject.words:
        keys.append(f"{name}@one/{claim.value}")
    keys += [f"{name}+", "+"] if claim.other is not None else []
    if claim.number is not None and claim.other is None:
        keys += [f"{name}#/{kind}", f"{name}#/{claim.comparator}", f"{name}#"]
    if claim.place or claim.from_s is not None:
        keys.append(f"{name}@")
    return [*keys, f"{name}/{claim.value}", f"{name}/{kind}", name, f"/{kind}", ""]


def _kind(subject: Subject) -> str:
    if subject.kind in {"speaker", "vocals"}:
        return "voice"
    return (
        "thing" if subject.kind in {"sound", "instrument"} and subject.words else subject.kind.replace("sound", "clip")
    )


def _slots(claim: Claim, basis: str) -> dict[str, str]:
    no, sung = claim.negated, claim.subject.kind == "vocals"
    words = claim.words.translate(_MARKS) if claim.dimension == "content" else _words(claim, basis)
    name = _name(claim.subject)
    if claim.dimension in {"order", "simultaneity"}:
        name = _heard(claim.subject)
    topic = templates("chinese")[1]["topics"].get(claim.dimension, "")
    return {
        "name": name,
        "bare": name.removesuffix("的声音"),
        "other": _heard(claim.other) if claim.other is not None else "",
        "words": words,
        "amount": _amount(claim),
        "when": _when(claim),
        "topic": f"的{topic}" if topic else "",
        "voice": "" if _VOICE.search(name) else "的声音",
        "no": "不" if no else "",
        "none": "没有" if no else "",
        "has": "是否没有" if no else "是否有",
        "hear": "是否没有" if no else "是否能听到",
        "carry": "是否没有" if no else "是否带有",
        "le": "" if no else "了",
        "say": "唱" if sung else "说",
        "act": "演唱" if sung else "说话",
    }


def _words(claim: Claim, basis: str) -> str:
    """Return the words of a claim as they can follow 是否; English ones in Chinese where that is certain."""
    too = _TOO.search(basis) if claim.negated and "太" not in claim.words else None
    words = too.group() if too else claim.words
    if words.isascii():
        words = templates("chinese")[1]["english"].get(words.lower(), words)
        listed = vocabulary.table(claim.dimension) if claim.dimension in vocabulary.dimensions() else {}
        if words == claim.words and claim.dimension not in _NAMES and claim.value in listed:
            words = next(iter(listed[claim.value][1]), words)
    words = _LEADING.sub("", _plain(words or basis))
    words = words if claim.dimension == "scene" else _TRAILING.sub("", words)  # 雪地, 工地
    doubled = len(words) > 1 and words[-1] == words[-2] and claim.dimension not in _NAMES - {"rhythm", "timbre"}
    return f"{words}的" if doubled else words  # 懒洋洋的


def _plain(text: str) -> str:
    return " ".join(text.translate(_MARKS).split())


def _name(subject: Subject) -> str:
    """Return how a subject reads: by its own words, else by its kind."""
    words = _plain(subject.words)
    kind = templates("chinese")[1]["kinds"][subject.kind]
    if subject.kind == "sound" and words:
        words = templates("chinese")[1]["english"].get(words.lower(), words)
        return words if _NAMES_SOUND.search(words) else f"{_TRAILING.sub('', words)}的声音"
    if words.isascii() and subject.kind != "instrument":
        words = {"male": "男声", "female": "女声"}.get(subject.concept, "") if words else ""
    elif words.isascii():
        words = templates("chinese")[1]["english"].get(words.lower(), words)
    if (
        not words
        or (subject.kind == "music" and len(words) == 1)
        or words in {"人声", "声音", "唱", "唱着", "演唱", "唱歌"}
    ):
        words = kind
    words = re.sub(r"^([男女])[的性]?$", r"\1声", {"他": "男", "她": "女"}.get(words, words))  # 男的, 女性
    return f"第{'零一二三四五六七八九'[subject.which]}个{words}" if _numbered(subject) else words


def _numbered(subject: Subject) -> bool:
    """Whether one of several voices is meant; sounds are told apart by their names."""
    return subject.kind in {"speaker", "vocals"} and 0 < subject.which < len("零一二三四五六七八九")


def _heard(subject: Subject) -> str:
    """Return how what is heard of a subject reads: of a person, the voice."""
    name = _name(subject)
    return name if subject.kind != "speaker" or _VOICE.search(name) else f"{name}说话的声音"


def _when(claim: Claim) -> str:
    low, high = claim.from_s, claim.to_s
    if low is None or (high is None and claim.dimension != "order"):
        place = _PLACES.get(claim.place, "")
        return "最后" if claim.dimension == "order" and claim.place == "end" else place
    span = f"第{low:g}秒左右" if high is None or high == low else f"第{low:g}秒到第{high:g}秒之间"
    return span if claim.dimension == "order" else f"在{span}"


def _amount(claim: Claim) -> str:
    """Return a number with its comparator and unit: 大约15秒, 至少为每分钟120拍."""
    number, unit = claim.number or 0.0, _UNITS.get(claim.unit, "")
    told = f"{number:g}{unit}"
    if claim.comparator == "between" and claim.upper is not None:
        told = f"{number:g}到{claim.upper:g}{unit}"
    elif claim.unit == "s" and number >= _MINUTE and number % (_MINUTE / 2) == 0:
        told = f"{number // _MINUTE:g}分{'半' if number % _MINUTE else ''}钟"
    how = _COMPARED.get(claim.comparator, "")
    if claim.unit == "bpm":
        told, how = f"每分钟{told}拍", how if how in {"超过", ""} else {"不到": "低于"}.get(how, f"{how}为")
    if claim.unit == "times":
        how += "出现"
    return f"在{told}之间" if claim.comparator == "between" else f"{how}{told}"
