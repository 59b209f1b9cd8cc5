"""Which words of a sentence hold for a part of a piece or of a speech only: nothing of the whole is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Place
from audiojudge_cli.rubrics.english.sentence import Sentence
from audiojudge_cli.rubrics.segment import Found, Segment
from audiojudge_cli.rubrics.vocabulary import find

if TYPE_CHECKING:
    from spacy.tokens import Token

_UNTIL = frozenset({"until", "till", "before", "after", "during"})
_IN = frozenset({"in", "for", "at", "on"})
_ONLY_OUT = frozenset({"stay", "sit", "lay", "keep"})
"""Verbs that with "out" say that somebody does not play; who drops or cuts out has played before."""


def limited(sentence: Sentence) -> set[int]:
    """Return the tokens of what is denied for a time only ("no drums until the chorus"), and of idioms that deny."""
    found: set[int] = set()
    for token in sentence.tokens:
        if is_left_out(token) and any(_is_time(sentence, child) for child in token.rights):
            found |= {t.i for t in token.subtree}
        elif token.lower_ == "no" and token.dep_ in {"det", "nummod"}:
            beside = [*token.head.rights, *(c for c in token.head.head.rights if c.i > token.i)]
            times = [child for child in beside if _is_time(sentence, child)]
            found |= (
                {t.i for c in (token, *times) if c.pos_ != "VERB" for t in c.subtree} | {token.head.i}
                if times
                else set()
            )
        elif token.lower_ == "if" and token.nbor(-1).lower_ == "as" if token.i else False:
            past = any(child.lower_ == "had" for child in token.head.lefts)  # "as if he had been crying"
            found |= set(range(token.i - 1, token.head.right_edge.i + 1)) if past else set()
        elif token.lemma_ == "care" and any(child.lower_ == "less" for child in token.rights):
            found |= {token.i}  # "couldn't care less" tells a mood, and denies nothing
    return found


_OF_PARTS = frozenset(
    ["dynamics", "emotion", "intensity", "level", "mood", "pitch", "rhythm", "style", "tempo", "timbre", "volume"]
)
"""Dimensions of what is told of a piece or its singing as a whole, and need hold in one section only."""


def is_section(segment: Segment) -> bool:
    """Return whether a sentence is the tag of a section: "[Verse 1]"."""
    tagged = (
        segment.text[segment.start - 1 : segment.start] == "[" and segment.text[segment.end : segment.end + 1] == "]"
    )
    return tagged and bool(find(segment.text[segment.start : segment.end], "structure"))


def of_section(found: Sequence[Found]) -> list[Found]:
    """Return what holds of the whole piece of the claims of a section: what plays and sings, not how."""
    wide = {"clip", "music", "vocals"}
    return [one for one in found if one.claim.subject.kind not in wide or one.claim.dimension not in _OF_PARTS]


def mark_ends(sentence: Sentence, verb: Token) -> None:
    """Mark what tells how a piece or a voice begins or ends: "starts calmly", "opens with a solo piano"."""
    if sentence.segment.context == "sound" or verb.lemma_ not in _ENDS or verb.pos_ not in {"VERB", "NOUN"}:
        return
    told = {t.i for t in verb.rights if t.dep_ in {"acomp", "oprd"} or (t.tag_ == "RB" and t.lower_.endswith("ly"))}
    at = verb.i + 1 + (verb.doc[verb.i + 1 : verb.i + 2].text in {"off", "out"})  # "starts off calm"
    behind = verb.doc[at : at + 1]
    told_so = len(behind) and (behind[0].pos_ in {"ADJ", "ADV"} or behind[0].dep_ == "advmod")
    if told_so and behind[0].lower_ not in {"then", "off", "out", "up"}:
        told.add(behind[0].i)  # wherever the parser hung it
    sentence.placed |= dict.fromkeys(told, _ENDS[verb.lemma_])
    alone = (t for c in verb.rights if c.lower_ in {"with", "as"} for t in c.subtree)
    sentence.used |= {t.i for t in alone if t.lower_ in {"solo", "lone", "single", "only", "just", "alone"}}


_ENDS: dict[str, Place] = {
    **dict.fromkeys(["start", "begin", "open"], "start"),
    **dict.fromkeys(["end", "finish", "close", "conclude"], "end"),
}


def is_left_out(verb: Token) -> bool:
    """Return whether a verb says that its subject does not play: "the drums stay out", "the bass sits out"."""
    out = any(child.lower_ == "out" and child.dep_ in {"prt", "advmod"} for child in verb.rights)
    return verb.pos_ == "VERB" and verb.lemma_ in _ONLY_OUT and out


def _is_time(sentence: Sentence, word: Token) -> bool:
    """Whether words tell when: "until the second verse", "in the intro"."""
    if word.lower_ in _UNTIL or any(child.lower_ in {"until", "till"} for child in word.lefts):
        return True
    named = [child for child in word.children if child.dep_ == "pobj"]
    told = [sentence.at[t.i].senses for t in named if t.i in sentence.at]
    return word.lower_ in _IN and any("structure" in senses for senses in told)
