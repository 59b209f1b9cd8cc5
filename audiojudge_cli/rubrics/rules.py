"""The rules expander: deterministic, no network beyond the parser's weights, the default.

A caption is taken apart (quotes, keys, time ranges, sentences), each sentence is parsed into typed claims by the reader
of its language, and every claim is rendered as one question.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from audiojudge_cli.code_digest import code_digest
from audiojudge_cli.rubrics import chinese, english
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.context import detect, look_up, segments
from audiojudge_cli.rubrics.english.forms import is_plural
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.rubrics.layout import Layout, lay_out
from audiojudge_cli.rubrics.segment import Found, Segment
from audiojudge_cli.rubrics.stems import HAN, WORD, stem
from audiojudge_cli.rubrics.vocabulary import find
from audiojudge_cli.rubrics.word_class import word_class

_MARKS = "“”\"'‘’「」『』«»"
_ONCE = frozenset({"speaker_sex", "tempo", "key", "genre", "component", "noise", "recording", "room", "mood", "age"})
_NAMED = frozenset({"speaker_sex", "content", "order", "simultaneity", "event", "count"})
_MOST_ITEMS = 200
"""Items of one rubric; a caption of a page has forty."""
_MOST_SENTENCES = 2000
"""Sentences that are read of one caption: thirty pages, a few seconds of parsing."""


def load() -> Expander:
    """Return the rules expander (entry point `audiojudge.expanders`)."""
    return RulesExpander()


class RulesExpander:
    """Expands captions by grammar and vocabulary."""

    @property
    def name(self) -> str:
        """Short name, as in `--expander`."""
        return "rules"

    @property
    def fingerprint(self) -> str:
        """Hash over the code, the word lists and the parser's weights: changes whenever a rubric could."""
        return _fingerprint()

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
        """Return the rubric of `caption` (see `rubrics.expander`)."""
        return self.expand_many([(caption, subset)], language=language)[0]

    def expand_many(self, captions: Sequence[tuple[str, str | None]], *, language: str | None = None) -> list[Rubric]:
        """Return the rubric of each caption with its subset, in order: the sentences of all are parsed together."""
        laid_out = [lay_out(caption) for caption, _ in captions]
        cut = [segments(layout, subset) for layout, (_, subset) in zip(laid_out, captions, strict=True)]
        read = _read([parts[:_MOST_SENTENCES] for parts, _ in cut])
        return [
            _rubric(layout, chosen, found, language)
            for layout, (_, chosen), found in zip(laid_out, cut, read, strict=True)
        ]


def _rubric(layout: Layout, chosen: str, read: list[Found], language: str | None) -> Rubric:
    """Return what is asked of one caption, given the claims of its sentences."""
    caption = layout.text
    told_in = detect_language(caption)
    asked_in = language or _asked_in(layout, told_in)
    found = [*_spoken(layout, chosen), *read]
    found += _implied(layout, chosen, found)
    items: dict[str, RubricItem] = {}
    for one in _numbered(_settled(found)[:_MOST_ITEMS]):
        asked = (chinese if asked_in == "zh" else english).question(one.claim, caption[one.start : one.end])
        basis = _told_apart(caption, one.start, one.end)
        if asked:
            items.setdefault(asked, RubricItem(one.claim.dimension, asked, basis, one.claim.negated, one.claim))
    if not items and any(char.isalnum() for char in caption):
        item = _whole(caption.strip(), asked_in)
        items[item.question] = item
    return Rubric(tuple(items.values()), told_in, chosen)


def detect_language(caption: str) -> str:
    """Return `zh`, `en` or `mixed`: by the share of Chinese characters against English words."""
    if caption.isascii():
        return "en"
    han = len(HAN.findall(caption))
    latin = sum(not word.isdigit() for word in WORD.findall(caption))
    if not han:
        return "en"
    return "zh" if latin * 8 <= han else "mixed"


def detect_subset(caption: str) -> str:
    """Return `speech`, `sound`, `music` or `mix`: what a caption describes."""
    layout = lay_out(caption)
    return detect(layout, look_up(layout))


