"""Claims: what a caption asserts, typed. A caption or a question is parsed into claims once; nobody reads them back.

The question of a rubric item is a rendering of its claim; the embedded judge answers the claim itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

Kind = Literal["clip", "speaker", "vocals", "music", "instrument", "sound"]
"""What a claim can be about: the clip as a whole, a voice that speaks or sings, the music, an instrument, a sound."""

Comparator = Literal["", "exactly", "at_least", "at_most", "more", "less", "between", "about"]
"""How a number binds; `about` is what a caption means that names a length or a tempo and no more."""

Place = Literal["", "start", "middle", "end", "throughout", "last_line"]
"""Where in the clip; empty means anywhere."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a claim is about.

    Attributes:
        kind: See `Kind`.
        words: The noun phrase as it reads in a question, with its article ("the dog", "a man", "钢琴"); may be empty.
        concept: Canonical value of the vocabulary (`dog_bark`, `piano`, `male`), empty where it knows none.
        which: Of several speakers or sounds of a kind the number of the one meant, from 1; 0 means any or the only one.
    """

    kind: Kind = "clip"
    words: str = ""
    concept: str = ""
    which: int = 0


CLIP = Subject()


@dataclass(frozen=True, slots=True)
class Claim:
    """One assertion about a clip, to be verified on its own.

    Attributes:
        dimension: What is asserted, one of `rubrics.dimensions.NAMES`. For what is simply there (event, instrument,
            vocals, scene, genre, component) `value` and `words` name it; for all else `subject` has the value.
        value: Canonical value in the word list of the dimension (`dog_bark`, `slow`, `male`), else empty.
        words: The words of the value as they read in a question: "a dog barking", "slow", the quoted line of `content`.
        subject: What has the value. Of `order` it comes before `other`; of `simultaneity` it sounds with `other`.
        other: The second of two sounds (order, simultaneity), or what a comparison is made with.
        comparator: How `number` binds; with a word value and `other`, "more" and "less" compare the two subjects.
        number: A count, length, tempo, tonic …, in `unit`.
        upper: The upper end where `comparator` is `between`.
        unit: `times`, `s`, `bpm`, `voices`, `beats` (metre), `years`, `hz`, `pitch_class` (0 = C to 11 = B, `key`).
        place: Where in the clip.
        from_s: Start of the time the claim holds for, in seconds from the start of the clip.
        to_s: End of that time.
        negated: The caption denies it ("no drums", "without reverb").
    """

    dimension: str
    value: str = ""
    words: str = ""
    subject: Subject = CLIP
    other: Subject | None = None
    comparator: Comparator = ""
    number: float | None = None
    upper: float | None = None
    unit: str = ""
    place: Place = ""
    from_s: float | None = None
    to_s: float | None = None
    negated: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the fields that say something, as JSON writes them; `Claim.from_dict` reads them back."""
        found: dict[str, Any] = {}
        for name, default in _DEFAULTS.items():
            value = getattr(self, name)
            if value != default:
                found[name] = _subject_dict(value) if isinstance(value, Subject) else value
        return {"dimension": self.dimension, **found}

    @staticmethod
    def from_dict(data: Mapping[str, Any]) -> Claim:
        """Return the claim that `as_dict` wrote.

        Raises:
            ValueError: If a field is unknown or has a value that it can't have; the message names the field.
        """
        checked: dict[str, Any] = {name: _checked(name, value) for name, value in data.items()}
        if not checked.get("dimension"):
            raise ValueError("'dimension' is missing")
        return Claim(**checked)


_DEFAULTS = {field.name: field.default for field in fields(Claim) if field.name != "dimension"}
_TEXTS = frozenset({"dimension", "value", "words", "unit"})
_NUMBERS = frozenset({"number", "upper", "from_s", "to_s"})
_CHOICES: Mapping[str, tuple[str, ...]] = {"comparator": get_args(Comparator), "place": get_args(Place)}


def _subject_dict(subject: Subject) -> dict[str, Any]:
    found = {"kind": subject.kind, "words": subject.words, "concept": subject.concept, "which": subject.which}
    return {name: value for name, value in found.items() if value or name == "kind"}


def _subject(name: str, data: object) -> Subject:
    if not isinstance(data, Mapping) or not set(data) <= {"kind", "words", "concept", "which"}:
        raise ValueError(f"'{name}' must be an object of kind, words, concept and which")
    if data.get("kind", "clip") not in get_args(Kind):
        raise ValueError(f"'{name}.kind' must be one of {', '.join(get_args(Kind))}")
    texts = all(isinstance(data.get(key, ""), str) for key in ("words", "concept"))
    which = data.get("which", 0)
    if not texts or type(which) is not int or not 0 <= which <= 99:
        raise ValueError(f"'{name}' needs texts for words and concept, and a number from 0 to 99 for which")
    return Subject(**data)


def _checked(name: str, value: object) -> object:
    if name in {"subject", "other"}:
        return _subject(name, value)
    if name in _CHOICES:
        if value not in _CHOICES[name]:
            raise ValueError(f"'{name}' must be one of {', '.join(_CHOICES[name][1:])}")
    elif name == "negated":
        if not isinstance(value, bool):
            raise ValueError("'negated' must be true or false")
    elif name in _NUMBERS:
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"'{name}' must be a finite number")
        return float(value)
    elif name not in _TEXTS:
        raise ValueError(f"'{name}' is no field of a claim")
    elif not isinstance(value, str):
        raise ValueError(f"'{name}' must be a text")
    return value
