"""What the rules expander passes on between its steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Context = Literal["speech", "music", "sound"]


@dataclass(slots=True)
class Hit:
    """A vocabulary phrase in the caption.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        senses: Dimension to canonical value, for every dimension that lists the phrase.
        names: The dimensions alone.
        context: What the noun right behind it is about, where that overrules its clause.
    """

    start: int
    end: int
    senses: Mapping[str, str]
    names: tuple[str, ...] = ()
    context: Context | None = None


@dataclass(slots=True)
class Clause:
    """A stretch of the caption between separators, read on its own.

    Attributes:
        start: Offset of its first character.
        end: Offset behind its last character.
        sentence: Number of the sentence it belongs to.
        label: Dimension that the key in front of it names (`Tempo: …`), or an empty string.
        context: What its ambiguous words are about; settled after all clauses are known.
        hits: Vocabulary phrases inside, in order, without overlaps.
        timed: Whether a time range of a timeline stands in front of it.
        words: Its English words in lower case; tells cheaply which patterns need not be tried.
        chinese: Whether it holds anything beyond ASCII.
    """

    start: int
    end: int
    sentence: int
    label: str = ""
    context: Context = "sound"
    hits: list[Hit] = field(default_factory=list)
    timed: bool = False
    words: frozenset[str] = frozenset()
    chinese: bool = True


@dataclass(slots=True)
class Claim:
    """One checkable statement of the caption, before it is phrased as a question.

    Attributes:
        dimension: Name of the dimension.
        start: Offset of its basis.
        end: Offset behind its basis.
        value: Canonical value where the vocabulary names one, else an empty string.
        negated: Whether the caption denies it.
        context: What it is about.
        phrase: The words to ask about; the basis when empty.
        kind: What kind of claim it is, where that matters (`number`, `times`, `range`, `key`, `noun` …).
        clause: Number of the clause it stands in, -1 before that is known.
    """

    dimension: str
    start: int
    end: int
    value: str = ""
    negated: bool = False
    context: Context = "sound"
    phrase: str = ""
    kind: str = ""
    clause: int = -1

    def words(self, text: str) -> str:
        """Return the words to ask about: those it was found by, even where its basis was widened."""
        return self.phrase if self.phrase and self.kind != "range" else text[self.start : self.end]
