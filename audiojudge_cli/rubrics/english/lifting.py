"""Words put in the place of others in a parse, with what hangs on them: nouns that are verbs, and what they act on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.pipeline import lemma_of
from audiojudge_cli.rubrics.english.verbs import may_sound, voice_stems
from audiojudge_cli.rubrics.stems import stem

if TYPE_CHECKING:
    from spacy.tokens import Token

OF_DOER = frozenset({"det", "amod", "compound", "nmod", "nummod", "poss", "cc", "quantmod", "predet", "conj"})
"""How what tells more of a noun hangs on it."""
MOVING = frozenset(
    {"approach", "accelerat", "stop", "throttl", "speed", "decelerat", "malfunction", "operat", "fade", "pass"}
)
"""Stems of verbs of what comes, goes and works without a noise of its own."""


def may_act(word: str) -> bool:
    """Return whether a word in lower case may be the form of a verb that captions of sounds have."""
    return may_sound(word) or stem(word) in voice_stems() | MOVING


def retag(token: Token, tag: str) -> None:
    """Give a token the tag of a verb, with its lemma."""
    token.tag_, token.pos_ = tag, "VERB"
    token.lemma_ = lemma_of(token)


def act(token: Token, doer: Token, tag: str) -> None:
    """Make a verb of a token, and the noun in front of it its subject."""
    retag(token, tag)
    if doer.pos_ == "ADJ":
        doer.tag_, doer.pos_ = "NN", "NOUN"
    if token.is_ancestor(doer):
        first = next(t for t in (doer, *doer.ancestors) if t.head == token)
        if first.tag_ == "VBG" or may_act(first.lower_):
            first.dep_ = "dep"
            doer.head, first = token, doer
        for child in [c for c in token.lefts if c.i < first.i and c.dep_ in OF_DOER]:
            child.head = first
        first.dep_ = "nsubj"
        if tag == "VBZ" and _is_placed(token):  # "a crowd in a stadium cheers": the crowd does
            first.head, first.dep_ = token.head, "pobj"
            token.head, token.dep_ = token.head.head, "acl"
            return
        token.dep_ = "acl" if token.dep_ in {"compound", "amod"} else token.dep_
        for child in token.rights:
            if child.dep_ == "npadvmod" and child.lower_ != "times":
                child.dep_ = "dobj"  # "prints several pages"
        if tag != "VBG" and _is_parted(token) and token.head.lower_ not in {"shut", "open"}:
            _part(token)
    elif doer.is_ancestor(token):
        token.head = doer
        token.dep_ = "acl"


def _is_placed(verb: Token) -> bool:
    """Whether a verb was taken for the place of one who acts, who stands in front: "a man in a car honks"."""
    place = verb.head
    return (
        verb.dep_ == "pobj"
        and place.lower_ in {"in", "at", "inside", "on"}
        and place.i > 0
        and place.nbor(-1) == place.head
        and place.head.tag_ == "NN"
    )


def _is_parted(verb: Token) -> bool:
    """Whether a finite verb was hung on another as its subject, or in front of that of another."""
    own = any(child.i > verb.i and child.dep_ in {"nsubj", "nsubjpass"} for child in verb.head.lefts)
    return verb.dep_ in {"nsubj", "nsubjpass"} or (verb.dep_ == "dep" and own)


def _part(verb: Token) -> None:
    """Make a clause of a finite verb that was taken for the subject of another: "a frog croaks and others respond"."""
    other, verb.dep_ = verb.head, "ccomp"
    own = next((child for child in other.lefts if child.i > verb.i and child.dep_ in {"nsubj", "nsubjpass"}), None)
    if own is None and (own := next((c for c in verb.rights if c.dep_ == "conj" and c.pos_ == "NOUN"), None)):
        own.head, own.dep_ = other, "nsubj"
    for child in list(other.lefts):
        if own is not None and verb.i < child.i < own.left_edge.i and child.dep_ != "punct":
            child.head = verb  # "vibrates four times, nobody picks it up"


def complete(verb: Token, shut: Token) -> None:
    """Hang "shut" on the verb in front of it: "a door slams shut"."""
    if shut.is_ancestor(verb):
        lift(verb, shut)
    for child in list(shut.children):
        child.head = verb
    for child in list(verb.lefts):
        if child.dep_ == "nsubj" and child.tag_ in {"NNS", "VBZ"} and may_act(child.lower_):
            child.dep_ = "conj"  # "squeaks and clicks shut"
            retag(child, "VBZ")
            for doer in [inner for inner in child.lefts if inner.dep_ == "nsubj"]:
                doer.head = verb
    shut.head, shut.dep_, shut.tag_, shut.pos_ = verb, "advmod", "RB", "ADV"


def lift(token: Token, above: Token) -> None:
    """Put a token in the place of one that it hangs on, however far up, and hang that one on it."""
    head, dep = above.head, above.dep_
    token.head, token.dep_ = (token, "ROOT") if head == above else (head, dep)
    above.head = token


def name_noise(doing: Token, noise: Token) -> None:
    """Make what was read as an action and its object a noise and what makes it: "spraying noise"."""
    for child in list(doing.children):
        if child != noise and child.i > noise.i:
            child.head = noise
    lift(noise, doing)
    noise.dep_, doing.dep_ = "pobj" if noise.dep_ == "pcomp" else noise.dep_, "amod"


def grade(degree: Token, doing: Token) -> None:
    """Make an adjective of what was taken for the noun that acts: "a faint snoring"."""
    for child in list(degree.children):
        if child != doing:
            child.head = doing
    lift(doing, degree)
    doing.tag_, doing.pos_ = "NN", "NOUN"
    degree.dep_, degree.tag_, degree.pos_ = "amod", "JJ", "ADJ"
