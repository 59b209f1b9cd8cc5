"""What a sentence says is heard: speakers, singers, instruments, sounds, music, places; one `Thing` each."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.rubrics.english.dimension_nouns import DIMENSION_NOUNS
from audiojudge_cli.rubrics.english.forms import decapitalised, gerund, is_mass, is_plural, with_article
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, joined, name_start, noun_phrase, subject_of
from audiojudge_cli.rubrics.stems import stem
from audiojudge_cli.rubrics.vocabulary import index, table
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

_NAMING = ("instrument", "vocals", "event", "genre", "component")
_DESCRIBING = frozenset(
    ["distance", "intensity", "level", "volume", "dynamics", "rhythm", "tempo", "rate", "pitch", "timbre", "mood"]
    + ["emotion", "age", "clarity", "transition", "room", "duration", "style", "count", "production", "speaker_sex"]
)
_MANNER = frozenset({"style", "clarity", "fluency", "volume", "rate", "emotion", "intonation"})
_LOCATIVE = frozenset({"in", "at", "inside", "aboard"})
_LONGEST_CLAUSE = 14  # words of an event in a question; what hangs on it beyond that is left out
_TAIL_DEPS = frozenset({"prt", "dobj", "prep", "advmod", "oprd", "acomp", "dative", "agent", "nmod", "npadvmod"})
_STOPS = frozenset({",", ";", ":", "(", ")", "-", "–", "—"})
_NEXT = frozenset({"then", "followed", "while", "before", "after", "as"})
_NEUTRAL_SEX: frozenset[str] = frozenset({"person", "someone", "people"})


@dataclass(slots=True)
class Thing:
    """Something that the sentence says is heard, or speaks of.

    Attributes:
        subject: As claims refer to it.
        head: Number of its noun, or of its verb where it has no noun.
        tokens: What it rests on.
        verb: Number of the verb that it does, -1 without one.
        claims: What its being there claims; empty for things only referred to ("the song", "the voice").
        heard: How another claim names it as something heard ("a kid speaking"); the claim's words when empty.
        rests: For each claim the tokens it rests on; all of `tokens` when empty.
    """

    subject: Subject
    head: int
    tokens: set[int]
    verb: int = -1
    claims: list[Claim] = field(default_factory=list)
    heard: str = ""
    rests: list[set[int]] = field(default_factory=list)


def find_things(sentence: Sentence) -> dict[int, Thing]:
    """Return the things of a sentence by the number of their head, verbs as well as nouns leading to them."""
    found: dict[int, Thing] = {}
    for token in sentence.doc:
        if token.i in sentence.ignored or token.i in sentence.used or token.i in found:
            continue
        thing = _of_verb(sentence, token) if _acts(sentence, token) else None
        if thing is not None:
            found[thing.head] = found[token.i] = thing
            sentence.used |= thing.tokens if thing.claims else set()
    for token in sentence.doc:
        if token.i in sentence.ignored or token.i in found or token.i in sentence.used:
            continue
        if token.pos_ in {"NOUN", "PROPN", "ADJ", "PRON", "VERB", "X", "NUM"} and not _inside_name(token):
            thing = _of_noun(sentence, token)
            if thing is not None:
                found[token.i] = thing
                sentence.used |= thing.tokens if thing.claims else set()
    for token in sentence.doc:
        hit = sentence.at.get(token.i)
        if hit is not None and hit.root == token.i and sentence.free(hit) and _names_music(sentence, token, hit):
            thing = _named(sentence, token, hit)
            if thing is not None and thing.claims:
                found[token.i] = thing
                sentence.used |= thing.tokens
    return found


def _names_music(sentence: Sentence, token: Token, hit: Hit) -> bool:
    """Whether a noun inside the name of a piece tells what plays or the kind of music: "piano waltz", "punk song"."""
    named = hit.senses.keys() & {"instrument", "genre"}
    if (
        not named
        or token.dep_ not in {"compound", "nmod", "amod"}
        or token.head.i <= token.i
        or hit.senses.get("instrument") == "solo"
    ):
        return False
    if token.pos_ == "ADJ" and "genre" not in named:
        return False
    head = token.head
    of_head = sentence.at[head.i].senses.keys() if head.i in sentence.at else set()
    of_music = is_word(head, "music_nouns") or bool(of_head & {"genre", "mood", "structure"})
    return of_music or (sentence.segment.context == "music" and bool(of_head & {"event", "component"}))


def _inside_name(token: Token) -> bool:
    """Whether a noun belongs to the name of the next ("electric guitar instrumental")."""
    if token.dep_ == "compound":
        return not (token.head.tag_ == "NNS" and is_word(token.head, "play_verbs") and token.head.i == token.i + 1)
    return (
        token.dep_ in {"nmod", "amod"}
        and token.head.i > token.i
        and is_word(token.head, "transparent_nouns")
        and token.pos_ != "ADJ"
    )


def _acts(sentence: Sentence, token: Token) -> bool:
    """Whether a token is a verb whose action is a sound of its own."""
    if token.tag_ not in {"VB", "VBZ", "VBP", "VBG", "VBD", "VBN"} or token.dep_ in {
        "aux",
        "auxpass",
        "amod",
        "compound",
    }:
        return (
            token.tag_ in {"NNS", "NN", "NNP"}
            and sentence.segment.context != "music"
            and _noun_that_acts(sentence, token)
        )
    following = token.nbor() if token.i + 1 < len(token.doc) else token
    before = token.nbor(-1) if token.i else None
    if token.tag_ in {"VBD", "VBN"} and following.pos_ == "NOUN" and (before is None or before.text == ","):
        return False  # "…, shouted chorus": a participle that describes the noun behind it
    if token.tag_ == "VBG" and following.lemma_.lower() in {"sound", "noise", "effect"} and following.pos_ == "NOUN":
        return False
    if (
        token.tag_ == "VB"
        and token.dep_ == "ROOT"
        and is_word(token, "request_verbs")
        and not any(c.dep_ == "nsubj" for c in token.children)
    ):
        return False
    hit = sentence.at.get(token.i)
    event = hit is not None and ("event" in hit.senses or "vocals" in hit.senses) and hit.last >= token.i
    if is_word(token, "sing_verbs") or is_word(token, "speech_verbs") or is_word(token, "loud_verbs"):
        return True
    if is_word(token, "play_verbs") or is_word(token, "light_verbs"):
        objects = any(child.dep_ in {"dobj", "prt"} for child in token.children)
        return event and hit is not None and hit.first != hit.last and (objects or token.dep_ != "ROOT")
    if sentence.segment.context == "music":
        return event
    return event or token.pos_ == "VERB"


def _noun_that_acts(sentence: Sentence, token: Token) -> bool:
    """Whether a verb was taken for a noun: "wind blows", "birds chirp" and "mouse clicking" are no compounds."""
    doer = doer_of(token)
    if doer is None or not _may_act(sentence, token):
        return False
    if token.lower_.endswith("ing"):
        return bool(doer.tag_.startswith("NN"))
    counted = any(c.dep_ == "nummod" or c.lower_ in {"some", "several", "few", "many", "of"} for c in token.lefts)
    many = doer.tag_ in {"NNS", "NNPS"} or (doer.tag_ == "NNP" and doer.lower_.endswith("s"))
    if doer.tag_ == "NNS" and token.tag_ == "NN" and token.dep_ == "ROOT" and any(c.dep_ == "prep" for c in token.lefts):
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
    return (vocal or stem(token.lower_) in acting_stems()) and (hit is None or "event" in hit.senses or vocal)


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


def _of_verb(sentence: Sentence, verb: Token) -> Thing | None:
    subject = subject_of(verb)
    if verb.pos_ in {"NOUN", "PROPN"}:
        subject = doer_of(verb)
    elif subject is not None and verb.dep_ in {"acl", "relcl"}:
        subject = _nearer(verb, subject)
    if subject is not None and subject.i in sentence.ignored:
        return None
    person = subject is None or is_word(subject, "person_nouns") or is_word(subject, "singer_nouns")
    hit = sentence.at.get(verb.i)
    if hit is not None and hit.senses.keys() <= _DESCRIBING and not any(is_word(verb, name) for name in _VERB_CLASSES):
        return None
    folded = stem(verb.lower_) if verb.pos_ in {"NOUN", "PROPN"} else ""
    if folded and folded in _voice_stems() and person and folded not in acting_stems() - {"speak", "talk"}:
        return _voice_of(sentence, verb, subject, sung=False)
    if is_word(verb, "sing_verbs") and person and (verb.lemma_ != "hum" or subject is not None):
        return _voice_of(sentence, verb, subject, sung=True)
    shouted = is_word(verb, "loud_verbs") and (sentence.segment.context == "speech" or sentence.segment.quoted)
    if (is_word(verb, "speech_verbs") or shouted) and person:
        return _voice_of(sentence, verb, subject, sung=False)
    if is_word(verb, "speech_verbs") and subject is not None and not _concept(sentence, verb, subject):
        return None  # "the caption says": nobody's voice
    value = _concept(sentence, verb, subject)
    tokens = _clause_tokens(sentence, verb, subject)
    if not value and not _is_clause(sentence, verb, subject, tokens):
        return None
    if value and sentence.segment.context == "speech" and not _beside_speech(sentence, verb, subject, value):
        return None
    words = _clause_words(sentence, verb, subject, tokens) if value else sentence.words(tokens)
    head = subject.i if subject is not None else verb.i
    kind: Kind = "sound"
    referent = Subject(kind, _definite(sentence, subject, words), value)
    claim = Claim("event", value, words, referent, negated=verb.i in sentence.denied)
    thing = Thing(referent, head, tokens, verb.i, [claim])
    if sentence.segment.context == "speech" and subject is not None and person and subject.pos_ != "PRON":
        voice = voice_named(sentence, subject, sung=False)
        thing.claims += voice.claims
        thing.rests = [tokens, *voice.rests]
        thing.subject = voice.subject
    return thing


def _nearer(verb: Token, subject: Token) -> Token:
    """Return the noun right in front of a participle where a comma parts it from the one it was hung on."""
    before = verb.nbor(-1) if verb.i else subject
    parted = any(token.text == "," for token in verb.doc[subject.i : verb.i])
    return before if parted and before.pos_ in {"NOUN", "PROPN"} and before.i > subject.i else subject


def _is_clause(sentence: Sentence, verb: Token, subject: Token | None, tokens: set[int]) -> bool:
    """Whether an action that the vocabulary doesn't know is asked for as it stands: somebody or something acts."""
    if sentence.segment.context != "sound" or subject is None or subject.i not in tokens or len(tokens) < 2:
        return False
    if (
        is_word(verb, "silent_verbs")
        or is_word(subject, "silent_nouns")
        or subject.pos_ == "PRON"
        and subject.lemma_ in _PERSONAL
    ):
        return False
    return not any(child.dep_ in {"aux"} and is_word(child, "story_modals") for child in verb.children)


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
    return next((value for value in named if value not in _VAGUE_ACTIONS), named[0] if named else "")


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
    if child.i in sentence.used:
        return True
    for token in child.subtree:
        if token.i in sentence.used:
            return True
        hit = sentence.at.get(token.i)
        if hit is None:
            continue
        if child.dep_ == "advmod" or hit.root == child.i:
            if hit.senses.keys() & _DESCRIBING:
                return True
        elif child.lower_ == "with" and "event" in hit.senses:
            return True
        elif child.dep_ == "prep" and "scene" in hit.senses and child.lower_ in _LOCATIVE and "event" not in hit.senses:
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
        kept = [i for i in before if not _is_adjective_claim(sentence, i)]
        text = joined(doc[i] for i in kept)
        if subject is not None and subject.pos_ == "PRON":
            text = {"he": "someone", "she": "someone", "they": "people"}.get(subject.lower_, text)
        countable = subject is not None and subject.tag_ in {"NN", "NNP"} and not is_mass(subject.lemma_.lower())
        name = with_article(decapitalised(text), countable=countable)
    rest = joined(doc[i] for i in after)
    return " ".join(f"{name} {doing} {rest}".split())


