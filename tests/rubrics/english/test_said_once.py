"""A question does not ask of a thing what its name says: never "Do the blaring horns sound blaring?"."""

from __future__ import annotations

from itertools import product

import pytest

from audiojudge_cli.rubrics.expander import Expander

HOW = ["gentle", "blaring", "faint", "booming", "light", "rapid", "distorted", "electronic", "high-pitched", "loud"]
WHAT = ["thunder", "sirens", "a siren", "buzzing", "drizzle", "gunfire"]


@pytest.mark.parametrize(("how", "what"), list(product(HOW, WHAT)))
def test_no_word_is_asked_of_itself(rules: Expander, how: str, what: str) -> None:
    article, _, noun = what.rpartition(" ")
    caption = f"{article} {how} {noun} is heard in the distance".strip().capitalize()
    items = rules.expand(caption).items
    assert any(item.dimension == "event" for item in items)
    for item in items:
        said = item.question.lower().rstrip("?").split()
        assert said.count(how) <= 1, item.question


def test_the_age_of_a_child_names_the_voice(rules: Expander) -> None:
    items = rules.expand("A child cries and a man and woman speaking").items
    [age] = [item for item in items if item.dimension == "age"]
    assert age.question == "Does it sound like the voice of a child?"


@pytest.mark.parametrize("who", ["Men", "People", "Two women", "A group of men", "A crowd of people", "Children"])
@pytest.mark.parametrize("how", ["faintly", "loudly", "in the background", "in the distance"])
def test_several_people_have_voices(rules: Expander, who: str, how: str) -> None:
    questions = [item.question for item in rules.expand(f"{who} talk {how}").items]
    assert any("voices" in question for question in questions)
    assert not any("the voice " in question or "the speaker " in question for question in questions)
