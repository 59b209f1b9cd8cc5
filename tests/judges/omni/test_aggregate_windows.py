from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.omni.aggregate_windows import aggregate, refusing
from audiojudge_cli.judges.omni.combine import Part
from audiojudge_cli.rubrics.item import RubricItem

DOG = RubricItem("event", "Is a dog barking audible?", "dog barks")
NO_DRUMS = RubricItem("instrument", "Is the music free of drums?", "no drums", negated=True)
SLOW = RubricItem("tempo", "Is the music slow?", "slow")
TWICE = RubricItem("count", "Is a dog barking heard exactly twice?", "twice")
ONE, THREE = [(0, 16_000)], [(0, 32_000), (24_000, 56_000), (48_000, 80_000)]
REFUSED = Part(None, 0.2, reason="the model would not say")
UNREAD = Part(None, reason="the model gave no answer")


def case(*items: RubricItem) -> Case:
    return Case(Waveform(np.zeros((1, 80_000), dtype=np.float32), 16_000), items)


def parts(*columns: list[Part]) -> list[list[Part]]:
    return [list(row) for row in zip(*columns, strict=True)]


def test_one_window():
    said, plain, refused, unread = aggregate(
        case(DOG, SLOW, NO_DRUMS, TWICE),
        ONE,
        parts([Part(0.9, 0.99, "A dog barks.")], [Part(0.25, 0.8)], [REFUSED], [UNREAD]),
        "tiny",
    )
    assert (said.p_yes, said.evidence, dict(said.facts)) == (0.9, "A dog barks.", {"yes_no_mass": 0.99})
    assert plain.evidence == "The next token is yes rather than no with probability 0.25."
    assert (refused.p_yes, refused.evidence, dict(refused.facts)) == (None, REFUSED.reason, {"yes_no_mass": 0.2})
    assert (unread.p_yes, unread.evidence, dict(unread.facts)) == (None, UNREAD.reason, {})
    for verdict in (said, plain, refused, unread):
        assert not verdict.times
        assert not verdict.warnings
        assert verdict.source == "tiny"


@pytest.mark.parametrize(
    ("item", "column", "p_yes", "times", "evidence", "mass"),
    [
        (
            DOG,
            [Part(0.1, 0.7), Part(0.9, 0.8, "A bark."), Part(0.2, 0.6)],
            0.9,
            ((1.5, 3.5),),
            "A bark. (The highest of 3 windows is 0.90, at 1.5-3.5 s.)",
            0.8,
        ),
        (
            NO_DRUMS,
            [Part(0.9, 0.7), Part(0.8, 0.8), Part(0.3, 0.6)],
            0.3,
            ((3.0, 5.0),),
            "The lowest of 3 windows is 0.30, at 3.0-5.0 s.",
            0.6,
        ),
        (
            SLOW,
            [Part(0.25, 0.9, "Fast."), Part(0.5, 0.8, "So so."), Part(0.0, 0.7, "Very fast.")],
            0.25,
            (),
            "Very fast. (The mean of 3 windows is 0.25.)",
            0.7,
        ),
    ],
)
def test_windows(item, column, p_yes, times, evidence, mass):
    (verdict,) = aggregate(case(item), THREE, parts(column), "tiny")
    assert (verdict.p_yes, verdict.times, verdict.evidence) == (p_yes, times, evidence)
    assert verdict.facts == {"yes_no_mass": mass}
    assert verdict.warnings[0].startswith("longer than the 2 s that the model hears at once: judged in 3 windows")


def test_windows_that_leave_an_item_open():
    low = Part(None, 0.1, reason="less still")
    some, all_ = aggregate(
        case(DOG, SLOW), THREE, parts([REFUSED, Part(0.2, 0.9), low], [REFUSED, low, REFUSED]), "tiny"
    )
    assert some.evidence == "in 2 of 3 windows less still; the other windows do not settle it"
    assert all_.evidence == "in 3 of 3 windows less still"
    assert some.facts == all_.facts == {"yes_no_mass": 0.1}
    assert some.p_yes is all_.p_yes is None


def test_items_about_the_whole_clip_are_named():
    row = [Part(0.5, 0.9)] * 3
    plain, *_ = aggregate(case(DOG), THREE, parts(row), "tiny")
    assert "no window hears" not in plain.warnings[0]
    counted, *_ = aggregate(case(TWICE, DOG), THREE, parts(row, row), "tiny")
    assert counted.warnings[0].endswith("; no window hears the whole clip, which matters to count")


def test_a_no_is_explained_by_the_window_that_tells_most():
    rows = parts(
        [Part(0.1), Part(0.3), Part(0.2)],
        [Part(0.9), Part(0.2), Part(0.6)],
        [Part(0.4), Part(0.5), Part(0.1)],
        [Part(0.9), Part(0.9), Part(0.9)],
        [REFUSED, REFUSED, REFUSED],
    )
    assert refusing(case(DOG, NO_DRUMS, SLOW, TWICE, DOG), rows) == {1: [0, 1], 2: [2]}