def _doing(verb: Token) -> str:
    return str(verb.lower_) if verb.lower_.endswith("ing") else gerund(verb.lemma_.lower())


def _is_adjective_claim(sentence: Sentence, number: int) -> bool:
    token = sentence.doc[number]
    hit = sentence.at.get(number)
    return token.dep_ in {"amod", "advmod"} and hit is not None and not hit.senses.keys() - _DESCRIBING


def _definite(sentence: Sentence, noun: Token | None, words: str) -> str:
    if noun is None:
        return words
    tokens = [t for t in noun_phrase(noun) if t.dep_ in {"compound", "poss"} or t.i == noun.i]
    name = " ".join(t.text for t in tokens)
    if noun.pos_ == "PRON" or noun.lower_ == "people":
        return decapitalised(name)
    return f"the {decapitalised(name)}"


def _voice_of(sentence: Sentence, verb: Token, subject: Token | None, *, sung: bool) -> Thing | None:
    """Return the voice that a verb of speaking or singing names, with what it claims."""
    kind: Kind = "vocals" if sung else "speaker"
    if subject is None:
        if (not sung and sentence.segment.context == "speech") or (
            sung and verb.tag_ != "VBG" and sentence.segment.context == "sound"
        ):
            return None  # "says slowly": whose voice, the sentence before tells
        value = "vocals" if sung else "speech"
        words = verb.lower_ if verb.tag_ == "VBG" else gerund(verb.lemma_.lower())
        referent = Subject(kind, "the voice")
        claim = Claim("vocals" if sung else "component", value, words, referent, negated=verb.i in sentence.denied)
        return Thing(referent, verb.i, {verb.i}, verb.i, [claim])
    if subject.pos_ == "PRON" and subject.lemma_.lower() in _PERSONAL:
        return Thing(Subject(kind), subject.i, {subject.i}, verb.i)  # who it is, another sentence says
    thing = voice_named(sentence, subject, sung=sung, verb=verb)
    thing.verb = verb.i
    return thing


