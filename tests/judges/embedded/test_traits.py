"""Every claim that the vocabulary can make is answered with a curve and its features, or says why not."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import get_args

import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.embedded.calibration import load_calibration
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.heads import load_heads
from audiojudge_cli.judges.embedded.judge import probability
from audiojudge_cli.judges.embedded.reading import NotHeard
from audiojudge_cli.judges.embedded.traits import ROWS, TRAITS, answer, answerable
from audiojudge_cli.judges.embedded.traits.registry import Trait, fitting
from audiojudge_cli.probes.sessions import Models
from audiojudge_cli.rubrics.claim import CLIP, Claim, Comparator, Kind, Place, Subject
from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.vocabulary import dimensions, table
from audiojudge_cli.weights.catalog import find_card
from audiojudge_cli.weights.store import Store

AUDIO = Path(__file__).parents[3] / "examples" / "audio"
PRESENT = ("event", "instrument", "genre", "scene", "language", "accent", "component", "vocals")
SUBJECTS = tuple(Subject(kind, "it") for kind in get_args(Kind))
DOG, RAIN = Subject("sound", "a dog", "dog_bark"), Subject("sound", "rain", "rain")
VOICE = Subject("speaker", "the speaker")
NUMBERS: tuple[tuple[str, str], ...] = (
    *(("duration", "s"), ("rate", "s"), ("rhythm", "s"), ("tempo", "bpm"), ("count", "times"), ("age", "years")),
    *(("speaker_count", "voices"), ("metre", "beats"), ("key", "pitch_class"), ("event", "hz"), ("pitch", "hz")),
)
MOMENTS: tuple[Place, ...] = ("start", "middle", "end")
HEARD = (("event", "rain"), ("instrument", "piano"), ("component", "music"), ("vocals", "vocals"))
WORDS: tuple[str, ...] = (
    *("on the left", "from left to right", "to the right", "wide stereo", "mono", "hardly any bass", "heavy bass"),
    *("distorted", "of high quality", "now and then", "hello world", "你好世界", "hello", "lo-fi", "live"),
)


def of_values() -> Iterator[Claim]:
    """Yield claims of every dimension with every value, about everything."""
    for dimension in (*dimensions(), *NAMES):
        for value in ("", *(table(dimension) if dimension in dimensions() else ())):
            for subject in (CLIP,) if dimension in PRESENT else SUBJECTS:
                yield Claim(dimension, value, value.replace("_", " "), subject)


def of_words_and_places() -> Iterator[Claim]:
    """Yield claims of every dimension with words that traits look into, and at every place."""
    for dimension in (*dimensions(), *NAMES):
        first = next(iter(table(dimension)), "") if dimension in dimensions() else ""
        for words, value in product(WORDS, ("", first)):
            yield Claim(dimension, value, words)
        for place in get_args(Place):
            yield Claim(dimension, "", "", DOG, place=place)
    for place, (dimension, value) in product(MOMENTS, HEARD):
        yield Claim(dimension, value, value, place=place)


def of_numbers() -> Iterator[Claim]:
    """Yield claims with every unit and comparator."""
    for (dimension, unit), comparator, number in product(NUMBERS, get_args(Comparator), (1.0, 2.0, 9.0, 130.0)):
        for subject in (CLIP, DOG, VOICE):
            yield Claim(dimension, "", "", subject, None, comparator, number, 2 * number, unit)


def every_claim() -> Iterator[Claim]:
    """Yield all of these, and the few that are of a form of their own."""
    yield from (*of_values(), *of_words_and_places(), *of_numbers())
    for place in MOMENTS[::2]:
        yield Claim("duration", "silence", place=place)
        yield Claim("duration", "silence", number=1.0, unit="s", place=place)
    yield from (Claim(dimension, subject=DOG, other=RAIN) for dimension in ("order", "simultaneity"))
    yield Claim("order", subject=DOG, from_s=0.5, to_s=1.0)
    yield Claim("rate", "pause", subject=VOICE, comparator="about", number=1.0, unit="s")
    yield Claim("rhythm", "accelerating")
    yield Claim("instrument", "solo", "solo", Subject("instrument", "the piano", "piano"))
    yield from (Claim("component", "speech", subject=Subject("speaker", "", sex)) for sex in ("male", "female"))


@cache
def features(clip: str) -> ClipFeatures:
    return ClipFeatures(decode(AUDIO / clip), Models(Store(), find_card("embedded"), "cpu", 1), load_heads())


def trait_of(claim: Claim) -> Trait:
    found = fitting(claim)
    assert found is not None, claim
    return found[0]


@pytest.mark.weights
@pytest.mark.parametrize("clip", ["speech_librivox_en.flac", "music_piano_slow.ogg"])
def test_every_claim_has_a_curve_with_its_features_or_a_reason(clip: str) -> None:
    calibration, heard, answered = load_calibration(), features(clip), 0
    kinds = {kind: set(names) for one in TRAITS for kind, names in one.curves.items()}
    for claim in every_claim():
        reading = answer(heard, claim)
        if isinstance(reading, NotHeard):
            assert reading.reason.endswith("."), claim
            continue
        answered += 1
        own = trait_of(claim)
        assert reading.kind in {*own.curves, *(kinds if own.name == "prominence" else ())}, claim
        assert set(reading.features) == kinds[reading.kind], claim
        assert set(reading.given) <= {*own.given, *(kinds if own.name == "prominence" else ())}, claim
        for kind, given in reading.given.items():
            assert set(given) == kinds[kind], claim
        assert 0.0 <= probability(reading, calibration) <= 1.0, claim
        assert reading.evidence.endswith("."), claim
    assert answered > 300


def test_every_trait_answers_some_claim_of_the_vocabulary() -> None:
    asked = {trait_of(claim).name for claim in every_claim() if answerable(claim)}
    assert {one.name for one in TRAITS} == asked


def test_names_of_traits_are_their_own() -> None:
    names = [one.name for one in TRAITS]
    assert len(names) == len(set(names))


def test_what_traits_hear_with_lies_on_the_card() -> None:
    weights = set(find_card("embedded").weights)
    for one in TRAITS:
        assert set(one.needs) <= weights, one.name


@pytest.mark.parametrize(
    "claim",
    [
        Claim("age", "young", subject=VOICE),
        Claim("age", "child", subject=Subject("vocals", "the singer")),
        Claim("age", "old", subject=VOICE, other=Subject("speaker", "the man"), comparator="more"),
        Claim("age", subject=VOICE, number=30.0, unit="years"),
        Claim("speaker_count", "three", number=3.0, comparator="exactly", unit="voices"),
        Claim("speaker_count", number=2.0, comparator="more", unit="voices"),
        Claim("speaker_sex", "androgynous", subject=VOICE),
        Claim("emotion", "proud", subject=VOICE),
        Claim("emotion", "bored", subject=VOICE, place="start"),
        Claim("emotion", "excited", subject=Subject("speaker", "the second speaker", which=2)),
        Claim("timbre", "nasal", subject=VOICE),
        Claim("timbre", "raspy", subject=Subject("vocals", "the singer")),
        Claim("timbre", "raspy", subject=Subject("instrument", "the sax", "saxophone")),
        Claim("accent", "british", subject=VOICE),
        Claim("personality", "kind", subject=VOICE),
        Claim("structure", "bridge"),
        Claim("style", "narration", subject=VOICE),
        Claim("pitch", "falling", subject=VOICE),
        Claim("content", "topic", "the weather", VOICE),
        Claim("metre", "5/4"),
        Claim("metre", number=7.0, unit="beats"),
        Claim("key", "modal"),
        Claim("mood", "surprised"),
        Claim("room", "small"),
        Claim("distance", "passing", subject=VOICE),
        Claim("transition", "cut", place="start"),
        Claim("transition", "gradual"),
        Claim("production", "effects", "sidechained"),
        Claim("production", "polished", "polished"),
        Claim("duration", "long", subject=DOG),
        Claim("duration", subject=DOG, number=3.0, unit="s"),
        Claim("count", subject=VOICE, number=3.0, unit="times"),
        Claim("order", subject=DOG, other=DOG),
        Claim("order", subject=DOG),
        Claim("level", "background"),
        Claim("component", "effects"),
        Claim("overall", words="as described"),
        Claim("instrument", "solo", "solo"),
        Claim("instrument", "solo", "solo", Subject("instrument", "the drummer", "drums")),
        Claim("loudness", "loud"),
    ],
    ids=str,
)
def test_what_no_trait_can_hear_is_refused(claim: Claim) -> None:
    assert not answerable(claim)


@pytest.mark.parametrize("dimension", sorted({*NAMES, "flurbish"}))
def test_refusals_say_why(dimension: str) -> None:
    class Minute:
        class waveform:  # noqa: N801 - stands for an attribute
            duration_s = 60.0

    value = "" if dimension == "language" else "flurbish"
    reading = answer(Minute(), Claim(dimension, value, "", VOICE))  # type: ignore[arg-type]
    assert isinstance(reading, NotHeard)
    assert reading.reason == ROWS[dimension].refusal if dimension in ROWS else dimension in reading.reason
