"""What parsing hands on: one sentence of a caption with what is known around it, and the claims found in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from audiojudge_cli.rubrics.claim import Claim

Context = Literal["speech", "music", "sound"]
"""What the words of a sentence are about, as far as the caption as a whole tells."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One sentence, list entry or value of a key.

    Attributes:
        text: The whole caption, quoted lines, time ranges and keys blanked out, offsets as in the caption.
        start: Offset of the first character of the sentence.
        end: Offset behind its last character.
        context: What ambiguous words are about unless the words they modify say otherwise.
        label: Dimension that the key in front of it names (`Tempo: \u2026` gives `tempo`), or an empty string.
        quoted: Whether a quoted line stands inside it or right behind it.
        from_s: Start in seconds of the time range in front of it, None where there is none.
        to_s: End of that range.
        range_at: Where that range stands in the caption, first character and behind the last.
        keyword: Whether it is an entry of a list of keywords, which are no sentences.
        key: The key in front of it in small letters, empty without one.
        key_at: Where that key stands, first character and behind the last.
        mixed: Whether the caption is about several of speech, music and sounds, so that its clauses may differ.
    """

    text: str
    start: int
    end: int
    context: Context = "sound"
    label: str = ""
    quoted: bool = False
    from_s: float | None = None
    to_s: float | None = None
    range_at: tuple[int, int] | None = None
    keyword: bool = False
    key: str = ""
    key_at: tuple[int, int] | None = None
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """A claim and the stretch of the caption it rests on."""

    claim: Claim
    start: int
    end: int


class Parser(Protocol):
    """Reads the sentences of one language."""

    def claims(self, captions: Sequence[Sequence[Segment]]) -> list[list[Found]]:
        """Return the claims of each caption, given as its sentences; read together, many cost less than one by one.

        A clause whose meaning isn't certain gives one claim with the clause as its words and no value, or nothing.
        """