_PERSONAL = frozenset({"he", "she", "they", "it", "we", "i", "you"})


# Verbs that need the words said behind them; "a woman speaking" says as much.
_WITH_WORDS = frozenset(
    {"say", "tell", "go", "ask", "add", "utter", "state", "mention", "repeat", "deliver", "call", "describe"}
)
_QUALITIES = frozenset({"accent", "tone", "delivery"})


def voice_named(sentence: Sentence, noun: Token, *, sung: bool, verb: Token | None = None) -> Thing:
    """Return the speaker or singer that a noun names: what it tells of sex and age, else that somebody is heard."""
    phrase = noun_phrase(noun)
    tokens = {token.i for token in phrase}
    sex = age = ""
    sexed: list[int] = []
    for token in phrase:
        hit = sentence.at.get(token.i)
        if hit is None or token.dep_ == "poss" and noun.lemma_.lower() not in {"voice", "speech", "delivery"}:
            continue
        told = hit.senses.get("speaker_sex", "") or _own_sex(token.lower_)
        if not sex and told in {"male", "female", "androgynous"}:
            sex, sexed = told, [token.i]
        age = age or hit.senses.get("age", "")
    kind: Kind = "vocals" if sung else "speaker"
    telling = verb is not None and verb.lemma_ not in _WITH_WORDS
    doing = _doing(verb) if verb is not None and telling else ("singing" if sung else "speaking")
    name = _bare_name(sentence, noun)
    referent = Subject(kind, f"the {name}" if noun.pos_ != "PRON" else "the speaker", sex or age)
    denied = noun.i in sentence.denied or (verb is not None and verb.i in sentence.denied)
    who = with_article(name, countable=noun.pos_ != "PRON" and not is_plural(name) and noun.tag_ not in {"NNS", "NNPS"})
    personal = is_word(noun, "person_nouns") and noun.lemma_.lower() not in {
        "voice",
        "male",
        "female",
        "speaker",
        "narrator",
    }
    spoken = f"{who} {doing}" if personal else f"{who} voice" if noun.lemma_.lower() in {"male", "female"} else who
    claims = []
    if sung and (is_word(noun, "singer_nouns") or not sex or verb is not None):
        hit = sentence.at.get(noun.i)
        value = hit.senses.get("vocals", "vocals") if hit is not None else "vocals"
        claims.append(Claim("vocals", value, spoken, referent, negated=denied))
    if sex and not denied:
        claims.append(Claim("speaker_sex", sex, spoken if not sung else "", referent))
    elif sex and noun.pos_ != "ADJ":
        claims.append(Claim("speaker_sex", sex, who, referent, negated=True))
    elif not sung and sentence.segment.context != "speech" and not age and verb is not None:
        plural = noun.tag_ in {"NNS", "NNPS"} or noun.lower_ in {"people", "crowd"}
        value = "conversation" if plural and verb.lemma_ in {"converse", "chat", "discuss"} else "speech"
        claims.append(Claim("event", value, spoken, Subject("sound", f"the {name}", value), negated=denied))
    refused = not any(child.dep_ == "poss" or child.lower_ in {"the", "this"} for child in noun.lefts)
    if denied and refused and not sex and not sung and not claims and noun.lemma_.lower() not in _QUALITIES:
        claims.append(Claim("component", "speech", _bare_name(sentence, noun), referent, negated=True))
    role = next((t for t in phrase if _is_role(sentence, t)), None)
    if role is not None and not denied and not sung:
        told_role = sentence.at[role.i]
        words = joined(sentence.doc[told_role.first : told_role.last + 1]).lower()
        claims.append(
            Claim("style", told_role.senses["style"], with_article(words, countable=role.tag_ == "NN"), referent)
        )
    if age and age not in {"adult"} and not denied:
        claims.append(Claim("age", age, _age_words(sentence, phrase), referent))
    aged = {t.i for t in phrase if t.i in sentence.at and "age" in sentence.at[t.i].senses} or {noun.i}
    roles = set(range(sentence.at[role.i].first, sentence.at[role.i].last + 1)) if role is not None else {noun.i}
    bases: dict[str, set[int]] = {"speaker_sex": {*sexed} or {noun.i}, "age": aged, "style": roles}
    told = sentence.at.get(verb.i) if verb is not None else None
    manner = told is not None and bool(told.senses.keys() & _MANNER)
    used = {noun.i, *sexed} | ({verb.i} if verb is not None and not manner else set())
    used |= {t.i for t in phrase if t.i in sentence.at and sentence.at[t.i].senses.keys() & {"age", "speaker_sex"}}
    for child in noun.rights:  # "a crowd of people": they are the crowd
        if child.dep_ == "prep" and child.lower_ == "of" and claims:
            used |= {t.i for t in child.subtree if t.dep_ in {"prep", "pobj", "det"} and t.i - noun.i < 4}
    rests = [bases.get(claim.dimension, {noun.i} | ({verb.i} if verb is not None else set())) for claim in claims]
    return Thing(referent, noun.i, used if claims else tokens, -1, claims, spoken, rests)


