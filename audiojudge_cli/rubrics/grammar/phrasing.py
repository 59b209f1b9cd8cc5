"""Turns a claim into a yes/no question; yes always means that the caption is satisfied."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from functools import cache, lru_cache

from audiojudge_cli.rubrics.grammar import asking_en, asking_zh, wording_zh
from audiojudge_cli.rubrics.grammar.naming import definite, happening, naming, participle
from audiojudge_cli.rubrics.grammar.neighbours import Relation
from audiojudge_cli.rubrics.grammar.pieces import Claim
from audiojudge_cli.rubrics.grammar.wording import echo, how_long, in_own_words, manner, part_of, place, verb, years
from audiojudge_cli.rubrics.stems import HAN, adverb
from audiojudge_cli.rubrics.stems import words as split
from audiojudge_cli.rubrics.vocabulary import dimensions, table

_NEGATIVE_ZH = re.compile(r"[不没无未别非]")
_CUE = re.compile(
    r"^(?:(?:nothing|no|not|without|never|any|avoid|free of|don'?t|don’t|do not|nor|neither|absolutely|a|an|the)\b"
    r"|没有|毫无|不要有?|不能有?|不得|不带|不含|没|别|无|不|未|任何|太|过于|避免)\s*",
    re.IGNORECASE,
)
_TOPIC_ZH = re.compile(r"^(?:语速|音量|音高|音调|语调|声音|速度|节奏|音色|嗓音|嗓门|声线|调性|拍号)(?=.)")
_NOUNS_ZH = frozenset(["event", "instrument", "content", "component", "scene", "genre", "key", "count", "order"])
_VOICE = re.compile(r"^voice (?=\w)|(?<=\w) voice$")
_MARKS = re.compile(r"[“”\"]")
_THERE = frozenset(["event", "instrument"])
_BEHIND = frozenset(["behind", "underneath", "beneath", "under"])
_MAY_DENY = frozenset(["noise", "room", "vocals", "fluency", "recording"])
_NONE = re.compile(r"(?:no|without|free of)\b|没有|不含|无(?!伴奏)", re.IGNORECASE)
_THINGS = frozenset(["event", "instrument", "component", "scene", "content", "language", "noise"])
_NAMES = frozenset(["instrument", "content", "scene", "language"])
_IMPERATIVE = re.compile(
    r"^(?:use|add|include|have|make it|make|put(?: in)?|let|be|being|any|a|an|the)\b\s*", re.IGNORECASE
)
_PROPER = frozenset(["language", "accent", "genre", "content"])
_PLAIN_SEX = frozenset(
    {"man", "woman", "men", "women", "male voice", "男人", "女人", "男声", "女声", "男", "女", "男生", "女生"}
)
_SUBJECTS = frozenset(["event", "instrument", "vocals"])


def question(claim: Claim, text: str, language: str, *, subject: str = "", many: bool = False) -> str:
    """Return the question for `claim`.

    Args:
        claim: What the caption says.
        text: Its words, as written.
        language: Language to ask in, `en` or `zh`.
        subject: Name of the sound or instrument that the claim describes, as written in the caption.
        many: Whether several people speak.
    """
    spoken = " ".join(text.split())
    chinese = language == "zh"
    if claim.dimension in _THERE and not chinese and not claim.negated and spoken.isascii() and claim.value != "solo":
        return _there(claim.dimension, spoken)
    term, foreign = _term(claim, spoken, language)
    slots = defaultdict(
        str,
        words=_unquote(spoken) if claim.dimension != "content" else _quoted(spoken),
        x=term,
        said=f"（“{spoken}”）" if chinese else f" (“{spoken}”)",
        subject=_subject(claim, subject, chinese=chinese),
        **_grammar(claim.context, chinese=chinese, many=many),
    )
    special = _special(claim, spoken, slots, chinese=chinese)
    if special:
        return special
    if not chinese and not foreign and not claim.kind and not claim.negated:
        about = {"subject": slots["subject"], "context": claim.context, "named": subject, "never": ""}
        asked = in_own_words(claim.dimension, claim.value, spoken, about)
        if asked:
            return _agreeing(asked, subject)
    frame = _frame_of(claim, spoken, slots, chinese=chinese)
    if chinese:
        _fill_zh(claim, slots)
        if claim.dimension == "tempo" and claim.kind == "number":
            slots["x"] = f"为{term}"
    else:
        _fill(claim, frame, spoken, subject, slots)
    if "{is_are}" in frame:
        if slots["x"].startswith("lots of"):
            slots["x"] = f"a {slots['x'].replace('lots', 'lot', 1)}"
        named, plural = naming(happening(slots["x"]) if claim.dimension == "event" else slots["x"])
        slots["x"], slots["is_are"] = named, "Are" if plural else "Is"
    if chinese and not foreign and _NEGATIVE_ZH.search(slots["x"]) and "“{" not in frame:
        slots["x"] = f"“{slots['x']}”"
    asked = frame.format_map(slots)
    return asked if chinese else _agreeing(asked, subject)


def _fill(claim: Claim, frame: str, spoken: str, subject: str, slots: dict[str, str]) -> None:
    """Fill the slots that only some English frames have."""
    for name, make in _wanted(frame):
        slots[name] = make(spoken) if spoken.isascii() or not HAN.search(spoken) else slots["x"]
    if frame == "{length}":
        slots["length"] = how_long(spoken, slots["subject"] if subject else "it")
    slots["manner"] = manner(claim.context)
    if claim.dimension == "rhythm":
        slots["x"] = re.sub(r"^(?:struck|played|hit|heard) ", "", slots["x"])
    if claim.dimension == "count":
        _fill_count(spoken, subject, slots)


def _there(dimension: str, spoken: str) -> str:
    """Return the commonest question: whether a sound or an instrument is there."""
    term = _adjective(spoken)
    if term.startswith("lots of"):
        term = f"a {term.replace('lots', 'lot', 1)}"
    named, plural = naming(happening(term) if dimension == "event" else term)
    return f"{'Are' if plural else 'Is'} {named} {'audible' if dimension == 'event' else 'playing'}?"


@cache
def _wanted(frame: str) -> tuple[tuple[str, Callable[[str], str]], ...]:
    made = {"place": place, "years": years, "echo": echo, "part": part_of}
    return tuple((name, make) for name, make in made.items() if f"{{{name}}}" in frame)


def _fill_zh(claim: Claim, slots: dict[str, str]) -> None:
    """Fill the slots that only some Chinese frames have."""
    words, subject = slots["x"], slots["subject"]
    if claim.dimension == "count":
        slots["count"] = wording_zh.count(slots["words"], subject)
    elif claim.dimension == "pitch":
        slots["pitch"] = wording_zh.pitch(subject, words)
    elif claim.dimension == "rhythm":
        slots["rhythm"], slots["x"] = wording_zh.rhythm(subject, words)
    elif claim.dimension == "transition":
        slots["change"] = wording_zh.change(words)
    elif claim.dimension == "duration":
        slots["length"] = wording_zh.length(subject, words, number=claim.kind == "number")
    elif claim.dimension == "room":
        slots["echo"] = wording_zh.echo(words)
        slots["x"] = re.sub(r"^(?:房间|空间)(?=.)", "", words) if claim.value == "dry" or not claim.value else words
    elif claim.dimension in {"accent", "volume"}:
        slots[claim.dimension] = wording_zh.accent(words) if claim.dimension == "accent" else wording_zh.volume(words)
    elif claim.dimension == "style":
        slots["style"] = wording_zh.style(words, claim.context)
    elif claim.dimension == "clarity":
        slots["clear"] = "吐字" if claim.context == "speech" else subject


_TIMES = re.compile(
    r"\s*((?:at least|at most|about|around|only|exactly|just)\s+)?((?:once|twice|thrice)|\S+ times)$", re.IGNORECASE
)


def _fill_count(spoken: str, subject: str, slots: dict[str, str]) -> None:
    """Name the sound that is counted and keep the caption's number as it is."""
    times = _TIMES.search(spoken)
    said = spoken[: times.start()] if times else ""
    named, plural = naming(happening(said or subject)) if said or subject else ("it", False)
    slots["is_that"] = f"{'Are' if plural else 'Is'} {named}"
    about = (times.group(1) or "").strip().lower() if times else ""
    slots["exactly"] = about if about.startswith(("at ", "about", "around")) else "exactly"
    slots["number"] = times.group(2).lower() if times else f"as often as in “{spoken}”"
    slots["one"] = re.sub(
        r"^(?:a single|just one|exactly one|only one|single|one|only a single) ", "", spoken, flags=re.IGNORECASE
    )


