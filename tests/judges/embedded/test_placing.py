"""When one sound is heard, on a real mix: a dog first, rain after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.rubrics.item import RubricItem

pytestmark = pytest.mark.weights

MIX = Path(__file__).parents[3] / "examples" / "audio" / "mix_dog_then_rain.ogg"


@pytest.mark.parametrize(
    ("dimension", "question", "holds"),
    [
        ("order", "Does it start with a dog barking?", True),
        ("order", "Is a dog barking heard at the end?", False),
        ("order", "Is rain heard at the end?", True),
        ("order", "Does it start with rain?", False),
        ("duration", "Is a dog barking heard at about 1 second?", True),
        ("duration", "Is this heard at 4-6s: “a dog barking”?", False),
    ],
)
def test_place_is_told(dimension: str, question: str, holds: bool) -> None:
    case = Case(decode(MIX), (RubricItem(dimension, question, ""),))
    (verdict,) = load(device="cpu").judge([case])[0]
    assert verdict.p_yes is not None
    assert (verdict.p_yes > 0.5) == holds, verdict
