"""Which words of a sentence about music say nothing certain: comparisons, ranges, devices, what can't be heard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, subject_of
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

_VIBES = frozenset({"vibe", "feel", "feeling", "sense", "reminder", "image", "impression", "memory"})
"""What a piece has of another thing without being it: "vibes of a Christmas song"."""
_AKIN = frozenset({"similar", "akin", "identical", "comparable", "reminiscent"})
_LIKENING = frozenset({"resemble", "imitate", "mimic", "emulate", "simulate"})
_RECORDED = frozenset({"record", "capture", "film", "shoot", "tape"})


def unheard_in_music(sentence: Sentence) -> set[int]:
    """Return the tokens of a sentence about music that tell of something else, or of nothing that is certain."""
    found: set[int] = set()
    for token in sentence.tokens:
        found |= {inner.i for start in _compared(token) for inner in start.subtree if inner.i >= start.i}
        found |= _between(token) | _story(token)
        if _is_inaudible(token):
            subject = subject_of(token.head if token.dep_ == "acomp" else token)
            found |= {token.i} | ({inner.i for inner in subject.subtree} if subject is not None else set())
    for hit in sentence.hits:  # "medium to uptempo" is one phrase, and one tempo
        span = set(range(hit.first, hit.last + 1))
        ranged = any(sentence.doc[i].lower_ == "to" for i in span)
        found = found - span if ranged else found | span if span & found else found
    return found


_MEANS = frozenset({"with", "on", "using", "by"})
_NEAR = 6  # words from "same" to the "as" that goes with it


def named_only(sentence: Sentence) -> set[int]:
    """Return the tokens that name a measure or a means: "the same tone as a game", "recorded with a phone"."""
    if sentence.segment.keyword and "dancing" in sentence.lower:
        return set(range(len(sentence.doc)))  # "people dancing around a fire" in a list of keywords is a picture
    found: set[int] = set()
    if sentence.lower.isdisjoint(_MEANS | {"as"}):
        return found
    for token in sentence.tokens:
        alike = token.lower_ == "as" and any(t.lower_ == "same" for t in token.doc[max(0, token.i - _NEAR) : token.i])
        means = token.lower_ in _MEANS and token.head.lemma_ in _RECORDED
        for named in token.children if alike or means else ():
            if any(child.lower_ == "no" for child in named.lefts):
                continue  # "recorded in a hall with no music"
            if named.dep_ in {"pobj", "dobj"} and not (
                is_word(named, "person_nouns") or is_word(named, "singer_nouns")
            ):
                found |= {inner.i for inner in named.subtree}
    return found


def _compared(token: Token) -> Iterator[Token]:
    """Yield the heads of what a piece is only compared with."""
    objects = [child for child in token.children if child.dep_ in {"pobj", "pcomp"}]
    above = token.head
    measured = any(child.like_num or child.dep_ == "nummod" for child in token.subtree)
    if token.lower_ == "than" and above.pos_ in {"ADJ", "ADV"} and not measured:
        yield above.doc[min(above.i, *(child.i for child in above.lefts))] if list(above.lefts) else above
        yield above
        yield token
    if token.lower_ == "like" and token.dep_ == "prep" and above.pos_ in {"VERB", "AUX"}:
        yield from objects
    elif token.lower_ in {"as", "like"} and token.dep_ == "mark" and above.tag_ != "VBG":
        behind = token.nbor() if token.i + 1 < len(token.doc) else token
        if behind.lower_ in {"if", "though"} and above.lemma_ not in _RECORDED | {"hear", "play"}:
            yield from (t for t in token.doc[token.i : above.right_edge.i + 1])
    elif token.lower_ == "to" and above.lower_ in _AKIN:
        yield from objects
    elif token.lower_ == "of" and (above.lower_ in _AKIN or above.lemma_.lower() in _VIBES):
        named = [t for t in objects if t.lemma_.lower() in word_class("pieces") or is_word(t, "music_nouns")]
        yield from objects if above.lower_ in _AKIN else named
    elif token.lemma_ in _LIKENING:
        yield from (child for child in token.children if child.dep_ == "dobj")


_STORY = frozenset({"moment", "scene", "scenario", "situation", "movie", "film", "story", "game"})


def _story(token: Token) -> set[int]:
    """Return the tokens of a scene that a piece could go with: "a moment where the hero has just saved the day"."""
    at = token.i - 1
    if token.lower_ not in {"where", "when"} or at < 0 or token.doc[at].lemma_.lower() not in _STORY:
        return set()
    end = next((t.i for t in token.doc[at:] if t.text in {".", ";"}), len(token.doc))
    return set(range(token.doc[at].left_edge.i, end))


_SCALE = frozenset({"low", "mid", "medium", "middle", "high", "soft", "quiet", "loud", "slow", "fast"})


def _between(token: Token) -> set[int]:
    """Return the two ends of a range ("from low to high", "medium-to-high"): neither holds for the whole."""
    if token.lower_ != "to":
        return set()
    doc = token.doc
    left = token.i - 2 if token.i > 1 and doc[token.i - 1].text == "-" else token.i - 1
    right = token.i + 2 if token.i + 2 < len(doc) and doc[token.i + 1].text == "-" else token.i + 1
    ends = {left, right}
    return ends if left >= 0 and right < len(doc) and all(doc[i].lower_ in _SCALE for i in ends) else set()


def _is_inaudible(token: Token) -> bool:
    """Whether a word says that its subject can't be heard, or hardly: no certain claim either way."""
    if token.lower_ in {"inaudible", "unheard"}:
        return token.dep_ in {"acomp", "oprd", "ROOT", "conj"}
    hearing = (token.lower_ == "audible" and token.dep_ == "acomp") or (token.lower_ == "heard" and token.tag_ == "VBN")
    beside = [*token.children, *(token.head.children if token.lower_ == "audible" else ())]
    return hearing and any(c.dep_ == "neg" or c.lower_ in {"barely", "hardly", "scarcely"} for c in beside)


