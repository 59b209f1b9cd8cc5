"""Adjectives that no list has, where what they describe leaves one reading."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.owners import owner_of
from audiojudge_cli.rubrics.english.sentence import Sentence, is_word
from audiojudge_cli.rubrics.english.thing import Thing
from audiojudge_cli.rubrics.english.voice_senses import OF_VOICES
from audiojudge_cli.rubrics.word_class import dimension_nouns


def read_unlisted(sentence: Sentence, things: Mapping[int, Thing]) -> Iterator[tuple[Claim, set[int]]]:
    """Yield adjectives that no list has, where what they describe leaves one reading: a voice, or the music's mood."""
    for token in sentence.tokens:
        moody = token.tag_ == "VBG" and token.dep_ == "ROOT" and is_word(token, "moods")  # "the song is engaging"
        if (
            not (token.pos_ == "ADJ" or moody)
            or token.i in sentence.used
            or token.i in sentence.ignored
            or token.i in sentence.at
        ):
            continue
        if is_word(token, "empty_adjectives") or token.nbor(-1).text == "-" if token.i else False:
            continue
        if is_word(token, "empty_adjectives") or len(token.text) < 4 or token.dep_ == "compound" or not token.is_alpha:
            continue
        owner, allowed = owner_of(sentence, token, things)
        if not owner.words:
            continue
        predicate = token.dep_ in {"acomp", "conj", "attr", "oprd", "ROOT"} or sentence.segment.label != ""
        head_noun = token.head if token.dep_ == "amod" else None
        named = head_noun is not None and head_noun.lemma_.lower() in dimension_nouns()
        of_music = head_noun is not None and is_word(head_noun, "music_nouns")
        if not (predicate or named or of_music):
            continue
        dimension = _unlisted_dimension(sentence, owner, allowed)
        if dimension in OF_VOICES and sentence.segment.context == "sound" and owner.kind not in {"speaker", "vocals"}:
            continue
        if not dimension or dimension in {"key", "metre", "tempo", "recording", "noise", "room", "level", "language"}:
            continue
        if dimension == "mood" and sentence.segment.label != "mood" and not is_word(token, "moods"):
            continue
        sentence.used.add(token.i)
        words = sentence.inside({token.i})
        yield Claim(dimension, "", words, owner, negated=token.i in sentence.denied), {token.i}


def _unlisted_dimension(sentence: Sentence, owner: Subject, allowed: tuple[str, ...]) -> str:
    """Return what an adjective that no list has tells of its owner."""
    dimension = allowed[0] if allowed else {"speaker": "style", "vocals": "timbre", "music": "mood"}.get(owner.kind, "")
    if dimension == "pitch" and sentence.segment.label != "pitch":
        return "timbre"  # what no list of heights has tells the colour of a voice
    return dimension
