"""Words: what is said and in which language, by speech recognition."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.presence import of_speech
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait
from audiojudge_cli.judges.embedded.word_diff import word_diff
from audiojudge_cli.probes.spoken import language_of
from audiojudge_cli.text.simplified import simplified

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

# Scripts without spaces, where the recogniser takes one character for another that sounds alike.
_CHARACTERS = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")
_NO_SPEECH = "No speech was found whose language could be told."


# Between letters it belongs to the word: "don't", "state’s".
_APOSTROPHE = re.compile(r"(?<=\w)['’](?=\w)")


def plain(text: str) -> str:
    """Return lower-case letters and digits of `text`, words separated by single spaces.

    Chinese and Japanese characters stand apart, traditional ones as simplified.
    """
    folded = simplified(_APOSTROPHE.sub("", unicodedata.normalize("NFKC", text).casefold()))
    spaced = re.sub(r"([\u3040-\u30ff\u4e00-\u9fff])", r" \1 ", folded)
    return " ".join(re.sub(r"[^\w\s]|_", " ", spaced).split())


def similarity(wanted: str, heard: str) -> float:
    """Return how well `wanted` is found somewhere in `heard`, 0 to 1, by characters of the best stretch."""
    from rapidfuzz import fuzz

    a, b = plain(wanted).replace(" ", ""), plain(heard).replace(" ", "")
    if not a or not b:
        return 0.0
    # A transcript shorter than the wanted words cannot contain them: compare the whole then.
    score = fuzz.partial_ratio(a, b) if len(b) >= len(a) else fuzz.ratio(a, b)
    return float(score) / 100.0


def word_similarity(wanted: str, heard: str) -> float:
    """Return how well the wanted words are found among the heard words, 0 to 1, whole words against whole words."""
    from rapidfuzz import fuzz

    want, have = plain(wanted).split(), plain(heard).split()
    if not want or not have:
        return 0.0
    size = len(want)
    windows = (" ".join(have[i : i + size]) for i in range(max(1, len(have) - size + 1)))
    return max(float(fuzz.ratio(" ".join(want), window)) for window in windows) / 100.0


@trait(
    asks("content", "", only=lambda claim: bool(plain(claim.words))),
    asks("content", "word", only=lambda claim: bool(plain(claim.words))),
    curves={
        "words.one": ("letters", "words"),
        "words.many": ("letters", "words", "wrong"),
        "words.characters": ("letters", "words", "wrong"),
    },
    needs=("silero-vad", "whisper-base"),
)
def content(clip: ClipFeatures, claim: Claim) -> Reading:
    """These words are said: how well they are found among the recognised ones, and how many are others."""
    transcript = clip.transcript(language_of(claim.words, clip.languages))
    by_letters, by_words = similarity(claim.words, transcript.text), word_similarity(claim.words, transcript.text)
    heard = transcript.text.strip() or "nothing"
    times = clip.speech.segments()
    evidence = f"Recognised: “{heard[:200]}”"
    if len(plain(claim.words).split()) == 1:
        facts = {"similarity": round(by_words, 3)}
        found = {"letters": by_letters, "words": by_words}
        return Reading("words.one", found, f"{evidence}.", "speech-recognition", times, facts)
    said = [(part, word.p) for word in transcript.words for part in plain(word.text).split()]
    diff = word_diff(plain(claim.words).split(), [part for part, _ in said], [p for _, p in said])
    found = {"letters": by_letters, "words": by_words, "wrong": diff.wrong_share}
    facts = {"similarity": round(max(by_letters, by_words), 3), "wer": round(diff.error_rate, 3)}
    evidence += f"; {diff.told}."
    kind = "words.characters" if _CHARACTERS.search(claim.words) else "words.many"
    return Reading(kind, found, evidence, "speech-recognition", times, facts)


@trait(
    asks("language", only=lambda claim: claim.value not in {"", "mixed"}),
    curves={"language": ("log_chance", "log_odds")},
    given=("speech",),
    needs=("silero-vad", "whisper-base"),
)
def language(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Speech is in a language."""
    if claim.value not in clip.known_languages:
        return NotHeard(f"Speech recognition knows no language {claim.value or claim.words!r}.")
    chances = clip.languages
    mine = chances.get(claim.value, 0.0)
    best = max(chances, key=lambda code: chances[code], default="")
    rival = max((chance for code, chance in chances.items() if code != claim.value), default=0.0)
    found = {"log_chance": math.log(max(1e-4, mine)), "log_odds": math.log(max(1e-4, mine) / max(1e-4, rival))}
    evidence = f"Sounds most like {best} ({chances[best]:.0%}); {claim.value}: {mine:.0%}." if chances else _NO_SPEECH
    times, facts = clip.speech.segments(), {"chance": round(mine, 3)}
    return Reading("language", found, evidence, "speech-recognition", times, facts, of_speech(clip))


describe(
    "content",
    "Voices",
    rests_on="speech recognition: fuzzy match of letters and words, and the share of the wanted words that carry"
    " meaning and are heard as other ones",
    sure="R, each of three sets left out: sentences that are said .93 to .95 (Chinese .78), with a fifth of their words"
    " exchanged refused .83 to 1.00; single words .980 / .983",
    limits='words under loud music; paraphrase ("mentions her holiday"); topics',
    refusal="Only words that are said as they stand can be looked for; what speech is about is not told.",
)
describe(
    "language",
    "Voices",
    rests_on="language identification of the recogniser",
    sure="R .970 / .994",
    limits="one language among several in a clip",
    refusal="The claim names no language that speech recognition knows.",
)