def _agreeing(asked: str, subject: str) -> str:
    """Return a question with its verb in the number of its subject, "it" in place of "the sound" where it sounds."""
    if subject and _many(subject):
        the = re.escape(definite(subject))
        asked = re.sub(rf"^Is (?={the}\b)", "Are ", re.sub(rf"^Does (?={the}\b)", "Do ", asked))
    return asked.replace("Does the sound sound", "Does it sound") if "sound sound" in asked else asked


@lru_cache(64)  # the claims of a caption share their subjects
def _many(subject: str) -> bool:
    return naming(happening(subject))[1]


def _special(claim: Claim, spoken: str, slots: dict[str, str], *, chinese: bool) -> str:
    """Return the question of claims that are asked in a way of their own, or nothing."""
    frames = asking_zh if chinese else asking_en
    if claim.kind == "else":
        return str(frames.NOTHING_ELSE[claim.value])
    if claim.kind == "range":
        slots["x"] = " ".join(claim.phrase.split())
        return str(frames.RANGE[claim.dimension].format_map(slots))
    if claim.negated or (claim.dimension in _MAY_DENY and _NONE.match(spoken)):
        term = slots["x"]
        slots["x"] = slots["words"] = _denied_words(term, chinese=chinese) or term
        if claim.dimension == "content":
            slots["words"] = spoken
        elif not chinese:
            asked = _never(claim, slots)
            if asked:
                return asked
        return str(frames.DENIED.get(claim.dimension, frames.DENIED_ELSE).format_map(slots))
    return ""


