"""What a sentence says of the things it names: adjectives, adverbs and phrases, read by what they modify."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.rubrics.english.dimension_nouns import DIMENSION_NOUNS
from audiojudge_cli.rubrics.english.forms import adjective_of, is_mass, with_article
from audiojudge_cli.rubrics.english.relations import referent, thing_above
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, noun_phrase, subject_of
from audiojudge_cli.rubrics.english.things import Thing

if TYPE_CHECKING:
    from spacy.tokens import Token

_SPEAKER = (
    *("age", "language", "accent", "rate", "volume", "pitch", "fluency", "clarity", "style", "emotion", "timbre"),
    *("intonation", "personality", "speaker_count", "distance", "level", "recording", "noise", "room", "transition"),
)
_MUSIC = (
    *(
        "genre",
        "tempo",
        "key",
        "metre",
        "mood",
        "dynamics",
        "rhythm",
        "structure",
        "production",
        "timbre",
        "level",
        "room",
    ),
    *("distance", "pitch", "style", "recording", "noise", "transition", "duration", "vocals"),
)
_SOUND = (
    *(
        "distance",
        "intensity",
        "level",
        "rhythm",
        "pitch",
        "timbre",
        "room",
        "clarity",
        "transition",
        "duration",
        "recording",
    ),
    *("noise",),
)
_CLIP = ("recording", "noise", "room", "production", "duration", "level", "transition", "mood", "timbre")
SENSES: Mapping[Kind, tuple[str, ...]] = {
    "speaker": _SPEAKER,
    "vocals": (
        *(
            "language",
            "style",
            "pitch",
            "emotion",
            "timbre",
            "volume",
            "level",
            "distance",
            "room",
            "clarity",
            "accent",
        ),
        *("age", "rate", "intonation", "production", "vocals"),
    ),
    "music": _MUSIC,
    "instrument": (
        *("style", "production", "timbre", "dynamics", "rhythm", "tempo", "pitch", "level", "distance", "room", "mood"),
        *("transition", "duration"),
    ),
    "sound": _SOUND,
    "clip": _CLIP,
}
"""Which senses a word can have that describes a thing of this kind, the likelier ones first."""

_SIBLINGS: Mapping[Kind, Mapping[str, str]] = {
    "speaker": {"dynamics": "volume", "tempo": "rate", "mood": "emotion", "intensity": "volume", "rhythm": "rate"},
    "vocals": {"dynamics": "volume", "tempo": "rate", "mood": "emotion", "intensity": "volume", "clarity": "clarity"},
    "music": {"volume": "dynamics", "rate": "tempo", "emotion": "mood", "intensity": "dynamics"},
    "instrument": {"volume": "dynamics", "rate": "tempo", "emotion": "mood", "intensity": "dynamics"},
    "sound": {"volume": "intensity", "dynamics": "intensity", "rate": "rhythm", "tempo": "rhythm"},
    "clip": {"clarity": "recording", "volume": "intensity", "emotion": "mood", "tempo": "tempo", "rhythm": "rhythm"},
}
"""The sense that comes nearest where a word has none of its kind ("very quiet" of rain)."""

_DEGREE_DEPS = frozenset({"advmod", "npadvmod", "neg"})
_MOODY = frozenset({"music", "vocals", "instrument"})
_NAMING_DIMENSIONS = frozenset(["event", "instrument", "genre", "scene", "speaker_sex", "component", "vocals", "count"])


def read_attributes(sentence: Sentence, things: Mapping[int, Thing]) -> Iterator[tuple[Claim, set[int]]]:
    """Yield what is said of things, with the tokens it rests on."""
    for hit in sentence.hits:
        if not sentence.free(hit):
            continue
        root = sentence.doc[hit.root]
        names = hit.senses.keys() & set(_NAMING_DIMENSIONS)
        if names and root.pos_ in {"NOUN", "PROPN"} and root.dep_ == "compound" and hit.last == hit.root:
            continue  # "weather forecast": the noun it belongs to decides, and that one is no thing
        owner, allowed = _owner(sentence, root, things)
        if hit.senses.get("instrument") == "solo":
            if not _plays_alone(root, owner) or hit.root in sentence.denied:
                continue
            sentence.used.add(hit.root)
            yield Claim("instrument", "solo", "solo", owner), {hit.root}
            continue
        if owner.kind == "clip" and owner.words == "":
            continue
        sense = _sense(hit, owner.kind, allowed)
        if sense is None or sense[0] in _NAMING_DIMENSIONS:
            if (
                "vocals" in hit.senses
                and sentence.segment.context == "music"
                and hit.senses["vocals"] == "instrumental"
                and hit.root not in sentence.denied
            ):
                yield Claim("vocals", "instrumental", "instrumental", Subject("music", "the music")), {hit.root}
                sentence.used.add(hit.root)
            continue
        dimension, value = sense
        tokens = set(range(hit.first, hit.last + 1))
        if dimension in _OF_VOICES and sentence.segment.context == "sound" and owner.kind not in {"speaker", "vocals"}:
            continue
        if (
            dimension == "noise"
            and root.lemma_ == "noise"
            and sentence.segment.context == "sound"
            and hit.first == hit.last
        ):
            named = {t.i for t in noun_phrase(root) if t.pos_ not in {"DET", "PRON"} and t.i not in sentence.used}
            if root.tag_ == "NNS" or any(t.dep_ == "compound" for t in root.lefts):
                sentence.used |= named
                yield (
                    Claim("event", "", sentence.inside(named), Subject("sound"), negated=root.i in sentence.denied),
                    named,
                )
                continue
        refused = _refused(sentence, root, owner, things)
        if refused is not None:
            if refused[1]:
                sentence.used |= refused[1]
                yield refused
            continue
        if dimension == "structure" and not _is_part(root, hit):
            continue
        if dimension == "style" and root.tag_ == "NN" and owner.kind not in {"speaker", "vocals"}:
            continue
        if dimension == "language" and owner.concept == "instrumental":
            continue
        if dimension == "style" and value == "singing_manner" and root.tag_ in {"VBG", "VB", "VBZ", "VBP", "NN", "NNS"}:
            continue  # "strumming chords", "a video game theme": no manner
        if dimension == "level" and root.pos_ in {"ADP", "SCONJ"} and any(c.dep_ == "pobj" for c in root.children):
            if _beneath_person(root) and owner.kind not in {"sound", "instrument", "music"}:
                continue
            joined_with = _over(sentence, root, things)
            if joined_with is not None:
                sentence.used |= tokens
                yield joined_with, tokens
                continue
        if hit.first == hit.last and _says_nothing(sentence, root, hit):
            continue
        doing = root.pos_ == "VERB" and (sentence.segment.context == "sound" or root.tag_ in {"VB", "VBZ", "VBP"})
        if doing and hit.senses.keys() <= _NOT_BY_VERBS and sentence.segment.context != "speech":
            continue  # "cars racing past", "bells ring": what they do, not how
        modifies = root.dep_ in {"amod", "compound", "nmod"}
        if (
            hit.first == hit.last
            and root.tag_ in {"NN", "NNS"}
            and not modifies
            and hit.senses.keys() <= _NOT_BY_NOUNS
            and not _FEELING.search(root.lower_)
        ):
            continue
        degree = {
            t.i for t in root.lefts if t.dep_ in _DEGREE_DEPS and t.tag_ in {"RB", "RBR", "RBS"} and t.dep_ != "neg"
        }
        shown = tokens | {i for i in degree if i + 1 in tokens or i + 1 in degree}
        words = sentence.inside(shown)
        if root.tag_ == "RB" and root.dep_ == "advmod" and root.lower_.endswith("ly"):
            words = words[: len(words) - len(root.text)] + adjective_of(root.lower_)
        negated = bool(tokens & sentence.denied)
        if (
            dimension == "style"
            and value != "conversational"
            and root.tag_ == "NN"
            and owner.kind == "speaker"
            and not words.endswith("ing")
        ):
            words = with_article(words, countable=not is_mass(root.lemma_.lower()))
        if dimension == "structure":
            words = with_article(words, countable=root.tag_ == "NN")
        sentence.used |= tokens
        yield Claim(dimension, value, words, _described(owner, dimension), negated=negated), shown
    yield from _unlisted(sentence, things)


def _plays_alone(word: Token, owner: Subject) -> bool:
    """Whether "solo" or "alone" says that nothing else plays: "solo cello", not "finishes alone" or "a guitar solo"."""
    ahead = word.dep_ in {"amod", "compound", "nmod"} and word.head.i > word.i
    return owner.kind == "instrument" and (ahead or (word.lower_ == "alone" and word.head.pos_ in {"NOUN", "PROPN"}))


_CARRIERS = frozenset(
    ["line", "word", "sentence", "phrase", "story", "note", "chord", "pulse", "syllable", "space", "studio", "hall", "read"]
)
"""Nouns that stand for the voice, the piece or the room whose quality their adjective tells."""
_UNCARRYING = frozenset({"event", "scene", "content", "order", "structure"})


def _carries(sentence: Sentence, adjective: Token) -> bool:
    """Whether what an adjective says of a noun that is no thing holds for what has it: "a flat drawl", "spacious hall"."""
    if adjective.head.lemma_.lower() in _CARRIERS:
        return True
    hit = sentence.at.get(adjective.head.i)
    return hit is not None and bool(hit.senses.keys() - _UNCARRYING)


_OF_VOICES = frozenset({"rate", "emotion", "accent", "fluency", "personality", "intonation", "style", "age"})
_WITHIN = frozenset({"in", "during", "after", "before", "until", "till", "at", "on", "from", "for", "between"})
_PLAIN_PARTS = frozenset(
    {"chord", "chords", "riff", "motif", "hook", "final", "third", "melody line", "layer", "layers", "well layered"}
)


def _is_part(root: Token, hit: Hit) -> bool:
    """Whether a phrase says that the piece has such a part: not a verb, and not where something else happens."""
    named = root.doc[hit.first : hit.last + 1].text.lower()
    if root.pos_ not in {"NOUN", "PROPN"} or root.dep_ == "compound" or named in _PLAIN_PARTS:
        return False
    return not (root.dep_ == "pobj" and root.head.lower_ in _WITHIN)


def _beneath_person(preposition: Token) -> bool:
    return any(child.dep_ == "pobj" and child.pos_ == "PRON" for child in preposition.children)


def _over(sentence: Sentence, preposition: Token, things: Mapping[int, Thing]) -> Claim | None:
    """Return that a voice or instrument sounds together with what it lies over ("narrates over a piano")."""
    below = next((things.get(child.i) for child in preposition.children if child.dep_ == "pobj"), None)
    above = thing_above(preposition.head, things)
    if preposition.lower_ not in {"over", "above", "atop"} or below is None or above is None or below is above:
        return None
    if not below.claims or not above.claims:
        return None
    return Claim("simultaneity", "while", subject=referent(above), other=referent(below))


_REFUSED = {"music": "structure", "speech": "style", "sound": "event"}


def _refused(
    sentence: Sentence, root: Token, owner: Subject, things: Mapping[int, Thing]
) -> tuple[Claim, set[int]] | None:
    """Return the claim that nothing of a described kind is there ("no scary sounds"), None where nothing denies it.

    The claim comes without tokens where what is denied is a claim already ("no music underneath").
    """
    if root.i not in sentence.denied:
        return None
    if any(thing.claims and thing.subject == owner and thing.claims[0].negated for thing in things.values()):
        return Claim("event"), set()
    noun = root.head
    if root.dep_ not in {"amod", "compound", "nmod"} or noun.i not in sentence.denied or noun.pos_ != "NOUN":
        return None
    if (
        (noun.i in things and things[noun.i].claims)
        or noun.lemma_.lower() in DIMENSION_NOUNS
        or noun.i in sentence.used
    ):
        return None
    tokens = {t.i for t in noun_phrase(noun) if t.dep_ != "det" and t.pos_ != "DET"}
    dimension = _REFUSED[sentence.segment.context]
    return Claim(dimension, "", sentence.inside(tokens), Subject("clip"), negated=True), tokens


_NOT_BY_VERBS = frozenset(
    {"rhythm", "tempo", "rate", "timbre", "mood", "emotion", "style", "production", "genre", "dynamics"}
)
_NOT_BY_NOUNS = frozenset({"rhythm", "tempo", "timbre", "mood", "production"})
# Endings of nouns that name a quality rather than a thing: "tenderness", "tension", "serenity".
_FEELING = re.compile(r"(?:ness|ment|[ts]ion|ity|ance|ence|ism|ia|dom|hood)$")
_SIZES = frozenset({"small", "little", "big", "large", "tiny", "huge", "long", "short", "massive", "giant"})
_DEGREES = frozenset(
    {"slight", "faint", "strong", "heavy", "thick", "mild", "light", "subtle", "little", "soft", "hint", "small"}
)
_FILLERS = frozenset({"even", "still", "right", "pretty", "just", "well", "like", "quite", "close", "hard", "kind"})


def _says_nothing(sentence: Sentence, token: Token, hit: Hit) -> bool:
    """Whether a word only grades or fills: "a slight accent", "even on the loudest words", a bare "accent"."""
    if token.tag_ == "RB" and token.lower_ in _FILLERS and token.dep_ == "advmod" and token.head.pos_ != "VERB":
        return True
    if token.dep_ == "amod" and token.lower_ in _DEGREES:
        head = sentence.at.get(token.head.i)
        named = head is not None and not head.senses.keys() & {"event", "instrument", "vocals", "genre"}
        return named or token.head.lemma_.lower() in {
            "accent",
            "lilt",
            "burr",
            "reverb",
            "echo",
            "room",
            "amount",
            "delay",
        }
    if token.dep_ == "amod" and token.lower_ in _SIZES and token.head.lemma_.lower() not in _SIZED:
        return True
    if token.pos_ not in {"NOUN", "PROPN"}:
        return False
    return token.lemma_.lower() in DIMENSION_NOUNS or is_word(token, "recording_nouns") or is_word(token, "music_nouns")


_SIZED = frozenset(
    {
        "room",
        "hall",
        "space",
        "chamber",
        "pause",
        "silence",
        "reverb",
        "tail",
        "voice",
        "studio",
        "church",
        "decay",
        "fade",
    }
)


def _described(owner: Subject, dimension: str) -> Subject:
    """Return the subject as the question names it: the recording has noise, a speaker has a rate."""
    if dimension in {"noise", "recording"}:
        return Subject("clip", "the recording")
    if dimension in {"rate", "emotion", "accent", "language", "fluency", "personality"} and owner.kind == "clip":
        return Subject("speaker", "the speaker")
    if dimension in {"tempo", "key", "metre", "structure", "production"} and owner.kind in {"clip", "instrument"}:
        return replace(owner, kind="music", words="the music") if owner.kind == "clip" else owner
    return owner


def _sense(hit: Hit, kind: Kind, allowed: tuple[str, ...]) -> tuple[str, str] | None:
    """Return dimension and value of a phrase for a thing of a kind; `allowed` narrows it where a noun names one."""
    if allowed:
        for dimension in allowed:
            if dimension in hit.senses:
                return dimension, hit.senses[dimension]
        for dimension, near in _SIBLINGS[kind].items():
            if dimension in hit.senses and near in allowed:
                return near, hit.senses[dimension]
        return None
    for dimension in SENSES[kind]:
        if dimension in hit.senses:
            return dimension, hit.senses[dimension]
    for dimension, near in _SIBLINGS[kind].items():
        if dimension in hit.senses and hit.senses[dimension] != "pause":
            return near, hit.senses[dimension]
    return None


def _owner(sentence: Sentence, token: Token, things: Mapping[int, Thing]) -> tuple[Subject, tuple[str, ...]]:
    """Return what a word describes and, where a noun such as "tempo" stands between, the dimensions that names."""
    label = sentence.segment.label
    allowed: tuple[str, ...] = (label,) if label in _LABELLED else ()
    current = token
    for _ in range(8):  # along the heads; a sentence nests no deeper in what describes one thing
        if current != token and current.i in things and things[current.i].subject.kind != "clip":
            thing = things[current.i]
            named = DIMENSION_NOUNS.get(current.lemma_.lower()) if thing.head == current.i else None
            return thing.subject, allowed or (named[0] if named and thing.subject.concept == "" else ())
        named = DIMENSION_NOUNS.get(current.lemma_.lower()) if current.pos_ in {"NOUN", "PROPN"} else None
        if current != token and named is not None and not allowed:
            return _owner_of_noun(sentence, current, things, named), named[0]
        if current != token and current.i in things:
            return things[current.i].subject, allowed
        if (
            current != token
            and current.pos_ in {"NOUN", "PROPN"}
            and token.dep_ == "amod"
            and token.head == current
            and not _carries(sentence, token)
        ):
            return Subject("clip", ""), allowed  # of something that no claim knows: nothing can be said of it
        if current.dep_ in {"acomp", "attr", "oprd", "advmod", "prep", "xcomp", "ccomp", "conj", "npadvmod"}:
            head = current.head
            subject = subject_of(head) if head.pos_ in {"VERB", "AUX"} and head.i not in things else None
            if subject is not None:
                current = subject
                named = DIMENSION_NOUNS.get(current.lemma_.lower())
                if current.i in things and (named is None or things[current.i].subject.concept):
                    return things[current.i].subject, allowed
                if named is not None and not allowed:
                    return _owner_of_noun(sentence, current, things, named), named[0]
                continue
        if current.head == current:
            break
        current = current.head
    return _by_context(sentence, things), allowed


def _owner_of_noun(
    sentence: Sentence, noun: Token, things: Mapping[int, Thing], named: tuple[tuple[str, ...], Kind]
) -> Subject:
    """Return whose tempo, tone or pitch it is: the noun it hangs on, else what the sentence is about."""
    for child in noun.children:
        if child.dep_ == "poss" and child.i in things:
            return things[child.i].subject
        if child.dep_ == "prep" and child.lower_ == "of":
            for inner in child.children:
                if inner.i in things:
                    return things[inner.i].subject
    current = noun
    for _ in range(6):  # as far as a noun hangs from what it belongs to
        if current.head == current:
            break
        head = current.head
        if head.i in things and things[head.i].subject.kind != "clip":
            return things[head.i].subject
        subject = subject_of(head) if head.pos_ in {"VERB", "AUX"} else None
        if subject is not None and subject != noun and subject.i in things:
            return things[subject.i].subject
        current = head
    if sentence.segment.context == "music" and named[1] == "speaker" and "tempo" in named[0]:
        return Subject("music", "the music")
    if named[1] == "clip":
        return Subject("clip", "the recording")
    default = _by_context(sentence, things)
    return default if default.kind != "clip" else _default(named[1])


def _by_context(sentence: Sentence, things: Mapping[int, Thing]) -> Subject:
    """Return what a word without a head describes: what its sentence is about."""
    context = sentence.segment.context
    label = sentence.segment.label
    if context == "speech" or label in {"speech", "speaker"}:
        voices = [thing.subject for thing in things.values() if thing.subject.kind == "speaker"]
        return voices[0] if voices else _default("speaker")
    if context == "music":
        return _default("music")
    sounds = [thing.subject for thing in things.values() if thing.subject.kind == "sound" and thing.claims]
    return sounds[0] if len(sounds) == 1 else Subject("sound", "the sound")


def _default(kind: Kind) -> Subject:
    return Subject(
        kind,
        {"speaker": "the voice", "music": "the music", "clip": "the sound", "vocals": "the singing"}.get(
            kind, "the sound"
        ),
    )


_LABELLED = frozenset(
    ["age", "pitch", "rate", "volume", "clarity", "fluency", "accent", "timbre", "emotion", "intonation", "personality"]
    + [
        "style",
        "genre",
        "mood",
        "tempo",
        "key",
        "metre",
        "dynamics",
        "production",
        "rhythm",
        "room",
        "recording",
        "noise",
    ]
    + ["distance", "level", "structure", "language", "transition"]
)


def _unlisted(sentence: Sentence, things: Mapping[int, Thing]) -> Iterator[tuple[Claim, set[int]]]:
    """Yield adjectives that no list has, where what they describe leaves one reading: a voice, or the music's mood."""
    for token in sentence.doc:
        if token.pos_ != "ADJ" or token.i in sentence.used or token.i in sentence.ignored or token.i in sentence.at:
            continue
        if is_word(token, "empty_adjectives") or token.nbor(-1).text == "-" if token.i else False:
            continue
        if is_word(token, "empty_adjectives") or len(token.text) < 4 or token.dep_ == "compound" or not token.is_alpha:
            continue
        owner, allowed = _owner(sentence, token, things)
        if not owner.words:
            continue
        predicate = token.dep_ in {"acomp", "conj", "attr", "oprd", "ROOT"} or sentence.segment.label != ""
        head_noun = token.head if token.dep_ == "amod" else None
        named = head_noun is not None and head_noun.lemma_.lower() in DIMENSION_NOUNS
        of_music = head_noun is not None and is_word(head_noun, "music_nouns")
        if not (predicate or named or of_music):
            continue
        dimension = (
            allowed[0] if allowed else {"speaker": "style", "vocals": "timbre", "music": "mood"}.get(owner.kind, "")
        )
        if dimension == "mood" and owner.kind not in _MOODY | {"clip"}:
            dimension = "emotion" if owner.kind == "speaker" else ""
        if dimension in _OF_VOICES and sentence.segment.context == "sound" and owner.kind not in {"speaker", "vocals"}:
            continue
        if not dimension or dimension in {"key", "metre", "tempo", "recording", "noise", "room", "level", "language"}:
            continue
        sentence.used.add(token.i)
        words = sentence.inside({token.i})
        yield Claim(dimension, "", words, owner, negated=token.i in sentence.denied), {token.i}


