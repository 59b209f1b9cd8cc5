"""Items about space and recording: sides, width, movement, telephone band, distortion, quality, bass."""

from __future__ import annotations

import re

from audiojudge_cli.judges.checks import traits
from audiojudge_cli.judges.checks.changes import read_change
from audiojudge_cli.judges.checks.item_text import ItemText
from audiojudge_cli.judges.checks.kinds import Asked, Noise, NotHeard

_LEFT_TO_RIGHT = re.compile(r"left to(?: the)? right|[从由自]左[到向往至]右", re.IGNORECASE)
_RIGHT_TO_LEFT = re.compile(r"right to(?: the)? left|[从由自]右[到向往至]左", re.IGNORECASE)
_MOVES = re.compile(r"\b(?:moves?|moving|pans?|panning|travels?|across|off to)\b|移动|掠过|声像移", re.IGNORECASE)
_SWIRL = re.compile(r"\b(?:spins?|swirl\w*|ping-pong|back and forth|side to side)\b|左右移动|环绕", re.IGNORECASE)
_LEFT = re.compile(r"\bleft\b|左", re.IGNORECASE)
_RIGHT = re.compile(
    r"\b(?:to|on|from|in) (?:the|your|my|far)? ?right\b|\bright (?:channel|ear|side|speaker)\b|右", re.IGNORECASE
)
_MONO = re.compile(r"\bmono(?:phonic|aural)?\b|单声道", re.IGNORECASE)
_STEREO = re.compile(r"\b(?:stereo|binaural|wide|width|surround)\b|立体声|双声道|双耳|宽|环绕声", re.IGNORECASE)
_STEREO_ONLY = re.compile(r"\bstereo\b|立体声|双声道", re.IGNORECASE)
_DISTORTED = re.compile(
    r"\b(?:distort\w*|clipp(?:ed|ing)|blown-out|overdriv\w+|nothing clip)\b|失真|削波|爆音", re.IGNORECASE
)
_PHONE = re.compile(
    r"\b(?:phone|telephone|walkie|intercom|narrow-?band|band-?limited|megaphone|radio|tiny speaker|answering machine)\b"
    r"|电话|窄带|对讲机|听筒|收音机里",
    re.IGNORECASE,
)
_HEAVY_BASS = re.compile(
    r"\b(?:bass-heavy|heavy (?:sub-?)?(?:bass|sub)|deep bass|sub-?bass|boosted bass|bass-boosted|massive sub|subby)\b"
    r"|重低音|低音重|低频重|重低频|低频饱满|低音饱满",
    re.IGNORECASE,
)
_LITTLE_BASS = re.compile(r"\b(?:hardly any|little|no|without) bass\b", re.IGNORECASE)
_NEITHER = re.compile(
    r"\b(?:live|demo|field|one-take|surround|full bandwidth|crisp|home|handheld)\b|现场|实地|环绕", re.IGNORECASE
)
_ENDING = re.compile(r"\b(?:ends?|ending|finish(?:es)?|stops?)\b|结尾|结束|收尾", re.IGNORECASE)
_PARTS = re.compile(
    r"\b(?:verse|chorus|bridge|drop|intro|solo|section|breakdown)\b|主歌|副歌|前奏|间奏|桥段", re.IGNORECASE
)
_NOISE = re.compile(r"\b(?:nois[ey]\w*|hiss\w*|hum)\b|噪|嘶嘶", re.IGNORECASE)


def read_side(text: ItemText) -> Asked | None:
    """Read left, right, movement between them and the width of the image; None where the text speaks of none."""
    source = f"{text.item.question} {text.item.basis}"
    if _LEFT_TO_RIGHT.search(source):
        return Asked(traits.Panning("right"), text.denies)
    if _RIGHT_TO_LEFT.search(source):
        return Asked(traits.Panning("left"), text.denies)
    if _SWIRL.search(source):
        return Asked(traits.Panning("any"), text.denies)
    for pattern, side in ((_LEFT, "left"), (_RIGHT, "right")):
        if pattern.search(source):
            check = (
                traits.Panning(side) if _MOVES.search(text.question) and "image" not in source else traits.Side(side)
            )
            return Asked(check, text.denies)
    if _MONO.search(source):
        return Asked(traits.Wide(), not text.denies)
    return Asked(traits.Wide(), text.denies) if _STEREO.search(source) else None


