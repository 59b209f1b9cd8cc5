"""Verbs whose action is a sound: what sounds, in the words of the caption."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.forms import decapitalised, gerund, is_mass, with_article
from audiojudge_cli.rubrics.english.sentence import Sentence, is_word, joined, noun_phrase, subject_of
from audiojudge_cli.rubrics.english.thing import DESCRIBING, Thing, definite_name, is_adjective_claim
from audiojudge_cli.rubrics.english.voices import PERSONAL, voice_named, voice_of
from audiojudge_cli.rubrics.stems import stem
from audiojudge_cli.rubrics.vocabulary import table
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

LOCATIVE = frozenset({"in", "at", "inside", "aboard"})


_LONGEST_CLAUSE = 14  # words of an event in a question; what hangs on it beyond that is left out


_TAIL_DEPS = frozenset({"prt", "dobj", "prep", "advmod", "oprd", "acomp", "dative", "agent", "nmod", "npadvmod"})


_STOPS = frozenset({",", ";", ":", "(", ")", "-", "–", "—"})


_NEXT = frozenset({"then", "followed", "while", "before", "after", "as"})


def is_action(sentence: Sentence, token: Token) -> bool:
    """Whether a token is a verb whose action is a sound of its own."""
    if token.tag_ not in _VERB_TAGS or token.dep_ in {"aux", "auxpass", "amod", "compound"}:
        noun = token.tag_ in {"NNS", "NN", "NNP"} and sentence.segment.context != "music"
        return noun and _noun_that_acts(sentence, token)
    if _describes_noun(token) or _requests(token):
        return False
    if any(is_word(token, name) for name in _VERB_CLASSES):
        return True
    hit = sentence.at.get(token.i)
    event = hit is not None and ("event" in hit.senses or "vocals" in hit.senses) and hit.last >= token.i
    if is_word(token, "play_verbs") or is_word(token, "light_verbs"):
        objects = any(child.dep_ in {"dobj", "prt"} for child in token.children)
        return event and hit is not None and hit.first != hit.last and (objects or token.dep_ != "ROOT")
    return event or (token.pos_ == "VERB" and sentence.segment.context != "music")


_VERB_TAGS = frozenset({"VB", "VBZ", "VBP", "VBG", "VBD", "VBN"})


def _describes_noun(verb: Token) -> bool:
    """Whether a participle describes the noun behind it: "…, shouted chorus", "a buzzing sound"."""
    following = verb.nbor() if verb.i + 1 < len(verb.doc) else verb
    opens = verb.i == 0 or verb.nbor(-1).text == ","
    if verb.tag_ in {"VBD", "VBN"}:
        return bool(following.pos_ == "NOUN" and opens)
    return verb.tag_ == "VBG" and following.pos_ == "NOUN" and following.lemma_.lower() in {"sound", "noise", "effect"}


def _requests(verb: Token) -> bool:
    """Whether a verb only asks for the clip: "make a …", "give me …"."""
    plain = verb.tag_ == "VB" and verb.dep_ == "ROOT" and is_word(verb, "request_verbs")
    return plain and not any(child.dep_ == "nsubj" for child in verb.children)


def _noun_that_acts(sentence: Sentence, token: Token) -> bool:
    """Whether a verb was taken for a noun: "wind blows", "birds chirp" and "mouse clicking" are no compounds."""
    doer = doer_of(token)
    if doer is None or not _may_act(sentence, token):
        return False
    if token.lower_.endswith("ing"):
        return bool(doer.tag_.startswith("NN"))
    counted = any(c.dep_ == "nummod" or c.lower_ in {"some", "several", "few", "many", "of"} for c in token.lefts)
    many = doer.tag_ in {"NNS", "NNPS"} or (doer.tag_ == "NNP" and doer.lower_.endswith("s"))
    if (
        doer.tag_ == "NNS"
        and token.tag_ == "NN"
        and token.dep_ == "ROOT"
        and any(c.dep_ == "prep" for c in token.lefts)
    ):
        return True  # "behind him phones ring"
    one = not many and token.tag_ in {"NNS", "NNPS"} and not counted
    return one or (many and token.tag_ in {"NN", "NNP"})


def doer_of(token: Token) -> Token | None:
    """Return the noun right in front of a word that may be a verb taken for a noun."""
    named = [child for child in token.lefts if child.dep_ in {"compound", "nsubj", "nmod"} and child.pos_ != "VERB"]
    return named[-1] if named and named[-1].i == token.i - 1 else None


def _may_act(sentence: Sentence, token: Token) -> bool:
    hit = sentence.at.get(token.i)
    vocal = stem(token.lower_) in _voice_stems()
    return (vocal or may_sound(token.lower_)) and (hit is None or "event" in hit.senses or vocal)


def may_sound(word: str) -> bool:
    """Return whether a word in lower case is the form of a verb that the list of events has as an action."""
    folded = stem(word)  # short verbs keep their e ("type"), their -ing forms have lost it
    return folded in acting_stems() or folded.removesuffix("e") in acting_stems()


_VERB_CLASSES = ("speech_verbs", "sing_verbs", "loud_verbs")


@cache
def _voice_stems() -> frozenset[str]:
    return frozenset(stem(verb) for name in _VERB_CLASSES for verb in word_class(name))


@cache
def acting_stems() -> frozenset[str]:
    """Return the stems of what the list of events has as actions ("barking", "chirping")."""
    phrases = [word for english, _ in table("event").values() for phrase in english for word in phrase.split()]
    return frozenset(stem(word) for word in phrases if word.endswith("ing") and len(word) > 5) - _NO_ACTIONS


_NO_ACTIONS = frozenset({"engin", "footstep", "sound", "nois", "build", "ceil", "even", "morn"})


def of_verb(sentence: Sentence, verb: Token) -> Thing | None:
    """Return what a verb says is heard: somebody's voice, or what does it with its action."""
    subject = _doer(verb)
    if subject is not None and subject.i in sentence.ignored:
        return None
    hit = sentence.at.get(verb.i)
    if hit is not None and hit.senses.keys() <= DESCRIBING and not any(is_word(verb, name) for name in _VERB_CLASSES):
        return None
    person = subject is None or is_word(subject, "person_nouns") or is_word(subject, "singer_nouns")
    sung = is_word(verb, "sing_verbs") and (verb.lemma_ != "hum" or subject is not None)
    if subject is not None and subject.lower_ == "nobody" and not sung and _speaks(sentence, verb):
        speech = Claim("component", "speech", "speech", Subject("speaker", "the speaker"), negated=True)
        return Thing(speech.subject, subject.i, {subject.i, verb.i}, verb.i, [speech])
    if person and (sung or _speaks(sentence, verb)):
        noun = verb.pos_ in {"NOUN", "PROPN"}
        return voice_of(sentence, verb, subject, sung=sung and not noun)
    value = _concept(sentence, verb, subject)
    tokens = _clause_tokens(sentence, verb, subject)
    beside = sentence.segment.context != "speech" or _beside_speech(sentence, verb, subject, value)
    if not (beside if value else _is_clause(sentence, verb, subject, tokens)):
        return None
    words = _clause_words(sentence, verb, subject, tokens) if value else sentence.words(tokens)
    referent = Subject("sound", definite_name(subject, words), value)
    claim = Claim("event", value, words, referent, negated=verb.i in sentence.denied)
    thing = Thing(referent, subject.i if subject is not None else verb.i, tokens, verb.i, [claim])
    if sentence.segment.context == "speech" and subject is not None and person and subject.pos_ != "PRON":
        voice = voice_named(sentence, subject, sung=False)
        thing.claims += voice.claims
        thing.rests = [tokens, *voice.rests]
        thing.subject = voice.subject
    return thing


