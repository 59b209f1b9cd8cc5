"""What a word describes, and which of its senses that thing can have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Kind, Subject
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, subject_of
from audiojudge_cli.rubrics.english.thing import Thing
from audiojudge_cli.rubrics.segment import Segment
from audiojudge_cli.rubrics.vocabulary import dimensions, find
from audiojudge_cli.rubrics.word_class import dimension_nouns, sense_order, word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

_SIBLINGS: Mapping[Kind, Mapping[str, str]] = {
    "speaker": {"dynamics": "volume", "tempo": "rate", "mood": "emotion", "intensity": "volume", "rhythm": "rate"},
    "vocals": {"dynamics": "volume", "tempo": "rate", "mood": "emotion", "intensity": "volume", "clarity": "clarity"},
    "music": {"volume": "dynamics", "rate": "tempo", "emotion": "mood"},
    "instrument": {"volume": "dynamics", "rate": "tempo", "emotion": "mood", "intensity": "dynamics"},
    "sound": {"volume": "intensity", "dynamics": "intensity", "rate": "rhythm", "tempo": "rhythm"},
    "clip": {"clarity": "recording", "volume": "intensity", "emotion": "mood", "tempo": "tempo", "rhythm": "rhythm"},
}
"""The sense that comes nearest where a word has none of its kind ("very quiet" of rain)."""


_ROOMS = frozenset({"space", "studio", "hall"})
_PARTS = frozenset({"vocals", "instrument"})
"""What names one part of a piece: "low pitched harmony" makes no low pitched piece."""
_OF_SPEAKERS = frozenset({"style", "volume", "emotion"})
_UNCARRYING = frozenset({"event", "scene", "content", "order", "structure", "room"})


def _carries(sentence: Sentence, adjective: Token) -> bool:
    """Whether what an adjective says of a noun that is no thing holds for what has it ("a flat drawl")."""
    noun, music = adjective.head, sentence.segment.context == "music"
    if noun.lemma_.lower() in word_class("carriers"):
        return not music or noun.lemma_.lower() in _ROOMS
    hit = sentence.at.get(noun.i)
    if hit is not None and sentence.segment.context == "sound" and hit.senses.keys() <= _OF_SPEAKERS:
        return False  # "a distant shout"
    return hit is not None and bool(
        hit.senses.keys() - (_UNCARRYING | _PARTS if music and noun.dep_ != "compound" else _UNCARRYING)
    )


def sense_of(hit: Hit, kind: Kind, allowed: tuple[str, ...]) -> tuple[str, str] | None:
    """Return dimension and value of a phrase for a thing of a kind; `allowed` narrows it where a noun names one."""
    if allowed:
        for dimension in allowed:
            if dimension in hit.senses:
                return dimension, hit.senses[dimension]
        return _nearest(hit, kind, allowed)
    for dimension in sense_order(kind):
        if dimension in hit.senses:
            return dimension, hit.senses[dimension]
    return _nearest(hit, kind, sense_order(kind))


def _nearest(hit: Hit, kind: Kind, allowed: tuple[str, ...]) -> tuple[str, str] | None:
    for dimension, near in _SIBLINGS[kind].items():
        if dimension in hit.senses and near in allowed and hit.senses[dimension] != "pause":
            value = hit.senses[dimension]
            if near != "rate" or value in {"slow", "fast"} or dimension == "tempo":
                return near, value
            if value == "regular" and allowed[0] == "rate":  # a steady pace is a middling one; a steady voice has none
                return near, "moderate"
    return None


def owner_of(sentence: Sentence, token: Token, things: Mapping[int, Thing]) -> tuple[Subject, tuple[str, ...]]:
    """Return what a word describes and, where a noun such as "tempo" stands between, the dimensions that names."""
    label = sentence.segment.label
    allowed: tuple[str, ...] = (label,) if label in dimensions() and label not in _UNLABELLED else ()
    if label in _MANNERS and sentence.segment.context == "speech":
        allowed = (label, *_MANNERS)  # what one calls a style another calls an emotion
    nearby = _cut_off(token) or _thing_ahead(token, things) or _played(token, things) or _entry(sentence, token, things)
    if nearby is not None:
        return nearby, allowed
    current = token
    apart = False
    for _ in range(8):  # along the heads; a sentence nests no deeper in what describes one thing
        if current != token and not (apart and current.lemma_.lower() in dimension_nouns()):
            found = _owner_at(sentence, current, things, allowed)
            if found is not None:
                return found
            if _stands_before(token, current) and _is_unknown(sentence, token, current):
                return Subject("clip", ""), allowed  # of something that no claim knows: nothing can be said of it
        subject = _predicated(current, things)
        if subject is not None:
            found = _owner_of_subject(sentence, subject, things, allowed)
            if found is not None:
                return found
            current = subject
        elif current.head == current:
            break
        else:  # "studio quality, no reverb": what is only listed beside a noun is none of its qualities
            beside = current.dep_ == "appos" or (current.dep_ == "pobj" and current.head.lower_ not in {"of", "with"})
            apart = apart or (beside and current.pos_ in {"NOUN", "PROPN"})  # "at a slow pace in a quiet room" too
            current = current.head
    return _by_context(sentence, things), allowed


def _cut_off(token: Token) -> Subject | None:
    """Return nothing that has a name for a noun hung on one behind a comma: "guitar on the offbeat, organ stabs"."""
    apart = token.tag_ in {"NN", "NNS"} and token.dep_ in {"amod", "compound"} and token.nbor().text == ","
    return Subject("clip", "") if apart else None


def _played(token: Token, things: Mapping[int, Thing]) -> Subject | None:
    """Return the instrument that is played so: "someone softly strumming an acoustic guitar"."""
    if token.dep_ != "advmod" or not is_word(token.head, "play_verbs"):
        return None
    objects = (child for child in token.head.rights if child.dep_ == "dobj" and child.i in things)
    return next((things[t.i].subject for t in objects if things[t.i].subject.kind == "instrument"), None)


_OF_ENTRIES = frozenset({"JJ", "JJR", "JJS", "RB", "RBR", "RBS", "CC", "VBN", "VBG"})
_MARKS = frozenset({",", ";", "-", "–", "—", ".", "(", ")"})


def _entry(sentence: Sentence, token: Token, things: Mapping[int, Thing]) -> Subject | None:
    """Return whose an adjective is that stands between marks with no noun: "rain on a tent, gentle, no thunder".

    Behind a list it tells of the piece, whatever noun the parser hung it on; among sounds of the last one named.
    """
    doc, first, last = token.doc, token.i, token.i
    while first > 0 and (doc[first - 1].tag_ in _OF_ENTRIES or doc[first - 1].lower_.endswith("ing")):
        first -= 1
    while last + 1 < len(doc) and doc[last + 1].tag_ in _OF_ENTRIES:
        last += 1
    apart = first > 1 and doc[first - 1].text in _MARKS and (last + 1 == len(doc) or doc[last + 1].text in _MARKS)
    if not apart or token.pos_ != "ADJ":
        return None
    for one in doc[last + 1 :]:  # "a slow, quiet, bright piano"
        if one.pos_ in {"NOUN", "PROPN"}:
            return None
        if one.tag_ not in _OF_ENTRIES and one.text != ",":
            break
    if sentence.segment.context == "sound":
        before = [thing for thing in things.values() if thing.claims and thing.head < first]
        return max(before, key=lambda thing: thing.head).subject if before else None
    beside = doc[first - 2]
    if sentence.segment.context == "music" and beside.i in things and things[beside.i].subject.kind == "vocals":
        return things[beside.i].subject
    named = sentence.segment.context == "music" and beside.pos_ in {"NOUN", "PROPN"}
    return _by_context(sentence, things) if named else None


_IN_FRONT = frozenset({"JJ", "JJR", "VBG", "VBN", "NN", "NNP"})


def _thing_ahead(token: Token, things: Mapping[int, Thing]) -> Subject | None:
    """Return the thing that a describing word stands right in front of ("pulsating synth lead melody")."""
    if token.tag_ == "NNS" and is_word(token, "play_verbs"):  # "a bass guitar plays in the background"
        return next((things[t.i].subject for t in token.lefts if t.i in things), None)
    at = token.i - 1
    while at > 0 and token.doc[at].tag_ == "RB":
        at -= 1
    told = token.pos_ == "ADJ" and token.dep_ != "amod" and at in things and things[at].claims
    if told and token.doc[at].dep_ == "pobj" and token.doc[at].head.lower_ == "with":
        return things[at].subject  # "with the last thunderclap very loud"
    done = token.tag_ in {"VBN", "VBD"}  # "…, strummed guitars" is read as what somebody did
    describes = done or (token.tag_ in {"JJ", "VBG"} and token.dep_ not in {"acomp", "ROOT"})
    if not describes or token.i + 1 >= len(token.doc):
        return None
    for thing in things.values():
        gap = range(token.i + 1, thing.head)
        if token.i < thing.head <= token.i + 4 and thing.claims and all(token.doc[i].tag_ in _IN_FRONT for i in gap):
            return thing.subject
    return None


_PLAYED = frozenset({"tune", "theme", "line", "part", "note", "riff", "chord", "phrase", "motif"})
"""What an instrument plays, so that its adjectives tell of that instrument and not of the piece."""

Owned = tuple[Subject, tuple[str, ...]]
"""What a word describes, and the dimensions that the noun between allows."""


def _owner_at(sentence: Sentence, noun: Token, things: Mapping[int, Thing], allowed: tuple[str, ...]) -> Owned | None:
    """Return the thing at a head, or whose "tempo", "tone" or "pitch" the head is."""
    listed = dimension_nouns().get(noun.lemma_.lower())
    thing = things.get(noun.i)
    if sentence.segment.context == "music" and noun.lemma_ == "sound" and noun.dep_ in {"pobj", "dobj"}:
        above = _above(noun, things)  # "a synth with a crisp sound"
        return (above, allowed) if above is not None else None
    if noun.lemma_.lower() in _PLAYED and noun.dep_ == "dobj" and is_word(noun.head, "play_verbs"):
        above = _above(noun, things)  # "the bass is playing a groovy tune"
        return (above if above is not None else Subject("clip", ""), allowed)
    if thing is not None and thing.subject.kind != "clip":
        narrows = listed is not None and thing.head == noun.i and thing.subject.concept == ""
        return thing.subject, allowed or (listed[0] if listed is not None and narrows else ())
    if listed is not None and noun.pos_ in {"NOUN", "PROPN"} and not allowed:
        return _owner_of_noun(sentence, noun, things, listed), listed[0]
    return (thing.subject, allowed) if thing is not None else None


def _owner_of_subject(
    sentence: Sentence, subject: Token, things: Mapping[int, Thing], allowed: tuple[str, ...]
) -> Owned | None:
    if subject.i not in things and is_word(subject, "container_nouns"):  # "a variety of violins"
        inner = [t for c in subject.children if c.lower_ == "of" for t in c.children if t.i in things]
        subject = inner[0] if inner else subject
    listed = dimension_nouns().get(subject.lemma_.lower())
    if subject.i in things and (listed is None or things[subject.i].subject.concept):
        return things[subject.i].subject, allowed
    if listed is not None and not allowed:
        return _owner_of_noun(sentence, subject, things, listed), listed[0]
    return None


def _stands_before(token: Token, noun: Token) -> bool:
    """Whether a word describes a noun from in front: "low pitched harmony" has both its words do so."""
    graded = token.dep_ == "advmod" and token.head.dep_ == "amod" and token.head.head == noun
    describes = token.dep_ == "amod" or (token.dep_ == "compound" and token.tag_ == "JJ")
    return graded or (describes and token.head == noun)


def _is_unknown(sentence: Sentence, adjective: Token, noun: Token) -> bool:
    return noun.pos_ in {"NOUN", "PROPN"} and not _carries(sentence, adjective)


_PREDICATES = frozenset({"acomp", "attr", "oprd", "advmod", "prep", "xcomp", "ccomp", "conj", "npadvmod"})


def _predicated(token: Token, things: Mapping[int, Thing]) -> Token | None:
    """Return the subject of the verb that a word completes ("the voice sounds warm")."""
    if token.pos_ == "ADJ" and token.i < token.head.i and token.doc[token.i + 1 : token.i + 2].text == ",":
        return None  # "slow, low guitars, the drums are sparse": what is said of a subject stands behind its verb
    own = [child for child in token.children if child.dep_ in {"nsubj", "nsubjpass"} and child.pos_ != "PRON"]
    if own and token.pos_ in {"VERB", "AUX"} and token.i not in things:
        comma = max((t.i for t in token.doc[: token.i] if t.text == ","), default=-1)
        return next((child for child in own if child.i > comma), own[0])  # "a rock song, the drums are rapid"
    head = token.head
    if token.dep_ not in _PREDICATES or head.pos_ not in {"VERB", "AUX"} or head.i in things:
        return None
    return subject_of(head)


def _owner_of_noun(
    sentence: Sentence, noun: Token, things: Mapping[int, Thing], named: tuple[tuple[str, ...], Kind]
) -> Subject:
    """Return whose tempo, tone or pitch it is: the noun it hangs on, else what the sentence is about."""
    below = [child for child in noun.children if child.dep_ == "poss"]
    below += [
        inner for child in noun.children if child.dep_ == "prep" and child.lower_ == "of" for inner in child.children
    ]
    owner = next((things[token.i].subject for token in below if token.i in things), None) or _above(noun, things)
    if owner is not None:
        return owner
    if sentence.segment.context == "music" and named[1] == "speaker" and "tempo" in named[0]:
        return Subject("music", "the music")
    if named[1] == "clip":
        return Subject("clip", "the recording")
    default = _by_context(sentence, things)
    return default if default.kind != "clip" else _default(named[1])


def _above(noun: Token, things: Mapping[int, Thing]) -> Subject | None:
    """Return what a noun hangs on, by way of its heads and of the subjects of their verbs."""
    current = noun
    for _ in range(6):  # as far as a noun hangs from what it belongs to
        head = current.head
        if head == current:
            return None
        if head.i in things and things[head.i].subject.kind != "clip":
            return things[head.i].subject
        subject = subject_of(head) if head.pos_ in {"VERB", "AUX"} else None
        if subject is not None and subject != noun and subject.i in things:
            return things[subject.i].subject
        current = head
    return None


def _by_context(sentence: Sentence, things: Mapping[int, Thing]) -> Subject:
    """Return what a word without a head describes: what its sentence is about."""
    context = sentence.segment.context
    label = sentence.segment.label
    if context == "speech" or label in {"speech", "speaker"}:
        voices = [thing.subject for thing in things.values() if thing.subject.kind == "speaker"]
        return voices[0] if voices else _default("speaker")
    played = keyed(sentence.segment)
    if played is not None and not any(thing.subject.kind == "instrument" for thing in things.values()):
        return played
    if context == "music":
        return _default("vocals" if label == "vocals" else "music")
    sounds = [thing.subject for thing in things.values() if thing.subject.kind == "sound" and thing.claims]
    return sounds[0] if len(sounds) == 1 else Subject("sound", "the sound")


def keyed(segment: Segment) -> Subject | None:
    """Return the instrument that a key names: "Drums: dusty, loose"."""
    named = find(segment.key, "instrument") if segment.label == "instrument" else []
    return Subject("instrument", f"the {segment.key}", named[0].value) if named else None


def _default(kind: Kind) -> Subject:
    return Subject(
        kind,
        {"speaker": "the voice", "music": "the music", "clip": "the sound", "vocals": "the singing"}.get(
            kind, "the sound"
        ),
    )


_MANNERS = ("style", "emotion", "personality", "timbre", "intonation", "rate", "volume", "clarity", "fluency")
_UNLABELLED = frozenset(
    [
        *("component", "duration", "event", "instrument", "intensity", "order", "scene", "simultaneity"),
        *("speaker_count", "speaker_sex", "vocals"),
    ]
)
"""Dimensions that a key can name without every word behind it being of that dimension."""
