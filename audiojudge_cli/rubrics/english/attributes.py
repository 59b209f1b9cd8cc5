"""What a sentence says of the things it names: adjectives, adverbs and phrases, read by what they modify."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Place, Subject
from audiojudge_cli.rubrics.english.fillers import leads_nowhere, says_nothing
from audiojudge_cli.rubrics.english.forms import adjective_of, is_mass, with_article
from audiojudge_cli.rubrics.english.manners import changes, manner_of, mover
from audiojudge_cli.rubrics.english.music_scope import is_instrumental, is_other, pace_of_part
from audiojudge_cli.rubrics.english.over import beneath_person, lies_over, over_nothing
from audiojudge_cli.rubrics.english.owners import owner_of, sense_of
from audiojudge_cli.rubrics.english.placing import is_place, nearest, told_of_things
from audiojudge_cli.rubrics.english.refusals import is_refused
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, noun_phrase, subject_of
from audiojudge_cli.rubrics.english.thing import Thing
from audiojudge_cli.rubrics.english.unlisted import read_unlisted
from audiojudge_cli.rubrics.english.voice_senses import OF_VOICES, fits_voice, names_person
from audiojudge_cli.rubrics.english.voices import PERSONAL
from audiojudge_cli.rubrics.word_class import word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

_DEGREE_DEPS = frozenset({"advmod", "npadvmod", "neg"})


_NAMING_DIMENSIONS = frozenset(["event", "instrument", "genre", "scene", "speaker_sex", "component", "vocals", "count"])


def read_attributes(sentence: Sentence, things: Mapping[int, Thing]) -> Iterator[tuple[Claim, set[int]]]:
    """Yield what is said of things, with the tokens it rests on."""
    for hit in sentence.hits:
        found = _said(sentence, hit, things) if sentence.free(hit) else None
        if found is not None:
            yield found
    yield from read_unlisted(sentence, things)


def _said(sentence: Sentence, hit: Hit, things: Mapping[int, Thing]) -> tuple[Claim, set[int]] | None:
    """Return what a phrase says of the thing it describes; its tokens count as used."""
    root = sentence.doc[hit.root]
    compound = root.dep_ == "compound" and hit.last == hit.root and root.pos_ in {"NOUN", "PROPN"}
    if compound and hit.senses.keys() & _NAMING_DIMENSIONS:
        return None  # "weather forecast": the noun it belongs to decides, and that one is no thing
    owner, allowed = owner_of(sentence, root, things)
    unknown = owner.kind == "clip" and owner.words == ""
    sense = sense_of(hit, owner.kind, allowed) if not unknown and hit.senses.get("instrument") != "solo" else None
    if sense is None and allowed and _is_apart(sentence, root):
        sense = sense_of(hit, owner.kind, ())
    of_sound = sense is None and owner.kind in {"sound", "clip"} and not unknown
    if of_sound and sentence.segment.context == "speech" and hit.senses.keys() & {"emotion", "personality"}:
        owner = Subject("speaker", "the speaker")  # "no laughter, no warmth" is said of who speaks
        sense = sense_of(hit, "speaker", ())
    if sense is None or sense[0] in _NAMING_DIMENSIONS:
        claim = _alone(sentence, hit, owner)
        return _rested(sentence, claim, {hit.root}) if claim is not None and hit.root not in sentence.denied else None
    sense = _meant(sentence, hit, sense, owner)
    doer = subject_of(root.head) if root.head.pos_ == "VERB" else None
    plays = doer is not None and is_word(doer, "music_nouns")  # "a phone rings and music plays in the background"
    piece = owner.kind == "music" and not plays  # which lies behind nothing
    below = root.lower_ in {"underneath", "beneath"} and not list(root.children)  # "a woman talks, a flute underneath"
    if sense[0] == "level" and (piece or below or owner == Subject("sound", "the sound")):
        owner = _last_heard(root, things) or owner
    if is_place(sense[1], root) and sentence.segment.context == "sound":
        owner = nearest(sentence.doc, hit, things) or owner
        if owner == Subject("clip", ""):
            return None
    referred = root.pos_ == "NOUN" and root.i in things and not things[root.i].claims  # a child who is only there
    of_voices = sense[0] in OF_VOICES and sentence.segment.context == "sound"
    if of_voices and (owner.kind not in {"speaker", "vocals"} or referred):
        return None
    noises = _noises(sentence, root) if sense[0] == "noise" and sense[1] != "clean" else None
    if noises is not None:
        return noises
    return _described_so(sentence, hit, sense, owner, things)


def _is_apart(sentence: Sentence, root: Token) -> bool:
    """Whether a comma parts a word about a voice from the noun that it was hung on: "warm and playful, slow pace"."""
    label = sentence.segment.label
    while root.dep_ == "conj" and root.head.pos_ == "ADJ":
        root = root.head
    first, last = sorted((root.i, root.head.i))
    parted = any(token.text == "," for token in (sentence.doc[:first] if label else sentence.doc[first:last]))
    return sentence.segment.context == "speech" and parted and (not label or label in {"pitch", "rate", "volume"})


def _meant(sentence: Sentence, hit: Hit, sense: tuple[str, str], owner: Subject) -> tuple[str, str]:
    """Return the sense that a word has beside this owner, where the lists have only one for all."""
    root = sentence.doc[hit.root]
    if sense[0] in {"language", "room"}:
        sense = _beside_others(sentence, hit, sense)
    if sense == ("pitch", "low") and root.lower_ == "low":  # a low murmur is a quiet one, and so is low music
        head = root.head.lemma_.lower()
        return ("volume", "quiet") if head in _SAID else ("dynamics", "soft") if head == "music" else sense
    if sense[0] == "tempo" and owner.kind == "instrument" and sense[1] in {"slow", "fast"}:
        return pace_of_part(sentence, hit, sense)
    if sense == ("room", "dry") and owner.kind == "speaker" and not _of_recording(sentence, hit):
        return "style", ""  # a dry reading, not a dry room
    if sense == ("clarity", "unclear") and owner.kind == "music" and root.lower_.endswith("ed"):
        return "recording", "degraded"  # "the music is muffled"
    return sense


def _beside_others(sentence: Sentence, hit: Hit, sense: tuple[str, str]) -> tuple[str, str]:
    """Return the sense that a word has beside what else is told: where the clip is set, which language is spoken."""
    root = sentence.doc[hit.root]
    if sense == ("room", "outdoor") and root.lower_ == "outside" and _INDOORS.search(sentence.segment.text):
        return "distance", ""  # "sirens wail outside as two people whisper in a room"
    spoken = any("language" in other.senses for other in sentence.hits if other is not hit)
    if sense[0] == "language" and root.dep_ == "amod" and "accent" in hit.senses and spoken:
        return "accent", hit.senses["accent"]  # "a French woman reads in English"
    return sense


_INDOORS = re.compile(r"\b(?:\w*room|kitchen|house|indoors|inside|windows?|office|hall)\b", re.IGNORECASE)


def _last_heard(token: Token, things: Mapping[int, Thing]) -> Subject | None:
    """Return the instrument, voice or sound named last before words of place in the mix."""
    before = [thing for thing in things.values() if thing.claims and thing.head <= token.i]
    before = [thing for thing in before if thing.subject.kind in {"instrument", "vocals", "sound"}]
    return max(before, key=lambda thing: thing.head).subject if before else None


def _of_recording(sentence: Sentence, hit: Hit) -> bool:
    """Whether a phrase about acoustics stands beside others about the recording, or names what it speaks of itself."""
    told = {"recording", "noise", "room", "distance"}
    head = sentence.doc[hit.root].head
    if hit.first != hit.last or sentence.segment.label in told or is_word(head, "recording_nouns"):
        return True
    return any(other is not hit and other.senses.keys() & told for other in sentence.hits)


_SAID = frozenset({"murmur", "mutter", "whisper", "mumble", "speech", "talking", "speaking", "chatter", "conversation"})


def _described_so(
    sentence: Sentence, hit: Hit, sense: tuple[str, str], owner: Subject, things: Mapping[int, Thing]
) -> tuple[Claim, set[int]] | None:
    root = sentence.doc[hit.root]
    if (
        is_refused(sentence, hit, owner, things)
        or not _fits(root, hit, sense, owner)
        or not fits_voice(sentence, root, sense[0])
        or (sense[0] == "level" and owner.kind == "clip")  # a recording lies behind nothing
        or (sense == ("recording", "studio") and root.i in sentence.denied)  # which says not how poor it is
        or owner.words in PERSONAL  # "he laughs quietly": the laugh is quiet
        or _only_does(sentence, root, hit)
        or leads_nowhere(sentence, root, sense)
        or _of_noise(sentence, root, sense, things)
        or (sense[0] == "age" and root.dep_ == "pobj" and root.head.lower_ in {"to", "for"})  # "sings to her baby"
    ):
        return None
    if sense[0] == "level" and root.pos_ in {"ADP", "SCONJ"} and any(c.dep_ == "pobj" for c in root.children):
        lying = None if beneath_person(root) else lies_over(root, things)
        if lying is not None:
            return _rested(sentence, lying, set(range(hit.first, hit.last + 1)))
        if over_nothing(sentence, root, owner):
            return None
    owner = mover(sentence, root, owner, things)
    done = manner_of(sentence, hit, sense, things)
    if done is not None:
        return _rested(sentence, *done)
    return _worded(sentence, hit, changes(sentence, hit, sense), owner)


def _of_noise(sentence: Sentence, root: Token, sense: tuple[str, str], things: Mapping[int, Thing]) -> bool:
    """Whether words in a description of a voice tell of something else: "sighs loudly", "footsteps approach"."""
    if sentence.segment.context != "speech":
        return False
    doer = subject_of(root) if root.tag_ in _FINITE and sense[0] in {"distance", "transition"} else None
    other = doer is not None and doer.pos_ == "NOUN" and doer.i not in things and not names_person(sentence, doer)
    done = things.get(root.head.i) if root.tag_ == "RB" and root.dep_ == "advmod" else None
    return other or (done is not None and bool(done.claims) and done.claims[0].dimension == "event")


def _alone(sentence: Sentence, hit: Hit, owner: Subject) -> Claim | None:
    """Return that only one instrument plays, or only instruments do."""
    if hit.senses.get("instrument") == "solo":
        alone = _plays_alone(sentence.doc[hit.root], owner)
        return Claim("instrument", "solo", "solo", owner) if alone else None
    plain = hit.senses.get("vocals") == "instrumental" and sentence.segment.context == "music"
    plain = plain and (hit.first != hit.last or is_instrumental(sentence.doc[hit.root]))
    known = owner.kind != "clip" or owner.words != ""
    return Claim("vocals", "instrumental", "instrumental", Subject("music", "the music")) if plain and known else None


def _rested(sentence: Sentence, claim: Claim, tokens: set[int]) -> tuple[Claim, set[int]]:
    sentence.used |= tokens
    return claim, tokens


def _noises(sentence: Sentence, root: Token) -> tuple[Claim, set[int]] | None:
    """Return the sound that "city noises" or "wind noise" are, where a sentence tells of sounds, not of a recording."""
    named = {t.i for t in noun_phrase(root) if t.pos_ not in {"DET", "PRON"} and t.i not in sentence.used}
    music = sentence.segment.context == "music"
    compound = any(t.dep_ == "compound" for t in root.lefts)
    marked = compound or (not music and any(t.dep_ == "amod" and t.lower_ != "background" for t in root.lefts))
    counted = root.tag_ == "NNS" and not music
    if root.lemma_ != "noise" or sentence.segment.context == "speech" or not (counted or marked):
        return None
    denied = root.i in sentence.denied
    return _rested(sentence, Claim("event", "", sentence.inside(named), Subject("sound"), negated=denied), named)


def _fits(root: Token, hit: Hit, sense: tuple[str, str], owner: Subject) -> bool:
    """Whether a sense goes with the word's form and with what it would describe."""
    dimension = sense[0]
    silent = sense == ("duration", "silence") and root.dep_ in {"amod", "advmod"}  # "the otherwise silent night"
    if _styles(root, owner, dimension) or silent or root.lower_ == "panned" or told_of_things(root, sense, owner):
        return False
    if dimension == "structure":
        return _is_part(root, hit)
    if dimension in {"style", "personality"}:
        return _fits_manner(root, sense, owner)
    if dimension == "transition" and root.lemma_ in {"transition", "shift"}:
        return root.pos_ == "VERB" and not any(c.dep_ == "dobj" for c in root.rights)  # gears are shifted at once
    if dimension == "language":
        return owner.concept != "instrumental"
    return owner.kind not in {"music", "vocals", "instrument"} or not _of_another(root, hit, dimension, owner)


