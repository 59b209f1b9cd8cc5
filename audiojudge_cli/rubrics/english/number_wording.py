"""Claims with numbers as questions in English: how often, how long, how fast, how old."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.english.forms import agreeing, bare
from audiojudge_cli.rubrics.english.voice_wording import counted_voices

_COMPARED = {
    "at_least": "at least ",
    "at_most": "at most ",
    "more": "more than ",
    "less": "less than ",
    "about": "about ",
    "exactly": "exactly ",
}


def with_number(claim: Claim, subject: str) -> str:
    """Return the question about a claim with a number; `subject` is how a question names what it is about."""
    told = _told(claim)
    if claim.dimension == "count":
        return _counted(claim, subject, told)
    if claim.dimension == "speaker_count":
        return counted_voices(claim, told)
    if claim.dimension == "age" and claim.comparator == "between" and not claim.words[-1:].isdigit():
        return f"Does the speaker sound like someone in their {re.sub(r'^in (?:his|her|their) ', '', claim.words)}?"
    if claim.value == "silence":
        return f"{'Does it end with' if claim.place == 'end' else 'Is there'} {told} {_unit(claim)} of silence?"
    frame = _NUMBERED.get(claim.dimension, "Does {s} last {n} {u}?")
    if claim.dimension == "duration" and claim.subject.kind in {"clip", "speaker", "music"}:
        subject = "it"
    if claim.dimension == "rhythm":
        told = bare(told).replace("about ", "")
    return agreeing(frame.format(s=subject, n=told, u=_unit(claim), x=claim.words or "then"), subject)


_NUMBERED = {
    "tempo": "Is the tempo {n} BPM?",
    "age": "Does the speaker sound {n} years old?",
    "pitch": "Is the tone at {n} hertz?",
    "rhythm": "Is {s} heard every {n} {u}?",
    "rate": "Is there a pause of {n} {u} in the speech?",
    "order": "Is {s} heard {x}?",
}


_HOW_OFTEN = ("times", "once", "twice", "thrice")


def _counted(claim: Claim, subject: str, told: str) -> str:
    number = claim.number or 0.0
    times = {1.0: "once", 2.0: "twice"}.get(number) if claim.comparator == "exactly" else None
    if claim.words and " " in claim.words and not claim.words.endswith(_HOW_OFTEN) and claim.subject.words:
        name = claim.words.split(" ", 1)[1]
        verb = "Is" if number == 1 else "Are"
        return f"{verb} there {told} {name}?"
    how = f"exactly {times}" if times else f"{told} {'time' if number == 1 else 'times'}"
    heard = subject if claim.subject.words else "it"
    return agreeing(f"Is {heard} heard {how}?", heard)


def _told(claim: Claim) -> str:
    number = plain_number(claim.number or 0.0, claim.unit == "s" and (claim.number or 0) >= 60)
    if claim.comparator == "between" and claim.upper is not None:
        return f"between {number} and {plain_number(claim.upper)}"
    return _COMPARED.get(claim.comparator, "") + number


def plain_number(value: float, minutes: bool = False) -> str:
    """Return a number as it is said, in minutes where it counts seconds and is to be told so."""
    if minutes and value % 60 == 0:
        value /= 60
    return f"{value:g}" if value < 1e6 else f"{value:.0f}"


def _unit(claim: Claim) -> str:
    value = claim.upper if claim.upper is not None else claim.number or 0.0
    if (claim.number or 0) >= 60 and (claim.number or 0) % 60 == 0 and claim.upper is None:
        return "minute" if value == 60 else "minutes"
    return "second" if value == 1 else "seconds"