def _doer(verb: Token) -> Token | None:
    subject = subject_of(verb)
    if verb.pos_ in {"NOUN", "PROPN"}:
        return doer_of(verb)
    return _nearer(verb, subject) if subject is not None and verb.dep_ in {"acl", "relcl"} else subject


def _speaks(sentence: Sentence, verb: Token) -> bool:
    """Whether a verb, or a noun taken for one, says that somebody speaks."""
    if verb.pos_ in {"NOUN", "PROPN"} and (folded := stem(verb.lower_)) in _voice_stems():
        return folded not in acting_stems() - {"speak", "talk"}
    shouted = is_word(verb, "loud_verbs") and (sentence.segment.context == "speech" or sentence.segment.quoted)
    return is_word(verb, "speech_verbs") or shouted


def _nearer(verb: Token, subject: Token) -> Token:
    """Return the noun right in front of a participle where a comma parts it from the one it was hung on."""
    before = verb.nbor(-1) if verb.i else subject
    parted = any(token.text == "," for token in verb.doc[subject.i : verb.i])
    return before if parted and before.pos_ in {"NOUN", "PROPN"} and before.i > subject.i else subject


def _names_sound(sentence: Sentence, preposition: Token) -> bool:
    """Whether what stands behind a preposition is a sound of its own: "barks over the rain", not "over the fence"."""
    below = [sentence.at.get(token.i) for token in preposition.subtree]
    return any(hit is not None and "event" in hit.senses for hit in below)