def _styles(root: Token, owner: Subject, dimension: str) -> bool:
    """Whether a keyword names a scene of music by its rooms, "techno, warehouse", and no reverberation."""
    alone = dimension == "room" and owner.kind == "music" and len(root.doc) == 1
    return alone and root.tag_ in {"NN", "NNP"} and not root.lower_.startswith(("reverb", "echo"))


def _fits_manner(root: Token, sense: tuple[str, str], owner: Subject) -> bool:
    """Whether a manner is one that its owner can have: instruments don't converse."""
    if root.lower_.endswith("ing") and owner.kind == "instrument":
        return False  # "a guitar strumming rhythm" names what it does
    if owner.kind == "vocals" and is_word(root, "sing_verbs") and root.pos_ == "VERB":
        return False  # "a choir chanting" chants
    if sense[1] == "singing_manner":
        return root.tag_ not in {"VBG", "VB", "VBZ", "VBP", "NN", "NNS"}  # "strumming chords", "a video game theme"
    return owner.kind in {"speaker", "vocals"} or (owner.kind in {"music", "clip"} and root.tag_ != "NN")


_DONE = frozenset({"VBN", "VBD"})


def _of_another(root: Token, hit: Hit, dimension: str, owner: Subject) -> bool:
    """Whether a word says nothing of the piece or the singing it was given to."""
    aside = owner.kind == "vocals" and hit.senses.get("transition") == "pan"  # "ad libs in the right channel"
    if aside or ("event" in hit.senses and root.head.lemma_ == "rhythm"):
        return True  # where to, other words tell; "a thumping rhythm": whose, nothing tells
    if root.lower_ == "full":
        many = root.head.lemma_ in {"orchestra", "band", "choir", "ensemble", "kit"}  # all of it plays
        return many or any(child.lower_ == "of" for child in root.rights)  # "full of hope"
    if dimension == "clarity" and owner.kind == "music":
        return True  # words are clear, music is not
    if dimension == "level":  # "the backing track", "lead vocals": which part, not how loud
        return root.doc[hit.last].dep_ in {"amod", "compound"}
    played = is_word(root.head, "play_verbs") or is_word(root.head, "sing_verbs")
    graded = root.head.pos_ in {"ADJ", "ADV"} or (root.head.tag_ in _DONE and not played)  # "heavily inspired"
    graded = graded or (root.head.dep_ in {"amod", "acl"} and not played)  # "slowly evolving pads"
    grading = root.head.tag_ != "VBD" or root.lower_.endswith("ly")  # not "recorded close"
    return root.tag_ == "RB" and root.dep_ == "advmod" and graded and grading


