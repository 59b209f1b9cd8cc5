"""English claims as yes/no questions, natural enough to be read aloud; yes means that the caption is satisfied."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.forms import agreeing, bare, is_plural, with_article
from audiojudge_cli.rubrics.english.frames import FRAMES, NATURAL, NEGATED_FRAMES, VALUES, VOICE
from audiojudge_cli.rubrics.english.music_wording import (
    dynamics,
    genre,
    key,
    mood,
    production,
    rhythm,
    structure,
    tempo,
)
from audiojudge_cli.rubrics.english.number_wording import plain_number, with_number
from audiojudge_cli.rubrics.english.voice_wording import (
    manner_question,
    number_of_speakers,
    sex_question,
)
from audiojudge_cli.rubrics.stems import HAN
from audiojudge_cli.rubrics.word_class import word_class

_HEARD = frozenset({"event", "instrument", "vocals", "component"})


# Endings of nouns that name somebody by what he or she does.
_ROLE = re.compile(r"(?:(?<!trail)[eo]r|ist|ian|ant|man|woman|guide|coach|host|villain|anchor)$")


# "holding back tears": what somebody sounds as if doing.
_HOLDING = re.compile(r"\w+ing (?!tone|voice)\w+ ")


# A participle: what somebody or something does.
_GERUND = re.compile(r"\b(?!(?:some|any|every|no)thing)\w+ing\b")


# Words for what comes back after gaps, with no rhythm.
_NOW_AND_THEN = re.compile(r"occasional|intermittent|sporadic|now and then|every so often|time to time|sometimes")


# Adverbs that say how something is done.
_BY_MANNER = re.compile(r"(?:ly|hard|fast)$")


# Words of movement; without them "on the left" tells a place.
_MOVES = re.compile(r"\bfrom\b.*\bto\b|side to side|pan|across|circl|around|sweep")


# Names of peoples, languages and feasts, which keywords write small.
_PEOPLES = re.compile(
    r"\b(?:african|american|arabic|arabian|asian|australian|balinese|balkan|brazilian|british|bulgarian|caribbean|celtic"
    r"|chinese|christian|christmas|cuban|dutch|egyptian|english|european|french|german|greek|hawaiian|hebrew|hindi"
    r"|hungarian|indian|indonesian|iranian|irish|islamic|italian|jamaican|japanese|jewish|korean|latin|mexican|mongolian"
    r"|nepali|norwegian|persian|peruvian|polynesian|portuguese|punjabi|romanian|russian|scottish|serbian|spanish|swedish"
    r"|telugu|thai|tibetan|turkish|ukrainian|vietnamese|welsh)\b(?![^“]*”)"
)
# Words of pace, which a part is rather than sounds.
_PACE = re.compile(r"slow|fast|quick|rapid|tempo")
_NOUNISH = re.compile(
    r"(?:ness|ment|[ts]ion|ity|ance|ence|ism|hiss|hum|noise|reverb|echo|distortion|crackle|effects?|tail|rhythm|delay"
    r"|shuffle|phaser|flanger|riser|fuzz|wah|overdrive|tune|filter|sweep|tremolo|vibrato|groove|swing|pulse|contrast|riff)s?$"
)


def question(claim: Claim) -> str:
    """Return the question that asks whether `claim` holds, empty where its words make none that anybody would say."""
    asked = _asked(claim)
    if not asked:
        return ""
    if claim.from_s is not None and claim.dimension != "order":
        when = f"at {plain_number(claim.from_s)} seconds" if claim.to_s in {None, claim.from_s} else ""
        when = when or f"from {plain_number(claim.from_s)} to {plain_number(claim.to_s or 0.0)} seconds"
        asked = f"{asked[:-1]} {when}?"
    return _PEOPLES.sub(lambda name: name[0].title(), asked[:1].upper() + asked[1:])


def _asked(claim: Claim) -> str:
    special = _SPECIAL.get(claim.dimension, manner_question)
    if claim.number is not None and claim.dimension not in {"key", "metre"}:
        return _negate(with_number(claim, subject_words(claim.subject)), claim.negated)
    if claim.dimension == "key" and claim.number is not None:
        return _negate(f"Is the music in {claim.words}?", claim.negated)
    asked = special(claim)
    if asked:
        return asked
    noun = claim.dimension not in _ADJECTIVES_TOO or _is_noun(claim.words)
    if claim.negated and claim.dimension in NEGATED_FRAMES and noun:
        return NEGATED_FRAMES[claim.dimension].format(x=bare(claim.words))
    if claim.dimension in _HEARD:
        return _heard(claim)
    return _negate(_attribute(claim), claim.negated, subject_words(claim.subject))


_ADJECTIVES_TOO = frozenset(["fluency", "emotion", "noise", "room", "recording", "production", "timbre", "intonation"])


def _heard(claim: Claim) -> str:
    if (claim.dimension, claim.value) in VALUES:
        return VALUES[claim.dimension, claim.value]
    named = bare(claim.words)
    if claim.dimension == "event" and not claim.value and named.count(" ") > 5 and not _GERUND.search(named):
        return f"Is this heard: “{claim.words}”?"
    return f"Can you hear {claim.words}?"


_LONGEST_ROLE = 5
"""Words of a role with its article ("a customer service agent"); more are a clause."""


def _attribute(claim: Claim) -> str:
    subject = subject_words(claim.subject)
    words = claim.words
    role = claim.dimension == "style" and words.startswith(("a ", "an ")) and len(words.split()) <= _LONGEST_ROLE
    if not claim.value and claim.dimension == "style" and len(words.split()) > 2 and not role:
        return f"Is this heard: “{words}”?"
    if claim.dimension == "rate" and words.endswith(("minute", "wpm")):
        return f"Is the speech at {words}?"
    if role:
        return f"Does {'the speaker' if _ROLE.search(words) else 'it'} sound like {words}?"
    frame = _framed(claim, words)
    if frame is None and claim.dimension == "style":
        frame = VALUES.get(("style", claim.value))
    frame = frame or _felt(claim)
    if frame is None and (_awkward(words) or not words):
        return ""
    frame = frame or FRAMES.get(claim.dimension, "Does {s} sound {x}?")
    if claim.subject.kind in {"vocals", "music"}:
        frame = frame.replace("the speech", "the singing")
    subject = "it" if subject == "the sound" and frame.startswith("Does {s} sound") else subject
    if claim.dimension != "age":
        subject = _once(subject, words)
    return agreeing(frame.format(s=subject, x=words), subject)


def _once(subject: str, words: str) -> str:
    """Return the name of a subject without the words that are asked of it: "Do the (blaring) horns sound blaring?"."""
    article, *named = subject.split(" ")
    said = set(words.lower().split()) & {word.lower() for word in named[:-1]}
    return " ".join([article, *(word for word in named if word.lower() not in said)])


def _felt(claim: Claim) -> str | None:
    """Return the frame of what is heard in a voice, a piece or a recording: a noun ("fear"), or something held back."""
    if claim.dimension == "emotion" and _HOLDING.match(claim.words):
        return "Does {s} sound as if {x}?"
    in_subject = claim.dimension in {"emotion", "mood", "timbre"}
    last = claim.words.rpartition(" ")[2]
    noun = _is_noun(claim.words) if claim.dimension in {"emotion", "timbre"} else _NOUNISH.search(last)
    if not noun or claim.dimension not in {"emotion", "mood", "noise", "room", "production", "recording", "timbre"}:
        return None
    return "Can you hear {x} in {s}?" if in_subject else "Can you hear {x}?"


def _framed(claim: Claim, words: str) -> str | None:
    """Return the question of a value whose words don't follow "sounds", None where they do."""
    if claim.value == "pan" and claim.dimension == "transition":
        return _panned(words)
    if claim.dimension == "room" and _ROOM.search(words):
        return f"Does it sound as if recorded in {with_article(words, countable=True)}?"
    if claim.dimension == "rhythm" and words.startswith("every few"):
        return "Is {s} heard {x}?"
    if claim.dimension == "rhythm" and _NOW_AND_THEN.search(words):
        return "Is {s} heard only now and then?"
    sound = claim.subject.kind == "sound"
    paced = claim.subject.kind == "instrument" and claim.dimension == "rhythm" and _PACE.search(words)
    played = claim.subject.kind == "instrument" and claim.dimension == "style" and words.endswith("ed")
    if paced or played or (sound and _BY_MANNER.search(words) and claim.subject.words.endswith("ing")):
        return "Is {s} {x}?"  # "Is the bird pecking lightly?"
    muffled = sound and claim.dimension == "clarity"  # "Does the engine sound muffled?"
    told = (claim.dimension in NATURAL or muffled) and not _awkward(words)
    told = told and not (sound and claim.value in {"repeated", "rising", "falling"}) and claim.value != "accelerating"
    return None if told else VALUES.get((claim.dimension, claim.value))


