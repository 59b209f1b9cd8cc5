"""Captions of sounds as the parser should have read them: verbs that it took for nouns ("a car engine revs")."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.forms import is_plural
from audiojudge_cli.rubrics.english.lifting import (
    MOVING,
    OF_DOER,
    act,
    complete,
    grade,
    lift,
    may_act,
    name_noise,
    retag,
)
from audiojudge_cli.rubrics.english.pipeline import lemma_of
from audiojudge_cli.rubrics.english.sentence import is_word
from audiojudge_cli.rubrics.english.verbs import names_sound, voice_stems
from audiojudge_cli.rubrics.stems import stem
from audiojudge_cli.rubrics.word_class import dimension_nouns, word_class

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_COUNTING = frozenset({"some", "several", "few", "many", "multiple", "various", "two", "three", "more"})
_SOMEBODY = frozenset({"someone", "somebody", "something", "people", "everyone", "nobody"})
_NOISES = frozenset({"noise", "noises", "sound", "sounds"})
_DEGREES = frozenset({"faint", "loud", "light", "soft", "distant"})
"""Adjectives that open a caption and are taken for nouns there."""
_MATERIALS = frozenset({"plastic", "metal", "wood", "glass", "paper", "lighter"})
"""Matter, and a thing, that the tagger takes for adjectives: "plastic clanks"."""


def mend(doc: Doc, *, clause: bool = False, verb_at: int = 0) -> None:
    """Make verbs of what stands where verbs stand: behind what does it, its number agreeing.

    Args:
        doc: The parse, changed in place.
        clause: Whether a conjunction ("as", "while") tells that it must have a verb.
        verb_at: Offset of a word that is known to be the verb of what stands in front of it; 0 without one.
    """
    tokens = list(doc)
    for token in tokens:
        if token.idx == verb_at > 0 and token.pos_ != "VERB":
            act(token, token.nbor(-1), "VBZ")
    pairs = list(pairwise(tokens))
    _mend_nouns(pairs)
    for token in tokens[2:]:
        _mend_counted(token)
    for token in tokens[1:]:
        if _awaits(token) and (tag := _tag_of_verb(token, token.nbor(-1))):
            act(token, token.nbor(-1), tag)
    for token in tokens[1:]:
        if _lacks_verb(token, clause=clause):
            act(token, token.nbor(-1), "VBZ" if token.tag_ == "NNS" else "VBP")
    for before, token in pairs:
        _mend_pair(before, token)
        _mend_names(before, token)
    for token in tokens:
        _mend_clause(token)


_SUNG = {"sing": "VBP", "sung": "VBN"}  # forms that no noun has


def mend_objects(doc: Doc) -> None:
    """Make a verb of a noun that somebody does: "a soft voice sings", "a contralto around sixty sings it"."""
    for token in doc:
        if token.lower_ in _SUNG and token.pos_ != "VERB":
            retag(token, _SUNG[token.lower_])
        if token.tag_ != "NNS" or not token.i:
            continue
        doer = token.nbor(-1)
        named = doer.lower_ == "one" or is_word(doer, "person_nouns") or is_word(doer, "singer_nouns")
        acting = stem(token.lower_) in voice_stems()
        several = token.lower_ in word_class("things_like_verbs")
        one = doer.tag_ == "NN" and _is_one_who(token) and not several and may_act(token.lower_)
        if doer.tag_ != "NNS" and doer.head == token and ((named and acting) or one):
            act(token, doer, "VBZ")
        elif {"nsubj", "dobj"} <= {child.dep_ for child in token.children}:
            retag(token, "VBZ")


def _is_one_who(token: Token) -> bool:
    """Whether a plural has the article of one, which only the noun in front of it can: "a busker sings"."""
    return any(child.dep_ == "det" and child.lower_ in {"a", "an"} for child in token.lefts)


def _mend_counted(token: Token) -> None:
    """Make an object of a verb with an article, which no verb has: "a blacksmith hammers steel"."""
    verb, articles = token.nbor(-1), [child for child in token.lefts if child.lower_ in {"a", "an"}]
    acting = verb.tag_ == "NNS" and verb.head == token and verb.nbor(-1).head == verb and verb.nbor(-1).tag_ != "NNS"
    if token.pos_ == "VERB" and token.dep_ == "ROOT" and articles and acting:
        articles[0].head = verb.nbor(-1)
        lift(verb, token)
        retag(verb, "VBZ")
        verb.nbor(-1).dep_, token.dep_ = "nsubj", "dobj"
        token.tag_, token.pos_, token.lemma_ = "NN", "NOUN", token.lower_


def _mend_nouns(pairs: Sequence[tuple[Token, Token]]) -> None:
    """Mend what stands in front of verbs, or between them and who does them: "buzz saw", "idle", "items shuffle"."""
    for before, token in pairs:
        if token.lower_ == "saw" and token.tag_ == "VBD" and before.tag_ == "NN":
            token.tag_, token.pos_ = "NN", "NOUN"  # "a buzz saw revs"
            before.dep_ = "compound" if before.head == token else before.dep_
    for token, behind in pairs:
        if _is_many(token, behind):
            token.tag_, token.pos_ = "NNS", "NOUN"
            token.lemma_ = lemma_of(token)
            if token.i and token.nbor(-1).head == token and token.nbor(-1).dep_ == "nsubj":
                token.nbor(-1).dep_ = "compound"  # "sea gulls"


def _lacks_verb(token: Token, *, clause: bool) -> bool:
    """Whether a noun is the verb of a clause without one ("as paper crumbles") or is joined to one ("churns and …")."""
    before = token.nbor(-1)
    named = before.head == token and before.dep_ == "compound" and before.tag_ in {"NN", "NNP"}
    misread = (token.tag_ == "NN" and before.head == token and before.dep_ == "compound") or (
        token.tag_ == "RB" and token.head == before and token.dep_ == "advmod"
    )
    if before.tag_ == "NNS" and misread:
        return may_act(token.lower_) and names_sound(token.lower_)  # "while ducks quack"
    if (
        token.tag_ != "NNS"
        or not named
        or token.lower_ in _NOISES
        or f"{before.lower_} {token.lower_}" in word_class("pairs_like_verbs")
    ):
        return False
    joined = any(c.dep_ == "conj" and c.tag_ == "VBZ" and not _has_subject(c) for c in token.rights)
    return joined or (clause and token.dep_ == "ROOT" and not any(t.pos_ in {"VERB", "AUX"} for t in token.doc))


def _has_subject(verb: Token) -> bool:
    """Whether a verb has a subject of its own."""
    return any(child.dep_ in {"nsubj", "nsubjpass"} for child in verb.children)


def _mend_pair(before: Token, token: Token) -> None:
    """Mend what two words that stand together tell: "and trots", "spraying noise", "a faint snoring", "slams shut"."""
    if token.tag_ == "NNS" and token.dep_ == "conj" and _stands_alone(token):
        _go_on(token)
    if token.tag_ == "VB" and token.dep_ == "conj" and before.tag_ == "CC" and token.head.tag_ == "VBG":
        _unjoin(token)
    if _agrees_not(before, token):
        token.tag_, token.pos_, before.dep_ = "NN", "NOUN", "compound"
        token.lemma_ = token.lower_
    opens = before.i == 0 and before.tag_ in {"VB", "VBP"} and names_sound(before.lower_) and not may_act(before.lower_)
    if opens and token.tag_ == "VBG" and token.head == before:  # "kitten purring"
        before.tag_, before.pos_, before.lemma_ = "NN", "NOUN", before.lower_
        token.dep_ = "acl"
    made = token.lower_ in _NOISES and before.tag_ == "VBG" and not is_word(before, "light_verbs")
    if made and token.head == before and token.dep_ == "dobj":
        name_noise(before, token)
    if before.lower_ in _DEGREES and before.tag_ == "NN" and token.tag_ == "VBG" and token.head == before:
        grade(before, token)
    graded = before.lower_ in _DEGREES and before.dep_ == "nsubj" and before.head == token and not list(before.lefts)
    if graded and token.tag_ in {"VB", "VBP"}:  # "with light click"
        token.tag_, token.pos_, token.lemma_ = "NN", "NOUN", token.lower_
        before.dep_, before.tag_, before.pos_ = "amod", "JJ", "ADJ"
    if token.lower_ == "shut" and before.tag_ in {"NNS", "NNP"} and may_act(before.lower_):
        retag(before, "VBZ")
    if token.lower_ in {"shut", "open"} and before.pos_ == "VERB" and before.lower_ != "is":
        complete(before, token)


def _go_on(token: Token) -> None:
    """Make a verb of a bare plural joined to one, or to what only one takes: "comes to the boil and whistles"."""
    one = token.head
    if one.tag_ == "VBZ":
        retag(token, "VBZ")
    verb = one.head.head if one.dep_ == "pobj" else one.head
    taken = one.tag_ == "NN" and one.dep_ in {"pobj", "dobj"} and any(child.dep_ == "det" for child in one.lefts)
    if taken and verb.tag_ == "VBZ" and may_act(token.lower_):
        retag(token, "VBZ")
        token.head = verb


def _mend_names(before: Token, token: Token) -> None:
    """Mend what was read as a part of a name, or as none: "a foghorn sounds", "whistles loudly", "duct tape"."""
    named = before.head == token and before.dep_ in {"amod", "compound"} and not _is_counted(token)
    thing = f"{before.lower_} {token.lower_}" in word_class("pairs_like_verbs")
    if named and token.tag_ == "VBZ" and not thing and not any(child.lower_ == "of" for child in token.rights):
        act(token, before, "VBZ")
    alone = before.pos_ in {"NOUN", "PROPN"} and before.lower_.endswith("s") and not list(before.lefts)
    alone = alone and (may_act(before.lower_) or before.i == 0)
    if alone and before.dep_ == "ROOT" and token.head == before and token.tag_ == "RB" and token.lower_.endswith("ly"):
        retag(before, "VBZ")  # "(a kettle hisses, then) whistles loudly"
    if before.tag_ == token.tag_ == "NNS" and before.dep_ == "compound" and not list(before.lefts):
        _govern(before, token)
    if before.pos_ == "NOUN" == token.pos_ and token.dep_ == "conj" and not token.is_ancestor(before):
        token.head, token.dep_ = before.head, before.dep_  # nothing parts them: "duct tape"
        before.head, before.dep_ = token, "compound"
    if before.pos_ == "VERB" and token.tag_ == "RB" and token.lower_.endswith("ly") and token.head.lower_ == "next":
        token.head = before  # "panting heavily next to the microphone"


_STARTING = frozenset({"start", "begin", "keep", "continue"})


def _mend_clause(token: Token) -> None:
    """Give a clause the subject that it has: the last of two, and behind a comma the noun right before a participle."""
    if token.tag_ == "VBG" and token.dep_ == "amod" and token.i and token.nbor(-1).lemma_ in _STARTING:
        token.head, token.dep_ = token.nbor(-1), "xcomp"  # "dogs start barking and alarms go off"
    one = any(child.lower_ in {"a", "an"} for child in token.lefts)
    if one and token.tag_ == "JJ" and token.dep_ in {"nsubj", "dobj", "pobj"}:
        token.tag_, token.pos_ = "NN", "NOUN"  # "a foghorn sounds"
    subjects = [child for child in token.lefts if child.dep_ in {"nsubj", "nsubjpass"}]
    for earlier in subjects[:-1]:
        parted = any(between.text == "," for between in token.doc[earlier.i : subjects[-1].i])
        if parted and earlier.lemma_ not in dimension_nouns():
            earlier.head, earlier.dep_ = earlier, "ROOT"  # "a fire crackling, someone strumming"
    if token.tag_ != "VBG" or token.dep_ != "acl" or token.i < 2 or token.nbor(-1).dep_ != "conj":
        return
    first = token.nbor(-1)
    while first.dep_ == "conj" and first.head.pos_ in {"NOUN", "PROPN"} and first.nbor(-1).text != ",":
        first = first.head
    if first.i > token.head.i and first.nbor(-1).text == "," and first.dep_ == "conj":
        token.head, first.head, first.dep_ = first, token.head, "appos"  # "a slab being dragged, dust falling"


def _govern(verb: Token, noun: Token) -> None:
    """Make a verb of a plural in front of one to which a verb is joined: "shifts gears and speeds away"."""
    joined = [
        child for child in noun.rights if child.dep_ == "conj" and child.tag_ == "VBZ" and not _has_subject(child)
    ]
    if joined and verb.head == noun:
        lift(verb, noun)
        retag(verb, "VBZ")
        noun.dep_ = "dobj"
        for child in joined:
            child.head = verb


def _agrees_not(before: Token, token: Token) -> bool:
    """Whether matter that is counted would act: "another metal click" is a click."""
    one = before.lower_ in _MATERIALS and any(child.lower_ in {"a", "an", "another"} for child in before.lefts)
    return one and before.dep_ == "nsubj" and before.head == token and token.tag_ in {"VBP", "VB", "NN"}


def _unjoin(token: Token) -> None:
    """Make a noun of a bare verb joined to a participle, which it can't be: "wind blowing and ocean"."""
    doer = token.head.head if token.head.dep_ == "acl" else None
    if may_act(token.lower_) or token.head.tag_ != "VBG":
        return
    token.tag_, token.pos_, token.lemma_ = "NN", "NOUN", token.lower_
    if doer is not None:
        token.head = doer
    else:
        token.dep_ = "dep"  # "pedalling on dirt and gravel": whatever it hangs on


