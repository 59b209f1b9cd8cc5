"""Verbs whose action is a sound: what sounds, in the words of the caption."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.rubrics.english.event_words import doing_of, event_tokens, event_words, is_own
from audiojudge_cli.rubrics.english.sentence import (
    Sentence,
    conjuncts,
    is_set_apart,
    is_word,
    noun_phrase,
    subject_of,
)
from audiojudge_cli.rubrics.english.thing import DESCRIBING, Thing, definite_name, uncounted
from audiojudge_cli.rubrics.english.verbs import VERB_CLASSES, may_sound
from audiojudge_cli.rubrics.english.voices import PERSONAL, voice_named, voice_of
from audiojudge_cli.rubrics.stems import stem
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token


def is_action(sentence: Sentence, token: Token) -> bool:
    """Whether a token is a verb whose action is a sound of its own."""
    if token.tag_ not in _VERB_TAGS or token.dep_ in {"aux", "auxpass", "amod", "compound"}:
        return False
    if _describes_noun(token) or _requests(token) or is_set_apart(token) or _is_noun(sentence, token):
        return False
    if any(is_word(token, name) for name in VERB_CLASSES):
        return True
    hit = sentence.at.get(token.i)
    event = hit is not None and ("event" in hit.senses or "vocals" in hit.senses) and hit.last >= token.i
    if sentence.segment.context == "sound" and (_switches(token) or _is_done(token)):
        return True
    if is_word(token, "play_verbs") or is_word(token, "light_verbs"):
        return event and hit is not None and hit.first != hit.last
    return event or (token.pos_ == "VERB" and sentence.segment.context != "music")


_SWITCHING = frozenset({"open", "close", "start", "shut", "drive", "turn", "go", "come", "set", "switch"})
_DONE_WITH = frozenset({"turn", "open", "close", "fill", "set"})
_BY_THEMSELVES = frozenset({"open", "close", "start", "shut", "drive"})


def _is_noun(sentence: Sentence, token: Token) -> bool:
    """Whether the tagger took a listed noun for a verb: "kitten", "steel", "a gospel choir"."""
    if token.lemma_.lower() in {"hand", "kick", "gospel"} or is_word(token, "singer_nouns"):
        return True
    if token.lemma_ == "burst" and token.tag_ != "VBG" and token.doc[token.i + 1 : token.i + 2].text in {"into", "out"}:
        return True  # an audience "bursts into laughter": the laughter is heard
    acting = may_sound(token.lower_) or any(is_word(token, name) for name in VERB_CLASSES)
    return token.i in sentence.at and token.tag_ in {"VB", "VBP"} and not acting and subject_of(token) is None


def _is_done(verb: Token) -> bool:
    """Whether something silent is handled: "pages being turned"."""
    return verb.tag_ == "VBN" and verb.lemma_ in _DONE_WITH and any(child.lower_ == "being" for child in verb.lefts)


def _switches(verb: Token) -> bool:
    """Whether a light verb tells a happening of its own: "a door opens", "the tap is turned on", "a bell goes off"."""
    if verb.lemma_ == "make" and any(c.dep_ == "dobj" and c.lemma_ in {"noise", "sound"} for c in verb.children):
        return True
    if verb.lemma_ not in _SWITCHING or any(c.dep_ in {"xcomp", "ccomp", "acomp"} for c in verb.children):
        return False
    doer = subject_of(verb)
    if doer is None and verb.tag_ == "VBG" and verb.lemma_ in {"open", "close", "shut"}:
        return any(child.dep_ == "dobj" for child in verb.children)
    named = doer is not None and doer.pos_ in {"NOUN", "PROPN"} and not is_word(doer, "silent_nouns")
    on_or_off = any(c.lower_ in {"on", "off"} and c.dep_ in {"prt", "advmod", "prep"} for c in verb.children)
    return named and (on_or_off or verb.lemma_ in _BY_THEMSELVES)


_VERB_TAGS = frozenset({"VB", "VBZ", "VBP", "VBG", "VBD", "VBN"})


def _describes_noun(verb: Token) -> bool:
    """Whether a participle describes the noun behind it: "…, shouted chorus", "a buzzing sound"."""
    following = verb.nbor() if verb.i + 1 < len(verb.doc) else verb
    opens = verb.i == 0 or verb.nbor(-1).text == ","
    if verb.tag_ in {"VBD", "VBN"}:  # "pads and synthesized bell sounds"
        done = verb.tag_ == "VBN" and following.dep_ == "dobj" and following.head == verb and subject_of(verb) is None
        return bool(following.pos_ == "NOUN" and opens) or done
    noise = following.pos_ == "NOUN" and following.lemma_.lower() in {"sound", "noise", "effect"}
    return verb.tag_ == "VBG" and noise and not is_word(verb, "light_verbs")


def _requests(verb: Token) -> bool:
    """Whether a verb only asks for the clip: "make a …", "give me …"."""
    asked = is_word(verb, "request_verbs") and not is_word(verb, "sing_verbs")
    plain = verb.tag_ == "VB" and verb.dep_ == "ROOT" and asked
    return plain and not any(child.dep_ == "nsubj" for child in verb.children)


def of_verb(sentence: Sentence, verb: Token) -> Thing | None:
    """Return what a verb says is heard: somebody's voice, or what does it with its action."""
    subject = subject_of(verb)
    listener = subject is not None and sentence.segment.context == "music" and subject.lower_ in {"you", "one", "we"}
    if subject is not None and (subject.i in sentence.ignored or listener):
        return None
    hit = sentence.at.get(verb.i)
    blocked = DESCRIBING - _DONE_TOO if sentence.segment.context == "sound" else DESCRIBING
    described = hit is not None and hit.senses.keys() <= DESCRIBING and hit.senses.keys() & blocked
    if described and not any(is_word(verb, name) for name in VERB_CLASSES):
        return None
    person = subject is None or is_word(subject, "person_nouns") or is_word(subject, "singer_nouns")
    sung = is_word(verb, "sing_verbs") and (verb.lemma_ != "hum" or subject is not None)
    sung = sung and not (sentence.segment.context == "sound" and verb.lemma_.startswith("vocali"))  # as goats do
    if subject is not None and subject.lower_ == "nobody" and (sung or _speaks(sentence, verb)):
        kind: Kind = "vocals" if sung else "speaker"
        claim = Claim(*(("vocals", "vocals", "singing") if sung else ("component", "speech", "speech")), Subject(kind))
        return Thing(claim.subject, subject.i, {subject.i, verb.i}, verb.i, [replace(claim, negated=True)])
    if person and (sung or _speaks(sentence, verb)):
        return voice_of(sentence, verb, subject, sung=sung)
    value = _concept(sentence, verb, subject)
    tokens = event_tokens(sentence, verb, subject)
    beside = sentence.segment.context != "speech" or _beside_speech(sentence, subject, value)
    if not (beside if value else _is_clause(sentence, verb, subject)):
        return None
    claims, rests = [], []
    doers = [subject, *_joined_doers(verb, subject)]
    still = [
        one for one in doers if one is None or not _acts_itself(one, verb)
    ]  # "sirens going off and a bell ringing"
    for doer in still or doers:
        own = tokens
        if doer is not None and doer != subject:
            own = tokens - {*range(verb.i)} | {t.i for t in noun_phrase(doer)}
        words = event_words(sentence, verb, doer, own)
        concept = value if doer == subject else _concept(sentence, verb, doer)
        referent = Subject("sound", _definite(sentence, verb, doer, words), concept)
        negated = verb.i in sentence.denied or (doer is not None and doer.i in sentence.denied)
        claims.append(Claim("event", concept, words, referent, negated=negated))
        rests.append(own)
    heard = ""
    if len(claims) > 1:
        everybody = [claim.words.removesuffix(event_words(sentence, verb, None, tokens)).strip() for claim in claims]
        heard = f"{' and '.join(everybody)} {event_words(sentence, verb, None, tokens)}"
    tokens = tokens.union(*rests)
    thing = Thing(claims[0].subject, subject.i if subject is not None else verb.i, tokens, verb.i, claims, heard, rests)
    said = any(_speaks(sentence, t) and subject_of(t) not in {None, subject} for t in sentence.tokens)
    if sentence.segment.context == "speech" and subject is not None and person and subject.pos_ != "PRON":
        voice = voice_named(sentence, subject, sung=False)
        told = [
            (claim, rest)
            for claim, rest in zip(voice.claims, voice.rests, strict=True)
            if not (said and claim.dimension == "speaker_sex")  # "a man sneezes and a child says …"
        ]
        thing.claims += [claim for claim, _ in told]
        thing.rests += [rest for _, rest in told]
        thing.subject = voice.subject
    return thing