@cache
def _own_sex(word: str) -> str:
    """Return the sex that a word tells inside a longer phrase ("little girl")."""
    return dict(index(("speaker_sex",)).english.get(stem(word), ())).get("speaker_sex", "")


def _bare_name(sentence: Sentence, noun: Token) -> str:
    kept = [
        token.text
        for token in noun_phrase(noun)
        if token.i == noun.i
        or token.dep_ in {"compound", "poss"}
        or (token.i in sentence.at and sentence.at[token.i].senses.keys() & {"speaker_sex"})
    ]
    return decapitalised(" ".join(kept))


def _age_words(sentence: Sentence, phrase: list[Token]) -> str:
    told = [t for t in phrase if t.i in sentence.at and "age" in sentence.at[t.i].senses]
    return " ".join(t.text.lower() for t in told)


def _of_noun(sentence: Sentence, noun: Token) -> Thing | None:
    if (noun.pos_ == "VERB" and noun.tag_ != "VBG") or (
        noun.pos_ == "ADJ" and noun.dep_ == "amod" and is_word(noun, "singer_nouns")
    ):
        return None
    hit = _naming_hit(sentence, noun)
    context = sentence.segment.context
    lemma = noun.lemma_.lower()
    if noun.pos_ == "PRON" and lemma not in {"someone", "somebody", "everyone"}:
        return None
    inside = sentence.at.get(noun.i)
    if inside is not None and inside.root != noun.i and inside.senses.keys() <= _DESCRIBING:
        return None  # "raises her voice", "close to the mic": the phrase is a claim, its nouns are none
    if lemma in {"noise", "sound"} and context == "sound" and _made_by_doing(sentence, noun):
        phrase = [t for t in noun_phrase(noun) if t.pos_ != "DET"]
        words = with_article(decapitalised(joined(phrase)), countable=noun.tag_ == "NN")
        referent = Subject("sound", f"the {decapitalised(joined(phrase))}")
        return Thing(
            referent,
            noun.i,
            {t.i for t in phrase},
            -1,
            [Claim("event", "", words, referent, negated=noun.i in sentence.denied)],
        )
    if is_word(noun, "singer_nouns"):
        return voice_named(sentence, noun, sung=True)
    if _is_person(sentence, noun, hit):
        return _of_person(sentence, noun)
    if hit is not None and noun.pos_ == "ADJ" and noun.dep_ == "amod" and "genre" in hit.senses and hit.last == noun.i:
        return _named(sentence, noun, hit) if _names_music(sentence, noun, hit) else None
    if hit is not None and noun.pos_ == "ADJ" and not hit.senses.keys() & {"vocals", "genre", "speaker_sex"}:
        return None  # "a rapid motif" is no stream
    if hit is not None:
        return _named(sentence, noun, hit)
    if noun.pos_ in {"ADJ", "VERB", "NUM", "X"} or noun.dep_ == "amod":
        return None
    if lemma in {"voice", "speech", "delivery", "tone", "accent"} and context != "music":
        return voice_named(sentence, noun, sung=False)
    if is_word(noun, "music_nouns"):
        return Thing(Subject("music", "the music"), noun.i, {noun.i})
    if is_word(noun, "recording_nouns"):
        return Thing(Subject("clip", "the recording"), noun.i, {noun.i})
    return _unknown(sentence, noun)