_STATES = frozenset(
    ["noise", "pitch", "clarity", "timbre", "room", "emotion", "age", "recording", "mood", "production"]
)
_FINITE = frozenset(["VB", "VBZ", "VBP", "VBD"])


_COURSE = frozenset({"crescendo", "diminuendo", "fade_in", "fade_out"})


def _only_does(sentence: Sentence, root: Token, hit: Hit) -> bool:
    """Whether a word only grades, fills, or names what is done: "cars racing past", "bells ring"."""
    single = hit.first == hit.last
    own = sentence.at.get(root.head.i) if root.dep_ == "amod" else None
    of_course = own is not None and own is not hit and not _COURSE.isdisjoint(own.senses.values())  # "slow swells"
    hardly = any(child.lower_ in {"barely", "hardly", "scarcely"} and child.i < hit.first for child in root.lefts)
    rising = root.dep_ == "advmod" and hit.senses.get("tempo") == "slow" and root.head.lemma_ in {"rise", "fall"}
    if hardly or of_course or rising:  # "slowly rises in pitch"
        return True
    if single and (says_nothing(sentence, root) or (root.lower_ == "noise" and sentence.segment.context == "sound")):
        return True
    if (
        single
        and hit.senses.keys() <= _STATES
        and root.tag_ in _FINITE
        and any(c.dep_ == "dobj" for c in root.children)
    ):
        return True  # "a person cleans a window": what is done to something else is no state of what is heard
    context = sentence.segment.context
    doing = root.pos_ == "VERB" and (context == "sound" or root.tag_ in {"VB", "VBZ", "VBP"})
    faster = (context == "music" or not single) and hit.senses.get("rhythm") == "accelerating"  # "getting faster"
    if doing and hit.senses.keys() <= _NOT_BY_VERBS and context != "speech" and not faster:
        return True
    if context == "music" and is_other(root, hit):
        return True
    named = root.tag_ in {"NN", "NNS"} and root.dep_ not in {"amod", "compound", "nmod"}
    named = named and context != "speech"  # "voice velvety and hushed": there the tagger took an adjective for a noun
    return single and named and hit.senses.keys() <= _NOT_BY_NOUNS and not _FEELING.search(root.lower_)


