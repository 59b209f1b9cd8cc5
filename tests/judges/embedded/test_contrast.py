"""Questions that contrast two things: what is denied is never taken for what is claimed."""

from __future__ import annotations

import pytest

from audiojudge_cli.judges.embedded.judge import claim_of
from audiojudge_cli.judges.embedded.traits import answerable
from audiojudge_cli.rubrics.item import RubricItem

VOICES = ("the voice", "the text", "the line", "the sentence")
SPOKEN = ("spoken", "spoken normally", "said plainly")


@pytest.mark.parametrize("about", VOICES)
@pytest.mark.parametrize("spoken", SPOKEN)
@pytest.mark.parametrize(
    ("dimension", "denied", "value"), [("style", "whispered", "whisper"), ("vocals", "sung", "vocals")]
)
def test_spoken_rather_than_something_denies_it(
    about: str, spoken: str, dimension: str, denied: str, value: str
) -> None:
    claim = claim_of(RubricItem(dimension, f"Is {about} {spoken} rather than {denied}?", spoken))
    assert claim is not None
    assert (claim.dimension, claim.value, claim.negated) == (dimension, value, True)
    assert answerable(claim)


@pytest.mark.parametrize(
    ("dimension", "question", "value"),
    [
        ("event", "Is the dog barking rather than growling?", "dog_bark"),
        ("speaker_sex", "Is the speaker male rather than female?", "male"),
        ("tempo", "Is the tempo slow rather than fast?", "slow"),
        ("room", "Does the recording sound dry rather than reverberant?", "dry"),
        ("instrument", "Is a violin playing rather than a flute?", "violin"),
        ("instrument", "Is the violin playing rather than the flute?", "violin"),
        ("style", "Is the voice whispered?", "whisper"),
    ],
)
def test_what_can_be_heard_itself_is_asked_itself(dimension: str, question: str, value: str) -> None:
    claim = claim_of(RubricItem(dimension, question, ""))
    assert claim is not None
    assert (claim.value, claim.negated) == (value, False)