def _is_role(sentence: Sentence, token: Token) -> bool:
    hit = sentence.at.get(token.i)
    return hit is not None and hit.root == token.i and hit.senses.get("style") in _ROLES and token.pos_ == "NOUN"


_ROLES = frozenset({"narration", "newsreader", "commercial", "reading"})


def _made_by_doing(sentence: Sentence, noun: Token) -> bool:
    """Whether "noise" or "sound" is named by what makes it, in a word that the list of events lacks ("shuffling noise")."""
    making = [t for t in noun.lefts if t.dep_ in {"amod", "compound"} and t.lower_.endswith("ing")]
    return any(t.i not in sentence.at or "event" not in sentence.at[t.i].senses for t in making)


def _is_person(sentence: Sentence, noun: Token, hit: Hit | None) -> bool:
    own = sentence.at.get(noun.i)
    if (
        own is not None
        and own.senses.get("style") in _ROLES
        and own.root == noun.i
        and noun.lemma_.lower().endswith(_ROLE_ENDINGS)
    ):
        return noun.pos_ in {"NOUN", "PROPN"}
    if hit is not None and hit.first != hit.last and "speaker_sex" not in hit.senses and "age" not in hit.senses:
        return False
    told = own is not None and (
        own.senses.keys() & {"speaker_sex"} or own.senses.get("age") in {"baby", "child", "toddler"}
    )
    return (bool(told) or is_word(noun, "person_nouns")) and noun.pos_ in {"NOUN", "PROPN", "PRON", "ADJ"}


