"""The speech-quality scale falls with every flaw it counts."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.quality.scale import FULL_BAND_HZ, QualityFacts

CLEAN = QualityFacts(opinion=3.5, bandwidth_hz=8000.0, clipped_share=0.0, holes_per_s=0.0)


def test_a_clean_voice_keeps_its_opinion() -> None:
    assert CLEAN.score == CLEAN.opinion


@given(st.floats(100.0, FULL_BAND_HZ), st.floats(0.0, 1.0), st.floats(0.0, 50.0))
def test_flaws_only_take_off(bandwidth: float, clipped: float, holes: float) -> None:
    spoiled = replace(CLEAN, bandwidth_hz=bandwidth, clipped_share=clipped, holes_per_s=holes)
    assert CLEAN.score - 5.0 < spoiled.score <= CLEAN.score


@given(st.floats(1500.0, 6000.0))
def test_an_octave_of_band_costs_half_a_point(bandwidth: float) -> None:
    narrow, half = replace(CLEAN, bandwidth_hz=bandwidth), replace(CLEAN, bandwidth_hz=bandwidth / 1.5)
    assert narrow.score > half.score