def read_transition(text: ItemText) -> Asked | NotHeard:
    """Read "Does it end with a fade-out?", "Does it move from left to right?", "Does the music stop abruptly?"."""
    if any(found.value == "pan" for found in text.concepts("transition")) or _LEFT_TO_RIGHT.search(text.item.basis):
        side = read_side(text)
        if side is not None:
            return side
    return read_change(text) or NotHeard("Only fades, abrupt stops and movement between the sides can be heard.")


def read_recording(text: ItemText) -> Asked | NotHeard:
    """Read "Is the recording of studio quality?", "Does it sound like a phone call?"."""
    source = f"{text.item.question} {text.item.basis}"
    denied = text.denies or text.item.negated
    for pattern, check in (
        (_DISTORTED, traits.Distorted()),
        (_PHONE, traits.NarrowBand()),
        (_STEREO_ONLY, traits.Wide()),
    ):
        if pattern.search(source):
            return Asked(check, denied)
    if _MONO.search(source):
        return Asked(traits.Wide(), not denied)
    noise = text.first("noise")
    if noise is not None or _NOISE.search(source):
        return Asked(Noise(), (noise.denied != (noise.value == "clean")) if noise else denied)
    return _grade(text, source)


def _grade(text: ItemText, source: str) -> Asked | NotHeard:
    for found in text.concepts("recording"):
        if found.value == "studio":
            return Asked(traits.HighQuality(), found.denied)
        if found.value == "degraded" and not _NEITHER.search(found.text):
            return Asked(traits.HighQuality(), not found.denied)
    if re.search(r"crisp|clear|清晰", source):
        return Asked(traits.HighQuality(), text.denies)
    return NotHeard("Only telephone band, distortion, noise, stereo and overall quality of a recording can be heard.")


def read_production(text: ItemText) -> Asked | NotHeard:
    """Read "Is there heavy sub-bass?", "Is the mix wide?"; effects and mixing craft are beyond the probes."""
    source = f"{text.item.question} {text.item.basis}"
    denied = text.denies or text.item.negated
    if _DISTORTED.search(source):
        return Asked(traits.Distorted(), denied)
    if _LITTLE_BASS.search(source):
        return Asked(traits.HeavyBass(), True)
    if _HEAVY_BASS.search(source):
        return Asked(traits.HeavyBass(), denied)
    side = read_side(text)
    if side is not None:
        return side
    for found in text.concepts("production"):
        if found.value == "lofi":
            return Asked(traits.HighQuality(), not found.denied)
    return NotHeard("No probe hears effects and the craft of a mix; only bass, width, distortion and quality.")


def read_moving(text: ItemText) -> Asked | None:
    """Read "Does the train approach?"; None where the text speaks of no movement."""
    for found in text.concepts("distance"):
        if found.value in {"approaching", "receding"}:
            return Asked(traits.Moving(found.value), found.denied)
    return None


def read_structure(text: ItemText) -> Asked | NotHeard:
    """Read "Does the song end with a hard stop?"; no probe knows the parts of a piece."""
    found = read_change(text) if _ENDING.search(text.question) and not _PARTS.search(text.question) else None
    if isinstance(found, Asked) and re.search(r"\bavoids?\b", text.question):
        return Asked(found.check, not found.negated)
    return found or NotHeard(
        "No probe hears the parts of a piece (verse, chorus, bridge, solo) or what is played in them."
    )


def read_overall(text: ItemText) -> Asked | NotHeard:
    """Read "Is the audio of high quality?", "Does the speech sound natural?"."""
    natural = re.search(
        r"\b(?:natural|human-like|realistic|high[- ]quality|clear audio|clean)\b|自然|真实|高质量", text.question
    )
    if natural:
        return Asked(traits.HighQuality(), text.denies)
    return NotHeard("The caption as a whole is judged by its other items.")