def _of_person(sentence: Sentence, noun: Token) -> Thing | None:
    """Return the voice of somebody named, where the sentence lets him or her be heard."""
    context = sentence.segment.context
    verb = noun.head if noun.dep_ in {"nsubj", "nsubjpass"} else None
    if noun.dep_ in {"poss", "dobj", "dative"} or (noun.dep_ == "pobj" and noun.head.lower_ not in _HEARD_BY):
        own = noun.dep_ == "dobj" and (context != "sound" or is_word(noun.head, "light_verbs"))
        if not own:
            return Thing(Subject("speaker", f"the {noun.lower_}"), noun.i, {noun.i})
    introduced = context == "speech" and not any(
        c.lower_ in {"the", "this", "that"} or c.dep_ == "poss" for c in noun.lefts
    )
    if verb is not None and verb.pos_ == "VERB" and not is_word(verb, "light_verbs") and not introduced:
        return Thing(Subject("speaker", f"the {noun.lower_}"), noun.i, {noun.i})
    if context == "sound" and verb is not None and verb.lemma_ == "be" and verb.pos_ == "AUX":
        return Thing(Subject("speaker", f"the {noun.lower_}"), noun.i, {noun.i})  # who stands somewhere need not speak
    sung = context == "music"
    if sung and noun.lemma_.lower() not in {"voice", "male", "female", "choir", "speech", "speaker", "narrator"}:
        return Thing(Subject("speaker", f"the {noun.lower_}"), noun.i, {noun.i})
    if context == "sound" and noun.lemma_.lower() in _NEUTRAL_SEX | {"crowd", "audience"}:
        return None
    return voice_named(sentence, noun, sung=sung)


_HEARD_BY = frozenset({"of", "by", "from", "with", "as", "like", "to"})


def _naming_hit(sentence: Sentence, noun: Token) -> Hit | None:
    """Return the phrase that says what a noun names: its own, or that of its compound where the noun adds nothing."""
    own = sentence.at.get(noun.i)
    if own is not None and own.senses.keys() & {*_NAMING, "scene", "speaker_sex", "age"} and own.last >= noun.i:
        generic = own.first == noun.i == own.last and is_word(noun, "transparent_nouns")
        if not generic or not _before(sentence, noun):
            return own
    if is_word(noun, "transparent_nouns"):
        return _before(sentence, noun)
    return None


def _before(sentence: Sentence, noun: Token) -> Hit | None:
    start = name_start(noun).i
    for number in range(noun.i - 1, start - 2 if start == noun.i else start - 1, -1):
        if number < 0 or sentence.doc[number].head.i not in range(number, noun.i + 1):
            return None
        hit = sentence.at.get(number)
        if hit is not None and hit.senses.keys() & {"instrument", "vocals"}:
            return hit
        if hit is not None and "event" in hit.senses and sentence.segment.context != "music":
            return hit
    return None


