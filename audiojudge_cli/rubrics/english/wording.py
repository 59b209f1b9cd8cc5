"""English claims as yes/no questions, natural enough to be read aloud; yes means that the caption is satisfied.

What is asked lies in `rubrics/function/english_questions.yaml`; here a claim is matched with its row there, and what
no row takes, a quality in the words of the caption, is put into a frame.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.english.forms import agreeing, article, bare, is_plural, with_article
from audiojudge_cli.rubrics.templates import chosen, templates
from audiojudge_cli.rubrics.word_class import word_class

# Names of peoples, languages and feasts, which keywords write small.
_PEOPLES = re.compile(
    r"\b(?:african|american|arabic|arabian|asian|australian|balinese|balkan|brazilian|british|bulgarian|caribbean|celtic"
    r"|chinese|christian|christmas|cuban|dutch|egyptian|english|european|french|german|greek|hawaiian|hebrew|hindi"
    r"|hungarian|indian|indonesian|iranian|irish|islamic|italian|jamaican|japanese|jewish|korean|latin|mexican|mongolian"
    r"|nepali|norwegian|persian|peruvian|polynesian|portuguese|punjabi|romanian|russian|scottish|serbian|spanish|swedish"
    r"|telugu|thai|tibetan|turkish|ukrainian|vietnamese|welsh|rhodes|hammond|wurlitzer|moog)\b(?![^“]*”)"
)


_TIMES = {"start": "at the start", "middle": "in the middle", "end": "at the end"}


# "the my cat": an owner stands where the article would; what is quoted stays as it was said.
_OWNED = re.compile(r"\b(?:an?|the) (?=(?:my|your|our|his|her|their|its) )(?![^“]*”)")
# "a -mouse": a name whose first half the parser took for something else names nothing.
_TORN = re.compile(r"(?<!\S)-(?!\d)\w(?![^“]*”)")


def question(claim: Claim) -> str:
    """Return the question that asks whether `claim` holds, empty where its words make none that anybody would say."""
    asked = _OWNED.sub("", _asked(claim))
    if not asked or _TORN.search(asked):
        return ""
    if claim.place in _TIMES and claim.dimension not in {"order", "duration"} and claim.number is None:
        asked = f"{asked[:-1]} {_TIMES[claim.place]}?"
    if claim.from_s is not None and claim.dimension != "order":
        moment = claim.to_s in {None, claim.from_s}
        span = f"from {_plain(claim.from_s)} to {_plain(claim.to_s or 0.0)}"
        asked = f"{asked[:-1]} {f'at {_plain(claim.from_s)}' if moment else span} seconds?"
    return _PEOPLES.sub(lambda name: name[0].title(), asked[:1].upper() + asked[1:])


def _asked(claim: Claim) -> str:
    row = chosen(templates("english")[0], _keys(claim), claim.words)
    if row is None:
        return _negate(_attribute(claim), claim.negated, subject_words(claim.subject))
    key, template, found = row
    slots = Slots(replace(claim, words=found["x"]) if "x" in found else claim)
    asked = template.format_map(slots)
    for slot in ("s", "of", "it", "who"):
        if f"{{{slot}}}" in template:
            asked = agreeing(asked, slots[slot])
    return asked if key.startswith("-") else _negate(asked, claim.negated, slots["s"])


def _keys(claim: Claim) -> list[str]:
    """Return where the rows for a claim stand, the most special key first."""
    name, kind, value = claim.dimension, claim.subject.kind, claim.value
    if claim.number is not None:
        counted = f"{name}#{claim.number:g}"
        told = [f"{name}#/{value}@{claim.place}", f"{name}#/{value}", f"{name}#/{claim.comparator}", f"{name}#", "#"]
        return [f"{counted}/{claim.comparator}", counted, *told]
    forms = [form for form in _forms_asked(name) if _FORMS[form](claim)]
    denied = [f"-{name}/{value}", f"-{name}/{kind}", *(f"-{name}:{form}" for form in forms), f"-{name}"] * claim.negated
    timed = [f"{name}+"] if claim.other is not None else []
    if claim.from_s is not None:
        timed.append(f"{name}@{'moment' if claim.to_s in {None, claim.from_s} else 'span'}")
    said = [f"{name}/{value}/{kind}", f"{name}/{kind}", f"{name}/{value}", *(f"{name}:{form}" for form in forms)]
    return [*denied, *timed, *said, f"{name}@{claim.place}", name]


@cache
def _forms_asked(dimension: str) -> list[str]:
    """Return the forms of words that decide how claims of a dimension are asked."""
    keys = [key.removeprefix("-").partition(":") for key in templates("english")[0]]
    return [form for form in _FORMS if any(name == dimension and form == own for name, _, own in keys)]


# Endings of nouns that name a feeling: a piece conveys it.
_FEELING = re.compile(r"(?:ness|[ts]ion|ity|alia|ment|ism)$")
# Names that say the age already.
_CHILD = re.compile(r"\b(?:child|kid|boy|girl)(?: voice)?$", re.IGNORECASE)
_CHILDREN = re.compile(r"\b(?:children|kids)(?:'s?)?(?: choir| chorus| voices)?$", re.IGNORECASE)


def _piece(words: str) -> str:
    """Return a kind of piece with its article, one of several ("love songs"), and nothing for a kind of music."""
    name = bare(words)
    last = name.rpartition(" ")[2].lower()
    if last.removesuffix("s") in word_class("pieces") and last not in word_class("pieces"):
        name, last = name[:-1], last[:-1]
    piece = last in word_class("pieces") and not name.startswith("in the style")
    return f"{article(name)} {name}" if piece else ""


class Slots(Mapping[str, str]):
    """What the slots of a template stand for, each made when it is asked for."""

    def __init__(self, claim: Claim) -> None:
        self._claim = claim

    def __getitem__(self, name: str) -> str:
        """Return the words for a slot."""
        return _SLOTS[name](self._claim)

    def __iter__(self) -> Iterator[str]:
        """Yield the names of all slots."""
        return iter(_SLOTS)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(_SLOTS)


# Nouns for several who sing; "male vocals" may be one man's.
_SINGERS = re.compile(r"choir|singers|vocalists|rappers|voices|duet|group")


def _singer(subject: Subject, *, several: bool = False) -> str:
    """Return how a question names who sings, nothing for other subjects."""
    one = "rapper" if "rapper" in subject.words else "singer"
    many = several and _SINGERS.search(subject.words)
    return f"the {one}{'s' if many else ''}" if subject.kind == "vocals" else ""


def _named(subject: Subject) -> str:
    return "the speaker" if subject.words.endswith(("accent", "accents")) else subject_words(subject)


def _is_unnamed(subject: Subject) -> bool:
    return subject.words in {"", "the voice", "the speaker"}


def _is_feeling(noun: str) -> bool:
    return noun in word_class("feelings") or _FEELING.search(noun) is not None


_MANNERS_OF_SPEAKING = ("drawl", "burr", "lilt", "brogue", "twang")


def _accent(claim: Claim) -> str:
    words = re.sub("accents$", "accent", bare(claim.words))
    if claim.value not in {"", "dialect"} and words not in _MANNERS_OF_SPEAKING:  # named for a place
        words = words[:1].upper() + words[1:]
    if claim.negated:
        return words
    named = words if "accent" in words or words.endswith(("dialect", *_MANNERS_OF_SPEAKING)) else f"{words} accent"
    return f"{'an' if named[:1].lower() in 'aeiou' else 'a'} {named}"


_COMPARED = {
    "at_least": "at least ",
    "at_most": "at most ",
    "more": "more than ",
    "less": "less than ",
    "about": "about ",
    "exactly": "exactly ",
}
_MINUTE = 60  # seconds; whole minutes are said as minutes


def _amount(claim: Claim) -> str:
    number = claim.number or 0.0
    if claim.unit == "voices" and number == 1:
        return f"{_COMPARED.get(claim.comparator, '')}one"
    if claim.comparator == "between" and claim.upper is not None:
        return f"between {_plain(number)} and {_plain(claim.upper)}"
    return _COMPARED.get(claim.comparator, "") + _plain(number / _MINUTE if _in_minutes(claim) else number)


def _in_minutes(claim: Claim) -> bool:
    number = claim.number or 0.0
    return claim.unit == "s" and claim.upper is None and number >= _MINUTE and number % _MINUTE == 0


def _unit(claim: Claim) -> str:
    value = claim.upper if claim.upper is not None else claim.number or 0.0
    if _in_minutes(claim):
        return "minute" if value == _MINUTE else "minutes"
    return "second" if value == 1 else "seconds"


def _plain(value: float) -> str:
    return f"{value:g}" if value < 1e6 else f"{value:.0f}"


# Endings of nouns that name somebody by what he or she does.
_ROLE = re.compile(r"(?:(?<!trail)[eo]r|ist|ian|ant|man|woman|guide|coach|host|villain|anchor)$")


# "holding back tears": what somebody sounds as if doing.
_HOLDING = re.compile(r"\w+ing (?!tone|voice)\w+ ")


# Adverbs that say how something is done.
_BY_MANNER = re.compile(r"(?:ly|hard|fast)$")


# Words of pace, which a part is rather than sounds.
_PACE = re.compile(r"slow|fast|quick|rapid|tempo")
_NOUNISH = re.compile(
    r"(?:ness|ment|[ts]ion|ity|ance|ence|ism|hiss|hum|noise|reverb|echo|distortion|crackle|effects?|tail|rhythm|delay"
    r"|shuffle|phaser|flanger|riser|fuzz|wah|overdrive|tune|filter|sweep|tremolo|vibrato|groove|swing|pulse|contrast|riff)s?$"
)


_NATURAL = frozenset({"emotion", "timbre", "mood", "personality", "genre", "intensity", "style", "rhythm"})
"""Dimensions whose words follow "sounds" as they are."""
_LONGEST_ROLE = 5
"""Words of a role with its article ("a customer service agent"); more are a clause."""


def _attribute(claim: Claim) -> str:
    subject = subject_words(claim.subject)
    words = claim.words
    role = claim.dimension == "style" and words.startswith(("a ", "an ")) and len(words.split()) <= _LONGEST_ROLE
    role = role and claim.value not in {"whisper", "shout", "murmur"}
    if not claim.value and claim.dimension == "style" and len(words.split()) > 2 and not role:
        return f"Is this heard: “{words}”?"
    if role:
        return f"Does {'the speaker' if _ROLE.search(words) else 'it'} sound like {words}?"
    tables = templates("english")[1]
    frame = _framed(claim, words)
    if frame is None and claim.dimension == "style":
        frame = tables["values"].get(f"style/{claim.value}")
    frame = frame or _felt(claim)
    if frame is None and (_awkward(words) or not words):
        return ""
    frame = frame or tables["frames"].get(claim.dimension, "Does {s} sound {x}?")
    if claim.subject.kind in {"vocals", "music"}:
        frame = frame.replace("the speech", "the singing")
    subject = "it" if subject == "the sound" and frame.startswith("Does {s} sound") else subject
    if claim.dimension != "age":
        subject = _once(subject, words)
    return agreeing(frame.format(s=subject, x=words), subject)


def _once(subject: str, words: str) -> str:
    """Return the name of a subject without the words that are asked of it: "Do the (blaring) horns sound blaring?"."""
    first, *named = subject.split(" ")
    said = set(words.lower().split()) & {word.lower() for word in named[:-1]}
    return " ".join([first, *(word for word in named if word.lower() not in said)])


def _felt(claim: Claim) -> str | None:
    """Return the frame of what is heard in a voice, a piece or a recording: a noun ("fear"), or something held back."""
    in_subject = claim.dimension in {"emotion", "mood", "timbre"}
    last = claim.words.rpartition(" ")[2]
    noun = _is_noun(claim.words) if claim.dimension in {"emotion", "timbre"} else _NOUNISH.search(last)
    if not noun or claim.dimension not in {"emotion", "mood", "noise", "room", "production", "recording", "timbre"}:
        return None
    return "Can you hear {x} in {s}?" if in_subject else "Can you hear {x}?"


def _framed(claim: Claim, words: str) -> str | None:
    """Return the question of a value whose words don't follow "sounds", None where they do."""
    sound = claim.subject.kind == "sound"
    paced = claim.subject.kind == "instrument" and claim.dimension == "rhythm" and _PACE.search(words)
    played = claim.subject.kind == "instrument" and claim.dimension == "style" and words.endswith("ed")
    done = claim.subject.words.endswith("ing") or " being " in claim.subject.words
    if paced or played or (sound and _BY_MANNER.search(words) and done):
        return "Is {s} {x}?"  # "Is the bird pecking lightly?"
    muffled = sound and claim.dimension == "clarity"  # "Does the engine sound muffled?"
    told = (claim.dimension in _NATURAL or muffled) and not _awkward(words)
    told = told and not (sound and claim.value in {"repeated", "rising", "falling"}) and claim.value != "accelerating"
    told = told or (claim.dimension in _GRADED and _HEDGED.match(words) is not None)
    return None if told else templates("english")[1]["values"].get(f"{claim.dimension}/{claim.value}")


