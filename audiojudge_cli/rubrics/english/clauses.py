"""Clauses asked as they stand, and what a speech or song is about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.forms import gerund
from audiojudge_cli.rubrics.english.sentence import Sentence, is_word, subject_of
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token


def read_topics(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield what a speech or a song is about: "talks about the weather", "lyrics about leaving"."""
    for token in sentence.tokens if "about" in sentence.lower else ():
        if token.lower_ != "about" or token.dep_ != "prep" or token.i in sentence.used or token.i in sentence.ignored:
            continue
        sung = (
            is_word(token.head, "singer_nouns")
            or is_word(token.head, "music_nouns")
            or is_word(token.head, "sing_verbs")
            or token.head.lemma_.lower() in {"lyric", "lyrics"}
        )
        told = is_word(token.head, "speech_verbs") or token.head.lemma_.lower() in word_class("told_nouns")
        tokens = {t.i for t in token.subtree if t.i > token.i and t.pos_ not in {"PUNCT", "SPACE"}}
        comma = next((t.i for t in token.subtree if t.text == "," and t.i > token.i), len(sentence.doc))
        if sung and not any(t.pos_ == "CCONJ" for t in token.subtree if t.i > comma):
            tokens = {i for i in tokens if i < comma}  # "about a truck driver, pedal steel": a list of keywords goes on
        if not (sung or told) or not tokens or len(tokens) > _LONGEST_CLAUSE or tokens & sentence.used:
            continue
        sentence.used |= tokens
        subject = Subject("vocals", "the singing") if sung else Subject("speaker", "the speaker")
        negated = token.i in sentence.denied
        yield Claim("content", "topic", sentence.words(tokens), subject, negated=negated), tokens


_LONGEST_CONTENT = 10  # words; what is read out is named in few