def _named(sentence: Sentence, noun: Token, hit: Hit) -> Thing | None:
    context = sentence.segment.context
    if is_word(noun, "container_nouns") and hit.last == noun.i == hit.first:
        return None  # "a type of music": what it is a type of is named
    if hit.senses.get("instrument") == "solo" and noun.lower_ in {"solo", "solos"}:
        named = _before(sentence, noun)
        if named is None:
            return None
        hit = named
    senses = hit.senses
    order = (
        ("instrument", "vocals", "genre", "event") if context == "music" else ("event", "instrument", "vocals", "genre")
    )
    dimension = next((name for name in order if name in senses), "")
    played = (
        noun.dep_ == "ROOT"
        or (noun.dep_ in {"pobj", "dobj"} and noun.head.lower_ in _PLAYED_BY)
        or is_word(noun.head, "play_verbs")
    )
    if (
        dimension == "genre"
        and context != "music"
        and not is_word(noun, "music_nouns")
        and not played
        and noun.dep_ != "compound"
    ):
        return None
    if context != "music" and dimension == "event" and "instrument" in senses and is_word(noun.head, "play_verbs"):
        dimension = "instrument"
    if not dimension:
        return _scene_or_part(sentence, noun, hit)
    denied = noun.i in sentence.denied
    name = _name(sentence, noun, hit, keep=dimension == "event")
    countable = noun.tag_ in {"NN", "NNP"} and not is_mass(noun.lemma_.lower()) and not is_plural(name)
    words = with_article(name, countable=countable)
    value = senses[dimension]
    tokens = {i for i in range(min(hit.first, noun.i), noun.i + 1)} | set(range(hit.first, hit.last + 1))
    tokens = {i for i in tokens if not (sentence.doc[i].dep_ == "det" or _is_adjective_claim(sentence, i))}
    if dimension == "event" and value in {"speech", "conversation", "music", "singing_event"} and context == "music":
        return Thing(Subject("music", "the music"), noun.i, {noun.i})
    if (
        dimension == "event"
        and context == "music"
        and (set(senses) != {"event"} or noun.pos_ not in {"NOUN", "PROPN"} or noun.dep_ == "dobj")
    ):
        return None
    if dimension == "event" and context == "music" and value in _NOT_IN_MUSIC:
        return None
    if dimension == "event" and noun.dep_ == "pobj" and noun.head.head.lemma_ in _RECORDED:
        return None  # "recorded with a phone"
    if dimension == "event" and context == "speech" and value not in word_class("voice_events"):
        if (
            noun.dep_ not in {"ROOT", "conj", "appos", "pobj", "dobj"}
            or set(senses) != {"event"}
            or noun.pos_ != "NOUN"
        ):
            return None
    kinds: dict[str, Kind] = {"instrument": "instrument", "vocals": "vocals", "genre": "music", "event": "sound"}
    referent = Subject(
        kinds[dimension], f"the {_uncounted(name).lower()}" if dimension != "genre" else "the music", value
    )
    claim = Claim(dimension, value, words, referent, negated=denied)
    if (
        denied and value in _NOISES and not any(t.dep_ == "amod" for t in noun.lefts)
    ):  # "no hiss" speaks of the recording
        claim = Claim("noise", "noisy", name, Subject("clip", "the recording"), negated=True)
    return Thing(referent, noun.i, tokens, -1, [claim])


_NOT_IN_MUSIC = frozenset({"impact", "dancing", "explosion", "wail"})
_RECORDED = frozenset({"record", "capture", "film", "shoot", "recording"})
_PLAYED_BY = frozenset({"over", "with", "to", "under", "alongside", "of", "plays", "playing"})
_NOISES = frozenset({"hiss_event", "hiss", "static", "hum_event", "buzz"})


def _uncounted(name: str) -> str:
    """Return a name without the words that count it."""
    first, _, rest = name.partition(" ")
    return (
        rest
        if rest and first.lower() in {"several", "some", "many", "multiple", "two", "three", "few", "various"}
        else name
    )


def _name(sentence: Sentence, noun: Token, hit: Hit, *, keep: bool) -> str:
    """Return the noun with its compound; `keep` leaves adjectives in that are no claims of their own."""
    phrase = noun_phrase(noun)
    first = min([hit.first, *(t.i for t in phrase if t.dep_ == "compound")])
    kept = []
    for token in sentence.doc[min(first, *(t.i for t in phrase)) : max(noun.i, hit.last) + 1]:
        inside = token.i == noun.i or (token.i >= first and not _is_adjective_claim(sentence, token.i))
        wanted = keep and token.dep_ == "amod" and not _is_adjective_claim(sentence, token.i)
        leading = token.dep_ in {"det", "punct"} and not kept
        if (inside or wanted or hit.first <= token.i <= hit.last) and not leading:
            kept.append(token.text_with_ws)
    if noun.lower_ in {"sound", "sounds"} and len(kept) > 1:
        kept = kept[:-1]
    return decapitalised(" ".join("".join(kept).split()))