_MOST_WIDENED = 3
"""Words by which a basis is widened to the left and to the right; after so many it names its place well enough."""
_STOPS = frozenset(["", *"，。；！？、\n”"])
_AHEAD = re.compile(r"[^\W_][\w'’-]*[ \t]+$")
_BEHIND = re.compile(r"[ \t]+[\w'’-]*[^\W_]")


def _told_apart(caption: str, start: int, end: int) -> str:
    """Return the words an item rests on, with those around them where the same stand earlier: "a man", not "woman"."""
    for _ in range(2 * _MOST_WIDENED):
        if caption.find(caption[start:end]) == start:
            break
        if HAN.search(caption, start, end):
            end += caption[start].isdigit() and caption[end : end + 1] not in _STOPS  # "3秒" behind "0-3秒"
            continue
        ahead = _AHEAD.search(caption, max(0, start - 40), start)
        behind = _BEHIND.match(caption, end)
        if ahead is None and behind is None:
            break
        start = ahead.start() if ahead is not None else start
        end = behind.end() if ahead is None and behind is not None else end
    return caption[start:end]


_MOST_QUOTED = 300
"""Characters of a caption that a question quotes as a whole."""


def _whole(caption: str, asked_in: str) -> RubricItem:
    """Return the one item of a caption of which nothing certain was read: whether it is heard as it stands."""
    basis = caption[:_MOST_QUOTED]
    words = " ".join(basis.split())
    asked = f"是否能听到所描述的内容：“{words}”？" if asked_in == "zh" else f"Is this heard: “{words}”?"
    return RubricItem("event", asked, basis, claim=Claim("event", words=words, subject=Subject("sound", words)))


def _asked_in(layout: Layout, told_in: str) -> str:
    """Return the language to ask in: that of the words outside quoted lines."""
    if told_in == "mixed" and layout.quotes:
        told_in = detect_language(layout.masked)
    if told_in == "mixed":
        han = len(HAN.findall(layout.masked))
        return "zh" if han >= sum(len(word) > 1 for word in WORD.findall(layout.masked)) else "en"  # A：喂
    return told_in


def _read(captions: Sequence[Sequence[Segment]]) -> list[list[Found]]:
    """Return the claims of each caption's sentences, each read in its own language."""
    found: list[list[Found]] = [[] for _ in captions]
    told = [[is_chinese(part) for part in parts] for parts in captions]
    for module, wanted in ((english, False), (chinese, True)):
        chosen = [
            [part for part, is_so in zip(parts, here, strict=True) if is_so == wanted]
            for parts, here in zip(captions, told, strict=True)
        ]
        if any(chosen):
            for mine, claims in zip(found, module.reader().claims(chosen), strict=True):
                mine.extend(claims)
    return found


def is_chinese(part: Segment) -> bool:
    """Return whether a sentence is read as Chinese: at least as many characters of it as English words."""
    body = part.text[part.start : part.end]
    if body.isascii():
        return False
    return len(HAN.findall(body)) >= len([word for word in WORD.findall(body) if word.isascii()])


# Characters that write noises: 电子秤“滴”三下 and “咚”地一声 quote what no voice says.
_NOISES = re.compile("[咚叮当滴嘀砰啪哐嗖嘭轰铛咔嗒哒嘟嗡哗咣噔喵汪咩哞吱嘎啾铃噼里隆]{1,8}[！!。~～]?")


# A style in quotation marks: "80s".
_DECADE = re.compile(r"(?:19|20)?\d0'?s")
_LONG_NAME = 3
"""Words of a quotation that may be the name of a rhythm; shorter ones are as well words of a song."""


def _spoken(layout: Layout, subset: str) -> list[Found]:
    """Return a claim for each quoted line and each value of a key that names spoken words."""
    kind = Subject("vocals", "the singing") if subset == "music" else Subject("speaker", "the speaker")
    found = []
    for start, end in sorted(layout.quotes + layout.values):
        words = layout.text[start:end].strip().strip(_MARKS).strip()
        if _NOISES.fullmatch(words):
            found.append(Found(Claim("event", "", words, Subject("sound", words)), start, end))
        elif subset == "music" and (
            _DECADE.fullmatch(words) or (len(words.split()) >= _LONG_NAME and find(words, "rhythm"))
        ):
            continue  # a "4 on the floor" kick is no lyric
        elif any(char.isalnum() for char in words):
            found.append(Found(Claim("content", "", words, kind), start, end))
    return found


