"""Whether a word can say of a voice what the vocabulary has it say: ages of things, feelings of stories are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.sentence import Sentence, is_word, subject_of
from audiojudge_cli.rubrics.english.thing import ROLE_ENDINGS
from audiojudge_cli.rubrics.word_class import dimension_nouns

if TYPE_CHECKING:
    from spacy.tokens import Token

_BESIDE = frozenset({"amod", "compound", "poss", "nmod"})
_OF_MUSIC = frozenset({"rhythm", "instrument", "genre", "structure", "event"})
_OF_PERSONS = frozenset({"speaker_sex", "accent", "emotion", "personality", "timbre", "pitch"})

OF_VOICES = frozenset({"rate", "emotion", "accent", "fluency", "personality", "intonation", "style", "age"})
"""Dimensions that only voices have."""


def fits_voice(sentence: Sentence, root: Token, dimension: str) -> bool:
    """Return whether a phrase around `root` can tell the age, feeling or character of somebody, or a fade."""
    if dimension in OF_VOICES and any(
        word.dep_ in {"xcomp", "ccomp"}
        and word.head.lower_ in {"says", "saying"}
        and word.left_edge.i == word.head.i + 1
        for word in (root, *root.ancestors)
    ):
        return False  # "saying welcome back": what is said, no tone
    check = _CHECKS.get(dimension)
    return check is None or check(sentence, root)


def names_person(sentence: Sentence, noun: Token) -> bool:
    """Return whether a noun names somebody, or what only somebody has: "narrator", "Texan", "voice"."""
    if is_word(noun, "person_nouns") or is_word(noun, "singer_nouns") or noun.lemma_.lower() in dimension_nouns():
        return True
    hit = sentence.at.get(noun.i)
    if hit is not None and hit.senses.keys() & _OF_PERSONS:
        return True
    return noun.lemma_.lower().endswith(ROLE_ENDINGS) and noun.lemma_.lower() not in _THINGS


_THINGS = frozenset({"trailer", "computer", "recorder", "synthesizer", "door", "floor", "mirror", "motor", "monitor"})
"""Nouns that end as names of people do."""


def _age(sentence: Sentence, root: Token) -> bool:
    if root.dep_ == "nummod":
        return False  # "forty seconds"
    return root.dep_ not in _BESIDE or names_person(sentence, root.head)  # "an old trailer", "a kids' audiobook"


def _emotion(sentence: Sentence, root: Token) -> bool:
    named = root.dep_ == "compound" and root.tag_ in {"NN", "NNS"}  # "a horror audiobook"
    head = sentence.at.get(root.head.i) if root.dep_ == "amod" else None
    sounding = head is not None and bool(head.senses.keys() & _OF_MUSIC)  # "a tense synth pulse"
    return not (named or sounding) or names_person(sentence, root.head)


def _personality(sentence: Sentence, root: Token) -> bool:
    del sentence
    somebody = root.dep_ in {"nsubj", "dobj", "pobj", "dative"} and root.tag_ in {"NN", "NNS"}
    return not somebody  # "tells a patient"


_BENEATH = frozenset({"under", "underneath", "beneath", "behind", "below"})


def _transition(sentence: Sentence, root: Token) -> bool:
    """Whether what comes or goes is a sound: of "a bitterness creeps in" nothing fades in."""
    if root.lemma_ == "fade" and any(child.lower_ in _BENEATH for child in root.rights):
        return False  # "fades under a voice" goes on, softer
    subject = subject_of(root) if root.pos_ == "VERB" else None
    ahead = (subject.i if subject is not None else root.i, root.i - 1)  # the parser may miss the subject right in front
    hits = [sentence.at[i] for i in ahead if i in sentence.at]
    return not any(hit.senses.keys() & {"emotion", "mood"} for hit in hits)


def _accent(sentence: Sentence, root: Token) -> bool:
    """Whether a people's name tells an accent: two that stand together, "African American", tell where one is from."""
    beside = [sentence.doc[i] for i in (root.i - 1, root.i + 1) if 0 <= i < len(sentence.doc)]
    native = root.i > 0 and root.nbor(-1).lower_ == "native"
    named = [
        t for t in beside if t.text.istitle() and t.i in sentence.at and sentence.at[t.i].first == sentence.at[t.i].last
    ]
    return not native and not any("accent" in sentence.at[t.i].senses for t in named)


_CHECKS = {"accent": _accent, "age": _age, "emotion": _emotion, "personality": _personality, "transition": _transition}
