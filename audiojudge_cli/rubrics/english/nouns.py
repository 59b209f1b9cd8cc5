"""Nouns that name instruments, sounds, music and places."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.rubrics.english.actions import made_by
from audiojudge_cli.rubrics.english.forms import decapitalised, is_counted, is_mass, is_plural, with_article
from audiojudge_cli.rubrics.english.handled import is_handled, is_one
from audiojudge_cli.rubrics.english.music_scope import is_instrumental
from audiojudge_cli.rubrics.english.names import counted_by, name_tokens, source_of, tidied, worded
from audiojudge_cli.rubrics.english.scenes import ambience, is_located
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, joined, name_start, noun_phrase
from audiojudge_cli.rubrics.english.thing import DESCRIBING, Thing, is_adjective_claim, uncounted
from audiojudge_cli.rubrics.english.verbs import may_sound
from audiojudge_cli.rubrics.english.voices import is_person, of_person, role_of, tells_sex, voice_named
from audiojudge_cli.rubrics.word_class import dimension_nouns, word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

_NAMING = ("instrument", "vocals", "event", "genre", "component")


def names_music(sentence: Sentence, token: Token, hit: Hit) -> bool:
    """Whether a noun inside the name of a piece tells what plays or the kind of music: "piano waltz", "punk song"."""
    named = hit.senses.keys() & {"instrument", "genre"}
    ahead = token.dep_ in {"compound", "nmod", "amod"} and token.head.i > token.i
    if not named or not ahead or hit.senses.get("instrument") == "solo":
        return False
    if token.pos_ == "ADJ" and "genre" not in named:
        return False
    head = token.head
    if head.i and head.nbor(-1).text == "/" and head.dep_ in {"compound", "nmod"}:
        head = head.head  # "a jazz/rock song"
    of_head = sentence.at[head.i].senses.keys() if head.i in sentence.at else set()
    played = "instrument" not in named and not is_word(head, "music_nouns")
    if played and any("instrument" in sentence.at[i].senses for i in range(token.i, head.i) if i in sentence.at):
        return False  # "ambient synth pad chords" make no ambient piece
    if head.lemma_.lower() in _OF_PIECES and "genre" in named:
        return False  # a rap break makes no rap piece
    of_music = is_word(head, "music_nouns") or head.lower_ == "genre" or bool(of_head & {"genre", "mood", "structure"})
    if sentence.segment.context != "music":
        return of_music
    sting = not of_head and "instrument" in named and not is_word(head, "person_nouns")  # "a guitar sting"
    sting = sting and head.lemma_.lower() not in dimension_nouns()
    return of_music or sting or bool(of_head & {"event", "component"})


_OF_PIECES = frozenset({"break", "verse", "chorus", "bridge", "section", "interlude", "intro", "outro", "texture"})
"""Parts of a piece that can be of another kind than the whole."""
_MOVING = frozenset({"pass", "approach", "fade", "recede", "enter", "join", "return", "repeat"})
"""Verbs of movement that a parser takes for nouns ("an airplane passes by")."""


def inside_name(token: Token) -> bool:
    """Whether a noun belongs to the name of the next ("electric guitar instrumental")."""
    if token.dep_ == "compound":
        acting = is_word(token.head, "play_verbs") or token.head.lemma_ in _MOVING
        return not (acting and token.head.tag_ in {"NNS", "VBZ"} and token.head.i == token.i + 1)
    if token.dep_ not in {"nmod", "amod"} or token.pos_ == "ADJ" or token.head.i < token.i:
        return False
    several = any(child.dep_ == "conj" for child in token.children)  # "strings and brass section"
    return is_word(token.head, "transparent_nouns") and not several


_REGISTERS = frozenset({"tenor", "soprano", "contralto", "baritone"})
"""Singers that are heights of a voice where somebody speaks."""


def of_noun(sentence: Sentence, noun: Token) -> Thing | None:
    """Return what a noun says is heard, or speaks of."""
    if noun.tag_ == "VBG" and noun.dep_ == "amod" and noun.head.i > noun.i and sentence.segment.context == "sound":
        return _sounding(sentence, noun, noun.head)
    if _names_nothing(sentence, noun):
        return None
    if noun.lemma_.lower() in {"noise", "sound", "instrument"}:
        plain = _nothing_else(sentence, noun) or _noise_of(sentence, noun)
        if plain is not None:
            return plain
    return ambience(sentence, noun) or _named_or_referred(sentence, noun)


def _named_or_referred(sentence: Sentence, noun: Token) -> Thing | None:
    hit = _naming_hit(sentence, noun)
    sung = sentence.segment.context == "music" and hit is not None and "vocals" in hit.senses
    sings = is_word(noun, "singer_nouns") and not (
        sentence.segment.context == "speech" and noun.lemma_.lower() in _REGISTERS
    )
    if sings or (sung and tells_sex(sentence, noun)):
        return voice_named(sentence, noun, sung=True)
    if is_person(sentence, noun, hit):
        return of_person(sentence, noun)
    if hit is not None:
        return named_thing(sentence, noun, hit) if _may_name(sentence, noun, hit) else None
    return _referred(sentence, noun)


def _sounding(sentence: Sentence, doing: Token, noun: Token) -> Thing | None:
    """Return what is named by what it does: "an oinking pig"; nothing where the noun names a sound by itself."""
    hit, own = sentence.at.get(doing.i), sentence.at.get(noun.i)
    if hit is None or "event" not in hit.senses or (own is not None and "event" in own.senses) or noun.pos_ == "VERB":
        return None
    if noun.lemma_ in {"noise", "sound"} or is_person(sentence, noun, own):
        return None
    kept = [t for t in noun_phrase(noun) if t.dep_ != "det" and not is_adjective_claim(sentence, t.i)]
    words = decapitalised(joined(kept))
    referent = Subject("sound", f"the {words}", hit.senses["event"])
    claim = Claim("event", hit.senses["event"], with_article(words, countable=is_counted(noun)), referent)
    return Thing(referent, noun.i, {t.i for t in kept}, -1, [replace(claim, negated=noun.i in sentence.denied)])


_VOICED = (frozenset({"voice", "speech"}), frozenset({"voice", "speech", "delivery", "tone", "accent"}))
"""What only a voice is, among sounds and in a description of speech: machines have tones."""


def _referred(sentence: Sentence, noun: Token) -> Thing | None:
    """Return the music or recording that a noun only refers to, else what it names without the vocabulary."""
    if noun.pos_ in {"ADJ", "VERB", "NUM", "X"} or noun.dep_ == "amod":
        return None
    named = _VOICED[sentence.segment.context == "speech"]
    if noun.lemma_.lower() in named and sentence.segment.context != "music":
        return voice_named(sentence, noun, sung=False)
    if is_word(noun, "music_nouns"):
        return Thing(Subject("music", "the music"), noun.i, {noun.i})
    if is_word(noun, "recording_nouns"):
        return Thing(Subject("clip", "the recording"), noun.i, {noun.i})
    return _unknown(sentence, noun)


def _names_nothing(sentence: Sentence, noun: Token) -> bool:
    """Whether a word can't name a thing: a verb, a pronoun, a noun inside a phrase ("raises her voice")."""
    doing = noun.pos_ == "VERB" and (noun.tag_ != "VBG" or noun.dep_ == "acl")
    if doing or (noun.pos_ == "ADJ" and noun.dep_ == "amod" and is_word(noun, "singer_nouns")):
        return True
    if noun.pos_ == "PRON" and noun.lemma_.lower() not in {"someone", "somebody", "everyone"}:
        return True
    inside = sentence.at.get(noun.i)
    return inside is not None and inside.root != noun.i and inside.senses.keys() <= DESCRIBING