def _worded(sentence: Sentence, hit: Hit, sense: tuple[str, str], owner: Subject) -> tuple[Claim, set[int]]:
    """Return the claim in the words of the caption, with what grades them."""
    dimension, value = sense
    root = sentence.doc[hit.root]
    if value == "crescendo" and root.lemma_ == "build" and owner.kind == "vocals":
        owner, dimension = Subject("music", "the music"), "dynamics"  # a singer builds to no climax alone
    tokens = set(range(hit.first, hit.last + 1))
    graded = {t.i for t in root.lefts if t.dep_ in _DEGREE_DEPS and t.tag_ in {"RB", "RBR", "RBS"} and t.dep_ != "neg"}
    # "quiet but never a whisper" says two things, "gently amused" one.
    graded -= {i for i in graded if sentence.at.get(i) is not None and not sentence.doc[i].lower_.endswith("ly")}
    graded -= {i for i in graded if sentence.doc[i].lower_ in _LINKING}
    graded |= {t.i for c in root.lefts if c.lower_ in {"bit", "touch", "tad"} for t in c.subtree}  # "a bit fast"
    shown = tokens | {i for i in graded if i + 1 in tokens or i + 1 in graded}
    words = sentence.inside(shown)
    if root.tag_ == "RB" and words.endswith(root.text) and root.lower_.endswith("ly"):
        words = words[: len(words) - len(root.text)] + adjective_of(root.lower_)
    likened = dimension == "style" and value != "conversational" and owner.kind == "speaker"
    if likened and root.tag_ == "NN" and not words.endswith("ing"):
        words = with_article(words, countable=not is_mass(root.lemma_.lower()))
    if dimension == "structure" or root.lemma_ == "effect":  # "a chorus effect"
        words = with_article(words.lower(), countable=root.tag_ in {"NN", "NNP"})
    sentence.used |= shown
    negated = bool(tokens & sentence.denied)
    place: Place = next((sentence.placed[i] for i in tokens if i in sentence.placed), "")
    return Claim(dimension, value, words, _described(owner, dimension), place=place, negated=negated), shown


