"""Numbers in English: tempi, lengths, times, counts, ages, keys, metres, with what binds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from audiojudge_cli.rubrics.claim import Claim, Comparator, Subject
from audiojudge_cli.rubrics.english.sentence import Sentence

_WORDS = {
    **{
        word: number
        for number, word in enumerate(
            "zero one two three four five six seven eight nine ten eleven twelve"
            " thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
        )
    },  # noqa: SIM905
    **{"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90},
    **{"a hundred": 100, "half a": 0.5, "half": 0.5, "a couple of": 2, "a pair of": 2, "a": 1, "an": 1, "a single": 1},
}
# A figure with thousands commas or decimals, or a number in words; "-" and "to" ranges are read by the callers.
_NUMBER = (
    r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,7}(?:\.\d{1,3})?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)"
    r"(?:-(?:one|two|three|four|five|six|seven|eight|nine))?|half an?|a hundred|a couple of|a pair of|a single"
    r"|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    r"|eighteen|nineteen|half)"
)
_BINDS: tuple[tuple[Comparator, str], ...] = (
    ("at_least", r"at least|no (?:less|fewer) than|a minimum of|minimum"),
    ("at_most", r"at most|no more than|no longer than|up to|a maximum of|maximum|not more than"),
    ("more", r"more than|over|above|longer than|faster than|exceeding|greater than|beyond|upwards of|older than"),
    ("less", r"less than|fewer than|under|below|shorter than|slower than|within|younger than|not even"),
    ("exactly", r"exactly|precisely|only|just|strictly"),
    ("about", r"about|around|approximately|approx\.?|roughly|circa|nearly|almost|some|~|≈|c\."),
)
_BIND = "|".join(f"(?P<{name}>{words})" for name, words in _BINDS)
# What binds, the number, a second number of a range, the unit: the one shape all measures share.
_SHAPE = rf"(?:\b(?:between|from)\s+)?(?:(?:{_BIND})\s+)?(?<![\w.,:/])(?P<low>{_NUMBER})(?:\s*(?:-|–|—|to|and|or)\s*(?P<high>{_NUMBER}))?"
_BPM = re.compile(rf"{_SHAPE}[\s-]*(?:bpm\b|beats per minute|b\.p\.m\.)", re.IGNORECASE)
_BPM_AHEAD = re.compile(
    r"\bbpm\s*(?:of|is|:|=)?\s*(?P<low>\d{1,4})(?:\s*[-–]\s*(?P<high>\d{1,4}))?(?!\d)", re.IGNORECASE
)
_FASTER = re.compile(
    rf"\b(?P<word>faster|slower) than (?P<low>{_NUMBER})\b(?!\s*(?:times|seconds?|minutes?))", re.IGNORECASE
)
_SECONDS = re.compile(
    rf"{_SHAPE}[\s-]*(?:(?P<s>seconds?|secs?\b|s\b)|(?P<min>minutes?|mins?\b)|(?P<ms>ms\b|milliseconds?)|(?P<h>hours?\b))",
    re.IGNORECASE,
)
# "2:30" as the length or a moment of a piece; "3/4" and "16:9" are no times.
_CLOCK = re.compile(r"\b(?P<m>\d{1,2}):(?P<s>[0-5]\d)\b(?!\s*(?:am|pm|o'clock|-))", re.IGNORECASE)
_TIMES = re.compile(
    rf"\b(?P<once>once(?! (?:the|it|a|he|she|again|more|upon|in|every|each|per)\b)|twice(?! (?:as|the|per|every|a)\b)|thrice)\b|{_SHAPE}\s+times\b(?! (?:as|more|faster))",
    re.IGNORECASE,
)
_BOUND_TIMES = re.compile(rf"(?:{_BIND})\s+(?P<word>once|twice|thrice)\b", re.IGNORECASE)
_VOICES = re.compile(
    rf"{_SHAPE}\s+(?:[a-z-]+\s+){{0,2}}?(?P<noun>men|women|people|persons?|boys|girls|kids|children|speakers?|voices?|friends|hosts?"
    r"|adults|narrators?|singers?|vocalists?|characters|actors|colleagues|brothers|sisters|teenagers|students|man|woman|boy|girl)\b",
    re.IGNORECASE,
)
_PLAIN_VOICES = re.compile(
    r"\b(?P<one>single|only|solo|sole|lone) (?:male |female )?(?:speaker|voice|narrator|person|man|woman)\b",
    re.IGNORECASE,
)
_YEARS = re.compile(rf"{_SHAPE}[\s-]*years?[\s-]*olds?\b|\baged\s+(?P<aged>\d{{1,3}})\b", re.IGNORECASE)
_DECADE = re.compile(
    r"\b(?:in (?:his|her|their) )?(?:(?P<part>early|mid|late)[- ]?)?(?P<ten>(?<!\w)(?<!['’])[2-9]0s|(?<!\w)(?:1[5-9]|[2-9]\d)(?=-?ish\b)|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)(?:-?ish)?\b",
    re.IGNORECASE,
)
_AGE_KEY = re.compile(r"(?P<part>early|mid|late)?[- ]?(?P<ten>\d0s)", re.IGNORECASE)
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
_HERTZ = re.compile(rf"{_SHAPE}[\s-]*(?P<k>k)?(?:hz|hertz)\b", re.IGNORECASE)
# A tonic is a capital letter, so that "in a minor key" names none; modes beside major and minor keep their words.
_KEY = re.compile(
    r"\b(?:in (?:the key of )?)?(?P<tonic>[A-G])\s?-?(?P<shift>#|♯|♭|b(?=[\s-])|-?[Ss]harp|-?[Ff]lat)?\s?-?(?P<mode>[Mm]ajor|[Mm]inor|maj\b|min\b|[Dd]orian|[Ll]ydian|[Mm]ixolydian|[Pp]hrygian)"
    r"|\bkey of (?P<bare>[A-G])(?P<bare_shift>#|♯|♭|b|-?[Ss]harp|-?[Ff]lat)?(?![a-zA-Z])"
)
_PITCH_CLASS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_METRE = re.compile(r"(?<![\d/.])(?P<beats>[2-9]|1[0-5])/(?P<unit>2|4|8|16)(?![\d/])(?:\s*time(?: signature)?)?")
_EVERY = re.compile(
    rf"\b(?:once )?(?:every|each)\s+(?:(?P<low>{_NUMBER})(?:\s+(?:or|to)\s+(?P<high>{_NUMBER}))?\s+)?seconds?\b",
    re.IGNORECASE,
)
_TIME_AT = re.compile(r"\b(?:at|after|from|around|by)\s+(?:about |around |roughly )?(?:the )?$", re.IGNORECASE)
_FIRST = re.compile(
    r"\b(?:the |in the |for the |during the )?(?P<end>first|last|final|opening|closing) $", re.IGNORECASE
)
_LENGTH_OF = re.compile(
    r"\b(?:for|lasts?|lasting|long|length|duration|clip|recording|track|audio|song|piece|file|is|be)\W*$", re.IGNORECASE
)
_RANGES: dict[str, tuple[float, float]] = {
    "bpm": (20.0, 400.0),
    "s": (0.001, 36_000.0),
    "times": (1.0, 1000.0),
    "voices": (1.0, 100.0),
    "years": (0.0, 120.0),
    "hz": (1.0, 100_000.0),
}
"""What a number of a unit can be; anything else ("1160 BPM", "a pause of 0 seconds") makes no claim."""


def value_of(text: str) -> float | None:
    """Return the number that figures or words mean, None for anything else."""
    plain = text.lower().strip()
    if plain in _WORDS:
        return float(_WORDS[plain])
    if plain == "half an":
        return 0.5
    tens, _, ones = plain.partition("-")
    if tens in _WORDS and ones in _WORDS:
        return float(_WORDS[tens] + _WORDS[ones])
    try:
        return float(plain.replace(",", ""))
    except ValueError:
        return None


def read_numbers(sentence: Sentence) -> Iterator[tuple[Claim, int, int]]:
    """Yield the claims that carry a number, with their stretch of the caption; their tokens count as used."""
    segment = sentence.segment
    body = segment.text[segment.start : segment.end]
    if not any(char.isdigit() for char in body) and not _may_count(body):
        return
    taken: list[tuple[int, int]] = []
    readers = (*_BY_LABEL.get(segment.label, ()), *_READERS)
    if segment.context == "speech" and not segment.label:
        readers = ((_BARE_AGE, _bare_age), *readers)
    for pattern, read in readers:
        for match in pattern.finditer(body):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            claim = read(match, body)
            if claim is None and read is _seconds and value_of(match["low"]) == 0:  # no pause at all is no pause to hear
                sentence.ignored |= {t.i for t in sentence.doc if t.lemma_.lower() in {"pause", "silence"}}
            if claim is None or (claim.unit == "years" and segment.context == "music" and segment.label != "age"):
                continue
            taken.append(match.span())
            tokens = {t.i for t in sentence.doc if t.idx < match.end() and t.idx + len(t.text) > match.start()}
            if tokens & sentence.ignored:
                continue
            if claim.value in {"pause", "silence"}:
                tokens |= {t.i for t in sentence.doc if t.lemma_.lower() == claim.value}
            sentence.used |= {i for i in tokens if not _stays(sentence, i, claim)}
            yield claim, segment.start + match.start(), segment.start + match.end()


def _stays(sentence: Sentence, number: int, claim: Claim) -> bool:
    """Whether a token under a number still names something: "two old women" tells sex and age as well."""
    hit = sentence.at.get(number)
    return claim.unit == "voices" and hit is not None and bool(hit.senses.keys() & {"speaker_sex", "age"})


def _may_count(body: str) -> bool:
    return _SMALL.search(body) is not None


_SMALL = re.compile(
    r"\b(?:bars|once|twice|thrice|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|single|solo|only|lone|sole|half|couple"
    r"|pair|every|each|key|[A-G](?:#|♯|♭|b|-?[Ss]harp|-?[Ff]lat)? ?-?(?:[Mm]ajor|[Mm]inor)|twenties|thirties|forties|fifties|sixties"
    r"|seventies|eighties)\b",
)


def _bound(
    match: re.Match[str], default: Comparator, unit: str, scale: float = 1.0
) -> tuple[Comparator, float, float | None] | None:
    """Return comparator, number and upper end of a match, None where a number is out of its range."""
    low = value_of(match["low"])
    high = value_of(match["high"]) if match.groupdict().get("high") else None
    least, most = _RANGES[unit]
    if low is None or not least <= low * scale <= most:
        return None
    if high is not None and low < high and high * scale <= most:
        return "between", low * scale, high * scale
    named = next((name for name, _ in _BINDS if match.groupdict().get(name)), default)
    return named, low * scale, None


def _measured(claim: Claim, bound: tuple[Comparator, float, float | None] | None, unit: str) -> Claim | None:
    if bound is None:
        return None
    return replace(claim, comparator=bound[0], number=bound[1], upper=bound[2], unit=unit)


def _bpm(match: re.Match[str], body: str) -> Claim | None:
    claim = Claim("tempo", words=_plain(match.group()), subject=Subject("music", "the music"))
    return _measured(claim, _bound(match, "about", "bpm"), "bpm")


def _faster(match: re.Match[str], body: str) -> Claim | None:
    bound = _bound(match, "more" if match["word"].lower() == "faster" else "less", "bpm")
    return _measured(Claim("tempo", words=_plain(match.group()), subject=Subject("music", "the music")), bound, "bpm")


def _key(match: re.Match[str], body: str) -> Claim | None:
    tonic, shift = match["tonic"] or match["bare"], (match["shift"] or match["bare_shift"] or "").lower().strip("-")
    step = 1 if shift in {"#", "♯", "sharp"} else -1 if shift in {"♭", "b", "flat"} else 0
    mode = (match["mode"] or "").lower()
    value = {"maj": "major", "min": "minor"}.get(mode, mode if mode in {"major", "minor"} else "modal" if mode else "")
    pitch_class = float((_PITCH_CLASS[tonic] + step) % 12)
    words = re.sub(r"^in (?:the key of )?|^key of ", "", " ".join(match.group().split()))
    return Claim("key", value, words, Subject("music", "the music"), number=pitch_class, unit="pitch_class")


def _metre(match: re.Match[str], body: str) -> Claim | None:
    words = f"{match['beats']}/{match['unit']}"
    return Claim(
        "metre", words=words, subject=Subject("music", "the music"), number=float(match["beats"]), unit="beats"
    )


def _every(match: re.Match[str], body: str) -> Claim | None:
    low = value_of(match["low"]) if match["low"] else 1.0
    high = value_of(match["high"]) if match["high"] else None
    if low is None or not 0.05 <= low <= 3600:
        return None
    return Claim(
        "rhythm",
        "regular",
        _plain(match.group()),
        number=low,
        upper=high,
        unit="s",
        comparator="between" if high else "about",
    )


_DRUM_MACHINES = frozenset({"707", "808", "909"})


def _seconds(match: re.Match[str], body: str) -> Claim | None:
    era = (
        match["s"]
        and re.fullmatch(r"\d0s", match.group().strip()[-3:], re.IGNORECASE)
        and " " not in match.group().strip()[-3:]
    )
    if era and (
        (value_of(match["low"]) or 0) >= 50
        or re.search(r"\b(?:the|an?|early|late|mid)\W*$", body[: match.start()], re.IGNORECASE)
    ):
        return None
    if match["low"] in _DRUM_MACHINES and match.group().endswith("s"):
        return None
    scale = 60.0 if match["min"] else 0.001 if match["ms"] else 3600.0 if match["h"] else 1.0
    bound = _bound(match, "about", "s", scale)
    if bound is None:
        return None
    comparator, low, high = bound
    before, after = body[: match.start()], body[match.end() : match.end() + 24].lower()
    words = _plain(match.group())
    end = _FIRST.search(before)
    if end is not None:
        if end["end"].lower() in {"first", "opening"}:
            return Claim("order", words=f"in the first {words}", from_s=0.0, to_s=low, place="start")
        return Claim("order", words=f"in the last {words}", number=low, unit="s", place="end")
    if match.group().lower().startswith("from") and high is not None:
        return Claim("order", words=words, from_s=low, to_s=high)
    if comparator == "between" and "between" not in match.group().lower() and _TIME_AT.search(before):
        return Claim("order", words=f"from {words}", from_s=low, to_s=high)
    if _TIME_AT.search(before) and not after.startswith((" of ", " long", " pause")):
        return Claim("order", words=f"at {words}", from_s=low, to_s=low)
    claim = Claim("duration", words=words, comparator=comparator, number=low, upper=high, unit="s")
    around = body.lower()
    if re.search(r"\bpauses?\b|\bpausing\b", after) or re.search(
        r"\bpauses?(?: of| for| lasting)?\W*$", before.lower()
    ):
        return Claim("rate", "pause", words, Subject("speaker", "the speaker"), None, comparator, low, high, "s")
    if "silence" in after or re.search(r"\bsilence (?:for|of|lasting)\W*(?:about|around)?\W*$", before.lower()):
        at_end = re.search(r"\b(?:then|ends?|end|final|close)\b", around) is not None
        return replace(claim, value="silence", place="end" if at_end else "")
    return claim


def _clock(match: re.Match[str], body: str) -> Claim | None:
    seconds = 60.0 * int(match["m"]) + int(match["s"])
    if not seconds or not re.search(
        r"\b(?:long|length|duration|runs?|lasts?|about|song|track|piece)\b", body, re.IGNORECASE
    ):
        return None
    return Claim("duration", words=match.group(), comparator="about", number=seconds, unit="s")


def _times(match: re.Match[str], body: str) -> Claim | None:
    if match["once"]:
        number = {"once": 1.0, "twice": 2.0, "thrice": 3.0}[match["once"].lower()]
        return Claim("count", words=match["once"].lower(), comparator="exactly", number=number, unit="times")
    return _measured(Claim("count", words=_plain(match.group())), _bound(match, "exactly", "times"), "times")


def _bound_times(match: re.Match[str], body: str) -> Claim | None:
    number = {"once": 1.0, "twice": 2.0, "thrice": 3.0}[match["word"].lower()]
    comparator = next(name for name, _ in _BINDS if match[name])
    return Claim("count", words=_plain(match.group()), comparator=comparator, number=number, unit="times")


def _voices(match: re.Match[str], body: str) -> Claim | None:
    named = any(match[name] for name, _ in _BINDS)
    low = value_of(match["low"])
    if low == 1 and not named:
        return None  # "one man" is a man; "only one speaker" counts
    kind = "vocals" if match["noun"].lower().startswith(("singer", "vocalist")) else "speaker"
    claim = Claim(
        "speaker_count", words=_plain(match.group()), subject=Subject("vocals" if kind == "vocals" else "speaker")
    )
    return _measured(claim, _bound(match, "exactly", "voices"), "voices")


def _one_voice(match: re.Match[str], body: str) -> Claim | None:
    if match["one"].lower() == "solo":
        return None
    return Claim(
        "speaker_count", "one", "one speaker", Subject("speaker"), comparator="exactly", number=1.0, unit="voices"
    )


def _years(match: re.Match[str], body: str) -> Claim | None:
    words = _plain(match.group())
    if match["aged"]:
        return Claim(
            "age",
            words=f"{match['aged']} years old",
            subject=Subject("speaker"),
            comparator="about",
            number=float(match["aged"]),
            unit="years",
        )
    return _measured(Claim("age", words=words, subject=Subject("speaker")), _bound(match, "about", "years"), "years")


# What stands around "20s" or "the 80s" where it is a length or an era.
_NO_AGE_AHEAD = re.compile(
    r"(?:\bthe|\bfor|\babout|\bafter|\bfirst|\blast|\bat|\bunder|\bfrom|\bto|around|[-–,:\[] ?)\s*(?:early |mid |late |mid-)?$",
    re.IGNORECASE,
)
_NO_AGE_BEHIND = re.compile(
    r"\s*(?:-?(?:style|era|long)\b|clip|of\b|ad\b|spot|video|track|song|music|rock|pop|disco|synth|video|film|cartoon|sound|[-–:])",
    re.IGNORECASE,
)


def _decade(match: re.Match[str], body: str) -> Claim | None:
    ten = match["ten"].lower()
    if ten not in _TENS and not match["part"] and not re.search(r"\b(?:his|her|their)\W*$", body[: match.start("ten")]):
        if _NO_AGE_AHEAD.search(body[: match.start()]) or _NO_AGE_BEHIND.match(body, match.end()):
            return None
    if not ten.endswith("s"):
        return Claim(
            "age",
            words=_plain(match.group()),
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


def _hertz(match: re.Match[str], body: str) -> Claim | None:
    bound = _bound(match, "about", "hz", 1000.0 if match["k"] else 1.0)
    return _measured(
        Claim("pitch", words=_plain(match.group()), subject=Subject("sound", "the tone", "sine_tone")), bound, "hz"
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).lower()


# "130 words per minute"; 110 to 160 are what moderate speech runs at (audiobooks 150, conversation 120 to 160).
_WORD_RATE = re.compile(rf"{_SHAPE}\s*(?:words per minute|words a minute|wpm\b)", re.IGNORECASE)


def _word_rate(match: re.Match[str], body: str) -> Claim | None:
    low = value_of(match["low"])
    if low is None or not 30 <= low <= 400:
        return None
    value = "slow" if low < 110 else "fast" if low > 160 else "moderate"
    return Claim("rate", value, _plain(match.group()), Subject("speaker", "the speaker"))


# Lengths in bars or beats, but not "every eight bars", "bar 9" or "a 16 bar intro".
_BARS = re.compile(
    rf"(?<!every )(?<!\w)(?P<low>{_NUMBER})(?: a)?[\s-](?:bars?|beats?|measures?)\b(?! per)", re.IGNORECASE
)


def _bars(match: re.Match[str], body: str) -> Claim | None:
    if not re.search(r"\b(?:for|lasts?|of|then|intro)\W*$|^$", body[: match.start()], re.IGNORECASE):
        return None
    return Claim("duration", words=_plain(match.group()), subject=Subject("music", "the music"))


Reader = Callable[[re.Match[str], str], Claim | None]
_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_BPM, _bpm),
    (_WORD_RATE, _word_rate),
    (_BARS, _bars),
    (_BPM_AHEAD, _bpm),
    (_FASTER, _faster),
    (_KEY, _key),
    (_METRE, _metre),
    (_EVERY, _every),
    (_HERTZ, _hertz),
    (_YEARS, _years),
    (_DECADE, _decade),
    (_SECONDS, _seconds),
    (_CLOCK, _clock),
    (_BOUND_TIMES, _bound_times),
    (_TIMES, _times),
    (_VOICES, _voices),
    (_PLAIN_VOICES, _one_voice),
)
_BARE_AGE = re.compile(r"(?:^|(?<=, )|(?<=[(]))(?P<low>[1-9]\d?)\s?[-–]\s?(?P<high>[1-9]\d)(?=$|,|[)])")


def _bare_age(match: re.Match[str], body: str) -> Claim | None:
    return _measured(
        Claim("age", words=match.group(), subject=Subject("speaker")), _bound(match, "about", "years"), "years"
    )


_BARE_BPM = re.compile(r"^(?P<low>\d{2,3})(?:\s*[-–]\s*(?P<high>\d{2,3}))?$")
_BARE_SECONDS = re.compile(r"^(?P<low>\d{1,4}(?:\.\d+)?)$")


def _bare_seconds(match: re.Match[str], body: str) -> Claim | None:
    return _measured(Claim("duration", words=match["low"]), _bound(match, "about", "s"), "s")


_BY_LABEL: dict[str, tuple[tuple[re.Pattern[str], Reader], ...]] = {
    "age": ((_AGE_KEY, _decade), (_BARE_AGE, _bare_age)),
    "tempo": ((_BARE_BPM, _bpm),),
    "duration": ((_BARE_SECONDS, _bare_seconds),),
}
"""What a key lets a bare number mean: `bpm: 104`, `age: 20s`."""
