"""Where a sound is heard from, and what is told of things rather than of their sound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Subject
from audiojudge_cli.rubrics.english.sentence import Hit
from audiojudge_cli.rubrics.english.thing import Thing
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_PLACING = frozenset({"in", "nearby", "close", "far", "away", "off"})
"""Words that open or head a place in the depth of a scene: "in the background", "far away"."""


def nearest(doc: Doc, hit: Hit, things: Mapping[int, Thing]) -> Subject | None:
    """Return the sound that words of place belong to: the one right behind them, else the nearest before them."""
    heard = [thing for thing in things.values() if thing.claims and thing.subject.kind != "clip"]
    behind = next((thing for thing in heard if thing.head == hit.last + 1), None)
    if behind is not None:
        return behind.subject
    if hit.last + 1 < len(doc) and doc[hit.last + 1].pos_ == "NOUN":
        return Subject("clip", "")  # "far away voices": of what is behind, which no claim knows
    before = [
        (max(told), thing) for thing in heard if (told := [i for i in (thing.head, thing.verb) if -1 < i < hit.first])
    ]
    if doc[hit.last].tag_ == "JJ" or not before or doc[hit.first].nbor(-1).text.lower() in {"and", "with", ",", "but"}:
        return None
    return max(before, key=lambda one: one[0])[1].subject


def is_place(value: str, root: Token) -> bool:
    """Return whether a phrase tells how far off a sound is, by where it stands: "in the background", "close by"."""
    return value in {"background", "foreground", "distant", "close"} and root.lower_ in _PLACING


_HIGH_THINGS = frozenset({"wind", "wave", "tide", "heel", "gust", "speed", "water", "volume", "ceiling", "grass"})
"""What is high or low without a pitch."""
_INSIDE = frozenset({"in", "inside", "of", "with", "at", "on", "from", "during", "down", "along", "between"})


_OTHER_DEEDS = {"level": {"backing", "cuts", "cutting"}, "noise": {"clean", "cleans", "cleaning", "cleaned"}}
"""Verbs that tell of something else: a chainsaw "cuts through" a tree, somebody "cleans" a window."""


_CUTS = frozenset(
    {"stop", "end", "cut", "shut", "die", "change", "halt", "cease", "silence", "drop", "ending", "shift", "transition"}
)


def _of_another(root: Token, sense: tuple[str, str]) -> bool:
    """Whether a word tells when, where or what a thing is: "a sudden bang", "outside of the voice", "a heavy door"."""
    calling = sense == ("recording", "phone") and root.doc[root.left_edge.i].lower_ == "on"  # who talks on it is here
    outside = sense == ("room", "outdoor") and any(child.lower_ == "of" for child in root.children)
    sudden = sense == ("transition", "cut") and root.lower_.startswith("sudden")
    weight = sense[0] == "intensity" and root.lower_ in {"heavy", "light"} and root.dep_ == "amod"
    weighed = weight and root.head.lemma_ in word_class("silent_things")
    return calling or outside or weighed or (sudden and root.head.lemma_ not in _CUTS)


def told_of_things(root: Token, sense: tuple[str, str], owner: Subject) -> bool:
    """Return whether a phrase tells of a thing, a deed or a speed, and not of how something sounds."""
    if sense[0] in _OTHER_DEEDS:
        return root.lower_ in _OTHER_DEEDS[sense[0]] and (root.pos_ == "VERB" or owner.kind == "music")
    if sense == ("room", "small") and root.pos_ == "NOUN" and root.dep_ in {"dobj", "pobj"}:
        return root.dep_ == "dobj" or root.head.lower_ not in _INSIDE  # "filling a container"
    if sense == ("room", "dry") and root.dep_ == "amod" and owner.kind == "sound":
        return True  # "dry leaves"
    if sense[0] == "clarity" and root.tag_ == "RB" and root.head.lower_ in {"audible", "heard", "hear"}:
        return True  # "clearly audible" says no more than that it is heard
    tall = root.dep_ == "amod" and root.head.lemma_ in _HIGH_THINGS
    above = root.tag_ == "RB" and root.doc[root.i + 1 : root.i + 2].text in {"in", "above", "over", "into", "up"}
    tall = tall or above  # "high in the sky"
    if sense[0] == "pitch" and owner.kind == "sound" and (tall or root.lower_ == "squeaky"):
        return True
    patient = root.dep_ == "amod" and root.head.dep_ == "nsubjpass"  # "the gritty surface was stamped"
    picked = root.lemma_ == "pick"  # what is picked up, or picks up speed, is no louder
    return _of_another(root, sense) or (owner.kind == "sound" and (picked or (sense[0] == "timbre" and patient)))
