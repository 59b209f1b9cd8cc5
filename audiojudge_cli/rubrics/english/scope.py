"""Which words of a sentence say nothing about sound (purpose, story, the request itself), and which are denied."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.english.moments import is_left_out, limited, mark_ends
from audiojudge_cli.rubrics.english.music_scope import named_only, unheard_in_music
from audiojudge_cli.rubrics.english.sentence import Sentence, conjuncts, is_set_apart, is_word
from audiojudge_cli.rubrics.english.verbs import names_sound

if TYPE_CHECKING:
    from spacy.tokens import Token

_NEGATIVE_DETERMINERS = frozenset({"no", "zero", "neither", "nor"})
_NEGATIVE_HEADS = frozenset({"avoid", "lack", "exclude", "omit", "skip"})
_EXCEPTIONS = frozenset({"besides", "except", "but", "than", "apart"})
_ONLY = frozenset({"only", "just"})
_LIKENESS = frozenset({"like", "as"})


def mark_scope(sentence: Sentence) -> None:
    """Fill `ignored` and `denied` of a sentence."""
    sentence.ignored |= {
        t.i for token in sentence.tokens if _is_purpose(sentence, token) for t in _aim(sentence, token)
    }
    idle = [token.nbor() for token in sentence.tokens if "nothing" in sentence.lower and _is_idle(token)]
    sentence.ignored |= {
        i for verb in idle for i in (verb.i - 1, verb.i, *(c.i for c in verb.rights if c.dep_ == "prt"))
    }
    if sentence.segment.context == "music":
        sentence.ignored |= unheard_in_music(sentence)
    if sentence.segment.context != "speech":  # of a voice "on a phone" tells how it sounds
        sentence.ignored |= named_only(sentence)
    sentence.ignored |= limited(sentence)
    for token in sentence.tokens:
        mark_ends(sentence, token)
        for start in _denied_from(token):
            sentence.denied |= _reach(token, start) | _alternatives(token)
        sentence.denied |= {inner.i for subject in _missing(token) for inner in subject.subtree}
    for hit in sentence.hits:  # "no reverb" is a phrase of its own: what it names is not denied once more
        if sentence.doc[hit.first].lower_ in _NEGATIVE_DETERMINERS | {"without", "not", "never"}:
            sentence.denied -= set(range(hit.first, hit.last + 1))
            if _is_hedged(sentence.doc[hit.first]):
                sentence.ignored |= set(range(hit.first, hit.last + 1))
    if sentence.segment.label == "denied":
        sentence.denied |= set(range(len(sentence.doc)))


def _aim(sentence: Sentence, token: Token) -> Iterator[Token]:
    """Return the words about what a clip is for."""
    if sentence.segment.context != "music":
        return iter(token.subtree)
    if token.lower_ == "for" and _is_staged(sentence, token):
        return takewhile(lambda inner: inner.text != ",", token.subtree)  # "for a spa, singing bowls": a list goes on
    return iter(token.doc if token.dep_ == "ROOT" and token.pos_ == "VERB" else token.subtree)


_LIST_TAGS = frozenset({"DET", "ADJ", "NOUN", "PROPN", "ADV", "PUNCT", "CCONJ", "NUM"})


def _alternatives(negation: Token) -> set[int]:
    """Return the words of a plain list with "or" behind a negation: the parser often tears "no dogs, cars or music"."""
    listed = list(takewhile(lambda t: t.pos_ in _LIST_TAGS and t.text not in ".;:", negation.doc[negation.i + 1 :]))
    joint = next((token for token in reversed(listed) if token.lower_ in {"or", "nor"}), None)
    if joint is None or any(token.lower_ in _EXCEPTIONS | {"and"} for token in listed):
        return set()
    after = takewhile(lambda token: token.text != ",", listed[joint.i - negation.i :])
    return {*range(negation.i + 1, joint.i), *(token.i for token in after)}


def _is_purpose(sentence: Sentence, token: Token) -> bool:
    """Whether a token heads words about what the clip is for or could be, not how it sounds."""
    if token.pos_ in {"VERB", "AUX"}:
        modal = any(child.dep_ == "aux" and is_word(child, "story_modals") for child in token.children)
        passive = any(child.dep_ == "auxpass" for child in token.children)
        heard = token.lemma_ in {"hear", "notice"} and passive  # "a voice can be heard" is a plain statement
        if modal and not heard and is_word(token, "use_verbs") and sentence.segment.context != "speech":
            return True
        told = token.lemma_ in {"mean", "intend", "suit", "design", "reserve"}
        return told and passive and any(child.lower_ in {"for", "to"} for child in token.children)
    if token.lower_ in {"for", "at", "in"} and token.dep_ == "prep":
        objects = [child for child in token.children if child.dep_ in {"pobj", "pcomp"}]
        fits = token.head.pos_ == "ADJ" and is_word(token.head, "purpose_adjectives")
        fits = fits or token.head.lemma_ in {"room", "space"}  # "leave room for a rapper"
        fits = fits or _is_staged(sentence, token)
        return token.lower_ == "for" and (fits or any(_is_use(child) for child in objects))
    return (
        token.pos_ == "ADJ" and is_word(token, "purpose_adjectives") and any(c.lower_ == "for" for c in token.children)
    )


def _is_staged(sentence: Sentence, preposition: Token) -> bool:
    """Whether a piece is told to go with a place or happening, which is not heard: "music for a boss fight"."""
    of_piece = sentence.segment.context == "music" and preposition.head.pos_ in {"NOUN", "PROPN"}
    named = [sentence.at[child.i].senses for child in preposition.children if child.i in sentence.at]
    return of_piece and any("event" in senses or "scene" in senses for senses in named)


def _is_use(token: Token) -> bool:
    """Whether "for …" tells the use: a film, an app, relaxing; lengths of time ("for five seconds") do not."""
    if token.ent_type_ or any(child.dep_ == "nummod" for child in token.children):
        return False
    return any(is_word(inner, "purpose_nouns") for inner in conjuncts(token))


def _denied_from(token: Token) -> Iterator[Token]:
    """Yield the tokens whose subtree a negation at `token` denies."""
    lower = token.lower_
    following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else token
    if lower in _NEGATIVE_DETERMINERS and _is_hedged(token):
        return  # "almost no noise" is little
    if lower in _NEGATIVE_DETERMINERS and token.dep_ in _OPENING_DEPS:
        yield from _phrase_behind(token)
    elif token.dep_ == "neg" or lower in {"not", "never", "n't"}:
        if following.lower_ not in _ONLY:
            built = token.head.dep_ == "auxpass"  # "isn't studio recorded": the verb is denied, not its auxiliary
            yield token.head.head if built else token.head
    elif lower == "nothing" and following.tag_ == "JJ":
        yield following  # "nothing scary, keep it comic"
    elif lower in {"nobody", "none", "nothing"}:
        fading = token.head.lower_ == "to"  # "fading to nothing"
        if following.lower_ not in {"but", "except", "else"} and not (fading or _is_idle(token)):
            yield token.head if token.dep_ in {"nsubj", "nsubjpass"} else token
    elif lower in _LEAVING_OUT or _leaves_out(token):
        yield from _phrase_behind(following if following.lower_ == "of" else token)
    elif following.lower_ in _LINKS.get(lower, ()):
        yield from _phrase_behind(following)


def _leaves_out(token: Token) -> bool:
    """Whether a verb or noun says that something is not there: "skip the drums", not a child that "skips rope"."""
    ordered = token.lemma_ != "skip" or token.tag_ == "VB"
    return token.lemma_.lower() in _NEGATIVE_HEADS and token.pos_ in _OF_HEADS and ordered


def _is_hedged(negation: Token) -> bool:
    """Whether a negation is nearly one: "almost no hiss", "almost has no hiss"."""
    ahead = negation.doc[max(0, negation.i - 2) : negation.i]
    return any(word.lower_ in {"almost", "nearly", "virtually", "practically"} for word in ahead)


_OPENING_DEPS = frozenset({"det", "preconj", "nummod", "neg", "cc", "intj", "ROOT", "advmod", "dep"})
_LEAVING_OUT = frozenset({"without", "minus", "sans"})
_OF_HEADS = frozenset({"VERB", "NOUN", "ADP", "CCONJ"})
_LINKS = {
    **dict.fromkeys(["free", "devoid", "void"], ("of", "from")),
    "absence": ("of",),
    "instead": ("of",),
    "rather": ("than",),
}
"""What with the word behind it denies the phrase that follows: "free of", "rather than"."""
_WITHIN = frozenset({"det", "amod", "compound", "nmod", "nummod", "poss", "advmod", "predet", "quantmod"})


def _phrase_behind(last: Token) -> Iterator[Token]:
    """Yield the head of the phrase that stands right behind a word, wherever the parser hung it.

    What describes a noun reaches over commas ("no loud, harsh sounds"), a noun does not ("no hiss, clean sound").
    """
    if last.i + 1 == len(last.doc):
        return
    head = last.nbor()
    while head.dep_ in _WITHIN and head.head.i > head.i:
        parted = any(token.text == "," for token in head.doc[head.i : head.head.i])
        if parted and (head.pos_ in {"NOUN", "PROPN"} or names_sound(head.lower_)):
            break
        head = head.head
    yield head


def _missing(token: Token) -> Iterator[Token]:
    """Yield what is told to be absent in front of the word that says so: "vocals are not heard", "autotune-free"."""
    unheard = token.lemma_ in {"hear", "play", "use"} and token.dep_ != "relcl" and not is_set_apart(token)
    if is_left_out(token) or (unheard and any(child.dep_ == "neg" for child in token.lefts)):
        yield from (child for child in token.lefts if child.dep_ in {"nsubj", "nsubjpass"})
    elif token.lower_ in {"absent", "missing"}:
        verb = token.head if token.dep_ == "acomp" else token
        beside = [*token.lefts, *verb.lefts]  # "almost absent", "where it is absent"
        told = not any(c.dep_ == "mark" or c.lower_ in {"almost", "nearly", "where", "when"} for c in beside)
        yield from (child for child in verb.lefts if told and child.dep_ == "nsubj")
    elif token.lower_ == "free" and token.i > 1 and token.nbor(-1).text == "-":
        yield token.nbor(-2)


def _is_idle(token: Token) -> bool:
    """Whether "nothing" only tells what no part does: "nothing standing out"; what follows is there all the same."""
    return token.lower_ == "nothing" and token.i + 1 < len(token.doc) and token.nbor().tag_ == "VBG"


def _reach(negation: Token, start: Token) -> set[int]:
    """Return what is denied of a subtree: what stands behind the negation, less exceptions and other clauses."""
    denied = {token.i for token in start.subtree if token.i > negation.i}
    if start.pos_ in {"NOUN", "PROPN", "PRON"}:  # "no percussion in this song": the song is there
        denied -= {t.i for c in start.children if c.dep_ in {"prep", "relcl"} and c.lower_ != "of" for t in c.subtree}
    elif start.pos_ in {"VERB", "AUX"}:  # "don't rush, with pauses"
        aside = [c for c in start.rights if c.dep_ == "prep" and c.nbor(-1).text == ","]
        clauses = [child for child in start.rights if child.dep_ in {"advcl", "parataxis"}]
        denied -= {t.i for child in (*aside, *clauses) for t in child.subtree}
    for token in start.subtree:
        butting = token.lower_ in _EXCEPTIONS and token.i > start.i
        if token.dep_ in {"ccomp", "parataxis"} and start.pos_ not in {"VERB", "AUX"}:
            denied -= {inner.i for inner in token.subtree}
        own = token.pos_ in {"VERB", "AUX"} and any(child.dep_ in {"nsubj", "nsubjpass"} for child in token.children)
        apart = (
            own or _contrast(token) or not _listed(token) or _described(token, start)
        )  # "the drums are not loud and the singer is …"
        joined = token.dep_ in {"conj", "appos"} and token.i > start.i and apart
        if butting or joined:
            denied -= {inner.i for inner in token.subtree}
            if butting:
                denied -= {inner.i for child in token.head.children if child.i > token.i for inner in child.subtree}
    return denied


def _described(token: Token, first: Token) -> bool:
    """Whether a joined part is told how it is, unlike what is denied: "no drums, bright piano and soft strings"."""
    alternative = any(t.lower_ in {"or", "nor"} for t in token.doc[first.i :])
    told = [any(child.dep_ == "amod" for child in one.lefts) for one in (first, token)]
    return told == [False, True] and token.doc[first.i + 1 : first.i + 2].text == "," and not alternative


def _listed(token: Token) -> bool:
    """Whether a joined part belongs to the list that is denied: one with "or", "nor" or "and" in it somewhere."""
    current = token
    for _ in range(30):  # lists are short; a parse without end is none
        near = [*current.children, *current.head.children]
        near += [inner for child in current.lefts for inner in child.children]  # "insects, traffic or human voices"
        if any(child.dep_ in {"cc", "preconj"} for child in near):
            return True
        following = next((child for child in current.rights if child.dep_ == "conj"), None)
        if following is None:
            return False
        current = following
    return False


def _contrast(token: Token) -> bool:
    """Whether a joined part stands against what is denied ("no drums but a bass", "no drums, just a bass")."""
    between = token.doc[token.head.i + 1 : token.i]
    words = {inner.lower_ for inner in between} | {child.lower_ for child in token.lefts}
    return bool(words & {"but", "only", "just", "instead", "then", "although", "though", "with"})