def _is_many(token: Token, behind: Token) -> bool:
    """Whether a word that opens a part is no verb or adjective but several that act: "items shuffle", "Dogs bark"."""
    opens = token.i == 0 or token.nbor(-1).pos_ in {"CCONJ", "ADJ", "DET", "NUM", "PUNCT", "NOUN", "PROPN"}
    word = token.lower_
    several = opens and token.tag_ in {"VBZ", "JJ", "NNP"} and word.endswith("s") and not word.endswith(("ss", "us"))
    one = opens and token.i > 0 and any(child.lower_ in {"a", "an"} for child in token.nbor(-1).lefts)
    several = several and token.pos_ != "AUX" and not (one and token.tag_ == "VBZ")  # "a train makes hissing sounds"
    acting = behind.pos_ != "ADP" and not behind.lower_.endswith("s") and may_act(behind.lower_)
    return several and acting and not may_act(word)


def _awaits(token: Token) -> bool:
    """Whether a word may be a verb that lacks its doer."""
    doer = token.nbor(-1)
    if token.tag_ == "VBG":
        within = doer.head == token and doer.dep_ in {"compound", "nmod", "amod"}
        return within or (doer.dep_ == "conj" and doer.head.tag_ == "VBG" and doer.head.head == token)
    return token.pos_ in {"NOUN", "PROPN", "ADJ"}


