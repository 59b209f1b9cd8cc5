"""Concepts of the vocabulary and the AudioSet classes that speak for them."""

from __future__ import annotations

import pytest

from audiojudge_cli.judges.embedded.classes import class_names, sound_named, sound_of, stand_ins, table
from audiojudge_cli.rubrics.vocabulary import table as vocabulary_table


def test_every_class_named_exists() -> None:
    known = set(class_names())
    assert len(known) == 521
    for concepts in table().values():
        for names in concepts.values():
            assert set(names) <= known


def test_every_concept_belongs_to_the_vocabulary() -> None:
    for dimension, concepts in table().items():
        assert set(concepts) <= set(vocabulary_table(dimension)), dimension


def test_most_sound_events_of_the_vocabulary_can_be_heard() -> None:
    vocabulary = set(vocabulary_table("event"))
    heard = set(table()["event"])
    assert len(heard & vocabulary) / len(vocabulary) > 0.9, sorted(vocabulary - heard)


def test_unknown_concept_is_no_sound() -> None:
    assert sound_of("event", "flurbish", "flurbish") is None
    assert sound_named("flurbish gronking") is None


def test_inflected_names_are_found() -> None:
    named = sound_named("the dentist's dental drill is drilling")
    assert named is not None


@pytest.mark.parametrize("text", ["a flurbish in the background", "an angry flurbish", "a flurbish inside", "a field"])
def test_part_of_a_name_is_no_class(text: str) -> None:
    assert sound_named(text) is None


def test_a_sound_without_a_class_of_its_own_is_a_guess() -> None:
    for concept in stand_ins("event"):
        assert concept in table()["event"]
    elephant, dog = sound_of("event", "elephant", "elephant"), sound_of("event", "dog_bark", "dog barking")
    assert elephant is not None
    assert dog is not None
    assert elephant.likeness < dog.likeness == 1.0


def test_a_name_among_other_words_is_a_guess() -> None:
    whole, part = sound_named("a cash register"), sound_named("dunks the blade into water")
    assert whole is not None
    assert whole.likeness == 1.0
    assert part is not None
    assert part.likeness < 1.0
