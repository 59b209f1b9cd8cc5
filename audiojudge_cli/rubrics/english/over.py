"""What lies over what: a sound or voice heard together with the one below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.relations import referent, thing_above
from audiojudge_cli.rubrics.english.sentence import Sentence
from audiojudge_cli.rubrics.english.thing import Thing

if TYPE_CHECKING:
    from spacy.tokens import Token


def over_nothing(sentence: Sentence, preposition: Token, owner: Subject) -> bool:
    """Return whether "over it" or "singing over a guitar" tells no level: nothing is in front."""
    if preposition.lower_ == "over" and sentence.segment.context == "music":
        return True
    return beneath_person(preposition) and owner.kind not in {"sound", "instrument", "music"}


def beneath_person(preposition: Token) -> bool:
    """Return whether something stands under, over or behind somebody or something only pointed at."""
    return any(child.dep_ == "pobj" and child.pos_ == "PRON" for child in preposition.children)


def read_over(sentence: Sentence, things: Mapping[int, Thing]) -> Iterator[tuple[Claim, set[int]]]:
    """Yield that a sound is heard together with the one it lies over ("a crow cawing over the sound of rain")."""
    for token in sentence.tokens if "over" in sentence.lower else ():
        if token.lower_ == "over" and token.dep_ == "prep" and token.i not in sentence.at.keys() | sentence.used:
            claim = lies_over(token, things)
            if claim is not None and claim.subject.kind == "sound":
                yield claim, {token.i}


def lies_over(preposition: Token, things: Mapping[int, Thing]) -> Claim | None:
    """Return that a voice or instrument sounds together with what it lies over ("narrates over a piano")."""
    named = (things.get(t.i) for c in preposition.children if c.dep_ == "pobj" for t in c.subtree)
    below = next((thing for thing in named if thing is not None and thing.claims), None)
    above = thing_above(preposition.head, things)
    if preposition.lower_ not in {"over", "above", "atop"} or below is None or above is None or below is above:
        return None
    if not above.claims or above.claims[0].dimension in {"scene", "genre"} or below.claims[0].negated:
        return None
    return Claim("simultaneity", "while", subject=referent(above), other=referent(below))