def read_contents(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield what is read out or told without being quoted: "reads a phone number", "counts from one to five"."""
    if sentence.segment.context != "speech" or sentence.segment.quoted:
        return
    for verb in sentence.tokens:
        requested = verb.tag_ == "VB" and is_word(verb, "request_verbs")
        topic = any(above.lower_ == "about" for above in verb.ancestors)  # "argue about who should have called"
        if verb.pos_ != "VERB" or requested or topic or verb.i in sentence.ignored | sentence.denied:
            continue
        told = [child for child in verb.rights if _is_content(verb, child)]
        if not told:
            continue
        tokens = {t.i for child in told for t in child.subtree if t.pos_ not in {"PUNCT", "SPACE"}}
        tokens |= {c.i for c in verb.rights if c.dep_ == "prt"}
        if verb.lemma_ == "count":  # the last number hangs anywhere
            tokens |= {t.i for t in sentence.doc[verb.i + 1 :] if t.like_num or t.lower_ in {"from", "to"}}
        behind = sentence.doc[min(tokens) + 1 :]
        stop = next((t.i for t in behind if (t.is_punct and t.text != "-") or _is_beside(t)), len(sentence.doc))
        tokens = {i for i in tokens if i < stop}
        if len(tokens) <= _LONGEST_CONTENT and not tokens & sentence.ignored:
            said = "saying" if verb.lemma_ == "tell" else gerund(verb.lemma_.lower())
            who = "the speakers" if verb.lemma_ == "argue" else "the speaker"
            sentence.used |= tokens | {verb.i}
            yield Claim("content", "topic", f"{said} {sentence.words(tokens)}", Subject("speaker", who)), tokens


def _is_beside(token: Token) -> bool:
    """Whether a word opens what is heard beside a reading: "over the hum of a cabin", not "the hours are over"."""
    return token.lower_ in {"over", "while"} and (token.dep_ == "mark" or any(c.dep_ == "pobj" for c in token.rights))


def _is_content(verb: Token, child: Token) -> bool:
    """Whether what hangs on a verb tells the words that are spoken."""
    if verb.lemma_ in {"tell", "say", "explain"} or (verb.lemma_ == "argue" and child.dep_ == "ccomp"):
        return child.dep_ == "ccomp" and (verb.lemma_ == "argue" or any(c.lower_ == "that" for c in child.lefts))
    if verb.lemma_ in {"count", "argue", "apologize", "apologise"}:
        return child.dep_ == "prep" and child.lower_ in {"from", "to", "over", "about", "for", "down", "up"}
    if verb.lemma_ in {"stammer", "stumble", "mumble", "rush"}:
        return child.dep_ == "prep" and child.lower_ == "through"
    if verb.lemma_ not in word_class("reading_verbs"):
        return False
    return child.dep_ == "dobj" and child.lemma_.lower() not in word_class("no_content") and child.pos_ != "PRON"


def read_clauses(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield clauses about the course of a piece as they stand, where they are whole: "the music box slows down"."""
    for verb in sentence.tokens if sentence.segment.context == "speech" else ():
        if is_word(verb, "sing_verbs") and verb.i in sentence.denied - sentence.used and verb.tag_ == "VB":
            sentence.used.add(verb.i)  # "speak, do not sing"
            yield Claim("vocals", "vocals", "singing", Subject("vocals", "the singing"), negated=True), {verb.i}
    for verb in sentence.tokens if sentence.segment.context == "music" else ():
        plain = (
            verb.tag_ in {"VBZ", "VBP"}
            and verb.dep_ in {"ROOT", "conj", "ccomp"}
            and verb.i not in sentence.ignored | sentence.used
        )
        subject = subject_of(verb) if plain and is_word(verb, "structure_verbs") else None
        if subject is None or subject.pos_ not in {"NOUN", "PROPN"} or subject.i > verb.i:
            continue
        playing = verb.lemma_ in {"start", "begin"} and any(is_word(child, "play_verbs") for child in verb.rights)
        tokens = _clause(verb)
        opens = bool(tokens) and (min(tokens) == subject.left_edge.i or sentence.doc[min(tokens)].pos_ == "ADP")
        whole = opens and _ends(sentence, max(tokens))
        if whole and not playing and 2 < len(tokens) <= _LONGEST_CLAUSE and not tokens & sentence.ignored:
            negated = verb.i in sentence.denied
            yield Claim("structure", "", sentence.inside(tokens), Subject("music"), negated=negated), tokens


def _ends(sentence: Sentence, last: int) -> bool:
    """Whether a clause ends there: at the end of its sentence, a mark or a conjunction."""
    behind = sentence.doc[last + 1 : last + 2]
    return not len(behind) or behind[0].is_punct or behind[0].pos_ in {"CCONJ", "SCONJ"}


def _clause(verb: Token) -> set[int]:
    """Return a verb's own clause: no clause inside or behind it, no conjunction at either end."""
    nested = {
        t.i
        for c in verb.children
        if c.dep_ in {"advcl", "relcl", "conj", "ccomp", "parataxis"} and c.pos_ in {"VERB", "AUX"}
        for t in c.subtree
    }
    tokens = {t.i for t in verb.subtree if t.pos_ not in {"PUNCT", "SPACE"}} - nested
    doc = verb.doc
    run = [verb.i]
    for step in (-1, 1):
        at = verb.i + step
        while at in tokens or (
            0 < at < len(doc) - 1 and doc[at].is_punct and at + step in tokens and doc[at].text in {"-", "'", ","}
        ):
            run.append(at)
            at += step
    kept = sorted(run)
    while kept and (doc[kept[-1]].pos_ in {"CCONJ", "ADP", "PUNCT", "SCONJ"} and doc[kept[-1]].dep_ != "prt"):
        kept.pop()
    while kept and (
        doc[kept[0]].pos_ in {"CCONJ", "PUNCT"}
        or doc[kept[0]].dep_ == "mark"
        or doc[kept[0]].lower_ in {"then", "while"}
    ):
        kept.pop(0)
    return set(kept) if verb.i in kept else set()


_LONGEST_CLAUSE = 16  # words of a clause that is asked as it stands; longer ones say several things