def _scene_or_part(sentence: Sentence, noun: Token, hit: Hit) -> Thing | None:
    """Return the place that a phrase names where the sentence is set there, or what else it names."""
    if "component" in hit.senses:
        value = hit.senses["component"]
        if value == "music":
            referent = Subject("music", "the music")
            claims = []
            if sentence.segment.context != "music" or noun.i in sentence.denied:
                claims = [Claim("component", "music", "music", referent, negated=noun.i in sentence.denied)]
            return Thing(referent, noun.i, {noun.i}, -1, claims)
        if value == "speech":
            return voice_named(sentence, noun, sung=sentence.segment.context == "music")
        return Thing(Subject("clip", "the sound"), noun.i, {noun.i})
    if "scene" not in hit.senses or noun.i in sentence.denied:
        return None
    located = noun.dep_ == "pobj" and noun.head.lower_ in _LOCATIVE and noun.head.head.pos_ in {"VERB", "NOUN", "AUX"}
    alone = noun.dep_ == "ROOT" and sentence.segment.context != "music"
    if not (located or alone) or sentence.segment.context == "music":
        return None
    words = sentence.words(set(range(hit.first, hit.last + 1)))
    place = with_article(decapitalised(words), countable=noun.tag_ == "NN")
    claim = Claim("scene", hit.senses["scene"], place, Subject("clip", place, hit.senses["scene"]))
    return Thing(claim.subject, noun.i, set(range(hit.first, hit.last + 1)), -1, [claim])


def _unknown(sentence: Sentence, noun: Token) -> Thing | None:
    """Return a noun of a description of sound that the vocabulary doesn't know, named as it stands."""
    if sentence.segment.context == "speech":
        return _role(sentence, noun)
    if is_word(noun, "never_alone") or is_word(noun, "container_nouns"):
        return None
    if noun.i in sentence.at or noun.lemma_.lower() in DIMENSION_NOUNS:
        return None
    listed = any("event" in hit.senses for hit in sentence.hits) or any(
        t.i in sentence.at and sentence.at[t.i].senses.keys() & {"intensity", "distance"} for t in noun.lefts
    )
    heard = noun.dep_ in {"ROOT", "conj", "appos", "attr"} and (listed or sentence.segment.label == "event")
    verbal = noun.dep_ == "nsubj" and is_word(noun.head, "play_verbs")
    if sentence.segment.context == "music" and not verbal:
        return None
    if (
        is_word(noun, "light_verbs")
        or not (heard or verbal)
        or noun.pos_ not in {"NOUN", "PROPN"}
        or noun.lemma_.lower() in word_class("story_modals")
    ):
        return None
    phrase = [t for t in noun_phrase(noun) if t.dep_ != "det" and not _is_adjective_claim(sentence, t.i)]
    name = decapitalised(joined(phrase))
    words = with_article(name, countable=noun.tag_ == "NN" and not is_mass(noun.lemma_.lower()))
    music = sentence.segment.context == "music"
    referent = Subject("instrument" if music else "sound", f"the {name}")
    claim = Claim("instrument" if music else "event", "", words, referent, negated=noun.i in sentence.denied)
    return Thing(referent, noun.i, {t.i for t in phrase}, -1, [claim])


# Endings of nouns that name somebody by what he or she does.
_ROLE_ENDINGS = ("er", "or", "ist", "ian", "eer", "ant", "ent", "man", "woman", "guide", "coach", "host", "villain")


def _role(sentence: Sentence, noun: Token) -> Thing | None:
    """Return the manner of somebody whom a description of a voice names by a role: "like a tired auctioneer"."""
    likened = noun.dep_ == "pobj" and noun.head.lower_ in {"like", "as", "of", "by"}
    shown = noun.dep_ in {"ROOT", "nsubj", "appos"} or likened
    person = noun.lemma_.lower().endswith(_ROLE_ENDINGS)
    if not shown or not person or noun.i in sentence.at or noun.pos_ != "NOUN" or noun.i in sentence.denied:
        return None
    if is_word(noun, "never_alone") or noun.lemma_.lower() in DIMENSION_NOUNS or is_word(noun, "container_nouns"):
        return None
    phrase = [t for t in noun_phrase(noun) if t.dep_ in {"compound", "nmod"} or t.i == noun.i]
    words = with_article(decapitalised(" ".join(t.text for t in phrase)), countable=noun.tag_ == "NN")
    referent = Subject("speaker", "the speaker")
    return Thing(referent, noun.i, {t.i for t in phrase}, -1, [Claim("style", "", words, referent)])