# Adverbs that link a word to what was said before and grade nothing.
_LINKING = frozenset({"thus", "also", "still", "overall", "yet", "however", "hence", "therefore", "so", "just"})


def _plays_alone(word: Token, owner: Subject) -> bool:
    """Whether "solo" or "alone" says that nothing else plays: "solo cello", not "finishes alone" or "a guitar solo"."""
    ahead = word.dep_ in {"amod", "compound", "nmod"} and word.head.i > word.i
    before = word.doc[word.i - 1] if word.i else word
    ahead = ahead and (before == word or before.pos_ not in {"NOUN", "PROPN"})
    return owner.kind == "instrument" and (ahead or (word.lower_ == "alone" and word.head.pos_ in {"NOUN", "PROPN"}))


_WITHIN = frozenset({"in", "during", "after", "before", "until", "till", "at", "on", "from", "for", "between"})


# Verbs that a parser takes for nouns: no part of a piece.
_COMING = frozenset({"enter", "join", "stop"})


def _is_part(root: Token, hit: Hit) -> bool:
    """Whether a phrase says that the piece has such a part: not a verb, and not where something else happens."""
    named = root.doc[hit.first : hit.last + 1].text.lower()
    if (
        root.pos_ not in {"NOUN", "PROPN"}
        or root.dep_ == "compound"
        or named in word_class("plain_parts")
        or root.lemma_ in _COMING
        or any(child.lower_ in word_class("shown") for child in root.lefts)
    ):
        return False
    if root.doc[hit.last].pos_ in {"ADP", "VERB"} and not named.startswith("build"):
        return False  # "a theme kicks in", "a tune that stops"
    opening = any(child.lower_ == "to" for child in root.rights)  # "an intro to a video" is a piece by itself
    return not (opening or (root.dep_ == "pobj" and root.head.lower_ in _WITHIN))


_NOT_BY_VERBS = frozenset(
    {"rhythm", "tempo", "rate", "timbre", "mood", "emotion", "style", "production", "genre", "dynamics"}
)


_NOT_BY_NOUNS = frozenset({"rhythm", "tempo", "timbre", "mood", "production"})


# Endings of nouns that name a quality rather than a thing: "tenderness", "tension", "serenity".
_FEELING = re.compile(r"(?:ness|ment|[ts]ion|ity|ance|ence|ism|ia|dom|hood)$")


def _described(owner: Subject, dimension: str) -> Subject:
    """Return the subject as the question names it: the recording has noise, a speaker has a rate."""
    if dimension in {"noise", "recording"}:
        return Subject("clip", "the recording")
    if dimension in {"tempo", "key", "metre", "structure", "production"} and owner.kind in {"clip", "instrument"}:
        return replace(owner, kind="music", words="the music") if owner.kind == "clip" else owner
    return owner