def _may_name(sentence: Sentence, noun: Token, hit: Hit) -> bool:
    """Whether a listed adjective names something: "a rock song" a genre, "a rapid motif" no stream."""
    if noun.pos_ != "ADJ":
        return True
    if noun.dep_ == "amod" and "genre" in hit.senses and hit.last == noun.i:
        return names_music(sentence, noun, hit)
    return bool(hit.senses.keys() & {"vocals", "genre", "speaker_sex"})


def _nothing_else(sentence: Sentence, noun: Token) -> Thing | None:
    """Return that nothing beside what was named is heard: "no other instruments"."""
    if noun.i not in sentence.denied or not any(child.lower_ == "other" for child in noun.lefts):
        return None
    kind: Kind = "instrument" if noun.lemma_.lower() == "instrument" else "sound"
    words = f"other {noun.lower_}"
    claim = Claim("instrument" if kind == "instrument" else "event", "", words, Subject(kind, words), negated=True)
    return Thing(claim.subject, noun.i, {noun.i}, -1, [claim])


def _noise_of(sentence: Sentence, noun: Token) -> Thing | None:
    """Return a noise named by what makes or marks it, where no list has that ("shuffling noise", "metallic sounds")."""
    if sentence.segment.context != "sound" or noun.lemma_ == "instrument" or not _is_marked(sentence, noun):
        return None
    phrase = [t for t in noun_phrase(noun) if t.pos_ != "DET"]
    name = decapitalised(joined(phrase))
    referent = Subject("sound", f"the {uncounted(name)}")
    words = with_article(name, countable=any(t.lower_ in {"a", "an"} for t in noun.lefts))
    claim = Claim("event", "", words, referent, negated=noun.i in sentence.denied)
    return Thing(referent, noun.i, {t.i for t in phrase}, -1, [claim])