# Pronouns that tell the sex of the one who speaks where no noun does.
_PRONOUN = re.compile(r"\b(?:(?P<male>he|him|his|himself)|(?P<female>she|her|hers|herself))\b", re.IGNORECASE)


def _implied(layout: Layout, subset: str, found: Sequence[Found]) -> list[Found]:
    """Return what the caption as a whole says: a sex told by pronouns alone."""
    dimensions = {one.claim.dimension for one in found}
    implied = []
    voiced = any(one.claim.subject.kind == "speaker" and not one.claim.negated for one in found)
    if (subset == "speech" or (subset == "mix" and voiced)) and "speaker_sex" not in dimensions:
        told = [match for match in _PRONOUN.finditer(layout.masked) if not _is_of(match)]
        if told and len({match.lastgroup for match in told}) == 1:
            claim = Claim("speaker_sex", str(told[0].lastgroup), subject=Subject("speaker", "the speaker"))
            implied.append(Found(claim, told[0].start(), told[0].end()))
    return implied


def _is_of(pronoun: re.Match[str]) -> bool:
    """Whether a pronoun only tells whose somebody else is: "her friend" may be a man."""
    following = pronoun.string[pronoun.end() : pronoun.end() + 30].split()
    word = following[0].strip(".,;") if following else ""
    return word in word_class("person_nouns") - {"voice", "speaker"} or bool(find(word, "speaker_sex"))


_WORDED = frozenset({"mood", "content", "emotion", "timbre"})
"""Dimensions in which every word asks for something of its own, whatever its value: "thoughtful, nostalgic"."""


# A group speaks with several voices.
_GROUP = re.compile(r"\b(?:group|crowd|couple|pair|class|team|audience)\b", re.IGNORECASE)


def _settled(found: Iterable[Found]) -> list[Found]:
    """Return claims in order, each once: what is said again of the same subject asks nothing new."""
    found = list(found)
    sung = any(one.claim.subject.kind == "vocals" and _is_sung(one.claim) for one in found)
    found = [one for one in found if not (sung and one.claim.value == "instrumental")]
    if any(one.claim.value == "instrumental" and not one.claim.negated for one in found):
        found = [one for one in found if not _is_no_voice(one.claim)]
    kept: list[Found] = []
    seen: set[tuple[object, ...]] = set()
    sexes = [one.claim for one in found if one.claim.dimension == "speaker_sex"]
    grown = {claim.subject.concept for claim in sexes if _stage(claim) == "adult"}
    speakers = {
        (c.subject.concept, c.subject.which, _stage(c) == "child" and c.subject.concept in grown) for c in sexes
    }
    several = len(speakers) > 1
    duet = len({claim.value for claim in sexes if claim.subject.kind == "vocals" and not claim.negated}) > 1
    for one in sorted(found, key=lambda f: (f.start, f.end)):
        claim = one.claim
        english_name = claim.subject.words.isascii() and claim.subject.words
        if not several and english_name and claim.subject.kind == "speaker" and claim.dimension not in _NAMED:
            words = "the speaker" if claim.dimension in {"emotion", "personality", "age", "accent"} else "the voice"
            words += "s" if is_plural(english_name) or _GROUP.search(english_name) else ""
            claim = replace(claim, subject=replace(claim.subject, words=words))
        if (
            duet
            and claim.words.isascii()
            and claim.dimension == "speaker_sex"
            and claim.subject.kind == "vocals"
            and not claim.negated
        ):
            claim = replace(claim, words=f"a {claim.value} singer")
        told = claim.dimension in _WORDED or claim.value == "conversational"  # arguing, interrupting
        told = told or (claim.dimension == "room" and not claim.words.isascii())  # 小小的、有点闷
        what = claim.words.lower() if told else claim.value or claim.words.lower()
        about = (claim.subject.concept or claim.subject.words) if claim.dimension not in _ONCE else claim.subject.kind
        about += f" {claim.subject.which}"
        if claim.dimension == "speaker_sex" and _stage(claim) == "child" and claim.subject.concept in grown:
            about += " child"  # "a woman speaks followed by a girl": two of one sex
        if claim.dimension in {"event", "instrument"}:
            about = claim.words.lower()
        other = claim.other.words if claim.other else ""
        key = (claim.dimension, what, about, claim.negated, claim.number, claim.place, claim.from_s, other)
        if key not in seen and not _said_before(claim, kept) and not _says_nothing(claim):
            seen.add(key)
            kept.append(replace(one, claim=claim))
    return kept


