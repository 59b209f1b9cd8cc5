"""Claims about music as yes/no questions: its kind, its parts, who sings."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.english.forms import agreeing, bare, is_plural, with_article
from audiojudge_cli.rubrics.english.frames import NEGATED_FRAMES
from audiojudge_cli.rubrics.word_class import word_class

# Nouns for several who sing; "male vocals" may be one man's.
_SINGERS = re.compile(r"choir|singers|vocalists|rappers|voices|duet|group")


def sung_by(claim: Claim) -> str:
    """Ask for the sex of who sings: of the one there is, or for one of them where the claim's words say so."""
    who = "rapper" if "rapper" in claim.subject.words else "singer"
    if claim.words:
        return f"Can you hear {claim.words}?"
    if claim.value == "androgynous":
        return f"Does the {who} sound androgynous?"
    many = _SINGERS.search(claim.subject.words)
    return f"Are the {who}s {claim.value}?" if many else f"Is the {who} {claim.value}?"


def genre(claim: Claim) -> str:
    """Ask for a kind of music, or for a piece of a kind."""
    words = bare(claim.words)
    if claim.negated:
        return f"Is the music free of {words}?"
    if words.startswith("in the style"):
        return f"Is this {words}?"
    if words.lower().endswith("s") and words.split()[-1].lower().removesuffix("s") in word_class("pieces"):
        words = words[:-1]  # "love songs" as a keyword: it is one of them
    if words.split()[-1].lower() in word_class("pieces"):
        return f"Is this {'an' if words[:1].lower() in 'aeiou' else 'a'} {words}?"
    return f"Is this {words}?" if words.endswith("music") else f"Is this {words} music?"


def structure(claim: Claim) -> str:
    """Ask whether a piece has a part, or whether a clause about its course holds as it stands."""
    if claim.negated:
        return NEGATED_FRAMES["structure"].format(x=bare(claim.words))
    if not claim.value and len(claim.words.split()) > 2:
        return f"Is this heard: “{claim.words}”?"
    return f"{'Are' if is_plural(claim.words) else 'Is'} there {claim.words} in the music?"


# Grades of tempo between the three that the vocabulary has.
_GRADED = re.compile(r"^(?:medium|moderately) (?!tempo|pace|speed)\w+")
# Qualities of harmony that no tonic and no mode names.
_HARMONIC = re.compile(r"(?:dissonant|consonant|atonal|chromatic|modal|microtonal)$")


def tempo(claim: Claim) -> str:
    """Ask for a tempo between two in the caption's words, nothing where the value's own question fits."""
    words = claim.words.removeprefix("tempo is ")
    return f"Is the tempo {words}?" if _GRADED.match(words) and not claim.negated else ""


def key(claim: Claim) -> str:
    """Ask how the harmony sounds where the words name no key, nothing where they do."""
    if claim.words.endswith("change"):
        return f"Is the music free of {claim.words}s?" if claim.negated else f"Can you hear a {claim.words}?"
    if not _HARMONIC.match(claim.words):
        return ""
    return f"Does the music {'not ' if claim.negated else ''}sound {claim.words}?"


def mood(claim: Claim) -> str:
    """Ask whether a piece conveys the feeling that a noun names, nothing where an adjective does."""
    last = claim.words.rpartition(" ")[2]
    if claim.negated or not (last in word_class("feelings") or _FEELING.search(last)):
        return ""
    words = claim.subject.words or "the music"
    return agreeing(f"Does {words} convey {claim.words}?", words)


def production(claim: Claim) -> str:
    """Ask for channels as a property of the recording and for an effect by its name, nothing for all else."""
    if _EFFECT.search(claim.words) and not claim.negated:
        return f"Can you hear {with_article(claim.words, countable=True)} effect?"
    return f"Is the recording in {claim.words}?" if claim.words in {"mono", "stereo"} and not claim.negated else ""


# Devices that name the effect they make.
_EFFECT = re.compile(r"\b(?:flanger|phaser|chorus|wah|wah-wah|tremolo|vocoder|talkbox)$")


def rhythm(claim: Claim) -> str:
    """Ask whether a piece has the rhythm that a noun names, nothing where an adjective tells one."""
    if claim.negated or claim.subject.kind not in {"music", "instrument"} or not _RHYTHM.fullmatch(claim.words):
        return ""
    words = claim.subject.words or "the music"
    return agreeing(f"Does {words} have a {claim.words} rhythm?", words)


# Rhythms named by nouns.
_RHYTHM = re.compile(r"shuffle|swing|breakbeat|march|half-time|double-time")


def dynamics(claim: Claim) -> str:
    """Ask whether a piece builds up, which need not be in loudness, nothing for all else."""
    if claim.negated or claim.value != "crescendo" or not claim.words.startswith(("build", "built")):
        return ""
    words = claim.subject.words or "the music"
    return agreeing(f"Does {words} build up?", words)


_FEELING = re.compile(r"(?:ness|[ts]ion|ity|alia|ment|ism)$")