# Rooms by name; what else is said of acoustics are adjectives and effects.
_ROOM = re.compile(
    r"\b(?:(?:bath|bed|class|living |shower )room|hallway|corridor|attic|basement|cellar|garage|container)$"
)


def _panned(words: str) -> str:
    moving = _MOVES.search(words)
    if moving is None and words.startswith(("to", "on", "in", "hard")):
        return "Is {s} heard {x}?"
    if words.startswith("from the"):
        return "Does {s} come {x}?"
    return "Does {s} move {x}?" if moving and len(words.split()) > 2 else "Does {s} move in the stereo image?"


def _is_noun(words: str) -> bool:
    last = words.rsplit(maxsplit=1)[-1] if words else ""
    if words.startswith(("full of ", "filled with ")) or _HOLDING.match(words):
        return False
    return (
        bool(_NOUNISH.search(last))
        or (last.endswith("s") and not last.endswith(("ous", "less", "ss")))
        or last in word_class("feeling_nouns")
        or last in {"rasp", "fry", "tremble", "static", "interference"}
    )


def _awkward(words: str) -> bool:
    """Whether words can't follow "sounds": phrases with prepositions, verbs, nouns of their own."""
    parts = words.lower().split()
    return (
        len(parts) > 3
        or (bool(parts) and parts[0] in {"in", "with", "at", "on", "of", "like", "as", "to", "the", "a", "an"})
        or (bool(parts) and parts[-1].endswith("s") and not parts[-1].endswith(("less", "ous", "ss")))
        or (len(parts) > 1 and parts[-1] in {"rhythm", "beat", "pulse"})
    )