def _is_sung(claim: Claim) -> bool:
    """Whether a claim of vocals says that somebody sings, so that the piece is not purely instrumental."""
    return "instrumental" not in {claim.value, claim.subject.concept} and not claim.negated


_NO_VOICE = frozenset({"a", "any", "voice", "voices", "vocals", "vocal", "singer", "singers", "singing"})


def _is_no_voice(claim: Claim) -> bool:
    """Whether a claim says no more than that a piece is instrumental: "no voices" beside "instrumental"."""
    return claim.dimension == "vocals" and claim.negated and not {*claim.words.lower().split()} - _NO_VOICE


_STAGES = {"girl": "child", "boy": "child", **dict.fromkeys(["man", "woman", "lady", "gentleman", "guy"], "adult")}


def _stage(claim: Claim) -> str:
    """Return whether the noun of a speaker's sex tells a child or an adult, nothing where it tells neither."""
    return _STAGES.get(claim.subject.words.rpartition(" ")[2].lower(), "") if claim.subject.kind == "speaker" else ""


_HEARD = frozenset({"event", "instrument", "speaker_sex", "vocals"})


def _numbered(found: list[Found]) -> list[Found]:
    """Number the sounds that something is said of where a caption names several: what is measured is all of them."""
    heard = [one.claim for one in found if one.claim.dimension in _HEARD and not one.claim.negated]
    names = list(dict.fromkeys(claim.value or claim.words.lower() for claim in heard))
    if len(names) < 2:
        return found
    numbered = []
    for one in found:
        subject, claim = one.claim.subject, one.claim
        several = subject.kind in {"sound", "instrument"} and subject.which == 0 and claim.dimension not in _HEARD
        if several:
            at = names.index(subject.concept) + 1 if subject.concept in names else len(names) + 1
            claim = replace(claim, subject=replace(subject, which=min(at, 99)))
        numbered.append(replace(one, claim=claim))
    return numbered


# Two letters or a Chinese character: what names less names nothing ("e-bass" cut at its hyphen).
_NAME = re.compile(r"[^\W\d_]{2}|[\u3400-\u9fff]")


def _says_nothing(claim: Claim) -> bool:
    """Whether a claim that something is heard names nothing."""
    bare = re.sub(r"^(?:an?|the|some) ?", "", claim.words, flags=re.IGNORECASE)
    return claim.dimension in {"event", "instrument"} and _NAME.search(bare) is None


def _said_before(claim: Claim, kept: Sequence[Found]) -> bool:
    """Whether a sound was named already in words that hold these: "rain pouring …, continuous rain"."""
    if claim.dimension == "vocals" and claim.value == "vocals" and not claim.negated:
        return any(one.claim.dimension == "vocals" and not one.claim.negated for one in kept)
    if claim.dimension == "component" and claim.value == "music" and not claim.negated:
        return any(one.claim.dimension in {"instrument", "genre"} and not one.claim.negated for one in kept)
    if claim.dimension not in {"event", "instrument"} or not claim.value or claim.from_s is not None:
        return False
    words = {stem(word) for word in claim.words.lower().split() if word not in {"a", "an", "the", "some"}}
    if claim.dimension == "instrument" and len(words) == 1:  # "an electric guitar …, the guitar"
        kinds = (
            one.claim for one in kept if one.claim.dimension == "instrument" and one.claim.negated == claim.negated
        )
        if any({stem(one.words.lower().rpartition(" ")[2])} == words for one in kinds):
            return True
    same = (one.claim for one in kept if (one.claim.dimension, one.claim.value) == (claim.dimension, claim.value))
    told = (({stem(word) for word in one.words.lower().split()}, one.negated) for one in same)
    return any(words <= named and negated == claim.negated for named, negated in told)


@cache
def _fingerprint() -> str:
    parts = f"{code_digest('rubrics')} {english.parser_fingerprint()}"
    return f"rules-{hashlib.sha256(parts.encode()).hexdigest()[:16]}"