def _tag_of_verb(token: Token, doer: Token) -> str:
    """Return the tag of the verb that a noun or adjective behind a noun must be, or nothing."""
    word, behind = token.lower_, token.nbor() if token.i + 1 < len(token.doc) else token
    within = token.head == behind and token.dep_ in {"compound", "amod", "nmod"}  # "a train whistle sound"
    noun = doer.pos_ in {"NOUN", "PROPN"} or (
        doer.tag_ in {"JJ", "JJR"}
        and doer.head == token
        and (doer.lower_ in _MATERIALS or names_sound(doer.lower_) or _is_one(token, doer))
    )
    named = (noun and not is_word(doer, "light_verbs")) or doer.lower_ in _SOMEBODY
    done = behind != token and (behind.lower_ in _COUNTING or behind.tag_ == "DT")  # "prints several pages"
    thing = (word in word_class("things_like_verbs") and not done) or (
        f"{doer.lower_} {word}" in word_class("pairs_like_verbs")
    )
    if within or thing or not named or doer.lower_ in _DEGREES or not (may_act(word) or done or _is_one(token, doer)):
        return ""
    if word.endswith("ing"):
        return "VBG"
    many = doer.tag_ in {"NNS", "NNPS"} or is_plural(doer.lower_)
    joined = doer.dep_ == "conj" or (stem(word) in MOVING and any(t.pos_ == "CCONJ" for t in token.doc[: doer.i]))
    if many or joined:
        if not word.endswith("s"):
            return "VBP"
        if many:
            return ""
    return "VBZ" if word.endswith("s") and not word.endswith("ss") and not _is_counted(token) else ""


def _is_one(token: Token, before: Token) -> bool:
    """Whether a word in -s behind a noun has the article of one: "a key turns"; only the noun can be one."""
    counted = before.head == token and any(c.dep_ == "det" and c.lower_ in {"a", "an"} for c in token.lefts)
    named = names_sound(token.lower_) or is_word(token, "container_nouns")
    return counted and (token.tag_ == "VBZ" or (token.tag_ == "NNS" and (not named or token.lower_ == "sounds")))


def _is_counted(token: Token) -> bool:
    """Whether a noun is counted: "multiple thunder claps", "a series of mouse clicks"."""
    above = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "of" else token
    counted = any(child.dep_ == "nummod" or child.lower_ in _COUNTING for child in token.lefts)
    return counted or (above != token and is_word(above, "container_nouns"))


def _stands_alone(token: Token) -> bool:
    """Whether nothing makes a joined word a noun: no article, no adjective, no verb of its own."""
    behind = token.nbor() if token.i + 1 < len(token.doc) else token
    plain = not any(child.dep_ in OF_DOER - {"cc", "conj"} for child in token.lefts)
    return plain and behind.pos_ not in {"VERB", "AUX"} and (may_act(token.lower_) or behind.dep_ in {"prt", "dobj"})
