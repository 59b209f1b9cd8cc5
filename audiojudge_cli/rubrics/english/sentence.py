"""One parsed sentence with the vocabulary's phrases on its tokens: what all readers of English look at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Place
from audiojudge_cli.rubrics.segment import Segment
from audiojudge_cli.rubrics.stems import stem
from audiojudge_cli.rubrics.vocabulary import candidates, dimensions, longest, table
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

_WITHIN_NAME = frozenset({"compound", "nmod", "amod"})
_CONNECTIVES = frozenset({"order", "simultaneity"})


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase of the vocabulary.

    Attributes:
        first: Number of its first token.
        last: Number of its last token.
        root: Number of the token that the others hang on.
        senses: Dimension to canonical value, for every dimension that lists the phrase.
    """

    first: int
    last: int
    root: int
    senses: Mapping[str, str]


@dataclass(slots=True)
class Sentence:
    """A sentence as the readers share it.

    Attributes:
        segment: Where it stands.
        doc: Its parse; token offsets count from `segment.start`.
        hits: Phrases of the vocabulary, in order.
        at: Token number to the phrase over it.
        tokens: Those of the parse, made once; the parse makes them anew whenever it is asked.
        lower: Their words in lower case.
        used: Tokens that a claim rests on already.
        ignored: Tokens that say nothing about sound: purpose, story, the words of the request.
        denied: Tokens under a negation.
        placed: Tokens that tell how it is at the start or the end only, and which.
    """

    segment: Segment
    doc: Doc
    hits: list[Hit]
    at: dict[int, Hit]
    tokens: Sequence[Token]
    lower: frozenset[str]
    used: set[int] = field(default_factory=set)
    ignored: set[int] = field(default_factory=set)
    denied: set[int] = field(default_factory=set)
    placed: dict[int, Place] = field(default_factory=dict)

    def offsets(self, tokens: set[int]) -> tuple[int, int]:
        """Return the stretch of the caption from the first to the last of the tokens."""
        first, last = self.doc[min(tokens)], self.doc[max(tokens)]
        return self.segment.start + first.idx, self.segment.start + last.idx + len(last.text)

    def words(self, tokens: set[int]) -> str:
        """Return the tokens as text, single blanks between words."""
        start, end = self.offsets(tokens)
        return " ".join(self.segment.text[start:end].split())

    def inside(self, tokens: set[int]) -> str:
        """Return the tokens as text that stands inside a sentence: what only its place made a capital is lowered."""
        words = self.words(tokens)
        first = self.doc[min(tokens)]
        name = first.pos_ == "PROPN" or (len(first.text) > 1 and first.text.isupper())
        return words if name or not first.is_sent_start else words[:1].lower() + words[1:]

    def free(self, hit: Hit) -> bool:
        """Return whether no claim rests on a phrase yet and it speaks of sound."""
        span = range(hit.first, hit.last + 1)
        return not any(i in self.used or i in self.ignored for i in span)


def make_sentence(segment: Segment, doc: Doc) -> Sentence:
    """Return the sentence with the vocabulary's phrases laid on its tokens."""
    body = segment.text[segment.start : segment.end]
    tokens = tuple(doc)
    starts = {token.idx: token.i for token in tokens}
    ends = {start + len(tokens[i]): i for start, i in starts.items()}
    hits = []
    for start, end, senses in longest(candidates(_TWO.sub(r"\1  ,  \2", body), dimensions())):
        if _in_hyphenated(body, end):
            continue
        first, last = starts.get(start), ends.get(end)
        if first is None or last is None:  # "don't" and "30s" are split where the vocabulary sees one word
            first = next((t.i for t in tokens if t.idx <= start < t.idx + len(t)), None)
            last = next((t.i for t in tokens if t.idx < end <= t.idx + len(t)), None)
        named = {dimension: value for dimension, value in senses if dimension and dimension not in _CONNECTIVES}
        if first is not None and first == last:
            named = {dimension: value for dimension, value in named.items() if _means(doc[first], dimension, value)}
        if (
            last is not None
            and doc[last].pos_ == "ADP"
            and doc[last].lower_ in _PLACES
            and not _beside_sound(doc[last])
        ):
            continue
        if first is not None and last is not None and first <= last and named:
            _mend_tag(doc, first, last, named)
            hits.append(Hit(first, last, doc[first : last + 1].root.i, named))
    at = {i: hit for hit in hits for i in range(hit.first, hit.last + 1)}
    return Sentence(segment, doc, hits, at, tokens, frozenset(token.lower_ for token in tokens))


