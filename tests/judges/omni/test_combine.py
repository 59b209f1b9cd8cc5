from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.omni.combine import Combined, Part, combine, way_of
from audiojudge_cli.rubrics.item import RubricItem

DOG = RubricItem("event", "Is a dog barking audible?", "dog barks")
NO_DRUMS = RubricItem("instrument", "Is the music free of drums?", "no drums", negated=True)
SLOW = RubricItem("tempo", "Is the music slow?", "slow")


@pytest.mark.parametrize(
    ("dimension", "question", "negated", "way"),
    [
        ("event", "Is a dog barking audible?", False, "max"),
        ("vocals", "是否有人唱歌？", False, "max"),
        ("instrument", "Is the music free of drums?", True, "min"),
        ("event", "是否没有狗叫？", False, "min"),
        ("component", "Is speech absent?", False, "min"),
        ("vocals", "Is the music instrumental?", True, "min"),
        ("content", 'Does the speaker say "no, never"?', False, "max"),
        ("tempo", "Is the music slow?", False, "mean"),
        ("speaker_sex", "说话人是否为男性？", False, "mean"),
        ("something", "Is it blue?", False, "mean"),
    ],
)
def test_presence_quality_and_absence(dimension, question, negated, way):
    assert way_of(RubricItem(dimension, question, "b", negated)) == way


@pytest.mark.parametrize(
    ("item", "p", "expected"),
    [
        (DOG, (0.1, 0.9, 0.2), Combined(0.9, "max", 1)),
        (NO_DRUMS, (0.8, 0.9, 0.2), Combined(0.2, "min", 2)),
        (SLOW, (0.25, 0.5), Combined(0.375, "mean")),
        (SLOW, (0.2,), Combined(0.2, "mean", 0)),
        (DOG, (None, 0.9), Combined(0.9, "max", 1)),
        (DOG, (None, 0.3), Combined(None, "max")),
        (NO_DRUMS, (None, 0.2), Combined(0.2, "min", 1)),
        (NO_DRUMS, (None, 0.8), Combined(None, "min")),
        (SLOW, (None, 0.8), Combined(None, "mean")),
        (DOG, (None,), Combined(None, "max")),
    ],
)
def test_a_refusal_leaves_open_what_no_other_window_settles(item, p, expected):
    assert combine(item, [Part(value) for value in p]) == expected


@given(st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=1, max_size=9), st.sampled_from([DOG, NO_DRUMS, SLOW]))
def test_the_answer_lies_among_the_windows(values, item):
    known = [value for value in values if value is not None]
    found = combine(item, [Part(value) for value in values]).p_yes
    if found is not None:
        assert min(known) - 1e-12 <= found <= max(known) + 1e-12
    elif known:
        assert len(known) < len(values)


@given(st.floats(0, 1), st.sampled_from([DOG, NO_DRUMS, SLOW]))
def test_one_window_is_its_own_answer(p, item):
    assert combine(item, [Part(p)]).p_yes == p