def _denied_words(term: str, *, chinese: bool) -> str:
    """Return what is denied, without the words that deny it."""
    if chinese:
        return _CUE.sub("", _CUE.sub("", term))
    bare = re.sub(
        r"^nothing\b",
        "anything",
        re.sub(r"^(?:nobody|no one)\b", "anyone", term, flags=re.IGNORECASE),
        flags=re.IGNORECASE,
    )
    if bare.startswith("anyone "):
        _, does, *rest = bare.split(" ")
        return " ".join(["anyone", participle(does.removesuffix("s")), *rest])
    return _IMPERATIVE.sub("", _CUE.sub("", _CUE.sub("", bare)))


def _never(claim: Claim, slots: dict[str, str]) -> str:
    """Return the English question about a denied quality or happening, or nothing where a thing is denied."""
    words = slots["x"]
    if claim.dimension == "noise" and words.lower() in {"none", "no"}:
        return "Is the recording free of background noise?"
    if re.match(r"anyone (?:speak|talk)ing$", words, re.IGNORECASE):
        return "Is the audio free of speech?"
    if re.search(r"(?:talk|speak)\w* over each other|overlap", words, re.IGNORECASE):
        return "Do the speakers never talk over each other?"
    about = {"subject": slots["subject"], "context": claim.context, "named": "", "never": "never "}
    asked = in_own_words(claim.dimension, "", words, about) if claim.dimension not in _THINGS else ""
    if not asked and verb(words.split(" ")[0]) == words.split(" ")[0].lower() and claim.dimension not in _NAMES:
        doer = "the speaker" if claim.context == "speech" else slots["subject"]
        return f"Does {doer} never {words}?"
    if not asked and claim.dimension in {"event", "style"} and words.lower() in {"shout", "yell", "scream", "whisper"}:
        return f"Is the audio free of {words.lower()}ing?"
    return asked


def _frame_of(claim: Claim, spoken: str, slots: dict[str, str], *, chinese: bool) -> str:
    """Return the frame that fits, and empty the slot of the caption's words where the frame has them already."""
    frames = asking_zh if chinese else asking_en
    frame = frames.BY_VALUE.get(claim.dimension, {}).get(claim.value)
    if frame is None:
        if claim.dimension == "metre":
            slots["x"], slots["said"] = (claim.value or spoken), ("" if not claim.value else slots["said"])
        return str(frames.PLAIN.get(claim.dimension, frames.PLAIN["style"]))
    if (
        _says(frame, spoken)
        or spoken.lower() in _BEHIND
        or (claim.dimension == "speaker_sex" and spoken.lower() in _PLAIN_SEX)
    ):
        slots["said"] = ""
    return str(frame)