# Has the form of a listed kind of music, but for its plural, and names two instruments.
_TWO = re.compile(r"(drums) and (bass)\b", re.IGNORECASE)
_PLACES = frozenset({"over", "under", "behind", "above", "below", "beneath", "underneath", "atop"})


def _mend_tag(doc: Doc, first: int, last: int, senses: Mapping[str, str]) -> None:
    """Make the last word of a listed name a noun where the tagger took it for a verb: "emergency sirens"."""
    token = doc[last]
    if "speaker_sex" in senses and token.tag_ == "UH" and token.dep_ == "ROOT":  # "Boy" on a line of its own
        token.tag_, token.pos_ = "NN", "NOUN"
    behind = doc[last - 1].pos_ == "NOUN" if last > first else last > 0 and doc[last - 1].text in {",", "and"}
    named = behind and "event" in senses and token.tag_ == "VBZ"
    if named and stem(token.lower_) not in _acting_stems():
        token.tag_, token.pos_ = "NNS", "NOUN"


@cache
def _acting_stems() -> frozenset[str]:
    """Return the stems of what the list of events has as actions."""
    phrases = [word for english, _ in table("event").values() for phrase in english for word in phrase.split()]
    return frozenset(stem(word) for word in phrases if word.endswith("ing") and len(word) > 5)


def _in_hyphenated(body: str, end: int) -> bool:
    """Whether a phrase is a part of a hyphenated word: "high" in "high-spirited"; not "deep" in "deep-voiced"."""
    behind = body[end : end + 1] == "-" and body[end + 1 : end + 2].isalpha()
    return behind and not body[end + 1 : end + 8].lower().startswith(("voiced", "sung", "led ", "fronted"))


def _beside_sound(preposition: Token) -> bool:
    """Whether "over", "under" or "behind" sets one sound against another, not a thing in a room."""
    below = [token for child in preposition.children if child.dep_ == "pobj" for token in conjuncts(child)]
    if not below:
        return preposition.lower_ not in {"over", "above"}
    if below[-1].pos_ == "PRON" and below[-1].lower_ not in {"us", "you"}:
        return True
    voiced = any(is_word(inner, "voice_nouns") for token in below for inner in token.subtree)
    return voiced or any(is_word(token, "music_nouns") for token in below)  # not "over a track intersection"


def joined(tokens: Iterable[Token]) -> str:
    """Return tokens as text, blanks only where the caption has some ("hi-hat rolls")."""
    return " ".join("".join(token.text_with_ws for token in tokens).split())