def subject_words(subject: Subject) -> str:
    """Return how a question names what a claim is about."""
    return subject.words or VOICE[subject.kind]


# The subjects of the questions above, after the verb that asks.
_ASKED_OF = (
    r"there|it|this|you|the (?:speech|voice|speaker|singer|recording|production|"
    r"music|tempo|intonation|delivery|pitch|sound|singing)"
)


def _negate(asked: str, negated: bool, subject: str = "") -> str:
    """Return a question about something denied: "Does the voice not sound harsh?"."""
    if not negated:
        return asked
    first = f"{re.escape(subject)}|" if subject else ""
    return re.sub(rf"^(Is|Are|Does|Do|Can) ({first}{_ASKED_OF}|[\w-]+)\b", r"\1 \2 not", asked, count=1)


_CHILD = re.compile(r"\b(?:child|kid)(ren|s)?$", re.IGNORECASE)  # a name that says the age already


def _age(claim: Claim) -> str:
    if claim.words.endswith("ing") and not claim.negated:
        return f"Can you hear {claim.words}?"  # "a child speaking"
    if (
        claim.subject.words == "the speakers"
        and not claim.negated
        and (claim.value == "child" or is_plural(claim.words))
    ):
        return f"Do they sound like {claim.words if is_plural(claim.words) else 'children'}?"
    if claim.value == "child" and not claim.negated and (named := _CHILD.search(claim.subject.words)):
        return "Do they sound like children?" if named[1] else "Does it sound like the voice of a child?"
    return _negate(_attribute(claim), claim.negated, subject_words(claim.subject))


def _content(claim: Claim) -> str:
    doing = "sung" if claim.subject.kind == "vocals" else "spoken"
    if claim.value == "topic":
        if _GERUND.match(claim.words) and doing == "spoken" and " " in claim.words:
            return _negate(f"Can you hear {claim.subject.words or 'the speaker'} {claim.words}?", claim.negated)
        asked = f"Is the {'song' if doing == 'sung' else 'speech'} about {claim.words}?"
        return _negate(asked, claim.negated)
    words = claim.words.replace("“", "'").replace("”", "'")
    if claim.negated:
        return f"Are the words “{words}” never {doing}?"
    if claim.value == "word" or (" " not in words.strip() and not HAN.search(words)):
        return f"Is the word “{words}” {doing}?"
    who = claim.subject.words if claim.subject.words not in {"", "the voice"} else "the speaker"
    if claim.subject.which == 0 and who == "the speaker" and doing == "spoken":
        return f"Does the speaker say “{words}”?"
    return f"Are the words “{words}” {doing}?"


def _order(claim: Claim) -> str:
    first = subject_words(claim.subject)
    if claim.other is not None:
        return f"Do you hear {first} before {claim.other.words}?"
    if claim.from_s is not None:
        if claim.to_s in {None, claim.from_s}:
            return f"Can you hear {first} at {plain_number(claim.from_s)} seconds?"
        return f"Can you hear {first} from {plain_number(claim.from_s)} to {plain_number(claim.to_s or 0)} seconds?"
    where = {"start": "at the start", "end": "at the end", "middle": "in the middle"}.get(claim.place, claim.words)
    return _negate(f"Can you hear {first} {where}?", claim.negated)


