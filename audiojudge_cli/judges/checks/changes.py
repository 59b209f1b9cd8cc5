"""Items about change over time: rhythm, dynamics, fades, stops, loudness that moves, how long things last."""

from __future__ import annotations

import re

from audiojudge_cli.judges.checks import traits
from audiojudge_cli.judges.checks.item_text import Found, ItemText
from audiojudge_cli.judges.checks.kinds import Asked, Check, Duration, Loudness, NotHeard
from audiojudge_cli.judges.checks.numbers import seconds_in
from audiojudge_cli.judges.checks.placing import read_time

_TRENDS = {
    "crescendo": "rising",
    "rising": "rising",
    "diminuendo": "falling",
    "falling": "falling",
    "fade_in": "fade_in",
    "fade_out": "fade_out",
}
_LEVELS = {"soft": "quiet", "quiet": "quiet", "very_quiet": "quiet", "loud": "loud", "very_loud": "loud"}
_ENDS = re.compile(
    r"\b(?:stops?|ends?|cuts? (?:off|out|dead|to silence)|cut (?:off|dead)|silent|silence|dead stop|hard stop)\b"
    r"|戛然而止|骤停|停止|中断|切断|结束|寂静",
    re.IGNORECASE,
)
_BEAT = re.compile(r"\bbeats?\b|节拍|拍子", re.IGNORECASE)
_FASTER = re.compile(r"\b(?:faster and faster|speed(?:s|ing)? up|accelerat\w+)\b|越来越快|加速|加快", re.IGNORECASE)
_MUSICAL = re.compile(
    r"\b(?:swing|swung|groove|funky|shuffle\w*|breakbeat|broken|lazy|laid-back|polyrhythm\w*|half-time|double-time)\b"
    r"|摇摆|切分|弹跳|分解和弦",
    re.IGNORECASE,
)
_NOW_AND_THEN = re.compile(
    r"occasional|sporadic|intermittent|now and then|every so often|at times|sometimes|off and on"
    r"|断断续续|时断时续|间歇|偶|时不时|不时|时有时无|间或|断续",
    re.IGNORECASE,
)
_SPARSE = re.compile(r"sparse|scattered|spaced out|稀|零|疏落", re.IGNORECASE)
_DENIED_END = re.compile(r"\b(?:not|no|without|never|rather than|instead of|free of)\b|没有|不要|不是", re.IGNORECASE)
_VOLUME_LOW = re.compile(r"音量.{0,4}[低小轻](?!于)|\bvolume (?:is )?low\b|\blow volume\b", re.IGNORECASE)
_VOLUME_HIGH = re.compile(r"音量.{0,4}[高大响](?!于)|\bvolume (?:is )?high\b|\bhigh volume\b", re.IGNORECASE)
_HEARD_AT = re.compile(
    r"\b(?:heard|audible|come in|enters?|begins?|appears?) (?:at|within|around|about|after)\b|是否能听到|是否出现在",
    re.IGNORECASE,
)
_CLIP = re.compile(r"\b(?:clip|audio|recording|song|track|piece|it|length)\b|时长|音频|全长|dur", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:bars?|beats?|under|intro|outro|section|pause|fade|ending|last (?:\w+ )?seconds?|silence|theme)\b"
    r"|前奏|小节|开头|停|拍|最后",
    re.IGNORECASE,
)
_FINAL_SILENCE = re.compile(r"\bsilence\b|静音|寂静", re.IGNORECASE)


def read_rhythm(text: ItemText) -> Asked | NotHeard:
    """Read "Is the ticking regular?", "Are the knocks in quick succession?"."""
    source = f"{text.item.question} {text.item.basis}"
    if _BEAT.search(source) and not re.search(r"every|second beat|rush|behind|ahead|per bar|每", source):
        return Asked(traits.SteadyBeat(), text.denies)
    if _FASTER.search(source):
        return Asked(traits.Rhythm("accelerating"), text.denies)
    if _MUSICAL.search(source):
        return NotHeard("No probe tells swing, grooves and patterns of a rhythm apart.")
    for found in text.concepts("rhythm", "rate", "tempo"):
        check = _paced(found)
        if check is not None:
            return check
    return NotHeard("Only regular, irregular, quick and slow repetition can be told apart.")