_GRADED = frozenset(
    {"rate", "tempo", "pitch", "volume", "clarity", "room", "noise", "distance", "fluency", "intonation", "recording"}
)
# What makes a quality less than it would be without: "slightly fast" is not yet fast.
_HEDGED = re.compile(
    r"(?:slightly|somewhat|fairly|a (?:bit|little|touch|tad)|moderately|mildly|almost|nearly|not \w+) "
)


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
    if _HEDGED.match(words):
        return _awkward(_HEDGED.sub("", words))
    return (
        len(parts) > 3
        or (bool(parts) and parts[0] in {"in", "with", "at", "on", "of", "like", "as", "to", "the", "a", "an"})
        or (bool(parts) and parts[-1].endswith("s") and not parts[-1].endswith(("less", "ous", "ss")))
        or (len(parts) > 1 and parts[-1] in {"rhythm", "beat", "pulse", "groove", "feel", "swing"})
    )


def subject_words(subject: Subject) -> str:
    """Return how a question names what a claim is about."""
    return subject.words or str(templates("english")[1]["kinds"][subject.kind])


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


_FORMS: Mapping[str, Callable[[Claim], bool]] = {
    "noun": lambda claim: _is_noun(claim.words),
    "piece": lambda claim: _piece(claim.words) != "",
    "feeling": lambda claim: not claim.negated and _is_feeling(claim.words.rpartition(" ")[2]),
    "mutual": lambda claim: claim.other is not None and claim.other.words == "each other",
    "anyone": lambda claim: claim.subject.kind != "vocals" and claim.subject.which == 0 and _is_unnamed(claim.subject),
    "speakers": lambda claim: (
        claim.subject.words == "the speakers" and (claim.value == "child" or is_plural(claim.words))
    ),
    "children": lambda claim: claim.value == "child" and _CHILDREN.search(claim.subject.words) is not None,
    "child": lambda claim: claim.value == "child" and _CHILD.search(claim.subject.words) is not None,
}
"""What the words of a claim are, or whom it is about, as far as that decides how it is asked."""
_SLOTS: Mapping[str, Callable[[Claim], str]] = {
    "x": lambda claim: claim.words,
    "bare": lambda claim: bare(claim.words),
    "a": lambda claim: with_article(claim.words, countable=not is_plural(claim.words)),
    "is": lambda claim: "Are" if is_plural(claim.words) else "Is",
    "s": lambda claim: _named(claim.subject),
    "of": lambda claim: _once(_named(claim.subject), claim.words),
    "it": lambda claim: _named(claim.subject) if claim.subject.words else "it",
    "span": lambda claim: "it" if claim.subject.kind in {"clip", "speaker", "music"} else _named(claim.subject),
    "other": lambda claim: claim.other.words if claim.other is not None else "everything else",
    "n": _amount,
    "every": lambda claim: re.sub(r"^between (.+) and ", r"\1 to ", _amount(claim).removeprefix("about ")),
    "u": _unit,
    "value": lambda claim: claim.value,
    "who": lambda claim: _singer(claim.subject, several=True) or "the speaker",
    "one": lambda claim: "singer" if claim.subject.kind == "vocals" else "speaker",
    "voice": lambda claim: _singer(claim.subject) or "the voice",
    "speaker": lambda claim: claim.subject.words or "the speaker",
    "verb": lambda claim: "sung" if claim.subject.kind in {"vocals", "music"} else "spoken",
    "song": lambda claim: "song" if claim.subject.kind in {"vocals", "music"} else "speech",
    "they": lambda claim: claim.words if is_plural(claim.words) else "children",
    "quoted": lambda claim: claim.words.replace("“", "'").replace("”", "'"),
    "accent": _accent,
    "piece": lambda claim: _piece(claim.words),
    "from": lambda claim: _plain(claim.from_s or 0.0),
    "to": lambda claim: _plain(claim.to_s or 0.0),
}