_DONE_TOO = frozenset({"rhythm", "timbre", "mood", "tempo", "style", "rate", "emotion"})
"""What verbs tell as adjectives, while among sounds something does it: bells ring, an engine accelerates."""


def _acts_itself(noun: Token, verb: Token) -> bool:
    """Whether a noun in a list has a participle of its own, or is one."""
    own = any(child.dep_ == "acl" and child.tag_ == "VBG" and child != verb for child in noun.rights)
    return noun.lower_.endswith("ing") or own


def _joined_doers(verb: Token, subject: Token | None) -> list[Token]:
    """Return the nouns that do the same as the subject: crickets in "birds and crickets chirp"."""
    if subject is None or subject.i > verb.i or subject.pos_ != "NOUN":
        return []
    joined = [token for token in conjuncts(subject) if token != subject and token.i < verb.i]
    return joined if all(token.pos_ == "NOUN" and not is_word(token, "person_nouns") for token in joined) else []


def _definite(sentence: Sentence, verb: Token, subject: Token | None, words: str) -> str:
    """Return how other claims name what a verb says is heard: what sounds by itself, else what is done."""
    if subject is None:
        return f"the {doing_of(verb) if words.startswith('someone ') else words}"
    hit = sentence.at.get(subject.i)
    by_itself = hit is not None and "event" in hit.senses and subject.lemma_ not in _MATTER
    if sentence.segment.context != "sound" or by_itself:
        return definite_name(subject, words)
    if subject.pos_ == "PRON" or is_word(subject, "person_nouns"):
        return f"the {doing_of(verb)}"
    start, doing, _ = words.partition(doing_of(verb))
    return f"the {uncounted(start + doing)}"


