"""Instructions such as "Rate the background noise from 1 (very noisy) to 5 (silent)", read into a criterion.

The form s = f(instruction, audio) is that of Jastin (arXiv 2605.04505): any criterion, any scale, either direction.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from audiojudge_cli.errors import InputError
from audiojudge_cli.scales.scale import PASS_FAIL, YES_NO, Scale, number_scale
from audiojudge_cli.text.terminal import shown

LONGEST = 2000
"""Characters of an instruction; a longer one is a document."""

_NUMBER = r"-?\d{1,4}(?:\.\d{1,2})?"
# What a value means, in brackets behind it.
_MEANING = r"(?:\s*[(（]\s*{}\s*[)）])?"
# "from 1 (very noisy) to 5 (silent)", "on a scale of 1-10", "0–100", "1到5分".
_RANGE = re.compile(
    r"[,，]?\s*(?:\b(?:on|using|in)\s+)?(?:\b(?:a|the)\s+(?:scale|range)\s+)?(?:\b(?:of|from|between)\s+|从|用|以)?"
    rf"(?<![0-9A-Za-z_.])(?P<first>{_NUMBER}){_MEANING.format(r'(?P<first_means>[^()（）=:：]{1,120}?)')}\s*"
    rf"(?:to|and|through|up to|[-–—~]|\.\.+|到|至)\s*(?P<last>{_NUMBER})(?![0-9A-Za-z_]|\.\d)"
    rf"{_MEANING.format(r'(?P<last_means>[^()（）=:：]{1,120}?)')}(?:\s*(?:points?\b|stars?\b|分))?",
    re.IGNORECASE,
)
# "1 = very noisy", "where 5 is silent", "5: best", "1表示很吵": what single values mean, up to the next stop or value.
_SINGLE = re.compile(
    rf"(?:\bwhere\s+|\bwith\s+|其中)?(?<![0-9A-Za-z_.])(?P<value>{_NUMBER})\s*(?:=|:|：|\bmeans?\b|\bis\b|\bbeing\b|\bfor\b|表示|代表|为|是)\s*"
    rf"(?P<means>[^\d,;.()，；。（）]{{1,120}}?)(?=\s*(?:$|[,;.()，；。（）]|\b(?:and|to)\s+{_NUMBER}))(?:[,;，；]|\s+and\b)?",
    re.IGNORECASE,
)
# What a scale has: the word, an opening as of a range, an end where scales begin ("1 to 5", "0–100", "-1 to 1").
_SAID = re.compile(r"\b(?:scale|points?|stars?)\b|分", re.IGNORECASE)
_OPENED = re.compile(r"\b(?:of|from|between)\s|[从用以]", re.IGNORECASE)
_BEGINNING = {0.0, 1.0, -1.0}
# What makes a range of numbers one of something else: "20 to 200 Hz", "the 1990-1999 recordings", "5到10秒".
_OF_UNITS = re.compile(
    r"\s*(?:k?hz|ms|s|secs?|seconds?|min|mins|minutes?|hours?|h|years?|yrs?|db|dbfs|lufs|bpm|semitones?|cents?|people|speakers?|"
    r"voices|times)\b|\s*(?:秒|分?钟|小时|赫兹|千赫|年|岁|分贝|个|次)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"[12]\d{3}")
# Two verdicts instead of numbers.
_PASS = re.compile(
    r"[,:]?\s*(?:\b(?:with|as|answer|say)\s+)*\b(?:pass(?:\s*/\s*|\s+or\s+)fail|fail(?:\s*/\s*|\s+or\s+)pass)\b",
    re.IGNORECASE,
)
_YES = re.compile(
    r"[,:]?\s*(?:\b(?:with|as|answer|say)\s+)*\b(?:yes(?:\s*/\s*|\s+or\s+)no|no(?:\s*/\s*|\s+or\s+)yes)\b",
    re.IGNORECASE,
)
# "noise: Rate …" names the dimension; a name is what a column may be called.
_NAMED = re.compile(r"\s*(?P<name>[a-z][a-z0-9_]{0,39}):\s+(?P<rest>\S.*)", re.DOTALL)
# Words that ask, and say nothing of what is asked about.
_ASKING = re.compile(
    r"\b(?:please|rate|score|grade|judge|assess|evaluate|listen|to|the|this|a|an|of|for|on|in|how|is|are|does|do|and|it|its|"
    r"you|would|what|give|audio|clip|recording)\b|请|给|评价|评分|打分|这段|音频|录音|的",
    re.IGNORECASE,
)
_NAME_WORDS = 5
_CUT = "\0"
_AROUND = re.compile(rf"[\s,;:.，；：。()（）]*{_CUT}[\s,;:.，；：。()（）]*")


@dataclass(frozen=True, slots=True)
class Criterion:
    """What clips are rated on.

    Attributes:
        name: The dimension, as `ratings.csv` names it.
        instruction: The whole instruction, as a model is told it.
        asking: The instruction without its scale: "Rate the background noise".
        scale: The values.
    """

    name: str
    instruction: str
    asking: str
    scale: Scale

    def reworded(self, count: int) -> tuple[Criterion, ...]:
        """Return the criterion in `count` wordings, the given one first; all ask the same on the same scale.

        Raises:
            InputError: If there are not so many wordings.
        """
        if not 1 <= count <= MOST_WORDINGS:
            raise InputError(f"--paraphrases must be a number from 1 to {MOST_WORDINGS}, not {count}")
        asking = self.asking + ("" if self.asking.endswith(("?", "？")) else ".")
        up, down = self.scale.text(), self.scale.text(falling=True)
        others = [form.format(asking=asking, up=up, down=down) for form in _WORDINGS]
        return (self, *(replace(self, instruction=text) for text in others[: count - 1]))


_WORDINGS = (
    "{asking} Use the scale {down}.",
    "Listen to the whole recording first. {asking} The scale goes {up}.",
    "You are a careful listener on a panel. {asking} Your rating goes {up}.",
    "Scale: {down}. {asking}",
    "{asking} Go only by what can be heard, and give one value {up}.",
    "Rating task. Scale: {up}. Task: {asking}",
    "What would most listeners say? {asking} Values go {down}.",
)
"""Other wordings: the scale in another place, rising and falling, with and without a role."""

MOST_WORDINGS = 1 + len(_WORDINGS)


def read_instruction(text: str, name: str = "") -> Criterion:
    """Return what an instruction asks for.

    Args:
        text: The instruction; `noise: Rate …` names its dimension.
        name: The dimension, where it is known.

    Raises:
        InputError: If it names no scale, or is empty or too long.
    """
    if len(text) > LONGEST:
        raise InputError(f"--instruction has {len(text):,} characters; the limit is {LONGEST:,}")
    instruction = " ".join(text.split())
    if not name and (named := _NAMED.fullmatch(instruction)):
        name, instruction = named["name"], named["rest"]
    if not instruction:
        raise InputError(
            "--instruction is empty; write for instance 'Rate the background noise from 1 (loud) to 5 (none)'"
        )
    scale, asking = _scale(instruction)
    # The commas and full stops around the place where the scale stood go with it.
    asking = " ".join(_AROUND.sub(" ", asking).split()).replace(" ?", "?").rstrip(" ,;:.，；：。")
    return Criterion(name or _name(asking), instruction, asking, scale)


def _scale(instruction: str) -> tuple[Scale, str]:
    if found := _range(instruction):
        rest = instruction[: found.start()] + _CUT + instruction[found.end() :]
        anchors = [(float(found[end]), (found[f"{end}_means"] or "").strip()) for end in ("first", "last")]
        anchors += [(float(one["value"]), one["means"].strip()) for one in _SINGLE.finditer(rest)]
        scale = number_scale(found["first"], found["last"], anchors)
        if scale is None:
            raise InputError(
                f"{shown(instruction)}: from {found['first']} to {found['last']} is no scale: it needs 2 to 201 values"
            )
        return scale, _SINGLE.sub(_CUT, rest)
    for pattern, scale in ((_PASS, PASS_FAIL), (_YES, YES_NO)):
        if found := pattern.search(instruction):
            return scale, instruction[: found.start()] + _CUT + instruction[found.end() :]
    raise InputError(
        f"{shown(instruction)} names no scale; end it for instance with 'from 1 (very noisy) to 5 (silent)', or "
        "'pass or fail'"
    )


def _range(instruction: str) -> re.Match[str] | None:
    """Return the range of numbers that is meant as the scale, None where there is none.

    Raises:
        InputError: If two could be meant.
    """
    found = [one for one in _RANGE.finditer(instruction) if not _is_something_else(one, instruction)]
    ranges = sorted(found, key=_likeness, reverse=True)
    if len(ranges) < 2:
        return ranges[0] if ranges else None
    first, second = ({float(one["first"]), float(one["last"])} for one in ranges[:2])
    if first != second and _likeness(ranges[0]) == _likeness(ranges[1]):
        told = " and ".join(f"{one['first']} to {one['last']}" for one in sorted(ranges[:2], key=re.Match[str].start))
        raise InputError(
            f"{shown(instruction)} names two scales, {told}; say 'on a scale from' before the one that is meant"
        )
    return ranges[0]


def _likeness(found: re.Match[str]) -> int:
    """Return how much a range of numbers looks like a scale: said to be one, told what it means, opened as one."""
    ends = {float(found["first"]), float(found["last"])}
    said, means = bool(_SAID.search(found[0])), bool(found["first_means"] or found["last_means"])
    return 4 * (said + means) + 2 * bool(_OPENED.search(found[0])) + bool(ends & _BEGINNING)


def _is_something_else(found: re.Match[str], instruction: str) -> bool:
    """Return whether a range of numbers is one of units or years."""
    units = _OF_UNITS.match(instruction[found.end() - found[0].endswith("分") :])
    return bool(units) or all(_YEAR.fullmatch(found[end]) for end in ("first", "last"))


def _name(asking: str) -> str:
    words = re.findall(r"\w+", _ASKING.sub(" ", asking).lower())
    return "_".join(words[:_NAME_WORDS]) or "rating"
