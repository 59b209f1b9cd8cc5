"""English yes/no questions as what they ask for: a statement as captions make it, or two sounds and how they stand."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Place
from audiojudge_cli.rubrics.english.pipeline import parsed

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

# What asks whether something is there, and whether it is not: "Is there (no) …", "Can you hear (any) …",
# "Does the clip contain (no) …", "Does the audio lack …".
_THERE = re.compile(
    r"^(?:(?:is|are|was|were) there|is it possible to hear"
    r"|(?:can|could|do|does|did) (?:you|one|we|the listener) (?:hear|notice)"
    r"|(?:does|do|did|has|have) (?:it|the (?:audio|clip|sound|recording|track|scene|music|song|piece)(?: clip)?)"
    r" (?:(?P<lacks>lack)|contain|include|feature|have))"
    r"(?: (?P<no>no|an absence of|never any)| any)?(?: (?:the )?sounds? of)? ",
    re.IGNORECASE,
)
# Says at the end, or of a number, that it is not heard: "Is thunder not heard?", "Are no screams audible?"
_UNHEARD = re.compile(
    r"^(?:is|are|was|were) (?:(?P<no>no) (?:sounds? of )?(?P<none>.+?)|(?P<what>.+?)(?: (?P<not>not|never))?)"
    r" (?:(?:being )?(?:heard|audible|present|perceptible|noticeable)|(?P<absent>absent))$",
    re.IGNORECASE,
)
# Says that it is heard and no more; between a thing and what it does ("a dog heard barking") as well as at the end.
_HEARD = re.compile(
    r"(?<!barely)(?<!hardly)\s+(?:clearly |actually |also |ever )?(?:(?:be|being) )?"
    r"(?:heard|audible|present|perceptible|noticeable)(?=\s+\w+ing\b|\s*$|\s+(?:in|on|at|from|over|under)\b)",
    re.IGNORECASE,
)
_OPENING = re.compile(r"^(?P<verb>is|are|was|were|does|do|did|has|have|can|could)\s+(?P<rest>.+)$", re.IGNORECASE)
# "Does the siren sound distant?": the tagger takes such verbs for nouns behind a noun.
_LINKS = re.compile(
    r"(?<!\bthe)(?<!\ba)(?<!\bthis)\s(?P<verb>sound|feel|seem|come|get|grow|become|have|last|stay|remain|start"
    r"|begin|stop|end|close|fade|move|pass)\b",
    re.IGNORECASE,
)
# What a thing is said not to be; the judge looks at the contrast itself.
_RATHER = re.compile(r"\s(?:rather than|instead of|as opposed to) .+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statement:
    """What a yes to a question would say.

    Attributes:
        text: A sentence or a phrase as captions have them.
        about: Characters at its start that only name what is asked about ("the siren" of "the siren sounds distant"):
            the question takes it for granted. 0 where it asks whether the thing is there.
        denied: Whether a yes says that it is not so; the text names what is not there.
    """

    text: str
    about: int = 0
    denied: bool = False


def statement(question: str, *, plain: bool = False) -> Statement:
    """Return a yes/no question as the statement or phrase that a yes would make true; others as they are.

    "Is a dog heard barking?" gives "a dog barking", "Does the siren sound distant?" "the siren sounds distant",
    "Is the accent American?" "the accent is American".

    Args:
        question: Any text.
        plain: Whether what sounds so is said to be so: a parser takes "the siren sounds" for several sounds.
    """
    body = _RATHER.sub("", " ".join(question.split()).strip(" ?."))
    if there := _THERE.match(body):
        thing, denied = _HEARD.sub("", body[there.end() :]), bool(there["no"] or there["lacks"])
        return Statement(f"some {thing}" if denied and not _ARTICLE.match(thing) else thing, denied=denied)
    unheard = _UNHEARD.match(body)
    if unheard is not None and (unheard["no"] or unheard["not"] or unheard["absent"]):
        return Statement(unheard["what"] or f"some {unheard['none']}", denied=True)
    bare = _HEARD.sub("", body)
    opening = _OPENING.match(bare)
    if opening is None:
        return Statement(body)
    verb, rest = opening["verb"].lower(), opening["rest"]
    if verb in {"does", "do", "did"}:
        told = _acted(bare, rest, verb, plain=plain)
    elif verb in {"is", "are", "was", "were"}:
        told = _told(bare, rest, verb)
    else:
        told = Statement(rest)
    return told if _GRANTED.match(told.text) else Statement(told.text)


# What a question takes for granted: "the singer", "his voice", "Lena", "singer two"; not "a dog".
_GRANTED = re.compile(
    r"(?:the|this|that|its|his|her|their|it|all|every\w*|(?-i:[A-Z])|\w+ (?:one|two|[ab12])\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Related:
    """Two sounds as a question names them, or one and where in the clip it is heard.

    Attributes:
        one: The words of the sound asked about.
        way: `before` or `after` the other, `together` with it; empty where it is asked for its place.
        other: The words of the other sound.
        place: Where it is heard, empty where it stands to another sound.
    """

    one: str
    way: str = ""
    other: str = ""
    place: Place = ""


_COMES = r"(?:come|occur|happen|appear|start|begin|enter|play|take place|(?:is |are )?heard)"
_ASKED = r"^(?:is|are|was|were|does|do|did|can|could) (?:you hear |there )?"
_JUST = r"(?: (?:right|just|immediately|directly|shortly|soon|only|always|then|clearly|be|in|up|off|out|on))*"
# "Does the bark come before the shot?", "Is the bark heard after …?", "Does the woman speak after …?"
_ORDER = re.compile(rf"{_ASKED}(?P<one>.+?)(?: {_COMES})?{_JUST} (?P<way>before|after) (?P<other>.+)$", re.IGNORECASE)
# "Is the bark followed by a shot?", "Does the shot follow the bark?"
_FOLLOWED = re.compile(
    rf"{_ASKED}(?P<one>.+?){_JUST} (?P<way>followed by|preceded by|precede|follow) (?P<other>.+)$", re.IGNORECASE
)
_WAYS = {"followed by": "before", "precede": "before", "preceded by": "after", "follow": "after"}
# "Do A and B overlap?", "Are A and B heard at the same time?"
_BOTH = re.compile(
    rf"{_ASKED}(?:both )?(?P<one>.+?) and (?P<other>.+?)(?: {_COMES})?"
    r" (?:overlap(?: each other)?|coincide|at (?:the same time|once)|simultaneous(?:ly)?|together|concurrent(?:ly)?)$",
    re.IGNORECASE,
)
# "Is A heard at the same time as B?", "Does A play while B …?", "Does A overlap with B?"
_WHILE = re.compile(
    rf"{_ASKED}(?P<one>.+?)(?: {_COMES})?"
    r" (?:at the same time as|simultaneously with|together with|while|during|over|overlap(?: with)?|alongside)"
    r" (?P<other>.+)$",
    re.IGNORECASE,
)
# "Does A come first?", "Is A the last sound heard?", "Is the first sound A?", "Does it end with A?"
_FIRST = re.compile(
    rf"{_ASKED}(?P<one>.+?)(?: {_COMES})?(?: the)? (?P<place>first|last)"
    r"(?: (?:sound|thing|event))?(?: heard| of all)?$",
    re.IGNORECASE,
)
_FIRST_IS = re.compile(
    r"^(?:is|are|was) the (?P<place>first|last|final) (?:sound|thing|event)s?(?: (?:heard|you hear))? (?P<one>.+)$",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"^(?:does|do|did) (?:it|the (?:audio|clip|recording|sound|sequence|scene|track|music|song|piece))"
    r" (?P<place>start|begin|open|end|close|finish|conclude)(?: off| up| out)? with (?P<one>.+)$",
    re.IGNORECASE,
)
_PLACES: dict[str, Place] = {
    **dict.fromkeys(["first", "start", "begin", "open"], "start"),
    **dict.fromkeys(["last", "final", "end", "close", "finish", "conclude"], "end"),
}


def related(question: str) -> Related | None:
    """Return the two sounds that a question of order or simultaneity names, or one and its place; None for others."""
    body = " ".join(question.split()).strip(" ?.")
    if match := _FOLLOWED.match(body):
        return Related(match["one"], _WAYS[match["way"].lower()], match["other"])
    if match := _ORDER.match(body):
        return Related(match["one"], match["way"].lower(), match["other"])
    if match := _BOTH.match(body) or _WHILE.match(body):
        return Related(match["one"], "together", match["other"])
    if match := _FIRST_IS.match(body) or _FIRST.match(body) or _OPENS.match(body):
        return Related(match["one"], place=_PLACES[match["place"].lower()])
    return None


def _acted(body: str, rest: str, auxiliary: str, *, plain: bool) -> Statement:
    """Return what somebody or something does."""
    doc = _parse(body)
    verbs = [token for token in doc if token.i > 1 and token.tag_ in {"VB", "VBP"}]
    links = [  # "have a swing feel" ends in a noun
        link for link in _LINKS.finditer(rest) if link.end() < len(rest) or link["verb"].lower() not in _COPULAR
    ]
    root = next((token for token in verbs if token.dep_ == "ROOT"), None)
    if links and (links[-1]["verb"].lower() in _COPULAR or (root is None)):
        at = links[-1 if links[-1]["verb"].lower() in _COPULAR else 0].start("verb")
    else:
        at = (root or next(iter(verbs), None) or _last_noun(doc)).idx - (len(body) - len(rest))
    word, _, after = rest[at:].partition(" ")
    acted = _third(word) if auxiliary == "does" else word
    if plain and word in _COPULAR and not _LIKENS.match(after):  # "the siren sounds distant": several sounds
        acted = "is" if auxiliary == "does" else "are"
    acted = _AVOIDS.sub("does not sound", f"{acted} {after}".strip())
    return Statement(f"{rest[:at]}{acted}", at)


# "avoids sounding sleepy" says it.
_AVOIDS = re.compile(r"^avoids? sounding\b", re.IGNORECASE)
_LIKENS = re.compile(r"(?:like|as|to)\b", re.IGNORECASE)
_COPULAR = frozenset({"sound", "feel", "seem"})


def _last_noun(doc: Doc) -> Token:
    """Return the last of the nouns a question opens with, which is the verb: "the phone ring exactly twice"."""
    last = doc[min(1, len(doc) - 1)]
    for token in doc[1:]:
        if token.pos_ in {"NOUN", "PROPN"}:
            last = token
        elif last.pos_ in {"NOUN", "PROPN"}:
            break
    return last


def _third(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return f"{verb}es"
    # -y behind a consonant becomes -ies: "cry", not "play"
    return f"{verb[:-1]}ies" if re.search(r"[^aeiou]y$", verb) else f"{verb}s"


_ARTICLE = re.compile(r"^(?:the|an?|any) ", re.IGNORECASE)
# Where what is said begins for certain, whatever the parser makes of it.
_SAYS = re.compile(
    r"(?<!,)\s(?:free (?:of|from)|without|not|never)\b"
    r"|\s(?:(?:much|far|slightly|a (?:bit|touch|little)) )?(?:(?:more|less) \w+|\w+er) than\b",
    re.IGNORECASE,
)


def _told(body: str, rest: str, copula: str) -> Statement:
    """Return what something is, or is doing."""
    doc = _parse(body)
    says = _SAYS.search(rest)
    if says is not None:
        return Statement(f"{rest[: says.start()]} {copula}{rest[says.start() :]}", says.start())
    doing = next((t for t in doc[2:] if t.tag_ == "VBG" and t.dep_ not in {"amod", "compound", "pcomp"}), None)
    if doing is not None and doing.nbor(-1).pos_ != "DET":
        return Statement(rest, doing.idx - 1 - (len(body) - len(rest)))
    end = _subject_end(doc)
    if end is None:
        return Statement(rest)
    cut = end.idx + len(end.text) - (len(body) - len(rest))
    return Statement(f"{rest[:cut]} {copula}{rest[cut:]}", cut)


_SEXES = frozenset({"male", "female"})
_NAMES_ITSELF = frozenset("music song genre piece track tempo pace accent key recording audio clip".split())  # noqa: SIM905
"""Nouns that nothing is compounded with when a question tells what they are, but "music box"."""


def _subject_end(doc: Doc) -> Token | None:
    """Return the last word of what a question with "is" is about, None where nothing is said of it."""
    if len(doc) < 3:
        return None
    opens, second = doc[1].lower_, doc[2]
    if opens == "it" or (opens == "this" and second.lower_ not in _NAMES_ITSELF):
        return doc[1]
    if opens in {"the", "this"} and second.lower_ in _NAMES_ITSELF and len(doc) > 3 and doc[3].lower_ != "box":
        return second
    subject = next((t for t in doc if t.dep_ in {"nsubj", "nsubjpass"} and t.i > 0), None)
    inner = [t.i for t in subject.subtree] if subject is not None else []
    if inner and max(inner) + 1 < len(doc) and min(inner) == 1:
        end = doc[max(inner)]
    else:
        # "the accent American" taken for one phrase: its first noun is what is asked about
        noun = next((t for t in doc if t.i > 1 and t.pos_ in {"NOUN", "PROPN"}), second)
        if opens != "the" or len(doc) < 4:
            return None
        end = noun if noun.i + 1 < len(doc) else second
    while end.i + 2 < len(doc) and doc[end.i + 1].pos_ in {"NOUN", "PROPN"}:
        end = doc[end.i + 1]  # "the carriage bell absent"
    while end.i > 2 and (not end.whitespace_ or end.nbor(-1).text == "-" or end.pos_ == "ADJ" or end.lower_ in _SEXES):
        end = end.nbor(-1)  # "the guitar palm-muted", "the clock quieter than …"
    return end


def _parse(text: str) -> Doc:
    return next(parsed([f"{text}?"]))[:-1].as_doc()