_MATTER = frozenset({"metal", "plastic", "paper", "wood", "glass", "object", "leaf", "dish", "door", "foliage"})
"""What sounds only by what is done with it."""


def _speaks(sentence: Sentence, verb: Token) -> bool:
    """Whether a verb says that somebody speaks."""
    shouted = is_word(verb, "loud_verbs") and (sentence.segment.context == "speech" or sentence.segment.quoted)
    return is_word(verb, "speech_verbs") or shouted


def _is_clause(sentence: Sentence, verb: Token, subject: Token | None) -> bool:
    """Whether an action that the vocabulary doesn't know is asked for as it stands: somebody or something acts."""
    if sentence.segment.context != "sound" or subject is None:
        return False
    if (
        is_word(verb, "speech_verbs")
        or is_word(verb, "silent_verbs")
        or is_word(subject, "silent_nouns")
        or (subject.pos_ == "PRON" and subject.lemma_ in PERSONAL)
        or any(child.dep_ == "dobj" and child.lower_ in {"it", "them"} for child in verb.children)
    ):
        return False
    return not any(child.dep_ == "aux" and is_word(child, "story_modals") for child in verb.children)


def _beside_speech(sentence: Sentence, subject: Token | None, value: str) -> bool:
    """Whether a description of a voice tells of this sound: one that voices make, or one of something that sounds."""
    if value in word_class("voice_events"):
        return True
    source = sentence.at.get(subject.i) if subject is not None else None
    return source is not None and set(source.senses) == {"event"}


def _concept(sentence: Sentence, verb: Token, subject: Token | None) -> str:
    """Return the sound that a clause names: its verb's before its object's, its subject's last."""
    objects = [child for child in verb.rights if child.dep_ in {"dobj", "oprd", "acomp", "prt"}]
    preps = [child for child in verb.rights if child.dep_ == "prep" and child.lower_ in _TELLING_PREPS]
    beneath = [(prep, inner) for prep in preps for inner in prep.rights if inner.dep_ == "pobj"]
    objects += [inner for prep, inner in beneath if not is_own(sentence, prep, inner)]
    runner = subject is not None and is_word(subject, "person_nouns")
    if runner and verb.lemma_ in {"run", "jog", "sprint"} and not any(c.dep_ == "dobj" for c in verb.rights):
        return "running"  # engines and water run as well
    named = []
    for token in (verb, *objects, subject):
        hit = sentence.at.get(token.i) if token is not None else None
        if hit is not None and "event" in hit.senses:
            named.append(hit.senses["event"])
    own = sentence.at.get(subject.i) if subject is not None else None
    if (
        own is not None
        and "event" in own.senses
        and verb.lemma_.lower() not in word_class("telling_verbs")
        and verb.i not in range(own.first, own.last + 1)
    ):
        return own.senses["event"]  # a siren wails, thunder roars: what does it says more than what it does
    return next((value for value in named if value not in _VAGUE_ACTIONS), named[0] if named else "")


_VAGUE_SOUNDS = frozenset(
    map(stem, ("roar", "hum", "buzz", "rumble", "blow", "howl", "drone", "whir", "whoosh", "blast"))
)
"""Sounds that many things make: a lion roars, and so does artillery."""


def made_by(sentence: Sentence, noun: Token) -> str | None:
    """Return the sound of what a vague sound comes from ("the roar of artillery"), "" where no list has that.

    None where the noun says by itself what is heard, or not what it comes from.
    """
    sources = [t for c in noun.rights if c.lower_ == "of" and c.i == noun.i + 1 for t in c.rights if t.dep_ == "pobj"]
    if not sources or stem(noun.lower_) not in _VAGUE_SOUNDS:
        return None
    hit = sentence.at.get(sources[0].i)
    return "" if hit is None else hit.senses.get("event", "")


_TELLING_PREPS = frozenset({"of", "on", "with", "from"})


_VAGUE_ACTIONS = frozenset({"impact", "fire", "fly", "dishes", "rattle", "spit"})
"""Concepts of verbs that many things do ("hit", "fall", "fire", "blow"): what does them says more."""