def read_topics(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield what a speech or a song is about: "talks about the weather", "lyrics about leaving"."""
    for token in sentence.doc:
        if token.lower_ != "about" or token.dep_ != "prep" or token.i in sentence.used or token.i in sentence.ignored:
            continue
        sung = (
            is_word(token.head, "singer_nouns")
            or is_word(token.head, "music_nouns")
            or is_word(token.head, "sing_verbs")
        )
        told = is_word(token.head, "speech_verbs") or token.head.lemma_.lower() in _TOLD
        tokens = {t.i for t in token.subtree if t.i > token.i and t.pos_ not in {"PUNCT", "SPACE"}}
        if not (sung or told) or not tokens or len(tokens) > _LONGEST_CLAUSE or tokens & sentence.used:
            continue
        sentence.used |= tokens
        subject = Subject("vocals", "the singing") if sung else Subject("speaker", "the speaker")
        negated = token.i in sentence.denied
        yield Claim("content", "topic", sentence.words(tokens), subject, negated=negated), tokens


_TOLD = frozenset(
    {
        "speech",
        "talk",
        "lecture",
        "story",
        "conversation",
        "dialogue",
        "discussion",
        "argument",
        "monologue",
        "announcement",
    }
)


def read_clauses(sentence: Sentence) -> Iterator[tuple[Claim, set[int]]]:
    """Yield clauses about a voice or a piece that nothing was read from, as they stand: one item, no fragments."""
    context = sentence.segment.context
    if context == "sound":
        return
    kind: Kind = "speaker" if context == "speech" else "music"
    for verb in sentence.doc:
        if (
            verb.pos_ != "VERB"
            or verb.dep_ not in {"ROOT", "conj", "relcl", "advcl", "ccomp"}
            or verb.i in sentence.ignored
        ):
            continue
        changing = context == "music" and is_word(verb, "structure_verbs")
        if not changing and not _is_told(sentence, verb):
            continue
        tokens = _clause(verb)
        if not 2 + (not changing) <= len(tokens) <= _LONGEST_CLAUSE or tokens & sentence.ignored:
            continue
        if not changing:
            if tokens & sentence.used:
                continue
            sentence.used |= tokens
        dimension = "style" if context == "speech" else "structure"
        yield Claim(dimension, "", sentence.inside(tokens), Subject(kind), negated=verb.i in sentence.denied), tokens


def _is_told(sentence: Sentence, verb: Token) -> bool:
    """Whether a clause that the vocabulary doesn't know tells how a voice or piece goes, not why or what it is for."""
    subject = subject_of(verb)
    reason = any(
        c.dep_ == "mark" and c.lower_ in {"since", "because", "so", "that", "if", "although", "as"}
        for c in verb.children
    )
    light = is_word(verb, "light_verbs") or is_word(verb, "play_verbs") or is_word(verb, "evoking_verbs")
    return not (reason or light or subject is None or verb.tag_ == "VB" or subject.i in sentence.ignored)


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
