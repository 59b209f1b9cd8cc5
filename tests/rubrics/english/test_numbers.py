"""Numbers mean what they say: comparator, value, unit, range."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.expander import Expander


@pytest.mark.parametrize(
    ("caption", "dimension", "comparator", "number", "upper"),
    [
        ("techno over 140 BPM", "tempo", "more", 140, None),
        ("techno between 150 and 180 BPM", "tempo", "between", 150, 180),
        ("music faster than 160", "tempo", "more", 160, None),
        ("music slower than 90", "tempo", "less", 90, None),
        ("techno at 128 BPM", "tempo", "about", 128, None),
        ("a beep longer than 2 seconds", "duration", "more", 2, None),
        ("a beep shorter than 20 seconds", "duration", "less", 20, None),
        ("a clip of about 1.5 minutes", "duration", "about", 90, None),
        ("a dog barks at least once", "count", "at_least", 1, None),
        ("a dog barks fewer than five times", "count", "less", 5, None),
        ("a dog barks three times", "count", "exactly", 3, None),
        ("more than one speaker", "speaker_count", "more", 1, None),
        ("only one speaker", "speaker_count", "exactly", 1, None),
        ("two men talking", "speaker_count", "exactly", 2, None),
    ],
)
def test_bounds(
    rules: Expander, caption: str, dimension: str, comparator: str, number: float, upper: float | None
) -> None:
    found = [item.claim for item in rules.expand(caption).items if item.claim and item.claim.dimension == dimension]
    assert [(c.comparator, c.number, c.upper) for c in found] == [(comparator, number, upper)]


@pytest.mark.parametrize(
    ("caption", "start", "end"),
    [("music plays for the first five seconds", 0, 5), ("rain from 1.0 to 5.2 seconds", 1, 5.2)],
)
def test_times(rules: Expander, caption: str, start: float, end: float) -> None:
    claims = [item.claim for item in rules.expand(caption).items]
    assert [(c.from_s, c.to_s) for c in claims if c and c.dimension == "order"] == [(start, end)]


@pytest.mark.parametrize(
    "caption", ["techno at 1160 BPM", "techno at 1,000 BPM", "techno at 00 BPM", "techno at 5 BPM"]
)
def test_impossible_tempo_is_no_tempo(rules: Expander, caption: str) -> None:
    assert not [item for item in rules.expand(caption).items if item.dimension == "tempo"]


def test_no_pause_at_all(rules: Expander) -> None:
    items = rules.expand("a woman speaks with a pause of 0 seconds").items
    assert not [item for item in items if "pause" in item.question]


@pytest.mark.parametrize(
    ("caption", "low", "high"),
    [
        ("Speaker: male, late 50s", 56, 60),
        ("An old man in his sixties speaks.", 60, 70),
        ("A woman, 30s, speaks calmly", 30, 40),
        ("Female voice, 35-45, warm", 35, 45),
    ],
)
def test_ages(rules: Expander, caption: str, low: float, high: float) -> None:
    aged = [c.claim for c in rules.expand(caption).items if c.claim and c.claim.unit == "years"]
    assert [(c.number, c.upper) for c in aged] == [(low, high)]


@pytest.mark.parametrize("caption", ["a 30s clip of rain", "music from the 80s", "80s synth pop", "rain for 20s"])
def test_lengths_and_eras_are_no_ages(rules: Expander, caption: str) -> None:
    assert not [item for item in rules.expand(caption).items if item.dimension == "age"]