def _is_clause(sentence: Sentence, verb: Token, subject: Token | None, tokens: set[int]) -> bool:
    """Whether an action that the vocabulary doesn't know is asked for as it stands: somebody or something acts."""
    if sentence.segment.context != "sound" or subject is None or subject.i not in tokens or len(tokens) < 2:
        return False
    if (
        is_word(verb, "speech_verbs")
        or is_word(verb, "silent_verbs")
        or is_word(subject, "silent_nouns")
        or (subject.pos_ == "PRON" and subject.lemma_ in PERSONAL)
    ):
        return False
    return not any(child.dep_ == "aux" and is_word(child, "story_modals") for child in verb.children)


def _beside_speech(sentence: Sentence, verb: Token, subject: Token | None, value: str) -> bool:
    """Whether a description of a voice tells of this sound: one that voices make, or one of something that sounds."""
    if value in word_class("voice_events"):
        return True
    source = sentence.at.get(subject.i) if subject is not None else None
    return source is not None and set(source.senses) == {"event"} and verb.pos_ != "NOUN"


def _concept(sentence: Sentence, verb: Token, subject: Token | None) -> str:
    """Return the sound that a clause names: its verb's before its object's, its subject's last."""
    objects = [child for child in verb.rights if child.dep_ in {"dobj", "oprd", "acomp", "prt"}]
    preps = [child for child in verb.rights if child.dep_ == "prep" and child.lower_ in _TELLING_PREPS]
    objects += [inner for prep in preps for inner in prep.rights if inner.dep_ == "pobj"]
    named = []
    for token in (verb, *objects, subject):
        hit = sentence.at.get(token.i) if token is not None else None
        if hit is not None and "event" in hit.senses:
            named.append(hit.senses["event"])
    own = sentence.at.get(subject.i) if subject is not None else None
    if (
        own is not None
        and "event" in own.senses
        and verb.lemma_.lower() not in _TELLING_VERBS
        and verb.i not in range(own.first, own.last + 1)
    ):
        return own.senses["event"]  # a siren wails, thunder roars: what does it says more than what it does
    return next((value for value in named if value not in _VAGUE_ACTIONS), named[0] if named else "")


_TELLING_VERBS = frozenset(
    {"honk", "beep", "screech", "skid", "slam", "crash", "explode", "knock", "splash", "drip", "pour", "boil", "ring",
     "purr", "hiss", "growl", "snore", "sneeze", "cough", "laugh", "cry", "scream", "applaud", "clap", "cheer", "fry", "sizzle",
     "creak"}
)  # fmt: skip
"""Verbs that name another sound than the one their subject usually makes: a car honks, a door creaks, a cat purrs."""

_TELLING_PREPS = frozenset({"of", "on", "with", "from"})


