"""Words: how what is said differs from the words to be spoken, as word and character error rate.

Both sides are normalised as the field does it: English by Whisper's English normaliser (numbers, contractions,
spelling; Radford et al., arXiv 2212.04356, appendix C), other languages by its basic one (case and punctuation).
Chinese, Japanese and Korean are compared by characters without spaces. Rates and alignment are jiwer's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.probes.spoken import language_of, mostly_latin, spoken
from audiojudge_cli.results.quality import StepKind, WordErrors, WordStep
from audiojudge_cli.text.simplified import simplified

if TYPE_CHECKING:
    from jiwer import AlignmentChunk

    from audiojudge_cli.probes.sessions import Models

MOST_CHARACTERS = 200_000
"""Longest transcript that is compared: four hours, the longest clip there can be, of 14 characters a second."""

# Scripts whose words have no spaces between them or, Korean, none that everybody sets alike.
_CHARACTERS = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\U00020000-\U0003ffff]")
_WORD = re.compile(r"[^\W\d_]+")
_SAID = re.compile(r"\w")
# Whisper's normaliser knows "don't" and takes the typographic apostrophe, which manifests have, for punctuation.
_APOSTROPHE = re.compile(r"(?<=\w)[’ʼ＇](?=\w)")
# It takes out what stands in brackets; an opening one that none closes makes it search to the end, each time again.
_OPEN, _CLOSING = re.compile(r"[<\[(]"), re.compile(r"[>\])]")
# What nobody sees or says, and no space: controls, format characters, selectors of a glyph, fillers of Hangul.
_UNSEEN = re.compile(r"[\u034f\u115f\u1160\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
# Joiners spell words in Arabic, Syriac and the scripts of India: between their letters they stay.
_JOINED = r"[\u0600-\u08ff\u0900-\u0dff]"
_JOINER = re.compile(rf"(?<={_JOINED})[\u200c\u200d](?={_JOINED})")
_STEPS: dict[str, StepKind] = {"equal": "equal", "substitute": "substitute", "delete": "delete", "insert": "insert"}

Normaliser = Callable[[str], str]


def words_of(clip: Clip, waveform: Waveform, models: Models, most: int = MOST_CHARACTERS) -> WordErrors | None:
    """Return how what is said in a clip differs from its transcript; None where it has none (see `word_errors`).

    The speech is recognised in the language of the transcript: its script's, in Latin letters what the clip sounds
    like. It is the judge's own transcript where the clip has an item about these words (`probes.spoken`).

    Args:
        clip: With its transcript.
        waveform: Its audio.
        models: The recogniser.
        most: Longest transcript that is compared, in characters.

    Raises:
        ClipError: If the transcript is longer, or nothing in it is to be spoken though it has letters or digits.
        WeightsError: If weights are missing.
    """
    if clip.transcript is None:
        return None
    if len(clip.transcript) > most:
        raise ClipError("transcript", f"the transcript has {len(clip.transcript):,} characters; the limit is {most:,}")
    heard = spoken(waveform, models)
    language = language_of(clip.transcript, heard.languages)
    found = word_errors(clip.transcript, heard.transcript(language).text, language)
    if found is None and _SAID.search(clip.transcript):
        raise ClipError(
            "transcript", "the transcript has no spoken word: only remarks in brackets, or fillers (um, hmm)"
        )
    return found


def word_errors(wanted: str, heard: str, language: str | None) -> WordErrors | None:
    """Return how the words heard differ from the words wanted.

    Args:
        wanted: The words to be spoken, as written.
        heard: What was recognised, as written; nothing recognised is every wanted word missing, a rate of 1.
        language: ISO 639-1 code of `wanted`.

    Returns:
        None where nothing is left of `wanted` but punctuation, or where it is longer than `MOST_CHARACTERS`. The word
        error rate alone is None for Chinese, Japanese and Korean.
    """
    import jiwer

    if len(wanted) > MOST_CHARACTERS:
        return None
    left, right, by_characters = compared(wanted, heard, language)
    if not left:
        return None
    letters = jiwer.process_characters(left, right)
    words = None if by_characters else jiwer.process_words(left, right)
    aligned = letters if words is None else words
    return WordErrors(
        wer=None if words is None else round(words.wer, 4),
        cer=round(letters.cer, 4),
        heard=right,
        wanted=left,
        diff=_diff(aligned.references[0], aligned.hypotheses[0], aligned.alignments[0], "" if by_characters else " "),
    )


def compared(wanted: str, heard: str, language: str | None) -> tuple[str, str, bool]:
    """Return both texts as they are compared, and whether by characters (without spaces) instead of words.

    Args:
        wanted: The words to be spoken, as written.
        heard: What was recognised, as written.
        language: ISO 639-1 code of `wanted`.
    """
    wanted, heard = _seen(wanted), _seen(heard)
    by_characters = written_without_spaces(wanted)
    if by_characters and language == "zh":
        # The recogniser writes either, whatever the transcript has: 們 and 们 are one sound and one word.
        wanted, heard = simplified(wanted), simplified(heard)
    left, right = _normalised(wanted, heard, "" if by_characters else language)
    if by_characters:
        left, right = left.replace(" ", ""), right.replace(" ", "")
    return left, right, by_characters


def written_without_spaces(text: str) -> bool:
    """Return whether a text has at least as many Chinese, Japanese or Korean characters as words in other letters."""
    others, characters = _CHARACTERS.subn(" ", text)
    return 0 < characters >= len(_WORD.findall(others))


def _normalised(wanted: str, heard: str, language: str | None) -> tuple[str, str]:
    both = [_prepared(text) for text in (wanted, heard)]
    if language == "en" and mostly_latin(wanted):
        try:
            return _tidied(both, _english())
        except (AssertionError, ValueError):  # numbers of thousands of digits, which Python does not convert
            pass
    return _tidied(both, _basic())


def _seen(text: str) -> str:
    """Return a text without what cannot be seen, joiners that spell a word apart; a dotted capital I is an I."""
    joiners = {match.start() for match in _JOINER.finditer(text)}
    kept = (
        char
        for at, char in enumerate(text)
        if at in joiners or char.isspace() or unicodedata.category(char) not in {"Cc", "Cf"}
    )
    # Lower case would leave the dot of an İ as a mark of its own.
    return unicodedata.normalize("NFC", _UNSEEN.sub("", "".join(kept))).replace("İ", "I")


def _tidied(texts: Sequence[str], normalise: Normaliser) -> tuple[str, str]:
    # Of "wait..." the English normaliser leaves a point, which nobody says.
    left, right = (" ".join(filter(_SAID.search, normalise(text).split())) for text in texts)
    return left, right


def _prepared(text: str) -> str:
    """Return a text that the normalisers read in a time that grows with its length alone, and read the same."""
    plain = _APOSTROPHE.sub("'", " ".join(text.split()))
    closings = [match.end() for match in _CLOSING.finditer(plain)]
    end = closings[-1] if closings else 0
    # Behind the last closing bracket an opening one is punctuation like any other.
    return plain[:end] + _OPEN.sub("*", plain[end:])


@cache
def _english() -> Normaliser:
    from whisper_normalizer.english import EnglishTextNormalizer

    found: Normaliser = EnglishTextNormalizer()
    return found


@cache
def _basic() -> Normaliser:
    from whisper_normalizer.basic import BasicTextNormalizer

    # Marks are vowels in Hindi and Arabic: without them other words are left.
    found: Normaliser = BasicTextNormalizer(preserve_marks=True)
    return found


def _diff(wanted: list[str], heard: list[str], chunks: Sequence[AlignmentChunk], space: str) -> tuple[WordStep, ...]:
    return tuple(
        WordStep(
            _STEPS[chunk.type],
            space.join(wanted[chunk.ref_start_idx : chunk.ref_end_idx]),
            space.join(heard[chunk.hyp_start_idx : chunk.hyp_end_idx]),
        )
        for chunk in chunks
    )
