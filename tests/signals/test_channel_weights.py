from __future__ import annotations

import pytest

from audiojudge_cli.clips.speakers import SPEAKERS
from audiojudge_cli.signals.channel_weights import channel_weights


@pytest.mark.parametrize(
    ("speakers", "weights"),
    [
        ("FL FR LFE", (1, 1, 0)),
        ("FL FR FC LFE", (1, 1, 1, 0)),
        ("FL FR FC BC", (1, 1, 1, 1)),
        ("FL FR BL BR", (1, 1, 1.41, 1.41)),
        ("FL FR SL SR", (1, 1, 1.41, 1.41)),
        ("FL FR FC LFE BC", (1, 1, 1, 0, 1)),
        ("FL FR FC LFE BL BR", (1, 1, 1, 0, 1.41, 1.41)),
        ("FL FR FC LFE BL BR SL SR", (1, 1, 1, 0, 1, 1, 1.41, 1.41)),
        ("FL FR FC LFE BL BR FLC FRC", (1, 1, 1, 0, 1.41, 1.41, 1, 1)),
        ("LFE LFE2 WL", (0, 0, 1.41)),
    ],
)
def test_weights_follow_the_speakers(speakers, weights):
    assert channel_weights(len(weights), speakers.split()) == weights


@pytest.mark.parametrize("speaker", sorted(SPEAKERS))
def test_every_speaker_has_one_of_three_weights(speaker):
    (weight,) = channel_weights(1, [speaker])
    assert weight == (0 if "LFE" in speaker else 1.41 if speaker in {"SL", "SR", "BL", "BR", "WL", "WR"} else 1)


@pytest.mark.parametrize("count", range(1, 65))
def test_without_speakers_the_count_decides(count):
    weights = channel_weights(count)
    assert len(weights) == count
    assert set(weights) <= {0, 1, 1.41} or set(weights) == {1 / count}
