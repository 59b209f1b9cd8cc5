"""Words put in the place of others in a parse, with what hangs on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token


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