_VAGUE_ACTIONS = frozenset({"impact", "fire", "fly", "dishes", "rattle"})
"""Concepts of verbs that many things do ("hit", "fall", "fire"): what does them says more."""


def _clause_tokens(sentence: Sentence, verb: Token, subject: Token | None) -> set[int]:
    """Return subject, verb and what completes it, without what other claims will say of it."""
    tokens = {verb.i}
    if subject is not None:
        tokens |= {token.i for token in noun_phrase(subject)}
        for child in subject.rights:
            if child.dep_ == "prep" and child.lower_ == "of":
                tokens |= {token.i for token in child.subtree if token.i < verb.i}
    for child in verb.rights:
        if child.dep_ not in _TAIL_DEPS or child.i in sentence.ignored or _describes(sentence, child):
            continue
        if any(token.text in _STOPS or token.lower_ in _NEXT for token in verb.doc[verb.i + 1 : child.i + 1]):
            break
        inner = {token.i for token in child.subtree if token.pos_ != "SPACE"}
        clauses = [
            t for t in child.subtree if t.dep_ in {"advcl", "relcl", "acl", "conj", "ccomp"} and t.pos_ == "VERB"
        ]
        for clause in clauses:
            inner -= {token.i for token in clause.subtree} | {t.i for t in child.subtree if t.i > clause.left_edge.i}
        stop = next((t.i for t in child.subtree if t.text in _STOPS or t.lower_ in _NEXT), None)
        inner = {i for i in inner if stop is None or i < stop}
        if inner and len(tokens) + len(inner) <= _LONGEST_CLAUSE:
            tokens |= inner
    while (
        len(tokens) > 1
        and verb.doc[max(tokens)].pos_ in {"CCONJ", "ADP"}
        and verb.doc[max(tokens)].dep_ not in {"prt", "advmod"}
        and max(tokens) > verb.i
        and not list(verb.doc[max(tokens)].children)
    ):
        tokens.discard(max(tokens))
    return tokens


def _describes(sentence: Sentence, child: Token) -> bool:
    """Whether a complement is a claim of its own ("loudly", "in the distance", "three times", "in a forest")."""
    if child.i in sentence.used or (child.lower_ == "over" and _names_sound(sentence, child)):
        return True
    for token in child.subtree:
        if token.i in sentence.used:
            return True
        hit = sentence.at.get(token.i)
        if hit is None:
            continue
        if child.dep_ == "advmod" or hit.root == child.i:
            if hit.senses.keys() & DESCRIBING:
                return True
        elif (child.lower_ == "with" and "event" in hit.senses) or (
            child.dep_ == "prep"
            and hit.senses.keys() & {"scene", "room"}
            and child.lower_ in LOCATIVE
            and "event" not in hit.senses
        ):
            return True
    return child.dep_ == "advmod" and child.tag_ == "RB" and (child.lower_.endswith("ly") or child.lower_ == "then")


def _clause_words(sentence: Sentence, verb: Token, subject: Token | None, tokens: set[int]) -> str:
    doc = sentence.doc
    before = sorted(i for i in tokens if subject is not None and i < verb.i)
    after = sorted(i for i in tokens if i > verb.i and i not in before)
    doing = verb.lower_ if verb.tag_ == "VBG" else gerund(verb.lemma_.lower())
    if verb.tag_ == "VBN":
        doing = f"being {verb.lower_}"
    if verb.pos_ in {"NOUN", "PROPN"}:
        doing = verb.lower_ if verb.lower_.endswith("ing") else gerund(verb.lemma_.lower())
    name = ""
    if before:
        kept = [i for i in before if not is_adjective_claim(sentence, i)]
        text = joined(doc[i] for i in kept)
        if subject is not None and subject.pos_ == "PRON":
            text = {"he": "someone", "she": "someone", "they": "people"}.get(subject.lower_, text)
        countable = subject is not None and subject.tag_ in {"NN", "NNP"} and not is_mass(subject.lemma_.lower())
        name = with_article(decapitalised(text), countable=countable)
    rest = joined(doc[i] for i in after)
    return " ".join(f"{name} {doing} {rest}".split())
