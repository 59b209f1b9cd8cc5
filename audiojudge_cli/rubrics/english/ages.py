"""How old speakers are and how many they are."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.figures import BINDS, SHAPE, bounds_of, measured, plain_text, value_of

VOICES = re.compile(
    rf"{SHAPE}\s+(?:[a-z-]+\s+){{0,2}}?(?P<noun>men|women|people|persons?|boys|girls|kids|children|speakers?"
    rf"|voices?|friends|hosts?"
    r"|adults|narrators?|singers?|vocalists?|characters|actors|colleagues|brothers|sisters|teenagers|students"
    r"|man|woman|boy|girl)\b",
    re.IGNORECASE,
)


PLAIN_VOICES = re.compile(
    r"\b(?P<one>single|only|solo|sole|lone) (?:male |female )?(?:speaker|voice|narrator|person|man|woman)\b",
    re.IGNORECASE,
)


YEARS = re.compile(rf"{SHAPE}[\s-]*years?[\s-]*olds?\b|\baged\s+(?P<aged>\d{{1,3}})\b", re.IGNORECASE)


DECADE = re.compile(
    r"\b(?:in (?:his|her|their) )?(?:(?P<part>early|mid|late)[- ]?)?(?P<ten>(?<!\w)(?<!['’])[2-9]0s"
    r"|(?<!\w)(?:1[5-9]|[2-9]\d)(?=-?ish\b)|twenties|thirties|forties|fifties|sixties|seventies|eighties"
    r"|nineties)(?:-?ish)?\b",
    re.IGNORECASE,
)


AGE_KEY = re.compile(r"(?P<part>early|mid|late)?[- ]?(?P<ten>\d0s)", re.IGNORECASE)


_TENS = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "eighties": 80,
    "nineties": 90,
}


def voices(match: re.Match[str]) -> Claim | None:
    """Return how many speakers or singers there are."""
    named = any(match[name] for name, _ in BINDS)
    low = value_of(match["low"])
    if low == 1 and not named:
        return None  # "one man" is a man; "only one speaker" counts
    kind = "vocals" if match["noun"].lower().startswith(("singer", "vocalist")) else "speaker"
    claim = Claim(
        "speaker_count", words=plain_text(match.group()), subject=Subject("vocals" if kind == "vocals" else "speaker")
    )
    return measured(claim, bounds_of(match, "exactly", "voices"), "voices")


def one_voice(match: re.Match[str]) -> Claim | None:
    """Return that there is one speaker."""
    if match["one"].lower() == "solo":
        return None
    return Claim(
        "speaker_count", "one", "one speaker", Subject("speaker"), comparator="exactly", number=1.0, unit="voices"
    )


def years(match: re.Match[str]) -> Claim | None:
    """Return an age in years."""
    words = plain_text(match.group())
    if match["aged"]:
        return Claim(
            "age",
            words=f"{match['aged']} years old",
            subject=Subject("speaker"),
            comparator="about",
            number=float(match["aged"]),
            unit="years",
        )
    return measured(Claim("age", words=words, subject=Subject("speaker")), bounds_of(match, "about", "years"), "years")


# What stands around "20s" or "the 80s" where it is a length or an era.
_NO_AGE_AHEAD = re.compile(
    r"(?:\bthe|\bfor|\babout|\bafter|\bfirst|\blast|\bat|\bunder|\bfrom|\bto|around|[-–,:\[] ?)\s*(?:early "
    r"|mid |late |mid-)?$",
    re.IGNORECASE,
)


# "in his 20s" is an age whatever stands around it.
_OWNED = re.compile(r"\b(?:his|her|their)\W*$", re.IGNORECASE)
_NO_AGE_BEHIND = re.compile(
    r"\s*(?:-?(?:style|era|long)\b|clip|of\b|ad\b|spot|video|track|song|music|rock|pop|disco|synth|video|film"
    r"|cartoon|sound|[-–:])",
    re.IGNORECASE,
)


def decade(match: re.Match[str]) -> Claim | None:
    """Return an age by its decade ("late 50s"), unless it is a length or an era."""
    ten = match["ten"].lower()
    if (
        ten not in _TENS
        and not match["part"]
        and not re.search(r"\b(?:his|her|their)\W*$", match.string[: match.start("ten")])
    ) and (_NO_AGE_AHEAD.search(match.string[: match.start()]) or _NO_AGE_BEHIND.match(match.string, match.end())):
        return None
    if not ten.endswith("s"):
        return Claim(
            "age",
            words=plain_text(match.group()),
            subject=Subject("speaker"),
            comparator="about",
            number=float(ten),
            unit="years",
        )
    low = float(_TENS[ten]) if ten in _TENS else float(ten[:-1])
    part = (match["part"] or "").lower()
    shift, width = {"early": (0, 3), "mid": (3, 4), "late": (6, 4)}.get(part, (0, 10))
    return Claim(
        "age",
        words=" ".join(match.group().split()),
        subject=Subject("speaker"),
        comparator="between",
        number=low + shift,
        upper=low + shift + width,
        unit="years",
    )


BARE_AGE = re.compile(r"(?:^|(?<=, )|(?<=[(]))(?P<low>[1-9]\d?)\s?[-–]\s?(?P<high>[1-9]\d)(?=$|,|[)])")


def bare_age(match: re.Match[str]) -> Claim | None:
    """Return an age that stands as a bare range ("35-45")."""
    return measured(
        Claim("age", words=match.group(), subject=Subject("speaker")), bounds_of(match, "about", "years"), "years"
    )
