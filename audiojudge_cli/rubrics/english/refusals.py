"""What is denied together with its description ("no scary sounds")."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.dimension_nouns import DIMENSION_NOUNS
from audiojudge_cli.rubrics.english.sentence import Sentence, noun_phrase
from audiojudge_cli.rubrics.english.thing import Thing

if TYPE_CHECKING:
    from spacy.tokens import Token

_REFUSED = {"music": "structure", "speech": "style", "sound": "event"}


def refused_by(
    sentence: Sentence, root: Token, owner: Subject, things: Mapping[int, Thing]
) -> tuple[Claim, set[int]] | None:
    """Return the claim that nothing of a described kind is there ("no scary sounds"), None where nothing denies it.

    The claim comes without tokens where what is denied is a claim already ("no music underneath").
    """
    if root.i not in sentence.denied:
        return None
    if any(thing.claims and thing.subject == owner and thing.claims[0].negated for thing in things.values()):
        return Claim("event"), set()
    noun = root.head
    if root.dep_ not in {"amod", "compound", "nmod"} or noun.i not in sentence.denied or noun.pos_ != "NOUN":
        return None
    if (
        (noun.i in things and things[noun.i].claims)
        or noun.lemma_.lower() in DIMENSION_NOUNS
        or noun.i in sentence.used
    ):
        return None
    tokens = {t.i for t in noun_phrase(noun) if t.dep_ != "det" and t.pos_ != "DET"}
    dimension = _REFUSED[sentence.segment.context]
    return Claim(dimension, "", sentence.inside(tokens), Subject("clip"), negated=True), tokens
