"""How something is done: adverbs of a verb whose action is a sound ("a bird is pecking lightly")."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.event_words import doing_of
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence
from audiojudge_cli.rubrics.english.thing import Thing, definite_name, uncounted

if TYPE_CHECKING:
    from spacy.tokens import Token

_OF_ACTIONS = frozenset({"intensity", "rhythm"})
_CHANGES: Mapping[str, str] = {"loud": "rising", "soft": "falling", "quiet": "falling"}
_CHANGING = frozenset({"get", "grow", "become", "turn", "go"})


def manner_of(
    sentence: Sentence, hit: Hit, sense: tuple[str, str], things: Mapping[int, Thing]
) -> tuple[Claim, set[int]] | None:
    """Return the claim that something is done so, with the tokens it rests on; None where a noun is described.

    The claim's subject is the happening ("the bird pecking"), its words the adverb as it stands.
    """
    root = sentence.doc[hit.root]
    if sentence.segment.context != "sound" or sense[0] not in _OF_ACTIONS or hit.first != hit.last:
        return None
    thing = next((one for one in things.values() if one.verb == root.head.i and one.claims), None)
    if (
        thing is None
        or thing.head == thing.verb
        or root.dep_ != "advmod"
        or (root.i < thing.verb and root.lower_ != "lightly")
    ):
        return None
    before, doing, _ = thing.claims[0].words.partition(doing_of(root.head))
    if thing.claims[0].dimension != "event" or not doing or sense[1] in {"repeated", "irregular", "rising", "falling"}:
        return None
    graded = {t.i for t in root.lefts if t.tag_ == "RB" and t.i == root.i - 1}
    shown = graded | {root.i}
    named = uncounted(before + doing)
    subject = replace(thing.subject, words=named if before == "someone " else f"the {named}")
    return Claim(*sense, sentence.words(shown).lower(), subject, negated=root.i in sentence.denied), shown


def changes(sentence: Sentence, hit: Hit, sense: tuple[str, str]) -> tuple[str, str]:
    """Return the sense of a comparative that something comes to be ("getting quieter") as a change."""
    root: Token = sentence.doc[hit.root]
    above = root.head if root.head.pos_ in {"VERB", "AUX"} else root.head.head
    compared = root.lower_.endswith("er") and sense[0] == "intensity" and sense[1] in _CHANGES
    if compared and above.lemma_ in _CHANGING:
        return "intensity", _CHANGES[sense[1]]
    quicker = root.lower_ in {"faster", "quicker"} and sense[0] in {"rhythm", "tempo"}
    if quicker and above.lemma_ in _CHANGING:
        return "rhythm", "accelerating"
    return sense


def mover(sentence: Sentence, root: Token, owner: Subject, things: Mapping[int, Thing]) -> Subject:
    """Return who or what moves where the owner is named by something else that it does: "closes a door and leaves"."""
    if root.pos_ != "VERB" or owner.kind != "sound":
        return owner
    thing = next((one for one in things.values() if one.subject == owner and one.verb not in {-1, root.i}), None)
    if thing is None or thing.head == thing.verb or sentence.doc[thing.head].pos_ == "PRON":
        return owner
    return replace(owner, words=definite_name(sentence.doc[thing.head], owner.words))
