"""Curves give probabilities: monotone, bounded, and never quite sure."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.embedded.calibration import (
    Curve,
    default_path,
    load_calibration,
    music_path,
    numbers_path,
    traits_path,
)
from audiojudge_cli.judges.embedded.traits import TRAITS, check_curves

CURVE = Curve(("f0",), (1.0,), (2.0,), (3.0,), 0.5, limit=4.0, floor=0.02)


def test_curve_is_the_logistic_function_of_the_standardised_feature() -> None:
    assert CURVE.p_yes({"f0": 2.0}) == pytest.approx(1 / (1 + math.exp(-(0.5 + 3.0 * 0.5))))


@given(st.floats(allow_nan=False, allow_infinity=False), st.floats(allow_nan=False, allow_infinity=False))
def test_curve_is_monotone_and_never_sure(one: float, other: float) -> None:
    low, high = CURVE.p_yes({"f0": min(one, other)}), CURVE.p_yes({"f0": max(one, other)})
    assert 0.02 <= low <= high <= 0.98


def test_missing_feature_is_an_error_and_not_a_guess() -> None:
    with pytest.raises(KeyError):
        CURVE.p_yes({"other": 1.0})


def test_shipped_calibration_says_how_each_curve_came_about() -> None:
    calibration = load_calibration()
    assert len(calibration.curves) >= 25
    for kind, curve in calibration.curves.items():
        assert curve.fitted, kind
        assert all(scale > 0 for scale in curve.scales), kind


def test_every_curve_is_read_with_and_every_reading_has_its_curve() -> None:
    calibration = load_calibration()
    check_curves(calibration)
    assert {kind for one in TRAITS for kind in one.curves} == set(calibration.curves)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "other/1", "curves": {}}', '{"schema": 1, "curves": []}'])
def test_damaged_calibration_is_named(tmp_path: Path, text: str) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError, match=r"broken\.json"):
        load_calibration(path)


def test_calibration_round_trips_through_json(tmp_path: Path) -> None:
    features = {"f0": {"mean": 1.0, "scale": 2.0, "weight": 3.0}}
    data = {"schema": "audiojudge.calibration/1", "curves": {"sex": {"features": features, "bias": 0.5, "floor": 0.02}}}
    path = tmp_path / "calibration.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    assert load_calibration(path).p_yes("sex", {"f0": 2.0}) == CURVE.p_yes({"f0": 2.0})


def test_a_curve_of_generated_clips_gives_way_only_to_one_drawn_to_it() -> None:
    recorded = load_calibration(default_path()).curves
    traits, music, numbers = (load_calibration(path).curves for path in (traits_path(), music_path(), numbers_path()))
    assert not traits.keys() & music.keys()
    for kind in recorded.keys() & (traits.keys() | music.keys() | numbers.keys()):
        assert "drawn to a curve" in recorded[kind].fitted, kind
        assert recorded[kind].floor >= {**traits, **music, **numbers}[kind].floor, kind
    assert load_calibration().curves.keys() == recorded.keys() | traits.keys() | music.keys() | numbers.keys()


def test_curves_of_generated_clips_are_never_sure() -> None:
    for kind, curve in load_calibration(traits_path()).curves.items():
        assert curve.floor >= 0.1, kind


def test_curves_of_one_soundfont_are_never_sure() -> None:
    for kind, curve in load_calibration(music_path()).curves.items():
        assert curve.floor >= 0.04, kind