@cache
def _single_words(dimension: str, value: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for phrase in table(dimension)[value][0]:
        if phrase.isalpha():
            found[stem(phrase)] = (*found.get(stem(phrase), ()), phrase)
    return found


_NO_FORMS = frozenset({"backed", "closing", "closes", "rush", "rushes", "racing"})
"""Forms of words of the vocabulary that say something else: a closing door is not close."""
_OF_RECORDINGS = frozenset({"noise", "recording", "production", "room", "clarity"})
_SHORT = frozenset({"pitch", "intensity", "rhythm", "dynamics"})
_OF_PITCH = frozenset({"pitched", "tuned", "toned", "sounding"})


def _means(token: Token, dimension: str, value: str) -> bool:
    """Whether a single word can have a sense listed for another form of it: "long" doesn't mean what "longing" does."""
    if (
        token.pos_ == "VERB"
        and token.lemma_ in word_class("adjectives_too")
        and not token.lower_.endswith("ed")
        and dimension != "event"
    ) or (token.lower_ in _NO_FORMS and dimension != "event"):
        return False
    listed = _single_words(dimension, value).get(stem(token.lower_), ())
    if token.pos_ == "VERB" and is_word(token, "light_verbs") and listed and dimension == "event":
        return any(phrase.endswith("ing") for phrase in listed)  # "leaving gaps" rustles no leaves
    ending = {"genre": ("ed", "ing")}.get(dimension, ("ing",) if dimension in _OF_RECORDINGS else ())
    ending = ("ed",) if dimension == "room" and any(c.dep_ == "auxpass" for c in token.lefts) else ending
    ending = ("s",) if dimension == "emotion" and token.tag_ == "NNS" else ending  # a crowd "erupts in cheers"
    if ending and token.lower_.endswith(ending):  # "suited" is no suite, and where hands are dried it isn't dry
        return not listed or token.lower_ in listed
    following = token.nbor() if token.i + 1 < len(token.doc) else token
    if token.dep_ in {"amod", "advmod"} and following.lower_.endswith("ed") and following.dep_ == "amod":
        return following.lower_ in _OF_PITCH or dimension not in _SHORT  # "high powered" tells no pitch
    if not listed or token.pos_ not in {"NOUN", "PROPN", "ADJ", "ADV", "ADP"} or token.lower_.endswith("ing"):
        return True
    verbal = ("ing", "ed") if token.pos_ in {"NOUN", "PROPN"} else ("ing",)
    verbal = (*verbal, "s") if dimension == "dynamics" else verbal  # what "calms" is not calm yet
    return any(not phrase.endswith(verbal) or phrase == token.lower_ for phrase in listed)


def is_set_apart(verb: Token) -> bool:
    """Return whether a participle is only said not to be so of what stands before a comma: "a voice, not whispered"."""
    ahead = verb.doc[max(0, verb.i - 2) : verb.i].text_with_ws.lower().split()
    plain = verb.tag_ in {"VBG", "VBN", "VBD"} and not any(child.dep_ in {"aux", "auxpass"} for child in verb.children)
    return plain and ahead in ([",", "not"], [",", "never"])


def name_start(noun: Token) -> Token:
    """Return the first token of the compound name that ends in `noun` ("bass guitar line")."""
    first = noun
    for child in noun.lefts:
        if child.dep_ == "compound" and child.i < first.i:
            first = child if not list(child.lefts) else min([child, *child.lefts], key=_number)
    return first


def noun_phrase(noun: Token) -> list[Token]:
    """Return determiner, modifiers and noun, without what follows it."""
    left = [noun]
    for child in reversed(list(noun.lefts)):
        if child.dep_ in {"det", "amod", "compound", "nmod", "nummod", "poss", "quantmod", "predet", "advmod"}:
            whole = [token for token in child.subtree if token.i < noun.i]
            if not any(token.dep_ in {"nsubj", "prep"} for token in whole):  # a clause that was hung on the noun
                left = whole + left
    first = min(token.i for token in left)
    return [token for token in noun.doc[first : noun.i + 1] if not token.is_space]


def conjuncts(token: Token) -> Iterator[Token]:
    """Yield a token and those coordinated behind it ("birds, frogs and crickets")."""
    yield token
    for child in token.rights:
        if child.dep_ in {"conj", "appos"} and child.pos_ == token.pos_:
            yield from conjuncts(child)


def subject_of(verb: Token) -> Token | None:
    """Return what does a verb: its subject, the noun it is a participle of, or that of the verb it joins."""
    for _ in range(4):  # a chain of joined verbs; longer ones are lists, not sentences
        subjects = [child for child in verb.children if child.dep_ in {"nsubj", "nsubjpass"}]
        if len(subjects) > 1 and any(token.text == "," for token in verb.doc[subjects[0].i : subjects[-1].i]):
            del subjects[:-1]  # "a phone rings, and music plays": of two the parser gives, the nearer
        for child in subjects:
            relative = child.lower_ in {"that", "which", "who"} and verb.dep_ == "relcl" and verb.pos_ == "AUX"
            if relative and verb.head.pos_ in {"NOUN", "PROPN"}:
                before = child.nbor(-1)  # "a guitar and drums that are powerful"
                return before if before.pos_ in {"NOUN", "PROPN"} else verb.head
            return None if child.lower_ in {"it", "this", "that", "which", "who"} else child
        if verb.dep_ in {"acl", "relcl", "xcomp"} and verb.head.pos_ in {"NOUN", "PROPN", "PRON"}:
            return verb.head
        joined = next((child for child in verb.lefts if child.dep_ == "ccomp" and child.tag_ == "VBZ"), None)
        if joined is not None and verb.tag_ == "VBZ" and verb.nbor(-1).text in {",", "and"}:
            verb = joined  # "a man coughs, clears his throat"
            continue
        if verb.dep_ in {"conj", "xcomp", "acl"} and verb.head.pos_ in {"VERB", "AUX"}:
            verb = verb.head
            continue
        if verb.dep_ == "advcl" and verb.tag_ == "VBG" and verb.i > verb.head.i and verb.nbor(-1).text == ",":
            verb = verb.head  # "walks with heavy boots, breathing hard"
            continue
        return None
    return None


def is_word(token: Token, name: str) -> bool:
    """Return whether a token's lemma or form stands in a word class."""
    listed = word_class(name)
    return token.lemma_.lower() in listed or token.lower_ in listed


def _number(token: Token) -> int:
    return int(token.i)