def _is_marked(sentence: Sentence, noun: Token) -> bool:
    """Whether something says which noise: a word that names no sound by itself, and no length, level or quality."""
    marks = [t for t in noun.lefts if t.dep_ in {"amod", "compound"}]
    senses = {name for t in marks if t.i in sentence.at for name in sentence.at[t.i].senses}
    telling = [t for t in marks if not is_word(t, "empty_adjectives")]
    named = senses & {"event", "instrument", "level", "noise", "recording", "component"}
    return (
        bool(telling)
        and not named
        and not any(t.lower_ == "silent" for t in marks)
        and not any(t.lower_ in {"of", "from"} for t in noun.rights)
    )


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
        if hit is not None and hit.senses.get("instrument") == "solo":
            continue
        if hit is not None and hit.senses.keys() & {"instrument", "vocals"}:
            return hit
        if hit is not None and "event" in hit.senses and sentence.segment.context != "music":
            return hit
    return None


def _is_likened(noun: Token) -> bool:
    """Whether something else is only compared with a noun: "sounds like a bugle", "similar to a flute"."""
    akin = noun.head.lower_ == "to" and noun.head.head.lower_ in {"similar", "akin"}
    return noun.dep_ == "pobj" and (noun.head.lower_ == "like" or akin)


def named_thing(sentence: Sentence, noun: Token, hit: Hit) -> Thing | None:
    """Return what a listed phrase names: an instrument, voice, kind of music, sound, place or part."""
    container = is_word(noun, "container_nouns") and hit.last == noun.i == hit.first
    unvoiced = hit.senses.get("vocals") == "harmony_vocals" and noun.lemma_ == "harmony" and not _is_voiced(sentence)
    poured = noun.lemma_ == "stream" and any(child.lower_ == "of" for child in noun.rights)
    if container or unvoiced or poured or noun.lower_ == "idle" or _is_likened(noun):
        return None  # "a type of music": what it is a type of is named
    if hit.senses.get("instrument") == "solo" and noun.lower_ in {"solo", "solos"}:
        played = _before(sentence, noun)
        if played is None:
            return None
        hit = played
    dimension = _dimension(sentence, noun, hit)
    if not dimension:
        return _scene_or_part(sentence, noun, hit)
    source_sound = made_by(sentence, noun) if dimension == "event" else None
    value = hit.senses[dimension] if source_sound is None else source_sound
    referring = value == "instrumental" and hit.first == hit.last and not is_instrumental(sentence.doc[hit.root])
    # What stands behind a stroke may hold as well: "rock/funk".
    other = dimension == "genre" and hit.first > 0 and sentence.doc[hit.first - 1].text == "/"
    other = other or (
        dimension == "genre" and noun.lower_ == "break" and not sentence.segment.label
    )  # a part of a piece; breaks are a kind
    if referring or other:
        return Thing(Subject("music", "the music"), noun.i, {noun.i})
    if (dimension == "event" and not _sounds_here(sentence, noun, hit)) or (
        dimension == "genre" and not _is_played(sentence, noun)
    ):
        return None
    denied = noun.i in sentence.denied
    phrase = name_tokens(sentence, noun, hit, keep=dimension in {"event", "instrument"})
    name, named = worded(phrase), counted_by(sentence, noun, phrase)
    many = named.tag_ in {"NNS", "NNPS"}  # singular nouns are taken for adjectives now and then: "a siren sounds"
    countable = not many and not is_mass(named.lemma_.lower()) and not is_mass(named.lower_) and not is_plural(name)
    countable = countable or (phrase[-1] == noun and is_one(noun))
    whole = dimension == "event" and hit.last <= noun.i and phrase[-1].i >= noun.i  # not "traffic (sounds) of vehicles"
    if dimension == "instrument" and name.endswith(" sections"):
        name, countable = name[:-1], True  # "the strings and brass sections" are one of each
    source = source_of(sentence, noun) if whole else []
    tokens = {*range(min(hit.first, noun.i), noun.i + 1), *range(hit.first, hit.last + 1), *(t.i for t in source)}
    tokens = {i for i in tokens if not (sentence.doc[i].dep_ == "det" or is_adjective_claim(sentence, i))}
    tokens |= {token.i for token in phrase} if dimension == "instrument" else set()
    of_piece = dimension == "genre" or value == "instrumental"
    called = "the music" if of_piece else f"the {uncounted(name).removesuffix(' sound')}"
    referent = Subject("music" if value == "instrumental" else _KINDS[dimension], called, value)
    words = " ".join([with_article(name, countable=countable), *(t.text for t in source)])
    if dimension == "genre" and noun.dep_ == "pobj" and noun.head.head.lemma_ == "style":
        words = f"in the style of {words if noun.lemma_ in word_class('pieces') else name}"
    claim = Claim(dimension, value, words, referent, negated=denied)
    if denied and value in _NOISES and not any(t.dep_ == "amod" for t in noun.lefts):  # of the recording: "no hiss"
        claim = Claim("noise", "noisy", name, Subject("clip", "the recording"), negated=True)
    return Thing(referent, noun.i, tokens, -1, [claim])


