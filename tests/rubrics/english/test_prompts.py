"""Prompts as people give them to generators: what must be asked of them, and what must not."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.rules import load

_GENRES = ("jazz", "rock", "pop", "reggae", "hip-hop", "soul")


def _items(caption: str, subset: str) -> tuple[RubricItem, ...]:
    return load().expand(caption, subset=subset).items


def _questions(caption: str, subset: str) -> set[str]:
    return {item.question for item in _items(caption, subset)}


@pytest.mark.parametrize("first", _GENRES)
@pytest.mark.parametrize("second", ["blues", "funk"])
@pytest.mark.parametrize("frame", ["The song fits the {} genre.", "A {} song", "It's {} music", "This is {}"])
def test_of_two_kinds_of_music_parted_by_a_stroke_the_first_is_asked_for(first: str, second: str, frame: str) -> None:
    (asked,) = _items(frame.format(f"{first}/{second}"), "music")
    assert asked.dimension == "genre"
    assert first in asked.question
    assert second not in asked.question
    assert "/" not in asked.question


@pytest.mark.parametrize("names", [("metallophone", "marimba"), ("brass", "strings"), ("drums", "percussion")])
def test_two_instruments_parted_by_a_stroke_are_both_asked_for(names: tuple[str, str]) -> None:
    asked = _items(f"The song has a melody on {'/'.join(names)}.", "music")
    assert [item.dimension for item in asked] == ["instrument", "instrument"]
    assert all(name in item.question for name, item in zip(names, asked, strict=True))


@pytest.mark.parametrize("metre", ["3/4", "4/4", "6/8"])
def test_a_stroke_between_figures_parts_nothing(metre: str) -> None:
    assert f"Is the music in {metre} time?" in _questions(f"A piano piece in {metre} time", "music")


@pytest.mark.parametrize("doing", ["standing out", "changing", "happening", "moving"])
def test_nothing_that_does_something_denies_no_sound(doing: str) -> None:
    caption = (
        f"The drums go for a hip-hop beat, nothing {doing} and together with the bass drive the pulse of the music."
    )
    asked = _items(caption, "music")
    assert {item.claim.value for item in asked if item.claim} >= {"drums", "hip_hop"}
    assert not any(item.negated for item in asked)
    assert not any(item.dimension == "level" for item in asked)


@pytest.mark.parametrize("pair", ["near and far", "loud and quiet"])
@pytest.mark.parametrize("sound", ["barking dogs", "chirping birds", "sirens"])
def test_what_is_told_to_be_one_thing_and_its_opposite_is_asked_for_neither(sound: str, pair: str) -> None:
    asked = [item.dimension for item in _items(f"{sound.capitalize()} {pair}", "sound")]
    assert not {"distance", "volume", "intensity", "pitch"} & set(asked)
    assert "event" in asked


@pytest.mark.parametrize("verb", ["run", "jog", "sprint"])
@pytest.mark.parametrize("runner", ["A man", "A woman", "A boy", "Someone"])
def test_people_on_foot_are_heard_by_their_feet(runner: str, verb: str) -> None:
    (item,) = _items(f"{runner} {verb}s on a hardwood floor.", "sound")
    assert item.claim is not None
    assert (item.dimension, item.claim.value) == ("event", "running")


@pytest.mark.parametrize("thing", ["A car engine", "Water", "A motor"])
def test_what_runs_without_feet_does_not_walk(thing: str) -> None:
    assert not any(item.claim and item.claim.value == "running" for item in _items(f"{thing} runs.", "sound"))


@pytest.mark.parametrize("other", ["highway traffic", "traffic", "rain", "a crowd", "wind"])
@pytest.mark.parametrize("ringing", ["Church bells are ringing", "A phone rings", "A dog growls", "A car honks"])
def test_what_is_heard_beside_something_is_a_sound_of_its_own(ringing: str, other: str) -> None:
    alone = [item.claim.value for item in _items(f"{ringing}.", "sound") if item.claim]
    beside = [item.claim.value for item in _items(f"{ringing} with {other} in the background.", "sound") if item.claim]
    assert beside[0] == alone[0]
    assert len(set(beside)) > len(set(alone))


@pytest.mark.parametrize("frame", ["Speak, do not sing: “{}”", "Read this aloud and do not sing: “{}”"])
def test_a_prompt_that_forbids_singing_is_about_singing(frame: str) -> None:
    asked = _items(frame.format("take me home to your house"), "speech")
    (sung,) = (item for item in asked if item.dimension == "vocals")
    assert sung.negated
    assert not any("sung" in item.question for item in asked)


@pytest.mark.parametrize("doing", ["shouting", "whispering", "whispered", "shouted"])
@pytest.mark.parametrize("voice", ["A calm voice", "A man", "A female voice", "A normal speaking voice"])
@pytest.mark.parametrize("never", ["not", "never"])
def test_a_manner_that_a_voice_does_not_have_leaves_the_voice_there(voice: str, doing: str, never: str) -> None:
    asked = _items(f"{voice}, {never} {doing}.", "speech")
    assert [item.dimension for item in asked if item.negated] == ["style"]
    assert not any(item.negated for item in asked if item.dimension in {"component", "speaker_sex"})


@pytest.mark.parametrize("moment", ["a moment where", "a scene where", "scenes when"])
@pytest.mark.parametrize("deed", ["the lead character has saved the day", "people walk through a dangerous zone"])
def test_what_happens_in_a_scene_that_a_piece_could_go_with_is_not_heard(moment: str, deed: str) -> None:
    caption = f"The piece sounds uplifting and would be fitting for a movie soundtrack in {moment} {deed}."
    assert {item.dimension for item in _items(caption, "music")} == {"mood"}


@pytest.mark.parametrize(
    ("sound", "value"),
    [("artillery", "artillery"), ("an engine", "engine"), ("thunder", "thunder"), ("wind", "wind"), ("bees", "bee")],
)
@pytest.mark.parametrize("noun", ["roar", "hum", "rumble", "buzz", "howl"])
def test_a_vague_sound_is_that_of_what_makes_it(noun: str, sound: str, value: str) -> None:
    (item,) = _items(f"The {noun} of {sound}.", "sound")
    assert item.claim is not None
    assert item.claim.value == value


_WHOLE = (
    "Soft rain with no drums, bright piano and soft strings, not a single voice",
    "A man, not shouting, says hello while a dog barks without any other animal, then silence",
    "The song has no vocals or synths, nothing standing out, rather a calm jazz/rock feel",
    "Birds near and far, neither traffic nor people, followed by a train and no horn",
)


@pytest.mark.parametrize("prompt", _WHOLE)
@pytest.mark.parametrize("subset", ["speech", "sound", "music", "mix"])
def test_a_prompt_may_break_off_anywhere(prompt: str, subset: str) -> None:
    words = prompt.split()
    cut = [" ".join(words[:end]).rstrip(mark) for end in range(1, len(words) + 1) for mark in ("", ",")]
    assert all(load().expand(text, subset=subset).items for text in cut)
