"""What a sentence says is heard: speakers, singers, instruments, sounds, music, places; one `Thing` each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Subject
from audiojudge_cli.rubrics.english.actions import is_action, of_verb
from audiojudge_cli.rubrics.english.handled import lacks_object, points
from audiojudge_cli.rubrics.english.nouns import inside_name, named_thing, names_music, of_noun
from audiojudge_cli.rubrics.english.sentence import Sentence, subject_of
from audiojudge_cli.rubrics.english.thing import Thing

if TYPE_CHECKING:
    from spacy.tokens import Token


def find_things(sentence: Sentence) -> dict[int, Thing]:
    """Return the things of a sentence by the number of their head, verbs as well as nouns leading to them."""
    found: dict[int, Thing] = {}
    for token in sentence.tokens:
        if _free(sentence, token, found) and is_action(sentence, token):
            _keep(sentence, token, _done(sentence, token), found)
    for token in sentence.tokens:
        if _free(sentence, token, found) and token.pos_ in _NAMING_TAGS and not inside_name(token):
            _keep(sentence, token, of_noun(sentence, token), found)
    for token in sentence.tokens:
        hit = sentence.at.get(token.i)
        if hit is not None and hit.root == token.i and sentence.free(hit) and names_music(sentence, token, hit):
            thing = named_thing(sentence, token, hit)
            _keep(sentence, token, thing if thing is not None and thing.claims else None, found)
    return found


def _done(sentence: Sentence, verb: Token) -> Thing | None:
    """Return what a verb says is heard, where the sentence names who or what does it, and to what."""
    doer = subject_of(verb)
    if sentence.segment.context == "sound" and doer is not None and points(doer, verb):
        return Thing(Subject("clip", ""), verb.i, {verb.i}, verb.i)
    return None if lacks_object(verb, doer) else of_verb(sentence, verb)


_NAMING_TAGS = frozenset({"NOUN", "PROPN", "ADJ", "PRON", "VERB", "X", "NUM"})


def _free(sentence: Sentence, token: Token, found: dict[int, Thing]) -> bool:
    return token.i not in sentence.ignored and token.i not in sentence.used and token.i not in found


def _keep(sentence: Sentence, token: Token, thing: Thing | None, found: dict[int, Thing]) -> None:
    if thing is not None:
        if thing.verb == token.i:
            found.setdefault(thing.head, thing)
        found[token.i] = thing
        sentence.used |= thing.tokens if thing.claims else set()