def _is_voiced(sentence: Sentence) -> bool:
    """Whether a sentence tells of voices, so that "harmony" is theirs and not a keyboard's."""
    return any(
        is_word(t, "singer_nouns") or is_word(t, "sing_verbs") or is_word(t, "voice_words") for t in sentence.tokens
    )


_KINDS: Mapping[str, Kind] = {"instrument": "instrument", "vocals": "vocals", "genre": "music", "event": "sound"}


def _dimension(sentence: Sentence, noun: Token, hit: Hit) -> str:
    """Return which of a phrase's naming senses holds here, or nothing."""
    if sentence.segment.context == "music":
        of_part = hit.last < noun.i and noun.lemma_ == "harmony"  # "choral harmony" makes no choral piece
        names = ("instrument", "vocals", "event") if of_part else ("instrument", "genre", "vocals", "event")
        return next((name for name in names if name in hit.senses), "")
    return next((name for name in ("event", "instrument", "vocals", "genre") if name in hit.senses), "")


def _is_played(sentence: Sentence, noun: Token) -> bool:
    """Whether a kind of music is heard, and no word that only looks like one ("house", "break")."""
    tongue = noun.text.istitle() and noun.i in sentence.at and "language" in sentence.at[noun.i].senses
    if tongue and noun.dep_ == "pobj" and noun.head.lower_ == "in":
        return False  # "chanting in Latin"
    if sentence.segment.context == "music" or is_word(noun, "music_nouns") or noun.dep_ in {"ROOT", "compound"}:
        return True
    if sentence.segment.context == "sound" and noun.head.lower_ == "of":
        return False  # "the windows of a house"
    governed = noun.dep_ in {"pobj", "dobj"} and noun.head.lower_ in _PLAYED_BY
    return governed or is_word(noun.head, "play_verbs")


def _sounds_here(sentence: Sentence, noun: Token, hit: Hit) -> bool:
    """Whether a noun that may name a sound does so in a sentence about music, a voice or sounds."""
    if noun.tag_ == "NNS" and any(child.lower_ == "to" for child in noun.rights):
        return False  # "and switches to sticks" tells what somebody does
    come_to = noun.dep_ == "pobj" and noun.head.lower_ == "to" and noun.head.head.lemma_ == "come"  # the boil
    if come_to or noun.lower_ == "sands" or (noun.dep_ == "pobj" and noun.head.head.lemma_ in _RECORDED):
        return False  # "desert sands", not sanding; "recorded with a phone"
    context, value, alone = sentence.segment.context, hit.senses["event"], set(hit.senses) == {"event"}
    if context == "sound" and is_handled(noun, value):
        return False
    if context == "music":
        return alone and noun.pos_ in {"NOUN", "PROPN"} and noun.dep_ != "dobj" and value not in _NOT_IN_MUSIC
    if context == "speech" and value not in word_class("voice_events"):
        return alone and noun.pos_ == "NOUN" and noun.dep_ in {"ROOT", "conj", "appos", "pobj", "dobj"}
    return True


