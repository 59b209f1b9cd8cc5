"""Which words of a clause an event has, and how a question says them: what completes its verb, no other claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.forms import decapitalised, gerund, is_counted, with_article
from audiojudge_cli.rubrics.english.sentence import Sentence, is_word, joined, noun_phrase, subject_of
from audiojudge_cli.rubrics.english.thing import DESCRIBING, is_adjective_claim
from audiojudge_cli.rubrics.english.verbs import may_sound

if TYPE_CHECKING:
    from spacy.tokens import Token


_LOCATIVE = frozenset({"in", "at", "inside", "aboard"})

_ON = frozenset({"beach", "playground", "street", "highway", "road", "farm", "train", "bus", "boat", "ship", "plane"})


def locates(preposition: Token, noun: Token) -> bool:
    """Return whether a preposition says where the clip is set: "in a forest", "on a beach", not "rain on a roof"."""
    return preposition.lower_ in _LOCATIVE or (preposition.lower_ == "on" and noun.lemma_.lower() in _ON)


_LONGEST_CLAUSE = 14  # words of an event in a question; what hangs on it beyond that is left out

_TAIL_DEPS = frozenset({"prt", "dobj", "prep", "advmod", "oprd", "acomp", "dative", "agent", "nmod", "npadvmod"})

_STOPS = frozenset({",", ";", ":", "(", ")", "-", "–", "—"})

_NEXT = frozenset({"then", "followed", "while", "before", "after", "as"})


def _names_sound(sentence: Sentence, preposition: Token) -> bool:
    """Whether what stands behind a preposition is a sound of its own: "barks over the rain", not "over the fence"."""
    below = [sentence.at.get(token.i) for token in preposition.subtree]
    return any(hit is not None and "event" in hit.senses for hit in below)


def event_tokens(sentence: Sentence, verb: Token, subject: Token | None) -> set[int]:
    """Return subject, verb and what completes it, without what other claims will say of it."""
    tokens = {verb.i}
    if subject is not None:
        named = noun_phrase(subject)
        listed = any(token.text == "," for token in named)  # "the wet, gritty surface": both or neither
        tokens |= {
            t.i
            for t in named
            if t.lower_ not in {"no", "only"} and not (_grades(sentence, t) or (listed and t.dep_ in {"amod", "punct"}))
        }
        for child in subject.rights:
            if child.dep_ == "prep" and child.lower_ == "of":
                tokens |= {token.i for token in child.subtree if token.i < verb.i}
    for child in verb.rights:
        if child.dep_ not in _TAIL_DEPS or child.i in sentence.ignored or _describes(sentence, child):
            continue
        if any(token.text in _STOPS or token.lower_ in _NEXT for token in verb.doc[verb.i + 1 : child.i + 1]):
            break
        inner = _completed(sentence, child)
        if inner and len(tokens) + len(inner) <= _LONGEST_CLAUSE:
            tokens |= inner
    doc = verb.doc
    cut = next((i for i in range(verb.i + 1, max(tokens)) if i not in tokens and doc[i].pos_ in {"VERB", "NOUN"}), None)
    tokens = {i for i in tokens if cut is None or i < cut}
    while len(tokens) > 1 and max(tokens) > verb.i and _dangles(doc[max(tokens)], tokens):
        tokens.discard(max(tokens))
    return tokens


def _grades(sentence: Sentence, token: Token) -> bool:
    """Whether a word in front of the doer is a claim of its own, or grades one: "very heavy" of rain."""
    return is_adjective_claim(sentence, token.i) or (token.dep_ == "advmod" and token.head.dep_ == "amod")


def _completed(sentence: Sentence, child: Token) -> set[int]:
    """Return a complement without the clauses in it and without what is a claim of its own."""
    inner = {token.i for token in child.subtree if token.pos_ != "SPACE"}
    for token in child.subtree:
        if token.dep_ in {"advcl", "relcl", "acl", "conj", "ccomp"} and token.pos_ == "VERB":
            inner -= {t.i for t in child.subtree if t.i >= token.left_edge.i}
        elif token.dep_ == "prep" and token != child and _describes(sentence, token):
            inner -= {t.i for t in token.subtree}
    stop = next((t.i for t in child.subtree if t.text in _STOPS or t.lower_ in _NEXT), None)
    return {i for i in inner if stop is None or i < stop}


def _dangles(last: Token, kept: set[int]) -> bool:
    """Whether the last word of a clause only led on to what was left out, or hangs on another verb ("drives by")."""
    if last.lower_ in {"to", "next"}:
        return last.dep_ in {"prep", "advmod"}
    if last.pos_ == "ADP" and last.dep_ == "prep":
        between = last.i + 1 < len(last.doc) and last.nbor().pos_ == "ADP"  # "yaps in between"
        return any(c.dep_ == "pobj" for c in last.children) or last.nbor(-1) != last.head or between
    return last.pos_ == "CCONJ" or (last.dep_ in {"det", "amod", "compound"} and last.head.i not in kept)


def _describes(sentence: Sentence, child: Token) -> bool:
    """Whether a complement is a claim of its own ("loudly", "in the distance", "three times", "in a forest")."""
    if child.dep_ == "prt":
        return False
    if child.i in sentence.used or (child.lower_ == "over" and _names_sound(sentence, child)):
        return True
    if any(token.i in sentence.used or is_own(sentence, child, token) for token in child.subtree):
        return True
    ordered = child.lower_ in {"then", "first", "last"}  # what follows what is a claim of its own, or none
    return child.dep_ == "advmod" and (ordered or (child.tag_ == "RB" and child.lower_.endswith("ly")))


def is_own(sentence: Sentence, child: Token, token: Token) -> bool:
    """Whether a word below a complement makes it a claim of its own."""
    if child.lower_ == "with" and _sounds_itself(sentence, token) and not _is_tool(child, token):
        return True
    hit = sentence.at.get(token.i)
    if hit is None:
        return False
    if child.dep_ == "advmod" or hit.root == child.i:
        return bool(hit.senses.keys() & DESCRIBING)
    placed = child.dep_ == "prep" and locates(child, sentence.doc[hit.root])
    return placed and bool(hit.senses.keys() & {"scene", "room"}) and "event" not in hit.senses


def _is_tool(preposition: Token, noun: Token) -> bool:
    """Whether something is only used: "beats a box with a hammer", not "with a hammer banging"."""
    verb = preposition.head.head if preposition.head.pos_ == "NOUN" else preposition.head
    used = any(child.dep_ == "dobj" for child in verb.children) and noun.tag_ == "NN"
    return used and not noun.lower_.endswith("ing") and any(child.dep_ == "det" for child in noun.lefts)


def _sounds_itself(sentence: Sentence, token: Token) -> bool:
    """Whether what goes with a happening is heard itself: "with female speech", not "with a hammer"."""
    senses = sentence.at[token.i].senses if token.i in sentence.at else {}
    heard = is_word(token, "person_nouns") or token.lemma_ in {"sound", "noise"}
    return heard or bool(senses.keys() & {"event", "component", "vocals", "speaker_sex"})


def event_words(sentence: Sentence, verb: Token, subject: Token | None, tokens: set[int]) -> str:
    """Return an event as a question says it, of the words that `event_tokens` found: "a dog barking at a fence"."""
    doc = sentence.doc
    before = sorted(i for i in tokens if subject is not None and i < verb.i)
    after = sorted(i for i in tokens if i > verb.i and i not in before)
    doing = doing_of(verb)
    name = ""
    if before:
        text = joined(doc[i] for i in before)
        if subject is not None and subject.pos_ == "PRON":
            text = {"he": "someone", "she": "someone", "they": "people"}.get(subject.lower_, text)
        countable = subject is not None and is_counted(subject)
        name = with_article(decapitalised(text), countable=countable)
    rest = joined(doc[i] for i in after)
    if not before and verb.tag_ == "VBG" and after[:1] == [verb.i + 1] and doc[after[0]].dep_ == "dobj":
        noun = doc[after[0]]  # "barking dog": what was read as an object does it
        return with_article(f"{doing} {rest}", countable=is_counted(noun))
    done = next((c for c in verb.rights if c.dep_ == "dobj" and c.i in tokens), None)
    if not before and verb.tag_ == "VBG" and done is not None and _is_deed(verb, done):
        return f"someone {doing} {rest}"
    return " ".join(f"{name} {doing} {rest}".split())


def _is_deed(verb: Token, done: Token) -> bool:
    """Whether an action without a doer is somebody's: "dragging a chair", no "sounding a horn" of a vehicle."""
    alone = verb.dep_ in {"ROOT", "conj"} and subject_of(verb) is None
    article = any(child.lower_ in {"a", "an", "the", "some"} for child in done.lefts)
    light = is_word(verb, "light_verbs") and verb.lemma_ not in {"open", "close"}
    return alone and article and not light and verb.lemma_ not in {"sound", "blow", "honk"}


def doing_of(verb: Token) -> str:
    """Return what a verb says is done as a participle: "barking", "being flushed"."""
    if verb.tag_ == "VBN" and (any(c.dep_ == "auxpass" for c in verb.children) or not may_sound(verb.lower_)):
        return f"being {verb.lower_}"
    done = verb.lower_.endswith("ing") and (len(verb.text) > len("bring") or verb.lemma_ != verb.lower_)
    lemma = verb.lemma_.lower()
    known = lemma != verb.lower_ or verb.tag_ != "VBZ"  # of "revs" spaCy has no lemma
    return str(verb.lower_) if done else gerund(lemma if known else lemma.removesuffix("s"))
