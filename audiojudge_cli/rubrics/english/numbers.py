"""Numbers in English: tempi, lengths, times, counts, ages, keys, metres, with what binds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.ages import (
    AGE_KEY,
    BARE_AGE,
    DECADE,
    PLAIN_VOICES,
    VOICES,
    YEARS,
    bare_age,
    decade,
    one_voice,
    voices,
    years,
)
from audiojudge_cli.rubrics.english.figures import NUMBER, SHAPE, bounds_of, measured, plain_text, value_of
from audiojudge_cli.rubrics.english.sentence import Sentence
from audiojudge_cli.rubrics.english.times import (
    BARE_SECONDS,
    BARS,
    BOUND_TIMES,
    CLOCK,
    EVERY,
    SECONDS,
    TIMES,
    bare_seconds,
    bars,
    bound_times,
    clock,
    every,
    seconds,
    times,
)

_BPM = re.compile(rf"{SHAPE}[\s-]*(?:bpm\b|beats per minute|b\.p\.m\.)", re.IGNORECASE)


_BPM_AHEAD = re.compile(
    r"\b(?:bpm|tempo)\s*(?:of|is|:|=)?\s*(?:about|around|roughly)?\s*(?P<low>\d{1,4})(?:\s*[-–]\s*(?P<high>\d{1,4}))?(?!\d)",
    re.IGNORECASE,
)


_FASTER = re.compile(
    rf"\b(?P<word>faster|slower) than (?P<low>{NUMBER})\b(?!\s*(?:times|seconds?|minutes?))", re.IGNORECASE
)


_HERTZ = re.compile(rf"{SHAPE}[\s-]*(?P<k>k)?(?:hz|hertz)\b", re.IGNORECASE)


# A tonic is a capital letter, so that "in a minor key" names none; modes beside major and minor keep their words.
_KEY = re.compile(
    r"\b(?:in (?:the key of )?)?(?P<tonic>[A-G])\s?-?(?P<shift>#|♯|♭|b(?=[\s-])|[\s-]?[Ss]harp"
    r"|[\s-]?[Ff]lat)?\s?-?(?P<mode>[Mm]ajor|[Mm]inor|maj\b|min\b|[Dd]orian|[Ll]ydian|[Mm]ixolydian|[Pp]hrygian)"
    r"|\bkey of (?P<bare>[A-G])(?P<bare_shift>#|♯|♭|b|-?[Ss]harp|-?[Ff]lat)?(?![a-zA-Z])"
)


_PITCH_CLASS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}


_METRE = re.compile(r"(?<![\d/.])(?P<beats>[2-9]|1[0-5])/(?P<unit>2|4|8|16)(?![\d/])(?:\s*time(?: signature)?)?")


def read_numbers(sentence: Sentence) -> Iterator[tuple[Claim, int, int]]:
    """Yield the claims that carry a number, with their stretch of the caption; their tokens count as used."""
    segment = sentence.segment
    body = segment.text[segment.start : segment.end]
    if not any(char.isdigit() for char in body) and not _may_count(body):
        return
    taken: list[tuple[int, int]] = []
    readers = (*_BY_LABEL.get(segment.label, ()), *_READERS)
    if segment.context == "speech" and not segment.label:
        readers = ((BARE_AGE, bare_age), *readers)
    for pattern, read in readers:
        for match in pattern.finditer(body):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            claim = read(match)
            if claim is None and read is seconds and value_of(match["low"]) == 0:  # no pause at all is no pause to hear
                sentence.ignored |= {t.i for t in sentence.tokens if t.lemma_.lower() in {"pause", "silence"}}
            if claim is None or (claim.unit == "years" and segment.context == "music" and segment.label != "age"):
                continue
            taken.append(match.span())
            tokens = {t.i for t in sentence.tokens if t.idx < match.end() and t.idx + len(t.text) > match.start()}
            if tokens & sentence.ignored:
                continue
            if claim.value in {"pause", "silence"}:
                tokens |= {t.i for t in sentence.tokens if t.lemma_.lower() == claim.value}
            sentence.used |= {i for i in tokens if not _stays(sentence, i, claim)}
            yield claim, segment.start + match.start(), segment.start + match.end()


def _stays(sentence: Sentence, number: int, claim: Claim) -> bool:
    """Whether a token under a number still names something: "two old women" tells sex and age as well."""
    hit = sentence.at.get(number)
    return claim.unit == "voices" and hit is not None and bool(hit.senses.keys() & {"speaker_sex", "age"})


def _may_count(body: str) -> bool:
    return _SMALL.search(body) is not None


_SMALL = re.compile(
    r"\b(?:(?i:bars|once|twice|thrice|one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|single"
    r"|solo|only|lone|sole|half|couple"
    r"|pair|every|each|key|twenties|thirties|forties|fifties|sixties|seventies|eighties)"
    r"|[A-G](?:#|♯|♭|b|[ -]?[Ss]harp|[ -]?[Ff]lat)? ?-?"
    r"(?:[Mm]ajor|[Mm]inor))\b",
)


def _bpm(match: re.Match[str]) -> Claim | None:
    claim = Claim("tempo", words=plain_text(match.group()), subject=Subject("music", "the music"))
    return measured(claim, bounds_of(match, "about", "bpm"), "bpm")


def _faster(match: re.Match[str]) -> Claim | None:
    bound = bounds_of(match, "more" if match["word"].lower() == "faster" else "less", "bpm")
    return measured(
        Claim("tempo", words=plain_text(match.group()), subject=Subject("music", "the music")), bound, "bpm"
    )


def _key(match: re.Match[str]) -> Claim | None:
    tonic, shift = match["tonic"] or match["bare"], (match["shift"] or match["bare_shift"] or "").lower().strip(" -")
    step = 1 if shift in {"#", "♯", "sharp"} else -1 if shift in {"♭", "b", "flat"} else 0
    mode = (match["mode"] or "").lower()
    value = {"maj": "major", "min": "minor"}.get(mode, mode if mode in {"major", "minor"} else "modal" if mode else "")
    pitch_class = float((_PITCH_CLASS[tonic] + step) % 12)
    words = re.sub(r"^in (?:the key of )?|^key of ", "", " ".join(match.group().split()))
    return Claim("key", value, words, Subject("music", "the music"), number=pitch_class, unit="pitch_class")


def _metre(match: re.Match[str]) -> Claim | None:
    words = f"{match['beats']}/{match['unit']}"
    return Claim(
        "metre", words=words, subject=Subject("music", "the music"), number=float(match["beats"]), unit="beats"
    )


def _hertz(match: re.Match[str]) -> Claim | None:
    bound = bounds_of(match, "about", "hz", 1000.0 if match["k"] else 1.0)
    return measured(
        Claim("pitch", words=plain_text(match.group()), subject=Subject("sound", "the tone", "sine_tone")), bound, "hz"
    )


# "130 words per minute"; 110 to 160 are what moderate speech runs at (audiobooks 150, conversation 120 to 160).
_WORD_RATE = re.compile(rf"{SHAPE}\s*(?:words per minute|words a minute|wpm\b)", re.IGNORECASE)


def _word_rate(match: re.Match[str]) -> Claim | None:
    low = value_of(match["low"])
    if low is None or not 30 <= low <= 400:
        return None
    value = "slow" if low < 110 else "fast" if low > 160 else "moderate"
    return Claim("rate", value, plain_text(match.group()), Subject("speaker", "the speaker"))


Reader = Callable[[re.Match[str]], Claim | None]


_READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_BPM, _bpm),
    (_WORD_RATE, _word_rate),
    (BARS, bars),
    (_BPM_AHEAD, _bpm),
    (_FASTER, _faster),
    (_KEY, _key),
    (_METRE, _metre),
    (EVERY, every),
    (_HERTZ, _hertz),
    (YEARS, years),
    (DECADE, decade),
    (SECONDS, seconds),
    (CLOCK, clock),
    (BOUND_TIMES, bound_times),
    (TIMES, times),
    (VOICES, voices),
    (PLAIN_VOICES, one_voice),
)


_BARE_BPM = re.compile(r"^(?P<low>\d{2,3})(?:\s*[-–]\s*(?P<high>\d{2,3}))?$")


_BY_LABEL: dict[str, tuple[tuple[re.Pattern[str], Reader], ...]] = {
    "age": ((AGE_KEY, decade), (BARE_AGE, bare_age)),
    "tempo": ((_BARE_BPM, _bpm),),
    "duration": ((BARE_SECONDS, bare_seconds),),
}
"""What a key lets a bare number mean: `bpm: 104`, `age: 20s`."""