_NOT_IN_MUSIC = frozenset({"impact", "dancing", "explosion", "wail"})
_RECORDED = frozenset({"record", "capture", "film", "shoot", "recording"})


_PLAYED_BY = frozenset({"over", "with", "to", "under", "alongside", "of", "plays", "playing"})


_NOISES = frozenset({"hiss_event", "hiss", "static", "hum_event", "buzz"})


def _music_told(sentence: Sentence, noun: Token, referent: Subject) -> list[Claim]:
    """Return what a noun such as "music" or "melody" claims: nothing in a description of music that has it."""
    denied = noun.i in sentence.denied
    if sentence.segment.context != "music" or (denied and noun.lemma_ == "music"):
        return [Claim("component", "music", "music", referent, negated=denied)]
    if not denied or not any(child.lower_ in {"no", "any"} for child in noun.lefts):
        return []
    return [Claim("structure", "", noun.lemma_.lower(), referent, negated=True)]  # "no melody" is music all the same


def _scene_or_part(sentence: Sentence, noun: Token, hit: Hit) -> Thing | None:
    """Return the place that a phrase names where the sentence is set there, or what else it names."""
    if "component" in hit.senses:
        value = hit.senses["component"]
        if value == "music":
            referent = Subject("music", "the music")
            return Thing(referent, noun.i, {noun.i}, -1, _music_told(sentence, noun, referent))
        if value == "speech":
            return voice_named(sentence, noun, sung=sentence.segment.context == "music")
        return Thing(Subject("clip", "the sound"), noun.i, {noun.i})
    if "scene" not in hit.senses or noun.i in sentence.denied:
        return None
    passing = any(child.tag_ == "VBG" for child in noun.lefts)  # "a passing bus" is heard
    alone = (noun.dep_ == "ROOT" and not passing) or sentence.segment.label == "scene"
    told = (
        sentence.segment.context == "speech" and noun.dep_ == "pobj" and noun.head.head.pos_ == "NOUN"
    )  # "his first day at school"
    if sentence.segment.context == "music" or told or not (alone or is_located(noun)):
        return None
    words = sentence.words(set(range(hit.first, hit.last + 1)))
    place = with_article(decapitalised(words), countable=noun.tag_ == "NN")
    claim = Claim("scene", hit.senses["scene"], place, Subject("clip", place, hit.senses["scene"]))
    return Thing(claim.subject, noun.i, set(range(hit.first, hit.last + 1)), -1, [claim])


def _is_sounding(sentence: Sentence, noun: Token) -> bool:
    """Whether a noun in -ing names what is done: "the ringing of a phone"."""
    done = noun.lower_.endswith("ing") and noun.lower_ not in {"opening", "closing", "starting"}
    return sentence.segment.context == "sound" and done and may_sound(noun.lower_)


def _unknown(sentence: Sentence, noun: Token) -> Thing | None:
    """Return a noun of a description of sound that the vocabulary doesn't know, named as it stands."""
    if sentence.segment.context == "speech":
        return role_of(sentence, noun)
    if is_word(noun, "never_alone") or is_word(noun, "container_nouns") or len(noun.text) == 1 or not noun.is_alpha:
        return None
    if noun.lemma_.lower() in dimension_nouns() or (noun.i in sentence.at and not _is_sounding(sentence, noun)):
        return None
    listed = any("event" in hit.senses for hit in sentence.hits) or any(
        t.i in sentence.at and sentence.at[t.i].senses.keys() & {"intensity", "distance"} for t in noun.lefts
    )
    listed = listed or _is_sounding(sentence, noun) or sentence.segment.label == "event"
    heard = listed and noun.dep_ in {"ROOT", "conj", "appos", "attr"} and noun.pos_ in {"NOUN", "PROPN"}
    if not heard or sentence.segment.context == "music" or is_word(noun, "light_verbs"):
        return None
    source = source_of(sentence, noun)
    phrase = tidied([t for t in noun_phrase(noun) if t.dep_ != "det" and not is_adjective_claim(sentence, t.i)])
    name = decapitalised(joined(phrase))
    words = " ".join([with_article(name, countable=is_counted(noun) or is_one(noun)), *(t.text for t in source)])
    dimension = "scene" if sentence.segment.label == "scene" else "event"
    referent = Subject("sound", f"the {name}")
    claim = Claim(dimension, "", words, referent, negated=noun.i in sentence.denied)
    return Thing(referent, noun.i, {t.i for t in (*phrase, *source)}, -1, [claim])
