"""Where traits register: a family of claims, how they are measured, and the curves that answer them.

Registering a function with `trait` derives its dispatch, the curves that loading the judge insists on, and its place in
docs/embedded.md; nothing else has to be told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.embedded.reading import NotHeard, Reading

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.calibration import Calibration
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

Read = Callable[["ClipFeatures", "Claim"], Reading | NotHeard]

MOMENTS = frozenset({"start", "middle", "end", "last_line"})
"""Places of a claim that are only a part of the clip."""

_OF_ONE_VOICE = frozenset(
    {"age", "pitch", "rate", "volume", "style", "timbre", "emotion", "intonation", "clarity", "fluency"}
)
_COMPARING = frozenset({"more", "less"})


@dataclass(frozen=True, slots=True)
class Asks:
    """Which claims a trait answers; every field must fit.

    Attributes:
        dimension: Of the claim.
        values: Of the claim; empty fits any.
        kinds: What the claim may be about; empty fits any.
        unit: Of the claim's number: empty means that there is none, None fits either.
        placed: Whether the claim is about one moment or stretch of the clip; None fits either.
        only: A further condition.
        opposite: Whether what is measured is the opposite of the claim: reverberation where it says "dry".
    """

    dimension: str
    values: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    unit: str | None = ""
    placed: bool | None = False
    only: Callable[[Claim], bool] | None = None
    opposite: bool = False

    def fits(self, claim: Claim) -> bool:
        """Return whether a claim is of this form."""
        return (
            claim.dimension == self.dimension
            and (not self.values or claim.value in self.values)
            and (not self.kinds or claim.subject.kind in self.kinds)
            and (self.unit is None or (claim.unit if claim.number is not None else "") == self.unit)
            and (self.placed is None or self.placed == placed(claim))
            and (self.only is None or self.only(claim))
        )


@dataclass(frozen=True, slots=True)
class Trait:
    """One way of measuring, and the claims it answers.

    Attributes:
        name: Of the function that measures.
        family: Module of the function.
        asks: Forms of the claims, any of which fits.
        curves: Curves that its readings can name, each with all the features that they bring.
        given: Curves of what must hold first.
        needs: Weights on the judge's card that it hears with; signal processing needs none.
        read: Measures a clip for a claim.
    """

    name: str
    family: str
    asks: tuple[Asks, ...]
    curves: Mapping[str, tuple[str, ...]]
    given: tuple[str, ...]
    needs: tuple[str, ...]
    read: Read


@dataclass(frozen=True, slots=True)
class Row:
    """What docs/embedded.md says of a dimension.

    Attributes:
        dimension: Its name.
        chapter: Heading under which it stands.
        rests_on: What is measured.
        sure: How often that is right, and where this was measured.
        limits: What can't be heard.
        refusal: One sentence for claims of the dimension that no trait answers.
    """

    dimension: str
    chapter: str
    rests_on: str
    sure: str
    limits: str
    refusal: str


TRAITS: list[Trait] = []
ROWS: dict[str, Row] = {}


def asks(
    dimension: str,
    *values: str,
    kinds: tuple[str, ...] = (),
    unit: str | None = "",
    placed: bool | None = False,
    only: Callable[[Claim], bool] | None = None,
    opposite: bool = False,
) -> Asks:
    """Return the form of claims of a dimension; see `Asks`. Without values any value fits."""
    return Asks(dimension, frozenset(values), frozenset(kinds), unit, placed, only, opposite)


def trait(
    *forms: Asks,
    curves: Mapping[str, tuple[str, ...]],
    given: tuple[str, ...] = (),
    needs: tuple[str, ...] = (),
) -> Callable[[Read], Read]:
    """Register the function below it as what answers claims of these forms; the first one that fits answers.

    Args:
        forms: Which claims.
        curves: Curves that its readings can name, with their features.
        given: Curves of what must hold first.
        needs: Weights on the card that it hears with.
    """

    def register(read: Read) -> Read:
        family = read.__module__.rpartition(".")[2]
        TRAITS.append(Trait(read.__name__, family, forms, curves, given, needs, read))
        return read

    return register


def describe(dimension: str, chapter: str, *, rests_on: str, sure: str, limits: str, refusal: str) -> None:
    """Say what docs/embedded.md tells of a dimension, and why claims of it may stay without an answer."""
    ROWS[dimension] = Row(dimension, chapter, rests_on, sure, limits, refusal)


def placed(claim: Claim) -> bool:
    """Return whether a claim is about one moment or stretch of the clip."""
    return claim.place in MOMENTS or claim.from_s is not None


def compared(claim: Claim) -> bool:
    """Return whether a claim compares two subjects ("older than the man")."""
    return claim.other is not None and claim.comparator in _COMPARING and claim.number is None


def one_of_several(claim: Claim) -> bool:
    """Return whether a claim is about the voice of one speaker among several."""
    return claim.subject.kind == "speaker" and claim.subject.which > 0 and claim.dimension in _OF_ONE_VOICE


def _alone(claim: Claim) -> bool:
    return not compared(claim) and not one_of_several(claim)


def fitting(claim: Claim) -> tuple[Trait, Asks] | None:
    """Return the trait that answers a claim with the form that fits, or None."""
    found = _fitting(claim)
    return next(found, None)


def _fitting(claim: Claim) -> Iterator[tuple[Trait, Asks]]:
    for one in TRAITS:
        for form in one.asks:
            if form.fits(claim):
                yield one, form


def refusal(claim: Claim) -> NotHeard:
    """Return why no trait answers a claim."""
    if compared(claim):
        return NotHeard("No probe compares two voices, two sounds or two parts of a clip.")
    if one_of_several(claim):
        return NotHeard("No probe separates the voices of several speakers.")
    row = ROWS.get(claim.dimension)
    if row is None:
        return NotHeard(f"No trait answers claims of the dimension {claim.dimension!r}.")
    if placed(claim):
        return NotHeard("This is measured over the whole clip, not at a moment of it.")
    return NotHeard(row.refusal)


def answer(clip: ClipFeatures, claim: Claim) -> Reading | NotHeard:
    """Return what was measured for a claim, or why nothing could be."""
    length = clip.waveform.duration_s
    if claim.from_s is not None and (claim.from_s < 0.0 or claim.from_s >= length):
        return NotHeard(f"The clip lasts {length:.1f} s: nothing in it is at {claim.from_s:g} s.")
    found = fitting(claim) if _alone(claim) else None
    if found is None:
        return refusal(claim)
    chosen, form = found
    reading = chosen.read(clip, claim)
    if isinstance(reading, NotHeard):
        return reading
    reading = replace(reading, negated=claim.negated != form.opposite)
    if not _of_one_sound(claim):
        return reading
    told = f"{reading.evidence} SignalFeatures over the whole clip, in which other sounds are asked for as well."
    return replace(reading, shared=True, evidence=told)


_OF_THE_CLIP = frozenset(
    {
        *("distance", "intensity", "rhythm", "pitch", "timbre", "dynamics", "tempo", "duration", "transition", "mood"),
        "emotion",
    }
)
"""Dimensions that are measured over a clip as a whole, whatever sound is meant."""


def _of_one_sound(claim: Claim) -> bool:
    """Return whether a claim says something of one of several sounds or instruments."""
    return claim.subject.kind in {"sound", "instrument"} and claim.subject.which > 0 and claim.dimension in _OF_THE_CLIP


def answerable(claim: Claim) -> bool:
    """Return whether some trait answers claims of this form; whether a given clip allows it is another matter."""
    return _alone(claim) and fitting(claim) is not None


def check_curves(calibration: Calibration) -> None:
    """Check that every reading that a trait can give has its curve.

    Raises:
        WeightsError: If a curve is missing, or weighs a feature that the reading lacks.
    """
    for one in TRAITS:
        for kind in (*one.curves, *one.given):
            if kind not in calibration.curves:
                raise WeightsError(
                    f"the calibration has no curve {kind!r}, which the trait {one.family}.{one.name} reads with."
                    " Reinstall audiojudge-cli."
                )
        for kind, features in one.curves.items():
            unknown = sorted(set(calibration.curves[kind].features) - set(features))
            if unknown:
                raise WeightsError(
                    f"the curve {kind!r} weighs {', '.join(unknown)}, which the trait {one.family}.{one.name}"
                    " doesn't measure. Reinstall audiojudge-cli."
                )