_WHOLE = frozenset({"music", "recording", "clip", "audio", "version", "composition", "improvisation", "number"})
_PARTS = frozenset({"melody", "beat", "groove", "riddim", "chant", "harmony", "part", "section", "break"})


def is_instrumental(word: Token) -> bool:
    """Return whether "instrumental" says that a piece has no singing: not "over the instrumental", "the melody"."""
    if word.dep_ in {"amod", "compound", "nmod"} and word.head.i > word.i:
        head = word.head
        while head.dep_ == "compound" and head.head.i > head.i:  # "an instrumental techno track"
            head = head.head
        whole = head.lemma_.lower() in _WHOLE | word_class("pieces") or is_word(head, "music_nouns")
        between = word.doc[word.i + 1 : head.i]  # "an instrumental power metal piece"
        return whole and head.lemma_.lower() not in _PARTS and not any(t.pos_ == "ADP" for t in between)
    return not any(child.lower_ in {"the", "its", "this"} for child in word.lefts)


_POOR = frozenset({"poor", "inferior", "bad", "substandard", "terrible", "awful", "deteriorated", "lousy"})
_OF_SOUND = frozenset({"audio", "sound", "recording", "song", "track", "music", "video"})


def read_quality(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield that the recording is poor: "the audio quality is inferior", "poor in audio quality", "bad audio"."""
    for noun in sentence.tokens:
        quality = noun.lower_ == "quality"
        if not (quality and _is_of_sound(noun)) and noun.lower_ not in {"audio", "recording"}:
            continue
        poor = _POOR | {"low"} if quality else _POOR  # a low recording is a quiet one
        told = [t for t in _told_of(noun) if t.lower_ in poor and t.i not in sentence.used]
        if told and not {noun.i, told[0].i} & (sentence.ignored | sentence.denied):
            sentence.used.add(told[0].i)
            subject = Subject("clip", "the recording")
            yield Claim("recording", "degraded", "low quality", subject), {told[0].i, noun.i}


def _is_of_sound(quality: Token) -> bool:
    beside = [*quality.lefts, *(t for c in quality.rights if c.lower_ == "of" for t in c.subtree)]
    return any(t.lower_ in _OF_SOUND for t in beside)


def _told_of(noun: Token) -> Iterator[Token]:
    """Yield the adjectives before a noun, said of it, or that it is the respect of ("poor in quality")."""
    yield from (t for t in noun.lefts if t.dep_ == "amod")
    if noun.dep_ == "nsubj" and noun.head.pos_ in {"AUX", "VERB"}:
        yield from (t for t in noun.head.rights if t.dep_ == "acomp")
    if noun.dep_ == "pobj" and noun.head.lower_ == "in":
        yield from (noun.head.head, *(t for t in noun.head.head.rights if t.dep_ == "acomp"))


def pace_of_part(sentence: Sentence, hit: Hit, tempo: tuple[str, str]) -> tuple[str, str]:
    """Return the sense of a pace beside an instrument: a slow guitar melody makes no slow piece."""
    root = sentence.doc[hit.root]
    before = hit.first == hit.last
    own = sentence.at.get(root.head.i)
    whole = own is not None and bool(own.senses.keys() & {"tempo", "metre", "genre"})  # "a slow Baroque adagio"
    return (
        tempo if whole or not before or root.head.lemma_ in word_class("pieces") | {"music"} else ("rhythm", tempo[1])
    )


def is_other(root: Token, hit: Hit) -> bool:
    """Return whether a word has another part in its sentence: "driving the melody", "the wild", "a prayer chant"."""
    if root.dep_ == "compound" and root.tag_ in {"NN", "NNS"} and hit.senses.keys() <= {"style", "room", "emotion"}:
        return True
    if hit.senses.keys() & {"level", "transition", "structure", "recording", "noise", "style", "volume"}:
        return False
    acting = root.tag_ == "VBG" and any(c.dep_ == "dobj" and c.left_edge.pos_ == "DET" for c in root.rights)
    named = root.tag_ in {"JJ", "NN"} and any(c.lower_ == "the" and c.i == root.i - 1 for c in root.lefts)
    return acting or named or (hit.first == hit.last and root.tag_ == "JJ" and root.dep_ in {"nsubj", "nsubjpass"})
