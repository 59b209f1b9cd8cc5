"""What a sentence says is heard, or speaks of: one `Thing` each."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.forms import decapitalised
from audiojudge_cli.rubrics.english.sentence import Sentence, noun_phrase

if TYPE_CHECKING:
    from spacy.tokens import Token

DESCRIBING = frozenset(
    (
        *("distance", "intensity", "level", "volume", "dynamics", "rhythm", "tempo", "rate", "pitch", "timbre", "mood"),
        *("emotion", "age", "clarity", "transition", "room", "duration", "style", "count", "production", "speaker_sex"),
    )
)


NAMING = frozenset({"instrument", "vocals", "event", "genre", "component"})
"""Dimensions of words that name what is heard."""


@dataclass(slots=True)
class Thing:
    """Something that the sentence says is heard, or speaks of.

    Attributes:
        subject: As claims refer to it.
        head: Number of its noun, or of its verb where it has no noun.
        tokens: What it rests on.
        verb: Number of the verb that it does, -1 without one.
        claims: What its being there claims; empty for things only referred to ("the song", "the voice").
        heard: How another claim names it as something heard ("a kid speaking"); the claim's words when empty.
        rests: For each claim the tokens it rests on; all of `tokens` when empty.
    """

    subject: Subject
    head: int
    tokens: set[int]
    verb: int = -1
    claims: list[Claim] = field(default_factory=list)
    heard: str = ""
    rests: list[set[int]] = field(default_factory=list)

    @property
    def at(self) -> int:
        """Number of the token where it is told: its verb before its noun."""
        return self.verb if self.verb >= 0 else self.head


def is_adjective_claim(sentence: Sentence, number: int) -> bool:
    """Return whether a word inside a name is a claim of its own ("loud" in "loud bells")."""
    token = sentence.doc[number]
    hit = sentence.at.get(number)
    if token.dep_ not in {"amod", "advmod"} or hit is None:
        return False
    musical = sentence.segment.context == "music" and not hit.senses.keys() & NAMING  # "twangy" may be an accent
    return bool(hit.senses.keys() & DESCRIBING) and (musical or not hit.senses.keys() - DESCRIBING)


def definite_name(noun: Token | None, words: str) -> str:
    """Return a noun with the definite article, `words` where there is no noun."""
    if noun is None:
        return words
    tokens = [t for t in noun_phrase(noun) if t.dep_ in {"compound", "poss"} or t.i == noun.i]
    name = " ".join(t.text for t in tokens)
    if noun.pos_ == "PRON" or noun.lower_ == "people":
        return decapitalised(name)
    return f"the {decapitalised(name)}"


def uncounted(name: str) -> str:
    """Return a name without its article and the words that count it."""
    first, _, rest = name.partition(" ")
    return rest if rest and first.lower() in _COUNTING else name


_COUNTING = frozenset({"a", "an", "the", "several", "some", "many", "multiple", "two", "three", "few", "various"})


# Endings of nouns that name somebody by what he or she does.
ROLE_ENDINGS = ("er", "or", "ist", "ian", "eer", "ant", "ent", "man", "woman", "guide", "coach", "host", "villain")
