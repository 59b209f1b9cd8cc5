"""How the sounds of a sentence stand in time: what follows what, what sounds together, how often, how long."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Comparator, Place, Subject
from audiojudge_cli.rubrics.english.figures import value_of
from audiojudge_cli.rubrics.english.parts import NEXT, Part
from audiojudge_cli.rubrics.english.sentence import Sentence
from audiojudge_cli.rubrics.english.thing import Thing
from audiojudge_cli.rubrics.segment import Found, Segment

if TYPE_CHECKING:
    from spacy.tokens import Token


def join_events(parts: Sequence[Part], things: Sequence[Sequence[Thing]]) -> Iterator[Found]:
    """Yield order and simultaneity of the last sound of each part and the first of the next."""
    for number, part in enumerate(parts[1:], 1):
        first = [thing for thing in things[number - 1] if thing.claims and _is_sound(thing)]
        second = [thing for thing in things[number] if thing.claims and _is_sound(thing)]
        if not part.link or not first or not second or any(c.negated for t in (first[-1], second[0]) for c in t.claims):
            continue
        a, b = referent(first[-1]), referent(second[0])
        if not a.words or not b.words or a.words == b.words or (part.told_from and second[0].verb < 0):
            continue
        start, end = part.at
        if part.link == "together":
            yield Found(Claim("simultaneity", "while", subject=a, other=b), start, end)
        else:
            pair = (b, a) if part.link == "after" else (a, b)
            yield Found(Claim("order", "then", subject=pair[0], other=pair[1]), start, end)


def follow(segment: Segment, before: Sequence[Thing], things: Sequence[Thing]) -> Iterator[Found]:
    """Yield that the first sound of a sentence which opens with "Then …" comes after the last of the one before."""
    opening = NEXT.match(segment.text, segment.start, segment.end)
    first = [thing for thing in before if thing.claims and _is_sound(thing)]
    second = [thing for thing in things if thing.claims and _is_sound(thing)]
    if opening is None or not first or not second or any(c.negated for t in (first[-1], second[0]) for c in t.claims):
        return
    a, b = referent(first[-1]), referent(second[0])
    if a.words and b.words and a.words != b.words:
        yield Found(
            Claim("order", "then", subject=a, other=b), segment.start, segment.start + opening.end() - opening.start()
        )


def _is_sound(thing: Thing) -> bool:
    return thing.claims[0].dimension in {"event", "instrument", "speaker_sex", "vocals", "component", "age"}


def referent(thing: Thing) -> Subject:
    """Return a thing as another claim names it: as something heard."""
    claim = thing.claims[0]
    if thing.heard:
        return replace(thing.subject, words=thing.heard)
    if claim.dimension in {"event", "vocals", "component"}:
        return replace(thing.subject, words=claim.words or thing.subject.words)
    return thing.subject


# Where in the clip something is heard, other than by "at the start", "in the middle" and "at the end".
_PLACES = re.compile(
    r"\b(?:(?P<start>at first|to start(?: with)?|(?:at|in|from|near) the (?:very )?(?:start|beginning|opening|outset))"
    r"|(?P<middle>half ?way(?: through)?|mid ?way(?: thr(?:u|ough))?|in the middle(?! (?:of|ground|distance)))"
    r"|(?P<end>(?:at|near|toward|towards|by|until|and) the (?:very )?end|in the end|at last|to close"
    r"|to finish))\b(?! of the (?:word|line|sentence|phrase))",
    re.IGNORECASE,
)


def find_places(sentence: Sentence) -> list[tuple[Place, set[int]]]:
    """Return the words of place with their tokens, which no clause takes in from here on."""
    found: list[tuple[Place, set[int]]] = []
    for match in _PLACES.finditer(sentence.doc.text):
        tokens = {t.i for t in sentence.tokens if t.idx < match.end() and t.idx + len(t.text) > match.start()}
        if tokens and not tokens & (sentence.used | sentence.ignored):
            sentence.used |= tokens
            manner = sentence.doc[min(tokens) - 1] if min(tokens) else None
            told = manner is not None and manner.tag_ == "VBG" and sentence.segment.context == "speech"
            if manner is not None and (
                told or manner.pos_ == "ADJ" or (manner.tag_ == "RB" and manner.lower_.endswith("ly"))
            ):
                place: Place = "start" if match["start"] else "middle" if match["middle"] else "end"
                sentence.placed[manner.i] = place  # "slowly at first": its pace is told, and not when it sounds
                continue
            found.append(("start" if match["start"] else "middle" if match["middle"] else "end", tokens))
    return found


def read_places(
    sentence: Sentence, places: Sequence[tuple[Place, set[int]]], things: Mapping[int, Thing]
) -> Iterator[tuple[Claim, set[int]]]:
    """Yield sounds that are heard at the start, in the middle or at the end."""
    for place, tokens in places:
        hangs = None if sentence.segment.context == "music" else thing_above(sentence.doc[min(tokens)], things)
        thing = hangs or _beside(tokens, things)  # in a list of instruments the one before
        if thing is None or not thing.claims or thing.claims[0].dimension not in _PLACED or thing.claims[0].negated:
            continue
        yield Claim("order", place, subject=referent(thing), place=place), tokens


_PLACED = frozenset({"event", "instrument", "vocals", "speaker_sex"})


def _beside(tokens: set[int], things: Mapping[int, Thing]) -> Thing | None:
    """Return the thing named last before words of place, or first behind them where they open the sentence."""
    heard = sorted((thing for thing in things.values() if thing.claims), key=lambda thing: thing.at)
    before = [thing for thing in heard if thing.at < min(tokens)]
    return before[-1] if before else (heard[0] if heard else None)


# Somebody who answers was heard after somebody else.
_ANSWERS = frozenset({"answer", "reply", "respond", "retort"})


def read_answers(
    sentence: Sentence, before: Sequence[Thing], things: Sequence[Thing]
) -> Iterator[tuple[Claim, set[int]]]:
    """Yield that somebody who answers comes after what was heard last."""
    for token in sentence.tokens:
        if not _replies(token) or token.i in sentence.ignored | sentence.denied:
            continue
        earlier = [thing for thing in things if min(thing.tokens) < token.i]
        heard = [thing for thing in (*before, *earlier) if thing.claims and _is_sound(thing)]
        speakers = [thing for thing in heard if thing.subject.kind == "speaker" and thing in earlier]
        if not speakers:
            continue
        asked = [thing for thing in heard if referent(thing).words != referent(speakers[-1]).words]
        if asked and not any(claim.negated for claim in (asked[-1].claims[0], speakers[-1].claims[0])):
            yield Claim("order", "then", subject=referent(asked[-1]), other=referent(speakers[-1])), {token.i}


def _replies(token: Token) -> bool:
    """Whether somebody answers here; behind a name set off by commas the tagger takes "answers" for a noun."""
    return token.lemma_ in _ANSWERS and (token.pos_ == "VERB" or (token.tag_ == "NNS" and token.dep_ == "ROOT"))


def thing_above(token: Token, things: Mapping[int, Thing]) -> Thing | None:
    """Return the thing that a token hangs on, by way of its heads."""
    current = token
    for _ in range(8):  # sentences nest no deeper in what describes one thing
        if current.i in things:
            return things[current.i]
        for child in current.children:
            if child.dep_ in {"nsubj", "nsubjpass"} and child.i in things:
                return things[child.i]
        if current.head == current:
            return None
        current = current.head
    return None


def read_counts(sentence: Sentence, things: Sequence[Thing]) -> Iterator[tuple[Claim, set[int]]]:
    """Yield how often a sound is heard where its noun has a number: "three gunshots", "at least two knocks"."""
    for thing in {id(t): t for t in things}.values():
        if not thing.claims or thing.claims[0].dimension != "event" or thing.verb >= 0:
            continue
        noun = sentence.doc[thing.head]
        for child in noun.lefts:
            number = value_of(child.text) if child.dep_ == "nummod" else None
            single = child.lower_ == "single" and child.dep_ == "amod"
            if single:
                number = 1.0
            if (
                number is None
                or any(t.lower_ == "per" for t in noun.rights)
                or not 1 <= number <= 1000
                or (child.i in sentence.used and child.i not in thing.tokens)
            ):
                continue
            before = sentence.doc[max(0, child.i - 2) : child.i].text.lower()
            comparator = next((name for phrase, name in _COMPARED if phrase in before), _EXACTLY)
            bare = replace(thing.subject, words=thing.subject.words.removeprefix("the ").removeprefix("single "))
            told = f"{child.text.lower()} {_after(sentence, child, noun)}"
            claim = Claim("count", "", told, bare, comparator=comparator, number=number, unit="times")
            yield claim, {child.i, noun.i}


_EXACTLY: Comparator = "exactly"
_COMPARED: tuple[tuple[str, Comparator], ...] = (
    ("at least", "at_least"),
    ("more than", "more"),
    ("over", "more"),
    ("at most", "at_most"),
    ("up to", "at_most"),
    ("fewer than", "less"),
    ("less than", "less"),
    ("about", "about"),
    ("around", "about"),
)


def _after(sentence: Sentence, child: Token, noun: Token) -> str:
    return " ".join(sentence.doc[child.i + 1 : noun.i + 1].text.split())
