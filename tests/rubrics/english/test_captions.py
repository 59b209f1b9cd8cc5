"""What English captions ask, and what they must never ask."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.expander import Expander


def claims(rules: Expander, caption: str) -> list[Claim]:
    return [item.claim for item in rules.expand(caption).items if item.claim is not None]


def values(rules: Expander, caption: str) -> set[tuple[str, str, bool]]:
    return {(claim.dimension, claim.value, claim.negated) for claim in claims(rules, caption)}


@pytest.mark.parametrize(
    ("caption", "asked"),
    [
        ("low music and gunfire", {("component", "music", False), ("event", "gunshot", False)}),
        ("A bass guitar plays", {("instrument", "bass_guitar", False)}),
        ("A rock song with a piano", {("genre", "rock", False), ("instrument", "piano", False)}),
        ("sad piano waltz with female humming", {("instrument", "piano", False), ("vocals", "humming", False)}),
        ("Not a single instrument besides solo cello.", {("instrument", "cello", False)}),
        ("cello music, no drums", {("instrument", "cello", False), ("instrument", "drums", True)}),
        ("Rain is falling", {("event", "rain", False)}),
        ("waves hit the shoreline", {("event", "ocean_waves", False)}),
        ("A calm narrator speaks", {("emotion", "calm", False), ("style", "narration", False)}),
        ("No hiss, clean recording.", {("noise", "noisy", True), ("recording", "studio", False)}),
        ("A little girl whispers", {("speaker_sex", "female", False), ("age", "child", False)}),
        ("Radio host talking over quiet smooth jazz", {("genre", "jazz", False), ("style", "newsreader", False)}),
        ("man narrates, crickets faintly behind him, no music", {("component", "music", True)}),
        ("a dog barks, then a door slams", {("order", "then", False), ("event", "dog_bark", False)}),
        ("A cello plays. There are no other instruments.", {("instrument", "", True)}),
        ("Birds chirp and an airplane passes by.", {("event", "aircraft", False), ("distance", "passing", False)}),
        ("a dog barks at the end", {("order", "end", False)}),
    ],
)
def test_asks(rules: Expander, caption: str, asked: set[tuple[str, str, bool]]) -> None:
    assert asked <= values(rules, caption)


@pytest.mark.parametrize(
    ("caption", "dimensions", "asked"),
    [
        ("She has a dry sense of humour.", {"room"}, ("speaker_sex", "female")),  # an adjective belongs to its noun
        ("Behind him phones ring.", {"level", "speaker_sex"}, ("event", "telephone")),
        ("low music and gunfire", {"intensity", "pitch"}, ("event", "gunshot")),
        ("A man gives the weather forecast.", {"timbre", "event"}, ("speaker_sex", "male")),
        ("masking tape being pulled", {"recording", "production"}, ("event", "")),
        (
            "on a quiet street a lady with high heels walked by",
            {"intensity", "pitch", "volume"},
            ("event", "footsteps"),
        ),
        ("A high powered motorcycle speeds off", {"pitch"}, ("event", "motorcycle")),
        ("Someone cleaning with a spraying tool while a dog barks", {"noise"}, ("event", "dog_bark")),
        ("A dog barks. Perfect for a podcast intro", {"style", "structure", "component"}, ("event", "dog_bark")),
        ("A rock song. It may be playing in a film", {"event", "scene"}, ("genre", "rock")),
        ("piano music for a sleep app", {"style", "event", "scene", "personality"}, ("instrument", "piano")),
        ("church bells ring in tones that clash", {"duration"}, ("event", "church_bell")),  # no "ones" in "tones"
        ("Wind blows in the otherwise silent night.", {"duration"}, ("event", "wind")),
        ("A trap beat with sliding 808s", {"duration"}, ("genre", "hip_hop")),  # a drum machine, no length
        ("an electronic guitar demo", {"tempo", "genre"}, ("recording", "degraded")),
        ("A dog barks. The recording was recorded with a phone", {"telephone"}, ("event", "dog_bark")),
        ("A machine runs at a varied speed", {"rate", "speaker_sex"}, ("event", "machinery")),
    ],
)
def test_never_asks(rules: Expander, caption: str, dimensions: set[str], asked: tuple[str, str]) -> None:
    read = claims(rules, caption)
    assert not dimensions & ({claim.dimension for claim in read} | {claim.value for claim in read})
    assert asked in {(claim.dimension, claim.value) for claim in read if claim.words != caption}


@pytest.mark.parametrize(
    "story", ["The sky turns pink.", "The sun sets.", "Time passes.", "A castle stands on a hill."]
)
def test_story_is_not_asked(rules: Expander, story: str) -> None:
    asked = {item.basis for item in rules.expand(f"A dog barks. {story}").items}
    assert asked == {"A dog barks"}


def test_exception_is_not_denied(rules: Expander) -> None:
    denied = [
        c for c in claims(rules, "Not a single instrument besides solo cello.") if c.negated and c.value == "cello"
    ]
    assert not denied


@pytest.mark.parametrize("pronoun", ["He", "She", "They"])
def test_pronoun_is_nobody_to_hear(rules: Expander, pronoun: str) -> None:
    questions = [item.question.lower() for item in rules.expand(f"{pronoun} slam the door and sing.").items]
    assert not [asked for asked in questions if f"hear {pronoun.lower()} " in asked]


def test_denied_key(rules: Expander) -> None:
    assert {
        c.negated for c in claims(rules, "Genre: rock\nAvoid: guitars, drums, piano") if c.dimension == "instrument"
    } == {True}


def test_moment_of_a_timeline(rules: Expander) -> None:
    timed = [c for c in claims(rules, "[0-4s] Rain falls.\n[8s] A gunshot.") if c.dimension == "order"]
    assert [(c.from_s, c.to_s) for c in timed] == [(0.0, 4.0), (8.0, 8.0)]


def test_screenplay(rules: Expander) -> None:
    caption = "INT. KITCHEN - MORNING\n\nMARA (30s, calm)\nYou used the last of the coffee.\n"
    found = claims(rules, caption)
    assert [c.words for c in found if c.dimension == "content"] == ["You used the last of the coffee."]
    assert not [c for c in found if "morning" in c.words.lower() or "mara" in c.words.lower()]
