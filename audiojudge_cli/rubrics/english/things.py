"""What a sentence says is heard: speakers, singers, instruments, sounds, music, places; one `Thing` each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.actions import is_action, of_verb
from audiojudge_cli.rubrics.english.nouns import inside_name, named_thing, names_music, of_noun
from audiojudge_cli.rubrics.english.sentence import Sentence
from audiojudge_cli.rubrics.english.thing import Thing

if TYPE_CHECKING:
    pass


def find_things(sentence: Sentence) -> dict[int, Thing]:
    """Return the things of a sentence by the number of their head, verbs as well as nouns leading to them."""
    found: dict[int, Thing] = {}
    for token in sentence.doc:
        if token.i in sentence.ignored or token.i in sentence.used or token.i in found:
            continue
        thing = of_verb(sentence, token) if is_action(sentence, token) else None
        if thing is not None:
            found[thing.head] = found[token.i] = thing
            sentence.used |= thing.tokens if thing.claims else set()
    for token in sentence.doc:
        if token.i in sentence.ignored or token.i in found or token.i in sentence.used:
            continue
        if token.pos_ in {"NOUN", "PROPN", "ADJ", "PRON", "VERB", "X", "NUM"} and not inside_name(token):
            thing = of_noun(sentence, token)
            if thing is not None:
                found[token.i] = thing
                sentence.used |= thing.tokens if thing.claims else set()
    for token in sentence.doc:
        hit = sentence.at.get(token.i)
        if hit is not None and hit.root == token.i and sentence.free(hit) and names_music(sentence, token, hit):
            thing = named_thing(sentence, token, hit)
            if thing is not None and thing.claims:
                found[token.i] = thing
                sentence.used |= thing.tokens
    return found