def _together(claim: Claim) -> str:
    if claim.other is not None and claim.other.words == "each other":
        return f"Do {claim.subject.words} {'never ' if claim.negated else ''}talk over each other?"
    other = claim.other.words if claim.other is not None else "everything else"
    return f"Do you hear {subject_words(claim.subject)} and {other} at the same time?"


def _scene(claim: Claim) -> str:
    asked = f"Does it sound like {claim.words}?"
    return _negate(asked, claim.negated)


_MANNERS_OF_SPEAKING = ("drawl", "burr", "lilt", "brogue", "twang")


def _accent(claim: Claim) -> str:
    words = bare(claim.words)
    if claim.value not in {"", "dialect"} and words not in _MANNERS_OF_SPEAKING:  # named for a place
        words = words[:1].upper() + words[1:]
    if claim.negated:
        return f"Is the speech free of a {words}?"
    named = words if "accent" in words or words.endswith(("dialect", *_MANNERS_OF_SPEAKING)) else f"{words} accent"
    subject = "the speaker" if claim.subject.words.endswith("accent") else subject_words(claim.subject)
    return f"Does {subject} have {'an' if named[:1].lower() in 'aeiou' else 'a'} {named}?"


def _language(claim: Claim) -> str:
    name = (
        (claim.value or claim.words).title()
        if claim.value and claim.words.isascii() and len(claim.value) > 3
        else claim.words
    )
    words = re.sub(r"^(?:in |the |speaking |speaks )+|(?: language)$", "", claim.words) or name
    doing = "sung" if claim.subject.kind in {"vocals", "music"} else "spoken"
    return _negate(f"Is {words} {doing}?", claim.negated)


_LOW = re.compile(r"\b(?:lower|low|poor|bad|inferior|degraded)\b", re.IGNORECASE)


# What a voice comes out of, other than the telephones and radios that the value's own question names.
_THROUGH = re.compile(r"\b(?:intercom|loudspeaker|megaphone|television|walkie[- ]talkie)\b", re.IGNORECASE)


def _recording(claim: Claim) -> str:
    """Ask for the quality where the words name it, else for the recording they name."""
    through = _THROUGH.search(claim.words) if claim.value == "phone" else None
    asked = {
        "live": "Does it sound like a live recording?",
        "mono": "Is the recording in mono?",
        "stereo": "Is the recording in stereo?",
    }.get(claim.value, "")
    if through is not None:
        asked = f"Does it sound as if something comes over {with_article(through[0].lower(), countable=True)}?"
    if asked:
        return _negate(asked, claim.negated)
    if claim.negated:
        return f"Is the recording free of {bare(claim.words)}?"
    if claim.value == "degraded" and _LOW.search(claim.words):
        return "Is the recording of low quality?"
    if claim.value == "degraded":
        words = claim.words
        if words.endswith("recording") or words == "demo":
            return f"Does it sound like {with_article(words, countable=True)}?"
        described = words.endswith(("ed", "y")) or words in {"lo-fi", "lofi", "raw"}
        return f"Does the recording sound {words}?" if described else f"Can you hear {words} in the recording?"
    return _negate(_attribute(claim), claim.negated)


def _instrument(claim: Claim) -> str:
    if claim.value == "solo":
        return agreeing(f"Is {claim.subject.words or 'one instrument'} the only instrument?", claim.subject.words)
    if claim.negated and claim.words.startswith("other "):
        return "Are there no other instruments?"
    if claim.negated:
        return NEGATED_FRAMES["instrument"].format(x=bare(claim.words))
    return _heard(claim)


def _duration(claim: Claim) -> str:
    subject = subject_words(claim.subject)
    if claim.value == "long" and claim.words in {"sustained", "prolonged", "held"}:
        return _negate(agreeing(f"Is {subject} {claim.words}?", subject), claim.negated, subject)
    if claim.words.endswith(("bar", "bars", "beat", "beats", "measure", "measures")):
        return f"Is there a part of {claim.words}?"
    return _negate(_attribute(claim), claim.negated, subject)


_SPECIAL = {
    "speaker_sex": sex_question,
    "age": _age,
    "content": _content,
    "order": _order,
    "simultaneity": _together,
    "scene": _scene,
    "accent": _accent,
    "language": _language,
    "instrument": _instrument,
    "genre": genre,
    "tempo": tempo,
    "key": key,
    "mood": mood,
    "production": production,
    "rhythm": rhythm,
    "dynamics": dynamics,
    "structure": structure,
    "duration": _duration,
    "recording": _recording,
    "speaker_count": number_of_speakers,
}
