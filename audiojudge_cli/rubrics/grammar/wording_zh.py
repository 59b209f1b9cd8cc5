"""Chinese question parts in the caption's own words."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.word_class import word_class

_NUMBER = r"[零〇一二两三四五六七八九十百半几\d]"
_COUNTED = re.compile(
    rf"^(?P<times>(?:共|各|只|仅|连续)?{_NUMBER}{{1,3}}(?:声|下|次|发|遍|响|记|回|滴|通|口|连发))(?P<what>.*)$"
)
_TIMES = re.compile(
    rf"(?P<what>.*?)(?P<times>(?:共|各|只|仅|连续)?{_NUMBER}{{1,3}}(?:声|下|次|发|遍|响|记|回|滴|通|口|连发))$"
)
_HIGH = re.compile(r"[高低中](?!沉|亢|音|频)")
_IDIOM = 4
_SPOKEN_LOW = re.compile(r"(?:声|嗓门|嗓子|声音|细语|细气)$")
_CHANGING = re.compile(r"^(?:突然|骤然|忽然|渐渐|逐渐|慢慢|缓缓|陡然|瞬间)$")
_MOVING = re.compile(r"^[由从][左右近远前后].{0,3}[到向往至][左右近远前后]$")
_GOING = re.compile(r"^(?:慢慢|缓缓|渐渐|徐徐)地?$")
_REVERB = re.compile(r"混响|回声|回音|回响|余音|回荡")
_LASTING = re.compile(r"^(?:不停|不断|全程|一直|始终|持续|连续|不间断)(?:地)?$")
_PLACED = re.compile(r"^(?:大约|约|大概)?(?:开头|最后|前|结尾|头|第|末)")


def count(words: str, subject: str) -> str:
    """Return "is the dog heard exactly twice" without its question mark."""
    end = _TIMES.match(words)
    start = _COUNTED.match(words)
    if start and start["what"]:
        return f"是否正好有{words}"
    if end:
        named = end["what"] or ("" if subject == "声音" else subject)
        return f"{named or '声音'}是否正好出现{end['times']}"
    return f"出现的次数是否正好为“{words}”"


def pitch(subject: str, words: str) -> str:
    """Return what a word of pitch is about: the pitch where it is high or low, else the sound itself."""
    return f"{subject}的音高" if _HIGH.search(words) else subject


def volume(words: str) -> str:
    """Return "does he speak softly" or "is the volume high" without its question mark."""
    text = words.removesuffix("地")
    if text.endswith(("说话", "说")):
        return f"是否{text}"
    if text.endswith("的声音"):
        return f"声音是否{text.removesuffix('的声音')}"
    if _SPOKEN_LOW.search(text):
        return f"是否{text}{'地' if len(text) == _IDIOM else ''}说话"
    if text == "轻轻":
        return "是否轻轻地说话"
    return f"声音是否{text}" if text.endswith("轻") or "听" in text else f"音量是否{text.removeprefix('音量')}"


def rhythm(subject: str, words: str) -> tuple[str, str]:
    """Return what a word of rhythm is about and the word so that it can follow 是否."""
    if _GOING.match(words):
        return subject, f"{words.removesuffix('地')}进行"
    if words.endswith(("快", "慢", "急促", "缓慢", "稀疏", "密集", "均匀", "规律", "规则")):
        return f"{subject}的节奏", words
    return subject, words


def change(words: str) -> str:
    """Return words of a transition as they follow 是否."""
    if words in {"突然", "忽然"}:
        return f"{words}出现"
    if _CHANGING.match(words):
        return f"{words}发生变化"
    return f"{words}移动" if _MOVING.match(words) else words


def length(subject: str, words: str, *, number: bool) -> str:
    """Return "does it last ten seconds" without its question mark."""
    text = re.sub(r"^时长|^持续", "", words)
    if text.endswith("音"):
        return f"是否有{text}"
    if not number:
        return f"{subject}是否一直持续" if _LASTING.match(text) else f"{subject}是否{text}"
    if _PLACED.match(text):
        return f"{subject}是否出现在{text}"
    return f"时长是否为{text}" if words != text or text.startswith(("约", "大约", "大概")) else f"是否持续{text}"


def echo(words: str) -> str:
    """Return "is there reverberation" or "does it sound like a cave" without its question mark."""
    return f"是否有{words}" if _REVERB.search(words) else f"听起来是否像在{words}"


def accent(words: str) -> str:
    """Return "is it spoken with this accent" without its question mark."""
    bare = re.sub(r"^(?:带点儿?|带着|带有|带|有点儿?|有)", "", words)
    slight = "有点" if words != bare and "点" in words[:3] else ""
    return f"说的是否是{bare}" if bare.endswith("话") and not slight else f"是否带{slight}{bare}"


def style(words: str, context: str) -> str:
    """Return "is it told like this" without its question mark."""
    if words in word_class("manners"):
        return f"表达是否{words}"
    if "像" in words:
        return f"听起来是否{words}"
    return f"音乐风格是否为{words}" if context == "music" else f"听起来是否像{words}"
