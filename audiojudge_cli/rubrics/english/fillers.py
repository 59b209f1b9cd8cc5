"""Words that an attribute could be read from and that say nothing of their own: sizes, fillers, bare places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.sentence import Sentence, is_word
from audiojudge_cli.rubrics.word_class import dimension_nouns, word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

_SIZES = frozenset({"small", "little", "big", "large", "tiny", "huge", "long", "short", "massive", "giant"})


_FILLERS = frozenset({"even", "still", "right", "pretty", "just", "well", "like", "quite", "close", "hard", "kind"})


_MOMENTS = frozenset({"word", "part", "moment", "passage", "note", "section"})


def says_nothing(sentence: Sentence, token: Token) -> bool:
    """Whether a word only grades or fills: "a slight accent", "even on the loudest words", a bare "accent"."""
    of_moment = token.tag_ == "JJS" and token.head.lemma_ in _MOMENTS
    if of_moment or _fills(sentence, token) or _is_size(token):
        return True
    if (
        token.dep_ == "amod"
        and token.lower_ in word_class("small_degrees")
        and token.doc[token.i + 1 : token.i + 2].text != ","
    ):
        head = sentence.at.get(token.head.i)
        return head is not None and not head.senses.keys() & {"event", "instrument", "vocals", "genre"}
    if token.pos_ not in {"NOUN", "PROPN"}:
        return False
    return (
        token.lemma_.lower() in dimension_nouns() or is_word(token, "recording_nouns") or is_word(token, "music_nouns")
    )


def _fills(sentence: Sentence, token: Token) -> bool:
    """Whether an adverb only fills, or grades what is told by itself: "gently amused" is amused."""
    if token.tag_ != "RB" or token.dep_ != "advmod":
        return False
    graded = token.head.i == token.i + 1 and token.head.tag_ in {"JJ", "VBN"} and token.head.i in sentence.at
    return graded or (token.lower_ in _FILLERS and token.head.pos_ != "VERB")


def _is_size(token: Token) -> bool:
    """Whether an adjective tells how large or how much something is: small rocks, a high volume of air."""
    return token.dep_ == "amod" and token.lower_ in _SIZES and token.head.lemma_.lower() not in word_class("sized")


def leads_nowhere(sentence: Sentence, root: Token, sense: tuple[str, str]) -> bool:
    """Whether a word of place belongs to what is done: "is pushed under", "herding goats near a stream"."""
    if sentence.segment.context != "sound":
        return False
    of_verb = root.lower_ in {"under", "over"} and root.head.pos_ == "VERB" and not list(root.children)
    beside = root.lower_ in {"near", "by", "around"} and any(
        c.dep_ == "pobj" and c.pos_ == "NOUN" for c in root.children
    )
    mixed = root.lemma_ == "blend" and root.pos_ == "VERB"
    if sense[0] == "rhythm":  # a rolling train; "slowly" of what fades or comes closer
        above = sentence.at.get(root.head.i)
        of_change = root.dep_ == "advmod" and above is not None and above.senses.keys() <= _CHANGES
        of_change = of_change or (root.dep_ == "advmod" and root.head.lemma_ in {"get", "grow", "become"})
        of_change = of_change and not root.lower_.endswith("er")  # "slowly getting faster"
        return sense[1] == "groove" or of_change
    if sense[0] == "noise":  # "a noisy beach"
        above = sentence.at.get(root.head.i)
        return root.dep_ == "amod" and above is not None and "scene" in above.senses
    return (sense[0] == "level" and (of_verb or mixed)) or (sense[0] == "distance" and beside)


_CHANGES = frozenset({"transition", "distance", "intensity", "volume", "dynamics"})
