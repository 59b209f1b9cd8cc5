"""Questions about who speaks and how."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.english.forms import bare, gerund, is_plural, with_article
from audiojudge_cli.rubrics.english.music_wording import sung_by

# "raises his voice", "raising the voice"
_RAISED = re.compile(r"rais\w+ ")
# What several speakers do with each other, in any form of the verb.
_TOGETHER = re.compile(
    r"(?P<verb>argu|interrupt|quarrel|bicker|gossip|debat|negotiat|chatt?|convers)(?:ing|es|e|s|ed)?$"
)
_PAUSES = re.compile(r"(?:pauses?|silences?|gaps?|beats?|stops?)\b")
_LEFT = re.compile(r"leav(?:es?|ing) ")  # "leave a beat"
_PAUSING = re.compile(r"paus(?:ing|es)$")


def manner_question(claim: Claim) -> str:
    """Return the question for a manner of speaking whose words no frame fits, empty where a frame does."""
    return _ASKED[claim.dimension](claim) if claim.dimension in _ASKED else ""


def _volume(claim: Claim) -> str:
    if _RAISED.match(claim.words):
        return f"Is the voice {'never ' if claim.negated else ''}raised?"
    hushed = claim.value == "quiet" and (" voice" in claim.words or claim.words == "low")
    return f"Is the voice {'not ' if claim.negated else ''}quiet?" if hushed else ""


def _style(claim: Claim) -> str:
    if claim.words.endswith(" energy"):
        return f"Does the delivery {'not ' if claim.negated else ''}have {claim.words}?"
    doing = _TOGETHER.match(claim.words)
    if doing is not None and not claim.negated:
        verb = {"argu": "arguing", "debat": "debating", "negotiat": "negotiating", "chat": "chatting"}.get(
            doing["verb"]
        )
        return f"Can you hear the speakers {verb or gerund(doing['verb'])}?"
    if claim.negated and claim.value in {"whisper", "shout", "murmur"}:
        return f"Is the speech free of {gerund(claim.value)}?"
    return ""


def _rate(claim: Claim) -> str:
    """Ask for pauses in the words of the caption: "long silences"."""
    if claim.value != "pause" or claim.number is not None:
        return ""
    words = bare(_LEFT.sub("", claim.words))
    if _PAUSING.match(words):
        return "Is the speech free of pauses?" if claim.negated else "Are there pauses in the speech?"
    if _PAUSES.search(words.rpartition(" ")[2]) is None:
        return ""
    if claim.negated:
        return f"Is the speech free of {words}?"
    several = is_plural(words)
    return f"{'Are' if several else 'Is'} there {with_article(words, countable=not several)} in the speech?"


_ASKED = {"volume": _volume, "style": _style, "rate": _rate}


def sex_question(claim: Claim) -> str:
    """Return the question for the sex of a speaker or singer, or for somebody of that sex being heard."""
    if claim.negated:
        return f"Is the audio free of {bare(claim.words)}?"
    if claim.subject.kind == "vocals":
        return sung_by(claim)
    if claim.value == "androgynous":
        return "Does the voice sound androgynous?"
    if claim.words.endswith("ing"):
        return f"Can you hear {claim.words}?"
    return f"Is the speaker {claim.value}?"


def counted_voices(claim: Claim, told: str) -> str:
    """Return the question for a number of speakers or singers; `told` is the number with what binds it."""
    who = "singer" if claim.subject.kind == "vocals" else "speaker"
    if claim.number != 1:
        return f"Are there {told} {who}s?"
    told = told.replace("1", "one")
    return f"Is there {told} {who}?" if claim.comparator in {"exactly", "", "more"} else f"Are there {told} {who}s?"


def number_of_speakers(claim: Claim) -> str:
    """Return the question for a number of speakers that a word tells."""
    counts = {
        "one": "exactly one speaker",
        "two": "exactly two speakers",
        "three": "exactly three speakers",
        "four": "exactly four speakers",
    }
    told = counts.get(claim.value, "several speakers")
    return f"{'Is' if claim.value == 'one' else 'Are'} there {told}?"
