"""Transcripts: the words to be spoken, as a manifest gives them. They are no description and are never parsed."""

from __future__ import annotations

from dataclasses import replace

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.rubrics.rules import detect_language

_DIMENSION = "content"
# The question has the words in double quotation marks; a second pair inside would end them early for whoever reads it.
_INNER_QUOTES = str.maketrans({"“": "‘", "”": "’", "„": "‚", "‟": "‛", '"': "'", "＂": "'"})


def content_item(transcript: str) -> RubricItem | None:
    """Return the item that asks whether these words are spoken; None where no letter or digit could be heard.

    The question is Chinese where the transcript is, else English.
    """
    words = " ".join(transcript.split())
    if not _letters(words):
        return None
    quoted = words.translate(_INNER_QUOTES)
    if detect_language(words) == "zh":
        speaker, question = "说话人", f"说话人是否说出“{quoted}”？"
    else:
        speaker, question = "the speaker", f"Does the speaker say “{quoted}”?"
    claim = Claim(_DIMENSION, words=words, subject=Subject("speaker", speaker))
    return RubricItem(_DIMENSION, question, transcript.strip(), claim=claim)


def transcript_rubric(transcript: str, subset: str | None = None) -> Rubric:
    """Return the rubric of a clip that has a transcript and no caption: one item, or none for mere punctuation."""
    item = content_item(transcript)
    return Rubric((item,) if item else (), detect_language(transcript), subset or "speech")


def with_transcript(rubric: Rubric, transcript: str, *, given: bool) -> Rubric:
    """Return `rubric` with the item of a transcript at its end, unless it asks for the words already.

    Args:
        rubric: Of the caption.
        transcript: The words to be spoken.
        given: Whether a person wrote the rubric: then any item about content is left to stand alone. In an expanded
            one only an item about the very same words is, which the caption quotes.
    """
    item = content_item(transcript)
    if item is None or any(_asks(one, transcript, given=given) for one in rubric.items):
        return rubric
    return replace(rubric, items=(*rubric.items, item))


def _asks(item: RubricItem, transcript: str, *, given: bool) -> bool:
    if item.dimension != _DIMENSION or given:
        return item.dimension == _DIMENSION
    words = item.basis if item.claim is None else item.claim.words
    said = item.claim is None or not item.claim.value
    return said and not item.negated and _letters(words) == _letters(transcript)


def _letters(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