def relation_question(relation: Relation, language: str) -> str:
    """Return the question about two sounds that stand in a relation (see `neighbours.related`)."""
    chinese = language == "zh"
    frames = asking_zh if chinese else asking_en
    first, second = relation.first, relation.second
    if relation.kind == "over":
        first = (first if chinese else definite(first)) if first else frames.VOICE
        second = (second if chinese else definite(second)) if second else frames.ALL_ELSE
    if chinese:
        return str(frames.RELATED[relation.kind].format(first=_mark(first), second=_mark(second)))
    many, others = naming(first)[1], naming(second)[1]
    return str(
        frames.RELATED[relation.kind].format(
            first=first,
            second=second,
            does="Do" if many else "Does",
            is_first="Are" if many else "Is",
            is_second="Are" if others else "Is",
        )
    )


def _mark(words: str) -> str:
    """Return words that hold a negative sign in quotes, so that the question itself stays affirmative."""
    return f"“{words}”" if _NEGATIVE_ZH.search(words) and not words.startswith("“") else words


def _says(frame: str, spoken: str) -> bool:
    """Whether a frame already holds the caption's own words."""
    bare, stems = _frame(frame)
    return (spoken in bare) if HAN.search(spoken) else all(word.stem in stems for word in split(spoken))


@cache
def _frame(frame: str) -> tuple[str, frozenset[str]]:
    bare = frame.split("{said}", maxsplit=1)[0].lower()
    return bare, frozenset(word.stem for word in split(bare))


def _term(claim: Claim, spoken: str, language: str) -> tuple[str, bool]:
    """Return the caption's words as a term of the asked language, and whether they had to be translated."""
    foreign = (not spoken.isascii() and HAN.search(spoken) is not None) != (language == "zh")
    if claim.dimension == "key" and claim.kind == "number":
        return re.sub(r"^in (?:the key of )?", "", spoken, flags=re.IGNORECASE), False
    if claim.dimension == "accent" and language == "en" and not foreign:
        return re.sub(r" accent$", "", spoken, flags=re.IGNORECASE), False
    if claim.kind == "number" or not foreign:
        if language == "zh" and claim.dimension not in _NOUNS_ZH:
            return _TOPIC_ZH.sub("", spoken) or spoken, False
        plain = language != "en" or claim.dimension in _PROPER
        return (spoken if plain else _adjective(spoken)), False
    listed = table(claim.dimension).get(claim.value) if claim.dimension in dimensions() else None
    column = listed[1 if language == "zh" else 0] if listed else ()
    if column and column[0]:
        return (f"{column[0]}（“{spoken}”）" if language == "zh" else f"{column[0]} (“{spoken}”)"), True
    return f"“{spoken}”", True


@cache
def _adverbs() -> dict[str, str]:
    return {
        adverb(phrase): phrase
        for name in ("emotion", "mood", "personality", "timbre", "intensity")
        for english, _ in table(name).values()
        for phrase in english
        if phrase.isalpha()
    }


def _adjective(spoken: str) -> str:
    """Return an adverb as its adjective ("cheerfully" as "cheerful"), other words unchanged."""
    if spoken[:1].isupper() and spoken[1:2].islower():
        spoken = spoken[0].lower() + spoken[1:]
    if "voice" in spoken:
        spoken = _VOICE.sub("", spoken)
    head, _, last = spoken.rpartition(" ")
    return f"{head} {_adverbs().get(last.lower(), last)}".strip()


def _unquote(spoken: str) -> str:
    return _MARKS.sub("'", spoken)


def _quoted(spoken: str) -> str:
    """Return spoken words in quotation marks, without those they already have."""
    inner = spoken.strip('“”"「」『』«»') if spoken[:1] in '“"「『«' else spoken
    if inner[:1] in "'‘" and inner[-1:] in "'’":
        inner = inner[1:-1]
    return f"“{inner}”"


def _subject(claim: Claim, subject: str, *, chinese: bool) -> str:
    if subject and claim.dimension not in _SUBJECTS:
        bare = " ".join(subject.split())
        if chinese:
            return bare
        return definite(bare)
    if chinese:
        return asking_zh.AUDIO[claim.context]
    return f"the {asking_en.AUDIO[claim.context]}"


@cache
def _grammar(context: str, *, chinese: bool, many: bool) -> dict[str, str]:
    music = context == "music"
    if chinese:
        return {
            "uttered": "唱出" if music else "说出",
            "sung": "演唱" if music else "说话",
            "whose": "演唱者" if music else ("其中一位说话人" if many else "说话人"),
        }
    return {
        "uttered": "sung" if music else "spoken",
        "sung": "singing" if music else "speech",
        "is_voice": "Are the vocals" if music else ("Is one of the speakers" if many else "Is the speaker"),
    }
