"""When one sound is heard, on a real mix: a dog first, rain after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.item import RubricItem

pytestmark = pytest.mark.weights

MIX = Path(__file__).parents[3] / "examples" / "audio" / "mix_dog_then_rain.ogg"


DOG, RAIN = Subject("sound", "a dog barking", "dog_bark"), Subject("sound", "rain", "rain")


@pytest.mark.parametrize(
    ("claim", "holds"),
    [
        (Claim("order", subject=DOG, place="start"), True),
        (Claim("order", subject=DOG, place="end"), False),
        (Claim("order", subject=RAIN, place="end"), True),
        (Claim("order", subject=RAIN, place="start"), False),
        (Claim("order", subject=DOG, from_s=1.0, to_s=1.0), True),
        (Claim("order", subject=DOG, from_s=4.0, to_s=6.0), False),
        (Claim("event", "dog_bark", "a dog barking", from_s=4.0, to_s=6.0), False),
        (Claim("event", "rain", "rain", place="end"), True),
    ],
    ids=str,
)
def test_place_is_told(claim: Claim, holds: bool) -> None:
    case = Case(decode(MIX), (RubricItem(claim.dimension, "", "", claim=claim),))
    (verdict,) = load(device="cpu").judge([case])[0]
    assert verdict.p_yes is not None
    assert (verdict.p_yes > 0.5) == holds, verdict


def test_onsets_tell_the_order_where_centres_do_not() -> None:
    claim = Claim("order", subject=DOG, other=RAIN)
    case = Case(decode(MIX), (RubricItem("order", "", "", claim=claim),))
    (verdict,) = load(device="cpu").judge([case])[0]
    assert set(verdict.facts) == {"gap_s", "onset_gap_s"}
    assert float(verdict.facts["onset_gap_s"]) > 0.0
    assert "first clear" in verdict.evidence