def _paced(found: Found) -> Asked | None:
    if found.value == "irregular" and _NOW_AND_THEN.search(found.text):
        return Asked(traits.Continuous(), not found.denied)
    if found.value == "irregular" and _SPARSE.search(found.text):
        return Asked(traits.Rhythm("slow"), found.denied)
    if found.value in {"regular", "irregular"}:
        return Asked(traits.Rhythm("regular"), found.denied != (found.value == "irregular"))
    return Asked(traits.Rhythm(found.value), found.denied) if found.value in {"fast", "slow"} else None


def read_change(text: ItemText) -> Asked | NotHeard | None:
    """Read rising, falling, fading and stopping from any text; None where it speaks of no change of level."""
    source = f"{text.item.question} {text.item.basis}"
    if _ENDS.search(source) and any(found.value == "cut" for found in text.concepts("transition")):
        return Asked(traits.AbruptEnd(), bool(_DENIED_END.search(text.question)))
    for found in text.concepts("transition", "dynamics", "volume", "intensity"):
        trend = _TRENDS.get(found.value)
        if trend:
            return Asked(traits.LevelTrend(trend), found.denied)
    return None


def plain_volume(question: str) -> str | None:
    """Return `quiet` or `loud` where the question says 音量 or "volume" and low, small, high or big; else None."""
    for pattern, level in ((_VOLUME_LOW, "quiet"), (_VOLUME_HIGH, "loud")):
        if pattern.search(question):
            return level
    return None


def read_dynamics(text: ItemText) -> Asked | NotHeard:
    """Read "Does the music swell?", "Is the music soft?"."""
    if re.search(r"\bthan\b|比", text.item.question):
        return NotHeard("No probe compares two parts of a piece.")
    for found in text.concepts("dynamics", "volume"):
        check = _dynamic(found)
        if check is not None:
            return check
    level = plain_volume(text.question)
    if level is not None:
        return Asked(Loudness(level, "music"), text.denies)
    return read_change(text) or NotHeard("Only soft, loud, growing, fading and steady music can be told apart.")


def _dynamic(found: Found) -> Asked | None:
    if found.value in _TRENDS:
        return Asked(traits.LevelTrend(_TRENDS[found.value]), found.denied)
    if found.value in _LEVELS:
        return Asked(Loudness(_LEVELS[found.value], "music"), found.denied)
    return Asked(traits.SteadyLevel(), not found.denied) if found.value == "dynamic" else None


def read_loudness_course(text: ItemText) -> Asked | None:
    """Read the volumes that are neither quiet nor loud: medium, steady, rising, falling; None for others."""
    for found in text.concepts("volume", "intensity"):
        # The vocabulary lists uneven loudness beside the steady one.
        uneven = re.search("忽大忽小|忽高忽低|忽强忽弱", found.text)
        if uneven:
            return Asked(traits.SteadyLevel(), not (text.denies or text.item.negated))
        course: dict[str, Check] = {"medium": traits.MediumLevel(), "stable": traits.SteadyLevel()}
        if found.value in course:
            return Asked(course[found.value], found.denied)
        if found.value in _TRENDS:
            return Asked(traits.LevelTrend(_TRENDS[found.value]), found.denied)
    if re.search("适中", f"{text.item.question}{text.item.basis}"):
        return Asked(traits.MediumLevel(), text.denies)
    return None


def read_duration(text: ItemText) -> Asked | NotHeard:
    """Read "Does the clip last about 10 seconds?", "Does the rain continue throughout?"."""
    source = f"{text.item.question} {text.item.basis}"
    seconds = seconds_in(text.question) or seconds_in(text.item.basis)
    if re.search(r"\bpauses?\b|停顿|停[了约半]", source):
        return Asked(traits.LongPause(seconds), text.denies)
    if _HEARD_AT.search(text.question):
        return read_time(text) or NotHeard("The item names no sound whose time could be told.")
    if seconds:
        return _lasting(text, seconds)
    for found in text.concepts("duration"):
        if found.value == "continuous":
            return Asked(traits.Continuous(), found.denied)
    return NotHeard("The item names no length in seconds, and how long one sound of several lasts is not measured.")


def _lasting(text: ItemText, seconds: float) -> Asked | NotHeard:
    source = f"{text.item.question} {text.item.basis}"
    if _FINAL_SILENCE.search(source) and re.search(r"\b(?:close|end|final)|结尾|最后", source):
        return Asked(traits.FinalSilence(seconds), text.denies)
    if not _PART.search(source) and (_CLIP.search(source) or text.question != text.item.question):
        return Asked(Duration(seconds), text.denies)
    return NotHeard("Only the length of the whole clip, of pauses and of a final silence is measured.")
