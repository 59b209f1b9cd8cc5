"""Claims about music as yes/no questions: its kind, its parts, who sings."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.english.forms import bare, is_plural
from audiojudge_cli.rubrics.english.frames import NEGATED_FRAMES, PIECES

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
    if words.split()[-1].lower() in PIECES:
        return f"Is this {'an' if words[:1].lower() in 'aeiou' else 'a'} {words}?"
    return f"Is this {words}?" if words.endswith("music") else f"Is this {words} music?"


def structure(claim: Claim) -> str:
    """Ask whether a piece has a part, or whether a clause about its course holds as it stands."""
    if claim.negated:
        return NEGATED_FRAMES["structure"].format(x=bare(claim.words))
    if not claim.value and len(claim.words.split()) > 2:
        return f"Is this heard: “{claim.words}”?"
    return f"{'Are' if is_plural(claim.words) else 'Is'} there {claim.words} in the music?"
